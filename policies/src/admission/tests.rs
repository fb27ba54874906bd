//! Good facts pass; every switch ends them; every clause has its switch.

use super::{samples::claims, *};
use crate::permission::Access;
use crate::{ConnectionName, EntraIdentity, GroupId, KindName, ObjectId, ProviderAdministrator};

const QUESTIONS: [Question; 2] = [Question::Enter, Question::Remain];

struct World {
    organization: Organization,
    host: HostName,
    claims: Claims,
    audience: Audience,
}

impl World {
    fn good() -> Self {
        Self::of(Audience::Subscriber)
    }

    fn of(audience: Audience) -> Self {
        let organization = samples::organization();
        let host = organization.workspaces[0].clone();
        Self { organization, host, claims: claims(), audience }
    }

    fn facts(&self) -> Facts<'_> {
        if self.audience == Audience::Administrator {
            return self.of_an_administrator();
        }
        Facts {
            organization: &self.organization,
            host: Some(&self.host),
            audience: self.audience,
            connection: ConnectionId::from_bytes([1; 8]),
            person: None,
            authority: "https://id.example",
            claims: &self.claims,
            purpose: Purpose::SignIn,
        }
    }

    /// At the console, which is no workspace, by the built-in identity, which is no connection.
    fn of_an_administrator(&self) -> Facts<'_> {
        Facts {
            organization: &self.organization,
            host: None,
            audience: Audience::Administrator,
            connection: ConnectionId::BUILT_IN,
            person: Some(PersonId::from_bytes([3; 8])),
            authority: "https://accounts.example",
            claims: &self.claims,
            purpose: Purpose::SignIn,
        }
    }
}

fn refused(facts: &Facts<'_>) -> Refusal {
    let [enter, remain] = QUESTIONS.map(|question| decide(question, facts).unwrap_err());
    assert_eq!(enter, remain, "both questions are asked alike");
    enter
}

#[test]
fn good_facts_pass_both_questions() {
    for audience in Audience::ALL {
        let world = World::of(audience);
        for question in QUESTIONS {
            assert_eq!(decide(question, &world.facts()).unwrap().question(), question);
        }
    }
    let world = World::good();
    assert!(decide(Question::Enter, &Facts { host: None, ..world.facts() }).is_ok());
}

fn expected(switch: Switch) -> Refusal {
    match switch {
        Switch::RemoveHost => Refusal::NoWorkspace,
        Switch::RemoveConnection => Refusal::ConnectionRemoved,
        Switch::SwitchOff => Refusal::ConnectionOff,
        Switch::ReplaceConnection => Refusal::ConnectionReplaced,
        Switch::ChangeKind => Refusal::AudienceNotServed,
        Switch::ChangeMethod | Switch::ClearMethod => Refusal::NotTheMethod,
        Switch::RequireClaim => Refusal::ClaimMissing(ClaimName::Email),
        Switch::TakeDirectory | Switch::ChangeDomainSid => Refusal::OutOfScope(ClaimName::SecurityId),
        Switch::ClaimSuffix => Refusal::OutOfScope(ClaimName::Upn),
        Switch::AdmitGroups => Refusal::GroupNotAdmitted,
        Switch::RemoveAdministrators => Refusal::NoMembership,
    }
}

#[test]
fn every_switch_closes_the_door() {
    for switch in Switch::ALL {
        let mut world = World::of(switch.audience());
        switch.flip(&mut world.organization);
        assert_eq!(refused(&world.facts()), expected(switch), "{switch:?}");
    }
}

#[test]
fn every_clause_has_a_switch() {
    for clause in CLAUSES {
        let tripped = Switch::ALL.iter().any(|switch| {
            let mut world = World::of(switch.audience());
            switch.flip(&mut world.organization);
            (clause.test)(&world.facts()).is_err()
        });
        // The purpose of a sign-in is no operator's to change.
        assert_eq!(tripped, clause.name != "purpose", "{}", clause.name);
        assert_eq!(clause.serves, Serves::Both, "{}", clause.name);
    }
}

#[test]
fn a_trial_grants_nothing() {
    let world = World::good();
    let trial = Facts { purpose: Purpose::Trial, ..world.facts() };
    assert_eq!(refused(&trial), Refusal::TrialGrantsNothing);
}

#[test]
fn facts_that_differ_in_one_thing_are_refused() {
    let world = World::good();
    let elsewhere = HostName::parse("other.vestibule.localhost").unwrap();
    let good = world.facts();
    for (name, facts, refusal) in [
        ("host", Facts { host: Some(&elsewhere), ..good }, Refusal::NoWorkspace),
        (
            "connection",
            Facts { connection: ConnectionId::from_bytes([2; 8]), ..good },
            Refusal::ConnectionRemoved,
        ),
        ("authority", Facts { authority: "https://id.example/", ..good }, Refusal::ConnectionReplaced),
        ("audience", Facts { audience: Audience::Administrator, ..good }, Refusal::AudienceNotServed),
        ("claims", Facts { claims: &Claims::default(), ..good }, Refusal::ClaimMissing(ClaimName::Upn)),
        (
            "the built-in identity",
            Facts { connection: ConnectionId::BUILT_IN, ..good },
            Refusal::AudienceNotServed,
        ),
    ] {
        assert_eq!(refused(&facts), refusal, "{name}");
    }
    let world = World::of(Audience::Administrator);
    let good = world.facts();
    for (name, facts, refusal) in [
        ("person", Facts { person: Some(PersonId::from_bytes([4; 8])), ..good }, Refusal::NoMembership),
        ("nobody of ours", Facts { person: None, ..good }, Refusal::NoMembership),
        (
            "a connection of subscribers",
            Facts { connection: ConnectionId::from_bytes([1; 8]), authority: "https://id.example", ..good },
            Refusal::AudienceNotServed,
        ),
        ("audience", Facts { audience: Audience::Subscriber, ..good }, Refusal::AudienceNotServed),
    ] {
        assert_eq!(refused(&facts), refusal, "{name}");
    }
}

