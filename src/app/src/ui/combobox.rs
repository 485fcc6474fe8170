//! A searchable list of choices, after the combobox pattern of the ARIA Authoring Practices.

use super::{FieldFrame, Glyph, Icon, format, popup, unique};
use crate::ui::reactive::{effect, memo};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;
use model::field::Status;
use model::message::Overview;
use model::workflow::node::NO_FIELD;
use model::{FieldId, SegmentId};

/// One of several things to choose from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What the program knows it by.
    pub key: String,
    /// What the person reads.
    pub label: String,
    /// What is shown beside or below it; may be empty.
    pub detail: String,
}

impl Choice {
    /// A choice without a detail.
    pub fn new(key: impl Into<String>, label: impl Into<String>) -> Self {
        Choice {
            key: key.into(),
            label: label.into(),
            detail: String::new(),
        }
    }
}

/// The segments that are not archived, pinned ones first, with their numbers of contacts; keys are their ids.
pub fn segment_choices(overview: &Overview) -> Vec<Choice> {
    let mut segments: Vec<_> = overview
        .segments
        .iter()
        .filter(|segment| !segment.def.archived)
        .collect();
    segments.sort_by_key(|segment| (!segment.def.pinned, segment.def.name.to_lowercase()));
    segments
        .into_iter()
        .map(|segment| Choice {
            key: segment.def.id.to_string(),
            label: segment.def.name.clone(),
            detail: format::number(segment.members),
        })
        .collect()
}

/// The fields, or only those that people may write; keys are their ids.
pub fn field_choices(overview: &Overview, writable: bool) -> Vec<Choice> {
    overview
        .fields
        .iter()
        .filter(|field| !writable || field.def.status != Status::ReadOnly)
        .map(|field| Choice {
            key: field.def.id.to_string(),
            label: field.def.name.clone(),
            detail: field.def.kind.label().to_owned(),
        })
        .collect()
}

/// Adds a field that is named but no longer there, so that it is shown and can be replaced.
pub fn keep_field(choices: &mut Vec<Choice>, field: FieldId) {
    keep(choices, field.to_string(), "Deleted field", field == NO_FIELD);
}

/// Adds a segment that is named but not offered: an archived one by its name, a deleted one as such.
pub fn keep_segment(choices: &mut Vec<Choice>, segment: SegmentId, overview: &Overview) {
    let mut known = overview.segments.iter();
    let name = known
        .find(|known| known.def.id == segment)
        .map(|known| known.def.name.as_str());
    keep(
        choices,
        segment.to_string(),
        name.unwrap_or("Deleted segment"),
        false,
    );
}

fn keep(choices: &mut Vec<Choice>, key: String, label: &str, none: bool) {
    if !none && !choices.iter().any(|choice| choice.key == key) {
        choices.push(Choice::new(key, label));
    }
}

/// The places of the choices whose label holds every word of a text, whatever the case; at most 100.
pub fn find(choices: &[Choice], text: &str) -> Vec<usize> {
    let text = text.to_lowercase();
    let words: Vec<&str> = text.split_whitespace().collect();
    choices
        .iter()
        .enumerate()
        .filter(|(_, choice)| {
            let label = choice.label.to_lowercase();
            words.iter().all(|word| label.contains(word))
        })
        .map(|(at, _)| at)
        .take(100)
        .collect()
}

