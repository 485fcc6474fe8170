//! What a person chose for an export, as plain data.

use crate::simulator::plain;
use crate::words;
use model::event::{EventKind, Window};
use model::export::{
    AD_MAPPED, ActivitySpec, AdValue, Audience, DateFormat, ExportOrder, ExportSpec, ExportState,
};
use model::field::Status;
use model::ids::{FieldId, SegmentId};
use model::import::Encoding;
use model::message::{FieldInfo, Overview};
use model::query::{Group, Query, Rule};

/// Which contacts, by the keys of the choices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// `all`, `segment` or `filter`
    pub audience: String,
    /// The id of the segment; empty while none is chosen.
    pub segment: String,
    /// The filter that the screen was opened with.
    pub query: Query,
    /// Members of these are left out.
    pub excluded: Vec<SegmentId>,
}

impl Who {
    /// The contacts as the worker takes them; none while no segment is chosen.
    pub fn audience(&self) -> Option<Audience> {
        match self.audience.as_str() {
            "segment" => self.segment.parse().ok().map(Audience::Segment),
            "filter" => Some(Audience::Query(self.query.clone())),
            // The order of the table one comes from is kept.
            _ if self.query.sort.is_some() => Some(Audience::Query(Query {
                sort: self.query.sort,
                ..Query::default()
            })),
            _ => Some(Audience::All),
        }
    }

    /// The same contacts as a query that can be counted.
    pub fn query(&self) -> Option<Query> {
        let mut query = Query::default();
        let mut rules = Vec::new();
        match self.audience()? {
            Audience::All => {}
            Audience::Segment(segment) => rules.push(Rule::Segment {
                segment,
                member: true,
            }),
            Audience::Query(of) => {
                query.search = of.search;
                if !of.filter.is_empty() {
                    rules.push(Rule::Group(of.filter));
                }
            }
        }
        rules.extend(self.excluded.iter().map(|&segment| Rule::Segment {
            segment,
            member: false,
        }));
        query.filter = Group::all(rules);
        Some(query)
    }
}

/// How the file is written, by the keys of the choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct How {
    /// `comma` or `semicolon`
    pub separator: String,
    /// `iso` or `local`
    pub dates: String,
    /// `utf-8`, `utf-8-bom` or `windows-1252`
    pub encoding: String,
    /// *Protect against spreadsheet formulas*
    pub guard_formulas: bool,
    /// Add the column of segments.
    pub memberships: bool,
}

impl Default for How {
    fn default() -> Self {
        How {
            separator: "comma".to_owned(),
            dates: "iso".to_owned(),
            encoding: "utf-8".to_owned(),
            guard_formulas: true,
            memberships: false,
        }
    }
}

impl How {
    /// The choices in one text, to be kept.
    pub fn keep(&self) -> String {
        let How {
            separator,
            dates,
            encoding,
            guard_formulas,
            memberships,
        } = self;
        format!("{separator} {dates} {encoding} {guard_formulas} {memberships}")
    }

    /// The choices that were kept; those that were not are as at first.
    pub fn kept(text: &str) -> How {
        let first = How::default();
        let mut words = text.split(' ');
        let mut next = |known: &[&str]| words.next().filter(|word| known.contains(word));
        let (separator, dates, encoding, guard, memberships) = (
            next(&["comma", "semicolon"]),
            next(&["iso", "local"]),
            next(&["utf-8", "utf-8-bom", "windows-1252"]),
            next(&["true", "false"]),
            next(&["true", "false"]),
        );
        How {
            separator: separator.map_or(first.separator, str::to_owned),
            dates: dates.map_or(first.dates, str::to_owned),
            encoding: encoding.map_or(first.encoding, str::to_owned),
            guard_formulas: guard.map_or(first.guard_formulas, |word| word == "true"),
            memberships: memberships.map_or(first.memberships, |word| word == "true"),
        }
    }
}

/// What is exported of the contacts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct What {
    /// They themselves.
    pub contacts: bool,
    /// What they did.
    pub activities: bool,
    /// The kinds of activities, in the order in which they were ticked.
    pub kinds: Vec<EventKind>,
    /// When the activities happened.
    pub window: Window,
    /// Repeat the contact's fields on each activity.
    pub with_fields: bool,
}

impl What {
    /// Whether fields are of any use.
    pub fn asks_fields(&self) -> bool {
        self.contacts || self.activities && self.with_fields
    }

