//! What somebody changed in a definition, put onto what others have made of it meanwhile.

use model::{FieldDef, SegmentDef};

/// A definition of which only what differs between two versions is a change.
pub(crate) trait Onto: Sized {
    /// This definition with what `to` changed in `from`; all else stays as it is here.
    fn changed(&self, from: &Self, to: &Self) -> Self;
}

impl Onto for SegmentDef {
    fn changed(&self, from: &SegmentDef, to: &SegmentDef) -> SegmentDef {
        SegmentDef {
            id: self.id,
            name: one(&self.name, &from.name, &to.name),
            description: one(&self.description, &from.description, &to.description),
            tags: list(&self.tags, &from.tags, &to.tags, |tag| tag),
            pinned: one(&self.pinned, &from.pinned, &to.pinned),
            archived: one(&self.archived, &from.archived, &to.archived),
        }
    }
}

impl Onto for FieldDef {
    fn changed(&self, from: &FieldDef, to: &FieldDef) -> FieldDef {
        FieldDef {
            id: self.id,
            key: self.key.clone(),
            name: one(&self.name, &from.name, &to.name),
            kind: one(&self.kind, &from.kind, &to.kind),
            status: self.status,
            required: one(&self.required, &from.required, &to.required),
            default: one(&self.default, &from.default, &to.default),
            options: list(&self.options, &from.options, &to.options, |option| &option.id),
        }
    }
}

/// One property.
fn one<T: PartialEq + Clone>(now: &T, from: &T, to: &T) -> T {
    if from == to { now.clone() } else { to.clone() }
}

/// A list of things that each have a key: what went goes, what changed changes, what is new comes last.
fn list<T: PartialEq + Clone, K: PartialEq + ?Sized>(
    now: &[T],
    from: &[T],
    to: &[T],
    key: impl Fn(&T) -> &K,
) -> Vec<T> {
    // The order may be what changed.
    if now == from {
        return to.to_vec();
    }
    let find = |list: &[T], thing: &T| list.iter().find(|other| key(other) == key(thing)).cloned();
    let kept = now
        .iter()
        .filter_map(|thing| match (find(from, thing), find(to, thing)) {
            (Some(_), None) => None,
            (was, Some(is)) if was.as_ref() != Some(&is) => Some(is),
            _ => Some(thing.clone()),
        });
    let new = to
        .iter()
        .filter(|thing| find(from, thing).is_none() && find(now, thing).is_none());
    kept.chain(new.cloned()).collect()
}

#[cfg(test)]
mod tests {
    use crate::{Act, Workspace};
    use model::field::FieldOption;
    use model::{FieldDef, FieldId, FieldType, SegmentDef, Status};

    fn apply(workspace: &mut Workspace, (_, prepared): Act) {
        workspace.apply(prepared.unwrap());
    }

    fn segment() -> SegmentDef {
        SegmentDef {
            tags: vec!["spring".into(), "fair".into()],
            ..SegmentDef::named("Fair".into())
        }
    }

    #[test]
    fn two_changes_of_one_version_of_a_segment_both_stand() {
        let changes: [fn(&mut SegmentDef); 7] = [
            |def| def.name = "Summer fair".into(),
            |def| def.description = "Whoever came".into(),
            |def| def.tags.push("2026".into()),
            |def| def.tags.retain(|tag| tag != "fair"),
            |def| def.tags.insert(0, "people".into()),
            |def| def.pinned = true,
            |def| def.archived = true,
        ];
        for (first, change) in changes.iter().enumerate() {
            for (second, other) in changes.iter().enumerate().filter(|(second, _)| *second != first) {
                let mut workspace = Workspace::new();
                let (id, act) = workspace.create_segment(1, &segment(), None).unwrap();
                apply(&mut workspace, act);
                let seen = workspace.segment(id).unwrap().clone();
                let mut both = seen.clone();
                for (at, change) in [(2, change), (3, other)] {
                    let mut to = seen.clone();
                    change(&mut to);
                    change(&mut both);
                    let act = workspace.edit_segment(at, &seen, &to).unwrap();
                    apply(&mut workspace, act);
                }
                let mut now = workspace.segment(id).unwrap().clone();
                now.tags.sort();
                both.tags.sort();
                assert_eq!(now, both, "{first} and {second}");
            }
        }
    }

    #[test]
    fn two_changes_of_one_version_of_a_field_both_stand() {
        let option = |id: &str, name: &str| FieldOption {
            id: id.into(),
            name: name.into(),
        };
        let changes: [&dyn Fn(&mut FieldDef); 6] = [
            &|def| def.name = "Rank".into(),
            &|def| def.required = true,
            &|def| def.default = "silver".into(),
            &|def| def.options.push(option("iron", "Iron")),
            &|def| def.options[0].name = "Pure gold".into(),
            &|def| def.options.retain(|option| option.id != "tin"),
        ];
        for (first, change) in changes.iter().enumerate() {
            for (second, other) in changes.iter().enumerate().filter(|(second, _)| *second != first) {
                let mut workspace = Workspace::new();
                let level = FieldDef {
                    id: FieldId(0),
                    key: "level".into(),
                    name: "Level".into(),
                    kind: FieldType::Radio,
                    status: Status::Custom,
                    required: false,
                    default: "gold".into(),
                    options: vec![
                        option("gold", "Gold"),
                        option("silver", "Silver"),
                        option("tin", "Tin"),
                    ],
                };
                let act = workspace.create_field(1, &level).unwrap();
                apply(&mut workspace, act);
                let seen = workspace.fields().last().unwrap().clone();
                let mut both = seen.clone();
                for (at, change) in [(2, change), (3, other)] {
                    let mut to = seen.clone();
                    change(&mut to);
                    change(&mut both);
                    let act = workspace.edit_field(at, &seen, &to).unwrap();
                    apply(&mut workspace, act);
                }
                assert_eq!(workspace.field(seen.id), Some(&both), "{first} and {second}");
            }
        }
    }

    #[test]
    fn tags_stand_in_the_order_they_were_given() {
        let mut workspace = Workspace::new();
        let (id, act) = workspace.create_segment(1, &segment(), None).unwrap();
        apply(&mut workspace, act);
        let seen = workspace.segment(id).unwrap().clone();
        let mut to = seen.clone();
        to.tags.reverse();
        let act = workspace.edit_segment(2, &seen, &to).unwrap();
        apply(&mut workspace, act);
        assert_eq!(workspace.segment(id).unwrap().tags, ["fair", "spring"]);
    }
}
