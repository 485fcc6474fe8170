//! Where columns go: keys of the choices, ids of new fields, samples, and saved mappings put onto a file.

use model::field::{FIRST_NAME, FieldType, NEWSLETTER_STATUS};
use model::ids::FieldId;
use model::import::{ColumnMap, Literal, Mapping, Target};
use model::message::FieldInfo;

/// The key of *Ignore* in a list of targets.
pub const IGNORE: &str = "ignore";
/// The key of *Segments* in a list of targets.
pub const SEGMENTS: &str = "segments";
/// The key of the new field that a column makes in a list of targets.
pub const NEW: &str = "new";

/// The key of a target in a list of choices.
pub fn key_of(target: &Target) -> String {
    match target {
        Target::Ignore => IGNORE.to_owned(),
        Target::Segments { .. } => SEGMENTS.to_owned(),
        Target::NewField { .. } => NEW.to_owned(),
        Target::Field(field) => field.to_string(),
    }
}

/// The target that the key of a choice stands for; `now` is kept where the choice is what it is already.
pub fn target_of(key: &str, now: &Target) -> Target {
    match key {
        IGNORE => Target::Ignore,
        SEGMENTS if matches!(now, Target::Segments { .. }) => now.clone(),
        SEGMENTS => Target::Segments {
            separator: ",".to_owned(),
        },
        NEW => now.clone(),
        field => field.parse().map_or(Target::Ignore, Target::Field),
    }
}

/// A new custom field for a column, named as the person typed, else as the column; its id is free.
pub fn new_field(typed: &str, column: &str, taken: &[String]) -> Target {
    let name = if typed.is_empty() { column } else { typed };
    let key = free_id(&id_of(name), taken);
    Target::NewField {
        key,
        name: name.to_owned(),
        kind: FieldType::Text,
        collect_options: false,
    }
}

/// The id that a name suggests: letters and digits without accents, the rest as `_`.
pub fn id_of(name: &str) -> String {
    let mut id = String::new();
    for letter in name.trim().chars().flat_map(char::to_lowercase) {
        match plain(letter) {
            "" if letter.is_ascii_alphanumeric() || letter == '-' => id.push(letter),
            "" if !id.ends_with('_') && !id.is_empty() => id.push('_'),
            letters => id.push_str(letters),
        }
    }
    let id = id.trim_end_matches('_');
    if id.is_empty() {
        "field".to_owned()
    } else {
        id.chars().take(60).collect()
    }
}

/// A small letter of a western language without its accent; empty for any other.
fn plain(letter: char) -> &'static str {
    match letter {
        'à'..='å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'č' => "c",
        'ď' => "d",
        'è'..='ë' | 'ē' | 'ę' | 'ě' => "e",
        'ğ' => "g",
        'ì'..='ï' | 'ı' | 'ī' => "i",
        'ł' | 'ľ' => "l",
        'ñ' | 'ń' | 'ň' => "n",
        'ò'..='ö' | 'ø' | 'ő' => "o",
        'œ' => "oe",
        'ř' => "r",
        'ś' | 'š' | 'ş' => "s",
        'ß' => "ss",
        'ť' => "t",
        'ù'..='ü' | 'ű' | 'ů' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        _ => "",
    }
}

/// The id itself, or with the first number behind it that makes it free.
pub fn free_id(id: &str, taken: &[String]) -> String {
    let is_free = |id: &str| !taken.iter().any(|other| other.eq_ignore_ascii_case(id));
    if is_free(id) {
        return id.to_owned();
    }
    let numbered = (2..=taken.len() + 2).map(|number| format!("{id}_{number}"));
    numbered
        .into_iter()
        .find(|id| is_free(id))
        .unwrap_or_else(|| id.to_owned())
}

/// The ids that a new field of a column can't have: those of all fields, and of the new ones of other columns.
pub fn taken_ids(mapping: &Mapping, fields: &[FieldInfo], column: usize) -> Vec<String> {
    let new = mapping.columns.iter().enumerate().filter(|(at, _)| *at != column);
    let new = new.filter_map(|(_, map)| match &map.target {
        Target::NewField { key, .. } => Some(key.clone()),
        _ => None,
    });
    fields
        .iter()
        .map(|field| field.def.key.clone())
        .chain(new)
        .collect()
}

