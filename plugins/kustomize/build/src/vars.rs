//! `vars`: values of fields put in the place of `$(NAME)`.

use std::collections::BTreeMap;

use crate::error::{Error, Result};
use crate::fieldspec::{self, Create, InForce};
use crate::id::{Gvk, ResId, split_api_version};
use crate::kustomization::Var;
use crate::node::{Node, Tag};
use crate::path;
use crate::resmap::ResMap;

/// The vars of a build, by name.
#[derive(Clone, Debug, Default)]
pub(crate) struct VarSet {
    vars: BTreeMap<String, Var>,
}

/// The value of a var.
#[derive(Clone, Debug, PartialEq)]
enum VarValue {
    Text(String),
    Int(i64),
    Float(f64),
    Bool(bool),
}

fn var_error(message: impl std::fmt::Display) -> Error {
    Error::new("kustomize/var", message)
}

impl VarSet {
    /// Adds the vars of a kustomization and marks the objects that they refer to.
    ///
    /// # Errors
    /// If a name is there already, or an object cannot be told from others.
    pub(crate) fn add(&mut self, vars: Vec<Var>, map: &mut ResMap) -> Result<()> {
        for (n, var) in vars.iter().enumerate() {
            let id = target(var);
            let any_namespace = id.namespace.is_empty();
            let mut matched: Vec<usize> = Vec::new();
            for (index, item) in map.items().iter().enumerate() {
                let matches = item.ids_match(|gvk, name, namespace| {
                    gvk.matches(&id.gvk)
                        && name == id.name
                        && (any_namespace || namespace == id.effective_namespace())
                });
                if matches && !item.node.is_empty() {
                    matched.push(index);
                }
            }
            match matched.as_slice() {
                [] => {}
                [index] => map.items_mut()[*index].vars.push(var.name.clone()),
                several => {
                    return Err(var_error(format!(
                        "found {} resId matches for var {} (unable to disambiguate)",
                        several.len(),
                        var.name
                    ))
                    .field(format!("[{n}].objref")));
                }
            }
        }
        for (n, var) in vars.into_iter().enumerate() {
            self.merge(var)
                .map_err(|error| error.field(format!("[{n}].name")))?;
        }
        Ok(())
    }

    /// Adds the vars of another build.
    ///
    /// # Errors
    /// If a name is there already.
    pub(crate) fn merge_all(&mut self, other: Self) -> Result<()> {
        other.vars.into_values().try_for_each(|var| self.merge(var))
    }

    fn merge(&mut self, var: Var) -> Result<()> {
        if self.vars.contains_key(&var.name) {
            return Err(var_error(format!("var '{}' already encountered", var.name)));
        }
        self.vars.insert(var.name.clone(), var);
        Ok(())
    }

    /// Puts the values in the place of the vars; gives back the vars that stand nowhere.
    ///
    /// # Errors
    /// If a var refers to nothing, or a field has a form that cannot hold vars.
    pub(crate) fn resolve(&self, map: &mut ResMap, config: &InForce) -> Result<Vec<String>> {
        if self.vars.is_empty() {
            return Ok(Vec::new());
        }
        let specs = &config.get().var_reference;
        let mut values = BTreeMap::new();
        for var in self.vars.values() {
            values.insert(var.name.as_str(), value(var, map)?);
        }
        let mut replacer = Replacer {
            values,
            used: BTreeMap::new(),
        };
        for item in map.items_mut() {
            let gvk = item.gvk().clone();
            for spec in specs {
                let mut set = |node: &mut Node| replacer.set(node);
                fieldspec::apply(spec, &gvk, &mut item.node, &Create::Nothing, &mut set)
                    .map_err(|error| var_error(error).at(&item.source.file, item.source.line, 1))?;
            }
        }
        let unused = self
            .vars
            .keys()
            .filter(|name| !replacer.used.contains_key(name.as_str()));
        Ok(unused.cloned().collect())
    }
}

