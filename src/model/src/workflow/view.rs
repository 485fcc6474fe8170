//! The view of a canvas: which part of it shows, and how large.
//!
//! Canvas pixels have their origin wherever the first node was put; screen pixels begin at the left top of the box in
//! which the canvas shows. `screen_from_canvas` takes the one and gives the other.

use super::geometry::{Point, Rect};

/// A place in real pixels, of the canvas or of the screen.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Spot {
    /// To the right.
    pub x: f64,
    /// Down.
    pub y: f64,
}

impl From<Point> for Spot {
    fn from(at: Point) -> Spot {
        Spot {
            x: f64::from(at.x),
            y: f64::from(at.y),
        }
    }
}

/// Which part of the canvas shows, and how large.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct View {
    /// Where the canvas's origin is on the screen: to the right.
    pub x: f64,
    /// Where the canvas's origin is on the screen: down.
    pub y: f64,
    /// How many screen pixels a canvas pixel takes.
    pub zoom: f64,
}

impl Default for View {
    fn default() -> View {
        View {
            x: 0.0,
            y: 0.0,
            zoom: 1.0,
        }
    }
}

/// The smallest and the largest zoom.
pub const ZOOM: (f64, f64) = (0.05, 2.0);

impl View {
    /// Where a place of the canvas is on the screen.
    pub fn screen_from_canvas(self, at: Spot) -> Spot {
        Spot {
            x: at.x * self.zoom + self.x,
            y: at.y * self.zoom + self.y,
        }
    }

    /// Which place of the canvas is at a place of the screen.
    pub fn canvas_from_screen(self, at: Spot) -> Spot {
        Spot {
            x: (at.x - self.x) / self.zoom,
            y: (at.y - self.y) / self.zoom,
        }
    }

    /// The same, to the whole pixel.
    pub fn point_from_screen(self, at: Spot) -> Point {
        let at = self.canvas_from_screen(at);
        Point {
            x: at.x.round() as i32,
            y: at.y.round() as i32,
        }
    }

    /// The view moved by screen pixels.
    pub fn moved(self, x: f64, y: f64) -> View {
        View {
            x: self.x + x,
            y: self.y + y,
            zoom: self.zoom,
        }
    }

    /// The view larger by a factor, while a place of the screen stays where it is.
    pub fn zoomed(self, about: Spot, factor: f64) -> View {
        let zoom = (self.zoom * factor).clamp(ZOOM.0, ZOOM.1);
        let real = zoom / self.zoom;
        View {
            x: about.x - (about.x - self.x) * real,
            y: about.y - (about.y - self.y) * real,
            zoom,
        }
    }

    /// The view in which a rectangle fills a box of the screen, but no larger than life.
    pub fn fit(area: Rect, width: f64, height: f64) -> View {
        let (wide, high) = (f64::from(area.width.max(1)), f64::from(area.height.max(1)));
        let zoom = (width / wide).min(height / high).clamp(ZOOM.0, 1.0);
        View {
            x: (width - wide * zoom) / 2.0 - f64::from(area.x) * zoom,
            y: (height - high * zoom) / 2.0 - f64::from(area.y) * zoom,
            zoom,
        }
    }

    /// The view at a zoom with the middle of a rectangle in the middle of a box of the screen.
    pub fn centred(area: Rect, zoom: f64, width: f64, height: f64) -> View {
        let middle = |from: i32, size: i32| f64::from(from) + f64::from(size) / 2.0;
        View {
            x: width / 2.0 - middle(area.x, area.width) * zoom,
            y: height / 2.0 - middle(area.y, area.height) * zoom,
            zoom,
        }
    }

    /// The rectangle of the canvas that a box of the screen shows.
    pub fn shown(self, width: f64, height: f64) -> Rect {
        let from = self.point_from_screen(Spot::default());
        let to = self.point_from_screen(Spot { x: width, y: height });
        Rect::between(from, to)
    }

    /// The view moved as little as possible to show a rectangle in a box of the screen; its left top where it does not
    /// fit.
    pub fn revealing(self, area: Rect, width: f64, height: f64) -> View {
        let shift = |from: f64, to: f64, room: f64| {
            if from < 0.0 {
                -from
            } else if to > room {
                (room - to).max(-from)
            } else {
                0.0
            }
        };
        let from = self.screen_from_canvas(Spot {
            x: f64::from(area.x),
            y: f64::from(area.y),
        });
        let to = self.screen_from_canvas(Spot {
            x: f64::from(area.right()),
            y: f64::from(area.bottom()),
        });
        self.moved(shift(from.x, to.x, width), shift(from.y, to.y, height))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn near(one: Spot, other: Spot) -> bool {
        (one.x - other.x).abs() < 1e-6 && (one.y - other.y).abs() < 1e-6
    }

    prop_compose! {
        fn view()(x in -5e3..5e3, y in -5e3..5e3, zoom in ZOOM.0..ZOOM.1) -> View {
            View { x, y, zoom }
        }
    }

    proptest! {
        #[test]
        fn the_screen_and_the_canvas_agree(view in view(), x in -1e4..1e4, y in -1e4..1e4) {
            let spot = Spot { x, y };
            prop_assert!(near(view.canvas_from_screen(view.screen_from_canvas(spot)), spot));
        }

        #[test]
        fn zooming_keeps_the_place_under_the_pointer(
            view in view(), x in 0.0..2e3, y in 0.0..2e3, factor in 0.01..100.0,
        ) {
            let about = Spot { x, y };
            let zoomed = view.zoomed(about, factor);
            prop_assert!(near(zoomed.canvas_from_screen(about), view.canvas_from_screen(about)));
            prop_assert!((ZOOM.0..=ZOOM.1).contains(&zoomed.zoom));
        }

        #[test]
        fn what_fits_is_all_seen(
            x in -3000..3000_i32, y in -3000..3000_i32, width in 1..4000_i32, height in 1..4000_i32,
        ) {
            let view = View::fit(Rect { x, y, width, height }, 800.0, 600.0);
            let from = view.screen_from_canvas(Point { x, y }.into());
            let to = view.screen_from_canvas(Point { x: x + width, y: y + height }.into());
            prop_assert!(from.x > -1e-6 && from.y > -1e-6 && to.x < 800.0 + 1e-6 && to.y < 600.0 + 1e-6);
            prop_assert!(view.zoom <= 1.0);
        }
    }

    #[test]
    fn a_centred_rectangle_has_as_much_room_on_either_side() {
        let area = Rect {
            x: -100,
            y: 40,
            width: 236,
            height: 64,
        };
        let view = View::centred(area, 0.5, 800.0, 600.0);
        let middle = Spot { x: 18.0, y: 72.0 };
        assert!(near(view.screen_from_canvas(middle), Spot { x: 400.0, y: 300.0 }));
    }

    #[test]
    fn a_view_moves_only_as_far_as_it_must() {
        let node = |x, y| Rect {
            x,
            y,
            width: 200,
            height: 60,
        };
        for (area, x, y) in [
            (node(10, 10), 0.0, 0.0),
            (node(-50, 10), 50.0, 0.0),
            (node(700, 580), -100.0, -40.0),
        ] {
            let view = View::default().revealing(area, 800.0, 600.0);
            assert_eq!((view.x, view.y), (x, y), "{area:?}");
        }
        let large = Rect {
            x: 100,
            y: 0,
            width: 2000,
            height: 10,
        };
        assert_eq!(View::default().revealing(large, 800.0, 600.0).x, -100.0);
    }
}
