//! Meridian, a vendor made up for these stories: lists, slots, patients it knows, codes; and a desk that books there.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono_tz::Tz;
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, CallId, Effect, Event, Question};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::{Currency, Money};
use frontdesk::domain::offer::{
    Choice, Field, FieldKey, Input, Kind, KindOffer, Listing, Offer, SlotSource,
};
use frontdesk::domain::slot::{CodeSession, Context, FoundPatient, PatientRef, Slot};

use crate::desk::{Desk, morning};

pub fn choice(value: &str, label: &str) -> Choice {
    Choice {
        value: value.into(),
        label: label.into(),
    }
}

fn listed(needs: &'static [FieldKey], is_many: bool) -> Input {
    Input::Listed(Listing { needs, is_many })
}

fn who() -> Vec<Field> {
    vec![
        Field::required(FieldKey::Name, "Name", Input::FullName, "First and last."),
        Field::required(FieldKey::BirthDate, "Born", Input::BirthDate, "1994-03-21."),
        Field::required(FieldKey::Email, "E-mail", Input::Email, "Of the patient."),
        Field::optional(FieldKey::Phone, "Mobile", Input::AnyPhone, "Any country's."),
    ]
}

fn appointment() -> KindOffer {
    let mut fields = who();
    let no_yes = Input::Choice(vec![choice("yes", "yes"), choice("no", "no")]);
    fields.extend([
        Field::optional(
            FieldKey::EmployeeNumber,
            "Employee no.",
            Input::Text,
            "Finds the patient too.",
        ),
        Field::required(
            FieldKey::Payer,
            "Payer",
            listed(&[], false),
            "Who pays: Enter lists them.",
        ),
        Field::required(
            FieldKey::AppointmentType,
            "Type",
            listed(&[FieldKey::Payer], false),
            "What for: Enter lists them.",
        ),
        Field::optional(
            FieldKey::Services,
            "Services",
            listed(&[FieldKey::AppointmentType], true),
            "What is done then; several can be marked.",
        ),
        Field {
            only_with: Some((FieldKey::AppointmentType, &["scan"])),
            ..Field::required(
                FieldKey::Referral,
                "Referral",
                Input::Text,
                "Who refers the patient to the scan.",
            )
        },
        Field {
            preset: "yes".into(),
            ..Field::required(
                FieldKey::PriceGuard,
                "Price guard",
                no_yes,
                "With yes it is booked only at exactly the price that was shown.",
            )
        },
        Field::required(
            FieldKey::ScheduledAt,
            "When",
            Input::When,
            "Enter shows the free times.",
        ),
    ]);
    KindOffer {
        slots: Some(SlotSource::Vendor),
        known_by: &[
            FieldKey::Name,
            FieldKey::BirthDate,
            FieldKey::Email,
            FieldKey::EmployeeNumber,
        ],
        sent_if_new: &[FieldKey::Phone],
        ..KindOffer::plain(
            Kind::Appointment,
            "meridian-appointment",
            "A slot for a patient whom Meridian knows, or learns to know.",
            fields,
        )
    }
}

fn anonymous() -> KindOffer {
    let mut fields = who();
    fields.extend([
        Field::required(
            FieldKey::PatientCode,
            "Code",
            Input::PatientCode,
            "Enter has a code sent to the patient, who reads it back.",
        ),
        Field::optional(FieldKey::Reason, "Reason", Input::Text, "Why they come."),
    ]);
    let help = "For a patient who proves a code instead of being known.";
    KindOffer {
        code_is_for: &[
            FieldKey::Name,
            FieldKey::BirthDate,
            FieldKey::Email,
            FieldKey::Phone,
            FieldKey::Sex,
            FieldKey::City,
            FieldKey::SignUpCode,
        ],
        ..KindOffer::plain(Kind::Anonymous, "meridian-anonymous", help, fields)
    }
}

pub fn offer() -> Offer {
    Offer {
        vendor: "Meridian",
        profile: "harbour".into(),
        is_sandbox: true,
        currency: Currency::Gbp,
        zone: Tz::Asia__Kolkata,
        day_zone: Tz::Asia__Kolkata,
        country_code: "44".into(),
        kinds: vec![appointment(), anonymous()],
        changes: Vec::new(),
        has_day_list: false,
        parties: Vec::new(),
        is_party_required: false,
        budget: None,
        duplicate_rule: "Meridian takes a second appointment for the same patient.",
        field_names: vec![("Mobile", FieldKey::Phone), ("Insurer", FieldKey::Payer)],
    }
}

pub fn branches() -> Vec<Branch> {
    let branch = |id: &str, name: &str| Branch {
        id: BranchId(id.into()),
        name: name.into(),
        address: None,
        zone: None,
    };
    vec![branch("s1", "Harbour"), branch("s2", "Hillside")]
}

/// A quarter past nine on the day after the stories.
pub fn slot() -> Slot {
    Slot {
        price: Some(Money::major(45)),
        place: Some(choice("r2", "Room 2")),
        ..Slot::plain(
            "2026-11-22T09:15:00+05:30".parse().unwrap(),
            "2026-11-22T09:15",
        )
    }
}

pub fn types() -> Vec<Choice> {
    vec![
        choice("check", "Health check"),
        choice("scan", "Ultrasound scan"),
        choice("physio", "Physiotherapy, first visit"),
    ]
}

