//! One request to a sandbox provider, and where that provider stands: what both protocols ask of a browser alike.

use std::error::Error;

use bytes::Bytes;
use http::header::{COOKIE, ORIGIN};
use http::{HeaderMap, HeaderValue, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt, Limited};
use hyper::body::Body;
use url::Url;

use super::language::Language;
use super::reply::{self, Reply};

/// One request with its body read.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) uri: Uri,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
}

impl Call {
    /// A body that is longer than `limit` is answered 413.
    pub(super) async fn read<B>(request: Request<B>, limit: usize) -> Result<Self, Reply>
    where
        B: Body<Data = Bytes>,
        B::Error: Into<Box<dyn Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let Ok(body) = Limited::new(body, limit).collect().await else {
            return Err(reply::text(StatusCode::PAYLOAD_TOO_LARGE, "The request is too long."));
        };
        let (method, uri, headers) = (parts.method, parts.uri, parts.headers);
        Ok(Self { method, uri, headers, body: body.to_bytes() })
    }

    pub(super) fn language(&self) -> Language {
        Language::wanted(&self.headers)
    }

    /// The value of a cookie, if exactly one came.
    pub(super) fn cookie(&self, name: &str) -> Option<&str> {
        let lines = self.headers.get_all(COOKIE).iter().filter_map(|line| line.to_str().ok());
        let mut found = lines
            .flat_map(|line| line.split(';'))
            .filter_map(|pair| pair.trim().split_once('='))
            .filter(|(found, _)| *found == name);
        match (found.next(), found.next()) {
            (Some((_, value)), None) => Some(value),
            _ => None,
        }
    }
}

/// Where a provider stands.
#[derive(Debug)]
pub(super) struct Place {
    /// The path of its address without a trailing slash; empty at the root.
    pub(super) base: String,
    /// `scheme://host[:port]`, as browsers write it in `Origin`.
    pub(super) origin: String,
}

impl Place {
    /// Nothing for what is no http or https URL without trailing slash, query and fragment.
    pub(super) fn of(address: &str) -> Option<Self> {
        let url = Url::parse(address).ok()?;
        let plain = url.query().is_none() && url.fragment().is_none() && !address.ends_with('/');
        (plain && matches!(url.scheme(), "http" | "https")).then(|| Self {
            base: url.path().trim_end_matches('/').to_owned(),
            origin: url.origin().ascii_serialization(),
        })
    }

    /// Clients that are no browser send no `Origin`; a browser always does with a POST.
    pub(super) fn sent(&self, call: &Call) -> bool {
        call.headers.get_all(ORIGIN).iter().all(|origin| origin.as_bytes() == self.origin.as_bytes())
    }

    /// A cookie for this place alone. `attributes` such as `; Max-Age=0` follow the fixed ones.
    pub(super) fn cookie(&self, name: &str, value: &str, attributes: &str) -> Option<HeaderValue> {
        let path = if self.base.is_empty() { "/" } else { &self.base };
        let secure = if self.origin.starts_with("https:") { "; Secure" } else { "" };
        let text = format!("{name}={value}; Path={path}; HttpOnly; SameSite=Lax{secure}{attributes}");
        HeaderValue::from_str(&text).ok()
    }
}
