//! What an import of events would do, and the button that lets it.

use super::flow::{Flow, Stand, stand};
use super::report::Report;
use crate::import::JobProgress;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Icon, Look, Notice, Tone};
use leptos::prelude::*;

/// **Check**, what it found, and **Import**.
#[component]
pub fn Check(
    /// What was chosen so far.
    flow: Flow,
) -> impl IntoView {
    let checked = memo(move |_| flow.check.get());
    let fresh = memo(move |_| {
        let asked = checked.with(|check| check.as_ref().map(|(_, spec)| spec.clone()));
        asked.is_some() && asked == flow.spec()
    });
    let ready = RwSignal::new(false);
    let busy = RwSignal::new(false);
    let shown = move || {
        let (job, _) = checked.get()?;
        let stand = stand(flow.app, job);
        effect(move || {
            let now = stand.get();
            busy.set(now == Stand::Running);
            ready.set(matches!(now, Stand::Done(report) if report.events > 0));
        });
        Some(move || match stand.get() {
            Stand::Running => view! {
                <section class="card">
                    <JobProgress job=job what="Checking"/>
                    <p class="small soft">"Nothing is written yet"</p>
                </section>
            }
            .into_any(),
            Stand::Done(report) => view! { <Report report=report/> }.into_any(),
            Stand::Cancelled => {
                view! { <Notice text="The check was cancelled; nothing was changed"/> }.into_any()
            }
            Stand::Failed(problem) => {
                view! { <Notice tone=Tone::Danger text=problem.to_string()/> }.into_any()
            }
        })
    };
    let old = move || checked.with(Option::is_some) && !fresh.get();
    view! {
        {shown}
        {move || old().then(|| view! {
            <Notice tone=Tone::Warning text="Something was changed since this check; check again before you import"/>
        })}
        <div class="buttons">
            <Button label="Check" disabled=busy on_press=move |_| flow.start(false)/>
            <Button
                label="Import"
                look=Look::Primary
                icon=Icon::Import
                disabled=derived(move || !(fresh.get() && ready.get()))
                on_press=move |_| flow.start(true)
            />
        </div>
    }
}
