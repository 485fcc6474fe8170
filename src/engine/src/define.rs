//! What a person does to fields, segments, saved filters and mappings, and settings.

use crate::bits::Bits;
use crate::edit::{Act, contacts, grouped, nothing};
use crate::journal::Effect;
use crate::onto::Onto;
use crate::refused::Refused;
use crate::sets::joined;
use crate::workspace::Workspace;
use model::field::{MAX_CUSTOM_FIELDS, MAX_NAME, MAX_OPTIONS, is_key};
use model::import::{SavedMapping, Target};
use model::message::Settings;
use model::query::{SavedFilter, Selection};
use model::segment::Use;
use model::{FieldDef, FieldId, SegmentDef, SegmentId, Status};
use roaring::RoaringBitmap;

/// Whether a saved mapping writes to a field.
pub(crate) fn mapping_uses(saved: &SavedMapping, field: FieldId) -> bool {
    saved
        .mapping
        .columns
        .iter()
        .any(|column| column.target == Target::Field(field))
        || saved
            .mapping
            .literals
            .iter()
            .any(|literal| literal.field == field)
}

/// A name as it is kept: trimmed, 1 to [`MAX_NAME`] characters, none of them a control or direction character.
pub(crate) fn clean_name(name: &str) -> Result<String, Refused> {
    let name = name.trim();
    let length = name.chars().count();
    if name.is_empty() {
        return Err(Refused::NameEmpty);
    }
    if length > MAX_NAME {
        return Err(Refused::NameTooLong(length));
    }
    // The direction characters of Unicode (UAX #9): they make a name look like another one.
    let direction = |c: char| matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{061c}');
    if name.chars().any(|c| c.is_control() || direction(c)) {
        return Err(Refused::NameHasControl);
    }
    Ok(name.to_owned())
}

/// Refuses the deletion of what something uses that can't do without.
fn refuse_used(name: &str, uses: &[Use]) -> Result<(), Refused> {
    let blocking: Vec<String> = uses.iter().filter(|one| one.blocks).map(Use::to_string).collect();
    match blocking.is_empty() {
        true => Ok(()),
        false => Err(Refused::InUse(name.to_owned(), blocking)),
    }
}

impl Workspace {
    pub(crate) fn free_segment_name(&self, name: &str, own: Option<SegmentId>) -> Result<String, Refused> {
        let name = clean_name(name)?;
        match self.segment_named(&name) {
            Some(other) if Some(other.id) != own => Err(Refused::NameTaken(other.name.clone())),
            _ => Ok(name),
        }
    }

    /// Prepares a new segment, with the contacts of a selection as its members, if one is given.
    ///
    /// # Errors
    /// [`Refused`] where the name is no name or taken, and as [`Workspace::selected`].
    pub fn create_segment(
        &self,
        at: i64,
        def: &SegmentDef,
        selection: Option<&Selection>,
    ) -> Result<(SegmentId, Act), Refused> {
        let id = self.next_segment();
        let name = self.free_segment_name(&def.name, None)?;
        let members = selection
            .map(|selection| self.selected(selection, at))
            .transpose()?
            .unwrap_or_default();
        Ok((
            id,
            self.new_segment(
                at,
                SegmentDef {
                    id,
                    name,
                    ..def.clone()
                },
                members,
            ),
        ))
    }

    fn new_segment(&self, at: i64, def: SegmentDef, members: RoaringBitmap) -> Act {
        let (id, count) = (def.id, members.len());
        let what = match count {
            0 => format!("Created segment {}", def.name),
            _ => format!("Created segment {} with {}", def.name, contacts(count)),
        };
        let mut effects = vec![Effect::Segment(id, Some(def))];
        effects.extend(joined(id, members));
        self.act(at, what, effects, Vec::new(), (count, 0))
    }

