//! What is done later to an accepted record: picked on its card, read back, sent as an intent of its own; and the day
//! at the vendor.

use std::collections::BTreeMap;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use frontdesk::app::focus::Focus;
use frontdesk::app::keymap::Keymap;
use frontdesk::app::popup::Popup;
use frontdesk::app::{App, CallId, Effect, Event, Question};
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, Reason, State};
use frontdesk::domain::failure::Failure;
use frontdesk::domain::looked::Told;
use frontdesk::domain::offer::FieldKey::{
    Action, AppointmentType, ExternalBooking, Image, ImageType, Name, Payer,
};
use frontdesk::domain::offer::{ChangeOffer, Field, Input, Kind, Listing, Offer, SlotSource};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::slot::Listed;
use frontdesk::domain::standing::Standing;
use frontdesk::domain::submission::{Appointment, DraftId, Intent, IntentId, Subject, Submission};
use rstest::rstest;

use crate::codes::code_needed;
use crate::desk::{Desk, id_of, morning};
use crate::meridian::{self, branches, choice, picture, slot};

const WIDE: (u16, u16) = (120, 36);

fn change(id: &'static str, label: &'static str, fields: Vec<Field>) -> ChangeOffer {
    ChangeOffer {
        id,
        label,
        help: "Told to the clinic at once.",
        kinds: &[Kind::Appointment],
        fields,
        has_terms: false,
        is_end: false,
        slots: None,
    }
}

/// Meridian with what it lets be done later.
fn offer() -> Offer {
    let listed = |needs| {
        Input::Listed(Listing {
            needs,
            is_many: false,
        })
    };
    let moved = vec![
        Field::required(Payer, "Payer", listed(&[]), "Who pays."),
        Field::required(AppointmentType, "Type", listed(&[Payer]), "What for."),
        Field::required(
            frontdesk::domain::offer::FieldKey::ScheduledAt,
            "When",
            Input::When,
            "Enter shows the free times.",
        ),
    ];
    let shows = Input::Choice(vec![
        choice("front", "photo ID"),
        choice("card", "insurance card"),
    ]);
    let image = vec![
        Field::required(ImageType, "Document", shows, "What is on it."),
        Field::required(Image, "File", Input::File, "A JPEG or PNG file."),
    ];
    Offer {
        has_day_list: true,
        changes: vec![
            change("check-in", "Check in", Vec::new()),
            ChangeOffer {
                has_terms: true,
                is_end: true,
                help: "Ends the appointment; it cannot be undone.",
                ..change("cancel", "Cancel", Vec::new())
            },
            ChangeOffer {
                slots: Some(SlotSource::Vendor),
                ..change("reschedule", "Reschedule", moved)
            },
            change("image", "Add a picture", image),
        ],
        ..meridian::offer()
    }
}

fn at(moment: &str) -> DateTime<Utc> {
    moment.parse().unwrap()
}

fn told(label: &str, text: &str) -> Told {
    Told {
        label: label.into(),
        text: text.into(),
    }
}

fn fee() -> Vec<Told> {
    vec![told("Fee £30.00", "less than a day before the appointment")]
}

/// A draft of another form of this desk.
fn nth(count: u64) -> DraftId {
    DraftId(u64::try_from(morning().timestamp_micros()).unwrap() + count)
}

fn accepted(number: &str) -> State {
    State::Accepted {
        number: Some(number.into()),
    }
}

/// A standing as the courier tells it, with what the vendor told of it.
fn standing(
    (draft, submission): (DraftId, Submission),
    follows: Option<IntentId>,
    state: State,
    lines: Vec<Told>,
) -> Standing {
    let number = state.numbers().first().cloned().unwrap_or_default();
    let fact = match &state {
        State::Accepted { .. } => Fact::Ended {
            number: 1,
            outcome: Outcome::Accepted {
                number,
                told: lines,
            },
        },
        _ => Fact::Saved,
    };
    Standing {
        intent: Intent {
            id: id_of(draft),
            profile: "harbour".into(),
            saved_at: morning(),
            day: morning().date_naive(),
            follows,
            submission,
        },
        draft,
        state,
        evidence: vec![Evidence {
            at: morning(),
            fact,
        }],
        next: None,
    }
}

/// What Meridian tells of an appointment.
fn usual() -> Vec<Told> {
    vec![told("Clinician", "Dr Mehta"), told("Owed", "£45.00")]
}

impl Desk {
    /// A desk at whose Meridian Rahul's appointment 12345 was just accepted: its card is open.
    fn accepted(size: (u16, u16)) -> Self {
        Self::accepted_where(offer(), size, usual())
    }

    /// The same with other words of the vendor's.
    fn accepted_with(lines: Vec<Told>) -> Self {
        Self::accepted_where(offer(), WIDE, lines)
    }

    /// The same where a reschedule books anew and cancels.
    fn accepted_where_moves_are_bookings() -> Self {
        let mut offer = offer();
        for change in &mut offer.changes {
            change.is_end |= change.id == "reschedule";
        }
        Self::accepted_where(offer, WIDE, usual())
    }

    /// Moves the appointment of the open card; this is told of it.
    fn moved(&mut self, number: &str, lines: Vec<Told>) -> &mut Self {
        let before = self.saves();
        self.keys("mr<Enter>").answer_lists();
        self.app.form.draft.slot = Some(slot());
        self.keys("<F2><Enter>");
        assert_eq!(self.saves(), before + 1, "{}", self.screen());
        self.tell_change(accepted(number), lines)
    }

    fn accepted_where(offer: Offer, size: (u16, u16), lines: Vec<Told>) -> Self {
        Self::accepted_as("12345", offer, size, lines)
    }

    fn accepted_as(number: &str, offer: Offer, size: (u16, u16), lines: Vec<Told>) -> Self {
        let mut app = App::new(Arc::new(offer), Keymap::default(), morning(), size, 0);
        let effects = app.start();
        let mut desk = Self { app, effects };
        desk.answer_branches(Ok(branches())).keys("<Enter>");
        desk.answer_lists()
            .fill_meridian()
            .keys("<Enter><Enter><Enter>");
        desk.keys("<Enter>heal<Enter>");
        desk.app.form.draft.slot = Some(slot());
        desk.keys("<F2><Enter>");
        let sent = desk.saved().expect("the appointment was sent");
        let ours = standing(sent, None, accepted(number), lines);
        desk.event(Event::IntentChanged(Box::new(ours)));
        desk
    }

    /// Cancels the record of the open card, which offers what the card of a new appointment offers.
    fn cancel(&mut self, number: &str) -> &mut Self {
        let screen = self.screen();
        assert!(screen.contains("m more: check in, cancel…"), "{screen}");
        self.keys("mc<Enter>").answer_terms(Ok(fee()));
        let (screen, title) = (self.screen(), format!("Cancel · {number} · Rahul Sharma"));
        assert!(screen.contains(&title), "{screen}");
        self.keys("y")
    }

