//! Passwords of the built-in identity: hashed and compared beside the threads that serve. What is allowed is decided by
//! `vestibule_policies::password`.

pub mod hash;
mod pool;
