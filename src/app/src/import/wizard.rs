//! The wizard: the indicator of the steps, the step one is at, and the buttons between them.

use super::check::CheckStep;
use super::flow::{Flow, Stand, use_flow};
use super::map::MapStep;
use super::options::OptionsStep;
use super::run::ImportStep;
use super::source::SourceStep;
use super::step::Step;
use crate::ui::reactive::{effect, memo};
use crate::ui::{Button, Glyph, Icon, LinkButton, Look, Notice, Page, Tone, unique};
use leptos::ev;
use leptos::html;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use model::ids::SegmentId;
use model::route::Route;
use web_sys::Element;

/// The steps of an import.
#[component]
pub fn Wizard(
    /// The segment chosen beforehand.
    segment: Option<SegmentId>,
) -> impl IntoView {
    let flow = use_flow();
    flow.forget_ended();
    if let Some(segment) = segment {
        flow.choose_segment(segment);
    }
    if flow.is_untouched() {
        flow.adopt();
    }
    keys(flow);
    show_result(flow);

    let heading = NodeRef::<html::H2>::new();
    Effect::new(move |before: Option<Step>| {
        let step = flow.step.get();
        if before.is_some_and(|before| before != step) {
            // The new step's heading is there once the page has been brought up to date. In the meantime the person may
            // be at work in the new step already, or the screen may be gone: an import that ends shows its result.
            let left = document().active_element();
            request_animation_frame(move || {
                if let Some(page) = document().get_element_by_id("main") {
                    page.set_scroll_top(0);
                }
                if let Some(heading) = heading
                    .try_get_untracked()
                    .flatten()
                    .filter(|_| nobody_moved(left))
                {
                    // A heading that can't take the focus leaves it where it is.
                    heading.focus().ok();
                }
            });
        }
        step
    });
    let started = move || flow.preview.with(Option::is_some) && flow.step.get() != Step::Import;
    let body = move || match flow.step.get() {
        Step::Source => view! { <SourceStep/> }.into_any(),
        Step::Options => view! { <OptionsStep/> }.into_any(),
        Step::Map => view! { <MapStep/> }.into_any(),
        Step::Check => view! { <CheckStep/> }.into_any(),
        Step::Import | Step::Result => view! { <ImportStep/> }.into_any(),
    };
    view! {
        <Page
            title="Import"
            actions=move || view! {
                <Show when=started>
                    <Button label="Start over" look=Look::Quiet on_press=move |_| flow.start_over()/>
                </Show>
            }
        >
            <Steps now=flow.step on_go=move |step| flow.go(step)/>
            <h2 tabindex="-1" class="step-heading" node_ref=heading>{move || flow.step.get().heading()}</h2>
            {move || flow.problem.get().map(|problem| view! { <Notice tone=Tone::Danger text=problem.to_string()/> })}
            <CutOff flow=flow/>
            {body}
            <Foot flow=flow/>
        </Page>
    }
}

/// What is told after the page was closed on an import.
#[component]
fn CutOff(flow: Flow) -> impl IntoView {
    move || {
        let name = flow.cut_off.get();
        (!name.is_empty()).then(|| {
            let text = format!(
                "The page was closed while {name} was imported; either all of it was saved, or nothing"
            );
            view! {
                <Notice tone=Tone::Warning text=text>
                    <LinkButton label="See Imports" href=Route::Imports.to_string()/>
                    <Button
                        label="Close"
                        look=Look::Quiet
                        on_press=move |_| flow.cut_off.set(String::new())
                    />
                </Notice>
            }
        })
    }
}

/// Whether the focus is where it was, or nowhere since what had it is gone.
fn nobody_moved(left: Option<Element>) -> bool {
    let now = document().active_element().filter(|now| now.tag_name() != "BODY");
    now.is_none_or(|now| left.is_some_and(|left| left.is_same_node(Some(&now))))
}

