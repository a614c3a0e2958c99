//! What of a commit or tag object is signed, and what the signature is.

use super::Refusal;
use crate::CommitId;

/// Content and signature of a commit: the signature is a header, and the content is all the rest.
///
/// The header for the other hash algorithm is no part of either, as in Git (`parse_signed_commit`).
pub(super) fn commit(raw: &[u8]) -> Result<(Vec<u8>, Vec<u8>), Refusal> {
    /// Which header a line belongs to.
    #[derive(PartialEq, Eq)]
    enum In {
        Content,
        Signature,
        OtherSignature,
    }
    let mut payload = Vec::with_capacity(raw.len());
    let mut signature = Vec::new();
    let mut place = In::Content;
    let mut rest = raw;
    while !rest.is_empty() {
        let end = rest
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(rest.len(), |at| at + 1);
        let (line, after) = rest.split_at(end);
        if line == b"\n" {
            payload.extend_from_slice(rest);
            break;
        }
        rest = after;
        if let Some(first) = line.strip_prefix(b"gpgsig ") {
            if !signature.is_empty() {
                let why = "there are several of them";
                return Err(Refusal::Unreadable(why.to_owned()));
            }
            signature.extend_from_slice(first);
            place = In::Signature;
        } else if line.starts_with(b"gpgsig-sha256 ") {
            place = In::OtherSignature;
        } else if let (Some(more), true) = (line.strip_prefix(b" "), place != In::Content) {
            if place == In::Signature {
                signature.extend_from_slice(more);
            }
        } else {
            place = In::Content;
            payload.extend_from_slice(line);
        }
    }
    if signature.is_empty() {
        return Err(Refusal::NotSigned);
    }
    Ok((payload, signature))
}

/// Content and signature of a tag: the signature begins at the last line that begins one, as in Git
/// (`parse_signed_buffer`), and ends with the object.
pub(super) fn tag(raw: &[u8]) -> Result<(&[u8], &[u8]), Refusal> {
    const BEGINNINGS: [&[u8]; 4] = [
        b"-----BEGIN SSH SIGNATURE-----",
        b"-----BEGIN PGP SIGNATURE-----",
        b"-----BEGIN PGP MESSAGE-----",
        b"-----BEGIN SIGNED MESSAGE-----",
    ];
    let mut line_starts = raw
        .iter()
        .enumerate()
        .filter(|(_, byte)| **byte == b'\n')
        .map(|(at, _)| at + 1);
    let begin = |at: &usize| BEGINNINGS.iter().any(|text| raw[*at..].starts_with(text));
    let at = line_starts.rfind(begin).ok_or(Refusal::NotSigned)?;
    Ok(raw.split_at(at))
}

/// Checks that a tag object is of this name and names this commit: a signed tag under another name would bring back
/// what was signed long ago.
pub(super) fn names(raw: &[u8], name: &str, commit: CommitId) -> Result<(), Refusal> {
    let head = raw.split(|byte| *byte == b'\n');
    let head: Vec<&[u8]> = head.take_while(|line| !line.is_empty()).collect();
    let only = |key: &[u8]| {
        let mut found = head.iter().filter_map(|line| line.strip_prefix(key));
        match (found.next(), found.next()) {
            (Some(value), None) => Some(value),
            _ => None,
        }
    };
    if only(b"type ") != Some(b"commit") || only(b"object ") != Some(commit.to_string().as_bytes())
    {
        let why = format!("it does not name commit {commit} itself");
        return Err(Refusal::Tag(why));
    }
    match only(b"tag ") {
        Some(own) if own == name.as_bytes() => Ok(()),
        own => {
            let own = String::from_utf8_lossy(own.unwrap_or_default()).into_owned();
            let own: String = own.chars().take(100).collect();
            Err(Refusal::Tag(format!(
                "the tag object itself says that its name is `{}`",
                own.escape_default()
            )))
        }
    }
}