    /// Checks the patient of the open card in; nobody knows whether that arrived.
    fn check_in_in_doubt(&mut self) -> &mut Self {
        self.keys("m<Enter><Enter>");
        let doubt = Doubt::NoWayToLook;
        self.tell_change(State::NeedsYou { doubt }, Vec::new())
    }

    /// The courier's word on the change that was sent last.
    fn tell_change(&mut self, state: State, lines: Vec<Told>) -> &mut Self {
        let sent = self.saved().expect("a change was sent");
        let change = standing(sent, self.followed(), state, lines);
        self.event(Event::IntentChanged(Box::new(change)))
    }

    fn terms_asked(&self) -> Option<(CallId, Subject)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::Terms { call, subject }) => Some((*call, subject.clone())),
            _ => None,
        })
    }

    fn answer_terms(&mut self, result: Result<Vec<Told>, Failure>) -> &mut Self {
        let (call, _) = self.terms_asked().expect("the terms were asked for");
        self.event(Event::TermsLoaded { call, result })
    }

    fn day_asked(&self) -> Option<(CallId, chrono::NaiveDate)> {
        self.last(|effect| match effect {
            Effect::Ask(Question::Day { call, day }) => Some((*call, *day)),
            _ => None,
        })
    }

    fn answer_day(&mut self, result: Result<Vec<Listed>, Failure>) -> &mut Self {
        let (call, _) = self.day_asked().expect("a day was asked for");
        self.event(Event::DayLoaded { call, result })
    }

    /// The one that was last ordered to be saved follows this one.
    fn followed(&self) -> Option<IntentId> {
        self.last(|effect| match effect {
            Effect::Save { follows, .. } => Some(follows.clone()),
            _ => None,
        })
        .flatten()
    }

    fn is_read_back(&self) -> bool {
        matches!(self.app.popups.last(), Some(Popup::Review(_)))
    }
}

fn away() -> Failure {
    Failure::Offline("Meridian was not reached".into())
}

fn listed(number: &str, at: &str, patient: &str, can_be_cancelled: bool) -> Listed {
    Listed {
        number: number.into(),
        at: format!("2026-11-21T{at}:00+05:30").parse().unwrap(),
        site: branches().into_iter().nth(usize::from(number == "99")),
        patient: patient.into(),
        key: Some(format!("key-{number}")),
        what: "Health check, Dr Mehta".into(),
        details: BTreeMap::from([
            (Payer, choice("employer", "Employer")),
            (AppointmentType, choice("check", "Health check")),
        ]),
        state: if can_be_cancelled {
            "booked"
        } else {
            "cancelled"
        }
        .into(),
        can_be_cancelled,
    }
}

fn day() -> Vec<Listed> {
    vec![
        listed("99", "11:30", "Meera Iyer", true),
        listed("12345", "09:15", "Rahul Sharma", true),
        listed("98", "12:00", "John Ade", false),
    ]
}

#[test]
fn the_card_tells_what_the_vendor_told_and_what_can_be_done() {
    let desk = Desk::accepted(WIDE);
    let screen = desk.screen();
    for words in ["Dr Mehta", "£45.00", "m more: check in, cancel…"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let card = screen
        .lines()
        .skip_while(|row| !row.contains("┌ ✓"))
        .skip(1);
    let card = card.take_while(|row| !row.contains('└'));
    let blank: Vec<bool> = card.map(|row| row.contains(&" ".repeat(50))).collect();
    assert!(blank.contains(&true), "{screen}");
    assert!(!blank.windows(2).any(|two| two == [true, true]), "{screen}");
}

#[test]
fn a_change_without_fields_is_read_back_at_once_and_follows_its_record() {
    let mut desk = Desk::accepted(WIDE);
    let (ours, sent) = desk.saved().unwrap();
    desk.keys("m<Enter>");
    assert!(desk.is_read_back());
    assert!(desk.screen().contains("Check in · 12345 · Rahul Sharma"));
    desk.keys("<Enter>");
    let (draft, submission) = desk.saved().unwrap();
    assert_ne!(draft, ours);
    assert_eq!(submission.kind, Kind::Change);
    let subject = submission.subject.as_ref().unwrap();
    assert_eq!((&*subject.number, &*subject.change), ("12345", "check-in"));
    assert_eq!(submission.patient.full_name(), sent.patient.full_name());
    assert!(submission.slot.is_none());
    assert_eq!(desk.followed(), Some(id_of(ours)));
}

#[test]
fn a_record_of_an_earlier_day_can_be_changed_until_its_day_is_over() {
    let mut desk = Desk::accepted(WIDE);
    // Slot and desk are in Kolkata: 09:15 of the day after.
    desk.keys("<Enter>")
        .event(Event::ClockRead(at("2026-11-22T11:00:00Z")));
    desk.keys("<F5>");
    let due = desk.last(|effect| match effect {
        Effect::LoadWorklist { due, .. } => Some(*due),
        _ => None,
    });
    assert_eq!(due, Some(at("2026-11-21T18:30:00Z")), "the desk's midnight");
    desk.answer_worklist(Vec::new()).keys("<Enter>m");
    let screen = desk.screen();
    assert!(screen.contains("12345 · Rahul Sharma"), "{screen}");
    assert!(screen.contains("Check in"), "{screen}");
    // The change is of that day too, and keeps its record from being changed again.
    desk.keys("<Down><Enter>").answer_terms(Ok(fee()));
    desk.keys("y").tell_change(accepted("12345"), vec![]);
    desk.keys("<Enter><F5>").answer_worklist(Vec::new());
    let words = desk.app.outbox.standings.iter();
    let words: Vec<_> = words
        .map(|one| one.intent.submission.word(&desk.app.offer))
        .collect();
    assert_eq!(words, ["Appointment", "Cancel"]);
    desk.event(Event::ClockRead(at("2026-11-22T18:31:00Z")));
    desk.keys("<Esc><F5>").answer_worklist(Vec::new());
    assert!(desk.app.outbox.standings.is_empty(), "its day is over");
}

#[test]
fn a_record_that_came_to_nothing_goes_with_its_day() {
    let mut desk = Desk::accepted(WIDE);
    let sent = desk.saved().unwrap();
    let reasons = Vec::new();
    let refused = standing(sent, None, State::NotAccepted { reasons }, vec![]);
    desk.app.outbox.standings = vec![refused];
    desk.keys("<Enter>")
        .event(Event::ClockRead(at("2026-11-21T19:00:00Z")));
    desk.keys("<F5>").answer_worklist(Vec::new());
    assert!(desk.app.outbox.standings.is_empty());
}

#[test]
fn esc_gives_a_change_up_and_leads_back_to_the_form_as_it_was() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<Enter>Meera Iyer<Enter>1990");
    let (focus, form) = (desk.app.focus, desk.app.form.draft.id);
    desk.keys("<F5><Enter>m<Enter>");
    assert!(desk.is_read_back());
    assert_ne!(desk.app.form.draft.id, form);
    let change = desk.app.form.draft.id;
    desk.keys("<Esc>");
    assert_eq!(desk.app.form.draft.id, form);
    assert_eq!(desk.app.focus, focus);
    assert_eq!(desk.text_in(Name), "Meera Iyer");
    assert!(matches!(desk.app.popups.last(), Some(Popup::Result { .. })));
    assert!(desk.app.parked.iter().all(|form| form.draft.id != change));
    assert_eq!(desk.app.waiting_count(), 0, "nothing of it is left");
    desk.keys("<Esc><Esc>1990");
    assert_eq!(desk.saves(), 1);
}

