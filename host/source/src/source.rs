//! The front door: poll, fetch, read.

use std::collections::HashMap;
use std::fmt;
use std::fs;
use std::num::NonZeroU32;
use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use gix::ObjectId;
use gix::bstr::ByteSlice as _;

use crate::budget::Budget;
use crate::connect::{self, Client};
use crate::location::Location;
use crate::mirror::{Generation, Key, Mirror};
use crate::tree::Tree;
use crate::{Credentials, Error, Options, Reference, wire};

/// The full id of a commit.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CommitId(pub(crate) ObjectId);

impl CommitId {
    /// Reads 40 hex digits.
    ///
    /// # Errors
    /// If it is anything else; short ids name different commits over time and are refused.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let refuse = || Error::Reference {
            text: text.chars().take(100).collect(),
            why: "a commit is named by all its 40 hex digits".to_owned(),
        };
        if text.len() != 40 {
            return Err(refuse());
        }
        ObjectId::from_hex(text.as_bytes())
            .map(Self)
            .map_err(|_| refuse())
    }
}

impl fmt::Display for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl fmt::Debug for CommitId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A repository on a server, and what it takes to be let in; `Display` is its URL without any credential.
#[derive(Clone, Debug)]
pub struct Remote {
    location: Location,
    credentials: Credentials,
    ca_bundle: Option<String>,
    insecure_skip_tls_verify: bool,
}

impl Remote {
    /// A repository without credentials, except those in the URL.
    ///
    /// # Errors
    /// [`Error::Url`] if the URL cannot be used.
    pub fn new(url: &str) -> Result<Self, Error> {
        let (location, userinfo) = Location::parse(url.trim())?;
        let mut credentials = Credentials::default();
        if let Some((username, password)) = userinfo {
            let token = password.reveal().is_empty();
            credentials.password = Some(if token {
                fleet_core::secret::Secret::new(username.clone())
            } else {
                password
            });
            credentials.username = (!token).then_some(username);
        }
        Ok(Self::at(location).with_credentials(credentials))
    }

    /// A repository without credentials.
    pub(crate) fn at(location: Location) -> Self {
        Self {
            location,
            credentials: Credentials::default(),
            ca_bundle: None,
            insecure_skip_tls_verify: false,
        }
    }

    /// The same with these credentials instead.
    #[must_use]
    pub fn with_credentials(mut self, credentials: Credentials) -> Self {
        self.credentials = credentials;
        self
    }

    /// The same with more certificate authorities, PEM.
    #[must_use]
    pub fn with_ca_bundle(mut self, pem: Option<String>) -> Self {
        self.ca_bundle = pem;
        self
    }

    /// The same, with the server's certificate checked or not.
    #[must_use]
    pub fn with_insecure_skip_tls_verify(mut self, skip: bool) -> Self {
        self.insecure_skip_tls_verify = skip;
        self
    }

    /// The same, let in with the credentials of `own` and trusting what that trusts: for whoever has made sure that
    /// both belong together.
    #[must_use]
    pub fn trusted_as(self, own: &Self) -> Self {
        Self {
            location: self.location,
            ..own.clone()
        }
    }

    /// Where it is.
    pub fn location(&self) -> &Location {
        &self.location
    }

    /// Whether the server's certificate is not checked, which a status should say aloud.
    pub fn insecure_skip_tls_verify(&self) -> bool {
        self.insecure_skip_tls_verify
    }

    /// Whether nobody checks that the server is who it should be, though there would be something to check.
    pub fn is_unverified(&self) -> bool {
        let https = matches!(&self.location, Location::Http(url) if url.scheme() == "https");
        https && self.insecure_skip_tls_verify
    }

    /// Names where it is together with what it takes to be let in, without giving any of that away.
    pub fn identity(&self) -> String {
        Key::of(self).folder()
    }

    /// What it takes to be let in.
    pub fn credentials(&self) -> &Credentials {
        &self.credentials
    }

    pub(crate) fn ca_bundle(&self) -> Option<&str> {
        self.ca_bundle.as_deref()
    }

