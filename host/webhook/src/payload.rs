//! The bodies of the forges, of which only a few fields are read.
//!
//! Everything else is skipped without being kept; `serde_json` bounds the depth of what is read (128), [`Few`] the number of
//! references and links, and whoever takes the body in bounds its size.

use std::fmt;
use std::marker::PhantomData;

use serde::de::{DeserializeOwned, IgnoredAny, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer};

use crate::delivery::Event;
use crate::{Error, Forge, Headers, Kind, Reference, Update};

/// How many references of one push, and links of one repository, are looked at.
const MAX_ENTRIES: usize = 64;

/// What was read from a body.
pub(crate) struct Read {
    pub(crate) kind: Kind,
    pub(crate) id: Option<String>,
    pub(crate) urls: Vec<String>,
    pub(crate) updates: Vec<Update>,
    pub(crate) cut: bool,
}

pub(crate) fn read(
    forge: Forge,
    event: &Event<'_>,
    headers: &Headers<'_>,
    body: &[u8],
) -> Result<Read, Error> {
    let payload = form_payload(forge, headers, body)?;
    let body = payload.as_deref().unwrap_or(body);
    let refuse = Error::Body { forge };
    let read = match forge {
        Forge::GitHub | Forge::Gitea | Forge::Gogs => {
            json::<GitHub>(body).map(|found| found.read(event))
        }
        Forge::GitLab => json::<GitLab>(body).map(GitLab::read),
        Forge::BitbucketCloud => json::<BitbucketCloud>(body).map(|found| found.read(event)),
        Forge::BitbucketServer => json::<BitbucketServer>(body).map(|found| found.read(event)),
        Forge::AzureDevOps => json::<AzureDevOps>(body).map(AzureDevOps::read),
        Forge::Generic => json::<Generic>(body).and_then(Generic::read),
    };
    read.ok_or(refuse)
}

/// GitHub and those that began as its likeness can also send the JSON as the field `payload` of a form.
fn form_payload(
    forge: Forge,
    headers: &Headers<'_>,
    body: &[u8],
) -> Result<Option<Vec<u8>>, Error> {
    let kind = headers.one("content-type")?.unwrap_or_default();
    let essence = kind.split(';').next().unwrap_or_default().trim();
    let sends_forms = matches!(forge, Forge::GitHub | Forge::Gitea | Forge::Gogs);
    if !sends_forms || !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        return Ok(None);
    }
    let mut fields = form_urlencoded::parse(body).filter(|(name, _)| name == "payload");
    match (fields.next(), fields.next()) {
        (Some((_, payload)), None) => Ok(Some(payload.into_owned().into_bytes())),
        _ => Err(Error::Body { forge }),
    }
}

fn json<T: DeserializeOwned>(body: &[u8]) -> Option<T> {
    serde_json::from_slice(body).ok()
}

/// Where a reference stands, if that is a commit and not nothing.
fn commit(id: Option<&str>) -> Option<String> {
    let id = id?;
    let hex = matches!(id.len(), 40 | 64) && id.bytes().all(|byte| byte.is_ascii_hexdigit());
    (hex && id.bytes().any(|byte| byte != b'0')).then(|| id.to_ascii_lowercase())
}

fn update(name: &str, id: Option<&str>) -> Option<Update> {
    Some(Update {
        reference: Reference::parse(name)?,
        commit: commit(id),
    })
}

/// The first entries of a list.
struct Few<T> {
    entries: Vec<T>,
    cut: bool,
}

impl<T> Default for Few<T> {
    fn default() -> Self {
        Self {
            entries: Vec::new(),
            cut: false,
        }
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Few<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct List<T>(PhantomData<T>);
        impl<'de, T: Deserialize<'de>> Visitor<'de> for List<T> {
            type Value = Few<T>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a list")
            }
            fn visit_unit<E>(self) -> Result<Few<T>, E> {
                Ok(Few::default())
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Few<T>, A::Error> {
                let mut few = Few::default();
                while few.entries.len() < MAX_ENTRIES {
                    match list.next_element()? {
                        Some(entry) => few.entries.push(entry),
                        None => return Ok(few),
                    }
                }
                while list.next_element::<IgnoredAny>()?.is_some() {
                    few.cut = true;
                }
                Ok(few)
            }
        }
        deserializer.deserialize_any(List(PhantomData))
    }
}

/// GitHub, Gitea, Forgejo and Gogs.
#[derive(Deserialize)]
struct GitHub {
    #[serde(rename = "ref")]
    reference: Option<String>,
    after: Option<String>,
    head_commit: Option<GitHubCommit>,
    repository: Option<GitHubRepository>,
}

