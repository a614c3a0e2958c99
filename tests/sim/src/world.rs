//! Everything together, and what may go wrong.

use std::collections::BTreeSet;
use std::time::Duration;

use fleet_agent_plan::machine::Event as AgentEvent;
use fleet_core::name::ClusterName;
use fleet_core::problem::{Problem, Reason};
use fleet_core::state::State;
use fleet_core::wire::Hello;
use fleet_host_plan::fleet::Event;

use crate::agent::{Agent, Ask};
use crate::host::{Commit, Host};
use crate::rng::Rng;

/// What may go wrong.
#[derive(Clone, Copy, Debug, Default)]
pub struct Faults {
    /// Streams break, and requests of agents are lost.
    pub network: bool,
    /// Agents crash, also in the middle of an apply.
    pub agents: bool,
    /// The host restarts.
    pub host: bool,
    /// The host loses its store.
    pub store: bool,
}

/// A host, its agents, and the time.
#[derive(Debug)]
pub struct World {
    seed: u64,
    rng: Rng,
    now: Duration,
    host: Host,
    agents: Vec<Agent>,
    clusters: Vec<ClusterName>,
    /// Whether a store was lost: what it knew alone may be left over as orphans.
    lost: bool,
}

impl World {
    /// A host with `n_agents` clusters and an empty repository.
    pub fn new(seed: u64, n_agents: usize) -> Self {
        let name = |n| ClusterName::parse(format!("c{n}")).expect("`c0` is a valid name");
        let clusters: Vec<_> = (0..n_agents).map(name).collect();
        Self {
            seed,
            rng: Rng::new(seed),
            now: Duration::from_secs(1),
            host: Host::new(&clusters),
            agents: clusters.iter().cloned().map(Agent::new).collect(),
            clusters,
            lost: false,
        }
    }

    /// Lets `n_steps` things happen.
    pub fn chaos(&mut self, n_steps: usize, faults: Faults) {
        for _ in 0..n_steps {
            self.now += Duration::from_millis(self.rng.draw() % 2_000);
            let n = self.rng.below(self.agents.len());
            match self.rng.below(40) {
                0 | 1 => {
                    let commit = self.commit();
                    self.host.push(commit);
                }
                2 if faults.network => self.break_stream(n),
                3 if faults.agents && self.rng.one_in(3) => {
                    self.break_stream(n);
                    self.agents[n].restart(self.now);
                }
                4 if faults.host && self.rng.one_in(4) => {
                    self.break_all();
                    self.host.restart();
                }
                5 if faults.store && self.rng.one_in(10) => {
                    self.break_all();
                    self.host.lose_store(&self.clusters);
                    self.lost = true;
                }
                6..=9 => self.host.poll(self.secs()),
                10..=13 => {
                    self.host.render(self.secs());
                }
                14 | 15 => self.connect(n),
                16 | 17 => self.agents[n].step(AgentEvent::Tick, self.now),
                _ => {
                    let crash = (faults.agents && self.rng.one_in(20)).then(|| self.rng.below(4));
                    let lossy = faults.network && self.rng.one_in(10);
                    self.work(n, crash, lossy);
                }
            }
            self.announce();
            self.check();
        }
    }

    /// Repairs everything and lets it settle.
    ///
    /// # Panics
    /// If it does not settle, or settles on something else than the newest commit says.
    pub fn calm(&mut self) {
        // The newest commit renders.
        let mut commit = self.host.commit.clone();
        commit.retain(|_, objects| objects.as_ref().is_some_and(|objects| !objects.is_empty()));
        commit.insert("last".to_owned(), Some(vec!["last@1".to_owned()]));
        self.host.push(commit);
        for round in 0..2_000 {
            self.host.poll(self.secs());
            while self.host.render(self.secs()) {}
            self.announce();
            for n in 0..self.agents.len() {
                self.connect(n);
                while self.agents[n].is_busy() {
                    self.work(n, None, false);
                    self.announce();
                }
                self.check();
            }
            if self.is_settled() {
                self.check_settled();
                return;
            }
            // Time passes to the next thing that anybody waits for.
            let wake = self.agents.iter().filter_map(Agent::wake_at).min();
            self.now = wake
                .unwrap_or(self.now)
                .max(self.now + Duration::from_millis(100));
            for agent in &mut self.agents {
                agent.step(AgentEvent::Tick, self.now);
                let idle = !agent.is_busy() && agent.wake_at().is_some_and(|at| at <= self.now);
                assert!(
                    !idle,
                    "seed {}: {} spins at {:?}",
                    self.seed, agent.name, self.now
                );
            }
            assert!(
                round < 1_999,
                "seed {}: it does not settle: {}",
                self.seed,
                self.picture()
            );
        }
    }

    fn secs(&self) -> u64 {
        self.now.as_secs()
    }

    fn is_settled(&self) -> bool {
        let fleet = self.host.fleet();
        let bundles = self.host.commit.len();
        self.clusters.iter().all(|cluster| {
            let views = fleet.view_deployments(|key| key.0 == *cluster, self.secs());
            views.len() == bundles
                && views
                    .iter()
                    .all(|view| view.state == State::Ready && !view.removing)
        })
    }

