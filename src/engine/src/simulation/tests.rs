//! What the simulated shop promises, and what holds of every run.

use super::{Generated, GeneratedText, Generator, default_catalogue};
use crate::column::NONE;
use crate::refused::Refused;
use crate::value::Zone;
use crate::value::date::DAY;
use crate::workspace::Workspace;
use model::event::{EventKind, Product, UNIT};
use model::simulation::{Chances, Season, SimulationSpec};
use model::workflow::node::Channel;
use proptest::prelude::*;
use roaring::RoaringBitmap;
use std::rc::Rc;

/// Monday 2026-10-05, 00:00 UTC.
const MONDAY: i64 = 20_731 * DAY;

const NEVER: Chances = Chances {
    login: 0,
    search: 0,
    view: 0,
    cart: 0,
    purchase: 0,
    subscribe: 0,
    unsubscribe: 0,
    form: 0,
    open: 0,
    click: 0,
};

fn people(count: u32) -> RoaringBitmap {
    (0..count).map(|at| at * 3 + 1).collect()
}

fn generator(spec: &SimulationSpec, people: &RoaringBitmap) -> Generator {
    Generator::new(spec, people, default_catalogue(), MONDAY, Zone::UTC)
}

fn all(generator: &mut Generator) -> Vec<Generated> {
    let mut events = Vec::new();
    while let Some(event) = generator.next(i64::MAX) {
        events.push(event);
    }
    events
}

fn run(spec: &SimulationSpec, count: u32) -> Vec<Generated> {
    all(&mut generator(spec, &people(count)))
}

fn count(events: &[Generated], kind: EventKind) -> usize {
    events.iter().filter(|event| event.kind == kind).count()
}

fn visits_by_day(events: &[Generated], zone: &Zone) -> Vec<usize> {
    let mut days = vec![0; 40];
    for event in events.iter().filter(|event| event.kind == EventKind::PageVisited) {
        days[(zone.day(event.when) - zone.day(events[0].when)) as usize] += 1;
    }
    days
}

#[test]
fn a_week_has_the_visits_that_were_asked_for_by_their_weekdays() {
    let spec = SimulationSpec {
        visits_per_day: 1000,
        ..SimulationSpec::default()
    };
    let days = visits_by_day(&run(&spec, 400), &Zone::UTC);
    assert_eq!(&days[..8], [900, 900, 950, 1000, 1100, 1200, 1050, 0]);
}

#[test]
fn the_peak_day_has_so_many_times_as_many_visits() {
    let mut spec = SimulationSpec::default();
    spec.season.weekdays = [100; 7];
    (spec.season.peak_day, spec.season.peak) = (3, 4);
    let days = visits_by_day(&run(&spec, 400), &Zone::UTC);
    assert_eq!(&days[..7], [500, 500, 2000, 500, 500, 500, 500]);
}

#[test]
fn few_visits_a_day_add_up_over_the_days() {
    let spec = SimulationSpec {
        visits_per_day: 1,
        days: 20,
        season: Season {
            weekdays: [50; 7],
            ..Season::default()
        },
        ..SimulationSpec::default()
    };
    assert_eq!(count(&run(&spec, 9), EventKind::PageVisited), 10);
}

#[test]
fn people_come_at_the_hours_of_the_workspace_s_zone_also_where_clocks_change() {
    // Madrid goes from summer to winter time on 2026-10-25 at 01:00 UTC.
    let change = MONDAY + 20 * DAY + 3_600_000;
    let madrid = Zone::probe(MONDAY - DAY, MONDAY + 60 * DAY, |at| {
        if at < change { 7200 } else { 3600 }
    });
    let mut spec = SimulationSpec {
        days: 30,
        chances: NEVER,
        ..SimulationSpec::default()
    };
    spec.season.hours = [0; 24];
    spec.season.hours[9] = 1;
    let from = madrid.moment(MONDAY);
    let mut generator = Generator::new(&spec, &people(50), default_catalogue(), from, madrid.clone());
    assert_eq!(generator.until(), MONDAY + 30 * DAY - 3_600_000);
    let events = all(&mut generator);
    assert!(events.len() > 10_000);
    for event in &events {
        assert_eq!(madrid.local(event.when).rem_euclid(DAY) / 3_600_000, 9);
    }
    // Four weeks of 710 hundredths, and another Monday and Tuesday.
    let days = visits_by_day(&events, &madrid);
    assert_eq!(days.iter().sum::<usize>(), 5 * (710 * 4 + 180));
}

