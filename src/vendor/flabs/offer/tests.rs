//! The forms as a clerk meets them.
