//! What comes out of files, in a person's words.

use super::*;
use model::import::{Encoding, Format};
use proptest::prelude::*;

/// The sizes of the slices that every file is read in; 0 is all at once.
const SIZES: [usize; 6] = [1, 2, 3, 7, 64, 0];

fn comma() -> Format {
    Format {
        encoding: Encoding::Utf8,
        delimiter: b',',
        quote: Some(b'"'),
        header: true,
    }
}

/// Every record as `line kind: cell|cell`, where a row needs no kind.
fn records(format: &Format, bytes: &[u8], size: usize) -> Result<Vec<String>, NotUtf8> {
    read(Reader::new(format), bytes, size)
}

fn read(mut reader: Reader, bytes: &[u8], size: usize) -> Result<Vec<String>, NotUtf8> {
    let mut out = Vec::new();
    let mut sink = |record: Record<'_>| {
        let kind = match record.kind {
            Kind::Row => String::new(),
            Kind::Blank => " blank".to_owned(),
            Kind::TooLong => " too long".to_owned(),
            Kind::OpenQuote { opened, swallowed } => format!(" open from {opened}, swallowed {swallowed}"),
        };
        out.push(format!(
            "{}{kind}: {}",
            record.line,
            record.fields().collect::<Vec<_>>().join("|")
        ));
    };
    let size = if size == 0 { bytes.len().max(1) } else { size };
    for slice in bytes.chunks(size) {
        reader.push(slice, &mut sink)?;
    }
    reader.finish(&mut sink)?;
    Ok(out)
}

/// One test for each line: a file, and its records whatever the slices.
macro_rules! reads {
    ($($name:ident: $format:expr, $text:expr => [$($record:expr),* $(,)?];)*) => {
        $(#[test]
        fn $name() {
            for size in SIZES {
                let expected: Vec<String> = vec![$($record.to_owned()),*];
                assert_eq!(records(&$format, $text.as_ref(), size), Ok(expected), "in slices of {size}");
            }
        })*
    };
}

reads! {
    an_empty_file_has_no_records: comma(), "" => [];
    a_row_needs_no_line_break: comma(), "a,b" => ["1: a|b"];
    line_breaks_of_every_kind_end_a_row: comma(), "a\nb\r\nc\rd" => ["1: a", "2: b", "3: c", "4: d"];
    blank_lines_are_records_of_their_own: comma(), "a\n\nb\r\n\r\n\rc\n" =>
        ["1: a", "2 blank: ", "3: b", "4 blank: ", "5 blank: ", "6: c"];
    empty_cells_and_spaces_are_blank: comma(), "a,b\n,\n \u{a0},\t\n\"\",\n" =>
        ["1: a|b", "2 blank: |", "3 blank:  \u{a0}|\t", "4 blank: |"];
    quotes_keep_separators_and_doubled_quotes: comma(), "\"a,\"\"b\"\"\",c\n" => ["1: a,\"b\"|c"];
    text_after_a_closing_quote_belongs_to_the_cell: comma(), "\"a\"b,c\n" => ["1: ab|c"];
    a_quote_within_a_cell_is_a_character: comma(), "5\" screen,b\nc,d\n" => ["1: 5\" screen|b", "2: c|d"];
    lines_within_quotes_count: comma(), "\"a\nb\",\"c\r\nd\re\"\nf\n\"\n\"\ng" =>
        ["1: a\nb|c\r\nd\re", "5: f", "6 blank: \n", "8: g"];
    line_breaks_of_two_cells_are_two: comma(), "\"a\r\",\"\nb\"\nc" => ["1: a\r|\nb", "4: c"];
    rows_are_as_wide_as_they_are: comma(), "a,b\nc\nd,e,f\n" => ["1: a|b", "2: c", "3: d|e|f"];
    a_byte_order_mark_is_no_text: comma(), "\u{feff}a,b\n" => ["1: a|b"];
    a_second_byte_order_mark_is: comma(), "\u{feff}\u{feff}a\n" => ["1: \u{feff}a"];
    an_open_quote_swallows_the_rest: comma(), "a,b\nc,\"d\ne,f\ng,h\n" =>
        ["1: a|b", "2 open from 2, swallowed 2: c|d\ne,f\ng,h\n"];
    an_open_quote_swallows_a_last_line_without_a_break: comma(), "a,\"b\nc" => ["1 open from 1, swallowed 1: a|b\nc"];
    an_open_quote_may_swallow_nothing: comma(), "a\nb,\"c" => ["1: a", "2 open from 2, swallowed 0: b|c"];
    an_open_quote_opens_on_its_own_line: comma(), "\"a\nb\",\"c\nd\n" => ["1 open from 2, swallowed 1: a\nb|c\nd\n"];
    a_closed_quote_at_the_end_is_none: comma(), "a,\"b\nc\"" => ["1: a|b\nc"];
    an_empty_quote_at_the_end_is_none: comma(), "a,\"\"" => ["1: a|"];
    the_separator_line_of_spreadsheets_is_no_row:
        Format { delimiter: b';', ..comma() }, "sep=;\r\na;b\r\n" => ["1 blank: sep=|", "2: a|b"];
    without_a_quote_nothing_is_quoted: Format { quote: None, ..comma() }, "\"a,b\"\n" => ["1: \"a|b\""];
    another_quote: Format { quote: Some(b'\''), ..comma() }, "'a,b',\"c\"\n" => ["1: a,b|\"c\""];
    characters_of_many_bytes: Format { delimiter: b'\t', ..comma() }, "明\t🦊\nさ\tŁ\n" => ["1: 明|🦊", "2: さ|Ł"];
    windows_1252: Format { encoding: Encoding::Windows1252, delimiter: b';', ..comma() },
        b"Jos\xe9;10 \x80\r\n" => ["1: José|10 €"];
    utf_16: Format { encoding: Encoding::Utf16Le, ..comma() },
        "\u{feff}é,🦊\r\nb,c".encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>() => ["1: é|🦊", "2: b|c"];
    a_nul_is_a_character: comma(), "A\0B,c\n" => ["1: A\0B|c"];
}

