//! What templates can call: how a function is declared, called, and found.

pub mod builtin;
mod cast;
pub mod crypto;
pub mod dates;
pub mod defaults;
pub mod dicts;
pub mod encoding;
pub mod flow;
pub mod hashes;
pub mod lists;
pub mod math;
pub mod passwords;
pub mod paths;
pub mod random;
pub mod regex;
pub mod semver;
pub mod strings;
pub mod urls;

use std::borrow::Cow;
use std::collections::HashMap;
use std::rc::Rc;

use fleet_core::entropy::Entropy;

use crate::hash::FastHash;
use crate::text::Text;
use crate::value::{List, Map, Type, Value};

/// A function that templates can call.
///
/// The engine checks the number and the types of the arguments before the call, with Go's words for
/// what is wrong, so that the body may rely on them.
pub struct Function {
    /// The name in templates.
    pub name: &'static str,
    /// The types of its parameters.
    pub params: &'static [Type],
    /// The type of further arguments, if there may be any.
    pub rest: Option<Type>,
    pub(crate) body: Body,
}

#[derive(Clone, Copy)]
pub(crate) enum Body {
    Native(Native),
    And,
    Or,
    Call,
    Len,
    Include,
    Tpl,
}

/// The body of a function: gets arguments of the declared types.
pub type Native = fn(&mut Call<'_>, Args<'_>) -> Result<Value, Failure>;

impl Function {
    /// A function with a fixed number of parameters.
    pub const fn new(name: &'static str, params: &'static [Type], body: Native) -> Self {
        Self {
            name,
            params,
            rest: None,
            body: Body::Native(body),
        }
    }

    /// A function that takes any number of further arguments of one type.
    pub const fn variadic(
        name: &'static str,
        params: &'static [Type],
        rest: Type,
        body: Native,
    ) -> Self {
        Self {
            name,
            params,
            rest: Some(rest),
            body: Body::Native(body),
        }
    }

    pub(crate) const fn special(
        name: &'static str,
        params: &'static [Type],
        rest: Option<Type>,
        body: Body,
    ) -> Self {
        Self {
            name,
            params,
            rest,
            body,
        }
    }
}

/// Why a function failed; the engine says which function it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// What went wrong, in Go's words where Go has some.
    pub message: String,
    /// Whether the author of the template says so, with `fail` or `required`.
    pub by_author: bool,
}

impl Failure {
    /// A failure of the function.
    pub fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            by_author: false,
        }
    }

    /// A failure that the author of the template asks for.
    pub fn by_author(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
            by_author: true,
        }
    }
}

impl From<String> for Failure {
    fn from(message: String) -> Self {
        Self::new(message)
    }
}

impl From<&str> for Failure {
    fn from(message: &str) -> Self {
        Self::new(message)
    }
}

/// What functions may ask of the program around the templates.
pub struct Environment {
    /// Stable randomness.
    pub entropy: Rc<dyn Entropy>,
    /// The time of the commit, in seconds since the epoch: what `now` says.
    pub commit_time: u64,
}

/// One call of a function: where it is, and what it may use.
pub struct Call<'a> {
    pub(crate) environment: &'a Environment,
    pub(crate) site: &'a dyn Fn() -> String,
    pub(crate) occurrences: &'a mut HashMap<String, u32>,
    pub(crate) max_value: usize,
}

impl Call<'_> {
    /// Stable randomness; give it a [`label`](Self::label).
    pub fn entropy(&self) -> &dyn Entropy {
        &*self.environment.entropy
    }

    /// The time of the commit, in seconds since the epoch.
    pub fn commit_time(&self) -> u64 {
        self.environment.commit_time
    }

    /// A label for what is drawn at this call: the command, the templates that led to it, and how
    /// often it was reached before. Lines do not count, so that editing elsewhere changes nothing.
    ///
    /// Each use of it counts as another draw.
    pub fn label(&mut self) -> String {
        let site = (self.site)();
        let n = self.occurrences.entry(site.clone()).or_default();
        let label = format!("{site} #{n}");
        *n += 1;
        label
    }

    /// Refuses to make a value of `n_bytes` if that is more than one value may have.
    ///
    /// # Errors
    /// If it is too large.
    pub fn check_size(&self, n_bytes: usize) -> Result<(), Failure> {
        if n_bytes > self.max_value {
            let max = self.max_value;
            return Err(Failure::new(format!(
                "result of {n_bytes} bytes is larger than {max} bytes"
            )));
        }
        Ok(())
    }
}

/// The arguments of a call, checked against the parameters of the function.
#[derive(Clone, Copy)]
pub struct Args<'a>(&'a [Value]);

impl<'a> Args<'a> {
    /// The arguments.
    pub fn new(values: &'a [Value]) -> Self {
        Self(values)
    }

