//! The change set of an import of events.

use super::{EventsImport, ImportedItem};
use crate::bits::Bits;
use crate::column::by_group;
use crate::edit::{contacts, grouped};
use crate::events::{NO, Raw, RawItem, stored_batch};
use crate::journal::{Cause, Effect, EventsCause, PageId};
use crate::page::{Page, text_page};
use crate::workspace::{Prepared, Workspace};
use model::field::{EMAIL, EXTERNAL_ID};
use model::simulation::EventsReport;
use model::{FieldId, Status};
use roaring::RoaringBitmap;
use std::rc::Rc;

/// What makes the new contacts of an import.
#[derive(Clone, Debug, Default)]
pub struct Creation {
    /// The number of the first one.
    pub base: u32,
    /// The effects; none where nobody is new.
    pub effects: Vec<Effect>,
    /// Pages that the effects name.
    pub pages: Vec<(PageId, Rc<Page>)>,
}

impl EventsImport {
    /// The effects that make the new contacts, with their keys and the defaults of custom fields.
    pub fn creation(&self, workspace: &mut Workspace) -> Creation {
        let created = &self.settled.created;
        let base = workspace.next_contact(created.len() as u64);
        let mut creation = Creation {
            base,
            ..Creation::default()
        };
        if created.is_empty() {
            return creation;
        }
        let all: RoaringBitmap = (base..base + created.len() as u32).collect();
        creation.effects.push(Effect::Created(Bits(all.clone())));
        let keys = |field: FieldId, contact: u32| {
            let unknown = created.get((contact - base) as usize);
            unknown.map_or("", |unknown| match field {
                EMAIL => unknown.email.as_str(),
                _ => unknown.external.as_str(),
            })
        };
        for field in [EMAIL, EXTERNAL_ID] {
            let having: RoaringBitmap = all
                .iter()
                .filter(|contact| !keys(field, *contact).is_empty())
                .collect();
            let groups = by_group(&having).map(|(group, part)| {
                let texts = part.iter().map(|contact| keys(field, contact).as_bytes());
                (group as u32, text_page(texts))
            });
            let (values, pages) = workspace.stored_values(groups.collect());
            creation.write(field, having, values, pages);
        }
        let defaults: Vec<_> = workspace
            .fields()
            .filter(|def| def.status == Status::Custom && !def.default.is_empty())
            .filter_map(|def| Some((def.id, workspace.typed(def, &def.default).ok()?)))
            .collect();
        for (field, cell) in defaults {
            let (values, pages) = workspace.one_value(&all, &cell);
            creation.write(field, all.clone(), values, pages);
        }
        creation
    }

    /// The change set, ready to be stored and applied: the new contacts and the events.
    ///
    /// `file` is the file's name, empty for pasted text.
    pub fn prepare(&self, workspace: &mut Workspace, at: i64, file: &str) -> Prepared {
        let Creation {
            base,
            mut effects,
            mut pages,
        } = self.creation(workspace);
        let mut log = (*workspace.log).clone();
        let product = |item: &ImportedItem| self.products().get(usize::from(item.product?));
        for event in self.events() {
            let items: Vec<RawItem> = event
                .items
                .iter()
                .map(|item| RawItem {
                    product: product(item).map_or(NO, |product| log.product_number(product)),
                    quantity: item.quantity,
                    price: item.price,
                })
                .collect();
            let mut number = |text: &Option<Rc<str>>| text.as_ref().map_or(NO, |text| log.text_number(text));
            let raw = Raw {
                when: event.when,
                contact: event.contact.number(base),
                kind: event.kind,
                amount: event.amount,
                text: number(&event.text),
                order: number(&event.order),
            };
            log.push(raw, &items);
        }
        if let Some(batch) = log.close(false) {
            let (batch, stored) = stored_batch(workspace, batch);
            effects.push(Effect::Events(Box::new(batch)));
            pages.extend(stored);
        }
        let report = EventsReport {
            change: Some(workspace.journal().next_id()),
            ..self.report()
        };
        let what = what(file, &report);
        let cause = Cause::Events(Box::new(EventsCause {
            file: file.to_owned(),
            until: report.until,
            report,
        }));
        Prepared {
            set: workspace.change(at, cause, what, effects),
            pages,
            files: Vec::new(),
        }
    }
}

impl Creation {
    fn write(
        &mut self,
        field: FieldId,
        mut contacts: RoaringBitmap,
        values: crate::journal::Values,
        pages: Vec<(PageId, Rc<Page>)>,
    ) {
        if contacts.is_empty() {
            return;
        }
        contacts.optimize();
        self.pages.extend(pages);
        self.effects.push(Effect::Cells {
            field,
            contacts: Bits(contacts),
            values,
        });
    }
}

/// “Imported orders.csv: 6,919 events, 2,357 contacts new”.
fn what(file: &str, report: &EventsReport) -> String {
    let from = if file.is_empty() { "pasted rows" } else { file };
    let events = match report.events {
        1 => "1 event".to_owned(),
        count => format!("{} events", grouped(count)),
    };
    match report.created {
        0 => format!("Imported {from}: {events}"),
        created => format!("Imported {from}: {events}, {} new", contacts(created)),
    }
}
