//! A line of a few numbers.

use super::format::tenths;
use leptos::prelude::*;

/// The line's path in a box of 80 × 20; numbers are drawn from 0 up, so that growth isn't exaggerated.
pub fn path(numbers: &[u64]) -> String {
    let top = numbers.iter().copied().max().unwrap_or(0).max(1);
    let steps = (numbers.len().max(2) - 1) as u64;
    let mut path = String::new();
    for (at, &number) in (0..).zip(numbers) {
        // In tenths.
        let (x, y) = (at * 800 / steps, 190 - number * 180 / top);
        path.push_str(if at == 0 { "M" } else { "L" });
        path.push_str(&format!("{} {}", tenths(x), tenths(y)));
    }
    path
}

/// A line of a few numbers; its words say what it shows.
#[component]
pub fn Sparkline(
    /// The numbers, oldest first.
    numbers: Vec<u64>,
    /// What it shows, in words (“From 0 to 1,204 contacts”).
    label: String,
) -> impl IntoView {
    view! {
        <svg class="sparkline" viewBox="0 0 80 20" preserveAspectRatio="none" role="img" aria-label=label>
            <path d=path(&numbers)></path>
        </svg>
    }
}

#[cfg(test)]
mod tests {
    use super::path;

    #[test]
    fn a_line_starts_left_and_ends_right() {
        assert_eq!(path(&[0, 1, 2]), "M0.0 19.0L40.0 10.0L80.0 1.0");
        assert_eq!(path(&[]), "");
        assert_eq!(path(&[0]), "M0.0 19.0");
    }
}
