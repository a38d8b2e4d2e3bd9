//! What each sort of thing is called in a redacted report.

use super::super::View;
use super::super::model::{Report, Subject};
use super::tokens::{Key, Tokens};
use crate::config::builtin;
use crate::normalise::read::INVENTORY;

/// Kinds of subjects; every other is an `object`.
const KINDS: [&str; 15] = [
    "service",
    "component",
    "tool",
    "vault",
    "key",
    "policy",
    "source",
    "exception",
    "finding",
    "limitation",
    "standard",
    "tier",
    "tenant",
    "estate",
    "document",
];

/// A kind of subjects, where everybody knows it.
pub(super) fn kind(kind: &str) -> &'static str {
    KINDS.into_iter().find(|known| *known == kind).unwrap_or("object")
}

/// Whether a tier is called as everybody calls theirs.
pub(super) fn is_plain_tier(tier: &str) -> bool {
    matches!(tier, "1" | "2" | "3" | "4")
}

/// The tokens of a report. Names are told apart by where they belong, so that `db` here and `db` there are two.
pub(super) struct Names<'k> {
    tokens: Tokens<'k>,
    inputs: Vec<String>,
}

impl<'k> Names<'k> {
    pub(super) fn new(view: &View<'_>, key: &'k Key) -> Self {
        let mut inputs: Vec<String> = view.report.inputs.iter().map(|i| view.sources.path(i.file).to_owned()).collect();
        inputs.sort();
        Self { tokens: Tokens::new(key), inputs }
    }

    pub(super) fn is_keyed(&self) -> bool {
        self.tokens.is_keyed()
    }

    pub(super) fn key(&self) -> String {
        self.tokens.key()
    }

    /// What stands for a hash, of whatever length; nothing for nothing.
    pub(super) fn hash(&self, sort: &str, hash: &str) -> String {
        if hash.is_empty() { String::new() } else { self.tokens.hash(sort, hash) }
    }

    /// What stands for the hash of a file, however it is written: alike where the file is.
    pub(super) fn input_hash(&self, hash: &str) -> String {
        self.hash("file", &hash.to_ascii_lowercase())
    }

    pub(super) fn tenant(&mut self, tenant: &str) -> String {
        // The one tenant that there may be without a name has none here, either.
        if tenant.is_empty() { String::new() } else { self.tokens.name("tenant", "tenant", &[Some(tenant)]) }
    }

    pub(super) fn service(&mut self, tenant: Option<&str>, service: &str) -> String {
        self.tokens.name("service", "service", &[tenant, Some(service)])
    }

    pub(super) fn component(&mut self, tenant: Option<&str>, service: Option<&str>, component: &str) -> String {
        self.tokens.name("component", "component", &[tenant, service, Some(component)])
    }

    pub(super) fn person(&mut self, tenant: Option<&str>, person: &str) -> String {
        self.tokens.name("person", "person", &[tenant, Some(person)])
    }

    /// An object of the estate; its digits do not depend on its kind, which not everything that names it knows.
    pub(super) fn object(&mut self, kind: &str, tenant: Option<&str>, id: &str) -> String {
        self.tokens.name(kind, "object", &[tenant, Some(id)])
    }

    /// An object that is named without its kind: as the subjects of the report call it.
    pub(super) fn object_named(&mut self, report: &Report, tenant: Option<&str>, id: &str) -> String {
        let named = |s: &&Subject| s.service.is_none() && s.tenant.as_deref() == tenant && s.id.as_deref() == Some(id);
        match report.ledger.subjects.iter().find(named) {
            Some(subject) => self.subject(subject).id.unwrap_or_default(),
            None => self.object("object", tenant, id),
        }
    }

    pub(super) fn tier(&mut self, tier: &str) -> String {
        if is_plain_tier(tier) { tier.to_owned() } else { self.tokens.name("tier", "tier", &[Some(tier)]) }
    }

    /// A built-in standard by its name.
    pub(super) fn standard(&mut self, name: &str) -> String {
        match builtin::names().contains(&name) {
            true => name.to_owned(),
            false => self.tokens.name("standard", "standard", &[Some(name)]),
        }
    }

    pub(super) fn own_rule(&mut self, id: &str) -> String {
        self.tokens.name("rule", "rule", &[Some(id)])
    }

    /// A file: an input, or one of those that say how to judge.
    pub(super) fn path(&mut self, path: &str) -> String {
        let word =
            if self.inputs.binary_search_by(|input| input.as_str().cmp(path)).is_ok() { "input" } else { "file" };
        self.tokens.name(word, "path", &[Some(path)])
    }

    /// A file or address that a restore test names.
    pub(super) fn evidence(&mut self, path: &str) -> String {
        self.tokens.name("evidence", "path", &[Some(path)])
    }

    pub(super) fn subject(&mut self, subject: &Subject) -> Subject {
        let Subject { kind, tenant, service, component, id } = subject;
        let (word, of) = (self::kind(kind), tenant.as_deref());
        Subject {
            kind: word.to_owned(),
            tenant: of.map(|tenant| self.tenant(tenant)),
            service: service.as_deref().map(|service| self.service(of, service)),
            component: component.as_deref().map(|component| self.component(of, service.as_deref(), component)),
            id: id.as_deref().map(|id| match word {
                _ if id.is_empty() => String::new(),
                "tenant" => self.tenant(id),
                "tier" => self.tier(id),
                "standard" => self.standard(id),
                "source" => self.path(id),
                _ => self.object(word, of, id),
            }),
        }
    }
}

/// The kind of an input: the inventory's own, or an export, for the kind of an export names the product.
pub(super) fn input_kind(kind: &str) -> &'static str {
    if kind == INVENTORY { INVENTORY } else { "export" }
}
