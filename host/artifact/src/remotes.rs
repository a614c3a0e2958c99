//! The front door: looks up what a reference stands for, fetches it once, and keeps it.

use std::collections::HashMap;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use fleet_core::digest::Digest;
use fleet_core::files::{Files, MemoryFiles};
use fleet_source::{CommitId, Location, Remote, Source};
use url::Url;

use crate::access::Access;
use crate::archive;
use crate::cache::{Blobs, Partition, Unpacked};
use crate::choose::Wanted;
use crate::error::shown;
use crate::failures::{Failure, Failures};
use crate::guard;
use crate::index::Index;
use crate::oci::{self, Registry};
use crate::pins::{Pin, Pins, Scope};
use crate::reference::{Base, Chart, GitFolder, Image, Reference};
use crate::view::View;
use crate::web::{Ask, Clients, Web, host_and_port};
use crate::{Error, Options};

/// How much of unpacked archives is kept in memory, in bytes.
const UNPACKED_BYTES: usize = 128 << 20;

/// How long an index counts: the charts of one commit share it.
const INDEX_LIFE: Duration = Duration::from_secs(30);

/// How many indices are kept in memory.
const MAX_INDICES: usize = 8;

const ARCHIVE_TYPES: &str = "application/gzip, application/octet-stream, */*";

/// What was fetched.
pub(crate) struct Content {
    /// Its name below [`fleet_core::remote::ROOT`]: a digest, or a commit.
    pub(crate) name: String,
    /// Its files.
    pub(crate) files: Arc<dyn Files + Send + Sync>,
    /// The path inside that is meant.
    pub(crate) path: String,
}

/// All that is fetched for a host. Its methods block, so not from async code.
#[derive(Debug)]
pub struct Remotes {
    options: Options,
    blobs: Blobs,
    unpacked: Unpacked,
    pins: Pins,
    failures: Failures,
    clients: Clients,
    indices: Mutex<Vec<(String, Partition, Instant, Arc<Index>)>>,
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

    fn chart(
        &self,
        chart: &Chart,
        pin: Option<&Pin>,
        access: &Access,
    ) -> Result<(Pin, Content), Error> {
        let web = Web::new(&self.clients, &self.options, access)?;
        let (url, partition) = match chart {
            Chart::Repository { repository, .. } => (
                shown(repository),
                access.partition(repository.as_str(), &host_and_port(repository)),
            ),
            Chart::Archive(url) => (
                shown(url),
                access.partition(url.as_str(), &host_and_port(url)),
            ),
            Chart::Registry(Image {
                registry,
                repository,
                ..
            }) => {
                let url = oci::rule_url(registry, repository);
                let partition = access.partition(&url, registry);
                (url, partition)
            }
            Chart::Git(folder) => (folder.repository.clone(), Partition::Public),
        };
        let known = match pin {
            Some(Pin::Archive { digest, .. } | Pin::Layer { digest, .. }) => {
                self.kept(&partition, digest)?
            }
            _ => None,
        };
        if let (Some(pin), Some(content)) = (pin, known) {
            return Ok((pin.clone(), content));
        }
        let (pin, bytes) = self.wait(&url, async {
            match (pin, chart) {
                (Some(Pin::Archive { url, digest }), _) => {
                    let owner = owner(chart);
                    let url = Url::parse(url).map_err(|_| {
                        Error::Refused(format!("cannot fetch `{url}`: it is no URL"))
                    })?;
                    let bytes = self.archive(&web, owner.unwrap_or(&url), &url).await?;
                    oci::verify(&url, &bytes, *digest)?;
                    Ok((
                        Pin::Archive {
                            url: url.into(),
                            digest: *digest,
                        },
                        bytes,
                    ))
                }
                (
                    Some(Pin::Layer {
                        registry,
                        repository,
                        digest,
                    }),
                    _,
                ) => {
                    let bytes = Registry::new(&web, registry, repository)?
                        .blob(*digest)
                        .await?;
                    Ok((
                        Pin::Layer {
                            registry: registry.clone(),
                            repository: repository.clone(),
                            digest: *digest,
                        },
                        bytes,
                    ))
                }
                (
                    _,
                    Chart::Repository {
                        repository,
                        name,
                        version,
                    },
                ) => {
                    self.from_repository(&web, repository, name, version, &partition)
                        .await
                }
                (_, Chart::Archive(url)) => self.from_url(&web, url, url, None).await,
                (_, Chart::Registry(image)) => layer(&web, image).await,
                (_, Chart::Git(_)) => Err(Error::Refused(format!(
                    "cannot fetch `{url}` as an archive"
                ))),
            }
        })?;
        let (Pin::Archive { digest, .. } | Pin::Layer { digest, .. }) = &pin else {
            return Err(Error::Refused(format!("cannot keep `{url}`")));
        };
        let files = archive::unpack(&bytes, &self.options.limits);
        let files = files.map_err(|why| Error::Malformed {
            url: url.clone(),
            why,
        })?;
        if !files.is_file("Chart.yaml") {
            return Err(Error::Malformed {
                url,
                why: "it is no chart: it has no `Chart.yaml`".to_owned(),
            });
        }
        self.blobs.put(&partition, digest, &bytes)?;
        let files = Arc::new(files);
        self.unpacked.put((partition, *digest), &files);
        let content = Content {
            name: digest.hex(),
            files,
            path: String::new(),
        };
        Ok((pin, content))
    }

