//! The palette, and the other profiles of the console as far as it knows them.

use frontdesk::app::palette::{Entry, profile_words};
use frontdesk::app::popup::Popup;
use frontdesk::app::profiles::{ProfileName, Tally};
use frontdesk::app::{Effect, Event};
use frontdesk::domain::evidence::State;
use frontdesk::domain::offer::FieldKey;
use frontdesk::ui::{self, theme::Theme};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::style::{Color, Modifier};
use rstest::rstest;

use crate::desk::Desk;

fn profile(name: &str, is_sandbox: bool, is_here: bool) -> ProfileName {
    ProfileName {
        name: name.into(),
        vendor: "Flabs".into(),
        is_sandbox,
        is_here,
    }
}

fn tally(profile: &str) -> Tally {
    Tally {
        profile: profile.into(),
        ..Tally::default()
    }
}

impl Desk {
    /// A live profile of the file that is open too, and the built-in ones, one of which is shown.
    pub fn with_profiles(&mut self) -> &mut Self {
        self.app.profiles = vec![
            profile("koramangala-live", false, false),
            profile("demo", true, true),
            profile("demo-b2b", true, false),
        ];
        self.event(Event::ElsewhereCounted(vec![Tally {
            needs_you: 1,
            saved: 2,
            ..tally("koramangala-live")
        }]))
    }

    /// What the palette finds, in its order.
    fn found(&self, filter: &str) -> Vec<String> {
        let rows = self.app.palette(filter).into_iter();
        let words = rows.map(|entry| match entry {
            Entry::Command(command) => command.name.to_owned(),
            Entry::Profile(profile) => profile_words(profile),
        });
        words.collect()
    }

    fn opened(&self) -> Vec<&str> {
        let effects = self.effects.iter();
        let opened = effects.filter_map(|effect| match effect {
            Effect::OpenProfile(name) => Some(name.as_str()),
            _ => None,
        });
        opened.collect()
    }

    fn phone(&self) -> &str {
        self.app.form.draft.value(FieldKey::Phone)
    }
}

fn desk() -> Desk {
    let mut desk = Desk::at_koramangala((120, 36));
    desk.with_profiles();
    desk
}

#[test]
fn it_lists_every_command_with_its_key_and_every_profile_with_what_is_under_way() {
    let mut desk = desk();
    desk.keys("<C-p>");
    let screen = desk.screen();
    for words in [
        "review and send   read back and send",
        "F2 │",
        "Ctrl+X │",
        "Go to koramangala-live · Flabs · LIVE",
        "Needs you 1  Saved 2 │",
        "Go to demo · Flabs · SANDBOX",
        "here │",
        "Go to demo-b2b · Flabs · SANDBOX",
    ] {
        assert!(screen.contains(words), "{words}\n{screen}");
    }
    assert!(!desk.found("").contains(&"commands".to_owned()));
    // All but the palette's own and the sign-in's: nobody asks for a code here.
    assert!(!desk.found("").contains(&"sign in".to_owned()));
    assert_eq!(desk.found("").len(), 13 + 3);
}

#[test]
fn what_begins_with_the_letters_comes_first() {
    let desk = desk();
    let found = desk.found("re");
    assert_eq!(found[..3], ["review", "refresh", "redraw"]);
    // Elsewhere in its name, then in what is told of it.
    let found = desk.found("form");
    assert_eq!(found[0], "new-form");
    assert!(found[1..].contains(&"drafts".to_owned()), "{found:?}");
    assert_eq!(desk.found("f5"), ["worklist"]);
    let found = desk.found("LIVE");
    assert_eq!(found, ["Go to koramangala-live · Flabs · LIVE"]);
    assert_eq!(desk.found("b2b go")[0], "Go to demo-b2b · Flabs · SANDBOX");
    let demos = [
        "Go to demo · Flabs · SANDBOX",
        "Go to demo-b2b · Flabs · SANDBOX",
    ];
    assert_eq!(desk.found("demo"), demos);
    assert!(desk.found("nothing of the kind").is_empty());
}

