//! Searches large catalogues off the loop's thread; only the latest question is answered.

use std::collections::VecDeque;
use std::sync::{Arc, mpsc};
use std::thread;

use tokio::sync::mpsc::Sender;

use crate::app::browser::MOST_ROWS;
use crate::app::{CallId, Event};
use crate::domain::catalogue::{Catalogue, Hits, Search};

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

/// Answers that are kept: as many as a clerk walks back through with Backspace.
const KEPT: usize = 16;

/// What was found in one catalogue so far.
#[derive(Default)]
struct Found {
    catalogue: Option<Arc<Catalogue>>,
    search: Search,
    /// The latest queries with their rows, oldest first.
    kept: VecDeque<(String, Hits)>,
}

impl Found {
    fn rows(&mut self, question: &Question) -> Hits {
        let known = self.catalogue.as_ref();
        if !known.is_some_and(|known| Arc::ptr_eq(known, &question.catalogue)) {
            *self = Self {
                catalogue: Some(question.catalogue.clone()),
                ..Self::default()
            };
        }
        if let Some((_, hits)) = self.kept.iter().find(|(query, _)| *query == question.query) {
            return hits.clone();
        }
        let hits = self
            .search
            .find(&question.catalogue, &question.query, MOST_ROWS);
        if self.kept.len() == KEPT {
            self.kept.pop_front();
        }
        self.kept.push_back((question.query.clone(), hits.clone()));
        hits
    }
}

fn answer(inbox: &mpsc::Receiver<Question>, answers: &Sender<Event>) {
    let mut found = Found::default();
    while let Ok(first) = inbox.recv() {
        let question = inbox.try_iter().last().unwrap_or(first);
        let hits = found.rows(&question);
        let call = question.call;
        if answers
            .blocking_send(Event::RowsFound { call, hits })
            .is_err()
        {
            return;
        }
    }
}
