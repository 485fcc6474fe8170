//! What can be done with the contacts picked in the table.

use super::erase::EraseDialog;
use super::grid::Table;
use super::selection::Picked;
use super::value::{Control, ValueInput};
use crate::router::navigate;
use crate::state::{App, use_app};
use crate::ui::reactive::{derived, memo};
use crate::ui::{
    Button, Checkbox, Combobox, Dialog, DialogFoot, Icon, Look, field_choices, format, segment_choices,
};
use leptos::prelude::*;
use model::FieldId;
use model::field::{EMAIL, EXTERNAL_ID};
use model::message::{Reply, Request};
use model::query::{Query, Selection};
use model::route::Route;
use model::segment::{MemberAction, SegmentDef};

/// A segment that has only a name so far.
pub fn new_segment(name: String, description: String) -> SegmentDef {
    SegmentDef {
        description,
        ..SegmentDef::named(name)
    }
}

/// The bar over the table while contacts are picked.
#[component]
pub fn Bulk(
    /// The table.
    table: Table,
    /// What the table shows.
    query: Memo<Query>,
) -> impl IntoView {
    let app = use_app();
    let total = memo(move |_| table.cache.with(|cache| cache.total().unwrap_or(0)));
    let count = memo(move |_| table.picked.with(|picked| picked.count(total.get())));
    let picked_all = memo(move |_| {
        table
            .picked
            .with(|picked| *picked == Picked::Matching(Default::default()))
    });
    let selection = move || {
        table
            .picked
            .with_untracked(|picked| picked.selection(&query.get_untracked()))
    };
    let (adding, removing, setting) = (RwSignal::new(false), RwSignal::new(false), RwSignal::new(false));
    let erasing = RwSignal::new(false);
    let mergeable = memo(move |_| table.picked.with(Picked::mergeable));
    let unpick = move |_: Reply| {
        table.picked.try_set(Picked::default());
    };
    let delete = move |_| app.write_then(Request::DeleteContacts(selection()), unpick);
    view! {
        <Show when=move || { count.get() > 0 }>
            <div class="bulk" role="region" aria-label="Selection">
                <span class="bulk-count" role="status">{move || format!("{} selected", format::contacts(count.get()))}</span>
                <Show when=move || { count.get() < total.get() }>
                    <button
                        type="button"
                        class="link-button"
                        on:click=move |_| table.picked.set(Picked::Matching(Default::default()))
                    >
                        {move || format!("Select all {} that match", format::number(total.get()))}
                    </button>
                </Show>
                <button type="button" class="link-button" on:click=move |_| table.picked.set(Picked::default())>
                    "Clear selection"
                </button>
                <div class="buttons">
                    <Button small=true label="Add to segment…" icon=Icon::Segments on_press=move |_| adding.set(true)/>
                    <Button small=true label="Remove from segment…" on_press=move |_| removing.set(true)/>
                    <Button small=true label="Set a field…" icon=Icon::Edit on_press=move |_| setting.set(true)/>
                    <Show when=move || picked_all.get()>
                        <Button
                            small=true
                            label="Export…"
                            icon=Icon::Export
                            on_press=move |_| navigate(&Route::Export(query.get_untracked()))
                        />
                    </Show>
                    <Show when=move || mergeable.with(Option::is_some)>
                        <Button
                            small=true
                            label="Merge…"
                            on_press=move |_| {
                                if let Some(contacts) = mergeable.get_untracked() {
                                    navigate(&Route::Merge(contacts));
                                }
                            }
                        />
                    </Show>
                    <Button small=true label="Erase permanently…" on_press=move |_| erasing.set(true)/>
                    <Button small=true label="Delete" icon=Icon::Trash on_press=delete/>
                </div>
            </div>
        </Show>
        <MemberDialog open=adding action=MemberAction::Add selection=selection count=count/>
        <MemberDialog open=removing action=MemberAction::Remove selection=selection count=count/>
        <SetFieldDialog open=setting selection=selection count=count/>
        <EraseDialog open=erasing selection=move |()| selection() count=count on_done=Callback::new(unpick)/>
    }
}