#[test]
fn a_run_from_the_middle_of_a_day_has_whole_days_too() {
    let spec = SimulationSpec {
        days: 2,
        chances: NEVER,
        ..SimulationSpec::default()
    };
    let from = MONDAY + DAY / 3 + 12_345;
    let mut generator = Generator::new(&spec, &people(50), default_catalogue(), from, Zone::UTC);
    assert_eq!(generator.until(), from + 2 * DAY);
    let events = all(&mut generator);
    assert!((890..=920).contains(&events.len()), "{}", events.len());
    assert!(
        events
            .iter()
            .all(|event| (from..from + 2 * DAY).contains(&event.when))
    );
}

#[test]
fn what_is_never_to_happen_does_not_and_what_is_always_to_happen_does() {
    let spec = |chances| SimulationSpec {
        chances,
        ..SimulationSpec::default()
    };
    let events = run(&spec(NEVER), 100);
    assert_eq!(count(&events, EventKind::PageVisited), events.len());

    let one = |set: fn(&mut Chances)| {
        let mut chances = NEVER;
        set(&mut chances);
        let mut events = run(&spec(chances), 100);
        // The visits of the last minutes are cut off.
        events.retain(|event| event.when < MONDAY + 6 * DAY);
        events
    };
    type Set = fn(&mut Chances);
    let cases: [(Set, EventKind); 5] = [
        (|chances| chances.login = 10_000, EventKind::Login),
        (|chances| chances.search = 10_000, EventKind::Search),
        (|chances| chances.subscribe = 10_000, EventKind::Subscribed),
        (|chances| chances.unsubscribe = 10_000, EventKind::Unsubscribed),
        (|chances| chances.form = 10_000, EventKind::FormSubmitted),
    ];
    for (set, kind) in cases {
        let events = one(set);
        let (visits, done) = (count(&events, EventKind::PageVisited), count(&events, kind));
        assert!(visits - done <= 2, "{kind:?}: {done} of {visits}");
    }
    let looked = one(|chances| chances.view = 10_000);
    let most = count(&looked, EventKind::PageVisited) * 12;
    assert!(count(&looked, EventKind::ProductVisited) > most - 12 * 5);
    assert_eq!(count(&looked, EventKind::CartAdded), 0);

    let bought = one(|chances| (chances.view, chances.cart, chances.purchase) = (10_000, 10_000, 10_000));
    let visits = count(&bought, EventKind::PageVisited);
    assert!(visits - count(&bought, EventKind::Purchase) <= 5);
    let abandoned = one(|chances| (chances.view, chances.cart) = (10_000, 10_000));
    assert!(count(&abandoned, EventKind::CartAdded) >= 3 * (visits - 5));
    assert_eq!(count(&abandoned, EventKind::Purchase), 0);
}

#[test]
fn as_much_happens_as_the_chances_say() {
    let spec = SimulationSpec {
        visits_per_day: 20_000,
        ..SimulationSpec::default()
    };
    let events = run(&spec, 5000);
    let near = |kind, expected: f64| {
        let real = count(&events, kind) as f64;
        assert!(
            (real / expected - 1.0).abs() < 0.04,
            "{kind:?}: {real}, {expected}"
        );
    };
    let visits = count(&events, EventKind::PageVisited) as f64;
    assert_eq!(visits, 142_000.0);
    near(EventKind::Login, visits * 0.2);
    near(EventKind::Search, visits * 0.25);
    near(EventKind::ProductSearched, visits * 0.25);
    near(EventKind::Subscribed, visits * 0.01);
    near(EventKind::FormSubmitted, visits * 0.01);
    let looks = count(&events, EventKind::ProductVisited);
    near(EventKind::CartAdded, looks as f64 * 0.2);
    // Each look is followed by another in 65 of 100 cases; few are cut short.
    near(EventKind::ProductVisited, visits * 0.65 / 0.35 * 0.99);
    assert!(count(&events, EventKind::Purchase) > 10_000);
    assert!(count(&events, EventKind::CartRemoved) > 0);
    assert_eq!(count(&events, EventKind::CartAbandoned), 0);
}

#[test]
fn somebody_registers_at_most_once() {
    let spec = SimulationSpec {
        days: 30,
        ..SimulationSpec::default()
    };
    let events = run(&spec, 200);
    let registered: Vec<u32> = events
        .iter()
        .filter(|event| event.kind == EventKind::Register)
        .map(|event| event.contact)
        .collect();
    let different: RoaringBitmap = registered.iter().copied().collect();
    assert!(registered.len() > 50);
    assert_eq!(registered.len() as u64, different.len());
}

