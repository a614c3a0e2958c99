//! Renders, a few at a time: the commit's files from the mirror, the plugins, the bundles into the store.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Instant;

use fleet_artifact::Remotes;
use fleet_core::error::chain;
use fleet_core::problem::{Problem, Reason};
use fleet_host_plan::fleet::{Event, Now, RenderJob};
use fleet_source::{CommitId, Revision, Source, Tree};
use tokio::sync::Semaphore;
use tracing::{Instrument as _, debug, error, info, info_span, warn};

use super::Handle;
use crate::bundles;
use crate::clock;
use crate::metrics::Metrics;
use crate::render::{Commit, Outside, Renderer};
use crate::tasks::Tasks;
use crate::watch::Credentials;

/// What renders need.
#[derive(Clone)]
pub(crate) struct Renders {
    pub(crate) source: Arc<Source>,
    pub(crate) remotes: Arc<Remotes>,
    pub(crate) credentials: Credentials,
    pub(crate) renderer: Renderer,
    pub(crate) bundles: bundles::Shared,
    /// As many as may run at the same time.
    pub(crate) permits: Arc<Semaphore>,
    /// Set when the host stops.
    pub(crate) interrupt: Arc<AtomicBool>,
    pub(crate) handle: Handle,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tasks: Tasks,
}

impl Renders {
    /// Starts a render; its result comes as an event.
    pub(crate) fn start(&self, job: RenderJob) {
        let renders = self.clone();
        let span =
            info_span!("render", repo = %job.repo.metadata.name, revision = short(&job.commit));
        // A panic in here must not leave the GitRepo waiting for ever, so the work is a task of its own.
        self.tasks.spawn_contained(
            "render",
            async move {
                let stop = renders.tasks.stop().clone();
                let (repo, commit) = (job.repo.metadata.name.clone(), job.commit.clone());
                let work = tokio::spawn(renders.clone().render(job).in_current_span());
                let abort = work.abort_handle();
                let (event, renew_at) = tokio::select! {
                    () = stop.cancelled() => {
                        abort.abort();
                        return;
                    }
                    done = work => done.unwrap_or_else(|error| {
                        error!(error = %error, "the render did not end as it should");
                        let message = "the render broke off because of a fault in the host; its log says more";
                        let problem = Problem::new(Reason::RenderFailed, message);
                        (Event::RenderFailed { repo: repo.clone(), commit, problem }, None)
                    }),
                };
                // The loop ends only when the host stops; then nobody waits for this.
                let _ = renders.handle.tell(event).await;
                let _ = renders.handle.renew(repo, renew_at).await;
            }
            .instrument(span),
        );
    }

    async fn render(self, job: RenderJob) -> (Event, Option<Now>) {
        let Ok(_permit) = self.permits.clone().acquire_owned().await else {
            let problem = Problem::new(Reason::RenderFailed, "the host is stopping");
            return (failed_as(&job)(problem), None);
        };
        let began = Instant::now();
        let (tree, commit_time, outside) = match self.tree(&job).await {
            Ok(found) => found,
            Err(problem) => {
                warn!(reason = %problem.reason, error = problem.message, "could not read the commit");
                return (failed_as(&job)(problem), None);
            }
        };
        let commit = Commit {
            files: tree.clone(),
            outside: Some(outside),
            time: commit_time,
            now: clock::now(),
        };
        let failed = failed_as(&job);
        let mut rendered = self.renderer.render(job, commit).await;
        let n_variants = rendered.bundles.len();
        if let Err(problem) = self.keep(rendered.bundles).await {
            error!(error = problem.message, "could not keep the bundles");
            return (failed(problem), None);
        }
        rendered
            .result
            .problems
            .extend(tree.problems().iter().cloned());
        let elapsed = began.elapsed();
        self.metrics.render_seconds.observe(elapsed.as_secs_f64());
        let result = &rendered.result;
        let n_failed = result
            .bundles
            .iter()
            .filter(|bundle| bundle.targets.values().any(Result::is_err))
            .count();
        for problem in &result.problems {
            debug!(reason = %problem.reason, problem = %problem, "problem");
        }
        info!(
            n_bundles = result.bundles.len(),
            n_variants,
            n_failed,
            n_problems = result.problems.len(),
            elapsed_ms = u64::try_from(elapsed.as_millis()).unwrap_or(u64::MAX),
            "rendered"
        );
        (
            Event::Rendered(Box::new(rendered.result)),
            rendered.renew_at,
        )
    }

    /// The files of the commit, and what it may name outside of them; fetched again if the mirror lost or damaged them.
    async fn tree(&self, job: &RenderJob) -> Result<(Arc<Tree>, u64, Outside), Problem> {
        let (renders, repo, commit_id) = (self.clone(), job.repo.clone(), job.commit.clone());
        let read = move || {
            let (remote, _) = renders.credentials.remote(&repo)?;
            let commit = CommitId::parse(&commit_id)?;
            let (source, interrupt) = (&renders.source, &*renders.interrupt);
            let whole = |revision: &Revision| match repo.spec.recurse_submodules {
                true => source.tree_with_submodules(&remote, revision, interrupt),
                false => source.tree(revision),
            };
            let (revision, tree) = source.fetch_whole(&remote, &commit, interrupt, whole)?;
            let time = u64::try_from(revision.committer_time).unwrap_or(0);
            let outside = Outside::of_repo(
                Arc::clone(&renders.remotes),
                &renders.credentials,
                &repo,
                remote,
                &commit_id,
            );
            Ok::<_, fleet_source::Error>((tree, time, outside))
        };
        match tokio::task::spawn_blocking(read).await {
            Ok(Ok(found)) => Ok(found),
            Ok(Err(error)) => Err(error.to_problem()),
            Err(error) => Err(Problem::new(Reason::GitFetchFailed, error.to_string())),
        }
    }

    async fn keep(&self, blobs: Vec<fleet_core::bundle::Bundle>) -> Result<(), Problem> {
        let bundles = self.bundles.clone();
        let keep = move || blobs.iter().try_for_each(|bundle| bundles.keep(bundle));
        let why = match tokio::task::spawn_blocking(keep).await {
            Ok(Ok(())) => return Ok(()),
            Ok(Err(error)) => chain(&error),
            Err(error) => error.to_string(),
        };
        let message = format!("could not keep the rendered bundles: {why}");
        Err(Problem::new(Reason::StateNotSaved, message))
    }
}

/// The event that says that a job could not be done.
fn failed_as(job: &RenderJob) -> impl FnOnce(Problem) -> Event + use<> {
    let (repo, commit) = (job.repo.metadata.name.clone(), job.commit.clone());
    move |problem| Event::RenderFailed {
        repo,
        commit,
        problem,
    }
}

fn short(commit: &str) -> &str {
    commit.get(..12).unwrap_or(commit)
}
