//! What must hold of any history: the journal adds up to the state, and undoing everything ends where it began.

use crate::edit::Act;
use crate::events::tests::{Happened, happen};
use crate::journal::{Cause, Effect, SimulationCause};
use crate::purchases_tests::purchases_add_up;
use crate::stored::Stored;
use crate::workspace::{Prepared, Workspace};
use model::event::EventKind;
use model::field::{EMAIL, EXTERNAL_ID, FIRST_NAME, POINTS};
use model::import::{Options, SegmentTarget};
use model::query::Selection;
use model::segment::MemberAction;
use model::{
    ChangeId, ContactId, FieldDef, FieldId, FieldType, Group, Mode, Rule, SegmentDef, SegmentId, Status,
};
use proptest::prelude::*;
use roaring::RoaringBitmap;
use std::fmt::Write;

/// One act, its numbers taken modulo what there is.
#[derive(Clone, Debug)]
enum Step {
    Create {
        email: u8,
        external: u8,
        name: u8,
    },
    Edit {
        contact: u8,
        field: u8,
        value: u8,
    },
    SetMany {
        contacts: Vec<u8>,
        points: u8,
    },
    Delete(Vec<u8>),
    CreateSegment(u8, Vec<u8>),
    Members {
        segment: u8,
        action: u8,
        contacts: Vec<u8>,
    },
    DeleteSegment(u8, bool),
    CreateField(u8),
    DeleteField(u8),
    Import {
        rows: Vec<(u8, u8, u8)>,
        segment: u8,
    },
    Merge {
        into: u8,
        others: Vec<u8>,
        field: u8,
    },
    Combine {
        name: u8,
        formula: u8,
        one: u8,
        other: u8,
    },
    Refresh(u8),
    Split(u8),
    Happen(Vec<(u8, u8, u8, u8)>),
    Stand {
        change: u8,
        stands: bool,
    },
}

fn step() -> impl Strategy<Value = Step> {
    let some = || prop::collection::vec(0u8..12, 0..5);
    prop_oneof![
        3 => (0u8..6, 0u8..4, any::<u8>()).prop_map(|(email, external, name)| Step::Create { email, external, name }),
        3 => (0u8..12, 0u8..5, 0u8..6).prop_map(|(contact, field, value)| Step::Edit { contact, field, value }),
        1 => (some(), any::<u8>()).prop_map(|(contacts, points)| Step::SetMany { contacts, points }),
        1 => some().prop_map(Step::Delete),
        1 => (any::<u8>(), some()).prop_map(|(name, contacts)| Step::CreateSegment(name, contacts)),
        2 => (0u8..3, 0u8..3, some())
            .prop_map(|(segment, action, contacts)| Step::Members { segment, action, contacts }),
        1 => (0u8..3, any::<bool>()).prop_map(|(segment, too)| Step::DeleteSegment(segment, too)),
        1 => (0u8..3).prop_map(Step::CreateField),
        1 => (0u8..3).prop_map(Step::DeleteField),
        2 => (prop::collection::vec((0u8..6, 0u8..4, 0u8..3), 1..5), 0u8..4).prop_map(|(rows, segment)| Step::Import { rows, segment }),
        2 => (0u8..12, some(), 0u8..4).prop_map(|(into, others, field)| Step::Merge { into, others, field }),
        2 => (0u8..3, 0u8..4, 0u8..4, 0u8..4).prop_map(|(name, formula, one, other)| Step::Combine { name, formula, one, other }),
        1 => (0u8..5).prop_map(Step::Refresh),
        1 => (0u8..4).prop_map(Step::Split),
        2 => prop::collection::vec((0u8..12, 0u8..4, 0u8..30, 0u8..9), 1..6).prop_map(Step::Happen),
    ]
}

/// Steps, undos and redos among them.
fn step_or_turn() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => step(),
        1 => (any::<u8>(), any::<bool>()).prop_map(|(change, stands)| Step::Stand { change, stands }),
    ]
}

