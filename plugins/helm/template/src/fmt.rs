//! Go's `fmt`: `print`, `printf` and `println` over template values, byte for byte.

mod float;
mod number;
mod printer;
mod quote;

pub use float::format_float;
pub use quote::{can_backquote, is_print, quote, quote_bytes, quote_to_ascii};
pub(crate) use quote::{decode_rune, unquote, unquote_char};

use printer::Printer;

use crate::functions::Failure;
use crate::value::Value;

/// Go's `fmt.Sprint`: a space stands between two arguments when neither is a string.
///
/// With one argument that is its `%v`.
///
/// # Errors
/// If a value nests too deeply (it may hold itself) or its text is too long.
pub fn sprint(args: &[Value]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    print_to(&mut out, args, usize::MAX)?;
    Ok(out)
}

/// Go's `fmt.Sprintln`: a space stands between all arguments, a newline at the end.
///
/// # Errors
/// As [`sprint`].
pub fn sprintln(args: &[Value]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::new();
    let mut printer = Printer::new(&mut out, usize::MAX);
    for (i, arg) in args.iter().enumerate() {
        if i > 0 {
            printer.write(b" ");
        }
        printer.print_arg(arg, 'v');
    }
    printer.finish()?;
    out.push(b'\n');
    Ok(out)
}

/// Go's `fmt.Sprintf`, with every verb and flag, and its `%!` texts for what is wrong.
///
/// # Errors
/// As [`sprint`].
pub fn sprintf(format: &[u8], args: &[Value]) -> Result<Vec<u8>, Failure> {
    let mut out = Vec::with_capacity(format.len() + 16);
    let mut printer = Printer::new(&mut out, usize::MAX);
    Format {
        format,
        args,
        i: 0,
        n_arg: 0,
        reordered: false,
        good_index: true,
    }
    .print(&mut printer);
    printer.finish()?;
    Ok(out)
}

/// Appends what [`sprint`] gives, unless that makes `out` longer than `max` bytes.
pub(crate) fn print_to(out: &mut Vec<u8>, args: &[Value], max: usize) -> Result<(), Failure> {
    let mut printer = Printer::new(out, max);
    let mut after_string = false;
    for (i, arg) in args.iter().enumerate() {
        let is_string = matches!(arg, Value::String(_));
        if i > 0 && !is_string && !after_string {
            printer.write(b" ");
        }
        printer.print_arg(arg, 'v');
        after_string = is_string;
    }
    printer.finish()
}

/// Widths and precisions above this are refused, as in Go.
const MAX_WIDTH: i64 = 1_000_000;

/// A format string on its way through its arguments.
struct Format<'a> {
    format: &'a [u8],
    args: &'a [Value],
    i: usize,
    n_arg: usize,
    reordered: bool,
    good_index: bool,
}

