//! `check`: the configuration, then every connection's provider; zero only if all of it passes (interface 1).

use serde_json::Value;
use vestibule_conformance::hostile::{Edit, Endpoint, Fault, Misbehaviour};

use vestibule_tests::directory::SandboxDirectory;
use vestibule_tests::port;

use super::deployment::Deployment;
use super::directory::manifest;

#[tokio::test]
async fn check_passes_only_if_every_provider_does() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let call = ["check", "--config", "vestibule.toml", "--json"];
    for (row, fault, code) in [
        ("a good provider", None, None),
        (
            "another issuer",
            Some(Fault::Discovery(Edit::set("issuer", "https://evil.example"))),
            Some("OIDC-ISSUER"),
        ),
        (
            "a provider that is broken",
            Some(Fault::Endpoint(Endpoint::Discovery, Misbehaviour::Status(500))),
            Some("OIDC-DISCOVERY"),
        ),
        (
            "a provider without keys",
            Some(Fault::Endpoint(Endpoint::Keys, Misbehaviour::Status(500))),
            Some("OIDC-KEYS"),
        ),
    ] {
        deployment.provider.script_all(fault.into_iter().collect());
        let ended = deployment.run(&call).await;
        assert_eq!(ended.code, Some(i32::from(code.is_some())), "{row}: {ended:?}");
        let report: Value = serde_json::from_str(&ended.out).unwrap();
        let codes: Vec<_> =
            report["findings"].as_array().unwrap().iter().filter_map(|one| one["code"].as_str()).collect();
        assert_eq!(codes, code.into_iter().collect::<Vec<_>>(), "{row}: {report}");
        assert_eq!(
            (&report["findings"][0]["organization"], &report["findings"][0]["connection"]),
            (&"acme".into(), &"any".into())
        );
        let ended = deployment.run(&call[..3]).await;
        assert_eq!(ended.code, Some(i32::from(code.is_some())), "{row}: {ended:?}");
        assert_eq!(ended.out.contains("FAULT acme: any: "), code.is_some(), "{row}: {ended:?}");
    }
}

#[tokio::test]
async fn check_of_one_organisation_asks_nobody_elses_provider() {
    let deployment = Deployment::new().await;
    assert_eq!(deployment.apply(&[]).await.code, Some(0));
    let beta = deployment
        .manifest()
        .replace("acme", "beta")
        .replace(deployment.provider.issuer(), "http://127.0.0.1:1");
    deployment.write("beta.toml", &beta);
    assert_eq!(
        deployment.run(&["apply", "--config", "vestibule.toml", "-f", "beta.toml"]).await.code,
        Some(0)
    );
    for (slug, code) in [("acme", 0), ("beta", 1), ("gamma", 1)] {
        let ended = deployment.run(&["check", "--config", "vestibule.toml", "--organization", slug]).await;
        assert_eq!(ended.code, Some(code), "{slug}: {ended:?}");
    }
    assert_eq!(deployment.run(&["check", "--config", "vestibule.toml"]).await.code, Some(1), "all of them");
}

/// Whoever runs `check` reads what to do, and not that they should run it.
#[tokio::test]
async fn a_controller_that_is_away_comes_with_what_to_do_about_it() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let deployment = Deployment::new().await;
    let good = sandbox.domain();
    for (row, server, reason) in [
        ("nobody listens", format!("ldaps://127.0.0.1:{}", port::free()), "Connection refused"),
        ("another name", format!("ldaps://vestibule.localhost:{}", sandbox.port), "TLS"),
    ] {
        let mut domain = good.clone();
        domain.servers = vec![server.clone()];
        deployment.write("acme.toml", &manifest(&deployment, &domain));
        assert_eq!(deployment.apply(&[]).await.code, Some(0), "{row}");
        let ended = deployment.run(&["check", "--config", "vestibule.toml"]).await;
        assert_eq!(ended.code, Some(1), "{row}: {ended:?}");
        let mut lines = ended.out.lines().skip_while(|line| !line.contains("FAULT"));
        let (fault, remedy) = (lines.next().unwrap(), lines.next().unwrap());
        assert!(fault.contains(&server) && fault.contains("(AD-DOWN)"), "{row}: {fault}");
        assert!(fault.contains(reason), "{row}: {fault}");
        assert!(
            remedy.contains("correct `servers`") && !remedy.contains("vestibule check"),
            "{row}: {remedy}"
        );
    }
}
