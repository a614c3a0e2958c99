//! The built-in kinds.

use super::table::{DEFINITIONS, KINDS, SCOPES, TYPES};

/// One type of the table; numbers are places in it.
#[derive(Debug)]
pub(super) enum Known {
    /// A plain value, or an object of which nothing is said.
    Leaf,
    /// An object with its fields, sorted.
    Object(&'static [(&'static str, u16)]),
    /// A map with keys of one's own.
    Map(u16),
    /// A list that is replaced as a whole.
    List(u16),
    /// A list that is merged by the keys of its items; without keys, its items are plain values.
    MergeList(u16, &'static [&'static str]),
}

impl Known {
    pub(super) fn field(&self, name: &str) -> Option<&'static Self> {
        let id = match self {
            Self::Object(fields) => {
                let at = fields
                    .binary_search_by_key(&name, |(field, _)| field)
                    .ok()?;
                fields[at].1
            }
            Self::Map(values) => *values,
            Self::Leaf | Self::List(_) | Self::MergeList(..) => return None,
        };
        Some(at(id))
    }

    pub(super) fn items(&self) -> Option<&'static Self> {
        match self {
            Self::List(items) | Self::MergeList(items, _) => Some(at(*items)),
            Self::Leaf | Self::Object(_) | Self::Map(_) => None,
        }
    }

    pub(super) fn merge_keys(&self) -> Option<&'static [&'static str]> {
        match self {
            Self::MergeList(_, keys) => Some(keys),
            _ => None,
        }
    }
}

fn at(id: u16) -> &'static Known {
    &TYPES[usize::from(id)]
}

pub(super) fn of_kind(api_version: &str, kind: &str) -> Option<&'static Known> {
    let at_kind = KINDS
        .binary_search_by_key(&(api_version, kind), |(api_version, kind, _)| {
            (api_version, kind)
        })
        .ok()?;
    Some(at(KINDS[at_kind].2))
}

/// The type of a definition, such as `io.k8s.api.core.v1.Container`.
pub(super) fn definition(name: &str) -> Option<&'static Known> {
    let (package, name) = name.rsplit_once('.').unwrap_or(("", name));
    let package = DEFINITIONS
        .binary_search_by_key(&package, |(package, _)| package)
        .ok()?;
    let names = DEFINITIONS[package].1;
    let name = names.binary_search_by_key(&name, |(name, _)| name).ok()?;
    Some(at(names[name].1))
}

pub(super) fn namespaced(api_version: &str, kind: &str) -> Option<bool> {
    let at_kind = SCOPES
        .binary_search_by_key(&(api_version, kind), |(api_version, kind, _)| {
            (api_version, kind)
        })
        .ok()?;
    Some(SCOPES[at_kind].2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_table_is_sorted_and_closed() {
        let place_ok = |id: u16| usize::from(id) < TYPES.len();
        for known in TYPES {
            match known {
                Known::Leaf => {}
                Known::Object(fields) => {
                    assert!(fields.is_sorted_by(|a, b| a.0 < b.0), "{fields:?}");
                    assert!(fields.iter().all(|(_, id)| place_ok(*id)), "{fields:?}");
                }
                Known::Map(id) | Known::List(id) | Known::MergeList(id, _) => {
                    assert!(place_ok(*id), "{known:?}");
                }
            }
        }
        assert!(DEFINITIONS.is_sorted_by(|a, b| a.0 < b.0));
        for (package, names) in DEFINITIONS {
            assert!(names.is_sorted_by(|a, b| a.0 < b.0), "{package}");
            assert!(names.iter().all(|(_, id)| place_ok(*id)), "{package}");
        }
        assert!(KINDS.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
        assert!(KINDS.iter().all(|(_, _, id)| place_ok(*id)));
        assert!(SCOPES.is_sorted_by(|a, b| (a.0, a.1) < (b.0, b.1)));
    }
}
