//! The border: the one place where an error becomes a message for a person.

use crate::error::Error;
use engine::Refused;
use engine::backup::Broken;
use engine::import::PlanError;
use model::Problem;
use model::field::{MAX_CUSTOM_FIELDS, MAX_NAME, MAX_OPTIONS};
use store::StoreError;

/// What a person is told about an error.
pub fn problem(error: Error) -> Problem {
    match error {
        Error::Problem(problem) => problem,
        Error::Refused(refused) => refused_problem(refused),
        Error::Plan(error) => plan_problem(error),
        Error::NotCsv(error) => error.problem(),
        Error::NotUtf8(error) => Problem::new(
            format!("{error}"),
            "Choose another encoding in the first step; Windows-1252 is common for files from older spreadsheets",
        ),
        Error::LongLine => Problem::new(
            "The first line of this file is longer than 256 kB, so it is no list of contacts",
            "Check that each contact stands on a line of its own",
        ),
        Error::ExportGone => Problem::new(
            "The file of this export is gone",
            "Choose Export again to make it anew",
        ),
        Error::Damage(what) => Problem::new(what, "Nothing was changed"),
        Error::Newer => Problem::new(
            "A newer version of Corral wrote some of this data, so this version doesn't touch it",
            "Nothing was changed; load the page again to get the newer version",
        ),
        Error::HistoryDamaged => Problem::new(
            "Some of the history can't be read, and what nothing seems to use may belong to it",
            "Nothing was taken away",
        ),
        Error::Cancelled => Problem::new("This was cancelled", "Nothing was changed"),
        Error::TooLateToCancel => Problem::new(
            "It is being saved, so it can't be cancelled any more",
            "Undo it when it is done",
        ),
        Error::NoSuchJob => Problem::new("This job isn't running any more", ""),
        Error::NoSuchSource => Problem::new("The file isn't open any more", "Choose it again"),
        Error::FileGone { name, .. } => Problem::new(
            format!("{} can no longer be read", file_name(&name)),
            "It was moved, changed or deleted since you chose it; choose it again",
        ),
        Error::Closing => Problem::new(
            "This page gives way to a newer one, so nothing was changed",
            "Reload the page and try again",
        ),
        Error::Store(error) => Problem::new(error.to_string(), help(&error)),
        Error::Browser(reason) => Problem::new(
            format!("The browser refused this: {reason}"),
            "Try again, or reload the page",
        ),
        Error::OnCopy => Problem::new(
            "A copy can only be looked at",
            "Go back to your contacts to change something",
        ),
        Error::NoCopy => Problem::new(
            "The copy of the simulation is gone, because Corral had to start again or it was thrown away",
            "Go back to your contacts and simulate again",
        ),
        Error::PartMissing => Problem::new(
            "A part of Corral could not be fetched, so nothing was changed",
            "You may be offline, or Corral was updated: try again, or reload the page",
        ),
        Error::Backup(broken) => Problem::new(
            broken.to_string(),
            match broken {
                Broken::Foreign => "Choose a file that Back up made; its name ends in .corral",
                Broken::Newer { .. } => "Load this page again to get the newest version, and try again",
                Broken::Truncated => "Copy it again from where you keep it, or choose an older backup",
                Broken::Changed { .. } => "Copy it again from where you keep it, or choose another backup",
            },
        ),
        Error::WrongPassphrase => Problem::new(
            "This passphrase doesn't open the backup",
            "Check capital letters and the keyboard, and type it again",
        )
        .at("passphrase"),
        Error::NoCrypto => Problem::new(
            "This browser encrypts nothing on a page that came without HTTPS",
            "Open Corral by an address that begins with https://",
        )
        .at("passphrase"),
        Error::NoBackup => Problem::new("The file of the backup is gone", "Back up once more"),
        Error::NotEmpty => Problem::new(
            "A backup is never restored over data",
            "Restore it as a new workspace, or delete everything here first",
        ),
        Error::OpenElsewhere => Problem::new(
            "That workspace is open in another tab",
            "Close that tab and try again",
        ),
        Error::NoSuchWorkspace => Problem::new("There is no such workspace", "Load this page again"),
        Error::NotAvailable(what) => Problem::new(format!("{what} can't be done yet"), ""),
    }
}

