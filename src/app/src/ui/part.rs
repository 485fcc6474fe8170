//! A piece of a screen, or a whole one, whose code is fetched when it is first asked for.

use super::reactive::memo;
use super::{Button, Empty, Icon, Look, Notice, Page, Tone};
use futures_util::FutureExt;
use leptos::prelude::*;
use leptos::task::spawn_local;
use std::pin::Pin;
use wasm_split_helpers::SplitLoaderError;

/// Something of a part of the program, when the part is there.
pub type Coming<T> = Pin<Box<dyn Future<Output = Result<T, SplitLoaderError>>>>;

/// Fetches a part.
pub type Fetch = fn() -> Coming<()>;

const WHY: &str = "You may be offline, or Corral was updated meanwhile. Try again, or reload the page; your data is not concerned";

/// How a part stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Coming,
    There,
    Missing,
}

/// A piece of a screen: nothing is shown until its code is there.
pub fn part(fetch: Fetch, make: impl Fn() -> Coming<AnyView> + Send + 'static) -> AnyView {
    part_of_page(false, fetch, make)
}

/// The same, where `whole` says whether it is a page of its own, which has a heading even when its code is missing.
pub fn part_of_page(
    whole: bool,
    fetch: Fetch,
    make: impl Fn() -> Coming<AnyView> + Send + 'static,
) -> AnyView {
    // Whoever comes back sees it at once.
    let there = fetch().now_or_never().is_some_and(|there| there.is_ok());
    let state = RwSignal::new(if there { State::There } else { State::Coming });
    let ask = move || {
        state.set(State::Coming);
        spawn_local(async move {
            let there = fetch().await.is_ok();
            // The person may have gone elsewhere meanwhile.
            state.try_set(if there { State::There } else { State::Missing });
        });
    };
    if !there {
        ask();
    }
    // It is made here and not where its code arrives, so that it belongs to what surrounds it and ends with it.
    let shown = move || match state.get() {
        State::Coming => ().into_any(),
        State::There => make().now_or_never().and_then(Result::ok).into_any(),
        State::Missing => view! { <Missing whole=whole ask=move |()| ask()/> }.into_any(),
    };
    shown.into_any()
}

/// Whether a dialog was ever opened: only then is its code fetched.
pub fn ever(open: impl Fn() -> bool + Send + Sync + 'static) -> Memo<bool> {
    memo(move |before: Option<&bool>| before.is_some_and(|before| *before) || open())
}

/// Said in the place of what can't be fetched.
#[component]
fn Missing(
    /// Whether it is a whole page.
    whole: bool,
    /// Fetches it again.
    #[prop(into)]
    ask: Callback<()>,
) -> impl IntoView {
    let again = move |_| ask.run(());
    if whole {
        view! {
            <Page title="This page could not be loaded">
                <Empty icon=Icon::Info title="Corral could not fetch the code of this page" text=WHY>
                    <Button label="Try again" look=Look::Primary on_press=again/>
                </Empty>
            </Page>
        }
        .into_any()
    } else {
        view! {
            <Notice tone=Tone::Warning text=format!("A part of Corral could not be fetched. {WHY}")>
                <Button label="Try again" on_press=again/>
            </Notice>
        }
        .into_any()
    }
}
