//! Input paths against the position schema, by following what each variable holds.
//!
//! Only certain misses are reported: a reference is followed through `some … in`, assignments, comprehensions,
//! rules and functions, imported ones too; whatever else it meets makes its type unknown, and unknown is silent.

use super::absent::{self, Fields, Role};
use super::{Problem, Program};
use crate::evaluate::lint::schema::{self, Look};
use crate::evaluate::syntax::{
    self, Expr, Literal, LiteralStmt, Parsed, Query, Ref, Rule, RuleHead, Step, Visit, chain, path_of, range, var,
};
use serde_json::Value as Json;
use std::collections::{BTreeMap, BTreeSet};

/// What is known about a value.
#[derive(Clone)]
enum Type<'s> {
    Unknown,
    /// It fits one of these schemas.
    Schema(Vec<&'s Json>),
    /// An array or set whose elements are of a type.
    Many(Box<Type<'s>>),
}

type Env<'s> = BTreeMap<String, Type<'s>>;

/// Nodes looked at in one file before we stop asking: a guard against hostile policies.
const FUEL: u32 = 200_000;

/// Checks a file. `open` lets unknown keys at the root pass: rules whose input is not just a position.
pub(in crate::evaluate) fn check(program: &Program<'_>, file: &Parsed, schema: &Json, open: bool) -> Vec<Problem> {
    let mut negated = Negated { program, file, problems: Vec::new() };
    file.module.policy.iter().for_each(|rule| syntax::walk_rule(&mut negated, rule));
    let mut problems = negated.problems;
    if schema.get("properties").is_none() && schema.get("$ref").is_none() {
        return problems;
    }
    let mut paths = Paths {
        program,
        file,
        schema,
        open,
        quiet: 0,
        depth: 0,
        fuel: FUEL,
        known: BTreeMap::new(),
        active: BTreeSet::new(),
        misses: BTreeMap::new(),
        checked: file.index,
        role: Role::Aside,
        fields: Fields::default(),
    };
    for rule in &file.module.policy {
        let head = syntax::head(rule);
        paths.fields = Fields::default();
        paths.role = Role::Build;
        paths.rule(rule, &vec![Type::Unknown; head.args.unwrap_or_default().len()]);
        if head.name == "findings" && !open {
            let fields = std::mem::take(&mut paths.fields);
            paths.misses.extend(fields.problems(file.index));
        }
    }
    problems.extend(paths.misses.into_values());
    problems
}

/// `not f(input.x)`: OPA says undefined when `input.x` is missing, regorus says true.
struct Negated<'a> {
    program: &'a Program<'a>,
    file: &'a Parsed,
    problems: Vec<Problem>,
}

impl Visit for Negated<'_> {
    fn statement(&mut self, statement: &LiteralStmt) {
        if let Literal::NotExpr { expr, .. } = &statement.literal
            && let Expr::Call { params, .. } = expr.as_ref()
        {
            for param in params {
                let (root, steps) = chain(param);
                let Some(name) = var(root).filter(|_| !steps.is_empty()) else { continue };
                let imported = self.file.imports.iter().find(|(alias, ..)| alias == name);
                let is_rule = self.program.rules.contains_key(&format!("{}.{name}", self.file.package));
                if name == "data" || is_rule || imported.is_some_and(|(_, path, _)| path.starts_with("data.")) {
                    continue;
                }
                let text = param.span().text();
                let message = format!("engines disagree on this `not` when `{text}` is missing");
                let help = format!("bind it first: `value := {text}`, then negate the call on `value`");
                self.problems.push(Problem::new(self.file.index, range(param.span()), message).help(Some(help)));
            }
        }
        syntax::walk_statement(self, statement);
    }
}

