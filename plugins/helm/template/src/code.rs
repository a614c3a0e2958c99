//! What a template is turned into: instructions for a machine with a stack.

use std::rc::Rc;

use crate::ast::{NodeId, Tree};
use crate::functions::Function;
use crate::text::Text;
use crate::value::{Type, Value};

/// An instruction. Numbers are indices: of a slot, of an instruction, or into a table of the code.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Op {
    /// Writes a piece of the source: from, to.
    Text(u32, u32),
    /// Pushes a constant.
    Const(u32),
    /// Pushes nil.
    Nil,
    /// Pushes what a slot holds.
    Load(u32),
    /// Copies the top into a slot.
    Keep(u32),
    /// Moves the top into a slot.
    Store(u32),
    /// Drops the top.
    Pop,
    /// Drops what is below the top.
    Nip,
    /// Moves what lies below so many values to the top.
    Raise(u32),
    /// Replaces the top by its field of that name, or by what its method of that name returns.
    Field(u32),
    /// The top no longer counts as something out of an `interface{}`.
    Unbox,
    /// Ends the execution unless the top can be given for a parameter of a type.
    Check(u32),
    /// Ends the execution with a message.
    Fail(u32),
    /// Calls a function with so many arguments.
    Call(u32, u32),
    /// Looks for the method that a call with arguments means; see [`MethodCall`].
    Method(u32),
    /// As `Check`, with the type of the parameter of the method that is about to be called.
    CheckParam(u32),
    /// Pushes a constant as the parameter of the method wants it: argument, node.
    ConstParam(u32, NodeId),
    /// Calls the method.
    Invoke(u32),
    /// Calls the value below so many arguments, which no value is made for.
    CallValue(u32, u32),
    /// Replaces the top by its length.
    Len,
    /// Jumps if the top is false, else drops it.
    And(u32),
    /// Jumps if the top is true, else drops it.
    Or(u32),
    Jump(u32),
    /// Drops the top; jumps if it is false.
    JumpUnless(u32),
    /// Moves the top into a slot, or drops it and jumps if it is false.
    With {
        dot: u32,
        otherwise: u32,
    },
    /// Begins to go over the top, or jumps if there is nothing in it.
    Range {
        n_variables: u32,
        otherwise: u32,
    },
    /// Goes to the next item, or ends the loop and jumps; see [`Loop`].
    Next(u32),
    /// Ends the loop and jumps.
    Break(u32),
    /// Prints the top.
    Print,
    /// Ends the execution unless there is a template of that name.
    Find(u32),
    /// Executes a template with the top as its data.
    Template(u32),
    /// `include`, with name and data on the stack.
    Include,
    /// `tpl`, with text and data on the stack.
    Tpl,
    /// The template is done.
    Return,
}

/// A call of a method with arguments, of which Go knows the types only when it runs.
#[derive(Debug)]
pub(crate) struct MethodCall {
    pub(crate) name: u32,
    pub(crate) n_args: u32,
    pub(crate) piped: bool,
    /// Where to go on if there is nothing to call a method of.
    pub(crate) end: u32,
}

/// Where the parts of an item go, and where to go on when there are no more.
#[derive(Debug)]
pub(crate) struct Loop {
    pub(crate) dot: u32,
    pub(crate) key: Option<u32>,
    pub(crate) item: Option<u32>,
    pub(crate) end: u32,
}

/// The slot of `$`.
pub(crate) const ROOT: u32 = 0;
/// The slot of the dot at the beginning.
pub(crate) const DOT: u32 = 1;

/// One template, ready to be executed: a piece of the instructions of its source.
pub(crate) struct Code {
    pub(crate) name: Text,
    pub(crate) source: Rc<Source>,
    pub(crate) first: u32,
    pub(crate) end: u32,
    pub(crate) n_slots: u32,
    /// Whether it holds only space and comments: then it does not replace another.
    pub(crate) is_blank: bool,
}

impl Code {
    pub(crate) fn ops(&self) -> &[Op] {
        &self.source.ops[self.first as usize..self.end as usize]
    }

    /// The node that an error of the instruction is at.
    pub(crate) fn site(&self, op: usize) -> NodeId {
        let sites = &self.source.sites[self.first as usize..self.end as usize];
        sites.get(op).copied().unwrap_or(NodeId(0))
    }
}

/// One source text: its expressions, and the instructions of all that it defines.
pub(crate) struct Source {
    /// The name under which the text was parsed.
    pub(crate) name: Text,
    pub(crate) tree: Tree,
    pub(crate) ops: Vec<Op>,
    /// For each instruction the node that an error of it is at.
    pub(crate) sites: Vec<NodeId>,
    pub(crate) tables: Tables,
    /// Names of fields and templates.
    pub(crate) names: Vec<Text>,
}

impl Source {
    /// `name:line:column`; lines count from one, columns in bytes from zero.
    pub(crate) fn location(&self, id: NodeId) -> String {
        let node = self.tree.nodes.get(id.0 as usize);
        let pos = node.map_or(0, |node| node.pos);
        let before = &self.tree.text.as_bytes()[..pos as usize];
        let column = match memchr::memrchr(b'\n', before) {
            Some(newline) => before.len() - newline - 1,
            None => before.len(),
        };
        format!("{}:{}:{column}", self.name, self.tree.line(pos))
    }
}

/// What the instructions refer to.
#[derive(Default)]
pub(crate) struct Tables {
    pub(crate) consts: Vec<Value>,
    pub(crate) messages: Vec<String>,
    pub(crate) functions: Vec<&'static Function>,
    pub(crate) types: Vec<Type>,
    pub(crate) methods: Vec<MethodCall>,
    pub(crate) loops: Vec<Loop>,
}

/// Adds to a table; the index of what was added.
pub(crate) fn push<T>(table: &mut Vec<T>, item: T) -> u32 {
    table.push(item);
    u32::try_from(table.len() - 1).expect("a source has less than 4 GiB")
}

/// All that one text defines.
pub(crate) struct Parsed {
    /// The text itself, without what it defines.
    pub(crate) main: Rc<Code>,
    /// Its definitions.
    pub(crate) defined: Vec<Rc<Code>>,
}
