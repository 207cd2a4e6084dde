//! One item of a line: by code, id or exact name from the catalogue, or a custom one with a price of its own. A kind
//! without prices takes custom ones by their name and kind.

use serde_json::{Map, Value};

use super::wish::plain;
use crate::domain::catalogue::{Catalogue, Entry, Row};
use crate::domain::money::Money;
use crate::domain::order::{ItemKind, Line};

const FIELDS: [&str; 6] = ["code", "id", "name", "price", "kind", "tests"];

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
    Custom {
        name: String,
        price: Option<Money>,
        tests: Vec<String>,
    },
}

impl WishedItem {
    /// Reads an item; or says what is wrong with it.
    pub fn read(value: &Value, is_priced: bool) -> Result<Self, String> {
        match value {
            Value::String(_) | Value::Number(_) => {
                let by = By::Any(filled(value)?);
                Ok(Self { by, kind: None })
            }
            Value::Object(item) => Self::read_object(item, is_priced),
            _ => Err(
                "write it as \"CBC\", {\"code\":…}, {\"id\":…} or {\"name\":…,\"price\":…}"
                    .to_owned(),
            ),
        }
    }

    fn read_object(item: &Map<String, Value>, is_priced: bool) -> Result<Self, String> {
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
        let tests = item.get("tests").map(tests).transpose()?;
        if tests.is_some() && (is_priced || kind != Some(ItemKind::Package)) {
            return Err(
                "only a package of your own, of a kind without prices, has tests".to_owned(),
            );
        }
        let by = match (get("code")?, get("id")?, get("name")?, get("price")?) {
            (_, _, _, Some(_)) if !is_priced => {
                return Err("this kind takes no prices: leave it out".to_owned());
            }
            (None, None, Some(name), None) if !is_priced && kind.is_some() => By::Custom {
                name,
                price: None,
                tests: tests.unwrap_or_default(),
            },
            _ if tests.is_some() => {
                return Err("only a package of your own has tests: give its name".to_owned());
            }
            (Some(code), None, None, None) => By::Code(code),
            (None, Some(id), None, None) => By::Id(id),
            (None, None, Some(name), None) => By::Name(name),
            (None, None, Some(name), Some(price)) => {
                let price = Money::parse(&price).map_err(|error| error.to_string())?;
                By::Custom {
                    name,
                    price: Some(price),
                    tests: Vec::new(),
                }
            }
            (_, _, _, Some(_)) => {
                return Err("only a custom item has a price of its own: give its name and price, no code or id".to_owned());
            }
            _ => return Err("give one of code, id and name".to_owned()),
        };
        Ok(Self { by, kind })
    }

    /// Whether it is surely the desk's own, and in no catalogue.
    pub fn is_custom(&self) -> bool {
        match &self.by {
            By::Custom { price, tests, .. } => price.is_some() || !tests.is_empty(),
            _ => false,
        }
    }

    /// The line of the order; or why the catalogue does not give one.
    pub fn line(&self, catalogue: &Catalogue) -> Result<Line, String> {
        let (what, wanted) = match &self.by {
            By::Custom { name, price, tests } => {
                // Without price and tests it is the catalogue's where that has the name.
                if let ([row], false) = (self.rows(catalogue).as_slice(), self.is_custom())
                    && let Some(line) = catalogue.line(*row)
                {
                    return Ok(line);
                }
                let kind = self.kind.unwrap_or(ItemKind::Test);
                return Ok(Line::custom(kind, name.clone(), *price, tests.clone()));
            }
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
            By::Name(name) | By::Custom { name, .. } => by_name(name),
            By::Any(wanted) => [by_id(wanted), by_code(wanted), by_name(wanted)]
                .into_iter()
                .find(|rows| !rows.is_empty())
                .unwrap_or_default(),
        }
    }
}

/// The tests inside a package, each by its name.
fn tests(value: &Value) -> Result<Vec<String>, String> {
    match value {
        Value::Array(tests) => tests.iter().map(filled).collect(),
        _ => Err("the tests are a list, as [\"CBC\", \"TSH\"]".to_owned()),
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
