//! What a graph waits for.

use model::event::EventKind;
use model::workflow::node::{On, Until};
use model::workflow::{Graph, NodeKind};

/// The kinds of events that a graph waits for, in the order of its nodes, each once.
pub fn awaited(graph: &Graph) -> Vec<EventKind> {
    let mut kinds = Vec::new();
    for node in &graph.nodes {
        let kind = match &node.kind {
            NodeKind::Trigger(trigger) => match &trigger.on {
                On::Event(event) => Some(event.kind),
                On::CartAbandoned { .. } => Some(EventKind::CartAbandoned),
                _ => None,
            },
            NodeKind::Wait(wait) => match &wait.until {
                Until::Activity { event, .. } => Some(event.kind),
                _ => None,
            },
            _ => None,
        };
        kinds.extend(kind.filter(|kind| !kinds.contains(kind)));
    }
    kinds
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::{Node, OFFERS};

    #[test]
    fn each_kind_is_waited_for_once() {
        let node = |label: &str, id| Node {
            id: model::NodeId(id),
            x: 0,
            y: 0,
            name: String::new(),
            kind: (OFFERS.iter().find(|offer| offer.label == label).unwrap().make)(),
        };
        let graph = Graph {
            nodes: vec![
                node("On login", 1),
                node("On cart abandoned", 2),
                node("Wait until", 3),
                node("On login", 4),
            ],
            ..Graph::default()
        };
        assert_eq!(
            awaited(&graph),
            [EventKind::Login, EventKind::CartAbandoned, EventKind::Purchase]
        );
    }
}
