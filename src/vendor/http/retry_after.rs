//! How long a vendor asks to wait: `Retry-After`, in seconds or as a date
//! (<https://www.rfc-editor.org/rfc/rfc9110#field.retry-after>).

use chrono::{DateTime, NaiveDateTime, Utc};

/// The two obsolete ways in which HTTP writes a date that every reader must take.
const OBSOLETE: [&str; 2] = ["%A, %d-%b-%y %H:%M:%S GMT", "%a %b %e %H:%M:%S %Y"];

/// Whole seconds from `now`. Nothing where it is no number, a negative one, or a date that is not ahead: then nobody
/// knows how long the vendor meant.
pub(super) fn seconds(asked: &str, now: DateTime<Utc>) -> Option<u32> {
    let asked = asked.trim();
    if !asked.is_empty() && asked.bytes().all(|byte| byte.is_ascii_digit()) {
        return Some(asked.parse().unwrap_or(u32::MAX));
    }
    let ahead = (date(asked)? - now).num_milliseconds();
    let seconds = u64::try_from(ahead).ok()?.div_ceil(1_000);
    (seconds > 0).then(|| u32::try_from(seconds).unwrap_or(u32::MAX))
}

fn date(asked: &str) -> Option<DateTime<Utc>> {
    if let Ok(date) = DateTime::parse_from_rfc2822(asked) {
        return Some(date.to_utc());
    }
    let mut dates = OBSOLETE
        .iter()
        .map(|form| NaiveDateTime::parse_from_str(asked, form));
    dates.find_map(Result::ok).map(|date| date.and_utc())
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use rstest::rstest;

    use super::*;

    #[rstest]
    #[case::seconds("17", Some(17))]
    #[case::blanks(" 17 ", Some(17))]
    #[case::nothing_to_wait("0", Some(0))]
    #[case::huge("86400", Some(86_400))]
    #[case::beyond_numbers("99999999999999999999999999", Some(u32::MAX))]
    #[case::negative("-5", None)]
    #[case::signed("+5", None)]
    #[case::fraction("1.5", None)]
    #[case::nonsense("soon", None)]
    #[case::empty("", None)]
    #[case::other_digits("١٧", None)]
    #[case::date("Sat, 21 Nov 2026 05:30:45 GMT", Some(45))]
    #[case::date_of_long_ago("Sunday, 06-Nov-94 08:49:37 GMT", None)]
    #[case::obsolete_date("Saturday, 21-Nov-26 05:31:00 GMT", Some(60))]
    #[case::date_of_c("Sat Nov 21 05:30:30 2026", Some(30))]
    #[case::now("Sat, 21 Nov 2026 05:30:00 GMT", None)]
    #[case::past("Fri, 20 Nov 2026 05:30:00 GMT", None)]
    #[case::far_ahead("Fri, 31 Dec 9999 23:59:59 GMT", Some(u32::MAX))]
    #[case::no_such_day("Sat, 31 Nov 2026 05:30:45 GMT", None)]
    fn what_is_asked(#[case] asked: &str, #[case] expected: Option<u32>) {
        let now = "2026-11-21T05:30:00Z".parse().unwrap();
        assert_eq!(seconds(asked, now), expected);
    }

    #[test]
    fn a_part_of_a_second_counts_whole() {
        let now = "2026-11-21T05:30:00.400Z".parse().unwrap();
        assert_eq!(seconds("Sat, 21 Nov 2026 05:30:01 GMT", now), Some(1));
    }
}
