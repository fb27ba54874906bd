//! Figure 5: a SAML response, verified and mapped, beside one bare RSA verification; how it grows with attributes, and whether memory
//! does. One thread, in process.

use std::hint::black_box;
use std::sync::Arc;

use ring::signature::{RSA_PKCS1_2048_8192_SHA256, RsaPublicKeyComponents};
use vestibule_broker::clock::steady;
use vestibule_certs::rsa_key::RsaKey;
use vestibule_conformance::saml::{
    Attribute, AuthnRequest, Certificate, Identity, Key, Message, PublicKey, Request, SignatureAlgorithm,
    Signing, redirect, sign,
};
use vestibule_policies::edition::KindName;
use vestibule_policies::ids::ConnectionId;
use vestibule_policies::mapping::{ClaimNames, map};
use vestibule_policies::name::ConnectionName;
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::config::{
    Binding, IdentityProvider, Logout, NameIdFormat, SamlConfig, SamlSource, SigningExpectation,
};
use vestibule_providers::saml::service_provider::{KeyPair, Rollover, ServiceProviderKeys};
use vestibule_providers::saml::{PostedResponse, SamlProvider};
use vestibule_providers::step::{Context, Freshness, Proof, Seed};
use vestibule_providers::verified::Verified;
use vestibule_providers::{Answer, Provider as _, Step};

use crate::Outcome;
use crate::figure::{Aim, median, note, show};

const NOW: i64 = 1_795_478_400;
const ISSUER: &str = "https://idp.example/idp";
const ENTITY: &str = "https://saml.vestibule.example";
const ACS: &str = "https://saml.vestibule.example/saml/acs";
const ROUNDS: usize = 15;
/// Messages in one round; a bare verification is done as often.
const BATCH: u32 = 500;
/// For memory.
const MANY: u32 = 1_000_000;

/// Measures.
pub(crate) async fn measure() -> Outcome<()> {
    let bench = Bench::new().await?;
    share(&bench).await?;
    growth(&bench).await?;
    memory(&bench).await
}

/// Both in turns, so that a neighbour on the machine disturbs them alike.
async fn share(bench: &Bench) -> Outcome<()> {
    let message = bench.message(|size| size < 4 * 1024);
    let bare = bench.bare()?;
    let (mut shares, mut times) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        let began = steady();
        for _ in 0..BATCH {
            bare.verify()?;
        }
        let alone = began.elapsed().as_secs_f64();
        let whole = bench.round(&message, BATCH).await?;
        shares.push(100.0 * alone / whole);
        times.push(1e6 * whole / f64::from(BATCH));
    }
    let name = format!("bare RSA-2048 in a {}-byte response, verified and mapped", message.len());
    show(&name, median(shares), "%", Aim::AtLeast(35.0));
    note(&format!("one response {:.1} us", median(times)));
    Ok(())
}

/// Ten times the attributes take ten times as long, less what does not grow.
async fn growth(bench: &Bench) -> Outcome<()> {
    let mut times = Vec::new();
    for attributes in [20, 200, 2_000] {
        let message = bench.with_attributes(attributes);
        let mut rounds = Vec::new();
        for _ in 0..ROUNDS {
            rounds.push(1e6 * bench.round(&message, 20).await? / 20.0);
        }
        let time = median(rounds);
        note(&format!("{attributes:>5} attributes, {:>7} bytes: {time:>9.1} us", message.len()));
        times.push(time);
    }
    let [few, more, most] = times.as_slice() else { return Err("three sizes".into()) };
    show(
        "time from 200 to 2,000 attributes, by the growth before",
        (most - more) / (more - few) / 10.0,
        "times",
        Aim::AtMost(1.3),
    );
    Ok(())
}

async fn memory(bench: &Bench) -> Outcome<()> {
    let message = bench.message(|size| size < 4 * 1024);
    bench.round(&message, 10_000).await?;
    let before = resident()?;
    bench.round(&message, MANY).await?;
    let grown = resident()?.saturating_sub(before);
    #[expect(clippy::cast_precision_loss, reason = "kibibytes of one process")]
    show("memory after 1,000,000 responses more", grown as f64, "KiB", Aim::AtMost(1024.0));
    Ok(())
}

fn resident() -> Outcome<u64> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).ok_or("no VmRSS")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse()?)
}

struct Bench {
    provider: SamlProvider,
    key: Arc<Key>,
    seed: Seed,
    policy: ConnectionPolicy,
    id: String,
}

/// What ring does alone.
struct Bare {
    key: RsaPublicKeyComponents<Vec<u8>>,
    message: Vec<u8>,
    signature: Vec<u8>,
}

impl Bare {
    fn verify(&self) -> Outcome<()> {
        let verified =
            self.key.verify(&RSA_PKCS1_2048_8192_SHA256, black_box(&self.message), &self.signature);
        verified.map_err(|_| "the bare signature".into())
    }
}

impl Bench {
    async fn new() -> Outcome<Self> {
        let key = Arc::new(Key::generate_rsa(2048)?);
        let certificate =
            Certificate { common_name: "idp".to_owned(), not_before: NOW - 86_400, not_after: NOW + 86_400 }
                .of(&key);
        let config = config(&certificate);
        let provider = SamlProvider::new(config, None, Arc::new(our_keys()?));
        let policy = policy()?;
        let mut bench = Self { provider, key, seed: Seed::from_bytes([7; 16]), policy, id: String::new() };
        bench.id = bench.request_id().await?;
        Ok(bench)
    }

