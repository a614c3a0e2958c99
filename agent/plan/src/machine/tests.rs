//! The rules of the agent, each as a short story of events.

use fleet_core::inventory::Entry;
use fleet_core::object::ObjectRef;
use fleet_core::options::ApplyOptions;
use fleet_core::problem::Reason;
use fleet_core::wire::{Changes, Incarnation, RemovedReport};

use super::*;
use crate::outcome::Applied;

const ZERO: Now = Duration::ZERO;

fn name(text: &str) -> BundleName {
    BundleName::parse(text).unwrap()
}

fn digest(text: &str) -> Digest {
    Digest::of(text.as_bytes())
}

fn desired(
    incarnation: &str,
    state_revision: u64,
    deployments: &[(&str, u64, &str)],
    removed: &[(&str, u64)],
) -> Desired {
    Desired {
        incarnation: Incarnation(incarnation.to_owned()),
        state_revision,
        deployments: deployments
            .iter()
            .map(|(n, generation, bundle)| DesiredDeployment {
                name: name(n),
                generation: *generation,
                bundle: digest(bundle),
                options: ApplyOptions::default(),
            })
            .collect(),
        removed: removed
            .iter()
            .map(|(n, generation)| Removed {
                name: name(n),
                generation: *generation,
                options: ApplyOptions::default(),
            })
            .collect(),
    }
}

fn hello(incarnation: &str) -> Event {
    Event::Connected(Hello {
        incarnation: Incarnation(incarnation.to_owned()),
        version: "0".to_owned(),
    })
}

fn applied(objects: &[&str], status: ApplyStatus) -> Applied {
    let mut inventory = Inventory {
        generation: 1,
        bundle: Some(digest("b1")),
        entries: Vec::new(),
    };
    for object in objects {
        let object = ObjectRef {
            group: String::new(),
            kind: "ConfigMap".to_owned(),
            namespace: "n".to_owned(),
            name: (*object).to_owned(),
        };
        inventory.insert(Entry {
            object,
            version: "v1".to_owned(),
            uid: None,
        });
    }
    let problems = match status {
        ApplyStatus::Failed => vec![Problem::new(Reason::ApplyFailed, "refused")],
        _ => Vec::new(),
    };
    Applied {
        inventory,
        status,
        changes: Changes::default(),
        problems,
    }
}

/// Without the reports and the saving, which are in nearly every step.
fn actions(effects: Vec<Effect>) -> Vec<Effect> {
    effects
        .into_iter()
        .filter(|effect| !matches!(effect, Effect::Report(_) | Effect::SaveDesired(_)))
        .collect()
}

fn running() -> Machine {
    let mut machine = Machine::new();
    machine.step(hello("one"), ZERO);
    machine.step(
        Event::DesiredFetched(desired("one", 1, &[("shop", 1, "b1")], &[])),
        ZERO,
    );
    machine.step(Event::BundleFetched(digest("b1")), ZERO);
    machine.step(
        Event::Applied {
            name: name("shop"),
            generation: 1,
            applied: applied(&["a"], ApplyStatus::Applied),
        },
        ZERO,
    );
    machine.step(
        Event::Observed {
            name: name("shop"),
            not_ready: vec![],
            n_modified: 0,
        },
        ZERO,
    );
    while !machine.step(Event::Reported, ZERO).is_empty() {}
    machine
}

#[test]
fn a_new_deployment_is_fetched_then_applied_then_observed() {
    let mut machine = Machine::new();
    machine.step(hello("one"), ZERO);
    let wanted = desired("one", 1, &[("shop", 1, "b1")], &[]);
    let effects = actions(machine.step(Event::DesiredFetched(wanted.clone()), ZERO));
    assert_eq!(effects, [Effect::FetchBundle(digest("b1"))]);
    let effects = actions(machine.step(Event::BundleFetched(digest("b1")), ZERO));
    assert_eq!(effects, [Effect::Apply(wanted.deployments[0].clone())]);
    let event = Event::Applied {
        name: name("shop"),
        generation: 1,
        applied: applied(&["a"], ApplyStatus::Applied),
    };
    assert_eq!(
        actions(machine.step(event, ZERO)),
        [Effect::Observe(name("shop"))]
    );
}