#[test]
fn a_form_that_was_left_waits_and_the_next_one_is_at_its_branch() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<Enter><Esc><Down><Enter>Meera Iyer");
    let branch = desk.app.form.draft.branch.clone();
    assert_eq!(branch.as_ref().unwrap().name, "Hillside");
    desk.keys("<F5><Enter>m<Enter><Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.branch.name, "Harbour", "the record's own");
    assert_eq!(desk.app.form.draft.branch, branch);
    assert_eq!(desk.app.waiting_count(), 1);
}

#[test]
fn the_form_after_a_change_is_of_the_kind_before_it() {
    for parts_with_it in ["<F2><Enter>", "<C-n>", "<F6><Down><Del><Enter>"] {
        let mut desk = Desk::accepted(WIDE);
        desk.keys("<Enter><F7>");
        assert_eq!(desk.app.form.draft.kind, Kind::Anonymous);
        desk.keys("<F5><Enter>ma<Enter>p<Enter>~/photo.png");
        assert_eq!(desk.app.form.draft.kind, Kind::Change);
        desk.keys(parts_with_it);
        assert_eq!(desk.app.form.draft.kind, Kind::Anonymous, "{parts_with_it}");
        assert_eq!(desk.app.focus, Focus::Field(Name), "{parts_with_it}");
    }
}

#[test]
fn nothing_is_sent_before_its_terms_are_on_the_card() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>");
    let (_, subject) = desk.terms_asked().unwrap();
    assert_eq!((&*subject.number, &*subject.change), ("12345", "cancel"));
    assert!(desk.screen().contains("Asking Meridian what it costs"));
    desk.keys("<Enter><Enter>");
    assert_eq!(desk.saves(), 1);
    desk.answer_terms(Ok(fee()));
    assert!(desk.screen().contains("Fee £30.00: less than a day"));
    assert!(!desk.screen().contains("told first"), "it is told here");
    desk.keys("y");
    assert_eq!(desk.saves(), 2);
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.terms, fee(), "what was confirmed goes with it");
}

#[test]
fn an_enter_that_is_held_agrees_to_no_fee() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter><Enter><Enter>").answer_terms(Ok(fee()));
    desk.keys("<Enter><Enter><Enter>");
    assert_eq!(desk.saves(), 1);
    let screen = desk.screen();
    assert!(screen.contains("y agrees to what it costs"), "{screen}");
    assert!(screen.contains("y agree and send"), "{screen}");
    desk.keys("y");
    assert_eq!(desk.saves(), 2);
}

#[test]
fn terms_that_did_not_come_are_asked_for_again() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Err(away()));
    assert!(desk.screen().contains("Meridian was not reached"));
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1);
    desk.keys("<F2>").answer_terms(Ok(fee())).keys("y");
    assert_eq!(desk.saves(), 2);
}

#[rstest]
#[case::wants_a_code(false)]
#[case::is_over(true)]
fn a_fee_that_met_the_end_of_the_session_is_asked_again_after_signing_in(#[case] is_over: bool) {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>");
    if is_over {
        let over = Failure::SignedOut("Sign in again: User not logged in.".into());
        desk.answer_terms(Err(over));
        let screen = desk.screen();
        for words in ["User not logged in.", "F2 asks again"] {
            assert!(screen.contains(words), "{words}: {screen}");
        }
        desk.keys("<F2>");
    }
    desk.answer_terms(Err(code_needed()));
    let screen = desk.screen();
    assert!(
        screen.contains("r•••@example.com. Ctrl+G signs in"),
        "{screen}"
    );
    desk.keys("<Enter>");
    assert!(
        desk.noticed().contains("Ctrl+G signs in"),
        "{}",
        desk.noticed()
    );
    assert_eq!(desk.saves(), 1);
    let (asked, _) = desk.terms_asked().unwrap();
    desk.keys("<C-g>123456<Enter>")
        .event(Event::SignInAnswered(Ok(())));
    let (again, subject) = desk.terms_asked().unwrap();
    assert_ne!(again, asked, "nobody has to ask for it");
    assert_eq!(subject.number, "12345");
    desk.answer_terms(Ok(fee())).keys("y");
    assert_eq!(desk.saves(), 2, "{}", desk.screen());
}

#[test]
fn what_the_vendor_refuses_to_say_of_one_record_is_not_said_of_the_lists() {
    let mut desk = Desk::accepted(WIDE);
    let refused = Failure::Refused("It has begun.".into());
    desk.keys("mc<Enter>").answer_terms(Err(refused));
    assert!(desk.screen().contains("It has begun. F2 asks again"));
    assert!(desk.app.desk.failure.is_none());
}

#[test]
fn the_day_that_failed_is_asked_for_again_after_signing_in() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<F5><Tab>").answer_day(Err(code_needed()));
    assert!(desk.screen().contains("Ctrl+G signs in"));
    let (asked, _) = desk.day_asked().unwrap();
    desk.keys("<C-g>123456<Enter>")
        .event(Event::SignInAnswered(Ok(())));
    assert_ne!(desk.day_asked().unwrap().0, asked);
    let screen = desk.screen();
    assert!(!screen.contains("Ctrl+G signs in"), "{screen}");
}

#[test]
fn another_fee_than_the_one_that_was_seen_is_read_first() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee()));
    desk.keys("<F2>");
    let dearer = vec![told("Fee £45.00", "on the day of the appointment")];
    desk.answer_terms(Ok(dearer)).keys("y");
    assert_eq!(desk.saves(), 1, "it says something else by now");
    assert!(desk.screen().contains("Fee £45.00"));
    desk.keys("<Enter>y");
    assert_eq!(desk.saves(), 2);
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.terms[0].label, "Fee £45.00");
}

#[test]
fn the_record_lists_its_changes_and_offers_nothing_after_its_end() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(accepted("12345"), vec![told("Fee charged", "£30.00")]);
    desk.keys("<Enter><F5>");
    assert!(
        desk.screen().contains("✓ cancel 12345"),
        "{}",
        desk.screen()
    );
    desk.keys("<End><Enter>");
    let screen = desk.screen();
    for words in ["Dr Mehta", "Fee charged", "“Cancel” was accepted"] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    desk.keys("m");
    assert!(matches!(desk.app.popups.last(), Some(Popup::Result { .. })));
    assert!(desk.noticed().contains("nothing more can be done"));
}

