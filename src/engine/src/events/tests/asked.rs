//! What is asked of events: tests of their attributes, and conditions on what contacts did.

use super::{Happened, belt, happen, shop, trainer};
use crate::column::{Cell, NONE};
use crate::events::behaviour::PassContext;
use crate::events::{CompiledBehaviour, CompiledFilter};
use crate::journal::{Cause, SimulationCause};
use crate::refused::Refused;
use crate::value::date::DAY;
use crate::workspace::Workspace;
use model::event::*;
use model::field::FIRST_NAME;
use model::{ChangeId, ContactId, FieldId, Mode, Op};

fn passes(workspace: &Workspace, rules: Vec<EventRule>, mode: Mode, row: u32, trigger: Option<u32>) -> bool {
    let filter = CompiledFilter::new(workspace, &EventFilter { mode, rules }).unwrap();
    let contact = workspace.log.row(row).contact();
    let field = |field: FieldId| workspace.cell(field, ContactId(contact));
    let first = filter.passes(&workspace.log, row, trigger, &field);
    assert_eq!(
        first,
        filter.passes(&workspace.log, row, trigger, &field),
        "asked again"
    );
    first
}

fn rule(attribute: Attribute, op: Op, values: &[&str]) -> EventRule {
    let value = |value: &&str| match value.strip_prefix('$') {
        Some("name") => Operand::Field(FIRST_NAME),
        Some(word) => Operand::Trigger(Attribute::parse(word).unwrap()),
        None => Operand::Text((*value).to_owned()),
    };
    EventRule {
        attribute,
        op,
        values: values.iter().map(value).collect(),
    }
}

#[test]
fn every_test_of_an_attribute_says_what_a_person_would() {
    use Attribute::*;
    let bought = Happened {
        order: "A-17".to_owned(),
        ..Happened::new(0, EventKind::Purchase, 1000)
    };
    let bought = bought
        .text("Tarjeta de Crédito")
        .amount(1_397_900)
        .item(&trainer(), 2, 599_000)
        .item(&belt(), 1, 199_900);
    let searched = Happened::new(1, EventKind::Search, 2000).text("Zapatillas de OLMO");
    let nothing = Happened::new(1, EventKind::Login, 3000);
    let workspace = shop(&[bought, searched, nothing]);
    // The purchase has two rows.
    let (purchase, search, login) = (0, 2, 3);
    for (row, attribute, op, values, expected) in [
        (purchase, Total, Op::Is, &["139.79"][..], true),
        (purchase, Total, Op::Is, &["139.7900"], true),
        (purchase, Total, Op::Is, &["139.790001"], false),
        (purchase, Total, Op::Greater, &["139.789999999"], true),
        (purchase, Total, Op::Greater, &["139.79"], false),
        (purchase, Total, Op::AtLeast, &["139.79"], true),
        (purchase, Total, Op::Less, &["139.8"], true),
        (purchase, Total, Op::AtMost, &["139.79"], true),
        (purchase, Total, Op::Between, &["140", "100"], true),
        (purchase, Total, Op::In, &["1", "139.79"], true),
        (purchase, Total, Op::NotIn, &["1", "139.79"], false),
        (login, Total, Op::Less, &["1"], false),
        (login, Total, Op::IsNot, &["1"], true),
        (login, Total, Op::Empty, &[], true),
        (purchase, Total, Op::NotEmpty, &[], true),
        (purchase, Quantity, Op::Is, &["3"], true),
        (login, Quantity, Op::Empty, &[], true),
        (purchase, UnitPrice, Op::Less, &["20"], true),
        (purchase, UnitPrice, Op::Greater, &["59.90"], false),
        (purchase, UnitPrice, Op::IsNot, &["59.9"], false),
        (purchase, Discount, Op::Is, &["10"], true),
        (purchase, Stock, Op::AtLeast, &["4"], false),
        (purchase, Product, Op::Is, &["t1"], true),
        (purchase, Product, Op::In, &["x", "B1"], true),
        (purchase, Product, Op::NotIn, &["x", "B1"], false),
        (purchase, Product, Op::NotIn, &["x", "y"], true),
        (purchase, ProductName, Op::Contains, &["agil"], true),
        (purchase, ProductName, Op::StartsWith, &["ZAPA"], true),
        (purchase, ProductName, Op::EndsWith, &["elt"], true),
        (purchase, ProductName, Op::ContainsNot, &["sandal"], true),
        (purchase, Category, Op::Is, &["Footwear"], true),
        (purchase, Category, Op::Is, &["footwear>trainers"], true),
        (purchase, Category, Op::Is, &["Foot"], false),
        (purchase, Category, Op::IsNot, &["Footwear"], false),
        (purchase, Category, Op::In, &["Sandals", "Accessories"], true),
        (purchase, Category, Op::Contains, &["train"], true),
        (purchase, Brand, Op::Is, &["nuria"], true),
        (purchase, Brand, Op::Is, &[""], false),
        (purchase, OrderId, Op::StartsWith, &["a-"], true),
        (purchase, PaymentMethod, Op::Is, &["tarjeta de credito"], true),
        (purchase, Text, Op::Empty, &[], true),
        (search, Text, Op::Contains, &["olmo"], true),
        (search, Text, Op::Contains, &["$name"], true),
        (search, Text, Op::Is, &["$name"], false),
        (search, PaymentMethod, Op::Empty, &[], true),
        (search, Brand, Op::ContainsNot, &["olmo"], true),
        (login, Text, Op::ContainsNot, &["olmo"], true),
        (purchase, Origin, Op::Is, &["by hand"], true),
        (purchase, Origin, Op::Is, &["Simulated"], false),
    ] {
        let passed = passes(
            &workspace,
            vec![rule(attribute, op, values)],
            Mode::All,
            row,
            None,
        );
        assert_eq!(passed, expected, "{attribute:?} {op:?} {values:?} of row {row}");
    }
}

