//! One conversation with the mail server, step by step, each within the time that a step has.
//!
//! The server is the operator's own word, so it may be anywhere: `outbound.allow_private` is about what organisations name.

use std::future::Future;
use std::io;
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use lettre::transport::smtp;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Data, Mail, Noop, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use rustls_pki_types::ServerName;
use tokio::io::{AsyncWriteExt as _, BufReader};
use tokio::net::TcpStream;
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;
use vestibule_certs::tls::TlsError;

use super::carrier::Carrier;
use super::fault::{Cause, Fault, Step, shown};
use super::mime::Posting;
use super::reply::{Reply, ReplyFault};
use crate::config::{MailCredentials, MailSecurity, MailSettings};
use crate::outbound::{causes, resolve, tls_config};

/// To one address; the next is tried after it.
const CONNECT: Duration = Duration::from_secs(10);
const MECHANISMS: [Mechanism; 2] = [Mechanism::Plain, Mechanism::Login];

/// A server that would take mail.
pub(super) struct Connection {
    smtp: AsyncSmtpConnection,
    step: Duration,
}

/// A step that went well, and what was seen.
pub(super) type Passed = (Step, String);

impl Connection {
    /// Connects, encrypts, greets and signs in, and notes what went well.
    pub(super) async fn open(
        settings: &MailSettings,
        own_name: &str,
        passed: &mut Vec<Passed>,
    ) -> Result<Self, Fault> {
        let opening = Opening { settings, own_name };
        let stream = opening.connect(passed).await?;
        let carrier = match settings.server.security {
            MailSecurity::Loopback => Carrier::plain(stream),
            MailSecurity::Tls => Carrier::tls(opening.encrypt(stream, passed).await?),
            MailSecurity::StartTls => {
                let stream = opening.start_tls(stream).await?;
                Carrier::upgraded(opening.encrypt(stream, passed).await?)
            }
        };
        let hello = ClientId::Domain(own_name.to_owned());
        let smtp = AsyncSmtpConnection::connect_with_transport(Box::new(carrier), &hello);
        let mut connection =
            opening.within(Step::Greeting, smtp).await.map(|smtp| Self { smtp, step: settings.timeout })?;
        passed.push((Step::Greeting, shown(&connection.smtp.server_info().to_string())));
        if let Some(credentials) = &settings.credentials {
            connection.sign_in(credentials).await?;
            passed.push((Step::SignIn, format!("as {}", credentials.username)));
        }
        Ok(connection)
    }

    async fn sign_in(&mut self, credentials: &MailCredentials) -> Result<(), Fault> {
        if self.smtp.server_info().get_auth_mechanism(&MECHANISMS).is_none() {
            return Err(Fault::new(
                Step::SignIn,
                Cause::NoMechanism,
                "the server offers neither AUTH PLAIN nor LOGIN",
            ));
        }
        let pair = Credentials::new(credentials.username.clone(), credentials.password.expose().to_owned());
        let answer = self.smtp.auth(&MECHANISMS, &pair);
        within(self.step, Step::SignIn, answer).await.map(drop)
    }

    /// Whether somebody is still there.
    pub(super) async fn is_alive(&mut self) -> Result<(), Fault> {
        within(self.step, Step::Alive, self.smtp.command(Noop)).await.map(drop)
    }

    /// Hands one mail over. After a fault nothing more is said on this connection: what the server thinks of the rest of a
    /// mail that was broken off is not worth finding out.
    pub(super) async fn deliver(&mut self, mail: &Posting) -> Result<(), Fault> {
        let from = Mail::new(Some(mail.from.clone()), Vec::new());
        within(self.step, Step::Sender, self.smtp.command(from)).await?;
        let to = Rcpt::new(mail.to.clone(), Vec::new());
        within(self.step, Step::Recipient, self.smtp.command(to)).await?;
        within(self.step, Step::Content, self.smtp.command(Data)).await?;
        within(self.step, Step::Content, self.smtp.message(&mail.octets)).await.map(drop)
    }

    /// Takes leave, without waiting long for the answer.
    pub(super) async fn close(mut self) {
        let _ = tokio::time::timeout(Duration::from_secs(1), self.smtp.quit()).await;
    }
}

struct Opening<'a> {
    settings: &'a MailSettings,
    own_name: &'a str,
}

