//! The worklist over the panes: state words with their counts, the filter, and a row for each submission.

use chrono::{DateTime, Utc};
use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line, Span};
use ratatui::widgets::{Block, Clear, Widget};

use super::Canvas;
use super::day;
use super::panes::{fill, in_sight, list, rows_from};
use super::result::{look, next};
use super::theme::{Role, Theme};
use crate::app::App;
use crate::app::worklist::Worklist;
use crate::domain::evidence::State;
use crate::domain::schedule;
use crate::domain::standing::{self, Standing};
use crate::domain::submission::Submission;
use crate::domain::text;
use crate::domain::turn;

/// Columns of the state: a mark and the longest word.
const STATE: usize = 15;
const TIME: usize = 7;
const KIND: usize = 14;
/// The phone number of any country at most.
const PHONE: usize = 18;
const TOTAL: usize = 11;
/// A status and a number, and the longest number of a vendor on a wide screen.
const NOTE: usize = 20;
const WIDE_NOTE: usize = 26;
/// Of a name that gives way to a longer number, so much is left.
const NAME: usize = 8;

/// From these widths on there is room for a column more.
const WITH_PHONE: usize = 52;
const WITH_NOTE: usize = 70;
const WITH_ALL: usize = 107;

pub(super) fn draw(app: &App, worklist: &Worklist, area: Rect, canvas: &mut Canvas<'_>) {
    if worklist.is_of_day {
        return day::draw(app, area, canvas);
    }
    Clear.render(area, canvas.buffer);
    let style = canvas.theme.style(Role::Focus);
    let title = fitting(title(app), usize::from(area.width).saturating_sub(4));
    let block = Block::bordered()
        .border_style(style)
        .title(Span::styled(format!(" {title} "), style));
    let inside = block.inner(area);
    block.render(area, canvas.buffer);
    let inside = Rect {
        x: inside.x + 1,
        width: inside.width.saturating_sub(2),
        ..inside
    };
    let found = format!("{} of {}", worklist.rows.len(), app.outbox.standings.len());
    canvas.text(inside, (0, 0), "Find", Role::Focus);
    let room = u16::try_from(found.len() + 1).unwrap_or(0);
    let field = Rect {
        width: inside.width.saturating_sub(room),
        ..inside
    };
    canvas.input(field, (6, 0), &worklist.filter, Role::Plain);
    canvas.text_right(inside, 0, &found, Role::Dim);
    let mut top = 1;
    for words in warnings(app) {
        canvas.text(inside, (0, top), &format!("! {words}"), Role::Warning);
        top += 1;
    }
    rows(app, worklist, rows_from(inside, top), canvas);
}

/// The counts by state, what needs a person first.
fn title(app: &App) -> [String; 2] {
    let standings = &app.outbox.standings;
    let mut counts: Vec<(&State, usize)> = Vec::new();
    for standing in standings {
        let word = standing.state.word();
        match counts.iter_mut().find(|(state, _)| state.word() == word) {
            Some((_, count)) => *count += 1,
            None => counts.push((&standing.state, 1)),
        }
    }
    counts.sort_by_key(|(state, _)| (place(state), state.word()));
    let join = |short: bool| {
        let parts = counts.iter().map(|(state, count)| {
            let label = if short { look(state).1 } else { state.word() };
            format!("{label} {count}")
        });
        let parts: Vec<_> = std::iter::once("Worklist".to_owned())
            .chain(parts)
            .collect();
        parts.join(if short { "  " } else { " · " })
    };
    [join(false), join(true)]
}

/// What asks for a person stands first, what is settled last.
fn place(state: &State) -> u8 {
    match state {
        State::NeedsYou { .. } => 0,
        State::PossibleDouble { .. } | State::Checking { .. } => 1,
        state if state.is_settled() => 3,
        _ => 2,
    }
}

/// The words, or the marks where there is no room for them.
fn fitting([long, short]: [String; 2], room: usize) -> String {
    if text::width(&long) <= room {
        long
    } else {
        text::fit(&short, room)
    }
}

