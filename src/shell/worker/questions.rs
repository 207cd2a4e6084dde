//! What the vendor is asked about the form that is being typed, and about the sign-in: nothing of it is kept.

use chrono::NaiveDate;
use tokio::sync::mpsc::WeakSender;

use crate::app::{CallId, Effect, Event};
use crate::courier::Order;
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::slot::{CodeSession, Context};
use crate::domain::submission::Subject;
use crate::shell::Answers;
use crate::vendor::Adapter;

/// One question.
#[derive(Debug)]
pub enum Question {
    Choices {
        call: CallId,
        field: FieldKey,
        context: Box<Context>,
    },
    Patients {
        call: CallId,
        context: Box<Context>,
    },
    SendCode {
        call: CallId,
        context: Box<Context>,
        before: Option<CodeSession>,
    },
    ConfirmCode {
        call: CallId,
        session: CodeSession,
        code: Secret,
    },
    Terms {
        call: CallId,
        subject: Subject,
    },
    Day {
        call: CallId,
        day: NaiveDate,
    },
    SignIn(Secret),
    ResendSignInCode,
}

/// A code as it was typed. Its `Debug` shows nothing.
pub struct Secret(String);

impl std::fmt::Debug for Secret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Secret(..)")
    }
}

impl TryFrom<Effect> for Question {
    type Error = Effect;

    /// Effects that ask something else come back.
    fn try_from(effect: Effect) -> Result<Self, Effect> {
        Ok(match effect {
            Effect::LoadChoices {
                call,
                field,
                context,
            } => Self::Choices {
                call,
                field,
                context,
            },
            Effect::FindPatients { call, context } => Self::Patients { call, context },
            Effect::SendCode {
                call,
                context,
                before,
            } => Self::SendCode {
                call,
                context,
                before,
            },
            Effect::ConfirmCode {
                call,
                session,
                code,
            } => Self::ConfirmCode {
                call,
                session,
                code: Secret(code),
            },
            Effect::LoadTerms { call, subject } => Self::Terms { call, subject },
            Effect::LoadDay { call, day } => Self::Day { call, day },
            Effect::ConfirmSignIn(code) => Self::SignIn(Secret(code)),
            Effect::ResendSignInCode => Self::ResendSignInCode,
            other => return Err(other),
        })
    }
}

impl Question {
    /// The answer where the vendor cannot be asked.
    pub fn refused(self, failure: Failure) -> Event {
        match self {
            Self::Choices { call, field, .. } => Event::ChoicesLoaded {
                call,
                field,
                result: Err(failure),
            },
            Self::Patients { call, .. } => Event::PatientsFound {
                call,
                result: Err(failure),
            },
            Self::SendCode { call, .. } => Event::CodeSent {
                call,
                result: Err(failure),
            },
            Self::ConfirmCode { call, .. } => Event::CodeConfirmed {
                call,
                result: Err(failure),
            },
            Self::Terms { call, .. } => Event::TermsLoaded {
                call,
                result: Err(failure),
            },
            Self::Day { call, .. } => Event::DayLoaded {
                call,
                result: Err(failure),
            },
            Self::SignIn(_) => Event::SignInAnswered(Err(failure)),
            Self::ResendSignInCode => Event::SignInCodeSent(Err(failure)),
        }
    }

    /// Asks, and answers the console. A sign-in that succeeds is told to the courier, which waited for it.
    pub(super) async fn ask(
        self,
        adapter: Result<&dyn Adapter, Failure>,
        courier: Option<WeakSender<Order>>,
        answers: Answers,
    ) {
        let event = match adapter {
            Ok(adapter) => self.answer(adapter).await,
            Err(failure) => self.refused(failure),
        };
        if matches!(event, Event::SignInAnswered(Ok(())))
            && let Some(orders) = courier.and_then(|orders| orders.upgrade())
        {
            // A courier that takes nothing now tries again by itself.
            let _ = orders.try_send(Order::SignedIn);
        }
        // A console that has gone needs no answer.
        let _ = answers.send(event).await;
    }

    async fn answer(self, adapter: &dyn Adapter) -> Event {
        match self {
            Self::Choices {
                call,
                field,
                context,
            } => Event::ChoicesLoaded {
                call,
                field,
                result: adapter.choices(field, &context).await,
            },
            Self::Patients { call, context } => Event::PatientsFound {
                call,
                result: adapter.find_patients(&context).await,
            },
            Self::SendCode {
                call,
                context,
                before,
            } => Event::CodeSent {
                call,
                result: adapter.send_code(&context, before).await,
            },
            Self::ConfirmCode {
                call,
                session,
                code,
            } => Event::CodeConfirmed {
                call,
                result: adapter.confirm_code(session, code.0).await,
            },
            Self::Terms { call, subject } => Event::TermsLoaded {
                call,
                result: adapter.terms(&subject).await,
            },
            Self::Day { call, day } => Event::DayLoaded {
                call,
                result: adapter.day_list(day).await,
            },
            Self::SignIn(code) => Event::SignInAnswered(adapter.confirm_sign_in(code.0).await),
            Self::ResendSignInCode => Event::SignInCodeSent(adapter.resend_sign_in_code().await),
        }
    }
}
