//! A desk for one story: a home of its own, a configuration that leads to the lab, and the program in a terminal.

use std::path::Path;
use std::time::Instant;

use tempfile::TempDir;

use crate::lab::{DEADLINE, Lab, zone_at_noon};
use crate::terminal::{ENTER, F2, F3, QUIT, Terminal, command};

pub const WIDE: (u16, u16) = (120, 36);

pub struct Desk {
    pub terminal: Terminal,
    /// How the line was set before the program came.
    pub before: String,
    home: TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    /// A desk of this lab that sends at once.
    pub fn at(lab: &Lab) -> Self {
        let zone = zone_at_noon();
        lab.move_to(zone);
        Self::led_to(&lab.base_url(), zone.name(), &[])
    }

    /// A desk whose vendor is at this address.
    pub fn led_to(base_url: &str, zone: &str, environment: &[(&str, &str)]) -> Self {
        let config = format!(
            "[profiles.training]\nvendor = \"flabs\"\nbase-url = \"{base_url}\"\nclient-id = \"demo\"\n\
             client-secret = {{ env = \"LAB_SECRET\" }}\ntake-back-seconds = 0\n\
             lead-sources = [\"FRONTDESK\"]\nbarcode-prefix = \"KOR\"\n\
             [profiles.training.assumptions]\nday-zone = \"{zone}\"\n"
        );
        let mut environment = environment.to_vec();
        environment.push(("LAB_SECRET", "demo-secret"));
        Self::configured(&config, &environment)
    }

    /// A desk with this configuration.
    pub fn configured(config: &str, environment: &[(&str, &str)]) -> Self {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join("config/frontdesk");
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("config.toml"), config).unwrap();
        Self::start(home, environment)
    }

    /// A desk without a configuration: the sandbox is inside it.
    pub fn alone() -> Self {
        Self::start(tempfile::tempdir().unwrap(), &[])
    }

    /// Waits until these bytes stand in a file of the desk, without any save key.
    pub fn wait_for_disk(&self, bytes: &str) {
        let until = Instant::now() + DEADLINE;
        let holds = |path: &Path| {
            let told = std::fs::read(path).unwrap_or_default();
            told.windows(bytes.len())
                .any(|part| part == bytes.as_bytes())
        };
        let folder = self.home.path().join("data/frontdesk");
        loop {
            let files = std::fs::read_dir(&folder).into_iter().flatten().flatten();
            if files.into_iter().any(|file| holds(&file.path())) {
                return;
            }
            assert!(Instant::now() < until, "{bytes} did not reach the disk");
            std::thread::yield_now();
        }
    }

    /// Waits until the copies of branches and prices are on disk.
    pub fn keeps_copies(&self) {
        let path = self.home.path().join("data/frontdesk/frontdesk.sqlite");
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path);
            let mut link = sqlx::ConnectOptions::connect(&options).await.unwrap();
            let kept = async {
                let mut count = 0;
                while count < 2 {
                    let counting = sqlx::query_scalar("SELECT count(*) FROM catalogues");
                    count = counting.fetch_one(&mut link).await.unwrap();
                    tokio::task::yield_now().await;
                }
            };
            tokio::time::timeout(DEADLINE, kept).await.unwrap();
        });
    }

    /// Leaves the console and opens it again at the same home.
    pub fn open_again(mut self) -> Self {
        self.terminal.types(QUIT);
        assert!(self.terminal.ended().success());
        self.again()
    }

    /// The same desk once more, after its console has ended.
    pub fn again(self) -> Self {
        let Self {
            home, environment, ..
        } = self;
        let environment = environment.iter();
        let environment: Vec<(&str, &str)> = environment
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        Self::start(home, &environment)
    }

    fn start(home: TempDir, environment: &[(&str, &str)]) -> Self {
        let program = Path::new(env!("CARGO_BIN_EXE_frontdesk"));
        let mut command = command(program, home.path());
        for (name, value) in environment {
            command.env(name, value);
        }
        let (terminal, before) = Terminal::start(command, WIDE);
        Self {
            terminal,
            before,
            home,
            environment: environment
                .iter()
                .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
                .collect(),
        }
    }

    /// Chooses the first branch and waits for its prices.
    pub fn choose_branch(&mut self) -> &mut Self {
        self.terminal.sees("Koramangala").types(ENTER);
        self.terminal.sees("Complete blood count");
        self
    }

    /// A patient and a blood count, read back.
    pub fn fill_lead(&mut self, phone: &str) -> &mut Self {
        let patient = format!("{phone}{ENTER}Rahul Sharma{ENTER}32{ENTER}m");
        self.terminal.types(&patient).sees("Rahul Sharma");
        self.terminal.types(&format!("{F3}cbc{ENTER}{F2}"));
        self.terminal.sees("Enter send");
        self
    }
}
