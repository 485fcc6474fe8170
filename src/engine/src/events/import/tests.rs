//! Files of events as people have them, and small ones that show one rule each.

use super::{EventsImport, Whose};
use crate::column::NONE;
use crate::journal::{Cause, Effect, PageRef};
use crate::refused::Refused;
use crate::stored::Stored;
use crate::value::Zone;
use crate::value::date::{DAY, day_of};
use crate::workspace::{Prepared, Workspace};
use model::event::{Amount, EventKind, EventLine, Origin, UNIT};
use model::field::{EMAIL, EXTERNAL_ID};
use model::import::{Encoding, Format};
use model::simulation::{EventColumn, EventsReport, EventsSpec};
use model::{ContactId, FieldDef, FieldId, FieldType, SourceId, Status};
use proptest::prelude::*;

/// 2026-10-05, 12:00 UTC.
const NOW: i64 = 20_731 * DAY + DAY / 2;

fn spec(columns: &[EventColumn]) -> EventsSpec {
    EventsSpec {
        source: SourceId(1),
        format: Format {
            encoding: Encoding::Utf8,
            delimiter: b',',
            quote: Some(b'"'),
            header: true,
        },
        columns: columns.to_vec(),
        kind: EventKind::Purchase,
        create: true,
        run_workflows: false,
    }
}

/// A spec whose columns are those that the header names.
fn named(file: &str) -> EventsSpec {
    let delimiter = if file.contains(';') { ';' } else { ',' };
    let header = file.lines().find(|line| !line.is_empty()).unwrap();
    let columns: Vec<EventColumn> = header
        .split(delimiter)
        .map(|name| match name {
            "email" => EventColumn::Email,
            "id" => EventColumn::ExternalId,
            "date" => EventColumn::Date,
            "amount" => EventColumn::Amount,
            "quantity" => EventColumn::Quantity,
            "product" => EventColumn::Product,
            "order" => EventColumn::Order,
            "payment" => EventColumn::PaymentMethod,
            "text" => EventColumn::Text,
            _ => EventColumn::Ignore,
        })
        .collect();
    let mut spec = spec(&columns);
    spec.format.delimiter = delimiter as u8;
    spec
}

fn read(workspace: &Workspace, file: &[u8], spec: &EventsSpec) -> EventsImport {
    let mut import = EventsImport::new(workspace, spec, NOW).unwrap();
    for slice in file.chunks(777) {
        import.push(workspace, slice).unwrap();
    }
    import.finish(workspace).unwrap();
    let report = import.report();
    assert_eq!(report.rows, report.imported + report.rejected);
    assert_eq!(report.problems.len() as u64, report.rejected.min(100));
    assert_eq!(report.events, import.events().len() as u64);
    assert!(
        import
            .events()
            .is_sorted_by_key(|event| (event.when, event.contact))
    );
    import
}

fn checked(file: &str) -> EventsReport {
    read(&Workspace::new(), file.as_bytes(), &named(file)).report()
}

fn imported(workspace: &mut Workspace, file: &str) -> EventsReport {
    let import = read(workspace, file.as_bytes(), &named(file));
    let prepared = import.prepare(workspace, NOW, "orders.csv");
    workspace.apply(prepared);
    import.report()
}

fn contact(workspace: &mut Workspace, email: &str, external: &str) -> ContactId {
    let values = [(EMAIL, email.to_owned()), (EXTERNAL_ID, external.to_owned())];
    let (contact, (_, prepared)) = workspace.create_contact(NOW, &values).unwrap();
    workspace.apply(prepared.unwrap());
    contact
}

fn lines(workspace: &Workspace, field: FieldId, key: &str) -> Vec<EventLine> {
    let contact = workspace.find(field, key).unwrap();
    workspace.events(contact, None, 0, 1000).1
}

fn moment(year: i64, month: i64, day: i64) -> i64 {
    day_of(year, month, day).unwrap() * DAY
}

fn units(amount: Amount) -> String {
    format!("{}.{:04}", amount / UNIT, amount % UNIT)
}

