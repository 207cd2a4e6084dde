//! What a good configuration gives, and which profile is opened.

#![allow(clippy::unwrap_used)]

use std::fs;
use std::path::Path;
use std::time::Duration;

use chrono_tz::Tz;
use frontdesk::config::{Config, Error, Server, demo};
use frontdesk::domain::branch::PartyKind;
use frontdesk::domain::offer::{Choice, FieldKey, Input, Kind};
use secrecy::ExposeSecret;

fn read(text: &str) -> Config {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, text).unwrap();
    Config::read(&file).unwrap()
}

fn account(name: &str) -> String {
    format!(
        "[profiles.{name}]\nvendor = \"flabs\"\nbase-url = \"https://v2.flabs.in\"\nclient-id = \"{name}\"\n\
         client-secret = {{ command = [\"echo\", \"secret of {name}\"] }}\n"
    )
}

#[test]
fn everything_that_is_written_reaches_the_adapter() {
    let config = read(
        r#"
profile = "koramangala"
[profiles.koramangala]
vendor = "flabs"
base-url = "https://v2.flabs.in/"
client-id = "k-1"
client-secret = { command = ["printf", "%s\n", "top secret"] }
mode = "party-scoped"
time-zone = "Asia/Dubai"
country-code = "971"
sources = ["phone", "walk-in"]
take-back-seconds = 5
price-age-hours = 12
[[profiles.koramangala.parties]]
kind = "corporate"
id = "c1"
name = "Acme"
[[profiles.koramangala.parties]]
kind = "hospital"
id = "h1"
name = "St. Martha"
[profiles.koramangala.assumptions]
booking-types = ["Home Collection", "Walk In"]
day-zone = "Asia/Dubai"
[keys]
quit = "Ctrl+D"
refresh = "F9"
"#,
    );
    assert_eq!(
        config.keys,
        [
            ("quit".to_owned(), "Ctrl+D".to_owned(), 26),
            ("refresh".to_owned(), "F9".to_owned(), 27)
        ]
    );
    let account = config.choose(None).unwrap();
    assert_eq!(account.take_back, Duration::from_secs(5));
    assert_eq!(account.price_age, Duration::from_secs(12 * 3600));
    assert_eq!(account.server, Server::At("https://v2.flabs.in".to_owned()));
    assert_eq!(account.client_id, "k-1");
    let offer = account.offer();
    let profile = account.open().unwrap();
    assert_eq!(profile.secret.expose_secret(), "top secret");
    assert_eq!(offer.profile, "koramangala");
    assert!(!offer.is_sandbox);
    assert!(offer.is_party_required);
    assert_eq!(offer.zone, Tz::Asia__Dubai);
    assert_eq!(offer.day_zone, Tz::Asia__Dubai);
    assert_eq!(offer.country_code, "971");
    let field = |key| &offer.field(Kind::Booking, key).unwrap().input;
    let sources = ["phone", "walk-in"].map(str::to_owned).to_vec();
    assert_eq!(*field(FieldKey::Source), Input::Suggest(sources));
    let visits = ["Home Collection", "Walk In"].map(Choice::plain).to_vec();
    assert_eq!(*field(FieldKey::BookingType), Input::Choice(visits));
    let parties: Vec<_> = offer
        .parties
        .iter()
        .map(|party| (party.kind, party.id.as_str()))
        .collect();
    assert_eq!(
        parties,
        [(PartyKind::Corporate, "c1"), (PartyKind::Hospital, "h1")]
    );
}

#[test]
fn what_is_not_written_has_the_defaults_of_an_indian_desk() {
    let offer = read(&account("north")).choose(None).unwrap().offer();
    assert!(!offer.is_party_required);
    assert_eq!(offer.zone, Tz::Asia__Kolkata);
    assert_eq!(offer.day_zone, Tz::Asia__Kolkata);
    assert_eq!(offer.country_code, "91");
    let source = offer.field(Kind::Lead, FieldKey::Source).unwrap();
    assert_eq!(source.preset, "walk-in");
    assert!(offer.parties.is_empty());
}

