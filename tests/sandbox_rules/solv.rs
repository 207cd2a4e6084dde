//! Solv's side of the sandbox: signing in, and a partner that the other files of this folder use.

#[path = "solv/bookings.rs"]
mod bookings;
#[path = "solv/changes.rs"]
mod changes;
#[path = "solv/external.rs"]
mod external;
#[path = "solv/faults.rs"]
mod faults;
#[path = "solv/slots.rs"]
mod slots;

use chrono::{DateTime, Utc};
use frontdesk::sandbox::ACCOUNTS;
use reqwest::{Method, RequestBuilder};
use rstest::rstest;
use serde_json::{Value, json};

use crate::caller::{Answer, Caller, with};

/// Saturday morning in Austin; the clinic in Los Angeles opens in two hours.
const NOW: &str = "2026-11-21T09:07:00-06:00";
const ALL: &str = "read:locations,read:bookings,write:bookings";
const AUSTIN: i64 = 1042;
const LOS_ANGELES: i64 = 1077;
/// The partner may not book there.
const SAN_DIEGO: i64 = 1090;

/// A partner with a token, and the sandbox it calls.
struct Partner {
    caller: Caller,
    token: String,
}

impl Partner {
    async fn start() -> Self {
        Self::with_scope(ALL).await
    }

    async fn with_scope(scope: &str) -> Self {
        let caller = Caller::start(&ACCOUNTS[0]).await;
        caller.set_clock(NOW).await;
        let mut partner = Self {
            caller,
            token: String::new(),
        };
        partner.sign_in(scope).await;
        partner
    }

    async fn sign_in(&mut self, scope: &str) {
        let answer = self.signed_in(&json!({"scope": scope})).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        self.token = answer.text("access_token");
    }

    /// Asks for a token with these changes to what is right.
    async fn signed_in(&self, changes: &Value) -> Answer {
        let body = with(
            json!({"client_id": "demo-solv", "client_secret": "demo-solv-secret",
                "grant_type": "service_api", "scope": ALL}),
            changes,
        );
        let request = self.keyed(Method::POST, "/v1/auth/token").json(&body);
        Answer::of(request.send().await.unwrap()).await
    }

    /// A request with the key and nothing else.
    fn keyed(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.caller.sandbox.base_url());
        let request = self.caller.http.request(method, url);
        request.header("x-api-key", "demo-solv")
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.keyed(method, path).bearer_auth(&self.token)
    }

    async fn get(&self, path: &str) -> Answer {
        let request = self.request(Method::GET, path);
        Answer::of(request.send().await.unwrap()).await
    }

    async fn send(&self, method: Method, path: &str, body: &Value) -> Answer {
        let request = self.request(method, path).json(body);
        Answer::of(request.send().await.unwrap()).await
    }

    async fn book(&self, body: &Value) -> Answer {
        self.send(Method::POST, "/v1/partner/bookings", body).await
    }

    /// The moments of the slots that a call lists, and how many patients each still takes.
    async fn slots(&self, path: &str) -> Vec<(String, i64)> {
        let answer = self.get(path).await;
        assert_eq!(answer.status, 200, "{answer:?}");
        let slots = answer.body[0]["slots"].as_array().unwrap().iter();
        slots
            .map(|slot| {
                let free = slot["availability"].as_i64().unwrap();
                (slot["appointment_date"].as_str().unwrap().to_owned(), free)
            })
            .collect()
    }

    async fn set(&self, settings: Value) {
        let settings = json!({"solv": settings});
        let answer = self.caller.post("/sandbox/settings", &settings).await;
        assert_eq!(answer.status, 200, "{answer:?}");
    }
}

/// A reservation in Austin this afternoon.
fn example() -> Value {
    json!({"appointment_date": "2026-11-21T20:30:00.000Z", "birth_date": "1990-05-17", "first_name": "Alma",
        "last_name": "Reyes", "phone": "+15125550123", "location_id": AUSTIN, "emr_patient_id": "P-9"})
}

fn example_with(changes: &Value) -> Value {
    with(example(), changes)
}

/// Checks that the answer is a 422 about this one field, and gives its words.
fn wrong<'a>(answer: &'a Answer, place: &str, field: &str) -> &'a str {
    assert_eq!(answer.status, 422, "{answer:?}");
    let detail = answer.body["detail"].as_array().unwrap();
    assert_eq!(detail.len(), 1, "{answer:?}");
    assert_eq!(detail[0]["loc"], json!([place, field]));
    assert!(detail[0]["type"].is_string());
    detail[0]["msg"].as_str().unwrap()
}

/// Checks the shape of a refusal that is about no field, and gives its words.
fn said(answer: &Answer) -> (u16, &str) {
    assert_eq!(answer.body.as_object().unwrap().len(), 1, "{answer:?}");
    (answer.status, answer.body["detail"].as_str().unwrap())
}

