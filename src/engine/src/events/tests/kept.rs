//! What is kept of events: totals, an erasure, a baseline, the history.

use super::{Happened, belt, happen, shop, trainer};
use crate::bits::Bits;
use crate::column::NONE;
use crate::events::ChunkPages;
use crate::forget::Forgetting;
use crate::journal::{Cause, Effect, PageRef};
use crate::page::number_page;
use crate::workflow::fold::over;
use crate::workflow::{NodeDelta, RunDelta, Waiting};
use crate::workspace::{Prepared, Workspace};
use model::event::*;
use model::field::*;
use model::query::Selection;
use model::workflow::{Graph, WorkflowDef, WorkflowState};
use model::{ChangeId, ContactId, Mode, NodeId, Op, WorkflowId};

#[test]
fn totals_count_what_was_before_and_the_average_is_rounded_half_up() {
    let mut workspace = shop(&[
        Happened::new(0, EventKind::Purchase, 5000).amount(100_000),
        Happened::new(0, EventKind::Purchase, 3000).amount(1),
        Happened::new(1, EventKind::Purchase, 4000),
    ]);
    for (contact, field, value) in [
        (0, PURCHASES_BEFORE, "1"),
        (0, PURCHASE_AMOUNT_BEFORE, "0.000000001"),
        (2, PURCHASES_BEFORE, "4"),
        (2, PURCHASE_AMOUNT_BEFORE, "10"),
    ] {
        let (_, prepared) = workspace
            .edit_contact(9, ContactId(contact), field, value)
            .unwrap();
        workspace.apply(prepared.unwrap());
    }
    let shown = |workspace: &Workspace, contact: u32| {
        let sheet = workspace.sheet(ContactId(contact)).unwrap();
        let fields = [
            TOTAL_PURCHASES,
            TOTAL_PURCHASE_AMOUNT,
            AVERAGE_PURCHASE_AMOUNT,
            FIRST_PURCHASE_AT,
            LAST_PURCHASE_AT,
        ];
        fields.map(|field| {
            let value = sheet.values.iter().find(|(id, _)| *id == field);
            value.map(|(_, text)| text.clone()).unwrap_or_default()
        })
    };
    for (contact, expected) in [
        (
            0,
            [
                "3",
                "10.000100001",
                "3.33",
                "1970-01-01T00:00:03Z",
                "1970-01-01T00:00:05Z",
            ],
        ),
        (1, ["1", "0", "0", "1970-01-01T00:00:04Z", "1970-01-01T00:00:04Z"]),
        (2, ["4", "10", "2.5", "", ""]),
    ] {
        assert_eq!(shown(&workspace, contact), expected);
    }
    // The events are change 4.
    let (_, undo) = workspace.prepare_stand(10, ChangeId(4), false).unwrap();
    workspace.apply(undo);
    assert_eq!(shown(&workspace, 0), ["1", "0.000000001", "0", "", ""]);
    assert_eq!(shown(&workspace, 1), ["", "", "", "", ""]);
    let undone = workspace.journal().get(ChangeId(4)).unwrap().set.id;
    let (_, redo) = workspace.prepare_stand(11, undone, true).unwrap();
    workspace.apply(redo);
    assert_eq!(shown(&workspace, 0)[0], "3");
}

#[test]
fn somebody_unsubscribed_when_an_event_says_so_later_than_the_field() {
    let mut workspace = shop(&[Happened::new(0, EventKind::Unsubscribed, 500)]);
    let last = |workspace: &Workspace| workspace.values_of(LAST_UNSUBSCRIBED_AT).number(0);
    assert_eq!(last(&workspace), 500);
    let (_, act) = workspace
        .edit_contact(100, ContactId(0), NEWSLETTER_STATUS, "unsubscribed")
        .unwrap();
    workspace.apply(act.unwrap());
    assert_eq!(last(&workspace), 500);
    let prepared = happen(
        &mut workspace,
        9,
        Cause::Fired,
        &[Happened::new(0, EventKind::Unsubscribed, 90)],
    );
    workspace.apply(prepared);
    assert_eq!(last(&workspace), 500);
}

