//! The vendor's slots: when they are asked for, and what is done with them. Must not know which vendor it is.

use chrono::{Days, NaiveDate, TimeDelta};

use super::super::focus::Focus;
use super::super::{App, CallId, Effect, Tone};
use super::{Day, GONE, Goal, WEEK, When, is_same};
use crate::domain::branch::{Branch, BranchId, Party};
use crate::domain::failure::Failure;
use crate::domain::offer::{FieldKey, Input, Kind, SlotSource};
use crate::domain::rules::Place;
use crate::domain::slot::{Slot, SlotQuery, Slots};
use crate::domain::submission::DraftId;

/// After how long slots are asked for again while somebody looks at them.
const OLD: TimeDelta = TimeDelta::minutes(2);

/// Everything of a form that decides which slots a vendor offers.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Needs {
    kind: Kind,
    branch: Option<BranchId>,
    party: Option<Party>,
    /// The record that is moved: it may be all that tells whose it is.
    subject: Option<String>,
    patient: Option<String>,
    values: Vec<(FieldKey, String)>,
}

impl Needs {
    /// The slots of one may stand on screen until those of the other are here.
    fn is_like(&self, other: &Self) -> bool {
        (self.kind, &self.branch, &self.party) == (other.kind, &other.branch, &other.party)
    }
}

/// Patient data stays out of logs and panics.
impl std::fmt::Debug for Needs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Needs({}, ..)", self.kind.word())
    }
}

impl App {
    /// What the vendor's slots depend on; none where the form has no slots of the vendor.
    pub(super) fn slot_needs(&self) -> Option<Needs> {
        let draft = &self.form.draft;
        if draft.slot_source(&self.offer) != Some(SlotSource::Vendor) {
            return None;
        }
        let form = self.offer.form(draft.kind);
        let decides = |key: FieldKey, input: &Input| {
            let is_needed = form.is_some_and(|form| form.slots_need.contains(&key));
            matches!(input, Input::Listed(_)) || is_needed
        };
        let fields = draft.fields(&self.offer);
        let shown = fields
            .filter(|field| decides(field.key, &field.input))
            .map(|field| (field.key, draft.value(field.key).to_owned()));
        // What is known of the record that is changed decides too.
        let known = draft.values.iter().filter(|(key, _)| {
            let is_shown = draft.field(&self.offer, **key).is_some();
            draft.subject.is_some() && !is_shown
        });
        let known = known.map(|(key, value)| (*key, value.clone()));
        let values = shown.chain(known);
        Some(Needs {
            kind: draft.kind,
            branch: draft.branch.as_ref().map(|branch| branch.id.clone()),
            party: draft.party.clone(),
            subject: (draft.subject.as_ref()).map(|subject| subject.number.clone()),
            patient: draft.patient.as_ref().map(|patient| patient.key.clone()),
            values: values.collect(),
        })
    }

    /// What must be chosen before slots can be asked for.
    fn slots_wait_for(&self) -> Option<String> {
        let draft = &self.form.draft;
        if draft.branch.is_none() {
            return Some("Choose the branch first: its free times follow".to_owned());
        }
        let needs = self.slot_needs()?;
        let mut fields = draft.fields(&self.offer).filter(|field| field.required);
        let missing = fields.find(|field| {
            let mut values = needs.values.iter();
            values.any(|(key, value)| *key == field.key && value.is_empty())
        })?;
        let label = missing.label.to_lowercase();
        Some(format!("Choose the {label} first: the free times follow"))
    }

    /// Why there are no times to show, and what to do; none where there are.
    pub fn why_no_slots(&self) -> Option<String> {
        let week = self.when_week();
        let days = || week.iter_days().take(usize::from(WEEK));
        if days().any(|day| self.slots_on(day).is_some_and(|slots| !slots.is_empty())) {
            return None;
        }
        if let Some(words) = self.slots_wait_for() {
            return Some(words);
        }
        if let Some(failure) = &self.when.failure {
            let key = self.keymap.key(super::super::keymap::Action::Refresh);
            let words = self.with_remedy(failure, &format!("{key} tries again"));
            return Some(format!("No times: {words}"));
        }
        if days().any(|day| self.slots_on(day).is_none()) {
            return Some("Loading the free times".to_owned());
        }
        let end = week + Days::new(u64::from(WEEK) - 1);
        if let Some(words) = self.shown_until(end) {
            return Some(format!("{words}. Home goes to the next free time"));
        }
        Some(format!(
            "No times from {} to {}. PgDn shows the next days, Home the next free time",
            week.format("%a %-d %b"),
            end.format("%a %-d %b")
        ))
    }

    /// `Solv shows times up to Wed 25 Nov`, where a day is behind that.
    pub(super) fn shown_until(&self, day: NaiveDate) -> Option<String> {
        let until = self.when.until.filter(|until| *until < day)?;
        let (vendor, until) = (self.offer.vendor, until.format("%a %-d %b"));
        Some(format!("{vendor} shows times up to {until}"))
    }

