//! The stage: a blank workspace on which the demo's history is played with the acts of people and imports.

use crate::bits::Bits;
use crate::column::{Cell, NONE, by_group};
use crate::csv::{Reader, Writer};
use crate::edit::Act;
use crate::import::{Building, Matching, Plan, PlanError, Staging};
use crate::journal::{Cause, DemoCause, Effect, PageId};
use crate::page::{Page, number_page, text_page};
use crate::refused::Refused;
use crate::value::Zone;
use crate::value::date::DAY;
use crate::workflow::{Base, Begins, Machine};
use crate::workspace::{Prepared, Workspace};
use litemap::LiteMap;
use model::import::{ColumnMap, Encoding, Format, Mapping, Options, Spec, Target};
use model::{ChangeId, FieldId, SourceId};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// New values by field and contact, to be written by one change set.
#[derive(Default)]
pub(super) struct Written(LiteMap<FieldId, LiteMap<u32, Cell>>);

/// A blank workspace, and the change sets that were applied to it.
pub(super) struct Stage {
    pub workspace: Workspace,
    now: i64,
    /// The time that all change sets get: now, unless the journal is ahead of the clock.
    at: i64,
    played: Vec<Prepared>,
}

impl Stage {
    /// A stage for a demo that is loaded into a workspace.
    pub fn new(workspace: &Workspace, now: i64) -> Stage {
        Stage {
            workspace: workspace.blank(),
            now,
            at: now.max(workspace.journal().last_at()),
            played: Vec::new(),
        }
    }

    /// The workspace's time zone.
    pub fn zone(&self) -> &Zone {
        &self.workspace.zone
    }

    /// Today, in days since 1970 in the workspace's time zone.
    pub fn today(&self) -> i64 {
        self.workspace.zone.day(self.now)
    }

    /// So many days before today at an hour and minute; never later than now.
    pub fn moment(&self, day: i64, (hour, minute): (i64, i64)) -> i64 {
        self.at(day, (hour * 60 + minute) * 60_000)
    }

    /// So many days before today at a time in milliseconds; never later than now.
    pub fn at(&self, day: i64, time: i64) -> i64 {
        let local = (self.today() - day) * DAY + time;
        self.workspace.zone.moment(local).min(self.now)
    }

    /// Plays what a person does at a moment, by hand or with a set operation.
    pub fn person(&mut self, when: i64, (_, prepared): Act) {
        if let Some(prepared) = prepared {
            self.play(when, Some(prepared.set.cause.clone()), prepared);
        }
    }

    /// Plays what the shop itself does at a moment.
    pub fn shop(&mut self, when: i64, what: String, written: Written, created: RoaringBitmap) {
        let (effects, pages) = self.effects(written, created);
        let set = self.workspace.change(self.now, Cause::Person, what, effects);
        let prepared = Prepared {
            set,
            pages,
            files: Vec::new(),
        };
        self.play(when, None, prepared);
    }

