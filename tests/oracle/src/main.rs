//! Judges SAML Responses with samael, which verifies them with libxml2 and xmlsec1.
//!
//! Standard input: the question as one line of JSON, then each message as one line of base64. Standard output: for each
//! message a line `{"samael": opinion}`. `tests/src/counterparts/opinions.rs` has the fields of both.
#![forbid(unsafe_code)]

mod reader;

use std::collections::BTreeMap;
use std::error::Error;
use std::io::{self, BufRead as _, Write as _};
use std::panic::{AssertUnwindSafe, catch_unwind};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use samael::schema::Assertion;
use serde::{Deserialize, Serialize};

/// What a Response has to be the answer to.
#[derive(Deserialize)]
struct Question {
    issuer: String,
    certificate_pem: String,
    acs: String,
    audience: String,
    request_id: String,
    skew_seconds: u32,
    sp_key_pem: Option<String>,
}

#[derive(Serialize)]
struct Opinion {
    accepted: bool,
    name_id: Option<String>,
    attributes: BTreeMap<String, Vec<String>>,
    reason: String,
}

#[derive(Serialize)]
struct Said {
    samael: Opinion,
}

fn main() -> Result<(), Box<dyn Error>> {
    let mut lines = io::stdin().lock().lines();
    let question: Question = serde_json::from_str(&lines.next().ok_or("no question")??)?;
    let reader = reader::of(&question)?;
    let mut output = io::stdout().lock();
    for line in lines {
        let message = STANDARD.decode(line?)?;
        let read = || reader::read(&reader, &question.request_id, &message);
        // A panic over one message is an opinion of it; the next one is read all the same.
        let samael = match catch_unwind(AssertUnwindSafe(read)) {
            Ok(Ok(assertion)) => accepted(assertion),
            Ok(Err(error)) => refused(error.to_string()),
            Err(_) => refused("it panicked".to_owned()),
        };
        writeln!(output, "{}", serde_json::to_string(&Said { samael })?)?;
        output.flush()?;
    }
    Ok(())
}

fn accepted(assertion: Assertion) -> Opinion {
    let name_id = assertion.subject.and_then(|subject| subject.name_id).map(|name_id| name_id.value);
    let mut attributes: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for attribute in
        assertion.attribute_statements.into_iter().flatten().flat_map(|statement| statement.attributes)
    {
        let values = attribute.values.into_iter().map(|value| value.value.unwrap_or_default());
        attributes.entry(attribute.name.unwrap_or_default()).or_default().extend(values);
    }
    Opinion { accepted: true, name_id, attributes, reason: String::new() }
}

fn refused(reason: String) -> Opinion {
    Opinion { accepted: false, name_id: None, attributes: BTreeMap::new(), reason }
}
