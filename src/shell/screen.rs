//! The terminal while the console has it, and the way it is given back: on quit, on a panic, on a signal.

use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread::{self, ThreadId};

use crossterm::clipboard::CopyToClipboard;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::terminal::{
    EnterAlternateScreen, LeaveAlternateScreen, disable_raw_mode, enable_raw_mode,
};
use crossterm::{Command, cursor};
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};

use super::painter::Painter;
use crate::app::App;
use crate::ui::{self, theme::Theme};

/// True while the terminal is ours; whoever sets it to false gives it back.
static IS_OURS: AtomicBool = AtomicBool::new(false);

/// The thread that draws: a panic of another one leaves the console at work.
static DRAWS: OnceLock<ThreadId> = OnceLock::new();

/// The drawing side of the terminal. Dropping it gives the terminal back.
pub struct Screen {
    terminal: Terminal<Painter<File>>,
    theme: Theme,
    place: Rect,
    /// The terminal draws no lines.
    pub is_ascii: bool,
}

/// Columns and rows of the terminal now.
pub fn size() -> io::Result<(u16, u16)> {
    crossterm::terminal::size()
}

impl Screen {
    /// Takes the terminal: raw mode, alternate screen, bracketed paste. Fails where there is none.
    pub fn take() -> io::Result<Self> {
        if !io::stdin().is_terminal() || !io::stdout().is_terminal() {
            let words = "the console needs a terminal: standard input and output must both be one";
            return Err(io::Error::other(words));
        }
        let mut out = File::from(io::stdout().as_fd().try_clone_to_owned()?);
        // One console a process: whoever took the terminal first draws on it.
        let _ = DRAWS.set(thread::current().id());
        give_back_on_panic();
        IS_OURS.store(true, Ordering::SeqCst);
        enable_raw_mode()?;
        let mut bytes = String::new();
        for written in [
            EnterAlternateScreen.write_ansi(&mut bytes),
            EnableBracketedPaste.write_ansi(&mut bytes),
        ] {
            written.map_err(io::Error::other)?;
        }
        out.write_all(bytes.as_bytes())?;
        let (width, height) = size()?;
        let place = Rect::new(0, 0, width, height);
        let viewport = Viewport::Fixed(place);
        let terminal = Terminal::with_options(Painter::new(out), TerminalOptions { viewport })?;
        let has_colour = std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty());
        Ok(Self {
            terminal,
            theme: Theme { has_colour },
            place,
            is_ascii: false,
        })
    }

    /// Draws what differs from what stands there. The size is what the console was told: asking the terminal at every
    /// key costs more than the key.
    pub fn draw(&mut self, app: &App) -> io::Result<()> {
        let place = Rect::new(0, 0, app.size.0, app.size.1);
        if self.place != place {
            self.place = place;
            self.terminal.resize(place)?;
        }
        self.terminal
            .draw(|frame| {
                ui::draw(app, self.theme, frame);
                if self.is_ascii {
                    ui::ascii::spell(frame.buffer_mut());
                }
            })
            .map(drop)
    }

    /// Forgets what stands there: the next draw writes every cell.
    pub fn redraw(&mut self) -> io::Result<()> {
        self.terminal.clear()
    }

    /// Puts a text on the clipboard of the terminal, over SSH too (OSC 52).
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        let mut bytes = String::new();
        CopyToClipboard::to_clipboard_from(text)
            .write_ansi(&mut bytes)
            .map_err(io::Error::other)?;
        self.terminal.backend_mut().send(bytes.as_bytes())
    }
}

impl Drop for Screen {
    fn drop(&mut self) {
        give_back();
    }
}

/// Puts the terminal back as it was found; once, whoever asks. A terminal that has gone needs nothing.
pub fn give_back() {
    if !IS_OURS.swap(false, Ordering::SeqCst) {
        return;
    }
    let mut bytes = String::new();
    let _ = DisableBracketedPaste.write_ansi(&mut bytes);
    let _ = LeaveAlternateScreen.write_ansi(&mut bytes);
    let _ = cursor::Show.write_ansi(&mut bytes);
    if let Ok(out) = io::stdout().as_fd().try_clone_to_owned() {
        let _ = File::from(out).write_all(bytes.as_bytes());
    }
    let _ = disable_raw_mode();
}

/// A panic says where it happened and nothing of what was typed; the terminal is given back before it is told.
fn give_back_on_panic() {
    std::panic::set_hook(Box::new(|panic| {
        let place = panic
            .location()
            .map(ToString::to_string)
            .unwrap_or_default();
        tracing::error!(place, "panicked");
        if DRAWS.get() == Some(&thread::current().id()) || !IS_OURS.load(Ordering::SeqCst) {
            give_back();
            let words = format!("frontdesk stopped because of a fault of its own at {place}\n");
            let _ = io::stderr().write_all(words.as_bytes());
        }
    }));
}