/// An event of a step; some are purchases with an amount, and some come late.
fn happened((contact, kind, when, amount): &(u8, u8, u8, u8)) -> Happened {
    let kinds = [
        EventKind::Purchase,
        EventKind::Purchase,
        EventKind::Unsubscribed,
        EventKind::Login,
    ];
    let event = Happened::new(u32::from(*contact), kinds[usize::from(*kind)], i64::from(*when));
    match amount {
        0 => event,
        amount => event.amount(i64::from(*amount) * 1234),
    }
}

/// A workspace that steps are done to, with everything that was stored of it.
#[derive(Default)]
struct Lived {
    workspace: Workspace,
    stored: Stored,
}

impl Lived {
    fn new() -> Lived {
        Lived {
            workspace: Workspace::new(),
            ..Lived::default()
        }
    }

    fn commit(&mut self, prepared: Prepared) {
        self.stored.commit(&mut self.workspace, prepared);
    }

    fn act(&mut self, act: Act) {
        if let (_, Some(prepared)) = act {
            self.commit(prepared);
        }
    }

    /// Does a step, unless the workspace refuses it; says whether anything was stored.
    fn step(&mut self, step: &Step) -> bool {
        let before = self.stored.records.len();
        let at = before as i64;
        let chosen = |contacts: &[u8]| {
            Selection::Contacts(
                contacts
                    .iter()
                    .map(|contact| ContactId(u32::from(*contact)))
                    .collect(),
            )
        };
        let workspace = &mut self.workspace;
        let act = match step {
            Step::Create {
                email,
                external,
                name,
            } => {
                let email = if *email == 0 {
                    String::new()
                } else {
                    format!("{email}@example.com")
                };
                let external = if *external == 0 {
                    String::new()
                } else {
                    format!("x{external}")
                };
                let values = [
                    (EMAIL, email),
                    (EXTERNAL_ID, external),
                    (FIRST_NAME, name.to_string()),
                ];
                workspace.create_contact(at, &values).map(|(_, act)| act)
            }
            Step::Edit {
                contact,
                field,
                value,
            } => {
                let custom = FieldId(model::field::FIRST_CUSTOM);
                let field = [EMAIL, EXTERNAL_ID, FIRST_NAME, POINTS, custom][usize::from(*field)];
                let value = match (field, value) {
                    (_, 0) => String::new(),
                    (EMAIL, value) => format!("{value}@example.com"),
                    (EXTERNAL_ID, value) => format!("x{value}"),
                    (_, value) => value.to_string(),
                };
                workspace.edit_contact(at, ContactId(u32::from(*contact)), field, &value)
            }
            Step::SetMany { contacts, points } => {
                workspace.set_field(at, &chosen(contacts), POINTS, &points.to_string())
            }
            Step::Delete(contacts) => workspace.delete_contacts(at, &chosen(contacts)),
            Step::CreateSegment(name, contacts) => {
                let def = SegmentDef::named(format!("Segment {}", name % 3));
                workspace
                    .create_segment(at, &def, Some(&chosen(contacts)))
                    .map(|(_, act)| act)
            }
            Step::Members {
                segment,
                action,
                contacts,
            } => {
                let action =
                    [MemberAction::Add, MemberAction::Remove, MemberAction::Replace][usize::from(*action)];
                workspace.set_members(at, SegmentId(u32::from(*segment) + 1), action, &chosen(contacts))
            }
            Step::DeleteSegment(segment, too) => {
                workspace.delete_segment(at, SegmentId(u32::from(*segment) + 1), *too)
            }
            Step::CreateField(name) => {
                let def = FieldDef {
                    id: FieldId(0),
                    key: format!("field{name}"),
                    name: format!("Field {name}"),
                    kind: FieldType::Integer,
                    status: Status::Custom,
                    required: *name == 2,
                    default: if *name == 2 { "5".into() } else { String::new() },
                    options: Vec::new(),
                };
                workspace.create_field(at, &def)
            }
            Step::DeleteField(field) => {
                workspace.delete_field(at, FieldId(model::field::FIRST_CUSTOM + u16::from(*field)))
            }
            Step::Import { rows, segment } => {
                let mut file = "email,first_name,points\n".to_owned();
                for (email, name, points) in rows {
                    writeln!(file, "{email}@example.com,{name},{points}").unwrap();
                }
                let target = match segment {
                    0 => None,
                    1 if workspace.segment_named("Imported").is_none() => {
                        Some(SegmentTarget::New("Imported".to_owned()))
                    }
                    1 => None,
                    other => workspace
                        .segment(SegmentId(u32::from(*other) - 1))
                        .map(|def| SegmentTarget::Existing(def.id)),
                };
                let options = Options {
                    segment: target.map(|target| (target, MemberAction::Add)),
                    ..Options::default()
                };
                let prepared = crate::import::tests::prepared(workspace, at, file.as_bytes(), options);
                if let Some(prepared) = prepared {
                    self.commit(prepared);
                }
                return self.stored.records.len() > before;
            }
            Step::Merge { into, others, field } => {
                let others: Vec<ContactId> = others
                    .iter()
                    .map(|other| ContactId(u32::from(*other)))
                    .filter(|other| other.0 != u32::from(*into))
                    .collect();
                let field = [EMAIL, EXTERNAL_ID, FIRST_NAME, POINTS][usize::from(*field)];
                let values: Vec<_> = others.first().map(|other| (field, *other)).into_iter().collect();
                // A contact keeps at least one of its keys.
                let keyless = others.first().is_some_and(|other| {
                    let keys = [EMAIL, EXTERNAL_ID].map(|key| match key == field {
                        true => workspace.cell(key, *other),
                        false => workspace.cell(key, ContactId(u32::from(*into))),
                    });
                    keys.iter().all(crate::column::Cell::is_empty)
                });
                if keyless {
                    return false;
                }
                workspace.merge(at, ContactId(u32::from(*into)), &others, &values)
            }
            Step::Combine {
                name,
                formula,
                one,
                other,
            } => {
                let rule = |segment: &u8, member| Rule::Segment {
                    segment: SegmentId(u32::from(*segment) + 1),
                    member,
                };
                let mode = if *formula == 0 { Mode::Any } else { Mode::All };
                let formula = Group {
                    mode,
                    rules: vec![rule(one, true), rule(other, *formula < 2)],
                };
                let def = SegmentDef::named(format!("Combined {name}"));
                workspace.combine(at, &def, &formula).map(|(_, act)| act)
            }
            Step::Refresh(segment) => workspace.refresh(at, &[SegmentId(u32::from(*segment) + 1)]),
            Step::Split(segment) => {
                let rules = vec![Rule::Segment {
                    segment: SegmentId(u32::from(*segment) + 1),
                    member: true,
                }];
                let parts = [("One".to_owned(), 3_333), ("Other".to_owned(), 6_667)];
                let source = Group {
                    mode: Mode::All,
                    rules,
                };
                workspace.split(at, &source, &parts, 7).map(|(_, act)| act)
            }
            Step::Happen(events) => {
                // Only to those who live, as every way that events come keeps it.
                let alive = workspace.alive().clone();
                let events = events
                    .iter()
                    .filter(|(contact, ..)| alive.contains(u32::from(*contact)));
                let events: Vec<Happened> = events.map(happened).collect();
                if events.is_empty() {
                    return false;
                }
                let cause = match before % 3 {
                    0 => Cause::Fired,
                    _ => Cause::Simulation(Box::new(SimulationCause {
                        run: ChangeId(before as u64 + 1),
                        until: 0,
                        spec: None,
                    })),
                };
                let prepared = happen(workspace, at, cause, &events);
                self.commit(prepared);
                return true;
            }
            Step::Stand { change, stands } => {
                let change = ChangeId(u64::from(*change) % (before as u64 + 1) + 1);
                if let Ok((_, prepared)) = workspace.prepare_stand(at, change, *stands) {
                    self.commit(prepared);
                }
                return self.stored.records.len() > before;
            }
        };
        if let Ok(act) = act {
            self.act(act);
        }
        self.stored.records.len() > before
    }

