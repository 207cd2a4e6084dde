//! What each command does with the form that is shown: help, palette and footer tell no key that does nothing here.

use super::App;
use super::keymap::{Action, COMMANDS, Command};
use crate::domain::offer::{FieldKey, Items, SlotSource};

impl App {
    /// What a command does here, in one line; none where it does nothing.
    pub fn help_of(&self, command: &Command) -> Option<String> {
        let vendor = self.offer.vendor;
        let as_always = || command.help.to_owned();
        match command.action {
            Action::Search if self.has_items() => Some(as_always()),
            Action::Search => self.slot_source().map(|source| match source {
                SlotSource::Free => "pick the time".to_owned(),
                SlotSource::Vendor => format!("pick a free time of {vendor}'s"),
            }),
            Action::People => self.people_help(command.help),
            Action::SwitchKind => self
                .has_other_kinds()
                .then(|| format!("{}: {}", command.help, self.offer.kind_words())),
            Action::CustomItem => match self.items() {
                Items::None => None,
                Items::Priced => Some(as_always()),
                Items::Named => Some("add an item under your own name".to_owned()),
            },
            Action::Discount => self.is_priced().then(as_always),
            Action::Refresh => Some(format!("ask {vendor} for {} anew", self.lists_in_words())),
            Action::SignIn => self.sign_in.needed.as_ref().map(|_| as_always()),
            Action::Help
            | Action::Review
            | Action::Worklist
            | Action::Drafts
            | Action::NewForm
            | Action::Palette
            | Action::Redraw
            | Action::Quit => Some(as_always()),
        }
    }

    /// The one word for a command, in the footer as in the palette.
    pub fn label(&self, action: Action) -> &'static str {
        match action {
            Action::Search if !self.has_items() => "times",
            Action::People if self.finds_patients() => "find patient",
            _ => {
                let mut commands = COMMANDS.iter();
                let command = commands.find(|command| command.action == action);
                command.map_or("", |command| command.label)
            }
        }
    }

    /// Whom the key of the people offers: those of the phone number, those the vendor knows, or both.
    fn people_help(&self, by_phone: &str) -> Option<String> {
        let vendor = self.offer.vendor;
        match (self.field(FieldKey::Phone), self.finds_patients()) {
            (Some(_), false) => Some(by_phone.to_owned()),
            (Some(_), true) => Some(format!(
                "find the patient at {vendor}, or among those met on this phone number"
            )),
            (None, true) => Some(format!("find the patient at {vendor}")),
            (None, false) => None,
        }
    }

    /// What of a catalogue the form takes.
    pub fn items(&self) -> Items {
        self.offer.items(self.form.draft.kind)
    }

    /// The form can become one of another kind.
    pub fn has_other_kinds(&self) -> bool {
        self.offer.kinds.len() > 1 && !self.is_change()
    }

    /// What is asked for when everything is asked for anew.
    pub(super) fn lists_in_words(&self) -> &'static str {
        match (self.items(), self.slot_source()) {
            (Items::Priced, _) => "branches and prices",
            (Items::Named, _) => "branches and tests",
            (Items::None, Some(SlotSource::Vendor)) => "branches and free times",
            (Items::None, _) => "branches",
        }
    }
}
