//! The options of an import, and what an undo would do, in words.

use super::figures::action_words;
use crate::ui::format::{contacts, count};
use model::history::UndoPreview;
use model::import::{NewStatus, Options};

/// The options that an import ran with, as they are called on the screen; `segment` is the name of its segment.
pub fn options(options: &Options, segment: &str) -> Vec<String> {
    let checked = [
        (options.overwrite, "Overwrite existing"),
        (
            options.overwrite && options.only_empty,
            "Update only empty fields",
        ),
        (options.empty_clears, "Empty cells clear values"),
        (options.no_new, "Don't create new contacts"),
        (options.overwrite_subscription, "Overwrite subscription status"),
        (options.leave_out_bad, "Bad values left out"),
        (
            matches!(options.new_status, NewStatus::Subscribed { .. }),
            "New people subscribed",
        ),
    ];
    let mut words: Vec<String> = checked
        .into_iter()
        .filter(|(on, _)| *on)
        .map(|(_, label)| label.to_owned())
        .collect();
    if let Some((_, action)) = &options.segment {
        words.push(action_words(*action, segment));
    }
    words
}

/// What an undo or redo would do, and what it would leave as it is; one line each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outlook {
    /// What would happen.
    pub happens: Vec<String>,
    /// What would stay, and why.
    pub stays: Vec<String>,
}

/// What an undo (`back`) or a redo would do, in words.
pub fn outlook(preview: &UndoPreview, back: bool) -> Outlook {
    let named =
        |words: &str, names: &[String]| (!names.is_empty()).then(|| format!("{words}: {}", names.join(", ")));
    let line = |many: u64, words: String| (many > 0).then_some(words);
    let values = |many| count(many, "value", "values");
    let members = |many| count(many, "membership", "memberships");
    let made = if back {
        "Removed, since this import made them"
    } else {
        "Made again"
    };
    let happens = [
        line(
            preview.contacts_removed,
            format!("{} removed", contacts(preview.contacts_removed)),
        ),
        line(
            preview.contacts_restored,
            format!("{} restored", contacts(preview.contacts_restored)),
        ),
        line(
            preview.cells_restored,
            if back {
                format!(
                    "{} set back to what they were before",
                    values(preview.cells_restored)
                )
            } else {
                format!("{} written again", values(preview.cells_restored))
            },
        ),
        line(
            preview.members_changed,
            format!("{} changed", members(preview.members_changed)),
        ),
        named(made, &preview.definitions_removed),
    ];
    let stays = [
        line(
            preview.contacts_kept,
            format!(
                "{} kept, because a person or another import wrote to them since",
                contacts(preview.contacts_kept)
            ),
        ),
        line(
            preview.cells_kept,
            format!(
                "{} kept, because something newer wrote them",
                values(preview.cells_kept)
            ),
        ),
        line(
            preview.members_kept,
            format!(
                "{} kept, because something newer decided them",
                members(preview.members_kept)
            ),
        ),
        line(
            preview.key_conflicts,
            format!(
                "{} left out, because the key now belongs to somebody else",
                contacts(preview.key_conflicts)
            ),
        ),
        named("Kept, since something else uses them", &preview.definitions_kept),
    ];
    Outlook {
        happens: happens.into_iter().flatten().collect(),
        stays: stays.into_iter().flatten().collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::ids::SegmentId;
    use model::import::SegmentTarget;
    use model::segment::MemberAction;

    #[test]
    fn options_are_told_by_their_names() {
        let chosen = Options {
            overwrite: true,
            segment: Some((SegmentTarget::Existing(SegmentId(1)), MemberAction::Add)),
            ..Options::default()
        };
        assert_eq!(
            options(&chosen, "VIP"),
            ["Overwrite existing", "Add to segment VIP"]
        );
        assert!(options(&Options::default(), "").is_empty());
    }

    #[test]
    fn an_undo_tells_what_goes_and_what_stays() {
        let preview = UndoPreview {
            contacts_removed: 4_999,
            contacts_kept: 1,
            definitions_removed: vec!["City".into(), "Country".into()],
            ..UndoPreview::default()
        };
        let outlook = outlook(&preview, true);
        assert_eq!(
            outlook.happens,
            [
                "4,999 contacts removed",
                "Removed, since this import made them: City, Country"
            ]
        );
        assert_eq!(
            outlook.stays,
            ["1 contact kept, because a person or another import wrote to them since"]
        );
    }
}
