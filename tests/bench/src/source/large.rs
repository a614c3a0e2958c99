//! One large repository, the same each time that it is made.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use fleet_test_git::objects::Objects;

use super::teams::{begin, import, inline};

/// How large it is.
#[derive(Clone, Copy, Debug, clap::Args)]
pub(super) struct Size {
    /// References of the large repository.
    #[arg(long, value_name = "N", default_value_t = 5_000)]
    refs: usize,
    /// Files of the large repository.
    #[arg(long, value_name = "N", default_value_t = 100_000)]
    files: usize,
    /// Commits of the large repository.
    #[arg(long, value_name = "N", default_value_t = 20_000)]
    commits: usize,
}

impl Size {
    /// The bare repository of this size below `cache`, made if it is not there.
    pub(super) fn repository(self, cache: &Path) -> Result<PathBuf> {
        let Self {
            refs,
            files,
            commits,
        } = self;
        let folder = cache.join(format!("large-{refs}-{files}-{commits}.git"));
        if folder.is_dir() {
            return Ok(folder);
        }
        eprintln!("a repository of {refs} references, {files} files, {commits} commits is made");
        fs::create_dir_all(cache)?;
        let new = tempfile::tempdir_in(cache)?;
        self.make(&Objects::of(new.path()))?;
        fs::rename(new.keep(), &folder)
            .with_context(|| format!("could not make {}", folder.display()))?;
        Ok(folder)
    }

    fn make(self, git: &Objects) -> Result<()> {
        git.git(&["init", "--quiet", "--bare", "--initial-branch=main"])?;
        import(git, |stream| {
            begin(stream, "first", None)?;
            for file in 0..self.files {
                inline(stream, &path(file), &content(file, 0))?;
            }
            for commit in 1..self.commits {
                self.reference(stream, commit)?;
                begin(stream, &format!("change {commit}"), None)?;
                let file = number(commit, 0) as usize % self.files.max(1);
                inline(stream, &path(file), &content(file, commit))?;
            }
            Ok(())
        })?;
        // As forges keep repositories.
        git.git(&["repack", "-a", "-d", "-q", "--write-bitmap-index"])?;
        git.git(&["pack-refs", "--all"])?;
        Ok(())
    }

    /// Leaves references where `main` stands, evenly spread over its history, which is one of them.
    fn reference(self, stream: &mut dyn std::io::Write, commit: usize) -> std::io::Result<()> {
        let n_others = self.refs.saturating_sub(1);
        let until = |commit: usize| n_others * commit / (self.commits - 1);
        for n in until(commit - 1)..until(commit) {
            let name = match n % 2 {
                0 => format!("refs/heads/feature-{n}"),
                _ => format!("refs/tags/v0.{n}.0"),
            };
            writeln!(stream, "reset {name}\nfrom refs/heads/main")?;
        }
        Ok(())
    }
}

/// Ten files in each folder, a hundred folders in each, so that a commit changes three short lists.
fn path(file: usize) -> String {
    let (team, service, object) = (file / 1000, file / 10 % 100, file % 10);
    format!("team-{team:03}/service-{service:02}/object-{object}.yaml")
}

/// Something like a real object: words that come again and again, and digits that do not.
fn content(file: usize, version: usize) -> String {
    let (team, service, object) = (file / 1000, file / 10 % 100, file % 10);
    let mut text = format!(
        "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: object-{object}\n  labels:\n    \
         app.kubernetes.io/name: service-{service}\n    app.kubernetes.io/part-of: team-{team}\n    \
         app.kubernetes.io/version: 1.0.{version}\ndata:\n"
    );
    for line in 0..4 {
        let digits = number(file * 4 + line, version);
        let _ = writeln!(text, "  setting-{line}: \"{digits:016x}\"");
    }
    text
}

/// A number that looks drawn and is not (SplitMix64).
fn number(seed: usize, step: usize) -> u64 {
    let mut z = (seed as u64)
        .wrapping_add((step as u64) << 32)
        .wrapping_mul(0x9e37_79b9_7f4a_7c15);
    z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    z ^ (z >> 31)
}

/// Adds a commit that changes one file; the full id of the commit.
pub(super) fn push(repository: &Path, n: usize) -> Result<String> {
    let git = Objects::of(repository);
    import(&git, |stream| {
        begin(stream, &format!("push {n}"), Some("refs/heads/main^0"))?;
        inline(stream, &path(n), &format!("{}# {n}\n", content(n, n)))
    })?;
    git.git(&["rev-parse", "refs/heads/main"])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Without this the next run would compare with another repository than the last one.
    #[test]
    fn it_is_as_large_as_was_asked_for_and_the_same_each_time() {
        let dir = tempfile::tempdir().unwrap();
        let size = Size {
            refs: 7,
            files: 25,
            commits: 12,
        };
        let folder = size.repository(dir.path()).unwrap();
        let git = Objects::of(&folder);
        let count = |args: &[&str]| git.git(args).unwrap().lines().count();
        assert_eq!(count(&["for-each-ref"]), 7);
        assert_eq!(count(&["ls-tree", "-r", "main"]), 25);
        assert_eq!(count(&["rev-list", "main"]), 12);
        let head = git.git(&["rev-parse", "main"]).unwrap();
        assert_eq!(size.repository(dir.path()).unwrap(), folder);
        let again = size.repository(&dir.path().join("again")).unwrap();
        let again = Objects::of(&again).git(&["rev-parse", "main"]).unwrap();
        assert_eq!(again, head);
        assert_ne!(push(&folder, 1).unwrap(), head);
        assert_eq!(count(&["rev-list", "main"]), 13);
    }
}
