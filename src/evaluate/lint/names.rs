//! Calls and references: does anybody declare what they name, do the arguments fit, does a rule call itself?

use super::bound::pattern;
use super::{Problem, Program, Use, within};
use crate::evaluate::syntax::{
    self, BUILTINS, Expr, Literal, LiteralStmt, Parsed, Ref, Rule, Span, Step, Visit, chain, path_of, range, var,
};
use std::collections::{BTreeMap, BTreeSet};

/// Builtins whose answer is not decided by their arguments, and those that can fill the memory.
const REFUSED: &[(&str, &str)] = &[
    ("rand.intn", "the same input has to give the same result"),
    ("uuid.rfc4122", "the same input has to give the same result"),
    ("net.cidr_expand", "one call can fill the memory; `net.cidr_contains` answers most questions"),
    ("http.send", "policies have no network"),
    ("net.lookup_ip_addr", "policies have no network"),
    ("opa.runtime", "the same input has to give the same result"),
];

/// Checks what a file imports.
pub(super) fn imports(program: &Program<'_>, file: &Parsed, problems: &mut Vec<Problem>) {
    for (_, path, span) in &file.imports {
        if let Some(path) = path.strip_prefix("data.") {
            if let Some((message, help)) = undeclared(program, path, true) {
                problems.push(Problem::new(file.index, range(span), message).help(help));
            }
        } else if !within(path, "input") {
            let message = format!("cannot import `{path}`: an import starts with `data` or `input`");
            problems.push(Problem::new(file.index, range(span), message));
        }
    }
}

/// Checks one rule body and notes which rules it uses.
pub(super) fn rule(
    program: &Program<'_>,
    file: &Parsed,
    rule: &Rule,
    uses: &mut Vec<Use>,
    problems: &mut Vec<Problem>,
) {
    let mut locals = Locals::default();
    syntax::walk_rule(&mut locals, rule);
    if let Some(args) = syntax::head(rule).args {
        args.iter().for_each(|a| locals.bind(a));
    }
    let mut names = Names { program, file, locals: locals.names, uses, problems };
    syntax::walk_rule(&mut names, rule);
}

/// Names that a rule binds somewhere: they hide rules and imports of the same name. Taken for the whole rule.
#[derive(Default)]
struct Locals {
    names: BTreeSet<String>,
}

impl Locals {
    fn bind(&mut self, of: &Ref<Expr>) {
        pattern(of, &mut self.names);
    }
}

impl Visit for Locals {
    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => self.names.extend(vars.iter().map(|v| v.text().to_owned())),
            Literal::SomeIn { key, value, .. } => {
                key.iter().for_each(|k| self.bind(k));
                self.bind(value);
            }
            Literal::Every { key, value, .. } => {
                self.names.extend(key.iter().chain([value]).map(|v| v.text().to_owned()));
            }
            _ => {}
        }
        syntax::walk_statement(self, statement);
    }

    fn expr(&mut self, expr: &Ref<Expr>) {
        if let Expr::AssignExpr { lhs, op: regorus::unstable::AssignOp::ColEq, .. } = expr.as_ref() {
            self.bind(lhs);
        }
        syntax::walk_expr(self, expr);
    }
}

struct Names<'a> {
    program: &'a Program<'a>,
    file: &'a Parsed,
    locals: BTreeSet<String>,
    uses: &'a mut Vec<Use>,
    problems: &'a mut Vec<Problem>,
}

impl Visit for Names<'_> {
    fn expr(&mut self, expr: &Ref<Expr>) {
        match expr.as_ref() {
            Expr::Call { fcn, params, span, .. } => {
                self.call(fcn, params.len(), span);
                params.iter().for_each(|p| self.expr(p));
            }
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => {
                let (root, steps) = chain(expr);
                if let Some(name) = var(root) {
                    self.reference(name, expr);
                } else {
                    self.expr(root);
                }
                for step in steps {
                    if let Step::Index(index) = step {
                        self.expr(index);
                    }
                }
            }
            _ => syntax::walk_expr(self, expr),
        }
    }
}

