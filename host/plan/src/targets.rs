//! Selects clusters: which targets match, and which customisations apply.

use std::collections::BTreeMap;

use fleet_core::name::ClusterName;
use fleet_core::resource::{Cluster, ClusterGroup, Target};

/// Label with which Rancher names imported clusters; it counts as the cluster's name.
const DISPLAY_NAME_LABEL: &str = "management.cattle.io/cluster-display-name";

/// The ClusterGroup that a GitRepo without targets deploys to.
const DEFAULT_GROUP: &str = "default";

/// All clusters and groups of one workspace.
#[derive(Clone, Debug, Default)]
pub struct Inventory<'a> {
    /// Clusters by name.
    pub clusters: Vec<&'a Cluster>,
    /// Groups.
    pub groups: Vec<&'a ClusterGroup>,
}

/// What a bundle's targets say.
#[derive(Clone, Debug)]
pub struct Rules<'a> {
    /// Targets of the GitRepo, or those in `fleet.yaml` that replace them.
    pub targets: &'a [Target],
    /// Targets of the customisations, in order.
    pub customizations: &'a [Target],
    /// Whether all customisations that match count, or only the first.
    pub all_matches: bool,
}

/// Returns the clusters that get the bundle, each with the customisations (by index) that apply to it.
///
/// A cluster gets the bundle if a target matches it, the first such target does not say `doNotDeploy`, and
/// neither does the first customisation that matches (with `all_matches`: any that matches).
pub fn select(rules: &Rules<'_>, inventory: &Inventory<'_>) -> BTreeMap<ClusterName, Vec<usize>> {
    let default = [Target {
        cluster_group: Some(DEFAULT_GROUP.to_owned()),
        ..Target::default()
    }];
    let targets = if rules.targets.is_empty() {
        &default[..]
    } else {
        rules.targets
    };
    let mut selected = BTreeMap::new();
    for cluster in &inventory.clusters {
        let matches = |target: &Target| matches(target, cluster, &inventory.groups);
        let Some(target) = targets.iter().find(|target| matches(target)) else {
            continue;
        };
        if target.do_not_deploy {
            continue;
        }
        let mut customizations: Vec<usize> = (0..rules.customizations.len())
            .filter(|n| matches(&rules.customizations[*n]))
            .collect();
        if !rules.all_matches {
            customizations.truncate(1);
        }
        if customizations
            .iter()
            .any(|n| rules.customizations[*n].do_not_deploy)
        {
            continue;
        }
        selected.insert(cluster.metadata.name.clone(), customizations);
    }
    selected
}

/// Whether a target means this cluster. All criteria that it has must hold, those about groups for the same
/// group; a target without criteria means no cluster.
fn matches(target: &Target, cluster: &Cluster, groups: &[&ClusterGroup]) -> bool {
    let Target {
        cluster_name,
        cluster_selector,
        cluster_group,
        cluster_group_selector,
        ..
    } = target;
    let by_group = cluster_group.is_some() || cluster_group_selector.is_some();
    if cluster_name.is_none() && cluster_selector.is_none() && !by_group {
        return false;
    }
    let labels = &cluster.metadata.labels;
    if let Some(name) = cluster_name {
        let display_name = labels.get(DISPLAY_NAME_LABEL);
        if name != cluster.metadata.name.as_str() && display_name != Some(name) {
            return false;
        }
    }
    if cluster_selector
        .as_ref()
        .is_some_and(|selector| !selector.matches(labels))
    {
        return false;
    }
    !by_group
        || groups.iter().any(|group| {
            group.metadata.namespace == cluster.metadata.namespace
                && group
                    .spec
                    .selector
                    .as_ref()
                    .is_some_and(|selector| selector.matches(labels))
                && cluster_group
                    .as_ref()
                    .is_none_or(|name| name == group.metadata.name.as_str())
                && cluster_group_selector
                    .as_ref()
                    .is_none_or(|selector| selector.matches(&group.metadata.labels))
        })
}

#[cfg(test)]
mod tests {
    use fleet_core::name::GroupName;
    use fleet_core::resource::{ClusterGroupSpec, ClusterSpec, Metadata};
    use fleet_core::selector::LabelSelector;

    use super::*;