#[tokio::test]
async fn a_token_for_bookings_says_that_it_lasts_an_hour() {
    let partner = Partner::start().await;
    let answer = partner.signed_in(&json!({})).await;
    assert_eq!(answer.body["token_type"], "bearer");
    assert_eq!(answer.body["grant_type"], "service_api");
    assert_eq!(answer.body["expires_in"], 3600);
    let ends: DateTime<Utc> = answer.text("expiration_timestamp").parse().unwrap();
    let set_to: DateTime<Utc> = "2026-11-21T16:07:00Z".parse().unwrap();
    // A clock that was just set may read a little early, and goes on.
    let off = (ends - set_to).num_seconds().abs();
    assert!(off < 60, "{ends}");
    assert!(answer.body["refresh_token"].is_string());
}

#[tokio::test]
async fn a_token_that_reads_locations_never_ends() {
    let partner = Partner::with_scope("read:locations").await;
    let answer = partner.signed_in(&json!({"scope": "read:locations"})).await;
    for name in ["expires_in", "expiration_timestamp", "refresh_token"] {
        assert!(answer.body.get(name).is_none(), "{name}");
    }
    partner.caller.advance(400 * 24 * 3600).await;
    let path = "/v2/partner/locations/1042/slots";
    assert_eq!(partner.get(path).await.status, 200);
}

#[rstest]
#[case::write("write:bookings")]
#[case::read("read:bookings")]
#[case::both("read:locations,read:bookings")]
#[tokio::test]
async fn a_token_for_bookings_ends_after_an_hour(#[case] scope: &str) {
    let partner = Partner::with_scope(scope).await;
    partner.caller.advance(3580).await;
    assert_ne!(partner.book(&example()).await.status, 401);
    partner.caller.advance(20).await;
    let answer = partner.book(&example()).await;
    assert_eq!(said(&answer), (401, "Could not validate credentials"));
}

#[tokio::test]
async fn an_earlier_token_stays_good() {
    let mut partner = Partner::start().await;
    let earlier = partner.token.clone();
    partner.sign_in(ALL).await;
    assert_ne!(partner.token, earlier);
    partner.token = earlier;
    assert_eq!(partner.book(&example()).await.status, 200);
}

#[rstest]
#[case::no_id(json!({"client_id": null}), "client_id", "field required")]
#[case::no_secret(json!({"client_secret": null}), "client_secret", "field required")]
#[case::no_grant(json!({"grant_type": null}), "grant_type", "field required")]
#[case::no_scope(json!({"scope": null}), "scope", "field required")]
#[case::numeric_id(json!({"client_id": 7}), "client_id", "str type expected")]
#[case::other_grant(json!({"grant_type": "password"}), "grant_type", "grant_type must be 'service_api'")]
#[case::empty_grant(json!({"grant_type": ""}), "grant_type", "grant_type must be 'service_api'")]
#[case::empty_scope(json!({"scope": ""}), "scope", "unknown scope")]
#[case::unknown_scope(json!({"scope": "read:locations,write:all"}), "scope", "unknown scope")]
#[case::scopes_with_spaces(json!({"scope": "read:locations write:bookings"}), "scope", "unknown scope")]
#[tokio::test]
async fn a_token_is_asked_for_with_four_fields(
    #[case] changes: Value,
    #[case] field: &str,
    #[case] words: &str,
) {
    let partner = Partner::start().await;
    let answer = partner.signed_in(&changes).await;
    assert_eq!(wrong(&answer, "body", field), words);
}

#[tokio::test]
async fn the_grant_of_the_quick_start_is_taken_too() {
    let partner = Partner::start().await;
    let changes = json!({"grant_type": "client_credentials"});
    assert_eq!(partner.signed_in(&changes).await.status, 200);
}

#[rstest]
#[case::unknown_id(json!({"client_id": "x"}))]
#[case::wrong_secret(json!({"client_secret": "x"}))]
#[case::anothers_key(json!({"client_id": "demo-solv-other", "client_secret": "demo-solv-other-secret"}))]
#[tokio::test]
async fn only_a_known_client_with_its_own_key_gets_a_token(#[case] changes: Value) {
    let partner = Partner::start().await;
    let answer = partner.signed_in(&changes).await;
    assert_eq!(said(&answer), (401, "Invalid client credentials"));
}

