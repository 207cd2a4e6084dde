//! `frontdesk change`: what is done later to an accepted record, and what is refused before anything is sent.

use std::fs;
use std::process::Command;

use rstest::rstest;
use serde_json::{Value, json};

use crate::headless::{Spoken, lead};
use crate::lab::Lab;
use crate::{Home, NOON, Told};

const SOLV: &str = "demo-solv";
const MEDDBASE: &str = "demo-meddbase-night";

/// The first bytes of a PNG.
const PICTURE: &[u8] = b"\x89PNG\r\n\x1a\n and more";

impl Home {
    /// Books the example of a kind, with a key of its own; its id and the vendor's number.
    fn booked(&self, kind: &str, profile: &str) -> (String, String) {
        let example = self.ask(&["submit", "--example", kind, "--profile", profile]);
        let mut line = example.lines[0].clone();
        line["key"] = json!("the-booking");
        let said = self.feed(&["submit", "-", "--wait", "--profile", profile], &[line]);
        assert_eq!(said.words("state"), ["Accepted"], "{:?}", said.lines);
        (
            said.words("id")[0].to_owned(),
            said.words("number")[0].to_owned(),
        )
    }

    fn change(&self, profile: &str, arguments: &[&str]) -> Spoken {
        self.ask(&[&["change"], arguments, &["--profile", profile]].concat())
    }

    /// What ending a record costs, as it is told; `none` where nothing can be done to it.
    fn fee(&self, profile: &str, id: &str) -> String {
        let asked = self.change(profile, &[id, "cancel"]);
        let fee = asked.lines[0]["terms"][0]["text"].as_str();
        fee.unwrap_or("none").to_owned()
    }

    /// What the store holds of changes, as `worklist` tells it.
    fn changes(&self, profile: &str) -> Vec<Value> {
        let listed = self.ask(&["worklist", "--all", "--json", "--profile", profile]);
        let changes = listed.lines.into_iter();
        changes.filter(|line| line["kind"] == "change").collect()
    }
}

#[test]
fn a_change_follows_what_was_accepted_and_is_sent_like_everything_else() {
    let home = Home::new();
    let (id, number) = home.booked("solv-walkin", SOLV);
    let saved = home.change(SOLV, &[&id, "check-in"]);
    assert_eq!((saved.code, &*saved.err), (0, ""), "{:?}", saved.lines);
    assert_eq!(saved.words("state"), ["Saved"]);
    assert_eq!(saved.lines[0].get("line"), None);
    let sent = home.ask(&["courier", "--until-idle", "--profile", SOLV]);
    let last = sent.lines.last().unwrap();
    assert_eq!(
        (&last["id"], &last["state"], &last["number"]),
        (
            &saved.lines[0]["id"],
            &json!("Accepted"),
            &json!(number.as_str())
        )
    );
    // The vendor's number and the caller's key mean the record, as with `show`.
    for wanted in [&*number, "the-booking"] {
        let said = home.change(SOLV, &[wanted, "Exam room", "--wait"]);
        assert_eq!(
            (said.code, said.words("state")),
            (0, vec!["Accepted"]),
            "{:?}",
            said.lines
        );
        assert_eq!(
            said.lines[0]["told"][0],
            json!({"label": "Status", "text": "in exam room"})
        );
    }
    let listed = home.run(&["worklist", "--profile", SOLV]).out;
    let of_booking = listed.lines().find(|row| row.contains(" walkin "));
    let note = format!("exam room accepted; {number}");
    assert!(
        of_booking.is_some_and(|row| row.ends_with(&note)),
        "{listed}"
    );
    for change in home.changes(SOLV) {
        assert_eq!(change["follows"], id);
        assert_eq!(change["change"]["number"], number);
    }

    let ended = home.change(SOLV, &[&id, "cancel", "--wait"]);
    assert_eq!(ended.words("state"), ["Accepted"], "{:?}", ended.lines);
    let none = home.change(SOLV, &[&id, "check-in", "--wait"]);
    assert_eq!(none.code, 5);
    let words = format!(
        "not sent: its Cancel is Accepted ({}), and nothing more can be done to it",
        ended.words("id")[0]
    );
    assert_eq!(none.words("error"), [words]);
    assert_eq!(home.changes(SOLV).len(), 4);
}

