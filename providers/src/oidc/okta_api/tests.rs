//! The check of a token, with answers of the shape that Okta's documentation gives (shape from docs).

use std::sync::Mutex;

use async_trait::async_trait;

use super::*;
use crate::ports::HttpError;

/// Answers in their order.
#[derive(Debug)]
struct Scripted(Mutex<Vec<Response<Vec<u8>>>>);

#[async_trait]
impl Http for Scripted {
    async fn send(&self, request: Request<Vec<u8>>) -> Result<Response<Vec<u8>>, HttpError> {
        assert!(request.uri().to_string().starts_with("https://acme.okta.com/api/v1/"), "{}", request.uri());
        assert_eq!(request.headers()[AUTHORIZATION], "SSWS token");
        let mut answers = self.0.lock().unwrap();
        if answers.is_empty() { Err(HttpError::Late(10)) } else { Ok(answers.remove(0)) }
    }
}

fn answer(status: u16, body: &str) -> Response<Vec<u8>> {
    let limit = [
        ("x-rate-limit-limit", "600"),
        ("x-rate-limit-remaining", "598"),
        ("x-rate-limit-reset", "2000000060"),
    ];
    let builder = limit
        .into_iter()
        .fold(Response::builder().status(status), |all, (name, value)| all.header(name, value));
    builder.body(body.as_bytes().to_vec()).unwrap()
}

fn api(answers: Vec<Response<Vec<u8>>>) -> OktaApi {
    let http = Arc::new(Scripted(Mutex::new(answers)));
    OktaApi::new("https://acme.okta.com".to_owned(), Secret::new("token".to_owned()), http)
}

const NOW: Timestamp = Timestamp::from_seconds(2_000_000_000);

#[tokio::test]
async fn the_check_reads_one_page_and_tells_the_limit() {
    let found = api(vec![answer(200, "[]"), answer(200, "[]")]).check_token(NOW).await.unwrap();
    assert_eq!(found, "it reads people and groups; 598 of 600 requests are left in this minute");
    for (row, answers, code) in [
        ("no such token", vec![answer(401, "")], Code::OktaToken),
        ("people but no groups", vec![answer(200, "[]"), answer(403, "")], Code::OktaToken),
        ("used up", vec![answer(429, "")], Code::OktaLimit),
        ("away", vec![answer(500, "")], Code::OktaApi),
        ("silent", vec![], Code::OktaApi),
    ] {
        assert_eq!(api(answers).check_token(NOW).await.unwrap_err().code, code, "{row}");
    }
}

#[tokio::test]
async fn the_check_names_what_the_profile_lacks() {
    let schema = r#"{"definitions":{"custom":{"properties":{"cip_sid":{},"cip_upn":{}}},"base":{"properties":{"cip_oid":{}}}}}"#;
    let found = api(vec![answer(200, schema)]).check_schema(NOW).await.unwrap();
    assert_eq!(found, "custom attributes of the profile: cip_sid, cip_upn; missing: cip_oid, cip_email");
    let found = api(vec![answer(200, "{}")]).check_schema(NOW).await.unwrap();
    assert!(found.starts_with("custom attributes of the profile: none; missing: cip_sid"), "{found}");
    assert_eq!(api(vec![answer(403, "")]).check_schema(NOW).await.unwrap_err().code, Code::OktaToken);
}
