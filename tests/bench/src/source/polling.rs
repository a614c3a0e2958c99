//! A host that polls many repositories for a while: what it takes, what the server sees, what becomes of a push.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use fleet_test_e2e::host::Host;
use fleet_test_e2e::wait::until_each;
use serde_json::Value;
use tempfile::TempDir;

use super::Check;
use super::server::Server;
use super::teams::{self, Teams};
use super::traffic::{Kind, Traffic};
use crate::process::{self, Memory};

/// How much is polled, and for how long.
#[derive(Clone, Debug, clap::Args)]
pub(super) struct Args {
    /// GitRepos of the host.
    #[arg(long, value_name = "N", default_value_t = 1_000)]
    pub(super) gitrepos: usize,
    /// Repositories that they are of.
    #[arg(long, value_name = "N", default_value_t = 50)]
    pub(super) repositories: usize,
    /// How often each GitRepo is polled.
    #[arg(long, value_name = "SECONDS", default_value_t = 15)]
    pub(super) interval: u32,
    /// How long is measured, after everything was rendered.
    #[arg(long, value_name = "MINUTES", default_value_t = 3.0)]
    minutes: f64,
    /// Repositories that are pushed to in the end.
    #[arg(long, value_name = "N", default_value_t = 5)]
    pushes: usize,
    /// Arguments of `fleet host`, besides those that it needs here.
    #[arg(long = "host-arg", value_name = "ARG", allow_hyphen_values = true)]
    host_args: Vec<String>,
}

/// In how many parts GitRepos are applied.
const BATCHES: u32 = 15;

/// The share of those polls that must be made that there have to be, whatever the machine.
const MADE: f64 = 0.95;

/// The most that a host waits longer than the interval, as a share of it, so that polls spread out.
const JITTER: f64 = 0.1;

/// How long the first render of everything may take, and one after a push.
const PATIENCE: Duration = Duration::from_secs(900);

/// What was measured.
#[derive(Clone, Debug)]
pub(super) struct Polled {
    pub(super) args: Args,
    /// From the request to the last GitRepo that was rendered.
    pub(super) settled: Duration,
    /// CPU time until then.
    pub(super) settled_cpu: Duration,
    /// Requests until then.
    pub(super) first: Traffic,
    /// How long was measured.
    pub(super) window: Duration,
    /// CPU time of the host meanwhile.
    pub(super) cpu: Duration,
    /// Requests meanwhile.
    pub(super) steady: Traffic,
    /// Looks at GitRepos meanwhile that were answered.
    pub(super) looks: f64,
    /// And those that were not.
    pub(super) failed_looks: f64,
    /// Memory of the host at the begin.
    pub(super) memory_before: Memory,
    /// And at the end.
    pub(super) memory_after: Memory,
    pub(super) pushed: Pushed,
}

/// What came of pushes.
#[derive(Clone, Debug)]
pub(super) struct Pushed {
    /// The repositories that were pushed to.
    pub(super) repos: BTreeSet<String>,
    /// How long it took until each of their GitRepos was rendered anew.
    pub(super) delays: Vec<Duration>,
    /// GitRepos of other repositories that are at another commit than before.
    pub(super) strays: usize,
    /// Requests meanwhile.
    pub(super) traffic: Traffic,
    /// Renders meanwhile.
    pub(super) renders: f64,
}

/// Measures everything.
pub(super) fn measure(args: &Args) -> Result<Polled> {
    ensure!(
        args.repositories > 0 && args.gitrepos >= args.repositories,
        "there must be a GitRepo for each repository"
    );
    ensure!(
        args.pushes <= args.repositories,
        "there are not so many repositories to push to"
    );
    let mut stage = Stage::start(args)?;
    let begin = Instant::now();
    stage.apply()?;
    stage.wait("all GitRepos are rendered", |commits| {
        let n_rendered = commits.values().flatten().count();
        match n_rendered == args.gitrepos {
            true => Ok(()),
            false => Err(format!("{n_rendered} are")),
        }
    })?;
    let (settled, settled_cpu) = (begin.elapsed(), process::cpu_time(stage.id()?)?);
    // The first polls come all at once, and what they bring is rendered.
    std::thread::sleep(stage.interval());
    let first = stage.traffic();
    eprintln!("all is rendered after {:.0} s", settled.as_secs_f64());

    let (before, memory_before) = (stage.counters()?, process::memory(stage.id()?)?);
    let (began, cpu_before) = (Instant::now(), process::cpu_time(stage.id()?)?);
    // What came in while the host was asked.
    stage.traffic();
    std::thread::sleep(Duration::from_secs_f64(args.minutes.max(0.0) * 60.0));
    let (window, cpu) = (
        began.elapsed(),
        process::cpu_time(stage.id()?)?.saturating_sub(cpu_before),
    );
    let steady = stage.traffic();
    let (after, memory_after) = (stage.counters()?, process::memory(stage.id()?)?);

    Ok(Polled {
        args: args.clone(),
        settled,
        settled_cpu,
        first,
        window,
        cpu,
        steady,
        looks: after.looks - before.looks,
        failed_looks: after.failed_looks - before.failed_looks,
        memory_before,
        memory_after,
        pushed: stage.push()?,
    })
}

