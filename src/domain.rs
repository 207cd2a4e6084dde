//! The trade's own nouns and rules: money, phones, ages, catalogues, orders, submissions and what became of them.
//!
//! Knows nothing else of the house: no terminal, no network, no disk, no clock. Whatever needs "now" takes it as
//! an argument, so that every rule can be tested as plain data.

pub mod age;
pub mod barcode;
pub mod branch;
pub mod catalogue;
pub mod doubt;
pub mod draft;
pub mod evidence;
pub mod failure;
pub mod happening;
pub mod looked;
pub mod money;
pub mod offer;
pub mod order;
pub mod phone;
pub mod rules;
pub mod schedule;
pub mod shape;
pub mod slot;
pub mod standing;
pub mod submission;
pub mod text;
pub mod tier;
pub mod turn;
