//! Accepts connections and speaks HTTP on them, until it is told to stop.
//!
//! The loop is our own because a fault must be able to hang up without an answer: hyper drops the connection when
//! its service fails, and axum's own server knows no failing services.

use std::convert::Infallible;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

/// Put into the extensions of a response that must never be sent.
#[derive(Clone, Copy, Debug, thiserror::Error)]
#[error("hung up without an answer, as a fault asked")]
pub struct HungUp;

/// How long answers under way may take once the sandbox stops.
const GRACE: Duration = Duration::from_millis(500);
/// After a failed accept (too many open files): time for some to close.
const RETRY: Duration = Duration::from_millis(50);

/// Serves until `stopped` holds true or its sender is gone; returns when the last connection is closed.
pub async fn serve(listener: TcpListener, router: Router, mut stopped: watch::Receiver<bool>) {
    let mut connections = JoinSet::new();
    loop {
        let stream = tokio::select! {
            () = told_to_stop(&mut stopped) => break,
            Some(_) = connections.join_next() => continue,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "the sandbox could not accept a connection");
                    sleep(RETRY).await;
                    continue;
                }
            },
        };
        connections.spawn(converse(stream, router.clone(), stopped.clone()));
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// A sandbox that was dropped counts as told.
async fn told_to_stop(stopped: &mut watch::Receiver<bool>) {
    drop(stopped.wait_for(|is_stopped| *is_stopped).await);
}

async fn converse(stream: TcpStream, router: Router, mut stopped: watch::Receiver<bool>) {
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "the sandbox answers in larger packets");
    }
    let router = TowerToHyperService::new(router);
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = router.call(request);
        async move { answered(answer.await) }
    });
    let mut connection =
        pin!(http1::Builder::new().serve_connection(TokioIo::new(stream), service));
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = told_to_stop(&mut stopped) => {
            connection.as_mut().graceful_shutdown();
            timeout(GRACE, connection).await.ok()
        }
    };
    if let Some(Err(error)) = ended {
        tracing::debug!(%error, "a connection of the sandbox broke");
    }
}

fn answered(answer: Result<Response, Infallible>) -> Result<Response, HungUp> {
    let response = answer.unwrap_or_else(|never| match never {});
    match response.extensions().get::<HungUp>() {
        Some(hung_up) => Err(*hung_up),
        None => Ok(response),
    }
}
