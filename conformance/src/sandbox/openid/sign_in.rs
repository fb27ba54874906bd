//! What the sign-in page posts: a name and a password, or a refusal.

use http::HeaderValue;
use http::header::SET_COOKIE;

use super::Provider;
use super::authorize::SESSION_COOKIE;
use super::grants::Session;
use super::request::Refused;
use crate::sandbox::call::Call;
use crate::sandbox::parameters::Parameters;
use crate::sandbox::reply::Reply;

impl Provider {
    pub(super) fn sign_in(&self, call: &Call) -> Reply {
        let language = call.language();
        // Another site must not sign a browser in as somebody of its choice.
        if !self.place.sent(call) {
            return self.refuse(
                language,
                &Refused::Shown([
                    "The form was not sent from this site's own page.",
                    "フォームがこのサイトのページから送信されていません。",
                ]),
            );
        }
        let sent = Parameters::parse(call.uri.query().unwrap_or_default().as_bytes());
        let request = match self.read_request(&sent) {
            Ok(request) => request,
            Err(refused) => return self.refuse(language, &refused),
        };
        let form = Parameters::parse(&call.body);
        if form.has("deny") {
            let (error, description) = ("access_denied", "The person declined.");
            return self.refuse(language, &Refused::Returned { to: request.return_to, error, description });
        }
        let field = |name| form.one(name).ok().flatten().unwrap_or_default();
        let (username, password) = (field("username"), field("password"));
        let Some(person) = self.settings.people.sign_in(username, password) else {
            let fault = language
                .say("The name or the password is wrong.", "ユーザー名またはパスワードが正しくありません。");
            return self.sign_in_page(language, &request, &sent, [username, fault]);
        };
        let session = Session { username: person.username.clone(), auth_time: self.now() };
        let cookie = self.begin_session(call, session.clone());
        let mut reply = self.grant(language, &request, session);
        if let Some(cookie) = cookie {
            reply.headers_mut().insert(SET_COOKIE, cookie);
        }
        reply
    }

    /// The earlier session of this browser ends; its secret is never taken over (session fixation).
    fn begin_session(&self, call: &Call, session: Session) -> Option<HeaderValue> {
        let now = self.now();
        let mut grants = self.grants();
        if let Some(earlier) = call.cookie(SESSION_COOKIE) {
            grants.end_session(earlier, now);
        }
        let secret = grants.begin_session(session, now).ok()?;
        self.place.cookie(SESSION_COOKIE, &secret, "")
    }
}
