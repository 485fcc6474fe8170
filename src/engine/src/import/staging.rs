//! Staging: rows parsed ahead of everything, good ones kept as pages, bad ones as rejected rows.

use super::plan::{Output, Plan};
use crate::column::{Cell, NONE};
use crate::csv::{Kind, Record, Writer};
use crate::page::{GROUP, Page, page_of_numbers, text_page};
use crate::sort::sort_by_key;
use crate::value::{Parsed, unguarded};
use litemap::LiteMap;
use model::import::{Encoding, ProblemCount, Reject};
use std::rc::Rc;

/// The values of one slot, for the rows of the group being filled.
#[derive(Debug)]
enum Builder {
    Text {
        bytes: Vec<u8>,
        ends: Vec<u32>,
    },
    Number(Vec<i64>),
    /// A literal: nothing to keep.
    Same,
}

impl Builder {
    fn new(number: bool) -> Builder {
        if number {
            Builder::Number(Vec::new())
        } else {
            Builder::Text {
                bytes: Vec::new(),
                ends: Vec::new(),
            }
        }
    }

    fn truncate(&mut self, rows: usize) {
        match self {
            Builder::Text { bytes, ends } => {
                ends.truncate(rows);
                bytes.truncate(ends.last().map_or(0, |end| *end as usize));
            }
            Builder::Number(numbers) => numbers.truncate(rows),
            Builder::Same => {}
        }
    }

    fn push(&mut self, value: Parsed<'_>) {
        match (self, value) {
            (Builder::Text { bytes, ends }, value) => {
                if let Parsed::Text(text) = value {
                    bytes.extend_from_slice(text.as_bytes());
                }
                ends.push(bytes.len() as u32);
            }
            (Builder::Number(numbers), Parsed::Number(number)) => numbers.push(number),
            (Builder::Number(numbers), _) => numbers.push(NONE),
            (Builder::Same, _) => {}
        }
    }

    /// Adds empty values up to so many rows.
    fn pad(&mut self, rows: usize) {
        match self {
            Builder::Text { bytes, ends } => ends.resize(rows, bytes.len() as u32),
            Builder::Number(numbers) => numbers.resize(rows, NONE),
            Builder::Same => {}
        }
    }

    fn page(&self) -> Option<Rc<Page>> {
        match self {
            Builder::Text { bytes, ends } => {
                let texts = (0..ends.len()).map(|row| {
                    let start = row.checked_sub(1).map_or(0, |before| ends[before] as usize);
                    &bytes[start..ends[row] as usize]
                });
                Some(text_page(texts))
            }
            Builder::Number(numbers) => Some(page_of_numbers(numbers)),
            Builder::Same => None,
        }
    }
}

/// A full group: its builders, and the pages made of the first ones.
#[derive(Debug)]
struct Freezing {
    builders: Vec<Builder>,
    pages: Vec<Option<Rc<Page>>>,
}

/// Rows of a file, parsed.
#[derive(Debug)]
pub struct Staging {
    /// The plan they were parsed by.
    pub plan: Plan,
    /// Rows read so far.
    pub read: u64,
    /// Blank lines so far.
    pub blank: u64,
    /// Rows with fewer cells than the header.
    pub short: u64,
    /// Bad values left out.
    pub left_out: u64,
    /// Rejected rows so far.
    pub rejected: u64,
    rejects: Writer,
    problems: LiteMap<(String, String), ProblemCount>,
    builders: Vec<Builder>,
    rows: usize,
    lines: Vec<i64>,
    /// Groups that are full but whose pages are not all made.
    freezing: Vec<Freezing>,
    /// For each full group the pages of its slots, as far as they are made.
    pub(super) groups: Vec<Vec<Option<Rc<Page>>>>,
    /// For each full group the lines of its rows.
    pub(super) line_pages: Vec<Rc<Page>>,
    /// Good rows so far.
    pub(super) staged: u32,
    /// Names of segments met in *Segments* columns.
    pub(super) segment_names: Vec<String>,
    /// The row and the name's place, for each membership of a *Segments* column.
    pub(super) memberships: Vec<(u32, u32)>,
    /// Where both keys are mapped: the original cells of every good row, since it may still be rejected.
    originals: Option<(Vec<u8>, Vec<usize>)>,
    header_seen: bool,
    scratch: String,
    text: String,
    done: bool,
}

