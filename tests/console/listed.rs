//! Fields of a vendor's lists: asked for when they are needed, chosen by typing, held against what is newer.

use frontdesk::app::Event;
use frontdesk::app::focus::Focus;
use frontdesk::app::popup::Popup;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::offer::FieldKey::{AppointmentType, Payer, PriceGuard, Referral, Services};
use rstest::rstest;

use crate::desk::Desk;
use crate::meridian::{choice, picture, slot, types};

const WIDE: (u16, u16) = (120, 36);

fn away() -> Failure {
    Failure::Offline("Meridian was not reached".into())
}

/// At the list of types, which is here.
fn at_types(size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_meridian(size);
    desk.answer_lists().fill_meridian().keys("<Enter><Enter>");
    desk.keys("<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(AppointmentType));
    desk
}

/// The same while the list is on its way.
fn before_types(size: (u16, u16)) -> Desk {
    let mut desk = Desk::at_meridian(size);
    desk.answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    desk.fill_meridian().keys("<Enter><Enter><Enter>");
    desk
}

#[test]
fn asking_anew_keeps_the_list_of_before_until_another_has_come() {
    let mut desk = at_types(WIDE);
    desk.keys("<Enter>heal<Enter>");
    desk.app.form.draft.slot = Some(slot());
    let asked = desk.lists_asked(AppointmentType);
    desk.keys("<C-r>");
    assert_eq!(desk.lists_asked(AppointmentType), asked + 1);
    desk.answer_list(AppointmentType, Err(away()));
    assert_eq!(desk.text_in(AppointmentType), "check");
    desk.keys("<F2><Enter>");
    assert_eq!(desk.saves(), 1, "{}", desk.screen());
}

#[test]
fn the_only_choice_of_a_required_field_is_made_and_leaves_the_form_untouched() {
    let mut desk = Desk::at_meridian(WIDE);
    assert_eq!(desk.lists_asked(AppointmentType), 0, "it needs the payer");
    desk.answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    assert_eq!(desk.text_in(Payer), "self");
    assert_eq!(desk.app.listed_label(Payer), "Patient pays");
    assert!(desk.app.form.is_untouched(&desk.app.offer));
    let (_, context) = desk.list_asked(AppointmentType).unwrap();
    assert_eq!(context.value(Payer), "self");
    assert_eq!(desk.lists_asked(Services), 0, "nobody needs it yet");
}

#[test]
fn several_payers_are_chosen_from() {
    let mut desk = Desk::at_meridian(WIDE);
    let payers = vec![choice("self", "Patient pays"), choice("acme", "Acme Ltd")];
    desk.answer_list(Payer, Ok(payers));
    assert_eq!(desk.text_in(Payer), "");
}

#[test]
fn typing_finds_and_enter_takes_the_row_and_goes_on() {
    let mut desk = at_types(WIDE);
    desk.keys("<Enter>");
    assert!(matches!(desk.app.popups.last(), Some(Popup::Choose(_))));
    desk.keys("first phys<Enter>");
    assert_eq!(desk.text_in(AppointmentType), "physio");
    let label = desk.app.listed_label(AppointmentType);
    assert_eq!(label, "Physiotherapy, first visit");
    assert!(desk.app.popups.is_empty());
    assert_eq!(desk.app.focus, Focus::Field(Services));
    assert_eq!(desk.lists_asked(Services), 1, "the clerk is there");
}

#[rstest]
#[case::enter("<Enter>")]
#[case::right("<Right>")]
#[case::down("<Down>")]
fn the_field_opens_its_list(#[case] key: &str) {
    let mut desk = at_types(WIDE);
    desk.keys(key);
    assert!(matches!(desk.app.popups.last(), Some(Popup::Choose(_))));
}

#[test]
fn a_letter_on_the_field_begins_the_search_and_esc_leaves_it_as_it_was() {
    let mut desk = at_types(WIDE);
    desk.keys("scan<Enter><S-Tab>");
    assert_eq!(desk.text_in(AppointmentType), "scan");
    desk.keys("<S-Tab><S-Tab>");
    while desk.app.focus != Focus::Field(AppointmentType) {
        desk.keys("<Tab>");
    }
    desk.keys("heal<Esc>");
    assert_eq!(desk.text_in(AppointmentType), "scan");
    assert_eq!(desk.app.listed_label(AppointmentType), "Ultrasound scan");
    desk.keys("<Backspace>");
    assert_eq!(desk.text_in(AppointmentType), "");
}

#[test]
fn space_marks_several_and_enter_takes_what_is_marked() {
    let mut desk = at_types(WIDE);
    desk.keys("heal<Enter>");
    let services = vec![
        choice("b", "Blood pressure"),
        choice("e", "ECG"),
        choice("v", "Vision"),
    ];
    desk.answer_list(Services, Ok(services.clone()));
    desk.keys("<Enter> <Down><Down> <Up><Enter>");
    assert_eq!(desk.text_in(Services), "b,v");
    assert_eq!(desk.app.listed_label(Services), "Blood pressure, Vision");
    desk.keys("<S-Tab><Right><Up><Up> <Esc>");
    assert_eq!(desk.text_in(Services), "b,v", "Esc leaves it as it was");
    // The type is another one: what goes with it is asked anew, and what is gone is taken out.
    desk.keys("<S-Tab><Right>").keys("phys<Enter>");
    desk.answer_list(Services, Ok(services[..2].to_vec()));
    assert_eq!(desk.text_in(Services), "b");
    let told = desk.said_beside(Services).unwrap();
    assert!(told.contains("Vision"), "{told}");
}

#[test]
fn enter_typed_before_the_list_is_here_waits_for_it() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    desk.fill_meridian().keys("<Enter><Enter><Enter>");
    assert_eq!(desk.app.focus, Focus::Field(AppointmentType));
    desk.keys("<Enter>scan<Enter>Dr Rao");
    assert_eq!(desk.text_in(AppointmentType), "");
    desk.answer_list(AppointmentType, Ok(types()));
    assert_eq!(desk.text_in(AppointmentType), "scan");
    assert_eq!(desk.lists_asked(Services), 1, "and what was typed goes on");
}

