//! The demo's history, day by day: what the shop reports every week, and what its people do in between.

use super::people::Person;
use super::shop::{
    ANA, FAIR, LISTED, MET, NEWSLETTER, OLD, OPENED, Purchase, SALE, SIGNED_UP, STAFF, Shop, WIN_BACK,
};
use super::stage::{File, Stage, Turnover, Written};
use crate::edit::{contacts, grouped};
use crate::refused::Refused;
use crate::workspace::{Prepared, Workspace};
use model::field::{
    BIRTHDATE, CONSENT_AT, CONSENT_SOURCE, EMAIL, EMAIL_STATUS, EXTERNAL_ID, FIRST_NAME, FieldOption,
    LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS, POINTS, PURCHASE_AMOUNT_BEFORE, PURCHASES_BEFORE,
};
use model::import::{NewStatus, Options, SegmentTarget};
use model::query::{Group, Mode, Query, Rule, Selection};
use model::segment::MemberAction;
use model::{ContactId, FieldDef, FieldId, FieldType, SegmentDef, SegmentId, Status};
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, BTreeSet};

/// The day before the first week ends, so that the last one ends yesterday.
const FIRST_WEEK: i64 = 176;
/// When the shop reports what happened since the last time.
const EVENING: (i64, i64) = (21, 0);

/// Which field each text of a person goes to.
type Columns = [(FieldId, fn(&Person) -> &str); 13];

/// The telling of the history.
pub(super) struct Story {
    stage: Stage,
    shop: Shop,
    fields: Fields,
    segments: Segments,
    /// The contacts of the shop's people, as far as they are told.
    contacts: BTreeMap<usize, u32>,
    /// How many purchases of whom are told, and their amount in cents.
    bought: BTreeMap<usize, (u64, i64)>,
    /// The shop has reported everything before this day.
    reported: i64,
}

/// The demo's own fields.
struct Fields {
    city: FieldId,
    category: FieldId,
    sizes: FieldId,
    level: FieldId,
}

/// Segments that change more than once.
struct Segments {
    buyers: SegmentId,
    footwear: SegmentId,
    win_back: Option<SegmentId>,
}

/// Tells the whole history on a blank stage.
///
/// # Errors
/// [`Refused`] where the workspace has no room for the demo's fields.
pub(super) fn tell(workspace: &Workspace, now: i64, seed: u64) -> Result<Vec<Prepared>, Refused> {
    let mut stage = Stage::new(workspace, now);
    let shop = Shop::new(seed, stage.today());
    let fields = fields(&mut stage)?;
    let none = SegmentId(0);
    let mut story = Story {
        stage,
        shop,
        fields,
        segments: Segments {
            buyers: none,
            footwear: none,
            win_back: None,
        },
        contacts: BTreeMap::new(),
        bought: BTreeMap::new(),
        reported: OPENED + 1,
    };
    story.open()?;
    let newsletter = story.import_newsletter()?;
    let do_not_contact = story.do_not_contact()?;
    let fair = story.import_fair_leads()?;
    let vip = story.choose_best()?;
    story.import_by_mistake()?;
    story.refuse_more(do_not_contact)?;
    story.choose_more(vip)?;
    story.set_levels(vip)?;
    story.win_back()?;
    story.archive(fair)?;
    story.reward_ana(vip)?;
    story.compare(newsletter)?;
    story.report_until(0)?;
    let living = story.stage.workspace.alive().len();
    let what = format!("Loaded the demo: Olmo Shoes, {}", contacts(living));
    Ok(story.stage.finish(what))
}

/// The demo's fields, made on the first morning.
fn fields(stage: &mut Stage) -> Result<Fields, Refused> {
    let sizes: Vec<(String, String)> = (36..=46)
        .map(|size| (size.to_string(), size.to_string()))
        .collect();
    let sizes: Vec<(&str, &str)> = sizes
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let categories = [
        ("footwear", "Footwear"),
        ("bags", "Bags"),
        ("clothing", "Clothing"),
        ("accessories", "Accessories"),
    ];
    let levels = [("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")];
    Ok(Fields {
        city: field(stage, 0, "city", "City", FieldType::Text, &[])?,
        category: field(
            stage,
            2,
            "preferred_category",
            "Preferred category",
            FieldType::Radio,
            &categories,
        )?,
        sizes: field(stage, 3, "sizes", "Sizes", FieldType::Checkbox, &sizes)?,
        level: field(stage, 5, "level", "Level", FieldType::Radio, &levels)?,
    })
}

