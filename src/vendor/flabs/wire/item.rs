//! One row of a list: a branch, a test or a package, under whatever names the assumptions list.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Visitor};

use super::includes::IncludesSeed;
use super::loose::{Price, Word, Words};
use crate::domain::catalogue::Item;
use crate::domain::money::Money;
use crate::domain::order::{ItemId, ItemKind};
use crate::vendor::flabs::settings::Assumptions;

/// What a field of a row is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    Id,
    Name,
    Address,
    Code,
    Aliases,
    Price,
    Specimen,
    Fasting,
    Turnaround,
    Includes,
}

const COLUMNS: usize = Column::Includes as usize + 1;

/// The names to look for. Where several belong to one column, an earlier one wins over a later one.
pub struct Columns<'a> {
    names: Vec<(&'a str, Column, usize)>,
    is_priced: bool,
}

/// A row with everything that must be there.
#[derive(Default)]
pub struct Row {
    pub id: String,
    pub name: String,
    pub address: Option<String>,
    code: String,
    aliases: Vec<String>,
    price: Money,
    specimen: Option<String>,
    fasting: Option<String>,
    turnaround: Option<String>,
    includes: Vec<ItemId>,
}

impl<'a> Columns<'a> {
    pub fn of_branch(assumptions: &'a Assumptions) -> Self {
        let mut columns = Self::named(assumptions);
        columns.names.push(("address", Column::Address, 0));
        columns
    }

    pub fn of_item(kind: ItemKind, assumptions: &'a Assumptions) -> Self {
        let mut columns = Self::named(assumptions);
        columns.is_priced = true;
        match kind {
            ItemKind::Test => columns.add(Column::Price, &assumptions.test_price_fields),
            ItemKind::Package => {
                columns.add(Column::Price, &assumptions.package_price_fields);
                columns.add(Column::Includes, &assumptions.package_test_fields);
            }
        }
        columns.add(Column::Code, &assumptions.code_fields);
        columns.add(Column::Aliases, &assumptions.alias_fields);
        columns.add(Column::Specimen, &assumptions.specimen_fields);
        columns.add(Column::Fasting, &assumptions.fasting_fields);
        columns.add(Column::Turnaround, &assumptions.turnaround_fields);
        columns
    }

    fn named(assumptions: &'a Assumptions) -> Self {
        let mut columns = Self {
            names: Vec::new(),
            is_priced: false,
        };
        columns.add(Column::Id, &assumptions.id_fields);
        columns.add(Column::Name, &assumptions.name_fields);
        columns
    }

    fn add(&mut self, column: Column, names: &'a [String]) {
        let ranked = names.iter().enumerate();
        self.names
            .extend(ranked.map(|(rank, name)| (name.as_str(), column, rank)));
    }

    pub fn column(&self, name: &str) -> Option<Column> {
        self.find(name).map(|(column, _)| column)
    }

    fn find(&self, name: &str) -> Option<(Column, usize)> {
        self.names
            .iter()
            .find(|(known, ..)| *known == name)
            .map(|(_, column, rank)| (*column, *rank))
    }

    /// `no _id or id`.
    fn missing<E: Error>(&self, column: Column) -> E {
        let names = self.names.iter().filter(|(_, of, _)| *of == column);
        let names: Vec<&str> = names.map(|(name, ..)| *name).collect();
        E::custom(format!("no {}", names.join(" or ")))
    }
}

impl Row {
    pub fn item(self, kind: ItemKind) -> Item {
        Item {
            id: ItemId(self.id),
            kind,
            code: self.code,
            name: self.name,
            aliases: self.aliases,
            price: self.price,
            specimen: self.specimen,
            fasting: self.fasting,
            turnaround: self.turnaround,
            includes: self.includes,
        }
    }

    fn read<'de, A: MapAccess<'de>>(
        &mut self,
        column: Column,
        map: &mut A,
        columns: &Columns<'_>,
    ) -> Result<(), A::Error> {
        match column {
            Column::Id => self.id = map.next_value::<Word>()?.0,
            Column::Price => self.price = map.next_value::<Price>()?.0,
            Column::Name => self.name = map.next_value::<Words>()?.joined().unwrap_or_default(),
            Column::Code => self.code = map.next_value::<Words>()?.joined().unwrap_or_default(),
            Column::Address => self.address = map.next_value::<Words>()?.joined(),
            Column::Aliases => self.aliases = map.next_value::<Words>()?.split(),
            Column::Specimen => self.specimen = map.next_value::<Words>()?.joined(),
            Column::Fasting => self.fasting = map.next_value::<Words>()?.joined().map(fasting),
            Column::Turnaround => self.turnaround = map.next_value::<Words>()?.joined(),
            Column::Includes => self.includes = map.next_value_seed(IncludesSeed(columns))?,
        }
        Ok(())
    }
}

/// A bare yes says nothing beside the name of a test.
fn fasting(words: String) -> String {
    if words == "yes" {
        "fasting".to_owned()
    } else {
        words
    }
}

/// Reads a [`Row`].
#[derive(Clone, Copy)]
pub struct RowSeed<'a>(pub &'a Columns<'a>);

impl<'de> DeserializeSeed<'de> for RowSeed<'_> {
    type Value = Row;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Row, D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for RowSeed<'_> {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Row, A::Error> {
        let mut row = Row::default();
        let mut ranks = [usize::MAX; COLUMNS];
        while let Some(known) = map.next_key_seed(KeySeed(self.0))? {
            match known {
                Some((column, rank)) if rank < ranks[column as usize] => {
                    ranks[column as usize] = rank;
                    row.read(column, &mut map, self.0)?;
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        if row.id.is_empty() {
            return Err(self.0.missing(Column::Id));
        }
        if self.0.is_priced && ranks[Column::Price as usize] == usize::MAX {
            return Err(self.0.missing(Column::Price));
        }
        if row.name.is_empty() {
            if row.code.is_empty() {
                return Err(self.0.missing(Column::Name));
            }
            row.name.clone_from(&row.code);
        }
        Ok(row)
    }
}

/// Tells which column a key belongs to without keeping the key.
struct KeySeed<'a>(&'a Columns<'a>);

impl<'de> DeserializeSeed<'de> for KeySeed<'_> {
    type Value = Option<(Column, usize)>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for KeySeed<'_> {
    type Value = Option<(Column, usize)>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a field name")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<Self::Value, E> {
        Ok(self.0.find(name))
    }
}