/// What is not on the list although it should be.
fn warnings(app: &App) -> Vec<String> {
    let outbox = &app.outbox;
    let failure = outbox
        .failure
        .as_ref()
        .map(|why| format!("The list may not be complete: {why}"));
    let damage = match outbox.damaged.as_slice() {
        [] => None,
        [one] => Some(one.clone()),
        [first, rest @ ..] => Some(format!("{first}, and {} more", rest.len())),
    };
    [failure, damage].into_iter().flatten().collect()
}

fn rows(app: &App, worklist: &Worklist, area: Rect, canvas: &mut Canvas<'_>) {
    if worklist.rows.is_empty() {
        let words = if worklist.filter.value().is_empty() {
            "Nothing was sent today, is due, or is open"
        } else {
            "Nothing is found: Esc shows all"
        };
        return canvas.text(area, (0, 1), words, Role::Dim);
    }
    let (theme, width) = (canvas.theme, usize::from(area.width));
    let rows = (worklist.rows.as_slice(), worklist.cursor);
    let phones = in_sight(area, rows).iter().filter_map(|place| {
        let standing = app.outbox.standings.get(*place)?;
        Some(text::width(
            &standing.intent.submission.patient.phone_words(),
        ))
    });
    let phone = phones.max().map_or(0, |longest| (longest + 1).min(PHONE));
    let notes = in_sight(area, rows).iter().filter_map(|place| {
        let standing = app.outbox.standings.get(*place)?;
        let is_accepted = matches!(standing.state, State::Accepted { .. });
        let has_status = standing.leaves_old(&app.offer) || changed(app, standing).is_some();
        (is_accepted && has_status).then(|| text::width(&note(app, standing, usize::MAX)))
    });
    let left = width.saturating_sub(TIME + STATE + NAME + phone);
    let note = notes.max().map_or(0, |longest| longest.min(left)).max(NOTE);
    let columns = Columns { width, phone, note };
    list(canvas, area, rows, |place, is_chosen| {
        let standing = app.outbox.standings.get(*place);
        standing.map_or_else(Line::default, |standing| {
            entry(
                app,
                standing,
                columns,
                is_chosen.then_some(theme.style(Role::Selected)),
                theme,
            )
        })
    });
}

/// What the rows of a list have in common.
#[derive(Clone, Copy)]
struct Columns {
    width: usize,
    /// As wide as the longest in sight.
    phone: usize,
    /// As wide as the longest number with a status, on a screen that is not wide: the name gives way before they do.
    note: usize,
}

fn entry(
    app: &App,
    standing: &Standing,
    Columns {
        width,
        phone,
        note: told,
    }: Columns,
    chosen: Option<Style>,
    theme: Theme,
) -> Line<'static> {
    let submission = &standing.intent.submission;
    let (role, mark) = look(&standing.state);
    let has_all = width >= WITH_ALL;
    let kind = submission.word(&app.offer);
    let mut fixed = TIME + STATE;
    if has_all {
        fixed += KIND + WIDE_NOTE + TOTAL;
    } else if width >= WITH_NOTE {
        fixed += told;
    }
    let own_phone = submission.patient.phone_words();
    let has_phone = has_all || (width >= WITH_PHONE && !own_phone.is_empty());
    let phone = if has_phone { phone } else { 0 };
    let room = width.saturating_sub(fixed);
    let (name, phone) = if has_all {
        (submission.about(), phone)
    } else {
        who(submission, kind, room, phone)
    };
    let mut tail = fill(&own_phone, phone);
    fixed += phone;
    if has_all {
        tail.push_str(&fill(kind, KIND));
        tail.push_str(&fill(&note(app, standing, WIDE_NOTE - 1), WIDE_NOTE));
        let price = submission.price(&app.offer);
        let total = price.map_or_else(String::new, |price| app.offer.currency.show(price));
        tail.push_str(&" ".repeat(TOTAL.saturating_sub(text::width(&total))));
        tail.push_str(&total);
    } else if width >= WITH_NOTE {
        tail.push_str(&text::fit(&note(app, standing, told), told));
    }
    let name = fill(&name, width.saturating_sub(fixed));
    let time = fill(&saved_at(app, standing.intent.saved_at), TIME);
    let state = fill(&format!("{mark} {}", standing.state.word()), STATE);
    let ground = chosen.unwrap_or_default();
    let state_style = chosen.unwrap_or_else(|| theme.style(role));
    Line::from(vec![
        Span::styled(time, ground),
        Span::styled(state, state_style),
        Span::styled(format!("{name}{tail}"), ground),
    ])
}

