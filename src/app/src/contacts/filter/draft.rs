//! A filter while it is edited: also rules that are not complete yet, each with a number of its own.

use crate::behaviour::rules::complete;
use crate::behaviour::test::{split_list, takes_choices, takes_list};
use model::event::Behaviour;
use model::field::FieldDef;
use model::query::{Group, Mode, Op, Rule};
use model::{FieldId, FieldType, SegmentId};

/// A rule's or group's number within its draft.
pub type NodeId = u32;

/// A rule or group of a draft.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    /// Its number.
    pub id: NodeId,
    /// What it is.
    pub kind: Kind,
}

/// What a rule or group is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Some rules, and how many of them must hold.
    Group {
        /// How many must hold.
        mode: Mode,
        /// The rules.
        nodes: Vec<Node>,
    },
    /// A rule about which nothing was said yet.
    Blank,
    /// Membership in a segment.
    Segment {
        /// The segment; none until it was chosen.
        segment: Option<SegmentId>,
        /// Membership, or its absence.
        member: bool,
    },
    /// What a contact did, or did not.
    Did(Behaviour),
    /// A rule that comes from elsewhere and can only be taken away here.
    Fixed(Rule),
    /// A test of a field's value.
    Field {
        /// The field.
        field: FieldId,
        /// What its values are.
        kind: FieldType,
        /// The test.
        op: Op,
        /// One text per input; the ids of the options chosen; for a list of texts one text with commas.
        values: Vec<String>,
    },
}

/// A filter while it is edited; its root is a group.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    root: Node,
    next: NodeId,
}

impl Default for Draft {
    fn default() -> Self {
        Draft::from_group(&Group::default(), &[])
    }
}

impl Draft {
    /// The number of the root.
    pub const ROOT: NodeId = 0;

    /// A filter to be edited; rules about fields that don't exist are left out.
    pub fn from_group(group: &Group, fields: &[FieldDef]) -> Self {
        let mut draft = Draft {
            root: Node {
                id: Self::ROOT,
                kind: Kind::Blank,
            },
            next: 1,
        };
        draft.root.kind = draft.group_kind(group, fields);
        draft
    }

    fn group_kind(&mut self, group: &Group, fields: &[FieldDef]) -> Kind {
        let nodes = group
            .rules
            .iter()
            .filter_map(|rule| {
                let kind = match rule {
                    Rule::Group(group) => self.group_kind(group, fields),
                    Rule::Segment { segment, member } => Kind::Segment {
                        segment: Some(*segment),
                        member: *member,
                    },
                    Rule::SegmentAt { .. } | Rule::Change { .. } | Rule::Search(_) => {
                        Kind::Fixed(rule.clone())
                    }
                    Rule::Did(behaviour) => Kind::Did(behaviour.clone()),
                    Rule::Field { field, op, values } => {
                        let kind = fields.iter().find(|known| known.id == *field)?.kind;
                        let values = if takes_list(kind, *op) {
                            vec![values.join(", ")]
                        } else {
                            values.clone()
                        };
                        Kind::Field {
                            field: *field,
                            kind,
                            op: *op,
                            values,
                        }
                    }
                };
                Some(Node {
                    id: self.number(),
                    kind,
                })
            })
            .collect();
        Kind::Group {
            mode: group.mode,
            nodes,
        }
    }

    fn number(&mut self) -> NodeId {
        self.next += 1;
        self.next - 1
    }

    /// The filter as far as it is complete: rules that still lack something are left out, and so are empty groups.
    pub fn to_group(&self) -> Group {
        match rule_of(&self.root) {
            Some(Rule::Group(group)) => group,
            _ => Group {
                mode: self.mode(),
                rules: Vec::new(),
            },
        }
    }

    fn mode(&self) -> Mode {
        match &self.root.kind {
            Kind::Group { mode, .. } => *mode,
            _ => Mode::All,
        }
    }

