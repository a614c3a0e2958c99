//! From the text of a schema to nodes: identifiers, anchors and references are resolved.

use std::collections::{BTreeMap, BTreeSet};

use fleet_template::functions::regex::Regex;
use serde_json::{Map, Number, Value};

use super::draft::{Draft, Holds};
use super::node::{Additional, Id, Node, Pattern};
use super::{Refusal, check, number, uri};

/// The name under which Helm knows the schema.
const ROOT: &str = "file:///values.schema.json";

/// How many schemas may refer to each other.
const MAX_NODES: usize = 100_000;

/// All types, in the order in which they are named.
pub(super) const TYPES: [&str; 7] = [
    "null", "boolean", "number", "integer", "string", "array", "object",
];

/// Compiles a schema; the first node is the schema itself.
pub(super) fn compile(schema: &Value) -> Result<Vec<Node>, Refusal> {
    let mut compiler = Compiler {
        root: schema,
        resources: BTreeMap::new(),
        known: BTreeSet::new(),
        ids: BTreeMap::new(),
        pointers: Vec::new(),
    };
    compiler.collect(schema, "", ROOT, Draft::V2020)?;
    let draft = compiler.resource("").draft;
    check::check(schema, "", draft).map_err(|why| invalid(draft, "", &why))?;
    compiler.id("");
    let mut nodes: Vec<Node> = Vec::new();
    while let Some(pointer) = compiler.pointers.get(nodes.len()).cloned() {
        if nodes.len() >= MAX_NODES {
            return Err(Refusal::Schema(format!(
                "schema has more than {MAX_NODES} parts"
            )));
        }
        nodes.push(compiler.node(&pointer)?);
    }
    Ok(nodes)
}

fn invalid(draft: Draft, pointer: &str, why: &str) -> Refusal {
    Refusal::Schema(format!(
        "\"{ROOT}#{pointer}\" is not valid against metaschema: jsonschema validation failed with '{}#'\n{why}\n",
        draft.url()
    ))
}

/// A schema with an identifier of its own, and what is below it up to the next.
struct Resource {
    url: String,
    draft: Draft,
    /// JSON pointers by anchor.
    anchors: BTreeMap<String, String>,
    dynamic: BTreeSet<String>,
}

struct Compiler<'s> {
    root: &'s Value,
    /// By JSON pointer.
    resources: BTreeMap<String, Resource>,
    /// JSON pointers of what is known to be a schema.
    known: BTreeSet<String>,
    ids: BTreeMap<String, Id>,
    pointers: Vec<String>,
}

impl<'s> Compiler<'s> {
    /// Finds the identifiers and anchors at and below a schema.
    fn collect(
        &mut self,
        schema: &'s Value,
        pointer: &str,
        base: &str,
        fallback: Draft,
    ) -> Result<(), Refusal> {
        if !self.known.insert(pointer.to_owned()) {
            return Ok(());
        }
        let Value::Object(map) = schema else {
            if pointer.is_empty() {
                self.add_resource(pointer, base, fallback);
            }
            return Ok(());
        };
        let mut draft = match map.get("$schema").and_then(Value::as_str) {
            None => fallback,
            Some(url) => match Draft::of(url) {
                Some(draft) => draft,
                None if pointer.is_empty() => return Err(outside(url)),
                None => fallback,
            },
        };
        let mut id = identifier(map, draft);
        if id.is_empty() && !pointer.is_empty() {
            draft = fallback;
            id = identifier(map, draft);
        }
        let mut base = base.to_owned();
        if !id.is_empty() {
            base = uri::resolve(&base, &id);
        }
        if !id.is_empty() || pointer.is_empty() {
            let taken = self.resources.iter().find(|(_, r)| r.url == base);
            if let Some((other, _)) = taken {
                return Err(Refusal::Schema(format!(
                    "duplicate id {base:?} in \"{ROOT}\" at {pointer:?} and {other:?}"
                )));
            }
            self.add_resource(pointer, &base, draft);
        }
        self.collect_anchors(map, pointer)?;
        let draft = self.resource(pointer).draft;
        for (keyword, value) in map {
            let Some(holds) = draft.subschemas(keyword) else {
                continue;
            };
            let below = child(pointer, keyword);
            match (holds, value) {
                (Holds::List | Holds::SchemaOrList, Value::Array(items)) => {
                    for (n, item) in items.iter().enumerate() {
                        self.collect(item, &child(&below, &n.to_string()), &base, draft)?;
                    }
                }
                (Holds::Map | Holds::Dependencies, Value::Object(items)) => {
                    for (name, item) in items {
                        if holds == Holds::Map || !item.is_array() {
                            self.collect(item, &child(&below, name), &base, draft)?;
                        }
                    }
                }
                (Holds::Schema | Holds::SchemaOrList, value) => {
                    self.collect(value, &below, &base, draft)?;
                }
                _ => {}
            }
        }
        Ok(())
    }

