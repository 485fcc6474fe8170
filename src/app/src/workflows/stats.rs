//! What happened at the nodes, as a table.

use super::session::node_name;
use crate::ui::chart::Table;
use crate::ui::format;
use model::NodeId;
use model::workflow::{Graph, NodeStats};

/// The columns of the table.
pub const COLUMNS: [&str; 8] = [
    "Node", "Entered", "Inside", "Left", "Failed", "Ended", "Unique", "Armed",
];

/// How often somebody left by each exit: “YES 12 · NO 3”.
fn left(graph: &Graph, stats: &NodeStats) -> String {
    let exits = graph
        .node(NodeId(stats.node))
        .map(|node| node.kind.exits())
        .unwrap_or_default();
    match stats.left.as_slice() {
        [] => String::new(),
        [one] => format::number(*one),
        all => {
            let part = |(at, many): (usize, &u64)| match exits.get(at) {
                Some(name) => format!("{name} {}", format::number(*many)),
                None => format::number(*many),
            };
            all.iter().enumerate().map(part).collect::<Vec<_>>().join(" · ")
        }
    }
}

/// What happened at each node, a row each: those of the graph in its order, then those that are gone from it.
pub fn rows(graph: &Graph, stats: &[NodeStats]) -> Vec<(NodeId, Vec<String>)> {
    let of = |id: NodeId| stats.iter().find(|one| one.node == id.0).cloned();
    let known = graph.nodes.iter().map(|node| {
        of(node.id).unwrap_or_else(|| NodeStats {
            node: node.id.0,
            ..NodeStats::default()
        })
    });
    let gone = stats
        .iter()
        .filter(|one| graph.node(NodeId(one.node)).is_none())
        .cloned();
    known.chain(gone).map(|one| row(graph, &one)).collect()
}

/// The same where the graph may not be known: then a node is called by its number.
pub fn rows_of(graph: Option<&Graph>, stats: &[NodeStats]) -> Vec<(NodeId, Vec<String>)> {
    if let Some(graph) = graph {
        return rows(graph, stats);
    }
    let mut rows = rows(&Graph::default(), stats);
    for (id, cells) in &mut rows {
        if let Some(name) = cells.first_mut() {
            *name = format!("Node {id}");
        }
    }
    rows
}

fn row(graph: &Graph, stats: &NodeStats) -> (NodeId, Vec<String>) {
    let id = NodeId(stats.node);
    let cells = vec![
        node_name(graph, id),
        format::number(stats.entered),
        format::number(stats.inside),
        left(graph, stats),
        format::number(stats.failed),
        format::number(stats.ended),
        format::number(stats.unique),
        stats.armed.map(format::number).unwrap_or_default(),
    ];
    (id, cells)
}

/// The same table for a file.
pub fn table(graph: &Graph, stats: &[NodeStats]) -> Table {
    Table {
        head: COLUMNS.map(str::to_owned).to_vec(),
        rows: rows(graph, stats).into_iter().map(|(_, cells)| cells).collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::node::Condition;
    use model::workflow::{Node, NodeKind};

    #[test]
    fn every_node_has_a_row_with_its_exits_by_name() {
        let node = |id, name: &str, kind| Node {
            id: NodeId(id),
            x: 0,
            y: 0,
            name: name.to_owned(),
            kind,
        };
        let graph = Graph {
            nodes: vec![
                node(
                    1,
                    "Has a city",
                    NodeKind::Condition(Condition::HasField(model::FieldId(5))),
                ),
                node(2, "", NodeKind::Finish),
            ],
            ..Graph::default()
        };
        let stats = [
            NodeStats {
                node: 9,
                entered: 1,
                ..NodeStats::default()
            },
            NodeStats {
                node: 1,
                entered: 1_300,
                left: vec![1_204, 96],
                armed: Some(3),
                ..NodeStats::default()
            },
        ];
        let shown = rows(&graph, &stats);
        assert_eq!(
            shown[0].1,
            [
                "Has a city",
                "1,300",
                "0",
                "YES 1,204 · NO 96",
                "0",
                "0",
                "0",
                "3"
            ]
        );
        assert_eq!(shown[1].1, ["Finish", "0", "0", "", "0", "0", "0", ""]);
        assert_eq!(shown[2].1[0], "A node that is gone");
    }

    #[test]
    fn without_its_graph_a_node_is_called_by_its_number() {
        let stats = [NodeStats {
            node: 7,
            left: vec![12, 3],
            ..NodeStats::default()
        }];
        let shown = rows_of(None, &stats);
        assert_eq!((&*shown[0].1[0], &*shown[0].1[3]), ("Node 7", "12 · 3"));
    }
}
