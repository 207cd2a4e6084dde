//! Typing stays at full speed whatever the lab does. Shown by screens, not by times: a hampered console and one that is
//! answered promptly get the same keys, and after each key the same form stands on both, although nothing was waited
//! for.

use frontdesk::app::App;
use frontdesk::app::popup::Popup;
use frontdesk::domain::draft::Draft;
use rstest::rstest;
use serde_json::{Value, json};

use crate::console::{Console, chords};
use crate::lab::Lab;

/// A patient, a search, a custom item, a discount, corrections: everything but a row of the catalogue.
const WORK: &str = "9876543210<Enter>Rahul Sharma<Enter>32<Enter>m<Enter>rahul@exampel.com\
    <Left><Left><Left><Left><Backspace><Backspace>le<End><Enter>42 Park Street<Enter>560001<Enter>\
    <F9>10%<F3>thyr<Backspace>roid<Esc><F7><F7>\
    <F8>Vitamin D3<Enter>800<Enter><F9><Backspace>\
    <C-n>9812345678<Enter>Meena<Enter>8 months<Enter>f<F6><Enter>";

/// What was typed, without what ties it to its console.
fn typed(app: &App) -> impl PartialEq + std::fmt::Debug + use<> {
    let Draft {
        kind,
        values,
        lines,
        discount,
        ..
    } = app.form.draft.clone();
    let parked = app.parked.len();
    let query = app.browser.query.clone();
    (kind, values, lines, discount, parked, query)
}

/// Presses the same keys on both, and compares after each.
fn type_on_both(hampered: &mut Console, prompt: &mut Console) {
    for (count, chord) in chords(WORK).into_iter().enumerate() {
        for console in [&mut *hampered, &mut *prompt] {
            console.look_up();
            console.press(chord);
        }
        assert_eq!(typed(&hampered.app), typed(&prompt.app), "key {count}");
        assert_eq!(hampered.app.focus, prompt.app.focus, "key {count}");
        let shown = if prompt.app.popups.is_empty() {
            match prompt.app.slot_source() {
                // The pane of the times has a number of its own.
                Some(_) => &["2 Patient", "5 Order"][..],
                None => &["2 Patient", "4 Order"],
            }
        } else if matches!(prompt.app.popups.last(), Some(Popup::Drafts(_))) {
            &["Forms that are not sent"]
        } else {
            &["Custom item"]
        };
        for title in shown {
            assert_eq!(hampered.inside(title), prompt.inside(title), "key {count}");
        }
    }
}

#[rstest]
#[case::everything_hangs("any", json!({"kind": "delay", "ms": 20_000}))]
#[case::lists_hang("labs", json!({"kind": "delay", "ms": 20_000}))]
#[case::lists_drip("labs", json!({"kind": "drip", "ms": 20_000}))]
#[case::too_many("any", json!({"kind": "status", "status": 429}))]
#[case::too_many_lists("labs", json!({"kind": "status", "status": 429, "headers": {"retry-after": "60"}}))]
fn typing_does_not_wait_for_branches(#[case] call: &str, #[case] fault: Value) {
    let labs = [Lab::open(), Lab::open()];
    labs[0].arm(call, None, &fault);
    let [mut hampered, mut prompt] = [0, 1].map(|index| Console::at(&labs[index]));
    prompt.wait("the branches come", |app| !app.desk.branches.is_empty());
    labs[0].wait_until_fired();
    for console in [&mut hampered, &mut prompt] {
        console.keys("<Tab>");
    }
    type_on_both(&mut hampered, &mut prompt);
    assert!(hampered.app.desk.branches.is_empty(), "nothing had come");
}

#[rstest]
#[case::prices_hang(json!({"kind": "delay", "ms": 20_000}))]
#[case::prices_drip(json!({"kind": "drip", "bytes_per_chunk": 64, "ms": 1_000}))]
#[case::too_many(json!({"kind": "status", "status": 429, "headers": {"retry-after": "60"}}))]
fn typing_does_not_wait_for_prices(#[case] fault: Value) {
    let labs = [Lab::open(), Lab::open()];
    for call in ["tests", "packages"] {
        labs[0].arm(call, None, &fault);
    }
    let [mut hampered, mut prompt] = [0, 1].map(|index| Console::at(&labs[index]));
    for console in [&mut hampered, &mut prompt] {
        console.wait("the branches come", |app| !app.desk.branches.is_empty());
        console.keys("<Enter>");
    }
    prompt.wait("the prices come", |app| app.browser.catalogue.is_some());
    labs[0].wait("a fault fires", |lab| lab.fired().iter().sum::<u64>() > 0);
    type_on_both(&mut hampered, &mut prompt);
    assert!(hampered.app.browser.catalogue.is_none(), "nothing had come");
}

#[test]
fn typing_does_not_wait_for_100_000_rows() {
    let labs = [Lab::with_rows(Some(100_000)), Lab::open()];
    let [mut hampered, mut prompt] = [0, 1].map(|index| Console::at(&labs[index]));
    prompt.choose_first_branch();
    hampered.wait("the branches come", |app| !app.desk.branches.is_empty());
    hampered.keys("<Enter>");
    assert!(hampered.app.browser.catalogue.is_none(), "asked for now");
    type_on_both(&mut hampered, &mut prompt);
    hampered.wait("the rows come", |app| app.browser.catalogue.is_some());
    let rows = hampered.app.browser.catalogue.as_ref().unwrap().len();
    assert!(rows >= 100_000, "{rows}");
    type_on_both(&mut hampered, &mut prompt);
}
