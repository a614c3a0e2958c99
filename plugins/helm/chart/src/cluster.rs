//! `global.fleet`: what is known of the cluster, offered lazily.
//!
//! Rancher Fleet merges the cluster's labels into every chart's values. Here a chart that does not look at
//! them is rendered once for all clusters: each getter that is called is recorded by the host.

use std::any::Any;
use std::rc::Rc;

use fleet_core::facts::Facts;
use fleet_template::Text;
use fleet_template::value::{Map, Numbers, Source, Value};

use crate::chart::Chart;

/// Offers `global.fleet` to a chart and its subcharts, in values that are complete: what follows must not
/// copy them. What the user wrote there stays where nothing is offered.
pub(crate) fn offer(chart: &Chart, values: &Map, facts: &Rc<dyn Facts>) {
    let global = match values.get("global") {
        Some(Value::Map(global)) => Some(global),
        None | Some(Value::Nil) => Some(Map::new()),
        // Something else than a table is the user's own business.
        Some(_) => None,
    };
    if let Some(global) = global {
        let written = match global.get("fleet") {
            Some(Value::Map(written)) => written,
            _ => Map::new(),
        };
        let fleet = Map::lazy(Rc::new(FleetValues {
            facts: Rc::clone(facts),
            written,
        }));
        global.insert("fleet", fleet);
        values.insert("global", global);
    }
    for subchart in &chart.dependencies {
        if let Some(Value::Map(below)) = values.get(subchart.name()) {
            offer(subchart, &below, facts);
        }
    }
}

struct FleetValues {
    facts: Rc<dyn Facts>,
    /// What the user has at this place.
    written: Map,
}

const OFFERED: [&str; 5] = [
    "clusterLabels",
    "clusterAnnotations",
    "clusterName",
    "clusterNamespace",
    "clusterValues",
];

impl Source for FleetValues {
    fn get(&self, key: &str) -> Option<Value> {
        let pairs = |kind| {
            Value::Map(Map::lazy(Rc::new(Pairs {
                facts: Rc::clone(&self.facts),
                kind,
            })))
        };
        match key {
            "clusterLabels" => Some(pairs(PairKind::Labels)),
            "clusterAnnotations" => Some(pairs(PairKind::Annotations)),
            "clusterName" => self.facts.cluster_name().map(Value::from),
            "clusterNamespace" => self.facts.cluster_namespace().map(Value::from),
            "clusterValues" => Some(Value::Map(Map::lazy(Rc::new(Pairs {
                facts: Rc::clone(&self.facts),
                kind: PairKind::Values,
            })))),
            key => self.written.get(key),
        }
    }

    fn entries(&self) -> Vec<(Text, Value)> {
        let offered = OFFERED
            .iter()
            .filter_map(|key| Some((Text::from(*key), self.get(key)?)));
        self.written.entries().into_iter().chain(offered).collect()
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

#[derive(Clone, Copy)]
enum PairKind {
    Labels,
    Annotations,
    Values,
}

struct Pairs {
    facts: Rc<dyn Facts>,
    kind: PairKind,
}

impl Source for Pairs {
    fn get(&self, key: &str) -> Option<Value> {
        match self.kind {
            PairKind::Labels => self.facts.label(key).map(Value::from),
            PairKind::Annotations => self.facts.annotation(key).map(Value::from),
            PairKind::Values => {
                let value = self.facts.template_value(key)?;
                (!key.is_empty()).then(|| Value::from_json(&value, Numbers::Float))
            }
        }
    }

    fn entries(&self) -> Vec<(Text, Value)> {
        let texts = |pairs: Vec<(String, String)>| {
            pairs
                .into_iter()
                .map(|(key, value)| (Text::from(key), Value::from(value)))
                .collect()
        };
        match self.kind {
            PairKind::Labels => texts(self.facts.labels()),
            PairKind::Annotations => texts(self.facts.annotations()),
            PairKind::Values => match self.facts.template_value("") {
                Some(serde_json::Value::Object(map)) => map
                    .iter()
                    .map(|(key, value)| {
                        let value = Value::from_json(value, Numbers::Float);
                        (Text::from(key.as_str()), value)
                    })
                    .collect(),
                _ => Vec::new(),
            },
        }
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}
