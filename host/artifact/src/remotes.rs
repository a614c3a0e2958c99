//! The front door: looks up what a reference stands for, fetches it once, and keeps it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fleet_core::digest::Digest;
use fleet_core::files::{Files, MemoryFiles};
use fleet_source::{Remote, Source};
use url::Url;

use crate::access::Access;
use crate::cache::{Blobs, Partition, Unpacked};
use crate::error::shown;
use crate::failures::{Failure, Failures};
use crate::index::Index;
use crate::oci;
use crate::pins::{Pin, Pins, Scope};
use crate::reference::{Base, Chart, Reference};
use crate::view::View;
use crate::web::{Ask, Clients, Web};
use crate::{Error, Options};

mod charts;
mod git;

/// How much of unpacked archives is kept in memory, in bytes.
const UNPACKED_BYTES: usize = 128 << 20;

/// What was fetched.
pub(crate) struct Content {
    /// Its name below [`fleet_core::remote::ROOT`]: a digest, or a commit.
    pub(crate) name: String,
    /// Its files.
    pub(crate) files: Arc<dyn Files + Send + Sync>,
    /// The path inside that is meant.
    pub(crate) path: String,
}

/// An index with its repository, for whom it was fetched, and when.
type Fetched = (String, Partition, Instant, Arc<Index>);

/// All that is fetched for a host. Its methods block, so not from async code.
#[derive(Debug)]
pub struct Remotes {
    options: Options,
    blobs: Blobs,
    unpacked: Unpacked,
    pins: Pins,
    failures: Failures,
    clients: Clients,
    indices: Mutex<Vec<Fetched>>,
    /// Whoever wants the same at the same time waits for one fetch.
    flights: Mutex<HashMap<String, Arc<Mutex<()>>>>,
    git: Source,
    /// Git repositories by their last use, the latest last.
    mirrors: Mutex<Vec<Remote>>,
    interrupt: Arc<AtomicBool>,
    /// Drives HTTP connections; taken only when this is dropped.
    runtime: Option<tokio::runtime::Runtime>,
}

