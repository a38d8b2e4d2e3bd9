//! A report that may leave the house: what was judged and with which outcome, without what would help an intruder.
//!
//! In goes a report, out comes one that every format renders. It is built from a list of what is kept, so that a field
//! that is added later is withheld until somebody decides otherwise: the compiler asks, for every struct is taken apart
//! field by field.
//!
//! | kept | withheld |
//! |---|---|
//! | verdicts, severities, grades, tiers 1 to 4, counts | services, components, objects, people, tenants: tokens stand for them |
//! | built-in rules with their texts, built-in standards by name | the organisation's own rules and standard: tokens |
//! | objectives and measured recovery times | ages, and every time but the as-of and the days on which exceptions begin and end |
//! | numbers that a rule found, where they are counts, shares, grades or tiers | all others, and texts |
//! | the status of inputs, and how many records they gave | paths, kinds of exports, sizes, who collected them and when |
//! | the codes of diagnostics | what they say, and every pointer, line and snippet |
//! | whether an exception is in force, and how much it covers | reasons, risks, names |
//! | how many services there are | waves, earliest times, what waits for what |
//!
//! A message is the title of its rule. Hashes and fingerprints are HMAC-SHA256 of what they were. What was sorted by name
//! is sorted by token, for an order tells names as well.

mod names;
#[cfg(test)]
mod tests;
mod tokens;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use serde::Deserialize as _;
use serde_json::Value;

use names::Names;
pub use tokens::{Key, LEAST, TooShort};

use super::View;
use super::model::{
    BaselineUsed, EvidenceItem, ExceptionListed, ExceptionUsed, Finding, InputUsed, Ledger, PositionSummary, Redacted,
    Report, Row, RuleUsed, Share, StandardUsed, Verdict,
};
use super::place::{Places, Wanted};
use super::read::Recorded;
use crate::config::builtin;
use crate::diagnostic::{Diagnostic, Diagnostics};
use crate::model::{Grade, Section};
use crate::source::{FileId, Hash, Place, SourceFile, Sources};

/// What stands for a text that is withheld.
pub const WITHHELD: &str = "withheld";

/// A report without names, places, times and the order of recovery. `public` are the rules that everybody may know, by
/// id: what is said of those is their text.
#[must_use]
pub fn redact(view: &View<'_>, key: &Key, public: &[RuleUsed]) -> Recorded {
    let public: HashMap<&str, &RuleUsed> = public.iter().map(|rule| (rule.id.as_str(), rule)).collect();
    let mut names = Names::new(view, key);
    let (sources, files) = files(view, &mut names);
    let mut redaction = Redaction { view, names, public, files };
    let report = redaction.report();
    Recorded { report, sources, places: Places::default() }
}

/// Every file that is pointed to, by its token.
fn files(view: &View<'_>, names: &mut Names<'_>) -> (Sources, HashMap<FileId, FileId>) {
    let report = view.report;
    let pointed = Wanted::everything(report);
    let all: BTreeSet<FileId> =
        pointed.files().chain(report.inputs.iter().map(|i| i.file)).chain(report.standard.file).collect();
    let mut by_token: BTreeMap<String, Vec<FileId>> = BTreeMap::new();
    for file in all {
        by_token.entry(names.path(view.sources.path(file))).or_default().push(file);
    }
    let (mut sources, mut ids) = (Sources::default(), HashMap::new());
    for (path, files) in by_token {
        let known = files.iter().filter_map(|file| view.sources.get(*file)).map(|f| f.sha256().into_owned());
        let hash = known.into_iter().find(|hash| !hash.is_empty()).map(|hash| names.input_hash(&hash));
        let hash = hash.map_or(Hash::None, Hash::Known);
        let id = sources.add(SourceFile { path, hash, bytes: 0, text: None });
        ids.extend(files.into_iter().map(|file| (file, id)));
    }
    (sources, ids)
}

struct Redaction<'a, 'k> {
    view: &'a View<'a>,
    names: Names<'k>,
    /// Rules that everybody may know.
    public: HashMap<&'a str, &'a RuleUsed>,
    files: HashMap<FileId, FileId>,
}

