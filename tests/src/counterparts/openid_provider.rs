//! A certified OpenID provider with the shape of an Okta authorization server, on a free port of loopback.

use std::process::ExitStatus;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout};
use tokio::time::timeout;

use super::{CounterpartError, node};

const SCRIPT: &str = "openid.mjs";
/// A busy machine starts node slowly; idle it takes half a second.
const PATIENCE: Duration = Duration::from_mins(1);

/// How the client proves itself at the token endpoint (OpenID Connect Core 1.0 §9).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenAuth {
    /// `client_secret_basic`.
    Basic,
    /// `client_secret_post`.
    Post,
}

/// The one relying party that the provider knows.
#[derive(Debug, Clone)]
pub struct Client {
    /// `client_id`.
    pub id: String,
    /// `client_secret`.
    pub secret: String,
    /// Compared to the letter (RFC 9700 §4.1.3).
    pub redirect_uris: Vec<String>,
    /// How it proves itself.
    pub token_auth: TokenAuth,
    /// What it has registered for sign-outs.
    pub sign_out: SignOut,
}

/// What a relying party registers for sign-outs.
#[derive(Debug, Clone, Default)]
pub struct SignOut {
    /// `post_logout_redirect_uris`, compared to the letter (RP-Initiated Logout 1.0 §3.1).
    pub redirect_uris: Vec<String>,
    /// `backchannel_logout_uri`, with `backchannel_logout_session_required`.
    pub back_channel: Option<String>,
}

/// Who signs in, and how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignIn {
    /// Somebody types into the provider's page; it takes any password.
    ByHand,
    /// The provider signs this login in without a page.
    Scripted(String),
}

/// A running provider. It ends when this is dropped.
#[derive(Debug)]
pub struct OpenIdProvider {
    issuer: String,
    child: Child,
    /// Kept, so that the pipe stays open.
    _said: Lines<BufReader<ChildStdout>>,
}

impl OpenIdProvider {
    /// Starts a provider with fresh keys and waits until it serves.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(client: &Client, sign_in: &SignIn) -> Result<Self, CounterpartError> {
        let mut child = node::start(SCRIPT, environment(client, sign_in)?)?;
        let stdout = child.stdout.take().ok_or(CounterpartError::Ended(SCRIPT))?;
        let mut said = BufReader::new(stdout).lines();
        let issuer = timeout(PATIENCE, ready(&mut said))
            .await
            .map_err(|_| CounterpartError::Deadline { program: SCRIPT, deadline: PATIENCE })??;
        Ok(Self { issuer, child, _said: said })
    }

    /// The issuer, with its port: `http://127.0.0.1:<port>/oauth2/default`.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The domain that a connection of kind `okta` names: the issuer's origin.
    #[must_use]
    pub fn domain(&self) -> &str {
        self.issuer.strip_suffix("/oauth2/default").unwrap_or(&self.issuer)
    }

    /// Ends it and waits until its port is closed.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn stop(mut self) -> Result<ExitStatus, CounterpartError> {
        drop(self.child.stdin.take());
        timeout(PATIENCE, self.child.wait())
            .await
            .map_err(|_| CounterpartError::Deadline { program: SCRIPT, deadline: PATIENCE })?
            .map_err(failed)
    }
}

fn environment(client: &Client, sign_in: &SignIn) -> Result<Vec<(&'static str, String)>, CounterpartError> {
    let list = |uris: &Vec<String>| {
        serde_json::to_string(uris).map_err(|source| CounterpartError::Json { program: SCRIPT, source })
    };
    let token_auth = match client.token_auth {
        TokenAuth::Basic => "client_secret_basic",
        TokenAuth::Post => "client_secret_post",
    };
    let (auto, user) = match sign_in {
        SignIn::ByHand => ("0", String::new()),
        SignIn::Scripted(login) => ("1", login.clone()),
    };
    Ok(vec![
        ("CLIENT_ID", client.id.clone()),
        ("CLIENT_SECRET", client.secret.clone()),
        ("REDIRECT_URIS", list(&client.redirect_uris)?),
        ("SIGN_OUT_URIS", list(&client.sign_out.redirect_uris)?),
        ("BACK_CHANNEL", client.sign_out.back_channel.clone().unwrap_or_default()),
        ("TOKEN_AUTH", token_auth.to_owned()),
        ("PORT", "0".to_owned()),
        ("AUTO", auto.to_owned()),
        ("AUTO_USER", user),
    ])
}

async fn ready(said: &mut Lines<BufReader<ChildStdout>>) -> Result<String, CounterpartError> {
    while let Some(line) = said.next_line().await.map_err(failed)? {
        if let Some(issuer) = line.strip_prefix("ready ") {
            return Ok(issuer.to_owned());
        }
    }
    Err(CounterpartError::Ended(SCRIPT))
}

fn failed(source: std::io::Error) -> CounterpartError {
    CounterpartError::Process { program: SCRIPT, source }
}
