//! What a change did, in a few words each.

use crate::contacts::shown;
use crate::state::App;
use crate::ui::format::{contacts, count, number};
use crate::words;
use leptos::prelude::*;
use model::SegmentId;
use model::history::{CauseLabel, ContactChange, Counts};

/// How much a change changed; what is zero is left out.
pub fn amounts(counts: &Counts) -> Vec<String> {
    let members = match (counts.joined, counts.left) {
        (0, 0) => None,
        (joined, 0) => Some(format!("+{} {}", number(joined), members(joined))),
        (0, left) => Some(format!("−{} {}", number(left), members(left))),
        (joined, left) => Some(format!("+{} −{} members", number(joined), number(left))),
    };
    let created = (counts.created > 0).then(|| format!("{} created", contacts(counts.created)));
    let deleted = (counts.deleted > 0).then(|| format!("{} deleted", contacts(counts.deleted)));
    let values = (counts.values > 0).then(|| count(counts.values, "value", "values"));
    [created, deleted, members, values]
        .into_iter()
        .flatten()
        .collect()
}

fn members(many: u64) -> &'static str {
    if many == 1 { "member" } else { "members" }
}

/// The line of an import's file: “Line 12 of people.csv”; none where a contact comes from no line.
pub fn line(did: &ContactChange, cause: &CauseLabel) -> Option<String> {
    let (CauseLabel::Import(file) | CauseLabel::Events(file)) = cause else {
        return None;
    };
    let file = if file.is_empty() { "the pasted rows" } else { file };
    (did.line > 0).then(|| format!("Line {} of {file}", number(did.line)))
}

/// What a change did to one contact: made or deleted, her values, and the segments she joined and left.
pub fn to_contact(did: &ContactChange, app: App) -> Vec<String> {
    app.overview.with(|overview| {
        let mut lines = Vec::new();
        if did.created {
            lines.push("Created".to_owned());
        }
        if did.deleted {
            lines.push("Deleted".to_owned());
        }
        for (id, text) in &did.values {
            let def = overview.fields.iter().find(|field| field.def.id == *id);
            let text = match def {
                _ if text.is_empty() => "cleared".to_owned(),
                Some(field) => shown(text, &field.def, app),
                None => text.clone(),
            };
            lines.push(format!("{}: {text}", words::field(*id, overview)));
        }
        let named = |verb: &str, ids: &[SegmentId]| {
            let names: Vec<String> = ids.iter().map(|id| words::segment(*id, overview)).collect();
            (!names.is_empty()).then(|| format!("{verb} {}", names.join(", ")))
        };
        lines.extend(named("Joined", &did.joined));
        lines.extend(named("Left", &did.left));
        lines
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_what_changed_is_counted() {
        let counts = Counts {
            created: 5,
            values: 1_204,
            joined: 12,
            left: 3,
            ..Counts::default()
        };
        assert_eq!(
            amounts(&counts),
            ["5 contacts created", "+12 −3 members", "1,204 values"]
        );
        let one = Counts {
            joined: 1,
            ..Counts::default()
        };
        assert_eq!(amounts(&one), ["+1 member"]);
    }

    #[test]
    fn a_line_names_its_file() {
        let did = ContactChange {
            line: 1_204,
            ..ContactChange::default()
        };
        assert_eq!(
            line(&did, &CauseLabel::Import("fair.csv".into())).as_deref(),
            Some("Line 1,204 of fair.csv")
        );
        assert_eq!(line(&did, &CauseLabel::Person), None);
    }
}
