//! How a rule came to its verdict: every condition of its `subjects` and `findings`, in the order of the policy, with
//! what it held on one input.
//!
//! Nothing is worked out a second time. Beside the policy's own rules a copy of its file gets a small rule for every
//! condition, whose body is that condition with all that stand before it, and the strict interpreter evaluates them:
//!
//! ```text
//! findings contains finding.fail(component.subject, …) if {      __h1 contains [component.subject, …] if {
//!     some component in _judged                                      some component in _judged
//!     component.newest_point.age_s > input.limits.rpo_s              component.newest_point.age_s > input.limits.rpo_s
//!     detail := …                                                }
//! }                                                              __v1 contains [component.subject, …, [the two sides]] if {
//!                                                                    some component in _judged
//!                                                                }
//! ```
//!
//! A list that a rule walks (`_judged`, `scope.protected`) is shown as the conditions that fill it, and a helper that is
//! true or not (`_locked(vault)`) as the ways in which it can be true.

use std::collections::{BTreeMap, BTreeSet};

use regorus::Value;
use regorus::unstable::BoolOp;
use serde_json::Value as Json;

use super::engine::{self, Limits};
use super::ledger::Row;
use super::lint::Program;
use super::syntax::{
    self, Expr, Literal, LiteralStmt, Parsed, Query, Ref, Rule, RuleHead, Step, Visit, chain, range, var,
};
use super::{Metadata, PolicyFile, Severity, Subject, Verdict};
use crate::config::LimitInForce;
use crate::source::Place;

/// What a part of a policy is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// It says whom the rule judges.
    Judges,
    /// It finds something: [`Verdict::Fail`] or [`Verdict::Unknown`].
    Finds(Verdict),
}

/// One body of `subjects` or `findings`, for one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Branch {
    /// What it is for.
    pub role: Role,
    /// Path of the policy.
    pub path: String,
    /// The line where it begins, from 1.
    pub line: u32,
    /// Whether all its conditions held.
    pub holds: bool,
    /// The places that it would point at, as opaque handles.
    pub handles: Vec<String>,
    /// Its conditions, in order.
    pub conditions: Vec<Condition>,
}

/// A condition, for one subject.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// As the policy writes it.
    pub text: String,
    /// Path of the policy, or of the library that it uses.
    pub path: String,
    /// Its line there, from 1.
    pub line: u32,
    /// Whether it held; `None` where one before it did not.
    pub holds: Option<bool>,
    /// What it held, once for each thing that it looked at.
    pub seen: Vec<Seen>,
    /// The ways in which a helper can be true.
    pub any_of: Vec<Vec<Condition>>,
}

/// What a condition held.
#[derive(Debug, Clone, PartialEq)]
pub struct Seen {
    /// The left side, or the value that has to be there; `None` where it is absent.
    pub left: Option<Json>,
    /// `>`, `==` …, where it is a comparison.
    pub operator: Option<&'static str>,
    /// The right side; `None` where it is absent.
    pub right: Option<Json>,
    /// The text of the left side.
    pub left_text: String,
    /// The text of the right side.
    pub right_text: String,
    /// The record that holds the left side, as an opaque handle; with its field where the finding would point there.
    pub record: Option<String>,
}

/// The verdicts of one rule on a service or an object, and how it came to them.
#[derive(Debug, Clone)]
pub struct Derivation {
    /// What the rule says of itself.
    pub rule: Metadata,
    /// One entry a subject, sorted.
    pub subjects: Vec<Derived>,
    /// The limits of the rule for the subjects' tier.
    pub limits: Vec<LimitInForce>,
    /// The places of what was compared, by handle.
    pub places: BTreeMap<String, Place>,
}

/// The verdict on one subject.
#[derive(Debug, Clone)]
pub struct Derived {
    /// Whom.
    pub subject: Subject,
    /// The worst of its rows; [`Verdict::NotApplicable`] without any.
    pub verdict: Verdict,
    /// For this subject.
    pub severity: Severity,
    /// Its rows.
    pub rows: Vec<Row>,
    /// How the policy came to it; none where it cannot be followed.
    pub branches: Option<Vec<Branch>>,
}

/// Conditions shown of one rule; a policy with more is shown as far as this goes.
const MOST: usize = 500;
/// How deep lists and helpers are written out.
const DEEPEST: usize = 5;

