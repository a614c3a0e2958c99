//! Secrets as folders, one each, in the layout of mounted Kubernetes Secrets.

use std::fs;
use std::io::{self, Read as _};
use std::path::Path;

use fleet_core::secret::Entries;

use crate::Error;

/// All files of one folder.
pub(crate) fn read(folder: &Path, name: &str) -> Result<Entries, Error> {
    let unreadable = |what: &str, error: &io::Error| Error::Unreadable {
        what: what.to_owned(),
        why: error.to_string(),
    };
    let found = match fs::read_dir(folder) {
        Ok(found) => found,
        Err(error) if is_missing(&error) => {
            return Err(Error::Missing {
                place: String::new(),
            });
        }
        Err(error) => return Err(unreadable("its folder", &error)),
    };
    let too_large = Error::TooLarge {
        what: "its files together are",
        limit: Entries::MAX_BYTES,
    };
    let mut entries = Vec::new();
    let mut room = Entries::MAX_BYTES;
    for entry in found {
        let path = entry
            .map_err(|error| unreadable("its folder", &error))?
            .path();
        let file = path.file_name().unwrap_or_default().to_string_lossy();
        // Kubernetes keeps the files themselves in folders beside, and links to them.
        if file.starts_with("..") || !path.is_file() {
            continue;
        }
        let value = match bounded(&path, room) {
            Ok(Some(value)) => value,
            Ok(None) => return Err(too_large),
            // Rotated meanwhile: it is no part of the secret any more.
            Err(error) if is_missing(&error) => continue,
            Err(error) => return Err(unreadable(&format!("`{file}`"), &error)),
        };
        room -= value.len();
        entries.push((file.into_owned(), value));
    }
    Ok(Entries::new(name, entries))
}

/// The content of a file; none if it has more than `max_bytes`.
fn bounded(path: &Path, max_bytes: usize) -> io::Result<Option<Vec<u8>>> {
    let mut value = Vec::new();
    let limit = u64::try_from(max_bytes).unwrap_or(u64::MAX);
    let file = fs::File::open(path)?;
    file.take(limit.saturating_add(1)).read_to_end(&mut value)?;
    Ok(Some(value).filter(|value| value.len() <= max_bytes))
}

fn is_missing(error: &io::Error) -> bool {
    matches!(
        error.kind(),
        io::ErrorKind::NotFound | io::ErrorKind::NotADirectory
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mounted_secret_is_read_by_file() {
        let dir = tempfile::tempdir().unwrap();
        let write = |file: &str, value: &[u8]| {
            let path = dir.path().join(file);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, value).unwrap();
        };
        write("username", b"me\n");
        write("..data/username", b"the file itself");
        write("folder/file", b"no entry");
        let entries = read(dir.path(), "git").unwrap();
        assert_eq!(entries, Entries::new("git", [("username", "me\n")]));
        write("more", &vec![b'x'; Entries::MAX_BYTES - 3]);
        read(dir.path(), "git").unwrap();
        write("most", b"x");
        let error = read(dir.path(), "git").unwrap_err();
        assert_eq!(
            error.to_string(),
            "its files together are larger than 1024 KiB"
        );
    }
}
