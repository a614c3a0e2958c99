//! Archives (`.tgz`), taken apart in memory and within limits: nothing of them is ever written to a disk.

use std::collections::BTreeMap;
use std::io::Read;

use flate2::read::MultiGzDecoder;
use fleet_core::files::{self, MemoryFiles};
use tar::EntryType;

use crate::Limits;

/// How many links one link may lead over.
const MAX_LINKS: usize = 8;

/// Bytes of headers and padding that one entry may have besides its content.
const OVERHEAD: u64 = 4096;

/// The files of an archive, without the folder that they all lie in.
///
/// # Errors
/// If it is no archive, is larger than allowed, or has anything in it that is neither a file, a folder nor a link to one
/// of its own files.
pub(crate) fn unpack(packed: &[u8], limits: &Limits) -> Result<MemoryFiles, String> {
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Err("it is no gzip archive".to_owned());
    }
    let most = limits
        .max_unpacked_bytes
        .saturating_add(OVERHEAD.saturating_mul(limits.max_entries as u64));
    let mut archive = tar::Archive::new(MultiGzDecoder::new(packed).take(most));
    let mut found: BTreeMap<String, Vec<u8>> = BTreeMap::new();
    let mut links: BTreeMap<String, String> = BTreeMap::new();
    let (mut n_entries, mut n_bytes) = (0, 0);
    let broken = |error: std::io::Error| format!("it is damaged: {error}");
    for entry in archive.entries().map_err(broken)? {
        let mut entry = entry.map_err(broken)?;
        n_entries += 1;
        if n_entries > limits.max_entries {
            return Err(format!("it has more than {} entries", limits.max_entries));
        }
        let kind = entry.header().entry_type();
        if kind == EntryType::XGlobalHeader {
            continue;
        }
        let path = checked(&entry.path_bytes(), limits)?;
        match kind {
            EntryType::Directory => {}
            EntryType::Regular | EntryType::Continuous => {
                let size = entry.size();
                if size > limits.max_file_bytes {
                    return Err(format!(
                        "`{path}` is larger than {} bytes",
                        limits.max_file_bytes
                    ));
                }
                n_bytes += size;
                if n_bytes > limits.max_unpacked_bytes {
                    return Err(format!(
                        "it holds more than {} bytes",
                        limits.max_unpacked_bytes
                    ));
                }
                let mut content = Vec::new();
                entry.read_to_end(&mut content).map_err(broken)?;
                links.remove(&path);
                found.insert(path, content);
            }
            EntryType::Symlink | EntryType::Link => {
                let target = entry.link_name_bytes().unwrap_or_default();
                let target = std::str::from_utf8(&target)
                    .map_err(|_| format!("the link `{path}` is not UTF-8"))?;
                let base = match kind {
                    EntryType::Symlink => path.rsplit_once('/').map_or("", |(folder, _)| folder),
                    _ => "",
                };
                let outside = || format!("the link `{path}` leads out of the archive");
                if target.starts_with('/') {
                    return Err(outside());
                }
                let target = files::join(base, target).map_err(|_| outside())?;
                found.remove(&path);
                links.insert(path, target);
            }
            _ => return Err(format!("`{path}` is neither a file nor a folder")),
        }
    }
    let mut files = MemoryFiles::new();
    for link in links.keys() {
        let content = follow(link, &found, &links)?;
        n_bytes += content.len() as u64;
        if n_bytes > limits.max_unpacked_bytes {
            return Err(format!(
                "it holds more than {} bytes",
                limits.max_unpacked_bytes
            ));
        }
        files.insert(inner(link)?, content.clone());
    }
    for (path, content) in found {
        files.insert(inner(&path)?, content);
    }
    if files.iter().next().is_none() {
        return Err("it holds no files".to_owned());
    }
    Ok(files)
}

/// The file that a link leads to.
fn follow<'f>(
    link: &str,
    found: &'f BTreeMap<String, Vec<u8>>,
    links: &BTreeMap<String, String>,
) -> Result<&'f Vec<u8>, String> {
    let mut at = link;
    for _ in 0..MAX_LINKS {
        if let Some(content) = found.get(at) {
            return Ok(content);
        }
        match links.get(at) {
            Some(next) => at = next,
            None => break,
        }
    }
    Err(format!("the link `{link}` leads to no file of the archive"))
}

/// A path that stays inside.
fn checked(raw: &[u8], limits: &Limits) -> Result<String, String> {
    let lossy = || {
        String::from_utf8_lossy(raw)
            .escape_default()
            .take(200)
            .collect::<String>()
    };
    let text =
        std::str::from_utf8(raw).map_err(|_| format!("the name `{}` is not UTF-8", lossy()))?;
    if text.starts_with('/') || text.contains('\\') || text.chars().any(char::is_control) {
        return Err(format!(
            "the name `{}` is absolute, or has characters that are refused",
            lossy()
        ));
    }
    if text.split('/').any(|part| part == "..") {
        return Err(format!("the name `{}` leads out of the archive", lossy()));
    }
    let path = files::join("", text).map_err(|_| format!("the name `{}` is refused", lossy()))?;
    if path.split('/').count() > limits.max_depth {
        return Err(format!(
            "`{}` lies deeper than {} folders",
            lossy(),
            limits.max_depth
        ));
    }
    Ok(path)
}

