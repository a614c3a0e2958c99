//! Follows the Secrets of a namespace: what changes there counts at once.

use std::sync::Arc;
use std::time::Duration;

use fleet_secrets::{Namespace, Told};

use crate::metrics::Metrics;
use crate::random;
use crate::tasks::Tasks;
use crate::watch::Watcher;

/// How long repositories wait at a start until the Secrets have been read.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// Watches the Secrets until the host stops, and wakes the GitRepos that name one that has changed.
pub(crate) async fn follow(
    namespace: Arc<Namespace>,
    watcher: Watcher,
    metrics: Arc<Metrics>,
    tasks: Tasks,
) {
    let tell = |told| {
        match told {
            Told::Changed(names) => watcher.secrets_changed(names),
            Told::Away => {
                metrics.secrets_failures.inc();
                metrics.secrets_away.set(1);
            }
            Told::Back => {
                metrics.secrets_away.set(0);
            }
        }
        let n_held = namespace.n_held();
        metrics
            .secrets
            .set(i64::try_from(n_held).unwrap_or(i64::MAX));
    };
    let stop = tasks.stop().clone();
    namespace.watch(stop, tell, random::unit).await;
}
