//! The writer: cells in, the bytes of a file out.

use super::decode::to_windows_1252;
use crate::value::is_formula;
use model::import::Encoding;

/// Writes delimited text into bytes that the caller takes whenever it likes.
///
/// A cell is quoted only where its text needs it; lines end with `\r\n` as [RFC 4180] has it.
///
/// [RFC 4180]: https://www.rfc-editor.org/rfc/rfc4180
#[derive(Clone, Debug)]
pub struct Writer {
    delimiter: u8,
    guard: bool,
    narrow: bool,
    /// Whether the line has a cell already.
    begun: bool,
    /// Whether the line has a cell with any text.
    written: bool,
    out: Vec<u8>,
    unencodable: u64,
}

impl Writer {
    /// A writer of a file with this separator, in UTF-8 (`bom`: with a byte order mark) or Windows-1252.
    ///
    /// `guard` puts a `'` before what a spreadsheet would take for a formula. An encoding that is neither is UTF-8.
    pub fn new(delimiter: u8, encoding: Encoding, bom: bool, guard: bool) -> Writer {
        let narrow = encoding == Encoding::Windows1252;
        let mut writer = Writer {
            delimiter,
            guard,
            narrow,
            begun: false,
            written: false,
            out: Vec::new(),
            unencodable: 0,
        };
        if bom {
            writer.mark();
        }
        writer
    }

    /// Writes the byte order mark, at the beginning of a file; Windows-1252 has none.
    pub fn mark(&mut self) {
        if !self.narrow {
            self.out.extend_from_slice("\u{feff}".as_bytes());
        }
    }

    /// Writes a cell. One that is `exempt` (a phone, a number) is never guarded.
    pub fn cell(&mut self, text: &str, exempt: bool) {
        if self.begun {
            self.out.push(self.delimiter);
        }
        self.begun = true;
        self.written |= !text.is_empty();
        let bytes = text.as_bytes();
        let guard = self.guard && !exempt && is_formula(bytes);
        let special = |byte: &u8| matches!(byte, b'"' | b'\n' | b'\r') || *byte == self.delimiter;
        // Spaces around a text are kept by readers that strip bare cells, too, when it is quoted.
        let quote = bytes.iter().any(special) || text.starts_with(' ') || text.ends_with(' ');
        if quote {
            self.out.push(b'"');
        }
        if guard {
            self.out.push(b'\'');
        }
        if quote && memchr::memchr(b'"', bytes).is_some() {
            for (at, piece) in text.split('"').enumerate() {
                if at > 0 {
                    self.out.extend_from_slice(b"\"\"");
                }
                self.text(piece);
            }
        } else {
            self.text(text);
        }
        if quote {
            self.out.push(b'"');
        }
    }

    /// Ends the line.
    pub fn end_row(&mut self) {
        // A line without any text would be read back as no row at all.
        if self.begun && !self.written && !self.out.ends_with(&[self.delimiter]) {
            self.out.extend_from_slice(b"\"\"");
        }
        self.out.extend_from_slice(b"\r\n");
        self.begun = false;
        self.written = false;
    }

    /// How many bytes wait to be taken.
    pub fn len(&self) -> usize {
        self.out.len()
    }

    /// Whether no byte waits to be taken.
    pub fn is_empty(&self) -> bool {
        self.out.is_empty()
    }

    /// The bytes written since the last time.
    pub fn take(&mut self) -> Vec<u8> {
        std::mem::take(&mut self.out)
    }

    /// How many characters the encoding could not hold; each was written as `?`.
    pub fn unencodable(&self) -> u64 {
        self.unencodable
    }

    fn text(&mut self, text: &str) {
        if !self.narrow || text.is_ascii() {
            self.out.extend_from_slice(text.as_bytes());
            return;
        }
        for c in text.chars() {
            let byte = to_windows_1252(c).unwrap_or_else(|| {
                self.unencodable += 1;
                b'?'
            });
            self.out.push(byte);
        }
    }
}
