//! The tests inside a package: ids, texts, or objects that carry an id or at least a name.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use super::item::{Column, Columns};
use super::loose::Words;
use crate::domain::order::ItemId;

/// Reads the list. What is not a list of something like tests is none: the contents only serve a warning.
pub struct IncludesSeed<'a>(pub &'a Columns<'a>);

impl<'de> DeserializeSeed<'de> for IncludesSeed<'_> {
    type Value = Vec<ItemId>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for IncludesSeed<'_> {
    type Value = Vec<ItemId>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list of tests")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    /// How many there are is not which.
    fn visit_u64<E: Error>(self, _: u64) -> Result<Self::Value, E> {
        Ok(Vec::new())
    }

    fn visit_str<E: Error>(self, names: &str) -> Result<Self::Value, E> {
        let names = Words(vec![names.to_owned()]).split();
        Ok(names.into_iter().map(ItemId).collect())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        let mut tests = Vec::with_capacity(list.size_hint().unwrap_or(0));
        while let Some(test) = list.next_element_seed(IncludeSeed(self.0))? {
            tests.extend(test);
        }
        Ok(tests)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Vec::new())
    }
}

/// One of them: itself a text, or an object.
struct IncludeSeed<'a>(&'a Columns<'a>);

impl<'de> DeserializeSeed<'de> for IncludeSeed<'_> {
    type Value = Option<ItemId>;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Self::Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for IncludeSeed<'_> {
    type Value = Option<ItemId>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a test")
    }

    fn visit_unit<E: Error>(self) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_bool<E: Error>(self, _: bool) -> Result<Self::Value, E> {
        Ok(None)
    }

    fn visit_u64<E: Error>(self, id: u64) -> Result<Self::Value, E> {
        Ok(Some(ItemId(id.to_string())))
    }

    fn visit_str<E: Error>(self, id: &str) -> Result<Self::Value, E> {
        Ok(Words(vec![id.to_owned()]).joined().map(ItemId))
    }

    /// `{"_id": …}`, `{"test": "…"}` as on a create, or only `{"name": …}`.
    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let (mut id, mut name) = (None, None);
        while let Some(key) = map.next_key::<String>()? {
            match self.0.column(&key) {
                Some(Column::Id) => id = map.next_value::<Words>()?.joined().or(id),
                Some(Column::Name) => name = map.next_value::<Words>()?.joined().or(name),
                None if key == "test" => {
                    let nested = map.next_value_seed(IncludeSeed(self.0))?;
                    id = id.or(nested.map(|ItemId(id)| id));
                }
                _ => {
                    map.next_value::<IgnoredAny>()?;
                }
            }
        }
        Ok(id.or(name).map(ItemId))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self::Value, A::Error> {
        while list.next_element::<IgnoredAny>()?.is_some() {}
        Ok(None)
    }
}