impl Staging {
    /// An empty staging.
    pub fn new(plan: Plan) -> Staging {
        let mut rejects = Writer::new(plan.spec.format.delimiter, Encoding::Utf8, true, false);
        for column in &plan.columns {
            rejects.cell(column, true);
        }
        for column in ["line", "column", "reason"] {
            rejects.cell(column, true);
        }
        rejects.end_row();
        let originals = (plan.email.is_some() && plan.external.is_some()).then(|| (Vec::new(), vec![0]));
        Staging {
            builders: builders(&plan),
            plan,
            read: 0,
            blank: 0,
            short: 0,
            left_out: 0,
            rejected: 0,
            rejects,
            problems: LiteMap::new(),
            rows: 0,
            lines: Vec::new(),
            freezing: Vec::new(),
            groups: Vec::new(),
            line_pages: Vec::new(),
            staged: 0,
            segment_names: Vec::new(),
            memberships: Vec::new(),
            originals,
            header_seen: false,
            scratch: String::new(),
            text: String::new(),
            done: false,
        }
    }

    /// Takes the next record of the file.
    pub fn record(&mut self, record: Record<'_>) {
        match record.kind {
            Kind::Blank => {
                self.blank += 1;
                return;
            }
            _ if self.plan.spec.format.header && !self.header_seen => {
                self.header_seen = true;
                return;
            }
            _ => {}
        }
        self.read += 1;
        let columns = self.plan.columns.len();
        match record.kind {
            Kind::OpenQuote { opened, swallowed } => {
                let reason = format!(
                    "The quote opened on line {opened} never closes and swallows {swallowed} more {}",
                    if swallowed == 1 { "line" } else { "lines" }
                );
                return self.reject(&record, "", "a quote that never closes", reason, "");
            }
            Kind::TooLong => {
                let reason = "The row is longer than a row can be".to_owned();
                return self.reject(&record, "", "too long", reason, "");
            }
            _ => {}
        }
        if record.len() > columns && (columns..record.len()).any(|at| !record.field(at).trim().is_empty()) {
            let reason = format!(
                "The row has {} cells, and the file {columns} columns",
                record.len()
            );
            return self.reject(&record, "", "too many cells", reason, "");
        }
        let (names, left_out) = (self.memberships.len(), self.left_out);
        match self.stage(&record) {
            Ok(()) => {
                if record.len() < columns {
                    self.short += 1;
                }
                self.keep(&record);
            }
            Err(bad) => {
                let rows = self.rows;
                self.builders
                    .iter_mut()
                    .for_each(|builder| builder.truncate(rows));
                self.memberships.truncate(names);
                self.left_out = left_out;
                self.reject(&record, &bad.column, &bad.kind, bad.reason, &bad.value);
            }
        }
    }

