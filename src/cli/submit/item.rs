//! One item of a line: by code, id or exact name from the catalogue, or a custom one with a price of its own.

use serde_json::{Map, Value};

use super::wish::plain;
use crate::domain::catalogue::{Catalogue, Entry, Row};
use crate::domain::money::Money;
use crate::domain::order::{ItemKind, Line};

const FIELDS: [&str; 5] = ["code", "id", "name", "price", "kind"];

/// An item as a line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WishedItem {
    by: By,
    kind: Option<ItemKind>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum By {
    Any(String),
    Code(String),
    Id(String),
    Name(String),
    Custom { name: String, price: Money },
}

impl WishedItem {
    /// Reads an item; or says what is wrong with it.
    pub fn read(value: &Value) -> Result<Self, String> {
        match value {
            Value::String(_) | Value::Number(_) => {
                let by = By::Any(filled(value)?);
                Ok(Self { by, kind: None })
            }
            Value::Object(item) => Self::read_object(item),
            _ => Err(
                "write it as \"CBC\", {\"code\":…}, {\"id\":…} or {\"name\":…,\"price\":…}"
                    .to_owned(),
            ),
        }
    }

    fn read_object(item: &Map<String, Value>) -> Result<Self, String> {
        if let Some(name) = item.keys().find(|name| !FIELDS.contains(&name.as_str())) {
            let name = crate::domain::text::one_line(name);
            return Err(format!(
                "an item has no \"{name}\"; it has: {}",
                FIELDS.join(", ")
            ));
        }
        let get = |name: &str| item.get(name).map(filled).transpose();
        let kind = match get("kind")?.map(|kind| kind.to_lowercase()).as_deref() {
            None => None,
            Some("test") => Some(ItemKind::Test),
            Some("package") => Some(ItemKind::Package),
            Some(_) => return Err("the kind of an item is test or package".to_owned()),
        };
        let by = match (get("code")?, get("id")?, get("name")?, get("price")?) {
            (Some(code), None, None, None) => By::Code(code),
            (None, Some(id), None, None) => By::Id(id),
            (None, None, Some(name), None) => By::Name(name),
            (None, None, Some(name), Some(price)) => {
                let price = Money::parse(&price).map_err(|error| error.to_string())?;
                By::Custom { name, price }
            }
            (_, _, _, Some(_)) => {
                return Err("only a custom item has a price of its own: give its name and price, no code or id".to_owned());
            }
            _ => return Err("give one of code, id and name".to_owned()),
        };
        Ok(Self { by, kind })
    }

    /// Whether it is the desk's own, and in no catalogue.
    pub fn is_custom(&self) -> bool {
        matches!(self.by, By::Custom { .. })
    }

    /// The line of the order; or why the catalogue does not give one.
    pub fn line(&self, catalogue: &Catalogue) -> Result<Line, String> {
        let (what, wanted) = match &self.by {
            By::Custom { name, price } => return Ok(self.custom(name, *price)),
            By::Any(wanted) => ("code, id or name", wanted),
            By::Code(wanted) => ("code", wanted),
            By::Id(wanted) => ("id", wanted),
            By::Name(wanted) => ("name", wanted),
        };
        match self.rows(catalogue).as_slice() {
            [row] => catalogue
                .line(*row)
                .ok_or_else(|| "the catalogue is damaged".to_owned()),
            [] => Err(format!(
                "this branch offers nothing with the {what} \"{wanted}\" to this party: take it from the console's \
                 browser, or give a name and a price for a custom item"
            )),
            rows => {
                let ids: Vec<String> = rows
                    .iter()
                    .take(5)
                    .filter_map(|row| catalogue.entry(*row))
                    .map(|entry| {
                        format!(
                            "{{\"id\":\"{}\",\"kind\":\"{}\"}}",
                            entry.id,
                            entry.kind.word()
                        )
                    })
                    .collect();
                Err(format!(
                    "several have the {what} \"{wanted}\": take one of {}",
                    ids.join(" ")
                ))
            }
        }
    }

    /// Ids go before codes, and codes before names.
    fn rows(&self, catalogue: &Catalogue) -> Vec<Row> {
        let all = |is_right: &dyn Fn(&Entry<'_>) -> bool| -> Vec<Row> {
            let rows = (0..)
                .map(Row)
                .map_while(|row| Some((row, catalogue.entry(row)?)));
            rows.filter(|(_, entry)| {
                self.kind.is_none_or(|kind| kind == entry.kind) && is_right(entry)
            })
            .map(|(row, _)| row)
            .collect()
        };
        let is_same = |text: &str, wanted: &str| text.to_lowercase() == wanted.to_lowercase();
        let by_id = |wanted: &str| all(&|entry| entry.id == wanted);
        let by_code = |wanted: &str| all(&|entry| is_same(entry.code, wanted));
        let by_name = |wanted: &str| all(&|entry| is_same(entry.name, wanted));
        match &self.by {
            By::Id(id) => by_id(id),
            By::Code(code) => by_code(code),
            By::Name(name) => by_name(name),
            By::Custom { .. } => Vec::new(),
            By::Any(wanted) => [by_id(wanted), by_code(wanted), by_name(wanted)]
                .into_iter()
                .find(|rows| !rows.is_empty())
                .unwrap_or_default(),
        }
    }

    fn custom(&self, name: &str, price: Money) -> Line {
        Line {
            kind: self.kind.unwrap_or(ItemKind::Test),
            item: None,
            code: String::new(),
            name: name.to_owned(),
            price,
            picked_price: price,
            includes: Vec::new(),
            tests: Vec::new(),
            is_gone: false,
        }
    }
}

/// A text that says something.
fn filled(value: &Value) -> Result<String, String> {
    match plain(value) {
        Some(text) if !text.is_empty() => Ok(text),
        Some(_) => Err("an empty text names nothing".to_owned()),
        None => Err("a text or a number is needed".to_owned()),
    }
}
