//! The report of `frontdesk doctor`: its lines, their remedies and its exit codes.

#![allow(clippy::unwrap_used)]

use std::cell::RefCell;

use rstest::rstest;

use super::*;

fn xterm() -> Surroundings {
    Surroundings {
        is_terminal: true,
        term: "xterm-256color".to_owned(),
        locale: "en_IN.UTF-8".to_owned(),
        size: Some((120, 36)),
        ..Surroundings::default()
    }
}

#[rstest]
#[case::well(|_: &mut Surroundings| {}, "ok  terminal                      xterm-256color, colours, UTF-8, 120x36")]
#[case::no_colour(|it: &mut Surroundings| it.is_colourless = true,
    "ok  terminal                      xterm-256color, no colours (NO_COLOR), UTF-8, 120x36")]
#[case::piped(|it: &mut Surroundings| it.is_terminal = false,
    "--  terminal                      not checked: input or output is not a terminal here")]
#[case::dumb(|it: &mut Surroundings| it.term = "dumb".to_owned(),
    "!!  terminal                      TERM names no screen; set it to what your terminal is, like xterm-256color")]
#[case::latin(|it: &mut Surroundings| it.locale = "C".to_owned(),
    "!!  terminal                      the locale is C; set LANG to one that ends in UTF-8, like en_IN.UTF-8")]
#[case::no_locale(|it: &mut Surroundings| it.locale.clear(),
    "!!  terminal                      the locale is not set; set LANG to one that ends in UTF-8, like en_IN.UTF-8")]
#[case::small(|it: &mut Surroundings| it.size = Some((39, 24)),
    "!!  terminal                      39x24 is too small; make it at least 40x12, better 80x24")]
fn the_terminal_is_told_in_one_line(#[case] change: fn(&mut Surroundings), #[case] line: &str) {
    let mut surroundings = xterm();
    change(&mut surroundings);
    assert_eq!(surroundings.check().to_string(), line);
}

/// Runs `doctor` with a sign-in that answers as `reach` does, and returns what was printed and how it ended.
async fn report(
    file: Option<&str>,
    profile: Option<&str>,
    answer: Result<(), Failure>,
) -> (String, Vec<String>, Result<(), Stop>) {
    let home = tempfile::tempdir().unwrap();
    let paths = Paths::below(home.path(), home.path(), home.path());
    if let Some(text) = file {
        std::fs::create_dir_all(paths.config_file.parent().unwrap()).unwrap();
        std::fs::write(&paths.config_file, text).unwrap();
    }
    let reached = RefCell::new(Vec::new());
    let mut printed = Vec::new();
    let result = check(
        None,
        profile,
        &paths,
        &mut Output::new(&mut printed),
        async |profile: Profile| {
            reached.borrow_mut().push(profile.account.name);
            answer.clone()
        },
    )
    .await;
    let printed = String::from_utf8(printed).unwrap();
    (printed, reached.into_inner(), result)
}

const TWO: &str = r#"
[profiles.north]
vendor = "flabs"
base-url = "https://v2.flabs.in"
client-id = "north"
client-secret = { command = ["echo", "secret"] }

[profiles.east]
vendor = "flabs"
base-url = "http://127.0.0.1:1"
client-id = "east"
client-secret = { command = ["false"] }
"#;

#[tokio::test]
async fn without_a_file_the_demo_profiles_are_signed_in_to() {
    let (printed, reached, result) = report(None, None, Ok(())).await;
    let names: Vec<&str> = demo::names().collect();
    assert_eq!(reached, names);
    assert!(
        printed
            .contains("ok  configuration                 none yet; the demo profiles are used\n"),
        "{printed}"
    );
    assert!(
        printed.contains("ok  profile demo-b2b              signed in to the built-in sandbox\n"),
        "{printed}"
    );
    assert!(
        result.is_ok() || printed.contains("!!  terminal"),
        "{printed}"
    );
}

#[tokio::test]
async fn every_profile_of_the_file_is_checked_and_a_missing_secret_is_a_fault_of_configuration() {
    let (printed, reached, result) = report(Some(TWO), None, Ok(())).await;
    assert_eq!(reached, ["north"]);
    assert!(
        printed.contains("ok  profile north                 signed in to https://v2.flabs.in\n"),
        "{printed}"
    );
    assert!(
        printed.contains("!!  profile east                  the client secret of profile"),
        "{printed}"
    );
    assert_eq!(result.unwrap_err().code(), stop::CONFIGURATION);
}

#[tokio::test]
async fn a_vendor_out_of_reach_has_a_code_of_its_own() {
    let offline = Err(Failure::Offline("did not\u{1b}[2J answer".to_owned()));
    let (printed, reached, result) = report(Some(TWO), Some("north"), offline).await;
    assert_eq!(reached, ["north"]);
    let line = "!!  profile north                 https://v2.flabs.in: did not [2J answer\n";
    assert!(printed.contains(line), "{printed}");
    assert_eq!(result.unwrap_err().code(), stop::VENDOR);
}

#[tokio::test]
async fn a_faulty_file_is_told_and_nothing_is_signed_in_to() {
    let (printed, reached, result) = report(Some("profil = \"x\"\n"), None, Ok(())).await;
    assert!(reached.is_empty());
    assert!(
        printed.contains("config.toml:1: unknown key \"profil\""),
        "{printed}"
    );
    assert_eq!(result.unwrap_err().code(), stop::CONFIGURATION);
}
