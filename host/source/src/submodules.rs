//! Submodules: other repositories at a path of a tree, each at the exact commit that the tree names.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use fleet_core::files::Files as _;
use gix::bstr::ByteSlice as _;

use crate::Error;
use crate::source::{Remote, Revision, Source};
use crate::tree::Tree;

/// Where a repository says where its submodules are.
const GITMODULES: &str = ".gitmodules";

impl Source {
    /// The files of a revision with those of its submodules, which are fetched if they are not there.
    ///
    /// # Errors
    /// [`Error::Submodule`] for the first one that cannot be fetched, and those of [`tree`](Self::tree).
    pub fn tree_with_submodules(
        &self,
        remote: &Remote,
        revision: &Revision,
        interrupt: &AtomicBool,
    ) -> Result<Arc<Tree>, Error> {
        let mut n_submodules = 0;
        let tree = self.whole_tree(remote, revision, 0, &mut n_submodules, interrupt)?;
        Ok(Arc::new(tree.finish()))
    }

    fn whole_tree(
        &self,
        remote: &Remote,
        revision: &Revision,
        depth: usize,
        n_submodules: &mut usize,
        interrupt: &AtomicBool,
    ) -> Result<Tree, Error> {
        let mut tree = self.bare_tree(revision)?;
        let places = tree.submodules();
        if places.is_empty() {
            return Ok(tree);
        }
        let limits = self.limits();
        let exceeded = |what, limit: usize| Error::LimitExceeded {
            url: remote.to_string(),
            what,
            limit: limit as u64,
            path: None,
        };
        if depth >= limits.max_submodule_depth {
            return Err(exceeded(
                "the number of submodules inside each other",
                limits.max_submodule_depth,
            ));
        }
        let urls = urls(&tree).map_err(|why| Error::Corrupt {
            url: remote.to_string(),
            why: format!("`{GITMODULES}` of commit {}: {why}", tree.commit()),
        })?;
        let mut remotes = Vec::new();
        for (path, commit) in places {
            let Some(url) = urls.get(&path) else {
                // Git itself cannot fetch it either; a path that needs it will say what it misses.
                tree.note(path, "a submodule that `.gitmodules` does not name");
                continue;
            };
            *n_submodules += 1;
            if *n_submodules > limits.max_submodules {
                return Err(exceeded("the number of submodules", limits.max_submodules));
            }
            let mut shown = url.clone();
            let mut part = || {
                let submodule = remote.submodule(url)?;
                shown = submodule.to_string();
                remotes.push(submodule.clone());
                let revision = self.fetch(&submodule, &commit, interrupt)?;
                self.whole_tree(&submodule, &revision, depth + 1, n_submodules, interrupt)
            };
            let part = part().map_err(|error| failed(&path, &shown, error))?;
            tree.graft(&path, part, &remote.to_string(), limits)?;
        }
        self.note_submodules(remote, remotes);
        Ok(tree)
    }
}

/// The error of a submodule, named by its whole path.
fn failed(path: &str, url: &str, error: Error) -> Error {
    match error {
        Error::Interrupted => Error::Interrupted,
        Error::Submodule {
            path: below,
            submodule,
            source,
        } => Error::Submodule {
            path: format!("{path}/{below}"),
            submodule,
            source,
        },
        error => Error::Submodule {
            path: path.to_owned(),
            submodule: crate::location::without_userinfo(url),
            source: Box::new(error),
        },
    }
}

/// The URLs of submodules by their path, as `.gitmodules` has them.
fn urls(tree: &Tree) -> Result<BTreeMap<String, String>, String> {
    if !tree.is_plain_file(GITMODULES) {
        // A link could show other bytes than those that everybody looks at.
        return match tree.is_file(GITMODULES) {
            true => Err("it is a symlink".to_owned()),
            false => Ok(BTreeMap::new()),
        };
    }
    let content = tree.read(GITMODULES).map_err(|error| error.to_string())?;
    parse(&content)
}

