//! What the shop reports at the end of each week, and on the day of its sale: new contacts, and what people did.
//!
//! The events go through the active workflows at their own moments, as those of an import of events do.

use super::events::Deed;
use super::people::Person;
use super::shop::{BEFORE, SALE, SIGNED_UP, WEEK, evenings};
use super::stage::Written;
use super::story::Story;
use crate::column::NONE;
use crate::edit::{contacts, grouped};
use crate::events::{NO, Raw, RawItem};
use crate::refused::Refused;
use crate::workflow::Machine;
use litemap::LiteMap;
use model::FieldId;
use model::event::EventKind;
use model::field::{
    BIRTHDATE, CONSENT_AT, CONSENT_SOURCE, EMAIL, EMAIL_STATUS, EXTERNAL_ID, FIRST_NAME, LAST_NAME,
    MOBILE_PHONE, NEWSLETTER_STATUS, POINTS, PURCHASE_AMOUNT_BEFORE, PURCHASES_BEFORE,
};
use roaring::RoaringBitmap;

/// When the shop reports what happened since the last time.
const EVENING: (i64, i64) = (21, 0);

/// Which field each text of a person goes to.
type Columns = [(FieldId, fn(&Person) -> &str); 13];

impl Story {
    /// Which field each text of a person goes to.
    pub fn columns(&self) -> Columns {
        [
            (EMAIL, |person| &person.email),
            (EXTERNAL_ID, |person| &person.external_id),
            (FIRST_NAME, |person| &person.first_name),
            (LAST_NAME, |person| &person.last_name),
            (MOBILE_PHONE, |person| &person.phone),
            (BIRTHDATE, |person| &person.birthdate),
            (POINTS, |person| &person.points),
            (NEWSLETTER_STATUS, |person| person.status),
            (CONSENT_AT, |person| &person.consent_at),
            (CONSENT_SOURCE, |person| person.consent_source),
            (self.fields.city, |person| &person.city),
            (self.fields.category, |person| &person.category),
            (self.fields.sizes, |person| &person.sizes),
        ]
    }

    /// The people of the shop who are told at once become contacts, in their order.
    pub fn create(&mut self, people: &[usize], written: &mut Written) -> Result<RoaringBitmap, Refused> {
        let base = self.stage.workspace.next_contact(people.len() as u64);
        let columns = self.columns();
        // An emptied workspace may have fields of its own that everybody gets a value in.
        let fields = self.stage.workspace.fields();
        let defaults: Vec<(FieldId, String)> = fields
            .filter(|def| !def.default.is_empty())
            .map(|def| (def.id, def.default.clone()))
            .collect();
        for (contact, person) in (base..).zip(people) {
            self.contacts.insert(*person, contact);
            for (field, text) in &defaults {
                self.stage.write(written, *field, contact, text)?;
            }
            for (field, text) in &columns {
                let text = text(&self.shop.people[*person]);
                self.stage.write(written, *field, contact, text)?;
            }
        }
        Ok((base..).zip(people).map(|(contact, _)| contact).collect())
    }

    /// Writes down what people bought before the demo begins; gives how many purchases these are, and by whom.
    pub fn bought_before(&mut self, written: &mut Written) -> Result<(u64, Vec<usize>), Refused> {
        let mut bought: LiteMap<usize, (u64, i64)> = LiteMap::new();
        for purchase in self
            .shop
            .purchases
            .iter()
            .filter(|purchase| purchase.day == BEFORE)
        {
            let (count, cents) = bought.entry(purchase.person).or_default();
            (*count, *cents) = (*count + 1, *cents + purchase.cents);
        }
        let mut all = 0;
        for (person, (count, cents)) in &bought {
            let Some(contact) = self.contact(*person) else {
                continue;
            };
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            let values = [
                (PURCHASES_BEFORE, count.to_string()),
                (PURCHASE_AMOUNT_BEFORE, amount),
            ];
            for (field, text) in values {
                self.stage.write(written, field, contact, &text)?;
            }
            all += count;
        }
        Ok((all, bought.keys().copied().collect()))
    }

    /// The shop reports the weeks that end before a day, and the day of the sale on its own.
    pub fn report_until(&mut self, day: i64) -> Result<(), Refused> {
        for evening in evenings() {
            if evening > day && evening < self.reported {
                self.report(evening)?;
            }
        }
        Ok(())
    }

    /// The shop reports what happened until the evening of a day.
    fn report(&mut self, day: i64) -> Result<(), Refused> {
        let since = self.reported;
        let due = |on: i64| (day..since).contains(&on);
        let mut machine = self.stage.machine()?;
        let purchases = self.happen(&mut machine, day);
        let when = self.stage.moment(day, EVENING);
        machine.advance(when);

        let mut written = Written::default();
        let people = &self.shop.people;
        let new: Vec<usize> = SIGNED_UP.filter(|person| due(people[*person].joined)).collect();
        let created = self.create(&new, &mut written)?;
        let told = |list: &[(i64, usize)]| -> RoaringBitmap {
            let due = list.iter().filter(|(on, _)| due(*on));
            due.filter_map(|(_, person)| self.contact(*person)).collect()
        };
        let statuses = [
            (NEWSLETTER_STATUS, "unsubscribed", told(&self.shop.unsubscribed)),
            (EMAIL_STATUS, "bounced", told(&self.shop.bounced)),
        ];
        for (field, status, people) in statuses {
            for contact in people {
                self.stage.write(&mut written, field, contact, status)?;
            }
        }
        let begin = match since - day {
            _ if day == SALE => "The day of the sale".to_owned(),
            WEEK => "A week in the shop".to_owned(),
            days => format!("{days} days in the shop"),
        };
        let what = format!(
            "{begin}: {} new, {} purchases",
            contacts(created.len()),
            grouped(purchases)
        );
        self.stage.report(when, what, written, created, machine);
        self.reported = day;
        Ok(())
    }

    /// Lets everything happen that people do until the evening of a day; gives how many purchases these are.
    fn happen(&mut self, machine: &mut Machine, day: i64) -> u64 {
        let shelf = self
            .shelf
            .iter()
            .map(|product| machine.log_mut().product_number(product));
        let shelf: Vec<u32> = shelf.collect();
        let mut purchases = 0;
        while let Some(deed) = self.deeds.get(self.told).copied().filter(|deed| deed.day >= day) {
            self.told += 1;
            let Some(contact) = self.contact(deed.person) else {
                continue;
            };
            let bought = deed.kind == EventKind::Purchase;
            purchases += u64::from(bought);
            let order = match bought {
                true => machine
                    .log_mut()
                    .text_number(&format!("W-{}", 100_000 + self.told)),
                false => NO,
            };
            let text = match deed.text {
                "" => NO,
                text => machine.log_mut().text_number(text),
            };
            let item = self.item(&deed, &shelf);
            let amount = match (deed.kind, item) {
                (EventKind::Purchase | EventKind::CartAdded, Some(item)) => item.price,
                _ => NONE,
            };
            let event = Raw {
                when: self.stage.at(deed.day, deed.time),
                contact,
                kind: deed.kind,
                amount,
                text,
                order,
            };
            machine.event(event, item.as_slice());
        }
        purchases
    }

    fn item(&self, deed: &Deed, numbers: &[u32]) -> Option<RawItem> {
        let at = deed.product?;
        Some(RawItem {
            product: *numbers.get(at)?,
            quantity: 1,
            price: self.shelf.get(at)?.price,
        })
    }
}
