//! What filters of dates find, on a handful of contacts.

use crate::value::date::{day_of, is_anniversary};
use crate::workspace::Workspace;
use model::field::{BIRTHDATE, EMAIL};
use model::{FieldId, Group, Op, Query, Rule};

const DAY: i64 = 86_400_000;

fn day(year: i64, month: i64, on: i64) -> i64 {
    day_of(year, month, on).unwrap_or_else(|| panic!("{year}-{month}-{on} is a day"))
}

/// A workspace of people with these birthdates.
fn born(dates: &[&str]) -> Workspace {
    let mut workspace = Workspace::new();
    for (at, date) in dates.iter().enumerate() {
        let values = [
            (EMAIL, format!("p{at}@example.com")),
            (BIRTHDATE, (*date).to_owned()),
        ];
        let made = workspace.create_contact(0, &values);
        let (_, (_, prepared)) = made.unwrap_or_else(|refused| panic!("{refused:?}"));
        workspace.apply_all(prepared);
    }
    workspace
}

fn found(workspace: &Workspace, field: FieldId, op: Op, values: &[&str], on: i64) -> Vec<u32> {
    let values = values.iter().map(|value| (*value).to_owned()).collect();
    let query = Query {
        filter: Group {
            rules: vec![Rule::Field { field, op, values }],
            ..Group::default()
        },
        ..Query::default()
    };
    let found = workspace.matching(&query, on * DAY + 1);
    found
        .unwrap_or_else(|refused| panic!("{refused:?}"))
        .iter()
        .collect()
}

#[test]
fn whoever_was_born_on_the_29th_of_february_has_one_birthday_a_year() {
    let workspace = born(&["2000-02-29", "1999-03-01", "1999-02-28"]);
    // The day that is asked about, and whose birthday it is.
    let cases: [(_, &[u32]); 6] = [
        ((2027, 2, 28), &[2]),
        ((2027, 3, 1), &[0, 1]),
        ((2028, 2, 28), &[2]),
        ((2028, 2, 29), &[0]),
        ((2028, 3, 1), &[1]),
        ((2100, 3, 1), &[0, 1]),
    ];
    for ((year, month, on), whose) in cases {
        let today = day(year, month, on);
        let all = found(&workspace, BIRTHDATE, Op::AnniversaryInDays, &["0"], today);
        assert_eq!(all, whose, "{year}-{month}-{on}");
        // Workflows see it the same way.
        let born = [day(2000, 2, 29), day(1999, 3, 1), day(1999, 2, 28)];
        let seen = (0u32..)
            .zip(born)
            .filter(|(_, born)| is_anniversary(*born, today));
        assert_eq!(
            seen.map(|(at, _)| at).collect::<Vec<_>>(),
            whose,
            "{year}-{month}-{on}"
        );
    }
}

#[test]
fn dates_are_asked_by_weekday_too() {
    // A Monday, a Saturday, a Sunday, and none.
    let workspace = born(&["2026-11-23", "2026-11-28", "2026-11-29", ""]);
    let cases: [(&[&str], &[u32]); 4] = [
        (&["1"], &[0]),
        (&["6", "7"], &[1, 2]),
        (&["3"], &[]),
        (&["1", "2", "3", "4", "5", "6", "7"], &[0, 1, 2]),
    ];
    for (days, whose) in cases {
        assert_eq!(
            found(&workspace, BIRTHDATE, Op::Weekday, days, 20_000),
            whose,
            "{days:?}"
        );
    }
}
