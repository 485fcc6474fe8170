//! Messages in the corner: what was done, with **Undo**, or what went wrong.

use super::{Button, Glyph, Icon, IconButton, Look};
use leptos::prelude::*;
use model::ChangeId;
use std::time::Duration;

/// A message in the corner.
#[derive(Clone)]
pub struct Toast {
    id: u32,
    text: String,
    problem: bool,
    act: Option<(String, Callback<()>)>,
    /// The change that `act` undoes or redoes; once that is done elsewhere, the message says nothing true any more.
    change: Option<ChangeId>,
    /// Seconds it stays, while nobody points at it.
    left: u32,
}

/// All messages in the corner, oldest first.
#[derive(Clone, Copy)]
pub struct Toasts {
    list: RwSignal<Vec<Toast>>,
    held: RwSignal<bool>,
    /// The number of the next message, never given twice: a message that takes the place of another is another one.
    next: StoredValue<u32>,
    /// What keeps the buttons of messages when the screen that offered them is gone.
    owner: StoredValue<Owner>,
}

/// So many messages at once; the oldest make room.
const MOST: usize = 3;

impl Toasts {
    /// No messages; starts the clock that takes old ones away.
    pub fn new() -> Self {
        let toasts = Toasts {
            list: RwSignal::new(Vec::new()),
            held: RwSignal::new(false),
            next: StoredValue::new(0),
            owner: StoredValue::new(Owner::current().unwrap_or_default()),
        };
        set_interval(move || toasts.tick(), Duration::from_secs(1));
        toasts
    }

    fn tick(self) {
        if self.held.get_untracked() || self.list.with_untracked(Vec::is_empty) {
            return;
        }
        self.list.update(|list| {
            for toast in list.iter_mut().filter(|toast| !toast.problem) {
                toast.left = toast.left.saturating_sub(1);
            }
        });
        if self
            .list
            .with_untracked(|list| list.iter().any(|toast| toast.left == 0))
        {
            self.list.update(|list| list.retain(|toast| toast.left > 0));
        }
    }

    fn push(
        self,
        text: String,
        problem: bool,
        act: Option<(String, Callback<()>)>,
        change: Option<ChangeId>,
    ) {
        let id = self.next.get_value();
        self.next.set_value(id.wrapping_add(1));
        self.list.update(|list| {
            let left = if act.is_some() { 12 } else { 6 };
            list.push(Toast {
                id,
                text,
                problem,
                act,
                change,
                left,
            });
            if list.len() > MOST {
                list.remove(0);
            }
        });
    }

    /// Says what was done; `act` is a button with its words (“Undo”).
    pub fn say(self, text: impl Into<String>, act: Option<(String, Callback<()>)>) {
        self.push(text.into(), false, act, None);
    }

    /// The same with a button that works also when the screen that offers it is gone.
    pub fn offer(self, text: impl Into<String>, label: &str, act: impl Fn() + Send + Sync + 'static) {
        let act = self.owner.get_value().with(|| Callback::new(move |()| act()));
        self.say(text, Some((label.to_owned(), act)));
    }

    /// Says what became of a change, instead of what was said of it before.
    pub fn say_change(self, text: impl Into<String>, change: ChangeId, act: (String, Callback<()>)) {
        self.list
            .update(|list| list.retain(|toast| toast.change != Some(change)));
        self.push(text.into(), false, Some(act), Some(change));
    }

    /// Says what went wrong; stays until it is closed.
    pub fn warn(self, text: impl Into<String>) {
        self.push(text.into(), true, None, None);
    }

    fn close(self, id: u32) {
        self.list.update(|list| list.retain(|toast| toast.id != id));
    }
}

impl Default for Toasts {
    fn default() -> Self {
        Toasts::new()
    }
}

/// Where the messages show; once in the page.
#[component]
pub fn ToastRegion(
    /// The messages.
    toasts: Toasts,
) -> impl IntoView {
    let rows = move |problems: bool| {
        let shown = move || {
            toasts.list.with(|list| {
                list.iter()
                    .filter(|toast| toast.problem == problems)
                    .cloned()
                    .collect::<Vec<_>>()
            })
        };
        view! {
            <For each=shown key=|toast| toast.id let:toast>
                <div class="toast" class:toast-problem=toast.problem>
                    <Glyph icon=if toast.problem { Icon::Warning } else { Icon::Check }/>
                    <p class="toast-text">{toast.text}</p>
                    {toast.act.map(|(label, act)| view! {
                        <Button label=label look=Look::Quiet small=true on_press=move |_| {
                            toasts.close(toast.id);
                            act.run(());
                        }/>
                    })}
                    <IconButton icon=Icon::Close label="Close message" small=true on_press=move |_| toasts.close(toast.id)/>
                </div>
            </For>
        }
    };
    view! {
        <div
            class="toasts"
            on:mouseenter=move |_| toasts.held.set(true)
            on:mouseleave=move |_| toasts.held.set(false)
            on:focusin=move |_| toasts.held.set(true)
            on:focusout=move |_| toasts.held.set(false)
        >
            <div role="alert" class="toast-list">{rows(true)}</div>
            <div role="status" class="toast-list">{rows(false)}</div>
        </div>
    }
}
