//! The account of an import, as labelled numbers and as sentences.

use crate::ui::format::{self, count, number};
use model::account::{Account, MemberAccount};
use model::segment::MemberAction;

/// The ways a row can go, by their names on the screen; the first six always show.
fn ways(account: &Account) -> Vec<(&'static str, u64)> {
    let mut ways = vec![
        ("new", account.new),
        ("updated", account.updated),
        ("identical", account.identical),
        ("skipped (already exists)", account.skipped),
    ];
    if account.not_created > 0 {
        ways.push(("not created", account.not_created));
    }
    ways.extend([
        ("repeated in the file", account.repeated),
        ("rejected", account.rejected),
    ]);
    ways
}

/// The account as labelled numbers: label, number, and a detail that may be empty.
pub fn numbers(account: &Account) -> Vec<(String, String, String)> {
    let capital = |text: &str| {
        let mut letters = text.chars();
        letters
            .next()
            .map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
    };
    std::iter::once(("rows read", account.read))
        .chain(ways(account))
        .map(|(label, many)| (capital(label), number(many), String::new()))
        .collect()
}

/// The account as a sum that a person can check.
pub fn sum(account: &Account) -> String {
    let ways: Vec<String> = ways(account)
        .into_iter()
        .map(|(label, many)| format!("{} {label}", number(many)))
        .collect();
    format!(
        "{} = {}",
        count(account.read, "row read", "rows read"),
        ways.join(" + ")
    )
}

/// What is counted beside the sum, one sentence each; what did not happen is left out.
pub fn beside(account: &Account) -> Vec<String> {
    let sentences = [
        (
            account.blank,
            "blank line, which is no row",
            "blank lines, which are no rows",
        ),
        (
            account.short,
            "row has fewer cells than the header; the rest was read as empty",
            "rows have fewer cells than the header; the rest was read as empty",
        ),
        (
            account.left_out,
            "bad value left out of a row that is kept",
            "bad values left out of rows that are kept",
        ),
        (
            account.kept_unsubscribed,
            "contact stays unsubscribed although the file says otherwise",
            "contacts stay unsubscribed although the file says otherwise",
        ),
        (
            account.column_members,
            "membership from a Segments column",
            "memberships from a Segments column",
        ),
    ];
    sentences
        .into_iter()
        .filter(|(many, ..)| *many > 0)
        .map(|(many, one, more)| count(many, one, more))
        .collect()
}

/// The account of the segment's members as labelled numbers.
pub fn members(members: &MemberAccount) -> Vec<(String, String, String)> {
    [
        ("Added", members.added),
        ("Already in it", members.already),
        ("Removed", members.removed),
        ("Not added", members.not_added),
    ]
    .into_iter()
    .map(|(label, many)| (label.to_owned(), number(many), String::new()))
    .collect()
}

/// What the button that starts an import says: it begins with Import, and names how many contacts it writes.
pub fn import_label(account: &Account) -> String {
    match account.new + account.updated {
        0 => "Import".to_owned(),
        many => format!("Import {}", format::contacts(many)),
    }
}

/// Whether an import would change nothing at all.
pub fn changes_nothing(account: &Account) -> bool {
    let members = account
        .members
        .as_ref()
        .map_or(0, |members| members.added + members.removed);
    account.new + account.updated + account.column_members + members == 0
}

/// What happens to the members of a segment, in words; `name` is the segment's.
pub fn action_words(action: MemberAction, name: &str) -> String {
    match action {
        MemberAction::Add => format!("Add to segment {name}"),
        MemberAction::Remove => format!("Remove from segment {name}"),
        MemberAction::Replace => format!("Replace the members of segment {name}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account() -> Account {
        Account {
            read: 1200,
            new: 1190,
            updated: 2,
            identical: 1,
            repeated: 3,
            rejected: 4,
            blank: 1,
            ..Account::default()
        }
    }

    #[test]
    fn the_sum_names_every_way_a_row_can_go() {
        assert_eq!(
            sum(&account()),
            "1,200 rows read = 1,190 new + 2 updated + 1 identical + 0 skipped (already exists) \
             + 3 repeated in the file + 4 rejected"
        );
    }

    #[test]
    fn rows_that_may_not_make_contacts_are_a_way_of_their_own() {
        let account = Account {
            read: 2,
            not_created: 2,
            ..Account::default()
        };
        assert!(sum(&account).contains("2 not created"));
        assert_eq!(numbers(&account).len(), 8);
    }

    #[test]
    fn every_way_is_labelled_once() {
        let labels: Vec<String> = numbers(&account()).into_iter().map(|(label, ..)| label).collect();
        assert_eq!(
            labels,
            [
                "Rows read",
                "New",
                "Updated",
                "Identical",
                "Skipped (already exists)",
                "Repeated in the file",
                "Rejected"
            ]
        );
    }

    #[test]
    fn only_what_happened_is_told_beside_the_sum() {
        assert_eq!(beside(&account()), ["1 blank line, which is no row"]);
    }

    #[test]
    fn the_button_says_how_many_contacts_are_written() {
        assert_eq!(import_label(&account()), "Import 1,192 contacts");
        assert_eq!(import_label(&Account::default()), "Import");
        assert!(changes_nothing(&Account::default()));
    }
}
