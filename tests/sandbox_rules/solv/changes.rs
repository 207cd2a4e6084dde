//! What is done to a booking later, and the reads that are served only where a trainer wants them.

use reqwest::Method;
use rstest::rstest;
use serde_json::{Value, json};

use super::{Partner, example, said, wrong};

const BOOKING: &str = "/v1/partner/bookings/48210001";
const IMAGES: &str = "/v1/partner/bookings/48210001/images";
/// The beginnings of two files.
const JPEG: &str = "/9j/4AAQSkZJRgABAQ==";
const PNG: &str = "iVBORw0KGgoAAAANSUhE";

async fn booked() -> Partner {
    let partner = Partner::start().await;
    assert_eq!(partner.book(&example()).await.body["id"], 48_210_001);
    partner
}

#[rstest]
#[tokio::test]
async fn a_booking_takes_any_of_the_seven_statuses(
    #[values(
        "reserved",
        "confirmed",
        "checked_in",
        "in_exam_room",
        "discharged",
        "no_show",
        "cancelled"
    )]
    status: &str,
) {
    let partner = booked().await;
    let body = json!({"status": status});
    let answer = partner.send(Method::PATCH, BOOKING, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    assert_eq!(answer.body["status"], status);
    assert_eq!(answer.body["first_name"], "Alma");
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[1]["call"], &rows[1]["number"], &rows[1]["applied"]),
        (&json!("solv-status"), &json!("48210001"), &json!(true))
    );
    assert_eq!(rows[1]["request"], format!("PATCH {BOOKING}"));
}

#[rstest]
#[case::none(json!({}), "field required")]
#[case::number(json!({"status": 1}), "str type expected")]
#[case::one_l(json!({"status": "canceled"}), "value is not a valid enumeration member; permitted: 'reserved', 'confirmed', 'checked_in', 'in_exam_room', 'discharged', 'no_show', 'cancelled'")]
#[case::capitals(json!({"status": "CANCELLED"}), "value is not a valid enumeration member; permitted: 'reserved', 'confirmed', 'checked_in', 'in_exam_room', 'discharged', 'no_show', 'cancelled'")]
#[tokio::test]
async fn any_other_status_is_refused(#[case] body: Value, #[case] words: &str) {
    let partner = booked().await;
    let answer = partner.send(Method::PATCH, BOOKING, &body).await;
    assert_eq!(wrong(&answer, "body", "status"), words);
}

#[rstest]
#[case::status(Method::PATCH, "", json!({"status": "confirmed"}))]
#[case::image(Method::POST, "/images", json!({"image": JPEG, "image_type": "photo_id_front"}))]
#[tokio::test]
async fn only_a_booking_that_is_there_can_be_changed(
    #[case] method: Method,
    #[case] call: &str,
    #[case] body: Value,
) {
    let partner = booked().await;
    let path = format!("/v1/partner/bookings/48219999{call}");
    let answer = partner.send(method.clone(), &path, &body).await;
    assert_eq!(said(&answer), (404, "Booking not found"));
    let path = format!("/v1/partner/bookings/mine{call}");
    let answer = partner.send(method, &path, &body).await;
    let words = "value is not a valid integer";
    assert_eq!(wrong(&answer, "path", "booking_id"), words);
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[1]["status"], &rows[2]["status"]),
        (&json!(404), &json!(422))
    );
}

#[tokio::test]
async fn an_ended_booking_stays_ended_only_where_that_is_set() {
    let partner = booked().await;
    let to = async |status: &str| {
        let body = json!({"status": status});
        partner.send(Method::PATCH, BOOKING, &body).await
    };
    assert_eq!(to("no_show").await.status, 200);
    assert_eq!(to("checked_in").await.status, 200);
    partner.set(json!({"transitions": "strict"})).await;
    assert_eq!(to("cancelled").await.status, 200);
    assert_eq!(to("cancelled").await.status, 200);
    let answer = to("confirmed").await;
    let words = "a booking that is cancelled cannot become confirmed";
    assert_eq!(wrong(&answer, "body", "status"), words);
}