#[test]
fn enter_runs_a_command_as_its_key_does() {
    let mut desk = desk();
    desk.keys("<C-p>workl<Enter>");
    assert!(matches!(desk.app.popups[..], [Popup::Worklist(_)]));
    desk.keys("<C-p>");
    assert!(matches!(
        desk.app.popups[..],
        [Popup::Worklist(_), Popup::Palette(_)]
    ));
    desk.keys("search<Enter>");
    assert!(desk.screen().contains("F3 works on the form"));
    assert!(matches!(desk.app.popups[..], [Popup::Worklist(_)]));
}

#[test]
fn esc_leads_back_to_what_was_there() {
    let mut desk = desk();
    desk.keys("98765<C-p>disc<Esc>43210");
    assert_eq!(desk.phone(), "9876543210");
    desk.fill_patient().keys("<F3>cbc<Enter><F2><C-p><Esc>");
    assert!(matches!(desk.app.popups[..], [Popup::Review(_)]));
    assert!(desk.opened().is_empty());
}

#[test]
fn arrows_and_the_key_itself_choose_and_stay_in_the_list() {
    let mut desk = desk();
    desk.keys("<C-p>demo<Down><Down><Down><Enter>");
    assert_eq!(desk.opened(), ["demo-b2b"]);
    let mut desk = self::desk();
    desk.keys("<C-p>demo<Up><C-p><C-p><C-p><Enter>");
    assert_eq!(desk.opened(), ["demo-b2b"]);
}

#[test]
fn where_one_is_already_it_only_closes() {
    let mut desk = desk();
    desk.keys("<C-p>go to demo<Enter>98");
    assert!(desk.opened().is_empty());
    assert_eq!(desk.phone(), "98");
}

#[test]
fn nothing_is_run_where_nothing_is_found() {
    let mut desk = desk();
    desk.keys("<C-p>zzz<Enter>");
    assert!(desk.screen().contains("Nothing is called so"));
    assert!(matches!(desk.app.popups[..], [Popup::Palette(_)]));
}

#[test]
fn what_is_typed_behind_the_choice_belongs_to_the_other_profile() {
    let mut desk = desk();
    desk.keys("98<C-p>b2b<Enter>77<Esc>");
    desk.event(Event::Pasted("11".into()));
    assert_eq!(desk.phone(), "98");
    let ahead = desk.app.hand_over();
    let mut other = self::desk();
    for event in ahead {
        other.event(event);
    }
    // Esc led to the branch, where nothing can be pasted.
    assert_eq!(other.phone(), "77");
    desk.keys("765");
    assert_eq!(desk.phone(), "98765");
}

#[test]
fn a_profile_that_cannot_be_opened_says_why_and_its_keys_fall_nowhere() {
    let mut desk = desk();
    desk.keys("98<C-p>live<Enter>77");
    let why = "the client secret of profile \"koramangala-live\" is missing".to_owned();
    desk.event(Event::ProfileNotOpened { why });
    let screen = desk.screen();
    assert!(screen.contains("Still here: the client secret"), "{screen}");
    desk.keys("<Esc>765");
    assert_eq!(desk.phone(), "98765");
}

#[test]
fn it_waits_until_a_form_that_is_sent_is_on_disk() {
    let mut desk = desk();
    desk.fill_patient().keys("<F3>cbc<Enter><F2><Enter><C-p>");
    assert!(matches!(desk.app.popups[..], [Popup::Result { .. }]));
    desk.tell(State::Saved);
    assert!(matches!(
        desk.app.popups[..],
        [Popup::Result { .. }, Popup::Palette(_)]
    ));
}

#[rstest]
#[case(Tally { saved: 1, ..tally("demo-b2b") }, "demo-b2b: Saved 1. It stays on disk")]
#[case(Tally { checking: 1, ..tally("demo-b2b") }, "demo-b2b: Checking 1. It stays on disk")]
#[case(Tally { unkept_forms: 1, ..tally("demo-b2b") }, "demo-b2b: 1 form is not on disk")]
fn leaving_asks_about_what_is_under_way_elsewhere(#[case] other: Tally, #[case] words: &str) {
    let mut desk = desk();
    desk.event(Event::ElsewhereCounted(vec![other]))
        .keys("<C-x>");
    assert!(desk.screen().contains(words), "{}", desk.screen());
    let quits = |desk: &Desk| desk.last(|effect| matches!(effect, Effect::Quit).then_some(()));
    assert_eq!(quits(&desk), None);
    desk.keys("<Enter>");
    assert_eq!(quits(&desk), Some(()));
}

