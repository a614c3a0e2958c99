//! Finds the folders of a repository that become bundles, as `fleet apply` of Rancher Fleet does.

use std::collections::BTreeSet;

use fleet_core::files::{self, EntryKind, Files, ReadError};
use fleet_core::pattern;
use fleet_core::problem::{Problem, Reason};

use crate::ignore::{self, Ignore};

/// Names that `fleet.yaml` may have.
pub const RECIPE_FILES: [&str; 2] = ["fleet.yaml", "fleet.yml"];

/// The deepest folder that is looked into, counted from the top of the repository.
const MAX_DEPTH: usize = 64;

/// The most folders of one commit that are looked into, over all paths of a GitRepo.
const MAX_FOLDERS: usize = 100_000;

/// The most bundles that one commit may have: each is rendered for each kind of cluster.
const MAX_BUNDLES: usize = 10_000;

/// A folder that becomes a bundle.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct BundleDir {
    /// The folder, relative to the top of the repository; empty for the top.
    pub path: String,
    /// Its `fleet.yaml`, relative to the top, if it has one.
    pub recipe: Option<String>,
}

/// What the paths of a GitRepo hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Found {
    /// The bundles, sorted by path.
    pub bundles: Vec<BundleDir>,
    /// Folders whose content is not known, the top being empty: whatever was a bundle there or below may still be one.
    pub unlisted: Vec<String>,
    /// What is wrong.
    pub problems: Vec<Problem>,
}

/// Finds the bundles below `paths` (shell patterns; the top of the repository if there are none).
///
/// A folder with a `fleet.yaml` is a bundle. A listed folder without one is a bundle if it, or a folder
/// below it that is no bundle itself, holds a `.yaml` or `.yml` file. Symlinks to folders are not followed, as Go's
/// `filepath.WalkDir` does not.
///
/// Looking ends, with a problem, at 100,000 folders and at 10,000 bundles.
pub fn discover(files: &dyn Files, paths: &[String]) -> Found {
    let top = [String::from(".")];
    let paths = if paths.is_empty() { &top[..] } else { paths };
    let mut found = BTreeSet::new();
    let mut problems = Vec::new();
    let mut unlisted = Vec::new();
    let mut n_folders = 0;
    for path in paths {
        let entries = match expand(files, path, &mut unlisted) {
            Ok(entries) => entries,
            Err(problem) => {
                problems.push(problem);
                continue;
            }
        };
        let mut any = false;
        for entry in entries {
            let mut walk = Walk {
                files,
                found: &mut found,
                problems: &mut problems,
                unlisted: &mut unlisted,
                n_folders: &mut n_folders,
                n_found: 0,
            };
            if walk.folder(&entry, &ignore_above(files, &entry), 0) {
                walk.n_found += 1;
                walk.found.insert(BundleDir {
                    path: entry,
                    recipe: None,
                });
            }
            any |= walk.n_found > 0;
        }
        if !any {
            problems.push(
                Problem::new(Reason::PathNotFound, format!("no resource found at path `{path}` to deploy"))
                    .hint("list a folder with a `fleet.yaml`, a chart, a kustomization or manifests in `spec.paths`"),
            );
        }
    }
    if n_folders > MAX_FOLDERS {
        unlisted.push(String::new());
        problems.push(
            Problem::new(
                Reason::ContentRefused,
                format!("the paths of the GitRepo have more than {MAX_FOLDERS} folders; the others are not looked into"),
            )
            .hint("list the folders that are meant in `spec.paths`"),
        );
    }
    if found.len() > MAX_BUNDLES {
        unlisted.push(String::new());
        problems.push(
            Problem::new(
                Reason::ContentRefused,
                format!("the paths of the GitRepo have more than {MAX_BUNDLES} bundles, which is the limit"),
            )
            .hint("share them out over several GitRepos"),
        );
    }
    Found {
        bundles: found.into_iter().take(MAX_BUNDLES).collect(),
        unlisted,
        problems,
    }
}

struct Walk<'a> {
    files: &'a dyn Files,
    found: &'a mut BTreeSet<BundleDir>,
    problems: &'a mut Vec<Problem>,
    unlisted: &'a mut Vec<String>,
    n_folders: &'a mut usize,
    n_found: usize,
}

