//! Reading an authorization request: what is wrong with it decides who gets to hear of it.
//!
//! RFC 6749 section 4.1.2.1: a fault in the client or its redirect URI is shown to the person, never
//! redirected; any other goes back to the registered redirect URI.

use super::{Client, Provider};
use crate::sandbox::message::Said;
use crate::sandbox::parameters::{Parameters, Repeated};

/// State and nonce of a stranger are carried around; longer ones are refused.
const OPAQUE_LIMIT: usize = 2048;

#[derive(Debug)]
pub(super) struct AuthorizationRequest<'a> {
    pub(super) client: &'a Client,
    pub(super) return_to: ReturnTo,
    pub(super) nonce: Option<String>,
    /// The S256 challenge (RFC 7636).
    pub(super) challenge: String,
    pub(super) scopes: Vec<String>,
    pub(super) interaction: Interaction,
    /// Seconds since the password was given that the client accepts.
    pub(super) max_age: Option<i64>,
    pub(super) login_hint: Option<String>,
}

/// A registered redirect URI and the state that goes back with the answer.
#[derive(Clone, Debug)]
pub(super) struct ReturnTo {
    pub(super) redirect_uri: String,
    pub(super) state: Option<String>,
}

/// `prompt` of OIDC Core 3.1.2.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Interaction {
    /// The single sign-on session will do, else the page.
    AsNeeded,
    /// `login` or `select_account`, or `max_age=0`: the page in any case.
    Always,
    /// `none`: never the page.
    Never,
}

#[derive(Debug)]
pub(super) enum Refused {
    /// For the person's eyes: this cannot be sent anywhere.
    Shown(Said),
    Returned {
        to: ReturnTo,
        error: &'static str,
        description: &'static str,
    },
}

impl Provider {
    /// Read anew at every step, so that nothing has to be kept between page and form.
    pub(super) fn read_request(&self, sent: &Parameters) -> Result<AuthorizationRequest<'_>, Refused> {
        let (client, redirect_uri) = self.registered(sent)?;
        // A repeated state cannot be returned: nobody knows which one is meant.
        let state = sent.one("state").unwrap_or_default().map(str::to_owned);
        let return_to = ReturnTo { redirect_uri, state };
        let terms = terms(sent).map_err(|Fault { error, description }| {
            let to = return_to.clone();
            Refused::Returned { to, error, description }
        })?;
        let Terms { nonce, challenge, scopes, interaction, max_age, login_hint } = terms;
        Ok(AuthorizationRequest {
            client,
            return_to,
            nonce,
            challenge,
            scopes,
            interaction,
            max_age,
            login_hint,
        })
    }

    /// RFC 9700 section 2.1: exact comparison, since every looser one has been used to steal codes.
    fn registered(&self, sent: &Parameters) -> Result<(&Client, String), Refused> {
        let client = sent.one("client_id").ok().flatten().and_then(|id| self.client(id));
        let client = client.ok_or(Refused::Shown([
            "The application is not known here (client_id).",
            "このアプリケーションは登録されていません (client_id)。",
        ]))?;
        let uri = sent.one("redirect_uri").ok().flatten();
        let uri = uri.filter(|uri| client.redirect_uris.iter().any(|registered| registered == uri));
        let uri = uri.ok_or(Refused::Shown([
            "The application did not register that address (redirect_uri).",
            "このアドレスはアプリケーションに登録されていません (redirect_uri)。",
        ]))?;
        Ok((client, uri.to_owned()))
    }
}

/// All that is left to say once it is known where an answer may go.
struct Terms {
    nonce: Option<String>,
    challenge: String,
    scopes: Vec<String>,
    interaction: Interaction,
    max_age: Option<i64>,
    login_hint: Option<String>,
}

struct Fault {
    error: &'static str,
    description: &'static str,
}

