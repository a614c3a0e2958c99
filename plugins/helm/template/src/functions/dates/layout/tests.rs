//! Go's layouts, read and written.

use super::*;

fn time(seconds: i64, nanoseconds: u32, name: &str, offset: i32) -> Time {
    Time {
        seconds,
        nanoseconds,
        zone: Zone {
            name: name.to_owned(),
            offset,
        },
    }
}

#[test]
fn layouts_are_written_as_in_go() {
    let afternoon = time(1_136_239_445, 123_456_000, "MST", -7 * 3600);
    for (layout, expected) in [
        ("Mon Jan _2 15:04:05 2006", "Mon Jan  2 15:04:05 2006"),
        (
            "Monday, 02-Jan-06 15:04:05 MST",
            "Monday, 02-Jan-06 15:04:05 MST",
        ),
        ("2006-01-02T15:04:05Z07:00", "2006-01-02T15:04:05-07:00"),
        ("3:04PM 03 3:4:5 pm", "3:04PM 03 3:4:5 pm"),
        ("__2 002", "  2 002"),
        (
            "05.000 05,000000 05.999999999",
            "05.123 05,123456 05.123456",
        ),
        ("-07 -0700 -07:00:00 Z0700", "-07 -0700 -07:00:00 -0700"),
        (
            "Month Januar _2006 January 1",
            "Month Januar _2006 January 1",
        ),
        ("unknown: é 0", "unknown: é 0"),
        ("20060102150405", "20060102150405"),
        ("06.0012", "06.0012"),
    ] {
        assert_eq!(format(&afternoon, layout), expected, "{layout}");
    }
    let utc = time(0, 0, "UTC", 0);
    assert_eq!(
        format(&utc, "Z07:00 Z070000 -0700 .000 .999"),
        "Z Z +0000 .000 "
    );
    let nameless = time(0, 0, "", 5 * 3600 + 1800);
    assert_eq!(format(&nameless, "MST 15:04"), "+0530 05:30");
}

#[test]
fn values_are_read_as_in_go() {
    for (layout, value, expected) in [
        ("2006-01-02", "2017-12-31", "2017-12-31 00:00:00 +0000 UTC"),
        (
            "2006-01-02T15:04:05Z07:00",
            "2017-12-31T23:59:59.5+02:00",
            "2017-12-31 23:59:59.5 +0200 +0200",
        ),
        (
            "2006-01-02T15:04:05Z07:00",
            "2017-12-31T23:59:59Z",
            "2017-12-31 23:59:59 +0000 UTC",
        ),
        (
            "Jan _2 2006 3:04PM MST",
            "feb  3 2013 12:05AM PST",
            "2013-02-03 00:05:00 +0000 PST",
        ),
        (
            "MST 15:04",
            "GMT+3 10:00",
            "0000-01-01 13:00:00 +0300 GMT+3",
        ),
        ("2006 002", "2024 060", "2024-02-29 00:00:00 +0000 UTC"),
        ("06", "69", "1969-01-01 00:00:00 +0000 UTC"),
        ("15:04:05", "1:02:03.25", "0000-01-01 01:02:03.25 +0000 UTC"),
        ("15 -0700", "10 +0000", "0000-01-01 10:00:00 +0000 UTC"),
    ] {
        let got = parse(layout, value).map(|time| time.to_string());
        assert_eq!(got.as_deref(), Ok(expected), "{layout} {value}");
    }
}

#[test]
fn wrong_values_are_refused_in_gos_words() {
    for (layout, value, expected) in [
        (
            "2006-01-02",
            "x",
            "parsing time \"x\" as \"2006-01-02\": cannot parse \"x\" as \"2006\"",
        ),
        (
            "2006-01-02",
            "2017-13-01",
            "parsing time \"2017-13-01\": month out of range",
        ),
        (
            "2006-01-02",
            "2017-02-29",
            "parsing time \"2017-02-29\": day out of range",
        ),
        (
            "2006-01-02",
            "2017-02-2",
            "parsing time \"2017-02-2\" as \"2006-01-02\": cannot parse \"2\" as \"02\"",
        ),
        (
            "2006-01-02",
            "2017-02-20x",
            "parsing time \"2017-02-20x\": extra text: \"x\"",
        ),
        (
            "2006-01-02",
            "2017/02",
            "parsing time \"2017/02\" as \"2006-01-02\": cannot parse \"/02\" as \"-\"",
        ),
        (
            "15:04",
            "24:00",
            "parsing time \"24:00\": hour out of range",
        ),
        (
            "MST",
            "é",
            "parsing time \"\\xc3\\xa9\" as \"MST\": cannot parse \"\\xc3\\xa9\" as \"MST\"",
        ),
    ] {
        assert_eq!(parse(layout, value).err().as_deref(), Some(expected));
    }
}