    fn cluster(name: &str, labels: &[(&str, &str)]) -> Cluster {
        let mut metadata = Metadata::named(ClusterName::parse(name).unwrap());
        metadata.labels = labels
            .iter()
            .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
            .collect();
        Cluster {
            api_version: String::new(),
            metadata,
            spec: ClusterSpec::default(),
        }
    }

    fn group(name: &str, labels: &[(&str, &str)]) -> ClusterGroup {
        let selector = LabelSelector {
            match_labels: labels
                .iter()
                .map(|(k, v)| ((*k).to_owned(), (*v).to_owned()))
                .collect(),
            ..LabelSelector::default()
        };
        ClusterGroup {
            api_version: String::new(),
            metadata: Metadata::named(GroupName::parse(name).unwrap()),
            spec: ClusterGroupSpec {
                selector: Some(selector),
            },
        }
    }

    fn target(json: &str) -> Target {
        serde_json::from_str(json).unwrap()
    }

    /// The clusters one, two and three, the groups `all` and `default`, as in Rancher Fleet's own tables.
    fn check(
        targets: &[&str],
        customizations: &[&str],
        all_matches: bool,
        expected: &[(&str, &[usize])],
    ) {
        let clusters = [
            cluster("one", &[("env", "dev"), ("region", "eu")]),
            cluster("two", &[("env", "dev")]),
            cluster("three", &[("env", "prod"), (DISPLAY_NAME_LABEL, "drei")]),
        ];
        let groups = [group("all", &[]), group("default", &[("env", "prod")])];
        let inventory = Inventory {
            clusters: clusters.iter().collect(),
            groups: groups.iter().collect(),
        };
        let targets: Vec<_> = targets.iter().map(|json| target(json)).collect();
        let customizations: Vec<_> = customizations.iter().map(|json| target(json)).collect();
        let rules = Rules {
            targets: &targets,
            customizations: &customizations,
            all_matches,
        };
        let selected = select(&rules, &inventory);
        let selected: Vec<_> = selected
            .iter()
            .map(|(name, n)| (name.as_str(), n.as_slice()))
            .collect();
        assert_eq!(selected, expected);
    }

    #[test]
    fn targets_select_by_name_label_and_group() {
        check(&[r#"{"clusterName":"one"}"#], &[], false, &[("one", &[])]);
        check(
            &[r#"{"clusterName":"drei"}"#],
            &[],
            false,
            &[("three", &[])],
        );
        check(
            &[r#"{"clusterSelector":{}}"#],
            &[],
            false,
            &[("one", &[]), ("three", &[]), ("two", &[])],
        );
        check(
            &[r#"{"clusterGroup":"all"}"#],
            &[],
            false,
            &[("one", &[]), ("three", &[]), ("two", &[])],
        );
        check(&["{}"], &[], false, &[]);
        check(
            &[r#"{"clusterName":"one","clusterSelector":{"matchLabels":{"env":"prod"}}}"#],
            &[],
            false,
            &[],
        );
    }

    #[test]
    fn without_targets_the_default_group_is_meant() {
        check(&[], &[], false, &[("three", &[])]);
    }

    #[test]
    fn the_first_customisation_that_matches_wins() {
        let all = r#"{"clusterGroup":"all"}"#;
        let one = r#"{"clusterName":"one"}"#;
        check(
            &[all],
            &[one, all],
            false,
            &[("one", &[0]), ("three", &[1]), ("two", &[1])],
        );
        check(
            &[all],
            &[one, all],
            true,
            &[("one", &[0, 1]), ("three", &[1]), ("two", &[1])],
        );
        // A customisation alone selects nothing.
        check(&[one], &[all], false, &[("one", &[0])]);
    }

    #[test]
    fn do_not_deploy_counts_where_it_is_the_first_match() {
        let all = r#"{"clusterGroup":"all"}"#;
        let not_one = r#"{"clusterName":"one","doNotDeploy":true}"#;
        check(&[all], &[not_one], false, &[("three", &[]), ("two", &[])]);
        check(
            &[r#"{"clusterName":"one"}"#],
            &[all, not_one],
            false,
            &[("one", &[0])],
        );
        check(&[r#"{"clusterName":"one"}"#], &[all, not_one], true, &[]);
        check(&[not_one, all], &[], false, &[("three", &[]), ("two", &[])]);
    }
}
