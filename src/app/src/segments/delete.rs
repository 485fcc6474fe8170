//! The dialog that deletes a segment, and its contacts where that is asked for.

use super::uses::use_list;
use crate::state::use_app;
use crate::ui::reactive::{derived, effect, memo};
use crate::ui::{Button, Checkbox, Dialog, DialogFoot, Look, Notice, TextField, Tone, format};
use leptos::prelude::*;
use model::message::{Request, SegmentInfo};
use model::segment::Use;

/// The dialog that deletes a segment.
#[component]
pub fn DeleteDialog(
    /// The segment; none while the dialog is closed.
    segment: RwSignal<Option<SegmentInfo>>,
) -> impl IntoView {
    let app = use_app();
    let open = RwSignal::new(false);
    let with_contacts = RwSignal::new(false);
    let typed = RwSignal::new(String::new());
    let error = RwSignal::new(None::<String>);
    let busy = RwSignal::new(false);
    effect(move || {
        if segment.with(Option::is_some) {
            with_contacts.set(false);
            typed.set(String::new());
            error.set(None);
            open.set(true);
        }
    });
    effect(move || {
        if !open.get() {
            segment.set(None);
        }
    });
    let name = memo(move |_| {
        segment.with(|segment| {
            segment
                .as_ref()
                .map(|segment| segment.def.name.clone())
                .unwrap_or_default()
        })
    });
    let contacts =
        memo(move |_| segment.with(|segment| segment.as_ref().map_or(0, |segment| segment.members)));
    let uses = move |blocks: bool| {
        segment.with(|segment| {
            let uses = segment.iter().flat_map(|segment| &segment.used_by);
            uses.filter(|used| used.blocks == blocks)
                .cloned()
                .collect::<Vec<Use>>()
        })
    };
    let blocked = move || !uses(true).is_empty();
    let confirmed = move || !with_contacts.get() || typed.with(|typed| typed.trim() == name.get());
    let delete = move |event: leptos::ev::SubmitEvent| {
        event.prevent_default();
        if !untrack(confirmed) {
            return;
        }
        let Some(id) = segment.with_untracked(|segment| segment.as_ref().map(|segment| segment.def.id))
        else {
            return;
        };
        let request = Request::DeleteSegment {
            segment: id,
            with_contacts: with_contacts.get_untracked(),
        };
        app.write_from_dialog(open, busy, error, request, |_| {});
    };
    view! {
        <Dialog open=open title=derived(move || format!("Delete {}", name.get()))>
            <Show
                when=move || !blocked()
                fallback=move || view! {
                    {use_list(uses(true), "The segment can't be deleted while these use it")}
                    <DialogFoot>
                        <Button label="Close" on_press=move |_| open.set(false)/>
                    </DialogFoot>
                }
            >
                <form class="form" on:submit=delete>
                    {move || error.get().map(|error| view! { <Notice tone=Tone::Danger text=error/> })}
                    <p>{move || {
                        if with_contacts.get() {
                            format!("The segment and its {} are deleted; this can be undone", format::contacts(contacts.get()))
                        } else {
                            "The segment is deleted and its contacts stay; this can be undone".to_owned()
                        }
                    }}</p>
                    {move || use_list(uses(false), "These will be left with an empty reference")}
                    <Checkbox label="Delete contacts pertaining to the segment" value=with_contacts/>
                    <Show when=move || with_contacts.get()>
                        <TextField
                            label=derived(move || format!("Type {} to confirm", name.get()))
                            value=typed
                        />
                    </Show>
                    <DialogFoot>
                        <Button label="Cancel" on_press=move |_| open.set(false)/>
                        <Button
                            label="Delete"
                            look=Look::Danger
                            submit=true
                            disabled=derived(move || !confirmed() || busy.get())
                        />
                    </DialogFoot>
                </form>
            </Show>
        </Dialog>
    }
}
