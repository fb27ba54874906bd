//! What the provider remembers: codes, access tokens and the browsers that are signed in.

use crate::sandbox::bounded::{Bounded, Digest, random_secret};

/// RFC 6749 section 4.1.2 advises ten minutes at most; a browser needs seconds.
const CODE_SECONDS: i64 = 60;
/// Long enough for the one userinfo request of a sign-in.
pub(super) const TOKEN_SECONDS: i64 = 300;
/// As Entra's are.
pub(super) const OWN_TOKEN_SECONDS: i64 = 3600;
/// A working day, so that a second sign-in of the demo needs no typing.
const SESSION_SECONDS: i64 = 8 * 60 * 60;

/// The server has no randomness left; nothing can be handed out.
#[derive(Debug)]
pub(super) struct NoRandomness;

/// What a code stands for, bound to client, redirect URI and PKCE challenge.
#[derive(Debug)]
pub(super) struct Grant {
    pub(super) client_id: String,
    pub(super) redirect_uri: String,
    pub(super) challenge: String,
    pub(super) nonce: Option<String>,
    pub(super) scopes: Vec<String>,
    pub(super) session: Session,
}

/// A browser's single sign-on session.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) username: String,
    /// Seconds since 1970 at which the password was given.
    pub(super) auth_time: i64,
}

/// What an access token stands for; the code it came from can take it back.
#[derive(Debug)]
pub(super) struct Access {
    pub(super) username: String,
    pub(super) scopes: Vec<String>,
    code: Digest,
}

/// Four stores of 10,000 entries at most each; secrets are kept as hashes only.
#[derive(Debug, Default)]
pub(super) struct Grants {
    codes: Bounded<Grant>,
    tokens: Bounded<Access>,
    sessions: Bounded<Session>,
    /// Tokens that stand for a client and no person (RFC 6749 section 4.4).
    own: Bounded<()>,
}

impl Grants {
    pub(super) fn issue_code(&mut self, grant: Grant, now: i64) -> Result<String, NoRandomness> {
        let code = random_secret().ok_or(NoRandomness)?;
        self.codes.insert(&code, grant, now.saturating_add(CODE_SECONDS));
        Ok(code)
    }

    /// RFC 6749 section 4.1.2: a code that comes again takes back the token that it gave before.
    pub(super) fn redeem_code(&mut self, code: &str, now: i64) -> Option<Grant> {
        let grant = self.codes.take(code, now);
        if grant.is_none() {
            let replayed = Digest::of(code);
            self.tokens.keep_only(|access| access.code != replayed);
        }
        grant
    }

    pub(super) fn issue_token(
        &mut self,
        grant: &Grant,
        code: &str,
        now: i64,
    ) -> Result<String, NoRandomness> {
        let token = random_secret().ok_or(NoRandomness)?;
        let (username, scopes) = (grant.session.username.clone(), grant.scopes.clone());
        let access = Access { username, scopes, code: Digest::of(code) };
        self.tokens.insert(&token, access, now.saturating_add(TOKEN_SECONDS));
        Ok(token)
    }

    pub(super) fn access(&self, token: &str, now: i64) -> Option<&Access> {
        self.tokens.live(token, now)
    }

    /// For a client itself.
    pub(super) fn issue_own_token(&mut self, now: i64) -> Result<String, NoRandomness> {
        let token = random_secret().ok_or(NoRandomness)?;
        self.own.insert(&token, (), now.saturating_add(OWN_TOKEN_SECONDS));
        Ok(token)
    }

    pub(super) fn is_own(&self, token: &str, now: i64) -> bool {
        self.own.live(token, now).is_some()
    }

    /// The secret is the cookie's value.
    pub(super) fn begin_session(&mut self, session: Session, now: i64) -> Result<String, NoRandomness> {
        let secret = random_secret().ok_or(NoRandomness)?;
        self.sessions.insert(&secret, session, now.saturating_add(SESSION_SECONDS));
        Ok(secret)
    }

    pub(super) fn session(&self, secret: &str, now: i64) -> Option<&Session> {
        self.sessions.live(secret, now)
    }

    pub(super) fn end_session(&mut self, secret: &str, now: i64) {
        drop(self.sessions.take(secret, now));
    }
}
