//! What is suggested for files, in a person's words.

use super::*;
use crate::csv::{Kind, Reader, Record, sniff};
use crate::value::{Parsed, Parser, unguarded};
use model::field::{self, FieldDef, Status, system_fields};
use model::ids::FieldId;
use model::import::{ColumnMap, Literal, Target};

/// A file's columns, rows and separator, as an import sees them.
fn read(text: &str) -> (Vec<String>, Vec<Vec<String>>, u8) {
    let format = sniff(text.as_bytes(), true).format;
    let mut rows: Vec<Vec<String>> = Vec::new();
    let mut keep = |record: Record<'_>| {
        if record.kind == Kind::Row {
            rows.push(record.fields().map(str::to_owned).collect());
        }
    };
    let mut reader = Reader::new(&format);
    assert_eq!(reader.push(text.as_bytes(), &mut keep), Ok(()));
    assert_eq!(reader.finish(&mut keep), Ok(()));
    let columns = if format.header {
        rows.remove(0)
    } else {
        vec!["Column 1".to_owned(); rows.first().map_or(0, Vec::len)]
    };
    (columns, rows, format.delimiter)
}

fn suggested(text: &str, file: &str, fields: &[FieldDef], saved: &[SavedMapping]) -> Suggestion {
    let (columns, rows, delimiter) = read(text);
    let settings = Settings::default();
    suggest(
        &columns,
        &rows,
        &Around {
            file,
            delimiter,
            settings: &settings,
            fields,
            saved,
        },
    )
}

/// Each column as `name → where it goes`, with the table of its values and what is checked.
fn said(suggestion: &Suggestion, fields: &[FieldDef]) -> Vec<String> {
    let line = |column: &ColumnMap| {
        let mut line = format!("{} → ", column.column);
        line.push_str(&match &column.target {
            Target::Ignore => "(ignored)".to_owned(),
            Target::Field(id) => fields
                .iter()
                .find(|field| field.id == *id)
                .map_or("?", |field| &field.key)
                .to_owned(),
            Target::NewField { key, name, kind, .. } => format!("new {} {key} ({name})", kind.label()),
            Target::Segments { separator } => format!("segments by {separator}"),
        });
        for (from, to) in &column.values {
            line.push_str(&format!(", {from}={to}"));
        }
        line.push_str(if column.split_name { ", split" } else { "" });
        line.push_str(if column.trim { ", trim" } else { "" });
        line
    };
    suggestion.mapping.columns.iter().map(line).collect()
}

/// Checks what is suggested for a file in a new workspace.
fn check(text: &str, expected: &[&str]) -> Suggestion {
    let fields = system_fields();
    let suggestion = suggested(text, "", &fields, &[]);
    assert_eq!(said(&suggestion, &fields), expected);
    suggestion
}

#[test]
fn columns_go_by_their_names() {
    check(
        "E-Mail;Vorname;Name;Handy;Geburtsdatum;Punkte\na@example.com;Ana;Groß;+49151123456;01.02.1990;5\n",
        &[
            "E-Mail → email",
            "Vorname → first_name",
            "Name → last_name",
            "Handy → mobile_phone",
            "Geburtsdatum → birthdate",
            "Punkte → points",
        ],
    );
    check(
        "Courriel;Prénom;Nom;Téléphone;Date de naissance\na@example.com;Zoé;D'Hôtel;+33612345678;28/01/1990\n",
        &[
            "Courriel → email",
            "Prénom → first_name",
            "Nom → last_name",
            "Téléphone → mobile_phone",
            "Date de naissance → birthdate",
        ],
    );
}

#[test]
fn a_spanish_newsletter_is_understood() {
    let suggestion = check(
        "Correo electrónico;Nombre;Apellidos;Teléfono móvil;Fecha de nacimiento;Suscrito;Gasto total;Tipo\n\
         a@example.org;Ana;López;660643907;10/10/1996;sí;242,03;€ socio\n\
         b@example.org;Eva;Peña;612633036;14/09/1971;no;397,67;no socio\n",
        &[
            "Correo electrónico → email",
            "Nombre → first_name",
            "Apellidos → last_name",
            "Teléfono móvil → mobile_phone",
            "Fecha de nacimiento → birthdate",
            "Suscrito → newsletter_status, sí=subscribed, no=unsubscribed",
            "Gasto total → new Decimal gasto_total (Gasto total)",
            "Tipo → new Text tipo (Tipo)",
        ],
    );
    assert_eq!(suggestion.mapping.date_order, Some(DateOrder::DayFirst));
    assert_eq!(suggestion.mapping.decimal_mark, Some(DecimalMark::Comma));
    assert_eq!(suggestion.doubts, Doubts::default());
}

