//! A desk to write stories with: a real console, real offer, a small catalogue, a clock that stands still.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use frontdesk::app::key::{Chord, Key};
use frontdesk::app::keymap::Keymap;
use frontdesk::app::{App, CallId, Effect, Event};
use frontdesk::domain::branch::{Branch, BranchId, Party, PartyKind};
use frontdesk::domain::catalogue::{Catalogue, Item};
use frontdesk::domain::evidence::{Evidence, Fact, Outcome, State, state};
use frontdesk::domain::failure::{BudgetLeft, Failure};
use frontdesk::domain::money::Money;
use frontdesk::domain::order::{ItemId, ItemKind};
use frontdesk::domain::standing::Standing;
use frontdesk::domain::submission::{DraftId, Intent, IntentId, Submission};
use frontdesk::ui::{self, theme::Theme};
use frontdesk::vendor::flabs::offer;
use frontdesk::vendor::flabs::settings::{Assumptions, Billing, Mode, Settings};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;

/// 21 November 2026, 10:42 in Kolkata.
pub fn morning() -> DateTime<Utc> {
    "2026-11-21T05:12:00Z".parse().unwrap()
}

/// The next midnight in Kolkata: when the age of the prices reads otherwise.
pub fn midnight() -> DateTime<Utc> {
    "2026-11-21T18:30:00Z".parse().unwrap()
}

pub struct Desk {
    pub app: App,
    /// Everything that was ordered so far.
    pub effects: Vec<Effect>,
}

pub fn settings(mode: Mode) -> Settings {
    let party = |id: &str, name: &str, kind| Party {
        id: id.into(),
        name: name.into(),
        kind,
    };
    Settings {
        profile: "demo".into(),
        base_url: "http://127.0.0.1:1".into(),
        is_sandbox: true,
        client_id: "demo".into(),
        client_secret: "demo-secret".to_owned().into(),
        mode,
        parties: vec![
            party("c1", "Northwind Logistics", PartyKind::Corporate),
            party("d1", "Dr Rao Clinic", PartyKind::Doctor),
            party("h1", "Lakeside Hospital", PartyKind::Hospital),
        ],
        zone: Tz::Asia__Kolkata,
        sources: vec!["walk-in".into(), "phone".into(), "whatsapp".into()],
        country_code: "91".into(),
        billing: Billing::default(),
        assumptions: Assumptions::default(),
    }
}

fn test(id: &str, code: &str, name: &str, aliases: &[&str], price: i64) -> Item {
    Item {
        id: ItemId(id.into()),
        kind: ItemKind::Test,
        code: code.into(),
        name: name.into(),
        aliases: aliases.iter().map(|alias| (*alias).into()).collect(),
        price: Money::major(price),
        specimen: Some("Blood, EDTA".into()),
        fasting: Some("no fasting".into()),
        turnaround: Some("same day".into()),
        includes: Vec::new(),
    }
}

pub fn items() -> Vec<Item> {
    let fever = Item {
        kind: ItemKind::Package,
        includes: ["t1", "t2", "t5"].map(|id| ItemId(id.into())).to_vec(),
        specimen: None,
        fasting: None,
        turnaround: None,
        ..test("p1", "FEV2", "Fever panel", &["dengue malaria"], 1_499)
    };
    vec![
        test("t1", "CBC", "Complete blood count", &["hemogram"], 350),
        test(
            "t2",
            "ESR",
            "Erythrocyte sedimentation rate",
            &["sed rate"],
            120,
        ),
        test(
            "t3",
            "TSH",
            "Thyroid stimulating hormone",
            &["thyroid"],
            300,
        ),
        test("t4", "LIPID", "Lipid profile", &["cholesterol"], 600),
        test("t5", "MPQ", "Malaria parasite, rapid antigen", &[], 250),
        fever,
    ]
}

/// The same rows at other prices.
pub fn repriced(add: i64) -> Vec<Item> {
    let dearer = |item: Item| Item {
        price: item.price + Money::major(add),
        ..item
    };
    items().into_iter().map(dearer).collect()
}

pub fn branches() -> Vec<Branch> {
    let branch = |id: &str, name: &str| Branch {
        id: BranchId(id.into()),
        name: name.into(),
        address: None,
        zone: None,
    };
    vec![
        branch("b1", "Koramangala"),
        branch("b2", "Indiranagar"),
        branch("b3", "Whitefield"),
    ]
}

/// Our number of what a draft became; the first form of a desk ends in 60.
pub fn id_of(draft: DraftId) -> IntentId {
    let nth = draft.0 - u64::try_from(morning().timestamp_micros()).unwrap();
    IntentId(format!(
        "FD-0193a5c2e8a47b10b2f35a7c9d1e4f{:02x}",
        0x60 + nth
    ))
}

