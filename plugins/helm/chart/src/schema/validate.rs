//! A value against compiled schemas.

use std::collections::BTreeSet;

use serde_json::{Number, Value};

use super::draft::Draft;
use super::finding::{Finding, Kind};
use super::node::{Additional, Id, Node};
use super::{format, number};

/// How deep schemas may apply one below the other.
const MAX_DEPTH: usize = 600;

/// The name of a value's type; whole numbers are numbers.
pub(super) fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

/// Checks a value against the first schema; what is wrong with it, if anything is.
pub(super) fn validate(nodes: &[Node], value: &Value) -> Option<Finding> {
    let mut validator = Validator {
        nodes,
        scopes: Vec::new(),
        path: Vec::new(),
        n_values: 0,
    };
    validator.apply(0, value, 0, false).err()
}

/// What no schema has looked at yet.
#[derive(Default)]
struct Unevaluated {
    properties: BTreeSet<String>,
    items: BTreeSet<usize>,
}

impl Unevaluated {
    fn of(node: &Node, value: &Value, caller_needs: bool) -> Self {
        let mut unevaluated = Self::default();
        match value {
            Value::Object(map)
                if node.object.additional.is_none()
                    && (caller_needs || node.object.unevaluated.is_some()) =>
            {
                unevaluated.properties = map.keys().cloned().collect();
            }
            Value::Array(items)
                if node.array.rest.is_none()
                    && (caller_needs || node.array.unevaluated.is_some()) =>
            {
                unevaluated.items = (node.array.prefix.len()..items.len()).collect();
            }
            _ => {}
        }
        unevaluated
    }

    fn is_empty(&self) -> bool {
        self.properties.is_empty() && self.items.is_empty()
    }

    /// Keeps what another schema has not looked at either.
    fn keep(&mut self, other: &Self) {
        self.properties
            .retain(|name| other.properties.contains(name));
        self.items.retain(|n| other.items.contains(n));
    }
}

/// A schema that is being applied.
struct Scope {
    node: Id,
    /// Number of the value that it is applied to.
    value: usize,
}

struct Validator<'n> {
    nodes: &'n [Node],
    scopes: Vec<Scope>,
    path: Vec<String>,
    n_values: usize,
}

impl<'n> Validator<'n> {
    fn finding(&self, kind: Kind) -> Finding {
        Finding {
            path: self.path.clone(),
            kind,
            causes: Vec::new(),
        }
    }

    /// Applies a schema to a value within the scopes that are open.
    fn apply(
        &mut self,
        id: Id,
        value: &Value,
        value_id: usize,
        caller_needs: bool,
    ) -> Result<Unevaluated, Finding> {
        let node = &self.nodes[id];
        let again = self
            .scopes
            .iter()
            .rev()
            .take_while(|scope| scope.value == value_id)
            .any(|scope| scope.node == id);
        if again && node.always.is_none() || self.scopes.len() > MAX_DEPTH {
            return Err(self.finding(Kind::Cycle(node.location.clone())));
        }
        self.scopes.push(Scope {
            node: id,
            value: value_id,
        });
        let result = self.check(node, value, value_id, caller_needs);
        self.scopes.pop();
        result
    }

    /// Applies a schema to a part of the value.
    fn part(&mut self, id: Id, value: &Value, name: String, findings: &mut Vec<Finding>) {
        self.n_values += 1;
        let value_id = self.n_values;
        self.path.push(name);
        findings.extend(self.apply(id, value, value_id, false).err());
        self.path.pop();
    }

    fn check(
        &mut self,
        node: &'n Node,
        value: &Value,
        value_id: usize,
        caller_needs: bool,
    ) -> Result<Unevaluated, Finding> {
        let mut unevaluated = Unevaluated::of(node, value, caller_needs);
        match node.always {
            Some(true) => return Ok(unevaluated),
            Some(false) => return Err(self.finding(Kind::FalseSchema)),
            None => {}
        }
        if let Some(kind) = itself(node, value) {
            return Err(self.finding(kind));
        }
        let mut findings = Vec::new();
        if let Some(target) = node.reference {
            let result = self.refer(target, value, value_id, &mut unevaluated);
            if node.draft < Draft::V2019 {
                return match result {
                    Some(finding) => Err(finding),
                    None => Ok(unevaluated),
                };
            }
            findings.extend(result);
        }
        match value {
            Value::Object(map) => {
                self.object(node, value, map, value_id, &mut unevaluated, &mut findings);
            }
            Value::Array(items) => self.array(node, items, &mut unevaluated, &mut findings),
            Value::String(text) => self.string(node, text, &mut findings),
            Value::Number(n) => self.number(node, n, &mut findings),
            Value::Null | Value::Bool(_) => {}
        }
        self.dynamic_references(node, value, value_id, &mut unevaluated, &mut findings);
        self.conditions(node, value, value_id, &mut unevaluated, &mut findings);
        self.unevaluated(node, value, &mut unevaluated, &mut findings);
        match findings.len() {
            0 => Ok(unevaluated),
            1 => Err(findings.remove(0)),
            _ => Err(Finding {
                causes: findings,
                ..self.finding(Kind::Group)
            }),
        }
    }

