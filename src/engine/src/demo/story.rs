//! The demo's history, day by day: what the shop reports every week, and what its people do in between.

use super::events::{Deed, deeds, shelf};
use super::fields::{Fields, fields};
use super::segments::{About, BUYERS, DO_NOT_CONTACT, FOOTWEAR, NEWSLETTER_BUYERS, TEST};
use super::shop::{ANA, OLD, OPENED, STAFF, Shop};
use super::stage::{Stage, Written};
use crate::edit::{contacts, grouped};
use crate::refused::Refused;
use crate::simulation::default_catalogue;
use crate::sort::sort_by_key;
use crate::workspace::{Prepared, Workspace};
use litemap::LiteMap;
use model::event::Product;
use model::query::{Group, Rule, Selection};
use model::segment::MemberAction;
use model::{ContactId, FieldId, SegmentDef, SegmentId};
use roaring::RoaringBitmap;

/// A day, counted back from today, with hour and minute.
pub(super) type Time = (i64, (i64, i64));

/// The telling of the history.
pub(super) struct Story {
    pub stage: Stage,
    pub shop: Shop,
    pub fields: Fields,
    pub segments: Segments,
    /// The contacts of the shop's people, as far as they are told.
    pub contacts: LiteMap<usize, u32>,
    /// What the shop sells.
    pub shelf: Vec<Product>,
    /// What people do, and how much of it is told.
    pub deeds: Vec<Deed>,
    pub told: usize,
    /// The shop has reported everything before this day.
    pub reported: i64,
}

/// Segments that workflows write to.
pub(super) struct Segments {
    pub buyers: SegmentId,
    pub footwear: SegmentId,
}

/// Tells the whole history on a blank stage.
///
/// # Errors
/// [`Refused`] where the workspace has no room for the demo's fields.
pub(super) fn tell(workspace: &Workspace, now: i64, seed: u64) -> Result<Vec<Prepared>, Refused> {
    let mut stage = Stage::new(workspace, now);
    let shop = Shop::new(seed, stage.today(), stage.zone());
    let deeds = deeds(&shop, seed);
    let fields = fields(&mut stage)?;
    stock(&mut stage)?;
    let none = SegmentId(0);
    let mut story = Story {
        stage,
        shop,
        fields,
        segments: Segments {
            buyers: none,
            footwear: none,
        },
        contacts: LiteMap::new(),
        shelf: shelf(),
        deeds,
        told: 0,
        reported: OPENED + 1,
    };
    story.open()?;
    let newsletter = story.import_newsletter()?;
    let do_not_contact = story.do_not_contact()?;
    let fair = story.import_fair_leads()?;
    let (vip, choosing) = story.choose_best()?;
    story.import_by_mistake()?;
    story.refuse_more(do_not_contact)?;
    story.choose_no_more(choosing)?;
    story.set_levels(vip)?;
    let winning_back = story.win_back()?;
    story.archive(fair)?;
    story.reward_ana(vip)?;
    story.greet()?;
    story.compare(newsletter)?;
    story.report_until(0)?;
    story.pause(winning_back)?;
    let living = story.stage.workspace.alive().len();
    let what = format!("Loaded the demo: Olmo Shoes, {}", contacts(living));
    Ok(story.stage.finish(what))
}

/// The shop sells what it always sold, whatever an emptied workspace did.
fn stock(stage: &mut Stage) -> Result<(), Refused> {
    let when = stage.moment(OPENED, (9, 6));
    let act = stage.workspace.edit_catalogue(when, default_catalogue())?;
    stage.person(when, act);
    Ok(())
}

/// The name itself, or the first with a number that is free: an emptied workspace may still have fields and segments.
pub(super) fn free(name: &str, before_number: &str, taken: &dyn Fn(&str) -> bool) -> String {
    let mut twin = 1;
    let mut free = name.to_owned();
    while taken(&free) {
        twin += 1;
        free = format!("{name}{before_number}{twin}");
    }
    free
}

impl Story {
    pub fn contact(&self, person: usize) -> Option<u32> {
        self.contacts.get(&person).copied()
    }

    fn selection(&self, people: impl IntoIterator<Item = usize>) -> Selection {
        let ids = people.into_iter().filter_map(|person| self.contact(person));
        Selection::Contacts(ids.map(ContactId).collect())
    }

    pub fn free_segment_name(&self, name: &str) -> String {
        free(name, " ", &|name| {
            self.stage.workspace.segment_named(name).is_some()
        })
    }

    /// The first two days: the old customers come over, the team tries itself out, and segments are begun.
    fn open(&mut self) -> Result<(), Refused> {
        let mut written = Written::default();
        // Those who left no email come last, so that the table begins with people who did.
        let old: Vec<usize> = OLD.rev().collect();
        let created = self.create(&old, &mut written)?;
        let (purchases, buyers) = self.bought_before(&mut written)?;
        let what = format!(
            "Brought {} with {} purchases from the old till",
            contacts(created.len()),
            grouped(purchases)
        );
        let when = self.stage.moment(OPENED, (9, 40));
        self.stage.shop(when, what, written, created);

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
        let buyers = self.selection(buyers);
        self.segments.buyers = self.segment((OPENED - 1, (11, 0)), BUYERS, Some(&buyers))?;
        self.welcome((OPENED - 1, (11, 10)))?;
        self.segments.footwear = self.segment((OPENED - 2, (12, 30)), FOOTWEAR, None)?;
        self.show_interest((OPENED - 2, (12, 40)))
    }

    /// A person makes a segment.
    pub fn segment(
        &mut self,
        (day, at): Time,
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
    pub fn edit(
        &mut self,
        (day, at): Time,
        segment: SegmentId,
        change: impl FnOnce(SegmentDef) -> SegmentDef,
    ) -> Result<(), Refused> {
        let when = self.stage.moment(day, at);
        let old = self.stage.workspace.segment(segment).cloned();
        let old = old.ok_or(Refused::NoSuchSegment)?;
        let new = change(old.clone());
        let act = self.stage.workspace.edit_segment(when, &old, &new)?;
        self.stage.person(when, act);
        Ok(())
    }

    /// A person adds contacts to a segment.
    fn add(
        &mut self,
        (day, at): Time,
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
        sort_by_key(&mut told, |(person, cents)| (std::cmp::Reverse(*cents), *person));
        told.into_iter().map(|(person, _)| person).collect()
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

    /// Two segments combined: who came by the newsletter and bought.
    fn compare(&mut self, newsletter: SegmentId) -> Result<(), Refused> {
        self.report_until(2)?;
        let rules = [newsletter, self.segments.buyers].map(|segment| Rule::Segment {
            segment,
            member: true,
        });
        let formula = Group::all(rules.into());
        let when = self.stage.moment(2, (9, 30));
        let name = self.free_segment_name(NEWSLETTER_BUYERS.name);
        let def = NEWSLETTER_BUYERS.def(SegmentId(0), name);
        let (_, act) = self.stage.workspace.combine(when, &def, &formula)?;
        self.stage.person(when, act);
        Ok(())
    }
}
