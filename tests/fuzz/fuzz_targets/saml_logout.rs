//! The document of a provider's logout answer, compressed here. It is done only where a LogoutResponse says success, as another
//! reader reads it.
#![no_main]

use std::io::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use libfuzzer_sys::fuzz_target;
use vestibule_conformance::saml::{elements, names};
use vestibule_providers::saml::logout::{LogoutAnswer, answer};

fn deflated(document: &[u8]) -> String {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(document).expect("memory");
    STANDARD.encode(encoder.finish().expect("memory"))
}

fuzz_target!(|document: &[u8]| {
    match answer(&deflated(document)) {
        Ok(found) => {
            assert!(document.len() <= 64 * 1024, "longer than a message may be");
            let text = std::str::from_utf8(document).expect("a document is text");
            // Where the other reader is no match for a document.
            if ["<![CDATA[", "&#"].iter().any(|hard| text.contains(hard)) {
                return;
            }
            let all = elements(text).expect("a document");
            assert_eq!(all.first().map(|root| root.name.as_str()), Some("LogoutResponse"));
            let wanted = match &found {
                LogoutAnswer::Done => names::SUCCESS,
                LogoutAnswer::Refused(status) => status,
            };
            // As XML reads white space in an attribute.
            let says = |value: &str| value.replace("\r\n", " ").replace(['\t', '\n', '\r'], " ") == wanted;
            let mut codes = all.iter().filter(|element| element.name == "StatusCode");
            assert!(codes.any(|code| code.attribute("Value").is_some_and(says)), "{found:?}");
        }
        Err(error) => assert!(error.code.as_str() == "SAML-LOGOUT", "{error:?}"),
    }
});
