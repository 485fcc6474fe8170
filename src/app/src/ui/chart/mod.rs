//! Charts: drawn as SVG in the theme's colours, with a table behind each, to be saved as SVG, PNG or CSV.

mod bars;
mod columns;
mod figure;
mod line;
mod plot;
mod scale;

pub use bars::{Bar, Bars};
pub use columns::{Column, Columns};
pub use figure::{Figure, Table, picture, save, save_table};
pub use line::{Line, Spot};
