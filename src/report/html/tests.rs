//! What holds for the page as text; `tests/browser` drives it in a browser.

use std::collections::{BTreeMap, BTreeSet};

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use sha2::{Digest, Sha256};

use crate::model::Grade;
use crate::report::model::{
    BaselineUsed, EvidenceItem, InputStatus, InputUsed, PositionSummary, Report, Severity, Verdict,
};
use crate::report::sample::{self, Fill, HOSTILE, Sample, empty, file, finding, of, position, rule, sample_report};
use crate::report::{Format, Options};
use crate::source::{Place, Sources, Spot};

fn page(sample: &Sample) -> String {
    sample.write(Format::Html, &Options::default())
}

/// The values of an attribute.
fn values<'p>(page: &'p str, name: &str) -> Vec<&'p str> {
    let needle = format!(" {name}=\"");
    page.split(&needle).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

/// What stands between two texts, the first time.
fn between<'p>(page: &'p str, from: &str, to: &str) -> &'p str {
    page.split_once(from).and_then(|(_, rest)| rest.split_once(to)).map(|(found, _)| found).unwrap()
}

/// A part of the page as people read it: without tags, a block a line.
fn read(html: &str) -> String {
    let mut text = String::new();
    for part in html.split('<') {
        let (tag, rest) = part.split_once('>').unwrap_or(("", part));
        let name = tag.trim_start_matches('/').split(' ').next().unwrap_or_default();
        if ["p", "h1", "h2", "h3", "li", "tr", "dt", "dd", "summary", "pre"].contains(&name) {
            text.push('\n');
        } else if ["td", "th", "small", "span"].contains(&name) {
            text.push(' ');
        }
        text.push_str(rest);
    }
    let lines = text.lines().map(|line| line.split_whitespace().collect::<Vec<_>>().join(" "));
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn section<'p>(page: &'p str, id: &str, next: &str) -> &'p str {
    between(page, &format!("<section id=\"{id}\""), &format!("<section id=\"{next}\"")).split_once('>').unwrap().1
}

#[test]
fn the_first_screen_reads_as_prose() {
    let text = page(&sample_report());
    insta::assert_snapshot!(read(section(&text, "short", "tiers")));
}

#[test]
fn services_and_their_order_read_without_their_drawings() {
    let text = page(&sample_report());
    let services = section(&text, "services", "heat");
    let order = section(&text, "order", "findings");
    insta::assert_snapshot!(format!("{}\n\n{}", read(services), read(order)));
}

#[test]
fn a_finding_has_its_line_its_fix_and_its_fingerprint() {
    let text = page(&sample_report());
    let found = text.split("<details class=\"f ").skip(1).find(|part| part.contains("26 h old")).unwrap();
    insta::assert_snapshot!(found.split("</details>").next().unwrap().replace("><", ">\n<"));
    assert!(found.contains("<mark>\"2026-11-19T22:00:00Z\"</mark>"), "{found}");
}

#[test]
fn every_finding_service_and_rule_can_be_linked_to_and_no_link_is_dead() {
    let sample = sample_report();
    let text = page(&sample);
    let ids = values(&text, "id");
    let unique: BTreeSet<&str> = ids.iter().copied().collect();
    assert_eq!(ids.len(), unique.len(), "{ids:?}");
    let links: BTreeSet<&str> = values(&text, "href").into_iter().collect();
    for finding in &sample.report.ledger.findings {
        let id = &finding.fingerprint[..12];
        assert!(unique.contains(id) && links.contains(format!("#{id}").as_str()));
    }
    let findings = text.matches("<details class=\"f ").count();
    assert_eq!(findings, sample.report.ledger.findings.len());
    for service in &sample.report.positions {
        assert!(unique.contains(format!("service-{}", service.service).as_str()));
    }
    for rule in &sample.report.rules {
        assert!(unique.contains(format!("rule-{}", rule.id).as_str()));
    }
    for link in values(&text, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(unique.contains(link), "{link}");
    }
}

#[test]
fn the_policy_of_the_page_allows_its_own_script_and_style_alone() {
    let text = page(&sample_report());
    let policy = between(&text, "http-equiv=\"Content-Security-Policy\" content=\"", "\"");
    for (tag, directive) in [("script", "script-src"), ("style", "style-src")] {
        assert_eq!(text.matches(&format!("<{tag}")).count(), 1);
        let inline = between(&text, &format!("<{tag}>"), &format!("</{tag}>"));
        let hash = BASE64_STANDARD.encode(Sha256::digest(inline));
        assert!(policy.contains(&format!("{directive} 'sha256-{hash}'")), "{policy}");
    }
    assert!(policy.starts_with("default-src 'none'; ") && !policy.contains("unsafe"));
    assert!(values(&text, "style").is_empty() && values(&text, "src").is_empty());
}

