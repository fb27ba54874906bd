//! The application's pages, in English or Japanese.

use std::time::Duration;

use askama::Template;
use http::StatusCode;
use http::request::Parts;
use serde_json::Value;

use super::assertion::Assertion;
use super::told::Told;
use crate::sandbox::language::Language;
use crate::sandbox::reply::{self, Reply};

#[derive(Template)]
#[template(path = "application_home.html")]
struct HomePage<'a> {
    style: &'static str,
    language: Language,
    told: &'a Told,
    /// Empty unless an assertion came and was refused.
    refusal: String,
    identity: Vec<Row>,
    groups: Vec<String>,
    sign_in: Vec<Row>,
    all: Vec<Row>,
}

/// One line of a table: what it means and what the claim is called.
struct Row {
    label: &'static str,
    claim: String,
    value: String,
}

#[derive(Template)]
#[template(path = "application_note.html")]
struct NotePage<'a> {
    style: &'static str,
    language: Language,
    title: &'a str,
    text: &'a str,
    code: &'a str,
}

pub(super) fn home(parts: &Parts, told: &Told, now: i64) -> Reply {
    let language = Language::wanted(&parts.headers);
    let refusal = match &told.assertion {
        Assertion::Refused(error) => error.to_string(),
        Assertion::Absent | Assertion::Verified(_) => String::new(),
    };
    let (identity, sign_in) = (identity(told, language), sign_in(told, language, now));
    let (groups, all) = (groups(told), all(told));
    let page = HomePage { style: reply::STYLE, language, told, refusal, identity, groups, sign_in, all };
    reply::page(StatusCode::OK, page.render())
}

/// Shows its whole address, so that one sees that a deep link survived the sign-in.
pub(super) fn reports(parts: &Parts, told: &Told) -> Reply {
    let language = Language::wanted(&parts.headers);
    let text = match told.claims() {
        Some(_) => language.say(
            "You came straight to the address you asked for:",
            "サインイン前に要求したアドレスに到着しました。",
        ),
        None => language.say("Nobody vouches for this request.", "このリクエストは認証されていません。"),
    };
    let code = parts.uri.path_and_query().map_or("/", |address| address.as_str());
    note(language, StatusCode::OK, [language.say("Reports", "レポート"), text, code])
}

pub(super) fn slow(parts: &Parts, waited: Duration) -> Reply {
    let language = Language::wanted(&parts.headers);
    let title = language.say("That took a while", "お待たせしました");
    let text = language.say("The application waited before it answered:", "応答まで待機しました。");
    note(language, StatusCode::OK, [title, text, &format!("{} ms", waited.as_millis())])
}

pub(super) fn not_found(parts: &Parts) -> Reply {
    let language = Language::wanted(&parts.headers);
    let title = language.say("Nothing here", "ページが見つかりません");
    let text = language.say("The application has no page at", "このアドレスにページはありません。");
    note(language, StatusCode::NOT_FOUND, [title, text, parts.uri.path()])
}

fn note(language: Language, status: StatusCode, [title, text, code]: [&str; 3]) -> Reply {
    reply::page(status, NotePage { style: reply::STYLE, language, title, text, code }.render())
}

fn identity(told: &Told, language: Language) -> Vec<Row> {
    let labels = [
        (language.say("User name", "ユーザー名"), "cip_upn"),
        (language.say("Security identifier", "セキュリティ ID"), "cip_sid"),
        (language.say("Object identifier", "オブジェクト ID"), "cip_oid"),
        (language.say("E-mail", "メール"), "cip_email"),
        (language.say("Given name", "名"), "given_name"),
        (language.say("Family name", "姓"), "family_name"),
    ];
    let row = |(label, claim): (_, &str)| {
        Some(Row { label, claim: claim.to_owned(), value: told.claim(claim)?.to_owned() })
    };
    labels.into_iter().filter_map(row).collect()
}

/// Times as spans: the reader's time zone is not known here. The zero-width space is where a narrow column may
/// break the Japanese label.
fn sign_in(told: &Told, language: Language, now: i64) -> Vec<Row> {
    let number = |name| told.claims()?.get(name)?.as_i64();
    let age = number("auth_time").map(|time| language_age(language, now.saturating_sub(time).max(0)));
    let left =
        number("exp").map(|time| format!("{}{}", time.saturating_sub(now).max(0), language.say(" s", "秒")));
    let methods = told.claims().and_then(|claims| claims.get("amr")).map(|amr| list(amr).join(", "));
    let rows = [
        (language.say("Proved", "認証"), "auth_time", age),
        (language.say("By", "方式"), "amr", methods),
        (language.say("Assertion lives for", "アサーション\u{200b}残り"), "exp", left),
        (language.say("Session", "セッション"), "sid", told.claim("sid").map(str::to_owned)),
    ];
    let row = |(label, claim, value): (_, &str, Option<String>)| {
        Some(Row { label, claim: claim.to_owned(), value: value? })
    };
    rows.into_iter().filter_map(row).collect()
}

fn language_age(language: Language, seconds: i64) -> String {
    let (count, unit) = match seconds {
        ..120 => (seconds, language.say(" s ago", "秒前")),
        120..7200 => (seconds / 60, language.say(" min ago", "分前")),
        7200.. => (seconds / 3600, language.say(" h ago", "時間前")),
    };
    format!("{count}{unit}")
}

/// Names for display where there are some, else the ids.
fn groups(told: &Told) -> Vec<String> {
    let of =
        |name| told.claims().and_then(|claims| claims.get(name)).map(list).filter(|list| !list.is_empty());
    of("group_names").or_else(|| of("groups")).unwrap_or_default()
}

/// As they came, for whoever wants to see the contract.
fn all(told: &Told) -> Vec<Row> {
    let claims = told.claims().into_iter().flatten();
    claims.map(|(claim, value)| Row { label: "", claim: claim.clone(), value: plain(value) }).collect()
}

fn list(value: &Value) -> Vec<String> {
    value.as_array().map(|items| items.iter().map(plain).collect()).unwrap_or_default()
}

/// A string without its quotes, anything else as JSON.
fn plain(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