#[test]
fn a_list_that_does_not_come_drops_what_was_typed_for_it_and_is_asked_again() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    desk.fill_meridian().keys("<Enter><Enter><Enter>");
    desk.keys("<Enter>scan<Enter>")
        .answer_list(AppointmentType, Err(away()));
    assert_eq!(desk.text_in(AppointmentType), "");
    assert!(desk.screen().contains("Meridian was not reached"));
    let before = desk.lists_asked(AppointmentType);
    desk.keys("<Enter>");
    assert_eq!(desk.lists_asked(AppointmentType), before + 1);
    desk.answer_list(AppointmentType, Ok(types()))
        .keys("<Enter>");
    assert_eq!(desk.text_in(AppointmentType), "scan", "the letters stood");
}

#[test]
fn an_offline_list_is_asked_again_by_itself() {
    let mut desk = Desk::at_meridian(WIDE);
    desk.answer_list(Payer, Err(away()));
    let before = desk.lists_asked(Payer);
    let later = crate::desk::morning() + chrono::TimeDelta::seconds(15);
    desk.event(Event::ClockRead(later));
    assert_eq!(desk.lists_asked(Payer), before + 1);
}

#[test]
fn what_a_newer_list_does_not_hold_is_said_and_chosen_anew() {
    let mut desk = at_types(WIDE);
    desk.keys("<Enter>scan<Enter>").keys("<S-Tab>");
    // Another branch has other lists.
    desk.keys("<Esc><Esc>");
    assert_eq!(desk.app.focus, Focus::Branch);
    desk.keys("<Down><Enter>")
        .answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    // Before the answer is here it is not sent.
    desk.keys("<F2>");
    assert!(desk.screen().contains("what is offered now is being asked"));
    desk.keys("<Esc>");
    desk.answer_list(AppointmentType, Ok(types()[..1].to_vec()));
    assert_eq!(desk.text_in(AppointmentType), "check", "the only one");
    desk.keys("<Esc><Esc>");
    desk.keys("<Up><Enter>")
        .answer_list(Payer, Ok(vec![choice("self", "Patient pays")]));
    desk.answer_list(AppointmentType, Ok(types()[1..].to_vec()));
    assert_eq!(desk.text_in(AppointmentType), "");
    let told = desk.said_beside(AppointmentType).unwrap();
    assert!(told.contains("“Health check” is not offered"), "{told}");
}

#[test]
fn an_outdated_answer_is_not_taken() {
    let mut desk = Desk::at_meridian(WIDE);
    let (call, _) = desk.list_asked(Payer).unwrap();
    desk.keys("<Esc><Down><Enter>");
    assert_eq!(desk.lists_asked(Payer), 2);
    let result = Ok(vec![choice("old", "Old payer")]);
    desk.event(Event::ChoicesLoaded {
        call,
        field: Payer,
        result,
    });
    assert_eq!(desk.text_in(Payer), "");
}

#[test]
fn a_field_of_another_fields_value_is_walked_shown_and_asked_for_only_with_it() {
    let mut desk = at_types(WIDE);
    assert!(!desk.screen().contains("Referral"));
    desk.keys("<Enter>scan<Enter>");
    assert!(desk.screen().contains("Referral"));
    desk.keys("<F2>");
    assert!(desk.screen().contains("Referral: "), "{}", desk.screen());
    desk.keys("<Esc><Tab>");
    assert_eq!(desk.app.focus, Focus::Field(Referral));
}

