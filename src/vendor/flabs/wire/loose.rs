//! Values that Flabs may write in more than one way: texts, prices, lists of texts. Knows no field names.

use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::domain::money::{Money, NotMoney};
use crate::domain::text::one_line;

/// A text that must be there in some form: a string or a whole number.
pub struct Word(pub String);

/// An amount: `350`, `350.5`, `"350"`, `"1,499.00"`, `"₹ 350"`.
pub struct Price(pub Money);

/// Everything that can be read as texts, in order and as it came: a text, a number, a list of them. What is neither is left out,
/// because these fields are conveniences that nobody promised.
#[derive(Default)]
pub struct Words(pub Vec<String>);

impl Words {
    /// All of them as one text; nothing where there is none.
    pub fn joined(self) -> Option<String> {
        let text = match <[String; 1]>::try_from(self.0) {
            Ok([only]) => one_line(&only),
            Err(several) => one_line(&several.join(", ")),
        };
        Some(text).filter(|text| !text.is_empty())
    }

    /// Each of them, and the parts of those that hold commas.
    pub fn split(self) -> Vec<String> {
        let parts = self.0.iter().flat_map(|words| words.split(','));
        parts
            .map(one_line)
            .map(|part| part.trim().to_owned())
            .filter(|part| !part.is_empty())
            .collect()
    }
}

impl<'de> Deserialize<'de> for Word {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordVisitor)
    }
}

struct WordVisitor;

impl Visitor<'_> for WordVisitor {
    type Value = Word;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Word, E> {
        Ok(Word(one_line(text)))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Word, E> {
        Ok(Word(number.to_string()))
    }
}

impl<'de> Deserialize<'de> for Price {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(PriceVisitor)
    }
}

struct PriceVisitor;

impl Visitor<'_> for PriceVisitor {
    type Value = Price;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a price such as 350 or \"1,499.00\"")
    }

    fn visit_u64<E: Error>(self, rupees: u64) -> Result<Price, E> {
        let price = i64::try_from(rupees)
            .ok()
            .filter(|rupees| *rupees <= Money::MAX.0 / 100)
            .map(Money::major);
        price
            .map(Price)
            .ok_or_else(|| E::custom(format!("{rupees} is not a price: {}", NotMoney::TooLarge)))
    }

    fn visit_i64<E: Error>(self, rupees: i64) -> Result<Price, E> {
        match u64::try_from(rupees) {
            Ok(rupees) => self.visit_u64(rupees),
            Err(_) => Err(E::custom(format!("{rupees} is not a price"))),
        }
    }

    /// A vendor that computes with floating point sends 349.99999999999994 for 350: rounded to the minor unit.
    fn visit_f64<E: Error>(self, rupees: f64) -> Result<Price, E> {
        Money::parse(&format!("{rupees:.2}"))
            .map(Price)
            .map_err(|error| E::custom(format!("{rupees} is not a price: {error}")))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Price, E> {
        match Money::parse(text) {
            Ok(price) => Ok(Price(price)),
            Err(NotMoney::TooFine) if text.trim().parse::<f64>().is_ok() => {
                self.visit_f64(text.trim().parse().unwrap_or(f64::NAN))
            }
            Err(error) => Err(E::custom(format!(
                "{:?} is not a price: {error}",
                one_line(text)
            ))),
        }
    }
}

impl<'de> Deserialize<'de> for Words {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(WordsVisitor)
    }
}

struct WordsVisitor;

impl<'de> Visitor<'de> for WordsVisitor {
    type Value = Words;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Words, E> {
        Ok(Words(vec![text.to_owned()]))
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    fn visit_f64<E: Error>(self, number: f64) -> Result<Words, E> {
        Ok(Words(vec![number.to_string()]))
    }

    /// `fasting: true`.
    fn visit_bool<E: Error>(self, is_so: bool) -> Result<Words, E> {
        Ok(Words(if is_so {
            vec!["yes".to_owned()]
        } else {
            Vec::new()
        }))
    }

    fn visit_unit<E: Error>(self) -> Result<Words, E> {
        Ok(Words::default())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Words, A::Error> {
        let mut all = Vec::new();
        while let Some(Words(words)) = list.next_element()? {
            all.extend(words);
        }
        Ok(Words(all))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Words, A::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Words::default())
    }
}
