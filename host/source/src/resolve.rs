//! Follows symlinks inside a tree, and never out of it.

use fleet_core::files::{self, ReadError};

/// How many symlinks one path may lead over: Linux' own bound (`MAXSYMLINKS`).
const MAX_LINKS: usize = 40;

/// What is at a path, before symlinks are followed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    File,
    Directory,
    Link,
    Submodule,
}

/// Something with files, folders and symlinks in it.
pub(crate) trait Nodes {
    /// What is at `path`, whose folders are all real.
    fn kind(&self, path: &str) -> Result<Option<Kind>, ReadError>;
    /// Where the symlink at `path` points to, as it is written.
    fn link(&self, path: &str) -> Result<String, ReadError>;
}

/// The path without symlinks that `path` leads to, and whether a file or a folder is there.
pub(crate) fn resolve(nodes: &impl Nodes, path: &str) -> Result<(String, Kind), ReadError> {
    let path = files::join("", path)?;
    let mut rest: Vec<String> = path.rsplit('/').map(str::to_owned).collect();
    let mut real: Vec<String> = Vec::new();
    let mut kind = Kind::Directory;
    let mut n_links = 0;
    while let Some(part) = rest.pop() {
        if kind != Kind::Directory {
            return Err(ReadError::NotFound);
        }
        match part.as_str() {
            "" | "." => continue,
            ".." => {
                if real.pop().is_none() {
                    return Err(outside(&path));
                }
                continue;
            }
            _ => real.push(part),
        }
        let here = real.join("/");
        match nodes.kind(&here)? {
            None => return Err(ReadError::NotFound),
            Some(Kind::Submodule) => {
                return Err(ReadError::Denied(format!(
                    "`{here}` is a submodule, and its files are not there"
                )));
            }
            Some(Kind::Link) => {
                n_links += 1;
                if n_links > MAX_LINKS {
                    return Err(ReadError::Denied(format!(
                        "`{path}` leads over more than {MAX_LINKS} symlinks"
                    )));
                }
                let target = nodes.link(&here)?;
                if target.starts_with('/') {
                    return Err(outside(&path));
                }
                real.pop();
                rest.extend(target.rsplit('/').map(str::to_owned));
            }
            Some(found) => kind = found,
        }
    }
    Ok((real.join("/"), kind))
}

fn outside(path: &str) -> ReadError {
    ReadError::Denied(format!(
        "`{path}` is a symlink that leads out of the repository"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Fake;

    impl Nodes for Fake {
        fn kind(&self, path: &str) -> Result<Option<Kind>, ReadError> {
            Ok(Some(match path {
                "d" | "d/e" => Kind::Directory,
                "f" | "d/f" | "d/e/f" => Kind::File,
                "m" => Kind::Submodule,
                _ if self.link(path).is_ok() => Kind::Link,
                _ => return Ok(None),
            }))
        }

        fn link(&self, path: &str) -> Result<String, ReadError> {
            let target = match path {
                "to-f" => "./f",
                "to-d" => "d/",
                "d/up" => "../f",
                "d/e/out" => "../../../f",
                "absolute" => "/f",
                "loop" => "loop",
                "chain" => "to-d/e/../up",
                _ => return Err(ReadError::NotFound),
            };
            Ok(target.to_owned())
        }
    }

    #[test]
    fn links_are_followed_inside_and_refused_outside() {
        let check = |path: &str, expected: &str| {
            let found = match resolve(&Fake, path) {
                Ok((path, kind)) => format!("{kind:?} {path}"),
                Err(ReadError::Denied(_)) => "denied".to_owned(),
                Err(error) => error.to_string(),
            };
            assert_eq!(found, expected, "{path}");
        };
        check("", "Directory ");
        check("f", "File f");
        check("to-f", "File f");
        check("to-d", "Directory d");
        check("to-d/f", "File d/f");
        check("./d//e/../f", "File d/f");
        check("chain", "File f");
        check("d/up", "File f");
        check("d/e/out", "denied");
        check("absolute", "denied");
        check("loop", "denied");
        check("../f", "denied");
        check("m/x", "denied");
        check("f/x", "no such file or directory");
        check("to-f/x", "no such file or directory");
        check("nope", "no such file or directory");
    }
}
