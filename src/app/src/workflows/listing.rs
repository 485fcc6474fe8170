//! Which workflows the list shows, in which order.

use model::workflow::WorkflowInfo;

/// A column by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The name.
    Name,
    /// Whether it runs.
    State,
    /// How many nodes it has.
    Nodes,
    /// How many contacts are inside.
    Inside,
    /// How many passes began today.
    Entered,
    /// When something last happened in it.
    Activity,
    /// How many faults keep it from being activated.
    Faults,
}

/// What the list is asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Words that the name, description or state must hold.
    pub search: String,
    /// The column, and whether the greatest comes first.
    pub sort: (Column, bool),
}

impl Default for Listing {
    fn default() -> Self {
        Listing {
            search: String::new(),
            sort: (Column::Name, false),
        }
    }
}

impl Listing {
    /// The workflows to show.
    pub fn of(&self, all: &[WorkflowInfo]) -> Vec<WorkflowInfo> {
        let search = self.search.to_lowercase();
        let fits = |info: &&WorkflowInfo| {
            let text = format!("{} {} {}", info.name, info.description, info.state.label()).to_lowercase();
            search.split_whitespace().all(|word| text.contains(word))
        };
        let mut shown: Vec<WorkflowInfo> = all.iter().filter(fits).cloned().collect();
        let (column, descending) = self.sort;
        shown.sort_by(|a, b| {
            let order = match column {
                Column::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()),
                Column::State => a.state.label().cmp(b.state.label()),
                Column::Nodes => a.nodes.cmp(&b.nodes),
                Column::Inside => a.inside.cmp(&b.inside),
                Column::Entered => a.entered_today.cmp(&b.entered_today),
                Column::Activity => a.last_activity.cmp(&b.last_activity),
                Column::Faults => a.faults.cmp(&b.faults),
            };
            if descending { order.reverse() } else { order }
        });
        shown
    }
}

/// The order after a press on a column's heading: numbers and times begin with the greatest.
pub fn pressed(sort: (Column, bool), column: Column) -> (Column, bool) {
    match sort {
        (now, descending) if now == column => (column, !descending),
        _ => (column, !matches!(column, Column::Name | Column::State)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::WorkflowId;
    use model::workflow::WorkflowState;

    fn names(listing: &Listing) -> Vec<String> {
        let info = |name: &str, state, inside, last_activity| WorkflowInfo {
            id: WorkflowId(1),
            name: name.to_owned(),
            description: "For buyers".to_owned(),
            state,
            nodes: 3,
            inside,
            entered_today: 0,
            last_activity,
            faults: 0,
        };
        let all = [
            info("welcome", WorkflowState::Active, 12, Some(5)),
            info("Birthday", WorkflowState::Draft, 0, None),
            info("Cart", WorkflowState::Paused(String::new()), 300, Some(9)),
        ];
        listing.of(&all).into_iter().map(|info| info.name).collect()
    }

    #[test]
    fn a_search_looks_into_names_descriptions_and_states() {
        for (search, found) in [
            ("", &["Birthday", "Cart", "welcome"][..]),
            ("ACTIVE", &["welcome"]),
            ("buyers cart", &["Cart"]),
            ("nothing", &[]),
        ] {
            let listing = Listing {
                search: search.to_owned(),
                ..Listing::default()
            };
            assert_eq!(names(&listing), found, "{search}");
        }
    }

    #[test]
    fn numbers_and_times_begin_with_the_greatest() {
        let mut listing = Listing::default();
        for (column, order) in [
            (Column::Inside, ["Cart", "welcome", "Birthday"]),
            (Column::Inside, ["Birthday", "welcome", "Cart"]),
            (Column::Activity, ["Cart", "welcome", "Birthday"]),
            (Column::Name, ["Birthday", "Cart", "welcome"]),
        ] {
            listing.sort = pressed(listing.sort, column);
            assert_eq!(names(&listing), order);
        }
    }
}
