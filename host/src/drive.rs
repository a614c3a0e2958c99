//! The loop: takes events in, lets the state machine decide, carries the effects out.
//!
//! One task owns the [`Fleet`]. Everybody else has a [`Handle`]: it sends events, and asks questions that are
//! answered between two events. What an answer says is durable: changes are committed before anything that comes
//! after them is answered or announced, so that no agent ever sees a generation which a crash could take back.

mod renders;

use std::collections::BTreeMap;
use std::future::pending;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fleet_core::error::chain;
use fleet_core::name::RepoName;
use fleet_host_plan::fleet::{Effect, Event, Fleet, Now};
use fleet_store::{Store, Write};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{debug, error, warn};

use crate::clock;
use crate::identity::registry::Registry;
use crate::identity::token;
use crate::metrics::Metrics;
use crate::records;
use crate::stream::feed::Feeds;
use crate::tasks::Tasks;
use crate::watch::Watcher;

pub(crate) use renders::Renders;

/// How many messages wait at most; who sends more waits, or is told to come back.
const QUEUE: usize = 1024;

/// How many messages are taken in before what they changed is committed.
const BATCH: usize = 256;

/// How often a commit that failed is tried again before the host gives up.
const COMMIT_ATTEMPTS: u32 = 5;

/// What the loop owns and uses.
pub(crate) struct Drive {
    pub(crate) fleet: Fleet,
    /// What the state machine wants done first.
    pub(crate) effects: Vec<Effect>,
    pub(crate) store: Arc<dyn Store>,
    pub(crate) registry: Registry,
    pub(crate) feeds: Feeds,
    pub(crate) watcher: Watcher,
    pub(crate) renders: Renders,
    pub(crate) metrics: Arc<Metrics>,
    pub(crate) tasks: Tasks,
}

/// A way to the loop; cheap to clone.
#[derive(Clone, Debug)]
pub struct Handle {
    messages: mpsc::Sender<Message>,
    stirred: watch::Receiver<()>,
}

/// The receiving end of all handles.
pub(crate) struct Inbox {
    messages: mpsc::Receiver<Message>,
    stirred: watch::Sender<()>,
}

/// The loop has ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the host is stopping")]
pub struct Stopped;

/// Why an event was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Refused {
    /// There is more to do than the host can keep up with.
    #[error("the host is behind")]
    Behind,
    /// The loop has ended.
    #[error("the host is stopping")]
    Stopped,
}

type Answer = Box<dyn FnOnce() + Send>;
type Decision = dyn FnOnce(&Fleet, Now) -> (Vec<Event>, Answer) + Send;
type Question = dyn FnOnce(&Fleet, Now) + Send;

enum Message {
    Event(Box<Event>),
    /// Events that depend on how things are, and an answer for when they are durable.
    Change(Box<Decision>),
    Ask(Box<Question>),
    /// When a GitRepo is to be rendered again by itself, if ever.
    Renew(RepoName, Option<Now>),
}

impl std::fmt::Debug for Message {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Event(_) => "Event",
            Self::Change(_) => "Change",
            Self::Ask(_) => "Ask",
            Self::Renew(..) => "Renew",
        })
    }
}

/// A handle, and the inbox that a [`Drive`] runs on.
pub(crate) fn channel() -> (Handle, Inbox) {
    let (messages, received) = mpsc::channel(QUEUE);
    let (stirs, stirred) = watch::channel(());
    let inbox = Inbox {
        messages: received,
        stirred: stirs,
    };
    (Handle { messages, stirred }, inbox)
}

impl Handle {
    /// Sends an event, waiting for room in the queue.
    ///
    /// # Errors
    /// If the loop has ended.
    pub async fn tell(&self, event: Event) -> Result<(), Stopped> {
        self.send(Message::Event(Box::new(event))).await
    }

    /// Sends an event if there is room in the queue.
    ///
    /// # Errors
    /// If there is none, or the loop has ended.
    pub fn try_tell(&self, event: Event) -> Result<(), Refused> {
        self.messages
            .try_send(Message::Event(Box::new(event)))
            .map_err(|error| match error {
                mpsc::error::TrySendError::Full(_) => Refused::Behind,
                mpsc::error::TrySendError::Closed(_) => Refused::Stopped,
            })
    }

