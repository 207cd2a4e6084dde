//! Commands and the keys they live on. Footer and help are derived from here; the configuration can change it.

use super::key::{Chord, Key, NotBindable};

/// The commands that work from everywhere.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    Help,
    Review,
    Search,
    People,
    Worklist,
    Drafts,
    SwitchKind,
    CustomItem,
    Discount,
    NewForm,
    Palette,
    Refresh,
    SignIn,
    Redraw,
    Quit,
}

/// A command as configuration, footer and help name it.
pub struct Command {
    pub action: Action,
    /// Its name in the configuration.
    pub name: &'static str,
    /// Its word in the footer.
    pub label: &'static str,
    /// What it does, for the help.
    pub help: &'static str,
    default: Chord,
}

/// Every command, in the order of the help.
pub const COMMANDS: [Command; 15] = [
    command(
        Action::Help,
        "help",
        "help",
        "this page",
        Chord::plain(Key::F(1)),
    ),
    command(
        Action::Review,
        "review",
        "review and send",
        "read back and send; the only way to send",
        Chord::plain(Key::F(2)),
    ),
    command(
        Action::Search,
        "search",
        "search",
        "search tests and packages",
        Chord::plain(Key::F(3)),
    ),
    command(
        Action::People,
        "people",
        "people",
        "the people this desk has met on this phone number",
        Chord::plain(Key::F(4)),
    ),
    command(
        Action::Worklist,
        "worklist",
        "worklist",
        "what was sent today, is due, or is still open",
        Chord::plain(Key::F(5)),
    ),
    command(
        Action::Drafts,
        "drafts",
        "drafts",
        "the forms that are not sent yet",
        Chord::plain(Key::F(6)),
    ),
    command(
        Action::SwitchKind,
        "switch-kind",
        "kind",
        "switch to the next kind of form",
        Chord::plain(Key::F(7)),
    ),
    command(
        Action::CustomItem,
        "custom-item",
        "custom item",
        "add an item under your own name and price",
        Chord::plain(Key::F(8)),
    ),
    command(
        Action::Discount,
        "discount",
        "discount",
        "go to the discount",
        Chord::plain(Key::F(9)),
    ),
    command(
        Action::NewForm,
        "new-form",
        "new form",
        "start another form; this one stays open",
        Chord::ctrl('n'),
    ),
    command(
        Action::Palette,
        "commands",
        "commands",
        "all commands and all profiles, found by typing",
        Chord::ctrl('p'),
    ),
    command(
        Action::Refresh,
        "refresh",
        "refresh",
        "ask the vendor for branches and prices anew",
        Chord::ctrl('r'),
    ),
    command(
        Action::SignIn,
        "sign-in",
        "sign in",
        "type the code that the vendor sent for the sign-in; there, have another one sent",
        Chord::ctrl('g'),
    ),
    command(
        Action::Redraw,
        "redraw",
        "redraw",
        "draw the whole screen again",
        Chord::ctrl('l'),
    ),
    command(
        Action::Quit,
        "quit",
        "quit",
        "leave the console",
        Chord::ctrl('x'),
    ),
];

const fn command(
    action: Action,
    name: &'static str,
    label: &'static str,
    help: &'static str,
    default: Chord,
) -> Command {
    Command {
        action,
        name,
        label,
        help,
        default,
    }
}

/// Which key calls which command.
#[derive(Clone, Debug)]
pub struct Keymap {
    bindings: Vec<(Action, Chord)>,
}

/// Why a binding of the configuration cannot hold.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BindingError {
    #[error("there is no command \"{0}\"; the commands are {names}", names = COMMANDS.map(|command| command.name).join(", "))]
    NoSuchCommand(String),
    #[error(transparent)]
    Key(#[from] NotBindable),
    #[error("{chord} is bound to both {first} and {second}: give one of them another key")]
    Clash {
        chord: Chord,
        first: &'static str,
        second: &'static str,
    },
}

impl Default for Keymap {
    fn default() -> Self {
        Self {
            bindings: COMMANDS
                .iter()
                .map(|command| (command.action, command.default))
                .collect(),
        }
    }
}

impl Keymap {
    /// The defaults with one command moved to another key. Clashes are found by [`Keymap::check`], when all are bound.
    pub fn bind(&mut self, name: &str, chord: &str) -> Result<(), BindingError> {
        let command = COMMANDS.iter().find(|command| command.name == name);
        let action = command
            .ok_or_else(|| BindingError::NoSuchCommand(name.to_owned()))?
            .action;
        let chord: Chord = chord.parse()?;
        for binding in &mut self.bindings {
            if binding.0 == action {
                binding.1 = chord;
            }
        }
        Ok(())
    }

    /// Fails when two commands share a key.
    pub fn check(&self) -> Result<(), BindingError> {
        for (index, (first, chord)) in self.bindings.iter().enumerate() {
            if let Some((second, _)) = self
                .bindings
                .iter()
                .skip(index + 1)
                .find(|(_, other)| other == chord)
            {
                let (first, second) = (name(*first), name(*second));
                return Err(BindingError::Clash {
                    chord: *chord,
                    first,
                    second,
                });
            }
        }
        Ok(())
    }

    pub fn action(&self, chord: Chord) -> Option<Action> {
        self.bindings
            .iter()
            .find(|(_, bound)| *bound == chord)
            .map(|(action, _)| *action)
    }

    /// The key of a command.
    pub fn chord(&self, action: Action) -> Option<Chord> {
        let mut bindings = self.bindings.iter();
        let bound = bindings.find(|(bound, _)| *bound == action);
        bound.map(|(_, chord)| *chord)
    }

    /// The key of a command, as it is written on screen.
    pub fn key(&self, action: Action) -> String {
        let chord = self.chord(action);
        chord.map(|chord| chord.to_string()).unwrap_or_default()
    }
}

fn name(action: Action) -> &'static str {
    COMMANDS
        .iter()
        .find(|command| command.action == action)
        .map_or("", |command| command.name)
}
