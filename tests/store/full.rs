//! A disk that is full in the middle of a commit. The limit is the kernel's and holds for a whole process, so each run
//! has one of its own.

use std::path::Path;
use std::process::Command;
use std::time::Duration;

use chrono::DateTime;
use frontdesk::courier::budget::Shared;
use frontdesk::domain::draft::Draft;
use frontdesk::domain::offer::Kind;
use frontdesk::domain::submission::DraftId;
use frontdesk::store::drafts::Drafts;
use frontdesk::store::intents::{Intents, Listing};
use frontdesk::store::{Sqlite, StoreError};
use frontdesk::vendor::budget::Lane;
use frontdesk::vendor::budget::book::{Book, Taken, Terms};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tokio::time::timeout;

use crate::place;
use crate::support::*;

const CHILD: &str = "FRONTDESK_TEST_OF_A_FULL_DISK";
const SOON: Duration = Duration::from_secs(20);

/// Runs a test of this file again in a process of its own, which the kernel does not kill at the limit; gives back how
/// many faults it counted.
fn in_its_own_process(test: &str) -> u32 {
    let ran = Command::new("sh")
        .args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""])
        .arg(std::env::current_exe().unwrap())
        .args(["--exact", test, "--nocapture"])
        .env(CHILD, "1")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&ran.stdout);
    let complaint = String::from_utf8_lossy(&ran.stderr);
    assert!(ran.status.success(), "{said}{complaint}");
    let faults = said.lines().find_map(|line| line.split_once("faults: "));
    let (_, faults) = faults.unwrap_or_else(|| panic!("{said}"));
    faults.trim().parse().unwrap()
}

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// No file of this process grows beyond so many bytes; without a number it may.
fn limit(bytes: Option<u64>) {
    let maximum = getrlimit(Resource::Fsize).maximum;
    let current = bytes.or(maximum);
    setrlimit(Resource::Fsize, Rlimit { current, maximum }).unwrap();
}

fn log_of(path: &Path) -> u64 {
    let log = path.with_file_name("store.db-wal");
    log.metadata().unwrap().len()
}

fn block_on(work: impl Future<Output = u32>) {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let faults = runtime.enable_all().build().unwrap().block_on(work);
    #[allow(clippy::print_stdout, reason = "what the other process reads")]
    {
        println!("faults: {faults}");
    }
}

#[test]
fn a_full_disk_leaves_nothing_half_done_and_the_next_call_works() {
    if is_child() {
        return block_on(fill_up());
    }
    let test = "full::a_full_disk_leaves_nothing_half_done_and_the_next_call_works";
    let faults = in_its_own_process(test);
    assert!(faults >= 10, "{faults}");
}

async fn fill_up() -> u32 {
    let (_folder, path) = place();
    let (here, there) = (
        Sqlite::open(&path).await.unwrap(),
        Sqlite::open(&path).await.unwrap(),
    );
    let at = moment(MORNING);
    for draft in 100..110 {
        here.save(wish(draft, at.date_naive()), at).await.unwrap();
    }
    // A little more room each time, until a save fits: each before it is a fault.
    for draft in 0..200 {
        let kept = Draft::new(DraftId(draft), Kind::Lead);
        here.keep_draft("demo", &kept, at).await.unwrap();
        while timeout(Duration::from_millis(20), there.changed_elsewhere())
            .await
            .is_ok()
        {}
        limit(Some(log_of(&path) + 1024 * draft));
        let saved = here.save(wish(draft, at.date_naive()), at).await;
        limit(None);
        if saved.is_ok() {
            return u32::try_from(draft).unwrap();
        }
        assert!(matches!(saved, Err(StoreError::Disk(_))), "{saved:?}");
        // Whoever listens looks for himself: it might be there all the same.
        timeout(SOON, there.changed_elsewhere()).await.unwrap();
        assert!(there.of_draft(DraftId(draft)).await.unwrap().is_none());
        let drafts = here.drafts("demo", DateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(drafts.len(), 1);
        here.save(wish(draft, at.date_naive()), at).await.unwrap();
        let drafts = here.drafts("demo", DateTime::UNIX_EPOCH).await.unwrap();
        assert_eq!(drafts.len(), 0);
        let all = there.list(&Listing::default()).await.unwrap();
        assert_eq!(all.len() as u64, 10 + draft + 1);
        assert!(all.iter().all(Result::is_ok));
    }
    panic!("nothing fits");
}

#[test]
fn a_full_disk_leaves_the_budget_its_small_share() {
    if is_child() {
        return block_on(spend());
    }
    let faults = in_its_own_process("full::a_full_disk_leaves_the_budget_its_small_share");
    assert_eq!(faults, 4);
}

async fn spend() -> u32 {
    let (_folder, path) = place();
    let (here, there) = (
        Sqlite::open(&path).await.unwrap(),
        Sqlite::open(&path).await.unwrap(),
    );
    let terms = Terms {
        of: 60,
        window: Duration::from_secs(60),
        longest: Duration::from_secs(40),
    };
    let book = |store: &Sqlite| Shared::new(store.clone(), "account".to_owned(), terms);
    let (one, other) = (book(&here), book(&there));
    let at = Duration::from_secs;
    assert!(matches!(
        one.take(Lane::Send, 0, at(100)).await,
        Taken::Yes(_)
    ));
    limit(Some(log_of(&path)));
    let mut faults = 0;
    for now in [101, 201] {
        let no = one.take(Lane::Send, 0, at(now)).await;
        assert_eq!(no, Taken::NotBefore(at(now + 5)));
        faults += 1;
    }
    for _ in 0..2 {
        let list = one.take(Lane::Read, 10, at(201)).await;
        assert!(matches!(list, Taken::Yes(_)), "{list:?}");
        faults += 1;
    }
    limit(None);
    // The mark needs no room: whoever can still write leaves the share.
    assert_eq!(other.left(at(201)).await.free, 55);
    assert!(matches!(
        one.take(Lane::Send, 0, at(202)).await,
        Taken::Yes(_)
    ));
    assert_eq!(other.left(at(202)).await.free, 57);
    faults
}
