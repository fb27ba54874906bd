//! The sample application, asked as the broker asks it, with assertions that hold and that differ in one thing.

use std::sync::atomic::{AtomicUsize, Ordering};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use http::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, HOST};
use http_body_util::Full;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use ring::rand::SystemRandom;
use ring::signature::{ECDSA_P256_SHA256_FIXED_SIGNING, EcdsaKeyPair, KeyPair as _};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use super::*;

const PREFIX: &str = "http://accounts.vestibule.localhost:8080/o/";
const NOON: i64 = 1_800_000_000;

/// A broker of which only the key set exists, and the application that asks it.
struct World {
    application: Application,
    pair: EcdsaKeyPair,
    fetches: Arc<AtomicUsize>,
}

impl World {
    async fn start() -> Self {
        let random = SystemRandom::new();
        let key = EcdsaKeyPair::generate_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, &random).unwrap();
        let pair = EcdsaKeyPair::from_pkcs8(&ECDSA_P256_SHA256_FIXED_SIGNING, key.as_ref(), &random).unwrap();
        let (x, y) = pair.public_key().as_ref()[1..].split_at(32);
        let encode = |part| URL_SAFE_NO_PAD.encode(part);
        let jwk = json!({ "kty": "EC", "crv": "P-256", "kid": "one", "x": encode(x), "y": encode(y) });
        let fetches = Arc::new(AtomicUsize::new(0));
        let jwks_address = serve_keys(json!({ "keys": [jwk] }), Arc::clone(&fetches)).await;
        let settings = Settings { issuer_prefix: PREFIX.to_owned(), jwks_address, now: Arc::new(|| NOON) };
        Self { application: Application::new(settings), pair, fetches }
    }

    fn sign(&self, header: &Value, claims: &Value) -> String {
        let encode = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
        let input = format!("{}.{}", encode(header), encode(claims));
        let signature = self.pair.sign(&SystemRandom::new(), input.as_bytes()).unwrap();
        format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
    }

    async fn get(&self, path: &str, headers: &[(&str, &str)]) -> Response<ReplyBody> {
        let mut request = Request::get(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.application.handle(request.body(Full::new(Bytes::new())).unwrap()).await
    }

    async fn json(&self, path: &str, headers: &[(&str, &str)]) -> Value {
        serde_json::from_str(&text(self.get(path, headers).await).await).unwrap()
    }
}

async fn serve_keys(keys: Value, fetches: Arc<AtomicUsize>) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let answer = move |request: Request<hyper::body::Incoming>| {
        fetches.fetch_add(1, Ordering::SeqCst);
        let right = request.uri().path() == "/o/acme/oauth2/jwks"
            && request.headers()[HOST] == "accounts.vestibule.localhost:8080";
        let body = if right { keys.to_string() } else { String::new() };
        async move { Ok::<_, Infallible>(Response::new(Full::new(Bytes::from(body)))) }
    };
    tokio::spawn(async move {
        while let Ok((stream, _)) = listener.accept().await {
            let serving = hyper::server::conn::http1::Builder::new()
                .serve_connection(TokioIo::new(stream), service_fn(answer.clone()));
            tokio::spawn(serving);
        }
    });
    address
}

