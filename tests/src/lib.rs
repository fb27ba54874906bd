//! What the tests of the whole product stand on: a broker in process, an application behind it, and real counterparts.
#![forbid(unsafe_code)]

pub mod application;
pub mod clock;
pub mod counterparts;
pub mod world;
