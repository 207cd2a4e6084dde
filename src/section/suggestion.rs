//! The name somebody most likely meant, for messages about unknown ones.

/// `did you mean "…"?` where one of the known names is near, else the list of them.
pub fn remedy<'a>(typed: &str, known: impl IntoIterator<Item = &'a str>) -> String {
    let known: Vec<&str> = known.into_iter().collect();
    let nearest = known.iter().min_by_key(|name| distance(typed, name));
    match nearest {
        Some(name) if distance(typed, name) <= name.chars().count().div_ceil(3) => {
            format!("did you mean \"{name}\"?")
        }
        Some(_) => format!("known here: {}", known.join(", ")),
        None => "remove it".to_owned(),
    }
}

/// How many letters must be put in, taken out or changed to get from one name to the other (Levenshtein).
fn distance(from: &str, to: &str) -> usize {
    let to: Vec<char> = to.chars().collect();
    let mut row: Vec<usize> = (0..=to.len()).collect();
    for (i, a) in from.chars().enumerate() {
        let mut next = vec![i + 1];
        let (mut diagonal, mut left) = (i, i + 1);
        for (above, b) in row.iter().skip(1).zip(&to) {
            left = (diagonal + usize::from(a != *b))
                .min(left + 1)
                .min(above + 1);
            diagonal = *above;
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn near_names_are_offered_and_far_ones_listed() {
        let known = ["client-id", "client-secret", "mode"];
        assert_eq!(remedy("client-ids", known), "did you mean \"client-id\"?");
        assert_eq!(remedy("clientid", known), "did you mean \"client-id\"?");
        assert_eq!(remedy("moed", known), "did you mean \"mode\"?");
        assert_eq!(
            remedy("colour", known),
            "known here: client-id, client-secret, mode"
        );
        assert_eq!(remedy("colour", []), "remove it");
    }

    #[test]
    fn distance_counts_single_letters() {
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("abc", ""), 3);
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("same", "same"), 0);
    }
}
