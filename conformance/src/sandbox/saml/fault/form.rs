//! Not a SAML 2.0 message at all.

use super::{Fault, Row, Spoil};

pub(super) const FORM: &[Row] = &[
    Row {
        fault: Fault::WrongVersion,
        id: "wrong-version",
        labels: ["SAML 1.1", "SAML 1.1"],
        spoil: Spoil::Parts(|p| p.message.response.version = Some("1.1".to_owned())),
    },
    Row {
        fault: Fault::Doctype,
        id: "doctype",
        labels: ["A document type declaration", "DOCTYPE 宣言"],
        spoil: Spoil::Xml(|xml| format!("<!DOCTYPE samlp:Response>{xml}")),
    },
    Row {
        fault: Fault::NotBase64,
        id: "not-base64",
        labels: ["Not Base64", "Base64 でない"],
        spoil: Spoil::Encoded(|text| format!("*{text}*")),
    },
];