/// A searchable list of choices, with an optional entry that makes a new one.
#[component]
pub fn Combobox(
    /// What is chosen; its accessible name.
    #[prop(into)]
    label: Signal<String>,
    /// Show the label above it, with hint and error.
    #[prop(optional)]
    framed: bool,
    /// The choices.
    #[prop(into)]
    choices: Signal<Vec<Choice>>,
    /// The key of the choice taken; empty for none (or for the choice with an empty key).
    #[prop(into)]
    value: Signal<String>,
    /// Takes the key of a choice.
    #[prop(into)]
    on_pick: Callback<String>,
    /// What the entry that makes a new one says (“Create new segment…”).
    #[prop(optional, into)]
    create: String,
    /// Makes a new one; takes the text typed so far.
    #[prop(optional, into)]
    on_create: Option<Callback<String>>,
    /// Shown while nothing is chosen.
    #[prop(optional, into)]
    placeholder: Signal<String>,
    /// A line below it (framed only).
    #[prop(optional, into)]
    hint: Signal<String>,
    /// What is wrong with the choice (framed only).
    #[prop(optional, into)]
    error: Signal<Option<String>>,
    /// The id of an element that says more about it, where it isn't framed.
    #[prop(optional, into)]
    about: String,
    /// Whether it can't be changed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
) -> impl IntoView {
    let id = unique("combobox");
    let list_id = format!("{id}-list");
    let described = if framed {
        Some(format!("{id}-about"))
    } else {
        (!about.is_empty()).then_some(about)
    };
    let input = NodeRef::<html::Input>::new();
    let list = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let active = RwSignal::new(0usize);

    let found = memo(move |_| choices.with(|choices| typed.with(|typed| find(choices, typed))));
    let chosen = move || {
        let key = value.get();
        choices.with(|choices| {
            choices
                .iter()
                .find(|choice| choice.key == key)
                .map(|choice| choice.label.clone())
        })
    };
    let entries = move || found.with(Vec::len) + usize::from(on_create.is_some());
    let shown = move || {
        if open.get() {
            typed.get()
        } else {
            chosen().unwrap_or_default()
        }
    };

    let show = move || {
        if open.get_untracked() || disabled.get_untracked() {
            return;
        }
        typed.set(String::new());
        let key = value.get_untracked();
        let at = choices.with_untracked(|all| {
            found.with_untracked(|found| {
                found
                    .iter()
                    .position(|&at| all.get(at).is_some_and(|choice| choice.key == key))
            })
        });
        active.set(at.unwrap_or(0));
        open.set(true);
    };
    let hide = move || open.set(false);
    let take = move |at: usize| {
        let key = found.with_untracked(|found| {
            let place = *found.get(at)?;
            choices.with_untracked(|choices| choices.get(place).map(|choice| choice.key.clone()))
        });
        let text = typed.get_untracked();
        hide();
        match (key, on_create) {
            (Some(key), _) => on_pick.run(key),
            (None, Some(make)) => make.run(text.trim().to_owned()),
            (None, None) => {}
        }
    };

    // The list lives in the browser's top layer, so that no scrolling box or dialog cuts it off.
    effect(move || {
        let (Some(list), Some(input)) = (list.get(), input.get()) else {
            return;
        };
        if open.get() {
            popup::put(&list, &input);
            // Showing what is shown is an error that changes nothing.
            list.show_popover().ok();
        } else {
            list.hide_popover().ok();
        }
    });
    let row_id = {
        let id = id.clone();
        move |at: usize| format!("{id}-{at}")
    };
    let reveal = {
        let row_id = row_id.clone();
        move |at: usize| {
            if let Some(row) = document().get_element_by_id(&row_id(at)) {
                popup::reveal(&row);
            }
        }
    };
    let keyed = move |event: KeyboardEvent| {
        let last = entries().saturating_sub(1);
        let at = active.get_untracked();
        match (event.key().as_str(), open.get_untracked()) {
            ("ArrowDown" | "ArrowUp", false) => show(),
            ("ArrowDown", true) => active.set(if at >= last { 0 } else { at + 1 }),
            ("ArrowUp", true) => active.set(if at == 0 { last } else { at - 1 }),
            ("Enter", true) => take(at),
            ("Escape", true) => {
                hide();
                // An open dialog around it stays open.
                event.stop_propagation();
            }
            _ => return,
        }
        event.prevent_default();
        reveal(active.get_untracked());
    };
    let rows = {
        let row_id = row_id.clone();
        let found_rows = move || {
            let key = value.get();
            choices.with(|choices| {
                found.with(|found| {
                    found
                        .iter()
                        .enumerate()
                        .filter_map(|(at, &place)| {
                            let choice = choices.get(place)?;
                            let selected = choice.key == key;
                            Some(view! {
                                <div
                                    class="option"
                                    class:option-active=move || active.get() == at
                                    role="option"
                                    id=row_id(at)
                                    aria-selected=selected.to_string()
                                    on:click=move |_| take(at)
                                >
                                    <span class="option-label">{choice.label.clone()}</span>
                                    <span class="option-detail">{choice.detail.clone()}</span>
                                </div>
                            })
                        })
                        .collect_view()
                })
            })
        };
        move || open.get().then(|| found_rows.clone())
    };
    let make_row = {
        let row_id = row_id.clone();
        move || {
            on_create.filter(|_| open.get()).map(|_| {
                let at = found.with(Vec::len);
                view! {
                    <div
                        class="option option-make"
                        class:option-active=move || active.get() == at
                        role="option"
                        id=row_id(at)
                        aria-selected="false"
                        on:click=move |_| take(at)
                    >
                        <Glyph icon=Icon::Plus/>
                        <span class="option-label">{create.clone()}</span>
                    </div>
                }
            })
        }
    };
    let control = view! {
        <div class="combobox">
            <input
                class="input"
                type="text"
                role="combobox"
                autocomplete="off"
                id=id.clone()
                node_ref=input
                disabled=disabled
                placeholder=move || if open.get() { chosen().unwrap_or_else(|| placeholder.get()) } else { placeholder.get() }
                aria-label=move || (!framed).then(|| label.get())
                aria-expanded=move || open.get().to_string()
                aria-controls=list_id.clone()
                aria-autocomplete="list"
                aria-invalid=move || error.with(|error| error.is_some().then_some("true"))
                aria-describedby=described
                aria-activedescendant=move || open.get().then(|| row_id(active.get()))
                prop:value=shown
                on:click=move |_| show()
                on:input=move |event| {
                    let text = event_target_value(&event);
                    show();
                    typed.set(text);
                    active.set(0);
                }
                on:keydown=keyed
                on:blur=move |_| hide()
            />
            <Glyph icon=Icon::Down/>
            <div
                class="popup"
                popover="manual"
                role="listbox"
                id=list_id
                node_ref=list
                aria-label=label
                // The input keeps the focus while the list is clicked.
                on:mousedown=|event| event.prevent_default()
            >
                {rows}
                {make_row}
                {move || (open.get() && entries() == 0).then(|| view! {
                    <div class="popup-empty" role="option" aria-disabled="true" aria-selected="false">"Nothing found"</div>
                })}
            </div>
        </div>
    };
    if framed {
        view! { <FieldFrame id=id label=label hint=hint error=error>{control}</FieldFrame> }.into_any()
    } else {
        control.into_any()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_typed_word_must_be_in_the_label() {
        let choices = [
            Choice::new("1", "Newsletter import"),
            Choice::new("2", "Newsletter buyers"),
            Choice::new("3", "VIP"),
        ];
        assert_eq!(find(&choices, "news"), [0, 1]);
        assert_eq!(find(&choices, "buy NEWS"), [1]);
        assert_eq!(find(&choices, ""), [0, 1, 2]);
        assert!(find(&choices, "x").is_empty());
    }
}
