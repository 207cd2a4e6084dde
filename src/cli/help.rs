//! What stands below the options of each command's help: examples first, then what a script must know.

pub const EXIT_CODES: &str = "\
Exit codes:
  0  all went well
  1  it failed; the reason is on standard error
  2  the command line was not understood
  3  the configuration has a fault, or a profile or its secret is missing
  4  a vendor could not be reached or refused the sign-in (doctor)
  5  some were not accepted, or a line was not valid (submit, change)
  6  some are not known yet, or need a person (submit, change, courier)";

pub const HELP: &str = "\
Without a command the console opens. Without a configuration it opens on the
built-in sandbox: nothing leaves this machine, and every name is made up.

Examples:
  frontdesk                        open the console
  frontdesk --profile demo-solv    open it on the demo account of Solv
  frontdesk worklist               list today's submissions
  frontdesk submit FILE            take submissions from a script
  frontdesk config init            write a configuration to fill in
  frontdesk doctor                 check it, and sign in to each profile";

pub const SANDBOX_HELP: &str = "\
It stands in for Flabs, Solv and Meddbase: for training, for tests, and for
trying things out. It listens on this machine alone and runs until Ctrl+C.

Examples:
  frontdesk sandbox
  frontdesk sandbox --listen 127.0.0.1:8080 --ledger /tmp/training.sqlite";

pub const DOCTOR_HELP: &str = "\
One line for each check: \"ok\" is well, \"!!\" needs you, \"--\" was not checked.
Without --profile it signs in to every profile of the configuration, or to the
demo profiles where there is none. It books nothing. Where a vendor asks for a
code at the sign-in it has one sent, and says so: the code is typed in the
console.

Examples:
  frontdesk doctor
  frontdesk doctor --profile koramangala

Exit codes: 0 all is well, 3 configuration, 4 sign-in, 1 anything else.";

pub const SUBMIT_HELP: &str = "\
Every line is checked by the rules of the console and saved before its answer
is printed. Without --wait it is sent by the next console, or by frontdesk
courier. A line with a \"key\" may be given any number of times: it is one
submission. A line without a key is a new one each time it is given.
\"scheduled-at\": \"first\" takes the soonest free time, and \"barcode\": \"mint\"
has the desk make a code of its own.

Examples:
  frontdesk submit --example                          list the kinds
  frontdesk submit --example flabs-lead               print a line to fill in
  frontdesk submit --example flabs-lead | frontdesk submit - --wait
  frontdesk submit --example solv-walkin --profile demo-solv
  frontdesk submit today.jsonl --wait=60

Exit codes: 0 all accepted (without --wait: saved), 5 some were not accepted or
not valid, 6 some are not known yet or need a person, 1 anything else.";

pub const WORKLIST_HELP: &str = "\
States: saved, sending, accepted, not-accepted, checking, needs-you, dropped,
possible-double.

Examples:
  frontdesk worklist
  frontdesk worklist --state needs-you --state checking
  frontdesk worklist --since 2026-11-01 --json";

pub const SHOW_HELP: &str = "\
Examples:
  frontdesk show walk-in-17
  frontdesk show FD-01a1fcd7 --json";

pub const RESOLVE_HELP: &str = "\
The answer is kept; a console or frontdesk courier acts on it. Look at the
vendor's own screen first, and see frontdesk show for what was sent when.

Examples:
  frontdesk resolve walk-in-17 found 6b013d47a5f73b3d2662c007
  frontdesk resolve walk-in-17 resend
  frontdesk resolve walk-in-17 drop --reason \"came back and paid at the counter\"";

pub const CHANGE_HELP: &str = "\
What can be done is what the vendor offers; a word that it does not know lists
them. It is checked by the rules of the console and saved before its answer is
printed. Without --wait it is sent by the next console, or by frontdesk courier.
Where the vendor says beforehand what it costs, that is printed, and nothing is
sent before --confirm-terms names that fee; at any other it is not sent, and
the new fee is printed. With a --key it may be given any number of times: it is
one change. Other programs can read arguments: let no path tell of the patient.

Examples:
  frontdesk change walk-in-17 check-in --wait
  frontdesk change FD-01a1fcd7 cancel --confirm-terms \"£30\" --wait
  frontdesk change walk-in-17 image --set image-type=photo_id_front --file id.png
  frontdesk change FD-01a1fcd7 reschedule --set scheduled-at=first --confirm-terms none

Exit codes: 0 accepted (without --wait: saved), 5 not accepted or not valid,
6 not known yet or needs a person, 1 anything else.";

pub const PURGE_HELP: &str = "\
It asks nothing, and forgets only what is accepted, not accepted or dropped,
of every profile. What is open stays whatever its age. The key of what is
forgotten is forgotten too: submitted again, it is a new wish.

Examples:
  frontdesk purge --older-than 90d --dry-run
  frontdesk purge --older-than 90d";

pub const COURIER_HELP: &str = "\
It prints a line of JSON for every change and runs until Ctrl+C; sends under
way are awaited.

Examples:
  frontdesk courier
  frontdesk courier --until-idle

Exit codes: 0 all is settled, 6 something needs a person (--until-idle).";

pub const PATHS_HELP: &str = "\
The folders follow XDG_CONFIG_HOME, XDG_DATA_HOME and XDG_STATE_HOME.

Example:
  frontdesk paths";

pub const INIT_HELP: &str = "\
A file that is there already is left alone.

Examples:
  frontdesk config init
  frontdesk config init --config ./training.toml";

pub const COMPLETIONS_HELP: &str = "\
Examples:
  frontdesk completions bash > ~/.local/share/bash-completion/completions/frontdesk
  frontdesk completions zsh > ~/.zfunc/_frontdesk
  frontdesk completions fish > ~/.config/fish/completions/frontdesk.fish";