    /// Prepares a new name, description, tags, pin or archive state of a segment: what differs between a version of it
    /// and what is wanted instead.
    ///
    /// # Errors
    /// As [`Workspace::create_segment`].
    pub fn edit_segment(&self, at: i64, from: &SegmentDef, to: &SegmentDef) -> Result<Act, Refused> {
        let old = self.segment(from.id).ok_or(Refused::NoSuchSegment)?;
        let wanted = old.changed(from, to);
        let name = self.free_segment_name(&wanted.name, Some(old.id))?;
        let new = SegmentDef { name, ..wanted };
        if *old == new {
            return Ok(nothing("Nothing changed", 0));
        }
        let what = match (old.archived, new.archived, old.pinned, new.pinned) {
            (false, true, ..) => format!("Archived segment {}", new.name),
            (true, false, ..) => format!("Took segment {} out of the archive", new.name),
            (_, _, false, true) => format!("Pinned segment {}", new.name),
            (_, _, true, false) => format!("Unpinned segment {}", new.name),
            _ => format!("Edited segment {}", new.name),
        };
        Ok(self.act(
            at,
            what,
            vec![Effect::Segment(new.id, Some(new))],
            Vec::new(),
            (0, 0),
        ))
    }

    /// Prepares a copy of a segment, members included, under the first free name.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`].
    pub fn duplicate_segment(&self, at: i64, segment: SegmentId) -> Result<(SegmentId, Act), Refused> {
        let old = self.segment(segment).ok_or(Refused::NoSuchSegment)?.clone();
        let stem: String = old.name.chars().take(MAX_NAME - 12).collect();
        let mut names = (1..).map(|n| {
            if n == 1 {
                format!("{stem} (copy)")
            } else {
                format!("{stem} (copy {n})")
            }
        });
        let name = names
            .find(|name| self.segment_named(name).is_none())
            .unwrap_or(stem.clone());
        let id = self.next_segment();
        let def = SegmentDef {
            id,
            name,
            pinned: false,
            archived: false,
            ..old
        };
        let (done, mut prepared) = self.new_segment(at, def, self.members(segment));
        if let (Some(prepared), Some(formula)) = (&mut prepared, self.formulas.get(&segment)) {
            let formula = Effect::Formula(id, Some(formula.clone()));
            prepared.set.effects.push(formula);
        }
        Ok((id, (done, prepared)))
    }

    /// Prepares the deletion of a segment, and of its contacts too, if asked.
    ///
    /// # Errors
    /// [`Refused::NoSuchSegment`], and [`Refused::InUse`] where something can't do without it.
    pub fn delete_segment(&self, at: i64, segment: SegmentId, with_contacts: bool) -> Result<Act, Refused> {
        let name = self.segment(segment).ok_or(Refused::NoSuchSegment)?.name.clone();
        refuse_used(&name, &self.uses_of_segment(segment))?;
        let members = self.members(segment);
        let mut effects = vec![Effect::Segment(segment, None)];
        let count = if with_contacts { members.len() } else { 0 };
        let mut what = format!("Deleted segment {name}");
        if count > 0 {
            what.push_str(&format!(" and its {}", contacts(count)));
            effects.push(Effect::Deleted(Bits(members)));
        }
        Ok(self.act(at, what, effects, Vec::new(), (count, 0)))
    }

    fn clean_field(&self, def: &FieldDef, own: Option<FieldId>) -> Result<FieldDef, Refused> {
        let name = clean_name(&def.name)?;
        let others = || self.fields().filter(|other| Some(other.id) != own);
        if let Some(other) = others().find(|other| other.name.to_lowercase() == name.to_lowercase()) {
            return Err(Refused::NameTaken(other.name.clone()));
        }
        let key = def.key.trim().to_owned();
        if !is_key(&key) || key.len() > MAX_NAME {
            return Err(Refused::BadKey(key));
        }
        if others().any(|other| other.key.eq_ignore_ascii_case(&key)) {
            return Err(Refused::KeyTaken(key));
        }
        let options = if def.kind.has_options() {
            def.options.clone()
        } else {
            Vec::new()
        };
        if def.kind.has_options() && options.is_empty() {
            return Err(Refused::NoOptions);
        }
        if options.len() > MAX_OPTIONS {
            return Err(Refused::TooManyOptions);
        }
        for (at, option) in options.iter().enumerate() {
            clean_name(&option.name)?;
            if !is_key(&option.id) {
                return Err(Refused::BadKey(option.id.clone()));
            }
            if options[..at]
                .iter()
                .any(|other| other.id.eq_ignore_ascii_case(&option.id))
            {
                return Err(Refused::KeyTaken(option.id.clone()));
            }
        }
        let clean = FieldDef {
            name,
            key,
            options,
            status: Status::Custom,
            ..def.clone()
        };
        if self.typed(&clean, &clean.default)?.is_empty() && clean.required {
            return Err(Refused::DefaultNeeded);
        }
        Ok(clean)
    }

