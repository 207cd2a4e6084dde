//! Signing in and refreshing (<https://developer.flabslis.com/auth/introduction>; bodies by A1, errors by A2).

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Value, json};

use super::Flabs;
use super::account::{self, Account};
use super::form::Form;
use super::rate;
use super::tokens::{LIFE, Pair};
use crate::sandbox::answer::Refusal;

/// `POST /client/auth/token`
pub async fn sign_in(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let form = Form::read(request).await?;
    let client_id = form.required("clientID")?;
    let secret = form.required("clientSecret")?;
    let now = flabs.service.clock.now();
    let account = named(&flabs, client_id).await?;
    if account.client_secret != secret {
        return Err(unknown_client());
    }
    Ok(given(&flabs.tokens.issue(account, now)?))
}

/// `POST /client/auth/token/refresh`: the refresh token that comes back replaces the one that was sent.
pub async fn refresh(
    State(flabs): State<Arc<Flabs>>,
    request: Request,
) -> Result<Json<Value>, Refusal> {
    let form = Form::read(request).await?;
    let client_id = form.required("clientID")?;
    let refresh = form.required("refreshToken")?;
    let now = flabs.service.clock.now();
    let account = named(&flabs, client_id).await?;
    if !flabs.tokens.redeem(account, refresh, now) {
        return Err(Refusal::unauthorized(
            "refreshToken is unknown, used or lapsed",
        ));
    }
    Ok(given(&flabs.tokens.issue(account, now)?))
}

/// The account with this id, the request counted against its limit.
async fn named(flabs: &Flabs, client_id: &str) -> Result<&'static Account, Refusal> {
    let account = account::find(client_id).ok_or_else(unknown_client)?;
    rate::admit(&flabs.service.ledger, account, flabs.service.clock.now()).await?;
    Ok(account)
}

fn unknown_client() -> Refusal {
    Refusal::unauthorized("clientID or clientSecret is wrong")
}

fn given(pair: &Pair) -> Json<Value> {
    Json(json!({"authToken": pair.auth, "refreshToken": pair.refresh, "expiresIn": LIFE}))
}