/// The next form for the same patient at the same time, read back.
fn again(desk: &mut Desk) -> String {
    desk.keys("<Enter>").answer_lists().fill_meridian();
    desk.keys("<Enter><Enter><Enter><Enter>heal<Enter>");
    desk.app.form.draft.slot = Some(slot());
    desk.keys("<F2>");
    assert!(desk.is_read_back(), "{}", desk.screen());
    desk.screen()
}

#[test]
fn what_was_cancelled_doubles_nothing() {
    let mut desk = Desk::accepted(WIDE);
    let screen = again(&mut desk);
    assert!(
        screen.contains("Has a time on that day already"),
        "{screen}"
    );
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(State::Saved, Vec::new());
    let screen = again(&mut desk);
    assert!(screen.contains("Accepted 12345"), "not yet: {screen}");
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(accepted("12345"), Vec::new());
    let screen = again(&mut desk);
    assert!(!screen.contains("Rahul Sharma, Accepted"), "{screen}");
    assert!(!screen.contains("already"), "{screen}");
}

#[test]
fn of_an_appointment_that_was_moved_only_the_new_one_counts_as_a_double() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    desk.moved("777", vec![told("Cancelled", "12345")]);
    let screen = again(&mut desk);
    assert!(screen.contains("Rahul Sharma, Accepted 777"), "{screen}");
    assert!(!screen.contains("Accepted 12345"), "{screen}");
    let mut desk = Desk::accepted_where_moves_are_bookings();
    desk.moved("777", Vec::new());
    let screen = again(&mut desk);
    assert!(screen.contains("Accepted 12345"), "it may stand: {screen}");
}

#[rstest]
#[case::accepted(accepted("12345"), "Rahul Sharma: Cancel accepted · 12345")]
#[case::refused(State::NotAccepted { reasons: Vec::new() }, "Rahul Sharma: Cancel not accepted. F5 shows why")]
#[case::checking(State::Checking { why: "no answer".into() }, "Rahul Sharma: Cancel checking. F5 shows more")]
#[case::needs_you(State::NeedsYou { doubt: Doubt::NoWayToLook }, "Rahul Sharma: Cancel needs you. F5 shows more")]
fn what_becomes_of_a_change_is_told_as_of_a_change(#[case] state: State, #[case] words: &str) {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(State::Saved, Vec::new()).keys("<Enter>");
    desk.tell_change(state, Vec::new());
    assert_eq!(desk.noticed(), words);
}

#[test]
fn the_card_of_a_change_offers_what_its_booking_offers() {
    let mut desk = Desk::accepted(WIDE);
    let (ours, _) = desk.saved().unwrap();
    desk.keys("m<Enter><Enter>");
    desk.tell_change(accepted("12345"), Vec::new());
    let screen = desk.screen();
    assert!(screen.contains("m more: check in, cancel…"), "{screen}");
    desk.keys("mc<Enter>");
    let screen = desk.screen();
    assert!(screen.contains("Cancel · 12345 · Rahul Sharma"), "{screen}");
    desk.answer_terms(Ok(fee())).keys("y");
    assert_eq!(desk.followed(), Some(id_of(ours)));
    desk.tell_change(accepted("12345"), Vec::new());
    assert!(!desk.screen().contains("m more"), "{}", desk.screen());
    desk.keys("<Enter><F5><Enter>m");
    assert!(
        desk.noticed().contains("“Cancel” was accepted"),
        "{}",
        desk.noticed()
    );
}

/// The record's own number and its status, whatever was added to it; of a change what it is, and for whom.
#[rstest]
#[case::usual((80, 24))]
#[case::wide(WIDE)]
fn a_row_tells_the_number_and_the_status_of_its_record(#[case] size: (u16, u16)) {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("m<Enter><Enter>");
    desk.tell_change(accepted("12345"), Vec::new());
    desk.keys("<Enter><F5><End><Enter>ma<Enter>p<Enter>~/photo.png<F2><Enter>");
    assert_eq!(desk.saves(), 3, "{}", desk.screen());
    desk.tell_change(accepted("88999"), Vec::new());
    let (width, height) = size;
    desk.keys("<Enter>").event(Event::Resized { width, height });
    let screen = desk.screen();
    let row = |what: &str| screen.lines().find(|row| row.contains(what)).unwrap();
    assert!(row("✓ check in 12345").contains("Rahul Sharma"), "{screen}");
    for what in ["Check in", "Add a picture"] {
        let row = row(what);
        assert!(
            row.contains("Rahul Sharma") && row.contains("for 12345"),
            "{screen}"
        );
    }
    assert!(!screen.contains("88999"), "the picture's own: {screen}");
}

/// What is open stands above what was accepted before it, with the mark of its state.
#[rstest]
#[case::saved(State::Saved, "→ cancel 12345")]
#[case::checking(State::Checking { why: "no answer".into() }, "? cancel 12345")]
#[case::needs_you(State::NeedsYou { doubt: Doubt::NoWayToLook }, "! cancel 12345")]
#[case::refused(State::NotAccepted { reasons: Vec::new() }, "✓ check in 12345")]
fn the_row_of_a_booking_tells_what_is_open_of_it(#[case] state: State, #[case] words: &str) {
    let mut desk = Desk::accepted((80, 24));
    desk.keys("m<Enter><Enter>")
        .tell_change(accepted("12345"), Vec::new());
    desk.cancel("12345").tell_change(state, Vec::new());
    desk.keys("<Enter><F5>");
    let screen = desk.screen();
    let row = screen.lines().find(|row| row.contains(words));
    assert!(
        row.is_some_and(|row| row.contains("✓ Accepted")),
        "{screen}"
    );
}

#[test]
fn a_name_gives_way_to_the_status_and_the_number() {
    let mut desk = Desk::accepted_as("apt5840017", offer(), (80, 24), usual());
    desk.moved("apt5840017", Vec::new());
    desk.keys("<Enter><F5>");
    let screen = desk.screen();
    let row = screen
        .lines()
        .find(|row| row.contains("✓ reschedule apt5840017"));
    assert!(row.is_some_and(|row| row.contains("Rahul")), "{screen}");
}

#[test]
fn the_card_tells_the_newest_status_first() {
    let status = |text| vec![told("Status", text), told("Clinician", "Dr Mehta")];
    let mut desk = Desk::accepted_with(status("reserved"));
    desk.cancel("12345")
        .tell_change(accepted("12345"), vec![told("Status", "cancelled")]);
    desk.keys("<Enter><F5><End><Enter>");
    let screen = desk.screen();
    assert!(!screen.contains("reserved"), "{screen}");
    let place = |words| screen.find(words).unwrap();
    assert!(place("cancelled") < place("Dr Mehta"), "{screen}");
}

