//! First and last name in one field.

/// First and last name of what one field holds: a comma stands behind a last name that comes first, as in
/// `Ortega, Mary Ann`; without one the first blank parts them.
pub fn names(text: &str) -> (&str, &str) {
    let text = text.trim();
    let turned = text.split_once(',');
    let (first, last) = turned.map_or_else(
        || text.split_once(char::is_whitespace).unwrap_or((text, "")),
        |(last, first)| (first, last),
    );
    match (first.trim(), last.trim()) {
        // A comma that parts nothing.
        ("", last) => (last, ""),
        names => names,
    }
}

#[cfg(test)]
mod tests {
    use rstest::rstest;

    use super::*;
    use crate::domain::rules::typed::check_full_name;
    use crate::domain::submission::Patient;

    #[rstest]
    #[case("Marisol Ortega", "Marisol", "Ortega")]
    #[case("Marisol  de la Ortega", "Marisol", "de la Ortega")]
    #[case("Ortega, Mary Ann", "Mary Ann", "Ortega")]
    #[case(" de la Ortega ,Mary Ann ", "Mary Ann", "de la Ortega")]
    #[case("Marisol", "Marisol", "")]
    #[case("Ortega,", "Ortega", "")]
    fn one_field_holds_first_and_last_name(
        #[case] text: &str,
        #[case] first: &str,
        #[case] last: &str,
    ) {
        assert_eq!(names(text), (first, last));
        assert_eq!(check_full_name(text).is_ok(), !last.is_empty());
        // What is filled in again is parted as it was.
        let patient = Patient {
            last_name: Some(last.to_owned()).filter(|last| !last.is_empty()),
            ..Patient::named(first)
        };
        assert_eq!(names(&patient.typed_name()), (first, last));
    }

    #[test]
    fn signs_are_no_name() {
        assert!(check_full_name("Ortega, -").is_err());
        assert!(check_full_name("Ortega ,").is_err());
    }
}