impl Redaction<'_, '_> {
    fn report(&mut self) -> Report {
        let Report {
            as_of,
            complete,
            standard,
            policies_sha256,
            rules: _,
            inputs,
            diagnostics: _,
            ledger: _,
            exceptions,
            evidence,
            positions,
            fail_on,
            least,
            unknown_fails,
            baseline,
            redacted: _,
        } = self.view.report;
        let (rules, numbers) = self.rules();
        let ledger = self.ledger(&rules, &numbers);
        let mut inputs: Vec<InputUsed> = inputs.iter().map(|input| self.input(input)).collect();
        inputs.sort_by_key(|input| input.file);
        let mut exceptions: Vec<ExceptionListed> = exceptions.iter().map(|e| self.exception(e)).collect();
        exceptions.sort_by(|a, b| (&a.tenant, &a.id).cmp(&(&b.tenant, &b.id)));
        let mut evidence: Vec<EvidenceItem> = evidence.iter().map(|item| self.evidence(item)).collect();
        evidence.sort_by(|a, b| (&a.tenant, &a.test, &a.path, &a.url).cmp(&(&b.tenant, &b.test, &b.path, &b.url)));
        let mut positions: Vec<PositionSummary> = positions.iter().map(|p| self.position(p)).collect();
        positions.sort_by(|a, b| (&a.tenant, &a.service).cmp(&(&b.tenant, &b.service)));
        Report {
            as_of: *as_of,
            complete: *complete,
            standard: self.standard(standard),
            policies_sha256: self.names.hash("policies", policies_sha256),
            rules,
            inputs,
            diagnostics: self.diagnostics(),
            ledger,
            exceptions,
            evidence,
            positions,
            fail_on: *fail_on,
            least: *least,
            unknown_fails: *unknown_fails,
            baseline: baseline.as_ref().map(|baseline| self.baseline(baseline)),
            redacted: Some(Redacted { keyed: self.names.is_keyed(), key: self.names.key() }),
        }
    }

    fn standard(&mut self, standard: &StandardUsed) -> StandardUsed {
        let StandardUsed { name, version, sha256, file, built_in, extends, proposed } = standard;
        let built_in = built_in.as_ref().filter(|name| builtin::names().contains(&name.as_str()));
        let mut named = |names: &[String]| names.iter().map(|name| self.names.standard(name)).collect();
        let (extends, proposed) = (named(extends), named(proposed));
        StandardUsed {
            // Its name is not that of its file.
            name: if built_in.is_some() { name.clone() } else { self.names.standard(name) },
            version: version.clone().filter(|_| built_in.is_some()),
            sha256: sha256.as_ref().map(|hash| self.names.hash("standard", hash)),
            file: file.and_then(|file| self.files.get(&file).copied()),
            built_in: built_in.cloned(),
            extends,
            proposed,
        }
    }

    /// The rules, sorted by what they are called now; and the number that each has now.
    fn rules(&mut self) -> (Vec<RuleUsed>, Vec<u16>) {
        let rules = &self.view.report.rules;
        let mut redacted: Vec<(usize, RuleUsed)> = Vec::with_capacity(rules.len());
        for (number, rule) in rules.iter().enumerate() {
            redacted.push((number, self.rule(rule)));
        }
        redacted.sort_by(|a, b| a.1.id.cmp(&b.1.id));
        let mut numbers = vec![u16::MAX; rules.len()];
        for (now, (before, _)) in redacted.iter().enumerate() {
            if let Some(number) = numbers.get_mut(*before) {
                *number = u16::try_from(now).unwrap_or(u16::MAX);
            }
        }
        (redacted.into_iter().map(|(_, rule)| rule).collect(), numbers)
    }

    fn rule(&mut self, rule: &RuleUsed) -> RuleUsed {
        let RuleUsed {
            id,
            title: _,
            description: _,
            severity,
            remediation: _,
            controls: _,
            family: _,
            subject,
            provability: _,
            judges: _,
            facts: _,
            limits: _,
            example: _,
            related_resources: _,
            effective_on,
            broken,
            judged,
        } = rule;
        let known = self.public.get(id.as_str()).map(|known| (*known).clone());
        let text = known.unwrap_or_else(|| RuleUsed {
            id: self.names.own_rule(id),
            title: "A rule of the organisation's own".to_owned(),
            description: String::new(),
            severity: *severity,
            remediation: String::new(),
            controls: BTreeMap::new(),
            family: "own".to_owned(),
            subject: names::kind(subject).to_owned(),
            provability: None,
            judges: None,
            facts: Vec::new(),
            limits: Vec::new(),
            example: None,
            related_resources: Vec::new(),
            effective_on: None,
            broken: None,
            judged: *judged,
        });
        RuleUsed {
            severity: *severity,
            effective_on: effective_on.as_deref().and_then(day),
            broken: broken.as_ref().map(|_| WITHHELD.to_owned()),
            judged: *judged,
            ..text
        }
    }

