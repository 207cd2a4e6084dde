//! `frontdesk`: the terminal console of a lab's or clinic's front desk.
//!
//! # The map of the house
//!
//! | layer | is | may know |
//! |---|---|---|
//! | [`domain`] | the trade's own nouns and rules | nothing else |
//! | [`vendor`] | one adapter a vendor: calls out, words of the trade back | domain, section, clock, trial |
//! | [`clock`], [`trial`] | what time it is; what a trial may spoil in a test build | nothing else |
//! | [`store`] | intents with their evidence, drafts, copies, budgets on this machine's disk | domain, clock, trial |
//! | [`courier`] | takes what is saved to the vendor, and learns what became of it | domain, vendor, store, clock, trial |
//! | [`app`] | the whole state of the console as plain data: [`app::App::handle`] | domain |
//! | [`ui`] | draws the state, and nothing but the state | app, domain |
//! | [`section`] | one table of the file while it is read, and the complaints about it | domain |
//! | [`config`] | the file, the profiles, where the secrets lie | domain, section, the vendors |
//! | [`sandbox`] | the vendors' servers, written from their contracts alone | domain |
//! | [`desk`] | sandbox, adapter, store and courier of one profile, put together | all of the above but app and ui |
//! | [`shell`] | the one loop: event in, handle, run effects, draw | all of the above |
//! | [`cli`] | arguments, log, exit codes | all |
//!
//! `tests/tidy.rs` holds the code to this table.
//!
//! # What always holds
//!
//! - **The order law.** The [intent](domain::submission::Intent) is committed before "Saved" is shown; the attempt before
//!   the first byte leaves; the [outcome](domain::evidence::Outcome) before "Accepted" is shown. What a person is told is
//!   a pure function of the [evidence](domain::evidence), so that replaying it gives the same word.
//! - **One intent, one number.** Code never mints a second [`IntentId`](domain::submission::IntentId) for the same wish,
//!   and never changes what was saved.
//! - **No answer is a state of its own**, [`Checking`](domain::evidence::State::Checking): neither failed nor pending.
//!   Only [`courier::plan`] decides whether a try may follow it.
//! - **Purity.** [`domain`] and [`app`] await nothing, read no clock and touch no disk: time comes in as an
//!   [event](app::Event), and what is to be done goes out as an [effect](app::Effect).
//! - **Two readings of one contract.** [`sandbox`] and [`vendor`] share no type of the wire, so that a misreading cannot
//!   hide on both sides.
//! - **Patients stay in the store.** They are in no log, address, argument, title or panic; what comes from outside
//!   passes [`domain::text`] before it can reach a screen.

pub mod app;
pub mod cli;
pub mod clock;
pub mod config;
pub mod courier;
pub mod desk;
pub mod domain;
pub mod sandbox;
pub mod section;
pub mod shell;
pub mod store;
pub mod trial;
pub mod ui;
pub mod vendor;