fn field(
    stage: &mut Stage,
    minute: i64,
    key: &str,
    name: &str,
    kind: FieldType,
    options: &[(&str, &str)],
) -> Result<FieldId, Refused> {
    let fields = || stage.workspace.fields();
    let id = stage.workspace.next_field();
    let def = FieldDef {
        id,
        key: free(key, "_", &|key| {
            fields().any(|def| def.key.eq_ignore_ascii_case(key))
        }),
        name: free(name, " ", &|name| {
            fields().any(|def| def.name.to_lowercase() == name.to_lowercase())
        }),
        kind,
        status: Status::Custom,
        required: false,
        default: String::new(),
        options: options
            .iter()
            .map(|(id, name)| FieldOption {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
            })
            .collect(),
    };
    let when = stage.moment(OPENED, (9, minute));
    let act = stage.workspace.create_field(when, &def)?;
    stage.person(when, act);
    Ok(id)
}

/// The name itself, or the first with a number that is free: an emptied workspace may still have fields and segments.
fn free(name: &str, before_number: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut twin = 1;
    let mut free = name.to_owned();
    while taken(&free) {
        twin += 1;
        free = format!("{name}{before_number}{twin}");
    }
    free
}

impl Story {
    fn columns(&self) -> Columns {
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

    fn contact(&self, person: usize) -> Option<u32> {
        self.contacts.get(&person).copied()
    }

    fn selection(&self, people: impl IntoIterator<Item = usize>) -> Selection {
        let ids = people.into_iter().filter_map(|person| self.contact(person));
        Selection::Contacts(ids.map(ContactId).collect())
    }

    fn free_segment_name(&self, name: &str) -> String {
        free(name, " ", &|name| {
            self.stage.workspace.segment_named(name).is_some()
        })
    }

    /// The people of the shop who are told at once become contacts, in their order.
    fn create(&mut self, people: &[usize], written: &mut Written) -> Result<RoaringBitmap, Refused> {
        let base = self.stage.workspace.next_contact(people.len() as u64);
        let columns = self.columns();
        for (contact, person) in (base..).zip(people) {
            self.contacts.insert(*person, contact);
            for (field, text) in &columns {
                let text = text(&self.shop.people[*person]);
                self.stage.write(written, *field, contact, text)?;
            }
        }
        Ok((base..).zip(people).map(|(contact, _)| contact).collect())
    }

    /// Writes down purchases; gives how many there are, and who bought for the first time.
    fn purchases(
        &mut self,
        due: &dyn Fn(i64) -> bool,
        written: &mut Written,
    ) -> Result<(u64, RoaringBitmap), Refused> {
        let mut count = 0;
        let mut first = RoaringBitmap::new();
        let mut changed = BTreeSet::new();
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
            changed.insert((*person, *contact));
        }
        for (person, contact) in changed {
            let (purchases, cents) = self.bought.get(&person).copied().unwrap_or_default();
            let amount = format!("{}.{:02}", cents / 100, cents % 100);
            self.stage
                .write(written, PURCHASES_BEFORE, contact, &purchases.to_string())?;
            self.stage
                .write(written, PURCHASE_AMOUNT_BEFORE, contact, &amount)?;
        }
        Ok((count, first))
    }

    /// The first two days: the old customers come over, the team tries itself out, and segments are begun.
    fn open(&mut self) -> Result<(), Refused> {
        let mut written = Written::default();
        let old: Vec<usize> = OLD.collect();
        let created = self.create(&old, &mut written)?;
        let (purchases, _) = self.purchases(&|day| day > OPENED, &mut written)?;
        let what = format!(
            "Brought {} with {} purchases from the old till",
            contacts(created.len()),
            grouped(purchases)
        );
        let when = self.stage.moment(OPENED, (9, 40));
        self.stage.shop(when, what, written, BTreeMap::new(), created);

        for person in STAFF {
            let when = self
                .stage
                .moment(OPENED - 1, (10, 3 * (person - STAFF.start) as i64));
            let values: Vec<(FieldId, String)> = self
                .columns()
                .iter()
                .map(|(field, text)| (*field, text(&self.shop.people[person]).to_owned()))
                .collect();
            let (contact, act) = self.stage.workspace.create_contact(when, &values)?;
            self.stage.person(when, act);
            self.contacts.insert(person, contact.0);
        }
        let team = self.selection(STAFF);
        self.segment((OPENED - 1, (10, 20)), TEST, Some(&team))?;
        let buyers = self.selection(self.bought.keys().copied());
        self.segments.buyers = self.segment((OPENED - 1, (11, 0)), BUYERS, Some(&buyers))?;
        self.segments.footwear = self.segment((OPENED - 2, (12, 30)), FOOTWEAR, None)?;
        Ok(())
    }