    fn input(&mut self, input: &InputUsed) -> InputUsed {
        let InputUsed { file, kinds, tenant, collected_at: _, collector, records, shared, status } = input;
        InputUsed {
            file: self.files.get(file).copied().unwrap_or_default(),
            kinds: kinds.iter().map(|kind| names::input_kind(kind).to_owned()).collect(),
            tenant: tenant.as_deref().map(|tenant| self.names.tenant(tenant)),
            collected_at: None,
            collector: collector.as_ref().map(|_| WITHHELD.to_owned()),
            records: sections(records),
            shared: shared.iter().map(|share| self.share(share)).collect(),
            status: *status,
        }
    }

    fn share(&mut self, share: &Share) -> Share {
        let Share { tenant, documents: _, records } = share;
        let tenant = tenant.as_deref().map(|tenant| self.names.tenant(tenant));
        Share { tenant, documents: Vec::new(), records: sections(records) }
    }

    fn ledger(&mut self, rules: &[RuleUsed], numbers: &[u16]) -> Ledger {
        let Ledger { subjects, rows, findings: _, not_applicable, not_applicable_of } = &self.view.report.ledger;
        let subjects: Vec<_> = subjects.iter().map(|subject| self.names.subject(subject)).collect();
        let mut judged = Vec::with_capacity(rows.len());
        for row in rows {
            let Row { subject, rule, verdict, severity, finding: _ } = *row;
            let (Some(name), Some(rule)) = (subjects.get(subject as usize), numbers.get(usize::from(rule))) else {
                continue;
            };
            let title = rules.get(usize::from(*rule)).map_or("", |rule| rule.title.as_str());
            let tenant = self.view.report.ledger.subjects.get(subject as usize).and_then(|s| s.tenant.as_deref());
            let finding = self.view.report.ledger.finding(row).map(|f| self.finding(f, verdict, title, tenant));
            judged.push((name, *rule, verdict, severity, finding));
        }
        // Services first, as in every report.
        judged.sort_by(|a, b| {
            let order = |(subject, rule, _, _, finding): &(&_, u16, _, _, Option<Finding>)| {
                let subject: &super::model::Subject = subject;
                let fingerprint = finding.as_ref().map(|f| f.fingerprint.clone());
                (
                    subject.service.is_none(),
                    subject.tenant.clone(),
                    subject.service.clone(),
                    subject.clone(),
                    *rule,
                    fingerprint,
                )
            };
            order(a).cmp(&order(b))
        });
        let of = not_applicable_of.iter().map(|(tenant, number)| (self.names.tenant(tenant), *number)).collect();
        let mut ledger = Ledger { not_applicable: *not_applicable, not_applicable_of: of, ..Ledger::default() };
        let mut ids: HashMap<&super::model::Subject, u32> = HashMap::new();
        for (subject, rule, verdict, severity, finding) in judged {
            let subject = *ids.entry(subject).or_insert_with(|| {
                ledger.subjects.push(subject.clone());
                index(ledger.subjects.len() - 1)
            });
            let finding = finding.map(|finding| {
                ledger.findings.push(finding);
                index(ledger.findings.len() - 1)
            });
            ledger.rows.push(Row { subject, rule, verdict, severity, finding });
        }
        ledger
    }

    fn finding(&mut self, finding: &Finding, verdict: Verdict, title: &str, tenant: Option<&str>) -> Finding {
        let Finding {
            message: _,
            observed,
            expected,
            unit,
            place,
            subject_place,
            evidence: _,
            advice: _,
            fingerprint,
            exception,
            counts,
        } = finding;
        let unit = unit.as_deref().filter(|unit| UNITS.contains(unit));
        let number =
            |value: &Option<Value>| value.clone().filter(|value| unit.is_some_and(|unit| is_number(value, unit)));
        let (observed, expected) = (number(observed), number(expected));
        Finding {
            message: match verdict {
                Verdict::Error => "the rule gave no answer".to_owned(),
                _ => title.to_owned(),
            },
            unit: unit.filter(|_| observed.is_some() || expected.is_some()).map(str::to_owned),
            observed,
            expected,
            place: place.as_ref().and_then(|place| self.place(place)),
            subject_place: subject_place.as_ref().and_then(|place| self.place(place)),
            evidence: Vec::new(),
            advice: None,
            fingerprint: self.names.hash("fingerprint", fingerprint),
            exception: exception.as_ref().map(|used| self.exception_used(used, tenant)),
            counts: *counts,
        }
    }

