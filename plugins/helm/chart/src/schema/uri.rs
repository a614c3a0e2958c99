//! References between schemas: resolved as RFC 3986 has it.

/// Splits a reference at its `#`; the fragment is percent-decoded.
pub(super) fn split_fragment(reference: &str) -> Option<(&str, String)> {
    let (url, fragment) = reference.split_once('#').unwrap_or((reference, ""));
    Some((url, percent_decode(fragment)?))
}

/// Decodes `%XX`; `None` if what follows a `%` is no number, or the result is no UTF-8.
pub(super) fn percent_decode(text: &str) -> Option<String> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => {
                let mut digit = || char::from(rest.next()?).to_digit(16);
                let (high, low) = (digit()?, digit()?);
                u8::try_from(high * 16 + low).ok()?
            }
            byte => byte,
        });
    }
    String::from_utf8(bytes).ok()
}

struct Parts<'u> {
    scheme: Option<&'u str>,
    authority: Option<&'u str>,
    path: &'u str,
    query: Option<&'u str>,
}

/// The scheme of a URL, if it has one.
pub(super) fn scheme(url: &str) -> Option<&str> {
    let (scheme, _) = url.split_once(':')?;
    let mut chars = scheme.chars();
    let legal = chars.next().is_some_and(|c| c.is_ascii_alphabetic())
        && chars.all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    legal.then_some(scheme)
}

fn parts(url: &str) -> Parts<'_> {
    let scheme = scheme(url);
    let rest = scheme.map_or(url, |scheme| &url[scheme.len() + 1..]);
    let (rest, query) = match rest.split_once('?') {
        Some((rest, query)) => (rest, Some(query)),
        None => (rest, None),
    };
    let (authority, path) = match rest.strip_prefix("//") {
        Some(rest) => {
            let end = rest.find('/').unwrap_or(rest.len());
            (Some(&rest[..end]), &rest[end..])
        }
        None => (None, rest),
    };
    Parts {
        scheme,
        authority,
        path,
        query,
    }
}

/// The absolute URL that `reference` (without fragment) means where `base` is the base.
pub(super) fn resolve(base: &str, reference: &str) -> String {
    let to = parts(reference);
    if to.scheme.is_some() {
        return reference.to_owned();
    }
    let from = parts(base);
    if reference.is_empty() {
        return base.to_owned();
    }
    let mut url = String::new();
    if let Some(scheme) = from.scheme {
        url.push_str(scheme);
        url.push(':');
    }
    let (authority, path, query) = match (to.authority, to.path) {
        (Some(authority), path) => (Some(authority), without_dots(path), to.query),
        (None, "") => (
            from.authority,
            from.path.to_owned(),
            to.query.or(from.query),
        ),
        (None, path) if path.starts_with('/') => (from.authority, without_dots(path), to.query),
        (None, path) => {
            let folder = from.path.rfind('/').map_or("", |end| &from.path[..=end]);
            (
                from.authority,
                without_dots(&format!("{folder}{path}")),
                to.query,
            )
        }
    };
    if let Some(authority) = authority {
        url.push_str("//");
        url.push_str(authority);
        if !path.is_empty() && !path.starts_with('/') {
            url.push('/');
        }
    }
    url.push_str(&path);
    if let Some(query) = query {
        url.push('?');
        url.push_str(query);
    }
    url
}

fn without_dots(path: &str) -> String {
    let mut kept: Vec<&str> = Vec::new();
    let mut parts = path.split('/').peekable();
    while let Some(part) = parts.next() {
        let is_last = parts.peek().is_none();
        match part {
            "." if is_last => kept.push(""),
            "." => {}
            ".." => {
                // The first part of an absolute path is the empty one before its slash.
                if kept.len() > usize::from(path.starts_with('/')) {
                    kept.pop();
                }
                if is_last {
                    kept.push("");
                }
            }
            part => kept.push(part),
        }
    }
    kept.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_resolved() {
        let base = "https://example.com/a/b.json?q";
        for (reference, expected) in [
            ("c.json", "https://example.com/a/c.json"),
            ("../c.json", "https://example.com/c.json"),
            ("/x/./y/../z", "https://example.com/x/z"),
            ("//other/x", "https://other/x"),
            ("urn:a:b", "urn:a:b"),
            ("", base),
            ("?r", "https://example.com/a/b.json?r"),
        ] {
            assert_eq!(resolve(base, reference), expected, "{reference}");
        }
        assert_eq!(
            resolve("file:///values.schema.json", "schemas/x.json"),
            "file:///schemas/x.json"
        );
    }

    #[test]
    fn fragments_are_decoded() {
        assert_eq!(split_fragment("a#/b%20c"), Some(("a", "/b c".to_owned())));
        assert_eq!(split_fragment("a#%zz"), None);
    }
}
