//! Going from kind to kind, with the offers of every demo profile.

use frontdesk::app::focus::Focus;
use frontdesk::config::demo;
use frontdesk::domain::offer::Offer;

use crate::desk::Desk;

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
