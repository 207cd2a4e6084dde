//! How much of the allowed rate a drain of 1,000 saved intents reaches through the real courier, adapter, store and
//! sandbox, on a clock that runs fast, and how often the vendor said "too many". Run by `cargo bench --bench drain`.
#![allow(clippy::print_stdout)]

use std::net::SocketAddr;
use std::sync::Arc;

use anyhow::{Context, Result};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::courier::Courier;
use frontdesk::courier::News;
use frontdesk::courier::budget::Shared;
use frontdesk::courier::settings::Settings;
use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::evidence::{Fact, Outcome, State};
use frontdesk::domain::money::Money;
use frontdesk::domain::offer::Kind;
use frontdesk::domain::phone::Phone;
use frontdesk::domain::submission::{DraftId, Patient, Submission};
use frontdesk::sandbox::{Options, Sandbox};
use frontdesk::store::Sqlite;
use frontdesk::store::intents::{Intents, Wish};
use frontdesk::vendor::Adapter;
use frontdesk::vendor::flabs::settings::{self, Assumptions, Mode};
use frontdesk::vendor::flabs::{Flabs, TERMS};

const INTENTS: u32 = 1_000;
/// What the disk and this machine take counts so many times.
const SPEED: f64 = 4.0;
const ZONE: Tz = Tz::Asia__Kolkata;

#[tokio::main]
async fn main() -> Result<()> {
    let folder = std::env::temp_dir().join(format!("frontdesk-drain-{}", std::process::id()));
    let clock = Clock::fast("2026-11-21T05:30:00Z".parse()?, Utc::now(), SPEED);
    let options = Options {
        listen: SocketAddr::from(([127, 0, 0, 1], 0)),
        ledger: folder.join("lab").join("ledger.sqlite"),
        control_key: None,
        rows: None,
    };
    let sandbox = Sandbox::start_at(options, clock.clone()).await?;
    let store = Sqlite::open(&folder.join("data").join("store.db")).await?;
    let book = Shared::new(store.clone(), "drain".to_owned(), TERMS);
    let account = account(sandbox.base_url());
    let flabs = Flabs::sharing(account, clock.clone(), Arc::new(book))?;
    let adapter: Arc<dyn Adapter> = Arc::new(flabs);
    let mut settings = Settings::new("drain", ZONE);
    settings.hold = std::time::Duration::ZERO;
    for number in 0..INTENTS {
        store.save(wish(number, clock.now())?, clock.now()).await?;
    }
    let mut courier = Courier::start(store, adapter, settings, clock.clone());
    let mut accepted = Vec::new();
    let (mut too_many, mut others) = (0, 0);
    while accepted.len() + others < INTENTS as usize {
        let news = courier.news.recv().await.context("the courier stopped")?;
        let News::Changed(standing) = news else {
            anyhow::bail!("{news:?}");
        };
        if let Some(Fact::Ended { outcome, .. }) = standing.evidence.last().map(|last| &last.fact) {
            too_many += u32::from(matches!(outcome, Outcome::RateLimited { .. }));
        }
        match standing.state {
            State::Accepted { .. } => accepted.push(clock.steady()),
            State::NotAccepted { .. } | State::NeedsYou { .. } => others += 1,
            _ => {}
        }
    }
    // Whole windows, from the middle of one budget to the middle of another: a sign-in between two of them takes a slot.
    let first = TERMS.of as usize / 2;
    let windows = accepted.len().saturating_sub(first + 1) / TERMS.of as usize;
    let measured = accepted
        .get(first)
        .zip(accepted.get(first + windows * TERMS.of as usize));
    let (from, to) = measured.context("less than a window was accepted")?;
    let took = to.saturating_sub(*from).as_secs_f64();
    let share = 60.0 * f64::from(u32::try_from(windows)?) / took;
    println!(
        "drain: {} of {INTENTS} accepted, {windows} windows in {took:.1} s at {SPEED}x, {:.1} % of the allowed rate, {too_many} times \"too many\"",
        accepted.len(),
        share * 100.0
    );
    courier
        .finish_within(std::time::Duration::from_secs(30), &clock)
        .await;
    sandbox.shutdown().await;
    std::fs::remove_dir_all(&folder)?;
    Ok(())
}

fn account(base_url: String) -> settings::Settings {
    settings::Settings {
        profile: "drain".to_owned(),
        base_url,
        is_sandbox: true,
        client_id: "demo".to_owned(),
        client_secret: "demo-secret".to_owned().into(),
        mode: Mode::CatchAll,
        parties: Vec::new(),
        zone: ZONE,
        sources: Vec::new(),
        country_code: "91".to_owned(),
        billing: frontdesk::vendor::flabs::settings::Billing::default(),
        assumptions: Assumptions::default(),
    }
}

fn wish(number: u32, now: DateTime<Utc>) -> Result<Wish> {
    Ok(Wish {
        draft: DraftId(u64::from(number)),
        profile: "drain".to_owned(),
        day: now.with_timezone(&ZONE).date_naive(),
        key: None,
        follows: None,
        submission: submission(number)?,
        changes: std::sync::Arc::default(),
    })
}

fn submission(number: u32) -> Result<Submission> {
    let phone = Phone::parse(&format!("98765{number:05}"), "91");
    let patient = Patient {
        phone: Some(phone.map_err(|why| anyhow::anyhow!("{why}"))?),
        country_code: "91".to_owned(),
        age: Some(Age {
            value: 32,
            unit: AgeUnit::Year,
        }),
        ..Patient::named("Rahul")
    };
    let branch = Branch {
        id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
        name: "Koramangala".to_owned(),
        address: None,
        zone: None,
    };
    Ok(Submission {
        total: Money::major(350),
        ..Submission::of(Kind::Lead, branch, patient)
    })
}
