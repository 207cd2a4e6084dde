//! Free times: of every clinic in its own zone, and those for walk-ins.

use chrono_tz::Tz;
use frontdesk::domain::offer::FieldKey;
use frontdesk::vendor::Adapter;
use serde_json::Value;

use super::{Counter, LAMAR, literal, number, reasons, settings, solv};

const SUNSET: usize = 1;

#[test]
fn the_demo_profile_has_the_clinics_of_the_sandbox() {
    let path = format!("{}/assets/solv/locations.json", env!("CARGO_MANIFEST_DIR"));
    let clinics: Vec<Value> =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let text = include_str!("../../../assets/solv/demo.toml");
    for clinic in clinics.iter().filter(|clinic| clinic["is_linked"] == true) {
        for name in ["public_id", "external_id", "name", "zone"] {
            let value = clinic[name].as_str().unwrap();
            assert!(text.contains(&format!("\"{value}\"")), "{value}");
        }
        assert!(text.contains(&format!("id = {}", clinic["id"])));
        for kind in clinic["visit_types"].as_array().unwrap() {
            let line = format!("id = {}, name = {}", kind["id"], kind["name"]);
            assert!(text.contains(&line), "{line}");
        }
    }
}

#[tokio::test]
async fn times_are_those_of_the_clinics_own_clock() {
    let counter = Counter::open();
    let here = counter.today(LAMAR).await;
    assert_eq!(here[0].at.to_rfc3339(), "2026-11-21T09:15:00-06:00");
    assert_eq!((here[0].left, here[0].is_busy), (Some(2), false));
    let there = counter.today(SUNSET).await;
    assert_eq!(there[0].at.to_rfc3339(), "2026-11-21T09:00:00-08:00");
    let zone = counter.branch(SUNSET).await.zone;
    assert_eq!(zone, Some(Tz::America__Los_Angeles));
    let busy = here.iter().filter(|slot| slot.is_busy);
    assert_eq!(busy.count(), 4, "from five to six");
}

#[tokio::test]
async fn a_visit_type_has_times_of_its_own() {
    let counter = Counter::open();
    let mut query = literal::asked(1, &[(FieldKey::VisitType, "502")]);
    let half_hours = counter.adapter.slots(&query).await.unwrap();
    assert!(
        half_hours
            .times
            .iter()
            .all(|slot| slot.wire.contains(":00:") || slot.wire.contains(":30:"))
    );
    query.context.details = literal::told(&[(FieldKey::VisitType, "503")]);
    let slots = counter.adapter.slots(&query).await.unwrap();
    assert_eq!(slots.times, []);
}

#[tokio::test]
async fn a_time_for_walk_ins_can_be_had_where_the_settings_allow_it() {
    let counter = Counter::open();
    let mut settings = settings(&counter.lab);
    settings.assumptions.walk_in_slots = true;
    let solv = solv(settings);
    let slots = solv.slots(&literal::asked(1, &[])).await.unwrap();
    let mut walk_ins = slots.times.into_iter().filter(|slot| slot.is_walk_in);
    let noon = walk_ins.next().unwrap();
    assert_eq!(noon.at.to_rfc3339(), "2026-11-21T12:00:00-06:00");
    let mut intent = literal::reservation();
    intent.submission.slot = Some(noon.clone());
    number(&solv.submit(&intent, None).await);
    // The same time as one that could be reserved.
    intent.submission.slot.as_mut().unwrap().is_walk_in = false;
    let outcome = solv.submit(&intent, None).await;
    assert_eq!(reasons(&outcome)[0].field, Some(FieldKey::ScheduledAt));
}
