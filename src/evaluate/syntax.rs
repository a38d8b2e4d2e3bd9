//! Policy files as the engine parses them, and walks over their syntax trees.
//!
//! The tree types are regorus's own, which it exports as `unstable`: the version is pinned, and the tests of
//! `lint` say what they are relied on for.

use super::PolicyFile;
use super::metadata::{bytes, package_line};
use crate::source::Place;
pub(super) use regorus::unstable::{BUILTINS, Expr, Literal, LiteralStmt, Module, Query, Ref, Rule, RuleHead, Span};
use std::ops::Range;

/// A parsed policy file.
pub(super) struct Parsed {
    /// Its number in the list of files.
    pub(super) index: usize,
    /// The package, without `data.`.
    pub(super) package: String,
    /// What it imports: alias and full path (`data.policies.lib.finding`, `input.components`).
    pub(super) imports: Vec<(String, String, Span)>,
    /// The tree.
    pub(super) module: Ref<Module>,
}

/// What regorus says went wrong, and where.
pub(super) struct Complaint {
    pub(super) message: String,
    /// Line and column from 1 as regorus counts them, and the number of the file.
    pub(super) at: Option<(usize, u32, u32)>,
}

/// The name a file has inside the engine: unique, and short in its error texts.
pub(super) fn engine_name(index: usize) -> String {
    format!("#{index}")
}

/// Parses one file.
pub(super) fn parse(index: usize, file: &PolicyFile) -> Result<Parsed, Complaint> {
    if let Some(line) = too_entangled(&file.text) {
        let message = "brackets are nested too deeply: the parser would not come to an end".to_owned();
        return Err(Complaint { message, at: Some((index, line, 1)) });
    }
    let mut engine = regorus::Engine::new();
    engine.add_policy(engine_name(index), file.text.clone()).map_err(|e| complaint(&e.to_string()))?;
    let Some(module) = engine.get_modules().first().cloned() else {
        return Err(Complaint { message: "the file is empty".into(), at: None });
    };
    let mut depth = Depth { now: 0, most: 0 };
    module.policy.iter().for_each(|rule| walk_rule(&mut depth, rule));
    if depth.most > DEEPEST {
        return Err(Complaint { message: format!("an expression is more than {DEEPEST} levels deep"), at: None });
    }
    let package = path_of(&module.package.refr).join(".");
    let imports = module
        .imports
        .iter()
        .map(|import| {
            let path = path_of(&import.refr);
            let alias = import.r#as.as_ref().map(|s| s.text().to_owned());
            (alias.or_else(|| path.last().cloned()).unwrap_or_default(), path.join("."), import.span.clone())
        })
        .filter(|(_, path, _)| path != "rego.v1" && !path.starts_with("future.keywords"))
        .collect();
    Ok(Parsed { index, package, imports, module })
}

/// The line where literals are nested too deeply. The parser tries each `[` and `{` as a comprehension and
/// then as a literal, so that a nested one is read twice as often as what it is in.
fn too_entangled(text: &str) -> Option<u32> {
    const MOST: u64 = 1 << 18; // about a second
    let (mut line, mut depth, mut cost) = (1, 0_u32, 0_u64);
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        match c {
            '\n' => line += 1,
            '#' => {
                chars.by_ref().find(|c| *c == '\n');
                line += 1;
            }
            '"' => {
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    if c == '\\' {
                        chars.next();
                    }
                }
            }
            '`' => {
                line += u32::try_from(chars.by_ref().take_while(|c| *c != '`').filter(|c| *c == '\n').count()).ok()?
            }
            '[' | '{' => {
                depth += 1;
                cost += 1 << depth.min(40);
                if cost > MOST {
                    return Some(line);
                }
            }
            ']' | '}' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    None
}

/// The parser bounds brackets, not chains of operators. A tree deeper than this would overflow the stack of
/// whoever drops it: on the big stack of the loader it is dropped safely.
const DEEPEST: u32 = 500;

struct Depth {
    now: u32,
    most: u32,
}

impl Visit for Depth {
    fn expr(&mut self, expr: &Ref<Expr>) {
        self.now += 1;
        self.most = self.most.max(self.now);
        walk_expr(self, expr);
        self.now -= 1;
    }
}

