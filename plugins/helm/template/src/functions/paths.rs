//! Paths with slashes; those of files are the same, as on Linux.

use crate::functions::{Args, Failure, Function};
use crate::value::{Type, Value};

const TEXT: &[Type] = &[Type::String];

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("base", TEXT, |_, args| changed(args, base)),
    Function::new("osBase", TEXT, |_, args| changed(args, base)),
    Function::new("dir", TEXT, |_, args| changed(args, dir)),
    Function::new("osDir", TEXT, |_, args| changed(args, dir)),
    Function::new("clean", TEXT, |_, args| changed(args, clean)),
    Function::new("osClean", TEXT, |_, args| changed(args, clean)),
    Function::new("ext", TEXT, |_, args| changed(args, ext)),
    Function::new("osExt", TEXT, |_, args| changed(args, ext)),
    Function::new("isAbs", TEXT, |_, args| is_abs(args)),
    Function::new("osIsAbs", TEXT, |_, args| is_abs(args)),
];

fn changed(args: Args<'_>, change: fn(&str) -> String) -> Result<Value, Failure> {
    Ok(Value::from(change(&args.str(0)?)))
}

fn is_abs(args: Args<'_>) -> Result<Value, Failure> {
    Ok(Value::Bool(args.str(0)?.starts_with('/')))
}

/// `path.Clean`: the shortest path that names the same.
pub fn clean(path: &str) -> String {
    let rooted = path.starts_with('/');
    let mut parts: Vec<&str> = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            ".." if rooted => {}
            part => parts.push(part),
        }
    }
    let joined = parts.join("/");
    match (rooted, joined.is_empty()) {
        (true, _) => format!("/{joined}"),
        (false, true) => ".".to_owned(),
        (false, false) => joined,
    }
}

/// `path.Base`.
fn base(path: &str) -> String {
    if path.is_empty() {
        return ".".to_owned();
    }
    match path.trim_end_matches('/').rsplit('/').next() {
        None | Some("") => "/".to_owned(),
        Some(last) => last.to_owned(),
    }
}

/// `path.Dir`.
fn dir(path: &str) -> String {
    clean(path.rfind('/').map_or("", |slash| &path[..=slash]))
}

/// `path.Ext`.
fn ext(path: &str) -> String {
    let last = path.rsplit('/').next().unwrap_or_default();
    last.rfind('.').map_or("", |dot| &last[dot..]).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(function: fn(&str) -> String, cases: &[(&str, &str)]) {
        for (path, expected) in cases {
            assert_eq!(function(path), *expected, "{path:?}");
        }
    }

    #[test]
    fn paths_are_taken_apart_as_in_go() {
        check(
            clean,
            &[
                ("", "."),
                ("/", "/"),
                ("a/../b//c/.", "b/c"),
                ("../../a", "../../a"),
                ("/../a", "/a"),
                ("a/..", "."),
            ],
        );
        check(
            base,
            &[("", "."), ("///", "/"), ("a/b.c", "b.c"), ("a/", "a")],
        );
        check(
            dir,
            &[
                ("", "."),
                ("a", "."),
                ("a/b/c", "a/b"),
                ("/a", "/"),
                ("a/b/", "a/b"),
            ],
        );
        check(
            ext,
            &[("a.tar.gz", ".gz"), ("a.b/c", ""), ("x", ""), (".", ".")],
        );
    }
}