/// The branches of a rule for each of some subjects, on one input; `None` where the policy is written in a way that
/// cannot be followed. `package` is the rule's.
#[must_use]
pub fn trace(
    files: &[PolicyFile],
    package: &str,
    as_of_ns: i64,
    input: &Value,
    subjects: &[Subject],
) -> Option<Vec<Vec<Branch>>> {
    crate::parallel::on_big_stack(|| follow(files, package, as_of_ns, input, subjects))
}

fn follow(
    files: &[PolicyFile],
    package: &str,
    as_of_ns: i64,
    input: &Value,
    subjects: &[Subject],
) -> Option<Vec<Vec<Branch>>> {
    let parsed = parsed_with_imports(files, package);
    let mut program = Program::new(files, &parsed, Vec::new());
    program.resolve();
    let home = parsed.iter().find(|p| p.package == package)?;
    let plans = plans(&program, home);
    let mut text = files.get(home.index)?.text.clone();
    let mut printer = Printer { text: String::new(), next: 0 };
    let printed: Vec<Printed> = plans.iter().map(|plan| printer.branch(plan)).collect();
    text.push('\n');
    text.push_str(&printer.text);
    let needed = program.needed(home.index).into_iter();
    let texts = needed.filter_map(|index| {
        let own = (index == home.index).then(|| text.clone());
        Some((index, own.or_else(|| Some(files.get(index)?.text.clone()))?))
    });
    let (mut engine, _) = engine::compile(texts, &format!("{package}.findings"), as_of_ns).ok()?;
    engine.set_execution_timer_config(Limits::default().timer());
    engine.set_input(input.clone());
    let mut held = BTreeMap::new();
    for name in (0..printer.next).flat_map(|n| [format!("__h{n}"), format!("__v{n}")]) {
        let set = engine.eval_rule(format!("data.{package}.{name}"));
        if let Ok(Value::Set(set)) = set {
            let rows: Vec<Json> = set.iter().filter_map(|v| serde_json::to_value(v).ok()).collect();
            held.insert(name, rows);
        }
    }
    let reader = Reader { held };
    let one = |subject: &Subject| {
        let subject = serde_json::to_value(subject).unwrap_or_default();
        plans.iter().zip(&printed).map(|(plan, printed)| reader.branch(plan, printed, &subject)).collect()
    };
    Some(subjects.iter().map(one).collect())
}

/// The files of a package, and of those that they import, in turn.
fn parsed_with_imports(files: &[PolicyFile], package: &str) -> Vec<Parsed> {
    let mut parsed: Vec<Parsed> = Vec::new();
    let mut open = vec![package.to_owned()];
    let mut seen = BTreeSet::new();
    while let Some(package) = open.pop() {
        if !seen.insert(package.clone()) {
            continue;
        }
        for (index, file) in files.iter().enumerate() {
            let here = !super::is_test(&file.path) && super::declared_package(&file.text) == package;
            let Some(file) = here.then(|| syntax::parse(index, file).ok()).flatten() else { continue };
            let imported = file.imports.iter().filter_map(|(_, path, _)| path.strip_prefix("data."));
            open.extend(imported.map(str::to_owned));
            parsed.push(file);
        }
    }
    parsed.sort_by_key(|file| file.index);
    parsed
}

/// A branch as it is to be followed.
struct Plan {
    role: Role,
    path: String,
    line: u32,
    /// Text of the subject and of the place, in the terms of the rule's own file, with the names that they need.
    subject: Option<Term>,
    place: Option<Term>,
    nodes: Vec<Node>,
}

struct Term {
    text: String,
    needs: BTreeSet<String>,
}

