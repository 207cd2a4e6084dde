//! Keeps a session alive while the console is used, and lets it end when nobody does.
//!
//! A session dies of idleness, so that every call renews it. Before it would die it is validated
//! (<https://meddbase.github.io/meddbase-apis/patient-portal-api/authentication/validatelogin.html>), but only where a
//! call was made or somebody was at the console since the last validation: a console that stands alone keeps its
//! session for one life more, and then nothing wakes up any more until somebody comes back.

use std::sync::{Arc, PoisonError, Weak};
use std::time::Duration;

use super::Session;
use crate::clock::{Clock, Steady};

/// A session is validated when less than this is left, or less than half of its life where that is shorter.
const MARGIN: Duration = Duration::from_secs(60);
/// A life beyond a day is not believed.
const LONGEST_LIFE: Duration = Duration::from_secs(24 * 3_600);

/// When a session was used last.
pub struct Usage {
    /// How long it lives unused.
    life: Duration,
    /// It lived at this moment.
    proven_at: Steady,
    /// The last call that was not made to keep it alive, or the last time that somebody was at the console.
    used_at: Option<Steady>,
    /// Somebody follows it.
    is_followed: bool,
}

/// What is to be done for a session.
enum Next {
    Wait(Duration),
    Validate,
    LetGo,
}

impl Usage {
    pub fn new(life: Duration) -> Self {
        Self {
            life,
            proven_at: Steady::ZERO,
            used_at: None,
            is_followed: false,
        }
    }

    fn lives(&mut self, life: Option<Duration>) {
        if let Some(life) = life.filter(|life| !life.is_zero()) {
            self.life = life.min(LONGEST_LIFE);
        }
    }

    /// Whether there is something left to keep: a session that was never opened, or has ended, is not brought back.
    fn is_wanted(&mut self, now: Steady) -> bool {
        let is_alive = self.proven_at > Steady::ZERO && now < self.proven_at + self.life;
        if is_alive {
            self.used_at = Some(now);
        }
        is_alive
    }

    fn next(&mut self, now: Steady) -> Next {
        let due = self.proven_at + self.life.saturating_sub(MARGIN.min(self.life / 2));
        if now < due {
            return Next::Wait(due.saturating_sub(now));
        }
        // Each validation is paid for by a call, or by somebody at the console.
        if self.used_at.take().is_some() {
            return Next::Validate;
        }
        self.is_followed = false;
        Next::LetGo
    }
}

impl Session {
    pub(super) fn note_use(&self, at: Steady) {
        let mut usage = self.usage();
        usage.proven_at = usage.proven_at.max(at);
        usage.used_at = Some(at);
    }

    /// False where there is no session that could be kept.
    pub(super) fn note_presence(&self, at: Steady) -> bool {
        self.usage().is_wanted(at)
    }

    pub(super) fn note_sign_in(&self, at: Steady, life: Option<Duration>) {
        let mut usage = self.usage();
        // The life in the configuration contradicts the published samples of what remains: the shorter one counts.
        let life = life.map(|life| life.min(usage.life));
        usage.lives(life);
        usage.proven_at = at;
        usage.used_at = Some(at);
    }

    pub(super) fn note_validation(&self, at: Steady, remaining: Option<Duration>) {
        let mut usage = self.usage();
        usage.lives(remaining);
        usage.proven_at = at;
    }

    /// Follows the session until nobody uses it any more; does nothing where somebody follows it already.
    pub(super) fn keep_alive(self: &Arc<Self>) {
        if std::mem::replace(&mut self.usage().is_followed, true) {
            return;
        }
        let clock = self.caller.clock().clone();
        tokio::spawn(follow(Arc::downgrade(self), clock));
    }

    fn usage(&self) -> std::sync::MutexGuard<'_, Usage> {
        // Nothing that runs under the lock can panic half-way.
        self.usage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Holds nothing of the session while it waits: an account that is closed is not kept.
async fn follow(session: Weak<Session>, clock: Clock) {
    loop {
        let Some(session) = session.upgrade() else {
            return;
        };
        let next = session.usage().next(clock.steady());
        match next {
            Next::Wait(wait) => {
                drop(session);
                clock.sleep(wait).await;
            }
            Next::Validate => {
                let held = session
                    .state
                    .lock()
                    .await
                    .held
                    .as_ref()
                    .map(super::Held::pass);
                if let Some(pass) = held {
                    // Whatever is wrong with it, the next call will meet and tell.
                    drop(session.validate(&pass).await);
                }
            }
            Next::LetGo => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIFE: Duration = Duration::from_secs(1_200);

    /// When something is due after `now`, as far as time alone decides.
    fn due(usage: &mut Usage, now: u64) -> Option<u64> {
        match usage.next(Duration::from_secs(now)) {
            Next::Wait(wait) => Some(now + wait.as_secs()),
            Next::Validate | Next::LetGo => None,
        }
    }

    fn used(usage: &mut Usage, at: u64) {
        usage.proven_at = Duration::from_secs(at);
        usage.used_at = Some(usage.proven_at);
    }

    #[test]
    fn a_session_is_validated_once_for_its_last_use_and_then_let_go() {
        let mut usage = Usage::new(LIFE);
        usage.is_followed = true;
        used(&mut usage, 100);
        assert_eq!(due(&mut usage, 100), Some(1_240));
        // A call in between moves the moment.
        used(&mut usage, 500);
        assert_eq!(due(&mut usage, 1_240), Some(1_640));
        let next = usage.next(Duration::from_secs(1_640));
        assert!(matches!(next, Next::Validate));
        usage.proven_at = Duration::from_secs(1_640);
        assert_eq!(due(&mut usage, 1_640), Some(2_780));
        let next = usage.next(Duration::from_secs(2_780));
        assert!(matches!(next, Next::LetGo));
        assert!(!usage.is_followed, "the next call follows it anew");
    }

    #[test]
    fn somebody_at_the_console_keeps_a_session_that_lives() {
        let second = Duration::from_secs;
        let mut usage = Usage::new(LIFE);
        assert!(!usage.is_wanted(second(50)), "there is none yet");
        used(&mut usage, 100);
        for validated_at in [1_240, 2_380, 3_520] {
            assert!(usage.is_wanted(second(validated_at - 600)));
            // Nothing wakes up before its time for it.
            assert_eq!(due(&mut usage, validated_at - 600), Some(validated_at));
            assert!(matches!(usage.next(second(validated_at)), Next::Validate));
            usage.proven_at = second(validated_at);
        }
        // Nobody comes any more.
        assert!(matches!(usage.next(second(4_660)), Next::LetGo));
        assert!(usage.is_wanted(second(4_700)), "it can still be caught");
        assert!(matches!(usage.next(second(4_700)), Next::Validate));
        assert!(!usage.is_wanted(second(4_720)), "and then it cannot");
    }

    #[test]
    fn what_remains_is_believed_within_reason() {
        let mut usage = Usage::new(LIFE);
        usage.lives(Some(Duration::from_secs(569)));
        used(&mut usage, 0);
        assert_eq!(due(&mut usage, 0), Some(509));
        usage.lives(Some(Duration::from_secs(40)));
        assert_eq!(due(&mut usage, 0), Some(20));
        usage.lives(Some(Duration::ZERO));
        assert_eq!(due(&mut usage, 0), Some(20));
        usage.lives(Some(Duration::from_secs(u64::MAX)));
        assert_eq!(due(&mut usage, 0), Some(24 * 3_600 - 60));
    }
}
