//! What the provider keeps between calls: the script, the calls, the codes, all of them bounded.

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Mutex, MutexGuard, PoisonError};

use http::Method;
use ring::rand::{SecureRandom, SystemRandom};
use serde_json::{Map, Value, json};

use super::fault::{
    AnswerFault, ClientAuth, Edit, Encoding, Endpoint, Fault, KeyFault, Misbehaviour, Signing,
};
use super::jws::Signer;
use super::keys::{MAIN, NEXT, RsaKey, b64, object};
use super::provider::Setup;
use super::served::Served;

/// The `sub` of everybody who signs in here.
pub const SUBJECT: &str = "hostile-subject-1";

/// Codes, access tokens and calls that are kept; the oldest goes first.
const MAX_KEPT: usize = 10_000;

/// One request that reached the provider.
#[derive(Clone, Debug)]
pub struct Call {
    /// Which endpoint it asked; `None` for an address that does not exist.
    pub endpoint: Option<Endpoint>,
    /// The path as sent.
    pub path: String,
    /// The query as sent, or empty.
    pub query: String,
    /// The method.
    pub method: Method,
    /// The `Authorization` header, or `None`.
    pub authorization: Option<String>,
    /// The body, 64 KiB at most.
    pub body: String,
}

/// What an authorization code stands for.
#[derive(Clone, Debug)]
pub(super) struct Grant {
    pub(super) code: String,
    pub(super) nonce: String,
    pub(super) challenge: String,
    pub(super) redirect_uri: String,
}

/// Everything that the endpoints share.
pub(super) struct State {
    pub(super) setup: Setup,
    /// Scheme, host and port; the issuer is this and the path.
    pub(super) origin: String,
    pub(super) issuer: String,
    /// The key set's last segment, another with every start (OIDC-RP-19).
    pub(super) keys_path: String,
    script: Mutex<Script>,
    rotated: Mutex<bool>,
    calls: Mutex<VecDeque<Call>>,
    grants: Mutex<VecDeque<Grant>>,
    access_tokens: Mutex<VecDeque<String>>,
    served: Mutex<BTreeMap<String, VecDeque<Served>>>,
}

impl State {
    pub(super) fn new(setup: Setup, port: u16) -> Self {
        let origin = format!("http://{}:{port}", setup.host);
        Self {
            issuer: format!("{origin}{}", setup.path),
            origin,
            setup,
            keys_path: format!("/keys/{}", random()),
            script: Mutex::default(),
            rotated: Mutex::default(),
            calls: Mutex::default(),
            grants: Mutex::default(),
            access_tokens: Mutex::default(),
            served: Mutex::default(),
        }
    }

    pub(super) fn now(&self) -> i64 {
        (self.setup.clock)()
    }

    pub(super) fn script(&self) -> Script {
        held(&self.script).clone()
    }

    pub(super) fn rewrite(&self, faults: Vec<Fault>) {
        held(&self.script).0 = faults;
    }

    pub(super) fn serve(&self, target: &str, answers: Vec<Served>) {
        held(&self.served).insert(target.to_owned(), answers.into());
    }

    /// What a test put at this address.
    pub(super) fn served(&self, call: &Call) -> Option<Served> {
        let mut served = held(&self.served);
        let target =
            if call.query.is_empty() { call.path.clone() } else { format!("{}?{}", call.path, call.query) };
        let answers = served.get_mut(&target)?;
        if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() }
    }

    pub(super) fn rotate(&self) {
        let mut rotated = held(&self.rotated);
        *rotated = !*rotated;
    }

    /// The good key of the moment.
    pub(super) fn key(&self) -> &'static RsaKey {
        if *held(&self.rotated) { &NEXT } else { &MAIN }
    }

    pub(super) fn attacker(&self) -> String {
        format!("{}/attacker", self.issuer)
    }

    pub(super) fn signer<'a>(&'a self, script: &Script, attacker: &'a str) -> Signer<'a> {
        Signer {
            fault: script.signing(),
            key: self.key(),
            client_secret: &self.setup.client_secret,
            attacker,
        }
    }

    pub(super) fn record(&self, call: Call) {
        push(&self.calls, call);
    }

    pub(super) fn calls(&self) -> Vec<Call> {
        held(&self.calls).iter().cloned().collect()
    }

    pub(super) fn forget_calls(&self) {
        held(&self.calls).clear();
    }

    pub(super) fn grant(&self, grant: Grant) {
        push(&self.grants, grant);
    }

    /// A code is taken, not read: there is no second use.
    pub(super) fn take_grant(&self, code: &str) -> Option<Grant> {
        let mut grants = held(&self.grants);
        let at = grants.iter().position(|grant| grant.code == code)?;
        grants.remove(at)
    }

    pub(super) fn new_access_token(&self) -> String {
        let token = random();
        push(&self.access_tokens, token.clone());
        token
    }

    pub(super) fn knows_access_token(&self, token: &str) -> bool {
        held(&self.access_tokens).iter().any(|known| known == token)
    }

    /// The claims of a good `id_token`, `at_hash` apart: Alice Andersen in Okta's dress.
    pub(super) fn good_claims(&self, nonce: &str) -> Map<String, Value> {
        let now = self.now();
        object(json!({
            "iss": self.issuer, "sub": SUBJECT, "aud": self.setup.client_id, "nonce": nonce,
            "iat": now, "exp": now + 300, "auth_time": now, "amr": ["pwd"],
            "cip_sid": "S-1-5-21-1004336348-1177238915-682003330-1104",
            "cip_upn": "alice@corp.example",
            "cip_oid": "6f9619ff-8b86-d011-b42d-00c04fc964ff",
            "name": "Alice Andersen", "given_name": "Alice", "family_name": "Andersen", "groups": ["Staff"],
        }))
    }

    /// The claims of a good logout token of everybody who signs in here.
    pub(super) fn good_logout(&self) -> Map<String, Value> {
        let now = self.now();
        object(json!({
            "iss": self.issuer, "sub": SUBJECT, "aud": self.setup.client_id, "iat": now, "exp": now + 120,
            "jti": random(), "events": { "http://schemas.openid.net/event/backchannel-logout": {} },
        }))
    }

    /// The good userinfo answer. The email stands here alone, so that whoever wants it has to ask.
    pub(super) fn good_user_info() -> Map<String, Value> {
        object(json!({
            "sub": SUBJECT, "name": "Alice Andersen",
            "email": "alice@corp.example", "email_verified": true, "cip_email": "alice@corp.example",
        }))
    }
}

