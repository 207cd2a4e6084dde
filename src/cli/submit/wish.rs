//! One line of JSON as a form: what a script wants, before it is checked by the rules of the trade.
//!
//! Knows no vendor and no disk: the lists that names are looked up in are given to it.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::item::WishedItem;
use crate::cli::fields;
use crate::cli::report::Remark;
use crate::domain::branch::{Branch, Party};
use crate::domain::catalogue::Catalogue;
use crate::domain::draft::Draft;
use crate::domain::offer::{Field, FieldKey, Input, Items, Kind, Offer};
use crate::domain::submission::{DraftId, IntentId};
use crate::domain::text::one_line;

/// What a line says about itself whatever its kind.
const OWN: [&str; 6] = ["key", "kind", "branch", "party", "items", "discount"];

/// A line that was read and understood.
pub struct Wish {
    pub kind: Kind,
    /// The branch by name or id, as it was written.
    pub branch: String,
    pub party: Option<Party>,
    values: BTreeMap<FieldKey, String>,
    pub items: Vec<WishedItem>,
    discount: String,
}

/// Says what is wrong with a part of the line.
pub fn remark(field: &str, words: impl Into<String>) -> Remark {
    Remark {
        field: Some(field.to_owned()),
        words: words.into(),
    }
}

/// The caller's own name for a line, where it has one that can be read.
pub fn key(line: &Map<String, Value>) -> Result<Option<String>, Remark> {
    let key = text(line, "key")?.filter(|key| !key.is_empty());
    let key = key.map(|key| checked_key(&key)).transpose();
    key.map_err(|words| remark("key", words))
}

/// A caller's own name for a wish as one clean line, wherever it is told.
pub fn checked_key(text: &str) -> Result<String, String> {
    let key = one_line(text);
    match key.chars().count() {
        0 => Err("a key needs a letter; leave it out where there is none".to_owned()),
        1..=200 => Ok(key),
        _ => Err("a key has at most 200 letters".to_owned()),
    }
}

/// What is said of a key that has another meaning.
pub fn used_before(earlier: &IntentId) -> String {
    format!(
        "not sent: this key was used before for something else ({earlier}): give a new wish a new key"
    )
}

impl Wish {
    /// Reads a line for the forms of `offer`; or everything that is wrong with it.
    pub fn read(line: &Map<String, Value>, offer: &Offer) -> Result<Self, Vec<Remark>> {
        let form = match kind(line, offer) {
            Ok(form) => form,
            Err(remark) => return Err(vec![remark]),
        };
        let mut wrong = unknown(line, &form.fields);
        let mut take = |name: &str| match text(line, name) {
            Ok(text) => text,
            Err(remark) => {
                wrong.push(remark);
                None
            }
        };
        let branch = take("branch").unwrap_or_default();
        let party = take("party").filter(|party| !party.is_empty());
        let discount = take("discount").unwrap_or_default();
        let values = form
            .fields
            .iter()
            .map(|field| {
                let given = take(fields::name(field.key));
                let value = given.map_or_else(|| field.preset.clone(), |text| chosen(field, text));
                (field.key, value)
            })
            .collect();
        let party = match party.map(|party| find_party(offer, &party)).transpose() {
            Ok(party) => party,
            Err(words) => {
                wrong.push(remark("party", words));
                None
            }
        };
        let is_priced = form.items == Items::Priced;
        let items = match line.get("items") {
            None | Some(Value::Null) => Vec::new(),
            Some(Value::Array(items)) => {
                let read = items.iter().enumerate().map(|(index, item)| {
                    WishedItem::read(item, is_priced)
                        .map_err(|words| remark(&format!("items[{index}]"), words))
                });
                let (items, faults): (Vec<_>, Vec<_>) = read.partition(Result::is_ok);
                wrong.extend(faults.into_iter().filter_map(Result::err));
                items.into_iter().filter_map(Result::ok).collect()
            }
            Some(_) => {
                wrong.push(remark(
                    "items",
                    "a list is needed, as [\"CBC\", {\"code\":\"FEV2\"}]",
                ));
                Vec::new()
            }
        };
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Self {
            kind: form.kind,
            branch,
            party,
            values,
            items,
            discount,
        })
    }

    /// Whether an item has to be looked up.
    pub fn needs_catalogue(&self) -> bool {
        self.items.iter().any(|item| !item.is_custom())
    }

    /// The form as a clerk would have filled it; or the items that the catalogue does not have.
    pub fn draft(
        &self,
        id: DraftId,
        branch: Option<Branch>,
        catalogue: &Catalogue,
    ) -> Result<Draft, Vec<Remark>> {
        let mut draft = Draft::new(id, self.kind);
        draft.branch = branch;
        draft.party.clone_from(&self.party);
        draft.values.clone_from(&self.values);
        draft.discount.clone_from(&self.discount);
        let mut wrong = Vec::new();
        for (index, item) in self.items.iter().enumerate() {
            match item.line(catalogue) {
                Ok(line) => draft.lines.push(line),
                Err(words) => wrong.push(remark(&format!("items[{index}]"), words)),
            }
        }
        if wrong.is_empty() {
            Ok(draft)
        } else {
            Err(wrong)
        }
    }
}

