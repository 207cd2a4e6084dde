//! Going from kind to kind, with the offers of every demo profile.

use frontdesk::app::Event;
use frontdesk::app::focus::Focus;
use frontdesk::app::keymap::Action;
use frontdesk::config::demo;
use frontdesk::domain::offer::{FieldKey, Input, Items, Kind, Offer};

use crate::desk::Desk;
use crate::meridian::{known, slot};

const WIDE: (u16, u16) = (120, 36);

fn offers() -> Vec<Offer> {
    let accounts = demo::accounts().iter();
    let offers: Vec<Offer> = accounts.map(frontdesk::config::Account::offer).collect();
    assert!(offers.len() > 6, "every vendor brings profiles");
    offers
}

/// A desk of that offer, the cursor on the kind.
fn at_the_kind(offer: Offer) -> Desk {
    let mut desk = Desk::of(offer, WIDE);
    while desk.app.focus != Focus::Kind {
        desk.keys("<S-Tab>");
    }
    desk
}

#[test]
fn the_first_letter_of_a_kind_leads_to_it_with_every_vendor() {
    for offer in offers() {
        let kinds: Vec<_> = offer.kinds.iter().map(|form| form.kind).collect();
        let mut desk = at_the_kind(offer);
        for kind in kinds.into_iter().rev() {
            let letter = kind.word().chars().next().unwrap().to_lowercase();
            desk.keys(&letter.to_string());
            assert_eq!(desk.app.form.draft.kind, kind);
            assert_eq!(desk.app.focus, Focus::Kind, "{kind:?}");
            assert!(
                desk.screen().contains(&format!("(•) {}", kind.word()))
                    || desk.screen().contains(&format!("‹ {} ›", kind.word()))
            );
        }
    }
}

#[test]
fn the_arrows_go_to_the_kind_on_their_side() {
    for offer in offers().into_iter().filter(|offer| offer.kinds.len() > 2) {
        let kinds: Vec<_> = offer.kinds.iter().map(|form| form.kind).collect();
        let mut desk = at_the_kind(offer);
        desk.keys("<Right>");
        assert_eq!(desk.app.form.draft.kind, kinds[1]);
        desk.keys("<Left><Left>");
        assert_eq!(desk.app.form.draft.kind, kinds[kinds.len() - 1]);
    }
}

#[test]
fn the_palette_calls_a_key_what_the_footer_calls_it() {
    for offer in offers() {
        for steps in 0..offer.kinds.len() {
            let mut desk = Desk::of(offer.clone(), (200, 40));
            desk.keys(&"<F7>".repeat(steps));
            let footer = desk.screen().lines().last().unwrap().to_owned();
            desk.keys("<C-p>");
            let palette = desk.screen();
            for (action, key) in [(Action::Search, "F3"), (Action::People, "F4")] {
                let word = desk.app.label(action);
                if !footer.contains(&format!("{key} ")) {
                    continue;
                }
                assert!(footer.contains(&format!("{key} {word} ")), "{footer}");
                let mut rows = palette.lines();
                let row = rows.find(|row| row.contains(&format!(" {key} │"))).unwrap();
                assert!(row.contains(&format!("│ {word} ")), "{word}: {palette}");
            }
        }
    }
}

#[test]
fn every_kind_says_what_it_is_when_it_is_switched_to() {
    for offer in offers().into_iter().filter(|offer| offer.kinds.len() > 1) {
        let mut desk = Desk::of(offer.clone(), (80, 24));
        for form in offer.kinds.iter().cycle().skip(1).take(offer.kinds.len()) {
            desk.keys("<F7>");
            let words = format!("{}: {}", form.kind.word(), form.help);
            assert!(desk.screen().contains(&words), "{words}: {}", desk.screen());
        }
    }
}

#[test]
fn no_key_is_offered_for_another_kind_where_there_is_none() {
    for offer in offers() {
        let count = offer.kinds.len();
        let mut desk = Desk::of(offer, WIDE);
        let is_offered = desk.screen().lines().last().unwrap().contains("F7 kind");
        assert_eq!(is_offered, count > 1);
        desk.keys("<F7>");
        let is_said = desk.noticed().ends_with("has no other kind here");
        assert_eq!(is_said, count == 1, "{}", desk.noticed());
    }
}

#[test]
fn every_form_of_every_vendor_has_something_in_each_pane() {
    for offer in offers() {
        for form in offer.kinds.clone() {
            let mut desk = Desk::of(offer.clone(), (80, 24));
            while desk.app.form.draft.kind != form.kind {
                desk.keys("<F7>");
            }
            while desk.app.focus != Focus::Kind {
                desk.keys("<S-Tab>");
            }
            let screen = desk.screen();
            let under = screen.lines().skip(3).take(18);
            assert!(under.clone().any(|row| !row.trim().is_empty()), "{screen}");
            assert!(screen.contains(form.kind.word()), "{screen}");
        }
    }
}

/// Every form of every profile.
fn every_form(size: (u16, u16)) -> impl Iterator<Item = Desk> {
    let offers = offers().into_iter();
    offers.flat_map(move |offer| {
        let kinds: Vec<_> = offer.kinds.iter().map(|form| form.kind).collect();
        kinds.into_iter().map(move |kind| {
            let mut desk = Desk::of(offer.clone(), size);
            while desk.app.form.draft.kind != kind {
                desk.keys("<F7>");
            }
            desk
        })
    })
}

