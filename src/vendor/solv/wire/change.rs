//! What is done later to a booking: its status, and its pictures
//! (<https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/update-booking-v-1-partner-bookings-booking-id-patch>,
//! <https://partner-api-docs-stage.solvhealth.com/v1/partner/docs/post-image-v-1-partner-bookings-booking-id-images-post>).

use reqwest::Method;
use serde::Serialize;

use super::answer::{Expected, Proof};
use super::{Order, Unwritten, create, json, unwritten};
use crate::domain::offer::FieldKey;
use crate::domain::submission::{Subject, Submission};
use crate::vendor::solv::settings::Settings;

/// The change that sends a picture.
pub const IMAGE: &str = "image";

/// What a picture can show: what is sent and what is shown.
pub const IMAGE_TYPES: [(&str, &str); 4] = [
    ("photo_id_front", "photo ID, front"),
    ("photo_id_back", "photo ID, back"),
    ("insurance_card_front", "insurance card, front"),
    ("insurance_card_back", "insurance card, back"),
];

/// Every status that a booking can have: what is sent and what is shown.
pub const STATUSES: [(&str, &str); 7] = [
    ("reserved", "reserved"),
    ("confirmed", "confirmed"),
    ("checked_in", "checked in"),
    ("in_exam_room", "in exam room"),
    ("discharged", "discharged"),
    ("no_show", "no show"),
    ("cancelled", "cancelled"),
];

/// A change that is a new status.
pub struct StatusChange {
    pub id: &'static str,
    pub label: &'static str,
    pub help: &'static str,
    status: &'static str,
    pub is_end: bool,
}

/// In the order of a visit.
pub const STATUS_CHANGES: [StatusChange; 5] = [
    StatusChange {
        id: "check-in",
        label: "Check in",
        help: "The patient has come; any other status can follow.",
        status: "checked_in",
        is_end: false,
    },
    StatusChange {
        id: "exam-room",
        label: "Exam room",
        help: "The patient is in the exam room; any other status can follow.",
        status: "in_exam_room",
        is_end: false,
    },
    StatusChange {
        id: "discharged",
        label: "Discharged",
        help: "The visit is over.",
        status: "discharged",
        is_end: false,
    },
    StatusChange {
        id: "no-show",
        label: "No show",
        help: "The patient did not come.",
        status: "no_show",
        is_end: false,
    },
    StatusChange {
        id: "cancel",
        label: "Cancel",
        help: "Frees the place; to undo it, make a new booking.",
        status: "cancelled",
        is_end: true,
    },
];

/// How base64 begins of the formats that are taken, JPEG and PNG (A38): their first bytes, three to four letters.
const BEGINNINGS: [&str; 2] = ["/9j/", "iVBORw0KGgo"];

#[derive(Serialize)]
struct Status {
    status: &'static str,
}

#[derive(Serialize)]
struct Image<'a> {
    image: &'a str,
    image_type: &'a str,
}

/// A location that the configuration has lost since is no hindrance here.
pub fn order(
    submission: &Submission,
    subject: &Subject,
    settings: &Settings,
) -> Result<Order, Unwritten> {
    // It goes into a path: nothing but a number may.
    let number = subject.number.trim();
    let is_number = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
    let Some(number) = number.parse::<i64>().ok().filter(|_| is_number) else {
        let words = "the number of a Solv booking is a whole number: this one is not";
        return Err(unwritten(None, words));
    };
    let path = format!("{}/{number}", create::PATH);
    let location = settings.location(&submission.branch.id);
    let zone = location.map_or(settings.zone, |location| location.zone);
    let expected = |proof| Expected {
        proof,
        has_time: false,
        is_of_others: false,
        zone,
    };
    if subject.change == IMAGE {
        let kind = submission.detail(FieldKey::ImageType).to_owned();
        let expected = expected(Proof::Image {
            booking: number,
            kind,
        });
        return image(submission, &path, expected);
    }
    let change = STATUS_CHANGES
        .iter()
        .find(|change| change.id == subject.change)
        .ok_or_else(|| unwritten(None, "Solv does not take this change"))?;
    let status = change.status;
    Ok(Order {
        method: Method::PATCH,
        path,
        query: Vec::new(),
        body: json(&Status { status })?,
        expected: expected(Proof::Booking {
            number: Some(number),
            status: Some(status.to_owned()),
            made_at: None,
            at: None,
            external: None,
        }),
    })
}

fn image(submission: &Submission, booking: &str, expected: Expected) -> Result<Order, Unwritten> {
    let sent = submission.attachment.as_ref();
    let image = sent.map_or("", |attachment| &attachment.base64);
    if !BEGINNINGS.iter().any(|begins| image.starts_with(begins)) {
        let words = "Solv takes JPEG and PNG files: choose another";
        return Err(unwritten(Some(FieldKey::Image), words));
    }
    let image_type = submission.detail(FieldKey::ImageType);
    let body = Image { image, image_type };
    Ok(Order {
        method: Method::POST,
        path: format!("{booking}/images"),
        query: Vec::new(),
        body: json(&body)?,
        expected,
    })
}
