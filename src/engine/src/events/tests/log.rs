//! The log: what is pushed is read back.

use super::{Happened, belt, product, trainer};
use crate::column::NONE;
use crate::events::log::Log;
use crate::events::{EventBatch, NO, Raw, RawItem};
use crate::journal::{Pages, Standing};
use model::ChangeId;
use model::event::{EVENTS, EventKind, Origin, Product};
use proptest::prelude::*;
use roaring::RoaringBitmap;

fn happened() -> impl Strategy<Value = Happened> {
    let item = (0u8..4, 0u32..3, prop_oneof![Just(NONE), 0i64..1000]);
    let items = prop::collection::vec(item, 0..4);
    let words = ["", "", "boots", "Ana", "é"];
    (
        0u32..6,
        0u8..19,
        -50i64..1000,
        prop::option::of(0i64..5),
        0usize..5,
        0usize..5,
        items,
    )
        .prop_map(
            move |(contact, kind, when, amount, text, order, items)| Happened {
                contact,
                kind,
                when,
                amount,
                text: words[text].to_owned(),
                order: words[order].to_owned(),
                items: items
                    .into_iter()
                    .map(|(id, quantity, price)| {
                        let product = product(&id.to_string(), "", "", "", 1);
                        (product, quantity, price)
                    })
                    .collect(),
            },
        )
}

/// The rows of the events that stand.
fn rows_of(log: &Log) -> Vec<u32> {
    let mut rows = Vec::new();
    log.each_standing(&mut |row, _| rows.push(row));
    rows
}

