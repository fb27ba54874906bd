//! The program `vestibule`.
#![forbid(unsafe_code)]

fn main() -> std::process::ExitCode {
    vestibule_broker::command::run()
}
