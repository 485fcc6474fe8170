//! What texts mean, in a person's words.

use super::*;
use model::field::{self, FieldDef, FieldOption, FieldType, Status};
use model::ids::FieldId;
use proptest::prelude::*;

fn option(id: &str, name: &str) -> FieldOption {
    FieldOption {
        id: id.to_owned(),
        name: name.to_owned(),
    }
}

/// A custom field of a type; those with options have the three levels of a club.
fn custom(kind: FieldType) -> FieldDef {
    let options = if kind.has_options() {
        vec![
            option("gold", "Gold card"),
            option("silver", "Silver card"),
            option("none", "Ninguna"),
        ]
    } else {
        Vec::new()
    };
    FieldDef {
        id: FieldId(field::FIRST_CUSTOM),
        key: "level".to_owned(),
        name: "Level".to_owned(),
        kind,
        status: Status::Custom,
        required: false,
        default: String::new(),
        options,
    }
}

fn system(id: FieldId) -> FieldDef {
    field::system_fields()
        .into_iter()
        .find(|field| field.id == id)
        .unwrap_or_else(|| custom(FieldType::Text))
}

fn rules() -> Rules {
    Rules {
        date_order: DateOrder::DayFirst,
        decimal_mark: Some(DecimalMark::Point),
        country: String::new(),
        zone: Zone::UTC,
    }
}

/// The value of a text, written in ISO form; or the reason why it is none.
fn said(field: &FieldDef, rules: &Rules, text: &str) -> String {
    let parser = Parser::new(field, rules);
    let mut scratch = "left over".to_owned();
    match parser.parse(text, &mut scratch) {
        Ok(Parsed::Empty) => "(empty)".to_owned(),
        Ok(value) => {
            let mut out = String::new();
            print(field.kind, value, &Style::ISO, &mut out);
            out
        }
        Err(bad) => bad.reason(text, field),
    }
}

/// Checks a table of texts and what is said of them.
fn check(field: &FieldDef, rules: &Rules, table: &[(&str, &str)]) {
    for (text, expected) in table {
        assert_eq!(
            said(field, rules, text),
            *expected,
            "{} {text:?}",
            field.kind.label()
        );
    }
}

#[test]
fn text() {
    check(
        &custom(FieldType::Text),
        &rules(),
        &[
            ("", "(empty)"),
            ("  \t ", "(empty)"),
            (" Ana ", " Ana "),
            ("two\nlines\tand tabs\r", "two\nlines\tand tabs\r"),
            ("\u{200f}right to left", "\u{200f}right to left"),
            ("A\0B", "“A\u{fffd}B” has the control character U+0000"),
            ("A\u{9d}", "“A\u{fffd}” has the control character U+009D"),
            ("A\u{7f}", "“A\u{fffd}” has the control character U+007F"),
        ],
    );
    let longest = "é".repeat(10_000);
    assert_eq!(said(&custom(FieldType::Text), &rules(), &longest), longest);
    let longer = "é".repeat(10_001);
    assert_eq!(
        said(&custom(FieldType::Text), &rules(), &longer),
        "The text is longer than 10,000 characters"
    );
}

#[test]
fn external_id() {
    check(
        &system(field::EXTERNAL_ID),
        &rules(),
        &[
            (" A-1 ", "A-1"),
            ("'6245123", "6245123"),
            ("'A", "'A"),
            (&"x".repeat(50), &"x".repeat(50)),
            (&"x".repeat(51), "The text is longer than 50 characters"),
            ("a\nb", "“a\u{fffd}b” has the control character U+000A"),
        ],
    );
}

#[test]
fn email() {
    let bad = |text: &str| format!("“{text}” is not an email address");
    let field = system(field::EMAIL);
    check(
        &field,
        &rules(),
        &[
            (" OK1@Example.com ", "ok1@example.com"),
            ("=cmd@example.com", "=cmd@example.com"),
            ("o'neil+x@example.com", "o'neil+x@example.com"),
            ("ÁNA@Müller.example", "ána@müller.example"),
            ("a@b.c", "a@b.c"),
        ],
    );
    for text in [
        "not an email",
        "a@b",
        "@example.com",
        "a@",
        "a@@example.com",
        "a@b@example.com",
        "a b@example.com",
        "a..b@example.com",
        ".a@example.com",
        "a.@example.com",
        "a@.example.com",
        "a@example.com.",
        "a@exa mple.com",
        "a@example,com",
        "Ana <a@example.com>",
        "mailto:a@example.com",
        "a@exa\u{200b}mple.com",
        "a@exam_ple.com",
        "a@example.com;b@example.com",
    ] {
        assert_eq!(said(&field, &rules(), text), bad(text));
    }
    let long = format!("{}@example.com", "x".repeat(65));
    assert!(said(&field, &rules(), &long).ends_with("is not an email address"));
    assert_eq!(said(&field, &rules(), &long[1..]), long[1..]);
    let long = format!("a@{}com", "example.".repeat(40));
    assert!(said(&field, &rules(), &long).ends_with("is not an email address"));
}

