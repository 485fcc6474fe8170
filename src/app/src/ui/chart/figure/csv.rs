//! The table behind a chart as a file.

use super::{Table, is_number};

/// The file's text: with a byte order mark, so that spreadsheet programs know that it is UTF-8.
pub fn write(table: &Table) -> String {
    let mut out = "\u{feff}".to_owned();
    for row in std::iter::once(&table.head).chain(&table.rows) {
        for (at, cell) in row.iter().enumerate() {
            if at > 0 {
                out.push(',');
            }
            put(&mut out, cell);
        }
        out.push_str("\r\n");
    }
    out
}

/// Adds a cell. What a spreadsheet program would take for a formula gets an apostrophe before it; so does what would
/// start a cell once another program has taken the apostrophes away.
fn put(out: &mut String, cell: &str) {
    let first = cell.trim_start_matches('\'');
    let guard = first.starts_with(['=', '+', '-', '@', '\t', '\r']) && !is_number(cell);
    let quote = cell.contains([',', '"', '\r', '\n']);
    if quote {
        out.push('"');
    }
    if guard {
        out.push('\'');
    }
    for letter in cell.chars() {
        if letter == '"' {
            out.push('"');
        }
        out.push(letter);
    }
    if quote {
        out.push('"');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(text: &str) -> String {
        let mut out = String::new();
        put(&mut out, text);
        out
    }

    #[test]
    fn a_table_is_lines_of_cells() {
        let table = Table {
            head: vec!["Segment".to_owned(), "Contacts".to_owned()],
            rows: vec![
                vec!["Größe, \"L\"".to_owned(), "1,204".to_owned()],
                vec![String::new(), "-3".to_owned()],
            ],
        };
        assert_eq!(
            write(&table),
            "\u{feff}Segment,Contacts\r\n\"Größe, \"\"L\"\"\",\"1,204\"\r\n,-3\r\n"
        );
    }

    #[test]
    fn a_formula_is_guarded() {
        assert_eq!(cell("=1+1"), "'=1+1");
        assert_eq!(cell("@SUM(A1)"), "'@SUM(A1)");
        assert_eq!(cell("-A1"), "'-A1");
        assert_eq!(cell("\tx"), "'\tx");
        assert_eq!(cell("\r=x"), "\"'\r=x\"");
        assert_eq!(cell("'=x"), "''=x");
        assert_eq!(
            cell("+HYPERLINK(\"a\",\"b\")"),
            "\"'+HYPERLINK(\"\"a\"\",\"\"b\"\")\""
        );
    }

    #[test]
    fn a_number_is_not_a_formula() {
        for text in ["-3", "+12.5", "-1.5%"] {
            assert_eq!(cell(text), text);
        }
        assert_eq!(cell("-1,204"), "\"-1,204\"");
    }
}
