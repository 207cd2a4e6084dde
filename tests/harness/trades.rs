//! What a scene sends: a vendor's kind as a script asks for it, and as that vendor's side of the ledger shows it.
//!
//! Knows the calls of the sandbox and the lines of `frontdesk submit`, and nothing of what goes wrong.

use std::fmt;

use serde_json::{Value, json};

use crate::wishes::Wish;

/// What the program may do by itself about a wish whose answer did not come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tier {
    DayGuard,
    UniqueCode,
    Read,
    None,
}

impl Tier {
    /// How often a create of one wish may reach the vendor before a person has decided.
    pub fn most(self) -> usize {
        match self {
            Self::DayGuard | Self::UniqueCode => 6,
            Self::Read => 2,
            Self::None => 1,
        }
    }
}

impl fmt::Display for Tier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::DayGuard => "day guard",
            Self::UniqueCode => "unique code",
            Self::Read => "read",
            Self::None => "none",
        })
    }
}

pub struct Trade {
    /// As the summary calls it.
    pub name: &'static str,
    pub tier: Tier,
    /// What its profile holds, beside what every profile of the harness holds.
    pub profile: &'static str,
    pub secret: &'static str,
    /// What the sandbox is asked to do otherwise.
    pub settings: Option<&'static str>,
    /// The paths of the calls that make the record, and that come before anything else.
    pub create: &'static str,
    pub token: &'static str,
    /// The create, as fault rules and the ledger know it.
    pub call: &'static str,
    /// Seconds of the clock in a second of the machine.
    pub speed: f64,
    /// The create carries our own id.
    pub has_ids: bool,
    /// Another call that may be refused comes before the create.
    pub has_steps: bool,
    /// What follows `frontdesk change ID` where the wish makes no record but changes that of its line.
    pub change: Option<fn(&Wish) -> Vec<String>>,
    /// How the path begins of a call that is made once for each record, even where it never arrived.
    pub once: Option<&'static str>,
    /// That call, where it follows the create and fails by itself, as fault rules and the ledger know it.
    pub then: Option<&'static str>,
    pub line: fn(&Wish) -> Value,
    /// What the ledger shows of whose record it is, by a row and by a wish.
    pub mark: fn(&Value) -> Option<&str>,
    pub mark_of: fn(&Wish) -> String,
}

impl Trade {
    /// A call that something may happen to: the create, and now and then the one that follows it.
    pub fn path(&self, index: u32) -> &'static str {
        match self.once {
            Some(once) if self.then.is_some() && index.is_multiple_of(3) => once,
            _ => self.create,
        }
    }
}

const FLABS: &str = "vendor = \"flabs\"\nclient-id = \"demo\"\ntime-zone = \"Asia/Kolkata\"\n\
    lead-sources = [\"FRONTDESK\"]\nbarcode-prefix = \"KOR\"\nassumptions = { day-zone = \"Asia/Kolkata\" }\n";

const SOLV: &str = "vendor = \"solv\"\nclient-id = \"demo-solv\"\ntime-zone = \"America/Chicago\"\n\
    locations = [{ id = 1042, public-id = \"Kp7wRe\", external-id = \"LAM-01\", name = \"Lamar\", time-zone = \"America/Chicago\" }]\n";

const MANAGER: &str = "vendor = \"meddbase\"\nclient-id = \"demo-meddbase\"\nusername = \"night@example.com\"\n\
    time-zone = \"Europe/London\"\n";

const KIOSK: &str = "vendor = \"meddbase\"\nclient-id = \"demo-meddbase-anon\"\nmode = \"anonymous\"\n\
    sign-up-code = \"KIOSK\"\npatient-code = false\ntime-zone = \"Europe/London\"\n";

const LEADS: &str = "/client/crm/lead/create";
const BILLS: &str = "/client/billing/create";
const BOOKINGS: &str = "/v1/partner/bookings/";
/// A call that only asks begins alike.
const CANCELS: &str = "/patientportalapi/appointment/cancel?";
const FLABS_TOKEN: &str = "/client/auth/token";

/// The one that most scenes send.
pub static LEAD: Trade = Trade {
    name: "flabs-lead",
    tier: Tier::DayGuard,
    profile: FLABS,
    secret: "demo-secret",
    settings: None,
    create: LEADS,
    token: FLABS_TOKEN,
    call: "create",
    speed: 60.0,
    has_ids: true,
    has_steps: false,
    change: None,
    once: None,
    then: None,
    line: |wish| flabs(wish, "lead"),
    mark: |row| row["body"]["contact"].as_str(),
    mark_of: |wish| wish.phone.clone(),
};

