//! Who an agent is: a certificate authority of the host's own, registration tokens, and the register of known keys.
//!
//! | what | where | life |
//! |---|---|---|
//! | certificate authority | `identity/ca.crt`, `identity/ca.key` (0600) in the data directory | 10 years |
//! | server certificate | memory, made at each start and renewed | 30 days |
//! | client certificate | the agent's disk; `spiffe://<trust domain>/cluster/<name>` | 24 hours, renewed at two thirds |
//! | registration token | only its hash, in the store | as asked for, at most 30 days; used once |
//! | key of a cluster | its digest, in the store | until the cluster is deleted or joins with another key |
//!
//! A certificate alone lets nobody in: each request is checked against the [`registry`], so a cluster that was
//! deleted is out at once, also if another of the same name comes after it.

pub mod authority;
pub mod registry;
pub mod token;

mod peer;

use std::fs;
use std::io::{self, Write as _};
use std::path::Path;

pub use peer::Peer;

use fleet_core::secret::Secret;

/// The host's secret for deterministic randomness in renders; made when it is first asked for.
///
/// # Errors
/// If the file cannot be read or written, or does not hold 32 bytes.
pub fn entropy_secret(folder: &Path) -> io::Result<Secret<[u8; 32]>> {
    let path = folder.join("entropy.key");
    let bytes = match fs::read(&path) {
        Ok(bytes) => bytes,
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let fresh = crate::random::bytes::<32>().to_vec();
            write_private(&path, &fresh)?;
            fresh
        }
        Err(error) => return Err(error),
    };
    let secret: [u8; 32] = bytes
        .try_into()
        .map_err(|_| io::Error::other("it does not hold exactly 32 bytes"))?;
    Ok(Secret::new(secret))
}

/// Writes a file that only its owner may read, whole or not at all.
fn write_private(path: &Path, content: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Temporary files are made with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(content)?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Another secret after a restart would change every password that a chart has made.
    #[test]
    fn the_secret_of_renders_stays_and_is_private() {
        let dir = tempfile::tempdir().unwrap();
        let folder = dir.path().join("identity");
        let first = entropy_secret(&folder).unwrap();
        assert_eq!(*first.reveal(), *entropy_secret(&folder).unwrap().reveal());
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            let mode = fs::metadata(folder.join("entropy.key"))
                .unwrap()
                .permissions()
                .mode();
            assert_eq!(mode & 0o777, 0o600);
        }
        fs::write(folder.join("entropy.key"), "short").unwrap();
        assert!(entropy_secret(&folder).is_err());
    }
}