/// What a person can do about an error of the database.
fn help(error: &StoreError) -> &'static str {
    match error {
        StoreError::Full { .. } => "Nothing was changed; free some space on this device and try again",
        StoreError::Conflict { .. } => {
            "Nothing was changed; close the other tabs of Corral and reload this one"
        }
        StoreError::Closed | StoreError::Lost | StoreError::Other(_) => {
            "Nothing was changed; reload the page and try again"
        }
        StoreError::Gone => "Reload the page; what the browser deleted can't be had back from here",
        StoreError::Blocked => "Close the other tabs of Corral and try again",
        StoreError::Version { .. } => "Reload the page to get the newer version",
        StoreError::Damaged { .. } => "Everything else can still be used",
        StoreError::Unavailable(_) => {
            "Use a normal window instead of a private one, and allow this site to keep data"
        }
        _ => "",
    }
}

/// What a person is told when the engine refuses something.
fn refused_problem(refused: Refused) -> Problem {
    let name = |what: String, help: &str| Problem::new(what, help).at("name");
    match refused {
        Refused::NoSuchContact => Problem::new("This contact does not exist any more", "Go back to View all"),
        Refused::NoSuchSegment => Problem::new("This segment does not exist any more", "Choose another one"),
        Refused::NoSuchField => Problem::new("This field does not exist any more", "Choose another one"),
        Refused::NoSuchChange => Problem::new("This change is not in the history any more", ""),
        Refused::AlreadyStands => Problem::new("This change stands already", ""),
        Refused::AlreadyUndone => Problem::new("This change is undone already", ""),
        Refused::NameEmpty => name("A name is missing".into(), "Type one"),
        Refused::NameTooLong(length) => name(
            format!("The name has {length} characters, and at most {MAX_NAME} fit"),
            "Shorten it",
        ),
        Refused::NameHasControl => name(
            "The name has a character that can't be seen".into(),
            "Type it anew instead of pasting it",
        ),
        Refused::NameTaken(other) => name(format!("The name {other} is taken"), "Choose another name"),
        Refused::BadKey(key) => Problem::new(
            format!("The id “{key}” has other characters than letters, digits, - and _"),
            "Use only those, without accents",
        )
        .at("key"),
        Refused::KeyTaken(key) => {
            Problem::new(format!("The id {key} is taken"), "Choose another id").at("key")
        }
        Refused::TooManyFields => Problem::new(
            format!("There are {MAX_CUSTOM_FIELDS} custom fields, and no more can be made"),
            "Delete one that you do not need",
        ),
        Refused::TooManyOptions => Problem::new(
            format!("A field has at most {MAX_OPTIONS} options"),
            "Use a Text field instead",
        )
        .at("options"),
        Refused::NoOptions => {
            Problem::new("There is no option to choose from", "Add at least one").at("options")
        }
        Refused::OptionInUse(option) => Problem::new(
            format!("Contacts have the option {option}, so it can't go"),
            "Set another value for them first",
        )
        .at("options"),
        Refused::TypeFixed => Problem::new("The type of a field can't change", "Make a new field"),
        Refused::DefaultNeeded => Problem::new(
            "A required field needs a default, which everyone without a value gets",
            "Type a default",
        )
        .at("default"),
        Refused::ReadOnly(field) => {
            Problem::new(format!("{field} is kept by Corral"), "Choose another field")
        }
        Refused::BuiltIn(field) => Problem::new(
            format!("{field} is built in and can't be changed"),
            "Make a custom field",
        ),
        Refused::TooManySets => Problem::new("At most 6 sets can be combined at once", "Take one away"),
        Refused::NoFormula(segment) => Problem::new(
            format!("{segment} remembers no formula"),
            "Only segments saved from Combine can be refreshed",
        ),
        Refused::BrokenFormula(segment, why) => {
            let why = refused_problem(*why);
            Problem::new(
                format!("The formula of {segment} can't be worked out: {}", why.what),
                "Combine it anew, or leave this segment out",
            )
        }
        Refused::BadShares(total) => Problem::new(
            format!("The shares add up to {}.{:02} %", total / 100, total % 100),
            "Make them 100 % together, for at least two parts",
        )
        .at("shares"),
        Refused::BadSample(0) => {
            Problem::new("There is nobody to draw from", "Choose another segment").at("count")
        }
        Refused::BadSample(all) => Problem::new(
            format!("From 1 to {all} contacts can be drawn"),
            "Type such a number",
        )
        .at("count"),
        Refused::NothingToMerge => Problem::new("There is nothing to merge", "Choose at least two contacts"),
        Refused::ForGood => Problem::new(
            "This can't be undone",
            "What was erased or forgotten is gone for good",
        ),
        Refused::Forgotten => {
            Problem::new("The history of that date was forgotten", "Choose a later date").at("date")
        }
        Refused::NothingBefore => {
            Problem::new("Nothing was written before that date", "Choose a later one").at("date")
        }
        Refused::InUse(what, uses) => Problem::new(
            format!("{what} is used by {}", uses.join(", ")),
            "Change or delete those first",
        ),
        Refused::NoSuchWorkflow => Problem::new(
            "That workflow no longer exists",
            "Go back to the list of workflows",
        ),
        Refused::NoStart => Problem::new(
            "A workflow needs exactly one Start node",
            "Add one, or delete the others",
        ),
        Refused::NotForThisType(field) => Problem::new(
            format!("{field} has a type that this can't be used for"),
            "Choose another field",
        ),
        Refused::WrongState(name, what, state) => Problem::new(
            format!("{name} is {} and can't {what}", state.to_ascii_lowercase()),
            "Duplicate it, or look at its state in the list of workflows",
        ),
        Refused::Faulty(1, first) => Problem::new(format!("One fault keeps it from running: {first}"), ""),
        Refused::Faulty(count, first) => Problem::new(
            format!("{count} faults keep it from running; the first: {first}"),
            "Look at the checks of the workflow",
        ),
        Refused::GraphFixed => Problem::new(
            "Nodes and connections of a workflow that runs can't be added or removed",
            "Duplicate it and change the copy",
        ),
        Refused::NotAWorkflow(why) => Problem::new(
            format!("The file is no workflow: {why}"),
            "Choose a file that was exported from Corral",
        ),
        Refused::NotEmpty => Problem::new(
            "There are contacts already",
            "Load the demo in an empty workspace, or delete them first",
        ),
        Refused::Required(key) => Problem::new("This field is required", "Type a value").at(key),
        Refused::Value { key, field, reason } => Problem::new(format!("{field}: {reason}"), "").at(key),
        Refused::NoKey => {
            Problem::new("A contact needs an email or an external ID", "Type one of them").at("email")
        }
        Refused::KeyOfAnother {
            key,
            field,
            value,
            other,
        } => Problem::new(
            format!("{field} {value} belongs to another contact (number {other})"),
            "Search for it to open that contact",
        )
        .at(key),
        Refused::KeyForMany(field) => Problem::new(
            format!("{field} is different for every contact"),
            "Change it one contact at a time",
        ),
        Refused::BadSetting { setting, value } => {
            let help = match setting.as_str() {
                "Time zone" => "Choose one like Europe/Madrid",
                _ => "Type the digits of the calling code, like 34",
            };
            Problem::new(format!("“{value}” is no {}", setting.to_ascii_lowercase()), help).at(setting)
        }
    }
}

