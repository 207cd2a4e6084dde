//! Tests by the hundred thousand, for load tests and benches: analyte, specimen, method and timing combined.
//!
//! A generated test is a function of its index, so none is ever kept.

use super::assets::{self, Test};

/// Code and name.
const ANALYTES: [(&str, &str); 130] = [
    ("ALB", "Albumin"),
    ("ALP", "Alkaline phosphatase"),
    ("ALT", "Alanine aminotransferase"),
    ("AST", "Aspartate aminotransferase"),
    ("GGT", "Gamma glutamyl transferase"),
    ("TBIL", "Bilirubin total"),
    ("DBIL", "Bilirubin direct"),
    ("TP", "Total protein"),
    ("UREA", "Urea"),
    ("CREA", "Creatinine"),
    ("UA", "Uric acid"),
    ("GLU", "Glucose"),
    ("NA", "Sodium"),
    ("K", "Potassium"),
    ("CL", "Chloride"),
    ("CA", "Calcium"),
    ("ICA", "Calcium ionised"),
    ("MG", "Magnesium"),
    ("PHOS", "Phosphorus"),
    ("ZN", "Zinc"),
    ("CU", "Copper"),
    ("SE", "Selenium"),
    ("PB", "Lead"),
    ("HG", "Mercury"),
    ("CD", "Cadmium"),
    ("AS", "Arsenic"),
    ("FE", "Iron"),
    ("FER", "Ferritin"),
    ("TRF", "Transferrin"),
    ("CHOL", "Cholesterol total"),
    ("HDL", "Cholesterol HDL"),
    ("LDL", "Cholesterol LDL direct"),
    ("TG", "Triglycerides"),
    ("APOA", "Apolipoprotein A1"),
    ("APOB", "Apolipoprotein B"),
    ("LPA", "Lipoprotein (a)"),
    ("HCY", "Homocysteine"),
    ("CRP", "C-reactive protein"),
    ("PCT", "Procalcitonin"),
    ("IL6", "Interleukin 6"),
    ("TNF", "Tumour necrosis factor alpha"),
    ("SAA", "Serum amyloid A"),
    ("LDH", "Lactate dehydrogenase"),
    ("CK", "Creatine kinase"),
    ("CKMB", "Creatine kinase MB"),
    ("TNI", "Troponin I"),
    ("TNT", "Troponin T"),
    ("BNP", "B-type natriuretic peptide"),
    ("NTBNP", "NT-proBNP"),
    ("MYO", "Myoglobin"),
    ("AMY", "Amylase"),
    ("LIP", "Lipase"),
    ("AMM", "Ammonia"),
    ("LAC", "Lactate"),
    ("PYR", "Pyruvate"),
    ("TSH", "Thyroid stimulating hormone"),
    ("FT3", "Triiodothyronine free"),
    ("FT4", "Thyroxine free"),
    ("T3", "Triiodothyronine total"),
    ("T4", "Thyroxine total"),
    ("TG2", "Thyroglobulin"),
    ("ATG", "Thyroglobulin antibody"),
    ("TPO", "Thyroid peroxidase antibody"),
    ("CORT", "Cortisol"),
    ("ACTH", "Adrenocorticotropic hormone"),
    ("ALDO", "Aldosterone"),
    ("RENIN", "Renin"),
    ("DHEAS", "Dehydroepiandrosterone sulphate"),
    ("FSH", "Follicle stimulating hormone"),
    ("LH", "Luteinising hormone"),
    ("PRL", "Prolactin"),
    ("E2", "Oestradiol"),
    ("E3", "Oestriol"),
    ("PROG", "Progesterone"),
    ("TEST", "Testosterone total"),
    ("FTEST", "Testosterone free"),
    ("SHBG", "Sex hormone binding globulin"),
    ("AMH", "Anti-Mullerian hormone"),
    ("INHB", "Inhibin B"),
    ("HCG", "Beta hCG"),
    ("GH", "Growth hormone"),
    ("IGF1", "Insulin-like growth factor 1"),
    ("INS", "Insulin"),
    ("CPEP", "C-peptide"),
    ("GLUC", "Glucagon"),
    ("GAST", "Gastrin"),
    ("PTH", "Parathyroid hormone"),
    ("CALC", "Calcitonin"),
    ("OSTEO", "Osteocalcin"),
    ("VITA", "Vitamin A"),
    ("VITB1", "Vitamin B1"),
    ("VITB6", "Vitamin B6"),
    ("VITB12", "Vitamin B12"),
    ("VITC", "Vitamin C"),
    ("VITD2", "Vitamin D 25-hydroxy"),
    ("VITE", "Vitamin E"),
    ("FOL", "Folate"),
    ("AFP", "Alpha fetoprotein"),
    ("CEA", "Carcinoembryonic antigen"),
    ("CA125", "CA 125"),
    ("CA153", "CA 15-3"),
    ("CA199", "CA 19-9"),
    ("CA724", "CA 72-4"),
    ("PSA", "Prostate specific antigen total"),
    ("FPSA", "Prostate specific antigen free"),
    ("HE4", "Human epididymis protein 4"),
    ("SCC", "Squamous cell carcinoma antigen"),
    ("NSE", "Neuron specific enolase"),
    ("S100", "S100 protein"),
    ("B2M", "Beta 2 microglobulin"),
    ("IGG", "Immunoglobulin G"),
    ("IGA", "Immunoglobulin A"),
    ("IGM", "Immunoglobulin M"),
    ("IGE", "Immunoglobulin E"),
    ("C3", "Complement C3"),
    ("C4", "Complement C4"),
    ("CERU", "Ceruloplasmin"),
    ("HAPT", "Haptoglobin"),
    ("A1AT", "Alpha 1 antitrypsin"),
    ("DIG", "Digoxin"),
    ("PHEN", "Phenytoin"),
    ("VALP", "Valproate"),
    ("CARB", "Carbamazepine"),
    ("LITH", "Lithium"),
    ("THEO", "Theophylline"),
    ("CYCLO", "Cyclosporine"),
    ("TACRO", "Tacrolimus"),
    ("METHO", "Methotrexate"),
    ("VANCO", "Vancomycin"),
    ("GENTA", "Gentamicin"),
];
const SPECIMENS: [(&str, &str); 12] = [
    ("S", "serum"),
    ("P", "plasma, EDTA"),
    ("H", "plasma, heparin"),
    ("F", "plasma, fluoride"),
    ("B", "whole blood"),
    ("C", "cerebrospinal fluid"),
    ("U", "spot urine"),
    ("D", "24-hour urine"),
    ("L", "pleural fluid"),
    ("A", "ascitic fluid"),
    ("Y", "synovial fluid"),
    ("V", "saliva"),
];
const METHODS: [(&str, &str); 14] = [
    ("CL", "CLIA"),
    ("EC", "ECLIA"),
    ("EL", "ELISA"),
    ("EF", "ELFA"),
    ("RI", "radioimmunoassay"),
    ("PH", "photometry"),
    ("EN", "enzymatic"),
    ("IS", "ion-selective electrode"),
    ("TU", "turbidimetry"),
    ("NE", "nephelometry"),
    ("HP", "HPLC"),
    ("LC", "LC-MS/MS"),
    ("IC", "ICP-MS"),
    ("FL", "fluorescence polarisation"),
];
const TIMINGS: [(&str, &str); 5] = [
    ("", ""),
    ("F", ", fasting"),
    ("R", ", repeat after 2 hours"),
    ("T", ", trough"),
    ("X", ", after stimulation"),
];