    /// A rule or group by its number.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        find(&self.root, id)
    }

    /// The numbers of a group's rules and whether each is a group, in order; empty for a rule.
    pub fn inside(&self, id: NodeId) -> Vec<(NodeId, bool)> {
        match self.node(id).map(|node| &node.kind) {
            Some(Kind::Group { nodes, .. }) => nodes
                .iter()
                .map(|node| (node.id, matches!(node.kind, Kind::Group { .. })))
                .collect(),
            _ => Vec::new(),
        }
    }

    /// How many rules there are, groups aside.
    pub fn rules(&self) -> usize {
        count(&self.root)
    }

    /// Changes a rule or group.
    pub fn change(&mut self, id: NodeId, change: impl FnOnce(&mut Kind)) {
        if let Some(node) = find_mut(&mut self.root, id) {
            change(&mut node.kind);
        }
    }

    /// Adds an empty rule to a group.
    pub fn add_rule(&mut self, group: NodeId) {
        self.add(group, Kind::Blank);
    }

    /// Adds a group with an empty rule to a group.
    pub fn add_group(&mut self, group: NodeId) {
        let blank = Node {
            id: self.number(),
            kind: Kind::Blank,
        };
        self.add(
            group,
            Kind::Group {
                mode: Mode::Any,
                nodes: vec![blank],
            },
        );
    }

    fn add(&mut self, group: NodeId, kind: Kind) {
        let id = self.number();
        self.change(group, |parent| {
            if let Kind::Group { nodes, .. } = parent {
                nodes.push(Node { id, kind });
            }
        });
    }

    /// Takes a rule or group away; the root only loses its rules.
    pub fn remove(&mut self, id: NodeId) {
        if id == Self::ROOT {
            self.root.kind = Kind::Group {
                mode: Mode::All,
                nodes: Vec::new(),
            };
        } else {
            remove(&mut self.root, id);
        }
    }

    /// Says which field a rule is about; its test stays where it makes sense for the field's type.
    pub fn set_field(&mut self, id: NodeId, field: &FieldDef) {
        self.change(id, |kind| {
            let ops = Op::of(field.kind);
            let before = match kind {
                Kind::Field { op, .. } => Some(*op),
                _ => None,
            };
            let op = before
                .filter(|op| ops.contains(op))
                .or(ops.first().copied())
                .unwrap_or(Op::NotEmpty);
            *kind = Kind::Field {
                field: field.id,
                kind: field.kind,
                op,
                values: inputs(field.kind, op),
            };
        });
    }

    /// Says which test a rule makes; values stay where the new test takes as many.
    pub fn set_op(&mut self, id: NodeId, new: Op) {
        self.change(id, |node| {
            if let Kind::Field { kind, op, values, .. } = node {
                let wanted = inputs(*kind, new);
                let ticked = |op| takes_choices(*kind, op);
                let weekdays = |op| op == Op::Weekday;
                let keeps = ticked(*op) == ticked(new)
                    && weekdays(*op) == weekdays(new)
                    && takes_list(*kind, *op) == takes_list(*kind, new);
                if !(keeps && (wanted.len() == values.len() || ticked(new))) {
                    *values = wanted;
                }
                *op = new;
            }
        });
    }

    /// Sets one of a rule's values.
    pub fn set_value(&mut self, id: NodeId, at: usize, text: String) {
        self.change(id, |node| {
            if let Kind::Field { values, .. } = node
                && let Some(value) = values.get_mut(at)
            {
                *value = text;
            }
        });
    }

    /// Chooses an option, or chooses it no longer.
    pub fn choose(&mut self, id: NodeId, option: &str, chosen: bool) {
        self.change(id, |node| {
            if let Kind::Field { values, .. } = node {
                values.retain(|value| value != option);
                if chosen {
                    values.push(option.to_owned());
                }
            }
        });
    }
}

/// The empty inputs of a test.
fn inputs(kind: FieldType, op: Op) -> Vec<String> {
    match op.arity() {
        usize::MAX if takes_choices(kind, op) => Vec::new(),
        usize::MAX => vec![String::new()],
        _ if kind == FieldType::Boolean && op.arity() == 1 => vec!["true".to_owned()],
        many => vec![String::new(); many],
    }
}

fn count(node: &Node) -> usize {
    match &node.kind {
        Kind::Group { nodes, .. } => nodes.iter().map(count).sum(),
        _ => 1,
    }
}

fn find(node: &Node, id: NodeId) -> Option<&Node> {
    if node.id == id {
        return Some(node);
    }
    match &node.kind {
        Kind::Group { nodes, .. } => nodes.iter().find_map(|node| find(node, id)),
        _ => None,
    }
}

fn find_mut(node: &mut Node, id: NodeId) -> Option<&mut Node> {
    if node.id == id {
        return Some(node);
    }
    match &mut node.kind {
        Kind::Group { nodes, .. } => nodes.iter_mut().find_map(|node| find_mut(node, id)),
        _ => None,
    }
}

