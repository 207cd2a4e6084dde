//! Holds the house to its own rules: who may know whom, what a layer may not touch, and how long a file may grow.

#![allow(clippy::unwrap_used, clippy::string_slice)]

#[path = "tidy/source.rs"]
mod source;

use std::fs;
use std::path::Path;

use frontdesk::vendor::registry::VENDORS;
use rstest::rstest;

use source::Source;

/// The layers, each with the paths of the others it may know. Everything may know itself.
const LAYERS: [(&str, &[&str]); 15] = [
    ("domain", &[]),
    ("clock", &[]),
    ("trial", &["clock"]),
    ("section", &["domain"]),
    ("vendor", &["domain", "section", "clock", "trial"]),
    ("store", &["domain", "clock", "trial"]),
    ("courier", &["domain", "vendor", "store", "clock", "trial"]),
    ("app", &["domain"]),
    ("ui", &["app", "domain"]),
    ("config", &["domain", "section", "clock", "vendor"]),
    ("sandbox", &["domain", "clock", "trial"]),
    (
        "desk",
        &[
            "domain", "clock", "trial", "vendor", "store", "courier", "config", "sandbox",
        ],
    ),
    (
        "shell",
        &[
            "domain", "clock", "trial", "vendor", "store", "courier", "app", "ui", "config",
            "sandbox", "desk",
        ],
    ),
    (
        "cli",
        &[
            "domain", "clock", "trial", "vendor", "store", "courier", "app", "ui", "config",
            "sandbox", "desk", "shell",
        ],
    ),
    ("main", &["cli"]),
];

/// Libraries and the layers they live in; a path inside a layer narrows it.
const LIBRARIES: [(&str, &[&str]); 8] = [
    (
        "tokio",
        &[
            "clock", "vendor", "store", "courier", "desk", "shell", "sandbox", "cli",
        ],
    ),
    ("ratatui", &["ui", "shell"]),
    ("crossterm", &["shell", "cli"]),
    ("rustix", &["shell", "clock", "trial", "store"]),
    ("termina", &["shell"]),
    ("reqwest", &["vendor", "config"]),
    ("sqlx", &["store", "sandbox"]),
    ("axum", &["sandbox"]),
];

/// What a pure layer cannot do: time and the world come to it as events and arguments.
const IMPURE: [&str; 5] = [
    "Utc::now",
    "Local::now",
    "Instant",
    "SystemTime",
    "fastrand",
];

/// The same in the standard library: everything in these modules.
const WORLDLY: [&str; 5] = ["env", "fs", "net", "process", "thread"];

const PURE: [&str; 2] = ["domain", "app"];

/// Where a vendor stands beside the others: its module and its line. All else of it lies in folders of its own.
const REGISTRIES: [&str; 4] = [
    "src/vendor.rs",
    "src/vendor/registry.rs",
    "src/sandbox.rs",
    "src/sandbox/vendor.rs",
];

/// Lines of a file that are not tests.
const LONGEST: usize = 500;

/// Marks of unfinished work, cut in two so that this file does not complain about itself.
const UNFINISHED: [&str; 3] = [
    concat!("TO", "DO"),
    concat!("FIX", "ME"),
    concat!("X", "XX"),
];

/// Everything that is wrong with one file, a line each.
fn complaints(source: &Source) -> Vec<String> {
    let mut found = Vec::new();
    let mut complain = |line: usize, words: String| {
        found.push(format!("{}:{line}: {words}", source.path));
    };
    if !source.text.starts_with("//!") {
        complain(
            1,
            "does not open with //!, what it is for and what it must not know".into(),
        );
    }
    for (index, line) in source.text.lines().enumerate() {
        if let Some(word) = UNFINISHED.iter().find(|word| line.contains(**word)) {
            complain(
                index + 1,
                format!("says {word}: do it, or write it down elsewhere"),
            );
        }
    }
    if !source.path.starts_with("src/") {
        return found;
    }
    if source.length() > LONGEST {
        let length = source.length();
        complain(
            length,
            format!("has {length} lines that are not tests; the most is {LONGEST}"),
        );
    }
    let found_here = looks(source).into_iter().chain(touches(source));
    for (line, words) in found_here.chain(knows_a_vendor(source)) {
        complain(line, words);
    }
    found
}

