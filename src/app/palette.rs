//! The palette: every command and every profile, found by typing.

use tui_input::Input;

use super::form;
use super::key::{Chord, Key};
use super::keymap::{Action, COMMANDS, Command};
use super::popup::Popup;
use super::profiles::ProfileName;
use super::{App, Tone};

/// The palette as a card.
#[derive(Clone, Debug, Default)]
pub struct Palette {
    pub filter: Input,
    pub cursor: usize,
}

/// One row of it.
#[derive(Clone, Copy)]
pub enum Entry<'a> {
    Command(&'static Command),
    Profile(&'a ProfileName),
}

impl App {
    /// What the filter finds: what begins with it first, then what is called so, then what is told of so.
    pub fn palette(&self, filter: &str) -> Vec<Entry<'_>> {
        let commands = COMMANDS
            .iter()
            .filter(|command| command.action != Action::Palette)
            .filter(|command| self.help_of(command).is_some());
        let profiles = self.profiles.iter().map(Entry::Profile);
        let filter = filter.trim().to_lowercase();
        let mut rows: Vec<(u8, Entry<'_>)> = commands
            .map(Entry::Command)
            .chain(profiles)
            .filter_map(|entry| Some((self.rank(entry, &filter)?, entry)))
            .collect();
        // Rows of one rank keep their order.
        rows.sort_by_key(|(rank, _)| *rank);
        rows.into_iter().map(|(_, entry)| entry).collect()
    }

    /// How well an entry fits; none where a word of the filter is nowhere in it.
    fn rank(&self, entry: Entry<'_>, filter: &str) -> Option<u8> {
        let (names, more) = match entry {
            Entry::Command(command) => (
                vec![
                    self.label(command.action).to_owned(),
                    command.name.to_owned(),
                ],
                format!(
                    "{} {}",
                    self.help_of(command).unwrap_or_default(),
                    self.keymap.key(command.action)
                ),
            ),
            Entry::Profile(profile) => {
                let words = profile_words(profile);
                (vec![words, profile.name.clone()], String::new())
            }
        };
        let names: Vec<String> = names.iter().map(|name| name.to_lowercase()).collect();
        let called = names.join(" ");
        let told = format!("{called} {}", more.to_lowercase());
        let holds = |text: &str| filter.split_whitespace().all(|term| text.contains(term));
        if names.iter().any(|name| name.starts_with(filter)) {
            Some(0)
        } else if holds(&called) {
            Some(1)
        } else {
            holds(&told).then_some(2)
        }
    }

    pub(super) fn open_palette(&mut self) {
        self.popups.push(Popup::Palette(Palette::default()));
    }

    pub(super) fn press_palette(&mut self, mut palette: Palette, chord: Chord) {
        let rows = self.palette(palette.filter.value());
        let last = rows.len().saturating_sub(1);
        let here = palette.cursor.min(last);
        let is_again = self.keymap.action(chord) == Some(Action::Palette);
        match chord.key {
            Key::Esc => return,
            Key::Enter => match rows.get(here) {
                Some(Entry::Command(command)) => {
                    let chord = self.keymap.chord(command.action);
                    return chord.into_iter().for_each(|chord| self.press(chord));
                }
                Some(Entry::Profile(profile)) if profile.is_here => return,
                Some(Entry::Profile(profile)) => {
                    let name = profile.name.clone();
                    return self.go_to_profile(name);
                }
                None => self.tell(Tone::Plain, "Nothing is called so: change what is typed"),
            },
            _ if is_again => palette.cursor = if here == last { 0 } else { here + 1 },
            key => match key.row_from(here, last) {
                Some(row) => palette.cursor = row,
                None if form::edit(&mut palette.filter, chord) => palette.cursor = 0,
                None => {}
            },
        }
        self.popups.push(Popup::Palette(palette));
    }
}

/// The row of a profile in words.
pub fn profile_words(profile: &ProfileName) -> String {
    let place = if profile.is_sandbox {
        "SANDBOX"
    } else {
        "LIVE"
    };
    format!("Go to {} · {} · {place}", profile.name, profile.vendor)
}
