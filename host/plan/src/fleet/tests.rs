//! The rules of the host, each as a short story of events.

use fleet_core::problem::Reason;
use fleet_core::resource::{ClusterSpec, GitRepoSpec, Metadata};
use fleet_core::state::{Health, State, Summary};
use fleet_core::wire::{ApplyStatus, Changes, RemovedReport};

use super::*;

fn repo_name() -> RepoName {
    RepoName::parse("shop").unwrap()
}

fn cluster_name(text: &str) -> ClusterName {
    ClusterName::parse(text).unwrap()
}

fn bundle_name(text: &str) -> BundleName {
    BundleName::parse(text).unwrap()
}

fn key(cluster: &str, bundle: &str) -> DeploymentKey {
    (cluster_name(cluster), bundle_name(bundle))
}

fn repo(spec: GitRepoSpec) -> Event {
    let resource = GitRepo {
        api_version: String::new(),
        metadata: Metadata::named(repo_name()),
        spec,
    };
    Event::RepoSet(Box::new(resource))
}

fn cluster(name: &str) -> Event {
    let metadata = Metadata::named(cluster_name(name));
    Event::ClusterSet(Box::new(Cluster {
        api_version: String::new(),
        metadata,
        spec: ClusterSpec::default(),
    }))
}

fn content(text: &str) -> Content {
    let n_objects = u32::from(text != "empty");
    Content {
        bundle: Digest::of(text.as_bytes()),
        options: ApplyOptions::default(),
        n_objects,
    }
}

fn bundle(name: &str, targets: &[(&str, Target)]) -> BundleResult {
    BundleResult {
        name: bundle_name(name),
        bundle: Bundle {
            repo: repo_name(),
            path: name.to_owned(),
            labels: BTreeMap::new(),
            depends_on: Vec::new(),
            paused: false,
            commit: "c".to_owned(),
        },
        targets: targets
            .iter()
            .map(|(cluster, target)| (cluster_name(cluster), target.clone()))
            .collect(),
        warnings: Vec::new(),
        origins: Vec::new(),
    }
}

fn rendered(bundles: Vec<BundleResult>) -> Event {
    Event::Rendered(Box::new(RenderResult {
        repo: repo_name(),
        commit: "c".to_owned(),
        bundles,
        unread: Vec::new(),
        unlisted: Vec::new(),
        problems: Vec::new(),
    }))
}

fn ready(name: &str, generation: u64, content: &Content) -> DeploymentReport {
    DeploymentReport {
        name: bundle_name(name),
        generation,
        bundle: content.bundle,
        apply: ApplyStatus::Applied,
        health: Health::Current,
        n_objects: 1,
        changes: Changes::default(),
        n_modified: 0,
        not_ready: Vec::new(),
        problems: Vec::new(),
        n_not_ready: 0,
        n_problems: 0,
        inventory: None,
    }
}

fn report(deployments: Vec<DeploymentReport>, removed: Vec<RemovedReport>) -> Event {
    let incarnation = Some(Incarnation("one".to_owned()));
    let report = Report {
        incarnation,
        full: false,
        deployments,
        removed,
        about: None,
    };
    Event::Reported(cluster_name("dev"), Box::new(report))
}

/// Clusters `dev` and `prod`, one GitRepo whose commit `c` has been fetched.
fn fleet() -> Fleet {
    let (mut fleet, _) = Fleet::new(Incarnation("one".to_owned()), Vec::new());
    for event in [
        cluster("dev"),
        cluster("prod"),
        repo(GitRepoSpec::default()),
    ] {
        fleet.step(event, 0);
    }
    fleet.step(
        Event::Fetched {
            repo: repo_name(),
            commit: "c".to_owned(),
        },
        0,
    );
    fleet
}

fn announced(effects: &[Effect]) -> Vec<&str> {
    let names = effects.iter().filter_map(|effect| match effect {
        Effect::Announce(name, _) => Some(name.as_str()),
        _ => None,
    });
    names.collect()
}

