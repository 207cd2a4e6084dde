//! The real program in a real terminal: what a person sees and types, and how the terminal is left.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

#[path = "terminal/desk.rs"]
mod desk;
#[path = "terminal/drafts.rs"]
mod drafts;
#[path = "terminal/endings.rs"]
mod endings;
#[path = "support/lab.rs"]
#[allow(dead_code, reason = "each suite spoils other things")]
mod lab;
#[path = "terminal/panics.rs"]
mod panics;
#[path = "terminal/profiles.rs"]
mod profiles;
#[path = "terminal/stories.rs"]
mod stories;
#[path = "terminal/terminal.rs"]
mod terminal;
#[path = "terminal/vendors.rs"]
mod vendors;
