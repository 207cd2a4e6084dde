//! What the vendor is asked about the form that is being typed, and about the sign-in: nothing of it is kept.
//!
//! It must not know who asks the vendor, or how.

use std::fmt;

use chrono::NaiveDate;

use super::event::CallId;
use crate::domain::offer::FieldKey;
use crate::domain::slot::{CodeSession, Context};
use crate::domain::submission::Subject;

/// One question.
#[derive(Clone, Debug)]
pub enum Question {
    /// What a field can hold in the form as it stands.
    Choices {
        call: CallId,
        field: FieldKey,
        context: Box<Context>,
    },
    /// The patients at the vendor who may be the one of the form.
    Patients { call: CallId, context: Box<Context> },
    /// Have a code sent to the patient of the form; with a session of before, once more.
    SendCode {
        call: CallId,
        context: Box<Context>,
        before: Option<CodeSession>,
    },
    /// Whether what the patient read back is right.
    ConfirmCode {
        call: CallId,
        session: CodeSession,
        code: TypedCode,
    },
    /// What a change will cost or bring with it.
    Terms { call: CallId, subject: Subject },
    /// The vendor's appointments of a day in the desk's zone, whoever made them.
    Day { call: CallId, day: NaiveDate },
    /// Whether the code of the sign-in is right.
    SignIn(TypedCode),
    /// Have another code of the sign-in sent.
    ResendSignInCode,
}

/// A code as it was typed. Its `Debug` shows nothing.
#[derive(Clone, PartialEq, Eq)]
pub struct TypedCode(pub String);

impl fmt::Debug for TypedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TypedCode(..)")
    }
}
