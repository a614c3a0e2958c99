//! The formats that drafts before 2019-09 assert.

use fleet_template::functions::regex::Regex;

use super::uri;

/// Whether a text has a format; formats that nobody knows are had by every text.
pub(super) fn check(format: &str, text: &str) -> Result<(), String> {
    match format {
        "regex" => Regex::new(text).map(|_| ()),
        "json-pointer" => json_pointer(text),
        "relative-json-pointer" => relative_json_pointer(text),
        "uuid" => uuid(text),
        "duration" => duration(text),
        "period" => period(text),
        "ipv4" => ipv4(text),
        "ipv6" => ipv6(text),
        "hostname" => hostname(text),
        "email" => email(text),
        "date" => date(text),
        "time" => time(text),
        "date-time" => date_time(text),
        "uri" | "iri" => {
            url(text)?;
            yes(uri::scheme(text).is_some(), "relative url")
        }
        "uri-reference" | "iri-reference" => {
            yes(!text.contains('\\'), "contains \\")?;
            url(text)
        }
        "uri-template" => uri_template(text),
        "semver" => semver(text),
        _ => Ok(()),
    }
}

fn yes(fact: bool, otherwise: &str) -> Result<(), String> {
    if fact {
        Ok(())
    } else {
        Err(otherwise.to_owned())
    }
}

fn json_pointer(text: &str) -> Result<(), String> {
    if text.is_empty() {
        return Ok(());
    }
    yes(text.starts_with('/'), "not starting with /")?;
    let mut escapes = text.split('~').skip(1);
    yes(
        escapes.all(|rest| rest.starts_with(['0', '1'])),
        "~ must be followed by 0 or 1",
    )
}

fn relative_json_pointer(text: &str) -> Result<(), String> {
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let n_digits = text.len() - rest.len();
    yes(n_digits > 0, "must start with non-negative integer")?;
    yes(n_digits == 1 || !text.starts_with('0'), "starts with zero")?;
    if rest == "#" {
        Ok(())
    } else {
        json_pointer(rest)
    }
}

fn uuid(text: &str) -> Result<(), String> {
    let groups: Vec<_> = text.split('-').collect();
    yes(groups.len() == 5, "must have 5 elements")?;
    for (n, (group, length)) in groups.iter().zip([8, 4, 4, 4, 12]).enumerate() {
        yes(
            group.len() == length,
            &format!("element {} must be {length} characters long", n + 1),
        )?;
        if let Some(c) = group.chars().find(|c| !c.is_ascii_hexdigit()) {
            return Err(format!("non-hex character {c:?}"));
        }
    }
    Ok(())
}

fn duration(text: &str) -> Result<(), String> {
    let rest = text.strip_prefix('P').ok_or("must start with P")?;
    yes(!rest.is_empty(), "nothing after P")?;
    if let Some(weeks) = rest.strip_suffix('W') {
        yes(!weeks.is_empty(), "no number in week")?;
        return yes(weeks.bytes().all(|b| b.is_ascii_digit()), "invalid week");
    }
    for (n, part) in rest.split('T').enumerate() {
        let mut units = match n {
            0 => "YMD",
            1 => "HMS",
            _ => return Err("more than one T".to_owned()),
        };
        yes(n == 0 || !part.is_empty(), "no time elements")?;
        let mut part = part;
        while !part.is_empty() {
            let after = part.trim_start_matches(|c: char| c.is_ascii_digit());
            yes(after.len() < part.len(), "missing number")?;
            let unit = after.chars().next().ok_or("missing unit")?;
            let place = units
                .find(unit)
                .ok_or_else(|| format!("invalid unit {unit:?}"))?;
            units = &units[place + 1..];
            part = &after[unit.len_utf8()..];
        }
    }
    Ok(())
}

fn period(text: &str) -> Result<(), String> {
    let (start, end) = text.split_once('/').ok_or("missing slash")?;
    if start.starts_with('P') {
        duration(start).map_err(|why| format!("invalid start duration: {why}"))?;
        return date_time(end).map_err(|why| format!("invalid end date-time: {why}"));
    }
    date_time(start).map_err(|why| format!("invalid start date-time: {why}"))?;
    if end.starts_with('P') {
        duration(end).map_err(|why| format!("invalid end duration: {why}"))
    } else {
        date_time(end).map_err(|why| format!("invalid end date-time: {why}"))
    }
}