/// Where it looks at a layer that it must not know.
fn looks(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let module = source.module();
    let is_main = source.path == "src/main.rs";
    let Some(layer) = module.first().copied().or(is_main.then_some("main")) else {
        // The root of the library only names its modules.
        return found;
    };
    let Some((_, known)) = LAYERS.iter().find(|(name, _)| *name == layer) else {
        return vec![(
            1,
            format!("{layer} is a layer that tests/tidy.rs has no rule for"),
        )];
    };
    for seen in source.paths(if is_main { "frontdesk" } else { "crate" }) {
        let is_known = |other: &str| {
            let behind = seen.path.strip_prefix(other);
            behind.is_some_and(|behind| behind.is_empty() || behind.starts_with("::"))
        };
        if !is_known(layer) && !known.iter().any(|other| is_known(other)) {
            let may = match known.join(", ") {
                none if none.is_empty() => "nothing else".to_owned(),
                known => known,
            };
            let path = &seen.path;
            let words = format!("{layer} looks at {path}, but it may know {may}");
            found.push((seen.line, words));
        }
    }
    // From the file's own module, as many steps up as it is deep lead to the root.
    let root = vec!["super"; module.len()].join("::");
    if !module.is_empty() {
        for seen in source.paths(&root) {
            let words = format!("climbs to the root for {}: write crate::", seen.path);
            found.push((seen.line, words));
        }
    }
    for line in source.lines_with("use crate as") {
        found.push((
            line,
            "gives the crate another name: name what is used".into(),
        ));
    }
    found
}

/// Where it names a vendor's module outside the folders of that vendor.
fn knows_a_vendor(source: &Source) -> Vec<(usize, String)> {
    let module = source.module();
    let is_registry = REGISTRIES.contains(&source.path.as_str());
    let others = VENDORS.iter().map(|vendor| vendor.name);
    let others = others.filter(|name| !is_registry && module.get(1) != Some(name));
    let named = others.flat_map(|name| {
        let lines = source.lines_with(name).into_iter();
        lines.map(move |line| (line, format!("names {name}: only its own folders know it")))
    });
    named.collect()
}

/// Where it touches a library or a part of the world that is not for its layer.
fn touches(source: &Source) -> Vec<(usize, String)> {
    let mut found = Vec::new();
    let module = source.module();
    let layer = module.first().copied().unwrap_or_default();
    for (library, homes) in LIBRARIES {
        if !homes.contains(&layer) {
            for line in source.lines_with(library) {
                let homes = homes.join(", ");
                found.push((line, format!("{library} lives in {homes}, not in {layer}")));
            }
        }
    }
    if PURE.contains(&layer) {
        let mut impure = Vec::new();
        for word in IMPURE {
            impure.extend(
                source
                    .lines_with(word)
                    .into_iter()
                    .map(|line| (line, word.to_owned())),
            );
        }
        for seen in source.paths("std") {
            let part = seen.path.split("::").next().unwrap_or_default();
            if WORLDLY.contains(&part) {
                impure.push((seen.line, format!("std::{part}")));
            }
        }
        for (line, word) in impure {
            found.push((
                line,
                format!("{layer} is pure: {word} must come from outside"),
            ));
        }
    }
    found.sort();
    found
}

/// How often a package stands in the lock file.
fn versions(lock: &str, package: &str) -> usize {
    let line = format!("name = \"{package}\"");
    lock.lines().filter(|other| *other == line).count()
}