#[test]
fn phone() {
    let field = system(field::MOBILE_PHONE);
    let bad = |text: &str| format!("“{text}” is not a phone number");
    check(
        &field,
        &rules(),
        &[
            ("+34619444467", "+34619444467"),
            ("+34 619 44-44.67", "+34619444467"),
            ("0034 (619) 444467", "+34619444467"),
            ("'+34619444467", "+34619444467"),
            ("+44 (0)20 7946 0958", "+442079460958"),
            ("660 643 907", "660 643 907"),
            ("12345", "12345"),
            ("1234", &bad("1234")),
            ("+1234567890123456", &bad("+1234567890123456")),
            ("619 CALL", &bad("619 CALL")),
            ("6194+4467", &bad("6194+4467")),
            ("+0619444467", &bad("+0619444467")),
        ],
    );
    for (country, text, expected) in [
        ("34", "660643907", "+34660643907"),
        ("34", "660 64 39 07", "+34660643907"),
        ("34", "34660643907", "+34660643907"),
        ("+34", "660643907", "+34660643907"),
        ("34", "+44 20 7946 0958", "+442079460958"),
        ("44", "020 7946 0958", "+442079460958"),
        ("33", "06 12 34 56 78", "+33612345678"),
        ("39", "06 1234 5678", "+390612345678"),
        ("1", "(202) 555-0101", "+12025550101"),
        ("1", "1-202-555-0101", "+12025550101"),
        ("49", "0151 12345678", "+4915112345678"),
    ] {
        let rules = Rules {
            country: country.to_owned(),
            ..rules()
        };
        assert_eq!(said(&field, &rules, text), expected, "{text} in +{country}");
    }
}

#[test]
fn integer() {
    let field = system(field::POINTS);
    let point = rules();
    let comma = Rules {
        decimal_mark: Some(DecimalMark::Comma),
        ..rules()
    };
    let either = Rules {
        decimal_mark: None,
        ..rules()
    };
    check(
        &field,
        &point,
        &[
            ("0", "0"),
            (" 42 ", "42"),
            ("-7", "-7"),
            ("+7", "7"),
            ("007", "7"),
            ("5.0", "5"),
            ("1,234", "1234"),
            ("1.000", "1"),
            ("9223372036854775807", "9223372036854775807"),
            ("-9223372036854775807", "-9223372036854775807"),
            (
                "-9223372036854775808",
                "“-9223372036854775808” does not fit into 64 bits",
            ),
            (
                "99999999999999999999",
                "“99999999999999999999” does not fit into 64 bits",
            ),
            ("12abc", "“12abc” is not a whole number"),
            ("1.5", "“1.5” is not a whole number"),
            ("1e5", "“1e5” is not a whole number"),
            ("-", "“-” is not a whole number"),
        ],
    );
    check(
        &field,
        &comma,
        &[
            ("1.234", "1234"),
            ("5,0", "5"),
            ("1,5", "“1,5” is not a whole number"),
        ],
    );
    check(
        &field,
        &either,
        &[
            (
                "1.234",
                "“1.234” can be read in two ways; choose the decimal mark",
            ),
            ("12", "12"),
        ],
    );
}