pub fn known(key: &str, note: &str) -> FoundPatient {
    let values = [
        (FieldKey::Name, "Rahul Sharma"),
        (FieldKey::BirthDate, "1994-03-21"),
        (FieldKey::Email, "rahul@example.com"),
        (FieldKey::EmployeeNumber, "E-77"),
    ];
    let values = values.map(|(key, value)| (key, value.to_owned()));
    FoundPatient {
        patient: PatientRef {
            key: key.into(),
            name: "Rahul Sharma".into(),
        },
        note: note.into(),
        values: BTreeMap::from(values),
    }
}

pub fn session(is_confirmed: bool) -> CodeSession {
    CodeSession {
        handle: 7,
        is_confirmed,
    }
}

impl Desk {
    /// A desk of Meridian's at Harbour, the cursor on the name.
    pub fn at_meridian(size: (u16, u16)) -> Self {
        let mut desk = Self::before_meridian(size);
        desk.answer_branches(Ok(branches())).keys("<Enter>");
        desk
    }

    /// The same before anything was heard.
    pub fn before_meridian(size: (u16, u16)) -> Self {
        Self::before(offer(), size)
    }

    /// The first form of another offer, at Harbour.
    pub fn of(offer: Offer, size: (u16, u16)) -> Self {
        let mut desk = Self::before(offer, size);
        desk.answer_branches(Ok(branches())).keys("<Enter>");
        desk
    }

    fn before(offer: Offer, size: (u16, u16)) -> Self {
        let mut app = App::new(Arc::new(offer), Keymap::default(), morning(), size, 0);
        let effects = app.start();
        Self { app, effects }
    }

    /// The same with the anonymous form, the patient filled in, the cursor on the code.
    pub fn at_code(size: (u16, u16)) -> Self {
        let mut desk = Self::at_meridian(size);
        desk.keys("<F7>").fill_meridian().keys("<Enter>");
        desk
    }

    /// Name, birth date, e-mail; the cursor on the mobile.
    pub fn fill_meridian(&mut self) -> &mut Self {
        self.keys("Rahul Sharma<Enter>1994-03-21<Enter>rahul@example.com<Enter>")
    }

    /// How often the list of a field was asked for.
    pub fn lists_asked(&self, key: FieldKey) -> usize {
        let asked = |effect: &&Effect| matches!(effect, Effect::Ask(Question::Choices { field, .. }) if *field == key);
        self.effects.iter().filter(asked).count()
    }

    pub fn list_asked(&self, key: FieldKey) -> Option<(CallId, Context)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::Choices {
                call,
                field,
                context,
            }) if *field == key => Some((*call, (**context).clone())),
            _ => None,
        })
    }

    /// Answers the last question for the list of a field.
    pub fn answer_list(
        &mut self,
        field: FieldKey,
        result: Result<Vec<Choice>, Failure>,
    ) -> &mut Self {
        let (call, _) = self.list_asked(field).expect("the list was asked for");
        self.event(Event::ChoicesLoaded {
            call,
            field,
            result,
        })
    }

    /// The one payer there is, and the types it pays for.
    pub fn answer_lists(&mut self) -> &mut Self {
        self.answer_list(FieldKey::Payer, Ok(vec![choice("self", "Patient pays")]))
            .answer_list(FieldKey::AppointmentType, Ok(types()))
    }

    pub fn patients_asked(&self) -> Option<(CallId, Context)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::Patients { call, context }) => Some((*call, (**context).clone())),
            _ => None,
        })
    }

    pub fn answer_patients(&mut self, result: Result<Vec<FoundPatient>, Failure>) -> &mut Self {
        let (call, _) = self.patients_asked().expect("patients were looked for");
        self.event(Event::PatientsFound { call, result })
    }

    /// The code that was last asked for, and the session before it.
    pub fn code_asked(&self) -> Option<(CallId, Option<CodeSession>)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::SendCode { call, before, .. }) => Some((*call, before.clone())),
            _ => None,
        })
    }

    pub fn answer_sent(&mut self, result: Result<CodeSession, Failure>) -> &mut Self {
        let (call, _) = self.code_asked().expect("a code was asked for");
        self.event(Event::CodeAnswered { call, result })
    }

    pub fn code_typed(&self) -> Option<(CallId, String)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::ConfirmCode { call, code, .. }) => Some((*call, code.0.clone())),
            _ => None,
        })
    }

    pub fn answer_confirmed(&mut self, result: Result<CodeSession, Failure>) -> &mut Self {
        let (call, _) = self.code_typed().expect("a code was sent to be checked");
        self.event(Event::CodeAnswered { call, result })
    }

    pub fn text_in(&self, key: FieldKey) -> &str {
        self.app.form.draft.value(key)
    }

    /// What is said beside a field.
    pub fn said_beside(&self, key: FieldKey) -> Option<&str> {
        let place = frontdesk::domain::rules::Place::Field(key);
        self.app.form.told.get(&place).map(String::as_str)
    }

    pub fn noticed(&self) -> &str {
        self.app.notices.shown().map_or("", |notice| &notice.words)
    }
}

/// The screen as a picture beside the others.
pub fn picture(name: &str, desk: &Desk) {
    let (width, height) = desk.app.size;
    let label = format!("{name}-{width}x{height}");
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(label, desk.screen());
    });
}
