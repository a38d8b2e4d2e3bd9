//! Every id that the inventory makes up and every path, renamed wherever it is written.

use std::collections::{BTreeMap, BTreeSet};

use passmuster::parse::{self, Format};
use passmuster::source::Spot;
use serde_json::Value;

use super::{Changed, Files, is_data, is_inventory};

/// Where ids stand in an inventory, and ids of what. Only ids that a record declares are renamed: a reference to
/// nothing stays one.
const IDS: &[(&str, &str)] = &[
    ("people/*/id", "who"),
    ("people/*/team", "who"),
    ("teams/*/id", "who"),
    ("services/*/id", "service"),
    ("services/*/owner/accountable", "who"),
    ("services/*/owner/escalation", "who"),
    ("services/*/owner/executive", "who"),
    ("services/*/able_people/*", "who"),
    ("services/*/coordinator", "who"),
    ("services/*/objectives/approved_by/*", "who"),
    ("services/*/claim/attested_by", "who"),
    ("services/*/depends_on/*", "service"),
    ("services/*/depends_on/*/service", "service"),
    ("services/*/components/*/id", "component"),
    ("services/*/components/*/owner", "who"),
    ("services/*/components/*/assets/*", "asset"),
    ("services/*/components/*/location/site", "place"),
    ("services/*/components/*/location/failure_domain", "place"),
    ("services/*/components/*/location/admin_domain", "place"),
    ("tools/*/id", "tool"),
    ("tools/*/runs_on/*", "service"),
    ("tools/*/config_backup/location", "vault"),
    ("tools/*/config_backup/location", "tool"),
    ("vaults/*/id", "vault"),
    ("vaults/*/tool", "tool"),
    ("vaults/*/key", "key"),
    ("vaults/*/site", "place"),
    ("vaults/*/failure_domain", "place"),
    ("vaults/*/admin_domain", "place"),
    ("policies/*/id", "policy"),
    ("policies/*/tool", "tool"),
    ("policies/*/vault", "vault"),
    ("policies/*/assets/*", "asset"),
    ("jobs/*/tool", "tool"),
    ("jobs/*/policy", "policy"),
    ("jobs/*/asset", "asset"),
    ("recovery_points/*/id", "point"),
    ("recovery_points/*/parent", "point"),
    ("recovery_points/*/tool", "tool"),
    ("recovery_points/*/asset", "asset"),
    ("recovery_points/*/vault", "vault"),
    ("recovery_points/*/key", "key"),
    ("verifications/*/asset", "asset"),
    ("verifications/*/recovery_point", "point"),
    ("verifications/*/vault", "vault"),
    ("scans/*/asset", "asset"),
    ("scans/*/recovery_point", "point"),
    ("restore_tests/*/id", "test"),
    ("restore_tests/*/service", "service"),
    ("restore_tests/*/components/*", "component"),
    ("restore_tests/*/asset", "asset"),
    ("restore_tests/*/accepted_by", "who"),
    ("restore_tests/*/executor", "who"),
    ("restore_tests/*/reviewer", "who"),
    ("restore_tests/*/dependencies_exercised/*", "service"),
    ("restore_tests/*/runbook", "runbook"),
    ("restore_tests/*/action/owner", "who"),
    ("restore_tests/*/evidence/*/path", "path"),
    ("runbooks/*/id", "runbook"),
    ("runbooks/*/services/*", "service"),
    ("runbooks/*/tools/*", "tool"),
    ("runbooks/*/reviewed_by", "who"),
    ("runbooks/*/location_domain", "place"),
    ("changes/*/service", "service"),
    ("incidents/*/service", "service"),
    ("reviews/*/id", "review"),
    ("reviews/*/service", "service"),
    ("reviews/*/reviewer", "who"),
    ("limitations/*/id", "limitation"),
    ("limitations/*/service", "service"),
    ("limitations/*/acknowledged_by", "who"),
    ("exceptions/*/id", "exception"),
    ("exceptions/*/service", "service"),
    ("exceptions/*/services/*", "service"),
    ("exceptions/*/components/*", "component"),
    ("exceptions/*/requested_by", "who"),
    ("exceptions/*/approved_by", "who"),
    ("keys/*/id", "key"),
    ("keys/*/location", "vault"),
    ("grants/*/vault", "vault"),
    ("alerts/*/tool", "tool"),
    ("findings/*/owner", "who"),
];

