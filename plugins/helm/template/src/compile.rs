//! Turns expressions into instructions, with the order and the places of errors that Go has.

use crate::ast::{NodeId, NodeKind, Nodes, Number, Pipe};
use crate::code::{Code, DOT, MethodCall, Op, ROOT, Tables, push};
use crate::functions::{Body, Function};
use crate::text::Text;
use crate::value::{Signature, Type, Value};

/// The code of one template while it is being written.
pub(crate) struct Builder {
    pub(crate) ops: Vec<Op>,
    pub(crate) sites: Vec<NodeId>,
    pub(crate) tables: Tables,
    /// The variables that can be seen here, and their slots.
    pub(crate) scope: Vec<(Text, u32)>,
    /// The slot of the dot here.
    pub(crate) dot: u32,
    /// The first slot that is free.
    pub(crate) free: u32,
    n_slots: u32,
    /// The node that Go would name in an error now.
    at: NodeId,
    pub(crate) is_blank: bool,
}

/// What follows a jump whose target is not known yet.
#[must_use]
pub(crate) struct Patch(usize);

impl Builder {
    pub(crate) fn new() -> Self {
        Self {
            ops: Vec::new(),
            sites: Vec::new(),
            tables: Tables::default(),
            scope: vec![(Text::from("$"), ROOT)],
            dot: DOT,
            free: DOT + 1,
            n_slots: DOT + 1,
            at: NodeId(0),
            is_blank: true,
        }
    }

    pub(crate) fn finish(mut self, name: Text, source: std::rc::Rc<crate::ast::Source>) -> Code {
        self.emit(Op::Return);
        Code {
            name,
            source,
            ops: self.ops,
            sites: self.sites,
            tables: self.tables,
            n_slots: self.n_slots,
            is_blank: self.is_blank,
        }
    }

    pub(crate) fn emit(&mut self, op: Op) {
        self.ops.push(op);
        self.sites.push(self.at);
    }

    /// An instruction whose errors are at a node. What comes after it is where it was before: Go
    /// goes to the node of a call only if the call fails.
    fn emit_at(&mut self, node: NodeId, op: Op) {
        self.ops.push(op);
        self.sites.push(node);
    }

    /// Drops the value that the pipeline left.
    pub(crate) fn discard(&mut self) {
        match self.ops.last_mut() {
            Some(Op::Keep(slot)) => {
                let slot = *slot;
                self.ops.pop();
                self.sites.pop();
                self.emit(Op::Store(slot));
            }
            _ => self.emit(Op::Pop),
        }
    }

    pub(crate) fn emit_jump(&mut self, op: Op) -> Patch {
        self.emit(op);
        Patch(self.ops.len() - 1)
    }

    pub(crate) fn here(&self) -> u32 {
        u32::try_from(self.ops.len()).expect("a source has less than 4 GiB")
    }

    /// Makes a jump lead here.
    pub(crate) fn patch(&mut self, patch: Patch) {
        let here = self.here();
        match &mut self.ops[patch.0] {
            Op::And(target)
            | Op::Or(target)
            | Op::Jump(target)
            | Op::JumpUnless(target)
            | Op::Break(target)
            | Op::With {
                otherwise: target, ..
            }
            | Op::Range {
                otherwise: target, ..
            } => *target = here,
            Op::Next(i) => self.tables.loops[*i as usize].end = here,
            Op::Method(i) => self.tables.methods[*i as usize].end = here,
            _ => {}
        }
    }

    /// Says at which node an error of what follows is.
    pub(crate) fn at(&mut self, node: NodeId) {
        self.at = node;
    }

    pub(crate) fn new_slot(&mut self) -> u32 {
        let slot = self.free;
        self.free += 1;
        self.n_slots = self.n_slots.max(self.free);
        slot
    }

    fn fail(&mut self, message: String) {
        let i = push(&mut self.tables.messages, message);
        self.emit(Op::Fail(i));
    }

    fn constant(&mut self, value: Value) {
        match value {
            Value::Nil => self.emit(Op::Nil),
            value => {
                let i = push(&mut self.tables.consts, value);
                self.emit(Op::Const(i));
            }
        }
    }

