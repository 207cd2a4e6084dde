//! A custom item: the desk's own name and price for what the catalogue does not hold.

use tui_input::Input;

use super::form;
use super::key::{Chord, Key};
use super::popup::Popup;
use super::{App, Tone};
use crate::domain::draft::HalfItem;
use crate::domain::money::Money;
use crate::domain::order::{ItemKind, Line};
use crate::domain::text;

/// The stops of the card.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CustomStop {
    Name,
    Price,
    Kind,
}

/// The card as it is being filled.
#[derive(Clone, Debug)]
pub struct CustomItem {
    pub name: Input,
    pub price: Input,
    pub kind: ItemKind,
    pub stop: CustomStop,
    /// What is wrong with it.
    pub told: Option<String>,
}

impl CustomItem {
    pub(super) fn is_filled(&self) -> bool {
        !self.name.value().is_empty() || !self.price.value().is_empty()
    }

    /// As a draft keeps it; none while nothing is in it.
    pub(super) fn half(&self) -> Option<HalfItem> {
        self.is_filled().then(|| HalfItem {
            name: self.name.value().to_owned(),
            price: self.price.value().to_owned(),
            kind: self.kind,
        })
    }

    /// As a draft has kept it.
    pub(super) fn again(half: &HalfItem) -> Self {
        Self {
            name: Input::new(half.name.clone()),
            price: Input::new(half.price.clone()),
            kind: half.kind,
            stop: CustomStop::Name,
            told: None,
        }
    }

    fn line(&self) -> Result<Line, (CustomStop, String)> {
        let name = text::one_line(self.name.value());
        if name.is_empty() {
            return Err((CustomStop::Name, "type the item's name".to_owned()));
        }
        let price = Money::parse(self.price.value())
            .map_err(|error| (CustomStop::Price, error.to_string()))?;
        Ok(Line {
            kind: self.kind,
            item: None,
            code: String::new(),
            name,
            price,
            picked_price: price,
            includes: Vec::new(),
            tests: Vec::new(),
            is_gone: false,
        })
    }
}

impl App {
    /// Opens as it was left, else with what was searched for in vain as its name.
    pub(super) fn open_custom(&mut self) {
        if let Some(left) = self.form.custom.take() {
            return self.popups.push(Popup::Custom(left));
        }
        let name = self.browser.query.trim().to_owned();
        let stop = if name.is_empty() {
            CustomStop::Name
        } else {
            CustomStop::Price
        };
        let (name, price) = (Input::new(name), Input::default());
        self.popups.push(Popup::Custom(CustomItem {
            name,
            price,
            kind: ItemKind::Test,
            stop,
            told: None,
        }));
    }

    pub(super) fn press_custom(&mut self, mut item: CustomItem, chord: Chord) {
        use CustomStop::{Kind, Name, Price};
        match (chord.key, item.stop) {
            (Key::Esc, _) => {
                self.form.custom = item.is_filled().then_some(item);
                return;
            }
            (Key::Tab | Key::Down | Key::Enter, Name) | (Key::BackTab | Key::Up, Kind) => {
                item.stop = Price;
            }
            (Key::Tab | Key::Down, Price) | (Key::BackTab | Key::Up, Name) => item.stop = Kind,
            (Key::Tab | Key::Down, Kind) | (Key::BackTab | Key::Up, Price) => item.stop = Name,
            (Key::Enter, Price | Kind) => match item.line() {
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
            (_, Kind) => {}
        }
        self.popups.push(Popup::Custom(item));
    }

    fn add_custom(&mut self, line: Line) {
        self.tell(
            Tone::Good,
            format!(
                "Added {} {}",
                line.name,
                self.offer.currency.show(line.price)
            ),
        );
        self.form.draft.lines.push(line);
        self.set_query(String::new());
    }
}

fn edit_told(input: &mut Input, told: &mut Option<String>, chord: Chord) {
    if form::edit(input, chord) {
        *told = None;
    }
}
