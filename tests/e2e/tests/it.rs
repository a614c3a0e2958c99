//! Both programs from a commit to what runs, and what happens when something breaks on the way.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot set up its world has failed"
)]

#[path = "it/cluster.rs"]
mod cluster;
#[path = "it/commit_status.rs"]
mod commit_status;
#[path = "it/folders.rs"]
mod folders;
#[path = "it/git.rs"]
mod git;
#[path = "it/git_kubernetes.rs"]
mod git_kubernetes;
#[path = "it/git_leaks.rs"]
mod git_leaks;
#[path = "it/git_slow.rs"]
mod git_slow;
#[path = "it/git_stage.rs"]
mod git_stage;
#[path = "it/hostile.rs"]
mod hostile;
#[path = "it/remote.rs"]
mod remote;
#[path = "it/seen.rs"]
mod seen;
#[path = "it/signatures.rs"]
mod signatures;
#[path = "it/stage.rs"]
mod stage;
#[path = "it/submodules.rs"]
mod submodules;
#[path = "it/webhooks.rs"]
mod webhooks;
