//! What a newcomer finds in the demo, and that it comes and goes in one step.

use crate::Refused;
use crate::edit::Act;
use crate::export::Exporting;
use crate::journal::{Cause, Effect};
use crate::simulation::default_catalogue;
use crate::stored::Stored;
use crate::value::decimal;
use crate::workspace::{Prepared, Workspace};
use model::event::{EventDraft, EventKind, Product, UNIT};
use model::export::{Audience, DateFormat, ExportOrder, ExportSpec};
use model::field::*;
use model::history::{CauseLabel, HistoryFilter, Scope, UndoPreview};
use model::import::Encoding;
use model::message::{Request, Rows};
use model::query::{Query, Selection, Sort};
use model::workflow::{StateChange, Template, WorkflowState};
use model::{ChangeId, ContactId, FieldDef, FieldId, Group, SegmentDef, SegmentId, Status, WorkflowId};
use roaring::RoaringBitmap;

/// 2026-11-23T22:30:00Z
pub(super) const NOW: i64 = 1_795_473_000_000;
pub(super) const DAY: i64 = 86_400_000;

pub(super) fn load(workspace: &mut Workspace) -> ChangeId {
    let demo = workspace.load_demo(NOW).unwrap();
    demo.into_iter().for_each(|prepared| workspace.apply(prepared));
    workspace.overview(NOW).demo.unwrap()
}

pub(crate) fn loaded() -> (Workspace, ChangeId) {
    let mut workspace = Workspace::new();
    let demo = load(&mut workspace);
    (workspace, demo)
}

pub(super) fn stand(workspace: &mut Workspace, change: ChangeId, stands: bool) -> UndoPreview {
    let (preview, prepared) = workspace.prepare_stand(NOW, change, stands).unwrap();
    workspace.apply(prepared);
    preview
}

pub(super) fn apply(workspace: &mut Workspace, (_, prepared): Act) {
    workspace.apply(prepared.unwrap());
}

pub(super) fn segment(workspace: &Workspace, name: &str) -> SegmentId {
    workspace.segment_named(name).unwrap().id
}

pub(super) fn members(workspace: &Workspace, name: &str) -> u64 {
    workspace.members(segment(workspace, name)).len()
}

fn having(workspace: &Workspace, field: FieldId, value: &str) -> usize {
    let column = workspace.column(field).unwrap();
    let contacts = workspace.alive().iter();
    contacts
        .filter(|contact| column.text(*contact) == value.as_bytes())
        .count()
}

fn filled(workspace: &Workspace, field: FieldId) -> u64 {
    workspace
        .column(field)
        .unwrap()
        .filled()
        .intersection_len(workspace.alive())
}

pub(super) fn ana(workspace: &Workspace) -> ContactId {
    workspace.find(EMAIL, "ana.lopez@example.com").unwrap()
}

/// Everything a person can see: every contact with every value, fields, and segments with their growth.
fn everything(workspace: &Workspace) -> String {
    let spec = ExportSpec {
        audience: Audience::All,
        excluded: Vec::new(),
        fields: workspace.fields().map(|def| def.id).collect(),
        memberships: true,
        delimiter: b',',
        dates: DateFormat::Iso,
        encoding: Encoding::Utf8,
        bom: false,
        guard_formulas: false,
    };
    let mut export = Exporting::new(workspace, &ExportOrder::Contacts(spec), NOW).unwrap();
    while export.step(1000) {}
    let overview = workspace.overview(NOW);
    let text = String::from_utf8(export.take()).unwrap();
    let events: Vec<_> = workspace
        .alive()
        .iter()
        .map(|contact| workspace.events(ContactId(contact), None, 0, 3))
        .collect();
    let workflows = workspace.workflow_list(NOW);
    let stats: Vec<_> = workspace.workflows().map(|def| workspace.stats(def)).collect();
    let (fields, segments, due) = (overview.fields, overview.segments, workspace.next_due(NOW));
    let catalogue = workspace.catalogue();
    format!("{text}{fields:#?}{segments:#?}{workflows:#?}{stats:?}{due:?}{events:?}{catalogue:?}")
}