#[test]
fn the_purchases_of_cdnow_come_in_with_their_customers() {
    let path = "/../../../shared/data/cdnow-purchases.csv";
    let file = std::fs::read(format!("{}{path}", env!("CARGO_MANIFEST_DIR"))).unwrap();
    let columns = [
        EventColumn::ExternalId,
        EventColumn::Date,
        EventColumn::Quantity,
        EventColumn::Amount,
    ];
    let mut workspace = Workspace::new();
    let import = read(&workspace, &file, &spec(&columns));
    let report = import.report();
    assert_eq!((report.rows, report.rejected, report.blank), (6919, 0, 0));
    assert_eq!((report.events, report.created), (6919, 2357));
    assert_eq!(report.contacts, 2357);
    assert_eq!(units(report.amount), "244091.9400");
    assert_eq!(report.from, moment(1997, 1, 1));

    let prepared = import.prepare(&mut workspace, NOW, "cdnow-purchases.csv");
    assert_eq!(
        prepared.set.what,
        "Imported cdnow-purchases.csv: 6,919 events, 2,357 contacts new"
    );
    let Cause::Events(cause) = &prepared.set.cause else {
        panic!("an import of events")
    };
    assert_eq!(cause.report.change, Some(prepared.set.id));
    // Large pages rest in the store.
    let Some(Effect::Events(batch)) = prepared.set.effects.last() else {
        panic!("events")
    };
    assert!(!batch.simulated);
    for page in batch.chunks.iter().flat_map(|chunk| &chunk.columns) {
        if let PageRef::Here(page) = page {
            assert!(page.bytes().len() <= 4096);
        }
    }
    assert!(prepared.pages.len() >= 4);
    let mut stored = Stored::default();
    stored.commit(&mut workspace, prepared);

    for workspace in [&workspace, &stored.reopened()] {
        assert_eq!(workspace.alive().len(), 2357);
        let first = lines(workspace, EXTERNAL_ID, "cdnow-0001");
        let told: Vec<_> = first
            .iter()
            .rev()
            .map(|line| (line.when, line.total.map(units), line.items[0].quantity))
            .collect();
        assert_eq!(told[0], (moment(1997, 1, 1), Some("29.3300".to_owned()), 2));
        assert_eq!(told[1], (moment(1997, 1, 18), Some("29.7300".to_owned()), 2));
        assert_eq!(first[0].origin, Origin::Imported);
        assert_eq!(first[0].items[0].product.id, "");
    }
}

#[test]
fn an_undo_takes_events_and_their_contacts_away_and_a_redo_brings_them_back() {
    let mut workspace = Workspace::new();
    let known = contact(&mut workspace, "ana@example.org", "");
    let file = "email,date,amount\nana@example.org,2026-01-02,5\nnew@example.org,2026-01-03,7.5\n";
    let report = imported(&mut workspace, file);
    assert_eq!((report.created, report.contacts), (1, 2));
    let change = workspace.journal().iter().next_back().unwrap().set.id;
    assert_eq!(workspace.events(known, None, 0, 9).0, 1);
    for stands in [false, true] {
        let (_, turned) = workspace.prepare_stand(NOW, change, stands).unwrap();
        workspace.apply(turned);
        let count = u64::from(stands);
        assert_eq!(workspace.events(known, None, 0, 9).0, count);
        assert_eq!(workspace.alive().len(), 1 + count);
    }
}

#[test]
fn every_row_that_can_not_be_is_rejected_with_its_line_column_and_reason() {
    let cases = [
        (
            "a@b.org,2026-01-01,0,5,",
            "quantity",
            "Quantity must be 1 or more",
        ),
        (
            "a@b.org,2026-01-01,-2,5,",
            "quantity",
            "Quantity must be 1 or more",
        ),
        (
            "a@b.org,2026-01-01,two,5,",
            "quantity",
            "“two” is not a whole number",
        ),
        (
            "a@b.org,2026-01-01,1.5,5,",
            "quantity",
            "“1.5” is not a whole number",
        ),
        (
            "a@b.org,2026-01-01,9999999,5,",
            "quantity",
            "“9999999” is more than 1,000,000",
        ),
        ("a@b.org,2026-01-01,1,five,", "amount", "“five” is not a number"),
        (
            "a@b.org,2026-01-01,1,-5,",
            "amount",
            "The amount must be 0 or more",
        ),
        (
            "a@b.org,2026-01-01,1,5.00001,",
            "amount",
            "“5.00001” has more than 4 digits behind the decimal mark, and is never rounded",
        ),
        (
            "a@b.org,2026-01-01,1,99999999999,",
            "amount",
            "“99999999999” is more than 1,000,000,000",
        ),
        ("a@b.org,,1,5,", "date", "The row has no date"),
        (
            "a@b.org,2026-02-30,1,5,",
            "date",
            "“2026-02-30” is not a day of the calendar",
        ),
        (
            "a@b.org,yesterday,1,5,",
            "date",
            "“yesterday” is not a date and time",
        ),
        ("a@b.org,1899-12-31,1,5,", "date", "The date is before 1900"),
        ("a@b.org,2026-10-07,1,5,", "date", "The date is in the future"),
        (
            "not an email,2026-01-01,1,5,",
            "email",
            "“not an email” is not an email address",
        ),
        (",2026-01-01,1,5,", "", "The row has no email"),
        (
            "a@b.org,2026-01-01,1,5,XX-1",
            "product",
            "No product of the catalogue has the id “XX-1”",
        ),
        (
            "a@b.org,2026-01-01,1,5,,more",
            "",
            "The row has 6 cells, and the file 5 columns",
        ),
        (
            "\"a@b.org,2026-01-01",
            "",
            "The quote opened on line 3 never closes and swallows 0 more lines",
        ),
    ];
    for (row, column, reason) in cases {
        let file = format!("email,date,quantity,amount,product\nb@b.org,2026-01-01,1,5,\n{row}");
        let report = checked(&file);
        assert_eq!((report.rows, report.imported), (2, 1), "{row}");
        assert_eq!(
            report.problems,
            [(3, column.to_owned(), reason.to_owned())],
            "{row}"
        );
        assert_eq!(report.created, 1, "{row}");
    }
}

