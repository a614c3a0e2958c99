//! One path of a commit, rendered for every cluster that it is meant for.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use fleet_core::bundle::Bundle;
use fleet_core::diagnostic::Location;
use fleet_core::name::ClusterName;
use fleet_core::problem::{Problem, Reason};
use fleet_host_plan::fleet::{self, BundleResult, ClusterRecord, Content, Dependency, Target};
use fleet_host_plan::targets::{self, Inventory, Rules};
use fleet_plugin::{Checked, Context, Snapshot};
use fleet_render::collect::{Collected, collect};
use fleet_render::recipe::{CustomizationMode, Recipe};
use fleet_render::values;
use fleet_render::variant::{Variant, variant};

use super::judge::{self, Judge};
use super::steps::{Chain, Made, Step};
use super::{Work, blocking, facts};

/// Label with which Rancher Fleet marks the bundles of a GitRepo; `dependsOn` selects by it.
const REPO_LABEL: &str = "fleet.cattle.io/repo-name";

/// The most warnings that are told of one bundle.
const MAX_WARNINGS: usize = 100;

/// What came of one path.
pub(super) struct Outcome {
    /// For the host's decisions.
    pub(super) result: BundleResult,
    /// Its bundles, each once.
    pub(super) bundles: Vec<Bundle>,
    /// When it must be rendered again.
    pub(super) renew_at: Option<u64>,
}

/// Renders one path.
pub(super) async fn render(work: &Arc<Work>, recipe: Recipe, warnings: Vec<Problem>) -> Outcome {
    let recipe = Arc::new(recipe);
    let policies = work
        .shared
        .options
        .policies
        .iter()
        .chain(&work.job.repo.spec.policies)
        .chain(&recipe.policies);
    let (snapshot, broken) = match work.snapshot_of(&recipe.path).await {
        Ok(snapshot) => (snapshot, None),
        Err(problem) => (Arc::clone(&work.snapshot), Some(problem)),
    };
    let mut maker = Maker {
        judge: Judge::new(policies),
        snapshot,
        work: Arc::clone(work),
        recipe: Arc::clone(&recipe),
        chain: Chain::default(),
        collections: HashMap::new(),
        warnings,
        renew_at: None,
    };
    maker.warn_of_what_is_kept();
    let clusters: BTreeMap<&ClusterName, &ClusterRecord> = work
        .job
        .clusters
        .iter()
        .map(|cluster| (&cluster.resource.metadata.name, cluster))
        .collect();
    let mut targets: BTreeMap<ClusterName, Target> = BTreeMap::new();
    for (selected, names) in by_customizations(work, &recipe) {
        let variant = match &broken {
            Some(problem) => Err(problem.clone()),
            None => maker.variant(selected).await,
        };
        for name in names {
            let target = match (&variant, clusters.get(&name)) {
                (Ok(variant), Some(cluster)) => maker.target(variant, cluster).await,
                (Err(problem), _) => Err(vec![problem.clone()]),
                (Ok(_), None) => continue,
            };
            targets.insert(name, target);
        }
    }
    maker.finish(targets)
}

/// The clusters that the bundle is meant for, by the customisations (their indices) that apply to them.
fn by_customizations(work: &Work, recipe: &Recipe) -> BTreeMap<Vec<usize>, Vec<ClusterName>> {
    let customizations: Vec<_> = recipe
        .customizations
        .iter()
        .map(|customization| customization.target.clone())
        .collect();
    let rules = Rules {
        targets: match recipe.override_targets.as_slice() {
            [] => &work.job.repo.spec.targets,
            targets => targets,
        },
        customizations: &customizations,
        all_matches: recipe.customization_mode == CustomizationMode::AllMatches,
    };
    let inventory = Inventory {
        clusters: work
            .job
            .clusters
            .iter()
            .map(|cluster| &cluster.resource)
            .collect(),
        groups: work.job.groups.iter().collect(),
    };
    let mut groups: BTreeMap<Vec<usize>, Vec<ClusterName>> = BTreeMap::new();
    for (cluster, selected) in targets::select(&rules, &inventory) {
        groups.entry(selected).or_default().push(cluster);
    }
    groups
}

/// A recipe with what one set of customisations makes of it.
struct Prepared {
    variant: Variant,
    /// The steps, where they are the same for every cluster.
    steps: Option<Arc<[Step]>>,
}

/// The objects of one output.
struct Collection {
    collected: Collected,
    objects: Arc<Vec<Checked>>,
}

struct Maker {
    work: Arc<Work>,
    /// The files as this path sees them.
    snapshot: Arc<Snapshot>,
    recipe: Arc<Recipe>,
    chain: Chain,
    judge: Judge,
    /// By the address of the output, which the chain keeps.
    collections: HashMap<usize, Arc<Collection>>,
    warnings: Vec<Problem>,
    renew_at: Option<u64>,
}

impl Maker {
    async fn variant(&self, selected: Vec<usize>) -> Result<Prepared, Problem> {
        let (work, recipe) = (Arc::clone(&self.work), Arc::clone(&self.recipe));
        let snapshot = Arc::clone(&self.snapshot);
        let merge = move || {
            let customizations: Vec<_> = selected
                .iter()
                .map(|n| &recipe.customizations[*n])
                .collect();
            variant(
                snapshot.files(),
                &recipe,
                &customizations,
                &work.job.repo.spec,
            )
        };
        let variant = blocking(merge).await??;
        let steps = (!values::differ(&variant.steps, &variant.templates))
            .then(|| variant.steps.iter().cloned().map(Step::new).collect());
        Ok(Prepared { variant, steps })
    }

