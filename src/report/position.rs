//! One service on a page that can be read aloud: what is claimed, what is proven and by what, what is missing.
//!
//! Comes in: the position as `schemas/position.schema.json` has it, its summary, and the report whose rows judge it.
//!
//! `--format json` is the same for machines, a document of its own:
//!
//! | field | holds |
//! |---|---|
//! | `passmuster` | `position/v1` |
//! | `as_of`, `complete` | as in `results/v1` |
//! | `summary` | the service in one line, a `position` of `schemas/results.schema.json` |
//! | `position` | what policies saw, `schemas/position.schema.json` |
//! | `results` | its rows but the passes, each a `result` of `schemas/results.schema.json` |
//!
//! What is not known is absent, never `null`.

use std::io::{self, Write};

use serde_json::Value;

use super::facts::{ago, far, flag, list, number, proof, text, texts};
use super::groups::{groups, rows};
use super::model::{PositionSummary, Row, Subject, Verdict};
use super::sheet::Sheet;
use super::style::{self, Ink, Options, Page, Verbosity, clean};
use super::{PageFormat, View, json};
use crate::model::Grade;
use crate::model::quantity::{duration, spoken};
use crate::source::Spot;

/// Writes the page of one service.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write(
    format: PageFormat,
    view: &View<'_>,
    position: &Value,
    summary: &PositionSummary,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let reader = Reader { view, position, summary };
    match format {
        PageFormat::Human => out.write_all(reader.page(options).as_bytes()),
        PageFormat::Json => reader.json(out),
    }
}

struct Reader<'a> {
    view: &'a View<'a>,
    position: &'a Value,
    summary: &'a PositionSummary,
}

fn grade(grade: Grade) -> &'static str {
    ["nothing", "asserted", "configured", "observed", "verified", "exercised"][usize::from(grade.rank())]
}

