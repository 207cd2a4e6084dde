//! Picking a time: free ones of the desk's own making, and those that a vendor offers.

use std::sync::Arc;

use chrono::{NaiveDate, TimeDelta, TimeZone};
use chrono_tz::{America::New_York, Asia::Kolkata, Tz};
use frontdesk::app::focus::{Focus, Pane};
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, CallId, Effect, Event};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::draft::Draft;
use frontdesk::domain::evidence::{Reason, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::money::{Currency, Money};
use frontdesk::domain::offer::{
    Choice, Field, FieldKey, Input, Kind, KindOffer, Listing, Offer, SlotSource,
};
use frontdesk::domain::rules::Place;
use frontdesk::domain::slot::{Slot, SlotQuery, Slots};
use frontdesk::domain::submission::DraftId;
use frontdesk::ui::theme::Theme;
use frontdesk::vendor::flabs::offer;
use frontdesk::vendor::flabs::settings::Mode;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};
use rstest::rstest;

use crate::codes::code_needed;
use crate::desk::{Desk, morning, settings, text};

const WHEN: Focus = Focus::Field(FieldKey::ScheduledAt);

/// A clinic whose vendor offers slots, besides what Flabs takes.
fn clinic() -> Offer {
    let listing = Listing {
        needs: &[],
        is_many: false,
    };
    let fields = vec![
        Field::required(FieldKey::Name, "Name", Input::Name, "Who comes."),
        Field::required(
            FieldKey::AppointmentType,
            "Type",
            Input::Listed(listing),
            "What for.",
        ),
        Field::required(FieldKey::ScheduledAt, "When", Input::When, "The time."),
        Field::optional(FieldKey::Reason, "Reason", Input::Text, "Why."),
        Field::optional(
            FieldKey::SignUpCode,
            "Code",
            Input::Text,
            "The charge band.",
        ),
    ];
    let mut offer = offer::of(&settings(Mode::CatchAll));
    offer.vendor = "Clinic";
    offer.currency = Currency::Gbp;
    offer.parties.clear();
    offer.kinds.insert(
        0,
        KindOffer {
            slots: Some(SlotSource::Vendor),
            slots_need: &[FieldKey::SignUpCode],
            ..KindOffer::plain(Kind::Appointment, "clinic-slot", "A slot.", fields)
        },
    );
    offer
}

fn branch(id: &str, name: &str, zone: Option<Tz>) -> Branch {
    Branch {
        id: BranchId(id.into()),
        name: name.into(),
        address: None,
        zone,
    }
}

/// A desk at the clinic's first branch, the type chosen; the week's slots are asked for.
fn at_the_clinic(size: (u16, u16)) -> Desk {
    let mut app = App::new(Arc::new(clinic()), Keymap::default(), morning(), size, 0);
    let effects = app.start();
    let mut desk = Desk { app, effects };
    desk.answer_branches(Ok(vec![
        branch("b1", "Harley Street", None),
        branch("b2", "Fifth Avenue", Some(New_York)),
    ]));
    desk.keys("<Enter>");
    let values = &mut desk.app.form.draft.values;
    values.insert(FieldKey::AppointmentType, "7".into());
    desk.keys("<Tab><S-Tab>");
    desk.answer_types();
    desk
}

impl Desk {
    /// The types that the clinic lists wherever it is asked.
    fn answer_types(&mut self) {
        let types = ["7", "8"].map(|value| crate::meridian::choice(value, value));
        self.answer_list(FieldKey::AppointmentType, Ok(types.to_vec()));
    }
}

fn slot(zone: Tz, day: u32, hour: u32, minute: u32) -> Slot {
    let at = zone
        .with_ymd_and_hms(2026, 11, day, hour, minute, 0)
        .unwrap();
    Slot {
        ends: Some(at.fixed_offset() + TimeDelta::minutes(15)),
        ..Slot::plain(at.fixed_offset(), at.to_rfc3339())
    }
}

/// From Saturday 21 to Friday 27 November: nothing on Sunday, one that is full and one that is busy.
fn week() -> Vec<Slot> {
    let at = |day, hour, minute| slot(Kolkata, day, hour, minute);
    let mut slots = vec![
        at(21, 9, 0),
        Slot {
            is_walk_in: true,
            ..at(21, 11, 0)
        },
        at(21, 17, 30),
        at(23, 7, 30),
        Slot {
            left: Some(0),
            ..at(23, 8, 0)
        },
        Slot {
            is_busy: true,
            ..at(23, 9, 15)
        },
        at(23, 14, 0),
        at(24, 7, 30),
        at(24, 10, 0),
        at(26, 18, 45),
        at(27, 12, 0),
    ];
    for slot in &mut slots {
        slot.left = slot.left.or(Some(2));
        slot.price = Some(Money::major(45));
        slot.place = Some(Choice::plain("Room 2"));
    }
    slots[3].price = Some(Money::major(60));
    slots
}

