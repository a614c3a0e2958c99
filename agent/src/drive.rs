//! The agent's loop: an event comes in, the machine says what to do, it is done, and its result is an event.

use std::collections::{BTreeSet, HashMap};
use std::sync::Arc;
use std::time::{Duration, Instant};

use fleet_agent_plan::machine::{Effect, Event, Machine};
use fleet_agent_plan::outcome::Applied;
use fleet_core::digest::Digest;
use fleet_core::inventory::Inventory;
use fleet_core::name::BundleName;
use fleet_core::problem::{Problem, Reason};
use fleet_core::wire::{ApplyStatus, Changes, DesiredDeployment, Removed, Report};
use tokio::sync::{Notify, Semaphore, mpsc, watch};
use tokio::task::{Id, JoinError, JoinSet};
use tokio_util::sync::CancellationToken;
use tracing::{Instrument, info_span};

use crate::apply::{Applier, Target};
use crate::link::{self, Backoff, Link};
use crate::state::{Disk, Error as StateError};
use fleet_core::error::chain;

/// How long running applies may take to end when the agent is to stop.
const LAST_WORK: Duration = Duration::from_secs(20);
/// How long the next report waits for more news after one was taken.
const REPORT_PAUSE: Duration = Duration::from_secs(1);
/// How often what is known of the cluster is looked up again, and how soon after a failure.
const ABOUT_AGAIN: Duration = Duration::from_secs(300);
const ABOUT_RETRY: Duration = Duration::from_secs(10);
/// The longest wait before a failed request for the desired state or a failed report is tried again.
const RETRY_MOST: Duration = Duration::from_secs(60);

/// How much is done at once.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Deployments that are applied or removed at once.
    pub n_applies: usize,
    /// Deployments that are looked at, and bundles that are fetched, at once.
    pub n_looks: usize,
}

