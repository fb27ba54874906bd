//! Faults of a configuration: all of them at once, each with file, line and key; later parts by name (interface 1, 5).

use super::deployment::Deployment;

#[tokio::test]
async fn every_fault_of_the_servers_file_is_told_at_once() {
    let deployment = Deployment::new().await;
    let text = "[server]\nlisten = \"nowhere\"\npublic_scheme = \"ftp\"\ncolour = \"red\"\n\n[store]\nurl = \"mysql:x\"\n\
                [secrets]\nmaster_key = { stored = \"x\" }\n[outbound]\nallow_private = [\"300.0.0.0/8\"]\n";
    deployment.write("vestibule.toml", text);
    for command in [&["serve", "--config", "vestibule.toml"][..], &["check", "--config", "vestibule.toml"]] {
        let ended = deployment.run(command).await;
        assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
        for fault in [
            "vestibule.toml:2: server.listen: ",
            "vestibule.toml:3: server.public_scheme: ",
            "vestibule.toml:4: server.colour: ",
            "vestibule.toml:7: store.url: ",
            "vestibule.toml:9: secrets.master_key",
            "vestibule.toml:11: outbound.allow_private",
        ] {
            assert!(ended.err.contains(fault), "{fault} in {}", ended.err);
        }
    }
    assert!(!deployment.path("vestibule.db").exists(), "and nothing was made");
}

#[tokio::test]
async fn every_fault_of_every_manifest_is_told_at_once() {
    let deployment = Deployment::new().await;
    deployment
        .write("one.toml", "[organization]\nslug = \"No\"\nworkspaces = [\"core.vestibule.localhost\"]\n");
    let second = "[organization]\nslug = \"beta\"\n[workspace]\nauthentication = \"gone\"\n[[workspace.routes]]\n\
                  path = \"/\"\nupstream = \"http://10.0.0.1\"\n";
    deployment.write("two.toml", second);
    deployment.write("three.toml", "[organization\n");
    let call =
        ["apply", "--config", "vestibule.toml", "-f", "one.toml", "-f", "two.toml", "-f", "three.toml"];
    let ended = deployment.run(&call).await;
    assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{ended:?}");
    for fault in [
        "one.toml:2: organization.slug: ",
        "one.toml:3: organization.workspaces",
        "two.toml:7: workspace.routes",
        "three.toml:1: ",
    ] {
        assert!(ended.err.contains(fault), "{fault} in {}", ended.err);
    }
    // What only the store can tell comes with file and key too.
    deployment.write("two.toml", "[organization]\nslug = \"beta\"\n[workspace]\nauthentication = \"gone\"\n");
    let ended = deployment.run(&["apply", "--config", "vestibule.toml", "-f", "two.toml"]).await;
    assert_eq!(ended.code, Some(2), "{ended:?}");
    assert!(ended.err.contains("two.toml") && ended.err.contains("workspace.authentication: "), "{ended:?}");
}

/// A part that this version lacks is refused by name, unless the key says nothing or its default.
#[tokio::test]
async fn later_kinds_and_keys_are_not_built() {
    let deployment = Deployment::new().await;
    let (server, manifest) = (deployment.server(""), deployment.manifest());
    let in_server = |from: &str, to: &str| (server.replace(from, to), manifest.clone());
    let in_manifest = |from: &str, to: &str| {
        assert!(manifest.contains(from), "{from}");
        (server.clone(), manifest.replace(from, to))
    };
    let more_server = |more: &str| (format!("{server}{more}\n"), manifest.clone());
    let more_manifest = |more: &str| (server.clone(), format!("{manifest}{more}\n"));
    for (row, (server, manifest), key) in [
        ("PostgreSQL", more_server("[store]\nurl = \"postgres://db/vestibule\""), Some("store.url")),
        ("a proxy", more_server("proxy = \"http://proxy.corp.example:3128\""), Some("outbound.proxy")),
        ("no proxy", more_server("proxy = \"\""), None),
        (
            "older master keys",
            more_server("[secrets]\nprevious_master_keys = [\"x\"]"),
            Some("secrets.previous_master_keys"),
        ),
        ("no older master keys", more_server("[secrets]\nprevious_master_keys = []"), None),
        (
            "administrators",
            more_manifest("[[administrators]]\nemail = \"admin@acme.example\"\naccess = \"full\""),
            Some("administrators.0.email"),
        ),
        ("no administrators", (server.clone(), format!("administrators = []\n{manifest}")), None),
        ("clients", more_manifest("[[clients]]\nname = \"backup\"\naccess = \"full\""), Some("clients")),
        (
            "owned clients",
            in_manifest("slug = \"acme\"", "slug = \"acme\"\nmanages = [\"clients\"]"),
            Some("organization.manages"),
        ),
        (
            "WebSockets",
            in_manifest("path = \"/\"", "path = \"/\"\nwebsocket_activity = false"),
            Some("workspace.routes"),
        ),
        (
            "the default of WebSockets",
            in_manifest("path = \"/\"", "path = \"/\"\nwebsocket_activity = true"),
            None,
        ),
        ("nothing of it", in_server("x", "x"), None),
    ] {
        deployment.write("vestibule.toml", &server);
        deployment.write("acme.toml", &manifest);
        let ended = deployment.apply(&["--dry-run"]).await;
        match key {
            Some(key) => {
                assert_eq!((ended.code, ended.out.as_str()), (Some(2), ""), "{row}: {ended:?}");
                let named = ended.err.lines().any(|line| line.contains(key) && line.contains("NOT-BUILT"));
                assert!(named, "{row}: {key} in {}", ended.err);
            }
            None => assert_eq!(ended.code, Some(0), "{row}: {ended:?}"),
        }
    }
}
