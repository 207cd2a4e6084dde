//! Forms on disk: when the disk is told, what is offered, and which keys they take.

use chrono::{DateTime, TimeDelta, Utc};
use frontdesk::app::{App, Effect, Event};
use frontdesk::domain::draft::{Draft, HalfItem, KeptDraft};
use frontdesk::domain::evidence::State;
use frontdesk::domain::offer::{FieldKey, Kind};
use frontdesk::domain::order::ItemKind;
use frontdesk::domain::submission::DraftId;

use crate::desk::{Desk, branches, midnight, morning};

/// A draft of another day's console, begun so many minutes ago.
pub fn kept(id: u64, name: &str, phone: &str, minutes: i64) -> KeptDraft {
    let mut draft = Draft::new(DraftId(id), Kind::Lead);
    draft.branch = branches().into_iter().next();
    for (key, text) in [(FieldKey::Name, name), (FieldKey::Phone, phone)] {
        draft.values.insert(key, text.to_owned());
    }
    let started_at = morning() - TimeDelta::minutes(minutes);
    KeptDraft {
        draft,
        started_at,
        changed_at: started_at,
        is_open_elsewhere: false,
    }
}

impl Desk {
    /// Three drafts are on disk, one of them open in another console.
    pub fn with_drafts(&mut self) -> &mut Self {
        let elsewhere = KeptDraft {
            is_open_elsewhere: true,
            ..kept(3, "", "98123 45678", 3)
        };
        let drafts = vec![
            kept(1, "Meera Iyer", "91234 56780", 75),
            kept(2, "", "", 12),
            elsewhere,
        ];
        self.event(Event::DraftsLoaded(Ok(drafts)))
    }

    /// Every draft the disk was told to keep, the last one last.
    fn told(&self) -> Vec<&Draft> {
        let told = self.effects.iter().filter_map(|effect| match effect {
            Effect::KeepDraft(draft) => Some(&**draft),
            _ => None,
        });
        told.collect()
    }

    fn dropped(&self) -> Vec<DraftId> {
        let dropped = self.effects.iter().filter_map(|effect| match effect {
            Effect::DropDraft(draft) => Some(*draft),
            _ => None,
        });
        dropped.collect()
    }

    /// The clock is read this long after the morning began.
    fn at(&mut self, milliseconds: i64) -> &mut Self {
        self.event(Event::ClockRead(moment(milliseconds)))
    }

    fn name(&self) -> &str {
        self.app.form.draft.value(FieldKey::Name)
    }
}

fn moment(milliseconds: i64) -> DateTime<Utc> {
    morning() + TimeDelta::milliseconds(milliseconds)
}

#[test]
fn the_disk_is_told_within_a_quarter_of_a_second_and_once() {
    let mut desk = Desk::at_koramangala((120, 36));
    assert_eq!(
        desk.app.next_change(),
        Some(midnight()),
        "nothing was typed"
    );
    desk.keys("9");
    let due = desk.app.next_change().unwrap();
    assert!(due <= moment(200), "{due}");
    desk.at(100).keys("8");
    assert!(desk.told().is_empty(), "a burst is one batch");
    desk.event(Event::ClockRead(due));
    let told = desk.told();
    assert_eq!(told.len(), 1);
    assert_eq!(told[0].value(FieldKey::Phone), "98");
    assert_eq!(desk.app.next_change(), Some(midnight()), "it sleeps again");
    desk.at(2_000);
    assert_eq!(desk.told().len(), 1);
}

#[test]
fn an_untouched_form_is_not_kept_and_an_emptied_one_is_dropped() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<Tab><Tab><S-Tab>").at(1_000);
    assert!(desk.told().is_empty());
    desk.keys("9").at(1_100).keys("<C-u>").at(2_000);
    desk.at(3_000);
    assert!(
        desk.told().is_empty(),
        "it was emptied before its time came"
    );
    desk.keys("Ra").at(4_000);
    let kept = desk.told().last().map(|draft| draft.id).unwrap();
    desk.keys("<C-u>").at(5_000).at(6_000);
    assert_eq!(desk.dropped(), [kept]);
}

