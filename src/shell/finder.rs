//! Searches large catalogues off the loop's thread; only the latest question is answered.

use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::mpsc::Sender;

use crate::app::browser::MOST_ROWS;
use crate::app::{CallId, Event};
use crate::domain::catalogue::{Catalogue, Search};

/// A question to the finder.
pub struct Question {
    pub call: CallId,
    pub catalogue: Arc<Catalogue>,
    pub query: String,
}

/// Starts the thread; it ends when the sender of questions is dropped.
pub fn start(answers: Sender<Event>) -> std::io::Result<mpsc::Sender<Question>> {
    let (questions, inbox) = mpsc::channel();
    thread::Builder::new()
        .name("finder".to_owned())
        .spawn(move || answer(&inbox, &answers))?;
    Ok(questions)
}

fn answer(inbox: &mpsc::Receiver<Question>, answers: &Sender<Event>) {
    let mut search = Search::default();
    let mut searched: Option<Arc<Catalogue>> = None;
    while let Ok(first) = inbox.recv() {
        let question = inbox.try_iter().last().unwrap_or(first);
        let is_same = searched
            .as_ref()
            .is_some_and(|known| Arc::ptr_eq(known, &question.catalogue));
        if !is_same {
            search = Search::default();
            searched = Some(question.catalogue.clone());
        }
        let hits = search.find(&question.catalogue, &question.query, MOST_ROWS);
        if answers
            .blocking_send(Event::RowsFound {
                call: question.call,
                hits,
            })
            .is_err()
        {
            return;
        }
    }
}