    /// Names everything that decides whether and how the server lets us in.
    pub(crate) fn fingerprint(&self) -> [u8; 32] {
        use sha2::{Digest as _, Sha256};
        let mut hash = Sha256::new();
        hash.update(self.credentials.fingerprint());
        hash.update([u8::from(self.insecure_skip_tls_verify)]);
        hash.update(self.ca_bundle.as_deref().unwrap_or_default());
        hash.finalize().into()
    }
}

impl fmt::Display for Remote {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.location.fmt(f)
    }
}

/// Where a branch, tag or version stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// The commit.
    pub commit: CommitId,
    /// The annotated tag that names the commit, if one does.
    pub tag: Option<Tag>,
}

impl From<CommitId> for Position {
    fn from(commit: CommitId) -> Self {
        Self { commit, tag: None }
    }
}

/// An annotated tag.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tag {
    pub(crate) name: String,
    pub(crate) id: ObjectId,
}

/// One commit that was fetched.
#[derive(Clone, Debug)]
pub struct Revision {
    /// Its id.
    pub commit: CommitId,
    /// When its author wrote it, in seconds since the epoch.
    pub author_time: i64,
    /// When it was committed, in seconds since the epoch.
    pub committer_time: i64,
    /// The first line of its message, at most 200 characters.
    pub subject: String,
    url: String,
    generation: Arc<Generation>,
}

/// All repositories that the host reads, with their mirrors on disk.
///
/// Its methods block and may be called from any thread that may block, so not from async code.
#[derive(Debug)]
pub struct Source {
    root: PathBuf,
    options: Options,
    mirrors: Mutex<HashMap<Key, Arc<Mirror>>>,
    clients: Mutex<HashMap<[u8; 32], Client>>,
    /// Drives HTTP connections, which live longer than one call; taken only when the source is dropped.
    runtime: Option<tokio::runtime::Runtime>,
}

impl Source {
    /// Opens the folder of mirrors, making it if need be; one process at a time may have it.
    ///
    /// # Errors
    /// [`Error::Mirror`] if the folder cannot be made.
    pub fn open(root: &Path, options: Options) -> Result<Self, Error> {
        let failed = |action, source: std::io::Error| Error::Mirror {
            url: root.display().to_string(),
            action,
            source: source.into(),
        };
        fs::create_dir_all(root).map_err(|error| failed("make the folder", error))?;
        connect::remove_leftovers(root);
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .thread_name("fleet-source-http")
            .enable_all()
            .build()
            .map_err(|error| failed("start a thread", error))?;
        Ok(Self {
            root: root.to_owned(),
            options,
            mirrors: Mutex::default(),
            clients: Mutex::default(),
            runtime: Some(runtime),
        })
    }

    /// Asks the server which commit `reference` stands at, and fetches nothing.
    ///
    /// # Errors
    /// [`Error::RefNotFound`] if there is no such branch or tag (an empty repository has none); whatever else keeps the
    /// server from answering.
    pub fn poll(
        &self,
        remote: &Remote,
        reference: &Reference,
        interrupt: &AtomicBool,
    ) -> Result<CommitId, Error> {
        Ok(self.locate(remote, reference, interrupt)?.commit)
    }

    /// The same as [`poll`](Self::poll), with the annotated tag that names the commit.
    ///
    /// # Errors
    /// The same.
    pub fn locate(
        &self,
        remote: &Remote,
        reference: &Reference,
        interrupt: &AtomicBool,
    ) -> Result<Position, Error> {
        let Some(prefix) = reference.prefix() else {
            if let Reference::Commit(commit) = reference {
                return Ok((*commit).into());
            }
            return Err(missing(remote, reference));
        };
        let limits = &self.options.limits;
        let budget = Budget::new(
            limits,
            limits.poll_timeout,
            limits.max_poll_bytes,
            interrupt,
        );
        let advertised = persist(remote, || {
            let connection = self.connect(remote, &budget)?;
            wire::list(remote, connection, &prefix)
        })?;
        let found = reference
            .choose(&advertised)
            .ok_or_else(|| missing(remote, reference))?;
        let tag = found.name.strip_prefix("refs/tags/").zip(found.tag);
        Ok(Position {
            commit: found.commit,
            tag: tag.map(|(name, id)| Tag {
                name: name.to_owned(),
                id,
            }),
        })
    }

