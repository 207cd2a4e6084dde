//! The screen for terminals that draw no lines: every line and mark as a letter of the same width. What people are
//! called, and money, stays as it is.

use ratatui::buffer::Buffer;

/// Replaces every line and mark of a screen that is drawn already.
pub fn spell(buffer: &mut Buffer) {
    for cell in &mut buffer.content {
        if let Some(letter) = letter(cell.symbol()) {
            cell.set_char(letter);
        }
    }
}

fn letter(symbol: &str) -> Option<char> {
    Some(match symbol {
        "─" | "–" | "—" => '-',
        "━" => '=',
        "│" => '|',
        "┌" | "┐" | "└" | "┘" | "✓" => '+',
        "·" => '.',
        "…" => '~',
        "›" | "→" => '>',
        "‹" | "←" => '<',
        "↑" | "▲" => '^',
        "↓" | "▼" => 'v',
        "●" | "•" => '*',
        "▣" => '#',
        "✗" => 'x',
        "“" | "”" => '"',
        _ => return None,
    })
}
