//! What a host does from time to time: it removes what is over, and renews its certificate.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::{Duration, Instant};

use fleet_artifact::Remotes;
use fleet_core::digest::Digest;
use fleet_core::error::chain;
use fleet_host_plan::fleet::Fleet;
use fleet_store::Store;
use tracing::{info, warn};

use crate::bundles;
use crate::clock;
use crate::drive::Handle;
use crate::identity::authority::{Authority, SERVER_LIFE, ServerKey};
use crate::identity::registry::Registry;
use crate::identity::token;
use crate::tasks::Tasks;

/// How often bundles, tokens and keys are looked through for what is over.
const SWEEP: Duration = Duration::from_secs(600);

/// Removes what is over, and renews the server certificate.
pub(super) struct Sweeper {
    pub(super) store: Arc<dyn Store>,
    pub(super) registry: Registry,
    pub(super) bundles: bundles::Shared,
    pub(super) authority: Arc<Authority>,
    pub(super) server_key: Arc<ServerKey>,
    pub(super) remotes: Arc<Remotes>,
    pub(super) handle: Handle,
}

impl Sweeper {
    pub(super) async fn run(self, tasks: Tasks) {
        let sweeper = Arc::new(self);
        let mut renewed = clock::now();
        loop {
            tokio::select! {
                () = tasks.stop().cancelled() => return,
                () = tokio::time::sleep(SWEEP) => {}
            }
            let look = |fleet: &Fleet, _| {
                let (repos, _) = fleet.resources();
                let metadata = repos.into_iter().map(|repo| &repo.metadata);
                let repos =
                    metadata.map(|metadata| format!("{}/{}", metadata.namespace, metadata.name));
                (fleet.bundles_in_use(), repos.collect::<Vec<_>>())
            };
            let Ok((in_use, repos)) = sweeper.handle.ask(look).await else {
                return;
            };
            let renew = clock::now().saturating_sub(renewed) > SERVER_LIFE / 4;
            let work = sweeper.clone();
            let sweep = move || {
                work.sweep(&in_use, renew);
                work.remotes.retain(&repos);
            };
            let swept = tokio::task::spawn_blocking(sweep).await;
            if let Err(error) = swept {
                warn!(%error, "could not sweep");
            } else if renew {
                renewed = clock::now();
            }
        }
    }

    fn sweep(&self, in_use: &BTreeSet<Digest>, renew: bool) {
        let now = clock::now();
        let over = token::removals(&*self.store, now, None).map(|mut writes| {
            writes.extend(self.registry.sweep(now));
            writes
        });
        match over.map(|writes| self.store.commit(&writes)) {
            Ok(Ok(_)) => {}
            Ok(Err(error)) => warn!(error = chain(&error), "could not remove what is over"),
            Err(error) => warn!(error = chain(&error), "could not find what is over"),
        }
        match self.bundles.collect(in_use, Instant::now()) {
            Ok(0) => {}
            Ok(n_removed) => info!(n_removed, "bundles removed that nothing names any more"),
            Err(error) => warn!(error = chain(&error), "could not remove bundles"),
        }
        if renew && let Err(error) = self.server_key.renew(&self.authority, now) {
            warn!(
                error = chain(&error),
                "could not renew the server certificate"
            );
        }
    }
}
