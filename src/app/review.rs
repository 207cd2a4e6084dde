//! The read-back card: everything that will be sent, what is missing, and what speaks against it.

use crate::domain::rules::{self, Place, Problem};
use crate::domain::submission::Submission;

use super::focus::Focus;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::scroll::Scroll;
use super::terms::Terms;
use super::{App, Effect, Tone};

/// Agrees to what a change costs, and sends it.
const AGREE: Key = Key::Char('y');

/// The card: exactly what Enter would send, or what is in the way.
#[derive(Clone, Debug)]
pub struct Review {
    pub submission: Result<Box<Submission>, Vec<Problem>>,
    /// What a person should know before sending; it never blocks.
    pub cautions: Vec<String>,
    /// What a change will cost, where the vendor says so beforehand.
    pub terms: Option<Terms>,
    pub scroll: Scroll,
    /// It says something else than when it was opened, or when Enter was pressed last: Enter does not send it yet.
    pub has_changed: bool,
}

impl Review {
    /// What it costs is on the card, and a key of its own agrees to it: an Enter that is held, or typed ahead of the
    /// vendor's answer, must not.
    pub fn asks_agreement(&self) -> bool {
        matches!(self.terms, Some(Terms::Told(_)))
    }
}

impl App {
    pub(super) fn open_review(&mut self) {
        if let Focus::Field(key) = self.focus {
            self.leave_field(key);
            self.go(self.focus);
        }
        if let Some(waits) = self.form.wanted.first() {
            let words = format!(
                "Not complete: “{waits}” is taken when {}. Esc in the search gives it up",
                self.awaited_list()
            );
            return self.tell_for_long(Tone::Warning, words);
        }
        if self.asks_terms() {
            self.ask_terms();
        }
        self.look_at_file();
        let review = self.read_back();
        self.popups.push(Popup::Review(review));
    }

    /// What comes while the card is open is on the card before Enter can send it: prices, and what was sent before.
    pub(super) fn refresh_review(&mut self) {
        let is_review = |popup: &Popup| matches!(popup, Popup::Review(_));
        let Some(place) = self.popups.iter().position(is_review) else {
            return;
        };
        let read = self.read_back();
        if let Some(Popup::Review(review)) = self.popups.get_mut(place) {
            review.terms.clone_from(&read.terms);
        }
        if let Some(Popup::Review(review)) = self.popups.get_mut(place)
            && (&review.submission, &review.cautions) != (&read.submission, &read.cautions)
        {
            *review = Review {
                has_changed: true,
                ..read
            };
        }
    }

    fn read_back(&mut self) -> Review {
        let mut problems = rules::problems(&self.form.draft, &self.offer, self.now);
        problems.extend(self.unpriced());
        problems.extend(self.slot_problem());
        problems.extend(self.unread_file());
        self.keep_code_reason(&mut problems);
        for problem in &problems {
            self.form.told.insert(problem.place, problem.words.clone());
        }
        problems.extend(self.unlisted());
        problems.extend(self.ended_record());
        let submission = if problems.is_empty() {
            rules::compose(&self.form.draft, &self.offer, self.now).map(Box::new)
        } else {
            Err(problems)
        };
        Review {
            submission,
            cautions: self.cautions(),
            terms: self.terms(),
            scroll: Scroll::default(),
            has_changed: false,
        }
    }

    /// Before it is read back: what was wrong with the file may have been put right.
    fn look_at_file(&mut self) {
        if let Some(field) = self.form.file(&self.offer) {
            self.form.told.remove(&Place::Field(field));
            self.order(Effect::LookAtFile {
                draft: self.form.draft.id,
                field,
                path: self.form.draft.value(field).to_owned(),
            });
        }
    }

    /// The file that is to be sent along cannot be taken.
    fn unread_file(&self) -> Option<Problem> {
        let place = Place::Field(self.form.file(&self.offer)?);
        let why = self.form.told.get(&place)?;
        Some(Problem::new(place, why.clone()))
    }

    /// Lines of the catalogue are not sent at a price that was never shown for this branch and party.
    fn unpriced(&self) -> Option<Problem> {
        let has_items = self.form.draft.lines.iter().any(|line| line.item.is_some());
        let is_known = self.browser.catalogue.is_some() || self.form.draft.branch.is_none();
        (has_items && !is_known).then(|| Problem::new(Place::Branch, self.why_no_catalogue()))
    }

