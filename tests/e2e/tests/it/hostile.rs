//! Repositories made to harm the host: each is refused with the path and the limit, and nobody else notices.

use std::path::{Path, PathBuf};
use std::process::Command;

use fleet_test_e2e::wait::LONG;
use fleet_test_git::objects::Objects;

use crate::stage::{Stage, TEAM, config_map};

/// What the host may take at most while it looks at all of them, in KiB: far below what any of them would unpack to,
/// and room for a plugin at its limit of 256 MiB.
const MAX_HOST_KIB: u64 = 512 << 10;

/// A bare repository whose objects are made one by one, also such as `git add` would refuse.
struct Attack {
    name: &'static str,
    dir: PathBuf,
    objects: Objects,
}

/// One entry of a tree: mode, name, id.
type Node<'a> = (&'a str, &'a [u8], &'a str);

impl Attack {
    fn new(below: &Path, name: &'static str) -> Self {
        let dir = below.join(format!("{name}.git"));
        std::fs::create_dir_all(&dir).unwrap();
        let objects = Objects::of(&dir);
        let attack = Self { name, dir, objects };
        attack.git(&["init", "--quiet", "--bare", "--initial-branch=main"]);
        attack
    }

    fn git(&self, args: &[&str]) -> String {
        self.objects.git(args).unwrap()
    }

    fn blob(&self, content: &[u8]) -> String {
        self.objects.blob(content).unwrap()
    }

    /// A file of zeros, which nobody holds in memory while it is made.
    fn zeros(&self, mebibytes: usize) -> String {
        let zeros = |stdin: &mut dyn std::io::Write| {
            let block = vec![0; 1 << 20];
            (0..mebibytes).try_for_each(|_| stdin.write_all(&block))
        };
        self.objects.object("blob", zeros).unwrap()
    }

    /// A folder, sorted as Git wants it.
    fn tree(&self, nodes: &[Node<'_>]) -> String {
        let mut nodes: Vec<_> = nodes.to_vec();
        let key = |(mode, name, _): &Node<'_>| {
            let mut key = name.to_vec();
            key.extend((*mode == "40000").then_some(b'/'));
            key
        };
        nodes.sort_by_key(key);
        self.objects.tree(&nodes).unwrap()
    }

    /// A folder of files.
    fn files(&self, files: &[(&str, &[u8])]) -> String {
        let made: Vec<_> = files
            .iter()
            .map(|(name, content)| (*name, self.blob(content)))
            .collect();
        let nodes: Vec<Node<'_>> = made
            .iter()
            .map(|(name, id)| ("100644", name.as_bytes(), id.as_str()))
            .collect();
        self.tree(&nodes)
    }

    fn commit(&self, tree: &str) {
        let commit = self.git(&["commit-tree", "-m", "attack", tree]);
        self.git(&["update-ref", "refs/heads/main", &commit]);
    }

    /// The GitRepo of it, for all clusters.
    fn gitrepo(&self) -> String {
        format!(
            "apiVersion: fleet.cattle.io/v1alpha1\nkind: GitRepo\nmetadata: {{name: {}}}\nspec:\n  repo: file://{}\n  branch: main\n  pollingInterval: 1s\n  targets:\n  - clusterSelector: {{}}\n",
            self.name,
            self.dir.display()
        )
    }
}

/// An attack: its name, what makes its tree, the reason that shows, and what the message or place holds.
type Case = (
    &'static str,
    fn(&Attack) -> String,
    &'static str,
    &'static [&'static str],
);

const MAP: &[u8] = b"apiVersion: v1\nkind: ConfigMap\nmetadata: {name: evil}\n";

const CASES: &[Case] = &[
    (
        "a-million-files",
        |attack| {
            let file = attack.blob(MAP);
            let names: Vec<_> = (0..1000).map(|n| format!("{n:03}.yaml")).collect();
            let of = |mode, id: &str| {
                let nodes: Vec<Node<'_>> = names
                    .iter()
                    .map(|name| (mode, name.as_bytes(), id))
                    .collect();
                attack.tree(&nodes)
            };
            of("40000", &of("100644", &file))
        },
        "ContentRefused",
        &["500000"],
    ),
    (
        "a-gigabyte",
        |attack| attack.tree(&[("100644", b"zeros.yaml", &attack.zeros(1 << 10))]),
        "ContentRefused",
        &["268435456"],
    ),
    (
        "a-deep-tree",
        |attack| {
            let top = attack.files(&[("a.yaml", MAP)]);
            (0..150).fold(top, |tree, _| attack.tree(&[("40000", b"d", &tree)]))
        },
        "ContentRefused",
        &["100", "d/d/d"],
    ),
    (
        "names-of-git",
        |attack| {
            let file = attack.blob(MAP);
            let config = attack.tree(&[("100644", b"config", &file)]);
            attack.tree(&[
                ("40000", b".GIT", &config),
                ("100644", b"..", &file),
                ("100644", b"\xff.yaml", &file),
                ("100644", b"a.yaml", &file),
            ])
        },
        "ContentRefused",
        &["the name is refused", ".."],
    ),
    (
        "a-way-out",
        |attack| {
            let link = attack.blob(b"/etc/passwd");
            let up = attack.blob(b"../../../etc/passwd");
            let fleet = attack.blob(b"helm: {chart: chart, valuesFiles: [values.yaml]}\n");
            let chart =
                attack.files(&[("Chart.yaml", b"apiVersion: v2\nname: a\nversion: 0.1.0\n")]);
            attack.tree(&[
                ("40000", b"chart", &chart),
                ("100644", b"fleet.yaml", &fleet),
                ("120000", b"other.yaml", &up),
                ("120000", b"values.yaml", &link),
            ])
        },
        "RecipeInvalid",
        &["leads out of the repository", "values.yaml"],
    ),
    (
        "aliases-in-fleet-yaml",
        |attack| attack.files(&[("fleet.yaml", aliases("labels").as_bytes())]),
        "RecipeInvalid",
        &["excessive aliasing", "fleet.yaml"],
    ),
    (
        "aliases-in-a-manifest",
        |attack| attack.files(&[("bomb.yaml", aliases("data").as_bytes())]),
        "RenderFailed",
        &["excessive aliasing", "bomb.yaml"],
    ),
    (
        "a-huge-fleet-yaml",
        |attack| {
            let text = format!("labels:\n{}", "  a: b\n".repeat(1 << 18));
            attack.files(&[("fleet.yaml", text.as_bytes()), ("a.yaml", MAP)])
        },
        "RecipeInvalid",
        &["1048576", "fleet.yaml"],
    ),
    (
        "a-tar-bomb",
        |attack| {
            let charts = attack.tree(&[("100644", b"bomb.tgz", &attack.blob(&tar_bomb()))]);
            let chart = attack.blob(b"apiVersion: v2\nname: a\nversion: 0.1.0\n");
            attack.tree(&[
                ("100644", b"Chart.yaml", &chart),
                ("40000", b"charts", &charts),
            ])
        },
        "RenderFailed",
        &["bomb.tgz"],
    ),
];

