//! A host and its agents under faults; a failing seed is printed and becomes a test of its own.

use fleet_test_sim::{Faults, World};

const N_SEEDS: u64 = 60;

fn check(faults: Faults) {
    for seed in 0..N_SEEDS {
        let mut world = World::new(seed, 3);
        for _ in 0..3 {
            world.chaos(400, faults);
            world.calm();
        }
    }
}

/// Without this the loop would not even close when all is well.
#[test]
fn without_faults_every_cluster_runs_the_newest_commit() {
    check(Faults::default());
}

/// Without this a broken stream could lose a change for ever.
#[test]
fn a_bad_network_delays_and_loses_nothing() {
    check(Faults {
        network: true,
        ..Faults::default()
    });
}

/// Without this a crash could leave something that nobody owns, or delete what is desired.
#[test]
fn agents_that_crash_in_mid_apply_leave_nothing_unowned() {
    check(Faults {
        network: true,
        agents: true,
        ..Faults::default()
    });
}

/// Without this a restart of the host could disturb what runs.
#[test]
fn a_host_that_restarts_goes_on() {
    check(Faults {
        network: true,
        agents: true,
        host: true,
        ..Faults::default()
    });
}

/// Without this a host with an empty store could take everything away.
#[test]
fn a_host_that_loses_its_store_deletes_nothing_and_adopts_what_it_desires_again() {
    check(Faults {
        network: true,
        agents: true,
        host: true,
        store: true,
    });
}
