//! The worklist: what the store and the courier tell of, found by typing, decided by a person.

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::app::key::{Chord, Key};
use frontdesk::app::popup::Popup;
use frontdesk::app::worklist::Listed;
use frontdesk::app::{Effect, Event};
use frontdesk::domain::age::Age;
use frontdesk::domain::evidence::{Doubt, Evidence, Fact, Outcome, Reason, state};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::order::Line;
use frontdesk::domain::phone::Phone;
use frontdesk::domain::standing::{Decision, Standing};
use frontdesk::domain::submission::{DraftId, Intent, IntentId, Patient, Submission};
use frontdesk::ui::theme::Theme;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::Color;
use rstest::rstest;

use crate::desk::{Desk, branches, items, midnight, morning};

fn line(code: &str) -> Line {
    let item = items().into_iter().find(|item| item.code == code).unwrap();
    Line {
        kind: item.kind,
        item: Some(item.id),
        code: item.code,
        name: item.name,
        price: item.price,
        picked_price: item.price,
        includes: item.includes,
        tests: Vec::new(),
        is_gone: false,
        is_unpriced: false,
    }
}

fn attempt(number: u32, outcome: Outcome) -> Vec<Fact> {
    vec![Fact::Attempted { number }, Fact::Ended { number, outcome }]
}

fn unknown(number: u32) -> Vec<Fact> {
    let why = "no answer within 20 s".to_owned();
    attempt(number, Outcome::Unknown { why })
}

fn offline(number: u32) -> Vec<Fact> {
    let why = "no connection to Flabs".to_owned();
    attempt(number, Outcome::NotSent { why })
}

/// A submission saved so many minutes ago; its facts follow at ten seconds each.
fn standing(minutes_ago: i64, name: &str, phone: &str, facts: Vec<Fact>) -> Standing {
    let saved_at = morning() - TimeDelta::minutes(minutes_ago);
    let (first, last) = name.split_once(' ').unwrap();
    let patient = Patient {
        phone: Some(Phone::parse(phone, "91").unwrap()),
        country_code: "91".into(),
        last_name: Some(last.into()),
        age: Some(Age::parse("32", morning().date_naive()).unwrap()),
        ..Patient::named(first)
    };
    let submission = Submission {
        lines: vec![line("CBC")],
        total: Money::major(350),
        ..Submission::of(Kind::Lead, branches().remove(0), patient)
    };
    let evidence: Vec<Evidence> = (0..)
        .zip([Fact::Saved].into_iter().chain(facts))
        .map(|(nth, fact)| Evidence {
            at: saved_at + TimeDelta::seconds(10 * nth),
            fact,
        })
        .collect();
    let micros = u64::try_from(saved_at.timestamp_micros()).unwrap();
    Standing {
        intent: Intent {
            id: IntentId(format!("FD-0193a5c2e8a47b10b2f3{micros:012x}")),
            profile: "demo".into(),
            saved_at,
            day: saved_at.date_naive(),
            follows: None,
            submission,
        },
        draft: DraftId(micros),
        state: state(&evidence),
        evidence,
        next: None,
    }
}

/// One submission in a state, under the name by which its screen is known.
fn in_state(name: &str) -> Standing {
    let duplicate = |number| {
        let words = "Lead already exists".to_owned();
        attempt(number, Outcome::Duplicate { words })
    };
    let handed = |doubt| vec![Fact::HandedOver { doubt }];
    let facts = match name {
        "saved" => Vec::new(),
        "waiting" => (1..=12).flat_map(offline).collect(),
        "sending" => vec![Fact::Attempted { number: 1 }],
        "accepted" => {
            let number = "6530a4a6f1d2c8b7e9a54321".to_owned();
            attempt(
                1,
                Outcome::Accepted {
                    number,
                    told: vec![],
                },
            )
        }
        "not-accepted" => {
            let reason = Reason::theirs(Some(FieldKey::Email), "email is not valid");
            let reasons = vec![reason];
            attempt(1, Outcome::Refused { reasons })
        }
        "checking" => unknown(1),
        "duplicate" => [unknown(1), duplicate(2)].concat(),
        "refused" => {
            let reasons = Vec::new();
            [unknown(1), attempt(2, Outcome::Refused { reasons })].concat()
        }
        "day-is-over" => [unknown(1), handed(Doubt::DayIsOver)].concat(),
        "tried-often" => {
            let tries = (1..=6).flat_map(unknown);
            tries.chain(handed(Doubt::TriedOften)).collect()
        }
        "no-way-to-look" => [unknown(1), handed(Doubt::NoWayToLook)].concat(),
        "found" => {
            let number = "LD-77".to_owned();
            [unknown(1), duplicate(2), vec![Fact::PersonFound { number }]].concat()
        }
        "dropped" => {
            let reason = Some("the patient left".to_owned());
            [
                unknown(1),
                duplicate(2),
                vec![Fact::PersonDropped { reason }],
            ]
            .concat()
        }
        other => panic!("nothing is called {other}"),
    };
    let mut standing = standing(10, "Rahul Sharma", "9876543210", facts);
    if matches!(name, "saved" | "waiting" | "checking") {
        standing.next = Some(morning() + TimeDelta::seconds(42));
    }
    standing
}

