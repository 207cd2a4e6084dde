//! Requests that are read whole, and answers that leave slowly or break off.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody, to_bytes};
use axum::http::StatusCode;
use hyper::body::Frame;
use tokio::time::{Sleep, sleep};

use super::answer::Refusal;

/// Bytes of a request that are read: room for a photograph in base64.
const LARGEST_REQUEST: usize = 8 * 1024 * 1024;

/// The whole body of a request, or 413.
pub async fn whole(body: Body) -> Result<Bytes, Refusal> {
    to_bytes(body, LARGEST_REQUEST).await.map_err(|_| {
        Refusal::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "the body is too large or broke off",
        )
    })
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
