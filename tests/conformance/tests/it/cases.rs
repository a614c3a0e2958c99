//! Our own plugins pass the suite.

use fleet_test_conformance::{case, run};

use crate::support::{component, top};

async fn check(name: &str) {
    let Some(plugin) = component(&format!("plugins/{name}.wasm")).await else {
        return;
    };
    let cases = case::all(&top().join("tests/conformance/cases").join(name)).unwrap();
    assert!(!cases.is_empty());
    let mut n_failed = 0;
    for case in &cases {
        let report = run::case(&plugin, case).await;
        eprintln!("{name} {report}");
        n_failed += usize::from(!report.failures.is_empty());
    }
    assert_eq!(n_failed, 0, "of {} cases", cases.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn raw_conforms() {
    check("raw").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn baseline_conforms() {
    check("baseline").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn helm_conforms() {
    check("helm").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn kustomize_conforms() {
    check("kustomize").await;
}