impl Walk<'_> {
    /// Walks one folder; true if it has no recipe and it or a folder below it without one has a manifest.
    fn folder(&mut self, path: &str, above: &Ignore, depth: usize) -> bool {
        if depth > MAX_DEPTH {
            self.problems.push(Problem::new(
                Reason::ContentRefused,
                format!(
                    "folder `{path}` is more than {MAX_DEPTH} folders deep, and is not looked into"
                ),
            ));
            self.unlisted.push(path.to_owned());
            return false;
        }
        *self.n_folders += 1;
        if *self.n_folders > MAX_FOLDERS || self.found.len() > MAX_BUNDLES {
            return false;
        }
        let entries = match self.files.list(path) {
            Ok(entries) => entries,
            Err(error) => {
                self.problems.push(Problem::new(
                    Reason::ContentRefused,
                    format!("could not list folder `{path}`: {error}"),
                ));
                self.unlisted.push(path.to_owned());
                return false;
            }
        };
        let text = self.files.read_text(&child(path, ignore::FILE)).ok();
        let ignore = above.below(text.as_deref());
        let mut has_manifest = false;
        let recipe = RECIPE_FILES.iter().find(|name| {
            entries
                .iter()
                .any(|entry| entry.name == **name && entry.kind == EntryKind::File)
        });
        for entry in &entries {
            let is_directory = entry.kind == EntryKind::Directory;
            if entry.name.starts_with('.') || ignore.leaves_out(&entry.name, is_directory) {
                continue;
            }
            match entry.kind {
                EntryKind::Directory if entry.link => {}
                EntryKind::Directory => {
                    has_manifest |= self.folder(&child(path, &entry.name), &ignore, depth + 1)
                }
                EntryKind::File => {
                    has_manifest |= entry.name.ends_with(".yaml") || entry.name.ends_with(".yml")
                }
                EntryKind::Symlink => {}
            }
        }
        if let Some(recipe) = recipe {
            self.n_found += 1;
            self.found.insert(BundleDir {
                path: path.to_owned(),
                recipe: Some(child(path, recipe)),
            });
            return false;
        }
        has_manifest
    }
}

/// The patterns of all `.fleetignore` files above `path`.
fn ignore_above(files: &dyn Files, path: &str) -> Ignore {
    let mut ignore = Ignore::default();
    let mut above = String::new();
    for part in path.split('/').filter(|part| !part.is_empty()) {
        ignore = ignore.below(
            files
                .read_text(&child(&above, ignore::FILE))
                .ok()
                .as_deref(),
        );
        above = child(&above, part);
    }
    ignore
}

/// The folders that a path of a GitRepo means; `unlisted` gets those on the way that are there and cannot be listed.
fn expand(
    files: &dyn Files,
    path: &str,
    unlisted: &mut Vec<String>,
) -> Result<Vec<String>, Problem> {
    let absent =
        |error: &ReadError| matches!(error, ReadError::NotFound | ReadError::NotADirectory);
    let not_found = |why: &str| {
        Problem::new(
            Reason::PathNotFound,
            format!("cannot use path `{path}` of the GitRepo: {why}"),
        )
        .hint("check `spec.paths` against the folders of this revision")
    };
    let clean = files::join("", path.trim_start_matches('/'))
        .map_err(|error| not_found(&error.to_string()))?;
    if !pattern::is_pattern(&clean) {
        return match files.list(&clean) {
            Ok(_) => Ok(vec![clean]),
            Err(error) => {
                let problem = not_found(&error.to_string());
                if !absent(&error) {
                    unlisted.push(clean);
                }
                Err(problem)
            }
        };
    }
    let mut folders = vec![String::new()];
    for part in clean.split('/') {
        let mut next = Vec::new();
        for folder in &folders {
            let entries = match files.list(folder) {
                Ok(entries) => entries,
                Err(error) => {
                    if !absent(&error) {
                        unlisted.push(folder.clone());
                    }
                    continue;
                }
            };
            for entry in entries {
                // As in a shell, and unlike Go, a hidden folder must be meant by name.
                let hidden = entry.name.starts_with('.') && !part.starts_with('.');
                if entry.kind == EntryKind::Directory
                    && !hidden
                    && pattern::matches(part, &entry.name)
                {
                    next.push(child(folder, &entry.name));
                }
            }
        }
        folders = next;
    }
    if folders.is_empty() {
        Err(not_found("no folder matches it"))
    } else {
        Ok(folders)
    }
}

/// The path of an entry of a folder.
pub(crate) fn child(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        name.to_owned()
    } else {
        format!("{folder}/{name}")
    }
}

#[cfg(test)]
mod tests {
    use fleet_core::files::{Entry, MemoryFiles};