    /// Parses the cells of a row into the builders.
    fn stage(&mut self, record: &Record<'_>) -> Result<(), Bad> {
        let Staging {
            plan,
            builders,
            text,
            scratch,
            ..
        } = self;
        let leave_out = plan.spec.options.leave_out_bad;
        let (mut email, mut external) = (false, false);
        for source in &plan.sources {
            let cell = unguarded(record.field(source.column));
            let cell = if source.values.is_empty() {
                cell
            } else {
                translated(source, cell)
            };
            let cell = if source.trim { cell.trim() } else { cell };
            let cell = if source.fix_capitals {
                capitals(cell, text)
            } else {
                cell
            };
            match &source.output {
                Output::Segments(separator) => {
                    for name in crate::mapping::segment_names(cell, separator) {
                        let name = crate::define::clean_name(name).map_err(|_| Bad {
                            column: source.name.clone(),
                            kind: "segment name".to_owned(),
                            reason: format!(
                                "A segment name has at most {} characters, none of them a control character",
                                model::field::MAX_NAME
                            ),
                            value: cell.to_owned(),
                        })?;
                        let known = self.segment_names.iter().position(|other| *other == name);
                        let at = known.unwrap_or_else(|| {
                            self.segment_names.push(name);
                            self.segment_names.len() - 1
                        });
                        self.memberships.push((self.staged, at as u32));
                    }
                }
                Output::Name(first, last) => {
                    let (given, family) = cell
                        .trim()
                        .split_once(char::is_whitespace)
                        .unwrap_or((cell.trim(), ""));
                    for (slot, part) in [(*first, given), (*last, family.trim())] {
                        let parsed = plan.slots[slot].parser.parse(part, scratch);
                        let parsed =
                            parsed.map_err(|bad| Bad::value(source, &plan.slots[slot].def, bad, part))?;
                        builders[slot].push(parsed);
                    }
                }
                Output::Slot(slot) if plan.slots[*slot].options.is_some() => {
                    let slot_index = *slot;
                    let slot = &mut plan.slots[slot_index];
                    match chosen(slot, cell) {
                        Some(ids) if ids.is_empty() => builders[slot_index].push(Parsed::Empty),
                        Some(ids) => builders[slot_index].push(Parsed::Text(&ids)),
                        None => {
                            return Err(Bad {
                                column: source.name.clone(),
                                kind: "too many options".to_owned(),
                                reason: format!("{} would have more than 120 options", slot.def.name),
                                value: cell.to_owned(),
                            });
                        }
                    }
                }
                Output::Slot(slot) => {
                    let (index, slot) = (*slot, &plan.slots[*slot]);
                    let parsed = match slot.parser.parse(cell, scratch) {
                        Ok(parsed) => parsed,
                        Err(bad) => {
                            let bad = Bad::value(source, &slot.def, bad, cell);
                            if !leave_out {
                                return Err(bad);
                            }
                            self.left_out += 1;
                            count(&mut self.problems, &bad, record.line, true);
                            Parsed::Empty
                        }
                    };
                    email = email || (plan.email == Some(index) && parsed != Parsed::Empty);
                    external = external || (plan.external == Some(index) && parsed != Parsed::Empty);
                    builders[index].push(parsed);
                }
            }
        }
        if email || external {
            return Ok(());
        }
        Err(Bad {
            column: String::new(),
            kind: "no key".to_owned(),
            reason: match (plan.email.is_some(), plan.external.is_some()) {
                (true, true) => "The row has neither an email nor an external ID".to_owned(),
                (true, false) => "The row has no email".to_owned(),
                _ => "The row has no external ID".to_owned(),
            },
            value: String::new(),
        })
    }

    /// Counts the row just staged, and puts a full group aside.
    fn keep(&mut self, record: &Record<'_>) {
        self.rows += 1;
        self.staged += 1;
        self.lines.push(record.line as i64);
        let rows = self.rows;
        self.builders.iter_mut().for_each(|builder| builder.pad(rows));
        if let Some((bytes, ends)) = &mut self.originals {
            for cell in record.fields() {
                bytes.extend_from_slice(cell.as_bytes());
                bytes.push(0x1f);
            }
            ends.push(bytes.len());
        }
        if self.rows == GROUP as usize {
            self.seal();
        }
    }

    fn seal(&mut self) {
        if self.rows == 0 {
            return;
        }
        let builders = std::mem::replace(&mut self.builders, builders(&self.plan));
        self.freezing.push(Freezing {
            builders,
            pages: Vec::new(),
        });
        self.line_pages.push(page_of_numbers(&self.lines));
        self.lines.clear();
        self.rows = 0;
    }