#[test]
fn the_shop_has_the_contacts_that_it_is_said_to_have() {
    let (workspace, _) = loaded();
    assert_eq!(workspace.alive().len(), 5000);
    let statuses = ["subscribed", "unsubscribed", "none"];
    assert_eq!(
        statuses.map(|status| having(&workspace, NEWSLETTER_STATUS, status)),
        [3100, 600, 1300]
    );
    assert_eq!(filled(&workspace, EMAIL), 4700);
    assert_eq!(having(&workspace, EMAIL_STATUS, "bounced"), 80);
    assert_eq!(filled(&workspace, MOBILE_PHONE), 3179);
    assert_eq!(filled(&workspace, BIRTHDATE), 3491);
    assert_eq!(
        (filled(&workspace, CONSENT_AT), filled(&workspace, CONSENT_SOURCE)),
        (3700, 3700)
    );
    assert_eq!(workspace.values_of(LAST_UNSUBSCRIBED_AT).filled().len(), 600);
    let names: Vec<(&str, u64)> = workspace
        .fields()
        .filter(|def| def.status == Status::Custom)
        .map(|def| (def.name.as_str(), filled(&workspace, def.id)))
        .collect();
    let expected = [
        ("City", 5000),
        ("Preferred category", 2968),
        ("Sizes", 2115),
        ("Level", 1923),
    ];
    assert_eq!(names, expected);
}

#[test]
fn buyers_and_their_purchases_add_up() {
    let (workspace, _) = loaded();
    let counts = workspace.values_of(TOTAL_PURCHASES);
    let amounts = workspace.values_of(TOTAL_PURCHASE_AMOUNT);
    let buyers = counts.filled();
    assert_eq!(buyers, workspace.members(segment(&workspace, "Buyers")));
    assert_eq!(buyers.len(), 2050);
    assert_eq!(
        buyers.iter().map(|contact| counts.number(contact)).sum::<i64>(),
        6200
    );
    let cents = |contact| decimal::key(amounts.number(contact)) / 10i128.pow(13);
    assert_eq!(buyers.iter().map(cents).sum::<i128>(), 40_286_900);
    let newsletter = workspace.members(segment(&workspace, "Newsletter import"));
    assert_eq!(
        workspace.members(segment(&workspace, "Newsletter buyers")),
        newsletter & buyers
    );
}

#[test]
fn purchases_are_events_but_for_those_from_before_the_demo_begins() {
    let (workspace, _) = loaded();
    let before = workspace.column(PURCHASES_BEFORE).unwrap();
    let sum: i64 = before.filled().iter().map(|contact| before.number(contact)).sum();
    assert_eq!((before.filled().len(), sum), (949, 1357));
    let mut kinds = std::collections::BTreeMap::new();
    for contact in workspace.alive() {
        let created = workspace.values_of(CREATED_AT).number(contact);
        for (_, row) in workspace.log.events(contact) {
            let kind = row.kind().unwrap();
            *kinds.entry(kind.label()).or_insert(0) += 1;
            assert!(created < row.when() && row.when() < NOW, "{kind:?}");
            if kind != EventKind::Purchase {
                continue;
            }
            let item = row.item().unwrap();
            assert_eq!((row.amount(), item.quantity), (item.price, 1));
            assert_eq!(workspace.log.product(item.product).unwrap().price, item.price);
        }
    }
    let kinds: Vec<_> = kinds.into_iter().collect();
    let expected = [
        ("Added to cart", 4035),
        ("Cart abandoned", 657),
        ("Email sent", 610),
        ("Login", 3481),
        ("Page visited", 1018),
        ("Product visited", 11_897),
        ("Purchase", 6200 - 1357),
        ("Search", 1190),
    ];
    assert_eq!(kinds, expected);
    assert!(!workspace.log.has_late());
}

