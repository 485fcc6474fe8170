//! Imports of the files that people really send, and of small ones that show one rule each.

use super::{Building, Matching, Plan, Staging};
use crate::csv::{Reader, sniff};
use crate::edit::Act;
use crate::journal::Pages;
use crate::mapping::{Around, suggest};
use crate::stored::Stored;
use crate::workspace::{Prepared, Workspace};
use model::field::*;
use model::import::*;
use model::query::Selection;
use model::segment::MemberAction;
use model::{Account, ContactId, Query, SegmentId, SourceId};

const AT: i64 = 1_760_000_000_000;

/// A file as a person would import it: everything as detected and suggested.
fn spec(workspace: &Workspace, file: &[u8], options: Options) -> Spec {
    let sniffed = sniff(file, true);
    assert_eq!(sniffed.problem, None);
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut reader = Reader::new(&sniffed.format).replacing();
    let mut take = |record: crate::csv::Record<'_>| {
        if record.kind != crate::csv::Kind::Blank {
            rows.push(record.fields().map(str::to_owned).collect());
        }
    };
    reader.push(file, &mut take).unwrap();
    reader.finish(&mut take).unwrap();
    let columns = rows.remove(0);
    let fields: Vec<_> = workspace.fields().cloned().collect();
    let around = Around {
        file: "",
        delimiter: sniffed.format.delimiter,
        settings: workspace.settings(),
        fields: &fields,
        saved: &[],
    };
    let mapping = suggest(&columns, &rows, &around).mapping;
    Spec {
        source: SourceId(1),
        format: sniffed.format,
        options,
        run_workflows: false,
        mapping,
    }
}

fn staged(workspace: &Workspace, file: &[u8], spec: Spec) -> Staging {
    let columns = spec
        .mapping
        .columns
        .iter()
        .map(|map| map.column.clone())
        .collect();
    let mut reader = Reader::new(&spec.format);
    let mut staging = Staging::new(Plan::new(workspace, spec, columns).unwrap());
    for slice in file.chunks(1000) {
        reader.push(slice, &mut |record| staging.record(record)).unwrap();
        staging.step();
    }
    reader.finish(&mut |record| staging.record(record)).unwrap();
    staging.finish();
    while staging.step() {}
    staging
}

/// Checks and imports; the check must have said what the import does.
fn import_with(workspace: &mut Workspace, file: &[u8], spec: Spec) -> (CheckReport, Prepared) {
    let staging = staged(workspace, file, spec);
    let mut matching = Matching::new(&staging, workspace);
    while matching.step(&staging, 700) {}
    let report = matching.report(&staging, workspace);
    assert!(report.account.adds_up(), "{:?}", report.account);
    let mut building = Building::new(&staging, &matching, workspace);
    while building.step(&staging, &matching) {}
    let prepared = building.finish(AT, "file.csv", &staging, &matching, workspace);
    (report, prepared)
}

/// A small file as a change set; none where nothing is to be imported.
pub(crate) fn prepared(
    workspace: &mut Workspace,
    at: i64,
    file: &[u8],
    options: Options,
) -> Option<Prepared> {
    let spec = spec(workspace, file, options);
    let (_, mut prepared) = import_with(workspace, file, spec);
    prepared.set.at = at.max(workspace.journal().last_at());
    (!prepared.set.effects.is_empty()).then_some(prepared)
}

fn import(workspace: &mut Workspace, file: &[u8], options: Options) -> CheckReport {
    let spec = spec(workspace, file, options);
    let (report, prepared) = import_with(workspace, file, spec);
    workspace.apply(prepared);
    report
}

fn apply(workspace: &mut Workspace, (_, prepared): Act) {
    if let Some(prepared) = prepared {
        workspace.apply(prepared);
    }
}

fn undo(workspace: &mut Workspace, change: u64) -> model::history::UndoPreview {
    let (preview, prepared) = workspace
        .prepare_stand(AT, model::ChangeId(change), false)
        .unwrap();
    workspace.apply(prepared);
    preview
}