fn runs(fleet: &Fleet, cluster: &str) -> Vec<(String, u64, Digest)> {
    let desired = fleet.desired(&cluster_name(cluster)).unwrap();
    desired
        .deployments
        .into_iter()
        .map(|d| (d.name.to_string(), d.generation, d.bundle))
        .collect()
}

fn state_of(fleet: &Fleet, cluster: &str, bundle: &str) -> State {
    let key = key(cluster, bundle);
    status::state(&fleet.deployments[&key], fleet.observed.get(&key))
}

#[test]
fn a_new_bundle_reaches_its_clusters_and_no_others() {
    let mut fleet = fleet();
    let effects = fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    assert_eq!(announced(&effects), ["dev"]);
    assert_eq!(
        runs(&fleet, "dev"),
        [("web".to_owned(), 1, content("x").bundle)]
    );
    assert_eq!(runs(&fleet, "prod"), []);
    assert!(fleet.may_read(&cluster_name("dev"), &content("x").bundle));
    assert!(!fleet.may_read(&cluster_name("prod"), &content("x").bundle));
}

/// A commit that changes nothing in a bundle must not touch any cluster.
#[test]
fn the_same_content_again_changes_nothing() {
    let mut fleet = fleet();
    let bundles = || vec![bundle("web", &[("dev", Ok(content("x")))])];
    fleet.step(rendered(bundles()), 0);
    let before = fleet.desired(&cluster_name("dev"));
    let effects = fleet.step(rendered(bundles()), 0);
    assert_eq!(announced(&effects), [] as [&str; 0]);
    assert_eq!(fleet.desired(&cluster_name("dev")), before);
}

#[test]
fn what_does_not_render_keeps_what_runs_and_the_others_go_on() {
    let mut fleet = fleet();
    fleet.step(
        rendered(vec![
            bundle("a", &[("dev", Ok(content("1")))]),
            bundle("b", &[("dev", Ok(content("1")))]),
        ]),
        0,
    );
    let broken = Err(vec![Problem::new(Reason::RenderFailed, "no")]);
    fleet.step(
        rendered(vec![
            bundle("a", &[("dev", broken)]),
            bundle("b", &[("dev", Ok(content("2")))]),
        ]),
        0,
    );
    let expected = [
        ("a".to_owned(), 1, content("1").bundle),
        ("b".to_owned(), 2, content("2").bundle),
    ];
    assert_eq!(runs(&fleet, "dev"), expected);
    let views = fleet.view_deployments(|_| true, 0);
    assert_eq!(views[0].problems[0].reason, Reason::RenderFailed);
    assert_eq!(views[1].problems, []);
}

#[test]
fn a_bundle_that_leaves_the_repository_is_removed_by_an_explicit_entry() {
    let mut fleet = fleet();
    let web = || bundle("web", &[("dev", Ok(content("x")))]);
    fleet.step(
        rendered(vec![web(), bundle("db", &[("dev", Ok(content("y")))])]),
        0,
    );
    fleet.step(rendered(vec![web()]), 0);
    let desired = fleet.desired(&cluster_name("dev")).unwrap();
    let removed: Vec<_> = desired
        .removed
        .iter()
        .map(|r| (r.name.as_str(), r.generation))
        .collect();
    assert_eq!(removed, [("db", 2)]);
    // The entry stays until the agent has reported it.
    fleet.step(
        report(
            vec![],
            vec![RemovedReport {
                name: bundle_name("db"),
                generation: 1,
            }],
        ),
        0,
    );
    assert_eq!(fleet.removals.len(), 1);
    fleet.step(
        report(
            vec![],
            vec![RemovedReport {
                name: bundle_name("db"),
                generation: 2,
            }],
        ),
        0,
    );
    assert_eq!(fleet.removals.len(), 0);
}