/// Why the loop ended by itself.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A part of the agent that should never end has ended.
    #[error("the agent's `{0}` ended unexpectedly")]
    Ended(&'static str),
    /// A part of the agent has panicked.
    #[error("a part of the agent panicked")]
    Panicked(#[source] JoinError),
}

/// Runs the agent until `stop`, then lets running applies end.
///
/// # Errors
/// If a part of the agent is broken; what runs in the cluster is not affected.
pub async fn run<T: Target>(
    applier: Applier<T>,
    disk: Arc<Disk>,
    link: Link,
    limits: Limits,
    stop: CancellationToken,
) -> Result<(), Error> {
    let (events_in, mut events) = mpsc::channel(64);
    let (results_in, mut results) = mpsc::channel(4);
    let (reports, reports_out) = watch::channel(None);
    let wanted = Arc::new(Notify::new());
    let mut services = JoinSet::new();
    services.spawn({
        let (link, stop, events) = (link.clone(), stop.clone(), events_in.clone());
        async move {
            link.run(stop, events).await;
            "link"
        }
    });
    services.spawn(desired_service(
        link.clone(),
        wanted.clone(),
        events_in.clone(),
    ));
    services.spawn(report_service(link.clone(), reports_out, results_in));
    services.spawn(about_service(applier.clone(), link.clone(), events_in));

    let loaded = disk.load();
    applier.set_lost(loaded.lost);
    let mut drive = Drive {
        machine: Machine::new(),
        started: Instant::now(),
        applier,
        disk,
        link,
        wanted,
        reports,
        epoch: 0,
        work: JoinSet::new(),
        fallbacks: HashMap::new(),
        applies: Arc::new(Semaphore::new(limits.n_applies)),
        looks: Arc::new(Semaphore::new(limits.n_looks)),
    };
    if let Some(desired) = &loaded.desired {
        drive.link.set_desired(desired.encode().1);
    }
    tracing::info!(
        n_deployments = loaded.inventories.len(),
        n_bundles = loaded.bundles.len(),
        "started"
    );
    let mut next = Some(Event::Started {
        desired: loaded.desired,
        inventories: loaded.inventories,
        bundles: loaded.bundles,
    });
    let ended = loop {
        if let Some(event) = next.take() {
            drive.step(event).await;
        }
        let wake_in = drive.wake_in();
        tokio::select! {
            biased;
            () = stop.cancelled() => break Ok(()),
            Some(service) = services.join_next() => match service {
                // The link ends by itself when the agent is to stop.
                Ok(_) if stop.is_cancelled() => break Ok(()),
                Ok(name) => break Err(Error::Ended(name)),
                Err(error) => break Err(Error::Panicked(error)),
            },
            Some(joined) = drive.work.join_next_with_id() => next = drive.finished(joined),
            Some((epoch, taken)) = results.recv() => next = drive.reported(epoch, taken),
            Some(event) = events.recv() => next = Some(event),
            () = tokio::time::sleep(wake_in) => next = Some(Event::Tick),
        }
    };
    drop(services);
    drive.finish_work().await;
    ended
}

struct Drive<T> {
    machine: Machine,
    started: Instant,
    applier: Applier<T>,
    disk: Arc<Disk>,
    link: Link,
    wanted: Arc<Notify>,
    /// The newest report that is to be sent: an older one that is still there is out of date.
    reports: watch::Sender<Option<(u64, Report)>>,
    /// Grows when the link is lost: what comes back from before is not about the report that is on its way.
    epoch: u64,
    work: JoinSet<Event>,
    /// What a piece of work comes to if it panics.
    fallbacks: HashMap<Id, Event>,
    applies: Arc<Semaphore>,
    looks: Arc<Semaphore>,
}

impl<T: Target> Drive<T> {
    async fn step(&mut self, event: Event) {
        if matches!(event, Event::Disconnected) {
            self.epoch += 1;
        }
        tracing::trace!(?event, "event");
        for effect in self.machine.step(event, self.started.elapsed()) {
            self.carry_out(effect).await;
        }
    }

    fn wake_in(&self) -> Duration {
        match self.machine.wake_at() {
            Some(at) => at.saturating_sub(self.started.elapsed()),
            None => Duration::MAX,
        }
    }

    async fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::SaveDesired(desired) => {
                self.link.set_desired(desired.encode().1);
                self.on_disk(move |disk| disk.save_desired(&desired)).await;
            }
            Effect::Forget(name) => self.on_disk(move |disk| disk.forget(&name)).await,
            Effect::KeepBundles(keep) => {
                self.on_disk(move |disk| disk.keep_bundles(&keep)).await;
            }
            Effect::FetchDesired => self.wanted.notify_one(),
            Effect::FetchBundle(digest) => self.fetch_bundle(digest),
            Effect::Apply(wanted) => self.apply(wanted),
            Effect::Remove(removed) => self.remove(removed),
            Effect::Observe(name) => self.observe(name),
            Effect::Report(report) => {
                self.reports.send_replace(Some((self.epoch, report)));
            }
        }
    }

    /// Does something short with the disk; a failure is logged, and what was there before still holds.
    async fn on_disk(&self, act: impl FnOnce(&Disk) -> Result<(), StateError> + Send + 'static) {
        let disk = self.disk.clone();
        match tokio::task::spawn_blocking(move || act(&disk)).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::error!(error = chain(&error), "could not save the state"),
            Err(error) => tracing::error!(%error, "could not save the state"),
        }
    }

    fn spawn(&mut self, fallback: Event, work: impl Future<Output = Event> + Send + 'static) {
        let handle = self.work.spawn(work);
        self.fallbacks.insert(handle.id(), fallback);
    }

    /// What a piece of work came to.
    fn finished(&mut self, joined: Result<(Id, Event), JoinError>) -> Option<Event> {
        match joined {
            Ok((id, event)) => {
                self.fallbacks.remove(&id);
                Some(event)
            }
            Err(error) => {
                tracing::error!(%error, "work panicked");
                let mut fallback = self.fallbacks.remove(&error.id())?;
                if let Event::Applied { name, applied, .. } | Event::Removed { name, applied, .. } =
                    &mut fallback
                    && let Some(saved) = self.disk.inventory(name)
                {
                    // It was saved before anything was touched, and knows of all that may have been.
                    applied.inventory = saved;
                }
                Some(fallback)
            }
        }
    }

    fn reported(&self, epoch: u64, taken: bool) -> Option<Event> {
        let event = match taken {
            true => Event::Reported,
            false => Event::ReportFailed,
        };
        (epoch == self.epoch).then_some(event)
    }

    fn fetch_bundle(&mut self, digest: Digest) {
        let (link, disk, looks) = (self.link.clone(), self.disk.clone(), self.looks.clone());
        let wanted = self.wanted.clone();
        let unavailable = move |why: String| {
            let message = format!("could not fetch bundle `{}`: {why}", digest.short());
            Event::BundleFailed(digest, Problem::new(Reason::BundleUnavailable, message))
        };
        self.spawn(unavailable("the fetch panicked".to_owned()), async move {
            let _permit = looks.acquire().await;
            let bundle = match link.bundle(digest).await {
                Ok(bundle) => bundle,
                Err(error) => {
                    if error.is_not_found() {
                        // The host serves what it desires now: what we want is out of date.
                        wanted.notify_one();
                    }
                    return unavailable(chain(&error));
                }
            };
            let saved = tokio::task::spawn_blocking(move || disk.save_bundle(&bundle)).await;
            match saved {
                Ok(Ok(())) => Event::BundleFetched(digest),
                Ok(Err(error)) => unavailable(chain(&error)),
                Err(error) => unavailable(error.to_string()),
            }
        });
    }

    fn apply(&mut self, wanted: DesiredDeployment) {
        let inventory = self
            .machine
            .inventory(&wanted.name)
            .cloned()
            .unwrap_or_default();
        let (applier, disk, applies) = (
            self.applier.clone(),
            self.disk.clone(),
            self.applies.clone(),
        );
        let (name, generation) = (wanted.name.clone(), wanted.generation);
        let span = info_span!("apply", deployment = %name, generation);
        let fallback = Event::Applied {
            name: name.clone(),
            generation,
            applied: panicked(&inventory),
        };
        let work = async move {
            let _permit = applies.acquire().await;
            let digest = wanted.bundle;
            let read = tokio::task::spawn_blocking(move || disk.bundle(&digest)).await;
            let why = match read {
                Ok(Ok(bundle)) => {
                    let started = Instant::now();
                    let applied = applier.apply(&wanted, &bundle, &inventory).await;
                    log(&applied, started.elapsed());
                    return Event::Applied {
                        name,
                        generation,
                        applied,
                    };
                }
                Ok(Err(error)) => chain(&error),
                Err(error) => error.to_string(),
            };
            Event::BundleLost {
                name,
                bundle: digest,
                problem: Problem::new(Reason::BundleUnavailable, why),
            }
        };
        self.spawn(fallback, work.instrument(span));
    }

    fn remove(&mut self, removed: Removed) {
        let inventory = self
            .machine
            .inventory(&removed.name)
            .cloned()
            .unwrap_or_default();
        let others = self
            .machine
            .deployments()
            .filter(|name| **name != removed.name);
        let in_use: BTreeSet<String> = others
            .filter_map(|name| self.machine.inventory(name))
            .flat_map(|inventory| &inventory.entries)
            .map(|entry| entry.object.namespace.clone())
            .collect();
        let (applier, applies) = (self.applier.clone(), self.applies.clone());
        let (name, generation) = (removed.name.clone(), removed.generation);
        let span = info_span!("remove", deployment = %name, generation);
        let fallback = Event::Removed {
            name: name.clone(),
            generation,
            applied: panicked(&inventory),
        };
        let work = async move {
            let _permit = applies.acquire().await;
            let started = Instant::now();
            let applied = applier.remove(&removed, &inventory, &in_use).await;
            log(&applied, started.elapsed());
            Event::Removed {
                name,
                generation,
                applied,
            }
        };
        self.spawn(fallback, work.instrument(span));
    }

    fn observe(&mut self, name: BundleName) {
        let inventory = self.machine.inventory(&name).cloned().unwrap_or_default();
        let (applier, looks) = (self.applier.clone(), self.looks.clone());
        let span = info_span!("observe", deployment = %name);
        let work = {
            let name = name.clone();
            async move {
                let _permit = looks.acquire().await;
                match applier.target().observe(&name, &inventory).await {
                    Ok(observed) => Event::Observed {
                        name,
                        not_ready: observed.not_ready,
                        n_modified: observed.n_modified,
                    },
                    Err(problem) => {
                        tracing::debug!(%problem, "could not look at the objects");
                        Event::NotObserved(name)
                    }
                }
            }
        };
        self.spawn(Event::NotObserved(name), work.instrument(span));
    }

    /// Lets running applies end. What does not end in time is cut off: the inventory on the disk covers it.
    async fn finish_work(&mut self) {
        let ends = async { while self.work.join_next().await.is_some() {} };
        if tokio::time::timeout(LAST_WORK, ends).await.is_err() {
            tracing::warn!(n_left = self.work.len(), "cut off what did not end in time");
        }
        self.work.shutdown().await;
        tracing::info!("stopped");
    }
}