#[derive(Deserialize)]
struct GitHubCommit {
    id: Option<String>,
}

#[derive(Deserialize)]
struct GitHubRepository {
    clone_url: Option<String>,
    ssh_url: Option<String>,
    git_url: Option<String>,
    html_url: Option<String>,
}

impl GitHub {
    fn read(self, event: &Event<'_>) -> Read {
        let kind = match event.name {
            "push" => Kind::Push,
            "ping" => Kind::Ping,
            _ => Kind::Other,
        };
        let urls = self.repository.map(|repository| {
            let GitHubRepository {
                clone_url,
                ssh_url,
                git_url,
                html_url,
            } = repository;
            [clone_url, ssh_url, git_url, html_url]
        });
        // `after` of an annotated tag is the tag's own id, which no poll ever answers with.
        let head = self.head_commit.and_then(|head| head.id);
        let after = self.after.as_deref();
        let gone = commit(after).is_none();
        let id = head.as_deref().filter(|_| !gone).or(after);
        let update = self.reference.and_then(|name| update(&name, id));
        Read {
            kind,
            id: None,
            urls: urls.into_iter().flatten().flatten().collect(),
            updates: update.into_iter().filter(|_| kind == Kind::Push).collect(),
            cut: false,
        }
    }
}

/// GitLab: hooks of projects and groups, and system hooks.
#[derive(Deserialize)]
struct GitLab {
    object_kind: Option<String>,
    event_name: Option<String>,
    #[serde(rename = "ref")]
    reference: Option<String>,
    after: Option<String>,
    checkout_sha: Option<String>,
    project: Option<GitLabProject>,
    repository: Option<GitLabProject>,
    /// Of a system hook `repository_update`; other events have an object here.
    #[serde(default)]
    changes: Changes,
}

#[derive(Deserialize)]
struct GitLabProject {
    git_http_url: Option<String>,
    git_ssh_url: Option<String>,
    web_url: Option<String>,
    homepage: Option<String>,
}

