//! The people that a document speaks of: owners of services, and those who asked for and approved exceptions.

use std::collections::{BTreeMap, BTreeSet};

use super::ids::{Id, id};

/// What a person is to a document (`metadata/roles`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Role {
    /// NIST's word for who answers for a component.
    Owner,
    Requester,
    Approver,
}

impl Role {
    pub(super) fn id(self) -> &'static str {
        match self {
            Self::Owner => "asset-owner",
            Self::Requester => "exception-requester",
            Self::Approver => "exception-approver",
        }
    }

    fn title(self) -> &'static str {
        match self {
            Self::Owner => "Answers for the service",
            Self::Requester => "Asked for an exception",
            Self::Approver => "Approved an exception",
        }
    }
}

/// Everybody who is referred to, once.
#[derive(Debug, Default)]
pub(super) struct People<'a> {
    roles: BTreeSet<Role>,
    names: BTreeMap<&'a str, Id>,
}

impl<'a> People<'a> {
    /// The party of a name, and that it has a role.
    pub(super) fn party(&mut self, name: &'a str, role: Role) -> Id {
        self.roles.insert(role);
        *self.names.entry(name).or_insert_with(|| id("party", &[name]))
    }

    pub(super) fn roles(&self) -> impl Iterator<Item = (&'static str, &'static str)> {
        self.roles.iter().map(|role| (role.id(), role.title()))
    }

    pub(super) fn names(&self) -> impl Iterator<Item = (Id, &'a str)> {
        self.names.iter().map(|(name, id)| (*id, *name))
    }
}
