//! Watches repositories: asks each at its interval where it stands, and fetches what is new.
//!
//! When to ask is decided by [`fleet_source::schedule`]; this task carries it out on blocking threads. A webhook or
//! a person only wakes it.

mod awaited;
mod credentials;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fleet_core::name::RepoName;
use fleet_core::problem::Problem;
use fleet_core::resource::GitRepo;
use fleet_host_plan::fleet::Event;
use fleet_source::schedule::{Outcome, Schedule};
use fleet_source::{CommitId, Source};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::drive::Handle;
use crate::duration;
use crate::metrics::{self, Metrics};
use crate::random;
use crate::tasks::Tasks;

use awaited::{Awaited, Wait};
pub use credentials::Credentials;
pub(crate) use credentials::{Apps, ForgeKey, parse};

/// A way to the watcher; cheap to clone.
///
/// Its queue has no bound: the loop of [`crate::drive`] must never wait for the watcher, which waits for it. There
/// are at most a few entries for each change of a GitRepo that an operator makes.
#[derive(Clone, Debug)]
pub struct Watcher {
    commands: mpsc::UnboundedSender<Command>,
}

#[derive(Debug)]
enum Command {
    Set {
        repo: Box<GitRepo>,
        last: Option<String>,
        at_once: bool,
    },
    Remove(RepoName),
    Wake(RepoName),
    /// A webhook that was verified, and the commit that it announced.
    Pushed(RepoName, Option<String>),
}

impl Watcher {
    /// Starts to watch a repository, or takes its new settings; `last` is the commit that was rendered last.
    pub(crate) fn set(&self, repo: GitRepo, last: Option<String>, at_once: bool) {
        self.send(Command::Set {
            repo: Box::new(repo),
            last,
            at_once,
        });
    }

    /// Stops watching a repository.
    pub(crate) fn remove(&self, name: RepoName) {
        self.send(Command::Remove(name));
    }

    /// Looks at a repository at once.
    pub fn wake(&self, name: RepoName) {
        self.send(Command::Wake(name));
    }

    /// Looks at a repository at once, because a verified webhook says that something was pushed; looks again for a
    /// short while until `commit`, or something newer, shows.
    ///
    /// From then on its GitRepo is polled hourly if it sets no interval of its own.
    pub fn pushed(&self, name: RepoName, commit: Option<String>) {
        self.send(Command::Pushed(name, commit));
    }

    fn send(&self, command: Command) {
        // The watcher ends only when the host stops; then nothing is watched any more.
        let _ = self.commands.send(command);
    }
}

/// What the watcher needs.
pub(crate) struct Settings {
    pub(crate) source: Arc<Source>,
    pub(crate) credentials: Credentials,
    /// For GitRepos that set none.
    pub(crate) interval: Duration,
    /// How many are looked at at the same time.
    pub(crate) max_running: usize,
    /// Set when the host stops.
    pub(crate) interrupt: Arc<AtomicBool>,
}

/// The receiving end of all [`Watcher`]s.
pub(crate) struct Inbox(mpsc::UnboundedReceiver<Command>);

/// A handle, and the inbox that [`run`] works on.
pub(crate) fn channel() -> (Watcher, Inbox) {
    let (commands, receiver) = mpsc::unbounded_channel();
    (Watcher { commands }, Inbox(receiver))
}

/// Watches until the host stops.
pub(crate) async fn run(
    settings: Settings,
    mut inbox: Inbox,
    handle: Handle,
    metrics: Arc<Metrics>,
    tasks: Tasks,
) {
    let (results, mut looked) = mpsc::unbounded_channel();
    let mut watch = Watch {
        schedule: Schedule::new(settings.max_running),
        started: Instant::now(),
        repos: BTreeMap::new(),
        settings,
        results,
        metrics,
        tasks: tasks.clone(),
    };
    let stop = tasks.stop().clone();
    loop {
        watch.start();
        let next = watch.schedule.next();
        let now = watch.started.elapsed();
        tokio::select! {
            biased;
            () = stop.cancelled() => break,
            Some(command) = inbox.0.recv() => watch.command(command),
            Some(result) = looked.recv() => {
                for event in watch.looked(result) {
                    if handle.tell(event).await.is_err() {
                        return;
                    }
                }
            }
            () = tokio::time::sleep(next.map_or(Duration::from_secs(3600), |at| at.saturating_sub(now))) => {}
        }
    }
    watch.settings.interrupt.store(true, Ordering::Relaxed);
}

struct Watch {
    settings: Settings,
    schedule: Schedule<RepoName>,
    started: Instant,
    repos: BTreeMap<RepoName, Repo>,
    results: mpsc::UnboundedSender<Looked>,
    metrics: Arc<Metrics>,
    tasks: Tasks,
}