impl Reader<'_> {
    fn mine(&self, subject: &Subject) -> bool {
        subject.service.as_deref() == Some(&self.summary.service) && subject.tenant == self.summary.tenant
    }

    /// How many of its rows have this verdict.
    fn count(&self, verdict: Verdict) -> usize {
        let ledger = &self.view.report.ledger;
        let mine = |row: &&Row| ledger.subjects.get(row.subject as usize).is_some_and(|s| self.mine(s));
        ledger.rows.iter().filter(|row| row.verdict == verdict).filter(mine).count()
    }

    fn judged(&self) -> bool {
        [Verdict::Pass, Verdict::Excepted, Verdict::Unknown, Verdict::Fail].iter().any(|v| self.count(*v) > 0)
    }

    fn json(&self, out: &mut dyn Write) -> io::Result<()> {
        write!(out, "{{\"passmuster\":\"position/v1\"")?;
        json::field(out, "as_of", &self.view.report.as_of.to_string())?;
        json::field(out, "complete", &self.view.report.complete)?;
        json::field(out, "summary", self.summary)?;
        json::field(out, "position", self.position)?;
        let ledger = &self.view.report.ledger;
        let mine = ledger.rows.iter().filter(|row| {
            row.verdict != Verdict::Pass && ledger.subjects.get(row.subject as usize).is_some_and(|s| self.mine(s))
        });
        json::list(out, "results", mine.filter_map(|row| self.view.result(row)))?;
        out.write_all(b"}\n")
    }

    fn page(&self, options: &Options) -> String {
        let mut sheet = Sheet::new(Page::from(options));
        if options.verbosity == Verbosity::Quiet {
            sheet.paragraph(Ink::Strong, &self.graded());
            return sheet.out;
        }
        sheet.paragraph(Ink::Strong, &self.headline());
        self.claimed(&mut sheet);
        self.proven(&mut sheet);
        self.missing(&mut sheet);
        self.known_limits(&mut sheet);
        self.dependencies(&mut sheet);
        self.sources(&mut sheet);
        let report = self.view.report;
        let judged = format!("As of {}, judged by {}.", report.as_of, super::sums::standard(report));
        sheet.out.push('\n');
        sheet.paragraph(Ink::Faint, &judged);
        if !report.complete {
            let text = "INCOMPLETE: not every input could be read or judged; what was not read is not proven.";
            sheet.paragraph(Ink::Critical, text);
        }
        sheet.out
    }

    /// What is claimed, held and asked for, in a sentence.
    fn graded(&self) -> String {
        let s = self.summary;
        let name = clean(s.name.as_ref().unwrap_or(&s.service));
        let tier = s.tier.as_ref().map_or_else(String::new, |tier| format!(" (tier {})", clean(tier)));
        let claims = s.claimed_grade.map_or("makes no claim".to_owned(), |g| format!("claims {}", g.name()));
        let held = s.evidence_grade.name();
        let asked = s.required_grade.map_or_else(String::new, |g| {
            if s.evidence_grade == g {
                ", as its tier requires".to_owned()
            } else if s.evidence_grade > g {
                format!(", more than the {} that its tier requires", g.name())
            } else {
                format!("; its tier requires {}", g.name())
            }
        });
        format!("{name}{tier} {claims} and holds {held}{asked}.")
    }

    /// The whole position in a few plain sentences.
    fn headline(&self) -> String {
        let (s, p) = (self.summary, self.position);
        let mut said = vec![self.graded()];
        said.push(self.restored());
        let claimed =
            s.rpo_s.map_or_else(|| "no RPO is claimed".to_owned(), |rpo| format!("{} is claimed", spoken(rpo)));
        said.push(match s.newest_point_age_s {
            Some(age) => format!("If it were lost now, the last {} of data would be lost; {claimed}.", spoken(age)),
            None => {
                let without: Vec<String> = list(p, "/components")
                    .iter()
                    .filter(|c| {
                        number(c, "/points_restorable") == Some(0)
                            && text(c, "/disposition").is_none_or(|d| d == "protected")
                    })
                    .filter_map(|c| text(c, "/id"))
                    .collect();
                let because = if without.is_empty() {
                    "no restorable point is on this evidence".to_owned()
                } else {
                    format!("no restorable point of {} is on this evidence", style::listed(&without, 4))
                };
                format!("How much data would be lost is not known: {because}; {claimed}.")
            }
        });
        let claimed =
            s.rto_s.map_or_else(|| "no RTO is claimed".to_owned(), |rto| format!("{} is claimed", duration(rto)));
        said.push(s.measured_rto_s.map_or_else(
            || format!("How long its recovery takes was not measured; {claimed}."),
            |took| format!("Its recovery took {} when it was measured; {claimed}.", duration(took)),
        ));
        let criteria = |count: usize| format!("{count} criteri{}", if count == 1 { "on is" } else { "a are" });
        said.push(match (self.count(Verdict::Fail), self.count(Verdict::Unknown) + self.count(Verdict::Error)) {
            (0, 0) if self.judged() => "Every criterion judged of it is met or excepted on this evidence.".to_owned(),
            (0, 0) => "No criterion was judged of it.".to_owned(),
            (failed, 0) => format!("{} not met on this evidence.", criteria(failed)),
            (0, unknown) => format!("{} unknown on this evidence.", criteria(unknown)),
            (failed, unknown) => format!("{} not met and {unknown} unknown on this evidence.", criteria(failed)),
        });
        said.join(" ")
    }

    /// When it was last brought back, as one sentence.
    fn restored(&self) -> String {
        let p = self.position;
        if let Some(drill) = p.get("newest_passing_drill") {
            let accepted = match text(drill, "/accepted_by") {
                Some(by) => format!("and accepted by {by}"),
                None => "but not accepted by anyone named".to_owned(),
            };
            let age = number(drill, "/age_s").map_or_else(String::new, |age| format!(" {} ago", spoken(age)));
            return format!("It was last restored as a service{age} {accepted}.");
        }
        let parts: Vec<String> = list(p, "/components")
            .iter()
            .filter_map(|c| {
                let age = number(c, "/newest_passing_test/age_s")?;
                Some(format!("{} {} ago", text(c, "/id")?, spoken(age)))
            })
            .collect();
        if parts.is_empty() {
            "No restore of it that passed is on this evidence.".to_owned()
        } else {
            format!("It was never restored as a service on this evidence; parts were: {}.", style::listed(&parts, 4))
        }
    }

    fn claimed(&self, sheet: &mut Sheet) {
        let p = self.position;
        let mut items = Vec::new();
        let mut item = |term: &str, text: String| {
            if !text.is_empty() {
                items.push((term.to_owned(), text));
            }
        };
        let objectives: Vec<String> = [("RTO", "rto_s"), ("RPO", "rpo_s"), ("MTPD", "mtpd_s")]
            .iter()
            .filter_map(|(name, field)| {
                Some(format!("{name} {}", duration(number(p, &format!("/service/objectives/{field}"))?)))
            })
            .collect();
        let approved = texts(p, "/service/objectives/approved_by");
        let mut said = objectives.join(", ");
        if !said.is_empty() && !approved.is_empty() {
            let when =
                number(p, "/service/objectives/approved_age_s").map_or_else(String::new, |s| format!(" {}", ago(s)));
            said = format!("{said}; approved by {approved}{when}");
        }
        item("objectives", if said.is_empty() { "none declared".to_owned() } else { said });
        item("minimum service", text(p, "/service/objectives/minimum_service").unwrap_or_default());
        let claim = self.summary.claimed_grade.map(|g| format!("{} {}", g.name(), grade(g)));
        let scope = text(p, "/service/claim/scope");
        item("claim", [claim, scope].into_iter().flatten().collect::<Vec<_>>().join(": "));
        let attested = text(p, "/service/claim/attested_by").map(|by| {
            let when = number(p, "/service/claim/attested_age_s").map_or_else(String::new, |s| format!(" {}", ago(s)));
            let until = number(p, "/service/claim/expires_in_s").map_or_else(String::new, |s| {
                if s < 0 {
                    format!(", expired {}", ago(s.saturating_neg()))
                } else {
                    format!(", for another {}", duration(s))
                }
            });
            format!("{by}{when}{until}")
        });
        item("attested by", attested.unwrap_or_default());
        let assumptions: Vec<String> = list(p, "/service/claim/assumptions")
            .iter()
            .filter_map(|a| {
                let when = number(a, "/validated_age_s").map(|s| format!("checked {}", ago(s)));
                Some(format!("{} ({})", text(a, "/text")?, when.unwrap_or_else(|| "never checked".to_owned())))
            })
            .collect();
        item("assumes", assumptions.join("; "));
        item("answers for it", self.summary.owner.as_ref().map(|o| clean(o)).unwrap_or_default());
        sheet.section("claimed");
        sheet.items(&items);
    }

    fn proven(&self, sheet: &mut Sheet) {
        let p = self.position;
        let mut items: Vec<(String, String)> = list(p, "/components")
            .iter()
            .map(|component| (text(component, "/id").unwrap_or_default(), proof(component)))
            .collect();
        if let Some(run) = p.pointer("/measured/worst_recent") {
            let phases: Vec<String> = ["detect", "decide", "approve", "restore", "validate", "user_ready"]
                .iter()
                .filter_map(|phase| {
                    let took = number(run, &format!("/phases/{phase}_s"))?;
                    Some(format!("{} {}", phase.replace('_', " "), duration(took)))
                })
                .collect();
            let total = number(run, "/total_s").map_or_else(String::new, duration);
            let kind = text(run, "/kind").unwrap_or_default();
            let id = text(run, "/id").map_or_else(String::new, |id| format!(" {id}"));
            let age = number(run, "/age_s").map_or_else(String::new, |s| format!(", {}", ago(s)));
            let phases = if phases.is_empty() { String::new() } else { format!(": {}", phases.join(", ")) };
            items.push(("recovery time".to_owned(), format!("{total} to user ready ({kind}{id}{age}){phases}")));
        }
        sheet.section(&format!(
            "proven: {} {}",
            self.summary.evidence_grade.name(),
            grade(self.summary.evidence_grade)
        ));
        if items.is_empty() {
            sheet.line("nothing on this evidence");
        }
        sheet.items(&items);
    }

    fn missing(&self, sheet: &mut Sheet) {
        let report = self.view.report;
        sheet.section("not met or unknown");
        let mut none = true;
        for entry in groups(report, |s| self.mine(s)).iter().flat_map(|g| &g.entries) {
            none = false;
            let parts = style::listed(&entry.parts, 6);
            let parts = if parts.is_empty() { parts } else { format!("{parts} — ") };
            let place = entry.finding.place.as_ref().or(entry.finding.subject_place.as_ref()).map(|place| {
                let line = self.view.places.get(place).filter(|_| place.spot != Spot::File);
                let line = line.map_or_else(String::new, |l| format!(":{}", l.line));
                format!(" ({}{line})", clean(self.view.sources.path(place.file)))
            });
            let (severity, verdict) = (style::severity(entry.severity), style::verdict(entry.verdict));
            let message = clean(&entry.finding.message);
            let text = format!("{severity}, {verdict}: {parts}{message}{}", place.unwrap_or_default());
            sheet.items(&[(entry.rule_id(), text)]);
        }
        for (row, of, finding) in rows(report, |v| v == Verdict::Excepted) {
            if self.mine(of) {
                none = false;
                let rule = report.rules.get(usize::from(row.rule)).map_or_else(String::new, |r| clean(&r.id));
                let exception = finding.exception.as_ref().map_or_else(String::new, |e| {
                    let until = e.expires.as_ref().map_or_else(String::new, |until| format!(" until {}", clean(until)));
                    format!(" by {}{until}", clean(&e.id))
                });
                sheet.items(&[(rule, format!("excepted{exception}: {}", clean(&finding.message)))]);
            }
        }
        if none {
            sheet.line(if self.judged() { "nothing on this evidence" } else { "nothing was judged" });
        }
    }

    /// What people know cannot be recovered, or not as well, and who knows of it.
    fn known_limits(&self, sheet: &mut Sheet) {
        sheet.section("known limits");
        let limitations = list(self.position, "/limitations");
        if limitations.is_empty() {
            sheet.line("none recorded");
        }
        let items = limitations.iter().map(|l| {
            let by = match text(l, "/acknowledged_by") {
                Some(by) => format!("acknowledged by {by}"),
                None => "acknowledged by nobody".to_owned(),
            };
            let when = number(l, "/age_s").map_or_else(String::new, |s| format!(" {}", ago(s)));
            let what = text(l, "/text").unwrap_or_else(|| "not said which".to_owned());
            (text(l, "/id").unwrap_or_default(), format!("{what}; {by}{when}"))
        });
        sheet.items(&items.collect::<Vec<_>>());
    }

    fn dependencies(&self, sheet: &mut Sheet) {
        let p = self.position;
        let dependencies = list(p, "/dependencies");
        let wave = number(p, "/recovery/wave").map_or_else(String::new, |wave| format!(": recovered in wave {wave}"));
        sheet.section(&format!("depends on{wave}"));
        if dependencies.is_empty() {
            let declared = flag(p, "/service/depends_on_declared") == Some(true);
            sheet.line(if declared { "nothing, as declared" } else { "not stated" });
        }
        let items: Vec<(String, String)> =
            dependencies.iter().map(|d| (text(d, "/service").unwrap_or_default(), far(d))).collect();
        sheet.items(&items);
        let after = match (number(p, "/recovery/earliest_s"), text(p, "/recovery/unknown_because")) {
            (Some(s), _) => format!("ready at the earliest {} after the start, with all it waits for", duration(s)),
            (None, Some(why)) => format!("when it could be ready is not known: {why}"),
            (None, None) => String::new(),
        };
        if !after.is_empty() {
            sheet.line(&after);
        }
    }

    fn sources(&self, sheet: &mut Sheet) {
        sheet.section("sources");
        let sources = list(self.position, "/sources");
        if sources.is_empty() {
            sheet.line("none");
        }
        for source in sources {
            let mut said = vec![text(source, "/path").unwrap_or_default()];
            said.extend(text(source, "/kind"));
            said.push(match (number(source, "/age_s"), flag(source, "/native")) {
                (Some(age), _) => format!("{} old", duration(age)),
                (None, Some(true)) => "written by hand".to_owned(),
                (None, _) => "age not stated".to_owned(),
            });
            if flag(source, "/failed") == Some(true) {
                said.push("COULD NOT BE READ TO ITS END".to_owned());
            } else if flag(source, "/complete") == Some(false) {
                said.push("one page of several".to_owned());
            }
            sheet.line(&said.join(", "));
        }
    }
}