    /// Lets `decide` look at the fleet and give events; returns its answer when what they changed is durable.
    ///
    /// # Errors
    /// If the loop has ended.
    pub async fn change<T: Send + 'static>(
        &self,
        decide: impl FnOnce(&Fleet, Now) -> (T, Vec<Event>) + Send + 'static,
    ) -> Result<T, Stopped> {
        let (answer, receiver) = oneshot::channel();
        let decide = move |fleet: &Fleet, now: Now| {
            let (value, events) = decide(fleet, now);
            let answer: Answer = Box::new(move || {
                // Whoever asked may have gone.
                let _ = answer.send(value);
            });
            (events, answer)
        };
        self.send(Message::Change(Box::new(decide))).await?;
        receiver.await.map_err(|_| Stopped)
    }

    /// Asks something of the fleet.
    ///
    /// # Errors
    /// If the loop has ended.
    pub async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(&Fleet, Now) -> T + Send + 'static,
    ) -> Result<T, Stopped> {
        let (answer, receiver) = oneshot::channel();
        let question = move |fleet: &Fleet, now: Now| {
            // Whoever asked may have gone.
            let _ = answer.send(question(fleet, now));
        };
        self.send(Message::Ask(Box::new(question))).await?;
        receiver.await.map_err(|_| Stopped)
    }

    /// Marked as changed whenever an event was taken in; ends with the loop.
    pub(crate) fn stirred(&self) -> watch::Receiver<()> {
        self.stirred.clone()
    }

    /// Notes when a GitRepo is to be rendered again by itself.
    pub(crate) async fn renew(&self, repo: RepoName, at: Option<Now>) -> Result<(), Stopped> {
        self.send(Message::Renew(repo, at)).await
    }

    async fn send(&self, message: Message) -> Result<(), Stopped> {
        self.messages.send(message).await.map_err(|_| Stopped)
    }
}

impl Drive {
    /// Runs until the host stops.
    pub(crate) async fn run(mut self, mut inbox: Inbox) {
        let first = std::mem::take(&mut self.effects);
        let mut renewals: BTreeMap<RepoName, Now> = BTreeMap::new();
        if self.carry_out(first, At::Start).await.is_err() {
            return;
        }
        let stop = self.tasks.stop().clone();
        let mut batch = Vec::with_capacity(BATCH);
        loop {
            let next_renewal = renewals.values().min().copied();
            tokio::select! {
                biased;
                () = stop.cancelled() => return,
                n = inbox.messages.recv_many(&mut batch, BATCH) => if n == 0 {
                    return;
                },
                () = at(next_renewal) => {
                    let now = clock::now();
                    let due: Vec<RepoName> = renewals
                        .iter()
                        .filter(|(_, at)| **at <= now)
                        .map(|(repo, _)| repo.clone())
                        .collect();
                    for repo in due {
                        renewals.remove(&repo);
                        batch.push(Message::Event(Box::new(Event::RenderAgain(repo))));
                    }
                }
            }
            let stirs =
                |message: &Message| matches!(message, Message::Event(_) | Message::Change(_));
            let stirred = batch.iter().any(stirs);
            if self.take(&mut batch, &mut renewals).await.is_err() {
                return;
            }
            if stirred {
                inbox.stirred.send_replace(());
            }
        }
    }

    async fn take(
        &mut self,
        batch: &mut Vec<Message>,
        renewals: &mut BTreeMap<RepoName, Now>,
    ) -> Result<(), GaveUp> {
        let now = clock::now();
        let mut effects = Vec::new();
        let mut answers: Vec<Answer> = Vec::new();
        for message in batch.drain(..) {
            match message {
                Message::Event(event) => effects.extend(self.step(*event, now)),
                Message::Change(decide) => {
                    let (events, answer) = decide(&self.fleet, now);
                    for event in events {
                        effects.extend(self.step(event, now));
                    }
                    answers.push(answer);
                }
                Message::Ask(question) => {
                    // An answer must not tell what is not durable yet.
                    self.carry_out(std::mem::take(&mut effects), At::Later)
                        .await?;
                    answers.drain(..).for_each(|answer| answer());
                    question(&self.fleet, now);
                }
                Message::Renew(repo, Some(at)) => {
                    renewals.insert(repo, at);
                }
                Message::Renew(repo, None) => {
                    renewals.remove(&repo);
                }
            }
        }
        self.carry_out(effects, At::Later).await?;
        answers.into_iter().for_each(|answer| answer());
        Ok(())
    }

