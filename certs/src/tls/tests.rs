//! Handshakes in memory between our own two sides: who is accepted, and who is not.

use rustls::{ClientConnection, HandshakeKind, ServerConnection};

use super::*;
use crate::testdata::{AUTHORITY_PEM, OTHER_AUTHORITY_PEM, SERVER_KEY_PEM, SERVER_PEM, STRAY_KEY_PEM};

fn server() -> Arc<ServerConfig> {
    server_config(SERVER_PEM.as_bytes(), SERVER_KEY_PEM.as_bytes()).unwrap()
}

fn client(authority: &str) -> Arc<ClientConfig> {
    client_config(&Trust::from_pem(authority.as_bytes()).unwrap()).unwrap()
}

/// Passes records to and fro until both sides are content or one is not.
fn handshake(client: Arc<ClientConfig>, host: &'static str) -> Result<ClientConnection, rustls::Error> {
    let mut client = ClientConnection::new(client, host.try_into().unwrap()).unwrap();
    let mut server = ServerConnection::new(server()).unwrap();
    while client.is_handshaking() || server.is_handshaking() {
        let mut records = Vec::new();
        while client.wants_write() {
            client.write_tls(&mut records).unwrap();
        }
        server.read_tls(&mut records.as_slice()).unwrap();
        server.process_new_packets()?;
        let mut records = Vec::new();
        while server.wants_write() {
            server.write_tls(&mut records).unwrap();
        }
        client.read_tls(&mut records.as_slice()).unwrap();
        client.process_new_packets()?;
    }
    Ok(client)
}

#[test]
fn a_server_under_the_given_authority_is_accepted() {
    let done = handshake(client(AUTHORITY_PEM), "corp.example").unwrap();
    assert_eq!(done.alpn_protocol(), Some(ALPN));
    assert_eq!(done.protocol_version(), Some(rustls::ProtocolVersion::TLSv1_3));
    assert_eq!(done.handshake_kind(), Some(HandshakeKind::Full));
}

#[test]
fn other_authorities_and_other_names_are_refused() {
    assert!(handshake(client(OTHER_AUTHORITY_PEM), "corp.example").is_err(), "other authority");
    assert!(handshake(client(AUTHORITY_PEM), "acme.example").is_err(), "other name");
    assert!(handshake(client(AUTHORITY_PEM), "a.corp.example").is_err(), "name below");
}

#[test]
fn only_forward_secret_authenticated_ciphers_are_offered() {
    for suite in &client(AUTHORITY_PEM).crypto_provider().cipher_suites {
        let name = format!("{:?}", suite.suite());
        let forward_secret = name.starts_with("TLS13_") || name.starts_with("TLS_ECDHE_");
        assert!(forward_secret && (name.contains("GCM") || name.contains("CHACHA20")), "{name}");
    }
}

#[test]
fn there_is_no_early_data() {
    assert_eq!(server().max_early_data_size, 0);
    assert!(!client(AUTHORITY_PEM).enable_early_data);
}

#[test]
fn server_files_that_do_not_fit_are_told_apart() {
    let fault = |cert: &str, key: &str| server_config(cert.as_bytes(), key.as_bytes()).unwrap_err();
    assert!(matches!(fault(SERVER_PEM, STRAY_KEY_PEM), TlsError::Mismatch));
    assert!(matches!(fault("", SERVER_KEY_PEM), TlsError::NoCertificate));
    assert!(matches!(fault(SERVER_KEY_PEM, SERVER_KEY_PEM), TlsError::NoCertificate));
    assert!(matches!(fault(SERVER_PEM, SERVER_PEM), TlsError::NoKey));
    assert!(matches!(fault(SERVER_PEM, ""), TlsError::NoKey));
}

#[test]
fn an_unreadable_authority_is_a_fault() {
    let trust = Trust::Only(vec![CertificateDer::from(vec![0; 8])]);
    assert!(matches!(client_config(&trust), Err(TlsError::Authority(_))));
}

#[test]
fn public_trust_does_not_accept_a_private_authority() {
    // A machine without public authorities gives the fault instead; both keep the server out.
    match client_config(&Trust::Public) {
        Ok(config) => assert!(handshake(config, "corp.example").is_err()),
        Err(fault) => assert!(matches!(fault, TlsError::NoPublicRoots)),
    }
}
