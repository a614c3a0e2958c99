//! A set of templates that know each other by name.

use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

use crate::code::{Code, Parsed};
use crate::error::{ExecError, ParseError};
use crate::functions::{Environment, Functions};
use crate::hash::FastHash;
use crate::machine::Machine;
use crate::names::Interner;
use crate::parse::parse;
use crate::text::Text;
use crate::value::Value;

/// What a key is that a map does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum MissingKey {
    /// No value at all: further fields of it are no value either. Go's default.
    #[default]
    Invalid,
    /// The zero value of what the map holds: further fields of a nil are an error. Helm's choice.
    Zero,
    /// An error.
    Error,
}

/// How much one execution may use.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Instructions.
    pub steps: u64,
    /// Bytes of output, including those of what is included at the moment.
    pub output: usize,
    /// Bytes of one string or list.
    pub value: usize,
}

impl Default for Limits {
    /// Far above what charts use: 64 MiB of output, 64 MiB for one value, and 2^28 instructions, which take less fuel
    /// than a plugin has: so it is said where they end.
    fn default() -> Self {
        Self {
            steps: 1 << 28,
            output: 64 << 20,
            value: 64 << 20,
        }
    }
}

/// A set of templates: parsed once, executed as often as needed.
pub struct Templates {
    pub(crate) name: Text,
    functions: Rc<Functions>,
    left: String,
    right: String,
    pub(crate) missing_key: MissingKey,
    codes: HashMap<Text, Rc<Code>, FastHash>,
    /// What `tpl` was given before.
    texts: RefCell<Texts>,
    interner: RefCell<Interner>,
}

#[derive(Default)]
struct Texts {
    parsed: HashMap<Text, Rc<Parsed>, FastHash>,
    n_bytes: usize,
}

/// Bytes of source that `tpl` remembers the code of.
const MAX_REMEMBERED: usize = 4 << 20;

impl Templates {
    /// An empty set; the name is what errors call texts that have none of their own, as for `tpl`.
    pub fn new(name: &str, functions: Rc<Functions>) -> Self {
        Self {
            name: Text::from(name),
            functions,
            left: "{{".to_owned(),
            right: "}}".to_owned(),
            missing_key: MissingKey::default(),
            codes: HashMap::default(),
            texts: RefCell::default(),
            interner: RefCell::default(),
        }
    }

    /// Sets what begins and ends an action.
    #[must_use]
    pub fn delims(mut self, left: &str, right: &str) -> Self {
        self.left = left.to_owned();
        self.right = right.to_owned();
        self
    }

    /// Sets what a missing key is.
    #[must_use]
    pub fn missing_key(mut self, missing_key: MissingKey) -> Self {
        self.missing_key = missing_key;
        self
    }

    /// Adds a text under a name, and what it defines. What is defined later wins, unless it is blank.
    ///
    /// # Errors
    /// If the text does not parse; then nothing is added.
    pub fn parse(&mut self, name: &str, text: impl Into<Rc<str>>) -> Result<(), ParseError> {
        let parsed = self.parse_text(&Text::from(name), &text.into())?;
        for code in std::iter::once(parsed.main).chain(parsed.defined) {
            let is_kept = code.is_blank && self.codes.contains_key(code.name.as_bytes());
            if !is_kept {
                self.codes.insert(code.name.clone(), code);
            }
        }
        Ok(())
    }

    /// Executes the template of that name; what it writes.
    ///
    /// Where a value is missing, that holds `<no value>`: see [`strip_no_value`].
    ///
    /// # Errors
    /// If there is no such template, if it fails, or if it needs more than the limits allow.
    pub fn render(
        &self,
        name: &str,
        data: Value,
        environment: &Environment,
        limits: Limits,
    ) -> Result<Vec<u8>, ExecError> {
        Machine::new(self, environment, limits).render(&Text::from(name), data)
    }

    /// The names of the templates, sorted.
    pub fn names(&self) -> Vec<Text> {
        let mut names: Vec<_> = self.codes.keys().cloned().collect();
        names.sort_unstable();
        names
    }

    pub(crate) fn get(&self, name: &Text) -> Option<&Rc<Code>> {
        self.codes.get(name.as_bytes())
    }

    /// Whether the text has no action at all.
    pub(crate) fn is_plain(&self, text: &str) -> bool {
        !text.contains(&self.left)
    }

    /// The code of a text given to `tpl`.
    pub(crate) fn parse_tpl(&self, text: &Text) -> Result<Rc<Parsed>, ParseError> {
        if let Some(parsed) = self.texts.borrow().parsed.get(text.as_bytes()) {
            return Ok(parsed.clone());
        }
        let parsed = Rc::new(self.parse_text(&self.name, &text.to_shared())?);
        let mut texts = self.texts.borrow_mut();
        texts.n_bytes += text.len();
        if texts.n_bytes > MAX_REMEMBERED {
            *texts = Texts::default();
            self.interner.take();
            texts.n_bytes = text.len();
        }
        texts.parsed.insert(text.clone(), parsed.clone());
        Ok(parsed)
    }

    fn parse_text(&self, name: &Text, text: &Rc<str>) -> Result<Parsed, ParseError> {
        let delims = (&*self.left, &*self.right);
        let mut interner = self.interner.borrow_mut();
        parse(name, text, delims, &self.functions, &mut interner)
    }
}

/// Takes every `<no value>` away, as Helm does with what a file or a `tpl` renders to.
pub fn strip_no_value(bytes: &[u8]) -> std::borrow::Cow<'_, [u8]> {
    const NO_VALUE: &[u8] = b"<no value>";
    let mut stripped = Vec::new();
    let mut rest = bytes;
    let find = |bytes: &[u8]| {
        let mut starts = memchr::memchr_iter(NO_VALUE[0], bytes);
        starts.find(|at| bytes[*at..].starts_with(NO_VALUE))
    };
    while let Some(i) = find(rest) {
        stripped.extend_from_slice(&rest[..i]);
        rest = &rest[i + NO_VALUE.len()..];
    }
    if rest.len() == bytes.len() {
        return bytes.into();
    }
    stripped.extend_from_slice(rest);
    stripped.into()
}
