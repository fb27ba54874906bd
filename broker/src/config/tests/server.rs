//! `vestibule.toml`, key by key.

use vestibule_policies::password::Preset;

use super::*;

#[test]
fn what_is_faulty_is_told_with_its_place() {
    let rows = r#"
        syntax                      | [server | 1 SYNTAX
        key twice                   | [store] ; url = "sqlite:a" ; url = "sqlite:b" | 3 SYNTAX
        unknown section             | [servers] | 1 servers UNKNOWN
        unknown key                 | [server] ; base = "x.example" | 2 server.base UNKNOWN
        unknown host                | [server.hosts] ; api = ["x.example"] | 2 server.hosts.api UNKNOWN
        section is no table         | server = 1 | 1 server INVALID
        listen without port         | [server] ; listen = "127.0.0.1" | 2 server.listen INVALID
        listen as a name            | [server] ; listen = "localhost:80" | 2 server.listen INVALID
        listen as a number          | [server] ; listen = 8080 | 2 server.listen INVALID
        one listener                | [server] ; operator_listen = "127.0.0.1:8080" | 2 server.operator_listen INVALID
        base domain as address      | [server] ; base_domain = "127.0.0.1" | 2 server.base_domain INVALID
        base domain with port       | [server] ; base_domain = "a.example:1" | 2 server.base_domain INVALID
        workspace domain            | [server] ; workspace_domain = "a_b" | 2 server.workspace_domain INVALID
        scheme                      | [server] ; public_scheme = "HTTP" | 2 server.public_scheme INVALID
        port 0                      | [server] ; public_port = 0 | 2 server.public_port INVALID
        port too high               | [server] ; public_port = 65536 | 2 server.public_port INVALID
        port as text                | [server] ; public_port = "80" | 2 server.public_port INVALID
        any port under http         | [server] ; listen = "127.0.0.1:0" | 1 server.public_port MISSING
        proxies as a name           | [server] ; trusted_proxies = ["front"] | 2 server.trusted_proxies INVALID
        proxies as a text           | [server] ; trusted_proxies = "::1" | 2 server.trusted_proxies INVALID
        no name for a host          | [server.hosts] ; saml = [] | 2 server.hosts.saml INVALID
        host is a text              | [server.hosts] ; saml = "a.example" | 2 server.hosts.saml INVALID
        host of another             | [server.hosts] ; saml = ["console.vestibule.localhost"] | 1 server.hosts.console INVALID
        host twice                  | [server.hosts] ; saml = ["a.example", "A.example"] | 2 server.hosts.saml INVALID
        host is the base            | [server.hosts] ; console = ["vestibule.localhost"] | 2 server.hosts.console INVALID
        certificate under http      | [server.tls] ; certificate = "a" ; key = "b" | 1 server.tls INVALID
        no key                      | [server] ; public_scheme = "https" ; [server.tls] ; certificate = "a" | 3 server.tls.key MISSING
        http for all                | [server] ; listen = "0.0.0.0:80" | 1 server.public_scheme INVALID
        http for the operator's net | [server] ; operator_listen = "10.0.0.1:1" | 1 server.public_scheme INVALID
        TLS by nobody               | [server] ; listen = "0.0.0.0:80" ; public_scheme = "https" | 1 server.tls MISSING
        store of several servers    | [store] ; url = "postgres://db/v" | 2 store.url NOT-BUILT
        store without a file        | [store] ; url = "sqlite:" | 2 store.url INVALID
        store in memory             | [store] ; url = "sqlite::memory:" | 2 store.url INVALID
        stored master key           | [secrets] ; master_key = { stored = "x" } | 2 secrets.master_key.stored SECRET-FORM
        master key twice            | [secrets] ; master_key = { file = "x", env = "Y" } | 2 secrets.master_key SECRET-FORM
        former master keys          | [secrets] ; previous_master_keys = ["x"] | 2 secrets.previous_master_keys NOT-BUILT
        proxy                       | [outbound] ; proxy = "http://proxy.corp.example:3128" | 2 outbound.proxy NOT-BUILT
        bypass                      | [outbound] ; bypass = ["*.corp.example"] | 2 outbound.bypass NOT-BUILT
        password preset             | [passwords] ; preset = "Global" | 2 passwords.preset INVALID
        password preset as a number | [passwords] ; preset = 12 | 2 passwords.preset INVALID
        passwords' unknown key      | [passwords] ; minimum = 12 | 2 passwords.minimum UNKNOWN
        password list as a flag     | [passwords] ; compromised = false | 2 passwords.compromised INVALID
        password list of nothing    | [passwords] ; compromised = "" | 2 passwords.compromised INVALID
        password list by url        | [passwords] ; compromised = { url = "https://x.example" } | 2 passwords.compromised INVALID
        password list by two        | [passwords] ; compromised = { file = "hashes.txt", url = "x" } | 2 passwords.compromised INVALID
        no such password list       | [passwords] ; compromised = { file = "absent.txt" } | 2 passwords.compromised.file MISSING
        no list of passwords        | [passwords] ; compromised = { file = "ca.pem" } | 2 passwords.compromised.file INVALID
        list without a name         | [passwords] ; compromised = { file = "" } | 2 passwords.compromised.file INVALID
        service over http           | [passwords] ; compromised = "http://ranges.example" | 2 passwords.compromised INVALID
        service on loopback         | [passwords] ; compromised = "http://127.0.0.1:9000" | 2 passwords.compromised INVALID
        service with a query        | [passwords] ; compromised = "https://ranges.example/?x" | 2 passwords.compromised INVALID
        service is ourselves        | [passwords] ; compromised = "https://127.0.0.1:8080" | 2 passwords.compromised INVALID
        service is no web address   | [passwords] ; compromised = "ldaps://ranges.example" | 2 passwords.compromised INVALID
        beside another fault        | [server] ; public_port = 0 ; [passwords] ; compromised = "http://ranges.example" | 2 server.public_port INVALID
    "#;
    assert_refused("", rows, server_of);
}

#[test]
fn https_needs_a_certificate_or_something_in_front_that_is_trusted() {
    let public = "[server]\nlisten = \"0.0.0.0:8080\"\npublic_scheme = \"https\"\n";
    let own = server_of(&format!("{public}[server.tls]\ncertificate = \"tls.crt\"\nkey = \"/etc/tls.key\""))
        .unwrap();
    let files = TlsFiles { certificate: testdata().join("tls.crt"), key: PathBuf::from("/etc/tls.key") };
    assert_eq!((own.server.tls, own.server.public_port), (Some(files), 443));
    let front = server_of(&format!("{public}trusted_proxies = [\"10.1.2.3/8\", \"::1\"]")).unwrap();
    assert_eq!(front.server.trusted_proxies, ["10.0.0.0/8".parse().unwrap(), "::1/128".parse().unwrap()]);
    assert!(server_of("[server]\npublic_scheme = \"https\"").is_ok(), "loopback alone");
}

#[test]
fn passwords_have_a_preset_and_are_looked_up_where_the_operator_says() {
    let passwords = |text: &str| server_of(&format!("{text}\n[passwords]")).map(|config| config.passwords);
    let usual = CompromisedSource::Service("https://api.pwnedpasswords.com".to_owned());
    assert_eq!(passwords("").unwrap(), Passwords { preset: Preset::Global, compromised: usual });
    for preset in Preset::ALL {
        let text = format!("[passwords]\npreset = \"{}\"", preset.as_str());
        assert_eq!(server_of(&text).unwrap().passwords.preset, preset);
    }
    let service = |address: &str| CompromisedSource::Service(address.to_owned());
    for (text, compromised) in [
        ("\"off\"", CompromisedSource::Off),
        ("{ file = \"hashes.txt\" }", CompromisedSource::File(testdata().join("hashes.txt"))),
        ("\"https://ranges.example/\"", service("https://ranges.example")),
        ("\"https://ranges.example/v3\"", service("https://ranges.example/v3")),
        ("\"https://10.1.2.3:8443\"", service("https://10.1.2.3:8443")),
    ] {
        let read = server_of(&format!("[passwords]\ncompromised = {text}")).unwrap();
        assert_eq!(read.passwords.compromised, compromised, "{text}");
    }
    let loopback =
        "[outbound]\nallow_private = [\"127.0.0.0/8\"]\n[passwords]\ncompromised = \"http://127.0.0.1:9000\"";
    assert_eq!(server_of(loopback).unwrap().passwords.compromised, service("http://127.0.0.1:9000"));
}

#[test]
fn listeners_that_share_a_port_collide_only_on_the_same_address() {
    let listeners = |listen: &str, operator: &str| {
        server_of(&format!(
            "[server]\npublic_port = 1\nlisten = \"{listen}\"\noperator_listen = \"{operator}\"\n\
             public_scheme = \"https\"\ntrusted_proxies = [\"10.0.0.0/8\"]"
        ))
    };
    for (listen, operator, accepted) in [
        ("127.0.0.1:80", "127.0.0.1:81", true),
        ("127.0.0.1:80", "127.0.0.2:80", true),
        ("127.0.0.1:0", "127.0.0.1:0", true),
        ("127.0.0.1:80", "127.0.0.1:80", false),
        ("0.0.0.0:80", "127.0.0.1:80", false),
        ("127.0.0.1:80", "[::]:80", false),
    ] {
        assert_eq!(listeners(listen, operator).is_ok(), accepted, "{listen} {operator}");
    }
}

#[test]
fn origins_leave_the_schemes_own_port_out() {
    let origin = |text: &str| {
        let server = server_of(text).unwrap().server;
        server.origin(server.accounts())
    };
    assert_eq!(origin(""), "http://accounts.vestibule.localhost:8080");
    assert_eq!(origin("[server]\npublic_port = 80"), "http://accounts.vestibule.localhost");
    assert_eq!(origin("[server]\npublic_scheme = \"https\""), "https://accounts.vestibule.localhost");
    let odd = "[server]\npublic_scheme = \"https\"\npublic_port = 80\nbase_domain = \"id.example\"";
    assert_eq!(origin(odd), "https://accounts.id.example:80");
}

#[test]
fn the_store_and_the_master_key_count_from_the_files_folder() {
    for (url, expected) in [
        ("sqlite:a.db", testdata().join("a.db")),
        ("sqlite://a.db", testdata().join("a.db")),
        ("sqlite:///var/a.db", PathBuf::from("/var/a.db")),
    ] {
        assert_eq!(server_of(&format!("[store]\nurl = \"{url}\"")).unwrap().store.sqlite, expected, "{url}");
    }
    let absent = server_of("[secrets]\nmaster_key = { file = \"absent.key\" }").unwrap().master_key;
    assert!(matches!(absent, MasterKeySource::File(path) if path == testdata().join("absent.key")));
    let variable = server_of("[secrets]\nmaster_key = { env = \"CARGO_PKG_NAME\" }").unwrap().master_key;
    assert!(matches!(variable, MasterKeySource::Given(key) if key.expose() == env!("CARGO_PKG_NAME")));
    let missing = "[secrets]\nmaster_key = { env = \"VESTIBULE_NOT_SET\" }";
    assert_eq!(told(server_of(missing)), [(2, "secrets.master_key.env".to_owned(), FaultCode::Missing)]);
}
