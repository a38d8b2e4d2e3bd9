//! Services, their components, and the people who answer for them.

use serde::{Deserialize, Serialize};

use super::units::{Grade, Seconds, Text, Time};

/// Somebody who can own, escalate, execute or accept. Section `people`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Id that other records refer to.
    pub id: Text,
    /// Full name.
    pub name: Option<String>,
    /// Team id.
    pub team: Option<Text>,
    /// Still with the organisation.
    pub active: Option<bool>,
    /// When the directory was asked.
    pub checked_at: Option<Time>,
}

/// A team and how to reach it. Section `teams`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Team {
    /// Id that other records refer to.
    pub id: Text,
    /// Name.
    pub name: Option<String>,
    /// Contact route.
    pub contact: Option<String>,
    /// When the contact route was tried.
    pub contact_checked_at: Option<Time>,
}

/// A service the organisation runs: the subject of every question. Section `services`.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Service {
    /// Id.
    pub id: Text,
    /// Name.
    pub name: Option<String>,
    /// A key of the standard's tiers, as text (`1` and `"1"` are the same).
    #[serde(deserialize_with = "text_or_number")]
    pub tier: Option<String>,
    /// application, data, identity, network, dns, management, platform or external.
    pub kind: Option<String>,
    /// Who answers for its recovery.
    pub owner: Option<Owner>,
    /// Who could run the recovery today.
    pub able_people: Option<Vec<Text>>,
    /// Who coordinates when several teams own parts.
    pub coordinator: Option<Text>,
    /// Business impact analysis.
    pub impact_analysis: Option<ImpactAnalysis>,
    /// Recovery objectives.
    pub objectives: Option<Objectives>,
    /// What the organisation claims.
    pub claim: Option<Claim>,
    /// What must be there first; `[]` says nothing, absent says nobody looked.
    pub depends_on: Option<Vec<Dependency>>,
    /// Order of recovery, smaller first.
    pub recovery_priority: Option<i64>,
    /// Where it would be restored to.
    pub recovery_capacity: Option<RecoveryCapacity>,
    /// Its parts.
    pub components: Option<Vec<Component>>,
}

/// Who answers for a recovery.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Owner {
    /// The one accountable person.
    pub accountable: Option<Text>,
    /// Who answers when that person does not.
    pub escalation: Option<Text>,
    /// Who owns it at leadership level.
    pub executive: Option<Text>,
}

/// Reference to a business impact analysis.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct ImpactAnalysis {
    /// Document id.
    #[serde(rename = "ref")]
    pub reference: Option<String>,
    /// When it was made.
    pub at: Option<Time>,
}

/// What the business expects.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Objectives {
    /// Recovery time objective.
    pub rto: Option<Seconds>,
    /// Recovery point objective.
    pub rpo: Option<Seconds>,
    /// Maximum tolerable period of disruption (ISO 22301).
    pub mtpd: Option<Seconds>,
    /// Why these numbers.
    pub rationale: Option<String>,
    /// Who approved them.
    pub approved_by: Option<Vec<Text>>,
    /// When.
    pub approved_at: Option<Time>,
    /// What must work for the service to count as recovered.
    pub minimum_service: Option<String>,
    /// Checks that declare recovery done.
    pub acceptance: Option<Vec<String>>,
}

/// A claimed recovery position.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Claim {
    /// What is claimed.
    pub scope: Option<String>,
    /// The grade of evidence claimed.
    pub grade: Option<Grade>,
    /// Under which assumptions.
    pub assumptions: Option<Vec<Assumption>>,
    /// Who stands behind it.
    pub attested_by: Option<Text>,
    /// Since when.
    pub attested_at: Option<Time>,
    /// Until when.
    pub expires: Option<Time>,
}

/// An assumption of a claim.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Assumption {
    /// The assumption.
    pub text: Option<String>,
    /// When it was last checked.
    pub validated_at: Option<Time>,
}

/// An entry of `depends_on`: an id, or an object.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Dependency {
    /// The service depended on.
    pub service: Text,
    /// Run by somebody else.
    pub external: bool,
    /// What a provider promises.
    pub commitment: Option<Commitment>,
    /// Whether it was written as a bare id.
    pub bare: bool,
}

/// A provider's promise.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Commitment {
    /// Recovery time.
    pub rto: Option<Seconds>,
    /// Recovery point.
    pub rpo: Option<Seconds>,
    /// When it was last looked at.
    pub reviewed_at: Option<Time>,
}

#[derive(Serialize, Deserialize)]
#[serde(untagged)]
enum WrittenDependency {
    Bare(Text),
    Full {
        service: Text,
        #[serde(default, skip_serializing_if = "std::ops::Not::not")]
        external: bool,
        #[serde(default)]
        commitment: Option<Commitment>,
    },
}

impl<'de> Deserialize<'de> for Dependency {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(match WrittenDependency::deserialize(deserializer)? {
            WrittenDependency::Bare(service) => Dependency { service, bare: true, ..Dependency::default() },
            WrittenDependency::Full { service, external, commitment } => {
                Dependency { service, external, commitment, bare: false }
            }
        })
    }
}

impl Serialize for Dependency {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if self.bare {
            return self.service.serialize(serializer);
        }
        let Dependency { service, external, commitment, .. } = self.clone();
        WrittenDependency::Full { service, external, commitment }.serialize(serializer)
    }
}

/// Where a service would be restored to.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RecoveryCapacity {
    /// Place.
    pub location: Option<String>,
    /// Bytes free there.
    pub available_bytes: Option<u64>,
    /// Bytes a second that arrive there.
    pub throughput_bytes_per_s: Option<u64>,
    /// When that was looked at.
    pub checked_at: Option<Time>,
}

/// A part of a service that is protected, rebuilt, or left out on purpose.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Component {
    /// Id within the service.
    pub id: Text,
    /// database, volume, files, config, secrets, ingress, pipeline, image, archive, vm, namespace or saas.
    pub kind: Option<String>,
    /// kubernetes, vm, server, cloud or saas.
    pub platform: Option<String>,
    /// Team or person.
    pub owner: Option<Text>,
    /// protected, rebuildable or excluded; the last two need a reason.
    pub disposition: Option<String>,
    /// Why it is not protected.
    pub reason: Option<String>,
    /// When it appeared.
    pub first_seen: Option<Time>,
    /// Names in backup tools; globs allowed.
    pub assets: Option<Vec<Text>>,
    /// What can be restored of it: full, pitr, file, item, namespace, pv …
    pub granularity: Option<Vec<String>>,
    /// Where production runs.
    pub location: Option<Location>,
    /// Present size in bytes.
    pub size_bytes: Option<u64>,
    /// Legal retention.
    pub retention: Option<Obligation>,
}

/// Where production runs.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Location {
    /// Site.
    pub site: Option<String>,
    /// Region.
    pub region: Option<String>,
    /// Account.
    pub account: Option<String>,
    /// Failure domain.
    pub failure_domain: Option<String>,
    /// Admin domain.
    pub admin_domain: Option<String>,
}

/// A legal obligation to keep, or not to keep.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Obligation {
    /// Keep at least.
    pub min: Option<Seconds>,
    /// Keep at most.
    pub max: Option<Seconds>,
}

/// Reads `1` as `"1"`.
pub(crate) fn text_or_number<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged)]
    enum Written {
        Text(String),
        Number(i64),
    }
    Ok(Option::<Written>::deserialize(deserializer)?.map(|w| match w {
        Written::Text(text) => text,
        Written::Number(number) => number.to_string(),
    }))
}
