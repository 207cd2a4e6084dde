//! The calls under `/sandbox`, for tests and trainers: ledger, faults, clock, and what the contract leaves open.
//!
//! All need the control key in `x-control-key`; without it the answer is 403.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::answer::Refusal;
use super::fault::{Armed, Fault, Rule};
use super::ledger::Row;
use super::service::Service;

/// What the contract leaves open, as this sandbox answers it.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Choices {
    /// A9: only `Home Collection` is published.
    pub booking_types: Vec<String>,
    /// A17: refuse an integrator id that the account has used.
    pub is_integrator_unique: bool,
    /// A15: the zone of "today".
    pub zone: Tz,
}

impl Default for Choices {
    fn default() -> Self {
        Self {
            booking_types: vec!["Home Collection".to_owned()],
            is_integrator_unique: false,
            zone: Tz::Asia__Kolkata,
        }
    }
}

/// The choices in force.
#[derive(Default)]
pub struct Settings(Mutex<Choices>);

impl Settings {
    pub fn choices(&self) -> Choices {
        let choices = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        choices.clone()
    }

    fn change(&self, wanted: Choices) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = wanted;
    }
}

/// Lets nobody past who has no key.
pub async fn guard(
    State(service): State<Arc<Service>>,
    request: Request,
    next: Next,
) -> Result<Response, Refusal> {
    let key = request.headers().get("x-control-key");
    if key.is_some_and(|key| key.as_bytes() == service.control_key.as_bytes()) {
        Ok(next.run(request).await)
    } else {
        Err(Refusal::new(
            StatusCode::FORBIDDEN,
            "x-control-key is missing or wrong",
        ))
    }
}

#[derive(Deserialize)]
pub struct Wanted {
    integrator: Option<String>,
}

/// `GET /sandbox/ledger`: an array of all rows, oldest first; `?integrator=` gives those of one id.
pub async fn ledger(
    State(service): State<Arc<Service>>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Row>>, Refusal> {
    Ok(Json(
        service.ledger.rows(wanted.integrator.as_deref()).await?,
    ))
}

/// `GET /sandbox/faults`: the rules, and how often each has fired.
pub async fn faults(State(service): State<Arc<Service>>) -> Json<Vec<Armed>> {
    Json(service.faults.list())
}

/// `POST /sandbox/faults`: arms one rule or an array of them, or none if one is wrong; answers their ids.
pub async fn add_faults(
    State(service): State<Arc<Service>>,
    Json(sent): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let sent = match sent {
        Value::Array(rules) => rules,
        rule => vec![rule],
    };
    let rules: Vec<Rule> = sent.into_iter().map(rule).collect::<Result<_, _>>()?;
    let ids: Vec<u64> = rules
        .into_iter()
        .map(|rule| service.faults.add(rule))
        .collect();
    Ok(Json(json!({"success": true, "ids": ids})))
}

/// `DELETE /sandbox/faults`: disarms all rules.
pub async fn clear_faults(State(service): State<Arc<Service>>) -> Json<Value> {
    service.faults.clear();
    Json(json!({"success": true}))
}

fn rule(sent: Value) -> Result<Rule, Refusal> {
    let rule: Rule =
        serde_json::from_value(sent).map_err(|error| Refusal::invalid(error.to_string()))?;
    match &rule.fault {
        Fault::Status {
            status, headers, ..
        } => {
            check_status(*status)?;
            for (name, value) in headers {
                if HeaderName::try_from(name).is_err() || HeaderValue::try_from(value).is_err() {
                    return Err(Refusal::invalid(format!("{name} is not a header")));
                }
            }
        }
        Fault::Html { status, .. } | Fault::Redirect { status, .. } => check_status(*status)?,
        _ => {}
    }
    Ok(rule)
}

/// Below 200 an answer is not final, and the caller would wait for another.
fn check_status(status: u16) -> Result<(), Refusal> {
    if (200..=999).contains(&status) {
        Ok(())
    } else {
        Err(Refusal::invalid("status must be 200 to 999"))
    }
}

/// How the clock is moved: one of the two.
#[derive(Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Move {
    AdvanceSeconds(i64),
    Set(DateTime<FixedOffset>),
}

/// `GET /sandbox/clock`
pub async fn clock(State(service): State<Arc<Service>>) -> Json<Value> {
    told(&service)
}

/// `POST /sandbox/clock` with `{"advance_seconds": 600}` or `{"set": "2026-11-21T23:59:00+05:30"}`
pub async fn move_clock(
    State(service): State<Arc<Service>>,
    Json(sent): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let wanted =
        serde_json::from_value(sent).map_err(|error| Refusal::invalid(error.to_string()))?;
    match wanted {
        Move::AdvanceSeconds(seconds) => {
            if !service.clock.advance(seconds) {
                return Err(Refusal::invalid("advance_seconds leaves the calendar"));
            }
        }
        Move::Set(moment) => service.clock.set(moment.to_utc()),
    }
    Ok(told(&service))
}

fn told(service: &Service) -> Json<Value> {
    let now = service.clock.now();
    Json(json!({"now": now.to_rfc3339_opts(SecondsFormat::Millis, true)}))
}

/// `GET /sandbox/settings`
pub async fn settings(State(service): State<Arc<Service>>) -> Json<Choices> {
    Json(service.settings.choices())
}

/// `POST /sandbox/settings`: what is not named goes back to its default.
pub async fn change_settings(
    State(service): State<Arc<Service>>,
    Json(sent): Json<Value>,
) -> Result<Json<Choices>, Refusal> {
    let choices: Choices =
        serde_json::from_value(sent).map_err(|error| Refusal::invalid(error.to_string()))?;
    service.settings.change(choices.clone());
    Ok(Json(choices))
}
