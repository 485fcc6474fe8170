//! What a person does to contacts and members: each act prepared as one change set of what it really changes.

use crate::bits::Bits;
use crate::column::{Cell, NONE, by_group};
use crate::journal::{Cause, Effect, PageId, PageRef, Values};
use crate::page::{Page, number_page, text_page};
use crate::refused::Refused;
use crate::value::{Parsed, Parser};
use crate::view::{one, page_of_cell};
use crate::workspace::{BULK, Prepared, Workspace};
use model::field::{EMAIL, EXTERNAL_ID};
use model::message::{Done, KeysReport};
use model::query::Selection;
use model::segment::MemberAction;
use model::{ContactId, FieldDef, FieldId, SegmentId, Status};
use roaring::RoaringBitmap;
use rustc_hash::FxHashSet;
use std::rc::Rc;

/// What an act would do, and, unless it changes nothing, the change set to store and apply.
pub type Act = (Done, Option<Prepared>);

/// An act that changes nothing.
pub(crate) fn nothing(what: impl Into<String>, unchanged: u64) -> Act {
    (
        Done {
            change: None,
            what: what.into(),
            changed: 0,
            unchanged,
        },
        None,
    )
}

/// “1 contact”, “1,204 contacts”.
pub(crate) fn contacts(count: u64) -> String {
    if count == 1 {
        "1 contact".to_owned()
    } else {
        format!("{} contacts", grouped(count))
    }
}

/// A number with commas between thousands.
pub(crate) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut out = String::with_capacity(digits.len() + digits.len() / 3);
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

impl Workspace {
    /// An act of a person with its effects; `changed` contacts changed and `unchanged` were so already.
    pub(crate) fn act(
        &self,
        at: i64,
        what: String,
        effects: Vec<Effect>,
        pages: Vec<(PageId, Rc<Page>)>,
        counts: (u64, u64),
    ) -> Act {
        self.act_of(at, Cause::Person, what, effects, pages, counts)
    }

    /// The same with another cause.
    pub(crate) fn act_of(
        &self,
        at: i64,
        cause: Cause,
        what: String,
        effects: Vec<Effect>,
        pages: Vec<(PageId, Rc<Page>)>,
        (changed, unchanged): (u64, u64),
    ) -> Act {
        let set = self.change(at, cause, what.clone(), effects);
        let done = Done {
            change: Some(set.id),
            what,
            changed,
            unchanged,
        };
        (
            done,
            Some(Prepared {
                set,
                pages,
                files: Vec::new(),
            }),
        )
    }

    /// Reads a typed value of a field into the form its column holds.
    pub(crate) fn typed(&self, def: &FieldDef, text: &str) -> Result<Cell, Refused> {
        let parser = Parser::new(def, &self.typed_rules());
        let mut scratch = String::new();
        let parsed = parser.parse(text, &mut scratch).map_err(|bad| {
            let reason = bad.reason(text, def);
            Refused::Value {
                key: def.key.clone(),
                field: def.name.clone(),
                reason,
            }
        })?;
        Ok(match parsed {
            Parsed::Empty if def.kind.is_number() => Cell::Number(NONE),
            Parsed::Empty => Cell::Text("".into()),
            Parsed::Text(text) => Cell::Text(text.into()),
            Parsed::Number(number) => Cell::Number(number),
        })
    }

    /// A field that a person may write.
    fn writable(&self, field: FieldId) -> Result<&FieldDef, Refused> {
        let def = self.field(field).ok_or(Refused::NoSuchField)?;
        if def.status == Status::ReadOnly {
            Err(Refused::ReadOnly(def.name.clone()))
        } else {
            Ok(def)
        }
    }

    fn refuse_taken_key(&self, def: &FieldDef, cell: &Cell, contact: Option<u32>) -> Result<(), Refused> {
        let Cell::Text(text) = cell else { return Ok(()) };
        if (def.id != EMAIL && def.id != EXTERNAL_ID) || text.is_empty() {
            return Ok(());
        }
        match self.find(def.id, text) {
            Some(other) if Some(other.0) != contact => Err(Refused::KeyOfAnother {
                key: def.key.clone(),
                field: def.name.clone(),
                value: text.to_string(),
                other,
            }),
            _ => Ok(()),
        }
    }

