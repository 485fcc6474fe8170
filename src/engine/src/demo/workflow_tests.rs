//! What a newcomer finds in the demo's workflows, and that they go on from there.

use super::tests::{DAY, NOW, ana, apply, loaded, members, segment, stand};
use crate::forget::Forgetting;
use crate::journal::{Cause, Effect};
use crate::simulation::Simulation;
use crate::value::Zone;
use crate::workflow::state::Clock;
use crate::workflow::tests::assert_balanced;
use crate::workspace::Workspace;
use model::event::{Behaviour, EventDraft, EventKind, Window};
use model::field::EMAIL;
use model::query::{Group, Query, Rule};
use model::simulation::{SimulateOn, SimulationReport, SimulationSpec};
use model::workflow::{NodeStats, StateChange, TEMPLATES, WorkflowDef, WorkflowState};
use model::{ChangeId, ContactId, NodeId};
use roaring::RoaringBitmap;

fn named<'a>(workspace: &'a Workspace, name: &str) -> &'a WorkflowDef {
    workspace.workflows().find(|def| def.name == name).unwrap()
}

fn stats(workspace: &Workspace, name: &str) -> Vec<NodeStats> {
    workspace.stats(named(workspace, name))
}

fn balanced(workspace: &Workspace) {
    workspace
        .workflows()
        .for_each(|def| assert_balanced(workspace, def.id));
}

/// Lets active workflows notice what was done, and what is due until a moment.
fn react(workspace: &mut Workspace, now: i64) {
    let since = workspace.reacted().unwrap();
    let prepared = workspace.react(since, NOW, now).unwrap();
    workspace.apply_all(prepared);
}

fn buy(workspace: &mut Workspace, at: i64, contact: u32) {
    let draft = EventDraft {
        contact: ContactId(contact),
        kind: EventKind::Purchase,
        products: vec![("SH-101".into(), 1)],
        total: None,
        text: String::new(),
    };
    let (_, prepared) = workspace.fire_event(at, &draft).unwrap();
    workspace.apply_all(prepared);
}

/// A simulated week on the workspace itself.
fn simulate(workspace: &mut Workspace) -> SimulationReport {
    let spec = SimulationSpec {
        on: SimulateOn::Real,
        ..SimulationSpec::default()
    };
    let mut simulation = Simulation::new(workspace, spec, NOW).unwrap();
    while simulation.reached() < simulation.until() {
        simulation.freshen(workspace).unwrap();
        while !simulation.step(simulation.next_midnight(workspace), 1000) {}
        let prepared = simulation.close(workspace, NOW);
        let first = prepared.first().map(|one| one.set.id);
        workspace.apply_all(prepared);
        simulation.applied(workspace, first);
    }
    simulation.report(workspace)
}

#[test]
fn there_is_a_workflow_in_each_state() {
    let (workspace, _) = loaded();
    let states: Vec<(&str, &str)> = workspace
        .workflows()
        .map(|def| (def.name.as_str(), def.state.label()))
        .collect();
    let expected = [
        ("Welcome buyers", "Active"),
        ("Interested in Footwear", "Active"),
        ("VIP", "Finalized"),
        ("Win-back", "Paused"),
        ("Birthday", "Draft"),
    ];
    assert_eq!(states, expected);
    for def in workspace.workflows() {
        let faults = workspace.check_graph(&def.graph).faults;
        let blocking: Vec<_> = faults.iter().filter(|fault| fault.blocks).collect();
        match def.name.as_str() {
            "Birthday" => {
                assert_eq!(faults.len(), 1, "{faults:?}");
                assert_eq!(blocking[0].what, "Give it a subject");
            }
            _ => assert!(blocking.is_empty(), "{blocking:?}"),
        }
    }
    let list = workspace.workflow_list(NOW);
    let inside: Vec<u64> = list.iter().map(|info| info.inside).collect();
    assert_eq!(inside, [0, 74, 0, 0, 0]);
}

#[test]
fn what_came_in_is_inside_or_went_out_at_every_node() {
    let (workspace, _) = loaded();
    balanced(&workspace);
    let interest = stats(&workspace, "Interested in Footwear");
    let told: Vec<_> = interest
        .iter()
        .skip(1)
        .map(|node| (node.entered, node.inside, node.left.clone(), node.ended))
        .collect();
    let expected = [
        (1140, 0, vec![1140], 0),
        (1140, 0, vec![1140], 0),
        (1140, 74, vec![1066], 0),
        (1066, 0, vec![238, 828], 0),
        (238, 0, vec![], 238),
        (828, 0, vec![], 828),
    ];
    assert_eq!(told, expected);
    let welcome = stats(&workspace, "Welcome buyers");
    // Each purchase is seen; the first one of each buyer but the old ones adds to the segment.
    assert_eq!((welcome[1].entered, welcome[2].ended), (4843, 4843));
    assert!(
        workspace
            .workflows()
            .flat_map(|def| workspace.stats(def))
            .all(|node| node.failed == 0)
    );
}

