//! A list as Flabs may send it: bare, or in an envelope under one of several names. Reads row by row, so that a long
//! list never lies in memory as a tree.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::item::{Columns, Row, RowSeed};

/// What is done with a row.
type Take<'a> = dyn FnMut(Row) + 'a;

/// Hands every row of the list in `body` to `take`. The complaint begins with the path in the JSON.
///
/// Following the path costs more than the reading itself, so it is only followed once there is something to complain
/// about: a body that cannot be read is read twice, the second time for the words alone.
pub fn read(
    body: &[u8],
    names: &[String],
    columns: &Columns<'_>,
    take: &mut Take<'_>,
) -> Result<(), String> {
    let mut json = serde_json::Deserializer::from_slice(body);
    let seed = ListSeed {
        names,
        columns,
        take,
        depth: 0,
    };
    let read = seed.deserialize(&mut json);
    match read.and_then(|is_found| json.end().map(|()| is_found)) {
        Ok(true) => Ok(()),
        Ok(false) => Err(format!("no list under {}", names.join(", "))),
        Err(_) => Err(complaint(body, names, columns)),
    }
}

fn complaint(body: &[u8], names: &[String], columns: &Columns<'_>) -> String {
    let mut json = serde_json::Deserializer::from_slice(body);
    let mut track = serde_path_to_error::Track::new();
    let seed = ListSeed {
        names,
        columns,
        take: &mut |_| (),
        depth: 0,
    };
    let tracked = serde_path_to_error::Deserializer::new(&mut json, &mut track);
    match seed.deserialize(tracked) {
        Err(error) => {
            let path = track.path().to_string();
            let error = crate::domain::text::one_line(&error.to_string());
            if path == "." {
                error
            } else {
                format!("{path}: {error}")
            }
        }
        Ok(_) => "there is more after its end".to_owned(),
    }
}

/// Answers whether there was a list.
struct ListSeed<'a, 'c, 't> {
    names: &'a [String],
    columns: &'a Columns<'c>,
    take: &'a mut Take<'t>,
    /// Envelopes around this one: `{"data": {"tests": […]}}` is one in one.
    depth: u8,
}

const DEEPEST: u8 = 2;

impl<'de> DeserializeSeed<'de> for ListSeed<'_, '_, '_> {
    type Value = bool;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<bool, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for ListSeed<'_, '_, '_> {
    type Value = bool;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_unit<E: Error>(self) -> Result<bool, E> {
        Ok(false)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<bool, A::Error> {
        while let Some(row) = list.next_element_seed(RowSeed(self.columns))? {
            (self.take)(row);
        }
        Ok(true)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut envelope: A) -> Result<bool, A::Error> {
        let mut is_found = false;
        while let Some(name) = envelope.next_key::<String>()? {
            if !is_found && self.depth < DEEPEST && self.names.contains(&name) {
                is_found = envelope.next_value_seed(ListSeed {
                    names: self.names,
                    columns: self.columns,
                    take: &mut *self.take,
                    depth: self.depth + 1,
                })?;
            } else {
                envelope.next_value::<IgnoredAny>()?;
            }
        }
        Ok(is_found)
    }
}