/// The fields that a column writes to; a full name that is split goes to two.
pub fn written(map: &ColumnMap) -> Vec<FieldId> {
    match map.target {
        Target::Field(_) if map.split_name => vec![FIRST_NAME, model::field::LAST_NAME],
        Target::Field(field) => vec![field],
        _ => Vec::new(),
    }
}

/// Whether anything in the mapping writes to a field.
pub fn writes(mapping: &Mapping, field: FieldId) -> bool {
    mapping.columns.iter().any(|map| written(map).contains(&field))
        || mapping.literals.iter().any(|literal| literal.field == field)
}

/// Whether a person must be asked for the subscription status of new people: nothing in the mapping gives it.
pub fn asks_status(mapping: &Mapping, no_new: bool) -> bool {
    !no_new && !writes(mapping, NEWSLETTER_STATUS)
}

/// Whether the only thing the file gives is Email, so that it adds people without changing them.
pub fn only_email(mapping: &Mapping) -> bool {
    let used: Vec<&ColumnMap> = mapping
        .columns
        .iter()
        .filter(|map| map.target != Target::Ignore)
        .collect();
    mapping.literals.is_empty()
        && used.len() == 1
        && used
            .iter()
            .all(|map| map.target == Target::Field(model::field::EMAIL))
}

/// The first different values of a column that are not empty, each cut to some characters.
pub fn samples(rows: &[Vec<String>], column: usize, many: usize, length: usize) -> Vec<String> {
    let mut samples: Vec<String> = Vec::new();
    for value in rows.iter().filter_map(|row| row.get(column)) {
        let value = cut(value.trim(), length);
        if !value.is_empty() && !samples.contains(&value) {
            samples.push(value);
        }
        if samples.len() == many {
            break;
        }
    }
    samples
}

/// A text of at most so many characters, and `…` where there was more; line breaks become spaces.
pub fn cut(text: &str, length: usize) -> String {
    let mut cut: String = text
        .chars()
        .take(length)
        .map(|c| if c.is_control() { ' ' } else { c })
        .collect();
    if text.chars().nth(length).is_some() {
        cut.push('…');
    }
    cut
}

/// A saved mapping put onto the columns of a file: columns of the same name take its entries, others stay as they are.
pub fn put_on(saved: &Mapping, now: &Mapping, fields: &[FieldInfo]) -> Mapping {
    let mut entries: Vec<&ColumnMap> = saved.columns.iter().collect();
    let columns = now.columns.iter().map(|map| {
        let name = folded(&map.column);
        match entries.iter().position(|entry| folded(&entry.column) == name) {
            Some(at) => {
                let entry = entries.remove(at);
                ColumnMap {
                    column: map.column.clone(),
                    target: made(&entry.target, fields),
                    ..entry.clone()
                }
            }
            None => map.clone(),
        }
    });
    let columns = columns.collect();
    let exists = |literal: &&Literal| fields.iter().any(|field| field.def.id == literal.field);
    Mapping {
        columns,
        literals: saved.literals.iter().filter(exists).cloned().collect(),
        date_order: saved.date_order,
        decimal_mark: saved.decimal_mark,
    }
}

/// A target as the workspace stands: a field that an earlier import made is no new one, one that is gone is none.
fn made(target: &Target, fields: &[FieldInfo]) -> Target {
    match target {
        Target::NewField { key, .. } => fields
            .iter()
            .find(|field| field.def.key.eq_ignore_ascii_case(key))
            .map_or_else(|| target.clone(), |field| Target::Field(field.def.id)),
        Target::Field(id) if fields.iter().all(|field| field.def.id != *id) => Target::Ignore,
        _ => target.clone(),
    }
}

/// A text by which names and values are compared: trimmed, whatever the case.
pub fn folded(text: &str) -> String {
    text.trim().to_lowercase()
}

#[cfg(test)]
pub mod tests {
    use super::*;
    use model::field::{EMAIL, LAST_NAME, system_fields};