#[test]
fn the_segments_have_their_members_and_say_what_they_are_for() {
    let (workspace, _) = loaded();
    let sizes: Vec<(&str, u64)> = workspace
        .segments()
        .map(|def| (def.name.as_str(), workspace.members(def.id).len()))
        .collect();
    let expected = [
        ("Test segment", 3),
        ("Buyers", 2050),
        ("Interested in Footwear", 312),
        ("Newsletter import", 1200),
        ("Do not contact", 95),
        ("Fair leads", 420),
        ("VIP", 186),
        ("Win-back", 640),
        ("Newsletter buyers", 611),
    ];
    assert_eq!(sizes, expected);
    assert!(
        workspace
            .segments()
            .all(|def| !def.description.is_empty() && !def.tags.is_empty())
    );
    let named = |pick: fn(&SegmentDef) -> bool| -> Vec<&str> {
        workspace
            .segments()
            .filter(|def| pick(def))
            .map(|def| def.name.as_str())
            .collect()
    };
    assert_eq!(
        (named(|def| def.pinned), named(|def| def.archived)),
        (vec!["VIP"], vec!["Fair leads"])
    );

    let footwear = segment(&workspace, "Interested in Footwear");
    let (mut entered, mut left) = (0, 0);
    for effect in workspace.journal().iter().flat_map(|entry| &entry.set.effects) {
        if let Effect::Members {
            segment,
            added,
            removed,
        } = effect
            && *segment == footwear
        {
            (entered, left) = (entered + added.len(), left + removed.len());
        }
    }
    assert_eq!((entered, left), (1140, 828));
    let overview = workspace.overview(NOW);
    let growth = &overview
        .segments
        .iter()
        .find(|info| info.def.id == footwear)
        .unwrap()
        .growth;
    assert!(
        growth.windows(2).filter(|pair| pair[0] < pair[1]).count() >= 8,
        "{growth:?}"
    );
}

#[test]
fn the_import_history_has_a_clean_one_one_with_rejects_and_one_undone() {
    let (workspace, _) = loaded();
    let imports = workspace.imports();
    let told: Vec<_> = imports
        .iter()
        .map(|import| {
            let account = &import.account;
            assert!(account.adds_up());
            (
                import.file.as_str(),
                account.read,
                account.new,
                account.rejected,
                import.undone,
            )
        })
        .collect();
    let expected = [
        ("suppliers-2019.csv", 250, 250, 0, true),
        ("fair-leads.csv", 425, 390, 5, false),
        ("newsletter.csv", 1200, 1200, 0, false),
    ];
    assert_eq!(told, expected);
    let fair = &imports[1].account;
    assert_eq!(fair.members.as_ref().map(|members| members.added), Some(420));
    assert_eq!(fair.updated + fair.identical, 30);
    assert!(fair.updated > 0 && fair.identical > 0);
}

#[test]
fn the_rejected_rows_of_the_fair_can_be_downloaded_with_their_reasons() {
    let demo = Workspace::new().load_demo(NOW).unwrap();
    let files: Vec<_> = demo
        .iter()
        .flat_map(|part| part.files.iter().map(move |file| (part, file)))
        .collect();
    let [(part, (name, bytes))] = files.as_slice() else {
        panic!("one file, not {}", files.len());
    };
    assert_eq!(*name, format!("rejected/{}", part.set.id));
    let text = String::from_utf8_lossy(bytes);
    let bad = [",45,Email,", ",132,,", ",219,Birthday,", ",307,Mobile,", ",394,,"];
    let rows: Vec<&str> = text.lines().skip(1).collect();
    assert_eq!(rows.len(), bad.len(), "{text}");
    for (row, bad) in rows.iter().zip(bad) {
        assert!(row.contains(bad), "{bad} in {row}");
    }
}

#[test]
fn ana_is_in_four_segments_for_four_reasons() {
    let (workspace, _) = loaded();
    let sheet = workspace.sheet(ana(&workspace)).unwrap();
    let why: Vec<_> = sheet
        .memberships
        .iter()
        .map(|membership| {
            let what = workspace
                .journal()
                .get(membership.change)
                .unwrap()
                .set
                .what
                .as_str();
            let days = (NOW - membership.since) / DAY;
            (
                membership.name.as_str(),
                membership.cause.clone(),
                membership.line,
                days,
                what,
            )
        })
        .collect();
    let newsletter = CauseLabel::Import("newsletter.csv".into());
    let expected = [
        (
            "Buyers",
            CauseLabel::Workflow(WorkflowId(1), "Welcome buyers".into(), "Add to segment".into()),
            0,
            140,
            "Workflow Welcome buyers: Add to segment added 95 contacts to Buyers",
        ),
        (
            "Newsletter import",
            newsletter,
            119,
            150,
            "Imported newsletter.csv: 1,200 contacts new",
        ),
        ("VIP", CauseLabel::Person, 0, 12, "Added 1 contact to VIP"),
        (
            "Newsletter buyers",
            CauseLabel::SetOperation,
            0,
            2,
            "Combined 611 contacts into segment Newsletter buyers",
        ),
    ];
    assert_eq!(why, expected);
    // The first of her seven purchases made her a buyer.
    let purchases = purchases(&workspace, ana(&workspace).0);
    let event = sheet.memberships[0].event.as_ref().unwrap();
    assert_eq!((event.kind, event.items.len()), (EventKind::Purchase, 1));
    assert_eq!((purchases.len(), purchases.iter().min()), (7, Some(&event.when)));
}