    /// A file as a whole.
    fn place(&self, place: &Place) -> Option<Place> {
        self.files.get(&place.file).map(|file| Place::file(*file))
    }

    fn exception_used(&mut self, used: &ExceptionUsed, tenant: Option<&str>) -> ExceptionUsed {
        let ExceptionUsed { id, expires } = used;
        ExceptionUsed { id: self.names.object("exception", tenant, id), expires: expires.as_deref().and_then(day) }
    }

    fn exception(&mut self, exception: &ExceptionListed) -> ExceptionListed {
        let ExceptionListed {
            id,
            tenant,
            rule,
            services,
            components,
            tier,
            subject,
            reason,
            residual_risk,
            requested_by,
            approved_by,
            approved_at,
            expires,
            compensating,
            live,
            covers,
        } = exception;
        let of = tenant.as_deref();
        let withheld = |text: &Option<String>| text.as_ref().map(|_| WITHHELD.to_owned());
        // A component is told by its service; of several services it could be each one's.
        let service = if let [service] = services.as_slice() { Some(service.as_str()) } else { None };
        let mut services: Vec<String> = services.iter().map(|service| self.names.service(of, service)).collect();
        let mut components: Vec<String> = components.iter().map(|c| self.names.component(of, service, c)).collect();
        services.sort();
        components.sort();
        ExceptionListed {
            id: self.names.object("exception", of, id),
            tenant: of.map(|tenant| self.names.tenant(tenant)),
            rule: rule.as_deref().map(|rule| self.rule_id(rule)),
            services,
            components,
            tier: tier.as_deref().map(|tier| self.names.tier(tier)),
            subject: subject.as_deref().map(|id| self.names.object_named(self.view.report, of, id)),
            reason: withheld(reason),
            residual_risk: withheld(residual_risk),
            requested_by: requested_by.as_deref().map(|who| self.names.person(of, who)),
            approved_by: approved_by.as_deref().map(|who| self.names.person(of, who)),
            approved_at: approved_at.as_deref().and_then(day),
            expires: expires.as_deref().and_then(day),
            compensating: compensating.iter().map(|c| self.compensating(c)).collect(),
            live: *live,
            covers: *covers,
        }
    }

    /// Where it is no rule that everybody knows, it may be a text.
    fn compensating(&mut self, compensating: &str) -> String {
        match self.public.contains_key(compensating) {
            true => compensating.to_owned(),
            false if self.view.report.rules.iter().any(|rule| rule.id == compensating) => self.rule_id(compensating),
            false => WITHHELD.to_owned(),
        }
    }

    fn rule_id(&mut self, id: &str) -> String {
        if self.public.contains_key(id) { id.to_owned() } else { self.names.own_rule(id) }
    }

    fn evidence(&mut self, item: &EvidenceItem) -> EvidenceItem {
        let EvidenceItem { tenant, service, test, path, url, sha256, actual_sha256 } = item;
        let of = tenant.as_deref();
        // The two are compared without regard to case.
        let hash = |hash: &Option<String>| hash.as_ref().map(|hash| self.names.input_hash(hash));
        let (sha256, actual_sha256) = (hash(sha256), hash(actual_sha256));
        EvidenceItem {
            tenant: of.map(|tenant| self.names.tenant(tenant)),
            service: service.as_deref().map(|service| self.names.service(of, service)),
            test: self.names.object("test", of, test),
            path: path.as_deref().map(|path| self.names.evidence(path)),
            url: url.as_deref().map(|url| self.names.evidence(url)),
            sha256,
            actual_sha256,
        }
    }

