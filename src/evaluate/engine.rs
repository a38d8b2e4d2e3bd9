//! The two engines behind one face: the strict interpreter, which is the reference, and the RVM, which is faster.

use super::PolicyFile;
use super::syntax::{Complaint, complaint, engine_name};
use regorus::languages::rego::compiler::Compiler;
use regorus::rvm::program::Program;
use regorus::rvm::vm::{RegoVM, VmError};
use regorus::utils::limits::ExecutionTimerConfig;
use regorus::{CompiledPolicy, Engine, Value};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

/// Which engine judges.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum EngineChoice {
    /// The RVM for rules that it may judge, the interpreter for the rest.
    #[default]
    Auto,
    /// The interpreter for all.
    Interpreter,
    /// The RVM for all; a rule that it may not judge is broken.
    Rvm,
    /// Both for rules that the RVM may judge; where they differ the rule is in error.
    Both,
}

/// How far a policy may go on one input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Wall-clock time of one evaluation.
    pub time: Duration,
    /// Instructions of one evaluation on the RVM.
    pub instructions: usize,
}

/// Numbers that one call of `numbers.range` may give.
const LONGEST_RANGE: i64 = 1_000_000;

impl Default for Limits {
    fn default() -> Self {
        Self { time: Duration::from_secs(2), instructions: 5_000_000 }
    }
}

/// Instructions that a rule may take for one record of the estate, beside the limit of one input.
const INSTRUCTIONS_PER_RECORD: usize = 1_000;

impl Limits {
    /// The limits of a rule that judges the estate: what one position may take, and a share for each record.
    pub(super) fn for_records(self, records: usize) -> Self {
        let more = records.saturating_mul(INSTRUCTIONS_PER_RECORD);
        let time = Duration::from_micros(u64::try_from(records).unwrap_or(u64::MAX).saturating_mul(50));
        Self { instructions: self.instructions.saturating_add(more), time: self.time.saturating_add(time) }
    }

    pub(super) fn timer(&self) -> ExecutionTimerConfig {
        ExecutionTimerConfig { limit: self.time, check_interval: NonZeroU32::new(256).unwrap_or(NonZeroU32::MIN) }
    }
}

/// An interpreter that holds some of the files, ready to be cloned. `entry` is a rule in them.
pub(super) fn interpreter(
    files: &[PolicyFile],
    wanted: impl Iterator<Item = usize>,
    entry: &str,
    as_of_ns: i64,
) -> Result<(Engine, CompiledPolicy), Complaint> {
    let texts = wanted.filter_map(|index| Some((index, files.get(index)?.text.clone())));
    compile(texts, entry, as_of_ns)
}

/// Loads texts, each with the number of its file, and prepares them for a rule in them.
pub(super) fn compile(
    texts: impl Iterator<Item = (usize, String)>,
    entry: &str,
    as_of_ns: i64,
) -> Result<(Engine, CompiledPolicy), Complaint> {
    let failed = |e: anyhow::Error| complaint(&e.to_string());
    let mut engine = Engine::new();
    engine.set_strict_builtin_errors(true);
    for (index, text) in texts {
        engine.add_policy(engine_name(index), text).map_err(failed)?;
    }
    let now = Value::from(as_of_ns);
    engine.add_extension("time.now_ns".into(), 0, Box::new(move |_: Vec<Value>| Ok(now.clone()))).map_err(failed)?;
    for (name, arguments) in [("numbers.range", 2), ("numbers.range_step", 3)] {
        let call = move |given: Vec<Value>| range(name, &given, LONGEST_RANGE);
        engine.add_extension(name.into(), arguments, Box::new(call)).map_err(failed)?;
    }
    let compiled = engine.compile_with_entrypoint(&format!("data.{entry}").into()).map_err(failed)?;
    Ok((engine, compiled))
}

/// `numbers.range` and `numbers.range_step`, bounded: the engine's own fills the memory within one call, where
/// no timer looks.
fn range(name: &str, given: &[Value], longest: i64) -> anyhow::Result<Value> {
    let numbers: Option<Vec<i64>> = given.iter().map(|v| v.as_i64().ok()).collect();
    let (from, to, step) = match numbers.as_deref() {
        Some([from, to]) => (*from, *to, 1),
        Some([from, to, step]) if *step > 0 => (*from, *to, *step),
        _ => anyhow::bail!("`{name}` takes integers, and a positive step"),
    };
    let span = i128::from(to) - i128::from(from);
    if span.abs() / i128::from(step) >= i128::from(longest) {
        anyhow::bail!("`{name}` would give more than {longest} numbers");
    }
    let count = span.abs() / i128::from(step);
    let numbers =
        (0..=count).filter_map(|i| i64::try_from(i128::from(from) + i * i128::from(step) * span.signum()).ok());
    Ok(Value::from(numbers.map(Value::from).collect::<Vec<_>>()))
}

/// Compiles rules of some files for the RVM.
pub(super) fn program(compiled: &CompiledPolicy, entries: &[String]) -> Result<Arc<Program>, Complaint> {
    let entries: Vec<String> = entries.iter().map(|e| format!("data.{e}")).collect();
    let entries: Vec<&str> = entries.iter().map(String::as_str).collect();
    Compiler::compile_from_policy(compiled, &entries).map_err(|error| complaint(&error.to_string()))
}

/// A machine for a program.
pub(super) fn machine(program: &Arc<Program>, limits: &Limits) -> Result<RegoVM, VmError> {
    let mut machine = RegoVM::new();
    machine.set_max_instructions(limits.instructions);
    machine.set_execution_timer_config(Some(limits.timer()));
    machine.load_program(program.clone());
    machine.set_strict_builtin_errors(true);
    machine.set_data(Value::new_object())?;
    Ok(machine)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(json: &str) -> Value {
        Value::from_json_str(json).unwrap()
    }

    #[test]
    fn a_bounded_range_gives_what_the_builtin_gives() {
        let call =
            |name: &str, args: &[i64]| range(name, &args.iter().map(|a| Value::from(*a)).collect::<Vec<_>>(), 10);
        assert_eq!(call("numbers.range", &[1, 3]).unwrap(), list("[1, 2, 3]"));
        assert_eq!(call("numbers.range", &[3, 1]).unwrap(), list("[3, 2, 1]"));
        assert_eq!(call("numbers.range", &[2, 2]).unwrap(), list("[2]"));
        assert_eq!(call("numbers.range_step", &[1, 6, 2]).unwrap(), list("[1, 3, 5]"));
        assert!(call("numbers.range", &[1, 1_000_000_000_000]).is_err());
        assert!(call("numbers.range_step", &[1, 5, 0]).is_err());
    }
}