#[test]
fn what_is_told_of_a_new_record_is_not_told_of_the_old_one() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    let ended = vec![told("Clinician", "Dr Osei"), told("Cancelled", "12345")];
    desk.moved("777", ended).keys("<Enter><F5><End><Enter>");
    let screen = desk.screen();
    assert!(screen.contains("Accepted 12345"), "{screen}");
    let place = |words| screen.find(words).unwrap();
    assert!(place("Dr Mehta") < place("Dr Osei"), "{screen}");
}

#[test]
fn the_day_cuts_no_name_while_another_column_has_room() {
    let mut desk = Desk::accepted((80, 24));
    desk.keys("<F5><Tab>").answer_day(Ok(day()));
    let screen = desk.screen();
    assert_eq!(
        screen.matches("Health check, Dr Mehta").count(),
        3,
        "{screen}"
    );
    assert!(screen.contains(" cancelled "), "{screen}");
}

#[test]
fn a_change_of_another_day_is_listed_with_its_day() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("m<Enter><Enter>")
        .tell_change(accepted("12345"), vec![]);
    desk.keys("<Left>");
    let row = |desk: &Desk| {
        let screen = desk.screen();
        let mut rows = screen.lines().filter(|row| row.contains("Check in"));
        rows.find(|row| row.contains("✓ Accepted"))
            .unwrap()
            .to_owned()
    };
    assert!(row(&desk).contains("  10:42"), "{}", row(&desk));
    desk.event(Event::ClockRead(at("2026-11-22T05:30:00Z")));
    assert!(row(&desk).contains("  21 Nov"), "{}", row(&desk));
    assert!(!row(&desk).contains("10:42"), "{}", row(&desk));
}

#[test]
fn an_appointment_that_was_moved_is_changed_under_its_new_number() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    let (first, _) = desk.saved().unwrap();
    desk.moved("777", vec![told("Cancelled", "12345")]);
    let (moved, _) = desk.saved().unwrap();
    desk.cancel("777");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.subject.unwrap().number, "777");
    assert_eq!(desk.followed(), Some(id_of(moved)));
    desk.tell_change(accepted("777"), Vec::new());
    // Nothing more is offered for either.
    for draft in [first, moved] {
        let standing = desk.app.outbox.standing(draft).unwrap();
        assert!(desk.app.why_no_change(standing).is_some());
    }
}

#[rstest]
#[case::stands("The old one still stands", "12345: the patient has arrived")]
#[case::nobody_knows("The old one", "12345 may still stand")]
#[case::another_ended("Cancelled", "99")]
fn an_old_one_that_may_still_stand_can_be_cancelled(#[case] label: &str, #[case] text: &str) {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    let (first, _) = desk.saved().unwrap();
    desk.moved("777", vec![told(label, text)]);
    desk.keys("<Enter><F5><End><Enter>").cancel("12345");
    assert_eq!(desk.followed(), Some(id_of(first)));
}

#[rstest]
#[case::usual((80, 24))]
#[case::wide(WIDE)]
fn a_move_that_left_the_old_one_says_so_in_both_rows(#[case] size: (u16, u16)) {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    desk.moved(
        "777",
        vec![told("The old one still stands", "12345: arrived")],
    );
    let (width, height) = size;
    desk.keys("<Enter><F5>")
        .event(Event::Resized { width, height });
    let screen = desk.screen();
    let row = |begins: &str| screen.lines().find(|row| row.contains(begins)).unwrap();
    assert!(row("! old may stand").contains("Reschedule"), "{screen}");
    assert!(row("! may stand 12345").contains("Appointment"), "{screen}");
    assert!(!screen.contains("✓ reschedule"), "{screen}");
}

#[test]
fn the_new_number_of_a_moved_one_is_known_to_be_taken() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    let (first, _) = desk.saved().unwrap();
    desk.moved("777", vec![told("Cancelled", "12345")]);
    let (moved, _) = desk.saved().unwrap();
    let taken = |number, of| {
        let outbox = &desk.app.outbox;
        outbox.under_number(number, &id_of(of), &desk.app.offer)
    };
    assert_eq!(taken("777", nth(99)).as_deref(), Some("Rahul Sharma"));
    assert_eq!(taken("777", first).as_deref(), Some("Rahul Sharma"));
    assert_eq!(taken("12345", moved).as_deref(), Some("Rahul Sharma"));
    assert_eq!(taken("777", moved), None);
}

/// Without a patient it is the booking of the other system; and every row says what it is.
#[test]
fn a_booking_of_another_system_is_known_by_its_id_on_the_list_and_the_card() {
    let mut desk = Desk::accepted((80, 24));
    let (_, mut sent) = desk.saved().unwrap();
    sent.kind = Kind::External;
    sent.slot = None;
    sent.patient.first_name.clear();
    sent.patient.last_name = None;
    sent.details = BTreeMap::from([
        (ExternalBooking, choice("EMR-4711", "EMR-4711")),
        (Action, choice("reschedule", "another time")),
    ]);
    sent.appointment = Some(Appointment {
        booking_type: String::new(),
        at: slot().at,
    });
    let external = standing((nth(50), sent.clone()), None, accepted("x"), Vec::new());
    sent.patient.phone = Some(Phone::parse("5125550123", "1").unwrap());
    sent.patient.country_code = "1".into();
    sent.patient.first_name = "Maria".into();
    sent.kind = Kind::WalkIn;
    let walk_in = standing((nth(51), sent), None, accepted("y"), Vec::new());
    for standing in [walk_in, external] {
        desk.event(Event::IntentChanged(Box::new(standing)));
    }
    let screen = desk.keys("<Enter><F5>").screen();
    for words in [
        "EMR booking · EMR-4711",
        "Walk-in · Maria",
        "512 555 0123 ",
        "Appointment · Rahul Sharma",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    desk.keys("EMR-4711<Enter>");
    let screen = desk.screen();
    for words in ["EMR-4711", "another time", "Sun 22 Nov 2026, 09:15 IST"] {
        assert_eq!(screen.matches(words).count(), 1, "{words}: {screen}");
    }
}

/// Nothing more will be learned of it, and the old one was never said to have ended.
#[test]
fn a_move_that_was_perhaps_made_twice_leaves_the_old_one_to_be_cancelled() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    let (first, _) = desk.saved().unwrap();
    desk.moved("777", Vec::new());
    let numbers = vec!["777".to_owned(), "778".to_owned()];
    desk.tell_change(State::PossibleDouble { numbers }, Vec::new());
    let standing = desk.app.outbox.standing(first).unwrap();
    assert_eq!(desk.app.why_no_change(standing), None);
    assert_eq!(desk.app.changes_for(standing).len(), 4);
}