impl Desk {
    /// What the store answers to the latest question for the worklist.
    pub fn answer_worklist(&mut self, standings: Vec<Standing>) -> &mut Self {
        self.answer_listed(Ok(Listed {
            standings,
            damaged: Vec::new(),
        }))
    }

    fn answer_listed(&mut self, result: Result<Listed, String>) -> &mut Self {
        let asked = self.effects.iter().rev().find_map(|effect| match effect {
            Effect::LoadWorklist { call, .. } => Some(*call),
            _ => None,
        });
        let call = asked.expect("the worklist was asked for");
        self.event(Event::WorklistLoaded { call, result })
    }

    fn hear(&mut self, standing: &Standing) -> &mut Self {
        self.event(Event::IntentChanged(Box::new(standing.clone())))
    }

    fn decided(&self) -> Option<Decision> {
        self.effects.iter().rev().find_map(|effect| match effect {
            Effect::Decide { decision, .. } => Some(decision.clone()),
            _ => None,
        })
    }
}

/// A morning's work: one of each, and one that is open since yesterday.
fn a_morning() -> Vec<Standing> {
    let number = || "6530a4a6f1d2c8b7e9a54321".to_owned();
    let accepted = || {
        attempt(
            1,
            Outcome::Accepted {
                number: number(),
                told: vec![],
            },
        )
    };
    let words = String::new();
    let doubled = attempt(2, Outcome::Duplicate { words });
    let reason = Reason::theirs(Some(FieldKey::Email), "email is not valid");
    let refused = attempt(
        1,
        Outcome::Refused {
            reasons: vec![reason],
        },
    );
    let mut standings = vec![
        standing(
            24 * 60,
            "Old Doubt",
            "9000000001",
            [unknown(1), doubled].concat(),
        ),
        standing(90, "Meera Nair", "9812345678", accepted()),
        standing(60, "Anil Kapoor", "9823456789", refused),
        standing(30, "Farida Khan", "9834567890", unknown(1)),
        standing(20, "Joseph D'Souza", "9845678901", accepted()),
        standing(
            12,
            "Lakshmi Venkataraman Subramaniam",
            "9856789012",
            vec![Fact::TakenBack],
        ),
        standing(3, "Ravi Iyer", "9867890123", offline(1)),
        standing(0, "Zoya Ali", "9878901234", Vec::new()),
    ];
    standings[3].next = Some(morning() + TimeDelta::seconds(42));
    standings[6].next = Some(morning() + TimeDelta::seconds(125));
    standings[7].next = Some(morning() + TimeDelta::seconds(2));
    standings
}

fn at_work(size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_koramangala(size);
    desk.answer_worklist(a_morning()).keys("<F5>");
    desk
}

fn assert_screen(label: &str, screen: &str) {
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(label, screen);
    });
}

#[rstest]
fn the_list_at_every_size(
    #[values("list", "filter", "nothing", "empty", "damaged")] name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = match name {
        "empty" => {
            let mut desk = Desk::at_koramangala(size);
            desk.answer_worklist(Vec::new()).keys("<F5>");
            desk
        }
        _ => at_work(size),
    };
    match name {
        "filter" => drop(desk.keys("98 accepted<Down>")),
        "nothing" => drop(desk.keys("nobody")),
        "damaged" => drop(desk.answer_listed(Ok(Listed {
            standings: Vec::new(),
            damaged: vec!["what is stored of FD-0193a5c2e8a4 is damaged".into()],
        }))),
        _ => {}
    }
    let label = format!("worklist-{name}-{}x{}", size.0, size.1);
    assert_screen(&label, &desk.screen());
}

