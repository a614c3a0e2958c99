//! A version as a value with methods: a pointer, or after a step the structure itself.

use std::any::Any;

use fleet_core::version::Version;

use crate::functions::Failure;
use crate::value::{Kind, Method, Object, Type, Value};

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

/// A `semver.Version`, which lacks the methods of the pointer.
struct Plain(Version);

impl Object for Plain {
    fn type_name(&self) -> &str {
        "semver.Version"
    }

    fn kind(&self) -> Kind {
        Kind::Struct
    }

    fn text(&self) -> Option<String> {
        Some(self.0.to_string())
    }

    fn methods(&self) -> &'static [Method] {
        PLAIN_METHODS
    }

    fn json(&self) -> Result<serde_json::Value, Failure> {
        Ok(self.0.to_string().into())
    }

    fn equal(&self, other: &dyn Object) -> bool {
        let other = other.as_any().downcast_ref::<Self>();
        other.is_some_and(|other| self.0 == other.0)
    }

    fn as_any(&self) -> &dyn Any {
        self
    }
}

const MAJOR: Method = Method::new("Major", &[], |_, this, _| {
    Ok(Value::Uint64(version(this)?.major))
});
const MINOR: Method = Method::new("Minor", &[], |_, this, _| {
    Ok(Value::Uint64(version(this)?.minor))
});
const PATCH: Method = Method::new("Patch", &[], |_, this, _| {
    Ok(Value::Uint64(version(this)?.patch))
});
const PRERELEASE: Method = Method::new("Prerelease", &[], |_, this, _| {
    Ok(Value::from(version(this)?.prerelease.as_str()))
});
const METADATA: Method = Method::new("Metadata", &[], |_, this, _| {
    Ok(Value::from(version(this)?.metadata.as_str()))
});
const STRING: Method = Method::new("String", &[], |_, this, _| {
    Ok(Value::from(version(this)?.to_string()))
});
const INC_PATCH: Method = Method::new("IncPatch", &[], |_, this, _| {
    Ok(Value::object(Plain(version(this)?.next_patch())))
});
const INC_MINOR: Method = Method::new("IncMinor", &[], |_, this, _| {
    Ok(Value::object(Plain(version(this)?.next_minor())))
});
const INC_MAJOR: Method = Method::new("IncMajor", &[], |_, this, _| {
    Ok(Value::object(Plain(version(this)?.next_major())))
});
const SET_PRERELEASE: Method = Method::new("SetPrerelease", &[Type::String], |_, this, args| {
    let next = version(this)?.with_prerelease(&text(args))?;
    Ok(Value::object(Plain(next)))
});
const SET_METADATA: Method = Method::new("SetMetadata", &[Type::String], |_, this, args| {
    let next = version(this)?.with_metadata(&text(args))?;
    Ok(Value::object(Plain(next)))
});

static PLAIN_METHODS: &[Method] = &[
    MAJOR,
    MINOR,
    PATCH,
    PRERELEASE,
    METADATA,
    STRING,
    INC_PATCH,
    INC_MINOR,
    INC_MAJOR,
    SET_PRERELEASE,
    SET_METADATA,
];

static METHODS: &[Method] = &[
    MAJOR,
    MINOR,
    PATCH,
    PRERELEASE,
    METADATA,
    STRING,
    INC_PATCH,
    INC_MINOR,
    INC_MAJOR,
    SET_PRERELEASE,
    SET_METADATA,
    Method::new("Original", &[], |_, this, _| {
        Ok(Value::from(version(this)?.original.as_str()))
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
];

fn version(value: &Value) -> Result<&Version, Failure> {
    let plain = value.downcast::<Plain>().map(|plain| &plain.0);
    plain
        .or_else(|| value.downcast::<Version>())
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