fn ipv4(text: &str) -> Result<(), String> {
    let groups: Vec<_> = text.split('.').collect();
    yes(groups.len() == 4, "expected four decimals")?;
    for group in groups {
        yes(group.len() <= 1 || !group.starts_with('0'), "leading zeros")?;
        let digits = !group.is_empty() && group.bytes().all(|b| b.is_ascii_digit());
        yes(
            digits,
            &format!("strconv.Atoi: parsing {group:?}: invalid syntax"),
        )?;
        yes(
            group.parse::<u8>().is_ok(),
            "decimal must be between 0 and 255",
        )?;
    }
    Ok(())
}

fn ipv6(text: &str) -> Result<(), String> {
    yes(text.contains(':'), "missing colon")?;
    yes(!text.contains('%'), "zone id is not a part of ipv6 address")?;
    let parsed = text.parse::<std::net::Ipv6Addr>();
    parsed
        .map(|_| ())
        .map_err(|_| format!("ParseAddr({text:?}): unable to parse IP"))
}

fn hostname(text: &str) -> Result<(), String> {
    let text = text.strip_suffix('.').unwrap_or(text);
    yes(text.len() <= 253, "more than 253 characters long")?;
    for label in text.split('.') {
        yes(
            (1..=63).contains(&label.len()),
            "label must be 1 to 63 characters long",
        )?;
        yes(!label.starts_with('-'), "label starts with hyphen")?;
        yes(!label.ends_with('-'), "label ends with hyphen")?;
        let legal = |c: &char| c.is_ascii_alphanumeric() || *c == '-';
        if let Some(c) = label.chars().find(|c| !legal(c)) {
            return Err(format!("invalid character {c:?}"));
        }
    }
    Ok(())
}

fn email(text: &str) -> Result<(), String> {
    yes(text.len() <= 254, "more than 255 characters long")?;
    let (local, domain) = text.rsplit_once('@').ok_or("missing @")?;
    yes(local.len() <= 64, "local part more than 64 characters long")?;
    if local.len() > 1 && local.starts_with('"') && local.ends_with('"') {
        yes(
            !local[1..local.len() - 1].contains(['\\', '"']),
            "backslash and quote are not allowed within quoted local part",
        )?;
    } else {
        yes(!local.starts_with('.'), "starts with dot")?;
        yes(!local.ends_with('.'), "ends with dot")?;
        yes(!local.contains(".."), "consecutive dots")?;
        let legal = |c: &char| c.is_ascii_alphanumeric() || ".!#$%&'*+-/=?^_`{|}~".contains(*c);
        if let Some(c) = local.chars().find(|c| !legal(c)) {
            return Err(format!("invalid character {c:?}"));
        }
    }
    let bracketed = domain
        .strip_prefix('[')
        .and_then(|rest| rest.strip_suffix(']'));
    match bracketed {
        None => hostname(domain).map_err(|why| format!("invalid domain: {why}")),
        Some(address) => match address.strip_prefix("IPv6:") {
            Some(address) => ipv6(address).map_err(|why| format!("invalid ipv6 address: {why}")),
            None => ipv4(address).map_err(|why| format!("invalid ipv4 address: {why}")),
        },
    }
}

fn date(text: &str) -> Result<(), String> {
    let cannot = || format!("parsing time {text:?} as \"2006-01-02\": cannot parse {text:?}");
    let bytes = text.as_bytes();
    let digits = |range: std::ops::Range<usize>| -> Option<u32> {
        let part = text.get(range)?;
        part.bytes()
            .all(|b| b.is_ascii_digit())
            .then(|| part.parse().ok())?
    };
    let parts = (bytes.len() == 10 && bytes[4] == b'-' && bytes[7] == b'-')
        .then(|| Some((digits(0..4)?, digits(5..7)?, digits(8..10)?)))
        .flatten();
    let (year, month, day) = parts.ok_or_else(cannot)?;
    let leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let n_days = match month {
        4 | 6 | 9 | 11 => 30,
        2 if leap => 29,
        2 => 28,
        1..=12 => 31,
        _ => return Err(format!("parsing time {text:?}: month out of range")),
    };
    yes(
        (1..=n_days).contains(&day),
        &format!("parsing time {text:?}: day out of range"),
    )
}

