//! References, parsed once: after that there is no question what is meant.

use fleet_core::digest::Digest;
use url::Url;

use crate::Error;
use crate::choose::Wanted;

mod git;

pub use git::GitFolder;

/// Longest reference, in bytes.
const MAX_BYTES: usize = 4096;

/// Something outside a repository.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Reference {
    /// A chart.
    Chart(Chart),
    /// A base or a resource of a kustomization.
    Base(Base),
}

/// Where a chart is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Chart {
    /// In a Helm repository, which has an `index.yaml`.
    Repository {
        /// Its URL, which ends in `/`.
        repository: Url,
        /// Name of the chart.
        name: String,
        /// Which version.
        version: Wanted,
    },
    /// An archive behind a URL.
    Archive(Url),
    /// In a registry.
    Registry(Image),
    /// A folder of a Git repository.
    Git(GitFolder),
}

/// Where a base or a resource is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Base {
    /// A folder, or a file, of a Git repository.
    Git(GitFolder),
    /// A file behind a URL.
    File(Url),
}

/// An artifact in a registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Image {
    /// Host and perhaps port.
    pub registry: String,
    /// Name in the registry: `team/charts/web`.
    pub repository: String,
    /// Which one.
    pub which: Which,
}

/// Which of the artifacts of one name is meant.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Which {
    /// The one whose manifest has this digest.
    Digest(Digest),
    /// The one with this tag.
    Tag(String),
    /// The best of those whose tags are versions.
    Version(Wanted),
}

impl Reference {
    /// Reads a reference as [`fleet_core::remote::chart`] writes it, or as it stands in a kustomization.
    ///
    /// # Errors
    /// [`Error::Refused`] if it is malformed, or of a kind that is not fetched.
    pub fn parse(text: &str) -> Result<Self, Error> {
        if text.len() > MAX_BYTES || text.chars().any(char::is_control) {
            return Err(refuse(text, "it is too long, or has control characters"));
        }
        let Some((location, chart)) = text.rsplit_once('#') else {
            if has_scheme(text, "oci") {
                let image = Image::parse(text, "", "")?;
                return Ok(Self::Chart(Chart::Registry(image)));
            }
            return Ok(Self::Base(Base::parse(text)?));
        };
        let (name, version) = chart.split_once('@').unwrap_or((chart, ""));
        Ok(Self::Chart(Chart::parse(location, name, version)?))
    }
}

impl Chart {
    fn parse(location: &str, name: &str, version: &str) -> Result<Self, Error> {
        if has_scheme(location, "oci") {
            return Ok(Self::Registry(Image::parse(location, name, version)?));
        }
        let is_http = has_scheme(location, "https") || has_scheme(location, "http");
        if name.is_empty() {
            if is_http && !git::is_marked(location) {
                return Ok(Self::Archive(url(location)?));
            }
            return match GitFolder::parse(location)? {
                Some(git) => Ok(Self::Git(git)),
                None => Err(refuse(location, UNKNOWN)),
            };
        }
        if !is_http {
            return Err(refuse(
                location,
                "it is no Helm repository: those are https or oci",
            ));
        }
        let plain = |c: char| c.is_ascii_alphanumeric() || "-_./".contains(c);
        if !name.chars().all(plain) || name.split('/').any(|part| matches!(part, "" | "." | "..")) {
            return Err(refuse(
                location,
                &format!("`{name}` cannot be the name of a chart"),
            ));
        }
        let mut repository = url(location)?;
        let path = format!("{}/", repository.path().trim_end_matches('/'));
        repository.set_path(&path);
        Ok(Self::Repository {
            repository,
            name: name.to_owned(),
            version: wanted(location, version)?,
        })
    }
}

impl Base {
    fn parse(text: &str) -> Result<Self, Error> {
        let is_http = has_scheme(text, "https") || has_scheme(text, "http");
        if is_http && !git::is_marked(text) && !git::looks_like_folder(text) {
            return Ok(Self::File(url(text)?));
        }
        match GitFolder::parse(text)? {
            Some(git) => Ok(Self::Git(git)),
            None => Err(refuse(text, UNKNOWN)),
        }
    }
}