#[test]
fn a_moved_one_on_the_day_of_the_vendor_is_our_own() {
    let mut desk = Desk::accepted_where_moves_are_bookings();
    desk.moved("99", vec![told("Cancelled", "12345")]);
    let (moved, _) = desk.saved().unwrap();
    desk.keys("<Enter><F5><Tab>").answer_day(Ok(day()));
    desk.keys("<Home><Down><Enter>c<Enter>")
        .answer_terms(Ok(fee()))
        .keys("y");
    assert_eq!(desk.followed(), Some(id_of(moved)));
}

#[rstest]
#[case::checking(State::Checking { why: "no answer".into() }, "is Checking")]
#[case::needs_you(State::NeedsYou { doubt: Doubt::NoWayToLook }, "is Needs you")]
#[case::saved(State::Saved, "on its way")]
fn an_end_that_is_under_way_offers_nothing(#[case] state: State, #[case] words: &str) {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(state, Vec::new());
    desk.keys("<Enter><F5><End><Enter>m");
    assert!(desk.noticed().contains(words), "{}", desk.noticed());
}

#[test]
fn a_refused_change_is_mended_as_a_change_of_the_same_record() {
    let mut desk = Desk::accepted(WIDE);
    let (ours, _) = desk.saved().unwrap();
    desk.keys("m<Enter><Enter>");
    let reason = Reason::theirs(None, "too early");
    let reasons = vec![reason];
    desk.tell_change(State::NotAccepted { reasons }, Vec::new());
    assert!(
        desk.screen()
            .contains("Enter opens it again: it has no fields")
    );
    desk.keys("<Enter>");
    let draft = &desk.app.form.draft;
    assert_eq!(draft.kind, Kind::Change);
    assert_eq!(draft.follows, Some(id_of(ours)));
    assert_eq!(draft.subject.as_ref().unwrap().number, "12345");
}

#[rstest]
#[case::found("frank castle<Enter>")]
#[case::again("sam<Enter>")]
#[case::dropped("david<Enter>")]
fn a_name_typed_over_a_card_decides_nothing(#[case] name: &str) {
    let mut desk = Desk::accepted(WIDE);
    desk.check_in_in_doubt();
    let screen = desk.screen();
    assert!(
        screen.contains("Letters typed here are the next"),
        "{screen}"
    );
    assert!(!screen.contains("s send again"), "{screen}");
    let decided = desk.effects.len();
    desk.keys(name);
    assert_eq!(desk.app.form.draft.value(Name), name.replace("<Enter>", ""));
    let mut since = desk.effects[decided..].iter();
    assert!(!since.any(|effect| matches!(effect, Effect::Decide { .. })));
}

#[test]
fn a_doubtful_change_says_what_it_risks_and_not_what_a_booking_does() {
    let mut desk = Desk::accepted(WIDE);
    desk.check_in_in_doubt();
    let screen = desk.screen();
    assert!(
        screen.contains("send again: it makes no second booking"),
        "{screen}"
    );
    assert!(!screen.contains("there will be two"), "{screen}");
    assert!(!screen.contains("not booked"), "{screen}");
    desk.keys("<F5><Enter>s");
    let screen = desk.screen();
    assert!(
        screen.contains("What reaches Meridian last stands"),
        "{screen}"
    );
    assert!(!screen.contains("twice"), "{screen}");
}

#[test]
fn a_change_behind_one_that_needs_a_person_says_so() {
    let mut desk = Desk::accepted(WIDE);
    desk.check_in_in_doubt();
    desk.keys("<Left>m<Enter><Enter>");
    assert_eq!(desk.saves(), 3);
    desk.tell_change(State::Saved, Vec::new());
    let screen = desk.screen();
    assert!(screen.contains("It waits for “Check in” of "), "{screen}");
    assert!(!screen.contains("sent by itself"), "{screen}");
}

#[test]
fn a_form_has_its_branch_as_it_is_listed_by_now() {
    let mut app = App::new(Arc::new(offer()), Keymap::default(), morning(), WIDE, 0);
    let effects = app.start();
    let mut desk = Desk { app, effects };
    let asked = desk.last(|effect| match effect {
        Effect::LoadBranches { call, .. } => Some(*call),
        _ => None,
    });
    desk.event(Event::BranchesCopied {
        call: asked.unwrap(),
        branches: branches(),
        taken_at: morning(),
        is_current: false,
    });
    desk.keys("<Enter>");
    let chosen = desk.app.form.draft.branch.clone().unwrap();
    let mut listed = branches();
    for branch in &mut listed {
        branch.zone = Some(chrono_tz::Tz::Asia__Dubai);
    }
    desk.answer_branches(Ok(listed));
    let renewed = desk.app.form.draft.branch.clone().unwrap();
    assert_eq!(renewed.id, chosen.id);
    assert_eq!(renewed.zone, Some(chrono_tz::Tz::Asia__Dubai));
}

#[test]
fn a_change_with_fields_shows_them_and_knows_its_record() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("mr<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(Payer));
    assert_eq!(desk.text_in(Payer), "self");
    assert_eq!(desk.app.listed_label(AppointmentType), "Health check");
    assert!(
        desk.app.form.draft.slot.is_none(),
        "another time is asked for"
    );
    assert!(desk.screen().contains("Reschedule · 12345"));
    let asked = desk.last(|effect| match effect {
        Effect::LoadSlots { query, .. } => Some(query.clone()),
        _ => None,
    });
    let query = asked.expect("its times were asked for");
    assert_eq!(query.context.value(AppointmentType), "check");
    desk.keys("<F7>");
    assert_eq!(desk.app.form.draft.kind, Kind::Change, "a change stays one");
}

#[test]
fn a_file_is_named_to_the_worker_and_one_that_is_not_read_is_said_beside_its_field() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("ma<Enter>p<Enter>~/photo  id.png<F2><Enter>");
    let file = desk.last(|effect| match effect {
        Effect::Save {
            file, submission, ..
        } => Some((*file, submission.detail(Image).to_owned())),
        _ => None,
    });
    assert_eq!(file, Some((Some(Image), "~/photo  id.png".to_owned())));
    let (draft, _) = desk.saved().unwrap();
    let why = "there is no such file".to_owned();
    desk.event(Event::FileNotRead {
        draft,
        field: Image,
        why,
    });
    assert!(desk.screen().contains("there is no such file"));
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(Image));
    assert_eq!(desk.said_beside(Image), Some("there is no such file"));
    assert_eq!(desk.text_in(Image), "~/photo  id.png");
}

#[test]
fn the_day_at_the_vendor_marks_our_own_and_offers_their_changes() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<F5><Tab>");
    assert!(desk.screen().contains("At Meridian today"));
    desk.answer_day(Ok(day()));
    let screen = desk.screen();
    let row = screen.lines().find(|line| line.contains("Rahul")).unwrap();
    assert!(row.contains('•') && row.contains("09:15"), "{screen}");
    desk.keys("<Down><Enter>c<Enter>").answer_terms(Ok(fee()));
    assert!(desk.screen().contains("Cancel · 99 · Meera Iyer"));
    desk.keys("y");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.subject.unwrap().number, "99");
    assert_eq!(desk.followed(), None);
}