/// What a var refers to.
fn target(var: &Var) -> ResId {
    let objref = &var.objref;
    let mut gvk = Gvk {
        group: objref.group.clone(),
        version: objref.version.clone(),
        kind: objref.kind.clone(),
    };
    match objref.api_version.matches('/').count() {
        _ if objref.api_version.is_empty() => {}
        0 => gvk.version.clone_from(&objref.api_version),
        1 => {
            let (group, version) = split_api_version(&objref.api_version);
            gvk.group = group.to_owned();
            gvk.version = version.to_owned();
        }
        _ => {}
    }
    ResId {
        gvk,
        name: objref.name.clone(),
        namespace: objref.namespace.clone(),
        cluster_scoped: false,
    }
}

/// The value of a var; `None` if it is a mapping or a list, which cannot stand in a text.
fn value(var: &Var, map: &ResMap) -> Result<Option<VarValue>> {
    let field = match var.fieldref.field_path.as_str() {
        "" => "metadata.name",
        field => field,
    };
    let Some(item) = map
        .items()
        .iter()
        .find(|item| item.vars.contains(&var.name))
    else {
        return Err(var_error(format!(
            "var '{}' cannot be mapped to a field in the set of known resources",
            var.name
        )));
    };
    let missing = || {
        var_error(format!(
            "field `{field}` specified in var '{}' not found in corresponding resource {}",
            var.name,
            item.id()
        ))
        .at(&item.source.file, item.source.line, 1)
    };
    let parts = with_indices(path::parts(field));
    let node = path::lookup(&item.node, &parts)
        .ok()
        .flatten()
        .ok_or_else(missing)?;
    let Node::Scalar(scalar) = node else {
        return Ok(None);
    };
    let text = &scalar.text;
    Ok(Some(match scalar.tag {
        Tag::Int => VarValue::Int(text.parse().map_err(|_| missing())?),
        Tag::Float => VarValue::Float(text.parse().map_err(|_| missing())?),
        Tag::Bool => VarValue::Bool(matches!(text.as_str(), "true" | "True" | "TRUE")),
        _ => VarValue::Text(text.clone()),
    }))
}

/// Takes indices off names: `ports[0]` is `ports`, then `0`.
fn with_indices(parts: Vec<String>) -> Vec<String> {
    let mut split = Vec::with_capacity(parts.len());
    for part in parts {
        let index = part
            .strip_suffix(']')
            .and_then(|part| part.rsplit_once('['))
            .filter(|(_, index)| !index.is_empty() && index.bytes().all(|c| c.is_ascii_digit()));
        match index {
            None => split.push(part),
            Some((name, index)) => {
                if !name.is_empty() {
                    split.push(name.to_owned());
                }
                split.push(index.to_owned());
            }
        }
    }
    split
}

struct Replacer<'a> {
    values: BTreeMap<&'a str, Option<VarValue>>,
    used: BTreeMap<&'a str, usize>,
}

impl Replacer<'_> {
    fn set(&mut self, node: &mut Node) -> std::result::Result<(), fieldspec::Error> {
        match node {
            _ if node.is_null() => {}
            Node::Scalar(_) => self.set_scalar(node),
            Node::Mapping(mapping) => mapping
                .values_mut()
                .for_each(|value| self.set_scalar(value)),
            Node::Sequence(items) => {
                for item in items {
                    if !item.as_scalar().is_some_and(|scalar| scalar.is_string()) {
                        return Err(fieldspec::Error::Other(
                            "invalid value type expect a string".to_owned(),
                        ));
                    }
                    self.set_scalar(item);
                }
            }
        }
        Ok(())
    }

    /// Replaces the vars of a string; other scalars are left alone.
    fn set_scalar(&mut self, node: &mut Node) {
        let Node::Scalar(scalar) = node else {
            return;
        };
        if !scalar.is_string() {
            return;
        }
        let replaced = self.replace(&scalar.text);
        *node = match replaced {
            VarValue::Text(text) => Node::string(text),
            VarValue::Int(n) => Node::int(n),
            VarValue::Bool(b) => Node::bool(b),
            VarValue::Float(f) => Node::Scalar(crate::node::Scalar::new(f.to_string(), Tag::Float)),
        };
    }

    /// A text that is one var and nothing else becomes its value, number or not.
    fn replace(&mut self, text: &str) -> VarValue {
        if !text.contains('$') {
            return VarValue::Text(text.to_owned());
        }
        let mut out = String::with_capacity(text.len());
        let mut rest = text;
        while let Some(at) = rest.find('$') {
            out.push_str(&rest[..at]);
            let after = &rest[at + 1..];
            rest = match after.as_bytes().first() {
                None => {
                    out.push('$');
                    ""
                }
                Some(b'$') => {
                    out.push('$');
                    &after[1..]
                }
                Some(b'(') => match after.find(')') {
                    Some(end) => {
                        let name = &after[1..end];
                        let whole = text.len() == name.len() + 3;
                        match self.value(name) {
                            Some(value) if whole => return value,
                            Some(value) => out.push_str(&value.to_string()),
                            None => {
                                out.push_str("$(");
                                out.push_str(name);
                                out.push(')');
                            }
                        }
                        &after[end + 1..]
                    }
                    None => {
                        out.push_str("$(");
                        &after[1..]
                    }
                },
                Some(_) => {
                    out.push('$');
                    after
                }
            };
        }
        out.push_str(rest);
        VarValue::Text(out)
    }

    fn value(&mut self, name: &str) -> Option<VarValue> {
        let (name, value) = self.values.get_key_value(name)?;
        let value = value.clone()?;
        *self.used.entry(name).or_default() += 1;
        Some(value)
    }
}