/// Every call, and what is sent with it.
fn calls() -> Vec<(Method, &'static str, Value)> {
    let outside =
        json!({"external_location_id": "LAM-01", "service_id": "7", "status": "confirmed"});
    let mut moved = outside.clone();
    moved["appointment_date"] = json!("2026-11-22T20:30:00Z");
    vec![
        (Method::GET, "/v2/partner/locations/1042/slots", Value::Null),
        (Method::GET, "/v1/partner/locations/1042/slots", Value::Null),
        (Method::POST, "/v1/partner/bookings", example()),
        (
            Method::PATCH,
            "/v1/partner/bookings/48210001",
            json!({"status": "confirmed"}),
        ),
        (
            Method::POST,
            "/v1/partner/bookings/48210001/images",
            json!({"image": "/9j/4AAQ"}),
        ),
        (
            Method::PATCH,
            "/v1/partner/external_bookings/EMR-88101",
            outside.clone(),
        ),
        (
            Method::POST,
            "/v1/partner/external_bookings/EMR-88101/reschedule",
            moved,
        ),
        (
            Method::DELETE,
            "/v1/partner/external_bookings/EMR-88101",
            outside,
        ),
    ]
}

#[tokio::test]
async fn every_call_needs_the_key_and_a_token_of_the_same_partner() {
    let mut partner = Partner::start().await;
    for (method, path, body) in calls() {
        let url = format!("{}{path}", partner.caller.sandbox.base_url());
        let bare = partner
            .caller
            .http
            .request(method.clone(), &url)
            .json(&body);
        let answer = Answer::of(bare.bearer_auth(&partner.token).send().await.unwrap()).await;
        assert_eq!(said(&answer), (403, "x-api-key is missing"), "{path}");
        let unsigned = partner.keyed(method.clone(), path).json(&body);
        let response = unsigned.send().await.unwrap();
        assert_eq!(response.status(), 401, "{path}");
        assert_eq!(response.headers()["www-authenticate"], "Bearer");
        let other = partner
            .caller
            .http
            .request(method.clone(), &url)
            .json(&body);
        let other = other.header("x-api-key", "demo-solv-other");
        let answer = Answer::of(other.bearer_auth(&partner.token).send().await.unwrap()).await;
        assert_eq!(
            said(&answer),
            (401, "x-api-key is not that of the token"),
            "{path}"
        );
    }
    partner.token = "guess".to_owned();
    let answer = partner.book(&example()).await;
    assert_eq!(answer.status, 401);
    let url = format!("{}/v1/auth/token", partner.caller.sandbox.base_url());
    let keyless = partner.caller.http.post(url).json(&json!({}));
    let answer = Answer::of(keyless.send().await.unwrap()).await;
    assert_eq!(said(&answer), (403, "x-api-key is missing"));
}

#[tokio::test]
async fn every_call_needs_its_scope() {
    let readers = Partner::with_scope("read:locations,read:bookings").await;
    for (method, path, body) in calls() {
        let answer = readers.send(method.clone(), path, &body).await;
        let expected = if method == Method::GET { 200 } else { 403 };
        assert_eq!(answer.status, expected, "{path} {answer:?}");
    }
    let answer = readers.book(&example()).await;
    assert_eq!(
        said(&answer),
        (403, "Token scope must include write:bookings")
    );
}

#[tokio::test]
async fn a_token_that_writes_bookings_reads_slots_only_where_that_is_set() {
    let partner = Partner::with_scope("write:bookings").await;
    let path = "/v2/partner/locations/1042/slots";
    let answer = partner.get(path).await;
    assert_eq!(
        said(&answer),
        (403, "Token scope must include read:locations")
    );
    partner.set(json!({"scopes": "lenient"})).await;
    assert_eq!(partner.get(path).await.status, 200);
}

#[tokio::test]
async fn settings_of_each_vendor_lie_apart_and_unknown_ones_are_refused() {
    let partner = Partner::start().await;
    let told = partner.caller.get("/sandbox/settings").await.body;
    assert_eq!(told["zone"], "Asia/Kolkata");
    assert_eq!(told["solv"]["envelope"], "bare");
    partner.set(json!({"envelope": "wrapped"})).await;
    let bad = [
        json!({"solv": {"envelop": "bare"}}),
        json!({"solv": {"envelope": "paper"}}),
        json!({"envelope": "bare"}),
        json!({"solve": {}}),
        json!({"solv": {}, "zone": "Mars/Olympus"}),
        json!([]),
    ];
    for settings in bad {
        let answer = partner.caller.post("/sandbox/settings", &settings).await;
        assert_eq!(answer.status, 400, "{settings}");
    }
    let told = partner.caller.get("/sandbox/settings").await.body;
    assert_eq!(told["solv"]["envelope"], "wrapped", "none was half changed");
}

#[tokio::test]
async fn what_is_not_there_is_refused_in_the_vendors_shape() {
    let partner = Partner::start().await;
    for path in ["/v1/partner/locations", "/v2/partner/bookings"] {
        let answer = partner.get(path).await;
        assert_eq!(said(&answer), (404, "there is no such call"), "{path}");
    }
    let answer = partner.get("/v1/partner/bookings").await;
    assert_eq!(said(&answer), (405, "this call takes another method"));
}
