//! Who is in the domain: the people of the sandboxes, one account for each state, a few that are hard to spell or
//! to count, and an account for the service that looks them up.

use ring::hmac;

use super::Settings;
use super::account::{Account, AccountState, Wrong};
use super::group::{Group, Membership};
use super::root::plain;
use super::world::{Names, World};
use crate::sandbox::people::{Password, Person};

/// `sAMAccountName` of the account that a service looks people up with.
pub(super) const SERVICE: &str = "svc-vestibule";
/// Relative identifiers from which on people without one elsewhere, accounts and groups of the directory alone are
/// counted.
const FIRST_PERSON: u32 = 1150;
const FIRST_ACCOUNT: u32 = 1200;
const FIRST_GROUP: u32 = 2000;
/// With the group that has them all and the primary group, 5,000 are in a token. `BUILTIN\Users` comes on top.
const NUMBERED: usize = 4998;
/// Groups in a chain, of which the last is in the first again.
const DEEP: usize = 50;

pub(super) struct Cast {
    pub(super) world: World,
    pub(super) service_password: String,
    pub(super) domain_id: String,
}

/// An account that only this directory has.
struct Role {
    name: &'static str,
    common_name: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    state: AccountState,
}

const fn role(
    name: &'static str,
    common_name: &'static str,
    given_name: &'static str,
    family_name: &'static str,
    state: AccountState,
) -> Role {
    Role { name, common_name, given_name, family_name, state }
}

const ROLES: &[Role] = &[
    role("erika", "Erika Engel", "Erika", "Engel", AccountState::PasswordExpired),
    role("felix", "Felix Falk", "Felix", "Falk", AccountState::MustChangePassword),
    role("greta", "Greta Gram", "Greta", "Gram", AccountState::Disabled),
    role("henrik", "Henrik Holm", "Henrik", "Holm", AccountState::Expired),
    role("ida", "Ida Iversen", "Ida", "Iversen", AccountState::Locked),
    role("jonas", "Jonas Juhl", "Jonas", "Juhl", AccountState::OutsideLogonHours),
    role("karin", "Karin Krog", "Karin", "Krog", AccountState::OtherWorkstation),
    role(MANY, "Lars Lund", "Lars", "Lund", AccountState::Ready),
    role(NESTED, "Mette Moe", "Mette", "Moe", AccountState::Ready),
    role(ELSEWHERE, "Nils Nord", "Nils", "Nord", AccountState::Ready),
    role("joerg", "Müller, Jörg (Test*)", "Jörg", "Müller", AccountState::Ready),
];
/// Is in 5,000 groups.
const MANY: &str = "lars";
/// Is in the first of a chain of groups.
const NESTED: &str = "mette";
/// Has a UPN of the first suffix, and another name in it: `nils.nord@mail.corp.example`.
const ELSEWHERE: &str = "nils";

struct Build {
    names: Names,
    key: hmac::Key,
    domain: Vec<u8>,
    now: i64,
    groups: Vec<Group>,
}

pub(super) fn play(settings: &Settings, now: i64) -> Cast {
    let secrets: String = settings.people.iter().map(|person| person.password.as_str()).collect();
    let (domain_id, domain) = domain(settings);
    let mut build = Build {
        names: Names::new(&settings.domain, &settings.netbios),
        key: hmac::Key::new(hmac::HMAC_SHA256, secrets.as_bytes()),
        domain,
        now,
        groups: vec![],
    };
    let (many, nested) = build.groups(settings);
    let people = (FIRST_PERSON..).zip(&settings.people);
    let mut accounts: Vec<_> = people.map(|(relative, person)| build.person(person, relative)).collect();
    let suffix = settings.upn_suffixes.first().unwrap_or(&settings.domain);
    for (relative, role) in (FIRST_ACCOUNT..).zip(ROLES) {
        let mut account = build.account(role, relative);
        match role.name {
            MANY => account.groups.clone_from(&many),
            NESTED => account.groups = vec![nested],
            ELSEWHERE => account.upn = Some(format!("nils.nord@{suffix}")),
            _ => {}
        }
        accounts.push(account);
    }
    let service = role(SERVICE, "Vestibule look-up", "", "", AccountState::Ready);
    let mut service = build.account(&service, FIRST_ACCOUNT - 1);
    (service.mail, service.password_never_expires) = (None, true);
    let service_password = service.password.clone();
    accounts.push(service);
    let mut domain = build.domain.clone();
    // The domain's own SID has one part less.
    domain.splice(1..2, [4]);
    let plain = plain(&build.names, domain, settings);
    let world = World { names: build.names, plain, groups: build.groups, accounts };
    Cast { world, service_password, domain_id }
}

/// The domain's SID as text, and as octets of an account's SID without the last part.
fn domain(settings: &Settings) -> (String, Vec<u8>) {
    let known = settings.people.iter().find_map(|person| {
        let text = person.security_id.as_deref()?.rsplit_once('-')?.0.to_owned();
        Some((text, person.security_id_bytes()?))
    });
    let (text, mut octets) = known.unwrap_or_else(|| {
        let octets = [1, 5, 0, 0, 0, 0, 0, 5, 21, 0, 0, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0];
        ("S-1-5-21-1-2-3".to_owned(), octets.to_vec())
    });
    octets.truncate(24);
    (text, octets)
}