impl std::fmt::Display for VarValue {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Text(text) => f.write_str(text),
            Self::Int(n) => write!(f, "{n}"),
            Self::Float(number) => f.write_str(&fleet_yaml::format_float_g(*number)),
            Self::Bool(b) => write!(f, "{b}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The table of kustomize's `api/filters/refvar/expand_test.go`.
    #[test]
    fn vars_are_replaced_in_text() {
        let text = |text: &str| Some(VarValue::Text(text.to_owned()));
        for (input, expected) in [
            ("$(VAR_A)", "A"),
            ("$(VAR_A)-$(VAR_A)", "A-A"),
            ("___$(VAR_B)___", "___B___"),
            ("$$(VAR_B)_$(VAR_A)", "$(VAR_B)_A"),
            ("f000-$$VAR_A", "f000-$VAR_A"),
            ("foo\\$(VAR_C)bar", "foo\\Cbar"),
            ("$(VAR_A$(VAR_B))", "$(VAR_A$(VAR_B))"),
            ("$(VAR_REF)", "$(VAR_A)"),
            ("foo$(VAR_EMPTY)bar", "foobar"),
            ("foo$(VAR_Awhoops!", "foo$(VAR_Awhoops!"),
            ("$?_boo_$!", "$?_boo_$!"),
            ("$(VAR_DNE)", "$(VAR_DNE)"),
            ("$$$$$$(VAR_A)", "$$$(VAR_A)"),
            ("$$$$$$$(VAR_A)", "$$$A"),
            ("$VAR_A)", "$VAR_A)"),
            ("$(VAR_B)_______$(", "B_______$("),
            ("$(VAR_A)foobarzab$", "Afoobarzab$"),
            ("--$($($($($--", "--$($($($($--"),
        ] {
            let mut replacer = Replacer {
                values: BTreeMap::from([
                    ("VAR_A", text("A")),
                    ("VAR_B", text("B")),
                    ("VAR_C", text("C")),
                    ("VAR_REF", text("$(VAR_A)")),
                    ("VAR_EMPTY", text("")),
                ]),
                used: BTreeMap::new(),
            };
            let expected = VarValue::Text(expected.to_owned());
            assert_eq!(replacer.replace(input), expected, "{input}");
        }
    }

    #[test]
    fn a_text_that_is_one_var_becomes_its_value() {
        let mut replacer = Replacer {
            values: BTreeMap::from([("N", Some(VarValue::Int(5)))]),
            used: BTreeMap::new(),
        };
        assert_eq!(replacer.replace("$(N)"), VarValue::Int(5));
        assert_eq!(replacer.replace("x$(N)"), VarValue::Text("x5".to_owned()));
        assert_eq!(replacer.used["N"], 2);
    }
}