const UNKNOWN: &str =
    "it is none of the forms that are known: https, oci, ssh, git@host:path, git::…";

impl Image {
    /// Reads `oci://registry/name[:tag][@sha256:…]`, with the name of a chart below it and a version.
    fn parse(location: &str, name: &str, version: &str) -> Result<Self, Error> {
        let rest = location
            .split_once("://")
            .map_or(location, |(_, rest)| rest);
        let (rest, digest) = match rest.split_once('@') {
            Some((rest, digest)) => {
                let digest =
                    Digest::parse(digest).map_err(|error| refuse(location, &error.to_string()))?;
                (rest, Some(digest))
            }
            None => (rest, None),
        };
        let (registry, path) = rest
            .split_once('/')
            .ok_or_else(|| refuse(location, "it names a registry and nothing in it"))?;
        let (path, tag) = match path.rsplit_once(':') {
            Some((path, tag)) => (path, Some(tag)),
            None => (path, None),
        };
        let mut repository = path.trim_matches('/').to_owned();
        let last = repository.rsplit('/').next().unwrap_or_default();
        if !name.is_empty() && name != last {
            repository = format!("{repository}/{name}");
        }
        // https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-manifests
        let part = |part: &str| {
            let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
            part.starts_with(plain)
                && part.ends_with(plain)
                && part.chars().all(|c| plain(c) || "._-".contains(c))
        };
        if repository.len() > 255 || !repository.split('/').all(part) {
            return Err(refuse(
                location,
                &format!("`{repository}` cannot be the name of an artifact"),
            ));
        }
        let base = Url::parse(&format!("https://{registry}/"))
            .map_err(|_| refuse(location, "its registry is no host"))?;
        if registry.is_empty() || registry.contains('@') || base.path() != "/" {
            return Err(refuse(location, "its registry is no host"));
        }
        let which = match (digest, tag, version.trim()) {
            (Some(digest), ..) => Which::Digest(digest),
            (None, Some(tag), _) => Which::Tag(tag.to_owned()),
            (None, None, version) => match wanted(location, version)? {
                // Tags have no `+`; Helm writes `_` for it.
                wanted if wanted.exact().is_some() => Which::Tag(version.replace('+', "_")),
                wanted => Which::Version(wanted),
            },
        };
        if let Which::Tag(tag) = &which {
            let legal = |c: char| c.is_ascii_alphanumeric() || "._-".contains(c);
            if tag.is_empty()
                || tag.len() > 128
                || tag.starts_with(['.', '-'])
                || !tag.chars().all(legal)
            {
                return Err(refuse(location, &format!("`{tag}` cannot be a tag")));
            }
        }
        Ok(Self {
            registry: registry.to_owned(),
            repository,
            which,
        })
    }
}

fn wanted(location: &str, version: &str) -> Result<Wanted, Error> {
    Wanted::parse(version).map_err(|error| {
        refuse(
            location,
            &format!("`{version}` is neither a version nor a range: {error}"),
        )
    })
}

fn url(text: &str) -> Result<Url, Error> {
    let url = Url::parse(text).map_err(|error| refuse(text, &error.to_string()))?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(refuse(
            text,
            "a credential does not belong into a URL; put it into a secret",
        ));
    }
    Ok(url)
}

fn has_scheme(text: &str, scheme: &str) -> bool {
    text.split_once("://")
        .is_some_and(|(found, _)| found.eq_ignore_ascii_case(scheme))
}

/// A refusal that shows no credential, even of what could not be read.
pub(crate) fn refuse(text: &str, why: &str) -> Error {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (format!("{scheme}://"), rest),
        None => (String::new(), text),
    };
    let end = rest.find('/').unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let path = path.split('?').next().unwrap_or_default();
    let shown: String = format!("{scheme}{host}{path}")
        .chars()
        .filter(|c| !c.is_control())
        .take(200)
        .collect();
    Error::Refused(format!("cannot use the reference `{shown}`: {why}"))
}

#[cfg(test)]
mod tests;
