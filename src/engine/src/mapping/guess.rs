//! The steps of a suggestion.

use super::presets::{self, To};
use super::synonyms::{self, Meaning, plain};
use super::{Around, Sign, mark_sign, narrowest, sign_of};
use crate::text::folded;
use crate::value::{self, Parser, Rules};
use model::field::{
    EMAIL, FIRST_NAME, FieldDef, FieldType, LAST_NAME, MAX_CUSTOM_FIELDS, MAX_NAME, NEWSLETTER_STATUS,
    SMS_STATUS, Status,
};
use model::ids::FieldId;
use model::import::{ColumnMap, DateOrder, DecimalMark, Literal, Mapping, Target};

/// A column while its target is looked for.
struct Column<'a> {
    name: &'a str,
    plain: String,
    target: Option<Target>,
    values: Vec<(String, String)>,
    split_name: bool,
    trim: bool,
    fix_capitals: bool,
    /// Its target is certain, whatever its values are.
    fixed: bool,
    /// Whatever the name says, a new field is made.
    new: bool,
}

/// A mapping in the making.
pub(super) struct Guess<'a> {
    around: &'a Around<'a>,
    rows: &'a [Vec<String>],
    columns: Vec<Column<'a>>,
    literals: Vec<Literal>,
    date_order: Option<DateOrder>,
    decimal_mark: Option<DecimalMark>,
    /// Corral wrote the file itself.
    own: bool,
}

/// The last columns of *Download rejected rows*, which say why each row is there; they are no part of the contact.
const REJECT_COLUMNS: [&str; 3] = ["line", "column", "reason"];