/// Nine levels of nine aliases each.
fn aliases(key: &str) -> String {
    let mut text =
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: bomb}\na0: &a0 x\n".to_owned();
    for n in 1..10 {
        let list = vec![format!("*a{}", n - 1); 9].join(", ");
        text.push_str(&format!("a{n}: &a{n} [{list}]\n"));
    }
    format!("{text}{key}: *a9\n")
}

/// A chart archive with one file of a gibibyte: some megabytes, made by the real programs.
fn tar_bomb() -> Vec<u8> {
    let script = "set -e; mkdir bomb; printf 'apiVersion: v2\\nname: bomb\\nversion: 0.1.0\\n' > bomb/Chart.yaml; truncate -s 1G bomb/zeros; tar cf - bomb | gzip -1";
    let dir = tempfile::tempdir().unwrap();
    let output = Command::new("sh")
        .args(["-c", script])
        .current_dir(dir.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{output:?}");
    output.stdout
}

/// The most memory that a process ever had, in KiB.
fn peak_kib(id: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{id}/status")).unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Whoever may push to one repository could otherwise stop the deployments of all others.
#[test]
fn repositories_made_to_harm_are_refused_and_nobody_else_notices() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "before"))
        .unwrap();
    let commit = stage.repo.commit("good").unwrap();
    stage.watch(&["plain"]);
    stage.ready(&commit, 1);
    let before = stage.landed("dev");

    let dir = tempfile::tempdir().unwrap();
    for (name, make, reason, parts) in CASES {
        let attack = Attack::new(dir.path(), name);
        attack.commit(&make(&attack));
        stage.host.apply(&attack.gitrepo()).unwrap();
        let problem = match stage.host.wait_problem(name, &[reason], LONG) {
            Ok(problem) => problem,
            Err(error) => panic!("{name}: {error:#}\n{}", stage.host.log()),
        };
        for part in *parts {
            let found = problem.message.contains(part) || problem.place.contains(part);
            assert!(found, "{name}: no `{part}` in {problem:?}");
        }
        let kib = peak_kib(stage.host.id().unwrap());
        println!("{name}: {} ({kib} KiB at most so far)", problem.message);
        assert!(kib < MAX_HOST_KIB, "{name}: {kib} KiB");
        // `names-of-git` has one file that is as it should be, and it lands.
        stage.host.run(&["delete", "gitrepo", name]).unwrap();
    }

    let after = stage.wait_landed("dev", "nothing of the attacks is left", |files| {
        files.len() == before.len()
    });
    assert_eq!(before, after);
    stage
        .repo
        .write("plain/a.yaml", &config_map("a", "after"))
        .unwrap();
    let commit = stage.repo.commit("still good").unwrap();
    stage.ready(&commit, 1);
}

/// As in Rancher Fleet, which walks without following links to folders.
#[test]
fn links_that_lead_in_circles_make_no_more_bundles() {
    let mut stage = Stage::new();
    stage.join("dev", &[]);
    let dir = tempfile::tempdir().unwrap();
    let attack = Attack::new(dir.path(), TEAM);
    let here = attack.blob(b".");
    let tree = attack.tree(&[
        ("100644", b"a.yaml", &attack.blob(MAP)),
        (
            "100644",
            b"fleet.yaml",
            &attack.blob(b"defaultNamespace: here\n"),
        ),
        ("120000", b"back", &here),
        ("120000", b"again", &here),
    ]);
    attack.commit(&tree);
    stage.host.apply(&attack.gitrepo()).unwrap();
    let landed = stage.wait_landed("dev", "the one map lands", |files| !files.is_empty());
    assert_eq!(landed.len(), 1, "{landed:?}");
    assert_eq!(stage.host.deployments().unwrap().len(), 1);
}