    /// Prepares a new contact from values in text form; fields not named get their default.
    ///
    /// # Errors
    /// [`Refused`] where a value is none of its field's, a key is another's, or there is no key.
    pub fn create_contact(&self, at: i64, values: &[(FieldId, String)]) -> Result<(ContactId, Act), Refused> {
        let contact = self.next_contact(1);
        let mut effects = vec![Effect::Created(one(contact))];
        let mut keyed = false;
        for def in self.fields().filter(|def| def.status != Status::ReadOnly) {
            let given = values
                .iter()
                .find(|(field, _)| *field == def.id)
                .map(|(_, text)| text.trim());
            let text = given.filter(|text| !text.is_empty()).unwrap_or(&def.default);
            let cell = self.typed(def, text)?;
            if cell.is_empty() {
                if def.required {
                    return Err(Refused::Required(def.key.clone()));
                }
                continue;
            }
            self.refuse_taken_key(def, &cell, None)?;
            keyed = keyed || def.id == EMAIL || def.id == EXTERNAL_ID;
            effects.push(cells(def.id, contact, &cell));
        }
        if !keyed {
            return Err(Refused::NoKey);
        }
        let act = self.act(at, "Created 1 contact".to_owned(), effects, Vec::new(), (1, 0));
        Ok((ContactId(contact), act))
    }

    /// Prepares a new value of one field of one contact; an empty text clears it.
    ///
    /// # Errors
    /// As [`Workspace::create_contact`].
    pub fn edit_contact(
        &self,
        at: i64,
        contact: ContactId,
        field: FieldId,
        text: &str,
    ) -> Result<Act, Refused> {
        if !self.alive().contains(contact.0) {
            return Err(Refused::NoSuchContact);
        }
        let def = self.writable(field)?;
        let cell = self.typed(def, text)?;
        if cell.is_empty() && def.required {
            return Err(Refused::Required(def.key.clone()));
        }
        if self.cell(field, contact) == cell {
            return Ok(nothing(format!("{} is so already", def.name), 1));
        }
        self.refuse_taken_key(def, &cell, Some(contact.0))?;
        let other_key = match field {
            EMAIL => Some(EXTERNAL_ID),
            EXTERNAL_ID => Some(EMAIL),
            _ => None,
        };
        if other_key.is_some_and(|other| cell.is_empty() && self.cell(other, contact).is_empty()) {
            return Err(Refused::NoKey);
        }
        let what = format!(
            "{} {} of 1 contact",
            if cell.is_empty() { "Cleared" } else { "Set" },
            def.name
        );
        Ok(self.act(at, what, vec![cells(field, contact.0, &cell)], Vec::new(), (1, 0)))
    }

    /// Prepares one value for one field of many contacts.
    ///
    /// # Errors
    /// As [`Workspace::edit_contact`]; a key can't be given to more than one contact.
    pub fn set_field(
        &mut self,
        at: i64,
        selection: &Selection,
        field: FieldId,
        text: &str,
    ) -> Result<Act, Refused> {
        let selected = self.selected(selection, at)?;
        if let (1, Some(contact)) = (selected.len(), selected.min()) {
            return self.edit_contact(at, ContactId(contact), field, text);
        }
        let def = self.writable(field)?.clone();
        if field == EMAIL || field == EXTERNAL_ID {
            return Err(Refused::KeyForMany(def.name));
        }
        let cell = self.typed(&def, text)?;
        if cell.is_empty() && def.required {
            return Err(Refused::Required(def.key));
        }
        let column = self.values_of(field);
        let changed: RoaringBitmap = selected
            .iter()
            .filter(|contact| column.cell(*contact) != cell)
            .collect();
        let unchanged = selected.len() - changed.len();
        if changed.is_empty() {
            return Ok(nothing(format!("{} is so already", def.name), unchanged));
        }
        let (values, pages) = self.one_value(&changed, &cell);
        let verb = if cell.is_empty() { "Cleared" } else { "Set" };
        let what = format!("{verb} {} of {}", def.name, contacts(changed.len()));
        let counts = (changed.len(), unchanged);
        let effect = Effect::Cells {
            field,
            contacts: Bits(changed),
            values,
        };
        Ok(self.act(at, what, vec![effect], pages, counts))
    }

    /// The same value for some contacts, as pages; those of many contacts go to the store on their own.
    pub(crate) fn one_value(
        &mut self,
        contacts: &RoaringBitmap,
        cell: &Cell,
    ) -> (Values, Vec<(PageId, Rc<Page>)>) {
        let groups = by_group(contacts).map(|(group, part)| {
            let count = part.len() as usize;
            let page = match cell {
                Cell::Number(number) => number_page(std::iter::repeat_n(*number, count)),
                Cell::Text(text) => text_page(std::iter::repeat_n(text.as_bytes(), count)),
            };
            (group as u32, page)
        });
        let groups: Vec<_> = groups.collect();
        self.stored_values(groups)
    }

    /// Puts pages into the record itself where they are small, else into the store.
    pub(crate) fn stored_values(
        &mut self,
        groups: Vec<(u32, Rc<Page>)>,
    ) -> (Values, Vec<(PageId, Rc<Page>)>) {
        let mut pages = Vec::new();
        let values = groups
            .into_iter()
            .map(|(group, page)| {
                if page.bytes().len() as u64 <= BULK {
                    (group, PageRef::Here(page))
                } else {
                    let id = self.new_page();
                    pages.push((id, page));
                    (group, PageRef::Stored(id))
                }
            })
            .collect();
        (Values(values), pages)
    }