impl Desk {
    fn slot_calls(&self) -> Vec<(CallId, SlotQuery)> {
        let asked = self.effects.iter().filter_map(|effect| match effect {
            Effect::LoadSlots { call, query } => Some((*call, query.clone())),
            _ => None,
        });
        asked.collect()
    }

    fn answer_slots(&mut self, result: Result<Vec<Slot>, Failure>) -> &mut Self {
        self.answer_shown(result.map(Slots::from))
    }

    fn answer_shown(&mut self, result: Result<Slots, Failure>) -> &mut Self {
        let (call, _) = self.slot_calls().pop().expect("slots were asked for");
        self.event(Event::SlotsLoaded { call, result })
    }

    fn asked_days(&self) -> Vec<NaiveDate> {
        let calls = self.slot_calls();
        calls.iter().map(|(_, query)| query.from).collect()
    }

    fn marked(&self) -> String {
        let marked = self.app.when.marked();
        marked.map_or_else(String::new, |slot| slot.at.format("%a %H:%M").to_string())
    }

    fn picked(&self) -> String {
        let slot = self.app.form.draft.slot.as_ref();
        slot.map_or_else(String::new, |slot| slot.at.format("%a %H:%M").to_string())
    }

    fn notice(&self) -> String {
        let notice = self.app.notices.shown();
        notice.map_or_else(String::new, |notice| notice.words.clone())
    }

    fn pass(&mut self, time: TimeDelta) -> &mut Self {
        let now = self.app.now + time;
        self.event(Event::ClockRead(now))
    }
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 11, day).unwrap()
}

/// A Flabs booking with the cursor in its When field.
fn booking(size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_koramangala(size);
    desk.keys("<F7>9876543210<Enter>Asha<Enter>8 months<Enter>f<Enter><Enter>");
    assert_eq!(desk.app.focus, WHEN);
    desk
}

#[test]
fn a_booking_picks_a_half_hour_and_goes_on_in_the_form() {
    let mut desk = booking((120, 36));
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::When, "Enter in the empty field");
    assert_eq!(desk.marked(), "Sat 11:00", "the next half hour");
    desk.keys("<Right><Down><Enter>");
    let value = desk.app.form.draft.value(FieldKey::ScheduledAt).to_owned();
    assert_eq!(value, "2026-11-22 11:30");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Email));
    assert!(desk.slot_calls().is_empty(), "nobody is asked for them");
}

#[rstest]
#[case("tomorrow 7am", "2026-11-22 07:00")]
#[case("mon 10:30", "2026-11-23 10:30")]
#[case("23/11 0710", "2026-11-23 07:10")]
fn a_booking_is_typed_as_people_say_it_and_frozen(#[case] typed: &str, #[case] frozen: &str) {
    let mut desk = booking((120, 36));
    desk.keys(typed).keys("<Enter>");
    assert_eq!(desk.app.form.draft.value(FieldKey::ScheduledAt), frozen);
    assert!(desk.screen().contains("Nov 2026, "), "echoed in full");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Email));
}

#[test]
fn a_day_alone_asks_for_the_time() {
    let mut desk = booking((120, 36));
    desk.keys("monday<Enter>");
    let told = &desk.app.form.told[&Place::Field(FieldKey::ScheduledAt)];
    assert_eq!(told, "type the time too, as 07:30 or 7am");
}