#[test]
fn addresses_are_the_email_whatever_the_column_is_called() {
    check(
        "X,Y\na@example.com,1\nb@example.com,2\n",
        &["X → email", "Y → new Integer y (Y)"],
    );
    check("a@example.com\nb@example.com\n", &["Column 1 → email"]);
    check(
        "email,second\na@example.com,c@example.com\n",
        &["email → email", "second → new Email second (second)"],
    );
}

#[test]
fn a_name_goes_where_the_other_columns_leave_it() {
    check(
        "email,name\na@example.com,Ana López\n",
        &["email → email", "name → first_name, split"],
    );
    check(
        "email,name\na@example.com,Ana\n",
        &["email → email", "name → first_name"],
    );
    check(
        "name,surname\nAna,López\n",
        &["name → first_name", "surname → last_name"],
    );
    check(
        "full name,email\nAna,a@example.com\n",
        &["full name → first_name, split", "email → email"],
    );
    check(
        "full name,first name,email\nAna L,Ana,a@example.com\n",
        &[
            "full name → new Text full_name (full name)",
            "first name → first_name",
            "email → email",
        ],
    );
}

#[test]
fn new_fields_have_the_narrowest_type_that_fits() {
    for (values, expected) in [
        (&["1", "2", "-3"][..], FieldType::Integer),
        (&["0", "1", "1"], FieldType::Integer),
        (&["1", "2.5"], FieldType::Decimal),
        (&["1.50 ", "2.25"], FieldType::Decimal),
        (&["08001", "28001"], FieldType::Text),
        (&["2026-01-02", "2026-12-31"], FieldType::Day),
        (&["28/01/2026"], FieldType::Day),
        (&["2026-01-02T10:00:00Z"], FieldType::Instant),
        (&["2026-01-02", "2026-01-02 10:00"], FieldType::Instant),
        (&["yes", "no", "YES"], FieldType::Boolean),
        (&["sí", "no"], FieldType::Boolean),
        (&["f", "f"], FieldType::Text),
        (&["a@example.com"], FieldType::Email),
        (&["+34600000001", "'+34 600 000 002"], FieldType::Phone),
        (&["red", "blue", "red"], FieldType::Text),
        (&["1", "2", "many"], FieldType::Text),
        (&[], FieldType::Text),
        (&["20260102", "20260103"], FieldType::Integer),
        (&["192.0.2.1"], FieldType::Text),
    ] {
        let rules = Rules::typed(&Settings::default(), Zone::UTC);
        assert_eq!(
            narrowest("x", values.iter().copied(), &rules),
            expected,
            "{values:?}"
        );
    }
    let rules = Rules::typed(&Settings::default(), Zone::UTC);
    assert_eq!(
        narrowest("Postal code", ["28001"].into_iter(), &rules),
        FieldType::Text
    );
    assert_eq!(
        narrowest("Work phone", ["600000001"].into_iter(), &rules),
        FieldType::Phone
    );
    let nineteen = std::iter::repeat_n("5", 19).chain(["many"]);
    assert_eq!(
        narrowest("x", nineteen, &rules),
        FieldType::Integer,
        "19 of 20 are 95 %"
    );
    let eighteen = std::iter::repeat_n("5", 18).chain(["many"]);
    assert_eq!(
        narrowest("x", eighteen, &rules),
        FieldType::Text,
        "18 of 19 are not"
    );
}

#[test]
fn new_fields_have_keys_and_names_of_their_own() {
    check(
        "email,Größe (cm),größe cm,市,,Email,Points!,created_at\na@example.com,1,2,x,y,b@example.com,x,z\n",
        &[
            "email → email",
            "Größe (cm) → new Integer grosse_cm (Größe (cm))",
            "größe cm → new Integer grosse_cm_2 (größe cm)",
            "市 → new Text field (市)",
            " → new Text column_5 (Column 5)",
            "Email → new Email email_2 (Email 2)",
            "Points! → new Text points_2 (Points!)",
            "created_at → new Text created_at_2 (created_at)",
        ],
    );
    check("email,\na@example.com,\n", &["email → email", " → (ignored)"]);
}

#[test]
fn fields_are_not_taken_by_values_that_do_not_fit() {
    check(
        "email,newsletter,birthday\na@example.com,weekly,05/24\nb@example.com,monthly,12/01\n",
        &[
            "email → email",
            "newsletter → new Text newsletter (newsletter)",
            "birthday → new Text birthday (birthday)",
        ],
    );
}

