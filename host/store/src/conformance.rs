//! What every backend must do, as checks that its tests run.

use crate::{Change, Changes, Error, Expect, Incarnation, Operation, Revision, Store, Write};

/// Checks all of it; `fresh` makes an empty store each time it is called, each with its own incarnation.
///
/// # Panics
/// At the first thing that the backend does wrong.
pub fn check(mut fresh: impl FnMut() -> Box<dyn Store>) {
    starts_empty(&*fresh());
    reads_back_what_was_written(&*fresh());
    ranges_are_sorted_and_resume(&*fresh());
    a_commit_is_all_or_nothing(&*fresh());
    expectations_hold(&*fresh());
    nothing_done_is_no_revision(&*fresh());
    changes_come_once_and_in_order(&*fresh());
    watchers_see_the_newest_revision(&*fresh());
    bad_writes_are_refused(&*fresh());
    counters_do_not_lose_increments(&*fresh());
    assert_ne!(
        distinct(&*fresh()),
        distinct(&*fresh()),
        "two stores have two incarnations"
    );
}

fn distinct(store: &dyn Store) -> Incarnation {
    store.incarnation()
}

fn keys(store: &dyn Store, prefix: &str, after: Option<&str>, limit: usize) -> Vec<String> {
    let items = store
        .range(prefix, after, limit)
        .expect("a range can be read");
    items.into_iter().map(|item| item.key).collect()
}

fn commit(store: &dyn Store, writes: &[Write]) -> Revision {
    store.commit(writes).expect("the commit goes through")
}

fn starts_empty(store: &dyn Store) {
    assert_eq!(*store.watch().borrow(), Revision(0));
    assert!(
        store
            .get("a")
            .expect("a missing key can be asked for")
            .is_none()
    );
    assert!(keys(store, "", None, 10).is_empty());
    let changes = store.changes("", Revision(0)).expect("changes can be read");
    assert_eq!(changes, Changes::Since(vec![], Revision(0)));
}

fn reads_back_what_was_written(store: &dyn Store) {
    for value in [vec![], vec![0], vec![0xff; 300_000]] {
        let revision = commit(store, &[Write::put("a/b", value.clone())]);
        let found = store
            .get("a/b")
            .expect("the key can be read")
            .expect("the key is there");
        assert_eq!((found.value, found.revision), (value, revision));
    }
    let soon = store
        .commit_soon(&[Write::put("soon", vec![1])])
        .expect("the commit goes through");
    assert_eq!(
        store
            .get("soon")
            .expect("readable")
            .map(|found| found.revision),
        Some(soon)
    );
    store.flush().expect("a flush goes through");
    commit(store, &[Write::delete("a/b")]);
    assert!(
        store
            .get("a/b")
            .expect("a removed key can be asked for")
            .is_none()
    );
}

fn ranges_are_sorted_and_resume(store: &dyn Store) {
    let names = [
        "a",
        "b/",
        "b/1",
        "b/10",
        "b/2",
        "b/é",
        "b/\u{10ffff}",
        "b0",
        "c",
    ];
    let writes: Vec<_> = names
        .iter()
        .rev()
        .map(|name| Write::put(*name, vec![]))
        .collect();
    commit(store, &writes);
    assert_eq!(keys(store, "", None, 100), names);
    assert_eq!(keys(store, "b/", None, 100), &names[1..7]);
    assert_eq!(keys(store, "b/", None, 2), &names[1..3]);
    assert_eq!(keys(store, "b/", Some("b/1"), 2), &names[3..5]);
    assert_eq!(keys(store, "b/", Some("b/\u{10ffff}"), 2), [""; 0]);
    assert_eq!(
        keys(store, "b/", Some("a"), 1),
        &names[1..2],
        "after lies before the prefix"
    );
    assert_eq!(
        keys(store, "b/", Some("b/15"), 1),
        &names[4..5],
        "after need not exist"
    );
    assert_eq!(keys(store, "", None, 0), [""; 0]);
}

fn a_commit_is_all_or_nothing(store: &dyn Store) {
    let first = commit(store, &[Write::put("a", vec![1]), Write::put("b", vec![1])]);
    let refused = store.commit(&[
        Write::put("a", vec![2]),
        Write::create("c", vec![2]),
        Write::create("b", vec![2]),
    ]);
    assert!(
        matches!(refused, Err(Error::Conflict { ref key, .. }) if key == "b"),
        "{refused:?}"
    );
    for key in ["a", "b"] {
        let found = store.get(key).expect("readable").expect("still there");
        assert_eq!((found.value, found.revision), (vec![1], first));
    }
    assert!(store.get("c").expect("readable").is_none());
    assert_eq!(*store.watch().borrow(), first);
}

