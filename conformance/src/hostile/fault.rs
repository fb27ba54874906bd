//! What can be wrong. One value spoils one thing; everything that it does not name stays good.

use serde_json::Value;

/// One fault of an otherwise good sign-in.
#[derive(Clone, Debug)]
pub enum Fault {
    /// In the discovery document.
    Discovery(Edit),
    /// In the key set.
    Keys(KeyFault),
    /// In the authorization response.
    Answer(AnswerFault),
    /// In the token response's JSON.
    TokenResponse(Edit),
    /// In the `id_token`'s protected header; the signature fits the changed header.
    Header(Edit),
    /// In the `id_token`'s claims; the signature fits the changed claims.
    Claims(Edit),
    /// In the claims of the `id_token` that goes by the browser beside a code (Core §3.3); the one of the token endpoint
    /// stays good.
    FrontClaims(Edit),
    /// In the userinfo answer's JSON.
    UserInfo(Edit),
    /// Userinfo as `application/jwt`, well signed, though nobody asked for it (OIDC-RP-23).
    UserInfoAsJwt,
    /// In how the `id_token` is signed.
    Signing(Signing),
    /// In how the `id_token` is written down.
    Encoding(Encoding),
    /// Which client authentication the token endpoint takes, and says it takes.
    ClientAuth(ClientAuth),
    /// A whole endpoint behaves badly.
    Endpoint(Endpoint, Misbehaviour),
    /// No fault, a habit: the endpoint's answer may be kept for so many seconds (OIDC-RP-19). All others say
    /// `no-store`.
    MaxAge(Endpoint, u32),
}

/// A change of one member of a JSON object.
#[derive(Clone, Debug)]
pub enum Edit {
    /// The member has this value.
    Set(String, Value),
    /// The member is absent.
    Remove(String),
    /// The member is the present second plus this many.
    Time(String, i64),
    /// A further member, name and value written letter by letter: duplicates, escaped twins, depths that
    /// no JSON library would build.
    Raw {
        /// Before or after the good members.
        place: Place,
        /// The name with its quotation marks.
        name: String,
        /// The value's text.
        value: String,
    },
}

/// Where a raw member stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Before all others.
    First,
    /// After all others.
    Last,
}

impl Edit {
    /// The member has this value.
    pub fn set(name: &str, value: impl Into<Value>) -> Self {
        Self::Set(name.to_owned(), value.into())
    }

    /// The member is absent.
    #[must_use]
    pub fn remove(name: &str) -> Self {
        Self::Remove(name.to_owned())
    }

    /// The member is the present second plus `offset`.
    #[must_use]
    pub fn time(name: &str, offset: i64) -> Self {
        Self::Time(name.to_owned(), offset)
    }

    /// A further member after the good ones, letter by letter.
    #[must_use]
    pub fn raw(name: &str, value: impl Into<String>) -> Self {
        Self::Raw { place: Place::Last, name: name.to_owned(), value: value.into() }
    }
}

/// A fault of the key set.
#[derive(Clone, Debug)]
pub enum KeyFault {
    /// In the JWK of the signing key.
    Member(Edit),
    /// So many other RSA keys stand before the signing key.
    Decoys(usize),
    /// Another key before the signing key has its `kid`.
    DuplicateKid,
    /// No key at all.
    Empty,
}

/// A fault of the authorization response.
#[derive(Clone, Debug)]
pub enum AnswerFault {
    /// The parameter has this value.
    Set(String, String),
    /// The parameter is absent.
    Remove(String),
    /// The parameter stands twice, the second time with this value.
    Again(String, String),
    /// An error response (RFC 6749 §4.1.2.1) instead of a code.
    Error(String, String),
}

