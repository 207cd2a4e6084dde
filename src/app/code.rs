//! The code that the vendor sends to the patient, who reads it back: sending, checking, and what makes it void.

use tui_input::Input;

use super::focus::Focus;
use super::form::{self, Form};
use super::key::{Chord, Key};
use super::{App, CallId, Effect, Question, Tone, TypedCode};
use crate::domain::failure::Failure;
use crate::domain::offer::{self, FieldKey, Input as Filling, Offer};
use crate::domain::rules::{self, Place, Problem};
use crate::domain::slot::CodeSession;
use crate::domain::submission::DraftId;

/// What is said where the code was sent to somebody else than the form now names.
const VOID: &str = "the patient was changed: Enter sends a new code";

/// A code that is being sent or checked.
#[derive(Debug)]
pub struct CodeCall {
    call: CallId,
    draft: DraftId,
    is_check: bool,
    sent_to: Vec<String>,
}

impl Form {
    fn code_field(&self, offer: &Offer) -> Option<FieldKey> {
        let mut fields = self.draft.fields(offer);
        let field = fields.find(|field| field.input == Filling::PatientCode);
        field.map(|field| field.key)
    }

    /// Another patient needs another code.
    fn code_is_for(&self, offer: &Offer) -> &'static [FieldKey] {
        let form = offer.form(self.draft.kind);
        form.map_or(&[], |form| form.code_is_for)
    }

    fn sent_to(&self, offer: &Offer) -> Vec<String> {
        let value = |key: &FieldKey| self.draft.value(*key).to_owned();
        self.code_is_for(offer).iter().map(value).collect()
    }

    /// Says beside the field that the vendor's words name why no code was sent, and tells what stands under the code.
    fn not_registered(&mut self, offer: &Offer, code: FieldKey, why: &str) -> String {
        let named = offer::named(&offer.field_names, why).filter(|named| *named != code);
        let field = named.and_then(|named| self.draft.field(offer, named));
        let Some(field) = field else {
            return why.to_owned();
        };
        self.told.insert(Place::Field(field.key), why.to_owned());
        format!("no code was sent: see {} above", field.label)
    }

    /// A code that was sent counts no more, and the field says why.
    pub(super) fn void_code(&mut self, offer: &Offer, why: &str) {
        if self.draft.code.take().is_none() {
            return;
        }
        if let Some(key) = self.code_field(offer) {
            self.draft.values.remove(&key);
            self.told.insert(Place::Field(key), why.to_owned());
        }
    }
}

impl App {
    /// The code of the form was read back.
    pub fn is_code_confirmed(&self) -> bool {
        let code = self.form.draft.code.as_ref();
        code.is_some_and(|code| code.is_confirmed)
    }

    /// How the code stands, in words for under its field.
    pub fn code_words(&self) -> Option<String> {
        let here = self.code_call.as_ref();
        let here = here.filter(|call| call.draft == self.form.draft.id);
        match (here, &self.form.draft.code) {
            (Some(call), _) if call.is_check => Some("The code is being checked".to_owned()),
            (Some(_), _) => Some("A code is being sent".to_owned()),
            (None, Some(code)) if !code.is_confirmed => Some(
                "Sent to the patient's e-mail and mobile. Emptied, Enter sends it again".to_owned(),
            ),
            _ => None,
        }
    }

    /// What Enter does in the field of the code as it stands; none where nothing was typed and nothing sent.
    pub fn code_hint(&self) -> Option<String> {
        let key = self.form.code_field(&self.offer)?;
        let is_empty = self.form.draft.value(key).is_empty();
        let vendor = self.offer.vendor;
        match &self.form.draft.code {
            Some(code) if code.is_confirmed => Some("It is confirmed: Enter goes on".to_owned()),
            Some(_) if is_empty => {
                Some("Type what the patient reads; empty, Enter sends it again".to_owned())
            }
            Some(_) if self.form.told.contains_key(&Place::Field(key)) => Some(
                "Ctrl+U, then Enter has a new one sent; Enter alone checks this one again"
                    .to_owned(),
            ),
            Some(_) => Some(format!("Enter has {vendor} check what you typed")),
            None if is_empty => None,
            None => Some("No code was sent yet: emptied, Enter has one sent".to_owned()),
        }
    }

    /// Why the code that stands there was not taken says more than that it is not confirmed.
    pub(super) fn keep_code_reason(&self, problems: &mut [Problem]) {
        let typed = self.form.code_field(&self.offer);
        let typed = typed.filter(|key| !self.form.draft.value(*key).is_empty());
        let Some(place) = typed.map(Place::Field) else {
            return;
        };
        let of_code = problems.iter_mut().find(|problem| problem.place == place);
        if let Some((problem, told)) = of_code.zip(self.form.told.get(&place)) {
            problem.words.clone_from(told);
        }
    }

    pub(super) fn press_code(&mut self, key: FieldKey, chord: Chord) {
        match chord.key {
            Key::Enter => self.enter_code(key),
            Key::Down => self.walk(1),
            Key::Up => self.walk(-1),
            _ if self.is_code_confirmed() => {}
            _ => {
                if form::edit(&mut self.editor, chord) {
                    let value = self.editor.value().to_owned();
                    self.form.told.remove(&Place::Field(key));
                    self.form.draft.values.insert(key, value);
                }
            }
        }
    }

