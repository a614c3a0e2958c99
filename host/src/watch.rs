//! Watches repositories: asks each at its interval where it stands, and fetches what is new.
//!
//! When to ask is decided by [`fleet_source::schedule`]; this task carries it out on blocking threads. A webhook or
//! a person only wakes it.

mod answers;
mod awaited;
mod credentials;
mod look;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use fleet_core::name::RepoName;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::GitRepo;
use fleet_host_plan::fleet::Event;
use fleet_source::schedule::{Outcome, Schedule};
use fleet_source::{CommitId, Source};
use tokio::sync::mpsc;
use tracing::{info, warn};

use crate::drive::Handle;
use crate::metrics::{self, Metrics};
use crate::random;
use crate::tasks::Tasks;
use crate::{clock, duration};

use awaited::{Awaited, Wait};
pub use credentials::Credentials;
pub(crate) use credentials::{Apps, ForgeKey, check, parse};
use look::{Checked, Failure, History, Look, Seen};

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
    /// Secrets that are new, different or gone.
    SecretsChanged(BTreeSet<String>),
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

    /// Looks at once at the repositories whose GitRepos name one of these secrets, and renders anew what charts are
    /// fetched for with one.
    pub(crate) fn secrets_changed(&self, names: BTreeSet<String>) {
        self.send(Command::SecretsChanged(names));
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
        shared: Arc::default(),
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
            Some(command) = inbox.0.recv() => {
                if let Command::SecretsChanged(names) = &command {
                    for repo in watch.rendered_with(names) {
                        if handle.renew(repo, Some(clock::now())).await.is_err() {
                            return;
                        }
                    }
                }
                watch.command(command);
            }
            Some(found) = looked.recv() => {
                for event in watch.found(found) {
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
    shared: Arc<look::Shared>,
    results: mpsc::UnboundedSender<Found>,
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
    /// Where the same branch stood at the last look of this process, also under other settings.
    stood: Option<CommitId>,
    /// What was verified the last time.
    verified: Option<Checked>,
    /// When it was woken the last time: what others were told before does not count.
    woken: Instant,
    /// That the branch was rewritten when it came to where it stands.
    rewritten: Option<Problem>,
    /// What there is to say of the source, as it was told the last time.
    told: Option<Vec<Problem>>,
    /// What went wrong the last time.
    problem: Option<String>,
    /// The commit that a webhook announced last, until it shows.
    awaited: Option<Awaited>,
    /// Whether webhooks come for it.
    hooked: bool,
}

impl Repo {
    /// What there is to say of the source, if it was not told yet.
    fn notices(&mut self) -> Option<Event> {
        let mut notices = Vec::new();
        let insecure = parse(&self.resource).is_ok_and(|(remote, _)| remote.is_unverified());
        if insecure {
            let message = "the certificate of the Git server is not checked: whoever is in between can choose what is deployed";
            let hint =
                "give the certificate authority as `caBundle` instead of `insecureSkipTLSVerify`";
            notices.push(Problem::new(Reason::GitServerNotVerified, message).hint(hint));
        }
        notices.extend(self.rewritten.clone());
        if self.told.as_ref() == Some(&notices) {
            return None;
        }
        self.told = Some(notices.clone());
        Some(Event::Noticed {
            repo: self.resource.metadata.name.clone(),
            notices,
        })
    }
}

/// What came of looking at a repository.
struct Found {
    name: RepoName,
    epoch: u64,
    what: What,
}

enum What {
    Looked(Box<Result<Seen, Failure>>),
    /// What there is to say of the history between the commit before and this one.
    History(CommitId, Option<Problem>),
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
                let hooked = known.as_ref().is_some_and(|known| {
                    known.hooked && known.resource.spec.repo == repo.spec.repo
                });
                let interval = interval(&repo, self.settings.interval, hooked);
                let epoch = known.as_ref().map_or(0, |known| known.epoch + 1);
                let same = known
                    .as_ref()
                    .filter(|known| is_same_branch(&known.resource, &repo));
                let stood = same.and_then(|known| known.stood);
                let rewritten = same.and_then(|known| known.rewritten.clone());
                let resource = Arc::from(repo);
                self.repos.insert(
                    name.clone(),
                    Repo {
                        resource,
                        epoch,
                        last,
                        fetched: None,
                        stood,
                        verified: None,
                        woken: Instant::now(),
                        rewritten,
                        told: None,
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
                if let Some(repo) = self.repos.get_mut(&name) {
                    repo.woken = Instant::now();
                }
                self.schedule.wake(&name, now);
            }
            Command::SecretsChanged(names) => {
                for (name, repo) in &mut self.repos {
                    if is_let_in_by(&repo.resource, &names) {
                        repo.woken = Instant::now();
                        self.schedule.wake(name, now);
                    }
                }
            }
            Command::Pushed(name, commit) => {
                if let Some(repo) = self.repos.get_mut(&name) {
                    repo.woken = Instant::now();
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

    /// The GitRepos for whose charts one of these secrets is.
    fn rendered_with(&self, secrets: &BTreeSet<String>) -> Vec<RepoName> {
        let named = |repo: &Repo| {
            let spec = &repo.resource.spec;
            let secret = spec.helm_secret_name_for_paths.as_ref();
            let secret = secret.or(spec.helm_secret_name.as_ref());
            secret.is_some_and(|secret| secrets.contains(secret))
        };
        let repos = self.repos.iter().filter(|(_, repo)| named(repo));
        repos.map(|(name, _)| name.clone()).collect()
    }

    fn start(&mut self) {
        for name in self.schedule.start(self.started.elapsed()) {
            let Some(repo) = self.repos.get(&name) else {
                continue;
            };
            let interval = interval(&repo.resource, self.settings.interval, repo.hooked);
            let recent = interval.and_then(|interval| Instant::now().checked_sub(interval));
            let look = Look {
                source: self.settings.source.clone(),
                credentials: self.settings.credentials.clone(),
                interrupt: self.settings.interrupt.clone(),
                shared: self.shared.clone(),
                repo: repo.resource.clone(),
                last: repo.last.clone(),
                fetched: repo.fetched,
                verified: repo.verified.clone(),
                not_before: recent.map_or(repo.woken, |recent| recent.max(repo.woken)),
            };
            let (results, epoch) = (self.results.clone(), repo.epoch);
            self.tasks.spawn_contained("look", async move {
                let result = tokio::task::spawn_blocking(move || look.run()).await;
                let result = result.unwrap_or_else(|error| {
                    let problem = Problem::new(Reason::GitFetchFailed, error.to_string());
                    Err(Failure::new(problem))
                });
                // The watcher ends only when the host stops.
                let _ = results.send(Found {
                    name,
                    epoch,
                    what: What::Looked(Box::new(result)),
                });
            });
        }
    }

    fn found(&mut self, found: Found) -> Vec<Event> {
        let Found { name, epoch, what } = found;
        match what {
            What::Looked(result) => self.looked(name, epoch, *result),
            What::History(new, problem) => {
                let repo = self.repos.get_mut(&name);
                let Some(repo) =
                    repo.filter(|repo| repo.epoch == epoch && repo.fetched == Some(new))
                else {
                    return Vec::new();
                };
                if let Some(problem) = &problem {
                    warn!(repo = %name, reason = %problem.reason, "{}", problem.message);
                }
                repo.rewritten = problem;
                repo.notices().into_iter().collect()
            }
        }
    }

    fn looked(&mut self, name: RepoName, epoch: u64, result: Result<Seen, Failure>) -> Vec<Event> {
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
        let mut events = Vec::new();
        let mut moved = None;
        match result {
            Ok(Seen { commit, verified }) => {
                if repo.problem.take().is_some() {
                    info!(repo = %name, "the repository answers again");
                }
                repo.verified = verified;
                if repo.fetched != Some(commit) {
                    info!(repo = %name, revision = %commit, "new commit");
                    repo.fetched = Some(commit);
                }
                if repo.stood != Some(commit) {
                    moved = repo.stood.replace(commit);
                    repo.rewritten = None;
                }
                match repo
                    .awaited
                    .as_ref()
                    .map(|awaited| awaited.seen(commit, now))
                {
                    Some(Wait::NotYet(at)) => {
                        // What was answered before does not tell whether it has come.
                        repo.woken = Instant::now();
                        self.schedule.wake(&name, at);
                    }
                    Some(Wait::Never) => {
                        info!(repo = %name, revision = %commit, "the commit that a webhook announced does not show");
                        repo.awaited = None;
                    }
                    Some(Wait::Arrived) => repo.awaited = None,
                    None => {}
                }
                events.extend(repo.notices());
                events.push(Event::Fetched {
                    repo: name.clone(),
                    commit: commit.to_string(),
                });
            }
            Err(failure) => {
                let problem = failure.problem;
                if repo.problem.as_ref() != Some(&problem.message) {
                    warn!(repo = %name, reason = %problem.reason, error = problem.message, "could not fetch");
                    repo.problem = Some(problem.message.clone());
                }
                events.extend(repo.notices());
                if failure.withdrawn {
                    repo.verified = None;
                    events.push(Event::Withdrawn(name.clone()));
                }
                if let Some(commit) = failure.last {
                    repo.last = None;
                    repo.fetched = CommitId::parse(&commit).ok();
                    events.push(Event::Fetched {
                        repo: name.clone(),
                        commit,
                    });
                }
                events.push(Event::FetchFailed {
                    repo: name.clone(),
                    refused: failure.refused.map(|commit| commit.to_string()),
                    problem,
                });
            }
        }
        if let Some(old) = moved {
            self.look_at_history(&name, old);
            self.wake_followers(&name, now);
        }
        events
    }

    /// Has those look at once that are polled and follow the same branch with the same credential.
    ///
    /// What the server just said counts for them too, so that it is not asked again. Without this they would take its
    /// last answer but one as recent enough, and a push would show up to two intervals late.
    fn wake_followers(&mut self, name: &RepoName, now: Duration) {
        let Some(mover) = self.repos.get(name) else {
            return;
        };
        let is_behind = |other: &Repo| {
            let secret = &other.resource.spec.client_secret_name;
            *secret == mover.resource.spec.client_secret_name
                && is_same_branch(&mover.resource, &other.resource)
                && other.stood != mover.stood
                && interval(&other.resource, self.settings.interval, other.hooked).is_some()
        };
        for (other, repo) in &self.repos {
            if is_behind(repo) {
                self.schedule.wake(other, now);
            }
        }
    }

    /// Asks whether the branch was rewritten. Nobody waits for it: the new commit is deployed meanwhile.
    fn look_at_history(&self, name: &RepoName, old: CommitId) {
        let Some((repo, new)) = self
            .repos
            .get(name)
            .and_then(|repo| Some((repo, repo.fetched?)))
        else {
            return;
        };
        let history = History {
            source: self.settings.source.clone(),
            credentials: self.settings.credentials.clone(),
            interrupt: self.settings.interrupt.clone(),
            shared: self.shared.clone(),
            repo: repo.resource.clone(),
            old,
            new,
            not_before: self.started,
        };
        let (results, name, epoch) = (self.results.clone(), name.clone(), repo.epoch);
        self.tasks.spawn_contained("history", async move {
            let said = tokio::task::spawn_blocking(move || history.run()).await;
            let Ok(problem) = said else { return };
            // The watcher ends only when the host stops.
            let _ = results.send(Found {
                name,
                epoch,
                what: What::History(new, problem),
            });
        });
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

/// How often a repository is polled that webhooks come for, if it sets no interval: hourly, as in Rancher Fleet.
const HOOKED_INTERVAL: Duration = Duration::from_secs(3600);

/// Whether two GitRepos follow the same branch, tag or range of the same repository.
fn is_same_branch(one: &GitRepo, other: &GitRepo) -> bool {
    let (one, other) = (&one.spec, &other.spec);
    (&one.repo, &one.branch, &one.revision) == (&other.repo, &other.branch, &other.revision)
}

/// Whether a GitRepo's repository is reached, or its commits are verified, with one of these secrets.
fn is_let_in_by(repo: &GitRepo, secrets: &BTreeSet<String>) -> bool {
    let spec = &repo.spec;
    let verify = spec.verify.as_ref();
    let verify = verify.and_then(|verify| verify.secret_name.as_ref());
    let mut named = spec.client_secret_name.iter().chain(verify);
    named.any(|name| secrets.contains(name))
}

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
        let check =
            |polling_interval: Option<&str>, disable_polling, expected: [Option<u64>; 2]| {
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
                assert_eq!(
                    found.map(|every| every.map(|every| every.as_secs())),
                    expected
                );
            };
        check(None, false, [Some(15), Some(3600)]);
        check(Some("1m30s"), false, [Some(90); 2]);
        check(Some("0s"), false, [Some(15), Some(3600)]);
        check(Some("1ms"), false, [Some(1); 2]);
        check(Some("1m"), true, [None; 2]);
    }
}
