//! What is written down of administration: who did what to what (LOG-02 to LOG-04, LOG-12).

use serde_json::{Value, json};

use crate::http::visit::Visit;
use crate::store::audit::Event;

use super::{Actor, By};

/// An event of the actor's organisation. `target` says what was acted on, and holds no address in clear.
#[must_use]
pub fn event(visit: &Visit<'_>, actor: &Actor, name: &'static str, target: &Value) -> Event {
    let who = match &actor.by {
        By::Person(root) => {
            let (session, facts) = (root.id.to_string(), &root.facts);
            match root.person() {
                Some(person) => json!({ "session": session, "person": person.to_string() }),
                // As every event of their sign-ins knows them.
                None => {
                    json!({ "session": session, "connection": facts.connection, "subject": facts.subject })
                }
            }
        }
        By::Client(client) => {
            json!({ "client": client.public_id(), "person": client.maker.to_string() })
        }
    };
    Event {
        at: visit.app.wall.now(),
        organization: Some(actor.tenant.organization.id),
        name,
        code: None,
        correlation: visit.correlation().to_owned(),
        details: json!({ "actor": who, "target": target, "client": visit.client().to_string() }),
    }
}
