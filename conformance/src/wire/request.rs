//! A request as a test writes it, without a browser's own headers and without redirects.

use bytes::Bytes;
use http::header::CONTENT_TYPE;
use http::{HeaderMap, HeaderName, HeaderValue, Method};
use url::Url;

use super::jar::Relation;
use super::transport::WireError;

/// Which cookies go along with a raw request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cookies {
    /// Those of the jar that a request of this relation carries; answers are kept.
    Jar(Relation),
    /// None; what the answer sets is thrown away.
    Omit,
}

/// One raw request.
#[derive(Clone, Debug)]
pub struct Request {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Bytes,
    pub(super) cookies: Cookies,
    pub(super) target: Option<String>,
}

impl Request {
    /// A request of this method, with the jar's cookies as for the own site.
    ///
    /// # Errors
    /// `Address` when `url` is none.
    pub fn new(method: Method, url: &str) -> Result<Self, WireError> {
        let url = Url::parse(url).map_err(|_| WireError::Address(url.to_owned()))?;
        Ok(Self {
            method,
            url,
            headers: HeaderMap::new(),
            body: Bytes::new(),
            cookies: Cookies::Jar(Relation::SameSite),
            target: None,
        })
    }

    /// A GET.
    ///
    /// # Errors
    /// `Address` when `url` is none.
    pub fn get(url: &str) -> Result<Self, WireError> {
        Self::new(Method::GET, url)
    }

    /// A POST of form-urlencoded fields.
    ///
    /// # Errors
    /// `Address` when `url` is none.
    pub fn post(url: &str, fields: &[(&str, &str)]) -> Result<Self, WireError> {
        let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let form = HeaderValue::from_static("application/x-www-form-urlencoded");
        let mut request = Self::new(Method::POST, url)?;
        request.headers.insert(CONTENT_TYPE, form);
        Ok(request.body(body))
    }

    /// Adds a header, beside others of its name.
    ///
    /// # Errors
    /// `Header` when name or value cannot stand in HTTP/1.1.
    pub fn header(mut self, name: &str, value: &str) -> Result<Self, WireError> {
        let refused = || WireError::Header(name.to_owned());
        let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| refused())?;
        let value =
            HeaderValue::from_bytes(value.as_bytes()).map_err(|_| WireError::Header(name.to_string()))?;
        self.headers.append(name, value);
        Ok(self)
    }

    /// Replaces the body.
    #[must_use]
    pub fn body(mut self, body: impl Into<Bytes>) -> Self {
        self.body = body.into();
        self
    }

    /// Says which cookies go along.
    #[must_use]
    pub fn cookies(mut self, cookies: Cookies) -> Self {
        self.cookies = cookies;
        self
    }

    /// Writes the request target letter by letter, where `Url` would tidy it (`/a/%2e%2e/b`).
    #[must_use]
    pub fn target(mut self, target: &str) -> Self {
        self.target = Some(target.to_owned());
        self
    }
}