pub static BOOKING: Trade = Trade {
    name: "flabs-booking",
    line: |wish| {
        let mut line = flabs(wish, "booking");
        line["scheduled-at"] = json!("2026-11-24 07:30");
        line
    },
    ..LEAD
};

/// With a code that the desk makes.
pub static MINTED: Trade = Trade {
    name: "flabs-prebooking-minted",
    tier: Tier::UniqueCode,
    create: BILLS,
    call: "billing",
    line: |wish| bill(wish, Some("mint")),
    mark: |row| row["body"]["patient_details"]["last_name"].as_str(),
    mark_of: surname,
    ..LEAD
};

/// With a code of the tube, which somebody else may have used.
pub static SCANNED: Trade = Trade {
    name: "flabs-prebooking-scanned",
    tier: Tier::None,
    line: |wish| bill(wish, Some(&format!("TUBE{}", wish.number))),
    ..MINTED
};

pub static PLAIN: Trade = Trade {
    name: "flabs-prebooking",
    line: |wish| bill(wish, None),
    ..SCANNED
};

pub static WALK_IN: Trade = Trade {
    name: "solv-walkin",
    tier: Tier::None,
    profile: SOLV,
    secret: "demo-solv-secret",
    settings: Some("{\"solv\": {\"capacity\": 1000}}"),
    create: "/v1/partner/bookings",
    token: "/v1/auth/token",
    call: "solv-booking",
    speed: 60.0,
    has_ids: false,
    line: |wish| solv(wish, "walkin"),
    mark: |row| row["body"]["emr_patient_id"].as_str(),
    mark_of: |wish| wish.phone.clone(),
    ..LEAD
};

pub static RESERVATION: Trade = Trade {
    name: "solv-reservation",
    line: |wish| {
        let mut line = solv(wish, "reservation");
        let minutes = wish.number % 16 * 15;
        let at = format!("2026-11-24 {:02}:{:02}", 13 + minutes / 60, minutes % 60);
        line["scheduled-at"] = json!(at);
        line
    },
    ..WALK_IN
};

/// The end of a booking that the clinic's own system made: whose wish it was shows in the reason.
pub static EXTERNAL: Trade = Trade {
    name: "solv-external",
    create: "/v1/partner/external_bookings/",
    call: "solv-external",
    line: |wish| {
        json!({
            "key": wish.key,
            "kind": "external",
            "branch": "Lamar",
            "external-booking": format!("EMR-7{:04}", wish.number),
            "integration": "7",
            "action": "cancel",
            "reason": surname(wish),
        })
    },
    mark: |row| row["body"]["cancellation_reason"].as_str(),
    mark_of: surname,
    ..WALK_IN
};

pub static APPOINTMENT: Trade = Trade {
    name: "meddbase-appointment",
    tier: Tier::Read,
    profile: MANAGER,
    secret: "demo-meddbase-secret",
    settings: None,
    create: "/patientportalapi/appointment/book-time-slot",
    token: "/patientportalapi/auth/login",
    call: "meddbase-book",
    // Looks take minutes.
    speed: 120.0,
    has_ids: false,
    has_steps: true,
    line: |wish| appointment(wish, &start(wish.number)),
    mark: |row| row["body"]["proposedTimeSlot"]["Start"].as_str()?.get(..16),
    mark_of: |wish| start(wish.number).replace(' ', "T"),
    ..LEAD
};

/// Where no code is read back.
pub static ANONYMOUS: Trade = Trade {
    name: "meddbase-anonymous",
    tier: Tier::None,
    profile: KIOSK,
    create: "/patientportalapi/anon-booking/book-time-slot",
    token: "/patientportalapi/anon-booking/register-patient",
    call: "meddbase-anon-book",
    line: |wish| meddbase(wish, "anonymous", &start(wish.number)),
    ..APPOINTMENT
};

/// A new status of a booking.
pub static CHECK_IN: Trade = Trade {
    name: "solv-change-check-in",
    create: BOOKINGS,
    call: "solv-status",
    change: Some(|_| words("check-in")),
    once: Some(BOOKINGS),
    mark: |row| in_path(row)?.split('/').next(),
    mark_of: changed,
    ..WALK_IN
};

pub static CANCEL: Trade = Trade {
    name: "solv-change-cancel",
    change: Some(|_| words("cancel")),
    ..CHECK_IN
};

pub static IMAGE: Trade = Trade {
    name: "solv-change-image",
    call: "solv-image",
    change: Some(|_| words("image --set image-type=photo_id_front --file id.png")),
    ..CHECK_IN
};

