//! What is always visible: environment, vendor, branch, what is under way, the budget, the keys that work here.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::theme::Role;
use super::{Canvas, choices, palette, result};
use crate::app::focus::Focus;
use crate::app::keymap::Action;
use crate::app::known::KnownState;
use crate::app::popup::Popup;
use crate::app::review::Review;
use crate::app::terms::Terms;
use crate::app::{App, Tone};
use crate::domain::failure::Failure;
use crate::domain::offer::Input;
use crate::domain::standing::Decision;
use crate::domain::text;

/// Below this width the counters take a row of their own.
const ONE_ROW: u16 = 78;
/// The same where other profiles have something to tell.
const ONE_ROW_WITH_ELSEWHERE: u16 = 160;
/// From this width on there is room for every word.
const ROOMY: u16 = 100;

/// Below this width the key that leaves the console stands in the help alone.
const ROOM_TO_QUIT: u16 = 56;

/// Draws header, status line and footer; what is left is for the panes.
pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) -> Rect {
    let top = header(app, area, canvas);
    let status = Rect {
        y: area.bottom() - 2,
        height: 1,
        ..area
    };
    status_line(app, status, canvas);
    Rect {
        y: area.y + top,
        height: area.height - top - 2,
        ..area
    }
}

fn header(app: &App, area: Rect, canvas: &mut Canvas<'_>) -> u16 {
    let (word, role) = if app.offer.is_sandbox {
        ("SANDBOX", Role::Sandbox)
    } else {
        ("LIVE", Role::Live)
    };
    let is_roomy = area.width >= ROOMY;
    let mut column = 0;
    if is_roomy {
        column = put(canvas, area, column, " frontdesk", Role::Strong);
    }
    column = put(canvas, area, column, &format!(" {word} "), role);
    let counters = counters(app, is_roomy);
    let elsewhere = elsewhere(app, is_roomy);
    let one_row = if elsewhere.is_empty() {
        ONE_ROW
    } else {
        ONE_ROW_WITH_ELSEWHERE
    };
    let reach = match &app.sign_in.needed {
        Some(_) => Some("Sign in"),
        None => app.desk.failure.as_ref().map(reach_word),
    };
    let place = place(app, is_roomy);
    let beside = reach.map_or(0, |word| word.len() + 2) + text::width(&elsewhere);
    let room = usize::from(area.width.saturating_sub(column)).saturating_sub(beside);
    let all = text::width(&place) + 1 + text::width(&counters);
    // A name that does not fit beside the counters is not cut: they take a row of their own.
    let rows = if area.width < one_row || all > room {
        2
    } else {
        1
    };
    let taken = if rows == 1 {
        text::width(&counters) + 1
    } else {
        0
    };
    let shown = text::fit(&place, room.saturating_sub(taken));
    column = put(canvas, area, column, &shown, Role::Plain);
    if let Some(word) = reach {
        put(canvas, area, column + 1, word, Role::Strong);
    }
    canvas.text_right(area, rows - 1, &counters, Role::Plain);
    let before = Rect {
        width: area.width.saturating_sub(u16::try_from(taken).unwrap_or(0)),
        ..area
    };
    canvas.text_right(before, 0, &elsewhere, Role::Warning);
    rows
}

/// Writes words at a column of the header; answers where the next ones go.
fn put(canvas: &mut Canvas<'_>, area: Rect, column: u16, words: &str, role: Role) -> u16 {
    canvas.text(area, (column, 0), words, role);
    column.saturating_add(u16::try_from(text::width(words)).unwrap_or(0) + 1)
}

/// What is under way in other profiles, so that nothing is forgotten there: the most urgent, or all where there is room.
fn elsewhere(app: &App, is_roomy: bool) -> String {
    let mut words = app.elsewhere_words();
    if !is_roomy {
        words.truncate(1);
    }
    if words.is_empty() {
        return String::new();
    }
    format!("Elsewhere: {} ", palette::joined(&words, "  "))
}

