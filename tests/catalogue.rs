//! The catalogue and its search: what a clerk may rely on, with literal rows and with any.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::string_slice
)]

use frontdesk::domain::catalogue::{Catalogue, Hits, Item, Row, Search, marks};
use frontdesk::domain::money::Money;
use frontdesk::domain::order::{ItemId, ItemKind};
use proptest::prelude::*;

fn item(id: &str, code: &str, name: &str, aliases: &[&str]) -> Item {
    Item {
        id: ItemId(id.to_owned()),
        kind: ItemKind::Test,
        code: code.to_owned(),
        name: name.to_owned(),
        aliases: aliases.iter().map(|alias| (*alias).to_owned()).collect(),
        price: Money::major(350),
        specimen: Some("Serum".to_owned()),
        fasting: None,
        turnaround: Some("same day".to_owned()),
        includes: Vec::new(),
    }
}

fn lab() -> Catalogue {
    let mut fever = item("p1", "FEV2", "Fever panel (CBC + 4 tests)", &[]);
    fever.kind = ItemKind::Package;
    fever.includes = vec![ItemId("t2".to_owned()), ItemId("t5".to_owned())];
    Catalogue::new([
        item("t1", "CBC-ESR", "CBC with ESR", &[]),
        item(
            "t2",
            "CBC",
            "Complete blood count",
            &["haemogram", "CBP, full blood count"],
        ),
        fever,
        item("t3", "TSH", "Thyroid stimulating hormone", &["thyrotropin"]),
        item("t4", "FT4", "Free thyroxine", &["thyroid T4"]),
        item("t5", "HBA1C", "Glycated haemoglobin", &["glycohaemoglobin"]),
        item("t6", "", "विटामिन डी", &["வைட்டமின் டி"]),
        item("t7", "SSA", "Sjögren's antibody", &[]),
        item("t8", "BCB", "Something that holds cbc inside", &[]),
    ])
}

fn names(catalogue: &Catalogue, hits: &Hits) -> Vec<String> {
    hits.rows
        .iter()
        .map(|row| catalogue.entry(*row).unwrap().id.to_owned())
        .collect()
}

fn found(query: &str) -> Vec<String> {
    let lab = lab();
    let hits = lab.search(query, 20);
    names(&lab, &hits)
}

#[test]
fn nothing_typed_gives_all_in_the_vendors_order() {
    let hits = lab().search("  ", 3);
    assert_eq!((hits.rows, hits.total), (vec![Row(0), Row(1), Row(2)], 9));
}

#[test]
fn the_exact_code_is_on_top_then_prefixes_then_words() {
    assert_eq!(found("cbc"), ["t2", "t1", "p1", "t8"]);
}

#[test]
fn an_alias_in_full_comes_before_beginnings() {
    assert_eq!(found("haemogram")[0], "t2");
    assert_eq!(found("thyroid t4")[0], "t4");
}

#[test]
fn every_term_must_occur_in_any_order() {
    assert_eq!(found("blood complete"), ["t2"]);
    assert_eq!(found("cbc esr"), ["t1"]);
}

#[test]
fn slips_of_the_finger_are_forgiven() {
    for (typed, meant) in [
        ("thyriod", "t3"),
        ("thyrod", "t3"),
        ("thyrroid", "t3"),
        ("thyraid", "t3"),
        ("haemglobin", "t5"),
        ("hmglbn", "t5"),
        ("hyroxine", "t4"),
        ("sjogren", "t7"),
    ] {
        assert_eq!(
            found(typed).first().map(String::as_str),
            Some(meant),
            "{typed}"
        );
    }
    assert_eq!(found("zzzzzz"), [""; 0]);
}

#[test]
fn names_are_found_in_every_script() {
    assert_eq!(found("विटा")[0], "t6");
    assert_eq!(found("டி")[0], "t6");
    assert_eq!(found("SJÖGREN")[0], "t7");
}

#[test]
fn an_item_comes_back_as_it_was_given() {
    let lab = lab();
    let row = lab
        .find(ItemKind::Package, &ItemId("p1".to_owned()))
        .unwrap();
    assert_eq!(row, Row(2));
    assert_eq!(lab.find(ItemKind::Test, &ItemId("p1".to_owned())), None);
    assert_eq!(
        lab.includes(row),
        [ItemId("t2".to_owned()), ItemId("t5".to_owned())]
    );
    assert_eq!(lab.line(row).unwrap().name, "Fever panel (CBC + 4 tests)");
    let entry = lab.entry(Row(1)).unwrap();
    assert_eq!(
        (entry.code, entry.aliases),
        ("CBC", "haemogram, CBP, full blood count")
    );
    assert_eq!(
        (entry.specimen, entry.fasting, entry.turnaround),
        (Some("Serum"), None, Some("same day"))
    );
    assert!(lab.entry(Row(9)).is_none() && lab.includes(Row(0)).is_empty());
}

#[test]
fn of_an_id_given_twice_the_first_row_is_found() {
    let twice = Catalogue::new([
        item("a", "", "b", &[]),
        item("x", "1", "", &[]),
        item("x", "2", "", &[]),
    ]);
    assert_eq!(
        twice.find(ItemKind::Test, &ItemId("x".to_owned())),
        Some(Row(1))
    );
}

/// The text with what is marked in brackets.
fn marked(text: &str, query: &str) -> String {
    let mut shown = text.to_owned();
    for mark in marks(text, query).into_iter().rev() {
        shown.insert(mark.end, ']');
        shown.insert(mark.start, '[');
    }
    shown
}