#[rstest]
#[case("mon<Enter>", "Mon 06:00", "")]
#[case("tomorrow 7am<Enter>", "Sun 07:00", "")]
#[case("1430<Enter>", "Sat 14:30", "")]
#[case(
    "tue 7:10<Enter>",
    "Tue 07:30",
    "No 07:10 on Tue 24 Nov: 07:30 is the next"
)]
#[case(
    "tue 22:00<Enter>",
    "Wed 06:00",
    "Nothing free on Tue 24 Nov from 22:00: Wed 25 Nov, 06:00 is the next"
)]
#[case("+40 9am<Enter>", "Thu 09:00", "")]
#[case(
    "soon<Enter>",
    "Sat 11:00",
    "Type a day or a time to go to, as mon, tomorrow 7am, 23/11 or 10:30"
)]
#[case("<Right><Right>8am<Enter>", "Mon 08:00", "")]
#[case("<PgDn>", "Sat 11:00", "")]
#[case("<PgDn><PgUp><Left><Left><Up><Up>", "Sat 11:00", "")]
#[case("<End>", "Sat 21:00", "")]
#[case("<Right><End><Home>", "Sat 11:00", "")]
fn the_cursor_goes_where_it_is_told(#[case] keys: &str, #[case] slot: &str, #[case] words: &str) {
    let mut desk = booking((80, 24));
    desk.keys("<Enter>").keys(keys);
    assert_eq!(
        (desk.marked().as_str(), desk.notice().as_str()),
        (slot, words)
    );
}

#[test]
fn esc_takes_the_typed_day_back_first_and_then_leads_to_the_field() {
    let mut desk = booking((80, 24));
    desk.keys("<Enter>tom<Esc>");
    assert_eq!(desk.app.focus, Focus::When);
    desk.keys("<Esc>");
    assert_eq!(desk.app.focus, WHEN);
    assert_eq!(desk.app.form.draft.value(FieldKey::ScheduledAt), "");
}

#[test]
fn the_stops_follow_what_the_kind_has() {
    let desk = at_the_clinic((120, 36));
    let stops = |kind| Focus::stops(&desk.app.offer, &Draft::new(DraftId(0), kind));
    assert!(stops(Kind::Appointment).ends_with(&[Focus::When, Focus::Kind]));
    assert!(!stops(Kind::Appointment).contains(&Focus::Search));
    let booking = [Focus::Search, Focus::When, Focus::Lines];
    assert!(
        stops(Kind::Booking)
            .windows(3)
            .any(|three| three == booking)
    );
    assert!(!stops(Kind::Lead).contains(&Focus::When));
    let panes = Pane::of(&desk.app.offer, &desk.app.form.draft);
    assert_eq!(
        panes,
        [Pane::Branch, Pane::Patient, Pane::When, Pane::Order]
    );
}

#[test]
fn a_week_is_asked_for_once_and_the_next_when_it_is_reached() {
    let mut desk = at_the_clinic((120, 36));
    assert_eq!(desk.asked_days(), [day(21)]);
    let (_, query) = desk.slot_calls().remove(0);
    assert_eq!(
        (query.days, query.context.value(FieldKey::AppointmentType)),
        (7, "7")
    );
    assert!(desk.screen().contains("Loading the free times"));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<Tab><Tab><Tab>fever<F3>");
    assert_eq!(
        desk.asked_days(),
        [day(21)],
        "letters elsewhere ask nothing"
    );
    assert_eq!(desk.marked(), "Sat 11:00", "09:00 has passed");
    desk.keys("<PgDn>");
    assert_eq!(desk.asked_days(), [day(21), day(28)]);
    assert!(desk.screen().contains("Loading the free times"));
    let late = vec![slot(Kolkata, 29, 8, 0)];
    desk.answer_slots(Ok(late)).keys("<Right>");
    assert_eq!(desk.marked(), "Sun 08:00");
    desk.keys("<PgUp><PgUp>");
    assert_eq!(
        desk.asked_days(),
        [day(21), day(28)],
        "what is here is kept"
    );
}

#[test]
fn a_slot_is_taken_and_read_back_with_place_and_price() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter>");
    assert_eq!(desk.picked(), "Mon 07:30");
    assert_eq!(desk.app.focus, Focus::Kind, "the next stop");
    let screen = desk.screen();
    assert!(screen.contains("Mon 23 Nov, 07:30"), "{screen}");
    assert!(
        screen.contains("Mon 23 Nov 2026, 07:30 IST · £60"),
        "{screen}"
    );
    desk.keys("<F2>");
    let card = desk.screen();
    assert!(
        card.contains("Room 2") && !card.contains("No test"),
        "{card}"
    );
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.slot.unwrap().wire, "2026-11-23T07:30:00+05:30");
}

#[test]
fn the_patient_can_come_after_the_slot() {
    let mut desk = at_the_clinic((80, 24));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3><Enter>");
    assert_eq!(desk.picked(), "Sat 11:00");
    desk.keys("<F2>");
    assert!(desk.screen().contains("type the patient's name"));
    desk.keys("<Enter>Asha Rao<Enter>");
    assert_eq!(
        desk.picked(),
        "Sat 11:00",
        "nothing is lost on the way back"
    );
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_time_that_was_taken_first_leads_to_what_it_still_needs() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3><Enter>");
    assert_eq!(desk.picked(), "Sat 11:00");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::Name));
    desk.keys("Asha Rao");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Asha Rao");
    desk.keys("<F3><Enter>");
    assert_eq!(desk.app.focus, Focus::Kind, "nothing is missing");
}