/// Goes to the result when the import is done.
fn show_result(flow: Flow) {
    let stand = memo(move |_| flow.stand(flow.import.get()));
    effect(move || {
        if let Stand::Imported(change) = stand.get() {
            flow.finish(change);
            flow.app.router.replace(Route::ImportResult(change));
        }
    });
}

/// Goes one step on, where nothing is in the way.
fn go_on(flow: Flow) {
    untrack(|| {
        if flow.obstacle().is_none()
            && let Some(next) = flow.step.get().next()
        {
            flow.go(next);
        }
    });
}

/// Ctrl or ⌘ with Enter goes on, with Backspace goes back, from wherever the focus is.
fn keys(flow: Flow) {
    let handle = window_event_listener(ev::keydown, move |event| {
        if !(event.ctrl_key() || event.meta_key()) || event.alt_key() || event.shift_key() {
            return;
        }
        // A dialog has keys of its own.
        if event.key() == "Enter" && document().query_selector("dialog[open]").ok().flatten().is_none() {
            event.prevent_default();
            go_on(flow);
        }
    });
    on_cleanup(move || handle.remove());
}

/// The six steps, the present one marked; those before it lead back.
#[component]
pub fn Steps(
    /// The step one is at.
    #[prop(into)]
    now: Signal<Step>,
    /// Goes to a step.
    #[prop(into)]
    on_go: Callback<Step>,
) -> impl IntoView {
    let line = move |step: Step, number: usize| {
        let current = move || (now.get() == step).then_some("step");
        let done = move || step < now.get();
        let mark = move || {
            if done() {
                view! { <Glyph icon=Icon::Check/> }.into_any()
            } else {
                number.into_any()
            }
        };
        let body = move || {
            view! {
                <span class="step-mark">{mark}</span>
                <span class="step-label">{step.label()}{move || done().then_some(" (done)").map(|text| view! { <span class="unseen">{text}</span> })}</span>
            }
        };
        view! {
            <li class="step" class:step-now=move || now.get() == step class:step-done=done aria-current=current>
                {move || {
                    if now.get().leads_to(step) {
                        view! { <button type="button" class="step-body" on:click=move |_| on_go.run(step)>{body()}</button> }
                            .into_any()
                    } else {
                        view! { <span class="step-body">{body()}</span> }.into_any()
                    }
                }}
            </li>
        }
    };
    let lines = Step::ALL
        .into_iter()
        .zip(1..)
        .map(|(step, number)| line(step, number))
        .collect_view();
    view! { <ol class="steps" aria-label="Steps of the import">{lines}</ol> }
}

/// **Back** and **Next**, and why one can't go on.
#[component]
fn Foot(flow: Flow) -> impl IntoView {
    let why = unique("why");
    let obstacle = memo(move |_| flow.obstacle());
    let shown = memo(move |_| match flow.step.get() {
        Step::Source => flow.preview.with(Option::is_some),
        Step::Options | Step::Map => true,
        Step::Check | Step::Import | Step::Result => false,
    });
    let foot = move || {
        let (about, id) = (why.clone(), why.clone());
        shown.get().then(|| {
            view! {
                <div class="wizard-foot">
                    <Show when=move || flow.step.get().back().is_some()>
                        <Button
                            label="Back"
                            icon=Icon::Back
                            on_press=move |_| {
                                if let Some(back) = flow.step.get_untracked().back() {
                                    flow.go(back);
                                }
                            }
                        />
                    </Show>
                    <button
                        type="button"
                        class="button button-primary"
                        disabled=move || obstacle.with(Option::is_some)
                        aria-describedby=about
                        aria-keyshortcuts="Control+Enter Meta+Enter"
                        on:click=move |_| go_on(flow)
                    >
                        "Next"
                    </button>
                    <p class="wizard-why" id=id role="status">{move || obstacle.get()}</p>
                </div>
            }
        })
    };
    view! { {foot} }
}
