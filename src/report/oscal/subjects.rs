//! What is judged: services and the organisation as components, everything else as items of the inventory.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, Write};

use serde::Serialize;

use super::super::groups::subject as named;
use super::super::json::element;
use super::super::model::{PositionSummary, Report, Subject};
use super::document::{Prop, some};
use super::ids::{Id, id};
use super::people::{People, Role};
use super::run::tool;
use super::text::{markup, paragraphs, string};

/// `subject-reference`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct Reference {
    subject_uuid: Id,
    r#type: &'static str,
    title: String,
}

/// The same subject in every run.
fn uuid(subject: &Subject) -> Id {
    let parts = [&subject.tenant, &subject.service, &subject.component, &subject.id];
    // What is absent is not what is empty.
    let parts = parts.map(|part| part.as_ref().map_or_else(|| "-".to_owned(), |part| format!("={part}")));
    let [tenant, service, component, object] = &parts;
    id("subject", &[&subject.kind, tenant, service, component, object])
}

/// How a subject is referred to.
pub(super) fn reference(subject: &Subject) -> Reference {
    let r#type = if component_type(subject).is_some() { "component" } else { "inventory-item" };
    Reference { subject_uuid: uuid(subject), r#type, title: markup(&named(subject)) }
}

/// The type of component that a subject is; none where it is an item of the inventory.
fn component_type(subject: &Subject) -> Option<&'static str> {
    match subject.kind.as_str() {
        "service" => Some("service"),
        "estate" => Some("this-system"),
        "tenant" => Some("system"),
        _ => None,
    }
}

/// `system-component`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Component {
    uuid: Id,
    r#type: &'static str,
    title: String,
    description: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    props: Vec<Prop>,
    status: Status,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    responsible_roles: Vec<Responsible>,
}

/// `system-component/status`
#[derive(Debug, Serialize)]
struct Status {
    state: &'static str,
}

/// `responsible-role`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Responsible {
    role_id: &'static str,
    party_uuids: [Id; 1],
}

/// `inventory-item`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Item {
    uuid: Id,
    description: String,
    props: Vec<Prop>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    implemented_components: Vec<Implemented>,
}

/// `inventory-item/implemented-components`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Implemented {
    component_uuid: Id,
}

/// `assessment-assets`: what judged.
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Assets {
    components: [Component; 1],
    assessment_platforms: [Platform; 1],
}

/// `assessment-assets/assessment-platforms`
#[derive(Debug, Serialize)]
#[serde(rename_all = "kebab-case")]
struct Platform {
    uuid: Id,
    title: &'static str,
    uses_components: [Implemented; 1],
}

/// The definitions that references of a document lead to.
pub(super) struct Definitions<'a> {
    subjects: BTreeSet<Subject>,
    positions: BTreeMap<(Option<&'a str>, &'a str), &'a PositionSummary>,
}

/// The service that a subject is or belongs to.
fn service(tenant: Option<&str>, service: &str) -> Subject {
    Subject {
        kind: "service".to_owned(),
        tenant: tenant.map(str::to_owned),
        service: Some(service.to_owned()),
        component: None,
        id: None,
    }
}

impl<'a> Definitions<'a> {
    /// These subjects, and the services that they belong to.
    pub(super) fn of<'s>(report: &'a Report, subjects: impl Iterator<Item = &'s Subject>) -> Self {
        let mut all = BTreeSet::new();
        for subject in subjects {
            all.extend(subject.service.as_ref().map(|id| service(subject.tenant.as_deref(), id)));
            all.insert(subject.clone());
        }
        let positions = report.positions.iter().map(|p| ((p.tenant.as_deref(), p.service.as_str()), p)).collect();
        Self { subjects: all, positions }
    }

    /// The same with every service that there is, judged or not.
    pub(super) fn with_every_service(mut self) -> Self {
        self.subjects.extend(self.positions.keys().map(|(tenant, id)| service(*tenant, id)));
        self
    }

    /// Writes them into `local-definitions`.
    pub(super) fn write(&self, people: &mut People<'a>, out: &mut dyn Write) -> io::Result<()> {
        write!(out, ",\n\"local-definitions\":{{\"assessment-assets\":")?;
        element(out, &assets())?;
        let components: Vec<Component> = self.subjects.iter().filter_map(|s| self.component(s, people)).collect();
        some(out, "components", components.into_iter())?;
        some(out, "inventory-items", self.subjects.iter().filter_map(item))?;
        out.write_all(b"}")
    }

    fn component(&self, subject: &Subject, people: &mut People<'a>) -> Option<Component> {
        let r#type = component_type(subject)?;
        let position = subject.service.as_deref().and_then(|id| self.positions.get(&(subject.tenant.as_deref(), id)));
        let owner = position.and_then(|position| position.owner.as_deref());
        let name = position.and_then(|position| position.name.as_deref());
        Some(Component {
            uuid: uuid(subject),
            r#type,
            title: markup(name.unwrap_or(&named(subject))),
            description: paragraphs([describe(subject).as_str()]),
            props: scope(subject).into_iter().chain(position.into_iter().flat_map(|p| summary(p))).collect(),
            status: Status { state: "operational" },
            responsible_roles: owner
                .map(|owner| Responsible { role_id: Role::Owner.id(), party_uuids: [people.party(owner, Role::Owner)] })
                .into_iter()
                .collect(),
        })
    }
}

