//! Figure 6: what a sign-in through Active Directory costs beside what TLS and the directory cost, on a Samba domain controller in
//! processes of its own.
//!
//! The adapter is measured in process: the rest of a sign-in is figure 1's. `bare` does the same three exchanges (find, bind, read
//! the same attributes) over the same TLS by the LDAP library alone, one connection for each purpose. The two take turns, since what
//! else a machine does changes from one second to the next.

use std::sync::Arc;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, Scope};
use vestibule_broker::clock::steady;
use vestibule_certs::trust::Trust;
use vestibule_providers::Step;
use vestibule_providers::directory::{ATTRIBUTES, DirectoryProvider};
use vestibule_tests::counterparts::samba::{Forest, Realm, SERVICE_ACCOUNT, SERVICE_PASSWORD, password_of};
use vestibule_tests::directory::alone;

use crate::Outcome;
use crate::figure::{Aim, note, show};

const SIGN_INS: u32 = 400;
const AT_ONCE: u32 = 200;
/// Of which the median counts.
const ROUNDS: usize = 7;
/// The connections that the product opens to one controller.
const CONNECTIONS: usize = 16;

/// Measures against a forest of its own.
pub(crate) async fn measure() -> Outcome<()> {
    let corp = Forest::start(Realm::Corp).await?;
    let provider = provider(&corp, &[corp.first().address()]);
    sign_in(&provider, "alice").await?;
    cost(&corp, &provider).await?;
    crowd(&corp, &provider).await?;
    failover(&corp).await
}

/// Processor time of one sign-in after another.
async fn cost(corp: &Forest, provider: &DirectoryProvider) -> Outcome<()> {
    let mut bare = Bare::open(corp).await?;
    bare.sign_in().await?;
    let (mut ours, mut theirs) = (Duration::ZERO, Duration::ZERO);
    let mut walls = (Duration::ZERO, Duration::ZERO);
    for _ in 0..4 {
        let (before, began) = (spent()?, steady());
        for _ in 0..SIGN_INS / 4 {
            sign_in(provider, "alice").await?;
        }
        ours += spent()?.saturating_sub(before);
        walls.0 += began.elapsed();
        let (before, began) = (spent()?, steady());
        for _ in 0..SIGN_INS / 4 {
            bare.sign_in().await?;
        }
        theirs += spent()?.saturating_sub(before);
        walls.1 += began.elapsed();
    }
    let each = |time: Duration| time.as_secs_f64() * 1e3 / f64::from(SIGN_INS);
    let (ours, theirs) = (each(ours), each(theirs));
    show(
        "processor time of a sign-in at a directory, beyond the LDAP library and TLS",
        ours - theirs,
        "ms",
        Aim::AtMost(1.0),
    );
    note(&format!(
        "{ours:.2} ms of ours, {theirs:.2} ms bare; {:.1} ms and {:.1} ms until the answer",
        each(walls.0),
        each(walls.1)
    ));
    Ok(())
}

/// Two hundred people at once at one controller, and what the directory itself needs for as many.
async fn crowd(corp: &Forest, provider: &Arc<DirectoryProvider>) -> Outcome<()> {
    // The first ones wait for connections to be opened, too; the directory's own are open before it begins.
    let (first, mut most) = ours_at_once(provider).await?;
    let mut bare = Vec::new();
    for _ in 0..CONNECTIONS / 2 {
        bare.push(Bare::open(corp).await?);
    }
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let (took, open) = ours_at_once(provider).await?;
        most = most.max(open);
        ours.push(took);
        theirs.push(bare_at_once(&mut bare).await?);
    }
    let (ours, theirs) = (median(ours), median(theirs));
    let ratio = ours.as_secs_f64() / theirs.as_secs_f64();
    show(
        "200 sign-ins at once: the time until the last, by the LDAP library's alone",
        ratio,
        "times",
        Aim::AtMost(1.3),
    );
    show("the same: connections to the controller", f64::from(u32::try_from(most)?), "", Aim::AtMost(16.0));
    note(&format!(
        "{} ms of ours, {} ms bare; {} ms the first time, with the connections opened",
        ours.as_millis(),
        theirs.as_millis(),
        first.as_millis()
    ));
    Ok(())
}

