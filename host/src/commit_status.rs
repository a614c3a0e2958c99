//! Tells forges how the commits of GitRepos fare, for those that ask for it (`spec.commitStatus`).
//!
//! Level-triggered: when something has changed, it looks at how far each newest commit has come ([`mark`] decides what
//! that is called), and what differs from what was told last ([`record`]) is told when its turn comes ([`outbox`]).
//! Nobody waits for it: a forge that is slow or gone delays its own marks only, and only the newest mark of a GitRepo is
//! ever waiting. A mark that cannot be told is a warning of the GitRepo.

mod deliver;
mod mark;
mod outbox;
mod record;
mod target;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fleet_core::error::chain;
use fleet_core::name::RepoName;
use fleet_core::problem::{Problem, Reason};
use fleet_core::resource::GitRepo;
use fleet_forge::{State, Told};
use fleet_host_plan::fleet::{Event, Progress};
use fleet_source::Source;
use fleet_store::Store;
use tokio::sync::mpsc;
use tracing::{debug, info, warn};

use crate::drive::{Handle, Stopped};
use crate::metrics::{Metrics, Outcome};
use crate::random;
use crate::tasks::Tasks;
use crate::watch::Credentials;

use deliver::{Failure, deliver};
use mark::Mark;
use outbox::{Ended, Outbox};
use record::Record;

pub(crate) use target::Target;

/// How long after a look at the fleet the next one may follow: many things change at once.
const LOOK: Duration = Duration::from_secs(2);

/// How long until the next look while clusters may still come back after a start.
const LOOK_AGAIN: Duration = Duration::from_secs(15);

/// What telling needs.
#[derive(Clone)]
pub(crate) struct Settings {
    pub(crate) source: Arc<Source>,
    pub(crate) credentials: Credentials,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) handle: Handle,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tasks: Tasks,
}

/// Tells until the host stops.
pub(crate) async fn run(settings: Settings) {
    let store = settings.store.clone();
    let told = tokio::task::spawn_blocking(move || record::load(&*store)).await;
    let told = match told {
        Ok(Ok(told)) => told,
        Ok(Err(error)) => {
            warn!(
                error = chain(&error),
                "could not read what forges were told"
            );
            BTreeMap::new()
        }
        Err(error) => {
            warn!(%error, "could not read what forges were told");
            BTreeMap::new()
        }
    };
    let (results, mut sent) = mpsc::unbounded_channel();
    let mut stirred = settings.handle.stirred();
    let stop = settings.tasks.stop().clone();
    let mut desk = Desk {
        settings,
        results,
        started: Instant::now(),
        outbox: Outbox::default(),
        names: BTreeSet::new(),
        subjects: BTreeMap::new(),
        wanted: BTreeMap::new(),
        flying: BTreeMap::new(),
        told,
        problems: BTreeMap::new(),
        looked: Duration::ZERO,
        look_at: Some(Duration::ZERO),
        look_again: None,
    };
    loop {
        let now = desk.started.elapsed();
        let looks = desk.look_at.into_iter().chain(desk.look_again).min();
        if looks.is_some_and(|at| at <= now) && desk.look().await.is_err() {
            return;
        }
        desk.send();
        let looks = desk.look_at.into_iter().chain(desk.look_again);
        let wake = looks.chain(desk.outbox.next()).min();
        let now = desk.started.elapsed();
        let wait = wake.map_or(Duration::from_secs(3600), |at| at.saturating_sub(now));
        tokio::select! {
            biased;
            () = stop.cancelled() => return,
            Some(ended) = sent.recv() => if desk.ended(ended).await.is_err() {
                return;
            },
            changed = stirred.changed(), if desk.look_at.is_none() => match changed {
                Ok(()) => desk.look_soon(),
                Err(_) => return,
            },
            () = tokio::time::sleep(wait) => {}
        }
    }
}

