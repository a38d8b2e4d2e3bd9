//! Judging positions: one [`Worker`] a thread, each rule on its own.

use super::engine::{EngineChoice, Limits, machine};
use super::metadata::{Phase, SubjectKind};
use super::outcome::{Judgement, Row, RuleError, rows, short};
use super::remembered::{InputHash, Remembered};
use super::syntax::complaint;
use super::{Policies, Prepared};
use regorus::rvm::vm::{RegoVM, VmError};
use regorus::{Engine, LimitError, Value};
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};

thread_local! {
    static CAUGHT: Cell<bool> = const { Cell::new(false) };
}

/// Whether a panic on this thread, now, becomes a rule's error: a hook need not tell it.
#[must_use]
pub fn is_a_panic_caught_here() -> bool {
    CAUGHT.get()
}

/// Judges inputs; one a thread. To be used on a big stack: inside [`in_parallel`](crate::parallel::in_parallel) or
/// [`on_big_stack`](crate::parallel::on_big_stack).
pub struct Worker<'p> {
    policies: &'p Policies,
    /// The interpreter of each rule that has one, cloned when it is first needed.
    engines: Vec<Option<Engine>>,
    /// The machine of each program.
    machines: Vec<Option<RegoVM>>,
    /// The rules whose input is a position.
    positions: Vec<usize>,
    /// Those that judge the verdicts on it.
    outcomes: Vec<usize>,
    limits: Limits,
    /// What was said before.
    remembered: Option<&'p Remembered>,
}

impl<'p> Worker<'p> {
    pub(super) fn new(policies: &'p Policies, limits: Limits) -> Self {
        let of = |phase| {
            policies.select(|m| matches!(m.subject, SubjectKind::Service | SubjectKind::Component) && m.phase == phase)
        };
        Self {
            policies,
            engines: policies.prepared.iter().map(|_| None).collect(),
            machines: policies.programs.iter().map(|_| None).collect(),
            positions: of(Phase::Positions),
            outcomes: of(Phase::Outcomes),
            limits,
            remembered: None,
        }
    }

    /// Says again what was said before of the same input.
    #[must_use]
    pub(super) fn remembering(mut self, remembered: Option<&'p Remembered>) -> Self {
        self.remembered = remembered;
        self
    }

    /// Leaves out rules that nobody asks for.
    #[must_use]
    pub(super) fn only(mut self, wanted: impl Fn(usize) -> bool) -> Self {
        self.positions.retain(|rule| wanted(*rule));
        self.outcomes.retain(|rule| wanted(*rule));
        self
    }

    /// The rules that judge the verdicts on a position: their input is the position with its `outcomes`.
    #[must_use]
    pub fn outcome_rules(&self) -> Vec<usize> {
        self.outcomes.clone()
    }

    /// The rules whose input is a position.
    #[must_use]
    pub fn position_rules(&self) -> Vec<usize> {
        self.positions.clone()
    }

    /// Judges one position with every ready rule whose input is a position, in rule order.
    pub fn judge(&mut self, position: &Value) -> Vec<Judgement> {
        self.judge_with(&self.position_rules(), position)
    }

    /// What stands for an input, for a worker that remembers.
    pub(super) fn known_as(&self, input: impl FnOnce() -> InputHash) -> Option<InputHash> {
        self.remembered.map(|_| input())
    }

    /// As [`Worker::judge_with`]; what was said of an input that is known is said again.
    pub(super) fn judge_known(
        &mut self,
        rules: &[usize],
        input: &Value,
        known_as: Option<InputHash>,
    ) -> Vec<Judgement> {
        match self.remembered.zip(known_as) {
            Some((remembered, known_as)) => remembered.or_judge(rules, known_as, || self.judge_with(rules, input)),
            None => self.judge_with(rules, input),
        }
    }

    /// Judges one input with these rules (indices into [`Policies::rules`]); broken ones are left out.
    pub fn judge_with(&mut self, rules: &[usize], input: &Value) -> Vec<Judgement> {
        for machine in self.machines.iter_mut().flatten() {
            machine.set_input(input.clone());
        }
        rules
            .iter()
            .filter(|rule| self.policies.prepared.get(**rule).is_some_and(Option::is_some))
            .map(|rule| Judgement { rule: *rule, result: self.rule(*rule, input) })
            .collect()
    }

    fn rule(&mut self, rule: usize, input: &Value) -> Result<Vec<Row>, RuleError> {
        CAUGHT.set(true);
        let judged = catch_unwind(AssertUnwindSafe(|| {
            let policies = self.policies;
            let Some(prepared) = policies.prepared.get(rule).and_then(Option::as_ref) else { return Ok(Vec::new()) };
            let findings = self.entry(rule, prepared, Entry::Findings, input)?;
            let subjects = match prepared.has_subjects {
                true => self.entry(rule, prepared, Entry::Subjects, input)?,
                false => the_service(input),
            };
            rows(&findings, &subjects)
        }));
        CAUGHT.set(false);
        judged.unwrap_or_else(|_| {
            // Whatever state the panic left behind goes with the engines.
            self.engines.iter_mut().for_each(|e| *e = None);
            self.machines.iter_mut().for_each(|m| *m = None);
            Err(RuleError::Panicked)
        })
    }

