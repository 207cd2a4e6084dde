//! The tests and packages of the branch: loading, searching, picking.

use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use super::focus::Focus;
use super::form;
use super::key::{Chord, Key, PAGE};
use super::{App, CallId, Effect, Freshness, Tone};
use crate::domain::branch::{BranchId, Party};
use crate::domain::catalogue::{Catalogue, Hits, IN_PLACE_ROWS, Row, Search};
use crate::domain::failure::Failure;
use crate::domain::order::{ItemId, ItemKind, subtotal};
use crate::domain::schedule;

/// Rows that are kept for a query; nobody walks further, they type another letter.
pub const MOST_ROWS: usize = 2_000;

/// What a catalogue is for: its prices hold for one branch and one party only.
type Priced = (BranchId, Option<Party>);

/// The pane's state.
#[derive(Default)]
pub struct Browser {
    pub catalogue: Option<Arc<Catalogue>>,
    /// When the vendor gave it.
    pub taken_at: Option<DateTime<Utc>>,
    pub loading: Option<CallId>,
    pub failure: Option<Failure>,
    pub query: String,
    pub hits: Hits,
    /// The row under the cursor; none while nothing was typed or moved.
    pub cursor: Option<usize>,
    priced_for: Option<Priced>,
    finding: Option<CallId>,
    /// The row that stays under the cursor when the rows of a newer list come.
    kept: Option<(ItemKind, ItemId, String)>,
    /// A newer list whose rows are still being found: what is on screen always belongs together.
    next: Option<List>,
    search: Search,
}

/// A list and when the vendor gave it.
type List = (Arc<Catalogue>, DateTime<Utc>);

impl Browser {
    /// Rows for the text as it stands are on their way.
    pub fn is_finding(&self) -> bool {
        self.finding.is_some()
    }

    /// The row under the cursor.
    pub fn row(&self) -> Option<Row> {
        self.hits.rows.get(self.cursor?).copied()
    }

    /// The list that is searched: the newest one that has come.
    fn newest(&self) -> Option<Arc<Catalogue>> {
        let next = self.next.as_ref().map(|(catalogue, _)| catalogue);
        next.or(self.catalogue.as_ref()).cloned()
    }

    fn show(&mut self, hits: Hits) {
        self.cursor = (!self.query.trim().is_empty() && !hits.rows.is_empty()).then_some(0);
        self.hits = hits;
    }

    /// Leads the cursor back to the row that it was on; the name of that row where it is gone.
    fn restore_cursor(&mut self) -> Option<String> {
        let (kind, id, name) = self.kept.take()?;
        let row = self.catalogue.as_ref()?.find(kind, &id);
        let place = row.and_then(|row| self.hits.rows.iter().position(|hit| *hit == row));
        self.cursor = place;
        place.is_none().then_some(name)
    }

    /// Keeps the row under the cursor while the rows on screen are those of the text as it stands.
    fn keep_cursor(&mut self) {
        if self.is_finding() {
            return;
        }
        let at_cursor = self.row().zip(self.catalogue.as_ref());
        self.kept = at_cursor.and_then(|(row, catalogue)| {
            let entry = catalogue.entry(row)?;
            Some((
                entry.kind,
                ItemId(entry.id.to_owned()),
                entry.name.to_owned(),
            ))
        });
    }
}

impl App {
    /// Loads the catalogue of the form's branch and party unless it is there or on its way.
    pub(super) fn follow_branch(&mut self) {
        if !self.has_items() {
            return;
        }
        let wanted = self
            .form
            .draft
            .branch
            .clone()
            .map(|branch| (branch.id, self.form.draft.party.clone()));
        if wanted != self.browser.priced_for {
            self.load_catalogue(false);
        }
    }

    /// Prices of another branch or party are never shown under this one's name.
    pub(super) fn load_catalogue(&mut self, is_vendor_asked: bool) {
        let Some(branch) = self.form.draft.branch.clone() else {
            return;
        };
        let party = self.form.draft.party.clone();
        if self.offer.is_party_required && party.is_none() {
            return;
        }
        let priced = Some((branch.id.clone(), party.clone()));
        if priced != self.browser.priced_for {
            self.browser.catalogue = None;
            self.browser.taken_at = None;
            self.browser.next = None;
            self.browser.finding = None;
            self.browser.kept = None;
            self.browser.show(Hits::default());
        }
        self.browser.priced_for = priced;
        self.browser.failure = None;
        let call = self.next_call();
        self.browser.loading = Some(call);
        self.order(Effect::LoadCatalogue {
            call,
            branch: branch.id,
            party,
            freshness: Freshness {
                newer_than: self.browser.taken_at,
                is_vendor_asked,
            },
        });
    }

    pub(super) fn catalogue_copied(
        &mut self,
        call: CallId,
        catalogue: Arc<Catalogue>,
        taken_at: DateTime<Utc>,
        is_current: bool,
    ) {
        if self.browser.loading != Some(call) {
            return;
        }
        if is_current {
            self.browser.loading = None;
            self.desk.failure = None;
        }
        self.replace_catalogue(catalogue, taken_at);
    }