fn sources() -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut folders = vec![root.join("src"), root.join("tests"), root.join("benches")];
    let mut found = Vec::new();
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let name = path.strip_prefix(root).unwrap().to_str().unwrap();
                found.push(Source::new(name, &fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found
}

#[test]
fn the_house_is_tidy() {
    let sources = sources();
    for (layer, _) in LAYERS {
        let file = format!("src/{layer}.rs");
        assert!(
            sources.iter().any(|source| source.path == file),
            "there is no {file}: the rules have lost a layer"
        );
    }
    let found: Vec<_> = sources.iter().flat_map(complaints).collect();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

#[test]
fn there_is_one_terminal_library() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let lock = fs::read_to_string(root.join("Cargo.lock")).unwrap();
    for package in ["ratatui", "ratatui-core", "crossterm"] {
        assert_eq!(versions(&lock, package), 1, "versions of {package}");
    }
}

#[rstest]
#[case(
    "src/domain/a.rs",
    "use crate::vendor::Adapter;",
    "domain looks at vendor::Adapter"
)]
#[case(
    "src/domain.rs",
    "use crate::{domain::a, app::{App, b}};",
    "looks at app::App"
)]
#[case(
    "src/app/a.rs",
    "fn f(a: crate::ui::theme::Theme) {}",
    "app looks at ui::theme"
)]
#[case(
    "src/vendor/a/b.rs",
    "use crate::store::Store;",
    "vendor looks at store::Store"
)]
#[case("src/store.rs", "use crate::courier;", "store looks at courier")]
#[case(
    "src/courier.rs",
    "use crate::app::App as A;",
    "courier looks at app::App"
)]
#[case("src/ui.rs", "use crate::shell;", "ui looks at shell")]
#[case(
    "src/sandbox/a.rs",
    "use crate::vendor::flabs;",
    "sandbox looks at vendor::flabs"
)]
#[case(
    "src/config.rs",
    "use crate::store::Store;",
    "config looks at store::Store"
)]
#[case("src/config.rs", "use crate::domains;", "config looks at domains")]
#[case(
    "src/desk.rs",
    "use crate::vendor::meddbase::Meddbase;",
    "names meddbase"
)]
#[case("src/vendor/solv/a.rs", "use super::flabs::key;", "names flabs")]
#[case("src/shell.rs", "use crate::cli;", "shell looks at cli")]
#[case("src/ui.rs", "use crate::*;", "ui looks at *")]
#[case("src/ui.rs", "use crate::{self, app};", "ui looks at self")]
#[case("src/ui.rs", "use crate as house;", "another name")]
#[case("src/main.rs", "use frontdesk::shell;", "main looks at shell")]
#[case("src/util.rs", "fn f() {}", "util is a layer that")]
#[case(
    "src/ui/a.rs",
    "use super::super::shell;",
    "climbs to the root for shell"
)]
#[case("src/domain.rs", "use super::vendor;", "climbs to the root for vendor")]
#[case(
    "src/domain.rs",
    "async fn f() { tokio::task::yield_now().await }",
    "tokio lives in"
)]
#[case(
    "src/app.rs",
    "use ratatui::layout::Rect;",
    "ratatui lives in ui, shell, not in app"
)]
#[case(
    "src/app.rs",
    "fn f() { chrono::Utc::now(); }",
    "app is pure: Utc::now"
)]
#[case(
    "src/app.rs",
    "use std::time::{Duration, SystemTime};",
    "app is pure: SystemTime"
)]
#[case("src/app.rs", "fn f() { Instant::now(); }", "app is pure: Instant")]
#[case("src/app.rs", "use std::{fmt, fs::File};", "app is pure: std::fs")]
#[case(
    "src/domain.rs",
    "fn f() { std::env::var(\"A\"); }",
    "domain is pure: std::env"
)]
#[case(
    "src/ui.rs",
    "use crossterm::event;",
    "crossterm lives in shell, cli, not in ui"
)]
#[case(
    "src/courier.rs",
    "use sqlx::Row;",
    "sqlx lives in store, sandbox, not in courier"
)]
#[case("src/shell.rs", "use reqwest::Client;", "reqwest lives in")]
#[case("src/cli.rs", "use axum::Router;", "axum lives in sandbox, not in cli")]
#[case("src/ui.rs", concat!("// TO", "DO: later"), "src/ui.rs:2: says")]
#[case("tests/a.rs", concat!("// FIX", "ME"), "tests/a.rs:2: says")]
fn a_breach_is_seen(#[case] path: &str, #[case] code: &str, #[case] words: &str) {
    let found = complaints(&Source::new(path, &format!("//! A module.\n{code}\n")));
    assert!(found.iter().any(|line| line.contains(words)), "{found:?}");
}

