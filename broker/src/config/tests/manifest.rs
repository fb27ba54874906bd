//! An organisation's manifest, key by key, save for connections.

use std::time::Duration;

use super::*;

use FaultCode::Invalid;

/// Three lines that need nothing else; `workspaces` may follow.
const HEAD: &str = "[organization]\nslug = \"acme\"\nname = \"Acme Worldwide\"\n";

fn parse(text: &str) -> Result<Manifest, Faults> {
    manifest_of(text, &local_server())
}

#[test]
fn faults_of_the_organization() {
    let rows = r#"
        no section             |  | 0 organization MISSING
        no slug                | [organization] ; name = "Acme" | 1 organization.slug MISSING
        reserved slug          | [organization] ; slug = "saml" | 2 organization.slug INVALID
        slug in capitals       | [organization] ; slug = "Acme" | 2 organization.slug INVALID
        empty name             | [organization] ; slug = "acme" ; name = "" | 3 organization.name INVALID
        name of two lines      | [organization] ; slug = "acme" ; name = "A\nB" | 3 organization.name INVALID
        edition                | [organization] ; slug = "acme" ; edition = "mars" | 3 organization.edition INVALID
        unknown key            | [organization] ; slug = "acme" ; id = 1 | 3 organization.id UNKNOWN
        administrators' method | [organization] ; slug = "acme" ; administrator_sign_in = "Okta" | 3 organization.administrator_sign_in INVALID
        owned by no list       | [organization] ; slug = "acme" ; manages = ["sessions"] | 3 organization.manages INVALID
        somebody by mail       | [organization] ; slug = "acme" ; [[administrators]] ; email = "a@acme.example" ; access = "full" | 4 administrators.0.email NOT-BUILT
        somebody's name        | [organization] ; slug = "acme" ; [[administrators]] ; connection = "entra" ; name_id = "x" ; access = [] | 5 administrators.0.name_id NOT-BUILT
        an object's name       | [organization] ; slug = "acme" ; [[administrators]] ; connection = "entra" ; object_id = "ada" ; access = [] | 5 administrators.0.object_id INVALID
        half access            | [organization] ; slug = "acme" ; [[administrators]] ; connection = "entra" ; object_id = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" ; access = "some" | 6 administrators.0.access INVALID
        unknown permission     | [organization] ; slug = "acme" ; [[administrators]] ; connection = "entra" ; object_id = "f81d4fae-7dec-11d0-a765-00a0c91e6bf6" ; access = ["root"] | 6 administrators.0.access INVALID
        no access              | [organization] ; slug = "acme" ; [[administrator_groups]] ; connection = "entra" ; group = "entra:t:g" | 3 administrator_groups.0.access MISSING
        a group without form   | [organization] ; slug = "acme" ; [[administrator_groups]] ; connection = "entra" ; group = "" ; access = [] | 5 administrator_groups.0.group INVALID
        owned lists            | [organization] ; slug = "acme" ; manages = ["clients"] | 3 organization.manages NOT-BUILT
        the servers' section   | server = {} ; [organization] ; slug = "acme" | 1 server UNKNOWN
    "#;
    assert_refused("", rows, parse);
}

#[test]
fn hosts_of_the_broker_and_reserved_labels_are_nobodys_workspace() {
    let text = "[server]\nbase_domain = \"id.example\"\nworkspace_domain = \"apps.example\"\npublic_scheme = \"https\"\n\
                [server.hosts]\nsaml = [\"saml.id.example\", \"federation.example\"]";
    let server = server_of(text).unwrap();
    for (host, accepted) in [
        ("acme.apps.example", true),
        ("portal.corp.example", true),
        ("accounts.id.example", false),
        ("federation.example", false),
        ("console.id.example", false),
        ("id.example", false),
        ("apps.example", false),
        ("a.b.apps.example", false),
        ("console.apps.example", false),
        ("static.id.example", false),
        ("idp.sandbox.localhost", false),
        ("sandbox.localhost", false),
        ("portal.corp.example:443", false),
        ("127.0.0.1", false),
    ] {
        let faults = told(manifest_of(&format!("{HEAD}workspaces = [\n\"{host}\"]"), &server));
        let expected = [(5, "organization.workspaces".to_owned(), Invalid)];
        assert_eq!(faults, if accepted { &[] } else { &expected[..] }, "{host}");
    }
    let twice = format!("{HEAD}workspaces = [\"a.corp.example\",\n\"A.corp.example\"]");
    assert_eq!(told(manifest_of(&twice, &server)), [(5, "organization.workspaces".to_owned(), Invalid)]);
}