/// One condition as it is to be followed.
struct Node {
    text: String,
    path: String,
    line: u32,
    /// In the terms of the rule's own file.
    rego: String,
    sides: Option<(String, Option<(&'static str, String)>)>,
    /// Names, and whether each stands for one thing of a list.
    binds: Vec<(String, bool)>,
    /// Not worth a line: what it does shows in those that follow.
    silent: bool,
    any_of: Vec<(Vec<String>, Vec<Node>)>,
}

fn plans(program: &Program<'_>, home: &Parsed) -> Vec<Plan> {
    let mut found = Vec::new();
    let mut walked = BTreeSet::new();
    for (wanted, judges) in [("subjects", true), ("findings", false)] {
        for rule in &home.module.policy {
            let Rule::Spec { head: RuleHead::Set { key: Some(key), .. }, bodies, span } = rule.as_ref() else {
                continue;
            };
            if syntax::head(rule).name != wanted {
                continue;
            }
            let mut builder = Builder { program, home, known: walked.clone(), left: MOST };
            let (role, subject, place) = builder.head(key, judges);
            let nodes = match bodies.first() {
                Some(body) => builder.query(&body.query, home, &mut BTreeSet::new(), 0),
                None => Vec::new(),
            };
            if judges {
                let walks = bodies.iter().flat_map(|b| &b.query.stmts).filter_map(walk);
                walked.extend(walks.map(|(_, collection)| builder.own_text(home, &collection)));
            }
            let path = program.files.get(home.index).map_or_else(String::new, |f| f.path.clone());
            found.push(Plan { role, path, line: span.line, subject, place, nodes });
        }
    }
    found
}

/// `some x in xs`.
fn walk(statement: &LiteralStmt) -> Option<(String, Ref<Expr>)> {
    match &statement.literal {
        Literal::SomeIn { key: None, value, collection, .. } => Some((var(value)?.to_owned(), collection.clone())),
        _ => None,
    }
}

struct Builder<'p, 'a> {
    program: &'p Program<'a>,
    home: &'p Parsed,
    /// Lists that `subjects` walks: what fills them is shown there.
    known: BTreeSet<String>,
    left: usize,
}

impl Builder<'_, '_> {
    /// What a branch is for, and the texts of its subject and its place.
    fn head(&self, key: &Ref<Expr>, judges: bool) -> (Role, Option<Term>, Option<Term>) {
        if judges {
            return (Role::Judges, Some(self.term(key)), None);
        }
        let Expr::Call { fcn, params, .. } = key.as_ref() else {
            return (Role::Finds(Verdict::Fail), None, None);
        };
        let name = syntax::path_of(fcn).pop().unwrap_or_default();
        let verdict = if name.contains("unknown") { Verdict::Unknown } else { Verdict::Fail };
        let subject = params.first().map(|first| match (params.len(), var(first)) {
            // A helper that is given the object, not its subject.
            (1, Some(name)) => Term { text: format!("{name}.subject"), needs: [name.to_owned()].into() },
            _ => self.term(first),
        });
        (Role::Finds(verdict), subject, params.get(1).map(|place| self.term(place)))
    }

    fn term(&self, expr: &Ref<Expr>) -> Term {
        let mut roots = Roots::default();
        roots.expr(expr);
        let globals = self.globals(self.home);
        let needs = roots.found.into_iter().map(|(name, ..)| name).filter(|n| !globals.contains(n)).collect();
        Term { text: self.own_text(self.home, expr), needs }
    }

    fn globals(&self, file: &Parsed) -> BTreeSet<String> {
        let own = format!("{}.", file.package);
        let rules = self.program.rules.keys().filter_map(|r| r.strip_prefix(&own));
        let mut names: BTreeSet<String> = rules.map(|r| r.split('.').next().unwrap_or(r).to_owned()).collect();
        names.extend(file.imports.iter().map(|(alias, ..)| alias.clone()));
        names.extend(["input", "data"].map(str::to_owned));
        names
    }

    /// The text of an expression in its own file.
    fn own_text(&self, file: &Parsed, expr: &Ref<Expr>) -> String {
        let text = self.program.files.get(file.index).map_or("", |f| f.text.as_str());
        whole(text, range(expr.span())).to_owned()
    }

    /// A piece of a file's text in the terms of the rule's own file: what is declared elsewhere by its whole path.
    fn moved(&self, file: &Parsed, at: std::ops::Range<usize>, bound: &BTreeSet<String>, roots: Roots) -> String {
        let text = self.program.files.get(file.index).map_or("", |f| f.text.as_str());
        let piece = whole(text, at.clone());
        if file.index == self.home.index {
            return piece.to_owned();
        }
        let start = text.len().min(piece.as_ptr() as usize - text.as_ptr() as usize);
        let own = format!("{}.", file.package);
        let mut out = String::new();
        let mut done = 0;
        let mut found = roots.found;
        found.sort_by_key(|(_, from, _)| *from);
        for (name, from, to) in found {
            let path = if bound.contains(&name) {
                None
            } else if self.program.rules.contains_key(&format!("{own}{name}")) {
                Some(format!("data.{own}{name}"))
            } else {
                file.imports.iter().find(|(alias, ..)| *alias == name).map(|(_, path, _)| path.clone())
            };
            if let (Some(path), Some(before)) = (path, piece.get(done..from.saturating_sub(start))) {
                out.push_str(before);
                out.push_str(&path);
                done = to - start;
            }
        }
        out.push_str(piece.get(done..).unwrap_or_default());
        out
    }

    fn query(&mut self, query: &Query, file: &Parsed, bound: &mut BTreeSet<String>, depth: usize) -> Vec<Node> {
        let mut nodes = Vec::new();
        for statement in &query.stmts {
            nodes.extend(self.statement(statement, file, bound, depth));
            nodes.iter().flat_map(|n: &Node| &n.binds).for_each(|(name, _)| {
                bound.insert(name.clone());
            });
        }
        nodes
    }

    fn statement(
        &mut self,
        statement: &LiteralStmt,
        file: &Parsed,
        bound: &mut BTreeSet<String>,
        depth: usize,
    ) -> Vec<Node> {
        if self.left == 0 {
            return Vec::new();
        }
        self.left -= 1;
        let text = self.program.files.get(file.index).map_or("", |f| f.text.as_str());
        let mut roots = Roots::default();
        roots.statement(statement);
        let mut now = bound.clone();
        if let Literal::SomeIn { key, value, .. } = &statement.literal {
            now.extend(key.iter().chain([value]).filter_map(|v| var(v)).map(str::to_owned));
        }
        let mut node = Node {
            text: plain(whole(text, range(&statement.span))),
            path: self.program.files.get(file.index).map_or_else(String::new, |f| f.path.clone()),
            line: statement.span.line,
            rego: self.moved(file, range(&statement.span), &now, roots),
            sides: None,
            binds: Vec::new(),
            silent: false,
            any_of: Vec::new(),
        };
        let simple = statement.with_mods.is_empty();
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                node.binds = vars.iter().map(|v| (v.text().to_owned(), false)).collect();
                node.silent = true;
            }
            Literal::SomeIn { key, value, .. } => {
                node.binds.extend(key.iter().filter_map(|k| Some((var(k)?.to_owned(), false))));
                node.binds.extend(var(value).map(|v| (v.to_owned(), true)));
                // Where it walks over nothing, the condition shows all the same.
                node.silent = true;
                if let Some((name, collection)) = walk(statement).filter(|_| simple) {
                    let list = self.own_text(file, &collection);
                    let known = file.index == self.home.index && self.known.contains(&list);
                    if !known && let Some(nodes) = self.filled(&name, &collection, file, bound, depth) {
                        return nodes;
                    }
                }
            }
            Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } if simple => {
                self.condition(expr, file, bound, depth, &mut node);
            }
            _ => {}
        }
        vec![node]
    }

    /// The conditions that fill a list, in place of the walk over it.
    fn filled(
        &mut self,
        name: &str,
        collection: &Ref<Expr>,
        file: &Parsed,
        bound: &mut BTreeSet<String>,
        depth: usize,
    ) -> Option<Vec<Node>> {
        let path = self.rule_path(collection, file)?;
        let definition = self.program.rules.get(&path).filter(|_| depth < DEEPEST)?;
        let [(index, rule)] = definition.bodies.as_slice() else { return None };
        let Rule::Spec { head: RuleHead::Compr { assign: Some(assign), .. }, bodies, .. } = rule.as_ref() else {
            return None;
        };
        let Expr::ArrayCompr { term, query, .. } = assign.value.as_ref() else { return None };
        let element = var(term).filter(|_| bodies.iter().all(|b| b.query.stmts.is_empty()))?;
        let there = self.program.parsed.get(index).copied()?;
        if bound.contains(element) {
            return None;
        }
        let mut nodes = self.query(query, there, bound, depth + 1);
        if element != name {
            nodes.push(Node {
                text: String::new(),
                path: String::new(),
                line: 0,
                rego: format!("{name} := {element}"),
                sides: None,
                binds: vec![(name.to_owned(), true)],
                silent: true,
                any_of: Vec::new(),
            });
        }
        Some(nodes)
    }

    fn condition(&mut self, expr: &Ref<Expr>, file: &Parsed, bound: &BTreeSet<String>, depth: usize, node: &mut Node) {
        let side = |me: &Self, expr: &Ref<Expr>| {
            let mut roots = Roots::default();
            roots.expr(expr);
            me.moved(file, range(expr.span()), bound, roots)
        };
        match expr.as_ref() {
            Expr::AssignExpr { lhs, rhs, .. } => {
                if let Some(name) = var(lhs) {
                    node.binds = vec![(name.to_owned(), false)];
                }
                let built = matches!(rhs.as_ref(), Expr::Object { .. } | Expr::Call { .. } | Expr::ArrayCompr { .. });
                node.silent = built;
                node.sides = (!built).then(|| (side(self, rhs), None));
            }
            Expr::BoolExpr { op, lhs, rhs, .. } => {
                let operator = match op {
                    BoolOp::Lt => "<",
                    BoolOp::Le => "<=",
                    BoolOp::Eq => "==",
                    BoolOp::Ge => ">=",
                    BoolOp::Gt => ">",
                    BoolOp::Ne => "!=",
                };
                node.sides = Some((side(self, lhs), Some((operator, side(self, rhs)))));
            }
            Expr::Membership { value, collection, .. } => {
                node.sides = Some((side(self, value), Some(("in", side(self, collection)))));
            }
            Expr::Call { fcn, params, .. } => {
                if let Some(path) = self.rule_path(fcn, file) {
                    let given: Vec<String> = params.iter().map(|p| side(self, p)).collect();
                    node.any_of = self.ways(&path, &given, bound, depth);
                }
            }
            Expr::Var { .. } | Expr::RefDot { .. } => {
                if let Some(path) = self.rule_path(expr, file) {
                    node.any_of = self.ways(&path, &[], bound, depth);
                }
                node.sides = Some((side(self, expr), None));
            }
            _ => node.sides = Some((side(self, expr), None)),
        }
    }

    /// The ways in which a rule that is true or undefined can be true.
    fn ways(
        &mut self,
        path: &str,
        given: &[String],
        bound: &BTreeSet<String>,
        depth: usize,
    ) -> Vec<(Vec<String>, Vec<Node>)> {
        let Some(definition) = self.program.rules.get(path).filter(|_| depth < DEEPEST) else { return Vec::new() };
        let mut ways = Vec::new();
        for (index, rule) in &definition.bodies {
            let Rule::Spec { head, bodies, .. } = rule.as_ref() else { return Vec::new() };
            let value = match head {
                RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => assign.as_ref(),
                RuleHead::Set { .. } => return Vec::new(),
            };
            let (None, [body], Some(there)) = (value, bodies.as_slice(), self.program.parsed.get(index).copied())
            else {
                return Vec::new();
            };
            let mut inner = bound.clone();
            let mut bindings = Vec::new();
            for (argument, given) in syntax::head(rule).args.into_iter().flatten().zip(given) {
                let Some(name) = var(argument) else { return Vec::new() };
                if name == given || name == "_" {
                    continue;
                }
                if !inner.insert(name.to_owned()) {
                    return Vec::new();
                }
                bindings.push(format!("{name} := {given}"));
            }
            ways.push((bindings, self.query(&body.query, there, &mut inner, depth + 1)));
        }
        ways
    }

    /// The path of the rule that a name or `alias.name` stands for.
    fn rule_path(&self, expr: &Ref<Expr>, file: &Parsed) -> Option<String> {
        let (root, steps) = chain(expr);
        let name = var(root)?;
        let path = match steps.as_slice() {
            [] => format!("{}.{name}", file.package),
            [Step::Field(rule, _)] => {
                let (_, package, _) = file.imports.iter().find(|(alias, ..)| alias == name)?;
                format!("{}.{rule}", package.strip_prefix("data.")?)
            }
            _ => return None,
        };
        self.program.rules.contains_key(&path).then_some(path)
    }
}

