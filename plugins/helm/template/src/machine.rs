//! Executes code: one loop, one stack, and no recursion however deep templates include each other.

mod fields;
mod frames;
mod iterate;

use std::collections::HashMap;
use std::rc::Rc;

use crate::code::{Code, Op, Source};
use crate::compile::constant_for;
use crate::error::ExecError;
use crate::fmt::print_to;
use crate::functions::{Args, Body, Call, Environment, Failure};
use crate::hash::FastHash;
use crate::templates::{Limits, Templates};
use crate::text::Text;
use crate::value::{Method, Signature, Type, Value};

use frames::Frame;
use iterate::Iteration;

/// A value, and whether its static type in Go is `interface{}`: what comes out of a map or a slice
/// is, until a pipeline is done with it. A nil that is differs from one that is not.
#[derive(Clone, Default)]
struct Operand {
    value: Value,
    boxed: bool,
}

impl From<Value> for Operand {
    fn from(value: Value) -> Self {
        Self {
            value,
            boxed: false,
        }
    }
}

impl Operand {
    /// The name of the static type.
    fn type_name(&self) -> String {
        match self.boxed {
            true => Type::Any.to_string(),
            false => self.value.type_name(),
        }
    }
}

/// One execution.
pub(crate) struct Machine<'a> {
    templates: &'a Templates,
    environment: &'a Environment,
    limits: Limits,
    /// For each frame its slots, and above them what its instructions work on.
    stack: Vec<Operand>,
    frames: Vec<Frame>,
    loops: Vec<Iteration>,
    /// The methods whose arguments are being evaluated.
    methods: Vec<&'static Method>,
    out: Vec<u8>,
    /// How often each template is being included now.
    included: HashMap<Text, u32, FastHash>,
    n_tpls: u32,
    occurrences: HashMap<String, u32>,
    steps: u64,
    args: Vec<Value>,
}

impl<'a> Machine<'a> {
    pub(crate) fn new(
        templates: &'a Templates,
        environment: &'a Environment,
        limits: Limits,
    ) -> Self {
        Self {
            templates,
            environment,
            limits,
            stack: Vec::new(),
            frames: Vec::new(),
            loops: Vec::new(),
            methods: Vec::new(),
            out: Vec::new(),
            included: HashMap::default(),
            n_tpls: 0,
            occurrences: HashMap::new(),
            steps: limits.steps,
            args: Vec::new(),
        }
    }

    /// Executes a template to its end; what it wrote.
    pub(crate) fn render(mut self, name: &Text, data: Value) -> Result<Vec<u8>, ExecError> {
        let Some(code) = self.templates.get(name) else {
            return Err(ExecError {
                sites: Vec::new(),
                message: self.no_template(name),
                by_author: None,
            });
        };
        let entered = self.enter(code.clone(), data.into(), frames::Kind::Template, None);
        match entered.and_then(|()| self.run()) {
            Ok(()) => Ok(self.out),
            Err(failure) => Err(self.error(failure)),
        }
    }

    fn pop(&mut self) -> Operand {
        self.stack.pop().unwrap_or_default()
    }

    fn push(&mut self, value: Value) {
        self.stack.push(value.into());
    }

    fn top(&mut self) -> &mut Operand {
        if self.stack.is_empty() {
            self.stack.push(Operand::default());
        }
        self.stack.last_mut().expect("something was just pushed")
    }

    /// The index of the value that lies below `n` others.
    fn below(&self, n: u32) -> usize {
        self.stack.len().saturating_sub(n as usize + 1)
    }

    fn run(&mut self) -> Result<(), Failure> {
        while let Some(frame) = self.frames.last() {
            let code = frame.code.clone();
            let (base, pc) = (frame.base, frame.pc);
            self.run_frame(&code, base, pc)?;
        }
        Ok(())
    }

