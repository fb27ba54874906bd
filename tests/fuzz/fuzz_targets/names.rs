//! Names in addresses and headers: slugs, hosts, identifiers, and what stands in the path of a callback.
#![no_main]

use libfuzzer_sys::fuzz_target;
use vestibule_broker::http::route::{AccountsRoute, RESERVED, WorkspaceRoute};
use vestibule_certs::token::{Token, TokenHash};
use vestibule_policies::{ConnectionId, HostName, Slug};

fuzz_target!(|data: &[u8]| {
    let Some(text) = vestibule_fuzz::text(data) else { return };
    if let Ok(slug) = Slug::parse(text) {
        assert!(slug.as_str() == text && !Slug::RESERVED.contains(&text));
    }
    if let Ok(host) = HostName::parse(text) {
        assert_eq!(HostName::parse(host.as_str()).as_ref(), Ok(&host));
        // As a browser reads it: the same host, and no address.
        let url = url::Url::parse(&format!("https://{host}/")).ok();
        assert!(url.is_none_or(|url| url.domain() == Some(host.as_str()) || host.as_str().contains("xn--")));
    }
    if let Ok(id) = text.parse::<ConnectionId>() {
        assert_eq!(id.to_string(), text);
    }
    if let Some(token) = Token::parse(text) {
        assert_eq!(token.as_str(), text);
        assert_eq!(TokenHash::from_hex(&token.hash().to_hex()), Some(token.hash()));
    }
    if let Some(route) = AccountsRoute::of(text) {
        assert_eq!(route.path(), text);
    }
    let route = WorkspaceRoute::of(text);
    let reserved = text == "/.vestibule" || text.starts_with(RESERVED);
    assert_eq!(route != WorkspaceRoute::Application, reserved);
    assert!(route.path().is_none_or(|path| path == text));
});
