//! What a person asks to see: a search, a filter and an order; with a text form for the address bar.

use crate::event::Behaviour;
use crate::field::FieldType;
use crate::ids::{ChangeId, ContactId, FieldId, SegmentId};
use serde::{Deserialize, Serialize};

/// A search, a filter and an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Query {
    /// Looked for in email, name, phone and external ID, whatever the case and accents; empty finds all.
    pub search: String,
    /// Which contacts; an empty group finds all.
    pub filter: Group,
    /// In which order; none is the order of creation.
    pub sort: Option<Sort>,
}

/// An order by one field; contacts without a value come last both ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Sort {
    /// The field.
    pub field: FieldId,
    /// Greatest first.
    pub descending: bool,
}

/// How many rules of a group must hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Mode {
    /// Every one.
    #[default]
    All,
    /// At least one.
    Any,
    /// Not one.
    None,
}

/// Some rules and how many of them must hold; a group without rules holds for everybody.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Group {
    /// How many rules must hold.
    pub mode: Mode,
    /// The rules.
    pub rules: Vec<Rule>,
}

/// One rule of a filter.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Rule {
    /// A group in a group.
    Group(Group),
    /// The contact is, or is not, a member.
    Segment {
        /// The segment.
        segment: SegmentId,
        /// Whether membership is asked for, or its absence.
        member: bool,
    },
    /// A value passes a test.
    Field {
        /// The field.
        field: FieldId,
        /// The test.
        op: Op,
        /// What it is tested against, in the text form of the field's type; as many as `op` takes.
        values: Vec<String>,
    },
    /// The contact was, or was not, a member at a moment, as it was seen then: what was undone later still stood.
    SegmentAt {
        /// The segment.
        segment: SegmentId,
        /// Whether membership is asked for, or its absence.
        member: bool,
        /// The moment, in milliseconds since 1970.
        at: i64,
    },
    /// The contact is one of those that a change set made, wrote to, or moved into or out of a segment.
    Change {
        /// The change set.
        change: ChangeId,
        /// In which way it concerns the contact.
        part: Part,
    },
    /// The search box's text finds the contact.
    Search(String),
    /// The contact did something, or did not.
    Did(Behaviour),
}

/// In which way a change set concerns a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Part {
    /// It made the contact.
    Created,
    /// It deleted the contact.
    Deleted,
    /// It wrote a value.
    Written,
    /// It made the contact a member of a segment.
    Joined,
    /// It took the contact out of a segment.
    Left,
}

/// Every part with its text form in the address bar.
const PARTS: &[(Part, &str)] = &[
    (Part::Created, "created"),
    (Part::Deleted, "deleted"),
    (Part::Written, "written"),
    (Part::Joined, "joined"),
    (Part::Left, "left"),
];

/// A test of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Op {
    /// Equal to the value; text without case and accents, a moment by its day.
    Is,
    /// Not equal, or empty.
    IsNot,
    /// Text holds the value, without case and accents.
    Contains,
    /// Text does not hold the value, or is empty.
    ContainsNot,
    /// Text begins with the value.
    StartsWith,
    /// Text ends with the value.
    EndsWith,
    /// Equal to one of several values; for options: at least one of them is chosen.
    In,
    /// Equal to none of several values.
    NotIn,
    /// Less, or an earlier day.
    Less,
    /// Less or equal.
    AtMost,
    /// Greater, or a later day.
    Greater,
    /// Greater or equal.
    AtLeast,
    /// Between two values, both included.
    Between,
    /// A date in the last N days, today included.
    LastDays,
    /// A date in the next N days, today included.
    NextDays,
    /// A date whose day and month come in the next N days, whatever the year; today included.
    AnniversaryInDays,
    /// There is no value.
    Empty,
    /// There is a value.
    NotEmpty,
    /// A date that falls on one of some weekdays, by their numbers from 1 (Monday) to 7 (Sunday).
    Weekday,
}

/// The weekdays in the order of the numbers that [`Op::Weekday`] takes, from 1.
pub const WEEKDAYS: [&str; 7] = [
    "Monday",
    "Tuesday",
    "Wednesday",
    "Thursday",
    "Friday",
    "Saturday",
    "Sunday",
];