    fn add_resource(&mut self, pointer: &str, url: &str, draft: Draft) {
        let resource = Resource {
            url: url.to_owned(),
            draft,
            anchors: BTreeMap::new(),
            dynamic: BTreeSet::new(),
        };
        self.resources.insert(pointer.to_owned(), resource);
    }

    fn collect_anchors(&mut self, map: &Map<String, Value>, pointer: &str) -> Result<(), Refusal> {
        let resource = self.resource_mut(pointer);
        let draft = resource.draft;
        let text = |keyword: &str| map.get(keyword).and_then(Value::as_str);
        let mut anchors = Vec::new();
        if draft < Draft::V2019 {
            if !map.contains_key("$ref")
                && let Some(id) = text(draft.id_keyword())
                && let Some((_, fragment)) = uri::split_fragment(id)
                && !fragment.is_empty()
                && !fragment.starts_with('/')
            {
                anchors.push(fragment);
            }
        } else {
            anchors.extend(text("$anchor").map(str::to_owned));
        }
        if draft >= Draft::V2020
            && let Some(anchor) = text("$dynamicAnchor")
        {
            resource.dynamic.insert(anchor.to_owned());
            anchors.push(anchor.to_owned());
        }
        for anchor in anchors {
            let before = resource.anchors.insert(anchor.clone(), pointer.to_owned());
            if let Some(before) = before.filter(|before| before != pointer) {
                return Err(Refusal::Schema(format!(
                    "duplicate anchor {anchor:?} in \"{ROOT}\" at {before:?} and {pointer:?}"
                )));
            }
        }
        Ok(())
    }

    /// The pointer of the resource that a schema belongs to.
    fn resource_pointer(&self, pointer: &str) -> String {
        let mut at = pointer;
        loop {
            if self.resources.contains_key(at) {
                return at.to_owned();
            }
            match at.rfind('/') {
                Some(slash) => at = &at[..slash],
                None => return String::new(),
            }
        }
    }

    fn resource(&self, pointer: &str) -> &Resource {
        &self.resources[&self.resource_pointer(pointer)]
    }

    fn resource_mut(&mut self, pointer: &str) -> &mut Resource {
        let pointer = self.resource_pointer(pointer);
        self.resources
            .get_mut(&pointer)
            .expect("the root is a resource, and every pointer leads back to it")
    }

    /// The number of the node for a schema, which is compiled in its turn.
    fn id(&mut self, pointer: &str) -> Id {
        if let Some(id) = self.ids.get(pointer) {
            return *id;
        }
        let id = self.pointers.len();
        self.pointers.push(pointer.to_owned());
        self.ids.insert(pointer.to_owned(), id);
        id
    }

