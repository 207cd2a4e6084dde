//! What the harness was asked for on its command line.

/// What to run, and how much of it.
#[derive(Clone, Debug)]
pub struct Options {
    pub kills: u32,
    pub cuts: u32,
    /// The same for each kind but the lead, which has those above.
    pub kind_kills: u32,
    pub kind_cuts: u32,
    pub seed: u64,
    /// Bring back the known mistakes, one after the other, instead of judging the program as it is.
    pub bugs: bool,
    /// Only scenes whose name contains this.
    pub only: Option<String>,
    /// Scenes played at once.
    pub workers: usize,
}

/// What the command line asks for.
pub enum Asked {
    Run(Options),
    /// The test tools of cargo want to know which tests there are, or want others than this one.
    Nothing,
    Unclear(String),
}

impl Options {
    pub fn read(arguments: impl Iterator<Item = String>) -> Asked {
        let mut options = Self {
            kills: 400,
            cuts: 700,
            kind_kills: 24,
            kind_cuts: 50,
            seed: fastrand::u64(..1_000_000),
            bugs: false,
            only: None,
            workers: 4,
        };
        let mut arguments = arguments;
        while let Some(argument) = arguments.next() {
            let mut value = || arguments.next().unwrap_or_default();
            let taken = match argument.as_str() {
                "--kills" => number(&value(), &mut options.kills),
                "--cuts" => number(&value(), &mut options.cuts),
                "--kind-kills" => number(&value(), &mut options.kind_kills),
                "--kind-cuts" => number(&value(), &mut options.kind_cuts),
                "--seed" => number(&value(), &mut options.seed),
                "--workers" => number(&value(), &mut options.workers),
                "--only" => {
                    options.only = Some(value());
                    true
                }
                "--bugs" => {
                    options.bugs = true;
                    true
                }
                "--list" => return Asked::Nothing,
                // Said to every test by cargo's tools.
                "--quiet" | "-q" | "--nocapture" | "--exact" | "--ignored"
                | "--include-ignored" => true,
                "--test-threads" | "--format" | "--skip" => {
                    value();
                    true
                }
                filter if !filter.starts_with('-') => {
                    if !"faults".contains(filter) {
                        return Asked::Nothing;
                    }
                    true
                }
                _ => false,
            };
            if !taken {
                return Asked::Unclear(format!("{argument} is not understood"));
            }
        }
        Asked::Run(options)
    }
}

fn number<T: std::str::FromStr>(text: &str, into: &mut T) -> bool {
    match text.parse() {
        Ok(number) => {
            *into = number;
            true
        }
        Err(_) => false,
    }
}