    /// After every event: asks for slots that are needed and not here, and for all of them anew when what they depend
    /// on has changed. Letters of a field that is being typed count when it is left.
    pub(in crate::app) fn watch_slots(&mut self) {
        self.take_back_warning();
        let Some(needs) = self.slot_needs() else {
            return;
        };
        if self.when.needs.as_ref() != Some(&needs) && !self.is_typing(&needs) {
            self.need_others(needs);
        }
        let day = self.when.awaited.unwrap_or_else(|| self.when_day());
        let is_in_sight = !self.has_items()
            || self.focus == Focus::When
            || self.when_field().map(Focus::Field) == Some(self.focus);
        if is_in_sight && self.when.failure.is_none() && self.slots_wait_for().is_none() {
            self.ask_week(self.week_of(day), false);
        }
    }

    /// Letters are being typed into a field on which the slots depend.
    fn is_typing(&self, needs: &Needs) -> bool {
        let Focus::Field(key) = self.focus else {
            return false;
        };
        let is_picked = self
            .field(key)
            .is_some_and(|field| matches!(field.input, Input::Listed(_) | Input::Choice(_)));
        !is_picked && needs.values.iter().any(|(of, _)| *of == key)
    }

    /// Slots of another branch are never shown under this one's name; those of the same one stand meanwhile.
    fn need_others(&mut self, needs: Needs) {
        let stay = self
            .when
            .needs
            .as_ref()
            .is_some_and(|old| old.is_like(&needs));
        // While something must be chosen first, nothing comes in their place.
        let stay = stay && self.slots_wait_for().is_none();
        let is_other = self.when.needs.replace(needs).is_some();
        self.when.asked.clear();
        self.when.failure = None;
        self.when.is_outdated = stay && !self.when.days.is_empty();
        if !stay {
            self.when.days.clear();
            self.when.until = None;
        }
        // The cursor among times that nobody has heard of yet was led there for this form.
        if !stay && is_other {
            self.when.marked = None;
            self.when.day = None;
            self.when.goal = None;
            self.when.awaited = None;
        }
        if let Some(picked) = self.form.draft.slot.clone() {
            self.mark(&picked);
        }
    }

    /// Another branch was chosen: a time of the one before is none of its times, even where the clock is the same, and
    /// although the kind of the moment shows none. The patient asked for that day and about that time.
    pub(in crate::app) fn leave_slot_at(&mut self, left: &Branch) {
        let here = self.form.draft.branch.as_ref();
        let is_same_place = here.is_none_or(|here| here.id == left.id);
        if is_same_place || !self.offer.has_own_times() {
            return;
        }
        let Some(picked) = self.form.draft.slot.take() else {
            return;
        };
        // What the other branch offers is nothing to go by.
        self.when.needs = None;
        self.when.days.clear();
        self.when.until = None;
        if self.slot_source() != Some(SlotSource::Vendor) {
            return;
        }
        let time = picked.at.time();
        let words = format!(
            "{} was picked at {}: pick a time here",
            time.format("%H:%M"),
            left.name
        );
        if let Some(key) = self.when_field() {
            self.form.told.insert(Place::Field(key), words.clone());
        }
        self.warn_of_slot(words);
        self.seek(Goal::near(picked.at.date_naive(), time));
    }

    fn ask_week(&mut self, from: NaiveDate, is_again: bool) {
        let mut days = from.iter_days().take(usize::from(WEEK));
        let is_known = |day| self.when.days.contains_key(&day) || self.when.is_not_shown(day);
        let is_here = days.all(is_known) && !self.when.is_outdated;
        let is_asked = self.when.asked.iter().any(|(_, asked)| *asked == from);
        if is_asked || is_here && !is_again {
            return;
        }
        let call = self.next_call();
        self.when.asked.push((call, from));
        let context = self.form.draft.context();
        self.order(Effect::LoadSlots {
            call,
            query: SlotQuery {
                context,
                from,
                days: WEEK,
            },
        });
    }

    /// Slots that somebody looks at are asked for again when they are old.
    pub(super) fn ask_again_if_old(&mut self) {
        let shown = self.when.days.get(&self.when_day());
        let is_old = shown.is_some_and(|day| self.now - day.taken_at > OLD);
        if is_old && self.when.failure.is_none() && self.slot_needs().is_some() {
            self.ask_week(self.when_week(), true);
        }
    }

    /// What was taken a moment ago is not offered again: the slots are asked for anew.
    pub(in crate::app) fn renew_slots(&mut self) {
        if !self.when.days.is_empty() {
            self.refresh_slots();
        }
    }

    /// Nothing that was heard holds any more.
    pub(in crate::app) fn forget_slots(&mut self) {
        self.when = When {
            said: self.when.said.take(),
            ..When::default()
        };
    }