#[test]
fn bytes_that_are_no_utf_8_stop_the_reader_at_their_line() {
    for size in SIZES {
        for text in [
            &b"a\nb\nJos\xe9,1\nc\n"[..],
            b"a\nb\n\xc3,\xa9\nc\n",
            b"a\nb\nJos\xe9",
            b"a\nb\nx,\xc3",
        ] {
            assert_eq!(
                records(&comma(), text, size),
                Err(NotUtf8 { line: 3 }),
                "{text:?} in slices of {size}"
            );
        }
    }
}

#[test]
fn a_stopped_reader_stays_stopped() {
    let mut reader = Reader::new(&comma());
    assert!(reader.push(b"a,\xff\n", &mut |_| ()).is_err());
    assert!(reader.push(b"b\n", &mut |_| ()).is_err());
    assert!(reader.finish(&mut |_| ()).is_err());
}

#[test]
fn a_replacing_reader_reads_on() {
    for size in SIZES {
        let rows = read(
            Reader::new(&comma()).replacing(),
            b"a,b\nJos\xe9,\xc3\n\xa9,c\n",
            size,
        );
        assert_eq!(
            rows,
            Ok(vec![
                "1: a|b".into(),
                "2: Jos\u{fffd}|\u{fffd}".into(),
                "3: \u{fffd}|c".into()
            ])
        );
    }
}

/// The beginnings of the records of a file too large to spell out.
fn beginnings(text: &[u8], size: usize) -> Vec<String> {
    let rows = records(&comma(), text, size).unwrap_or_default();
    rows.into_iter()
        .map(|row| row.chars().take(40).collect())
        .collect()
}

#[test]
fn a_row_that_is_too_long_is_told_and_the_next_is_read() {
    let mut text = b"a,b\n".to_vec();
    text.resize(text.len() + MAX_RECORD + 10, b'x');
    text.extend_from_slice(b"\nc,d\n");
    for size in [1000, 1 << 20, 0] {
        assert_eq!(beginnings(&text, size), ["1: a|b", "2 too long: ", "3: c|d"]);
    }
}