/// The names that references start from, and where they stand.
#[derive(Default)]
struct Roots {
    found: Vec<(String, usize, usize)>,
}

impl Visit for Roots {
    fn expr(&mut self, expr: &Ref<Expr>) {
        if let Expr::Var { span, .. } = expr.as_ref() {
            self.found.push((span.text().to_owned(), span.start as usize, span.end as usize));
        }
        syntax::walk_expr(self, expr);
    }
}

/// A piece of a text, with the quotes that the engine's spans leave out.
fn whole(text: &str, at: std::ops::Range<usize>) -> &str {
    let (mut start, mut end) = (at.start, at.end);
    let quote = |text: &str| text.starts_with(['"', '`']);
    if start > 0
        && text.get(start - 1..).is_some_and(quote)
        && !text.get(start..end).is_some_and(|t| t.starts_with('"'))
    {
        start -= 1;
    }
    let inside = text.get(start..end).unwrap_or_default();
    if text.get(end..).is_some_and(quote) && inside.matches(['"', '`']).count() % 2 == 1 {
        end += 1;
    }
    text.get(start..end).unwrap_or_default().trim_end()
}

/// A condition on one line, without comments.
fn plain(text: &str) -> String {
    let lines = text.lines().map(|l| l.split(" # ").next().unwrap_or(l)).filter(|l| !l.trim_start().starts_with('#'));
    lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ")
}