    fn lookup(&self, pointer: &str) -> Result<&'s Value, Refusal> {
        self.root.pointer(pointer).ok_or_else(|| {
            Refusal::Schema(format!("json-pointer in \"{ROOT}#{pointer}\" not found"))
        })
    }

    /// The node that a reference leads to.
    fn reference(&mut self, from: &str, reference: &str) -> Result<Id, Refusal> {
        let resource = self.resource_pointer(from);
        let base = &self.resources[&resource].url;
        let Some((url, fragment)) = uri::split_fragment(reference) else {
            return Err(Refusal::Schema(format!("error in parsing {reference:?}")));
        };
        let url = uri::resolve(base, url);
        let target = if url == ROOT {
            String::new()
        } else {
            let known = self.resources.iter().find(|(_, r)| r.url == url);
            match known {
                Some((pointer, _)) => pointer.clone(),
                None if accepts_everything(&url) => return Ok(self.id(ANYTHING)),
                None => return Err(outside(&url)),
            }
        };
        let pointer = if fragment.is_empty() || fragment.starts_with('/') {
            format!("{target}{fragment}")
        } else {
            match self.resources[&target].anchors.get(&fragment) {
                Some(pointer) => pointer.clone(),
                None => {
                    return Err(Refusal::Schema(format!(
                        "anchor in \"{url}#{fragment}\" not found in schema \"{ROOT}\""
                    )));
                }
            }
        };
        Ok(self.id(&pointer))
    }

    /// Compiles one schema.
    fn node(&mut self, pointer: &str) -> Result<Node, Refusal> {
        if pointer == ANYTHING {
            let mut node = Node::new(pointer.to_owned(), Draft::V2020);
            node.always = Some(true);
            return Ok(node);
        }
        let schema = self.lookup(pointer)?;
        if !self.known.contains(pointer) {
            // Something that no keyword holds became a schema because it is referred to.
            let Resource { url, draft, .. } = self.resource(pointer);
            let (url, draft) = (url.clone(), *draft);
            self.collect(schema, pointer, &url, draft)?;
            check::check(schema, pointer, draft).map_err(|why| invalid(draft, pointer, &why))?;
        }
        let resource = self.resource_pointer(pointer);
        let draft = self.resources[&resource].draft;
        let mut node = Node::new(format!("{ROOT}#{pointer}"), draft);
        if resource == pointer {
            let Resource {
                anchors, dynamic, ..
            } = &self.resources[&resource];
            let dynamic: Vec<_> = dynamic
                .iter()
                .filter_map(|name| Some((name.clone(), anchors.get(name)?.clone())))
                .collect();
            for (name, at) in dynamic {
                let id = self.id(&at);
                node.dynamic_anchors.insert(name, id);
            }
        }
        node.resource = self.id(&resource);
        match schema {
            Value::Bool(always) => node.always = Some(*always),
            Value::Object(map) if map.is_empty() => node.always = Some(true),
            Value::Object(map) => self.object(map, pointer, &mut node)?,
            _ => {}
        }
        Ok(node)
    }

    fn object(
        &mut self,
        map: &Map<String, Value>,
        pointer: &str,
        node: &mut Node,
    ) -> Result<(), Refusal> {
        let draft = node.draft;
        let text = |keyword: &str| map.get(keyword).and_then(Value::as_str);
        if let Some(reference) = text("$ref") {
            node.reference = Some(self.reference(pointer, reference)?);
            if draft < Draft::V2019 {
                // Nothing beside a reference counts.
                return Ok(());
            }
        }
        if draft >= Draft::V2019 {
            if let Some(reference) = text("$recursiveRef") {
                node.recursive_ref = Some(self.reference(pointer, reference)?);
            }
            node.recursive_anchor = flag(map, "$recursiveAnchor");
        }
        if draft >= Draft::V2020 {
            if let Some(reference) = text("$dynamicRef") {
                let id = self.reference(pointer, reference)?;
                let anchor = uri::split_fragment(reference)
                    .map(|(_, fragment)| fragment)
                    .filter(|fragment| !fragment.is_empty() && !fragment.starts_with('/'));
                node.dynamic_ref = Some((id, anchor));
            }
            node.dynamic_anchor = text("$dynamicAnchor").map(str::to_owned);
        }
        node.all_of = self.list(map, pointer, "allOf");
        node.any_of = self.list(map, pointer, "anyOf");
        node.one_of = self.list(map, pointer, "oneOf");
        node.not = self.schema(map, pointer, "not");
        if draft >= Draft::V7 {
            node.condition = self.schema(map, pointer, "if");
            if node.condition.is_some() {
                node.then = self.schema(map, pointer, "then");
                node.otherwise = self.schema(map, pointer, "else");
            }
        }
        let named: BTreeSet<&str> = match map.get("type") {
            Some(Value::String(name)) => [name.as_str()].into(),
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => BTreeSet::new(),
        };
        node.types = TYPES.into_iter().filter(|t| named.contains(t)).collect();
        node.enumeration = map.get("enum").and_then(Value::as_array).cloned();
        if draft >= Draft::V6 {
            node.constant = map.get("const").cloned();
        }
        if draft < Draft::V2019 {
            node.format = text("format").map(str::to_owned);
        }
        self.objects(map, pointer, node)?;
        self.arrays(map, pointer, node);
        node.string.min = count(map, "minLength");
        node.string.max = count(map, "maxLength");
        if let Some(text) = text("pattern") {
            node.string.pattern = Some(pattern(text, pointer, "pattern")?);
        }
        let bound = |plain: &str, exclusive: &str| {
            let plain = numeric(map, plain);
            match map.get(exclusive) {
                Some(Value::Bool(true)) => (None, plain),
                _ => (plain, numeric(map, exclusive)),
            }
        };
        (node.number.min, node.number.above) = bound("minimum", "exclusiveMinimum");
        (node.number.max, node.number.below) = bound("maximum", "exclusiveMaximum");
        node.number.multiple_of = numeric(map, "multipleOf");
        Ok(())
    }

    fn objects(
        &mut self,
        map: &Map<String, Value>,
        pointer: &str,
        node: &mut Node,
    ) -> Result<(), Refusal> {
        let draft = node.draft;
        let strings = |value: &Value| -> Vec<String> {
            let items = value.as_array().map_or(&[][..], Vec::as_slice);
            items
                .iter()
                .filter_map(|item| item.as_str().map(str::to_owned))
                .collect()
        };
        let object = &mut node.object;
        object.min = count(map, "minProperties");
        object.max = count(map, "maxProperties");
        object.required = map.get("required").map(strings).unwrap_or_default();
        object.properties = self.map(map, pointer, "properties").into_iter().collect();
        for (text, id) in self.map(map, pointer, "patternProperties") {
            object
                .patterns
                .push((pattern(&text, pointer, "patternProperties")?, id));
        }
        object.additional = self.additional(map, pointer, "additionalProperties");
        if let Some(Value::Object(all)) = map.get("dependencies") {
            for (name, value) in all {
                if value.is_array() {
                    object
                        .dependent_required
                        .push((name.clone(), strings(value)));
                } else {
                    let id = self.id(&child(&child(pointer, "dependencies"), name));
                    object.dependent_schemas.push((name.clone(), id));
                }
            }
        }
        if draft >= Draft::V6 {
            object.names = self.schema(map, pointer, "propertyNames");
        }
        if draft >= Draft::V2019 {
            if let Some(Value::Object(all)) = map.get("dependentRequired") {
                let all = all.iter().filter(|(_, names)| names.is_array());
                object
                    .dependent_required
                    .extend(all.map(|(name, names)| (name.clone(), strings(names))));
            }
            object
                .dependent_schemas
                .extend(self.map(map, pointer, "dependentSchemas"));
            object.unevaluated = self.schema(map, pointer, "unevaluatedProperties");
        }
        Ok(())
    }

    fn arrays(&mut self, map: &Map<String, Value>, pointer: &str, node: &mut Node) {
        let draft = node.draft;
        let array = &mut node.array;
        array.min = count(map, "minItems");
        array.max = count(map, "maxItems");
        array.unique = flag(map, "uniqueItems");
        if draft >= Draft::V2020 {
            array.prefix = self.list(map, pointer, "prefixItems");
            array.rest = self.schema(map, pointer, "items").map(Additional::Schema);
        } else if map.get("items").is_some_and(Value::is_array) {
            array.prefix = self.list(map, pointer, "items");
            array.rest = self.additional(map, pointer, "additionalItems");
        } else {
            array.rest = self.schema(map, pointer, "items").map(Additional::Schema);
        }
        if draft >= Draft::V6 {
            array.contains = self.schema(map, pointer, "contains");
        }
        if draft >= Draft::V2019 {
            if array.contains.is_some() {
                array.min_contains = count(map, "minContains");
                array.max_contains = count(map, "maxContains");
            }
            array.unevaluated = self.schema(map, pointer, "unevaluatedItems");
        }
    }

    fn schema(&mut self, map: &Map<String, Value>, pointer: &str, keyword: &str) -> Option<Id> {
        let there = map.contains_key(keyword);
        there.then(|| self.id(&child(pointer, keyword)))
    }

    fn list(&mut self, map: &Map<String, Value>, pointer: &str, keyword: &str) -> Vec<Id> {
        let n = map
            .get(keyword)
            .and_then(Value::as_array)
            .map_or(0, Vec::len);
        let below = child(pointer, keyword);
        (0..n)
            .map(|n| self.id(&child(&below, &n.to_string())))
            .collect()
    }

    fn map(&mut self, map: &Map<String, Value>, pointer: &str, keyword: &str) -> Vec<(String, Id)> {
        let below = child(pointer, keyword);
        let all = map.get(keyword).and_then(Value::as_object);
        all.into_iter()
            .flatten()
            .map(|(name, _)| (name.clone(), self.id(&child(&below, name))))
            .collect()
    }

    fn additional(
        &mut self,
        map: &Map<String, Value>,
        pointer: &str,
        keyword: &str,
    ) -> Option<Additional> {
        match map.get(keyword)? {
            Value::Bool(true) => Some(Additional::Allowed),
            Value::Bool(false) => Some(Additional::Forbidden),
            _ => Some(Additional::Schema(self.id(&child(pointer, keyword)))),
        }
    }
}