#[test]
fn a_purchase_has_what_is_in_the_cart_and_costs_what_that_costs() {
    let spec = SimulationSpec::default();
    let mut generator = generator(&spec, &people(5000));
    let mut bought = 0;
    while let Some(event) = generator.next(i64::MAX) {
        let text = generator.text(&event.text);
        match event.kind {
            EventKind::Purchase => {
                bought += 1;
                assert!((1..=3).contains(&event.items.len()));
                let cost = event.items.iter();
                let cost = cost.map(|(product, pieces)| generator.price(product) * i64::from(pieces));
                assert_eq!(event.total, cost.sum::<i64>());
                assert!(event.total > 0 && !text.is_empty());
            }
            EventKind::ProductVisited | EventKind::ProductSearched => {
                assert_eq!((event.items.len(), event.total), (1, NONE));
            }
            EventKind::PageVisited => assert!(text.starts_with('/')),
            EventKind::Search | EventKind::FormSubmitted => assert!(!text.is_empty()),
            _ => {}
        }
    }
    assert!(bought > 100);
}

#[test]
fn contacts_look_at_their_favourite_category_most_and_at_popular_products() {
    let spec = SimulationSpec {
        visits_per_day: 20_000,
        ..SimulationSpec::default()
    };
    let events = run(&spec, 100);
    let mut looks = vec![0usize; default_catalogue().len()];
    let mut tops: std::collections::HashMap<(u32, &str), usize> = std::collections::HashMap::new();
    for event in events
        .iter()
        .filter(|event| event.kind == EventKind::ProductVisited)
    {
        for (product, _) in event.items.iter() {
            looks[usize::from(product)] += 1;
            let category = &default_catalogue()[usize::from(product)].category;
            *tops
                .entry((event.contact, category.split(" > ").next().unwrap()))
                .or_default() += 1;
        }
    }
    assert!(looks.iter().all(|count| *count > 0));
    assert!(looks[0] > 3 * looks[8], "{looks:?}");
    for contact in people(100) {
        let mine = |&(&(whose, _), _): &(&(u32, &str), &usize)| whose == contact;
        let (most, sum) = tops
            .iter()
            .filter(mine)
            .fold((0, 0), |(most, sum), (_, count)| (*count.max(&most), sum + count));
        assert!(sum < 100 || most * 100 > sum * 55, "{contact}: {most} of {sum}");
    }
}

#[test]
fn messages_are_opened_and_clicked_by_the_chances_within_three_days() {
    let spec = SimulationSpec {
        visits_per_day: 0,
        ..SimulationSpec::default()
    };
    let subject: Rc<str> = "Welcome".into();
    let count_of = |channel, chances: Chances| {
        let spec = SimulationSpec {
            chances,
            ..spec.clone()
        };
        let mut generator = generator(&spec, &people(9));
        for contact in 0..10_000 {
            generator.sent(channel, contact, MONDAY + DAY, &subject);
        }
        let events = all(&mut generator);
        for event in &events {
            assert!(event.when > MONDAY + DAY && event.when <= MONDAY + 4 * DAY);
            assert_eq!(event.text, GeneratedText::Message(subject.clone()));
        }
        for click in events
            .iter()
            .filter(|event| event.kind == EventKind::EmailClicked)
        {
            let opened = |event: &&Generated| event.kind == EventKind::EmailOpened;
            let mut opened = events.iter().filter(opened);
            assert!(opened.any(|open| open.contact == click.contact && open.when < click.when));
        }
        let kinds = [
            EventKind::EmailOpened,
            EventKind::EmailClicked,
            EventKind::PushOpened,
        ];
        let counts = kinds.map(|kind| count(&events, kind));
        assert_eq!(counts.iter().sum::<usize>(), events.len());
        counts
    };
    let [opened, clicked, _] = count_of(Channel::Email, Chances::default());
    assert!(
        (3350..3650).contains(&opened) && (470..580).contains(&clicked),
        "{opened} {clicked}"
    );
    let always = Chances {
        open: 10_000,
        click: 10_000,
        ..NEVER
    };
    assert_eq!(count_of(Channel::Email, always), [10_000, 10_000, 0]);
    assert_eq!(count_of(Channel::Push, always), [0, 0, 10_000]);
    assert_eq!(count_of(Channel::Sms, always), [0, 0, 0]);
    assert_eq!(count_of(Channel::Email, NEVER), [0, 0, 0]);
}