    /// Executes the topmost frame until another one is.
    fn run_frame(&mut self, code: &Rc<Code>, base: usize, mut pc: usize) -> Result<(), Failure> {
        let source = &*code.source;
        let ops = code.ops();
        let text = source.tree.text.as_bytes();
        loop {
            let op = ops[pc];
            if self.steps == 0 {
                self.save(pc);
                let steps = self.limits.steps;
                return Err(Failure::new(format!("needs more than {steps} steps")));
            }
            self.steps -= 1;
            pc += 1;
            match op {
                Op::Text(from, to) => {
                    self.out
                        .extend_from_slice(&text[from as usize..to as usize]);
                    let checked = self.check_output();
                    self.saving(pc, checked)?;
                }
                Op::Const(i) => self.push(source.tables.consts[i as usize].clone()),
                Op::Nil => self.push(Value::Nil),
                Op::Load(slot) => {
                    let operand = self.stack[base + slot as usize].clone();
                    self.stack.push(operand);
                }
                Op::Keep(slot) => {
                    let operand = self.top().clone();
                    self.stack[base + slot as usize] = operand;
                }
                Op::Store(slot) => {
                    let operand = self.pop();
                    self.stack[base + slot as usize] = operand;
                }
                Op::Pop => drop(self.pop()),
                Op::Nip => {
                    let i = self.below(1);
                    self.stack.swap_remove(i);
                }
                Op::Raise(n) => {
                    let i = self.below(n);
                    let operand = self.stack.remove(i);
                    self.stack.push(operand);
                }
                Op::Unbox => self.top().boxed = false,
                Op::Jump(target) => pc = target as usize,
                Op::JumpUnless(target) => {
                    if !self.pop().value.truth() {
                        pc = target as usize;
                    }
                }
                Op::And(target) | Op::Or(target) => {
                    let leaves = self.top().value.truth() == matches!(op, Op::Or(_));
                    match leaves {
                        true => pc = target as usize,
                        false => drop(self.pop()),
                    }
                }
                Op::With { dot, otherwise } => {
                    let operand = self.pop();
                    match operand.value.truth() {
                        true => self.stack[base + dot as usize] = operand,
                        false => pc = otherwise as usize,
                    }
                }
                Op::Next(i) => {
                    let parts = &source.tables.loops[i as usize];
                    if !self.next_item(parts, base) {
                        self.loops.pop();
                        pc = parts.end as usize;
                    }
                }
                Op::Break(target) => {
                    self.loops.pop();
                    pc = target as usize;
                }
                Op::Method(i) => {
                    let call = &source.tables.methods[i as usize];
                    let name = &source.names[call.name as usize];
                    let found = self.begin_method(call, name);
                    if !self.saving(pc, found)? {
                        pc = call.end as usize;
                    }
                }
                Op::Return => {
                    self.leave();
                    return Ok(());
                }
                Op::Template(_) | Op::Include | Op::Tpl => {
                    self.save(pc);
                    match op {
                        Op::Template(i) => self.template(&source.names[i as usize])?,
                        Op::Include => self.include()?,
                        _ => self.tpl()?,
                    }
                    return Ok(());
                }
                Op::Range {
                    n_variables,
                    otherwise,
                } => {
                    let begun = self.begin_range(n_variables);
                    if !self.saving(pc, begun)? {
                        pc = otherwise as usize;
                    }
                }
                _ => {
                    self.save(pc);
                    self.simple(source, op)?;
                }
            }
        }
    }

    /// Remembers where the topmost frame is.
    fn save(&mut self, pc: usize) {
        if let Some(frame) = self.frames.last_mut() {
            frame.pc = pc;
        }
    }

    fn saving<T>(&mut self, pc: usize, result: Result<T, Failure>) -> Result<T, Failure> {
        if result.is_err() {
            self.save(pc);
        }
        result
    }

    /// Instructions after which the next one follows.
    fn simple(&mut self, source: &Source, op: Op) -> Result<(), Failure> {
        match op {
            Op::Field(name) => self.field(&source.names[name as usize]),
            Op::Print => self.print(),
            Op::Find(name) => self.find_template(&source.names[name as usize]).map(drop),
            Op::Check(param) => self.check(source.tables.types[param as usize]),
            Op::Call(function, n_args) => {
                let function = source.tables.functions[function as usize];
                let Body::Native(body) = function.body else {
                    return Err(Failure::new(format!("{} cannot be called", function.name)));
                };
                self.call(function.name, n_args, |call, args| {
                    body(call, Args::new(args))
                })
            }
            Op::Fail(message) => Err(Failure::new(
                source.tables.messages[message as usize].clone(),
            )),
            Op::CheckParam(i) => match self.param(i) {
                Some(param) => self.check(param),
                None => Ok(()),
            },
            Op::ConstParam(i, node) => {
                let param = self.param(i).unwrap_or(Type::Any);
                let value = constant_for(&source.tree, node, param)?;
                self.push(value);
                Ok(())
            }
            Op::Invoke(n_args) => match self.methods.pop() {
                Some(method) => self.invoke(method, n_args),
                None => Ok(()),
            },
            Op::Len => self.len(),
            Op::CallValue(name, n_args) => {
                let name = &source.tables.messages[name as usize];
                let i = self.below(n_args - 1);
                let value = &self.stack[i].value;
                let type_name = value.type_name();
                let name = match value {
                    Value::Nil => return Err("error calling call: call of nil".into()),
                    _ if !name.is_empty() => name.clone(),
                    // What is piped has no name of its own.
                    Value::String(text) => text.to_string(),
                    _ => format!("<{type_name} Value>"),
                };
                Err(Failure::new(format!(
                    "error calling call: non-function {name} of type {type_name}"
                )))
            }
            // The others are done where they change the way.
            _ => Ok(()),
        }
    }