#[test]
fn no_more_fields_are_made_than_there_is_room_for() {
    let mut fields = system_fields();
    for number in 0..139 {
        fields.push(FieldDef {
            id: FieldId(64 + number),
            key: format!("c{number}"),
            status: Status::Custom,
            ..fields[2].clone()
        });
    }
    let suggestion = suggested("email,one,two\na@example.com,1,2\n", "", &fields, &[]);
    assert_eq!(
        said(&suggestion, &fields),
        ["email → email", "one → new Integer one (one)", "two → (ignored)"]
    );
}

#[test]
fn the_order_of_dates_is_told_by_the_data() {
    let order = |dates: &[&str]| {
        let text = format!(
            "email;date\n{}",
            dates
                .iter()
                .map(|date| format!("a@example.com;{date}\n"))
                .collect::<String>()
        );
        let suggestion = suggested(&text, "", &system_fields(), &[]);
        (suggestion.mapping.date_order, suggestion.doubts.date_order)
    };
    assert_eq!(
        order(&["01/02/2026", "28/01/2026"]),
        (Some(DateOrder::DayFirst), false)
    );
    assert_eq!(
        order(&["01/02/2026", "01/28/2026"]),
        (Some(DateOrder::MonthFirst), false)
    );
    assert_eq!(order(&["01/02/2026", "03/04/2026"]), (None, true));
    assert_eq!(order(&["01/01/2026"]), (None, false));
    assert_eq!(order(&["2026-01-02"]), (None, false));
}

#[test]
fn the_decimal_mark_is_told_by_the_data() {
    let mark = |numbers: &[&str]| {
        let text = format!(
            "email;x\n{}",
            numbers
                .iter()
                .map(|x| format!("a@example.com;{x}\n"))
                .collect::<String>()
        );
        let suggestion = suggested(&text, "", &system_fields(), &[]);
        (suggestion.mapping.decimal_mark, suggestion.doubts.decimal_mark)
    };
    assert_eq!(mark(&["1.234", "2,5"]), (Some(DecimalMark::Comma), false));
    assert_eq!(mark(&["1.234", "2.5"]), (Some(DecimalMark::Point), false));
    assert_eq!(mark(&["1.234", "2.345"]), (None, true));
    assert_eq!(mark(&["12.5", "12,5"]), (None, false));
    assert_eq!(mark(&["1", "2"]), (None, false));
    let suggestion = suggested("email,x\na@example.com,1.234\n", "", &system_fields(), &[]);
    assert_eq!(
        suggestion.mapping.decimal_mark,
        Some(DecimalMark::Point),
        "a comma separates the cells"
    );
}

#[test]
fn what_corral_exports_maps_itself() {
    let text = "email,first_name,last_name,purchase_amount_before,created_at,segments\n\
                a@example.com,Ana , L,1.234,2026-01-02T10:00:00Z,VIP|Fair\n";
    let suggestion = check(
        text,
        &[
            "email → email",
            "first_name → first_name",
            "last_name → last_name",
            "purchase_amount_before → purchase_amount_before",
            "created_at → (ignored)",
            "segments → segments by |",
        ],
    );
    assert_eq!(suggestion.mapping.decimal_mark, Some(DecimalMark::Point));
}

#[test]
fn rejected_rows_go_where_they_went_and_their_reasons_nowhere() {
    check(
        "email,first_name,city,line,column,reason\na@example.com,Ana,Lugo,7,email,not an email\n",
        &[
            "email → email",
            "first_name → first_name",
            "city → new Text city (city)",
            "line → (ignored)",
            "column → (ignored)",
            "reason → (ignored)",
        ],
    );
    let fields = system_fields();
    let saved = [SavedMapping {
        name: "Mine".into(),
        mapping: suggested("mail,x\na@example.com,1\n", "", &fields, &[]).mapping,
    }];
    let again = suggested(
        "mail,x,line,column,reason\na@example.com,1,2,,\n",
        "",
        &fields,
        &saved,
    );
    assert_eq!(again.from, "Mine");
    assert_eq!(
        said(&again, &fields)[1..3],
        ["x → new Integer x (x)", "line → (ignored)"]
    );
}

