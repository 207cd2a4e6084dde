//! Sixteen ANSI roles at most, readable on light and dark, complete without colour.

use ratatui::style::{Color, Modifier, Style};

/// What a piece of text is, not how it looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    Plain,
    Strong,
    Dim,
    /// The pane, tab or label that has the keys.
    Focus,
    /// The row under the cursor.
    Selected,
    /// Letters that a search matched.
    Match,
    Good,
    Warning,
    Bad,
    Sandbox,
    Live,
    /// A key in the footer.
    Key,
}

/// Colours, or none (`NO_COLOR`).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Theme {
    pub has_colour: bool,
}

impl Theme {
    pub fn style(self, role: Role) -> Style {
        let style = Style::new().add_modifier(modifier(role));
        match (self.has_colour, colour(role)) {
            (true, Some(colour)) => style.fg(colour),
            _ => style,
        }
    }
}

fn modifier(role: Role) -> Modifier {
    match role {
        Role::Plain | Role::Good | Role::Dim => Modifier::empty(),
        Role::Strong | Role::Focus | Role::Warning | Role::Bad | Role::Key => Modifier::BOLD,
        Role::Selected | Role::Sandbox => Modifier::REVERSED,
        Role::Match => Modifier::UNDERLINED,
        Role::Live => Modifier::REVERSED.union(Modifier::BOLD),
    }
}

/// Only the terminal's own colours, and only those that read on a light ground as well as on a dark one.
fn colour(role: Role) -> Option<Color> {
    match role {
        Role::Plain | Role::Strong | Role::Selected => None,
        Role::Dim => Some(Color::DarkGray),
        Role::Focus | Role::Key => Some(Color::Cyan),
        Role::Match | Role::Sandbox => Some(Color::Blue),
        Role::Good => Some(Color::Green),
        Role::Warning => Some(Color::Magenta),
        Role::Bad | Role::Live => Some(Color::Red),
    }
}