impl<'a> Guess<'a> {
    pub fn new(names: &'a [String], rows: &'a [Vec<String>], around: &'a Around<'a>) -> Guess<'a> {
        let contact = match names {
            [contact @ .., line, column, reason] if [line, column, reason] == REJECT_COLUMNS => contact.len(),
            _ => names.len(),
        };
        let columns: Vec<Column<'a>> = names
            .iter()
            .enumerate()
            .map(|(at, name)| Column {
                name: name.trim_start_matches('\u{feff}').trim(),
                plain: plain(name),
                target: (at >= contact).then_some(Target::Ignore),
                values: Vec::new(),
                split_name: false,
                trim: false,
                fix_capitals: false,
                fixed: false,
                new: false,
            })
            .collect();
        let is_key = |name: &str| {
            name.eq_ignore_ascii_case("segments")
                || around
                    .fields
                    .iter()
                    .any(|field| field.key.eq_ignore_ascii_case(name))
        };
        let own = contact > 1 && columns.iter().take(contact).all(|column| is_key(column.name));
        Guess {
            around,
            rows,
            columns,
            literals: Vec::new(),
            date_order: None,
            decimal_mark: None,
            own,
        }
    }

    /// The values of a column that are not empty.
    fn values(&self, at: usize) -> impl Iterator<Item = &'a str> + Clone + use<'a> {
        let rows = self.rows;
        rows.iter()
            .filter_map(move |row| row.get(at))
            .map(String::as_str)
            .filter(|value| !value.trim().is_empty())
    }

    fn field(&self, id: FieldId) -> Option<&'a FieldDef> {
        self.around
            .fields
            .iter()
            .find(|field| field.id == id && field.status != Status::ReadOnly)
    }

    /// Whether no column goes into the field yet.
    fn is_free(&self, id: FieldId) -> bool {
        let takes = |column: &Column<'_>| {
            column.target == Some(Target::Field(id)) || (column.split_name && id == LAST_NAME)
        };
        self.field(id).is_some() && !self.columns.iter().any(takes)
    }

    fn set(&mut self, at: usize, target: Target) {
        if let Some(column) = self.columns.get_mut(at) {
            column.target = Some(target);
        }
    }

    /// Takes the targets of a saved mapping for the same columns, in any order, and gives its name.
    pub fn take_saved(&mut self) -> String {
        let sorted = |names: &mut dyn Iterator<Item = String>| {
            let mut names: Vec<String> = names.collect();
            names.sort_unstable();
            names
        };
        let open = self.columns.iter().filter(|column| column.target.is_none());
        let mine = sorted(&mut open.map(|column| column.plain.clone()));
        let saved = self.around.saved.iter().find(|saved| {
            mine == sorted(&mut saved.mapping.columns.iter().map(|column| plain(&column.column)))
        });
        let Some(saved) = saved else { return String::new() };
        let mut entries: Vec<&ColumnMap> = saved.mapping.columns.iter().collect();
        for at in 0..self.columns.len() {
            let Some(column) = self.columns.get(at) else {
                continue;
            };
            // Columns of one name take their entries in turn.
            let Some(entry) = entries
                .iter()
                .position(|entry| plain(&entry.column) == column.plain)
            else {
                continue;
            };
            let entry = entries.remove(entry);
            let target = match &entry.target {
                Target::Field(id) if self.is_free(*id) => Target::Field(*id),
                // The field is gone.
                Target::Field(_) => continue,
                Target::NewField { key, .. } => {
                    // An earlier import has made it.
                    let made = self
                        .around
                        .fields
                        .iter()
                        .find(|field| field.key.eq_ignore_ascii_case(key));
                    match made {
                        Some(field) if self.is_free(field.id) => Target::Field(field.id),
                        Some(_) => continue,
                        None => entry.target.clone(),
                    }
                }
                other => other.clone(),
            };
            if let Some(column) = self.columns.get_mut(at) {
                column.target = Some(target);
                column.values.clone_from(&entry.values);
                column.trim = entry.trim;
                column.fix_capitals = entry.fix_capitals;
                column.split_name = entry.split_name;
                column.fixed = true;
            }
        }
        let literals = saved
            .mapping
            .literals
            .iter()
            .filter(|literal| self.is_free(literal.field));
        self.literals = literals.cloned().collect();
        self.date_order = saved.mapping.date_order;
        self.decimal_mark = saved.mapping.decimal_mark;
        saved.name.clone()
    }

    /// Takes the targets of a known service's export, and gives its name.
    pub fn take_preset(&mut self) -> String {
        let names: Vec<String> = self.columns.iter().map(|column| column.plain.clone()).collect();
        let Some(preset) = presets::recognize(&names) else {
            return String::new();
        };
        for (name, to) in preset.columns {
            let Some(at) = names.iter().position(|column| column == name) else {
                continue;
            };
            match *to {
                To::Field(id, values) => {
                    // A column without any value leaves the field to the next of the list.
                    if !self.is_free(id)
                        || (self.values(at).next().is_none()
                            && !self.rows.is_empty()
                            && self.has_other(preset, id, at, &names))
                    {
                        continue;
                    }
                    self.set(at, Target::Field(id));
                    if let Some(column) = self.columns.get_mut(at) {
                        column.values = values
                            .iter()
                            .map(|(from, to)| ((*from).to_owned(), (*to).to_owned()))
                            .collect();
                        column.fixed = true;
                    }
                }
                To::Segments(separator) => {
                    self.set(
                        at,
                        Target::Segments {
                            separator: separator.to_owned(),
                        },
                    );
                }
                To::New => {
                    if let Some(column) = self.columns.get_mut(at) {
                        column.new = true;
                    }
                }
            }
        }
        let mut literals = preset.literals(&names, self.around.file);
        literals.retain(|literal| self.is_free(literal.field));
        self.literals = literals;
        preset.name.to_owned()
    }

    /// Whether another column of the preset with values could go into a field.
    fn has_other(&self, preset: &presets::Preset, id: FieldId, but: usize, names: &[String]) -> bool {
        preset.columns.iter().any(|(name, to)| {
            let at = names.iter().position(|column| column == name);
            matches!(to, To::Field(field, _) if *field == id)
                && at.is_some_and(|at| at != but && self.values(at).next().is_some())
        })
    }

    /// Gives columns the fields that their names mean: first those named like a field itself, then by synonyms.
    pub fn take_named(&mut self) {
        for at in 0..self.columns.len() {
            let Some(column) = self
                .columns
                .get(at)
                .filter(|column| column.target.is_none() && !column.new)
            else {
                continue;
            };
            if self.own && column.name.eq_ignore_ascii_case("segments") {
                self.set(
                    at,
                    Target::Segments {
                        separator: "|".to_owned(),
                    },
                );
                continue;
            }
            let named = self.around.fields.iter().find(|field| {
                field.key.eq_ignore_ascii_case(column.name)
                    || (plain(&field.name) == column.plain && !column.plain.is_empty())
            });
            match named {
                Some(field) if self.is_free(field.id) => self.set(at, Target::Field(field.id)),
                // What Corral keeps itself is not imported again.
                Some(field) if self.own && field.status == Status::ReadOnly => self.set(at, Target::Ignore),
                _ => {}
            }
            if self.own
                && let Some(column) = self.columns.get_mut(at)
            {
                column.fixed = true;
            }
        }
        let meanings: Vec<Option<Meaning>> = self
            .columns
            .iter()
            .map(|column| {
                let open = column.target.is_none() && !column.new && !self.own;
                if open {
                    synonyms::meaning(&column.plain)
                } else {
                    None
                }
            })
            .collect();
        for (at, meaning) in meanings.iter().enumerate() {
            match meaning {
                Some(Meaning::Field(id))
                    if self.is_free(*id) && self.literals.iter().all(|literal| literal.field != *id) =>
                {
                    self.set(at, Target::Field(*id));
                }
                Some(Meaning::Segments) if !self.has_segments() => {
                    self.set(
                        at,
                        Target::Segments {
                            separator: self.segment_separator(at).to_owned(),
                        },
                    );
                }
                _ => {}
            }
        }
        for (at, meaning) in meanings.iter().enumerate() {
            match meaning {
                Some(Meaning::Name) => self.take_name(at),
                Some(Meaning::FullName) if self.is_free(FIRST_NAME) && self.is_free(LAST_NAME) => {
                    self.take_full_name(at);
                }
                _ => {}
            }
        }
    }

    fn has_segments(&self) -> bool {
        self.columns
            .iter()
            .any(|column| matches!(column.target, Some(Target::Segments { .. })))
    }

    /// What stands between the names of segments in a column: the first of these that any value has.
    fn segment_separator(&self, at: usize) -> &'static str {
        ["|", ";", ","]
            .into_iter()
            .find(|separator| self.values(at).any(|value| value.contains(separator)))
            .unwrap_or("|")
    }

    /// A column that is called just *name* is what the others leave: the last name, the first, or both.
    fn take_name(&mut self, at: usize) {
        match (self.is_free(FIRST_NAME), self.is_free(LAST_NAME)) {
            (true, true) => {
                let words = |value: &&str| value.trim().contains(char::is_whitespace);
                let count = self.values(at).count();
                if count > 0 && self.values(at).filter(words).count() * 2 >= count {
                    self.take_full_name(at);
                } else {
                    self.set(at, Target::Field(FIRST_NAME));
                }
            }
            (true, false) => self.set(at, Target::Field(FIRST_NAME)),
            (false, true) => self.set(at, Target::Field(LAST_NAME)),
            (false, false) => {}
        }
    }

    fn take_full_name(&mut self, at: usize) {
        self.set(at, Target::Field(FIRST_NAME));
        if let Some(column) = self.columns.get_mut(at) {
            column.split_name = true;
        }
    }

    /// A column of addresses is the email, whatever its name.
    pub fn take_by_data(&mut self) {
        if !self.is_free(EMAIL) || self.own {
            return;
        }
        let found = (0..self.columns.len()).find(|&at| {
            let open = self
                .columns
                .get(at)
                .is_some_and(|column| column.target.is_none() && !column.new);
            let count = self.values(at).count();
            let fit = self
                .values(at)
                .filter(|value| value::is_email(value.trim()))
                .count();
            open && count > 0 && fit * 100 >= count * 95
        });
        if let Some(at) = found {
            self.set(at, Target::Field(EMAIL));
        }
    }

    /// Columns whose values may be dates or numbers: without a target, or into a field of such a type.
    fn candidates(&self, kinds: &'static [FieldType]) -> impl Iterator<Item = usize> + '_ {
        self.columns.iter().enumerate().filter_map(move |(at, column)| {
            let may = match &column.target {
                None => !synonyms::is_phone(&column.plain) && !synonyms::is_code(&column.plain),
                Some(Target::Field(id)) => self.field(*id).is_some_and(|field| kinds.contains(&field.kind)),
                Some(Target::NewField { kind, .. }) => kinds.contains(kind),
                Some(_) => false,
            };
            may.then_some(at)
        })
    }

    /// The order of dates that most values tell, and whether the data leaves it open.
    pub fn date_order(&self) -> (Option<DateOrder>, bool) {
        let (mut day_first, mut month_first, mut open) = (0, 0, false);
        for at in self.candidates(&[FieldType::Day, FieldType::Instant]) {
            for value in self.values(at) {
                match sign_of(value) {
                    Some(Sign::Sure(DateOrder::DayFirst)) => day_first += 1,
                    Some(Sign::Sure(DateOrder::MonthFirst)) => month_first += 1,
                    Some(Sign::Open) => open = true,
                    None => {}
                }
            }
        }
        if self.date_order.is_some() {
            (self.date_order, false)
        } else if day_first == month_first {
            (None, open)
        } else if day_first > month_first {
            (Some(DateOrder::DayFirst), false)
        } else {
            (Some(DateOrder::MonthFirst), false)
        }
    }

    /// The decimal mark that the values tell, and whether the data leaves it open.
    ///
    /// Where values tell both, each that reads one way only is read that way.
    pub fn decimal_mark(&self) -> (Option<DecimalMark>, bool) {
        if self.decimal_mark.is_some() {
            return (self.decimal_mark, false);
        }
        let (mut point, mut comma, mut open) = (false, false, false);
        for at in self.candidates(&[FieldType::Integer, FieldType::Decimal]) {
            // A number among words tells nothing.
            let count = self.values(at).count();
            let signs: Vec<Option<DecimalMark>> = self.values(at).filter_map(mark_sign).collect();
            let numbers = self
                .values(at)
                .filter(|value| value::decimal::parse_decimal(value, Some(DecimalMark::Point)).is_ok());
            if numbers.count() * 2 < count {
                continue;
            }
            point |= signs.contains(&Some(DecimalMark::Point));
            comma |= signs.contains(&Some(DecimalMark::Comma));
            open |= signs.contains(&None);
        }
        match (point, comma) {
            (true, false) => (Some(DecimalMark::Point), false),
            (false, true) => (Some(DecimalMark::Comma), false),
            // Whoever writes commas in numbers does not separate cells by them; and Corral writes points.
            (false, false) if self.around.delimiter == b',' || self.own => (Some(DecimalMark::Point), false),
            _ => (None, open),
        }
    }

    /// Takes the target from columns whose values are mostly something else than their name says, and makes the tables
    /// of values for the others.
    pub fn check(&mut self, rules: &Rules) {
        for at in 0..self.columns.len() {
            let Some(column) = self.columns.get(at) else {
                continue;
            };
            let Some(Target::Field(id)) = column.target else {
                continue;
            };
            let Some(field) = self.field(id) else { continue };
            let fixed = column.fixed;
            let parser = Parser::new(field, rules);
            if column.values.is_empty() && (id == NEWSLETTER_STATUS || id == SMS_STATUS) {
                let table = self.status_table(at, field);
                if let Some(column) = self.columns.get_mut(at) {
                    column.values = table;
                }
            }
            let mut scratch = String::new();
            let count = self.values(at).count();
            let fit = self
                .values(at)
                .filter(|value| parser.parse(value::unguarded(value), &mut scratch).is_ok())
                .count();
            if !fixed
                && fit * 2 < count
                && let Some(column) = self.columns.get_mut(at)
            {
                column.target = None;
                column.values.clear();
                column.split_name = false;
                column.new = true;
            }
        }
    }

    /// What the words of a column say as a subscription status, where they are not its options themselves.
    fn status_table(&self, at: usize, field: &FieldDef) -> Vec<(String, String)> {
        let mut table: Vec<(String, String)> = Vec::new();
        for value in self.values(at) {
            let word = folded(value.trim());
            let is_option = field
                .options
                .iter()
                .any(|option| folded(&option.id) == word || folded(&option.name) == word);
            let known = table.iter().any(|(from, _)| folded(from) == word);
            if !is_option
                && !known
                && table.len() < 20
                && let Some(status) = value::subscription(&word)
            {
                table.push((value.trim().to_owned(), status.to_owned()));
            }
        }
        table
    }

    /// Makes new fields of the columns that are left, as many as the workspace has room for.
    pub fn make_new(&mut self, rules: &Rules) {
        let custom = self
            .around
            .fields
            .iter()
            .filter(|field| field.status == Status::Custom)
            .count();
        let mut room = MAX_CUSTOM_FIELDS.saturating_sub(custom);
        for at in 0..self.columns.len() {
            let Some(column) = self.columns.get(at).filter(|column| column.target.is_none()) else {
                continue;
            };
            let empty = self.values(at).next().is_none();
            if room == 0 || (column.name.is_empty() && empty) {
                self.set(at, Target::Ignore);
                continue;
            }
            room -= 1;
            let kind = narrowest(column.name, self.values(at), rules);
            let name = self.free_name(at);
            let key = self.free_key(&name);
            self.set(
                at,
                Target::NewField {
                    key,
                    name,
                    kind,
                    collect_options: false,
                },
            );
        }
    }

    fn new_fields(&self) -> impl Iterator<Item = (&str, &str)> {
        self.columns.iter().filter_map(|column| match &column.target {
            Some(Target::NewField { key, name, .. }) => Some((key.as_str(), name.as_str())),
            _ => None,
        })
    }

    /// The column's name, with a number after it where a field has it already.
    fn free_name(&self, at: usize) -> String {
        let name = self.columns.get(at).map_or("", |column| column.name);
        let name: String = if name.is_empty() {
            format!("Column {}", at + 1)
        } else {
            name.chars()
                .filter(|c| !c.is_control())
                .take(MAX_NAME - 5)
                .collect()
        };
        numbered(&name, ' ', |name| {
            let same = |other: &str| folded(other) == folded(name);
            self.around.fields.iter().any(|field| same(&field.name))
                || self.new_fields().any(|(_, other)| same(other))
        })
    }

    /// A key made from a name: its letters and digits, and `_` between them.
    fn free_key(&self, name: &str) -> String {
        let mut key = String::new();
        for c in folded(name).chars() {
            if c.is_ascii_alphanumeric() || (c == '-' && !key.is_empty()) {
                key.push(c);
            } else if !key.is_empty() && !key.ends_with('_') && c != '\'' {
                key.push('_');
            }
        }
        let key = key.trim_end_matches(['_', '-']);
        let key = if key.is_empty() { "field" } else { key };
        numbered(key, '_', |key| {
            let same = |other: &str| other.eq_ignore_ascii_case(key);
            // The column of memberships in Corral's own files has this name.
            same("segments")
                || self.around.fields.iter().any(|field| same(&field.key))
                || self.new_fields().any(|(other, _)| same(other))
        })
    }

    /// Whether a column goes into a field of plain text.
    fn is_text(&self, at: usize) -> bool {
        match self.columns.get(at).and_then(|column| column.target.as_ref()) {
            Some(Target::Field(id)) => self.field(*id).is_some_and(|field| field.kind == FieldType::Text),
            Some(Target::NewField { kind, .. }) => *kind == FieldType::Text,
            _ => false,
        }
    }

    /// The mapping as it stands.
    pub fn mapping(self, date_order: Option<DateOrder>, decimal_mark: Option<DecimalMark>) -> Mapping {
        // Other types are read without the spaces around them anyway.
        let trims: Vec<bool> = (0..self.columns.len())
            .map(|at| !self.own && self.is_text(at) && self.values(at).any(|value| value.trim() != value))
            .collect();
        let columns = self
            .columns
            .into_iter()
            .zip(trims)
            .map(|(column, trim)| ColumnMap {
                column: column.name.to_owned(),
                target: column.target.unwrap_or(Target::Ignore),
                values: column.values,
                trim: column.trim || (trim && !column.fixed),
                fix_capitals: column.fix_capitals,
                split_name: column.split_name,
            });
        Mapping {
            columns: columns.collect(),
            literals: self.literals,
            date_order,
            decimal_mark,
        }
    }
}

/// A text, or the text with the first number from 2 on that makes it free.
fn numbered(text: &str, separator: char, taken: impl Fn(&str) -> bool) -> String {
    if !taken(text) {
        return text.to_owned();
    }
    let mut number = 2u32;
    loop {
        let name = format!("{text}{separator}{number}");
        // As many numbers as there can be fields are enough.
        if !taken(&name) || number > 1_000_000 {
            return name;
        }
        number += 1;
    }
}
