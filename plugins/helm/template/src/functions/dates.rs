//! Dates: reading and printing them, and calculating with them.

pub(crate) mod duration;
pub(crate) mod layout;
mod names;
mod object;
pub(crate) mod time;
mod zones;

pub(crate) use object::{Duration, Ordinal};
use time::Time;

use crate::functions::cast::{Wrong, parse_int_radix};
use crate::functions::{Args, Call, Failure, Function};
use crate::value::{Type, Value};

const TIME: Type = Type::Object("time.Time");
const DAY: &str = "2006-01-02";

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("now", &[], |call, _| Ok(Value::object(now(call)))),
    Function::new("ago", &[Type::Any], ago),
    Function::new("date", &[Type::String, Type::Any], |call, args| {
        shown(call, &args.str(0)?, args.any(1), "Local")
    }),
    Function::new("dateInZone", IN_ZONE, date_in_zone),
    Function::new("date_in_zone", IN_ZONE, date_in_zone),
    Function::new("htmlDate", &[Type::Any], |call, args| {
        shown(call, DAY, args.any(0), "Local")
    }),
    Function::new(
        "htmlDateInZone",
        &[Type::Any, Type::String],
        |call, args| shown(call, DAY, args.any(0), &args.str(1)?),
    ),
    Function::new("dateModify", MODIFY, date_modify),
    Function::new("date_modify", MODIFY, date_modify),
    Function::new("mustDateModify", MODIFY, must_date_modify),
    Function::new("must_date_modify", MODIFY, must_date_modify),
    Function::new("toDate", TO_DATE, |_, args| {
        let time = layout::parse(&args.str(0)?, &args.str(1)?);
        Ok(Value::object(time.unwrap_or_else(|_| Time::zero())))
    }),
    Function::new("mustToDate", TO_DATE, |_, args| {
        let time = layout::parse(&args.str(0)?, &args.str(1)?)?;
        Ok(Value::object(time))
    }),
    Function::new("unixEpoch", &[TIME], |_, args| {
        Ok(Value::from(time(args.any(0))?.seconds.to_string()))
    }),
    Function::new("duration", &[Type::Any], seconds_as_duration),
    Function::new("durationRound", &[Type::Any], duration_round),
];

const IN_ZONE: &[Type] = &[Type::String, Type::Any, Type::String];
const MODIFY: &[Type] = &[Type::String, TIME];
const TO_DATE: &[Type] = &[Type::String, Type::String];

/// The time of the commit: the same for every render of it.
fn now(call: &Call<'_>) -> Time {
    Time::from_unix(i64::try_from(call.commit_time()).unwrap_or(i64::MAX))
}

fn time(value: &Value) -> Result<&Time, Failure> {
    value
        .downcast::<Time>()
        .ok_or_else(|| format!("{} is not a time.Time", value.type_name()).into())
}

/// A time, or seconds since the epoch; anything else is now.
fn moment(call: &Call<'_>, value: &Value) -> Time {
    match value {
        Value::Int(seconds) | Value::Int64(seconds) => Time::from_unix(*seconds),
        Value::Int32(seconds) => Time::from_unix(i64::from(*seconds)),
        other => match other.downcast::<Time>() {
            Some(time) => time.clone(),
            None => now(call),
        },
    }
}

fn shown(call: &Call<'_>, layout: &str, value: &Value, zone: &str) -> Result<Value, Failure> {
    let mut time = moment(call, value);
    time.zone = zones::at(zone, time.seconds);
    Ok(Value::from(time.format(layout)))
}

fn date_in_zone(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    shown(call, &args.str(0)?, args.any(1), &args.str(2)?)
}

fn date_modify(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let time = time(args.any(1))?;
    Ok(Value::object(match duration::parse(&args.str(0)?) {
        Ok(nanoseconds) => time.plus(nanoseconds),
        Err(_) => time.clone(),
    }))
}

fn must_date_modify(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let nanoseconds = duration::parse(&args.str(0)?)?;
    Ok(Value::object(time(args.any(1))?.plus(nanoseconds)))
}

fn ago(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let then = match args.any(0) {
        // Unlike elsewhere, `int32` is no time here.
        Value::Int32(_) => now(call),
        value => moment(call, value),
    };
    let since = now(call).since(&then);
    Ok(Value::from(duration::format(duration::round_to_seconds(
        since,
    ))))
}

/// Seconds, as text or `int64`, printed as a duration.
fn seconds_as_duration(_: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let seconds = match args.any(0) {
        Value::Int64(seconds) => *seconds,
        Value::String(text) => match parse_int_radix(&text.to_str(), 10) {
            Ok(seconds) | Err(Wrong::Range(seconds)) => seconds,
            Err(Wrong::Syntax) => 0,
        },
        _ => 0,
    };
    Ok(Value::from(duration::format(
        seconds.wrapping_mul(1_000_000_000),
    )))
}

fn duration_round(call: &mut Call<'_>, args: Args<'_>) -> Result<Value, Failure> {
    let nanoseconds = match args.any(0) {
        Value::Int64(nanoseconds) => *nanoseconds,
        Value::String(text) => duration::parse(&text.to_str()).unwrap_or(0),
        other => match other.downcast::<Time>() {
            Some(time) => now(call).since(time),
            None => 0,
        },
    };
    Ok(Value::from(duration::round(nanoseconds)))
}
