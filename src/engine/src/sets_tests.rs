//! Set algebra against sets worked out one contact at a time, and what else is done with whole segments.

use crate::edit::Act;
use crate::refused::Refused;
use crate::workspace::Workspace;
use model::analytics::Likeness;
use model::field::{BIRTHDATE, EMAIL, FIRST_NAME, LAST_NAME, MOBILE_PHONE};
use model::history::{CauseKind, HistoryFilter, Scope};
use model::query::{Part, Selection};
use model::segment::{MemberAction, Use};
use model::workflow::StateChange;
use model::{ChangeId, ContactId, FieldId, Group, Mode, Query, Rule, SegmentDef, SegmentId};
use proptest::prelude::*;

fn apply(workspace: &mut Workspace, (_, prepared): Act) {
    if let Some(prepared) = prepared {
        workspace.apply(prepared);
    }
}

fn def(name: &str) -> SegmentDef {
    SegmentDef::named(name.to_owned())
}

/// The contacts of a query.
fn contacts_of(workspace: &Workspace, query: &Query, now: i64) -> Result<Vec<ContactId>, Refused> {
    Ok(workspace.matching(query, now)?.iter().map(ContactId).collect())
}

/// People with an email each, and segments of them by their numbers.
fn people(count: u32, segments: &[Vec<u32>]) -> Workspace {
    let mut workspace = Workspace::new();
    for contact in 0..count {
        let values = [(EMAIL, format!("p{contact}@example.com"))];
        let (_, act) = workspace.create_contact(1, &values).unwrap();
        apply(&mut workspace, act);
    }
    for (at, members) in segments.iter().enumerate() {
        let chosen = Selection::Contacts(members.iter().map(|contact| ContactId(*contact)).collect());
        let (_, act) = workspace
            .create_segment(2 + at as i64, &def(&format!("S{at}")), Some(&chosen))
            .unwrap();
        apply(&mut workspace, act);
    }
    workspace
}

fn is_in(segment: u32, member: bool) -> Rule {
    Rule::Segment {
        segment: SegmentId(segment),
        member,
    }
}

fn all(rules: Vec<Rule>) -> Group {
    Group {
        mode: Mode::All,
        rules,
    }
}

fn set(segment: u32) -> Group {
    all(vec![is_in(segment, true)])
}

proptest! {
    #[test]
    fn overlaps_and_regions_are_what_counting_one_by_one_gives(
        sets in prop::collection::vec(prop::collection::btree_set(0u32..40, 0..40), 1..7),
        gone in prop::collection::btree_set(0u32..40, 0..5),
    ) {
        let lists: Vec<Vec<u32>> = sets.iter().map(|set| set.iter().copied().collect()).collect();
        let mut workspace = people(40, &lists);
        let deleted = Selection::Contacts(gone.iter().map(|contact| ContactId(*contact)).collect());
        let act = workspace.delete_contacts(50, &deleted).unwrap();
        apply(&mut workspace, act);
        let living = || (0..40u32).filter(|contact| !gone.contains(contact));
        let ids: Vec<SegmentId> = (1..=sets.len() as u32).map(SegmentId).collect();
        let overlap = workspace.overlap(&ids).unwrap();
        for (row, one) in sets.iter().enumerate() {
            for (column, other) in sets.iter().enumerate() {
                let both = living().filter(|contact| one.contains(contact) && other.contains(contact)).count();
                prop_assert_eq!(overlap[row * sets.len() + column], both as u64);
            }
        }
        let groups: Vec<Group> = ids.iter().map(|id| set(id.0)).collect();
        let regions = workspace.regions(&groups, 60).unwrap();
        prop_assert_eq!(regions.len(), 1 << sets.len());
        for (region, count) in regions.iter().enumerate() {
            let exactly = living().filter(|contact| {
                sets.iter().enumerate().all(|(at, set)| set.contains(contact) == (region >> at & 1 == 1))
            });
            prop_assert_eq!(*count, exactly.count() as u64);
        }
    }

    #[test]
    fn a_split_divides_everybody_once_by_share_and_the_same_way_each_time(
        members in prop::collection::btree_set(0u32..40, 0..40),
        cut in 1u32..9_999,
        seed in any::<u64>(),
    ) {
        let people = || people(40, &[members.iter().copied().collect()]);
        let parts = [("A".to_owned(), cut), ("B".to_owned(), 10_000 - cut)];
        let mut split = people();
        let (ids, act) = split.split(10, &set(1), &parts, seed).unwrap();
        apply(&mut split, act);
        let (one, other) = (split.members(ids[0]), split.members(ids[1]));
        prop_assert!(one.is_disjoint(&other));
        prop_assert_eq!(&one | &other, split.members(SegmentId(1)));
        let exact = members.len() as u64 * u64::from(cut);
        prop_assert!(one.len() * 10_000 < exact + 10_000 && one.len() * 10_000 + 10_000 > exact);
        let mut again = people();
        let (_, act) = again.split(10, &set(1), &parts, seed).unwrap();
        apply(&mut again, act);
        prop_assert_eq!(again.members(ids[0]), one);
    }
}

