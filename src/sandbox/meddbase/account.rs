//! Who may call: the demo client keys, the managers who log in with one of them, sign-up codes, and payer types.

/// One client key. Both belong to the same clinics.
pub struct Client {
    pub key: &'static str,
    pub managers: &'static [Manager],
    /// Sign-up codes of charge bands, for people who are not logged in.
    pub codes: &'static [SignUp],
}

/// A company's manager, who acts for its patients.
#[derive(PartialEq, Eq)]
pub struct Manager {
    /// Also the `WorkEmailAddress` of the manager's own record.
    pub email: &'static str,
    pub password: &'static str,
    pub mobile: Option<&'static str>,
    pub needs_two_factors: bool,
}

/// A charge band with a code.
pub struct SignUp {
    pub code: &'static str,
    /// What the band pays of the list price.
    pub percent: i64,
    /// Whether the patient must read a code back before anything is booked.
    pub is_confirmed_by_code: bool,
}

/// Who pays (A17: only `PA` is published, `IN` stands in a sample, the third is made up).
pub struct Payer {
    pub key: &'static str,
    pub name: &'static str,
    /// What this payer pays of the list price.
    pub percent: i64,
    /// Whether the patient owes the money, and an invoice is raised at once (A18).
    pub is_patient: bool,
}

pub const CLIENTS: [Client; 2] = [
    Client {
        key: "demo-meddbase",
        managers: &[
            Manager {
                email: "desk@example.com",
                password: "demo-meddbase-secret",
                mobile: Some("+44 7700 900001"),
                needs_two_factors: true,
            },
            Manager {
                email: "night@example.com",
                password: "demo-meddbase-secret",
                mobile: None,
                needs_two_factors: false,
            },
        ],
        codes: &[],
    },
    Client {
        key: "demo-meddbase-anon",
        managers: &[],
        codes: &[
            SignUp {
                code: "WALKIN",
                percent: 100,
                is_confirmed_by_code: true,
            },
            SignUp {
                code: "KIOSK",
                percent: 90,
                is_confirmed_by_code: false,
            },
        ],
    },
];

pub const PAYERS: [Payer; 3] = [
    Payer {
        key: "PA",
        name: "Patient",
        percent: 100,
        is_patient: true,
    },
    Payer {
        key: "IN",
        name: "Insurer",
        percent: 95,
        is_patient: false,
    },
    Payer {
        key: "EMP-DEMO",
        name: "Employer (demo)",
        percent: 80,
        is_patient: false,
    },
];

/// The client with this key.
pub fn client(key: &str) -> Option<&'static Client> {
    CLIENTS.iter().find(|client| client.key == key)
}

pub fn payer(key: &str) -> Option<&'static Payer> {
    PAYERS.iter().find(|payer| payer.key == key)
}

impl Client {
    pub fn manager(&self, email: &str) -> Option<&'static Manager> {
        let is_named = |manager: &&Manager| manager.email.eq_ignore_ascii_case(email);
        self.managers.iter().find(is_named)
    }

    pub fn sign_up(&self, code: &str) -> Option<&'static SignUp> {
        self.codes.iter().find(|known| known.code == code)
    }
}
