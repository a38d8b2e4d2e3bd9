//! What can be handed in: the kinds of exports, those that would decide what is unknown, and assets that nobody claims.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::explain::evidence;
use super::groups::rows;
use super::model::{InputStatus, Report, Verdict};
use super::sheet::Sheet;
use super::style::{Ink, Options, Page, clean, listed};
use super::{PageFormat, json, markdown};
use crate::join::Unclaimed;
use crate::normalise::{About, Maturity};

/// Services and rules named of what is asked for.
const NAMED: usize = 6;

/// A kind of export, in a list of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Kind {
    /// Its id.
    pub kind: &'static str,
    /// The product that writes it.
    pub product: &'static str,
    /// How well it is known.
    pub maturity: Maturity,
    /// The command that makes it.
    pub export: &'static str,
    /// What it can prove, and what it cannot say about itself.
    pub proves: &'static str,
    /// How it names assets, stores and policies.
    pub names: &'static str,
    /// The sections that it lists.
    pub lists: Vec<&'static str>,
}

impl From<&About> for Kind {
    fn from(about: &About) -> Self {
        Self {
            kind: about.id,
            product: about.product,
            maturity: about.maturity,
            export: about.export,
            proves: about.proves,
            names: about.names,
            lists: about.lists.iter().map(|section| section.name()).collect(),
        }
    }
}

/// Writes kinds of exports, and, where all are listed, how the rest is said.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_kinds(format: PageFormat, kinds: &[Kind], all: bool, out: &mut dyn Write) -> io::Result<()> {
    if format == PageFormat::Json {
        return json::array(out, kinds.iter());
    }
    for (i, kind) in kinds.iter().enumerate() {
        if i > 0 {
            writeln!(out)?;
        }
        writeln!(out, "{} ({})", kind.kind, kind.maturity.word())?;
        writeln!(out, "  export: {}", kind.export)?;
        writeln!(out, "  proves: {}", kind.proves)?;
        if !kind.names.is_empty() {
            writeln!(out, "  names:  {}", kind.names)?;
        }
        if !kind.lists.is_empty() {
            writeln!(out, "  lists:  {}", kind.lists.join(", "))?;
        }
    }
    if all {
        writeln!(
            out,
            "\npassmuster.inventory\n  written by hand or by your own export: `passmuster schema inventory`"
        )?;
        writeln!(
            out,
            "\nsample: held against exports that the product wrote; schema: against the schema it publishes; fields: written from its documentation."
        )?;
        writeln!(out, "Say what a file cannot say itself under `sources` in passmuster.yaml or in FILE.source.yaml:")?;
        writeln!(
            out,
            "collected_at, collector, tool, vault or vaults, cluster, tz, tenant: `passmuster schema source`."
        )?;
    }
    Ok(())
}

/// Products by the part of their kinds before the dot.
const PRODUCTS: &[(&str, &str)] = &[
    ("astra", "NetApp Astra"),
    ("aws-backup", "AWS Backup"),
    ("aws-native", "AWS services by themselves"),
    ("azure-backup", "Azure Backup"),
    ("backstage", "Backstage"),
    ("bareos", "Bareos"),
    ("barman", "Barman"),
    ("borg", "Borg"),
    ("borgmatic", "borgmatic"),
    ("cloudnativepg", "CloudNativePG"),
    ("codeowners", "CODEOWNERS"),
    ("cohesity", "Cohesity"),
    ("commvault", "Commvault"),
    ("cortex", "Cortex"),
    ("datadog", "Datadog"),
    ("gke-backup", "Backup for GKE"),
    ("google-backup-dr", "Google Backup and DR"),
    ("kasten-k10", "Veeam Kasten"),
    ("kopia", "Kopia"),
    ("kubernetes", "Kubernetes volume snapshots and claims"),
    ("longhorn", "Longhorn"),
    ("mariadb-operator", "MariaDB operator"),
    ("netbackup", "NetBackup"),
    ("netbox", "NetBox"),
    ("opslevel", "OpsLevel"),
    ("pagerduty", "PagerDuty"),
    ("pbm", "Percona Backup for MongoDB"),
    ("pgbackrest", "pgBackRest"),
    ("proxmox-backup", "Proxmox Backup Server"),
    ("proxmox-ve", "Proxmox VE"),
    ("restic", "restic"),
    ("rubrik", "Rubrik"),
    ("sanoid", "Sanoid"),
    ("servicenow", "ServiceNow"),
    ("terraform", "Terraform"),
    ("veeam-em", "Veeam Backup Enterprise Manager"),
    ("veeam-one", "Veeam ONE"),
    ("veeam-vbr", "Veeam Backup & Replication"),
    ("velero", "Velero"),
    ("volsync", "VolSync"),
    ("wal-g", "WAL-G"),
    ("xtrabackup", "Percona XtraBackup"),
    ("zfs", "ZFS"),
];

impl Kind {
    /// The product's name, as its makers write it.
    #[must_use]
    pub fn product_name(&self) -> &'static str {
        let prefix = self.kind.split('.').next().unwrap_or(self.kind);
        PRODUCTS.iter().find(|(id, _)| *id == prefix).map_or(prefix, |(_, name)| name)
    }
}

