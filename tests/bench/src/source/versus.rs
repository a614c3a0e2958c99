//! One large repository, read by `fleet-source` and by the `git` program in turn, over the same server.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result};
use fleet_test_git::objects::Objects;

use super::large::{self, Size};
use super::operation::What;
use super::server::Server;
use crate::cpu::Cost;
use crate::process::{self, Taken};

/// What is compared, and how often.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    size: Size,
    /// How often each of both does each thing.
    #[arg(long, value_name = "N", default_value_t = 5)]
    runs: u32,
    /// Folder in which the large repository is kept [default: `~/.cache/fleet/bench`].
    #[arg(long, value_name = "DIR")]
    cache: Option<PathBuf>,
}

/// What one of both took once.
#[derive(Clone, Copy, Debug)]
pub(super) struct Sample {
    pub(super) cost: Cost,
    /// The most memory of one process, in KiB.
    pub(super) peak: u64,
    /// What came from the server, TLS included.
    pub(super) bytes: u64,
}

/// One thing that both do.
#[derive(Clone, Debug)]
pub(super) struct Row {
    pub(super) what: &'static str,
    pub(super) ours: Vec<Sample>,
    pub(super) git: Vec<Sample>,
}

/// How many polls over a kept connection are measured together.
const POLLS: u32 = 50;

/// Measures everything.
pub(super) fn measure(args: &Args) -> Result<Vec<Row>> {
    let cached = args.size.repository(&cache(args)?)?;
    let dir = tempfile::tempdir()?;
    let served = dir.path().join("served");
    std::fs::create_dir_all(&served)?;
    let text = |path: &Path| path.to_string_lossy().into_owned();
    // Objects are shared by hard links, so that what is pushed here is not kept.
    Objects::of(&served).git(&["clone", "--quiet", "--mirror", &text(&cached), "large.git"])?;
    let server = Server::start(&served)?;
    let bench = Bench {
        authority: server.write_authority(dir.path())?,
        url: server.http.url("large.git"),
        repository: served.join("large.git"),
        dir: dir.path().to_owned(),
        server,
    };
    bench.measure(args.runs.max(1))
}

fn cache(args: &Args) -> Result<PathBuf> {
    if let Some(cache) = &args.cache {
        return Ok(cache.clone());
    }
    let home = std::env::var_os("HOME").context("name a folder by `--cache`")?;
    Ok(PathBuf::from(home).join(".cache/fleet/bench"))
}

struct Bench {
    dir: PathBuf,
    repository: PathBuf,
    authority: PathBuf,
    url: String,
    server: Server,
}

impl Bench {
    fn measure(&self, runs: u32) -> Result<Vec<Row>> {
        let (here, there) = (self.dir.join("mirrors"), self.dir.join("git"));
        // What the server's machine reads for the first time is not what is compared.
        self.init(&there)?;
        self.git_fetch(&there)?;
        self.ours(What::Tree, &here, 0)?;
        let poll = self.row("poll, a process each", runs, |_| {
            Ok((
                self.command(What::Poll, &here, 0)?,
                self.git(&self.dir, &["ls-remote", &self.url, "refs/heads/main"]),
            ))
        })?;
        let kept = Row {
            what: "poll, over a kept connection",
            ours: self.inner(What::Poll, &here, POLLS, runs)?,
            git: poll.git.clone(),
        };
        let first = self.row("first fetch", runs, |n| {
            let (here, there) = (
                self.dir.join(format!("mirrors-{n}")),
                self.dir.join(format!("git-{n}")),
            );
            self.init(&there)?;
            Ok((
                self.command(What::Fetch, &here, 0)?,
                self.fetch_command(&there),
            ))
        })?;
        let next = self.row("fetch after one commit", runs, |n| {
            large::push(&self.repository, n as usize + 1)?;
            Ok((
                self.command(What::Fetch, &here, 0)?,
                self.fetch_command(&there),
            ))
        })?;
        let listed = self.row("", runs, |_| {
            let list = ["ls-tree", "-r", "-z", "refs/heads/main"];
            Ok((self.command(What::Poll, &here, 0)?, self.git(&there, &list)))
        })?;
        let tree = Row {
            what: "all names of a tree, from the mirror",
            ours: self.inner(What::Tree, &here, 1, runs)?,
            git: listed.git,
        };
        Ok(vec![poll, kept, first, next, tree])
    }

