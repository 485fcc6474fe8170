//! The picture of two or three sets as circles; each region is a shape of its own.

use super::{Picture, hatch, short};
use crate::ui::format;
use leptos::prelude::*;

/// A region: its place, its outline, and where its number stands.
type Shape = (usize, &'static str, (u32, u32));

/// Where a set's name stands, and whether it begins, is centred or ends there.
type Name = (u32, u32, &'static str);

/// Circles of radius 100 around (110, 130) and (230, 130).
const TWO: [Shape; 3] = [
    (
        1,
        "M170 50A100 100 0 1 0 170 210A100 100 0 0 1 170 50Z",
        (70, 130),
    ),
    (
        2,
        "M170 50A100 100 0 1 1 170 210A100 100 0 0 0 170 50Z",
        (270, 130),
    ),
    (
        3,
        "M170 50A100 100 0 0 1 170 210A100 100 0 0 1 170 50Z",
        (170, 130),
    ),
];

const TWO_NAMES: [Name; 2] = [(10, 20, "start"), (330, 20, "end")];

/// Circles of radius 100 around (130, 115), (250, 115) and (190, 218.9).
const THREE: [Shape; 7] = [
    (
        1,
        "M190 35A100 100 0 1 0 90.7 207A100 100 0 0 1 150.7 127A100 100 0 0 1 190 35Z",
        (92, 96),
    ),
    (
        2,
        "M190 35A100 100 0 1 1 289.3 207A100 100 0 0 0 229.3 127A100 100 0 0 0 190 35Z",
        (288, 96),
    ),
    (
        3,
        "M190 35A100 100 0 0 1 229.3 127A100 100 0 0 0 150.7 127A100 100 0 0 1 190 35Z",
        (190, 86),
    ),
    (
        4,
        "M90.7 207A100 100 0 1 0 289.3 207A100 100 0 0 1 190 195A100 100 0 0 1 90.7 207Z",
        (190, 262),
    ),
    (
        5,
        "M90.7 207A100 100 0 0 0 190 195A100 100 0 0 1 150.7 127A100 100 0 0 0 90.7 207Z",
        (134, 182),
    ),
    (
        6,
        "M289.3 207A100 100 0 0 1 190 195A100 100 0 0 0 229.3 127A100 100 0 0 1 289.3 207Z",
        (246, 182),
    ),
    (
        7,
        "M190 195A100 100 0 0 0 229.3 127A100 100 0 0 0 150.7 127A100 100 0 0 0 190 195Z",
        (190, 150),
    ),
];

const THREE_NAMES: [Name; 3] = [(30, 12, "start"), (350, 12, "end"), (190, 338, "middle")];

/// The picture of two or three sets.
#[component]
pub fn Venn(
    /// What it shows.
    picture: Picture,
    /// Whether there are three sets.
    three: bool,
) -> impl IntoView {
    let (frame, shapes, names): (_, &[Shape], &[Name]) = if three {
        ("0 0 380 346", &THREE, &THREE_NAMES)
    } else {
        ("0 0 340 240", &TWO, &TWO_NAMES)
    };
    let regions = shapes
        .iter()
        .map(|&(place, outline, (x, y))| {
            let inside = view! {
                <path class="region-shape" d=outline></path>
                <path class="region-hatch" d=outline fill="url(#sets-hatch)"></path>
                <text class="region-count" x=x y=y text-anchor="middle">
                    {move || format::number(picture.count(place))}
                </text>
            };
            picture.region(place, inside)
        })
        .collect_view();
    let names = names
        .iter()
        .enumerate()
        .map(|(at, &(x, y, anchor))| {
            let name = move || {
                let name = picture.names.with(|names| names.get(at).cloned());
                short(&name.unwrap_or_default(), 20)
            };
            view! { <text class="region-name" x=x y=y text-anchor=anchor>{name}</text> }
        })
        .collect_view();
    view! {
        <svg class="venn" viewBox=frame role="group" aria-label="Regions">
            {hatch()}
            {regions}
            {names}
        </svg>
    }
}