#[test]
fn hostile_text_is_text() {
    let mut hostile = sample_report();
    let report = &mut hostile.report;
    for rule in &mut report.rules {
        rule.description = format!("{HOSTILE}</script><script>alert(1)</script>");
        rule.remediation = "` onload=alert(1) <img src=x onerror=alert(1)>".to_owned();
        rule.related_resources = vec!["javascript:alert(1)".to_owned(), format!("https://x.example/{HOSTILE}")];
        rule.judges = Some("]]><!--".to_owned());
    }
    report.standard.name = format!("</title><script>{HOSTILE}");
    report.positions.push(PositionSummary {
        tier: Some(format!("1\" autofocus onfocus=\"alert(1){HOSTILE}")),
        waits_for: vec![HOSTILE.to_owned()],
        wave: Some(1),
        earliest_s: Some(60),
        ..position(HOSTILE)
    });
    let text = page(&hostile);
    let steers = |c: char| (c.is_control() && c != '\n') || matches!(c, '\u{202a}'..='\u{202e}' | '\u{200b}');
    assert!(!text.contains(steers));
    // Shown, as text; an address that is none is no link.
    assert!(!values(&text, "href").iter().any(|link| link.starts_with("https://x.example/")));
    assert!(text.contains("&lt;&amp;\"'&gt; Müller"), "the name is not there");
    let known = [
        "!DOCTYPE",
        "a",
        "abbr",
        "b",
        "body",
        "button",
        "caption",
        "circle",
        "code",
        "dd",
        "details",
        "div",
        "dl",
        "dt",
        "em",
        "figcaption",
        "figure",
        "footer",
        "form",
        "h1",
        "h2",
        "h3",
        "head",
        "html",
        "i",
        "input",
        "label",
        "li",
        "link",
        "main",
        "mark",
        "meta",
        "nav",
        "ol",
        "option",
        "output",
        "p",
        "path",
        "pre",
        "rect",
        "script",
        "section",
        "select",
        "small",
        "span",
        "strong",
        "style",
        "summary",
        "svg",
        "table",
        "tbody",
        "td",
        "text",
        "th",
        "thead",
        "time",
        "title",
        "tr",
        "ul",
    ];
    let (script, style) = (between(&text, "<script>", "</script>"), between(&text, "<style>", "</style>"));
    let markup = text.replace(script, "").replace(style, "");
    for tag in markup.split('<').skip(1) {
        let (tag, rest) = tag.split_once('>').unwrap();
        let name = tag.trim_matches('/').split(' ').next().unwrap_or_default();
        assert!(known.contains(&name), "<{tag}>");
        assert!(!rest.contains('>'), "{rest}");
        // Attributes: names from the templates, values between quotes.
        let outside: String = tag.split('"').step_by(2).collect();
        assert!(!outside.contains(" on") && !outside.contains("autofocus"), "<{tag}>");
    }
    assert_eq!(markup.matches("<script").count(), 1);
    assert!(values(&text, "href").iter().all(|link| ["#", "data:,", "https://"].iter().any(|s| link.starts_with(s))));
}

#[test]
fn what_html_lets_one_leave_out_is_left_out_and_attributes_stay_as_they_are() {
    let text = "<tr><td title=\"&quot;\">say &quot;a&quot; &lt;</td></tr><svg><path d=\"M0\"></path></svg><p>x</p>";
    assert_eq!(super::thrifty(text), "<tr><td title=\"&quot;\">say \"a\" &lt;<svg><path d=\"M0\"/></svg><p>x</p>");
}

#[test]
fn the_page_promises_no_more_than_the_evidence() {
    for sample in [sample_report(), large(20, 60, 90, 80), Sample::new(empty(), Sources::default())] {
        let text = page(&sample).to_lowercase();
        for word in ["compliant", "certified", "guaranteed"] {
            assert!(!text.contains(word), "{word}");
        }
    }
}

