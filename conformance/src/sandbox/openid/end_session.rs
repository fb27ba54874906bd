//! Logout that a client asks for (RP-Initiated Logout 1.0), reduced to what the broker needs.
//!
//! An id token that this provider signed ends the session at once; without one the person is asked first,
//! since any page on the web can link here.

use http::header::SET_COOKIE;
use http::{Method, StatusCode};
use url::Url;

use super::authorize::SESSION_COOKIE;
use super::endpoint::Endpoint;
use super::page::{self, SignOutPage};
use super::{Client, Provider};
use crate::sandbox::call::Call;
use crate::sandbox::message::{Message, message};
use crate::sandbox::parameters::Parameters;
use crate::sandbox::reply::{self, Reply};

impl Provider {
    pub(super) fn end_session(&self, call: &Call) -> Reply {
        let language = call.language();
        let sent = match call.method {
            Method::POST => Parameters::parse(&call.body),
            _ => Parameters::parse(call.uri.query().unwrap_or_default().as_bytes()),
        };
        let hinted = self.hinted_client(&sent);
        let confirmed = call.method == Method::POST && sent.has("confirm") && self.place.sent(call);
        if hinted.is_none() && !confirmed {
            let action = self.url_of(Endpoint::EndSession);
            let (style, provider) = (reply::STYLE, self.title(language));
            let kept = ["client_id", "post_logout_redirect_uri", "state"];
            let kept = kept.into_iter().filter_map(|name| Some((name, sent.one(name).ok()??))).collect();
            return page::sign_out(&SignOutPage { style, language, provider, action: &action, kept });
        }
        if let Some(secret) = call.cookie(SESSION_COOKIE) {
            self.grants().end_session(secret, self.now());
        }
        // The session is gone from the store already; the cookie is removed for tidiness alone.
        let client = hinted.or_else(|| self.client(sent.one("client_id").ok()??));
        let mut reply = match client.and_then(|client| return_address(client, &sent)) {
            Some(address) => reply::see_other(&address),
            None => message(language, StatusCode::OK, &SIGNED_OUT),
        };
        if let Some(cookie) = self.place.cookie(SESSION_COOKIE, "", "; Max-Age=0") {
            reply.headers_mut().insert(SET_COOKIE, cookie);
        }
        reply
    }

    /// Section 4: an expired id token will do, one of another issuer will not.
    fn hinted_client(&self, sent: &Parameters) -> Option<&Client> {
        let claims = self.settings.signing_key.open(sent.one("id_token_hint").ok()??)?;
        let own = claims.get("iss")?.as_str()? == self.settings.issuer;
        self.client(claims.get("aud")?.as_str()?).filter(|_| own)
    }
}

const SIGNED_OUT: Message = Message {
    title: ["You are signed out", "サインアウトしました"],
    text: [
        "This provider has forgotten your browser. You can close this page.",
        "このプロバイダーでのサインインは終了しました。このページを閉じてかまいません。",
    ],
};

/// One that the client registered, to the letter, with the state that it sent (section 3).
fn return_address(client: &Client, sent: &Parameters) -> Option<String> {
    let wanted = sent.one("post_logout_redirect_uri").ok()??;
    let mut address = Url::parse(client.sign_out_uris.iter().find(|uri| *uri == wanted)?).ok()?;
    if let Some(state) = sent.one("state").ok()? {
        address.query_pairs_mut().append_pair("state", state);
    }
    Some(address.into())
}
