//! The store on disk: restarts, damage and two owners.

use super::*;

fn open(path: &Path) -> Result<Disk, Error> {
    Disk::open(&DataDir::open(path)?, [1; 16])
}

#[test]
fn conforms() {
    let dir = tempfile::tempdir().unwrap();
    let mut n = 0;
    crate::conformance::check(|| {
        n += 1;
        let lock = DataDir::open(&dir.path().join(n.to_string())).unwrap();
        Box::new(Disk::open(&lock, [n; 16]).unwrap())
    });
}

/// A restart that loses state, or calls it by another incarnation, makes agents start over.
#[test]
fn state_revision_and_incarnation_survive_a_restart() {
    let dir = tempfile::tempdir().unwrap();
    let revision = {
        let disk = open(dir.path()).unwrap();
        disk.commit(&[
            Write::put("a", b"1".to_vec()),
            Write::put("b", b"2".to_vec()),
        ])
        .unwrap();
        disk.commit_soon(&[Write::delete("a")]).unwrap()
    };
    let lock = DataDir::open(dir.path()).unwrap();
    let disk = Disk::open(&lock, [2; 16]).unwrap();
    assert_eq!(disk.incarnation(), Incarnation([1; 16]));
    assert_eq!(*disk.watch().borrow(), revision);
    assert_eq!(disk.get("a").unwrap(), None);
    assert_eq!(disk.get("b").unwrap().unwrap().revision, Revision(1));
    let expected = Change {
        key: "a".to_owned(),
        revision,
        removed: true,
    };
    assert_eq!(
        disk.changes("", Revision(1)).unwrap(),
        Changes::Since(vec![expected], revision)
    );
}

/// A host that dies with a panic on a bad disk block cannot say what is wrong.
#[test]
fn a_damaged_file_is_an_error_and_never_a_panic() {
    let dir = tempfile::tempdir().unwrap();
    {
        let disk = open(dir.path()).unwrap();
        let value = |i: u32| i.to_le_bytes().repeat(50);
        for batch in 0..20 {
            let keys =
                (0..50).map(|i| Write::put(format!("k/{batch:02}/{i:02}"), value(batch * 50 + i)));
            disk.commit(&keys.collect::<Vec<_>>()).unwrap();
        }
    }
    let whole = std::fs::read(dir.path().join("state.redb")).unwrap();
    // A small generator of our own: the same damage in every run.
    let mut seed = 0x2545_f491_4f6c_dd1d_u64;
    let mut random = move || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        seed
    };
    let mut n_refused = 0;
    for round in 0..60 {
        let mut bytes = whole.clone();
        match round % 3 {
            0 => bytes.truncate(random() as usize % bytes.len()),
            1 => {
                let start = random() as usize % bytes.len();
                let end = (start + 4096).min(bytes.len());
                bytes[start..end].fill(random() as u8);
            }
            _ => {
                for _ in 0..64 {
                    let at = random() as usize % bytes.len().min(64 << 10);
                    bytes[at] ^= 1 << (random() % 8);
                }
            }
        }
        let case = tempfile::tempdir().unwrap();
        std::fs::write(case.path().join("state.redb"), bytes).unwrap();
        let outcome = open(case.path()).and_then(|disk| {
            disk.range("", None, usize::MAX)?;
            disk.changes("", Revision(0))?;
            disk.commit(&[Write::put("k/00/00", vec![])])
        });
        if let Err(error) = outcome {
            n_refused += 1;
            assert!(!error.to_string().is_empty());
        }
    }
    assert!(
        n_refused > 20,
        "only {n_refused} of 60 damaged files were noticed"
    );
}

#[test]
fn another_file_is_not_taken_for_a_store() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(
        dir.path().join("state.redb"),
        "not a database\n".repeat(1000),
    )
    .unwrap();
    let error = open(dir.path()).unwrap_err();
    assert!(matches!(error, Error::Corrupt { .. }), "{error:?}");
}
