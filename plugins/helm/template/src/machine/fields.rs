//! Fields and methods of values.

use super::{Machine, Operand};
use crate::code::MethodCall;
use crate::functions::Failure;
use crate::templates::MissingKey;
use crate::text::Text;
use crate::value::{Method, Signature, Type, Value};

/// What a name means to a value.
enum Found {
    Value(Operand),
    Method(&'static Method),
}

impl Machine<'_> {
    /// Replaces the top by its field of that name.
    pub(super) fn field(&mut self, name: &Text) -> Result<(), Failure> {
        let receiver = self.pop();
        match self.find(&receiver, name, false)? {
            Found::Value(operand) => {
                self.stack.push(operand);
                Ok(())
            }
            Found::Method(method) => {
                if let Some(message) = Signature::from(method).refuse(0, false) {
                    return Err(Failure::new(message));
                }
                self.stack.push(receiver);
                self.invoke(method, 0)
            }
        }
    }

    /// Looks for the method that a call with arguments means; false if there is nothing to call.
    pub(super) fn begin_method(&mut self, call: &MethodCall, name: &Text) -> Result<bool, Failure> {
        let receiver = self.top().clone();
        match self.find(&receiver, name, true)? {
            Found::Value(operand) => {
                self.pop();
                if call.piped {
                    self.pop();
                }
                self.stack.push(operand);
                Ok(false)
            }
            Found::Method(method) => {
                let n_args = call.n_args as usize;
                match Signature::from(method).refuse(n_args, call.piped) {
                    Some(message) => Err(Failure::new(message)),
                    None => {
                        self.methods.push(method);
                        Ok(true)
                    }
                }
            }
        }
    }

    /// Calls a method of what lies below its arguments.
    pub(super) fn invoke(&mut self, method: &'static Method, n_args: u32) -> Result<(), Failure> {
        let i = self.below(n_args);
        let receiver = self.stack.remove(i).value;
        self.call(method.name, n_args, |call, args| {
            (method.call)(call, &receiver, args)
        })
    }

    /// Go's `evalField`.
    fn find(&self, receiver: &Operand, name: &Text, has_args: bool) -> Result<Found, Failure> {
        let value = &receiver.value;
        if matches!(value, Value::Nil) {
            if receiver.boxed {
                return Err(Failure::new(format!(
                    "nil pointer evaluating interface {{}}.{name}"
                )));
            }
            if self.templates.missing_key == MissingKey::Error {
                let name = crate::fmt::quote_bytes(name.as_bytes());
                return Err(Failure::new(format!("nil data; no entry for key {name}")));
            }
            return Ok(Found::Value(Operand::default()));
        }
        if let Some(method) = name.as_str().and_then(|name| value.method(name)) {
            return Ok(Found::Method(method));
        }
        match value {
            Value::Map(map) => {
                if has_args {
                    return Err(Failure::new(format!(
                        "{name} is not a method but has arguments"
                    )));
                }
                let element = map.element();
                let found = match map.get(name) {
                    Some(value) => value,
                    None => match self.templates.missing_key {
                        MissingKey::Invalid => return Ok(Found::Value(Operand::default())),
                        MissingKey::Zero => element.zero(),
                        MissingKey::Error => {
                            let name = crate::fmt::quote_bytes(name.as_bytes());
                            return Err(Failure::new(format!("map has no entry for key {name}")));
                        }
                    },
                };
                return Ok(Found::Value(Operand {
                    value: found,
                    boxed: element == Type::Any,
                }));
            }
            Value::Object(object) => {
                if let Some(field) = name.as_str().and_then(|name| object.field(name)) {
                    if has_args {
                        return Err(Failure::new(format!(
                            "{name} has arguments but cannot be invoked as function"
                        )));
                    }
                    return Ok(Found::Value(field.into()));
                }
            }
            _ => {}
        }
        let type_name = receiver.type_name();
        Err(Failure::new(format!(
            "can't evaluate field {name} in type {type_name}"
        )))
    }
}
