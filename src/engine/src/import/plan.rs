//! The plan of an import: what becomes of each column, worked out once before the first row.

use crate::define::clean_name;
use crate::refused::Refused;
use crate::value::{Parser, Rules};
use crate::workspace::Workspace;
use model::field::{
    EMAIL, EXTERNAL_ID, FIRST_NAME, FieldOption, LAST_NAME, MAX_CUSTOM_FIELDS, MAX_NAME, MAX_OPTIONS, is_key,
};
use model::import::{NewStatus, SegmentTarget, Spec, Target};
use model::segment::MemberAction;
use model::{FieldDef, FieldId, FieldType, SegmentId, Status};
use rustc_hash::FxHashMap;
use std::fmt;

/// Why a file can't be imported as asked.
#[derive(Clone, Debug, PartialEq)]
pub enum PlanError {
    /// No column goes to Email or External ID.
    NoKey,
    /// Two columns go to one field (its name).
    Twice(String),
    /// A column goes to a field that Corral keeps (its name).
    ReadOnly(String),
    /// **Update only empty fields** without **Overwrite existing**.
    OnlyEmptyNeedsOverwrite,
    /// A new field, segment or literal can't be as asked.
    Refused {
        /// The column, field or segment meant.
        at: String,
        /// Why.
        why: Refused,
    },
    /// The mapping has another number of columns than the file.
    Columns,
}

impl fmt::Display for PlanError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PlanError::NoKey => f.write_str("No column goes to Email or External ID"),
            PlanError::Twice(name) => write!(f, "Two columns go to {name}"),
            PlanError::ReadOnly(name) => write!(f, "{name} is kept by Corral and can't be imported"),
            PlanError::OnlyEmptyNeedsOverwrite => {
                f.write_str("Update only empty fields needs Overwrite existing")
            }
            // Why is the border's to say.
            PlanError::Refused { at, .. } => write!(f, "{at} is refused"),
            PlanError::Columns => f.write_str("The mapping does not fit the columns of the file"),
        }
    }
}

impl std::error::Error for PlanError {}

/// One field that the import writes: a place in every staged row.
#[derive(Debug)]
pub struct Slot {
    /// The field; a new one has a provisional number until the import commits.
    pub def: FieldDef,
    /// Whether the field is made by this import.
    pub new: bool,
    /// Reads the field's values.
    pub parser: Parser,
    /// For a new field with collected options: the options so far, by their folded text.
    pub options: Option<FxHashMap<String, String>>,
    /// The same value for every row, in place of a column.
    pub literal: Option<crate::column::Cell>,
}

/// What is done to one column of the file.
#[derive(Debug)]
pub struct Source {
    /// Its place in the file.
    pub column: usize,
    /// Its name in the file.
    pub name: String,
    /// Whole values read as others, by their folded text.
    pub values: FxHashMap<String, String>,
    /// Take spaces off both ends.
    pub trim: bool,
    /// Write shouted or whispered names with capitals.
    pub fix_capitals: bool,
    /// Where its values go.
    pub output: Output,
}

/// Where a column's values go.
#[derive(Debug)]
pub enum Output {
    /// Into one slot.
    Slot(usize),
    /// The first word into one slot, the rest into another.
    Name(usize, usize),
    /// Into memberships of the segments they name.
    Segments(String),
}

/// The plan of an import.
#[derive(Debug)]
pub struct Plan {
    /// What was asked.
    pub spec: Spec,
    /// The names of the file's columns.
    pub columns: Vec<String>,
    /// The fields written.
    pub slots: Vec<Slot>,
    /// The columns read.
    pub sources: Vec<Source>,
    /// The slot of Email, if any.
    pub email: Option<usize>,
    /// The slot of External ID, if any.
    pub external: Option<usize>,
    /// Number of the first new field, as of planning.
    pub first_new_field: FieldId,
}