    fn param(&self, i: u32) -> Option<Type> {
        let method = self.methods.last()?;
        Signature::from(*method).param(i as usize)
    }

    fn print(&mut self) -> Result<(), Failure> {
        let operand = self.pop();
        match &operand.value {
            Value::Nil => self.out.extend_from_slice(b"<no value>"),
            Value::String(text) => self.out.extend_from_slice(text.as_bytes()),
            value => {
                let max = self.limits.output;
                print_to(&mut self.out, std::slice::from_ref(value), max)?;
            }
        }
        self.check_output()
    }

    fn check_output(&self) -> Result<(), Failure> {
        let max = self.limits.output;
        match self.out.len() > max {
            true => Err(Failure::new(format!("output is longer than {max} bytes"))),
            false => Ok(()),
        }
    }

    /// Go's `validateType`.
    fn check(&mut self, param: Type) -> Result<(), Failure> {
        let top = self.top();
        if matches!(param, Type::Any | Type::Reflect) {
            return Ok(());
        }
        if matches!(top.value, Value::Nil) {
            if top.boxed {
                return Err(Failure::new(format!(
                    "wrong type for value; expected {param}; got interface {{}}"
                )));
            }
            if !param.can_be_nil() {
                return Err(Failure::new(format!("invalid value; expected {param}")));
            }
            *top = param.zero().into();
            return Ok(());
        }
        if !param.admits(&top.value) {
            let found = top.value.type_name();
            return Err(Failure::new(format!(
                "wrong type for value; expected {param}; got {found}"
            )));
        }
        top.boxed = false;
        Ok(())
    }

    fn len(&mut self) -> Result<(), Failure> {
        let top = self.top();
        let n = match &top.value {
            Value::String(text) => text.len(),
            Value::Bytes(bytes) => bytes.len(),
            Value::List(list) => list.len(),
            Value::Map(map) => map.len(),
            Value::Nil if top.boxed => return Err("error calling len: len of nil pointer".into()),
            Value::Nil => {
                let message =
                    "error calling len: reflect: call of reflect.Value.Type on zero Value";
                return Err(message.into());
            }
            other => {
                let type_name = other.type_name();
                return Err(Failure::new(format!(
                    "error calling len: len of type {type_name}"
                )));
            }
        };
        *top = Value::Int(i64::try_from(n).unwrap_or(i64::MAX)).into();
        Ok(())
    }

    /// Calls a function with what is on the stack.
    fn call(
        &mut self,
        name: &str,
        n_args: u32,
        body: impl FnOnce(&mut Call<'_>, &[Value]) -> Result<Value, Failure>,
    ) -> Result<(), Failure> {
        let mut args = std::mem::take(&mut self.args);
        let first = self.stack.len() - n_args as usize;
        args.extend(self.stack.drain(first..).map(|operand| operand.value));
        let frames = &self.frames;
        let mut call = Call {
            environment: self.environment,
            site: &|| frames::label(frames),
            occurrences: &mut self.occurrences,
            max_value: self.limits.value,
        };
        let result = body(&mut call, &args)
            .and_then(|value| call.check_size(n_bytes(&value)).map(|()| value))
            .map_err(|failure| calling(name, failure));
        args.clear();
        self.args = args;
        self.push(result?);
        Ok(())
    }
}

/// Bytes that a value takes by itself.
fn n_bytes(value: &Value) -> usize {
    match value {
        Value::String(text) => text.len(),
        Value::List(list) => list.len() * size_of::<Value>(),
        _ => 0,
    }
}

/// Says of which function a failure is.
fn calling(name: &str, failure: Failure) -> Failure {
    Failure {
        message: format!("error calling {name}: {}", failure.message),
        ..failure
    }
}