fn parse(content: &[u8]) -> Result<BTreeMap<String, String>, String> {
    use gix::config::File;
    let metadata = gix::config::file::Metadata::default();
    let file = File::from_bytes_no_includes(content, metadata, Default::default())
        .map_err(|_| "it is not well-formed".to_owned())?;
    let mut urls = BTreeMap::new();
    for section in file.sections_by_name("submodule").into_iter().flatten() {
        let name = section.header().subsection_name().unwrap_or_default();
        let shown = name.to_str_lossy().escape_default().to_string();
        // As Git: the name becomes a folder of its own in a checkout, so `..` in it is an attack.
        if name.is_empty()
            || name
                .split(|c| matches!(c, b'/' | b'\\'))
                .any(|part| part == b"..")
        {
            return Err(format!("`{shown}` cannot be the name of a submodule"));
        }
        let only = |key: &str| {
            let values = section.values(key);
            match values.as_slice() {
                [] => Err(format!("the submodule `{shown}` has no `{key}`")),
                [one] => match one.to_str() {
                    Ok(text) if !text.starts_with('-') && !text.chars().any(char::is_control) => {
                        Ok(text.to_owned())
                    }
                    _ => Err(format!(
                        "the submodule `{shown}` has a `{key}` that is refused"
                    )),
                },
                _ => Err(format!("the submodule `{shown}` has several of `{key}`")),
            }
        };
        let (path, url) = (only("path")?, only("url")?);
        let plain = fleet_core::files::join("", &path).is_ok_and(|clean| clean == path);
        if !plain
            || path
                .split('/')
                .any(|part| part.eq_ignore_ascii_case(".git"))
        {
            let path = path.escape_default();
            return Err(format!("`{path}` cannot be the path of a submodule"));
        }
        if urls.insert(path.clone(), url).is_some() {
            return Err(format!("two submodules have the path `{path}`"));
        }
    }
    Ok(urls)
}

