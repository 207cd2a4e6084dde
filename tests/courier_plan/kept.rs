//! Facts as earlier programs kept them, and as this one keeps them.

use frontdesk::domain::evidence::{Fact, Outcome};
use frontdesk::domain::looked::{Looked, Told};

#[test]
fn an_acceptance_without_details_is_kept_and_read_as_ever() {
    let earlier = r#"{"Ended":{"number":1,"outcome":{"Accepted":{"number":"LD-1"}}}}"#;
    let fact: Fact = serde_json::from_str(earlier).unwrap();
    let outcome = Outcome::Accepted {
        number: "LD-1".to_owned(),
        told: vec![],
    };
    assert_eq!(fact, Fact::Ended { number: 1, outcome });
    assert_eq!(serde_json::to_string(&fact).unwrap(), earlier);
}

#[test]
fn what_a_look_showed_is_read_as_it_was_kept() {
    let told = vec![Told {
        label: "Clinician".to_owned(),
        text: "Dr Mehta".to_owned(),
    }];
    let number = "LD-1".to_owned();
    for looked in [
        Looked::Ours {
            number: number.clone(),
            told,
        },
        Looked::Match {
            number,
            told: vec![],
        },
        Looked::Absent,
        Looked::Open {
            why: "its state is Cancelled".to_owned(),
        },
        Looked::Unclear {
            why: "no answer".to_owned(),
        },
    ] {
        let fact = Fact::Looked { looked };
        let kept = serde_json::to_string(&fact).unwrap();
        assert_eq!(serde_json::from_str::<Fact>(&kept).unwrap(), fact);
    }
}
