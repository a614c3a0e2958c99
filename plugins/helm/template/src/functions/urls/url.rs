//! URLs as Go's `net/url` reads and writes them.

use std::net::{Ipv4Addr, Ipv6Addr};

use crate::fmt::{quote, quote_bytes};

/// A URL; parts are decoded where Go decodes them.
#[derive(Default)]
pub(super) struct Url {
    pub(super) scheme: String,
    pub(super) opaque: Vec<u8>,
    pub(super) user: Option<User>,
    pub(super) host: Vec<u8>,
    pub(super) path: Vec<u8>,
    /// The path as it was written, where that is not how it would be written.
    raw_path: Option<Vec<u8>>,
    pub(super) query: Vec<u8>,
    pub(super) fragment: Vec<u8>,
}

/// Name and password.
pub(super) struct User {
    name: Vec<u8>,
    password: Option<Vec<u8>>,
}

impl User {
    /// As it stands in a URL.
    pub(super) fn encoded(&self) -> Vec<u8> {
        let mut out = escape(&self.name, Part::User);
        if let Some(password) = &self.password {
            out.push(b':');
            out.extend(escape(password, Part::User));
        }
        out
    }
}

/// The part of a URL, which decides what must be escaped.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Part {
    Path,
    User,
    Host,
    Zone,
    Fragment,
}

fn must_be_escaped(b: u8, part: Part) -> bool {
    match b {
        b'0'..=b'9' | b'A'..=b'Z' | b'a'..=b'z' | b'-' | b'_' | b'.' | b'~' => false,
        b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';' | b'=' | b':'
        | b'[' | b']' | b'<' | b'>' | b'"'
            if matches!(part, Part::Host | Part::Zone) =>
        {
            false
        }
        b'$' | b'&' | b'+' | b',' | b'/' | b':' | b';' | b'=' | b'?' | b'@' => match part {
            Part::Path => b == b'?',
            Part::User => matches!(b, b'@' | b'/' | b'?' | b':'),
            Part::Fragment => false,
            Part::Host | Part::Zone => true,
        },
        b'!' | b'(' | b')' | b'*' => part != Part::Fragment,
        _ => true,
    }
}

fn escape(text: &[u8], part: Part) -> Vec<u8> {
    let mut out = Vec::with_capacity(text.len());
    for &b in text {
        if must_be_escaped(b, part) {
            out.extend(format!("%{b:02X}").bytes());
        } else {
            out.push(b);
        }
    }
    out
}

fn unescape(text: &[u8], part: Part) -> Result<Vec<u8>, String> {
    let mut out = Vec::with_capacity(text.len());
    let host = matches!(part, Part::Host | Part::Zone);
    let mut rest = text;
    while let [b, after @ ..] = rest {
        if *b != b'%' {
            if host && b.is_ascii() && must_be_escaped(*b, part) {
                let shown = quote_bytes(&[*b]);
                return Err(format!("invalid character {shown} in host name"));
            }
            out.push(*b);
            rest = after;
            continue;
        }
        let shown = &rest[..rest.len().min(3)];
        let wrong = || Err(format!("invalid URL escape {}", quote_bytes(shown)));
        let digit = |i: usize| after.get(i).and_then(|b| char::from(*b).to_digit(16));
        let Some((high, low)) = digit(0).zip(digit(1)) else {
            return wrong();
        };
        let decoded = (high * 16 + low) as u8;
        // In a host only what is not ASCII may be escaped; in the zone of an address also the percent sign.
        let percent = shown == b"%25";
        let refused = match part {
            Part::Host => high < 8 && !percent,
            Part::Zone => !percent && decoded != b' ' && must_be_escaped(decoded, Part::Host),
            _ => false,
        };
        if refused {
            return wrong();
        }
        out.push(decoded);
        rest = &after[2..];
    }
    Ok(out)
}

fn cut(text: &[u8], at: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|&b| b == at) {
        Some(n) => (&text[..n], Some(&text[n + 1..])),
        None => (text, None),
    }
}

impl Url {
    /// `url.Parse`.
    pub(super) fn parse(text: &[u8]) -> Result<Self, String> {
        let error = |url: &[u8], error: String| format!("parse {}: {error}", quote_bytes(url));
        let (before, fragment) = cut(text, b'#');
        let mut url = Self::without_fragment(before).map_err(|e| error(before, e))?;
        if let Some(fragment) = fragment {
            url.fragment = unescape(fragment, Part::Fragment).map_err(|e| error(text, e))?;
        }
        Ok(url)
    }

