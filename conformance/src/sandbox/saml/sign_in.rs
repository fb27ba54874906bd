//! What the sign-in page posts: a name and a password, or a refusal, and perhaps a fault.

use http::header::SET_COOKIE;

use super::SamlProvider;
use super::answer::Answer;
use super::fault::Fault;
use super::sessions::Session;
use super::sign_on::refuse;
use crate::sandbox::call::Call;
use crate::sandbox::parameters::Parameters;
use crate::sandbox::reply::Reply;

impl SamlProvider {
    pub(super) fn sign_in(&self, call: &Call) -> Reply {
        let language = call.language();
        // Another site must not sign a browser in as somebody of its choice.
        if !self.place.sent(call) {
            return refuse(
                language,
                [
                    "The form was not sent from this site's own page.",
                    "フォームがこのサイトのページから送信されていません。",
                ],
            );
        }
        let query = call.uri.query().unwrap_or_default();
        let incoming = if Parameters::parse(query.as_bytes()).has("SAMLRequest") {
            self.read_query(query)
        } else {
            Ok(Self::read_unsolicited(query))
        };
        let incoming = match incoming {
            Ok(incoming) => incoming,
            Err(text) => return refuse(language, text),
        };
        let form = Parameters::parse(&call.body);
        let field = |name| form.one(name).ok().flatten().unwrap_or_default();
        let fault = Fault::named(field("fault")).unwrap_or(Fault::None);
        if form.has("deny") {
            return self.post_back(language, &incoming, &Answer::Denied, fault);
        }
        let (username, password) = (field("username"), field("password"));
        if form.has("choose") {
            return self.sign_in_page(language, &incoming, [username, ""], fault);
        }
        let Some(person) = self.settings.people.sign_in(username, password) else {
            let wrong = language
                .say("The name or the password is wrong.", "ユーザー名またはパスワードが正しくありません。");
            return self.sign_in_page(language, &incoming, [username, wrong], fault);
        };
        let session = Session::begun(&person.username, self.now());
        let cookie = self.begin_session(call, session.clone());
        let mut reply = self.post_back(language, &incoming, &Answer::Session(session), fault);
        if let Some(cookie) = cookie {
            reply.headers_mut().insert(SET_COOKIE, cookie);
        }
        reply
    }
}