#[test]
fn faults_of_sessions_and_directories() {
    let rows = r#"
        idle below the bound           | [sessions.administrator] ; idle = "9m" | 5 sessions.administrator.idle INVALID
        maximum above the bound        | [sessions.administrator] ; maximum = "73h" | 5 sessions.administrator.maximum INVALID
        no flag                        | [sessions.administrator] ; dangerous_short_sessions = "yes" | 5 sessions.administrator.dangerous_short_sessions INVALID
        idle of subscribers            | [sessions.subscriber] ; idle = "9s" | 5 sessions.subscriber.idle INVALID
        maximum of subscribers         | [sessions.subscriber] ; maximum = "9s" | 5 sessions.subscriber.maximum INVALID
        maximum is never off           | [sessions.subscriber] ; maximum = "off" | 5 sessions.subscriber.maximum INVALID
        no unit                        | [sessions.subscriber] ; idle = "20" | 5 sessions.subscriber.idle INVALID
        a number                       | [sessions.subscriber] ; idle = 20 | 5 sessions.subscriber.idle INVALID
        unknown audience               | [sessions.user] ; idle = "20m" | 4 sessions.user UNKNOWN
        no name                        | [[directories]] ; domain_sid = "S-1-5-21-1-2-3" | 4 directories.0.name MISSING
        no authority                   | [[directories]] ; name = "corp" | 4 directories.corp.domain_sid MISSING
        SID of an account              | [[directories]] ; name = "corp" ; domain_sid = "S-1-5-21-1-2-3-4" | 6 directories.corp.domain_sid INVALID
        tenant by name                 | [[directories]] ; name = "corp" ; entra_tenant = "corp.example" | 6 directories.corp.entra_tenant INVALID
        domain and tenant              | [[directories]] ; name = "corp" ; domain_sid = "S-1-5-21-1-2-3" ; entra_tenant = "8f3c0000-0000-4000-8000-000000000001" | 7 directories.corp.entra_tenant INVALID
        suffix with @                  | [[directories]] ; name = "corp" ; domain_sid = "S-1-5-21-1-2-3" ; upn_suffixes = ["@corp.example"] | 7 directories.corp.upn_suffixes INVALID
        a single table                 | [directories] ; name = "corp" | 4 directories INVALID
        a list of texts                | [organization.x] | 4 organization.x UNKNOWN
        clients                        | [[clients]] ; name = "backup" | 4 clients NOT-BUILT
        unknown section                | [[connection]] ; name = "x" | 4 connection UNKNOWN
    "#;
    assert_refused(HEAD, rows, parse);
}

#[test]
fn a_directory_shares_nothing_with_another() {
    let first = "[[directories]]\nname = \"corp\"\ndomain_sid = \"S-1-5-21-1-2-3\"\nupn_suffixes = [\"corp.example\"]\n";
    let head = format!("{HEAD}{first}[[directories]]\n");
    let rows = r#"
        name   | name = "corp" ; domain_sid = "S-1-5-21-4-5-6" | 9 directories.corp.name INVALID
        domain | name = "two" ; domain_sid = "S-1-5-21-1-2-3" | 10 directories.two.domain_sid INVALID
        suffix | name = "two" ; domain_sid = "S-1-5-21-4-5-6" ; upn_suffixes = ["CORP.example"] | 11 directories.two.upn_suffixes INVALID
    "#;
    assert_refused(&head, rows, parse);
    assert!(parse(&format!("{head}name = \"two\"\ndomain_sid = \"S-1-5-21-4-5-6\"")).is_ok());
}

