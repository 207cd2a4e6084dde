//! Where the console keeps what is its own: XDG folders on every platform, closed to everybody else.

use std::fs::{DirBuilder, File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use etcetera::BaseStrategy;
use etcetera::base_strategy::Xdg;

use super::Error;

const HOUSE: &str = "frontdesk";

/// Every place on disk the console uses. None of them need be there yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Paths {
    /// The configuration file that is read when no other is asked for.
    pub config_file: PathBuf,
    pub data_folder: PathBuf,
    /// The desk's own store.
    pub store: PathBuf,
    /// The ledger of the built-in sandbox.
    pub sandbox_ledger: PathBuf,
    pub state_folder: PathBuf,
    pub log: PathBuf,
}

impl Paths {
    /// The places that `HOME` and the `XDG_…_HOME` variables lead to.
    pub fn find() -> Result<Self, Error> {
        let xdg = Xdg::new().map_err(|_| Error::NoHome)?;
        let state = xdg.state_dir().ok_or(Error::NoHome)?;
        Ok(Self::below(&xdg.config_dir(), &xdg.data_dir(), &state))
    }

    /// The places below the three base folders.
    pub fn below(config: &Path, data: &Path, state: &Path) -> Self {
        let data_folder = data.join(HOUSE);
        let state_folder = state.join(HOUSE);
        Self {
            config_file: config.join(HOUSE).join("config.toml"),
            store: data_folder.join("frontdesk.sqlite"),
            sandbox_ledger: data_folder.join("sandbox.sqlite"),
            data_folder,
            log: state_folder.join("frontdesk.log"),
            state_folder,
        }
    }
}

/// Makes a folder, and those above it, for this account alone (0700). One that is there already is closed to others.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    DirBuilder::new()
        .recursive(true)
        .mode(0o700)
        .create(folder)?;
    if is_open_to_others(&folder.metadata()?.permissions()) {
        std::fs::set_permissions(folder, Permissions::from_mode(0o700))?;
    }
    Ok(())
}

/// Opens a file for appending, and makes it for this account alone (0600) where it is missing.
pub fn append_privately(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(file)
}

/// Makes a file for this account alone (0600); one that is there already is an error.
pub fn create_privately(file: &Path) -> io::Result<File> {
    OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(file)
}

/// Whether the group or others can do anything at all with it.
pub fn is_open_to_others(permissions: &Permissions) -> bool {
    permissions.mode() & 0o077 != 0
}
