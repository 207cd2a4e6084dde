//! The patient's form: typing, checking, switching between open forms.

use std::collections::BTreeMap;

use tui_input::{Input, InputRequest};

use super::custom::CustomItem;
use super::focus::Focus;
use super::key::{Chord, Key};
use super::popup::Popup;
use super::{App, Tone};
use crate::domain::age::Age;
use crate::domain::barcode;
use crate::domain::draft::Draft;
use crate::domain::offer::{Choice, Field, FieldKey, Input as Filling, Kind, Offer, SlotSource};
use crate::domain::phone::Phone;
use crate::domain::rules::{self, Place};
use crate::domain::schedule;
use crate::domain::submission::DraftId;
use crate::domain::text;

/// More than any name or address; what comes after is a paste gone wrong.
pub(super) const LONGEST: usize = 200;

/// One open form.
#[derive(Clone, Debug)]
pub struct Form {
    pub draft: Draft,
    /// What is said beside a field: a rule it breaks, or the vendor's reason.
    pub told: BTreeMap<Place, String>,
    /// Why the one before it was not accepted, where that stands beside no field.
    pub refusal: Option<String>,
    /// The line of the order under the cursor.
    pub line: usize,
    /// A custom item that was left half-way.
    pub custom: Option<CustomItem>,
    /// What was filled in because there is nothing else to choose.
    pub(super) preselected: BTreeMap<FieldKey, String>,
    /// Searches that were entered before the prices came: picked as soon as they are here.
    pub wanted: Vec<String>,
}

impl Form {
    pub fn new(draft: Draft) -> Self {
        Self {
            custom: draft.custom.as_ref().map(CustomItem::again),
            draft,
            told: BTreeMap::new(),
            refusal: None,
            line: 0,
            preselected: BTreeMap::new(),
            wanted: Vec::new(),
        }
    }

    /// A form of the offer's first kind with its presets and nothing else.
    pub fn empty(offer: &Offer) -> Self {
        let kind = offer.kinds.first().map_or(Kind::Lead, |form| form.kind);
        Self::empty_of(kind, offer)
    }

    fn empty_of(kind: Kind, offer: &Offer) -> Self {
        let mut form = Self::new(Draft::new(DraftId(0), kind));
        form.fill_presets(offer);
        form
    }

    /// The field that names a file which is to be sent along.
    pub(super) fn file(&self, offer: &Offer) -> Option<FieldKey> {
        let mut fields = self.draft.fields(offer);
        let is_named = |field: &&Field| {
            field.input == Filling::File && !self.draft.value(field.key).is_empty()
        };
        fields.find(is_named).map(|field| field.key)
    }

    /// Nothing was typed, chosen or picked beyond the presets, branch and party.
    pub fn is_untouched(&self, offer: &Offer) -> bool {
        let draft = &self.draft;
        let fields = draft.every_field(offer);
        let is_preset = |(key, text): (&FieldKey, &String)| {
            text.trim().is_empty()
                || self.preselected.get(key) == Some(text)
                || fields
                    .iter()
                    .any(|field| field.key == *key && field.preset == *text)
        };
        draft.lines.is_empty()
            && draft.slot.is_none()
            && self.wanted.is_empty()
            && draft.discount.trim().is_empty()
            && draft.custom.is_none()
            && draft.patient.is_none()
            && draft.code.is_none()
            && draft.values.iter().all(is_preset)
    }

    pub(super) fn fill_presets(&mut self, offer: &Offer) {
        self.draft.fill_presets(offer);
    }
}

/// Keys that change or move within the text under the cursor.
pub fn is_edit(chord: Chord) -> bool {
    request(chord).is_some()
}

fn request(chord: Chord) -> Option<InputRequest> {
    if let Some(letter) = chord.letter() {
        return (!letter.is_control()).then_some(InputRequest::InsertChar(letter));
    }
    let request = match (chord.key, chord.is_ctrl) {
        (Key::Backspace, false) => InputRequest::DeletePrevChar,
        (Key::Delete, false) => InputRequest::DeleteNextChar,
        (Key::Left, false) => InputRequest::GoToPrevChar,
        (Key::Right, false) => InputRequest::GoToNextChar,
        (Key::Left, true) => InputRequest::GoToPrevWord,
        (Key::Right, true) => InputRequest::GoToNextWord,
        (Key::Home, _) | (Key::Char('a'), true) => InputRequest::GoToStart,
        (Key::End, _) | (Key::Char('e'), true) => InputRequest::GoToEnd,
        (Key::Char('w') | Key::Backspace, true) => InputRequest::DeletePrevWord,
        (Key::Char('u'), true) => InputRequest::DeleteFromStart,
        (Key::Char('k'), true) => InputRequest::DeleteTillEnd,
        _ => return None,
    };
    Some(request)
}

