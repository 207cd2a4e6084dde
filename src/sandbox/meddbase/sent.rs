//! What a call was sent: its query, its JSON body, and what says who sends it.
//!
//! Query names are read in any case, as the vendor's servers do; a name that comes twice, an empty value and a value
//! that cannot be read are badly formatted.

use axum::extract::Query;
use axum::http::{HeaderMap, Uri, header};
use chrono::{NaiveDateTime, NaiveTime};
use serde_json::{Map, Value};

use super::fields::Fields;
use super::moment;
use super::refusal::Refusal;

/// A call as it came.
pub struct Sent {
    query: Vec<(String, String)>,
    body: Option<Map<String, Value>>,
    cookies: Vec<(String, String)>,
    session_header: Option<String>,
    token_header: Option<String>,
}

impl Sent {
    /// Refuses a body that is not a JSON object or does not say so (7), and markup anywhere (12).
    pub fn read(uri: &Uri, headers: &HeaderMap, body: &[u8]) -> Result<Self, Refusal> {
        let Query(query) = Query::<Vec<(String, String)>>::try_from_uri(uri)
            .map_err(|_| Refusal::malformed("query"))?;
        let header = |name: &str| Some(headers.get(name)?.to_str().ok()?.to_owned());
        let sent = Self {
            query,
            body: object(headers, body)?,
            cookies: cookies(headers),
            session_header: header("x-session-id"),
            token_header: header("x-token"),
        };
        let in_query = sent.query.iter().any(|(_, value)| is_markup(value));
        let in_body = sent
            .body
            .as_ref()
            .is_some_and(|body| body.values().any(has_markup));
        if in_query || in_body {
            return Err(Refusal::markup());
        }
        Ok(sent)
    }

    pub fn client_key(&self) -> Option<&str> {
        self.query("client-key")
            .or_else(|| self.cookie("client-key"))
    }

    /// The header first, then the two older ways.
    pub fn session(&self) -> Option<&str> {
        self.session_header
            .as_deref()
            .or_else(|| self.cookie("asp.net_sessionid"))
            .or_else(|| self.body.as_ref()?.get("SessionId")?.as_str())
    }

    /// The header first, then the two older ways.
    pub fn token(&self) -> Option<&str> {
        self.token_header
            .as_deref()
            .or_else(|| self.query("token"))
            .or_else(|| self.body.as_ref()?.get("Token")?.as_str())
    }

    /// A query parameter that may be absent.
    pub fn text(&self, name: &str) -> Result<Option<&str>, Refusal> {
        let is_named = |(known, _): &&(String, String)| known.eq_ignore_ascii_case(name);
        let mut found = self.query.iter().filter(is_named);
        match (found.next(), found.next()) {
            (None, _) => Ok(None),
            (Some((_, value)), None) if !value.is_empty() => Ok(Some(value)),
            _ => Err(Refusal::malformed(name)),
        }
    }

    pub fn required(&self, name: &str) -> Result<&str, Refusal> {
        self.text(name)?.ok_or_else(|| Refusal::missing(name))
    }

    pub fn int(&self, name: &str) -> Result<Option<i64>, Refusal> {
        self.read_as(name, |text| text.parse().ok())
    }

    /// A whole number within bounds.
    pub fn within(&self, name: &str, least: i64, most: i64) -> Result<Option<i64>, Refusal> {
        self.read_as(name, |text| {
            text.parse()
                .ok()
                .filter(|number| (least..=most).contains(number))
        })
    }

    pub fn decimal(&self, name: &str) -> Result<Option<f64>, Refusal> {
        self.read_as(name, |text| {
            text.parse().ok().filter(|number: &f64| number.is_finite())
        })
    }

    /// `true`, `false`, `1` and `0` in any case (A29).
    pub fn flag(&self, name: &str) -> Result<Option<bool>, Refusal> {
        self.read_as(name, |text| match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Some(true),
            "false" | "0" => Some(false),
            _ => None,
        })
    }

    /// `yyyy-MM-ddTHH:mm:ss` and nothing else.
    pub fn local(&self, name: &str) -> Result<Option<NaiveDateTime>, Refusal> {
        self.read_as(name, moment::local)
    }

    /// `HH:mm`
    pub fn hour(&self, name: &str) -> Result<Option<NaiveTime>, Refusal> {
        self.read_as(name, moment::hour)
    }

    pub fn read_as<T>(
        &self,
        name: &str,
        read: impl FnOnce(&str) -> Option<T>,
    ) -> Result<Option<T>, Refusal> {
        let text = self.text(name)?;
        text.map(|text| read(text).ok_or_else(|| Refusal::malformed(name)))
            .transpose()
    }

    /// The body; without one it has no fields.
    pub fn body(&self) -> Fields<'_> {
        Fields(self.body.as_ref())
    }

    /// The body of a call that cannot do without.
    pub fn post_data(&self) -> Result<Fields<'_>, Refusal> {
        match &self.body {
            Some(_) => Ok(self.body()),
            None => Err(Refusal::post_data("POST data is missing.")),
        }
    }

    fn query(&self, name: &str) -> Option<&str> {
        first(&self.query, name)
    }

    fn cookie(&self, name: &str) -> Option<&str> {
        first(&self.cookies, name)
    }
}

fn object(headers: &HeaderMap, body: &[u8]) -> Result<Option<Map<String, Value>>, Refusal> {
    if body.is_empty() {
        return Ok(None);
    }
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    let kind = kind
        .and_then(|kind| kind.split(';').next())
        .unwrap_or_default();
    if !kind.trim().eq_ignore_ascii_case("application/json") {
        return Err(Refusal::post_data("POST data must be application/json."));
    }
    serde_json::from_slice(body)
        .map(Some)
        .map_err(|_| Refusal::post_data("POST data must be a JSON object."))
}

fn cookies(headers: &HeaderMap) -> Vec<(String, String)> {
    headers
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|line| line.to_str().ok())
        .flat_map(|line| line.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .collect()
}

fn first<'a>(pairs: &'a [(String, String)], name: &str) -> Option<&'a str> {
    let found = pairs
        .iter()
        .find(|(known, _)| known.eq_ignore_ascii_case(name));
    found.map(|(_, value)| value.as_str())
}

fn has_markup(value: &Value) -> bool {
    match value {
        Value::String(text) => is_markup(text),
        Value::Array(values) => values.iter().any(has_markup),
        Value::Object(fields) => fields.values().any(has_markup),
        _ => false,
    }
}

/// What the servers' framework takes for markup: an opening bracket before a letter, `/`, `!` or `?`, and `&#`.
fn is_markup(text: &str) -> bool {
    let opens = |pair: &[u8]| match pair {
        [b'<', next] => next.is_ascii_alphabetic() || b"/!?".contains(next),
        [b'&', b'#'] => true,
        _ => false,
    };
    text.as_bytes().windows(2).any(opens)
}

#[cfg(test)]
mod tests {
    use super::is_markup;

    #[test]
    fn markup_is_an_opening_bracket_before_something_like_a_tag() {
        for text in ["<b>", "</p", "a<!--", "<?xml", "&#60;"] {
            assert!(is_markup(text), "{text}");
        }
        for text in ["a < b", "<3", "R&D", "5 <", "", "O'Brien & sons"] {
            assert!(!is_markup(text), "{text}");
        }
    }
}
