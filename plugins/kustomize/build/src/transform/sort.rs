//! `sortOptions`: the order of the output.

use std::collections::HashMap;

use crate::error::{Error, Result};
use crate::id::Gvk;
use crate::kustomization::{LegacySortOptions, SortOptions};
use crate::order;
use crate::resmap::ResMap;
use crate::resource::Resource;

/// The order of the output.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Order {
    /// As the objects were read.
    Fifo,
    /// By kind, so that what others need comes first; kubectl's default.
    #[default]
    Legacy,
}

/// Sorts the objects as the kustomization says, or else in the default order.
///
/// # Errors
/// If the options contradict each other or name an unknown order.
pub(crate) fn sort(map: &mut ResMap, options: Option<&SortOptions>, default: Order) -> Result<()> {
    let invalid = |message: String| Err(Error::new("kustomize/invalid", message));
    let legacy = match options {
        None if default == Order::Fifo => return Ok(()),
        None => None,
        Some(options) => match options.order.as_str() {
            "fifo" if options.legacy_sort_options.is_some() => {
                return invalid(
                    "the field 'sortOptions.legacySortOptions' is set but the selected sort order is 'fifo', not 'legacy'"
                        .to_owned(),
                );
            }
            "fifo" => return Ok(()),
            "legacy" => options.legacy_sort_options.as_ref(),
            _ => {
                return invalid(
                    "the field 'sortOptions.order' must be one of [fifo, legacy]".to_owned(),
                );
            }
        },
    };
    let ranks = ranks(legacy);
    map.items_mut().sort_by_cached_key(|item| key(item, &ranks));
    map.check_ids("may not add resource with an already registered id")
}

fn ranks(options: Option<&LegacySortOptions>) -> HashMap<&str, i64> {
    let (first, last): (Vec<&str>, Vec<&str>) = match options {
        None => (order::FIRST.to_vec(), order::LAST.to_vec()),
        Some(options) => (
            options.order_first.iter().map(String::as_str).collect(),
            options.order_last.iter().map(String::as_str).collect(),
        ),
    };
    let first = first.iter().rev().zip(1..).map(|(kind, n)| (*kind, -n));
    // Where a kind is named twice, the last one counts.
    let first: Vec<_> = first.collect();
    let mut ranks: HashMap<&str, i64> = first.into_iter().rev().collect();
    ranks.extend(last.iter().zip(1..).map(|(kind, n)| (*kind, n)));
    ranks
}

fn key(item: &Resource, ranks: &HashMap<&str, i64>) -> (i64, u8, String, String) {
    let gvk = item.gvk();
    let rank = ranks.get(gvk.kind.as_str()).copied().unwrap_or(0);
    // Namespaces of the core group go before those of any other.
    let core_first = u8::from(gvk.kind == "Namespace" && !gvk.group.is_empty());
    let or = |text: &str, other: &str| {
        if text.is_empty() {
            other.to_owned()
        } else {
            text.to_owned()
        }
    };
    let id = format!(
        "{gvk}|{}|{}",
        or(item.namespace(), "~X"),
        or(item.name(), "~N")
    );
    (rank, core_first, gvk_key(gvk), id)
}

fn gvk_key(gvk: &Gvk) -> String {
    let or = |text: &str, other: &str| {
        if text.is_empty() {
            other.to_owned()
        } else {
            text.to_owned()
        }
    };
    format!(
        "{}_{}_{}",
        or(&gvk.group, "~G"),
        or(&gvk.version, "~V"),
        or(&gvk.kind, "~K")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;
    use crate::schema::Schema;

    fn sorted(options: Option<SortOptions>, default: Order) -> Vec<String> {
        let text: String = [
            "apps/v1 Deployment b",
            "v1 Service a",
            "v1 Zebra a",
            "v1 Namespace n",
            "admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration v",
            "apps/v1 Deployment a",
        ]
        .iter()
        .map(|line| {
            let parts: Vec<&str> = line.split(' ').collect();
            format!(
                "apiVersion: {}\nkind: {}\nmetadata: {{name: {}}}\n---\n",
                parts[0], parts[1], parts[2]
            )
        })
        .collect();
        let mut map = ResMap::default();
        map.append_all(read::resources(&text, "", &Schema::builtin()).unwrap())
            .unwrap();
        sort(&mut map, options.as_ref(), default).unwrap();
        map.items()
            .iter()
            .map(|item| format!("{} {}", item.kind(), item.name()))
            .collect()
    }

    #[test]
    fn the_legacy_order_is_by_kind() {
        let expected = [
            "Namespace n",
            "Service a",
            "Deployment a",
            "Deployment b",
            "Zebra a",
            "ValidatingWebhookConfiguration v",
        ];
        assert_eq!(sorted(None, Order::Legacy), expected);
        assert_eq!(sorted(None, Order::Fifo)[0], "Deployment b");
        let options = SortOptions {
            order: "legacy".to_owned(),
            legacy_sort_options: Some(LegacySortOptions {
                order_first: vec!["Zebra".to_owned()],
                order_last: vec!["Namespace".to_owned()],
            }),
        };
        let custom = sorted(Some(options), Order::Fifo);
        assert_eq!(
            (custom[0].as_str(), custom[5].as_str()),
            ("Zebra a", "Namespace n")
        );
    }

    #[test]
    fn options_must_fit_together() {
        let of = |order: &str, legacy: bool| SortOptions {
            order: order.to_owned(),
            legacy_sort_options: legacy.then(LegacySortOptions::default),
        };
        for options in [of("", false), of("x", false), of("fifo", true)] {
            assert!(sort(&mut ResMap::default(), Some(&options), Order::Fifo).is_err());
        }
    }
}
