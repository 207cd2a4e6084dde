//! `frontdesk config init`.

use std::io::{ErrorKind, Write};
use std::path::Path;

use anyhow::{Context, anyhow};

use crate::config::paths::{Paths, create_privately, make_private_folder};
use crate::domain::text::one_line;

use super::output::Output;
use super::stop::Stop;

/// What is written. A `#` before a letter or bracket hides a line to fill in; before a blank it begins a remark.
pub const TEMPLATE: &str = include_str!("init/config.toml");

/// Writes the template where no file is yet.
pub fn write(
    asked: Option<&Path>,
    paths: &Paths,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let file = asked.unwrap_or(&paths.config_file);
    let shown = one_line(&file.display().to_string());
    if let (None, Some(folder)) = (asked, file.parent()) {
        make_private_folder(folder)
            .with_context(|| format!("cannot make the folder of {shown}"))?;
    }
    let mut created = match create_privately(file) {
        Err(error) if error.kind() == ErrorKind::AlreadyExists => {
            return Err(Stop::Failed(anyhow!(
                "{shown}: is there already; edit it, or move it away first"
            )));
        }
        other => other.with_context(|| format!("{shown}: cannot be written"))?,
    };
    created
        .write_all(TEMPLATE.as_bytes())
        .with_context(|| format!("{shown}: cannot be written"))?;
    output.line(format_args!("wrote {shown}"))?;
    output.line("Fill in a profile, then run: frontdesk doctor")?;
    Ok(())
}
