//! The one integration binary: the whole product, in process or as it ships, against what we did not write.
#![forbid(unsafe_code)]

mod counterparts;
mod signin;
mod tidy;