/// Applies an editing key to a text; true when the text changed.
pub(crate) fn edit(input: &mut Input, chord: Chord) -> bool {
    let Some(request) = request(chord) else {
        return false;
    };
    if matches!(request, InputRequest::InsertChar(_)) && input.value().chars().count() >= LONGEST {
        return false;
    }
    input.handle(request).is_some_and(|changed| changed.value)
}

impl App {
    /// The field of the current form.
    pub fn field(&self, key: FieldKey) -> Option<&Field> {
        self.form.draft.field(&self.offer, key)
    }

    /// Whether a field is typed instead of picked from a list.
    pub(super) fn is_typed(&self, key: FieldKey) -> bool {
        let field = self.field(key);
        field.is_some_and(|field| !matches!(field.input, Filling::Choice(_) | Filling::Listed(_)))
    }

    pub(super) fn press_field(&mut self, key: FieldKey, chord: Chord) {
        match self.field(key).map(|field| &field.input) {
            Some(Filling::Listed(_)) => return self.press_listed(key, chord),
            Some(Filling::PatientCode) => return self.press_code(key, chord),
            _ => {}
        }
        match chord.key {
            Key::Enter if self.opens_when(key) => self.open_when(key),
            Key::Enter if self.mints(key) => self.mint_code(key),
            Key::Down if self.leads_to_people(chord) && !self.household.people.is_empty() => {
                self.open_people();
            }
            Key::Enter | Key::Down => self.walk(1),
            Key::Up => self.walk(-1),
            _ => self.fill_field(key, chord),
        }
    }

    fn fill_field(&mut self, key: FieldKey, chord: Chord) {
        let offer = self.offer.clone();
        let field = self.form.draft.field(&offer, key);
        match field.map(|field| &field.input) {
            Some(Filling::Choice(choices)) => self.choose(key, choices, chord),
            Some(Filling::Suggest(list)) => self.suggest(key, list, chord),
            Some(Filling::When) if self.slot_source() == Some(SlotSource::Vendor) => {
                self.fill_slot(key, chord);
            }
            _ => {
                if edit(&mut self.editor, chord) {
                    self.set_value(key, self.editor.value().to_owned());
                }
            }
        }
    }

    /// Arrows and Space go round, a first letter jumps, Backspace empties.
    fn choose(&mut self, key: FieldKey, choices: &[Choice], chord: Chord) {
        let value = self.form.draft.value(key);
        let here = choices.iter().position(|choice| choice.value == value);
        let next = match chord.key {
            Key::Backspace | Key::Delete => return self.set_value(key, String::new()),
            Key::Right | Key::Char(' ') => here.map_or(0, |here| (here + 1) % choices.len().max(1)),
            Key::Left => here
                .unwrap_or(0)
                .checked_sub(1)
                .unwrap_or(choices.len().saturating_sub(1)),
            _ => {
                let names: Vec<&str> = choices.iter().map(|choice| &*choice.label).collect();
                match chord.next_of_names(here, &names) {
                    Some(found) => found,
                    None => return,
                }
            }
        };
        if let Some(choice) = choices.get(next) {
            self.set_value(key, choice.value.clone());
        }
    }

    /// While the text is one of the list (or empty), arrows go round and typing starts anew; else it is plain text.
    fn suggest(&mut self, key: FieldKey, list: &[String], chord: Chord) {
        let value = self.form.draft.value(key).to_owned();
        let here = list.iter().position(|entry| *entry == value);
        if !list.is_empty() && (here.is_some() || value.is_empty()) {
            let next = match chord.key {
                Key::Right => Some(here.map_or(0, |here| (here + 1) % list.len())),
                Key::Left => Some(here.unwrap_or(0).checked_sub(1).unwrap_or(list.len() - 1)),
                _ => None,
            };
            if let Some(entry) = next.and_then(|next| list.get(next)) {
                self.editor = Input::new(entry.clone());
                return self.set_value(key, entry.clone());
            }
            if chord.letter().is_some() {
                self.editor.reset();
            }
        }
        if edit(&mut self.editor, chord) {
            self.set_value(key, self.editor.value().to_owned());
        }
    }