/// An estate of `services`, with findings spread over them and over the rules.
fn large(services: usize, components: usize, rules: usize, findings: usize) -> Sample {
    let families = super::heat::FAMILIES;
    let mut sources = Sources::default();
    let mut report = empty();
    let sentence = |words: usize| "the point that was to be restored was older than it ought to be ".repeat(words);
    for number in 0..rules {
        let (family, _) = families[number % families.len()];
        let severity = [Severity::Medium, Severity::High, Severity::Critical][number % 3];
        // As long as those of the pack are.
        let mut one = rule(&format!("{family}-{number:03}"), &sentence(1)[..45], severity, &sentence(2)[..102]);
        one.description = sentence(3)[..148].to_owned();
        one.judges = Some(sentence(4)[..209].to_owned());
        let control = one.controls["nist-sp-800-53-r5"][0].clone();
        let clauses = (0..4).map(|n| sample::clause(&format!("A.{number}.{n}"), &control)).collect();
        one.controls.insert("iso-27001-2022".to_owned(), clauses);
        report.rules.push(one);
    }
    let mut text = String::new();
    let mut lines = Vec::new();
    for number in 0..findings {
        lines.push(text.len());
        text.push_str(&format!("                \"startTimestamp\": \"2026-11-20T06:00:00Z\", \"n\": {number},\n"));
    }
    let export = file(&mut sources, "exports/velero/production-cluster-a.json", &text);
    let mut fill = Fill::default();
    let each = components.div_ceil(services);
    let mut found = 0;
    for number in 0..services {
        let id = format!("{}-{number:04}", ["payments-api", "patient-portal", "file-server", "sign-in"][number % 4]);
        for rule in 0..rules {
            let component = (rule % 2 == 0).then(|| format!("component-{}", rule % each));
            let subject = of(&id, component.as_deref());
            let rule_number = u16::try_from(rule).unwrap();
            let severity = report.rules[rule].severity;
            // Spread evenly: finding n falls to service n / (findings / services).
            let due = (number * rules + rule + 1) * findings / (services * rules);
            if found < due {
                let (start, line) = (lines[found], "                \"startTimestamp\": ".len());
                let spot = Spot::Bytes { start: start + line, end: start + line + 22 };
                let mut late = finding(
                    "newest restorable point is 18 h old; the RPO of its tier is 12 h",
                    Some(Place { file: export, spot }),
                );
                late.fingerprint = crate::source::sha256(format!("{number}/{rule}").as_bytes());
                fill.row(subject, rule_number, Verdict::Fail, severity, Some(late));
                found += 1;
            } else {
                fill.row(subject, rule_number, Verdict::Pass, severity, None);
            }
        }
        let wave = i64::try_from(number % 5).unwrap();
        report.positions.push(PositionSummary {
            name: Some(format!("Payments and refunds {number}")),
            tier: Some((1 + number % 4).to_string()),
            owner: Some("Maren Brandt-Okafor".to_owned()),
            evidence_grade: Grade::E4,
            required_grade: Some(Grade::E5),
            claimed_grade: Some(Grade::E5),
            rpo_s: Some(43_200),
            newest_point_age_s: Some(3_600 + 300 * i64::try_from(number).unwrap()),
            rto_s: Some(14_400),
            measured_rto_s: Some(9_000),
            last_test_age_s: Some(86_400 * (1 + i64::try_from(number).unwrap())),
            wave: Some(wave + 1),
            earliest_s: Some(9_000 * (wave + 1)),
            components: each as u64,
            ..position(&id)
        });
    }
    assert_eq!(found, findings);
    for number in 0..services {
        let (service, sha256) = (Some(report.positions[number].service.clone()), Some("0123456789abcdef".repeat(4)));
        let path = Some(format!("evidence/2026/drill-{number:04}.pdf"));
        let test = format!("DR-2026-{number:04}");
        let actual_sha256 = sha256.clone();
        report.evidence.push(EvidenceItem { service, test, path, sha256, actual_sha256, ..EvidenceItem::default() });
    }
    for number in 0..services.div_ceil(4) {
        report.inputs.push(InputUsed {
            file: file(&mut sources, &format!("exports/restic/site-{number}/snapshots.json"), &sentence(4)),
            kinds: vec!["restic.snapshots".to_owned()],
            tenant: None,
            collected_at: Some("2026-11-20T23:00:00Z".to_owned()),
            collector: Some("export job on ops01".to_owned()),
            records: BTreeMap::from([("recovery_points".to_owned(), 480)]),
            shared: Vec::new(),
            status: InputStatus::Ok,
        });
    }
    report.ledger = fill.0;
    Sample::new(report, sources)
}

#[test]
fn a_thousand_findings_on_250_services_stay_below_a_megabyte() {
    let sample = large(250, 750, 90, 1_000);
    let text = page(&sample);
    let sizes: Vec<String> = text.split("<section id=\"").map(|s| format!("{} {}", &s[..8], s.len())).collect();
    assert!(text.len() < 1_000_000, "{} bytes: {sizes:?}", text.len());
    assert_eq!(text.matches("<details class=\"f ").count(), 1_000);
    let ids: BTreeSet<&str> = values(&text, "id").into_iter().collect();
    for finding in &sample.report.ledger.findings {
        assert!(ids.contains(&finding.fingerprint[..12]));
    }
    for service in &sample.report.positions {
        assert!(ids.contains(format!("service-{}", service.service).as_str()));
    }
    assert!(!text.contains("have no line of their own"));
}