#[test]
fn a_row_at_the_limit_is_kept() {
    let mut text = vec![b'x'; MAX_RECORD];
    text.extend_from_slice(b"\nc,d\n");
    let rows = records(&comma(), &text, 1 << 20).unwrap_or_default();
    assert_eq!(
        rows.iter().map(String::len).collect::<Vec<_>>(),
        [MAX_RECORD + 3, 6]
    );
}

#[test]
fn a_row_of_too_many_cells_is_told_and_the_next_is_read() {
    let mut text = vec![b','; MAX_CELLS + 10];
    text.extend_from_slice(b"\nc,d\n");
    for size in [1000, 0] {
        assert_eq!(beginnings(&text, size), ["1 too long: ", "2: c|d"]);
    }
}

#[test]
fn an_open_quote_may_swallow_more_than_is_kept() {
    let mut text = b"a,b\n\"1\n2\",\"".to_vec();
    for _ in 0..MAX_RECORD / 10 + 1000 {
        text.extend_from_slice(b"12345678\r\n");
    }
    let lines = MAX_RECORD / 10 + 1000 - 1;
    for size in [1001, 1 << 20, 0] {
        assert_eq!(
            beginnings(&text, size),
            ["1: a|b".to_owned(), format!("2 open from 3, swallowed {lines}: ")]
        );
    }
}

#[test]
fn a_long_quoted_row_that_closes_counts_its_lines() {
    let mut text = b"\"".to_vec();
    for _ in 0..MAX_RECORD / 10 + 1000 {
        text.extend_from_slice(b"12345678\r\n");
    }
    text.extend_from_slice(b"\",x\nc,d");
    let next = MAX_RECORD / 10 + 1000 + 2;
    for size in [1001, 0] {
        assert_eq!(
            beginnings(&text, size),
            ["1 too long: ".to_owned(), format!("{next}: c|d")]
        );
    }
}

/// What `sniff` says of a whole file: encoding, separator, quote, header, problem.
fn sniffed(bytes: &[u8]) -> (Encoding, char, char, bool, Option<NotCsv>) {
    let Sniffed { format, problem, .. } = sniff(bytes, true);
    (
        format.encoding,
        char::from(format.delimiter),
        char::from(format.quote.unwrap_or(b' ')),
        format.header,
        problem,
    )
}

#[test]
fn a_file_is_known_by_its_bytes() {
    let utf16 = |text: &str| {
        text.encode_utf16()
            .flat_map(u16::to_be_bytes)
            .collect::<Vec<u8>>()
    };
    for (what, bytes, expected) in [
        ("plain", b"email,name\na@example.com,Ana\n".to_vec(), (Encoding::Utf8, ',', '"', true, None)),
        ("no header", b"a@example.com,Ana\nb@example.com,Eva\n".to_vec(), (Encoding::Utf8, ',', '"', false, None)),
        ("one row", b"a@example.com,Ana".to_vec(), (Encoding::Utf8, ',', '"', false, None)),
        ("one column", b"email\na@example.com\n".to_vec(), (Encoding::Utf8, ',', '"', true, None)),
        ("tabs", b"email\tname\na@example.com\tL, A\n".to_vec(), (Encoding::Utf8, '\t', '"', true, None)),
        ("bars", b"email|name\na@example.com|L; A\n".to_vec(), (Encoding::Utf8, '|', '"', true, None)),
        ("decimal commas", b"email;x;y\na@example.com;1,5;2,5\n".to_vec(), (Encoding::Utf8, ';', '"', true, None)),
        ("decimal commas alone", b"a@example.com;1,5\nb@example.com;2,5\n".to_vec(), (Encoding::Utf8, ';', '"', false, None)),
        ("quoted separators", b"email,notes\na@example.com,\"x;y\nz;\"\n".to_vec(), (Encoding::Utf8, ',', '"', true, None)),
        ("apostrophes", b"'email','name'\n'a@example.com','L, A'\n".to_vec(), (Encoding::Utf8, ',', '\'', true, None)),
        ("guards", b"email,name\na@example.com,'=x\nb@example.com,'+1\n".to_vec(), (Encoding::Utf8, ',', '"', true, None)),
        ("sep", b"sep=;\r\nemail;name\r\na@example.com;Ana\r\n".to_vec(), (Encoding::Utf8, ';', '"', true, None)),
        ("title", b"Our list\nemail;name;city\na@example.com;Ana;X\nb@example.com;Eva;Y\nc@example.com;Pia;Z\nd@example.com;Lea;Z\n".to_vec(),
            (Encoding::Utf8, ';', '"', true, None)),
        ("mark", "\u{feff}email;Größe\na@example.com;1\n".as_bytes().to_vec(), (Encoding::Utf8, ';', '"', true, None)),
        ("latin", b"email;ciudad\na@example.com;M\xe1laga\n".to_vec(), (Encoding::Windows1252, ';', '"', true, None)),
        ("utf-16", utf16("\u{feff}email\tciudad\na@example.com\tMálaga\n"), (Encoding::Utf16Be, '\t', '"', true, None)),
        ("utf-16, no mark", utf16("email\tciudad\na@example.com\tMálaga\n"), (Encoding::Utf16Be, '\t', '"', true, None)),
        ("utf-16, no latin", utf16("名前\t市\n王さん\t東京\n田中さん\t大阪\n"), (Encoding::Utf16Be, '\t', '"', true, None)),
        ("words only", b"animal,colour\ncat,black\n".to_vec(), (Encoding::Utf8, ',', '"', true, None)),
        ("empty", b"".to_vec(), (Encoding::Utf8, ',', '"', true, Some(NotCsv::Empty))),
        ("spaces", b" \r\n\r\n".to_vec(), (Encoding::Utf8, ',', '"', true, Some(NotCsv::Empty))),
        ("header only", b"email,name\r\n".to_vec(), (Encoding::Utf8, ',', '"', true, Some(NotCsv::OnlyHeader))),
    ] {
        assert_eq!(sniffed(&bytes), expected, "{what}");
    }
}