#[derive(Deserialize)]
struct GitLabChange {
    #[serde(rename = "ref")]
    reference: Option<String>,
    after: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Changes {
    List(Few<GitLabChange>),
    Else(IgnoredAny),
}

impl Default for Changes {
    fn default() -> Self {
        Self::Else(IgnoredAny)
    }
}

impl GitLab {
    fn read(self) -> Read {
        let word = self.event_name.or(self.object_kind).unwrap_or_default();
        let mut updates = Vec::new();
        let mut cut = false;
        let kind =
            match word.as_str() {
                "push" | "tag_push" => {
                    let after = self.after.as_deref();
                    let gone = commit(after).is_none();
                    let id = self.checkout_sha.as_deref().filter(|_| !gone).or(after);
                    updates.extend(self.reference.and_then(|name| update(&name, id)));
                    Kind::Push
                }
                "repository_update" => {
                    if let Changes::List(list) = self.changes {
                        cut = list.cut;
                        updates.extend(list.entries.into_iter().filter_map(|change| {
                            update(&change.reference?, change.after.as_deref())
                        }));
                    }
                    Kind::Push
                }
                _ => Kind::Other,
            };
        let urls = [self.project, self.repository].into_iter().flatten();
        let urls = urls.flat_map(|project| {
            let GitLabProject {
                git_http_url,
                git_ssh_url,
                web_url,
                homepage,
            } = project;
            [git_http_url, git_ssh_url, web_url, homepage]
        });
        Read {
            kind,
            id: None,
            urls: urls.flatten().collect(),
            updates,
            cut,
        }
    }
}

#[derive(Deserialize)]
struct Link {
    href: Option<String>,
}

#[derive(Deserialize)]
struct BitbucketCloud {
    push: Option<CloudPush>,
    repository: Option<CloudRepository>,
}

#[derive(Deserialize)]
struct CloudPush {
    #[serde(default)]
    changes: Few<CloudChange>,
}

#[derive(Deserialize)]
struct CloudChange {
    old: Option<CloudRef>,
    new: Option<CloudRef>,
}

#[derive(Deserialize)]
struct CloudRef {
    #[serde(rename = "type")]
    kind: Option<String>,
    name: Option<String>,
    target: Option<CloudTarget>,
}

#[derive(Deserialize)]
struct CloudTarget {
    hash: Option<String>,
}

#[derive(Deserialize)]
struct CloudRepository {
    links: Option<CloudLinks>,
}

#[derive(Deserialize)]
struct CloudLinks {
    html: Option<Link>,
}

impl CloudChange {
    fn update(self) -> Option<Update> {
        let gone = self.new.is_none();
        let CloudRef { kind, name, target } = self.new.or(self.old)?;
        let folder = match kind?.as_str() {
            "branch" | "named_branch" => "refs/heads/",
            "tag" | "annotated_tag" => "refs/tags/",
            _ => return None,
        };
        let id = target.and_then(|target| target.hash).filter(|_| !gone);
        update(&format!("{folder}{}", name?), id.as_deref())
    }
}

impl BitbucketCloud {
    fn read(self, event: &Event<'_>) -> Read {
        let changes = self.push.map(|push| push.changes).unwrap_or_default();
        let push = event.name == "repo:push";
        let updates = changes.entries.into_iter().filter(|_| push);
        let html = self
            .repository
            .and_then(|repository| repository.links?.html?.href);
        Read {
            kind: if push { Kind::Push } else { Kind::Other },
            id: None,
            urls: html.into_iter().collect(),
            updates: updates.filter_map(CloudChange::update).collect(),
            cut: push && changes.cut,
        }
    }
}

#[derive(Deserialize)]
struct BitbucketServer {
    repository: Option<ServerRepository>,
    #[serde(default)]
    changes: Few<ServerChange>,
}

#[derive(Deserialize)]
struct ServerRepository {
    links: Option<ServerLinks>,
}

#[derive(Deserialize)]
struct ServerLinks {
    #[serde(default)]
    clone: Few<Link>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerChange {
    #[serde(rename = "ref")]
    reference: Option<ServerRef>,
    ref_id: Option<String>,
    to_hash: Option<String>,
}

#[derive(Deserialize)]
struct ServerRef {
    id: Option<String>,
}

impl BitbucketServer {
    fn read(self, event: &Event<'_>) -> Read {
        let kind = match event.name {
            "repo:refs_changed" | "mirror:repo_synchronized" => Kind::Push,
            "diagnostics:ping" => Kind::Ping,
            _ => Kind::Other,
        };
        let changes = self.changes.entries.into_iter();
        let updates = changes.filter(|_| kind == Kind::Push).filter_map(|change| {
            let id = change.reference.and_then(|reference| reference.id);
            update(&id.or(change.ref_id)?, change.to_hash.as_deref())
        });
        let links = self.repository.and_then(|repository| repository.links);
        let links = links.map(|links| links.clone.entries).unwrap_or_default();
        Read {
            kind,
            id: None,
            urls: links.into_iter().filter_map(|link| link.href).collect(),
            updates: updates.collect(),
            cut: kind == Kind::Push && self.changes.cut,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AzureDevOps {
    id: Option<String>,
    event_type: Option<String>,
    resource: Option<AzureResource>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AzureResource {
    #[serde(default)]
    ref_updates: Few<AzureUpdate>,
    repository: Option<AzureRepository>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AzureUpdate {
    name: Option<String>,
    new_object_id: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct AzureRepository {
    remote_url: Option<String>,
    ssh_url: Option<String>,
    web_url: Option<String>,
}

impl AzureDevOps {
    fn read(self) -> Read {
        let push = self.event_type.as_deref() == Some("git.push");
        let (updates, repository) = match self.resource {
            Some(resource) => (resource.ref_updates, resource.repository),
            None => (Few::default(), None),
        };
        let entries = updates.entries.into_iter().filter(|_| push);
        let urls = repository.map(|repository| {
            let AzureRepository {
                remote_url,
                ssh_url,
                web_url,
            } = repository;
            [remote_url, ssh_url, web_url]
        });
        Read {
            kind: if push { Kind::Push } else { Kind::Other },
            id: self.id,
            urls: urls.into_iter().flatten().flatten().collect(),
            updates: entries
                .filter_map(|entry| update(&entry.name?, entry.new_object_id.as_deref()))
                .collect(),
            cut: push && updates.cut,
        }
    }
}

/// Our own: `{"repo": URL, "ref": "refs/heads/main", "commit": "…"}`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Generic {
    repo: String,
    #[serde(rename = "ref")]
    reference: String,
    commit: Option<String>,
}

impl Generic {
    /// None if the commit is no commit, or the reference neither branch nor tag.
    fn read(self) -> Option<Read> {
        let id = self.commit.as_deref();
        if id.is_some_and(|id| commit(Some(id)).is_none()) {
            return None;
        }
        Some(Read {
            kind: Kind::Push,
            id: None,
            updates: vec![update(&self.reference, id)?],
            urls: vec![self.repo],
            cut: false,
        })
    }
}
