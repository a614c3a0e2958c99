//! Go's time layouts: the reference time `Mon Jan 2 15:04:05 MST 2006`, for writing and for reading.

use super::time::{Civil, Time, Zone, days_in, is_leap};

const MONTHS: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];
const DAYS: [&str; 7] = [
    "Sunday",
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
];

/// The name of a month, which counts from 1.
pub(super) fn month_name(month: u32) -> &'static str {
    MONTHS[(month as usize + 11) % 12]
}

/// The name of a day of the week; 0 is Sunday.
pub(super) fn weekday_name(weekday: usize) -> &'static str {
    DAYS[weekday % 7]
}

/// An element of a layout.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Element {
    LongMonth,
    Month,
    NumMonth,
    ZeroMonth,
    LongWeekday,
    Weekday,
    Day,
    UnderDay,
    ZeroDay,
    UnderYearDay,
    ZeroYearDay,
    Hour,
    Hour12,
    ZeroHour12,
    Minute,
    ZeroMinute,
    Second,
    ZeroSecond,
    LongYear,
    Year,
    UpperPm,
    LowerPm,
    ZoneName,
    Offset(Offset),
    Fraction {
        separator: char,
        digits: usize,
        /// `.999`: without zeros at the end.
        trimmed: bool,
    },
}

/// How the offset of a zone is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Offset {
    /// UTC as `Z`.
    z: bool,
    colons: bool,
    minutes: bool,
    seconds: bool,
}

/// Elements by how they are written; of two that begin alike the longer one comes first.
const ELEMENTS: &[(&str, Element)] = &[
    ("January", Element::LongMonth),
    ("Jan", Element::Month),
    ("Monday", Element::LongWeekday),
    ("Mon", Element::Weekday),
    ("MST", Element::ZoneName),
    ("01", Element::ZeroMonth),
    ("02", Element::ZeroDay),
    ("03", Element::ZeroHour12),
    ("04", Element::ZeroMinute),
    ("05", Element::ZeroSecond),
    ("06", Element::Year),
    ("002", Element::ZeroYearDay),
    ("15", Element::Hour),
    ("1", Element::NumMonth),
    ("2006", Element::LongYear),
    ("2", Element::Day),
    ("_2", Element::UnderDay),
    ("__2", Element::UnderYearDay),
    ("3", Element::Hour12),
    ("4", Element::Minute),
    ("5", Element::Second),
    ("PM", Element::UpperPm),
    ("pm", Element::LowerPm),
    ("-070000", offset(false, false, true, true)),
    ("-07:00:00", offset(false, true, true, true)),
    ("-0700", offset(false, false, true, false)),
    ("-07:00", offset(false, true, true, false)),
    ("-07", offset(false, false, false, false)),
    ("Z070000", offset(true, false, true, true)),
    ("Z07:00:00", offset(true, true, true, true)),
    ("Z0700", offset(true, false, true, false)),
    ("Z07:00", offset(true, true, true, false)),
    ("Z07", offset(true, false, false, false)),
];

const fn offset(z: bool, colons: bool, minutes: bool, seconds: bool) -> Element {
    Element::Offset(Offset {
        z,
        colons,
        minutes,
        seconds,
    })
}

/// Splits a layout at its first element: the text before, the element and how it is written, the rest.
fn next_element(layout: &str) -> (&str, Option<(Element, &str)>, &str) {
    for (start, c) in layout.char_indices() {
        let here = &layout[start..];
        let found = match c {
            '.' | ',' => fraction(here, c),
            '_' if here.starts_with("_2006") => {
                let rest = &layout[start + 5..];
                return (
                    &layout[..=start],
                    Some((Element::LongYear, &here[1..5])),
                    rest,
                );
            }
            _ => ELEMENTS
                .iter()
                .filter(|(text, _)| here.starts_with(text))
                .find(|(text, _)| {
                    // `Month` is no month, and `Januar` none either.
                    let word = matches!(*text, "Jan" | "Mon");
                    !(word && here[3..].starts_with(|c: char| c.is_ascii_lowercase()))
                })
                .map(|(text, element)| (*element, text.len())),
        };
        if let Some((element, length)) = found {
            let end = start + length;
            return (
                &layout[..start],
                Some((element, &layout[start..end])),
                &layout[end..],
            );
        }
    }
    (layout, None, "")
}

/// `.000` or `,999`, if no digit follows.
fn fraction(text: &str, separator: char) -> Option<(Element, usize)> {
    let digit = text[1..]
        .chars()
        .next()
        .filter(|c| matches!(c, '0' | '9'))?;
    let rest = text[1..].trim_start_matches(digit);
    if rest.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let length = text.len() - rest.len();
    let element = Element::Fraction {
        separator,
        digits: length - 1,
        trimmed: digit == '9',
    };
    Some((element, length))
}

