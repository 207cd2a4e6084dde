//! What Meddbase takes, as data: appointments of a manager, or anonymous bookings
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/patient-portal-api.html>).

use super::booking::{CANCEL, RESCHEDULE};
use super::settings::{Mode, Own, Settings, UNITED_KINGDOM};
use super::wire::person;
use crate::domain::money::Currency;
use crate::domain::offer::{
    ChangeOffer, Choice, Field, FieldKey, Input, Items, Kind, KindOffer, Listing, Offer, SlotSource,
};

/// What the lists of a manager's form depend on, and those of an anonymous one.
struct Needs {
    payer: &'static [FieldKey],
    kind: &'static [FieldKey],
    kind_and_modules: &'static [FieldKey],
    /// Clinicians may be those of one location.
    place: &'static [FieldKey],
}

/// Referral and recall "must be carried through the whole flow".
const MANAGER: Needs = Needs {
    payer: &[FieldKey::Referral, FieldKey::Recall, FieldKey::Payer],
    kind: &[
        FieldKey::Referral,
        FieldKey::Recall,
        FieldKey::Payer,
        FieldKey::AppointmentType,
    ],
    kind_and_modules: &[
        FieldKey::Referral,
        FieldKey::Recall,
        FieldKey::Payer,
        FieldKey::AppointmentType,
        FieldKey::Modules,
    ],
    place: &[
        FieldKey::Referral,
        FieldKey::Recall,
        FieldKey::Payer,
        FieldKey::AppointmentType,
        FieldKey::Modules,
        FieldKey::Location,
    ],
};

/// Of a booked appointment they are known.
const MOVED: Needs = Needs {
    payer: &[FieldKey::Payer],
    kind: &[FieldKey::Payer, FieldKey::AppointmentType],
    kind_and_modules: &[
        FieldKey::Payer,
        FieldKey::AppointmentType,
        FieldKey::Modules,
    ],
    place: &[
        FieldKey::Payer,
        FieldKey::AppointmentType,
        FieldKey::Modules,
        FieldKey::Location,
    ],
};

const ANONYMOUS: Needs = Needs {
    payer: &[FieldKey::SignUpCode],
    kind: &[FieldKey::SignUpCode, FieldKey::AppointmentType],
    kind_and_modules: &[
        FieldKey::SignUpCode,
        FieldKey::AppointmentType,
        FieldKey::Modules,
    ],
    place: &[
        FieldKey::SignUpCode,
        FieldKey::AppointmentType,
        FieldKey::Modules,
        FieldKey::Location,
    ],
};

/// Everything the console must know of this account before it has spoken to Meddbase.
pub fn of(settings: &Settings) -> Offer {
    let own = &settings.own;
    let kinds = match &own.mode {
        Mode::Manager { .. } => vec![KindOffer {
            items: Items::None,
            slots: Some(SlotSource::Vendor),
            slots_need: &[FieldKey::ClinicianSex],
            known_by: &[
                FieldKey::Name,
                FieldKey::BirthDate,
                FieldKey::Email,
                FieldKey::WorkEmail,
                FieldKey::EmployeeNumber,
            ],
            // A known patient is booked by key alone.
            patients_own: &[FieldKey::Referral, FieldKey::Recall],
            sent_if_new: &[
                FieldKey::Sex,
                FieldKey::Phone,
                FieldKey::Street,
                FieldKey::StreetSecond,
                FieldKey::City,
                FieldKey::Zip,
            ],
            ..KindOffer::plain(
                Kind::Appointment,
                "meddbase-appointment",
                "A time with a clinician, for a patient of your company.",
                appointment(own),
            )
        }],
        Mode::Anonymous {
            sign_up_code,
            has_code,
        } => vec![KindOffer {
            items: Items::None,
            slots: Some(SlotSource::Vendor),
            slots_need: &[FieldKey::SignUpCode, FieldKey::ClinicianSex],
            code_is_for: &[
                FieldKey::Name,
                FieldKey::BirthDate,
                FieldKey::Sex,
                FieldKey::Email,
                FieldKey::Phone,
                FieldKey::CountryCode,
                FieldKey::WorkEmail,
                FieldKey::EmployeeNumber,
                FieldKey::Street,
                FieldKey::StreetSecond,
                FieldKey::City,
                FieldKey::Zip,
                FieldKey::SignUpCode,
            ],
            ..KindOffer::plain(
                Kind::Anonymous,
                "meddbase-anonymous",
                "A time with a clinician, for a patient without a login.",
                anonymous(own, sign_up_code, *has_code),
            )
        }],
    };
    Offer {
        vendor: "Meddbase",
        profile: settings.profile.clone(),
        is_sandbox: settings.is_sandbox,
        currency: Currency::Gbp,
        zone: settings.zone,
        day_zone: UNITED_KINGDOM,
        country_code: own.country_code.clone(),
        kinds,
        changes: if own.is_manager() {
            changes(own)
        } else {
            Vec::new()
        },
        has_day_list: own.is_manager(),
        parties: Vec::new(),
        is_party_required: false,
        budget: None,
        duplicate_rule: "Meddbase knows no reference of yours: it takes the same booking twice.",
    }
}