impl Desk {
    /// A console that has drawn its first frame and heard nothing yet.
    pub fn bare(mode: Mode, size: (u16, u16)) -> Self {
        let offer = Arc::new(offer::of(&settings(mode)));
        let mut app = App::new(offer, Keymap::default(), morning(), size, 0);
        let effects = app.start();
        Self { app, effects }
    }

    /// A console with its branches.
    pub fn open() -> Self {
        Self::open_at(Mode::CatchAll, (120, 36))
    }

    pub fn open_at(mode: Mode, size: (u16, u16)) -> Self {
        let mut desk = Self::bare(mode, size);
        desk.answer_branches(Ok(branches()));
        desk.event(Event::BudgetChanged(BudgetLeft { left: 57, of: 60 }));
        desk
    }

    /// A console at Koramangala with its catalogue, the cursor on the phone.
    pub fn at_koramangala(size: (u16, u16)) -> Self {
        let mut desk = Self::open_at(Mode::CatchAll, size);
        desk.keys("<Enter>");
        desk.answer_catalogue(Ok(items()));
        desk
    }

    /// A console whose catalogue is too large to be searched in place.
    pub fn with_many_rows() -> Self {
        let mut desk = Self::open();
        desk.keys("<Enter>");
        let many = (0..25_000).map(|index| Item {
            id: ItemId(format!("x{index}")),
            code: format!("X{index}"),
            name: format!("Generated test {index}"),
            ..items().remove(0)
        });
        desk.answer_catalogue(Ok(items().into_iter().chain(many).collect()));
        desk
    }

    /// The same with the form of a pre-booking, the cursor on the name.
    pub fn at_pre_booking(size: (u16, u16)) -> Self {
        Self::at_pre_booking_of(Mode::CatchAll, size)
    }

    /// The same of an account of this mode; where it is asked for, the party is the first one.
    pub fn at_pre_booking_of(mode: Mode, size: (u16, u16)) -> Self {
        let settings = Settings {
            billing: Billing {
                lead_sources: vec!["FRONTDESK".into(), "CAMP".into()],
                barcode_prefix: Some("KOR".into()),
            },
            ..settings(mode)
        };
        let offer = Arc::new(offer::of(&settings));
        let mut app = App::new(offer, Keymap::default(), morning(), size, 0);
        let effects = app.start();
        let mut desk = Self { app, effects };
        desk.answer_branches(Ok(branches()));
        if desk.app.offer.is_party_required {
            desk.keys("<Enter>");
        }
        desk.keys("<Enter>").answer_catalogue(Ok(items()));
        desk.keys("<F7><F7>");
        desk
    }

    pub fn event(&mut self, event: Event) -> &mut Self {
        let effects = self.app.handle(event);
        self.effects.extend(effects);
        self
    }

    /// Types text; names of keys stand in angle brackets: `cbc<Enter><F2>`, `<C-n>`.
    pub fn keys(&mut self, keys: &str) -> &mut Self {
        let mut rest = keys;
        while let Some(first) = rest.chars().next() {
            let named = rest.strip_prefix('<').and_then(|rest| rest.split_once('>'));
            let (chord, after) = match named {
                Some((name, after)) => (chord(name), after),
                None => (
                    Chord::plain(Key::Char(first)),
                    rest.split_at(first.len_utf8()).1,
                ),
            };
            self.event(Event::KeyPressed(chord));
            rest = after;
        }
        self
    }

    pub fn answer_branches(&mut self, result: Result<Vec<Branch>, Failure>) -> &mut Self {
        let call = self.last(|effect| match effect {
            Effect::LoadBranches { call, .. } => Some(*call),
            _ => None,
        });
        self.event(Event::BranchesLoaded {
            call: call.expect("branches were asked for"),
            result,
        })
    }

    pub fn catalogue_call(&self) -> Option<CallId> {
        self.last(|effect| match effect {
            Effect::LoadCatalogue { call, .. } => Some(*call),
            _ => None,
        })
    }

    pub fn answer_catalogue(&mut self, result: Result<Vec<Item>, Failure>) -> &mut Self {
        let call = self.catalogue_call().expect("a catalogue was asked for");
        let result = result.map(|items| Arc::new(Catalogue::new(items)));
        self.event(Event::CatalogueLoaded { call, result })
    }

    /// The last copy of the branches, taken so long ago, as the answer that comes before the vendor's.
    pub fn copied_branches(&mut self, age: TimeDelta) -> &mut Self {
        let call = self.last(|effect| match effect {
            Effect::LoadBranches { call, .. } => Some(*call),
            _ => None,
        });
        self.event(Event::BranchesCopied {
            call: call.expect("branches were asked for"),
            branches: branches(),
            taken_at: morning() - age,
            is_current: false,
        })
    }

    /// The same for the catalogue.
    pub fn copied_catalogue(&mut self, items: Vec<Item>, age: TimeDelta) -> &mut Self {
        let call = self.catalogue_call().expect("a catalogue was asked for");
        self.event(Event::CatalogueCopied {
            call,
            catalogue: Arc::new(Catalogue::new(items)),
            taken_at: morning() - age,
            is_current: false,
        })
    }

