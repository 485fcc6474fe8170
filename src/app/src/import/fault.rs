//! What is wrong with a mapping before the worker sees it: at which column, and what to do.

use super::target::{folded, written};
use model::field::{EMAIL, EXTERNAL_ID, MAX_CUSTOM_FIELDS, MAX_NAME, Status, is_key};
use model::ids::FieldId;
use model::import::{Mapping, Target};
use model::message::FieldInfo;

/// Where a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// At a column of the file, counted from 0.
    Column(usize),
    /// At a literal, counted from 0.
    Literal(usize),
    /// Nowhere in particular.
    Whole,
}

/// Something that must be put right before the file can be checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// Where.
    pub place: Place,
    /// What, and what to do.
    pub what: String,
}

/// Everything that is wrong with a mapping, in the order of its columns.
pub fn faults(mapping: &Mapping, fields: &[FieldInfo]) -> Vec<Fault> {
    let mut faults = Vec::new();
    for (at, map) in mapping.columns.iter().enumerate() {
        let what = match &map.target {
            Target::Ignore | Target::Segments { .. } => None,
            Target::Field(_) => written(map)
                .into_iter()
                .find_map(|field| field_fault(mapping, fields, field, at)),
            Target::NewField { key, name, .. } => new_field_fault(mapping, fields, at, key, name),
        };
        faults.extend(what.map(|what| Fault {
            place: Place::Column(at),
            what,
        }));
    }
    for (at, literal) in mapping.literals.iter().enumerate() {
        let what = literal_fault(mapping, fields, at, literal.field, &literal.value);
        faults.extend(what.map(|what| Fault {
            place: Place::Literal(at),
            what,
        }));
    }
    faults.extend(whole_fault(mapping, fields).map(|what| Fault {
        place: Place::Whole,
        what,
    }));
    faults
}

fn name_of(fields: &[FieldInfo], id: FieldId) -> Option<&FieldInfo> {
    fields.iter().find(|field| field.def.id == id)
}

fn field_fault(mapping: &Mapping, fields: &[FieldInfo], id: FieldId, at: usize) -> Option<String> {
    let Some(field) = name_of(fields, id) else {
        return Some("This field doesn't exist any more; choose another one".to_owned());
    };
    let name = &field.def.name;
    if field.def.status == Status::ReadOnly {
        return Some(format!(
            "{name} is kept by Corral; choose another field or Ignore"
        ));
    }
    let other = mapping
        .columns
        .iter()
        .enumerate()
        .find(|(other, map)| *other != at && written(map).contains(&id));
    other.map(|(_, other)| format!("{} goes to {name}, too; set one of them to Ignore", other.column))
}

fn new_field_fault(
    mapping: &Mapping,
    fields: &[FieldInfo],
    at: usize,
    key: &str,
    name: &str,
) -> Option<String> {
    let length = name.trim().chars().count();
    if length == 0 {
        return Some("The new field has no name; type one".to_owned());
    }
    if length > MAX_NAME {
        return Some(format!(
            "The name has {length} characters, and at most {MAX_NAME} fit; shorten it"
        ));
    }
    if !is_key(key) || key.len() > MAX_NAME {
        return Some("The ID takes only letters without accents, digits, - and _".to_owned());
    }
    let same = |other_key: &str, other_name: &str| {
        if other_key.eq_ignore_ascii_case(key) {
            Some(format!(
                "The ID {key} is taken by {other_name}; choose another one"
            ))
        } else if folded(other_name) == folded(name) {
            Some(format!(
                "There is a field {other_name} already; choose it, or another name"
            ))
        } else {
            None
        }
    };
    let other_new = mapping
        .columns
        .iter()
        .enumerate()
        .filter(|(other, _)| *other != at)
        .find_map(|(_, map)| match &map.target {
            Target::NewField { key, name, .. } => same(key, name),
            _ => None,
        });
    fields
        .iter()
        .find_map(|field| same(&field.def.key, &field.def.name))
        .or(other_new)
}

fn literal_fault(
    mapping: &Mapping,
    fields: &[FieldInfo],
    at: usize,
    id: FieldId,
    value: &str,
) -> Option<String> {
    let Some(field) = name_of(fields, id) else {
        return Some("This field doesn't exist any more; remove the literal".to_owned());
    };
    let name = &field.def.name;
    if let Some(column) = mapping.columns.iter().find(|map| written(map).contains(&id)) {
        return Some(format!(
            "{} goes to {name}, too; remove the literal, or set the column to Ignore",
            column.column
        ));
    }
    if mapping.literals.iter().take(at).any(|other| other.field == id) {
        return Some(format!("{name} has a literal already; remove one of them"));
    }
    value
        .trim()
        .is_empty()
        .then(|| format!("Give {name} a value, or remove the literal"))
}