fn remove(node: &mut Node, id: NodeId) {
    if let Kind::Group { nodes, .. } = &mut node.kind {
        nodes.retain(|node| node.id != id);
        nodes.iter_mut().for_each(|node| remove(node, id));
    }
}

/// A complete rule; none where something is missing.
fn rule_of(node: &Node) -> Option<Rule> {
    match &node.kind {
        Kind::Blank => None,
        Kind::Group { mode, nodes } => {
            let rules: Vec<Rule> = nodes.iter().filter_map(rule_of).collect();
            (!rules.is_empty()).then_some(Rule::Group(Group { mode: *mode, rules }))
        }
        Kind::Fixed(rule) => Some(rule.clone()),
        Kind::Did(behaviour) => complete(behaviour).map(Rule::Did),
        Kind::Segment { segment, member } => Some(Rule::Segment {
            segment: (*segment)?,
            member: *member,
        }),
        Kind::Field {
            field,
            kind,
            op,
            values,
        } => {
            let values = match op.arity() {
                0 => Vec::new(),
                usize::MAX if takes_list(*kind, *op) => {
                    values.iter().flat_map(|text| split_list(text)).collect()
                }
                _ => values.iter().map(|value| value.trim().to_owned()).collect(),
            };
            let complete = match op.arity() {
                usize::MAX => !values.is_empty(),
                many => values.len() == many && values.iter().all(|value| !value.is_empty()),
            };
            complete.then_some(Rule::Field {
                field: *field,
                op: *op,
                values,
            })
        }
    }
}

/// The one segment that a filter asks for at its top, as the short cut beside the search shows it.
pub fn top_segment(filter: &Group) -> Option<SegmentId> {
    if filter.mode != Mode::All {
        return None;
    }
    let mut found = filter.rules.iter().filter_map(|rule| match rule {
        Rule::Segment {
            segment,
            member: true,
        } => Some(*segment),
        _ => None,
    });
    let first = found.next()?;
    found.next().is_none().then_some(first)
}

/// Whether a filter asks for nothing but one segment, which the short cut shows completely.
pub fn is_only_segment(filter: &Group) -> bool {
    filter.rules.len() == 1 && top_segment(filter).is_some()
}