/// A fault of the signature. The key that a token was signed with is published, except where said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signing {
    /// ES256 by a published P-256 key.
    Es256,
    /// `EdDSA` by a published Ed25519 key.
    EdDsa,
    /// `alg` spelled like this, no signature.
    Unsigned(&'static str),
    /// RS256 in the header, no signature.
    EmptySignature,
    /// HS256 with something that everybody knows, or that should never key a token.
    Hs256(HmacKey),
    /// HS256 with the client secret, its last bit flipped.
    BadHs256,
    /// RS256 in the header, an RSASSA-PSS signature.
    PssUnderRs256,
    /// PS256 in the header, an RSASSA-PKCS1-v1_5 signature.
    Pkcs1UnderPs256,
    /// RS256, one bit of the signature flipped.
    BadRs256,
    /// ES256, one bit of the signature flipped.
    BadEs256,
    /// ES256 with a signature of this shape.
    Es256Form(EsForm),
    /// ES256 whose published point is not on the curve.
    Es256OffCurve,
    /// RS256 by a published key of 1024 bits.
    WeakRsa,
    /// RS256 by a published key with the public exponent 3.
    ExponentThree,
    /// RS256 by a key of the attacker that stands nowhere but in this header.
    Embedded(Embedded),
    /// RS256 by a key of the attacker under the good key's `kid`.
    ForeignKey,
}

/// What an HS256 token is keyed with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HmacKey {
    /// The signing key's public half in PEM.
    Pem,
    /// The same in DER.
    Der,
    /// Its JWK, letter by letter as published.
    Jwk,
    /// A published P-256 key's public half in PEM.
    EcPem,
    /// The same in DER.
    EcDer,
    /// Its JWK, letter by letter as published.
    EcJwk,
    /// Its uncompressed point (SEC 1 §2.3.3).
    EcPoint,
    /// An `oct` key that the key set publishes.
    PublishedOct,
    /// The client secret.
    ClientSecret,
}

/// Shapes of an ES256 signature (JWT-10).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EsForm {
    /// ASN.1 DER.
    Der,
    /// A zero octet before r: 65 octets.
    SixtyFive,
    /// r and s are zero (CVE-2022-21449).
    Zero,
    /// r and s are the group order.
    Order,
}

/// Where the attacker's header puts his key (JWT-05).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Embedded {
    /// `jku`, an address of this listener.
    Jku,
    /// `x5u`, an address of this listener.
    X5u,
    /// `jwk`, the key itself.
    Jwk,
    /// `x5c`.
    X5c,
}

/// A fault of the compact serialization (JWT-11). Signatures are made over what is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// `=` after the claims.
    Padded,
    /// A space within the claims.
    Space,
    /// A line break within the claims.
    LineBreak,
    /// `+` and `/` instead of `-` and `_`.
    StandardAlphabet,
    /// The unused bits of the signature's last letter are set.
    UnusedBits,
    /// So many segments instead of three.
    Segments(usize),
    /// The JSON serialization of RFC 7515 §7.2.2.
    Json,
}

/// What the token endpoint takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClientAuth {
    /// `client_secret_basic` alone.
    BasicOnly,
    /// `client_secret_post` alone.
    PostOnly,
}

/// An endpoint of the provider.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Endpoint {
    /// `/.well-known/openid-configuration`.
    Discovery,
    /// The key set.
    Keys,
    /// The authorization endpoint.
    Authorize,
    /// The token endpoint.
    Token,
    /// The userinfo endpoint.
    UserInfo,
    /// Addresses that only an attacker names; nobody may come here.
    Attacker,
}

/// How an endpoint misbehaves (OIDC-RP-41).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Misbehaviour {
    /// 302 to the attacker's address.
    Redirect,
    /// This status with a JSON body.
    Status(u16),
    /// 200 with an HTML page.
    Html,
    /// 200 with the good answer behind so many octets of white space.
    Oversized(usize),
    /// 200 and white space for ever.
    Endless,
    /// 200, half a body, then silence.
    Stalled,
    /// No answer at all.
    Silent,
    /// The good answer, after so many milliseconds.
    Slow(u16),
    /// 200, half a body, then the connection is gone.
    Broken,
    /// 64 MiB of white space in some 400 KiB of gzip.
    GzipBomb,
    /// 200 with an OAuth error object.
    ErrorWith200,
}
