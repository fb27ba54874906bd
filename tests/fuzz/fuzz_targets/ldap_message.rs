//! What a directory answers. Whatever the guard lets through, the LDAP library reads without a panic and without standing still: it
//! goes into the library's own connection, as the answer to the question that fits it, and out comes what sign-ins read.
#![no_main]

use std::os::unix::net::UnixStream as Socket;
use std::sync::LazyLock;
use std::time::Duration;

use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, Mod, Scope, SearchEntry, StdStream};
use libfuzzer_sys::fuzz_target;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::UnixStream;
use tokio::runtime::{Builder, Runtime};
use vestibule_providers::directory::wire::admits;

/// The end of a search, the library's first request.
const DONE: &[u8] = b"\x30\x0c\x02\x01\x01\x65\x07\x0a\x01\x00\x04\x00\x04\x00";

static RUNTIME: LazyLock<Runtime> =
    LazyLock::new(|| Builder::new_current_thread().enable_all().build().expect("a runtime"));

fuzz_target!(|data: &[u8]| {
    if !admits(data) {
        return;
    }
    let Some(question) = Question::of(data) else { panic!("it answers no question of ours") };
    let read = RUNTIME.block_on(async {
        tokio::time::timeout(Duration::from_secs(5), ask(question, data)).await
    });
    assert!(read.is_ok(), "the library stands still");
});

#[derive(Clone, Copy)]
enum Question {
    Bind,
    Search,
    Modify,
    Extended,
}

impl Question {
    /// By the tag behind the message's number.
    fn of(message: &[u8]) -> Option<Self> {
        let skip = |length: u8| if length < 0x80 { 2 } else { 2 + usize::from(length & 0x7f) };
        let rest = message.get(skip(*message.get(1)?)..)?;
        let number = if *rest.get(1)? < 0x80 {
            usize::from(*rest.get(1)?)
        } else {
            let octets = rest.get(2..skip(*rest.get(1)?))?;
            octets.iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet))
        };
        match rest.get(skip(*rest.get(1)?) + number)? {
            0x61 => Some(Self::Bind),
            0x64 | 0x65 | 0x73 => Some(Self::Search),
            0x67 => Some(Self::Modify),
            0x78 => Some(Self::Extended),
            _ => None,
        }
    }
}

async fn ask(question: Question, answer: &[u8]) {
    let (library, directory) = Socket::pair().expect("sockets");
    let settings = LdapConnSettings::new().set_std_stream(StdStream::Unix(library));
    let (driver, ldap) = LdapConnAsync::with_settings(settings, "ldapi://guard").await.expect("a connection");
    directory.set_nonblocking(true).expect("a socket");
    let mut directory = UnixStream::from_std(directory).expect("a socket");
    let directory = async move {
        let mut request = [0; 1024];
        let _ = directory.read(&mut request).await;
        let _ = directory.write_all(answer).await;
        let _ = directory.write_all(DONE).await;
    };
    let _ = tokio::join!(driver.drive(), directory, read(question, ldap));
}

/// What `providers` does with an answer.
async fn read(question: Question, mut ldap: Ldap) -> Result<(), LdapError> {
    let result = match question {
        Question::Bind => ldap.simple_bind("CN=Alice,DC=corp,DC=example", "x").await?,
        Question::Modify => {
            ldap.modify("CN=Alice", vec![Mod::Add("a", std::iter::once("b").collect())]).await?
        }
        Question::Extended => {
            let exop = ldap3::exop::Exop { name: Some("1.2".to_owned()), val: None };
            ldap.extended(exop).await?.1
        }
        Question::Search => {
            let found = ldap.search("DC=corp", Scope::Base, "(objectClass=*)", ["mail"]).await?;
            for entry in found.0.into_iter().filter(|one| !one.is_ref() && !one.is_intermediate()) {
                let entry = SearchEntry::construct(entry);
                let values: usize = entry.attrs.values().map(Vec::len).sum::<usize>()
                    + entry.bin_attrs.values().map(Vec::len).sum::<usize>();
                assert!(values <= 20_000);
            }
            found.1
        }
    };
    assert!(result.text.len() <= 1024 * 1024);
    Ok(())
}
