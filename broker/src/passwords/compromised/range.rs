//! A service that is asked by range: the first five digits of a SHA-1 go out, every hash with these comes back, and the rest
//! is compared here.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use http::header::{ACCEPT, USER_AGENT};
use http::{Request, StatusCode};
use vestibule_providers::ports::Http;

use super::Unanswered;
use super::sha1::{Sha1, entry};

/// A sign-in waits no longer for it.
const PATIENCE: Duration = Duration::from_secs(2);

/// A service such as that of Have I Been Pwned.
pub(super) struct RangeService {
    base: String,
    client: Arc<dyn Http>,
    patience: Duration,
}

impl RangeService {
    /// At an address without a slash at its end.
    pub(super) fn new(base: String, client: Arc<dyn Http>) -> Self {
        Self { base, client, patience: PATIENCE }
    }

    /// Whether the service lists a hash.
    ///
    /// # Errors
    /// [`Unanswered`]: it is away, late, or says something else than what was asked.
    pub(super) async fn lists(&self, hash: &Sha1) -> Result<bool, Unanswered> {
        let (prefix, suffix) = hash.split();
        let request = Request::get(format!("{}/range/{prefix}", self.base))
            // Without it, the length of the answer would tell a listener the prefix.
            .header("add-padding", "true")
            .header(ACCEPT, "text/plain")
            .header(USER_AGENT, "vestibule")
            .body(Vec::new())
            .map_err(|_| Unanswered::Address)?;
        let late = |_| Unanswered::Late(self.patience.as_millis());
        let response =
            tokio::time::timeout(self.patience, self.client.send(request)).await.map_err(late)??;
        if response.status() != StatusCode::OK {
            return Err(Unanswered::Status(response.status().as_u16()));
        }
        let body = std::str::from_utf8(response.body()).map_err(|_| Unanswered::NoRange)?;
        lists(body, suffix).ok_or(Unanswered::NoRange)
    }
}

impl fmt::Debug for RangeService {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RangeService").field("base", &self.base).finish_non_exhaustive()
    }
}

/// Whether a range lists the rest of a hash; `None` where the text is no range. Every line is read, since a page of somebody
/// in between must not pass for a range without the hash. No range is empty: each prefix has hundreds of hashes.
fn lists(body: &str, suffix: &str) -> Option<bool> {
    let mut is_listed = None;
    for line in body.lines().filter(|line| !line.is_empty()) {
        let (hash, count) = entry(line, suffix.len())?;
        // An entry that pads has the count 0.
        let is_this = count > 0 && hash.eq_ignore_ascii_case(suffix);
        is_listed = Some(is_listed.unwrap_or(false) || is_this);
    }
    is_listed
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use async_trait::async_trait;
    use http::Response;
    use vestibule_providers::ports::HttpError;

    use super::*;

    const SUFFIX: &str = "1E4C9B93F3F0682250B6CF8331B7EE68FD8";
    const OTHER: &str = "00000000000000000000000000000000001:3";

    #[test]
    fn a_range_is_read_to_its_last_line() {
        for (name, body, listed) in [
            ("listed", format!("{OTHER}\r\n{SUFFIX}:52256179\r\n"), Some(true)),
            ("listed first, without the last line's end", format!("{SUFFIX}:1\n{OTHER}"), Some(true)),
            ("in lower case", format!("{}:1", SUFFIX.to_lowercase()), Some(true)),
            ("not listed", OTHER.to_owned(), Some(false)),
            ("padding", format!("{OTHER}\r\n{SUFFIX}:0\r\n"), Some(false)),
            ("padding alone", "00000000000000000000000000000000001:0".to_owned(), Some(false)),
            ("all but one digit", format!("{}9:4", &SUFFIX[..34]), Some(false)),
            ("nothing", String::new(), None),
            ("line ends alone", "\r\n\r\n".to_owned(), None),
            ("a page", "<html>sign in to the network</html>".to_owned(), None),
            ("a page behind a good line", format!("{OTHER}\n<html>"), None),
            ("a page behind the line itself", format!("{SUFFIX}:1\n<html>"), None),
            ("whole hashes", format!("5BAA6{SUFFIX}:1"), None),
            ("no count", SUFFIX.to_owned(), None),
        ] {
            assert_eq!(lists(&body, SUFFIX), listed, "{name}");
        }
    }

    /// What a client sends, and what it gets.
    #[derive(Debug)]
    struct Client {
        asked: Mutex<Vec<Request<Vec<u8>>>>,
        answer: Option<Result<Response<Vec<u8>>, HttpError>>,
    }

    #[async_trait]
    impl Http for Client {
        async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
            self.asked.lock().unwrap().push(request);
            match &self.answer {
                Some(answer) => answer.clone(),
                None => std::future::pending().await,
            }
        }
    }

    async fn asked(
        answer: Option<Result<Response<Vec<u8>>, HttpError>>,
    ) -> (Result<bool, Unanswered>, Request<Vec<u8>>) {
        let client = Arc::new(Client { asked: Mutex::default(), answer });
        let service = RangeService {
            base: "https://ranges.example/v1".to_owned(),
            client: Arc::<Client>::clone(&client),
            patience: Duration::from_millis(20),
        };
        let listed = service.lists(&Sha1::of(b"password")).await;
        let request = client.asked.lock().unwrap().remove(0);
        (listed, request)
    }

    fn status(status: u16, body: &str) -> Response<Vec<u8>> {
        Response::builder().status(status).body(body.as_bytes().to_vec()).unwrap()
    }

    #[tokio::test]
    async fn five_digits_go_out_and_padding_is_asked_for() {
        let (listed, request) = asked(Some(Ok(status(200, &format!("{SUFFIX}:2"))))).await;
        assert_eq!(listed, Ok(true));
        assert_eq!(request.uri(), "https://ranges.example/v1/range/5BAA6");
        assert_eq!(request.headers()["add-padding"], "true");
        assert!(request.headers().contains_key(USER_AGENT) && request.body().is_empty());
    }

    #[tokio::test]
    async fn anything_else_than_a_range_is_no_answer() {
        let listing = format!("{SUFFIX}:2");
        for (answer, reason) in [
            (Some(Ok(status(500, &listing))), Unanswered::Status(500)),
            (Some(Ok(status(302, &listing))), Unanswered::Status(302)),
            (Some(Ok(status(404, ""))), Unanswered::Status(404)),
            (Some(Ok(status(204, ""))), Unanswered::Status(204)),
            (Some(Ok(status(200, "<html>"))), Unanswered::NoRange),
            (Some(Ok(Response::new(vec![0xff]))), Unanswered::NoRange),
            (Some(Err(HttpError::TooLarge(9))), Unanswered::Http(HttpError::TooLarge(9))),
            (None, Unanswered::Late(20)),
        ] {
            assert_eq!(asked(answer).await.0, Err(reason));
        }
    }
}