    /// A chart that was fetched before.
    fn kept(&self, partition: &Partition, digest: &Digest) -> Result<Option<Content>, Error> {
        let limits = &self.options.limits;
        let files = match self.unpacked.get(&(*partition, *digest)) {
            Some(files) => files,
            None => {
                let Some(bytes) = self.blobs.get(partition, digest, limits.max_archive_bytes)
                else {
                    return Ok(None);
                };
                // It was unpacked before it was kept; limits may have been lowered since.
                let Ok(files) = archive::unpack(&bytes, limits) else {
                    return Ok(None);
                };
                let files = Arc::new(files);
                self.unpacked.put((*partition, *digest), &files);
                files
            }
        };
        Ok(Some(Content {
            name: digest.hex(),
            files,
            path: String::new(),
        }))
    }

    async fn from_repository(
        &self,
        web: &Web<'_>,
        repository: &Url,
        name: &str,
        wanted: &Wanted,
        partition: &Partition,
    ) -> Result<(Pin, Vec<u8>), Error> {
        let index = self.index(web, repository, partition).await?;
        let entry = index.choose(name, wanted).ok_or_else(|| Error::NoVersion {
            url: shown(repository),
            what: if index.has(name) {
                format!("version of chart `{name}` that fits `{wanted}`")
            } else {
                format!("chart `{name}`")
            },
        })?;
        if entry.url.starts_with("oci://") {
            let Reference::Chart(Chart::Registry(image)) = Reference::parse(&entry.url)? else {
                return Err(Error::malformed(
                    repository,
                    "its index names no artifact of a registry",
                ));
            };
            return layer(web, &image).await;
        }
        let url = repository.join(&entry.url).map_err(|_| {
            Error::malformed(
                repository,
                format!("`{}` in its index is no URL", entry.url),
            )
        })?;
        let expected = entry
            .digest()
            .map_err(|why| Error::malformed(repository, why))?;
        self.from_url(web, repository, &url, expected).await
    }

    async fn from_url(
        &self,
        web: &Web<'_>,
        owner: &Url,
        url: &Url,
        expected: Option<Digest>,
    ) -> Result<(Pin, Vec<u8>), Error> {
        let bytes = self.archive(web, owner, url).await?;
        if let Some(expected) = expected {
            oci::verify(url, &bytes, expected)?;
        }
        let digest = Digest::of(&bytes);
        let url = url.to_string();
        Ok((Pin::Archive { url, digest }, bytes))
    }

    async fn archive(&self, web: &Web<'_>, owner: &Url, url: &Url) -> Result<Vec<u8>, Error> {
        web.get(Ask {
            url,
            accept: ARCHIVE_TYPES,
            authorization: web.authorization(owner, url),
            max_bytes: self.options.limits.max_archive_bytes,
            what: "the chart",
        })
        .await
    }

