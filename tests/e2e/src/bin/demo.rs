//! The demo: the main job from a Git repository to two clusters, with a change, a violation and a removal.
//!
//! It prints what it sees and ends with 0 only if all of it was seen.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context as _, Result, bail, ensure};
use clap::Parser;
use fleet_test_e2e::agent::Agent;
use fleet_test_e2e::host::Host;
use fleet_test_e2e::repo::Repo;
use fleet_test_e2e::wait::{LONG, until_each};
use fleet_test_e2e::webhook;
use fleet_test_e2e::world::{Landed, World, changes};

/// Runs the main job: a real Git repository, plugins, bundles, two agents.
#[derive(Debug, Parser)]
#[command(name = "cargo xtask demo", bin_name = "cargo xtask demo")]
struct Args {
    /// Applies to two real Kubernetes control planes instead of two folders
    #[arg(long)]
    cluster: bool,
    /// Leaves everything running when the demo is over
    #[arg(long)]
    keep: bool,
    /// Where the repository, the host and the agents are put [default: a temporary folder]
    #[arg(long, value_name = "DIR")]
    dir: Option<PathBuf>,
    /// Folder of the examples, of which the quick start is taken
    #[arg(
        long,
        env = "FLEET_EXAMPLES",
        value_name = "DIR",
        default_value = "examples"
    )]
    examples: PathBuf,
}

/// The clusters, with their label `env`.
const CLUSTERS: [(&str, &str); 2] = [("edge-dev", "env=dev"), ("edge-prod", "env=prod")];
/// Bundles of the quick start.
const N_BUNDLES: usize = 3;
/// The GitRepo of the quick start.
const REPO: &str = "quickstart";

fn main() -> Result<()> {
    let args = Args::parse();
    let temporary = tempfile::tempdir()?;
    let dir = match &args.dir {
        Some(dir) => std::path::absolute(dir)?,
        None if args.keep => {
            std::env::temp_dir().join(format!("fleet-demo-{}", std::process::id()))
        }
        None => temporary.path().to_owned(),
    };
    std::fs::create_dir_all(&dir)?;
    let mut demo = Demo::start(&args, &dir)?;
    let done = demo.run();
    if done.is_err() {
        eprintln!("\n--- the host's log ---\n{}", demo.host.log());
        for agent in &demo.agents {
            eprintln!("\n--- an agent's log ---\n{}", agent.log());
        }
    }
    done?;
    if args.keep {
        demo.keep(&dir)?;
    }
    Ok(())
}

struct Demo {
    started: Instant,
    repo: Repo,
    host: Host,
    agents: Vec<Agent>,
    world: World,
}

impl Demo {
    fn start(args: &Args, dir: &Path) -> Result<Self> {
        let started = Instant::now();
        title("A Git repository of examples/quickstart");
        let repo = Repo::create(dir, REPO)?;
        let example = args.examples.join(REPO);
        repo.copy_from(&example)
            .with_context(|| format!("could not copy {}", example.display()))?;
        println!("  {}", repo.url());

        let world = if args.cluster {
            title("Two Kubernetes control planes");
            World::clusters(&CLUSTERS.map(|(name, _)| name))?
        } else {
            World::folders(dir, &CLUSTERS.map(|(name, _)| name))
        };

        title("A host and two agents, which dial it");
        let arguments = webhook::arguments(dir)?;
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let host = Host::start(&dir.join("host"), &arguments)?;
        let mut agents = Vec::new();
        for (name, label) in CLUSTERS {
            let join = host.token(name, &[label])?;
            println!(
                "  {name} ({label}) joins {} with a token that is good once",
                join.url
            );
            agents.push(Agent::start(
                name,
                &dir.join(name),
                join,
                world.target(name)?,
            )?);
        }
        Ok(Self {
            started,
            repo,
            host,
            agents,
            world,
        })
    }

    fn run(&mut self) -> Result<()> {
        let landed = self.first_commit()?;
        let landed = self.change(&landed)?;
        let landed = self.violation(&landed)?;
        self.removal(&landed)?;
        println!(
            "\nAll of it was seen, in {:.1} s after the build.",
            self.started.elapsed().as_secs_f64()
        );
        Ok(())
    }

