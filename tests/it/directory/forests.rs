//! Two domains of different forests in one connection, of which one lies: it harms nobody but its own people.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio::time::Instant;
use vestibule_conformance::hostile::directory::{DirectoryFault, HostileDirectory};
use vestibule_conformance::sandbox::people::People;
use vestibule_tests::directory::{DirectoryWorld, Domain, SandboxDirectory};

/// `corp.example`, and a company that it bought.
struct Two {
    corp: SandboxDirectory,
    partner: SandboxDirectory,
}

impl Two {
    /// The second one calls itself as `netbios` says.
    async fn start(netbios: &str) -> Self {
        let partner = SandboxDirectory::start(|mut settings| {
            "partner.example".clone_into(&mut settings.domain);
            netbios.clone_into(&mut settings.netbios);
            settings.people = People::generate(&[8; 32]);
            settings
        });
        let two = Self { corp: SandboxDirectory::start(|settings| settings).await, partner: partner.await };
        // The sandbox's people are of corp.example wherever they are.
        assert!(two.partner.directory.rename_upn("bob", "bob@partner.example"));
        two
    }

    fn domains(&self) -> Vec<Domain> {
        let partner = Domain {
            directory: "partner".to_owned(),
            name: "partner.example".to_owned(),
            netbios: None,
            ..self.partner.domain()
        };
        vec![partner, Domain { netbios: None, ..self.corp.domain() }]
    }
}

/// What the product waits for an answer of a directory that it has to have; less than this means that nobody waited.
const SILENCE: Duration = Duration::from_secs(5);

#[tokio::test]
async fn a_domain_makes_nobody_of_its_own_into_somebody_of_another_forest() {
    let two = Two::start("PARTNER").await;
    let world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    let password = two.partner.password("bob");
    for (principal, code) in [
        ("bob@partner.example", None),
        ("bobby@partner.example", None),
        ("bob@new.example", None),
        ("alice@corp.example", Some("CLAIM-SCOPE")),
        ("bob@CORP.example", Some("CLAIM-SCOPE")),
        // Read without the white space, and as a domain name, as the mapping reads them.
        ("alice@corp.example ", Some("CLAIM-SCOPE")),
        ("alice@corp.example\u{3000}", Some("CLAIM-SCOPE")),
        ("alice@\u{ff43}orp.example", Some("CLAIM-SCOPE")),
    ] {
        assert!(two.partner.directory.rename_upn("bob", principal));
        let before = world.world.audit().await.len();
        let mut browser = world.world.browser();
        let page = world.type_in(&mut browser, "PARTNER\\bob", &password).await;
        match code {
            None => assert_eq!(page.text_body(), "the application", "{principal}: {}", page.text()),
            Some(code) => {
                assert!(page.status == 403 && page.text().contains(code), "{principal}: {}", page.text());
                world.world.assert_refused(before, code).await;
                assert!(!world.world.has_session(&mut browser, "acme").await);
            }
        }
    }
}

#[tokio::test]
async fn whose_suffix_it_is_has_the_first_word() {
    let two = Two::start("PARTNER").await;
    assert!(two.partner.directory.rename_upn("bob", "alice@corp.example"));
    let world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, "alice@corp.example", &two.corp.password("alice")).await;
    let session = world.session(&mut browser).await;
    let sid = session["claims"]["cip_sid"].as_str().unwrap().to_owned();
    assert!(sid.starts_with(two.corp.directory.domain_sid()), "{sid}");

    let page =
        world.type_in(&mut world.world.browser(), "alice@corp.example", &two.partner.password("bob")).await;
    assert_eq!(page.url.path(), "/password", "{}", page.text());
    assert_eq!(two.partner.directory.binds("bob"), (0, 0), "the other domain was not even asked");
}

#[tokio::test]
async fn a_netbios_name_that_two_claim_is_the_one_whose_domain_begins_so() {
    let two = Two::start("CORP").await;
    let world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    world.sign_in(&mut world.world.browser(), "CORP\\alice", &two.corp.password("alice")).await;
    let page = world.type_in(&mut world.world.browser(), "CORP\\alice", &two.partner.password("alice")).await;
    assert_eq!(page.url.path(), "/password", "{}", page.text());
}

#[tokio::test]
async fn one_name_in_two_domains_is_nobodys() {
    let two = Two::start("PARTNER").await;
    for directory in [&two.corp.directory, &two.partner.directory] {
        assert!(directory.rename_upn("alice", "alice@mail.corp.example"));
    }
    let world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    for password in [two.corp.password("alice"), two.partner.password("alice")] {
        let page = world.type_in(&mut world.world.browser(), "alice@mail.corp.example", &password).await;
        assert_eq!(page.url.path(), "/password", "{}", page.text());
        let audit = world.world.audit().await;
        assert_eq!(audit.last().unwrap().details["cause"], "ambiguous");
    }
    assert_eq!(two.corp.directory.binds("alice"), (0, 0), "nobody's password is tried on anybody");

    // Whoever declares the suffix has the first word.
    let mut domains = two.domains();
    domains[1].upn_suffixes = vec!["mail.corp.example".to_owned(), "corp.example".to_owned()];
    let world = DirectoryWorld::start("active-directory", domains, "").await;
    world.sign_in(&mut world.world.browser(), "alice@mail.corp.example", &two.corp.password("alice")).await;
}