#[test]
fn a_booking_of_another_system_is_told_by_its_id_and_what_becomes_of_it() {
    let home = Home::new();
    let example = home.ask(&["submit", "--example", "solv-external", "--profile", SOLV]);
    let said = home.feed(
        &["submit", "-", "--profile", SOLV],
        &[example.lines[0].clone()],
    );
    let id = said.words("id")[0].to_owned();
    let listed = home.ask(&["worklist", "--all", "--json", "--profile", SOLV]);
    let external = &listed.lines[0]["external"];
    let booking = external["external-booking"].as_str().unwrap();
    let action = external["action"].as_str().unwrap();
    assert!(!booking.is_empty() && !action.is_empty(), "{external}");
    let shown = home.run(&["show", &id, "--profile", SOLV]);
    let text = shown.out;
    for words in [
        format!("booking   {booking}"),
        format!("action    {action}"),
    ] {
        assert!(text.contains(&words), "{words}: {text}");
    }
}

#[test]
fn no_total_is_told_where_nobody_has_told_a_price_and_the_time_that_was_picked_is() {
    let home = Home::new();
    let (id, _) = home.booked("solv-reservation", SOLV);
    let shown = home.ask(&["show", &id, "--json", "--profile", SOLV]);
    assert_eq!(shown.lines[0].get("total"), None, "{:?}", shown.lines);
    let at = shown.lines[0]["scheduled_at"].as_str().unwrap();
    let text = home.run(&["show", &id, "--profile", SOLV]).out;
    assert!(!text.contains("total"), "{text}");
    assert!(text.contains(&format!("when      {at}")), "{text}");
    let listed = home.ask(&["worklist", "--json", "--profile", SOLV]);
    assert_eq!(listed.lines[0].get("total"), None, "{:?}", listed.lines);

    let (id, _) = home.booked("meddbase-appointment", MEDDBASE);
    let shown = home.ask(&["show", &id, "--json", "--profile", MEDDBASE]);
    let total = shown.lines[0]["total"].as_str().unwrap();
    assert!(total.parse::<f64>().unwrap() > 0.0, "{total}");
}

#[test]
fn a_picture_goes_with_it_once_however_often_its_key_is_given() {
    let home = Home::new();
    let (id, _) = home.booked("solv-walkin", SOLV);
    for name in ["id.png", "other.png"] {
        fs::write(home.0.path().join(name), PICTURE).unwrap();
    }
    let send = |kind: &str, file: &str| {
        let kind = format!("image-type={kind}");
        let image = [
            &*id, "image", "--set", &kind, "--file", file, "--key", "front", "--wait",
        ];
        home.change(SOLV, &image)
    };
    let first = send("photo_id_front", "id.png");
    assert_eq!(
        (first.code, first.words("state")),
        (0, vec!["Accepted"]),
        "{:?}",
        first.lines
    );
    // By its label too, as on screen.
    let again = send("photo ID, front", "id.png");
    assert_eq!(again.lines, first.lines);
    for (kind, file) in [("photo_id_back", "id.png"), ("photo_id_front", "other.png")] {
        let other = send(kind, file);
        assert_eq!(other.code, 5);
        assert!(
            other.words("error")[0].contains("this key was used before for something else"),
            "{:?}",
            other.lines
        );
    }
    assert_eq!(home.changes(SOLV).len(), 1);
}