#[test]
fn too_many_sets_and_deleted_ones_are_refused() {
    let workspace = people(3, &[vec![0]]);
    assert_eq!(workspace.regions(&vec![set(1); 7], 9), Err(Refused::TooManySets));
    assert_eq!(workspace.regions(&[set(9)], 9), Err(Refused::NoSuchSegment));
    assert_eq!(workspace.overlap(&[SegmentId(9)]), Err(Refused::NoSuchSegment));
    assert_eq!(workspace.regions(&[], 9), Ok(vec![3]));
}

#[test]
fn a_formula_is_remembered_and_refreshed_and_says_when_it_is_broken() {
    let mut workspace = people(6, &[vec![0, 1, 2], vec![2, 3]]);
    let formula = all(vec![is_in(1, true), is_in(2, false)]);
    let (id, act) = workspace.combine(10, &def("Difference"), &formula).unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.members(id).iter().collect::<Vec<_>>(), [0, 1]);
    assert_eq!(workspace.formula(id), Some(&formula));
    // Somebody goes into what is taken away, somebody new comes.
    let moved = Selection::Contacts(vec![ContactId(1)]);
    let act = workspace
        .set_members(11, SegmentId(2), MemberAction::Add, &moved)
        .unwrap();
    apply(&mut workspace, act);
    let act = workspace
        .set_members(
            12,
            SegmentId(1),
            MemberAction::Add,
            &Selection::Contacts(vec![ContactId(5)]),
        )
        .unwrap();
    apply(&mut workspace, act);
    let (come, go, stay) = workspace.refreshed(id, 13).unwrap();
    assert_eq!(
        (
            come.iter().collect::<Vec<_>>(),
            go.iter().collect::<Vec<_>>(),
            stay
        ),
        (vec![5], vec![1], 1)
    );
    let act = workspace.refresh(13, &[id]).unwrap();
    assert_eq!(act.0.what, "Refreshed segment Difference: 1 came, 1 went");
    apply(&mut workspace, act);
    assert_eq!(workspace.members(id).iter().collect::<Vec<_>>(), [0, 5]);
    assert!(workspace.refresh(14, &[id]).unwrap().1.is_none());
    assert_eq!(
        workspace.refresh(14, &[SegmentId(1)]).unwrap_err(),
        Refused::BrokenFormula("S0".into(), Box::new(Refused::NoFormula("S0".into())))
    );
    // A copy remembers it too.
    let (copy, act) = workspace.duplicate_segment(15, id).unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.formula(copy), Some(&formula));
    // The deletion of a segment is told of, and breaks the formula.
    let uses: Vec<String> = workspace
        .uses_of_segment(SegmentId(2))
        .iter()
        .map(Use::to_string)
        .collect();
    assert_eq!(uses, ["formula of Difference", "formula of Difference (copy)"]);
    let act = workspace.delete_segment(16, SegmentId(2), false).unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.refreshed(id, 17), Err(Refused::NoSuchSegment));
    assert_eq!(
        workspace.refresh(17, &[id]).unwrap_err(),
        Refused::BrokenFormula("Difference".into(), Box::new(Refused::NoSuchSegment))
    );
}