#[test]
fn a_shop_without_products_has_visitors_all_the_same() {
    let spec = SimulationSpec::default();
    let mut generator = Generator::new(&spec, &people(10), &[], MONDAY, Zone::UTC);
    let events = all(&mut generator);
    assert!(events.iter().all(|event| event.items.is_empty()));
    assert_eq!(count(&events, EventKind::PageVisited), 3550);
    assert!(run(&spec, 0).is_empty());
}

#[test]
fn nothing_is_told_before_its_time_and_progress_goes_from_none_to_all() {
    let spec = SimulationSpec::default();
    let mut generator = generator(&spec, &people(10));
    assert_eq!((generator.next(MONDAY), generator.progress()), (None, 0));
    let mut told = 0;
    for hour in 1..=7 * 24 {
        let limit = MONDAY + hour * 3_600_000;
        while let Some(event) = generator.next(limit) {
            assert!((limit - 3_600_000..limit).contains(&event.when));
            told += 1;
        }
        assert_eq!(i64::from(generator.progress()), hour * 1000 / (7 * 24));
    }
    assert_eq!(told, run(&spec, 10).len());
    assert_eq!(generator.next(i64::MAX), None);
}

#[test]
fn the_default_catalogue_is_one_that_a_person_could_save() {
    let workspace = Workspace::new();
    let products = workspace.catalogue();
    assert_eq!(products.len(), 24);
    let (done, prepared) = workspace.edit_catalogue(MONDAY, products).unwrap();
    assert!(prepared.is_none(), "{done:?}");
    let mut tops: Vec<&str> = products
        .iter()
        .filter_map(|product| product.category.split(" > ").next())
        .collect();
    tops.dedup();
    assert_eq!(tops, ["Footwear", "Bags", "Clothing", "Accessories"]);
}

#[test]
fn an_edited_catalogue_is_tidy_and_an_undo_brings_the_old_one_back() {
    let mut workspace = Workspace::new();
    let product = Product {
        id: " A-1 ".into(),
        name: " Mug ".into(),
        category: "Home>Kitchen ".into(),
        price: 9 * UNIT,
        ..Product::default()
    };
    let (done, prepared) = workspace.edit_catalogue(MONDAY, &[product]).unwrap();
    assert_eq!(done.what, "Set the catalogue (1 product)");
    let change = done.change.unwrap();
    workspace.apply(prepared.unwrap());
    let [mug] = workspace.catalogue() else {
        panic!("one product")
    };
    assert_eq!(
        (mug.id.as_str(), mug.name.as_str(), mug.category.as_str()),
        ("A-1", "Mug", "Home > Kitchen")
    );
    let (_, undo) = workspace.prepare_stand(MONDAY, change, false).unwrap();
    workspace.apply(undo);
    assert_eq!(workspace.catalogue(), default_catalogue());
}

