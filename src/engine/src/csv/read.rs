//! The reader: bytes pushed in, records out.

use super::decode::Decoder;
use csv_core::ReadRecordResult;
use model::import::Format;
use std::fmt;

/// A record of more bytes of text than this is not kept in memory; it comes out as [`Kind::TooLong`].
pub const MAX_RECORD: usize = 16 << 20;
/// A record of more cells than this is not kept in memory; it comes out as [`Kind::TooLong`].
pub const MAX_CELLS: usize = 1 << 16;

/// How much text is gathered before it is checked and handed out: little enough to stay near the processor.
const BATCH: usize = 64 << 10;
/// How many bytes of other encodings are turned into UTF-8 at once.
const DECODE: usize = 16 << 10;

/// What a record is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A row of cells.
    Row,
    /// A line without any cell, or with only empty ones (spaces count as empty), or the line `sep=;` that some
    /// spreadsheets put first; not a row.
    Blank,
    /// A row over [`MAX_RECORD`] or [`MAX_CELLS`]; it has no cells here.
    TooLong,
    /// A row whose last cell opens a quote that never closes, so that it holds the rest of the file.
    OpenQuote {
        /// The line on which the quote opens.
        opened: u64,
        /// How many lines after that one it swallowed.
        swallowed: u64,
    },
}

/// One record, borrowed from its reader.
#[derive(Clone, Copy, Debug)]
pub struct Record<'a> {
    /// The line the record begins on, counted from 1.
    pub line: u64,
    /// What it is.
    pub kind: Kind,
    text: &'a str,
    ends: &'a [usize],
}

impl<'a> Record<'a> {
    /// How many cells it has.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether it has no cells, as a line without any character and a record that is too long.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// A cell, without its quotes; empty where there is none.
    #[inline]
    pub fn field(&self, at: usize) -> &'a str {
        let start = match at.checked_sub(1) {
            Some(before) => self.ends.get(before),
            None => Some(&0),
        };
        match (start, self.ends.get(at)) {
            (Some(&start), Some(&end)) => self.text.get(start..end).unwrap_or_default(),
            _ => "",
        }
    }

    /// The cells in order.
    pub fn fields(self) -> impl ExactSizeIterator<Item = &'a str> {
        (0..self.len()).map(move |at| self.field(at))
    }
}

/// A file that should be UTF-8 has bytes that are not; nothing from this line on has been given out.
///
/// If the encoding was only detected, the whole file is read again as Windows-1252; if a person chose it,
/// [`Reader::replacing`] reads on with U+FFFD in place of those bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotUtf8 {
    /// The line on which the record with those bytes begins.
    pub line: u64,
}

impl fmt::Display for NotUtf8 {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {} is not UTF-8", self.line)
    }
}

impl std::error::Error for NotUtf8 {}

/// A finished record that waits in the batch.
#[derive(Clone, Copy, Debug)]
struct Waiting {
    line: u64,
    kind: Kind,
    /// Where its text ends in `out`, and its cells in `ends`; it begins where the one before it ends.
    out: usize,
    ends: usize,
}

/// Reads delimited text that is pushed in slices, and gives its records to a sink.
///
/// It allocates for the longest record and the widest, and not otherwise.
/// No input is an error to it but bytes that are no UTF-8 where that was asked for.
/// It cannot be cloned, because a clone of csv-core's reader loses its settings.
#[derive(Debug)]
pub struct Reader {
    core: csv_core::Reader,
    decoder: Decoder,
    decoded: Vec<u8>,
    replace: bool,
    failed: Option<NotUtf8>,

    /// The text of the waiting records and, from `start` to `filled`, of the record being read.
    out: Vec<u8>,
    start: usize,
    filled: usize,
    /// The ends of their cells, each counted from the start of its record.
    ends: Vec<usize>,
    ends_start: usize,
    ends_filled: usize,
    waiting: Vec<Waiting>,

    /// The line that the record being read begins on.
    line: u64,
    /// How many bytes of input the record being read has taken.
    taken: usize,
    /// Whether the last line ended with a carriage return, whose line feed may follow.
    after_cr: bool,
    /// What is known of a record too long to keep.
    skipped: Option<Skipped>,
}

