//! What is taken away and brought back: exports of activities and for ads, a backup, and its restoring.

use crate::measure::tab;
use crate::report::Figures;
use tests::Page;

/// So many visits a day and contact make about 5 events of each contact in so many days.
const VISITS: f64 = 0.08;
const DAYS: u32 = 15;

/// Measures everything once, in a browser that just opened the contacts.
pub fn measure(page: &Page, contacts: u64, figures: &mut Figures) {
    let visits = (contacts as f64 * VISITS).ceil();
    let events: f64 = tab(page, &format!("simulate({DAYS}, {visits})"));
    figures.note("events kept", events);
    let [activities, _]: [f64; 2] = tab(page, "activities()");
    figures.note("activities", activities);
    let [ads, _]: [f64; 2] = tab(page, "ads()");
    figures.note("audience", ads);
    let [backup, restore, bytes]: [f64; 3] = tab(page, "backup_and_restore()");
    figures.note("backup", backup);
    figures.note("restore", restore);
    figures.note("bytes of a backup", bytes);
}