/// Vendor and branch; the profile too where there is room, or where others are open that could be taken for it.
fn place(app: &App, is_roomy: bool) -> String {
    let branch = app
        .form
        .draft
        .branch
        .as_ref()
        .map(|branch| branch.name.as_str());
    let is_told = is_roomy || branch.is_none() || !app.elsewhere.is_empty();
    let profile = is_told.then_some(app.offer.profile.as_str());
    let parts = [Some(app.offer.vendor), profile, branch];
    parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
}

/// One neutral word for a vendor that does not answer as it should.
fn reach_word(failure: &Failure) -> &'static str {
    match failure {
        Failure::Offline(_) => "Offline",
        Failure::SignedOut(_) | Failure::CodeNeeded(_) => "Sign in",
        Failure::Busy(_) => "Busy",
        Failure::Refused(_) | Failure::WrongShape(_) => "No lists",
    }
}

fn counters(app: &App, is_roomy: bool) -> String {
    let outbox = &app.outbox;
    let (gap, label) = if is_roomy {
        ("  ", "Requests ")
    } else {
        (" ", "")
    };
    let words = [
        format!("Saved {}", outbox.saved()),
        format!("Checking {}", outbox.checking()),
        format!("Needs you {}", outbox.needs_you()),
    ];
    // Where the vendor publishes no limit, the console's own is nothing to go by.
    let budget = outbox
        .budget
        .filter(|_| app.offer.budget.is_some())
        .map(|budget| format!("{gap}{label}{}/{}", budget.left, budget.of));
    format!("{}{} ", words.join(gap), budget.unwrap_or_default())
}

fn status_line(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    if let Some(notice) = app.notices.shown() {
        let (mark, role) = match notice.tone {
            Tone::Plain => (" ", Role::Plain),
            Tone::Good => ("✓ ", Role::Good),
            Tone::Warning => ("! ", Role::Warning),
            Tone::Bad => ("✗ ", Role::Bad),
        };
        return canvas.text(area, (1, 0), &format!("{mark}{}", notice.words), role);
    }
    if app.popups.is_empty() {
        canvas.text(area, (2, 0), &hint(app), Role::Dim);
    }
}

/// What can be done where the focus is.
fn hint(app: &App) -> String {
    match app.focus {
        Focus::Branch => "Arrows or a first letter move, Enter chooses the branch".to_owned(),
        Focus::Party => "Whose prices: arrows or a first letter move, Enter chooses".to_owned(),
        Focus::Field(key) => app.field(key).map_or_else(String::new, |field| {
            let code = app.code_hint();
            let code = code.filter(|_| field.input == Input::PatientCode);
            code.unwrap_or_else(|| field.help.to_owned())
        }),
        Focus::Search => "Type a code, a name or another name; Enter picks the row".to_owned(),
        Focus::When if app.size.0 < ONE_ROW => {
            "Arrows move, PgDn a week on; or type a day or time".to_owned()
        }
        Focus::When => {
            "Arrows move, PgDn a week on, Home next free; type a day or time to go there".to_owned()
        }
        Focus::Lines => "Arrows move, Del removes the line".to_owned(),
        Focus::Discount => "An amount (100) or a share (10%)".to_owned(),
        Focus::Kind => kind_hint(app),
    }
}

/// How another kind is chosen, where there is one.
fn kind_hint(app: &App) -> String {
    let draft = &app.form.draft;
    match app.offer.kinds.as_slice() {
        _ if draft.subject.is_some() => String::new(),
        [only] => format!("Only {} here", only.kind.word_within()),
        _ => format!("Arrows or a first letter: {}", app.offer.kind_words()),
    }
}

/// The keys of what is on top, in the last row. A card says first whether there is more of it to see.
pub(super) fn footer(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let bottom = Rect {
        y: area.bottom() - 1,
        height: 1,
        ..area
    };
    let keys: Vec<(String, String)> = match app.popups.last() {
        Some(popup) => popup_keys(app, popup),
        None => command_keys(app),
    };
    let mut spans = vec![Span::raw(" ")];
    for (key, label) in fitting(app, keys, area.width) {
        spans.push(Span::styled(key, canvas.theme.style(Role::Key)));
        spans.push(Span::styled(format!(" {label}  "), Style::new()));
    }
    canvas.line(bottom, 0, &Line::from(spans));
}

