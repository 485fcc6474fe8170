//! The kit that every screen is made of: one file per thing, one component (or one subject) per file.
//!
//! | what | use |
//! |---|---|
//! | [`Button`], [`IconButton`], [`LinkButton`] | a button with a label; one with an icon and an accessible name; a link that looks like a button. Looks: [`Look`] `Plain`, `Primary`, `Danger`, `Quiet` |
//! | [`TextField`] | label, hint, error and a text, number, date, email or multi-line input bound to an `RwSignal<String>` |
//! | [`NumberField`], [`typed()`] | a whole number bound to an `RwSignal<i64>`; any value that is typed as text |
//! | [`Faults`] | what is wrong in the inputs of a form, so that its button can wait |
//! | [`FieldFrame`] | the same frame around any other control |
//! | [`SelectField`] | a labelled native `<select>`; [`Choice`]s bound to an `RwSignal<String>` |
//! | [`Checkbox`] | a checkbox with label and hint, bound to an `RwSignal<bool>` |
//! | [`RadioGroup`] | a fieldset of radio buttons bound to an `RwSignal<String>` |
//! | [`Combobox`] | a searchable list of [`Choice`]s with an optional *Create new…* entry; [`segment_choices`], [`field_choices`] fill it |
//! | [`Dialog`] | a native modal `<dialog>` bound to an `RwSignal<bool>`; put buttons into `<DialogFoot>` |
//! | `crate::confirm::ConfirmDialog` | the dialog before a step that can't be undone: a word has to be typed |
//! | [`Later`] | runs something once a person stops typing |
//! | [`Menu`] | the ⋯ Options menu of [`MenuItem`]s |
//! | [`Toasts`] (in `crate::state::App`: `app.say`, `app.warn`, `app.report`) | messages with **Undo** |
//! | [`Progress`] | a labelled `progressbar` in thousandths |
//! | [`Badge`] | a small word with a [`Tone`] |
//! | [`Notice`] | a line about the whole page, with a [`Tone`] |
//! | [`Empty`] | what a view shows when nothing is there: what belongs there, and the first step |
//! | [`Numbers`] | a `dl` of labelled numbers |
//! | [`DropZone`] | drop or choose a file; gives a `web_sys::File` |
//! | [`Sparkline`] | a line of numbers, 80 × 20 px |
//! | [`chart::Figure`] | the frame of a chart: its title, the table behind it, and a menu that saves it as SVG, PNG or CSV |
//! | [`Icon`], [`Glyph`] | the icons, always `aria-hidden` |
//! | [`mod@format`] | numbers, plurals, bytes, durations, dates, relative times |
//! | [`Page`] | what every screen stands in: `h1`, actions beside it, content |
//!
//! Classes for layout (see `style/`): `columns`, `card`, `card-head`, `form`, `form-row`, `buttons`, `list-frame` +
//! `list` (a plain table), `facts` (a `dl` of short texts), `page-line`, `soft`, `small`, `number`, `clip`, `unseen`.
//!
//! How to ask the worker: `let app = use_app();` then
//! - `app.ask(request).await` gives `Result<Reply, Problem>`; `app.ask_with_file(request, file)` sends a `File` along;
//! - `app.save_blob(request)` asks for a file and downloads it;
//! - `app.write(request)` asks, then says what was done in a toast with **Undo**, or what is wrong;
//! - `app.live(move || Some(request))` is a signal of the answer, asked again when the data changes;
//! - `app.overview` (fields, segments, settings…), `app.jobs`, `app.route` are signals;
//! - `app.write_from_dialog(open, busy, problem, request, then)` does so from a dialog, and closes it;
//! - `once(busy, future)` does something once at a time;
//! - `let here = here()` before one asks, `here.go(&Route)` with the answer: who left meanwhile stays where she is;
//! - `navigate(&Route)` goes somewhere, `<a href=route.to_string()>` is a link there.

mod badge;
mod button;
pub mod chart;
mod checkbox;
mod combobox;
mod dialog;
mod double_click;
mod drop_zone;
mod empty;
mod faults;
mod field;
pub mod format;
mod icon;
mod later;
mod menu;
mod notice;
mod numbers;
mod page;
pub mod part;
pub mod popup;
mod progress;
mod radio_group;
pub mod reactive;
mod select;
mod sparkline;
mod tick;
mod toast;
mod typed;

pub use badge::{Badge, Tone};
pub use button::{Button, IconButton, LinkButton, Look};
pub use checkbox::Checkbox;
pub use combobox::{Choice, Combobox, field_choices, keep_field, keep_segment, segment_choices};
pub use dialog::{Dialog, DialogFoot, open_while};
pub use double_click::guard_double_clicks;
pub use drop_zone::DropZone;
pub use empty::Empty;
pub use faults::Faults;
pub use field::{FieldFrame, TextField};
pub use icon::{Glyph, Icon, glyph};
pub use later::Later;
pub use menu::{Menu, MenuItem};
pub use notice::Notice;
pub use numbers::Numbers;
pub use page::Page;
pub use progress::Progress;
pub use radio_group::RadioGroup;
pub use select::SelectField;
pub use sparkline::Sparkline;
pub use tick::Tick;
pub use toast::{ToastRegion, Toasts};
pub use typed::{NumberField, Typed, typed};

use std::sync::atomic::{AtomicU32, Ordering};

/// An id that no other element of the page has.
pub fn unique(prefix: &str) -> String {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", NEXT.fetch_add(1, Ordering::Relaxed))
}