    /// Makes one page of a full group; says whether there is more to do. Call it after each slice of the file.
    pub fn step(&mut self) -> bool {
        let Some(Freezing { builders, pages }) = self.freezing.first_mut() else {
            return false;
        };
        if let Some(builder) = builders.get_mut(pages.len()) {
            pages.push(builder.page());
            *builder = Builder::Same;
        }
        if pages.len() == builders.len() {
            let done = self.freezing.remove(0);
            self.groups.push(done.pages);
        }
        !self.freezing.is_empty()
    }

    /// Says that the file has ended; [`Staging::step`] goes on until it says no.
    pub fn finish(&mut self) {
        if !self.done {
            self.done = true;
            self.seal();
        }
    }

    fn reject(&mut self, record: &Record<'_>, column: &str, kind: &str, reason: String, value: &str) {
        let bad = Bad {
            column: column.to_owned(),
            kind: kind.to_owned(),
            reason,
            value: value.to_owned(),
        };
        count(&mut self.problems, &bad, record.line, false);
        self.rejected += 1;
        let width = self.plan.columns.len();
        write_reject(&mut self.rejects, record.fields(), width, record.line, &bad);
    }

    /// The rejected rows as a file, with those of a later stage: their staged row, column and reason.
    pub(super) fn reject_file(&self, later: &[(u32, Bad)]) -> Vec<u8> {
        let mut writer = self.rejects.clone();
        for (row, bad) in later {
            if let Some((bytes, ends)) = &self.originals {
                let (start, end) = (ends[*row as usize], ends[*row as usize + 1]);
                let text = std::str::from_utf8(&bytes[start..end]).unwrap_or_default();
                let cells = text.strip_suffix('\u{1f}').unwrap_or(text).split('\u{1f}');
                write_reject(&mut writer, cells, self.plan.columns.len(), self.line(*row), bad);
            }
        }
        writer.take()
    }

    /// The kinds of problems, with those of a later stage, most rows first.
    pub(super) fn all_problems(&self, later: &[(u32, Bad)]) -> Vec<ProblemCount> {
        let mut problems = self.problems.clone();
        for (row, bad) in later {
            count(&mut problems, bad, self.line(*row), false);
        }
        let mut list: Vec<ProblemCount> = problems.into_iter().map(|(_, problem)| problem).collect();
        sort_by_key(&mut list, |problem| {
            (std::cmp::Reverse(problem.rows), problem.first.line)
        });
        list
    }

    /// The line of a staged row.
    pub(super) fn line(&self, row: u32) -> u64 {
        let page = self.line_pages.get((row / GROUP) as usize);
        page.map_or(0, |page| page.number((row % GROUP) as usize).max(0) as u64)
    }

    fn page(&self, slot: usize, row: u32) -> Option<&Page> {
        self.groups.get((row / GROUP) as usize)?.get(slot)?.as_deref()
    }

    /// The text of a staged row.
    #[inline]
    pub(super) fn text(&self, slot: usize, row: u32) -> &[u8] {
        match (&self.plan.slots[slot].literal, self.page(slot, row)) {
            (Some(Cell::Text(text)), _) => text.as_bytes(),
            (_, Some(page)) => page.text((row % GROUP) as usize),
            _ => &[],
        }
    }

    /// The number of a staged row.
    #[inline]
    pub(super) fn number(&self, slot: usize, row: u32) -> i64 {
        match (&self.plan.slots[slot].literal, self.page(slot, row)) {
            (Some(Cell::Number(number)), _) => *number,
            (_, Some(page)) => page.number((row % GROUP) as usize),
            _ => NONE,
        }
    }

    /// Whether a staged row has a value.
    pub(super) fn has(&self, slot: usize, row: u32) -> bool {
        if self.plan.slots[slot].def.kind.is_number() {
            self.number(slot, row) != NONE
        } else {
            !self.text(slot, row).is_empty()
        }
    }