#[test]
fn what_uses_a_segment_and_cannot_do_without_it_keeps_it_from_being_deleted() {
    let mut workspace = people(2, &[vec![0], vec![1]]);
    let graph = crate::workflow::tests::row(
        vec![
            crate::workflow::tests::start(),
            crate::workflow::tests::on(model::event::EventKind::Purchase),
            crate::workflow::tests::add(1),
        ],
        &[],
    );
    let (id, act) = workspace.create_workflow(10, "Welcome", "", &graph).unwrap();
    apply(&mut workspace, act);
    // A draft is told of only.
    assert!(workspace.delete_segment(10, SegmentId(1), true).is_ok());
    assert_eq!(workspace.overview(10).segments[0].used_by.len(), 1);
    let act = workspace.change_workflow(10, id, StateChange::Activate).unwrap();
    apply(&mut workspace, act);
    assert_eq!(
        workspace.delete_segment(10, SegmentId(1), true).unwrap_err(),
        Refused::InUse("S0".into(), vec!["workflow Welcome, node Add to segment".into()])
    );
    assert!(workspace.delete_segment(10, SegmentId(2), true).is_ok());
    let act = workspace.delete_workflow(10, id).unwrap();
    apply(&mut workspace, act);
    assert!(workspace.uses_of_segment(SegmentId(1)).is_empty());
}

#[test]
fn a_sample_is_as_large_as_asked_and_shares_that_do_not_add_up_are_refused() {
    let mut workspace = people(10, &[vec![0, 1, 2, 3, 4]]);
    for (count, refused) in [(0, true), (6, true), (5, false), (3, false)] {
        let drawn = workspace.sample(10, &set(1), &format!("Sample {count}"), count, 42);
        match refused {
            true => assert_eq!(drawn.unwrap_err(), Refused::BadSample(5)),
            false => {
                let (id, act) = drawn.unwrap();
                apply(&mut workspace, act);
                assert_eq!(workspace.members(id).len(), count);
            }
        }
    }
    let parts = |shares: &[u32]| -> Vec<(String, u32)> {
        shares
            .iter()
            .enumerate()
            .map(|(at, share)| (format!("P{at}"), *share))
            .collect()
    };
    for (shares, total) in [
        (&[5_000, 4_999][..], 9_999),
        (&[10_000], 10_000),
        (&[9_000, 2_000], 11_000),
    ] {
        assert_eq!(
            workspace.split(20, &set(1), &parts(shares), 1).unwrap_err(),
            Refused::BadShares(total)
        );
    }
    let twice = [("Same".to_owned(), 5_000), ("same".to_owned(), 5_000)];
    assert_eq!(
        workspace.split(20, &set(1), &twice, 1).unwrap_err(),
        Refused::NameTaken("same".into())
    );
}

#[test]
fn the_history_is_that_of_what_is_asked_about_and_each_change_says_what_it_did() {
    let mut workspace = people(4, &[vec![0, 1], vec![3]]);
    let act = workspace
        .edit_contact(20, ContactId(1), FIRST_NAME, "Ána")
        .unwrap();
    apply(&mut workspace, act);
    let formula = set(1);
    let (id, act) = workspace.combine(21, &def("Copy"), &formula).unwrap();
    apply(&mut workspace, act);
    let told = |scope, filter: HistoryFilter| -> Vec<String> {
        let (total, page) = workspace.history(scope, &filter, 0, 100);
        assert_eq!(total as usize, page.len());
        page.into_iter().map(|change| change.what).collect()
    };
    let any = HistoryFilter::default;
    assert_eq!(told(Scope::All, any()).len(), 8);
    assert_eq!(
        told(Scope::Segment(id), any()),
        ["Combined 2 contacts into segment Copy"]
    );
    assert_eq!(
        told(Scope::Contact(ContactId(1)), any()),
        [
            "Combined 2 contacts into segment Copy",
            "Set First name of 1 contact",
            "Created segment S0 with 2 contacts",
            "Created 1 contact"
        ]
    );
    let by = HistoryFilter {
        cause: Some(CauseKind::SetOperation),
        ..any()
    };
    assert_eq!(told(Scope::All, by).len(), 1);
    let words = HistoryFilter {
        text: "SEGMENT created".into(),
        ..any()
    };
    assert_eq!(told(Scope::All, words).len(), 2);
    let undone = HistoryFilter {
        undone: Some(true),
        ..any()
    };
    assert!(told(Scope::All, undone).is_empty());
    let before = HistoryFilter {
        before: Some(20),
        ..any()
    };
    assert_eq!(told(Scope::All, before).len(), 6);
    // What it did to a contact, and whom it concerned.
    let (_, of_her) = workspace.history(Scope::Contact(ContactId(1)), &any(), 1, 1);
    let change = of_her[0].contact.clone().unwrap();
    assert_eq!(change.values, [(FIRST_NAME, "Ána".to_owned())]);
    let detail = workspace.change_detail(ChangeId(8), Some(ContactId(1))).unwrap();
    assert_eq!(detail.formula, Some(formula));
    assert_eq!(detail.summary.contact.unwrap().joined, [id]);
    assert_eq!(
        (detail.effects[2].what.as_str(), detail.effects[2].count),
        ("2 contacts joined Copy", 2)
    );
    let rule = Rule::Change {
        change: ChangeId(8),
        part: Part::Joined,
    };
    let query = Query {
        filter: all(vec![rule]),
        ..Query::default()
    };
    assert_eq!(
        contacts_of(&workspace, &query, 30).unwrap(),
        [ContactId(0), ContactId(1)]
    );
    assert_eq!(
        workspace.change_detail(ChangeId(99), None).unwrap_err(),
        Refused::NoSuchChange
    );
}