    fn without_fragment(text: &[u8]) -> Result<Self, String> {
        if text.iter().any(|&b| b < b' ' || b == 0x7f) {
            return Err("net/url: invalid control character in URL".to_owned());
        }
        let mut url = Self::default();
        if text == b"*" {
            url.path = text.to_vec();
            return Ok(url);
        }
        let (scheme, rest) = scheme(text)?;
        url.scheme = scheme.to_ascii_lowercase();
        let (rest, query) = cut(rest, b'?');
        url.query = query.unwrap_or_default().to_vec();
        if !rest.starts_with(b"/") {
            if !url.scheme.is_empty() {
                url.opaque = rest.to_vec();
                return Ok(url);
            }
            if cut(rest, b'/').0.contains(&b':') {
                return Err("first path segment in URL cannot contain colon".to_owned());
            }
        }
        let mut path = rest;
        let has_authority = !url.scheme.is_empty() || !rest.starts_with(b"///");
        if let Some(authority) = rest.strip_prefix(b"//")
            && has_authority
        {
            let end = authority.iter().position(|&b| b == b'/');
            let (authority, after) = authority.split_at(end.unwrap_or(authority.len()));
            path = after;
            url.authority(authority)?;
        }
        url.path = unescape(path, Part::Path)?;
        let as_written =
            |b: &u8| b"!$&'()*+,;=:@[]%".contains(b) || !must_be_escaped(*b, Part::Path);
        if escape(&url.path, Part::Path) != path && path.iter().all(as_written) {
            url.raw_path = Some(path.to_vec());
        }
        Ok(url)
    }

    fn authority(&mut self, authority: &[u8]) -> Result<(), String> {
        let at = authority.iter().rposition(|&b| b == b'@');
        let host = at.map_or(authority, |at| &authority[at + 1..]);
        self.host = host_of(host)?;
        let Some(at) = at else {
            return Ok(());
        };
        let user = &authority[..at];
        let valid = |b: &u8| b.is_ascii_alphanumeric() || b"-._:~!$&'()*+,;=%@".contains(b);
        if !user.iter().all(valid) {
            return Err("net/url: invalid userinfo".to_owned());
        }
        let (name, password) = cut(user, b':');
        self.user = Some(User {
            name: unescape(name, Part::User)?,
            password: password
                .map(|password| unescape(password, Part::User))
                .transpose()?,
        });
        Ok(())
    }

    /// `Hostname`: the host without port and brackets.
    pub(super) fn hostname(&self) -> &[u8] {
        let host = &self.host;
        let host = match host.iter().rposition(|&b| b == b':') {
            Some(colon) if is_port(&host[colon..]) => &host[..colon],
            _ => host,
        };
        match host {
            [b'[', inner @ .., b']'] => inner,
            host => host,
        }
    }

    /// `String`.
    pub(super) fn to_bytes(&self) -> Vec<u8> {
        let mut out = Vec::new();
        if !self.scheme.is_empty() {
            out.extend(self.scheme.bytes());
            out.push(b':');
        }
        if self.opaque.is_empty() {
            self.write_authority_and_path(&mut out);
        } else {
            out.extend(&self.opaque);
        }
        if !self.query.is_empty() {
            out.push(b'?');
            out.extend(&self.query);
        }
        if !self.fragment.is_empty() {
            out.push(b'#');
            out.extend(escape(&self.fragment, Part::Fragment));
        }
        out
    }

    fn write_authority_and_path(&self, out: &mut Vec<u8>) {
        let authority = !self.host.is_empty() || self.user.is_some();
        if authority || !self.scheme.is_empty() {
            if authority || !self.path.is_empty() {
                out.extend(b"//");
            }
            if let Some(user) = &self.user {
                out.extend(user.encoded());
                out.push(b'@');
            }
            out.extend(escape(&self.host, Part::Host));
        }
        let path = match &self.raw_path {
            Some(path) => path.clone(),
            None if self.path == b"*" => self.path.clone(),
            None => escape(&self.path, Part::Path),
        };
        if !path.is_empty() && !path.starts_with(b"/") && !self.host.is_empty() {
            out.push(b'/');
        }
        if out.is_empty() && cut(&path, b'/').0.contains(&b':') {
            out.extend(b"./");
        }
        out.extend(path);
    }
}

