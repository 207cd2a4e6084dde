//! Why only a person can go on, what each choice risks, and which number is offered: the same on screen and in the
//! command line.

use super::evidence::Doubt;

/// In a few words. `vendor` is the vendor's name.
pub fn in_short(doubt: &Doubt, vendor: &str) -> String {
    match doubt {
        Doubt::DuplicateAfterUnknown => "refused as a double after a try without answer".to_owned(),
        Doubt::RefusedAfterUnknown => "refused after a try without answer".to_owned(),
        Doubt::HeldBackAfterUnknown => "held back here after a try without answer".to_owned(),
        Doubt::DayIsOver => format!("the day at {vendor} ends before it could be sent again"),
        Doubt::TriedOften => "too many tries without answer".to_owned(),
        Doubt::StoreWasDamaged => {
            "the store was damaged: what is known of it may be incomplete".to_owned()
        }
        Doubt::NoWayToLook => format!("the program cannot look it up at {vendor}"),
        Doubt::ProbablyYours { number } => format!("probably yours: {number} at {vendor}"),
        Doubt::NotFound => format!("not found at {vendor} after a try without answer"),
        Doubt::CouldNotLook => format!("{vendor}'s list does not tell"),
    }
}

/// The number that a person is offered to confirm: it stands in the field when they say that they found it.
pub fn offered(doubt: &Doubt) -> Option<&str> {
    match doubt {
        Doubt::ProbablyYours { number } => Some(number),
        Doubt::DuplicateAfterUnknown
        | Doubt::RefusedAfterUnknown
        | Doubt::HeldBackAfterUnknown
        | Doubt::DayIsOver
        | Doubt::TriedOften
        | Doubt::NoWayToLook
        | Doubt::NotFound
        | Doubt::CouldNotLook
        | Doubt::StoreWasDamaged => None,
    }
}

/// What is unknown, then what each choice risks: found it, send again, drop. `is_set`: it
/// [sets](super::submission::Submission::sets_state) what a record is.
pub fn choices(doubt: &Doubt, vendor: &str, is_set: bool) -> [String; 4] {
    if is_set {
        choices_of_set(doubt, vendor)
    } else {
        choices_of_record(doubt, vendor)
    }
}

