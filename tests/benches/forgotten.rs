//! Whether somebody who asks for a new password learns from the answer who has an account (SGN-15): status, headers and body of known,
//! unknown and shared addresses, and the distributions of their times, by the rank test of Mann and Whitney. The classes take turns at
//! random; every wish is from a network of its own and, where it is known, for a person of its own, so that no budget cuts the work behind the
//! answer short. Beside it, what a second request meets that waits for the store right after each.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, COOKIE, DATE, HOST, LOCATION, ORIGIN, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode, Uri};
use http_body_util::{BodyExt as _, Full};
use hyper::client::conn::http1::{self, SendRequest};
use hyper_util::rt::TokioIo;
use tempfile::TempDir;
use tokio::net::{TcpListener, TcpStream};
use vestibule_broker::app::{App, Running, Start};
use vestibule_broker::clock::{SystemClock, steady};
use vestibule_broker::config::parse_server;
use vestibule_broker::person::{BackupCodes, PasswordRecord, Person, Phone, Profile, Record, UserName};
use vestibule_broker::store::lock::ServerLock;
use vestibule_broker::store::persons;
use vestibule_certs::random;
use vestibule_policies::Email;
use vestibule_policies::password::Candidate;
use vestibule_tests::counterparts::smtp::{Setup, SmtpServer};

use crate::Outcome;
use crate::figure::{Aim, median, note, show};

/// Of each class.
const SAMPLES: usize = 400;
const WARM_UP: usize = 30;
/// After each wish: what is behind it is done by then, and the whole stays below what everybody together may ask.
const PAUSE: Duration = Duration::from_millis(70);
/// Two-sided, one in a hundred.
const SIGNIFICANT: f64 = 2.576;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Known,
    Unknown,
    Shared,
}

const CLASSES: [Class; 3] = [Class::Known, Class::Unknown, Class::Shared];

/// What one wish showed.
struct Sample {
    class: Class,
    /// Status, headers and body.
    seen: (StatusCode, Vec<(String, String)>, Bytes),
    /// Until the whole answer was there, in microseconds.
    took: f64,
    /// The same of the request right after it.
    after: f64,
}

/// Measures.
pub(crate) async fn measure() -> Outcome<()> {
    let directory = TempDir::new_in(env!("CARGO_TARGET_TMPDIR"))?;
    let server = SmtpServer::start(&Setup::default()).await?;
    let running = start(directory.path(), server.port()).await?;
    people(&running.app).await?;
    let mut asker = Asker::arrive(running.address).await?;
    for number in 0..WARM_UP {
        asker.wish(Class::Unknown, SAMPLES + number).await?;
        tokio::time::sleep(PAUSE).await;
    }
    let mut samples = Vec::with_capacity(CLASSES.len() * SAMPLES);
    for (class, number) in turns()? {
        samples.push(asker.wish(class, number).await?);
        tokio::time::sleep(PAUSE).await;
    }
    let mails = server.takes(3 * SAMPLES).await?.len();
    if mails != 3 * SAMPLES {
        return Err(format!("{mails} mails: the work behind the answers was not what is measured").into());
    }
    report(&samples);
    running.stop().await;
    Ok(())
}

fn report(samples: &[Sample]) {
    let first = samples.first().map(|sample| &sample.seen);
    let other = samples.iter().filter(|sample| Some(&sample.seen) != first).count();
    let other = u32::try_from(other).map_or(f64::INFINITY, f64::from);
    show("answers to wishes for a new password that look otherwise", other, "", Aim::AtMost(0.0));
    for (what, value) in [("the answer", time as fn(&Sample) -> f64), ("the request after it", after)] {
        let of = |class| {
            let values = samples.iter().filter(|sample| sample.class == class);
            values.map(value).collect::<Vec<f64>>()
        };
        let [known, unknown, shared] = CLASSES.map(of);
        let middle = |values: &[f64]| median(values.to_vec());
        note(&format!(
            "{what}, median of {SAMPLES}: known {:.0} µs, unknown {:.0} µs, shared {:.0} µs",
            middle(&known),
            middle(&unknown),
            middle(&shared)
        ));
        for (whose, values) in [("known", &known), ("shared", &shared)] {
            let z = rank(values, &unknown).abs();
            let name = format!("{what}: rank test, {whose} against unknown");
            show(&name, z, "sigma", Aim::AtMost(SIGNIFICANT));
        }
    }
}

const fn time(sample: &Sample) -> f64 {
    sample.took
}

const fn after(sample: &Sample) -> f64 {
    sample.after
}

