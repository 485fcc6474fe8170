//! Exports as people open them again.

use super::{AdPreviewing, Exporting};
use crate::events::import::EventsImport;
use crate::value::date::{DAY, day_of};
use crate::workspace::Workspace;
use model::event::{EventKind, Product, UNIT, Window};
use model::export::{ActivitySpec, AdSpec, AdValue, Audience, DateFormat, ExportOrder, ExportSpec};
use model::field::{
    BIRTHDATE, EMAIL, EMAIL_STATUS, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS,
};
use model::import::{Encoding, Format};
use model::simulation::{EventColumn, EventsSpec};
use model::{FieldDef, FieldId, FieldType, SourceId, Status};
use proptest::prelude::*;

/// 2026-10-05, 12:00 UTC.
const NOW: i64 = 20_731 * DAY + DAY / 2;

fn shop() -> Workspace {
    let mut workspace = Workspace::new();
    let product = |id: &str, price: i64| Product {
        id: id.to_owned(),
        name: format!("Shoe {id}"),
        category: "Footwear".to_owned(),
        brand: "Olmo".to_owned(),
        price: price * UNIT,
        ..Product::default()
    };
    let (_, prepared) = workspace
        .edit_catalogue(NOW, &[product("P1", 59), product("P2", 4)])
        .unwrap();
    workspace.apply(prepared.unwrap());
    workspace
}

/// Imports a file of purchases whose columns are named as those of an export are.
fn import(workspace: &mut Workspace, file: &str) {
    let columns = file.lines().next().unwrap().split(',').map(|name| match name {
        "email" => EventColumn::Email,
        "external_id" => EventColumn::ExternalId,
        "date" => EventColumn::Date,
        "amount" => EventColumn::Amount,
        "quantity" => EventColumn::Quantity,
        "product_id" => EventColumn::Product,
        "order_id" => EventColumn::Order,
        "payment_method" => EventColumn::PaymentMethod,
        _ => EventColumn::Ignore,
    });
    let spec = EventsSpec {
        source: SourceId(1),
        format: Format {
            encoding: Encoding::Utf8,
            delimiter: b',',
            quote: Some(b'"'),
            header: true,
        },
        columns: columns.collect(),
        kind: EventKind::Purchase,
        create: true,
        run_workflows: false,
    };
    let mut import = EventsImport::new(workspace, &spec, NOW).unwrap();
    import.push(workspace, file.as_bytes()).unwrap();
    import.finish(workspace).unwrap();
    assert_eq!(import.report().rejected, 0, "{:?}", import.report().problems);
    let prepared = import.prepare(workspace, NOW, "orders.csv");
    workspace.apply(prepared);
}

fn plain() -> ExportSpec {
    ExportSpec {
        audience: Audience::All,
        excluded: Vec::new(),
        fields: vec![EMAIL],
        memberships: false,
        delimiter: b',',
        dates: DateFormat::Iso,
        encoding: Encoding::Utf8,
        bom: false,
        guard_formulas: true,
    }
}

fn purchases(window: Window) -> ActivitySpec {
    ActivitySpec {
        kinds: vec![EventKind::Purchase],
        window,
        with_fields: false,
    }
}

fn written(workspace: &Workspace, order: &ExportOrder) -> Vec<u8> {
    let mut export = Exporting::new(workspace, order, NOW).unwrap();
    let mut bytes = Vec::new();
    loop {
        let more = export.step(2);
        bytes.append(&mut export.take());
        let (taken, all) = export.progress();
        assert!(taken <= all && more == (taken < all));
        if !more {
            return bytes;
        }
    }
}

/// The files of a ZIP file, read by its list at the end as any program does.
fn unzipped(bytes: &[u8]) -> Vec<(String, String)> {
    let number = |at: usize, len: usize| {
        let bytes = &bytes[at..at + len];
        bytes
            .iter()
            .rev()
            .fold(0usize, |all, byte| all << 8 | usize::from(*byte))
    };
    let end = bytes.len() - 22;
    assert_eq!(number(end, 4), 0x0605_4b50);
    let mut at = number(end + 16, 4);
    let mut files = Vec::new();
    for _ in 0..number(end + 10, 2) {
        assert_eq!(number(at, 4), 0x0201_4b50);
        let (name, extra) = (number(at + 28, 2), number(at + 30, 2));
        let more = at + 46 + name + 4;
        let (size, local) = (number(more + 8, 8), number(more + 16, 8));
        let start = local + 30 + number(local + 26, 2) + number(local + 28, 2);
        let content = &bytes[start..start + size];
        assert_eq!(number(at + 16, 4), crc32fast::hash(content) as usize);
        files.push((
            String::from_utf8(bytes[at + 46..at + 46 + name].to_vec()).unwrap(),
            String::from_utf8(content.to_vec()).unwrap(),
        ));
        at += 46 + name + extra;
    }
    files
}

