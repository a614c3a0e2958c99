//! Times, months, days of the week and durations as values with methods.

use std::any::Any;

use super::time::{Civil, Time, Zone, days_of};
use super::{TIME, duration, layout, time};
use crate::functions::{Call, Failure};
use crate::value::{Kind, Method, Object, Type, Value};

impl Object for Time {
    fn type_name(&self) -> &str {
        "time.Time"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn json(&self) -> Result<serde_json::Value, Failure> {
        if !(0..=9999).contains(&self.civil().year) {
            return Err("json: error calling MarshalJSON for type time.Time: Time.MarshalJSON: year outside of range [0,9999]".into());
        }
        Ok(self.rfc3339().into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static METHODS: &[Method] = &[
    Method::new("AddDate", &[Type::Int, Type::Int, Type::Int], add_date),
    Method::new("After", &[TIME], |_, this, args| {
        compare(this, args, i128::gt)
    }),
    Method::new("Before", &[TIME], |_, this, args| {
        compare(this, args, i128::lt)
    }),
    Method::new("Equal", &[TIME], |_, this, args| {
        compare(this, args, i128::eq)
    }),
    Method::new("Compare", &[TIME], |_, this, args| {
        let order = nanoseconds(time(this)?).cmp(&nanoseconds(argument(args)?));
        Ok(Value::Int(order as i64))
    }),
    Method::new("Day", &[], |_, this, _| civil(this, |civil| civil.day)),
    Method::new("Hour", &[], |_, this, _| civil(this, |civil| civil.hour)),
    Method::new("Minute", &[], |_, this, _| {
        civil(this, |civil| civil.minute)
    }),
    Method::new("Second", &[], |_, this, _| {
        civil(this, |civil| civil.second)
    }),
    Method::new("Format", &[Type::String], |_, this, args| {
        let layout = args.first().and_then(Value::as_text);
        let layout = layout.map(|layout| layout.to_str()).unwrap_or_default();
        Ok(Value::from(time(this)?.format(&layout)))
    }),
    Method::new("String", &[], |_, this, _| {
        Ok(Value::from(time(this)?.to_string()))
    }),
    Method::new("IsZero", &[], |_, this, _| {
        Ok(Value::Bool(time(this)?.is_zero()))
    }),
    Method::new("IsDST", &[], |_, this, _| {
        time(this)?;
        Ok(Value::Bool(false))
    }),
    Method::new("Local", &[], utc),
    Method::new("UTC", &[], utc),
    Method::new("Month", &[], |_, this, _| {
        let month = time(this)?.civil().month;
        Ok(Value::object(Ordinal::Month(month)))
    }),
    Method::new("Weekday", &[], |_, this, _| {
        Ok(Value::object(Ordinal::Weekday(time(this)?.weekday())))
    }),
    Method::new("Nanosecond", &[], |_, this, _| {
        Ok(Value::Int(time(this)?.nanoseconds.into()))
    }),
    Method::new("Sub", &[TIME], |_, this, args| {
        let since = time(this)?.since(argument(args)?);
        Ok(Value::object(Duration(since)))
    }),
    Method::new("Unix", &[], |_, this, _| unix(this, 1_000_000_000)),
    Method::new("UnixMilli", &[], |_, this, _| unix(this, 1_000_000)),
    Method::new("UnixMicro", &[], |_, this, _| unix(this, 1000)),
    Method::new("UnixNano", &[], |_, this, _| unix(this, 1)),
    Method::new("Year", &[], |_, this, _| {
        Ok(Value::Int(time(this)?.civil().year))
    }),
    Method::new("YearDay", &[], |_, this, _| {
        Ok(Value::Int(time(this)?.year_day()))
    }),
];

fn argument(args: &[Value]) -> Result<&Time, Failure> {
    time(args.first().unwrap_or(&Value::Nil))
}

fn nanoseconds(time: &Time) -> i128 {
    i128::from(time.seconds) * 1_000_000_000 + i128::from(time.nanoseconds)
}

fn compare(
    this: &Value,
    args: &[Value],
    holds: fn(&i128, &i128) -> bool,
) -> Result<Value, Failure> {
    let (this, other) = (nanoseconds(time(this)?), nanoseconds(argument(args)?));
    Ok(Value::Bool(holds(&this, &other)))
}

fn civil(this: &Value, part: fn(Civil) -> u32) -> Result<Value, Failure> {
    Ok(Value::Int(part(time(this)?.civil()).into()))
}

/// Since 1970, in units of so many nanoseconds.
fn unix(this: &Value, unit: i128) -> Result<Value, Failure> {
    // Go wraps around where nanoseconds do not fit.
    Ok(Value::Int64(
        nanoseconds(time(this)?).div_euclid(unit) as i64
    ))
}

fn utc(_: &mut Call<'_>, this: &Value, _: &[Value]) -> Result<Value, Failure> {
    let mut time = time(this)?.clone();
    time.zone = Zone::utc();
    Ok(Value::object(time))
}

/// Years, months and days later; what overflows a month runs into the next.
fn add_date(_: &mut Call<'_>, this: &Value, args: &[Value]) -> Result<Value, Failure> {
    let arg = |i: usize| args.get(i).and_then(Value::as_int).unwrap_or(0);
    let time = time(this)?;
    let civil = time.civil();
    let months = i64::from(civil.month) - 1 + arg(1).clamp(-1_000_000, 1_000_000);
    let year = civil.year + arg(0).clamp(-1_000_000, 1_000_000) + months.div_euclid(12);
    let month = months.rem_euclid(12) as u32 + 1;
    let days = i64::from(civil.day) - 1 + arg(2).clamp(-1_000_000_000, 1_000_000_000);
    let before = days_of(civil.year, civil.month, civil.day);
    let after = days_of(year, month, 1) + days;
    Ok(Value::object(Time {
        seconds: time.seconds + (after - before) * 86_400,
        ..time.clone()
    }))
}

/// A `time.Month` or `time.Weekday`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ordinal {
    /// From 1.
    Month(u32),
    /// From 0, which is Sunday.
    Weekday(usize),
}

impl Ordinal {
    /// The number.
    pub(crate) fn number(&self) -> i64 {
        match *self {
            Self::Month(n) => i64::from(n),
            Self::Weekday(n) => n as i64,
        }
    }
}

impl Object for Ordinal {
    fn type_name(&self) -> &str {
        match self {
            Self::Month(_) => "time.Month",
            Self::Weekday(_) => "time.Weekday",
        }
    }

    fn kind(&self) -> Kind {
        Kind::Int
    }

    fn truth(&self) -> bool {
        Ordinal::number(self) != 0
    }

    fn text(&self) -> Option<String> {
        Some(match *self {
            Self::Month(n) => layout::month_name(n).to_owned(),
            Self::Weekday(n) => layout::weekday_name(n).to_owned(),
        })
    }

    fn methods(&self) -> &'static [Method] {
        STRING
    }

    fn number(&self) -> Option<Value> {
        Some(Value::Int(Ordinal::number(self)))
    }

    fn json(&self) -> Result<serde_json::Value, Failure> {
        Ok(Ordinal::number(self).into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

/// A `time.Duration`, in nanoseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Duration(pub(crate) i64);

impl Object for Duration {
    fn type_name(&self) -> &str {
        "time.Duration"
    }

    fn kind(&self) -> Kind {
        Kind::Int64
    }

    fn truth(&self) -> bool {
        self.0 != 0
    }

    fn text(&self) -> Option<String> {
        Some(duration::format(self.0))
    }

    fn methods(&self) -> &'static [Method] {
        DURATION
    }

    fn number(&self) -> Option<Value> {
        Some(Value::Int64(self.0))
    }

    fn json(&self) -> Result<serde_json::Value, Failure> {
        Ok(self.0.into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

fn text(_: &mut Call<'_>, this: &Value, _: &[Value]) -> Result<Value, Failure> {
    match this {
        Value::Object(object) => Ok(Value::from(object.text().unwrap_or_default())),
        other => Err(format!("{} has no String method", other.type_name()).into()),
    }
}

static STRING: &[Method] = &[Method::new("String", &[], text)];

static DURATION: &[Method] = &[
    Method::new("String", &[], text),
    Method::new("Hours", &[], |_, this, _| in_units(this, 3600e9)),
    Method::new("Minutes", &[], |_, this, _| in_units(this, 60e9)),
    Method::new("Seconds", &[], |_, this, _| in_units(this, 1e9)),
    Method::new("Milliseconds", &[], |_, this, _| {
        whole_units(this, 1_000_000)
    }),
    Method::new("Microseconds", &[], |_, this, _| whole_units(this, 1000)),
    Method::new("Nanoseconds", &[], |_, this, _| whole_units(this, 1)),
];

fn length(this: &Value) -> Result<i64, Failure> {
    match this.downcast::<Duration>() {
        Some(duration) => Ok(duration.0),
        None => Err(format!("{} is not a time.Duration", this.type_name()).into()),
    }
}

fn in_units(this: &Value, unit: f64) -> Result<Value, Failure> {
    Ok(Value::Float(length(this)? as f64 / unit))
}

fn whole_units(this: &Value, unit: i64) -> Result<Value, Failure> {
    Ok(Value::Int64(length(this)? / unit))
}