fn shared(name: &str) -> Vec<u8> {
    std::fs::read(format!(
        "{}/../../../shared/data/{name}",
        env!("CARGO_MANIFEST_DIR")
    ))
    .unwrap()
}

fn into_new(name: &str) -> Options {
    Options {
        segment: Some((SegmentTarget::New(name.into()), MemberAction::Add)),
        ..Options::default()
    }
}

fn text(workspace: &Workspace, field: model::FieldId, email: &str) -> String {
    let contact = workspace.find(EMAIL, email).unwrap();
    let sheet = workspace.sheet(contact).unwrap();
    sheet
        .values
        .into_iter()
        .find(|(id, _)| *id == field)
        .map(|(_, text)| text)
        .unwrap_or_default()
}

fn everything(workspace: &Workspace) -> String {
    let mut spec = crate::export::Exporting::new(
        workspace,
        &model::export::ExportOrder::Contacts(model::export::ExportSpec {
            audience: model::export::Audience::All,
            excluded: Vec::new(),
            fields: workspace
                .fields()
                .filter(|def| def.status != model::Status::ReadOnly)
                .map(|def| def.id)
                .collect(),
            memberships: true,
            delimiter: b',',
            dates: model::export::DateFormat::Iso,
            encoding: Encoding::Utf8,
            bom: false,
            guard_formulas: true,
        }),
        AT,
    )
    .unwrap();
    while spec.step(100) {}
    String::from_utf8(spec.take()).unwrap()
}

/// Read, new, repeated, rejected.
fn sums(account: &Account) -> [u64; 4] {
    [account.read, account.new, account.repeated, account.rejected]
}

#[test]
fn the_shop_file_goes_into_a_new_segment_and_comes_out_the_same_after_a_round_trip() {
    let mut workspace = Workspace::new();
    let file = shared("shop-contacts.csv");
    let report = import(&mut workspace, &file, into_new("Newsletter"));
    assert_eq!(sums(&report.account), [5000, 5000, 0, 0]);
    assert_eq!(
        report.account.members.as_ref().map(|members| members.added),
        Some(5000)
    );
    assert_eq!(workspace.members(SegmentId(1)).len(), 5000);

    let first = everything(&workspace);
    let mut emptied = Workspace::new();
    let report = import(&mut emptied, first.as_bytes(), Options::default());
    assert_eq!(sums(&report.account), [5000, 5000, 0, 0]);
    assert_eq!(everything(&emptied), first);
}

#[test]
fn the_newsletter_file_is_read_without_a_hand_on_the_settings() {
    let mut workspace = Workspace::new();
    let file = shared("newsletter-windows1252.csv");
    let asked = spec(&workspace, &file, Options::default());
    assert_eq!(
        (asked.format.encoding, asked.format.delimiter),
        (Encoding::Windows1252, b';')
    );
    let report = import(&mut workspace, &file, Options::default());
    assert_eq!(sums(&report.account), [1200, 1193, 3, 4]);
    assert_eq!(report.new_fields, ["Gasto total", "Tipo"]);
    assert_eq!(text(&workspace, BIRTHDATE, "lista0@example.org"), "1996-10-10");
    assert_eq!(
        text(&workspace, NEWSLETTER_STATUS, "lista0@example.org"),
        "subscribed"
    );
    let spent = workspace
        .fields()
        .find(|def| def.name == "Gasto total")
        .unwrap()
        .id;
    assert_eq!(text(&workspace, spent, "lista0@example.org"), "242.03");
}

