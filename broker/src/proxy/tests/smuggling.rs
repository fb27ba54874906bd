//! HTTP-07, RFC 9112 §6.3 and §11.2: whatever the framing, the application sees one request or none.

use super::world::{Front, Recorder, head_lines};

const OK: &str = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi";
const PASSED: &str = "HTTP/1.1 200 ";
const REFUSED: &str = "HTTP/1.1 400 ";
const NEXT: &str = "GET /smuggled HTTP/1.1\r\nHost: x\r\n\r\n";

#[tokio::test]
async fn an_ambiguous_message_is_one_request_or_none() {
    let post = "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n";
    let chunks = "0\r\n\r\n";
    let rows = [
        ("CL.TE", PASSED, format!("Content-Length: 6\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}")),
        ("TE.CL", PASSED, format!("Transfer-Encoding: chunked\r\nContent-Length: 3\r\n\r\n{chunks}{NEXT}")),
        (
            "TE.TE",
            REFUSED,
            format!("Transfer-Encoding: chunked\r\nTransfer-Encoding: x\r\n\r\n{chunks}{NEXT}"),
        ),
        (
            "TE twice",
            REFUSED,
            format!("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}"),
        ),
        ("xchunked", REFUSED, format!("Transfer-Encoding: xchunked\r\n\r\n{chunks}{NEXT}")),
        ("tab before chunked", PASSED, format!("Transfer-Encoding:\tchunked\r\n\r\n{chunks}{NEXT}")),
        ("space before the colon", REFUSED, format!("Transfer-Encoding : chunked\r\n\r\n{chunks}{NEXT}")),
        ("gzip below", REFUSED, format!("Transfer-Encoding: gzip, chunked\r\n\r\n{chunks}{NEXT}")),
        ("CL twice", REFUSED, format!("Content-Length: 0\r\nContent-Length: 5\r\n\r\nabcde{NEXT}")),
        ("CL list", REFUSED, format!("Content-Length: 0, 5\r\n\r\nabcde{NEXT}")),
        ("CL with a sign", REFUSED, format!("Content-Length: +5\r\n\r\nabcde{NEXT}")),
        ("CL beyond range", REFUSED, format!("Content-Length: 99999999999999999999\r\n\r\n{NEXT}")),
        (
            "CL nominated",
            PASSED,
            format!("Connection: content-length\r\nContent-Length: 5\r\n\r\nabcde{NEXT}"),
        ),
        (
            "TE nominated",
            PASSED,
            format!("Connection: transfer-encoding\r\nTransfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}"),
        ),
        ("underscore", PASSED, format!("Content_Length: 5\r\nTransfer_Encoding: chunked\r\n\r\n{NEXT}")),
        ("bare CR", REFUSED, format!("X: a\rTransfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}")),
        ("folded", REFUSED, format!("X: a\r\n Transfer-Encoding: chunked\r\n\r\n{chunks}{NEXT}")),
        (
            "chunk size overflow",
            REFUSED,
            format!("Transfer-Encoding: chunked\r\n\r\n10000000000000000\r\n{NEXT}"),
        ),
        ("chunk size no number", REFUSED, format!("Transfer-Encoding: chunked\r\n\r\nzz\r\n{NEXT}")),
        (
            "chunk extension with LF",
            REFUSED,
            format!("Transfer-Encoding: chunked\r\n\r\n0;a\nb\r\n\r\n{NEXT}"),
        ),
    ];
    for (row, outcome, rest) in rows {
        let mut application = Recorder::answering(OK).await;
        let front = Front::before(application.address).await;
        let answer = front.exchange(&format!("{post}{rest}")).await;
        assert!(answer.starts_with(outcome) && answer.matches("HTTP/1.1 ").count() == 1, "{row}: {answer}");
        let seen = application.rest();
        assert_eq!(seen.len(), usize::from(outcome == PASSED), "{row}: {seen:?}");
        for request in seen {
            assert!(!request.contains("smuggled"), "{row}: {request}");
            let framings = head_lines(&request)
                .iter()
                .filter(|line| line.starts_with("content-length:") || line.starts_with("transfer-encoding:"))
                .count();
            assert!(framings <= 1, "{row}: {request}");
        }
    }
}

#[tokio::test]
async fn a_body_that_breaks_is_the_visitors_fault() {
    let application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    let answer = front
        .exchange("POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nzz\r\n")
        .await;
    assert!(answer.starts_with("HTTP/1.1 400 ") && answer.ends_with("REQUEST-MALFORMED"), "{answer}");
}

#[tokio::test]
async fn an_answer_framed_twice_arrives_framed_once() {
    let application = Recorder::answering(
        "HTTP/1.1 200 OK\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n0\r\n\r\n",
    )
    .await;
    let front = Front::before(application.address).await;
    let answer = front.exchange("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").await;
    assert!(answer.to_ascii_lowercase().contains("transfer-encoding: chunked"), "{answer}");
    assert!(!answer.to_ascii_lowercase().contains("content-length"), "{answer}");
    assert!(answer.ends_with("2\r\nhi\r\n0\r\n\r\n"), "{answer}");
}

#[tokio::test]
async fn trailers_cannot_bring_what_headers_may_not() {
    let mut application = Recorder::answering(OK).await;
    let front = Front::before(application.address).await;
    front
        .exchange(
            "POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nTE: trailers\r\nTrailer: X-Forwarded-User\r\n\
             Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-Forwarded-User: bob\r\n\r\n",
        )
        .await;
    let seen = application.next().await;
    assert!(seen.ends_with("3\r\nabc\r\n0\r\n\r\n") && !seen.contains("bob"), "{seen}");
}
