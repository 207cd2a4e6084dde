//! The same desk before Solv and Meddbase, key by key.

use chrono::{TimeDelta, Utc};
use chrono_tz::Tz;
use serde_json::json;

use crate::desk::Desk;
use crate::lab::Lab;
use crate::terminal::{ENTER, F2, F4, F5, F7, QUIT, TAB};

const EMPTIED: &str = "\x15";
const TO_SOLV: &str = "\x10demo-solv\r";
const TO_DEMO: &str = "\x10go to demo ·\r";

const SOLV: &str = r#"
vendor = "solv"
client-id = "demo-solv"
client-secret = { env = "LAB_SECRET" }
time-zone = "America/Chicago"
integration = "7"

[[profiles.training.locations]]
id = 1042
public-id = "Kp7wRe"
name = "Lamar Urgent Care"
time-zone = "America/Chicago"
visit-types = [{ id = 501, name = "Urgent care" }]
"#;

const MANAGER: &str = r#"
vendor = "meddbase"
client-id = "demo-meddbase"
client-secret = { env = "LAB_SECRET" }
username = "desk@example.com"
time-zone = "Europe/London"
"#;

const ANONYMOUS: &str = r#"
vendor = "meddbase"
client-id = "demo-meddbase-anon"
mode = "anonymous"
sign-up-code = "WALKIN"
time-zone = "Europe/London"
"#;

impl Desk {
    /// A desk of this lab, with an account of another vendor, that sends at once.
    fn of(lab: &Lab, account: &str, secret: &str) -> Self {
        let base_url = lab.base_url();
        let config = format!(
            "[profiles.training]\nbase-url = \"{base_url}\"\ntake-back-seconds = 0{account}"
        );
        Self::configured(&config, &[("LAB_SECRET", secret)])
    }

    fn of_solv(lab: &Lab) -> Self {
        let mut desk = Self::of(lab, SOLV, "demo-solv-secret");
        // The only clinic is chosen by itself.
        desk.terminal.sees("● Lamar Urgent Care").sees("Ten digits");
        desk
    }

    /// A patient whose place at nine of this day is picked and read back.
    fn reserve(&mut self, day: &str, phone: &str, name: &str) -> &mut Self {
        self.terminal.types(F7).sees("Patient · Reservation");
        let patient = format!("{phone}{ENTER}{name}{ENTER}1994-03-21{ENTER}f{TAB}{TAB}{TAB}");
        self.terminal.types(&patient).sees("One of the clinic's");
        self.terminal.types(ENTER).sees("Go to").sees(" left");
        self.terminal.types(&format!("{day} 9:00{ENTER}"));
        self.terminal.sees("09:00 C").types(ENTER);
        self.terminal.sees("Why the patient comes").types(F2);
        self.terminal.sees("Read back: Reservation").sees("09:00 C");
        self
    }

    /// From the location on: the first free time, with its price guard.
    fn picks_the_next_time(&mut self) -> &mut Self {
        self.terminal.types(&TAB.repeat(3)).types(ENTER);
        self.terminal.sees("Home next free").sees("free");
        self.terminal.types(ENTER).sees("only at exactly the price");
        self
    }
}

#[test]
fn a_walk_in() {
    let lab = Lab::open();
    let mut desk = Desk::of_solv(&lab);
    let patient = format!("512 555 0199{ENTER}Rosa Diaz{ENTER}1994-03-21{ENTER}f");
    desk.terminal.types(&patient).sees("female").types(F2);
    desk.terminal.sees("Read back: Walk-in").types(ENTER);
    desk.terminal.sees("Accepted");
    let applied = lab.applied();
    assert_eq!(applied.len(), 1);
    let number = applied[0]["number"].as_str().unwrap();
    desk.terminal.sees(&format!("Accepted {number}"));
    desk.terminal.types(ENTER).types(QUIT);
    assert!(desk.terminal.ended().success());
    desk.terminal.is_given_back(&desk.before);
    desk.terminal.never_set_a_title();
}

#[test]
fn a_slot_taken_by_another_desk_while_typing() {
    let lab = Lab::open();
    lab.set(&json!({"solv": {"capacity": 1}}));
    // Written out: it is the same day for both, and after midnight too.
    let tomorrow = Utc::now().with_timezone(&Tz::America__Chicago) + TimeDelta::days(1);
    let tomorrow = tomorrow.format("%Y-%m-%d").to_string();
    let mut slow = Desk::of_solv(&lab);
    slow.reserve(&tomorrow, "5125550177", "Ana Lopez");
    let mut quick = Desk::of_solv(&lab);
    quick
        .reserve(&tomorrow, "5125550199", "Rosa Diaz")
        .terminal
        .types(ENTER);
    quick.terminal.sees("Accepted");
    slow.terminal.types(ENTER).sees("Not accepted");
    assert_eq!(lab.applied().len(), 1);
    slow.terminal.types(ENTER);
    slow.terminal.sees("! this time is gone: pick another");
    // The times have the keys, and are asked for anew.
    slow.terminal.sees("is the next").sees("Ana Lopez");
    slow.terminal.sees(" free").sees("1994-03-21");
    slow.terminal.types(&format!("{tomorrow} 9:15{ENTER}"));
    slow.terminal.sees("09:15 C").types(ENTER).types(F2);
    slow.terminal.sees("Read back: Reservation").sees("09:15 C");
    slow.terminal.types(ENTER).sees("Accepted");
    assert_eq!(lab.applied().len(), 2);
}

