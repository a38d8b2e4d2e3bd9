//! Verdicts that were given before, each by the rules and the input that it rests on.

use std::sync::Mutex;

use regorus::Value;
use sha2::{Digest as _, Sha256};

use super::Judgement;
use crate::hash::HashMap;
use crate::parallel::lock;

/// What rules said of inputs, from one run to the next. A run takes over what it meets again; the rest goes with it.
#[derive(Debug, Default)]
pub struct Remembered {
    basis: Vec<u8>,
    before: Mutex<HashMap<Key, Vec<Judgement>>>,
    now: Mutex<HashMap<Key, Vec<Judgement>>>,
}

/// The rules that judged, and what they saw.
type Key = (Box<[usize]>, InputHash);

/// SHA-256 of an input: what stands for it where all of it would fill the memory.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(super) struct InputHash([u8; 32]);

impl InputHash {
    /// Of an input.
    pub(super) fn of(value: &Value) -> Self {
        let mut hash = Sha256::new();
        feed(&mut hash, value);
        Self(hash.finalize().into())
    }

    /// Of this input with one more field.
    pub(super) fn and(self, value: &Value) -> Self {
        let mut hash = Sha256::new();
        hash.update(self.0);
        feed(&mut hash, value);
        Self(hash.finalize().into())
    }
}

/// Every value differently: its type, how long it is, and what is in it.
fn feed(hash: &mut Sha256, value: &Value) {
    let mut of = |kind: u8, length: usize| {
        hash.update([kind]);
        hash.update(length.to_le_bytes());
    };
    match value {
        Value::Null => of(0, 0),
        Value::Undefined => of(1, 0),
        Value::Bool(yes) => of(2, usize::from(*yes)),
        Value::Number(number) => {
            let written = number.format_decimal();
            of(3, written.len());
            hash.update(written);
        }
        Value::String(text) => {
            of(4, text.len());
            hash.update(text.as_bytes());
        }
        Value::Array(list) => {
            of(5, list.len());
            list.iter().for_each(|value| feed(hash, value));
        }
        Value::Set(set) => {
            of(6, set.len());
            set.iter().for_each(|value| feed(hash, value));
        }
        Value::Object(map) => {
            of(7, map.len());
            map.iter().for_each(|(key, value)| {
                feed(hash, key);
                feed(hash, value);
            });
        }
    }
}

impl Remembered {
    /// A run begins whose policies, engine and instant are these: nothing that rests on others counts any more.
    pub fn begin(&mut self, basis: Vec<u8>) {
        let before = std::mem::take(&mut self.now);
        self.before = if basis == self.basis { before } else { Mutex::default() };
        self.basis = basis;
    }

    /// What these rules said of the input before, else what `judge` says; an answer that failed is not kept.
    pub(super) fn or_judge(
        &self,
        rules: &[usize],
        input: InputHash,
        judge: impl FnOnce() -> Vec<Judgement>,
    ) -> Vec<Judgement> {
        let key = (rules.into(), input);
        let known = lock(&self.before).remove(&key);
        let judgements = known.unwrap_or_else(judge);
        if judgements.iter().all(|judgement| judgement.result.is_ok()) {
            lock(&self.now).insert(key, judgements.clone());
        }
        judgements
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::RuleError;
    use super::*;

    #[test]
    fn what_was_said_is_said_again_while_rules_input_and_basis_are_the_same() {
        let said = |rule| vec![Judgement { rule, result: Ok(Vec::new()) }];
        let (till, shop) = (InputHash::of(&Value::from("till")), InputHash::of(&Value::from("shop")));
        let mut memory = Remembered::default();
        memory.begin(b"a".to_vec());
        assert_eq!(memory.or_judge(&[1], till, || said(1)), said(1));
        memory.begin(b"a".to_vec());
        assert_eq!(memory.or_judge(&[1], till, || said(9)), said(1));
        assert_eq!(memory.or_judge(&[1], shop, || said(2)), said(2), "another input");
        assert_eq!(memory.or_judge(&[1, 2], till, || said(3)), said(3), "other rules");
        memory.begin(b"b".to_vec());
        assert_eq!(memory.or_judge(&[1], till, || said(4)), said(4), "another basis");
        memory.begin(b"b".to_vec());
        memory.begin(b"b".to_vec());
        assert_eq!(memory.or_judge(&[1], till, || said(5)), said(5), "a run that did not ask");
    }

    #[test]
    fn no_two_values_are_one_input() {
        let texts = [
            "null",
            "false",
            "0",
            "\"\"",
            "[]",
            "{}",
            "[[]]",
            "[\"ab\"]",
            "[\"a\", \"b\"]",
            "{\"a\": \"b\"}",
            "1.5",
            "-1",
        ];
        let inputs: HashSet<InputHash> =
            texts.iter().map(|text| InputHash::of(&Value::from_json_str(text).unwrap())).collect();
        assert_eq!(inputs.len(), texts.len());
        let position = Value::from_json_str("{\"age\": 3600, \"size\": 18446744073709551615}").unwrap();
        assert_eq!(InputHash::of(&position), InputHash::of(&position.clone()));
        assert_ne!(InputHash::of(&position).and(&Value::Null), InputHash::of(&position).and(&Value::new_array()));
    }

    #[test]
    fn no_answer_is_no_verdict_to_remember() {
        let mut memory = Remembered::default();
        memory.begin(Vec::new());
        let till = InputHash::of(&Value::from("till"));
        let failed = vec![Judgement { rule: 1, result: Err(RuleError::Stopped("10 s".into())) }];
        memory.or_judge(&[1], till, || failed.clone());
        memory.begin(Vec::new());
        let better = vec![Judgement { rule: 1, result: Ok(Vec::new()) }];
        assert_eq!(memory.or_judge(&[1], till, || better.clone()), better);
    }
}
