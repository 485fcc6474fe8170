//! Values as people read them.

use crate::state::App;
use crate::ui::format;
use leptos::prelude::*;
use model::field::FieldOption;
use model::{FieldDef, FieldType};

/// A cell's text as the table shows it: moments in the workspace's time zone, numbers in groups of three.
pub fn cell(text: &str, kind: FieldType, app: App) -> String {
    match kind {
        FieldType::Instant => app.zone().with(|zone| format::moment_text(text, zone)),
        FieldType::Integer | FieldType::Decimal => format::grouped(text),
        FieldType::Boolean => boolean(text).to_owned(),
        _ => text.to_owned(),
    }
}

fn boolean(text: &str) -> &str {
    match text {
        "true" => "Yes",
        "false" => "No",
        other => other,
    }
}

/// The name of an option, given by its id or its name.
fn option_name<'a>(options: &'a [FieldOption], text: &'a str) -> &'a str {
    options
        .iter()
        .find(|option| option.id == text)
        .map_or(text, |option| &option.name)
}

/// A value in its text form as people read it: options by their names.
pub fn value(text: &str, field: &FieldDef, app: App) -> String {
    match field.kind {
        FieldType::Radio => option_name(&field.options, text).to_owned(),
        FieldType::Checkbox => text
            .split('|')
            .map(|part| option_name(&field.options, part))
            .collect::<Vec<_>>()
            .join(", "),
        kind => cell(text, kind, app),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn options_are_read_by_their_names() {
        let options = [FieldOption {
            id: "s".into(),
            name: "Small".into(),
        }];
        assert_eq!(option_name(&options, "s"), "Small");
        assert_eq!(option_name(&options, "gone"), "gone");
    }
}