/// What is not sent is not read back; when the visit is, is.
#[test]
fn a_change_reads_back_its_record_and_the_day_of_the_visit() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("m<Enter>");
    let screen = desk.screen();
    for words in [
        "Number      12345",
        "Patient     Rahul Sharma",
        "Visit       Sun 22 Nov 2026, 09:15 IST, tomorrow",
        "Harbour · Health check",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    for words in ["rahul@example.com", "E-mail", "Branch  "] {
        assert!(!screen.contains(words), "{words}: {screen}");
    }
}

#[test]
fn a_file_that_cannot_be_taken_is_said_on_the_card_and_the_form_stays() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("ma<Enter>p<Enter>~/gone.png<F2>");
    let looked = desk.last(|effect| match effect {
        Effect::LookAtFile { draft, field, path } => Some((*draft, *field, path.clone())),
        _ => None,
    });
    let (draft, field, path) = looked.expect("the file was looked at");
    assert_eq!((field, path.as_str()), (Image, "~/gone.png"));
    let why = "there is no such file".to_owned();
    desk.event(Event::FileNotRead { draft, field, why });
    assert!(
        desk.screen().contains("File: there is no such file"),
        "{}",
        desk.screen()
    );
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(Image));
    assert_eq!(desk.text_in(Image), "~/gone.png");
    assert_eq!(desk.saves(), 1, "only the appointment was sent");
    // It may be there by now.
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 2);
}

/// Made elsewhere, for another patient at another site than the form that was open.
#[test]
fn a_listed_one_is_moved_for_its_own_patient_at_its_own_site() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<Enter>John Ade<F5><Tab>").answer_day(Ok(day()));
    desk.keys("<Home><Down><Enter>r<Enter>");
    let screen = desk.screen();
    for words in [
        "Sat 21 Nov 2026, 11:30 IST",
        "Hillside · Health check, Dr Mehta",
        "Meridian · harbour · Hillside",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    let (_, context) = desk.list_asked(Payer).unwrap();
    assert_eq!(context.branch.unwrap().name, "Hillside");
    assert_eq!(context.patient.unwrap().key, "key-99");
    let payers = vec![
        choice("self", "Patient pays"),
        choice("employer", "Employer"),
    ];
    desk.answer_list(Payer, Ok(payers))
        .answer_list(AppointmentType, Ok(meridian::types()));
    assert_eq!(desk.text_in(Payer), "employer");
    assert_eq!(desk.app.listed_label(AppointmentType), "Health check");
    desk.app.form.draft.slot = Some(slot());
    desk.keys("<F2><Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.subject.unwrap().number, "99");
    assert_eq!(submission.branch.name, "Hillside");
    assert_eq!(submission.patient.key.as_deref(), Some("key-99"));
    assert_eq!(submission.patient.full_name(), "Meera Iyer");
}

/// Nothing links it to an intent that made it: its number does.
#[test]
fn a_listed_one_that_is_being_ended_is_not_ended_twice() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<Enter><F5><Tab>").answer_day(Ok(day()));
    desk.keys("<Home><Down><Enter>c<Enter>")
        .answer_terms(Ok(fee()))
        .keys("y");
    let sent = desk.saves();
    desk.tell_change(State::Saved, Vec::new()).keys("<Enter>");
    desk.keys("<Enter>");
    assert!(desk.noticed().contains("on its way"), "{}", desk.screen());
    let asked = desk.day_asked().unwrap().0;
    desk.tell_change(accepted("99"), Vec::new());
    assert_ne!(desk.day_asked().unwrap().0, asked, "the list is read anew");
    desk.answer_day(Ok(day()));
    let screen = desk.screen();
    let row = screen.lines().find(|line| line.contains("Meera")).unwrap();
    assert!(!row.contains('•'), "made elsewhere: {screen}");
    desk.keys("<Enter>");
    assert!(desk.noticed().contains("was accepted"), "{}", desk.screen());
    assert_eq!(desk.saves(), sent);
}

/// The vendor told no site: a cancellation needs none, another time does.
#[test]
fn a_listed_one_without_a_site_asks_for_it_where_a_time_is_picked() {
    let listed = |keys| {
        let mut desk = Desk::accepted(WIDE);
        let mut rows = day();
        for row in &mut rows {
            row.site = None;
        }
        desk.keys("<F5><Tab>").answer_day(Ok(rows));
        desk.keys("<Home><Down><Enter>").keys(keys);
        desk
    };
    let desk = listed("r<Enter><F2>");
    assert_eq!(desk.app.form.draft.branch, None);
    assert!(desk.screen().contains("Branch:"), "{}", desk.screen());
    let mut desk = listed("c<Enter>");
    desk.answer_terms(Ok(fee())).keys("y");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.subject.unwrap().change, "cancel");
}

#[test]
fn the_day_shows_each_site_with_its_own_clock_and_names_another_zone() {
    let mut rows = day();
    let mut site = branches().remove(1);
    site.zone = Some(chrono_tz::Tz::Asia__Dubai);
    rows[0].site = Some(site);
    let mut desk = Desk::accepted((80, 24));
    desk.keys("<F5><Tab>").answer_day(Ok(rows));
    let screen = desk.screen();
    let row = |name: &str| {
        screen
            .lines()
            .find(|line| line.contains(name))
            .unwrap()
            .to_owned()
    };
    assert!(row("Meera").contains("10:00 +04:00"), "{screen}");
    assert!(row("Meera").contains("Hillside"), "{screen}");
    assert!(row("Rahul").contains("09:15  "), "{screen}");
    assert!(row("Rahul").contains("Harbour"), "{screen}");
}

#[test]
fn our_own_on_the_day_follow_what_was_sent_and_settled_ones_offer_nothing() {
    let mut desk = Desk::accepted(WIDE);
    let (ours, _) = desk.saved().unwrap();
    desk.keys("<F5><Tab>").answer_day(Ok(day()));
    desk.keys("<End><Enter>");
    assert!(desk.noticed().contains("Nothing can be done"));
    desk.keys("<Home><Enter><Enter><Enter>");
    assert_eq!(desk.followed(), Some(id_of(ours)));
}

#[test]
fn esc_at_the_start_of_a_change_leads_back_and_what_was_told_waits_among_the_drafts() {
    let mut desk = Desk::accepted(WIDE);
    let (ours, _) = desk.saved().unwrap();
    let is_card = |desk: &Desk| matches!(desk.app.popups.last(), Some(Popup::Result { draft, .. }) if *draft == ours);
    desk.keys("ma<Enter>");
    assert!(desk.screen().contains("Esc leave"), "{}", desk.screen());
    desk.keys("<Esc>");
    assert!(is_card(&desk) && desk.app.parked.is_empty());
    assert!(desk.app.form.draft.subject.is_none());

    desk.keys("ma<Enter><Right><Tab>card.png<Esc><Esc>");
    assert!(is_card(&desk), "{}", desk.screen());
    assert!(desk.noticed().contains("F6 leads back"));
    let kept = desk.app.parked.last().unwrap();
    assert_eq!(kept.draft.value(Image), "card.png");
    assert_eq!(kept.draft.subject.as_ref().unwrap().number, "12345");
}