struct Desk {
    settings: Settings,
    results: mpsc::UnboundedSender<Flight>,
    started: Instant,
    outbox: Outbox,
    /// The GitRepos that want their forge to know.
    names: BTreeSet<RepoName>,
    /// What the newest letters were about; for another GitRepo or commit nothing of what went wrong before counts.
    subjects: BTreeMap<RepoName, (GitRepo, String)>,
    /// What is to be told.
    wanted: BTreeMap<RepoName, Letter>,
    /// What is being told.
    flying: BTreeMap<RepoName, Letter>,
    /// What was told last.
    told: BTreeMap<RepoName, Record>,
    /// What the GitRepos say is wrong.
    problems: BTreeMap<RepoName, Problem>,
    looked: Duration,
    /// When to look at the fleet, if something has changed.
    look_at: Option<Duration>,
    /// When to look though nothing has changed.
    look_again: Option<Duration>,
}

/// A mark with where it goes.
#[derive(Clone, Debug)]
struct Letter {
    resource: GitRepo,
    target: Target,
    mark: Mark,
}

/// How a letter fared.
struct Flight {
    name: RepoName,
    letter: Letter,
    n_marks: u32,
    result: Result<Told, Failure>,
}

impl Desk {
    fn look_soon(&mut self) {
        let soon = (self.looked + LOOK).max(self.started.elapsed());
        self.look_at.get_or_insert(soon);
    }

    /// Looks at how far all commits have come.
    async fn look(&mut self) -> Result<(), Stopped> {
        self.look_at = None;
        self.looked = self.started.elapsed();
        let look = self.settings.handle.ask(|fleet, now| fleet.progress(now));
        let seen = look.await?;
        // Who has not been heard of may never be, and time alone ends waiting for them.
        let unheard = seen.iter().any(|progress| progress.unheard);
        self.look_again = unheard.then(|| self.looked + LOOK_AGAIN);
        let names = seen.iter().map(|one| one.resource.metadata.name.clone());
        let names: BTreeSet<RepoName> = names.collect();
        let known = self.told.keys().chain(&self.names);
        let gone: Vec<RepoName> = known
            .filter(|name| !names.contains(*name))
            .cloned()
            .collect();
        self.names = names;
        for name in gone {
            self.forget(&name).await?;
        }
        for progress in seen {
            self.consider(progress).await?;
        }
        Ok(())
    }

    async fn consider(&mut self, progress: Progress) -> Result<(), Stopped> {
        let name = progress.resource.metadata.name.clone();
        let target = match Target::parse(&progress.resource) {
            Ok(Some(target)) => target,
            Ok(None) => return Ok(()),
            Err(why) => {
                self.withdraw(&name);
                return self.report(&name, Some(why)).await;
            }
        };
        let flying = self
            .flying
            .get(&name)
            .filter(|letter| letter.target == target);
        let is_flying = flying.is_some();
        let id = target.id();
        let told = self.told.get(&name).filter(|record| record.target == id);
        let last = flying.map(|letter| &letter.mark);
        let last = last.or(told.map(|record| &record.mark));
        let Some(mark) = mark::decide(&progress, last) else {
            self.withdraw(&name);
            // What is on its way will say itself how that went.
            return match is_flying {
                true => Ok(()),
                false => self.report(&name, None).await,
            };
        };
        let subject = (progress.resource.clone(), mark.commit.clone());
        if self.subjects.get(&name) != Some(&subject) {
            self.outbox.renew(&name);
            self.subjects.insert(name.clone(), subject);
        }
        let settled = !matches!(mark.state, State::Pending | State::Running);
        let now = self.started.elapsed();
        self.outbox.want(&name, &target.lane(), settled, now);
        let letter = Letter {
            resource: progress.resource,
            target,
            mark,
        };
        self.wanted.insert(name, letter);
        Ok(())
    }

    fn withdraw(&mut self, name: &RepoName) {
        self.wanted.remove(name);
        self.outbox.withdraw(name);
    }

    async fn forget(&mut self, name: &RepoName) -> Result<(), Stopped> {
        self.subjects.remove(name);
        self.wanted.remove(name);
        self.flying.remove(name);
        self.outbox.forget(name);
        self.told.remove(name);
        let (store, of) = (self.settings.store.clone(), name.clone());
        self.settings
            .tasks
            .spawn_contained("commit status", async move {
                // A record that stays is removed at the next start.
                let forget = move || record::keep(&*store, &of, None);
                let _ = tokio::task::spawn_blocking(forget).await;
            });
        self.report(name, None).await
    }

