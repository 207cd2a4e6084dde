//! A custom item: the desk's own name for what the catalogue does not hold, with a price or, where the kind takes
//! none, with the tests of a package.

use tui_input::Input;

use super::form;
use super::key::{Chord, Key};
use super::keymap::Action;
use super::popup::Popup;
use super::{App, Tone};
use crate::domain::draft::HalfItem;
use crate::domain::money::Money;
use crate::domain::order::{self, ItemKind, Line};
use crate::domain::text;

/// The stops of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomStop {
    Name,
    Price,
    Kind,
    Tests,
}

/// The card as it is being filled.
#[derive(Clone, Debug)]
pub struct CustomItem {
    pub name: Input,
    pub price: Input,
    pub kind: ItemKind,
    /// The tests of a package, with commas between.
    pub tests: Input,
    pub stop: CustomStop,
    /// What is wrong with it.
    pub told: Option<String>,
}

impl CustomItem {
    pub(super) fn is_filled(&self) -> bool {
        let texts = [&self.name, &self.price, &self.tests];
        texts.iter().any(|text| !text.value().is_empty())
    }

    /// As a draft keeps it; none while nothing is in it.
    pub(super) fn half(&self) -> Option<HalfItem> {
        self.is_filled().then(|| HalfItem {
            name: self.name.value().to_owned(),
            price: self.price.value().to_owned(),
            kind: self.kind,
            tests: self.tests.value().to_owned(),
        })
    }

    /// As a draft has kept it.
    pub(super) fn again(half: &HalfItem) -> Self {
        Self {
            name: Input::new(half.name.clone()),
            price: Input::new(half.price.clone()),
            kind: half.kind,
            tests: Input::new(half.tests.clone()),
            stop: CustomStop::Name,
            told: None,
        }
    }

    /// The stops of the item as it stands, in their order.
    pub fn stops(&self, is_priced: bool) -> &'static [CustomStop] {
        use CustomStop::{Kind, Name, Price, Tests};
        match (is_priced, self.kind) {
            (true, _) => &[Name, Price, Kind],
            (false, ItemKind::Test) => &[Name, Kind],
            (false, ItemKind::Package) => &[Name, Kind, Tests],
        }
    }

    fn line(&self, is_priced: bool) -> Result<Line, (CustomStop, String)> {
        let name = text::one_line(self.name.value());
        if name.is_empty() {
            return Err((CustomStop::Name, "type the item's name".to_owned()));
        }
        if !is_priced {
            let told = match self.kind {
                ItemKind::Test => "",
                ItemKind::Package => self.tests.value(),
            };
            return Ok(Line::custom(self.kind, name, None, order::names(told)));
        }
        let price = Money::parse(self.price.value())
            .map_err(|error| (CustomStop::Price, error.to_string()))?;
        Ok(Line::custom(self.kind, name, Some(price), Vec::new()))
    }

    /// The stop so many further on, round and round.
    fn walk(&mut self, is_priced: bool, by: isize) {
        let stops = self.stops(is_priced);
        let here = stops.iter().position(|stop| *stop == self.stop);
        let there = here.unwrap_or_default().cast_signed() + by;
        let there = there.rem_euclid(stops.len().cast_signed()).cast_unsigned();
        self.stop = stops.get(there).copied().unwrap_or(CustomStop::Name);
    }

    /// A stop that the item has not, as after a change of its form's kind, is left for the first one.
    fn settle(&mut self, is_priced: bool) {
        if !self.stops(is_priced).contains(&self.stop) {
            self.stop = CustomStop::Name;
        }
    }
}

impl App {
    /// Opens as it was left, else with what was searched for in vain as its name.
    pub(super) fn open_custom(&mut self) {
        if let Some(mut left) = self.form.custom.take() {
            left.settle(self.is_priced());
            return self.popups.push(Popup::Custom(left));
        }
        let name = self.browser.query.trim().to_owned();
        let is_named = !name.is_empty();
        let mut item = CustomItem {
            name: Input::new(name),
            price: Input::default(),
            kind: ItemKind::Test,
            tests: Input::default(),
            stop: CustomStop::Name,
            told: None,
        };
        if is_named {
            item.walk(self.is_priced(), 1);
        }
        self.popups.push(Popup::Custom(item));
    }

    pub(super) fn press_custom(&mut self, mut item: CustomItem, chord: Chord) {
        use CustomStop::{Kind, Name, Price, Tests};
        let is_priced = self.is_priced();
        match (chord.key, item.stop) {
            (Key::Esc, _) => {
                self.form.custom = item.is_filled().then_some(item);
                return;
            }
            (Key::Tab | Key::Down, _) | (Key::Enter, Name) => item.walk(is_priced, 1),
            (Key::BackTab | Key::Up, _) => item.walk(is_priced, -1),
            // A package without prices goes on to its tests.
            (Key::Enter, Kind) if item.stops(is_priced).contains(&Tests) => item.stop = Tests,
            (Key::Enter, Price | Kind | Tests) => match item.line(is_priced) {
                Ok(line) => return self.add_custom(line),
                Err((stop, words)) => (item.stop, item.told) = (stop, Some(words)),
            },
            (Key::Left | Key::Right | Key::Char(' '), Kind) => {
                item.kind = if item.kind == ItemKind::Test {
                    ItemKind::Package
                } else {
                    ItemKind::Test
                };
            }
            (_, Name) => edit_told(&mut item.name, &mut item.told, chord),
            (_, Price) => edit_told(&mut item.price, &mut item.told, chord),
            (_, Tests) => edit_told(&mut item.tests, &mut item.told, chord),
            (_, Kind) => {}
        }
        self.popups.push(Popup::Custom(item));
    }

    /// Said before the form is sent: an item that was left half-way stays behind.
    pub(super) fn half_item_caution(&self) -> Option<String> {
        let item = self.form.custom.as_ref().filter(|_| self.has_items())?;
        let price = item.price.value().trim();
        let price = match Money::parse(price) {
            Ok(price) => self.offer.currency.show(price),
            Err(_) => price.to_owned(),
        };
        let price = if self.is_priced() {
            price
        } else {
            String::new()
        };
        let name = text::one_line(item.name.value());
        let mut what = vec!["Custom item".to_owned(), name, price];
        what.retain(|part| !part.is_empty());
        let key = self.keymap.key(Action::CustomItem);
        let what = what.join(" ");
        Some(format!("{what} is not added: {key} goes on with it"))
    }

    fn add_custom(&mut self, line: Line) {
        let words = self.added_words(&line);
        self.tell(Tone::Good, words);
        self.form.draft.lines.push(line);
        self.set_query(String::new());
    }
}

fn edit_told(input: &mut Input, told: &mut Option<String>, chord: Chord) {
    if form::edit(input, chord) {
        *told = None;
    }
}
