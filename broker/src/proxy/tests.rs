//! The proxy between real sockets: raw bytes in, raw bytes seen by the application.

mod messages;
mod smuggling;
mod streaming;
mod world;