    /// Brings one commit without its history into the mirror; asks nobody if it is there already.
    ///
    /// # Errors
    /// [`Error::RefNotFound`] if the server does not have the commit, or it is no commit; whatever else keeps the server
    /// from answering.
    pub fn fetch(
        &self,
        remote: &Remote,
        commit: &CommitId,
        interrupt: &AtomicBool,
    ) -> Result<Revision, Error> {
        let mirror = self.mirror(remote);
        let mut current = mirror.lock();
        let mut generation = mirror.generation(remote, &mut current)?;
        if !generation.has(*commit) {
            if generation.n_packs() >= self.options.limits.max_packs {
                generation = mirror.renew(remote, &mut current)?;
            }
            self.fetch_into(remote, &generation, *commit, interrupt)?;
        }
        Revision::read(remote, generation, *commit)
    }

    /// A commit that is in the mirror already.
    pub(crate) fn known_revision(
        &self,
        remote: &Remote,
        commit: CommitId,
    ) -> Result<Option<Revision>, Error> {
        let mirror = self.mirror(remote);
        let generation = mirror.generation(remote, &mut mirror.lock())?;
        match generation.has(commit) {
            true => Revision::read(remote, generation, commit).map(Some),
            false => Ok(None),
        }
    }

    /// Brings the object of an annotated tag of a commit into the mirror, beside the commit.
    pub(crate) fn fetch_tag(
        &self,
        remote: &Remote,
        commit: CommitId,
        tag: ObjectId,
        interrupt: &AtomicBool,
    ) -> Result<Revision, Error> {
        let revision = self.fetch(remote, &commit, interrupt)?;
        let mirror = self.mirror(remote);
        // Nobody else fetches meanwhile.
        let _current = mirror.lock();
        if !revision.generation.repo().has_object(tag) {
            self.bring(remote, &revision.generation, tag, interrupt)?;
        }
        Ok(revision)
    }

    /// Brings one commit into the mirror and reads its files, from the server once more if the mirror has lost or damaged
    /// some of them.
    ///
    /// # Errors
    /// Those of [`fetch`](Self::fetch), and those of `read`.
    pub fn fetch_whole(
        &self,
        remote: &Remote,
        commit: &CommitId,
        interrupt: &AtomicBool,
        read: impl Fn(&Revision) -> Result<Arc<Tree>, Error>,
    ) -> Result<(Revision, Arc<Tree>), Error> {
        let revision = self.fetch(remote, commit, interrupt)?;
        match read(&revision) {
            Err(Error::Corrupt { .. }) => {
                let revision = self.fetch_anew(remote, commit, interrupt)?;
                let tree = read(&revision)?;
                Ok((revision, tree))
            }
            tree => Ok((revision, tree?)),
        }
    }

    /// Throws the mirror away and fetches again: for a revision whose objects turned out to be damaged.
    pub fn fetch_anew(
        &self,
        remote: &Remote,
        commit: &CommitId,
        interrupt: &AtomicBool,
    ) -> Result<Revision, Error> {
        let mirror = self.mirror(remote);
        let mut current = mirror.lock();
        mirror.generation(remote, &mut current)?;
        let generation = mirror.renew(remote, &mut current)?;
        self.fetch_into(remote, &generation, *commit, interrupt)?;
        Revision::read(remote, generation, *commit)
    }

    /// The files of a revision, without those of submodules.
    ///
    /// # Errors
    /// [`Error::LimitExceeded`] if there are too many, [`Error::Corrupt`] if objects are missing or damaged.
    pub fn tree(&self, revision: &Revision) -> Result<Arc<Tree>, Error> {
        let mut tree = self.bare_tree(revision)?;
        for (path, _) in tree.submodules() {
            tree.note(path, "a submodule is not fetched, its files are not there; `recurseSubmodules` would fetch them");
        }
        Ok(Arc::new(tree.finish()))
    }