#[rstest]
fn the_evidence_at_every_size(
    #[values(
        "saved",
        "waiting",
        "sending",
        "accepted",
        "not-accepted",
        "checking",
        "duplicate",
        "refused",
        "day-is-over",
        "tried-often",
        "no-way-to-look",
        "found",
        "dropped"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = Desk::at_koramangala(size);
    desk.answer_worklist(vec![in_state(name)])
        .keys("<F5><Enter>");
    let label = format!("evidence-{name}-{}x{}", size.0, size.1);
    assert_screen(&label, &desk.screen());
}

#[rstest]
#[case(0, "evidence-drop")]
#[case(1, "evidence-tail")]
fn more_of_the_evidence(#[case] which: usize, #[case] label: &str) {
    let mut desk = Desk::at_koramangala((60, 20));
    desk.answer_worklist(vec![in_state("duplicate")])
        .keys("<F5><Enter>");
    desk.keys(["dwrong number", "<PgDn><PgDn>"][which]);
    assert_screen(&format!("{label}-60x20"), &desk.screen());
}

#[test]
fn every_row_has_its_phone_beside_a_long_name_too() {
    for size in [(60, 20), (80, 24), (120, 36)] {
        let screen = at_work(size).screen();
        for (name, phone) in [("Lakshmi", "98567 89012"), ("Meera", "98123 45678")] {
            let row = screen.lines().find(|row| row.contains(name)).unwrap();
            assert!(row.contains(phone), "{screen}");
        }
    }
}

#[test]
fn what_needs_a_person_stands_first_then_the_newest() {
    let desk = at_work((120, 36));
    let screen = desk.screen();
    let order = [
        "Old Doubt",
        "Farida Khan",
        "Zoya Ali",
        "Ravi Iyer",
        "Lakshmi",
        "Joseph",
        "Anil",
        "Meera",
    ];
    let places: Vec<_> = order
        .iter()
        .map(|name| screen.find(name).expect(name))
        .collect();
    assert!(places.is_sorted(), "{screen}");
    assert!(
        screen.contains("Saved 2  Checking 1  Needs you 1"),
        "{screen}"
    );
}

#[test]
fn what_was_open_before_is_counted_and_never_opens_a_card() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.hear(&in_state("duplicate"));
    assert!(desk.screen().contains("Needs you 1"), "counted at once");
    assert!(desk.app.popups.is_empty() && desk.app.notices.shown().is_none());
    desk.hear(&in_state("found"));
    assert!(desk.screen().contains("Needs you 0"));
    assert!(desk.app.popups.is_empty() && desk.app.notices.shown().is_none());
}

#[test]
fn a_change_that_asks_for_a_person_is_said_whoever_sent_it() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.hear(&in_state("checking"))
        .hear(&in_state("duplicate"));
    let notice = desk.app.notices.shown().expect("it is said");
    assert!(
        notice.words.contains("Rahul Sharma: Needs you"),
        "{}",
        notice.words
    );
    assert!(desk.app.popups.is_empty());
}

#[test]
fn an_older_list_takes_nothing_back_that_the_courier_told() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.hear(&in_state("accepted"));
    desk.answer_worklist(vec![in_state("sending")]);
    assert_eq!(desk.app.outbox.standings.len(), 1);
    assert_eq!(desk.app.outbox.standings[0].state.word(), "Accepted");
    desk.hear(&in_state("saved"));
    assert_eq!(desk.app.outbox.standings[0].state.word(), "Accepted");
}

#[test]
fn a_list_does_not_forget_when_the_courier_acts() {
    let mut desk = Desk::at_koramangala((120, 36));
    let told = in_state("checking");
    desk.hear(&told);
    desk.answer_worklist(vec![Standing {
        next: None,
        ..told.clone()
    }]);
    assert_eq!(desk.app.outbox.standings[0].next, told.next);
}

#[test]
fn a_list_that_was_asked_for_before_the_last_one_is_dropped() {
    let mut desk = Desk::at_koramangala((120, 36));
    let first = desk.effects.iter().find_map(|effect| match effect {
        Effect::LoadWorklist { call, .. } => Some(*call),
        _ => None,
    });
    desk.keys("<F5>");
    let listed = Listed {
        standings: a_morning(),
        damaged: Vec::new(),
    };
    desk.event(Event::WorklistLoaded {
        call: first.unwrap(),
        result: Ok(listed),
    });
    assert!(desk.app.outbox.standings.is_empty());
}

