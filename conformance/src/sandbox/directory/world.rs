//! All that the directory holds: names, containers, groups, accounts.

use super::account::Account;
use super::dn::Dn;
use super::group::Group;

pub(super) struct World {
    pub(super) names: Names,
    pub(super) plain: Vec<Plain>,
    pub(super) groups: Vec<Group>,
    pub(super) accounts: Vec<Account>,
}

/// What the domain is called.
pub(super) struct Names {
    /// `corp.example`.
    pub(super) domain: String,
    /// `CORP`.
    pub(super) netbios: String,
    pub(super) root: Dn,
    pub(super) configuration: Dn,
    pub(super) users: Dn,
    pub(super) groups: Dn,
    pub(super) builtin: Dn,
}

/// A thing that is neither account nor group, with its attributes as they are.
pub(super) struct Plain {
    pub(super) dn: Dn,
    pub(super) attributes: Vec<(&'static str, Vec<Vec<u8>>)>,
}

/// Any object, borrowed. Groups go by their place.
#[derive(Clone, Copy)]
pub(super) enum Object<'a> {
    Plain(&'a Plain),
    Group(usize, &'a Group),
    Account(&'a Account),
}

impl Names {
    pub(super) fn new(domain: &str, netbios: &str) -> Self {
        let root = Dn::of_domain(domain);
        Self {
            domain: domain.to_owned(),
            netbios: netbios.to_owned(),
            configuration: root.child("CN", "Configuration"),
            users: root.child("CN", "Users"),
            groups: root.child("OU", "Groups"),
            builtin: root.child("CN", "Builtin"),
            root,
        }
    }

    /// The one domain controller.
    pub(super) fn controller(&self) -> String {
        format!("dc1.{}", self.domain)
    }

    /// The value of `objectCategory`.
    pub(super) fn category(&self, class: &str) -> String {
        format!("CN={class},CN=Schema,{}", self.configuration.as_str())
    }
}

impl<'a> Object<'a> {
    pub(super) fn dn(self) -> &'a Dn {
        match self {
            Self::Plain(plain) => &plain.dn,
            Self::Group(_, group) => &group.dn,
            Self::Account(account) => &account.dn,
        }
    }
}

impl World {
    pub(super) fn objects(&self) -> impl Iterator<Item = Object<'_>> {
        let groups = self.groups.iter().enumerate().map(|(place, group)| Object::Group(place, group));
        let plain = self.plain.iter().map(Object::Plain);
        plain.chain(groups).chain(self.accounts.iter().map(Object::Account))
    }

    pub(super) fn find(&self, dn: &Dn) -> Option<Object<'_>> {
        self.objects().find(|object| object.dn() == dn)
    }

    /// An account by its `sAMAccountName`.
    pub(super) fn account(&mut self, name: &str) -> Option<&mut Account> {
        self.accounts.iter_mut().find(|account| account.name.eq_ignore_ascii_case(name))
    }

    /// The account that somebody means who binds by this name: a DN, an explicit UPN, `name@domain` with either
    /// of the domain's names, or `NETBIOS\name`.
    pub(super) fn meant(&self, name: &str) -> Option<usize> {
        if let Some(dn) = Dn::parse(name).filter(|dn| !dn.is_empty()) {
            return self.accounts.iter().position(|account| account.dn == dn);
        }
        let wanted = name.to_lowercase();
        let explicit =
            |account: &Account| account.upn.as_ref().is_some_and(|upn| upn.to_lowercase() == wanted);
        if let Some(place) = self.accounts.iter().position(explicit) {
            return Some(place);
        }
        let (netbios, domain) = (self.names.netbios.to_lowercase(), self.names.domain.to_lowercase());
        let own = match (wanted.split_once('\\'), wanted.rsplit_once('@')) {
            (Some((place, own)), _) if place == netbios => own,
            (None, Some((own, place))) if place == domain || place == netbios => own,
            (_, _) => return None,
        };
        self.accounts.iter().position(|account| account.name.to_lowercase() == own)
    }
}