/// Who it is for and how wide the phone is, where the kind has no column of its own. The phone is not given up for the
/// kind, but a change says what it is: the row of its record has the phone.
fn who(submission: &Submission, kind: &str, room: usize, phone: usize) -> (String, usize) {
    let name = submission.about();
    let with_kind = match name.as_str() {
        "" => kind.to_owned(),
        name => format!("{kind} · {name}"),
    };
    if text::width(&with_kind) + phone < room || name.is_empty() {
        (with_kind, phone)
    } else if submission.subject.is_some() {
        (with_kind, 0)
    } else {
        (name, phone)
    }
}

/// `10:42`, or the day where it was another one of the vendor's.
pub(super) fn saved_at(app: &App, at: DateTime<Utc>) -> String {
    let local = at.with_timezone(&app.offer.zone);
    let is_today = schedule::is_same_day(at, app.now, app.offer.day_zone);
    let format = if is_today { "%H:%M" } else { "%-d %b" };
    local.format(format).to_string()
}

/// The vendor's number, or what comes next.
fn note(app: &App, standing: &Standing, room: usize) -> String {
    let left = next(app, standing);
    let first = turn::waits_for(standing, &app.outbox.standings);
    match (&standing.state, left) {
        (State::Accepted { number }, _) => accepted(app, standing, number.as_deref(), room),
        (State::NotAccepted { reasons }, _) => reasons
            .first()
            .map(|reason| reason.words.clone())
            .unwrap_or_default(),
        (State::Saved, _) if first.is_some() => {
            let first = first.map_or("", |first| first.intent.submission.word(&app.offer));
            format!("waits for {first}")
        }
        (State::Checking { .. }, Some(left)) => format!("next look in {left}"),
        (State::Saved, Some(left)) if standing.has_left() => format!("next try in {left}"),
        (State::Saved, Some(left)) => format!("leaves in {left}"),
        (State::NeedsYou { .. }, _) => "Enter to decide".to_owned(),
        (State::PossibleDouble { numbers }, _) => numbers.join(" and "),
        _ => String::new(),
    }
}

/// The number of its record, and what that has come to. A change that made none tells whose it is: a number of its own
/// would look like a booking's.
fn accepted(app: &App, standing: &Standing, number: Option<&str>, room: usize) -> String {
    let subject = standing.intent.submission.subject.as_ref();
    if let Some(subject) = subject.filter(|_| !standing.made_record(&app.offer)) {
        return format!("for {}", subject.number);
    }
    let number = number.unwrap_or("number unknown");
    if standing.leaves_old(&app.offer) {
        return format!("! old may stand {number}");
    }
    match changed(app, standing) {
        // The status is whole, whatever the number is.
        Some(words) => {
            let left = room.saturating_sub(text::width(&words) + 1);
            format!("{words} {}", text::fit(number, left))
        }
        None => number.to_owned(),
    }
}

/// What was done last to its record, or is being done, with the mark of how that stands.
fn changed(app: &App, standing: &Standing) -> Option<String> {
    let told = standing::telling(&app.changes_made(standing), &app.offer.changes)?;
    if told.leaves_old(&app.offer) {
        return Some("! may stand".to_owned());
    }
    let word = told.intent.submission.word(&app.offer).to_lowercase();
    Some(format!("{} {word}", look(&told.state).1))
}
