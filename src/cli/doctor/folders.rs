//! Whether what is kept about patients is closed to everybody else.

use crate::cli::stop;
use crate::config::paths::{Paths, is_open_to_others};

use super::finding::Finding;

const SUBJECT: &str = "data folder";

/// Looks at the folder and the files in it that are there.
pub fn check(paths: &Paths) -> Finding {
    let folder = &paths.data_folder;
    if !folder.exists() {
        let words = format!("{}, made when it is needed", folder.display());
        return Finding::well(SUBJECT, &words);
    }
    for (place, mode) in [
        (folder, "700"),
        (&paths.store, "600"),
        (&paths.sandbox_ledger, "600"),
    ] {
        let permissions = place.metadata().map(|metadata| metadata.permissions());
        if permissions.is_ok_and(|permissions| is_open_to_others(&permissions)) {
            let place = place.display();
            let words =
                format!("{place} is open to others on this machine; run: chmod {mode} {place}");
            return Finding::fault(SUBJECT, &words, stop::FAILURE);
        }
    }
    Finding::well(SUBJECT, &format!("{}, closed to others", folder.display()))
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use std::fs::Permissions;
    use std::os::unix::fs::PermissionsExt;
    use std::path::Path;

    use super::*;
    use crate::config::paths::make_private_folder;

    fn paths(home: &Path) -> Paths {
        Paths::below(home, home, home)
    }

    #[test]
    fn what_others_can_open_is_told_with_the_remedy() {
        let home = tempfile::tempdir().unwrap();
        let paths = paths(home.path());
        assert_eq!(check(&paths).code, None);
        make_private_folder(&paths.data_folder).unwrap();
        assert_eq!(check(&paths).code, None);

        std::fs::write(&paths.store, "").unwrap();
        std::fs::set_permissions(&paths.store, Permissions::from_mode(0o640)).unwrap();
        let told = check(&paths).to_string();
        let store = paths.store.display();
        assert!(told.ends_with(&format!("run: chmod 600 {store}")), "{told}");

        std::fs::set_permissions(&paths.data_folder, Permissions::from_mode(0o750)).unwrap();
        let told = check(&paths).to_string();
        let folder = paths.data_folder.display();
        assert!(
            told.ends_with(&format!("run: chmod 700 {folder}")),
            "{told}"
        );
    }
}