#[test]
fn a_segment_can_be_seen_compared_and_restored_as_of_any_moment() {
    let mut workspace = people(5, &[vec![0, 1, 2]]);
    let act = workspace
        .set_members(
            100,
            SegmentId(1),
            MemberAction::Replace,
            &Selection::Contacts(vec![ContactId(2), ContactId(3)]),
        )
        .unwrap();
    apply(&mut workspace, act);
    let act = workspace
        .delete_contacts(200, &Selection::Contacts(vec![ContactId(0)]))
        .unwrap();
    apply(&mut workspace, act);
    let then = workspace.as_of(SegmentId(1), 99).unwrap();
    assert_eq!((then.members, then.living, then.created), (3, 2, 2));
    assert_eq!(workspace.as_of(SegmentId(1), 1).unwrap().members, 0);
    let compared = workspace.compare(SegmentId(1), 250, 99).unwrap();
    assert_eq!(
        (
            compared.came.all,
            compared.went.all,
            compared.went.living,
            compared.stayed.all
        ),
        (1, 2, 1, 1)
    );
    let then = Query {
        filter: all(vec![Rule::SegmentAt {
            segment: SegmentId(1),
            member: true,
            at: 99,
        }]),
        ..Query::default()
    };
    assert_eq!(
        contacts_of(&workspace, &then, 300).unwrap(),
        [ContactId(1), ContactId(2)]
    );
    let chosen = Selection::Matching {
        query: then,
        except: Vec::new(),
    };
    let (id, act) = workspace
        .create_segment(300, &def("S0 then"), Some(&chosen))
        .unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.members(id).len(), 2);
}

/// Values by field, for a contact.
fn person(workspace: &mut Workspace, values: &[(FieldId, &str)]) -> ContactId {
    let values: Vec<_> = values
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    let (id, act) = workspace.create_contact(1, &values).unwrap();
    apply(workspace, act);
    id
}