    /// All of them.
    pub fn all(self) -> &'a [Value] {
        self.0
    }

    /// Those from a position on.
    pub fn from(self, i: usize) -> &'a [Value] {
        self.0.get(i..).unwrap_or_default()
    }

    /// How many there are.
    pub fn len(self) -> usize {
        self.0.len()
    }

    /// Whether there are none.
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// One of them; nil where there is none.
    pub fn any(self, i: usize) -> &'a Value {
        self.0.get(i).unwrap_or(&Value::Nil)
    }

    /// A `string` argument.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn text(self, i: usize) -> Result<&'a Text, Failure> {
        match self.any(i) {
            Value::String(text) => Ok(text),
            other => undeclared(i, "string", other),
        }
    }

    /// A `string` argument, with U+FFFD for what is not UTF-8.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn str(self, i: usize) -> Result<Cow<'a, str>, Failure> {
        Ok(self.text(i)?.to_str())
    }

    /// An argument that is a whole number.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn int(self, i: usize) -> Result<i64, Failure> {
        match self.any(i).as_int() {
            Some(n) => Ok(n),
            None => undeclared(i, "int", self.any(i)),
        }
    }

    /// A `float64` argument.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn float(self, i: usize) -> Result<f64, Failure> {
        match self.any(i) {
            Value::Float(f) => Ok(*f),
            other => undeclared(i, "float64", other),
        }
    }

    /// A `bool` argument.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn bool(self, i: usize) -> Result<bool, Failure> {
        match self.any(i) {
            Value::Bool(b) => Ok(*b),
            other => undeclared(i, "bool", other),
        }
    }

    /// An argument that is a map.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn map(self, i: usize) -> Result<&'a Map, Failure> {
        match self.any(i) {
            Value::Map(map) => Ok(map),
            other => undeclared(i, "map", other),
        }
    }

    /// An argument that is a slice.
    ///
    /// # Errors
    /// If the function did not declare it.
    pub fn list(self, i: usize) -> Result<&'a List, Failure> {
        match self.any(i) {
            Value::List(list) => Ok(list),
            other => undeclared(i, "slice", other),
        }
    }
}

fn undeclared<T>(i: usize, wanted: &str, value: &Value) -> Result<T, Failure> {
    let found = value.type_name();
    Err(Failure::new(format!(
        "argument {i} is not declared: {wanted} wanted, {found} given"
    )))
}

/// All functions that templates of Helm 4.1 can call: Go's, sprig's and Helm's own.
pub fn helm() -> Functions {
    let n_functions: usize = TABLES.iter().map(|table| table.len()).sum();
    let mut functions = Functions::builtin();
    functions.add_engine();
    functions.0.reserve(n_functions);
    for table in TABLES {
        functions.add(table);
    }
    functions
}

/// sprig's functions and Helm's, by subject.
static TABLES: &[&[Function]] = &[
    crypto::FUNCTIONS,
    dates::FUNCTIONS,
    defaults::FUNCTIONS,
    dicts::FUNCTIONS,
    encoding::FUNCTIONS,
    flow::FUNCTIONS,
    hashes::FUNCTIONS,
    lists::FUNCTIONS,
    math::FUNCTIONS,
    passwords::FUNCTIONS,
    paths::FUNCTIONS,
    random::FUNCTIONS,
    regex::FUNCTIONS,
    semver::FUNCTIONS,
    strings::FUNCTIONS,
    urls::FUNCTIONS,
];

/// The functions that a set of templates can call, by name.
#[derive(Clone, Default)]
pub struct Functions(HashMap<&'static str, &'static Function, FastHash>);

impl Functions {
    /// Go's own functions.
    pub fn builtin() -> Self {
        // Helm has 237.
        let mut functions = Self(HashMap::with_capacity_and_hasher(256, FastHash::default()));
        functions.add(builtin::FUNCTIONS);
        functions
    }

    /// Adds functions, in place of those that have the same name.
    pub fn add(&mut self, functions: &'static [Function]) {
        for function in functions {
            self.0.insert(function.name, function);
        }
    }

    /// Adds `include` and `tpl`, which render named templates and text.
    pub fn add_engine(&mut self) {
        self.add(builtin::ENGINE);
    }

    /// Takes a function away.
    pub fn remove(&mut self, name: &str) {
        self.0.remove(name);
    }

    /// The function of that name.
    pub fn get(&self, name: &str) -> Option<&'static Function> {
        self.0.get(name).copied()
    }

    /// The names, sorted.
    pub fn names(&self) -> Vec<&'static str> {
        let mut names: Vec<_> = self.0.keys().copied().collect();
        names.sort_unstable();
        names
    }
}
