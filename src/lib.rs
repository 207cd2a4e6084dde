//! `frontdesk`: the terminal console of a lab's or clinic's front desk.

pub mod app;
pub mod domain;
pub mod ui;
pub mod vendor;