    fn first_commit(&mut self) -> Result<BTreeMap<String, Landed>> {
        title("The first commit");
        let commit = self.repo.commit("quick start")?;
        let gitrepo = std::fs::read_to_string(self.repo.work().join("gitrepo.yaml"))?;
        let gitrepo = gitrepo.replace("https://git.example.org/team/quickstart", &self.repo.url());
        self.host.apply(&gitrepo)?;
        let deployments = self
            .host
            .wait_ready(REPO, &commit, N_BUNDLES * CLUSTERS.len())?;
        print!("{}", indent(&self.host.run(&["get", "deployments"])?));
        let landed = self.landed()?;
        for (cluster, objects) in &landed {
            println!("  {cluster}:");
            for name in objects.keys() {
                println!("    {name}");
            }
        }
        for (cluster, _) in CLUSTERS {
            let pods = self.world.pods(cluster)?;
            if !pods.is_empty() {
                print!("  pods of {cluster}:\n{}", indent(&indent(&pods)));
                ensure!(pods.contains("Running"), "no pod of {cluster} runs");
            }
        }
        let content = |cluster: &str, bundle: &str| {
            deployments
                .iter()
                .find(|d| d.cluster == cluster && d.bundle.ends_with(bundle))
                .and_then(|d| d.content.clone())
        };
        let [(dev, _), (prod, _)] = CLUSTERS;
        ensure!(
            content(dev, "notes").is_some() && content(dev, "notes") == content(prod, "notes"),
            "the same manifests must be one bundle for both clusters"
        );
        ensure!(
            content(dev, "shop") != content(prod, "shop"),
            "different values must be different bundles"
        );
        println!("  `notes` is one bundle for both clusters; `shop` differs by its values:");
        print!("{}", indent(&indent(&changes(&landed[dev], &landed[prod]))));
        // From the first webhook on the host polls hourly, so that what comes next is not the poll's doing.
        self.announce(&commit)?;
        Ok(landed)
    }

    /// A value that only one cluster reads.
    fn change(&mut self, before: &BTreeMap<String, Landed>) -> Result<BTreeMap<String, Landed>> {
        title("A change: another greeting in production");
        self.repo.replace(
            "shop/fleet.yaml",
            "hello from production",
            "welcome to production",
        )?;
        let target = self.webhooks()?;
        let commit = self.repo.commit("greet properly")?;
        let (dev, prod) = (CLUSTERS[0].0, CLUSTERS[1].0);
        let sent = time_of_day(SystemTime::now());
        let status = webhook::post(&target, &webhook::owner(), &self.repo.url(), &commit)?;
        ensure!(status == 200, "the webhook was answered with {status}");
        let world = &self.world;
        until_each(
            Duration::from_millis(1),
            "the greeting arrives",
            LONG,
            || {
                let seen = world.landed(prod)?;
                let arrived = seen
                    .values()
                    .any(|text| text.contains("welcome to production"));
                Ok(arrived
                    .then_some(())
                    .ok_or_else(|| "the old greeting".to_owned()))
            },
        )?;
        let arrived = time_of_day(SystemTime::now());
        self.host
            .wait_ready(REPO, &commit, N_BUNDLES * CLUSTERS.len())?;
        let after = self.landed()?;
        let changed = changes(&before[prod], &after[prod]);
        println!("  {prod}:\n{}", indent(&indent(&changed)));
        ensure!(!changed.is_empty(), "nothing changed on {prod}");
        ensure!(after[dev] == before[dev], "{dev} must not change");
        println!("  {dev}: untouched");
        let logged = |message: &str| self.logged(message, &commit);
        let (taken, fetched, rendered) = (
            logged("webhook")?,
            logged("new commit")?,
            logged("rendered")?,
        );
        let ms = |from: f64, to: f64| (to - from) * 1000.0;
        println!(
            "  from webhook to applied: {:.0} ms (the host polls hourly since webhooks come)",
            ms(sent, arrived)
        );
        println!(
            "    verified after {:.1} ms, fetched after {:.0} ms more, rendered after {:.0} ms more, applied after {:.0} ms more",
            ms(sent, taken),
            ms(taken, fetched),
            ms(fetched, rendered),
            ms(rendered, arrived),
        );
        println!(
            "    besides the fetch itself: {:.0} ms",
            ms(sent, arrived) - ms(taken, fetched)
        );
        Ok(after)
    }

    /// Something that the policy refuses.
    fn violation(&mut self, before: &BTreeMap<String, Landed>) -> Result<BTreeMap<String, Landed>> {
        title("A violation: a pod that wants the node");
        self.repo.write("notes/debug.yaml", DEBUG_POD)?;
        let commit = self.repo.commit("let me look around")?;
        self.announce(&commit)?;
        let problem = self.host.wait_problem(REPO, &["PolicyDenied"], LONG)?;
        println!("  refused: {} in {}", problem.reason, problem.place);
        println!("  {}", problem.message);
        ensure!(
            problem.place.starts_with("notes/debug.yaml"),
            "the refusal must name the file, and names {:?}",
            problem.place
        );
        // Long enough for an agent to do what it must not do.
        std::thread::sleep(Duration::from_secs(2));
        let after = self.landed()?;
        ensure!(
            after == *before,
            "what runs must stay:\n{}",
            self.differences(before, &after)
        );
        println!("  what ran before still runs, unchanged, on both clusters");
        Ok(after)
    }