#[test]
fn limits_that_are_left_out_are_the_editions() {
    let japan = format!(
        "{HEAD}edition = \"japan\"\n[sessions.administrator]\nidle = \"off\"\n[sessions.subscriber]\nidle = \"off\""
    );
    let manifest = parse(&japan).unwrap();
    assert_eq!(manifest.administrator_limits, Some(manifest.edition.administrator_limits()));
    let subscriber = manifest.subscriber_limits.unwrap();
    assert_eq!((subscriber.idle, subscriber.maximum), (None, manifest.edition.subscriber_limits().maximum));
    let own = format!("{HEAD}[sessions.administrator]\nidle = \"30m\"\nmaximum = \"8h\"");
    let limits = parse(&own).unwrap().administrator_limits.unwrap();
    assert_eq!((limits.idle, limits.maximum), (Some(Duration::from_mins(30)), Duration::from_hours(8)));
    let short = format!("{HEAD}[sessions.administrator]\nidle = \"9m\"\ndangerous_short_sessions = true");
    assert_eq!(parse(&short).unwrap().dangers, ["sessions.administrator.dangerous_short_sessions"]);
    // A faulty edition is told alone: nothing is judged by a guess at it.
    let unknown = japan.replace("japan", "mars");
    assert_eq!(told(parse(&unknown)), [(4, "organization.edition".to_owned(), Invalid)]);
}

#[test]
fn faults_of_the_workspace() {
    let rows = r#"
        method that is no name   | authentication = "Okta" | 7 workspace.authentication INVALID
        method that is not there | authentication = "other" | 7 workspace.authentication INVALID
        empty group              | admit_groups = [""] | 7 workspace.admit_groups INVALID
        unknown key              | groups = [] | 7 workspace.groups UNKNOWN
        routes as a table        | routes = {} | 7 workspace.routes INVALID
        no upstream              | [[workspace.routes]] ; path = "/" | 7 workspace.routes.0.upstream MISSING
        no path                  | [[workspace.routes]] ; upstream = "https://a.example" | 7 workspace.routes.0.path MISSING
    "#;
    let organization = "[organization]\nslug = \"acme\"\n[workspace]\n";
    assert_refused(&format!("connections = []\n\n\n{organization}"), rows, parse);
    let okta = "name = \"okta\"\nkind = \"okta\"\ndomain = \"https://acme.okta.com\"";
    let okta = format!("[[connections]]\n{okta}\nclient_id = \"c\"\nclient_secret = \"s\"\n");
    assert!(parse(&format!("{organization}authentication = \"okta\"\n{okta}")).is_ok());
    assert!(
        parse(&format!("{organization}authentication = \"other\"")).is_ok(),
        "connections are left alone"
    );
}

