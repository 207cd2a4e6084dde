//! The real binary, as a shell runs it: what it prints where, and its exit codes.

#![allow(clippy::unwrap_used, clippy::panic, clippy::string_slice)]

#[path = "cli/changes.rs"]
mod changes;
#[path = "cli/headless.rs"]
mod headless;
#[path = "support/lab.rs"]
#[allow(dead_code)]
mod lab;
#[path = "cli/trouble.rs"]
mod trouble;

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use chrono::Utc;
use insta::assert_snapshot;
use rstest::rstest;
use tempfile::TempDir;

/// Noon at Flabs: what is of today when a test begins is of today when it ends, at every vendor.
const NOON: &str = "2026-11-21T06:30:00Z";

/// The clock of programs that run beside this test: it is `start` now, and every second counts `speed` times.
fn clock(start: &str, speed: u32) -> String {
    // Rounded down it begins a little later.
    let now = Utc::now().format("%Y-%m-%dT%H:%M:%SZ");
    format!("clock={start}@{now}*{speed}")
}

/// An account of this machine on its first day, and its clock.
struct Home(TempDir, String);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap(), clock(NOON, 1))
    }

    fn config_file(&self) -> PathBuf {
        self.0.path().join(".config/frontdesk/config.toml")
    }

    fn with_config(text: &str) -> Self {
        let home = Self::new();
        fs::create_dir_all(home.config_file().parent().unwrap()).unwrap();
        fs::write(home.config_file(), text).unwrap();
        home
    }

    /// The binary at noon, with nothing of the environment that the tests run in.
    fn frontdesk(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_frontdesk"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("FRONTDESK_TRIAL", &self.1)
            .current_dir(self.0.path())
            .stdin(Stdio::null());
        command
    }

    fn run(&self, arguments: &[&str]) -> Told {
        Told::of(&self.frontdesk(arguments).output().unwrap(), self.0.path())
    }
}

/// What was printed, with the home folder written as `~`.
struct Told {
    code: i32,
    out: String,
    err: String,
}

impl Told {
    fn of(output: &Output, home: &Path) -> Self {
        let text = |bytes: &[u8]| {
            let text = String::from_utf8(bytes.to_vec()).unwrap();
            text.replace(home.to_str().unwrap(), "~")
        };
        Self {
            code: output.status.code().unwrap(),
            out: text(&output.stdout),
            err: text(&output.stderr),
        }
    }
}

#[rstest]
#[case::frontdesk("frontdesk", &[])]
#[case::sandbox("sandbox", &["sandbox"])]
#[case::submit("submit", &["submit"])]
#[case::worklist("worklist", &["worklist"])]
#[case::show("show", &["show"])]
#[case::resolve("resolve", &["resolve"])]
#[case::change("change", &["change"])]
#[case::courier("courier", &["courier"])]
#[case::purge("purge", &["purge"])]
#[case::doctor("doctor", &["doctor"])]
#[case::paths("paths", &["paths"])]
#[case::config("config", &["config"])]
#[case::config_init("config_init", &["config", "init"])]
#[case::completions("completions", &["completions"])]
fn help_reads_well(#[case] name: &str, #[case] command: &[&str]) {
    let home = Home::new();
    let told = home.run(&[command, &["--help"]].concat());
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_snapshot!(format!("help_{name}"), told.out);
    let short = home.run(&[command, &["-h"]].concat());
    assert_eq!(short.out, told.out);
}

