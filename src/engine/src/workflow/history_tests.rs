//! What people expect of runs that are undone, redone or forgotten.

use super::tests::{DAY, HOUR, NOW, activate, add, buy, members, on, react, row, start, wait, workspace};
use super::{Base, Machine, state::Clock};
use crate::events::import::EventsImport;
use crate::events::{NO, Raw};
use crate::forget::Forgetting;
use crate::workspace::Workspace;
use model::event::{EventKind, UNIT};
use model::field::EMAIL;
use model::query::Selection;
use model::segment::MemberAction;
use model::simulation::{EventColumn, EventsSpec};
use model::{ChangeId, ContactId, SegmentId, SourceId};

pub(super) fn forget(workspace: &mut Workspace, moment: i64) {
    let mut forgetting = Forgetting::new(workspace, moment).unwrap_or_else(|refused| panic!("{refused:?}"));
    let forgotten = loop {
        let step = forgetting.step(workspace);
        if let Some(whole) = step.unwrap_or_else(|refused| panic!("{refused:?}")) {
            break whole;
        }
    };
    workspace.forgotten(forgotten);
}

#[test]
fn whoever_is_inside_an_earlier_version_goes_on_in_it_although_its_history_is_forgotten() {
    let mut workspace = workspace(2, &["Old", "New"]);
    let graph = |segment| {
        row(
            vec![start(), on(EventKind::Purchase), wait(2 * 24 * 60), add(segment)],
            &[],
        )
    };
    let id = activate(&mut workspace, "Later", &graph(1));
    buy(&mut workspace, NOW + 1, 0, 10);
    let saved = workspace.save_workflow(NOW + HOUR, id, "Later", "", &graph(2), false);
    let (_, prepared) = saved.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    buy(&mut workspace, NOW + 2 * HOUR, 1, 10);
    forget(&mut workspace, NOW + 3 * HOUR);
    let mut again = crate::stored::replayed(&workspace);
    assert_eq!(again.workflow(id).map(|def| def.version), Some(2));
    react(&mut again, NOW + 3 * DAY);
    assert_eq!((members(&again, 1), members(&again, 2)), (vec![0], vec![1]));
    // Nobody is inside the earlier version any more, so that is forgotten, too.
    forget(&mut again, NOW + 4 * DAY);
    assert!(again.workflow_version(id, 1).is_none());
}

/// Turns a change set; gives how many contacts were left out.
fn turn(workspace: &mut Workspace, at: i64, change: ChangeId, stands: bool) -> u64 {
    let turned = workspace.prepare_stand(at, change, stands);
    let (preview, prepared) = turned.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply(prepared);
    preview.key_conflicts
}