impl Remotes {
    /// Opens the folder of what was fetched, making it if need be; one process at a time may have it.
    ///
    /// # Errors
    /// [`Error::Disk`] if it cannot be made.
    pub fn open(root: &Path, options: Options) -> Result<Self, Error> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fleet-artifact-http")
            .enable_all()
            .build()
            .map_err(Error::disk("start a thread"))?;
        let mirrors = options
            .mirrors
            .clone()
            .unwrap_or_else(|| root.join("mirrors"));
        let n_mirrors = fs::read_dir(&mirrors).map_or(0, Iterator::count);
        let git = Source::open(
            &mirrors,
            fleet_source::Options {
                local: options.local,
                ..options.git.clone()
            },
        )?;
        if n_mirrors > options.limits.max_mirrors {
            // Which of them were used last is not known any more.
            git.retain([]);
        }
        Ok(Self {
            blobs: Blobs::open(&root.join("blobs"), options.limits.max_cache_bytes)?,
            unpacked: Unpacked::new(UNPACKED_BYTES),
            pins: Pins::open(&root.join("pins"))?,
            failures: Failures::default(),
            clients: Clients::default(),
            indices: Mutex::default(),
            flights: Mutex::default(),
            git,
            mirrors: Mutex::default(),
            interrupt: Arc::default(),
            runtime: Some(runtime),
            options,
        })
    }

    /// Ends what is being fetched, and everything that is asked for later, when it is set.
    pub fn interrupt(&self) -> Arc<AtomicBool> {
        Arc::clone(&self.interrupt)
    }

    /// The files of a commit, with what they name outside of it.
    pub fn view(
        self: &Arc<Self>,
        files: Arc<dyn Files + Send + Sync>,
        scope: &Scope,
        access: Access,
    ) -> View {
        View::new(Arc::clone(self), files, scope.clone(), access)
    }

    /// Forgets what was written down for all other GitRepos.
    pub fn retain(&self, repos: &[String]) {
        self.pins.retain(repos);
    }

    /// What a reference of a commit stands for.
    ///
    /// # Errors
    /// With what keeps it from being fetched; until its time has come, with what kept it from that before.
    pub(crate) fn obtain(
        &self,
        scope: &Scope,
        text: &str,
        access: &Access,
    ) -> Result<Content, Failed> {
        let failed = |error: Error| Failed { wait: None, error };
        let reference = Reference::parse(text).map_err(failed)?;
        if matches!(reference, Reference::Base(_)) && !access.bases {
            let why = "bases outside the repository are not fetched; set `spec.kustomize.remoteBases` in the GitRepo";
            return Err(failed(crate::reference::refuse(text, why)));
        }
        if let (Reference::Chart(_), Some(why)) = (&reference, &access.broken) {
            return Err(failed(Error::Refused(why.clone())));
        }
        let flight = {
            let mut flights = self.flights.lock().unwrap_or_else(PoisonError::into_inner);
            flights.retain(|_, flight| Arc::strong_count(flight) > 1);
            Arc::clone(flights.entry(text.to_owned()).or_default())
        };
        let _alone = flight.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(failure) = self.failures.current(scope, text, Instant::now()) {
            return Err(failure.into());
        }
        match self.look_up(scope, text, &reference, access) {
            Ok(content) => {
                self.failures.forget(scope, text);
                Ok(content)
            }
            Err(error @ (Error::Refused(_) | Error::Interrupted)) => Err(failed(error)),
            Err(error) => {
                tracing::debug!(reference = %text, %error, "could not fetch");
                let now = Instant::now();
                Err(self
                    .failures
                    .note(scope, text, error, &self.options.limits, now)
                    .into())
            }
        }
    }

    fn look_up(
        &self,
        scope: &Scope,
        text: &str,
        reference: &Reference,
        access: &Access,
    ) -> Result<Content, Error> {
        let pin = self.pins.get(scope, text)?;
        if pin.is_none() && self.pins.count(scope)? >= self.options.limits.max_references {
            let limit = self.options.limits.max_references;
            return Err(Error::Refused(format!(
                "the commit names more than {limit} things outside of it"
            )));
        }
        let (found, content) = match reference {
            Reference::Chart(Chart::Git(folder)) | Reference::Base(Base::Git(folder)) => {
                self.git_folder(folder, pin.as_ref(), access)?
            }
            Reference::Chart(chart) => self.chart(chart, pin.as_ref(), access)?,
            Reference::Base(Base::File(url)) => self.file(url, pin.as_ref(), access)?,
        };
        if pin.is_none() {
            tracing::info!(reference = %text, content = content.name, "fetched and pinned");
            self.pins.set(scope, text, found)?;
        }
        Ok(content)
    }

    fn file(&self, url: &Url, pin: Option<&Pin>, access: &Access) -> Result<(Pin, Content), Error> {
        let (partition, limit) = (Partition::Public, self.options.limits.max_file_bytes);
        let pinned = match pin {
            Some(Pin::File { digest }) => Some(*digest),
            _ => None,
        };
        let known = pinned.and_then(|digest| self.blobs.get(&partition, &digest, limit));
        let bytes = match known {
            Some(bytes) => bytes,
            None => {
                // Whoever wrote the kustomization named the URL; no credential is for it.
                let web = Web::new(&self.clients, &self.options, access)?;
                let ask = Ask {
                    url,
                    accept: "application/yaml, text/plain, */*",
                    authorization: None,
                    max_bytes: limit,
                    what: "the file",
                };
                let bytes = self.wait(&shown(url), web.get(ask))?;
                if let Some(expected) = pinned {
                    oci::verify(url, &bytes, expected)?;
                }
                let start = String::from_utf8_lossy(&bytes[..bytes.len().min(200)])
                    .trim_start()
                    .to_ascii_lowercase();
                if start.starts_with("<!doctype html") || start.starts_with("<html") {
                    return Err(Error::malformed(url, "it is a web page; name the raw file"));
                }
                self.blobs.put(&partition, &Digest::of(&bytes), &bytes)?;
                bytes
            }
        };
        let digest = Digest::of(&bytes);
        let last = url
            .path_segments()
            .and_then(|mut parts| parts.next_back())
            .unwrap_or_default();
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
        let name = if last.is_empty() || last.starts_with('.') || !last.chars().all(plain) {
            "resource.yaml"
        } else {
            last
        };
        let content = Content {
            name: digest.hex(),
            files: Arc::new(MemoryFiles::new().with(name, bytes)),
            path: name.to_owned(),
        };
        Ok((Pin::File { digest }, content))
    }

    /// Runs requests to their end, within the bounds of time, looking at the interrupt every 100 ms.
    fn wait<T>(&self, url: &str, work: impl Future<Output = Result<T, Error>>) -> Result<T, Error> {
        let limit = self.options.limits.total_timeout;
        let runtime = self.runtime.as_ref().expect("it is taken only by drop");
        runtime.block_on(async {
            let mut work = std::pin::pin!(work);
            let deadline = Instant::now() + limit;
            loop {
                if self.interrupt.load(Ordering::Relaxed) {
                    return Err(Error::Interrupted);
                }
                let left = deadline.saturating_duration_since(Instant::now());
                if left.is_zero() {
                    let url = url.to_owned();
                    return Err(Error::TimedOut { url, limit });
                }
                let step = left.min(Duration::from_millis(100));
                if let Ok(done) = tokio::time::timeout(step, &mut work).await {
                    return done;
                }
            }
        })
    }
}

impl Drop for Remotes {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The plain drop waits, which async code must not; nothing here is worth waiting for.
            runtime.shutdown_timeout(Duration::ZERO);
        }
    }
}

/// Why there is nothing, and how long until it is tried again.
pub(crate) struct Failed {
    pub(crate) error: Error,
    /// `None`: trying again changes nothing.
    pub(crate) wait: Option<Duration>,
}

impl From<Failure> for Failed {
    fn from(failure: Failure) -> Self {
        let wait = Some(failure.wait(Instant::now()));
        Self {
            error: failure.error,
            wait,
        }
    }
}
