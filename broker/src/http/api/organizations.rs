//! The organisation itself. There is one's own and no other.

use schemars::SchemaGenerator;
use vestibule_policies::operation::Operation;

use crate::administration::organization::{self, OrganizationShown};

use super::endpoint::{Answer, Body, Call, Endpoint, Gives, Outcome, Run, Takes, Verb};

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        method: Verb::Get,
        path: "/organizations",
        id: "listOrganizations",
        summary: "The organisation whose administrator, or whose client, this is.",
        operation: Some(Operation::ReadOrganization),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::List(SchemaGenerator::subschema_for::<OrganizationShown>),
        changes: false,
        run: Run::Verb(list),
    },
    Endpoint {
        method: Verb::Get,
        path: "/organizations/{organization}",
        id: "readOrganization",
        summary: "What the organisation is called, and how long its administrators' sessions live.",
        operation: Some(Operation::ReadOrganization),
        takes: Takes::Nothing,
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<OrganizationShown>),
        changes: false,
        run: Run::Verb(read),
    },
    Endpoint {
        method: Verb::Put,
        path: "/organizations/{organization}",
        id: "writeOrganization",
        summary: "Sets `sessions.idle` where the edition lets it be set; everything else is the operator's.",
        operation: Some(Operation::WriteAdministratorSessions),
        takes: Takes::Json(Body {
            schema: SchemaGenerator::subschema_for::<OrganizationShown>,
            required: &["sessions"],
        }),
        status: 200,
        gives: Gives::Versioned(SchemaGenerator::subschema_for::<OrganizationShown>),
        changes: true,
        run: Run::Verb(write),
    },
];

fn list<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let (one, _) = organization::read(call.visit, call.actor).await?;
        call.page.cut(vec![(one.slug.clone(), one)])
    })
}

fn read<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move { Answer::versioned(&organization::read(call.visit, call.actor).await?) })
}

fn write<'c>(call: &'c Call<'c>) -> Outcome<'c> {
    Box::pin(async move {
        let written = organization::write(call.visit, call.actor, call.version()?, call.members).await?;
        Answer::versioned(&written)
    })
}
