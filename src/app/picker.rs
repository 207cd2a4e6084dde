//! Picking a booking's day and time with arrows.

use chrono::{DateTime, TimeDelta};
use chrono_tz::Tz;

use super::App;
use super::focus::Focus;
use super::key::{Chord, Key};
use super::popup::Popup;
use crate::domain::offer::{FieldKey, Input};
use crate::domain::schedule;
use tui_input::Input as Text;

/// The moment that stands in the picker.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Picker {
    pub field: FieldKey,
    pub at: DateTime<Tz>,
}

impl App {
    pub(super) fn open_picker(&mut self) {
        let Focus::Field(field) = self.focus else {
            return;
        };
        if self
            .field(field)
            .is_some_and(|field| field.input == Input::When)
        {
            let at = schedule::next_half_hour(self.offer.zone, self.now);
            self.popups.push(Popup::When(Picker { field, at }));
        }
    }

    /// Left and Right move a day, Up and Down half an hour, `PgUp` and `PgDn` a week, Home back to the next half hour.
    pub(super) fn press_picker(&mut self, picker: Picker, chord: Chord) {
        let earliest = schedule::next_half_hour(self.offer.zone, self.now);
        let at = match chord.key {
            Key::Esc => return,
            Key::Enter => return self.take_moment(picker),
            Key::Left => schedule::add_days(picker.at, -1),
            Key::Right => schedule::add_days(picker.at, 1),
            Key::PageUp => schedule::add_days(picker.at, -7),
            Key::PageDown => schedule::add_days(picker.at, 7),
            Key::Up => picker.at - TimeDelta::minutes(30),
            Key::Down => picker.at + TimeDelta::minutes(30),
            Key::Home => earliest,
            _ => picker.at,
        };
        let latest = schedule::add_days(earliest, 365);
        self.popups.push(Popup::When(Picker {
            at: at.clamp(earliest, latest),
            ..picker
        }));
    }

    fn take_moment(&mut self, picker: Picker) {
        let text = schedule::typed(picker.at);
        self.editor = Text::new(text.clone());
        self.set_value(picker.field, text);
        self.walk(1);
    }
}
