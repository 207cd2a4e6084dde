//! The rules of the Meddbase portal, each refused once at least.

#[path = "meddbase/anonymous.rs"]
mod anonymous;
#[path = "meddbase/appointments.rs"]
mod appointments;
#[path = "meddbase/booking.rs"]
mod booking;
#[path = "meddbase/calls.rs"]
mod calls;
#[path = "meddbase/kept.rs"]
mod kept;
#[path = "meddbase/login.rs"]
mod login;
#[path = "meddbase/patients.rs"]
mod patients;
#[path = "meddbase/portal.rs"]
mod portal;
#[path = "meddbase/search.rs"]
mod search;
#[path = "meddbase/spelling.rs"]
mod spelling;