#[rstest]
#[case::jpeg(json!({"image": JPEG, "image_type": "photo_id_back"}), "photo_id_back")]
#[case::png(json!({"image": PNG, "image_type": "insurance_card_front"}), "insurance_card_front")]
#[case::back(json!({"image": PNG, "image_type": "insurance_card_back"}), "insurance_card_back")]
#[case::no_type(json!({"image": JPEG}), "photo_id_front")]
#[tokio::test]
async fn an_image_gets_a_number_of_its_own(#[case] body: Value, #[case] kind: &str) {
    let partner = booked().await;
    let answer = partner.send(Method::POST, IMAGES, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
    let expected = json!({"booking_id": 48_210_001, "image_id": 9001, "image_type": kind});
    assert_eq!(answer.body, expected);
    let again = partner.send(Method::POST, IMAGES, &body).await;
    assert_eq!(again.body["image_id"], 9002);
    let rows = partner.caller.rows().await;
    assert_eq!(
        (&rows[1]["call"], &rows[1]["number"]),
        (&json!("solv-image"), &json!("9001"))
    );
}

#[rstest]
#[case::none(json!({"image_type": "photo_id_front"}), "image", "field required")]
#[case::empty(json!({"image": ""}), "image", "image must be a JPEG or PNG file in base64")]
#[case::data_address(json!({"image": "data:image/png;base64,iVBORw0KGgoAAAANSUhE"}), "image", "image must be a JPEG or PNG file in base64")]
#[case::no_base64(json!({"image": "/9j/4AA!"}), "image", "image must be a JPEG or PNG file in base64")]
#[case::cut_short(json!({"image": "/9j/4AAQS"}), "image", "image must be a JPEG or PNG file in base64")]
#[case::pdf(json!({"image": "JVBERi0xLjcK"}), "image", "image must be a JPEG or PNG file in base64")]
#[case::unknown_type(json!({"image": JPEG, "image_type": "selfie"}), "image_type", "value is not a valid enumeration member; permitted: 'photo_id_front', 'photo_id_back', 'insurance_card_front', 'insurance_card_back'")]
#[tokio::test]
async fn an_image_that_breaks_a_rule_is_refused_by_the_fields_name(
    #[case] body: Value,
    #[case] field: &str,
    #[case] words: &str,
) {
    let partner = booked().await;
    let answer = partner.send(Method::POST, IMAGES, &body).await;
    assert_eq!(wrong(&answer, "body", field), words);
}

#[tokio::test]
async fn a_large_photograph_is_taken() {
    let partner = booked().await;
    let image = format!("/9j/{}", "A".repeat(4 * 1024 * 1024));
    let body = json!({"image": image, "image_type": "photo_id_front"});
    let answer = partner.send(Method::POST, IMAGES, &body).await;
    assert_eq!(answer.status, 200, "{answer:?}");
}

#[tokio::test]
async fn a_booking_can_be_read_only_where_that_is_set() {
    let mut partner = booked().await;
    let answer = partner.get(BOOKING).await;
    assert_eq!(said(&answer), (405, "this call takes another method"));
    partner.set(json!({"reads": ["booking"]})).await;
    let answer = partner.get(BOOKING).await;
    assert_eq!(
        (answer.status, &answer.body["first_name"]),
        (200, &json!("Alma"))
    );
    let answer = partner.get("/v1/partner/bookings/7").await;
    assert_eq!(said(&answer), (404, "Booking not found"));
    partner.sign_in("write:bookings").await;
    let answer = partner.get(BOOKING).await;
    assert_eq!(
        said(&answer),
        (403, "Token scope must include read:bookings")
    );
}

#[tokio::test]
async fn a_location_can_be_read_only_where_that_is_set() {
    let partner = Partner::start().await;
    let path = "/v1/partner/locations/Kp7wRe";
    assert_eq!(
        said(&partner.get(path).await),
        (404, "there is no such call")
    );
    partner.set(json!({"reads": ["location"]})).await;
    let answer = partner.get(path).await;
    assert_eq!(
        (&answer.body["id"], &answer.body["timezone"]),
        (&json!(1042), &json!("America/Chicago"))
    );
    let answer = partner.get("/v1/partner/locations/nowhere").await;
    assert_eq!(said(&answer), (404, "Location not found"));
}
