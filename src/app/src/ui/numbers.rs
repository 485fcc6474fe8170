//! A list of labelled numbers.

use leptos::prelude::*;

/// A `dl` of labelled numbers: label, number as text, and a detail below it (may be empty).
#[component]
pub fn Numbers(
    /// The labelled numbers, in order.
    #[prop(into)]
    items: Signal<Vec<(String, String, String)>>,
) -> impl IntoView {
    let rows = move || {
        items
            .get()
            .into_iter()
            .map(|(label, number, detail)| {
                view! {
                    <div>
                        <dt>{label}</dt>
                        <dd>{number}</dd>
                        {(!detail.is_empty()).then(|| view! { <dd class="numbers-detail">{detail}</dd> })}
                    </div>
                }
            })
            .collect_view()
    };
    view! { <dl class="numbers">{rows}</dl> }
}