/// The branch of a name or id.
pub fn find_branch<'a>(branches: &'a [Branch], wanted: &str) -> Option<&'a Branch> {
    let is_same = |text: &str| text.to_lowercase() == wanted.to_lowercase();
    branches
        .iter()
        .find(|branch| branch.id.0 == wanted)
        .or_else(|| branches.iter().find(|branch| is_same(&branch.name)))
}

fn find_party(offer: &Offer, wanted: &str) -> Result<Party, String> {
    let is_same = |text: &str| text.to_lowercase() == wanted.to_lowercase();
    let found = offer
        .parties
        .iter()
        .find(|party| party.id == wanted || is_same(&party.name));
    found.cloned().ok_or_else(|| {
        let names: Vec<&str> = offer
            .parties
            .iter()
            .map(|party| party.name.as_str())
            .collect();
        match names.as_slice() {
            [] => "this profile has no parties: leave it out".to_owned(),
            names => format!("no party of this profile; there are: {}", names.join(", ")),
        }
    })
}

/// The form of the line's kind.
fn kind<'a>(
    line: &Map<String, Value>,
    offer: &'a Offer,
) -> Result<&'a crate::domain::offer::KindOffer, Remark> {
    let wanted = text(line, "kind")?.unwrap_or_default();
    let found = offer
        .kinds
        .iter()
        .find(|form| [fields::kind(form.kind), form.name].contains(&&*wanted.to_lowercase()));
    found.ok_or_else(|| {
        let kinds: Vec<&str> = offer
            .kinds
            .iter()
            .map(|form| fields::kind(form.kind))
            .collect();
        remark("kind", format!("choose one of: {}", kinds.join(", ")))
    })
}

/// Fields that do not exist, each with those that do.
fn unknown(line: &Map<String, Value>, form: &[Field]) -> Vec<Remark> {
    let known: Vec<&str> = OWN
        .into_iter()
        .chain(form.iter().map(|field| fields::name(field.key)))
        .collect();
    line.keys()
        .filter(|name| !known.contains(&name.as_str()))
        .map(|name| {
            let words = format!("there is no such field; there are: {}", known.join(", "));
            remark(&one_line(name), words)
        })
        .collect()
}

/// The text of a field; a number counts as the text it is written as.
fn text(line: &Map<String, Value>, name: &str) -> Result<Option<String>, Remark> {
    match line.get(name) {
        None => Ok(None),
        Some(value) => plain(value)
            .map(Some)
            .ok_or_else(|| remark(name, "a text or a number is needed")),
    }
}

/// A text or a number as one clean line; nothing stands for an empty text.
pub fn plain(value: &Value) -> Option<String> {
    match value {
        Value::Null => Some(String::new()),
        Value::String(text) => Some(one_line(text)),
        Value::Number(number) => Some(number.to_string()),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}

/// The value of a closed list whose value or label was written, in any case; what it does not hold stays as it is.
pub fn chosen(field: &Field, text: String) -> String {
    let Input::Choice(choices) = &field.input else {
        return text;
    };
    let wanted = text.to_lowercase();
    let found = choices
        .iter()
        .find(|choice| choice.value == text)
        .or_else(|| {
            choices.iter().find(|choice| {
                choice.value.to_lowercase() == wanted || choice.label.to_lowercase() == wanted
            })
        });
    found.map_or(text, |choice| choice.value.clone())
}