#[test]
fn today_is_the_vendors_and_what_is_settled_goes_with_it() {
    let mut desk = Desk::at_koramangala((120, 36));
    let since = desk.effects.iter().find_map(|effect| match effect {
        Effect::LoadWorklist { since, .. } => Some(*since),
        _ => None,
    });
    let midnight: DateTime<Utc> = "2026-11-20T18:30:00Z".parse().unwrap();
    assert_eq!(since, Some(midnight), "midnight in Kolkata");
    desk.answer_worklist(a_morning());
    desk.event(Event::ClockRead(morning() + TimeDelta::days(1)));
    desk.keys("<F5>").answer_worklist(Vec::new());
    let words = desk
        .app
        .outbox
        .standings
        .iter()
        .map(|standing| standing.state.word());
    assert_eq!(
        words.collect::<Vec<_>>(),
        ["Needs you", "Checking", "Saved", "Saved"]
    );
}

#[rstest]
#[case("zoya", 1)]
#[case("98765", 0)]
#[case("98234", 1)]
#[case("6530a4a6f1d2", 2)]
#[case("accepted", 2)]
#[case("not accepted", 1)]
#[case("NEEDS YOU", 1)]
#[case("saved ravi", 1)]
#[case("fd-0193a5c2", 8)]
fn typing_finds(#[case] typed: &str, #[case] count: usize) {
    let mut desk = at_work((80, 24));
    desk.keys(typed);
    let screen = desk.screen();
    assert!(screen.contains(&format!("{count} of 8")), "{screen}");
    desk.keys("<Esc>");
    assert!(desk.screen().contains("8 of 8"), "Esc shows all");
    desk.keys("<Esc>");
    assert!(desk.app.popups.is_empty(), "then it closes");
}

#[test]
fn a_row_that_is_not_in_sight_takes_no_room_from_those_that_are() {
    let number = |minutes: i64| format!("98765432{minutes:02}");
    let mut work: Vec<Standing> = (1..60)
        .map(|minutes| standing(minutes, "Meera Iyer", &number(minutes), Vec::new()))
        .collect();
    let patient = &mut work[58].intent.submission.patient;
    patient.phone = Some(Phone::parse_any("+49 1512 345678901").unwrap());
    let mut desk = Desk::at_koramangala((120, 36));
    desk.answer_worklist(work).keys("<F5>");
    // The kind stands right of the phone.
    let column = |desk: &Desk| {
        let screen = desk.screen();
        let row = screen.lines().find(|row| row.contains("Meera")).unwrap();
        row.find("Lead").unwrap() - row.find("98765").unwrap()
    };
    assert_eq!(column(&desk), "98765 43201 ".len());
    desk.keys("<End>");
    assert!(desk.screen().contains("+491512345678901"));
    assert!(column(&desk) > "98765 43201 ".len());
}

#[test]
fn the_cursor_stays_with_its_entry_when_others_change() {
    let mut desk = at_work((120, 36));
    desk.keys("<Down><Down><Down>");
    let mut changed = a_morning().remove(4);
    changed.evidence.truncate(1);
    changed
        .evidence
        .extend(a_morning().remove(0).evidence.drain(1..));
    changed
        .evidence
        .extend(a_morning().remove(0).evidence.drain(1..));
    changed.state = state(&changed.evidence);
    assert_eq!(changed.state.word(), "Needs you");
    desk.hear(&changed).keys("<Enter>");
    assert!(
        desk.screen().contains("Ravi Iyer · 98678 90123"),
        "{}",
        desk.screen()
    );
    desk.keys("<Esc><Home><Enter>");
    assert!(
        desk.screen().contains("Joseph D'Souza ·"),
        "{}",
        desk.screen()
    );
    desk.keys("<Esc><End><Enter>");
    assert!(desk.screen().contains("Meera Nair ·"), "{}", desk.screen());
}

