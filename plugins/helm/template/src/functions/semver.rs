//! `semver` and `semverCompare`, after Masterminds' semver 3.4.

mod object;

use fleet_core::version::{Constraints, Version};

use crate::functions::Function;
use crate::value::{Type, Value};

/// The functions of this module.
pub static FUNCTIONS: &[Function] = &[
    Function::new("semver", &[Type::String], |_, args| {
        Ok(Value::object(Version::parse(&args.str(0)?)?))
    }),
    Function::new("semverCompare", &[Type::String, Type::String], |_, args| {
        let constraints = Constraints::parse(&args.str(0)?)?;
        let version = Version::parse(&args.str(1)?)?;
        Ok(Value::Bool(constraints.check(&version)))
    }),
];

/// Whether a text is a version that `semver.NewVersion` reads.
pub fn is_version(text: &str) -> bool {
    Version::parse(text).is_ok()
}

/// Whether a version fits a constraint; not, if one of them cannot be read. Helm's `IsCompatibleRange`.
pub fn fits(constraint: &str, version: &str) -> bool {
    match (Constraints::parse(constraint), Version::parse(version)) {
        (Ok(constraints), Ok(version)) => constraints.check(&version),
        _ => false,
    }
}
