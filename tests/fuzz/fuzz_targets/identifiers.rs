//! The claims that name a person: SID, object id, UPN and e-mail address. Each has one spelling, in text and in bytes.
#![no_main]

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use libfuzzer_sys::fuzz_target;
use vestibule_policies::{DomainSid, Email, GroupId, ObjectId, SecurityId, Upn};

fuzz_target!(|data: &[u8]| {
    if let Ok(id) = SecurityId::from_bytes(data) {
        assert_eq!(id.to_bytes(), data, "the binary form has one spelling");
        security_id(&id);
    }
    if let Ok(id) = ObjectId::from_directory_bytes(data) {
        assert_eq!(id.to_directory_bytes(), data);
        object_id(id);
    }
    let Some(text) = vestibule_fuzz::text(data) else { return };
    if let Ok(id) = SecurityId::decode(text) {
        security_id(&id);
    }
    if let Ok(id) = ObjectId::decode(text) {
        object_id(id);
    }
    if let Ok(domain) = DomainSid::parse(text) {
        assert_eq!(DomainSid::parse(domain.as_str()), Ok(domain));
    }
    if let Ok(upn) = Upn::parse(text) {
        assert_eq!(Upn::parse(upn.as_str()).as_ref(), Ok(&upn));
        assert_eq!(upn.as_str().matches('@').count(), 1);
        assert!(!upn.as_str().contains(char::is_control));
    }
    if let Ok(email) = Email::parse(text) {
        assert_eq!(Email::parse(email.as_str()).as_ref(), Ok(&email));
        assert!(!email.as_str().contains(char::is_control));
    }
    group(text);
});

fn security_id(id: &SecurityId) {
    assert_eq!(SecurityId::parse_text(id.as_str()).as_ref(), Ok(id));
    assert_eq!(SecurityId::from_bytes(&id.to_bytes()).as_ref(), Ok(id));
    assert_eq!(SecurityId::decode(id.as_str()).as_ref(), Ok(id));
    assert_eq!(SecurityId::decode(&STANDARD.encode(id.to_bytes())).as_ref(), Ok(id));
    assert_eq!(SecurityId::decode(&STANDARD.encode(id.as_str())).as_ref(), Ok(id));
    if let Some(domain) = id.domain() {
        assert!(id.as_str().starts_with(&format!("{}-", domain.as_str())));
    }
}

fn object_id(id: ObjectId) {
    let text = id.to_string();
    assert_eq!(ObjectId::parse_text(&text), Ok(id));
    assert_eq!(ObjectId::from_directory_bytes(&id.to_directory_bytes()), Ok(id));
    assert_eq!(ObjectId::decode(&text), Ok(id));
    assert_eq!(ObjectId::decode(&STANDARD.encode(id.to_directory_bytes())), Ok(id));
    assert_eq!(ObjectId::decode(&STANDARD.encode(&text)), Ok(id));
}

fn group(text: &str) {
    let Ok(written) = serde_json::to_string(text) else { return };
    if let Ok(group) = serde_json::from_str::<GroupId>(&written) {
        assert_eq!(serde_json::to_string(&group).ok(), Some(written), "a stored group is itself");
    }
}