#[test]
fn people_who_are_won_back_had_bought_nothing_for_90_days() {
    let (workspace, _) = loaded();
    let win_back = segment(&workspace, "Win-back");
    let (mut came, mut went) = (0, 0);
    for entry in workspace.journal().iter() {
        for effect in &entry.set.effects {
            let Effect::Members {
                segment,
                added,
                removed,
            } = effect
            else {
                continue;
            };
            if *segment != win_back {
                continue;
            }
            let when = entry.set.when();
            for contact in added.iter() {
                let purchases = purchases(&workspace, contact);
                assert!(!purchases.iter().any(|one| (when - 90 * DAY..when).contains(one)));
            }
            for contact in removed.iter() {
                let event = workspace.event_of(&entry.set, contact).unwrap();
                assert_eq!(event.kind, EventKind::Purchase);
            }
            (came, went) = (came + added.len(), went + removed.len());
        }
    }
    assert_eq!((came, went), (700, 60));
}

/// When somebody bought.
pub(super) fn purchases(workspace: &Workspace, contact: u32) -> Vec<i64> {
    let events = workspace.log.events(contact);
    let bought = events.filter(|(_, row)| row.kind() == Some(EventKind::Purchase));
    bought.map(|(_, row)| row.when()).collect()
}

#[test]
fn nobody_can_be_reached_under_the_addresses_of_the_demo() {
    let (workspace, _) = loaded();
    let reserved = [
        "@example.com",
        "@example.org",
        "@example.net",
        "@olmo-shoes.example",
    ];
    let emails = workspace.column(EMAIL).unwrap();
    let kept = ["+3479", "+3363998", "+447700900", "+3532091"];
    let phones = workspace.column(MOBILE_PHONE).unwrap();
    for contact in workspace.alive() {
        let email = std::str::from_utf8(emails.text(contact)).unwrap();
        assert!(
            email.is_empty() || reserved.iter().any(|domain| email.ends_with(domain)),
            "{email}"
        );
        assert!(
            email.is_empty() || workspace.find(EMAIL, email) == Some(ContactId(contact)),
            "{email}"
        );
        let phone = std::str::from_utf8(phones.text(contact)).unwrap();
        assert!(
            phone.is_empty() || kept.iter().any(|range| phone.starts_with(range)),
            "{phone}"
        );
    }
}

#[test]
fn the_history_of_half_a_year_ends_today() {
    let (workspace, demo) = loaded();
    let (count, history) = workspace.history(Scope::All, &HistoryFilter::default(), 0, 1000);
    assert_eq!((count, history[0].id), (159, demo));
    assert_eq!(history[0].what, "Loaded the demo: Olmo Shoes, 5,000 contacts");
    assert_eq!((history[0].at, (NOW - history[158].at) / DAY), (NOW, 180));
    assert!(history.is_sorted_by(|newer, older| newer.at >= older.at));
    // Each was really made now, and in this order.
    assert!(workspace.journal().iter().all(|entry| entry.set.at == NOW));
    let undone: Vec<_> = history
        .iter()
        .filter(|change| change.undone)
        .map(|change| &change.what)
        .collect();
    assert_eq!(undone, ["Imported suppliers-2019.csv: 250 contacts new"]);
    let column = workspace.values_of(CREATED_AT);
    let oldest = workspace
        .alive()
        .iter()
        .map(|contact| column.number(contact))
        .min();
    assert_eq!(oldest.map(|oldest| (NOW - oldest) / DAY), Some(180));
}