/// Every test with its text form in the address bar and how many values it takes (`usize::MAX`: one or more).
const OPS: &[(Op, &str, usize)] = &[
    (Op::Is, "is", 1),
    (Op::IsNot, "isnot", 1),
    (Op::Contains, "has", 1),
    (Op::ContainsNot, "hasnot", 1),
    (Op::StartsWith, "starts", 1),
    (Op::EndsWith, "ends", 1),
    (Op::In, "in", usize::MAX),
    (Op::NotIn, "notin", usize::MAX),
    (Op::Less, "lt", 1),
    (Op::AtMost, "le", 1),
    (Op::Greater, "gt", 1),
    (Op::AtLeast, "ge", 1),
    (Op::Between, "between", 2),
    (Op::LastDays, "last", 1),
    (Op::NextDays, "next", 1),
    (Op::AnniversaryInDays, "anniversary", 1),
    (Op::Empty, "empty", 0),
    (Op::NotEmpty, "notempty", 0),
    (Op::Weekday, "weekday", usize::MAX),
];

impl Op {
    /// How many values the test takes; `usize::MAX` means one or more.
    pub fn arity(self) -> usize {
        OPS.iter()
            .find(|(op, _, _)| *op == self)
            .map_or(0, |(_, _, arity)| *arity)
    }

    /// The test of a word in the address bar; none where no test has it.
    pub(crate) fn parse(word: &str) -> Option<Op> {
        OPS.iter().find(|(_, one, _)| *one == word).map(|(op, _, _)| *op)
    }

    /// The test's word in the address bar.
    pub(crate) fn word(self) -> &'static str {
        OPS.iter()
            .find(|(op, _, _)| *op == self)
            .map_or("", |(_, word, _)| word)
    }

    /// The tests that make sense for a type, the most useful first.
    pub fn of(kind: FieldType) -> &'static [Op] {
        use Op::*;
        match kind {
            FieldType::Text | FieldType::Email | FieldType::Phone => &[
                Contains,
                ContainsNot,
                Is,
                IsNot,
                StartsWith,
                EndsWith,
                In,
                NotIn,
                Empty,
                NotEmpty,
            ],
            FieldType::Integer | FieldType::Decimal => &[
                Is, IsNot, Greater, AtLeast, Less, AtMost, Between, In, NotIn, Empty, NotEmpty,
            ],
            FieldType::Day | FieldType::Instant => &[
                Is,
                Less,
                Greater,
                Between,
                LastDays,
                NextDays,
                AnniversaryInDays,
                Weekday,
                AtLeast,
                AtMost,
                Empty,
                NotEmpty,
            ],
            FieldType::Checkbox | FieldType::Radio => &[In, NotIn, Empty, NotEmpty],
            FieldType::Boolean => &[Is, IsNot, Empty, NotEmpty],
        }
    }

    /// The test's words on the screen.
    pub fn label(self, kind: FieldType) -> &'static str {
        let date = matches!(kind, FieldType::Day | FieldType::Instant);
        match self {
            Op::Is => "is",
            Op::IsNot => "is not",
            Op::Contains => "contains",
            Op::ContainsNot => "does not contain",
            Op::StartsWith => "starts with",
            Op::EndsWith => "ends with",
            Op::In if kind.has_options() => "is any of",
            Op::In => "is in the list",
            Op::NotIn if kind.has_options() => "is none of",
            Op::NotIn => "is not in the list",
            Op::Less if date => "is before",
            Op::Less => "is less than",
            Op::AtMost if date => "is on or before",
            Op::AtMost => "is at most",
            Op::Greater if date => "is after",
            Op::Greater => "is greater than",
            Op::AtLeast if date => "is on or after",
            Op::AtLeast => "is at least",
            Op::Between => "is between",
            Op::LastDays => "is within the last (days)",
            Op::NextDays => "is within the next (days)",
            Op::AnniversaryInDays => "has its anniversary in the next (days)",
            Op::Empty => "is empty",
            Op::NotEmpty => "is not empty",
            Op::Weekday => "falls on",
        }
    }
}

/// Some contacts, named without listing a million of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Selection {
    /// These.
    Contacts(Vec<ContactId>),
    /// All that match, less some.
    Matching {
        /// What they match.
        query: Query,
        /// The ones unticked.
        except: Vec<ContactId>,
    },
}

/// A query that a person saved by name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedFilter {
    /// The name; unique whatever the case.
    pub name: String,
    /// The query.
    pub query: Query,
}

/// Writes a text so that it holds none of the characters the address bar's forms use themselves.
pub(crate) fn escape(text: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' | b'@' => {
                out.push(byte as char)
            }
            _ => {
                out.push('%');
                out.push(HEX[usize::from(byte >> 4)] as char);
                out.push(HEX[usize::from(byte & 15)] as char);
            }
        }
    }
    out
}

/// Reads what [`escape`] wrote; none where a `%` is not followed by two hexadecimal digits or the bytes are no text.
pub(crate) fn unescape(text: &str) -> Option<String> {
    let mut out = Vec::with_capacity(text.len());
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        if byte == b'%' {
            let high = (bytes.next()? as char).to_digit(16)?;
            let low = (bytes.next()? as char).to_digit(16)?;
            out.push((high * 16 + low) as u8);
        } else {
            out.push(byte);
        }
    }
    String::from_utf8(out).ok()
}