#[test]
fn erasing_a_contact_takes_her_events_and_the_words_that_only_she_used() {
    let search = |contact: u32, text: &str| Happened::new(contact, EventKind::Search, 1).text(text);
    let order = |contact: u32, order: &str, what: &Product| Happened {
        order: order.to_owned(),
        ..Happened::new(contact, EventKind::Purchase, 2)
            .amount(7)
            .item(what, 1, 5)
            .item(what, 2, 6)
    };
    let mut workspace = shop(&[
        search(0, "secret wish"),
        search(0, "boots"),
        order(0, "ANA-1", &belt()),
        search(1, "boots"),
        search(1, "what does ana@example.com buy"),
        order(1, "OLMO-1", &trainer()),
    ]);
    let by_order = |order: &str| {
        let rule = EventRule {
            attribute: Attribute::OrderId,
            op: Op::Is,
            values: vec![Operand::Text(order.to_owned())],
        };
        let filter = EventFilter {
            mode: Mode::All,
            rules: vec![rule],
        };
        let behaviour = Behaviour {
            filter,
            ..Behaviour::once(EventKind::Purchase)
        };
        model::Group::all(vec![model::Rule::Did(behaviour)])
    };
    for (name, order) in [("Hers", "ANA-1"), ("His", "OLMO-1")] {
        let saved = model::query::SavedFilter {
            name: name.to_owned(),
            query: by_order(order).into(),
        };
        let (_, prepared) = workspace.save_filter(3, &saved).unwrap();
        workspace.apply(prepared.unwrap());
    }
    let before = workspace.events(ContactId(1), None, 0, 10).1;
    let erasure = workspace.erase(5, &[0].into_iter().collect()).unwrap();
    let written: Vec<u8> = erasure.records.iter().flat_map(|set| set.to_bytes()).collect();
    let holds = |text: &str| written.windows(text.len()).any(|part| part == text.as_bytes());
    for (text, stays) in [
        ("secret wish", false),
        ("ANA-1", false),
        ("ana@example.com", false),
        ("Belt", false),
        ("boots", true),
        ("OLMO-1", true),
        ("Zapatilla", true),
    ] {
        assert_eq!(holds(text), stays, "{text}");
    }
    workspace.erased(erasure);
    assert_eq!(workspace.log.events(0).count(), 0);
    let mut after = workspace.events(ContactId(1), None, 0, 10).1;
    // His events are the same under the same numbers, but for the text that named her.
    let mut expected = before;
    for line in expected.iter_mut().filter(|line| line.text.contains("ana@")) {
        line.text.clear();
    }
    after.sort_by_key(|line| line.id.0);
    expected.sort_by_key(|line| line.id.0);
    assert_eq!(after, expected);
}

#[test]
fn history_tells_what_happened_and_to_whom() {
    let item = |event: Happened| event.item(&trainer(), 1, 5).item(&belt(), 1, 5);
    let workspace = shop(&[
        item(Happened::new(0, EventKind::Purchase, 1)),
        Happened::new(1, EventKind::Search, 2),
        Happened::new(1, EventKind::Search, 3),
    ]);
    let detail = workspace.change_detail(ChangeId(4), None).unwrap();
    let lines: Vec<&str> = detail.effects.iter().map(|line| line.what.as_str()).collect();
    assert_eq!(lines, ["1 purchase, 2 searches"]);
    for (contact, changes) in [(0, &[4, 1][..]), (1, &[4, 2]), (2, &[3])] {
        let scope = model::history::Scope::Contact(ContactId(contact));
        let mut listed = workspace.history(scope, &Default::default(), 0, 10).1;
        listed.sort_by_key(|line| std::cmp::Reverse(line.id));
        let listed: Vec<u64> = listed.iter().map(|line| line.id.0).collect();
        assert_eq!(listed, changes, "contact {contact}");
    }
}

/// Steps of contacts at node 1, on pages.
fn steps(contacts: &[u32], mut page: impl FnMut(std::rc::Rc<crate::page::Page>) -> PageRef) -> ChunkPages {
    let numbers = |number: &dyn Fn(u32) -> i64| {
        let numbers: Vec<i64> = contacts.iter().map(|contact| number(*contact)).collect();
        number_page(numbers.iter().copied())
    };
    let columns = [
        numbers(&i64::from),
        numbers(&|_| 1),
        numbers(&|_| NONE),
        numbers(&|contact| i64::from(contact) * 100),
        numbers(&|_| 1),
    ];
    ChunkPages {
        rows: contacts.len() as u32,
        columns: columns.into_iter().map(&mut page).collect(),
    }
}