/// What is known of a record that is not kept.
#[derive(Clone, Copy, Debug, Default)]
struct Skipped {
    /// How many bytes of its text have been dropped.
    dropped: usize,
    lines: Lines,
    /// How many line breaks came before its last cell so far.
    before_cell: u64,
}

/// Counts line breaks (`\r\n`, `\n` and `\r`) in slices cut anywhere.
#[derive(Clone, Copy, Debug, Default)]
struct Lines {
    breaks: u64,
    after_cr: bool,
    /// Whether the text so far ends with a line break.
    at_start: bool,
}

impl Lines {
    fn add(&mut self, text: &[u8]) {
        for at in memchr::memchr2_iter(b'\n', b'\r', text) {
            let before = match at.checked_sub(1) {
                Some(before) => text.get(before) == Some(&b'\r'),
                None => self.after_cr,
            };
            if !(before && text.get(at) == Some(&b'\n')) {
                self.breaks += 1;
            }
        }
        if let Some(last) = text.last() {
            self.after_cr = *last == b'\r';
            self.at_start = matches!(last, b'\r' | b'\n');
        }
    }

    /// A new cell begins.
    fn cut(&mut self) {
        self.after_cr = false;
        self.at_start = false;
    }
}

impl Reader {
    /// A reader at the beginning of a file; bytes that are no UTF-8 stop it.
    pub fn new(format: &Format) -> Reader {
        let mut builder = csv_core::ReaderBuilder::new();
        builder.delimiter(format.delimiter);
        match format.quote {
            Some(quote) => builder.quote(quote),
            None => builder.quoting(false),
        };
        let mut core = builder.build();
        // The decoder has taken the byte order mark off; this keeps the core from looking for one by itself, which it
        // does depending on how the input is cut.
        core.read_record(b"\n", &mut [0], &mut [0]);
        Reader {
            core,
            decoder: Decoder::new(format.encoding),
            decoded: Vec::new(),
            replace: false,
            failed: None,
            out: vec![0; BATCH],
            start: 0,
            filled: 0,
            ends: vec![0; BATCH / 16],
            ends_start: 0,
            ends_filled: 0,
            waiting: Vec::new(),
            line: 1,
            taken: 0,
            after_cr: false,
            skipped: None,
        }
    }

    /// The same reader, with U+FFFD in place of bytes that are no UTF-8.
    pub fn replacing(self) -> Reader {
        Reader {
            replace: true,
            ..self
        }
    }

    /// The line that the next record begins on.
    pub fn line(&self) -> u64 {
        self.line
    }

