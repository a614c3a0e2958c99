//! The headers of a request, read strictly: one that comes twice means nothing.

use crate::Error;

/// The headers of one request.
#[derive(Clone, Debug, Default)]
pub struct Headers<'a> {
    list: Vec<(&'a str, &'a [u8])>,
}

impl<'a> FromIterator<(&'a str, &'a [u8])> for Headers<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a str, &'a [u8])>>(list: I) -> Self {
        Self {
            list: list.into_iter().collect(),
        }
    }
}

impl<'a> Headers<'a> {
    /// Whether there is such a header, whatever it says.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values(name).next().is_some()
    }

    /// The value of a header.
    ///
    /// # Errors
    /// If it comes twice, or is not plain text: two readers could then disagree on what it says.
    pub(crate) fn one(&self, name: &'static str) -> Result<Option<&'a str>, Error> {
        let mut values = self.values(name);
        let Some(value) = values.next() else {
            return Ok(None);
        };
        if values.next().is_some() {
            return Err(Error::HeaderTwice { name });
        }
        std::str::from_utf8(value)
            .map(|value| Some(value.trim()))
            .map_err(|_| Error::HeaderNotText { name })
    }

    fn values<'b>(&'b self, name: &'b str) -> impl Iterator<Item = &'a [u8]> + 'b {
        self.list
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    }
}
