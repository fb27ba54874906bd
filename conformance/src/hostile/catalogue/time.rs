//! Rows about time: at most 60 seconds of leeway, in every direction the same (JWT-14).

use super::super::fault::{Edit, Fault};
use super::{Row, accepted, refused};

pub(super) fn rows() -> Vec<Row> {
    let time = |name: &str, offset| Fault::Claims(Edit::time(name, offset));
    vec![
        accepted("JWT-14", "exp 30 s ago", time("exp", -30)),
        refused("JWT-14", "exp 90 s ago", time("exp", -90)),
        refused("OIDC-RP-35", "exp more than 5 min ago", time("exp", -301)),
        accepted("JWT-14", "nbf in 30 s", time("nbf", 30)),
        refused("JWT-14", "nbf in 90 s", time("nbf", 90)),
        accepted("JWT-14", "iat in 30 s", time("iat", 30)),
        refused("JWT-14", "iat in 10 min", time("iat", 600)),
        refused("JWT-14", "exp is text", Fault::Claims(Edit::set("exp", "tomorrow"))),
    ]
}