    pub(crate) fn bare_tree(&self, revision: &Revision) -> Result<Tree, Error> {
        Tree::read(
            &revision.url,
            revision.generation.clone(),
            revision.commit,
            &self.options.limits,
        )
    }

    pub(crate) fn limits(&self) -> &crate::Limits {
        &self.options.limits
    }

    /// Notes that a repository has submodules, so that their mirrors are kept with its own.
    pub(crate) fn note_submodules(&self, remote: &Remote, of: impl IntoIterator<Item = Remote>) {
        let keys = of.into_iter().map(|remote| Key::of(&remote));
        self.mirror(remote).note_submodules(keys);
    }

    /// Removes the mirrors and connections of all other repositories.
    pub fn retain<'r>(&self, remotes: impl IntoIterator<Item = &'r Remote>) {
        let (mut keys, mut fingerprints) = (Vec::new(), Vec::new());
        for remote in remotes {
            keys.push(Key::of(remote));
            fingerprints.push(remote.fingerprint());
        }
        // Submodules stay with the repositories that have them.
        let mut at = 0;
        while let Some(key) = keys.get(at) {
            let more = Mirror::new(&self.root, *key).submodules();
            let more: Vec<Key> = more.into_iter().filter(|key| !keys.contains(key)).collect();
            keys.extend(more);
            at += 1;
        }
        let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        mirrors.retain(|key, _| keys.contains(key));
        let folders: Vec<String> = keys.iter().map(Key::folder).collect();
        for entry in fs::read_dir(&self.root).into_iter().flatten().flatten() {
            if entry.file_name().to_str().is_some_and(|name| {
                !connect::is_in_use(name) && !folders.iter().any(|folder| folder == name)
            }) {
                // Trees that still read from it keep its files open; what stays is tried again next time.
                let _ = fs::remove_dir_all(entry.path());
            }
        }
        drop(mirrors);
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        clients.retain(|fingerprint, _| fingerprints.contains(fingerprint));
    }

    fn fetch_into(
        &self,
        remote: &Remote,
        generation: &Generation,
        commit: CommitId,
        interrupt: &AtomicBool,
    ) -> Result<(), Error> {
        self.bring(remote, generation, commit.0, interrupt)?;
        if !generation.has(commit) {
            return Err(missing(remote, &Reference::Commit(commit)));
        }
        generation.note(commit);
        Ok(())
    }

    fn bring(
        &self,
        remote: &Remote,
        generation: &Generation,
        object: ObjectId,
        interrupt: &AtomicBool,
    ) -> Result<(), Error> {
        let limits = &self.options.limits;
        let budget = Budget::new(
            limits,
            limits.fetch_timeout,
            limits.max_fetch_bytes,
            interrupt,
        );
        let request = wire::Request {
            wants: vec![object],
            known: generation.known(),
            depth: NonZeroU32::MIN,
            commits_only: false,
        };
        self.talk(remote, &generation.repo(), &request, &budget)
    }

    /// Has one conversation in which a server gives objects.
    pub(crate) fn talk(
        &self,
        remote: &Remote,
        into: &gix::Repository,
        request: &wire::Request,
        budget: &Budget<'_>,
    ) -> Result<(), Error> {
        persist(remote, || {
            let connection = self.connect(remote, budget)?;
            wire::fetch(
                remote,
                connection,
                into,
                request,
                &self.options.limits,
                budget,
            )
        })
    }

    fn connect<'a>(
        &self,
        remote: &'a Remote,
        budget: &'a Budget<'a>,
    ) -> Result<connect::Connection<'a>, Error> {
        let client = || self.client(remote);
        connect::open(remote, &self.options, &self.root, client, budget)
    }

    fn mirror(&self, remote: &Remote) -> Arc<Mirror> {
        let key = Key::of(remote);
        let mut mirrors = self.mirrors.lock().unwrap_or_else(PoisonError::into_inner);
        mirrors
            .entry(key)
            .or_insert_with(|| Arc::new(Mirror::new(&self.root, key)))
            .clone()
    }

    /// A client for requests to `url` that are no Git but belong to `remote`: it trusts the same authorities, goes the
    /// same way, and follows no redirect. A certificate that is not checked for `remote` is checked on other hosts.
    ///
    /// # Errors
    /// [`Error::Credential`] if the certificates cannot be used.
    pub fn web_client(&self, remote: &Remote, url: &url::Url) -> Result<reqwest::Client, Error> {
        let same_host = match remote.location() {
            Location::Http(own) => own.host() == url.host(),
            _ => false,
        };
        if crate::guard::is_forbidden_host(url) {
            return Err(Error::forbidden(url.to_string()));
        }
        let skip = remote.insecure_skip_tls_verify() && same_host;
        let remote = remote.clone().with_insecure_skip_tls_verify(skip);
        Ok(self.client(&remote)?.plain(&remote, url))
    }

    fn client(&self, remote: &Remote) -> Result<Client, Error> {
        let fingerprint = remote.fingerprint();
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&fingerprint) {
            return Ok(client.clone());
        }
        let runtime = self.runtime.as_ref().expect("it is taken only by drop");
        let client = Client::new(remote, &self.options, runtime.handle().clone())?;
        clients.insert(fingerprint, client.clone());
        Ok(client)
    }
}