#[test]
fn what_a_redo_of_an_import_of_events_left_out_can_be_tried_again() {
    let mut workspace = workspace(1, &[]);
    let spec = EventsSpec {
        source: SourceId(0),
        format: crate::csv::sniff(b"email,date\n", true).format,
        columns: vec![EventColumn::Email, EventColumn::Date],
        kind: EventKind::Login,
        create: true,
        run_workflows: false,
    };
    let mut import =
        EventsImport::new(&workspace, &spec, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    let bytes = b"email,date\nana@example.com,2026-01-01\neva@example.com,2026-01-02\n";
    import
        .push(&workspace, bytes)
        .unwrap_or_else(|error| panic!("{error}"));
    import
        .finish(&workspace)
        .unwrap_or_else(|error| panic!("{error}"));
    let prepared = import.prepare(&mut workspace, NOW, "logins.csv");
    let change = prepared.set.id;
    workspace.apply(prepared);
    assert_eq!(turn(&mut workspace, NOW + 1, change, false), 0);
    // Meanwhile somebody has the key of one of them.
    let made = workspace.create_contact(NOW + 2, &[(EMAIL, "ana@example.com".to_owned())]);
    let (other, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    assert_eq!(turn(&mut workspace, NOW + 3, change, true), 1);
    let logins = |workspace: &Workspace, email: &str| {
        let contact = workspace.find(EMAIL, email).unwrap_or(ContactId(u32::MAX));
        workspace.events(contact, Some(EventKind::Login), 0, 9).0
    };
    assert_eq!(
        (
            logins(&workspace, "ana@example.com"),
            logins(&workspace, "eva@example.com")
        ),
        (0, 1)
    );
    let selection = Selection::Contacts(vec![other]);
    let deleted = workspace.delete_contacts(NOW + 4, &selection);
    let (_, prepared) = deleted.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    assert_eq!(turn(&mut workspace, NOW + 5, change, true), 0);
    assert_eq!(logins(&workspace, "ana@example.com"), 1);
    assert!(workspace.prepare_stand(NOW + 6, change, true).is_err());
}

#[test]
fn what_a_person_takes_back_of_a_simulation_comes_after_it_in_the_past_too() {
    let simulated = |workspace: &mut Workspace| {
        activate(
            workspace,
            "Buyers",
            &row(vec![start(), on(EventKind::Purchase), add(1)], &[]),
        );
        let mut machine =
            Machine::new(workspace, Clock::Simulated, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
        for contact in [0, 1] {
            let event = Raw {
                when: NOW + 5 * DAY,
                contact,
                kind: EventKind::Purchase,
                amount: UNIT,
                text: NO,
                order: NO,
            };
            machine.event(event, &[]);
        }
        let base = Base::Simulation {
            run: None,
            until: NOW + 6 * DAY,
            spec: Some(Box::default()),
        };
        let prepared = machine.close(workspace, NOW, base);
        let run = prepared.first().map_or(ChangeId(0), |one| one.set.id);
        workspace.apply_all(prepared);
        run
    };
    let on_day = |workspace: &Workspace, day: i64| {
        let then = workspace.members_at(SegmentId(1), NOW + day * DAY);
        then.iter().collect::<Vec<u32>>()
    };
    // An undo of the simulation, now on the wall.
    let mut undone = workspace(2, &["Buyers"]);
    let run = simulated(&mut undone);
    turn(&mut undone, NOW + HOUR, run, false);
    assert_eq!(on_day(&undone, 1), [0u32; 0]);
    assert_eq!(on_day(&undone, 9), [0u32; 0]);
    // And its redo.
    turn(&mut undone, NOW + 2 * HOUR, run, true);
    assert_eq!(on_day(&undone, 1), [0u32; 0]);
    assert_eq!(on_day(&undone, 9), [0, 1]);
    // One member is removed by hand, and added again.
    let mut edited = workspace(2, &["Buyers"]);
    simulated(&mut edited);
    for (at, action, then) in [
        (NOW + HOUR, MemberAction::Remove, vec![1]),
        (NOW + 2 * HOUR, MemberAction::Add, vec![0, 1]),
    ] {
        let selection = Selection::Contacts(vec![ContactId(0)]);
        let set = edited.set_members(at, SegmentId(1), action, &selection);
        let (_, prepared) = set.unwrap_or_else(|refused| panic!("{refused:?}"));
        edited.apply_all(prepared);
        assert_eq!(on_day(&edited, 9), then);
        assert_eq!(on_day(&edited, 9), members(&edited, 1));
        assert_eq!(on_day(&edited, 1), [0u32; 0]);
    }
}

#[test]
fn a_workflow_that_goes_is_named_before_and_after() {
    let mut workspace = workspace(1, &["New"]);
    let graph = row(vec![start(), on(EventKind::Purchase), add(1)], &[]);
    let made = workspace.create_workflow(NOW, "Welcome", "", &graph);
    let (id, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    let (making, _) = workspace.overview(NOW).undo.unwrap();
    let turned = workspace.prepare_stand(NOW, making, false);
    let (preview, _) = turned.unwrap_or_else(|refused| panic!("{refused:?}"));
    assert_eq!(preview.definitions_removed, ["Welcome"]);
    let deleted = workspace.delete_workflow(NOW, id);
    let (_, prepared) = deleted.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    let (deleting, _) = workspace.overview(NOW).undo.unwrap();
    let detail = workspace.change_detail(deleting, None);
    let detail = detail.unwrap_or_else(|refused| panic!("{refused:?}"));
    let lines: Vec<&str> = detail.effects.iter().map(|line| line.what.as_str()).collect();
    assert!(lines.contains(&"Workflow Welcome deleted"), "{lines:?}");
}
