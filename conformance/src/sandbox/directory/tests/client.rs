//! An LDAP client of another hand, as a test uses it.

use std::collections::HashSet;
use std::sync::Arc;

use ldap3::adapters::{Adapter, EntriesOnly, PagedResults};
use ldap3::{Ldap, LdapConnAsync, LdapConnSettings, LdapError, Mod, Scope, SearchEntry};
use tokio_rustls::rustls::crypto::ring::default_provider;
use tokio_rustls::rustls::pki_types::CertificateDer;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::{ClientConfig, RootCertStore};

pub(super) struct Client(Ldap);

/// Of a search: the code, the entries, and how many references stood among them.
pub(super) struct Found {
    pub(super) code: u32,
    pub(super) entries: Vec<SearchEntry>,
    pub(super) references: usize,
}

impl Client {
    pub(super) async fn open(url: &str, ca_pem: &str, start_tls: bool) -> Result<Self, LdapError> {
        let mut roots = RootCertStore::empty();
        roots.add(CertificateDer::from_pem_slice(ca_pem.as_bytes()).unwrap()).unwrap();
        let config = ClientConfig::builder_with_provider(Arc::new(default_provider()))
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(roots)
            .with_no_client_auth();
        let settings = LdapConnSettings::new().set_config(Arc::new(config)).set_starttls(start_tls);
        let (connection, ldap) = LdapConnAsync::with_settings(settings, url).await?;
        tokio::spawn(connection.drive());
        Ok(Self(ldap))
    }

    pub(super) async fn bind(&mut self, name: &str, password: &str) -> (u32, String) {
        let result = self.0.simple_bind(name, password).await.unwrap();
        (result.rc, result.text)
    }

    pub(super) async fn search(&mut self, base: &str, scope: &str, filter: &str, names: &[&str]) -> Found {
        let scope = match scope {
            "base" => Scope::Base,
            "one" => Scope::OneLevel,
            _ => Scope::Subtree,
        };
        let found = self.0.search(base, scope, filter, names).await.unwrap();
        let entries = found.0.into_iter().map(SearchEntry::construct).collect();
        Found { code: found.1.rc, entries, references: found.1.refs.len() }
    }

    /// The names of all entries below a base, page by page.
    pub(super) async fn pages(&mut self, base: &str, filter: &str, size: i32) -> Vec<String> {
        let adapters: Vec<Box<dyn Adapter<_, _>>> =
            vec![Box::new(EntriesOnly::new()), Box::new(PagedResults::new(size))];
        let mut stream =
            self.0.streaming_search_with(adapters, base, Scope::Subtree, filter, vec!["cn"]).await.unwrap();
        let mut names = Vec::new();
        while let Some(entry) = stream.next().await.unwrap() {
            names.push(SearchEntry::construct(entry).dn);
        }
        assert_eq!(stream.finish().await.rc, 0);
        names
    }

    /// The change of a password by the old one.
    pub(super) async fn change(&mut self, dn: &str, old: &str, new: &str) -> (u32, String) {
        let name = || b"unicodePwd".to_vec();
        let set = |password| HashSet::from([quoted(password)]);
        self.modify(dn, vec![Mod::Delete(name(), set(old)), Mod::Add(name(), set(new))]).await
    }

    /// The reset, which needs no old one.
    pub(super) async fn reset(&mut self, dn: &str, new: &str) -> (u32, String) {
        self.modify(dn, vec![Mod::Replace(b"unicodePwd".to_vec(), HashSet::from([quoted(new)]))]).await
    }

    async fn modify(&mut self, dn: &str, changes: Vec<Mod<Vec<u8>>>) -> (u32, String) {
        let result = self.0.modify(dn, changes).await.unwrap();
        (result.rc, result.text)
    }
}

fn quoted(password: &str) -> Vec<u8> {
    format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect()
}