/// Which of the added rules belong to a branch.
struct Printed {
    whole: usize,
    nodes: Vec<PrintedNode>,
}

struct PrintedNode {
    number: usize,
    any_of: Vec<Vec<PrintedNode>>,
}

/// Writes the added rules.
struct Printer {
    text: String,
    next: usize,
}

impl Printer {
    fn branch(&mut self, plan: &Plan) -> Printed {
        let mut bound = Vec::new();
        let mut prefix = Vec::new();
        let nodes = self.nodes(plan, &plan.nodes, &mut prefix, &mut bound);
        let whole = self.next;
        self.next += 1;
        self.rule('h', whole, &columns(plan, &bound, None), &prefix);
        Printed { whole, nodes }
    }

    fn nodes(
        &mut self,
        plan: &Plan,
        nodes: &[Node],
        prefix: &mut Vec<String>,
        bound: &mut Vec<(String, bool)>,
    ) -> Vec<PrintedNode> {
        let mut printed = Vec::new();
        for node in nodes {
            let number = self.next;
            self.next += 1;
            if let Some(sides) = &node.sides {
                self.rule('v', number, &columns(plan, bound, Some(sides)), prefix);
            }
            let mut any_of = Vec::new();
            for (bindings, way) in &node.any_of {
                let (mut longer, mut more) = (prefix.clone(), bound.clone());
                longer.extend(bindings.iter().cloned());
                more.extend(bindings.iter().filter_map(|b| Some((b.split_once(" := ")?.0.to_owned(), true))));
                any_of.push(self.nodes(plan, way, &mut longer, &mut more));
            }
            prefix.push(node.rego.clone());
            bound.extend(node.binds.iter().cloned());
            self.rule('h', number, &columns(plan, bound, None), prefix);
            printed.push(PrintedNode { number, any_of });
        }
        printed
    }

