//! The commands without a screen, against the built-in sandbox.

use std::collections::BTreeSet;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::process::{Command, Stdio};

use rstest::rstest;
use serde_json::{Value, json};

use crate::{Home, Told};

/// What came of one call: the exit code, the printed lines of JSON, and standard error.
pub struct Spoken {
    pub code: i32,
    pub lines: Vec<Value>,
    pub err: String,
}

impl Spoken {
    pub fn of(told: Told) -> Self {
        let lines = told
            .out
            .lines()
            .map(|line| serde_json::from_str(line).unwrap());
        Self {
            code: told.code,
            lines: lines.collect(),
            err: told.err,
        }
    }

    pub fn words(&self, field: &str) -> Vec<&str> {
        let lines = self.lines.iter();
        lines
            .map(|line| line[field].as_str().unwrap_or(""))
            .collect()
    }
}

impl Home {
    pub fn ask(&self, arguments: &[&str]) -> Spoken {
        Spoken::of(self.run(arguments))
    }

    /// Runs with lines on standard input.
    pub fn feed(&self, arguments: &[&str], lines: &[Value]) -> Spoken {
        let mut child = self.start(arguments, lines);
        drop(child.stdin.take());
        Spoken::of(Told::of(&child.wait_with_output().unwrap(), self.0.path()))
    }

