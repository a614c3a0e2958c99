//! What lies outside a repository: how it is asked for, and where its files are shown.
//!
//! A renderer hands a reference to [`Files::resolve`](crate::files::Files::resolve) and gets a path below [`ROOT`].
//! A chart is asked for by `LOCATION#NAME@VERSION`, as [`chart`] writes it; anything without `#` is a base or a
//! resource of a kustomization, in the forms that kustomize knows.

use crate::files::ReadError;
use crate::problem::Reason;

/// The folder below which fetched files are shown. A repository cannot have files of its own there.
pub const ROOT: &str = ".fleet/remote";

/// How many parts the path of one fetched thing has: those of [`ROOT`], and its name.
const PARTS: usize = 3;

/// The reference of a chart: of a Helm repository (with its name), of a registry (`oci://…`), of an archive
/// (`https://…/x.tgz`), or of a folder in a Git repository.
pub fn chart(location: &str, name: Option<&str>, version: Option<&str>) -> String {
    let name = name.unwrap_or_default();
    match version {
        Some(version) if !version.is_empty() => format!("{location}#{name}@{version}"),
        _ => format!("{location}#{name}"),
    }
}

/// The name of the fetched thing that a normalised path leads into, and the path inside; `None` for every other path.
pub fn split(path: &str) -> Option<(&str, &str)> {
    let below = path.strip_prefix(ROOT)?.strip_prefix('/')?;
    Some(below.split_once('/').unwrap_or((below, "")))
}

/// The word for why something outside could not be had: what is not allowed stays so, everything else may pass.
pub fn reason(error: &ReadError) -> Reason {
    match error {
        ReadError::Denied(_) => Reason::RemoteRefused,
        _ => Reason::RemoteUnavailable,
    }
}

/// Whether these parts of a path are the top of one fetched thing, above which nothing in it leads.
pub(crate) fn is_top(parts: &[&str]) -> bool {
    parts.len() == PARTS && parts[..PARTS - 1].iter().copied().eq(ROOT.split('/'))
}

/// Whether a normalised path is [`ROOT`] or below it.
pub fn is_below(path: &str) -> bool {
    path == ROOT || split(path).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn charts_are_told_from_bases_by_their_mark() {
        assert_eq!(
            chart("https://c.example", Some("web"), Some(">=1, <2")),
            "https://c.example#web@>=1, <2"
        );
        assert_eq!(
            chart("oci://r.example/web", None, Some("")),
            "oci://r.example/web#"
        );
    }

    #[test]
    fn paths_of_fetched_files_are_known() {
        for (path, expected) in [
            (".fleet/remote/x", Some(("x", ""))),
            (".fleet/remote/x/a/b", Some(("x", "a/b"))),
            (".fleet/remote", None),
            (".fleet/remotes/x", None),
            ("a/.fleet/remote/x", None),
        ] {
            assert_eq!(split(path), expected, "{path}");
        }
        assert!(is_below(".fleet/remote") && !is_below(".fleet/remote2") && !is_below(".fleet"));
    }
}
