//! The people this desk has met on the phone number of the form: a household, never "the" patient. They are offered;
//! going on typing ignores them.

use super::focus::Focus;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::known::KnownState;
use super::popup::Popup;
use super::{App, CallId, Effect, Tone};
use crate::domain::failure::Failure;
use crate::domain::offer::FieldKey;
use crate::domain::phone::Phone;
use crate::domain::rules;
use crate::domain::submission::{Gender, MetPatient, Patient};

/// What a person is filled in with, in the order of the form.
const FILLED: [FieldKey; 7] = [
    FieldKey::Name,
    FieldKey::BirthDate,
    FieldKey::Age,
    FieldKey::Gender,
    FieldKey::Email,
    FieldKey::Address,
    FieldKey::Pincode,
];

/// Who is known by the form's phone.
#[derive(Debug, Default)]
pub struct Household {
    /// The number that was asked about; none while the field holds no whole one.
    phone: Option<Phone>,
    asking: Option<CallId>,
    /// The one met last first.
    pub people: Vec<MetPatient>,
}

impl Household {
    /// They are on their way.
    pub fn is_asking(&self) -> bool {
        self.asking.is_some()
    }
}

impl App {
    /// After every event: a whole number in the phone field is asked about once.
    pub(super) fn watch_phone(&mut self) {
        let draft = &self.form.draft;
        let code = rules::country_code(draft, &self.offer);
        let phone = Phone::parse(draft.value(FieldKey::Phone), code).ok();
        if phone == self.household.phone {
            return;
        }
        let was_asking = self.household.is_asking();
        self.household = Household {
            phone: phone.clone(),
            ..Household::default()
        };
        if let Some(phone) = phone {
            let call = self.next_call();
            self.household.asking = Some(call);
            self.order(Effect::FindPeople { call, phone });
        } else if was_asking {
            self.release_held();
        }
    }

    pub(super) fn people_found(&mut self, call: CallId, people: Vec<MetPatient>) {
        if self.household.asking != Some(call) {
            return;
        }
        self.household.asking = None;
        self.household.people = people;
        self.release_held();
    }

    /// `2 people on this number: F4 or Down`; none where nobody is known.
    pub fn household_words(&self) -> Option<String> {
        let count = self.household.people.len();
        if count == 0 {
            return None;
        }
        let people = if count == 1 { "person" } else { "people" };
        let key = self.keymap.key(Action::People);
        let or_down = if self.focus == Focus::Field(FieldKey::Phone) {
            "or Down"
        } else {
            "picks"
        };
        Some(format!("{count} {people} on this number: {key} {or_down}"))
    }

    /// Down in the phone field leads to the people on it.
    pub(super) fn leads_to_people(&self, chord: Chord) -> bool {
        self.focus == Focus::Field(FieldKey::Phone) && chord == Chord::plain(Key::Down)
    }

    pub(super) fn open_people(&mut self) {
        let is_asked = self.search_patients();
        if is_asked || !self.household.people.is_empty() {
            return self.popups.push(Popup::People { cursor: 0 });
        }
        let words = if self.finds_patients() {
            "Type a name, an e-mail or a date of birth first: it is looked for"
        } else if self.field(FieldKey::Phone).is_none() {
            "This kind asks for nobody whom it could find"
        } else if self.household.phone.is_none() {
            "Type a whole phone number first: the people on it are offered"
        } else {
            "Nobody was sent from here on this number yet"
        };
        self.tell(Tone::Plain, words);
    }

    pub(super) fn press_people(&mut self, cursor: usize, chord: Chord) {
        let last = self.household.people.len() + self.found().len();
        let last = last.saturating_sub(1);
        let is_again = self.keymap.action(chord) == Some(Action::People);
        let cursor = match chord.key {
            Key::Esc => return,
            Key::Enter => return self.take_person(cursor),
            _ if is_again => return,
            // Whoever goes on typing wants none of them.
            _ if chord.letter().is_some() => return self.type_on(chord),
            key => key.row_from(cursor, last).unwrap_or(cursor),
        };
        self.popups.push(Popup::People { cursor });
    }

