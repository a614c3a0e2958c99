//! Go templates with the functions that Helm offers.

pub mod functions;
mod text;
pub mod value;

pub use text::Text;
pub use value::Value;