/// A random (version 4) object id in the octets of a directory.
pub(super) fn guid(secret: &[u8], name: &str) -> [u8; 16] {
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, secret), name.as_bytes());
    let mut octets = [0; 16];
    octets.iter_mut().zip(tag.as_ref()).for_each(|(to, from)| *to = *from);
    // The third field is little-endian: its version stands in the second octet.
    octets[7] = octets[7] & 0x0f | 0x40;
    octets[8] = octets[8] & 0x3f | 0x80;
    octets
}

impl Build {
    fn security_id(&self, relative: u32) -> Vec<u8> {
        [self.domain.as_slice(), &relative.to_le_bytes()].concat()
    }

    fn object_id(&self, name: &str) -> [u8; 16] {
        guid(hmac::sign(&self.key, b"object ids").as_ref(), name)
    }

    /// Every group; answers those of the account with many, and the first of the chain.
    fn groups(&mut self, settings: &Settings) -> (Membership, usize) {
        let users = self.group("Users", 545, vec![]);
        self.group("Domain Users", 513, vec![users]);
        for name in settings.people.iter().flat_map(|person| &person.groups) {
            if self.place(name).is_none() {
                self.group(name, 0, vec![]);
            }
        }
        // One group stands in another, so that a look at direct groups alone is not enough.
        if let (Some(everyone), staff) = (self.place("Everyone"), self.group("Staff", 0, vec![]))
            && let Some(everyone) = self.groups.get_mut(everyone)
        {
            everyone.groups.push(staff);
        }
        let first = self.groups.len();
        for number in 1..=DEEP {
            let next = if number == DEEP { first } else { first + number };
            self.group(&format!("Nested {number:02}"), 0, vec![next]);
        }
        let all = self.group("Numbered groups", 0, vec![]);
        for number in 1..=NUMBERED {
            self.group(&format!("Group {number:04}"), 0, vec![all]);
        }
        ((all + 1..=all + NUMBERED).collect(), first)
    }

    /// Adds a group, with the next free relative identifier unless it has one of its own.
    fn group(&mut self, name: &str, well_known: u32, groups: Membership) -> usize {
        let place = self.groups.len();
        let builtin = name == "Users";
        let free = FIRST_GROUP.saturating_add(u32::try_from(place).unwrap_or_default());
        let security_id = if builtin {
            // S-1-5-32-545, the same in every domain.
            [[1, 2, 0, 0], [0, 0, 0, 5], [32, 0, 0, 0], well_known.to_le_bytes()].concat()
        } else {
            self.security_id(if well_known == 0 { free } else { well_known })
        };
        let above = if builtin { &self.names.builtin } else { &self.names.groups };
        self.groups.push(Group {
            dn: above.child("CN", name),
            name: name.to_owned(),
            security_id,
            object_id: self.object_id(&format!("group {name}")),
            kind: if builtin { Group::BUILTIN } else { Group::GLOBAL },
            groups,
        });
        place
    }

    fn place(&self, name: &str) -> Option<usize> {
        self.groups.iter().position(|group| group.name == name)
    }

    /// Somebody whom every sandbox knows, with the same identifiers.
    fn person(&self, person: &Person, relative: u32) -> Account {
        // Whoever has no SID elsewhere has one here: a directory gives one to everybody.
        let own = self.account(&role("", "", "", "", AccountState::Ready), relative);
        let mut groups: Vec<_> = person.groups.iter().filter_map(|name| self.place(name)).collect();
        groups.sort_unstable();
        let incomplete = person.security_id.is_none();
        Account {
            name: person.username.clone(),
            dn: self.names.users.child("CN", &person.display_name),
            common_name: person.display_name.clone(),
            upn: Some(person.upn.clone()),
            // What that account lacks here is what the domain does not give by itself.
            mail: (!incomplete).then(|| person.email.clone()),
            display_name: person.display_name.clone(),
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            security_id: person.security_id_bytes().unwrap_or_else(|| own.security_id.clone()),
            object_id: person.object_id_bytes().unwrap_or_else(|| self.object_id(&person.username)),
            password: person.password.as_str().to_owned(),
            groups,
            ..own
        }
    }

    fn account(&self, role: &Role, relative: u32) -> Account {
        let address = format!("{}@{}", role.name, self.names.domain);
        let mut groups: Vec<_> = self.place("Everyone").into_iter().collect();
        groups.sort_unstable();
        Account {
            name: role.name.to_owned(),
            dn: self.names.users.child("CN", role.common_name),
            common_name: role.common_name.to_owned(),
            upn: Some(address.clone()),
            mail: Some(address),
            display_name: role.common_name.to_owned(),
            given_name: role.given_name.to_owned(),
            family_name: role.family_name.to_owned(),
            security_id: self.security_id(relative),
            object_id: self.object_id(role.name),
            password: Password::derive(&self.key, role.name).as_str().to_owned(),
            state: role.state,
            groups,
            password_never_expires: false,
            created: self.now,
            password_set: self.now,
            wrong: Wrong::default(),
            binds: (0, 0),
        }
    }
}
