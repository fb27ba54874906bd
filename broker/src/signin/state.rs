//! `state`: names a transaction and its connection outside, in 63 characters, with a tag that no stranger can make.
//!
//! The tag is checked before anything else, so that an answer without a browser behind it costs nothing and spends nothing.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use vestibule_certs::purpose::Purpose;
use vestibule_certs::secret::same;
use vestibule_policies::ids::ConnectionId;
use vestibule_providers::step::Seed;

use crate::app::App;

use super::handoff::Wanted;
use super::transaction::Transaction;

const NUMBER: usize = 6;
const CONNECTION: usize = 8;
const PROOF: usize = 16;
const TAG: usize = 16;
const LENGTH: usize = NUMBER + CONNECTION + PROOF + 1 + TAG;
const TRIAL: u8 = 1;

/// A `state` whose tag held: we made it, for this transaction of this connection.
#[derive(Debug)]
pub struct State {
    /// The number of the transaction's cookie.
    pub number: String,
    /// The connection that was asked.
    pub connection: ConnectionId,
    /// Whether it is a test sign-in, whose failures are kept for whoever tests.
    pub trial: bool,
    proof: [u8; PROOF],
}

impl State {
    /// Reads a `state`.
    #[must_use]
    pub fn parse(app: &App, text: &str) -> Option<Self> {
        let bytes: [u8; LENGTH] = URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()?;
        let (number, rest) = bytes.split_first_chunk::<NUMBER>()?;
        let (connection, rest) = rest.split_first_chunk::<CONNECTION>()?;
        let (proof, rest) = rest.split_first_chunk::<PROOF>()?;
        let (purpose, tag) = rest.split_first()?;
        same(tag, &tag_of(app, (number, connection, proof), *purpose)).then(|| Self {
            number: URL_SAFE_NO_PAD.encode(number),
            connection: ConnectionId::from_bytes(*connection),
            trial: *purpose == TRIAL,
            proof: *proof,
        })
    }

    /// Whether this transaction's seed yields exactly this state.
    #[must_use]
    pub fn is_of(&self, transaction: &Transaction) -> bool {
        self.connection == transaction.connection && same(&self.proof, &proof_of(&transaction.seed))
    }
}

/// The `state` of a transaction.
#[must_use]
pub fn state_of(app: &App, transaction: &Transaction) -> Option<String> {
    let number: [u8; NUMBER] = URL_SAFE_NO_PAD.decode(&transaction.number).ok()?.try_into().ok()?;
    let (connection, proof) = (transaction.connection.as_bytes(), proof_of(&transaction.seed));
    let purpose = if transaction.wanted == Wanted::Trial { TRIAL } else { 0 };
    let tag = tag_of(app, (&number, connection, &proof), purpose);
    Some(URL_SAFE_NO_PAD.encode([&number[..], connection, &proof, &[purpose], &tag].concat()))
}

fn proof_of(seed: &Seed) -> [u8; PROOF] {
    seed.derive("state").first_chunk().copied().unwrap_or_default()
}

fn tag_of(app: &App, (number, connection, proof): (&[u8], &[u8], &[u8; PROOF]), purpose: u8) -> [u8; TAG] {
    let tag = app.keys.mac(Purpose::State).tag(&[number, connection, proof, &[purpose]]);
    tag.first_chunk().copied().unwrap_or_default()
}
