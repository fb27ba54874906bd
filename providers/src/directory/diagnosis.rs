//! "Test and Finish" for one domain: from DNS to a person's attributes, each step with what was found or what is wrong (PRV-09).

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;
use vestibule_policies::code::Code;
use vestibule_policies::time::Timestamp;

use super::connection::{Connection, Query, Scope};
use super::domain::Domain;
use super::name::PEOPLE;
use super::naming;
use crate::Check;
use crate::config::ControllerAddress;
use crate::error::SignInError;

/// For each controller.
const PATIENCE: Duration = Duration::from_secs(5);
/// Kerberos and one-time codes bear five minutes at the most.
const SKEW: u64 = 60;
/// Of 100 nanoseconds each.
const TICKS_A_SECOND: u64 = 10_000_000;

/// How the connection counts wrong passwords.
#[derive(Debug, Clone, Copy)]
pub(super) struct LockoutRule {
    pub(super) attempts: u32,
    pub(super) window: Duration,
}

/// Looks at a domain.
pub(super) async fn check(domain: &Arc<Domain>, rule: LockoutRule, now: Timestamp) -> Vec<Check> {
    let of = |name: &'static str, outcome| Check::new(name, outcome).of(&domain.config.name);
    let addresses = match domain.addresses().await {
        Ok(addresses) => addresses,
        Err(error) => return vec![of("controllers", Err(error))],
    };
    let mut checks = Vec::new();
    let mut speeds = Vec::new();
    for address in &addresses {
        match reach(domain, address).await {
            Ok(speed) => speeds.push((speed, address)),
            Err(error) => checks.push(of("controller", Err(error))),
        }
    }
    speeds.sort();
    let told: Vec<_> =
        speeds.iter().map(|(speed, address)| format!("{address} {} ms", speed.as_millis())).collect();
    if speeds.is_empty() {
        return checks;
    }
    checks.push(of("controllers", Ok(told.join(", "))));
    match domain.naming().await {
        Ok(naming) => checks.push(of(
            "domain",
            Ok(format!("{} ({}), suffixes: {}", naming.base, naming.netbios, listed(&naming.suffixes))),
        )),
        Err(error) => {
            checks.push(of("domain", Err(error)));
            return checks;
        }
    }
    checks.push(of("clock", skew(domain, now).await));
    checks.push(of("people", sample(domain).await));
    checks.push(of("lockout", lockout(domain, rule).await));
    checks
}

fn listed(suffixes: &[String]) -> String {
    if suffixes.is_empty() { "none besides".to_owned() } else { suffixes.join(", ") }
}

/// TCP, TLS with chain and name, and the bind of our own account, at one controller.
async fn reach(domain: &Domain, address: &ControllerAddress) -> Result<Duration, SignInError> {
    let start = Instant::now();
    let failed = |reason: String| domain.down(&format!("{address}: {reason}"));
    let mut connection =
        Connection::open(&*domain.wire, address, PATIENCE).await.map_err(|lost| failed(lost.to_string()))?;
    let service = &domain.service;
    let answer = connection.bind(&service.user, &service.password, PATIENCE).await;
    let answer = answer.map_err(|lost| failed(lost.to_string()))?;
    if answer.is_success() {
        return Ok(start.elapsed());
    }
    let reason =
        format!("{address} refuses the account {}: result {}: {}", service.user, answer.code, answer.text);
    Err(SignInError::new(Code::AdService, reason))
}

async fn skew(domain: &Arc<Domain>, now: Timestamp) -> Result<String, SignInError> {
    let root = naming::root(domain).await?;
    let time = root.needed("currentTime")?;
    let theirs = generalized(time)
        .ok_or_else(|| SignInError::new(Code::AdAnswer, format!("currentTime is no time: {time}")))?;
    let apart = theirs.abs_diff(now.seconds());
    if apart <= SKEW {
        return Ok(format!("{apart} s apart"));
    }
    let reason = format!("the clocks are {apart} s apart; set both by the same time server");
    Err(SignInError::new(Code::AdSettings, reason))
}

/// `20261125120000.0Z` (RFC 4517 §3.3.13) in seconds since 1970.
fn generalized(text: &str) -> Option<i64> {
    let format = time::macros::format_description!("[year][month][day][hour][minute][second]");
    let time = time::PrimitiveDateTime::parse(text.get(..14)?, format).ok()?;
    Some(time.assume_utc().unix_timestamp())
}

