//! Answers that leave piece by piece: long lists, slow ones, and those that break off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::Serialize;
use tokio::time::{Sleep, sleep};

/// Bytes after which a piece of a list is sent.
const PIECE: usize = 16 * 1024;

/// `{"success": true, "<name>": [rows]}`, written row by row so that no list ever stands in memory as a whole.
pub fn list<I>(name: &str, rows: I) -> Response
where
    I: Iterator<Item: Serialize> + Send + 'static,
{
    let listed = Listed {
        rows: Some(Box::new(rows)),
        piece: format!("{{\"success\":true,\"{name}\":[").into_bytes(),
        is_first: true,
    };
    let mut response = Body::new(listed).into_response();
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        HeaderValue::from_static("application/json"),
    );
    response
}

struct Listed<I> {
    rows: Option<Box<I>>,
    piece: Vec<u8>,
    is_first: bool,
}

impl<I: Iterator<Item: Serialize>> HttpBody for Listed<I> {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let listed = &mut *self;
        let Some(rows) = &mut listed.rows else {
            return Poll::Ready(None);
        };
        while listed.piece.len() < PIECE {
            let Some(row) = rows.next() else {
                listed.piece.extend_from_slice(b"]}");
                listed.rows = None;
                break;
            };
            if !std::mem::take(&mut listed.is_first) {
                listed.piece.push(b',');
            }
            serde_json::to_writer(&mut listed.piece, &row)?;
        }
        let piece = std::mem::take(&mut listed.piece);
        Poll::Ready(Some(Ok(Frame::data(piece.into()))))
    }
}

/// Bytes that leave in chunks with pauses, and may break off at their end.
pub struct Paced {
    rest: Bytes,
    chunk: usize,
    every: Duration,
    is_cut: bool,
    pause: Option<Pin<Box<Sleep>>>,
}

impl Paced {
    /// All of `whole`, `chunk` bytes at a time, each followed by a pause.
    pub fn drip(whole: Bytes, chunk: usize, every: Duration) -> Self {
        Self {
            rest: whole,
            chunk: chunk.max(1),
            every,
            is_cut: false,
            pause: None,
        }
    }

    /// The first `length` bytes, then a broken connection. The pauses let what was written leave the machine before
    /// the connection breaks.
    pub fn cut(whole: &Bytes, length: usize) -> Self {
        let every = Duration::from_millis(10);
        Self {
            rest: whole.slice(..length.min(whole.len().saturating_sub(1))),
            chunk: usize::MAX,
            every,
            is_cut: true,
            pause: Some(Box::pin(sleep(every))),
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        if self.rest.is_empty() {
            let broken = || Err(io::Error::other("cut, as a fault asked"));
            return Poll::Ready(self.is_cut.then(broken));
        }
        let length = self.chunk.min(self.rest.len());
        let piece = self.rest.split_to(length);
        self.pause = Some(Box::pin(sleep(self.every)));
        Poll::Ready(Some(Ok(Frame::data(piece))))
    }
}
