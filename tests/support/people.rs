//! The patient of Flabs' own example as far as every desk knows him, and the branch he comes to.

use frontdesk::domain::age::{Age, AgeUnit};
use frontdesk::domain::branch::{Branch, BranchId};
use frontdesk::domain::phone::Phone;
use frontdesk::domain::submission::Patient;

pub fn koramangala() -> Branch {
    Branch {
        id: BranchId("6530a4a6f1d2c8b7e9a12345".to_owned()),
        name: "Koramangala".to_owned(),
        address: None,
        zone: None,
    }
}

pub fn rahul() -> Patient {
    Patient {
        phone: Some(Phone::parse("9876543210", "91").unwrap()),
        country_code: "91".to_owned(),
        age: Some(Age {
            value: 32,
            unit: AgeUnit::Year,
        }),
        ..Patient::named("Rahul")
    }
}