#[test]
fn a_form_that_is_left_is_kept_at_once() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("9876543210<Enter>Rahul<C-n>");
    let told = desk.told();
    assert_eq!(told.last().unwrap().value(FieldKey::Name), "Rahul");
}

#[test]
fn a_console_that_ends_keeps_what_was_typed_last() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("98").event(Event::Leaving);
    assert_eq!(desk.told().last().unwrap().value(FieldKey::Phone), "98");
}

#[test]
fn a_quit_keeps_the_form_and_does_not_ask() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("98<C-x>").event(Event::Leaving);
    let mut effects = desk.effects.iter();
    assert!(effects.any(|effect| matches!(effect, Effect::Quit)));
    assert_eq!(desk.told().last().unwrap().value(FieldKey::Phone), "98");
}

#[test]
fn a_clock_that_is_set_back_does_not_put_it_off() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("98").at(-3_600_000);
    assert_eq!(desk.told().len(), 1);
}

#[test]
fn a_custom_item_is_kept_half_way_and_opens_as_it_was() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("<F8>Glow panel<Enter>25").at(500);
    let draft = Draft {
        id: DraftId(1),
        ..(*desk.told().last().unwrap()).clone()
    };
    let half = HalfItem {
        name: "Glow panel".into(),
        price: "25".into(),
        kind: ItemKind::Test,
        tests: String::new(),
    };
    assert_eq!(draft.custom, Some(half));
    let mut next = Desk::at_koramangala((120, 36));
    let kept = KeptDraft {
        draft,
        started_at: morning(),
        changed_at: morning(),
        is_open_elsewhere: false,
    };
    let id = kept.draft.id;
    next.event(Event::DraftsLoaded(Ok(vec![kept.clone()])))
        .keys("<F6><Enter>")
        .event(Event::DraftOpened {
            draft: id,
            result: Ok(Some(Box::new(kept))),
        })
        .keys("<F8>");
    assert!(next.screen().contains("Glow panel"), "{}", next.screen());
}

#[test]
fn after_a_crash_drafts_are_offered_and_take_no_key() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("98").with_drafts();
    let screen = desk.screen();
    let offer = "2 drafts are kept from before: F6 lists them";
    assert!(screen.contains(offer), "{screen}");
    assert!(screen.contains("F6 2 drafts"), "{screen}");
    desk.keys("76");
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "9876");
    assert!(desk.screen().contains(offer), "it stays until Esc");
    desk.keys("<Esc>");
    assert!(!desk.screen().contains(offer));
    desk.with_drafts();
    assert!(!desk.screen().contains(offer), "it is said once");
}

#[test]
fn a_draft_that_was_sent_waits_no_more_even_when_it_is_off_the_list() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F2><Enter>");
    let (sent, submission) = desk.saved().expect("it was sent");
    // The disk was read before it was sent.
    let drafts = vec![kept(1, "Meera", "", 75), kept(sent.0, "Rahul", "", 12)];
    desk.event(Event::DraftsLoaded(Ok(drafts.clone())));
    desk.tell_of(sent, submission, State::Dropped);
    assert_eq!(desk.app.waiting_count(), 1);
    desk.app.outbox.standings.clear();
    assert_eq!(desk.app.waiting_count(), 1);
    assert_eq!(desk.app.waiting("").len(), 1);
}

#[test]
fn keys_typed_while_a_draft_is_opened_belong_to_it() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("99").with_drafts().keys("<F6><Enter><Enter> Rao");
    assert_eq!(desk.app.form.draft.value(FieldKey::Phone), "99");
    desk.event(Event::Pasted("!".into()));
    desk.event(Event::DraftOpened {
        draft: DraftId(1),
        result: Ok(Some(Box::new(kept(1, "Meera", "91234 56780", 75)))),
    });
    assert_eq!(desk.name(), "Meera Rao!");
    assert_eq!(desk.app.parked.len(), 1, "the other one waits");
    assert_eq!(desk.app.parked[0].draft.value(FieldKey::Phone), "99");
}

