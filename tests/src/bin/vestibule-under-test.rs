//! The program as the tests start it: the product's own entry in a binary of this package, which cargo builds along with
//! the tests and tells them where it lies.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    vestibule_broker::command::run()
}
