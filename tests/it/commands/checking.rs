//! `check`: the configuration, then every connection's provider; zero only if all of it passes (interface 1).

use serde_json::Value;
use vestibule_conformance::hostile::{Edit, Endpoint, Fault, Misbehaviour};

use vestibule_tests::directory::{Domain, SandboxDirectory};
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

/// A connection of every kind, each with something else wrong: `check` names it, where it is, and what to do.
#[tokio::test]
async fn the_fault_of_a_connection_is_named_whatever_its_kind() {
    let sandbox = SandboxDirectory::start(|settings| settings).await;
    let deployment = Deployment::new().await;
    let nobody = port::free();
    let good = sandbox.domain();
    // The kind with a token has a password that is not the account's, the other a controller that is away.
    let token = Domain { bind_password: "not-the-password".to_owned(), ..good.clone() };
    let token = manifest(&deployment, &token);
    let plain = Domain { servers: vec![format!("ldaps://127.0.0.1:{nobody}")], ..good };
    let plain = manifest(&deployment, &plain);
    let plain = plain.split_once("[[connections]]").unwrap().1;
    let plain = plain.replace("\"any\"", "\"plain\"").replace("active-directory-token", "active-directory");
    let client = "client_id = \"vestibule\"\nclient_secret = \"s\"\n";
    let tenant = "11111111-2222-4333-8444-555555555555";
    let text = format!(
        "{token}[[connections]]{plain}\
         [[connections]]\nname = \"oidc\"\nkind = \"oidc\"\nissuer = \"{issuer}/\"\n{client}\
         [[connections]]\nname = \"okta\"\nkind = \"okta\"\ndomain = \"http://127.0.0.1:{nobody}\"\ncustom_domain = true\n{client}\
         [[connections]]\nname = \"entra\"\nkind = \"azure-ad\"\ntenant = \"{tenant}\"\nauthority = \"http://127.0.0.1:{nobody}\"\n\
         graph = \"http://127.0.0.1:{nobody}\"\n{client}\
         [[connections]]\nname = \"gateway\"\nkind = \"gateway\"\nfqdn = \"localhost:{nobody}\"\n\
         [[connections]]\nname = \"saml\"\nkind = \"saml\"\nmetadata = {{ url = \"http://127.0.0.1:{nobody}/metadata\" }}\n",
        issuer = deployment.provider.issuer(),
    );
    deployment.write("acme.toml", &text);
    let applied = deployment.apply(&[]).await;
    assert_eq!(applied.code, Some(0), "{applied:?}");
    let ended = deployment.run(&["check", "--config", "vestibule.toml", "--json"]).await;
    assert_eq!(ended.code, Some(1), "{ended:?}");
    let report: Value = serde_json::from_str(&ended.out).unwrap();
    let findings = report["findings"].as_array().unwrap();
    for (connection, code) in [
        ("any", "AD-SERVICE"),
        ("plain", "AD-DOWN"),
        ("oidc", "OIDC-ISSUER"),
        ("okta", "OIDC-DISCOVERY"),
        ("entra", "OIDC-DISCOVERY"),
        ("gateway", "GATEWAY-UNREACHABLE"),
        ("saml", "SAML-METADATA"),
    ] {
        let own: Vec<_> = findings.iter().filter(|one| one["connection"] == connection).collect();
        let faults: Vec<_> = own.iter().filter(|one| !one["code"].is_null()).collect();
        assert!(faults.iter().any(|one| one["code"] == code), "{connection}: {own:?}");
        assert!(faults.iter().all(|one| one["remedy"].is_string()), "{connection}: {faults:?}");
    }
}