    pub(super) fn catalogue_loaded(
        &mut self,
        call: CallId,
        result: Result<Arc<Catalogue>, Failure>,
    ) {
        if self.browser.loading != Some(call) {
            return;
        }
        self.browser.loading = None;
        match result {
            Ok(catalogue) => {
                self.desk.failure = None;
                self.replace_catalogue(catalogue, self.now);
            }
            Err(failure) => {
                self.browser.failure = Some(failure.clone());
                self.list_failed(failure);
            }
        }
    }

    /// A newer list takes the place of the one on screen together with its rows; nobody who types notices.
    fn replace_catalogue(&mut self, catalogue: Arc<Catalogue>, taken_at: DateTime<Utc>) {
        self.browser.keep_cursor();
        let is_first = self.browser.catalogue.is_none();
        let is_small = catalogue.len() <= IN_PLACE_ROWS;
        self.browser.next = Some((catalogue, taken_at));
        if is_first || is_small {
            self.take_next();
            self.find();
            self.browser_changed();
            self.release_held();
        } else {
            self.ask_for_rows();
        }
    }

    fn take_next(&mut self) -> bool {
        let Some((catalogue, taken_at)) = self.browser.next.take() else {
            return false;
        };
        self.browser.catalogue = Some(catalogue);
        self.browser.taken_at = Some(taken_at);
        self.browser.search = Search::default();
        true
    }

    /// After another list has come: its prices, and what waited for it.
    fn browser_changed(&mut self) {
        if let Some(name) = self.browser.restore_cursor() {
            self.tell(Tone::Warning, format!("{name} is not offered any more"));
        }
        self.reprice();
        self.take_wanted();
        self.refresh_review();
    }

    pub(super) fn rows_found(&mut self, call: CallId, hits: Hits) {
        if self.browser.finding != Some(call) {
            return;
        }
        self.browser.finding = None;
        let is_replaced = self.take_next();
        self.browser.show(hits);
        if is_replaced {
            self.browser_changed();
        }
        self.release_held();
    }

    /// The order at the prices of the catalogue that has come; what changed is said.
    fn reprice(&mut self) {
        let Some(catalogue) = self.browser.catalogue.clone() else {
            return;
        };
        let before = subtotal(&self.form.draft.lines);
        let (mut changed, mut gone) = (Vec::new(), 0);
        for line in &mut self.form.draft.lines {
            let Some(id) = &line.item else { continue };
            match catalogue
                .find(line.kind, id)
                .and_then(|row| catalogue.line(row))
            {
                Some(now) => {
                    if now.price != line.price {
                        changed.push((line.name.clone(), line.price, now.price));
                    }
                    line.price = now.price;
                    line.includes = now.includes;
                    line.is_gone = false;
                }
                None => {
                    gone += 1;
                    line.is_gone = true;
                }
            }
        }
        let after = subtotal(&self.form.draft.lines);
        let show = |amount| self.offer.currency.show(amount);
        if gone > 0 {
            self.tell_for_long(
                Tone::Warning,
                format!(
                    "{gone} picked {} not offered here: see the order",
                    items(gone)
                ),
            );
        } else if self.is_priced() {
            let words = match changed.as_slice() {
                [] => return,
                [(name, was, is)] => format!("{name} was {}, is {} now", show(*was), show(*is)),
                several => format!(
                    "{} prices changed: the lines were {}, are {} now",
                    several.len(),
                    show(before),
                    show(after)
                ),
            };
            self.tell_for_long(Tone::Warning, words);
        }
    }

    pub(super) fn press_search(&mut self, chord: Chord) {
        match chord.key {
            Key::Enter => self.take_row(),
            Key::Up => self.move_row(-1),
            Key::Down => self.move_row(1),
            Key::PageUp => self.move_row(-PAGE.cast_signed()),
            Key::PageDown => self.move_row(PAGE.cast_signed()),
            _ => {
                if form::edit(&mut self.editor, chord) {
                    self.browser.query = self.editor.value().to_owned();
                    self.browser.kept = None;
                    self.find();
                }
            }
        }
    }

    pub(super) fn set_query(&mut self, query: String) {
        if self.focus == Focus::Search {
            self.editor = Input::new(query.clone());
        }
        self.browser.query = query;
        self.browser.kept = None;
        self.find();
    }

    /// Rows for the text as it stands: at once where the catalogue is small, else off this thread.
    fn find(&mut self) {
        let Some(catalogue) = self.browser.newest() else {
            return;
        };
        if catalogue.len() > IN_PLACE_ROWS {
            return self.ask_for_rows();
        }
        let browser = &mut self.browser;
        browser.finding = None;
        let hits = browser.search.find(&catalogue, &browser.query, MOST_ROWS);
        browser.show(hits);
    }

