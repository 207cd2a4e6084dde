//! The whole state of the console as plain data, and what each event does to it.
//!
//! [`App::handle`] is pure and synchronous: no clock, no disk, no network, no terminal. Time comes in as an event,
//! everything that must be done goes out as an [`Effect`]. So every screen, every race and every key sequence is a
//! plain test.

mod ahead;
pub mod branch;
pub mod browser;
mod burst;
pub mod changes;
pub mod chooser;
pub mod code;
pub mod commands;
pub mod custom;
pub mod day;
mod doubles;
pub mod drafts;
pub mod event;
pub mod focus;
pub mod form;
pub mod keeping;
pub mod key;
pub mod keymap;
pub mod known;
pub mod listed;
pub mod notice;
pub mod order;
pub mod outbox;
pub mod palette;
pub mod people;
pub mod popup;
pub mod profiles;
pub mod question;
mod result;
pub mod review;
pub mod scroll;
pub mod sign_in;
pub mod terms;
pub mod when;
pub mod worklist;

use std::collections::VecDeque;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use tui_input::Input;

use crate::domain::offer::Offer;
use crate::domain::text;
use branch::Desk;
use browser::Browser;
use changes::Origin;
use code::CodeCall;
use day::DayList;
use drafts::Shelf;
pub use event::{CallId, Effect, Event, Freshness};
use focus::Focus;
use form::Form;
use keeping::{Keeping, Mint};
use key::{Chord, Key};
use keymap::{Action, Keymap};
use known::Known;
use listed::Lists;
pub use notice::Tone;
use notice::{Notice, Notices};
use outbox::Outbox;
use people::Household;
use popup::Popup;
use profiles::{ProfileName, Tally};
pub use question::{Question, TypedCode};
use sign_in::SignIn;
use terms::TermsCall;
use when::When;

/// The console.
pub struct App {
    pub offer: Arc<Offer>,
    pub keymap: Keymap,
    pub now: DateTime<Utc>,
    /// Prices older than this are said on the read-back card.
    pub price_age: TimeDelta,
    /// Columns and rows of the terminal.
    pub size: (u16, u16),
    pub focus: Focus,
    /// The text under the cursor; its home (field, query, discount) always holds the same text.
    pub editor: Input,
    pub desk: Desk,
    pub browser: Browser,
    /// What the vendor lists for fields of the form.
    pub lists: Lists,
    pub when: When,
    pub form: Form,
    /// Other open forms, the one left last at the end.
    pub parked: Vec<Form>,
    /// Forms on disk.
    pub shelf: Shelf,
    pub keeping: Keeping,
    /// Who is known by the form's phone.
    pub household: Household,
    /// Who of the vendor's patients may be the form's.
    pub known: Known,
    /// The patient's code that is on its way.
    code_call: Option<CodeCall>,
    pub sign_in: SignIn,
    /// What the vendor says the change of the form will cost.
    terms: Option<TermsCall>,
    /// Where one was before the change that is read back.
    origin: Option<Origin>,
    /// A day at the vendor.
    pub day: DayList,
    pub outbox: Outbox,
    /// The top one gets the keys and is drawn last.
    pub popups: Vec<Popup>,
    pub notices: Notices,
    /// Every profile that can be opened, those of the file first.
    pub profiles: Vec<ProfileName>,
    /// What is under way in the other profiles that are open.
    pub elsewhere: Vec<Tally>,
    /// Another profile was ordered: keys typed meanwhile belong to it.
    is_leaving: bool,
    /// Keys typed ahead of rows that are still being found.
    held: VecDeque<Event>,
    last_call: u64,
    mint: Mint,
    effects: Vec<Effect>,
}