fn scheme(text: &[u8]) -> Result<(&str, &[u8]), String> {
    for (n, b) in text.iter().enumerate() {
        match b {
            b'a'..=b'z' | b'A'..=b'Z' => {}
            b'0'..=b'9' | b'+' | b'-' | b'.' if n > 0 => {}
            b':' if n == 0 => return Err("missing protocol scheme".to_owned()),
            b':' => {
                // All bytes so far are ASCII.
                let scheme = std::str::from_utf8(&text[..n]).unwrap_or_default();
                return Ok((scheme, &text[n + 1..]));
            }
            _ => break,
        }
    }
    Ok(("", text))
}

/// Nothing, or a colon and digits.
fn is_port(text: &[u8]) -> bool {
    match text {
        [] => true,
        [b':', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        _ => false,
    }
}

fn host_of(host: &[u8]) -> Result<Vec<u8>, String> {
    let invalid_port = |port: &[u8]| Err(format!("invalid port {} after host", quote_bytes(port)));
    let open = host.iter().rposition(|&b| b == b'[');
    if open.is_some_and(|open| open > 0) {
        return Err("invalid IP-literal".to_owned());
    }
    if open.is_none() {
        if let Some(colon) = host.iter().rposition(|&b| b == b':')
            && !is_port(&host[colon..])
        {
            return invalid_port(&host[colon..]);
        }
        return unescape(host, Part::Host);
    }
    let Some(close) = host.iter().rposition(|&b| b == b']') else {
        return Err("missing ']' in host".to_owned());
    };
    let port = &host[close + 1..];
    if !is_port(port) {
        return invalid_port(port);
    }
    let literal = &host[1..close];
    let zone = literal.windows(3).position(|window| window == b"%25");
    let (address, zone) = literal.split_at(zone.unwrap_or(literal.len()));
    let mut address = unescape(address, Part::Host)?;
    address.extend(unescape(zone, Part::Zone)?);
    check_ip_literal(&String::from_utf8_lossy(&address))?;
    Ok([b"[", address.as_slice(), b"]", port].concat())
}

/// `netip.ParseAddr`, with an IPv4 address refused.
fn check_ip_literal(text: &str) -> Result<(), String> {
    let wrong = |what: &str| Err(format!("invalid host: ParseAddr({}): {what}", quote(text)));
    if text.parse::<Ipv4Addr>().is_ok() {
        return Err("invalid IP-literal".to_owned());
    }
    if !text.contains([':', '.']) {
        return wrong("unable to parse IP");
    }
    let (address, zone) = match text.split_once('%') {
        Some((address, zone)) => (address, Some(zone)),
        None => (text, None),
    };
    if zone == Some("") {
        return wrong("zone must be a non-empty string");
    }
    match address.parse::<Ipv6Addr>() {
        Ok(_) => Ok(()),
        Err(_) => wrong("unable to parse IP"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urls_are_written_back() {
        for (text, expected) in [
            ("http://u:p@h:80/p%20q?a=b#f", "http://u:p@h:80/p%20q?a=b#f"),
            ("http://h/a%2Fb", "http://h/a%2Fb"),
            ("HTTP://H/ä", "http://H/%C3%A4"),
            ("mailto:x@y", "mailto:x@y"),
            ("//h/p", "//h/p"),
            ("a/b:c", "a/b:c"),
            ("http://[::1%25eth0]:80/", "http://[::1%25eth0]:80/"),
            ("*", "*"),
        ] {
            let url = Url::parse(text.as_bytes()).unwrap();
            assert_eq!(String::from_utf8_lossy(&url.to_bytes()), expected);
        }
    }

    #[test]
    fn wrong_urls_are_refused_in_gos_words() {
        for (text, expected) in [
            ("http://[::1", "parse \"http://[::1\": missing ']' in host"),
            (
                "http://h:x/",
                "parse \"http://h:x/\": invalid port \":x\" after host",
            ),
            (":x", "parse \":x\": missing protocol scheme"),
            (
                "1:x",
                "parse \"1:x\": first path segment in URL cannot contain colon",
            ),
            ("/%zz", "parse \"/%zz\": invalid URL escape \"%zz\""),
            (
                "http://a b/",
                "parse \"http://a b/\": invalid character \" \" in host name",
            ),
            (
                "http://%41/",
                "parse \"http://%41/\": invalid URL escape \"%41\"",
            ),
            (
                "http://u^@h/",
                "parse \"http://u^@h/\": net/url: invalid userinfo",
            ),
            (
                "a\n",
                "parse \"a\\n\": net/url: invalid control character in URL",
            ),
        ] {
            assert_eq!(Url::parse(text.as_bytes()).err().as_deref(), Some(expected));
        }
    }
}
