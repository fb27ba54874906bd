//! Administrators and invitations.

use schemars::{JsonSchema, SchemaGenerator};
use serde::Serialize;
use serde_json::{Map, Value};
use vestibule_policies::Email;
use vestibule_policies::code::Code;
use vestibule_policies::ids::{InvitationId, PersonId};
use vestibule_policies::operation::Operation;
use vestibule_policies::permission::Access;

use crate::administration::administrators::{self, Administrator, Invited};
use crate::administration::{FieldFault, Refusal};
use crate::session::view::rfc3339;

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/administrators",
        id: "listAdministrators",
        summary: "Who runs the organisation.",
        operation: Some(Operation::ReadAdministrators),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<AdministratorShown>),
        changes: false,
        run: Run::Verb(list),
    },
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/administrators/{administrator}",
        id: "readAdministrator",
        summary: "One of them.",
        operation: Some(Operation::ReadAdministrators),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<AdministratorShown>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Put,
        path: "/organizations/{organization}/administrators/{administrator}/access",
        id: "writeAccess",
        summary: "Says what an administrator may do from now on.",
        operation: Some(Operation::WriteAccess),
        takes: Takes::Json(Body {
            schema: SchemaGenerator::subschema_for::<AccessShown>,
            required: &["access"],
        }),
        status: 204,
        gives: Gives::Nothing,
        changes: false,
        run: Run::Verb(write_access),
    },
    Endpoint {
        method: Verb::Delete,
        path: "/organizations/{organization}/administrators/{administrator}",
        id: "removeAdministrator",
        summary: "Takes somebody's access away, with their sessions here and their secure clients.",
        operation: Some(Operation::RemoveAdministrator),
        takes: Takes::Nothing,
        status: 204,
        gives: Gives::Nothing,
        changes: false,
        run: Run::Verb(remove),
    },
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}/invitations",
        id: "listInvitations",
        summary: "Who was asked to run the organisation and has not come.",
        operation: Some(Operation::ReadAdministrators),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<InvitationShown>),
        changes: false,
        run: Run::Verb(invited),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/invitations",
        id: "inviteAdministrator",
        summary: "Asks somebody to run the organisation, by mail where there is mail.",
        operation: Some(Operation::InviteAdministrator),
        takes: Takes::Json(Body {
            schema: SchemaGenerator::subschema_for::<NewInvitation>,
            required: &["email", "access"],
        }),
        status: 201,
        gives: Gives::One(SchemaGenerator::subschema_for::<InvitationSent>),
        changes: false,
        run: Run::Verb(invite),
    },
    Endpoint {
        method: Verb::Post,
        path: "/organizations/{organization}/invitations/{invitation}/resend",
        id: "resendInvitation",
        summary: "Sends an invitation again, with another link; its five days go on.",
        operation: Some(Operation::InviteAdministrator),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::One(SchemaGenerator::subschema_for::<InvitationSent>),
        changes: false,
        run: Run::Verb(resend),
    },
    Endpoint {
        method: Verb::Delete,
        path: "/organizations/{organization}/invitations/{invitation}",
        id: "withdrawInvitation",
        summary: "Takes an invitation back.",
        operation: Some(Operation::InviteAdministrator),
        takes: Takes::Nothing,
        status: 204,
        gives: Gives::Nothing,
        changes: false,
        run: Run::Verb(withdraw),
    },
];

/// What somebody may do: `full`, or a list of permissions.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
enum AccessValue {
    Word(Full),
    Permissions(Vec<String>),
}

#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
enum Full {
    Full,
}

/// Somebody who runs the organisation.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Administrator")]
struct AdministratorShown {
    /// For ever.
    id: String,
    /// What others see.
    display_name: String,
    /// Their name at the sign-in.
    user_name: String,
    /// Their address.
    email: String,
    /// What they may do.
    access: AccessValue,
}

/// What somebody may do.
#[derive(Debug, Serialize, JsonSchema)]
struct AccessShown {
    /// `full`, or a list of permissions.
    access: AccessValue,
}

/// Somebody to be asked.
#[derive(Debug, Serialize, JsonSchema)]
struct NewInvitation {
    /// Where the link goes, and whose it is.
    email: String,
    /// `full`, or a list of permissions.
    access: AccessValue,
}

