//! What leaves this desk, what comes back, and what it is called when neither happens.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::time::Duration;

use rstest::rstest;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

use super::*;

const QUICK: Limits = Limits {
    connect: Duration::from_secs(5),
    whole: Duration::from_millis(150),
};

fn create() -> Request<'static> {
    Request::post("/create", b"{}".to_vec(), 1_000)
}

/// A server that reads one request and then does as it is told with the connection.
async fn server<F, Done>(then: F) -> String
where
    F: FnOnce(TcpStream) -> Done + Send + 'static,
    Done: Future<Output = ()> + Send,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        let mut request = [0; 4_096];
        assert!(stream.read(&mut request).await.unwrap() > 0);
        then(stream).await;
    });
    base
}

async fn ask(base: &str, limits: Limits) -> Result<Answer, NoAnswer> {
    Http::new(base, limits, Clock::system())
        .unwrap()
        .ask(create())
        .await
}

#[rstest]
#[case("https://v2.flabs.in", None)]
#[case("https://v2.flabs.in/", None)]
#[case("http://127.0.0.1:8080", None)]
#[case("http://127.9.9.9", None)]
#[case("http://[::1]:8080", None)]
#[case("http://localhost:8080", Some(NotBase::NotSecure))]
#[case("http://v2.flabs.in", Some(NotBase::NotSecure))]
#[case("http://127.0.0.1.example.com", Some(NotBase::NotSecure))]
#[case("http://10.0.0.1", Some(NotBase::NotSecure))]
#[case("ftp://127.0.0.1", Some(NotBase::NotSecure))]
#[case("v2.flabs.in", Some(NotBase::Unreadable))]
#[case("", Some(NotBase::Unreadable))]
#[case("https://user:pass@v2.flabs.in", Some(NotBase::Extras))]
#[case("https://v2.flabs.in?key=1", Some(NotBase::Extras))]
fn bases(#[case] base: &str, #[case] expected: Option<NotBase>) {
    let http = Http::new(base, Limits::default(), Clock::system());
    assert_eq!(http.err(), expected);
}

#[tokio::test]
async fn a_closed_port_proves_that_nothing_left() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let base = format!("http://{}", listener.local_addr().unwrap());
    drop(listener);
    let no = ask(&base, Limits::default()).await.err().unwrap();
    assert!(matches!(no, NoAnswer::NotConnected(_)), "{no:?}");
}

#[tokio::test]
async fn a_server_without_tls_proves_that_nothing_left() {
    let base = server(async |mut stream| {
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n").await;
    });
    let base = base.await.replace("http://", "https://");
    let no = ask(&base, Limits::default()).await.err().unwrap();
    assert!(matches!(no, NoAnswer::NotConnected(_)), "{no:?}");
}

#[tokio::test]
async fn a_connection_closed_after_the_request_proves_nothing() {
    let base = server(async |stream| drop(stream)).await;
    let no = ask(&base, Limits::default()).await.err().unwrap();
    assert!(matches!(no, NoAnswer::Lost(_)), "{no:?}");
}

#[tokio::test]
async fn an_answer_that_never_comes_proves_nothing() {
    let base = server(async |stream| {
        std::future::pending::<()>().await;
        drop(stream);
    });
    let no = ask(&base.await, QUICK).await.err().unwrap();
    assert!(
        matches!(&no, NoAnswer::Lost(why) if why.contains("did not finish")),
        "{no:?}"
    );
}

#[tokio::test]
async fn a_garbled_head_proves_nothing() {
    let base = server(async |mut stream| {
        stream
            .write_all(b"\x00\x01 nonsense\r\n\r\n")
            .await
            .unwrap();
    });
    let no = ask(&base.await, Limits::default()).await.err().unwrap();
    assert!(matches!(no, NoAnswer::Lost(_)), "{no:?}");
}

#[rstest]
#[case::dropped(b"HTTP/1.1 200 OK\r\ncontent-length: 50\r\n\r\n{\"success\":true".as_slice())]
#[case::chunked(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{\"suc\r\n".as_slice())]
#[tokio::test]
async fn a_body_that_breaks_off_is_told_from_a_whole_one(#[case] sent: &'static [u8]) {
    let base = server(async move |mut stream| stream.write_all(sent).await.unwrap()).await;
    let answer = ask(&base, Limits::default()).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert!(matches!(answer.body, Err(Cut::Short(_))));
}

#[tokio::test]
async fn a_body_that_drips_for_ever_ends_with_the_time_limit() {
    let base = server(async |mut stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\n\r\n{").await.unwrap();
        std::future::pending::<()>().await;
    });
    let answer = ask(&base.await, QUICK).await.unwrap();
    assert!(matches!(answer.body, Err(Cut::Short(_))));
}

#[tokio::test]
async fn a_body_without_end_is_cut_off_at_the_cap() {
    let base = server(async |mut stream| {
        let head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n\r\n";
        stream.write_all(head).await.unwrap();
        while stream.write_all(&[b' '; 1_000]).await.is_ok() {}
    });
    let answer = ask(&base.await, Limits::default()).await.unwrap();
    assert_eq!(answer.body, Err(Cut::TooLong(1_000)));
}

#[rstest]
#[case("application/json", true)]
#[case("Application/JSON; charset=utf-8", true)]
#[case("application/problem+json", true)]
#[case("text/html", false)]
#[case("text/json+html", false)]
#[case("", false)]
fn content_types(#[case] content_type: &str, #[case] expected: bool) {
    assert_eq!(is_json(content_type), expected);
}