#[test]
fn likely_duplicates_are_found_with_why_and_merged() {
    let mut workspace = Workspace::new();
    let ana = person(
        &mut workspace,
        &[
            (EMAIL, "ana.lopez@example.com"),
            (FIRST_NAME, "Ana"),
            (LAST_NAME, "López"),
            (BIRTHDATE, "1990-02-03"),
        ],
    );
    let plus = person(
        &mut workspace,
        &[
            (EMAIL, "analopez+shop@example.com"),
            (MOBILE_PHONE, "+34600111222"),
        ],
    );
    let upper = person(
        &mut workspace,
        &[
            (EMAIL, "other@example.com"),
            (FIRST_NAME, "ANA"),
            (LAST_NAME, "Lopez"),
            (BIRTHDATE, "1990-02-03"),
        ],
    );
    person(
        &mut workspace,
        &[
            (EMAIL, "ana.lopez@example.org"),
            (FIRST_NAME, "Ana"),
            (LAST_NAME, "López"),
            (BIRTHDATE, "1991-02-03"),
        ],
    );
    let (id, act) = workspace
        .create_segment(5, &def("Plus"), Some(&Selection::Contacts(vec![plus])))
        .unwrap();
    apply(&mut workspace, act);
    let search = |workspace: &Workspace| {
        let mut search = crate::merge::DuplicateSearch::new(workspace);
        loop {
            if let Some(found) = search.step(workspace) {
                break workspace.duplicates(&found, 0, 10);
            }
        }
    };
    let found = search(&workspace);
    assert_eq!(found.len(), 1);
    let ids: Vec<ContactId> = found[0].contacts.iter().map(|(id, ..)| *id).collect();
    assert_eq!(ids, [ana, plus, upper]);
    assert_eq!(found[0].why, [Likeness::NameAndBirthdate, Likeness::Email]);
    assert_eq!(found[0].contacts[0].1, "Ana López");
    let values = [(MOBILE_PHONE, plus), (EMAIL, plus)];
    let act = workspace.merge(10, ana, &[plus, upper], &values).unwrap();
    assert_eq!(act.0.what, "Merged 3 contacts into one");
    apply(&mut workspace, act);
    assert_eq!(workspace.alive().len(), 2);
    assert_eq!(workspace.find(EMAIL, "analopez+shop@example.com"), Some(ana));
    assert_eq!(workspace.find(EMAIL, "ana.lopez@example.com"), None);
    assert_eq!(workspace.members(id).iter().collect::<Vec<_>>(), [ana.0]);
    assert!(search(&workspace).is_empty());
    assert_eq!(
        workspace.merge(11, ana, &[ana], &[]).unwrap_err(),
        Refused::NothingToMerge
    );
    assert_eq!(
        workspace.merge(11, ana, &[plus], &[]).unwrap_err(),
        Refused::NoSuchContact
    );
    let last = ChangeId(workspace.version());
    let (_, prepared) = workspace.prepare_stand(12, last, false).unwrap();
    workspace.apply(prepared);
    assert_eq!(workspace.find(EMAIL, "analopez+shop@example.com"), Some(plus));
    assert_eq!(workspace.find(EMAIL, "ana.lopez@example.com"), Some(ana));
    assert_eq!(workspace.members(id).iter().collect::<Vec<_>>(), [plus.0]);
}

#[test]
fn a_phone_that_many_share_is_listed_by_a_few_and_how_many_more() {
    let mut workspace = Workspace::new();
    for at in 0..15 {
        let email = format!("s{at}@example.com");
        person(&mut workspace, &[(EMAIL, &email), (MOBILE_PHONE, "+34900000000")]);
    }
    let mut search = crate::merge::DuplicateSearch::new(&workspace);
    let found = loop {
        if let Some(found) = search.step(&workspace) {
            break found;
        }
    };
    let groups = workspace.duplicates(&found, 0, 10);
    assert_eq!(
        (groups.len(), groups[0].contacts.len(), groups[0].more),
        (1, 10, 5)
    );
}

#[test]
fn a_segment_deleted_with_its_contacts_comes_back_whole() {
    let mut workspace = people(6, &[vec![0, 1, 2], vec![2, 3], vec![1, 2, 5]]);
    let before: Vec<Vec<u32>> = (1..=3)
        .map(|id| workspace.members(SegmentId(id)).iter().collect())
        .collect();
    let act = workspace.delete_segment(10, SegmentId(1), true).unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.alive().len(), 3);
    assert_eq!(workspace.members(SegmentId(2)).iter().collect::<Vec<_>>(), [3]);
    let last = ChangeId(workspace.version());
    let (_, prepared) = workspace.prepare_stand(11, last, false).unwrap();
    workspace.apply(prepared);
    let after: Vec<Vec<u32>> = (1..=3)
        .map(|id| workspace.members(SegmentId(id)).iter().collect())
        .collect();
    assert_eq!(after, before);
}