fn time(text: &str) -> Result<(), String> {
    yes(
        text.len() >= 9 && text.is_ascii(),
        "less than 9 characters long",
    )?;
    let (clock, rest) = text.split_at(8);
    let colons = clock.as_bytes()[2] == b':' && clock.as_bytes()[5] == b':';
    yes(colons, "missing colon in correct place")?;
    let two = |text: &str| -> Result<i32, String> {
        let digits = text.len() == 2 && text.bytes().all(|b| b.is_ascii_digit());
        yes(digits, "invalid hour/min/sec")?;
        text.parse().map_err(|_| "invalid hour/min/sec".to_owned())
    };
    let (hour, minute, second) = (two(&clock[..2])?, two(&clock[3..5])?, two(&clock[6..8])?);
    yes(
        hour <= 23 && minute <= 59 && second <= 60,
        "hour/min/sec out of range",
    )?;
    let rest = match rest.strip_prefix('.') {
        None => rest,
        Some(fraction) => {
            let after = fraction.trim_start_matches(|c: char| c.is_ascii_digit());
            yes(after.len() < fraction.len(), "no digits in second fraction")?;
            after
        }
    };
    let mut minutes = hour * 60 + minute;
    if !rest.eq_ignore_ascii_case("z") {
        yes(rest.len() == 6, "offset must be 6 characters long")?;
        let sign = match rest.as_bytes()[0] {
            b'+' => -1,
            b'-' => 1,
            _ => return Err("offset must begin with plus/minus".to_owned()),
        };
        yes(
            rest.as_bytes()[3] == b':',
            "missing colon in offset in correct place",
        )?;
        let (hours, minutes_off) = (two(&rest[1..3])?, two(&rest[4..6])?);
        yes(
            hours <= 23 && minutes_off <= 59,
            "hour/min in offset out of range",
        )?;
        minutes += sign * (hours * 60 + minutes_off);
        if minutes < 0 {
            minutes += 24 * 60;
        }
    }
    yes(
        second < 60 || minutes == 23 * 60 + 59,
        "invalid leap second",
    )
}

fn date_time(text: &str) -> Result<(), String> {
    yes(
        text.len() >= 20 && text.is_ascii(),
        "less than 20 characters long",
    )?;
    yes(
        matches!(text.as_bytes()[10], b't' | b'T'),
        "11th character must be t or T",
    )?;
    date(&text[..10]).map_err(|why| format!("invalid date element: {why}"))?;
    time(&text[11..]).map_err(|why| format!("invalid time element: {why}"))
}

/// What Go's `url.Parse` accepts, as far as it looks.
fn url(text: &str) -> Result<(), String> {
    let fail = |why: &str| Err(format!("parse {text:?}: {why}"));
    if text.chars().any(|c| c < ' ' || c == '\u{7f}') {
        return fail("net/url: invalid control character in URL");
    }
    let (rest, fragment) = text.split_once('#').unwrap_or((text, ""));
    if text.starts_with(':') {
        return fail("missing protocol scheme");
    }
    let after_scheme = uri::scheme(rest).map_or(rest, |scheme| &rest[scheme.len() + 1..]);
    if uri::scheme(rest).is_none() {
        let first = rest.split('/').next().unwrap_or_default();
        if first.contains(':') {
            return fail("first path segment in URL cannot contain colon");
        }
    }
    let path = match after_scheme.strip_prefix("//") {
        None => after_scheme,
        Some(authority) => {
            let end = authority.find(['/', '?']).unwrap_or(authority.len());
            host(&authority[..end]).map_err(|why| format!("parse {text:?}: {why}"))?;
            &authority[end..]
        }
    };
    for part in [path.split('?').next().unwrap_or_default(), fragment] {
        let mut escapes = part.split('%').skip(1);
        let wrong = escapes.find(|rest| {
            let digits: Vec<_> = rest.bytes().take(2).collect();
            digits.len() < 2 || !digits.iter().all(u8::is_ascii_hexdigit)
        });
        if let Some(rest) = wrong {
            let shown: String = rest.chars().take(2).collect();
            return fail(&format!("invalid URL escape \"%{shown}\""));
        }
    }
    Ok(())
}

