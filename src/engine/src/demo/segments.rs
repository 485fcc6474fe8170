//! The demo's segments: what they are called and for.

use model::{SegmentDef, SegmentId};

/// What a segment of the demo is called and for.
#[derive(Clone, Copy)]
pub(super) struct About {
    pub name: &'static str,
    pub description: &'static str,
    pub tags: &'static [&'static str],
}

impl About {
    /// The definition under a name that is free.
    pub fn def(self, id: SegmentId, name: String) -> SegmentDef {
        SegmentDef {
            id,
            description: self.description.to_owned(),
            tags: self.tags.iter().map(|tag| (*tag).to_owned()).collect(),
            ..SegmentDef::named(name)
        }
    }
}

pub(super) const TEST: About = About {
    name: "Test segment",
    description: "The team: see what a campaign does before customers do",
    tags: &["internal"],
};
pub(super) const BUYERS: About = About {
    name: "Buyers",
    description: "Everybody who has bought at least once",
    tags: &["shop"],
};
pub(super) const FOOTWEAR: About = About {
    name: "Interested in Footwear",
    description: "Looked at footwear three times within a week; leaves after 30 days without a purchase",
    tags: &["shop", "interest"],
};
pub(super) const NEWSLETTER_IMPORT: About = About {
    name: "Newsletter import",
    description: "Subscribers of the old newsletter form",
    tags: &["newsletter"],
};
pub(super) const FAIR_LEADS: About = About {
    name: "Fair leads",
    description: "People we talked to at the shoe fair",
    tags: &["fair"],
};
pub(super) const DO_NOT_CONTACT: About = About {
    name: "Do not contact",
    description: "Asked us in writing not to be written to",
    tags: &["internal"],
};
pub(super) const VIP: About = About {
    name: "VIP",
    description: "Our best customers: chosen by a workflow, or by hand",
    tags: &["shop", "loyalty"],
};
pub(super) const QUIET_BUYERS: About = About {
    name: "Win-back",
    description: "Bought once, but nothing for 90 days",
    tags: &["shop"],
};
pub(super) const NEWSLETTER_BUYERS: About = About {
    name: "Newsletter buyers",
    description: "In Newsletter import and in Buyers",
    tags: &["newsletter", "shop"],
};