#[test]
fn a_number_that_another_one_has_is_not_taken_for_this_one() {
    let mut desk = Desk::at_koramangala((120, 36));
    let mut taken = in_state("accepted");
    taken.draft = DraftId(77);
    taken.intent.id = IntentId("FD-77".into());
    desk.answer_worklist(vec![in_state("duplicate"), taken]);
    desk.keys("<F5><Enter>f6530a4a6f1d2c8b7e9a54321<Enter>");
    let screen = desk.screen();
    assert!(
        screen.contains("6530a4a6f1d2c8b7e9a54321 is the number of"),
        "{screen}"
    );
    assert_eq!(desk.decided(), None);
}

#[rstest]
#[case("saved", "<Del>", Some(Decision::TakeBack))]
#[case("saved", "u", None)]
#[case("saved", "d<Enter>", None)]
#[case("waiting", "<Del>u", None)]
#[case("waiting", "d<Enter>", Some(Decision::Drop { reason: None }))]
#[case("sending", "<Del>usdf<Enter>", None)]
#[case("checking", "<Del>usdf<Enter>", None)]
#[case("duplicate", "fLD-77<Enter>", Some(Decision::Found("LD-77".into())))]
#[case("tried-often", "s<Enter>", Some(Decision::Resend))]
#[case("day-is-over", "s<Esc>", None)]
#[case("refused", "dleft<Enter>", Some(Decision::Drop { reason: Some("left".into()) }))]
fn a_state_allows_what_it_offers(
    #[case] name: &str,
    #[case] keys: &str,
    #[case] decided: Option<Decision>,
) {
    let mut desk = Desk::at_koramangala((80, 24));
    desk.answer_worklist(vec![in_state(name)])
        .keys("<F5><Enter>")
        .keys(keys);
    assert_eq!(desk.decided(), decided);
}

#[rstest]
#[case("accepted", "6530a4a6f1d2c8b7e9a54321")]
#[case("checking", "FD-")]
fn c_copies_the_number_that_is_there(#[case] name: &str, #[case] begins: &str) {
    let mut desk = Desk::at_koramangala((80, 24));
    desk.answer_worklist(vec![in_state(name)])
        .keys("<F5><Enter>c");
    let copied = desk.effects.iter().find_map(|effect| match effect {
        Effect::Copy(text) => Some(text.clone()),
        _ => None,
    });
    assert!(
        copied.as_ref().is_some_and(|text| text.starts_with(begins)),
        "{copied:?}"
    );
}

#[test]
fn a_refused_one_is_mended_from_the_list() {
    let mut desk = Desk::at_koramangala((80, 24));
    desk.answer_worklist(vec![in_state("not-accepted")])
        .keys("<F5><Enter><Enter>");
    assert!(desk.app.popups.is_empty(), "the form has the keys");
    assert_eq!(desk.app.form.draft.value(FieldKey::Name), "Rahul Sharma");
    assert!(
        desk.screen().contains("email is not valid"),
        "{}",
        desk.screen()
    );
}

#[test]
fn a_countdown_ticks_once_a_second_and_only_while_it_is_seen() {
    let mut desk = at_work((120, 36));
    assert_eq!(
        desk.app.next_change(),
        Some(morning() + TimeDelta::seconds(1))
    );
    desk.keys("meera");
    assert_eq!(
        desk.app.next_change(),
        Some(midnight()),
        "no row of these counts down"
    );
    desk.keys("<Esc><Esc>");
    assert_eq!(desk.app.next_change(), Some(midnight()));
    desk.keys("<F5>")
        .event(Event::ClockRead(morning() + TimeDelta::seconds(200)));
    assert_eq!(
        desk.app.next_change(),
        Some(midnight()),
        "all of them have run out"
    );
}

#[rstest]
#[case(
    "accepted",
    "Same patient, same tests already sent at 10:32: Rahul Sharma, Accepted 6530"
)]
#[case(
    "saved",
    "Same patient, same tests already sent at 10:32: Rahul Sharma, Saved"
)]
#[case(
    "sending",
    "Same patient, same tests already sent at 10:32: Rahul Sharma, Sending"
)]
#[case(
    "checking",
    "Same patient, same tests already sent at 10:32: Rahul Sharma, Checking"
)]
#[case(
    "duplicate",
    "Same patient, same tests already sent at 10:32: Rahul Sharma, Needs you"
)]
#[case(
    "not-accepted",
    "Not accepted at 10:32 today with this phone: Rahul Sharma"
)]
fn the_same_tests_today_are_said_in_any_state(#[case] name: &str, #[case] words: &str) {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.answer_worklist(vec![in_state(name)]);
    desk.fill_patient().keys("<F3>cbc<Enter><F2>");
    let Some(Popup::Review(review)) = desk.app.popups.last() else {
        panic!("the read-back card is open");
    };
    let cautions = &review.cautions;
    assert!(cautions[0].starts_with(words), "{cautions:?}");
    let screen = desk.screen();
    let is_double = name != "not-accepted";
    assert_eq!(
        screen.contains("refuses a second entry"),
        is_double,
        "{screen}"
    );
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 1, "it never blocks");
}