#[test]
fn other_files_are_told_apart() {
    for (bytes, expected) in [
        (&b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"[..], NotCsv::Picture),
        (
            b"PK\x03\x04\x14\0\x06\0[Content_Types].xml xl/workbook.xml",
            NotCsv::Spreadsheet,
        ),
        (b"PK\x03\x04\x14\0\x06\0contacts.csv", NotCsv::Compressed),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", NotCsv::Spreadsheet),
        (b"\x1f\x8b\x08\0", NotCsv::Compressed),
        (b"%PDF-1.7\n", NotCsv::Pdf),
        (b"\xef\xbb\xbf<!DOCTYPE html><table>", NotCsv::Markup),
        (b"{\"contacts\": []}", NotCsv::Json),
        (b"\x01\x02\x03\0\0\x07\x08 abc", NotCsv::Binary),
    ] {
        let problem = sniff(bytes, true).problem;
        assert_eq!(problem, Some(expected));
        assert!(problem.is_some_and(|problem| !problem.problem().help.is_empty()));
    }
}

#[test]
fn too_many_columns_are_told() {
    let mut text = "email".to_owned();
    for column in 1..=MAX_COLUMNS {
        text.push_str(&format!(",c{column}"));
    }
    text.push_str("\na@example.com\n");
    assert_eq!(
        sniff(text.as_bytes(), true).problem,
        Some(NotCsv::Columns(MAX_COLUMNS + 1))
    );
}

#[test]
fn a_sample_may_end_anywhere() {
    let text = "email;ciudad\na@example.com;Málaga\nb@example.com;Ávila\n".repeat(3);
    for end in 14..text.len() {
        let bytes = text.as_bytes().get(..end).unwrap_or_default();
        let format = sniff(bytes, false).format;
        assert_eq!(
            (format.encoding, format.delimiter, format.header),
            (Encoding::Utf8, b';', true),
            "at {end}"
        );
    }
}

#[test]
fn a_mixture_of_encodings_is_doubted() {
    assert!(
        !sniff(b"email,name\na@example.com,Jos\xe9\n", true)
            .doubts
            .encoding
    );
    assert!(
        sniff(b"email,name\na@example.com,Jos\xe9 and Jos\xc3\xa9\n", true)
            .doubts
            .encoding
    );
    assert!(
        sniff(b"email,name\na@example.com,Jos\xe9\x81\n", true)
            .doubts
            .encoding
    );
}

/// A file of these rows of cells, as text.
fn written(rows: &[&[&str]], delimiter: u8, guard: bool) -> String {
    let mut writer = Writer::new(delimiter, Encoding::Utf8, false, guard);
    for row in rows {
        for cell in *row {
            writer.cell(cell, false);
        }
        writer.end_row();
    }
    String::from_utf8(writer.take()).unwrap_or_default()
}

#[test]
fn cells_are_quoted_only_where_they_must() {
    for (row, expected) in [
        (&["a", "b c", ""][..], "a,b c,\r\n"),
        (&["a,b", "c;d"], "\"a,b\",c;d\r\n"),
        (
            &["say \"x\"", "two\nlines"],
            "\"say \"\"x\"\"\",\"two\nlines\"\r\n",
        ),
        (&[" a", "b "], "\" a\",\"b \"\r\n"),
        (&[""], "\"\"\r\n"),
    ] {
        assert_eq!(written(&[row], b',', false), expected);
    }
}

#[test]
fn formulas_are_guarded_and_taken_off_again() {
    for (text, guarded) in [
        ("=1+1", "'=1+1"),
        ("'=1+1", "''=1+1"),
        ("@x", "'@x"),
        ("-5", "'-5"),
        ("'quoted'", "'quoted'"),
        ("plain", "plain"),
        ("''", "''"),
    ] {
        assert_eq!(written(&[&[text]], b',', true).trim_end(), guarded);
        assert_eq!(crate::value::unguarded(guarded), text);
    }
    let mut writer = Writer::new(b',', Encoding::Utf8, true, true);
    writer.cell("+34600000000", true);
    writer.end_row();
    assert_eq!(writer.take(), "\u{feff}+34600000000\r\n".as_bytes());
}

#[test]
fn what_windows_1252_cannot_hold_is_counted() {
    let mut writer = Writer::new(b';', Encoding::Windows1252, true, false);
    writer.cell("José 10 € \"明🦊\"", false);
    writer.end_row();
    assert_eq!(writer.take(), b"\"Jos\xe9 10 \x80 \"\"??\"\"\"\r\n");
    assert_eq!(writer.unencodable(), 2);
}

proptest! {
    #[test]
    fn what_is_written_is_read_again(
        rows in prop::collection::vec(prop::collection::vec("[a-c,;\"'=\r\n é明\u{feff}-]{0,6}", 1..4), 1..5),
        delimiter in prop::sample::select(vec![b',', b';', b'\t', b'|']),
        guard: bool,
        size in 1usize..20,
    ) {
        let refs: Vec<Vec<&str>> = rows.iter().map(|row| row.iter().map(String::as_str).collect()).collect();
        let refs: Vec<&[&str]> = refs.iter().map(Vec::as_slice).collect();
        let mut text = written(&refs, delimiter, guard);
        // Else a first cell that begins with one would be taken for the mark of the file.
        text.insert(0, '\u{feff}');
        let format = Format { delimiter, ..comma() };
        let mut reader = Reader::new(&format);
        let mut back = Vec::new();
        let mut sink = |record: Record<'_>| {
            let unguarded = |cell| if guard { crate::value::unguarded(cell) } else { cell };
            back.push(record.fields().map(|cell| unguarded(cell).to_owned()).collect::<Vec<_>>());
        };
        for slice in text.as_bytes().chunks(size) {
            prop_assert_eq!(reader.push(slice, &mut sink), Ok(()));
        }
        prop_assert_eq!(reader.finish(&mut sink), Ok(()));
        prop_assert_eq!(back, rows);
    }

    #[test]
    fn any_bytes_read_the_same_in_any_slices(
        bytes in prop::collection::vec(prop::sample::select(b"ab,\"\"\r\n\n\xc3\xa9 \xef\xbb\xbf".to_vec()), 0..60),
        size in 1usize..9,
    ) {
        let replacing = || Reader::new(&comma()).replacing();
        prop_assert_eq!(read(replacing(), &bytes, size), read(replacing(), &bytes, 0));
    }
}
