//! What a named zone is at a moment.

use super::names::RULES;
use super::time::{Time, Zone, days_in, days_of};

/// The zone of that name at `seconds` after 1970; UTC if the name is unknown, as in sprig.
pub(crate) fn at(name: &str, seconds: i64) -> Zone {
    if matches!(name, "" | "UTC" | "Local") {
        return Zone::utc();
    }
    RULES
        .iter()
        .find(|(_, names)| names.split(' ').any(|known| known == name))
        .and_then(|(rule, _)| Rule::parse(rule))
        .map_or_else(Zone::utc, |rule| rule.at(seconds))
}

/// A rule in the form of POSIX' `TZ`: `CET-1CEST,M3.5.0,M10.5.0/3`.
struct Rule<'t> {
    standard: (&'t str, i32),
    daylight: Option<Daylight<'t>>,
}

struct Daylight<'t> {
    name: &'t str,
    offset: i32,
    start: Change,
    end: Change,
}

/// The `week`th `weekday` of a month, 5 meaning the last, and the seconds of the day.
struct Change {
    month: u32,
    week: u32,
    weekday: i64,
    seconds: i64,
}

impl<'t> Rule<'t> {
    fn parse(text: &'t str) -> Option<Self> {
        let mut parts = text.split(',');
        let (name, rest) = zone_name(parts.next()?)?;
        let (west, rest) = clock(rest)?;
        let standard = (name, -west);
        if rest.is_empty() {
            return Some(Self {
                standard,
                daylight: None,
            });
        }
        let (name, rest) = zone_name(rest)?;
        let offset = match rest {
            "" => standard.1 + 3600,
            rest => -clock(rest)?.0,
        };
        let daylight = Daylight {
            name,
            offset,
            start: Change::parse(parts.next()?)?,
            end: Change::parse(parts.next()?)?,
        };
        Some(Self {
            standard,
            daylight: Some(daylight),
        })
    }

    fn at(&self, seconds: i64) -> Zone {
        let zone = |(name, offset): (&str, i32)| Zone {
            name: name.to_owned(),
            offset,
        };
        let Some(daylight) = &self.daylight else {
            return zone(self.standard);
        };
        let year = Time::from_unix(seconds + i64::from(self.standard.1))
            .civil()
            .year;
        let start = daylight.start.in_year(year) - i64::from(self.standard.1);
        let end = daylight.end.in_year(year) - i64::from(daylight.offset);
        let summer = if start < end {
            (start..end).contains(&seconds)
        } else {
            !(end..start).contains(&seconds)
        };
        zone(if summer {
            (daylight.name, daylight.offset)
        } else {
            self.standard
        })
    }
}

impl Change {
    fn parse(text: &str) -> Option<Self> {
        let (day, time) = text.split_once('/').unwrap_or((text, "2"));
        let mut numbers = day.strip_prefix('M')?.split('.').map(str::parse);
        Some(Self {
            month: numbers.next()?.ok()?,
            week: numbers.next()?.ok()?,
            weekday: i64::from(numbers.next()?.ok()?),
            seconds: i64::from(clock(time)?.0),
        })
    }

    /// The moment in a year, in seconds of local time.
    fn in_year(&self, year: i64) -> i64 {
        let first = days_of(year, self.month, 1);
        let to_weekday = (self.weekday - (first + 4)).rem_euclid(7);
        let mut day = to_weekday + i64::from(self.week - 1) * 7;
        if day >= i64::from(days_in(year, self.month)) {
            day -= 7;
        }
        (first + day) * 86_400 + self.seconds
    }
}

/// `CET` or `<+03>` at the beginning.
fn zone_name(text: &str) -> Option<(&str, &str)> {
    if let Some(quoted) = text.strip_prefix('<') {
        return quoted.split_once('>');
    }
    let end = text
        .find(|c: char| !c.is_ascii_alphabetic())
        .unwrap_or(text.len());
    Some(text.split_at(end))
}

/// `-3:30` at the beginning, in seconds.
fn clock(text: &str) -> Option<(i32, &str)> {
    let (sign, digits) = match text.strip_prefix('-') {
        Some(rest) => (-1, rest),
        None => (1, text.strip_prefix('+').unwrap_or(text)),
    };
    let end = digits
        .find(|c: char| c != ':' && !c.is_ascii_digit())
        .unwrap_or(digits.len());
    let (digits, rest) = digits.split_at(end);
    let (hours, minutes) = digits.split_once(':').unwrap_or((digits, "0"));
    let hours: i32 = hours.parse().ok()?;
    let minutes: i32 = minutes.parse().ok()?;
    Some((sign * (hours * 3600 + minutes * 60), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_rule_of_the_table_can_be_read() {
        for (rule, _) in RULES {
            let parsed = Rule::parse(rule);
            assert!(parsed.is_some(), "{rule}");
            parsed.unwrap().at(1_700_000_000);
        }
    }

    #[test]
    fn zones_follow_their_rules() {
        // 2024-03-31 01:00 UTC is when summer time begins in Europe.
        for (name, seconds, expected, offset) in [
            ("Europe/Berlin", 1_711_846_799, "CET", 3600),
            ("Europe/Berlin", 1_711_846_800, "CEST", 7200),
            ("Europe/Dublin", 1_704_067_200, "GMT", 0),
            ("Europe/Dublin", 1_720_000_000, "IST", 3600),
            ("America/New_York", 1_710_053_999, "EST", -18_000),
            ("America/New_York", 1_710_054_000, "EDT", -14_400),
            ("Australia/Sydney", 1_704_067_200, "AEDT", 39_600),
            ("Australia/Sydney", 1_720_000_000, "AEST", 36_000),
            ("Asia/Kolkata", 1_720_000_000, "IST", 19_800),
            ("America/Sao_Paulo", 1_720_000_000, "-03", -10_800),
            ("Local", 0, "UTC", 0),
            ("Nowhere/Land", 0, "UTC", 0),
        ] {
            let zone = at(name, seconds);
            assert_eq!(
                (zone.name.as_str(), zone.offset),
                (expected, offset),
                "{name}"
            );
        }
    }
}