#[test]
fn without_a_file_the_demo_is_opened_on_the_sandbox() {
    let home = tempfile::tempdir().unwrap();
    let config = Config::find(None, &home.path().join("config.toml")).unwrap();
    let account = config.choose(None).unwrap();
    assert_eq!(account.server, Server::BuiltIn);
    assert_eq!(account.client_id, "demo");
    let offer = account.offer();
    assert!(offer.is_sandbox && !offer.is_party_required);
    assert_eq!(offer.parties.len(), 8);
    let secret = account.open().unwrap().secret;
    assert_eq!(secret.expose_secret(), "demo-secret");
}

#[test]
fn the_demo_profiles_are_there_beside_a_file() {
    let account = read(&account("north")).choose(Some("demo-b2b")).unwrap();
    assert_eq!(account.client_id, "demo-b2b");
    assert!(account.offer().is_party_required);
    let secret = account.open().unwrap().secret;
    assert_eq!(secret.expose_secret(), "demo-b2b-secret");
}

#[test]
fn a_file_without_profiles_leaves_the_demo() {
    let config = read("[keys]\nquit = \"Ctrl+D\"\n");
    assert_eq!(config.choose(None).unwrap().name, "demo");
}

#[test]
fn among_several_profiles_one_must_be_preferred_or_asked_for() {
    let both = account("north") + &account("east");
    let config = read(&both);
    let why = config.choose(None).unwrap_err();
    assert!(matches!(&why, Error::NoChoice { .. }));
    assert!(why.to_string().ends_with(
        "has several profiles and none to start with; add a first line like: profile = \"north\", or use --profile; there are: north, east"
    ), "{why}");
    assert_eq!(config.choose(Some("east")).unwrap().name, "east");
    let config = read(&format!("profile = \"east\"\n{both}"));
    assert_eq!(config.choose(None).unwrap().name, "east");
}

#[test]
fn an_unknown_profile_comes_with_a_remedy() {
    let config = read(&account("north"));
    let told = |name| config.choose(Some(name)).unwrap_err().to_string();
    assert_eq!(
        told("nroth"),
        "there is no profile \"nroth\"; did you mean \"north\"?"
    );
    let demos: Vec<&str> = demo::names().collect();
    let known = demos.join(", ");
    assert_eq!(
        told("live"),
        format!("there is no profile \"live\"; known here: north, {known}")
    );
}

#[test]
fn a_sandbox_at_a_loopback_address_says_so() {
    let text = account("north").replace("https://v2.flabs.in", "http://127.0.0.1:8080");
    assert!(read(&text).choose(None).unwrap().offer().is_sandbox);
}

/// The first frame is drawn from it, before a command is run for the secret.
#[test]
fn an_unopened_account_tells_all_but_the_secret() {
    let text = account("north").replace("echo", "false");
    let account = read(&text).choose(None).unwrap();
    let offer = account.offer();
    assert_eq!((offer.profile.as_str(), offer.is_sandbox), ("north", false));
    assert!(account.secret.is_slow());
    assert!(matches!(account.open(), Err(Error::Secret { .. })));
}

/// What `config init` writes must be right once it is filled in, and harmless before.
#[test]
fn the_file_of_config_init_can_be_filled_in() {
    let template =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("src/cli/init/config.toml"))
            .unwrap();
    assert!(read(&template).accounts.is_empty());
    let filled = template.lines().map(|line| match line.strip_prefix('#') {
        Some(hidden) if !hidden.starts_with(' ') => hidden,
        _ => line,
    });
    let config = read(&filled.collect::<Vec<_>>().join("\n"));
    assert_eq!(config.preferred.as_deref(), Some("my-lab"));
    let [account] = config.accounts.as_slice() else {
        unreachable!("one profile is described");
    };
    let offer = account.offer();
    assert_eq!(offer.parties.len(), 1);
    assert_eq!(offer.day_zone, Tz::Asia__Kolkata);
    assert_eq!(config.keys.len(), 1);
}