    fn slot(&self, name: &Text) -> Option<u32> {
        let found = self.scope.iter().rev().find(|(known, _)| known == name);
        found.map(|(_, slot)| *slot)
    }

    /// Leaves the value of the pipeline on the stack, and puts it into its variables.
    ///
    /// The slots of the variables, in their order.
    pub(crate) fn pipeline(&mut self, nodes: Nodes<'_>, id: NodeId) -> Vec<u32> {
        let NodeKind::Pipe(pipe) = nodes.kind(id) else {
            return Vec::new();
        };
        self.at(id);
        for (i, command) in pipe.commands.iter().enumerate() {
            self.command(nodes, *command, i > 0);
        }
        self.variables(nodes, pipe)
    }

    fn variables(&mut self, nodes: Nodes<'_>, pipe: &Pipe) -> Vec<u32> {
        let mut slots = Vec::new();
        for variable in &pipe.variables {
            let NodeKind::Variable(names) = nodes.kind(*variable) else {
                continue;
            };
            let slot = match pipe.assigns {
                true => self.slot(&names[0]),
                false => {
                    let slot = self.new_slot();
                    self.scope.push((names[0].clone(), slot));
                    Some(slot)
                }
            };
            match slot {
                Some(slot) => {
                    self.emit(Op::Keep(slot));
                    slots.push(slot);
                }
                None => self.fail(format!("undefined variable: {}", names[0])),
            }
        }
        slots
    }

    /// One command; the value of the one before it, if it is piped, is on the stack.
    fn command(&mut self, nodes: Nodes<'_>, id: NodeId, piped: bool) {
        let NodeKind::Command(args) = nodes.kind(id) else {
            return;
        };
        let first = args[0];
        let may_be_boxed = match nodes.kind(first) {
            NodeKind::Field(fields) => {
                self.at(first);
                self.emit(Op::Load(self.dot));
                self.fields(nodes, first, fields, args, piped);
                true
            }
            NodeKind::Chain { .. } => {
                self.chain(nodes, first, args, piped);
                true
            }
            NodeKind::Identifier(function) => {
                self.at(first);
                self.function(nodes, function, id, args, piped);
                matches!(function.body, Body::And | Body::Or)
            }
            NodeKind::Pipe(_) => {
                self.refuse_args(nodes, args, piped);
                self.pipeline(nodes, first);
                false
            }
            NodeKind::Variable(names) => {
                self.at(first);
                self.variable(names);
                match names.len() {
                    1 => self.refuse_args(nodes, args, piped),
                    _ => self.fields(nodes, first, &names[1..], args, piped),
                }
                true
            }
            other => {
                self.at(first);
                self.refuse_args(nodes, args, piped);
                match other {
                    NodeKind::Dot => self.emit(Op::Load(self.dot)),
                    NodeKind::Nil => self.fail("nil is not a command".to_owned()),
                    _ => self.ideal_constant(nodes, first),
                }
                matches!(other, NodeKind::Dot)
            }
        };
        if may_be_boxed {
            self.emit(Op::Unbox);
        }
    }

    fn refuse_args(&mut self, nodes: Nodes<'_>, args: &[NodeId], piped: bool) {
        if args.len() > 1 || piped {
            let first = nodes.print(args[0]);
            self.fail(format!("can't give argument to non-function {first}"));
        }
    }

    fn variable(&mut self, names: &[Text]) {
        match self.slot(&names[0]) {
            Some(slot) => self.emit(Op::Load(slot)),
            None => self.fail(format!("undefined variable: {}", names[0])),
        }
    }

    fn chain(&mut self, nodes: Nodes<'_>, id: NodeId, args: &[NodeId], piped: bool) {
        let NodeKind::Chain { node, fields } = nodes.kind(id) else {
            return;
        };
        self.at(id);
        if let NodeKind::Nil = nodes.kind(*node) {
            let text = nodes.print(id);
            self.fail(format!("indirection through explicit nil in {text}"));
        }
        self.arg(nodes, *node, Type::Any);
        self.fields(nodes, id, fields, args, piped);
    }