/// Adds contacts to a segment, perhaps a new one, or removes them from one.
#[component]
pub fn MemberDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// Add or remove.
    action: MemberAction,
    /// The contacts.
    #[prop(into)]
    selection: Callback<(), Selection>,
    /// How many they are.
    #[prop(into)]
    count: Signal<u64>,
) -> impl IntoView {
    let app = use_app();
    let adding = action == MemberAction::Add;
    let segment = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let choices = memo(move |_| app.overview.with(segment_choices));
    let go = move |_| {
        let Ok(segment) = segment.get_untracked().parse() else {
            return;
        };
        open.set(false);
        app.write(Request::Members {
            segment,
            action,
            selection: selection.run(()),
        });
    };
    let create = move |name: String| {
        if name.is_empty() {
            error.set(Some("Type the new segment's name first".to_owned()));
            return;
        }
        open.set(false);
        app.write(Request::CreateSegment(
            new_segment(name, String::new()),
            Some(selection.run(())),
        ));
    };
    let title = move || {
        let contacts = format::contacts(count.get());
        if adding {
            format!("Add {contacts} to a segment")
        } else {
            format!("Remove {contacts} from a segment")
        }
    };
    view! {
        <Dialog open=open title=derived(title)>
            {move || {
                let (label, hint) = if adding {
                    ("Segment", "For a new segment, type its name and choose Create new segment…")
                } else {
                    ("Segment", "Contacts that are not members stay as they are")
                };
                let create = adding.then(|| Callback::new(create));
                view! {
                    <SegmentPicker label=label hint=hint choices=choices value=segment create=create error=error/>
                }
            }}
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button
                    label=if adding { "Add to segment" } else { "Remove from segment" }
                    look=Look::Primary
                    disabled=derived(move || segment.with(String::is_empty))
                    on_press=go
                />
            </DialogFoot>
        </Dialog>
    }
}

/// A combobox of segments, with or without *Create new segment…*.
#[component]
fn SegmentPicker(
    /// The label.
    label: &'static str,
    /// The line below.
    hint: &'static str,
    /// The segments.
    choices: Memo<Vec<crate::ui::Choice>>,
    /// The segment chosen.
    value: RwSignal<String>,
    /// Makes a new one.
    create: Option<Callback<String>>,
    /// What is wrong.
    error: RwSignal<Option<String>>,
) -> impl IntoView {
    let pick = move |key| {
        error.set(None);
        value.set(key);
    };
    match create {
        Some(create) => view! {
            <Combobox framed=true label=label hint=hint error=error choices=choices value=value
                placeholder="Choose a segment…" on_pick=pick create="Create new segment…" on_create=create/>
        }
        .into_any(),
        None => view! {
            <Combobox framed=true label=label hint=hint error=error choices=choices value=value
                placeholder="Choose a segment…" on_pick=pick/>
        }
        .into_any(),
    }
}

/// Sets one field of many contacts.
#[component]
fn SetFieldDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The contacts.
    #[prop(into)]
    selection: Callback<(), Selection>,
    /// How many they are.
    count: Memo<u64>,
) -> impl IntoView {
    let app: App = use_app();
    let field = RwSignal::new(String::new());
    let value = RwSignal::new(String::new());
    let clear = RwSignal::new(false);
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    // Keys are unique, so many contacts can't have the same.
    let choices = memo(move |_| {
        let keys = [EMAIL.to_string(), EXTERNAL_ID.to_string()];
        app.overview.with(|overview| {
            field_choices(overview, true)
                .into_iter()
                .filter(|choice| !keys.contains(&choice.key))
                .collect::<Vec<_>>()
        })
    });
    let def = memo(move |_| {
        let id: FieldId = field.get().parse().ok()?;
        app.overview.with(|overview| {
            overview
                .fields
                .iter()
                .find(|field| field.def.id == id)
                .map(|field| field.def.clone())
        })
    });
    let go = move |_| {
        let Some(field) = def.with_untracked(|def| def.as_ref().map(|def| def.id)) else {
            return;
        };
        let value = if clear.get_untracked() {
            String::new()
        } else {
            value.get_untracked()
        };
        if value.is_empty() && !clear.get_untracked() {
            error.set(Some("Give a value, or tick Clear the value".to_owned()));
            return;
        }
        let request = Request::SetField {
            selection: selection.run(()),
            field,
            value,
        };
        app.write_from_dialog(open, busy, error, request, |_| {});
    };
    let inputs = move || {
        def.get().map(|def| {
            view! {
                <ValueInput
                    field=def
                    value=value
                    control=Control { error: error.into(), disabled: clear.into(), ..Control::default() }
                    framed=true
                />
                <Checkbox label="Clear the value" value=clear/>
            }
        })
    };
    view! {
        <Dialog open=open title=derived(move || format!("Set a field of {}", format::contacts(count.get())))>
            <Combobox
                framed=true
                label="Field"
                choices=choices
                value=field
                placeholder="Choose a field…"
                on_pick=move |key| {
                    value.set(String::new());
                    error.set(None);
                    field.set(key);
                }
            />
            {inputs}
            <DialogFoot>
                <Button label="Cancel" on_press=move |_| open.set(false)/>
                <Button
                    label="Set field"
                    look=Look::Primary
                    disabled=derived(move || busy.get() || def.with(Option::is_none))
                    on_press=go
                />
            </DialogFoot>
        </Dialog>
    }
}