fn activities(workspace: &Workspace, window: Window) -> String {
    let order = ExportOrder::Activities(plain(), purchases(window));
    let mut files = unzipped(&written(workspace, &order));
    assert_eq!(files.len(), 1);
    let (name, content) = files.remove(0);
    assert_eq!(name, "purchase.csv");
    content
}

const ORDERS: &str = "email,external_id,date,order_id,amount,quantity,product_id,payment_method
ana@example.com,,2026-10-01 10:00,A1,59.90,1,P1,card
ana@example.com,,2026-10-01 10:00,A1,10.00,3,P2,card
berta@example.com,b-7,2026-10-02,,20.00,,,
";

#[test]
fn a_purchase_is_a_row_for_each_line_item() {
    let mut workspace = shop();
    import(&mut workspace, ORDERS);
    assert_eq!(
        activities(&workspace, Window::Ever).replace("\r\n", "\n"),
        "email,external_id,date,amount,quantity,product_id,product_name,category,brand,unit_price,order_id,payment_method,origin
ana@example.com,,2026-10-01T10:00:00Z,59.90,1,P1,Shoe P1,Footwear,Olmo,59.90,A1,card,Imported
ana@example.com,,2026-10-01T10:00:00Z,10.00,3,P2,Shoe P2,Footwear,Olmo,3.3333,A1,card,Imported
berta@example.com,b-7,2026-10-02T00:00:00Z,20.00,,,,,,,,,Imported
"
    );
}

#[test]
fn only_activities_of_the_chosen_days_are_exported() {
    let mut workspace = shop();
    import(&mut workspace, ORDERS);
    let day = day_of(2026, 10, 1).unwrap();
    let only_first = activities(&workspace, Window::Between(day, day));
    assert_eq!(only_first.matches("ana@").count(), 2);
    assert_eq!(only_first.matches("berta@").count(), 0);
    let last_four_days = activities(&workspace, Window::LastDays(4));
    assert_eq!(last_four_days.matches("ana@").count(), 0);
    assert_eq!(last_four_days.matches("berta@").count(), 1);
    let counts = workspace
        .activity_counts(&Audience::All, &[], Window::Ever, NOW)
        .unwrap();
    assert_eq!(counts[0], (EventKind::Purchase, 2));
    assert!(counts[1..].iter().all(|(_, count)| *count == 0));
}

#[test]
fn contacts_and_activities_come_in_one_zip_file_each_with_its_byte_order_mark() {
    let mut workspace = shop();
    import(&mut workspace, ORDERS);
    let mut spec = plain();
    (spec.bom, spec.delimiter) = (true, b';');
    let mut asked = purchases(Window::Ever);
    asked.kinds.push(EventKind::Login);
    asked.with_fields = true;
    spec.fields.push(FIRST_NAME);
    let files = unzipped(&written(&workspace, &ExportOrder::Both(spec, asked)));
    let names: Vec<&str> = files.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["contacts.csv", "purchase.csv", "login.csv"]);
    assert!(
        files
            .iter()
            .all(|(_, content)| content.starts_with("\u{feff}email;"))
    );
    assert_eq!(files[2].1, "\u{feff}email;external_id;date;origin;first_name\r\n");
}

#[test]
fn the_emails_of_a_segment_come_one_a_line() {
    let mut workspace = Workspace::new();
    assert!(workspace.emails(model::SegmentId(1)).is_err());
    for (email, external) in [("b@example.com", ""), ("", "x"), ("a@example.com", "y")] {
        contact(&mut workspace, &[(EMAIL, email), (EXTERNAL_ID, external)]);
    }
    let def = model::segment::SegmentDef::named("All".to_owned());
    let everybody = model::query::Selection::Matching {
        query: model::Query::default(),
        except: Vec::new(),
    };
    let (segment, (_, prepared)) = workspace.create_segment(NOW, &def, Some(&everybody)).unwrap();
    workspace.apply(prepared.unwrap());
    assert_eq!(
        workspace.emails(segment).unwrap(),
        ("b@example.com\na@example.com".to_owned(), 2, 1)
    );
}

