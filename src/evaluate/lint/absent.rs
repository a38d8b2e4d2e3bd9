//! Fields that a finding is built from although they may be absent. Such a finding is undefined where one is, and on
//! the RVM it is lost without a word: a silent pass.
//!
//! A field is safe that every position has, that `object.get` takes, or that the rule tests first: in a comparison,
//! as a condition, in `some … in` or by `x := field`; in the rule itself or in what it calls or takes its subjects
//! from. The same field of another record counts as tested too: this lint misses some, and never refuses what is
//! sound. Comprehensions leave out what is undefined; they are not looked into.

use super::Problem;
use crate::evaluate::syntax::{Expr, Literal, Query, Ref, Rule, RuleHead, Visit, chain, var, walk_expr};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What a reference does where it stands.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Role {
    /// Nothing to us: it is negated, or in a comprehension.
    Aside,
    /// The rule goes on only where it is there.
    Test,
    /// A finding is made of it.
    Build,
}

impl Role {
    /// For a key.
    pub(super) fn sign(self) -> char {
        match self {
            Self::Aside => '-',
            Self::Test => '?',
            Self::Build => '+',
        }
    }
}

/// Optional fields that a rule meets, each as the place of its schema in memory.
#[derive(Clone, Default)]
pub(super) struct Fields {
    tested: BTreeSet<usize>,
    /// By its bytes in the file: the fields, and the reference's text up to it.
    built: BTreeMap<(usize, usize), (Vec<usize>, String)>,
}

impl Fields {
    /// Notes a field that may be absent; `at` is where it stands in the file that is checked.
    pub(super) fn note(&mut self, role: Role, schemas: &[&Json], at: Option<((usize, usize), String)>) {
        let fields = schemas.iter().map(|s| std::ptr::from_ref::<Json>(s) as usize);
        match (role, at) {
            (Role::Test, _) => self.tested.extend(fields),
            (Role::Build, Some((range, path))) => {
                self.built.insert(range, (fields.collect(), path));
            }
            _ => {}
        }
    }

    pub(super) fn join(&mut self, other: Self) {
        self.tested.extend(other.tested);
        self.built.extend(other.built);
    }

    /// What is built of a field that is not tested.
    pub(super) fn problems(self, file: usize) -> impl Iterator<Item = ((usize, usize), Problem)> {
        let Self { tested, built } = self;
        let untested = built.into_iter().filter(move |(_, (fields, _))| !fields.iter().any(|f| tested.contains(f)));
        untested.map(move |((from, to), (_, path))| {
            let (record, field) = path.rsplit_once('.').unwrap_or(("record", &path));
            let help = format!("test `{path}` first, or write `object.get({record}, \"{field}\", …)`");
            let message = format!("a position may have no `{path}`, and then the finding is lost");
            ((from, to), Problem::new(file, from..to, message).help(Some(help)))
        })
    }
}

/// The names in what a rule adds to its set: what they are bound to is a part of a finding.
pub(super) fn names_in_head(rule: &Rule) -> BTreeSet<String> {
    let mut names = Names(BTreeSet::new());
    if let Rule::Spec { head: RuleHead::Set { key: Some(key), .. }, .. } = rule {
        names.expr(key);
    }
    names.0
}

/// Whether `name := expr` makes something, rather than only naming what is there.
pub(super) fn makes(literal: &Literal, parts: &BTreeSet<String>) -> bool {
    let Literal::Expr { expr, .. } = literal else { return false };
    let Expr::AssignExpr { lhs, rhs, .. } = expr.as_ref() else { return false };
    let (root, _) = chain(rhs);
    var(lhs).is_some_and(|n| parts.contains(n)) && var(root).is_none()
}

struct Names(BTreeSet<String>);

impl Visit for Names {
    fn query(&mut self, _: &Query) {}
    fn expr(&mut self, expr: &Ref<Expr>) {
        self.0.extend(var(expr).map(str::to_owned));
        walk_expr(self, expr);
    }
}