#[test]
fn a_saved_mapping_is_offered_for_the_same_columns() {
    let fields = system_fields();
    let text = "Mail;Größe;Rest\na@example.com;1,5;x\n";
    let first = suggested(text, "", &fields, &[]);
    let mut mapping = first.mapping.clone();
    mapping.columns[1].target = Target::NewField {
        key: "size".into(),
        name: "Size".into(),
        kind: FieldType::Decimal,
        collect_options: false,
    };
    mapping.columns[2].target = Target::Ignore;
    mapping.literals = vec![Literal {
        field: field::CONSENT_SOURCE,
        value: "Fair".into(),
    }];
    let saved = [SavedMapping {
        name: "Shoes".into(),
        mapping: mapping.clone(),
    }];

    let again = suggested(text, "", &fields, &saved);
    assert_eq!((again.from.as_str(), &again.mapping), ("Shoes", &mapping));
    let turned = suggested("REST;größe;mail\nx;1,5;a@example.com\n", "", &fields, &saved);
    assert_eq!(
        said(&turned, &fields),
        [
            "REST → (ignored)",
            "größe → new Decimal size (Size)",
            "mail → email"
        ]
    );
    assert_eq!(
        suggested("Mail;Größe\na@example.com;1,5\n", "", &fields, &saved).from,
        ""
    );

    let mut later = fields.clone();
    later.push(FieldDef {
        id: FieldId(64),
        key: "size".into(),
        name: "Size".into(),
        status: Status::Custom,
        ..fields[14].clone()
    });
    let made = suggested(text, "", &later, &saved);
    assert_eq!(
        said(&made, &later),
        ["Mail → email", "Größe → size", "Rest → (ignored)"],
        "the field has been made"
    );
}

/// Checks the mapping of a service's export, less the columns that become new fields, and that every row can be read.
fn check_export(name: &str, file: &str, text: &str, expected: &[&str], literals: &[(FieldId, &str)]) {
    let fields = system_fields();
    let suggestion = suggested(text, file, &fields, &[]);
    assert_eq!(suggestion.from, name);
    let lines: Vec<String> = said(&suggestion, &fields)
        .into_iter()
        .filter(|line| !line.contains("→ new "))
        .collect();
    assert_eq!(lines, expected);
    let found: Vec<(FieldId, &str)> = suggestion
        .mapping
        .literals
        .iter()
        .map(|literal| (literal.field, literal.value.as_str()))
        .collect();
    assert_eq!(found, literals);
    every_value_fits(text, &suggestion, &fields);
    // Nor does it matter how the columns are ordered, or the case of their names.
    let (columns, rows, delimiter) = read(text);
    let turned: Vec<String> = columns.iter().rev().map(|name| name.to_uppercase()).collect();
    let turned_rows: Vec<Vec<String>> = rows
        .iter()
        .map(|row| row.iter().rev().cloned().collect())
        .collect();
    let settings = Settings::default();
    let around = Around {
        file,
        delimiter,
        settings: &settings,
        fields: &fields,
        saved: &[],
    };
    let back = suggest(&turned, &turned_rows, &around);
    let targets = |suggestion: &Suggestion| {
        let known = |column: &&ColumnMap| matches!(column.target, Target::Field(_) | Target::Segments { .. });
        suggestion
            .mapping
            .columns
            .iter()
            .filter(known)
            .map(|column| (column.column.to_uppercase(), column.target.clone()))
            .collect::<Vec<_>>()
    };
    let mut back = targets(&back);
    back.reverse();
    assert_eq!(back, targets(&suggestion));
}

/// Reads every row of a file by its suggested mapping.
fn every_value_fits(text: &str, suggestion: &Suggestion, fields: &[FieldDef]) {
    let rules = Rules::import(&Settings::default(), &suggestion.mapping, Zone::UTC);
    let (_, rows, _) = read(text);
    for (at, column) in suggestion.mapping.columns.iter().enumerate() {
        let field = match &column.target {
            Target::Field(id) => fields.iter().find(|field| field.id == *id).cloned(),
            Target::NewField { kind, .. } => Some(FieldDef {
                id: FieldId(64),
                kind: *kind,
                ..fields[2].clone()
            }),
            _ => None,
        };
        let Some(field) = field else { continue };
        let parser = Parser::new(&field, &rules);
        for row in &rows {
            let cell = unguarded(row.get(at).map_or("", String::as_str));
            let table = column
                .values
                .iter()
                .find(|(from, _)| from.eq_ignore_ascii_case(cell.trim()));
            let cell = table.map_or(cell, |(_, to)| to);
            let mut scratch = String::new();
            let read = parser.parse(cell, &mut scratch);
            assert!(read.is_ok(), "{}: {cell:?} {read:?}", column.column);
            if field.id == field::EXTERNAL_ID {
                assert!(matches!(read, Ok(Parsed::Text(id)) if !id.starts_with('\'')));
            }
        }
    }
}