proptest! {
    #[test]
    fn exported_purchases_are_imported_again_without_a_difference(
        rows in prop::collection::vec(
            (0..4u8, 1..28u8, prop::option::of(0..3u8), prop::option::of(0..1_000_000i64), prop::option::of(1..9u8), prop::option::of(1..3u8)),
            1..30,
        )
    ) {
        let cell = |value: Option<String>| value.unwrap_or_default();
        let mut file = "email,date,order_id,amount,quantity,product_id,payment_method\n".to_owned();
        for (who, day, order, amount, quantity, product) in rows {
            file.push_str(&format!(
                "c{who}@example.com,2026-09-{day:02} 08:30,{},{},{},{},card\n",
                cell(order.map(|order| format!("A{order}"))),
                cell(amount.map(|amount| format!("{}.{:04}", amount / UNIT, amount % UNIT))),
                cell(quantity.map(|quantity| quantity.to_string())),
                cell(product.map(|product| format!("P{product}"))),
            ));
        }
        let mut first = shop();
        import(&mut first, &file);
        let exported = activities(&first, Window::Ever);
        let mut second = shop();
        import(&mut second, &exported);
        // Contacts have other numbers, which decide the order of what happened at the same moment.
        let sorted = |file: &str| {
            let mut lines: Vec<String> = file.lines().map(str::to_owned).collect();
            lines.sort();
            lines
        };
        prop_assert_eq!(sorted(&activities(&second, Window::Ever)), sorted(&exported));
        let all = |workspace: &Workspace| {
            let mut emails = (0..4).filter_map(|who| workspace.find(EMAIL, &format!("c{who}@example.com")));
            emails.by_ref().map(|contact| workspace.events(contact, None, 0, 100).1.into_iter()
                .map(|line| (line.when, line.total, line.items, line.order, line.text)).collect::<Vec<_>>()).collect::<Vec<_>>()
        };
        prop_assert_eq!(all(&first), all(&second));
    }
}

fn contact(workspace: &mut Workspace, values: &[(FieldId, &str)]) {
    let values: Vec<_> = values
        .iter()
        .map(|(field, text)| (*field, (*text).to_owned()))
        .collect();
    let (_, (_, prepared)) = workspace.create_contact(NOW, &values).unwrap();
    workspace.apply(prepared.unwrap());
}

/// A custom text field of a name.
fn field(workspace: &mut Workspace, name: &str) -> FieldId {
    let def = FieldDef {
        id: FieldId(0),
        key: name.to_lowercase(),
        name: name.to_owned(),
        kind: FieldType::Text,
        status: Status::Custom,
        required: false,
        default: String::new(),
        options: Vec::new(),
    };
    let (_, prepared) = workspace.create_field(NOW, &def).unwrap();
    workspace.apply(prepared.unwrap());
    workspace.fields().find(|def| def.name == name).unwrap().id
}

fn ads(platform: &str) -> AdSpec {
    AdSpec {
        platform: platform.to_owned(),
        audience: Audience::All,
        excluded: Vec::new(),
        hashed: true,
        everyone: false,
        mapped: Vec::new(),
    }
}

fn audience(workspace: &Workspace, spec: &AdSpec) -> String {
    let bytes = written(workspace, &ExportOrder::Ads(spec.clone()));
    String::from_utf8(bytes).unwrap().replace("\r\n", "\n")
}

/// The examples of *Customer Information Parameters*, Meta for Developers
/// (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters>).
#[test]
fn the_examples_that_meta_publishes_are_hashed_as_it_says() {
    let mut workspace = Workspace::new();
    for (email, first) in [
        ("John_Smith@gmail.com", "Mary"),
        ("a@example.com", "정"),
        ("b@example.com", "Valéry"),
    ] {
        contact(
            &mut workspace,
            &[
                (EMAIL, email),
                (FIRST_NAME, first),
                (NEWSLETTER_STATUS, "subscribed"),
            ],
        );
    }
    let file = audience(&workspace, &ads("meta"));
    for hash in [
        "62a14e44f765419d10fea99367361a727c12365e2520f32218d505ed9aa0f62f",
        "6915771be1c5aa0c886870b6951b03d7eafc121fea0e80a5ea83beb7c449f4ec",
        "8fa8cd9c440be61d0151429310034083132b35975c4bea67fdd74158eb51db14",
        "08e1996b5dd49e62a4b4c010d44e4345592a863bb9f8e3976219bac29417149c",
    ] {
        assert!(file.contains(hash), "{hash} in {file}");
    }
}

