//! Floats printed as Go's strconv does.

/// `strconv.FormatFloat(f, 'g', -1, 64)`: the shortest digits that read back, with an exponent where it is below
/// -4 or at least 21.
///
/// That threshold is the one of `%v`; see [`format_float_g`] for the plain `'g'`.
fn shortest(f: f64) -> (bool, String, i32) {
    let text = format!("{:e}", f.abs());
    let (mantissa, exponent) = text
        .split_once('e')
        .expect("`{:e}` always prints an exponent");
    let digits: String = mantissa.chars().filter(char::is_ascii_digit).collect();
    (
        f.is_sign_negative(),
        digits,
        exponent.parse().expect("an exponent is a number"),
    )
}

/// Go's `strconv.FormatFloat(f, 'g', -1, 64)`: an exponent where the decimal one is below -4 or not below
/// the number of digits and at least 21 — with the shortest form Go takes 6 where there are fewer digits
/// (`eprec = 6`), so that 1000000 prints as `1e+06` and 123456789 as `1.23456789e+08`.
pub fn format_float_g(f: f64) -> String {
    if f.is_nan() {
        return "NaN".to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let (negative, digits, exponent) = shortest(f);
    let sign = if negative { "-" } else { "" };
    // strconv/ftoa.go: `eprec := prec; if eprec > digs.nd && digs.nd >= digs.dp { eprec = digs.nd };
    // if shortest { eprec = 6 }`.
    if (-4..6).contains(&exponent) || f == 0.0 {
        return format!("{sign}{}", plain(&digits, exponent));
    }
    format!("{sign}{}", scientific(&digits, exponent, 2))
}

/// A float as `encoding/json` prints it: plain from 1e-6 up to 1e21, else with a short exponent (`1e-7`, `1e+21`).
///
/// JSON has no text for infinities and NaN; they are printed as `null`.
pub fn format_float_json(f: f64) -> String {
    if !f.is_finite() {
        return "null".to_owned();
    }
    let (negative, digits, exponent) = shortest(f);
    let sign = if negative { "-" } else { "" };
    let abs = f.abs();
    if abs != 0.0 && !(1e-6..1e21).contains(&abs) {
        return format!("{sign}{}", scientific(&digits, exponent, 1));
    }
    format!("{sign}{}", plain(&digits, exponent))
}

fn plain(digits: &str, exponent: i32) -> String {
    if exponent < 0 {
        let zeros = "0".repeat(usize::try_from(-exponent - 1).unwrap_or(0));
        return format!("0.{zeros}{digits}");
    }
    let whole = usize::try_from(exponent).unwrap_or(0) + 1;
    if digits.len() <= whole {
        return format!("{digits}{}", "0".repeat(whole - digits.len()));
    }
    format!("{}.{}", &digits[..whole], &digits[whole..])
}

/// `d.ddde±xx`; a negative exponent has at least `width` digits, a positive one two (or `width` = 1: none).
fn scientific(digits: &str, exponent: i32, width: usize) -> String {
    let (head, tail) = digits.split_at(1);
    let point = if tail.is_empty() { "" } else { "." };
    let sign = if exponent < 0 { '-' } else { '+' };
    let abs = exponent.abs();
    format!("{head}{point}{tail}e{sign}{abs:0width$}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn floats_print_as_in_go() {
        for (f, g, json) in [
            (0.0, "0", "0"),
            (1.0, "1", "1"),
            (1.5, "1.5", "1.5"),
            (-0.25, "-0.25", "-0.25"),
            (100_000.0, "100000", "100000"),
            (1e6, "1e+06", "1000000"),
            (123_456_789.0, "1.23456789e+08", "123456789"),
            (1_234_567.5, "1.2345675e+06", "1234567.5"),
            (1e-5, "1e-05", "0.00001"),
            (1e-7, "1e-07", "1e-7"),
            (1e20, "1e+20", "100000000000000000000"),
            (1e21, "1e+21", "1e+21"),
            (0.0001, "0.0001", "0.0001"),
        ] {
            assert_eq!(format_float_g(f), g);
            assert_eq!(format_float_json(f), json);
        }
    }
}