/// Asks for the desired state each time that it is wanted, until it is there.
async fn desired_service(
    link: Link,
    wanted: Arc<Notify>,
    events: mpsc::Sender<Event>,
) -> &'static str {
    let mut backoff = Backoff::new(RETRY_MOST);
    loop {
        wanted.notified().await;
        let desired = loop {
            match link.desired().await {
                Ok(desired) => break desired,
                Err(error) => tokio::select! {
                    () = pause("the desired state", &error, &mut backoff) => {}
                    // There is a newer one, so there is a host.
                    () = wanted.notified() => {}
                },
            }
        };
        backoff.reset();
        if events.send(Event::DesiredFetched(desired)).await.is_err() {
            return "desired";
        }
    }
}

/// Sends the newest report; says whether it was taken, when the next one may come.
async fn report_service(
    link: Link,
    mut reports: watch::Receiver<Option<(u64, Report)>>,
    results: mpsc::Sender<(u64, bool)>,
) -> &'static str {
    let mut backoff = Backoff::new(RETRY_MOST);
    while reports.changed().await.is_ok() {
        let Some((epoch, report)) = reports.borrow_and_update().clone() else {
            continue;
        };
        let result = link.report(&report).await;
        let wait = async {
            match &result {
                Ok(()) => {
                    backoff.reset();
                    tokio::time::sleep(REPORT_PAUSE).await;
                }
                Err(error) => pause("a report", error, &mut backoff).await,
            }
        };
        tokio::select! {
            () = wait => {}
            // The link was lost and is back: what this one said is said again.
            _ = reports.changed() => {
                reports.mark_changed();
                continue;
            }
        }
        if results.send((epoch, result.is_ok())).await.is_err() {
            break;
        }
    }
    "reports"
}

