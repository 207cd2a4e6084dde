//! Terminal events as the console understands them.

use termina::Event as Input;
use termina::event::{KeyCode, KeyEvent, KeyEventKind, Modifiers};

use crate::app::Event;
use crate::app::key::{Chord, Key};

/// The events for the console, if it means anything to it: mostly one.
pub fn events(input: Input) -> impl Iterator<Item = Event> {
    let (first, then) = match input {
        Input::Key(key) => match chord(key) {
            // On a slow line an Esc and the key after it come in one piece, and read like the key with Alt.
            Some(chord) if chord.is_alt && is_one_byte(chord.key) => {
                let typed = Chord {
                    is_alt: false,
                    ..chord
                };
                (Some(Key::Esc.into()), Some(Event::KeyPressed(typed)))
            }
            chord => (None, chord.map(Event::KeyPressed)),
        },
        Input::Paste(text) => (None, Some(Event::Pasted(text))),
        _ => (None, None),
    };
    first.map(Event::KeyPressed).into_iter().chain(then)
}

/// What a terminal sends for it begins with no Esc of its own.
fn is_one_byte(key: Key) -> bool {
    matches!(key, Key::Char(_) | Key::Enter | Key::Tab | Key::Backspace)
}

fn chord(event: KeyEvent) -> Option<Chord> {
    if event.kind == KeyEventKind::Release {
        return None;
    }
    let is_ctrl = event.modifiers.contains(Modifiers::CONTROL);
    let key = match event.code {
        // A line feed: what some keypads and scanners send for Enter.
        KeyCode::Char('j') if is_ctrl => return Some(Key::Enter.into()),
        KeyCode::Char(c) if is_ctrl => Key::Char(c.to_ascii_lowercase()),
        KeyCode::Char(c) => Key::Char(c),
        KeyCode::Enter => Key::Enter,
        KeyCode::Escape => Key::Esc,
        KeyCode::Tab => Key::Tab,
        KeyCode::BackTab => Key::BackTab,
        KeyCode::Backspace => Key::Backspace,
        KeyCode::Delete => Key::Delete,
        KeyCode::Left => Key::Left,
        KeyCode::Right => Key::Right,
        KeyCode::Up => Key::Up,
        KeyCode::Down => Key::Down,
        KeyCode::Home => Key::Home,
        KeyCode::End => Key::End,
        KeyCode::PageUp => Key::PageUp,
        KeyCode::PageDown => Key::PageDown,
        KeyCode::Function(number) => Key::F(number),
        _ => return None,
    };
    let is_alt = event.modifiers.contains(Modifiers::ALT);
    Some(Chord {
        key,
        is_ctrl,
        is_alt,
    })
}