fn appointment(own: &Own) -> Vec<Field> {
    let mut fields = who(own);
    fields.extend([
        Field::optional(
            FieldKey::Phone,
            "Mobile",
            Input::AnyPhone,
            "With its country code where it is not one of yours.",
        ),
        Field::optional(
            FieldKey::Email,
            "E-mail",
            Input::Email,
            "The patient's own address; it also finds the patient.",
        ),
        Field::optional(
            FieldKey::WorkEmail,
            "Work e-mail",
            Input::Email,
            "The address at the employer; it also finds the patient.",
        ),
        Field::optional(
            FieldKey::EmployeeNumber,
            "Employee no.",
            Input::Text,
            "As the employer has it; it also finds the patient.",
        ),
        Field::optional(
            FieldKey::Street,
            "Address",
            Input::Text,
            "House and street.",
        ),
        Field::optional(
            FieldKey::StreetSecond,
            "Address 2",
            Input::Text,
            "A second line.",
        ),
        Field::optional(FieldKey::City, "Town", Input::Text, "Town or city."),
        Field::optional(FieldKey::Zip, "Postcode", Input::Text, "Such as N1 7NK."),
        listed(
            (FieldKey::Referral, "Referral", false),
            &[],
            "An open referral of this patient, if the visit belongs to one.",
        ),
        listed(
            (FieldKey::Recall, "Recall", false),
            &[],
            "A recall of this patient, if the visit answers one.",
        ),
        listed(
            (FieldKey::Payer, "Payer", true),
            &[FieldKey::Referral, FieldKey::Recall],
            "Who pays: it decides types and prices.",
        ),
    ]);
    fields.extend(what(&MANAGER));
    fields.push(when());
    fields.push(price_guard(own));
    fields
}

fn anonymous(own: &Own, sign_up_code: &str, has_code: bool) -> Vec<Field> {
    let mut fields = who(own);
    fields.extend([
        Field::required(
            FieldKey::Phone,
            "Mobile",
            Input::AnyPhone,
            "The code goes here: with its country code where it is not one of yours.",
        ),
        Field::required(
            FieldKey::Email,
            "E-mail",
            Input::Email,
            "The code goes here, too.",
        ),
        Field {
            preset: sign_up_code.to_owned(),
            ..Field::required(
                FieldKey::SignUpCode,
                "Sign-up code",
                Input::Code { prefix: None },
                "The charge band: it decides types and prices.",
            )
        },
    ]);
    fields.extend(what(&ANONYMOUS));
    fields.push(when());
    fields.push(price_guard(own));
    if has_code {
        fields.push(Field::required(
            FieldKey::PatientCode,
            "Code",
            Input::PatientCode,
            "Enter has it sent to the patient, who reads it back to you.",
        ));
    }
    fields
}

fn who(own: &Own) -> Vec<Field> {
    vec![
        Field::required(
            FieldKey::Name,
            "Name",
            Input::FullName,
            "First and last name.",
        ),
        Field {
            required: own.is_birth_date_required,
            ..Field::optional(
                FieldKey::BirthDate,
                "Born",
                Input::BirthDate,
                "The date of birth, as 1994-03-21 or 21/03/1994.",
            )
        },
        Field::optional(
            FieldKey::Sex,
            "Sex",
            Input::Choice(person::sexes()),
            "Sex at birth; some services depend on it.",
        ),
    ]
}

