//! The real tools: Helm and kubectl as processes, called as the corpus was recorded.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Result, ensure};
use fleet_test_golden::corpus::{Case, Suite};

use crate::cpu::{self, Cost};

/// A program that was measured against.
pub(super) struct Oracle {
    program: PathBuf,
}

impl Oracle {
    /// Finds out whether the program runs at all.
    pub(super) fn new(program: &Path) -> Result<Self> {
        let (output, _) = cpu::of_program(Command::new(program).arg("version").arg("--client"))?;
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        // Helm knows no `--client`, and its own version has no server's part.
        let said = if output.status.success() {
            said
        } else {
            let (output, _) = cpu::of_program(Command::new(program).arg("version"))?;
            ensure!(
                output.status.success(),
                "{} does not tell its version",
                program.display()
            );
            String::from_utf8_lossy(&output.stdout).into_owned()
        };
        eprintln!("{}", said.lines().collect::<Vec<_>>().join("; "));
        Ok(Self {
            program: program.to_owned(),
        })
    }

    /// Renders a case: twice, and the faster one counts.
    pub(super) fn run(&self, case: &Case) -> Result<Cost> {
        cpu::least_of_two(&mut self.command(case))
    }

    fn command(&self, case: &Case) -> Command {
        let mut command = Command::new(&self.program);
        let args = &case.args;
        match case.suite {
            Suite::Helm => {
                command.args(["template", &args.release]).arg(case.input());
                command.args(["--namespace", &args.namespace]);
                for file in case.values() {
                    command.arg("--values").arg(file);
                }
                for (flag, set) in [
                    ("--include-crds", args.include_crds),
                    ("--is-upgrade", args.is_upgrade),
                    ("--skip-schema-validation", args.skip_schema_validation),
                ] {
                    command.args(set.then_some(flag));
                }
                if let Some(version) = &args.kube_version {
                    command.args(["--kube-version", version]);
                }
                for api in &args.api_versions {
                    command.args(["--api-versions", api]);
                }
            }
            Suite::Kustomize | Suite::Krusty => {
                command.arg("kustomize").arg(case.input()).args(&args.args);
            }
        }
        command
    }
}