fn host(authority: &str) -> Result<(), String> {
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    let (name, port) = match host.strip_prefix('[') {
        Some(rest) => {
            let (address, port) = rest.split_once(']').ok_or("missing ']' in host")?;
            ipv6(address).map_err(|why| format!("invalid ipv6 address: {why}"))?;
            ("", port.strip_prefix(':').unwrap_or(port))
        }
        None => host.rsplit_once(':').unwrap_or((host, "")),
    };
    yes(
        port.bytes().all(|b| b.is_ascii_digit()),
        &format!("invalid port {:?} after host", format!(":{port}")),
    )?;
    yes(!name.contains(':'), "ipv6 address not enclosed in brackets")?;
    match name.chars().find(|c| " \"<>\\^`{|}".contains(*c)) {
        Some(c) => Err(format!(
            "invalid character {:?} in host name",
            c.to_string()
        )),
        None => Ok(()),
    }
}

fn uri_template(text: &str) -> Result<(), String> {
    url(text)?;
    for part in text.split('/') {
        let mut open = false;
        for c in part.chars().filter(|c| matches!(c, '{' | '}')) {
            yes((c == '{') != open, "nested curly braces")?;
            open = !open;
        }
        yes(!open, "no matching closing brace")?;
    }
    Ok(())
}

fn semver(text: &str) -> Result<(), String> {
    let (text, build) = match text.split_once('+') {
        Some((text, build)) => (text, Some(build)),
        None => (text, None),
    };
    let (core, prerelease) = match text.split_once('-') {
        Some((core, prerelease)) => (core, Some(prerelease)),
        None => (text, None),
    };
    let legal =
        |id: &str| !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-');
    let plain =
        |id: &str| !(id.len() > 1 && id.starts_with('0') && id.bytes().all(|b| b.is_ascii_digit()));
    let mut build = build.into_iter().flat_map(|build| build.split('.'));
    yes(build.all(legal), "invalid build identifier")?;
    let mut prerelease = prerelease.into_iter().flat_map(|text| text.split('.'));
    yes(
        prerelease.all(|id| legal(id) && plain(id)),
        "invalid pre-release identifier",
    )?;
    let numbers: Vec<_> = core.split('.').collect();
    yes(
        numbers.len() == 3,
        "versionCore must have 3 numbers separated by dot",
    )?;
    let number = |n: &&str| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()) && plain(n);
    yes(numbers.iter().all(number), "versionCore is no number")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_accept_and_refuse() {
        for (format, good, bad) in [
            ("ipv4", "127.0.0.1", "256.0.0.1"),
            ("ipv4", "0.0.0.0", "01.0.0.1"),
            ("ipv6", "::1", "127.0.0.1"),
            ("ipv6", "fe80::1", "fe80::1%eth0"),
            ("hostname", "a-b.example.com.", "-a.com"),
            ("email", "ann@example.com", "ann"),
            ("email", "ann@[127.0.0.1]", "a..b@example.com"),
            ("date", "2024-02-29", "2023-02-29"),
            ("time", "23:59:60Z", "12:00:60Z"),
            ("time", "10:00:00.5+01:00", "10:00:00+1:00"),
            ("date-time", "2024-01-01T00:00:00Z", "2024-01-01 00:00:00Z"),
            ("duration", "P1Y2M3DT4H5M6S", "P1S"),
            ("duration", "P3W", "P"),
            ("period", "P1D/2024-01-01T00:00:00Z", "P1D"),
            ("uri", "https://example.com/a%20b", "example.com"),
            ("uri", "http://[::1]:80/", "http://a:b/"),
            ("uri-reference", "../a", "a\\b"),
            ("uri-reference", "a#b", "%zz"),
            ("uri-template", "/a/{b}", "/a/{b"),
            ("json-pointer", "/a~1b/~0", "/a~2"),
            ("relative-json-pointer", "0#", "01/a"),
            ("uuid", "00000000-0000-0000-0000-00000000000f", "00000000"),
            ("regex", "^a+$", "(a"),
            ("semver", "1.2.3-rc.1+b", "1.2"),
            ("no-such-format", "", "-"),
        ] {
            assert_eq!(check(format, good), Ok(()), "{format} {good}");
            if format != "no-such-format" {
                assert!(check(format, bad).is_err(), "{format} {bad}");
            }
        }
    }
}