#[test]
fn faults_of_routes() {
    let rows = r#"
        relative path            | path = "app" | 6 workspace.routes.0.path INVALID
        encoded path             | path = "/%61pp" | 6 workspace.routes.0.path INVALID
        dots                     | path = "/a/../b" | 6 workspace.routes.0.path INVALID
        the broker's paths       | path = "/.vestibule/x" | 6 workspace.routes.0.path INVALID
        access                   | path = "/" ; access = "public" | 7 workspace.routes.0.access INVALID
        timeout                  | path = "/" ; timeout = "off" | 7 workspace.routes.0.timeout INVALID
        long timeout             | path = "/" ; timeout = "61m" | 7 workspace.routes.0.timeout INVALID
        quiet sockets            | path = "/" ; websocket_activity = false | 7 workspace.routes.0.websocket_activity NOT-BUILT
        headers                  | path = "/" ; headers = "all" | 7 workspace.routes.0.headers INVALID
        header key               | path = "/" ; headers = { sid = "X-Sid" } | 7 workspace.routes.0.headers.sid UNKNOWN
        header name              | path = "/" ; headers = { user = "X User" } | 7 workspace.routes.0.headers.user INVALID
        cookie                   | path = "/" ; headers = { user = "Cookie" } | 7 workspace.routes.0.headers.user INVALID
        length                   | path = "/" ; headers = { user = "Content_Length" } | 7 workspace.routes.0.headers.user INVALID
        ours                     | path = "/" ; headers = { user = "vestibule-assertion" } | 7 workspace.routes.0.headers.user INVALID
        client address           | path = "/" ; headers = { user = "X-Forwarded-For" } | 7 workspace.routes.0.headers.user INVALID
        one name twice           | path = "/" ; headers = { user = "X-A", email = "x_a" } | 7 workspace.routes.0.headers.email INVALID
        the name of the pointer  | path = "/" ; headers = { user = "X-G-Ref", groups = "X-G" } | 7 workspace.routes.0.headers.groups INVALID
        path twice               | path = "/a" ; [[workspace.routes]] ; upstream = "https://a.example" ; path = "/a/" | 9 workspace.routes.1.path INVALID
    "#;
    let route = "[[workspace.routes]]\nupstream = \"https://app.corp.example\"\n";
    assert_refused(&format!("{HEAD}{route}"), rows, parse);
    assert!(parse(&format!("{HEAD}{route}path = \"/app/\"\ntimeout = \"60m\"")).is_ok());
}

#[test]
fn upstreams_are_https_or_on_allowed_loopback_and_never_ourselves() {
    for (upstream, accepted) in [
        ("https://app.corp.example", true),
        ("https://app.corp.example:8443/", true),
        ("https://10.0.0.5:8080", false),
        ("http://127.0.0.1:9000", true),
        ("http://localhost:9000", true),
        ("http://app.localhost:9000", true),
        ("http://[::1]:9000", false),
        ("http://app.corp.example", false),
        ("http://10.0.0.5", false),
        ("http://localhost.example", false),
        ("https://app.corp.example/base", false),
        ("https://app.corp.example/?a", false),
        ("https://app.corp.example#a", false),
        ("https://alice@app.corp.example", false),
        ("https://@app.corp.example", false),
        ("https:///alice@app.corp.example", false),
        ("https:app.corp.example", false),
        ("ftp://app.corp.example", false),
        ("https:\\\\\\\\app.corp.example", false),
        ("https://app.corp.example\\t", false),
        ("app.corp.example", false),
        ("http://127.0.0.1:8080", false),
        ("http://0x7f.1:8080", false),
        ("http://console.vestibule.localhost:8080", false),
        ("https://[::ffff:127.0.0.1]:9090", false),
        ("http://localhost.:9090", false),
        ("https://0.0.0.0:9090", false),
        ("http://127.0.0.2:8080", true),
    ] {
        let text = format!("{HEAD}[[workspace.routes]]\npath = \"/\"\nupstream = \"{upstream}\"");
        let expected = [(6, "workspace.routes.0.upstream".to_owned(), Invalid)];
        assert_eq!(told(parse(&text)), if accepted { &[] } else { &expected[..] }, "{upstream}");
    }
    let own = format!("{HEAD}[[workspace.routes]]\npath = \"/\"\nupstream = \"http://127.0.0.1:8080\"");
    let demo = parse_manifest(&own, Path::new("a.toml"), &testdata(), &local_server(), OwnListeners::Allowed);
    assert!(demo.is_ok());
    let strict = server_of("").unwrap();
    let loopback = own.replace("8080", "9000");
    assert_eq!(told(manifest_of(&loopback, &strict)).len(), 1, "allow_private is empty by default");
    let private = own.replace("http://127.0.0.1:8080", "https://10.0.0.5:8080");
    let opened = server_of("[outbound]\nallow_private = [\"10.0.0.0/8\"]").unwrap();
    assert_eq!(told(manifest_of(&private, &opened)), &[], "a private network that the operator opened");
}