/// Mann and Whitney's U, as standard deviations from what two samples of one distribution have in the mean.
fn rank(one: &[f64], other: &[f64]) -> f64 {
    let mut all: Vec<(f64, bool)> =
        one.iter().map(|value| (*value, true)).chain(other.iter().map(|value| (*value, false))).collect();
    all.sort_by(|left, right| left.0.total_cmp(&right.0));
    let mut ranks = 0.0;
    for (place, (value, _)) in all.iter().enumerate().filter(|(_, (_, is_one))| *is_one) {
        // Of equal ones each has the mean of their ranks.
        let below = all.iter().take_while(|(other, _)| other < value).count();
        let equal = all.iter().skip(below).take_while(|(other, _)| other <= value).count();
        debug_assert!((below..below + equal).contains(&place));
        ranks += number(below) + f64::midpoint(number(equal), 1.0);
    }
    let (first, second) = (number(one.len()), number(other.len()));
    let u = ranks - first * (first + 1.0) / 2.0;
    let deviation = (first * second * (first + second + 1.0) / 12.0).sqrt();
    (u - first * second / 2.0) / deviation
}

fn number(count: usize) -> f64 {
    u32::try_from(count).map_or(f64::INFINITY, f64::from)
}

/// Every wish once, in an order that chance makes.
fn turns() -> Outcome<Vec<(Class, usize)>> {
    let all = CLASSES.into_iter().flat_map(|class| (0..SAMPLES).map(move |number| (class, number)));
    let mut shuffled = all
        .map(|turn| Ok((u64::from_be_bytes(random::bytes()?), turn)))
        .collect::<Result<Vec<_>, random::RandomFailed>>()?;
    shuffled.sort_by_key(|(place, _)| *place);
    Ok(shuffled.into_iter().map(|(_, turn)| turn).collect())
}

async fn start(directory: &Path, mail: u16) -> Outcome<Running> {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
    let operator = TcpListener::bind(("127.0.0.1", 0)).await?;
    let server = format!(
        "[server]\nlisten = \"{}\"\noperator_listen = \"{}\"\npublic_port = {}\ntrusted_proxies = [\"127.0.0.1\"]\n\
         [passwords]\ncompromised = \"off\"\n[mail]\nfrom = \"vestibule@corp.example\"\nurl = \"smtp://127.0.0.1:{mail}\"\n",
        listener.local_addr()?,
        operator.local_addr()?,
        listener.local_addr()?.port()
    );
    let config = parse_server(&server, Path::new("vestibule.toml"), directory)?;
    let lock = ServerLock::take(&config.store.sqlite)?;
    Ok(Running::start(Start { config, listener, operator, clock: Arc::new(SystemClock), demo: None, lock })
        .await?)
}

/// One person for each wish for somebody known, and two for each for a shared address.
async fn people(app: &App) -> Outcome<()> {
    let hash = app.passwords.hasher.hash(&Candidate::read("Grün-und-7-Tannen!")?).await?.to_string();
    let mut rows = Vec::new();
    for number in 0..SAMPLES {
        for (user_name, email) in [
            (format!("known-{number}"), address(Class::Known, number)),
            (format!("one-{number}"), address(Class::Shared, number)),
            (format!("two-{number}"), address(Class::Shared, number)),
        ] {
            let id = Person::new_id()?;
            let (backup, _) = BackupCodes::generate(&app.keys, id, app.wall.now())?;
            let profile = Profile {
                user_name: UserName::parse(&user_name).ok_or("no user name")?,
                email: Email::parse(&email).map_err(|_| "no address")?,
                display_name: "Somebody".to_owned(),
                recovery_phone: Phone::parse("+46 8 123 45 67").ok_or("no telephone")?,
            };
            let password = PasswordRecord::chosen(hash.clone(), app.session_clock.now());
            rows.push(
                Person {
                    id,
                    record: Record {
                        profile,
                        password,
                        backup,
                        passkeys: Vec::new(),
                        changes: 0,
                        enrolled: None,
                    },
                }
                .to_row(&app.keys)?,
            );
        }
    }
    let write = app.store.write(move |transaction| {
        Box::pin(async move {
            for row in &rows {
                persons::insert(transaction, row).await?;
            }
            Ok(())
        })
    });
    Ok(write.await?)
}

/// All of one length: the length of a request is the asker's own.
fn address(class: Class, number: usize) -> String {
    let class = match class {
        Class::Known => "aaaa",
        Class::Unknown => "bbbb",
        Class::Shared => "cccc",
    };
    format!("{class}-{number:05}@corp.example")
}

