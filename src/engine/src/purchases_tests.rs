//! What fields and filters say of purchases, against a sum of the journal's pages.

use crate::column::NONE;
use crate::journal::Effect;
use crate::workspace::Workspace;
use model::event::{Behaviour, EventKind, Measure, UNIT, Window};
use model::field::*;
use model::{FieldId, Group, Rule};
use proptest::prelude::*;
use roaring::RoaringBitmap;

/// A contact, how often she bought, for how much, and when first and last.
type Bought = (u32, u64, i64, Option<i64>, Option<i64>);

/// What each living contact bought by the standing change sets of the journal, summed up without the log: how often, for
/// how much, and when first and last.
fn bought(workspace: &Workspace) -> Vec<Bought> {
    let mut all: Vec<_> = workspace
        .alive()
        .iter()
        .map(|contact| (contact, 0, 0, None, None))
        .collect();
    for entry in workspace.journal().iter() {
        for effect in &entry.set.effects {
            let Effect::Events(batch) = effect else { continue };
            for chunk in &batch.chunks {
                let pages: Vec<_> = chunk
                    .columns
                    .iter()
                    .map(|page| workspace.pages.get(page).unwrap())
                    .collect();
                for at in 0..chunk.rows as usize {
                    let [when, contact, kind, amount] =
                        [0, 1, 2, 3].map(|column: usize| pages[column].number(at));
                    let contact = u32::try_from(contact).unwrap_or(u32::MAX);
                    let one: RoaringBitmap = [contact].into_iter().collect();
                    let mine = all.iter_mut().find(|(other, ..)| *other == contact);
                    let (Some(mine), 0, false) = (mine, kind, entry.standing.of(&one).is_empty()) else {
                        continue;
                    };
                    mine.1 += 1;
                    mine.2 += amount.max(0);
                    mine.3 = Some(mine.3.unwrap_or(when).min(when));
                    mine.4 = Some(mine.4.unwrap_or(when).max(when));
                }
            }
        }
    }
    all
}

/// The same as the fields that Corral keeps say it.
fn bought_by_fields(workspace: &Workspace) -> Vec<Bought> {
    let number = |field: FieldId, contact: u32| {
        let number = workspace.values_of(field).number(contact);
        (number != NONE).then_some(number)
    };
    let amount = |contact: u32| {
        let key = number(TOTAL_PURCHASE_AMOUNT, contact).map_or(0, crate::value::decimal::key);
        (key / (10i128.pow(15) / i128::from(UNIT))) as i64
    };
    let one = |contact: u32| {
        let count = number(TOTAL_PURCHASES, contact).unwrap_or_default() as u64;
        let first = number(FIRST_PURCHASE_AT, contact);
        (
            contact,
            count,
            amount(contact),
            first,
            number(LAST_PURCHASE_AT, contact),
        )
    };
    workspace.alive().iter().map(one).collect()
}

pub(crate) fn purchases_add_up(workspace: &Workspace) -> Result<(), TestCaseError> {
    let sum = bought(workspace);
    prop_assert_eq!(&bought_by_fields(workspace), &sum);
    let mut behaviour = Behaviour::once(EventKind::Purchase);
    for (measure, number, window) in [
        (Measure::Count, "2", Window::Ever),
        (Measure::Amount, "0.5", Window::Ever),
        (Measure::Count, "1", Window::LastDays(1)),
    ] {
        (behaviour.measure, behaviour.number, behaviour.window) = (measure, number.to_owned(), window);
        let query = Group::all(vec![Rule::Did(behaviour.clone())]).into();
        let found: Vec<u32> = workspace.matching(&query, 30).unwrap().iter().collect();
        let enough = sum
            .iter()
            .filter(|(_, count, amount, ..)| match (measure, window) {
                (Measure::Amount, _) => *amount >= UNIT / 2,
                (_, Window::LastDays(_)) => *count >= 1,
                _ => *count >= 2,
            });
        prop_assert_eq!(found, enough.map(|(contact, ..)| *contact).collect::<Vec<_>>());
    }
    // What is asked of one row of the table is what is asked of all.
    for field in workspace
        .fields()
        .filter(|def| crate::projection::is_projected(def.id))
    {
        let all = workspace.values_of(field.id);
        *workspace.caches.borrow_mut() = crate::view::Caches::default();
        for contact in workspace.alive() {
            let one = workspace.values_for(field.id, &[contact].into_iter().collect());
            prop_assert_eq!(one.number(contact), all.number(contact), "{}", field.name);
        }
    }
    let counts = workspace.filled_counts().into_iter();
    // Those two count everybody, also who stays although her creation is undone.
    for (field, count) in counts.filter(|(field, _)| ![CREATED_AT, UPDATED_AT].contains(field)) {
        let filled = workspace.values_of(field).filled() & workspace.alive();
        prop_assert_eq!(filled.len(), count, "{}", field);
    }
    Ok(())
}