    /// Bytes kept so far.
    pub fn bytes(&self) -> usize {
        let pages = self.groups.iter().flatten().flatten();
        pages.map(|page| page.bytes().len()).sum()
    }
}

fn builders(plan: &Plan) -> Vec<Builder> {
    let slots = plan.slots.iter();
    slots
        .map(|slot| {
            if slot.literal.is_some() {
                Builder::Same
            } else {
                Builder::new(slot.def.kind.is_number())
            }
        })
        .collect()
}

/// Why a row is rejected.
#[derive(Clone, Debug)]
pub(super) struct Bad {
    pub column: String,
    /// What rows with the same problem have in common.
    pub kind: String,
    pub reason: String,
    pub value: String,
}

impl Bad {
    fn value(
        source: &super::plan::Source,
        def: &model::FieldDef,
        bad: crate::value::BadValue,
        text: &str,
    ) -> Bad {
        Bad {
            column: source.name.clone(),
            kind: bad.to_string(),
            reason: bad.reason(text, def),
            value: text.chars().take(80).collect(),
        }
    }
}

fn count(problems: &mut LiteMap<(String, String), ProblemCount>, bad: &Bad, line: u64, left_out: bool) {
    let first = || Reject {
        line,
        column: bad.column.clone(),
        reason: bad.reason.clone(),
        value: bad.value.clone(),
    };
    problems
        .entry((bad.column.clone(), bad.kind.clone()))
        .or_insert_with(|| ProblemCount {
            rows: 0,
            first: first(),
            left_out,
        })
        .rows += 1;
}

fn write_reject<'a>(
    writer: &mut Writer,
    cells: impl Iterator<Item = &'a str>,
    width: usize,
    line: u64,
    bad: &Bad,
) {
    let mut written = 0;
    for cell in cells {
        writer.cell(cell, true);
        written += 1;
    }
    for _ in written..width {
        writer.cell("", true);
    }
    writer.cell(&line.to_string(), true);
    writer.cell(&bad.column, true);
    writer.cell(&bad.reason, true);
    writer.end_row();
}

fn translated<'a>(source: &'a super::plan::Source, cell: &'a str) -> &'a str {
    // A translation is of a whole value, and values worth translating are short.
    if cell.len() > 200 {
        return cell;
    }
    source
        .values
        .get(&crate::text::folded(cell.trim()))
        .map_or(cell, String::as_str)
}

/// The options chosen by a cell of a column whose options are collected; none where there are too many.
fn chosen(slot: &mut super::plan::Slot, cell: &str) -> Option<String> {
    if cell.trim().is_empty() {
        return Some(String::new());
    }
    if slot.def.kind != model::FieldType::Checkbox {
        return slot.option_id(cell);
    }
    let mut ids: Vec<String> = Vec::new();
    for part in cell.split('|').map(str::trim).filter(|part| !part.is_empty()) {
        let id = slot.option_id(part)?;
        if !ids.contains(&id) {
            ids.push(id);
        }
    }
    // Ids stand in the order of the definition, so that equal choices are equal texts.
    let place = |id: &String| slot.def.options.iter().position(|option| option.id == *id);
    ids.sort_by_key(place);
    Some(ids.join("|"))
}

/// A name all in capitals or all in small letters, written with capitals: `ANA LÓPEZ` → `Ana López`.
fn capitals<'a>(cell: &'a str, out: &'a mut String) -> &'a str {
    let letters = || cell.chars().filter(|c| c.is_alphabetic());
    let shouted = letters().all(|c| !c.is_lowercase());
    let whispered = letters().all(|c| !c.is_uppercase());
    if shouted == whispered {
        return cell;
    }
    out.clear();
    let mut begins = true;
    for c in cell.chars() {
        if begins {
            out.extend(c.to_uppercase());
        } else {
            out.extend(c.to_lowercase());
        }
        begins = !c.is_alphanumeric();
    }
    out
}
