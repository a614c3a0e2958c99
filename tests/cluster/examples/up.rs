//! Starts a control plane for use by hand, and keeps it until standard input ends or Enter is pressed.
//!
//! `cargo run -p fleet-test-cluster --example up [--pods]`

use std::io::stdin;

use fleet_test_cluster::{ControlPlane, Options};

fn main() -> anyhow::Result<()> {
    let options = Options {
        pods_run: std::env::args().any(|argument| argument == "--pods"),
    };
    let cluster = ControlPlane::start(&options)?;
    println!("export KUBECONFIG={}", cluster.kubeconfig().display());
    // The end of the input is as good an answer.
    let _ = stdin().lines().next();
    Ok(())
}