/// A folder that could not be listed is not an empty folder.
#[test]
fn what_could_not_be_looked_into_stays() {
    let check = |unread: &[&str], unlisted: &[&str], expected: &[&str]| {
        let mut fleet = fleet();
        let at = |name: &str, path: &str| {
            let mut result = bundle(name, &[("dev", Ok(content(name)))]);
            result.bundle.path = path.to_owned();
            result
        };
        let first = [at("web", "apps/web"), at("db", "apps/web/db"), at("x", "x")];
        fleet.step(rendered(first.into()), 0);
        let owned = |paths: &[&str]| paths.iter().map(|path| (*path).to_owned()).collect();
        let second = RenderResult {
            repo: repo_name(),
            commit: "d".to_owned(),
            bundles: vec![at("new", "new")],
            unread: owned(unread),
            unlisted: owned(unlisted),
            problems: Vec::new(),
        };
        fleet.step(Event::Rendered(Box::new(second)), 0);
        let names: Vec<_> = runs(&fleet, "dev")
            .into_iter()
            .map(|(name, ..)| name)
            .collect();
        assert_eq!(names, expected, "{unread:?} {unlisted:?}");
    };
    check(&[], &[], &["new"]);
    check(&["apps/web"], &[], &["new", "web"]);
    check(&[], &["apps/web"], &["db", "new", "web"]);
    check(&[], &["apps"], &["db", "new", "web"]);
    check(&[], &["app"], &["new"]);
    check(&[], &[""], &["db", "new", "web", "x"]);
}

/// Invariant 12.
#[test]
fn a_repository_that_suddenly_holds_nothing_takes_nothing_away() {
    let mut fleet = fleet();
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    fleet.step(rendered(vec![]), 0);
    assert_eq!(runs(&fleet, "dev").len(), 1);
    assert_eq!(
        fleet.view_repos(0)[0].problems[0].reason,
        Reason::RenderEmpty
    );
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("empty")))])]),
        0,
    );
    assert_eq!(
        runs(&fleet, "dev"),
        [("web".to_owned(), 1, content("x").bundle)]
    );
}

#[test]
fn deleting_the_gitrepo_removes_its_bundles_and_a_late_render_brings_none_back() {
    let mut fleet = fleet();
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    fleet.step(Event::RepoDeleted(repo_name()), 0);
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    let desired = fleet.desired(&cluster_name("dev")).unwrap();
    assert_eq!((desired.deployments.len(), desired.removed.len()), (0, 1));
}

/// Generations never go back, also when a bundle goes and comes again before the agent has seen the removal.
#[test]
fn a_bundle_that_comes_back_has_a_newer_generation() {
    let mut fleet = fleet();
    let other = || bundle("other", &[("prod", Ok(content("o")))]);
    let web = || bundle("web", &[("dev", Ok(content("x")))]);
    fleet.step(rendered(vec![other(), web()]), 0);
    fleet.step(rendered(vec![other()]), 0);
    fleet.step(rendered(vec![other(), web()]), 0);
    assert_eq!(
        runs(&fleet, "dev"),
        [("web".to_owned(), 3, content("x").bundle)]
    );
    assert_eq!(fleet.desired(&cluster_name("dev")).unwrap().removed, []);
}

#[test]
fn paused_keeps_what_runs_and_shows_what_waits() {
    let mut fleet = fleet();
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    fleet.step(report(vec![ready("web", 1, &content("x"))], vec![]), 0);
    assert_eq!(state_of(&fleet, "dev", "web"), State::Ready);
    fleet.step(
        repo(GitRepoSpec {
            paused: true,
            ..GitRepoSpec::default()
        }),
        0,
    );
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("y")))])]),
        0,
    );
    assert_eq!(runs(&fleet, "dev")[0].2, content("x").bundle);
    assert_eq!(state_of(&fleet, "dev", "web"), State::OutOfSync);
    fleet.step(repo(GitRepoSpec::default()), 0);
    assert_eq!(runs(&fleet, "dev")[0].2, content("y").bundle);
}