#[test]
fn a_full_time_is_seen_and_not_taken() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3>mon<Enter><Down>");
    assert_eq!(desk.marked(), "Mon 08:00");
    desk.keys("<Enter>");
    assert_eq!(
        (desk.picked().as_str(), desk.notice().as_str()),
        ("", "This time is full: pick another")
    );
    desk.keys("mon 8am<Enter>");
    assert_eq!(desk.marked(), "Mon 09:15");
    assert_eq!(desk.notice(), "No 08:00 on Mon 23 Nov: 09:15 is the next");
}

#[test]
fn keys_typed_ahead_of_the_slots_wait_for_them() {
    let mut desk = at_the_clinic((120, 36));
    desk.keys("<F3>sun<Enter><Enter>");
    assert_eq!(desk.picked(), "", "nothing is here yet");
    desk.answer_slots(Ok(week()));
    assert_eq!(
        desk.picked(),
        "Mon 07:30",
        "the next free one after the empty Sunday"
    );
}

#[test]
fn what_is_typed_ahead_of_slots_that_fail_is_not_taken_for_anything_else() {
    let mut desk = at_the_clinic((120, 36));
    desk.keys("<F3>sun<Enter><Enter>");
    desk.answer_slots(Err(Failure::Offline("Clinic was not reached".into())));
    assert_eq!((desk.app.focus, desk.picked().as_str()), (Focus::When, ""));
    let screen = desk.screen();
    assert!(
        screen.contains("No times: Clinic was not reached. Ctrl+R"),
        "{screen}"
    );
    assert!(screen.contains("Offline"), "{screen}");
    desk.keys("<C-r>").answer_slots(Ok(week()));
    assert_eq!(desk.marked(), "Sat 11:00");
}

#[test]
fn times_that_failed_are_asked_for_again_after_signing_in() {
    let mut desk = at_the_clinic((120, 36));
    desk.keys("<F3>").answer_slots(Err(code_needed()));
    let screen = desk.screen();
    assert!(screen.contains("Ctrl+G signs in"), "{screen}");
    let asked = desk.slot_calls().len();
    desk.event(Event::SignInAnswered(Ok(())));
    assert_eq!(desk.slot_calls().len(), asked + 1);
    let screen = desk.screen();
    assert!(!screen.contains("Ctrl+G signs in"), "{screen}");
}

#[test]
fn the_next_free_time_is_looked_for_in_the_weeks_to_come_but_not_for_ever() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(Vec::new()));
    assert!(
        desk.screen()
            .contains("No times from Sat 21 Nov to Fri 27 Nov")
    );
    desk.keys("<F3>");
    for _ in 0..5 {
        desk.answer_slots(Ok(Vec::new()));
    }
    assert_eq!(desk.slot_calls().len(), 6);
    assert_eq!(
        desk.notice(),
        "Nothing is free from Sat 21 Nov to Fri 1 Jan"
    );
}

#[test]
fn days_that_the_vendor_does_not_show_are_said_to_be_so_and_not_asked_for() {
    let mut desk = at_the_clinic((120, 36));
    let (times, until) = (week(), Some(day(27)));
    desk.answer_shown(Ok(Slots { times, until }));
    desk.keys("<F3>+9<Enter>");
    assert_eq!(desk.notice(), "Clinic shows times up to Fri 27 Nov");
    let screen = desk.screen();
    assert!(
        screen.contains("shows times up to Fri 27 Nov. Home"),
        "{screen}"
    );
    desk.keys("fri 14:00<Enter>");
    assert_eq!(
        desk.notice(),
        "Nothing is free from Fri 27 Nov on: Clinic shows times up to Fri 27 Nov"
    );
    desk.keys("<PgDn><PgDn><Home>");
    assert_eq!(desk.marked(), "Sat 11:00");
    assert_eq!(desk.slot_calls().len(), 1, "one answer holds for all");
}

