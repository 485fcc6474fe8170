//! The files that the demo's people import: a clean one, one with five bad rows, and one by mistake.

use super::segments::{About, FAIR_LEADS, NEWSLETTER_IMPORT};
use super::shop::{FAIR, LISTED, MET, NEWSLETTER};
use super::stage::File;
use super::story::Story;
use crate::refused::Refused;
use model::SegmentId;
use model::field::{
    BIRTHDATE, CONSENT_AT, CONSENT_SOURCE, EMAIL, FIRST_NAME, LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS,
};
use model::import::{NewStatus, Options, SegmentTarget};
use model::segment::MemberAction;

impl Story {
    /// A clean import.
    pub fn import_newsletter(&mut self) -> Result<SegmentId, Refused> {
        self.report_until(NEWSLETTER)?;
        let mut file = File::new(vec![
            ("Email", EMAIL),
            ("First name", FIRST_NAME),
            ("Last name", LAST_NAME),
            ("Mobile", MOBILE_PHONE),
            ("City", self.fields.city),
            ("Birthday", BIRTHDATE),
            ("Subscribed on", CONSENT_AT),
        ]);
        for person in &self.shop.people[LISTED] {
            file.row(&[
                &person.email,
                &person.first_name,
                &person.last_name,
                &person.phone,
                &person.city,
                &person.birthdate,
                &person.consent_at,
            ]);
        }
        let name = self.free_segment_name(NEWSLETTER_IMPORT.name);
        let options = Options {
            segment: Some((SegmentTarget::New(name.clone()), MemberAction::Add)),
            new_status: NewStatus::Subscribed {
                consent_at: String::new(),
                consent_source: "Newsletter form".to_owned(),
            },
            ..Options::default()
        };
        let when = self.stage.moment(NEWSLETTER, (10, 30));
        self.stage.import(when, "newsletter.csv", &file, options)?;
        self.meet(LISTED);
        self.describe((NEWSLETTER, (10, 41)), &name, NEWSLETTER_IMPORT)
    }

    /// An import with five bad rows, of people some of whom are known.
    pub fn import_fair_leads(&mut self) -> Result<SegmentId, Refused> {
        self.report_until(FAIR)?;
        let mut file = File::new(vec![
            ("Email", EMAIL),
            ("First name", FIRST_NAME),
            ("Last name", LAST_NAME),
            ("Mobile", MOBILE_PHONE),
            ("City", self.fields.city),
            ("Birthday", BIRTHDATE),
            ("Likes", self.fields.category),
            ("Newsletter", NEWSLETTER_STATUS),
            ("Asked on", CONSENT_AT),
            ("Asked at", CONSENT_SOURCE),
        ]);
        let bad: [&[&str]; 5] = [
            &["laura.vidal(at)example.org", "Laura", "Vidal", "", "Girona"],
            &["", "Tomás", "Falcão", "", "Porto", "1984-09-30"],
            &[
                "p.moreau@example.net",
                "Paul",
                "Moreau",
                "",
                "Nîmes",
                "31/02/1988",
            ],
            &[
                "greta.boehm@example.com",
                "Greta",
                "Böhm",
                "call the office",
                "Köln",
            ],
            &[
                "noemi.serra@example.org",
                "Noemi",
                "Serra",
                "",
                "Roma",
                "",
                "",
                "none",
                "",
                "",
                "Hall 4",
                "shoes, bags",
            ],
        ];
        let mut bad = bad.into_iter();
        let mut known = self.shop.known_at_the_fair.iter().copied();
        for (at, person) in MET.enumerate() {
            if at % 80 == 40
                && let Some(bad) = bad.next()
            {
                file.row(bad);
            }
            // Every thirteenth row is of somebody who is a contact already.
            let again = if at % 13 == 6 { known.next() } else { None };
            for person in again.into_iter().chain([person]) {
                let person = &self.shop.people[person];
                file.row(&[
                    &person.email,
                    &person.first_name,
                    &person.last_name,
                    &person.phone,
                    &person.city,
                    &person.birthdate,
                    &person.category,
                    person.status,
                    &person.consent_at,
                    person.consent_source,
                ]);
            }
        }
        let name = self.free_segment_name(FAIR_LEADS.name);
        let options = Options {
            overwrite: true,
            only_empty: true,
            segment: Some((SegmentTarget::New(name.clone()), MemberAction::Add)),
            ..Options::default()
        };
        let when = self.stage.moment(FAIR, (9, 50));
        self.stage.import(when, "fair-leads.csv", &file, options)?;
        self.meet(MET);
        self.describe((FAIR, (10, 2)), &name, FAIR_LEADS)
    }

    /// An import that is undone a quarter of an hour later.
    pub fn import_by_mistake(&mut self) -> Result<(), Refused> {
        self.report_until(60)?;
        let mut file = File::new(vec![
            ("Email", EMAIL),
            ("First name", FIRST_NAME),
            ("Last name", LAST_NAME),
        ]);
        for person in &self.shop.mistaken {
            file.row(&[&person.email, &person.first_name, &person.last_name]);
        }
        let when = self.stage.moment(60, (12, 5));
        let change = self
            .stage
            .import(when, "suppliers-2019.csv", &file, Options::default())?;
        self.stage.undo(self.stage.moment(60, (12, 19)), change)
    }

    /// Finds the contacts that an import made of people.
    fn meet(&mut self, people: std::ops::Range<usize>) {
        for person in people {
            if let Some(contact) = self.stage.workspace.find(EMAIL, &self.shop.people[person].email) {
                self.contacts.insert(person, contact.0);
            }
        }
    }

    /// A person says what the segment that an import made is for.
    fn describe(&mut self, when: (i64, (i64, i64)), name: &str, about: About) -> Result<SegmentId, Refused> {
        let segment = self.stage.workspace.segment_named(name).map(|def| def.id);
        let segment = segment.ok_or(Refused::NoSuchSegment)?;
        self.edit(when, segment, |old| about.def(segment, old.name))?;
        Ok(segment)
    }
}