/// Writes the page on every kind, by product.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_reference(kinds: &[Kind], out: &mut dyn Write) -> io::Result<()> {
    let mut products: BTreeMap<String, Vec<&Kind>> = BTreeMap::new();
    for kind in kinds {
        products.entry(kind.product_name().to_lowercase()).or_default().push(kind);
    }
    writeln!(out, "# What can be handed in\n")?;
    writeln!(
        out,
        "What `passmuster sources --format markdown` says of {} kinds of exports of {} products; do not edit it by hand.\n",
        kinds.len(),
        products.len()
    )?;
    writeln!(
        out,
        "A file is recognised by what is in it. Kinds known from a *sample* were held against exports that the product \
         wrote, those known from a *schema* against the schema that it publishes, and those known from *fields* were \
         written from its documentation. A kind that lists nothing is recognised, so that a folder can be handed over as \
         it is; it gives no record, or none that says by being absent that there is nothing."
    )?;
    for kinds in products.values() {
        let Some(first) = kinds.first() else { continue };
        writeln!(out, "\n## {}\n", markdown::escaped(first.product_name()))?;
        writeln!(out, "| kind | known from | made by | lists |\n|---|---|---|---|")?;
        for kind in kinds {
            let lists = kind.lists.join(", ");
            writeln!(
                out,
                "| `{}` | {} | {} | {} |",
                kind.kind,
                kind.maturity.word(),
                markdown::code(kind.export),
                if lists.is_empty() { "nothing".to_owned() } else { lists.replace('_', " ") }
            )?;
        }
        writeln!(out)?;
        for kind in kinds {
            let names = if kind.names.is_empty() { String::new() } else { format!(" Names: {}.", kind.names) };
            writeln!(out, "- `{}`: {}{names}", kind.kind, kind.proves)?;
        }
    }
    Ok(())
}

/// Something to hand in, and what it could decide.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Missing {
    /// Kind of the export; absent for what is written by hand.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// The command that makes it, or where it is said.
    pub how: String,
    /// The sections of records that it would give, with the fields that are read of them.
    pub sections: BTreeMap<String, BTreeSet<String>>,
    /// Criteria that are unknown and read them.
    pub criteria: usize,
    /// Those of each rule.
    pub rules: BTreeMap<String, usize>,
    /// Services that they are of.
    pub services: BTreeSet<String>,
}

/// What would turn unknown criteria into verdicts, what decides most first.
///
/// An export counts where its product is one of the estate's and nothing of its kind was handed in whole; a section that
/// no such export lists is to be written by hand. Whether a criterion is met is for the evidence to say.
#[must_use]
pub fn missing(report: &Report, products: &BTreeSet<String>) -> Vec<Missing> {
    let whole: BTreeSet<&str> = report
        .inputs
        .iter()
        .filter(|input| input.status == InputStatus::Ok)
        .flat_map(|input| input.kinds.iter().map(String::as_str))
        .collect();
    let product = |kind: &str| kind.split('.').next().unwrap_or(kind).to_owned();
    let mut asked: BTreeMap<(Option<String>, String), Missing> = BTreeMap::new();
    for (row, subject, _) in rows(report, |verdict| verdict == Verdict::Unknown) {
        let Some(rule) = report.rules.get(usize::from(row.rule)) else { continue };
        let mut seen = BTreeSet::new();
        for source in evidence(&rule.facts).into_iter().filter(|source| !source.exports.is_empty()) {
            let exports = source.exports.iter().filter(|e| products.contains(&product(&e.kind)));
            let mut ways: Vec<(Option<String>, String)> = exports
                .filter(|e| !whole.contains(&*e.kind))
                .map(|e| (Some(e.kind.clone()), e.command.clone()))
                .collect();
            if ways.is_empty() {
                ways.push((None, source.otherwise.clone()));
            }
            for way in ways {
                let entry = asked.entry(way.clone()).or_insert_with(|| Missing {
                    kind: way.0.clone(),
                    how: way.1.clone(),
                    sections: BTreeMap::new(),
                    criteria: 0,
                    rules: BTreeMap::new(),
                    services: BTreeSet::new(),
                });
                entry.sections.entry(source.source.clone()).or_default().extend(source.fields.iter().cloned());
                if seen.insert(way) {
                    entry.criteria += 1;
                    *entry.rules.entry(rule.id.clone()).or_default() += 1;
                    entry.services.extend(subject.service.as_deref().map(str::to_owned));
                }
            }
        }
    }
    let mut list: Vec<Missing> = asked.into_values().collect();
    list.sort_by(|a, b| b.criteria.cmp(&a.criteria).then_with(|| (&a.kind, &a.how).cmp(&(&b.kind, &b.how))));
    list
}

