//! A mark beside a commit, as each forge wants to be told of it.

use base64::Engine as _;
use fleet_core::resource::ForgeKind;
use fleet_core::secret::Secret;
use serde_json::{Map, Value};
use std::time::Duration;

use crate::request::{Answer, post};
use crate::{Error, Project};

/// The longest description that GitHub takes, in characters ("Create a commit status").
const MAX_DESCRIPTION: usize = 140;

/// How a commit fares, in words that every forge has one for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum State {
    /// Its turn has not come.
    Pending,
    /// It is on its way.
    Running,
    /// It is where it should be.
    Success,
    /// It cannot get there because of what is in it.
    Failure,
    /// It cannot get there because of something else.
    Error,
}

/// A mark beside a commit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// How it fares.
    pub state: State,
    /// The name of the mark; a commit has one mark of each name.
    pub context: String,
    /// What people read; only the first 140 characters are told.
    pub description: String,
    /// Where they can read more.
    pub target_url: Option<String>,
}

/// What a forge is shown to be let in.
#[derive(Clone, Debug)]
pub enum Credential {
    /// A token.
    Token(Secret<String>),
    /// A user with a password or token.
    Basic {
        /// The user.
        username: String,
        /// The password.
        password: Secret<String>,
    },
}

/// What a forge did with a mark.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Told {
    /// How long the forge wants to be left alone now.
    pub pause: Option<Duration>,
}

impl Status {
    /// Puts the mark beside `commit`.
    ///
    /// # Errors
    /// Whatever keeps the forge from doing so.
    pub async fn tell(
        &self,
        client: &reqwest::Client,
        project: &Project,
        commit: &str,
        credential: &Credential,
    ) -> Result<Told, Error> {
        let kind = project.kind();
        let accept = match kind {
            ForgeKind::GitHub => "application/vnd.github+json",
            ForgeKind::GitLab | ForgeKind::Gitea => "application/json",
        };
        let authorization = credential.authorization(kind);
        let url = project.statuses(commit);
        let answer = post(client, &url, accept, &authorization, &self.body(kind)).await?;
        if kind == ForgeKind::GitLab && is_no_change(&answer) {
            return Ok(Told {
                pause: answer.pause,
            });
        }
        let answer = answer.checked()?;
        Ok(Told {
            pause: answer.pause,
        })
    }

    fn body(&self, kind: ForgeKind) -> Value {
        let name = match kind {
            ForgeKind::GitLab => "name",
            ForgeKind::GitHub | ForgeKind::Gitea => "context",
        };
        let mut body = Map::new();
        let mut set = |key: &str, value: &str| body.insert(key.to_owned(), value.into());
        set("state", self.state.word(kind));
        set(name, &self.context);
        set("description", &shortened(&self.description));
        if let Some(url) = &self.target_url {
            set("target_url", url);
        }
        Value::Object(body)
    }
}

impl State {
    /// The forge's word.
    fn word(self, kind: ForgeKind) -> &'static str {
        match (self, kind) {
            (Self::Running, ForgeKind::GitLab) => "running",
            (Self::Pending | Self::Running, _) => "pending",
            (Self::Success, _) => "success",
            (Self::Failure | Self::Error, ForgeKind::GitLab) => "failed",
            (Self::Failure, _) => "failure",
            (Self::Error, _) => "error",
        }
    }
}

impl Credential {
    /// The value of the `Authorization` header.
    fn authorization(&self, kind: ForgeKind) -> Secret<String> {
        Secret::new(match (self, kind) {
            (Self::Token(token), ForgeKind::Gitea) => format!("token {}", token.reveal()),
            (Self::Token(token), _) => format!("Bearer {}", token.reveal()),
            // GitLab's API takes no passwords; what Git takes as one is a token.
            (Self::Basic { password, .. }, ForgeKind::GitLab) => {
                format!("Bearer {}", password.reveal())
            }
            (Self::Basic { username, password }, _) => {
                let pair = format!("{username}:{}", password.reveal());
                let pair = base64::engine::general_purpose::STANDARD.encode(pair);
                format!("Basic {pair}")
            }
        })
    }
}

/// GitLab takes a mark as a step of a machine, and refuses one that leads from a state to itself.
fn is_no_change(answer: &Answer) -> bool {
    answer.status == 400 && answer.message.contains("Cannot transition status via")
}

fn shortened(text: &str) -> String {
    if text.chars().count() <= MAX_DESCRIPTION {
        return text.to_owned();
    }
    let mut short: String = text.chars().take(MAX_DESCRIPTION - 1).collect();
    short.push('…');
    short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_forge_reads_its_own_words() {
        let check = |kind, state, expected: &str| {
            let status = Status {
                state,
                context: "fleet/app".to_owned(),
                description: "Applied on 1/2 clusters".to_owned(),
                target_url: (state == State::Success).then(|| "https://example.org/".to_owned()),
            };
            assert_eq!(status.body(kind).to_string(), expected);
        };
        check(
            ForgeKind::GitHub,
            State::Running,
            r#"{"context":"fleet/app","description":"Applied on 1/2 clusters","state":"pending"}"#,
        );
        check(
            ForgeKind::GitLab,
            State::Running,
            r#"{"description":"Applied on 1/2 clusters","name":"fleet/app","state":"running"}"#,
        );
        check(
            ForgeKind::GitLab,
            State::Failure,
            r#"{"description":"Applied on 1/2 clusters","name":"fleet/app","state":"failed"}"#,
        );
        check(
            ForgeKind::Gitea,
            State::Success,
            r#"{"context":"fleet/app","description":"Applied on 1/2 clusters","state":"success","target_url":"https://example.org/"}"#,
        );
        check(
            ForgeKind::Gitea,
            State::Error,
            r#"{"context":"fleet/app","description":"Applied on 1/2 clusters","state":"error"}"#,
        );
    }

    #[test]
    fn a_description_is_as_long_as_github_takes() {
        assert_eq!(shortened("short"), "short");
        let long = shortened(&"é".repeat(141));
        assert_eq!(long.chars().count(), 140);
        assert!(long.ends_with("é…"));
        assert_eq!(shortened(&"é".repeat(140)), "é".repeat(140));
    }
}