#[rstest]
#[case::unknown(&["dance"], None, "choose one of: check-in, exam-room, discharged, no-show, cancel, image")]
#[case::no_field(&["check-in", "--set", "reason=fever"], Some("reason"), "this change has no fields")]
#[case::other_field(&["image", "--set", "colour=red", "--file", "id.png"], Some("colour"), "there is no such field; there are: image-type, image")]
#[case::choice(&["image", "--set", "image-type=x-ray", "--file", "id.png"], Some("image-type"), "choose one of: photo ID, front")]
#[case::no_choice(&["image", "--file", "id.png"], Some("image-type"), "choose the document")]
#[case::no_file(&["image", "--set", "image-type=photo_id_front"], Some("image"), "give the path after --file")]
#[case::set_file(&["image", "--set", "image=id.png"], Some("image"), "give the path after --file")]
#[case::missing(&["image", "--set", "image-type=photo_id_front", "--file", "none.png"], Some("image"), "there is no such file")]
#[case::folder(&["image", "--set", "image-type=photo_id_front", "--file", "."], Some("image"), "this is not a file")]
#[case::large(&["image", "--set", "image-type=photo_id_front", "--file", "large.png"], Some("image"), "the file is too large: 4 MB at most")]
#[case::gif(&["image", "--set", "image-type=photo_id_front", "--file", "card.gif"], Some("image"), "choose a JPEG or PNG file")]
#[case::takes_none(&["check-in", "--file", "id.png"], Some("file"), "no file goes with this change")]
fn what_cannot_be_done_is_told_and_not_sent(
    #[case] asked: &[&str],
    #[case] field: Option<&str>,
    #[case] says: &str,
) {
    let home = Home::new();
    let (id, _) = home.booked("solv-walkin", SOLV);
    fs::write(home.0.path().join("id.png"), PICTURE).unwrap();
    let large = vec![0; 4 * 1024 * 1024 + 1];
    fs::write(home.0.path().join("large.png"), large).unwrap();
    fs::write(home.0.path().join("card.gif"), b"GIF89a and more").unwrap();
    let said = home.change(SOLV, &[&[&*id], asked, &["--wait"]].concat());
    assert_eq!(said.code, 5, "{:?}", said.lines);
    let [answer] = said.lines.as_slice() else {
        panic!("{:?}", said.lines)
    };
    assert_eq!(answer.get("id"), None);
    assert!(answer["error"].as_str().unwrap().starts_with("not sent: "));
    let problem = &answer["problems"][0];
    assert_eq!(problem["field"].as_str(), field);
    assert!(answer.to_string().contains(says), "{answer}");
    assert_eq!(home.changes(SOLV), [] as [Value; 0]);
}

#[test]
fn a_key_is_one_clean_line_as_in_a_line_of_json() {
    let home = Home::new();
    let (id, _) = home.booked("solv-walkin", SOLV);
    let saved = home.change(SOLV, &[&id, "check-in", "--key", " room\u{1b}[2J \n 7 "]);
    assert_eq!((saved.code, saved.words("key")), (0, vec!["room [2J 7"]));
    let again = home.change(SOLV, &[&id, "check-in", "--key", "room [2J 7"]);
    assert_eq!(again.words("id"), saved.words("id"));
    for (key, says) in [
        (" ", "a key needs a letter"),
        (&*"k".repeat(201), "a key has at most 200 letters"),
    ] {
        let refused = home.change(SOLV, &[&id, "check-in", "--key", key]);
        assert_eq!((refused.code, refused.lines.len()), (2, 0));
        assert!(refused.err.contains(says), "{}", refused.err);
    }
    assert_eq!(home.changes(SOLV).len(), 1);
}

#[test]
fn only_what_is_accepted_and_can_be_changed_is_changed() {
    let home = Home::new();
    let saved = home.feed(&["submit", "-"], &[lead(1)]);
    let id = saved.words("id")[0];
    let said = home.ask(&["change", id, "cancel"]);
    let words = format!("not sent: {id} is Saved: only what is accepted can be changed");
    assert_eq!((said.code, said.words("error")), (5, vec![&*words]));
    home.ask(&["courier", "--until-idle"]);
    let said = home.ask(&["change", id, "cancel"]);
    let words = "not sent: nothing can be done to it from here";
    assert_eq!((said.code, said.words("error")), (5, vec![words]));
    // Of another profile.
    let other = home.change(SOLV, &[id, "cancel"]);
    assert_eq!((other.code, other.lines.len()), (1, 0));
    assert!(
        other.err.contains("belongs to the profile"),
        "{}",
        other.err
    );
}