    fn entry(&mut self, rule: usize, prepared: &Prepared, entry: Entry, input: &Value) -> Result<Value, RuleError> {
        match (&prepared.program, &prepared.interpreter) {
            (Some((program, first)), Some(interpreter)) if self.policies.choice == EngineChoice::Both => {
                let reference = self.interpret(rule, interpreter, prepared, entry, input)?;
                let other = self.run(*program, first + entry as usize, input);
                match other {
                    Ok(other) if same(&reference, &other) => Ok(reference),
                    other => Err(RuleError::EnginesDiffer {
                        entry: entry.name(),
                        interpreter: short(&reference),
                        rvm: other.map_or_else(|e| e.to_string(), |v| short(&v)),
                    }),
                }
            }
            (Some((program, first)), _) => self.run(*program, first + entry as usize, input),
            (None, Some(interpreter)) => self.interpret(rule, interpreter, prepared, entry, input),
            (None, None) => Err(RuleError::Policy("the rule was not compiled".into())),
        }
    }

    fn interpret(
        &mut self,
        rule: usize,
        prototype: &Engine,
        prepared: &Prepared,
        entry: Entry,
        input: &Value,
    ) -> Result<Value, RuleError> {
        let limits = self.limits;
        let Some(slot) = self.engines.get_mut(rule) else { return Ok(Value::Undefined) };
        let engine = slot.get_or_insert_with(|| {
            let mut engine = prototype.clone();
            engine.set_execution_timer_config(limits.timer());
            engine
        });
        engine.set_input(input.clone());
        let result = engine.eval_rule(format!("data.{}.{}", prepared.package, entry.name()));
        result.map_err(|error| {
            *slot = None;
            match error.downcast_ref::<LimitError>() {
                Some(LimitError::TimeLimitExceeded { .. }) => stopped_in_time(&limits),
                Some(other) => RuleError::Stopped(other.to_string()),
                None => {
                    let mut complaint = complaint(&error.to_string());
                    if complaint.message == "not an object" {
                        // regorus 0.14.1, when what a partial set or object is to hold is undefined.
                        let what = "a rule adds an element that is undefined: something it is built from is missing";
                        complaint.message = what.into();
                    }
                    match complaint.message.contains("execution exceeded time limit") {
                        true => stopped_in_time(&limits),
                        false => RuleError::Policy(complaint.told(&self.policies.paths)),
                    }
                }
            }
        })
    }

    fn run(&mut self, program: usize, entry: usize, input: &Value) -> Result<Value, RuleError> {
        let limits = self.limits;
        let failed = |error: VmError| match error {
            VmError::TimeLimitExceeded { .. } => stopped_in_time(&limits),
            VmError::InstructionLimitExceeded { limit, .. } => RuleError::Stopped(format!("{limit} instructions")),
            other => RuleError::Policy(complaint(&other.to_string()).told(&self.policies.paths)),
        };
        let (Some(slot), Some(program)) = (self.machines.get_mut(program), self.policies.programs.get(program)) else {
            return Ok(Value::Undefined);
        };
        let machine = match slot {
            Some(machine) => machine,
            None => {
                let mut fresh = machine(program, &limits).map_err(failed)?;
                fresh.set_input(input.clone());
                slot.insert(fresh)
            }
        };
        let result = machine.execute_entry_point_by_index(entry);
        if result.is_err() {
            *slot = None; // a fresh machine for whoever comes next
        }
        result.map_err(failed)
    }
}

fn stopped_in_time(limits: &Limits) -> RuleError {
    RuleError::Stopped(format!("{} s", limits.time.as_secs_f64()))
}

/// An undefined set is an empty one.
fn same(a: &Value, b: &Value) -> bool {
    let empty = |v: &Value| match v {
        Value::Undefined => true,
        Value::Set(set) => set.is_empty(),
        _ => false,
    };
    a == b || (empty(a) && empty(b))
}

/// Whom a rule without `subjects` judges: the service of the position.
fn the_service(input: &Value) -> Value {
    let service = &input["service"];
    let mut subject = service["subject"].clone();
    if subject == Value::Undefined {
        let mut made = regorus::value::Object::new();
        made.insert("kind".into(), "service".into());
        for (name, value) in [("tenant", &service["tenant"]), ("service", &service["id"])] {
            if matches!(value, Value::String(_)) {
                made.insert(name.into(), value.clone());
            }
        }
        subject = made.into_value();
    }
    let mut set = Value::new_set();
    if let Ok(set) = set.as_set_mut() {
        set.insert(subject);
    }
    set
}

/// The two rules every policy is asked for, in the order of a program's entry points.
#[derive(Clone, Copy)]
enum Entry {
    Findings = 0,
    Subjects = 1,
}

impl Entry {
    fn name(self) -> &'static str {
        match self {
            Self::Findings => "findings",
            Self::Subjects => "subjects",
        }
    }
}