    /// Whether the desk makes a code of its own where none was scanned.
    fn mints(&self, key: FieldKey) -> bool {
        let input = self.field(key).map(|field| &field.input);
        let mints = matches!(input, Some(Filling::Code { prefix: Some(_) }));
        mints && self.form.draft.value(key).is_empty()
    }

    /// The code of this draft, whose number is a microsecond and a lot.
    fn mint_code(&mut self, key: FieldKey) {
        let Some(Filling::Code {
            prefix: Some(prefix),
        }) = self.field(key).map(|field| &field.input)
        else {
            return;
        };
        let code = barcode::mint(prefix, self.form.draft.id);
        self.set_value(key, code.value);
        self.form.draft.labels.insert(key, code.label);
        self.walk(1);
    }

    /// Enter leads to the free times: always where only those fill the field, else while it is empty.
    fn opens_when(&self, key: FieldKey) -> bool {
        let is_vendors = self.slot_source() == Some(SlotSource::Vendor);
        let is_empty = self.form.draft.value(key).is_empty();
        self.when_field() == Some(key) && (is_vendors || is_empty)
    }

    /// Writes a field; what was said beside it is checked anew at once.
    pub(super) fn set_value(&mut self, key: FieldKey, value: String) {
        let old = self.form.draft.values.insert(key, value);
        if old.as_deref().unwrap_or_default().trim() != self.form.draft.value(key) {
            self.doubt_patient(key);
            self.doubt_code(key);
        }
        self.form.draft.labels.remove(&key);
        if self.form.told.remove(&Place::Field(key)).is_some() {
            self.tell_field(key);
        }
    }

    fn tell_field(&mut self, key: FieldKey) {
        let Some(field) = self.field(key) else { return };
        match rules::check(field, &self.form.draft, &self.offer, self.now) {
            Err(words) => self.form.told.insert(Place::Field(key), words),
            Ok(()) => match rules::doubt(field, &self.form.draft) {
                Some(words) => self.form.told.insert(Place::Field(key), words),
                None => self.form.told.remove(&Place::Field(key)),
            },
        };
    }

    /// Writes the value as it is read aloud, and says what is wrong with it. An empty field is not nagged about
    /// before the review.
    pub(super) fn leave_field(&mut self, key: FieldKey) {
        let text = self.form.draft.value(key).to_owned();
        let is_code = self
            .field(key)
            .is_some_and(|field| field.input == Filling::PatientCode);
        if text.is_empty()
            || is_code
            || !self.is_typed(key)
            || self.form.told.contains_key(&Place::Field(key))
        {
            return;
        }
        if let Some(tidy) = self.tidied(key, &text) {
            // Written otherwise, it is still what the vendor knows.
            let known = self.form.draft.known.get_mut(&key);
            if let Some(known) = known.filter(|known| known.value.trim() == text) {
                known.value.clone_from(&tidy);
            }
            self.form.draft.values.insert(key, tidy);
        }
        self.tell_field(key);
    }

    fn tidied(&self, key: FieldKey, text: &str) -> Option<String> {
        let today = self.now.with_timezone(&self.offer.zone).date_naive();
        match self.field(key)?.input {
            Filling::Phone => {
                let code = rules::country_code(&self.form.draft, &self.offer);
                let phone = Phone::parse(text, code).ok();
                phone.map(|phone| phone.read_aloud(code))
            }
            Filling::Age => Age::parse(text, today).ok().map(|age| age.to_string()),
            // Blanks may stand in a file's name.
            Filling::File => Some(text.to_owned()),
            // What “tomorrow” meant when it was typed.
            Filling::When => {
                let (order, zone) = (self.offer.day_order(), self.site_zone());
                let moment = schedule::parse(text, order, zone, self.now).ok()?;
                Some(schedule::typed(moment.with_timezone(&zone)))
            }
            _ => Some(text.split_whitespace().collect::<Vec<_>>().join(" ")),
        }
    }

    /// Goes to the next kind that is offered, or by so many, round and round.
    pub(super) fn switch_kind(&mut self, by: isize) {
        if self.form.draft.subject.is_some() {
            let key = self.keymap.key(super::keymap::Action::NewForm);
            let words = format!("A change stays one: {key} starts another form");
            return self.tell(Tone::Plain, words);
        }
        if let [only] = self.offer.kinds.as_slice() {
            let words = format!("{} has no other kind here", only.kind.word());
            return self.tell(Tone::Plain, words);
        }
        let count = self.offer.kinds.len().cast_signed();
        let there = self.kind_place().cast_signed() + by;
        let there = there.checked_rem_euclid(count).unwrap_or_default();
        let next = self.offer.kinds.get(there.cast_unsigned());
        if let Some(next) = next.map(|form| form.kind) {
            self.switch_to(next);
        }
    }

