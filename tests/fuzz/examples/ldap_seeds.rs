//! Makes the seeds of `ldap_message` anew: `cargo run --example ldap_seeds` in `tests/fuzz`. They are what the sandbox directory
//! answers, message by message, under the number of the library's first request.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use vestibule_conformance::clock::machine;
use vestibule_conformance::sandbox::directory::{Directory, DirectoryTls, Door, Settings};
use vestibule_conformance::sandbox::people::People;

const LONGEST: usize = 4 * 1024;
const ALICE: &[u8] = b"CN=Alice Andersen,CN=Users,DC=corp,DC=example";

#[tokio::main(flavor = "current_thread")]
async fn main() {
    let directory = Arc::new(Directory::new(Settings::new(People::standard(), machine())));
    let tls = DirectoryTls::generate(&["localhost"], &[]).expect("certificates");
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.expect("a free port");
    let address = listener.local_addr().expect("its address");
    tokio::spawn(Arc::clone(&directory).serve(listener, Door::Tls(tls.acceptor().expect("an acceptor"))));
    let (user, password) = directory.service_account();
    for (name, requests) in [
        ("bound", vec![bind(user.as_bytes(), password.as_bytes())]),
        ("refused", vec![bind(ALICE, b"wrong")]),
        ("root", vec![search(b"", 0, &[b"*"])]),
        ("person", vec![bind(user.as_bytes(), password.as_bytes()), search(ALICE, 0, &[b"*", b"tokenGroups"])]),
        ("people", vec![bind(user.as_bytes(), password.as_bytes()), search(b"DC=corp,DC=example", 2, &[b"cn"])]),
        ("changed", vec![modify()]),
        ("extended", vec![element(0x77, &element(0x80, b"1.3.6.1.4.1.4203.1.11.3"))]),
    ] {
        let mut stream = tls_stream(&tls.ca_pem, address).await;
        let mut answers = Vec::new();
        for request in requests {
            stream.write_all(&element(0x30, &[&[2, 1, 1][..], &request].concat())).await.expect("a request");
            answers = messages(&mut stream).await;
        }
        let mut kinds = std::collections::BTreeSet::new();
        for message in answers.iter().filter(|one| one.len() <= LONGEST) {
            // One of each kind.
            if kinds.insert(message[if message[1] < 0x80 { 5 } else { 5 + usize::from(message[1] & 0x7f) }]) {
                write(&format!("{name}-{}", kinds.len()), message);
            }
        }
    }
    // What this directory does not say.
    write("referral", b"\x30\x18\x02\x01\x01\x65\x13\x0a\x01\x0a\x04\x00\x04\x00\xa3\x0a\x04\x08ldap://x");
    let control = element(0xa0, &element(0x30, &[&element(4, b"1.2.3")[..], &[1, 1, 0xff], &element(4, b"v")].concat()));
    let body = [&[2, 1, 1][..], &element(0x65, &[10, 1, 0, 4, 0, 4, 0]), &control].concat();
    write("control", &element(0x30, &body));
    write("credentials", b"\x30\x0f\x02\x01\x01\x61\x0a\x0a\x01\x0e\x04\x00\x04\x00\x87\x01x");
}

fn write(name: &str, octets: &[u8]) {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds/ldap_message");
    fs::create_dir_all(&place).expect("a directory");
    fs::write(place.join(name), octets).expect("a file");
}

fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = u16::try_from(content.len()).expect("a short element").to_be_bytes();
    let head = if content.len() < 0x80 { vec![tag, length[1]] } else { vec![tag, 0x82, length[0], length[1]] };
    [head.as_slice(), content].concat()
}

fn bind(name: &[u8], password: &[u8]) -> Vec<u8> {
    element(0x60, &[&[2, 1, 3][..], &element(4, name), &element(0x80, password)].concat())
}

fn search(base: &[u8], scope: u8, attributes: &[&[u8]]) -> Vec<u8> {
    let names: Vec<u8> = attributes.iter().flat_map(|name| element(4, name)).collect();
    let fixed = [10, 1, scope, 10, 1, 0, 2, 1, 5, 2, 1, 0, 1, 1, 0];
    element(0x63, &[&element(4, base)[..], &fixed, &element(0x87, b"objectClass"), &element(0x30, &names)].concat())
}

fn modify() -> Vec<u8> {
    let attribute = element(0x30, &[element(4, b"mail"), element(0x31, &element(4, b"x"))].concat());
    let change = element(0x30, &[&[10, 1, 0][..], &attribute].concat());
    element(0x66, &[element(4, ALICE), element(0x30, &change)].concat())
}

type Stream = tokio_rustls::client::TlsStream<TcpStream>;

async fn tls_stream(ca: &str, address: std::net::SocketAddr) -> Stream {
    use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName, pem::PemObject as _};
    use tokio_rustls::rustls::{ClientConfig, RootCertStore, crypto::ring::default_provider};
    let mut roots = RootCertStore::empty();
    roots.add(CertificateDer::from_pem_slice(ca.as_bytes()).expect("a certificate")).expect("an authority");
    let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(roots)
        .with_no_client_auth();
    let stream = TcpStream::connect(address).await.expect("a connection");
    let name = ServerName::try_from("localhost").expect("a name");
    tokio_rustls::TlsConnector::from(Arc::new(config)).connect(name, stream).await.expect("a handshake")
}

/// The messages of one answer: all until one that is neither entry nor reference.
async fn messages(stream: &mut Stream) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    loop {
        let mut head = vec![0; 2];
        stream.read_exact(&mut head).await.expect("a message");
        let more = if head[1] < 0x80 { 0 } else { usize::from(head[1] & 0x7f) };
        head.resize(2 + more, 0);
        stream.read_exact(&mut head[2..]).await.expect("its length");
        let length = match more {
            0 => usize::from(head[1]),
            _ => head[2..].iter().fold(0, |sum, octet| sum << 8 | usize::from(*octet)),
        };
        let mut content = vec![0; length];
        stream.read_exact(&mut content).await.expect("its content");
        let kind = content[3];
        found.push([head, content].concat());
        if !matches!(kind, 0x64 | 0x73) {
            return found;
        }
    }
}
