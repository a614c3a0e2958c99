//! A moment with its zone, as Go's `time.Time`.

use std::fmt;

use super::layout;

/// Seconds from the year 1 to 1970; Go's zero time is the beginning of the year 1.
const ZERO_TIME: i64 = -62_135_596_800;

/// A moment, shown in a zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Time {
    /// Seconds since 1970, UTC.
    pub(crate) seconds: i64,
    /// Nanoseconds within the second.
    pub(crate) nanoseconds: u32,
    /// The zone in which it is shown.
    pub(crate) zone: Zone,
}

/// A zone at one moment: what it is called and how far it is from UTC.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Zone {
    /// Its abbreviation, `CET` for example; may be empty.
    pub(crate) name: String,
    /// Seconds east of UTC.
    pub(crate) offset: i32,
}

impl Zone {
    /// UTC.
    pub(crate) fn utc() -> Self {
        Self {
            name: "UTC".to_owned(),
            offset: 0,
        }
    }
}

/// A day and the time on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Civil {
    pub(crate) year: i64,
    /// From 1.
    pub(crate) month: u32,
    /// From 1.
    pub(crate) day: u32,
    pub(crate) hour: u32,
    pub(crate) minute: u32,
    pub(crate) second: u32,
}

impl Time {
    /// The moment `seconds` after 1970, shown in UTC.
    pub(crate) fn from_unix(seconds: i64) -> Self {
        Self {
            seconds,
            nanoseconds: 0,
            zone: Zone::utc(),
        }
    }

    /// Go's zero time.
    pub(crate) fn zero() -> Self {
        Self::from_unix(ZERO_TIME)
    }

    /// Whether it is Go's zero time.
    pub(crate) fn is_zero(&self) -> bool {
        self.seconds == ZERO_TIME && self.nanoseconds == 0
    }

    /// The moment `nanoseconds` later; the zone stays.
    pub(crate) fn plus(&self, nanoseconds: i64) -> Self {
        let sum = i128::from(self.seconds) * 1_000_000_000
            + i128::from(self.nanoseconds)
            + i128::from(nanoseconds);
        let seconds = sum.div_euclid(1_000_000_000);
        Self {
            // Go wraps around as well.
            seconds: seconds as i64,
            nanoseconds: sum.rem_euclid(1_000_000_000) as u32,
            zone: self.zone.clone(),
        }
    }

    /// Nanoseconds from `other` to this moment, cut off at what an `i64` holds.
    pub(crate) fn since(&self, other: &Self) -> i64 {
        let nanoseconds =
            |time: &Self| i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanoseconds);
        let difference = nanoseconds(self) - nanoseconds(other);
        i64::try_from(difference).unwrap_or(if difference < 0 { i64::MIN } else { i64::MAX })
    }

    /// The day and time in its zone.
    pub(crate) fn civil(&self) -> Civil {
        let local = self.seconds.saturating_add(i64::from(self.zone.offset));
        let (days, second) = (local.div_euclid(86_400), local.rem_euclid(86_400));
        let (year, month, day) = date_of(days);
        let second = second as u32;
        Civil {
            year,
            month,
            day,
            hour: second / 3600,
            minute: second / 60 % 60,
            second: second % 60,
        }
    }

    /// Days since Sunday.
    pub(crate) fn weekday(&self) -> usize {
        let local = self.seconds.saturating_add(i64::from(self.zone.offset));
        // 1970-01-01 was a Thursday.
        (local.div_euclid(86_400) + 4).rem_euclid(7) as usize
    }

    /// The day of the year, from 1.
    pub(crate) fn year_day(&self) -> i64 {
        let civil = self.civil();
        days_of(civil.year, civil.month, civil.day) - days_of(civil.year, 1, 1) + 1
    }

    /// `Time.Format`.
    pub(crate) fn format(&self, layout: &str) -> String {
        layout::format(self, layout)
    }

    /// As JSON and text hold it: RFC 3339 with nanoseconds.
    pub(crate) fn rfc3339(&self) -> String {
        self.format("2006-01-02T15:04:05.999999999Z07:00")
    }
}

impl fmt::Display for Time {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.format("2006-01-02 15:04:05.999999999 -0700 MST"))
    }
}

impl Civil {
    /// Seconds since 1970, if the time is one of UTC.
    pub(crate) fn to_unix(self) -> i64 {
        let days = days_of(self.year, self.month, self.day);
        days * 86_400
            + i64::from(self.hour) * 3600
            + i64::from(self.minute) * 60
            + i64::from(self.second)
    }
}

/// Days from 1970 to a day of the Gregorian calendar.
pub(super) fn days_of(year: i64, month: u32, day: u32) -> i64 {
    // Years begin in March here, so that the leap day is the last.
    let year = if month <= 2 { year - 1 } else { year };
    let (era, year_of_era) = (year.div_euclid(400), year.rem_euclid(400));
    let month = i64::from(if month > 2 { month - 3 } else { month + 9 });
    let day_of_year = (153 * month + 2) / 5 + i64::from(day) - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The inverse of [`days_of`].
fn date_of(days: i64) -> (i64, u32, u32) {
    let days = days.saturating_add(719_468);
    let (era, day) = (days.div_euclid(146_097), days.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day_of_year = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year + era * 400 + i64::from(month <= 2);
    (year, month as u32, day as u32)
}

/// Days of a month.
pub(super) fn days_in(year: i64, month: u32) -> u32 {
    match month {
        2 if is_leap(year) => 29,
        2 => 28,
        4 | 6 | 9 | 11 => 30,
        _ => 31,
    }
}

/// Whether a year has a leap day.
pub(super) fn is_leap(year: i64) -> bool {
    year % 4 == 0 && (year % 100 != 0 || year % 400 == 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_and_moments_are_one_to_one() {
        for (seconds, expected) in [
            (0, "1970-01-01 00:00:00 +0000 UTC"),
            (-1, "1969-12-31 23:59:59 +0000 UTC"),
            (951_782_400, "2000-02-29 00:00:00 +0000 UTC"),
            (1_704_067_199, "2023-12-31 23:59:59 +0000 UTC"),
            (ZERO_TIME, "0001-01-01 00:00:00 +0000 UTC"),
            (253_402_300_799, "9999-12-31 23:59:59 +0000 UTC"),
        ] {
            let time = Time::from_unix(seconds);
            assert_eq!(time.to_string(), expected);
            assert_eq!(time.civil().to_unix(), seconds);
        }
        assert_eq!(Time::from_unix(1_709_164_800).year_day(), 60);
        assert_eq!(Time::from_unix(0).weekday(), 4);
    }
}