impl App {
    /// A console with one empty form, at the moment `now`. `salt` is drawn by lot: its lowest twelve bits keep the
    /// drafts of consoles apart that begin one in the same microsecond.
    pub fn new(
        offer: Arc<Offer>,
        keymap: Keymap,
        now: DateTime<Utc>,
        size: (u16, u16),
        salt: u16,
    ) -> Self {
        let form = Form::empty(&offer);
        let mut app = Self {
            focus: Focus::start(&offer, &form.draft),
            form,
            keymap,
            now,
            price_age: TimeDelta::hours(24),
            size,
            offer,
            editor: Input::default(),
            desk: Desk::default(),
            browser: Browser::default(),
            lists: Lists::default(),
            when: When::default(),
            parked: Vec::new(),
            shelf: Shelf::default(),
            keeping: Keeping::default(),
            household: Household::default(),
            known: Known::default(),
            code_call: None,
            sign_in: SignIn::default(),
            terms: None,
            origin: None,
            day: DayList::default(),
            outbox: Outbox::default(),
            popups: Vec::new(),
            notices: Notices::default(),
            profiles: Vec::new(),
            elsewhere: Vec::new(),
            is_leaving: false,
            held: VecDeque::new(),
            last_call: 0,
            mint: Mint::new(salt),
            effects: Vec::new(),
        };
        app.form.draft.id = app.mint_draft();
        app
    }

    /// What to order at the very start: the branches.
    pub fn start(&mut self) -> Vec<Effect> {
        self.load_branches(false);
        self.load_worklist();
        std::mem::take(&mut self.effects)
    }

    /// One event in, orders out.
    pub fn handle(&mut self, event: Event) -> Vec<Effect> {
        match event {
            Event::KeyPressed(chord) => self.press(chord),
            Event::Pasted(text) => self.paste(&text),
            Event::Burst { letters, is_ended } => self.burst(letters, is_ended),
            Event::Resized { width, height } => self.size = (width, height),
            Event::ClockRead(now) => {
                self.now = now;
                self.retry_lists();
            }
            Event::BranchesCopied {
                call,
                branches,
                taken_at,
                is_current,
            } => self.branches_copied(call, branches, taken_at, is_current),
            Event::CatalogueCopied {
                call,
                catalogue,
                taken_at,
                is_current,
            } => self.catalogue_copied(call, catalogue, taken_at, is_current),
            Event::BranchesLoaded { call, result } => self.branches_loaded(call, result),
            Event::CatalogueLoaded { call, result } => self.catalogue_loaded(call, result),
            Event::ChoicesLoaded {
                call,
                field,
                result,
            } => self.choices_loaded(call, field, result),
            Event::SlotsLoaded { call, result } => self.slots_loaded(call, result),
            Event::RowsFound { call, hits } => self.rows_found(call, hits),
            Event::PeopleFound { call, people } => self.people_found(call, people),
            Event::PatientsFound { call, result } => self.patients_found(call, result),
            Event::CodeAnswered { call, result } => self.code_answered(call, result),
            Event::SignInAnswered(result) => self.sign_in_answered(result),
            Event::SignInCodeSent(result) => self.sign_in_code_sent(result),
            Event::DraftsLoaded(result) => self.drafts_loaded(result),
            Event::DraftOpened { draft, result } => self.draft_opened(draft, result),
            Event::DraftNotKept { draft, why } => self.draft_not_kept(draft, why),
            Event::DraftsKeptAgain => self.drafts_kept_again(),
            Event::Leaving => self.keep_forms(),
            Event::ElsewhereCounted(tallies) => self.elsewhere = tallies,
            Event::ProfileNotOpened { why } => self.profile_not_opened(&why),
            Event::IntentChanged(standing) => self.intent_changed(*standing),
            Event::WorklistLoaded { call, result } => self.worklist_loaded(call, result),
            Event::NotSaved { draft, why } => self.not_saved(draft, why),
            Event::FileNotRead { draft, field, why } => self.file_not_read(draft, field, why),
            Event::TermsLoaded { call, result } => self.terms_loaded(call, result),
            Event::DayLoaded { call, result } => self.day_loaded(call, result),
            Event::DecisionRefused { why, .. } => self.tell(Tone::Warning, why),
            Event::BudgetChanged(budget) => self.outbox.budget = Some(budget),
            Event::Faulted(words) => {
                let tone = Tone::Bad;
                self.notices.fault(Notice { words, tone });
            }
        }
        self.watch_phone();
        self.watch_lists();
        self.watch_slots();
        self.watch_forms();
        self.watch_asking();
        std::mem::take(&mut self.effects)
    }