impl Names<'_> {
    /// The full path of a static reference, aliases put in; `None` for local variables.
    fn full(&self, path: &[String]) -> Option<String> {
        let (first, rest) = path.split_first()?;
        let with = |root: &str| rest.iter().fold(root.to_owned(), |path, name| format!("{path}.{name}"));
        if first == "data" || first == "input" {
            return Some(with(first));
        }
        if self.locals.contains(first) {
            return None;
        }
        if let Some((_, target, _)) = self.file.imports.iter().find(|(alias, ..)| alias == first) {
            return Some(with(target));
        }
        Some(with(&format!("data.{}.{first}", self.file.package)))
    }

    fn reference(&mut self, name: &str, expr: &Ref<Expr>) {
        let Some(full) = self.full(&path_of(expr)) else { return };
        let Some(path) = full.strip_prefix("data.").map(str::to_owned) else {
            if full == "data" {
                let message = "`data` as a whole cannot be read: a policy would see itself";
                self.problems.push(Problem::new(self.file.index, range(expr.span()), message));
            }
            return;
        };
        let mut targets: Vec<String> = self.program.rules.keys().filter(|r| within(&path, r)).cloned().collect();
        if targets.is_empty() {
            targets = self.program.rules.keys().filter(|r| within(r, &path)).cloned().collect();
        }
        // A name of one's own that is no rule is a variable; the engine complains where it is not bound.
        let own = name != "data" && !self.file.imports.iter().any(|(alias, ..)| alias == name);
        if targets.is_empty() && !own {
            self.undeclared(&path, range(expr.span()));
        }
        for target in targets {
            self.uses.push(Use { target, file: self.file.index, range: range(expr.span()) });
        }
    }

    fn undeclared(&mut self, path: &str, at: std::ops::Range<usize>) {
        if let Some((message, help)) = undeclared(self.program, path, false) {
            self.problems.push(Problem::new(self.file.index, at, message).help(help));
        }
    }

    fn call(&mut self, fcn: &Ref<Expr>, given: usize, span: &Span) {
        let path = path_of(fcn);
        let name = path.join(".");
        let full = self.full_of_call(&path);
        let mut say = |message: String, help: Option<String>| {
            self.problems.push(Problem::new(self.file.index, range(fcn.span()), message).help(help));
        };
        let target = full.as_deref().and_then(|f| f.strip_prefix("data.")).map(str::to_owned);
        if let Some((target, definition)) = target.as_ref().and_then(|t| Some((t, self.program.rules.get(t)?))) {
            match definition.arity {
                None => say(format!("`{name}` is a rule, not a function"), None),
                Some(wanted) if wanted != given => say(arity(&name, wanted, given), None),
                Some(_) => {}
            }
            self.uses.push(Use { target: target.clone(), file: self.file.index, range: range(span) });
            return;
        }
        if let Some((_, why)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return say(format!("`{name}` is not available to policies"), Some((*why).to_owned()));
        }
        if name == "print" {
            return;
        }
        if let Some((_, wanted)) = BUILTINS.get(name.as_str()) {
            let wanted = usize::from(*wanted);
            if name == "time.now_ns" && self.program.files.get(self.file.index).is_some_and(|f| f.builtin) {
                let help = "the built-in pack compares ages that the position gives";
                say("`time.now_ns` is refused in the built-in pack".into(), Some(help.into()));
            } else if given != wanted && !(name == "walk" && given == 2) {
                let help = (given == wanted + 1).then(|| format!("write `x := {name}(…)` to bind its result"));
                say(arity(&name, wanted, given), help);
            }
            return;
        }
        let imported = path.first().is_some_and(|f| f == "data" || self.file.imports.iter().any(|(a, ..)| a == f));
        match target {
            Some(target) if imported => {
                if let Some((message, help)) = undeclared(self.program, &target, false) {
                    say(message, help);
                }
            }
            _ => {
                let mut names: BTreeSet<String> = BUILTINS.keys().map(|k| (*k).to_owned()).collect();
                let own = format!("{}.", self.file.package);
                names.extend(self.program.rules.keys().filter_map(|r| r.strip_prefix(&own)).map(str::to_owned));
                say(format!("nobody declares a function `{name}`"), self.program.like(&name, &names));
            }
        }
    }

    /// As [`Self::full`], but a local variable does not hide a function.
    fn full_of_call(&self, path: &[String]) -> Option<String> {
        let own = format!("{}.{}", self.file.package, path.join("."));
        if self.program.rules.contains_key(&own) {
            return Some(format!("data.{own}"));
        }
        let (first, rest) = path.split_first()?;
        let root = match self.file.imports.iter().find(|(alias, ..)| alias == first) {
            Some((_, target, _)) => target,
            None if first == "data" => first,
            None => return None,
        };
        Some(rest.iter().fold(root.clone(), |path, name| format!("{path}.{name}")))
    }
}