/// The examples of *Format user data*, Data Manager API
/// (<https://developers.google.com/data-manager/api/devguides/concepts/formatting>).
#[test]
fn the_examples_that_google_publishes_get_its_forms() {
    let mut workspace = Workspace::new();
    for (email, phone) in [
        ("cloudy.sanfrancisco+shopping@gmail.com", "+1 (800) 555-0100"),
        ("user.name+NYC@Example.com", "600111222"),
    ] {
        contact(
            &mut workspace,
            &[
                (EMAIL, email),
                (MOBILE_PHONE, phone),
                (NEWSLETTER_STATUS, "subscribed"),
            ],
        );
    }
    let mut spec = ads("google");
    spec.hashed = false;
    assert_eq!(
        audience(&workspace, &spec),
        "Email,Phone\ncloudysanfrancisco@gmail.com,+18005550100\nuser.name+nyc@example.com,\n"
    );
    // What the tool `sha256sum` gives for the two values.
    spec.hashed = true;
    let file = audience(&workspace, &spec);
    for hash in [
        "223ebda6f6889b1494551ba902d9d381daf2f642bae055888e96343d53e9f9c4",
        "fb4f73a6ec5fdb7077d564cdd22c3554b43ce49168550c3b12c547b78c517b30",
    ] {
        assert!(file.contains(hash), "{hash} in {file}");
    }
}

#[test]
fn custom_fields_give_addresses_and_country_and_zip_stay_plain_at_google() {
    let mut workspace = Workspace::new();
    let (zip, country, city) = (
        field(&mut workspace, "Zip"),
        field(&mut workspace, "Country"),
        field(&mut workspace, "City"),
    );
    contact(
        &mut workspace,
        &[
            (EXTERNAL_ID, "7"),
            (FIRST_NAME, " Ana-María "),
            (LAST_NAME, "López"),
            (BIRTHDATE, "1997-12-26"),
            (zip, "28004-1234"),
            (country, "ES"),
            (city, "New York"),
            (NEWSLETTER_STATUS, "subscribed"),
        ],
    );
    let mut spec = ads("google");
    spec.mapped = vec![
        (AdValue::Zip, zip),
        (AdValue::Country, country),
        (AdValue::City, city),
    ];
    let file = audience(&workspace, &spec);
    assert!(file.starts_with("Email,Phone,First Name,Last Name,Country,Zip\n"));
    assert!(file.ends_with(",es,28004-1234\n"), "{file}");
    spec.platform = "meta".to_owned();
    spec.hashed = false;
    assert_eq!(
        audience(&workspace, &spec),
        "email,phone,fn,ln,zip,ct,country,dob,doby,extern_id\n,,anamaría,lópez,28004,newyork,es,19971226,1997,7\n"
    );
}

#[test]
fn only_people_whose_status_allows_it_are_in_the_file_unless_asked() {
    let mut workspace = Workspace::new();
    for (email, newsletter, status) in [
        ("a@example.com", "subscribed", "active"),
        ("b@example.com", "subscribed", "bounced"),
        ("c@example.com", "unsubscribed", ""),
        ("d@example.com", "subscribed", ""),
    ] {
        contact(
            &mut workspace,
            &[
                (EMAIL, email),
                (NEWSLETTER_STATUS, newsletter),
                (EMAIL_STATUS, status),
            ],
        );
    }
    contact(
        &mut workspace,
        &[(EXTERNAL_ID, "x"), (NEWSLETTER_STATUS, "subscribed")],
    );
    let preview = |spec: &AdSpec| {
        let mut previewing = AdPreviewing::new(&workspace, spec, NOW).unwrap();
        while previewing.step(2) {}
        previewing.preview()
    };
    let mut spec = ads("meta");
    spec.hashed = false;
    let found = preview(&spec);
    assert_eq!(
        (found.contacts, found.allowed, found.people, found.without),
        (5, 3, 2, 1)
    );
    assert_eq!(found.columns[0], (AdValue::Email, "email".to_owned(), 2));
    assert_eq!(found.rows[1][0], "d@example.com");
    spec.everyone = true;
    let found = preview(&spec);
    assert_eq!(
        (found.contacts, found.allowed, found.people, found.without),
        (5, 3, 4, 1)
    );
}
