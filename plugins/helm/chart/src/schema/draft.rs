//! The drafts, and where they have subschemas.

/// A draft of JSON Schema.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Draft {
    V4,
    V6,
    V7,
    V2019,
    V2020,
}

/// What a keyword holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Holds {
    /// A schema.
    Schema,
    /// A list of schemas.
    List,
    /// A schema, or a list of schemas.
    SchemaOrList,
    /// Schemas by name.
    Map,
    /// Schemas or lists of property names, by name.
    Dependencies,
}

/// The keywords with subschemas, each with the draft that brought it.
const SUBSCHEMAS: &[(&str, Holds, Draft)] = &[
    ("definitions", Holds::Map, Draft::V4),
    ("not", Holds::Schema, Draft::V4),
    ("allOf", Holds::List, Draft::V4),
    ("anyOf", Holds::List, Draft::V4),
    ("oneOf", Holds::List, Draft::V4),
    ("properties", Holds::Map, Draft::V4),
    ("additionalProperties", Holds::Schema, Draft::V4),
    ("patternProperties", Holds::Map, Draft::V4),
    ("items", Holds::SchemaOrList, Draft::V4),
    ("additionalItems", Holds::Schema, Draft::V4),
    ("dependencies", Holds::Dependencies, Draft::V4),
    ("propertyNames", Holds::Schema, Draft::V6),
    ("contains", Holds::Schema, Draft::V6),
    ("if", Holds::Schema, Draft::V7),
    ("then", Holds::Schema, Draft::V7),
    ("else", Holds::Schema, Draft::V7),
    ("$defs", Holds::Map, Draft::V2019),
    ("dependentSchemas", Holds::Map, Draft::V2019),
    ("unevaluatedProperties", Holds::Schema, Draft::V2019),
    ("unevaluatedItems", Holds::Schema, Draft::V2019),
    ("contentSchema", Holds::Schema, Draft::V2019),
    ("prefixItems", Holds::List, Draft::V2020),
];

impl Draft {
    /// The draft that `$schema` names.
    pub(super) fn of(url: &str) -> Option<Self> {
        let (url, fragment) = url.split_once('#').unwrap_or((url, ""));
        let url = url
            .strip_prefix("http://")
            .or_else(|| url.strip_prefix("https://"))?;
        if !fragment.is_empty() {
            return None;
        }
        match url {
            "json-schema.org/schema" | "json-schema.org/draft/2020-12/schema" => Some(Self::V2020),
            "json-schema.org/draft/2019-09/schema" => Some(Self::V2019),
            "json-schema.org/draft-07/schema" => Some(Self::V7),
            "json-schema.org/draft-06/schema" => Some(Self::V6),
            "json-schema.org/draft-04/schema" => Some(Self::V4),
            _ => None,
        }
    }

    /// The URL of its metaschema.
    pub(super) fn url(self) -> &'static str {
        match self {
            Self::V4 => "http://json-schema.org/draft-04/schema",
            Self::V6 => "http://json-schema.org/draft-06/schema",
            Self::V7 => "http://json-schema.org/draft-07/schema",
            Self::V2019 => "https://json-schema.org/draft/2019-09/schema",
            Self::V2020 => "https://json-schema.org/draft/2020-12/schema",
        }
    }

    /// The keyword for identifiers.
    pub(super) fn id_keyword(self) -> &'static str {
        if self == Self::V4 { "id" } else { "$id" }
    }

    /// What a keyword holds, if that is subschemas.
    pub(super) fn subschemas(self, keyword: &str) -> Option<Holds> {
        SUBSCHEMAS
            .iter()
            .find(|(name, _, since)| *name == keyword && *since <= self)
            .map(|(_, holds, _)| *holds)
    }
}
