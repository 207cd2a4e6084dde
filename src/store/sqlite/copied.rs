//! A catalogue in parts and back. A part is some rows as JSON, each row a list of its fields: names would double it.

use sha2::{Digest, Sha256};
use tokio::sync::mpsc::Receiver;

use crate::domain::catalogue::{Catalogue, Item, Row};
use crate::domain::money::Money;
use crate::domain::order::{ItemId, ItemKind};

/// About 150 KB.
const ROWS_A_PART: usize = 1_000;

/// Id, kind, code, name, other names, price, specimen, fasting, turnaround, what is inside.
type Fields<T> = (
    T,
    ItemKind,
    T,
    T,
    T,
    Money,
    Option<T>,
    Option<T>,
    Option<T>,
    Vec<ItemId>,
);

/// The parts of a catalogue, one after the other. The same rows give the same parts.
pub(super) fn parts(catalogue: &Catalogue) -> impl Iterator<Item = Vec<u8>> {
    let starts = (0..catalogue.len()).step_by(ROWS_A_PART);
    starts.map_while(|start| {
        let rows = (start..catalogue.len()).take(ROWS_A_PART);
        let rows: Vec<Fields<&str>> = rows.filter_map(|row| fields(catalogue, row)).collect();
        serde_json::to_vec(&rows).ok()
    })
}

fn fields(catalogue: &Catalogue, row: usize) -> Option<Fields<&str>> {
    let row = Row(u32::try_from(row).ok()?);
    let entry = catalogue.entry(row)?;
    Some((
        entry.id,
        entry.kind,
        entry.code,
        entry.name,
        entry.aliases,
        entry.price,
        entry.specimen,
        entry.fasting,
        entry.turnaround,
        catalogue.includes(row),
    ))
}

/// What tells a catalogue from one that differs anywhere.
pub(super) fn hash(parts: impl Iterator<Item = Vec<u8>>) -> Vec<u8> {
    let mut hash = Sha256::new();
    parts.for_each(|part| hash.update(part));
    hash.finalize().to_vec()
}

/// The catalogue whose parts come in; none where they are not exactly those that were hashed.
pub(super) fn catalogue(mut parts: Receiver<Vec<u8>>, expected: &[u8]) -> Option<Catalogue> {
    let mut hash = Sha256::new();
    let mut is_readable = true;
    let read = std::iter::from_fn(|| {
        let part = parts.blocking_recv()?;
        hash.update(&part);
        let rows = serde_json::from_slice::<Vec<Fields<String>>>(&part).ok();
        is_readable &= rows.is_some();
        rows
    });
    let catalogue = Catalogue::new(read.flatten().map(item));
    (is_readable && hash.finalize().as_slice() == expected).then_some(catalogue)
}

fn item(fields: Fields<String>) -> Item {
    let (id, kind, code, name, aliases, price, specimen, fasting, turnaround, includes) = fields;
    Item {
        id: ItemId(id),
        kind,
        code,
        name,
        // They were one text before, too.
        aliases: vec![aliases],
        price,
        specimen,
        fasting,
        turnaround,
        includes,
    }
}