    fn cautions(&self) -> Vec<String> {
        let draft = &self.form.draft;
        let mut cautions = self.sent_before(draft);
        cautions.extend(self.half_item_caution());
        cautions.extend(self.paid_twice_words());
        for line in draft
            .lines
            .iter()
            .filter(|line| line.price != line.picked_price && self.is_priced())
        {
            let (was, is) = (
                self.offer.currency.show(line.picked_price),
                self.offer.currency.show(line.price),
            );
            cautions.push(format!("{} was {was} when picked, is {is} now", line.name));
        }
        cautions.extend(self.old_prices());
        cautions.extend(self.perhaps_known());
        cautions.extend(self.kept_caution());
        if draft.lines.is_empty() && self.is_priced() {
            cautions.push("No test or package is picked".to_owned());
        }
        let fields = draft.fields(&self.offer);
        cautions.extend(fields.filter_map(|field| rules::doubt(field, draft)));
        cautions
    }

    /// The vendor knows people like this, and none of them was picked: a new one will be made.
    fn perhaps_known(&self) -> Option<String> {
        let count = self.found().len();
        let is_open = count > 0 && self.form.draft.patient.is_none();
        let people = if count == 1 { "person" } else { "people" };
        let key = self.keymap.key(Action::People);
        let vendor = self.offer.vendor;
        let words = format!("{count} {people} at {vendor} may be this patient: {key} picks");
        is_open.then_some(words)
    }

    /// Said only of an order that is sent at prices of the list.
    fn old_prices(&self) -> Option<String> {
        let (words, is_old) = self.price_age()?;
        let has_items = self.form.draft.lines.iter().any(|line| line.item.is_some());
        let key = self.keymap.key(Action::Refresh);
        let words = format!("These are {words}: they may have changed. {key} asks for new ones");
        (is_old && has_items && self.is_priced()).then_some(words)
    }

    pub(super) fn press_review(&mut self, mut review: Review, chord: Chord) {
        let asks_agreement = review.asks_agreement();
        match (chord.key, review.submission) {
            (Key::Esc, _) => self.give_up_change(),
            (Key::Enter, Ok(submission))
                if matches!(review.terms, Some(Terms::Asking | Terms::Failed(_))) =>
            {
                self.tell_no_terms();
                self.popups.push(Popup::Review(Review {
                    submission: Ok(submission),
                    ..review
                }));
            }
            (Key::Enter, Ok(submission)) if review.has_changed => {
                self.tell(
                    Tone::Warning,
                    "It has changed: Enter again sends it as it stands now",
                );
                self.popups.push(Popup::Review(Review {
                    submission: Ok(submission),
                    has_changed: false,
                    ..review
                }));
            }
            (Key::Enter, Ok(submission)) if asks_agreement => {
                self.tell(
                    Tone::Warning,
                    "y agrees to what it costs and sends it: Enter does not",
                );
                self.popups.push(Popup::Review(Review {
                    submission: Ok(submission),
                    ..review
                }));
            }
            (Key::Enter, Ok(submission)) => self.send(*submission),
            (AGREE, Ok(mut submission)) if asks_agreement && !review.has_changed => {
                if let Some(Terms::Told(told)) = review.terms {
                    submission.terms = told;
                }
                self.send(*submission);
            }
            (Key::Enter, Err(problems)) => {
                if let Some(first) = problems.first() {
                    self.go_to_place(first.place);
                }
            }
            (key, submission) => {
                review.scroll.press(key);
                self.popups.push(Popup::Review(Review {
                    submission,
                    ..review
                }));
            }
        }
    }

    /// Leads the clerk to what must be mended.
    pub(super) fn go_to_place(&mut self, place: Place) {
        match place {
            Place::Branch => self.go(Focus::Branch),
            Place::Party => self.go(Focus::Party),
            Place::Field(key) => self.go(Focus::Field(key)),
            Place::Items => self.go(Focus::Search),
            Place::Line(index) => {
                self.form.line = index;
                self.go(Focus::Lines);
            }
            Place::Discount => self.go(Focus::Discount),
            Place::Record => self.leave_change(),
        }
    }

    fn send(&mut self, submission: Submission) {
        let draft = self.form.draft.id;
        self.outbox.hold(self.form.clone());
        self.order(Effect::Save {
            draft,
            follows: self.form.draft.follows.clone(),
            submission: Box::new(submission),
            file: self.form.file(&self.offer),
        });
        self.form_after_sending();
        self.popups.push(Popup::result_of(draft));
    }
}
