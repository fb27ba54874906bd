//! The one integration binary: the whole product, in process or as it ships, against what we did not write.
#![forbid(unsafe_code)]

// The attribute tells clippy that helpers beside a test may unwrap as the test may.
#[cfg(test)]
mod administrators;
#[cfg(test)]
mod admission;
#[cfg(test)]
mod api;
#[cfg(test)]
mod apply;
#[cfg(test)]
mod claims;
#[cfg(test)]
mod commands;
#[cfg(test)]
mod conformance;
#[cfg(test)]
mod cookies;
#[cfg(test)]
mod counterparts;
#[cfg(test)]
mod csrf;
#[cfg(test)]
mod directory;
#[cfg(test)]
mod http;
#[cfg(test)]
mod interop;
#[cfg(test)]
mod mail;
#[cfg(test)]
mod openid;
#[cfg(test)]
mod passwords;
#[cfg(test)]
mod saml;
#[cfg(test)]
mod sessions;
#[cfg(test)]
mod sign_out;
#[cfg(test)]
mod signin;
#[cfg(test)]
mod tidy;
