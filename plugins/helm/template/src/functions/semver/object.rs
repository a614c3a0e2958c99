//! A version as a value with methods.

use std::any::Any;

use super::Version;
use crate::functions::Failure;
use crate::value::{Method, Object, Type, Value};

const POINTER: Type = Type::Object("*semver.Version");

impl Object for Version {
    fn type_name(&self) -> &str {
        "*semver.Version"
    }

    fn text(&self) -> Option<String> {
        Some(self.to_string())
    }

    fn methods(&self) -> &'static [Method] {
        METHODS
    }

    fn json(&self) -> Result<serde_json::Value, Failure> {
        Ok(self.to_string().into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        other.as_any().downcast_ref::<Self>() == Some(self)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

static METHODS: &[Method] = &[
    Method::new("Major", &[], |_, this, _| {
        Ok(Value::Uint64(version(this)?.major))
    }),
    Method::new("Minor", &[], |_, this, _| {
        Ok(Value::Uint64(version(this)?.minor))
    }),
    Method::new("Patch", &[], |_, this, _| {
        Ok(Value::Uint64(version(this)?.patch))
    }),
    Method::new("Prerelease", &[], |_, this, _| {
        Ok(Value::from(version(this)?.prerelease.as_str()))
    }),
    Method::new("Metadata", &[], |_, this, _| {
        Ok(Value::from(version(this)?.metadata.as_str()))
    }),
    Method::new("Original", &[], |_, this, _| {
        Ok(Value::from(version(this)?.original.as_str()))
    }),
    Method::new("String", &[], |_, this, _| {
        Ok(Value::from(version(this)?.to_string()))
    }),
    Method::new("Compare", &[POINTER], |_, this, args| {
        Ok(Value::Int(compare(this, args)?))
    }),
    Method::new("Equal", &[POINTER], |_, this, args| {
        Ok(Value::Bool(compare(this, args)? == 0))
    }),
    Method::new("LessThan", &[POINTER], |_, this, args| {
        Ok(Value::Bool(compare(this, args)? < 0))
    }),
    Method::new("LessThanEqual", &[POINTER], |_, this, args| {
        Ok(Value::Bool(compare(this, args)? <= 0))
    }),
    Method::new("GreaterThan", &[POINTER], |_, this, args| {
        Ok(Value::Bool(compare(this, args)? > 0))
    }),
    Method::new("GreaterThanEqual", &[POINTER], |_, this, args| {
        Ok(Value::Bool(compare(this, args)? >= 0))
    }),
    Method::new("IncPatch", &[], |_, this, _| {
        Ok(Value::object(version(this)?.next_patch()))
    }),
    Method::new("IncMinor", &[], |_, this, _| {
        Ok(Value::object(version(this)?.next_minor()))
    }),
    Method::new("IncMajor", &[], |_, this, _| {
        Ok(Value::object(version(this)?.next_major()))
    }),
    Method::new("SetPrerelease", &[Type::String], |_, this, args| {
        let next = version(this)?.with_prerelease(&text(args))?;
        Ok(Value::object(next))
    }),
    Method::new("SetMetadata", &[Type::String], |_, this, args| {
        let next = version(this)?.with_metadata(&text(args))?;
        Ok(Value::object(next))
    }),
];

fn version(value: &Value) -> Result<&Version, Failure> {
    value
        .downcast::<Version>()
        .ok_or_else(|| "runtime error: invalid memory address or nil pointer dereference".into())
}

fn compare(this: &Value, args: &[Value]) -> Result<i64, Failure> {
    let other = version(args.first().unwrap_or(&Value::Nil))?;
    Ok(version(this)?.compare(other) as i64)
}

fn text(args: &[Value]) -> String {
    args.first()
        .and_then(Value::as_text)
        .map_or_else(String::new, ToString::to_string)
}