#[test]
fn the_broken_file_gives_its_account_and_every_rejected_row_has_a_line_and_a_reason() {
    let mut workspace = Workspace::new();
    let file = shared("broken.csv");
    let asked = spec(&workspace, &file, Options::default());
    assert_eq!(asked.format.encoding, Encoding::Windows1252);
    let (report, prepared) = import_with(&mut workspace, &file, asked);
    assert_eq!(sums(&report.account), [13, 5, 1, 7]);
    assert_eq!((report.account.blank, report.account.short), (1, 1));
    let reasons: Vec<String> = report
        .problems
        .iter()
        .map(|problem| {
            format!(
                "{} {}: {}",
                problem.first.line, problem.first.column, problem.first.reason
            )
        })
        .collect();
    expect_reasons(&reasons);
    let (name, rejected) = &prepared.files[0];
    assert_eq!(name, "rejected/1");
    let rejected = String::from_utf8_lossy(rejected);
    assert!(rejected.starts_with("\u{feff}email,first_name,points,notes,line,column,reason"));
    assert!(
        rejected.contains("not an email,Pia,1,,7,email,“not an email” is not an email address"),
        "{}",
        &rejected[..600]
    );
}

fn expect_reasons(reasons: &[String]) {
    let expected = [
        "4 : The row has 6 cells, and the file 4 columns",
        "7 email: “not an email” is not an email address",
        "8 points: “12abc” is not a whole number",
        "9 points: “99999999999999999999” does not fit into 64 bits",
    ];
    for expected in expected {
        assert!(
            reasons.iter().any(|reason| reason == expected),
            "{expected} in {reasons:#?}"
        );
    }
    assert_eq!(reasons.len(), 7, "{reasons:#?}");
}

#[test]
fn corrected_rejected_rows_import_as_they_are() {
    let mut workspace = Workspace::new();
    let file = shared("newsletter-windows1252.csv");
    let asked = spec(&workspace, &file, Options::default());
    let (_, prepared) = import_with(&mut workspace, &file, asked);
    let rejected = String::from_utf8(prepared.files[0].1.clone()).unwrap();
    workspace.apply(prepared);
    let corrected = rejected.replace("31/02/1980", "28/02/1980").replace("doce", "12");
    let report = import(&mut workspace, corrected.as_bytes(), Options::default());
    assert_eq!(sums(&report.account)[..2], [4, 2], "{:#?}", report);
    assert!(report.new_fields.is_empty(), "{:?}", report.new_fields);
}

#[test]
fn a_second_import_changes_nobody_and_nobody_joins_unless_overwriting_is_asked_for() {
    let mut workspace = Workspace::new();
    let file = shared("shop-contacts.csv");
    import(&mut workspace, &file, Options::default());
    let before = everything(&workspace);

    let report = import(&mut workspace, &file, into_new("Fair leads"));
    assert_eq!(
        (report.account.new, report.account.skipped, report.not_joining),
        (0, 5000, 5000)
    );
    assert_eq!(
        report.account.members.as_ref().map(|members| members.added),
        Some(0)
    );
    assert_eq!(workspace.members(SegmentId(1)).len(), 0);

    let existing = Some((SegmentTarget::Existing(SegmentId(1)), MemberAction::Add));
    let overwrite = Options {
        overwrite: true,
        segment: existing,
        ..Options::default()
    };
    let report = import(&mut workspace, &file, overwrite);
    assert_eq!((report.account.identical, report.not_joining), (5000, 0));
    assert_eq!(workspace.members(SegmentId(1)).len(), 5000);
    undo(&mut workspace, 3);
    undo(&mut workspace, 2);
    assert_eq!(everything(&workspace), before);
}