#[rstest]
#[case(
    "src/domain/a.rs",
    "// crate::vendor and tokio::spawn are words here\n/* crate::ui /* */ */"
)]
#[case(
    "src/domain/a.rs",
    "//! See [`crate::vendor`].\nconst A: &str = \"crate::ui \\\" tokio\";"
)]
#[case(
    "src/domain/a.rs",
    "const A: &str = r#\"use \"crate::ui\" tokio\"#; const B: char = '\"';"
)]
#[case(
    "src/domain/a.rs",
    "pub(crate) fn tokiopia<'a>(a: &'a str) -> char { '\\'' }"
)]
#[case("src/domain/a.rs", "pub(in crate::domain) struct A;")]
#[case(
    "src/domain/a.rs",
    "#[cfg(test)]\nmod tests {\n    use crate::sandbox::{Options};\n}"
)]
#[case("src/domain/a.rs", "#[cfg(test)]\n#[path = \"b.rs\"]\nmod tests;")]
#[case("src/domain/a/tests.rs", "use crate::sandbox::Sandbox;")]
#[case("src/config/a.rs", "use crate::vendor::registry::{Described, Vendor};")]
#[case("src/ui/a/b.rs", "use super::super::theme;")]
#[case("src/main.rs", "fn main() { frontdesk::cli::main() }")]
#[case("src/lib.rs", "pub mod app;")]
fn what_is_allowed_is_left_alone(#[case] path: &str, #[case] code: &str) {
    let found = complaints(&Source::new(path, &format!("//! A module.\n{code}\n")));
    assert_eq!(found, Vec::<String>::new());
}

#[test]
fn code_behind_the_tests_still_counts() {
    let text = "//! A module.\n#[cfg(test)]\nmod tests {\n    fn f() {}\n}\nuse crate::ui;\n";
    let found = complaints(&Source::new("src/app.rs", text));
    assert_eq!(
        found,
        ["src/app.rs:6: app looks at ui, but it may know domain"]
    );
}

#[test]
fn a_module_without_its_opening_is_seen() {
    let found = complaints(&Source::new("src/ui.rs", "use std::fmt;\n"));
    assert!(found[0].contains("src/ui.rs:1: does not open with //!"));
}

#[test]
fn a_file_may_grow_by_its_tests_alone() {
    let code = "//! A module.\n".to_owned() + &"fn f() {}\n".repeat(499);
    let tests = format!(
        "#[cfg(test)]\nmod tests {{\n{}}}\n",
        "fn f() {}\n".repeat(300)
    );
    assert_eq!(
        complaints(&Source::new("src/ui.rs", &(code.clone() + &tests))).len(),
        0
    );
    let found = complaints(&Source::new("src/ui.rs", &(code + "fn g() {}\n" + &tests)));
    assert_eq!(
        found,
        ["src/ui.rs:501: has 501 lines that are not tests; the most is 500"]
    );
}

#[test]
fn two_versions_are_seen() {
    let lock = "name = \"crossterm\"\nversion = \"1\"\n\nname = \"crossterm\"\nversion = \"2\"\n";
    assert_eq!(versions(lock, "crossterm"), 2);
    assert_eq!(versions(lock, "ratatui"), 0);
}