    /// A letter typed over the list of the phone's people begins the name.
    fn type_on(&mut self, chord: Chord) {
        let is_letter = chord.letter().is_some_and(char::is_alphabetic);
        if is_letter && self.focus == Focus::Field(FieldKey::Phone) {
            self.walk(1);
        }
        self.press(chord);
    }

    /// The people of this desk come first, those of the vendor below them.
    fn take_person(&mut self, cursor: usize) {
        let met = self.household.people.len();
        if cursor < met {
            return self.fill_in(cursor);
        }
        if let Some(found) = self.found().get(cursor - met).cloned() {
            return self.fill_known(&found);
        }
        if let KnownState::Failed(failure) = self.known_state()
            && !matches!(failure, Failure::Refused(_))
        {
            self.search_patients();
            self.popups.push(Popup::People { cursor });
        }
    }

    /// Fills the form with one of them. What stood there before is replaced and said; what came from another of the
    /// same number goes.
    fn fill_in(&mut self, cursor: usize) {
        let Some(person) = self.household.people.get(cursor).cloned() else {
            return;
        };
        let mut replaced = Vec::new();
        for key in FILLED {
            let Some(label) = self.field(key).map(|field| field.label) else {
                continue;
            };
            let old = self.form.draft.value(key).to_owned();
            let new = self.text_of(&person, key).unwrap_or_default();
            let is_theirs = |other: &MetPatient| written(&other.patient, key) == Some(old.clone());
            let is_from_another = self.household.people.iter().any(is_theirs);
            if old == new || (new.is_empty() && !is_from_another) {
                continue;
            }
            if !old.is_empty() && !is_from_another {
                replaced.push(label.to_lowercase());
            }
            self.set_value(key, new);
        }
        let name = person.patient.full_name();
        let mut words = format!("Filled in {name}");
        if !replaced.is_empty() {
            words = format!("{words}, replaced: {}", replaced.join(", "));
        }
        let is_age_asked = self.field(FieldKey::Age).is_some();
        if is_age_asked && self.text_of(&person, FieldKey::Age).is_none() {
            words += ". The age kept is too old: ask for it";
        }
        self.tell(Tone::Plain, words);
        self.go(self.first_empty());
    }

    /// A person's text for a field; none for an age that no longer holds.
    fn text_of(&self, person: &MetPatient, key: FieldKey) -> Option<String> {
        let is_outdated = person
            .patient
            .age
            .is_some_and(|age| !age.holds_after(self.now - person.met_at));
        if key == FieldKey::Age && is_outdated {
            return None;
        }
        written(&person.patient, key)
    }

    /// The first required field that is empty, else what comes after the fields: what is ordered, a time that is not
    /// picked yet, or what the form ends with.
    pub(super) fn first_empty(&self) -> Focus {
        let draft = &self.form.draft;
        let mut fields = draft.fields(&self.offer);
        let empty = fields.find(|field| {
            // A slot, or a code that was confirmed, is no text.
            let check = rules::check(field, draft, &self.offer, self.now);
            field.required && draft.value(field.key).is_empty() && check.is_err()
        });
        if let Some(field) = empty {
            return Focus::Field(field.key);
        }
        let has_time = draft.slot.is_some() || !draft.value(FieldKey::ScheduledAt).is_empty();
        let is_next = |stop: &Focus| match stop {
            Focus::Search | Focus::Kind => true,
            Focus::When => !has_time,
            _ => false,
        };
        let mut stops = Focus::stops(&self.offer, draft).into_iter();
        stops.find(is_next).unwrap_or(Focus::Kind)
    }
}

fn written(patient: &Patient, key: FieldKey) -> Option<String> {
    match key {
        FieldKey::Name => Some(patient.typed_name()),
        FieldKey::BirthDate => patient.birth_date.map(|born| born.to_string()),
        FieldKey::Age => patient.age.map(|age| age.to_string()),
        FieldKey::Gender => patient.gender.map(Gender::word).map(str::to_owned),
        FieldKey::Email => patient.email.clone(),
        FieldKey::Address => patient.address.clone(),
        FieldKey::Pincode => patient.pincode.clone(),
        _ => None,
    }
}