#[test]
fn undoing_an_import_brings_back_old_values_and_keeps_what_was_edited_since() {
    let mut workspace = Workspace::new();
    let old: String = (0..1000)
        .map(|n| format!("user{n}@example.com,Old {n},{n}\n"))
        .collect::<Vec<_>>()
        .concat();
    import(
        &mut workspace,
        format!("email,first name,points\n{old}").as_bytes(),
        into_new("Old"),
    );
    let before = everything(&workspace);
    let new: String = (0..6000)
        .map(|n| format!("user{n}@example.com,New {n},{}\n", n + 1))
        .collect();
    let file = format!("email,first name,points\n{new}");
    let overwrite = Options {
        overwrite: true,
        ..into_new("New")
    };
    let report = import(&mut workspace, file.as_bytes(), overwrite);
    assert_eq!((report.account.new, report.account.updated), (5000, 1000));

    let edited = workspace.find(EMAIL, "user7@example.com").unwrap();
    let act = workspace.edit_contact(AT, edited, POINTS, "77").unwrap();
    apply(&mut workspace, act);
    let stays = workspace.find(EMAIL, "user2000@example.com").unwrap();
    let act = workspace.edit_contact(AT, stays, POINTS, "2").unwrap();
    apply(&mut workspace, act);

    let preview = undo(&mut workspace, 2);
    assert_eq!((preview.contacts_removed, preview.contacts_kept), (4999, 1));
    // Of the one who is kept only the first name goes: she keeps her key.
    assert_eq!((preview.cells_restored, preview.cells_kept), (1999 + 1, 2));
    assert_eq!(text(&workspace, POINTS, "user7@example.com"), "77");
    assert_eq!(text(&workspace, FIRST_NAME, "user7@example.com"), "Old 7");
    assert_eq!(text(&workspace, POINTS, "user2000@example.com"), "2");
    assert_eq!(text(&workspace, FIRST_NAME, "user2000@example.com"), "");
    assert!(workspace.segment_named("New").is_none());
    undo(&mut workspace, 3);
    undo(&mut workspace, 4);
    assert_eq!(everything(&workspace), before);
}

#[test]
fn rows_of_one_file_meet_the_contacts_that_earlier_rows_made() {
    let mut workspace = Workspace::new();
    let file =
        b"email,first name,points\nana@example.com,Ana,1\nANA@example.com ,Anna,2\nana@example.com,,3\n";
    let report = import(
        &mut workspace,
        file,
        Options {
            overwrite: true,
            ..Options::default()
        },
    );
    assert_eq!(sums(&report.account), [3, 1, 2, 0]);
    assert_eq!(text(&workspace, FIRST_NAME, "ana@example.com"), "Anna");
    assert_eq!(text(&workspace, POINTS, "ana@example.com"), "3");
}

#[test]
fn an_external_id_finds_the_contact_and_an_email_of_somebody_else_is_refused() {
    let mut workspace = Workspace::new();
    let first = b"external id,email,points\nA1,ana@example.com,1\nB2,eva@example.com,2\n,mia@example.com,3\n";
    import(&mut workspace, first, Options::default());
    let second = b"external id,email,points\nA1,ana.new@example.com,10\nB2,mia@example.com,20\nC3,mia@example.com,30\nD4,eva@example.com,40\nE5,ana@example.com,50\n";
    let report = import(
        &mut workspace,
        second,
        Options {
            overwrite: true,
            ..Options::default()
        },
    );
    // A1 has a new email, so the old one is free for E5; C3 means Mia, who had no external ID.
    assert_eq!(sums(&report.account), [5, 1, 0, 2], "{report:#?}");
    assert_eq!(text(&workspace, POINTS, "ana.new@example.com"), "10");
    assert_eq!(text(&workspace, EXTERNAL_ID, "mia@example.com"), "C3");
    assert_eq!(text(&workspace, EXTERNAL_ID, "ana@example.com"), "E5");
    assert_eq!(text(&workspace, POINTS, "eva@example.com"), "2");
}

#[test]
fn unsubscribed_people_stay_so_unless_that_is_asked_for_too() {
    let mut workspace = Workspace::new();
    import(
        &mut workspace,
        b"email,newsletter status\nana@example.com,unsubscribed\n",
        Options::default(),
    );
    let file = b"email,newsletter status\nana@example.com,subscribed\n";
    let overwrite = Options {
        overwrite: true,
        ..Options::default()
    };
    let report = import(&mut workspace, file, overwrite.clone());
    assert_eq!(
        (report.account.identical, report.account.kept_unsubscribed),
        (1, 1)
    );
    let report = import(
        &mut workspace,
        file,
        Options {
            overwrite_subscription: true,
            ..overwrite
        },
    );
    assert_eq!(report.account.updated, 1);
    assert_eq!(
        text(&workspace, NEWSLETTER_STATUS, "ana@example.com"),
        "subscribed"
    );
}