    /// Applies another schema to the same value, and notes what that one has looked at.
    fn same(
        &mut self,
        id: Id,
        value: &Value,
        value_id: usize,
        unevaluated: &mut Unevaluated,
    ) -> Option<Finding> {
        let needs = !unevaluated.is_empty();
        match self.apply(id, value, value_id, needs) {
            Ok(left) => {
                unevaluated.keep(&left);
                None
            }
            Err(finding) => Some(finding),
        }
    }

    fn refer(
        &mut self,
        id: Id,
        value: &Value,
        value_id: usize,
        unevaluated: &mut Unevaluated,
    ) -> Option<Finding> {
        let finding = self.same(id, value, value_id, unevaluated)?;
        let causes = match finding.kind {
            Kind::Group => finding.causes,
            _ => vec![finding],
        };
        Some(Finding {
            causes,
            ..self.finding(Kind::Reference)
        })
    }

    fn dynamic_references(
        &mut self,
        node: &Node,
        value: &Value,
        value_id: usize,
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        let nodes = self.nodes;
        if let Some(mut target) = node.recursive_ref {
            if nodes[target].recursive_anchor {
                let outermost = self.scopes.iter().find_map(|scope| {
                    let resource = nodes[scope.node].resource;
                    nodes[resource].recursive_anchor.then_some(scope.node)
                });
                target = outermost.unwrap_or(target);
            }
            findings.extend(self.refer(target, value, value_id, unevaluated));
        }
        if let Some((mut target, anchor)) = node.dynamic_ref.clone() {
            if let Some(anchor) =
                anchor.filter(|a| nodes[target].dynamic_anchor.as_ref() == Some(a))
            {
                let outermost = self.scopes.iter().find_map(|scope| {
                    let resource = nodes[scope.node].resource;
                    nodes[resource].dynamic_anchors.get(&anchor).copied()
                });
                target = outermost.unwrap_or(target);
            }
            findings.extend(self.refer(target, value, value_id, unevaluated));
        }
    }

    fn object(
        &mut self,
        node: &Node,
        value: &Value,
        map: &serde_json::Map<String, Value>,
        value_id: usize,
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        let rules = &node.object;
        self.counts(
            [("minProperties", rules.min), ("maxProperties", rules.max)],
            map.len(),
            findings,
        );
        let missing = |names: &[String]| -> Vec<String> {
            let missing = names.iter().filter(|name| !map.contains_key(*name));
            missing.cloned().collect()
        };
        let required = missing(&rules.required);
        if !required.is_empty() {
            findings.push(self.finding(Kind::Required(required)));
        }
        let mut forbidden = Vec::new();
        for (name, item) in map {
            let mut looked_at = false;
            if let Some(id) = rules.properties.get(name) {
                looked_at = true;
                self.part(*id, item, name.clone(), findings);
            }
            for (pattern, id) in &rules.patterns {
                if pattern.regex.is_match(name) {
                    looked_at = true;
                    self.part(*id, item, name.clone(), findings);
                }
            }
            if !looked_at {
                match rules.additional {
                    None => continue,
                    Some(Additional::Allowed) => {}
                    Some(Additional::Forbidden) => forbidden.push(name.clone()),
                    Some(Additional::Schema(id)) => {
                        self.part(id, item, name.clone(), findings);
                    }
                }
            }
            unevaluated.properties.remove(name);
        }
        if !forbidden.is_empty() {
            findings.push(self.finding(Kind::AdditionalProperties(forbidden)));
        }
        if let Some(id) = rules.names {
            for name in map.keys() {
                self.n_values += 1;
                let text = Value::String(name.clone());
                if let Err(finding) = self.apply(id, &text, self.n_values, false) {
                    let causes = match finding.kind {
                        Kind::Group => finding.causes,
                        _ => vec![finding],
                    };
                    findings.push(Finding {
                        causes,
                        ..self.finding(Kind::PropertyName(name.clone()))
                    });
                }
            }
        }
        for (name, id) in &rules.dependent_schemas {
            if map.contains_key(name) {
                findings.extend(self.same(*id, value, value_id, unevaluated));
            }
        }
        for (name, names) in &rules.dependent_required {
            let missing = missing(names);
            if map.contains_key(name) && !missing.is_empty() {
                findings.push(self.finding(Kind::Dependency {
                    property: name.clone(),
                    missing,
                }));
            }
        }
    }

