//! A verified response between the address where it was posted and the browser that has to bring it.
//!
//! Its code is made from the message itself, so that the same octets posted again find the same place; it is known to the
//! browser alone. The message waits sealed.

use vestibule_certs::purpose::Purpose;
use vestibule_certs::token::{Token, TokenHash};
use vestibule_certs::{digest, encoding};
use vestibule_policies::code::Code;
use vestibule_policies::edition::KindName;
use vestibule_policies::ids::{ConnectionId, OrganizationId};
use vestibule_policies::organization::ConnectionPolicy;
use vestibule_policies::time::Timestamp;
use vestibule_providers::SignInError;
use vestibule_providers::saml::fault::SamlFault;
use vestibule_providers::saml::{PostedResponse, Received};

use crate::app::App;
use crate::deployment::Tenant;
use crate::signin::{landing, posted};
use crate::store::parked::{self, LIFETIME, Parked, Parking, UNPROVED};

/// What a response waits for.
#[derive(Debug, Clone, Copy)]
pub(super) enum SignIn<'a> {
    /// The transaction that this relay state names.
    Solicited(&'a str),
    /// A person's word that they want it.
    Unsolicited,
}

/// A response that waits, opened.
#[derive(Debug)]
pub(super) struct Waiting {
    pub(super) connection: ConnectionId,
    /// The relay state; none where the provider began.
    pub(super) relay_state: Option<String>,
    pub(super) response: PostedResponse,
    /// What is spent with it.
    pub(super) assertion: String,
    pub(super) usable_until: Timestamp,
    pub(super) code: TokenHash,
}

const UNSOLICITED: &str = "unsolicited ";

/// Lets a response wait, and gives the code that finds it. `received` is missing for a test sign-in whose response does not hold.
pub(super) async fn park(
    app: &App,
    (organization, connection): (OrganizationId, ConnectionId),
    sign_in: SignIn<'_>,
    response: &PostedResponse,
    received: Option<&Received>,
) -> Result<String, SignInError> {
    let internal = || SignInError::new(Code::Internal, "a response could not be sealed");
    let now = app.session_clock.now();
    let fingerprint = encoding::base64url(&digest::sha256(&response.message));
    let sign_in = match sign_in {
        SignIn::Solicited(relay_state) => relay_state.to_owned(),
        SignIn::Unsolicited => format!("{UNSOLICITED}{fingerprint}"),
    };
    let code = code(app, &sign_in, &fingerprint);
    let hash = Token::hash_of(&code).ok_or_else(internal)?;
    let sealer = app.keys.sealer(Purpose::Handover);
    let parked = Parked {
        connection,
        assertion: match received {
            // Assertion ids are unique at their provider for each organisation that it serves, and one must not use up another's.
            Some(received) => {
                format!("assertion {organization} {}", encoding::base64url(&received.assertion))
            }
            None => format!("{UNPROVED}{fingerprint}"),
        },
        usable_until: match received {
            Some(received) => now.plus(received.usable_until.since(app.wall.now())),
            None => now,
        },
        message: sealer.seal(&to_bytes(response), &binding(&hash)).map_err(|_| internal())?,
        expires: now.plus(LIFETIME),
        sign_in,
    };
    let write = app.store.write(move |transaction| {
        Box::pin(async move { parked::park(transaction, &hash, &parked, now).await })
    });
    match write.await {
        Ok(Parking::Waits) => Ok(code),
        Ok(Parking::Taken) => Err(SamlFault::Replayed
            .because("another response for this sign-in, or this assertion, was here before")),
        Ok(Parking::Full) => {
            Err(SignInError::new(Code::StoreBusy, "too many responses wait for their browsers"))
        }
        Err(error) => Err(error.into()),
    }
}

/// The connection that a response was verified by, while it is one of this kind.
pub(super) fn connection_of<'a>(
    tenant: &'a Tenant,
    waiting: &Waiting,
) -> Result<&'a ConnectionPolicy, SignInError> {
    let connection = tenant.organization.connection(waiting.connection);
    connection.filter(|one| one.kind == KindName::Saml).ok_or_else(|| {
        SignInError::new(Code::AdmissionConnection, "the connection is no longer there, or of another kind")
    })
}

/// Finds a response by its code, without taking it.
pub(super) async fn find(app: &App, code: &str) -> Result<Option<Waiting>, SignInError> {
    // What an OpenID provider's browser posted is none of these.
    let found = landing::look(app, code).await?.filter(|(_, parked)| !posted::is_one(parked));
    found.map(|found| open(app, found)).transpose()
}

/// Opens what was found.
pub(super) fn open(app: &App, (hash, parked): (TokenHash, Parked)) -> Result<Waiting, SignInError> {
    let broken = || SignInError::new(Code::Internal, "a response that waits does not open");
    let opened =
        app.keys.sealer(Purpose::Handover).open(&parked.message, &binding(&hash)).map_err(|_| broken())?;
    let (decoded, message) = opened.split_first().ok_or_else(broken)?;
    let unsolicited = parked.sign_in.starts_with(UNSOLICITED);
    Ok(Waiting {
        connection: parked.connection,
        relay_state: (!unsolicited).then_some(parked.sign_in),
        response: PostedResponse { message: message.to_vec(), decoded: *decoded == 1, unsolicited },
        assertion: parked.assertion,
        usable_until: parked.usable_until,
        code: hash,
    })
}

fn to_bytes(response: &PostedResponse) -> Vec<u8> {
    let mut bytes = vec![u8::from(response.decoded)];
    bytes.extend_from_slice(&response.message);
    bytes
}

fn code(app: &App, sign_in: &str, fingerprint: &str) -> String {
    let mac = app.keys.mac(Purpose::Handover);
    encoding::base64url(&mac.tag(&[b"parked", sign_in.as_bytes(), fingerprint.as_bytes()]))
}

fn binding(code: &TokenHash) -> Vec<u8> {
    format!("parked {}", code.to_hex()).into_bytes()
}
