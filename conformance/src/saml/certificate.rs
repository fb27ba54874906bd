//! A self-signed X.509 certificate (RFC 5280): the envelope in which metadata hands out a key.

use ring::digest::{SHA256, digest};

use super::algorithm::SignatureAlgorithm;
use super::der;
use super::key::Key;
use super::time::generalized;

const COMMON_NAME: [u8; 3] = [0x55, 0x04, 0x03];
const SHA256_WITH_RSA: [u8; 9] = [0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x0b];
const ECDSA_WITH_SHA256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const ECDSA_WITH_SHA384: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x03];

/// What a certificate says besides its key. For RSA the same values give the same octets each time.
#[derive(Clone, Debug)]
pub struct Certificate {
    pub common_name: String,
    /// Seconds since 1970.
    pub not_before: i64,
    pub not_after: i64,
}

impl Default for Certificate {
    /// Fixed dates from 2020 to 2049, so that a certificate is the same at every start.
    fn default() -> Self {
        Self { common_name: "Sandbox".to_owned(), not_before: 1_577_836_800, not_after: 2_524_607_999 }
    }
}

impl Certificate {
    /// The certificate in DER.
    #[must_use]
    pub fn of(&self, key: &Key) -> Vec<u8> {
        let (algorithm, info) = (algorithm_of(key), key.public().info());
        let name = self.name();
        let time = |seconds| der::value(der::GENERALIZED, generalized(seconds).as_bytes());
        let validity = der::sequence(&[&time(self.not_before), &time(self.not_after)]);
        let body = der::sequence(&[
            &der::value(0xa0, &der::integer(&[2])),
            &serial(&info, &validity),
            &algorithm,
            &name,
            &validity,
            &name,
            &info,
        ]);
        let signature = der::bit_string(&signature(key, &body));
        der::sequence(&[&body, &algorithm, &signature])
    }

    fn name(&self) -> Vec<u8> {
        let text = der::value(der::UTF8, self.common_name.as_bytes());
        let attribute = der::sequence(&[&der::value(der::OID, &COMMON_NAME), &text]);
        der::sequence(&[&der::value(der::SET, &attribute)])
    }
}

/// Of key and dates, so that two certificates of one name never share it.
fn serial(info: &[u8], validity: &[u8]) -> Vec<u8> {
    let hash = digest(&SHA256, &[info, validity].concat());
    let octets: Vec<u8> = hash.as_ref().iter().take(15).copied().collect();
    der::integer(&[&[1], octets.as_slice()].concat())
}

/// RFC 4055 section 5 wants the NULL, RFC 5758 section 3.2 forbids it.
fn algorithm_of(key: &Key) -> Vec<u8> {
    let oid = |name: &[u8]| der::value(der::OID, name);
    match key.algorithm() {
        SignatureAlgorithm::EcdsaSha256 => der::sequence(&[&oid(&ECDSA_WITH_SHA256)]),
        SignatureAlgorithm::EcdsaSha384 => der::sequence(&[&oid(&ECDSA_WITH_SHA384)]),
        SignatureAlgorithm::RsaSha1
        | SignatureAlgorithm::RsaSha256
        | SignatureAlgorithm::RsaSha384
        | SignatureAlgorithm::RsaSha512 => der::sequence(&[&oid(&SHA256_WITH_RSA), &der::NULL]),
    }
}

/// X.509 wants r and s as a sequence (RFC 3279 section 2.2.3), XML Signature side by side.
fn signature(key: &Key, body: &[u8]) -> Vec<u8> {
    let algorithm = key.algorithm();
    let value = key.sign(algorithm, body);
    match algorithm {
        SignatureAlgorithm::EcdsaSha256 | SignatureAlgorithm::EcdsaSha384 => {
            let (r, s) = value.split_at(value.len() / 2);
            der::sequence(&[&der::integer(r), &der::integer(s)])
        }
        SignatureAlgorithm::RsaSha1
        | SignatureAlgorithm::RsaSha256
        | SignatureAlgorithm::RsaSha384
        | SignatureAlgorithm::RsaSha512 => value,
    }
}