#[test]
fn marks_show_what_was_meant() {
    for (query, shown) in [
        ("blo com", "[Com]plete [blo]od count"),
        ("cbc c", "[CBC] with ESR"),
        ("kin", "Akin [kin]ase"),
        ("thyriod", "[Thyroid] hormone"),
        ("hmglbn", "[H]ae[m]o[gl]o[b]i[n]"),
        ("sjogren", "[Sjögren]'s antibody"),
        ("विटा", "[विटा]मिन डी"),
        ("ß", "İstanbul [ß]"),
        ("zinc", "Calcium"),
    ] {
        let text = shown.replace(['[', ']'], "");
        assert_eq!(marked(&text, query), shown);
    }
}

/// Words that occur, slips of them, and letters that fold to something longer or shorter.
fn words() -> impl Strategy<Value = String> {
    prop_oneof![
        8 => "[abcİßKé]{1,4}",
        4 => "(thyroid|thyriod|cbc|haem|विटा|டி|ǅ|Ⱥ)",
        1 => any::<String>(),
    ]
}

fn line() -> impl Strategy<Value = String> {
    prop::collection::vec(words(), 0..4).prop_map(|words| words.join(" "))
}

fn items() -> impl Strategy<Value = Vec<Item>> {
    let one = (
        "[ab]{0,2}",
        words(),
        line(),
        prop::collection::vec(line(), 0..3),
    );
    prop::collection::vec(one, 0..40).prop_map(|rows| {
        rows.iter()
            .map(|(id, code, name, aliases)| {
                let aliases: Vec<&str> = aliases.iter().map(String::as_str).collect();
                item(id, code, name, &aliases)
            })
            .collect()
    })
}

/// Lower case as the search knows it: letter by letter, of the same length.
fn lower(text: &str) -> String {
    text.chars()
        .map(|c| {
            let lower: Vec<char> = c.to_lowercase().collect();
            match lower[..] {
                [one] if one.len_utf8() == c.len_utf8() => one,
                _ => c,
            }
        })
        .collect()
}

proptest! {
    #[test]
    fn every_row_that_holds_all_terms_is_found_and_comes_first(items in items(), query in line()) {
        let catalogue = Catalogue::new(items.clone());
        let hits = catalogue.search(&query, usize::MAX);
        let query = lower(&query);
        let terms: Vec<&str> = query.split_whitespace().collect();
        let holds = |row: &Row| {
            let item = &items[row.0 as usize];
            let fields = [lower(&item.code), lower(&item.name), lower(&item.aliases.join(", "))];
            terms.iter().all(|term| fields.iter().any(|field| field.contains(term)))
        };
        let rows: Vec<Row> = (0..u32::try_from(items.len()).unwrap()).map(Row).collect();
        let expected = rows.iter().filter(|row| holds(row)).count();
        prop_assert!(hits.rows.iter().take(expected).all(holds));
        prop_assert_eq!(hits.rows.len(), hits.total);
        let mut once = hits.rows.clone();
        once.sort_unstable();
        once.dedup();
        prop_assert_eq!(once.len(), hits.total);
        if expected >= 5 {
            prop_assert_eq!(hits.total, expected);
        }
    }

    #[test]
    fn a_shorter_list_is_the_beginning_of_the_longer_one(items in items(), query in line(), limit in 0_usize..12) {
        let catalogue = Catalogue::new(items);
        let (all, some) = (catalogue.search(&query, usize::MAX), catalogue.search(&query, limit));
        prop_assert_eq!(all.total, some.total);
        prop_assert_eq!(&all.rows[..limit.min(all.total)], &some.rows[..]);
    }

    #[test]
    fn the_exact_code_is_always_first(items in items(), pick in any::<prop::sample::Index>()) {
        prop_assume!(!items.is_empty());
        let code = items[pick.index(items.len())].code.clone();
        prop_assume!(!code.trim().is_empty() && code.split_whitespace().collect::<Vec<_>>().join(" ") == code);
        let catalogue = Catalogue::new(items);
        let first = catalogue.search(&code, 1).rows[0];
        prop_assert_eq!(lower(catalogue.entry(first).unwrap().code), lower(&code));
    }

    #[test]
    fn typing_on_finds_what_a_fresh_search_finds(
        (items, others) in (items(), items()),
        typed in prop::collection::vec((line(), any::<bool>(), any::<bool>()), 1..8),
        copies in 1_usize..4,
    ) {
        // Copied rows make the catalogue large enough beside the answer for it to be narrowed.
        let filler = std::iter::repeat_n(item("f", "Q", "qqqq", &[]), copies * 40);
        let one = Catalogue::new(items.into_iter().chain(filler));
        let other = Catalogue::new(others);
        let mut search = Search::default();
        let mut query = String::new();
        for (more, goes_on, is_other) in typed {
            if !goes_on {
                query.clear();
            }
            for c in more.chars().chain([' ']) {
                query.push(c);
                let catalogue = if is_other { &other } else { &one };
                prop_assert_eq!(search.find(catalogue, &query, 9), catalogue.search(&query, 9), "{}", query);
            }
        }
    }

    #[test]
    fn marks_lie_in_order_between_characters(text in prop_oneof![line(), any::<String>()], query in prop_oneof![line(), any::<String>()]) {
        let mut end = None;
        for mark in marks(&text, &query) {
            prop_assert!(mark.start < mark.end && end.is_none_or(|end| end < mark.start));
            prop_assert!(text.get(mark.clone()).is_some());
            end = Some(mark.end);
        }
    }
}
