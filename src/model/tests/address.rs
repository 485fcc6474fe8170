//! The address bar's forms: what is written is read back as it was.

use model::query::{Part, Sort};
use model::{ChangeId, ContactId, FieldId, Group, Mode, Op, Query, Route, Rule, SegmentId};
use proptest::prelude::*;

fn text() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9 ]{1,8}",
        any::<String>().prop_filter("empty", |text| !text.is_empty())
    ]
}

fn leaf() -> impl Strategy<Value = Rule> {
    let op = prop::sample::select(vec![
        Op::Is,
        Op::Contains,
        Op::In,
        Op::Between,
        Op::Empty,
        Op::AnniversaryInDays,
        Op::Weekday,
    ]);
    let part = prop::sample::select(vec![
        Part::Created,
        Part::Deleted,
        Part::Written,
        Part::Joined,
        Part::Left,
    ]);
    prop_oneof![
        (any::<u32>(), any::<bool>()).prop_map(|(id, member)| Rule::Segment {
            segment: SegmentId(id),
            member
        }),
        (any::<u32>(), any::<bool>(), any::<i64>()).prop_map(|(id, member, at)| Rule::SegmentAt {
            segment: SegmentId(id),
            member,
            at
        }),
        (any::<u64>(), part).prop_map(|(change, part)| Rule::Change {
            change: ChangeId(change),
            part
        }),
        text().prop_map(Rule::Search),
        (any::<u16>(), op, prop::collection::vec(text(), 3)).prop_map(|(field, op, values)| {
            let values = values.into_iter().take(op.arity().min(3)).collect();
            Rule::Field {
                field: FieldId(field),
                op,
                values,
            }
        }),
    ]
}

fn group() -> impl Strategy<Value = Group> {
    let mode = || prop::sample::select(vec![Mode::All, Mode::Any, Mode::None]);
    let flat = (mode(), prop::collection::vec(leaf(), 0..4)).prop_map(|(mode, rules)| Group { mode, rules });
    flat.prop_recursive(3, 12, 3, move |inner| {
        let rule = prop_oneof![leaf(), inner.prop_map(Rule::Group)];
        (mode(), prop::collection::vec(rule, 0..4)).prop_map(|(mode, rules)| Group { mode, rules })
    })
}

fn query() -> impl Strategy<Value = Query> {
    let sort = prop::option::of((any::<u16>(), any::<bool>()));
    ("[a-z ñ%&#?=]{0,8}", group(), sort).prop_map(|(search, filter, sort)| Query {
        search,
        // An empty group is not written, whatever its mode.
        filter: if filter.is_empty() {
            Group::default()
        } else {
            filter
        },
        sort: sort.map(|(field, descending)| Sort {
            field: FieldId(field),
            descending,
        }),
    })
}

fn route() -> impl Strategy<Value = Route> {
    let segment = || any::<u32>().prop_map(SegmentId);
    let contact = || any::<u32>().prop_map(ContactId);
    let change = || any::<u64>().prop_map(ChangeId);
    let plain = prop::sample::select(vec![
        Route::NewContact,
        Route::Duplicates,
        Route::Import(None),
        Route::Imports,
        Route::Exports,
        Route::Segments,
        Route::NewSegment,
        Route::Overlap,
        Route::Refresh,
        Route::Fields,
        Route::History,
        Route::Data,
    ]);
    prop_oneof![
        plain,
        query().prop_map(Route::Contacts),
        query().prop_map(Route::Export),
        contact().prop_map(Route::Contact),
        contact().prop_map(Route::ContactHistory),
        prop::collection::vec(contact(), 0..4).prop_map(Route::Merge),
        prop::collection::vec(segment(), 0..4).prop_map(Route::Combine),
        segment().prop_map(|id| Route::Import(Some(id))),
        change().prop_map(Route::ImportResult),
        segment().prop_map(Route::EditSegment),
        segment().prop_map(Route::SegmentKeys),
        segment().prop_map(Route::SegmentAnalytics),
        segment().prop_map(Route::SegmentHistory),
        segment().prop_map(Route::Split),
        segment().prop_map(Route::Sample),
        (change(), prop::option::of(contact())).prop_map(|(change, contact)| Route::Change(change, contact)),
    ]
}

proptest! {
    #[test]
    fn a_filter_is_read_back_as_it_was_written(group in group()) {
        prop_assert_eq!(Group::parse(&group.to_string()), Some(group));
    }

    #[test]
    fn a_route_is_read_back_as_it_was_written(route in route()) {
        prop_assert_eq!(Route::parse(&route.to_string()), route);
    }

    #[test]
    fn no_address_makes_anything_fall_over(address in any::<String>()) {
        Route::parse(&address);
        Group::parse(&address);
    }
}
