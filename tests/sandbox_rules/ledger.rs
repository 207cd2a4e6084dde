//! The ledger: complete, committed before the answer, kept, and shared.

use std::os::unix::fs::PermissionsExt;

use frontdesk::sandbox::ACCOUNTS;
use reqwest::Method;
use serde_json::{Value, json};
use sqlx::{ConnectOptions, Connection};

use crate::caller::{Caller, example, example_with, options};

#[tokio::test]
async fn every_create_that_came_has_its_row() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let accepted = caller.create(&example()).await;
    caller.create(&example()).await;
    let bare = format!("{}/client/crm/lead/create", caller.sandbox.base_url());
    let unsigned = caller.http.post(bare).body("no JSON").send().await.unwrap();
    assert_eq!(unsigned.status(), 401);
    let rows = caller.rows().await;
    assert_eq!(rows.len(), 3);
    assert!(
        rows[0]["at"]
            .as_str()
            .unwrap()
            .starts_with("2026-11-21T06:30:")
    );
    assert_eq!(rows[0]["account"], "demo");
    assert_eq!(rows[0]["integrator"], "EXT-LEAD-10231");
    assert_eq!(rows[0]["body"], example());
    assert_eq!(rows[0]["number"], accepted.body["leadId"]);
    let told = |row: &Value| (row["status"].clone(), row["applied"].clone());
    assert_eq!(told(&rows[0]), (json!(200), json!(true)));
    assert_eq!(told(&rows[1]), (json!(409), json!(false)));
    assert_eq!(told(&rows[2]), (json!(401), json!(false)));
    assert_eq!(rows[1]["number"], Value::Null);
    assert_eq!(rows[2]["account"], Value::Null);
    assert_eq!(rows[2]["body"], "no JSON");
}

#[tokio::test]
async fn rows_are_found_by_integrator_id() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    caller.create(&example()).await;
    let other =
        example_with(&json!({"integratorID": "B 2", "contact": "9000000001", "email": null}));
    caller.create(&other).await;
    let found = caller.get("/sandbox/ledger?integrator=B%202").await.body;
    assert_eq!(found.as_array().unwrap().len(), 1);
    assert_eq!(found[0]["integrator"], "B 2");
}

#[tokio::test]
async fn a_row_is_committed_before_its_answer_leaves() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let other = Caller::start_on(options(caller.ledger.clone()), &ACCOUNTS[1]).await;
    let drip = json!({"call": "create", "fault": {"kind": "drip", "ms": 600_000}});
    caller.post("/sandbox/faults", &drip).await;
    let request = caller.request(Method::POST, "/client/crm/lead/create");
    let answer_under_way = request.json(&example()).send().await.unwrap();
    assert_eq!(answer_under_way.status(), 200);
    let rows = other.rows().await;
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0]["applied"], true);
}

#[tokio::test]
async fn a_restart_keeps_rows_and_duplicates() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    let number = caller.create(&example()).await.body["leadId"].clone();
    let caller = caller.restart(&ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 409);
    let rows = caller.rows().await;
    assert_eq!(rows.len(), 2);
    assert_eq!(rows[0]["number"], number);
}

#[tokio::test]
async fn two_sandboxes_on_one_ledger_refuse_each_others_duplicates() {
    let one = Caller::start(&ACCOUNTS[0]).await;
    let two = Caller::start_on(options(one.ledger.clone()), &ACCOUNTS[0]).await;
    for contact in 9_000_000_000_u64..9_000_000_010 {
        let sent = example_with(&json!({"contact": contact.to_string(), "email": null}));
        let (first, second) = tokio::join!(one.create(&sent), two.create(&sent));
        let mut statuses = [first.status, second.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [200, 409]);
    }
    let rows = two.rows().await;
    assert_eq!(rows.len(), 20);
    assert_eq!(rows.iter().filter(|row| row["applied"] == true).count(), 10);
}

#[tokio::test]
async fn two_sandboxes_on_one_ledger_count_one_minute() {
    let one = Caller::start(&ACCOUNTS[0]).await;
    let two = Caller::start_on(options(one.ledger.clone()), &ACCOUNTS[0]).await;
    for _ in 0..29 {
        assert_eq!(one.get("/client/labs").await.status, 200);
        assert_eq!(two.get("/client/labs").await.status, 200);
    }
    assert_eq!(one.get("/client/labs").await.status, 429);
}

/// As the sandbox made it while Flabs' create was all that it served.
const EARLIER: &str = "
CREATE TABLE creates (id INTEGER PRIMARY KEY, at INTEGER NOT NULL, account TEXT, integrator TEXT, body TEXT NOT NULL,
    status INTEGER, applied INTEGER NOT NULL, number TEXT UNIQUE, fault TEXT, day TEXT, contact TEXT, email TEXT) STRICT;
CREATE INDEX integrators ON creates (integrator);
CREATE UNIQUE INDEX one_contact_a_day ON creates (account, day, contact) WHERE applied = 1;
CREATE UNIQUE INDEX one_email_a_day ON creates (account, day, email) WHERE applied = 1;
CREATE TABLE requests (account TEXT NOT NULL, at INTEGER NOT NULL) STRICT;
INSERT INTO creates VALUES (41, 1795242600000, 'demo', 'A1', '{}', 200, 1, '0123456789abcdef01234567', NULL,
    '2026-11-21', '9876543210', NULL);
";

#[tokio::test]
async fn an_earlier_ledger_is_carried_over() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("ledger.db");
    let options = sqlx::sqlite::SqliteConnectOptions::new()
        .filename(&path)
        .create_if_missing(true);
    let mut connection = options.connect().await.unwrap();
    sqlx::raw_sql(EARLIER)
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let caller = Caller::start_on(crate::caller::options(path.clone()), &ACCOUNTS[0]).await;
    assert_eq!(caller.create(&example()).await.status, 409);
    let again = Caller::start_on(crate::caller::options(path), &ACCOUNTS[0]).await;
    let rows = again.rows().await;
    assert_eq!(rows.len(), 2);
    assert_eq!(
        (&rows[0]["id"], &rows[0]["vendor"], &rows[0]["call"]),
        (&json!(41), &json!("flabs"), &json!("create"))
    );
    assert_eq!(rows[0]["number"], "0123456789abcdef01234567");
}

#[tokio::test]
async fn only_its_owner_may_read_the_ledger() {
    let caller = Caller::start(&ACCOUNTS[0]).await;
    caller.create(&example()).await;
    let mode = |path: &std::path::Path| path.metadata().unwrap().permissions().mode() & 0o777;
    let folder = caller.ledger.parent().unwrap();
    assert_eq!(mode(folder), 0o700);
    let files: Vec<_> = folder
        .read_dir()
        .unwrap()
        .map(|file| file.unwrap().path())
        .collect();
    assert!(files.len() >= 2, "the file and its log");
    for file in files {
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_dropped_sandbox_stops_listening() {
    let Caller { sandbox, http, .. } = Caller::start(&ACCOUNTS[0]).await;
    let url = format!("{}/client/labs", sandbox.base_url());
    assert_eq!(http.get(&url).send().await.unwrap().status(), 401);
    drop(sandbox);
    let gone = async {
        while !http
            .get(&url)
            .send()
            .await
            .is_err_and(|error| error.is_connect())
        {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(10), gone)
        .await
        .unwrap();
}
