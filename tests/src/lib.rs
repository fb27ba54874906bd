//! What the tests of the whole product stand on: a broker in process, an application behind it, and real counterparts.
#![forbid(unsafe_code)]
#![expect(
    clippy::expect_used,
    clippy::missing_panics_doc,
    reason = "a harness that cannot go on has to stop its test, loudly"
)]

pub mod application;
pub mod clock;
pub mod counterparts;
pub mod directory;
pub mod passkey;
pub mod port;
pub mod saml;
pub mod world;
