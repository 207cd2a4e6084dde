//! The people of a phone number: asked for once, offered, filled in.

use chrono::TimeDelta;
use frontdesk::app::focus::Focus;
use frontdesk::app::{CallId, Effect, Event};
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::phone::Phone;
use frontdesk::domain::submission::{Gender, MetPatient, Patient};

use crate::desk::{Desk, morning};

fn person(name: &str, age: (u16, AgeUnit), days: i64) -> MetPatient {
    let (first, last) = name.split_once(' ').unwrap();
    MetPatient {
        patient: Patient {
            phone: Some(Phone::parse("9876543210", "91").unwrap()),
            country_code: "91".into(),
            last_name: Some(last.into()),
            age: Some(Age {
                value: age.0,
                unit: age.1,
            }),
            gender: Some(Gender::Female),
            email: (first == "Asha").then(|| "asha@example.com".to_owned()),
            pincode: Some("560001".into()),
            ..Patient::named(first)
        },
        met_at: morning() - TimeDelta::days(days),
    }
}

impl Desk {
    /// A number on which three people are known.
    pub fn with_household(&mut self) -> &mut Self {
        self.keys("9876543210");
        self.answer_people()
    }

    fn asked(&self) -> Vec<CallId> {
        let asked = self.effects.iter().filter_map(|effect| match effect {
            Effect::FindPeople { call, .. } => Some(*call),
            _ => None,
        });
        asked.collect()
    }

    pub fn answer_people(&mut self) -> &mut Self {
        let call = *self.asked().last().expect("people were asked for");
        let people = vec![
            person("Asha Sharma", (34, AgeUnit::Year), 12),
            person("Kavya Sharma", (8, AgeUnit::Month), 90),
            person("Leela Sharma", (61, AgeUnit::Year), 800),
        ];
        self.event(Event::PeopleFound { call, people })
    }

    fn value(&self, key: FieldKey) -> &str {
        self.app.form.draft.value(key)
    }
}

#[test]
fn a_whole_number_is_asked_about_once() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("987654321");
    assert!(desk.asked().is_empty());
    desk.keys("0<Enter>Ra");
    assert_eq!(desk.asked().len(), 1, "the tidied number is the same one");
    desk.answer_people().keys("hul");
    assert_eq!(desk.value(FieldKey::Name), "Rahul", "typing on ignores it");
    assert!(desk.screen().contains("3 people on this number: F4 picks"));
}

#[test]
fn an_answer_about_another_number_is_dropped() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9876543210<Backspace>").answer_people();
    assert!(desk.app.household.people.is_empty());
}

#[test]
fn down_and_enter_fill_the_form() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_household().keys("<Down><Enter>");
    assert_eq!(desk.value(FieldKey::Name), "Asha Sharma");
    assert_eq!(desk.value(FieldKey::Age), "34 years");
    assert_eq!(desk.value(FieldKey::Gender), "female");
    assert_eq!(desk.value(FieldKey::Email), "asha@example.com");
    assert_eq!(desk.value(FieldKey::Pincode), "560001");
    assert_eq!(desk.app.focus, Focus::Search, "nothing is missing");
}

#[test]
fn an_age_that_no_longer_holds_is_asked_for() {
    for steps in ["<Down>", "<Down><Down>"] {
        let mut desk = Desk::at_koramangala((120, 36));
        desk.with_household()
            .keys("<F4>")
            .keys(steps)
            .keys("<Enter>");
        assert_eq!(desk.value(FieldKey::Age), "");
        assert_eq!(desk.app.focus, Focus::Field(FieldKey::Age));
        assert!(desk.screen().contains("too old"), "{}", desk.screen());
    }
}

#[test]
fn what_was_typed_is_replaced_visibly_and_a_wrong_pick_leaves_nothing() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_household().keys("<Enter>Rahul<F4><Enter>");
    let screen = desk.screen();
    assert!(
        screen.contains("Filled in Asha Sharma, replaced: name"),
        "{screen}"
    );
    desk.keys("<F4><Down><Enter>");
    assert_eq!(desk.value(FieldKey::Name), "Kavya Sharma");
    assert_eq!(desk.value(FieldKey::Age), "", "not that of Asha");
    assert_eq!(desk.value(FieldKey::Email), "", "not that of Asha");
    assert_eq!(desk.value(FieldKey::Pincode), "560001");
}

#[test]
fn typing_on_in_the_list_closes_it() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_household().keys("<Down>Rahul");
    assert_eq!(desk.value(FieldKey::Name), "Rahul");
}

#[test]
fn keys_typed_ahead_of_the_people_wait_for_them() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9876543210<F4><Enter>").answer_people();
    assert_eq!(desk.value(FieldKey::Name), "Asha Sharma");
}

#[test]
fn down_goes_on_where_nobody_is_known() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9876543210<Down>");
    let call = desk.asked()[0];
    let people = Vec::new();
    desk.event(Event::PeopleFound { call, people })
        .keys("Rahul");
    assert_eq!(desk.value(FieldKey::Name), "Rahul");
}