#[test]
fn a_bundle_waits_until_what_it_depends_on_is_ready_on_the_same_cluster() {
    let mut fleet = fleet();
    let mut web = bundle("web", &[("dev", Ok(content("x")))]);
    web.bundle.depends_on = vec![Dependency {
        name: Some("db".to_owned()),
        selector: None,
        accepted_states: vec![],
    }];
    fleet.step(
        rendered(vec![web, bundle("db", &[("dev", Ok(content("y")))])]),
        0,
    );
    assert_eq!(runs(&fleet, "dev").len(), 1);
    let waiting = fleet.view_deployments(|key| key.1.as_str() == "web", 0)[0]
        .waiting
        .clone()
        .unwrap();
    assert!(waiting.contains("`db`"), "{waiting}");
    let effects = fleet.step(report(vec![ready("db", 1, &content("y"))], vec![]), 0);
    assert_eq!(announced(&effects), ["dev"]);
    assert_eq!(runs(&fleet, "dev").len(), 2);
}

#[test]
fn while_a_render_goes_on_the_next_one_waits_for_it() {
    let (mut fleet, _) = Fleet::new(Incarnation("one".to_owned()), Vec::new());
    fleet.step(repo(GitRepoSpec::default()), 0);
    let renders = |effects: &[Effect]| {
        effects
            .iter()
            .filter(|effect| matches!(effect, Effect::Render(_)))
            .count()
    };
    let fetched = |commit: &str| Event::Fetched {
        repo: repo_name(),
        commit: commit.to_owned(),
    };
    assert_eq!(renders(&fleet.step(fetched("1"), 0)), 1);
    assert_eq!(renders(&fleet.step(fetched("2"), 0)), 0);
    assert_eq!(renders(&fleet.step(fetched("3"), 0)), 0);
    let effects = fleet.step(rendered(vec![]), 0);
    let job = effects.iter().find_map(|effect| match effect {
        Effect::Render(job) => Some(job),
        _ => None,
    });
    assert_eq!(job.unwrap().commit, "3");
}

fn n_renders(effects: &[Effect]) -> usize {
    let renders = effects
        .iter()
        .filter(|effect| matches!(effect, Effect::Render(_)));
    renders.count()
}

/// A commit that nobody has verified by the new keys must not reach a cluster on the way.
#[test]
fn other_keys_or_submodules_wait_for_the_source_to_look_again() {
    for spec in [
        GitRepoSpec {
            verify: Some(fleet_core::resource::Verify::default()),
            ..GitRepoSpec::default()
        },
        GitRepoSpec {
            recurse_submodules: true,
            ..GitRepoSpec::default()
        },
    ] {
        let mut fleet = fleet();
        fleet.step(rendered(vec![]), 0);
        assert_eq!(n_renders(&fleet.step(repo(spec), 0)), 0);
        assert_eq!(n_renders(&fleet.step(cluster("new"), 0)), 0);
        let fetched = Event::Fetched {
            repo: repo_name(),
            commit: "c".to_owned(),
        };
        assert_eq!(n_renders(&fleet.step(fetched, 0)), 1);
    }
}

#[test]
fn what_is_withdrawn_is_not_rendered_again_and_what_runs_stays() {
    let mut fleet = fleet();
    let bundles = vec![bundle("web", &[("dev", Ok(content("x")))])];
    fleet.step(rendered(bundles), 0);
    fleet.step(Event::Withdrawn(repo_name()), 0);
    assert_eq!(n_renders(&fleet.step(cluster("new"), 0)), 0);
    let desired = fleet.desired(&cluster_name("dev")).unwrap();
    assert_eq!((desired.deployments.len(), desired.removed.len()), (1, 0));
}

