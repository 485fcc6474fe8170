//! What a file is, from its first bytes.

use super::decode::Decoder;
use super::read::{Kind, Reader, Record};
use crate::mapping;
use model::import::{Doubts, Encoding, Format};
use model::problem::Problem;
use std::fmt;

/// So many bytes of a file are enough for [`sniff`]; it looks at no more.
pub const SAMPLE: usize = 256 << 10;
/// A file of more columns than this is not a list of contacts.
pub const MAX_COLUMNS: usize = 2_000;

/// What [`sniff`] found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sniffed {
    /// How to read the file.
    pub format: Format,
    /// Where the data left that open.
    pub doubts: Doubts,
    /// Why nothing can be read from it.
    pub problem: Option<NotCsv>,
}

/// Why a file is no delimited text with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotCsv {
    /// It has no bytes, or only spaces.
    Empty,
    /// Nothing follows its header.
    OnlyHeader,
    /// More columns than [`MAX_COLUMNS`].
    Columns(usize),
    /// A workbook of a spreadsheet (XLSX, XLS, ODS).
    Spreadsheet,
    /// A compressed file or archive.
    Compressed,
    /// A PDF.
    Pdf,
    /// A picture.
    Picture,
    /// A web page or XML.
    Markup,
    /// JSON.
    Json,
    /// Not text at all.
    Binary,
}

impl NotCsv {
    /// What to do about it, for a person.
    pub fn help(self) -> &'static str {
        match self {
            NotCsv::Empty => "Choose a file with rows, or paste them",
            NotCsv::OnlyHeader => "Add rows below the header, or say that the first row is no header",
            NotCsv::Columns(_) => "Check the separator, or keep only the columns you need",
            NotCsv::Spreadsheet => {
                "Copy the rows in the spreadsheet and paste them here, or save the sheet as CSV and choose that file"
            }
            NotCsv::Compressed => "Unpack it and choose the CSV file in it",
            NotCsv::Pdf | NotCsv::Picture | NotCsv::Binary => "Choose a CSV, TSV or TXT file",
            NotCsv::Markup | NotCsv::Json => "Export the list as CSV and choose that file",
        }
    }

    /// The same as a message.
    pub fn problem(self) -> Problem {
        Problem::new(self.to_string(), self.help())
    }
}

impl fmt::Display for NotCsv {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            NotCsv::Empty => "The file is empty",
            NotCsv::OnlyHeader => "The file has a header and no rows",
            NotCsv::Columns(count) => {
                return write!(f, "The file has {count} columns; at most 2,000 can be read");
            }
            NotCsv::Spreadsheet => "The file is a spreadsheet, not a CSV file",
            NotCsv::Compressed => "The file is compressed",
            NotCsv::Pdf => "The file is a PDF, not a CSV file",
            NotCsv::Picture => "The file is a picture, not a CSV file",
            NotCsv::Markup => "The file is a web page or XML, not a CSV file",
            NotCsv::Json => "The file is JSON, not a CSV file",
            NotCsv::Binary => "The file is not text",
        })
    }
}

impl std::error::Error for NotCsv {}

/// Looks at the first bytes of a file ([`SAMPLE`] are enough), or at all of it, and says how to read it.
pub fn sniff(sample: &[u8], whole_file: bool) -> Sniffed {
    let whole_file = whole_file && sample.len() <= SAMPLE;
    let sample = sample.get(..SAMPLE).unwrap_or(sample);
    let encoding = encoding_of(sample, whole_file);
    let mut format = Format {
        encoding,
        delimiter: b',',
        quote: Some(b'"'),
        header: true,
    };
    let mut doubts = Doubts::default();
    if let Some(problem) = other_kind(sample, encoding) {
        return Sniffed {
            format,
            doubts,
            problem: Some(problem),
        };
    }
    doubts.encoding = encoding == Encoding::Windows1252 && !looks_like_windows_1252(sample);

    let text = {
        let mut decoder = Decoder::new(encoding);
        let mut text = Vec::new();
        decoder.decode(sample, &mut text);
        text
    };
    format.quote = Some(quote_of(&text));
    let (delimiter, rows) = delimiter_of(&text, format.quote, whole_file);
    format.delimiter = delimiter;
    format.header = has_header(&rows);
    let problem = match rows.first() {
        None => Some(NotCsv::Empty),
        Some(first) if first.len() > MAX_COLUMNS => Some(NotCsv::Columns(first.len())),
        Some(_) if format.header && rows.len() == 1 && whole_file => Some(NotCsv::OnlyHeader),
        Some(_) => None,
    };
    Sniffed {
        format,
        doubts,
        problem,
    }
}

