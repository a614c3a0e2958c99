//! Renders and what comes of them: staged deployments, removals, and what is held back.

use std::collections::{BTreeMap, BTreeSet};

use fleet_core::bundle::Origin;
use fleet_core::digest::Digest;
use fleet_core::name::{BundleName, ClusterName, RepoName};
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::{ClusterGroup, GitRepo};

use super::{Bundle, Change, ClusterRecord, Content, DeploymentKey, Effect, Fleet, Out};

/// A commit to render, with all that the targets may ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct RenderJob {
    /// The GitRepo.
    pub repo: GitRepo,
    /// Full commit id.
    pub commit: String,
    /// The clusters of the GitRepo's workspace.
    pub clusters: Vec<ClusterRecord>,
    /// The groups of the GitRepo's workspace.
    pub groups: Vec<ClusterGroup>,
}

/// What a render job came to.
#[derive(Clone, Debug)]
pub struct RenderResult {
    /// The GitRepo.
    pub repo: RepoName,
    /// Full commit id.
    pub commit: String,
    /// The bundles that were found.
    pub bundles: Vec<BundleResult>,
    /// Paths whose recipe could not be read: what they hold is unknown, so what runs of them stays.
    pub unread: Vec<String>,
    /// Folders that could not be looked into, the top being empty: what runs of them and of folders below stays.
    pub unlisted: Vec<String>,
    /// What is wrong with the GitRepo as a whole, and with its recipes.
    pub problems: Vec<Problem>,
}

/// One bundle, rendered for every cluster that it is meant for.
#[derive(Clone, Debug)]
pub struct BundleResult {
    /// Its name.
    pub name: BundleName,
    /// What is kept of it.
    pub bundle: Bundle,
    /// What each cluster is to run, or why there is nothing new for it.
    pub targets: BTreeMap<ClusterName, Target>,
    /// Findings that do not block.
    pub warnings: Vec<Problem>,
    /// Where the objects of each variant come from.
    pub origins: Vec<(Digest, Origin)>,
}

/// What one cluster is to run of a bundle, or why there is nothing new for it.
pub type Target = Result<Content, Vec<Problem>>;

impl Fleet {
    /// Renders the newest commit of a GitRepo, now or when the render that is going on has ended.
    pub(super) fn render(&mut self, name: &RepoName, out: &mut Out) {
        let Some(repo) = self.repos.get_mut(name) else {
            return;
        };
        let Some(commit) = repo.fetched.clone() else {
            return;
        };
        if repo.rendering {
            repo.render_again = true;
            return;
        }
        repo.rendering = true;
        let resource = repo.record.resource.clone();
        let workspace = &resource.metadata.namespace;
        let clusters = self
            .clusters
            .values()
            .filter(|c| c.resource.metadata.namespace == *workspace)
            .cloned()
            .collect();
        let groups = self
            .groups
            .values()
            .filter(|g| g.metadata.namespace == *workspace)
            .cloned()
            .collect();
        out.effects.push(Effect::Render(Box::new(RenderJob {
            repo: resource,
            commit,
            clusters,
            groups,
        })));
    }

    pub(super) fn render_all(&mut self, out: &mut Out) {
        let names: Vec<_> = self.repos.keys().cloned().collect();
        for name in names {
            self.render(&name, out);
        }
    }

    pub(super) fn rendered(&mut self, result: RenderResult, out: &mut Out) {
        let RenderResult {
            repo: name,
            commit,
            bundles,
            unread,
            unlisted,
            problems,
        } = result;
        let Some(repo) = self.repos.get_mut(&name) else {
            return;
        };
        repo.rendering = false;
        repo.judged = Some(commit.clone());
        repo.problems = problems;
        repo.warnings = bundles
            .iter()
            .flat_map(|bundle| bundle.warnings.iter().cloned())
            .collect();
        let again = std::mem::take(&mut repo.render_again);

        let had_bundles = self.bundles.values().any(|bundle| bundle.repo == name);
        let is_unknown = |path: &str| {
            unread.iter().any(|unread| unread == path)
                || unlisted.iter().any(|folder| is_below(path, folder))
        };
        if bundles.is_empty() && unread.is_empty() && unlisted.is_empty() && had_bundles {
            // Invariant 12: a repository that suddenly holds nothing does not take everything away.
            let message = format!(
                "commit {} holds no bundle at all; what runs stays",
                short(&commit)
            );
            let hint = "delete the GitRepo if its bundles are meant to go, or correct `spec.paths`";
            repo.problems
                .push(Problem::new(Reason::RenderEmpty, message).hint(hint));
        } else {
            repo.record.commit = Some(commit);
            out.change(Change::Repo(name.clone(), Some(repo.record.clone())));
            self.take_bundles(&name, bundles, is_unknown, out);
        }
        if again {
            self.render(&name, out);
        }
    }