    /// Where the form's kind stands among those that are offered.
    pub(super) fn kind_place(&self) -> usize {
        let mut kinds = self.offer.kinds.iter();
        let place = kinds.position(|form| form.kind == self.form.draft.kind);
        place.unwrap_or_default()
    }

    /// What was typed stays; another kind shows and sends only what it has fields for.
    pub(super) fn switch_to(&mut self, next: Kind) {
        if self.form.draft.kind == next {
            return;
        }
        self.form.draft.kind = next;
        let offer = self.offer.clone();
        self.form.fill_presets(&offer);
        self.when.forget_cursor();
        self.follow_branch();
        let stops = Focus::stops(&offer, &self.form.draft);
        if !stops.contains(&self.focus) {
            self.go(self.first_field());
        }
        let help = self.offer.form(next).map_or("", |form| form.help);
        let words = format!("{}: {help}", next.word());
        // Half a sentence says nothing; the kinds are told where they are chosen.
        let has_room = text::width(&words) + 4 <= usize::from(self.size.0);
        self.tell(Tone::Plain, if has_room { &words } else { next.word() });
    }

    pub(super) fn mint_draft(&mut self) -> DraftId {
        self.mint.draft(self.now)
    }

    /// An empty form of the same kind at the same branch, for the same party: a desk that only reserves does not
    /// switch each time.
    pub(super) fn fresh_form(&mut self) -> Form {
        let mut form = match self.kind_in_use() {
            Some(kind) => Form::empty_of(kind, &self.offer),
            None => Form::empty(&self.offer),
        };
        form.draft.id = self.mint_draft();
        form.draft.branch.clone_from(&self.form.draft.branch);
        form.draft.party.clone_from(&self.form.draft.party);
        form
    }

    /// The kind that is being filled; during a change that of the form before it.
    fn kind_in_use(&self) -> Option<Kind> {
        let here = &self.form.draft;
        let left = self.origin.as_ref().map(|origin| origin.kind_for(here.id));
        let kinds = [Some(here.kind), left.flatten()];
        let is_offered = |kind: &Kind| self.offer.form(*kind).is_some();
        kinds.into_iter().flatten().find(is_offered)
    }

    /// Shows a form; prices follow its branch and party.
    pub(super) fn show_form(&mut self, form: Form, focus: Focus) {
        if let Focus::Field(key) = self.focus {
            self.leave_field(key);
        }
        // What was read back, or half typed, belongs to the form that goes.
        self.popups.retain(|popup| !popup.is_of_form());
        self.form = form;
        self.when.forget_cursor();
        self.focus = Focus::Branch;
        self.go(focus);
        self.follow_branch();
        self.take_wanted();
    }

    pub(super) fn park_and_start(&mut self) {
        if self.form.is_untouched(&self.offer) {
            return self.go(self.first_field());
        }
        let fresh = self.fresh_form();
        let left = self.form.clone();
        self.parked.push(left);
        self.show_form(fresh, Focus::Branch);
        self.go(self.first_field());
        let key = self.keymap.key(super::keymap::Action::Drafts);
        self.tell(Tone::Plain, format!("New form. {key} lists the others"));
    }

    /// After a form was sent: an empty one. Those that wait stay in their list, so that the next patient, typed ahead,
    /// never lands in the form of another.
    pub(super) fn form_after_sending(&mut self) {
        let mut next = self.fresh_form();
        if let Some(origin) = self
            .origin
            .take_if(|origin| origin.change == self.form.draft.id)
        {
            origin.lend_branch(&mut next);
            self.popups = origin.list();
        }
        self.show_form(next, Focus::Branch);
        self.go(self.first_field());
    }

    /// Forms stay on disk; asks only where something is under way, or is not on disk.
    pub(super) fn ask_quit(&mut self) {
        let under_way = self.outbox.saved() + self.outbox.checking();
        let is_done = under_way == 0 && self.unkept_forms() == 0;
        if is_done && !self.is_elsewhere_under_way() {
            self.order(super::Effect::Quit);
        } else if !matches!(self.popups.last(), Some(Popup::Quit)) {
            self.popups.push(Popup::Quit);
        }
    }
}