impl std::fmt::Display for Group {
    /// `all(6:gt:5,in:3,any(2:is:Ana,2:is:Eva))`; [`Group::parse`] reads it back.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self.mode {
            Mode::All => "all(",
            Mode::Any => "any(",
            Mode::None => "none(",
        })?;
        for (at, rule) in self.rules.iter().enumerate() {
            if at > 0 {
                f.write_str(",")?;
            }
            match rule {
                Rule::Group(group) => group.fmt(f)?,
                Rule::Segment {
                    segment,
                    member: true,
                } => write!(f, "in:{segment}")?,
                Rule::Segment {
                    segment,
                    member: false,
                } => write!(f, "out:{segment}")?,
                Rule::SegmentAt { segment, member, at } => {
                    write!(f, "{}:{segment}:{at}", if *member { "was" } else { "wasnot" })?;
                }
                Rule::Change { change, part } => {
                    let word = PARTS
                        .iter()
                        .find(|(one, _)| one == part)
                        .map_or("", |(_, word)| *word);
                    write!(f, "by:{change}:{word}")?;
                }
                Rule::Search(text) => write!(f, "search:{}", escape(text))?,
                Rule::Did(behaviour) => write!(f, "did:{}", escape(&behaviour.to_string()))?,
                Rule::Field { field, op, values } => {
                    write!(f, "{field}:{}", op.word())?;
                    for value in values {
                        write!(f, ":{}", escape(value))?;
                    }
                }
            }
        }
        f.write_str(")")
    }
}

impl From<Group> for Query {
    /// Whom a filter finds, in the order of creation.
    fn from(filter: Group) -> Query {
        Query {
            filter,
            ..Query::default()
        }
    }
}

impl Group {
    /// Rules that must all hold.
    pub fn all(rules: Vec<Rule>) -> Group {
        Group {
            mode: Mode::All,
            rules,
        }
    }

    /// Whether the group holds for everybody.
    pub fn is_empty(&self) -> bool {
        self.rules.is_empty()
    }

    /// Reads the text form of a group; none where it is not one.
    pub fn parse(text: &str) -> Option<Group> {
        let (group, rest) = Self::parse_front(text, 0)?;
        rest.is_empty().then_some(group)
    }

    /// Reads a group off the front of a text, at most 16 deep, and gives the rest.
    fn parse_front(text: &str, depth: usize) -> Option<(Group, &str)> {
        if depth > 16 {
            return None;
        }
        let (word, mut rest) = text.split_once('(')?;
        let mode = match word {
            "all" => Mode::All,
            "any" => Mode::Any,
            "none" => Mode::None,
            _ => return None,
        };
        let mut rules = Vec::new();
        if let Some(rest) = rest.strip_prefix(')') {
            return Some((Group { mode, rules }, rest));
        }
        loop {
            let end = rest.find([',', '(', ')'])?;
            if rest[end..].starts_with('(') {
                let (group, after) = Self::parse_front(rest, depth + 1)?;
                rules.push(Rule::Group(group));
                rest = after;
            } else {
                rules.push(Rule::parse(&rest[..end])?);
                rest = &rest[end..];
            }
            match rest.strip_prefix(',') {
                Some(after) => rest = after,
                None => return Some((Group { mode, rules }, rest.strip_prefix(')')?)),
            }
        }
    }
}

impl Rule {
    /// Reads a rule that is no group.
    fn parse(text: &str) -> Option<Rule> {
        let mut parts = text.split(':');
        let first = parts.next()?;
        let second = parts.next()?;
        match first {
            "in" => Some(Rule::Segment {
                segment: second.parse().ok()?,
                member: true,
            }),
            "out" => Some(Rule::Segment {
                segment: second.parse().ok()?,
                member: false,
            }),
            "was" | "wasnot" => Some(Rule::SegmentAt {
                segment: second.parse().ok()?,
                member: first == "was",
                at: parts.next()?.parse().ok()?,
            }),
            "by" => {
                let word = parts.next()?;
                let (part, _) = *PARTS.iter().find(|(_, name)| *name == word)?;
                let change = second.parse().ok()?;
                Some(Rule::Change { change, part })
            }
            "search" => Some(Rule::Search(unescape(second)?)),
            "did" => Some(Rule::Did(Behaviour::parse(&unescape(second)?)?)),
            field => {
                let op = Op::parse(second)?;
                let values = parts.map(unescape).collect::<Option<Vec<_>>>()?;
                Some(Rule::Field {
                    field: field.parse().ok()?,
                    op,
                    values,
                })
            }
        }
    }
}