#[test]
fn the_demo_is_the_same_every_time() {
    let bytes = || -> Vec<Vec<u8>> {
        let demo = Workspace::new().load_demo(NOW).unwrap();
        demo.iter().map(|part| part.set.to_bytes()).collect()
    };
    assert_eq!(bytes(), bytes());
}

#[test]
fn removing_the_demo_leaves_the_workspace_as_it_was_before() {
    let mut workspace = Workspace::new();
    let before = everything(&workspace);
    let demo = load(&mut workspace);
    let overview = workspace.overview(NOW);
    assert_eq!(
        overview.undo,
        Some((demo, "Loaded the demo: Olmo Shoes, 5,000 contacts".to_owned()))
    );
    let full = everything(&workspace);

    let preview = stand(&mut workspace, demo, false);
    assert_eq!((preview.contacts_removed, preview.contacts_kept), (5000, 0));
    assert_eq!((preview.cells_restored, preview.cells_kept), (0, 0));
    assert_eq!((preview.members_changed, preview.members_kept), (5517, 0));
    // Its fields, segments and workflows.
    assert_eq!(preview.definitions_removed.len(), 4 + 9 + 5);
    // Imports stay in their history, as undone.
    assert!(workspace.imports().iter().all(|import| import.undone));
    assert_eq!(everything(&workspace), before);
    let overview = workspace.overview(NOW);
    assert_eq!(
        (overview.contacts, overview.demo, overview.segments.len()),
        (0, None, 0)
    );
    assert_eq!(
        (workspace.workflows().count(), workspace.flows.iter().count()),
        (0, 0)
    );
    assert_eq!(workspace.events(ContactId(2017), None, 0, 10).0, 0);
    assert_eq!(overview.redo.map(|(change, _)| change), Some(demo));

    let preview = stand(&mut workspace, demo, true);
    assert_eq!((preview.contacts_restored, preview.key_conflicts), (5000, 0));
    assert_eq!(workspace.overview(NOW).demo, Some(demo));
    assert_eq!(everything(&workspace), full);
}

#[test]
fn what_was_stored_adds_up_to_the_same_workspace() {
    let (mut workspace, mut stored) = (Workspace::new(), Stored::default());
    let demo = workspace.load_demo(NOW).unwrap();
    let last = demo.last().unwrap().set.id;
    demo.into_iter()
        .for_each(|part| stored.commit(&mut workspace, part));
    assert_eq!(everything(&stored.reopened()), everything(&workspace));
    for stands in [false, true] {
        let (_, prepared) = workspace.prepare_stand(NOW, last, stands).unwrap();
        stored.commit(&mut workspace, prepared);
        assert_eq!(everything(&stored.reopened()), everything(&workspace));
    }
}

/// The rows of the table for whatever can be asked of it without events.
fn rows_without_events(workspace: &Workspace) -> Vec<Rows> {
    let fields = workspace.fields().map(|def| def.id);
    let fields: Vec<FieldId> = fields.filter(|field| !PURCHASED.contains(field)).collect();
    let mut all = Vec::new();
    let mut ask = |search: &str, sort: Option<Sort>| {
        let query = Query {
            search: search.to_owned(),
            filter: Group::default(),
            sort,
        };
        let request = Request::Rows {
            query: query.clone(),
            columns: fields.clone(),
            start: 0,
            count: 40,
            why: None,
        };
        assert!(request.needs_no_events());
        all.push(workspace.rows(&query, &fields, 0, 40, None, NOW).unwrap());
    };
    ask("", None);
    ask("ana", None);
    for field in &fields {
        let (field, descending) = (*field, field.0 % 2 == 0);
        ask("", Some(Sort { field, descending }));
    }
    all
}

#[test]
fn contacts_are_there_before_their_events_and_are_the_same_afterwards() {
    let (mut workspace, mut stored) = (Workspace::new(), Stored::default());
    let demo = workspace.load_demo(NOW).unwrap();
    let has_events = |part: &&Prepared| {
        part.set
            .effects
            .iter()
            .any(|one| matches!(one, Effect::Events(_)))
    };
    let undone = demo.iter().rfind(has_events).unwrap().set.id;
    demo.into_iter()
        .for_each(|part| stored.commit(&mut workspace, part));
    let (_, prepared) = workspace.prepare_stand(NOW, undone, false).unwrap();
    stored.commit(&mut workspace, prepared);

    let opening = stored.opening();
    let (values, all) = (opening.value_pages(), opening.pages());
    assert!(!values.is_empty() && values.len() < all.len());
    let mut begun = opening.begin(stored.read(&values));
    assert_eq!(begun.version(), workspace.version());
    assert_eq!(rows_without_events(&begun), rows_without_events(&workspace));
    stored.load(&all, &mut begun);
    begun.add_events();
    assert_eq!(everything(&begun), everything(&workspace));
    assert_eq!(begun.state_hash(), workspace.state_hash());
}

