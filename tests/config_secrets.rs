//! Secrets by three ways, and the ways that are refused.

#![allow(clippy::unwrap_used)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use frontdesk::config::Config;
use frontdesk::config::secret::{NoSecret, SecretSource};
use rstest::rstest;
use secrecy::ExposeSecret;

fn write(file: &Path, text: &[u8], mode: u32) {
    fs::write(file, text).unwrap();
    fs::set_permissions(file, Permissions::from_mode(mode)).unwrap();
}

fn command(words: &[&str]) -> SecretSource {
    SecretSource::Command(words.iter().map(|word| (*word).to_owned()).collect())
}

fn revealed(source: &SecretSource) -> String {
    source.reveal().unwrap().expose_secret().to_owned()
}

#[test]
fn a_variable_gives_its_value() {
    // Set by cargo for every test; tests cannot set variables of their own process.
    let source = SecretSource::Environment("CARGO_PKG_NAME".to_owned());
    assert_eq!(revealed(&source), "frontdesk");
    let source = SecretSource::Environment("FRONTDESK_NEVER_SET".to_owned());
    assert_eq!(
        source.reveal().unwrap_err().to_string(),
        "the environment variable FRONTDESK_NEVER_SET is not set; export it before you start frontdesk"
    );
}

#[rstest]
#[case::bare(b"s3cret")]
#[case::unix(b"s3cret\n")]
#[case::windows(b"s3cret\r\n")]
fn a_file_gives_its_line(#[case] text: &[u8]) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("secret");
    write(&file, text, 0o600);
    assert_eq!(revealed(&SecretSource::File(file)), "s3cret");
}

#[rstest]
#[case(0o604, "0604")]
#[case(0o640, "0640")]
#[case(0o620, "0620")]
fn a_file_that_others_can_open_is_refused(#[case] mode: u32, #[case] shown: &str) {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("secret");
    write(&file, b"s3cret\n", mode);
    let path = file.display();
    let words =
        format!("{path}: others on this machine can read it (mode {shown}); run: chmod 600 {path}");
    assert_eq!(
        SecretSource::File(file.clone())
            .reveal()
            .unwrap_err()
            .to_string(),
        words
    );
}

#[test]
fn a_folder_or_nothing_is_no_secret() {
    let home = tempfile::tempdir().unwrap();
    let folder = SecretSource::File(home.path().to_owned());
    assert!(matches!(folder.reveal(), Err(NoSecret::NotFile(_))));
    let missing = SecretSource::File(home.path().join("missing"));
    assert!(matches!(missing.reveal(), Err(NoSecret::Unread { .. })));
}

#[test]
fn a_command_gives_what_it_prints() {
    assert_eq!(revealed(&command(&["printf", "s3cret\\n"])), "s3cret");
}

#[rstest]
#[case::nothing(&["true"], "the command true gave nothing; it must give the secret as one line of text")]
#[case::two_lines(&["printf", "a\\nb\\n"], "the command printf gave more than one line, or no plain text; it must give the secret as one line of text")]
#[case::failure(&["false"], "the command false failed (exit status: 1); it said: nothing")]
#[case::missing(&["frontdesk-no-such-program", "s3cret"], "the command frontdesk-no-such-program cannot be started; check its name and PATH")]
fn a_command_that_gives_no_secret_is_told(#[case] words: &[&str], #[case] told: &str) {
    assert_eq!(command(words).reveal().unwrap_err().to_string(), told);
}

#[test]
fn a_relative_path_lies_beside_the_configuration() {
    let home = tempfile::tempdir().unwrap();
    write(&home.path().join("flabs.secret"), b"s3cret\n", 0o600);
    let file = home.path().join("config.toml");
    let text = "[profiles.north]\nvendor = \"flabs\"\nbase-url = \"https://v2.flabs.in\"\nclient-id = \"north\"\n\
                client-secret = { file = \"flabs.secret\" }\n";
    fs::write(&file, text).unwrap();
    let profile = Config::read(&file)
        .unwrap()
        .choose(None)
        .unwrap()
        .open()
        .unwrap();
    assert_eq!(profile.secret.expose_secret(), "s3cret");
}

#[test]
fn a_tilde_is_the_home_folder() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let text = "[profiles.north]\nvendor = \"flabs\"\nbase-url = \"https://v2.flabs.in\"\nclient-id = \"north\"\n\
                client-secret = { file = \"~/frontdesk/flabs.secret\" }\n";
    fs::write(&file, text).unwrap();
    let config = Config::read(&file).unwrap();
    let place = config
        .accounts
        .first()
        .map(|account| account.secret.clone());
    let expected = etcetera::home_dir().unwrap().join("frontdesk/flabs.secret");
    assert!(matches!(place, Some(SecretSource::File(path)) if path == expected));
}

#[test]
fn a_secret_is_in_no_debug_text() {
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("secret");
    write(&file, b"s3cret\n", 0o600);
    let text = format!(
        "[profiles.north]\nvendor = \"flabs\"\nbase-url = \"https://v2.flabs.in\"\nclient-id = \"north\"\n\
         client-secret = {{ file = \"{}\" }}\n",
        file.display()
    );
    let config = home.path().join("config.toml");
    fs::write(&config, text).unwrap();
    let profile = Config::read(&config)
        .unwrap()
        .choose(None)
        .unwrap()
        .open()
        .unwrap();
    assert_eq!(profile.secret.expose_secret(), "s3cret");
    assert!(!format!("{profile:?}").contains("s3cret"));
}
