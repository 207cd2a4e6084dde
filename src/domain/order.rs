//! What is ordered and what it costs: lines, discount, total, and what speaks against them.

use serde::{Deserialize, Serialize};

use super::money::{Money, NotMoney};
use super::text::one_line;

/// The vendor's identifier of a test or package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub struct ItemId(pub String);

/// A single test, or a package of several.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ItemKind {
    Test,
    Package,
}

impl ItemKind {
    pub fn word(self) -> &'static str {
        match self {
            Self::Test => "test",
            Self::Package => "package",
        }
    }
}

/// One line of an order. Without an `item` it is a custom one: the desk's own name and price (Flabs: "unmapped").
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Line {
    pub kind: ItemKind,
    pub item: Option<ItemId>,
    pub code: String,
    pub name: String,
    /// The price that is sent: the branch's, or the party's.
    pub price: Money,
    /// The price that was on screen when the line was picked; differs after a change of branch or party.
    pub picked_price: Money,
    /// The tests inside a package.
    pub includes: Vec<ItemId>,
    /// The tests inside a custom package, by name, where the desk tells them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tests: Vec<String>,
    /// The branch or party chosen since does not offer it: it must be removed before the order can be sent.
    #[serde(default)]
    pub is_gone: bool,
    /// The desk named it for a kind without prices: it cannot be sent with one that has them.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub is_unpriced: bool,
}

impl Line {
    /// A line of the desk's own, in no catalogue; without a price where the kind has none.
    pub fn custom(kind: ItemKind, name: String, price: Option<Money>, tests: Vec<String>) -> Self {
        let is_unpriced = price.is_none();
        let price = price.unwrap_or_default();
        Self {
            kind,
            item: None,
            code: String::new(),
            name,
            price,
            picked_price: price,
            includes: Vec::new(),
            tests,
            is_gone: false,
            is_unpriced,
        }
    }

    /// Its name, and what the desk told of its contents: `Wellness panel (CBC, TSH)`.
    pub fn title(&self) -> String {
        match self.tests.as_slice() {
            [] => self.name.clone(),
            tests => format!("{} ({})", self.name, tests.join(", ")),
        }
    }
}

/// Names with commas between, as they are typed.
pub fn names(text: &str) -> Vec<String> {
    let names = text.split(',').map(one_line);
    names.filter(|name| !name.is_empty()).collect()
}

/// A reduction of the whole order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Discount {
    #[default]
    None,
    Amount(Money),
    /// In hundredths of a per cent: 1250 is 12.5 %.
    PerCent(u32),
}

/// Why a text is not a discount; the words tell what to type.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum NotDiscount {
    #[error("type an amount (100) or a share (10%)")]
    Unreadable,
    #[error("{0}")]
    Money(NotMoney),
    #[error("a discount is at most 100%")]
    OverHundred,
    #[error("the discount is more than the order: {0} at most")]
    OverTotal(Money),
}

impl Discount {
    /// Reads `100`, `₹ 100`, `10%`, `12.5 %`; nothing typed is no discount.
    pub fn parse(text: &str) -> Result<Self, NotDiscount> {
        let text = text.trim();
        if text.is_empty() {
            return Ok(Self::None);
        }
        let Some(share) = text.strip_suffix('%') else {
            return match Money::parse(text) {
                Ok(Money::ZERO) => Ok(Self::None),
                Ok(amount) => Ok(Self::Amount(amount)),
                Err(NotMoney::NotANumber) => Err(NotDiscount::Unreadable),
                Err(error) => Err(NotDiscount::Money(error)),
            };
        };
        let Money(basis_points) = Money::parse(share).map_err(|_| NotDiscount::Unreadable)?;
        match u32::try_from(basis_points) {
            Ok(0) => Ok(Self::None),
            Ok(points) if points <= 10_000 => Ok(Self::PerCent(points)),
            _ => Err(NotDiscount::OverHundred),
        }
    }

    /// The amount it takes off `subtotal`.
    pub fn of(self, subtotal: Money) -> Money {
        match self {
            Self::None => Money::ZERO,
            Self::Amount(amount) => amount,
            Self::PerCent(points) => subtotal.share(points),
        }
    }

    /// A discount never makes a negative total.
    pub fn check(self, subtotal: Money) -> Result<Self, NotDiscount> {
        if self.of(subtotal) > subtotal {
            Err(NotDiscount::OverTotal(subtotal))
        } else {
            Ok(self)
        }
    }
}

/// The sum of the lines before the discount.
pub fn subtotal(lines: &[Line]) -> Money {
    lines.iter().map(|line| line.price).sum()
}

/// A test that is picked on its own although a picked package already holds it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PaidTwice<'a> {
    pub test: &'a Line,
    pub package: &'a Line,
}

/// Every picked test that is inside a picked package.
pub fn paid_twice(lines: &[Line]) -> Vec<PaidTwice<'_>> {
    let packages = || lines.iter().filter(|line| line.kind == ItemKind::Package);
    lines
        .iter()
        .filter(|line| line.kind == ItemKind::Test)
        .filter_map(|test| {
            let id = test.item.as_ref()?;
            let package = packages().find(|package| package.includes.contains(id))?;
            Some(PaidTwice { test, package })
        })
        .collect()
}
