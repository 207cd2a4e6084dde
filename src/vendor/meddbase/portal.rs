//! Calls with the session they need: a read is asked once more with a new session when the old one turns out to be
//! over, and a change only where that proves that it did nothing.

use std::sync::Arc;

use serde_json::Value;

use super::caller::{Call, Caller, Pass};
use super::outcome;
use super::session::Session;
use super::wire::envelope::Said;
use crate::domain::failure::Failure;
use crate::vendor::budget::{Lane, Slot};
use crate::vendor::line::NoCall;

/// One account's way to the portal; without a session nobody is signed in.
pub struct Portal {
    pub caller: Arc<Caller>,
    pub session: Option<Arc<Session>>,
}

/// What a session that is over means for a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Twice {
    /// It is made once more with a new session: the first time did nothing.
    AfterSignIn,
    Never,
}

impl Portal {
    /// A list for the screen.
    pub async fn read(&self, call: &Call<'_>) -> Result<Value, Failure> {
        let said = self
            .asked(Lane::Read, None, call, Twice::AfterSignIn)
            .await?;
        outcome::result(call.path, said)
    }

    /// A call that changes something, in the name of who is signed in.
    pub async fn change(
        &self,
        right: Option<Slot>,
        call: &Call<'_>,
        twice: Twice,
    ) -> Result<Said, NoCall> {
        self.asked(Lane::Send, right, call, twice).await
    }

    /// A call in the name of a patient who has registered, or of nobody.
    pub async fn as_patient(
        &self,
        lane: Lane,
        right: Option<Slot>,
        call: &Call<'_>,
        pass: Option<&Pass>,
    ) -> Result<Said, NoCall> {
        let now = self.caller.now();
        self.caller.ask(lane, right, now, call, pass).await
    }

    async fn asked(
        &self,
        lane: Lane,
        right: Option<Slot>,
        call: &Call<'_>,
        twice: Twice,
    ) -> Result<Said, NoCall> {
        let wanted_at = self.caller.now();
        let Some(session) = &self.session else {
            return self.caller.ask(lane, right, wanted_at, call, None).await;
        };
        let pass = session.pass(None).await?;
        let asked_at = self.caller.now();
        let asked = self.caller.ask(lane, right, wanted_at, call, Some(&pass));
        let said = asked.await?;
        if !said.is_session_over() {
            session.was_used(asked_at);
            return Ok(said);
        }
        if twice == Twice::Never {
            session.forget(pass.number).await;
            return Ok(said);
        }
        let pass = session.pass(Some(pass.number)).await?;
        let asked_at = self.caller.now();
        let asked = self.caller.ask(lane, None, wanted_at, call, Some(&pass));
        let said = asked.await?;
        if said.is_session_over() {
            session.forget(pass.number).await;
        } else {
            session.was_used(asked_at);
        }
        Ok(said)
    }
}