#[test]
fn the_card_reads_back_labels_and_the_price_of_the_slot_without_a_total() {
    let mut desk = at_types(WIDE);
    desk.keys("<Enter>heal<Enter>");
    desk.app.form.draft.slot = Some(slot());
    desk.keys("<F2>");
    let screen = desk.screen();
    for words in [
        "Health check",
        "Patient pays",
        "Price guard",
        "only at exactly",
    ] {
        assert!(screen.contains(words), "{words}: {screen}");
    }
    for words in ["Total", "No test or package"] {
        assert!(!screen.contains(words), "{words}: {screen}");
    }
    desk.keys("<Enter>");
    let (_, submission) = desk.saved().unwrap();
    assert_eq!(submission.detail(AppointmentType), "check");
    assert_eq!(submission.details[&AppointmentType].label, "Health check");
    assert_eq!(submission.price(&desk.app.offer), slot().price);
}

#[rstest]
fn every_screen_of_lists(
    #[values("list", "list-many", "list-loading", "list-offline", "list-review")] name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = match name {
        "list-loading" | "list-offline" => before_types(size),
        _ => at_types(size),
    };
    match name {
        "list" => drop(desk.keys("<Enter><Down>")),
        "list-loading" | "list-offline" => {
            desk.keys("<Enter>sc");
            if name == "list-offline" {
                desk.answer_list(AppointmentType, Err(away()));
            }
        }
        "list-many" => {
            desk.keys("<Enter>heal<Enter>");
            let services = vec![choice("b", "Blood pressure"), choice("e", "ECG")];
            desk.answer_list(Services, Ok(services))
                .keys("<Enter><Down> ");
        }
        _ => {
            desk.keys("<Enter>heal<Enter>");
            desk.app.form.draft.slot = Some(slot());
            desk.keys("<F2>");
        }
    }
    picture(name, &desk);
}

#[test]
fn the_footer_of_a_list_that_failed_says_what_enter_does_there() {
    let mut desk = Desk::at_meridian((80, 24));
    desk.answer_list(Payer, Err(away()));
    while desk.app.focus != Focus::Field(Payer) {
        desk.keys("<Tab>");
    }
    desk.keys("<Enter>");
    let screen = desk.screen();
    let footer = screen.lines().last().unwrap();
    assert!(footer.contains("Enter ask again"), "{screen}");
    assert!(!footer.contains("take"), "{screen}");
}

fn footer(desk: &Desk) -> String {
    desk.screen().lines().last().unwrap().to_owned()
}

#[test]
fn down_walks_past_a_list_that_may_be_left_and_one_that_is_empty() {
    let mut desk = at_types(WIDE);
    desk.keys("heal<Enter>");
    assert_eq!(desk.app.focus, Focus::Field(Services));
    desk.keys("<Down>");
    assert!(desk.app.popups.is_empty(), "{}", desk.screen());
    assert_eq!(desk.app.focus, Focus::Field(PriceGuard));
    // One that must be chosen from is passed only where nothing is offered.
    let mut desk = before_types(WIDE);
    desk.answer_list(AppointmentType, Ok(Vec::new()));
    desk.keys("<Down>");
    assert!(desk.app.popups.is_empty(), "{}", desk.screen());
    assert_eq!(desk.app.focus, Focus::Field(Services));
}

#[rstest]
#[case::enter("<Enter>")]
#[case::down("<Down>")]
fn a_list_without_entries_is_left_for_the_next_field(#[case] key: &str) {
    let mut desk = at_types((80, 24));
    desk.keys("heal<Enter>");
    desk.answer_list(Services, Ok(Vec::new())).keys("<Enter>");
    let screen = desk.screen();
    assert!(screen.contains("Meridian offers none"), "{screen}");
    let footer = footer(&desk);
    assert!(footer.contains("Enter go on without"), "{screen}");
    for idle in ["take", "↑↓", "letters", "mark"] {
        assert!(!footer.contains(idle), "{idle}: {screen}");
    }
    desk.keys(key);
    let screen = desk.screen();
    assert!(desk.app.popups.is_empty(), "{screen}");
    assert_eq!(desk.app.focus, Focus::Field(PriceGuard));
    assert!(!screen.contains("No entry has these letters"), "{screen}");
}

#[test]
fn what_was_typed_for_an_empty_list_is_said_to_find_nothing() {
    let mut desk = before_types(WIDE);
    desk.keys("<Enter>scan<Enter>")
        .answer_list(AppointmentType, Ok(Vec::new()));
    assert!(desk.app.popups.is_empty(), "{}", desk.screen());
    assert_eq!(desk.app.focus, Focus::Field(Services));
    let screen = desk.screen();
    assert!(screen.contains("Meridian offers none"), "{screen}");
}