/// Somebody of the tenant, by a connection of kind `azure-ad` that is the administrators' way in.
fn by_azure_ad() -> World {
    let mut world = World::of(Audience::Administrator);
    let id = |text: &str| ObjectId::parse_text(text).unwrap();
    let entra = EntraIdentity {
        tenant: id("11111111-2222-4333-8444-555555555555"),
        object: id("f81d4fae-7dec-41d0-a765-00a0c91e6bf6"),
        guest: false,
    };
    let organization = &mut world.organization;
    let connection = &mut organization.connections[0];
    connection.kind = KindName::AzureAd;
    organization.administrator_sign_in = Some(connection.name.clone());
    organization.provider_administrators = vec![ProviderAdministrator {
        connection: connection.name.clone(),
        tenant: entra.tenant,
        object: entra.object,
        access: Access::Full,
    }];
    world.claims.entra = Some(entra);
    world
}

fn facts_by_azure_ad(world: &World) -> Facts<'_> {
    let connection = ConnectionId::from_bytes([1; 8]);
    Facts { connection, person: None, authority: "https://id.example", ..world.of_an_administrator() }
}

type Change = fn(&mut World);

#[test]
fn an_administrator_comes_by_the_connection_that_is_their_way_in() {
    let world = by_azure_ad();
    assert!(decide(Question::Enter, &facts_by_azure_ad(&world)).is_ok());
    let rows: [(&str, Change, Refusal); 9] = [
        ("no way in", |one| one.organization.administrator_sign_in = None, Refusal::NotTheMethod),
        (
            "another way in",
            |one| one.organization.administrator_sign_in = ConnectionName::parse("other").ok(),
            Refusal::NotTheMethod,
        ),
        (
            "another kind",
            |one| one.organization.connections[0].kind = KindName::Okta,
            Refusal::AudienceNotServed,
        ),
        (
            "saml, in this edition",
            |one| one.organization.connections[0].kind = KindName::Saml,
            Refusal::AudienceNotServed,
        ),
        (
            "another authority",
            |one| one.organization.connections[0].authority.push('/'),
            Refusal::ConnectionReplaced,
        ),
        ("no connection", |one| one.organization.connections.clear(), Refusal::ConnectionRemoved),
        ("no entry", |one| one.organization.provider_administrators.clear(), Refusal::NoMembership),
        (
            "another object",
            |one| {
                let object = ObjectId::parse_text("00000000-7dec-41d0-a765-00a0c91e6bf6").unwrap();
                one.organization.provider_administrators[0].object = object;
            },
            Refusal::NoMembership,
        ),
        ("a guest", |one| one.claims.entra.as_mut().unwrap().guest = true, Refusal::Guest),
    ];
    for (name, change, refusal) in rows {
        let mut world = by_azure_ad();
        change(&mut world);
        assert_eq!(refused(&facts_by_azure_ad(&world)), refusal, "{name}");
    }
}

#[test]
fn an_object_id_needs_a_directory() {
    let mut world = World::good();
    world.claims.security_id = None;
    world.claims.object_id = ObjectId::parse_text("f81d4fae-7dec-11d0-a765-00a0c91e6bf6").ok();
    assert!(decide(Question::Remain, &world.facts()).is_ok());
    world.organization.connections[0].directories.clear();
    world.organization.directories.clear();
    assert_eq!(refused(&world.facts()), Refusal::OutOfScope(ClaimName::ObjectId));
}

#[test]
fn one_admitted_group_is_enough() {
    let group = |text: &str| GroupId::parse(text).unwrap();
    let mut world = World::good();
    world.organization.workspace.admit_groups = vec![group("any:staff"), group("any:guests")];
    assert_eq!(refused(&world.facts()), Refusal::GroupNotAdmitted);
    world.claims.groups = vec![group("any:STAFF")];
    assert_eq!(refused(&world.facts()), Refusal::GroupNotAdmitted);
    world.claims.groups.push(group("any:guests"));
    assert!(decide(Question::Enter, &world.facts()).is_ok());
}

#[test]
fn the_workspace_does_not_decide_about_administrators() {
    let mut world = World::of(Audience::Administrator);
    Switch::ClearMethod.flip(&mut world.organization);
    Switch::AdmitGroups.flip(&mut world.organization);
    assert!(decide(Question::Enter, &world.facts()).is_ok());
}

#[test]
fn codes_are_stable() {
    for (refusal, code) in [
        (Refusal::NoWorkspace, "ADMISSION-HOST"),
        (Refusal::ConnectionRemoved, "ADMISSION-CONNECTION"),
        (Refusal::ConnectionOff, "ADMISSION-OFF"),
        (Refusal::ConnectionReplaced, "ADMISSION-REPLACED"),
        (Refusal::AudienceNotServed, "ADMISSION-AUDIENCE"),
        (Refusal::NotTheMethod, "ADMISSION-METHOD"),
        (Refusal::ClaimMissing(ClaimName::SecurityId), "CLAIM-SID"),
        (Refusal::OutOfScope(ClaimName::Upn), "CLAIM-SCOPE"),
        (Refusal::GroupNotAdmitted, "ADMISSION-GROUP"),
        (Refusal::NoMembership, "ADMISSION-MEMBERSHIP"),
        (Refusal::Guest, "ADMISSION-GUEST"),
        (Refusal::TrialGrantsNothing, "ADMISSION-TRIAL"),
    ] {
        assert_eq!(refusal.code().as_str(), code);
    }
}