    /// A person makes a segment.
    fn segment(
        &mut self,
        (day, at): (i64, (i64, i64)),
        about: About,
        members: Option<&Selection>,
    ) -> Result<SegmentId, Refused> {
        let when = self.stage.moment(day, at);
        let name = self.free_segment_name(about.name);
        let def = about.def(SegmentId(0), name);
        let (id, act) = self.stage.workspace.create_segment(when, &def, members)?;
        self.stage.person(when, act);
        Ok(id)
    }

    /// A person changes the definition of a segment.
    fn edit(
        &mut self,
        (day, at): (i64, (i64, i64)),
        segment: SegmentId,
        change: impl FnOnce(SegmentDef) -> SegmentDef,
    ) -> Result<(), Refused> {
        let when = self.stage.moment(day, at);
        let old = self.stage.workspace.segment(segment).cloned();
        let new = change(old.ok_or(Refused::NoSuchSegment)?);
        let act = self.stage.workspace.edit_segment(when, &new)?;
        self.stage.person(when, act);
        Ok(())
    }

    /// A person adds contacts to a segment.
    fn add(
        &mut self,
        (day, at): (i64, (i64, i64)),
        segment: SegmentId,
        people: impl IntoIterator<Item = usize>,
    ) -> Result<(), Refused> {
        let when = self.stage.moment(day, at);
        let selection = self.selection(people);
        let act = self
            .stage
            .workspace
            .set_members(when, segment, MemberAction::Add, &selection)?;
        self.stage.person(when, act);
        Ok(())
    }

