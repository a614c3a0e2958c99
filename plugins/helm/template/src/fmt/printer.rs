//! Prints one value under one verb and its flags.

use super::float;
use super::number::{self, Integer};
use super::quote::{can_backquote, decode_rune, quote_bytes, quote_to_ascii};
use crate::functions::Failure;
use crate::text::Text;
use crate::value::{Kind, MAX_NESTING, Object, Value};

/// What stands between `%` and the verb.
#[derive(Clone, Copy, Default, PartialEq)]
pub(super) struct Flags {
    pub(super) sharp: bool,
    pub(super) zero: bool,
    pub(super) plus: bool,
    pub(super) minus: bool,
    pub(super) space: bool,
    /// `%#v`
    pub(super) go_syntax: bool,
    /// `%+v`
    pub(super) with_names: bool,
    pub(super) width: Option<usize>,
    pub(super) precision: Option<usize>,
}

pub(super) struct Printer<'a> {
    out: &'a mut Vec<u8>,
    pub(super) flags: Flags,
    /// While the `%!verb(…)` text is printed, values do not print themselves.
    failing: bool,
    max: usize,
    too_deep: bool,
}

impl<'a> Printer<'a> {
    pub(super) fn new(out: &'a mut Vec<u8>, max: usize) -> Self {
        Self {
            out,
            flags: Flags::default(),
            failing: false,
            max: max.min(MAX_LEN),
            too_deep: false,
        }
    }

    pub(super) fn finish(self) -> Result<(), Failure> {
        if self.too_deep {
            return Err(Failure::new(format!(
                "cannot print a value that nests deeper than {MAX_NESTING} levels"
            )));
        }
        if self.out.len() > self.max {
            let max = self.max;
            return Err(Failure::new(format!("text is longer than {max} bytes")));
        }
        Ok(())
    }

    fn is_full(&self) -> bool {
        self.too_deep || self.out.len() > self.max
    }

    pub(super) fn write(&mut self, bytes: &[u8]) {
        self.out.extend_from_slice(bytes);
    }