#[test]
fn nothing_that_only_an_erased_person_had_is_left() {
    let mut workspace = people(3, &[vec![0, 1]]);
    let secret = [
        "eva.unique@example.com",
        "Xanthippe",
        "Quux-Zyzzy",
        "+34999888777",
    ];
    let eva = person(
        &mut workspace,
        &[
            (EMAIL, secret[0]),
            (FIRST_NAME, secret[1]),
            (LAST_NAME, "Smith"),
            (MOBILE_PHONE, secret[3]),
        ],
    );
    person(
        &mut workspace,
        &[(EMAIL, "other@example.com"), (LAST_NAME, "Smith")],
    );
    for (at, (field, text)) in [
        (20, (LAST_NAME, secret[2])),
        (21, (LAST_NAME, "Smith")),
        (22, (FIRST_NAME, "Eva")),
    ] {
        let act = workspace.edit_contact(at, eva, field, text).unwrap();
        apply(&mut workspace, act);
    }
    let named = Query {
        search: secret[0].to_owned(),
        filter: all(vec![
            Rule::Field {
                field: FIRST_NAME,
                op: model::Op::Is,
                values: vec![secret[1].to_uppercase()],
            },
            Rule::Search(format!("to {}", secret[0])),
            Rule::Field {
                field: LAST_NAME,
                op: model::Op::Is,
                values: vec!["Smith".into()],
            },
        ]),
        sort: None,
    };
    let saved = model::query::SavedFilter {
        name: "Hers".into(),
        query: named.clone(),
    };
    let act = workspace.save_filter(30, &saved).unwrap();
    apply(&mut workspace, act);
    let (_, act) = workspace.combine(31, &def("Formula"), &named.filter).unwrap();
    apply(&mut workspace, act);
    let act = workspace
        .set_members(
            32,
            SegmentId(1),
            MemberAction::Add,
            &Selection::Contacts(vec![eva]),
        )
        .unwrap();
    apply(&mut workspace, act);
    let then = workspace.members_at(SegmentId(1), 32).len();
    let erasure = workspace.erase(40, &[eva.0].into_iter().collect()).unwrap();
    let rejects = "\u{feff}email,first_name,line,column,reason\r\nother@example.com,Bo,2,email,no\r\nEVA.unique@example.com,E,3,email,no\r\n";
    let rest = erasure.private.scrubbed_rejects(rejects.as_bytes()).unwrap();
    let rest = String::from_utf8(rest).unwrap();
    assert!(
        rest.contains("other@example.com,Bo,2") && rest.contains("email,first_name"),
        "{rest}"
    );
    assert!(!rest.to_lowercase().contains("eva.unique"));
    assert_eq!(erasure.private.scrubbed_rejects(b"a,b\r\n1,2\r\n"), None);
    // A file keeps its separator, and its other rows stay as they are.
    let rejects = "email;first_name;line;column;reason\r\no@example.com;\"B;o\";2;email;no\r\nx;xanthippe;3;email;no\r\n";
    let rest = erasure.private.scrubbed_rejects(rejects.as_bytes()).unwrap();
    assert_eq!(
        String::from_utf8(rest).unwrap().trim_start_matches('\u{feff}'),
        "email;first_name;line;column;reason\r\no@example.com;\"B;o\";2;email;no\r\n"
    );
    workspace.erased(erasure);
    for entry in workspace.journal().iter() {
        let bytes = entry.set.to_bytes();
        let text = String::from_utf8_lossy(&bytes).to_lowercase();
        for secret in secret {
            assert!(
                !text.contains(&secret.to_lowercase()),
                "{secret} is in {}",
                entry.set.what
            );
        }
    }
    // What was asked by her values finds nobody, and not everybody.
    let hers = workspace.overview(50).filters[0].query.clone();
    assert!(contacts_of(&workspace, &hers, 50).unwrap().is_empty());
    assert_eq!(workspace.refreshed(SegmentId(2), 50).unwrap().0.len(), 0);
    // What others have too stays theirs, and past counts stay.
    assert_eq!(workspace.search("smith").len(), 1);
    let smith = workspace.overview(50).filters[0].query.filter.rules[2].clone();
    assert_eq!(smith, named.filter.rules[2]);
    assert_eq!(workspace.members_at(SegmentId(1), 32).len(), then);
    assert_eq!(workspace.members(SegmentId(1)).len(), 2);
    assert_eq!(workspace.sheet(eva).unwrap_err(), Refused::NoSuchContact);
    // It is for good, whatever is undone.
    let last = ChangeId(workspace.version());
    assert_eq!(
        workspace.prepare_stand(60, last, false).unwrap_err(),
        Refused::ForGood
    );
    let made = ChangeId(5);
    let (_, prepared) = workspace.prepare_stand(61, made, false).unwrap();
    workspace.apply(prepared);
    let (_, prepared) = workspace.prepare_stand(62, made, true).unwrap();
    workspace.apply(prepared);
    assert!(!workspace.alive().contains(eva.0));
    assert_eq!(workspace.find(EMAIL, secret[0]), None);
}