    fn enter_code(&mut self, key: FieldKey) {
        let typed = self.form.draft.value(key).to_owned();
        let session = self.form.draft.code.clone();
        match session {
            Some(session) if session.is_confirmed => self.walk(1),
            _ if self.code_call.is_some() => {
                let words = "One moment: the vendor has not answered yet";
                self.tell(Tone::Plain, words);
            }
            before if typed.is_empty() => self.send_code(before),
            Some(session) => {
                let call = self.begin_code(true);
                let code = TypedCode(typed);
                self.order(Effect::Ask(Question::ConfirmCode {
                    call,
                    session,
                    code,
                }));
            }
            None => {
                let words = "no code was sent yet: empty this field and press Enter";
                self.form.told.insert(Place::Field(key), words.to_owned());
            }
        }
    }

    fn send_code(&mut self, before: Option<CodeSession>) {
        let offer = self.offer.clone();
        let sent_to = self.form.code_is_for(&offer);
        let mut fields = self.form.draft.fields(&offer);
        let wrong = fields.find_map(|field| {
            let check = rules::check(field, &self.form.draft, &offer, self.now);
            let words = check.err().filter(|_| sent_to.contains(&field.key))?;
            Some((field.key, words))
        });
        drop(fields);
        if let Some((key, words)) = wrong {
            self.form.told.insert(Place::Field(key), words);
            self.go(Focus::Field(key));
            return self.tell(
                Tone::Warning,
                "The code goes to the patient: this comes first",
            );
        }
        let call = self.begin_code(false);
        let context = Box::new(self.form.draft.context());
        self.order(Effect::Ask(Question::SendCode {
            call,
            context,
            before,
        }));
    }

    fn begin_code(&mut self, is_check: bool) -> CallId {
        let call = self.next_call();
        self.code_call = Some(CodeCall {
            call,
            draft: self.form.draft.id,
            is_check,
            sent_to: self.form.sent_to(&self.offer),
        });
        call
    }

    pub(super) fn code_answered(&mut self, call: CallId, result: Result<CodeSession, Failure>) {
        let Some(asked) = self.code_call.take_if(|asked| asked.call == call) else {
            return;
        };
        let offer = self.offer.clone();
        let mut forms = std::iter::once(&mut self.form).chain(&mut self.parked);
        let Some(form) = forms.find(|form| form.draft.id == asked.draft) else {
            return self.release_held();
        };
        let Some(key) = form.code_field(&offer) else {
            return self.release_held();
        };
        let place = Place::Field(key);
        let is_confirmed = match result {
            Ok(session) if form.sent_to(&offer) != asked.sent_to => {
                form.draft.code = Some(session);
                form.void_code(&offer, VOID);
                false
            }
            Ok(session) => {
                let is_confirmed = session.is_confirmed;
                form.draft.code = Some(session);
                form.told.remove(&place);
                if is_confirmed {
                    form.draft.values.remove(&key);
                }
                is_confirmed
            }
            Err(Failure::SignedOut(why)) if asked.is_check => {
                form.void_code(&offer, &format!("{why}. Enter sends a new code"));
                false
            }
            Err(failure) => {
                let words = match (&failure, asked.is_check) {
                    (Failure::Refused(why), false) => form.not_registered(&offer, key, why),
                    (Failure::Refused(why), true) => why.clone(),
                    (failure, true) => format!("not checked: {failure}. Enter tries again"),
                    (failure, false) => format!("no code was sent: {failure}. Enter tries again"),
                };
                form.told.insert(place, words);
                if !matches!(failure, Failure::Refused(_)) {
                    self.list_failed(failure);
                }
                false
            }
        };
        self.show_code(asked.draft, key, asked.is_check, is_confirmed);
    }

    /// The field as it stands now; a code that is confirmed, or not asked for, leads on.
    fn show_code(&mut self, draft: DraftId, key: FieldKey, is_check: bool, is_confirmed: bool) {
        let is_here = self.form.draft.id == draft && self.focus == Focus::Field(key);
        if is_here {
            self.editor = Input::new(self.form.draft.value(key).to_owned());
        }
        self.refresh_review();
        if !is_confirmed {
            // What was typed after a code that is wrong was meant for another field.
            return if is_check {
                self.drop_held();
            } else {
                self.release_held();
            };
        }
        if !is_check {
            let words = format!("{} asks for no code from this patient", self.offer.vendor);
            self.tell(Tone::Good, words);
        }
        if is_here && self.popups.is_empty() {
            self.walk(1);
        }
        self.release_held();
    }

    /// Keys typed after a code wait until it is known to be right: what follows belongs to the next field.
    pub(super) fn awaits_code(&self) -> bool {
        let is_check = self
            .code_call
            .as_ref()
            .is_some_and(|call| call.is_check && call.draft == self.form.draft.id);
        let is_here = matches!(self.focus, Focus::Field(key)
            if self.form.code_field(&self.offer) == Some(key));
        is_check && is_here && self.popups.is_empty()
    }

    /// A field was changed: a code that went to somebody else counts no more.
    pub(super) fn doubt_code(&mut self, key: FieldKey) {
        let offer = self.offer.clone();
        let is_other = self.form.code_is_for(&offer).contains(&key);
        if is_other && self.form.draft.code.is_some() {
            self.form.void_code(&offer, VOID);
            let words = "The patient was changed: the code counts no more";
            self.tell_for_long(Tone::Warning, words);
        }
    }
}
