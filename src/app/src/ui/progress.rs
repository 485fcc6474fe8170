//! How far long work is.

use leptos::prelude::*;

/// A labelled progress bar.
#[component]
pub fn Progress(
    /// What is going on; also the bar's accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// Numbers beside the label (“61 %”, “300,000 rows/s”); may be empty.
    #[prop(optional, into)]
    detail: Signal<String>,
    /// The share done in thousandths; none where nobody knows.
    #[prop(into)]
    permille: Signal<Option<u16>>,
) -> impl IntoView {
    let percent = move || permille.get().map(|permille| (permille / 10).to_string());
    view! {
        <div class="progress-line">
            <div class="progress-head">
                <span>{label}</span>
                <span class="soft number">{detail}</span>
            </div>
            <div
                class="progress"
                class:progress-unknown=move || permille.get().is_none()
                role="progressbar"
                aria-label=label
                aria-valuemin="0"
                aria-valuemax="100"
                aria-valuenow=percent
            >
                <div
                    class="progress-bar"
                    style=("--share", move || {
                        permille.get().map(|permille| format!("{}.{:03}", permille / 1000, permille % 1000))
                    })
                ></div>
            </div>
        </div>
    }
}