#[test]
fn other_needs_ask_anew_and_show_no_slots_of_another_branch() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3>mon<Enter><Enter>");
    let draft = &mut desk.app.form.draft;
    draft.values.insert(FieldKey::AppointmentType, "8".into());
    desk.keys("<F3>");
    assert_eq!(desk.slot_calls().len(), 2);
    assert!(desk.screen().contains("asking anew, times of 10:42"));
    desk.keys("<Down><Down><Enter>");
    assert_eq!(desk.picked(), "Mon 07:30", "an old one cannot be taken");
    // The key waits for the new ones, and takes the same time where it is still there.
    desk.answer_slots(Ok(week()));
    assert_eq!(desk.picked(), "Mon 09:15");
    desk.app.form.draft.branch = Some(branch("b2", "Fifth Avenue", Some(New_York)));
    desk.keys("<F3>");
    assert_eq!(desk.slot_calls().len(), 3);
    let screen = desk.screen();
    assert!(
        !screen.contains("morning") && screen.contains("Loading"),
        "{screen}"
    );
    assert!(screen.contains("When · America/New_York"), "{screen}");
}

#[test]
fn a_time_that_is_gone_when_the_new_ones_come_is_not_taken() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week())).keys("<F3>mon<Enter>");
    let draft = &mut desk.app.form.draft;
    draft.values.insert(FieldKey::AppointmentType, "8".into());
    desk.keys("<F3><Enter>");
    let left = without(&desk.app.when.marked().unwrap().wire);
    desk.answer_slots(Ok(left));
    assert_eq!(desk.picked(), "", "none is taken instead of it");
    let screen = desk.screen();
    assert!(screen.contains("no longer free"), "{screen}");
}

/// The same moment, day by day, as the clocks of another branch tell it, and half past seven there.
fn week_in_new_york() -> Vec<Slot> {
    let mut slots: Vec<Slot> = week();
    for slot in &mut slots {
        slot.at = slot.at.with_timezone(&New_York).fixed_offset();
    }
    slots.push(slot(New_York, 23, 7, 45));
    slots
}

#[test]
fn a_time_that_was_picked_at_another_branch_is_given_up_and_said() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter>");
    assert_eq!(desk.picked(), "Mon 07:30");
    while desk.app.focus != Focus::Branch {
        desk.keys("<Tab>");
    }
    desk.keys("<Enter>");
    assert_eq!(desk.picked(), "Mon 07:30", "the same branch again");
    while desk.app.focus != Focus::Branch {
        desk.keys("<Tab>");
    }
    desk.keys("<Down><Enter>");
    let words = "07:30 was picked at Harley Street: pick a time here";
    assert_eq!((&*desk.picked(), &*desk.notice()), ("", words));
    let told = desk.app.form.told[&Place::Field(FieldKey::ScheduledAt)].clone();
    assert_eq!(told, words);
    desk.answer_types();
    desk.answer_slots(Ok(week_in_new_york()));
    assert_eq!(desk.picked(), "", "the same instant is another time there");
    assert_eq!(desk.marked(), "Mon 07:45", "near the day and the time");
    assert!(!desk.screen().contains("no longer free"));
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 0);
    desk.keys("<Esc><F3><Enter>");
    assert_eq!(desk.picked(), "Mon 07:45");
    assert!(!desk.screen().contains("was picked at"));
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_time_picked_at_another_branch_is_given_up_behind_another_kind_too() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter>");
    assert_eq!(desk.picked(), "Mon 07:30");
    let kind = desk.app.form.draft.kind;
    desk.keys("<F7>");
    assert_eq!(desk.app.slot_source(), None, "it shows no times");
    while desk.app.focus != Focus::Branch {
        desk.keys("<Tab>");
    }
    desk.keys("<Down><Enter>");
    while desk.app.form.draft.kind != kind {
        desk.keys("<F7>");
    }
    assert_eq!(desk.picked(), "");
}

#[test]
fn the_cursor_stays_near_the_time_of_another_branch_while_its_slots_are_awaited() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3>mon<Enter><Enter>");
    while desk.app.focus != Focus::Branch {
        desk.keys("<Tab>");
    }
    desk.keys("<Down><Enter>").answer_types();
    desk.keys("<F3>").answer_slots(Ok(week_in_new_york()));
    assert_eq!(desk.marked(), "Mon 07:45");
}

#[test]
fn the_age_of_the_times_is_told_by_the_clock_of_the_site() {
    let desk = screen("elsewhere", (120, 36));
    let screen = desk.screen();
    let title = screen.lines().find(|line| line.contains("New_York"));
    assert!(title.unwrap().contains("times of 00:12"), "{screen}");
}

