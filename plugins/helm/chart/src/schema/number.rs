//! Numbers compared by value, not by how they are written.

use std::cmp::Ordering;

use serde_json::Number;

/// Which of two numbers is larger.
pub(super) fn compare(a: &Number, b: &Number) -> Ordering {
    match (a.as_i128(), b.as_i128()) {
        (Some(a), Some(b)) => a.cmp(&b),
        _ => float(a).total_cmp(&float(b)),
    }
}

/// Whether it is a whole number.
pub(super) fn is_integer(number: &Number) -> bool {
    number.as_i128().is_some() || float(number).fract() == 0.0
}

/// Whether `number` is a whole multiple of `of`, by their decimal digits.
pub(super) fn is_multiple(number: &Number, of: &Number) -> bool {
    let exact = decimal(number).zip(decimal(of)).and_then(|(a, b)| {
        let exponent = a.1.min(b.1);
        let scale = |(digits, own): (i128, i32)| {
            let factor = 10i128.checked_pow(u32::try_from(own - exponent).ok()?)?;
            digits.checked_mul(factor)
        };
        scale(a)?.checked_rem(scale(b)?)
    });
    match exact {
        Some(rest) => rest == 0,
        None => float(number) % float(of) == 0.0,
    }
}

/// The number as a float; `-0` is `0`.
pub(super) fn float(number: &Number) -> f64 {
    number.as_f64().unwrap_or(f64::NAN) + 0.0
}

/// A whole number that is not negative.
pub(super) fn count(number: &Number) -> Option<u64> {
    let float = float(number);
    (is_integer(number) && (0.0..=9e15).contains(&float)).then_some(float as u64)
}

/// Digits and exponent of the shortest decimal form.
fn decimal(number: &Number) -> Option<(i128, i32)> {
    if let Some(n) = number.as_i128() {
        return Some((n, 0));
    }
    let text = format!("{:e}", float(number));
    let (mantissa, exponent) = text.split_once('e')?;
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{whole}{fraction}").parse().ok()?;
    let exponent: i32 = exponent.parse().ok()?;
    Some((digits, exponent - i32::try_from(fraction.len()).ok()?))
}

/// The number with its thousands apart, as Helm's messages have it.
pub(super) fn display(number: &Number) -> String {
    let text = match number.as_i128() {
        Some(n) => n.to_string(),
        None => fleet_yaml::format_float_g(float(number)),
    };
    if text.contains('e') {
        return text;
    }
    let (sign, text) = text
        .strip_prefix('-')
        .map_or(("", &*text), |rest| ("-", rest));
    let (whole, fraction) = match text.find('.') {
        Some(dot) => text.split_at(dot),
        None => (text, ""),
    };
    let mut grouped = String::new();
    for (n, digit) in whole.chars().enumerate() {
        if n > 0 && (whole.len() - n) % 3 == 0 {
            grouped.push(',');
        }
        grouped.push(digit);
    }
    format!("{sign}{grouped}{fraction}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    fn number(value: Value) -> Number {
        match value {
            Value::Number(number) => number,
            other => panic!("{other} is no number"),
        }
    }

    #[test]
    fn multiples_go_by_decimal_digits() {
        for (n, of, expected) in [
            (json!(0.3), json!(0.1), true),
            (json!(1.5), json!(0.4), false),
            (json!(10), json!(2.5), true),
            (json!(7), json!(2), false),
            (json!(1e300), json!(2), true),
        ] {
            assert_eq!(
                is_multiple(&number(n.clone()), &number(of.clone())),
                expected,
                "{n} {of}"
            );
        }
    }

    #[test]
    fn numbers_are_shown_with_their_thousands_apart() {
        for (n, expected) in [
            (json!(-5.0), "-5"),
            (json!(1234567), "1,234,567"),
            (json!(0.5), "0.5"),
            (json!(999), "999"),
        ] {
            assert_eq!(display(&number(n)), expected);
        }
    }
}
