//! Every fault of a configuration names the file, the line and what to do.

#![allow(clippy::unwrap_used)]

use std::fs;

use frontdesk::config::Config;
use rstest::rstest;

/// Five lines that are all right; faults begin on line 6.
const GOOD: &str = r#"[profiles.north]
vendor = "flabs"
base-url = "https://v2.flabs.in"
client-id = "north"
client-secret = { env = "NORTH_SECRET" }
"#;

fn told(text: &str) -> String {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, text).unwrap();
    let fault = Config::read(&file).unwrap_err().to_string();
    fault.replace(&format!("{}/", home.path().display()), "")
}

#[test]
fn the_five_lines_are_all_right() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, GOOD).unwrap();
    assert_eq!(Config::read(&file).unwrap().accounts.len(), 1);
}

#[rstest]
#[case::unknown_key(
    "client-ids = \"x\"",
    r#"config.toml:6: unknown key "client-ids" in [profiles.north]; did you mean "client-id"?"#
)]
#[case::far_key("colour = 1",
    r#"config.toml:6: unknown key "colour" in [profiles.north]; known here: vendor, base-url, client-id, client-secret, time-zone, take-back-seconds, draft-days, price-age-hours, mode, country-code, sources, lead-sources, barcode-prefix, parties, assumptions"#)]
#[case::mode("mode = \"catchall\"",
    r#"config.toml:6: "mode" in [profiles.north] is "catchall", which is not known; did you mean "catch-all"?"#)]
#[case::mode_type(
    "mode = true",
    r#"config.toml:6: "mode" in [profiles.north] must be text in quotes, not true or false"#
)]
#[case::mode_without_parties("mode = \"party-scoped\"",
    r#"config.toml:6: "mode" in [profiles.north] is "party-scoped", but there are no parties; add [[profiles.north.parties]] sections with kind, id and name"#)]
#[case::time_zone("time-zone = \"Kolkata\"",
    r#"config.toml:6: "time-zone" in [profiles.north] is "Kolkata", which is no time zone; write one like "Asia/Kolkata""#)]
#[case::country_code("country-code = \"+91\"",
    r#"config.toml:6: "country-code" in [profiles.north] must be one to three digits without a plus sign, like "91""#)]
#[case::country_code_number(
    "country-code = 91",
    r#"config.toml:6: "country-code" in [profiles.north] must be text in quotes, not a number"#
)]
#[case::take_back(
    "take-back-seconds = 61",
    r#"config.toml:6: "take-back-seconds" in [profiles.north] must be whole seconds from 0 to 60"#
)]
#[case::draft_days(
    "draft-days = 0",
    r#"config.toml:6: "draft-days" in [profiles.north] must be whole days from 1 to 365"#
)]
#[case::price_age(
    "price-age-hours = 721",
    r#"config.toml:6: "price-age-hours" in [profiles.north] must be whole hours from 1 to 720"#
)]
#[case::price_age_none(
    "price-age-hours = 0",
    r#"config.toml:6: "price-age-hours" in [profiles.north] must be whole hours from 1 to 720"#
)]
#[case::take_back_negative(
    "take-back-seconds = -1",
    r#"config.toml:6: "take-back-seconds" in [profiles.north] must be whole seconds from 0 to 60"#
)]
#[case::sources(
    "sources = \"phone\"",
    r#"config.toml:6: "sources" in [profiles.north] must be a list like ["…", "…"], not text"#
)]
#[case::no_sources("sources = []",
    r#"config.toml:6: "sources" in [profiles.north] is an empty list; name at least one or remove the line"#)]
#[case::second_source(
    "sources = [\n  \"phone\",\n  3,\n]",
    r#"config.toml:8: "sources" in [profiles.north] must be text in quotes, not a number"#
)]
#[case::control_character(
    "sources = [\"a\\u001b[2J\"]",
    r#"config.toml:6: "sources" in [profiles.north] has a line break, control or invisible character in it; type it anew"#
)]
#[case::hidden_character(
    "sources = [\"a\\u202eb\"]",
    r#"config.toml:6: "sources" in [profiles.north] has a line break, control or invisible character in it; type it anew"#
)]
#[case::parties("parties = \"acme\"",
    r#"config.toml:6: "parties" in [profiles.north] must be written as [[profiles.north.parties]] sections"#)]
#[case::party_without_id("[[profiles.north.parties]]\nkind = \"doctor\"",
    r#"config.toml:6: [[profiles.north.parties]] has no "id"; add a line like: id = "the id Flabs gave you""#)]
#[case::party_kind("[[profiles.north.parties]]\nkind = \"docter\"\nid = \"1\"\nname = \"x\"",
    r#"config.toml:7: "kind" in [[profiles.north.parties]] is "docter", which is not known; did you mean "doctor"?"#)]
#[case::party_key(
    "[[profiles.north.parties]]\nkind = \"doctor\"\nid = \"1\"\nnam = \"x\"",
    r#"config.toml:9: unknown key "nam" in [[profiles.north.parties]]; did you mean "name"?"#
)]
#[case::party_twice(
    "[[profiles.north.parties]]\nkind = \"doctor\"\nid = \"1\"\nname = \"x\"\n[[profiles.north.parties]]\nkind = \"doctor\"\nid = \"1\"\nname = \"y\"",
    r#"config.toml:10: "id" in [[profiles.north.parties]] is there twice: "1""#
)]
#[case::assumption("[profiles.north.assumptions]\nday-zon = \"Asia/Kolkata\"",
    r#"config.toml:7: unknown key "day-zon" in [profiles.north.assumptions]; did you mean "day-zone"?"#)]
