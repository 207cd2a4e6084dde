//! `frontdesk doctor`: looks at everything the console needs and says what to do, one line each.

mod finding;
mod folders;
mod reach;
mod terminal;

use std::io::Write;
use std::path::Path;

use crate::config::paths::Paths;
use crate::config::{Account, Config, Error, Profile, demo};
use crate::desk;
use crate::domain::failure::Failure;
use crate::store::Sqlite;

use super::bindings;
use super::output::Output;
use super::place::tell_rescue;
use super::stop::{self, Stop};
use finding::{Finding, chain};
use terminal::Surroundings;

/// Checks and reports.
pub fn run(
    asked: Option<&Path>,
    profile: Option<&str>,
    paths: &Paths,
    output: &mut Output<impl Write>,
) -> Result<(), Stop> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let store = store(paths).await;
        let reach = async |profile: Profile| {
            let book = desk::book(&profile.account, store.as_ref());
            reach::sign_in(profile, book, &paths.sandbox_ledger).await
        };
        check(asked, profile, paths, output, reach).await
    })
}

/// The store, where there is one: other consoles may share their requests through it. What keeps it from being opened
/// the console says.
async fn store(paths: &Paths) -> Option<Sqlite> {
    if !paths.store.exists() {
        return None;
    }
    let store = desk::store(paths).await.ok()?;
    tell_rescue(&store);
    Some(store)
}

/// `reach` signs in to a profile; each line is printed as soon as it is known, because a sign-in may take a while.
async fn check(
    asked: Option<&Path>,
    profile: Option<&str>,
    paths: &Paths,
    output: &mut Output<impl Write>,
    reach: impl AsyncFn(Profile) -> Result<(), Failure>,
) -> Result<(), Stop> {
    let (finding, config) = configuration(asked, paths);
    let mut findings = vec![finding, folders::check(paths), Surroundings::look().check()];
    for finding in &findings {
        output.line(finding)?;
    }
    if let Some(config) = config {
        for account in accounts(&config, profile)? {
            let finding = sign_in(account, &reach).await;
            output.line(&finding)?;
            findings.push(finding);
        }
    }
    let failed: Vec<u8> = findings.iter().filter_map(|finding| finding.code).collect();
    match gravest(&failed) {
        None => Ok(()),
        Some(code) => Err(Stop::Unwell {
            failed: failed.len(),
            all: findings.len(),
            code,
        }),
    }
}

fn configuration(asked: Option<&Path>, paths: &Paths) -> (Finding, Option<Config>) {
    const SUBJECT: &str = "configuration";
    let read = Config::find(asked, &paths.config_file)
        .and_then(|config| bindings::keymap(&config).map(|_| config));
    match read {
        Ok(config) => {
            let words = match (&config.file, config.accounts.len()) {
                (None, _) => "none yet; the demo profiles are used".to_owned(),
                (Some(file), 1) => format!("{}, 1 profile", file.display()),
                (Some(file), count) => format!("{}, {count} profiles", file.display()),
            };
            (Finding::well(SUBJECT, &words), Some(config))
        }
        Err(error) => (
            Finding::fault(SUBJECT, &chain(&error), stop::CONFIGURATION),
            None,
        ),
    }
}

/// The profile that was asked for; else those of the file; else the built-in ones.
fn accounts(config: &Config, asked: Option<&str>) -> Result<Vec<Account>, Error> {
    match asked {
        Some(name) => Ok(vec![config.account(name)?]),
        None if config.accounts.is_empty() => Ok(demo::accounts().to_vec()),
        None => Ok(config.accounts.clone()),
    }
}

async fn sign_in(
    account: Account,
    reach: &impl AsyncFn(Profile) -> Result<(), Failure>,
) -> Finding {
    let subject = format!("profile {}", account.name);
    let profile = match account.open() {
        Ok(profile) => profile,
        Err(error) => return Finding::fault(&subject, &chain(&error), stop::CONFIGURATION),
    };
    let place = reach::place(&profile.account.server);
    match reach(profile).await {
        Ok(()) => Finding::well(&subject, &format!("signed in to {place}")),
        // The account was taken: only a person can go on.
        Err(Failure::CodeNeeded(why)) => Finding::well(&subject, &format!("{place}: {why}")),
        Err(failure) => Finding::fault(&subject, &format!("{place}: {failure}"), stop::VENDOR),
    }
}

/// A fault of the configuration explains the others, and a vendor that is out of reach is graver than a warning.
fn gravest(codes: &[u8]) -> Option<u8> {
    let order = [stop::CONFIGURATION, stop::VENDOR, stop::FAILURE];
    order.into_iter().find(|code| codes.contains(code))
}

#[cfg(test)]
mod tests;
