//! Packed charts (`.tgz`): taken apart in memory, within limits.

use std::io::Read;

use flate2::read::MultiGzDecoder;
use tar::EntryType;

use crate::gopath;
use crate::limits::{Budget, MAX_FILE_BYTES};

/// One file of a chart: its path relative to the chart, and its content.
pub(crate) type Unpacked = (String, Vec<u8>);

/// Takes a packed chart apart.
///
/// # Errors
/// In Helm's words, if it is no packed chart, if a path leads outside, or if it is too large.
pub(crate) fn unpack(packed: &[u8], budget: &mut Budget) -> Result<Vec<Unpacked>, String> {
    if !packed.starts_with(&[0x1f, 0x8b]) {
        return Err("gzip: invalid header".to_owned());
    }
    // Headers, padding and what is skipped count too, so that no archive inflates without end.
    let plain = MultiGzDecoder::new(packed).take(budget.bytes_left().saturating_mul(2));
    let mut archive = tar::Archive::new(plain);
    let mut files = Vec::new();
    for entry in archive.entries().map_err(|error| error.to_string())? {
        let mut entry = entry.map_err(|error| error.to_string())?;
        let kind = entry.header().entry_type();
        let raw = entry.path_bytes().into_owned();
        let raw = String::from_utf8_lossy(&raw).into_owned();
        if kind == EntryType::Directory
            || kind == EntryType::XGlobalHeader
            || kind == EntryType::XHeader
            || raw.ends_with('/')
        {
            continue;
        }
        let name = inner_path(&raw)?;
        let size = entry.size();
        if size > MAX_FILE_BYTES {
            return Err(format!(
                "decompressed chart file {raw:?} is larger than the maximum file size {MAX_FILE_BYTES}"
            ));
        }
        budget.take(size)?;
        let mut content = Vec::new();
        if matches!(kind, EntryType::Regular | EntryType::Continuous) {
            entry
                .read_to_end(&mut content)
                .map_err(|error| error.to_string())?;
        }
        files.push((name, without_bom(content)));
    }
    if files.is_empty() {
        return Err("no files in chart archive".to_owned());
    }
    Ok(files)
}

/// The path inside the chart: without the first element, which is the chart's folder.
fn inner_path(raw: &str) -> Result<String, String> {
    // Archives made on Windows may have backslashes.
    let delimiter = if raw.contains('\\') { '\\' } else { '/' };
    let (first, rest) = raw.split_once(delimiter).unwrap_or((raw, ""));
    let path = rest.replace(delimiter, "/");
    if path.starts_with('/') {
        return Err("chart illegally contains absolute paths".to_owned());
    }
    let path = gopath::clean(&path);
    if path == "." {
        return Err(format!(
            "chart illegally contains content outside the base directory: {raw:?}"
        ));
    }
    if path.starts_with("..") {
        return Err("chart illegally references parent directory".to_owned());
    }
    let mut chars = path.chars();
    if chars.next().is_some_and(|c| c.is_ascii_alphabetic()) && chars.as_str().starts_with(":/") {
        return Err("chart contains illegally named files".to_owned());
    }
    if first == "Chart.yaml" {
        return Err("chart yaml not in base directory".to_owned());
    }
    Ok(path)
}

/// The content without a byte order mark.
pub(crate) fn without_bom(mut content: Vec<u8>) -> Vec<u8> {
    if content.starts_with(&[0xef, 0xbb, 0xbf]) {
        content.drain(..3);
    }
    content
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    fn pack(files: &[(&str, &[u8])]) -> Vec<u8> {
        let mut archive = tar::Builder::new(Vec::new());
        for (name, content) in files {
            let mut header = tar::Header::new_ustar();
            header.as_mut_bytes()[..name.len()].copy_from_slice(name.as_bytes());
            header.set_size(content.len() as u64);
            header.set_mode(0o644);
            header.set_cksum();
            archive.append(&header, *content).unwrap();
        }
        let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
        packed.write_all(&archive.into_inner().unwrap()).unwrap();
        packed.finish().unwrap()
    }

    fn names(files: &[(&str, &[u8])]) -> Result<Vec<String>, String> {
        let unpacked = unpack(&pack(files), &mut Budget::default())?;
        Ok(unpacked.into_iter().map(|(name, _)| name).collect())
    }

    #[test]
    fn paths_lose_the_folder_of_the_chart() {
        assert_eq!(
            names(&[("c/Chart.yaml", b"x"), ("c\\templates\\a.yaml", b"y")]).unwrap(),
            ["Chart.yaml", "templates/a.yaml"]
        );
    }

    #[test]
    fn paths_that_lead_outside_are_refused() {
        for (path, expected) in [
            ("c/../../etc/passwd", "parent directory"),
            ("c//etc/passwd", "absolute paths"),
            ("Chart.yaml", "outside the base directory"),
            ("Chart.yaml/x", "not in base directory"),
            ("c/C:/x", "illegally named"),
        ] {
            let error = names(&[(path, b"x")]).unwrap_err();
            assert!(error.contains(expected), "{path}: {error}");
        }
    }

    #[test]
    fn bombs_and_noise_are_refused() {
        let large = vec![0; MAX_FILE_BYTES as usize + 1];
        assert!(
            names(&[("c/a", &large)])
                .unwrap_err()
                .contains("maximum file size")
        );
        let file = vec![0; MAX_FILE_BYTES as usize];
        let many: Vec<(&str, &[u8])> = (0..21).map(|_| ("c/a", file.as_slice())).collect();
        assert!(names(&many).unwrap_err().contains("maximum size"));
        for noise in [&b""[..], b"hello", b"\x1f\x8b\x08\0\0\0\0\0\0\0garbage"] {
            assert!(unpack(noise, &mut Budget::default()).is_err());
        }
    }
}