    /// The fields of an empty workspace.
    pub fn fields() -> Vec<FieldInfo> {
        let info = |def| FieldInfo {
            def,
            used_by: Vec::new(),
        };
        system_fields().into_iter().map(info).collect()
    }

    /// A column that goes somewhere.
    pub fn column(name: &str, target: Target) -> ColumnMap {
        let column = name.to_owned();
        ColumnMap {
            column,
            target,
            values: Vec::new(),
            trim: false,
            fix_capitals: false,
            split_name: false,
        }
    }

    /// A mapping without literals.
    pub fn mapping(columns: Vec<ColumnMap>) -> Mapping {
        Mapping {
            columns,
            ..Mapping::default()
        }
    }

    #[test]
    fn a_name_suggests_an_id() {
        assert_eq!(id_of("Gasto total (€)"), "gasto_total");
        assert_eq!(id_of(" Año de Nacimiento "), "ano_de_nacimiento");
        assert_eq!(id_of("城市"), "field");
    }

    #[test]
    fn an_id_that_is_taken_gets_a_number() {
        let taken = ["city".to_owned(), "City_2".to_owned()];
        assert_eq!(free_id("city", &taken), "city_3");
        assert_eq!(free_id("country", &taken), "country");
    }

    #[test]
    fn a_choice_of_what_is_chosen_changes_nothing() {
        let now = Target::Segments {
            separator: "|".into(),
        };
        assert_eq!(target_of(SEGMENTS, &now), now);
        assert_eq!(
            target_of(&key_of(&Target::Field(EMAIL)), &now),
            Target::Field(EMAIL)
        );
        assert_eq!(target_of(IGNORE, &now), Target::Ignore);
    }

    #[test]
    fn a_split_name_writes_to_two_fields() {
        let map = ColumnMap {
            split_name: true,
            ..column("Name", Target::Field(FIRST_NAME))
        };
        assert_eq!(written(&map), [FIRST_NAME, LAST_NAME]);
    }

    #[test]
    fn the_status_of_new_people_is_asked_for_where_nothing_gives_it() {
        let without = mapping(vec![column("email", Target::Field(EMAIL))]);
        assert!(asks_status(&without, false));
        assert!(!asks_status(&without, true));
        let with = mapping(vec![column("newsletter", Target::Field(NEWSLETTER_STATUS))]);
        assert!(!asks_status(&with, false));
        let literal = Literal {
            field: NEWSLETTER_STATUS,
            value: "none".into(),
        };
        assert!(!asks_status(
            &Mapping {
                literals: vec![literal],
                ..Mapping::default()
            },
            false
        ));
    }

    #[test]
    fn a_file_of_which_only_email_is_taken_is_recognized() {
        let columns = vec![
            column("email", Target::Field(EMAIL)),
            column("notes", Target::Ignore),
        ];
        assert!(only_email(&mapping(columns)));
        assert!(!only_email(&mapping(vec![column(
            "name",
            Target::Field(FIRST_NAME)
        )])));
    }

    #[test]
    fn samples_are_different_and_short() {
        let rows: Vec<Vec<String>> = ["a", "", "a", "long text", "b"]
            .iter()
            .map(|cell| vec![(*cell).to_owned()])
            .collect();
        assert_eq!(samples(&rows, 0, 3, 4), ["a", "long…", "b"]);
    }

    #[test]
    fn a_saved_mapping_is_put_on_columns_of_the_same_name() {
        let city = Target::NewField {
            key: "EMAIL".into(),
            name: "Mail".into(),
            kind: FieldType::Text,
            collect_options: false,
        };
        let saved = mapping(vec![
            column("Mail", city),
            column("gone", Target::Field(FieldId(999))),
        ]);
        let now = mapping(vec![
            column("GONE", Target::Field(FIRST_NAME)),
            column("mail ", Target::Ignore),
            column("other", Target::Ignore),
        ]);
        let put = put_on(&saved, &now, &fields());
        let targets: Vec<&Target> = put.columns.iter().map(|map| &map.target).collect();
        assert_eq!(targets, [&Target::Ignore, &Target::Field(EMAIL), &Target::Ignore]);
        assert_eq!(put.columns[1].column, "mail ");
    }
}