/// What a person is told when an import can't be as asked.
fn plan_problem(error: PlanError) -> Problem {
    match error {
        PlanError::Refused { at, why } => {
            let problem = refused_problem(why);
            Problem {
                what: format!("{at}: {}", problem.what),
                at,
                ..problem
            }
        }
        PlanError::NoKey => Problem::new(error.to_string(), "Map a column to one of them").at("Map"),
        PlanError::Twice(_) => Problem::new(error.to_string(), "Set one of them to Ignore").at("Map"),
        PlanError::ReadOnly(_) => Problem::new(error.to_string(), "Set the column to Ignore").at("Map"),
        PlanError::OnlyEmptyNeedsOverwrite => {
            Problem::new(error.to_string(), "Check both or none").at("Options")
        }
        PlanError::Columns => Problem::new(error.to_string(), "Choose the file again"),
    }
}

fn file_name(name: &str) -> &str {
    if name.is_empty() { "The pasted text" } else { name }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_vanished_file_is_named() {
        let gone = Error::FileGone {
            name: "shop.csv".into(),
            reason: "NotFoundError".into(),
        };
        assert_eq!(
            problem(gone).to_string(),
            "shop.csv can no longer be read. It was moved, changed or deleted since you chose it; choose it again"
        );
    }

    #[test]
    fn a_problem_the_engine_worded_stays_as_it_is() {
        let taken = Problem::new("ana@example.com belongs to Ana López", "Open her instead").at("email");
        assert_eq!(problem(taken.clone().into()), taken);
    }
}
