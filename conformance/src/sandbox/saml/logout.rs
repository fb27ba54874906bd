//! Single logout by Redirect (saml-profiles section 4.4): the session of this browser ends, and the answer,
//! signed, goes to the registered address and nowhere else.

use http::StatusCode;
use http::header::SET_COOKIE;

use super::SamlProvider;
use super::sessions::SESSION_COOKIE;
use super::sign_on::refuse;
use crate::saml::redirect::{self, Parameter};
use crate::saml::{LogoutRequest, LogoutResponse};
use crate::sandbox::call::Call;
use crate::sandbox::message::{Message, message};
use crate::sandbox::reply::{self, Reply};

impl SamlProvider {
    pub(super) fn logout(&self, call: &Call) -> Reply {
        let language = call.language();
        let unreadable =
            ["The SAML logout request cannot be read.", "SAML ログアウトリクエストを読み取れません。"];
        let decoded = redirect::decode(call.uri.query().unwrap_or_default());
        let Some(decoded) = decoded.ok().filter(|decoded| decoded.parameter == Parameter::Request) else {
            return refuse(language, unreadable);
        };
        let Some(request) = LogoutRequest::read(&decoded.xml) else {
            return refuse(language, unreadable);
        };
        let issuer = request.issuer.as_ref().map(|issuer| issuer.value.as_str()).unwrap_or_default();
        if !self.settings.service.entity_ids.take(issuer) {
            return refuse(
                language,
                [
                    "The logout comes from a service provider that is not registered here (Issuer).",
                    "登録されていないサービスプロバイダーからのログアウトです (Issuer)。",
                ],
            );
        }
        self.end_session(call);
        self.sessions().end(&request.session_indexes);
        let mut reply = match &self.settings.service.logout_callback {
            Some(to) => self.logged_out(to, &request.id, decoded.relay_state.as_deref()),
            None => message(language, StatusCode::OK, &SIGNED_OUT),
        };
        if let Some(cookie) = self.place.cookie(SESSION_COOKIE, "", "; Max-Age=0") {
            reply.headers_mut().insert(SET_COOKIE, cookie);
        }
        reply
    }

    fn logged_out(&self, to: &str, request_id: &str, relay_state: Option<&str>) -> Reply {
        let response = LogoutResponse::success(&self.entity_id(), request_id, to, self.now());
        let query = redirect::encode(Parameter::Response, &response.write(), relay_state);
        let query = redirect::sign(&query, &self.key, self.key.algorithm());
        let joint = if to.contains('?') { '&' } else { '?' };
        reply::see_other(&format!("{to}{joint}{query}"))
    }
}

const SIGNED_OUT: Message = Message {
    title: ["You are signed out", "サインアウトしました"],
    text: [
        "This provider has forgotten your browser. You can close this page.",
        "このプロバイダーでのサインインは終了しました。このページを閉じてかまいません。",
    ],
};