/// As many as there is room for: the last ones go first, but never the way to send, the help and the way out.
fn fitting(app: &App, mut keys: Vec<(String, String)>, width: u16) -> Vec<(String, String)> {
    let columns = |keys: &[(String, String)]| -> usize {
        let keys = keys.iter();
        let widths = keys.map(|(key, label)| text::width(key) + text::width(label) + 3);
        // The two blanks behind the last one need no room.
        widths.sum::<usize>().saturating_sub(1)
    };
    let [review, help, quit] =
        [Action::Review, Action::Help, Action::Quit].map(|action| app.keymap.key(action));
    let is_needed = |key: &str| match key {
        "Esc" => !app.popups.is_empty(),
        key if key == quit => width >= ROOM_TO_QUIT,
        key => key == review || key == help,
    };
    while columns(&keys) > usize::from(width) {
        let last = keys.iter().rposition(|(key, _)| !is_needed(key));
        let Some(last) = last.filter(|last| *last > 0) else {
            break;
        };
        keys.remove(last);
    }
    keys
}

/// The commands, the most needed first, so that a narrow screen shows those.
fn command_keys(app: &App) -> Vec<(String, String)> {
    let review = if app.size.0 >= ROOMY {
        "review and send"
    } else {
        "review"
    };
    let mut order = vec![
        (Action::Review, review),
        (Action::Search, app.label(Action::Search)),
        (Action::Help, "help"),
        (Action::Palette, "commands"),
        (Action::SwitchKind, "kind"),
        (Action::Quit, "quit"),
        (Action::People, app.label(Action::People)),
        (Action::NewForm, "new form"),
        (Action::CustomItem, "custom item"),
        (Action::Discount, "discount"),
    ];
    let has_lists = app.has_items() || app.slot_source().is_some();
    order.retain(|(action, _)| match action {
        Action::Search => match app.focus {
            Focus::Search => false,
            Focus::When => app.has_items(),
            _ => has_lists,
        },
        Action::SwitchKind => app.has_other_kinds(),
        Action::People => app.finds_patients(),
        Action::CustomItem => app.has_items(),
        Action::Discount => app.is_priced(),
        _ => true,
    });
    if !app.outbox.standings.is_empty() {
        order.insert(2, (Action::Worklist, "worklist"));
    }
    let waiting = app.waiting_count();
    let drafts = if waiting == 1 {
        "1 draft".to_owned()
    } else {
        format!("{waiting} drafts")
    };
    if waiting > 0 {
        order.insert(2, (Action::Drafts, &drafts));
    }
    let keys = order
        .into_iter()
        .map(|(action, label)| (app.keymap.key(action), label.to_owned()));
    let here = match app.focus {
        Focus::When => vec![("Enter", "take"), ("Esc", "back")],
        _ if app.is_at_start_of_change() => vec![("Tab", "next"), ("Esc", "leave")],
        _ => vec![("Tab", "next")],
    };
    let here = here
        .into_iter()
        .map(|(key, label)| (key.to_owned(), label.to_owned()));
    here.chain(keys).collect()
}

