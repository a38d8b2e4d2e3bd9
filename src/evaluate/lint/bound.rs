//! Variables that nothing binds. The interpreter takes such a variable for undefined, and the rule never fires.

use super::{Problem, Program};
use crate::evaluate::syntax::{
    self, Expr, Literal, LiteralStmt, Parsed, Query, Ref, Rule, RuleHead, Visit, chain, range, var,
};
use std::collections::BTreeSet;

type Names = BTreeSet<String>;

/// Checks one rule body.
pub(super) fn rule(program: &Program<'_>, file: &Parsed, rule: &Rule, problems: &mut Vec<Problem>) {
    let Rule::Spec { head, bodies, .. } = rule else { return };
    let mut args = globals(program, file);
    syntax::head(rule).args.into_iter().flatten().for_each(|a| pattern(a, &mut args));
    let mut check = Check { file, scope: args.clone(), problems, seen: BTreeSet::new() };
    let mut first = args.clone();
    for (number, body) in bodies.iter().enumerate() {
        check.scope = args.clone();
        check.query(&body.query);
        binders(&body.query, &mut check.scope);
        body.assign.iter().for_each(|a| check.expr(&a.value));
        if number == 0 {
            first = check.scope.clone();
        }
    }
    check.scope = first;
    match head {
        RuleHead::Set { refr, key, .. } => {
            key.iter().for_each(|k| check.expr(k));
            check.indices(refr);
        }
        RuleHead::Compr { refr, assign, .. } => {
            assign.iter().for_each(|a| check.expr(&a.value));
            check.indices(refr);
        }
        RuleHead::Func { assign, .. } => assign.iter().for_each(|a| check.expr(&a.value)),
    }
}

/// Names that stand for something everywhere in a file: rules, imports, `input`, `data`, `_`.
pub(super) fn globals(program: &Program<'_>, file: &Parsed) -> Names {
    let mut globals: Names = ["input", "data", "_"].map(str::to_owned).into();
    globals.extend(file.imports.iter().map(|(alias, ..)| alias.clone()));
    let own = format!("{}.", file.package);
    let rules = program.rules.keys().filter_map(|r| r.strip_prefix(&own));
    globals.extend(rules.map(|r| r.split('.').next().unwrap_or(r).to_owned()));
    globals
}

struct Check<'a> {
    file: &'a Parsed,
    scope: Names,
    problems: &'a mut Vec<Problem>,
    seen: Names,
}

impl Check<'_> {
    fn indices(&mut self, refr: &Ref<Expr>) {
        for step in chain(refr).1 {
            if let syntax::Step::Index(index) = step {
                self.expr(index);
            }
        }
    }

    /// Looks at a query and what it gives, in a scope of their own.
    fn inner(&mut self, query: &Query, more: &[&str], terms: &[&Ref<Expr>]) {
        let outer = self.scope.clone();
        self.scope.extend(more.iter().map(|m| (*m).to_owned()));
        binders(query, &mut self.scope);
        query.stmts.iter().for_each(|s| self.statement(s));
        terms.iter().for_each(|t| self.expr(t));
        self.scope = outer;
    }
}

impl Visit for Check<'_> {
    fn query(&mut self, query: &Query) {
        self.inner(query, &[], &[]);
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::Every { key, value, domain, query, .. } => {
                self.expr(domain);
                let names: Vec<&str> = key.iter().chain([value]).map(|s| s.text()).collect();
                self.inner(query, &names, &[]);
            }
            _ => syntax::walk_statement(self, statement),
        }
    }

    fn expr(&mut self, expr: &Ref<Expr>) {
        match expr.as_ref() {
            Expr::Var { span, .. } => {
                let name = span.text();
                if !self.scope.contains(name) && self.seen.insert(name.to_owned()) {
                    let message = format!("nothing binds `{name}`");
                    let help = "without a value the rule never fires; bind it with `some`, `:=` or as an argument";
                    self.problems.push(Problem::new(self.file.index, range(span), message).help(Some(help.to_owned())));
                }
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                self.inner(query, &[], &[term]);
            }
            Expr::ObjectCompr { key, value, query, .. } => self.inner(query, &[], &[key, value]),
            Expr::Call { params, .. } => params.iter().for_each(|p| self.expr(p)), // `names` knows the function
            _ => syntax::walk_expr(self, expr),
        }
    }
}

/// The names that a query's own statements bind.
pub(super) fn binders(query: &Query, names: &mut Names) {
    let mut binders = Binders { names };
    for statement in &query.stmts {
        match &statement.literal {
            Literal::SomeIn { key, value, collection, .. } => {
                key.iter().for_each(|k| pattern(k, binders.names));
                pattern(value, binders.names);
                binders.expr(collection);
            }
            Literal::Expr { expr, .. } => binders.expr(expr),
            Literal::SomeVars { .. } | Literal::NotExpr { .. } => {} // one declares, the other binds nothing
            Literal::Every { domain, .. } => binders.expr(domain),
        }
    }
}

struct Binders<'n> {
    names: &'n mut Names,
}

impl Visit for Binders<'_> {
    fn query(&mut self, _: &Query) {} // a scope of its own

    fn expr(&mut self, expr: &Ref<Expr>) {
        match expr.as_ref() {
            Expr::AssignExpr { lhs, rhs, op, .. } => {
                pattern(lhs, self.names);
                if *op == regorus::unstable::AssignOp::Eq {
                    pattern(rhs, self.names);
                }
            }
            Expr::RefBrack { index, .. } => pattern(index, self.names),
            // `walk(x, [path, value])`, the one call whose result is bound by an argument.
            Expr::Call { fcn, params, .. } if var(fcn) == Some("walk") => {
                params.last().into_iter().for_each(|p| pattern(p, self.names));
            }
            Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. } => return,
            _ => {}
        }
        syntax::walk_expr(self, expr);
    }
}

/// The variables of a pattern.
pub(super) fn pattern(of: &Ref<Expr>, names: &mut Names) {
    match of.as_ref() {
        Expr::Var { span, .. } => {
            names.insert(span.text().to_owned());
        }
        Expr::Array { items, .. } => items.iter().for_each(|i| pattern(i, names)),
        Expr::Object { fields, .. } => fields.iter().for_each(|f| pattern(&f.2, names)),
        _ => {}
    }
}
