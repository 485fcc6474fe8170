//! The third step: where each column of the file goes.

use super::fault::Place;
use super::flow::{Flow, use_flow};
use super::literals::Literals;
use super::map_row::Row;
use super::saved::Saved;
use super::status::StatusQuestion;
use super::target;
use super::values::ValuesDialog;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Choice, Notice, SelectField, Tone, field_choices};
use leptos::prelude::*;
use model::import::{DateOrder, DecimalMark};

/// The third step of an import.
#[component]
pub fn MapStep() -> impl IntoView {
    let flow = use_flow();
    let app = use_app();
    let translated = RwSignal::new(None);
    // Every row has the same list of fields; it is made once.
    let fields = memo(move |_| app.overview.with(|overview| field_choices(overview, true)));
    let columns = memo(move |_| {
        flow.preview.with(|preview| {
            let Some(preview) = preview else { return Vec::new() };
            let samples = |at| target::samples(&preview.rows, at, 3, 40);
            preview
                .columns
                .iter()
                .enumerate()
                .map(|(at, name)| (at, name.clone(), samples(at)))
                .collect::<Vec<_>>()
        })
    });
    let whole = memo(move |_| {
        flow.faults.with(|faults| {
            faults
                .iter()
                .find(|fault| fault.place == Place::Whole)
                .map(|fault| fault.what.clone())
        })
    });
    let only_email = memo(move |_| flow.mapping.with(target::only_email));
    view! {
        <Saved flow=flow/>
        {move || whole.get().map(|what| view! { <Notice tone=Tone::Warning text=what/> })}
        <div class="list-frame" role="region" aria-label="Columns of the file" tabindex="0">
            // The roles stay when a narrow window shows the rows as blocks.
            <table class="list map-table" role="table">
                <thead role="rowgroup">
                    <tr role="row">
                        <th scope="col" role="columnheader">"Column"</th>
                        <th scope="col" role="columnheader">"Values"</th>
                        <th scope="col" role="columnheader">"Goes to"</th>
                        <th scope="col" role="columnheader">"Changes on the way"</th>
                    </tr>
                </thead>
                <tbody role="rowgroup">
                    <For each=move || columns.get() key=|column| column.clone() let:column>
                        <Row
                            flow=flow
                            at=column.0
                            name=column.1
                            samples=column.2
                            fields=fields
                            on_translate=move |at| translated.set(Some(at))
                        />
                    </For>
                </tbody>
            </table>
        </div>
        {move || only_email.get().then(|| view! {
            <Notice text="Only Email is mapped, so this file adds people and changes nobody"/>
        })}
        <div class="columns">
            <Literals flow=flow/>
            <Reading flow=flow/>
            <StatusQuestion flow=flow/>
        </div>
        <ValuesDialog flow=flow column=translated/>
    }
}

/// How dates and decimals are read.
#[component]
fn Reading(flow: Flow) -> impl IntoView {
    let app = use_app();
    let workspace = memo(move |_| app.overview.with(|overview| overview.settings.date_order));
    let orders = memo(move |_| {
        vec![
            Choice::new("", format!("Workspace's: {}", order_words(workspace.get()))),
            Choice::new("day", order_words(DateOrder::DayFirst)),
            Choice::new("month", order_words(DateOrder::MonthFirst)),
        ]
    });
    let marks = vec![
        Choice::new("", "Either, where it is clear"),
        Choice::new("point", mark_words(DecimalMark::Point)),
        Choice::new("comma", mark_words(DecimalMark::Comma)),
    ];
    let order = RwSignal::new(String::new());
    let mark = RwSignal::new(String::new());
    // The mapping is what counts; the selects follow it.
    effect(move || {
        let (now_order, now_mark) = flow
            .mapping
            .with(|mapping| (mapping.date_order, mapping.decimal_mark));
        order.set(order_key(now_order).to_owned());
        mark.set(mark_key(now_mark).to_owned());
    });
    let order_hint = derived(move || {
        flow.preview.with(|preview| {
            preview
                .as_ref()
                .map_or_else(String::new, |preview| match preview.mapping.date_order {
                    _ if preview.doubts.date_order => "Every date in the file reads both ways".to_owned(),
                    Some(order) => format!("Detected: {}", order_words(order)),
                    None => "Dates like 2026-10-02 are always understood".to_owned(),
                })
        })
    });
    let mark_hint = derived(move || {
        flow.preview.with(|preview| {
            preview
                .as_ref()
                .map_or_else(String::new, |preview| match preview.mapping.decimal_mark {
                    _ if preview.doubts.decimal_mark => "Numbers like 1,234 read both ways".to_owned(),
                    Some(mark) => format!("Detected: {}", mark_words(mark)),
                    None => String::new(),
                })
        })
    });
    view! {
        <section class="card" aria-label="Dates and numbers">
            <h3>"Dates and numbers"</h3>
            <div class="form-row">
                <SelectField
                    label="Order of dates"
                    choices=orders
                    value=order
                    hint=order_hint
                    on_change=move |key: String| flow.edit(|mapping| mapping.date_order = order_of(&key))
                />
                <SelectField
                    label="Decimal mark"
                    choices=marks
                    value=mark
                    hint=mark_hint
                    on_change=move |key: String| flow.edit(|mapping| mapping.decimal_mark = mark_of(&key))
                />
            </div>
        </section>
    }
}

fn order_words(order: DateOrder) -> &'static str {
    match order {
        DateOrder::DayFirst => "dd/mm/yyyy",
        DateOrder::MonthFirst => "mm/dd/yyyy",
    }
}

fn mark_words(mark: DecimalMark) -> &'static str {
    match mark {
        DecimalMark::Point => "Point (1234.5)",
        DecimalMark::Comma => "Comma (1234,5)",
    }
}

fn order_key(order: Option<DateOrder>) -> &'static str {
    match order {
        None => "",
        Some(DateOrder::DayFirst) => "day",
        Some(DateOrder::MonthFirst) => "month",
    }
}

fn order_of(key: &str) -> Option<DateOrder> {
    [DateOrder::DayFirst, DateOrder::MonthFirst]
        .into_iter()
        .find(|order| order_key(Some(*order)) == key)
}

fn mark_key(mark: Option<DecimalMark>) -> &'static str {
    match mark {
        None => "",
        Some(DecimalMark::Point) => "point",
        Some(DecimalMark::Comma) => "comma",
    }
}

fn mark_of(key: &str) -> Option<DecimalMark> {
    [DecimalMark::Point, DecimalMark::Comma]
        .into_iter()
        .find(|mark| mark_key(Some(*mark)) == key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_are_read_back() {
        for order in [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)] {
            assert_eq!(order_of(order_key(order)), order);
        }
        for mark in [None, Some(DecimalMark::Point), Some(DecimalMark::Comma)] {
            assert_eq!(mark_of(mark_key(mark)), mark);
        }
    }
}