#[test]
fn only_empty_fields_are_filled_and_empty_cells_clear_only_when_asked() {
    let mut workspace = Workspace::new();
    import(
        &mut workspace,
        b"email,first name,points\nana@example.com,Ana,\n",
        Options::default(),
    );
    let only_empty = Options {
        overwrite: true,
        only_empty: true,
        ..Options::default()
    };
    import(
        &mut workspace,
        b"email,first name,points\nana@example.com,Eva,5\n",
        only_empty,
    );
    assert_eq!(text(&workspace, FIRST_NAME, "ana@example.com"), "Ana");
    assert_eq!(text(&workspace, POINTS, "ana@example.com"), "5");
    let clears = Options {
        overwrite: true,
        empty_clears: true,
        ..Options::default()
    };
    import(
        &mut workspace,
        b"email,first name,points\nana@example.com,,5\n",
        clears,
    );
    assert_eq!(text(&workspace, FIRST_NAME, "ana@example.com"), "");
}

#[test]
fn new_people_get_the_status_that_was_chosen_where_their_row_gives_none() {
    let mut workspace = Workspace::new();
    let new_status = NewStatus::Subscribed {
        consent_at: "2026-01-02".into(),
        consent_source: "Fair".into(),
    };
    let options = Options {
        new_status,
        ..Options::default()
    };
    import(
        &mut workspace,
        b"email,newsletter status\nana@example.com,\neva@example.com,none\n",
        options,
    );
    assert_eq!(
        text(&workspace, NEWSLETTER_STATUS, "ana@example.com"),
        "subscribed"
    );
    assert_eq!(text(&workspace, CONSENT_SOURCE, "ana@example.com"), "Fair");
    assert_eq!(text(&workspace, NEWSLETTER_STATUS, "eva@example.com"), "none");
    assert_eq!(text(&workspace, CONSENT_SOURCE, "eva@example.com"), "");
}

#[test]
fn a_file_can_replace_or_remove_the_members_of_a_segment() {
    let mut workspace = Workspace::new();
    import(
        &mut workspace,
        b"email\na@example.com\nb@example.com\nc@example.com\n",
        into_new("Fair"),
    );
    let target = |action| {
        let segment = Some((SegmentTarget::Existing(SegmentId(1)), action));
        Options {
            segment,
            ..Options::default()
        }
    };
    let report = import(
        &mut workspace,
        b"email\nb@example.com\nd@example.com\n",
        target(MemberAction::Replace),
    );
    let members = report.account.members.unwrap();
    assert_eq!((members.added, members.already, members.removed), (1, 1, 2));
    let report = import(
        &mut workspace,
        b"email\nb@example.com\n",
        target(MemberAction::Remove),
    );
    assert_eq!(report.account.members.unwrap().removed, 1);
    assert_eq!(workspace.members(SegmentId(1)).len(), 1);
}

#[test]
fn what_was_stored_adds_up_to_the_same_workspace() {
    let (mut workspace, mut stored) = (Workspace::new(), Stored::default());
    let file = shared("shop-contacts.csv");
    let asked = spec(&workspace, &file, into_new("Newsletter"));
    let (_, prepared) = import_with(&mut workspace, &file, asked);
    stored.commit(&mut workspace, prepared);
    let selection = Selection::Contacts(vec![ContactId(3), ContactId(4)]);
    let (_, prepared) = workspace.delete_contacts(AT, &selection).unwrap();
    stored.commit(&mut workspace, prepared.unwrap());
    let query = Query {
        search: "ana".into(),
        ..Query::default()
    };
    let selection = Selection::Matching {
        query,
        except: vec![],
    };
    let (_, prepared) = workspace.set_field(AT, &selection, POINTS, "9").unwrap();
    stored.commit(&mut workspace, prepared.unwrap());
    let (_, prepared) = workspace.prepare_stand(AT, model::ChangeId(2), false).unwrap();
    stored.commit(&mut workspace, prepared);
    assert_eq!(everything(&stored.reopened()), everything(&workspace));
}

