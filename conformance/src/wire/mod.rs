//! A browser for tests that keeps the rules a real one keeps: a test client that ignores `SameSite`,
//! `form-action` or `Referrer-Policy` hides the very bugs it should find.
//!
//! Clauses: RFC 6265bis (cookies), Fetch (`Origin`, `Referer`, redirects), Fetch Metadata, CSP3
//! `form-action`. [`Browser`] is the entrance; [`exchange`] sends raw octets where a browser never would.

mod browser;
mod cookie;
mod form;
mod form_action;
mod html;
mod jar;
mod navigation;
mod page;
mod raw;
mod referrer;
mod request;
mod site;
mod transport;
mod walk;

#[cfg(test)]
mod tests;

pub use browser::{Browser, BrowserOptions};
pub use cookie::{Cookie, CookieRefusal, Lifetime, SameSite};
pub use form::{Button, Form, FormMethod, Link};
pub use jar::{CookieJar, Relation};
pub use page::{Hop, Page};
pub use raw::exchange;
pub use request::{Cookies, Request};
pub use site::Site;
pub use transport::WireError;