/// `Time.Format`.
pub(super) fn format(time: &Time, layout: &str) -> String {
    let civil = time.civil();
    let mut out = String::with_capacity(layout.len() + 10);
    let mut rest = layout;
    loop {
        let (before, element, after) = next_element(rest);
        out.push_str(before);
        let Some((element, _)) = element else {
            return out;
        };
        write_element(&mut out, time, &civil, element);
        rest = after;
    }
}

fn write_element(out: &mut String, time: &Time, civil: &Civil, element: Element) {
    let month = MONTHS[civil.month as usize - 1];
    let weekday = DAYS[time.weekday()];
    let hour12 = match civil.hour % 12 {
        0 => 12,
        hour => hour,
    };
    let text = match element {
        Element::LongMonth => month.to_owned(),
        Element::Month => month[..3].to_owned(),
        Element::NumMonth => civil.month.to_string(),
        Element::ZeroMonth => format!("{:02}", civil.month),
        Element::LongWeekday => weekday.to_owned(),
        Element::Weekday => weekday[..3].to_owned(),
        Element::Day => civil.day.to_string(),
        Element::UnderDay => format!("{:2}", civil.day),
        Element::ZeroDay => format!("{:02}", civil.day),
        Element::UnderYearDay => format!("{:3}", time.year_day()),
        Element::ZeroYearDay => format!("{:03}", time.year_day()),
        Element::Hour => format!("{:02}", civil.hour),
        Element::Hour12 => hour12.to_string(),
        Element::ZeroHour12 => format!("{hour12:02}"),
        Element::Minute => civil.minute.to_string(),
        Element::ZeroMinute => format!("{:02}", civil.minute),
        Element::Second => civil.second.to_string(),
        Element::ZeroSecond => format!("{:02}", civil.second),
        // The sign does not count among the four digits.
        Element::LongYear if civil.year < 0 => format!("-{:04}", -civil.year),
        Element::LongYear => format!("{:04}", civil.year),
        Element::Year => format!("{:02}", civil.year.abs() % 100),
        Element::UpperPm => if civil.hour >= 12 { "PM" } else { "AM" }.to_owned(),
        Element::LowerPm => if civil.hour >= 12 { "pm" } else { "am" }.to_owned(),
        Element::ZoneName if time.zone.name.is_empty() => {
            let plain = Offset {
                z: false,
                colons: false,
                minutes: true,
                seconds: false,
            };
            write_offset(time.zone.offset, plain)
        }
        Element::ZoneName => time.zone.name.clone(),
        Element::Offset(style) => write_offset(time.zone.offset, style),
        Element::Fraction {
            separator,
            digits,
            trimmed,
        } => write_fraction(time.nanoseconds, separator, digits, trimmed),
    };
    out.push_str(&text);
}

fn write_offset(offset: i32, style: Offset) -> String {
    if offset == 0 && style.z {
        return "Z".to_owned();
    }
    let minutes = offset / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    let colon = if style.colons { ":" } else { "" };
    let mut out = format!("{sign}{:02}", minutes.abs() / 60);
    if style.minutes {
        out.push_str(&format!("{colon}{:02}", minutes.abs() % 60));
    }
    if style.seconds {
        let seconds = if minutes < 0 { -offset } else { offset } % 60;
        out.push_str(&format!("{colon}{seconds:02}"));
    }
    out
}

fn write_fraction(nanoseconds: u32, separator: char, digits: usize, trimmed: bool) -> String {
    if trimmed && nanoseconds == 0 {
        return String::new();
    }
    let all = format!("{nanoseconds:09}");
    let shown = &all[..digits.min(9)];
    let shown = if trimmed {
        shown.trim_end_matches('0')
    } else {
        shown
    };
    if trimmed && shown.is_empty() {
        return String::new();
    }
    format!("{separator}{shown}")
}

/// What went wrong while an element was read.
enum Fault {
    Bad,
    OutOfRange(&'static str),
}

/// Quotes as the errors of Go's `time` do: bytes that are not printable ASCII as `\xNN`.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            ' '..='\u{7f}' => out.push(c),
            c => {
                for b in c.encode_utf8(&mut [0; 4]).bytes() {
                    out.push_str(&format!("\\x{b:02x}"));
                }
            }
        }
    }
    out.push('"');
    out
}