/// How long it takes through the product, and the most connections that were open.
async fn ours_at_once(provider: &Arc<DirectoryProvider>) -> Outcome<(Duration, usize)> {
    let began = steady();
    let mut people = tokio::task::JoinSet::new();
    for _ in 0..AT_ONCE {
        let provider = Arc::clone(provider);
        people.spawn(async move { sign_in(&provider, "alice").await });
    }
    let mut most = 0;
    while let Some(ended) = people.join_next().await {
        ended??;
        most = most.max(provider.open_connections());
    }
    Ok((began.elapsed(), most))
}

/// How long as many take by the library alone.
async fn bare_at_once(bare: &mut Vec<Bare>) -> Outcome<Duration> {
    let each = AT_ONCE / u32::try_from(bare.len())?;
    let began = steady();
    let mut people = tokio::task::JoinSet::new();
    for mut one in bare.drain(..) {
        people.spawn(async move {
            for _ in 0..each {
                one.sign_in().await?;
            }
            Outcome::Ok(one)
        });
    }
    while let Some(ended) = people.join_next().await {
        bare.push(ended??);
    }
    Ok(began.elapsed())
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort_unstable();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

/// How long the next sign-in takes after the controller that held the connections is gone.
async fn failover(corp: &Forest) -> Outcome<()> {
    let (second, _held) = corp.second().await?;
    let provider = provider(corp, &[second.address(), corp.first().address()]);
    for (what, paused) in [("is killed", false), ("says nothing more", true)] {
        second.start().await?;
        second.resume().await?;
        let ready = steady();
        while ready.elapsed() < Duration::from_secs(8) {
            sign_in(&provider, "alice").await?;
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        if paused {
            second.pause().await?;
        } else {
            second.kill().await?;
        }
        let began = steady();
        sign_in(&provider, "alice").await?;
        let took = began.elapsed().as_secs_f64() * 1e3;
        show(&format!("a sign-in after the controller in use {what}"), took, "ms", Aim::AtMost(2000.0));
    }
    second.resume().await?;
    Ok(())
}

fn provider(corp: &Forest, servers: &[&str]) -> Arc<DirectoryProvider> {
    let servers: Vec<_> = servers.iter().map(|host| (*host, 636)).collect();
    Arc::new(alone::provider(corp, &servers, Vec::new()))
}

/// Nothing is counted: the store's part is figure 1's.
async fn sign_in(provider: &DirectoryProvider, login: &str) -> Outcome<()> {
    match alone::sign_in(provider, login, &password_of(login)).await.map_err(|error| error.reason)? {
        Step::Done(_) => Ok(()),
        _ => Err("nobody was proved".into()),
    }
}

/// The LDAP library alone: a connection that searches and one that binds.
struct Bare {
    reading: Ldap,
    proving: Ldap,
}

impl Bare {
    async fn open(corp: &Forest) -> Outcome<Self> {
        let (mut reading, proving) = (connect(corp).await?, connect(corp).await?);
        let user = format!("{SERVICE_ACCOUNT}@{}", corp.realm().domain());
        reading.simple_bind(&user, SERVICE_PASSWORD).await?.success()?;
        Ok(Self { reading, proving })
    }

    async fn sign_in(&mut self) -> Outcome<()> {
        let filter = "(&(objectCategory=person)(objectClass=user)(sAMAccountName=alice))";
        let base = Realm::Corp.base_dn();
        let (found, _) =
            self.reading.search(base, Scope::Subtree, filter, vec!["objectSid"]).await?.success()?;
        let entry = found.into_iter().find(|one| !one.is_ref()).ok_or("nobody")?;
        let dn = ldap3::SearchEntry::construct(entry).dn;
        self.proving.simple_bind(&dn, &password_of("alice")).await?.success()?;
        self.proving.search(&dn, Scope::Base, "(objectClass=*)", ATTRIBUTES.to_vec()).await?.success()?;
        Ok(())
    }
}

async fn connect(corp: &Forest) -> Outcome<Ldap> {
    let trust = Trust::from_pem(corp.ca_pem().as_bytes())?;
    let config = vestibule_certs::tls::client_config(&trust)?;
    let settings = LdapConnSettings::new().set_config(config);
    let (driver, ldap) = LdapConnAsync::with_settings(settings, &corp.first().url()).await?;
    tokio::spawn(async move { drop(driver.drive().await) });
    Ok(ldap)
}

/// Processor time of this process so far.
fn spent() -> Outcome<Duration> {
    let text = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = text.rsplit_once(") ").ok_or("/proc/self/stat has another form")?;
    let ticks: Vec<u32> = fields.split(' ').skip(11).take(2).filter_map(|field| field.parse().ok()).collect();
    Ok(Duration::from_millis(10) * ticks.iter().sum::<u32>())
}