#[test]
fn above_a_thousand_services_it_says_what_is_left_out_and_where_it_is() {
    let sample = large(1_200, 1_200, 8, 4_000);
    let text = page(&sample);
    let said = "200 of 1,200 services, those with the least open, and 1,000 findings of the services with the least open \
                have no line of their own here. The sums count all of them; the result document, which --format json \
                writes, holds all of them.";
    assert!(text.contains(said), "{}", read(section(&text, "short", "tiers")));
    assert_eq!(text.matches("<tr id=\"service-").count(), 1_000);
    assert_eq!(text.matches("<details class=\"f ").count(), 3_000);
    assert!(text.contains("of 1,200 services"));
    let ids: BTreeSet<&str> = values(&text, "id").into_iter().collect();
    for link in values(&text, "href").into_iter().filter_map(|link| link.strip_prefix('#')) {
        assert!(ids.contains(link), "{link}");
    }
}

#[test]
fn nothing_judged_and_nothing_wrong_read_differently() {
    let nothing = page(&Sample::new(empty(), Sources::default()));
    assert!(nothing.contains("No service was judged.") && nothing.contains("Nothing: nothing was judged."));
    let within = |service: &str| PositionSummary {
        rpo_s: Some(60),
        newest_point_age_s: Some(60),
        rto_s: Some(60),
        measured_rto_s: Some(60),
        last_test_age_s: Some(60),
        evidence_grade: Grade::E5,
        ..position(service)
    };
    let mut report = Report { positions: vec![within("shop"), within("till")], ..empty() };
    report.rules = vec![rule("RPO-001", "Late", Severity::Critical, "Run it.")];
    let mut fill = Fill::default();
    fill.row(of("shop", None), 0, Verdict::Pass, Severity::Critical, None);
    report.ledger = fill.0;
    let said = page(&Sample::new(report.clone(), Sources::default()));
    assert!(said.contains("Both services could be recovered today within their objectives, on this evidence."));
    assert!(said.contains("every criterion judged is met on this evidence."));

    // One second beyond its RPO a service falls short, whatever rules say; without an age it is not known.
    report.positions[0].newest_point_age_s = Some(61);
    report.positions[1].newest_point_age_s = None;
    let said = read(&page(&Sample::new(report, Sources::default())));
    assert!(said.contains("Neither of the two services could be shown to recover within its objectives."), "{said}");
    assert!(said.contains("shop falls short. till is an open question: the evidence does not say."), "{said}");
}

#[test]
fn with_a_baseline_it_says_what_is_new_and_praises_nobody() {
    let mut sample = sample_report();
    sample.report.positions.truncate(1);
    sample.report.ledger.rows.truncate(1);
    sample.report.baseline =
        Some(BaselineUsed { as_of: "2026-10-01T00:00:00Z".to_owned(), hidden: 8, ..BaselineUsed::default() });
    let text = read(&page(&sample));
    assert!(text.contains("No finding is new or worse since 2026-10-01."), "{text}");
    assert!(text.contains("8 findings were known then and not shown; so how many services could be recovered is not"));
    assert!(!text.contains("within objectives"), "{text}");
}

#[test]
fn the_heat_map_counts_what_the_result_document_counts() {
    let sample = sample_report();
    let text = page(&sample);
    let document: serde_json::Value = serde_json::from_str(&sample.write(Format::Json, &Options::default())).unwrap();
    let heat = section(&text, "heat", "order");
    let heads: Vec<String> = heat.split("<abbr").skip(1).map(|part| between(part, ">", "</abbr>").to_owned()).collect();
    let mut seen = 0;
    for service in document["positions"].as_array().unwrap() {
        let name = service["name"].as_str().unwrap();
        let row = heat.split("<tr>").find(|row| row.contains(&format!(">{name}<"))).unwrap();
        for (cell, family) in row.split("<td").skip(1).zip(&heads) {
            let shown = cell.split('<').next().unwrap().split_once('>').unwrap().1;
            let counts = &service["families"][family];
            let expected = match (&counts["fail"], &counts["unknown"], &counts["pass"]) {
                (fails, _, _) if fails.is_u64() => fails.to_string(),
                (_, unknowns, _) if unknowns.is_u64() => format!("?{unknowns}"),
                (_, _, passes) if passes.is_u64() => "✓".to_owned(),
                _ => "·".to_owned(),
            };
            assert_eq!(shown, expected, "{name} {family}");
            seen += usize::from(shown != "·");
        }
    }
    assert_eq!(seen, 5);
}
