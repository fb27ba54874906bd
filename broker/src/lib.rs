//! The service: takes requests, sends people to their provider, opens sessions on what comes back, and lets requests of
//! live sessions through to the applications. `docs/architecture.md` is the map.
#![forbid(unsafe_code)]

pub mod administration;
pub mod app;
pub mod apply;
pub mod audit;
pub mod bootstrap;
pub mod check;
pub mod clock;
pub mod command;
pub mod config;
#[cfg(feature = "demo")]
pub mod demo;
#[cfg(not(feature = "demo"))]
#[path = "no_demo.rs"]
pub mod demo;
pub mod deployment;
pub mod http;
pub mod keys;
pub mod mail;
pub mod metrics;
pub mod outbound;
pub mod pages;
pub mod passwords;
pub mod person;
pub mod proxy;
pub mod recovery;
pub mod service_provider;
pub mod session;
pub mod signin;
pub mod signout;
pub mod store;