fn what(needs: &Needs) -> Vec<Field> {
    vec![
        listed(
            (FieldKey::AppointmentType, "Type", true),
            needs.payer,
            "What the patient comes for.",
        ),
        several(
            (FieldKey::Modules, "Modules"),
            needs.kind,
            "Parts of the appointment, where its type has any.",
        ),
        several(
            (FieldKey::Services, "Services"),
            needs.kind,
            "What is done besides, where the type takes any.",
        ),
        listed(
            (FieldKey::Location, "Location", false),
            needs.kind_and_modules,
            "A room, floor or wing; empty for any.",
        ),
        listed(
            (FieldKey::Clinician, "Clinician", false),
            needs.place,
            "Empty for whoever is free.",
        ),
        Field::optional(
            FieldKey::ClinicianSex,
            "Seen by",
            Input::Choice(person::sexes()),
            "A woman or a man, where the patient asks for it.",
        ),
    ]
}

fn when() -> Field {
    Field::required(
        FieldKey::ScheduledAt,
        "When",
        Input::When,
        "One of the free times: Enter shows them.",
    )
}

fn price_guard(own: &Own) -> Field {
    Field {
        preset: (if own.has_price_guard { "yes" } else { "no" }).to_owned(),
        ..Field::optional(
            FieldKey::PriceGuard,
            "Price guard",
            Input::Choice(["yes", "no"].map(Choice::plain).to_vec()),
            "Book only at exactly the price that was shown.",
        )
    }
}

fn listed(
    (key, label, required): (FieldKey, &'static str, bool),
    needs: &'static [FieldKey],
    help: &'static str,
) -> Field {
    let is_many = false;
    Field {
        required,
        ..Field::optional(key, label, Input::Listed(Listing { needs, is_many }), help)
    }
}

fn several(
    (key, label): (FieldKey, &'static str),
    needs: &'static [FieldKey],
    help: &'static str,
) -> Field {
    let is_many = true;
    Field::optional(key, label, Input::Listed(Listing { needs, is_many }), help)
}

/// No call moves an appointment: another time is another booking, and the old one's cancellation.
fn changes(own: &Own) -> Vec<ChangeOffer> {
    let mut fields = vec![listed(
        (FieldKey::Payer, "Payer", true),
        &[],
        "Who pays: as for the appointment that is moved.",
    )];
    fields.extend(what(&MOVED));
    fields.push(when());
    fields.push(price_guard(own));
    vec![
        ChangeOffer {
            id: CANCEL,
            label: "Cancel",
            help: "Ends the appointment; it cannot be undone.",
            kinds: &[Kind::Appointment],
            fields: Vec::new(),
            slots: None,
            has_terms: true,
            is_end: true,
        },
        ChangeOffer {
            id: RESCHEDULE,
            label: "Reschedule",
            help: "Books another time, then cancels this one.",
            kinds: &[Kind::Appointment],
            fields,
            slots: Some(SlotSource::Vendor),
            has_terms: true,
            is_end: true,
        },
    ]
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use crate::vendor::registry::find;

    fn demo(profile: &str) -> Offer {
        let account = crate::vendor::meddbase::profile::demo(profile);
        of(&account)
    }

    #[test]
    fn a_list_depends_only_on_fields_that_stand_before_it() {
        for profile in ["demo-meddbase", "demo-meddbase-anon", "demo-meddbase-kiosk"] {
            let offer = demo(profile);
            let forms = offer.kinds.iter().map(|form| &form.fields);
            for fields in forms.chain(offer.changes.iter().map(|change| &change.fields)) {
                for (index, field) in fields.iter().enumerate() {
                    let Input::Listed(listing) = &field.input else {
                        continue;
                    };
                    let before = fields.get(..index).unwrap();
                    for need in listing.needs {
                        assert!(before.iter().any(|field| field.key == *need), "{field:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn everything_that_is_chosen_follows_referral_and_recall() {
        let offer = demo("demo-meddbase");
        let form = offer.form(Kind::Appointment).unwrap();
        let own = [FieldKey::Referral, FieldKey::Recall];
        let mut followers = 0;
        for field in form.fields.iter().filter(|field| !own.contains(&field.key)) {
            if let Input::Listed(listing) = &field.input {
                let follows = own.iter().all(|key| listing.needs.contains(key));
                assert!(follows, "{field:?}");
                followers += 1;
            }
        }
        assert_eq!(followers, 6);
    }

    #[test]
    fn a_code_is_asked_for_only_where_the_tenant_sends_one() {
        let has_code = |profile: &str| {
            let offer = demo(profile);
            offer
                .field(Kind::Anonymous, FieldKey::PatientCode)
                .is_some()
        };
        assert!(has_code("demo-meddbase-anon"));
        assert!(!has_code("demo-meddbase-kiosk"));
        assert!(find("meddbase").is_some());
    }
}