    /// What the host sees, for a failure.
    fn picture(&self) -> String {
        let views = self.host.fleet().view_deployments(|_| true, self.secs());
        let line = |view: &fleet_host_plan::view::DeploymentView| {
            format!(
                "\n{}/{}: {} generation {} health {:?} removing {} problems {:?}",
                view.cluster,
                view.bundle,
                view.state,
                view.generation,
                view.health,
                view.removing,
                view.problems
            )
        };
        let views: String = views.iter().map(line).collect();
        format!("{:?}{views}", self.host.commit)
    }

    fn check_settled(&self) {
        let wanted: BTreeSet<String> = self
            .host
            .commit
            .values()
            .flatten()
            .flatten()
            .cloned()
            .collect();
        for agent in &self.agents {
            let runs = agent.runs();
            let missing: Vec<_> = wanted.difference(&runs).collect();
            assert!(
                missing.is_empty(),
                "seed {}: {} lacks {missing:?}",
                self.seed,
                agent.name
            );
            let more: Vec<_> = runs.difference(&wanted).collect();
            assert!(
                more.is_empty() || self.lost,
                "seed {}: {} still runs {more:?}",
                self.seed,
                agent.name
            );
        }
    }

    /// What must hold at every moment.
    fn check(&self) {
        for agent in &self.agents {
            let unowned = agent.unowned();
            assert!(
                unowned.is_empty(),
                "seed {}: {} runs {unowned:?}, and nobody owns it",
                self.seed,
                agent.name
            );
            assert_eq!(
                agent.n_foreign(),
                2,
                "seed {}: {} lost what is not ours",
                self.seed,
                agent.name
            );
        }
    }

    /// A commit: bundles with objects of their own, some of which do not render.
    fn commit(&mut self) -> Commit {
        let mut commit = Commit::new();
        for bundle in ["api", "db", "web"] {
            if self.rng.one_in(4) {
                continue;
            }
            let broken = self.rng.one_in(8);
            let n_objects = self.rng.below(5);
            let object = |n| format!("{bundle}-{n}@{}", self.rng.below(3));
            let objects = (0..n_objects).map(object).collect();
            commit.insert(bundle.to_owned(), (!broken).then_some(objects));
        }
        commit
    }

    fn connect(&mut self, n: usize) {
        if self.agents[n].connected {
            return;
        }
        let name = self.agents[n].name.clone();
        self.agents[n].connected = true;
        self.host.step(Event::Connected(name.clone()), self.secs());
        let hello = Hello {
            incarnation: self.host.incarnation(),
            version: String::new(),
        };
        self.agents[n].step(AgentEvent::Connected(hello), self.now);
        if let Some(reference) = self.host.fleet().desired_ref(&name) {
            self.agents[n].step(AgentEvent::Announced(reference), self.now);
        }
    }

    fn break_stream(&mut self, n: usize) {
        if self.agents[n].connected {
            self.agents[n].disconnect(self.now);
            let name = self.agents[n].name.clone();
            self.host.step(Event::Disconnected(name), self.secs());
        }
    }

    fn break_all(&mut self) {
        for n in 0..self.agents.len() {
            self.break_stream(n);
        }
    }

    fn announce(&mut self) {
        for (cluster, reference) in std::mem::take(&mut self.host.announced) {
            let agent = self
                .agents
                .iter_mut()
                .find(|agent| agent.name == cluster && agent.connected);
            if let Some(agent) = agent {
                agent.step(AgentEvent::Announced(reference), self.now);
            }
        }
    }

    fn work(&mut self, n: usize, crash: Option<usize>, lossy: bool) {
        let agent = &mut self.agents[n];
        let was_connected = agent.connected;
        let ask = agent.work(self.now, &mut self.rng, crash);
        if was_connected && !self.agents[n].connected {
            let name = self.agents[n].name.clone();
            self.host.step(Event::Disconnected(name), self.secs());
        }
        let Some(ask) = ask else {
            return;
        };
        let agent = &mut self.agents[n];
        let name = agent.name.clone();
        let reaches = agent.connected && !lossy;
        match ask {
            Ask::Desired => match self.host.fleet().desired(&name) {
                Some(desired) if reaches => {
                    agent.step(AgentEvent::DesiredFetched(desired), self.now)
                }
                // The stream is opened again, and announces it once more.
                _ => self.break_stream(n),
            },
            Ask::Bundle(digest) => {
                let blob = self.host.blobs.get(&digest);
                let readable = self.host.fleet().may_read(&name, &digest);
                match blob.filter(|_| reaches && readable) {
                    Some(bundle) => {
                        agent.disk.bundles.insert(digest, bundle.clone());
                        agent.step(AgentEvent::BundleFetched(digest), self.now);
                    }
                    None => {
                        let problem = Problem::new(Reason::BundleUnavailable, "not now");
                        agent.step(AgentEvent::BundleFailed(digest, problem), self.now);
                    }
                }
            }
            Ask::Report(report) if reaches => {
                self.host
                    .step(Event::Reported(name, Box::new(report)), self.now.as_secs());
                self.agents[n].step(AgentEvent::Reported, self.now);
            }
            Ask::Report(_) => agent.step(AgentEvent::ReportFailed, self.now),
        }
    }
}