/// A manager's desk that has booked a screening for a patient whom Meddbase knows; the card says so.
fn booked_by_a_manager(lab: &Lab) -> Desk {
    let mut desk = Desk::of(lab, MANAGER, "demo-meddbase-secret");
    desk.terminal.sees("Sign in to Meddbase").types("111111");
    desk.terminal.types(ENTER).sees("code is not valid");
    desk.terminal.types(&format!("{EMPTIED}246810{ENTER}"));
    desk.terminal.sees("Signed in to Meddbase");
    desk.terminal
        .sees("Deansgate")
        .types(ENTER)
        .sees("First and last");
    desk.terminal.types("Daniel Osei").sees("Daniel Osei");
    desk.terminal
        .types(F4)
        .sees("born 22 Jan 1995")
        .types(ENTER);
    desk.terminal.sees("Known at Meddbase").sees("E1005");
    // The caret stands on the payer: the patient filled the fields before it.
    desk.terminal
        .types(ENTER)
        .sees("Employer (demo)")
        .types(ENTER);
    desk.terminal.types(ENTER).sees("Health screening");
    desk.terminal.types(&format!("health{ENTER}"));
    desk.terminal.sees("Parts of the appointment").types(ENTER);
    desk.terminal.sees("Well woman").types("heart ");
    desk.terminal.sees("[x] Heart check, £210.60").types(ENTER);
    desk.terminal.sees("What is done besides").types(ENTER);
    desk.terminal.sees("Lipid profile").types("ultra ");
    desk.terminal.sees("[x] Abdominal").types(ENTER);
    desk.picks_the_next_time().terminal.types(F2);
    desk.terminal.sees("Read back: Appointment").sees("£726.60");
    desk.terminal.sees("Modules      Heart check, £210.60");
    desk.terminal
        .sees("Services     Abdominal ultrasound, £216");
    desk.terminal
        .types(ENTER)
        .sees("Accepted")
        .sees("Clinician");
    desk.terminal.sees("Owed");
    assert_eq!(lab.applied().len(), 1);
    desk
}

#[test]
fn a_manager_signs_in_with_a_code_and_books() {
    let lab = Lab::open();
    let desk = booked_by_a_manager(&lab);
    desk.terminal.never_set_a_title();
}

#[test]
fn an_appointment_is_cancelled_for_a_fee_that_is_read_first() {
    let lab = Lab::open();
    let mut desk = booked_by_a_manager(&lab);
    desk.terminal.types("m").sees("Ends the appointment");
    desk.terminal
        .types(&format!("c{ENTER}"))
        .sees("Cancellation fee");
    // Asking what it costs has changed nothing.
    assert_eq!(lab.applied().len(), 1);
    desk.terminal.types("y").sees("Accepted");
    assert_eq!(lab.applied().len(), 2);
    desk.terminal.types(ENTER).types(F5).sees("cancel");
}

#[test]
fn an_anonymous_booking_with_a_wrong_code_first() {
    let lab = Lab::open();
    let mut desk = Desk::of(&lab, ANONYMOUS, "none");
    desk.terminal.sees("Harley Street").types("h").types(ENTER);
    desk.terminal.sees("First and last");
    let patient = format!(
        "Mia Stone{ENTER}1991-04-05{ENTER}f{ENTER}07700 900123{ENTER}mia@example.com{ENTER}{ENTER}"
    );
    desk.terminal
        .types(&patient)
        .sees("What the patient comes for");
    desk.terminal.types(ENTER).sees("Consultation").types(ENTER);
    desk.terminal.sees("Parts of the appointment");
    desk.terminal.types(&TAB.repeat(2));
    desk.picks_the_next_time().terminal.types(TAB);
    desk.terminal.types(ENTER).sees("Sent to the patient's");
    desk.terminal
        .types(&format!("111111{ENTER}"))
        .sees("code is not valid");
    assert!(lab.applied().is_empty());
    desk.terminal.types(&format!("{EMPTIED}246810{ENTER}"));
    desk.terminal.sees("confirmed").types(F2);
    desk.terminal.sees("Read back: Guest").types(ENTER);
    desk.terminal.sees("Accepted");
    assert_eq!(lab.applied().len(), 1);
}

#[test]
fn a_half_filled_form_waits_while_another_vendor_is_served() {
    let mut desk = Desk::alone();
    desk.choose_branch().terminal.types("99887").sees("99887");
    desk.terminal.types(TO_SOLV).sees("Solv · demo-solv");
    desk.terminal.sees("Lamar Urgent Care").types(ENTER);
    desk.terminal
        .sees("Ten digits")
        .types("51255")
        .sees("51255");
    assert!(!desk.terminal.screen().contains("99887"));
    desk.terminal.types(TO_DEMO).sees("Flabs · demo ·");
    desk.terminal.sees("99887").types("4").sees("998874");
    desk.terminal.types(TO_SOLV).sees("Solv · demo-solv");
    desk.terminal.sees("51255").types("5").sees("512555");
    desk.terminal.types(QUIT);
    assert!(desk.terminal.ended().success());
}
