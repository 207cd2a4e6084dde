//! The calls under `/sandbox`, for tests and trainers: ledger, faults, clock, and what the contract leaves open.
//!
//! All need the control key in `x-control-key`; without it the answer is 403.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderName, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::Response;
use chrono::{DateTime, FixedOffset, SecondsFormat};
use serde::Deserialize;
use serde_json::{Value, json};

use super::answer::Refusal;
use super::fault::{ANY, Armed, Fault, Rule};
use super::ledger::Row;
use super::service::Service;
use super::vendor::Vendor;

/// What the control calls reach.
#[derive(Clone)]
pub struct Desk {
    pub service: Arc<Service>,
    pub vendors: Arc<[Arc<dyn Vendor>]>,
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
    State(desk): State<Desk>,
    Query(wanted): Query<Wanted>,
) -> Result<Json<Vec<Row>>, Refusal> {
    Ok(Json(
        desk.service
            .ledger
            .rows(wanted.integrator.as_deref())
            .await?,
    ))
}

/// `GET /sandbox/faults`: the rules, and how often each has fired.
pub async fn faults(State(desk): State<Desk>) -> Json<Vec<Armed>> {
    Json(desk.service.faults.list())
}

/// `POST /sandbox/faults`: arms one rule or an array of them, or none if one is wrong; answers their ids.
pub async fn add_faults(
    State(desk): State<Desk>,
    Json(sent): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let sent = match sent {
        Value::Array(rules) => rules,
        rule => vec![rule],
    };
    let rules: Vec<Rule> = sent
        .into_iter()
        .map(|sent| rule(&desk.vendors, sent))
        .collect::<Result<_, _>>()?;
    let ids: Vec<u64> = rules
        .into_iter()
        .map(|rule| desk.service.faults.add(rule))
        .collect();
    Ok(Json(json!({"success": true, "ids": ids})))
}

/// `DELETE /sandbox/faults`: disarms all rules.
pub async fn clear_faults(State(desk): State<Desk>) -> Json<Value> {
    desk.service.faults.clear();
    Json(json!({"success": true}))
}

fn rule(vendors: &[Arc<dyn Vendor>], sent: Value) -> Result<Rule, Refusal> {
    let rule: Rule =
        serde_json::from_value(sent).map_err(|error| Refusal::invalid(error.to_string()))?;
    let mut calls = vendors.iter().flat_map(|vendor| vendor.calls());
    if rule.call != ANY && !calls.any(|call| call.name == rule.call) {
        return Err(Refusal::invalid(format!("{} is not a call", rule.call)));
    }
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
pub async fn clock(State(desk): State<Desk>) -> Json<Value> {
    told(&desk.service)
}

/// `POST /sandbox/clock` with `{"advance_seconds": 600}` or `{"set": "2026-11-21T23:59:00+05:30"}`
pub async fn move_clock(
    State(desk): State<Desk>,
    Json(sent): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let wanted =
        serde_json::from_value(sent).map_err(|error| Refusal::invalid(error.to_string()))?;
    match wanted {
        Move::AdvanceSeconds(seconds) => {
            if !desk.service.clock.advance(seconds) {
                return Err(Refusal::invalid("advance_seconds leaves the calendar"));
            }
        }
        Move::Set(moment) => desk.service.clock.set(moment.to_utc()),
    }
    Ok(told(&desk.service))
}

fn told(service: &Service) -> Json<Value> {
    let now = service.clock.now();
    Json(json!({"now": now.to_rfc3339_opts(SecondsFormat::Millis, true)}))
}

/// `GET /sandbox/settings`: those of the first vendor at the top, those of the others under their names.
pub async fn settings(State(desk): State<Desk>) -> Result<Json<Value>, Refusal> {
    chosen(&desk.vendors)
}

/// `POST /sandbox/settings`: what is not named goes back to its default.
pub async fn change_settings(
    State(desk): State<Desk>,
    Json(sent): Json<Value>,
) -> Result<Json<Value>, Refusal> {
    let Value::Object(mut sent) = sent else {
        return Err(Refusal::invalid("the settings must be a JSON object"));
    };
    let mut changes = Vec::new();
    for (index, vendor) in desk.vendors.iter().enumerate().rev() {
        let name = vendor.name();
        let change = if index == 0 {
            let wanted = std::mem::take(&mut sent);
            vendor.settings().wanted(Value::Object(wanted))
        } else {
            let wanted = sent.remove(name).unwrap_or_else(|| json!({}));
            vendor.settings().wanted(wanted)
        };
        changes.push(change.map_err(|error| Refusal::invalid(format!("{name}: {error}")))?);
    }
    for change in changes {
        change();
    }
    chosen(&desk.vendors)
}

fn chosen(vendors: &[Arc<dyn Vendor>]) -> Result<Json<Value>, Refusal> {
    let mut all = Value::Null;
    for (index, vendor) in vendors.iter().enumerate() {
        let told = vendor.settings().told().map_err(anyhow::Error::new)?;
        if index == 0 {
            all = told;
        } else {
            all[vendor.name()] = told;
        }
    }
    Ok(Json(all))
}
