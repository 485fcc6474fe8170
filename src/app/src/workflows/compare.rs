//! How two graphs of one workflow differ.

use model::workflow::{Graph, Node};

/// Whether two graphs do the same: their nodes are set up alike and connected alike, whatever their places and names.
pub fn act_alike(one: &Graph, other: &Graph) -> bool {
    let same_nodes = |a: &Graph, b: &Graph| {
        let same = |node: &Node| b.node(node.id).is_some_and(|known| known.kind == node.kind);
        a.nodes.iter().all(same)
    };
    let same_edges = |a: &Graph, b: &Graph| a.edges.iter().all(|edge| b.edges.contains(edge));
    same_nodes(one, other) && same_nodes(other, one) && same_edges(one, other) && same_edges(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::NodeId;
    use model::workflow::node::Start;
    use model::workflow::{Edge, NodeKind};

    fn graph() -> Graph {
        let node = |id, kind| Node {
            id: NodeId(id),
            x: 0,
            y: 0,
            name: String::new(),
            kind,
        };
        Graph {
            nodes: vec![
                node(1, NodeKind::Start(Start::default())),
                node(2, NodeKind::Finish),
            ],
            edges: vec![Edge {
                from: NodeId(1),
                exit: 0,
                to: NodeId(2),
            }],
            notes: Vec::new(),
        }
    }

    #[test]
    fn places_and_names_change_nothing() {
        let mut moved = graph();
        moved.nodes.reverse();
        for node in &mut moved.nodes {
            node.x = 400;
            node.name = "Mine".to_owned();
        }
        assert!(act_alike(&graph(), &moved));
    }

    #[test]
    fn settings_nodes_and_connections_do() {
        let mut set = graph();
        set.nodes[1].kind = NodeKind::RemoveFromSegment(Vec::new());
        let mut cut = graph();
        cut.edges.clear();
        let mut more = graph();
        more.nodes.push(Node {
            id: NodeId(3),
            ..more.nodes[1].clone()
        });
        for other in [set, cut, more] {
            assert!(!act_alike(&graph(), &other));
            assert!(!act_alike(&other, &graph()));
        }
    }
}