fn whole_fault(mapping: &Mapping, fields: &[FieldInfo]) -> Option<String> {
    let has_key = mapping
        .columns
        .iter()
        .flat_map(written)
        .any(|field| field == EMAIL || field == EXTERNAL_ID);
    if !has_key {
        return Some("No column goes to Email or External ID; every contact needs one of them".to_owned());
    }
    let custom = fields
        .iter()
        .filter(|field| field.def.status == Status::Custom)
        .count();
    let new = mapping
        .columns
        .iter()
        .filter(|map| matches!(map.target, Target::NewField { .. }))
        .count();
    (custom + new > MAX_CUSTOM_FIELDS).then(|| {
        format!(
            "There would be {} custom fields, and at most {MAX_CUSTOM_FIELDS} are possible; set some columns to Ignore",
            custom + new
        )
    })
}

/// Why **Next** can't be pressed, in one sentence; none where it can.
pub fn summary(faults: &[Fault]) -> Option<String> {
    let whole = faults.iter().find(|fault| fault.place == Place::Whole);
    let placed = faults.iter().filter(|fault| fault.place != Place::Whole).count();
    match (whole, placed) {
        (Some(fault), _) => Some(fault.what.clone()),
        (None, 0) => None,
        (None, 1) => Some("One line needs your attention before the file can be checked".to_owned()),
        (None, many) => Some(format!(
            "{many} lines need your attention before the file can be checked"
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::super::target::tests::{column, fields, mapping};
    use super::*;
    use model::field::{CREATED_AT, FIRST_NAME, FieldType, LAST_NAME, POINTS};
    use model::import::{ColumnMap, Literal};

    fn email() -> ColumnMap {
        column("email", Target::Field(EMAIL))
    }

    fn new_field(key: &str, name: &str) -> Target {
        Target::NewField {
            key: key.into(),
            name: name.into(),
            kind: FieldType::Text,
            collect_options: false,
        }
    }

    #[test]
    fn an_email_alone_is_enough() {
        assert_eq!(
            faults(&mapping(vec![email(), column("x", Target::Ignore)]), &fields()),
            []
        );
    }

    #[test]
    fn two_columns_in_one_field_are_told_at_both() {
        let found = faults(
            &mapping(vec![email(), column("mail", Target::Field(EMAIL))]),
            &fields(),
        );
        assert_eq!(found.len(), 2);
        assert_eq!(found[0].place, Place::Column(0));
        assert_eq!(
            found[0].what,
            "mail goes to Email, too; set one of them to Ignore"
        );
        assert!(summary(&found).is_some_and(|text| text.starts_with("2 lines")));
    }

    #[test]
    fn a_split_name_takes_last_name_too() {
        let name = ColumnMap {
            split_name: true,
            ..column("name", Target::Field(FIRST_NAME))
        };
        let found = faults(
            &mapping(vec![email(), name, column("last", Target::Field(LAST_NAME))]),
            &fields(),
        );
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn a_key_is_needed() {
        let found = faults(
            &mapping(vec![column("name", Target::Field(FIRST_NAME))]),
            &fields(),
        );
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].place, Place::Whole);
        assert_eq!(summary(&found), Some(found[0].what.clone()));
    }

    #[test]
    fn what_corral_keeps_is_never_a_target() {
        let found = faults(
            &mapping(vec![email(), column("created", Target::Field(CREATED_AT))]),
            &fields(),
        );
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_new_field_needs_a_name_and_id_of_its_own() {
        let check = |key: &str, name: &str| {
            let found = faults(
                &mapping(vec![email(), column("c", new_field(key, name))]),
                &fields(),
            );
            found.first().map(|fault| fault.what.clone())
        };
        assert_eq!(check("city", "City"), None);
        assert!(check("city", " ").is_some_and(|what| what.contains("no name")));
        assert!(check("ciudad año", "City").is_some_and(|what| what.contains("letters")));
        assert!(check("EMAIL", "City").is_some_and(|what| what.contains("taken by Email")));
        assert!(check("city", "first NAME").is_some_and(|what| what.contains("First name already")));
    }

    #[test]
    fn two_new_fields_of_one_name_are_told() {
        let columns = vec![
            email(),
            column("a", new_field("a", "City")),
            column("b", new_field("b", "city")),
        ];
        assert_eq!(faults(&mapping(columns), &fields()).len(), 2);
    }

    #[test]
    fn a_literal_needs_a_value_and_a_field_of_its_own() {
        let literal = |field, value: &str| Literal {
            field,
            value: value.into(),
        };
        let mut map = mapping(vec![email()]);
        map.literals = vec![
            literal(POINTS, "5"),
            literal(POINTS, "6"),
            literal(FIRST_NAME, " "),
        ];
        let places: Vec<Place> = faults(&map, &fields())
            .into_iter()
            .map(|fault| fault.place)
            .collect();
        assert_eq!(places, [Place::Literal(1), Place::Literal(2)]);
    }
}