#[test]
fn what_it_costs_is_told_first_and_agreed_to() {
    let home = Home::new();
    let (id, number) = home.booked("meddbase-appointment", MEDDBASE);
    let asked = home.change(MEDDBASE, &[&id, "cancel", "--wait"]);
    assert_eq!(asked.code, 5);
    let [terms, answer] = asked.lines.as_slice() else {
        panic!("{:?}", asked.lines)
    };
    let fee = &terms["terms"][0];
    assert_eq!(fee["label"], "Cancellation fee");
    assert!(!fee["text"].as_str().unwrap().is_empty());
    let told = fee["text"].as_str().unwrap();
    let words = format!("--confirm-terms \"{told}\" agrees to them");
    let error = answer["error"].as_str().unwrap();
    assert!(error.ends_with(&words), "{error}");
    assert_eq!(home.changes(MEDDBASE), [] as [Value; 0]);
    // Nor at another fee than was agreed to.
    let agree = [&*id, "cancel", "--confirm-terms", "£1", "--wait"];
    let other = home.change(MEDDBASE, &agree);
    assert_eq!((other.code, &other.lines[0]), (5, terms));
    let error = other.lines[1]["error"].as_str().unwrap();
    assert!(error.starts_with("not sent: you agreed to £1"), "{error}");
    assert!(error.contains(told), "{error}");
    assert_eq!(home.changes(MEDDBASE), [] as [Value; 0]);

    let agree = [&*id, "cancel", "--confirm-terms", told, "--wait"];
    let sent = home.change(MEDDBASE, &agree);
    assert_eq!((sent.code, &*sent.err), (0, ""), "{:?}", sent.lines);
    assert_eq!(sent.lines[0], *terms);
    let answer = &sent.lines[1];
    assert_eq!(
        (&answer["state"], &answer["number"]),
        (&json!("Accepted"), &json!(number.as_str()))
    );
    assert_eq!(answer["told"][0], *fee);
}

#[test]
fn another_time_is_taken_with_what_the_booking_said() {
    let home = Home::new();
    let (id, number) = home.booked("meddbase-appointment", MEDDBASE);
    let fee = home.fee(MEDDBASE, &id);
    let nothing = home.change(MEDDBASE, &[&id, "reschedule", "--confirm-terms", &fee]);
    assert_eq!(nothing.code, 5);
    assert_eq!(nothing.lines[0]["problems"][0]["field"], "scheduled-at");
    let set = ["--set", "scheduled-at=first", "--confirm-terms", &fee];
    let again = ["--key", "later", "--wait"];
    let moved = home.change(
        MEDDBASE,
        &[&[&*id, "reschedule"], &set[..], &again].concat(),
    );
    assert_eq!(moved.code, 0, "{:?}", moved.lines);
    let answer = moved.lines.last().unwrap();
    assert_eq!(answer["state"], "Accepted");
    assert_ne!(answer["number"], number);
    let cancelled = json!({"label": "Cancelled", "text": number});
    let told = answer["told"].as_array().unwrap();
    assert!(told.contains(&cancelled), "{told:?}");
    // "first" is the time that was taken then, and the terms are not asked for again.
    let same = home.change(
        MEDDBASE,
        &[&[&*id, "reschedule"], &set[..], &again].concat(),
    );
    assert_eq!(same.lines, std::slice::from_ref(answer));
}