    /// A whole patient, from the phone on.
    pub fn fill_patient(&mut self) -> &mut Self {
        self.keys("9876543210<Enter>Rahul Sharma<Enter>32<Enter>m")
    }

    /// What was last ordered to be saved.
    pub fn saved(&self) -> Option<(DraftId, Submission)> {
        self.last(|effect| match effect {
            Effect::Save {
                draft, submission, ..
            } => Some((*draft, (**submission).clone())),
            _ => None,
        })
    }

    pub fn saves(&self) -> usize {
        self.effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Save { .. }))
            .count()
    }

    /// The courier's word on the last save.
    pub fn tell(&mut self, state: State) -> &mut Self {
        let (draft, submission) = self.saved().expect("something was saved");
        self.tell_of(draft, submission, state)
    }

    pub fn tell_of(&mut self, draft: DraftId, submission: Submission, state: State) -> &mut Self {
        let mut facts = vec![Fact::Saved];
        if state != State::Saved {
            let why = "no answer".into();
            facts.push(Fact::Ended {
                number: 1,
                outcome: Outcome::Unknown { why },
            });
        }
        self.tell_standing((draft, submission), state, facts)
    }

    /// The state that follows from the facts.
    pub fn tell_facts(&mut self, facts: Vec<Fact>) -> &mut Self {
        let saved = self.saved().expect("something was saved");
        self.tell_standing(saved, state(&evidence(facts.clone())), facts)
    }

    fn tell_standing(
        &mut self,
        (draft, submission): (DraftId, Submission),
        state: State,
        facts: Vec<Fact>,
    ) -> &mut Self {
        let evidence = evidence(facts);
        let next = match state {
            State::Checking { .. } => Some(morning() + chrono::TimeDelta::seconds(42)),
            _ => None,
        };
        let intent = Intent {
            id: id_of(draft),
            profile: "demo".into(),
            saved_at: morning(),
            day: morning().date_naive(),
            follows: None,
            submission,
        };
        self.event(Event::IntentChanged(Box::new(Standing {
            intent,
            draft,
            state,
            evidence,
            next,
        })))
    }

    pub fn last<T>(&self, pick: impl Fn(&Effect) -> Option<T>) -> Option<T> {
        self.effects.iter().rev().find_map(pick)
    }

    pub fn buffer(&self) -> Buffer {
        let (width, height) = self.app.size;
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        terminal
            .draw(|frame| ui::draw(&self.app, Theme { has_colour: true }, frame))
            .unwrap();
        terminal.backend().buffer().clone()
    }

    /// The screen as text, the cursor as `▏` after nothing else.
    pub fn screen(&self) -> String {
        text(&self.buffer())
    }
}

fn evidence(facts: Vec<Fact>) -> Vec<Evidence> {
    let at = morning();
    let facts = facts.into_iter();
    facts.map(|fact| Evidence { at, fact }).collect()
}

pub fn text(buffer: &Buffer) -> String {
    let area = buffer.area;
    let mut screen = String::new();
    for row in 0..area.height {
        let mut line = String::new();
        let mut skip = 0;
        for column in 0..area.width {
            if skip > 0 {
                skip -= 1;
                continue;
            }
            let symbol = buffer[(column, row)].symbol();
            skip = unicode_width::UnicodeWidthStr::width(symbol).saturating_sub(1);
            line.push_str(symbol);
        }
        screen.push_str(line.trim_end());
        screen.push('\n');
    }
    screen
}

fn chord(name: &str) -> Chord {
    let key = match name {
        "Enter" => Key::Enter,
        "Esc" => Key::Esc,
        "Tab" => Key::Tab,
        "S-Tab" => Key::BackTab,
        "Backspace" => Key::Backspace,
        "Del" => Key::Delete,
        "Left" => Key::Left,
        "Right" => Key::Right,
        "Up" => Key::Up,
        "Down" => Key::Down,
        "Home" => Key::Home,
        "End" => Key::End,
        "PgDn" => Key::PageDown,
        "PgUp" => Key::PageUp,
        _ => match (name.strip_prefix("C-"), name.strip_prefix('F')) {
            (Some(letter), _) => return Chord::ctrl(letter.chars().next().unwrap()),
            (None, Some(number)) => Key::F(number.parse().unwrap()),
            (None, None) => panic!("no key is called {name}"),
        },
    };
    Chord::plain(key)
}

impl Desk {
    /// Answers the latest search of a large catalogue, as the finder would.
    pub fn answer_rows(&mut self) -> &mut Self {
        let asked = self.last(|effect| match effect {
            Effect::FindRows {
                call,
                catalogue,
                query,
            } => Some((*call, catalogue.clone(), query.clone())),
            _ => None,
        });
        let (call, catalogue, query) = asked.expect("rows were asked for");
        let hits = catalogue.search(&query, 100);
        self.event(Event::RowsFound { call, hits })
    }
}