    /// As the provider derives it from the seed: read out of a request.
    async fn request_id(&self) -> Outcome<String> {
        let step = self.provider.begin(&self.context()).await.map_err(|error| error.reason)?;
        let Step::Redirect(url) = step else { return Err("no redirect".into()) };
        let asked = redirect::decode(url.query().unwrap_or_default())?;
        let request = AuthnRequest::read(&asked.xml).ok_or("no request")?;
        Ok(request.id)
    }

    fn context(&self) -> Context<'_> {
        let now = Timestamp::from_seconds(NOW);
        Context {
            now,
            seed: &self.seed,
            state: "state",
            redirect_uri: ACS,
            entity_id: ENTITY,
            started: now,
            freshness: Freshness::Any,
            gate: None,
        }
    }

    fn good(&self) -> Message {
        let request = Request {
            request_id: Some(self.id.clone()),
            acs: ACS.to_owned(),
            audience: ENTITY.to_owned(),
            issuer: ISSUER.to_owned(),
            now: NOW,
        };
        let identity = Identity {
            sid: Some("S-1-5-21-1-2-3-1001".to_owned()),
            upn: Some("alice@corp.example".to_owned()),
            oid: Some("f81d4fae-7dec-11d0-a765-00a0c91e6bf6".to_owned()),
            email: Some("alice@corp.example".to_owned()),
            display_name: Some("Alice Andersen".to_owned()),
            given_name: Some("Alice".to_owned()),
            family_name: Some("Andersen".to_owned()),
            groups: Vec::new(),
        };
        Message::good(&request, &identity)
    }

    fn signed(&self, message: &Message) -> Vec<u8> {
        let signing = Signing { assertion: false, ..Signing::both(Arc::clone(&self.key)) };
        sign(message, &signing).into_bytes()
    }

    /// Signed as a whole, with attributes as long as it may grow.
    fn message(&self, may_grow: impl Fn(usize) -> bool) -> Vec<u8> {
        let mut message = self.good();
        let mut signed = self.signed(&message);
        for number in 0.. {
            if !may_grow(signed.len()) {
                break;
            }
            self.add(&mut message, number);
            signed = self.signed(&message);
        }
        signed
    }

    fn with_attributes(&self, count: usize) -> Vec<u8> {
        let mut message = self.good();
        (0..count).for_each(|number| self.add(&mut message, number));
        self.signed(&message)
    }

    #[expect(clippy::unused_self, reason = "reads as what a bench does to its message")]
    fn add(&self, message: &mut Message, number: usize) {
        if let Some(assertion) = &mut message.assertion {
            assertion.attributes.push(Attribute::basic(&format!("attribute-{number}"), &["value"]));
        }
    }

    /// Seconds for so many.
    async fn round(&self, message: &[u8], count: u32) -> Outcome<f64> {
        let began = steady();
        for _ in 0..count {
            let response = PostedResponse { message: message.to_vec(), decoded: true, unsolicited: false };
            let step = self.provider.advance(&self.context(), Answer::Response(response)).await;
            let Ok(Step::Done(proof)) = step else { return Err(format!("not proved: {step:?}").into()) };
            self.mapped(&proof)?;
        }
        Ok(began.elapsed().as_secs_f64())
    }

    fn mapped(&self, proof: &Verified<Proof>) -> Outcome<()> {
        let mapped = map(&proof.value().attributes, &self.policy, &[]).map_err(|fault| fault.to_string())?;
        black_box(mapped);
        Ok(())
    }

    fn bare(&self) -> Outcome<Bare> {
        let PublicKey::Rsa { modulus: n, exponent: e } = self.key.public() else {
            return Err("an RSA key".into());
        };
        let message = vec![7; 700];
        let signature = self.key.sign(SignatureAlgorithm::RsaSha256, &message);
        let key = RsaPublicKeyComponents { n, e };
        Ok(Bare { key, message, signature })
    }
}

fn config(certificate: &[u8]) -> SamlConfig {
    use base64::Engine as _;
    let certificate = base64::engine::general_purpose::STANDARD.encode(certificate);
    let provider = IdentityProvider {
        entity_id: ISSUER.to_owned(),
        redirect: Some("https://idp.example/sso".to_owned()),
        post: None,
        logout: None,
        certificates: vec![certificate],
        valid_until: None,
    };
    SamlConfig {
        source: SamlSource::Given(provider),
        binding: Binding::Redirect,
        sign_requests: false,
        signed: SigningExpectation::Either,
        context: None,
        force_authn: false,
        idp_initiated: false,
        scoped_entity_id: false,
        logout: Logout::Off,
        name_id_format: NameIdFormat::Unspecified,
        dangerous_sha1: false,
    }
}

fn our_keys() -> Outcome<ServiceProviderKeys> {
    let pair = || -> Outcome<KeyPair> {
        let key = RsaKey::generate(2048)?;
        let certificate = key.self_signed("sp", NOW - 86_400, NOW + 86_400)?;
        Ok(KeyPair { key, certificate })
    };
    let rollover = || -> Outcome<Rollover> { Ok(Rollover { current: pair()?, next: pair()? }) };
    Ok(ServiceProviderKeys { signing: rollover()?, encryption: rollover()? })
}

fn policy() -> Outcome<ConnectionPolicy> {
    Ok(ConnectionPolicy {
        id: ConnectionId::from_bytes([1; 8]),
        name: ConnectionName::parse("any")?,
        enabled: true,
        kind: KindName::Saml,
        authority: ISSUER.to_owned(),
        directories: Vec::new(),
        any_directory: true,
        required: vestibule_policies::claims::ClaimName::ALL.to_vec(),
        names: ClaimNames::default(),
        resolve_from: None,
    })
}
