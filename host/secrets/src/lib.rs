//! Where the host's secrets are: a folder with one folder for each, or a namespace of a Kubernetes API server.
//!
//! ```
//! # fn main() -> Result<(), Box<dyn std::error::Error>> {
//! # let dir = tempfile::tempdir()?;
//! # std::fs::create_dir(dir.path().join("git"))?;
//! # std::fs::write(dir.path().join("git/password"), "a token\n")?;
//! let secrets = fleet_secrets::Secrets::folder(dir.path());
//! let entries = secrets.read("git")?;
//! assert_eq!(entries.line("password")?, Some("a token"));
//! # Ok(())
//! # }
//! ```

mod folder;
mod namespace;

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use fleet_core::secret::Entries;

pub use namespace::{Namespace, OpenError, Told};

/// Where an operator says that secrets are.
#[derive(Clone, Debug, Default)]
pub enum Place {
    /// There are none.
    #[default]
    Nowhere,
    /// A folder with a folder for each, in the layout of mounted Kubernetes Secrets.
    Folder(PathBuf),
    /// A namespace of a Kubernetes API server.
    Namespace {
        /// Its name.
        name: String,
        /// Kubeconfig file; without it the user's own (`KUBECONFIG`), else the pod's service account.
        kubeconfig: Option<PathBuf>,
        /// Context of the kubeconfig file.
        context: Option<String>,
    },
}

/// The secrets of one place; cheap to clone.
#[derive(Clone, Default)]
pub struct Secrets(Kind);

#[derive(Clone, Default)]
enum Kind {
    #[default]
    Nowhere,
    Folder(Arc<Path>),
    Namespace(Arc<Namespace>),
}

/// Why a secret cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// No secret can have this name.
    #[error("it is not the name of a secret")]
    Name,
    /// There is no place to look.
    #[error("the host was started without secrets (`--secrets-dir` or `--secrets-namespace`)")]
    Nowhere,
    /// There is no such secret.
    #[error("there is no such secret{place}")]
    Missing {
        /// Where it was looked for, and how well: a text that goes on from the message.
        place: String,
    },
    /// It is a Secret of a type that is never looked into.
    #[error(
        "it is a Secret of type `{kind}`, and only those of {} are read",
        namespace::TYPES_SHOWN
    )]
    Type {
        /// Its type.
        kind: String,
    },
    /// It is larger than allowed.
    #[error("{what} larger than {} KiB", limit >> 10)]
    TooLarge {
        /// What is.
        what: &'static str,
        /// The bound, in bytes.
        limit: usize,
    },
    /// Its files cannot be read.
    #[error("could not read {what}: {why}")]
    Unreadable {
        /// Which of them.
        what: String,
        /// Why not.
        why: String,
    },
    /// The API server has not answered yet.
    #[error("the Secrets of namespace `{namespace}` have not been read yet{why}")]
    NotYet {
        /// The namespace.
        namespace: String,
        /// Why not, as a text that goes on from the message.
        why: String,
    },
}

impl Error {
    /// Whether it says nothing about the secret: another time may do.
    pub fn is_passing(&self) -> bool {
        matches!(self, Self::NotYet { .. })
    }
}

impl Secrets {
    /// The secrets below a folder, one folder each.
    pub fn folder(folder: &Path) -> Self {
        Self(Kind::Folder(folder.into()))
    }

    /// The secrets of a place. Sends no request yet; a namespace is read by [`Namespace::watch`].
    ///
    /// # Errors
    /// If there is no usable configuration for the API server.
    pub async fn open(place: Place) -> Result<Self, OpenError> {
        Ok(Self(match place {
            Place::Nowhere => Kind::Nowhere,
            Place::Folder(folder) => Kind::Folder(folder.into()),
            Place::Namespace {
                name,
                kubeconfig,
                context,
            } => {
                let namespace = Namespace::open(name, kubeconfig.as_deref(), context);
                Kind::Namespace(Arc::new(namespace.await?))
            }
        }))
    }

    /// The namespace that must be watched, if the secrets are in one.
    pub fn namespace(&self) -> Option<&Arc<Namespace>> {
        match &self.0 {
            Kind::Namespace(namespace) => Some(namespace),
            Kind::Nowhere | Kind::Folder(_) => None,
        }
    }

    /// What the secret `name` holds now. Reads files, or what the watch of the namespace saw last; no request is sent.
    ///
    /// # Errors
    /// If there is no such secret, or it may not or cannot be read.
    pub fn read(&self, name: &str) -> Result<Entries, Error> {
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-.".contains(c);
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return Err(Error::Name);
        }
        match &self.0 {
            Kind::Nowhere => Err(Error::Nowhere),
            Kind::Folder(folder) => folder::read(&folder.join(name), name),
            Kind::Namespace(namespace) => namespace.read(name),
        }
    }
}

impl fmt::Debug for Secrets {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Nowhere => f.write_str("Nowhere"),
            Kind::Folder(folder) => f.debug_tuple("Folder").field(folder).finish(),
            Kind::Namespace(namespace) => namespace.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_read_below_their_folder_and_nowhere_else() {
        let dir = tempfile::tempdir().unwrap();
        std::fs::create_dir_all(dir.path().join("secrets/git")).unwrap();
        std::fs::create_dir(dir.path().join("other")).unwrap();
        let secrets = Secrets::folder(&dir.path().join("secrets"));
        secrets.read("git").unwrap();
        for name in ["../other", "", ".", "..", "a/b", "Git", "git\0"] {
            assert_eq!(secrets.read(name), Err(Error::Name), "{name}");
        }
        let missing = secrets.read("other").unwrap_err();
        assert_eq!(missing.to_string(), "there is no such secret");
        let nowhere = Secrets::default().read("git").unwrap_err();
        assert!(nowhere.to_string().contains("--secrets-dir"), "{nowhere}");
    }
}
