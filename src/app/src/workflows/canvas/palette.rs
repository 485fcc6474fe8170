//! The palette: everything that can be added, to be pressed or dragged onto the canvas.

use super::sign::sign;
use super::stage::Stage;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Glyph, Icon, IconButton, format, glyph};
use leptos::ev::PointerEvent;
use leptos::prelude::*;
use leptos::wasm_bindgen::JsCast;
use model::workflow::geometry::{NODE_HEAD, NODE_WIDTH};
use model::workflow::node::Offer;
use model::workflow::view::Spot;
use model::workflow::{NodeGroup, OFFERS};
use web_sys::Element;

/// A pointer that moved less pressed only.
const SLACK: f64 = 4.0;

/// Whether every word of a text begins a word of an offer's name, line of help or group.
fn suits(offer: &Offer, text: &str) -> bool {
    let all = format!("{} {} {}", offer.label, offer.help, offer.group.label()).to_lowercase();
    let begins = |word: &str| all.split_whitespace().any(|one| one.starts_with(word));
    text.to_lowercase().split_whitespace().all(begins)
}

/// An offer that is being dragged: its place in the list, where it was taken, and where it is in the window.
#[derive(Clone, Copy, PartialEq)]
struct Dragged {
    offer: usize,
    from: Spot,
    at: Spot,
    moved: bool,
}

fn spot(event: &PointerEvent) -> Spot {
    Spot {
        x: f64::from(event.client_x()),
        y: f64::from(event.client_y()),
    }
}

/// The classes of a sign: each group has the colour of its nodes' stripe.
fn stripe(group: NodeGroup) -> &'static str {
    match group {
        NodeGroup::Start => "palette-sign palette-start",
        NodeGroup::Trigger => "palette-sign palette-trigger",
        NodeGroup::Condition => "palette-sign palette-condition",
        NodeGroup::Action => "palette-sign palette-action",
    }
}

/// Adds an offer where it was dropped, if that is on the canvas.
fn drop_offer(stage: Stage, dragged: Dragged) {
    let Some((host, offer)) = stage.host.get_untracked().zip(OFFERS.get(dragged.offer)) else {
        return;
    };
    let rect = host.get_bounding_client_rect();
    let at = Spot {
        x: dragged.at.x - rect.left(),
        y: dragged.at.y - rect.top(),
    };
    if (0.0..rect.width()).contains(&at.x) && (0.0..rect.height()).contains(&at.y) {
        let point = stage.view.get_untracked().point_from_screen(at);
        stage.add_at((offer.make)(), point.plus(-NODE_WIDTH / 2, -NODE_HEAD / 2));
    }
}

