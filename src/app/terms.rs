//! What a change will cost or bring with it: the vendor is asked before it is read back, and nothing is sent before the
//! answer is on the card.

use super::popup::Popup;
use super::{App, CallId, Effect, Question, Tone};
use crate::domain::failure::Failure;
use crate::domain::looked::Told;
use crate::domain::submission::Subject;

/// What is known of the terms of a change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Terms {
    Asking,
    Told(Vec<Told>),
    /// Why the vendor did not say.
    Failed(Failure),
}

/// The question that was asked last.
#[derive(Debug)]
pub(super) struct TermsCall {
    subject: Subject,
    call: CallId,
    terms: Terms,
    /// What a person has seen of an earlier answer.
    seen: Option<Vec<Told>>,
}

impl App {
    /// The form is a change whose terms the vendor tells.
    pub(super) fn asks_terms(&self) -> bool {
        let change = self.form.draft.change_offer(&self.offer);
        change.is_some_and(|change| change.has_terms)
    }

    /// The terms of the form, as far as they are known; none where there are none.
    pub(super) fn terms(&self) -> Option<Terms> {
        let subject = self.form.draft.subject.as_ref()?;
        let asked = self.terms.as_ref()?;
        (self.asks_terms() && asked.subject == *subject).then(|| asked.terms.clone())
    }

    /// Asks anew, whatever was told before: a fee may have changed since.
    pub(super) fn ask_terms(&mut self) {
        let Some(subject) = self.form.draft.subject.clone() else {
            return;
        };
        let call = self.next_call();
        let before = self.terms.take();
        let before = before.filter(|before| before.subject == subject);
        let seen = before.and_then(|before| match before.terms {
            Terms::Told(told) => Some(told),
            Terms::Asking | Terms::Failed(_) => before.seen,
        });
        self.terms = Some(TermsCall {
            subject: subject.clone(),
            call,
            terms: Terms::Asking,
            seen,
        });
        self.order(Effect::Ask(Question::Terms { call, subject }));
        self.refresh_review();
    }

    pub(super) fn terms_loaded(&mut self, call: CallId, result: Result<Vec<Told>, Failure>) {
        let asked = self.terms.as_mut();
        let Some(asked) = asked.filter(|asked| asked.call == call) else {
            return;
        };
        let is_other = match (&asked.seen, &result) {
            (Some(seen), Ok(told)) => seen != told,
            _ => false,
        };
        match result {
            Ok(told) => {
                asked.terms = Terms::Told(told);
                self.desk.failure = None;
            }
            Err(failure) => {
                asked.terms = Terms::Failed(failure.clone());
                // What is wrong with the question alone says nothing about the lists.
                if !matches!(failure, Failure::Refused(_)) {
                    self.list_failed(failure);
                }
            }
        }
        self.refresh_review();
        for popup in &mut self.popups {
            if let Popup::Review(review) = popup {
                review.has_changed |= is_other;
            }
        }
    }

    /// What failed is asked again by itself, when that may help.
    pub(super) fn ask_failed_terms(&mut self) {
        if matches!(self.terms(), Some(Terms::Failed(_))) {
            self.ask_terms();
        }
    }

    /// Enter came before the terms.
    pub(super) fn tell_no_terms(&mut self) {
        let vendor = self.offer.vendor;
        let words = match self.terms() {
            Some(Terms::Failed(failure)) => {
                let key = self.keymap.key(super::keymap::Action::Review);
                let why = self.with_remedy(&failure, &format!("{key} asks {vendor} again"));
                format!("Not sent, nobody knows yet what it costs: {why}")
            }
            _ => format!("Not sent yet: {vendor} is being asked what it costs"),
        };
        self.tell(Tone::Warning, words);
    }
}