/// The path without its first part.
fn inner(path: &str) -> Result<&str, String> {
    match path.split_once('/') {
        Some((_, inner)) => Ok(inner),
        None => Err(format!("`{path}` does not lie in a folder")),
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use std::io::Write as _;

    use fleet_core::files::Files as _;

    use super::*;

    /// Raw headers, so that names can be what `tar` itself would refuse to write.
    pub(crate) fn pack(entries: &[(EntryType, &str, &[u8])]) -> Vec<u8> {
        let mut plain = Vec::new();
        for (kind, name, content) in entries {
            let mut header = tar::Header::new_gnu();
            let is_link = matches!(kind, EntryType::Symlink | EntryType::Link);
            header.as_gnu_mut().unwrap().name[..name.len()].copy_from_slice(name.as_bytes());
            header.set_entry_type(*kind);
            header.set_mode(0o644);
            if is_link {
                header.as_gnu_mut().unwrap().linkname[..content.len()].copy_from_slice(content);
            }
            let content: &[u8] = if is_link { &[] } else { content };
            header.set_size(content.len() as u64);
            header.set_cksum();
            plain.extend_from_slice(header.as_bytes());
            plain.extend_from_slice(content);
            plain.resize(plain.len().next_multiple_of(512), 0);
        }
        plain.extend([0; 1024]);
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        gzip.write_all(&plain).unwrap();
        gzip.finish().unwrap()
    }

    fn limits() -> Limits {
        Limits {
            max_unpacked_bytes: 10_000,
            max_file_bytes: 5_000,
            max_entries: 20,
            max_depth: 4,
            ..Limits::default()
        }
    }

    const FILE: EntryType = EntryType::Regular;

    #[test]
    fn files_and_links_to_them_are_there() {
        let packed = pack(&[
            (EntryType::Directory, "web/", b""),
            (FILE, "web/Chart.yaml", b"name: web"),
            (FILE, "web/files/a", b"a"),
            (EntryType::Symlink, "web/b", b"files/a"),
            (EntryType::Symlink, "web/files/c", b"../b"),
            (EntryType::Link, "web/d", b"web/files/a"),
        ]);
        let files = unpack(&packed, &limits()).unwrap();
        assert_eq!(files.read_text("Chart.yaml").unwrap(), "name: web");
        for name in ["b", "files/c", "d"] {
            assert_eq!(files.read(name).unwrap(), b"a", "{name}");
        }
    }

    #[test]
    fn hostile_archives_are_refused_with_the_reason() {
        let zeros = vec![0; 6_000];
        let half = vec![0; 4_000];
        let many: Vec<String> = (0..30).map(|n| format!("web/{n}")).collect();
        let many: Vec<(EntryType, &str, &[u8])> = many
            .iter()
            .map(|name| (FILE, name.as_str(), &b""[..]))
            .collect();
        let check = |packed: &[u8], expected: &str| {
            let why = unpack(packed, &limits()).unwrap_err();
            assert!(why.contains(expected), "{why} instead of {expected}");
        };
        check(b"PK\x03\x04", "no gzip");
        check(&pack(&[]), "no files");
        check(&pack(&[(FILE, "web/../../x", b"")]), "out of the archive");
        check(&pack(&[(FILE, "/etc/passwd", b"")]), "absolute");
        check(&pack(&[(FILE, "web\\..\\x", b"")]), "refused");
        check(&pack(&[(FILE, "Chart.yaml", b"")]), "not lie in a folder");
        check(
            &pack(&[(EntryType::Symlink, "web/x", b"/etc/passwd")]),
            "out of the archive",
        );
        check(
            &pack(&[(EntryType::Symlink, "web/x", b"../../x")]),
            "out of the archive",
        );
        check(
            &pack(&[(EntryType::Symlink, "web/x", b"y")]),
            "leads to no file",
        );
        check(
            &pack(&[(EntryType::Symlink, "web/x", b"x")]),
            "leads to no file",
        );
        check(&pack(&[(EntryType::Char, "web/x", b"")]), "neither a file");
        check(&pack(&[(EntryType::Fifo, "web/x", b"")]), "neither a file");
        check(&pack(&[(FILE, "web/x", &zeros)]), "larger than 5000");
        check(
            &pack(&[
                (FILE, "web/x", &half),
                (FILE, "web/y", &half),
                (FILE, "web/z", &half),
            ]),
            "more than 10000",
        );
        check(
            &pack(&[
                (FILE, "w/x", &half),
                (EntryType::Link, "w/y", b"w/x"),
                (EntryType::Link, "w/z", b"w/x"),
            ]),
            "more than 10000",
        );
        check(&pack(&[(FILE, "web/a/b/c/d", b"")]), "deeper");
        check(&pack(&many), "more than 20 entries");
        let whole = pack(&[(FILE, "web/x", b"content")]);
        check(&whole[..whole.len() / 2], "damaged");
    }

    /// 64 MiB of zeros in 64 KiB: what counts is what comes out.
    #[test]
    fn a_bomb_ends_at_its_limit() {
        let zeros = vec![0; 64 << 20];
        let mut gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        gzip.write_all(&zeros).unwrap();
        assert!(unpack(&gzip.finish().unwrap(), &limits()).is_err());
    }
}
