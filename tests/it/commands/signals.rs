//! SIGHUP reads the configuration anew and keeps the old one when the new one is faulty; SIGTERM drains (OPS-14).

use http::Method;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use vestibule_conformance::wire::{Browser, Request};

use super::deployment::Deployment;

/// The client's address as the application is told it, of a request that claims another one.
async fn told(deployment: &Deployment, browser: &mut Browser) -> String {
    let request =
        Request::new(Method::GET, &deployment.url("/")).unwrap().header("x-forwarded-for", "203.0.113.9");
    let page = browser.request(request.unwrap()).await.unwrap();
    assert_eq!(page.status, 200, "{}", page.text());
    deployment.application.last().header("x-forwarded-for").unwrap().to_owned()
}

#[tokio::test]
async fn a_faulty_configuration_keeps_the_old_one() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(None).await;
    let mut browser = deployment.sign_in().await;
    assert_eq!(told(&deployment, &mut browser).await, "127.0.0.1");
    deployment.write("vestibule.toml", &deployment.server("trusted_proxies = [\"127.0.0.1\"]"));
    server.signal("HUP").await;
    server.logged("was read anew").await;
    assert_eq!(told(&deployment, &mut browser).await, "203.0.113.9", "the new one is in force");
    deployment.write("vestibule.toml", &deployment.server("trusted_proxies = []\ncolour = \"red\""));
    server.signal("HUP").await;
    server.logged("server.colour").await;
    assert_eq!(told(&deployment, &mut browser).await, "203.0.113.9", "none of the faulty one is");
    let moved = deployment.server("trusted_proxies = []").replace(&deployment.port.to_string(), "1");
    deployment.write("vestibule.toml", &moved);
    server.signal("HUP").await;
    server.logged("with a restart only").await;
    assert_eq!(told(&deployment, &mut browser).await, "203.0.113.9", "none of one that needs a restart");
    std::fs::remove_file(deployment.path("vestibule.toml")).unwrap();
    server.signal("HUP").await;
    server.logged("UNREADABLE").await;
    assert_eq!(told(&deployment, &mut browser).await, "203.0.113.9", "nor is no file");
    server.stop().await;
}

#[tokio::test]
async fn a_server_that_is_told_to_stop_ends_what_is_under_way() {
    for signal in ["TERM", "INT"] {
        let deployment = Deployment::new().await;
        let upstream = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let application = deployment.application.address().to_string();
        let manifest =
            deployment.manifest().replace(&application, &upstream.local_addr().unwrap().to_string());
        deployment.write("acme.toml", &manifest.replace("path = \"/\"", "path = \"/\"\naccess = \"open\""));
        assert_eq!(deployment.apply(&[]).await.code, Some(0));
        let mut server = deployment.serve(None).await;
        let mut client = TcpStream::connect(("127.0.0.1", deployment.port)).await.unwrap();
        client.write_all(b"GET / HTTP/1.1\r\nHost: acme.vestibule.localhost\r\n\r\n").await.unwrap();
        let (mut application, _) = upstream.accept().await.unwrap();
        // An answer before the question is no answer: the request has arrived.
        let mut question = Vec::new();
        while !question.ends_with(b"\r\n\r\n") {
            assert_ne!(application.read_buf(&mut question).await.unwrap(), 0, "the request arrives whole");
        }
        server.signal(signal).await;
        // Nobody new comes in.
        while TcpStream::connect(("127.0.0.1", deployment.port)).await.is_ok() {
            tokio::task::yield_now().await;
        }
        application.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\ndone").await.unwrap();
        let mut answer = String::new();
        client.read_to_string(&mut answer).await.unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("done"), "{signal}: {answer}");
        assert_eq!(server.end().await, Some(0), "{signal}: {:#?}", server.log());
    }
}

/// Sessions are in the store: a restart between two requests is not felt.
#[tokio::test]
async fn a_session_outlives_its_server() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let mut server = deployment.serve(None).await;
    let mut browser = deployment.sign_in().await;
    server.stop().await;
    let mut server = deployment.serve(None).await;
    told(&deployment, &mut browser).await;
    server.stop().await;
}