impl Format<'_> {
    fn print(&mut self, printer: &mut Printer<'_>) {
        while self.i < self.format.len() {
            let rest = &self.format[self.i..];
            let n_plain = rest.iter().position(|b| *b == b'%').unwrap_or(rest.len());
            printer.write(&rest[..n_plain]);
            self.i += n_plain;
            if self.i >= self.format.len() {
                break;
            }
            self.i += 1;
            self.good_index = true;
            printer.flags = Default::default();
            if !self.verb(printer) {
                break;
            }
        }
        if !self.reordered && self.n_arg < self.args.len() {
            self.extra(printer);
        }
    }

    fn peek(&self) -> Option<u8> {
        self.format.get(self.i).copied()
    }

    /// One verb, after its `%`; false at the end of the format.
    fn verb(&mut self, printer: &mut Printer<'_>) -> bool {
        while let Some(flag) = self.peek() {
            match flag {
                b'#' => printer.flags.sharp = true,
                b'0' => printer.flags.zero = true,
                b'+' => printer.flags.plus = true,
                b'-' => printer.flags.minus = true,
                b' ' => printer.flags.space = true,
                _ => break,
            }
            self.i += 1;
        }
        let mut after_index = self.index();
        after_index = self.width(printer, after_index);
        after_index = self.precision(printer, after_index);
        if !after_index {
            self.index();
        }
        if self.i >= self.format.len() {
            printer.write(b"%!(NOVERB)");
            return false;
        }
        let (verb, width) = decode_rune(&self.format[self.i..]);
        let verb = verb.unwrap_or(char::REPLACEMENT_CHARACTER);
        self.i += width;
        match self.args.get(self.n_arg) {
            _ if verb == '%' => printer.write(b"%"),
            _ if !self.good_index => {
                printer.write(b"%!");
                printer.write_char(verb);
                printer.write(b"(BADINDEX)");
            }
            None => {
                printer.write(b"%!");
                printer.write_char(verb);
                printer.write(b"(MISSING)");
            }
            Some(arg) => {
                if matches!(verb, 'v' | 'w') {
                    printer.flags.go_syntax = std::mem::take(&mut printer.flags.sharp);
                    printer.flags.with_names = std::mem::take(&mut printer.flags.plus);
                }
                printer.print_arg(arg, verb);
                self.n_arg += 1;
            }
        }
        true
    }

    fn width(&mut self, printer: &mut Printer<'_>, after_index: bool) -> bool {
        if self.peek() == Some(b'*') {
            self.i += 1;
            match self.int_arg() {
                Some(width) => {
                    if width < 0 {
                        printer.flags.minus = true;
                        printer.flags.zero = false;
                    }
                    printer.flags.width = usize::try_from(width.unsigned_abs()).ok();
                }
                None => printer.write(b"%!(BADWIDTH)"),
            }
            return false;
        }
        printer.flags.width = self.number();
        if after_index && printer.flags.width.is_some() {
            self.good_index = false;
        }
        after_index
    }

    fn precision(&mut self, printer: &mut Printer<'_>, mut after_index: bool) -> bool {
        // A period that ends the format is a verb, as Go has it.
        if self.peek() != Some(b'.') || self.i + 1 >= self.format.len() {
            return after_index;
        }
        self.i += 1;
        if after_index {
            self.good_index = false;
        }
        after_index = self.index();
        if self.peek() == Some(b'*') {
            self.i += 1;
            match self.int_arg().map(usize::try_from) {
                Some(Ok(precision)) => printer.flags.precision = Some(precision),
                _ => printer.write(b"%!(BADPREC)"),
            }
            return false;
        }
        printer.flags.precision = Some(self.number().unwrap_or(0));
        after_index
    }

    fn number(&mut self) -> Option<usize> {
        let start = self.i;
        let mut n: i64 = 0;
        while let Some(digit @ b'0'..=b'9') = self.peek() {
            if n > MAX_WIDTH {
                // Go gives up on the format.
                self.i = self.format.len();
                return None;
            }
            n = n * 10 + i64::from(digit - b'0');
            self.i += 1;
        }
        (self.i > start).then_some(usize::try_from(n).unwrap_or(0))
    }

    fn int_arg(&mut self) -> Option<i64> {
        let arg = self.args.get(self.n_arg)?;
        self.n_arg += 1;
        arg.as_int().filter(|n| n.abs() <= MAX_WIDTH)
    }

    /// `[n]`: which argument comes next. True if there was one.
    fn index(&mut self) -> bool {
        if self.peek() != Some(b'[') {
            return false;
        }
        self.reordered = true;
        let rest = &self.format[self.i..];
        let Some(end) = rest
            .iter()
            .position(|b| *b == b']')
            .filter(|_| rest.len() >= 3)
        else {
            self.good_index = false;
            self.i += 1;
            return false;
        };
        let digits = std::str::from_utf8(&rest[1..end]).unwrap_or_default();
        let is_number = !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit());
        let n = digits.parse::<i64>().ok().filter(|n| *n <= MAX_WIDTH);
        self.i += end + 1;
        match n.filter(|_| is_number) {
            Some(n) if n >= 1 && (n as usize) <= self.args.len() => {
                self.n_arg = n as usize - 1;
                true
            }
            Some(_) => {
                self.good_index = false;
                true
            }
            None => {
                self.good_index = false;
                false
            }
        }
    }

    fn extra(&self, printer: &mut Printer<'_>) {
        printer.flags = Default::default();
        printer.write(b"%!(EXTRA ");
        for (i, arg) in self.args[self.n_arg..].iter().enumerate() {
            if i > 0 {
                printer.write(b", ");
            }
            if !matches!(arg, Value::Nil) {
                printer.write(arg.type_name().as_bytes());
                printer.write(b"=");
            }
            printer.print_arg(arg, 'v');
        }
        printer.write(b")");
    }
}

#[cfg(test)]
mod tests;
