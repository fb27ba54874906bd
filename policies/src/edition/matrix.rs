//! Which kind lets which audience in (PRV-01, PRV-02, PRV-22), once: admission, the reader of manifests, the console, the start page of the
//! demo and the documentation all read this.

use super::{Audience, Edition, KindName};

/// How far a way in has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Maturity {
    /// For everything.
    Ready,
    /// To be tried, and not for production yet.
    Preview,
}

/// One kind, and whom it lets in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Served {
    /// The kind.
    pub kind: KindName,
    /// Subscribers, in every edition.
    pub subscribers: Option<Maturity>,
    /// Administrators, in `global`.
    pub administrators_global: Option<Maturity>,
    /// Administrators, in `japan`.
    pub administrators_japan: Option<Maturity>,
}

const NO: Option<Maturity> = None;
const YES: Option<Maturity> = Some(Maturity::Ready);
const PREVIEW: Option<Maturity> = Some(Maturity::Preview);

/// Every kind once.
pub const MATRIX: [Served; 8] = [
    row(KindName::Local, NO, YES, YES),
    row(KindName::ActiveDirectory, YES, NO, NO),
    row(KindName::ActiveDirectoryToken, YES, NO, NO),
    row(KindName::AzureAd, YES, YES, YES),
    row(KindName::Gateway, YES, NO, NO),
    row(KindName::Okta, YES, NO, NO),
    row(KindName::Saml, YES, NO, PREVIEW),
    row(KindName::Oidc, YES, NO, NO),
];

const fn row(
    kind: KindName,
    subscribers: Option<Maturity>,
    administrators_global: Option<Maturity>,
    administrators_japan: Option<Maturity>,
) -> Served {
    Served { kind, subscribers, administrators_global, administrators_japan }
}

impl Served {
    /// Whether, and how far, this kind lets an audience of an edition in.
    #[must_use]
    pub const fn of(&self, edition: Edition, audience: Audience) -> Option<Maturity> {
        match (audience, edition) {
            (Audience::Subscriber, Edition::Global | Edition::Japan) => self.subscribers,
            (Audience::Administrator, Edition::Global) => self.administrators_global,
            (Audience::Administrator, Edition::Japan) => self.administrators_japan,
        }
    }
}

/// Whether, and how far, this kind lets this audience in.
#[must_use]
pub fn maturity(edition: Edition, kind: KindName, audience: Audience) -> Option<Maturity> {
    MATRIX.iter().find(|row| row.kind == kind)?.of(edition, audience)
}

/// May this kind let this audience in at all?
#[must_use]
pub fn serves(edition: Edition, kind: KindName, audience: Audience) -> bool {
    maturity(edition, kind, audience).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As the tables of both clouds have it, written down a second time.
    #[test]
    fn the_matrix_of_kinds_and_audiences() {
        for (kind, subscriber, global, japan) in [
            (KindName::Local, false, true, true),
            (KindName::ActiveDirectory, true, false, false),
            (KindName::ActiveDirectoryToken, true, false, false),
            (KindName::AzureAd, true, true, true),
            (KindName::Gateway, true, false, false),
            (KindName::Okta, true, false, false),
            (KindName::Saml, true, false, true),
            (KindName::Oidc, true, false, false),
        ] {
            let name = kind.as_str();
            assert_eq!(serves(Edition::Global, kind, Audience::Subscriber), subscriber, "{name}");
            assert_eq!(serves(Edition::Japan, kind, Audience::Subscriber), subscriber, "{name}");
            assert_eq!(serves(Edition::Global, kind, Audience::Administrator), global, "{name}");
            assert_eq!(serves(Edition::Japan, kind, Audience::Administrator), japan, "{name}");
        }
        let previews: Vec<_> = MATRIX
            .iter()
            .flat_map(|row| Audience::ALL.map(|audience| (row.kind, row.of(Edition::Japan, audience))))
            .filter(|(_, maturity)| *maturity == Some(Maturity::Preview))
            .collect();
        assert_eq!(previews, [(KindName::Saml, Some(Maturity::Preview))]);
    }

    #[test]
    fn every_kind_has_one_row() {
        for kind in KindName::ALL {
            assert_eq!(MATRIX.iter().filter(|row| row.kind == kind).count(), 1, "{}", kind.as_str());
        }
    }
}
