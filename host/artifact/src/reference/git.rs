//! Folders of Git repositories, in the forms that kustomize and go-getter know.

use std::time::Duration;

use fleet_core::files;

use super::refuse;
use crate::Error;

/// A folder, or a file, of a Git repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GitFolder {
    /// URL of the repository.
    pub repository: String,
    /// The folder, from the top; empty for the top itself.
    pub folder: String,
    /// Branch, tag or commit; the default branch if not set.
    pub revision: Option<String>,
    /// Whether submodules are wanted.
    pub submodules: bool,
    /// How long it may take, if it says so.
    pub timeout: Option<Duration>,
}

/// Hosts whose repositories have two parts and may be named without a scheme, as go-getter does.
const FORGES: [&str; 3] = ["github.com", "gitlab.com", "bitbucket.org"];

impl GitFolder {
    /// Reads one; `None` if it is no such form at all.
    ///
    /// # Errors
    /// If it is one and cannot be used.
    pub(super) fn parse(text: &str) -> Result<Option<Self>, Error> {
        let plain = strip_ignoring_case(text, "git::").unwrap_or(text);
        let (plain, query) = plain.split_once('?').unwrap_or((plain, ""));
        let Some((host, path)) = host(plain) else {
            return Ok(None);
        };
        let Some((repository, folder)) = split(&host, path) else {
            return Err(refuse(text, "it names no repository"));
        };
        if host.contains('@') && host.contains("http") {
            return Err(refuse(
                text,
                "a credential does not belong into a URL; put it into a secret",
            ));
        }
        let folder = files::join("", folder.trim_matches('/'))
            .map_err(|_| refuse(text, "its folder leaves the repository"))?;
        let mut found = Self {
            repository: format!("{host}{repository}"),
            folder,
            revision: None,
            submodules: true,
            timeout: None,
        };
        let mut version = None;
        for (key, value) in url::form_urlencoded::parse(query.as_bytes()) {
            match &*key {
                "ref" if !value.is_empty() => found.revision = Some(value.into_owned()),
                "version" if !value.is_empty() => version = Some(value.into_owned()),
                "submodules" => {
                    found.submodules =
                        !matches!(&*value, "0" | "f" | "F" | "false" | "FALSE" | "False")
                }
                "timeout" => found.timeout = seconds(&value),
                "sshkey" => {
                    return Err(refuse(
                        text,
                        "a private key does not belong into a repository; put it into a secret",
                    ));
                }
                _ => {}
            }
        }
        found.revision = found.revision.or(version);
        Ok(Some(found))
    }
}

/// Whether a URL of HTTP says by itself that it is of Git: by `git::`, a path in `.git` or `_git`, `//`, or a revision.
pub(super) fn is_marked(text: &str) -> bool {
    if strip_ignoring_case(text, "git::").is_some() {
        return true;
    }
    let (plain, query) = text.split_once('?').unwrap_or((text, ""));
    let path = plain.split_once("://").map_or(plain, |(_, rest)| rest);
    git_suffix(path).is_some()
        || path.contains("_git/")
        || path.contains("//")
        || url::form_urlencoded::parse(query.as_bytes())
            .any(|(key, _)| key == "ref" || key == "version")
}

/// Whether a URL of HTTP without any mark is more likely a folder of a repository than a file: its last part has no
/// extension, and there are enough parts for owner and repository.
pub(super) fn looks_like_folder(text: &str) -> bool {
    let plain = text.split('?').next().unwrap_or_default();
    let rest = plain.split_once("://").map_or(plain, |(_, rest)| rest);
    let parts: Vec<&str> = rest.split('/').filter(|part| !part.is_empty()).collect();
    parts.len() > 2 && !parts[parts.len() - 1].contains('.')
}

/// The part that names the server, as it is to be dialled, and the rest.
fn host(text: &str) -> Option<(String, &str)> {
    for (short, long) in [
        ("gh:", "https://github.com/"),
        ("github.com:", "https://github.com/"),
    ] {
        if let Some(rest) = strip_ignoring_case(text, short) {
            return Some((long.to_owned(), rest));
        }
    }
    for forge in FORGES {
        if let Some(rest) = strip_ignoring_case(text, &format!("{forge}/")) {
            return Some((format!("https://{forge}/"), rest));
        }
    }
    if let Some((scheme, rest)) = text.split_once("://") {
        let scheme = scheme.to_ascii_lowercase();
        return match &*scheme {
            "file" => Some(("file://".to_owned(), rest)),
            "https" | "http" | "ssh" => {
                let slash = rest.find('/')?;
                // Written by habit where a colon would be a port: `ssh://git@github.com:owner/repository`.
                let scp = (scheme == "ssh" && !rest.contains('['))
                    .then(|| rest.find(':'))
                    .flatten();
                if let Some(colon) = scp.filter(|colon| *colon < slash)
                    && rest[colon + 1..slash].parse::<u16>().is_err()
                {
                    return Some((format!("{}:", &rest[..colon]), &rest[colon + 1..]));
                }
                Some((
                    format!("{scheme}://{}", &rest[..=slash]),
                    &rest[slash + 1..],
                ))
            }
            _ => None,
        };
    }
    // `user@host:path`, and kustomize's `git@host/path`.
    let (user, rest) = text.split_once('@')?;
    if user.is_empty() || user.contains(['/', ':']) {
        return None;
    }
    let end = rest.find([':', '/'])?;
    let (server, path) = (&rest[..end], &rest[end + 1..]);
    Some((format!("{user}@{server}:"), path))
}

/// The path of the repository, and the folder in it.
fn split<'p>(host: &str, path: &'p str) -> Option<(&'p str, &'p str)> {
    let (repository, folder) = if let Some(at) = path.find("_git/") {
        let name = at + "_git/".len();
        let end = path[name..]
            .find('/')
            .map_or(path.len(), |slash| name + slash);
        path.split_at(end)
    } else if let Some(end) = git_suffix(path) {
        path.split_at(end)
    } else if let Some(end) = path
        .get(1..)
        .and_then(|rest| rest.find("//"))
        .map(|at| at + 1)
    {
        path.split_at(end)
    } else if host == "file://" {
        (path, "")
    } else {
        let owner = path.find('/')?;
        let end = path[owner + 1..]
            .find('/')
            .map_or(path.len(), |slash| owner + 1 + slash);
        path.split_at(end)
    };
    let named = !repository.trim_matches('/').is_empty() && !repository.ends_with("_git/");
    named.then_some((repository, folder))
}

/// Where a part that ends in `.git` ends.
fn git_suffix(path: &str) -> Option<usize> {
    let mut from = 0;
    while let Some(at) = path[from..].find(".git") {
        let end = from + at + ".git".len();
        if path.len() == end || path[end..].starts_with('/') {
            return Some(end);
        }
        from = end;
    }
    None
}

fn strip_ignoring_case<'t>(text: &'t str, prefix: &str) -> Option<&'t str> {
    let head = text.get(..prefix.len())?;
    head.eq_ignore_ascii_case(prefix)
        .then(|| &text[prefix.len()..])
}

/// `61`, or Go's `61s`, `2m`.
fn seconds(text: &str) -> Option<Duration> {
    let (number, unit) = match text.strip_suffix('m') {
        Some(number) => (number, 60),
        None => (text.strip_suffix('s').unwrap_or(text), 1),
    };
    let number: u64 = number.parse().ok().filter(|number| *number > 0)?;
    Some(Duration::from_secs(number.saturating_mul(unit)))
}