/// The encoding of a file that begins with these bytes.
fn encoding_of(sample: &[u8], whole_file: bool) -> Encoding {
    match sample {
        [0xef, 0xbb, 0xbf, ..] => return Encoding::Utf8,
        [0xff, 0xfe, ..] => return Encoding::Utf16Le,
        [0xfe, 0xff, ..] => return Encoding::Utf16Be,
        _ => {}
    }
    // Separators and line breaks at the least have a zero byte in UTF-16, and all of them on the same side.
    let (pairs, _) = sample.as_chunks::<2>();
    let zeros = |side: fn(&[u8; 2]) -> u8| pairs.iter().filter(|pair| side(pair) == 0).count();
    let (even, odd) = (zeros(|pair| pair[0]), zeros(|pair| pair[1]));
    if odd * 5 > pairs.len() && even * 20 < odd {
        return Encoding::Utf16Le;
    }
    if even * 5 > pairs.len() && odd * 20 < even {
        return Encoding::Utf16Be;
    }
    match std::str::from_utf8(sample) {
        Ok(_) => Encoding::Utf8,
        // The sample may end within a character.
        Err(error) if error.error_len().is_none() && !whole_file => Encoding::Utf8,
        Err(_) => Encoding::Windows1252,
    }
}

/// Whether nothing speaks against Windows-1252: bytes that it leaves open, or characters of UTF-8.
fn looks_like_windows_1252(sample: &[u8]) -> bool {
    let undefined = |byte: &u8| matches!(byte, 0x81 | 0x8d | 0x8f | 0x90 | 0x9d);
    !sample.iter().any(undefined) && sample.utf8_chunks().all(|chunk| chunk.valid().is_ascii())
}

