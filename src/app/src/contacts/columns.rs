//! The columns of the table: which are shown, in which order, how wide.

use crate::prefs;
use crate::state::App;
use crate::ui::reactive::{derived, memo};
use crate::ui::{Button, Dialog, DialogFoot, Icon, IconButton, Look};
use leptos::prelude::*;
use model::field::{
    BIRTHDATE, CREATED_AT, EMAIL, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS,
};
use model::message::FieldInfo;
use model::{FieldDef, FieldId, FieldType, Status};

/// The columns somebody sees who has not chosen any; the first custom fields follow.
const DEFAULT: [FieldId; 6] = [
    EMAIL,
    FIRST_NAME,
    LAST_NAME,
    MOBILE_PHONE,
    NEWSLETTER_STATUS,
    CREATED_AT,
];
/// So many custom fields are shown to somebody who has not chosen.
const CUSTOM: usize = 4;
/// The name of the preference; it holds the fields' keys, which have no spaces.
const PREFERENCE: &str = "columns";
/// The name of the preference that hides *Since* and *Why*.
const NO_WHY: &str = "no-why";

/// The chosen columns that still exist; the default where none was chosen.
pub fn chosen(kept: Option<&[String]>, fields: &[FieldInfo]) -> Vec<FieldId> {
    let kept: Vec<FieldId> = kept
        .unwrap_or_default()
        .iter()
        .filter_map(|key| {
            fields
                .iter()
                .find(|field| field.def.key == *key)
                .map(|field| field.def.id)
        })
        .collect();
    if !kept.is_empty() {
        return kept;
    }
    let custom = fields
        .iter()
        .filter(|field| field.def.status == Status::Custom)
        .map(|field| field.def.id);
    let known = |id: &FieldId| fields.iter().any(|field| field.def.id == *id);
    DEFAULT
        .into_iter()
        .filter(known)
        .chain(custom.take(CUSTOM))
        .collect()
}

fn split(keys: &str) -> Vec<String> {
    keys.split_whitespace().map(str::to_owned).collect()
}

/// The width of a column in rem, by what its values are.
pub fn width(field: &FieldDef) -> u32 {
    match (field.id, field.kind) {
        (EMAIL, _) => 17,
        (FIRST_NAME | EXTERNAL_ID, _) => 9,
        (LAST_NAME, _) => 11,
        (BIRTHDATE, _) => 8,
        (_, FieldType::Email) => 15,
        (_, FieldType::Text | FieldType::Checkbox) => 12,
        (_, FieldType::Phone) => 10,
        (_, FieldType::Integer | FieldType::Decimal | FieldType::Day) => 8,
        (_, FieldType::Instant) => 12,
        (_, FieldType::Radio) => 10,
        (_, FieldType::Boolean) => 7,
    }
}

/// Whether values are read from the right: numbers.
pub fn is_right(kind: FieldType) -> bool {
    matches!(kind, FieldType::Integer | FieldType::Decimal)
}

/// *Since* and *Why*, which follow the fields where the contacts of one segment are shown.
pub const WHY: [(&str, u32); 2] = [("Since", 11), ("Why", 15)];

/// The columns as CSS: the tracks of a row's grid, and the least width of all of them in rem.
pub fn tracks(fields: &[FieldDef], why: bool) -> (String, u32) {
    let mut tracks = "2.75rem".to_owned();
    let mut all = 3;
    let why = if why { WHY.as_slice() } else { &[] };
    for width in fields
        .iter()
        .map(width)
        .chain(why.iter().map(|(_, width)| *width))
    {
        tracks.push_str(&format!(" minmax(0, {width}fr)"));
        all += width;
    }
    (tracks, all)
}

/// The list with one entry moved a step up or down; as it is where that is not possible.
pub fn moved(columns: &[FieldId], column: FieldId, down: bool) -> Vec<FieldId> {
    let mut columns = columns.to_vec();
    let from = columns.iter().position(|other| *other == column);
    let to = from.and_then(|from| if down { Some(from + 1) } else { from.checked_sub(1) });
    if let (Some(from), Some(to)) = (from, to)
        && to < columns.len()
    {
        columns.swap(from, to);
    }
    columns
}

/// The columns as the person last had them, kept whenever they change.
#[derive(Clone, Copy)]
pub struct Columns {
    app: App,
    kept: RwSignal<Option<Vec<String>>>,
    /// Whether *Since* and *Why* are wanted where the contacts of one segment are shown.
    pub why: RwSignal<bool>,
    /// The columns, in order.
    pub shown: Memo<Vec<FieldDef>>,
}

impl Columns {
    /// Reads the preference.
    pub fn new(app: App) -> Self {
        let kept = RwSignal::new(prefs::get(PREFERENCE).map(|keys| split(&keys)));
        let shown = memo(move |_| {
            app.overview.with(|overview| {
                let ids = kept.with(|kept| chosen(kept.as_deref(), &overview.fields));
                let def = |id| {
                    overview
                        .fields
                        .iter()
                        .find(|field| field.def.id == id)
                        .map(|field| field.def.clone())
                };
                ids.into_iter().filter_map(def).collect()
            })
        });
        let why = RwSignal::new(prefs::get(NO_WHY).is_none());
        Columns {
            app,
            kept,
            why,
            shown,
        }
    }

    fn set(self, columns: &[FieldId]) {
        let keys: Vec<String> = self.app.overview.with_untracked(|overview| {
            let key = |id: &FieldId| {
                overview
                    .fields
                    .iter()
                    .find(|field| field.def.id == *id)
                    .map(|field| field.def.key.clone())
            };
            columns.iter().filter_map(key).collect()
        });
        prefs::set(PREFERENCE, &keys.join(" "));
        self.kept.set(Some(keys));
    }

