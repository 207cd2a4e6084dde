//! Cards over the panes: a titled box in the middle, its lines, and how far it is scrolled.

use ratatui::layout::Rect;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use super::theme::Role;
use super::{
    Canvas, changes, choices, custom, drafts, help, palette, panes, people, result, review,
    sign_in, worklist,
};
use crate::app::App;
use crate::app::popup::Popup;
use crate::app::scroll::Scroll;
use crate::domain::evidence::State;
use crate::domain::standing::Decision;
use crate::domain::submission::IntentId;
use crate::domain::text;

/// Columns of a card at most and at least.
const WIDEST: u16 = 76;
const NARROWEST: u16 = 48;

/// A card ready to be drawn.
pub(super) struct Card {
    pub title: String,
    pub role: Role,
    pub lines: Vec<Line<'static>>,
    /// Lines scrolled past; more than there are is as far as it goes.
    pub scroll: usize,
}

impl Card {
    pub fn new(title: impl Into<String>, role: Role) -> Self {
        Self {
            title: title.into(),
            role,
            lines: Vec::new(),
            scroll: 0,
        }
    }

    pub fn blank(&mut self) {
        self.lines.push(Line::default());
    }
}

/// Columns that a card's text has on a screen of this size.
pub(super) fn columns(area: Rect) -> usize {
    usize::from(area.width.saturating_sub(2).min(WIDEST).saturating_sub(4))
}

pub(super) fn draw(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    match app.popups.last() {
        Some(Popup::Help { page, scroll }) => {
            let card = help::card(app, *page, area, canvas.theme);
            show_scrolled(card, scroll, area, canvas);
        }
        Some(Popup::Review(review)) => {
            let card = review::card(app, review, area, canvas.theme);
            show_scrolled(card, &review.scroll, area, canvas);
        }
        Some(Popup::Result { draft, scroll }) => {
            let card = result::card(app, *draft, area, canvas.theme);
            show_scrolled(card, scroll, area, canvas);
        }
        Some(Popup::Worklist(list)) => worklist::draw(app, list, area, canvas),
        Some(Popup::Changes(list)) => changes::draw(app, list, area, canvas),
        Some(Popup::Custom(item)) => custom::draw(app, item, area, canvas),
        Some(Popup::Choose(chooser)) => choices::draw(app, chooser, area, canvas),
        Some(Popup::Drafts(list)) => drafts::drafts(app, list, area, canvas),
        Some(Popup::Palette(palette)) => palette::draw(app, palette, area, canvas),
        Some(Popup::People { cursor }) => people::draw(app, *cursor, area, canvas),
        Some(Popup::SignIn(code)) => sign_in::draw(app, code, area, canvas),
        Some(Popup::Found { number, .. }) => found(app, number, area, canvas),
        Some(Popup::Confirm {
            intent,
            decision,
            reason,
        }) => confirm(app, (intent, decision), reason, area, canvas),
        Some(Popup::Quit) => quit(app, area, canvas),
        None => {}
    }
}

/// Draws a card whose reader scrolls it.
fn show_scrolled(mut card: Card, scroll: &Scroll, area: Rect, canvas: &mut Canvas<'_>) {
    let rows = usize::from(area.height.saturating_sub(2));
    card.scroll = scroll.first(card.lines.len().saturating_sub(rows));
    show(&card, area, canvas);
}

/// Draws a card in the middle, no wider than its lines need; returns where its lines stand.
pub(super) fn show(card: &Card, area: Rect, canvas: &mut Canvas<'_>) -> Rect {
    let longest = card.lines.iter().map(Line::width).max().unwrap_or_default();
    let longest = longest.max(text::width(&card.title) + 2);
    let width = u16::try_from(longest + 4).unwrap_or(u16::MAX);
    let width = width
        .clamp(NARROWEST, WIDEST)
        .min(area.width.saturating_sub(2));
    let wanted = u16::try_from(card.lines.len()).unwrap_or(u16::MAX);
    let height = wanted.saturating_add(2).min(area.height);
    let place = Rect {
        x: area.x + (area.width - width) / 2,
        y: area.y + (area.height - height) / 2,
        width,
        height,
    };
    // A blank column on both sides keeps words that are cut by the card from touching it.
    let cleared = Rect {
        x: place.x - 1,
        width: width + 2,
        ..place
    };
    Clear.render(cleared, canvas.buffer);
    let style = canvas.theme.style(card.role);
    let block = Block::bordered()
        .border_style(style)
        .title(Span::styled(format!(" {} ", card.title), style));
    let inside = block.inner(place);
    block.render(place, canvas.buffer);
    let inside = Rect {
        x: inside.x + 1,
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let hidden = card.lines.len().saturating_sub(usize::from(inside.height));
    let first = card.scroll.min(hidden);
    for (row, line) in (0..).zip(card.lines.iter().skip(first)) {
        canvas.line(inside, row, line);
    }
    if first < hidden && inside.height > 0 {
        canvas.text_right(inside, inside.height - 1, " ▼ more: ↓", Role::Key);
    }
    inside
}

/// Words as lines of a card, broken between words.
pub(super) fn paragraph(words: &str, columns: usize) -> Vec<Line<'static>> {
    panes::wrap(words, columns)
        .into_iter()
        .map(Line::from)
        .collect()
}

