//! The functions that Go's `text/template` has by itself.

use super::{Body, Function};
use crate::value::Type::{Any, Reflect, String as Str};

/// Go's own functions.
pub static FUNCTIONS: &[Function] = &[
    Function::special("and", &[Reflect], Some(Reflect), Body::And),
    Function::special("or", &[Reflect], Some(Reflect), Body::Or),
    Function::special("call", &[Reflect], Some(Reflect), Body::Call),
    Function::special("len", &[Reflect], None, Body::Len),
];

/// The functions that render: `include` and `tpl`.
pub static ENGINE: &[Function] = &[
    Function::special("include", &[Str, Any], None, Body::Include),
    Function::special("tpl", &[Str, Any], None, Body::Tpl),
];
