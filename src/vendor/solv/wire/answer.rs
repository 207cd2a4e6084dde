//! The answers that prove that something was done: the booking as it now is, or a picture's number.

use serde::Deserialize;

use super::loose::{Whole, opened, shaped};
use crate::domain::text;

/// What must stand in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// A booking: with this number and this status, where they are known beforehand.
    Booking {
        number: Option<i64>,
        status: Option<String>,
    },
    /// A picture of the booking with this number.
    Image { booking: i64 },
}

/// What an answer tells of the record that it proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Done {
    /// Of the booking, or of the picture.
    pub number: String,
}

#[derive(Deserialize)]
struct Booking {
    id: Whole,
    #[serde(default)]
    status: Option<String>,
}

#[derive(Deserialize)]
struct Image {
    booking_id: Whole,
    image_id: Whole,
}

/// What was done by the word of a 2xx, or why that cannot be relied on.
pub fn done(body: &[u8], proof: &Proof) -> Result<Done, String> {
    let body = opened(body)?;
    match proof {
        Proof::Booking { number, status } => {
            let booking: Booking = shaped(body)?;
            let Whole(id) = positive("id", booking.id)?;
            if number.is_some_and(|number| number != id) {
                return Err(format!("it is about booking {id}"));
            }
            let told = booking.status.as_deref().map(str::trim);
            let told = told.filter(|told| !told.is_empty());
            if let (Some(wanted), Some(told)) = (status, told)
                && !told.eq_ignore_ascii_case(wanted)
            {
                let told = text::vendor_words(told);
                return Err(format!("the booking is {told}, not {wanted}"));
            }
            Ok(Done {
                number: id.to_string(),
            })
        }
        Proof::Image { booking } => {
            let image: Image = shaped(body)?;
            let Whole(id) = positive("image_id", image.image_id)?;
            if image.booking_id.0 != *booking {
                return Err(format!("it is about booking {}", image.booking_id.0));
            }
            Ok(Done {
                number: id.to_string(),
            })
        }
    }
}

fn positive(name: &str, number: Whole) -> Result<Whole, String> {
    if number.0 > 0 {
        Ok(number)
    } else {
        Err(format!("{name} is {}", number.0))
    }
}