#[test]
fn decimal() {
    let field = system(field::PURCHASE_AMOUNT_BEFORE);
    let point = rules();
    let comma = Rules {
        decimal_mark: Some(DecimalMark::Comma),
        ..rules()
    };
    let either = Rules {
        decimal_mark: None,
        ..rules()
    };
    let clear = [
        ("1.234,56", "1234.56"),
        ("1,234.56", "1234.56"),
        ("1,234,567", "1234567"),
        ("1.234.567,8", "1234567.8"),
        ("12,5", "12.5"),
        ("12.5", "12.5"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
        ("1 234,50", "1234.5"),
        ("1\u{202f}234,50", "1234.5"),
        ("1'234.50", "1234.5"),
        ("-3.10", "-3.1"),
        ("-0.0", "0"),
        ("\u{2212}2", "-2"),
        (".5", "0.5"),
        ("007.50", "7.5"),
        ("100", "100"),
        ("12345678901234567", "12345678901234567"),
        ("0.123456789012345", "0.123456789012345"),
        ("0.1234567890123450", "0.123456789012345"),
    ];
    for rules in [&point, &comma, &either] {
        check(&field, rules, &clear);
    }
    let digits = "has more than 17 digits, or more than 15 behind the decimal mark, and is never rounded";
    check(
        &field,
        &point,
        &[
            ("1,234", "1234"),
            ("1.234", "1.234"),
            ("123456789012345678", &format!("“123456789012345678” {digits}")),
            ("0.1234567890123456", &format!("“0.1234567890123456” {digits}")),
            ("doce", "“doce” is not a number"),
            ("12 €", "“12 €” is not a number"),
            ("1,23,456", "“1,23,456” is not a number"),
            ("1.2.3", "“1.2.3” is not a number"),
            ("1,2345,678", "“1,2345,678” is not a number"),
            ("12.", "“12.” is not a number"),
            ("1.234.567,8.9", "“1.234.567,8.9” is not a number"),
            ("1 23", "“1 23” is not a number"),
            ("1e5", "“1e5” is not a number"),
            (".", "“.” is not a number"),
            (",", "“,” is not a number"),
            ("28.01.1998", "“28.01.1998” is not a number"),
        ],
    );
    check(&field, &comma, &[("1,234", "1.234"), ("1.234", "1234")]);
    check(
        &field,
        &either,
        &[(
            "1,234",
            "“1,234” can be read in two ways; choose the decimal mark",
        )],
    );
}

#[test]
fn decimals_are_ordered_and_added_by_their_keys() {
    let read = |text| decimal::parse_decimal(text, Some(DecimalMark::Point)).unwrap_or_default();
    let ascending = [
        "-99999999999999999",
        "-10.5",
        "-10.25",
        "0",
        "0.000000000000001",
        "0.5",
        "3",
        "20",
        "100",
    ];
    let keys: Vec<i128> = ascending.iter().map(|text| decimal::key(read(text))).collect();
    assert!(keys.is_sorted_by(|a, b| a < b), "{keys:?}");
    assert_eq!(
        decimal::from_key(decimal::key(read("0.1")) + decimal::key(read("0.2"))),
        Some(read("0.3"))
    );
    assert_eq!(read("2.50"), read("2.5"));
}

#[test]
fn the_decimal_mark_gives_itself_away() {
    use DecimalMark::{Comma, Point};
    for (text, expected) in [
        ("1.5", Some(Point)),
        ("1,5", Some(Comma)),
        ("1.234,5", Some(Comma)),
        ("1,234.5", Some(Point)),
        ("1.234.567", Some(Comma)),
        ("1,234,567", Some(Point)),
        ("1.234", None),
        ("1,234", None),
        ("1234", None),
        ("x", None),
    ] {
        assert_eq!(decimal::mark_of(text), expected, "{text}");
    }
}

#[test]
fn day() {
    let field = system(field::BIRTHDATE);
    check(
        &field,
        &rules(),
        &[
            ("1998-01-28", "1998-01-28"),
            ("1998/1/28", "1998-01-28"),
            ("19980128", "1998-01-28"),
            ("28/01/1998", "1998-01-28"),
            ("28.1.1998", "1998-01-28"),
            ("03-04-1998", "1998-04-03"),
            ("29/02/2000", "2000-02-29"),
            ("9999-12-31", "9999-12-31"),
            ("0001-01-01", "0001-01-01"),
            ("1998-01-28 00:00:00", "1998-01-28"),
            ("1998-01-28T00:00:00Z", "1998-01-28"),
            (
                "1998-01-28T10:30",
                "“1998-01-28T10:30” has a time of day where a date belongs",
            ),
            ("31/02/1980", "“31/02/1980” is not a day of the calendar"),
            ("01/28/1998", "“01/28/1998” is not a day of the calendar"),
            ("29/02/1999", "“29/02/1999” is not a day of the calendar"),
            ("0000-01-01", "“0000-01-01” is not a day of the calendar"),
            ("28/01/98", "“28/01/98” has a year of two digits; write all four"),
            ("28/01", "“28/01” is not a date"),
            ("28-01/1998", "“28-01/1998” is not a date"),
            ("yesterday", "“yesterday” is not a date"),
            ("1998", "“1998” is not a date"),
            ("1998-01-28x", "“1998-01-28x” is not a date"),
        ],
    );
    let american = Rules {
        date_order: DateOrder::MonthFirst,
        ..rules()
    };
    check(
        &field,
        &american,
        &[("03/04/1998", "1998-03-04"), ("1998-03-04", "1998-03-04")],
    );
}

/// Central European Time around the summer of 2026, as the clocks of Madrid show it.
fn madrid() -> Zone {
    let spring = 1_774_746_000_000; // 2026-03-29T01:00:00Z
    let autumn = 1_792_890_000_000; // 2026-10-25T01:00:00Z
    Zone::probe(1_767_225_600_000, 1_798_761_600_000, |at| {
        if (spring..autumn).contains(&at) {
            7200
        } else {
            3600
        }
    })
}

#[test]
fn instant() {
    let field = system(field::CONSENT_AT);
    check(
        &field,
        &rules(),
        &[
            ("2026-10-02T16:13:00Z", "2026-10-02T16:13:00Z"),
            ("2026-10-02 16:13", "2026-10-02T16:13:00Z"),
            ("2026-10-02", "2026-10-02T00:00:00Z"),
            ("2026-10-02T16:13:00.5+02:00", "2026-10-02T14:13:00.500Z"),
            ("2026-10-02T16:13:00.123456Z", "2026-10-02T16:13:00.123Z"),
            ("2026-10-02 16:13:00 -0330", "2026-10-02T19:43:00Z"),
            ("2026-10-02 16:13:00 UTC", "2026-10-02T16:13:00Z"),
            ("02/10/2026, 4:13:05 PM", "2026-10-02T16:13:05Z"),
            ("02/10/2026 12:00 am", "2026-10-02T00:00:00Z"),
            ("1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"),
            ("2026-10-02T24:00Z", "“2026-10-02T24:00Z” is not a date and time"),
            ("2026-10-02T16", "“2026-10-02T16” is not a date and time"),
            (
                "2026-10-02 13:00 PM",
                "“2026-10-02 13:00 PM” is not a date and time",
            ),
            (
                "2026-02-30T16:13:00Z",
                "“2026-02-30T16:13:00Z” is not a day of the calendar",
            ),
            (
                "9999-12-31T23:00:00-05:00",
                "“9999-12-31T23:00:00-05:00” is not a day of the calendar",
            ),
            ("soon", "“soon” is not a date and time"),
        ],
    );
    let local = Rules {
        zone: madrid(),
        ..rules()
    };
    check(
        &field,
        &local,
        &[
            ("2026-01-10 12:00", "2026-01-10T11:00:00Z"),
            ("2026-07-10 12:00", "2026-07-10T10:00:00Z"),
            ("2026-07-10 12:00Z", "2026-07-10T12:00:00Z"),
            // The clocks skip from 2 to 3, and later show 2 to 3 twice.
            ("2026-03-29 02:30", "2026-03-29T01:30:00Z"),
            ("2026-10-25 02:30", "2026-10-25T00:30:00Z"),
            ("2026-10-25 02:30 +01:00", "2026-10-25T01:30:00Z"),
            ("2026-10-25 03:00", "2026-10-25T02:00:00Z"),
        ],
    );
}

#[test]
fn a_zone_knows_the_day() {
    let zone = madrid();
    let day = |text: &str| {
        let moment = date::parse_instant(text, DateOrder::DayFirst, &Zone::UTC).unwrap_or_default();
        let mut out = String::new();
        date::print_day(zone.day(moment), None, &mut out);
        out
    };
    assert_eq!(day("2026-07-10T21:59:59Z"), "2026-07-10");
    assert_eq!(day("2026-07-10T22:00:00Z"), "2026-07-11");
    assert_eq!(day("2026-01-10T22:00:00Z"), "2026-01-10");
}

#[test]
fn boolean() {
    let field = custom(FieldType::Boolean);
    for text in ["true", "TRUE", "yes", "1", "sí", "Si", "Verdadero", "y", "oui"] {
        assert_eq!(said(&field, &rules(), text), "true", "{text}");
    }
    for text in ["false", "No", "0", "falso", "FALSO", "nein"] {
        assert_eq!(said(&field, &rules(), text), "false", "{text}");
    }
    check(
        &field,
        &rules(),
        &[
            ("2", "“2” is neither true nor false"),
            ("maybe", "“maybe” is neither true nor false"),
        ],
    );
}

#[test]
fn options() {
    let none = "is not an option of Level (options: Gold card, Silver card, Ninguna)";
    check(
        &custom(FieldType::Radio),
        &rules(),
        &[
            ("gold", "gold"),
            (" GOLD ", "gold"),
            ("silver CARD", "silver"),
            ("bronze", &format!("“bronze” {none}")),
            ("gold|silver", &format!("“gold|silver” {none}")),
            ("yes", &format!("“yes” {none}")),
        ],
    );
    check(
        &custom(FieldType::Checkbox),
        &rules(),
        &[
            ("gold", "gold"),
            ("silver|gold", "gold|silver"),
            ("Silver card | Gold card | gold", "gold|silver"),
            ("|", "(empty)"),
            ("gold|bronze", &format!("“gold|bronze” {none}")),
        ],
    );
}

#[test]
fn subscriptions() {
    let field = system(field::NEWSLETTER_STATUS);
    for (status, words) in [
        (
            "subscribed",
            &[
                "subscribed",
                "Subscribed",
                "yes",
                "Sí",
                "1",
                "true",
                "opted-in",
                "Opt in",
                "suscrita",
            ][..],
        ),
        (
            "unsubscribed",
            &["unsubscribed", "no", "0", "FALSE", "opted_out", "baja"],
        ),
        ("none", &["none", "None", "NEVER_SUBSCRIBED", "not subscribed"]),
    ] {
        for word in words {
            assert_eq!(said(&field, &rules(), word), status, "{word}");
        }
    }
    let options = "is not an option of Newsletter status (options: Subscribed, Unsubscribed, None)";
    check(&field, &rules(), &[("weekly", &format!("“weekly” {options}"))]);
}

proptest! {
    #[test]
    fn what_is_printed_is_read_again(
        kind in prop::sample::select(FieldType::ALL.to_vec()),
        text in "[ -~é明🦊\n]{0,30}|[A-Za-z.]{1,8}@[A-ZÉa-z]{1,8}[.][a-z]{2,3}|[+0-9 ().-]{5,20}|(gold|silver|none)([|](gold|silver|none)){0,3}",
        number: i64,
        local: bool,
        month_first: bool,
        country in prop::sample::select(vec!["", "34", "44", "1", "39"]),
        in_zone: bool,
    ) {
        let field = custom(kind);
        let order = if month_first { DateOrder::MonthFirst } else { DateOrder::DayFirst };
        let zone = if in_zone { madrid() } else { Zone::UTC };
        let rules = Rules { date_order: order, country: country.to_owned(), zone: zone.clone(), ..rules() };
        let parser = Parser::new(&field, &rules);
        let mut first = String::new();
        let value = match kind {
            FieldType::Integer => Parsed::Number(number.max(i64::MIN + 1)),
            FieldType::Decimal => {
                let scale = number.unsigned_abs() as u32 % 16;
                Parsed::Number(decimal::pack(i128::from(number / 93), scale).unwrap_or_default())
            }
            FieldType::Day => Parsed::Number(number % 700_000),
            // About 2026, where the zone has its changes, to the millisecond or the hour.
            FieldType::Instant if local => Parsed::Number(1_780_000_000_000 + number % 9_000 * 3_600_000),
            FieldType::Instant => Parsed::Number(number % 60_000_000_000_000),
            FieldType::Boolean => Parsed::Number(number & 1),
            _ => match parser.parse(&text, &mut first) {
                Ok(value) => value,
                Err(_) => return Ok(()),
            },
        };
        let style = if local { Style::local(order, zone) } else { Style::ISO };
        let (mut printed, mut scratch) = (String::new(), String::new());
        print(kind, value, &style, &mut printed);
        prop_assert_eq!(parser.parse(&printed, &mut scratch), Ok(value), "{} {}", kind.label(), printed);
    }

    #[test]
    fn no_text_is_too_strange(kind in prop::sample::select(FieldType::ALL.to_vec()), text in "\\PC{0,40}|[-+0-9.,:/TZ '|]{0,40}") {
        let mut scratch = String::new();
        for mark in [None, Some(DecimalMark::Point), Some(DecimalMark::Comma)] {
            let field = custom(kind);
            let rules = Rules { decimal_mark: mark, country: "34".to_owned(), zone: madrid(), ..rules() };
            let parser = Parser::new(&field, &rules);
            match parser.parse(&text, &mut scratch) {
                Ok(Parsed::Number(number)) => prop_assert_ne!(number, NO_VALUE),
                Ok(Parsed::Text(text)) => prop_assert!(!text.is_empty()),
                Ok(Parsed::Empty) => {}
                Err(bad) => prop_assert!(!bad.reason(&text, &field).is_empty()),
            }
        }
    }
}