/// The same of one that makes a record.
fn choices_of_record(doubt: &Doubt, vendor: &str) -> [String; 4] {
    match doubt {
        Doubt::DuplicateAfterUnknown => [
            format!(
                "One try had no answer; the next was refused, because {vendor} has a record with this phone or e-mail today. Unknown: whether that record is this one, or somebody else's with the same phone."
            ),
            format!(
                "found it: look at {vendor}. Right only if the record shows this patient and these tests; taking somebody else's number leaves this patient without a booking."
            ),
            format!(
                "send again: {vendor} refuses it as long as that record is of today. If it is ours and {vendor} takes it all the same, there will be two."
            ),
            "drop: nothing more is sent. If the record is somebody else's, this patient is not booked at all.".to_owned(),
        ],
        Doubt::RefusedAfterUnknown => [
            format!(
                "One try had no answer; the next was refused. Unknown: the refusal speaks for the last try alone, the one before may stand at {vendor}."
            ),
            format!("found it: look at {vendor}. Right if it stands there for this patient."),
            format!(
                "send again: the same form will most likely be refused again. If the first try stands at {vendor} there may be two."
            ),
            format!(
                "drop: nothing more is sent. If the first try stands at {vendor} it stays there, and somebody will act on it."
            ),
        ],
        Doubt::HeldBackAfterUnknown => [
            format!(
                "One try had no answer; the next was held back here and not sent. Unknown: whether the one before stands at {vendor}."
            ),
            format!("found it: look at {vendor}. Right if it stands there for this patient."),
            "send again: it will be held back once more, unless what held it back was mended meanwhile.".to_owned(),
            format!(
                "drop: nothing more is sent. If the first try stands at {vendor} it stays there, and somebody will act on it."
            ),
        ],
        Doubt::DayIsOver => [
            format!(
                "A try had no clear answer, and {vendor} refuses doubles only within one day: sending it by itself is no longer safe. Unknown: whether the try of that day stands at {vendor}."
            ),
            format!("found it: look at {vendor} on the day it was sent. Right if it stands there."),
            "send again: right if it is not there. If it is, there will be two, and nobody refuses the second.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::TriedOften => [
            format!(
                "Six tries left this desk and none had a clear answer. Unknown: whether one of them stands at {vendor}."
            ),
            format!("found it: look at {vendor}. Right if it stands there for this patient."),
            format!(
                "send again: right if it is not there. If one of the six is, {vendor} may refuse one more; where it does not, there will be two."
            ),
            "drop: nothing more is sent. If none of the six arrived, this patient is not booked.".to_owned(),
        ],
        Doubt::StoreWasDamaged => [
            format!(
                "The store was damaged, and what this desk knew of it may be incomplete. Unknown: whether it was sent, and stands at {vendor}."
            ),
            format!("found it: look at {vendor} on the day it was saved. Right if it stands there."),
            "send again: right if it is not there. If it is, there may be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::NoWayToLook => [
            format!(
                "A try had no clear answer, and the program cannot look it up at {vendor}. Unknown: whether it stands there."
            ),
            format!("found it: ask {vendor}, or look on its own screen. Right if it stands there."),
            "send again: right if it is not there. If it is, there will be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::ProbablyYours { number } => [
            format!(
                "A try had no clear answer. {vendor} has {number}, for this patient and otherwise exactly as it was sent. Unknown: whether this desk made it, or somebody else who entered the same."
            ),
            format!(
                "found it: it is {number}, Enter confirms it. If somebody else made that one and ours did arrive as well, {vendor} has two; if theirs is cancelled later, this patient has none."
            ),
            format!(
                "send again: right only if {number} is not meant for this visit. If it is ours, there will be two."
            ),
            format!("drop: nothing more is sent. {number} stays at {vendor} as it is."),
        ],
        Doubt::NotFound => [
            format!(
                "A try had no clear answer. {vendor}'s list was read several times since, and does not show it. Unknown: whether it appears there later."
            ),
            format!("found it: look at {vendor}. Right if it stands there by now."),
            "send again: right if it is not there. If it appears later, there will be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
        Doubt::CouldNotLook => [
            format!(
                "A try had no clear answer, and {vendor}'s list could not be read for a day, or leaves open whether it shows this one. Unknown: whether it stands there."
            ),
            format!("found it: ask {vendor}, or look on its own screen. Right if it stands there."),
            "send again: right if it is not there. If it is, there will be two.".to_owned(),
            format!("drop: nothing more is sent. If it is not at {vendor}, this patient is not booked."),
        ],
    }
}

/// The same of one that makes no record: the patient stays booked, and there will be no second booking.
fn choices_of_set(doubt: &Doubt, vendor: &str) -> [String; 4] {
    let why = in_short(doubt, vendor);
    [
        format!(
            "A try had no clear answer ({why}). Unknown: whether the booking at {vendor} is by now as this change wants it."
        ),
        format!(
            "found it: look at {vendor}. Right if the booking is as this change wants it; type its number."
        ),
        format!(
            "send again: it makes no second booking, but what reaches {vendor} last stands. Right if the booking is not as this change wants it, and nobody changed it at {vendor} since."
        ),
        format!(
            "drop: nothing more is sent. If the try did not arrive, the booking stays at {vendor} as it was."
        ),
    ]
}

/// What to do about one that the vendor has under several numbers.
pub fn doubled(numbers: &[String], vendor: &str) -> String {
    format!(
        "{vendor} confirmed it under {} numbers: {}. Open them there and cancel what is too much.",
        numbers.len(),
        numbers.join(" and ")
    )
}