    fn rule(&mut self, kind: char, number: usize, columns: &str, body: &[String]) {
        let body = if body.is_empty() { "\ttrue".to_owned() } else { body.join("\n\t") };
        self.text.push_str(&format!("\n__{kind}{number} contains {columns} if {{\n\t{body}\n}}\n"));
    }
}

/// What a row of an added rule holds: subject, records, place, and the two sides.
fn columns(plan: &Plan, bound: &[(String, bool)], sides: Option<&(String, Option<(&'static str, String)>)>) -> String {
    let has = |term: &&Term| term.needs.iter().all(|n| bound.iter().any(|(b, _)| b == n));
    let subject = plan.subject.as_ref().filter(has).map_or("null", |t| t.text.as_str());
    let maybe = |text: &str| format!("[__x | __x := {text}]");
    let records: Vec<String> = sides
        .map(|(left, _)| holders(left, bound))
        .unwrap_or_default()
        .iter()
        .map(|holder| maybe(&format!("{holder}.ref")))
        .collect();
    let place = plan.place.as_ref().filter(has).map_or_else(|| "[]".to_owned(), |t| maybe(&t.text));
    let (left, right) = match sides {
        Some((left, Some((_, right)))) => (maybe(left), maybe(right)),
        Some((left, None)) => (maybe(left), "[]".to_owned()),
        None => ("[]".to_owned(), "[]".to_owned()),
    };
    format!("[{subject}, [{}], {place}, {left}, {right}]", records.join(", "))
}

/// The objects that a value lies in, the innermost first: `a.b` and `a` of `a.b.c_s > 3`.
fn holders(left: &str, bound: &[(String, bool)]) -> Vec<String> {
    let paths = left.split(|c: char| !c.is_alphanumeric() && c != '_' && c != '.').filter(|p| !p.is_empty());
    let known = |path: &&str| {
        let root = path.split('.').next().unwrap_or_default();
        root == "input" || bound.iter().any(|(name, _)| name == root)
    };
    let Some(path) = paths.filter(known).find(|p| !p.ends_with('.')) else { return Vec::new() };
    let ends = path.match_indices('.').map(|(at, _)| &path[..at]).rev();
    std::iter::once(path).chain(ends).filter(|holder| *holder != "input").map(str::to_owned).collect()
}

/// Reads what the added rules gave.
struct Reader {
    held: BTreeMap<String, Vec<Json>>,
}

impl Reader {
    /// The rows of an added rule that are about a subject.
    fn rows<'r>(&'r self, kind: char, number: usize, subject: &'r Json) -> impl Iterator<Item = &'r Json> {
        let rows = self.held.get(&format!("__{kind}{number}")).into_iter().flatten();
        rows.filter(move |row| row.get(0).is_some_and(|s| s.is_null() || s == subject))
    }

    fn branch(&self, plan: &Plan, printed: &Printed, subject: &Json) -> Branch {
        let handles = self.rows('h', printed.whole, subject).flat_map(|row| texts(row.get(2)));
        Branch {
            role: plan.role,
            path: plan.path.clone(),
            line: plan.line,
            holds: self.rows('h', printed.whole, subject).next().is_some(),
            handles: distinct(handles),
            conditions: self.conditions(&plan.nodes, &printed.nodes, subject),
        }
    }

    fn conditions(&self, nodes: &[Node], printed: &[PrintedNode], subject: &Json) -> Vec<Condition> {
        let mut reached = true;
        let mut conditions = Vec::new();
        for (node, printed) in nodes.iter().zip(printed) {
            let holds = self.rows('h', printed.number, subject).next().is_some();
            if !node.silent || (reached && !holds && !node.text.is_empty()) {
                let ways = node.any_of.iter().zip(&printed.any_of);
                conditions.push(Condition {
                    text: node.text.clone(),
                    path: node.path.clone(),
                    line: node.line,
                    holds: reached.then_some(holds),
                    seen: if reached { self.seen(node, printed.number, subject) } else { Vec::new() },
                    any_of: match reached {
                        true => ways.map(|((_, nodes), p)| self.conditions(nodes, p, subject)).collect(),
                        false => Vec::new(),
                    },
                });
            }
            reached = reached && holds;
        }
        conditions
    }

    fn seen(&self, node: &Node, number: usize, subject: &Json) -> Vec<Seen> {
        let Some((left_text, right)) = &node.sides else { return Vec::new() };
        let mut seen: Vec<Seen> = Vec::new();
        for row in self.rows('v', number, subject) {
            let holders = row.get(1).and_then(Json::as_array).into_iter().flatten();
            let record = holders.filter_map(|h| h.get(0)?.as_str()).next().map(str::to_owned);
            // The finding's own place says which field of the record it is.
            let pointed = texts(row.get(2)).find(|handle| {
                record.as_ref().is_some_and(|r| handle.split_once('/').is_some_and(|(number, _)| number == r))
            });
            let one = Seen {
                left: row.pointer("/3/0").cloned(),
                operator: right.as_ref().map(|(operator, _)| *operator),
                right: row.pointer("/4/0").cloned(),
                left_text: left_text.clone(),
                right_text: right.as_ref().map(|(_, text)| text.clone()).unwrap_or_default(),
                record: pointed.or(record),
            };
            if !seen.contains(&one) {
                seen.push(one);
            }
        }
        seen
    }
}

/// The texts of a list that are not empty.
fn texts(list: Option<&Json>) -> impl Iterator<Item = String> {
    let list = list.and_then(Json::as_array).into_iter().flatten();
    list.filter_map(|v| v.as_str().filter(|t| !t.is_empty()).map(str::to_owned))
}

fn distinct(texts: impl Iterator<Item = String>) -> Vec<String> {
    texts.collect::<BTreeSet<_>>().into_iter().collect()
}