    fn reopened(&self) -> Workspace {
        self.stored.reopened()
    }
}

/// Everything that a person can see of a workspace, the history and what Corral keeps itself aside.
fn seen(workspace: &Workspace) -> String {
    told(workspace, false)
}

/// Everything that a person can see of a workspace, the history aside; `kept`: with what Corral keeps itself.
fn told(workspace: &Workspace, kept: bool) -> String {
    let mut out = String::new();
    for contact in workspace.alive() {
        let sheet = workspace.sheet(ContactId(contact)).unwrap();
        let values = sheet.values.iter();
        let values: Vec<_> = match kept {
            true => values.collect(),
            false => values
                .filter(|(id, _)| workspace.field(*id).unwrap().status != Status::ReadOnly)
                .collect(),
        };
        let segments: Vec<_> = workspace
            .segments()
            .filter(|def| workspace.members(def.id).contains(contact))
            .map(|def| def.id)
            .collect();
        let events = workspace.events(ContactId(contact), None, 0, 100).1;
        let events: Vec<_> = events
            .iter()
            .map(|event| (event.id, event.when, event.kind, event.origin, event.total))
            .collect();
        writeln!(out, "{contact} {values:?} {segments:?} {events:?}").unwrap();
        for key in [EMAIL, EXTERNAL_ID] {
            let text = sheet
                .values
                .iter()
                .find(|(id, _)| *id == key)
                .map_or("", |(_, text)| text.as_str());
            if !text.is_empty() {
                assert_eq!(
                    workspace.find(key, text),
                    Some(ContactId(contact)),
                    "the index finds {text}"
                );
            }
        }
    }
    for def in workspace.segments() {
        writeln!(out, "{def:?} {:?}", workspace.formula(def.id)).unwrap();
    }
    for def in workspace.fields() {
        writeln!(out, "{def:?}").unwrap();
    }
    out
}