    /// A file that goes, and with it what it brought.
    fn removal(&mut self, before: &BTreeMap<String, Landed>) -> Result<()> {
        title("A removal: the pod was never there, and the rota goes");
        self.repo.remove("notes/debug.yaml")?;
        self.repo.remove("notes/rota.yaml")?;
        let commit = self.repo.commit("no rota any more")?;
        self.announce(&commit)?;
        self.host
            .wait_ready(REPO, &commit, N_BUNDLES * CLUSTERS.len())?;
        let after = self.landed()?;
        for (cluster, objects) in &after {
            let gone: Vec<&String> = before[cluster]
                .keys()
                .filter(|name| !objects.contains_key(*name))
                .collect();
            println!("  {cluster}: pruned {gone:?}");
            ensure!(
                matches!(gone.as_slice(), [name] if name.contains("rota")),
                "exactly the rota must be pruned on {cluster}"
            );
            let others = before[cluster]
                .iter()
                .filter(|(name, _)| objects.contains_key(*name));
            for (name, content) in others {
                ensure!(
                    objects[name] == *content,
                    "{name} on {cluster} must stay as it was"
                );
            }
        }
        Ok(())
    }

    /// Where the host takes webhooks.
    fn webhooks(&self) -> Result<String> {
        let status: serde_json::Value =
            serde_json::from_str(&self.host.run(&["status", "-o", "json"])?)?;
        let url = status["webhooksUrl"].as_str();
        Ok(url.context("the host takes no webhooks")?.to_owned())
    }

    /// Tells the host what was pushed, as a forge would.
    fn announce(&self, commit: &str) -> Result<()> {
        let (keys, url) = (webhook::owner(), self.repo.url());
        let status = webhook::post(&self.webhooks()?, &keys, &url, commit)?;
        ensure!(status == 200, "the webhook was answered with {status}");
        Ok(())
    }

    /// When the host logged `message` for a commit, in seconds of the day.
    fn logged(&self, message: &str, commit: &str) -> Result<f64> {
        let log = self.host.whole_log()?;
        let short = commit.get(..12).unwrap_or(commit);
        let line = log
            .lines()
            .find(|line| line.contains(message) && line.contains(short));
        let line = line.with_context(|| format!("the host logged no `{message}` of {short}"))?;
        let clock = line
            .split_once('T')
            .and_then(|(_, rest)| rest.split_once('Z'));
        let (clock, _) = clock.with_context(|| format!("no time is in {line:?}"))?;
        let parts = clock.split(':').map(str::parse);
        let parts: Vec<f64> = parts.collect::<Result<_, _>>()?;
        Ok(parts.iter().fold(0.0, |time, part| time * 60.0 + part))
    }

    fn landed(&self) -> Result<BTreeMap<String, Landed>> {
        CLUSTERS
            .iter()
            .map(|(name, _)| Ok(((*name).to_owned(), self.world.landed(name)?)))
            .collect()
    }

    fn differences(
        &self,
        before: &BTreeMap<String, Landed>,
        after: &BTreeMap<String, Landed>,
    ) -> String {
        let each = before
            .keys()
            .map(|cluster| format!("{cluster}:\n{}", changes(&before[cluster], &after[cluster])));
        each.collect()
    }

    /// Tells how to look around, and waits until one of the processes ends.
    fn keep(&mut self, dir: &Path) -> Result<()> {
        title("Everything goes on running");
        let fleet = fleet_test_e2e::process::program("fleet")?;
        let data = self.host.data_dir();
        println!("  repository   {}", self.repo.work().display());
        for (name, _) in CLUSTERS {
            println!("  {name:<12} {}", self.world.place(name));
        }
        let command = format!("{} --data-dir {}", fleet.display(), data.display());
        println!("  look around  {command} get deployments");
        println!("               {command} describe gitrepo {REPO}");
        let host: serde_json::Value =
            serde_json::from_str(&self.host.run(&["status", "-o", "json"])?)?;
        println!(
            "  metrics      {}",
            host["metricsUrl"].as_str().unwrap_or("off")
        );
        println!(
            "  agents dial  {}",
            host["agentsUrl"].as_str().unwrap_or_default()
        );
        println!("  files        {}", dir.display());
        println!("  Press Ctrl-C to end it.");
        loop {
            std::thread::sleep(Duration::from_secs(1));
            self.host.check()?;
            for agent in &mut self.agents {
                agent.check()?;
            }
            if !dir.is_dir() {
                bail!("{} is gone", dir.display());
            }
        }
    }
}

const DEBUG_POD: &str = "\
apiVersion: v1
kind: Pod
metadata:
  name: debug
spec:
  containers:
  - name: shell
    image: docker.io/library/busybox:1.37
    securityContext:
      privileged: true
";

/// Seconds since midnight, as the host's log counts them.
fn time_of_day(at: SystemTime) -> f64 {
    let since = at.duration_since(UNIX_EPOCH).unwrap_or_default();
    since.as_secs_f64() % 86_400.0
}

fn title(text: &str) {
    println!("\n== {text}");
}

fn indent(text: &str) -> String {
    text.lines().map(|line| format!("  {line}\n")).collect()
}