fn describe(subject: &Subject) -> String {
    match subject.kind.as_str() {
        "estate" => "Everything that was read, as a whole.".to_owned(),
        "tenant" => format!("The organisation as a whole: {}.", named(subject)),
        kind if subject.service.is_some() => format!("The {} {}.", string(kind), named(subject)),
        // Its name says already what it is.
        _ => format!("The {}.", named(subject).trim_start_matches("the ")),
    }
}

/// Whom a subject belongs to, and its ids.
fn scope(subject: &Subject) -> Vec<Prop> {
    let parts = [
        ("tenant", &subject.tenant),
        ("service", &subject.service),
        ("component", &subject.component),
        ("object", &subject.id),
    ];
    let given = parts.into_iter().filter_map(|(name, part)| Some((name, part.as_ref()?)));
    let named = given.filter(|(_, part)| !part.is_empty()).map(|(name, part)| Prop::own(name, part));
    std::iter::once(Prop::own("kind", &subject.kind)).chain(named).collect()
}

/// What a service claims, and what is proven of it.
fn summary(position: &PositionSummary) -> Vec<Prop> {
    let mut props: Vec<Prop> = position.tier.iter().map(|tier| Prop::own("tier", tier)).collect();
    let grades = [
        ("evidence-grade", Some(position.evidence_grade)),
        ("required-grade", position.required_grade),
        ("claimed-grade", position.claimed_grade),
    ];
    props.extend(grades.into_iter().filter_map(|(name, grade)| Some(Prop::own(name, grade?.name()))));
    let seconds = [
        ("rpo-seconds", position.rpo_s),
        ("newest-point-age-seconds", position.newest_point_age_s),
        ("rto-seconds", position.rto_s),
        ("measured-recovery-seconds", position.measured_rto_s),
        ("restore-test-age-seconds", position.last_test_age_s),
        ("recovery-wave", position.wave),
    ];
    props.extend(seconds.into_iter().filter_map(|(name, number)| Some(Prop::own(name, &number?.to_string()))));
    props
}

fn item(subject: &Subject) -> Option<Item> {
    if component_type(subject).is_some() {
        return None;
    }
    let of = subject.service.as_ref().map(|id| uuid(&service(subject.tenant.as_deref(), id)));
    Some(Item {
        uuid: uuid(subject),
        description: paragraphs([describe(subject).as_str()]),
        props: scope(subject),
        implemented_components: of.map(|component_uuid| Implemented { component_uuid }).into_iter().collect(),
    })
}

fn assets() -> Assets {
    let component = Component {
        uuid: tool(),
        r#type: "software",
        title: env!("CARGO_PKG_NAME").to_owned(),
        description: "Judges exports of backup products, the service inventory and restore tests by rules.".to_owned(),
        props: vec![Prop::nist("version", env!("CARGO_PKG_VERSION"))],
        status: Status { state: "operational" },
        responsible_roles: Vec::new(),
    };
    let platform = Platform {
        uuid: id("platform", &[]),
        title: "The machine that the run was made on",
        uses_components: [Implemented { component_uuid: tool() }],
    };
    Assets { components: [component], assessment_platforms: [platform] }
}