#[derive(Default)]
struct Read {
    year: i64,
    month: Option<u32>,
    day: Option<u32>,
    year_day: Option<u32>,
    hour: u32,
    minute: u32,
    second: u32,
    nanoseconds: u32,
    afternoon: Option<bool>,
    utc: bool,
    offset: Option<i32>,
    zone_name: String,
}

/// `time.ParseInLocation(layout, value, time.Local)`, where the local zone is UTC.
pub(crate) fn parse(layout: &str, value: &str) -> Result<Time, String> {
    let mut read = Read::default();
    let (mut rest_of_layout, mut rest) = (layout, value);
    let error = |element: &str, at: &str| {
        format!(
            "parsing time {} as {}: cannot parse {} as {}",
            quoted(value),
            quoted(layout),
            quoted(at),
            quoted(element)
        )
    };
    let wrong = |what: String| format!("parsing time {}: {what}", quoted(value));
    loop {
        let (before, element, after) = next_element(rest_of_layout);
        rest = skip(rest, before).map_err(|at| error(before, at))?;
        let Some((element, written)) = element else {
            if !rest.is_empty() {
                return Err(wrong(format!("extra text: {}", quoted(rest))));
            }
            break;
        };
        rest_of_layout = after;
        rest = match read.element(element, after, rest) {
            Ok(rest) => rest,
            Err(Fault::Bad) => return Err(error(written, rest)),
            Err(Fault::OutOfRange(what)) => return Err(wrong(format!("{what} out of range"))),
        };
    }
    read.finish().map_err(wrong)
}

/// Skips the text between elements; spaces in it match any number of spaces.
fn skip<'v>(value: &'v str, text: &str) -> Result<&'v str, &'v str> {
    let (mut value, mut text) = (value, text);
    while let Some(c) = text.chars().next() {
        if c == ' ' {
            if !value.is_empty() && !value.starts_with(' ') {
                return Err(value);
            }
            text = text.trim_start_matches(' ');
            value = value.trim_start_matches(' ');
            continue;
        }
        value = value.strip_prefix(c).ok_or(value)?;
        text = &text[c.len_utf8()..];
    }
    Ok(value)
}

/// The first `n` bytes, if there are so many.
fn take(value: &str, n: usize) -> Result<(&str, &str), Fault> {
    value.split_at_checked(n).ok_or(Fault::Bad)
}

/// One or two digits; exactly two if `fixed`.
fn number(value: &str, fixed: bool) -> Result<(u32, &str), Fault> {
    digits(value, if fixed { 2 } else { 1 }, 2)
}

fn digits(value: &str, least: usize, most: usize) -> Result<(u32, &str), Fault> {
    let n_digits = value
        .bytes()
        .take(most)
        .take_while(u8::is_ascii_digit)
        .count();
    if n_digits < least {
        return Err(Fault::Bad);
    }
    let (digits, rest) = value.split_at(n_digits);
    Ok((digits.parse().map_err(|_| Fault::Bad)?, rest))
}

fn name<'v>(names: &[&str], length: usize, value: &'v str) -> Result<(u32, &'v str), Fault> {
    for (n, name) in names.iter().enumerate() {
        let name = &name[..length.min(name.len())];
        if let Some((start, rest)) = value.split_at_checked(name.len())
            && start.eq_ignore_ascii_case(name)
        {
            return Ok((n as u32, rest));
        }
    }
    Err(Fault::Bad)
}

fn in_range(n: u32, least: u32, most: u32, what: &'static str) -> Result<u32, Fault> {
    if (least..=most).contains(&n) {
        Ok(n)
    } else {
        Err(Fault::OutOfRange(what))
    }
}

