//! The ⋯ Options menu, after the menu button pattern of the ARIA Authoring Practices.

use super::{Glyph, Icon, popup, unique};
use leptos::ev::KeyboardEvent;
use leptos::html;
use leptos::prelude::*;

/// What a line of a menu does.
#[derive(Clone)]
enum Act {
    Do(Callback<()>),
    Go(String),
    Line,
}

/// One line of a menu.
#[derive(Clone)]
pub struct MenuItem {
    label: String,
    icon: Option<Icon>,
    danger: bool,
    disabled: bool,
    act: Act,
}

impl MenuItem {
    /// A line that does something.
    pub fn act(label: impl Into<String>, act: impl Fn() + Send + Sync + 'static) -> Self {
        let act = Act::Do(Callback::new(move |()| act()));
        MenuItem {
            label: label.into(),
            icon: None,
            danger: false,
            disabled: false,
            act,
        }
    }

    /// A line that leads somewhere: `route.to_string()`.
    pub fn go(label: impl Into<String>, href: impl Into<String>) -> Self {
        MenuItem {
            label: label.into(),
            icon: None,
            danger: false,
            disabled: false,
            act: Act::Go(href.into()),
        }
    }

    /// A rule between two groups of lines.
    pub fn line() -> Self {
        MenuItem {
            label: String::new(),
            icon: None,
            danger: false,
            disabled: false,
            act: Act::Line,
        }
    }

    /// The same line with an icon.
    pub fn icon(self, icon: Icon) -> Self {
        MenuItem {
            icon: Some(icon),
            ..self
        }
    }

    /// The same line in the colour of what takes something away.
    pub fn danger(self) -> Self {
        MenuItem { danger: true, ..self }
    }

    /// The same line, perhaps not to be chosen now.
    pub fn disabled(self, disabled: bool) -> Self {
        MenuItem { disabled, ..self }
    }
}

/// A button that opens a menu.
#[component]
pub fn Menu(
    /// The button's accessible name (“Options for VIP”), or its words where `text` is set.
    #[prop(into)]
    label: Signal<String>,
    /// The button's icon; ⋯ unless said otherwise.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Show the label on the button.
    #[prop(optional)]
    text: bool,
    /// The lines; made when the menu opens.
    #[prop(into)]
    items: Callback<(), Vec<MenuItem>>,
) -> impl IntoView {
    let id = unique("menu");
    let button = NodeRef::<html::Button>::new();
    let menu = NodeRef::<html::Div>::new();
    let open = RwSignal::new(false);
    // A browser tells of a menu's closing a little later; its screen may be gone by then.
    let hide = move || {
        if let Some(menu) = menu.try_get_untracked().flatten() {
            // Hiding what is hidden is an error that changes nothing.
            menu.hide_popover().ok();
        }
    };
    let lines = move || {
        // The menu may be gone by the next frame.
        menu.try_get_untracked()
            .flatten()
            .map(|menu| popup::inside(&menu, ".menu-item:not(:disabled)"))
            .unwrap_or_default()
    };
    let show = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        let (Some(popup), Some(anchor)) = (menu.try_get_untracked().flatten(), button.get_untracked()) else {
            return;
        };
        if open.get_untracked() {
            hide();
            return;
        }
        open.set(true);
        popup::put(&popup, &anchor);
        popup.show_popover().ok();
        // The lines are there once the page has been brought up to date.
        request_animation_frame(move || {
            if let Some(first) = lines().first() {
                first.focus().ok();
            }
        });
    };
    let keyed = move |event: KeyboardEvent| {
        let lines = lines();
        let focus = document().active_element();
        let at = lines
            .iter()
            .position(|line| focus.as_ref().is_some_and(|focus| line.is_same_node(Some(focus))));
        let last = lines.len().saturating_sub(1);
        let next = match event.key().as_str() {
            "ArrowDown" => at.map_or(0, |at| if at == last { 0 } else { at + 1 }),
            "ArrowUp" => at.map_or(last, |at| if at == 0 { last } else { at - 1 }),
            "Home" => 0,
            "End" => last,
            "Tab" => {
                hide();
                return;
            }
            key if key.chars().count() == 1 && key != " " => {
                let key = key.to_lowercase();
                let starts = |line: &web_sys::HtmlElement| {
                    line.text_content()
                        .is_some_and(|text| text.trim().to_lowercase().starts_with(&key))
                };
                let after = at.map_or(0, |at| at + 1);
                match (0..lines.len())
                    .map(|step| (after + step) % lines.len())
                    .find(|&at| lines.get(at).is_some_and(starts))
                {
                    Some(found) => found,
                    None => return,
                }
            }
            _ => return,
        };
        event.prevent_default();
        if let Some(line) = lines.get(next) {
            line.focus().ok();
        }
    };
    let toggled = move |_| {
        let shown = menu
            .get_untracked()
            .is_some_and(|menu| menu.matches(":popover-open").unwrap_or(false));
        open.set(shown);
    };
    let rows = move || {
        open.get().then(|| {
            items
                .run(())
                .into_iter()
                .map(|MenuItem { label, icon, danger, disabled, act }| {
                    let class = if danger { "menu-item menu-item-danger" } else { "menu-item" };
                    let icon = icon.map(|icon| view! { <Glyph icon=icon/> });
                    match act {
                        Act::Line => view! { <div class="menu-line" role="separator"></div> }.into_any(),
                        Act::Go(href) => view! {
                            <a class=class role="menuitem" tabindex="-1" href=href on:click=move |_| hide()>{icon}{label}</a>
                        }
                        .into_any(),
                        Act::Do(act) => view! {
                            <button
                                type="button"
                                class=class
                                role="menuitem"
                                tabindex="-1"
                                disabled=disabled
                                on:click=move |_| {
                                    hide();
                                    act.run(());
                                }
                            >
                                {icon}
                                {label}
                            </button>
                        }
                        .into_any(),
                    }
                })
                .collect_view()
        })
    };
    view! {
        <button
            type="button"
            class=if text { "button" } else { "button button-icon" }
            node_ref=button
            popovertarget=id.clone()
            aria-haspopup="menu"
            aria-expanded=move || open.get().to_string()
            aria-label=move || (!text).then(|| label.get())
            title=move || (!text).then(|| label.get())
            on:click=show
        >
            <Glyph icon=icon.unwrap_or(Icon::Dots)/>
            {move || text.then(|| label.get())}
        </button>
        <div
            class="popup"
            popover="auto"
            role="menu"
            id=id
            node_ref=menu
            aria-label=label
            on:toggle=toggled
            on:keydown=keyed
        >
            {rows}
        </div>
    }
}