/// Somebody who was asked and has not come.
#[derive(Debug, Serialize, JsonSchema)]
#[schemars(title = "Invitation")]
struct InvitationShown {
    /// For ever.
    id: String,
    /// Whose it is.
    email: String,
    /// What they will be able to do.
    access: AccessValue,
    /// When it was first sent.
    sent_at: String,
    /// Until when its link is good.
    expires_at: String,
    /// Whether that is over.
    has_expired: bool,
}

/// An invitation on its way.
#[derive(Debug, Serialize, JsonSchema)]
struct InvitationSent {
    /// For ever.
    id: String,
    /// The link itself, where there is no mail: it is shown this once.
    #[serde(skip_serializing_if = "Option::is_none")]
    link: Option<String>,
}

fn list<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let all = administrators::list(call.visit.app, call.actor).await?;
        let all = all.into_iter().map(AdministratorShown::from);
        call.page.cut(all.map(|one| (one.id.clone(), one)).collect())
    })
}

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let one = administrators::one(call.visit.app, call.actor, person(call)?).await?;
        Answer::one(&AdministratorShown::from(one))
    })
}

fn write_access<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let id = person(call)?;
        only(call.members, &["access"])?;
        administrators::change_access(call.visit, call.actor, id, access(call.members)?).await?;
        Ok(Answer::Nothing)
    })
}

fn remove<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        administrators::remove(call.visit, call.actor, person(call)?).await?;
        Ok(Answer::Nothing)
    })
}

fn invited<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let all = administrators::invited(call.visit.app, call.actor).await?;
        let all = all.into_iter().map(InvitationShown::from);
        call.page.cut(all.map(|one| (one.id.clone(), one)).collect())
    })
}

fn invite<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        only(call.members, &["email", "access"])?;
        let email =
            call.members.get("email").and_then(Value::as_str).and_then(|text| Email::parse(text).ok());
        let email = email.ok_or_else(|| fault("email", "expected an address such as ada@acme.example"))?;
        let access = access(call.members)?;
        let sent = administrators::invite(call.visit, call.actor, email, access).await?;
        Answer::one(&InvitationSent { id: sent.id.to_string(), link: sent.link })
    })
}

fn resend<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let sent = administrators::resend(call.visit, call.actor, invitation(call)?).await?;
        Answer::one(&InvitationSent { id: sent.id.to_string(), link: sent.link })
    })
}

fn withdraw<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        administrators::withdraw(call.visit, call.actor, invitation(call)?).await?;
        Ok(Answer::Nothing)
    })
}

fn person(call: &Call<'_>) -> Result<PersonId, Refusal> {
    call.name().parse().map_err(|_| Code::NotFound.into())
}

fn invitation(call: &Call<'_>) -> Result<InvitationId, Refusal> {
    call.name().parse().map_err(|_| Code::NotFound.into())
}

fn access(members: &Map<String, Value>) -> Result<Access, Refusal> {
    let given = members.get("access").and_then(|value| serde_json::from_value(value.clone()).ok());
    given.ok_or_else(|| fault("access", "expected \"full\" or a list of permissions"))
}

fn only(members: &Map<String, Value>, known: &[&str]) -> Result<(), Refusal> {
    let unknown = members.keys().filter(|key| !known.contains(&key.as_str()));
    let unknown: Vec<_> = unknown.map(|key| FieldFault::unknown(key, known)).collect();
    if unknown.is_empty() { Ok(()) } else { Err(Refusal::settings(unknown)) }
}

fn fault(key: &str, message: &str) -> Refusal {
    Refusal::settings(vec![FieldFault::invalid(key, message)])
}

impl From<Access> for AccessValue {
    fn from(access: Access) -> Self {
        match access {
            Access::Full => Self::Word(Full::Full),
            Access::Custom(permissions) => {
                Self::Permissions(permissions.into_iter().map(|one| one.as_str().to_owned()).collect())
            }
        }
    }
}

impl From<Administrator> for AdministratorShown {
    fn from(one: Administrator) -> Self {
        Self {
            id: one.person.to_string(),
            display_name: one.display_name,
            user_name: one.user_name,
            email: one.email.as_str().to_owned(),
            access: one.access.into(),
        }
    }
}

impl From<Invited> for InvitationShown {
    fn from(one: Invited) -> Self {
        Self {
            id: one.id.to_string(),
            email: one.email.as_str().to_owned(),
            access: one.access.into(),
            sent_at: rfc3339(one.sent),
            expires_at: rfc3339(one.until),
            has_expired: one.has_expired,
        }
    }
}
