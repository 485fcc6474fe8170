//! Which values a merged contact gets.

use crate::contacts::sheet::text_of;
use litemap::LiteMap;
use model::history::ContactSheet;
use model::{ContactId, FieldId};

/// One field with the value of each contact, in the order of the contacts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// The field.
    pub field: FieldId,
    /// The contacts' values; empty for none.
    pub texts: Vec<String>,
}

impl Line {
    /// Whether not all contacts have the same value.
    pub fn differs(&self) -> bool {
        let first = self.texts.first();
        self.texts.iter().any(|text| Some(text) != first)
    }

    /// Whose value is kept: the one chosen, else that of the contact that stays, else the first there is.
    pub fn keeps(
        &self,
        contacts: &[ContactId],
        into: ContactId,
        chosen: &LiteMap<FieldId, ContactId>,
    ) -> ContactId {
        let filled = |contact: ContactId| {
            let at = contacts.iter().position(|other| *other == contact);
            at.and_then(|at| self.texts.get(at))
                .is_some_and(|text| !text.is_empty())
        };
        // Who stays may be without a value and keep it so; of the others a value is taken.
        let chosen = chosen
            .get(&self.field)
            .copied()
            .filter(|contact| *contact == into || filled(*contact));
        chosen
            .or_else(|| {
                std::iter::once(into)
                    .chain(contacts.iter().copied())
                    .find(|contact| filled(*contact))
            })
            .unwrap_or(into)
    }
}

/// The fields of which at least one contact has a value.
pub fn lines(sheets: &[ContactSheet], fields: &[FieldId]) -> Vec<Line> {
    fields
        .iter()
        .map(|field| Line {
            field: *field,
            texts: sheets.iter().map(|sheet| text_of(sheet, *field)).collect(),
        })
        .filter(|line| line.texts.iter().any(|text| !text.is_empty()))
        .collect()
}

/// The values that come from another contact than the one that stays.
pub fn taken(
    lines: &[Line],
    contacts: &[ContactId],
    into: ContactId,
    chosen: &LiteMap<FieldId, ContactId>,
) -> Vec<(FieldId, ContactId)> {
    lines
        .iter()
        .filter(|line| line.differs())
        .map(|line| (line.field, line.keeps(contacts, into, chosen)))
        .filter(|(_, from)| *from != into)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::field::{EMAIL, FIRST_NAME, LAST_NAME, POINTS};

    fn sheet(id: u32, values: &[(FieldId, &str)]) -> ContactSheet {
        ContactSheet {
            id: ContactId(id),
            values: values
                .iter()
                .map(|(field, text)| (*field, (*text).to_owned()))
                .collect(),
            memberships: vec![],
            events: 0,
            recent: vec![],
        }
    }

    #[test]
    fn who_stays_keeps_her_values_and_gets_those_she_lacks() {
        let sheets = [
            sheet(1, &[(EMAIL, "a@example.com"), (FIRST_NAME, "Ana")]),
            sheet(
                7,
                &[
                    (EMAIL, "b@example.com"),
                    (FIRST_NAME, "Ana"),
                    (LAST_NAME, "López"),
                ],
            ),
        ];
        let contacts = [ContactId(1), ContactId(7)];
        let lines = lines(&sheets, &[EMAIL, FIRST_NAME, LAST_NAME, POINTS]);
        let differ: Vec<bool> = lines.iter().map(Line::differs).collect();
        assert_eq!(differ, [true, false, true]);
        let mut chosen = LiteMap::new();
        assert_eq!(
            taken(&lines, &contacts, ContactId(1), &chosen),
            [(LAST_NAME, ContactId(7))]
        );
        chosen.insert(EMAIL, ContactId(7));
        chosen.insert(LAST_NAME, ContactId(1));
        assert_eq!(
            taken(&lines, &contacts, ContactId(1), &chosen),
            [(EMAIL, ContactId(7))]
        );
        assert_eq!(
            taken(&lines, &contacts, ContactId(7), &chosen),
            [],
            "a contact without a value has none to give"
        );
    }
}
