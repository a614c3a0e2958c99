//! From the files of a commit to bundles: discover, merge, call plugins, collect, judge.
//!
//! [`Renderer::render`] is what the controller calls for a commit and all its clusters, and [`dir::render`] is what
//! `fleet render` calls for one folder and no cluster; both go the same way. One failing path, plugin or policy
//! becomes a problem of its bundle and never stops the others.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use fleet_artifact::View;
use fleet_core::bundle::Bundle;
use fleet_core::entropy::Entropy;
use fleet_core::files::Files;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::Policy;
use fleet_host_plan::fleet::{RenderJob, RenderResult};
use fleet_plugin::{CheckCache, HostEntropy, RenderCache, Snapshot};
use fleet_render::discover::{BundleDir, Found, discover};
use fleet_render::recipe;
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tracing::Instrument as _;

mod bundle;
pub mod dir;
mod facts;
mod judge;
mod outside;
mod plugins;
mod print;
mod steps;

pub use outside::Outside;
pub use plugins::{PluginSet, find_plugin_dir};

/// How much of rendered output is kept in memory, in bytes.
const CACHE_BYTES: usize = 256 << 20;

/// How a [`Renderer`] works.
#[derive(Clone, Debug)]
pub struct Options {
    /// Policies that every bundle must pass.
    pub policies: Vec<Policy>,
    /// What secrets that templates ask for are derived from.
    pub entropy: HostEntropy,
    /// How many plugins may run at once.
    pub parallel: usize,
}

/// Renders commits. Cheap to clone; all clones share one cache.
#[derive(Clone, Debug)]
pub struct Renderer(Arc<Shared>);

#[derive(Debug)]
struct Shared {
    plugins: PluginSet,
    options: Options,
    renders: RenderCache,
    checks: CheckCache,
    permits: Semaphore,
}

/// A commit to render, besides what [`RenderJob`] says.
#[derive(Clone)]
pub struct Commit {
    /// Its files.
    pub files: Arc<dyn Files + Send + Sync>,
    /// What it may name outside of them; nothing without it.
    pub outside: Option<Outside>,
    /// When it was made, in seconds since the epoch: the only clock that templates see.
    pub time: u64,
    /// Now, in seconds since the epoch: decides which certificates are still good.
    pub now: u64,
}

/// What a commit was rendered to.
#[derive(Debug)]
pub struct Rendered {
    /// For the host's decisions; it names bundles by digest.
    pub result: RenderResult,
    /// Its bundles, each once; they must be stored before the result is used.
    pub bundles: Vec<Bundle>,
    /// When something that was rendered must be rendered again, in seconds since the epoch.
    pub renew_at: Option<u64>,
}

impl Renderer {
    /// A renderer with these plugins.
    pub fn new(plugins: PluginSet, options: Options) -> Self {
        let permits = Semaphore::new(options.parallel.max(1));
        Self(Arc::new(Shared {
            plugins,
            options,
            renders: RenderCache::new(CACHE_BYTES),
            checks: CheckCache::new(CACHE_BYTES / 8),
            permits,
        }))
    }

    /// How many renders were answered without running a plugin, and how many were not, since the start.
    pub fn hits_and_misses(&self) -> (u64, u64) {
        self.0.renders.hits_and_misses()
    }

    /// Renders every bundle of a commit for every cluster that it is meant for.
    ///
    /// Dropping the future stops all plugins that run for it.
    pub async fn render(&self, job: RenderJob, commit: Commit) -> Rendered {
        let repo = job.repo.metadata.name.clone();
        let commit_id = job.commit.clone();
        let mut views = Vec::new();
        let files = match &commit.outside {
            None => Arc::clone(&commit.files),
            Some(outside) => {
                let view = Arc::new(outside.view(Arc::clone(&commit.files)));
                views.push(Arc::clone(&view));
                view as Arc<dyn Files + Send + Sync>
            }
        };
        let work = Arc::new(Work {
            shared: Arc::clone(&self.0),
            snapshot: Arc::new(Snapshot::new(files)),
            views: Mutex::new(views),
            job,
            commit,
        });
        let Recipes {
            found,
            mut unread,
            unlisted,
            mut problems,
        } = work.recipes().await;
        let mut tasks = JoinSet::new();
        let mut names = BTreeMap::new();
        for (n, (recipe, warnings)) in found.into_iter().enumerate() {
            let span = tracing::info_span!("path", path = %recipe.path);
            let work = Arc::clone(&work);
            let path = recipe.path.clone();
            let task = async move { (n, bundle::render(&work, recipe, warnings).await) };
            let handle = tasks.spawn(task.instrument(span));
            names.insert(handle.id(), path);
        }
        let mut outcomes = BTreeMap::new();
        while let Some(joined) = tasks.join_next_with_id().await {
            match joined {
                Ok((_, (n, outcome))) => {
                    outcomes.insert(n, outcome);
                }
                Err(error) => {
                    let path = names.get(&error.id()).cloned().unwrap_or_default();
                    tracing::error!(%path, %error, "a render task ended without a result");
                    let message = format!("rendering path `{path}` ended without a result");
                    problems.push(Problem::new(Reason::RenderFailed, message));
                    unread.push(path);
                }
            }
        }
        let mut rendered = Rendered {
            result: RenderResult {
                repo,
                commit: commit_id,
                bundles: Vec::new(),
                unread,
                unlisted,
                problems,
            },
            bundles: Vec::new(),
            renew_at: None,
        };
        let mut blobs = BTreeMap::new();
        for bundle::Outcome {
            result,
            bundles,
            renew_at,
        } in outcomes.into_values()
        {
            rendered.result.bundles.push(result);
            blobs.extend(bundles.into_iter().map(|bundle| (bundle.id(), bundle)));
            rendered.renew_at = rendered.renew_at.into_iter().chain(renew_at).min();
        }
        rendered.bundles = blobs.into_values().collect();
        let retry_at = work
            .retry_after()
            .map(|wait| crate::clock::now() + wait.as_secs() + 1);
        rendered.renew_at = rendered.renew_at.into_iter().chain(retry_at).min();
        rendered
    }
}

