//! Texts that nobody would write: they are faults and never a panic, a hang or a leak.

use super::*;

#[test]
fn every_cut_of_an_example_is_read_or_refused() {
    let server = local_server();
    for file in ["vestibule.toml", "acme.toml"] {
        let text = std::fs::read_to_string(testdata().join(file)).unwrap();
        for end in (0..text.len()).filter(|&end| text.is_char_boundary(end)) {
            let _ = server_of(&text[..end]);
            let _ = manifest_of(&text[..end], &server);
        }
    }
}

#[test]
fn values_of_every_other_type_are_told() {
    let text = std::fs::read_to_string(testdata().join("acme.toml")).unwrap();
    let server = local_server();
    for value in
        ["1", "-0x1", "1.5", "nan", "1979-05-27", "[]", "[[]]", "{}", "[{}]", "\"\"", "\"\\u0000\"", "true"]
    {
        for (index, line) in text.lines().enumerate().filter(|(_, line)| line.contains(" = ")) {
            let key = line.split(" = ").next().unwrap();
            let mut lines: Vec<_> = text.lines().map(str::to_owned).collect();
            lines[index] = format!("{key} = {value}");
            let _ = manifest_of(&lines.join("\n"), &server);
            let _ = server_of(&lines.join("\n"));
        }
    }
}

#[test]
fn nesting_and_length_are_bounded() {
    let deep_key = format!("{}a = 1", "a.".repeat(200_000));
    let deep_list = format!("a = {}", "[".repeat(200_000));
    for text in [deep_key, deep_list] {
        assert!(told(server_of(&text)).iter().all(|(_, _, code)| *code == FaultCode::Syntax));
    }
    let long = "#".repeat(1024 * 1024 + 1);
    assert_eq!(told(server_of(&long)), [(0, String::new(), FaultCode::Unreadable)]);
    assert!(server_of(&long[1..]).is_ok());
}

#[test]
fn files_that_cannot_be_read_are_told() {
    let missing = testdata().join("missing.toml");
    let server = local_server();
    assert_eq!(told(read_server(&missing)), [(0, String::new(), FaultCode::Unreadable)]);
    assert_eq!(told(read_manifests(&[missing], &server)), [(0, String::new(), FaultCode::Unreadable)]);
    // A device that never ends is read to the limit and no further.
    assert_eq!(told(read_server(Path::new("/dev/zero"))), [(0, String::new(), FaultCode::Unreadable)]);
}

#[test]
fn no_fault_shows_a_secret_or_acts_on_the_terminal() {
    let text = "[organization]\nslug = \"acme\"\n[[connections]]\nname = \"any\"\nkind = \"oidc\"\n\
                \"\\u001b[2J\" = 1\nclient_secret = { stored = \"hunter2\", env = \"hunter2\" }\n";
    let faults = manifest_of(text, &local_server()).unwrap_err().to_string();
    assert!(!faults.contains("hunter2") && !faults.contains('\u{1b}'), "{faults}");
    assert!(faults.contains("\\u{1b}[2J"), "{faults}");
    let given = "[secrets]\nmaster_key = \"hunter2\"";
    assert!(!format!("{:?}", server_of(given).unwrap()).contains("hunter2"));
}

#[test]
fn five_faults_are_told_together_and_in_order() {
    let text = "[server]\nlisten = \"8080\"\npublic_scheme = \"gopher\"\nlisten_too = 1\n[store]\nurl = \"mysql:x\"\n\
                [outbound]\nallow_private = [\"10.0.0.0/8\", \"private\"]\n";
    let expected = [
        (2, "server.listen", FaultCode::Invalid),
        (3, "server.public_scheme", FaultCode::Invalid),
        (4, "server.listen_too", FaultCode::Unknown),
        (6, "store.url", FaultCode::Invalid),
        (8, "outbound.allow_private", FaultCode::Invalid),
    ];
    assert_eq!(told(server_of(text)), expected.map(|(line, key, code)| (line, key.to_owned(), code)));
    let shown = server_of(text).unwrap_err().to_string();
    let first =
        "vestibule.toml:2: server.listen: expected an address and a port, such as 127.0.0.1:8080 (INVALID)";
    assert_eq!(shown.lines().next(), Some(first));
    assert_eq!(shown.lines().count(), 5);
}

/// Whatever is wrong with one key, no key beside it may be told to be one that does not exist.
#[test]
fn a_fault_of_any_key_makes_no_other_key_unknown() {
    let acme = std::fs::read_to_string(testdata().join("acme.toml")).unwrap();
    let others = "[organization]\nslug = \"acme\"\n[[directories]]\nname = \"corp\"\ndomain_sid = \"S-1-5-21-1-2-3\"\n\
                  [[connections]]\nname = \"idp\"\nkind = \"saml\"\nentity_id = \"urn:idp\"\nsso_url = \"https://idp.example/\"\n\
                  certificates = [\"x\"]\nbinding = \"post\"\nsign_requests = true\nsigned = \"both\"\n\
                  authentication_context = \"password\"\ncomparison = \"exact\"\nforce_authn = true\nidp_initiated = true\n\
                  scoped_entity_id = true\nlogout_url = \"off\"\nname_id_format = \"email\"\ndangerous_sha1 = false\n\
                  directories = [\"corp\"]\nresolve_from_ad = \"ad\"\n\
                  [connections.attributes]\nsid = \"s\"\ngroups = \"g\"\n\
                  [[connections]]\nname = \"ad\"\nkind = \"active-directory\"\ndefault_domain = \"corp\"\nrecheck = \"5m\"\n\
                  lockout_attempts = 3\nlockout_window = \"5m\"\nca = { file = \"ca.pem\" }\n\
                  required_claims = [\"sid\", \"upn\", \"oid\", \"email\"]\n\
                  [[connections.domains]]\ndirectory = \"corp\"\nname = \"corp.example\"\nnetbios = \"CORP\"\nenabled = true\n\
                  servers = [\"ldaps://dc1.corp.example\"]\nbind_user = \"svc@corp.example\"\nbind_password = \"s\"\n";
    for text in [&*acme, others] {
        let lines: Vec<&str> = text.lines().collect();
        for (at, line) in lines.iter().enumerate() {
            let Some((key, _)) = line.split_once(" = ") else { continue };
            for broken in [Some(format!("{key} = [[]]")), None] {
                let mut lines: Vec<String> = lines.iter().map(|&line| line.to_owned()).collect();
                lines[at] = broken.unwrap_or_default();
                let told = told(manifest_of(&lines.join("\n"), &local_server()));
                let unknown = told.iter().find(|(_, _, code)| *code == FaultCode::Unknown);
                assert_eq!(unknown, None, "{}: {told:?}", lines[at]);
            }
        }
    }
}