    /// The machine of the workflows that are active on the stage.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn machine(&self) -> Result<Machine, Refused> {
        // Its clock begins before everything, and comes as far as the caller lets it.
        Machine::replay(&self.workspace, i64::MIN, self.now)
    }

    /// Plays what the shop reports at a moment, with the events that went through a machine and what followed from them.
    pub fn report(
        &mut self,
        when: i64,
        what: String,
        written: Written,
        created: RoaringBitmap,
        mut machine: Machine,
    ) {
        let (effects, pages) = self.effects(written, created);
        let base = Base::Cause(Box::new(Cause::Person), what);
        let parts = machine.close(&mut self.workspace, self.now, base);
        let mut own = Some((effects, pages));
        for mut part in parts {
            match own.take() {
                Some((effects, pages)) => {
                    part.set.effects.splice(0..0, effects);
                    part.pages.extend(pages);
                    self.play(when, None, part);
                }
                None => self.workflow(part),
            }
        }
    }

    /// Plays what workflows do at once with the contacts of their audience.
    ///
    /// # Errors
    /// As [`Machine::new`].
    pub fn begin(&mut self, when: i64) -> Result<(), Refused> {
        let mut machine = self.machine()?;
        machine.advance(when);
        let mut everybody = usize::MAX;
        Begins::for_all(when).step(&mut machine, &mut everybody);
        let last = self.played.last().map_or(ChangeId(0), |part| part.set.id);
        for part in machine.close(&mut self.workspace, self.now, Base::Reaction(last)) {
            self.workflow(part);
        }
        Ok(())
    }

    /// Plays what a workflow's node did, when it did so.
    fn workflow(&mut self, prepared: Prepared) {
        let (when, by) = (prepared.set.when(), prepared.set.cause.clone());
        self.play(when, Some(by), prepared);
    }

    /// What it is to write values and to make contacts.
    fn effects(
        &mut self,
        written: Written,
        created: RoaringBitmap,
    ) -> (Vec<Effect>, Vec<(PageId, Rc<Page>)>) {
        let mut effects = Vec::new();
        let mut pages = Vec::new();
        if !created.is_empty() {
            effects.push(Effect::Created(Bits(created)));
        }
        for (field, cells) in written.0 {
            let contacts: RoaringBitmap = cells.keys().copied().collect();
            let groups: Vec<_> = by_group(&contacts)
                .map(|(group, part)| {
                    let cells = part.iter().filter_map(|contact| cells.get(&contact));
                    let number = |cell: &Cell| match cell {
                        Cell::Number(number) => *number,
                        Cell::Text(_) => NONE,
                    };
                    let page = match cells.clone().next() {
                        Some(Cell::Number(_)) => number_page(cells.map(number)),
                        _ => text_page(cells.map(|cell| match cell {
                            Cell::Text(text) => text.as_bytes(),
                            Cell::Number(_) => &[],
                        })),
                    };
                    (group as u32, page)
                })
                .collect();
            let (values, stored) = self.workspace.stored_values(groups);
            pages.extend(stored);
            effects.push(Effect::Cells {
                field,
                contacts: Bits(contacts),
                values,
            });
        }
        (effects, pages)
    }

    /// Notes a value in text form for a contact, unless it is empty.
    ///
    /// # Errors
    /// [`Refused`] where it is none of its field's.
    pub fn write(
        &self,
        written: &mut Written,
        field: FieldId,
        contact: u32,
        text: &str,
    ) -> Result<(), Refused> {
        if let Some(def) = self.workspace.field(field).filter(|_| !text.is_empty()) {
            let cell = self.workspace.typed(def, text)?;
            written.0.entry(field).or_default().insert(contact, cell);
        }
        Ok(())
    }

    /// Plays the import of a file whose columns go to these fields, as if a person had mapped them so.
    ///
    /// # Errors
    /// [`Refused`] where a name is none.
    pub fn import(
        &mut self,
        when: i64,
        file: &str,
        rows: &File,
        options: Options,
    ) -> Result<ChangeId, Refused> {
        let spec = Spec {
            source: SourceId(0),
            format: FORMAT,
            options,
            run_workflows: false,
            mapping: rows.mapping(),
        };
        let names = rows.columns.iter().map(|(name, _)| (*name).to_owned()).collect();
        let plan = Plan::new(&self.workspace, spec, names).map_err(|error| match error {
            PlanError::Refused { why, .. } => why,
            // The files of the demo have keys, and no field twice.
            _ => Refused::NoKey,
        })?;
        let mut staging = Staging::new(plan);
        let mut reader = Reader::new(&FORMAT).replacing();
        // A replacing reader takes any bytes.
        reader.push(&rows.text, &mut |record| staging.record(record)).ok();
        reader.finish(&mut |record| staging.record(record)).ok();
        staging.finish();
        while staging.step() {}
        let mut matching = Matching::new(&staging, &self.workspace);
        while matching.step(&staging, u32::MAX) {}
        let mut building = Building::new(&staging, &matching, &self.workspace);
        while building.step(&staging, &matching) {}
        let prepared = building.finish(self.now, file, &staging, &matching, &mut self.workspace);
        let change = prepared.set.id;
        let by = prepared.set.cause.clone();
        self.play(when, Some(by), prepared);
        Ok(change)
    }

    /// Plays the undo of a change set by a person.
    ///
    /// # Errors
    /// As [`Workspace::prepare_stand`].
    pub fn undo(&mut self, when: i64, change: ChangeId) -> Result<(), Refused> {
        let (_, prepared) = self.workspace.prepare_stand(self.now, change, false)?;
        self.play(when, Some(Cause::Undo(change)), prepared);
        Ok(())
    }

    fn play(&mut self, when: i64, by: Option<Cause>, mut prepared: Prepared) {
        // It is made now, whenever it is said to have happened.
        prepared.set.at = self.at;
        prepared.set.cause = Cause::Demo(Box::new(DemoCause {
            demo: ChangeId(0),
            when,
            by,
        }));
        self.workspace.apply(prepared.clone());
        self.played.push(prepared);
    }

    /// All that was played, as parts of one demo whose last change set says what it is.
    pub fn finish(mut self, what: String) -> Vec<Prepared> {
        self.shop(self.now, what, Written::default(), RoaringBitmap::new());
        if let [.., before, last] = self.played.as_mut_slice() {
            // Workflows have nothing to do about what is told here.
            last.set.effects.push(Effect::Reacted(before.set.id));
        }
        let last = self.played.last().map(|prepared| prepared.set.id);
        for prepared in &mut self.played {
            if let (Cause::Demo(cause), Some(last)) = (&mut prepared.set.cause, last) {
                cause.demo = last;
            }
        }
        self.played
    }
}

/// The form of the demo's files.
const FORMAT: Format = Format {
    encoding: Encoding::Utf8,
    delimiter: b',',
    quote: Some(b'"'),
    header: true,
};

/// A file that the demo imports.
pub(super) struct File {
    columns: Vec<(&'static str, FieldId)>,
    writer: Writer,
    text: Vec<u8>,
}

impl File {
    /// A file with a header: each column's name, and the field it goes to.
    pub fn new(columns: Vec<(&'static str, FieldId)>) -> File {
        let mut file = File {
            columns,
            writer: Writer::new(FORMAT.delimiter, FORMAT.encoding, false, false),
            text: Vec::new(),
        };
        let names: Vec<&str> = file.columns.iter().map(|(name, _)| *name).collect();
        file.row(&names);
        file
    }

    /// Adds a row; more cells than there are columns make it a bad one.
    pub fn row(&mut self, cells: &[&str]) {
        cells.iter().for_each(|cell| self.writer.cell(cell, true));
        self.writer.end_row();
        self.text.extend(self.writer.take());
    }

    fn mapping(&self) -> Mapping {
        let columns = self.columns.iter().map(|(name, field)| ColumnMap {
            column: (*name).to_owned(),
            target: Target::Field(*field),
            values: Vec::new(),
            trim: true,
            fix_capitals: false,
            split_name: false,
        });
        Mapping {
            columns: columns.collect(),
            ..Mapping::default()
        }
    }
}