    fn position(&mut self, position: &PositionSummary) -> PositionSummary {
        let PositionSummary {
            tenant,
            service,
            name: _,
            tier,
            owner,
            evidence_grade,
            required_grade,
            claimed_grade,
            rpo_s,
            newest_point_age_s: _,
            rto_s,
            measured_rto_s,
            last_test_age_s: _,
            wave: _,
            earliest_s: _,
            waits_for: _,
            components,
        } = position;
        let of = tenant.as_deref();
        PositionSummary {
            tenant: of.map(|tenant| self.names.tenant(tenant)),
            service: self.names.service(of, service),
            name: None,
            tier: tier.as_deref().map(|tier| self.names.tier(tier)),
            owner: owner.as_deref().map(|who| self.names.person(of, who)),
            evidence_grade: *evidence_grade,
            required_grade: *required_grade,
            claimed_grade: *claimed_grade,
            rpo_s: *rpo_s,
            newest_point_age_s: None,
            rto_s: *rto_s,
            measured_rto_s: *measured_rto_s,
            last_test_age_s: None,
            wave: None,
            earliest_s: None,
            waits_for: Vec::new(),
            components: *components,
        }
    }

    fn diagnostics(&self) -> Diagnostics {
        let mut all = Diagnostics::default();
        for diagnostic in self.view.report.diagnostics.iter() {
            let Diagnostic { code, level, message: _, help: _, place, related: _ } = diagnostic;
            if code == CODE {
                continue;
            }
            all.push(Diagnostic {
                code: if is_code(code) { code.clone() } else { WITHHELD.into() },
                level: *level,
                message: WITHHELD.to_owned(),
                help: None,
                place: place.as_ref().and_then(|place| self.place(place)),
                related: Vec::new(),
            });
        }
        let message = "names, places, texts, times and the order of recovery are withheld";
        let help = "what looks unknown may be withheld: the whole report says what it is";
        all.push(Diagnostic::note(CODE, message).help(help));
        all.settle();
        all
    }

    fn baseline(&mut self, baseline: &BaselineUsed) -> BaselineUsed {
        let BaselineUsed { as_of, hidden, hidden_of, judged_differently } = baseline;
        BaselineUsed {
            as_of: as_of.parse().map_or_else(|_| WITHHELD.to_owned(), |at: jiff::Timestamp| at.to_string()),
            hidden: *hidden,
            hidden_of: hidden_of.iter().map(|(tenant, number)| (self.names.tenant(tenant), *number)).collect(),
            judged_differently: judged_differently.iter().map(|_| WITHHELD.to_owned()).collect(),
        }
    }
}

/// Every token of a redacted report, for formats that list them.
pub(super) fn tokens(report: &Report) -> BTreeSet<&str> {
    let subjects = report.ledger.subjects.iter();
    let subjects = subjects.flat_map(|s| s.tenant.iter().chain(&s.service).chain(&s.component).chain(&s.id));
    let owners = report.positions.iter().flat_map(|position| &position.owner);
    let exceptions = report.exceptions.iter().map(|exception| &exception.id);
    let rules = report.rules.iter().map(|rule| &rule.id);
    let names = subjects.chain(owners).chain(exceptions).chain(rules).map(String::as_str);
    names.filter(|name| tokens::is_token(name)).chain([WITHHELD]).collect()
}

/// The diagnostic that says that a report is redacted.
const CODE: &str = "redacted";

/// Whether a word is one of the program's, and no text.
fn is_code(code: &str) -> bool {
    code.len() <= 32 && code.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

/// Units of numbers that tell no time, size or name.
const UNITS: [&str; 4] = ["count", "pct", "grade", "tier"];

/// Whether a value is what its unit says, and nothing else.
fn is_number(value: &Value, unit: &str) -> bool {
    match (value, unit) {
        (Value::Number(_), "count" | "pct" | "tier") => true,
        (Value::String(text), "tier") => names::is_plain_tier(text),
        (Value::String(_), "grade") => Grade::deserialize(value).is_ok(),
        _ => false,
    }
}

/// Counts of the sections that there are.
fn sections(records: &BTreeMap<String, usize>) -> BTreeMap<String, usize> {
    let known = records.iter().filter(|(section, _)| Section::from_name(section).is_some());
    known.map(|(section, number)| (section.clone(), *number)).collect()
}

/// The day of a time, at midnight; none where it is no time.
fn day(time: &str) -> Option<String> {
    let day: jiff::civil::Date = time.get(..10)?.parse().ok()?;
    Some(format!("{day}T00:00:00Z"))
}

fn index(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