    /// Prepares a new custom field; a required one fills everyone with its default.
    ///
    /// # Errors
    /// [`Refused`] where name, id, options or default can't be, or there are too many fields.
    pub fn create_field(&mut self, at: i64, def: &FieldDef) -> Result<Act, Refused> {
        if self.fields().filter(|def| def.status == Status::Custom).count() >= MAX_CUSTOM_FIELDS {
            return Err(Refused::TooManyFields);
        }
        let id = self.next_field();
        let def = FieldDef {
            id,
            ..self.clean_field(def, None)?
        };
        let what = format!("Created field {}", def.name);
        let (filled, pages) = self.filled_with_default(&def, &self.alive.clone())?;
        let mut effects = vec![Effect::Field(id, Some(def))];
        effects.extend(filled);
        Ok(self.act(at, what, effects, pages, (0, 0)))
    }

    /// The effect that fills contacts with a required field's default.
    #[allow(
        clippy::type_complexity,
        reason = "the pages of one effect; a name would say no more"
    )]
    fn filled_with_default(
        &mut self,
        def: &FieldDef,
        empty: &RoaringBitmap,
    ) -> Result<
        (
            Option<Effect>,
            Vec<(crate::journal::PageId, std::rc::Rc<crate::page::Page>)>,
        ),
        Refused,
    > {
        if !def.required || empty.is_empty() {
            return Ok((None, Vec::new()));
        }
        let cell = self.typed(def, &def.default)?;
        let (values, pages) = self.one_value(empty, &cell);
        Ok((
            Some(Effect::Cells {
                field: def.id,
                contacts: Bits(empty.clone()),
                values,
            }),
            pages,
        ))
    }

    /// Prepares a new name, default, requirement or further options of a custom field: what differs between a version
    /// of it and what is wanted instead.
    ///
    /// # Errors
    /// [`Refused`] as [`Workspace::create_field`]; also where the type would change or a used option would go.
    pub fn edit_field(&mut self, at: i64, from: &FieldDef, to: &FieldDef) -> Result<Act, Refused> {
        let old = self.field(from.id).ok_or(Refused::NoSuchField)?.clone();
        if old.status != Status::Custom {
            return Err(Refused::BuiltIn(old.name));
        }
        if old.kind != to.kind {
            return Err(Refused::TypeFixed);
        }
        let new = self.clean_field(&old.changed(from, to), Some(old.id))?;
        let column = self.values_of(old.id);
        for gone in old
            .options
            .iter()
            .filter(|option| !new.options.iter().any(|kept| kept.id == option.id))
        {
            let mut having = RoaringBitmap::new();
            for group in 0..column.groups() {
                column.filter_text(group, &mut having, &mut |text| {
                    text.split(|byte| *byte == b'|')
                        .any(|id| id == gone.id.as_bytes())
                });
            }
            if !having.is_disjoint(self.alive()) {
                return Err(Refused::OptionInUse(gone.name.clone()));
            }
        }
        if old == new {
            return Ok(nothing("Nothing changed", 0));
        }
        let what = format!("Edited field {}", new.name);
        let empty = self.alive() - column.filled();
        let (filled, pages) = self.filled_with_default(&new, &empty)?;
        let mut effects = vec![Effect::Field(old.id, Some(new))];
        effects.extend(filled);
        Ok(self.act(at, what, effects, pages, (0, 0)))
    }

    /// Prepares the deletion of a custom field; its values come back with an undo.
    ///
    /// # Errors
    /// [`Refused::InUse`] where a saved mapping uses it, [`Refused::BuiltIn`] for a system field.
    pub fn delete_field(&self, at: i64, field: FieldId) -> Result<Act, Refused> {
        let def = self.field(field).ok_or(Refused::NoSuchField)?;
        if def.status != Status::Custom {
            return Err(Refused::BuiltIn(def.name.clone()));
        }
        refuse_used(&def.name, &self.uses_of_field(field))?;
        let filled = (self.values_of(field).filled() & self.alive()).len();
        let what = match filled {
            0 => format!("Deleted field {}", def.name),
            1 => format!("Deleted field {} with 1 value", def.name),
            _ => format!("Deleted field {} with {} values", def.name, grouped(filled)),
        };
        Ok(self.act(
            at,
            what,
            vec![Effect::Field(field, None)],
            Vec::new(),
            (filled, 0),
        ))
    }

    /// Prepares the saving of a query by name, over an older one of that name.
    ///
    /// # Errors
    /// [`Refused`] where the name is no name or the query names what does not exist.
    pub fn save_filter(&self, at: i64, filter: &SavedFilter) -> Result<Act, Refused> {
        let name = clean_name(&filter.name)?;
        self.matching(&filter.query, at)?;
        let saved = SavedFilter {
            name: name.clone(),
            query: filter.query.clone(),
        };
        let key = name.to_lowercase();
        if self.filters.get(&key) == Some(&saved) {
            return Ok(nothing(format!("Filter {name} is so already"), 0));
        }
        Ok(self.act(
            at,
            format!("Saved filter {name}"),
            vec![Effect::Filter(key, Some(saved))],
            Vec::new(),
            (0, 0),
        ))
    }

    /// Prepares the deletion of a saved query.
    pub fn delete_filter(&self, at: i64, name: &str) -> Act {
        let key = name.trim().to_lowercase();
        if !self.filters.contains_key(&key) {
            return nothing(format!("There is no filter {name}"), 0);
        }
        self.act(
            at,
            format!("Deleted filter {name}"),
            vec![Effect::Filter(key, None)],
            Vec::new(),
            (0, 0),
        )
    }

    /// Prepares the saving of a mapping by name, over an older one of that name.
    ///
    /// # Errors
    /// [`Refused`] where the name is no name.
    pub fn save_mapping(&self, at: i64, saved: &SavedMapping) -> Result<Act, Refused> {
        let name = clean_name(&saved.name)?;
        let saved = SavedMapping {
            name: name.clone(),
            mapping: saved.mapping.clone(),
        };
        let effect = Effect::Mapping(name.to_lowercase(), Some(saved));
        Ok(self.act(
            at,
            format!("Saved mapping {name}"),
            vec![effect],
            Vec::new(),
            (0, 0),
        ))
    }

    /// Prepares new settings.
    ///
    /// # Errors
    /// [`Refused::BadSetting`] where there is no such calling code; which time zones there are, the caller knows.
    pub fn edit_settings(&self, at: i64, settings: &Settings) -> Result<Act, Refused> {
        let zone = settings.time_zone.trim();
        let country = settings.country.trim().trim_start_matches('+');
        if country.len() > 3 || !country.bytes().all(|byte| byte.is_ascii_digit()) || country.starts_with('0')
        {
            let (setting, value) = ("Default country".to_owned(), settings.country.clone());
            return Err(Refused::BadSetting { setting, value });
        }
        let new = Settings {
            time_zone: zone.to_owned(),
            country: country.to_owned(),
            ..settings.clone()
        };
        if new == self.settings {
            return Ok(nothing("Nothing changed", 0));
        }
        Ok(self.act(
            at,
            "Changed the settings".to_owned(),
            vec![Effect::Settings(new)],
            Vec::new(),
            (0, 0),
        ))
    }
}