#[rstest]
#[case::ended(accepted("12345"), "“Cancel” was accepted")]
#[case::perhaps(State::Checking { why: String::new() }, "“Cancel” is Checking")]
fn a_change_that_waited_is_not_sent_to_a_record_that_ended_meanwhile(
    #[case] state: State,
    #[case] words: &str,
    #[values(true, false)] is_read_back: bool,
) {
    let mut desk = Desk::accepted(WIDE);
    let (ours, mut cancel) = desk.saved().unwrap();
    desk.keys("ma<Enter><Right><Tab>card.png<Esc><Esc>");
    cancel.kind = Kind::Change;
    cancel.subject = Some(Subject {
        number: "12345".into(),
        change: "cancel".into(),
    });
    let cancel = standing((nth(70), cancel), Some(id_of(ours)), state, vec![]);
    let of_another_desk = Event::IntentChanged(Box::new(cancel));
    if is_read_back {
        desk.keys("<F6><Enter><F2>").event(of_another_desk);
    } else {
        desk.event(of_another_desk).keys("<F6><Enter><F2>");
    }
    assert!(desk.is_read_back());
    let screen = desk.screen();
    assert!(screen.contains("Record: "), "{screen}");
    assert!(screen.contains(words), "{screen}");
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1);
    assert!(!desk.app.is_change(), "there is nothing to mend in it");
}

#[test]
fn the_worklist_behind_a_change_is_the_one_of_now() {
    let mut desk = Desk::accepted(WIDE);
    let (_, mut other) = desk.saved().unwrap();
    desk.keys("<Enter><F5><Enter>m<Enter>");
    assert!(desk.is_read_back());
    other.patient.first_name = "Zoya".into();
    other.slot = None;
    let mut other = standing((nth(70), other), None, accepted("777"), vec![]);
    // Before ours in the order of the outbox.
    other.intent.saved_at -= chrono::TimeDelta::minutes(5);
    desk.event(Event::IntentChanged(Box::new(other)));
    desk.keys("<Esc><Esc>");
    let screen = desk.screen();
    assert!(screen.contains("2 of 2"), "{screen}");
    let row = |name: &str| screen.lines().find(|row| row.contains(name)).unwrap();
    assert!(row("Rahul").contains("12345"), "{screen}");
    assert!(row("Zoya").contains("777"), "{screen}");
    desk.keys("<End><Enter>");
    assert!(desk.screen().contains("Accepted 777"), "{}", desk.screen());
}

#[rstest]
#[case::small((60, 20))]
#[case::usual((80, 24))]
fn a_change_is_not_taken_for_another_record_on_the_worklist(#[case] size: (u16, u16)) {
    let mut desk = Desk::accepted(size);
    desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
    desk.tell_change(accepted("12345"), Vec::new());
    assert!(
        !desk.keys("<Left>").screen().contains("m more"),
        "it has ended"
    );
    let screen = desk.keys("<Enter><F5>").screen();
    let rows: Vec<&str> = screen.lines().filter(|row| row.contains("Rahul")).collect();
    assert!(rows[0].contains("Cancel · Rahul Sharma"), "{screen}");
    assert!(!rows[1].contains("Cancel ·"), "{screen}");
    assert!(rows.iter().all(|row| !row.contains('…')), "{screen}");
    assert!(screen.contains("Tab the vendor's day"), "{screen}");
}

#[test]
fn a_moment_that_the_vendor_tells_stands_on_the_card_once() {
    for moment in ["Sun 22 Nov 2026, 09:15 IST", "Sun 22 Nov 2026, 09:15"] {
        let desk = Desk::accepted_with(vec![told("Time", moment)]);
        assert_eq!(
            desk.screen().matches("Nov 2026, 09:15").count(),
            1,
            "{}",
            desk.screen()
        );
    }
    let other = vec![told("Time", "Sun 22 Nov 2026, 09:45 IST")];
    let desk = Desk::accepted_with(other);
    assert_eq!(desk.screen().matches("22 Nov 2026").count(), 2);
}

#[test]
fn a_key_is_offered_on_the_day_where_there_is_something_to_change() {
    let footer = |desk: &Desk| desk.screen().lines().last().unwrap().to_owned();
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<F5><Tab>").answer_day(Ok(Vec::new()));
    assert!(!footer(&desk).contains("Enter"), "{}", footer(&desk));
    desk.keys("<Right>").answer_day(Ok(day()));
    assert!(footer(&desk).contains("Enter change"));
    desk.keys("<End>");
    assert!(!footer(&desk).contains("Enter"), "{}", footer(&desk));
}

#[test]
fn arrows_turn_the_day_and_an_answer_for_another_one_is_not_taken() {
    let mut desk = Desk::accepted(WIDE);
    desk.keys("<F5><Tab>");
    let (call, today) = desk.day_asked().unwrap();
    desk.keys("<Right>");
    assert_eq!(desk.day_asked().unwrap().1, today.succ_opt().unwrap());
    let result = Ok(day());
    desk.event(Event::DayLoaded { call, result });
    assert!(!desk.screen().contains("Meera"));
    desk.answer_day(Err(away()));
    assert!(desk.screen().contains("Meridian was not reached"));
    desk.keys("<C-r>").answer_day(Ok(Vec::new()));
    assert!(desk.screen().contains("Nothing on this day"));
    desk.keys("<Tab>");
    assert!(desk.screen().contains("Worklist"));
}

#[rstest]
fn every_screen_of_changes(
    #[values(
        "accepted-told",
        "changes",
        "change-form",
        "change-terms-asked",
        "change-terms",
        "changed",
        "day",
        "day-offline"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = Desk::accepted(size);
    match name {
        "accepted-told" => {}
        "changes" => drop(desk.keys("m<Down>")),
        "change-form" => drop(desk.keys("ma<Enter>")),
        "change-terms-asked" => drop(desk.keys("mc<Enter>")),
        "change-terms" => drop(desk.keys("mc<Enter>").answer_terms(Ok(fee()))),
        "changed" => {
            desk.keys("mc<Enter>").answer_terms(Ok(fee())).keys("y");
            desk.tell_change(accepted("12345"), vec![told("Fee charged", "£30.00")]);
            desk.keys("<Left>");
        }
        "day" => drop(desk.keys("<F5><Tab>").answer_day(Ok(day()))),
        _ => drop(desk.keys("<F5><Tab>").answer_day(Err(away()))),
    }
    picture(name, &desk);
}