    /// Runs both commands so many times, in turn, each first every other time.
    fn row(
        &self,
        what: &'static str,
        runs: u32,
        commands: impl Fn(u32) -> Result<(Command, Command)>,
    ) -> Result<Row> {
        let (mut ours, mut git) = (Vec::new(), Vec::new());
        for n in 0..runs {
            let (our, its) = commands(n)?;
            if n % 2 == 0 {
                ours.push(self.sample(&our)?.0);
                git.push(self.sample(&its)?.0);
            } else {
                git.push(self.sample(&its)?.0);
                ours.push(self.sample(&our)?.0);
            }
        }
        Ok(Row { what, ours, git })
    }

    /// What a process of ours says of things that it does after the first time.
    fn inner(&self, what: What, mirrors: &Path, again: u32, runs: u32) -> Result<Vec<Sample>> {
        let mut samples = Vec::new();
        for _ in 0..runs {
            let (sample, taken) = self.sample(&self.command(what, mirrors, again)?)?;
            samples.push(Sample {
                cost: process::cost(&serde_json::from_str(&taken.said)?)?,
                bytes: sample.bytes / u64::from(again + 1),
                ..sample
            });
        }
        Ok(samples)
    }

    fn sample(&self, command: &Command) -> Result<(Sample, Taken)> {
        let before = self.server.http.line().n_bytes();
        let taken = process::measured(command)?;
        let sample = Sample {
            cost: taken.cost,
            peak: taken.peak,
            bytes: self.server.http.line().n_bytes() - before,
        };
        Ok((sample, taken))
    }

    fn ours(&self, what: What, mirrors: &Path, again: u32) -> Result<Taken> {
        process::measured(&self.command(what, mirrors, again)?)
    }

    fn command(&self, what: What, mirrors: &Path, again: u32) -> Result<Command> {
        let mut command = Command::new(std::env::current_exe()?);
        let what = match what {
            What::Poll => "poll",
            What::Fetch => "fetch",
            What::Tree => "tree",
        };
        command.args(["source-operation", what, "--url", &self.url]);
        command.arg("--authority").arg(&self.authority);
        command.arg("--mirrors").arg(mirrors);
        command.args(["--again", &again.to_string()]);
        Ok(command)
    }

    fn init(&self, folder: &Path) -> Result<()> {
        let folder = folder.to_string_lossy();
        let init = [
            "init",
            "--quiet",
            "--bare",
            "--initial-branch=main",
            &folder,
        ];
        Objects::of(&self.dir).git(&init).map(|_| ())
    }

    fn git_fetch(&self, folder: &Path) -> Result<Taken> {
        process::measured(&self.fetch_command(folder))
    }

    fn fetch_command(&self, folder: &Path) -> Command {
        let refspec = "+refs/heads/main:refs/heads/main";
        let fetch = ["fetch", "--quiet", "--no-tags", "--no-auto-gc", "--depth=1"];
        self.git(folder, &[&fetch[..], &[&self.url, refspec]].concat())
    }

    fn git(&self, folder: &Path, args: &[&str]) -> Command {
        let mut command = Command::new("git");
        command
            .args(args)
            .current_dir(folder)
            .env("HOME", &self.dir)
            // The variable, as one of the machine's own would win over a setting.
            .env("GIT_SSL_CAINFO", &self.authority)
            .env("NO_PROXY", "*")
            .env("GIT_CONFIG_NOSYSTEM", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_TERMINAL_PROMPT", "0");
        command
    }
}