#[test]
fn a_removed_demo_names_the_pages_that_its_return_needs() {
    let (mut workspace, mut stored) = (Workspace::new(), Stored::default());
    let demo = workspace.load_demo(NOW).unwrap();
    let last = demo.last().unwrap().set.id;
    demo.into_iter()
        .for_each(|part| stored.commit(&mut workspace, part));
    let full = everything(&workspace);
    let (_, prepared) = workspace.prepare_stand(NOW, last, false).unwrap();
    stored.commit(&mut workspace, prepared);

    // The page is opened again: what does not stand is not read.
    assert_eq!(stored.opening().pages(), Vec::new());
    let mut reopened = stored.reopened();
    stored.load(&reopened.missing_pages(last), &mut reopened);
    stand(&mut reopened, last, true);
    assert_eq!(everything(&reopened), full);
}

#[test]
fn where_there_are_contacts_no_demo_is_loaded() {
    let mut workspace = Workspace::new();
    let (_, act) = workspace
        .create_contact(NOW, &[(EMAIL, "me@example.org".into())])
        .unwrap();
    apply(&mut workspace, act);
    assert_eq!(workspace.load_demo(NOW).map(|_| ()), Err(Refused::NotEmpty));
}

#[test]
fn an_emptied_workspace_keeps_its_own_fields_and_segments_beside_the_demo() {
    let mut workspace = Workspace::new();
    let city = FieldDef {
        id: FieldId(0),
        key: "city".into(),
        name: "City".into(),
        kind: model::FieldType::Text,
        status: Status::Custom,
        required: true,
        default: "Here".into(),
        options: Vec::new(),
    };
    let act = workspace.create_field(NOW - DAY, &city).unwrap();
    apply(&mut workspace, act);
    let mine = SegmentDef {
        id: SegmentId(0),
        name: "buyers".into(),
        description: String::new(),
        tags: Vec::new(),
        pinned: false,
        archived: false,
    };
    let (_, act) = workspace.create_segment(NOW - DAY, &mine, None).unwrap();
    apply(&mut workspace, act);
    let (me, act) = workspace
        .create_contact(NOW - DAY, &[(EMAIL, "ana.lopez@example.com".into())])
        .unwrap();
    apply(&mut workspace, act);
    let (_, act) = workspace.from_template(NOW - DAY, Template::Welcome).unwrap();
    apply(&mut workspace, act);
    let act = workspace
        .change_workflow(NOW - DAY, WorkflowId(1), StateChange::Activate)
        .unwrap();
    apply(&mut workspace, act);
    let bread = Product {
        id: "B-1".into(),
        name: "Bread".into(),
        category: "Food".into(),
        price: 2 * UNIT,
        ..Product::default()
    };
    let act = workspace.edit_catalogue(NOW - DAY, &[bread]).unwrap();
    apply(&mut workspace, act);
    let bought = EventDraft {
        contact: me,
        kind: EventKind::Purchase,
        products: vec![("B-1".into(), 1)],
        total: None,
        text: String::new(),
    };
    let (_, happened) = workspace.fire_event(NOW - DAY, &bought).unwrap();
    workspace.apply_all(happened);
    let act = workspace
        .delete_contacts(NOW - DAY, &Selection::Contacts(vec![me]))
        .unwrap();
    apply(&mut workspace, act);
    let before = everything(&workspace);

    let demo = load(&mut workspace);
    assert_eq!(
        (members(&workspace, "Buyers"), members(&workspace, "Buyers 2")),
        (0, 2050)
    );
    let active: Vec<&str> = workspace
        .workflows()
        .filter(|def| def.state == WorkflowState::Active)
        .map(|def| def.name.as_str())
        .collect();
    assert_eq!(
        active,
        ["Welcome buyers", "Welcome buyers 2", "Interested in Footwear"]
    );
    assert_eq!(purchases(&workspace, ana(&workspace).0).len(), 7);
    assert_eq!(workspace.catalogue(), default_catalogue());
    assert!(
        workspace
            .fields()
            .any(|def| def.name == "City 2" && def.key == "city_2")
    );
    let mine = workspace.fields().find(|def| def.name == "City").unwrap().id;
    assert_eq!(filled(&workspace, mine), 5000);
    assert!(!workspace.alive().contains(me.0));
    assert_eq!(workspace.sheet(ana(&workspace)).unwrap().memberships.len(), 4);
    let (_, history) = workspace.history(Scope::All, &HistoryFilter::default(), 0, 1000);
    assert_eq!(history.last().map(|first| (NOW - first.at) / DAY), Some(180));

    stand(&mut workspace, demo, false);
    assert_eq!(everything(&workspace), before);
}