/// Somebody with the form open, over a connection that stays.
struct Asker {
    connection: SendRequest<Full<Bytes>>,
    origin: String,
    host: String,
    cookies: String,
    query: String,
    token: String,
}

impl Asker {
    async fn arrive(address: SocketAddr) -> Outcome<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        let (connection, driver) = http1::handshake(TokioIo::new(stream)).await?;
        tokio::spawn(driver);
        let host = format!("accounts.vestibule.localhost:{}", address.port());
        let mut asker = Self {
            connection,
            origin: format!("http://{host}"),
            host,
            cookies: String::new(),
            query: String::new(),
            token: String::new(),
        };
        let console = format!("http://console.vestibule.localhost:{}/", address.port());
        let mut at: Uri = console.parse()?;
        // The console, `/start`, the form.
        for _ in 0..4 {
            let (status, headers, body) = asker.get(&at).await?;
            if let Some(cookie) =
                headers.get(SET_COOKIE).filter(|_| at.host() != Some("console.vestibule.localhost"))
            {
                asker.cookies = cookie.to_str()?.split(';').next().unwrap_or_default().to_owned();
            }
            match headers.get(LOCATION) {
                Some(location) => {
                    let location = location.to_str()?;
                    let relative =
                        location.starts_with('/').then(|| format!("http://{}{location}", asker.host));
                    at = relative.as_deref().unwrap_or(location).parse()?;
                }
                None if status == StatusCode::OK => {
                    let body = String::from_utf8(body.to_vec())?;
                    let token = body.split("name=\"form_token\" value=\"").nth(1);
                    let token = token.and_then(|rest| rest.split('"').next()).ok_or("no form")?;
                    token.clone_into(&mut asker.token);
                    asker.query = at.query().unwrap_or_default().to_owned();
                    return Ok(asker);
                }
                None => return Err(format!("{status} at {at}").into()),
            }
        }
        Err("a sign-in went round in circles".into())
    }

    /// A wish, and right after it a request that waits for the store, as a ticket that is none does.
    async fn wish(&mut self, class: Class, number: usize) -> Outcome<Sample> {
        let (kind, name) = (class as usize, address(class, number));
        let network = format!("10.{kind}.{}.{}", number / 250, number % 250);
        let form = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs([("form_token", self.token.as_str()), ("name", &name)])
            .finish();
        let begun = steady();
        let (status, headers, body) = self.post("/sign-in/forgotten", &network, form).await?;
        let took = begun.elapsed().as_secs_f64() * 1e6;
        let ticket = format!("ticket={}&code=000000", "A".repeat(43));
        let begun = steady();
        self.post("/sign-in/code", &network, ticket).await?;
        let after = begun.elapsed().as_secs_f64() * 1e6;
        let kept = headers.iter().filter(|(name, _)| **name != DATE);
        let kept = kept.map(|(name, value)| Ok((name.to_string(), value.to_str()?.to_owned())));
        let seen = (status, kept.collect::<Outcome<Vec<_>>>()?, body);
        if status != StatusCode::OK {
            return Err(format!("{status}: {}", String::from_utf8_lossy(&seen.2)).into());
        }
        Ok(Sample { class, seen, took, after })
    }

    async fn get(&mut self, at: &Uri) -> Outcome<(StatusCode, HeaderMap, Bytes)> {
        let target = at.path_and_query().map_or("/", |target| target.as_str());
        let request = Request::get(target)
            .header(HOST, at.authority().ok_or("no host")?.as_str())
            .header("accept", "text/html")
            .header(COOKIE, &self.cookies);
        self.send(request.body(Full::default())?).await
    }

    async fn post(
        &mut self,
        path: &str,
        network: &str,
        form: String,
    ) -> Outcome<(StatusCode, HeaderMap, Bytes)> {
        let request = Request::builder()
            .method(Method::POST)
            .uri(format!("{path}?{}", self.query))
            .header(HOST, &self.host)
            .header(ORIGIN, &self.origin)
            .header(COOKIE, &self.cookies)
            .header("x-forwarded-for", network)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded");
        self.send(request.body(Full::new(form.into()))?).await
    }

    async fn send(&mut self, request: Request<Full<Bytes>>) -> Outcome<(StatusCode, HeaderMap, Bytes)> {
        self.connection.ready().await?;
        let (head, body) = self.connection.send_request(request).await?.into_parts();
        Ok((head.status, head.headers, body.collect().await?.to_bytes()))
    }
}
