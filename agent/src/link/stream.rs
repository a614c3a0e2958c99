//! Listens to the host: one answer that never ends, or many short ones where a proxy holds answers back.

use std::time::Duration;

use fleet_agent_plan::machine::Event;
use fleet_core::wire::StreamMessage;
use reqwest::{Client, Response};
use tokio::sync::mpsc;

use super::{Error, Link, PATIENCE, accepted, within};

/// How long the host may be silent: it sends a heartbeat each 20 s.
const SILENCE: Duration = Duration::from_secs(60);
/// How long the greeting may take, before it is taken for held back by a proxy.
const GREETING: Duration = Duration::from_secs(15);
/// How long a short answer is kept open by the host, in seconds.
const POLL_SECONDS: u64 = 25;
/// The most bytes of one message.
const MAX_LINE: usize = 64 << 10;

/// How the agent listens.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// One answer that never ends.
    Stream,
    /// One answer after the other.
    Poll,
}

/// How listening ended.
#[derive(Debug)]
pub(super) struct Ended {
    /// Whether the host had greeted.
    pub(super) was_open: bool,
    /// Whether it was the agent that ended it, to go on at once.
    pub(super) on_purpose: bool,
    /// Another way to listen from now on.
    pub(super) next_way: Option<Way>,
    /// Why, unless the host ended the answer in peace.
    pub(super) error: Option<Error>,
}

impl Ended {
    /// Ended by an error before the host had greeted.
    pub(super) fn failed(error: Error) -> Self {
        Self {
            was_open: false,
            on_purpose: false,
            next_way: None,
            error: Some(error),
        }
    }

    /// Ended by the agent itself.
    pub(super) fn on_purpose() -> Self {
        Self {
            was_open: true,
            on_purpose: true,
            next_way: None,
            error: None,
        }
    }
}

/// Listens until the host or the network ends it.
pub(super) async fn follow(
    link: &Link,
    client: &Client,
    way: Way,
    events: &mpsc::Sender<Event>,
) -> Ended {
    let mut listener = Listener {
        link,
        client,
        events,
        greeted: None,
    };
    let result = match way {
        Way::Stream => listener.listen(None).await,
        Way::Poll => loop {
            if let Err(error) = listener.listen(Some(POLL_SECONDS)).await {
                break Err(error);
            }
        },
    };
    let was_open = listener.greeted.is_some();
    let is_held_back = way == Way::Stream && !was_open && matches!(result, Err(Error::TimedOut(_)));
    if is_held_back {
        tracing::warn!("a proxy seems to hold the stream back; polling instead");
    }
    Ended {
        was_open,
        on_purpose: false,
        next_way: is_held_back.then_some(Way::Poll),
        error: result.err(),
    }
}

struct Listener<'a> {
    link: &'a Link,
    client: &'a Client,
    events: &'a mpsc::Sender<Event>,
    /// The newest greeting.
    greeted: Option<StreamMessage>,
}

impl Listener<'_> {
    /// Reads one answer to its end.
    async fn listen(&mut self, wait_seconds: Option<u64>) -> Result<(), Error> {
        let mut url = self.link.url("v1/stream")?;
        if let Some(digest) = self.link.with_facts(|facts| facts.desired) {
            url.query_pairs_mut()
                .append_pair("digest", &digest.to_string());
        }
        if let Some(seconds) = wait_seconds {
            url.query_pairs_mut()
                .append_pair("wait", &seconds.to_string());
        }
        let patience = match wait_seconds {
            Some(seconds) => PATIENCE + Duration::from_secs(seconds),
            None => GREETING,
        };
        let mut response = accepted(within(patience, self.client.get(url).send()).await?).await?;
        let mut lines = Lines::default();
        let mut silence = patience;
        while let Some(line) = lines.next(&mut response, silence).await? {
            silence = SILENCE;
            if line.is_empty() {
                continue;
            }
            let message = serde_json::from_slice(&line)
                .map_err(|error| Error::Nonsense("stream", error.into()))?;
            self.take(message).await;
        }
        Ok(())
    }

    async fn take(&mut self, message: StreamMessage) {
        let event = match &message {
            StreamMessage::Desired(reference) => Event::Announced(reference.clone()),
            // Each short answer greets again; only a host that has changed is news.
            StreamMessage::Hello(_) if self.greeted.as_ref() == Some(&message) => return,
            StreamMessage::Hello(hello) => {
                tracing::info!(host_version = hello.version, "link to the host is open");
                let event = Event::Connected(hello.clone());
                self.greeted = Some(message);
                event
            }
        };
        // Whoever listens has gone only when the agent is about to end.
        let _ = self.events.send(event).await;
    }
}

/// Cuts an answer into lines.
#[derive(Default)]
struct Lines {
    buffer: Vec<u8>,
}

impl Lines {
    /// The next line without its end; `None` at the end of the answer.
    async fn next(
        &mut self,
        response: &mut Response,
        silence: Duration,
    ) -> Result<Option<Vec<u8>>, Error> {
        loop {
            if let Some(line) = self.cut() {
                return Ok(Some(line));
            }
            if self.buffer.len() > MAX_LINE {
                return Err(Error::TooLarge(MAX_LINE));
            }
            match within(silence, response.chunk()).await? {
                Some(chunk) => self.buffer.extend_from_slice(&chunk),
                None => return Ok(None),
            }
        }
    }

    fn cut(&mut self) -> Option<Vec<u8>> {
        let end = self.buffer.iter().position(|byte| *byte == b'\n')?;
        let mut line: Vec<u8> = self.buffer.drain(..=end).collect();
        line.pop();
        Some(line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_cut_wherever_the_network_cuts() {
        let mut lines = Lines::default();
        lines.buffer.extend_from_slice(b"{\"a\":1}\n\n{\"b\"");
        assert_eq!(lines.cut().unwrap(), b"{\"a\":1}");
        assert_eq!(lines.cut().unwrap(), b"");
        assert_eq!(lines.cut(), None);
        lines.buffer.extend_from_slice(b":2}\n");
        assert_eq!(lines.cut().unwrap(), b"{\"b\":2}");
    }
}
