//! Back matter: the rules and the standard in force, the inputs with their hashes, the evidence of restore tests.

use std::collections::{BTreeSet, HashMap};

use jiff::Timestamp;

use super::super::View;
use super::super::hosts::{is_address, uri};
use super::super::model::{EvidenceItem, InputUsed};
use super::super::word;
use super::document::{Hash, Prop, Resource, Rlink};
use super::ids::{Id, id};
use super::run::Run;
use super::text::{instant, markup, paragraphs, sentence};
use crate::source::FileId;

/// The resource of each file that the run lists: its inputs, and the standard.
pub(super) fn files(view: &View<'_>) -> HashMap<FileId, Id> {
    let inputs = view.report.inputs.iter().map(|input| (input.file, of_input(view, input)));
    let standard = view.report.standard.file.map(|file| (file, of_standard(view)));
    standard.into_iter().chain(inputs).collect()
}

/// The same bytes under the same path.
fn of_input(view: &View<'_>, input: &InputUsed) -> Id {
    let file = view.sources.get(input.file);
    let hash = file.map(|file| file.sha256().into_owned()).unwrap_or_default();
    id("input", &[view.sources.path(input.file), &hash])
}

fn of_standard(view: &View<'_>) -> Id {
    let standard = &view.report.standard;
    id("standard", &[&standard.name, standard.sha256.as_deref().unwrap_or_default()])
}

/// What the rules in force are imported as.
pub(super) fn plan(run: &Run<'_>) -> Id {
    id("plan", &[&run.report.policies_sha256, &of_standard(run.view).to_string()])
}

/// What judged: the rules and the standard.
pub(super) fn judging(run: &Run<'_>) -> [Id; 2] {
    [plan(run), of_standard(run.view)]
}

/// The rules and the standard: what was to be assessed, and by which limits.
pub(super) fn rules(run: &Run<'_>) -> Resource {
    let judged = run.report.rules.iter().filter(|rule| rule.judged).count();
    let said = format!(
        "{judged} rules judge, by the limits of the standard {}. The format oscal-catalog writes the rules of the same run as a \
         catalog, oscal-component the clauses that they bear on.",
        run.report.standard.name
    );
    Resource {
        uuid: plan(run),
        title: "Rules and recovery standard in force".to_owned(),
        description: Some(paragraphs([said.as_str()])),
        props: vec![Prop::nist("type", "plan"), Prop::own("policies-sha256", &run.report.policies_sha256)],
        rlinks: Vec::new(),
    }
}

/// The standard, where it is a file or built in under a name.
pub(super) fn standard(run: &Run<'_>) -> Resource {
    let standard = &run.report.standard;
    let hashes = || standard.sha256.as_deref().and_then(Hash::sha256).into_iter().collect();
    let path = standard.file.map(|file| run.view.sources.path(file));
    let mut props = vec![Prop::nist("type", "policy")];
    props.extend(standard.version.iter().map(|version| Prop::nist("version", version)));
    props.extend(standard.extends.iter().map(|name| Prop::own("extends", name)));
    props.extend(standard.proposed.iter().map(|name| Prop::own("proposed-not-in-force", name)));
    Resource {
        uuid: of_standard(run.view),
        title: markup(&format!("Recovery standard {}", standard.name)),
        description: None,
        props,
        rlinks: path.map(|path| Rlink { href: uri(path), media_type: None, hashes: hashes() }).into_iter().collect(),
    }
}

/// The inputs to keep, each once.
pub(super) fn inputs(run: &Run<'_>, keep: impl Fn(FileId) -> bool) -> Vec<Resource> {
    let mut seen = BTreeSet::new();
    let kept = run.report.inputs.iter().filter(|input| keep(input.file));
    kept.map(|input| (of_input(run.view, input), input))
        .filter(|(uuid, _)| seen.insert(*uuid))
        .map(|(uuid, input)| resource(run, uuid, input))
        .collect()
}

fn resource(run: &Run<'_>, uuid: Id, input: &InputUsed) -> Resource {
    let path = run.view.sources.path(input.file);
    let hash = run.view.sources.get(input.file).and_then(|file| Hash::sha256(&file.sha256()));
    let mut props = vec![Prop::nist("type", "raw-data"), Prop::own("status", &word(&input.status))];
    props.extend(input.kinds.iter().collect::<BTreeSet<_>>().into_iter().map(|kind| Prop::own("input-kind", kind)));
    props.extend(input.tenant.iter().map(|tenant| Prop::own("tenant", tenant)));
    props.extend(input.collected_at.iter().map(|at| Prop::own("collected-at", at)));
    props.extend(input.collector.iter().map(|collector| Prop::own("collector", collector)));
    // Standard input lies nowhere.
    let rlink = (path != "-").then(|| Rlink { href: uri(path), media_type: None, hashes: hash.into_iter().collect() });
    Resource { uuid, title: markup(path), description: None, props, rlinks: rlink.into_iter().collect() }
}

/// What restore tests name as their evidence, each once.
pub(super) fn evidence(run: &Run<'_>) -> Vec<Resource> {
    let mut seen = BTreeSet::new();
    let all = run.report.evidence.iter().map(|item| (of_evidence(item), item));
    all.filter(|(uuid, _)| seen.insert(*uuid)).map(|(uuid, item)| evidence_of(uuid, item)).collect()
}

fn of_evidence(item: &EvidenceItem) -> Id {
    let text = |part: &Option<String>| part.clone().unwrap_or_default();
    let parts = [&item.tenant, &item.service, &item.path, &item.url, &item.sha256].map(text);
    let [tenant, service, path, url, hash] = &parts;
    id("evidence", &[&item.test, tenant, service, path, url, hash])
}

fn evidence_of(uuid: Id, item: &EvidenceItem) -> Resource {
    let of = item.service.as_ref().map_or_else(String::new, |service| format!(" of {service}"));
    let mut props = vec![Prop::nist("type", "evidence"), Prop::own("restore-test", &item.test)];
    props.extend(item.tenant.iter().map(|tenant| Prop::own("tenant", tenant)));
    props.extend(item.service.iter().map(|service| Prop::own("service", service)));
    let differs = item.actual_sha256.as_ref().filter(|actual| Some(*actual) != item.sha256.as_ref());
    props.extend(differs.map(|actual| Prop::own("actual-sha256", actual)));
    let address = item.url.as_deref().filter(|url| is_address(url)).map(str::to_owned);
    let path = item.path.as_deref().map(uri);
    let hashes = || item.sha256.as_deref().and_then(Hash::sha256).into_iter().collect();
    let rlinks = path.into_iter().chain(address).map(|href| Rlink { href, media_type: None, hashes: hashes() });
    let said = match (&item.url, differs) {
        (Some(url), _) if !is_address(url) => Some(markup(&sentence(&format!("It lies at {url}")))),
        (_, Some(_)) if item.sha256.is_some() => Some("The file is not the one whose hash the test names.".to_owned()),
        _ => None,
    };
    Resource {
        uuid,
        title: markup(&format!("Evidence of the restore test {}{of}", item.test)),
        description: said,
        props,
        rlinks: rlinks.collect(),
    }
}

/// When the oldest of some files were true; none where no file says so.
pub(super) fn collected(run: &Run<'_>, files: &BTreeSet<FileId>) -> Option<String> {
    let inputs = run.report.inputs.iter().filter(|input| files.contains(&input.file));
    inputs.filter_map(|input| instant(input.collected_at.as_deref()?)).min_by_key(|at| at.parse::<Timestamp>().ok())
}
