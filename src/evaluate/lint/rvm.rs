//! Which rules the RVM may judge. On the RVM a builtin that fails is undefined, also in strict mode, and an
//! undefined finding is a silent pass: so only what cannot fail on a position that fits its schema is let in.

use super::Program;
use super::bound::pattern;
use crate::evaluate::syntax::{self, Expr, Literal, LiteralStmt, Query, Ref, Rule, RuleHead, Visit, path_of};
use regorus::unstable::ArithOp;
use std::collections::BTreeSet;

type Names = BTreeSet<String>;

/// Builtins that fail on arguments of a wrong type only.
const TOTAL: &[&str] = &[
    "abs",
    "array.concat",
    "array.reverse",
    "array.slice",
    "ceil",
    "concat",
    "contains",
    "count",
    "endswith",
    "floor",
    "format_int",
    "indexof",
    "intersection",
    "is_array",
    "is_boolean",
    "is_null",
    "is_number",
    "is_object",
    "is_set",
    "is_string",
    "lower",
    "max",
    "min",
    "object.filter",
    "object.get",
    "object.keys",
    "object.remove",
    "object.subset",
    "object.union",
    "object.union_n",
    "product",
    "replace",
    "round",
    "sort",
    "split",
    "startswith",
    "strings.any_prefix_match",
    "strings.any_suffix_match",
    "strings.count",
    "strings.reverse",
    "substring",
    "sum",
    "trim",
    "trim_left",
    "trim_prefix",
    "trim_right",
    "trim_space",
    "trim_suffix",
    "type_name",
    "union",
    "upper",
];

/// Why the rules that start at these paths need the interpreter; `None` when the RVM will do.
pub(in crate::evaluate) fn why_not(program: &Program<'_>, entries: &[String]) -> Option<String> {
    for path in program.reachable(entries) {
        let Some(definition) = program.rules.get(&path) else { continue };
        for (_, rule) in &definition.bodies {
            let mut look = Look { program, package: &path, why: None };
            syntax::walk_rule(&mut look, rule);
            if look.why.is_some() {
                return look.why;
            }
            let name = path.rsplit('.').next().unwrap_or(&path);
            let (loops, last) = loops_of(rule);
            if loops.iter().rev().skip(1).any(|l| *l) {
                return Some(format!(
                    "`{name}` has a loop before an `else`, which the RVM never reaches: give the loop a rule of its own"
                ));
            }
            if !definition.set && (last || loops.contains(&true)) && !constant(rule) {
                return Some(format!(
                    "`{name}` may get several values from a loop, which conflict unnoticed on the RVM: use a comprehension"
                ));
            }
        }
        if !definition.set && may_conflict(definition.bodies.iter().map(|(_, r)| r.as_ref())) {
            let name = path.rsplit('.').next().unwrap_or(&path);
            return Some(format!("`{name}` has several definitions, which conflict unnoticed on the RVM: use `else`"));
        }
    }
    None
}

struct Look<'a> {
    program: &'a Program<'a>,
    package: &'a str,
    why: Option<String>,
}

impl Visit for Look<'_> {
    fn statement(&mut self, statement: &LiteralStmt) {
        if !statement.with_mods.is_empty() {
            self.why = Some("it uses `with`".into());
        }
        syntax::walk_statement(self, statement);
    }

    fn expr(&mut self, expr: &Ref<Expr>) {
        match expr.as_ref() {
            Expr::Call { fcn, params, .. } => {
                let name = path_of(fcn).join(".");
                let constant = |i: usize| {
                    params.get(i).is_some_and(|p| matches!(p.as_ref(), Expr::String { .. } | Expr::RawString { .. }))
                };
                let builtin = syntax::BUILTINS.contains_key(name.as_str()) || name == "print";
                let own = self.package.rsplit_once('.').map_or("", |(package, _)| package);
                let declared = self.program.rules.contains_key(&format!("{own}.{name}"));
                let literal_regex = matches!(name.as_str(), "regex.match" | "regex.split") && constant(0);
                if builtin && !declared && !TOTAL.contains(&name.as_str()) && !literal_regex {
                    self.why = Some(format!("it calls `{name}`, whose errors the RVM would hide"));
                }
                params.iter().for_each(|p| self.expr(p));
            }
            Expr::ArithExpr { op: ArithOp::Div | ArithOp::Mod, rhs, .. } if !is_nonzero(rhs) => {
                self.why = Some("it divides by what may be zero, which the RVM would hide".into());
                syntax::walk_expr(self, expr);
            }
            _ => syntax::walk_expr(self, expr),
        }
    }
}