impl Remote {
    /// The repository of a submodule: its URL as `.gitmodules` has it, with our credentials and trust only if it is
    /// on the same server, reached in the same way.
    pub(crate) fn submodule(&self, url: &str) -> Result<Self, Error> {
        let refuse = |why| Error::Url {
            url: crate::location::without_userinfo(url),
            why,
        };
        let mut remote = match self.location().relative(url) {
            Some(location) => Self::at(location.ok_or_else(|| {
                refuse("it does not lead to another repository of the same server")
            })?),
            None => Self::new(url)?,
        };
        if remote.location().is_local() && !self.location().is_local() {
            return Err(refuse(
                "a repository of a server cannot have submodules on the host's own disk",
            ));
        }
        if remote.location().is_same_server(self.location()) {
            remote = remote.trusted_as(self);
        }
        Ok(remote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn gitmodules_are_read_strictly() {
        let check = |text: &str, expected: Result<&[(&str, &str)], &str>| {
            let found = parse(text.as_bytes());
            let expected = expected.map(|pairs| {
                let owned = pairs
                    .iter()
                    .map(|(path, url)| ((*path).to_owned(), (*url).to_owned()));
                owned.collect::<BTreeMap<_, _>>()
            });
            match (found, expected) {
                (Ok(found), Ok(expected)) => assert_eq!(found, expected, "{text}"),
                (Err(found), Err(expected)) => assert!(found.contains(expected), "{text}: {found}"),
                (found, expected) => panic!("{text}: {found:?}, expected {expected:?}"),
            }
        };
        let module = |name: &str, path: &str, url: &str| {
            format!("[submodule \"{name}\"]\n\tpath = {path}\n\turl = {url}\n\tbranch = main\n")
        };
        check("", Ok(&[]));
        check(
            &(module("a", "libs/a", "../a.git") + &module("b", "b", "https://h/b")),
            Ok(&[("libs/a", "../a.git"), ("b", "https://h/b")]),
        );
        check("[core]\n\tpath = x\n", Ok(&[]));
        check("[submodule \"a\"]\n\tpath = a\n", Err("no `url`"));
        check("[submodule \"a\"]\n\turl = a\n", Err("no `path`"));
        check("[submodule \"a\"", Err("not well-formed"));
        check(&module("../a", "a", "x"), Err("the name of a submodule"));
        check(
            &module("a\\\\..\\\\b", "a", "x"),
            Err("the name of a submodule"),
        );
        for path in ["../a", "a/../b", "/a", "a//b", ".git", "a/.GIT/b", "."] {
            check(&module("a", path, "x"), Err("the path of a submodule"));
        }
        check(&module("a", "-a", "x"), Err("`path` that is refused"));
        check(&module("a", "a", "-x"), Err("`url` that is refused"));
        check(&module("a", "a", "\"x\\ny\""), Err("`url` that is refused"));
        check(
            &(module("a", "a", "x") + &module("b", "a", "y")),
            Err("two submodules"),
        );
    }

    /// A credential that follows a submodule to another server is a credential that anybody can have who can push.
    #[test]
    fn credentials_go_to_the_same_server_only() {
        let credentials = crate::Credentials {
            password: Some(fleet_core::secret::Secret::new("hunter2".to_owned())),
            ..crate::Credentials::default()
        };
        let check = |own: &str, url: &str, expected: Result<(&str, bool), &str>| {
            let own = Remote::new(own)
                .unwrap()
                .with_credentials(credentials.clone())
                .with_insecure_skip_tls_verify(true);
            let found = own.submodule(url).map(|remote| {
                let trusted = remote.credentials().password.is_some();
                assert_eq!(trusted, remote.insecure_skip_tls_verify());
                (remote.to_string(), trusted)
            });
            match (found, expected) {
                (Ok((found, trusted)), Ok(expected)) => {
                    assert_eq!((found.as_str(), trusted), expected, "{url}");
                }
                (Err(error), Err(expected)) => {
                    assert!(error.to_string().contains(expected), "{url}: {error}");
                }
                (found, expected) => panic!("{url}: {found:?}, expected {expected:?}"),
            }
        };
        let https = "https://git.example.org/team/app.git";
        check(
            https,
            "../lib.git",
            Ok(("https://git.example.org/team/lib.git", true)),
        );
        check(
            https,
            "./lib",
            Ok(("https://git.example.org/team/app.git/lib", true)),
        );
        check(https, "../../x", Ok(("https://git.example.org/x", true)));
        check(https, "../../../x", Err("does not lead"));
        check(https, "../", Err("does not lead"));
        check(https, "../a/../../x", Err("does not lead"));
        check(
            https,
            "https://git.example.org/x",
            Ok(("https://git.example.org/x", true)),
        );
        check(
            https,
            "https://git.example.org:8443/x",
            Ok(("https://git.example.org:8443/x", false)),
        );
        check(
            https,
            "http://git.example.org/x",
            Ok(("http://git.example.org/x", false)),
        );
        check(
            https,
            "https://evil.example/x",
            Ok(("https://evil.example/x", false)),
        );
        check(
            https,
            "git@git.example.org:x",
            Ok(("ssh://git@git.example.org/~/x", false)),
        );
        check(https, "/srv/git/x", Err("own disk"));
        check(https, "file:///srv/git/x", Err("own disk"));
        check(https, "ext::sh -c x", Err("spaces"));
        let ssh = "git@git.example.org:team/app";
        check(
            ssh,
            "../lib",
            Ok(("ssh://git@git.example.org/~/team/lib", true)),
        );
        check(
            ssh,
            "../../lib",
            Ok(("ssh://git@git.example.org/~/lib", true)),
        );
        check(
            ssh,
            "root@git.example.org:x",
            Ok(("ssh://root@git.example.org/~/x", false)),
        );
        check(ssh, "../../-x", Err("does not lead"));
        check("/srv/git/app", "../lib", Ok(("/srv/git/lib", true)));
        check("/srv/git/app", "/other", Ok(("/other", true)));
        check("/srv/git/app", "https://h/x", Ok(("https://h/x", false)));
    }
}