    fn step(&mut self, event: Event, now: Now) -> Vec<Effect> {
        debug!(event = event_name(&event), "step");
        self.fleet.step(event, now)
    }

    async fn carry_out(&mut self, effects: Vec<Effect>, at: At) -> Result<(), GaveUp> {
        let mut changes = Vec::new();
        let mut writes = Vec::new();
        let mut rest = Vec::new();
        for effect in effects {
            match effect {
                Effect::Save(more) => changes.extend(more),
                Effect::Expel(cluster) => {
                    let now = clock::now();
                    writes.extend(self.registry.expel(&cluster, now));
                    match token::removals(&*self.store, now, Some(&cluster)) {
                        Ok(removals) => writes.extend(removals),
                        Err(error) => {
                            warn!(%cluster, error = chain(&error), "could not remove the tokens of a cluster")
                        }
                    }
                    rest.push(Effect::Expel(cluster));
                }
                other => rest.push(other),
            }
        }
        writes.extend(records::writes(&changes));
        if !writes.is_empty() {
            self.commit(writes).await?;
        }
        for effect in rest {
            match effect {
                Effect::Save(_) => {}
                Effect::Watch(name) => {
                    if let Some(record) = self.fleet.repo_record(&name) {
                        let (resource, last) = (record.resource.clone(), record.commit.clone());
                        self.watcher.set(resource, last, matches!(at, At::Later));
                    }
                }
                Effect::Unwatch(name) => self.watcher.remove(name),
                Effect::Render(job) => self.renders.start(*job),
                Effect::Announce(cluster, desired) => self.feeds.announce(&cluster, desired),
                Effect::Expel(cluster) => self.feeds.expel(&cluster),
            }
        }
        Ok(())
    }

    /// Makes writes durable, trying again for a short while; a host that cannot keep its state stops.
    async fn commit(&self, writes: Vec<Write>) -> Result<(), GaveUp> {
        let writes = Arc::new(writes);
        let mut attempt = 1;
        loop {
            let (store, lines) = (self.store.clone(), writes.clone());
            let began = Instant::now();
            let outcome = tokio::task::spawn_blocking(move || store.commit(&lines)).await;
            self.metrics
                .commit_seconds
                .observe(began.elapsed().as_secs_f64());
            let why = match outcome {
                Ok(Ok(_)) => return Ok(()),
                Ok(Err(error)) => chain(&error),
                Err(error) => error.to_string(),
            };
            if attempt == COMMIT_ATTEMPTS {
                self.tasks.fail(format!("could not keep the state: {why}"));
                return Err(GaveUp);
            }
            error!(
                attempt,
                error = why,
                "could not keep the state; trying again"
            );
            tokio::time::sleep(Duration::from_millis(200) * 2u32.pow(attempt)).await;
            attempt += 1;
        }
    }
}

/// The host stops because its state cannot be kept.
struct GaveUp;

/// Whether effects are those of the start or come from an event.
#[derive(Clone, Copy)]
enum At {
    Start,
    Later,
}

/// Waits until a time of the clock; for ever without one.
async fn at(time: Option<Now>) {
    match time {
        Some(time) => {
            tokio::time::sleep(Duration::from_secs(
                time.saturating_sub(clock::now()).max(1),
            ))
            .await;
        }
        None => pending().await,
    }
}

fn event_name(event: &Event) -> &'static str {
    match event {
        Event::RepoSet(_) => "RepoSet",
        Event::RepoDeleted(_) => "RepoDeleted",
        Event::ClusterSet(_) => "ClusterSet",
        Event::ClusterDeleted(_) => "ClusterDeleted",
        Event::GroupSet(_) => "GroupSet",
        Event::GroupDeleted(_) => "GroupDeleted",
        Event::Fetched { .. } => "Fetched",
        Event::Noticed { .. } => "Noticed",
        Event::Withdrawn(_) => "Withdrawn",
        Event::ForgeTold { .. } => "ForgeTold",
        Event::FetchFailed { .. } => "FetchFailed",
        Event::Rendered(_) => "Rendered",
        Event::RenderFailed { .. } => "RenderFailed",
        Event::RenderAgain(_) => "RenderAgain",
        Event::Connected(_) => "Connected",
        Event::Disconnected(_) => "Disconnected",
        Event::Reported(..) => "Reported",
    }
}
