//! A connection's provider as its metadata describes it, made ready: whom it names, the keys that count, where it is reached.

use vestibule_certs::x509::Certificate;
use vestibule_policies::time::Timestamp;

use crate::error::SignInError;
use crate::verified::Evidence;

use super::fault::SamlFault;
use super::instant;
use super::metadata::{IdentityProvider, MetadataFault};
use super::verify::Signed;

/// What is known of the provider, made ready.
#[derive(Debug)]
pub(super) struct Known {
    pub(super) provider: IdentityProvider,
    pub(super) certificates: Vec<Certificate>,
}

impl Known {
    pub(super) fn of(provider: IdentityProvider) -> Result<Self, MetadataFault> {
        Ok(Self { certificates: provider.certificates()?, provider })
    }

    /// SML-16, SAML-06: where no certificate is valid any more, nothing can be believed, and nobody is sent there in vain.
    pub(super) fn check_certificates(&self, now: Timestamp) -> Result<(), SignInError> {
        if self.certificates.iter().any(|one| one.is_valid_at(now.seconds())) {
            return Ok(());
        }
        let ends: Vec<_> = self.certificates.iter().map(validity).collect();
        Err(SamlFault::CertificateNone
            .because(format!("no certificate of the provider is valid now: {}", ends.join("; "))))
    }

    pub(super) fn endpoint<'a>(&self, there: Option<&'a str>, binding: &str) -> Result<&'a str, SignInError> {
        there.ok_or_else(|| {
            let reason =
                format!("the metadata of {} names no address for {binding}", self.provider.entity_id);
            SamlFault::MetadataMissing.because(reason)
        })
    }

    pub(super) fn evidence(&self, signed: &Signed) -> Evidence {
        Evidence {
            issuer: self.provider.entity_id.clone(),
            key_id: Some(signed.key.clone()),
            algorithm: signed.algorithm.name(),
        }
    }
}

fn validity(certificate: &Certificate) -> String {
    let at = |seconds| instant::write(Timestamp::from_seconds(seconds));
    format!(
        "{} from {} to {}",
        certificate.subject(),
        at(certificate.not_before()),
        at(certificate.not_after())
    )
}

pub(super) fn unusable(fault: &MetadataFault) -> SignInError {
    SamlFault::MetadataMissing.because(fault.to_string())
}

/// An expired certificate beside a valid one is a remark and no fault: the keys that count are looked at together.
pub(super) fn standing(certificate: &Certificate, now: Timestamp) -> String {
    let days = certificate.not_after().saturating_sub(now.seconds()) / 86_400;
    let remark = match (certificate.is_valid_at(now.seconds()), days) {
        (false, _) => ", NOT VALID NOW and left out".to_owned(),
        (true, 0..=60) => format!(", ends in {days} days"),
        (true, _) => String::new(),
    };
    format!("{}, {}{remark}", validity(certificate), certificate.key().describe())
}
