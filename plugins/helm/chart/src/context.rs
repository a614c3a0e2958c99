//! What templates get as their dot: one context for each chart, and the templates that go with it.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::rc::Rc;

use fleet_core::files::Files;
use fleet_template::functions::{Call, Failure};
use fleet_template::value::{Map, Method, Named, Type, Value};

use crate::chart::{Chart, Template};
use crate::files_object::{ReadErrors, files_object};
use crate::gopath;
use crate::values::{scalar, table};

/// Helm's type for values and for the dot itself.
static VALUES: Named = Named {
    name: "common.Values",
    methods: &[
        Method::new("AsMap", &[], |_, values, _| {
            let map = values.as_map().map(|map| map.converted(None));
            Ok(Value::Map(map.unwrap_or_default()))
        }),
        Method::new("YAML", &[], |_, values, _| {
            Ok(fleet_yaml::to_string(&values.to_json()?).into())
        }),
        Method::new("Table", &[Type::String], |call, values, args| {
            look_up(call, values, args, |values, path| {
                table(values, path).map(Value::Map)
            })
        }),
        Method::new("PathValue", &[Type::String], |call, values, args| {
            look_up(call, values, args, scalar)
        }),
    ],
};

fn look_up(
    _: &mut Call<'_>,
    values: &Value,
    args: &[Value],
    how: fn(&Map, &str) -> Option<Value>,
) -> Result<Value, Failure> {
    let path = args.first().and_then(Value::as_text);
    let path = path
        .map(|path| path.to_str().into_owned())
        .unwrap_or_default();
    let found = values.as_map().and_then(|values| how(values, &path));
    found.ok_or_else(|| {
        let last = path.rsplit('.').next().unwrap_or_default();
        Failure::new(format!("{last:?} is not a value"))
    })
}

/// A template with the chart that it belongs to.
pub(crate) struct Renderable<'c> {
    pub(crate) template: &'c Template,
    /// The path in the repository.
    pub(crate) origin: String,
    /// What `.Template` says.
    base_path: String,
    context: Map,
}

impl Renderable<'_> {
    /// The dot for the template of this name.
    pub(crate) fn dot(&self, name: &str) -> Value {
        let template = Map::named(&VALUES, Type::Any);
        template.insert("Name", name);
        template.insert("BasePath", self.base_path.as_str());
        self.context.insert("Template", template);
        Value::Map(self.context.clone())
    }

    /// The values of the chart.
    pub(crate) fn values(&self) -> Option<Map> {
        self.context.get("Values")?.as_map().cloned()
    }
}

/// What all charts have in common.
pub(crate) struct Shared {
    pub(crate) release: Value,
    pub(crate) capabilities: Value,
    pub(crate) reader: Rc<dyn Files>,
    pub(crate) errors: ReadErrors,
}

/// All templates of a chart and its subcharts by the name that Helm gives them.
pub(crate) fn renderables<'c>(
    chart: &'c Chart,
    values: &Map,
    shared: &Shared,
) -> BTreeMap<String, Renderable<'c>> {
    let mut all = BTreeMap::new();
    collect(chart, chart.name(), true, values.clone(), shared, &mut all);
    all
}

fn collect<'c>(
    chart: &'c Chart,
    full_path: &str,
    is_root: bool,
    values: Map,
    shared: &Shared,
    all: &mut BTreeMap<String, Renderable<'c>>,
) -> Map {
    let context = Map::named(&VALUES, Type::Any);
    let subcharts = Map::new();
    context.insert("Chart", chart.metadata.to_value(is_root));
    context.insert(
        "Files",
        files_object(&shared.reader, &chart.files, &shared.errors),
    );
    context.insert("Release", shared.release.clone());
    context.insert("Capabilities", shared.capabilities.clone());
    context.insert("Values", values.converted(Some(&VALUES)));
    context.insert("Subcharts", subcharts.clone());
    for subchart in &chart.dependencies {
        // Helm looks the values up by the name as a path.
        let below = table(&values, subchart.name());
        let below = below.unwrap_or_else(|| Map::named(&VALUES, Type::Any));
        let path = format!("{full_path}/charts/{}", subchart.name());
        let inner = collect(subchart, &path, false, below, shared, all);
        subcharts.insert(subchart.name(), inner);
    }
    let is_library = chart.metadata.is_library();
    for template in &*chart.templates {
        if is_library && !gopath::base(&template.name).starts_with('_') {
            continue;
        }
        all.insert(
            format!("{full_path}/{}", template.name),
            Renderable {
                template,
                origin: gopath::under(&chart.origin, &template.name),
                base_path: format!("{full_path}/templates"),
                context: context.clone(),
            },
        );
    }
    context
}

/// The templates in the order in which Helm parses and renders: the deepest path first, and from the end of the
/// alphabet. What is defined later wins, so a chart overrides what its subcharts define.
pub(crate) fn in_order<T>(templates: &BTreeMap<String, T>) -> Vec<(&str, &T)> {
    let named = |(name, template)| (String::as_str(name), template);
    let mut templates: Vec<(&str, &T)> = templates.iter().map(named).collect();
    let depth = |name: &str| memchr::memchr_iter(b'/', name.as_bytes()).count();
    templates.sort_by_cached_key(|(name, _)| Reverse((depth(name), *name)));
    templates
}