    fn array(
        &mut self,
        node: &Node,
        items: &[Value],
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        let rules = &node.array;
        self.counts(
            [("minItems", rules.min), ("maxItems", rules.max)],
            items.len(),
            findings,
        );
        if rules.unique
            && let Some((a, b)) = first_equal(items)
        {
            findings.push(self.finding(Kind::UniqueItems(a, b)));
        }
        let n_prefix = rules.prefix.len().min(items.len());
        for (n, item) in items[..n_prefix].iter().enumerate() {
            self.part(rules.prefix[n], item, n.to_string(), findings);
        }
        match rules.rest {
            Some(Additional::Forbidden) if n_prefix < items.len() => {
                findings.push(self.finding(Kind::AdditionalItems(items.len() - n_prefix)));
            }
            Some(Additional::Schema(id)) => {
                for (n, item) in items.iter().enumerate().skip(n_prefix) {
                    self.part(id, item, n.to_string(), findings);
                }
            }
            _ => {}
        }
        if let Some(id) = rules.contains {
            let mut causes = Vec::new();
            let mut matched = Vec::new();
            for (n, item) in items.iter().enumerate() {
                let before = causes.len();
                self.part(id, item, n.to_string(), &mut causes);
                if causes.len() == before {
                    matched.push(n);
                    if node.draft >= Draft::V2020 {
                        unevaluated.items.remove(&n);
                    }
                }
            }
            let n_matched = matched.len() as u64;
            let kind = match rules.min_contains {
                Some(want) if n_matched < want => Some(Kind::MinContains {
                    got: matched.clone(),
                    want,
                }),
                None if matched.is_empty() => Some(Kind::Contains),
                _ => None,
            };
            findings.extend(kind.map(|kind| Finding {
                causes,
                ..self.finding(kind)
            }));
            if let Some(want) = rules.max_contains.filter(|want| n_matched > *want) {
                findings.push(self.finding(Kind::MaxContains { got: matched, want }));
            }
        }
    }

    fn string(&self, node: &Node, text: &str, findings: &mut Vec<Finding>) {
        let rules = &node.string;
        if rules.min.is_some() || rules.max.is_some() {
            let length = text.chars().count();
            self.counts(
                [("minLength", rules.min), ("maxLength", rules.max)],
                length,
                findings,
            );
        }
        if let Some(pattern) = &rules.pattern
            && !pattern.regex.is_match(text)
        {
            findings.push(self.finding(Kind::Pattern {
                got: text.to_owned(),
                want: pattern.text.clone(),
            }));
        }
    }

