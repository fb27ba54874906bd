//! Forms that browsers post: bounded in size and time, each field by its name, and none that stands twice.

use std::time::Duration;

use http::header::CONTENT_TYPE;
use http::request::Parts;
use http_body_util::BodyExt;
use hyper::body::Incoming;
use vestibule_policies::code::Code;

/// The whole body has to be here by then.
const DEADLINE: Duration = Duration::from_secs(10);
/// Fields of one form.
const MOST: usize = 32;
/// How long a body that is too large is still read.
const LINGER: Duration = Duration::from_secs(5);

/// A posted form.
#[derive(Debug)]
pub struct Form(Vec<(String, String)>);

impl Form {
    /// Reads a form of at most `largest` bytes.
    ///
    /// # Errors
    /// `REQUEST-TOO-LARGE`, or `REQUEST-MALFORMED` for what is no form, has too many fields, or comes too slowly.
    pub async fn read(parts: &Parts, body: Incoming, largest: usize) -> Result<Self, Code> {
        Self::of_many(parts, body, (largest, MOST)).await
    }

    /// The same, with so many fields.
    ///
    /// # Errors
    /// As [`Form::read`].
    pub async fn of_many(
        parts: &Parts,
        body: Incoming,
        (largest, most): (usize, usize),
    ) -> Result<Self, Code> {
        let kind = parts.headers.get(CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default().trim();
        if !kind.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
            return Err(Code::RequestMalformed);
        }
        let whole = tokio::time::timeout(DEADLINE, whole(body, largest)).await;
        let bytes = whole.map_err(|_| Code::RequestMalformed)??;
        let fields: Vec<_> = url::form_urlencoded::parse(&bytes).take(most + 1).collect();
        if fields.len() > most {
            return Err(Code::RequestMalformed);
        }
        Ok(Self(fields.into_iter().map(|(name, value)| (name.into_owned(), value.into_owned())).collect()))
    }

    /// Every field, in their order.
    pub fn fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The field of this name, which has to stand there once.
    ///
    /// # Errors
    /// `REQUEST-MALFORMED` when it is missing or stands twice.
    pub fn only(&self, name: &str) -> Result<&str, Code> {
        self.optional(name)?.ok_or(Code::RequestMalformed)
    }

    /// What follows this beginning in the names of fields, in their order.
    #[must_use]
    pub fn names_after(&self, beginning: &str) -> Vec<&str> {
        self.0.iter().filter_map(|(field, _)| field.strip_prefix(beginning)).collect()
    }

    /// The field of this name, if there is one.
    ///
    /// # Errors
    /// `REQUEST-MALFORMED` when it stands twice: two readers could each take another one.
    pub fn optional(&self, name: &str) -> Result<Option<&str>, Code> {
        let mut values = self.0.iter().filter(|(field, _)| field == name).map(|(_, value)| value.as_str());
        match (values.next(), values.next()) {
            (value, None) => Ok(value),
            (_, Some(_)) => Err(Code::RequestMalformed),
        }
    }
}

/// A body of at most so many bytes, in time.
pub(super) async fn within(body: Incoming, largest: usize) -> Result<Vec<u8>, Code> {
    tokio::time::timeout(DEADLINE, whole(body, largest)).await.map_err(|_| Code::RequestMalformed)?
}

async fn whole(mut body: Incoming, largest: usize) -> Result<Vec<u8>, Code> {
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Code::RequestMalformed)?.into_data() else { continue };
        if bytes.len() + data.len() > largest {
            tokio::spawn(drain(body));
            return Err(Code::RequestTooLarge);
        }
        bytes.extend_from_slice(&data);
    }
    Ok(bytes)
}

/// Reads for nothing what a client still sends: a connection that is closed meanwhile is reset, and the client never reads its answer.
async fn drain(mut body: Incoming) {
    let all = async { while let Some(Ok(_)) = body.frame().await {} };
    // Whoever sends for longer than this does not read.
    let _ = tokio::time::timeout(LINGER, all).await;
}