    use super::*;

    fn check(files: &[&str], paths: &[&str], expected: &[(&str, bool)]) {
        let files = files.iter().fold(MemoryFiles::new(), |files, path| {
            files.with(*path, "*.skip.yaml\n")
        });
        let paths: Vec<_> = paths.iter().map(|path| (*path).to_owned()).collect();
        let found: Vec<_> = discover(&files, &paths)
            .bundles
            .iter()
            .map(|dir| (dir.path.clone(), dir.recipe.is_some()))
            .collect();
        let expected: Vec<_> = expected
            .iter()
            .map(|(path, recipe)| ((*path).to_owned(), *recipe))
            .collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn a_listed_folder_with_manifests_is_a_bundle() {
        check(&["a/x.yaml", "b/y.yaml"], &["a"], &[("a", false)]);
        check(&["x.yaml"], &[], &[("", false)]);
        check(&["a/deep/down/x.yml"], &["/a/"], &[("a", false)]);
        check(&["a/readme.md"], &["a"], &[]);
    }

    /// Tables of Rancher Fleet's own command-line tests: nested_multiple and nested_mixed_two_levels.
    #[test]
    fn each_fleet_yaml_is_a_bundle_of_its_own() {
        check(
            &[
                "n/README.md",
                "n/A/fleet.yaml",
                "n/A/x.yaml",
                "n/B/fleet.yaml",
                "n/C/fleet.yml",
            ],
            &["n"],
            &[("n/A", true), ("n/B", true), ("n/C", true)],
        );
        check(
            &["n/x.yaml", "n/A/fleet.yaml", "n/C/fleet.yaml"],
            &["n"],
            &[("n", false), ("n/A", true), ("n/C", true)],
        );
    }

    #[test]
    fn patterns_and_hidden_and_ignored_folders() {
        check(
            &["apps/a/x.yaml", "apps/b/x.yaml", "other/x.yaml"],
            &["apps/*"],
            &[("apps/a", false), ("apps/b", false)],
        );
        check(&["apps/.hidden/x.yaml"], &["apps"], &[]);
        check(&["apps/.fleetignore", "apps/a.skip.yaml"], &["apps"], &[]);
    }

    /// Folders in which two symlinks lead back to the folder itself.
    struct Loops;

    impl Files for Loops {
        fn read(&self, _: &str) -> Result<Vec<u8>, ReadError> {
            Ok(Vec::new())
        }

        fn list(&self, _: &str) -> Result<Vec<Entry>, ReadError> {
            let entry = |name: &str, kind| Entry {
                name: name.to_owned(),
                kind,
                size: 0,
                link: kind == EntryKind::Directory,
            };
            Ok(vec![
                entry("again", EntryKind::Directory),
                entry("back", EntryKind::Directory),
                entry("fleet.yaml", EntryKind::File),
            ])
        }
    }

    /// Followed, they would be 2^40 folders and as many bundles.
    #[test]
    fn symlinks_to_folders_are_not_followed() {
        let found = discover(&Loops, &["a".to_owned()]);
        assert_eq!(found.bundles.len(), 1, "{found:?}");
        assert_eq!(found.problems, []);
    }

    #[test]
    fn too_many_bundles_are_refused_and_the_first_stay() {
        let files = (0..=MAX_BUNDLES).fold(MemoryFiles::new(), |files, n| {
            files.with(format!("apps/{n:05}/fleet.yaml"), "")
        });
        let found = discover(&files, &["apps".to_owned()]);
        assert_eq!(found.bundles.len(), MAX_BUNDLES);
        assert_eq!(found.unlisted, [""]);
        let [problem] = &found.problems[..] else {
            panic!("{:?}", found.problems)
        };
        assert_eq!(problem.reason, Reason::ContentRefused);
        assert!(problem.message.contains("10000 bundles"), "{problem:?}");
    }

    #[test]
    fn a_path_that_leads_nowhere_is_a_problem_and_the_others_go_on() {
        let files = MemoryFiles::new().with("a/x.yaml", "");
        let found = discover(
            &files,
            &["nope".to_owned(), "../up".to_owned(), "a".to_owned()],
        );
        assert_eq!(found.bundles.len(), 1);
        assert_eq!(found.unlisted, [""; 0]);
        let reasons: Vec<_> = found
            .problems
            .iter()
            .map(|problem| problem.reason)
            .collect();
        assert_eq!(reasons, [Reason::PathNotFound, Reason::PathNotFound]);
    }
}