impl Plan {
    /// Works out the plan of an import.
    ///
    /// # Errors
    /// [`PlanError`], with the column or field it is about.
    pub fn new(workspace: &Workspace, spec: Spec, columns: Vec<String>) -> Result<Plan, PlanError> {
        if spec.mapping.columns.len() != columns.len() {
            return Err(PlanError::Columns);
        }
        if spec.options.only_empty && !spec.options.overwrite {
            return Err(PlanError::OnlyEmptyNeedsOverwrite);
        }
        let rules = Rules::import(&workspace.settings, &spec.mapping, workspace.zone.clone());
        let mut plan = Plan {
            columns,
            slots: Vec::new(),
            sources: Vec::new(),
            email: None,
            external: None,
            first_new_field: workspace.next_field(),
            spec,
        };
        plan.check_segment(workspace)?;
        let maps = plan.spec.mapping.columns.clone();
        for (column, map) in maps.into_iter().enumerate() {
            let name = plan.columns[column].clone();
            let output = match &map.target {
                Target::Ignore => continue,
                Target::Segments { separator } => Output::Segments(if separator.is_empty() {
                    ",".to_owned()
                } else {
                    separator.clone()
                }),
                Target::Field(_) if map.split_name => Output::Name(
                    plan.slot(workspace, FIRST_NAME, &rules)?,
                    plan.slot(workspace, LAST_NAME, &rules)?,
                ),
                Target::Field(field) => Output::Slot(plan.slot(workspace, *field, &rules)?),
                Target::NewField {
                    key,
                    name,
                    kind,
                    collect_options,
                } => {
                    let at = name.clone();
                    let slot = plan.new_slot(workspace, key, name, *kind, *collect_options, &rules);
                    Output::Slot(slot.map_err(|why| PlanError::Refused { at, why })?)
                }
            };
            let values = map.values.iter();
            plan.sources.push(Source {
                column,
                name,
                values: values
                    .map(|(from, to)| (crate::text::folded(from.trim()), to.clone()))
                    .collect(),
                trim: map.trim,
                fix_capitals: map.fix_capitals,
                output,
            });
        }
        plan.add_literals(workspace, &rules)?;
        let place = |field: FieldId| plan.slots.iter().position(|slot| slot.def.id == field);
        (plan.email, plan.external) = (place(EMAIL), place(EXTERNAL_ID));
        let literal_key = |slot: Option<usize>| slot.is_some_and(|slot| plan.slots[slot].literal.is_some());
        if (plan.email.is_none() && plan.external.is_none())
            || literal_key(plan.email)
            || literal_key(plan.external)
        {
            return Err(PlanError::NoKey);
        }
        Ok(plan)
    }

    fn check_segment(&self, workspace: &Workspace) -> Result<(), PlanError> {
        match &self.spec.options.segment {
            Some((SegmentTarget::Existing(id), _)) if workspace.segment(*id).is_none() => {
                Err(PlanError::Refused {
                    at: "Add to segment".to_owned(),
                    why: Refused::NoSuchSegment,
                })
            }
            Some((SegmentTarget::New(name), _)) => {
                let refused = |why| PlanError::Refused {
                    at: "Add to segment".to_owned(),
                    why,
                };
                let name = clean_name(name).map_err(refused)?;
                match workspace.segment_named(&name) {
                    Some(def) => Err(refused(Refused::NameTaken(def.name.clone()))),
                    None => Ok(()),
                }
            }
            _ => Ok(()),
        }
    }

    fn slot(&mut self, workspace: &Workspace, field: FieldId, rules: &Rules) -> Result<usize, PlanError> {
        let Some(def) = workspace.field(field) else {
            return Err(PlanError::Refused {
                at: "Map".to_owned(),
                why: Refused::NoSuchField,
            });
        };
        if def.status == Status::ReadOnly {
            return Err(PlanError::ReadOnly(def.name.clone()));
        }
        if self.slots.iter().any(|slot| slot.def.id == field) {
            return Err(PlanError::Twice(def.name.clone()));
        }
        self.slots.push(Slot {
            parser: Parser::new(def, rules),
            def: def.clone(),
            new: false,
            options: None,
            literal: None,
        });
        Ok(self.slots.len() - 1)
    }

