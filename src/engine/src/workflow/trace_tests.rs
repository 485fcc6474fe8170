//! A trace tells what decided, as it was then.

use super::tests::{DAY, HOUR, NOW, activate, add, buy, on, react, remove, row, start, wait, workspace};
use crate::workspace::Workspace;
use model::event::{Attribute, Operand};
use model::event::{Behaviour, EventDraft, EventKind, UNIT};
use model::field::{FIRST_NAME, TOTAL_PURCHASES};
use model::query::Selection;
use model::segment::MemberAction;
use model::workflow::node::{CheckRule, Condition, NewValue, SetField, Subject};
use model::workflow::{NodeKind, TraceStep};
use model::{ContactId, Mode, Op, SegmentId};

const ANA: ContactId = ContactId(0);

fn check(subject: Subject, op: Op, value: &str) -> NodeKind {
    NodeKind::Condition(Condition::Check {
        mode: Mode::All,
        rules: vec![CheckRule {
            subject,
            op,
            values: vec![Operand::Text(value.to_owned())],
        }],
    })
}

fn member_of(segment: u32) -> NodeKind {
    NodeKind::Condition(Condition::InSegment {
        segments: vec![SegmentId(segment)],
        all: false,
    })
}

/// Whatever a node before a question changes, and one behind it: the question tells what lies between.
fn asks_around_changes() -> Vec<NodeKind> {
    vec![
        start(),
        on(EventKind::Purchase),
        NodeKind::Condition(Condition::Did(Behaviour::once(EventKind::Purchase))),
        check(Subject::Trigger(Attribute::Total), Op::AtLeast, "50"),
        check(Subject::Field(TOTAL_PURCHASES), Op::AtLeast, "1"),
        check(Subject::Field(FIRST_NAME), Op::IsNot, "Nobody"),
        NodeKind::SetField(SetField {
            field: FIRST_NAME,
            value: NewValue::Literal("Ana".to_owned()),
            only_if_empty: false,
        }),
        check(Subject::Field(FIRST_NAME), Op::Is, "Ana"),
        NodeKind::Condition(Condition::HasField(FIRST_NAME)),
        add(1),
        member_of(1),
        remove(1),
        wait(60),
        check(Subject::Field(FIRST_NAME), Op::IsNot, "Nobody"),
    ]
}

fn whys(steps: &[TraceStep]) -> Vec<&str> {
    steps.iter().map(|step| step.why.as_str()).collect()
}

fn call(workspace: &mut Workspace, at: i64, name: &str) {
    let edited = workspace.edit_contact(at, ANA, FIRST_NAME, name);
    let (_, prepared) = edited.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
}

fn traced(workspace: &Workspace, id: model::WorkflowId) -> Vec<TraceStep> {
    let trace = workspace.trace(id, ANA);
    trace.unwrap_or_else(|refused| panic!("{refused:?}")).steps
}

#[test]
fn each_step_tells_the_values_that_decided_it() {
    let mut workspace = workspace(2, &["One", "Two"]);
    let graph = row(asks_around_changes(), &[]);
    let draft = EventDraft {
        contact: ANA,
        kind: EventKind::Purchase,
        products: Vec::new(),
        total: Some(60 * UNIT),
        text: String::new(),
    };
    let tried = workspace.try_graph(&graph, &draft, NOW + HOUR);
    let tried = tried.unwrap_or_else(|refused| panic!("{refused:?}")).steps;
    let id = activate(&mut workspace, "W", &graph);
    buy(&mut workspace, NOW + HOUR, 0, 60);
    let steps = traced(&workspace, id);
    assert_eq!(
        whys(&steps),
        [
            "It happened",
            "Purchased once",
            "Amount is 60",
            "Total purchases is 1",
            "First name is empty",
            "",
            "First name is Ana",
            "It has a value",
            "",
            "Is a member",
            "",
            "",
        ]
    );
    assert_eq!(whys(&steps), whys(&tried), "a trial tells the same");
}

#[test]
fn what_came_later_changes_nothing_of_what_is_told() {
    let mut workspace = workspace(2, &["One", "Two"]);
    let id = activate(&mut workspace, "W", &row(asks_around_changes(), &[]));
    buy(&mut workspace, NOW + HOUR, 0, 60);
    let before = traced(&workspace, id);
    call(&mut workspace, NOW + HOUR + 1, "Eva");
    buy(&mut workspace, NOW + HOUR + 2, 1, 60);
    let everybody = Selection::Contacts(vec![ANA]);
    let joined = workspace.set_members(NOW + DAY, SegmentId(1), MemberAction::Add, &everybody);
    let (_, prepared) = joined.unwrap_or_else(|refused| panic!("{refused:?}"));
    workspace.apply_all(prepared);
    react(&mut workspace, NOW + 2 * DAY);
    buy(&mut workspace, NOW + 3 * DAY, 0, 70);
    let after = traced(&workspace, id);
    assert_eq!(after[..before.len()], before[..]);
    assert_eq!(after[before.len()].why, "", "the wait is over");
    assert_eq!(after[before.len() + 1].why, "First name is Eva");
    let second = whys(&after[before.len() + 2..]);
    assert_eq!(
        second[..4],
        [
            "It happened",
            "Purchased 2 times",
            "Amount is 70",
            "Total purchases is 2"
        ]
    );
}
