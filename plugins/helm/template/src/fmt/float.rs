//! Floating-point numbers as `strconv.FormatFloat` writes them.

use super::printer::Flags;

/// Go's `strconv.FormatFloat(f, verb, precision, 64)`; without a precision, the fewest digits that
/// say the number.
///
/// The verbs are those of Go: `e`, `E`, `f`, `g`, `G`, `x`, `X`, `b`.
pub fn format_float(f: f64, verb: u8, precision: Option<usize>) -> String {
    if f.is_nan() {
        return "NaN".to_owned();
    }
    if f.is_infinite() {
        return if f > 0.0 { "+Inf" } else { "-Inf" }.to_owned();
    }
    let sign = if f.is_sign_negative() { "-" } else { "" };
    let f = f.abs();
    let text = match verb {
        b'e' | b'E' => exponential(&Digits::new(f, precision.map(|p| p + 1)), precision, verb),
        b'f' => fixed(f, precision),
        b'x' | b'X' => hexadecimal(f, precision, verb == b'X'),
        b'b' => binary(f),
        _ => general(f, precision, verb),
    };
    format!("{sign}{text}")
}

/// Decimal digits of a number: `0.d1d2d3… × 10^point`, without zeros at the end.
struct Digits {
    digits: Vec<u8>,
    point: i32,
}

/// More digits than any number has.
const MANY: usize = 1100;

impl Digits {
    /// With so many digits, or with as few as say the number.
    fn new(f: f64, n_digits: Option<usize>) -> Self {
        if f == 0.0 {
            return Self {
                digits: Vec::new(),
                point: 0,
            };
        }
        let text = match n_digits {
            Some(n) => format!("{f:.*e}", n.clamp(1, MANY) - 1),
            None => format!("{f:e}"),
        };
        let (mantissa, exponent) = text.split_once('e').unwrap_or((&text, "0"));
        let mut digits: Vec<u8> = mantissa.bytes().filter(u8::is_ascii_digit).collect();
        while digits.last() == Some(&b'0') {
            digits.pop();
        }
        Self {
            digits,
            point: exponent.parse::<i32>().unwrap_or(0) + 1,
        }
    }

    fn at(&self, i: usize) -> char {
        self.digits.get(i).copied().unwrap_or(b'0').into()
    }
}

fn exponential(digits: &Digits, precision: Option<usize>, verb: u8) -> String {
    let precision = precision.unwrap_or(digits.digits.len().saturating_sub(1));
    let mut text = String::with_capacity(precision + 8);
    text.push(digits.at(0));
    if precision > 0 {
        text.push('.');
        for i in 1..=precision {
            text.push(digits.at(i));
        }
    }
    text.push(verb.into());
    let exponent = match digits.digits.is_empty() {
        true => 0,
        false => digits.point - 1,
    };
    let sign = if exponent < 0 { '-' } else { '+' };
    let exponent = exponent.unsigned_abs();
    text.push_str(&format!("{sign}{exponent:02}"));
    text
}

fn fixed(f: f64, precision: Option<usize>) -> String {
    match precision {
        // Rust prints the exact value or the shortest one, rounded like Go's.
        None => format!("{f}"),
        Some(n) if n <= MANY => format!("{f:.n$}"),
        Some(n) => format!("{f:.MANY$}") + &"0".repeat(n - MANY),
    }
}

fn general(f: f64, precision: Option<usize>, verb: u8) -> String {
    let digits = Digits::new(f, precision.map(|p| p.max(1)));
    let n_digits = digits.digits.len();
    let point = digits.point;
    let threshold = match precision {
        None => 6,
        Some(p) => {
            let p = i32::try_from(p.max(1)).unwrap_or(i32::MAX);
            let n = i32::try_from(n_digits).unwrap_or(i32::MAX);
            if p > n && n >= point { n } else { p }
        }
    };
    let exponent = point - 1;
    if exponent < -4 || exponent >= threshold {
        return exponential(&digits, None, verb + b'e' - b'g');
    }
    plain(&digits)
}