#[test]
fn a_product_that_can_not_be_is_refused_by_its_name_and_field() {
    let workspace = Workspace::new();
    let fine = Product {
        id: "A".into(),
        name: "Mug".into(),
        ..Product::default()
    };
    let with = |edit: fn(&mut Product)| {
        let mut other = Product {
            id: "B".into(),
            name: "Cup".into(),
            ..fine.clone()
        };
        edit(&mut other);
        workspace.edit_catalogue(MONDAY, &[fine.clone(), other])
    };
    type Edit = fn(&mut Product);
    let cases: [(Edit, &str); 6] = [
        (|cup| cup.id = "  ".into(), "Cup, Product ID"),
        (|cup| cup.id = "A".into(), "Cup, Product ID"),
        (|cup| cup.price = -1, "Cup, Unit price"),
        (|cup| cup.discount = 101, "Cup, Discount (%)"),
        (|cup| cup.category = "Home > > Cups".into(), "Cup, Category"),
        (|cup| cup.brand = "x".repeat(101), "Cup, Brand"),
    ];
    assert!(with(|cup| (cup.price, cup.discount) = (0, 100)).is_ok());
    for (edit, expected) in cases {
        match with(edit) {
            Err(Refused::Value { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
    assert!(workspace.edit_catalogue(MONDAY, &[]).is_err());
}

#[test]
fn a_seed_gives_the_events_that_it_always_gave() {
    let spec = SimulationSpec::default();
    let events = thanked(&spec, &people(500), MONDAY, &Zone::UTC, DAY);
    let mut bytes = Vec::new();
    for event in &events {
        bytes.extend(event.when.to_le_bytes());
        bytes.extend(event.contact.to_le_bytes());
        bytes.push(event.kind.number());
        for (product, quantity) in event.items.iter() {
            bytes.extend(product.to_le_bytes());
            bytes.push(quantity);
        }
        bytes.extend(event.total.to_le_bytes());
    }
    let hash = xxhash_rust::xxh3::xxh3_64(&bytes);
    assert_eq!((events.len(), hash), (14_865, 13_533_917_497_699_976_033));
}

#[test]
fn a_discount_is_taken_off_to_whole_cents() {
    let price = |price, discount| {
        super::discounted(&Product {
            price,
            discount,
            ..Product::default()
        })
    };
    assert_eq!(price(599_000, 15), 509_200); // 50.915
    assert_eq!(price(599_000, 0), 599_000);
    assert_eq!(price(599_000, 100), 0);
    assert_eq!(price(12_345, 0), 12_345);
}

prop_compose! {
    fn specs()(
        days in 0u32..12,
        visits_per_day in 0u32..300,
        seed in any::<u64>(),
        chances in prop::array::uniform10(0u16..=10_000),
        weekdays in prop::array::uniform7(0u16..300),
        hours in prop::array::uniform24(0u16..200),
        peak_day in 0u32..12,
        peak in 0u16..5,
    ) -> SimulationSpec {
        let [login, search, view, cart, purchase, subscribe, unsubscribe, form, open, click] = chances;
        SimulationSpec {
            days,
            visits_per_day,
            seed,
            chances: Chances { login, search, view, cart, purchase, subscribe, unsubscribe, form, open, click },
            season: Season { weekdays, hours, peak_day, peak },
            ..SimulationSpec::default()
        }
    }
}

/// A run in which every purchase is thanked for by email, in batches.
fn thanked(
    spec: &SimulationSpec,
    people: &RoaringBitmap,
    from: i64,
    zone: &Zone,
    batch: i64,
) -> Vec<Generated> {
    let mut generator = Generator::new(spec, people, default_catalogue(), from, zone.clone());
    let subject: Rc<str> = "Thank you".into();
    let mut events = Vec::new();
    let mut limit = from;
    while limit < generator.until() {
        limit += batch;
        while let Some(event) = generator.next(limit) {
            if event.kind == EventKind::Purchase {
                generator.sent(Channel::Email, event.contact, event.when, &subject);
            }
            events.push(event);
        }
    }
    events
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn events_come_in_order_within_the_days_and_to_the_population_only(
        spec in specs(),
        count in 1u32..200,
        begins in 0..7 * DAY,
        offset in -12i32..14,
    ) {
        let (people, zone, from) = (people(count), Zone::fixed(offset * 3600), MONDAY + begins);
        let events = thanked(&spec, &people, from, &zone, DAY / 5);
        let until = from + i64::from(spec.days) * DAY;
        prop_assert!(events.is_sorted_by_key(|event| (event.when, event.contact)));
        for event in &events {
            prop_assert!((from..until).contains(&event.when));
            prop_assert!(people.contains(event.contact));
        }
    }

    #[test]
    fn the_same_seed_gives_the_same_events_and_another_one_others(
        spec in specs(),
        batches in (DAY / 50..DAY, DAY / 50..DAY),
    ) {
        let people = people(40);
        let run = |spec: &SimulationSpec, batch| thanked(spec, &people, MONDAY, &Zone::UTC, batch);
        let events = run(&spec, batches.0);
        prop_assert_eq!(&events, &run(&spec, batches.1));
        if events.len() > 5 {
            let other = SimulationSpec { seed: spec.seed.wrapping_add(1), ..spec };
            prop_assert_ne!(&events, &run(&other, batches.0));
        }
    }

    #[test]
    fn a_copy_goes_on_as_the_original_does(spec in specs(), stops in 0..10 * DAY) {
        let mut one = generator(&spec, &people(40));
        while one.next(MONDAY + stops).is_some() {}
        let mut other = one.clone();
        prop_assert_eq!(all(&mut one), all(&mut other));
    }

    #[test]
    fn a_day_has_visits_by_its_weight(spec in specs()) {
        let spec = SimulationSpec { chances: NEVER, ..spec };
        let events = run(&spec, 30);
        let mut owed = 0;
        let any_hour = spec.season.hours.iter().any(|weight| *weight > 0);
        for day in 0..spec.days {
            let peak = if day + 1 == spec.season.peak_day { u32::from(spec.season.peak) } else { 1 };
            owed += spec.visits_per_day * u32::from(spec.season.weekdays[day as usize % 7]) * peak;
            let begins = MONDAY + i64::from(day) * DAY;
            let visits = events.iter().filter(|event| (begins..begins + DAY).contains(&event.when));
            let expected = if any_hour { owed / 100 } else { 0 };
            owed %= 100;
            prop_assert_eq!(visits.count() as u32, expected);
        }
    }
}
