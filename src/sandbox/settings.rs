//! What a contract leaves open, as the sandbox answers it: a trainer may choose otherwise while it runs.

use std::sync::{Mutex, PoisonError};

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A change of settings that was found good and waits to be made.
pub type Change<'a> = Box<dyn FnOnce() + Send + 'a>;

/// Settings of whatever shape, as the control calls see them.
pub trait Adjustable: Send + Sync {
    /// The choices in force.
    fn told(&self) -> serde_json::Result<Value>;

    /// Reads new choices, a JSON object, without making them; what it does not name goes back to its default.
    fn wanted(&self, sent: Value) -> serde_json::Result<Change<'_>>;
}

/// The choices in force. `T` refuses fields that it does not know.
#[derive(Default)]
pub struct Settings<T>(Mutex<T>);

impl<T: Clone> Settings<T> {
    pub fn choices(&self) -> T {
        let choices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        choices.clone()
    }
}

impl<T: Clone + Serialize + DeserializeOwned + Send> Adjustable for Settings<T> {
    fn told(&self) -> serde_json::Result<Value> {
        serde_json::to_value(self.choices())
    }

    fn wanted(&self, sent: Value) -> serde_json::Result<Change<'_>> {
        let wanted = serde_json::from_value(sent)?;
        Ok(Box::new(move || {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
        }))
    }
}
