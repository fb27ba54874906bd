//! A sign-in as it arrives: by Redirect, by POST, or unsolicited. Only its form is checked.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::Method;

use super::SamlProvider;
use crate::saml::redirect::{self, Parameter};
use crate::saml::{AuthnRequest, names};
use crate::sandbox::call::Call;
use crate::sandbox::message::Said;
use crate::sandbox::parameters::Parameters;

/// saml-bindings section 3.4.3.
const RELAY_STATE_LIMIT: usize = 2048;

/// What a response has to answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Incoming {
    /// `None` for a sign-in that nobody asked for.
    pub(super) request: Option<AuthnRequest>,
    pub(super) relay_state: Option<String>,
    /// The same as a query, for the address of the form: nothing is pending here.
    pub(super) query: String,
}

impl SamlProvider {
    pub(super) fn read(&self, call: &Call) -> Result<Incoming, Said> {
        if call.method != Method::POST {
            return self.read_query(call.uri.query().unwrap_or_default());
        }
        let form = Parameters::parse(&call.body);
        let field = |name| form.one(name).map_err(|_| TWICE);
        let message = field("SAMLRequest")?.ok_or(UNREADABLE)?;
        // saml-bindings section 3.5.4: Base64 with or without line breaks.
        let text: String = message.chars().filter(|sign| !sign.is_ascii_whitespace()).collect();
        let octets = STANDARD.decode(text).map_err(|_| UNREADABLE)?;
        let xml = String::from_utf8(octets).map_err(|_| UNREADABLE)?;
        self.read_query(&redirect::encode(Parameter::Request, &xml, field("RelayState")?))
    }

    pub(super) fn read_query(&self, query: &str) -> Result<Incoming, Said> {
        let decoded = redirect::decode(query).map_err(|_| UNREADABLE)?;
        let request = AuthnRequest::read(&decoded.xml).ok_or(UNREADABLE)?;
        if decoded.parameter != Parameter::Request {
            return Err(UNREADABLE);
        }
        if !self.settings.service.entity_ids.take(request.issuer.as_deref().unwrap_or_default()) {
            return Err(STRANGER);
        }
        if request.acs_url.as_ref().is_some_and(|url| *url != self.settings.service.acs_url) {
            return Err(ELSEWHERE);
        }
        if request.protocol_binding.as_deref().is_some_and(|binding| binding != names::POST) {
            return Err(BINDING);
        }
        let relay_state = decoded.relay_state;
        if relay_state.as_ref().is_some_and(|state| state.len() > RELAY_STATE_LIMIT) {
            return Err(UNREADABLE);
        }
        Ok(Incoming { request: Some(request), relay_state, query: query.to_owned() })
    }

    /// `RelayState` of the query goes along.
    pub(super) fn read_unsolicited(query: &str) -> Incoming {
        let sent = Parameters::parse(query.as_bytes());
        let relay_state = sent.one("RelayState").ok().flatten().map(str::to_owned);
        Incoming { request: None, relay_state, query: sent.encode() }
    }
}

const TWICE: Said = ["A parameter came more than once.", "同じパラメーターが複数回送信されました。"];
const UNREADABLE: Said = ["The SAML request cannot be read.", "SAML リクエストを読み取れません。"];
const STRANGER: Said = [
    "The request comes from a service provider that is not registered here (Issuer).",
    "登録されていないサービスプロバイダーからのリクエストです (Issuer)。",
];
const ELSEWHERE: Said = [
    "The request names an address that is not registered here (AssertionConsumerServiceURL).",
    "登録されていないアドレスが指定されています (AssertionConsumerServiceURL)。",
];
const BINDING: Said = [
    "Responses are sent by HTTP-POST alone (ProtocolBinding).",
    "レスポンスは HTTP-POST でのみ送信されます (ProtocolBinding)。",
];
