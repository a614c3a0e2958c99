//! Something wrong, kept as data, with the one word that names its kind.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::diagnostic::{Diagnostic, Location};
use crate::object::ObjectRef;

macro_rules! reasons {
    ($($(#[$doc:meta])+ $name:ident,)+) => {
        /// The kind of a [`Problem`]: condition reason, metric label and name of a page in `docs/reasons/`.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum Reason {
            $($(#[$doc])+ $name,)+
        }

        impl Reason {
            /// All reasons there are.
            pub const ALL: &[Self] = &[$(Self::$name,)+];

            /// The word itself.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => stringify!($name),)+
                }
            }
        }
    };
}

reasons! {
    /// The Git server did not answer.
    GitUnreachable,
    /// The Git server refused the credential, or wants one.
    GitAuthenticationFailed,
    /// The API server that holds the host's secrets has not answered yet.
    SecretUnavailable,
    /// There is no such repository, or the credential may not see it.
    GitRepositoryNotFound,
    /// The branch, tag or commit does not exist.
    RevisionNotFound,
    /// The server's certificate or host key is not trusted.
    GitServerNotTrusted,
    /// The Git server asked to wait.
    GitRateLimited,
    /// What the Git server sent could not be used.
    GitFetchFailed,
    /// The certificate of the Git server is not checked, because the GitRepo says so.
    GitServerNotVerified,
    /// The branch was rewritten: its new tip does not descend from the old one.
    HistoryRewritten,
    /// The commit is not signed, or by nobody who is trusted.
    CommitNotVerified,
    /// The state of a commit could not be told to the forge.
    CommitStatusFailed,
    /// The repository's content is larger or deeper than allowed, or has names that are refused.
    ContentRefused,
    /// A path of the GitRepo does not exist or holds nothing to deploy.
    PathNotFound,
    /// A chart or base outside the repository could not be fetched.
    RemoteUnavailable,
    /// A chart or base outside the repository may not be fetched.
    RemoteRefused,
    /// `fleet.yaml` could not be read.
    RecipeInvalid,
    /// `fleet.yaml` has keys that nobody reads.
    RecipeUnknownKey,
    /// A renderer refused its input.
    RenderFailed,
    /// A renderer has something to say that does not block.
    RenderWarning,
    /// A renderer suddenly yielded nothing; what runs stays.
    RenderEmpty,
    /// A document that a renderer made is not a Kubernetes object.
    ObjectInvalid,
    /// Two bundles of one cluster hold the same object.
    ObjectConflict,
    /// A policy found an error; the old state stays.
    PolicyDenied,
    /// A policy found something that does not block.
    PolicyWarning,
    /// There is no such plugin.
    PluginNotFound,
    /// A plugin's file is no component that this host can run.
    PluginInvalid,
    /// A plugin ended with a trap.
    PluginTrapped,
    /// A plugin used up its fuel.
    PluginOutOfFuel,
    /// A plugin wanted more memory than it may have.
    PluginOutOfMemory,
    /// A plugin overflowed its stack.
    PluginStackOverflow,
    /// A plugin took longer than it may.
    PluginTimedOut,
    /// A plugin returned something unusable.
    PluginOutputInvalid,
    /// Two bundles have the same name.
    BundleNameConflict,
    /// A change would delete more than is allowed without confirmation.
    HeldForConfirmation,
    /// A bundle or its digest did not arrive as announced.
    BundleUnavailable,
    /// The API server refused an object.
    ApplyFailed,
    /// The API server does not know the kind of an object.
    KindNotServed,
    /// An object has a field that cannot be changed.
    FieldImmutable,
    /// Somebody else manages a field that the bundle sets differently.
    FieldConflict,
    /// An object belongs to another deployment or owner.
    NotOwned,
    /// An object could not be deleted.
    PruneFailed,
    /// An object could not be deleted because it is protected.
    PruneProtected,
    /// The API server of a cluster did not answer.
    ClusterUnreachable,
    /// An object did not become healthy.
    Unhealthy,
    /// Something that another bundle must bring first.
    DependencyNotReady,
    /// The agent or the host could not write its own state.
    StateNotSaved,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// Something wrong: what kind, what exactly, and where.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What kind.
    pub reason: Reason,
    /// What was tried, on which thing, why not, and what to do next.
    pub message: String,
    /// The object it is about, if any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRef>,
    /// The place in the repository, if known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub location: Option<Location>,
    /// What to do next.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl Problem {
    /// A problem with a message and nothing else.
    pub fn new(reason: Reason, message: impl Into<String>) -> Self {
        Self {
            reason,
            message: message.into(),
            object: None,
            location: None,
            hint: None,
        }
    }

    /// The same, about an object.
    #[must_use]
    pub fn about(mut self, object: ObjectRef) -> Self {
        self.object = Some(object);
        self
    }

    /// The same, at a place; an unknown place changes nothing.
    #[must_use]
    pub fn at(mut self, location: Option<Location>) -> Self {
        self.location = location.or(self.location);
        self
    }

    /// The same, with advice.
    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// What a plugin said, under `reason`.
    pub fn from_diagnostic(reason: Reason, diagnostic: Diagnostic) -> Self {
        let object = diagnostic.object.map(|id| ObjectRef {
            group: id
                .api_version
                .split_once('/')
                .map_or(String::new(), |(group, _)| group.to_owned()),
            kind: id.kind,
            namespace: id.namespace.unwrap_or_default(),
            name: id.name,
        });
        let message = format!("{} [{}]", diagnostic.message, diagnostic.code);
        Self {
            reason,
            message,
            object,
            location: diagnostic.location,
            hint: diagnostic.hint,
        }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.reason)?;
        if let Some(location) = &self.location {
            write!(f, "{location}: ")?;
        }
        if let Some(object) = &self.object {
            write!(f, "{object}: ")?;
        }
        f.write_str(&self.message)?;
        if let Some(hint) = &self.hint {
            write!(f, "\n  hint: {hint}")?;
        }
        Ok(())
    }
}
