//! Where the keys go: the stops that Tab walks, and the panes they lie in.

use crate::domain::draft::Draft;
use crate::domain::offer::{FieldKey, Items, Offer};
use crate::domain::rules;

/// The panes; which of them there are follows from the kind of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Pane {
    Branch,
    Patient,
    Tests,
    When,
    Order,
}

impl Pane {
    /// The panes of a form, in the order in which they are walked and numbered.
    pub fn of(offer: &Offer, draft: &Draft) -> Vec<Self> {
        let has_items = offer.items(draft.kind) != Items::None;
        let panes = [
            Some(Self::Branch),
            Some(Self::Patient),
            has_items.then_some(Self::Tests),
            draft.slot_source(offer).map(|_| Self::When),
            Some(Self::Order),
        ];
        panes.into_iter().flatten().collect()
    }

    /// Its title; a form without items has nothing to order.
    pub fn name(self, has_items: bool) -> &'static str {
        match self {
            Self::Branch => "Branch",
            Self::Patient => "Patient",
            Self::Tests => "Tests & packages",
            Self::When => "When",
            Self::Order if has_items => "Order",
            Self::Order => "Visit",
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
    When,
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
            Self::When => Pane::When,
            Self::Lines | Self::Discount | Self::Kind => Pane::Order,
        }
    }

    /// Where the console opens: an account whose prices all belong to a party asks for the party first.
    pub fn start(offer: &Offer, draft: &Draft) -> Self {
        if offer.is_party_required && rules::asks_party(draft, offer) {
            Self::Party
        } else {
            Self::Branch
        }
    }

    /// Every stop of a form, in walking order.
    pub fn stops(offer: &Offer, draft: &Draft) -> Vec<Self> {
        let mut stops = vec![Self::Branch];
        if rules::asks_party(draft, offer) {
            stops.push(Self::Party);
        }
        stops.extend(draft.fields(offer).map(|field| Self::Field(field.key)));
        let items = offer.items(draft.kind);
        if items != Items::None {
            stops.push(Self::Search);
        }
        if draft.slot_source(offer).is_some() {
            stops.push(Self::When);
        }
        if items != Items::None {
            stops.push(Self::Lines);
        }
        if items == Items::Priced {
            stops.push(Self::Discount);
        }
        stops.push(Self::Kind);
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
