//! Answers that nobody should send, and servers that are gone at the wrong moment: what every adapter must bear alike.

use std::time::Duration;

use frontdesk::domain::evidence::Outcome;
use frontdesk::domain::failure::Failure;
use frontdesk::domain::submission::Intent;
use frontdesk::vendor::Adapter;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use wiremock::ResponseTemplate;

pub fn json_bytes(status: u16, body: impl Into<Vec<u8>>) -> ResponseTemplate {
    ResponseTemplate::new(status).set_body_raw(body, "application/json")
}

/// What a network that wants a sign-in of its own says to everything.
pub fn html() -> ResponseTemplate {
    let page = "<html>Welcome to the airport</html>";
    ResponseTemplate::new(200).set_body_raw(page, "text/html")
}

pub fn ten_megabytes() -> ResponseTemplate {
    json_bytes(200, vec![b' '; 10_000_000])
}

pub fn deep() -> ResponseTemplate {
    json_bytes(200, "[".repeat(100_000))
}

/// It may have been accepted, in words that a screen can bear.
pub fn assert_perhaps_accepted(outcome: &Outcome) {
    let Outcome::PerhapsAccepted { why } = outcome else {
        panic!("{outcome:?}");
    };
    assert!(
        !why.chars().any(char::is_control) && why.len() < 400,
        "{why}"
    );
}

/// A vendor over raw sockets.
struct Wire {
    listener: TcpListener,
    /// The JSON that answers a sign-in.
    granted: &'static str,
}

impl Wire {
    async fn open(granted: &'static str) -> (Self, String) {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        (Self { listener, granted }, base)
    }

    /// Reads one whole request; its connection serves no other.
    async fn request(&self) -> TcpStream {
        let (mut stream, _) = self.listener.accept().await.unwrap();
        let mut read = Vec::new();
        loop {
            let mut part = [0; 4_096];
            let length = stream.read(&mut part).await.unwrap();
            assert_ne!(
                length, 0,
                "the connection closed before its request was whole"
            );
            read.extend_from_slice(part.get(..length).unwrap());
            if is_whole(&read) {
                return stream;
            }
        }
    }

    /// Signs in, and hands over the connection of the call once its bytes have arrived.
    async fn call(&self) -> TcpStream {
        grant(self.request().await, self.granted).await;
        self.request().await
    }
}

/// Its head has ended, and as much body as the head tells has come; a GET has none.
fn is_whole(read: &[u8]) -> bool {
    let text = String::from_utf8_lossy(read);
    let Some((head, _)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let fields = head.lines().filter_map(|line| line.split_once(':'));
    let mut lengths = fields.filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
    let length = lengths.next().map(|(_, length)| length.trim().parse());
    let length: usize = length.map_or(0, Result::unwrap);
    read.len() >= head.len() + 4 + length
}

async fn grant(mut sign_in: TcpStream, granted: &str) {
    let length = granted.len();
    let answer = format!(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {length}\r\n\r\n{granted}"
    );
    sign_in.write_all(answer.as_bytes()).await.unwrap();
}

/// The server hangs up when it has read the call.
pub async fn cut_off<A: Adapter>(
    granted: &'static str,
    adapter: impl FnOnce(&str) -> A,
    intent: &Intent,
) {
    let (wire, base) = Wire::open(granted).await;
    let adapter = adapter(&base);
    let (outcome, ()) = tokio::join!(Adapter::submit(&adapter, intent, None), async {
        drop(wire.call().await);
    });
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
}

/// The server reads the call and says nothing.
pub async fn silent<A: Adapter + 'static>(
    granted: &'static str,
    adapter: impl FnOnce(&str) -> A,
    intent: Intent,
) {
    let (wire, base) = Wire::open(granted).await;
    let adapter = adapter(&base);
    let sent = tokio::spawn(async move { Adapter::submit(&adapter, &intent, None).await });
    let call = wire.call().await;
    let began = tokio::time::Instant::now();
    tokio::time::pause();
    let outcome = sent.await.unwrap();
    assert!(matches!(outcome, Outcome::Unknown { .. }), "{outcome:?}");
    assert!(began.elapsed() > Duration::from_secs(15));
    drop(call);
}

/// Nobody is there.
pub async fn gone<A: Adapter>(adapter: impl FnOnce(&str) -> A, intent: &Intent) -> A {
    let (wire, base) = Wire::open("").await;
    drop(wire);
    let adapter = adapter(&base);
    let outcome = Adapter::submit(&adapter, intent, None).await;
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
    let left = *Adapter::budget(&adapter).borrow();
    assert_eq!(left.left, left.of);
    let reached = Adapter::reach(&adapter).await;
    assert!(matches!(reached, Err(Failure::Offline(_))), "{reached:?}");
    adapter
}

/// The server signs in and is gone before the call.
pub async fn gone_after_sign_in<A: Adapter>(
    granted: &'static str,
    adapter: impl FnOnce(&str) -> A,
    intent: &Intent,
) {
    let (wire, base) = Wire::open(granted).await;
    let adapter = adapter(&base);
    let (outcome, ()) = tokio::join!(Adapter::submit(&adapter, intent, None), async move {
        let sign_in = wire.request().await;
        drop(wire);
        grant(sign_in, granted).await;
    });
    assert!(matches!(outcome, Outcome::NotSent { .. }), "{outcome:?}");
}