#[test]
fn what_another_branch_does_not_offer_is_said_to_be_so() {
    let mut desk = at_the_clinic((120, 36));
    desk.keys("<S-Tab><Down><Enter>");
    let only = crate::meridian::choice("8", "8");
    desk.answer_list(FieldKey::AppointmentType, Ok(vec![only.clone(), only]));
    let told = &desk.app.form.told[&Place::Field(FieldKey::AppointmentType)];
    assert_eq!(told, "“7” is not offered at Fifth Avenue: choose anew");
}

#[test]
fn a_free_time_stays_the_same_time_of_day_at_another_branch() {
    let mut desk = booking((120, 36));
    desk.keys("tomorrow 7am<Enter>");
    while desk.app.focus != Focus::Branch {
        desk.keys("<S-Tab>");
    }
    desk.keys("<Down><Enter>");
    let typed = desk.app.form.draft.value(FieldKey::ScheduledAt);
    assert_eq!(typed, "2026-11-22 07:00");
}

#[test]
fn a_typed_code_asks_anew_when_its_field_is_left() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<F3><Esc><Tab><Tab>");
    assert_eq!(desk.app.focus, Focus::Field(FieldKey::SignUpCode));
    desk.keys("GOLD");
    assert_eq!(desk.slot_calls().len(), 1);
    desk.keys("<Tab>");
    let (_, query) = desk.slot_calls().pop().unwrap();
    assert_eq!(query.context.value(FieldKey::SignUpCode), "GOLD");
    assert_eq!(desk.slot_calls().len(), 2);
}

#[test]
fn nothing_is_asked_before_what_the_slots_need_is_chosen() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.app
        .form
        .draft
        .values
        .remove(&FieldKey::AppointmentType);
    desk.keys("<F3>").answer_late_to_nobody();
    assert_eq!(desk.slot_calls().len(), 1);
    desk.app.form.draft.branch = None;
    desk.keys("<Left>");
    assert!(desk.screen().contains("Choose the branch first"));
}

impl Desk {
    /// An answer to a question that was never asked changes nothing.
    fn answer_late_to_nobody(&mut self) -> &mut Self {
        let before = self.marked();
        let (call, result) = (CallId(9_999), Ok(Slots::default()));
        self.event(Event::SlotsLoaded { call, result });
        assert_eq!(self.marked(), before);
        self
    }
}

#[test]
fn a_picked_slot_that_is_gone_says_so_and_cannot_be_sent() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter><C-r>");
    let taken: Vec<Slot> = week()
        .into_iter()
        .filter(|slot| slot.wire != "2026-11-23T07:30:00+05:30")
        .collect();
    desk.answer_slots(Ok(taken));
    let place = Place::Field(FieldKey::ScheduledAt);
    assert_eq!(desk.app.form.told[&place], "no longer free: pick another");
    desk.keys("<Esc><F2>");
    let screen = desk.screen();
    assert!(screen.contains("no longer free: pick another"), "{screen}");
    desk.keys("<Enter>");
    assert_eq!((desk.saves(), desk.app.focus), (0, WHEN));
    desk.keys("<Enter><Enter><F2><Enter>");
    assert_eq!(desk.saves(), 1);
    assert_ne!(desk.picked(), "Mon 07:30");
}

#[test]
fn a_slot_that_costs_something_else_by_now_says_so() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter><C-r>");
    let mut dearer = week();
    dearer[3].price = Some(Money::major(65));
    desk.answer_slots(Ok(dearer));
    assert_eq!(desk.notice(), "The picked time cost £60, it costs £65 now");
    assert_eq!(
        desk.app.form.draft.slot.as_ref().unwrap().price,
        Some(Money::major(65))
    );
}

/// The picked slot was dearer when the list came anew.
fn dearer_by_now() -> Desk {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter><C-r>");
    let mut dearer = week();
    dearer[3].price = Some(Money::major(65));
    desk.answer_slots(Ok(dearer)).keys("<F3>");
    assert_eq!(desk.notice(), "The picked time cost £60, it costs £65 now");
    desk
}

#[test]
fn what_was_said_of_a_slot_goes_when_another_one_is_picked() {
    let mut desk = dearer_by_now();
    desk.keys("<Right><Enter>");
    assert_eq!((&*desk.picked(), &*desk.notice()), ("Tue 07:30", ""));
}

