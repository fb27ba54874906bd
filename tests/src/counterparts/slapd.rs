//! `OpenLDAP`: a directory that is none of Microsoft's, which a product for Active Directory has to tell from one.

use std::io;
use std::path::Path;

use tokio::process::Command;

use super::samba::Forest;
use super::served::{Place, Ready, Served};
use super::{CounterpartError, python};

const PROGRAM: &str = "slapd";
const INSTALLED: &str = "/usr/sbin/slapd";

/// A running server with one person, who is [`Slapd::PERSON`]. It ends when this is dropped.
#[derive(Debug)]
pub struct Slapd {
    served: Served,
}

impl Slapd {
    /// The distinguished name of its one person.
    pub const PERSON: &str = "uid=alice,dc=linux,dc=example";
    /// Their password.
    pub const PASSWORD: &str = "Alice-Pw-1";

    /// Starts one for LDAP over TLS, with a certificate from the forest's authority, and waits until it takes connections.
    ///
    /// # Errors
    /// See [`CounterpartError`].
    pub async fn start(authority: &Forest) -> Result<Self, CounterpartError> {
        if !Path::new(INSTALLED).is_file() {
            return Err(CounterpartError::NotInstalled(PROGRAM));
        }
        let place = Place::new(PROGRAM)?;
        let issued = authority.issue(&["ldap.linux.example"], "127.0.0.1").await?;
        let folder = place.folder();
        let data = folder.join("data");
        std::fs::create_dir(&data).map_err(failed)?;
        for (name, text) in [
            ("ca.pem", authority.ca_pem()),
            ("cert.pem", &issued.certificate_pem),
            ("key.pem", &issued.key_pem),
            ("slapd.conf", &configuration(folder, &data)),
        ] {
            std::fs::write(folder.join(name), text).map_err(failed)?;
        }
        let configuration = folder.join("slapd.conf");
        fill(&configuration).await?;
        let mut command = Command::new("./beside.sh");
        command
            .args([INSTALLED, "-d", "0", "-h", &format!("ldaps://127.0.0.1:{}", place.port()), "-f"])
            .arg(configuration);
        Ok(Self { served: Served::start(PROGRAM, place, command, Ready::Connections).await? })
    }

    /// `ldaps://127.0.0.1:<port>`.
    #[must_use]
    pub fn url(&self) -> String {
        format!("ldaps://127.0.0.1:{}", self.served.place().port())
    }
}

fn configuration(folder: &Path, data: &Path) -> String {
    let (folder, data) = (folder.display(), data.display());
    format!(
        "include /etc/ldap/schema/core.schema\n\
         include /etc/ldap/schema/cosine.schema\n\
         include /etc/ldap/schema/inetorgperson.schema\n\
         modulepath /usr/lib/ldap\n\
         moduleload back_mdb\n\
         TLSCACertificateFile {folder}/ca.pem\n\
         TLSCertificateFile {folder}/cert.pem\n\
         TLSCertificateKeyFile {folder}/key.pem\n\
         database mdb\n\
         suffix dc=linux,dc=example\n\
         directory {data}\n"
    )
}

async fn fill(configuration: &Path) -> Result<(), CounterpartError> {
    let output = Command::new("/usr/sbin/slapadd")
        .arg("-f")
        .arg(configuration)
        .args(["-l", "slapd.ldif"])
        .current_dir(python::FOLDER)
        .output()
        .await
        .map_err(failed)?;
    if output.status.success() {
        return Ok(());
    }
    let fault = String::from_utf8_lossy(&output.stderr).into_owned();
    Err(CounterpartError::Answer { program: "slapadd", fault })
}

fn failed(source: io::Error) -> CounterpartError {
    CounterpartError::Process { program: PROGRAM, source }
}