    /// When there is next something to do by itself, shown or not.
    pub fn next_errand(&self) -> Option<DateTime<Utc>> {
        let due = [self.next_keeping(), self.desk.retry_at];
        due.into_iter().flatten().min()
    }

    /// When the screen next changes by itself, if it does.
    pub fn next_change(&self) -> Option<DateTime<Utc>> {
        let counts_down = match self.popups.last() {
            Some(Popup::Result { draft, .. }) => self.outbox.counts_down(*draft, self.now),
            Some(Popup::Worklist(worklist)) => worklist.counts_down(self),
            _ => false,
        };
        let tick = counts_down.then(|| self.now + TimeDelta::seconds(1));
        let waits = matches!(self.popups.last(), Some(Popup::Drafts(_)));
        let minute = waits.then(|| self.now + TimeDelta::minutes(1));
        let older = self.next_price_age();
        let midnight = self.next_when_change();
        [tick, minute, older, midnight, self.next_errand()]
            .into_iter()
            .flatten()
            .min()
    }

    fn press(&mut self, chord: Chord) {
        if self.must_hold(chord) {
            self.held.push_back(Event::KeyPressed(chord));
            return;
        }
        self.notices.key_pressed();
        let action = self.keymap.action(chord);
        if !self.popups.is_empty() {
            if !action.is_some_and(|action| self.command_over_card(action)) {
                self.press_popup(chord);
            }
        } else if let Some(action) = action {
            self.command(action);
        } else {
            self.press_pane(chord);
        }
    }

    fn press_pane(&mut self, chord: Chord) {
        match chord.key {
            Key::Tab => return self.walk(1),
            Key::BackTab => return self.walk(-1),
            Key::Esc => return self.step_back(),
            _ => {}
        }
        if self.is_full_for(chord) {
            let words = format!("This is full: {} letters at most", form::LONGEST);
            return self.tell(Tone::Warning, words);
        }
        match self.focus {
            Focus::Branch => self.press_branch(chord),
            Focus::Party => self.press_party(chord),
            Focus::Field(key) => self.press_field(key, chord),
            Focus::Search => self.press_search(chord),
            Focus::When => self.press_when(chord),
            Focus::Lines => self.press_lines(chord),
            Focus::Discount => self.press_discount(chord),
            Focus::Kind => self.press_kind(chord),
        }
    }

    fn command(&mut self, action: Action) {
        match action {
            Action::Help => self.popups.push(Popup::help(0)),
            Action::Palette => self.open_palette(),
            Action::Review => self.open_review(),
            Action::Search => self.go_to_lists(),
            Action::Worklist => self.open_worklist(),
            Action::People => self.open_people(),
            Action::Drafts => self.open_drafts(),
            Action::SwitchKind => self.switch_kind(1),
            Action::CustomItem | Action::Discount if !self.has_items() => {
                self.tell(Tone::Plain, "This kind has no tests, prices or discount");
            }
            Action::CustomItem => self.open_custom(),
            Action::Discount => self.go_to_discount(),
            Action::NewForm => self.park_and_start(),
            Action::SignIn => self.open_sign_in(),
            Action::Refresh => self.refresh(),
            Action::Redraw => self.effects.push(Effect::Redraw),
            Action::Quit => self.ask_quit(),
        }
    }

    /// Esc: clears a notice, then a search, then leads back to the start of the form. Never throws typed text away
    /// but a search's.
    fn step_back(&mut self) {
        if self.notices.dismiss() {
            return;
        }
        match self.focus {
            _ if self.is_at_start_of_change() => self.leave_change(),
            Focus::Search if !self.browser.query.is_empty() => self.set_query(String::new()),
            Focus::Search if !self.form.wanted.is_empty() => {
                if let Some(query) = self.form.wanted.pop() {
                    self.tell(Tone::Plain, format!("“{query}” is given up"));
                }
            }
            Focus::When => self.leave_when(),
            Focus::Search | Focus::Lines | Focus::Discount | Focus::Kind => {
                self.go(self.first_field());
            }
            Focus::Party => self.go(Focus::Branch),
            Focus::Field(_) if self.focus == self.first_field() => self.go(Focus::Branch),
            Focus::Field(_) => self.go(self.first_field()),
            Focus::Branch => {}
        }
    }