#[test]
fn what_was_said_of_a_slot_goes_when_the_form_is_sent() {
    let mut desk = dearer_by_now();
    desk.keys("<F2><Enter>");
    assert_eq!((desk.saves(), &*desk.notice()), (1, ""));
    desk.tell(State::Saved).tell(State::Accepted {
        number: Some("A1".into()),
    });
    assert_eq!(desk.notice(), "");
}

#[test]
fn a_slot_that_somebody_else_took_keeps_the_form_and_shows_fresh_ones() {
    let mut desk = at_the_clinic((80, 24));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter><F2><Enter>");
    let asked = desk.slot_calls().len();
    let reason = Reason::theirs(Some(FieldKey::ScheduledAt), "this slot was taken");
    desk.tell(State::NotAccepted {
        reasons: vec![reason],
    });
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::When);
    assert_eq!(desk.picked(), "");
    let draft = &desk.app.form.draft;
    assert_eq!(draft.value(FieldKey::Name), "Asha Rao");
    assert_eq!(draft.value(FieldKey::AppointmentType), "7");
    let told = &desk.app.form.told[&Place::Field(FieldKey::ScheduledAt)];
    assert_eq!(told, "this slot was taken");
    assert!(desk.slot_calls().len() > asked);
    desk.answer_slots(Ok(week()))
        .keys("mon 9:15<Enter><Enter><F2><Enter>");
    assert_eq!(desk.saves(), 2);
}

/// The week without a slot.
fn without(wire: &str) -> Vec<Slot> {
    let others = week().into_iter().filter(|slot| slot.wire != wire);
    others.collect()
}

#[rstest]
#[case::a_later_one_that_day(
    "mon 7:30",
    "2026-11-23T07:30:00+05:30",
    "Mon 09:15",
    "No 07:30 on Mon 23 Nov: 09:15 is the next"
)]
#[case::none_that_day(
    "tue 10am",
    "2026-11-24T10:00:00+05:30",
    "Thu 18:45",
    "Nothing free on Tue 24 Nov from 10:00: Thu 26 Nov, 18:45 is the next"
)]
fn after_a_slot_is_lost_the_cursor_stays_near_it(
    #[case] picked: &str,
    #[case] lost: &str,
    #[case] next: &str,
    #[case] words: &str,
) {
    let mut desk = at_the_clinic((80, 24));
    desk.answer_slots(Ok(week()));
    desk.keys(&format!("Asha Rao<F3>{picked}<Enter><Enter><F2><Enter>"));
    desk.tell(State::NotAccepted {
        reasons: vec![Reason::theirs(
            Some(FieldKey::ScheduledAt),
            "this slot was taken",
        )],
    });
    desk.keys("<Enter>").answer_slots(Ok(without(lost)));
    assert_eq!((&*desk.marked(), &*desk.notice()), (next, words));
}

#[test]
fn the_field_shows_the_slot_and_gives_it_up() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("<Tab><Tab>tue 10am<Enter>");
    assert_eq!(
        desk.app.focus,
        Focus::When,
        "what is typed says where to go"
    );
    assert_eq!(desk.marked(), "Tue 10:00");
    desk.keys("<Enter>");
    assert_eq!(
        desk.app.focus,
        Focus::Field(FieldKey::Reason),
        "on in the form"
    );
    desk.keys("<S-Tab>");
    assert!(desk.screen().contains("Tue 24 Nov, 10:00"));
    desk.keys("<Backspace>");
    assert_eq!(desk.picked(), "");
    desk.keys("<F2>");
    assert!(desk.screen().contains("pick one of the free times"));
}

#[test]
fn slots_that_are_old_are_asked_for_again_when_somebody_looks() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.pass(TimeDelta::minutes(10)).keys("Asha<Tab>");
    assert_eq!(desk.slot_calls().len(), 1, "nobody looks");
    desk.keys("<F3>");
    assert_eq!(desk.slot_calls().len(), 2);
    assert_eq!(desk.marked(), "Sat 11:00", "what is known stays");
    desk.pass(TimeDelta::hours(1)).keys("<Enter>");
    assert_eq!(
        (desk.picked().as_str(), desk.saves()),
        ("Sat 11:00", 0),
        "walk-ins stay"
    );
}

#[test]
fn the_next_patient_sees_no_times_of_the_last_one() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3>mon<Enter><Enter><F2><Enter>");
    desk.tell(State::Saved).tell(State::Accepted {
        number: Some("A1".into()),
    });
    let asked = desk.slot_calls().len();
    desk.keys("<Enter>");
    assert!(desk.screen().contains("Choose the type first"));
    let values = &mut desk.app.form.draft.values;
    values.insert(FieldKey::AppointmentType, "7".into());
    desk.keys("<F3>");
    assert_eq!(desk.slot_calls().len(), asked + 1, "a slot has gone since");
    assert_eq!(
        desk.marked(),
        "",
        "the cursor is not that of the last patient"
    );
}

