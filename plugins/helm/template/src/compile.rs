//! Turns expressions into instructions, with the order and the places of errors that Go has.

use crate::ast::{NodeId, NodeKind, Number, Pipe, Span, Tree};
use crate::code::{DOT, MethodCall, Op, ROOT, Tables, push};
use crate::functions::{Body, Function};
use crate::names::Names;
use crate::value::{Signature, Type, Value};

/// What all templates of a source have in common while their code is being written.
pub(crate) struct Context<'c, 'a> {
    pub(crate) text: &'a str,
    pub(crate) tree: &'c Tree,
    pub(crate) tables: &'c mut Tables,
    pub(crate) names: &'c mut Names<'a>,
}

impl<'a> Context<'_, 'a> {
    fn span(&self, span: Span) -> &'a str {
        &self.text[span.0 as usize..span.1 as usize]
    }
}

/// The code of one template while it is being written.
pub(crate) struct Builder<'a> {
    pub(crate) ops: Vec<Op>,
    pub(crate) sites: Vec<NodeId>,
    /// The variables that can be seen here, and their slots.
    pub(crate) scope: Vec<(&'a str, u32)>,
    /// The slot of the dot here.
    pub(crate) dot: u32,
    /// The first slot that is free.
    pub(crate) free: u32,
    pub(crate) n_slots: u32,
    /// The node that Go would name in an error now.
    at: NodeId,
    pub(crate) is_blank: bool,
}

/// What follows a jump whose target is not known yet.
#[must_use]
pub(crate) struct Patch(usize);

/// The slots of the variables of a pipeline, in their order.
#[derive(Clone, Copy, Default)]
pub(crate) struct Slots {
    pub(crate) first: Option<u32>,
    pub(crate) second: Option<u32>,
}

impl Slots {
    /// How many there are.
    pub(crate) fn n(self) -> u32 {
        u32::from(self.first.is_some()) + u32::from(self.second.is_some())
    }
}

impl<'a> Builder<'a> {
    pub(crate) fn new() -> Self {
        Self {
            ops: Vec::new(),
            sites: Vec::new(),
            scope: vec![("$", ROOT)],
            dot: DOT,
            free: DOT + 1,
            n_slots: DOT + 1,
            at: NodeId(0),
            is_blank: true,
        }
    }

