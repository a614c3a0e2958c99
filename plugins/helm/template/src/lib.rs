//! Go templates with the functions that Helm offers.
//!
//! ```
//! use std::rc::Rc;
//! use fleet_template::functions::{Environment, Functions};
//! use fleet_template::value::Numbers;
//! use fleet_template::{Limits, MissingKey, Templates, Value};
//!
//! # struct None;
//! # impl fleet_core::entropy::Entropy for None {
//! #     fn derive(&self, _: &str, len: u32) -> Vec<u8> { vec![0; len as usize] }
//! #     fn private_key(&self, _: &str, _: fleet_core::entropy::KeyKind) -> String { String::new() }
//! #     fn window(&self, _: &str, _: u32) -> u64 { 0 }
//! # }
//! # let environment = Environment { entropy: Rc::new(None), commit_time: 0 };
//! let mut templates = Templates::new("gotpl", Rc::new(Functions::builtin()));
//! templates.parse("hello", r#"{{ range .names }}hello {{ printf "%-5s" . }}|{{ end }}"#)?;
//! let data = serde_json::json!({ "names": ["you", "world"] });
//! let data = Value::from_json(&data, Numbers::Float);
//! let text = templates.render("hello", data, &environment, Limits::default())?;
//! assert_eq!(text, b"hello you  |hello world|");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! Values are Go's ([`value`]), printing is Go's ([`fmt`]), and so are the words of errors, because
//! people search for them. Templates are parsed into code for a machine with a stack of its own:
//! however deep they include each other, the stack of the program does not grow.

mod ast;
mod code;
mod compile;
mod error;
pub mod fmt;
pub mod functions;
mod hash;
mod lex;
mod machine;
mod names;
mod parse;
mod templates;
mod text;
pub mod value;

pub use error::{ExecError, ParseError, Site};
pub use templates::{Limits, MissingKey, Templates, strip_no_value};
pub use text::Text;
pub use value::Value;