    /// What one cluster is to run.
    async fn target(&mut self, prepared: &Prepared, cluster: &ClusterRecord) -> Target {
        let Variant {
            steps,
            apply,
            templates,
        } = &prepared.variant;
        let bundle = self.recipe.name.to_string();
        let namespace = apply.release_namespace();
        let facts = facts::of_cluster(cluster, &bundle, namespace, self.work.commit.time);
        let entropy = self.work.entropy(&bundle);
        let steps: Arc<[Step]> = match &prepared.steps {
            Some(steps) => Arc::clone(steps),
            None => {
                let (steps, templates) = (steps.clone(), templates.clone());
                let (facts, entropy) = (facts.clone(), Arc::clone(&entropy));
                let fill = move || values::fill(&steps, &templates, &facts, &entropy);
                let filled = blocking(fill).await.and_then(|filled| filled);
                let filled = filled.map_err(|problem| vec![self.at_recipe(problem)])?;
                filled.into_iter().map(Step::new).collect()
            }
        };
        let context = Context {
            files: Arc::clone(&self.snapshot),
            facts: Arc::new(facts),
            entropy,
            secrets: Arc::default(),
        };
        let work = Arc::clone(&self.work);
        let made = self.chain.run(&work.shared, &steps, &context).await?;
        self.renew_at = self.renew_at.into_iter().chain(made.renew_at).min();
        let collection = self.collect(&made).await.map_err(|problem| vec![problem])?;
        self.warnings.extend(made.warnings);
        let Collection { collected, objects } = &*collection;
        if !collected.problems.is_empty() {
            return Err(collected.problems.clone());
        }
        let found = self
            .judge
            .check(&work.shared, collected, objects, &context)
            .await;
        self.warnings.extend(found.warnings);
        if !found.errors.is_empty() {
            return Err(found.errors);
        }
        Ok(Content {
            bundle: collected.bundle.id(),
            options: apply.clone(),
            n_objects: u32::try_from(collected.bundle.objects().len()).unwrap_or(u32::MAX),
        })
    }

    /// The objects of an output, parsed once for all clusters that share it.
    async fn collect(&mut self, made: &Made) -> Result<Arc<Collection>, Problem> {
        let key = Arc::as_ptr(&made.output).addr();
        if let Some(collection) = self.collections.get(&key) {
            return Ok(Arc::clone(collection));
        }
        let output = Arc::clone(&made.output);
        let parse = move || {
            let collected = collect(output.manifests.clone());
            let objects = Arc::new(judge::checked(&collected));
            Collection { collected, objects }
        };
        let collection = Arc::new(blocking(parse).await?);
        self.collections.insert(key, Arc::clone(&collection));
        Ok(collection)
    }

    /// Says aloud what is in the recipe, counts in Rancher Fleet, and is not acted upon here yet.
    fn warn_of_what_is_kept(&mut self) {
        let recipe = Arc::clone(&self.recipe);
        let options = std::iter::once(&recipe.options).chain(
            recipe
                .customizations
                .iter()
                .map(|customization| &customization.options),
        );
        if options
            .into_iter()
            .any(|options| !options.helm.values_from.is_empty())
        {
            let message = "`helm.valuesFrom` is kept, and nothing reads it yet: values of the cluster's own \
                           ConfigMaps and Secrets are missing from what is rendered";
            let problem = Problem::new(Reason::RecipeUnknownKey, message);
            let problem = self.at_recipe(problem);
            self.warnings.push(problem);
        }
    }

    /// The same problem, at least at the recipe.
    fn at_recipe(&self, problem: Problem) -> Problem {
        let place = problem.location.clone().unwrap_or_else(|| Location {
            file: fleet_core::files::join(&self.recipe.path, "fleet.yaml").unwrap_or_default(),
            line: 0,
            column: 0,
        });
        problem.at(Some(place))
    }

    fn finish(self, targets: BTreeMap<ClusterName, Target>) -> Outcome {
        let Self {
            work,
            recipe,
            collections,
            mut warnings,
            renew_at,
            ..
        } = self;
        let used = |bundle: &Bundle| {
            targets
                .values()
                .flatten()
                .any(|content| content.bundle == bundle.id())
        };
        let mut bundles = BTreeMap::new();
        let mut origins = BTreeMap::new();
        for collection in collections.into_values() {
            let Collection { collected, .. } = &*collection;
            if used(&collected.bundle) {
                let id = collected.bundle.id();
                origins.insert(id, collected.origin(&work.job.commit, &recipe.path));
                bundles.insert(id, collected.bundle.clone());
            }
        }
        warnings.sort_by_cached_key(ToString::to_string);
        warnings.dedup();
        warnings.truncate(MAX_WARNINGS);
        let repo = &work.job.repo.metadata.name;
        let mut labels = recipe.labels.clone();
        labels.insert(REPO_LABEL.to_owned(), repo.to_string());
        let result = BundleResult {
            name: recipe.name.clone(),
            bundle: fleet::Bundle {
                repo: repo.clone(),
                path: recipe.path.clone(),
                labels,
                depends_on: dependencies(&recipe),
                paused: recipe.paused,
                commit: work.job.commit.clone(),
            },
            targets,
            warnings,
            origins: origins.into_iter().collect(),
        };
        Outcome {
            result,
            bundles: bundles.into_values().collect(),
            renew_at,
        }
    }
}

fn dependencies(recipe: &Recipe) -> Vec<Dependency> {
    let dependencies = recipe.depends_on.iter();
    dependencies
        .map(|depends_on| Dependency {
            name: depends_on.name.clone(),
            selector: depends_on.selector.clone(),
            accepted_states: depends_on.accepted_states.clone(),
        })
        .collect()
}