#[test]
fn the_help_lists_the_commands_that_do_something_here_and_no_other() {
    for mut desk in every_form((120, 50)) {
        let kind = desk.app.form.draft.kind;
        let help = desk.keys("<F1>").screen();
        desk.keys("<Esc>");
        for action in [
            Action::Search,
            Action::People,
            Action::SwitchKind,
            Action::CustomItem,
            Action::Discount,
            Action::SignIn,
        ] {
            let key = desk.app.keymap.chord(action).unwrap();
            let before = (desk.app.focus, desk.app.form.draft.kind);
            desk.event(Event::KeyPressed(key));
            let does = (desk.app.focus, desk.app.form.draft.kind) != before
                || desk.app.popups.pop().is_some()
                || desk.noticed().starts_with("Type ");
            let is_listed = help.contains(&format!("│ {:<17}", key.to_string()));
            assert_eq!(is_listed, does, "{kind:?} {key}\n{help}");
            desk.keys("<Esc>");
            while desk.app.form.draft.kind != kind {
                desk.keys("<F7>");
            }
        }
    }
}

#[test]
fn no_help_speaks_of_prices_or_tests_where_there_are_none() {
    for mut desk in every_form((120, 50)) {
        let items = desk.app.items();
        desk.keys("<F1>");
        let help = format!("{}{}", desk.screen(), desk.keys("<Right>").screen());
        let help = help.split('┌').skip(1).collect::<Vec<_>>().join("\n");
        assert_eq!(
            help.contains("own name and price"),
            items == Items::Priced,
            "{help}"
        );
        assert_eq!(help.contains("tests"), items != Items::None, "{help}");
        assert_eq!(
            help.contains("in the times:"),
            desk.app.slot_source().is_some()
        );
        assert_eq!(
            help.contains("on the card"),
            !desk.app.offer.changes.is_empty()
        );
    }
}

#[test]
fn the_key_that_finds_patients_at_the_vendor_is_said_before_it_is_pressed() {
    for size in [(120, 36), (80, 24), (60, 20)] {
        for desk in every_form(size) {
            let vendor = desk.app.offer.vendor;
            let is_said = desk
                .screen()
                .contains(&format!("F4 finds the patient at {vendor}"));
            assert_eq!(is_said, desk.app.finds_patients(), "{}", desk.screen());
            if size.0 < 120 {
                continue;
            }
            let footer = desk
                .screen()
                .lines()
                .last()
                .unwrap()
                .contains("F4 find patient");
            assert_eq!(footer, desk.app.finds_patients(), "{}", desk.screen());
        }
    }
}

#[test]
fn all_of_the_help_can_be_reached_on_a_small_screen() {
    let mut desk = Desk::of(offers().remove(0), (60, 20));
    desk.keys("<F1>");
    assert!(!desk.screen().contains("leave the console"));
    desk.keys("<Down><Down><Down><Down><Down><Down><Down><Down><Down>");
    assert!(
        desk.screen().contains("leave the console"),
        "{}",
        desk.screen()
    );
    desk.keys("<Right>");
    assert!(desk.screen().contains("Help 2 of 3"));
}

#[test]
fn the_times_are_there_only_while_the_form_asks_for_one() {
    let is_external = |desk: &Desk| desk.app.form.draft.kind == Kind::External;
    let mut desk = every_form(WIDE).find(is_external).unwrap();
    let action = FieldKey::Action;
    while desk.app.focus != Focus::Field(action) {
        desk.keys("<Tab>");
    }
    let mut seen = [0, 0];
    let Some(Input::Choice(choices)) = desk.app.field(action).map(|field| field.input.clone())
    else {
        panic!("one of several is done");
    };
    for _ in choices {
        desk.keys("<Right>");
        let asks = desk.app.when_field().is_some();
        assert_eq!(
            desk.screen().contains(" 3 When "),
            asks,
            "{}",
            desk.screen()
        );
        assert_eq!(desk.screen().contains("F3 times"), asks);
        seen[usize::from(asks)] += 1;
    }
    assert!(seen.iter().all(|times| *times > 0), "{seen:?}");
}

/// Whoever is found, at this desk or at the vendor, is filled in; then the cursor stands where the form goes on.
#[test]
fn a_person_who_is_found_never_leads_out_of_the_form() {
    for has_slot in [false, true] {
        for mut desk in every_form(WIDE) {
            let kind = desk.app.form.draft.kind;
            desk.app.form.draft.slot = has_slot.then(slot);
            let fields: Vec<_> = desk
                .app
                .form
                .draft
                .fields(&desk.app.offer)
                .cloned()
                .collect();
            let filled = fields.iter().filter(|field| field.required);
            for field in filled.filter(|field| !matches!(field.input, Input::When)) {
                let values = &mut desk.app.form.draft.values;
                values.entry(field.key).or_insert_with(|| "1".to_owned());
            }
            let has_phone = fields.iter().any(|field| field.key == FieldKey::Phone);
            if has_phone {
                desk.reach(FieldKey::Phone).keys("<C-u>9876543210");
                desk.answer_people();
            }
            desk.keys("<F4>");
            if desk.app.finds_patients() {
                desk.answer_patients(Ok(vec![known("p1", "Harbour")]));
            }
            if !has_phone && !desk.app.finds_patients() {
                assert!(desk.app.popups.is_empty());
                continue;
            }
            desk.keys("<Enter>");
            assert!(desk.app.popups.is_empty(), "{kind:?}: {}", desk.screen());
            let stops = Focus::stops(&desk.app.offer, &desk.app.form.draft);
            let focus = desk.app.focus;
            assert!(stops.contains(&focus), "{kind:?}: {focus:?}");
            let title = focus.pane().name(desk.app.has_items());
            assert!(desk.screen().contains(title), "{}", desk.screen());
        }
    }
}