/// RFC 6749 section 4.1.2.1.
const fn invalid(description: &'static str) -> Fault {
    Fault { error: "invalid_request", description }
}

impl From<Repeated> for Fault {
    fn from(Repeated: Repeated) -> Self {
        invalid("A parameter came more than once.")
    }
}

fn terms(sent: &Parameters) -> Result<Terms, Fault> {
    unsupported(sent)?;
    let scopes: Vec<String> = sent
        .one("scope")?
        .unwrap_or_default()
        .split(' ')
        .filter(|s| !s.is_empty())
        .map(str::to_owned)
        .collect();
    if !scopes.iter().any(|scope| scope == "openid") {
        return Err(Fault { error: "invalid_scope", description: "The scope openid is missing." });
    }
    let max_age = sent.one("max_age")?.map(str::parse::<u32>).transpose();
    let max_age = max_age.map_err(|_| invalid("max_age is not a number of seconds."))?.map(i64::from);
    Ok(Terms {
        nonce: bounded(sent, "nonce")?,
        challenge: challenge(sent)?,
        scopes,
        interaction: interaction(sent, max_age)?,
        max_age,
        login_hint: bounded(sent, "login_hint")?,
    })
}

/// What discovery does not offer is refused with the code that its standard gives it.
fn unsupported(sent: &Parameters) -> Result<(), Fault> {
    if sent.has("request") {
        return Err(Fault { error: "request_not_supported", description: "Request objects are not taken." });
    }
    if sent.has("request_uri") {
        return Err(Fault { error: "request_uri_not_supported", description: "Request URIs are not taken." });
    }
    match sent.one("response_type")? {
        Some("code") => {}
        Some(_) => {
            return Err(Fault { error: "unsupported_response_type", description: "Only code is offered." });
        }
        None => return Err(invalid("response_type is missing.")),
    }
    match sent.one("response_mode")? {
        None | Some("query") => Ok(()),
        Some(_) => Err(invalid("Only the response mode query is offered.")),
    }
}

fn bounded(sent: &Parameters, name: &'static str) -> Result<Option<String>, Fault> {
    match sent.one(name)? {
        Some(value) if value.len() > OPAQUE_LIMIT => Err(invalid("A parameter is too long.")),
        value => Ok(value.map(str::to_owned)),
    }
}

/// RFC 7636 section 4.2 and 4.3; RFC 9700 section 2.1.1 leaves `plain` behind.
fn challenge(sent: &Parameters) -> Result<String, Fault> {
    let challenge = sent.one("code_challenge")?.ok_or(invalid("PKCE is required (code_challenge)."))?;
    if sent.one("code_challenge_method")? != Some("S256") {
        return Err(invalid("code_challenge_method must be S256."));
    }
    let unpadded = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_';
    if challenge.len() != 43 || !challenge.bytes().all(unpadded) {
        return Err(invalid("code_challenge is not a SHA-256 in base64url."));
    }
    Ok(challenge.to_owned())
}

/// OIDC Core 3.1.2.1: `none` excludes every other value.
fn interaction(sent: &Parameters, max_age: Option<i64>) -> Result<Interaction, Fault> {
    let mut wanted = Interaction::AsNeeded;
    let prompts: Vec<_> =
        sent.one("prompt")?.unwrap_or_default().split(' ').filter(|p| !p.is_empty()).collect();
    for prompt in &prompts {
        wanted = match *prompt {
            "none" if prompts.len() > 1 => return Err(invalid("prompt=none stands alone.")),
            "none" => Interaction::Never,
            "login" | "select_account" => Interaction::Always,
            "consent" => wanted,
            _ => return Err(invalid("The prompt is not known.")),
        };
    }
    // OIDC Core 3.1.2.1: max_age=0 is prompt=login by another name.
    match (wanted, max_age) {
        (Interaction::AsNeeded, Some(0)) => Ok(Interaction::Always),
        (wanted, _) => Ok(wanted),
    }
}
