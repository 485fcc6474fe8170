//! Which segments the list shows, in which order.

use model::message::SegmentInfo;

/// A column by which the list can be sorted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Column {
    /// The name.
    Name,
    /// The number of contacts.
    Contacts,
    /// When it was made.
    Created,
    /// When it or its members last changed.
    Updated,
}

/// What the list is asked to show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// Words that the name, the description or a tag must hold.
    pub search: String,
    /// Archived ones, too.
    pub archived: bool,
    /// The column, and whether the greatest comes first.
    pub sort: (Column, bool),
}

impl Default for Listing {
    fn default() -> Self {
        Listing {
            search: String::new(),
            archived: false,
            sort: (Column::Name, false),
        }
    }
}

impl Listing {
    /// The segments to show, pinned ones first.
    pub fn of(&self, all: &[SegmentInfo]) -> Vec<SegmentInfo> {
        let search = self.search.to_lowercase();
        let mut shown: Vec<SegmentInfo> = all
            .iter()
            .filter(|segment| self.archived || !segment.def.archived)
            .filter(|segment| {
                let def = &segment.def;
                let text = format!("{} {} {}", def.name, def.description, def.tags.join(" ")).to_lowercase();
                search.split_whitespace().all(|word| text.contains(word))
            })
            .cloned()
            .collect();
        let (column, descending) = self.sort;
        shown.sort_by(|a, b| {
            let order = match column {
                Column::Name => a.def.name.to_lowercase().cmp(&b.def.name.to_lowercase()),
                Column::Contacts => a.members.cmp(&b.members),
                Column::Created => a.created.cmp(&b.created),
                Column::Updated => a.updated.cmp(&b.updated),
            };
            let order = if descending { order.reverse() } else { order };
            b.def.pinned.cmp(&a.def.pinned).then(order)
        });
        shown
    }

    /// The order after a press on a column's heading: numbers and times begin with the greatest.
    pub fn pressed(&mut self, column: Column) {
        self.sort = if self.sort.0 == column {
            (column, !self.sort.1)
        } else {
            (column, column != Column::Name)
        };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SegmentId;
    use model::segment::SegmentDef;

    fn segment(name: &str, members: u64, pinned: bool, archived: bool) -> SegmentInfo {
        let def = SegmentDef {
            id: SegmentId(1),
            name: name.into(),
            description: String::new(),
            tags: vec!["spring".into()],
            pinned,
            archived,
        };
        SegmentInfo {
            def,
            members,
            created: 0,
            updated: 0,
            growth: vec![],
            formula: None,
            used_by: vec![],
        }
    }

    fn names(listing: &Listing) -> Vec<String> {
        let all = [
            segment("VIP", 186, false, false),
            segment("buyers", 2_050, false, false),
            segment("Old", 3, false, true),
            segment("Test", 3, true, false),
        ];
        listing
            .of(&all)
            .into_iter()
            .map(|segment| segment.def.name)
            .collect()
    }

    #[test]
    fn pinned_ones_come_first_and_archived_ones_not_at_all() {
        assert_eq!(names(&Listing::default()), ["Test", "buyers", "VIP"]);
    }

    #[test]
    fn numbers_begin_with_the_greatest() {
        let mut listing = Listing {
            archived: true,
            ..Listing::default()
        };
        listing.pressed(Column::Contacts);
        assert_eq!(names(&listing), ["Test", "buyers", "VIP", "Old"]);
        listing.pressed(Column::Contacts);
        assert_eq!(names(&listing), ["Test", "Old", "VIP", "buyers"]);
    }

    #[test]
    fn a_search_looks_into_names_and_tags() {
        assert_eq!(
            names(&Listing {
                search: "SPRING v".into(),
                ..Listing::default()
            }),
            ["VIP"]
        );
    }
}
