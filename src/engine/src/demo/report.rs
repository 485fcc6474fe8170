//! What the shop reports at the end of each week, and on the day of its sale: what Corral's events and workflows will do.

use super::people::Person;
use super::shop::{Purchase, SALE, SIGNED_UP, WEEK};
use super::stage::{Turnover, Written};
use super::story::Story;
use crate::edit::{contacts, grouped};
use crate::refused::Refused;
use litemap::LiteMap;
use model::field::{
    BIRTHDATE, CONSENT_AT, CONSENT_SOURCE, EMAIL, EMAIL_STATUS, EXTERNAL_ID, FIRST_NAME, LAST_NAME,
    MOBILE_PHONE, NEWSLETTER_STATUS, POINTS, PURCHASE_AMOUNT_BEFORE, PURCHASES_BEFORE,
};
use model::{FieldId, SegmentId};
use roaring::RoaringBitmap;

/// The day on which the first week ends, so that the last one ends yesterday.
const FIRST_WEEK: i64 = 176;
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

    /// Writes down purchases; gives how many there are, and who bought for the first time.
    pub fn purchases(
        &mut self,
        due: &dyn Fn(i64) -> bool,
        written: &mut Written,
    ) -> Result<(u64, RoaringBitmap), Refused> {
        let mut count = 0;
        let mut first = RoaringBitmap::new();
        let mut changed: LiteMap<usize, u32> = LiteMap::new();
        for Purchase { person, cents, .. } in self.shop.purchases.iter().filter(|purchase| due(purchase.day))
        {
            let Some(contact) = self.contacts.get(person) else {
                continue;
            };
            let (purchases, amount) = self.bought.entry(*person).or_default();
            if *purchases == 0 {
                first.insert(*contact);
            }
            *purchases += 1;
            *amount += cents;
            count += 1;
            changed.insert(*person, *contact);
        }
        for (person, contact) in &changed {
            let (purchases, cents) = self.bought.get(person).copied().unwrap_or_default();
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            self.stage
                .write(written, PURCHASES_BEFORE, *contact, &purchases.to_string())?;
            self.stage
                .write(written, PURCHASE_AMOUNT_BEFORE, *contact, &amount)?;
        }
        Ok((count, first))
    }

    /// The shop reports the weeks that end before a day, and the day of the sale on its own.
    pub fn report_until(&mut self, day: i64) -> Result<(), Refused> {
        let mut evenings: Vec<i64> = (1..=FIRST_WEEK).rev().step_by(WEEK as usize).collect();
        evenings.extend([SALE + 1, SALE]);
        evenings.sort_unstable_by_key(|day| std::cmp::Reverse(*day));
        for evening in evenings {
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
        let mut written = Written::default();
        let mut members: LiteMap<SegmentId, Turnover> = LiteMap::new();
        let people = &self.shop.people;
        let new: Vec<usize> = SIGNED_UP.filter(|person| due(people[*person].joined)).collect();
        let created = self.create(&new, &mut written)?;
        let (purchases, first) = self.purchases(&due, &mut written)?;

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
        let come = [
            (self.segments.buyers, first),
            (self.segments.footwear, told(&self.shop.interested)),
        ];
        for (segment, people) in come {
            members.entry(segment).or_default().added = people;
        }
        let mut go = vec![(self.segments.footwear, told(&self.shop.lost_interest))];
        if let Some(win_back) = self.segments.win_back {
            let due = self.shop.purchases.iter().filter(|purchase| due(purchase.day));
            let bought: RoaringBitmap = due.filter_map(|purchase| self.contact(purchase.person)).collect();
            go.push((win_back, bought & self.stage.workspace.members(win_back)));
        }
        for (segment, people) in go {
            members.entry(segment).or_default().removed = people;
        }
        members.retain(|_, turnover| !turnover.added.is_empty() || !turnover.removed.is_empty());

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
        let when = self.stage.moment(day, EVENING);
        self.stage.shop(when, what, written, members, created);
        self.reported = day;
        Ok(())
    }
}
