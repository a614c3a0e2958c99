//! The text form of keys and certificates (RFC 7468).

use crate::functions::encoding::base::{from_base64, to_base64};

/// A block: what it holds by its label, and the bytes.
pub(super) struct Block {
    pub(super) label: String,
    pub(super) bytes: Vec<u8>,
}

/// `pem.EncodeToMemory`: lines of 64 characters.
pub(super) fn encode(label: &str, bytes: &[u8]) -> String {
    let digits = to_base64(bytes);
    let mut out = format!("-----BEGIN {label}-----\n");
    for line in digits.as_bytes().chunks(64) {
        out.extend(line.iter().copied().map(char::from));
        out.push('\n');
    }
    out.push_str(&format!("-----END {label}-----\n"));
    out
}

/// `pem.Decode`: the first block of a text that may hold other things.
pub(super) fn decode(text: &str) -> Option<Block> {
    let mut rest = text;
    loop {
        let start = rest.find("-----BEGIN ")?;
        let begins_line = start == 0 || rest[..start].ends_with('\n');
        rest = &rest[start + "-----BEGIN ".len()..];
        let Some((label, body)) = rest.split_once("-----") else {
            continue;
        };
        if !begins_line || label.contains('\n') {
            continue;
        }
        let end = format!("-----END {label}-----");
        let Some((body, _)) = body.split_once(&end) else {
            continue;
        };
        // Headers end with an empty line.
        let body = match body.split_once("\n\n") {
            Some((headers, body)) if headers.contains(':') => body,
            _ => body,
        };
        let digits: String = body.split_whitespace().collect();
        if let Ok(bytes) = from_base64(digits.as_bytes()) {
            return Some(Block {
                label: label.to_owned(),
                bytes,
            });
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_are_read_back() {
        let text = encode("X KEY", &[1; 100]);
        assert!(text.starts_with("-----BEGIN X KEY-----\nAQEB"));
        let block = decode(&format!("some text\n{text}more")).unwrap();
        assert_eq!((block.label.as_str(), block.bytes), ("X KEY", vec![1; 100]));
        assert!(decode("-----BEGIN X-----\n!\n-----END X-----").is_none());
        assert!(decode("-----BEGIN X-----\nAQEB\n-----END Y-----").is_none());
    }
}