impl Drop for Source {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // The plain drop waits, which async code must not; nothing here is worth waiting for.
            runtime.shutdown_timeout(Duration::ZERO);
        }
    }
}

impl Revision {
    /// The parents of the commit.
    pub(crate) fn parents(&self) -> Option<Vec<ObjectId>> {
        let repo = self.generation.repo();
        let commit = repo.find_commit(self.commit.0).ok()?;
        Some(commit.parent_ids().map(gix::Id::detach).collect())
    }

    /// The bytes of an object.
    pub(crate) fn raw(&self, id: ObjectId) -> Result<Vec<u8>, Error> {
        match self.generation.repo().find_object(id) {
            Ok(object) => Ok(object.detach().data),
            Err(error) => Err(Error::Corrupt {
                url: self.url.clone(),
                why: error.to_string(),
            }),
        }
    }

    fn read(remote: &Remote, generation: Arc<Generation>, commit: CommitId) -> Result<Self, Error> {
        let repo = generation.repo();
        let found = repo
            .find_commit(commit.0)
            .map_err(|_| missing(remote, &Reference::Commit(commit)))?;
        let read = || -> gix::Result<(i64, i64, String)> {
            let message = found.message_raw_sloppy().to_str_lossy().into_owned();
            let subject = message
                .lines()
                .find(|line| !line.trim().is_empty())
                .unwrap_or_default();
            let subject = subject
                .trim()
                .chars()
                .filter(|c| !c.is_control())
                .take(200)
                .collect();
            Ok((
                found.author()?.seconds(),
                found.committer()?.seconds(),
                subject,
            ))
        };
        let (author_time, committer_time, subject) = read().map_err(|error| Error::Corrupt {
            url: remote.to_string(),
            why: error.to_string(),
        })?;
        let url = remote.to_string();
        drop(found);
        Ok(Self {
            commit,
            author_time,
            committer_time,
            subject,
            url,
            generation,
        })
    }
}

/// Does `talk` once more if the server refused a credential that can be had anew.
fn persist<T>(remote: &Remote, talk: impl Fn() -> Result<T, Error>) -> Result<T, Error> {
    match (talk(), remote.location()) {
        (Err(Error::AuthenticationFailed { .. }), Location::Http(url))
            if remote.credentials().may_be_renewed(url) =>
        {
            talk()
        }
        (result, _) => result,
    }
}

fn missing(remote: &Remote, reference: &Reference) -> Error {
    Error::RefNotFound {
        url: remote.to_string(),
        reference: reference.to_string(),
    }
}