    /// Begins anew, with the memory that it has.
    pub(crate) fn reset(&mut self) {
        self.ops.clear();
        self.sites.clear();
        self.scope.truncate(1);
        self.dot = DOT;
        self.free = DOT + 1;
        self.n_slots = DOT + 1;
        self.at = NodeId(0);
        self.is_blank = true;
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
    pub(crate) fn patch(&mut self, tables: &mut Tables, patch: Patch) {
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
            Op::Next(i) => tables.loops[*i as usize].end = here,
            Op::Method(i) => tables.methods[*i as usize].end = here,
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

    fn fail(&mut self, cx: &mut Context<'_, 'a>, message: String) {
        let i = push(&mut cx.tables.messages, message);
        self.emit(Op::Fail(i));
    }

    /// A constant as a parameter of the type takes it.
    fn constant(&mut self, cx: &mut Context<'_, 'a>, id: NodeId, param: Type) {
        let value = match (cx.tree.plain_string(id), param) {
            (Some(span), Type::Any | Type::Reflect | Type::String) => {
                Ok(cx.names.text(cx.span(span)).into())
            }
            _ => constant_for(cx.tree, id, param),
        };
        match value {
            Ok(Value::Nil) => self.emit(Op::Nil),
            Ok(value) => {
                let i = push(&mut cx.tables.consts, value);
                self.emit(Op::Const(i));
            }
            Err(message) => self.fail(cx, message),
        }
    }

    fn slot(&self, name: &str) -> Option<u32> {
        let found = self.scope.iter().rev().find(|(known, _)| *known == name);
        found.map(|(_, slot)| *slot)
    }

    /// Leaves the value of the pipeline on the stack, and puts it into its variables.
    pub(crate) fn pipeline(&mut self, cx: &mut Context<'_, 'a>, id: NodeId) -> Slots {
        let tree = cx.tree;
        let NodeKind::Pipe(pipe) = tree.kind(id) else {
            return Slots::default();
        };
        self.at(id);
        for (i, command) in tree.commands(pipe).iter().enumerate() {
            self.command(cx, *command, i > 0);
        }
        self.variables(cx, pipe)
    }

    fn variables(&mut self, cx: &mut Context<'_, 'a>, pipe: Pipe) -> Slots {
        let mut slots = Slots::default();
        let tree = cx.tree;
        for variable in tree.variables(pipe) {
            let NodeKind::Variable(span) = tree.kind(*variable) else {
                continue;
            };
            let name = cx.span(span);
            let slot = match pipe.assigns {
                true => self.slot(name),
                false => {
                    let slot = self.new_slot();
                    self.scope.push((name, slot));
                    Some(slot)
                }
            };
            match slot {
                Some(slot) => {
                    self.emit(Op::Keep(slot));
                    match slots.first {
                        None => slots.first = Some(slot),
                        Some(_) => slots.second = Some(slot),
                    }
                }
                None => self.fail(cx, format!("undefined variable: {name}")),
            }
        }
        slots
    }

    /// One command; the value of the one before it, if it is piped, is on the stack.
    fn command(&mut self, cx: &mut Context<'_, 'a>, id: NodeId, piped: bool) {
        let tree = cx.tree;
        let NodeKind::Command(args) = tree.kind(id) else {
            return;
        };
        let args = tree.children(args);
        let first = args[0];
        let may_be_boxed = match tree.kind(first) {
            NodeKind::Field(span) => {
                self.at(first);
                self.emit(Op::Load(self.dot));
                self.fields(cx, first, span, args, piped);
                true
            }
            NodeKind::Chain { node, fields } => {
                self.chain(cx, first, node);
                self.fields(cx, first, fields, args, piped);
                true
            }
            NodeKind::Identifier(function) => {
                self.at(first);
                self.function(cx, function, id, args, piped);
                matches!(function.body, Body::And | Body::Or)
            }
            NodeKind::Pipe(_) => {
                self.refuse_args(cx, args, piped);
                self.pipeline(cx, first);
                false
            }
            NodeKind::Variable(span) => {
                self.at(first);
                match self.variable(cx, span) {
                    None => self.refuse_args(cx, args, piped),
                    Some(fields) => self.fields(cx, first, fields, args, piped),
                }
                true
            }
            other => {
                self.at(first);
                self.refuse_args(cx, args, piped);
                match other {
                    NodeKind::Dot => self.emit(Op::Load(self.dot)),
                    NodeKind::Nil => self.fail(cx, "nil is not a command".to_owned()),
                    _ => self.constant(cx, first, Type::Any),
                }
                matches!(other, NodeKind::Dot)
            }
        };
        if may_be_boxed {
            self.emit(Op::Unbox);
        }
    }

    fn refuse_args(&mut self, cx: &mut Context<'_, 'a>, args: &[NodeId], piped: bool) {
        if args.len() > 1 || piped {
            let first = cx.tree.print(args[0]);
            self.fail(cx, format!("can't give argument to non-function {first}"));
        }
    }

    /// A variable; the span of the fields behind it, if there are some.
    fn variable(&mut self, cx: &mut Context<'_, 'a>, span: Span) -> Option<Span> {
        let text = cx.span(span);
        let n_name = text.bytes().position(|byte| byte == b'.');
        let name = &text[..n_name.unwrap_or(text.len())];
        match self.slot(name) {
            Some(slot) => self.emit(Op::Load(slot)),
            None => self.fail(cx, format!("undefined variable: {name}")),
        }
        let n_name = u32::try_from(n_name?).ok()?;
        Some(Span(span.0 + n_name, span.1))
    }

    /// What the fields of a chain are of.
    fn chain(&mut self, cx: &mut Context<'_, 'a>, id: NodeId, node: NodeId) {
        self.at(id);
        if let NodeKind::Nil = cx.tree.kind(node) {
            let text = cx.tree.print(id);
            self.fail(cx, format!("indirection through explicit nil in {text}"));
        }
        self.arg(cx, node, Type::Any);
    }

    /// Fields of the top, `.a.b`; the last may be a method that gets the arguments of the command.
    fn fields(
        &mut self,
        cx: &mut Context<'_, 'a>,
        node: NodeId,
        fields: Span,
        args: &[NodeId],
        piped: bool,
    ) {
        let mut last = cx.span(fields).get(1..).unwrap_or_default();
        while let Some(n_name) = last.bytes().position(|byte| byte == b'.') {
            let name = cx.names.index(&last[..n_name]);
            self.emit(Op::Field(name));
            last = &last[n_name + 1..];
        }
        let name = cx.names.index(last);
        let args = args.get(1..).unwrap_or_default();
        if args.is_empty() && !piped {
            return self.emit(Op::Field(name));
        }
        let n_args = count(args);
        let call = push(
            &mut cx.tables.methods,
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
            match cx.tree.kind(*arg) {
                NodeKind::Nil
                | NodeKind::Bool(_)
                | NodeKind::Number(_)
                | NodeKind::String { .. } => self.emit(Op::ConstParam(i, *arg)),
                _ => {
                    self.arg(cx, *arg, Type::Any);
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
        self.patch(cx.tables, end);
    }

    /// A call of a function. `node` is where errors of the call itself are.
    fn function(
        &mut self,
        cx: &mut Context<'_, 'a>,
        function: &'static Function,
        node: NodeId,
        args: &[NodeId],
        piped: bool,
    ) {
        let args = args.get(1..).unwrap_or_default();
        let signature = Signature::from(function);
        if let Some(message) = signature.refuse(args.len(), piped) {
            return self.fail(cx, message);
        }
        if matches!(function.body, Body::And | Body::Or) {
            return self.short_circuit(cx, function.body, args, piped);
        }
        for (i, arg) in args.iter().enumerate() {
            let param = signature.param(i).unwrap_or(Type::Any);
            self.arg(cx, *arg, param);
        }
        let n_args = count(args);
        if piped {
            if n_args > 0 {
                self.emit(Op::Raise(n_args));
            }
            self.check(cx, signature.param(args.len()).unwrap_or(Type::Any));
        }
        let n_given = n_args + u32::from(piped);
        let op = match function.body {
            Body::Include => Op::Include,
            Body::Tpl => Op::Tpl,
            Body::Len => Op::Len,
            Body::Call => {
                let name = args.first().map(|arg| cx.tree.print(*arg));
                let name = push(&mut cx.tables.messages, name.unwrap_or_default());
                Op::CallValue(name, n_given)
            }
            _ => Op::Call(push(&mut cx.tables.functions, function), n_given),
        };
        self.emit_at(node, op);
    }

    fn short_circuit(
        &mut self,
        cx: &mut Context<'_, 'a>,
        body: Body,
        args: &[NodeId],
        piped: bool,
    ) {
        let mut exits = Vec::new();
        for (i, arg) in args.iter().enumerate() {
            self.arg(cx, *arg, Type::Reflect);
            if i + 1 < args.len() || piped {
                exits.push(match body {
                    Body::And => self.emit_jump(Op::And(0)),
                    _ => self.emit_jump(Op::Or(0)),
                });
            }
        }
        if !piped {
            return exits
                .into_iter()
                .for_each(|exit| self.patch(cx.tables, exit));
        }
        // What was piped is on the stack already; those who leave early take it away.
        let end = self.emit_jump(Op::Jump(0));
        exits
            .into_iter()
            .for_each(|exit| self.patch(cx.tables, exit));
        self.emit(Op::Nip);
        self.patch(cx.tables, end);
    }

    fn check(&mut self, cx: &mut Context<'_, 'a>, param: Type) {
        if !matches!(param, Type::Any | Type::Reflect) {
            let types = &mut cx.tables.types;
            let known = types.iter().position(|known| *known == param);
            let i = match known.and_then(|i| u32::try_from(i).ok()) {
                Some(i) => i,
                None => push(types, param),
            };
            self.emit(Op::Check(i));
        }
    }

    /// An argument for a parameter of the type.
    fn arg(&mut self, cx: &mut Context<'_, 'a>, id: NodeId, param: Type) {
        self.at(id);
        match cx.tree.kind(id) {
            NodeKind::Dot => self.emit(Op::Load(self.dot)),
            NodeKind::Field(span) => {
                self.emit(Op::Load(self.dot));
                self.fields(cx, id, span, &[], false);
            }
            NodeKind::Variable(span) => {
                if let Some(fields) = self.variable(cx, span) {
                    self.fields(cx, id, fields, &[], false);
                }
            }
            NodeKind::Pipe(_) => {
                self.pipeline(cx, id);
            }
            NodeKind::Identifier(function) => self.function(cx, function, id, &[id], false),
            NodeKind::Chain { node, fields } => {
                self.chain(cx, id, node);
                self.fields(cx, id, fields, &[], false);
            }
            _ => return self.constant(cx, id, param),
        }
        self.check(cx, param);
    }
}

fn count(args: &[NodeId]) -> u32 {
    u32::try_from(args.len()).expect("a source has less than 4 GiB")
}

/// The value of a constant as a parameter of the type takes it, or Go's words for why not.
pub(crate) fn constant_for(tree: &Tree, id: NodeId, param: Type) -> Result<Value, String> {
    let node = tree.kind(id);
    let none = Number::default();
    let number = match node {
        NodeKind::Number(i) => &tree.numbers[i as usize],
        _ => &none,
    };
    if let NodeKind::Nil = node {
        return match param.can_be_nil() {
            true => Ok(param.zero()),
            false => Err(format!("cannot assign nil to {param}")),
        };
    }
    let expected = |what: &str| Err(format!("expected {what}; found {}", tree.print(id)));
    match (param, node) {
        (Type::Any | Type::Reflect, NodeKind::Bool(b)) | (Type::Bool, NodeKind::Bool(b)) => {
            Ok(Value::Bool(b))
        }
        (Type::Any | Type::Reflect | Type::String, NodeKind::String { .. }) => {
            Ok(tree.string(id).unwrap_or_default().into())
        }
        (Type::Any | Type::Reflect, NodeKind::Number(_)) => ideal(number),
        (Type::Bool, _) => expected("bool"),
        (Type::String, _) => expected("string"),
        (Type::Float64, _) => match number.float {
            Some(f) => Ok(Value::Float(f)),
            None => expected("float"),
        },
        (Type::Int | Type::Int32 | Type::Int64, _) => match (number.int, param) {
            (Some(n), Type::Int) => Ok(Value::Int(n)),
            (Some(n), Type::Int32) => Ok(Value::Int32(n as i32)),
            (Some(n), _) => Ok(Value::Int64(n)),
            (None, _) => expected("integer"),
        },
        (Type::Uint8 | Type::Uint64, _) => match (number.uint, param) {
            (Some(n), Type::Uint8) => Ok(Value::Uint8(n as u8)),
            (Some(n), _) => Ok(Value::Uint64(n)),
            (None, _) => expected("unsigned integer"),
        },
        _ => {
            let node = tree.print(id);
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