fn expectations_hold(store: &dyn Store) {
    let first = commit(store, &[Write::create("a", vec![1])]);
    let refused = |write: Write| {
        let outcome = store.commit(&[write]);
        assert!(
            matches!(outcome, Err(Error::Conflict { .. })),
            "{outcome:?}"
        );
    };
    refused(Write::create("a", vec![]));
    refused(Write::replace("a", Revision(first.0 + 1), vec![]));
    refused(Write::replace("absent", first, vec![]));
    let second = commit(store, &[Write::replace("a", first, vec![2])]);
    assert!(second > first);
    refused(Write::replace("a", first, vec![]));
    refused(Write::delete("a").expecting(Expect::Revision(first)));
    let check = |expect| Write {
        key: "a".to_owned(),
        expect,
        operation: Operation::Check,
    };
    refused(check(Expect::Absent));
    let third = commit(
        store,
        &[check(Expect::Revision(second)), Write::put("b", vec![])],
    );
    commit(
        store,
        &[Write::delete("a").expecting(Expect::Revision(second))],
    );
    commit(store, &[Write::create("a", vec![3])]);
    assert_eq!(
        store
            .get("b")
            .expect("readable")
            .map(|found| found.revision),
        Some(third)
    );
}

fn nothing_done_is_no_revision(store: &dyn Store) {
    let first = commit(store, &[Write::put("a", vec![])]);
    let check = Write {
        key: "a".to_owned(),
        expect: Expect::Any,
        operation: Operation::Check,
    };
    for writes in [vec![], vec![Write::delete("absent")], vec![check]] {
        assert_eq!(commit(store, &writes), first);
    }
}

fn changes_come_once_and_in_order(store: &dyn Store) {
    let change = |key: &str, revision, removed| Change {
        key: key.to_owned(),
        revision,
        removed,
    };
    let put = |key: &str| Write::put(key, vec![]);
    commit(store, &[put("x/a"), put("x/b"), put("y")]);
    let second = commit(store, &[put("x/c")]);
    let third = commit(store, &[put("x/a"), Write::delete("x/b")]);
    let expected = vec![
        change("x/c", second, false),
        change("x/a", third, false),
        change("x/b", third, true),
    ];
    let changes = |from| store.changes("x/", from).expect("changes can be read");
    assert_eq!(
        changes(Revision(0)),
        Changes::Since(expected.clone(), third)
    );
    assert_eq!(
        changes(second),
        Changes::Since(expected[1..].to_vec(), third)
    );
    assert_eq!(changes(third), Changes::Since(vec![], third));
    let fourth = commit(store, &[put("x/b")]);
    assert_eq!(
        changes(third),
        Changes::Since(vec![change("x/b", fourth, false)], fourth)
    );
    let all = changes(Revision(0));
    assert!(
        matches!(&all, Changes::Since(all, _) if all.len() == 3),
        "each key once: {all:?}"
    );
}

fn watchers_see_the_newest_revision(store: &dyn Store) {
    let mut watch = store.watch();
    assert!(!watch.has_changed().expect("the store is open"));
    commit(store, &[Write::put("a", vec![])]);
    let second = commit(store, &[Write::put("a", vec![])]);
    assert!(watch.has_changed().expect("the store is open"));
    assert_eq!(*watch.borrow_and_update(), second);
    assert!(!watch.has_changed().expect("the store is open"));
}

fn bad_writes_are_refused(store: &dyn Store) {
    let twice = [Write::put("a", vec![]), Write::delete("a")];
    let long = [Write::put("k".repeat(1025), vec![])];
    let big = [Write::put("a", vec![0; (16 << 20) + 1])];
    for writes in [&twice[..], &long, &big, &[Write::put("", vec![])]] {
        let outcome = store.commit(writes);
        assert!(matches!(outcome, Err(Error::Invalid { .. })), "{outcome:?}");
    }
}

fn counters_do_not_lose_increments(store: &dyn Store) {
    const THREADS: u64 = 4;
    const EACH: u64 = 25;
    let increment = || loop {
        let found = store.get("counter").expect("readable");
        let (count, expect) = match &found {
            None => (0, Expect::Absent),
            Some(found) => {
                let count =
                    <[u8; 8]>::try_from(found.value.as_slice()).expect("eight bytes were written");
                (u64::from_le_bytes(count), Expect::Revision(found.revision))
            }
        };
        let write = Write::put("counter", (count + 1).to_le_bytes().to_vec()).expecting(expect);
        match store.commit_soon(&[write]) {
            Ok(_) => break,
            Err(Error::Conflict { .. }) => {}
            Err(error) => panic!("the commit failed: {error}"),
        }
    };
    std::thread::scope(|scope| {
        for _ in 0..THREADS {
            scope.spawn(|| (0..EACH).for_each(|_| increment()));
        }
    });
    let found = store
        .get("counter")
        .expect("readable")
        .expect("the counter is there");
    assert_eq!(found.value, (THREADS * EACH).to_le_bytes());
    assert_eq!(found.revision, Revision(THREADS * EACH));
}
