//! Tables as kubectl prints them: upper-case heads, columns three blanks apart, nothing cut.

use std::fmt::Write as _;

/// A table.
#[derive(Clone, Debug, Default)]
pub(super) struct Table {
    heads: Vec<&'static str>,
    rows: Vec<Vec<Cell>>,
}

/// A cell: its text, and how it looks in colours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Cell {
    plain: String,
    shown: Option<String>,
}

impl<T: Into<String>> From<T> for Cell {
    fn from(text: T) -> Self {
        // A table has one line for each row, whatever somebody wrote into a message.
        let plain = text.into().replace(['\n', '\r', '\t'], " ");
        Self { plain, shown: None }
    }
}

impl Cell {
    /// A cell with a state, coloured.
    pub(super) fn state(text: &str) -> Self {
        Self {
            plain: text.to_owned(),
            shown: Some(super::output::state(text)),
        }
    }

    fn width(&self) -> usize {
        self.plain.chars().count()
    }
}

impl Table {
    /// A table with these columns and no rows.
    pub(super) fn new(heads: impl IntoIterator<Item = &'static str>) -> Self {
        Self {
            heads: heads.into_iter().collect(),
            rows: Vec::new(),
        }
    }

    /// Adds a row; it has as many cells as there are columns.
    pub(super) fn row(&mut self, cells: impl IntoIterator<Item = Cell>) {
        self.rows.push(cells.into_iter().collect());
    }

    /// The rows, to be compared.
    pub(super) fn rows(&self) -> &[Vec<Cell>] {
        &self.rows
    }

    /// The table as text, each line after `indent`, without blanks at the ends of lines.
    pub(super) fn text(&self, indent: &str) -> String {
        let heads: Vec<Cell> = self.heads.iter().map(|head| Cell::from(*head)).collect();
        let widths = self.widths();
        let mut text = String::new();
        for row in std::iter::once(&heads).chain(&self.rows) {
            line(&mut text, indent, row, &widths);
        }
        text
    }

    /// Only these rows, in the columns of the whole table.
    pub(super) fn only(&self, rows: &[Vec<Cell>]) -> String {
        let widths = self.widths();
        let mut text = String::new();
        for row in rows {
            line(&mut text, "", row, &widths);
        }
        text
    }

    fn widths(&self) -> Vec<usize> {
        let of_column = |(n, head): (usize, &&str)| {
            let cells = self.rows.iter().filter_map(|row| row.get(n));
            cells
                .map(Cell::width)
                .chain([head.len()])
                .max()
                .unwrap_or(0)
        };
        self.heads.iter().enumerate().map(of_column).collect()
    }
}

fn line(text: &mut String, indent: &str, row: &[Cell], widths: &[usize]) {
    let last = row.iter().rposition(|cell| !cell.plain.is_empty());
    text.push_str(indent);
    for (n, (cell, width)) in row.iter().zip(widths).enumerate() {
        let shown = cell.shown.as_ref().unwrap_or(&cell.plain);
        if Some(n) >= last {
            text.push_str(shown);
            break;
        }
        let pad = width - cell.width() + 3;
        // Writing to a string does not fail.
        let _ = write!(text, "{shown}{:pad$}", "");
    }
    text.push('\n');
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_aligned_and_lines_have_no_tail() {
        let mut table = Table::new(["NAME", "READY", "MESSAGE"]);
        table.row(["shop".into(), "1/2".into(), "not\nthere".into()]);
        table.row(["größer".into(), "12/12".into(), "".into()]);
        let expected = "\
NAME     READY   MESSAGE
shop     1/2     not there
größer   12/12
";
        assert_eq!(table.text(""), expected);
        assert_eq!(table.only(&table.rows()[1..]), "größer   12/12\n");
        assert!(table.text("  ").starts_with("  NAME"));
    }
}