#[tokio::test]
async fn a_domain_that_is_switched_off_admits_nobody_new() {
    let two = Two::start("PARTNER").await;
    let mut world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    let mut before = world.world.browser();
    world.sign_in(&mut before, "bob@partner.example", &two.partner.password("bob")).await;
    world.domains[0].enabled = false;
    world.apply().await;
    assert!(world.world.has_session(&mut before, "acme").await, "AD-07: who is in stays");
    let page =
        world.type_in(&mut world.world.browser(), "bob@partner.example", &two.partner.password("bob")).await;
    assert_eq!(page.url.path(), "/password");
    assert_eq!(world.world.audit().await.last().unwrap().details["cause"], "domain-disabled");
    world.sign_in(&mut world.world.browser(), "bob@corp.example", &two.corp.password("bob")).await;
}

/// AD-07, AD-21: nobody new, and no refuge for those who are in.
#[tokio::test]
async fn people_of_a_domain_that_is_switched_off_are_looked_up_still() {
    let two = Two::start("PARTNER").await;
    assert!(two.partner.directory.rename_upn("alice", "alice@partner.example"));
    let lines = "recheck = \"1m\"\n";
    let mut world = DirectoryWorld::start("active-directory", two.domains(), lines).await;
    let (mut bob, mut alice) = (world.world.browser(), world.world.browser());
    world.sign_in(&mut bob, "bob@partner.example", &two.partner.password("bob")).await;
    world.sign_in(&mut alice, "alice@partner.example", &two.partner.password("alice")).await;
    world.domains[0].enabled = false;
    world.apply().await;
    assert!(two.partner.directory.set_disabled("bob"));
    let ended = async {
        while world.world.has_session(&mut bob, "acme").await {
            world.world.clock.advance(Duration::from_mins(1));
            tokio::time::sleep(Duration::from_millis(300)).await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), ended).await.expect("the look at bob");
    assert_eq!(world.world.audit().await.last().unwrap().details["cause"], "disabled");
    assert!(world.world.has_session(&mut alice, "acme").await, "whose account is as it was");
}

#[tokio::test]
async fn a_directory_that_says_nothing_keeps_nobody_elses_people_waiting() {
    let two = Two::start("PARTNER").await;
    let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let mut domains = two.domains();
    domains[0].servers = vec![format!("ldaps://127.0.0.1:{}", silent.local_addr().unwrap().port())];
    let world = DirectoryWorld::start("active-directory", domains, "default_domain = \"corp\"\n").await;
    for name in ["alice", "alice@corp.example", "CORP\\alice"] {
        let began = Instant::now();
        world.sign_in(&mut world.world.browser(), name, &two.corp.password("alice")).await;
        assert!(began.elapsed() < SILENCE, "{name}: {:?}", began.elapsed());
    }
}

#[tokio::test]
async fn the_name_of_a_domain_that_is_switched_off_or_away_is_nobody_elses() {
    for is_away in [false, true] {
        let two = Two::start("CORP").await;
        let silent = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let mut domains = two.domains();
        if is_away {
            domains[1].servers = vec![format!("ldaps://127.0.0.1:{}", silent.local_addr().unwrap().port())];
        } else {
            domains[1].netbios = Some("CORP".to_owned());
            domains[1].enabled = false;
        }
        let world = DirectoryWorld::start("active-directory", domains, "").await;
        let password = two.partner.password("alice");
        let page = world.type_in(&mut world.world.browser(), "CORP\\alice", &password).await;
        assert!(page.status.is_client_error() || page.status == 503, "{}", page.text());
        assert_eq!(two.partner.directory.binds("alice"), (0, 0), "the password went to the other domain");
        // The same domain by its own name.
        assert!(two.partner.directory.rename_upn("alice", "alice@partner.example"));
        world.sign_in(&mut world.world.browser(), "alice@partner.example", &password).await;
    }
}

#[tokio::test]
async fn a_session_without_a_code_ends_when_the_connection_demands_one() {
    let two = Two::start("PARTNER").await;
    let mut world = DirectoryWorld::start("active-directory", two.domains(), "").await;
    let mut browser = world.world.browser();
    world.sign_in(&mut browser, "alice@corp.example", &two.corp.password("alice")).await;
    world.apply().await;
    assert!(world.world.has_session(&mut browser, "acme").await, "the same again");
    world.kind = "active-directory-token";
    world.apply().await;
    assert!(!world.world.has_session(&mut browser, "acme").await);
}

#[tokio::test]
async fn a_password_that_was_sent_counts_though_the_connection_broke() {
    let hostile = HostileDirectory::start(None).await.expect("the directory");
    let (bind_user, bind_password) = hostile.directory().service_account();
    let corp = Domain {
        directory: "corp".to_owned(),
        name: "corp.example".to_owned(),
        netbios: Some("CORP".to_owned()),
        domain_sid: hostile.directory().domain_sid().to_owned(),
        upn_suffixes: Vec::new(),
        servers: vec![format!("ldaps://localhost:{}", hostile.address().port())],
        ca_pem: hostile.ca_pem().to_owned(),
        bind_user,
        bind_password,
        enabled: true,
        lines: String::new(),
    };
    let world = DirectoryWorld::start("active-directory", vec![corp], "lockout_attempts = 3\n").await;
    hostile.set(Some(DirectoryFault::ClosesInBind));
    for _ in 0..9 {
        world.type_in(&mut world.world.browser(), "alice@corp.example", "wrong").await;
    }
    let sent = hostile.seen().binds.iter().filter(|bind| bind.name.contains("Alice")).count();
    assert!((1..=3).contains(&sent), "{sent} passwords were sent");
    assert_eq!(world.world.audit().await.last().unwrap().details["cause"], "held");
}
