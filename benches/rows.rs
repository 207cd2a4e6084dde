//! A catalogue as large as they come, made up of the words of real laboratory menus. The same number gives the same rows.

use frontdesk::domain::catalogue::Item;
use frontdesk::domain::money::Money;
use frontdesk::domain::order::{ItemId, ItemKind};

const ANALYTES: [&str; 48] = [
    "Haemoglobin",
    "Glucose",
    "Creatinine",
    "Thyroid stimulating hormone",
    "Free thyroxine",
    "Thyroid peroxidase antibody",
    "Cholesterol",
    "Triglycerides",
    "HDL cholesterol",
    "Bilirubin",
    "Alkaline phosphatase",
    "Gamma glutamyl transferase",
    "Vitamin D 25-hydroxy",
    "Vitamin B12",
    "Folic acid",
    "Ferritin",
    "Iron",
    "Transferrin saturation",
    "Uric acid",
    "Calcium",
    "Phosphorus",
    "Magnesium",
    "Sodium",
    "Potassium",
    "Chloride",
    "Prolactin",
    "Testosterone",
    "Oestradiol",
    "Cortisol",
    "Insulin",
    "C-peptide",
    "Amylase",
    "Lipase",
    "Troponin I",
    "NT-proBNP",
    "D-dimer",
    "Fibrinogen",
    "Prothrombin time",
    "C-reactive protein",
    "Rheumatoid factor",
    "Antinuclear antibody",
    "Dengue NS1 antigen",
    "Hepatitis B surface antigen",
    "HIV 1 and 2 antibody",
    "Culture and sensitivity",
    "Complete blood count",
    "Erythrocyte sedimentation rate",
    "Lipid profile",
];
const FORMS: [&str; 12] = [
    "",
    "fasting",
    "post-prandial",
    "random",
    "total",
    "free",
    "ratio",
    "quantitative",
    "qualitative",
    "IgG",
    "IgM",
    "24 hours",
];
const METHODS: [&str; 10] = [
    "",
    "by ECLIA",
    "by CLIA",
    "by HPLC",
    "by LC-MS/MS",
    "by real-time PCR",
    "by ELISA",
    "by nephelometry",
    "by ISE",
    "rapid card",
];
const SPECIMENS: [&str; 9] = [
    "Serum",
    "Whole blood, EDTA",
    "Plasma, fluoride",
    "Plasma, citrate",
    "Urine, spot",
    "Urine, 24 hours",
    "Stool",
    "CSF",
    "Swab",
];
const FASTING: [Option<&str>; 3] = [
    None,
    Some("fasting 8 to 10 hours"),
    Some("fasting 10 to 12 hours"),
];
const TURNAROUND: [&str; 4] = ["same day", "next day", "2 days", "5 days"];

/// `count` tests and, every fiftieth row, packages of eight of the tests before them.
pub fn rows(count: u32) -> impl Iterator<Item = Item> {
    let mut random = fastrand::Rng::with_seed(412);
    (0..count).map(move |number| item(number, &mut random))
}

fn item(number: u32, random: &mut fastrand::Rng) -> Item {
    let is_package = number % 50 == 49;
    let analyte = pick(random, &ANALYTES);
    let words = [
        analyte,
        pick(random, &FORMS),
        pick(random, &METHODS),
        if number % 4 == 3 {
            pick(random, &SPECIMENS)
        } else {
            ""
        },
    ];
    let mut name = if is_package {
        format!("{analyte} profile {}", number / 50)
    } else {
        words
            .into_iter()
            .filter(|word| !word.is_empty())
            .collect::<Vec<_>>()
            .join(" ")
    };
    name.make_ascii_lowercase();
    if let Some(first) = name.get_mut(..1) {
        first.make_ascii_uppercase();
    }
    let letters: String = words
        .iter()
        .filter_map(|word| word.chars().next())
        .collect();
    Item {
        id: id(number),
        kind: if is_package {
            ItemKind::Package
        } else {
            ItemKind::Test
        },
        code: format!("{}{number}", letters.to_ascii_uppercase()),
        name,
        aliases: if number.is_multiple_of(4) {
            vec![format!("{letters} {}", number % 97)]
        } else {
            Vec::new()
        },
        price: Money::major(i64::from(random.u32(8..400)) * 10),
        specimen: Some(pick(random, &SPECIMENS).to_owned()),
        fasting: pick(random, &FASTING).map(str::to_owned),
        turnaround: Some(pick(random, &TURNAROUND).to_owned()),
        includes: if is_package {
            (number - 9..number - 1).map(id).collect()
        } else {
            Vec::new()
        },
    }
}

fn id(number: u32) -> ItemId {
    ItemId(format!("6530a4a6f1d2c8b7{number:08x}"))
}

fn pick<T: Copy>(random: &mut fastrand::Rng, words: &[T]) -> T {
    words[random.usize(..words.len())]
}
