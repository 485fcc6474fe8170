//! Buttons, and links that look like them.

use super::{Glyph, Icon};
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// An action among others.
    #[default]
    Plain,
    /// The one action a screen is there for.
    Primary,
    /// Takes something away.
    Danger,
    /// An action that stands back.
    Quiet,
}

impl Look {
    fn class(self, small: bool) -> String {
        let look = match self {
            Look::Plain => "button",
            Look::Primary => "button button-primary",
            Look::Danger => "button button-danger",
            Look::Quiet => "button button-quiet",
        };
        if small {
            format!("{look} button-small")
        } else {
            look.to_owned()
        }
    }
}

/// A button with a label.
#[component]
pub fn Button(
    /// What it does, in words.
    #[prop(into)]
    label: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// Less high than the others.
    #[prop(optional)]
    small: bool,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
    /// Whether it can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// Whether it sends the form it stands in.
    #[prop(optional)]
    submit: bool,
    /// For a button that shows and hides something: whether that is shown.
    #[prop(optional, into)]
    expanded: Option<Signal<bool>>,
    /// What happens; may be left out for a button that sends a form.
    #[prop(optional, into)]
    on_press: Option<Callback<MouseEvent>>,
) -> impl IntoView {
    view! {
        <button
            type=if submit { "submit" } else { "button" }
            class=look.class(small)
            disabled=disabled
            aria-expanded=move || expanded.map(|open| open.get().to_string())
            on:click=move |event| {
                if let Some(press) = on_press {
                    press.run(event);
                }
            }
        >
            {icon.map(|icon| view! { <Glyph icon=icon/> })}
            {label}
        </button>
    }
}

/// A button that shows only an icon.
#[component]
pub fn IconButton(
    /// The icon.
    #[prop(into)]
    icon: Signal<Icon>,
    /// What it does: its accessible name, and its tooltip.
    #[prop(into)]
    label: Signal<String>,
    /// Less high than the others.
    #[prop(optional)]
    small: bool,
    /// Whether it can't be pressed now.
    #[prop(optional, into)]
    disabled: Signal<bool>,
    /// For a button that stays pressed: whether it is.
    #[prop(optional, into)]
    pressed: Option<Signal<bool>>,
    /// What happens.
    #[prop(into)]
    on_press: Callback<MouseEvent>,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class=if small { "button button-icon button-small" } else { "button button-icon" }
            aria-label=label
            title=label
            disabled=disabled
            aria-pressed=move || pressed.map(|pressed| pressed.get().to_string())
            on:click=move |event| on_press.run(event)
        >
            {move || view! { <Glyph icon=icon.get()/> }}
        </button>
    }
}

/// A link that looks like a button.
#[component]
pub fn LinkButton(
    /// Where it leads, in words.
    #[prop(into)]
    label: Signal<String>,
    /// The address: `route.to_string()`.
    #[prop(into)]
    href: Signal<String>,
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// An icon before the words.
    #[prop(optional, into)]
    icon: Option<Icon>,
) -> impl IntoView {
    view! {
        <a class=look.class(false) href=href>
            {icon.map(|icon| view! { <Glyph icon=icon/> })}
            {label}
        </a>
    }
}