fn is_nonzero(expr: &Ref<Expr>) -> bool {
    match expr.as_ref() {
        Expr::Number { value, .. } => value.as_f64().is_ok_and(|n| n != 0.0),
        _ => false,
    }
}

/// For each body in the order of `else` whether it loops, and whether what the rule gives does.
fn loops_of(rule: &Rule) -> (Vec<bool>, bool) {
    let Rule::Spec { head, bodies, .. } = rule else { return (Vec::new(), false) };
    let mut names = Names::new();
    syntax::head(rule).args.into_iter().flatten().for_each(|a| pattern(a, &mut names));
    let looped = |query: Option<&Query>, values: &[&Ref<Expr>]| {
        let mut loops = Loops { bound: names.clone(), found: false };
        for statement in query.iter().flat_map(|q| &q.stmts) {
            loops.bind(statement);
        }
        query.iter().flat_map(|q| &q.stmts).for_each(|s| loops.statement(s));
        values.iter().for_each(|v| loops.expr(v));
        loops.found
    };
    let of_bodies =
        bodies.iter().map(|b| looped(Some(&b.query), &b.assign.iter().map(|a| &a.value).collect::<Vec<_>>())).collect();
    let value = match head {
        RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => assign.as_ref(),
        RuleHead::Set { .. } => None,
    };
    let of_head = value.is_some_and(|v| looped(bodies.first().map(|b| b.query.as_ref()), &[&v.value]));
    (of_bodies, of_head)
}

/// Whether a query goes through something, outside of comprehensions and `every`.
struct Loops {
    bound: Names,
    found: bool,
}

impl Loops {
    /// Names with one value each: `:=`. Those of `some … in` come with a loop of their own.
    fn bind(&mut self, statement: &LiteralStmt) {
        if let Literal::Expr { expr, .. } = &statement.literal
            && let Expr::AssignExpr { lhs, .. } = expr.as_ref()
        {
            pattern(lhs, &mut self.bound);
        }
    }
}

impl Visit for Loops {
    fn query(&mut self, _: &Query) {}

    fn statement(&mut self, statement: &LiteralStmt) {
        self.found |= matches!(statement.literal, Literal::SomeIn { .. });
        syntax::walk_statement(self, statement);
    }

    fn expr(&mut self, expr: &Ref<Expr>) {
        match expr.as_ref() {
            Expr::RefBrack { index, .. } => {
                let mut names = Names::new();
                pattern(index, &mut names);
                self.found |= !names.is_subset(&self.bound);
            }
            Expr::Call { fcn, .. } => self.found |= syntax::var(fcn) == Some("walk"),
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => return,
            _ => {}
        }
        syntax::walk_expr(self, expr);
    }
}

/// Whether all that a rule gives are literals.
fn constant(rule: &Rule) -> bool {
    let Rule::Spec { head, bodies, .. } = rule else { return true };
    let value = match head {
        RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => assign.as_ref(),
        RuleHead::Set { .. } => None,
    };
    value
        .into_iter()
        .chain(bodies.iter().filter_map(|b| b.assign.as_ref()))
        .all(|assign| matches!(assign.value.as_ref(), Expr::String { .. } | Expr::Number { .. } | Expr::Bool { .. }))
}

/// Several definitions of one value, unless all of them give the same literal.
fn may_conflict<'a>(bodies: impl Iterator<Item = &'a Rule>) -> bool {
    let mut count = 0;
    let mut values = std::collections::BTreeSet::new();
    let mut dynamic = false;
    for rule in bodies {
        let Rule::Spec { head, bodies, .. } = rule else { continue };
        count += 1;
        let value = match head {
            RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => assign.as_ref(),
            RuleHead::Set { .. } => return false,
        };
        // A chain of `else` never conflicts with itself, but its values join in when there is a second definition.
        let values_of = bodies.iter().filter_map(|b| b.assign.as_ref()).chain(value);
        let mut any = false;
        for assign in values_of {
            any = true;
            match assign.value.as_ref() {
                Expr::String { value, .. } | Expr::Number { value, .. } | Expr::Bool { value, .. } => {
                    values.insert(value.clone());
                }
                _ => dynamic = true,
            }
        }
        if !any {
            values.insert(regorus::Value::Bool(true));
        }
    }
    count > 1 && (dynamic || values.len() > 1)
}