/// The filter with another segment asked for at its top, or with none.
pub fn with_top_segment(filter: &Group, segment: Option<SegmentId>) -> Group {
    let mut rules = match filter.mode {
        Mode::All => filter.rules.clone(),
        Mode::Any | Mode::None if filter.rules.is_empty() => Vec::new(),
        Mode::Any | Mode::None => vec![Rule::Group(filter.clone())],
    };
    if let Some(before) = top_segment(filter) {
        rules.retain(|rule| {
            *rule
                != Rule::Segment {
                    segment: before,
                    member: true,
                }
        });
    }
    if let Some(segment) = segment {
        rules.insert(
            0,
            Rule::Segment {
                segment,
                member: true,
            },
        );
    }
    Group::all(rules)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::{Attribute, EventFilter, EventKind, EventRule, Measure, Operand, Window};
    use model::field::{BIRTHDATE, FIRST_NAME, NEWSLETTER_STATUS, POINTS, system_fields};

    fn field(id: FieldId) -> FieldDef {
        system_fields().into_iter().find(|field| field.id == id).unwrap()
    }

    #[test]
    fn a_filter_comes_back_as_it_went_in() {
        let text = "all(6:gt:5,in:3,any(2:has:Ana,2:in:Eva:Leo),7:in:subscribed:none,5:anniversary:30,none(0:empty))";
        let group = Group::parse(text).unwrap();
        assert_eq!(Draft::from_group(&group, &system_fields()).to_group(), group);
    }

    #[test]
    fn an_activity_comes_back_as_it_went_in_and_can_be_changed() {
        let behaviour = Behaviour {
            measure: Measure::Amount,
            number: "59.90".to_owned(),
            window: Window::LastDays(90),
            filter: EventFilter {
                mode: Mode::Any,
                rules: vec![EventRule {
                    attribute: Attribute::Category,
                    op: Op::Is,
                    values: vec![Operand::Text("Footwear > Trainers".to_owned())],
                }],
            },
            ..Behaviour::once(EventKind::Purchase)
        };
        let group = Group::all(vec![Rule::Did(behaviour.clone())]);
        let read = Group::parse(&group.to_string()).unwrap();
        let mut draft = Draft::from_group(&read, &system_fields());
        assert_eq!(draft.to_group(), group);
        let id = draft.inside(Draft::ROOT)[0].0;
        assert_eq!(draft.node(id).map(|node| &node.kind), Some(&Kind::Did(behaviour)));
        draft.change(id, |kind| {
            if let Kind::Did(behaviour) = kind {
                behaviour.number = "x".to_owned();
            }
        });
        assert!(
            draft.to_group().is_empty(),
            "a number that is none leaves the rule out"
        );
    }

    #[test]
    fn a_rule_that_lacks_something_is_left_out() {
        let mut draft = Draft::default();
        draft.add_rule(Draft::ROOT);
        let id = draft.inside(Draft::ROOT)[0].0;
        assert!(draft.to_group().is_empty());
        draft.set_field(id, &field(FIRST_NAME));
        assert!(draft.to_group().is_empty());
        draft.set_value(id, 0, " Ana ".into());
        assert_eq!(draft.to_group().to_string(), "all(2:has:Ana)");
        draft.set_op(id, Op::Empty);
        assert_eq!(draft.to_group().to_string(), "all(2:empty)");
    }

    #[test]
    fn a_list_is_typed_with_commas() {
        let mut draft = Draft::default();
        draft.add_rule(Draft::ROOT);
        let id = draft.inside(Draft::ROOT)[0].0;
        draft.set_field(id, &field(FIRST_NAME));
        draft.set_op(id, Op::In);
        draft.set_value(id, 0, "Ana, Eva,".into());
        assert_eq!(draft.to_group().to_string(), "all(2:in:Ana:Eva)");
    }

    #[test]
    fn options_are_ticked() {
        let mut draft = Draft::default();
        draft.add_rule(Draft::ROOT);
        let id = draft.inside(Draft::ROOT)[0].0;
        draft.set_field(id, &field(NEWSLETTER_STATUS));
        draft.choose(id, "subscribed", true);
        draft.choose(id, "none", true);
        draft.choose(id, "subscribed", false);
        assert_eq!(draft.to_group().to_string(), "all(7:in:none)");
        draft.set_op(id, Op::NotIn);
        assert_eq!(
            draft.to_group().to_string(),
            "all(7:notin:none)",
            "the same options, the other way round"
        );
    }

    #[test]
    fn a_test_stays_when_another_field_can_take_it() {
        let mut draft = Draft::default();
        draft.add_rule(Draft::ROOT);
        let id = draft.inside(Draft::ROOT)[0].0;
        draft.set_field(id, &field(POINTS));
        draft.set_op(id, Op::Between);
        draft.set_field(id, &field(BIRTHDATE));
        let Some(Kind::Field { op, values, .. }) = draft.node(id).map(|node| node.kind.clone()) else {
            panic!("no rule")
        };
        assert_eq!((op, values.len()), (Op::Between, 2));
    }

    #[test]
    fn groups_are_added_and_taken_away() {
        let mut draft = Draft::default();
        draft.add_group(Draft::ROOT);
        let (group, is_group) = draft.inside(Draft::ROOT)[0];
        assert!(is_group);
        assert_eq!(draft.rules(), 1);
        draft.add_rule(group);
        draft.remove(draft.inside(group)[0].0);
        assert_eq!(draft.inside(group).len(), 1);
        draft.remove(group);
        assert_eq!(draft.rules(), 0);
    }

    #[test]
    fn the_segment_at_the_top_can_be_exchanged() {
        let filter = Group::parse("all(in:3,6:gt:5)").unwrap();
        assert_eq!(top_segment(&filter), Some(SegmentId(3)));
        assert_eq!(
            with_top_segment(&filter, Some(SegmentId(4))).to_string(),
            "all(in:4,6:gt:5)"
        );
        assert_eq!(with_top_segment(&filter, None).to_string(), "all(6:gt:5)");
        assert!(!is_only_segment(&filter));
        assert!(is_only_segment(&with_top_segment(
            &Group::default(),
            Some(SegmentId(4))
        )));
        let any = Group::parse("any(6:gt:5,2:is:Ana)").unwrap();
        assert_eq!(
            with_top_segment(&any, Some(SegmentId(4))).to_string(),
            "all(in:4,any(6:gt:5,2:is:Ana))"
        );
    }
}
