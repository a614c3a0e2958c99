//! A schema after compilation: nodes that refer to each other by number.

use std::collections::BTreeMap;

use fleet_template::functions::regex::Regex;
use serde_json::{Number, Value};

use super::draft::Draft;

/// Number of a [`Node`].
pub(super) type Id = usize;

/// A pattern with its text.
pub(super) struct Pattern {
    pub(super) text: String,
    pub(super) regex: Regex,
}

/// One schema.
pub(super) struct Node {
    /// URL with a JSON pointer.
    pub(super) location: String,
    pub(super) draft: Draft,
    /// The schema with the identifier that counts here.
    pub(super) resource: Id,
    /// For such a schema: its `$dynamicAnchor`s.
    pub(super) dynamic_anchors: BTreeMap<String, Id>,
    /// `true` or `false` as a whole.
    pub(super) always: Option<bool>,
    pub(super) reference: Option<Id>,
    pub(super) recursive_ref: Option<Id>,
    pub(super) recursive_anchor: bool,
    pub(super) dynamic_ref: Option<(Id, Option<String>)>,
    pub(super) dynamic_anchor: Option<String>,
    pub(super) types: Vec<&'static str>,
    pub(super) constant: Option<Value>,
    pub(super) enumeration: Option<Vec<Value>>,
    pub(super) format: Option<String>,
    pub(super) not: Option<Id>,
    pub(super) all_of: Vec<Id>,
    pub(super) any_of: Vec<Id>,
    pub(super) one_of: Vec<Id>,
    pub(super) condition: Option<Id>,
    pub(super) then: Option<Id>,
    pub(super) otherwise: Option<Id>,
    pub(super) object: Objects,
    pub(super) array: Arrays,
    pub(super) string: Strings,
    pub(super) number: Numbers,
}

/// What a schema says of objects.
#[derive(Default)]
pub(super) struct Objects {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) required: Vec<String>,
    pub(super) names: Option<Id>,
    pub(super) properties: BTreeMap<String, Id>,
    pub(super) patterns: Vec<(Pattern, Id)>,
    pub(super) additional: Option<Additional>,
    /// `dependencies` with a schema, and `dependentSchemas`.
    pub(super) dependent_schemas: Vec<(String, Id)>,
    /// `dependencies` with names, and `dependentRequired`.
    pub(super) dependent_required: Vec<(String, Vec<String>)>,
    pub(super) unevaluated: Option<Id>,
}

/// What a schema says of arrays.
#[derive(Default)]
pub(super) struct Arrays {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) unique: bool,
    pub(super) contains: Option<Id>,
    pub(super) min_contains: Option<u64>,
    pub(super) max_contains: Option<u64>,
    /// The first items, each by its own schema.
    pub(super) prefix: Vec<Id>,
    /// The other items.
    pub(super) rest: Option<Additional>,
    pub(super) unevaluated: Option<Id>,
}

/// What a schema says of strings.
#[derive(Default)]
pub(super) struct Strings {
    pub(super) min: Option<u64>,
    pub(super) max: Option<u64>,
    pub(super) pattern: Option<Pattern>,
}

/// What a schema says of numbers.
#[derive(Default)]
pub(super) struct Numbers {
    pub(super) min: Option<Number>,
    pub(super) max: Option<Number>,
    pub(super) above: Option<Number>,
    pub(super) below: Option<Number>,
    pub(super) multiple_of: Option<Number>,
}

/// What is said of what is not said otherwise.
#[derive(Clone, Copy)]
pub(super) enum Additional {
    Allowed,
    Forbidden,
    Schema(Id),
}

impl Node {
    /// A schema that says nothing yet.
    pub(super) fn new(location: String, draft: Draft) -> Self {
        Self {
            location,
            draft,
            resource: 0,
            dynamic_anchors: BTreeMap::new(),
            always: None,
            reference: None,
            recursive_ref: None,
            recursive_anchor: false,
            dynamic_ref: None,
            dynamic_anchor: None,
            types: Vec::new(),
            constant: None,
            enumeration: None,
            format: None,
            not: None,
            all_of: Vec::new(),
            any_of: Vec::new(),
            one_of: Vec::new(),
            condition: None,
            then: None,
            otherwise: None,
            object: Objects::default(),
            array: Arrays::default(),
            string: Strings::default(),
            number: Numbers::default(),
        }
    }
}