#[test]
fn notices_are_warnings_until_they_are_taken_back() {
    let mut fleet = fleet();
    let warnings = |fleet: &Fleet| {
        let view = fleet.view_repo(&repo_name(), 0).unwrap();
        let reasons = view.warnings.iter().map(|warning| warning.reason.as_str());
        assert!(view.problems.is_empty());
        reasons.map(str::to_owned).collect::<Vec<_>>()
    };
    let noticed = |notices: &[Reason]| Event::Noticed {
        repo: repo_name(),
        notices: notices
            .iter()
            .map(|reason| Problem::new(*reason, "look"))
            .collect(),
    };
    fleet.step(
        noticed(&[Reason::GitServerNotVerified, Reason::HistoryRewritten]),
        0,
    );
    assert_eq!(
        warnings(&fleet),
        ["GitServerNotVerified", "HistoryRewritten"]
    );
    fleet.step(rendered(vec![]), 0);
    assert_eq!(
        warnings(&fleet),
        ["GitServerNotVerified", "HistoryRewritten"]
    );
    fleet.step(noticed(&[]), 0);
    assert!(warnings(&fleet).is_empty());
}

#[test]
fn a_host_that_lost_its_store_shows_what_runs_and_removes_nothing() {
    let (mut fleet, _) = Fleet::new(Incarnation("two".to_owned()), Vec::new());
    fleet.step(cluster("dev"), 0);
    let mut report = Report {
        full: true,
        incarnation: Some(Incarnation("one".to_owned())),
        ..Report::default()
    };
    report.deployments = vec![ready("web", 9, &content("x"))];
    fleet.step(Event::Reported(cluster_name("dev"), Box::new(report)), 0);
    let desired = fleet.desired(&cluster_name("dev")).unwrap();
    assert_eq!((desired.deployments.len(), desired.removed.len()), (0, 0));
    assert_eq!(fleet.view_clusters(0)[0].orphans.len(), 1);
    // The repository is back: the deployment is adopted, and an old report does not count as its own.
    fleet.step(repo(GitRepoSpec::default()), 0);
    fleet.step(
        Event::Fetched {
            repo: repo_name(),
            commit: "c".to_owned(),
        },
        0,
    );
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    assert_eq!(fleet.view_clusters(0)[0].orphans.len(), 0);
    assert_eq!(state_of(&fleet, "dev", "web"), State::WaitApplied);
}

#[test]
fn a_cluster_that_is_not_heard_of_is_offline() {
    let mut fleet = fleet();
    // After a restart of the host, agents need a moment to come back.
    assert!(!fleet.view_clusters(30)[0].offline);
    assert!(fleet.view_clusters(100)[0].offline);
    fleet.step(Event::Connected(cluster_name("dev")), 100);
    assert!(!fleet.view_clusters(5000)[0].offline);
    fleet.step(Event::Disconnected(cluster_name("dev")), 200);
    assert!(!fleet.view_clusters(210)[0].offline);
    assert!(fleet.view_clusters(300)[0].offline);
}

/// What was saved is what a restarted host goes on with.
#[test]
fn a_restarted_host_goes_on_where_it_was() {
    let mut saved: BTreeMap<String, Change> = BTreeMap::new();
    let (mut fleet, _) = Fleet::new(Incarnation("one".to_owned()), Vec::new());
    let events = vec![
        cluster("dev"),
        repo(GitRepoSpec::default()),
        Event::Fetched {
            repo: repo_name(),
            commit: "c".to_owned(),
        },
        rendered(vec![
            bundle("web", &[("dev", Ok(content("x")))]),
            bundle("db", &[("dev", Ok(content("y")))]),
        ]),
        rendered(vec![bundle("web", &[("dev", Ok(content("z")))])]),
    ];
    for event in events {
        for effect in fleet.step(event, 0) {
            let Effect::Save(changes) = effect else {
                continue;
            };
            for change in changes {
                let id = match &change {
                    Change::Repo(name, _) => format!("repo {name}"),
                    Change::Cluster(name, _) => format!("cluster {name}"),
                    Change::Group(name, _) => format!("group {name}"),
                    Change::Bundle(name, _) => format!("bundle {name}"),
                    Change::Deployment(key, _) => format!("deployment {key:?}"),
                    Change::Removal(key, _) => format!("removal {key:?}"),
                };
                saved.insert(id, change);
            }
        }
    }
    let (again, effects) = Fleet::new(Incarnation("one".to_owned()), saved.into_values().collect());
    assert_eq!(
        again.desired(&cluster_name("dev")),
        fleet.desired(&cluster_name("dev"))
    );
    assert_eq!(effects, [Effect::Watch(repo_name())]);
}