struct Repo {
    resource: Arc<GitRepo>,
    /// Grows with each change of the settings: what was asked before does not count any more.
    epoch: u64,
    /// The commit that was rendered last, before this process.
    last: Option<String>,
    /// The newest commit that is in the mirror.
    fetched: Option<CommitId>,
    /// What went wrong the last time.
    problem: Option<String>,
    /// The commit that a webhook announced last, until it shows.
    awaited: Option<Awaited>,
    /// Whether webhooks come for it.
    hooked: bool,
}

/// What came of looking at a repository.
struct Looked {
    name: RepoName,
    epoch: u64,
    result: Result<CommitId, Failure>,
}

struct Failure {
    problem: Problem,
    retry_after: Option<Duration>,
    /// The commit that was rendered last, if the mirror still has it.
    last: Option<String>,
}

impl Watch {
    fn command(&mut self, command: Command) {
        let now = self.started.elapsed();
        match command {
            Command::Set {
                repo,
                last,
                at_once,
            } => {
                let name = repo.metadata.name.clone();
                let known = self.repos.remove(&name);
                let hooked = known
                    .as_ref()
                    .is_some_and(|known| known.hooked && known.resource.spec.repo == repo.spec.repo);
                let interval = interval(&repo, self.settings.interval, hooked);
                let epoch = known.as_ref().map_or(0, |known| known.epoch + 1);
                let resource = Arc::from(repo);
                self.repos.insert(
                    name.clone(),
                    Repo {
                        resource,
                        epoch,
                        last,
                        fetched: None,
                        problem: None,
                        awaited: None,
                        hooked,
                    },
                );
                self.schedule
                    .set(name.clone(), interval, now, random::unit());
                if at_once {
                    self.schedule.wake(&name, now);
                }
                if known.is_some() {
                    self.clean();
                }
            }
            Command::Remove(name) => {
                if self.repos.remove(&name).is_some() {
                    self.schedule.remove(&name);
                    self.clean();
                }
            }
            Command::Wake(name) => {
                self.schedule.wake(&name, now);
            }
            Command::Pushed(name, commit) => {
                if let Some(repo) = self.repos.get_mut(&name) {
                    repo.awaited = commit.map(|commit| Awaited::new(commit, repo.fetched, now));
                    if !repo.hooked {
                        repo.hooked = true;
                        let interval = interval(&repo.resource, self.settings.interval, true);
                        self.schedule
                            .set(name.clone(), interval, now, random::unit());
                    }
                    self.schedule.wake(&name, now);
                }
            }
        }
    }

    fn start(&mut self) {
        for name in self.schedule.start(self.started.elapsed()) {
            let Some(repo) = self.repos.get(&name) else {
                continue;
            };
            let look = Look {
                source: self.settings.source.clone(),
                credentials: self.settings.credentials.clone(),
                interrupt: self.settings.interrupt.clone(),
                repo: repo.resource.clone(),
                last: repo.last.clone(),
                fetched: repo.fetched,
            };
            let (results, epoch) = (self.results.clone(), repo.epoch);
            self.tasks.spawn_contained("look", async move {
                let result = tokio::task::spawn_blocking(move || look.run()).await;
                let result = result.unwrap_or_else(|error| {
                    let reason = fleet_core::problem::Reason::GitFetchFailed;
                    Err(Failure {
                        problem: Problem::new(reason, error.to_string()),
                        retry_after: None,
                        last: None,
                    })
                });
                // The watcher ends only when the host stops.
                let _ = results.send(Looked {
                    name,
                    epoch,
                    result,
                });
            });
        }
    }

    fn looked(&mut self, looked: Looked) -> Vec<Event> {
        let Looked {
            name,
            epoch,
            result,
        } = looked;
        let outcome = match &result {
            Ok(_) => Outcome::Answered,
            Err(failure) => Outcome::Failed {
                retry_after: failure.retry_after,
            },
        };
        let now = self.started.elapsed();
        self.schedule.finish(&name, outcome, now, random::unit());
        let reason = result.as_ref().err().map(|failure| failure.problem.reason);
        self.metrics
            .git_polls
            .get_or_create(&metrics::Outcome::of(reason))
            .inc();
        let Some(repo) = self.repos.get_mut(&name) else {
            return Vec::new();
        };
        if repo.epoch != epoch {
            self.schedule.wake(&name, now);
            return Vec::new();
        }
        match result {
            Ok(commit) => {
                if repo.problem.take().is_some() {
                    info!(repo = %name, "the repository answers again");
                }
                if repo.fetched != Some(commit) {
                    info!(repo = %name, revision = %commit, "new commit");
                }
                repo.fetched = Some(commit);
                match repo.awaited.as_ref().map(|awaited| awaited.seen(commit, now)) {
                    Some(Wait::NotYet(at)) => {
                        self.schedule.wake(&name, at);
                    }
                    Some(Wait::Never) => {
                        info!(repo = %name, revision = %commit, "the commit that a webhook announced does not show");
                        repo.awaited = None;
                    }
                    Some(Wait::Arrived) => repo.awaited = None,
                    None => {}
                }
                vec![Event::Fetched {
                    repo: name,
                    commit: commit.to_string(),
                }]
            }
            Err(failure) => {
                let problem = failure.problem;
                if repo.problem.as_ref() != Some(&problem.message) {
                    warn!(repo = %name, reason = %problem.reason, error = problem.message, "could not fetch");
                    repo.problem = Some(problem.message.clone());
                }
                let mut events = Vec::new();
                if let Some(commit) = failure.last {
                    repo.last = None;
                    events.push(Event::Fetched {
                        repo: name.clone(),
                        commit,
                    });
                }
                events.push(Event::FetchFailed {
                    repo: name,
                    problem,
                });
                events
            }
        }
    }

