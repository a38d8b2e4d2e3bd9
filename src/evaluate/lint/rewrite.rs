//! A policy's text as the RVM has to see it to mean what the interpreter takes it for.
//!
//! On the RVM of regorus 0.14.1
//!
//! - `x := e` goes on when `e` is undefined;
//! - an array or object comprehension whose term is undefined is undefined as a whole;
//! - a condition of a comprehension that fails outside of a loop ends the rule around it,
//!
//! each of which can turn "unknown" into a silent pass. `x = e` is right on both engines, and so is a comprehension
//! whose body is a loop and whose term is a bound variable:
//!
//! ```text
//! x := e                 x  = e
//! [t | body]             [v | some w in [0]; body; v = t]
//! {k: t | body}          {u: v | some w in [0]; body; u = k; v = t}
//! ```
//!
//! An imported package is written out: a reference through its alias evaluates every rule of that package first
//! (`scope.protected` all of `data.policies.lib.scope`), a whole path only the rule that is meant.
//!
//! Lines stay where they are. What does not fit this pattern is left to the interpreter.

use super::Program;
use super::bound::{binders, globals, pattern};
use crate::evaluate::syntax::{self, Expr, Literal, LiteralStmt, Parsed, Query, Ref, Rule, Visit, range};
use regorus::unstable::AssignOp;
use std::collections::{BTreeMap, BTreeSet};

type Names = BTreeSet<String>;

/// The text for the RVM, or why there is none.
pub(in crate::evaluate) fn for_rvm(program: &Program<'_>, file: &Parsed) -> Result<String, String> {
    let text = program.files.get(file.index).map_or("", |f| f.text.as_str());
    if text.contains(FRESH) {
        return Err(format!("it uses names that start with `{FRESH}`"));
    }
    let globals = globals(program, file);
    let aliases =
        file.imports.iter().filter(|(alias, path, _)| path.starts_with("data.") && is_only_import(text, alias));
    let aliases = aliases.map(|(alias, path, _)| (alias.as_str(), path.as_str())).collect();
    let mut rewrite = Rewrite {
        text,
        globals,
        outer: Names::new(),
        edits: Vec::new(),
        aliases,
        written_out: BTreeMap::new(),
        why: None,
    };
    for rule in &file.module.policy {
        rewrite.rule(rule);
    }
    if let Some(why) = rewrite.why {
        return Err(why.to_owned());
    }
    let mut edits = rewrite.edits;
    // What a comprehension's term moves is moved as it stands.
    let moved = |at: usize| edits.iter().any(|(start, end, _)| (*start..*end).contains(&at));
    let written_out: Vec<_> = rewrite.written_out.into_iter().filter(|(at, _)| !moved(*at)).collect();
    edits.extend(written_out.into_iter().map(|(start, (end, path))| (start, end, path)));
    edits.sort();
    let mut result = String::with_capacity(text.len());
    let mut at = 0;
    for (start, end, insert) in edits {
        result.push_str(text.get(at..start).unwrap_or_default());
        result.push_str(&insert);
        at = end;
    }
    result.push_str(text.get(at..).unwrap_or_default());
    Ok(result)
}

const FRESH: &str = "__term";

struct Rewrite<'a> {
    text: &'a str,
    globals: Names,
    /// Names bound around the query at hand.
    outer: Names,
    /// Start, end and what replaces it.
    edits: Vec<(usize, usize, String)>,
    /// Imported packages by alias.
    aliases: BTreeMap<&'a str, &'a str>,
    /// Where an alias starts, where it ends, and its path.
    written_out: BTreeMap<usize, (usize, String)>,
    why: Option<&'static str>,
}

