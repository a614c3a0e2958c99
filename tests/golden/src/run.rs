//! Puts a renderer through cases in parallel and adds up what came of it.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::compare;
use crate::corpus::Case;

/// What a renderer gave for one case: its output, or why there is none.
pub type Rendered = Result<Vec<u8>, String>;

/// What came of the cases of one suite.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// Cases that must render.
    pub n_ok: usize,
    /// How many of them mean the same.
    pub n_equal: usize,
    /// How many of them are equal to the byte, masked cases not counted.
    pub n_bytes: usize,
    /// Cases that must render and have no value that changes from run to run.
    pub n_exact: usize,
    /// Cases that must fail.
    pub n_must_fail: usize,
    /// How many of them failed.
    pub n_failed: usize,
    /// What is not as it should be, sorted by case.
    pub failures: Vec<Failure>,
}

/// One case that is not as it should be.
#[derive(Clone, Debug, PartialEq)]
pub struct Failure {
    /// The case.
    pub id: String,
    /// Whether only the bytes differ.
    pub only_bytes: bool,
    /// The first difference, or why nothing was rendered.
    pub why: String,
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{}/{} semantically equal, {}/{} byte-equal, {}/{} must-fail failed",
            self.n_equal, self.n_ok, self.n_bytes, self.n_exact, self.n_failed, self.n_must_fail
        )
    }
}

/// Renders all cases, each on one of `n_threads` threads, and compares.
///
/// With `twice` each case is rendered a second time, and other bytes then are a failure.
pub fn suite(
    cases: &[Case],
    n_threads: usize,
    twice: bool,
    render: impl Fn(&Case) -> Rendered + Sync,
) -> Report {
    let next = AtomicUsize::new(0);
    let report = Mutex::new(Report::default());
    let caught = |case: &Case| {
        catch_unwind(AssertUnwindSafe(|| render(case)))
            .unwrap_or_else(|_| Err("PANIC: the renderer itself panicked".to_owned()))
    };
    std::thread::scope(|scope| {
        for _ in 0..n_threads.max(1) {
            scope.spawn(|| {
                while let Some(case) = cases.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let first = caught(case);
                    let same = !twice || caught(case) == first;
                    let mut report = report.lock().expect("no thread panics with the report");
                    report.judge(case, &first);
                    if !same {
                        report.fail(case, false, "two renders gave different bytes".to_owned());
                    }
                }
            });
        }
    });
    let mut report = report.into_inner().expect("all threads are done");
    report.failures.sort_by(|a, b| a.id.cmp(&b.id));
    report
}

impl Report {
    fn judge(&mut self, case: &Case, rendered: &Rendered) {
        match (&case.expected, rendered) {
            (None, Err(_)) => {
                self.n_must_fail += 1;
                self.n_failed += 1;
            }
            (None, Ok(_)) => {
                self.n_must_fail += 1;
                self.fail(case, false, "it must fail, and rendered".to_owned());
            }
            (Some(_), Err(why)) => {
                self.n_ok += 1;
                self.n_exact += usize::from(case.args.mask.is_empty());
                self.fail(case, false, why.clone());
            }
            (Some(expected), Ok(actual)) => {
                let exact = case.args.mask.is_empty();
                self.n_ok += 1;
                self.n_exact += usize::from(exact);
                let bytes = compare::first_line(expected, actual);
                let difference = match bytes {
                    None => None,
                    Some(_) => compare::streams(expected, actual, &case.mask()),
                };
                self.n_equal += usize::from(difference.is_none());
                self.n_bytes += usize::from(exact && bytes.is_none());
                match (difference, bytes.filter(|_| exact)) {
                    (Some(difference), _) => self.fail(case, false, difference.to_string()),
                    (None, Some(bytes)) => self.fail(case, true, bytes.to_string()),
                    (None, None) => {}
                }
            }
        }
    }

    fn fail(&mut self, case: &Case, only_bytes: bool, why: String) {
        self.failures.push(Failure {
            id: case.id.clone(),
            only_bytes,
            why,
        });
    }

    /// Prints the sum and each failure on standard error.
    pub fn print(&self, name: &str) {
        for Failure {
            id,
            only_bytes,
            why,
        } in &self.failures
        {
            let kind = if *only_bytes { "bytes" } else { "FAIL" };
            eprintln!("{kind} {name}/{id}: {why}");
        }
        eprintln!("{name}: {self}");
    }
}