#[test]
fn a_draft_that_is_gone_meanwhile_is_said() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_drafts().keys("<F6><Enter>98");
    desk.event(Event::DraftOpened {
        draft: DraftId(1),
        result: Ok(None),
    });
    let screen = desk.screen();
    assert!(screen.contains("sent or dropped meanwhile"), "{screen}");
    let phone = desk.app.form.draft.value(FieldKey::Phone);
    assert_eq!(phone, "", "it was typed for another patient");
}

#[test]
fn one_open_in_another_console_is_not_taken() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_drafts().keys("<F6>98123<Enter>");
    assert!(desk.screen().contains("It is open in another console"));
    let mut effects = desk.effects.iter();
    assert!(!effects.any(|effect| matches!(effect, Effect::OpenDraft(_))));
}

#[test]
fn del_asks_and_then_drops() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_drafts().keys("<F6>meera<Del>");
    assert!(desk.dropped().is_empty());
    desk.keys("<Esc><Del><Enter>");
    assert_eq!(desk.dropped(), [DraftId(1)]);
    assert!(!desk.screen().contains("Meera"), "{}", desk.screen());
    assert_eq!(desk.app.waiting_count(), 1);
}

#[test]
fn a_disk_that_takes_nothing_is_said_once_tried_again_and_asked_about() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.keys("98").at(200);
    let draft = desk.told()[0].id;
    let refused = || Event::DraftNotKept {
        draft,
        why: "the disk is full".into(),
    };
    desk.event(refused());
    assert!(desk.screen().contains("not kept on disk: the disk is full"));
    desk.keys("<C-x>");
    assert!(desk.screen().contains("1 form is not on disk"));
    desk.keys("<Esc>");
    let again = desk.app.next_change().expect("it is tried again");
    desk.event(Event::ClockRead(again));
    assert_eq!(desk.told().len(), 2);
    desk.event(Event::DraftsKeptAgain).keys("<C-x>");
    let mut effects = desk.effects.iter();
    assert!(effects.any(|effect| matches!(effect, Effect::Quit)));
}

#[test]
fn two_consoles_of_one_moment_mint_different_ids_that_grow() {
    use frontdesk::app::keeping::Mint;
    let [mut one, mut other] = [Mint::new(1), Mint::new(0xf002)];
    let ids = [
        one.draft(morning()),
        one.draft(morning()),
        one.draft(morning() - TimeDelta::hours(1)),
    ];
    assert!(ids.is_sorted_by(|a, b| a < b), "{ids:?}");
    assert!(!ids.contains(&other.draft(morning())));
    assert_eq!(ids[0].0 >> 12, morning().timestamp_micros().cast_unsigned());
}

#[test]
fn the_form_that_was_sent_is_no_draft_any_more() {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.fill_patient().keys("<F3>cbc<Enter>").at(500);
    desk.keys("<F2><Enter>")
        .tell(frontdesk::domain::evidence::State::Saved)
        .keys("<Enter>");
    let told = desk.told().len();
    desk.at(5_000).event(Event::Leaving);
    assert_eq!(desk.told().len(), told);
    let waiting = |app: &App| app.waiting("").len();
    assert_eq!(waiting(&desk.app), 0);
}

#[test]
fn a_fault_is_not_lost_behind_an_offer_of_drafts_or_another_fault() {
    let mut desk = Desk::at_koramangala((120, 36));
    let offer = "2 drafts are kept from before";
    for fault in [
        "the store was damaged",
        "the disk is full",
        "the disk is full",
    ] {
        desk.event(Event::Faulted(fault.to_owned()));
    }
    desk.with_drafts();
    assert!(desk.screen().contains("the store was damaged"));
    // What passes by itself stands before it only until the next key.
    desk.keys("<C-r>9");
    assert!(desk.screen().contains("the store was damaged"));
    for next in ["the disk is full", offer] {
        desk.keys("<Esc>");
        assert!(desk.screen().contains(next), "{next}\n{}", desk.screen());
    }
    desk.keys("<Esc>");
    assert!(desk.app.notices.shown().is_none());
}
