//! A Solv account in the configuration: what reaches the adapter, and what is said of a slip.

use std::fs;

use chrono_tz::Tz;
use frontdesk::config::Config;
use frontdesk::domain::money::Currency;
use frontdesk::domain::offer::{Choice, FieldKey, Input, Kind};
use rstest::rstest;

fn read(own: &str) -> Result<Config, String> {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let head = "[profiles.lamar]\nvendor = \"solv\"\nbase-url = \"https://partner-api.solvhealth.com\"\n\
                client-id = \"cid\"\nclient-secret = { env = \"SECRET\" }\ntime-zone = \"America/Chicago\"\n";
    fs::write(&file, format!("{head}{own}")).unwrap();
    Config::read(&file).map_err(|error| error.to_string())
}

const LAMAR: &str =
    "[[profiles.lamar.locations]]\nid = 1042\nname = \"Lamar\"\ntime-zone = \"America/Chicago\"\n";

#[test]
fn everything_that_is_written_reaches_the_offer() {
    let own = r#"
scopes = ["read:locations", "write:bookings"]
attributions = ["front desk"]
management-url = "https://clinic.example/b"
integration = "12"
[[profiles.lamar.locations]]
id = 1042
public-id = "ABC123"
external-id = "LAM-01"
name = "Lamar"
address = "2200 S Lamar Blvd"
time-zone = "America/Chicago"
[[profiles.lamar.locations.visit-types]]
id = 501
name = "Urgent care"
[profiles.lamar.assumptions]
allow-walk-in-scheduling = false
walk-in-slots = true
booking-buffer = true
phone-format = "e164"
paperwork-statuses = ["incomplete"]
slots-path = "number"
integrations = ["12"]
"#;
    let offer = read(own).unwrap().choose(None).unwrap().offer();
    assert_eq!((offer.vendor, offer.is_sandbox), ("Solv", false));
    assert_eq!(
        (offer.currency, offer.zone),
        (Currency::Usd, Tz::America__Chicago)
    );
    assert_eq!((offer.country_code.as_str(), offer.budget), ("1", None));
    let preset = |kind, key| offer.field(kind, key).unwrap().preset.clone();
    assert_eq!(preset(Kind::External, FieldKey::Integration), "12");
    assert_eq!(preset(Kind::WalkIn, FieldKey::Source), "front desk");
    let paperwork = &offer
        .field(Kind::WalkIn, FieldKey::Paperwork)
        .unwrap()
        .input;
    assert_eq!(*paperwork, Input::Choice(vec![Choice::plain("incomplete")]));
}

#[rstest]
#[case::no_locations(
    "",
    "\"locations\" in [profiles.lamar] are missing; add [[profiles.lamar.locations]]"
)]
#[case::none("locations = []", "\"locations\" in [profiles.lamar] is an empty list")]
#[case::text("locations = \"all\"", "must be a list")]
#[case::no_zone(
    "[[profiles.lamar.locations]]\nid = 1\nname = \"L\"",
    "has no \"time-zone\""
)]
#[case::odd_zone(
    "[[profiles.lamar.locations]]\nid = 1\nname = \"L\"\ntime-zone = \"Texas\"",
    "is no time zone"
)]
#[case::public_id_as_id(
    "[[profiles.lamar.locations]]\nid = \"ABC123\"\nname = \"L\"\ntime-zone = \"UTC\"",
    "must be the whole number Solv gave you"
)]
#[case::twice(&format!("{LAMAR}{LAMAR}"), "is there twice: 1042")]
#[case::odd_key(&format!("{LAMAR}zone = \"UTC\""), "unknown key \"zone\" in [[profiles.lamar.locations]]")]
#[case::odd_scope(&format!("scopes = [\"read:locations,write:bookings\"]\n{LAMAR}"), "one scope in each text")]
#[case::plain_url(&format!("management-url = \"http://clinic.example\"\n{LAMAR}"), "begins with https://")]
#[case::odd_integration(&format!("integration = \"9\"\n{LAMAR}"), "is \"9\", which is not known")]
#[case::odd_format(&format!("{LAMAR}[profiles.lamar.assumptions]\nphone-format = \"e146\""), "did you mean \"e164\"?")]
#[case::odd_flag(&format!("{LAMAR}[profiles.lamar.assumptions]\nbooking-buffer = \"yes\""), "must be true or false")]
#[case::odd_assumption(&format!("{LAMAR}[profiles.lamar.assumptions]\nwalkin-slots = true"), "did you mean \"walk-in-slots\"?")]
fn a_slip_is_told_with_its_remedy(#[case] own: &str, #[case] words: &str) {
    let complaint = read(own).unwrap_err();
    assert!(complaint.contains(words), "{complaint}");
}