    /// Removes the mirrors of repositories that are not watched any more.
    fn clean(&self) {
        let source = self.settings.source.clone();
        let credentials = self.settings.credentials.clone();
        let resources: Vec<_> = self.repos.values().map(|r| r.resource.clone()).collect();
        self.tasks.spawn_contained("clean", async move {
            let clean = move || {
                let remotes: Result<Vec<_>, _> = resources
                    .iter()
                    .map(|repo| Ok::<_, fleet_source::Error>(credentials.remote(repo)?.0))
                    .collect();
                // Without its credential nobody can tell which mirror is whose; the next time will do.
                if let Ok(remotes) = remotes {
                    source.retain(&remotes);
                }
            };
            if let Err(error) = tokio::task::spawn_blocking(clean).await {
                warn!(%error, "could not clean the mirrors");
            }
        });
    }
}

/// One look at a repository, on a blocking thread.
struct Look {
    source: Arc<Source>,
    credentials: Credentials,
    interrupt: Arc<AtomicBool>,
    repo: Arc<GitRepo>,
    last: Option<String>,
    fetched: Option<CommitId>,
}

impl Look {
    fn run(self) -> Result<CommitId, Failure> {
        let Self {
            source,
            credentials,
            interrupt,
            repo,
            last,
            fetched,
        } = self;
        let look = || {
            let (remote, reference) = credentials.remote(&repo)?;
            let commit = source.poll(&remote, &reference, &interrupt)?;
            if fetched != Some(commit) {
                source.fetch(&remote, &commit, &interrupt)?;
            }
            Ok(commit)
        };
        look().map_err(|error: fleet_source::Error| {
            // After a restart with the server away, the mirror still has what was rendered last: rendering it again
            // tells what is wrong with it and where its objects come from.
            let in_mirror = |commit: &String| {
                let (remote, _) = credentials.remote(&repo).ok()?;
                let id = CommitId::parse(commit).ok()?;
                source.fetch(&remote, &id, &interrupt).ok()
            };
            let last = last.filter(|commit| fetched.is_none() && in_mirror(commit).is_some());
            Failure {
                problem: error.to_problem(),
                retry_after: error.retry_after(),
                last,
            }
        })
    }
}

/// How often a repository is polled that webhooks come for, if it sets no interval: hourly, as in Rancher Fleet.
const HOOKED_INTERVAL: Duration = Duration::from_secs(3600);

/// How often a repository is polled; none if only when woken.
fn interval(repo: &GitRepo, default: Duration, hooked: bool) -> Option<Duration> {
    if repo.spec.disable_polling {
        return None;
    }
    let asked = repo.spec.polling_interval.as_deref().map(duration::parse);
    // What does not parse was refused when it was applied; zero means the default, as in Rancher Fleet.
    let asked = asked.and_then(Result::ok).filter(|asked| !asked.is_zero());
    let default = if hooked {
        default.max(HOOKED_INTERVAL)
    } else {
        default
    };
    Some(asked.unwrap_or(default).max(Duration::from_secs(1)))
}

#[cfg(test)]
mod tests {
    use fleet_core::resource::{GitRepoSpec, Metadata};

    use super::*;

    #[test]
    fn the_interval_is_the_gitrepos_or_the_default() {
        let check = |polling_interval: Option<&str>, disable_polling, expected: [Option<u64>; 2]| {
            let repo = GitRepo {
                api_version: String::new(),
                metadata: Metadata::named(RepoName::parse("a").unwrap()),
                spec: GitRepoSpec {
                    polling_interval: polling_interval.map(str::to_owned),
                    disable_polling,
                    ..GitRepoSpec::default()
                },
            };
            let default = Duration::from_secs(15);
            let found = [false, true].map(|hooked| interval(&repo, default, hooked));
            assert_eq!(found.map(|every| every.map(|every| every.as_secs())), expected);
        };
        check(None, false, [Some(15), Some(3600)]);
        check(Some("1m30s"), false, [Some(90); 2]);
        check(Some("0s"), false, [Some(15), Some(3600)]);
        check(Some("1ms"), false, [Some(1); 2]);
        check(Some("1m"), true, [None; 2]);
    }
}
