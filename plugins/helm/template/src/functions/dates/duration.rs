//! Durations as Go reads and prints them.

use super::layout::quoted;

const SECOND: u64 = 1_000_000_000;

/// `time.ParseDuration`, in nanoseconds: `1h30m`, `-1.5s`, `100ms`.
pub(crate) fn parse(text: &str) -> Result<i64, String> {
    let invalid = || format!("time: invalid duration {}", quoted(text));
    let (negative, mut rest) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text.strip_prefix('+').unwrap_or(text)),
    };
    if rest == "0" {
        return Ok(0);
    }
    if rest.is_empty() {
        return Err(invalid());
    }
    const LIMIT: u64 = 1 << 63;
    let mut sum: u64 = 0;
    while !rest.is_empty() {
        let (whole, after) = digits(rest);
        let mut fraction = "";
        rest = after;
        if let Some(after) = rest.strip_prefix('.') {
            (fraction, rest) = digits(after);
        }
        if whole.is_empty() && fraction.is_empty() {
            return Err(invalid());
        }
        let whole: u64 = match whole {
            "" => 0,
            whole => whole.parse().map_err(|_| invalid())?,
        };
        let unit_end = rest
            .find(|c: char| c == '.' || c.is_ascii_digit())
            .unwrap_or(rest.len());
        let (unit, after) = rest.split_at(unit_end);
        rest = after;
        let nanoseconds = match unit {
            "ns" => 1,
            "us" | "µs" | "μs" => 1000,
            "ms" => 1_000_000,
            "s" => SECOND,
            "m" => 60 * SECOND,
            "h" => 3600 * SECOND,
            "" => return Err(format!("time: missing unit in duration {}", quoted(text))),
            unit => {
                let (unit, text) = (quoted(unit), quoted(text));
                return Err(format!("time: unknown unit {unit} in duration {text}"));
            }
        };
        if whole > LIMIT / nanoseconds {
            return Err(invalid());
        }
        let part = whole * nanoseconds + fraction_of(fraction, nanoseconds);
        sum = sum.saturating_add(part);
        if part > LIMIT || sum > LIMIT {
            return Err(invalid());
        }
    }
    if negative {
        return Ok((sum as i64).wrapping_neg());
    }
    i64::try_from(sum).map_err(|_| invalid())
}

fn digits(text: &str) -> (&str, &str) {
    let end = text
        .find(|c: char| !c.is_ascii_digit())
        .unwrap_or(text.len());
    text.split_at(end)
}

/// `0.FRACTION` of a unit; digits beyond what 63 bits hold are dropped.
fn fraction_of(fraction: &str, unit: u64) -> u64 {
    let (mut value, mut scale) = (0_u64, 1.0_f64);
    for digit in fraction.bytes() {
        let Some(next) = value
            .checked_mul(10)
            .and_then(|value| value.checked_add(u64::from(digit - b'0')))
            .filter(|next| *next <= 1 << 63)
        else {
            break;
        };
        value = next;
        scale *= 10.0;
    }
    (value as f64 * (unit as f64 / scale)) as u64
}

/// `Duration.String`: `1h30m0s`, `1.5s`, `100ms`, `0s`.
pub(crate) fn format(nanoseconds: i64) -> String {
    let sign = if nanoseconds < 0 { "-" } else { "" };
    let all = nanoseconds.unsigned_abs();
    if all == 0 {
        return "0s".to_owned();
    }
    if all < SECOND {
        let (unit, per_unit) = match all {
            0..1000 => ("ns", 1),
            1000..1_000_000 => ("µs", 1000),
            _ => ("ms", 1_000_000),
        };
        return format!("{sign}{}{unit}", decimal(all, per_unit));
    }
    let seconds = decimal(all % (60 * SECOND), SECOND);
    let minutes = all / (60 * SECOND);
    match minutes {
        0 => format!("{sign}{seconds}s"),
        1..60 => format!("{sign}{minutes}m{seconds}s"),
        _ => format!("{sign}{}h{}m{seconds}s", minutes / 60, minutes % 60),
    }
}

/// `n / unit` without zeros at the end.
fn decimal(n: u64, unit: u64) -> String {
    let width = unit.ilog10() as usize;
    let text = format!("{}.{:0width$}", n / unit, n % unit);
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// `Duration.Round(time.Second)`: half away from zero.
pub(crate) fn round_to_seconds(nanoseconds: i64) -> i64 {
    let second = SECOND as i64;
    let rest = nanoseconds % second;
    let whole = nanoseconds - rest;
    let up = rest.abs() * 2 >= second;
    match (up, nanoseconds < 0) {
        (false, _) => whole,
        (true, false) => whole.checked_add(second).unwrap_or(i64::MAX),
        (true, true) => whole.checked_sub(second).unwrap_or(i64::MIN),
    }
}

/// sprig's `durationRound`: the largest unit that fits, a year having 365 days and a month 30.
pub(crate) fn round(nanoseconds: i64) -> String {
    let all = nanoseconds.unsigned_abs();
    const HOUR: u64 = 3600 * SECOND;
    for (unit, name) in [
        (365 * 24 * HOUR, "y"),
        (30 * 24 * HOUR, "mo"),
        (24 * HOUR, "d"),
        (HOUR, "h"),
        (60 * SECOND, "m"),
        (SECOND, "s"),
    ] {
        if all > unit {
            return format!("{}{name}", all / unit);
        }
    }
    "0s".to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_and_printed_as_in_go() {
        for (text, expected) in [
            ("0", Ok("0s")),
            ("1h", Ok("1h0m0s")),
            ("-1.5h", Ok("-1h30m0s")),
            ("90m", Ok("1h30m0s")),
            ("1h1ns", Ok("1h0m0.000000001s")),
            (".5s", Ok("500ms")),
            ("1500us", Ok("1.5ms")),
            ("3µs", Ok("3µs")),
            ("1.000000001s", Ok("1.000000001s")),
            ("-9223372036854775808ns", Ok("-2562047h47m16.854775808s")),
            ("", Err("time: invalid duration \"\"")),
            ("1", Err("time: missing unit in duration \"1\"")),
            ("1d", Err("time: unknown unit \"d\" in duration \"1d\"")),
            (".s", Err("time: invalid duration \".s\"")),
            (
                "9223372036854775808ns",
                Err("time: invalid duration \"9223372036854775808ns\""),
            ),
        ] {
            let got = parse(text).map(format);
            assert_eq!(got.as_deref().map_err(String::as_str), expected, "{text}");
        }
    }

    #[test]
    fn durations_are_rounded() {
        assert_eq!(round_to_seconds(1_499_999_999), 1_000_000_000);
        assert_eq!(round_to_seconds(-1_500_000_000), -2_000_000_000);
        assert_eq!(round(parse("2400h").unwrap()), "3mo");
        assert_eq!(round(parse("-25h").unwrap()), "1d");
        assert_eq!(round(parse("1h").unwrap()), "60m");
        assert_eq!(round(0), "0s");
    }
}