/// One commit that is being rendered.
struct Work {
    shared: Arc<Shared>,
    /// The files, as all paths see them that have no view of their own.
    snapshot: Arc<Snapshot>,
    /// What was shown of the world outside.
    views: Mutex<Vec<Arc<View>>>,
    job: RenderJob,
    commit: Commit,
}

/// The recipes of a commit.
#[derive(Default)]
struct Recipes {
    /// Those that could be read, with what to warn of.
    found: Vec<(recipe::Recipe, Vec<Problem>)>,
    /// Paths of the others.
    unread: Vec<String>,
    /// Folders in which there may be more of them.
    unlisted: Vec<String>,
    problems: Vec<Problem>,
}

impl Work {
    /// The files as one path sees them.
    ///
    /// # Errors
    /// If looking at its secret panicked.
    async fn snapshot_of(self: &Arc<Self>, path: &str) -> Result<Arc<Snapshot>, Problem> {
        let Some(outside) = self.commit.outside.clone().filter(Outside::differs) else {
            return Ok(Arc::clone(&self.snapshot));
        };
        let (files, path) = (Arc::clone(&self.commit.files), path.to_owned());
        let view = Arc::new(blocking(move || outside.view_of(files, &path)).await?);
        let mut views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.push(Arc::clone(&view));
        Ok(Arc::new(Snapshot::new(view)))
    }

    /// When something outside that could not be had is to be looked for again.
    fn retry_after(&self) -> Option<Duration> {
        let views = self.views.lock().unwrap_or_else(PoisonError::into_inner);
        views.iter().filter_map(|view| view.retry_after()).min()
    }

    async fn recipes(self: &Arc<Self>) -> Recipes {
        let work = Arc::clone(self);
        let read = move || {
            let files = work.snapshot.files();
            let Found {
                bundles,
                unlisted,
                problems,
            } = discover(files, &work.job.repo.spec.paths);
            let mut recipes = Recipes {
                unlisted,
                problems,
                ..Recipes::default()
            };
            for dir in bundles {
                match recipe::read(files, &work.job.repo.metadata.name, &dir) {
                    Ok(recipe) => recipes.found.push(recipe),
                    Err(problem) => {
                        recipes.problems.push(problem);
                        let BundleDir { path, .. } = dir;
                        recipes.unread.push(path);
                    }
                }
            }
            recipes
        };
        let fail = |why: Problem| Recipes {
            unlisted: vec![String::new()],
            problems: vec![why],
            ..Recipes::default()
        };
        blocking(read).await.unwrap_or_else(fail)
    }

    /// Entropy for one bundle, by names that stay from commit to commit.
    fn entropy(&self, bundle: &str) -> Arc<dyn Entropy + Send + Sync> {
        let metadata = &self.job.repo.metadata;
        let identity = format!("{}/{}/{bundle}", metadata.namespace, metadata.name);
        Arc::new(
            self.shared
                .options
                .entropy
                .bundle(&identity, self.commit.now),
        )
    }
}

/// Runs what reads files or parses on a thread where that is allowed.
///
/// # Errors
/// If it panicked, which is a mistake of ours and not the end of the others.
async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, Problem> {
    let span = tracing::Span::current();
    let done = tokio::task::spawn_blocking(move || span.in_scope(work)).await;
    done.map_err(|error| {
        tracing::error!(%error, "a step of a render ended without a result");
        Problem::new(
            Reason::RenderFailed,
            "a step of the render ended without a result; the log says more",
        )
    })
}
