//! The never-ending answer of `GET /v1/stream`, line by line.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use fleet_core::digest::Digest;
use fleet_core::name::ClusterName;
use fleet_core::wire::{DesiredRef, StreamMessage};
use fleet_host_plan::fleet::Event;
use tokio::time::{Instant, sleep, sleep_until};
use tokio_util::sync::CancellationToken;
use tracing::debug;

use super::agent::Agent;
use super::feed::{Listener, Told};
use super::{Context, Refusal};
use crate::clock;
use crate::drive::{Handle, Refused};
use crate::tasks::Tasks;

/// How often an empty line is sent: many load balancers cut what is silent for 30 to 60 seconds.
const HEARTBEAT: Duration = Duration::from_secs(20);

/// One agent's stream.
pub(crate) struct Lines {
    waiting: VecDeque<Bytes>,
    /// Digest of the desired state that the agent has or has been told of.
    told: Option<Digest>,
    listener: Listener,
    /// When the certificate ends: the agent has renewed it long before, and comes back with the new one.
    until: Instant,
    /// When a long poll ends.
    poll_until: Option<Instant>,
    ended: bool,
    stop: CancellationToken,
    _presence: Presence,
}

impl Lines {
    /// Opens an agent's stream; the agent counts as connected until this is dropped.
    pub(crate) async fn open(
        context: &Arc<Context>,
        agent: Agent,
        has: Option<Digest>,
        wait: Option<u64>,
    ) -> Result<Self, Refusal> {
        // Listening begins before the current state is asked for, so that nothing falls in between.
        let listener = context.feeds.listen(&agent.cluster);
        let presence = Presence::begin(context, &agent.cluster).await?;
        let cluster = agent.cluster.clone();
        let current = context
            .handle
            .ask(move |fleet, _| fleet.desired_ref(&cluster))
            .await?
            .ok_or_else(Refusal::not_registered)?;
        let left = Duration::from_secs(agent.expires.saturating_sub(clock::now()));
        let now = Instant::now();
        let mut lines = Self {
            waiting: VecDeque::from([line(&StreamMessage::Hello(context.hello.clone()))]),
            told: has,
            listener,
            until: now + left,
            poll_until: wait.map(|seconds| now + Duration::from_secs(seconds)),
            ended: false,
            stop: context.tasks.stop().clone(),
            _presence: presence,
        };
        lines.tell(current);
        Ok(lines)
    }

    /// The next line, as `unfold` wants it.
    pub(crate) async fn next(mut self) -> Option<(Result<Bytes, Infallible>, Self)> {
        loop {
            if let Some(line) = self.waiting.pop_front() {
                return Some((Ok(line), self));
            }
            if self.ended {
                return None;
            }
            let poll_end = self.poll_until.unwrap_or(self.until);
            tokio::select! {
                () = self.stop.cancelled() => return None,
                () = sleep_until(self.until.min(poll_end)) => return None,
                told = self.listener.next() => match told {
                    Told::Nothing => {}
                    Told::Desired(desired) => self.tell(desired),
                    Told::Expelled => return None,
                },
                () = sleep(HEARTBEAT) => return Some((Ok(Bytes::from_static(b"\n")), self)),
            }
        }
    }

    fn tell(&mut self, desired: DesiredRef) {
        if self.told == Some(desired.digest) {
            return;
        }
        self.told = Some(desired.digest);
        self.waiting
            .push_back(line(&StreamMessage::Desired(desired)));
        self.ended = self.poll_until.is_some();
    }
}

fn line(message: &StreamMessage) -> Bytes {
    let mut line = serde_json::to_vec(message).expect("a message always has a JSON text");
    line.push(b'\n');
    line.into()
}

/// That an agent is connected, for as long as this lives.
struct Presence {
    cluster: ClusterName,
    handle: Handle,
    tasks: Tasks,
}

impl Presence {
    async fn begin(context: &Context, cluster: &ClusterName) -> Result<Self, Refusal> {
        context
            .handle
            .tell(Event::Connected(cluster.clone()))
            .await?;
        debug!(%cluster, "stream opened");
        Ok(Self {
            cluster: cluster.clone(),
            handle: context.handle.clone(),
            tasks: context.tasks.clone(),
        })
    }
}

impl Drop for Presence {
    fn drop(&mut self) {
        debug!(cluster = %self.cluster, "stream closed");
        let event = Event::Disconnected(self.cluster.clone());
        if self.handle.try_tell(event.clone()) == Err(Refused::Behind) {
            let handle = self.handle.clone();
            self.tasks.spawn_contained("disconnect", async move {
                // Only a host that stops does not take it, and that forgets who is connected anyway.
                let _ = handle.tell(event).await;
            });
        }
    }
}
