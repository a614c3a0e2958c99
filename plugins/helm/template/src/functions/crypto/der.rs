//! Distinguished encoding rules (X.690), as far as keys and certificates need them.

/// Tags.
pub(super) mod tag {
    pub(crate) const BOOLEAN: u8 = 0x01;
    pub(crate) const INTEGER: u8 = 0x02;
    pub(crate) const BIT_STRING: u8 = 0x03;
    pub(crate) const OCTET_STRING: u8 = 0x04;
    pub(crate) const NULL: u8 = 0x05;
    pub(crate) const OID: u8 = 0x06;
    pub(crate) const UTF8_STRING: u8 = 0x0c;
    pub(crate) const PRINTABLE_STRING: u8 = 0x13;
    pub(crate) const UTC_TIME: u8 = 0x17;
    pub(crate) const GENERALIZED_TIME: u8 = 0x18;
    pub(crate) const SEQUENCE: u8 = 0x30;
    pub(crate) const SET: u8 = 0x31;

    /// A tag that a structure gives to one of its parts, which is itself a structure.
    pub(crate) const fn explicit(n: u8) -> u8 {
        0xa0 | n
    }

    /// A tag in place of that of the type.
    pub(crate) const fn implicit(n: u8) -> u8 {
        0x80 | n
    }
}

/// An element: tag, length, content.
pub(super) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len();
    if length < 0x80 {
        out.push(length as u8);
    } else {
        let bytes = length.to_be_bytes();
        let n_zeros = bytes.iter().take_while(|&&b| b == 0).count();
        out.push(0x80 | (bytes.len() - n_zeros) as u8);
        out.extend(&bytes[n_zeros..]);
    }
    out.extend(content);
    out
}

/// A sequence of elements.
pub(super) fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    element(tag::SEQUENCE, &parts.concat())
}

/// A number that is not negative.
pub(super) fn unsigned(bytes: &[u8]) -> Vec<u8> {
    let n_zeros = bytes.iter().take_while(|&&b| b == 0).count();
    let digits = &bytes[n_zeros..];
    // A first bit that is set would make it negative.
    let padded = digits.first().is_none_or(|&b| b >= 0x80);
    let zero: &[u8] = if padded { &[0] } else { &[] };
    element(tag::INTEGER, &[zero, digits].concat())
}

/// A bit string of whole bytes.
pub(super) fn bit_string(bytes: &[u8]) -> Vec<u8> {
    element(tag::BIT_STRING, &[&[0], bytes].concat())
}

/// What is read of an encoding.
#[derive(Clone, Copy)]
pub(super) struct Reader<'d> {
    rest: &'d [u8],
}

/// An element that was read.
#[derive(Clone, Copy)]
pub(super) struct Element<'d> {
    pub(super) tag: u8,
    pub(super) content: &'d [u8],
    /// With tag and length.
    pub(super) whole: &'d [u8],
}

impl<'d> Reader<'d> {
    pub(super) fn new(bytes: &'d [u8]) -> Self {
        Self { rest: bytes }
    }

    /// The next element, whatever it is.
    pub(super) fn next(&mut self) -> Option<Element<'d>> {
        let start = self.rest;
        let (&tag, rest) = start.split_first()?;
        let (&first, mut rest) = rest.split_first()?;
        let mut length = usize::from(first);
        if first >= 0x80 {
            let n_bytes = usize::from(first & 0x7f);
            if n_bytes == 0 || n_bytes > 4 {
                return None;
            }
            let (bytes, after) = rest.split_at_checked(n_bytes)?;
            length = bytes.iter().fold(0, |n, &b| n << 8 | usize::from(b));
            rest = after;
        }
        let (content, rest) = rest.split_at_checked(length)?;
        self.rest = rest;
        Some(Element {
            tag,
            content,
            whole: &start[..start.len() - rest.len()],
        })
    }

    /// The content of the next element, if it has that tag.
    pub(super) fn take(&mut self, tag: u8) -> Option<&'d [u8]> {
        let mut ahead = *self;
        let element = ahead.next().filter(|element| element.tag == tag)?;
        *self = ahead;
        Some(element.content)
    }

    /// The parts of the next element, if it has that tag.
    pub(super) fn enter(&mut self, tag: u8) -> Option<Self> {
        self.take(tag).map(Self::new)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_are_read_back() {
        let long = vec![7; 300];
        let encoded = sequence(&[&unsigned(&[0, 0x80]), &element(tag::OCTET_STRING, &long)]);
        assert_eq!(
            &encoded[..8],
            [0x30, 0x82, 0x01, 0x34, 0x02, 0x02, 0x00, 0x80]
        );
        let mut reader = Reader::new(&encoded).enter(tag::SEQUENCE).unwrap();
        assert_eq!(reader.take(tag::OCTET_STRING), None);
        assert_eq!(reader.take(tag::INTEGER), Some([0, 0x80].as_slice()));
        assert_eq!(reader.take(tag::OCTET_STRING), Some(long.as_slice()));
        assert!(reader.next().is_none());
        assert_eq!(unsigned(&[0]), [2, 1, 0]);
    }

    #[test]
    fn what_is_cut_off_is_no_element() {
        for bytes in [
            &[][..],
            &[0x30],
            &[0x30, 5, 0],
            &[0x30, 0x85, 1, 1, 1, 1, 1],
            &[0x30, 0x80],
        ] {
            assert!(Reader::new(bytes).next().is_none());
        }
    }
}
