//! Secure clients: the list, the form of a new one, and its secret, which is shown once (API-01, API-02).

use askama::Template;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::super::field::{Field, FieldKind};
use super::super::frame::{Fact, Frame, Html, Value};
use super::super::language::Language;
use super::super::marked::Piece;
use super::super::texts::{ClientsTexts, clients_texts};
use super::shell::{ConsoleFrame, Section, Shell, html};

/// What the list names.
#[derive(Debug, Clone, Copy)]
pub struct ClientsPage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    /// The organisation's customer id (ORG-05).
    pub customer: &'a str,
    /// Clients that whoever looks may see.
    pub rows: &'a [ClientItem],
    /// Posted to it are `form_token` and `name`.
    pub action: &'a str,
    /// Goes into the hidden field `form_token` of every form.
    pub form_token: &'a str,
    /// The name as it was typed before, or empty.
    pub name: &'a str,
    /// Why the form is there again.
    pub problem: Option<ClientProblem>,
}

/// Why no client was made.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ClientProblem {
    /// The name is empty or too long.
    Name,
    /// `TOO-MANY`.
    TooMany,
}

/// One client.
#[derive(Debug, Clone)]
pub struct ClientItem {
    pub name: String,
    pub id: String,
    pub made_by: String,
    pub created: String,
    /// Posted to it is `form_token`.
    pub delete: String,
}

/// The list.
#[must_use]
pub fn clients(page: &ClientsPage<'_>, language: Language) -> Html {
    let words = clients_texts(language);
    let problem = page.problem.map(|problem| match problem {
        ClientProblem::Name => words.no_name,
        ClientProblem::TooMany => words.too_many,
    });
    let sheet = ListSheet {
        shell: Shell::new(&page.frame, language, words.heading, problem),
        texts: words,
        customer: page.customer,
        rows: page.rows,
        action: page.action,
        form_token: page.form_token,
        fields: [Field::new("name", words.name, FieldKind::Plain)
            .value(page.name)
            .faulty_if(problem.is_some())
            .focused_if(problem.is_some())],
        problem,
    };
    html(&sheet)
}

#[derive(Template)]
#[template(path = "console/clients.html")]
struct ListSheet<'a> {
    shell: Shell<'a>,
    texts: &'static ClientsTexts,
    customer: &'a str,
    rows: &'a [ClientItem],
    action: &'a str,
    form_token: &'a str,
    fields: [Field<'a>; 1],
    problem: Option<&'static str>,
}

/// A client that was just made.
#[derive(Debug, Clone, Copy)]
pub struct ClientMadePage<'a> {
    /// What stands around it.
    pub frame: ConsoleFrame<'a>,
    pub name: &'a str,
    pub id: &'a str,
    /// Shown this once.
    pub secret: &'a str,
}

/// Its secret.
#[must_use]
pub fn client_made(page: &ClientMadePage<'_>, language: Language) -> Html {
    let words = clients_texts(language);
    // Neither an id nor a secret has a letter that CSV minds; a name may, and begin like a formula.
    let name = page.name.replace('"', "\"\"");
    let name = name.trim_start_matches(['=', '+', '-', '@']);
    let csv = format!("name,client_id,client_secret\r\n\"{name}\",{},{}\r\n", page.id, page.secret);
    let sheet = MadeSheet {
        shell: Shell::new(&page.frame, language, words.made_heading, None),
        texts: words,
        facts: [
            Fact { name: words.name, value: Value::Name(page.name) },
            Fact { name: words.id, value: Value::Code(page.id) },
            Fact { name: words.secret, value: Value::Code(page.secret) },
        ],
        file: format!("{}.csv", page.id),
        csv: self::csv(&csv),
        back: Section::ApiAccess.path(),
    };
    html(&sheet)
}

/// A file as an address, which no server sees.
pub(super) fn csv(text: &str) -> String {
    format!("data:text/csv;base64,{}", STANDARD.encode(text))
}

#[derive(Template)]
#[template(path = "console/client_made.html")]
struct MadeSheet<'a> {
    shell: Shell<'a>,
    texts: &'static ClientsTexts,
    facts: [Fact<'a>; 3],
    file: String,
    csv: String,
    back: &'static str,
}
