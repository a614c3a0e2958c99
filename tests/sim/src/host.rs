//! The host: the real state machine over a store and a repository that are maps.

use std::collections::{BTreeMap, VecDeque};

use fleet_core::bundle::Bundle;
use fleet_core::digest::Digest;
use fleet_core::name::{BundleName, ClusterName, RepoName};
use fleet_core::object::Object;
use fleet_core::options::ApplyOptions;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::{Cluster, ClusterSpec, GitRepo, GitRepoSpec, Metadata};
use fleet_core::wire::{DesiredRef, Incarnation};
use fleet_host_plan::fleet::{
    Bundle as BundleRecord, BundleResult, Change, Content, Effect, Event, Fleet, Now, RenderJob,
    RenderResult,
};
use serde_json::json;

/// What a commit holds: for each bundle the names of its objects; `None` if it does not render.
pub type Commit = BTreeMap<String, Option<Vec<String>>>;

/// The host.
#[derive(Debug)]
pub struct Host {
    fleet: Fleet,
    /// What survives a restart.
    store: BTreeMap<String, Change>,
    /// Bundles by digest; they survive a restart too.
    pub blobs: BTreeMap<Digest, Bundle>,
    /// The repository: its newest commit.
    pub commit: Commit,
    n_commits: u64,
    n_stores: u64,
    renders: VecDeque<RenderJob>,
    watched: bool,
    /// Announcements for agents whose streams are open.
    pub announced: Vec<(ClusterName, DesiredRef)>,
}

/// The one GitRepo of a simulation.
pub fn repo_name() -> RepoName {
    RepoName::parse("team").expect("`team` is a valid name")
}

impl Host {
    /// A host with an empty store.
    pub fn new(clusters: &[ClusterName]) -> Self {
        let mut host = Self {
            fleet: Fleet::new(Incarnation(String::new()), Vec::new()).0,
            store: BTreeMap::new(),
            blobs: BTreeMap::new(),
            commit: Commit::new(),
            n_commits: 0,
            n_stores: 0,
            renders: VecDeque::new(),
            watched: false,
            announced: Vec::new(),
        };
        host.lose_store(clusters);
        host
    }

    /// Starts again with what the store has; what was under way is lost.
    pub fn restart(&mut self) {
        let records = self.store.values().cloned().collect();
        let (fleet, effects) = Fleet::new(self.incarnation(), records);
        self.fleet = fleet;
        self.renders.clear();
        self.announced.clear();
        self.watched = false;
        self.carry_out(effects);
    }

    /// Starts with a new store; an operator registers the clusters and the GitRepo again.
    pub fn lose_store(&mut self, clusters: &[ClusterName]) {
        self.store.clear();
        self.blobs.clear();
        self.n_stores += 1;
        self.restart();
        for name in clusters {
            self.step(Event::ClusterSet(Box::new(cluster(name))), 0);
        }
        let repo = GitRepo {
            api_version: fleet_core::resource::API_VERSION.to_owned(),
            metadata: Metadata::named(repo_name()),
            spec: GitRepoSpec::default(),
        };
        self.step(Event::RepoSet(Box::new(repo)), 0);
    }

    /// The id of the store.
    pub fn incarnation(&self) -> Incarnation {
        Incarnation(format!("store-{}", self.n_stores))
    }

    /// The state machine.
    pub fn fleet(&self) -> &Fleet {
        &self.fleet
    }

    /// Takes an event in and carries out what comes of it.
    pub fn step(&mut self, event: Event, now: Now) {
        let effects = self.fleet.step(event, now);
        self.carry_out(effects);
    }

    /// Lets a commit land in the repository.
    pub fn push(&mut self, commit: Commit) {
        self.commit = commit;
        self.n_commits += 1;
    }

    /// Looks at the repository.
    pub fn poll(&mut self, now: Now) {
        if self.watched {
            let commit = format!("{:040x}", self.n_commits);
            let repo = repo_name();
            self.step(Event::Fetched { repo, commit }, now);
        }
    }

    /// Renders the oldest job; false if there is none.
    pub fn render(&mut self, now: Now) -> bool {
        let Some(job) = self.renders.pop_front() else {
            return false;
        };
        let result = self.result(&job);
        self.step(Event::Rendered(Box::new(result)), now);
        true
    }

    fn carry_out(&mut self, effects: Vec<Effect>) {
        for effect in effects {
            match effect {
                Effect::Save(changes) => changes.into_iter().for_each(|change| self.save(change)),
                Effect::Watch(_) => self.watched = true,
                Effect::Unwatch(_) => self.watched = false,
                Effect::Render(job) => self.renders.push_back(*job),
                Effect::Announce(cluster, reference) => self.announced.push((cluster, reference)),
                Effect::Expel(_) => {}
            }
        }
    }

    fn save(&mut self, change: Change) {
        let (key, deleted) = match &change {
            Change::Repo(name, record) => (format!("repo/{name}"), record.is_none()),
            Change::Cluster(name, record) => (format!("cluster/{name}"), record.is_none()),
            Change::Group(name, record) => (format!("group/{name}"), record.is_none()),
            Change::Bundle(name, record) => (format!("bundle/{name}"), record.is_none()),
            Change::Deployment((cluster, name), record) => {
                (format!("deployment/{cluster}/{name}"), record.is_none())
            }
            Change::Removal((cluster, name), record) => {
                (format!("removal/{cluster}/{name}"), record.is_none())
            }
        };
        if deleted {
            self.store.remove(&key);
        } else {
            self.store.insert(key, change);
        }
    }

    fn result(&mut self, job: &RenderJob) -> RenderResult {
        let mut bundles = Vec::new();
        for (name, objects) in &self.commit {
            let name = BundleName::parse(name.clone()).expect("bundles have valid names");
            let target = match objects {
                None => Err(vec![Problem::new(Reason::RenderFailed, "broken")]),
                Some(objects) => {
                    let bundle = Bundle::new(objects.iter().map(|name| config_map(name)).collect());
                    let content = Content {
                        bundle: bundle.id(),
                        options: ApplyOptions::default(),
                        n_objects: u32::try_from(objects.len()).unwrap_or(u32::MAX),
                    };
                    self.blobs.insert(bundle.id(), bundle);
                    Ok(content)
                }
            };
            let clusters = job.clusters.iter();
            bundles.push(BundleResult {
                bundle: BundleRecord {
                    repo: repo_name(),
                    path: name.to_string(),
                    labels: BTreeMap::new(),
                    depends_on: Vec::new(),
                    paused: false,
                    commit: job.commit.clone(),
                },
                name,
                targets: clusters
                    .map(|record| (record.resource.metadata.name.clone(), target.clone()))
                    .collect(),
                warnings: Vec::new(),
                origins: Vec::new(),
            });
        }
        RenderResult {
            repo: repo_name(),
            commit: job.commit.clone(),
            bundles,
            unread: Vec::new(),
            unlisted: Vec::new(),
            problems: Vec::new(),
        }
    }
}

/// The object that stands for `name`; what follows a `@` is its content.
pub fn config_map(name: &str) -> Object {
    let (name, content) = name.split_once('@').unwrap_or((name, ""));
    Object::parse(json!({
        "apiVersion": "v1", "kind": "ConfigMap",
        "metadata": {"name": name}, "data": {"content": content},
    }))
    .expect("it has all that an object needs")
}

fn cluster(name: &ClusterName) -> Cluster {
    Cluster {
        api_version: fleet_core::resource::API_VERSION.to_owned(),
        metadata: Metadata::named(name.clone()),
        spec: ClusterSpec::default(),
    }
}
