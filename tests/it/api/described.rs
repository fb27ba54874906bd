//! Every address of the API against its own description, by Schemathesis, which shares no code with us.

use vestibule_tests::counterparts::holds_its_description;

use super::Desk;

/// For so long. It is a search: more time finds more.
const SECONDS: u32 = 40;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_address_answers_as_it_is_described() {
    let mut desk = Desk::open().await;
    let (_, token) = desk.program().await;
    let url = desk.office.console("/api/v1/openapi.json");
    let before = desk.read("/connections/any").await.json();
    let ada = desk.read("/administrators").await.json();
    let (other, _) = desk.client().await;
    let places = [
        ("organization", "acme"),
        ("connection", "any"),
        ("client", other.as_str()),
        ("administrator", ada["items"][0]["id"].as_str().unwrap()),
        ("invitation", "00000000000000ff"),
        ("session", "00000000000000ff"),
    ];
    let (holds, report) = holds_its_description(&url, (&token, SECONDS), &places).await.unwrap();
    assert!(holds, "{report}");
    let count = vestibule_broker::http::api::endpoints().count();
    assert!(
        report.contains(&format!(
            "Tested: {count}
"
        )),
        "{report}"
    );
    // The token was good to the end, and what was tried has left what is used as it was.
    assert_eq!(desk.call(http::Method::GET, "", &token, None).await.status, 200, "{report}");
    assert_eq!(desk.read("/connections/any").await.json(), before);
}