#[test]
fn a_test_can_refer_to_the_event_that_started_the_pass() {
    use Attribute::*;
    let visit = |product: &model::event::Product| {
        Happened::new(0, EventKind::ProductVisited, 1000).item(product, 1, NONE)
    };
    let both = visit(&trainer()).item(&belt(), 1, 5);
    let workspace = shop(&[visit(&trainer()), visit(&belt()), both]);
    let (trainer, belt, both) = (0, 1, 2);
    for (row, attribute, op, values, trigger, expected) in [
        (trainer, Category, Op::Is, &["$category"][..], Some(trainer), true),
        (trainer, Category, Op::Is, &["$category"], Some(belt), false),
        (belt, Brand, Op::Is, &["$brand"], Some(both), true),
        (both, Product, Op::Is, &["$product"], Some(belt), true),
        (both, Product, Op::IsNot, &["$product"], Some(belt), false),
        (belt, UnitPrice, Op::Less, &["$price"], Some(trainer), true),
        (belt, UnitPrice, Op::Less, &["$price"], None, false),
        (belt, UnitPrice, Op::IsNot, &["$price"], None, true),
        (
            belt,
            UnitPrice,
            Op::Between,
            &["10", "$price"],
            Some(trainer),
            true,
        ),
    ] {
        let passed = passes(
            &workspace,
            vec![rule(attribute, op, values)],
            Mode::All,
            row,
            trigger,
        );
        assert_eq!(passed, expected, "{attribute:?} {op:?} {values:?} of row {row}");
    }
}

#[test]
fn all_any_or_none_of_the_tests_must_hold() {
    let workspace = shop(&[Happened::new(0, EventKind::Search, 1000).text("belt")]);
    let yes = || rule(Attribute::Text, Op::Is, &["Belt"]);
    let no = || rule(Attribute::Text, Op::Is, &["Boots"]);
    for (mode, rules, expected) in [
        (Mode::All, vec![], true),
        (Mode::Any, vec![], true),
        (Mode::None, vec![], true),
        (Mode::All, vec![yes(), no()], false),
        (Mode::Any, vec![yes(), no()], true),
        (Mode::None, vec![yes(), no()], false),
        (Mode::None, vec![no(), no()], true),
    ] {
        assert_eq!(
            passes(&workspace, rules.clone(), mode, 0, None),
            expected,
            "{mode:?} {rules:?}"
        );
    }
}

#[test]
fn a_value_that_is_none_of_its_attribute_is_refused_by_name() {
    let workspace = shop(&[]);
    for (attribute, op, values, label, reason) in [
        (
            Attribute::Total,
            Op::Greater,
            &["much"][..],
            "Amount",
            "“much” is not a number",
        ),
        (
            Attribute::Quantity,
            Op::Is,
            &["1.5"],
            "Quantity",
            "“1.5” is not a whole number",
        ),
        (
            Attribute::Quantity,
            Op::Is,
            &[""],
            "Quantity",
            "a number is missing",
        ),
        (Attribute::Brand, Op::Is, &[], "Brand", "“is” needs a value"),
        (
            Attribute::Brand,
            Op::Less,
            &["x"],
            "Brand",
            "“is less than” can’t be asked of it",
        ),
        (
            Attribute::Brand,
            Op::Is,
            &["$total"],
            "Brand",
            "it can’t be compared with Amount",
        ),
    ] {
        let rules = vec![rule(attribute, op, values)];
        let refused = CompiledFilter::new(
            &workspace,
            &EventFilter {
                mode: Mode::All,
                rules,
            },
        );
        let expected = Refused::Value {
            key: attribute.word().to_owned(),
            field: label.to_owned(),
            reason: reason.to_owned(),
        };
        assert_eq!(refused.map(|_| ()), Err(expected));
    }
    let unknown = EventRule {
        attribute: Attribute::Text,
        op: Op::Is,
        values: vec![Operand::Field(FieldId(999))],
    };
    let filter = EventFilter {
        mode: Mode::All,
        rules: vec![unknown],
    };
    assert_eq!(
        CompiledFilter::new(&workspace, &filter).map(|_| ()),
        Err(Refused::NoSuchField)
    );
}

