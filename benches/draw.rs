//! What a key costs from the event to the bytes of the drawn frame, with 100,000 catalogue rows loaded, and what a full
//! redraw costs. Run by `cargo bench --bench draw`.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used)]

mod rows;
mod timing;

use std::sync::Arc;

use chrono::Utc;
use chrono_tz::Tz;
use frontdesk::app::key::{Chord, Key};
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, Effect, Event};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::catalogue::Catalogue;
use frontdesk::domain::offer::{Field, FieldKey, Input, Items, Kind, KindOffer, Offer};
use frontdesk::shell::painter::Painter;
use frontdesk::ui::{self, theme::Theme};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use timing::{median, micros};

const ROWS: u32 = 100_000;
const THEME: Theme = Theme { has_colour: true };

fn main() {
    let mut app = console();
    let mut terminal = screen();
    terminal.draw(|frame| ui::draw(&app, THEME, frame)).unwrap();

    let mut letters = "Asha Venkataraman".chars().cycle();
    let key = median(1_001, || {
        let letter = letters.next().unwrap();
        if letter == 'A' {
            press(&mut app, Chord::ctrl('u'));
            terminal.draw(|frame| ui::draw(&app, THEME, frame)).unwrap();
        }
        timing::time(|| {
            press(&mut app, Chord::plain(Key::Char(letter)));
            terminal.draw(|frame| ui::draw(&app, THEME, frame)).unwrap();
        })
    });
    println!(
        "draw: key to drawn frame {:.0} us ({ROWS} rows loaded, 120x36)",
        micros(key)
    );

    let nothing = median(1_001, || {
        timing::time(|| {
            terminal
                .draw(|frame| ui::draw(&app, THEME, frame))
                .map(drop)
        })
    });
    println!(
        "draw: a frame in which nothing changed {:.0} us",
        micros(nothing)
    );

    let full = median(501, || {
        terminal.clear().unwrap();
        timing::time(|| {
            terminal
                .draw(|frame| ui::draw(&app, THEME, frame))
                .map(drop)
        })
    });
    println!("draw: a full redraw {:.0} us", micros(full));
}

fn screen() -> Terminal<Painter<std::io::Sink>> {
    let viewport = Viewport::Fixed(Rect::new(0, 0, 120, 36));
    Terminal::with_options(Painter::new(std::io::sink()), TerminalOptions { viewport }).unwrap()
}

/// A console at its branch with all rows, the cursor on the name.
fn console() -> App {
    let mut app = App::new(
        Arc::new(offer()),
        Keymap::default(),
        Utc::now(),
        (120, 36),
        0,
    );
    let effects = app.start();
    let call = effects.iter().find_map(|effect| match effect {
        Effect::LoadBranches { call, .. } => Some(*call),
        _ => None,
    });
    let branch = Branch {
        id: BranchId("b1".into()),
        name: "Koramangala".into(),
        address: None,
        zone: None,
    };
    let effects = app.handle(Event::BranchesLoaded {
        call: call.unwrap(),
        result: Ok(vec![branch]),
    });
    let call = effects.iter().find_map(|effect| match effect {
        Effect::LoadCatalogue { call, .. } => Some(*call),
        _ => None,
    });
    let catalogue = Arc::new(Catalogue::new(rows::rows(ROWS)));
    let effects = app.handle(Event::CatalogueLoaded {
        call: call.unwrap(),
        result: Ok(catalogue.clone()),
    });
    for effect in effects {
        if let Effect::FindRows { call, query, .. } = effect {
            app.handle(Event::RowsFound {
                call,
                hits: catalogue.search(&query, 2_000),
            });
        }
    }
    press(&mut app, Chord::plain(Key::Down));
    app
}

fn press(app: &mut App, chord: Chord) {
    app.handle(Event::KeyPressed(chord));
}

fn offer() -> Offer {
    let field = |key, label, input| Field::required(key, label, input, "");
    let fields = vec![
        field(FieldKey::Phone, "Phone", Input::Phone),
        field(FieldKey::Name, "Name", Input::Name),
        field(FieldKey::Age, "Age", Input::Age),
        field(FieldKey::Address, "Address", Input::Text),
    ];
    Offer {
        vendor: "Flabs",
        profile: "bench".into(),
        is_sandbox: true,
        currency: frontdesk::domain::money::Currency::Inr,
        zone: Tz::Asia__Kolkata,
        day_zone: Tz::Asia__Kolkata,
        country_code: "91".into(),
        kinds: vec![KindOffer {
            items: Items::Priced,
            ..KindOffer::plain(Kind::Lead, "bench-lead", "", fields)
        }],
        changes: Vec::new(),
        has_day_list: false,
        parties: Vec::new(),
        is_party_required: false,
        budget: Some(60),
        duplicate_rule: "",
        field_names: Vec::new(),
    }
}
