//! The HTTP face of the broker, end to end (conformance HTTP-03 to HTTP-16, SESS-06, SESS-07; interface 2 to 4).

mod cookies;
mod forwarded;
mod hosts;
mod isolation;
mod leases;
mod methods;
mod operator;
mod pages;
mod passing;
mod paths;
mod refusals;
mod splitting;
mod streaming;

use std::net::SocketAddr;
use std::time::Duration;

use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use vestibule_conformance::wire::{Browser, Page, Request};
use vestibule_tests::world::World;

/// Far more than any answer here takes.
const DEADLINE: Duration = Duration::from_secs(10);

/// Sends a message to the letter and reads the whole answer, whose connection the message has to close.
async fn raw(listener: SocketAddr, message: &str) -> String {
    let exchange = async {
        let mut stream = TcpStream::connect(listener).await.unwrap();
        stream.write_all(message.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.unwrap();
        String::from_utf8(answer).unwrap()
    };
    tokio::time::timeout(DEADLINE, exchange).await.expect("an answer")
}

/// The status of a raw answer.
fn status(answer: &str) -> u16 {
    answer.split(' ').nth(1).and_then(|code| code.parse().ok()).unwrap_or_else(|| panic!("{answer:?}"))
}

/// A request without a browser's headers, with the browser's cookies.
async fn ask(browser: &mut Browser, method: Method, url: &str, headers: &[(&str, &str)]) -> Page {
    let mut request = Request::new(method, url).unwrap();
    for (name, value) in headers {
        request = request.header(name, value).unwrap();
    }
    browser.request(request).await.unwrap()
}

/// A GET whose target is sent to the letter.
async fn ask_target(browser: &mut Browser, world: &World, target: &str) -> Page {
    browser.request(Request::get(&world.url("acme", "/")).unwrap().target(target)).await.unwrap()
}