    async fn index(
        &self,
        web: &Web<'_>,
        repository: &Url,
        partition: &Partition,
    ) -> Result<Arc<Index>, Error> {
        let now = Instant::now();
        {
            let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
            indices.retain(|(_, _, fetched, _)| now.duration_since(*fetched) < INDEX_LIFE);
            let known = indices
                .iter()
                .find(|(url, whose, ..)| url == repository.as_str() && whose == partition);
            if let Some((.., index)) = known {
                return Ok(Arc::clone(index));
            }
        }
        let url = repository
            .join("index.yaml")
            .map_err(|_| Error::malformed(repository, "it has no index"))?;
        let ask = Ask {
            url: &url,
            accept: "application/yaml, text/yaml, application/json, */*",
            authorization: web.authorization(repository, &url),
            max_bytes: self.options.limits.max_index_bytes,
            what: "the index",
        };
        let bytes = web.get(ask).await?;
        let index = Index::parse(&bytes).map_err(|why| Error::malformed(&url, why))?;
        let index = Arc::new(index);
        let mut indices = self.indices.lock().unwrap_or_else(PoisonError::into_inner);
        if indices.len() >= MAX_INDICES {
            indices.remove(0);
        }
        indices.push((repository.to_string(), *partition, now, Arc::clone(&index)));
        Ok(index)
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

    fn git_folder(
        &self,
        folder: &GitFolder,
        pin: Option<&Pin>,
        access: &Access,
    ) -> Result<(Pin, Content), Error> {
        let remote = match &access.git {
            Some(git) => git.other(&folder.repository)?,
            None => Remote::new(&folder.repository)?,
        };
        self.check_git(&remote)?;
        let commit = match pin {
            Some(Pin::Commit { commit }) => CommitId::parse(commit)?,
            _ => self.commit_of(&remote, folder)?,
        };
        self.note_mirror(&remote);
        let revision = self.git.fetch(&remote, &commit, &self.interrupt)?;
        let tree = match self.git.tree(&revision) {
            Err(fleet_source::Error::Corrupt { .. }) => {
                let revision = self.git.fetch_anew(&remote, &commit, &self.interrupt)?;
                self.git.tree(&revision)?
            }
            tree => tree?,
        };
        let commit = commit.to_string();
        let content = Content {
            name: commit.clone(),
            files: tree,
            path: folder.folder.clone(),
        };
        Ok((Pin::Commit { commit }, content))
    }

    /// Where a repository stands: what is named is looked for as a tag first and then as a branch, as Git does.
    fn commit_of(&self, remote: &Remote, folder: &GitFolder) -> Result<CommitId, Error> {
        let poll = |reference| self.git.poll(remote, &reference, &self.interrupt);
        let Some(name) = &folder.revision else {
            return Ok(poll(fleet_source::Reference::Default)?);
        };
        if let Ok(commit) = CommitId::parse(name) {
            return Ok(commit);
        }
        // Checks the name.
        fleet_source::Reference::of_repo(Some(name), None)?;
        if let Some(branch) = name.strip_prefix("refs/heads/") {
            return Ok(poll(fleet_source::Reference::branch(branch))?);
        }
        let tag = name.strip_prefix("refs/tags/").unwrap_or(name);
        match poll(fleet_source::Reference::Tag(tag.to_owned())) {
            Err(fleet_source::Error::RefNotFound { .. }) if tag == name => {}
            found => return Ok(found?),
        }
        match poll(fleet_source::Reference::branch(name)) {
            Err(fleet_source::Error::RefNotFound { .. }) => Err(Error::NoVersion {
                url: remote.to_string(),
                what: format!("tag or branch `{name}`"),
            }),
            found => Ok(found?),
        }
    }

    fn check_git(&self, remote: &Remote) -> Result<(), Error> {
        let refuse = |why: &str| Err(Error::Refused(format!("cannot fetch `{remote}`: {why}")));
        match remote.location() {
            Location::Http(url) => {
                guard::check(url, &self.options)?;
                guard::check_host(url.host_str().unwrap_or_default().trim_matches(['[', ']']))
            }
            Location::Ssh { host, .. } => guard::check_host(host),
            Location::Local(_) if self.options.local => Ok(()),
            Location::Local(_) => refuse("it lies on the host's own disk"),
            Location::Daemon { .. } => {
                refuse("what `git://` brings is not authentic; use https or ssh")
            }
        }
    }

    /// Counts a mirror as used now, and removes those that were not used for longest.
    fn note_mirror(&self, remote: &Remote) {
        let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        mirrors.retain(|known| known.location() != remote.location());
        mirrors.push(remote.clone());
        let most = self.options.limits.max_mirrors.max(1);
        if mirrors.len() > most {
            let surplus = mirrors.len() - most;
            mirrors.drain(..surplus);
            self.git.retain(mirrors.iter());
        }
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

/// The repository whose credential an archive may get.
fn owner(chart: &Chart) -> Option<&Url> {
    match chart {
        Chart::Repository { repository, .. } => Some(repository),
        _ => None,
    }
}

async fn layer(web: &Web<'_>, image: &Image) -> Result<(Pin, Vec<u8>), Error> {
    let mut registry = Registry::new(web, &image.registry, &image.repository)?;
    let digest = registry.layer_of(image).await?;
    let bytes = registry.blob(digest).await?;
    let pin = Pin::Layer {
        registry: image.registry.clone(),
        repository: image.repository.clone(),
        digest,
    };
    Ok((pin, bytes))
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