async fn pause(what: &str, error: &link::Error, backoff: &mut Backoff) {
    let wait = error.retry_after().unwrap_or_else(|| backoff.next());
    tracing::warn!(what, error = chain(error), retry_in = ?wait, "the host did not answer");
    tokio::time::sleep(wait).await;
}

/// Looks up what is known of the cluster, again and again.
async fn about_service<T: Target>(
    applier: Applier<T>,
    link: Link,
    events: mpsc::Sender<Event>,
) -> &'static str {
    loop {
        let wait = match applier.target().about().await {
            Ok(about) => {
                link.set_about(about.clone());
                if events.send(Event::About(about)).await.is_err() {
                    return "about";
                }
                ABOUT_AGAIN
            }
            Err(problem) => {
                tracing::warn!(%problem, "cannot tell what the cluster is");
                ABOUT_RETRY
            }
        };
        tokio::time::sleep(wait).await;
    }
}

fn log(applied: &Applied, elapsed: Duration) {
    let Changes {
        created,
        configured,
        deleted,
        failed,
        ..
    } = applied.changes;
    let elapsed_ms = elapsed.as_millis();
    if applied.status == ApplyStatus::Failed {
        let n_problems = applied.problems.len();
        let first = applied.problems.first().map(ToString::to_string);
        tracing::warn!(
            created,
            configured,
            deleted,
            failed,
            n_problems,
            problem = first,
            elapsed_ms,
            "not applied"
        );
    } else if created + configured + deleted > 0 {
        tracing::info!(created, configured, deleted, elapsed_ms, "applied");
    } else {
        tracing::debug!(elapsed_ms, "nothing to change");
    }
}

/// What an apply comes to that panicked.
fn panicked(inventory: &Inventory) -> Applied {
    let problem = Problem::new(Reason::ApplyFailed, "the agent panicked while it applied");
    Applied {
        inventory: inventory.clone(),
        status: ApplyStatus::Failed,
        changes: Changes::default(),
        problems: vec![problem.hint("this is a defect of the agent; its log says where")],
    }
}
