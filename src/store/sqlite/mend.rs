//! Makes the copy of a damaged file readable where only its beginning is spoiled: the header and the list of tables of
//! a new store stand in for its own (<https://www.sqlite.org/fileformat2.html>).
//!
//! Must not know what the tables hold. What stands in may not fit, so nothing that is read then counts as complete.

use std::fs::OpenOptions;
use std::io;
use std::os::unix::fs::FileExt;
use std::path::Path;

use super::aside::new_link;
use super::place;
use crate::store::error::StoreError;

/// Bytes of a page; the size of every store.
const PAGE: u64 = 4096;

const HEADER: usize = 100;

/// A damaged size is not believed beyond this: 64 GiB.
const MOST_PAGES: u64 = 1 << 24;

/// The beginning of a file that can be read.
pub(super) struct Beginning {
    /// It is the file's own, as it was.
    pub is_untouched: bool,
}

/// Tries the file as it is, then with ever more of a new one; nothing where none of it can be read.
pub(super) async fn make_readable(old: &Path, new: &Path) -> Result<Option<Beginning>, StoreError> {
    let unusable = |why| place::unusable(old, why);
    let length = old.metadata().map_err(unusable)?.len();
    // An empty file would be taken for a new one, and its log dropped.
    if length >= PAGE && is_readable(old).await {
        return Ok(Some(Beginning { is_untouched: true }));
    }
    let roots = roots(new).await?;
    for mend in [Mend::Length, Mend::Header, Mend::Tables] {
        apply(&mend, old, new, &roots).map_err(unusable)?;
        if is_readable(old).await {
            let is_untouched = false;
            return Ok(Some(Beginning { is_untouched }));
        }
    }
    Ok(None)
}

/// How much is put in from a new file.
enum Mend {
    /// Nothing: a file that was cut off is made as long as it says it is, so that its pages are missed one by one.
    Length,
    /// The first bytes: what every store has alike.
    Header,
    /// The pages that list the tables: alike in stores that were made by the same program.
    Tables,
}

fn apply(mend: &Mend, old: &Path, new: &Path, roots: &[u64]) -> io::Result<()> {
    let file = OpenOptions::new().read(true).write(true).open(old)?;
    let length = file.metadata()?.len();
    let mut said = [0; 4];
    let said = match file.read_exact_at(&mut said, 28) {
        Ok(()) => u64::from(u32::from_be_bytes(said)),
        Err(_) => 0,
    };
    let fresh = std::fs::read(new)?;
    let (page, mut pages) = (fresh.chunks(4096), length.div_ceil(PAGE));
    match mend {
        Mend::Length if said < MOST_PAGES => pages = pages.max(said),
        Mend::Length => {}
        Mend::Header => {
            file.write_all_at(fresh.get(..HEADER).unwrap_or_default(), 0)?;
        }
        Mend::Tables => {
            for (number, bytes) in (1_u64..).zip(page) {
                if number == 1 || !roots.contains(&number) {
                    file.write_all_at(bytes, (number - 1) * PAGE)?;
                }
            }
            pages = pages.max(u64::try_from(fresh.len()).unwrap_or_default() / PAGE);
        }
    }
    if length < pages * PAGE {
        file.set_len(pages * PAGE)?;
    }
    if !matches!(mend, Mend::Length) {
        let pages = u32::try_from(pages).unwrap_or(u32::MAX).to_be_bytes();
        file.write_all_at(&pages, 28)?;
        // No page is free.
        file.write_all_at(&[0; 8], 32)?;
        // The size counts where the counter at 24 is also found at 92.
        let mut counter = [0; 4];
        file.read_exact_at(&mut counter, 24)?;
        file.write_all_at(&counter, 92)?;
    }
    Ok(())
}

/// Whether the tables are found.
async fn is_readable(path: &Path) -> bool {
    let mut link = new_link(path);
    let Ok(connection) = link.open().await else {
        return false;
    };
    let tables: Result<u32, _> = sqlx::query_scalar(
        "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name IN ('intents', 'attempts', 'evidence')",
    )
    .fetch_one(connection)
    .await;
    // What goes wrong here goes wrong again when it is next opened.
    let _ = link.close().await;
    tables.is_ok_and(|tables| tables == 3)
}

/// The pages on which the tables of a new file begin.
async fn roots(new: &Path) -> Result<Vec<u64>, StoreError> {
    let mut link = new_link(new);
    let roots: Vec<i64> =
        sqlx::query_scalar("SELECT rootpage FROM sqlite_schema WHERE rootpage > 0")
            .fetch_all(link.open().await?)
            .await?;
    link.close().await?;
    Ok(roots.into_iter().map(i64::unsigned_abs).collect())
}