#[test]
fn what_was_not_answered_needs_a_person_and_is_not_sent_again() {
    let (lab, home) = (Lab::open(), Home::new());
    lab.set_clock(NOON);
    solv_of(&lab, &home);
    let (id, _) = home.booked("solv-walkin", "east");
    let lost = json!({"kind": "status", "status": 504, "applied": true});
    lab.arm("solv-status", Some(1), &lost);
    let said = home.change("east", &[&id, "cancel", "--key", "once", "--wait"]);
    assert_eq!(said.code, 6, "{:?}", said.lines);
    assert_eq!(said.words("state"), ["Needs you"]);
    assert_eq!(lab.fired(), [1]);
    for key in ["once", "twice"] {
        let again = home.change("east", &[&id, "cancel", "--key", key, "--wait"]);
        let code = if key == "once" { 6 } else { 5 };
        assert_eq!(again.code, code, "{:?}", again.lines);
    }
    // The row of the booking tells it, although the change itself is in a state that was not asked for.
    let listed = home.run(&["worklist", "--state", "accepted", "--profile", "east"]);
    assert!(listed.out.contains("cancel needs you; "), "{}", listed.out);
    let calls = lab.ledger().into_iter();
    let calls = calls.filter(|row| row["call"] == "solv-status").count();
    assert_eq!(calls, 1);
}

/// A profile `east` of a Solv behind the lab.
fn solv_of(lab: &Lab, home: &Home) {
    solv_in("America/Chicago", lab, home);
}

/// The same where the location's clocks are those of `zone`.
fn solv_in(zone: &str, lab: &Lab, home: &Home) {
    let config = format!(
        "[profiles.east]\nvendor = \"solv\"\nbase-url = \"{}\"\nclient-id = \"demo-solv\"\n\
         client-secret = {{ command = [\"/bin/echo\", \"demo-solv-secret\"] }}\ntime-zone = \"America/Chicago\"\n\
         locations = [{{ id = 1042, public-id = \"Kp7wRe\", external-id = \"LAM-01\", name = \"Lamar Urgent Care\", time-zone = \"{zone}\" }}]\n",
        lab.base_url()
    );
    fs::create_dir_all(home.config_file().parent().unwrap()).unwrap();
    fs::write(home.config_file(), config).unwrap();
}

#[test]
fn a_location_that_was_mended_in_the_configuration_is_the_mended_one_at_once() {
    let (lab, home) = (Lab::open(), Home::new());
    lab.set_clock(NOON);
    for zone in ["Asia/Kolkata", "America/Chicago"] {
        solv_in(zone, &lab, &home);
        let example = home.ask(&["submit", "--example", "solv-walkin", "--profile", "east"]);
        let mut line = example.lines[0].clone();
        line["key"] = json!(zone);
        let said = home.feed(&["submit", "-", "--wait", "--profile", "east"], &[line]);
        assert_eq!(said.words("state"), ["Accepted"], "{:?}", said.lines);
    }
    let sent = lab.ledger().into_iter();
    let sent: Vec<String> = sent
        .filter(|row| row["call"] == "solv-booking")
        .map(|row| row["body"]["appointment_date"].as_str().unwrap().to_owned())
        .collect();
    assert!(sent[0].ends_with("+05:30"), "{sent:?}");
    assert!(!sent[1].ends_with("+05:30"), "{sent:?}");
}