    /// The shop reports the weeks that end before a day, and the day of the sale on its own.
    fn report_until(&mut self, day: i64) -> Result<(), Refused> {
        let mut evenings: Vec<i64> = (1..=FIRST_WEEK).rev().step_by(7).collect();
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
        let mut members: BTreeMap<SegmentId, Turnover> = BTreeMap::new();
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

        let begin = if day == SALE {
            "The day of the sale"
        } else {
            "A week in the shop"
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

    /// A clean import.
    fn import_newsletter(&mut self) -> Result<SegmentId, Refused> {
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
    fn import_fair_leads(&mut self) -> Result<SegmentId, Refused> {
        self.report_until(FAIR)?;
        let mut file = File::new(vec![
            ("Email", EMAIL),
            ("First name", FIRST_NAME),
            ("Last name", LAST_NAME),
            ("Mobile", MOBILE_PHONE),
            ("City", self.fields.city),
            ("Birthday", BIRTHDATE),
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
    fn import_by_mistake(&mut self) -> Result<(), Refused> {
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

    fn do_not_contact(&mut self) -> Result<SegmentId, Refused> {
        self.report_until(121)?;
        let gone = self.shop.unsubscribed.iter().filter(|(day, _)| *day > OPENED);
        let first = self.selection(gone.map(|(_, person)| *person).take(40));
        self.segment((121, (16, 10)), DO_NOT_CONTACT, Some(&first))
    }

    /// More people who wrote that they want no mail, pasted by their emails.
    fn refuse_more(&mut self, segment: SegmentId) -> Result<(), Refused> {
        let gone = self
            .shop
            .unsubscribed
            .iter()
            .filter(|(day, _)| (self.reported..=OPENED).contains(day));
        let emails: Vec<&str> = gone
            .map(|(_, person)| self.shop.people[*person].email.as_str())
            .take(55)
            .collect();
        let when = self.stage.moment(60, (15, 30));
        let (_, act) =
            self.stage
                .workspace
                .members_by_keys(when, segment, MemberAction::Add, &emails.join("\n"))?;
        self.stage.person(when, act);
        Ok(())
    }

    /// Those who had spent most by a day, Ana and who has been quiet since aside.
    fn best(&self, day: i64) -> Vec<usize> {
        let spent = self.shop.spent_by(day);
        let quiet = |person: &usize| *person == ANA || self.shop.quiet.contains(person);
        let told = spent
            .into_iter()
            .filter(|(person, _)| !quiet(person) && self.contacts.contains_key(person));
        let mut told: Vec<(usize, i64)> = told.collect();
        told.sort_by_key(|(person, cents)| (std::cmp::Reverse(*cents), *person));
        told.into_iter().map(|(person, _)| person).collect()
    }

    fn choose_best(&mut self) -> Result<SegmentId, Refused> {
        self.report_until(75)?;
        let best = self.selection(self.best(75).into_iter().take(150));
        let vip = self.segment((75, (18, 0)), VIP, Some(&best))?;
        self.edit((75, (18, 1)), vip, |old| SegmentDef { pinned: true, ..old })?;
        Ok(vip)
    }

    fn choose_more(&mut self, vip: SegmentId) -> Result<(), Refused> {
        self.report_until(40)?;
        let members = self.stage.workspace.members(vip);
        let new = |person: &usize| {
            self.contact(*person)
                .is_some_and(|contact| !members.contains(contact))
        };
        let best: Vec<usize> = self.best(40).into_iter().filter(new).take(35).collect();
        self.add((40, (17, 20)), vip, best)
    }

    /// VIPs get Gold, those after them Silver, other buyers Bronze.
    fn set_levels(&mut self, vip: SegmentId) -> Result<(), Refused> {
        self.report_until(35)?;
        let ids =
            |contacts: RoaringBitmap| Selection::Contacts(contacts.into_iter().map(ContactId).collect());
        let gold = self.stage.workspace.members(vip);
        let silver = self
            .best(35)
            .into_iter()
            .filter_map(|person| self.contact(person));
        let silver: RoaringBitmap = silver
            .filter(|contact| !gold.contains(*contact))
            .take(600)
            .collect();
        let bronze = self.stage.workspace.members(self.segments.buyers) - &gold - &silver;
        for (minute, level, people) in [(0, "gold", gold), (2, "silver", silver), (3, "bronze", bronze)] {
            let when = self.stage.moment(35, (11, minute));
            let field = self.fields.level;
            let act = self.stage.workspace.set_field(when, &ids(people), field, level)?;
            self.stage.person(when, act);
        }
        Ok(())
    }

    fn win_back(&mut self) -> Result<(), Refused> {
        self.report_until(WIN_BACK)?;
        let quiet = self.selection(self.shop.quiet.iter().copied());
        let segment = self.segment((WIN_BACK, (10, 15)), WIN_BACK_SEGMENT, Some(&quiet))?;
        self.segments.win_back = Some(segment);
        Ok(())
    }

    fn archive(&mut self, fair: SegmentId) -> Result<(), Refused> {
        self.report_until(20)?;
        self.edit((20, (9, 5)), fair, |old| SegmentDef {
            archived: true,
            ..old
        })
    }

    /// Ana is made a VIP by hand.
    fn reward_ana(&mut self, vip: SegmentId) -> Result<(), Refused> {
        self.report_until(12)?;
        self.add((12, (17, 45)), vip, [ANA])?;
        let when = self.stage.moment(12, (17, 46));
        if let Some(ana) = self.contact(ANA) {
            let act = self
                .stage
                .workspace
                .edit_contact(when, ContactId(ana), self.fields.level, "gold")?;
            self.stage.person(when, act);
        }
        Ok(())
    }

    /// A filter saved as segment: who came by the newsletter and bought.
    fn compare(&mut self, newsletter: SegmentId) -> Result<(), Refused> {
        self.report_until(2)?;
        let rules = [newsletter, self.segments.buyers].map(|segment| Rule::Segment {
            segment,
            member: true,
        });
        let query = Query {
            filter: Group {
                mode: Mode::All,
                rules: rules.into(),
            },
            ..Query::default()
        };
        let both = Selection::Matching {
            query,
            except: Vec::new(),
        };
        self.segment((2, (9, 30)), NEWSLETTER_BUYERS, Some(&both))?;
        Ok(())
    }
}

/// What a segment of the demo is called and for.
#[derive(Clone, Copy)]
struct About {
    name: &'static str,
    description: &'static str,
    tags: &'static [&'static str],
}

impl About {
    fn def(self, id: SegmentId, name: String) -> SegmentDef {
        SegmentDef {
            id,
            name,
            description: self.description.to_owned(),
            tags: self.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            pinned: false,
            archived: false,
        }
    }
}

const TEST: About = About {
    name: "Test segment",
    description: "The team: see what a campaign does before customers do",
    tags: &["internal"],
};
const BUYERS: About = About {
    name: "Buyers",
    description: "Everybody who has bought at least once",
    tags: &["shop"],
};
const FOOTWEAR: About = About {
    name: "Interested in Footwear",
    description: "Looked at footwear three times within a week; leaves after 30 days without a purchase",
    tags: &["shop", "interest"],
};
const NEWSLETTER_IMPORT: About = About {
    name: "Newsletter import",
    description: "Subscribers of the old newsletter form",
    tags: &["newsletter"],
};
const FAIR_LEADS: About = About {
    name: "Fair leads",
    description: "People we talked to at the shoe fair",
    tags: &["fair"],
};
const DO_NOT_CONTACT: About = About {
    name: "Do not contact",
    description: "Asked us in writing not to be written to",
    tags: &["internal"],
};
const VIP: About = About {
    name: "VIP",
    description: "Our best customers, chosen by hand",
    tags: &["shop", "loyalty"],
};
const WIN_BACK_SEGMENT: About = About {
    name: "Win-back",
    description: "Bought once, but nothing for 90 days",
    tags: &["shop"],
};
const NEWSLETTER_BUYERS: About = About {
    name: "Newsletter buyers",
    description: "In Newsletter import and in Buyers",
    tags: &["newsletter", "shop"],
};