impl Read {
    fn element<'v>(
        &mut self,
        element: Element,
        rest_of_layout: &str,
        value: &'v str,
    ) -> Result<&'v str, Fault> {
        let all = usize::MAX;
        let rest = match element {
            Element::Year => {
                let (digits, rest) = take(value, 2)?;
                let year: i64 = digits.parse().map_err(|_| Fault::Bad)?;
                self.year = year + if year >= 69 { 1900 } else { 2000 };
                rest
            }
            Element::LongYear => {
                let (digits, rest) = take(value, 4)?;
                if !digits.bytes().all(|b| b.is_ascii_digit()) {
                    return Err(Fault::Bad);
                }
                self.year = digits.parse().map_err(|_| Fault::Bad)?;
                rest
            }
            Element::Month | Element::LongMonth => {
                let length = if element == Element::Month { 3 } else { all };
                let (month, rest) = name(&MONTHS, length, value)?;
                self.month = Some(month + 1);
                rest
            }
            Element::NumMonth | Element::ZeroMonth => {
                let (month, rest) = number(value, element == Element::ZeroMonth)?;
                self.month = Some(in_range(month, 1, 12, "month")?);
                rest
            }
            Element::Weekday => name(&DAYS, 3, value)?.1,
            Element::LongWeekday => name(&DAYS, all, value)?.1,
            Element::Day | Element::UnderDay | Element::ZeroDay => {
                let value = match element {
                    Element::UnderDay => value.strip_prefix(' ').unwrap_or(value),
                    _ => value,
                };
                let (day, rest) = number(value, element == Element::ZeroDay)?;
                self.day = Some(day);
                rest
            }
            Element::UnderYearDay | Element::ZeroYearDay => {
                let mut value = value;
                if element == Element::UnderYearDay {
                    value = value.strip_prefix(' ').unwrap_or(value);
                    value = value.strip_prefix(' ').unwrap_or(value);
                }
                let least = if element == Element::ZeroYearDay {
                    3
                } else {
                    1
                };
                let (day, rest) = digits(value, least, 3)?;
                self.year_day = Some(day);
                rest
            }
            Element::Hour => {
                let (hour, rest) = number(value, false)?;
                self.hour = in_range(hour, 0, 23, "hour")?;
                rest
            }
            Element::Hour12 | Element::ZeroHour12 => {
                let (hour, rest) = number(value, element == Element::ZeroHour12)?;
                self.hour = in_range(hour, 0, 12, "hour")?;
                rest
            }
            Element::Minute | Element::ZeroMinute => {
                let (minute, rest) = number(value, element == Element::ZeroMinute)?;
                self.minute = in_range(minute, 0, 59, "minute")?;
                rest
            }
            Element::Second | Element::ZeroSecond => {
                let (second, rest) = number(value, element == Element::ZeroSecond)?;
                self.second = in_range(second, 0, 59, "second")?;
                self.fraction_after_seconds(rest_of_layout, rest)?
            }
            Element::UpperPm | Element::LowerPm => {
                let (word, rest) = take(value, 2)?;
                let upper = element == Element::UpperPm;
                self.afternoon = Some(match (word, upper) {
                    ("PM", true) | ("pm", false) => true,
                    ("AM", true) | ("am", false) => false,
                    _ => return Err(Fault::Bad),
                });
                rest
            }
            Element::Offset(style) => self.offset(style, value)?,
            Element::ZoneName => {
                if let Some(rest) = value.strip_prefix("UTC") {
                    self.utc = true;
                    rest
                } else {
                    let length = zone_name_length(value).ok_or(Fault::Bad)?;
                    let (name, rest) = take(value, length)?;
                    self.zone_name = name.to_owned();
                    rest
                }
            }
            Element::Fraction {
                digits, trimmed, ..
            } => self.fraction(digits, trimmed, value)?,
        };
        Ok(rest)
    }

    /// A fraction is read after seconds also where the layout has none.
    fn fraction_after_seconds<'v>(
        &mut self,
        rest_of_layout: &str,
        value: &'v str,
    ) -> Result<&'v str, Fault> {
        let in_layout = matches!(
            next_element(rest_of_layout).1,
            Some((Element::Fraction { .. }, _))
        );
        if in_layout || fraction_length(value) == 0 {
            return Ok(value);
        }
        self.nanoseconds_of(value, fraction_length(value))
    }

    fn fraction<'v>(
        &mut self,
        digits: usize,
        trimmed: bool,
        value: &'v str,
    ) -> Result<&'v str, Fault> {
        if !trimmed {
            return self.nanoseconds_of(value, digits + 1);
        }
        match fraction_length(value) {
            0 => Ok(value),
            length => self.nanoseconds_of(value, length),
        }
    }

    fn nanoseconds_of<'v>(&mut self, value: &'v str, length: usize) -> Result<&'v str, Fault> {
        let (text, rest) = take(value, length)?;
        let digits = text.strip_prefix(['.', ',']).ok_or(Fault::Bad)?;
        if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
            return Err(Fault::Bad);
        }
        let nine = format!("{digits:0<9}");
        self.nanoseconds = nine[..9].parse().map_err(|_| Fault::Bad)?;
        Ok(rest)
    }

    fn offset<'v>(&mut self, style: Offset, value: &'v str) -> Result<&'v str, Fault> {
        if style.z
            && let Some(rest) = value.strip_prefix('Z')
        {
            self.utc = true;
            return Ok(rest);
        }
        let (sign, mut rest) = take(value, 1)?;
        let mut part = |wanted: bool, first: bool| {
            if !wanted {
                return Ok(0);
            }
            if style.colons && !first {
                rest = rest.strip_prefix(':').ok_or(Fault::Bad)?;
            }
            let (n, after) = number(rest, true)?;
            rest = after;
            Ok(n)
        };
        let hours = part(true, true)?;
        let minutes = part(style.minutes, false)?;
        let seconds = part(style.seconds, false)?;
        in_range(hours, 0, 24, "time zone offset hour")?;
        in_range(minutes, 0, 60, "time zone offset minute")?;
        in_range(seconds, 0, 60, "time zone offset second")?;
        let offset = ((hours * 60 + minutes) * 60 + seconds) as i32;
        self.offset = Some(match sign {
            "+" => offset,
            "-" => -offset,
            _ => return Err(Fault::Bad),
        });
        Ok(rest)
    }

    fn finish(mut self) -> Result<Time, String> {
        match self.afternoon {
            Some(true) if self.hour < 12 => self.hour += 12,
            Some(false) if self.hour == 12 => self.hour = 0,
            _ => {}
        }
        let (month, day) = match self.year_day {
            Some(year_day) => self.date_of_year_day(year_day)?,
            None => (self.month.unwrap_or(1), self.day.unwrap_or(1)),
        };
        if day < 1 || day > days_in(self.year, month) {
            return Err("day out of range".to_owned());
        }
        let civil = Civil {
            year: self.year,
            month,
            day,
            hour: self.hour,
            minute: self.minute,
            second: self.second,
        };
        let local = civil.to_unix();
        let (seconds, zone) = match self.offset {
            _ if self.utc => (local, Zone::utc()),
            Some(0) if matches!(self.zone_name.as_str(), "" | "UTC") => (local, Zone::utc()),
            Some(offset) => (
                local - i64::from(offset),
                Zone {
                    name: self.zone_name,
                    offset,
                },
            ),
            None if self.zone_name.is_empty() => (local, Zone::utc()),
            // The moment is not moved by a name that is unknown, nor by that of `GMT+3`.
            None => {
                let hours = self.zone_name.strip_prefix("GMT").unwrap_or_default();
                let offset = hours.parse::<i32>().unwrap_or(0) * 3600;
                let name = self.zone_name;
                (local, Zone { name, offset })
            }
        };
        Ok(Time {
            seconds,
            nanoseconds: self.nanoseconds,
            zone,
        })
    }

    fn date_of_year_day(&self, year_day: u32) -> Result<(u32, u32), String> {
        let most = if is_leap(self.year) { 366 } else { 365 };
        if year_day < 1 || year_day > most {
            return Err("day-of-year out of range".to_owned());
        }
        let (mut month, mut day) = (1, year_day);
        while day > days_in(self.year, month) {
            day -= days_in(self.year, month);
            month += 1;
        }
        if self.month.is_some_and(|given| given != month) {
            return Err("day-of-year does not match month".to_owned());
        }
        if self.day.is_some_and(|given| given != day) {
            return Err("day-of-year does not match day".to_owned());
        }
        Ok((month, day))
    }
}

