//! `X-Forwarded-For`. A stranger is who he is; behind the operator's proxies nobody can choose an address in front of theirs.
#![no_main]

use std::net::IpAddr;
use std::sync::LazyLock;

use http::HeaderMap;
use ipnet::IpNet;
use libfuzzer_sys::fuzz_target;
use vestibule_broker::http::client_address::client_address;

static TRUSTED: LazyLock<Vec<IpNet>> =
    LazyLock::new(|| ["10.0.0.0/8", "fd00::/8"].map(|network| network.parse().expect("a network")).to_vec());

fuzz_target!(|data: &[u8]| {
    let Some((peer, data)) = data.split_first_chunk::<4>() else { return };
    let mut headers = HeaderMap::new();
    for line in vestibule_fuzz::header_lines(data) {
        headers.append("x-forwarded-for", line);
    }
    let trusted = |ip: IpAddr| TRUSTED.iter().any(|network| network.contains(&ip));
    let peer = IpAddr::from(*peer);
    assert_eq!(client_address(peer, &headers, &[]), peer, "nobody is trusted");
    if !trusted(peer) {
        assert_eq!(client_address(peer, &headers, &TRUSTED), peer, "a stranger is who he is");
    }
    let proxy = IpAddr::from([10, 0, 0, 1]);
    let client = client_address(proxy, &headers, &TRUSTED);
    assert_eq!(client, client.to_canonical());
    assert!(client == proxy || stands_in(client, &headers));
    // The proxy adds at the end; whatever the client wrote before does not change what the proxy saw.
    headers.append("x-forwarded-for", "203.0.113.9".parse().expect("a value"));
    assert_eq!(client_address(proxy, &headers, &TRUSTED), IpAddr::from([203, 0, 113, 9]));
});

fn stands_in(client: IpAddr, headers: &HeaderMap) -> bool {
    let lines = headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok());
    let mut addresses =
        lines.flat_map(|line| line.split(',')).filter_map(|text| text.trim().parse::<IpAddr>().ok());
    addresses.any(|address| address.to_canonical() == client)
}