    /// Keeps what runs, and forgets the commit so that the next look at the repository renders it again.
    pub(super) fn render_failed(
        &mut self,
        name: &RepoName,
        commit: &str,
        problem: Problem,
        out: &mut Out,
    ) {
        let Some(repo) = self.repos.get_mut(name) else {
            return;
        };
        repo.rendering = false;
        repo.judged = Some(commit.to_owned());
        repo.problems = vec![problem];
        if repo.fetched.as_deref() == Some(commit) {
            repo.fetched = None;
        }
        if std::mem::take(&mut repo.render_again) {
            self.render(name, out);
        }
    }

    fn take_bundles(
        &mut self,
        repo: &RepoName,
        bundles: Vec<BundleResult>,
        is_unknown: impl Fn(&str) -> bool,
        out: &mut Out,
    ) {
        let mut seen: BTreeSet<BundleName> = BTreeSet::new();
        for result in bundles {
            let BundleResult {
                name,
                bundle,
                targets,
                origins,
                ..
            } = result;
            let taken = self
                .bundles
                .get(&name)
                .is_some_and(|known| known.repo != *repo)
                || seen.contains(&name);
            if taken {
                let message = format!(
                    "path `{}` makes bundle `{name}`, and there is another bundle of that name",
                    bundle.path
                );
                let problem = Problem::new(Reason::BundleNameConflict, message)
                    .hint("set `name` in its `fleet.yaml`");
                if let Some(repo) = self.repos.get_mut(repo) {
                    repo.problems.push(problem);
                }
                continue;
            }
            seen.insert(name.clone());
            self.origins.extend(origins);
            if self.bundles.get(&name) != Some(&bundle) {
                out.change(Change::Bundle(name.clone(), Some(bundle.clone())));
                self.bundles.insert(name.clone(), bundle);
            }
            self.take_targets(&name, targets, out);
        }
        let gone: Vec<BundleName> = self
            .bundles
            .iter()
            .filter(|(name, bundle)| {
                bundle.repo == *repo && !seen.contains(*name) && !is_unknown(&bundle.path)
            })
            .map(|(name, _)| name.clone())
            .collect();
        for name in gone {
            self.remove_bundle(&name, out);
        }
        let used = self.bundles_in_use();
        self.origins.retain(|digest, _| used.contains(digest));
    }

    fn take_targets(
        &mut self,
        name: &BundleName,
        targets: BTreeMap<ClusterName, Target>,
        out: &mut Out,
    ) {
        let deselected: Vec<DeploymentKey> = self
            .deployments
            .keys()
            .filter(|(cluster, bundle)| bundle == name && !targets.contains_key(cluster))
            .cloned()
            .collect();
        for key in deselected {
            self.remove_deployment(&key, out);
        }
        self.blocked
            .retain(|(cluster, bundle), _| bundle != name || targets.contains_key(cluster));
        for (cluster, target) in targets {
            if !self.clusters.contains_key(&cluster) {
                continue;
            }
            let key = (cluster, name.clone());
            match target.and_then(|content| self.check_shrink(&key, content)) {
                Ok(content) => self.stage(key, content, out),
                Err(problems) => {
                    self.blocked.insert(key, problems);
                }
            }
        }
    }

    /// Invariant 12: a render that suddenly yields nothing is held, never applied silently.
    fn check_shrink(&self, key: &DeploymentKey, content: Content) -> Target {
        let before = self
            .deployments
            .get(key)
            .map_or(0, |deployment| deployment.staged.n_objects);
        if content.n_objects == 0 && before > 0 {
            let message = format!(
                "bundle `{}` rendered to nothing, and {before} objects of it run; they stay",
                key.1
            );
            let hint =
                "remove the path from the repository or the GitRepo if the bundle is meant to go";
            return Err(vec![Problem::new(Reason::RenderEmpty, message).hint(hint)]);
        }
        Ok(content)
    }
}

/// Whether a path is a folder or lies below it.
fn is_below(path: &str, folder: &str) -> bool {
    match path.strip_prefix(folder) {
        Some(rest) => folder.is_empty() || rest.is_empty() || rest.starts_with('/'),
        None => false,
    }
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