#[test]
fn the_edges_of_what_can_be_are_imported() {
    for row in [
        "a@b.org,1900-01-01,1,0,",
        "a@b.org,2026-10-06,1,5,",
        "a@b.org,2026-10-06T12:00Z,1000000,1000000000,",
        " A@B.org ,2026-01-01 16:30,1,5.0001,SH-101",
        "a@b.org,2026-01-01",
        "a@b.org,20260101,,,",
    ] {
        let report = checked(&format!("email,date,quantity,amount,product\n{row}"));
        assert_eq!(report.imported, 1, "{row}: {:?}", report.problems);
    }
}

#[test]
fn blank_lines_are_counted_apart_and_only_the_first_hundred_problems_are_told() {
    let mut file = "email,date\n\na@b.org,2026-01-01\n,\n".to_owned();
    for at in 0..150 {
        file += if at % 2 == 0 {
            "a@b.org,\n"
        } else {
            "a@b.org,2031-01-01\n"
        };
    }
    let report = checked(&file);
    assert_eq!((report.rows, report.blank, report.rejected), (151, 2, 150));
    let told: Vec<u64> = report.problems.iter().map(|(line, ..)| *line).collect();
    assert_eq!(told, (5..105).collect::<Vec<u64>>());
}

#[test]
fn rows_of_one_order_are_line_items_of_one_purchase() {
    let mut workspace = Workspace::new();
    let report = imported(
        &mut workspace,
        "order,email,date,amount,quantity,product,payment\n\
         7,ana@example.org,2026-03-01 10:00,20,2,SH-101,Card\n\
         8,ana@example.org,2026-02-01,1,,,PayPal\n\
         7,bob@example.org,2026-03-02,3,,,\n\
         7,ana@example.org,2026-03-05,5.5,1,BA-101,\n\
         ,ana@example.org,2026-04-01,2,,,\n\
         ,ana@example.org,2026-04-01,3,,,\n",
    );
    assert_eq!((report.rows, report.imported, report.events), (6, 6, 5));
    assert_eq!((report.contacts, units(report.amount)), (2, "34.5000".to_owned()));
    let ana = lines(&workspace, EMAIL, "ana@example.org");
    let orders: Vec<_> = ana.iter().map(|line| line.order.as_str()).collect();
    assert_eq!(orders, ["", "", "7", "8"]);
    let order = &ana[2];
    assert_eq!(order.total, Some(255_000));
    assert_eq!(
        (order.when, order.text.as_str()),
        (moment(2026, 3, 1) + 10 * 3_600_000, "Card")
    );
    let items: Vec<_> = order
        .items
        .iter()
        .map(|item| (item.product.name.as_str(), item.quantity, item.price))
        .collect();
    assert_eq!(
        items,
        [("Sierra Trainers", 2, 100_000), ("Mercado Tote Bag", 1, 55_000)]
    );
    // Of one moment the row further up comes first; the list shows the newest first.
    assert_eq!((ana[0].total, ana[1].total), (Some(30_000), Some(20_000)));
}