    /// Reads the next bytes of the file and gives every record they complete to `sink`.
    pub fn push(&mut self, bytes: &[u8], sink: &mut impl FnMut(Record<'_>)) -> Result<(), NotUtf8> {
        if self.decoder.passes() {
            return self.read(bytes, sink);
        }
        let mut decoded = std::mem::take(&mut self.decoded);
        let result = bytes.chunks(DECODE).try_for_each(|slice| {
            decoded.clear();
            self.decoder.decode(slice, &mut decoded);
            self.read(&decoded, sink)
        });
        self.decoded = decoded;
        result
    }

    /// Says that the file has ended, and gives its last record, if it has one, to `sink`.
    pub fn finish(&mut self, sink: &mut impl FnMut(Record<'_>)) -> Result<(), NotUtf8> {
        let mut decoded = std::mem::take(&mut self.decoded);
        decoded.clear();
        self.decoder.finish(&mut decoded);
        self.read(&decoded, sink)?;
        if self.taken > 0 {
            self.make_room();
            let room = self.ends.get_mut(self.ends_filled..).unwrap_or_default();
            // A line break ends every record but one that is within quotes; there it is one more character.
            let (result, ..) = self.core.read_record(b"\n", &mut [0], room);
            let open = result != ReadRecordResult::Record;
            if open {
                self.core.read_record(&[], &mut [], room);
            }
            if let Some(end) = room.first_mut() {
                *end -= usize::from(open);
                self.ends_filled += 1;
            }
            self.end_record(open);
        }
        self.flush(sink)
    }

    /// Reads UTF-8, or what should be.
    fn read(&mut self, bytes: &[u8], sink: &mut impl FnMut(Record<'_>)) -> Result<(), NotUtf8> {
        if let Some(failed) = self.failed {
            return Err(failed);
        }
        let mut rest = bytes;
        loop {
            if self.taken == 0 {
                rest = self.skip_breaks(rest);
            }
            if rest.is_empty() {
                break;
            }
            let (result, taken, written, ended) = self.core.read_record(
                rest,
                self.out.get_mut(self.filled..).unwrap_or_default(),
                self.ends.get_mut(self.ends_filled..).unwrap_or_default(),
            );
            self.taken += taken;
            self.filled += written;
            self.ends_filled += ended;
            let last = taken.checked_sub(1).and_then(|at| rest.get(at));
            match result {
                ReadRecordResult::Record => {
                    self.after_cr = last == Some(&b'\r');
                    self.end_record(false);
                }
                ReadRecordResult::OutputFull | ReadRecordResult::OutputEndsFull => {
                    self.flush(sink)?;
                    self.make_room();
                }
                ReadRecordResult::InputEmpty | ReadRecordResult::End => {}
            }
            rest = rest.get(taken..).unwrap_or_default();
        }
        self.flush(sink)
    }

    /// Takes line breaks off the front, where a record could begin: the rest of a `\r\n`, and blank lines, which the
    /// core would pass over without a word.
    fn skip_breaks<'b>(&mut self, mut rest: &'b [u8]) -> &'b [u8] {
        while let Some((&byte @ (b'\n' | b'\r'), after)) = rest.split_first() {
            if !(byte == b'\n' && self.after_cr) {
                self.wait(Kind::Blank);
                self.line += 1;
            }
            self.after_cr = byte == b'\r';
            rest = after;
        }
        if !rest.is_empty() {
            self.after_cr = false;
        }
        rest
    }

    /// Puts the record that has just ended with the waiting ones.
    fn end_record(&mut self, open: bool) {
        let text = self.out.get(self.start..self.filled).unwrap_or_default();
        let ends = self
            .ends
            .get(self.ends_start..self.ends_filled)
            .unwrap_or_default();
        let mut known = self.skipped.unwrap_or_default();
        // A quote is read but not written. Where none was, no line break can be within the record.
        if open || self.skipped.is_some() || self.taken > text.len() + ends.len() {
            known.add(text, ends, true);
        }
        let mut kind = if open {
            Kind::OpenQuote {
                opened: self.line + known.before_cell,
                swallowed: (known.lines.breaks - known.before_cell)
                    .saturating_sub(u64::from(known.lines.at_start)),
            }
        } else if self.skipped.is_some() {
            Kind::TooLong
        } else if is_blank(text) {
            Kind::Blank
        } else {
            Kind::Row
        };
        if self.skipped.take().is_some() {
            self.filled = self.start;
            self.ends_filled = self.ends_start;
        } else if self.line == 1 && kind == Kind::Row && text == b"sep=" && ends == [4, 4] {
            kind = Kind::Blank;
        }
        self.wait(kind);
        self.line += 1 + known.lines.breaks;
        self.taken = 0;
    }

    fn wait(&mut self, kind: Kind) {
        self.waiting.push(Waiting {
            line: self.line,
            kind,
            out: self.filled,
            ends: self.ends_filled,
        });
        self.start = self.filled;
        self.ends_start = self.ends_filled;
    }

    /// Makes room for more of the record being read, after a flush: its buffers grow, or it is dropped.
    fn make_room(&mut self) {
        let text = self.filled - self.start;
        let cells = self.ends_filled - self.ends_start;
        if let Some(skipped) = &mut self.skipped {
            skipped.add(
                self.out.get(self.start..self.filled).unwrap_or_default(),
                self.ends
                    .get(self.ends_start..self.ends_filled)
                    .unwrap_or_default(),
                false,
            );
            self.filled = self.start;
            self.ends_filled = self.ends_start;
        } else if text > MAX_RECORD || cells >= MAX_CELLS {
            self.skipped = Some(Skipped::default());
            self.make_room();
            self.out.truncate(BATCH.max(self.start + 1));
            self.out.shrink_to_fit();
        } else {
            if self.filled == self.out.len() {
                self.out
                    .resize((self.out.len() * 2).clamp(BATCH, self.start + MAX_RECORD + 1), 0);
            }
            if self.ends_filled == self.ends.len() {
                self.ends.resize(self.ends.len() * 2, 0);
            }
        }
    }

    /// Gives the waiting records to the sink and moves the record being read to the front.
    fn flush(&mut self, sink: &mut impl FnMut(Record<'_>)) -> Result<(), NotUtf8> {
        let mut result = Ok(());
        if let Some(last) = self.waiting.last() {
            let bytes = self.out.get(..last.out).unwrap_or_default();
            // One check for the whole batch; only where it fails is each record looked at.
            match simdutf8::basic::from_utf8(bytes)
                .ok()
                .filter(|text| self.cells_are_text(text))
            {
                Some(text) => {
                    let (mut start, mut ends_start) = (0, 0);
                    for waiting in &self.waiting {
                        sink(Record {
                            line: waiting.line,
                            kind: waiting.kind,
                            text: text.get(start..waiting.out).unwrap_or_default(),
                            ends: self.ends.get(ends_start..waiting.ends).unwrap_or_default(),
                        });
                        (start, ends_start) = (waiting.out, waiting.ends);
                    }
                }
                None => result = self.give_one_by_one(sink),
            }
        }
        if self.start > 0 {
            self.out.copy_within(self.start..self.filled, 0);
            self.filled -= self.start;
            self.start = 0;
        }
        if self.ends_start > 0 {
            self.ends.copy_within(self.ends_start..self.ends_filled, 0);
            self.ends_filled -= self.ends_start;
            self.ends_start = 0;
        }
        self.waiting.clear();
        self.failed = result.err();
        result
    }

    /// Whether every cell of the waiting records begins and ends between two characters.
    ///
    /// Half a character at the end of one cell and half at the start of the next are a whole one side by side.
    fn cells_are_text(&self, text: &str) -> bool {
        let (mut start, mut ends_start) = (0, 0);
        self.waiting.iter().all(|waiting| {
            let ends = self.ends.get(ends_start..waiting.ends).unwrap_or_default();
            let fine = ends.iter().all(|end| text.is_char_boundary(start + end));
            (start, ends_start) = (waiting.out, waiting.ends);
            fine
        })
    }

    /// Gives the waiting records to the sink, up to the first that is no UTF-8, or all of them with U+FFFD.
    #[cold]
    fn give_one_by_one(&self, sink: &mut impl FnMut(Record<'_>)) -> Result<(), NotUtf8> {
        let (mut start, mut ends_start) = (0, 0);
        for &Waiting {
            line,
            kind,
            out,
            ends: ends_end,
        } in &self.waiting
        {
            let bytes = self.out.get(start..out).unwrap_or_default();
            let ends = self.ends.get(ends_start..ends_end).unwrap_or_default();
            (start, ends_start) = (out, ends_end);
            let (mut text, mut text_ends, mut cell_start) = (String::new(), Vec::new(), 0);
            for &end in ends {
                let cell = String::from_utf8_lossy(bytes.get(cell_start..end).unwrap_or_default());
                if !self.replace && matches!(cell, std::borrow::Cow::Owned(_)) {
                    return Err(NotUtf8 { line });
                }
                text.push_str(&cell);
                text_ends.push(text.len());
                cell_start = end;
            }
            sink(Record {
                line,
                kind,
                text: &text,
                ends: &text_ends,
            });
        }
        Ok(())
    }
}

impl Skipped {
    /// Counts a piece of the record's text, in which the cells of `ends` end, counted from the record's start.
    fn add(&mut self, text: &[u8], ends: &[usize], last: bool) {
        let mut start = 0;
        for (at, end) in ends.iter().enumerate() {
            let end = end - self.dropped;
            self.lines.add(text.get(start..end).unwrap_or_default());
            start = end;
            // The last cell of the record ends with it, and no other follows.
            if !(last && at + 1 == ends.len()) {
                self.before_cell = self.lines.breaks;
                self.lines.cut();
            }
        }
        self.lines.add(text.get(start..).unwrap_or_default());
        self.dropped += text.len();
    }
}

/// Whether a record's text is nothing but spaces.
fn is_blank(text: &[u8]) -> bool {
    match text.first() {
        None => true,
        Some(b'!'..=b'~') => false,
        Some(_) => std::str::from_utf8(text).is_ok_and(|text| text.trim().is_empty()),
    }
}