/// Invariant 5: absence never deletes.
#[test]
fn a_deployment_that_is_missing_from_the_desired_state_stays() {
    let mut machine = running();
    let effects = machine.step(Event::DesiredFetched(desired("one", 2, &[], &[])), ZERO);
    assert!(
        !effects
            .iter()
            .any(|effect| matches!(effect, Effect::Remove(_) | Effect::Forget(_))),
        "{effects:?}"
    );
    assert!(machine.inventory(&name("shop")).is_some());
}

#[test]
fn a_removal_is_carried_out_reported_and_then_forgotten() {
    let mut machine = running();
    let state = desired("one", 2, &[], &[("shop", 2)]);
    let effects = actions(machine.step(Event::DesiredFetched(state.clone()), ZERO));
    assert_eq!(effects, [Effect::Remove(state.removed[0].clone())]);
    let gone = Applied {
        inventory: Inventory::default(),
        ..applied(&[], ApplyStatus::Applied)
    };
    let effects = machine.step(
        Event::Removed {
            name: name("shop"),
            generation: 2,
            applied: gone,
        },
        ZERO,
    );
    assert!(effects.contains(&Effect::Forget(name("shop"))));
    let reported = effects.iter().any(|effect| match effect {
        Effect::Report(report) => {
            report.removed
                == [RemovedReport {
                    name: name("shop"),
                    generation: 2,
                }]
        }
        _ => false,
    });
    assert!(reported, "{effects:?}");
}

/// A host that lost its store must not make the agent do anything, and learns what runs.
#[test]
fn a_new_incarnation_deletes_nothing_and_gets_the_inventory() {
    let mut machine = running();
    let effects = machine.step(hello("two"), ZERO);
    let [Effect::Report(report)] = effects.as_slice() else {
        panic!("{effects:?}")
    };
    assert!(report.full);
    assert_eq!(
        report.deployments[0]
            .inventory
            .as_ref()
            .map(|inventory| inventory.entries.len()),
        Some(1)
    );
    machine.step(Event::Reported, ZERO);
    let effects = actions(machine.step(Event::DesiredFetched(desired("two", 1, &[], &[])), ZERO));
    assert_eq!(effects, []);
}

#[test]
fn an_older_state_of_the_same_store_is_ignored() {
    let mut machine = running();
    machine.step(
        Event::DesiredFetched(desired("one", 5, &[("shop", 1, "b1")], &[])),
        ZERO,
    );
    let effects = machine.step(
        Event::DesiredFetched(desired("one", 4, &[], &[("shop", 9)])),
        ZERO,
    );
    assert_eq!(actions(effects), []);
}

#[test]
fn the_same_state_again_does_nothing() {
    let mut machine = running();
    let state = desired("one", 1, &[("shop", 1, "b1")], &[]);
    let announced = Event::Announced(DesiredRef {
        digest: state.encode().1,
        state_revision: 1,
    });
    assert_eq!(machine.step(announced, ZERO), []);
}

#[test]
fn a_failed_apply_is_tried_again_later_and_less_and_less_often() {
    let mut machine = running();
    machine.step(
        Event::DesiredFetched(desired("one", 2, &[("shop", 2, "b1")], &[])),
        ZERO,
    );
    let mut now = ZERO;
    let mut waits = Vec::new();
    for _ in 0..3 {
        let event = Event::Applied {
            name: name("shop"),
            generation: 2,
            applied: applied(&["a"], ApplyStatus::Failed),
        };
        let effects = actions(machine.step(event, now));
        assert!(
            !effects
                .iter()
                .any(|effect| matches!(effect, Effect::Apply(_))),
            "no retry at once"
        );
        machine.step(
            Event::Observed {
                name: name("shop"),
                not_ready: vec![],
                n_modified: 0,
            },
            now,
        );
        let at = machine.deployments[&name("shop")].retry_at.unwrap();
        waits.push(at - now);
        now = at;
        let effects = actions(machine.step(Event::Tick, now));
        assert!(
            effects
                .iter()
                .any(|effect| matches!(effect, Effect::Apply(_))),
            "{effects:?}"
        );
    }
    assert!(waits.is_sorted() && waits[0] < waits[2], "{waits:?}");
}

#[test]
fn a_bundle_that_does_not_arrive_is_reported_and_fetched_again() {
    let mut machine = running();
    machine.step(
        Event::DesiredFetched(desired("one", 2, &[("shop", 2, "b2")], &[])),
        ZERO,
    );
    let problem = Problem::new(Reason::BundleUnavailable, "404");
    let effects = machine.step(Event::BundleFailed(digest("b2"), problem.clone()), ZERO);
    let told = effects
        .iter()
        .any(|e| matches!(e, Effect::Report(r) if r.deployments[0].problems == [problem.clone()]));
    assert!(told, "{effects:?}");
    let later = machine.wake_at().unwrap() + RETRY_MOST;
    assert!(actions(machine.step(Event::Tick, later)).contains(&Effect::FetchBundle(digest("b2"))));
}