#[test]
fn the_numbers_are_the_same_at_any_hour_and_when_clocks_are_changed() {
    let hour = DAY / 24;
    // The night in which the clocks change, so many days before now, and by how much.
    for (now, changed, from, to) in [
        (NOW + 2 * hour, 31, 7200, 3600),
        (NOW - 20 * hour, 15, 3600, 7200),
        (NOW, 1, -18_000, -14_400),
    ] {
        let mut workspace = Workspace::new();
        let change = NOW - changed * DAY;
        workspace.set_zone(Zone::probe(NOW - 400 * DAY, NOW + 400 * DAY, |moment| {
            if moment < change { from } else { to }
        }));
        let demo = workspace.load_demo(now).unwrap();
        workspace.apply_all(demo);
        balanced(&workspace);
        let interest = stats(&workspace, "Interested in Footwear");
        assert_eq!(
            (interest[3].inside, interest[4].left.as_slice()),
            (74, &[238, 828][..])
        );
        let sizes: Vec<u64> = workspace
            .segments()
            .map(|def| workspace.members(def.id).len())
            .collect();
        assert_eq!(sizes, [3, 2050, 312, 1200, 95, 420, 186, 640, 611]);
        assert!(workspace.next_due(now) > Some(now));
    }
}

#[test]
fn those_who_wait_go_on_within_the_next_30_days() {
    let (mut workspace, _) = loaded();
    let waits: Vec<_> = workspace
        .flows
        .iter()
        .flat_map(|(_, flow)| flow.waits.values())
        .cloned()
        .collect();
    assert_eq!(waits.len(), 74);
    for wait in &waits {
        assert!(wait.due > NOW && wait.due < NOW + 30 * DAY && wait.clock == Clock::Wall);
        assert_eq!((wait.node, wait.due - wait.entered), (NodeId(4), 30 * DAY));
    }
    let first = waits.iter().map(|wait| wait.due).min();
    assert_eq!(workspace.next_due(NOW), first);

    // One of them buys and stays; another one doesn't, and goes.
    let stays = waits[0].contact;
    buy(&mut workspace, NOW, stays);
    react(&mut workspace, NOW + 30 * DAY);
    balanced(&workspace);
    let inside = |workspace: &Workspace| stats(workspace, "Interested in Footwear")[3].inside;
    assert_eq!(inside(&workspace), 0);
    let footwear = workspace.members(segment(&workspace, "Interested in Footwear"));
    assert!(footwear.contains(stays));
    assert!(
        footwear.len() >= 239 && footwear.len() < 312,
        "{}",
        footwear.len()
    );
}

#[test]
fn every_interest_in_footwear_is_explained_by_three_visits_in_a_week() {
    let (workspace, _) = loaded();
    let footwear = segment(&workspace, "Interested in Footwear");
    let mut entries = RoaringBitmap::new();
    for entry in workspace.journal().iter() {
        for effect in &entry.set.effects {
            let Effect::Members { segment, added, .. } = effect else {
                continue;
            };
            if *segment != footwear {
                continue;
            }
            for contact in added.iter() {
                let when = workspace.when_of(&entry.set, contact);
                let event = workspace.event_of(&entry.set, contact).unwrap();
                assert_eq!((event.kind, event.when), (EventKind::ProductVisited, when));
                let visits = workspace.log.events(contact).filter(|(_, row)| {
                    let product = row.item().and_then(|item| workspace.log.product(item.product));
                    row.kind() == Some(EventKind::ProductVisited)
                        && product.is_some_and(|product| product.category.starts_with("Footwear"))
                        && (when - 7 * DAY..=when).contains(&row.when())
                });
                assert_eq!(visits.count(), 3);
            }
            entries |= &added.0;
        }
    }
    assert_eq!(entries.len(), 1140);
}

#[test]
fn vips_had_spent_enough_when_they_were_added() {
    let (workspace, _) = loaded();
    let vip = segment(&workspace, "VIP");
    let mut added_by = Vec::new();
    for entry in workspace.journal().iter() {
        for effect in &entry.set.effects {
            if let Effect::Members { segment, added, .. } = effect
                && *segment == vip
            {
                let by_workflow = matches!(entry.set.cause.actor(), Cause::Workflow(_));
                added_by.push((by_workflow, added.len()));
            }
        }
    }
    let by = |workflow| -> u64 {
        let mine = added_by.iter().filter(|(by, _)| *by == workflow);
        mine.map(|(_, count)| count).sum()
    };
    assert_eq!((by(true), by(false)), (185, 1));
}

#[test]
fn people_are_found_by_what_they_did() {
    let (workspace, _) = loaded();
    let count = |kind, window| {
        let behaviour = Behaviour {
            window,
            ..Behaviour::once(kind)
        };
        let query = Query {
            filter: Group::all(vec![Rule::Did(behaviour)]),
            ..Query::default()
        };
        workspace.matching(&query, NOW).unwrap().len()
    };
    assert_eq!(count(EventKind::Purchase, Window::Ever), 1681);
    assert!(count(EventKind::ProductVisited, Window::LastDays(30)) > 500);
    assert!(count(EventKind::Search, Window::Ever) > 500);
    assert!(count(EventKind::CartAbandoned, Window::Ever) > 100);
    assert_eq!(count(EventKind::EmailSent, Window::Ever), 610);
}

