//! Holds the README to the code: its keys, words, settings and pictures are those of the program.

#![allow(clippy::unwrap_used)]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use frontdesk::app::keymap::{COMMANDS, Keymap};
use frontdesk::config::{Config, demo};
use frontdesk::sandbox::ACCOUNTS;
use frontdesk::ui::help::WORDS;
use frontdesk::vendor::registry::VENDORS;

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn readme() -> String {
    fs::read_to_string(root().join("README.md")).unwrap()
}

/// Fails with everything of `wanted` that the README does not say.
fn assert_says(wanted: impl IntoIterator<Item = String>) {
    let readme = readme();
    let missing: Vec<_> = wanted
        .into_iter()
        .filter(|line| !readme.contains(line))
        .collect();
    assert!(
        missing.is_empty(),
        "README.md does not say:\n{}",
        missing.join("\n")
    );
}

#[test]
fn it_names_every_command_with_its_key() {
    let keymap = Keymap::default();
    let rows = COMMANDS.iter().map(|command| {
        let key = keymap.key(command.action);
        format!("| {key} | `{}` | {}", command.name, command.help)
    });
    assert_says(rows);
}

#[test]
fn it_names_every_word_with_its_meaning() {
    assert_says(WORDS.map(|(word, means)| format!("| {word} | {means} |")));
}

#[test]
fn it_names_every_exit_code_as_the_help_does() {
    let help = fs::read_to_string(root().join("tests/snapshots/cli__help_frontdesk.snap")).unwrap();
    let codes: Vec<_> = help
        .lines()
        .skip_while(|line| !line.starts_with("Exit codes"))
        .filter_map(|line| line.trim().split_once("  "))
        .map(|(code, means)| {
            format!(
                "| {code} | {}",
                means.trim().replace("(doctor)", "(`doctor`)")
            )
        })
        .collect();
    assert!(codes.len() >= 5, "the help has lost its exit codes");
    assert_says(codes);
}

#[test]
fn it_names_every_setting_that_the_configuration_offers() {
    let offered = fs::read_to_string(root().join("src/cli/init/config.toml")).unwrap();
    let settings: BTreeSet<_> = offered
        .lines()
        .filter_map(|line| line.strip_prefix('#')?.split_once(" = "))
        .filter(|(key, _)| !key.starts_with(' '))
        .map(|(key, _)| key.to_owned())
        .collect();
    assert!(
        settings.contains("day-zone"),
        "the configuration has lost its settings"
    );
    assert_says(settings);
}

/// Each example of a configuration, read as if it were the whole file.
#[test]
fn its_examples_of_a_configuration_can_be_used() {
    let readme = readme();
    let blocks = readme.split("```toml\n").skip(1);
    let examples: Vec<&str> = blocks
        .filter_map(|rest| Some(rest.split_once("```")?.0))
        .collect();
    let home = tempfile::tempdir().unwrap();
    let file = home.path().join("config.toml");
    let mut shown = BTreeSet::new();
    for example in examples {
        fs::write(&file, example).unwrap();
        let config = Config::read(&file);
        assert!(config.is_ok(), "{config:?}\n{example}");
        for account in config.unwrap().accounts {
            shown.extend(account.offer().kinds.iter().map(|kind| kind.name));
        }
    }
    let kinds = demo::accounts().iter().flat_map(|account| {
        let kinds = account.offer().kinds.clone();
        kinds.into_iter().map(|kind| kind.name)
    });
    let missing: BTreeSet<_> = kinds.filter(|kind| !shown.contains(kind)).collect();
    assert!(missing.is_empty(), "no example offers {missing:?}");
}

#[test]
fn it_names_every_vendor_kind_and_demo_profile() {
    assert_says(VENDORS.iter().flat_map(|vendor| {
        let keys = vendor.keys.iter().map(|key| (*key).to_owned());
        keys.chain([vendor.title.to_owned(), vendor.base_url.to_owned()])
    }));
    assert_says(demo::names().map(|name| format!("`{name}`")));
    assert_says(demo::accounts().iter().flat_map(|account| {
        let kinds = account.offer().kinds.clone();
        kinds.into_iter().map(|kind| format!("`{}`", kind.name))
    }));
}

#[test]
fn it_names_the_accounts_of_the_sandbox() {
    let accounts = ACCOUNTS.iter();
    assert_says(accounts.flat_map(|account| {
        [
            account.client_id.to_owned(),
            account.client_secret.to_owned(),
        ]
    }));
}

#[test]
fn its_pictures_exist_and_are_small() {
    let readme = readme();
    let named: BTreeSet<PathBuf> = readme
        .split("](")
        .skip(1)
        .filter_map(|link| Some(link.split_once(')')?.0))
        .filter(|link| !link.contains("://"))
        .map(|link| root().join(link))
        .collect();
    assert!(named.len() > 10, "the README has lost its pictures");
    for file in &named {
        let length = file.metadata().map(|found| found.len());
        assert!(
            length
                .as_ref()
                .is_ok_and(|length| (1..200_000).contains(length)),
            "{}: {length:?}",
            file.display()
        );
    }
    let taken = fs::read_dir(root().join("screenshots")).unwrap();
    for file in taken.map(|entry| entry.unwrap().path()) {
        let is_picture = file.extension().is_some_and(|extension| extension == "png");
        assert!(
            !is_picture || named.contains(&file),
            "{} is not in the README",
            file.display()
        );
    }
}
