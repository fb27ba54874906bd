//! The code by which each row of the catalogue is refused: a row that is refused for another reason proves nothing of its own.

/// The code of a row's refusal.
pub(super) fn code_of(row: &str) -> &'static str {
    let found = CODES.iter().find(|(_, rows)| rows.contains(&row)).map(|(code, _)| *code);
    found.unwrap_or("(openid/codes.rs has no code for this row)")
}

const CODES: &[(&str, &[&str])] = &[
    (
        "OIDC-ACCESS-TOKEN-HASH",
        &[
            "at_hash is of another token",
        ],
    ),
    (
        "OIDC-ALGORITHM",
        &[
            "alg is absent",
            "HS256 with the public key as JWK",
            "HS256 with the public key in DER",
            "HS256 with the public key in PEM",
            "PS256 said, PKCS #1 done",
            "EC point off the curve",
            "HS256 with an oct key of the key set",
            "ES256 in 65 octets",
            "ES256 in DER",
            "ES256 with r and s the order",
            "ES256 with r and s zero",
            "ES256, good",
            "EdDSA, good",
            "ES256, bad signature",
            "HS256 with the client secret",
            "HS256, bad signature",
        ],
    ),
    (
        "OIDC-AUDIENCE",
        &[
            "aud is absent",
            "aud is an empty array",
            "aud is another client",
        ],
    ),
    (
        "OIDC-AUTHORIZED-PARTY",
        &[
            "aud names a second client and azp is absent",
            "azp is another client",
        ],
    ),
    (
        "OIDC-CODE",
        &[
            "code is absent",
        ],
    ),
    (
        "OIDC-DENIED",
        &[
            "access_denied",
        ],
    ),
    (
        "OIDC-DISCOVERY",
        &[
            "the document names no issuer",
            "discovery answers 10 MB",
            "discovery answers 503",
            "discovery redirects",
        ],
    ),
    (
        "OIDC-ERROR",
        &[
            "markup in the error's text",
        ],
    ),
    (
        "OIDC-ISSUER",
        &[
            "the document names another issuer",
            "the document's issuer has a final slash",
            "the document's issuer has another case",
            "the document's issuer has another port",
            "the document's issuer has one more path",
        ],
    ),
    (
        "OIDC-KEY-UNKNOWN",
        &[
            "the JWK is for encryption",
            "the JWK is for encryption by key_ops",
            "the JWK is of another type",
            "the JWK says PS256",
            "the JWK says RS512",
            "kid is SQL",
            "kid is a path",
            "kid is a unicode twin",
            "kid is unknown",
            "the attacker's key by jku",
            "the attacker's key by jwk",
            "the attacker's key by x5c",
            "the attacker's key by x5u",
            "RSA of 1024 bits",
            "RSA with exponent 3",
            "the JWK shows its private part",
            "the key set is empty",
        ],
    ),
    (
        "OIDC-KEYS",
        &[
            "the key set is a page",
            "the key set redirects",
        ],
    ),
    (
        "OIDC-NONCE",
        &[
            "nonce is another",
            "nonce is absent",
        ],
    ),
    (
        "OIDC-RESPONSE-ISSUER",
        &[
            "iss of the answer has a final slash",
            "iss of the answer is absent",
            "iss of the answer is another",
        ],
    ),
    (
        "OIDC-SIGNATURE",
        &[
            "RS256 said, PSS done",
            "RS256 by another key under the good kid",
            "RS256, bad signature",
        ],
    ),
    (
        "OIDC-SUBJECT",
        &[
            "sub is a number",
            "sub is absent",
            "sub is empty",
        ],
    ),
    (
        "OIDC-TIME",
        &[
            "exp 90 s ago",
            "exp is text",
            "iat in 10 min",
            "nbf in 90 s",
            "iat is absent",
            "exp is absent",
            "exp more than 5 min ago",
        ],
    ),
    (
        "OIDC-TOKEN",
        &[
            "alg NONE",
            "alg None",
            "alg is empty",
            "the signature is empty",
            "kid is a number",
            "b64 is false",
            "crit is empty",
            "crit is no array",
            "crit is unknown",
            "zip",
            "a second UPN",
            "a second UPN, escaped",
            "a second alg",
            "a second alg, escaped",
            "a second kid",
            "a second sub",
            "a second sub before the good one",
            "a second sub, equal",
            "a second sub, escaped",
            "twins deep inside",
            "a line break within",
            "a space within",
            "five segments",
            "four segments",
            "padding",
            "six segments",
            "the JSON serialization",
            "the standard alphabet",
            "two segments",
            "unused bits are set",
            "10,000 nested arrays",
            "an aud of 10,000 entries",
            "typ of a key-bound proof",
            "typ of a logout token",
            "typ of an access token",
            "typ of our own assertion",
            "alg none",
            "no id_token",
            "token_type mac",
        ],
    ),
    (
        "OIDC-TOKEN-ENDPOINT",
        &[
            "kid has 1 MB",
            "100,000 claims",
            "a token of 1 MB",
            "id_token is an object",
            "the token endpoint answers 10 MB",
            "the token endpoint answers 500",
            "the token endpoint answers a page",
            "the token endpoint answers an error with 200",
            "the token endpoint breaks off",
            "the token endpoint never ends",
            "the token endpoint redirects",
            "the token endpoint sends a gzip bomb",
        ],
    ),
    (
        "OIDC-TOKEN-ISSUER",
        &[
            "iss in upper case",
            "iss with a NUL",
            "iss with a final slash",
            "iss with a final space",
            "iss is absent",
            "iss is another",
        ],
    ),
    (
        "OIDC-TOKEN-REFUSED",
        &[
            "code is unknown to the provider",
        ],
    ),
    (
        "OIDC-USERINFO",
        &[
            "userinfo has two subs",
            "userinfo answers 10 MB",
            "userinfo is a page",
            "userinfo is a JWT that nobody asked for",
        ],
    ),
    (
        "OIDC-USERINFO-SUBJECT",
        &[
            "userinfo has no sub",
            "userinfo speaks of another subject",
        ],
    ),
    (
        "REQUEST-MALFORMED",
        &[
            "code stands twice",
            "state stands twice",
            "iss of the answer stands twice",
        ],
    ),
    (
        "SIGN-IN-STATE",
        &[
            "state is absent",
            "state is another",
        ],
    ),
];