impl Rewrite<'_> {
    fn rule(&mut self, rule: &Rule) {
        self.outer = self.globals.clone();
        syntax::head(rule).args.into_iter().flatten().for_each(|a| pattern(a, &mut self.outer));
        let args = self.outer.clone();
        // Heads see what their bodies bind; that matters for what comprehensions in them may name anew.
        if let Rule::Spec { bodies, .. } = rule {
            for body in bodies {
                self.query(&body.query);
                self.outer = args.clone();
            }
            for body in bodies {
                binders(&body.query, &mut self.outer);
            }
        }
        let mut terms = Terms { list: Vec::new() };
        syntax::walk_rule(&mut terms, rule);
        terms.list.iter().for_each(|t| self.expr(t));
    }

    /// Puts the body of a comprehension into a loop of one.
    fn loop_once(&mut self, query: &Query) {
        let start = query.stmts.first().map(|s| range(&s.span).start);
        // The span of a string leaves its quotes out.
        let quoted = |at: usize| self.text.get(..at).is_some_and(|t| t.ends_with(['"', '`']));
        match start.map(|at| at - usize::from(quoted(at))) {
            Some(at) if at > 0 => {
                let name = format!("{FRESH}{}", self.edits.len());
                self.edits.push((at, at, format!("some {name} in [0]; ")));
            }
            _ => self.give_up("a comprehension is written in a way the RVM needs changed"),
        }
    }

    fn inner(&mut self, query: &Query, names: &[&str]) {
        let outer = self.outer.clone();
        self.outer.extend(names.iter().map(|n| (*n).to_owned()));
        self.query(query);
        self.outer = outer;
    }

    /// `[t | body]` to `[v | body; v = t]`; `from` is where the term starts, `to` the sign that ends it.
    fn hoist(&mut self, term: &Ref<Expr>, query: &Query, from: Option<usize>, to: Option<usize>) {
        if self.simple(term) {
            return;
        }
        let mut nested = Nested { found: false };
        nested.expr(term);
        if nested.found {
            return self.give_up("the term of a comprehension holds another one: bind it first");
        }
        let term = from.zip(to).and_then(|(from, to)| Some((from, to, self.text.get(from..to)?.trim())));
        let end = query.stmts.last().map(|s| range(&s.span).end);
        // The span of a string leaves its quotes out.
        let end = end.map(|e| e + usize::from(self.text.get(e..).is_some_and(|t| t.starts_with(['"', '`']))));
        let closed = |end: &usize| self.text.get(*end..).is_some_and(|t| code(t).starts_with([']', '}']));
        match (term, end.filter(closed)) {
            (Some((from, to, text)), Some(end)) if !text.is_empty() && !text.contains('#') => {
                let name = format!("{FRESH}{}", self.edits.len());
                let broken = "\n".repeat(text.matches('\n').count()); // lines stay where they are
                self.edits.push((end, end, format!("; {name} = {}", text.replace(['\n', '\r'], " "))));
                self.edits.push((from, to, format!(" {name} {broken}")));
            }
            _ => self.give_up("a comprehension is written in a way the RVM needs changed"),
        }
    }

    /// The `|` that a query starts with.
    fn bar(&self, query: &Query) -> Option<usize> {
        let bar = range(&query.span).start;
        self.text.get(bar..)?.starts_with('|').then_some(bar)
    }

    /// Whether an expression is defined whenever the body is.
    fn simple(&self, expr: &Ref<Expr>) -> bool {
        match expr.as_ref() {
            Expr::Var { span, .. } => !self.globals.contains(span.text()),
            Expr::String { .. }
            | Expr::RawString { .. }
            | Expr::Number { .. }
            | Expr::Bool { .. }
            | Expr::Null { .. } => true,
            Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().all(|i| self.simple(i)),
            Expr::Object { fields, .. } => fields.iter().all(|f| self.simple(&f.1) && self.simple(&f.2)),
            _ => false,
        }
    }

    fn give_up(&mut self, why: &'static str) {
        self.why.get_or_insert(why);
    }
}

