//! The members of a segment by their values of one field.

use super::charts::share;
use crate::prefs;
use crate::state::use_app;
use crate::ui::chart::{Bar, Bars, Column, Columns, Figure, Table};
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{SelectField, field_choices, format};
use crate::words;
use leptos::prelude::*;
use model::analytics::Composition;
use model::field::NEWSLETTER_STATUS;
use model::message::{Reply, Request};
use model::{FieldId, SegmentId};

/// Where the field is remembered.
const FIELD: &str = "analytics-field";

/// The members by any field.
#[component]
pub fn ByField(
    /// The segment.
    id: SegmentId,
) -> impl IntoView {
    let app = use_app();
    let kept = prefs::get(FIELD).unwrap_or_else(|| NEWSLETTER_STATUS.to_string());
    let chosen = RwSignal::new(kept);
    effect(move || chosen.with(|chosen| prefs::set(FIELD, chosen)));
    // A field that was deleted since is none.
    let field = memo(move |_| {
        let asked = chosen.with(|chosen| chosen.parse::<FieldId>().ok());
        let known = |asked: &FieldId| {
            app.overview
                .with(|overview| overview.fields.iter().any(|field| field.def.id == *asked))
        };
        asked.filter(known).unwrap_or(NEWSLETTER_STATUS)
    });
    let answer = app.live(move || Some(Request::Composition(id, field.get())));
    let told = memo(move |_| match answer.get() {
        Some(Ok(Reply::Composition(told))) => told,
        _ => Composition::default(),
    });
    let name = memo(move |_| app.overview.with(|overview| words::field(field.get(), overview)));
    let bars = memo(move |_| told.with(bars));
    let columns = memo(move |_| told.with(columns));
    let table = derived(move || {
        told.with(|told| {
            let row = |(name, count): (String, u64)| {
                let share = share(count, told.filled + told.empty);
                vec![name, format::number(count), share]
            };
            Table {
                head: vec![name.get(), "Members".to_owned(), "Share".to_owned()],
                rows: parts(told).into_iter().map(row).collect(),
            }
        })
    });
    let spread = derived(move || {
        told.with(|told| Table {
            head: vec!["From".to_owned(), "To".to_owned(), "Members".to_owned()],
            rows: told
                .bins
                .iter()
                .map(|bin| vec![bin.from.clone(), bin.to.clone(), format::number(bin.count)])
                .collect(),
        })
    });
    let has_bins = memo(move |_| columns.with(|columns| columns.len() > 1));
    let choices = derived(move || app.overview.with(|overview| field_choices(overview, false)));
    view! {
        <section class="card analytics-wide">
            <SelectField label="Composition by" choices=choices value=chosen/>
            <p class="soft small">
                {move || told.with(|told| format!(
                    "{} with a value, {} without",
                    format::count(told.filled, "member", "members"),
                    format::number(told.empty),
                ))}
            </p>
            <Show when=move || has_bins.get()>
                <Figure title=derived(move || format!("Distribution of {}", name.get())) table=spread>
                    <Columns columns=columns label=derived(move || format!("Members by {}, in intervals", name.get()))/>
                </Figure>
            </Show>
            <Figure title=derived(move || format!("Composition by {}", name.get())) table=table>
                <Bars bars=bars label=derived(move || format!("Members by {}, most frequent first", name.get()))/>
            </Figure>
        </section>
    }
}

/// Every part of the whole by its name: the most frequent values, the others, and those without.
fn parts(told: &Composition) -> Vec<(String, u64)> {
    let mut parts = told.top.clone();
    if told.other_values > 0 {
        let others = format::count(told.other_values, "other value", "other values");
        parts.push((others, told.others));
    }
    if told.empty > 0 {
        parts.push(("No value".to_owned(), told.empty));
    }
    parts
}

fn bars(told: &Composition) -> Vec<Bar> {
    let all = told.filled + told.empty;
    let bar = |(name, number): (String, u64)| Bar {
        words: format!(
            "{name}: {}, {}",
            format::count(number, "member", "members"),
            share(number, all)
        ),
        name,
        number,
    };
    parts(told).into_iter().map(bar).collect()
}

fn columns(told: &Composition) -> Vec<Column> {
    let bins = told.bins.iter().map(|bin| Column {
        label: bin.from.clone(),
        above: vec![(0, bin.count)],
        below: Vec::new(),
        words: format!(
            "From {} to {}: {}",
            bin.from,
            bin.to,
            format::count(bin.count, "member", "members")
        ),
    });
    bins.collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_are_everybody() {
        let told = Composition {
            filled: 9,
            empty: 2,
            top: vec![("Madrid".into(), 5)],
            other_values: 3,
            others: 4,
            bins: Vec::new(),
        };
        let parts = parts(&told);
        assert_eq!(parts[1].0, "3 other values");
        assert_eq!(parts.iter().map(|(_, count)| count).sum::<u64>(), 11);
    }
}