    fn new_slot(
        &mut self,
        workspace: &Workspace,
        key: &str,
        name: &str,
        kind: FieldType,
        collect_options: bool,
        rules: &Rules,
    ) -> Result<usize, Refused> {
        let name = clean_name(name)?;
        let made = self.slots.iter().filter(|slot| slot.new).count();
        let custom = workspace
            .fields()
            .filter(|def| def.status == Status::Custom)
            .count();
        if custom + made >= MAX_CUSTOM_FIELDS {
            return Err(Refused::TooManyFields);
        }
        if !is_key(key) || key.len() > MAX_NAME {
            return Err(Refused::BadKey(key.to_owned()));
        }
        let same = |def: &&FieldDef| {
            def.key.eq_ignore_ascii_case(key) || def.name.to_lowercase() == name.to_lowercase()
        };
        if let Some(other) = workspace
            .fields()
            .chain(self.slots.iter().map(|slot| &slot.def))
            .find(same)
        {
            return Err(Refused::NameTaken(other.name.clone()));
        }
        let def = FieldDef {
            id: FieldId(self.first_new_field.0 + made as u16),
            key: key.to_owned(),
            name,
            kind,
            status: Status::Custom,
            required: false,
            default: String::new(),
            options: Vec::new(),
        };
        let collect = kind.has_options() || collect_options;
        self.slots.push(Slot {
            parser: Parser::new(&def, rules),
            def,
            new: true,
            options: collect.then(FxHashMap::default),
            literal: None,
        });
        Ok(self.slots.len() - 1)
    }

    fn add_literals(&mut self, workspace: &Workspace, rules: &Rules) -> Result<(), PlanError> {
        for literal in self.spec.mapping.literals.clone() {
            let slot = self.slot(workspace, literal.field, rules)?;
            let def = &self.slots[slot].def;
            let cell = workspace
                .typed(def, &literal.value)
                .map_err(|why| PlanError::Refused {
                    at: def.name.clone(),
                    why,
                })?;
            self.slots[slot].literal = Some(cell);
        }
        if let NewStatus::Subscribed { consent_at, .. } = &self.spec.options.new_status
            && let Some(def) = workspace.field(model::field::CONSENT_AT)
        {
            workspace
                .typed(def, consent_at)
                .map_err(|why| PlanError::Refused {
                    at: def.name.clone(),
                    why,
                })?;
        }
        Ok(())
    }

    /// What happens to the members of the chosen segment.
    pub fn action(&self) -> Option<MemberAction> {
        self.spec.options.segment.as_ref().map(|(_, action)| *action)
    }

    /// The chosen segment, if it exists.
    pub fn existing_segment(&self) -> Option<SegmentId> {
        match &self.spec.options.segment {
            Some((SegmentTarget::Existing(id), _)) => Some(*id),
            _ => None,
        }
    }
}

impl Slot {
    /// The id of the option for a text, made if there is none yet; none once there are too many.
    pub fn option_id(&mut self, text: &str) -> Option<String> {
        let known = self.options.as_mut()?;
        let folded = crate::text::folded(text.trim());
        if let Some(id) = known.get(&folded) {
            return Some(id.clone());
        }
        if known.len() >= MAX_OPTIONS {
            return None;
        }
        let stem: String = folded
            .chars()
            .map(|c| {
                if c.is_ascii_alphanumeric() || c == '-' {
                    c
                } else {
                    '_'
                }
            })
            .take(40)
            .collect();
        let stem = if stem.chars().all(|c| c == '_') {
            "option".to_owned()
        } else {
            stem
        };
        let taken = |id: &str| self.def.options.iter().any(|option| option.id == id);
        let id = (1..)
            .map(|n| {
                if n == 1 {
                    stem.clone()
                } else {
                    format!("{stem}_{n}")
                }
            })
            .find(|id| !taken(id))
            .unwrap_or(stem.clone());
        let name: String = text
            .trim()
            .chars()
            .filter(|c| !c.is_control())
            .take(MAX_NAME)
            .collect();
        self.def.options.push(FieldOption { id: id.clone(), name });
        known.insert(folded, id.clone());
        Some(id)
    }
}