#[test]
fn a_filter_that_knows_products_of_one_log_asks_anew_in_another() {
    let visit = |product: &Product| Happened::new(0, EventKind::ProductVisited, 0).item(product, 1, 1);
    let (one, other) = (shop(&[visit(&trainer())]), shop(&[visit(&belt())]));
    let rules = vec![rule(Attribute::Brand, Op::Is, &["olmo"])];
    let filter = CompiledFilter::new(
        &one,
        &EventFilter {
            mode: Mode::All,
            rules,
        },
    )
    .unwrap();
    let none = |_: FieldId| Cell::Number(NONE);
    assert!(filter.passes(&one.log, 0, None, &none));
    assert!(!filter.passes(&other.log, 0, None, &none));
    assert!(filter.passes(&one.log, 0, None, &none));
}

fn behaviour(text: &str) -> Behaviour {
    Behaviour::parse(text).unwrap()
}

const NOW: i64 = 100 * DAY;

/// Ana bought on days 10, 98 and 99.5, the last time for 20; Olmo visited; Eva did nothing.
fn buyers() -> Workspace {
    let bought = |when: i64, amount: i64| Happened::new(0, EventKind::Purchase, when).amount(amount * UNIT);
    shop(&[
        bought(10 * DAY, 5),
        bought(98 * DAY, 7),
        Happened::new(1, EventKind::ProductVisited, 98 * DAY).item(&trainer(), 1, NONE),
        bought(99 * DAY + DAY / 2, 20),
    ])
}

#[test]
fn a_condition_on_what_was_done_counts_one_contact_as_it_counts_all() {
    let workspace = buyers();
    for (text, counted, who, words) in [
        ("purchase:count:ge:1:ever:1:all", 3, &[0][..], "Purchased 3 times"),
        ("purchase:count:is:3:ever:1:all", 3, &[0], "Purchased 3 times"),
        ("purchase:count:gt:3:ever:1:all", 3, &[], "Purchased 3 times"),
        ("purchase:count:le:0:ever:1:all", 3, &[1, 2], "Purchased 3 times"),
        ("purchase:count:lt:1:ever:1:all", 3, &[1, 2], "Purchased 3 times"),
        ("purchase:count:isnot:0:ever:1:all", 3, &[0], "Purchased 3 times"),
        (
            "purchase:count:is:1:last1:1:all",
            1,
            &[0],
            "Purchased once within the last day",
        ),
        // Exactly two days ago is not within the last two days.
        (
            "purchase:count:is:1:last2:1:all",
            1,
            &[0],
            "Purchased once within the last 2 days",
        ),
        (
            "purchase:count:is:2:last3:1:all",
            2,
            &[0],
            "Purchased 2 times within the last 3 days",
        ),
        (
            "purchase:count:ge:1:from11to97:1:all",
            0,
            &[],
            "Never purchased between 1970-01-12 and 1970-04-08",
        ),
        (
            "purchase:count:ge:2:from10to98:1:all",
            2,
            &[0],
            "Purchased 2 times between 1970-01-11 and 1970-04-09",
        ),
        (
            "purchase:count:is:3:pass:1:all",
            3,
            &[0],
            "Purchased 3 times since the pass began",
        ),
        (
            "purchase:amount:ge:32:ever:1:all",
            320_000,
            &[0],
            "Purchased for 32.00",
        ),
        (
            "purchase:amount:gt:32:ever:1:all",
            320_000,
            &[],
            "Purchased for 32.00",
        ),
        (
            "purchase:amount:lt:0.01:ever:1:all",
            320_000,
            &[1, 2],
            "Purchased for 32.00",
        ),
        (
            "purchase:count:is:1:ever:1:all;total=lt=t6",
            1,
            &[0],
            "Purchased once, where Amount is less than 6",
        ),
        (
            "product_visited:count:ge:1:ever:1:all;category=is=tFootwear",
            0,
            &[1],
            "Never visited a product, where Category is Footwear",
        ),
    ] {
        let compiled = CompiledBehaviour::new(&workspace, &behaviour(text)).unwrap();
        let field = |field: FieldId| workspace.cell(field, ContactId(0));
        let (log, zone) = (&workspace.log, &workspace.zone);
        assert_eq!(compiled.count(log, 0, NOW, zone, None, &field), counted, "{text}");
        assert_eq!(compiled.explain(counted), words);
        let found = compiled.found(&workspace, NOW);
        assert_eq!(found.iter().collect::<Vec<_>>(), who, "{text}");
        for contact in 0..3 {
            let holds = compiled.holds(log, contact, NOW, zone, None, &field);
            assert_eq!(holds, found.contains(contact), "{text} for {contact}");
        }
    }
}