/// A shop in which a workflow ran for Ana, Olmo and Eva, and Ana and Olmo wait.
fn running() -> Workspace {
    let mut workspace = shop(&[
        Happened::new(0, EventKind::Purchase, 1)
            .amount(5)
            .item(&trainer(), 1, 5),
        Happened::new(2, EventKind::Purchase, 2)
            .amount(7)
            .item(&belt(), 1, 5),
        Happened::new(1, EventKind::Search, 3),
    ]);
    let mut pages = Vec::new();
    let stored = workspace.new_page();
    let steps = steps(&[0, 1, 2], |page| match pages.is_empty() {
        true => {
            pages.push((stored, page));
            PageRef::Stored(stored)
        }
        false => PageRef::Here(page),
    });
    let wait = |id: u64, contact: u32| Waiting {
        contact,
        node: NodeId(1),
        due: 900,
        ..over(id)
    };
    let node = NodeDelta {
        entered: 3,
        left: vec![1],
        unique: Bits((0..3).collect()),
        fired: vec![(0, 1, 5), (1, 1, 6)],
        ..NodeDelta::of(NodeId(1))
    };
    let delta = RunDelta {
        existing: Some(Bits((0..3).collect())),
        nodes: vec![node],
        waits: [wait(4, 0), wait(5, 1)].iter().collect(),
        steps: vec![steps],
        last: 300,
        ..RunDelta::of(WorkflowId(1))
    };
    let def = WorkflowDef {
        id: WorkflowId(1),
        name: "Welcome".to_owned(),
        description: String::new(),
        state: WorkflowState::Active,
        version: 1,
        graph: Graph::default(),
    };
    let effects = vec![
        Effect::Workflow(WorkflowId(1), Some(Box::new(def))),
        Effect::Workflow(WorkflowId(2), None),
        Effect::Catalogue(vec![belt(), trainer()]),
        Effect::Run(Box::new(delta)),
        Effect::Reacted(ChangeId(4)),
    ];
    let set = workspace.change(5, Cause::Person, "Ran".to_owned(), effects);
    workspace.apply(Prepared {
        set,
        pages,
        files: Vec::new(),
    });
    workspace
}

/// The contacts of the steps that are still told.
fn stepped(workspace: &Workspace) -> Vec<i64> {
    let effects = workspace.journal().iter().flat_map(|entry| &entry.set.effects);
    let chunks = effects.flat_map(|effect| match effect {
        Effect::Run(delta) => delta.steps.clone(),
        _ => Vec::new(),
    });
    let pages = chunks.map(|chunk| workspace.pages.get(&chunk.columns[0]).unwrap());
    pages
        .flat_map(|page| (0..page.len()).map(|at| page.number(at)).collect::<Vec<_>>())
        .collect()
}

#[test]
fn forgetting_history_keeps_what_workflows_and_events_add_up_to() {
    let mut workspace = running();
    // Somebody who was deleted before can't come back, so her events go, too.
    let eva = Selection::Contacts(vec![ContactId(2)]);
    let (_, act) = workspace.delete_contacts(6, &eva).unwrap();
    workspace.apply(act.unwrap());
    let prepared = happen(
        &mut workspace,
        20,
        Cause::Fired,
        &[Happened::new(0, EventKind::Login, 9)],
    );
    workspace.apply(prepared);
    let told = |workspace: &Workspace| {
        let events: Vec<EventLine> = [0, 1]
            .into_iter()
            .flat_map(|contact| workspace.events(ContactId(contact), None, 0, 9).1)
            .map(|line| EventLine {
                change: ChangeId(0),
                ..line
            })
            .collect();
        let runs: Vec<RunDelta> = workspace.flows.folded();
        let workflows: Vec<_> = workspace
            .workflows
            .iter()
            .map(|(id, def)| (*id, def.clone()))
            .collect();
        (
            events,
            runs,
            workflows,
            workspace.catalogue.clone(),
            workspace.reacted,
        )
    };
    let before = told(&workspace);
    let mut forgetting = Forgetting::new(&mut workspace, 10).unwrap();
    let forgotten = loop {
        if let Some(whole) = forgetting.step(&mut workspace).unwrap() {
            break whole;
        }
    };
    workspace.forgotten(forgotten);
    assert_eq!(told(&workspace), before);
    assert_eq!(workspace.log.events(2).count(), 0);
    assert_eq!(stepped(&workspace), [0, 1, NONE]);
}

#[test]
fn erasing_a_contact_ends_her_waits_and_takes_her_steps() {
    let mut workspace = running();
    let erasure = workspace.erase(9, &[1].into_iter().collect()).unwrap();
    assert_eq!(erasure.pages.len(), 1, "the page in the store is written anew");
    workspace.erased(erasure);
    let flow = workspace.flows.get(WorkflowId(1)).unwrap();
    assert_eq!(flow.waits.values().map(|wait| wait.id).collect::<Vec<_>>(), [4]);
    assert_eq!(workspace.flows.next_wait(), 6);
    assert_eq!(stepped(&workspace), [0, NONE, 2]);
    let node = flow.nodes.get(&NodeId(1)).unwrap();
    assert_eq!(node.entered, flow.waits.len() as u64 + node.left[0] + node.ended);
    assert!(!node.fired.contains_key(&1));
}