#[test]
fn workflows_do_nothing_about_what_the_demo_told_and_go_on_with_what_happens_then() {
    let (mut workspace, demo) = loaded();
    assert_eq!(workspace.reacted(), Some(ChangeId(demo.0 - 1)));
    assert!(workspace.react(ChangeId(0), NOW, NOW).unwrap().is_empty());
    let new = workspace.find(EMAIL, "marta@olmo-shoes.example").unwrap();
    buy(&mut workspace, NOW, new.0);
    assert_eq!(members(&workspace, "Buyers"), 2051);

    let report = simulate(&mut workspace);
    balanced(&workspace);
    let came = report
        .segments
        .iter()
        .find(|shift| shift.name == "Buyers")
        .unwrap()
        .came;
    assert!(came > 20, "{came}");
    assert_eq!(members(&workspace, "Buyers"), 2051 + came);
    // Those who wait do so on the wall clock.
    assert!(stats(&workspace, "Interested in Footwear")[3].inside >= 74);
    let paused = stats(&workspace, "Win-back");
    assert_eq!(paused[5].entered, 3114);

    // The demo goes with all that follows from it; the simulation's events are left to nobody.
    stand(&mut workspace, demo, false);
    assert_eq!(workspace.workflows().count(), 0);
    assert_eq!(workspace.alive().len(), 0);
}

#[test]
fn win_back_goes_on_when_it_is_resumed() {
    let (mut workspace, _) = loaded();
    let quiet = segment(&workspace, "Win-back");
    let who = workspace.members(quiet).min().unwrap();
    buy(&mut workspace, NOW, who);
    assert!(workspace.members(quiet).contains(who));
    let id = named(&workspace, "Win-back").id;
    let act = workspace.change_workflow(NOW, id, StateChange::Resume).unwrap();
    apply(&mut workspace, act);
    react(&mut workspace, NOW);
    assert_eq!(workspace.members(quiet).len(), 640);
    buy(&mut workspace, NOW, who);
    assert_eq!(workspace.members(quiet).len(), 639);
    balanced(&workspace);
}

#[test]
fn what_workflows_counted_stays_when_the_history_is_forgotten() {
    let (mut workspace, _) = loaded();
    let told = |workspace: &Workspace| {
        let all = workspace
            .workflows()
            .map(|def| (def.clone(), workspace.stats(def)));
        let sizes = workspace.segments().map(|def| workspace.members(def.id).len());
        (
            all.collect::<Vec<_>>(),
            sizes.collect::<Vec<_>>(),
            workspace.next_due(NOW),
        )
    };
    let before = told(&workspace);
    let mut forgetting = Forgetting::new(&mut workspace, NOW + DAY).unwrap();
    let forgotten = loop {
        if let Some(forgotten) = forgetting.step(&mut workspace).unwrap() {
            break forgotten;
        }
    };
    workspace.forgotten(forgotten);
    assert_eq!(told(&workspace), before);
    assert_eq!(
        workspace
            .events(ana(&workspace), Some(EventKind::Purchase), 0, 0)
            .0,
        7
    );
}

#[test]
fn the_way_of_ana_is_told_step_by_step() {
    let (workspace, _) = loaded();
    let trace = workspace
        .trace(named(&workspace, "Welcome buyers").id, ana(&workspace))
        .unwrap();
    assert_eq!((trace.name.as_str(), trace.steps.len()), ("Ana López", 14));
    assert!(trace.steps.is_sorted_by_key(|step| step.when));
    assert!(trace.steps.iter().all(|step| step.event.is_some()));
}

#[test]
fn every_template_runs_on_the_demo_for_a_week_without_a_failure() {
    let (mut workspace, _) = loaded();
    let mut ids = Vec::new();
    for (template, name, _) in TEMPLATES {
        let (id, act) = workspace.from_template(NOW, *template).unwrap();
        apply(&mut workspace, act);
        let detail = workspace.workflow_detail(id).unwrap();
        assert!(
            detail.faults.iter().all(|fault| !fault.blocks),
            "{name}: {:?}",
            detail.faults
        );
        let act = workspace.change_workflow(NOW, id, StateChange::Activate).unwrap();
        apply(&mut workspace, act);
        react(&mut workspace, NOW);
        ids.push(id);
    }
    simulate(&mut workspace);
    balanced(&workspace);
    for id in ids {
        let def = workspace.workflow(id).unwrap();
        assert_eq!(def.state, WorkflowState::Active, "{}", def.name);
        let stats = workspace.stats(def);
        assert!(
            stats.iter().all(|node| node.failed == 0),
            "{}: {stats:?}",
            def.name
        );
        assert!(stats.iter().any(|node| node.entered > 0), "{}", def.name);
    }
}
