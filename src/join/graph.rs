//! Dependencies: order, cycles, and the time of the longest chain.

use petgraph::algo::tarjan_scc;
use petgraph::graph::{DiGraph, NodeIndex};

use super::estate::Estate;
use crate::model::Dependency;

/// Why the time of a chain is not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Unknown {
    /// A service on the path waits for itself.
    Cycle(usize),
    /// A service on the path was never measured.
    NeverMeasured(usize),
    /// An entry is no service of the inventory.
    NoService,
    /// An external service without a committed time.
    NoCommitment,
}

/// What the dependencies of one service amount to.
#[derive(Debug, Clone, Default)]
pub(super) struct Node {
    /// Group of services that wait for each other; alone in it unless there is a cycle.
    pub(super) group: usize,
    /// Whether it waits for itself.
    pub(super) on_cycle: bool,
    /// 1 = needs nothing else; `None` on or behind a cycle.
    pub(super) wave: Option<i64>,
    /// Longest chain of its dependencies' times, seconds.
    pub(super) chain: Option<Result<i64, Unknown>>,
    /// Own worst recent time, seconds.
    pub(super) own_s: Option<i64>,
    /// The dependency on the longest chain.
    pub(super) next: Option<usize>,
}

/// The dependency graph of the estate; nodes as in [`Estate::services`].
#[derive(Debug, Default)]
pub(super) struct Graph {
    pub(super) nodes: Vec<Node>,
}

impl Graph {
    pub(super) fn new(estate: &Estate<'_>) -> Self {
        let count = estate.services.len();
        let mut graph = DiGraph::<(), ()>::with_capacity(count, count);
        let nodes: Vec<NodeIndex> = (0..count).map(|_| graph.add_node(())).collect();
        let mut loops = vec![false; count];
        for service in 0..count {
            for far in estate.internal_dependencies(service).filter_map(|(_, far)| far) {
                loops[service] |= far == service;
                graph.add_edge(nodes[service], nodes[far], ());
            }
        }
        let mut built = Graph { nodes: vec![Node::default(); count] };
        // Tarjan gives a service after everything that it depends on.
        for (group, members) in tarjan_scc(&graph).into_iter().enumerate() {
            let cycle = members.len() > 1 || members.iter().any(|m| loops[m.index()]);
            for member in members {
                let service = member.index();
                built.nodes[service] = built.node(estate, service, group, cycle);
            }
        }
        built
    }

    fn node(&self, estate: &Estate<'_>, service: usize, group: usize, on_cycle: bool) -> Node {
        let own_s = estate.measured(service).worst_recent.map(|m| m.total_s);
        let mut node = Node { group, on_cycle, own_s, wave: Some(1), ..Node::default() };
        let mut longest: Result<i64, Unknown> = Ok(0);
        for (_, far) in estate.internal_dependencies(service) {
            let time = match far {
                _ if on_cycle => Err(Unknown::Cycle(service)),
                None => Err(Unknown::NoService),
                Some(far) => {
                    let behind = self.nodes.get(far);
                    node.wave = node.wave.zip(behind.and_then(|n| n.wave)).map(|(own, far)| own.max(far + 1));
                    self.time_of(far)
                }
            };
            if let (Ok(time), Ok(max)) = (time, longest)
                && time > max
            {
                node.next = far;
            }
            longest = worse(longest, time);
        }
        for entry in estate.dependencies(service).iter().filter(|d| d.external) {
            let time =
                entry.commitment.as_ref().and_then(|c| c.rto).map_or(Err(Unknown::NoCommitment), |rto| Ok(rto.get()));
            longest = worse(longest, time);
        }
        if on_cycle {
            node.wave = None;
        }
        node.chain = Some(longest);
        node
    }

    /// Time of a dependency: its own worst plus its own chain.
    fn time_of(&self, service: usize) -> Result<i64, Unknown> {
        let Some(node) = self.nodes.get(service) else { return Err(Unknown::NoService) };
        if node.on_cycle {
            return Err(Unknown::Cycle(service));
        }
        let chain = node.chain.unwrap_or(Ok(0))?;
        node.own_s.map_or(Err(Unknown::NeverMeasured(service)), |own| Ok(own + chain))
    }
}

fn worse(a: Result<i64, Unknown>, b: Result<i64, Unknown>) -> Result<i64, Unknown> {
    match (a, b) {
        (Ok(a), Ok(b)) => Ok(a.max(b)),
        (Err(unknown), _) | (_, Err(unknown)) => Err(unknown),
    }
}

impl Estate<'_> {
    /// The entries of `depends_on` of a service.
    pub(super) fn dependencies(&self, service: usize) -> &[Dependency] {
        self.services.get(service).and_then(|(_, s)| s.record.depends_on.as_deref()).unwrap_or_default()
    }

    /// Those that are not external, each with the service it names, where there is one.
    pub(super) fn internal_dependencies(&self, service: usize) -> impl Iterator<Item = (&Dependency, Option<usize>)> {
        let tenant = self.services.get(service).and_then(|((tenant, _), _)| tenant.as_ref());
        self.dependencies(service).iter().filter(|d| !d.external).map(move |d| (d, self.find(tenant, &d.service)))
    }
}
