//! When repositories are polled, as stories of events.

use super::*;

const S: fn(u64) -> Duration = Duration::from_secs;
const FAILED: Outcome = Outcome::Failed { retry_after: None };

fn one(interval: Option<Duration>) -> Schedule<&'static str> {
    let mut schedule = Schedule::new(10);
    schedule.set("a", interval, S(0), 0.0);
    assert_eq!(schedule.start(S(0)), ["a"]);
    schedule
}

#[test]
fn an_interval_passes_between_two_polls() {
    let mut schedule = one(Some(S(15)));
    schedule.finish(&"a", Outcome::Answered, S(1), 1.0);
    assert_eq!(schedule.next(), Some(Duration::from_millis(17_500)));
    assert!(schedule.start(S(17)).is_empty());
    assert_eq!(schedule.start(S(18)), ["a"]);
}

#[test]
fn failures_back_off_and_success_forgets_them() {
    let mut schedule = one(Some(S(15)));
    let mut now = S(0);
    let mut pauses = Vec::new();
    for _ in 0..7 {
        schedule.finish(&"a", FAILED, now, 1.0);
        let next = schedule.next().unwrap();
        pauses.push((next - now).as_secs());
        now = next;
        assert_eq!(schedule.start(now), ["a"]);
    }
    assert_eq!(pauses, [30, 60, 120, 240, 300, 300, 300]);
    assert_eq!(schedule.n_failures(&"a"), 7);
    schedule.finish(&"a", Outcome::Answered, now, 0.0);
    assert_eq!(schedule.next(), Some(now + S(15)));
    assert_eq!(schedule.n_failures(&"a"), 0);
}

#[test]
fn a_server_that_asks_to_wait_is_obeyed_within_reason() {
    for (asked, expected) in [(1, 15), (100, 100), (1_000_000, 3600)] {
        let mut schedule = one(Some(S(15)));
        schedule.finish(
            &"a",
            Outcome::Failed {
                retry_after: Some(S(asked)),
            },
            S(0),
            0.0,
        );
        assert_eq!(schedule.next(), Some(S(expected)), "{asked}");
    }
}

/// A webhook that comes while the poll runs may tell of a commit that this poll did not see.
#[test]
fn waking_during_a_poll_polls_once_more() {
    let mut schedule = one(Some(S(15)));
    assert!(schedule.wake(&"a", S(1)));
    schedule.finish(&"a", Outcome::Answered, S(2), 0.0);
    assert_eq!(schedule.start(S(2)), ["a"]);
    schedule.finish(&"a", Outcome::Answered, S(3), 0.0);
    assert!(schedule.start(S(3)).is_empty());
    assert!(schedule.wake(&"a", S(4)));
    assert_eq!(schedule.start(S(4)), ["a"]);
    assert!(!schedule.wake(&"b", S(4)));
}

#[test]
fn without_an_interval_only_waking_polls() {
    let mut schedule = one(None);
    schedule.finish(&"a", Outcome::Answered, S(1), 0.0);
    assert_eq!(schedule.next(), None);
    schedule.wake(&"a", S(100));
    assert_eq!(schedule.start(S(100)), ["a"]);
    schedule.finish(&"a", FAILED, S(100), 0.0);
    assert!(schedule.next().is_some(), "a failure is tried again");
}

#[test]
fn no_more_than_so_many_run_and_the_longest_due_go_first() {
    let mut schedule = Schedule::new(2);
    for (i, key) in ["c", "b", "a"].into_iter().enumerate() {
        schedule.set(key, Some(S(15)), S(i as u64), 0.0);
    }
    assert_eq!(schedule.start(S(10)), ["c", "b"]);
    assert_eq!(schedule.next(), None);
    schedule.finish(&"b", Outcome::Answered, S(11), 0.0);
    assert_eq!(schedule.start(S(11)), ["a"]);
}

#[test]
fn a_removed_repository_frees_its_place() {
    let mut schedule = Schedule::new(1);
    schedule.set("a", Some(S(15)), S(0), 0.0);
    schedule.set("b", Some(S(15)), S(0), 0.0);
    assert_eq!(schedule.start(S(0)), ["a"]);
    schedule.remove(&"a");
    assert!(schedule.start(S(1)).is_empty());
    schedule.finish(&"a", Outcome::Answered, S(1), 0.0);
    assert_eq!(schedule.start(S(1)), ["b"]);
    schedule.remove(&"b");
    schedule.finish(&"b", Outcome::Answered, S(1), 0.0);
    assert_eq!(schedule.next(), None);
}

#[test]
fn a_shorter_interval_takes_effect_at_once() {
    let mut schedule = one(Some(S(3600)));
    schedule.finish(&"a", Outcome::Answered, S(0), 0.0);
    schedule.set("a", Some(S(15)), S(10), 0.0);
    assert_eq!(schedule.next(), Some(S(25)));
    schedule.set("a", Some(S(15)), S(11), 0.0);
    assert_eq!(
        schedule.next(),
        Some(S(25)),
        "the same interval again changes nothing"
    );
    schedule.set("a", None, S(12), 0.0);
    assert_eq!(schedule.next(), None);
}

/// All at once every 15 s would be a burst on the servers.
#[test]
fn a_thousand_repositories_spread_out() {
    let mut schedule = Schedule::new(usize::MAX);
    for i in 0..1000 {
        schedule.set(i, Some(S(15)), S(0), f64::from(i) / 1000.0);
    }
    assert!(schedule.start(S(0)).len() < 10);
    assert_eq!(schedule.start(Duration::from_millis(1500)).len(), 999);
}