/// The faults of the moment, asked by place.
#[derive(Clone, Debug, Default)]
pub(super) struct Script(pub(super) Vec<Fault>);

impl Script {
    pub(super) fn discovery(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter_map(|fault| if let Fault::Discovery(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn keys(&self) -> impl Iterator<Item = &KeyFault> {
        self.0.iter().filter_map(|fault| if let Fault::Keys(fault) = fault { Some(fault) } else { None })
    }

    pub(super) fn answer(&self) -> impl Iterator<Item = &AnswerFault> {
        self.0.iter().filter_map(|fault| if let Fault::Answer(fault) = fault { Some(fault) } else { None })
    }

    pub(super) fn token_response(&self) -> impl Iterator<Item = &Edit> {
        self.0
            .iter()
            .filter_map(|fault| if let Fault::TokenResponse(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn header(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter_map(|fault| if let Fault::Header(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn claims(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter_map(|fault| if let Fault::Claims(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn front_claims(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter_map(|fault| if let Fault::FrontClaims(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn user_info(&self) -> impl Iterator<Item = &Edit> {
        self.0.iter().filter_map(|fault| if let Fault::UserInfo(edit) = fault { Some(edit) } else { None })
    }

    pub(super) fn user_info_is_jwt(&self) -> bool {
        self.0.iter().any(|fault| matches!(fault, Fault::UserInfoAsJwt))
    }

    pub(super) fn signing(&self) -> Option<Signing> {
        self.0.iter().find_map(|fault| if let Fault::Signing(fault) = fault { Some(*fault) } else { None })
    }

    pub(super) fn encoding(&self) -> Option<Encoding> {
        self.0.iter().find_map(|fault| if let Fault::Encoding(fault) = fault { Some(*fault) } else { None })
    }

    pub(super) fn client_auth(&self) -> Option<ClientAuth> {
        self.0.iter().find_map(|fault| if let Fault::ClientAuth(fault) = fault { Some(*fault) } else { None })
    }

    pub(super) fn misbehaviour(&self, at: Endpoint) -> Option<Misbehaviour> {
        self.0.iter().find_map(|fault| match fault {
            Fault::Endpoint(endpoint, misbehaviour) if *endpoint == at => Some(*misbehaviour),
            _ => None,
        })
    }

    pub(super) fn max_age(&self, at: Endpoint) -> Option<u32> {
        self.0.iter().find_map(|fault| match fault {
            Fault::MaxAge(endpoint, seconds) if *endpoint == at => Some(*seconds),
            _ => None,
        })
    }
}

/// 128 bits in base64url.
pub(super) fn random() -> String {
    let mut octets = [0; 16];
    // Without randomness every code is the same, and the sign-ins of a test fail loudly.
    let _ = SystemRandom::new().fill(&mut octets);
    b64(octets)
}

/// A test that panicked while it held the lock has spoiled nothing here.
fn held<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn push<T>(kept: &Mutex<VecDeque<T>>, item: T) {
    let mut kept = held(kept);
    if kept.len() == MAX_KEPT {
        kept.pop_front();
    }
    kept.push_back(item);
}