    /// The columns' fields, in order.
    pub fn ids(self) -> Vec<FieldId> {
        self.shown
            .with(|shown| shown.iter().map(|field| field.id).collect())
    }

    fn want_why(self, wanted: bool) {
        if wanted {
            prefs::forget(NO_WHY);
        } else {
            prefs::set(NO_WHY, "1");
        }
        self.why.set(wanted);
    }

    fn reset(self) {
        self.want_why(true);
        prefs::forget(PREFERENCE);
        self.kept.set(None);
    }
}

/// The dialog in which columns are chosen and put in order.
#[component]
pub fn ColumnDialog(
    /// Whether it is open.
    open: RwSignal<bool>,
    /// The columns.
    columns: Columns,
    /// Whether the contacts of one segment are shown, which have *Since* and *Why*.
    of_segment: Signal<bool>,
) -> impl IntoView {
    let app = columns.app;
    // Shown columns in their order, then the others in the order of the fields.
    let rows = memo(move |_| {
        let shown = columns.ids();
        app.overview.with(|overview| {
            let others = overview
                .fields
                .iter()
                .map(|field| field.def.id)
                .filter(|id| !shown.contains(id));
            shown.iter().copied().chain(others).collect::<Vec<_>>()
        })
    });
    let name = move |id: FieldId| {
        app.overview.with(|overview| {
            overview
                .fields
                .iter()
                .find(|field| field.def.id == id)
                .map(|field| field.def.name.clone())
                .unwrap_or_default()
        })
    };
    view! {
        <Dialog open=open title="Columns">
            <ul class="column-list">
                <For each=move || rows.get() key=|id| *id let:id>
                    {
                        let shown = memo(move |_| columns.shown.with(|shown| shown.iter().any(|field| field.id == id)));
                        let last = memo(move |_| columns.shown.with(|shown| shown.last().is_some_and(|field| field.id == id)));
                        let first = memo(move |_| columns.shown.with(|shown| shown.first().is_some_and(|field| field.id == id)));
                        let only = move || columns.shown.with(Vec::len) == 1;
                        let control = format!("column-{id}");
                        view! {
                            <li class="column-row">
                                <input
                                    type="checkbox"
                                    class="choice-box"
                                    id=control.clone()
                                    prop:checked=shown
                                    disabled=move || shown.get() && only()
                                    on:change=move |event| {
                                        let mut ids = columns.ids();
                                        if event_target_checked(&event) {
                                            ids.push(id);
                                        } else {
                                            ids.retain(|other| *other != id);
                                        }
                                        columns.set(&ids);
                                    }
                                />
                                <label for=control>{move || name(id)}</label>
                                <Show when=move || shown.get()>
                                    <IconButton
                                        small=true
                                        icon=Icon::Up
                                        label=derived(move || format!("Move {} up", name(id)))
                                        disabled=first
                                        on_press=move |_| columns.set(&moved(&columns.ids(), id, false))
                                    />
                                    <IconButton
                                        small=true
                                        icon=Icon::Down
                                        label=derived(move || format!("Move {} down", name(id)))
                                        disabled=last
                                        on_press=move |_| columns.set(&moved(&columns.ids(), id, true))
                                    />
                                </Show>
                            </li>
                        }
                    }
                </For>
                <Show when=move || of_segment.get()>
                    <li class="column-row">
                        <input
                            type="checkbox"
                            class="choice-box"
                            id="column-why"
                            prop:checked=columns.why
                            on:change=move |event| columns.want_why(event_target_checked(&event))
                        />
                        <label for="column-why">"Since and why"</label>
                    </li>
                </Show>
            </ul>
            <DialogFoot>
                <Button label="Reset" on_press=move |_| columns.reset()/>
                <Button label="Close" look=Look::Primary on_press=move |_| open.set(false)/>
            </DialogFoot>
        </Dialog>
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::field::system_fields;

    fn fields() -> Vec<FieldInfo> {
        system_fields()
            .into_iter()
            .map(|def| FieldInfo { def, used_by: vec![] })
            .collect()
    }

    #[test]
    fn a_column_whose_field_is_gone_is_left_out() {
        let kept = ["last_name".to_owned(), "gone".to_owned(), "email".to_owned()];
        assert_eq!(chosen(Some(&kept), &fields()), [LAST_NAME, EMAIL]);
        assert_eq!(chosen(Some(&["gone".to_owned()]), &fields()), DEFAULT);
        assert_eq!(chosen(None, &fields()), DEFAULT);
    }

    #[test]
    fn since_and_why_follow_the_fields() {
        let fields: Vec<FieldDef> = fields().into_iter().map(|field| field.def).take(1).collect();
        let (tracks, width) = tracks(&fields, true);
        assert_eq!(tracks, "2.75rem minmax(0, 17fr) minmax(0, 11fr) minmax(0, 15fr)");
        assert_eq!(width, 46);
    }

    #[test]
    fn columns_move_a_step_at_a_time() {
        let columns = [EMAIL, FIRST_NAME, LAST_NAME];
        assert_eq!(moved(&columns, FIRST_NAME, true), [EMAIL, LAST_NAME, FIRST_NAME]);
        assert_eq!(moved(&columns, EMAIL, false), columns);
        assert_eq!(moved(&columns, LAST_NAME, true), columns);
    }
}
