//! Folders and files that nobody else can open.

#![allow(clippy::unwrap_used)]

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use frontdesk::config::paths::{Paths, append_privately, create_privately, make_private_folder};

fn mode(path: &Path) -> u32 {
    path.metadata().unwrap().permissions().mode() & 0o777
}

#[test]
fn every_place_lies_in_its_own_base_folder() {
    let paths = Paths::below(Path::new("/c"), Path::new("/d"), Path::new("/s"));
    let shown = [
        &paths.config_file,
        &paths.store,
        &paths.sandbox_ledger,
        &paths.log,
    ]
    .map(|path| path.to_str().unwrap());
    assert_eq!(
        shown,
        [
            "/c/frontdesk/config.toml",
            "/d/frontdesk/frontdesk.sqlite",
            "/d/frontdesk/sandbox.sqlite",
            "/s/frontdesk/frontdesk.log"
        ]
    );
}

#[test]
fn folders_are_made_closed_and_closed_again() {
    let home = tempfile::tempdir().unwrap();
    let folder = home.path().join("a/frontdesk");
    make_private_folder(&folder).unwrap();
    assert_eq!(
        (mode(&folder), mode(folder.parent().unwrap())),
        (0o700, 0o700)
    );
    fs::set_permissions(&folder, Permissions::from_mode(0o755)).unwrap();
    make_private_folder(&folder).unwrap();
    assert_eq!(mode(&folder), 0o700);
}

#[test]
fn files_are_made_closed() {
    let home = tempfile::tempdir().unwrap();
    let (first, second) = (home.path().join("first"), home.path().join("second"));
    append_privately(&first).unwrap();
    create_privately(&second).unwrap();
    assert_eq!((mode(&first), mode(&second)), (0o600, 0o600));
    assert!(create_privately(&second).is_err());
}
