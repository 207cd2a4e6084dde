//! `frontdesk`: the terminal console of a lab's or clinic's front desk.

pub mod cli;
pub mod config;
pub mod domain;