    /// Ctrl+R; false where the form has no slots of the vendor.
    pub(in crate::app) fn refresh_slots(&mut self) -> bool {
        if self.slot_needs().is_none() || self.slots_wait_for().is_some() {
            return false;
        }
        self.when.failure = None;
        self.ask_week(self.when_week(), true);
        true
    }

    pub(in crate::app) fn slots_loaded(&mut self, call: CallId, result: Result<Slots, Failure>) {
        let Some(place) = self.when.asked.iter().position(|(asked, _)| *asked == call) else {
            return;
        };
        let (_, from) = self.when.asked.remove(place);
        if std::mem::take(&mut self.when.is_outdated) {
            self.when.days.clear();
        }
        match result {
            Ok(slots) => {
                self.desk.failure = None;
                self.when.failure = None;
                self.when.until = slots.until;
                self.keep_slots(from, slots.times);
                self.slots_changed();
                self.refresh_review();
                // On the way to what is free, the next week is asked for before any key is let go.
                self.watch_slots();
                if !self.when.is_seeking() {
                    self.release_held();
                }
            }
            Err(failure) => {
                self.when.goal = None;
                self.when.awaited = None;
                self.when.failure = Some(failure.clone());
                if !matches!(failure, Failure::Refused(_) | Failure::WrongShape(_)) {
                    self.list_failed(failure);
                }
                if self.focus == Focus::When {
                    self.drop_held();
                }
            }
        }
    }

    fn keep_slots(&mut self, from: NaiveDate, mut slots: Vec<Slot>) {
        slots.sort_by_key(|slot| slot.at);
        for day in from.iter_days().take(usize::from(WEEK)) {
            let of_day = slots.iter().filter(|slot| slot.at.date_naive() == day);
            let slots = of_day.cloned().collect();
            let taken_at = self.now;
            self.when.days.insert(day, Day { slots, taken_at });
        }
    }

    /// The cursor and the slot of the form on the list that has come.
    fn slots_changed(&mut self) {
        if let Some(marked) = self.when.marked.clone() {
            let slots = self.slots_on(marked.at.date_naive());
            let now = slots.and_then(|slots| slots.into_iter().find(|slot| is_same(slot, &marked)));
            match now {
                Some(now) => self.when.marked = Some(now),
                None if self.focus == Focus::When => {
                    // An Enter that is on its way must not take another one instead.
                    let gone = marked.at.format("%a %-d %b, %H:%M");
                    self.tell(Tone::Warning, format!("{gone} is no longer free"));
                }
                None => self.when.marked = None,
            }
        }
        self.when.awaited = None;
        match self.when.goal {
            Some(goal) => self.seek(goal),
            None => self.settle_cursor(),
        }
        self.follow_picked();
    }

    /// The slot of the form as it stands in the list now; what became of it is said.
    fn follow_picked(&mut self) {
        let Some(picked) = self.form.draft.slot.clone() else {
            return;
        };
        if let Some(problem) = self.slot_problem() {
            let words = format!(
                "{} is {}",
                picked.at.format("%a %-d %b, %H:%M"),
                problem.words
            );
            if self
                .form
                .told
                .insert(problem.place, problem.words)
                .is_none()
            {
                self.warn_of_slot(words);
            }
            return;
        }
        let place = self.when_field().map(Place::Field);
        let is_free_again = |words: &String| words == GONE;
        if let Some(place) =
            place.filter(|place| self.form.told.get(place).is_some_and(is_free_again))
        {
            self.form.told.remove(&place);
        }
        let slots = self.slots_on(picked.at.date_naive()).unwrap_or_default();
        let Some(now) = slots.into_iter().find(|slot| is_same(slot, &picked)) else {
            return;
        };
        if let (Some(was), Some(is)) = (picked.price, now.price)
            && was != is
        {
            let show = |price| self.offer.currency.show(price);
            let words = format!(
                "The picked time cost {}, it costs {} now",
                show(was),
                show(is)
            );
            self.form.draft.slot = Some(now);
            return self.warn_of_slot(words);
        }
        self.form.draft.slot = Some(now);
    }

    /// Said for long, as long as the form has this slot.
    fn warn_of_slot(&mut self, words: String) {
        let draft = &self.form.draft;
        self.when.said = Some((draft.id, draft.slot.clone(), words.clone()));
        self.tell_for_long(Tone::Warning, words);
    }

    /// What was said of a slot holds no more once the form has another one, or was sent.
    fn take_back_warning(&mut self) {
        let draft = &self.form.draft;
        let is_over = |(id, of, _): &mut (DraftId, Option<Slot>, String)| {
            let stays = match (of, &draft.slot) {
                (Some(of), Some(picked)) => is_same(of, picked),
                (of, picked) => of.is_none() && picked.is_none(),
            };
            *id != draft.id || !stays
        };
        if let Some((_, _, words)) = self.when.said.take_if(is_over) {
            self.notices.take_back(&words);
        }
    }
}
