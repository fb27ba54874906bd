//! Whole answers that are bad (OIDC-RP-41): a redirect, a page, far too much, no end, a bomb.

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, LOCATION};
use http::{Response, StatusCode};

use super::body::HostileBody;
use super::fault::Misbehaviour;

/// What a gzip bomb unpacks to, in octets.
const BOMB: usize = 64 * 1024 * 1024;

/// The good answer, spoiled; `None` says nothing for ever.
pub(super) fn spoil(
    good: Response<Bytes>,
    misbehaviour: Misbehaviour,
    attacker: &str,
) -> Option<Response<HostileBody>> {
    let body = good.body().clone();
    let half = body.slice(..body.len() / 2);
    let spoiled = match misbehaviour {
        Misbehaviour::Silent => return None,
        // `serve` has waited already.
        Misbehaviour::Slow(_) => good.map(HostileBody::whole),
        Misbehaviour::Redirect => {
            let builder = Response::builder().status(StatusCode::FOUND).header(LOCATION, attacker);
            builder.body(HostileBody::whole(Bytes::new())).unwrap_or_else(|_| bare(StatusCode::FOUND))
        }
        Misbehaviour::Status(code) => {
            let mut answer = bare(StatusCode::from_u16(code).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR));
            *answer.body_mut() = HostileBody::whole(r#"{"error":"server_error"}"#);
            answer
        }
        Misbehaviour::Html => {
            let mut page = good
                .map(|_| HostileBody::whole("<!doctype html><title>Hello</title><script>alert(1)</script>"));
            page.headers_mut().insert(CONTENT_TYPE, http::HeaderValue::from_static("text/html"));
            page
        }
        Misbehaviour::Oversized(octets) => {
            good.map(|body| HostileBody::whole([Bytes::from(vec![b' '; octets]), body].concat()))
        }
        Misbehaviour::Endless => good.map(|_| HostileBody::Endless),
        Misbehaviour::Stalled => good.map(|_| HostileBody::Stalled(Some(half))),
        Misbehaviour::Broken => good.map(|_| HostileBody::Broken(Some(half))),
        Misbehaviour::GzipBomb => {
            let mut answer = good.map(|_| HostileBody::whole(bomb()));
            answer.headers_mut().insert(CONTENT_ENCODING, http::HeaderValue::from_static("gzip"));
            answer
        }
        Misbehaviour::ErrorWith200 => {
            good.map(|_| HostileBody::whole(r#"{"error":"invalid_grant","error_description":"<b>no</b>"}"#))
        }
    };
    Some(spoiled)
}

fn bare(status: StatusCode) -> Response<HostileBody> {
    let mut answer = Response::new(HostileBody::whole(Bytes::new()));
    *answer.status_mut() = status;
    answer
}

/// One deflate block of fixed codes (RFC 1951 §3.2.6): a space, then copies of length 258 at distance 1,
/// 13 bits each. Eight copies fill 13 octets, so the pattern repeats.
fn bomb() -> Vec<u8> {
    let mut bits = Bits::default();
    // Last block, fixed codes; then the literal 0x20 (code 0x30 + 0x20).
    bits.put(&[1, 1, 0]);
    bits.code(0x50, 8);
    for _ in 0..BOMB / 258 {
        // Length symbol 285 is code 0xc0 + 5; distance symbol 0 is five zero bits.
        bits.code(0xc5, 8);
        bits.code(0, 5);
    }
    bits.code(0, 7);
    // The trailer's checksum is left out: who unpacks so far has lost already.
    let header = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff];
    [header.as_slice(), &bits.octets, &[0; 8]].concat()
}

/// Bits in the order of RFC 1951 §3.1.1.
#[derive(Default)]
struct Bits {
    octets: Vec<u8>,
    filled: usize,
}

impl Bits {
    fn put(&mut self, bits: &[u8]) {
        for bit in bits {
            if self.filled.is_multiple_of(8) {
                self.octets.push(0);
            }
            if let Some(last) = self.octets.last_mut() {
                *last |= bit << (self.filled % 8);
            }
            self.filled += 1;
        }
    }

    /// Huffman codes go in with their highest bit first.
    fn code(&mut self, code: u16, length: u32) {
        for shift in (0..length).rev() {
            self.put(&[u8::from(code >> shift & 1 == 1)]);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bomb_is_small() {
        let bomb = bomb();
        assert!(bomb.len() < 512 * 1024, "{} octets", bomb.len());
        assert!(bomb.starts_with(&[0x1f, 0x8b, 8]));
    }
}