    /// Sends what may be sent now.
    fn send(&mut self) {
        for name in self.outbox.start(self.started.elapsed()) {
            let Some(letter) = self.wanted.remove(&name) else {
                self.outbox.forget(&name);
                continue;
            };
            self.outbox.withdraw(&name);
            self.flying.insert(name.clone(), letter.clone());
            let told = self.told.get(&name);
            let told = told.filter(|record| record.mark.commit == letter.mark.commit);
            let n_marks = told.map_or(0, |record| record.n_marks).saturating_add(1);
            let settings = self.settings.clone();
            let results = self.results.clone();
            self.settings
                .tasks
                .spawn_contained("commit status", async move {
                    // A panic in there must not leave the GitRepo waiting for ever, so the work is a task of its own.
                    let work = tokio::spawn(deliver(
                        settings.clone(),
                        name.clone(),
                        letter.clone(),
                        n_marks,
                    ));
                    let abort = work.abort_handle();
                    let result = tokio::select! {
                        () = settings.tasks.stop().cancelled() => {
                            abort.abort();
                            return;
                        }
                        result = work => result.unwrap_or_else(|error| Err(Failure {
                            ended: Ended::Refused,
                            outcome: "refused",
                            why: format!("a fault in the host: {error}"),
                        })),
                    };
                    let flight = Flight {
                        name,
                        letter,
                        n_marks,
                        result,
                    };
                    // Whoever waits for it ends only when the host stops.
                    let _ = results.send(flight);
                });
        }
    }

    /// Takes in how a letter fared.
    async fn ended(&mut self, flight: Flight) -> Result<(), Stopped> {
        let Flight {
            name,
            letter,
            n_marks,
            result,
        } = flight;
        let outcome = result
            .as_ref()
            .map_or_else(|failure| failure.outcome, |_| "ok");
        let statuses = &self.settings.metrics.commit_statuses;
        statuses.get_or_create(&Outcome::word(outcome)).inc();
        self.flying.remove(&name);
        let now = self.started.elapsed();
        let (ended, problem) = match result {
            Ok(Told { pause }) => {
                debug!(repo = %name, revision = letter.mark.commit, "told the forge");
                let record = letter.record(n_marks);
                self.told.insert(name.clone(), record);
                (Ended::Told { n_marks, pause }, None)
            }
            Err(failure) => {
                let commit = letter.mark.commit.get(..12).unwrap_or(&letter.mark.commit);
                let api = letter.target.project.api();
                let why = format!(
                    "could not tell `{api}` how commit {commit} fares: {}",
                    failure.why
                );
                (failure.ended, Some(why))
            }
        };
        self.outbox.finish(&name, ended, now, random::unit());
        // What is to be said is decided anew, now that it is known what was.
        self.look_soon();
        if !self.names.contains(&name) {
            return self.forget(&name).await;
        }
        self.report(&name, problem).await
    }

    /// Lets the GitRepo say what is wrong, or that nothing is.
    async fn report(&mut self, name: &RepoName, why: Option<String>) -> Result<(), Stopped> {
        let known = self.problems.get(name).map(|problem| &problem.message);
        if known == why.as_ref() {
            return Ok(());
        }
        match &why {
            Some(why) => {
                warn!(repo = %name, reason = %Reason::CommitStatusFailed, error = why, "could not tell the forge");
            }
            None => info!(repo = %name, "the forge knows again how the commit fares"),
        }
        let problem = why.map(|why| {
            Problem::new(Reason::CommitStatusFailed, why)
                .hint("deployments go on; check `spec.commitStatus` and what its token may do")
        });
        match &problem {
            Some(problem) => self.problems.insert(name.clone(), problem.clone()),
            None => self.problems.remove(name),
        };
        let repo = name.clone();
        self.settings
            .handle
            .tell(Event::ForgeTold { repo, problem })
            .await
    }
}

impl Letter {
    fn record(&self, n_marks: u32) -> Record {
        Record {
            target: self.target.id(),
            mark: self.mark.clone(),
            n_marks,
        }
    }
}