#[test]
fn a_slot_is_not_carried_into_a_kind_without_slots() {
    let mut desk = at_the_clinic((120, 36));
    desk.answer_slots(Ok(week()));
    desk.keys("Asha Rao<F3><Enter><F7>");
    assert_eq!(desk.app.form.draft.kind, Kind::Lead);
    desk.keys("<F2><Enter>9876543210<Enter><Enter>32<F2><Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!((submission.kind, submission.slot), (Kind::Lead, None));
    desk.keys("<Esc><Esc>");
}

/// The screens there are, by name.
fn screen(name: &str, size: (u16, u16)) -> Desk {
    if name == "free" {
        let mut desk = booking(size);
        desk.keys("<Enter><Right><Down>");
        return desk;
    }
    let mut desk = at_the_clinic(size);
    if name == "elsewhere" {
        desk.keys("<S-Tab><Down><Enter><F3>");
        let slots = [(21, 16), (22, 9), (25, 18)].map(|(day, hour)| slot(New_York, day, hour, 0));
        desk.answer_slots(Ok(slots.to_vec()));
        return desk;
    }
    match name {
        "loading" => drop(desk.keys("<F3>")),
        "offline" => {
            let away = Failure::Offline("Clinic was not reached".into());
            desk.keys("<F3>").answer_slots(Err(away));
        }
        "empty" => drop(desk.answer_slots(Ok(Vec::new()))),
        "slots" => drop(
            desk.answer_slots(Ok(week()))
                .keys("Asha Rao<F3>mon<Enter><Down><Down>"),
        ),
        "picked" => drop(
            desk.answer_slots(Ok(week()))
                .keys("Asha Rao<F3>mon<Enter><Enter><F3>"),
        ),
        "stale" => {
            desk.answer_slots(Ok(week())).keys("<F3><C-r>");
            let away = Failure::Offline("Clinic was not reached".into());
            desk.answer_slots(Err(away));
        }
        "read-back" => {
            desk.answer_slots(Ok(week()))
                .keys("Asha Rao<F3>mon<Enter><Enter><F2>");
        }
        other => panic!("no screen is called {other}"),
    }
    desk
}

#[rstest]
fn every_screen_of_the_times(
    #[values(
        "free",
        "loading",
        "offline",
        "empty",
        "slots",
        "picked",
        "stale",
        "read-back",
        "elsewhere"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let label = format!("when-{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(label, screen(name, size).screen());
    });
}

#[test]
fn the_smallest_screen_shows_days_and_times() {
    let desk = screen("slots", (40, 12));
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("when-slots-40x12", desk.screen());
    });
}

#[test]
fn every_size_is_safe_for_the_times() {
    for name in ["free", "slots", "offline"] {
        let desk = screen(name, (120, 36));
        for width in (1..=250).step_by(9) {
            for height in (1..=80).step_by(5) {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                let theme = Theme { has_colour: true };
                let draw =
                    |frame: &mut ratatui::Frame<'_>| frontdesk::ui::draw(&desk.app, theme, frame);
                terminal.draw(draw).unwrap();
            }
        }
    }
}

#[test]
fn without_colour_the_cursor_and_the_picked_time_are_still_there() {
    let desk = screen("picked", (80, 24));
    let mut terminal = Terminal::new(TestBackend::new(80, 24)).unwrap();
    let theme = Theme { has_colour: false };
    let draw = |frame: &mut ratatui::Frame<'_>| frontdesk::ui::draw(&desk.app, theme, frame);
    terminal.draw(draw).unwrap();
    let buffer = terminal.backend().buffer();
    let mut cells = buffer.content().iter();
    assert!(cells.all(|cell| cell.fg == Color::Reset && cell.bg == Color::Reset));
    let line = |is: fn(&ratatui::buffer::Cell) -> bool| {
        let cells = buffer.content().iter().filter(|cell| is(cell));
        cells.map(ratatui::buffer::Cell::symbol).collect::<String>()
    };
    let reversed = line(|cell| cell.modifier.contains(Modifier::REVERSED));
    assert!(reversed.contains("●07:30"), "{reversed}");
    assert!(
        text(buffer).contains("09:15!"),
        "busy has a sign of its own"
    );
}
