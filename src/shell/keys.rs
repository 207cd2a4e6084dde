//! Terminal events as the console understands them.

use termina::Event as Input;
use termina::event::{KeyCode, KeyEvent, KeyEventKind, Modifiers};

use crate::app::Event;
use crate::app::key::{Chord, Key};

/// The event for the console, if it means anything to it.
pub fn event(input: Input) -> Option<Event> {
    match input {
        Input::Key(key) => chord(key).map(Event::KeyPressed),
        Input::Paste(text) => Some(Event::Pasted(text)),
        _ => None,
    }
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