/// What a file is that is no delimited text.
fn other_kind(sample: &[u8], encoding: Encoding) -> Option<NotCsv> {
    let has = |needle: &[u8]| memchr::memmem::find(sample, needle).is_some();
    let start = sample.trim_ascii_start();
    let start = start.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(start);
    Some(match sample {
        [0x89, b'P', b'N', b'G', ..]
        | [0xff, 0xd8, 0xff, ..]
        | [b'G', b'I', b'F', b'8', ..]
        | [b'R', b'I', b'F', b'F', _, _, _, _, b'W', b'E', b'B', b'P', ..] => NotCsv::Picture,
        [b'%', b'P', b'D', b'F', b'-', ..] => NotCsv::Pdf,
        [b'P', b'K', 3, 4, ..]
            if has(b"xl/") || has(b"opendocument.spreadsheet") || has(b"[Content_Types]") =>
        {
            NotCsv::Spreadsheet
        }
        // The container of XLS and other files of its time.
        [0xd0, 0xcf, 0x11, 0xe0, ..] => NotCsv::Spreadsheet,
        [b'P', b'K', 3 | 5, 4 | 6, ..]
        | [0x1f, 0x8b, ..]
        | [b'B', b'Z', b'h', b'1'..=b'9', b'1', ..]
        | [0x28, 0xb5, 0x2f, 0xfd, ..]
        | [0xfd, b'7', b'z', b'X', b'Z', 0, ..]
        | [b'7', b'z', 0xbc, 0xaf, ..]
        | [b'R', b'a', b'r', b'!', 0x1a, ..] => NotCsv::Compressed,
        _ if matches!(start, [b'{', ..] | [b'[', b'{' | b'\n' | b'\r', ..]) => NotCsv::Json,
        _ if is_markup(start) => NotCsv::Markup,
        _ => {
            // A few stray controls are the rows' own problem; a file full of them is something else.
            let utf16 = matches!(encoding, Encoding::Utf16Le | Encoding::Utf16Be);
            let odd = |byte: &&u8| **byte < b' ' && !matches!(**byte, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
            let controls = sample.iter().filter(odd).count();
            if utf16 || controls < 4 || controls * 50 < sample.len() {
                return None;
            }
            NotCsv::Binary
        }
    })
}

/// Whether a text begins as web pages and XML do.
fn is_markup(start: &[u8]) -> bool {
    [&b"<!doctype"[..], b"<html", b"<?xml", b"<table"]
        .iter()
        .any(|tag| {
            start
                .get(..tag.len())
                .is_some_and(|begin| begin.eq_ignore_ascii_case(tag))
        })
}

/// The quote: `"`, unless no cell begins with it and cells stand between `'`.
fn quote_of(text: &[u8]) -> u8 {
    let edge = |byte: Option<&u8>| matches!(byte, None | Some(b',' | b';' | b'\t' | b'|' | b'\n' | b'\r'));
    let (mut opening, mut closing) = (0, 0);
    for at in memchr::memchr2_iter(b'"', b'\'', text) {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        let opens = edge(before);
        if text.get(at) == Some(&b'"') {
            if opens {
                return b'"';
            }
        } else if opens {
            opening += 1;
        } else if edge(text.get(at + 1)) {
            closing += 1;
        }
    }
    // An apostrophe at one end only is a guard or a part of the text.
    if opening >= 2 && closing * 10 >= opening * 9 {
        b'\''
    } else {
        b'"'
    }
}

/// How many rows are looked at.
const ROWS: usize = 500;

/// The separator that cuts the rows most evenly, and the first rows cut by it.
fn delimiter_of(text: &[u8], quote: Option<u8>, whole_file: bool) -> (u8, Vec<Vec<String>>) {
    if let Some(&[delimiter @ (b',' | b';' | b'\t' | b'|'), b'\r' | b'\n']) =
        text.strip_prefix(b"sep=").and_then(|rest| rest.get(..2))
    {
        return (delimiter, rows_of(text, delimiter, quote, whole_file));
    }
    // Those that numbers and names have themselves come last.
    let mut best = (b',', 0, Vec::new());
    for delimiter in [b'\t', b';', b'|', b','] {
        let rows = rows_of(text, delimiter, quote, whole_file);
        let score = evenness(&rows);
        if score > best.1 || best.2.is_empty() || (score == 0 && best.1 == 0) {
            best = (delimiter, score, rows);
        }
    }
    (best.0, best.2)
}

/// How evenly rows are cut, in thousandths, with the number of cells behind it; 0 where nothing is cut.
fn evenness(rows: &[Vec<String>]) -> usize {
    let Some(width) = rows.first().map(Vec::len) else {
        return 0;
    };
    let same = rows.iter().filter(|row| row.len() == width).count();
    if width > 1 && same * 2 >= rows.len() {
        return same * 1000 / rows.len() * 10_000 + width.min(9_999);
    }
    // A title may stand above the table.
    let mut widths: Vec<usize> = rows.iter().map(Vec::len).collect();
    widths.sort_unstable();
    let middle = widths.get(widths.len() / 2).copied().unwrap_or_default();
    let same = widths.iter().filter(|width| **width == middle).count();
    if middle > 1 && same * 5 >= rows.len() * 4 {
        same * 500 / rows.len() * 10_000 + middle.min(9_999)
    } else {
        0
    }
}

/// The first rows, as a separator cuts them.
fn rows_of(text: &[u8], delimiter: u8, quote: Option<u8>, whole_file: bool) -> Vec<Vec<String>> {
    let format = Format {
        encoding: Encoding::Utf8,
        delimiter,
        quote,
        header: true,
    };
    let mut reader = Reader::new(&format).replacing();
    let mut rows = Vec::new();
    let mut keep = |record: Record<'_>| {
        if rows.len() < ROWS
            && matches!(record.kind, Kind::Row | Kind::OpenQuote { .. })
            && !record.is_empty()
        {
            rows.push(record.fields().map(str::to_owned).collect::<Vec<_>>());
        }
    };
    let mut records = 0;
    // A replacing reader fails at nothing.
    let mut read = reader.push(text, &mut |record| {
        records += 1;
        keep(record);
    });
    // The last row of a sample is cut off, and counts only where it is the only one.
    if whole_file || records < 2 {
        read = read.and(reader.finish(&mut keep));
    }
    debug_assert!(read.is_ok());
    rows
}

/// Whether the first row names the columns.
fn has_header(rows: &[Vec<String>]) -> bool {
    let Some((first, rest)) = rows.split_first() else {
        return true;
    };
    if first.iter().any(|cell| is_data(cell)) {
        return false;
    }
    if first.iter().any(|cell| mapping::knows(cell)) {
        return true;
    }
    // Data below a name, or rows of which this is the first: without other signs a list has a header.
    !rest.is_empty()
}

/// Whether a cell holds what no column is called: an address, a number, a date.
fn is_data(cell: &str) -> bool {
    let cell = cell.trim();
    !cell.is_empty() && (cell.contains('@') && cell.contains('.') || !cell.contains(char::is_alphabetic))
}
