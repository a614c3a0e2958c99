//! One thing that `fleet-source` does, as a process of its own, so that what it takes can be told from all else.

use std::fs;
use std::path::PathBuf;
use std::process::ExitCode;
use std::sync::atomic::AtomicBool;

use anyhow::Result;
use clap::ValueEnum;
use fleet_core::files::Files as _;
use fleet_source::{CommitId, Options, Reference, Remote, Source};

use crate::cpu::{self, Cost};
use crate::process;

/// What to do.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct Operation {
    #[arg(value_enum)]
    pub(super) what: What,
    /// The repository.
    #[arg(long)]
    pub(super) url: String,
    /// The authority of the server, a file of PEM.
    #[arg(long)]
    pub(super) authority: PathBuf,
    /// The folder of mirrors.
    #[arg(long)]
    pub(super) mirrors: PathBuf,
    /// How often it is done, after a first time that is not measured.
    #[arg(long, default_value_t = 0)]
    pub(super) again: u32,
}

/// What can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(super) enum What {
    /// Asks where `main` stands.
    Poll,
    /// The same, and fetches that commit.
    Fetch,
    /// The same, and reads the shape of its tree.
    Tree,
}

impl Operation {
    /// Does it, and prints what the times after the first one took, of one such time.
    pub(crate) fn run(&self) -> Result<ExitCode> {
        let source = Source::open(&self.mirrors, Options::default())?;
        let authority = fs::read_to_string(&self.authority)?;
        let remote = Remote::new(&self.url)?.with_ca_bundle(Some(authority));
        let go_on = AtomicBool::new(false);
        let main = Reference::branch("main");
        let poll = || source.poll(&remote, &main, &go_on);
        let commit = poll()?;
        let fetched = match self.what {
            What::Poll => None,
            What::Fetch | What::Tree => Some(source.fetch(&remote, &commit, &go_on)?),
        };
        let once = || -> Result<CommitId> {
            match (self.what, &fetched) {
                (What::Tree, Some(revision)) => {
                    source.tree(revision)?.list("")?;
                    Ok(commit)
                }
                (_, _) => Ok(poll()?),
            }
        };
        if self.what == What::Tree {
            once()?;
        }
        let mut cost = Cost::default();
        for _ in 0..self.again {
            let (done, one) = cpu::of(once)?;
            done?;
            cost.cpu += one.cpu / self.again;
            cost.wall += one.wall / self.again;
        }
        println!("{}", process::told(cost));
        Ok(ExitCode::SUCCESS)
    }
}
