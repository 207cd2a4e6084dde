//! Meddbase's own names: paths, query parameters, fields. The only place in the house that knows them.
//!
//! Query names are kebab-case, names in bodies `camelCase`, fields of objects `PascalCase`
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/communication-overview/url-format.html>). Whatever the
//! documentation contradicts itself about is read in every way that it prints.

pub mod appointment;
pub mod booking;
pub mod envelope;
pub mod moment;
pub mod names;
pub mod object;
pub mod page;
pub mod person;
pub mod search;
pub mod sign_in;
pub mod slots;