/// The pointer that stands for a schema which accepts everything.
const ANYTHING: &str = "#anything";

/// What Helm knows or takes for good without looking: the metaschemas, and names that lead nowhere (`urn:`).
fn accepts_everything(url: &str) -> bool {
    Draft::of(url).is_some() || uri::scheme(url) == Some("urn")
}

fn outside(url: &str) -> Refusal {
    let why = match uri::scheme(url) {
        Some("file") => "the schema must be in one file",
        Some("http" | "https") => "nothing is fetched from the network while rendering",
        _ => "it is outside the schema",
    };
    Refusal::Remote(format!("failing loading {url:?}: {why}\n"))
}

fn identifier(map: &Map<String, Value>, draft: Draft) -> String {
    if draft < Draft::V2019 && map.contains_key("$ref") {
        return String::new();
    }
    let id = map.get(draft.id_keyword()).and_then(Value::as_str);
    let id = id.unwrap_or_default();
    id.split_once('#').map_or(id, |(id, _)| id).to_owned()
}

fn child(pointer: &str, name: &str) -> String {
    format!("{pointer}/{}", name.replace('~', "~0").replace('/', "~1"))
}

fn flag(map: &Map<String, Value>, keyword: &str) -> bool {
    matches!(map.get(keyword), Some(Value::Bool(true)))
}

fn numeric(map: &Map<String, Value>, keyword: &str) -> Option<Number> {
    match map.get(keyword) {
        Some(Value::Number(number)) => Some(number.clone()),
        _ => None,
    }
}

fn count(map: &Map<String, Value>, keyword: &str) -> Option<u64> {
    number::count(&numeric(map, keyword)?)
}

fn pattern(text: &str, pointer: &str, keyword: &str) -> Result<Pattern, Refusal> {
    match Regex::new(text) {
        Ok(regex) => Ok(Pattern {
            text: text.to_owned(),
            regex,
        }),
        Err(why) => Err(Refusal::Schema(format!(
            "invalid regex {text:?} at \"{ROOT}#{pointer}/{keyword}\": {why}"
        ))),
    }
}