/// A workspace of so many contacts with emails and points, by one import.
fn imported(contacts: u32) -> (Workspace, Stored) {
    let (mut workspace, mut stored) = (Workspace::new(), Stored::default());
    let row = |n: u32| format!("user{n}@example.com,{n}\n");
    let file = format!("email,points\n{}", (0..contacts).map(row).collect::<String>());
    let asked = spec(&workspace, file.as_bytes(), Options::default());
    let (_, prepared) = import_with(&mut workspace, file.as_bytes(), asked);
    stored.commit(&mut workspace, prepared);
    (workspace, stored)
}

#[test]
fn a_contact_that_stays_after_an_undo_keeps_her_key_also_when_the_page_is_opened_again() {
    let (mut workspace, mut stored) = imported(5000);
    let stays = workspace.find(EMAIL, "user7@example.com").unwrap();
    let (_, prepared) = workspace.edit_contact(AT, stays, FIRST_NAME, "Ana").unwrap();
    stored.commit(&mut workspace, prepared.unwrap());
    let (_, prepared) = workspace.prepare_stand(AT, model::ChangeId(1), false).unwrap();
    stored.commit(&mut workspace, prepared);

    let wanted = stored.opening().pages();
    assert!(
        !wanted.is_empty() && wanted.len() < stored.opening().named_pages().len(),
        "only the keys are read"
    );
    let mut reopened = stored.reopened();
    assert_eq!(reopened.find(EMAIL, "user7@example.com"), Some(stays));
    assert_eq!(everything(&reopened), everything(&workspace));

    // Redoing the import reads the pages that were not.
    stored.load(&reopened.missing_pages(model::ChangeId(1)), &mut reopened);
    let (_, prepared) = reopened.prepare_stand(AT, model::ChangeId(1), true).unwrap();
    reopened.apply(prepared);
    assert_eq!(text(&reopened, POINTS, "user4999@example.com"), "4999");
    assert_eq!(reopened.alive().len(), 5000);
}

#[test]
fn the_first_rows_are_right_before_the_other_pages_are_read() {
    let (mut workspace, mut stored) = imported(140_000);
    let edited = workspace.find(EMAIL, "user3@example.com").unwrap();
    let (_, prepared) = workspace.edit_contact(AT, edited, FIRST_NAME, "Ana").unwrap();
    stored.commit(&mut workspace, prepared.unwrap());
    // All but 500 of the first row group are gone, so that the second one is needed, too.
    let gone = Selection::Contacts((500..65_536).map(ContactId).collect());
    let (_, prepared) = workspace.delete_contacts(AT, &gone).unwrap();
    stored.commit(&mut workspace, prepared.unwrap());

    let opening = stored.opening();
    let known = opening.so_far(&Pages::default());
    assert_eq!(known.alive(), workspace.alive());
    let (wanted, rows) = opening.first_pages(known.alive(), 1_000);
    assert_eq!(rows, 500 + 65_536);
    assert!(wanted.len() < opening.value_pages().len());
    assert!(wanted.iter().all(|page| opening.value_pages().contains(page)));
    let so_far = opening.so_far(&stored.read(&wanted));
    let fields: Vec<_> = workspace.fields().map(|def| def.id).collect();
    let query = Query::default();
    for start in [0, 490, rows - 50] {
        let seen = |workspace: &Workspace| workspace.rows(&query, &fields, start, 50, None, AT).unwrap();
        assert_eq!(seen(&so_far), seen(&workspace));
    }
}