#[test]
fn what_was_not_taken_by_the_host_is_sent_again() {
    let mut machine = running();
    let event = Event::Observed {
        name: name("shop"),
        not_ready: vec![],
        n_modified: 3,
    };
    let first = machine.step(event, ZERO);
    assert!(matches!(first.as_slice(), [Effect::Report(_)]), "{first:?}");
    let second = machine.step(Event::ReportFailed, ZERO);
    let [Effect::Report(report)] = second.as_slice() else {
        panic!("{second:?}")
    };
    assert_eq!(report.deployments[0].n_modified, 3);
}

#[test]
fn an_agent_without_a_host_applies_what_its_disk_holds() {
    let mut machine = Machine::new();
    let state = desired("one", 1, &[("shop", 1, "b1")], &[]);
    let event = Event::Started {
        desired: Some(state.clone()),
        inventories: BTreeMap::new(),
        bundles: BTreeSet::from([digest("b1")]),
    };
    assert_eq!(
        actions(machine.step(event, ZERO)),
        [Effect::Apply(state.deployments[0].clone())]
    );
}

/// Found by `tests/sim`: the retry was dropped with the back-off, and the deployment stayed failed for ever.
#[test]
fn a_failed_apply_is_tried_at_once_when_a_new_state_arrives() {
    let mut machine = running();
    let two = [("shop", 2, "b1")];
    machine.step(Event::DesiredFetched(desired("one", 2, &two, &[])), ZERO);
    let event = Event::Applied {
        name: name("shop"),
        generation: 2,
        applied: applied(&["a"], ApplyStatus::Failed),
    };
    machine.step(event, ZERO);
    let newer = desired("one", 3, &[("shop", 2, "b1"), ("web", 1, "b1")], &[]);
    let effects = actions(machine.step(Event::DesiredFetched(newer.clone()), ZERO));
    assert!(
        effects.contains(&Effect::Apply(newer.deployments[0].clone())),
        "{effects:?}"
    );
}

/// Found by `tests/sim`: a time that had passed and that nothing acted on kept the agent busy for nothing.
#[test]
fn an_idle_machine_does_not_want_to_be_woken_in_the_past() {
    let late = RETRY_MOST * 10;
    let idle = |machine: &mut Machine, what: &str| {
        while !machine.step(Event::Tick, late).is_empty() {
            machine.step(Event::Reported, late);
        }
        assert!(machine.wake_at().is_none_or(|at| at > late), "{what}");
    };
    let mut machine = running();
    machine.step(Event::DesiredFetched(desired("one", 2, &[], &[])), ZERO);
    idle(&mut machine, "nothing is desired any more");

    let mut machine = running();
    let two = [("shop", 2, "b2")];
    machine.step(Event::DesiredFetched(desired("one", 2, &two, &[])), ZERO);
    idle(&mut machine, "a bundle is on its way");
}

/// Without this the agent would tell the same news as fast as the host answers.
#[test]
fn a_removal_is_told_once_to_each_host() {
    let mut machine = running();
    let state = desired("one", 2, &[], &[("shop", 2), ("unknown", 2)]);
    machine.step(Event::DesiredFetched(state), ZERO);
    let gone = Applied {
        inventory: Inventory::default(),
        ..applied(&[], ApplyStatus::Applied)
    };
    let event = Event::Removed {
        name: name("shop"),
        generation: 2,
        applied: gone,
    };
    machine.step(event, ZERO);
    for _ in 0..3 {
        machine.step(Event::Reported, ZERO);
    }
    assert_eq!(machine.step(Event::Reported, ZERO), []);
    // A host that was away may have missed it.
    let effects = machine.step(hello("one"), ZERO);
    assert!(
        matches!(effects.as_slice(), [Effect::Report(report)] if report.removed.len() == 2),
        "{effects:?}"
    );
}