    /// A minimum and a maximum of how much there is.
    fn counts(
        &self,
        [min, max]: [(&'static str, Option<u64>); 2],
        got: usize,
        findings: &mut Vec<Finding>,
    ) {
        let n = got as u64;
        let too_few = min.1.filter(|want| n < *want).map(|want| (min.0, want));
        let too_many = max.1.filter(|want| n > *want).map(|want| (max.0, want));
        for (keyword, want) in too_few.into_iter().chain(too_many) {
            findings.push(self.finding(Kind::Count { keyword, got, want }));
        }
    }

    fn number(&self, node: &Node, got: &Number, findings: &mut Vec<Finding>) {
        let rules = &node.number;
        let order = |want: &Number| number::compare(got, want);
        let bounds = [
            (
                "minimum",
                &rules.min,
                rules.min.as_ref().is_some_and(|w| order(w).is_lt()),
            ),
            (
                "maximum",
                &rules.max,
                rules.max.as_ref().is_some_and(|w| order(w).is_gt()),
            ),
            (
                "exclusiveMinimum",
                &rules.above,
                rules.above.as_ref().is_some_and(|w| order(w).is_le()),
            ),
            (
                "exclusiveMaximum",
                &rules.below,
                rules.below.as_ref().is_some_and(|w| order(w).is_ge()),
            ),
            (
                "multipleOf",
                &rules.multiple_of,
                rules
                    .multiple_of
                    .as_ref()
                    .is_some_and(|w| !number::is_multiple(got, w)),
            ),
        ];
        for (keyword, want, broken) in bounds {
            if let (true, Some(want)) = (broken, want) {
                findings.push(self.finding(Kind::Bound {
                    keyword,
                    got: got.clone(),
                    want: want.clone(),
                }));
            }
        }
    }

    fn conditions(
        &mut self,
        node: &Node,
        value: &Value,
        value_id: usize,
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        if let Some(id) = node.not
            && self.same(id, value, value_id, unevaluated).is_none()
        {
            findings.push(self.finding(Kind::Not));
        }
        let mut causes = Vec::new();
        for id in &node.all_of {
            causes.extend(self.same(*id, value, value_id, unevaluated));
        }
        if !causes.is_empty() {
            findings.push(Finding {
                causes,
                ..self.finding(Kind::AllOf)
            });
        }
        let mut causes = Vec::new();
        let mut matched = node.any_of.is_empty();
        for id in &node.any_of {
            match self.same(*id, value, value_id, unevaluated) {
                Some(finding) => causes.push(finding),
                None => {
                    matched = true;
                    if unevaluated.is_empty() {
                        break;
                    }
                }
            }
        }
        if !matched {
            findings.push(Finding {
                causes,
                ..self.finding(Kind::AnyOf)
            });
        }
        self.one_of(node, value, value_id, unevaluated, findings);
        if let Some(condition) = node.condition {
            let next = match self.same(condition, value, value_id, unevaluated) {
                None => node.then,
                Some(_) => node.otherwise,
            };
            if let Some(next) = next {
                findings.extend(self.same(next, value, value_id, unevaluated));
            }
        }
    }

    fn one_of(
        &mut self,
        node: &Node,
        value: &Value,
        value_id: usize,
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        let mut causes = Vec::new();
        let mut matched = None;
        for (n, id) in node.one_of.iter().enumerate() {
            match (self.same(*id, value, value_id, unevaluated), matched) {
                (Some(finding), None) => causes.push(finding),
                (Some(_), Some(_)) => {}
                (None, None) => matched = Some(n),
                (None, Some(first)) => {
                    findings.push(self.finding(Kind::OneOfMany(first, n)));
                    break;
                }
            }
        }
        if matched.is_none() && !node.one_of.is_empty() {
            findings.push(Finding {
                causes,
                ..self.finding(Kind::OneOfNone)
            });
        }
    }

    fn unevaluated(
        &mut self,
        node: &Node,
        value: &Value,
        unevaluated: &mut Unevaluated,
        findings: &mut Vec<Finding>,
    ) {
        if let (Some(id), Value::Object(map)) = (node.object.unevaluated, value) {
            for name in std::mem::take(&mut unevaluated.properties) {
                if let Some(item) = map.get(&name) {
                    self.part(id, item, name, findings);
                }
            }
        }
        if let (Some(id), Value::Array(items)) = (node.array.unevaluated, value) {
            for n in std::mem::take(&mut unevaluated.items) {
                self.part(id, &items[n], n.to_string(), findings);
            }
        }
    }
}

/// What the value itself is: its type, `const`, `enum`, `format`.
fn itself(node: &Node, value: &Value) -> Option<Kind> {
    let got = type_of(value);
    if !node.types.is_empty() {
        let is_integer = matches!(value, Value::Number(n) if number::is_integer(n));
        if !(node.types.contains(&got) || is_integer && node.types.contains(&"integer")) {
            return Some(Kind::Type {
                got,
                want: node.types.clone(),
            });
        }
    }
    if let Some(want) = &node.constant
        && !equal(value, want)
    {
        return Some(Kind::Const(want.clone()));
    }
    if let Some(want) = &node.enumeration
        && !want.iter().any(|item| equal(value, item))
    {
        return Some(Kind::Enum(want.clone()));
    }
    if let (Some(name), Value::String(text)) = (&node.format, value)
        && let Err(why) = format::check(name, text)
    {
        return Some(Kind::Format {
            got: value.clone(),
            want: name.clone(),
            why,
        });
    }
    None
}

/// Whether two values are the same; numbers by value.
fn equal(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => number::compare(a, b).is_eq(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| equal(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter()
                    .all(|(key, a)| b.get(key).is_some_and(|b| equal(a, b)))
        }
        (a, b) => a == b,
    }
}

/// The first two items that are equal.
fn first_equal(items: &[Value]) -> Option<(usize, usize)> {
    // Large arrays are sorted out by their text first, so that not each is compared with each.
    let mut seen: std::collections::BTreeMap<String, Vec<usize>> =
        std::collections::BTreeMap::new();
    for (n, item) in items.iter().enumerate() {
        let same = seen.entry(normal(item)).or_default();
        if let Some(first) = same.iter().find(|first| equal(&items[**first], item)) {
            return Some((*first, n));
        }
        same.push(n);
    }
    None
}

/// A text that equal values have in common.
fn normal(value: &Value) -> String {
    match value {
        Value::Number(n) => format!("{}", number::float(n)),
        Value::Array(items) => {
            let items: Vec<_> = items.iter().map(normal).collect();
            format!("[{}]", items.join(","))
        }
        Value::Object(map) => {
            let mut items: Vec<_> = map
                .iter()
                .map(|(key, item)| format!("{key:?}:{}", normal(item)))
                .collect();
            items.sort();
            format!("{{{}}}", items.join(","))
        }
        other => other.to_string(),
    }
}
