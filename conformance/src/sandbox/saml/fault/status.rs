//! The provider says that nobody was signed in (saml-core section 3.2.2.2).

use super::change::failed;
use super::{Fault, Row, Spoil};
use crate::saml::names;

pub(super) const STATUS: &[Row] = &[
    Row {
        fault: Fault::StatusAuthnFailed,
        id: "status-authn-failed",
        labels: ["Status: authentication failed", "ステータス: 認証失敗"],
        spoil: Spoil::Parts(|p| failed(p, names::RESPONDER, Some(names::AUTHN_FAILED))),
    },
    Row {
        fault: Fault::StatusRequestDenied,
        id: "status-request-denied",
        labels: ["Status: request denied", "ステータス: リクエスト拒否"],
        spoil: Spoil::Parts(|p| failed(p, names::RESPONDER, Some(names::REQUEST_DENIED))),
    },
    Row {
        fault: Fault::StatusNoPassive,
        id: "status-no-passive",
        labels: ["Status: cannot sign in passively", "ステータス: パッシブ認証不可"],
        spoil: Spoil::Parts(|p| failed(p, names::RESPONDER, Some(names::NO_PASSIVE))),
    },
    Row {
        fault: Fault::StatusResponder,
        id: "status-responder",
        labels: ["Status: error at the provider", "ステータス: プロバイダー側エラー"],
        spoil: Spoil::Parts(|p| failed(p, names::RESPONDER, None)),
    },
];