#[test]
fn one_import_of_the_demo_can_be_undone_alone_and_the_rest_is_removed_after_it() {
    let (mut workspace, demo) = loaded();
    let newsletter = workspace
        .imports()
        .iter()
        .find(|import| import.file == "newsletter.csv")
        .unwrap()
        .change;
    let preview = stand(&mut workspace, newsletter, false);
    // Those stay to whom a person or the other import wrote since: 610 got a level, and Ana.
    assert_eq!(preview.contacts_removed + preview.contacts_kept, 1200);
    assert!(preview.contacts_kept > 500, "{preview:?}");
    assert_eq!(workspace.overview(NOW).demo, Some(demo));

    let preview = stand(&mut workspace, demo, false);
    assert_eq!(
        preview.contacts_removed,
        5000 - 1200 + (1200 - removed(&workspace, newsletter))
    );
    assert_eq!(workspace.alive().len(), 0);
    // What its removal took comes back, and no more.
    stand(&mut workspace, demo, true);
    assert!(
        workspace
            .imports()
            .iter()
            .any(|import| import.change == newsletter && import.undone)
    );
    stand(&mut workspace, newsletter, true);
    assert_eq!(workspace.alive().len(), 5000);
}

/// How many contacts an undone import takes with it.
fn removed(workspace: &Workspace, import: ChangeId) -> u64 {
    let entry = workspace.journal().get(import).unwrap();
    let Cause::Import(cause) = entry.set.cause.actor() else {
        panic!("an import");
    };
    let kept: RoaringBitmap = workspace
        .journal()
        .iter()
        .filter(|later| later.set.id > import && later.set.keeps_contacts())
        .flat_map(|later| &later.set.effects)
        .filter_map(|effect| match effect {
            Effect::Cells { contacts, .. } => Some(&contacts.0),
            _ => None,
        })
        .fold(RoaringBitmap::new(), |all, contacts| all | contacts);
    (&cause.contacts.0 - kept).len()
}

#[test]
fn somebody_whom_a_person_wrote_to_stays_when_the_demo_goes() {
    let (mut workspace, demo) = loaded();
    let ana = ana(&workspace);
    let act = workspace.edit_contact(NOW, ana, FIRST_NAME, "Anita").unwrap();
    apply(&mut workspace, act);
    let preview = stand(&mut workspace, demo, false);
    assert_eq!((preview.contacts_removed, preview.contacts_kept), (4999, 1));
    let sheet = workspace.sheet(ana).unwrap();
    assert!(
        sheet
            .values
            .contains(&(EMAIL, "ana.lopez@example.com".to_owned()))
    );
    assert!(sheet.values.contains(&(FIRST_NAME, "Anita".to_owned())));
    assert!(sheet.memberships.is_empty());
    assert_eq!(workspace.load_demo(NOW).map(|_| ()), Err(Refused::NotEmpty));

    // Once she is deleted, the demo can be loaded anew beside the one that was removed.
    let act = workspace
        .delete_contacts(NOW, &Selection::Contacts(vec![ana]))
        .unwrap();
    apply(&mut workspace, act);
    let again = load(&mut workspace);
    assert!(again > demo);
    assert_eq!(members(&workspace, "VIP"), 186);
    stand(&mut workspace, again, false);
    assert_eq!(workspace.alive().len(), 0);
}
