//! Four consoles that want to send more than the vendor takes, against the real sandbox, on a clock that runs fast.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use chrono::Utc;
use chrono_tz::Tz;
use frontdesk::clock::{Clock, Steady};
use frontdesk::courier::budget::Shared;
use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::phone::Phone;
use frontdesk::domain::submission::{Intent, IntentId};
use frontdesk::sandbox::{Options, Sandbox};
use frontdesk::store::Sqlite;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode, Settings};
use frontdesk::vendor::flabs::{Flabs, TERMS};
use tokio::task::JoinSet;

use crate::desk::rahul;

const CONSOLES: usize = 4;
/// Minutes that are measured, after a first one in which the whole budget goes at once.
const MINUTES: u32 = 2;
const SPEED: f64 = 12.0;

fn somebody(number: u32) -> Intent {
    let mut intent = rahul();
    intent.id = IntentId(format!("FD-{number:032x}"));
    let patient = &mut intent.submission.patient;
    patient.phone = Some(Phone::parse(&format!("98765{number:05}"), "91").unwrap());
    patient.email = None;
    intent
}

async fn console(store: PathBuf, base_url: String, clock: Clock) -> Flabs {
    let book = Shared::new(
        Sqlite::open(&store).await.unwrap(),
        "demo".to_owned(),
        TERMS,
    );
    let settings = Settings {
        profile: "demo".to_owned(),
        base_url,
        is_sandbox: true,
        client_id: "demo".to_owned(),
        client_secret: "demo-secret".to_owned().into(),
        mode: Mode::CatchAll,
        parties: Vec::new(),
        zone: Tz::Asia__Kolkata,
        sources: Vec::new(),
        country_code: "91".to_owned(),
        billing: frontdesk::vendor::flabs::settings::Billing::default(),
        assumptions: Assumptions::default(),
    };
    Flabs::sharing(settings, clock, Arc::new(book)).unwrap()
}

/// Sends as fast as the book lets it, and tells when each send ended.
async fn hammer(flabs: Flabs, clock: Clock, next: Arc<AtomicU32>, sends: u32) -> Vec<Steady> {
    let mut ended = Vec::new();
    while next.load(Ordering::Relaxed) < sends {
        let slot = match flabs.admit().await {
            Ok(slot) => slot,
            Err(until) => {
                clock.sleep(until.saturating_sub(clock.steady())).await;
                continue;
            }
        };
        let intent = somebody(next.fetch_add(1, Ordering::Relaxed));
        let outcome = flabs.submit_with(&intent, Some(slot)).await;
        assert!(matches!(outcome, Outcome::Accepted { .. }), "{outcome:?}");
        ended.push(clock.steady());
    }
    ended
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn four_consoles_never_use_more_than_the_budget() {
    let folder = tempfile::tempdir().unwrap();
    // Late in the morning at the vendor: a few minutes never meet midnight.
    let clock = Clock::fast("2026-11-21T05:30:00Z".parse().unwrap(), Utc::now(), SPEED);
    let options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ledger: folder.path().join("ledger.sqlite"),
        control_key: None,
        rows: None,
    };
    let sandbox = Sandbox::start_at(options, clock.clone()).await.unwrap();
    let sends = TERMS.of * (1 + MINUTES);
    let next = Arc::new(AtomicU32::new(0));
    let mut consoles = JoinSet::new();
    for _ in 0..CONSOLES {
        let store = folder.path().join("data").join("store.db");
        let flabs = console(store, sandbox.base_url(), clock.clone()).await;
        consoles.spawn(hammer(flabs, clock.clone(), Arc::clone(&next), sends));
    }
    let mut ended = consoles.join_all().await.concat();
    ended.sort_unstable();
    // The first budget is shared with the sign-ins, so the measure begins a little before the first minute is over.
    let first = TERMS.of as usize - CONSOLES - 1;
    let last = first + (TERMS.of * MINUTES) as usize;
    let took = ended[last].saturating_sub(ended[first]);
    let share = Duration::from_secs(60 * u64::from(MINUTES)).as_secs_f64() / took.as_secs_f64();
    assert!(share <= 1.0, "{share} of the allowed rate");
    sandbox.shutdown().await;
}
