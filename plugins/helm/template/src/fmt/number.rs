//! Whole numbers in every base.

use super::printer::Flags;
use super::quote::is_print;

/// A whole number of either signedness.
#[derive(Clone, Copy)]
pub(super) struct Integer {
    pub(super) magnitude: u64,
    pub(super) is_negative: bool,
    pub(super) is_signed: bool,
}

impl Integer {
    pub(super) fn signed(n: i64) -> Self {
        Self {
            magnitude: n.unsigned_abs(),
            is_negative: n < 0,
            is_signed: true,
        }
    }

    pub(super) fn unsigned(n: u64) -> Self {
        Self {
            magnitude: n,
            is_negative: false,
            is_signed: false,
        }
    }

    /// The bits as Go has them when it takes the number for unsigned.
    fn bits(self) -> u64 {
        match self.is_negative {
            true => self.magnitude.wrapping_neg(),
            false => self.magnitude,
        }
    }

    /// The character of that number; U+FFFD if there is none.
    pub(super) fn to_char(self) -> char {
        u32::try_from(self.bits())
            .ok()
            .and_then(char::from_u32)
            .unwrap_or(char::REPLACEMENT_CHARACTER)
    }
}

/// The number with sign, prefix and leading zeros, before padding with spaces.
pub(super) fn digits(n: Integer, base: u64, upper: bool, with_o: bool, flags: &Flags) -> Vec<u8> {
    let n_digits = match (flags.precision, flags.width) {
        (Some(precision), _) => precision,
        (None, Some(width)) if flags.zero && !flags.minus => {
            width.saturating_sub((n.is_negative || flags.plus || flags.space).into())
        }
        _ => 0,
    };
    // From the right, as it is simpler, and turned round at the end.
    let mut text = Vec::with_capacity(n_digits.max(24));
    let mut rest = n.magnitude;
    loop {
        let digit = (rest % base) as u8;
        text.push(match digit {
            0..=9 => b'0' + digit,
            _ if upper => b'A' + digit - 10,
            _ => b'a' + digit - 10,
        });
        rest /= base;
        if rest == 0 {
            break;
        }
    }
    while text.len() < n_digits {
        text.push(b'0');
    }
    if flags.sharp {
        match base {
            2 => text.extend_from_slice(b"b0"),
            8 if text.last() != Some(&b'0') => text.push(b'0'),
            16 if upper => text.extend_from_slice(b"X0"),
            16 => text.extend_from_slice(b"x0"),
            _ => {}
        }
    }
    if with_o {
        text.extend_from_slice(b"o0");
    }
    if n.is_negative {
        text.push(b'-');
    } else if flags.plus {
        text.push(b'+');
    } else if flags.space {
        text.push(b' ');
    }
    text.reverse();
    text
}

/// `U+0041`, and the character itself if asked for.
pub(super) fn unicode(n: Integer, with_char: bool, precision: Option<usize>) -> String {
    let bits = n.bits();
    let n_digits = precision.unwrap_or(4).max(4);
    let mut text = format!("{bits:X}");
    if text.len() < n_digits {
        text = "0".repeat(n_digits - text.len()) + &text;
    }
    let c = u32::try_from(bits).ok().and_then(char::from_u32);
    match c.filter(|c| with_char && is_print(*c)) {
        Some(c) => format!("U+{text} '{c}'"),
        None => format!("U+{text}"),
    }
}
