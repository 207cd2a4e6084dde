//! `frontdesk`: the terminal console of a lab's or clinic's front desk.

pub mod app;
pub mod cli;
pub mod config;
pub mod courier;
pub mod domain;
pub mod sandbox;
pub mod shell;
pub mod store;
pub mod ui;
pub mod vendor;