/// Reads an error text of regorus: `\n--> file:line:col\n … \nerror: message`.
pub(super) fn complaint(text: &str) -> Complaint {
    let at = text.split("--> ").nth(1).and_then(|rest| {
        let mut parts = rest.lines().next()?.rsplitn(3, ':');
        let column = parts.next()?.trim().parse().ok()?;
        let line = parts.next()?.trim().parse().ok()?;
        let file = parts.next()?.strip_prefix('#')?.parse().ok()?;
        Some((file, line, column))
    });
    let message = match text.split_once("error: ") {
        Some((_, message)) => message,
        None => text.lines().find(|l| !l.trim().is_empty()).unwrap_or("the policy engine gives no reason"),
    };
    Complaint { message: message.trim().trim_end_matches('.').to_owned(), at }
}

impl Complaint {
    /// The place in one of the files; the package line when regorus names none.
    pub(super) fn place(&self, files: &[PolicyFile], default: usize) -> Option<Place> {
        let (index, line, column) = match self.at {
            Some(at) if at.0 < files.len() => at,
            _ => return files.get(default).map(|f| bytes(f.file, package_line(&f.text))),
        };
        let file = files.get(index)?;
        Some(bytes(file.file, position(&file.text, line, column)))
    }

    /// The message with the place in words, for errors met while judging.
    pub(super) fn told(&self, files: &[String]) -> String {
        match self.at.and_then(|(file, line, _)| Some((files.get(file)?, line))) {
            Some((path, line)) => format!("{} ({path}:{line})", self.message),
            None => self.message.clone(),
        }
    }
}

/// The rest of a line from a column on.
fn position(text: &str, line: u32, column: u32) -> Range<usize> {
    let mut start = 0;
    for (number, content) in (1..).zip(text.split_inclusive('\n')) {
        if number == line {
            let end = start + content.trim_end().len();
            let offset = content.char_indices().nth(column.saturating_sub(1) as usize).map_or(0, |(i, _)| i);
            let from = (start + offset).min(end);
            return from..end;
        }
        start += content.len();
    }
    text.len()..text.len()
}

/// The bytes of a span.
pub(super) fn range(span: &Span) -> Range<usize> {
    span.start as usize..span.end as usize
}

/// One step of a reference.
pub(super) enum Step<'a> {
    /// `.name` or `["name"]`.
    Field(String, &'a Span),
    /// `[anything else]`.
    Index(&'a Ref<Expr>),
}

/// Takes a reference apart: what it starts from, and the steps. Anything else is its own start.
pub(super) fn chain(expr: &Ref<Expr>) -> (&Ref<Expr>, Vec<Step<'_>>) {
    let mut steps = Vec::new();
    let mut at = expr;
    loop {
        match at.as_ref() {
            Expr::RefDot { refr, field, .. } => {
                let name = field.1.as_string().map_or_else(|_| field.0.text().to_owned(), |s| s.to_string());
                steps.push(Step::Field(name, &field.0));
                at = refr;
            }
            Expr::RefBrack { refr, index, .. } => {
                steps.push(match index.as_ref() {
                    Expr::String { value, span, .. } | Expr::RawString { value, span, .. } => {
                        Step::Field(value.as_string().map_or_else(|_| String::new(), |s| s.to_string()), span)
                    }
                    _ => Step::Index(index),
                });
                at = refr;
            }
            _ => break,
        }
    }
    steps.reverse();
    (at, steps)
}

/// The name of a variable.
pub(super) fn var(expr: &Expr) -> Option<&str> {
    match expr {
        Expr::Var { span, .. } => Some(span.text()),
        _ => None,
    }
}

/// The leading names of a reference, as far as they are static.
pub(super) fn path_of(expr: &Ref<Expr>) -> Vec<String> {
    let (root, steps) = chain(expr);
    let Some(name) = var(root) else { return Vec::new() };
    let mut path = vec![name.to_owned()];
    for step in steps {
        match step {
            Step::Field(name, _) => path.push(name),
            Step::Index(_) => break,
        }
    }
    path
}

/// The name a rule defines, its arguments, and whether it is a partial set.
pub(super) struct Head<'a> {
    pub(super) name: String,
    pub(super) span: &'a Span,
    /// `None` for rules that take none.
    pub(super) args: Option<&'a [Ref<Expr>]>,
    pub(super) set: bool,
    /// Keyed: `p[k] := v`.
    pub(super) object: bool,
}