/// Without an exponent, with as many digits as there are.
fn plain(digits: &Digits) -> String {
    let mut text = String::new();
    let point = usize::try_from(digits.point).unwrap_or(0);
    match point {
        0 => text.push('0'),
        _ => text.extend((0..point).map(|i| digits.at(i))),
    }
    if digits.digits.len() > point || digits.point < 0 {
        text.push('.');
        text.extend((digits.point..0).map(|_| '0'));
        text.extend((point..digits.digits.len()).map(|i| digits.at(i)));
    }
    text
}

fn hexadecimal(f: f64, precision: Option<usize>, upper: bool) -> String {
    let bits = f.to_bits();
    let mut mantissa = bits & ((1 << 52) - 1);
    let mut exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 {
        exponent = 1;
    } else {
        mantissa |= 1 << 52;
    }
    exponent -= 1023;
    if mantissa == 0 {
        exponent = 0;
    }
    // One bit before the point, sixty after it.
    mantissa <<= 60 - 52;
    while mantissa != 0 && mantissa & (1 << 60) == 0 {
        mantissa <<= 1;
        exponent -= 1;
    }
    if let Some(shift) = precision.filter(|p| *p < 15).map(|p| p * 4) {
        let extra = (mantissa << shift) & ((1 << 60) - 1);
        mantissa >>= 60 - shift;
        if extra | (mantissa & 1) > 1 << 59 {
            mantissa += 1;
        }
        mantissa <<= 60 - shift;
        if mantissa & (1 << 61) != 0 {
            mantissa >>= 1;
            exponent += 1;
        }
    }
    let mut text = String::from("0x");
    text.push(if mantissa >> 60 & 1 == 1 { '1' } else { '0' });
    let mut rest = mantissa << 4;
    if precision.map_or(rest != 0, |p| p > 0) {
        text.push('.');
    }
    match precision {
        None => {
            while rest != 0 {
                text.push_str(&format!("{:x}", rest >> 60));
                rest <<= 4;
            }
        }
        Some(p) => {
            for _ in 0..p {
                text.push_str(&format!("{:x}", rest >> 60));
                rest <<= 4;
            }
        }
    }
    let sign = if exponent < 0 { '-' } else { '+' };
    text.push_str(&format!("p{sign}{:02}", exponent.unsigned_abs()));
    if upper { text.to_uppercase() } else { text }
}

fn binary(f: f64) -> String {
    let bits = f.to_bits();
    let mut mantissa = bits & ((1 << 52) - 1);
    let mut exponent = ((bits >> 52) & 0x7ff) as i32;
    if exponent == 0 {
        exponent = 1;
    } else {
        mantissa |= 1 << 52;
    }
    exponent -= 1023 + 52;
    let sign = if exponent < 0 { '-' } else { '+' };
    format!("{mantissa}p{sign}{}", exponent.unsigned_abs())
}

/// The number with its sign always in front, and with the zeros that `#` asks for.
pub(super) fn signed(f: f64, verb: u8, precision: Option<usize>, flags: &Flags) -> Vec<u8> {
    let mut text = format_float(f, verb, precision).into_bytes();
    if !matches!(text[0], b'-' | b'+') {
        text.insert(0, b'+');
    }
    if flags.space && text[0] == b'+' && !flags.plus {
        text[0] = b' ';
    }
    if flags.sharp && verb != b'b' && f.is_finite() {
        sharpen(&mut text, verb, precision);
    }
    text
}

/// `#`: always a point, and no zeros taken away at the end.
fn sharpen(text: &mut Vec<u8>, verb: u8, precision: Option<usize>) {
    let mut digits = match verb {
        b'g' | b'G' | b'x' => precision.unwrap_or(6) as i64,
        _ => 0,
    };
    let is_hex = matches!(verb, b'x' | b'X');
    let mut tail = Vec::new();
    let mut has_point = false;
    let mut significant = false;
    for i in 1..text.len() {
        match text[i] {
            b'.' => has_point = true,
            b'p' | b'P' => {
                tail = text.split_off(i);
                break;
            }
            b'e' | b'E' if !is_hex => {
                tail = text.split_off(i);
                break;
            }
            c => {
                significant |= c != b'0';
                if significant {
                    digits -= 1;
                }
            }
        }
    }
    if !has_point {
        if text.len() == 2 && text[1] == b'0' {
            digits -= 1;
        }
        text.push(b'.');
    }
    for _ in 0..digits.max(0) {
        text.push(b'0');
    }
    text.append(&mut tail);
}
