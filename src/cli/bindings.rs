//! The bindings of the file, applied to the commands of the console.

use crate::app::keymap::{BindingError, Keymap};
use crate::config::{Config, Error};

/// The keys of the console; a binding that cannot hold is told with its line.
pub fn keymap(config: &Config) -> Result<Keymap, Error> {
    let mut keymap = Keymap::default();
    for (action, chord, _) in &config.keys {
        keymap
            .bind(action, chord)
            .map_err(|why| config.bad_binding(action, &why))?;
    }
    keymap.check().map_err(|why| {
        let bound = |name: &str| config.keys.iter().any(|(action, ..)| action == name);
        let action = match &why {
            BindingError::Clash { first, second, .. } if !bound(first) => second,
            BindingError::Clash { first, .. } => first,
            BindingError::NoSuchCommand(_) | BindingError::Key(_) => "",
        };
        config.bad_binding(action, &why)
    })?;
    Ok(keymap)
}
