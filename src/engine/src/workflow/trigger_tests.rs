//! What people expect of carts that are left, of fields that change with purchases, and of a trial.

use super::tests::{DAY, NOW, activate, add, buy, members, on, row, start, stats, workspace};
use super::{Base, Machine, state::Clock};
use crate::events::{NO, Raw, RawItem};
use crate::workspace::Workspace;
use model::event::{Attribute, EventDraft, EventFilter, EventKind, EventRule, Operand, Product, UNIT};
use model::field::{CREATED_AT, LAST_PURCHASE_AT, TOTAL_PURCHASE_AMOUNT, TOTAL_PURCHASES};
use model::workflow::NodeKind;
use model::workflow::node::{Limits, On, Source, Start, Trigger};
use model::{ContactId, FieldId, Op};

const MINUTE: i64 = 60_000;

fn trigger(on: On) -> NodeKind {
    let limits = Limits::default();
    NodeKind::Trigger(Trigger { on, limits })
}

/// Lets contact 0 put products of 30 each into the cart, at these minutes, and three hours pass.
fn fill(workspace: &mut Workspace, minutes: &[i64]) {
    let mut machine =
        Machine::new(workspace, Clock::Simulated, NOW).unwrap_or_else(|refused| panic!("{refused:?}"));
    for (at, minute) in minutes.iter().enumerate() {
        let product = machine.log_mut().product_number(&Product {
            id: format!("P{at}"),
            ..Product::default()
        });
        let item = RawItem {
            product,
            quantity: 1,
            price: 30 * UNIT,
        };
        let event = Raw {
            when: NOW + minute * MINUTE,
            contact: 0,
            kind: EventKind::CartAdded,
            amount: 30 * UNIT,
            text: NO,
            order: NO,
        };
        machine.event(event, &[item]);
    }
    machine.advance(NOW + 180 * MINUTE);
    let base = Base::Simulation {
        run: None,
        until: NOW + 180 * MINUTE,
        spec: Some(Box::default()),
    };
    let prepared = machine.close(workspace, NOW, base);
    workspace.apply_all(prepared);
}

#[test]
fn an_abandoned_cart_is_tested_as_a_whole_whatever_the_minutes() {
    let worth = |attribute, op, value: &str| EventFilter {
        rules: vec![EventRule {
            attribute,
            op,
            values: vec![Operand::Text(value.to_owned())],
        }],
        ..EventFilter::default()
    };
    for idle_minutes in [10, 30, 60] {
        let cases = [
            (worth(Attribute::Total, Op::AtLeast, "50"), 1),
            (worth(Attribute::Total, Op::AtLeast, "70"), 0),
            (worth(Attribute::Product, Op::Is, "P0"), 1),
            (worth(Attribute::Product, Op::Is, "P7"), 0),
        ];
        for (filter, times) in cases {
            let mut workspace = workspace(1, &["Left"]);
            let cart = trigger(On::CartAbandoned {
                idle_minutes,
                filter: filter.clone(),
            });
            let id = activate(&mut workspace, "Cart", &row(vec![start(), cart, add(1)], &[]));
            fill(&mut workspace, &[0, 5]);
            assert_eq!(
                stats(&workspace, id)[1].entered,
                times,
                "{idle_minutes} {filter:?}"
            );
            // One cart was abandoned, whoever waited for it.
            let (carts, _) = workspace.events(ContactId(0), Some(EventKind::CartAbandoned), 0, 9);
            assert_eq!(carts, 1, "{idle_minutes} {filter:?}");
        }
    }
}

#[test]
fn a_cart_that_a_person_tells_of_fires_whatever_the_minutes_and_once() {
    for idle_minutes in [10, 30, 60] {
        let mut workspace = workspace(1, &["Left"]);
        let cart = trigger(On::CartAbandoned {
            idle_minutes,
            filter: EventFilter::default(),
        });
        let id = activate(&mut workspace, "Cart", &row(vec![start(), cart, add(1)], &[]));
        let draft = event(EventKind::CartAbandoned);
        let (_, prepared) = workspace
            .fire_event(NOW, &draft)
            .unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
        assert_eq!(stats(&workspace, id)[1].entered, 1, "{idle_minutes}");
    }
}

fn event(kind: EventKind) -> EventDraft {
    EventDraft {
        contact: ContactId(0),
        kind,
        products: Vec::new(),
        total: None,
        text: String::new(),
    }
}

fn changes(field: FieldId, to: &str) -> NodeKind {
    trigger(On::FieldChange {
        field,
        to: to.to_owned(),
    })
}

#[test]
fn what_a_purchase_changes_fires_as_a_field_that_changes() {
    // The field, to which value, and how often it fires on purchases of 10, 0 and 10, the last one of an earlier date.
    let cases = [
        (TOTAL_PURCHASES, "", 3),
        (TOTAL_PURCHASES, "2", 1),
        (TOTAL_PURCHASE_AMOUNT, "", 2),
        (LAST_PURCHASE_AT, "", 2),
    ];
    for (field, to, times) in cases {
        let mut workspace = workspace(1, &["A"]);
        let id = activate(
            &mut workspace,
            "Totals",
            &row(vec![start(), changes(field, to), add(1)], &[]),
        );
        buy(&mut workspace, NOW + DAY, 0, 10);
        buy(&mut workspace, NOW + 2 * DAY, 0, 0);
        buy(&mut workspace, NOW + 1, 0, 10);
        assert_eq!(stats(&workspace, id)[1].entered, times, "{field} {to}");
        assert_eq!(members(&workspace, 1), [0]);
    }
}

#[test]
fn a_field_that_never_tells_of_its_changes_is_a_fault() {
    let workspace = workspace(1, &["A"]);
    let faults = |field| {
        let graph = row(vec![start(), changes(field, ""), add(1)], &[]);
        workspace.check_graph(&graph).faults.len()
    };
    assert_eq!((faults(CREATED_AT), faults(TOTAL_PURCHASES)), (1, 0));
}

#[test]
fn in_a_trial_a_contact_is_whatever_start_asks_for() {
    let workspace = workspace(1, &["A"]);
    for source in [Source::New, Source::Existing, Source::Both] {
        let start = NodeKind::Start(Start {
            source,
            ..Start::default()
        });
        let triggered = row(vec![start.clone(), on(EventKind::Login), add(1)], &[]);
        let acting = row(vec![start, add(1)], &[]);
        for (graph, steps) in [(triggered, 2), (acting, 1)] {
            let tried = workspace.try_graph(&graph, &event(EventKind::Login), NOW);
            let tried = tried.unwrap_or_else(|refused| panic!("{refused:?}"));
            assert_eq!(tried.steps.len(), steps, "{source:?}: {}", tried.not_entered);
        }
    }
}
