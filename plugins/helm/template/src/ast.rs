//! Parsed expressions: nodes in one arena, each printable as Go prints it in errors.
//!
//! Statements have no nodes: the parser turns them into code as it reads them.

use std::rc::Rc;

use crate::fmt::{quote_bytes, unquote};
use crate::functions::Function;
use crate::text::Text;

/// The index of a node in its arena.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct NodeId(pub(crate) u32);

pub(crate) struct Node {
    /// Byte offset in the source.
    pub(crate) pos: u32,
    pub(crate) kind: NodeKind,
}

pub(crate) enum NodeKind {
    Action(NodeId),
    Template {
        name: Text,
        pipe: Option<NodeId>,
    },
    Pipe(Pipe),
    Command(Vec<NodeId>),
    /// `.a.b`
    Field(Vec<Text>),
    /// `(…).a.b`
    Chain {
        node: NodeId,
        fields: Vec<Text>,
    },
    Identifier(&'static Function),
    /// `$x.a.b`: the name with its dollar sign, then fields.
    Variable(Vec<Text>),
    Dot,
    Nil,
    Bool(bool),
    Number(Number),
    /// A string, which is so many bytes of the source with its quotes.
    String(u32),
}

/// The nodes of a source, and its text.
#[derive(Clone, Copy)]
pub(crate) struct Nodes<'a> {
    pub(crate) all: &'a [Node],
    pub(crate) text: &'a str,
}

impl<'a> Nodes<'a> {
    pub(crate) fn kind(self, id: NodeId) -> &'a NodeKind {
        &self.all[id.0 as usize].kind
    }

    /// A string constant as it stands in the source, with its quotes.
    pub(crate) fn quoted(self, id: NodeId) -> &'a str {
        let node = &self.all[id.0 as usize];
        match node.kind {
            NodeKind::String(len) => &self.text[node.pos as usize..(node.pos + len) as usize],
            _ => "",
        }
    }

    /// Where the value of a string constant stands in the source, unless it has to be unquoted.
    pub(crate) fn plain_string(self, id: NodeId) -> Option<(u32, u32)> {
        let quoted = self.quoted(id);
        let node = &self.all[id.0 as usize];
        let is_plain = match quoted.as_bytes().first()? {
            b'`' => !quoted.contains('\r'),
            _ => !quoted.contains('\\'),
        };
        let len = u32::try_from(quoted.len()).ok()?;
        is_plain.then_some((node.pos + 1, node.pos + len - 1))
    }

    /// The value of a string constant; `None` if it is not well formed.
    pub(crate) fn string(self, id: NodeId) -> Option<Text> {
        match self.plain_string(id) {
            Some((from, to)) => Some(Text::from(&self.text[from as usize..to as usize])),
            None => unquote(self.quoted(id)).map(Text::from),
        }
    }
}

pub(crate) struct Pipe {
    /// `=` rather than `:=`
    pub(crate) assigns: bool,
    pub(crate) variables: Vec<NodeId>,
    pub(crate) commands: Vec<NodeId>,
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

/// One source text: its nodes and where they came from.
pub(crate) struct Source {
    /// The name under which the text was parsed.
    pub(crate) name: Text,
    pub(crate) text: Rc<str>,
    pub(crate) nodes: Vec<Node>,
}

impl Source {
    /// `name:line:column`; lines count from one, columns in bytes from zero.
    pub(crate) fn location(&self, id: NodeId) -> String {
        let pos = self.nodes.get(id.0 as usize).map_or(0, |node| node.pos);
        let before = &self.text.as_bytes()[..pos as usize];
        let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
        let column = match before.iter().rposition(|byte| *byte == b'\n') {
            Some(newline) => before.len() - newline - 1,
            None => before.len(),
        };
        format!("{}:{line}:{column}", self.name)
    }

    /// The node as Go's `String` method writes it.
    pub(crate) fn print(&self, id: NodeId) -> String {
        self.nodes().print(id)
    }

    pub(crate) fn nodes(&self) -> Nodes<'_> {
        Nodes {
            all: &self.nodes,
            text: &self.text,
        }
    }
}

impl Nodes<'_> {
    /// The node as Go's `String` method writes it.
    pub(crate) fn print(self, id: NodeId) -> String {
        let mut out = String::new();
        print_to(self, id, &mut out);
        out
    }
}

fn print_to(nodes: Nodes<'_>, id: NodeId, out: &mut String) {
    // A text without any action has no node to name.
    let Some(node) = nodes.all.get(id.0 as usize) else {
        return;
    };
    match &node.kind {
        NodeKind::Action(pipe) => {
            out.push_str("{{");
            print_to(nodes, *pipe, out);
            out.push_str("}}");
        }
        NodeKind::Template { name, pipe } => {
            out.push_str("{{template ");
            out.push_str(&quote_bytes(name.as_bytes()));
            if let Some(pipe) = pipe {
                out.push(' ');
                print_to(nodes, *pipe, out);
            }
            out.push_str("}}");
        }
        NodeKind::Pipe(pipe) => print_pipe(nodes, pipe, out),
        NodeKind::Command(args) => {
            for (i, arg) in args.iter().enumerate() {
                if i > 0 {
                    out.push(' ');
                }
                print_operand(nodes, *arg, out);
            }
        }
        NodeKind::Field(fields) => print_fields(fields, out),
        NodeKind::Chain { node, fields } => {
            print_operand(nodes, *node, out);
            print_fields(fields, out);
        }
        NodeKind::Identifier(function) => out.push_str(function.name),
        NodeKind::Variable(names) => {
            out.push_str(&names[0].to_str());
            print_fields(&names[1..], out);
        }
        NodeKind::Dot => out.push('.'),
        NodeKind::Nil => out.push_str("nil"),
        NodeKind::Bool(b) => out.push_str(if *b { "true" } else { "false" }),
        NodeKind::Number(number) => out.push_str(&number.text),
        NodeKind::String(_) => out.push_str(nodes.quoted(id)),
    }
}

fn print_pipe(nodes: Nodes<'_>, pipe: &Pipe, out: &mut String) {
    for (i, variable) in pipe.variables.iter().enumerate() {
        if i > 0 {
            out.push_str(", ");
        }
        print_to(nodes, *variable, out);
    }
    if !pipe.variables.is_empty() {
        out.push_str(if pipe.assigns { " = " } else { " := " });
    }
    for (i, command) in pipe.commands.iter().enumerate() {
        if i > 0 {
            out.push_str(" | ");
        }
        print_to(nodes, *command, out);
    }
}

/// An operand; a pipeline among them stands in parentheses.
fn print_operand(nodes: Nodes<'_>, id: NodeId, out: &mut String) {
    let in_parentheses = matches!(nodes.kind(id), NodeKind::Pipe(_));
    if in_parentheses {
        out.push('(');
    }
    print_to(nodes, id, out);
    if in_parentheses {
        out.push(')');
    }
}

fn print_fields(fields: &[Text], out: &mut String) {
    for field in fields {
        out.push('.');
        out.push_str(&field.to_str());
    }
}
