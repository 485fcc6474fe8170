//! Where a popup goes: below its anchor, or above it where there is more room.

use super::format;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

/// Where the popup's edges are, in CSS pixels of the window; the other edges are left to its content.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Distance of the popup's top edge from the window's top; none where it hangs from the bottom edge.
    pub top: Option<f64>,
    /// Distance of the popup's bottom edge from the window's bottom.
    pub bottom: Option<f64>,
    /// Distance of the popup's left edge from the window's left; none where the right edges meet.
    pub left: Option<f64>,
    /// Distance of the popup's right edge from the window's right.
    pub right: Option<f64>,
    /// The most height there is.
    pub height: f64,
}

/// The gap between an anchor and its popup, and between a popup and the window's edge.
const GAP: f64 = 4.0;

/// Finds a place for a popup beside an anchor (left, top, right, bottom) in a window (width, height).
pub fn place(anchor: (f64, f64, f64, f64), window: (f64, f64)) -> Place {
    let (left, top, right, bottom) = anchor;
    let (width, height) = window;
    let below = height - bottom - 2.0 * GAP;
    let above = top - 2.0 * GAP;
    let down = below >= 240.0 || below >= above;
    let rightward = left <= width - right;
    Place {
        top: down.then_some(bottom + GAP),
        bottom: (!down).then_some(height - top + GAP),
        left: rightward.then_some(left.max(GAP)),
        right: (!rightward).then_some((width - right).max(GAP)),
        height: (if down { below } else { above }).max(80.0),
    }
}

/// Puts a popup beside its anchor, at least as wide.
pub fn put(popup: &HtmlElement, anchor: &Element) {
    let rect = anchor.get_bounding_client_rect();
    let Some(window) = web_sys::window() else { return };
    let size =
        |value: Result<wasm_bindgen::JsValue, _>| value.ok().and_then(|value| value.as_f64()).unwrap_or(0.0);
    let place = place(
        (rect.left(), rect.top(), rect.right(), rect.bottom()),
        (size(window.inner_width()), size(window.inner_height())),
    );
    let style = popup.style();
    let pixels = |value: Option<f64>| value.map_or("auto".to_owned(), format::pixels);
    for (name, value) in [
        ("top", pixels(place.top)),
        ("bottom", pixels(place.bottom)),
        ("left", pixels(place.left)),
        ("right", pixels(place.right)),
        ("min-width", pixels(Some(rect.width()))),
        (
            "max-height",
            format!("min(24rem, {})", format::pixels(place.height)),
        ),
    ] {
        // A browser that does not know a property keeps the style sheet's.
        style.set_property(name, &value).ok();
    }
}

/// Scrolls the nearest scrolling box just so far that an element can be seen.
pub fn reveal(element: &Element) {
    let options = web_sys::ScrollIntoViewOptions::new();
    options.set_block(web_sys::ScrollLogicalPosition::Nearest);
    element.scroll_into_view_with_scroll_into_view_options(&options);
}

/// The elements inside another that match a selector, in the order of the page.
pub fn inside(element: &Element, selector: &str) -> Vec<HtmlElement> {
    let Ok(list) = element.query_selector_all(selector) else {
        return Vec::new();
    };
    (0..list.length())
        .filter_map(|at| list.get(at)?.dyn_into().ok())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_popup_opens_downwards_where_there_is_room() {
        let place = place((10.0, 100.0, 110.0, 130.0), (1000.0, 800.0));
        assert_eq!(
            (place.top, place.bottom, place.left, place.right),
            (Some(134.0), None, Some(10.0), None)
        );
    }

    #[test]
    fn a_popup_at_the_lower_right_opens_upwards_and_to_the_left() {
        let place = place((900.0, 700.0, 990.0, 730.0), (1000.0, 800.0));
        assert_eq!(
            (place.top, place.bottom, place.left, place.right),
            (None, Some(104.0), None, Some(10.0))
        );
        assert!(place.height <= 692.0);
    }
}