/// Writes what would decide unknown criteria.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_missing(format: PageFormat, list: &[Missing], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if format == PageFormat::Json {
        return json::array(out, list.iter());
    }
    let mut sheet = Sheet::new(Page::from(options));
    for ask in list {
        sheet.paragraph(Ink::Strong, &clean(&ask.how));
        let sections = ask.sections.iter().map(|(section, fields)| match (&ask.kind, fields.is_empty()) {
            // What an export holds is the product's to say; what is written by hand has to be known.
            (Some(_), _) | (None, true) => section.clone(),
            (None, false) => format!("{section}: {}", listed(&fields.iter().cloned().collect::<Vec<_>>(), NAMED)),
        });
        let kind = ask.kind.as_ref().map_or_else(String::new, |kind| format!("{kind}: "));
        sheet.line(&format!("{kind}{}", sections.collect::<Vec<_>>().join(", ")));
        let mut rules: Vec<(&String, &usize)> = ask.rules.iter().collect();
        rules.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let rules: Vec<String> = rules.into_iter().map(|(rule, n)| format!("{rule} ({n})")).collect();
        let services: Vec<String> = ask.services.iter().map(|service| clean(service)).collect();
        let criteria = if ask.criteria == 1 { "criterion" } else { "criteria" };
        sheet.line(&format!("{} {criteria}: {}", ask.criteria, listed(&rules, NAMED)));
        if !services.is_empty() {
            sheet.line(&format!("services: {}", listed(&services, NAMED)));
        }
        sheet.out.push('\n');
    }
    let end = match list.len() {
        0 => "No criterion is unknown for want of an export or a record.".to_owned(),
        _ => {
            "Each could decide the criteria named with it; whether they are met is for the evidence to say.".to_owned()
        }
    };
    sheet.paragraph(Ink::Plain, &end);
    out.write_all(sheet.out.as_bytes())
}

/// An asset that no component claims, as it is written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct UnclaimedLine<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    tenant: Option<&'a str>,
    asset: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    tool: Option<&'a str>,
    recovery_points: usize,
    #[serde(skip_serializing_if = "Option::is_none")]
    newest: Option<String>,
    jobs: usize,
    policies: usize,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    volume_claim: bool,
    path: &'a str,
    nearest: Vec<Component<'a>>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Component<'a> {
    service: &'a str,
    component: &'a str,
}

/// Writes assets that no component claims; `path` names the file of each.
///
/// # Errors
///
/// Where `out` cannot be written to.
pub fn write_unclaimed<'a>(
    format: PageFormat,
    list: &'a [Unclaimed],
    path: impl Fn(&Unclaimed) -> &'a str,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if format == PageFormat::Json {
        let lines: Vec<UnclaimedLine<'_>> = list
            .iter()
            .map(|orphan| UnclaimedLine {
                tenant: orphan.tenant.as_deref(),
                asset: &orphan.asset,
                tool: orphan.tool.as_deref(),
                recovery_points: orphan.recovery_points,
                newest: orphan.newest.map(|time| time.to_string()),
                jobs: orphan.jobs,
                policies: orphan.policies,
                volume_claim: orphan.is_volume,
                path: path(orphan),
                nearest: orphan.nearest.iter().map(|(service, component)| Component { service, component }).collect(),
            })
            .collect();
        return json::array(out, lines.iter());
    }
    let mut sheet = Sheet::new(Page::from(options));
    for orphan in list {
        sheet.paragraph(Ink::Strong, &clean(&orphan.asset));
        let newest = orphan.newest.map_or_else(String::new, |time| format!(", the newest of {time}"));
        let counts = [
            (orphan.recovery_points, "recovery point", newest),
            (orphan.jobs, "run", String::new()),
            (orphan.policies, "policy", String::new()),
        ];
        let counts = counts.into_iter().filter(|(n, ..)| *n > 0).map(|(n, word, more)| match (n, word) {
            (1, word) => format!("1 {word}{more}"),
            (n, "policy") => format!("{n} policies{more}"),
            (n, word) => format!("{n} {word}s{more}"),
        });
        let tenant = orphan.tenant.as_ref().map_or_else(String::new, |tenant| format!("{}: ", clean(tenant)));
        let mut said: Vec<String> = counts.collect();
        if orphan.is_volume {
            said.push("a volume claim that no export of a backup names".to_owned());
        }
        sheet.line(&format!("{tenant}{}; in {}", said.join(", "), clean(path(orphan))));
        let near: Vec<String> = orphan
            .nearest
            .iter()
            .map(|(service, component)| format!("{} of {}", clean(component), clean(service)))
            .collect();
        match near.as_slice() {
            [] => sheet.line("no component has a word in common with it"),
            near => sheet.line(&format!("perhaps {}", near.join(", or "))),
        }
        sheet.out.push('\n');
    }
    let end = match list.len() {
        0 => "Every asset that an export names is claimed by a component.".to_owned(),
        1 => {
            "1 asset is claimed by no component; put it under `assets` of the component that it belongs to.".to_owned()
        }
        n => format!(
            "{n} assets are claimed by no component; put each under `assets` of the component that it belongs to."
        ),
    };
    sheet.paragraph(Ink::Plain, &end);
    out.write_all(sheet.out.as_bytes())
}
