//! The demo's own fields.

use super::shop::OPENED;
use super::stage::Stage;
use super::story::free;
use crate::refused::Refused;
use model::field::FieldOption;
use model::{FieldDef, FieldId, FieldType, Status};

/// The demo's own fields.
pub(super) struct Fields {
    pub city: FieldId,
    pub category: FieldId,
    pub sizes: FieldId,
    pub level: FieldId,
}

/// Makes them on the first morning.
pub(super) fn fields(stage: &mut Stage) -> Result<Fields, Refused> {
    let sizes: Vec<(String, String)> = (36..=46)
        .map(|size| (size.to_string(), size.to_string()))
        .collect();
    let sizes: Vec<(&str, &str)> = sizes
        .iter()
        .map(|(id, name)| (id.as_str(), name.as_str()))
        .collect();
    let categories = [
        ("footwear", "Footwear"),
        ("bags", "Bags"),
        ("clothing", "Clothing"),
        ("accessories", "Accessories"),
    ];
    let levels = [("bronze", "Bronze"), ("silver", "Silver"), ("gold", "Gold")];
    Ok(Fields {
        city: field(stage, 0, "city", "City", FieldType::Text, &[])?,
        category: field(
            stage,
            2,
            "preferred_category",
            "Preferred category",
            FieldType::Radio,
            &categories,
        )?,
        sizes: field(stage, 3, "sizes", "Sizes", FieldType::Checkbox, &sizes)?,
        level: field(stage, 5, "level", "Level", FieldType::Radio, &levels)?,
    })
}

fn field(
    stage: &mut Stage,
    minute: i64,
    key: &str,
    name: &str,
    kind: FieldType,
    options: &[(&str, &str)],
) -> Result<FieldId, Refused> {
    let fields = || stage.workspace.fields();
    let id = stage.workspace.next_field();
    let def = FieldDef {
        id,
        key: free(key, "_", &|key| {
            fields().any(|def| def.key.eq_ignore_ascii_case(key))
        }),
        name: free(name, " ", &|name| {
            fields().any(|def| def.name.to_lowercase() == name.to_lowercase())
        }),
        kind,
        status: Status::Custom,
        required: false,
        default: String::new(),
        options: options
            .iter()
            .map(|(id, name)| FieldOption {
                id: (*id).to_owned(),
                name: (*name).to_owned(),
            })
            .collect(),
    };
    let when = stage.moment(OPENED, (9, minute));
    let act = stage.workspace.create_field(when, &def)?;
    stage.person(when, act);
    Ok(id)
}