    /// Moves the focus; what is left is checked, what is entered gets its text under the cursor. A stop that the form
    /// has not is never entered: what is typed would go where nobody sees it.
    pub(crate) fn go(&mut self, to: Focus) {
        if let Focus::Field(key) = self.focus {
            self.leave_field(key);
        }
        let is_stop = Focus::stops(&self.offer, &self.form.draft).contains(&to);
        let to = if is_stop { to } else { self.first_field() };
        self.focus = to;
        self.editor = match to {
            Focus::Field(key) => Input::new(
                self.form
                    .draft
                    .values
                    .get(&key)
                    .cloned()
                    .unwrap_or_default(),
            ),
            Focus::Search => Input::new(self.browser.query.clone()),
            Focus::When => Input::new(self.enter_when()),
            Focus::Discount => Input::new(self.form.draft.discount.clone()),
            Focus::Branch | Focus::Party | Focus::Lines | Focus::Kind => Input::default(),
        };
    }

    /// The search, else the free times: whatever list the kind has.
    fn go_to_lists(&mut self) {
        if self.has_items() {
            self.go(Focus::Search);
        } else if self.slot_source().is_some() {
            self.go(Focus::When);
        } else {
            self.tell(Tone::Plain, "This kind has nothing to search");
        }
    }

    fn walk(&mut self, steps: isize) {
        let stops = Focus::stops(&self.offer, &self.form.draft);
        let mut next = self.focus.walk(&stops, steps);
        if next == Focus::Lines && self.form.draft.lines.is_empty() {
            next = next.walk(&stops, steps.signum());
        }
        self.go(next);
    }

    /// Where a form opens: its first field, the phone.
    pub(crate) fn first_field(&self) -> Focus {
        let first = self.form.draft.fields(&self.offer).next();
        match first {
            Some(field) => Focus::Field(field.key),
            None if self.has_items() => Focus::Search,
            None => Focus::Kind,
        }
    }

    /// A paste only ever fills: one clean line into the text under the cursor.
    fn paste(&mut self, pasted: &str) {
        let is_opening = self.shelf.opening.is_some() || self.is_leaving || self.follows_code();
        if is_opening || (self.is_waiting() && !self.held.is_empty()) {
            self.held.push_back(Event::Pasted(pasted.to_owned()));
            return;
        }
        let line = text::one_line(pasted);
        let fills = match self.popups.last() {
            Some(popup) => popup.takes_text(),
            None => self.takes_text(),
        };
        if !fills {
            self.tell(Tone::Plain, "Nothing pasted: move to a field first");
            return;
        }
        for letter in line.chars() {
            let chord = Chord::plain(Key::Char(letter));
            if self.popups.is_empty() {
                self.press_pane(chord);
            } else {
                self.press_popup(chord);
            }
        }
    }

    /// A letter for which the text under the cursor has no room is said, not swallowed.
    fn is_full_for(&self, chord: Chord) -> bool {
        let has_room = self.editor.value().chars().count() < form::LONGEST;
        chord.letter().is_some() && self.takes_text() && !has_room
    }

    fn takes_text(&self) -> bool {
        match self.focus {
            Focus::Field(key) => self.is_typed(key),
            Focus::Search | Focus::When | Focus::Discount => true,
            Focus::Branch | Focus::Party | Focus::Lines | Focus::Kind => false,
        }
    }

    pub(crate) fn tell(&mut self, tone: Tone, words: impl Into<String>) {
        let words = words.into();
        self.notices.pass(Notice { words, tone });
    }

    pub(crate) fn tell_for_long(&mut self, tone: Tone, words: impl Into<String>) {
        let words = words.into();
        self.notices.last(Notice { words, tone });
    }

    pub(crate) fn order(&mut self, effect: Effect) {
        self.effects.push(effect);
    }

    pub(crate) fn next_call(&mut self) -> CallId {
        self.last_call += 1;
        CallId(self.last_call)
    }
}