    /// Prepares the deletion of contacts.
    ///
    /// # Errors
    /// As [`Workspace::selected`].
    pub fn delete_contacts(&self, at: i64, selection: &Selection) -> Result<Act, Refused> {
        let selected = self.selected(selection, at)?;
        if selected.is_empty() {
            return Ok(nothing("No contact was deleted", 0));
        }
        let count = selected.len();
        let what = format!("Deleted {}", contacts(count));
        Ok(self.act(
            at,
            what,
            vec![Effect::Deleted(Bits(selected))],
            Vec::new(),
            (count, 0),
        ))
    }

    /// Who would really come and go if contacts were added, removed, or made the only members.
    pub(crate) fn member_change(
        &self,
        segment: SegmentId,
        action: MemberAction,
        selected: &RoaringBitmap,
    ) -> (RoaringBitmap, RoaringBitmap) {
        let members = self.members(segment);
        match action {
            MemberAction::Add => (selected - &members, RoaringBitmap::new()),
            MemberAction::Remove => (RoaringBitmap::new(), selected & &members),
            MemberAction::Replace => (selected - &members, members - selected),
        }
    }

    /// Prepares the coming and going of a segment's members.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`], and as [`Workspace::selected`].
    pub fn set_members(
        &self,
        at: i64,
        segment: SegmentId,
        action: MemberAction,
        selection: &Selection,
    ) -> Result<Act, Refused> {
        let selected = self.selected(selection, at)?;
        self.change_members(at, segment, action, &selected)
    }

    fn change_members(
        &self,
        at: i64,
        segment: SegmentId,
        action: MemberAction,
        selected: &RoaringBitmap,
    ) -> Result<Act, Refused> {
        let name = self.segment(segment).ok_or(Refused::NoSuchSegment)?.name.clone();
        let (added, removed) = self.member_change(segment, action, selected);
        let changed = added.len() + removed.len();
        let unchanged = selected.len()
            - added.len()
            - if action == MemberAction::Remove {
                removed.len()
            } else {
                0
            };
        let what = match (added.len(), removed.len()) {
            (0, 0) if action == MemberAction::Remove => {
                return Ok(nothing(format!("None of them is in {name}"), unchanged));
            }
            (0, 0) => return Ok(nothing(format!("{name} has these members already"), unchanged)),
            (added, 0) => format!("Added {} to {name}", contacts(added)),
            (0, removed) => format!("Removed {} from {name}", contacts(removed)),
            (added, removed) => {
                format!(
                    "Added {} to {name} and removed {}",
                    contacts(added),
                    grouped(removed)
                )
            }
        };
        let effect = Effect::Members {
            segment,
            added: Bits(added),
            removed: Bits(removed),
        };
        Ok(self.act(at, what, vec![effect], Vec::new(), (changed, unchanged)))
    }

    /// What pasted keys would do to a segment, and the act that does it.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn members_by_keys(
        &self,
        at: i64,
        segment: SegmentId,
        action: MemberAction,
        text: &str,
    ) -> Result<(KeysReport, Act), Refused> {
        self.segment(segment).ok_or(Refused::NoSuchSegment)?;
        let mut report = KeysReport::default();
        let mut found = RoaringBitmap::new();
        let mut seen = FxHashSet::default();
        for key in text
            .split(['\n', '\r', ',', ';', '\t'])
            .map(|key| key.trim().trim_matches('"').trim())
        {
            if key.is_empty() || !seen.insert(key.to_lowercase()) {
                continue;
            }
            report.keys += 1;
            let contact = self
                .find(EMAIL, &key.to_lowercase())
                .or_else(|| self.find(EXTERNAL_ID, key));
            match contact {
                Some(contact) => {
                    report.found += 1;
                    found.insert(contact.0);
                }
                None => {
                    report.unknown_count += 1;
                    if report.unknown.len() < 100 {
                        report.unknown.push(key.to_owned());
                    }
                }
            }
        }
        let (added, removed) = self.member_change(segment, action, &found);
        (report.added, report.removed) = (added.len(), removed.len());
        report.unchanged = match action {
            MemberAction::Remove => found.len() - removed.len(),
            MemberAction::Add | MemberAction::Replace => found.len() - added.len(),
        };
        let act = self.change_members(at, segment, action, &found)?;
        Ok((report, act))
    }
}

/// The effect of one value of one contact.
pub(crate) fn cells(field: FieldId, contact: u32, cell: &Cell) -> Effect {
    let values = Values(vec![(
        contact / crate::page::GROUP,
        PageRef::Here(page_of_cell(cell)),
    )]);
    Effect::Cells {
        field,
        contacts: one(contact),
        values,
    }
}
