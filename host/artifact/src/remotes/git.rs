//! Folders of Git repositories.

use std::sync::PoisonError;

use fleet_source::{CommitId, Location, Remote, Revision};

use super::{Content, Remotes};
use crate::Error;
use crate::access::Access;
use crate::guard;
use crate::pins::Pin;
use crate::reference::GitFolder;

impl Remotes {
    pub(super) fn git_folder(
        &self,
        folder: &GitFolder,
        pin: Option<&Pin>,
        access: &Access,
    ) -> Result<(Pin, Content), Error> {
        let remote = access.git_remote(&folder.repository)?;
        self.check_git(&remote)?;
        let commit = match pin {
            Some(Pin::Commit { commit }) => CommitId::parse(commit)?,
            _ => self.commit_of(&remote, folder)?,
        };
        self.note_mirror(&remote);
        let read = |revision: &Revision| self.git.tree(revision);
        let (_, tree) = self
            .git
            .fetch_whole(&remote, &commit, &self.interrupt, read)?;
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
            Location::Http(url) => guard::check(url, &self.options),
            Location::Ssh { .. } => Ok(()),
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
}