struct Stage {
    args: Args,
    teams: Teams,
    server: Server,
    host: Host,
    _dir: TempDir,
}

/// What the host counts.
struct Counters {
    looks: f64,
    failed_looks: f64,
    renders: f64,
}

impl Stage {
    fn start(args: &Args) -> Result<Self> {
        let dir = tempfile::tempdir()?;
        let (root, secrets) = (dir.path().join("git"), dir.path().join("secrets"));
        let n_apps = args.gitrepos.div_ceil(args.repositories);
        let teams = Teams::make(&root, args.repositories, n_apps)?;
        let server = Server::start(&root)?;
        server.close(&secrets.join("git"))?;
        let secrets = secrets.to_string_lossy();
        let mut host_args = vec!["--secrets-dir", &secrets];
        host_args.extend(args.host_args.iter().map(String::as_str));
        let host = Host::start(&dir.path().join("host"), &host_args)?;
        Ok(Self {
            args: args.clone(),
            teams,
            server,
            host,
            _dir: dir,
        })
    }

    fn interval(&self) -> Duration {
        Duration::from_secs(self.args.interval.into())
    }

    fn id(&self) -> Result<u32> {
        self.host.id().context("the host does not run")
    }

    /// The name of a GitRepo, the repository that it is of, and its path there.
    fn gitrepo(&self, n: usize) -> (String, usize, usize) {
        let (team, app) = (n % self.args.repositories, n / self.args.repositories);
        (format!("team-{team}-app-{app}"), team, app)
    }

    /// A cluster, and GitRepos that deploy to it, spread over an interval: those of one repository are then polled at
    /// different times, as in a host that has run for long.
    fn apply(&self) -> Result<()> {
        let version = "apiVersion: fleet.cattle.io/v1alpha1";
        let cluster = format!("{version}\nkind: Cluster\nmetadata: {{name: one}}\n");
        self.host.apply(&cluster)?;
        let all: Vec<usize> = (0..self.args.gitrepos).collect();
        for batch in all.chunks(all.len().div_ceil(BATCHES as usize)) {
            let mut yaml = String::new();
            for n in batch {
                let (name, team, app) = self.gitrepo(*n);
                write!(
                    yaml,
                    "---\n{version}\nkind: GitRepo\nmetadata: {{name: {name}}}\nspec:\n  repo: {}\n  \
                     branch: main\n  paths: [{}]\n  pollingInterval: {}s\n  clientSecretName: git\n  \
                     targets: [{{clusterSelector: {{}}}}]\n",
                    self.server.http.url(&teams::name(team)),
                    teams::app(app),
                    self.args.interval,
                )?;
            }
            self.host.apply(&yaml)?;
            std::thread::sleep(self.interval() / BATCHES);
        }
        Ok(())
    }

    /// The commit of each GitRepo that was rendered last.
    fn commits(&self) -> Result<BTreeMap<String, Option<String>>> {
        let list: Value =
            serde_json::from_str(&self.host.run(&["get", "gitrepos", "-o", "json"])?)?;
        let items = list["items"].as_array().into_iter().flatten();
        let text = |value: &Value| value.as_str().map(str::to_owned);
        Ok(items
            .filter_map(|item| {
                let name = text(&item["metadata"]["name"])?;
                Some((name, text(&item["status"]["commit"])))
            })
            .collect())
    }

    /// Waits until the commits are as they should be.
    fn wait(
        &mut self,
        what: &str,
        mut is_so: impl FnMut(BTreeMap<String, Option<String>>) -> Result<(), String>,
    ) -> Result<()> {
        let pause = Duration::from_millis(250);
        until_each(pause, what, PATIENCE, || {
            self.host.check()?;
            Ok(is_so(self.commits()?))
        })
    }

    fn traffic(&self) -> Traffic {
        Traffic::read(&self.server.http.take_received())
    }

    fn counters(&self) -> Result<Counters> {
        let text = self.host.metrics()?;
        let looks = counter(&text, "fleet_git_polls_total", "outcome=\"ok\"");
        Ok(Counters {
            looks,
            failed_looks: counter(&text, "fleet_git_polls_total", "") - looks,
            renders: counter(&text, "fleet_render_seconds_count", ""),
        })
    }