fn arity(name: &str, wanted: usize, given: usize) -> String {
    let s = if wanted == 1 { "" } else { "s" };
    format!("`{name}` takes {wanted} argument{s}, not {given}")
}

/// Message and help when nobody declares a path below `data`.
fn undeclared(program: &Program<'_>, path: &str, import: bool) -> Option<(String, Option<String>)> {
    if program.rules.keys().any(|r| within(path, r) || within(r, path)) {
        return None;
    }
    if program.unread.iter().any(|p| within(path, p) || within(p, path)) {
        return None; // that file's own error says it
    }
    if program.packages.keys().any(|p| within(p, path)) && import {
        return None;
    }
    let package = program.packages.keys().filter(|p| within(path, p)).max_by_key(|p| p.len());
    if let Some(package) = package {
        let name = path[package.len()..].trim_start_matches('.').split('.').next().unwrap_or_default();
        let below = format!("{package}.");
        let names = program.rules.keys().filter_map(|r| r.strip_prefix(&below)).map(str::to_owned).collect();
        return Some((format!("package `{package}` declares no `{name}`"), program.like(name, &names)));
    }
    let names: BTreeSet<String> = program.packages.keys().cloned().collect();
    Some((format!("nobody declares `data.{path}`"), program.like(path, &names)))
}

/// Reports every rule that comes back to itself, once a circle, at the use that closes it.
pub(super) fn recursion(program: &Program<'_>, problems: &mut Vec<Problem>) {
    let mut state: BTreeMap<&str, bool> = BTreeMap::new(); // false: on the way, true: done
    for start in program.uses.keys() {
        if state.contains_key(start.as_str()) {
            continue;
        }
        // Depth first without the machine's stack: a rule and how many of its uses have been followed.
        let mut way: Vec<(&str, usize)> = vec![(start, 0)];
        state.insert(start, false);
        while let Some((at, next)) = way.last_mut() {
            let used = program.uses.get(*at).and_then(|u| u.get(*next));
            *next += 1;
            let Some(used) = used else {
                state.insert(at, true);
                way.pop();
                continue;
            };
            match state.get(used.target.as_str()) {
                Some(true) => {}
                Some(false) => {
                    let from = way.iter().position(|(p, _)| *p == used.target).unwrap_or_default();
                    let short = |p: &str| p.rsplit('.').next().unwrap_or(p).to_owned();
                    let circle: Vec<String> = way[from..].iter().map(|(p, _)| short(p)).collect();
                    let message = format!("recursion is not allowed: {} → {}", circle.join(" → "), short(&used.target));
                    problems.push(Problem::new(used.file, used.range.clone(), message));
                }
                None => {
                    state.insert(&used.target, false);
                    way.push((&used.target, 0));
                }
            }
        }
    }
}