#[test]
fn mailchimp_maps_itself() {
    let mapped = [
        "Email Address → email",
        "First Name → first_name",
        "Last Name → last_name",
        "Phone Number → mobile_phone",
        "CONFIRM_TIME → consent_at",
        "TAGS → segments by ,",
    ];
    let text = include_str!("../../fixtures/mailchimp-subscribed.csv");
    let subscribed = [(field::NEWSLETTER_STATUS, "subscribed")];
    check_export(
        "Mailchimp",
        "subscribed_members_export_1.csv",
        text,
        &mapped,
        &subscribed,
    );
    check_export("Mailchimp", "list.csv", text, &mapped, &[]);
    check_export(
        "Mailchimp",
        "nonsubscribed.csv",
        text,
        &mapped,
        &[(field::NEWSLETTER_STATUS, "none")],
    );
    let mapped = [mapped[0], mapped[1], mapped[2], mapped[4], mapped[5]];
    let text = include_str!("../../fixtures/mailchimp-unsubscribed.csv");
    check_export(
        "Mailchimp",
        "list.csv",
        text,
        &mapped,
        &[(field::NEWSLETTER_STATUS, "unsubscribed")],
    );
    let text = include_str!("../../fixtures/mailchimp-cleaned.csv");
    check_export(
        "Mailchimp",
        "list.csv",
        text,
        &mapped,
        &[(field::EMAIL_STATUS, "bounced")],
    );
}

#[test]
fn klaviyo_maps_itself() {
    let consent =
        "SUBSCRIBED=subscribed, UNSUBSCRIBED=unsubscribed, NEVER_SUBSCRIBED=none, NOT_SUBSCRIBED=none";
    let fields = system_fields();
    let suggestion = suggested(include_str!("../../fixtures/klaviyo.csv"), "", &fields, &[]);
    let suppressions = said(&suggestion, &fields)
        .into_iter()
        .find(|line| line.starts_with("Email Suppressions"))
        .unwrap_or_default();
    assert!(suppressions.starts_with("Email Suppressions → email_status, HARD_BOUNCE=bounced"));
    check_export(
        "Klaviyo",
        "",
        include_str!("../../fixtures/klaviyo.csv"),
        &[
            "Email → email",
            "Klaviyo ID → external_id",
            "First Name → first_name",
            "Last Name → last_name",
            "Phone Number → mobile_phone",
            "Source → consent_source",
            &format!("Email Marketing Consent → newsletter_status, {consent}"),
            "Email Marketing Consent Timestamp → consent_at",
            &format!("SMS Marketing Consent → sms_status, {consent}"),
            "Historic Customer Lifetime Value → purchase_amount_before",
            "Historic Number Of Orders → purchases_before",
            &suppressions,
        ],
        &[],
    );
}

#[test]
fn shopify_maps_itself() {
    let yes_no = "yes=subscribed, true=subscribed, no=unsubscribed, false=unsubscribed";
    check_export(
        "Shopify",
        "",
        include_str!("../../fixtures/shopify.csv"),
        &[
            "Customer ID → external_id",
            "First Name → first_name",
            "Last Name → last_name",
            "Email → email",
            &format!("Accepts Email Marketing → newsletter_status, {yes_no}"),
            "Phone → mobile_phone",
            &format!("Accepts SMS Marketing → sms_status, {yes_no}"),
            "Total Spent → purchase_amount_before",
            "Total Orders → purchases_before",
            "Tags → segments by ,",
        ],
        &[],
    );
}

#[test]
fn hubspot_maps_itself() {
    check_export(
        "HubSpot",
        "",
        include_str!("../../fixtures/hubspot.csv"),
        &[
            "Record ID → external_id",
            "First Name → first_name",
            "Last Name → last_name",
            "Email → email",
            "Mobile Phone Number → mobile_phone",
            "Unsubscribed from all email → newsletter_status, true=unsubscribed, yes=unsubscribed, false=, no=",
        ],
        &[],
    );
}

#[test]
fn names_of_segments_may_be_quoted() {
    for (cell, separator, expected) in [
        ("VIP|Fair leads", "|", &["VIP", "Fair leads"][..]),
        ("VIP, Fair leads ,", ",", &["VIP", "Fair leads"]),
        ("\"VIP\",\"Fair, leads\"", ",", &["VIP", "Fair, leads"]),
        ("\"never closed, x", ",", &["\"never closed", "x"]),
        ("5\" screen", ",", &["5\" screen"]),
        ("VIP", "", &["VIP"]),
        (" ", ",", &[]),
    ] {
        assert_eq!(
            segment_names(cell, separator).collect::<Vec<_>>(),
            expected,
            "{cell}"
        );
    }
}