#[test]
fn within_a_pass_the_event_that_started_it_can_be_left_out() {
    let workspace = buyers();
    // The first purchase is row 0, the last one row 3.
    for (text, began, trigger, counted) in [
        ("purchase:count:ge:1:pass:1:all", 98 * DAY, 3, 2),
        ("purchase:count:ge:1:pass:0:all", 98 * DAY, 3, 1),
        ("purchase:count:ge:1:pass:1:all", 99 * DAY, 3, 1),
        ("purchase:count:ge:1:pass:0:all", 99 * DAY, 3, 0),
        ("purchase:count:ge:1:ever:0:all", 0, 0, 2),
        ("purchase:count:ge:1:ever:1:all;total=gt=etotal", 0, 0, 2),
    ] {
        let compiled = CompiledBehaviour::new(&workspace, &behaviour(text)).unwrap();
        let field = |field: FieldId| workspace.cell(field, ContactId(0));
        let pass = Some(PassContext {
            began,
            trigger: Some(trigger),
        });
        let count = compiled.count(&workspace.log, 0, NOW, &workspace.zone, pass, &field);
        assert_eq!(count, counted, "{text} since {began}");
    }
}

#[test]
fn a_count_that_is_none_is_refused() {
    let workspace = shop(&[]);
    for (text, field) in [
        ("purchase:count:ge:some:ever:1:all", "Count"),
        ("purchase:count:ge:1.5:ever:1:all", "Count"),
        ("purchase:amount:ge::ever:1:all", "Amount"),
        ("purchase:count:has:1:ever:1:all", "Count"),
    ] {
        match CompiledBehaviour::new(&workspace, &behaviour(text)) {
            Err(Refused::Value { field: named, .. }) => assert_eq!(named, field),
            other => panic!("{text}: {other:?}"),
        }
    }
}

fn found(workspace: &Workspace, text: &str, now: i64) -> Vec<u32> {
    let rule = model::Rule::Did(behaviour(text));
    let query = model::Query::from(model::Group::all(vec![rule]));
    workspace.matching(&query, now).unwrap().iter().collect()
}

#[test]
fn a_filter_by_behaviour_is_true_at_every_moment_of_the_day() {
    let workspace = buyers();
    let recent = "purchase:count:ge:1:last1:1:all";
    let last = 99 * DAY + DAY / 2;
    for (now, who) in [
        (last - 1, &[][..]),
        (last, &[0]),
        (last + DAY - 1, &[0]),
        (last + DAY, &[]),
        (last + DAY - 1, &[0]),
    ] {
        assert_eq!(found(&workspace, recent, now), who, "at {now}");
    }
}

#[test]
fn a_simulation_that_ran_ahead_takes_the_clock_along() {
    let mut workspace = buyers();
    let recent = "purchase:count:ge:1:last1:1:all";
    assert_eq!(workspace.clock(NOW), NOW);
    let cause = Cause::Simulation(Box::new(SimulationCause {
        run: ChangeId(5),
        until: NOW + 9 * DAY,
        spec: None,
    }));
    let later = Happened::new(2, EventKind::Purchase, NOW + 9 * DAY);
    let prepared = happen(&mut workspace, 1, cause, &[later]);
    let change = prepared.set.id;
    workspace.apply(prepared);
    assert_eq!(workspace.clock(NOW), NOW + 9 * DAY);
    assert_eq!(found(&workspace, recent, NOW), [2]);
    let (_, undo) = workspace.prepare_stand(2, change, false).unwrap();
    workspace.apply(undo);
    assert_eq!(workspace.clock(NOW), NOW);
    assert_eq!(found(&workspace, recent, NOW), [0]);
}