fn popup_keys(app: &App, popup: &Popup) -> Vec<(String, String)> {
    let fixed: &[(&str, &'static str)] = match popup {
        Popup::Help { scroll, .. } if scroll.has_more() => {
            &[("←→", "page"), ("↑↓", "scroll"), ("Esc", "close")]
        }
        Popup::Help { .. } => &[("←→", "page"), ("Esc", "close")],
        Popup::Review(review) => return review_keys(app, review),
        Popup::Custom(_) => &[
            ("Enter", "add"),
            ("Tab", "next"),
            ("Esc", "back, kept for later"),
        ],
        Popup::Choose(chooser) => choices::keys(app, chooser),
        Popup::SignIn(_) => {
            let again = app.keymap.key(Action::SignIn);
            return owned(&[
                ("Enter", "sign in"),
                (&again, "send another code"),
                ("Esc", "later"),
            ]);
        }
        Popup::Drafts(list) if list.asks.is_some() => &[("Enter", "drop it"), ("Esc", "keep it")],
        Popup::Drafts(_) => &[
            ("Enter", "open"),
            ("↑↓", "choose"),
            ("Del", "drop"),
            ("Esc", "close"),
        ],
        Popup::Palette(_) => &[
            ("Enter", "run"),
            ("↑↓", "choose"),
            ("letters", "find"),
            ("Esc", "close"),
        ],
        Popup::People { .. } if app.lists_nobody() => match app.known_state() {
            KnownState::Failed(Failure::Refused(_)) => &[("Esc", "back")],
            KnownState::Failed(_) => &[("Enter", "ask again"), ("Esc", "back")],
            _ => &[("Esc", "back")],
        },
        Popup::People { .. } => &[
            ("Enter", "fill in"),
            ("↑↓", "choose"),
            ("Esc", "none of them"),
        ],
        Popup::Found { .. } => &[("Enter", "keep the number"), ("Esc", "back")],
        Popup::Confirm {
            decision: Decision::Drop { .. },
            ..
        } => &[("Enter", "drop it"), ("Esc", "back")],
        Popup::Confirm { .. } => &[("Enter", "yes"), ("Esc", "no")],
        Popup::Worklist(list) => return worklist_keys(app, list.is_of_day),
        Popup::Changes(_) => &[("Enter", "choose"), ("↑↓", "move"), ("Esc", "back")],
        Popup::Quit => &[("Enter", "leave"), ("Esc", "stay")],
        Popup::Result { draft, scroll } => return result::keys(app, *draft, scroll),
    };
    owned(fixed)
}

fn owned(keys: &[(&str, &str)]) -> Vec<(String, String)> {
    let keys = keys.iter();
    keys.map(|(key, label)| ((*key).to_owned(), (*label).to_owned()))
        .collect()
}

/// What the read-back card takes depends on whether it can be sent as it stands.
fn review_keys(app: &App, review: &Review) -> Vec<(String, String)> {
    let again = app.keymap.key(Action::Review);
    let waits = matches!(review.terms, Some(Terms::Asking | Terms::Failed(_)));
    let first = match &review.submission {
        Err(_) => ("Enter", "go to the first one"),
        Ok(_) if waits => (again.as_str(), "ask again"),
        Ok(_) if review.has_changed => ("Enter", "I have read it"),
        Ok(_) if review.asks_agreement() => ("y", "agree and send"),
        Ok(_) => ("Enter", "send"),
    };
    let back = ("Esc", "back to the form");
    if review.scroll.has_more() {
        owned(&[first, ("↑↓", "scroll"), back])
    } else {
        owned(&[first, back])
    }
}

fn worklist_keys(app: &App, is_of_day: bool) -> Vec<(String, String)> {
    let refresh = app.keymap.key(Action::Refresh);
    if is_of_day {
        let change = app.chosen_of_day().is_some_and(|row| row.can_be_cancelled);
        let mut keys = owned(&[
            ("←→", "day"),
            ("Tab", "this desk's list"),
            (&refresh, "ask again"),
            ("Esc", "back"),
        ]);
        if change {
            keys.splice(0..0, owned(&[("Enter", "change")]));
        }
        return keys;
    }
    let mut keys = match app.outbox.standings.as_slice() {
        [] => Vec::new(),
        _ => owned(&[("Enter", "open"), ("letters", "find")]),
    };
    if app.offer.has_day_list {
        keys.extend(owned(&[("Tab", "the vendor's day")]));
    }
    if !app.outbox.standings.is_empty() {
        keys.extend(owned(&[("↑↓", "move")]));
    }
    keys.extend(owned(&[("Esc", "back")]));
    keys
}