impl Visit for Rewrite<'_> {
    fn query(&mut self, query: &Query) {
        let mut own = Names::new();
        binders(query, &mut own);
        for statement in &query.stmts {
            if let Literal::Expr { expr, .. } = &statement.literal
                && let Expr::AssignExpr { lhs, op: AssignOp::ColEq, .. } = expr.as_ref()
            {
                let mut names = Names::new();
                pattern(lhs, &mut names);
                names.remove("_");
                let start = range(lhs.span()).start;
                match self.text.get(start..).and_then(|t| t.find(":=")) {
                    Some(_) if !names.is_disjoint(&self.outer) => {
                        self.give_up("a `:=` hides a name from outside, and the RVM would not");
                    }
                    Some(offset) => self.edits.push((start + offset, start + offset + 2, " =".into())),
                    None => self.give_up("a `:=` is written in a way the RVM needs changed"),
                }
            }
        }
        let outer = self.outer.clone();
        self.outer.extend(own);
        query.stmts.iter().for_each(|s| self.statement(s));
        self.outer = outer;
    }

    fn statement(&mut self, statement: &LiteralStmt) {
        match &statement.literal {
            Literal::Every { key, value, domain, query, .. } => {
                self.expr(domain);
                let names: Vec<&str> = key.iter().chain([value]).map(|s| s.text()).collect();
                self.inner(query, &names);
            }
            _ => syntax::walk_statement(self, statement),
        }
    }

    fn expr(&mut self, expr: &Ref<Expr>) {
        let opened = |at: usize, by: char| self.text.get(at..).is_some_and(|t| t.starts_with(by)).then_some(at + 1);
        match expr.as_ref() {
            Expr::ArrayCompr { term, query, span, .. } => {
                self.hoist(term, query, opened(range(span).start, '['), self.bar(query));
                self.loop_once(query);
                self.inner(query, &[]);
                self.expr(term);
            }
            Expr::SetCompr { term, query, .. } => {
                self.loop_once(query);
                self.inner(query, &[]);
                self.expr(term);
            }
            Expr::ObjectCompr { key, value, query, span, .. } => {
                self.loop_once(query);
                let end = range(key.span()).end;
                // The span of a string leaves its quotes out.
                let rest =
                    self.text.get(end..).filter(|t| t.trim_start_matches(['"', '`']).trim_start().starts_with(':'));
                let colon = rest.and_then(|t| t.find(':')).map(|c| end + c);
                self.hoist(key, query, opened(range(span).start, '{'), colon);
                self.hoist(value, query, colon.map(|c| c + 1), self.bar(query));
                self.inner(query, &[]);
                self.expr(key);
                self.expr(value);
            }
            Expr::Var { span, .. } => {
                if let Some(path) = self.aliases.get(span.text()) {
                    let range = range(span);
                    self.written_out.insert(range.start, (range.end, (*path).to_owned()));
                }
            }
            _ => syntax::walk_expr(self, expr),
        }
    }
}

/// Whether a name means its import wherever it stands in the file: nothing there binds it anew.
fn is_only_import(text: &str, alias: &str) -> bool {
    let binds = [format!("some {alias}"), format!(", {alias} in"), format!("{alias} :="), format!("every {alias}")];
    !binds.iter().any(|b| text.contains(b.as_str()))
        && !text.contains(&format!("({alias})"))
        && !text.contains(&format!("({alias},"))
}

/// From the next sign that is neither blank nor comment.
fn code(text: &str) -> &str {
    let mut text = text.trim_start();
    while text.starts_with('#') {
        text = text.split_once('\n').map_or("", |(_, rest)| rest.trim_start());
    }
    text
}

/// What a rule holds outside its bodies.
struct Terms {
    list: Vec<Ref<Expr>>,
}

impl Visit for Terms {
    fn query(&mut self, _: &Query) {}
    fn expr(&mut self, expr: &Ref<Expr>) {
        self.list.push(expr.clone());
    }
}

/// Whether an expression holds a comprehension.
struct Nested {
    found: bool,
}

impl Visit for Nested {
    fn expr(&mut self, expr: &Ref<Expr>) {
        if matches!(expr.as_ref(), Expr::ArrayCompr { .. } | Expr::SetCompr { .. } | Expr::ObjectCompr { .. }) {
            self.found = true;
        }
        syntax::walk_expr(self, expr);
    }
}
