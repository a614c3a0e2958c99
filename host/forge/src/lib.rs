//! Speaks with forges, the servers that hold repositories and say how their commits fare: GitHub, GitLab and Gitea.
//!
//! [`Project`] finds a repository in the API of its forge, [`Status::tell`] puts a mark beside one of its commits, and
//! [`Apps`] gets tokens as a GitHub App. Nothing here reads a clock or a secret by itself, follows a redirect to another
//! server, or lets a credential into a message.
//!
//! ```
//! use fleet_core::resource::ForgeKind;
//! use fleet_forge::{Home, Project};
//!
//! let home = Home::Ssh { host: "github.com", path: "~/team/app.git" };
//! let project = Project::find(ForgeKind::GitHub, &home, None)?;
//! assert_eq!(project.to_string(), "team/app at https://api.github.com/");
//! # Ok::<(), fleet_forge::Error>(())
//! ```

mod app;
mod error;
mod jwt;
mod project;
mod request;
mod status;

pub use app::{App, Apps, Permission};
pub use error::Error;
pub use project::{Home, Project};
pub use status::{Credential, State, Status, Told};