fn found(app: &App, number: &tui_input::Input, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new("Found it", Role::Focus);
    let words = format!(
        "Type the number under which you found it at {}. It is kept as your word, with the time.",
        app.offer.vendor
    );
    card.lines.extend(paragraph(&words, columns(area)));
    card.blank();
    let row = u16::try_from(card.lines.len()).unwrap_or(0);
    card.blank();
    let inside = show(&card, area, canvas);
    canvas.text(inside, (0, row), "›Number", Role::Focus);
    canvas.input(inside, (9, row), number, Role::Plain);
}

fn confirm(
    app: &App,
    (intent, decision): (&IntentId, &Decision),
    reason: &tui_input::Input,
    area: Rect,
    canvas: &mut Canvas<'_>,
) {
    let vendor = app.offer.vendor;
    let mut standings = app.outbox.standings.iter();
    let standing = standings.find(|standing| standing.intent.id == *intent);
    let is_set = standing.is_some_and(|standing| standing.intent.submission.sets_state(&app.offer));
    let (title, words) = match decision {
        Decision::Resend if is_set => (
            "Send it again?",
            format!(
                "What reaches {vendor} last stands: if this booking was changed there since, that is undone. Look there first if you can."
            ),
        ),
        Decision::Resend => (
            "Send it again?",
            format!(
                "If the first try did arrive, {vendor} may hold this patient twice. Look there first if you can."
            ),
        ),
        Decision::Drop { .. } => (
            "Drop it?",
            format!("This desk will not send it again. If a try did arrive, it stays at {vendor}."),
        ),
        Decision::TakeBack | Decision::Found(_) => ("Sure?", String::new()),
    };
    let mut card = Card::new(title, Role::Warning);
    card.lines.extend(paragraph(&words, columns(area)));
    if !matches!(decision, Decision::Drop { .. }) {
        show(&card, area, canvas);
        return;
    }
    card.blank();
    let row = u16::try_from(card.lines.len()).unwrap_or(0);
    card.blank();
    let inside = show(&card, area, canvas);
    canvas.text(inside, (0, row), "›Why, if you like", Role::Focus);
    canvas.input(inside, (18, row), reason, Role::Plain);
}

fn quit(app: &App, area: Rect, canvas: &mut Canvas<'_>) {
    let mut card = Card::new("Leave the console?", Role::Warning);
    let columns = columns(area);
    let forms = app.unkept_forms();
    if forms > 0 {
        card.lines.extend(paragraph(&unkept(forms), columns));
    }
    for standing in app.outbox.open_here() {
        let name = standing.intent.submission.about();
        let then = match standing.state {
            State::NeedsYou { .. } => "waits on disk for your decision",
            State::Sending => {
                "its answer is awaited for some seconds more; without one it is looked into when the console is \
                 opened again"
            }
            _ => "stays on disk and goes on when the console is opened again",
        };
        card.lines.extend(paragraph(
            &format!("{name}: {}, {then}.", standing.state.word()),
            columns,
        ));
    }
    for tally in &app.elsewhere {
        let profile = &tally.profile;
        if tally.unkept_forms > 0 {
            let what = format!("{profile}: {}", unkept(tally.unkept_forms));
            card.lines.extend(paragraph(&what, columns));
        }
        if tally.saved + tally.checking > 0 {
            let words = palette::joined(&tally.words(), ", ");
            let then = "It stays on disk and goes on when that profile is opened again.";
            let what = format!("{profile}: {words}. {then}");
            card.lines.extend(paragraph(&what, columns));
        }
    }
    show(&card, area, canvas);
}

fn unkept(forms: usize) -> String {
    if forms == 1 {
        "1 form is not on disk. Leaving loses it.".to_owned()
    } else {
        format!("{forms} forms are not on disk. Leaving loses them.")
    }
}