async fn text(answer: Response<ReplyBody>) -> String {
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

fn header() -> Value {
    json!({ "alg": "ES256", "typ": "vestibule-assertion+jwt", "kid": "one" })
}

fn claims() -> Value {
    json!({
        "iss": format!("{PREFIX}acme"), "aud": "http://acme.vestibule.localhost:8080/", "sub": "x1",
        "iat": NOON - 10, "exp": NOON + 50, "auth_time": NOON - 300, "amr": ["pwd"], "name": "山田 <花子>",
        "cip_upn": "hanako@corp.example", "cip_sid": "S-1-5-21-1-2-3-1107", "groups": ["okta:1"],
    })
}

fn changed(mut value: Value, name: &str, to: Value) -> Value {
    value[name] = to;
    value
}

#[tokio::test]
async fn only_an_assertion_without_a_fault_is_believed() {
    let world = World::start().await;
    let good = world.sign(&header(), &claims());
    let with_header = |name, to| world.sign(&changed(header(), name, to), &claims());
    let with_claim = |name, to| world.sign(&header(), &changed(claims(), name, to));
    let rows = [
        ("good", good.clone(), "verified"),
        ("tampered", good.replacen(".ey", ".eY", 1), "refused"),
        ("no signature", good.rsplit_once('.').unwrap().0.to_owned() + ".", "refused"),
        ("two segments", "a.b".to_owned(), "refused"),
        ("empty", String::new(), "refused"),
        ("alg none", with_header("alg", json!("none")), "refused"),
        ("an id token", with_header("typ", json!("JWT")), "refused"),
        ("unknown key", with_header("kid", json!("two")), "refused"),
        ("critical extension", with_header("crit", json!(["b64"])), "refused"),
        ("foreign issuer", with_claim("iss", json!("http://evil.example/o/acme")), "refused"),
        ("issuer that climbs", with_claim("iss", json!(format!("{PREFIX}../acme"))), "refused"),
        ("another organisation", with_claim("iss", json!(format!("{PREFIX}globex"))), "refused"),
        ("expired", with_claim("exp", json!(NOON - 5)), "refused"),
        ("of the future", with_claim("iat", json!(NOON + 6)), "refused"),
        ("too long a life", with_claim("exp", json!(NOON + 51)), "refused"),
        ("no end", with_claim("exp", Value::Null), "refused"),
    ];
    for (name, token, status) in rows {
        let told = world.json("/json", &[("vestibule-assertion", &token)]).await;
        assert_eq!(told["assertion"]["status"], status, "{name}: {told}");
        assert_eq!(told["assertion"].get("claims").is_some(), status == "verified", "{name}");
    }
    let twice = [("vestibule-assertion", &*good), ("vestibule-assertion", &*good)];
    assert_eq!(world.json("/json", &twice).await["assertion"]["status"], "refused");
    assert_eq!(world.json("/json", &[]).await["assertion"]["status"], "absent");
}

#[tokio::test]
async fn keys_are_fetched_once_and_not_for_strangers() {
    let world = World::start().await;
    let foreign = world.sign(&header(), &changed(claims(), "iss", json!("http://evil.example/o/acme")));
    world.get("/json", &[("vestibule-assertion", &foreign)]).await;
    assert_eq!(world.fetches.load(Ordering::SeqCst), 0);
    for kid in ["one", "one", "invented", "invented too"] {
        let token = world.sign(&changed(header(), "kid", json!(kid)), &claims());
        world.get("/json", &[("vestibule-assertion", &token)]).await;
    }
    assert_eq!(world.fetches.load(Ordering::SeqCst), 1);
}

#[tokio::test]
async fn plain_headers_are_told_as_they_came() {
    let world = World::start().await;
    let headers = [
        ("x-forwarded-user", "hanako@corp.example"),
        ("x-forwarded-groups", "Reviewers%2C external,%E5%96%B6"),
        ("x-other", "no"),
    ];
    let told = world.json("/json", &headers).await;
    assert_eq!(told["headers"]["x-forwarded-user"], "hanako@corp.example");
    assert_eq!(told["headers"]["x-forwarded-groups"], "Reviewers%2C external,%E5%96%B6");
    assert_eq!(told["headers"].get("x-other"), None);
}

#[tokio::test]
async fn the_page_greets_by_name_and_escapes_it() {
    let world = World::start().await;
    let token = world.sign(&header(), &claims());
    let english = text(world.get("/", &[("vestibule-assertion", &token)]).await).await;
    for part in [
        "Hello, <span>山田 &#60;花子&#62;</span>",
        "S-1-5-21-1-2-3-1107",
        "/.vestibule/sign-out",
        "5 min ago",
    ] {
        assert!(english.contains(part), "{part}");
    }
    let headers = [("vestibule-assertion", &*token), (ACCEPT_LANGUAGE.as_str(), "ja")];
    let japanese = text(world.get("/", &headers).await).await;
    for part in ["こんにちは、<span>山田 &#60;花子&#62;さん</span>", "5分前", "<code>50秒</code>"]
    {
        assert!(japanese.contains(part), "{part}");
    }
    let stranger = text(world.get("/", &[("x-forwarded-user", "admin")]).await).await;
    assert!(stranger.contains("Hello, stranger"));
}

#[tokio::test]
async fn echo_and_upload_tell_what_arrived() {
    let world = World::start().await;
    let request = |method: &str, path: &str| {
        let body = Full::new(Bytes::from(vec![b'x'; 100_000]));
        Request::builder().method(method).uri(path).header("x-a", "1").header("x-a", "2").body(body).unwrap()
    };
    let echo = text(world.application.handle(request("PATCH", "/echo?a=b")).await).await;
    let echo: Value = serde_json::from_str(&echo).unwrap();
    let expected = json!({
        "method": "PATCH", "path": "/echo", "query": "a=b", "body_length": 100_000,
        "headers": [["x-a", "1"], ["x-a", "2"]],
    });
    assert_eq!(echo, expected);
    let upload = text(world.application.handle(request("PUT", "/upload")).await).await;
    assert_eq!(upload, r#"{"bytes":100000}"#);
    for (method, path) in [("GET", "/upload"), ("POST", "/"), ("DELETE", "/reports")] {
        let answer = world.application.handle(request(method, path)).await;
        assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED, "{method} {path}");
    }
}

#[tokio::test]
async fn a_stream_comes_in_five_pieces() {
    let world = World::start().await;
    let answer = world.get("/stream?interval_ms=1", &[]).await;
    assert_eq!(answer.headers()[CONTENT_TYPE], "text/plain; charset=utf-8");
    let mut body = answer.into_body();
    let mut pieces = 0;
    while let Some(frame) = body.frame().await {
        assert!(frame.unwrap().is_data());
        pieces += 1;
    }
    assert_eq!(pieces, 5);
}

#[tokio::test]
async fn other_pages_answer() {
    let world = World::start().await;
    let rows = [
        ("/reports?quarter=3", StatusCode::OK, "/reports?quarter=3"),
        ("/slow?ms=0", StatusCode::OK, "0 ms"),
        ("/%3Cb%3E", StatusCode::NOT_FOUND, "/%3Cb%3E"),
    ];
    for (path, status, part) in rows {
        let answer = world.get(path, &[]).await;
        assert_eq!(answer.status(), status, "{path}");
        assert!(text(answer).await.contains(part), "{path}");
    }
}