#[test]
fn a_change_waits_for_the_one_before_it_and_says_so() {
    let (lab, home) = (Lab::open(), Home::new());
    lab.set_clock(NOON);
    solv_of(&lab, &home);
    let (id, number) = home.booked("solv-walkin", "east");
    let lost = json!({"kind": "status", "status": 504, "applied": true});
    lab.arm("solv-status", Some(1), &lost);
    let first = home.change("east", &[&id, "check-in", "--wait"]);
    assert_eq!(
        (first.words("state"), lab.fired()),
        (vec!["Needs you"], vec![1])
    );
    let first = first.words("id")[0].to_owned();
    // It ends although nothing limits its wait: only a person can go on.
    let second = home.change("east", &[&id, "cancel", "--wait"]);
    assert_eq!(second.code, 6, "{:?}", second.lines);
    assert_eq!(second.words("state"), ["Saved"]);
    let why = second.words("why")[0];
    assert!(
        why.starts_with("it waits for “Check in” of ") && why.contains("which needs you"),
        "{why}"
    );
    let second = second.words("id")[0].to_owned();
    let shown = home.run(&["show", &second, "--profile", "east"]).out;
    assert!(
        shown.contains("Saved: cancel; it waits for “Check in”") && shown.contains(&first),
        "{shown}"
    );
    let shown = home.ask(&["show", &second, "--json", "--profile", "east"]);
    assert!(
        shown.words("waits")[0].ends_with(&format!("({first})")),
        "{:?}",
        shown.lines
    );
    let idle = home.ask(&["courier", "--until-idle", "--profile", "east"]);
    let cancelled = |line: &Value| line["id"] == second.as_str() && line["state"] != "Saved";
    assert!(!idle.lines.iter().any(cancelled), "{:?}", idle.lines);
    // The number of its record is that of the booking, too.
    let found = home.run(&["resolve", &first, "found", &number, "--profile", "east"]);
    assert_eq!(found.code, 0, "{}", found.err);
    home.ask(&["courier", "--until-idle", "--profile", "east"]);
    let shown = home.ask(&["show", &second, "--json", "--profile", "east"]);
    assert_eq!(shown.words("state"), ["Accepted"]);
    let sent = lab.ledger().into_iter();
    let sent: Vec<Value> = sent
        .filter(|row| row["call"] == "solv-status")
        .map(|row| row["body"]["status"].clone())
        .collect();
    assert_eq!(sent, ["checked_in", "cancelled"]);
}

/// A clinic that a test can spoil, as the profile `east`.
fn meddbase() -> (Lab, Home) {
    let (lab, home) = (Lab::open(), Home::new());
    lab.set_clock(NOON);
    let config = format!(
        "[profiles.east]\nvendor = \"meddbase\"\nbase-url = \"{}\"\nclient-id = \"demo-meddbase\"\n\
         client-secret = {{ command = [\"/bin/echo\", \"demo-meddbase-secret\"] }}\nusername = \"night@example.com\"\n\
         time-zone = \"Europe/London\"\n",
        lab.base_url()
    );
    fs::create_dir_all(home.config_file().parent().unwrap()).unwrap();
    fs::write(home.config_file(), config).unwrap();
    (lab, home)
}

/// A cancellation at the profile `east`, for a fee that was read.
fn cancelling<'a>(id: &'a str, fee: &'a str) -> [&'a str; 7] {
    [
        "change",
        id,
        "cancel",
        "--confirm-terms",
        fee,
        "--profile",
        "east",
    ]
}

#[test]
fn of_two_scripts_that_end_a_record_at_once_one_is_refused_in_words() {
    let (lab, home) = meddbase();
    let (id, _) = home.booked("meddbase-appointment", "east");
    let fee = home.fee("east", &id);
    // Both have looked what was done to it before either is told what it costs, and saves.
    let late = json!({"kind": "delay", "ms": 5000});
    lab.arm("meddbase-cancellation-info", Some(2), &late);
    let cancel = cancelling(&id, &fee);
    let scripts = [home.start(&cancel, &[]), home.start(&cancel, &[])];
    let said = scripts.map(|script| {
        let output = script.wait_with_output().unwrap();
        Spoken::of(Told::of(&output, home.0.path()))
    });
    assert_eq!(lab.fired(), [2]);
    let mut codes = [said[0].code, said[1].code];
    codes.sort_unstable();
    assert_eq!(codes, [0, 5], "{:?} {:?}", said[0].lines, said[1].lines);
    let [saved, refused] = if said[0].code == 0 { [0, 1] } else { [1, 0] };
    let [saved, refused] = [saved, refused].map(|script| said[script].lines.last().unwrap());
    let words = format!(
        "not sent: its Cancel is Saved ({}), and nothing more can be done to it",
        saved["id"].as_str().unwrap()
    );
    assert_eq!(refused["error"], words);
    assert_eq!(home.changes("east").len(), 1);
}