#[test]
fn an_amount_that_is_not_given_is_what_the_products_cost() {
    let file = "email,date,quantity,product\na@b.org,2026-01-01,3,SH-102\na@b.org,2026-01-02,2,\n";
    let import = read(&Workspace::new(), file.as_bytes(), &named(file));
    let totals: Vec<i64> = import.events().iter().map(|event| event.amount).collect();
    // 64.90 less 10 % is 58.41.
    assert_eq!(totals, [3 * 584_100, NONE]);
    assert_eq!(import.report().amount, 3 * 584_100);
}

#[test]
fn dates_are_read_in_the_order_that_the_file_shows() {
    let first = |file: &str| {
        let report = checked(file);
        (report.from, report.rejected)
    };
    let cases = [
        (
            "email,date\na@b.org,03/04/2026\na@b.org,25/04/2026\n",
            moment(2026, 4, 3),
            0,
        ),
        (
            "email,date\na@b.org,03/04/2026\na@b.org,04/25/2026\n",
            moment(2026, 3, 4),
            0,
        ),
        // The workspace's order is day first.
        ("email,date\na@b.org,03/04/2026\n", moment(2026, 4, 3), 0),
        (
            "email,date\na@b.org,04/25/2026\na@b.org,25/04/2026\na@b.org,05/25/2026\n",
            moment(2026, 4, 25),
            1,
        ),
    ];
    for (file, when, rejected) in cases {
        assert_eq!(first(file), (when, rejected), "{file}");
    }
}

#[test]
fn a_day_begins_when_it_does_in_the_workspace_s_zone() {
    let mut workspace = Workspace::new();
    workspace.set_zone(Zone::fixed(7200));
    let file = "email,date\na@b.org,2026-01-01\na@b.org,2026-01-01T00:00Z\n";
    let import = read(&workspace, file.as_bytes(), &named(file));
    let whens: Vec<i64> = import.events().iter().map(|event| event.when).collect();
    assert_eq!(whens, [moment(2026, 1, 1) - 7_200_000, moment(2026, 1, 1)]);
}

#[test]
fn amounts_have_the_decimal_mark_that_the_file_shows() {
    let cases = [
        ("email;date;amount\na@b.org;2026-01-01;29,33\n", "29.3300", 0),
        (
            "email;date;amount\na@b.org;2026-01-01;1,234\na@b.org;2026-01-01;0,5\n",
            "1.7340",
            0,
        ),
        (
            "email;date;amount\na@b.org;2026-01-01;1,234\na@b.org;2026-01-01;0.5\n",
            "1234.5000",
            0,
        ),
        ("email;date;amount\na@b.org;2026-01-01;1.234,50\n", "1234.5000", 0),
        ("email,date,amount\na@b.org,2026-01-01,1.234\n", "1.2340", 0),
        // Nothing tells.
        ("email;date;amount\na@b.org;2026-01-01;1,234\n", "0.0000", 1),
    ];
    for (file, amount, rejected) in cases {
        let report = checked(file);
        assert_eq!(
            (units(report.amount).as_str(), report.rejected),
            (amount, rejected),
            "{file}"
        );
    }
}

#[test]
fn contacts_are_found_by_either_key() {
    let mut workspace = Workspace::new();
    let ana = contact(&mut workspace, "ana@example.org", "A-1");
    let bob = contact(&mut workspace, "bob@example.org", "");
    let file = "id,email,date\n\
        A-1,,2026-01-01\n\
        ,ANA@example.org,2026-01-02\n\
        A-1,bob@example.org,2026-01-03\n\
        B-9,bob@example.org,2026-01-04\n\
        C-1,,2026-01-05\n\
        C-1,cleo@example.org,2026-01-06\n\
        ,cleo@example.org,2026-01-07\n\
        ,,2026-01-08\n";
    let mut spec = named(file);
    let import = read(&workspace, file.as_bytes(), &spec);
    let whose: Vec<Whose> = import.events().iter().map(|event| event.contact).collect();
    let (ana, bob, cleo) = (Whose::Known(ana.0), Whose::Known(bob.0), Whose::New(0));
    assert_eq!(whose, [ana, ana, bob, cleo, cleo, cleo]);
    let reasons: Vec<_> = import
        .report()
        .problems
        .into_iter()
        .map(|(line, _, reason)| (line, reason))
        .collect();
    assert_eq!(
        reasons,
        [
            (
                4,
                "The email and the external ID belong to two contacts".to_owned()
            ),
            (9, "The row has neither an email nor an external ID".to_owned())
        ]
    );
    let Prepared { set, pages, files } = import.prepare(&mut workspace, NOW, "");
    workspace.apply(Prepared { set, pages, files });
    let new = workspace.find(EXTERNAL_ID, "C-1").unwrap();
    assert_eq!(workspace.find(EMAIL, "cleo@example.org"), Some(new));
    assert_eq!(workspace.events(new, None, 0, 9).0, 3);

    // Where nobody is to be created, who is not known is rejected.
    let workspace = Workspace::new();
    spec.create = false;
    let report = read(&workspace, file.as_bytes(), &spec).report();
    assert_eq!((report.events, report.rejected), (0, 8));
    assert_eq!(
        report.problems[0],
        (
            2,
            "id".to_owned(),
            "No contact has the external ID “A-1”".to_owned()
        )
    );
}