#[test]
fn other_tests_other_names_and_other_days_are_not_the_same() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.answer_worklist(vec![in_state("accepted")]);
    desk.fill_patient().keys("<F3>tsh<Enter><F2>");
    assert!(
        desk.screen()
            .contains("Sent with this phone at 10:32 today")
    );
    desk.keys("<Esc><F3>cbc<Enter><Esc><Esc>");
    desk.app.form.draft.lines.remove(0);
    desk.app
        .form
        .draft
        .values
        .insert(FieldKey::Name, "Meena Sharma".into());
    desk.keys("<F2>");
    assert!(
        desk.screen()
            .contains("Same phone, same tests already sent"),
        "{}",
        desk.screen()
    );
    desk.keys("<Esc>");
    desk.hear(&in_state("dropped"));
    desk.app.outbox.standings[0].state = in_state("dropped").state;
    desk.keys("<F2>");
    assert!(
        !desk.screen().contains("already sent"),
        "a dropped one is none"
    );
    desk.keys("<Esc>");
    desk.app.outbox.standings[0] = in_state("accepted");
    desk.event(Event::ClockRead(morning() + TimeDelta::days(1)))
        .keys("<F2>");
    assert!(
        !desk.screen().contains("already sent"),
        "yesterday's is none"
    );
}

#[test]
fn the_list_is_complete_without_colour_and_safe_at_every_size() {
    let mut desk = at_work((120, 36));
    for keys in ["", "<Enter>", "d", "<Esc><Esc>98"] {
        desk.keys(keys);
        for (width, height) in [
            (1, 1),
            (40, 12),
            (41, 13),
            (60, 20),
            (77, 24),
            (80, 24),
            (250, 80),
        ] {
            desk.app.size = (width, height);
            let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
            let theme = Theme { has_colour: false };
            terminal
                .draw(|frame| frontdesk::ui::draw(&desk.app, theme, frame))
                .unwrap();
            let buffer = terminal.backend().buffer();
            assert!(buffer.content().iter().all(|cell| cell.fg == Color::Reset));
        }
    }
}

#[test]
fn two_thousand_of_a_day_are_listed_and_found() {
    let mut desk = Desk::at_koramangala((80, 24));
    let accepted = |nth: i64| {
        let number = format!("LD-{nth}");
        let mut standing = standing(
            0,
            "Patient Name",
            "9876543210",
            attempt(
                1,
                Outcome::Accepted {
                    number,
                    told: vec![],
                },
            ),
        );
        standing.intent.saved_at -= TimeDelta::seconds(nth);
        standing.intent.id = IntentId(format!("FD-{:032x}", 10_000 - nth));
        standing.draft = DraftId(nth.unsigned_abs());
        standing
    };
    desk.answer_worklist((0..2_000).map(accepted).collect())
        .keys("<F5>LD-1999");
    assert!(desk.screen().contains("1 of 2000"), "{}", desk.screen());
    desk.event(Event::KeyPressed(Chord::plain(Key::Enter)));
    assert!(
        desk.screen().contains("Accepted LD-1999"),
        "{}",
        desk.screen()
    );
}

#[test]
fn news_of_the_same_phone_are_on_an_open_card_before_it_is_sent() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter><F2>");
    assert!(!desk.screen().contains("already sent"));
    desk.hear(&in_state("accepted"));
    let screen = desk.screen();
    assert!(
        screen.contains("already sent") && screen.contains("Changed just now"),
        "{screen}"
    );
    desk.keys("<Enter>");
    assert_eq!(desk.saves(), 0, "nobody has read that yet");
    // The same news again change nothing that is read.
    desk.hear(&in_state("accepted")).keys("<Enter>");
    assert_eq!(desk.saves(), 1);
}
