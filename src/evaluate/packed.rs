//! The built-in pack, compiled beforehand: parsing, checking and compiling the policies is most of a small run.
//!
//! `policies/pack.bin` holds the RVM programs of every family and the METADATA of every rule, under the hash of the
//! texts they were made of. A test makes it anew and fails on drift; where it does not fit (another text, another
//! engine version, policies of the user beside the pack) the texts are compiled as they are.

use std::sync::Arc;

use regorus::rvm::program::{DeserializationResult, Program};
use serde::{Deserialize, Serialize};

use super::{EngineChoice, Limits, Metadata, Policies, PolicyFile, Prepared, Rule, RuleState};
use crate::builtin::{POLICIES, POLICIES_SHA256, Policy};
use crate::source::FileId;

/// The pack as it was when this was built.
const PACKED: &[u8] = include_bytes!("../../policies/pack.bin");

/// What the programs belong to.
#[derive(Serialize, Deserialize)]
struct Contents {
    rules: Vec<PackedRule>,
    /// Bytes of each program.
    programs: Vec<usize>,
}

#[derive(Serialize, Deserialize)]
struct PackedRule {
    metadata: Metadata,
    has_subjects: bool,
    program: usize,
    entry: usize,
}

/// The built-in policies in their packed form; `None` where they are others, or a rule has no program.
///
/// # Errors
/// What the engine says when a program cannot be written.
pub fn pack(policies: &Policies, files: &[PolicyFile]) -> Result<Option<Vec<u8>>, String> {
    if !are_built_in(files) {
        return Ok(None);
    }
    let mut contents = Contents { rules: Vec::new(), programs: Vec::new() };
    let mut bytes = Vec::new();
    for program in &policies.programs {
        let program = program.serialize_binary()?;
        contents.programs.push(program.len());
        bytes.extend(program);
    }
    for (rule, prepared) in policies.rules.iter().zip(&policies.prepared) {
        let Some((prepared, (program, entry))) = prepared.as_ref().and_then(|p| Some((p, p.program?))) else {
            return Ok(None);
        };
        let metadata = rule.metadata.clone();
        contents.rules.push(PackedRule { metadata, has_subjects: prepared.has_subjects, program, entry });
    }
    let contents = serde_json::to_vec(&contents).map_err(|e| e.to_string())?;
    let mut packed = POLICIES_SHA256.as_bytes().to_vec();
    packed.extend(u32::try_from(contents.len()).map_err(|e| e.to_string())?.to_le_bytes());
    packed.extend(contents);
    packed.extend(bytes);
    Ok(Some(packed))
}

/// The built-in pack ready to judge, where the packed form is that of these files.
pub(super) fn unpack(files: &[PolicyFile], choice: EngineChoice) -> Option<Policies> {
    let rest = PACKED.strip_prefix(POLICIES_SHA256.as_bytes())?;
    if !matches!(choice, EngineChoice::Auto | EngineChoice::Rvm) || !are_built_in(files) {
        return None;
    }
    let (length, rest) = rest.split_first_chunk::<4>()?;
    let (contents, mut rest) = rest.split_at_checked(usize::try_from(u32::from_le_bytes(*length)).ok()?)?;
    let contents: Contents = serde_json::from_slice(contents).ok()?;
    let mut programs = Vec::with_capacity(contents.programs.len());
    for length in contents.programs {
        let (program, after) = rest.split_at_checked(length)?;
        rest = after;
        match Program::deserialize_binary(program).ok()? {
            DeserializationResult::Complete(program) => programs.push(Arc::new(program)),
            DeserializationResult::Partial(_) => return None,
        }
    }
    let (mut rules, mut prepared) = (Vec::new(), Vec::new());
    for PackedRule { mut metadata, has_subjects, program, entry } in contents.rules {
        metadata.file = files.iter().find(|f| f.path == metadata.path).map_or(FileId::default(), |f| f.file);
        let package = metadata.package.clone();
        prepared.push(Some(Prepared { package, has_subjects, interpreter: None, program: Some((program, entry)) }));
        rules.push(Rule { metadata, state: RuleState::Ready { rvm: true, because: None } });
    }
    let paths = files.iter().map(|f| f.path.clone()).collect();
    Some(Policies { rules, prepared, programs, choice, limits: Limits::default(), paths })
}

/// Whether these are the built-in policies, all of them, and nothing else.
fn are_built_in(files: &[PolicyFile]) -> bool {
    let same =
        |(file, policy): (&PolicyFile, &Policy)| file.builtin && file.path == policy.path && file.text == policy.text;
    files.len() == POLICIES.len() && files.iter().zip(POLICIES).all(same)
}