#[test]
fn the_version_is_one_line() {
    let told = Home::new().run(&["--version"]);
    assert_eq!(told.code, 0);
    assert_eq!(
        told.out,
        concat!("frontdesk ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn paths_are_those_of_the_home_folder() {
    let told = Home::new().run(&["paths"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_snapshot!(told.out, @r#"
    configuration   ~/.config/frontdesk/config.toml  (not there yet)
    store           ~/.local/share/frontdesk/frontdesk.sqlite  (not there yet)
    sandbox ledger  ~/.local/share/frontdesk/sandbox.sqlite  (not there yet)
    log             ~/.local/state/frontdesk/frontdesk.log  (not there yet)
    "#);
}

#[test]
fn paths_follow_the_xdg_variables() {
    let home = Home::new();
    let output = home
        .frontdesk(&["paths"])
        .env("XDG_CONFIG_HOME", "/somewhere/config")
        .env("XDG_DATA_HOME", "/somewhere/data")
        .env("XDG_STATE_HOME", "not/absolute")
        .output()
        .unwrap();
    assert_snapshot!(Told::of(&output, home.0.path()).out, @r#"
    configuration   /somewhere/config/frontdesk/config.toml  (not there yet)
    store           /somewhere/data/frontdesk/frontdesk.sqlite  (not there yet)
    sandbox ledger  /somewhere/data/frontdesk/sandbox.sqlite  (not there yet)
    log             ~/.local/state/frontdesk/frontdesk.log  (not there yet)
    "#);
}

#[test]
fn init_writes_a_private_file_once() {
    let home = Home::new();
    let told = home.run(&["config", "init"]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert_snapshot!(told.out, @r#"
    wrote ~/.config/frontdesk/config.toml
    Fill in a profile, then run: frontdesk doctor
    "#);
    let mode = |path: &Path| path.metadata().unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(&home.config_file()), 0o600);
    assert_eq!(mode(home.config_file().parent().unwrap()), 0o700);

    fs::write(home.config_file(), "# mine").unwrap();
    let told = home.run(&["config", "init"]);
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert_snapshot!(told.err, @r#"frontdesk: ~/.config/frontdesk/config.toml: is there already; edit it, or move it away first"#);
    assert_eq!(fs::read_to_string(home.config_file()).unwrap(), "# mine");
}

#[test]
fn init_takes_another_path() {
    let home = Home::new();
    let told = home.run(&["config", "init", "--config", "training.toml"]);
    assert_eq!(told.code, 0, "{}", told.err);
    assert!(home.0.path().join("training.toml").exists());
    assert!(!home.config_file().exists());
}

#[rstest]
#[case("bash", "complete -F _frontdesk")]
#[case("zsh", "#compdef frontdesk")]
#[case("fish", "complete -c frontdesk")]
fn completions_are_printed(#[case] shell: &str, #[case] holds: &str) {
    let told = Home::new().run(&["completions", shell]);
    assert_eq!((told.code, told.err.as_str()), (0, ""));
    assert!(told.out.contains(holds), "{}", told.out);
}

#[test]
fn a_reader_that_has_gone_away_is_no_failure() {
    let mut child = Home::new()
        .frontdesk(&["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[rstest]
#[case::unknown_command(&["boook"], "unrecognized subcommand 'boook'")]
#[case::unknown_option(&["--secret", "x"], "unexpected argument '--secret'")]
#[case::unknown_shell(&["completions", "tcsh"], "[possible values: bash, zsh, fish]")]
#[case::open_to_the_network(&["sandbox", "--listen", "0.0.0.0:8080"], "the sandbox listens on this machine alone; use 127.0.0.1:PORT or [::1]:PORT")]
#[case::no_port(&["sandbox", "--listen", "127.0.0.1"], "write it as ADDRESS:PORT, like 127.0.0.1:8080")]
fn a_misunderstood_command_line_ends_with_2(#[case] arguments: &[&str], #[case] says: &str) {
    let told = Home::new().run(arguments);
    assert_eq!((told.code, told.out.as_str()), (2, ""));
    assert!(told.err.contains(says), "{}", told.err);
}

#[test]
fn a_fault_of_the_configuration_ends_with_3() {
    let told = Home::with_config("\n[profiles.north]\nvendr = \"flabs\"\n").run(&[]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    assert_snapshot!(told.err, @r#"frontdesk: ~/.config/frontdesk/config.toml:3: unknown key "vendr" in [profiles.north]; did you mean "vendor"?"#);
}

#[test]
fn a_configuration_that_was_asked_for_must_be_there() {
    let told = Home::new().run(&["--config", "none.toml"]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    assert_snapshot!(told.err, @r#"
    frontdesk: none.toml: cannot be read; check the path, or write one with: frontdesk config init
      No such file or directory (os error 2)
    "#);
}

#[test]
fn an_unknown_profile_ends_with_3() {
    let told = Home::new().run(&["--profile", "demob2b"]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    assert_snapshot!(told.err, @r#"frontdesk: there is no profile "demob2b"; did you mean "demo-b2b"?"#);
}

#[test]
fn a_binding_that_cannot_hold_is_told_with_its_line() {
    let told = Home::with_config("[keys]\nrefresh = \"Ctrl+R\"\nquit = \"Ctrl+R\"\n").run(&[]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    assert_snapshot!(told.err, @r#"frontdesk: ~/.config/frontdesk/config.toml:2: in [keys]: Ctrl+R is bound to both refresh and quit: give one of them another key"#);
}

#[test]
fn a_secret_that_is_missing_is_told_with_its_cause() {
    let text = r#"
        [profiles.north]
        vendor = "flabs"
        base-url = "https://v2.flabs.in"
        client-id = "north"
        client-secret = { env = "NORTH_SECRET" }
    "#;
    let told = Home::with_config(text).run(&[]);
    assert_eq!((told.code, told.out.as_str()), (3, ""));
    assert_snapshot!(told.err, @r#"
    frontdesk: the client secret of profile "north" is missing
      the environment variable NORTH_SECRET is not set; export it before you start frontdesk
    "#);
}

#[test]
fn the_console_needs_a_terminal() {
    let told = Home::new().run(&[]);
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    assert_snapshot!(told.err, @r#"frontdesk: the console needs a terminal for input and output; for scripts see: frontdesk --help"#);
}

#[test]
fn doctor_tells_that_a_vendor_is_out_of_reach() {
    // A port that was free a moment ago and that nobody listens on.
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let text = format!(
        "[profiles.north]\nvendor = \"flabs\"\nbase-url = \"http://{address}\"\nclient-id = \"north\"\n\
         client-secret = {{ command = [\"echo\", \"secret\"] }}\n"
    );
    let home = Home::with_config(&text);
    let output = home
        .frontdesk(&["doctor"])
        .env("PATH", "/usr/bin:/bin")
        .output()
        .unwrap();
    let told = Told::of(&output, home.0.path());
    assert_eq!(told.code, 4, "{}{}", told.out, told.err);
    assert!(
        told.out.contains(&format!(
            "!!  profile north                 http://{address}: "
        )),
        "{}",
        told.out
    );
    assert_eq!(told.err, "frontdesk: 1 of 4 checks need you\n");
}

#[test]
fn the_sandbox_says_where_it_is_and_ends_well_on_sigterm() {
    let home = Home::new();
    let mut child = home
        .frontdesk(&["sandbox"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut line = || lines.next().unwrap().unwrap();
    let address = line();
    assert!(
        address.starts_with("address      http://127.0.0.1:"),
        "{address}"
    );
    let accounts = [
        "accounts     demo                catch-all",
        "             demo-b2b            party-scoped",
        "             demo-solv           Solv",
        "             demo-meddbase       Meddbase, desk@example.com",
        "             demo-meddbase       Meddbase, night@example.com",
        "             demo-meddbase-anon  Meddbase, without a login",
    ];
    for account in accounts {
        assert_eq!(line(), account);
    }
    let ledger = home.0.path().join(".local/share/frontdesk/sandbox.sqlite");
    assert_eq!(line(), format!("ledger       {}", ledger.display()));
    assert!(line().starts_with("control key  "));
    let folder = ledger.parent().unwrap().metadata().unwrap();
    assert_eq!(folder.permissions().mode() & 0o777, 0o700);

    let killed = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert_eq!(output.stderr, b"");
}

#[test]
fn a_level_of_the_log_that_is_no_word_is_told() {
    let home = Home::new();
    let output = home
        .frontdesk(&["sandbox"])
        .env("FRONTDESK_LOG", "loud")
        .output()
        .unwrap();
    let told = Told::of(&output, home.0.path());
    assert_eq!((told.code, told.out.as_str()), (1, ""));
    let words =
        "frontdesk: FRONTDESK_LOG is \"loud\"; set it to off, error, warn, info, debug or trace\n";
    assert_eq!(told.err, words);
}