#[test]
fn told_to_end_while_it_is_saved_it_still_answers() {
    let (lab, home) = meddbase();
    let (id, _) = home.booked("meddbase-appointment", "east");
    let fee = home.fee("east", &id);
    let late = json!({"kind": "delay", "ms": 2000});
    lab.arm("meddbase-cancellation-info", Some(1), &late);
    let mut cancel = cancelling(&id, &fee).to_vec();
    cancel.push("--wait");
    let script = home.start(&cancel, &[]);
    lab.wait_until_fired();
    let pid = script.id().to_string();
    assert!(Command::new("kill").arg(pid).status().unwrap().success());
    let output = script.wait_with_output().unwrap();
    assert!(output.status.code().is_some(), "it broke off: {output:?}");
    let said = Spoken::of(Told::of(&output, home.0.path()));
    let saved = home.changes("east");
    assert_eq!(saved.len(), 1);
    assert_eq!(
        said.lines.last().unwrap()["id"],
        saved[0]["id"],
        "{:?}",
        said.lines
    );
}

#[test]
fn a_move_that_left_the_old_one_standing_leaves_both_to_be_changed() {
    let (lab, home) = meddbase();
    let (id, old) = home.booked("meddbase-appointment", "east");
    let moves = |id: &str| {
        let fee = home.fee("east", id);
        let to_first = [
            "--set",
            "scheduled-at=first",
            "--confirm-terms",
            &fee,
            "--wait",
        ];
        home.change("east", &[&[id, "reschedule"], &to_first[..]].concat())
    };
    let cancels = |id: &str| {
        let fee = home.fee("east", id);
        home.change("east", &[id, "cancel", "--confirm-terms", &fee, "--wait"])
    };
    // The new one is booked, and the old one is not cancelled.
    let starts = json!({"kind": "status", "status": 504, "applied": false});
    lab.arm("meddbase-cancel", Some(1), &starts);
    let moved = moves(&id);
    assert_eq!((moved.code, lab.fired()), (0, vec![1]), "{:?}", moved.lines);
    let answer = moved.lines.last().unwrap().clone();
    let new = answer["number"].as_str().unwrap();
    assert_ne!(new, old);
    assert!(answer.to_string().contains("may still stand"), "{answer}");
    // The old one is ended by itself; then nothing more can be done to it.
    let ended = cancels(&id);
    assert_eq!(ended.code, 0, "{:?}", ended.lines);
    assert_eq!(ended.lines.last().unwrap()["number"], old);
    assert_eq!(cancels(&id).code, 5);
    // The new one is moved on by the vendor's number of it, and its last one is cancelled.
    let again = moves(new);
    assert_eq!(again.code, 0, "{:?}", again.lines);
    let last = again.lines.last().unwrap();
    let cancelled = json!({"label": "Cancelled", "text": new});
    assert!(
        last["told"].as_array().unwrap().contains(&cancelled),
        "{last}"
    );
    let ended = cancels(new);
    assert_eq!(ended.code, 5, "it was moved: {:?}", ended.lines);
    let ended = cancels(last["number"].as_str().unwrap());
    assert_eq!(ended.code, 0, "{:?}", ended.lines);
    // By its number it is still the one that was moved, whatever was done to it since.
    let shown = home.ask(&[
        "show",
        last["number"].as_str().unwrap(),
        "--json",
        "--profile",
        "east",
    ]);
    assert_eq!(shown.lines[0]["id"], last["id"]);
    let standing = lab.applied().into_iter();
    let calls = standing.map(|row| row["call"].as_str().unwrap().to_owned());
    let calls: Vec<String> = calls.filter(|call| call == "meddbase-cancel").collect();
    assert_eq!(
        calls.len(),
        3,
        "the old one, the one between, and the last one"
    );
}