/// The palette.
#[component]
pub fn Palette(
    /// The canvas.
    stage: Stage,
) -> impl IntoView {
    let text = RwSignal::new(String::new());
    // Only looked at in a window that has no room for names.
    let wide = RwSignal::new(false);
    let dragged = RwSignal::new(None::<Dragged>);
    // A press comes after each drag, from the same button.
    let dropped = StoredValue::new(false);
    let has_start = memo(move |_| stage.editor.graph.with(|graph| graph.start().is_some()));
    let why = move |group: NodeGroup| match stage.editor.why_fixed() {
        None if group == NodeGroup::Start && has_start.get() => Some("A workflow has one Start"),
        why => why,
    };
    let found = memo(move |_| {
        text.with(|text| {
            let all = OFFERS.iter().enumerate();
            let found = all.filter(|(_, offer)| suits(offer, text));
            found.map(|(at, _)| at).collect::<Vec<_>>()
        })
    });
    let add = move |at: usize| {
        if let Some(offer) = OFFERS
            .get(at)
            .filter(|offer| untrack(|| why(offer.group)).is_none())
        {
            stage.add((offer.make)());
        }
    };
    let taken = move |event: &PointerEvent, offer: usize| {
        dropped.set_value(false);
        if event.button() == 0 {
            let at = spot(event);
            dragged.set(Some(Dragged {
                offer,
                from: at,
                at,
                moved: false,
            }));
            let button = event
                .current_target()
                .and_then(|button| button.dyn_into::<Element>().ok());
            if let Some(button) = button {
                // A pointer that is gone already can't be captured, and need not be.
                button.set_pointer_capture(event.pointer_id()).ok();
            }
        }
    };
    let moved = move |event: &PointerEvent| {
        if let Some(now) = dragged.get_untracked() {
            let at = spot(event);
            let moved = now.moved || (at.x - now.from.x).hypot(at.y - now.from.y) > SLACK;
            dragged.set(Some(Dragged { at, moved, ..now }));
        }
    };
    let released = move || {
        if let Some(now) = dragged.get_untracked() {
            dragged.set(None);
            if now.moved {
                dropped.set_value(true);
                drop_offer(stage, now);
            }
        }
    };
    let row = move |at: usize| {
        OFFERS.get(at).map(|offer| {
            let group = offer.group;
            view! {
                <li>
                    <button
                        type="button"
                        class="palette-offer"
                        disabled=move || why(group).is_some()
                        title=move || format!("{}: {}", offer.label, why(group).unwrap_or(offer.help))
                        on:pointerdown=move |event| taken(&event, at)
                        on:pointermove=move |event| moved(&event)
                        on:pointerup=move |_| released()
                        on:pointercancel=move |_| dragged.set(None)
                        on:click=move |_| {
                            if !dropped.try_update_value(std::mem::take).unwrap_or(false) {
                                add(at);
                            }
                        }
                    >
                        <span class=stripe(group)>{glyph(sign(&(offer.make)()))}</span>
                        <span class="palette-name">{offer.label}</span>
                    </button>
                </li>
            }
        })
    };
    let groups = [
        NodeGroup::Start,
        NodeGroup::Trigger,
        NodeGroup::Condition,
        NodeGroup::Action,
    ];
    let group = move |group: NodeGroup| {
        let mine = memo(move |_| {
            let of_group = |at: &&usize| OFFERS.get(**at).is_some_and(|offer| offer.group == group);
            found.with(|found| found.iter().filter(of_group).copied().collect::<Vec<_>>())
        });
        view! {
            <section class="palette-group" hidden=move || mine.with(Vec::is_empty)>
                <h2 class="side-title">{group.label()}</h2>
                <ul>
                    <For each=move || mine.get() key=|at| *at let:at>{row(at)}</For>
                </ul>
            </section>
        }
    };
    let nothing = derived(move || found.with(Vec::is_empty));
    let ghost = move || {
        let now = dragged.get().filter(|dragged| dragged.moved)?;
        let offer = OFFERS.get(now.offer)?;
        Some(view! {
            <div
                class="palette-ghost"
                aria-hidden="true"
                style:left=format::pixels(now.at.x)
                style:top=format::pixels(now.at.y)
            >
                {offer.label}
            </div>
        })
    };
    view! {
        <section class="node-palette" class:palette-wide=wide aria-label="Palette">
            <div class="palette-widen">
                <IconButton
                    icon=Icon::Menu
                    label=derived(move || if wide.get() { "Only icons" } else { "Icons with names" }.to_owned())
                    on_press=move |_| wide.update(|wide| *wide = !*wide)
                />
            </div>
            <div class="input-search">
                <Glyph icon=Icon::Search/>
                <input
                    class="input"
                    type="search"
                    aria-label="Search the palette"
                    placeholder="Search"
                    autocomplete="off"
                    prop:value=text
                    on:input=move |event| text.set(event_target_value(&event))
                    on:keydown=move |event| {
                        if event.key() == "Enter" {
                            event.prevent_default();
                            if let Some(first) = found.with_untracked(|found| found.first().copied()) {
                                add(first);
                            }
                        }
                    }
                />
            </div>
            <div class="node-palette-list">
                {groups.map(group).collect_view()}
                <p class="soft small" role="status">
                    {move || nothing.get().then_some("No node is called like that")}
                </p>
            </div>
            {ghost}
        </section>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offers_are_found_by_the_words_of_their_name_and_help() {
        let found = |text: &str| {
            let found = OFFERS.iter().filter(|offer| suits(offer, text));
            found.map(|offer| offer.label).collect::<Vec<_>>()
        };
        assert_eq!(found("on PURCH"), ["On purchase"]);
        assert_eq!(found("segment remove"), ["Remove from segment"]);
        assert_eq!(found("").len(), OFFERS.len());
        assert!(found("zebra").is_empty());
    }
}