    /// The order as the worker takes it.
    pub fn order(&self, spec: ExportSpec) -> ExportOrder {
        if !self.activities {
            return ExportOrder::Contacts(spec);
        }
        let mut kinds = self.kinds.clone();
        kinds.sort_unstable();
        let activities = ActivitySpec {
            kinds,
            window: self.window,
            with_fields: self.with_fields,
        };
        match self.contacts {
            true => ExportOrder::Both(spec, activities),
            false => ExportOrder::Activities(spec, activities),
        }
    }
}

/// The export as the worker takes it; none while no segment is chosen.
pub fn spec(who: &Who, how: &How, fields: Vec<FieldId>) -> Option<ExportSpec> {
    Some(ExportSpec {
        audience: who.audience()?,
        excluded: who.excluded.clone(),
        fields,
        memberships: how.memberships,
        delimiter: if how.separator == "semicolon" { b';' } else { b',' },
        dates: if how.dates == "local" {
            DateFormat::Local
        } else {
            DateFormat::Iso
        },
        encoding: if how.encoding == "windows-1252" {
            Encoding::Windows1252
        } else {
            Encoding::Utf8
        },
        bom: how.encoding == "utf-8-bom",
        guard_formulas: how.guard_formulas,
    })
}

/// The fields that are ticked at first: all but those that Corral keeps, which an import ignores.
pub fn first_fields(fields: &[FieldInfo]) -> Vec<FieldId> {
    let own = fields.iter().filter(|field| field.def.status != Status::ReadOnly);
    own.map(|field| field.def.id).collect()
}

/// The ticked fields in the order of the list.
pub fn in_order(fields: &[FieldInfo], ticked: &[FieldId]) -> Vec<FieldId> {
    fields
        .iter()
        .map(|field| field.def.id)
        .filter(|id| ticked.contains(id))
        .collect()
}

/// Why the export can't start; none where it can.
pub fn fault(who: &Who, what: &What, fields: &[FieldId], memberships: bool) -> Option<&'static str> {
    if !what.contacts && !what.activities {
        Some("Choose contacts, activities or both")
    } else if who.audience().is_none() {
        Some("Choose the segment to export")
    } else if what.contacts && fields.is_empty() && !memberships {
        Some("Tick at least one field")
    } else if what.activities && what.kinds.is_empty() {
        Some("Tick at least one type of activity")
    } else {
        None
    }
}

/// The custom fields whose names say that they hold what no system field holds.
pub fn mapped(fields: &[FieldInfo]) -> Vec<(AdValue, FieldId)> {
    let own: Vec<_> = fields
        .iter()
        .filter(|field| field.def.status == Status::Custom)
        .collect();
    let field = |names: &[&str]| {
        let named = |name: &&str| own.iter().find(|field| plain(&field.def.name) == **name);
        names.iter().find_map(named).map(|field| field.def.id)
    };
    let found = AD_MAPPED.iter().map(|(value, names)| (*value, field(names)));
    found.filter_map(|(value, field)| Some((value, field?))).collect()
}

/// A query in words: `search “ana”, 2 conditions`.
pub fn query_words(query: &Query) -> String {
    let mut words = Vec::new();
    if !query.search.is_empty() {
        words.push(format!("search “{}”", query.search));
    }
    match query.filter.rules.len() {
        0 => {}
        1 => words.push("1 condition".to_owned()),
        many => words.push(format!("{many} conditions")),
    }
    words.join(", ")
}

/// Whether a query finds less than everybody.
pub fn is_filter(query: &Query) -> bool {
    !query.search.is_empty() || !query.filter.is_empty()
}

/// Who an export is of, in words.
pub fn audience_words(order: &ExportOrder, overview: &Overview) -> String {
    let mut whom = match order.audience() {
        Audience::All => "All contacts".to_owned(),
        Audience::Segment(id) => format!("Segment {}", words::segment(*id, overview)),
        Audience::Query(query) if is_filter(query) => format!("Filter: {}", query_words(query)),
        Audience::Query(_) => "All contacts".to_owned(),
    };
    if !order.excluded().is_empty() {
        let names: Vec<String> = order
            .excluded()
            .iter()
            .map(|id| words::segment(*id, overview))
            .collect();
        whom.push_str(&format!(", without {}", names.join(", ")));
    }
    whom
}

/// What an export is of, in words.
pub fn type_words(order: &ExportOrder) -> &'static str {
    match order {
        ExportOrder::Contacts(_) => "Contacts",
        ExportOrder::Activities(..) => "Activities",
        ExportOrder::Both(..) => "Contacts and activities",
        ExportOrder::Ads(spec) if spec.hashed => "Ad audience, hashed",
        ExportOrder::Ads(_) => "Ad audience",
    }
}

