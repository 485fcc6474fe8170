//! The place one is at: the hash of the address, as a signal of [`Route`].

use crate::ui::reactive::memo;
use leptos::ev;
use leptos::leptos_dom::helpers::window_event_listener;
use leptos::prelude::*;
use leptos::wasm_bindgen::{JsCast, JsValue};
use model::query::Query;
use model::route::Route;
use std::sync::atomic::{AtomicU32, Ordering};
use web_sys::HtmlElement;

/// Goes to a place; Back returns from it.
pub fn navigate(route: &Route) {
    // Setting the hash raises `hashchange`, which sets the signal; a browser refuses it only while the page unloads.
    window().location().set_hash(&route.to_string()).ok();
}

/// How often somebody went to another place, or opened a dialog.
static MOVES: AtomicU32 = AtomicU32::new(0);

/// Somebody goes to another place, or opens a dialog, which is one.
pub fn moved() {
    MOVES.fetch_add(1, Ordering::Relaxed);
}

/// Where somebody is who asks for something: what the answer leads to is for those who are still there.
#[derive(Clone)]
pub struct Here {
    moves: u32,
    screen: Route,
    dialog: Option<RwSignal<bool>>,
}

/// Where one is now.
pub fn here() -> Here {
    Here {
        moves: MOVES.load(Ordering::Relaxed),
        // The address is ahead of what is heard of it.
        screen: screen(&read()),
        dialog: None,
    }
}

/// Where one is now, in a dialog that is open.
pub fn here_in(open: RwSignal<bool>) -> Here {
    Here {
        dialog: Some(open),
        ..here()
    }
}

impl Here {
    /// Whether one is still there: closed no dialog, opened no other, and went nowhere, not even to come back.
    pub fn still(&self) -> bool {
        let now = here();
        let open = self
            .dialog
            .is_none_or(|open| open.try_get_untracked() == Some(true));
        open && self.moves == now.moves && self.screen == now.screen
    }

    /// Goes on to a place from here; whoever went elsewhere stays there.
    pub fn go(&self, route: &Route) {
        if self.still() {
            navigate(route);
        }
    }
}

/// The place one is at, and how to change it without a step for Back.
#[derive(Clone, Copy)]
pub struct Router {
    route: RwSignal<Route>,
}

impl Router {
    /// Reads the address, and follows it from now on.
    pub fn new() -> Self {
        let route = RwSignal::new(read());
        let handle = window_event_listener(ev::hashchange, move |_| {
            moved();
            route.set(read());
        });
        on_cleanup(move || handle.remove());
        Router { route }
    }

    /// The place, whenever it changes.
    pub fn route(self) -> Signal<Route> {
        self.route.into()
    }

    /// The screen, which stays the same while only a search, filter or order changes.
    pub fn screen(self) -> Memo<Route> {
        memo(move |_| self.route.with(screen))
    }

    /// Puts a place into the address instead of the present one: Back leads to where one came from.
    pub fn replace(self, route: Route) {
        if self.route.with_untracked(|now| *now == route) {
            return;
        }
        let address = route.to_string();
        let replaced = window()
            .history()
            .and_then(|history| history.replace_state_with_url(&JsValue::NULL, "", Some(&address)));
        match replaced {
            Ok(()) => self.route.set(route),
            // Some browsers allow only so many in a while; then it becomes an ordinary step.
            Err(_) => navigate(&route),
        }
    }
}

impl Default for Router {
    fn default() -> Self {
        Router::new()
    }
}

/// The place in the address; the signal follows a moment later.
pub fn read() -> Route {
    Route::parse(&window().location().hash().unwrap_or_default())
}

/// A place without what changes inside its screen.
fn screen(route: &Route) -> Route {
    match route {
        Route::Contacts(_) => Route::Contacts(Query::default()),
        other => other.clone(),
    }
}

/// Moves the focus to the heading, so that keyboards and screen readers start at the new screen's top; not from a field
/// of that screen in which somebody types by then.
pub fn focus_heading() {
    request_animation_frame(|| {
        let fields = "#main :is(input, select, textarea)";
        let typing = document()
            .active_element()
            .is_some_and(|now| now.matches(fields).unwrap_or_default());
        if typing {
            return;
        }
        let heading = document()
            .get_element_by_id("title")
            .and_then(|heading| heading.dyn_into::<HtmlElement>().ok());
        if let Some(heading) = heading {
            // A heading that can't take the focus leaves it where it is.
            heading.focus().ok();
        }
    });
}

/// Whether a route belongs to a line of the menu.
pub fn belongs(route: &Route, line: &Route) -> bool {
    let line_of = |route: &Route| match route {
        Route::Contacts(_)
        | Route::NewContact
        | Route::Contact(_)
        | Route::ContactHistory(_)
        | Route::Duplicates
        | Route::Merge(_) => 0,
        Route::Segments
        | Route::NewSegment
        | Route::EditSegment(_)
        | Route::SegmentKeys(_)
        | Route::SegmentAnalytics(_)
        | Route::SegmentHistory(_)
        | Route::Combine(_)
        | Route::Overlap
        | Route::Split(_)
        | Route::Sample(_)
        | Route::Refresh => 1,
        Route::Fields => 2,
        Route::Import(_) | Route::ImportResult(_) | Route::Imports => 3,
        Route::Export(_) | Route::ExportActivities | Route::ExportAds(_) | Route::Exports => 4,
        Route::History | Route::Change(..) => 5,
        Route::Data => 6,
        Route::Workflows | Route::Workflow(_) => 7,
        Route::Simulator | Route::ImportEvents => 8,
        Route::Unknown(_) => 9,
    };
    line_of(route) == line_of(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_does_not_make_another_screen() {
        let found = Route::parse("#/contacts?q=ana");
        assert_ne!(found, Route::default());
        assert_eq!(screen(&found), Route::default());
        assert_ne!(
            screen(&Route::parse("#/contacts/1")),
            screen(&Route::parse("#/contacts/2"))
        );
    }

    #[test]
    fn a_contact_belongs_to_view_all() {
        assert!(belongs(&Route::parse("#/contacts/7"), &Route::default()));
        assert!(!belongs(&Route::parse("#/segments"), &Route::default()));
    }
}
