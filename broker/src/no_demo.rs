//! A broker built without the demo: the type is there, and nobody can make one.

use http::Request;
use hyper::body::Incoming;
use vestibule_policies::name::HostName;

use crate::http::reply::Reply;
use crate::http::visit::Visit;

/// No demo.
#[derive(Debug)]
pub enum Demo {}

impl Demo {
    /// Never called.
    #[must_use]
    pub const fn serves(&self, _: &HostName) -> bool {
        match *self {}
    }

    /// Never called.
    #[expect(clippy::unused_async, reason = "the demo's own is")]
    pub async fn sandbox(&self, _: &HostName, _: Request<Incoming>) -> Reply {
        match *self {}
    }

    /// Never called.
    pub const fn start_page(&self, _: &Visit<'_>) -> std::future::Ready<Reply> {
        match *self {}
    }
}
