//! Figure 3: the guard of a live session, in process, with ten thousand of them in memory.

use std::path::Path;
use std::sync::Arc;

use tempfile::TempDir;
use tokio::net::TcpListener;
use vestibule_broker::app::{App, Running, Start};
use vestibule_broker::apply::{Mode, Target, apply};
use vestibule_broker::clock::{Clock as _, SystemClock, steady};
use vestibule_broker::config::{OwnListeners, parse_manifest, parse_server};
use vestibule_broker::deployment::Tenant;
use vestibule_broker::keys;
use vestibule_broker::session::facts::Facts;
use vestibule_broker::session::guard::{Guarded, guard};
use vestibule_broker::store::accesses;
use vestibule_broker::store::lock::ServerLock;
use vestibule_broker::store::roots::upstream::Upstream;
use vestibule_broker::store::roots::{self, RootId, RootRow};
use vestibule_broker::store::{Store, StoreError};
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::claims::Claims;
use vestibule_policies::edition::Audience;
use vestibule_policies::name::HostName;
use vestibule_providers::step::UpstreamSession;

use crate::Outcome;
use crate::deployment::WORKSPACE;
use crate::figure::{Aim, median, note, show};

const SESSIONS: u32 = 10_000;
const ROUNDS: usize = 21;
/// Sessions in one commit.
const BATCH: u32 = 500;
/// Odd and far from a divisor of the number of sessions: neighbours in time are none in memory.
const STRIDE: usize = 7_919;

/// Measures.
pub(crate) async fn measure() -> Outcome<()> {
    let directory = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let running = start(directory.path()).await?;
    let (app, host) = (Arc::clone(&running.app), HostName::parse(WORKSPACE)?);
    let tenant = app.deployment.load().by_host(&host).cloned().ok_or("no workspace")?;
    let tokens = sessions(&app, &tenant, &host).await?;
    // The first look at a token reads the store, every later one memory.
    pass(&app, &tenant, &host, &tokens).await?;
    let mut rounds = Vec::with_capacity(ROUNDS);
    for _ in 0..ROUNDS {
        let began = steady();
        pass(&app, &tenant, &host, &tokens).await?;
        rounds.push(began.elapsed().as_secs_f64() * 1e9 / f64::from(SESSIONS));
    }
    let fastest = rounds.iter().copied().fold(f64::INFINITY, f64::min);
    show("guard of a live session, 10,000 in memory", median(rounds), "ns", Aim::AtMost(1_000.0));
    note(&format!("fastest round {fastest:.0} ns"));
    drop((app, tenant));
    running.stop().await;
    Ok(())
}

async fn pass(app: &App, tenant: &Tenant, host: &HostName, tokens: &[String]) -> Outcome<()> {
    for step in 0..tokens.len() {
        let token = tokens.get(step * STRIDE % tokens.len()).map(String::as_str);
        match guard(app, tenant, host, token).await {
            Ok(Guarded::Live(_)) => {}
            other => return Err(format!("no live session: {other:?}").into()),
        }
    }
    Ok(())
}

async fn start(directory: &Path) -> Outcome<Running> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let operator = TcpListener::bind(("127.0.0.1", 0)).await?;
    let server = format!(
        "[server]\nlisten = \"{}\"\noperator_listen = \"{}\"\npublic_port = {}\n",
        listener.local_addr()?,
        operator.local_addr()?,
        listener.local_addr()?.port()
    );
    let config = parse_server(&server, Path::new("vestibule.toml"), directory)?;
    let manifest = format!(
        "[organization]\nslug = \"acme\"\nname = \"Acme\"\nworkspaces = [\"{WORKSPACE}\"]\n[workspace]\n\
         authentication = \"any\"\n[[workspace.routes]]\npath = \"/\"\nupstream = \"https://app.example\"\n\
         [[connections]]\nname = \"any\"\nkind = \"oidc\"\nissuer = \"https://id.example\"\nclient_id = \"id\"\n\
         client_secret = \"secret\"\nrequired_claims = []\n"
    );
    let manifest =
        parse_manifest(&manifest, Path::new("acme.toml"), directory, &config, OwnListeners::Refused)?;
    let store = Store::open(&config.store.sqlite).await?;
    let ring = keys::open(&store, &config.master_key).await?;
    let target = Target { store: &store, keys: &ring, server: &config.server };
    apply(target, vec![manifest], SystemClock.now(), Mode::Write).await?;
    let lock = ServerLock::take(&config.store.sqlite)?;
    Ok(Running::start(Start { config, listener, operator, clock: Arc::new(SystemClock), demo: None, lock })
        .await?)
}

/// As many people as there are sessions, each with one access; their tokens.
async fn sessions(app: &App, tenant: &Tenant, host: &HostName) -> Outcome<Vec<String>> {
    let mut tokens = Vec::new();
    for _ in 0..SESSIONS / BATCH {
        let mut batch = Vec::new();
        for _ in 0..BATCH {
            let access = Token::generate()?;
            batch.push((root(app, tenant)?, access.hash()));
            tokens.push(access.as_str().to_owned());
        }
        insert(&app.store, batch, host.clone()).await?;
    }
    Ok(tokens)
}

async fn insert(store: &Store, batch: Vec<(RootRow, TokenHash)>, host: HostName) -> Result<(), StoreError> {
    let work = store.write(move |transaction| {
        Box::pin(async move {
            for (root, access) in batch {
                roots::insert(transaction, &root, &Upstream::default()).await?;
                accesses::insert(transaction, &access, root.id, &host, root.started).await?;
            }
            Ok(())
        })
    });
    work.await
}

fn root(app: &App, tenant: &Tenant) -> Outcome<RootRow> {
    let connection = tenant.organization.connections.first().ok_or("no connection")?;
    let (id, now) = (RootId::generate()?, app.session_clock.now());
    let facts = Facts {
        claims: Claims::default(),
        upstream: UpstreamSession {
            name_id: None,
            ends_at: None,
            issuer: "https://id.example".to_owned(),
            subject: id.to_string(),
            session_id: None,
            authenticated_at: now,
            methods: vec!["pwd".to_owned()],
            context: None,
            account: None,
        },
        connection: connection.name.clone(),
        kind: "oidc".to_owned(),
        subject: id.to_string(),
        organization: "acme".to_owned(),
    };
    Ok(RootRow {
        id,
        token: Token::generate()?.hash(),
        organization: tenant.organization.id,
        connection: connection.id,
        audience: Audience::Subscriber,
        principal: id.to_string(),
        facts: facts.seal(id, &app.keys)?,
        started: now,
        last_activity: now,
        granted: tenant.organization.sessions.subscriber,
        ended: None,
        succeeded: false,
        origin: id.to_string(),
    })
}
