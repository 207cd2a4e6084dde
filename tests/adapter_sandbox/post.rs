//! One desk at one lab: the adapter, signed in as one of the sandbox's two accounts.

use chrono::DateTime;
use chrono_tz::Tz;
use frontdesk::clock::Clock;
use frontdesk::domain::barcode;
use frontdesk::domain::branch::{Party, PartyKind};
use frontdesk::domain::catalogue::{Catalogue, Entry, Row};
use frontdesk::domain::offer::FieldKey;
use frontdesk::domain::order::ItemId;
use frontdesk::domain::submission::{DraftId, Intent, IntentId};
use frontdesk::sandbox;
use frontdesk::vendor::flabs::Flabs;
use frontdesk::vendor::flabs::settings::{Assumptions, Mode, Settings};

use crate::desk::{pre_booking, rahul};
use crate::lab::Lab;

pub struct Post {
    pub lab: Lab,
    pub adapter: Flabs,
}

impl Post {
    pub fn open(mode: Mode) -> Self {
        Self::agreed(mode, Assumptions::default())
    }

    /// With what was agreed with Flabs where it publishes nothing.
    pub fn agreed(mode: Mode, assumptions: Assumptions) -> Self {
        let lab = Lab::open();
        // Far from midnight: nothing here is about the end of a day.
        lab.set_clock("2026-11-21T12:00:00+05:30");
        let adapter = flabs_with(&lab, mode, assumptions);
        Self { lab, adapter }
    }

    pub fn catch_all() -> Self {
        Self::open(Mode::CatchAll)
    }

    /// The one create that was received.
    pub fn only_create(&self) -> serde_json::Value {
        let rows = self.lab.ledger();
        assert_eq!(rows.len(), 1, "{rows:#?}");
        rows[0].clone()
    }
}

pub fn flabs(lab: &Lab, mode: Mode) -> Flabs {
    flabs_with(lab, mode, Assumptions::default())
}

fn flabs_with(lab: &Lab, mode: Mode, assumptions: Assumptions) -> Flabs {
    let client_id = match mode {
        Mode::CatchAll => "demo",
        Mode::PartyScoped => "demo-b2b",
    };
    let settings = Settings {
        profile: client_id.to_owned(),
        base_url: lab.base_url(),
        is_sandbox: true,
        client_id: client_id.to_owned(),
        client_secret: format!("{client_id}-secret").into(),
        mode,
        parties: sandbox::demo_parties(),
        zone: Tz::Asia__Kolkata,
        sources: vec!["walk-in".to_owned()],
        country_code: "91".to_owned(),
        billing: frontdesk::vendor::flabs::settings::Billing::default(),
        assumptions,
    };
    // Time that a test can stop, and set.
    let clock = Clock::tokio(DateTime::UNIX_EPOCH);
    Flabs::new(settings, clock).unwrap()
}

pub fn party(kind: PartyKind) -> Party {
    let mut parties = sandbox::demo_parties().into_iter();
    parties.find(|party| party.kind == kind).unwrap()
}

pub fn entries(catalogue: &Catalogue) -> impl Iterator<Item = Entry<'_>> {
    let rows = 0..u32::try_from(catalogue.len()).unwrap();
    rows.map(|row| catalogue.entry(Row(row)).unwrap())
}

/// The vendor's own example under an id of this desk, as somebody with this phone and e-mail.
pub fn somebody(number: u32) -> Intent {
    let mut intent = rahul();
    intent.id = IntentId(format!("FD-{number:032x}"));
    let patient = &mut intent.submission.patient;
    let phone = format!("98765{number:05}");
    patient.phone = Some(frontdesk::domain::phone::Phone::parse(&phone, "91").unwrap());
    patient.email = Some(format!("somebody{number}@example.com"));
    intent
}

/// As [`somebody`], announced for a bill under a barcode that was made here for it.
pub fn announced(number: u32) -> Intent {
    let mut intent = pre_booking();
    intent.id = somebody(number).id;
    let barcode = barcode::mint("KOR", DraftId(u64::from(number)));
    let details = &mut intent.submission.details;
    details.insert(FieldKey::Barcode, barcode);
    intent
}

pub fn item(id: &str) -> ItemId {
    ItemId(id.to_owned())
}
