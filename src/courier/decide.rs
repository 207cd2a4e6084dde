//! What a person may decide in which state, and the fact that it makes.

use crate::domain::evidence::{Fact, State};
use crate::domain::standing::{Decision, Standing};
use crate::domain::text::one_line;

/// The fact that a decision makes, or why this state does not allow it.
pub fn fact(decision: &Decision, standing: &Standing) -> Result<Fact, String> {
    let state = &standing.state;
    match (decision, state) {
        (Decision::TakeBack, State::Saved) if !standing.has_left() => Ok(Fact::TakenBack),
        (Decision::TakeBack, State::Saved) => {
            Err("it was on its way once; drop it instead".to_owned())
        }
        (Decision::TakeBack, _) => Err(format!("too late to take it back: {}", state.word())),
        (Decision::Found(number), State::NeedsYou { .. } | State::Accepted { number: None }) => {
            match one_line(number) {
                number if number.is_empty() => {
                    Err("type the number that the vendor shows for it".to_owned())
                }
                number => Ok(Fact::PersonFound { number }),
            }
        }
        (Decision::Resend, State::NeedsYou { .. }) => Ok(Fact::PersonResends),
        (Decision::Drop { reason }, State::NeedsYou { .. } | State::Saved) => {
            let reason = reason.as_deref().map(one_line);
            let reason = reason.filter(|reason| !reason.is_empty());
            Ok(Fact::PersonDropped { reason })
        }
        (Decision::Found(_) | Decision::Resend | Decision::Drop { .. }, _) => Err(format!(
            "nothing to decide while it is {}",
            state.word().to_lowercase()
        )),
    }
}
