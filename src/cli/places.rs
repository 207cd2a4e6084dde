//! `frontdesk paths`.

use std::io::Write;
use std::path::Path;

use crate::config::paths::Paths;
use crate::domain::text::one_line;

use super::output::Output;
use super::stop::Stop;

/// One line a place, with a word where there is nothing yet.
pub fn show(
    asked: Option<&Path>,
    paths: &Paths,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let places = [
        ("configuration", asked.unwrap_or(&paths.config_file)),
        ("store", &paths.store),
        ("sandbox ledger", &paths.sandbox_ledger),
        ("log", &paths.log),
    ];
    for (label, place) in places {
        let shown = one_line(&place.display().to_string());
        let note = if place.exists() {
            ""
        } else {
            "  (not there yet)"
        };
        output.line(format_args!("{label:<14}  {shown}{note}"))?;
    }
    Ok(())
}