#[test]
fn a_rule_without_a_value_ends() {
    let workspace = people(3, &[]);
    let rule = Rule::Field {
        field: EMAIL,
        op: model::Op::Contains,
        values: vec![" ".into()],
    };
    let query = Query {
        filter: all(vec![rule]),
        ..Query::default()
    };
    assert_eq!(contacts_of(&workspace, &query, 9).unwrap().len(), 3);
}

#[test]
fn who_was_merged_into_an_erased_person_or_had_her_key_before_goes_too() {
    let mut workspace = Workspace::new();
    let old = person(&mut workspace, &[(EMAIL, "eva@example.com")]);
    let act = workspace
        .delete_contacts(5, &Selection::Contacts(vec![old]))
        .unwrap();
    apply(&mut workspace, act);
    let eva = person(&mut workspace, &[(EMAIL, "eva@example.com")]);
    let twin = person(&mut workspace, &[(EMAIL, "eva.twin@example.com")]);
    let other = person(&mut workspace, &[(EMAIL, "other@example.com")]);
    let act = workspace.merge(6, eva, &[twin], &[]).unwrap();
    apply(&mut workspace, act);
    let gone = workspace.with_the_dead(&[eva.0].into_iter().collect());
    assert_eq!(gone.iter().collect::<Vec<_>>(), [old.0, eva.0, twin.0]);
    let erasure = workspace.erase(7, &gone).unwrap();
    assert_eq!(erasure.last.set.what, "Erased 1 contact permanently");
    workspace.erased(erasure);
    assert_eq!(workspace.alive().iter().collect::<Vec<_>>(), [other.0]);
    for entry in workspace.journal().iter() {
        let bytes = entry.set.to_bytes();
        assert!(
            !String::from_utf8_lossy(&bytes).contains("eva"),
            "{}",
            entry.set.what
        );
    }
}

/// Forgets what was written before a moment.
fn forget(workspace: &mut Workspace, moment: i64) {
    let mut forgetting = crate::forget::Forgetting::new(workspace, moment).unwrap();
    let forgotten = loop {
        if let Some(whole) = forgetting.step(workspace).unwrap() {
            break whole;
        }
    };
    workspace.forgotten(forgotten);
}

#[test]
fn who_stays_only_because_of_a_later_write_stays_when_the_history_before_is_forgotten() {
    let mut workspace = Workspace::new();
    let ana = person(&mut workspace, &[(EMAIL, "ana@example.com")]);
    let act = workspace.edit_contact(10, ana, FIRST_NAME, "Ana").unwrap();
    apply(&mut workspace, act);
    let act = workspace
        .delete_contacts(11, &Selection::Contacts(vec![ana]))
        .unwrap();
    apply(&mut workspace, act);
    for change in [3, 1] {
        let (_, prepared) = workspace.prepare_stand(12, ChangeId(change), false).unwrap();
        workspace.apply(prepared);
    }
    assert!(workspace.alive().contains(ana.0));
    forget(&mut workspace, 5);
    assert_eq!(workspace.find(EMAIL, "ana@example.com"), Some(ana));
    assert_eq!(workspace.search("ana").len(), 1);
}

#[test]
fn what_was_forgotten_is_refused_and_not_guessed() {
    let mut workspace = people(3, &[vec![0]]);
    let act = workspace
        .set_members(
            100,
            SegmentId(1),
            MemberAction::Add,
            &Selection::Contacts(vec![ContactId(1)]),
        )
        .unwrap();
    apply(&mut workspace, act);
    forget(&mut workspace, 50);
    assert_eq!(workspace.as_of(SegmentId(1), 1).unwrap_err(), Refused::Forgotten);
    assert_eq!(
        workspace.compare(SegmentId(1), 1, 200).unwrap_err(),
        Refused::Forgotten
    );
    assert_eq!(workspace.as_of(SegmentId(1), 99).unwrap().members, 1);
    let find = |rule| {
        let query = Query {
            filter: all(vec![rule]),
            ..Query::default()
        };
        contacts_of(&workspace, &query, 300)
    };
    let was = Rule::SegmentAt {
        segment: SegmentId(1),
        member: false,
        at: 1,
    };
    assert_eq!(find(was), Err(Refused::Forgotten));
    let by = Rule::Change {
        change: ChangeId(4),
        part: Part::Created,
    };
    assert_eq!(find(by), Err(Refused::NoSuchChange));
}