#[case::assumption_type("[profiles.north.assumptions]\nid-fields = 3",
    r#"config.toml:7: "id-fields" in [profiles.north.assumptions] cannot be used: invalid type: integer `3`, expected a sequence"#)]
#[case::date_format("[profiles.north.assumptions]\nscheduled-at-format = \"%Q\"",
    r#"config.toml:7: "scheduled-at-format" in [profiles.north.assumptions] is no date format; write one like "%Y-%m-%dT%H:%M:%S%:z""#)]
#[case::binding(
    "[keys]\nquit = 3",
    r#"config.toml:7: "quit" in [keys] must be text in quotes, not a number"#
)]
fn a_fault_of_a_profile_is_told(#[case] lines: &str, #[case] words: &str) {
    assert_eq!(told(&format!("{GOOD}{lines}\n")), words);
}

#[rstest]
#[case::vendor(r#"vendor = "flabs""#, r#"vendor = "slov""#,
    r#"config.toml:2: "vendor" in [profiles.north] is "slov", which is not known; it must be "flabs" or "solv" or "meddbase""#)]
#[case::no_vendor(
    r#"vendor = "flabs""#,
    "",
    r#"config.toml:1: [profiles.north] has no "vendor"; add a line like: vendor = "flabs""#
)]
#[case::no_client(r#"client-id = "north""#, "",
    r#"config.toml:1: [profiles.north] has no "client-id"; add a line like: client-id = "the client id Flabs gave you""#)]
#[case::empty_client(
    r#"client-id = "north""#,
    r#"client-id = " ""#,
    r#"config.toml:4: "client-id" in [profiles.north] is empty; fill it in or remove the line"#
)]
#[case::plain_http("https://v2.flabs.in", "http://v2.flabs.in",
    r#"config.toml:3: "base-url" in [profiles.north] must begin with https://; plain http:// is for a sandbox at a loopback address such as http://127.0.0.1:8080"#)]
#[case::no_url("https://v2.flabs.in", "v2.flabs.in",
    r#"config.toml:3: "base-url" in [profiles.north] is not a URL; write it like "https://v2.flabs.in""#)]
#[case::literal_secret(r#"{ env = "NORTH_SECRET" }"#, r#""hunter2""#,
    r#"config.toml:5: "client-secret" in [profiles.north] must not stand in this file; write where it lies: { env = "NAME" } or { file = "~/PATH" } or { command = ["PROGRAM", "ARGUMENT"] }"#)]
#[case::secret_form("env =", "environ =",
    r#"config.toml:5: unknown key "environ" in client-secret of [profiles.north]; known here: env, file, command"#)]
#[case::two_forms(r#"env = "NORTH_SECRET""#, r#"env = "NORTH_SECRET", file = "x""#,
    r#"config.toml:5: "client-secret" in [profiles.north] must have exactly one of: env, file, command"#)]
#[case::no_form(r#"env = "NORTH_SECRET""#, "",
    r#"config.toml:5: "client-secret" in [profiles.north] must have exactly one of: env, file, command"#)]
#[case::variable("NORTH_SECRET", "NORTH=SECRET",
    r#"config.toml:5: "env" in client-secret of [profiles.north] must be the name of an environment variable, like "FRONTDESK_SECRET""#)]
#[case::command_as_text(r#"env = "NORTH_SECRET""#, r#"command = "pass show flabs""#,
    r#"config.toml:5: "command" in client-secret of [profiles.north] must be a list like ["…", "…"], not text"#)]
#[case::reserved(
    "[profiles.north]",
    "[profiles.demo]",
    r#"config.toml:1: "demo" in [profiles] is built in; give your profile another name"#
)]
#[case::odd_name(
    "[profiles.north]",
    "[profiles.\"no rth\"]",
    r#"config.toml:1: "no rth" in [profiles] is no name; use letters, digits, dash and underscore"#
)]
#[case::preferred(
    "[profiles.north]",
    "profile = \"nort\"\n[profiles.north]",
    r#"config.toml:1: "profile" in the file names no profile: "nort"; did you mean "north"?"#
)]
#[case::top_level(
    "[profiles.north]",
    "profil = \"north\"\n[profiles.north]",
    r#"config.toml:1: unknown key "profil" in the file; did you mean "profile"?"#
)]
fn a_changed_line_is_told(#[case] from: &str, #[case] to: &str, #[case] words: &str) {
    assert!(GOOD.contains(from));
    assert_eq!(told(&GOOD.replace(from, to)), words);
}

#[rstest]
#[case::no_toml(
    "[profiles.north\n",
    "config.toml:1: this is not TOML: unclosed table, expected `]`"
)]
#[case::twice(
    "profile = \"demo\"\nprofile = \"demo\"\n",
    "config.toml:2: this is not TOML: duplicate key"
)]
#[case::profiles(
    "profiles = 3\n",
    r#"config.toml:1: "profiles" in the file must be a section, not a number"#
)]
fn a_file_of_another_shape_is_told(#[case] text: &str, #[case] words: &str) {
    assert_eq!(told(text), words);
}

#[test]
fn a_secret_in_the_file_is_never_repeated() {
    let text = GOOD.replace(r#"{ env = "NORTH_SECRET" }"#, "\"hunter2\"");
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    fs::write(&file, text).unwrap();
    let fault = Config::read(&file).unwrap_err();
    assert!(!format!("{fault} {fault:?}").contains("hunter2"));
}
