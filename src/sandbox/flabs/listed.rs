//! A list that leaves row by row, so that none ever stands in memory as a whole.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use hyper::body::Frame;
use serde::Serialize;

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