/// The events of all change sets.
fn batches(workspace: &Workspace) -> Vec<crate::events::EventBatch> {
    let effects = workspace.journal().iter().flat_map(|entry| &entry.set.effects);
    let batches = effects.filter_map(|effect| match effect {
        Effect::Events(batch) => Some((**batch).clone()),
        _ => None,
    });
    batches.collect()
}

fn no_key_is_twice(workspace: &Workspace) -> Result<(), TestCaseError> {
    for key in [EMAIL, EXTERNAL_ID] {
        let mut keys: Vec<_> = workspace
            .alive()
            .iter()
            .map(|c| workspace.cell(key, ContactId(c)))
            .collect();
        keys.retain(|key| !key.is_empty());
        let all = keys.len();
        keys.sort_by_key(|key| format!("{key:?}"));
        keys.dedup();
        prop_assert_eq!(keys.len(), all, "a key belongs to two");
    }
    Ok(())
}

/// Who was in which segment.
type Members = Vec<(SegmentId, RoaringBitmap)>;

fn members(workspace: &Workspace) -> Members {
    let segments = workspace.segments();
    segments.map(|def| (def.id, workspace.members(def.id))).collect()
}

impl Lived {
    /// Turns change sets in any order until none is left; what is refused because a name or key is taken is tried again.
    fn turn_all(&mut self, mut left: Vec<u64>, stands: bool, order: &[prop::sample::Index]) -> Vec<u64> {
        let mut order = order.iter().cycle();
        for _ in 0..8 {
            let mut refused = Vec::new();
            while !left.is_empty() {
                let at = order.next().map_or(0, |index| index.index(left.len()));
                let change = ChangeId(left.swap_remove(at));
                match self.workspace.prepare_stand(1000, change, stands) {
                    Ok((preview, prepared)) => {
                        if preview.key_conflicts > 0 {
                            refused.push(change.0);
                        }
                        self.commit(prepared);
                    }
                    Err(crate::Refused::NameTaken(_)) => refused.push(change.0),
                    Err(_) => {}
                }
            }
            left = refused;
        }
        left
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, ..ProptestConfig::default() })]

    #[test]
    fn the_journal_adds_up_to_the_state_after_every_step(steps in prop::collection::vec(step_or_turn(), 1..40)) {
        let mut lived = Lived::new();
        for step in &steps {
            if lived.step(step) {
                prop_assert_eq!(seen(&lived.workspace), seen(&lived.reopened()), "after {:?}", step);
                no_key_is_twice(&lived.workspace)?;
                purchases_add_up(&lived.workspace)?;
            }
        }
    }

    #[test]
    fn undoing_everything_in_any_order_ends_where_it_began(
        steps in prop::collection::vec(step_or_turn(), 1..30),
        order in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let mut lived = Lived::new();
        let empty = seen(&lived.workspace);
        steps.iter().for_each(|step| { lived.step(step); });
        let all = (1..=lived.stored.records.len() as u64).collect();
        prop_assert!(lived.turn_all(all, false, &order).is_empty());
        prop_assert_eq!(seen(&lived.workspace), empty);
    }

    #[test]
    fn redoing_everything_in_any_order_ends_where_it_was(
        steps in prop::collection::vec(step(), 1..30),
        undo in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
        redo in prop::collection::vec(any::<prop::sample::Index>(), 1..60),
    ) {
        let mut lived = Lived::new();
        steps.iter().for_each(|step| { lived.step(step); });
        let before = seen(&lived.workspace);
        let all: Vec<u64> = (1..=lived.stored.records.len() as u64).collect();
        prop_assert!(lived.turn_all(all.clone(), false, &undo).is_empty());
        prop_assert!(lived.turn_all(all, true, &redo).is_empty());
        prop_assert_eq!(seen(&lived.workspace), before.clone());
        prop_assert_eq!(seen(&lived.reopened()), before);
    }

    #[test]
    fn as_of_every_change_is_what_was_seen_then(steps in prop::collection::vec(step_or_turn(), 1..40)) {
        let mut lived = Lived::new();
        let mut then: Vec<(i64, Members)> = Vec::new();
        for step in &steps {
            if lived.step(step) {
                then.push((lived.workspace.journal().last_at(), members(&lived.workspace)));
            }
        }
        for (at, members) in then {
            for (segment, members) in members {
                prop_assert_eq!(lived.workspace.members_at(segment, at), members, "{} at {}", segment, at);
            }
        }
    }

    #[test]
    fn who_came_and_went_adds_up_to_who_is_there(steps in prop::collection::vec(step_or_turn(), 1..40)) {
        let mut lived = Lived::new();
        steps.iter().for_each(|step| { lived.step(step); });
        for def in lived.workspace.segments() {
            let (mut there, mut walk) = (RoaringBitmap::new(), crate::past::Walk::new(&lived.workspace, def.id));
            while let Some(step) = walk.step(i64::MAX, true) {
                prop_assert!(step.came.is_disjoint(&there) && step.went.is_subset(&there));
                there |= step.came;
                there -= step.went;
            }
            prop_assert_eq!(&there, &lived.workspace.members(def.id));
        }
    }

    #[test]
    fn forgetting_history_changes_nothing_of_today_and_the_rest_can_be_undone(
        steps in prop::collection::vec(step_or_turn(), 1..30),
        moment in any::<prop::sample::Index>(),
        more in prop::collection::vec(step_or_turn(), 0..10),
    ) {
        let mut lived = Lived::new();
        steps.iter().for_each(|step| { lived.step(step); });
        let before = told(&lived.workspace, true);
        let moment = moment.index(lived.stored.records.len() + 1) as i64;
        let Ok(mut forgetting) = crate::forget::Forgetting::new(&mut lived.workspace, moment) else {
            return Ok(());
        };
        let forgotten = loop {
            if let Some(whole) = forgetting.step(&mut lived.workspace).unwrap() {
                break whole;
            }
        };
        let baseline = forgotten.baseline.clone();
        let gone = forgotten.gone.len();
        baseline.pages.iter().for_each(|(id, page)| lived.stored.pages.insert(*id, page.clone()));
        forgotten.gone_pages.iter().for_each(|id| lived.stored.pages.remove(*id));
        lived.stored.records.splice(..gone, [baseline.set.to_bytes()]);
        lived.workspace.forgotten(forgotten);
        prop_assert_eq!(told(&lived.workspace, true), before.clone());
        prop_assert_eq!(told(&lived.reopened(), true), before);
        for step in &more {
            if lived.step(step) {
                prop_assert_eq!(seen(&lived.workspace), seen(&lived.reopened()), "after {:?}", step);
                no_key_is_twice(&lived.workspace)?;
            }
        }
    }

    #[test]
    fn an_erasure_concerns_nobody_else_and_nothing_brings_the_person_back(
        steps in prop::collection::vec(step_or_turn(), 1..30),
        who in any::<prop::sample::Index>(),
        more in prop::collection::vec(step_or_turn(), 0..10),
    ) {
        let mut lived = Lived::new();
        steps.iter().for_each(|step| { lived.step(step); });
        let alive: Vec<u32> = lived.workspace.alive().iter().collect();
        if alive.is_empty() {
            return Ok(());
        }
        let who = alive[who.index(alive.len())];
        let others = |workspace: &Workspace| -> Vec<String> {
            let seen = seen(workspace);
            let lines = seen.lines().filter(|line| !line.starts_with(&format!("{who} ")));
            lines.map(str::to_owned).collect()
        };
        let before = others(&lived.workspace);
        let erasure = lived.workspace.erase(500, &[who].into_iter().collect()).unwrap();
        for set in &erasure.records {
            lived.stored.records[set.id.0 as usize - 1] = set.to_bytes();
        }
        erasure.pages.iter().for_each(|(id, page)| lived.stored.pages.insert(*id, page.clone()));
        lived.stored.records.push(erasure.last.set.to_bytes());
        lived.workspace.erased(erasure);
        prop_assert!(!lived.workspace.alive().contains(who));
        prop_assert_eq!(others(&lived.workspace), before);
        for batch in batches(&lived.reopened()) {
            for chunk in &batch.chunks {
                let contacts = lived.workspace.pages.get(&chunk.columns[1]).unwrap();
                let left = (0..contacts.len()).any(|at| contacts.number(at) == i64::from(who));
                prop_assert!(!left, "no event of hers is left");
            }
        }
        for step in &more {
            lived.step(step);
            prop_assert!(!lived.workspace.alive().contains(who));
            prop_assert_eq!(seen(&lived.workspace), seen(&lived.reopened()), "after {:?}", step);
        }
    }

    #[test]
    fn a_preview_says_what_the_undo_does(steps in prop::collection::vec(step_or_turn(), 1..30), change in any::<prop::sample::Index>()) {
        let mut lived = Lived::new();
        steps.iter().for_each(|step| { lived.step(step); });
        if lived.stored.records.is_empty() {
            return Ok(());
        }
        let change = ChangeId(change.index(lived.stored.records.len()) as u64 + 1);
        let before = lived.workspace.alive().clone();
        if let Ok(said) = lived.workspace.preview_stand(change, false) {
            prop_assert_eq!(&before, lived.workspace.alive(), "a preview changes nothing");
            let (preview, prepared) = lived.workspace.prepare_stand(1000, change, false).unwrap();
            prop_assert_eq!(&preview, &said);
            lived.commit(prepared);
            let after = lived.workspace.alive();
            prop_assert_eq!((&before - after).len(), said.contacts_removed);
            prop_assert_eq!((after - &before).len(), said.contacts_restored);
        }
    }
}