    /// Pushes to some repositories, evenly spread, and waits for what comes of it.
    fn push(&mut self) -> Result<Pushed> {
        let before = self.commits()?;
        let renders = self.counters()?.renders;
        self.traffic();
        let mut new = BTreeMap::new();
        let begin = Instant::now();
        for n in 0..self.args.pushes {
            let team = n * self.args.repositories / self.args.pushes;
            new.insert(team, self.teams.push(team, 0, 1)?);
        }
        let expected: BTreeMap<String, &String> = (0..self.args.gitrepos)
            .filter_map(|n| {
                let (name, team, _) = self.gitrepo(n);
                Some((name, new.get(&team)?))
            })
            .collect();
        let mut delays: BTreeMap<String, Duration> = BTreeMap::new();
        self.wait("what was pushed is rendered", |commits| {
            for (name, commit) in &expected {
                let found = commits.get(name).and_then(Option::as_ref);
                if found == Some(*commit) && !delays.contains_key(name) {
                    delays.insert(name.clone(), begin.elapsed());
                }
            }
            match delays.len() == expected.len() {
                true => Ok(()),
                false => Err(format!("{} of {}", delays.len(), expected.len())),
            }
        })?;
        // Whatever else may come of it has come then.
        std::thread::sleep(self.interval());
        let after = self.commits()?;
        let strays = before
            .iter()
            .filter(|(name, _)| !expected.contains_key(*name))
            .filter(|(name, commit)| after.get(*name) != Some(commit));
        Ok(Pushed {
            repos: new.keys().map(|team| teams::name(*team)).collect(),
            delays: delays.into_values().collect(),
            strays: strays.count(),
            traffic: self.traffic(),
            renders: self.counters()?.renders - renders,
        })
    }
}

/// The sum of a counter, of its series with a label or of all.
fn counter(text: &str, name: &str, label: &str) -> f64 {
    let series = text.lines().filter_map(|line| {
        let (series, value) = line.rsplit_once(' ')?;
        let labels = series.strip_prefix(name)?;
        let own = labels.is_empty() || labels.starts_with('{');
        value
            .parse::<f64>()
            .ok()
            .filter(|_| own && labels.contains(label))
    });
    series.sum()
}

impl Polled {
    /// How many looks there should be: each GitRepo waits for its interval and up to a tenth more.
    pub(super) fn expected_looks(&self) -> f64 {
        let pause = f64::from(self.args.interval) * (1.0 + JITTER / 2.0);
        self.args.gitrepos as f64 * self.window.as_secs_f64() / pause
    }

    /// How many looks there are if each GitRepo waits as long as it may, and its last look is just not of this time.
    fn least_looks(&self) -> f64 {
        let longest = f64::from(self.args.interval) * (1.0 + JITTER);
        self.args.gitrepos as f64 * (self.window.as_secs_f64() / longest).floor()
    }

    /// How many times a minute there are in the time that was measured.
    pub(super) fn a_minute(&self, n: usize) -> f64 {
        n as f64 * 60.0 / self.window.as_secs_f64()
    }

    /// What must hold.
    pub(super) fn checks(&self) -> Vec<Check> {
        let repositories = self.args.repositories;
        let fetches = self.first.by_repo(Kind::Fetch);
        let once = fetches.len() == repositories && fetches.values().all(|n| *n == 1);
        let unchanged = self.steady.count(Kind::Fetch) + self.steady.count(Kind::History);
        let polls = self.steady.count(Kind::Poll);
        let rounds = self.window.as_secs_f64() / f64::from(self.args.interval) + 1.0;
        let most = repositories as f64 * rounds;
        let pushed = &self.pushed;
        let fetched = pushed.traffic.by_repo(Kind::Fetch);
        let exactly = fetched
            .keys()
            .copied()
            .eq(pushed.repos.iter().map(String::as_str))
            && fetched.values().all(|n| *n == 1);
        let renders = pushed.delays.len() as f64;
        let check = |what, holds, seen| Check { what, holds, seen };
        vec![
            check(
                "each repository is fetched once at first",
                once,
                format!("{} fetches", self.first.count(Kind::Fetch)),
            ),
            check(
                "polls do not fall behind",
                self.looks >= MADE * self.least_looks(),
                format!("{:.0}, {:.0} at least", self.looks, self.least_looks()),
            ),
            check(
                "every poll is answered",
                self.failed_looks == 0.0,
                format!("{:.0} were not", self.failed_looks),
            ),
            check(
                "a repository is asked once for all its GitRepos",
                polls as f64 <= most,
                format!("{polls} times, {most:.0} at most"),
            ),
            check(
                "nothing is fetched while nothing changes",
                unchanged == 0,
                format!("{unchanged} fetches"),
            ),
            check(
                "what was pushed is fetched once, and nothing else",
                exactly,
                format!("{fetched:?}"),
            ),
            check(
                "what was pushed is rendered once, and nothing else",
                pushed.strays == 0 && pushed.renders == renders,
                format!(
                    "{:.0} renders for {renders:.0} GitRepos, {} of others moved",
                    pushed.renders, pushed.strays
                ),
            ),
        ]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counters_are_summed_over_their_series() {
        let text = "# HELP fleet_a Something.\nfleet_a_total{outcome=\"ok\"} 3\n\
                    fleet_a_total{outcome=\"GitFetchFailed\"} 1\nfleet_a_total_other 9\nfleet_b 2\n";
        assert_eq!(counter(text, "fleet_a_total", ""), 4.0);
        assert_eq!(counter(text, "fleet_a_total", "outcome=\"ok\""), 3.0);
        assert_eq!(counter(text, "fleet_b", ""), 2.0);
        assert_eq!(counter(text, "fleet_c", ""), 0.0);
    }
}