    fn ask_for_rows(&mut self) {
        let Some(catalogue) = self.browser.newest() else {
            return;
        };
        let call = self.next_call();
        self.browser.finding = Some(call);
        let query = self.browser.query.clone();
        self.order(Effect::FindRows {
            call,
            catalogue,
            query,
        });
    }

    fn move_row(&mut self, by: isize) {
        let last = self.browser.hits.rows.len().saturating_sub(1);
        if self.browser.hits.rows.is_empty() {
            return;
        }
        self.browser.cursor = Some(match self.browser.cursor {
            None => 0,
            Some(cursor) => cursor.saturating_add_signed(by).min(last),
        });
    }

    /// Enter: picks the row, or goes on where nothing was typed and no row chosen.
    fn take_row(&mut self) {
        let query = self.browser.query.trim().to_owned();
        if let Some(row) = self.browser.row() {
            self.pick(row);
            self.set_query(String::new());
            self.take_wanted();
        } else if query.is_empty() {
            self.walk(1);
        } else if self.browser.catalogue.is_none() && self.browser.loading.is_some() {
            self.tell(
                Tone::Plain,
                format!("“{query}” is taken as soon as {}", self.awaited_list()),
            );
            self.form.wanted.push(query);
            self.set_query(String::new());
        } else if self.browser.catalogue.is_none() {
            self.tell(Tone::Warning, self.why_no_catalogue());
        } else if !self.browser.hits.rows.is_empty() {
            self.tell(Tone::Warning, "The row is gone from the list: choose one");
        } else {
            let key = self.keymap.key(super::keymap::Action::CustomItem);
            self.tell(
                Tone::Plain,
                format!("Nothing matches “{query}”. {key} adds it as a custom item"),
            );
        }
    }

    /// How old the prices are, and whether they are too old to be believed unseen.
    pub fn price_age(&self) -> Option<(String, bool)> {
        let at = self.browser.taken_at?;
        let what = if self.is_priced() { "prices" } else { "list" };
        let words = format!("{what} {}", schedule::age(at, self.offer.zone, self.now));
        Some((words, self.now - at > self.price_age))
    }

    /// When what [`Self::price_age`] says changes by itself: at midnight, or when the prices become too old.
    pub(super) fn next_price_age(&self) -> Option<DateTime<Utc>> {
        let at = self.browser.taken_at?;
        let too_old = at.checked_add_signed(self.price_age);
        let too_old = too_old.map(|moment| moment + TimeDelta::milliseconds(1));
        let too_old = too_old.filter(|moment| *moment > self.now);
        let midnight = schedule::next_day_start(self.now, self.offer.zone);
        too_old.into_iter().chain([midnight]).min()
    }

    /// Why there is nothing to search, and what to do.
    pub fn why_no_catalogue(&self) -> String {
        if self.form.draft.branch.is_none() {
            return "Choose the branch first: its tests and prices follow".to_owned();
        }
        if self.offer.is_party_required && self.form.draft.party.is_none() {
            let what = if self.is_priced() { "prices" } else { "list" };
            return format!(
                "Choose whose {what}: this account needs a corporate, doctor or hospital"
            );
        }
        match &self.browser.failure {
            Some(failure) => {
                let key = self.keymap.key(super::keymap::Action::Refresh);
                let what = if self.is_priced() { "prices" } else { "list" };
                format!("No {what}: {failure}. {key} tries again")
            }
            None => "Loading tests and packages".to_owned(),
        }
    }

    fn pick(&mut self, row: Row) {
        let Some(line) = self
            .browser
            .catalogue
            .as_ref()
            .and_then(|catalogue| catalogue.line(row))
        else {
            return;
        };
        let is_there =
            |other: &crate::domain::order::Line| other.kind == line.kind && other.item == line.item;
        if self.form.draft.lines.iter().any(is_there) {
            return self.tell(
                Tone::Plain,
                format!("{} is already in the order", line.name),
            );
        }
        let words = self.added_words(&line);
        self.tell(Tone::Good, words);
        self.form.draft.lines.push(line);
    }

    /// What was typed before the catalogue came: a sure match is picked, the rest comes back into the search.
    pub(super) fn take_wanted(&mut self) {
        let Some(catalogue) = self.browser.catalogue.clone() else {
            return;
        };
        while self.browser.query.is_empty() && !self.form.wanted.is_empty() {
            let wanted = self.form.wanted.remove(0);
            let hits = Search::default().find(&catalogue, &wanted, 2);
            let first = hits.rows.first().copied();
            let is_exact = |row: &Row| {
                catalogue
                    .entry(*row)
                    .is_some_and(|entry| entry.code.eq_ignore_ascii_case(&wanted))
            };
            match first.filter(|row| hits.total == 1 || is_exact(row)) {
                Some(row) => self.pick(row),
                None => {
                    self.tell(Tone::Warning, format!("Choose a row for “{wanted}”"));
                    self.set_query(wanted);
                }
            }
        }
    }
}

fn items(count: usize) -> &'static str {
    if count == 1 { "item is" } else { "items are" }
}
