//! Charts: drawn as SVG in the theme's colours, with a table behind each, to be saved as SVG, PNG or CSV.

mod figure;

pub use figure::{Figure, Table};