/// How many tests can be named.
pub const CAPACITY: usize = ANALYTES.len() * SPECIMENS.len() * METHODS.len() * TIMINGS.len();

/// What every generated id opens with; 16 hexadecimal digits of the index follow.
const ID: &str = "6530ffff";

/// The lab's own tests, and generated ones behind them until there are `rows`.
pub fn catalogue(rows: usize) -> impl Iterator<Item = Test> + Send {
    assets::tests().chain((0..missing(rows)).map(test))
}

/// Whether this is the id of a generated test of such a catalogue.
pub fn has(id: &str, rows: usize) -> bool {
    id.strip_prefix(ID)
        .filter(|digits| digits.len() == 16)
        .and_then(|digits| usize::from_str_radix(digits, 16).ok())
        .is_some_and(|index| index < missing(rows))
}

fn missing(rows: usize) -> usize {
    rows.saturating_sub(assets::test_count())
}

fn test(index: usize) -> Test {
    let (rest, analyte) = picked(index, &ANALYTES);
    let (rest, specimen) = picked(rest, &SPECIMENS);
    let (rest, method) = picked(rest, &METHODS);
    let (_, timing) = picked(rest, &TIMINGS);
    Test {
        id: format!("{ID}{index:016x}").into(),
        code: format!("{}-{}{}{}", analyte.0, specimen.0, method.0, timing.0).into(),
        name: format!("{}, {}, {}{}", analyte.1, specimen.1, method.1, timing.1).into(),
        aliases: Vec::new(),
        specimen: specimen.1,
        fasting: if timing.0 == "F" {
            "fasting 10 to 12 hours"
        } else {
            "no fasting"
        },
        turnaround: ["same day", "next day", "3 days"][index % 3],
        // 150 to 2,990 rupees, neighbours apart.
        price: 150 + i64::try_from(index * 37 % 285).unwrap_or(0) * 10,
    }
}

/// One digit of the index in the base of a list's length, and what is left of the index.
fn picked(
    index: usize,
    list: &[(&'static str, &'static str)],
) -> (usize, (&'static str, &'static str)) {
    let entry = list.get(index % list.len()).copied().unwrap_or_default();
    (index / list.len(), entry)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_hundred_thousand_tests_have_codes_of_their_own() {
        let codes: HashSet<_> = catalogue(100_000).map(|test| test.code).collect();
        assert_eq!(codes.len(), 100_000);
    }

    #[test]
    fn only_ids_of_the_catalogue_are_known() {
        let last = test(missing(1_000) - 1).id;
        assert!(has(&last, 1_000));
        assert!(!has(&last, 999));
        assert!(!has("6530a4a6f1d2c8b7e9aabcde", 1_000));
    }
}
