//! The settings of a node while they are edited: what they say of themselves, and how they are put into the graph.

use crate::behaviour::rules;
use model::event::EventFilter;
use model::workflow::node::{Condition, NewValue, On, Until};
use model::workflow::{GraphChange, NodeKind};
use model::{NodeId, SegmentId};

/// What a node does, in one or two sentences.
pub fn help(kind: &NodeKind) -> String {
    let first = kind.offer().map_or("", |offer| offer.help);
    match more(kind) {
        "" => first.to_owned(),
        more => format!("{first}. {more}"),
    }
}

/// What needs explaining.
fn more(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Start(_) => "Whoever leaves the audience later finishes what began, and begins nothing new",
        NodeKind::Trigger(trigger) => match trigger.on {
            On::Event(_) => {
                "Each event that counts starts a pass, which carries the event on to the next nodes"
            }
            On::CartAbandoned { .. } => "A purchase within that time calls it off",
            On::EnterSegment(_) => "Adding somebody who is a member already is no entry",
            On::LeaveSegment(_) => "Removing somebody who is no member is no exit",
            On::FieldChange { .. } => "Writing the value that is there already is no change",
            On::Date { .. } => "Contacts without that date are never started",
        },
        NodeKind::Condition(Condition::Check { .. }) => "The pass leaves by YES if they hold, else by NO",
        NodeKind::Condition(Condition::Did(_)) => {
            "The pass leaves by YES if it is so at that moment, else by NO"
        }
        NodeKind::AddToSegment(_) => "Somebody who is a member already is counted, and not added again",
        NodeKind::RemoveFromSegment(_) => "Somebody who is no member is counted, and nothing changes",
        NodeKind::SetField(_) => "Somebody who unsubscribed is never subscribed again by a workflow",
        NodeKind::Wait(wait) => match wait.until {
            Until::Activity { .. } => "The two exits say whether it happened or the time was over",
            _ => "A wait that is over while Corral is closed ends when it is opened",
        },
        NodeKind::Split(_) => "The same contact always goes the same way; branches may come together again",
        NodeKind::Finish => "It needs no settings",
        _ => "",
    }
}

/// The settings without spaces around typed texts.
pub fn settled(kind: &NodeKind) -> NodeKind {
    let mut kind = kind.clone();
    let filter = |filter: &mut EventFilter| {
        filter
            .rules
            .iter_mut()
            .for_each(|rule| rules::trim(&mut rule.values))
    };
    match &mut kind {
        NodeKind::Trigger(trigger) => match &mut trigger.on {
            On::Event(event) => filter(&mut event.filter),
            On::CartAbandoned { filter: which, .. } => filter(which),
            On::FieldChange { to, .. } => trim(to),
            _ => {}
        },
        NodeKind::Condition(Condition::Check { rules, .. }) => {
            rules.iter_mut().for_each(|rule| rules::trim(&mut rule.values));
        }
        NodeKind::Condition(Condition::Did(behaviour)) => {
            trim(&mut behaviour.number);
            filter(&mut behaviour.filter);
        }
        NodeKind::SetField(set) => {
            if let NewValue::Literal(text) = &mut set.value {
                trim(text);
            }
        }
        NodeKind::Wait(wait) => {
            if let Until::Activity { event, .. } = &mut wait.until {
                filter(&mut event.filter);
            }
        }
        NodeKind::Send(send) => trim(&mut send.subject),
        _ => {}
    }
    kind
}

fn trim(text: &mut String) {
    if text.trim().len() < text.len() {
        *text = text.trim().to_owned();
    }
}

/// What puts a name and settings into the graph; nothing where they are there already.
pub fn changes(id: NodeId, before: &(String, NodeKind), now: &(String, NodeKind)) -> Vec<GraphChange> {
    let mut changes = Vec::new();
    if before.1 != now.1 {
        changes.push(GraphChange::Configure(id, now.1.clone()));
    }
    if before.0 != now.0 {
        changes.push(GraphChange::Rename(id, now.0.clone()));
    }
    changes
}

/// The first segment that contacts would both enter and leave.
pub fn torn(add: &[SegmentId], remove: &[SegmentId]) -> Option<SegmentId> {
    add.iter().copied().find(|segment| remove.contains(segment))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::{Attribute, Operand};
    use model::query::Op;
    use model::workflow::node::{CheckRule, OFFERS, Subject};

    #[test]
    fn every_node_says_what_it_does() {
        for offer in OFFERS {
            let help = help(&(offer.make)());
            assert!(help.starts_with(offer.help), "{}", offer.label);
            assert!(!help.ends_with('.'), "{help}");
        }
    }

    #[test]
    fn new_nodes_are_settled() {
        for offer in OFFERS {
            let kind = (offer.make)();
            assert_eq!(settled(&kind), kind, "{}", offer.label);
        }
    }

    #[test]
    fn spaces_around_typed_texts_go() {
        let check = |text: &str| {
            let rule = CheckRule {
                subject: Subject::Trigger(Attribute::Brand),
                op: Op::Is,
                values: vec![Operand::Text(text.to_owned())],
            };
            NodeKind::Condition(Condition::Check {
                mode: Default::default(),
                rules: vec![rule],
            })
        };
        assert_eq!(settled(&check(" Olmo ")), check("Olmo"));
    }

    #[test]
    fn only_what_differs_is_put_into_the_graph() {
        let id = NodeId(3);
        let before = (String::new(), NodeKind::Finish);
        let named = ("The end".to_owned(), NodeKind::Finish);
        let other = (String::new(), NodeKind::RemoveFromSegment(vec![SegmentId(1)]));
        assert!(changes(id, &before, &before).is_empty());
        assert_eq!(
            changes(id, &before, &named),
            [GraphChange::Rename(id, "The end".to_owned())]
        );
        assert_eq!(
            changes(id, &before, &other),
            [GraphChange::Configure(id, other.1.clone())]
        );
    }

    #[test]
    fn nobody_enters_and_leaves_a_segment_at_once() {
        let [bronze, silver] = [SegmentId(1), SegmentId(2)];
        assert_eq!(torn(&[silver], &[bronze]), None);
        assert_eq!(torn(&[bronze, silver], &[silver]), Some(silver));
    }
}
