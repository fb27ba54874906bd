//! `ldapsearch` and `ldapmodify`, as a person at a terminal uses them.

use std::io::Write as _;
use std::process::Stdio;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use tempfile::NamedTempFile;
use tokio::io::AsyncWriteExt as _;
use tokio::process::Command;
use vestibule_tests::counterparts::samba::Forest;

pub(super) const OK: i32 = 0;
pub(super) const CONSTRAINT_VIOLATION: i32 = 19;
pub(super) const INVALID_CREDENTIALS: i32 = 49;
/// The programs' own code for a server that they cannot reach (-1), as a shell sees it.
const OUT_OF_REACH: i32 = 255;

/// Whom to ask, and as whom.
pub(super) struct Client {
    url: String,
    start_tls: bool,
    ca_pem: String,
    name: String,
    password: String,
}

/// What a program said.
#[derive(Debug)]
pub(super) struct Answer {
    /// The code of the LDAP result.
    pub(super) code: i32,
    pub(super) complaint: String,
    attributes: Vec<(String, String)>,
}

impl Client {
    /// Of the forest's first controller, by the implicit user principal name.
    pub(super) fn of(forest: &Forest, login: &str, password: &str) -> Self {
        Self {
            url: forest.first().url(),
            start_tls: false,
            ca_pem: forest.ca_pem().to_owned(),
            name: format!("{login}@{}", forest.realm().domain()),
            password: password.to_owned(),
        }
    }

    pub(super) fn at(&self, url: &str) -> Self {
        Self { url: url.to_owned(), ..self.same() }
    }

    pub(super) fn start_tls(&self) -> Self {
        Self { start_tls: true, ..self.same() }
    }

    pub(super) fn named(&self, name: &str) -> Self {
        Self { name: name.to_owned(), ..self.same() }
    }

    pub(super) fn with_password(&self, password: &str) -> Self {
        Self { password: password.to_owned(), ..self.same() }
    }

    fn same(&self) -> Self {
        Self {
            url: self.url.clone(),
            start_tls: self.start_tls,
            ca_pem: self.ca_pem.clone(),
            name: self.name.clone(),
            password: self.password.clone(),
        }
    }

    /// Binds, and reads nothing.
    pub(super) async fn bind(&self) -> Answer {
        self.ran("ldapsearch", &["-b", "", "-s", "base", "(objectClass=*)", "1.1"], "").await
    }

    /// What one object has of these attributes.
    pub(super) async fn search(&self, dn: &str, filter: &str, attributes: &[&str]) -> Answer {
        let mut arguments = vec!["-b", dn, "-s", "base", filter];
        arguments.extend(attributes);
        let answer = self.ran("ldapsearch", &arguments, "").await;
        assert_eq!(answer.code, OK, "{dn}: {answer:?}");
        answer
    }

    /// Changes somebody's password as its owner does, who knows the old one (MS-ADTS §3.1.1.3.1.5).
    pub(super) async fn change_password(&self, dn: &str, old: &str, new: &str) -> Answer {
        let quoted = |password: &str| {
            let bytes =
                format!("\"{password}\"").encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<_>>();
            STANDARD.encode(bytes)
        };
        let (dn, old, new) = (STANDARD.encode(dn), quoted(old), quoted(new));
        let change = format!(
            "dn:: {dn}\nchangetype: modify\ndelete: unicodePwd\nunicodePwd:: {old}\n-\nadd: unicodePwd\nunicodePwd:: {new}\n-\n"
        );
        self.ran("ldapmodify", &[], &change).await
    }

    async fn ran(&self, program: &str, arguments: &[&str], input: &str) -> Answer {
        let mut ca = NamedTempFile::new().unwrap();
        ca.write_all(self.ca_pem.as_bytes()).unwrap();
        let mut command = Command::new(program);
        command.args(["-x", "-H", &self.url, "-D", &self.name, "-w", &self.password, "-o", "ldif-wrap=no"]);
        command.args(self.start_tls.then_some("-ZZ"));
        command.args((program == "ldapsearch").then_some("-LLL"));
        let mut child = command
            .args(arguments)
            .env("LDAPTLS_CACERT", ca.path())
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .unwrap_or_else(|error| panic!("{program} (tests/setup.sh installs it): {error}"));
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(input.as_bytes()).await.unwrap();
        drop(stdin);
        let output = child.wait_with_output().await.unwrap();
        Answer {
            code: output.status.code().unwrap(),
            complaint: String::from_utf8_lossy(&output.stderr).into_owned(),
            attributes: attributes_of(&String::from_utf8_lossy(&output.stdout)),
        }
    }
}

impl Answer {
    /// The code of Windows in the complaint about a bind, in hexadecimal.
    pub(super) fn data(&self) -> Option<&str> {
        let (_, after) = self.complaint.split_once(", data ")?;
        after.split(',').next()
    }

    pub(super) fn is_out_of_reach(&self) -> bool {
        self.code == OUT_OF_REACH
    }

    pub(super) fn values(&self, attribute: &str) -> Vec<&str> {
        self.attributes
            .iter()
            .filter(|(name, _)| name == attribute)
            .map(|(_, value)| value.as_str())
            .collect()
    }

    pub(super) fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.attributes.iter().map(|(name, _)| name.as_str()).collect();
        names.dedup();
        names
    }
}

/// The lines of LDIF (RFC 2849), of which those with two colons are base64; what is no text stays so.
fn attributes_of(ldif: &str) -> Vec<(String, String)> {
    ldif.lines()
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| {
            let decoded = value.strip_prefix(": ").and_then(|value| STANDARD.decode(value).ok());
            let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
            (name.to_owned(), text.unwrap_or_else(|| value.trim_start_matches([':', ' ']).to_owned()))
        })
        .collect()
}
