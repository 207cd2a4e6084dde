//! `frontdesk`: the terminal console of a lab's or clinic's front desk.

pub mod courier;
pub mod domain;
pub mod store;