/// Whether some people have what a sign-in demands, and whether their groups can be read.
async fn sample(domain: &Arc<Domain>) -> Result<String, SignInError> {
    const DEMANDED: [&str; 5] = ["objectSid", "objectGUID", "sAMAccountName", "userPrincipalName", "mail"];
    let naming = domain.naming().await?;
    let filter = format!("(&{PEOPLE}(!(userAccountControl:1.2.840.113556.1.4.803:=2)))");
    let query =
        Query { base: &naming.base, scope: Scope::Subtree, filter: &filter, attributes: &DEMANDED, most: 20 };
    let (people, answer) = domain.search(&query).await?;
    if people.is_empty() {
        let reason = format!("the account sees nobody: result {}: {}", answer.code, answer.text);
        return Err(SignInError::new(Code::AdService, reason));
    }
    let lacking = DEMANDED.into_iter().filter(|name| people.iter().any(|one| one.values(name).is_empty()));
    let lacking: Vec<_> = lacking.collect();
    let seen = format!("{} people looked at", people.len());
    Ok(if lacking.is_empty() {
        format!("{seen}, all have every attribute that is needed")
    } else {
        format!("{seen}; some have no {}: they cannot sign in where it is demanded", lacking.join(", "))
    })
}

/// Our own lockout has to be reached before the domain's, also by somebody who tries from a browser that signed in before: such
/// attempts count apart, so that the domain may see twice as many.
async fn lockout(domain: &Arc<Domain>, rule: LockoutRule) -> Result<String, SignInError> {
    let naming = domain.naming().await?;
    let head = naming::one(
        domain,
        (&naming.base, Scope::Base, "(objectClass=*)"),
        &["lockoutThreshold", "lockOutObservationWindow"],
    );
    let head = head.await?;
    let threshold = head.number("lockoutThreshold")?.unwrap_or(0).unsigned_abs();
    let window = head.number("lockOutObservationWindow")?.unwrap_or(0).unsigned_abs() / TICKS_A_SECOND;
    judge_lockout(rule, threshold, Duration::from_secs(window))
}

fn judge_lockout(rule: LockoutRule, threshold: u64, window: Duration) -> Result<String, SignInError> {
    if threshold == 0 {
        return Ok("the domain never locks an account".to_owned());
    }
    let theirs = format!("{threshold} wrong passwords within {} min", window.as_secs() / 60);
    let fault = |what: String| Err(SignInError::new(Code::AdSettings, what));
    if u64::from(rule.attempts) * 2 >= threshold {
        return fault(format!(
            "the domain locks an account after {theirs}, and lockout_attempts is {}; strangers could lock people out of it",
            rule.attempts
        ));
    }
    if rule.window < window {
        return fault(format!(
            "the domain counts wrong passwords for {} min, and lockout_window is {} min",
            window.as_secs() / 60,
            rule.window.as_secs() / 60
        ));
    }
    Ok(format!("{theirs} lock an account; we stop at {}", rule.attempts))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_comes_before_theirs() {
        let minutes = |count: u64| Duration::from_secs(60 * count);
        let rule = |attempts, window| LockoutRule { attempts, window: minutes(window) };
        for (rule, threshold, window, fits) in [
            (rule(5, 15), 0, 0, true),
            (rule(5, 15), 11, 15, true),
            (rule(5, 15), 10, 15, false),
            (rule(5, 15), 5, 15, false),
            (rule(2, 30), 5, 30, true),
            (rule(2, 29), 5, 30, false),
        ] {
            let judged = judge_lockout(rule, threshold, minutes(window));
            assert_eq!(judged.is_ok(), fits, "{rule:?} {threshold} {window}: {judged:?}");
        }
    }

    #[test]
    fn a_directorys_time() {
        assert_eq!(generalized("19700101000001.0Z"), Some(1));
        assert_eq!(generalized("20261125120000.0Z"), Some(1_795_608_000));
        for text in ["", "2026", "20261325120000.0Z", "ä0261125120000.0Z"] {
            assert_eq!(generalized(text), None, "{text}");
        }
    }
}