    /// Starts with lines on standard input, which stays open.
    pub fn start(&self, arguments: &[&str], lines: &[Value]) -> std::process::Child {
        let mut child = self
            .frontdesk(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let input = child.stdin.as_mut().unwrap();
        for line in lines {
            writeln!(input, "{line}").unwrap();
        }
        child
    }

    /// A profile whose vendor is a sandbox of its own.
    pub fn configure(&self, url: &str) {
        let text = format!(
            "[profiles.north]\nvendor = \"flabs\"\nbase-url = \"{url}\"\nclient-id = \"demo\"\n\
             client-secret = {{ command = [\"/bin/echo\", \"demo-secret\"] }}\n"
        );
        fs::create_dir_all(self.config_file().parent().unwrap()).unwrap();
        fs::write(self.config_file(), text).unwrap();
    }
}

/// A lead that the sandbox takes; every number is another patient.
pub fn lead(number: u32) -> Value {
    json!({
        "key": format!("walk-in-{number}"),
        "kind": "lead",
        "branch": "Koramangala",
        "phone": 9_876_500_000_u64 + u64::from(number),
        "name": "Rahul Sharma",
        "age": 32,
        "gender": "Male",
        "items": ["CBC", {"name": "Vitamin D3 (custom)", "price": 800}],
        "discount": "10%",
    })
}

#[test]
fn what_a_script_submits_is_accepted_and_can_be_looked_up() {
    let home = Home::new();
    let said = home.feed(&["submit", "-", "--wait"], &[lead(17)]);
    assert_eq!((said.code, said.err.as_str()), (0, ""));
    let [answer] = said.lines.as_slice() else {
        panic!("{} lines", said.lines.len())
    };
    assert_eq!(answer["line"], 1);
    assert_eq!(answer["key"], "walk-in-17");
    assert_eq!(answer["state"], "Accepted");
    let id = answer["id"].as_str().unwrap();
    let number = answer["number"].as_str().unwrap();

    let listed = home.ask(&["worklist", "--json"]);
    assert_eq!(listed.words("name"), ["Rahul Sharma"]);
    assert_eq!(listed.words("number"), [number]);
    for wanted in [id, &id[..20], &id[3..20], number, "walk-in-17"] {
        let shown = home.ask(&["show", wanted, "--json"]);
        assert_eq!(shown.words("id"), [id], "{wanted}: {}", shown.err);
        let learned = shown.lines[0]["evidence"].as_array().unwrap();
        let words: Vec<_> = learned
            .iter()
            .map(|fact| fact["words"].as_str().unwrap())
            .collect();
        assert_eq!(
            words,
            [
                "saved on this desk",
                "sent to Flabs (try 1 of 6)",
                &format!("Flabs confirmed it: {number}")
            ]
        );
    }
    let told = home.run(&["worklist", "--state", "ACCEPTED"]);
    assert!(
        told.out.starts_with("SAVED  ") && told.out.contains(number),
        "{}",
        told.out
    );
    let none = home.ask(&["worklist", "--json", "--state", "needs-you"]);
    assert_eq!((none.code, none.lines.len()), (0, 0));
    let shown = home.run(&["show", number]);
    assert!(
        shown
            .out
            .contains(&format!("state     Accepted: {number}\n")),
        "{}",
        shown.out
    );
}

#[rstest]
#[case("flabs-lead", "demo")]
#[case("flabs-lead", "demo-b2b")]
#[case("flabs-booking", "demo")]
#[case("flabs-booking", "demo-b2b")]
#[case("flabs-prebooking", "demo")]
#[case("flabs-prebooking", "demo-b2b")]
#[case("solv-walkin", "demo-solv")]
#[case("solv-reservation", "demo-solv")]
#[case("solv-external", "demo-solv")]
#[case("meddbase-appointment", "demo-meddbase-night")]
#[case("meddbase-anonymous", "demo-meddbase-kiosk")]
fn an_example_is_a_line_that_is_accepted(#[case] kind: &str, #[case] profile: &str) {
    let home = Home::new();
    let example = home.ask(&["submit", "--example", kind, "--profile", profile]);
    assert_eq!((example.code, &*example.err), (0, ""));
    assert_eq!(example.lines.len(), 1);
    let send = ["submit", "-", "--wait", "--profile", profile];
    let said = home.feed(&send, &example.lines);
    assert_eq!(said.words("state"), ["Accepted"], "{:?}", said.lines);
    let mut named = example.lines.clone();
    named[0]["kind"] = json!(kind);
    let again = home.feed(&send, &named);
    assert_eq!(again.words("id"), said.words("id"), "{:?}", again.lines);
}

#[rstest]
#[case("flabs-prebooking", "")]
#[case("solv-walkin", "demo-solv")]
#[case("meddbase-appointment", "demo-meddbase-night")]
#[case("meddbase-anonymous", "demo-meddbase-kiosk")]
fn without_a_profile_an_example_is_of_one_that_can_give_it(
    #[case] kind: &str,
    #[case] profile: &str,
) {
    let home = Home::new();
    let example = home.ask(&["submit", "--example", kind]);
    assert_eq!(
        (example.code, example.lines.len()),
        (0, 1),
        "{}",
        example.err
    );
    let remark = match profile {
        "" => String::new(),
        profile => format!("frontdesk: this line is for --profile {profile}\n"),
    };
    assert_eq!(example.err, remark);
}

#[test]
fn an_example_of_no_kind_names_those_there_are() {
    let home = Home::new();
    let kinds = home.run(&["submit", "--example"]);
    let all = [
        "flabs-lead",
        "flabs-booking",
        "flabs-prebooking",
        "solv-walkin",
        "solv-reservation",
        "solv-external",
        "meddbase-appointment",
        "meddbase-anonymous",
    ];
    assert_eq!(kinds.out.lines().collect::<Vec<_>>(), all);
    let none = home.run(&["submit", "--example", "solv"]);
    assert_eq!(none.code, 1);
    assert!(none.err.contains(&all.join(", ")), "{}", none.err);
    let names = "choose one of: flabs-lead, flabs-booking, flabs-prebooking\n";
    let other = home.run(&["submit", "--example", "solv-walkin", "--profile", "demo"]);
    assert!(other.err.contains(names), "{}", other.err);
}

#[test]
fn a_kind_without_prices_takes_own_items_by_their_names() {
    let home = Home::new();
    let line = |items: Value| {
        json!({"kind": "prebooking", "branch": "Koramangala", "name": "Asha Rao", "age": 41, "gender": "female",
               "items": items})
    };
    let panel = json!({"name": "Wellness panel", "kind": "package", "tests": ["CBC", "TSH"]});
    let good = line(json!(["CBC", panel, {"name": "Vitamin D4", "kind": "test"}]));
    let priced = line(json!([{"name": "Vitamin D4", "price": 800}]));
    let tests = line(json!([{"name": "Vitamin D4", "kind": "test", "tests": ["CBC"]}]));
    let mut lead = lead(9);
    lead["items"] = json!([panel]);
    let lines = [good, priced, tests, line(json!([])), lead];
    let said = home.feed(&["submit", "-", "--wait"], &lines);
    assert_eq!(said.code, 5, "{}", said.err);
    let answer = |line: usize| {
        let mut answers = said.lines.iter();
        answers.find(|answer| answer["line"] == line).unwrap()
    };
    assert_eq!(answer(1)["state"], "Accepted", "{}", answer(1));
    let problem = |line: usize| {
        let problem = &answer(line)["problems"][0];
        format!(
            "{}: {}",
            problem["field"].as_str().unwrap(),
            problem["words"].as_str().unwrap()
        )
    };
    assert_eq!(
        problem(2),
        "items[0]: this kind takes no prices: leave it out"
    );
    let words = "items[0]: only a package of your own, of a kind without prices, has tests";
    assert_eq!(problem(3), words);
    assert!(
        problem(4).starts_with("items: pick a test or a package"),
        "{}",
        problem(4)
    );
    assert_eq!(problem(5), words);
    let shown = home.ask(&["worklist", "--json"]);
    let items = shown.lines[0]["items"].as_array().unwrap();
    assert_eq!(
        items[1..],
        [json!("Wellness panel (CBC, TSH)"), json!("Vitamin D4")]
    );
}

#[test]
fn a_key_makes_it_safe_to_run_twice() {
    let home = Home::new();
    let first = home.feed(&["submit", "-"], &[lead(1), lead(2)]);
    assert_eq!(
        (first.code, first.words("state")),
        (0, vec!["Saved", "Saved"]),
        "{}",
        first.err
    );
    let again = home.feed(&["submit", "-", "--wait"], &[lead(2), lead(1), lead(1)]);
    assert_eq!(again.code, 0, "{}", again.err);
    assert_eq!(again.words("state"), ["Accepted"; 3]);
    let ids: BTreeSet<_> = first.words("id").into_iter().collect();
    assert_eq!(again.words("id").into_iter().collect::<BTreeSet<_>>(), ids);

    let mut other = lead(1);
    other["age"] = json!(33);
    let refused = home.feed(&["submit", "-", "--wait"], &[other]);
    assert_eq!(refused.code, 5);
    assert!(refused.words("error")[0].contains("this key was used before for something else"));
    assert_eq!(home.ask(&["worklist", "--json", "--all"]).lines.len(), 2);
}

#[test]
fn a_code_of_the_desks_own_is_made_for_each_wish_once() {
    let home = Home::new();
    let line = |key: &str| {
        json!({"key": key, "kind": "prebooking", "branch": "Koramangala", "name": "Asha Example", "age": 32,
            "gender": "female", "items": [{"id": "6530a4a6f1d2c8b7e9aabcde", "kind": "test"}], "barcode": "mint"})
    };
    let first = home.feed(&["submit", "-"], &[line("one"), line("two")]);
    assert_eq!(first.words("state"), ["Saved", "Saved"], "{}", first.err);
    // The lab takes no code twice.
    let again = home.feed(&["submit", "-", "--wait"], &[line("one"), line("two")]);
    assert_eq!(
        again.words("state"),
        ["Accepted", "Accepted"],
        "{}",
        again.err
    );
    let ids = |said: &Spoken| {
        said.lines
            .iter()
            .map(|line| line["id"].to_string())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(ids(&again), ids(&first));
    // The tubes are labelled with it afterwards.
    let listed = home.ask(&["worklist", "--json", "--all"]);
    let codes: BTreeSet<_> = listed.words("barcode").into_iter().collect();
    assert_eq!(codes.len(), 2, "{:?}", listed.lines);
    for line in &listed.lines {
        let (id, code) = (line["id"].as_str().unwrap(), line["barcode"].as_str());
        let shown = home.ask(&["show", id, "--json"]);
        assert_eq!(shown.lines[0]["barcode"].as_str(), code);
    }
}

#[test]
fn without_a_key_every_line_is_a_new_wish() {
    let home = Home::new();
    let mut line = lead(1);
    line.as_object_mut().unwrap().remove("key");
    let said = home.feed(&["submit", "-", "--wait"], &[line.clone(), line]);
    assert_eq!(said.code, 5, "{}", said.err);
    let states: BTreeSet<_> = said.words("state").into_iter().collect();
    assert_eq!(states, BTreeSet::from(["Accepted", "Not accepted"]));
    let refused = said
        .lines
        .iter()
        .find(|line| line["state"] == "Not accepted")
        .unwrap();
    assert_eq!(refused["reasons"][0]["field"], "phone");
    assert_eq!(refused["key"], Value::Null);
}

#[test]
fn a_line_that_is_not_valid_says_why_and_the_others_go_on() {
    let home = Home::new();
    let mut unknown = lead(1);
    unknown["fone"] = json!("1");
    let mut wrong = lead(2);
    wrong["phone"] = json!("98765");
    wrong["gender"] = json!("x");
    let mut item = lead(3);
    item["items"] = json!(["NOPE", {"code": "CBC", "price": 1}, {"colour": 1}]);
    let mut branch = lead(4);
    branch["branch"] = json!("Nowhere");
    let mut list = lead(5);
    list["name"] = json!(["a"]);
    let no_kind = json!({"phone": 1});
    let lines = [
        unknown,
        wrong,
        item,
        branch,
        list,
        no_kind,
        json!([1]),
        lead(6),
    ];
    let said = home.feed(&["submit", "-", "--wait"], &lines);
    assert_eq!(said.code, 5);
    assert_eq!(said.err, "frontdesk: 7 of 8 not accepted or not valid\n");
    let fields = |line: usize| -> Vec<&str> {
        let answer = said
            .lines
            .iter()
            .find(|answer| answer["line"] == line)
            .unwrap();
        assert_eq!(answer.get("id"), None);
        assert!(!answer["error"].as_str().unwrap().is_empty());
        let problems = answer["problems"].as_array();
        problems
            .into_iter()
            .flatten()
            .map(|problem| problem["field"].as_str().unwrap())
            .collect()
    };
    assert_eq!(fields(1), ["fone"]);
    assert_eq!(fields(2), ["phone", "gender"]);
    assert_eq!(fields(3), ["items[1]", "items[2]"]);
    assert_eq!(fields(4), ["branch"]);
    assert_eq!(fields(5), ["name"]);
    assert_eq!(fields(6), ["kind"]);
    assert_eq!(fields(7), [""; 0]);
    let accepted = said
        .lines
        .iter()
        .find(|answer| answer["line"] == 8)
        .unwrap();
    assert_eq!(accepted["state"], "Accepted");
    let unknown = said.lines[0]["problems"][0]["words"].as_str().unwrap();
    assert!(
        unknown.contains("there are: key, kind, branch"),
        "{unknown}"
    );
    assert_eq!(home.ask(&["worklist", "--json", "--all"]).lines.len(), 1);
}

#[test]
fn a_vendor_that_cannot_be_reached_leaves_it_saved_with_6() {
    let home = Home::new();
    // The last copies come from a day on which the vendor answered.
    let mut sandbox = home
        .frontdesk(&["sandbox"])
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut first = String::new();
    BufReader::new(sandbox.stdout.as_mut().unwrap())
        .read_line(&mut first)
        .unwrap();
    home.configure(first.trim().rsplit(' ').next().unwrap());
    let open = home.feed(&["submit", "-", "--wait"], &[lead(1)]);
    assert_eq!(
        (open.code, open.words("state")),
        (0, vec!["Accepted"]),
        "{:?}",
        open.lines
    );
    sandbox.kill().unwrap();
    sandbox.wait().unwrap();

    let closed = home.feed(&["submit", "-", "--wait=1"], &[lead(1), lead(2)]);
    assert_eq!(closed.code, 6, "{}", closed.err);
    assert_eq!(closed.words("state"), ["Accepted", "Saved"]);
    assert!(
        closed.err.contains("see frontdesk worklist"),
        "{}",
        closed.err
    );
    let listed = home.ask(&["worklist", "--json", "--state", "saved"]);
    assert_eq!(listed.lines.len(), 1);

    let dropped = home.run(&["resolve", "walk-in-2", "drop", "--reason", "went home"]);
    assert_eq!(dropped.code, 0, "{}", dropped.err);
    assert!(dropped.out.ends_with("  Dropped\n"), "{}", dropped.out);
    let again = home.run(&["resolve", "walk-in-2", "resend"]);
    assert_eq!(again.code, 1);
    assert!(
        again.err.contains("nothing to decide while it is dropped"),
        "{}",
        again.err
    );
}

#[test]
fn the_courier_sends_what_was_saved_and_ends_when_idle() {
    let home = Home::new();
    let idle = home.ask(&["courier", "--until-idle"]);
    assert_eq!((idle.code, idle.lines.len()), (0, 0), "{}", idle.err);
    let saved = home.feed(&["submit", "-"], &[lead(1), lead(2)]);
    let sent = home.ask(&["courier", "--until-idle"]);
    assert_eq!(sent.code, 0, "{}", sent.err);
    for id in saved.words("id") {
        let told: Vec<_> = sent.lines.iter().filter(|line| line["id"] == id).collect();
        assert_eq!(told.last().unwrap()["state"], "Accepted");
    }

    let kept = home.run(&["purge", "--older-than", "1d"]);
    assert_eq!(kept.out, "forgot 0 settled submissions\n");
    let would = home.run(&["purge", "--older-than", "0h", "--dry-run"]);
    assert_eq!(would.out, "would forget 2 settled submissions\n");
    let purged = home.run(&["purge", "--older-than", "0h"]);
    assert_eq!(purged.out, "forgot 2 settled submissions\n");
    assert_eq!(home.run(&["worklist", "--all"]).out, "Nothing to list.\n");
}

#[test]
fn two_processes_with_the_same_keys_double_nothing_and_lose_nothing() {
    let home = Home::new();
    let lines: Vec<Value> = (0..12).map(lead).collect();
    let mut backwards = lines.clone();
    backwards.reverse();
    let mut one = home.start(&["submit", "-"], &lines);
    let mut other = home.start(&["submit", "-"], &backwards);
    drop((one.stdin.take(), other.stdin.take()));
    let told = [one, other].map(|child| {
        let told = Told::of(&child.wait_with_output().unwrap(), home.0.path());
        assert_eq!((told.code, told.err.as_str()), (0, ""));
        Spoken::of(told)
    });
    let ids = told
        .each_ref()
        .map(|said| said.words("id").into_iter().collect::<BTreeSet<_>>());
    assert_eq!(ids[0].len(), 12);
    assert_eq!(ids[0], ids[1]);
    let sent = home.feed(&["submit", "-", "--wait"], &lines);
    assert_eq!(
        (sent.code, sent.words("state")),
        (0, vec!["Accepted"; 12]),
        "{}",
        sent.err
    );
    assert_eq!(home.ask(&["worklist", "--json"]).lines.len(), 12);
}

#[test]
fn what_was_said_to_be_saved_survives_a_kill() {
    let home = Home::new();
    let mut child = home.start(&["submit", "-"], &[lead(1), lead(2), lead(3)]);
    let mut said = BufReader::new(child.stdout.take().unwrap()).lines();
    let ids: Vec<String> = (0..3)
        .map(|_| {
            let answer: Value = serde_json::from_str(&said.next().unwrap().unwrap()).unwrap();
            answer["id"].as_str().unwrap().to_owned()
        })
        .collect();
    // It waits for more lines; a kill takes it in the middle of that.
    child.kill().unwrap();
    assert!(!child.wait().unwrap().success());
    let listed = home.ask(&["worklist", "--json", "--state", "saved"]);
    assert_eq!(listed.words("id"), ids);
}

#[test]
fn a_courier_that_is_told_to_end_ends_well() {
    let home = Home::new();
    home.feed(&["submit", "-"], &[lead(1)]);
    let mut child = home.start(&["courier"], &[]);
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let accepted = lines.find(|line| line.as_ref().unwrap().contains("Accepted"));
    assert!(accepted.is_some());
    let killed = Command::new("kill")
        .arg(child.id().to_string())
        .status()
        .unwrap();
    assert!(killed.success());
    let output = child.wait_with_output().unwrap();
    assert_eq!(
        (output.status.code(), output.stderr.as_slice()),
        (Some(0), &b""[..])
    );
}

#[rstest]
#[case::no_file(&["submit"], 2, "<FILE>")]
#[case::missing_file(&["submit", "none.jsonl"], 1, "give a file of JSON Lines, or - for standard input")]
#[case::wait(&["submit", "-", "--wait=soon"], 2, "write whole seconds, as --wait=60")]
#[case::state(&["worklist", "--state", "lost"], 2, "the states are: ")]
#[case::since(&["worklist", "--since", "monday"], 2, "write today, or a day as 2026-11-21")]
#[case::show(&["show", "FD-9"], 1, "look for it with frontdesk worklist --all")]
#[case::reason(&["resolve", "FD-9", "drop"], 2, "--reason <TEXT>")]
#[case::change(&["change", "FD-9", "cancel"], 1, "look for it with frontdesk worklist --all")]
#[case::no_change(&["change", "FD-9"], 2, "<CHANGE>")]
#[case::set(&["change", "FD-9", "image", "--set", "image-type"], 2, "write a field and its value, as --set")]
#[case::age(&["purge", "--older-than", "90"], 2, "write hours, days or weeks, as 36h, 90d or 12w")]
fn bad_input_is_told_what_to_do(#[case] arguments: &[&str], #[case] code: i32, #[case] says: &str) {
    let told = Home::new().run(arguments);
    assert_eq!((told.code, told.out.as_str()), (code, ""));
    assert!(told.err.contains(says), "{}", told.err);
}