/// What a rule defines.
pub(super) fn head(rule: &Rule) -> Head<'_> {
    let (refr, args, set) = match rule {
        Rule::Spec { head: RuleHead::Compr { refr, .. }, .. } => (refr, None, false),
        Rule::Spec { head: RuleHead::Set { refr, .. }, .. } => (refr, None, true),
        Rule::Spec { head: RuleHead::Func { refr, args, .. }, .. } => (refr, Some(args.as_slice()), false),
        Rule::Default { refr, args, .. } => (refr, (!args.is_empty()).then_some(args.as_slice()), false),
    };
    Head {
        name: path_of(refr).join("."),
        span: refr.span(),
        args,
        set,
        object: matches!(refr.as_ref(), Expr::RefBrack { .. }),
    }
}

/// A walk over a tree. Each method goes on downwards unless it is overridden.
pub(super) trait Visit {
    fn expr(&mut self, expr: &Ref<Expr>) {
        walk_expr(self, expr);
    }
    fn statement(&mut self, statement: &LiteralStmt) {
        walk_statement(self, statement);
    }
    fn query(&mut self, query: &Query) {
        for statement in &query.stmts {
            self.statement(statement);
        }
    }
}

/// Visits the parts of a statement.
pub(super) fn walk_statement<V: Visit + ?Sized>(v: &mut V, statement: &LiteralStmt) {
    match &statement.literal {
        Literal::SomeVars { .. } => {}
        Literal::SomeIn { key, value, collection, .. } => {
            key.iter().for_each(|k| v.expr(k));
            v.expr(value);
            v.expr(collection);
        }
        Literal::Expr { expr, .. } | Literal::NotExpr { expr, .. } => v.expr(expr),
        Literal::Every { domain, query, .. } => {
            v.expr(domain);
            v.query(query);
        }
    }
    for with in &statement.with_mods {
        v.expr(&with.refr);
        v.expr(&with.r#as);
    }
}

/// Visits the parts of an expression.
pub(super) fn walk_expr<V: Visit + ?Sized>(v: &mut V, expr: &Ref<Expr>) {
    match expr.as_ref() {
        Expr::Array { items, .. } | Expr::Set { items, .. } => items.iter().for_each(|i| v.expr(i)),
        Expr::Object { fields, .. } => {
            for (_, key, value) in fields {
                v.expr(key);
                v.expr(value);
            }
        }
        Expr::ArrayCompr { term, query, .. } | Expr::SetCompr { term, query, .. } => {
            v.query(query);
            v.expr(term);
        }
        Expr::ObjectCompr { key, value, query, .. } => {
            v.query(query);
            v.expr(key);
            v.expr(value);
        }
        Expr::Call { fcn, params, .. } => {
            v.expr(fcn);
            params.iter().for_each(|p| v.expr(p));
        }
        Expr::UnaryExpr { expr, .. } => v.expr(expr),
        Expr::RefDot { refr, .. } => v.expr(refr),
        Expr::RefBrack { refr, index, .. } => {
            v.expr(refr);
            v.expr(index);
        }
        Expr::BinExpr { lhs, rhs, .. }
        | Expr::BoolExpr { lhs, rhs, .. }
        | Expr::ArithExpr { lhs, rhs, .. }
        | Expr::AssignExpr { lhs, rhs, .. } => {
            v.expr(lhs);
            v.expr(rhs);
        }
        Expr::Membership { key, value, collection, .. } => {
            key.iter().for_each(|k| v.expr(k));
            v.expr(value);
            v.expr(collection);
        }
        _ => {} // literals and variables
    }
}

/// Visits everything a rule holds except the name it defines.
pub(super) fn walk_rule<V: Visit + ?Sized>(v: &mut V, rule: &Rule) {
    match rule {
        Rule::Spec { head, bodies, .. } => {
            let (refr, key, assign) = match head {
                RuleHead::Compr { refr, assign, .. } => (refr, None, assign.as_ref()),
                RuleHead::Set { refr, key, .. } => (refr, key.as_ref(), None),
                RuleHead::Func { refr, args, assign, .. } => {
                    args.iter().for_each(|a| v.expr(a));
                    (refr, None, assign.as_ref())
                }
            };
            for step in chain(refr).1 {
                if let Step::Index(index) = step {
                    v.expr(index);
                }
            }
            for body in bodies {
                v.query(&body.query);
                body.assign.iter().for_each(|a| v.expr(&a.value));
            }
            key.into_iter().for_each(|k| v.expr(k));
            assign.into_iter().for_each(|a| v.expr(&a.value));
        }
        Rule::Default { args, value, .. } => {
            args.iter().for_each(|a| v.expr(a));
            v.expr(value);
        }
    }
}