/// What a log holds must be what was pushed, less what does not stand.
fn holds(log: &Log, pushed: &[(u32, Happened, bool)]) -> Result<(), TestCaseError> {
    let standing: Vec<&(u32, Happened, bool)> = pushed.iter().filter(|(.., stands)| *stands).collect();
    let rows: Vec<u32> = standing.iter().map(|(row, ..)| *row).collect();
    prop_assert_eq!(rows_of(log), rows);
    for (row, event, _) in &standing {
        prop_assert_eq!(&Happened::read(log, *row), event);
    }
    for contact in 0..6 {
        let mine: Vec<&&(u32, Happened, bool)> = standing
            .iter()
            .filter(|(_, event, _)| event.contact == contact)
            .collect();
        let chain: Vec<u32> = mine.iter().rev().map(|(row, ..)| *row).collect();
        prop_assert_eq!(log.chain(contact).collect::<Vec<_>>(), chain);
        let ordered = mine.windows(2).all(|pair| pair[0].1.when <= pair[1].1.when);
        prop_assert_eq!(log.in_order(contact), ordered);
    }
    for (kind, ..) in EVENTS {
        let mut each = Vec::new();
        log.each(*kind, &mut |row, _| each.push(row));
        let mine = standing
            .iter()
            .filter(|(_, event, _)| event.kind == kind.number());
        prop_assert_eq!(each, mine.map(|(row, ..)| *row).collect::<Vec<_>>());
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    #[test]
    fn what_is_pushed_is_read_back_also_from_a_stored_batch_and_after_an_undo(
        batches in prop::collection::vec((prop::collection::vec(happened(), 1..8), 0u8..4, any::<bool>(), 0u32..6), 1..8),
    ) {
        let (mut making, mut reading, mut kept) = (Log::default(), Log::default(), Log::default());
        let mut pushed: Vec<(u32, Happened, bool)> = Vec::new();
        let mut all: Vec<(u32, Happened, bool)> = Vec::new();
        for (at, (events, size, stands, except)) in batches.iter().enumerate() {
            // Some batches are so large that they keep their pages.
            let times = if *size == 0 { 700 } else { 1 };
            let standing = Standing { stands: *stands, except: [*except].into_iter().collect() };
            for event in std::iter::repeat_n(events, times).flatten() {
                let row = event.push(&mut making);
                all.push((row, event.clone(), true));
                pushed.push((row, event.clone(), *stands != (event.contact == *except)));
            }
            let batch = making.close(false).unwrap();
            prop_assert!(making.close(false).is_none());
            let bytes = postcard::to_allocvec(&batch).unwrap();
            let read: EventBatch = postcard::from_bytes(&bytes).unwrap();
            prop_assert_eq!(&read, &batch);
            let change = ChangeId(at as u64 + 1);
            let pages = Pages::default();
            reading.apply(&read, &pages, change, Origin::Imported, &standing);
            kept.apply(&read, &pages, change, Origin::Imported, &Standing::everybody());
            prop_assert_eq!(reading.rows(), making.rows());
            prop_assert_eq!(kept.batch(making.rows() - 1), Some((change, Origin::Imported)));
        }
        holds(&making, &all)?;
        holds(&kept, &all)?;
        holds(&reading, &pushed)?;
        // A batch that is lost leaves its numbers taken.
        let next = Happened::new(0, EventKind::Login, 5);
        let row = next.push(&mut making);
        let batch = making.close(true).unwrap();
        let mut late = Log::default();
        late.apply(&batch, &Pages::default(), ChangeId(9), Origin::Simulated, &Standing::everybody());
        holds(&late, &[(row, next, true)])?;
    }
}

#[test]
fn a_batch_may_be_larger_than_a_page_and_its_items_cross_the_border() {
    let mut log = Log::default();
    let mut expected = Vec::new();
    Happened::new(3, EventKind::Login, 0).push(&mut log);
    let first = log.close(false).unwrap();
    for at in 0..50_000u32 {
        let event = Happened {
            order: format!("order {}", at % 1000),
            ..Happened::new(at % 7, EventKind::Purchase, i64::from(at))
        };
        let event = event
            .item(&trainer(), 1, 5)
            .item(&belt(), at % 3, 7)
            .item(&trainer(), 9, NONE);
        expected.push((event.push(&mut log), event));
    }
    let batch = log.close(true).unwrap();
    assert_eq!(
        batch.chunks.iter().map(|chunk| chunk.rows).collect::<Vec<_>>(),
        [65_536, 65_536, 18_928]
    );
    assert_eq!(batch.products, [trainer(), belt()]);
    assert_eq!(batch.texts.len(), 1000);
    let mut other = Log::default();
    let (pages, all) = (Pages::default(), Standing::everybody());
    other.apply(&first, &pages, ChangeId(1), Origin::ByHand, &all);
    other.apply(&batch, &pages, ChangeId(2), Origin::Simulated, &all);
    for log in [&log, &other] {
        for (row, event) in &expected {
            assert_eq!(&Happened::read(log, *row), event);
        }
        assert_eq!(log.last_simulated(), 49_999);
    }
    let mut undone = Log::default();
    undone.apply(&first, &pages, ChangeId(1), Origin::ByHand, &all);
    let none = Standing {
        stands: false,
        except: RoaringBitmap::new(),
    };
    undone.apply(&batch, &pages, ChangeId(2), Origin::Simulated, &none);
    assert_eq!(undone.rows(), log.rows());
    assert_eq!(rows_of(&undone), [0]);
    assert_eq!(undone.last_simulated(), i64::MIN);
}

/// Visits and purchases of a shop, for measuring.
fn shop_log(events: u32, contacts: u32) -> (Log, Vec<EventBatch>) {
    let mut batches = Vec::new();
    let mut log = Log::default();
    let goods: Vec<Product> = (0..500u32)
        .map(|id| product(&id.to_string(), "Shoe", "Footwear > Trainers", "Olmo", 599_000))
        .collect();
    let numbers: Vec<u32> = goods.iter().map(|one| log.product_number(one)).collect();
    let mut state = 1u64;
    let mut random = move |below: u32| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        ((state >> 33) % u64::from(below)) as u32
    };
    for at in 0..events {
        let (kind, amount, order) = match random(20) {
            0 => (
                EventKind::Purchase,
                i64::from(random(3_000_000)),
                log.text_number(&format!("S-{at}")),
            ),
            1..=3 => (EventKind::Search, NONE, NO),
            _ => (EventKind::ProductVisited, NONE, NO),
        };
        let text = match kind {
            EventKind::Search => log.text_number(["boots", "red shoes", "sandals"][random(3) as usize]),
            _ => NO,
        };
        let item = RawItem {
            product: numbers[random(500) as usize],
            quantity: 1,
            price: 599_000,
        };
        let when = i64::from(at) * 1500;
        let event = Raw {
            when,
            contact: random(contacts),
            kind,
            amount,
            text,
            order,
        };
        log.push(
            event,
            if kind == EventKind::Search {
                &[]
            } else {
                std::slice::from_ref(&item)
            },
        );
        if at % 100_000 == 99_999 {
            batches.extend(log.close(true));
        }
    }
    batches.extend(log.close(true));
    (log, batches)
}

#[test]
fn an_event_takes_little_memory() {
    // The copy has no room for another batch.
    let log = shop_log(600_000, 100_000).0.clone();
    let each = log.bytes() as f64 / 600_000.0;
    println!("{each:.1} bytes an event");
    assert!(each < 40.0, "{each} bytes an event");
}
