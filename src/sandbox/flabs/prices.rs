//! What a test or package costs at a branch, for a party (<https://developer.flabslis.com/crm/party-scoped>).

use super::assets::{self, Party, Terms};

/// The terms of one branch and, where one is given, of one party.
pub struct Prices {
    branch: Terms<'static>,
    party: Option<Terms<'static>>,
}

impl Prices {
    /// A branch without terms of its own sells at list price.
    pub fn of(branch: &str, party: Option<Party>) -> Self {
        Self {
            branch: assets::branch_prices()
                .find(|prices| prices.branch == branch)
                .map(|prices| prices.terms)
                .unwrap_or_default(),
            party: party.map(|party| party.terms),
        }
    }

    /// Rupees for the item with this code and list price: the party's own price, else its percentage on the branch's.
    pub fn price(&self, code: &str, list: i64) -> i64 {
        let branch = self.branch.price(code, list);
        match &self.party {
            Some(party) => party.price(code, branch),
            None => branch,
        }
    }
}

impl Terms<'_> {
    fn price(&self, code: &str, before: i64) -> i64 {
        match self.items.get(code) {
            Some(price) => *price,
            None => with_percent(before, self.percent),
        }
    }
}

/// Rounded to the nearest ten rupees; no percentage leaves the price as it is.
fn with_percent(price: i64, percent: i64) -> i64 {
    if percent == 0 {
        price
    } else {
        (price * (100 + percent) + 500).div_euclid(1000) * 10
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn terms(percent: i64, items: &[(&'static str, i64)]) -> Terms<'static> {
        Terms {
            percent,
            items: items.iter().copied().collect(),
        }
    }

    #[test]
    fn a_single_price_wins_over_a_percentage_and_the_party_over_the_branch() {
        let prices = Prices {
            branch: terms(5, &[("CBC", 380)]),
            party: Some(terms(-20, &[("ECG", 200)])),
        };
        assert_eq!(prices.price("ECG", 350), 200);
        assert_eq!(prices.price("CBC", 350), 300);
        assert_eq!(prices.price("TSH", 300), 260);
    }

    #[test]
    fn no_percentage_rounds_nothing() {
        assert_eq!(with_percent(1499, 0), 1499);
        assert_eq!(with_percent(1499, 5), 1570);
        assert_eq!(with_percent(350, -10), 320);
    }
}