/// A commit that could not be read says nothing about what is in it, and is tried again.
#[test]
fn a_render_that_failed_as_a_whole_takes_nothing_away_and_is_tried_again() {
    let mut fleet = fleet();
    fleet.step(
        rendered(vec![bundle("web", &[("dev", Ok(content("x")))])]),
        0,
    );
    let fetched = |commit: &str| Event::Fetched {
        repo: repo_name(),
        commit: commit.to_owned(),
    };
    let renders = |effects: &[Effect]| {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Render(_)))
    };
    assert!(renders(&fleet.step(fetched("d"), 0)));
    let failed = Event::RenderFailed {
        repo: repo_name(),
        commit: "d".to_owned(),
        problem: Problem::new(Reason::GitFetchFailed, "damaged"),
    };
    fleet.step(failed, 0);
    assert_eq!(runs(&fleet, "dev").len(), 1);
    assert_eq!(
        fleet.view_repos(0)[0].problems[0].reason,
        Reason::GitFetchFailed
    );
    assert!(renders(&fleet.step(fetched("d"), 0)));
}

#[test]
fn the_fleet_is_counted_as_it_is_shown() {
    let mut fleet = fleet();
    let broken = || Err(vec![Problem::new(Reason::RenderFailed, "no")]);
    let targets = [("dev", Ok(content("1"))), ("prod", broken())];
    fleet.step(rendered(vec![bundle("a", &targets)]), 0);
    fleet.step(Event::Connected(cluster_name("dev")), 0);
    let counts = fleet.counts();
    assert_eq!(
        (counts.repos, counts.repos_with_problems, counts.bundles),
        (1, 0, 1)
    );
    assert_eq!(
        (counts.clusters, counts.connected, counts.blocked),
        (2, 1, 1)
    );
    assert_eq!(counts.deployments, Summary::of([State::WaitApplied]));
}

mod progress {
    //! How far a commit has come, as it may be told to everybody.

    use fleet_core::resource::{CommitStatus, ForgeKind};

    use super::*;

    /// The fleet of the other tests, whose GitRepo wants its forge to know.
    fn telling() -> Fleet {
        let mut fleet = fleet();
        let commit_status = CommitStatus {
            provider: ForgeKind::Gitea,
            api_url: None,
            secret_name: None,
            context: None,
            target_url: None,
        };
        fleet.step(
            repo(GitRepoSpec {
                commit_status: Some(commit_status),
                ..GitRepoSpec::default()
            }),
            0,
        );
        fleet
    }

    /// Commit, whether it was judged and all clusters were heard, applied on how many of how many, and the faults.
    fn seen(fleet: &Fleet, now: Now) -> String {
        let progress = fleet.progress(now);
        let [one] = &progress[..] else {
            panic!("{progress:?}")
        };
        let faults = one.faults.iter().map(|fault| match fault.n_clusters {
            Some(n) => format!(" {} on {n}", fault.reason),
            None => format!(" {}", fault.reason),
        });
        format!(
            "{} {} {} {}/{}{}",
            one.commit.as_deref().unwrap_or("-"),
            if one.judged { "judged" } else { "-" },
            if one.unheard { "unheard" } else { "heard" },
            one.n_applied,
            one.n_clusters,
            faults.collect::<String>()
        )
    }

