//! Tasks with names and an owner: nothing is detached, and a panic is seen.

use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use futures::FutureExt as _;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tracing::error;

/// All tasks of one host.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tasks {
    tracker: TaskTracker,
    stop: CancellationToken,
    failure: Arc<OnceLock<String>>,
}

impl Tasks {
    /// No tasks yet.
    pub(crate) fn new() -> Self {
        Self::default()
    }

    /// Cancelled when the host is to stop.
    pub(crate) fn stop(&self) -> &CancellationToken {
        &self.stop
    }

    /// Runs a task that the host cannot do without: if it panics, the host stops, and says why.
    pub(crate) fn spawn(
        &self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        let tasks = self.clone();
        self.tracker.spawn(async move {
            if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
                tasks.fail(format!(
                    "task `{name}` panicked: {}",
                    panic_text(panic.as_ref())
                ));
            }
        });
    }

    /// Runs a task on behalf of one peer or one piece of work: if it panics, that is logged, and the host goes on.
    pub(crate) fn spawn_contained(
        &self,
        name: &'static str,
        task: impl Future<Output = ()> + Send + 'static,
    ) {
        self.tracker.spawn(async move {
            if let Err(panic) = AssertUnwindSafe(task).catch_unwind().await {
                error!(
                    task = name,
                    error = panic_text(panic.as_ref()),
                    "task panicked"
                );
            }
        });
    }

    /// Stops the host because it cannot go on.
    pub(crate) fn fail(&self, why: String) {
        error!(error = why, "the host cannot go on");
        // The first reason is the cause; later ones are its consequences.
        let _ = self.failure.set(why);
        self.stop.cancel();
    }

    /// Why the host had to stop, if it did not stop by itself.
    pub(crate) fn failure(&self) -> Option<&str> {
        self.failure.get().map(String::as_str)
    }

    /// Waits until all tasks have ended, at most for `limit`; returns whether they have.
    pub(crate) async fn finish(&self, limit: Duration) -> bool {
        self.tracker.close();
        tokio::time::timeout(limit, self.tracker.wait())
            .await
            .is_ok()
    }
}

/// What a panic said.
pub(crate) fn panic_text(panic: &(dyn std::any::Any + Send)) -> &str {
    panic
        .downcast_ref::<&str>()
        .copied()
        .or_else(|| panic.downcast_ref::<String>().map(String::as_str))
        .unwrap_or("no message")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_panic_in_a_vital_task_stops_the_host_and_is_named() {
        let tasks = Tasks::new();
        tasks.spawn_contained("guest", async { panic!("harmless") });
        tasks.spawn("drive", async { panic!("out of cheese") });
        tasks.stop().cancelled().await;
        assert!(tasks.finish(Duration::from_secs(5)).await);
        assert_eq!(
            tasks.failure(),
            Some("task `drive` panicked: out of cheese")
        );
    }
}