    /// Fields of the top; the last may be a method that gets the arguments of the command.
    fn fields(
        &mut self,
        nodes: Nodes<'_>,
        node: NodeId,
        fields: &[Text],
        args: &[NodeId],
        piped: bool,
    ) {
        let Some((last, before)) = fields.split_last() else {
            return;
        };
        for name in before {
            let name = push(&mut self.tables.names, name.clone());
            self.emit(Op::Field(name));
        }
        let name = push(&mut self.tables.names, last.clone());
        let args = args.get(1..).unwrap_or_default();
        if args.is_empty() && !piped {
            return self.emit(Op::Field(name));
        }
        let n_args = count(args);
        let call = push(
            &mut self.tables.methods,
            MethodCall {
                name,
                n_args,
                piped,
                end: 0,
            },
        );
        let end = self.emit_jump(Op::Method(call));
        for (i, arg) in (0..).zip(args) {
            self.at(*arg);
            match nodes.kind(*arg) {
                NodeKind::Nil | NodeKind::Bool(_) | NodeKind::Number(_) | NodeKind::String(_) => {
                    self.emit(Op::ConstParam(i, *arg))
                }
                _ => {
                    self.arg(nodes, *arg, Type::Any);
                    self.emit(Op::CheckParam(i));
                }
            }
        }
        if piped {
            // Below the arguments lies the receiver, and below that what was piped.
            self.emit(Op::Raise(n_args + 1));
            self.emit(Op::CheckParam(n_args));
        }
        self.emit_at(node, Op::Invoke(n_args + u32::from(piped)));
        self.patch(end);
    }

    /// A call of a function. `node` is where errors of the call itself are.
    fn function(
        &mut self,
        nodes: Nodes<'_>,
        function: &'static Function,
        node: NodeId,
        args: &[NodeId],
        piped: bool,
    ) {
        let args = args.get(1..).unwrap_or_default();
        let signature = Signature::from(function);
        if let Some(message) = signature.refuse(args.len(), piped) {
            return self.fail(message);
        }
        if matches!(function.body, Body::And | Body::Or) {
            return self.short_circuit(nodes, function.body, args, piped);
        }
        for (i, arg) in args.iter().enumerate() {
            let param = signature.param(i).unwrap_or(Type::Any);
            self.arg(nodes, *arg, param);
        }
        let n_args = count(args);
        if piped {
            if n_args > 0 {
                self.emit(Op::Raise(n_args));
            }
            self.check(signature.param(args.len()).unwrap_or(Type::Any));
        }
        let n_given = n_args + u32::from(piped);
        let op = match function.body {
            Body::Include => Op::Include,
            Body::Tpl => Op::Tpl,
            Body::Len => Op::Len,
            Body::Call => {
                let name = args.first().map(|arg| nodes.print(*arg));
                let name = push(&mut self.tables.messages, name.unwrap_or_default());
                Op::CallValue(name, n_given)
            }
            _ => Op::Call(push(&mut self.tables.functions, function), n_given),
        };
        self.emit_at(node, op);
    }

    fn short_circuit(&mut self, nodes: Nodes<'_>, body: Body, args: &[NodeId], piped: bool) {
        let mut exits = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            self.arg(nodes, *arg, Type::Reflect);
            if i + 1 < args.len() || piped {
                exits.push(match body {
                    Body::And => self.emit_jump(Op::And(0)),
                    _ => self.emit_jump(Op::Or(0)),
                });
            }
        }
        if !piped {
            return exits.into_iter().for_each(|exit| self.patch(exit));
        }
        // What was piped is on the stack already; those who leave early take it away.
        let end = self.emit_jump(Op::Jump(0));
        exits.into_iter().for_each(|exit| self.patch(exit));
        self.emit(Op::Nip);
        self.patch(end);
    }

    fn check(&mut self, param: Type) {
        if !matches!(param, Type::Any | Type::Reflect) {
            let known = self.tables.types.iter().position(|known| *known == param);
            let i = match known.and_then(|i| u32::try_from(i).ok()) {
                Some(i) => i,
                None => push(&mut self.tables.types, param),
            };
            self.emit(Op::Check(i));
        }
    }

    /// An argument for a parameter of the type.
    fn arg(&mut self, nodes: Nodes<'_>, id: NodeId, param: Type) {
        self.at(id);
        match nodes.kind(id) {
            NodeKind::Dot => self.emit(Op::Load(self.dot)),
            NodeKind::Field(fields) => {
                self.emit(Op::Load(self.dot));
                self.fields(nodes, id, fields, &[], false);
            }
            NodeKind::Variable(names) => {
                self.variable(names);
                self.fields(nodes, id, &names[1..], &[], false);
            }
            NodeKind::Pipe(_) => {
                self.pipeline(nodes, id);
            }
            NodeKind::Identifier(function) => self.function(nodes, function, id, &[id], false),
            NodeKind::Chain { .. } => self.chain(nodes, id, &[], false),
            _ => {
                return match constant_for(nodes, id, param) {
                    Ok(value) => self.constant(value),
                    Err(message) => self.fail(message),
                };
            }
        }
        self.check(param);
    }

    /// A constant where no type is asked for.
    fn ideal_constant(&mut self, nodes: Nodes<'_>, id: NodeId) {
        match constant_for(nodes, id, Type::Any) {
            Ok(value) => self.constant(value),
            Err(message) => self.fail(message),
        }
    }
}

