//! Parsed expressions: nodes in one arena, each printable as Go prints it in errors.
//!
//! Statements have no nodes: the parser turns them into code as it reads them. What a node says of names and strings
//! is where they stand in the source.

use std::rc::Rc;

use crate::fmt::{quote_bytes, unquote};
use crate::functions::Function;
use crate::text::Text;

/// The index of a node in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

/// A piece of the source: from, to.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span(pub(crate) u32, pub(crate) u32);

#[derive(Clone, Copy)]
pub(crate) struct Node {
    /// Byte offset in the source.
    pub(crate) pos: u32,
    pub(crate) kind: NodeKind,
}

#[derive(Clone, Copy)]
pub(crate) enum NodeKind {
    Action(NodeId),
    Template {
        /// The name as it stands in the source, with its quotes.
        name: Span,
        pipe: Option<NodeId>,
    },
    Pipe(Pipe),
    Command(Children),
    /// `.a.b`
    Field(Span),
    /// `(…).a.b`, of which the span is `.a.b`
    Chain {
        node: NodeId,
        fields: Span,
    },
    Identifier(&'static Function),
    /// `$x.a.b`
    Variable(Span),
    Dot,
    Nil,
    Bool(bool),
    /// The index of a number.
    Number(u32),
    /// A string, which is so many bytes of the source with its quotes.
    String {
        len: u32,
        /// Whether it is what stands between the quotes.
        is_plain: bool,
    },
}

/// Nodes that belong to another: a piece of the list of all of them.
#[derive(Clone, Copy)]
pub(crate) struct Children {
    pub(crate) first: u32,
    pub(crate) n: u32,
}

#[derive(Clone, Copy)]
pub(crate) struct Pipe {
    /// `=` rather than `:=`
    pub(crate) assigns: bool,
    /// How many of the children are variables that it sets: at most two. The others are commands.
    pub(crate) n_variables: u8,
    pub(crate) children: Children,
}

/// A number constant, under each of the types that can hold it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Number {
    pub(crate) text: String,
    pub(crate) int: Option<i64>,
    pub(crate) uint: Option<u64>,
    pub(crate) float: Option<f64>,
    /// The imaginary part makes it unusable here: there is no complex type.
    pub(crate) is_complex: bool,
}

/// All expressions of a source, and its text.
pub(crate) struct Tree {
    pub(crate) text: Rc<str>,
    pub(crate) nodes: Vec<Node>,
    /// For each node that has some its children, one behind the other.
    pub(crate) children: Vec<NodeId>,
    pub(crate) numbers: Vec<Number>,
}

impl Tree {
    pub(crate) fn kind(&self, id: NodeId) -> NodeKind {
        self.nodes[id.0 as usize].kind
    }

    pub(crate) fn children(&self, children: Children) -> &[NodeId] {
        let first = children.first as usize;
        &self.children[first..first + children.n as usize]
    }

    pub(crate) fn variables(&self, pipe: Pipe) -> &[NodeId] {
        &self.children(pipe.children)[..pipe.n_variables.into()]
    }

    pub(crate) fn commands(&self, pipe: Pipe) -> &[NodeId] {
        &self.children(pipe.children)[pipe.n_variables.into()..]
    }

    pub(crate) fn span(&self, span: Span) -> &str {
        &self.text[span.0 as usize..span.1 as usize]
    }

    /// A string constant as it stands in the source, with its quotes.
    fn quoted(&self, id: NodeId) -> &str {
        let node = &self.nodes[id.0 as usize];
        match node.kind {
            NodeKind::String { len, .. } => self.span(Span(node.pos, node.pos + len)),
            _ => "",
        }
    }

    /// Where the value of a string constant stands in the source, unless it has to be unquoted.
    pub(crate) fn plain_string(&self, id: NodeId) -> Option<Span> {
        let node = &self.nodes[id.0 as usize];
        match node.kind {
            NodeKind::String { len, is_plain } => {
                is_plain.then_some(Span(node.pos + 1, node.pos + len - 1))
            }
            _ => None,
        }
    }

    /// The value of a string constant; `None` if it is not well formed.
    pub(crate) fn string(&self, id: NodeId) -> Option<Text> {
        match self.plain_string(id) {
            Some(span) => Some(Text::from(self.span(span))),
            None => unquote(self.quoted(id)).map(Text::from),
        }
    }

    /// The line of a position; lines count from one.
    pub(crate) fn line(&self, pos: u32) -> usize {
        let before = &self.text.as_bytes()[..pos as usize];
        1 + memchr::memchr_iter(b'\n', before).count()
    }

    /// The node as Go's `String` method writes it.
    pub(crate) fn print(&self, id: NodeId) -> String {
        let mut out = String::new();
        self.print_to(id, &mut out);
        out
    }

    fn print_to(&self, id: NodeId, out: &mut String) {
        // A text without any action has no node to name.
        let Some(node) = self.nodes.get(id.0 as usize) else {
            return;
        };
        match node.kind {
            NodeKind::Action(pipe) => {
                out.push_str("{{");
                self.print_to(pipe, out);
                out.push_str("}}");
            }
            NodeKind::Template { name, pipe } => {
                out.push_str("{{template ");
                let name = unquote(self.span(name)).unwrap_or_default();
                out.push_str(&quote_bytes(&name));
                if let Some(pipe) = pipe {
                    out.push(' ');
                    self.print_to(pipe, out);
                }
                out.push_str("}}");
            }
            NodeKind::Pipe(pipe) => self.print_pipe(pipe, out),
            NodeKind::Command(args) => {
                for (i, arg) in self.children(args).iter().enumerate() {
                    if i > 0 {
                        out.push(' ');
                    }
                    self.print_operand(*arg, out);
                }
            }
            NodeKind::Field(span) | NodeKind::Variable(span) => out.push_str(self.span(span)),
            NodeKind::Chain { node, fields } => {
                self.print_operand(node, out);
                out.push_str(self.span(fields));
            }
            NodeKind::Identifier(function) => out.push_str(function.name),
            NodeKind::Dot => out.push('.'),
            NodeKind::Nil => out.push_str("nil"),
            NodeKind::Bool(b) => out.push_str(if b { "true" } else { "false" }),
            NodeKind::Number(i) => out.push_str(&self.numbers[i as usize].text),
            NodeKind::String { .. } => out.push_str(self.quoted(id)),
        }
    }

    fn print_pipe(&self, pipe: Pipe, out: &mut String) {
        for (i, variable) in self.variables(pipe).iter().enumerate() {
            if i > 0 {
                out.push_str(", ");
            }
            self.print_to(*variable, out);
        }
        if pipe.n_variables > 0 {
            out.push_str(if pipe.assigns { " = " } else { " := " });
        }
        for (i, command) in self.commands(pipe).iter().enumerate() {
            if i > 0 {
                out.push_str(" | ");
            }
            self.print_to(*command, out);
        }
    }

    /// An operand; a pipeline among them stands in parentheses.
    fn print_operand(&self, id: NodeId, out: &mut String) {
        let in_parentheses = matches!(self.kind(id), NodeKind::Pipe(_));
        if in_parentheses {
            out.push('(');
        }
        self.print_to(id, out);
        if in_parentheses {
            out.push(')');
        }
    }
}