#[test]
fn leaving_does_not_ask_about_what_is_settled_elsewhere() {
    let mut desk = desk();
    let settled = Tally {
        needs_you: 1,
        not_accepted: 1,
        ..tally("demo-b2b")
    };
    desk.event(Event::ElsewhereCounted(vec![settled]))
        .keys("<C-x>");
    assert!(
        desk.last(|effect| matches!(effect, Effect::Quit).then_some(()))
            .is_some()
    );
}

#[rstest]
#[case((60, 20))]
#[case((80, 24))]
#[case((99, 24))]
#[case((100, 24))]
#[case((120, 36))]
#[case((159, 36))]
#[case((160, 36))]
fn the_header_tells_what_is_under_way_elsewhere_beside_its_own(#[case] size: (u16, u16)) {
    let mut desk = Desk::at_koramangala(size);
    let head = |desk: &Desk| {
        let screen = desk.screen();
        screen.lines().take(2).collect::<Vec<_>>().join("\n")
    };
    assert!(!head(&desk).contains("Elsewhere"));
    desk.with_profiles();
    let told = head(&desk);
    for words in [
        "SANDBOX",
        "Flabs · demo",
        "Elsewhere: Needs you 1",
        "Saved 0",
        "57/60",
    ] {
        assert!(told.contains(words), "{words}\n{told}");
    }
    assert_eq!(
        told.contains("Needs you 1  Saved 2"),
        size.0 >= 100,
        "{told}"
    );
    desk.event(Event::ElsewhereCounted(vec![tally("koramangala-live")]));
    let told = head(&desk);
    assert!(!told.contains("Elsewhere"), "{told}");
}

#[rstest]
fn every_screen_of_it_at_every_size(
    #[values(
        "palette",
        "palette-found",
        "palette-nothing",
        "elsewhere",
        "quit-elsewhere"
    )]
    name: &str,
    #[values((60, 20), (80, 24), (120, 36))] size: (u16, u16),
) {
    let mut desk = Desk::at_koramangala(size);
    desk.with_profiles();
    desk.keys(match name {
        "palette" => "<C-p>",
        "palette-found" => "<C-p>go<Down>",
        "palette-nothing" => "<C-p>zzz",
        "elsewhere" => "98",
        _ => "<C-x>",
    });
    let label = format!("{name}-{}x{}", size.0, size.1);
    insta::with_settings!({ snapshot_path => "screens", prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(label, desk.screen());
    });
}

#[test]
fn every_size_is_safe() {
    let mut desk = desk();
    for keys in ["<C-p>", "<PgDn>", "go"] {
        desk.keys(keys);
        for width in (1..=250).step_by(7) {
            for height in 1..=80 {
                let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
                let theme = Theme { has_colour: true };
                let drawn = terminal.draw(|frame| ui::draw(&desk.app, theme, frame));
                drawn.unwrap();
            }
        }
    }
}

#[test]
fn without_colour_the_chosen_row_still_stands_out() {
    let mut desk = desk();
    desk.keys("<C-p>worklist");
    let mut terminal = Terminal::new(TestBackend::new(120, 36)).unwrap();
    let theme = Theme { has_colour: false };
    let drawn = terminal.draw(|frame| ui::draw(&desk.app, theme, frame));
    let cells = drawn.unwrap().buffer.content();
    assert!(cells.iter().all(|cell| cell.fg == Color::Reset));
    let reversed = cells
        .iter()
        .filter(|cell| cell.modifier.contains(Modifier::REVERSED));
    let reversed: String = reversed.map(ratatui::buffer::Cell::symbol).collect();
    assert!(reversed.contains("worklist"), "{reversed}");
}