/// A GET that changes something.
pub static CANCELLATION: Trade = Trade {
    name: "meddbase-change-cancel",
    tier: Tier::None,
    create: CANCELS,
    call: "meddbase-cancel",
    speed: 60.0,
    has_steps: false,
    change: Some(|_| words("cancel --confirm-terms none")),
    once: Some(CANCELS),
    mark: |row| row["request"].as_str()?.split("appointment=").nth(1),
    mark_of: changed,
    ..APPOINTMENT
};

/// A new booking, and then the end of the old one. The old ones stand where no new one goes.
pub static RESCHEDULE: Trade = Trade {
    name: "meddbase-change-reschedule",
    change: Some(|wish| {
        let mut words = words("reschedule --confirm-terms none --set");
        words.push(format!("scheduled-at={}", start(wish.number * 2 + 1)));
        words
    }),
    once: Some(CANCELS),
    then: Some("meddbase-cancel"),
    line: |wish| appointment(wish, &start(wish.number * 2)),
    mark_of: |wish| start(wish.number * 2 + 1).replace(' ', "T"),
    ..APPOINTMENT
};

/// All of them, in the order of the summary.
pub static TRADES: [&Trade; 15] = [
    &LEAD,
    &BOOKING,
    &MINTED,
    &SCANNED,
    &PLAIN,
    &WALK_IN,
    &RESERVATION,
    &EXTERNAL,
    &APPOINTMENT,
    &ANONYMOUS,
    &CHECK_IN,
    &CANCEL,
    &IMAGE,
    &CANCELLATION,
    &RESCHEDULE,
];

fn flabs(wish: &Wish, kind: &str) -> Value {
    json!({
        "key": wish.key,
        "kind": kind,
        "branch": "Koramangala",
        "phone": wish.phone,
        "name": "Rahul Sharma",
        "age": "32",
        "gender": "male",
        "items": [{"name": "Blood count", "price": "350"}],
    })
}

/// No phone is sent with it: whose it is shows in the name.
fn bill(wish: &Wish, barcode: Option<&str>) -> Value {
    let mut line = json!({
        "key": wish.key,
        "kind": "prebooking",
        "branch": "Koramangala",
        "name": format!("Rahul {}", surname(wish)),
        "age": "32",
        "gender": "male",
        "items": [{"id": "6530a4a6f1d2c8b7e9aabcde", "kind": "test"}],
    });
    if let Some(barcode) = barcode {
        line["barcode"] = json!(barcode);
    }
    line
}

fn solv(wish: &Wish, kind: &str) -> Value {
    json!({
        "key": wish.key,
        "kind": kind,
        "branch": "Lamar",
        "phone": wish.phone,
        "name": format!("Jordan {}", surname(wish)),
        "birth-date": "1994-03-21",
        "patient-record": wish.phone,
    })
}

fn appointment(wish: &Wish, start: &str) -> Value {
    let mut line = meddbase(wish, "appointment", start);
    line["payer"] = json!("Employer (demo)");
    line
}

/// A patient and a time of each wish's own, at which two clinicians are free: nothing at the vendor keeps a second
/// record of it out.
fn meddbase(wish: &Wish, kind: &str, start: &str) -> Value {
    json!({
        "key": wish.key,
        "kind": kind,
        "branch": "Harley Street Clinic",
        "appointment-type": "Consultation",
        "name": format!("Asha {}", surname(wish)),
        "birth-date": "1994-03-21",
        "email": format!("{}@example.com", wish.phone),
        "phone": format!("+44 7{:09}", wish.number),
        "scheduled-at": start,
    })
}

fn start(number: usize) -> String {
    // So far ahead that ending one is free while a scene lasts: the fee that is agreed to is none.
    let first = chrono::NaiveDate::from_ymd_opt(2026, 11, 25).unwrap();
    // Two clinicians are there from ten to one, every day.
    let day = first + chrono::Days::new((number / 6) as u64);
    let minutes = number % 6 * 30;
    format!("{day} {:02}:{:02}", 10 + minutes / 60, minutes % 60)
}

fn words(line: &str) -> Vec<String> {
    line.split(' ').map(str::to_owned).collect()
}

/// The vendor's number of the record that a wish changes.
fn changed(wish: &Wish) -> String {
    let base = wish.base.as_ref();
    base.map(|base| base.number.clone()).unwrap_or_default()
}

/// What comes after the folder of the bookings.
fn in_path(row: &Value) -> Option<&str> {
    row["request"].as_str()?.split(BOOKINGS).nth(1)
}

/// The number in letters.
fn surname(wish: &Wish) -> String {
    let letters = wish.number.to_string();
    let letters = letters.bytes().map(|digit| char::from(digit - b'0' + b'a'));
    format!("M{}", letters.collect::<String>())
}
