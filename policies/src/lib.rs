//! The pure domain of the broker: who a person is, what an organisation allows, and who may enter or remain.
//!
//! Nothing here reads a clock, a socket or a store; every fact from outside is an argument.
//! Types are re-exported at the root, functions are called through their module (`admission::decide`).
#![forbid(unsafe_code)]

pub mod address;
pub mod admission;
pub mod claims;
pub mod code;
pub mod directory;
pub mod edition;
mod encoded;
pub mod ids;
pub mod landing;
pub mod limits;
pub mod lockout;
pub mod mapping;
mod millis;
pub mod name;
pub mod object_id;
pub mod operation;
pub mod organization;
pub mod password;
pub mod path;
pub mod permission;
pub mod raw;
pub mod security_id;
mod text;
pub mod time;
pub mod totp;

pub use address::{AddressFault, Email, Upn};
pub use admission::{Admitted, Clause, Facts, Purpose, Question, Refusal, Serves, Switch};
pub use claims::{ClaimName, Claims, EntraIdentity, GroupFault, GroupId, PrincipalKey};
pub use code::{Code, Fault};
pub use directory::{Directory, DirectoryAuthority, Scope};
pub use edition::{Audience, Edition, KindName};
pub use ids::{ClientId, ConnectionId, IdFault, InvitationId, OrganizationId, PersonId};
pub use landing::Landing;
pub use limits::{DurationFault, Limits, LimitsFault, ShortSessions, Span, Standing};
pub use mapping::{ClaimFault, ClaimNames, ClaimReason, Mapped};
pub use name::{ConnectionName, DirectoryName, HostName, NameFault, Slug};
pub use object_id::{ObjectId, ObjectIdFault};
pub use organization::{
    Access, AdministratorGroup, ConnectionPolicy, HeaderNames, HeaderRule, Membership, Organization,
    ProviderAdministrator, Route, RoutePath, SessionPolicy, Workspace,
};
pub use path::{CanonicalPath, PathFault};
pub use raw::{Attribute, RawAttributes, Source};
pub use security_id::{DomainSid, SecurityId, SecurityIdFault};
pub use time::Timestamp;