impl Opening<'_> {
    async fn connect(&self, passed: &mut Vec<Passed>) -> Result<TcpStream, Fault> {
        let server = &self.settings.server;
        let unreachable = |detail: String| Fault::new(Step::Connection, Cause::Unreachable, detail);
        let found = tokio::time::timeout(CONNECT, resolve(&server.host, server.port)).await;
        let found = found.map_err(|_| Fault::silent(Step::Connection, CONNECT.as_secs()))?;
        let addresses = found.map_err(|error| unreachable(format!("{}: {error}", server.host)))?;
        let mut last = unreachable(format!("{} has no address", server.host));
        for address in addresses {
            match tokio::time::timeout(CONNECT, TcpStream::connect(address)).await {
                Ok(Ok(stream)) => {
                    // Commands are short and wait for their answers.
                    drop(stream.set_nodelay(true));
                    passed.push((Step::Connection, address.to_string()));
                    return Ok(stream);
                }
                Ok(Err(error)) => last = unreachable(format!("{address}: {error}")),
                Err(_) => last = Fault::silent(Step::Connection, CONNECT.as_secs()),
            }
        }
        Err(last)
    }

    /// RFC 3207 §4: greeting, EHLO, STARTTLS; without the offer nothing more is said.
    async fn start_tls(&self, stream: TcpStream) -> Result<TcpStream, Fault> {
        let mut stream = BufReader::new(stream);
        self.expect(Step::Greeting, 220, &mut stream).await?;
        self.say(&mut stream, &format!("EHLO {}\r\n", self.own_name)).await?;
        let hello = self.expect(Step::Greeting, 250, &mut stream).await?;
        if !hello.offers("STARTTLS") {
            return Err(Fault::new(Step::Tls, Cause::NoStartTls, "the server does not offer STARTTLS"));
        }
        self.say(&mut stream, "STARTTLS\r\n").await?;
        self.expect(Step::Tls, 220, &mut stream).await?;
        if stream.buffer().is_empty() {
            Ok(stream.into_inner())
        } else {
            Err(Fault::new(
                Step::Tls,
                Cause::Injected,
                "something stands in the clear behind the answer to STARTTLS",
            ))
        }
    }

    async fn encrypt(
        &self,
        stream: TcpStream,
        passed: &mut Vec<Passed>,
    ) -> Result<TlsStream<TcpStream>, Fault> {
        let host = &self.settings.server.host;
        let failed = |detail: String| Fault::new(Step::Tls, Cause::Handshake, detail);
        let config = tls(self.settings).map_err(|error| failed(causes(&error)))?;
        let name = match host.parse::<IpAddr>() {
            Ok(address) => ServerName::from(address),
            Err(_) => ServerName::try_from(host.clone()).map_err(|error| failed(error.to_string()))?,
        };
        let handshake = TlsConnector::from(config).connect(name, stream);
        let stream = tokio::time::timeout(self.settings.timeout, handshake).await;
        let stream = stream.map_err(|_| Fault::silent(Step::Tls, self.settings.timeout.as_secs()))?;
        let stream = stream.map_err(|error| failed(causes(&error)))?;
        let version = stream.get_ref().1.protocol_version().and_then(|version| version.as_str());
        passed.push((Step::Tls, format!("{} with {host}", version.unwrap_or("TLS"))));
        Ok(stream)
    }

    async fn say(&self, stream: &mut BufReader<TcpStream>, text: &str) -> Result<(), Fault> {
        let said =
            tokio::time::timeout(self.settings.timeout, stream.get_mut().write_all(text.as_bytes())).await;
        let broken = |error: io::Error| Fault::new(Step::Greeting, Cause::Unreachable, error.to_string());
        said.map_err(|_| Fault::silent(Step::Greeting, self.settings.timeout.as_secs()))?.map_err(broken)
    }

    async fn expect(
        &self,
        step: Step,
        status: u16,
        stream: &mut BufReader<TcpStream>,
    ) -> Result<Reply, Fault> {
        let reply = tokio::time::timeout(self.settings.timeout, Reply::read(stream)).await;
        let reply = reply.map_err(|_| Fault::silent(step, self.settings.timeout.as_secs()))?;
        match reply {
            Ok(reply) if reply.status == status => Ok(reply),
            Ok(reply) => {
                let said = shown(&reply.lines.join(" "));
                Err(Fault::new(step, Cause::Refused(reply.status), format!("{} {said}", reply.status)))
            }
            Err(error @ ReplyFault::Garbled) => Err(Fault::new(step, Cause::Garbled, error.to_string())),
            Err(error @ (ReplyFault::Broken(_) | ReplyFault::Ended)) => {
                Err(Fault::new(step, Cause::Unreachable, error.to_string()))
            }
        }
    }

    async fn within<T>(
        &self,
        step: Step,
        work: impl Future<Output = Result<T, smtp::Error>>,
    ) -> Result<T, Fault> {
        within(self.settings.timeout, step, work).await
    }
}

fn tls(settings: &MailSettings) -> Result<Arc<rustls::ClientConfig>, TlsError> {
    let mut config = (*tls_config(&settings.trust)?).clone();
    // SMTP has no name for ALPN, and a server may refuse one that is for HTTP.
    config.alpn_protocols.clear();
    Ok(Arc::new(config))
}

async fn within<T>(
    limit: Duration,
    step: Step,
    work: impl Future<Output = Result<T, smtp::Error>>,
) -> Result<T, Fault> {
    match tokio::time::timeout(limit, work).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(fault(step, &error)),
        Err(_) => Err(Fault::silent(step, limit.as_secs())),
    }
}

/// Before a mail is under way a server's words are about us. Later they may be about a person, and at the sign-in nobody
/// promises that they do not repeat what was sent.
fn fault(step: Step, error: &smtp::Error) -> Fault {
    let Some(status) = error.status().map(u16::from) else {
        let cause = if error.is_response() { Cause::Garbled } else { Cause::Unreachable };
        return Fault::new(step, cause, shown(&causes(error)));
    };
    let detail = match step {
        Step::Connection | Step::Greeting | Step::Tls | Step::Alive => {
            let said = std::error::Error::source(error).map(ToString::to_string).unwrap_or_default();
            format!("{status} {}", shown(&said))
        }
        Step::SignIn => format!("the server refuses the account, with {status}"),
        Step::Sender => format!("the server refuses the sender, with {status}"),
        Step::Recipient | Step::Content => format!("the server refuses it, with {status}"),
    };
    Fault::new(step, Cause::Refused(status), detail)
}
