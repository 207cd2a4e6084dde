//! Where the keys go: the stops that Tab walks, and the panes they lie in.

use crate::domain::draft::Draft;
use crate::domain::offer::{FieldKey, Offer};

/// The four panes, numbered as on screen.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    Branch,
    Patient,
    Tests,
    Order,
}

impl Pane {
    pub const ALL: [Self; 4] = [Self::Branch, Self::Patient, Self::Tests, Self::Order];

    pub fn title(self) -> &'static str {
        match self {
            Self::Branch => "1 Branch",
            Self::Patient => "2 Patient",
            Self::Tests => "3 Tests & packages",
            Self::Order => "4 Order",
        }
    }

    /// Its number alone, where there is no room for more.
    pub fn number(self) -> &'static str {
        match self {
            Self::Branch => "1",
            Self::Patient => "2",
            Self::Tests => "3",
            Self::Order => "4",
        }
    }
}

/// One stop of the walk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Branch,
    Party,
    Field(FieldKey),
    Search,
    Lines,
    Discount,
    Kind,
}

impl Focus {
    pub fn pane(self) -> Pane {
        match self {
            Self::Branch | Self::Party => Pane::Branch,
            Self::Field(_) => Pane::Patient,
            Self::Search => Pane::Tests,
            Self::Lines | Self::Discount | Self::Kind => Pane::Order,
        }
    }

    /// Where the console opens: an account whose prices all belong to a party asks for the party first.
    pub fn start(offer: &Offer) -> Self {
        if offer.is_party_required {
            Self::Party
        } else {
            Self::Branch
        }
    }

    /// Every stop of a form, in walking order.
    pub fn stops(offer: &Offer, draft: &Draft) -> Vec<Self> {
        let mut stops = vec![Self::Branch];
        if !offer.parties.is_empty() {
            stops.push(Self::Party);
        }
        stops.extend(draft.fields(offer).map(|field| Self::Field(field.key)));
        stops.extend([Self::Search, Self::Lines, Self::Discount, Self::Kind]);
        stops
    }

    /// The stop `steps` further on, round and round.
    #[must_use]
    pub fn walk(self, stops: &[Self], steps: isize) -> Self {
        let here = stops
            .iter()
            .position(|stop| *stop == self)
            .unwrap_or_default();
        let there = here
            .cast_signed()
            .saturating_add(steps)
            .rem_euclid(stops.len().max(1).cast_signed());
        stops.get(there.cast_unsigned()).copied().unwrap_or(self)
    }
}
