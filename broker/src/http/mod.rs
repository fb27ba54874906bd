//! HTTP as the broker speaks it: one listener, typed routes, and one place that writes responses.

pub mod accounts;
pub mod api;
mod application;
pub mod client_address;
pub mod console;
pub mod cookie;
pub mod failure;
pub mod form;
pub mod host;
pub mod listener;
pub mod operator;
pub mod origin;
pub mod reply;
pub mod route;
pub mod saml;
pub mod serve;
pub mod visit;
pub mod workspace;