struct Paths<'s, 'a> {
    program: &'a Program<'a>,
    file: &'a Parsed,
    schema: &'s Json,
    open: bool,
    /// Above 0 nothing is reported: a first look, or an answer asked for by another rule.
    quiet: u32,
    depth: u32,
    fuel: u32,
    known: BTreeMap<String, (Type<'s>, Fields)>,
    active: BTreeSet<String>,
    misses: BTreeMap<(usize, usize), Problem>,
    /// The file that is checked; `file` is another one while we follow what it imports.
    checked: usize,
    role: Role,
    /// What the rule at hand meets, and all that it rests on.
    fields: Fields,
}

impl<'s> Paths<'s, '_> {
    /// Does something in another role.
    fn playing<T>(&mut self, role: Role, act: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.role, role);
        let result = act(self);
        self.role = before;
        result
    }

    /// The type of what a rule body gives: the value, or the element it adds to a set.
    fn rule(&mut self, rule: &Rule, args: &[Type<'s>]) -> Type<'s> {
        let mut env = Env::new();
        let parts = absent::names_in_head(rule);
        for (pattern, given) in syntax::head(rule).args.unwrap_or_default().iter().zip(args) {
            bind(pattern, given, &mut env);
        }
        let Rule::Spec { head, bodies, .. } = rule else { return Type::Unknown };
        let mut types = Vec::new();
        let mut first = env.clone();
        for (number, body) in bodies.iter().enumerate() {
            let mut inner = env.clone();
            self.playing(Role::Test, |me| me.query(&body.query, &mut inner, &parts));
            if let Some(assign) = &body.assign {
                types.push(self.expr(&assign.value, &inner));
            }
            if number == 0 {
                first = inner;
            }
        }
        let (key, assign) = match head {
            RuleHead::Set { key, .. } => (key.as_ref(), None),
            RuleHead::Compr { assign, .. } | RuleHead::Func { assign, .. } => (None, assign.as_ref()),
        };
        if let Some(value) = key.or(assign.map(|a| &a.value)) {
            types.push(self.expr(value, &first));
        }
        union(types)
    }

    /// `parts` are names whose values a finding is made of.
    fn query(&mut self, query: &Query, env: &mut Env<'s>, parts: &BTreeSet<String>) {
        // The engine orders statements by what they need, so a name may be bound below its use: look twice.
        if self.depth < 5 {
            self.quiet += 1;
            self.depth += 1;
            query.stmts.iter().for_each(|s| self.statement(s, env, parts));
            self.depth -= 1;
            self.quiet -= 1;
        }
        self.depth += 1;
        query.stmts.iter().for_each(|s| self.statement(s, env, parts));
        self.depth -= 1;
    }

    fn statement(&mut self, statement: &LiteralStmt, env: &mut Env<'s>, parts: &BTreeSet<String>) {
        let replaced = !statement.with_mods.is_empty();
        self.quiet += u32::from(replaced);
        let role = match &statement.literal {
            _ if replaced || self.role == Role::Aside => Role::Aside,
            Literal::NotExpr { .. } => Role::Aside,
            literal if absent::makes(literal, parts) => Role::Build,
            _ => Role::Test,
        };
        self.playing(role, |me| me.literal(statement, env));
        self.quiet -= u32::from(replaced);
    }

    fn literal(&mut self, statement: &LiteralStmt, env: &mut Env<'s>) {
        match &statement.literal {
            Literal::SomeVars { vars, .. } => {
                for name in vars {
                    env.entry(name.text().to_owned()).or_insert(Type::Unknown);
                }
            }
            Literal::SomeIn { key, value, collection, .. } => {
                let element = self.element(collection, env);
                if let Some(key) = key {
                    bind(key, &Type::Unknown, env);
                }
                bind(value, &element, env);
            }
            Literal::Expr { expr, .. } => {
                if let Expr::AssignExpr { lhs, rhs, .. } = expr.as_ref() {
                    let (left, right) = match (var(lhs), var(rhs)) {
                        (None, Some(_)) => (rhs, lhs), // `input.x = y`
                        _ => (lhs, rhs),
                    };
                    let given = self.expr(right, env);
                    if var(left).is_none() {
                        self.expr(left, env);
                    }
                    bind(left, &given, env);
                } else {
                    self.expr(expr, env);
                }
            }
            Literal::NotExpr { expr, .. } => {
                self.expr(expr, env);
            }
            Literal::Every { key, value, domain, query, .. } => {
                let element = self.element(domain, env);
                let mut inner = env.clone();
                if let Some(key) = key {
                    inner.insert(key.text().to_owned(), Type::Unknown);
                }
                inner.insert(value.text().to_owned(), element);
                self.aside(query, &mut inner);
            }
        }
    }

    /// A query whose failing is not the rule's.
    fn aside(&mut self, query: &Query, env: &mut Env<'s>) {
        self.playing(Role::Aside, |me| me.query(query, env, &BTreeSet::new()));
    }

    fn element(&mut self, collection: &Ref<Expr>, env: &Env<'s>) -> Type<'s> {
        match self.expr(collection, env) {
            Type::Unknown => Type::Unknown,
            Type::Many(inner) => *inner,
            Type::Schema(schemas) => typed(schema::elements(self.schema, &schemas)),
        }
    }

    fn expr(&mut self, expr: &Ref<Expr>, env: &Env<'s>) -> Type<'s> {
        if self.fuel == 0 {
            return Type::Unknown;
        }
        self.fuel -= 1;
        match expr.as_ref() {
            Expr::Var { .. } | Expr::RefDot { .. } | Expr::RefBrack { .. } => self.reference(expr, env),
            Expr::Call { fcn, params, .. } => {
                let given: Vec<Type<'s>> = params.iter().map(|p| self.expr(p, env)).collect();
                self.call(&path_of(fcn).join("."), params, &given)
            }
            Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
                let mut inner = env.clone();
                self.aside(query, &mut inner);
                Type::Many(Box::new(self.playing(Role::Aside, |me| me.expr(term, &inner))))
            }
            Expr::ObjectCompr { key, value, query, .. } => {
                let mut inner = env.clone();
                self.aside(query, &mut inner);
                self.playing(Role::Aside, |me| [key, value].map(|e| me.expr(e, &inner)));
                Type::Unknown
            }
            Expr::Object { fields, .. } => {
                let role = if self.role == Role::Aside { Role::Aside } else { Role::Build };
                self.playing(role, |me| {
                    for (_, key, value) in fields {
                        me.expr(key, env);
                        me.expr(value, env);
                    }
                });
                Type::Unknown
            }
            Expr::Array { items, .. } | Expr::Set { items, .. } => {
                let types = items.iter().map(|i| self.expr(i, env)).collect();
                Type::Many(Box::new(union(types)))
            }
            _ => {
                let mut children = Children { list: Vec::new() };
                syntax::walk_expr(&mut children, expr);
                children.list.iter().for_each(|child| {
                    self.expr(child, env);
                });
                Type::Unknown
            }
        }
    }

    fn reference(&mut self, expr: &Ref<Expr>, env: &Env<'s>) -> Type<'s> {
        let (root, steps) = chain(expr);
        let imported = match (var(root), steps.first()) {
            (Some(name), Some(Step::Field(rule, _))) if !env.contains_key(name) => self.imported(name, rule),
            _ => None,
        };
        let skip = usize::from(imported.is_some());
        let mut at = match (imported, var(root)) {
            (Some(path), _) => self.own(&path, &[]),
            (None, Some(name)) => self.variable(name, env),
            (None, None) => self.expr(root, env),
        };
        let mut first = var(root) == Some("input");
        for step in steps.iter().skip(skip) {
            at = match step {
                Step::Index(index) => {
                    self.expr(index, env);
                    match at {
                        Type::Unknown => Type::Unknown,
                        Type::Many(inner) => *inner,
                        Type::Schema(schemas) => typed(schema::elements(self.schema, &schemas)),
                    }
                }
                Step::Field(name, span) => {
                    let start = root.span().start as usize;
                    self.field(&at, name, (start, range(span).start, range(span).end), first && self.open)
                }
            };
            first = false;
        }
        at
    }

    /// The type of a field; a miss is reported at the name, with the text from the reference's start.
    fn field(&mut self, at: &Type<'s>, name: &str, (start, from, to): (usize, usize, usize), open: bool) -> Type<'s> {
        let Type::Schema(schemas) = at else { return Type::Unknown };
        match schema::look(self.schema, schemas, name) {
            Look::Found(found) => {
                if self.role != Role::Aside && !schema::required(self.schema, schemas, name) {
                    let text = self.program.files.get(self.file.index).and_then(|f| f.text.get(start..to));
                    let at = (self.file.index == self.checked).then(|| ((from, to), text.unwrap_or(name).to_owned()));
                    self.fields.note(self.role, &found, at);
                }
                Type::Schema(found)
            }
            Look::Open => Type::Unknown,
            Look::Missing(names) => {
                if self.quiet == 0 && !open {
                    let text = self.program.files.get(self.file.index).map_or("", |f| f.text.as_str());
                    let path = text.get(start..to).unwrap_or(name);
                    let message = format!("a position has no `{path}`");
                    let help = match (self.program.like(name, &names), names.is_empty()) {
                        (Some(help), _) => Some(help),
                        (None, true) => Some("what it is taken from has no named fields".into()),
                        (None, false) => Some(format!("there is {}", names.into_iter().collect::<Vec<_>>().join(", "))),
                    };
                    let problem = Problem::new(self.file.index, from..to, message).help(help);
                    self.misses.insert((from, to), problem);
                }
                Type::Unknown
            }
        }
    }

    fn variable(&mut self, name: &str, env: &Env<'s>) -> Type<'s> {
        if let Some(known) = env.get(name) {
            return known.clone();
        }
        if name == "input" {
            return Type::Schema(vec![self.schema]);
        }
        if let Some((_, path, _)) = self.file.imports.iter().find(|(alias, ..)| alias == name) {
            let mut at = Type::Schema(vec![self.schema]);
            let mut names = path.split('.');
            if names.next() != Some("input") {
                return Type::Unknown;
            }
            for name in names {
                self.quiet += 1;
                at = self.field(&at, name, (0, 0, 0), true);
                self.quiet -= 1;
            }
            return at;
        }
        self.own(&format!("{}.{name}", self.file.package), &[])
    }

    /// The path of a rule that an alias of this file's imports leads to.
    fn imported(&self, alias: &str, rule: &str) -> Option<String> {
        let (_, package, _) = self.file.imports.iter().find(|(a, ..)| a == alias)?;
        let path = format!("{}.{rule}", package.strip_prefix("data.")?);
        self.program.rules.contains_key(&path).then_some(path)
    }

    /// The type of a rule or function.
    fn own(&mut self, path: &str, args: &[Type<'s>]) -> Type<'s> {
        let program = self.program;
        let Some(definition) = program.rules.get(path) else { return Type::Unknown };
        // Rules get a look of their own, as do the rules of other files; functions only with what they are given.
        let quiet = args.is_empty() || definition.bodies.iter().any(|(f, _)| *f != self.checked);
        let given: String = args.iter().map(fingerprint).collect();
        let key = format!("{path} {} {} {given}", quiet || self.quiet > 0, self.role.sign());
        if let Some((known, fields)) = self.known.get(&key).cloned() {
            self.fields.join(fields);
            return known;
        }
        if self.active.len() > 8 || !self.active.insert(path.to_owned()) {
            return Type::Unknown;
        }
        self.quiet += u32::from(quiet);
        let (home, before) = (self.file, std::mem::take(&mut self.fields));
        let mut types = Vec::new();
        for (file, rule) in &definition.bodies {
            if let Some(parsed) = program.parsed.get(file) {
                self.file = parsed;
                types.push(self.rule(rule, args));
            }
        }
        self.file = home;
        self.quiet -= u32::from(quiet);
        self.active.remove(path);
        let object = definition.bodies.iter().any(|(_, r)| syntax::head(r).object);
        let result = match (object, definition.set) {
            (true, _) => Type::Unknown,
            (false, true) => Type::Many(Box::new(union(types))),
            (false, false) => union(types),
        };
        let fields = std::mem::replace(&mut self.fields, before);
        self.fields.join(fields.clone());
        self.known.insert(key, (result.clone(), fields));
        result
    }

    fn call(&mut self, name: &str, params: &[Ref<Expr>], given: &[Type<'s>]) -> Type<'s> {
        if name == "object.get"
            && let (Some(at), Some(path)) = (given.first(), params.get(1))
        {
            let mut at = at.clone();
            let keys = match path.as_ref() {
                Expr::Array { items, .. } => items.as_slice(),
                _ => std::slice::from_ref(path),
            };
            for key in keys {
                let (Expr::String { value, span, .. } | Expr::RawString { value, span, .. }) = key.as_ref() else {
                    break;
                };
                let Ok(name) = value.as_string() else { break };
                let place = range(span);
                at = self.playing(Role::Aside, |me| me.field(&at, name, (place.start, place.start, place.end), false));
            }
            return Type::Unknown;
        }
        let path = match name.split_once('.') {
            Some((alias, function)) => self.imported(alias, function),
            None => Some(format!("{}.{name}", self.file.package)),
        };
        path.map_or(Type::Unknown, |path| self.own(&path, given))
    }
}

/// The direct parts of an expression.
struct Children {
    list: Vec<Ref<Expr>>,
}

impl Visit for Children {
    fn expr(&mut self, expr: &Ref<Expr>) {
        self.list.push(expr.clone());
    }
}

/// Gives the variables of a pattern their types; those inside arrays and objects are not known.
fn bind<'s>(pattern: &Ref<Expr>, given: &Type<'s>, env: &mut Env<'s>) {
    match pattern.as_ref() {
        Expr::Var { span, .. } => {
            env.insert(span.text().to_owned(), given.clone());
        }
        Expr::Array { items, .. } => items.iter().for_each(|i| bind(i, &Type::Unknown, env)),
        Expr::Object { fields, .. } => fields.iter().for_each(|f| bind(&f.2, &Type::Unknown, env)),
        _ => {}
    }
}

fn typed(schemas: Option<Vec<&Json>>) -> Type<'_> {
    schemas.map_or(Type::Unknown, Type::Schema)
}

/// What fits any of these types.
fn union(types: Vec<Type<'_>>) -> Type<'_> {
    let mut types = types.into_iter();
    let Some(mut whole) = types.next() else { return Type::Unknown };
    for next in types {
        whole = match (whole, next) {
            (Type::Schema(mut a), Type::Schema(b)) => {
                a.extend(b);
                a.sort_by_key(|s| std::ptr::from_ref::<Json>(s));
                a.dedup_by_key(|s| std::ptr::from_ref::<Json>(s));
                Type::Schema(a)
            }
            (Type::Many(a), Type::Many(b)) => Type::Many(Box::new(union(vec![*a, *b]))),
            _ => return Type::Unknown,
        };
    }
    whole
}

/// Tells types apart, within one run.
fn fingerprint(of: &Type<'_>) -> String {
    match of {
        Type::Unknown => "?".into(),
        Type::Many(inner) => format!("[{}]", fingerprint(inner)),
        Type::Schema(schemas) => schemas.iter().map(|s| format!("{:p} ", std::ptr::from_ref::<Json>(s))).collect(),
    }
}