fn count(args: &[NodeId]) -> u32 {
    u32::try_from(args.len()).expect("a source has less than 4 GiB")
}

/// The value of a constant as a parameter of the type takes it, or Go's words for why not.
pub(crate) fn constant_for(nodes: Nodes<'_>, id: NodeId, param: Type) -> Result<Value, String> {
    let node = nodes.kind(id);
    if let NodeKind::Nil = node {
        return match param.can_be_nil() {
            true => Ok(param.zero()),
            false => Err(format!("cannot assign nil to {param}")),
        };
    }
    let expected = |what: &str| Err(format!("expected {what}; found {}", nodes.print(id)));
    match (param, node) {
        (Type::Any | Type::Reflect, NodeKind::Bool(b)) | (Type::Bool, NodeKind::Bool(b)) => {
            Ok(Value::Bool(*b))
        }
        (Type::Any | Type::Reflect | Type::String, NodeKind::String(_)) => {
            Ok(nodes.string(id).unwrap_or_default().into())
        }
        (Type::Any | Type::Reflect, NodeKind::Number(number)) => ideal(number),
        (Type::Bool, _) => expected("bool"),
        (Type::String, _) => expected("string"),
        (Type::Float64, NodeKind::Number(Number { float: Some(f), .. })) => Ok(Value::Float(*f)),
        (Type::Float64, _) => expected("float"),
        (Type::Int, NodeKind::Number(Number { int: Some(n), .. })) => Ok(Value::Int(*n)),
        (Type::Int32, NodeKind::Number(Number { int: Some(n), .. })) => Ok(Value::Int32(*n as i32)),
        (Type::Int64, NodeKind::Number(Number { int: Some(n), .. })) => Ok(Value::Int64(*n)),
        (Type::Int | Type::Int32 | Type::Int64, _) => expected("integer"),
        (Type::Uint8, NodeKind::Number(Number { uint: Some(n), .. })) => Ok(Value::Uint8(*n as u8)),
        (Type::Uint64, NodeKind::Number(Number { uint: Some(n), .. })) => Ok(Value::Uint64(*n)),
        (Type::Uint8 | Type::Uint64, _) => expected("unsigned integer"),
        _ => {
            let node = nodes.print(id);
            Err(format!("can't handle {node} for arg of type {param}"))
        }
    }
}

/// A number where only its own look says which type it has.
fn ideal(number: &Number) -> Result<Value, String> {
    let text = &number.text;
    if number.is_complex {
        return Err(format!("complex constant {text} is not supported"));
    }
    let is_rune = text.starts_with('\'');
    let is_hex_int = text.len() > 2
        && (text.starts_with("0x") || text.starts_with("0X"))
        && !text.contains(['p', 'P']);
    match number.float {
        Some(f) if !is_hex_int && !is_rune && text.contains(['.', 'e', 'E', 'p', 'P']) => {
            Ok(Value::Float(f))
        }
        _ => match number.int {
            Some(n) => Ok(Value::Int(n)),
            None => Err(format!("{text} overflows int")),
        },
    }
}
