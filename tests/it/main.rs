//! The one integration binary: the whole product, in process or as it ships, against what we did not write.
#![forbid(unsafe_code)]

// The attribute tells clippy that helpers beside a test may unwrap as the test may.
#[cfg(test)]
mod counterparts;
mod signin;
#[cfg(test)]
mod tidy;