/// Generations begin again when the host has forgotten a deployment, and states in between may be missed.
#[test]
fn a_removal_in_a_later_state_is_told_again() {
    let mut machine = running();
    let told = |effects: &[Effect]| {
        effects
            .iter()
            .any(|effect| matches!(effect, Effect::Report(report) if report.removed.len() == 1))
    };
    let state = |revision| desired("one", revision, &[], &[("web", 2)]);
    assert!(told(&machine.step(Event::DesiredFetched(state(2)), ZERO)));
    machine.step(Event::Reported, ZERO);
    assert!(told(&machine.step(Event::DesiredFetched(state(5)), ZERO)));
    // The next one comes while the report is on its way: it may have been taken before.
    machine.step(Event::DesiredFetched(state(8)), ZERO);
    assert!(told(&machine.step(Event::Reported, ZERO)));
    assert!(!told(&machine.step(Event::Reported, ZERO)));
}

#[test]
fn a_full_report_that_got_lost_is_full_again() {
    let mut machine = running();
    let first = machine.step(hello("two"), ZERO);
    for event in [Event::ReportFailed, hello("two")] {
        let again = machine.step(event, ZERO);
        assert_eq!(again, first, "full, with the inventory");
    }
}

#[test]
fn options_alone_are_reason_enough_to_apply_again() {
    let mut machine = running();
    let mut state = desired("one", 2, &[("shop", 1, "b1")], &[]);
    state.deployments[0].options.keep_resources = true;
    let effects = actions(machine.step(Event::DesiredFetched(state.clone()), ZERO));
    assert_eq!(effects, [Effect::Apply(state.deployments[0].clone())]);
}

#[test]
fn a_bundle_that_was_damaged_on_the_disk_is_fetched_again() {
    let mut machine = running();
    let state = desired("one", 2, &[("shop", 2, "b1")], &[]);
    machine.step(Event::DesiredFetched(state), ZERO);
    let event = Event::BundleLost {
        name: name("shop"),
        bundle: digest("b1"),
        problem: Problem::new(Reason::BundleUnavailable, "damaged"),
    };
    assert_eq!(
        actions(machine.step(event, ZERO)),
        [Effect::FetchBundle(digest("b1"))]
    );
}

#[test]
fn a_target_that_is_away_is_asked_again_soon_however_long_it_was_away() {
    let mut machine = running();
    let state = desired("one", 2, &[("shop", 2, "b1")], &[]);
    let mut effects = actions(machine.step(Event::DesiredFetched(state), ZERO));
    let mut now = ZERO;
    for _ in 0..10 {
        assert!(
            matches!(effects.as_slice(), [Effect::Apply(_)]),
            "{effects:?}"
        );
        let mut away = applied(&["a"], ApplyStatus::Failed);
        away.problems = vec![Problem::new(Reason::ClusterUnreachable, "refused")];
        let event = Event::Applied {
            name: name("shop"),
            generation: 2,
            applied: away,
        };
        machine.step(event, now);
        machine.step(Event::NotObserved(name("shop")), now);
        now += RETRY_AWAY_MOST;
        effects = actions(machine.step(Event::Tick, now));
    }
}

#[test]
fn a_host_that_is_back_is_asked_for_missing_bundles_at_once() {
    let mut machine = running();
    let state = desired("one", 2, &[("shop", 2, "b2")], &[]);
    machine.step(Event::DesiredFetched(state), ZERO);
    let problem = Problem::new(Reason::BundleUnavailable, "connection refused");
    machine.step(Event::Disconnected, ZERO);
    let effects = machine.step(Event::BundleFailed(digest("b2"), problem), ZERO);
    assert_eq!(
        effects,
        [],
        "no host to report to, and too early to try again"
    );
    let effects = actions(machine.step(hello("one"), ZERO));
    assert_eq!(effects, [Effect::FetchBundle(digest("b2"))]);
}

/// Found by `tests/e2e`: a host that had lost its store desired what ran already, and was never told so.
#[test]
fn a_new_store_that_desires_what_runs_is_told_that_it_runs() {
    let mut machine = running();
    machine.step(hello("two"), ZERO);
    machine.step(Event::Reported, ZERO);
    let same = desired("two", 1, &[("shop", 1, "b1")], &[]);
    let effects = machine.step(Event::DesiredFetched(same), ZERO);
    let told = effects.iter().any(|effect| match effect {
        Effect::Report(report) => {
            report.incarnation == Some(Incarnation("two".to_owned()))
                && report.deployments.iter().any(|d| d.name == name("shop"))
        }
        _ => false,
    });
    assert!(told, "{effects:?}");
}