    #[test]
    fn a_commit_is_followed_from_its_render_to_its_last_cluster() {
        let mut fleet = telling();
        assert_eq!(seen(&fleet, 0), "c - heard 0/0");
        let targets = [("dev", Ok(content("x"))), ("prod", Ok(content("x")))];
        fleet.step(rendered(vec![bundle("web", &targets)]), 0);
        assert_eq!(seen(&fleet, 0), "c judged unheard 0/2");
        assert_eq!(seen(&fleet, 61), "c judged heard 0/2");
        fleet.step(report(vec![ready("web", 1, &content("x"))], vec![]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 1/2");
        let mut failed = ready("web", 1, &content("x"));
        failed.apply = ApplyStatus::Failed;
        failed.problems = vec![Problem::new(Reason::FieldImmutable, "secret detail")];
        fleet.step(report(vec![failed], vec![]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 0/2 FieldImmutable on 1");
        let mut failed = ready("web", 1, &content("x"));
        failed.health = Health::Failed;
        fleet.step(report(vec![failed.clone()], vec![]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 0/2 Unhealthy on 1");
        failed.health = Health::InProgress;
        fleet.step(report(vec![failed], vec![]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 0/2");
        let next = Event::Fetched {
            repo: repo_name(),
            commit: "d".to_owned(),
        };
        fleet.step(next, 0);
        assert_eq!(seen(&fleet, 61), "d - heard 0/2");
    }

    #[test]
    fn what_is_held_back_counts_for_its_cluster_and_what_is_wrong_as_a_whole_comes_first() {
        let mut fleet = telling();
        let blocked = || Err(vec![Problem::new(Reason::RenderFailed, "no")]);
        let targets = [("dev", blocked()), ("prod", blocked())];
        fleet.step(rendered(vec![bundle("web", &targets)]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 0/2 RenderFailed on 2");
        let problem = Problem::new(Reason::StateNotSaved, "disk");
        let failed = Event::RenderFailed {
            repo: repo_name(),
            commit: "d".to_owned(),
            problem,
        };
        fleet.step(failed, 0);
        assert_eq!(
            seen(&fleet, 61),
            "c - heard 0/2 StateNotSaved RenderFailed on 2",
            "`c` is the newest that the source has, and it will be rendered again"
        );
    }

    /// Without this whoever pushed it would see nothing beside a commit that is never deployed.
    #[test]
    fn a_commit_that_is_refused_is_judged_until_another_one_is_taken() {
        let mut fleet = telling();
        let targets = [("dev", Ok(content("x")))];
        fleet.step(rendered(vec![bundle("web", &targets)]), 0);
        fleet.step(report(vec![ready("web", 1, &content("x"))], vec![]), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 1/1");
        let failed = |reason, refused: Option<&str>| Event::FetchFailed {
            repo: repo_name(),
            refused: refused.map(str::to_owned),
            problem: Problem::new(reason, "no"),
        };
        fleet.step(failed(Reason::GitUnreachable, None), 0);
        assert_eq!(seen(&fleet, 61), "c judged heard 1/1");
        fleet.step(failed(Reason::CommitNotVerified, Some("d")), 0);
        let refused = "d judged heard 0/1 CommitNotVerified";
        assert_eq!(seen(&fleet, 61), refused);
        fleet.step(failed(Reason::GitUnreachable, None), 0);
        assert_eq!(seen(&fleet, 61), refused);
        let next = Event::Fetched {
            repo: repo_name(),
            commit: "e".to_owned(),
        };
        fleet.step(next, 0);
        assert_eq!(seen(&fleet, 61), "e - heard 1/1");
    }

    /// Without this a repository that nobody wants marks of would cost a look at all deployments.
    #[test]
    fn only_gitrepos_that_want_it_are_looked_at() {
        assert_eq!(fleet().progress(0), Vec::new());
    }

    #[test]
    fn a_forge_that_could_not_be_told_is_a_warning_until_it_could() {
        let mut fleet = telling();
        let warned = |fleet: &Fleet| {
            let view = fleet.view_repo(&repo_name(), 0).unwrap();
            view.warnings.len()
        };
        let told = |problem| Event::ForgeTold {
            repo: repo_name(),
            problem,
        };
        let problem = Problem::new(Reason::CommitStatusFailed, "no");
        fleet.step(told(Some(problem)), 0);
        assert_eq!(warned(&fleet), 1);
        fleet.step(told(None), 0);
        assert_eq!(warned(&fleet), 0);
    }
}