/// The same in the configuration, in a sidecar.
const CONFIG_IDS: &[(&str, &str)] = &[
    ("sources/*/tool", "tool"),
    ("sources/*/vault", "vault"),
    ("sources/*/vaults/*", "vault"),
    ("sources/*/path", "path"),
    ("inputs/*", "path"),
    ("standard", "path"),
    ("tool", "tool"),
    ("vault", "vault"),
    ("vaults/*", "vault"),
];

/// Schemes of assets that products name; the others are names of our own making.
const PRODUCTS: [&str; 8] = ["restic", "k8s", "pgbackrest", "arn", "cnpg", "borg", "veeam", "pbs"];

/// What is put before an id.
pub type Prefix = fn(&str) -> String;

/// The same before every id, which leaves their order as it is.
pub fn alike(_: &str) -> String {
    "x-".to_owned()
}

/// Two letters that order ids in another way than their own do.
pub fn mixed(id: &str) -> String {
    let sum = id.bytes().fold(7u32, |sum, b| sum.wrapping_mul(31).wrapping_add(u32::from(b)));
    let letter = |n: u32| char::from(b'a' + u8::try_from(n % 26).unwrap());
    [letter(sum / 26), letter(sum), '-'].iter().collect()
}

/// Ids that are renamed, by kind, and how.
struct Known(BTreeMap<&'static str, BTreeSet<String>>, Prefix);

/// Renames everything but the tools `except`: an export that nobody names a tool for is its product's.
pub fn rename(files: &Files, as_of: &str, prefix: Prefix, except: &BTreeSet<String>) -> Changed {
    let mut known = known(files, prefix);
    known.0.entry("tool").or_default().retain(|tool| !except.contains(tool));
    let mut renamed = Files::default();
    for (path, bytes) in &files.0 {
        let to = new_path(path);
        renamed.0.insert(to.clone(), bytes.clone());
        if let Some(text) = files.text(path).filter(|_| is_data(path)) {
            renamed.set_text(&to, &new_text(files, path, &text, &known));
        }
    }
    renamed.declare_hashes(files, new_path);
    let subject = move |subject: &Value| {
        let mut new = subject.clone();
        let object = new.as_object_mut().unwrap();
        for (field, kind) in [("service", "service"), ("component", "component")] {
            if let Some(Value::String(id)) = object.get(field) {
                let id = new_id(id, kind, &known);
                object.insert(field.to_owned(), id.into());
            }
        }
        if let Some(Value::String(id)) = object.get("id") {
            let kind = object["kind"].as_str().unwrap();
            let id = if kind == "source" { new_path(id) } else { new_id(id, kind, &known) };
            object.insert("id".to_owned(), id.into());
        }
        new
    };
    let (subject, path) = (Box::new(subject), Box::new(new_path));
    Changed { files: renamed, as_of: as_of.to_owned(), subject, path, keeps_lines: true }
}

/// Every id that an inventory declares, by kind, but for those that a service catalogue speaks of, too.
fn known(files: &Files, prefix: Prefix) -> Known {
    let mut known: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    let mut catalogue = BTreeSet::new();
    for path in files.0.keys() {
        for document in files.documents(path).0 {
            if document.value["apiVersion"].as_str().is_some_and(|v| v.starts_with("backstage.io/")) {
                each_text(&document.value, &mut |text| catalogue.extend(text.split(['/', ':']).map(str::to_owned)));
            }
            for (pattern, kind) in
                IDS.iter().filter(|(p, kind)| p.ends_with("/id") || ["asset", "place"].contains(kind))
            {
                for (_, id) in matches(&document.value, pattern).filter(|_| is_inventory(&document.value)) {
                    let ours = *kind != "asset" || id.split_once(':').is_some_and(|(s, _)| !PRODUCTS.contains(&s));
                    if ours && !id.starts_with("arn:") {
                        known.entry(*kind).or_default().insert(id);
                    }
                }
            }
        }
    }
    for ids in known.values_mut() {
        ids.retain(|id| !catalogue.contains(id));
    }
    Known(known, prefix)
}

fn new_id(id: &str, kind: &str, known: &Known) -> String {
    let is_known = known.0.get(kind).is_some_and(|ids| ids.contains(id));
    if is_known { format!("{}{id}", (known.1)(id)) } else { id.to_owned() }
}

/// Every folder and file gets a letter in front, the same one: of things that are equal in every other way, the first
/// by path is shown.
fn new_path(path: &str) -> String {
    let part = |part: &str| if part.starts_with('*') { part.to_owned() } else { format!("x{part}") };
    if path == "passmuster.yaml" { path.to_owned() } else { path.split('/').map(part).collect::<Vec<_>>().join("/") }
}

/// The text with each id replaced where it stands: everything else, line ends included, is as it was.
fn new_text(files: &Files, path: &str, text: &str, known: &Known) -> String {
    let mut wanted = Vec::new();
    for document in files.documents(path).0 {
        let table = if is_inventory(&document.value) {
            IDS
        } else if path == "passmuster.yaml" || path.ends_with(".source.yaml") {
            CONFIG_IDS
        } else {
            continue;
        };
        for (pattern, kind) in table {
            for (pointer, id) in matches(&document.value, pattern) {
                let new = if *kind == "path" { new_path(&id) } else { new_id(&id, kind, known) };
                if new != id {
                    wanted.push((Spot::Value { document: document.index, pointer }, id, new));
                }
            }
        }
    }
    let spots: Vec<Spot> = wanted.iter().map(|(spot, ..)| spot.clone()).collect();
    let format = parse::peek_format(text, path);
    assert!(spots.is_empty() || format != Format::Csv);
    let spans = parse::locate(text, format, &spots);
    let edits: BTreeMap<_, _> =
        spans.into_iter().zip(&wanted).map(|(s, (_, old, new))| (s.start, (s.end, old, new))).collect();
    let mut out = String::new();
    let mut from = 0;
    for (start, (end, old, new)) in edits {
        let written = &text[start..end];
        assert_eq!(written.matches(old.as_str()).count(), 1, "{path}: {written}");
        out.push_str(&text[from..start]);
        out.push_str(&written.replace(old.as_str(), new));
        from = end;
    }
    out + &text[from..]
}

/// Pointer and text of every value that a pattern leads to.
fn matches(document: &Value, pattern: &str) -> impl Iterator<Item = (String, String)> {
    let mut at = vec![(String::new(), document)];
    for part in pattern.split('/') {
        at = at
            .into_iter()
            .flat_map(|(pointer, value)| -> Vec<(String, &Value)> {
                match value {
                    Value::Array(list) if part == "*" => {
                        list.iter().enumerate().map(|(n, v)| (format!("{pointer}/{n}"), v)).collect()
                    }
                    Value::Object(map) if part == "*" => {
                        let token = |key: &str| key.replace('~', "~0").replace('/', "~1");
                        map.iter().map(|(k, v)| (format!("{pointer}/{}", token(k)), v)).collect()
                    }
                    Value::Object(map) => map.get(part).map(|v| (format!("{pointer}/{part}"), v)).into_iter().collect(),
                    _ => Vec::new(),
                }
            })
            .collect();
    }
    let texts = at.into_iter().filter_map(|(pointer, value)| Some((pointer, value.as_str()?.to_owned())));
    texts.collect::<Vec<_>>().into_iter()
}

fn each_text(value: &Value, tell: &mut impl FnMut(&str)) {
    match value {
        Value::String(text) => tell(text),
        Value::Array(list) => list.iter().for_each(|v| each_text(v, tell)),
        Value::Object(map) => map.values().for_each(|v| each_text(v, tell)),
        _ => {}
    }
}