    pub(super) fn write_char(&mut self, c: char) {
        self.write(c.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn padding(&mut self, n: usize) {
        let byte = match self.flags.zero && !self.flags.minus {
            true => b'0',
            false => b' ',
        };
        self.out.resize(self.out.len() + n, byte);
    }

    /// Writes bytes, padded to the width; widths count characters.
    fn pad(&mut self, bytes: &[u8]) {
        let Some(width) = self.flags.width.filter(|width| *width > 0) else {
            return self.write(bytes);
        };
        let n = width.saturating_sub(count_runes(bytes));
        if !self.flags.minus {
            self.padding(n);
        }
        self.write(bytes);
        if self.flags.minus {
            self.padding(n);
        }
    }

    fn pad_with_spaces(&mut self, bytes: &[u8]) {
        let zero = std::mem::take(&mut self.flags.zero);
        self.pad(bytes);
        self.flags.zero = zero;
    }

    /// Prints an argument of a call.
    pub(super) fn print_arg(&mut self, arg: &Value, verb: char) {
        match (arg, verb) {
            (Value::Nil, 'T' | 'v') => self.pad(b"<nil>"),
            (Value::Nil, _) => self.bad_verb(None, verb),
            (_, 'T') => {
                let name = arg.type_name();
                self.string(name.as_bytes());
            }
            (_, 'p') => self.pointer(arg),
            (Value::List(_) | Value::Map(_), 'w') => self.bad_verb(Some(arg), verb),
            (_, _) => self.print_value(arg, verb, 0),
        }
    }

    fn print_value(&mut self, value: &Value, verb: char, depth: usize) {
        if depth > MAX_NESTING {
            self.too_deep = true;
        }
        if self.is_full() {
            return;
        }
        match value {
            // Here nil is what an interface holds that holds nothing.
            Value::Nil if self.flags.go_syntax => self.write(b"interface {}(nil)"),
            Value::Nil => self.write(b"<nil>"),
            Value::Bool(b) => self.bool(*b, verb, value),
            Value::Int(n) | Value::Int64(n) => self.integer(Integer::signed(*n), verb, value),
            Value::Int32(n) => self.integer(Integer::signed((*n).into()), verb, value),
            Value::Uint8(n) => self.integer(Integer::unsigned((*n).into()), verb, value),
            Value::Uint64(n) => self.integer(Integer::unsigned(*n), verb, value),
            Value::Float(f) => self.float(*f, verb, value),
            Value::String(text) => self.text(text.as_bytes(), verb, value),
            Value::Bytes(bytes) => self.bytes(bytes, verb, depth),
            Value::List(list) => {
                let (open, close) = self.brackets(&list.type_name(), "[", "]");
                if self.flags.go_syntax && list.is_nil() {
                    return self.write(b"(nil)");
                }
                self.write(open.as_bytes());
                for (i, item) in list.iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    self.separate(i);
                    self.print_value(item, verb, depth + 1);
                }
                self.write(close.as_bytes());
            }
            Value::Map(map) => {
                let (open, close) = self.brackets(&map.type_name(), "map[", "]");
                if self.flags.go_syntax && map.is_nil() {
                    return self.write(b"(nil)");
                }
                self.write(open.as_bytes());
                for (i, (key, item)) in map.entries().into_iter().enumerate() {
                    if self.is_full() {
                        return;
                    }
                    self.separate(i);
                    self.print_value(&Value::String(key), verb, depth + 1);
                    self.write(b":");
                    self.print_value(&item, verb, depth + 1);
                }
                self.write(close.as_bytes());
            }
            Value::Object(object) => self.object(&**object, value, verb, depth),
        }
    }

    /// The brackets around the parts; in Go syntax the name of the type comes first.
    fn brackets(
        &mut self,
        type_name: &str,
        open: &'static str,
        close: &'static str,
    ) -> (&'static str, &'static str) {
        if self.flags.go_syntax {
            self.write(type_name.as_bytes());
            return ("{", "}");
        }
        (open, close)
    }

    fn separate(&mut self, i: usize) {
        if i > 0 {
            let separator: &[u8] = if self.flags.go_syntax { b", " } else { b" " };
            self.write(separator);
        }
    }

    fn object(&mut self, object: &dyn Object, value: &Value, verb: char, depth: usize) {
        let asks_for_text = matches!(verb, 'v' | 's' | 'x' | 'X' | 'q');
        if asks_for_text
            && !self.failing
            && !self.flags.go_syntax
            && let Some(text) = object.text()
        {
            return self.text(text.as_bytes(), verb, value);
        }
        if verb == 'w' {
            return self.bad_verb(Some(value), verb);
        }
        if let Some(number) = object.number() {
            return self.print_value(&number, verb, depth);
        }
        if object.kind() == Kind::Pointer {
            if depth > 0 {
                return self.pointer(value);
            }
            self.write(b"&");
        }
        if self.flags.go_syntax {
            self.write(object.type_name().trim_start_matches('*').as_bytes());
        }
        self.write(b"{");
        for (i, (name, field)) in object.fields().into_iter().enumerate() {
            self.separate(i);
            if self.flags.go_syntax || self.flags.with_names {
                self.write(name.as_bytes());
                self.write(b":");
            }
            self.print_value(&field, verb, depth + 1);
        }
        self.write(b"}");
    }

    /// Addresses differ from run to run in Go; here every one is the same.
    fn pointer(&mut self, value: &Value) {
        match value.kind() {
            Kind::Slice | Kind::Map | Kind::Pointer => {
                let prefix = if self.flags.sharp { "" } else { "0x" };
                let address = format!("{prefix}c000000000");
                self.pad(address.as_bytes());
            }
            _ => self.bad_verb(Some(value), 'p'),
        }
    }

    /// `%!d(string=x)`
    fn bad_verb(&mut self, value: Option<&Value>, verb: char) {
        let failing = std::mem::replace(&mut self.failing, true);
        self.write(b"%!");
        self.write_char(verb);
        self.write(b"(");
        match value {
            None => self.write(b"<nil>"),
            Some(value) => {
                self.write(value.type_name().as_bytes());
                self.write(b"=");
                self.print_value(value, 'v', 0);
            }
        }
        self.write(b")");
        self.failing = failing;
    }

    fn bool(&mut self, b: bool, verb: char, value: &Value) {
        match verb {
            't' | 'v' => self.pad(if b { b"true" } else { b"false" }),
            _ => self.bad_verb(Some(value), verb),
        }
    }

    fn integer(&mut self, n: Integer, verb: char, value: &Value) {
        match verb {
            'v' if self.flags.go_syntax && !n.is_signed => {
                let sharp = std::mem::replace(&mut self.flags.sharp, true);
                self.digits(n, 16, false, verb);
                self.flags.sharp = sharp;
            }
            'v' | 'd' => self.digits(n, 10, false, verb),
            'b' => self.digits(n, 2, false, verb),
            'o' | 'O' => self.digits(n, 8, false, verb),
            'x' => self.digits(n, 16, false, verb),
            'X' => self.digits(n, 16, true, verb),
            'c' => self.pad(n.to_char().encode_utf8(&mut [0; 4]).as_bytes()),
            'q' => {
                let quoted = super::quote::quote_char(n.to_char(), self.flags.plus);
                self.pad(quoted.as_bytes());
            }
            'U' => {
                let text = number::unicode(n, self.flags.sharp, self.flags.precision);
                self.pad_with_spaces(text.as_bytes());
            }
            _ => self.bad_verb(Some(value), verb),
        }
    }

    fn digits(&mut self, n: Integer, base: u64, upper: bool, verb: char) {
        if self.flags.precision == Some(0) && n.magnitude == 0 {
            let width = self.flags.width.unwrap_or(0);
            let zero = std::mem::take(&mut self.flags.zero);
            self.padding(width);
            self.flags.zero = zero;
            return;
        }
        let text = number::digits(n, base, upper, verb == 'O', &self.flags);
        self.pad_with_spaces(&text);
    }

    fn float(&mut self, f: f64, verb: char, value: &Value) {
        let (verb, precision) = match verb {
            'v' => (b'g', None),
            'b' | 'g' | 'G' | 'x' | 'X' => (verb as u8, None),
            'f' | 'e' | 'E' => (verb as u8, Some(6)),
            'F' => (b'f', Some(6)),
            _ => return self.bad_verb(Some(value), verb),
        };
        let precision = self.flags.precision.or(precision);
        let number = float::signed(f, verb, precision, &self.flags);
        if matches!(number.get(1), Some(b'I' | b'N')) {
            let keep_sign = number[1] == b'I' || self.flags.space || self.flags.plus;
            let keep_sign = keep_sign && (number[0] != b'+' || self.flags.plus || self.flags.space);
            // Go prints the sign of an infinity always, of NaN only when asked to.
            let text = match number[1] == b'I' || keep_sign {
                true => &number[..],
                false => &number[1..],
            };
            return self.pad_with_spaces(text);
        }
        if !self.flags.plus && number[0] == b'+' {
            return self.pad(&number[1..]);
        }
        match self.flags.width {
            Some(width) if self.flags.zero && !self.flags.minus && width > number.len() => {
                self.write(&number[..1]);
                self.padding(width - number.len());
                self.write(&number[1..]);
            }
            _ => self.pad(&number),
        }
    }

    fn string(&mut self, bytes: &[u8]) {
        let text = self.truncate(bytes);
        self.pad(text);
    }

    fn truncate<'b>(&self, bytes: &'b [u8]) -> &'b [u8] {
        let Some(precision) = self.flags.precision else {
            return bytes;
        };
        let mut end = 0;
        for _ in 0..precision {
            if end >= bytes.len() {
                break;
            }
            end += decode_rune(&bytes[end..]).1;
        }
        &bytes[..end]
    }

    fn text(&mut self, bytes: &[u8], verb: char, value: &Value) {
        match verb {
            'v' if self.flags.go_syntax => self.quoted(bytes),
            'v' | 's' => self.string(bytes),
            'x' => self.hex(bytes, false),
            'X' => self.hex(bytes, true),
            'q' => self.quoted(bytes),
            _ => self.bad_verb(Some(value), verb),
        }
    }

    fn quoted(&mut self, bytes: &[u8]) {
        let bytes = self.truncate(bytes);
        if self.flags.sharp && can_backquote(bytes) {
            let text = [b"`", bytes, b"`"].concat();
            return self.pad(&text);
        }
        let text = match self.flags.plus {
            true => quote_to_ascii(bytes),
            false => quote_bytes(bytes),
        };
        self.pad(text.as_bytes());
    }

    fn bytes(&mut self, bytes: &[u8], verb: char, depth: usize) {
        match verb {
            's' => self.string(bytes),
            'x' => self.hex(bytes, false),
            'X' => self.hex(bytes, true),
            'q' => self.quoted(bytes),
            'v' | 'd' if self.flags.go_syntax => {
                self.write(if depth == 0 { b"[]byte{" } else { b"[]uint8{" });
                for (i, byte) in bytes.iter().enumerate() {
                    self.separate(i);
                    let text = format!("0x{byte:x}");
                    self.write(text.as_bytes());
                }
                self.write(b"}");
            }
            // Charts that print their dot print all their files this way.
            'v' | 'd' if self.flags == Flags::default() && depth < MAX_NESTING => {
                self.write(b"[");
                self.decimals(bytes);
                self.write(b"]");
            }
            _ => {
                self.write(b"[");
                for (i, byte) in bytes.iter().enumerate() {
                    self.separate(i);
                    self.print_value(&Value::Uint8(*byte), verb, depth + 1);
                }
                self.write(b"]");
            }
        }
    }

    /// Bytes as decimal numbers with a space between each two.
    fn decimals(&mut self, bytes: &[u8]) {
        for (i, byte) in bytes.iter().enumerate() {
            if self.is_full() {
                return;
            }
            if i > 0 {
                self.out.push(b' ');
            }
            if *byte >= 100 {
                self.out.push(b'0' + byte / 100);
            }
            if *byte >= 10 {
                self.out.push(b'0' + byte / 10 % 10);
            }
            self.out.push(b'0' + byte % 10);
        }
    }

    fn hex(&mut self, bytes: &[u8], upper: bool) {
        let bytes = &bytes[..bytes.len().min(self.flags.precision.unwrap_or(bytes.len()))];
        let prefix: &[u8] = if upper { b"0X" } else { b"0x" };
        let mut text = Vec::with_capacity(bytes.len() * 2);
        for (i, byte) in bytes.iter().enumerate() {
            if i > 0 && self.flags.space {
                text.push(b' ');
            }
            if self.flags.sharp && (i == 0 || self.flags.space) {
                text.extend_from_slice(prefix);
            }
            let digits = match upper {
                true => format!("{byte:02X}"),
                false => format!("{byte:02x}"),
            };
            text.extend_from_slice(digits.as_bytes());
        }
        self.pad(&text);
    }
}

/// Longest text that printing makes, in bytes.
const MAX_LEN: usize = 256 << 20;

fn count_runes(bytes: &[u8]) -> usize {
    let mut n = 0;
    let mut i = 0;
    while i < bytes.len() {
        i += decode_rune(&bytes[i..]).1;
        n += 1;
    }
    n
}

impl std::fmt::Debug for Value {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let text = super::sprintf(b"%#v", std::slice::from_ref(self));
        let text = Text::from(text.unwrap_or_else(|failure| failure.message.into_bytes()));
        f.write_str(&text.to_str())
    }
}