/// An export's state in a word.
pub fn state_words(state: &ExportState) -> &'static str {
    match state {
        ExportState::Running(_) => "Running",
        ExportState::Ready { .. } => "Ready",
        ExportState::Gone => "File gone",
        ExportState::Cancelled => "Cancelled",
        ExportState::Failed(_) => "Failed",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::field::{CREATED_AT, EMAIL, FIRST_NAME, system_fields};

    fn fields() -> Vec<FieldInfo> {
        let info = |def| FieldInfo {
            def,
            used_by: Vec::new(),
        };
        system_fields().into_iter().map(info).collect()
    }

    #[test]
    fn what_corral_keeps_is_not_ticked_at_first() {
        let ticked = first_fields(&fields());
        assert!(ticked.contains(&EMAIL) && !ticked.contains(&CREATED_AT));
    }

    #[test]
    fn columns_come_in_the_order_of_the_list() {
        assert_eq!(in_order(&fields(), &[FIRST_NAME, EMAIL]), [EMAIL, FIRST_NAME]);
    }

    #[test]
    fn excluded_segments_are_left_out_of_the_count() {
        let who = Who {
            audience: "segment".into(),
            segment: "3".into(),
            excluded: vec![SegmentId(7)],
            ..Who::default()
        };
        let query = who.query().unwrap_or_default();
        assert_eq!(query.filter.to_string(), "all(in:3,out:7)");
    }

    #[test]
    fn a_filter_is_counted_as_it_is_with_exclusions_around_it() {
        let filter = Group::parse("any(in:1,in:2)").unwrap_or_default();
        let query = Query {
            search: "ana".into(),
            filter,
            sort: None,
        };
        let who = Who {
            audience: "filter".into(),
            query,
            excluded: vec![SegmentId(9)],
            ..Who::default()
        };
        let counted = who.query().unwrap_or_default();
        assert_eq!(
            (counted.search.as_str(), counted.filter.to_string().as_str()),
            ("ana", "all(any(in:1,in:2),out:9)")
        );
    }

    #[test]
    fn an_export_needs_a_segment_and_a_field() {
        let who = Who {
            audience: "segment".into(),
            ..Who::default()
        };
        let contacts = What {
            contacts: true,
            ..What::default()
        };
        assert!(fault(&who, &contacts, &[EMAIL], false).is_some());
        assert!(fault(&Who::default(), &contacts, &[], false).is_some());
        assert_eq!(fault(&Who::default(), &contacts, &[], true), None);
    }

    #[test]
    fn an_export_of_activities_needs_a_type_and_no_field() {
        assert!(fault(&Who::default(), &What::default(), &[EMAIL], false).is_some());
        let mut what = What {
            activities: true,
            ..What::default()
        };
        assert!(fault(&Who::default(), &what, &[], false).is_some());
        what.kinds.push(EventKind::Search);
        assert_eq!(fault(&Who::default(), &what, &[], false), None);
        assert!(!what.asks_fields());
    }

    #[test]
    fn fields_with_the_usual_names_give_addresses() {
        let mut all = fields();
        for (id, name) in [(101, "Notes"), (102, "Código postal"), (103, "City")] {
            let mut field = all
                .first()
                .cloned()
                .unwrap_or_else(|| panic!("there are system fields"));
            field.def.id = FieldId(id);
            field.def.name = name.into();
            field.def.status = Status::Custom;
            all.push(field);
        }
        assert_eq!(
            mapped(&all),
            [(AdValue::City, FieldId(103)), (AdValue::Zip, FieldId(102))]
        );
    }

    #[test]
    fn the_choices_of_last_time_come_back() {
        let how = How {
            separator: "semicolon".into(),
            dates: "local".into(),
            encoding: "utf-8-bom".into(),
            guard_formulas: false,
            memberships: true,
        };
        assert_eq!(How::kept(&how.keep()), how);
        assert_eq!(How::kept(""), How::default());
        let unknown = How::kept("tab local");
        assert_eq!(
            (unknown.separator.as_str(), unknown.dates.as_str()),
            ("comma", "local")
        );
    }

    #[test]
    fn the_choices_become_a_specification() {
        let how = How {
            separator: "semicolon".into(),
            dates: "local".into(),
            encoding: "utf-8-bom".into(),
            guard_formulas: true,
            memberships: true,
        };
        let spec = spec(&Who::default(), &how, vec![EMAIL]);
        let spec = spec.unwrap_or_else(|| panic!("all contacts need no segment"));
        assert_eq!(
            (spec.delimiter, spec.dates, spec.encoding, spec.bom),
            (b';', DateFormat::Local, Encoding::Utf8, true)
        );
        assert_eq!(spec.audience, Audience::All);
    }
}