#[test]
fn who_has_only_rejected_rows_is_not_created() {
    let report = checked("email,date\na@b.org,2031-01-01\nb@b.org,2026-01-01\n");
    assert_eq!((report.created, report.events), (1, 1));
}

#[test]
fn new_contacts_have_the_defaults_of_custom_fields() {
    let mut workspace = Workspace::new();
    let def = FieldDef {
        id: FieldId(0),
        key: "source".into(),
        name: "Source".into(),
        kind: FieldType::Text,
        status: Status::Custom,
        required: false,
        default: "shop".into(),
        options: Vec::new(),
    };
    let field = workspace.next_field();
    let (_, prepared) = workspace.create_field(NOW, &def).unwrap();
    workspace.apply(prepared.unwrap());
    imported(&mut workspace, "email,date\na@b.org,2026-01-01\n");
    let new = workspace.find(EMAIL, "a@b.org").unwrap();
    assert_eq!(
        workspace.cell(field, new),
        crate::column::Cell::Text("shop".into())
    );
}

#[test]
fn other_kinds_of_events_take_their_own_columns() {
    let file = "email,date,amount,product,text\na@b.org,2026-01-01,5,XX,/sale\n";
    let spec = EventsSpec {
        kind: EventKind::PageVisited,
        ..named(file)
    };
    let import = read(&Workspace::new(), file.as_bytes(), &spec);
    let [event] = import.events() else {
        panic!("one event")
    };
    assert_eq!((event.amount, event.items.len()), (NONE, 0));
    assert_eq!(event.text.as_deref(), Some("/sale"));
}

#[test]
fn columns_that_do_not_do_are_refused() {
    use EventColumn::*;
    for (columns, expected) in [
        (&[Email, Amount][..], "Date"),
        (&[Date, Amount], "Contact"),
        (&[Email, Date, Date], "Date"),
        (&[Email, Date, Amount, Ignore, Ignore, Amount], "Amount"),
    ] {
        match EventsImport::new(&Workspace::new(), &spec(columns), NOW) {
            Err(Refused::Value { field, .. }) => assert_eq!(field, expected),
            other => panic!("{expected}: {other:?}"),
        }
    }
}

#[test]
fn a_file_without_a_header_has_numbered_columns() {
    let mut spec = spec(&[EventColumn::Email, EventColumn::Date]);
    spec.format.header = false;
    let import = read(&Workspace::new(), b"a@b.org,2026-01-01\nb@b.org,never\n", &spec);
    let report = import.report();
    assert_eq!((report.rows, report.events), (2, 1));
    assert_eq!(report.problems[0].1, "Column 2");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn whatever_the_rows_are_they_are_accounted_for(
        rows in prop::collection::vec((
            prop::sample::select(vec!["a@b.org", "c@d.org", "", "no"]),
            prop::sample::select(vec!["2026-01-01", "01/02/2026", "13/02/2026", "02/13/2026", "", "2040-01-01"]),
            prop::sample::select(vec!["", "1", "2.50", "2,50", "1.234", "x"]),
            prop::sample::select(vec!["", "1", "0", "3"]),
            prop::sample::select(vec!["", "7", "8"]),
        ), 0..60),
    ) {
        let mut file = "email;date;amount;quantity;order\n".to_owned();
        for (email, date, amount, quantity, order) in &rows {
            file += &format!("{email};{date};{amount};{quantity};{order}\n");
        }
        let mut workspace = Workspace::new();
        let report = imported(&mut workspace, &file);
        prop_assert_eq!(report.rows + report.blank, rows.len() as u64);
        prop_assert_eq!(report.created, workspace.alive().len());
        let mut events = 0;
        let mut amount = 0;
        for contact in workspace.alive() {
            let (count, lines) = workspace.events(ContactId(contact), None, 0, 1000);
            events += count;
            amount += lines.iter().filter_map(|line| line.total).sum::<i64>();
        }
        prop_assert_eq!((events, amount), (report.events, report.amount));
    }
}