/// The length of a separator with digits after it, or zero.
fn fraction_length(value: &str) -> usize {
    let Some(rest) = value.strip_prefix(['.', ',']) else {
        return 0;
    };
    match rest.bytes().take_while(u8::is_ascii_digit).count() {
        0 => 0,
        n_digits => n_digits + 1,
    }
}

/// How many bytes at the beginning are the abbreviation of a zone.
fn zone_name_length(value: &str) -> Option<usize> {
    if value.len() < 3 {
        return None;
    }
    if value.starts_with("ChST") || value.starts_with("MeST") {
        return Some(4);
    }
    if let Some(rest) = value.strip_prefix("GMT") {
        return Some(3 + signed_offset_length(rest).unwrap_or(0));
    }
    if value.starts_with(['+', '-']) {
        return signed_offset_length(value);
    }
    let n_upper = value
        .bytes()
        .take(6)
        .take_while(u8::is_ascii_uppercase)
        .count();
    let ends_in_t = |length: usize| value.as_bytes()[length - 1] == b'T';
    match n_upper {
        5 if ends_in_t(5) => Some(5),
        4 if ends_in_t(4) || value.starts_with("WITA") => Some(4),
        3 => Some(3),
        _ => None,
    }
}

fn signed_offset_length(value: &str) -> Option<usize> {
    let digits = value.strip_prefix(['+', '-'])?;
    let n_digits = digits.bytes().take_while(u8::is_ascii_digit).count();
    let hours: u64 = digits[..n_digits].parse().ok()?;
    (hours <= 23).then_some(n_digits + 1)
}

#[cfg(test)]
mod tests;
