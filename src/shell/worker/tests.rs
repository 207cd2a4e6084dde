//! The worker at its own loop, with a courier that only listens.

#![allow(clippy::unwrap_used, clippy::panic)]

use super::*;
use crate::courier::ToSave;
use crate::domain::branch::{Branch, BranchId};
use crate::domain::offer::{Choice, FieldKey, Kind};
use crate::domain::standing::Decision;
use crate::domain::submission::{DraftId, IntentId, Patient, Submission};

/// A change that takes the picture at this path along.
fn with_picture(path: &str) -> Request {
    let branch = Branch {
        id: BranchId("b1".to_owned()),
        name: "Harbour".to_owned(),
        address: None,
        zone: None,
    };
    let mut submission = Submission::of(Kind::Change, branch, Patient::named("Rahul"));
    let picture = Choice::plain(path);
    submission.details.insert(FieldKey::Image, picture);
    let asked = ToSave {
        draft: DraftId(1),
        key: None,
        follows: None,
        submission,
    };
    Request::SaveWithFile {
        asked: Box::new(asked),
        field: FieldKey::Image,
    }
}

/// A courier that tells what it is ordered.
fn listening() -> (CourierHandle, Receiver<Order>) {
    let (orders, mut inbox) = channel(8);
    let (heard, told) = channel(8);
    let (_, news) = channel(8);
    let (_, idle) = watch::channel(true);
    let work = tokio::spawn(async move {
        while let Some(order) = inbox.recv().await {
            heard.send(order).await.unwrap();
        }
    });
    let courier = CourierHandle {
        orders,
        news,
        idle,
        work,
    };
    (courier, told)
}

/// The one thread that may wait for a disk does: no file is read before `release` is dropped.
fn hold_disk() -> threads::Sender<()> {
    let (release, held) = threads::channel();
    tokio::task::spawn_blocking(move || {
        let _ = held.recv();
    });
    release
}

#[test]
fn while_a_file_is_read_the_rest_goes_on_and_nobody_leaves_without_it() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("id.png");
    std::fs::write(&path, b"\x89PNG\r\n\x1a\n").unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .max_blocking_threads(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let release = hold_disk();
        let (courier, mut told) = listening();
        let desk = Desk {
            adapter: Err("no vendor".to_owned()),
            store: Err("no store".to_owned()),
            courier: Ok(courier),
            clock: Clock::system(),
            sandbox: None,
        };
        let (requests, inbox) = channel(8);
        let (answers, _events) = channel(8);
        let (errands, _drawer) = channel(8);
        let worker = tokio::spawn(async move {
            let used = Notify::new();
            let inbox = (inbox, &used);
            let sends = work(desk, String::new(), Vec::new(), inbox, &errands, &answers);
            sends.await.unwrap().finish().await;
        });
        requests
            .send(with_picture(path.to_str().unwrap()))
            .await
            .unwrap();
        let intent = IntentId("FD-1".to_owned());
        let decision = Decision::TakeBack;
        requests
            .send(Request::Decide { intent, decision })
            .await
            .unwrap();
        let first = told.recv().await.unwrap();
        assert!(matches!(first, Order::Decide { .. }), "{first:?}");
        drop(requests);
        drop(release);
        let Some(Order::Save(saved)) = told.recv().await else {
            panic!("it is lost")
        };
        assert!(saved.submission.attachment.is_some());
        worker.await.unwrap();
    });
}
