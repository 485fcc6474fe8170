//! The tidy layout: nobody stands on anybody, and it is the same each time.

use super::geometry::{Rect, node_rect};
use super::geometry_tests::{any_graph, node};
use super::graph::{Edge, Graph};
use super::layout::{tidy, walk};
use crate::ids::NodeId;
use proptest::prelude::*;

fn laid_out(graph: &Graph) -> Graph {
    let mut graph = graph.clone();
    tidy(&graph.clone()).iter().for_each(|change| graph.apply(change));
    graph
}

fn edge(from: u32, exit: u8, to: u32) -> Edge {
    Edge {
        from: NodeId(from),
        exit,
        to: NodeId(to),
    }
}

/// Start, a question with two answers that meet again, and a way back.
fn fork() -> Graph {
    Graph {
        nodes: vec![
            node(5, "Finish", 0, 0),
            node(1, "Start", 40, 80),
            node(4, "Send email", 0, 0),
            node(2, "Has field", 0, 0),
            node(3, "Wait", 0, 0),
        ],
        edges: vec![
            edge(1, 0, 2),
            edge(2, 1, 4),
            edge(2, 0, 3),
            edge(3, 0, 5),
            edge(4, 0, 2),
        ],
        notes: Vec::new(),
    }
}

#[test]
fn contacts_go_from_left_to_right_and_yes_is_above_no() {
    let graph = laid_out(&fork());
    let place = |id| graph.node(NodeId(id)).map(|node| (node.x, node.y)).unwrap();
    assert_eq!(place(1), (48, 80), "Start stays, on the grid");
    assert!(place(1).0 < place(2).0 && place(2).0 < place(3).0 && place(3).0 < place(5).0);
    assert_eq!(place(3).0, place(4).0, "both answers are in one layer");
    assert!(place(3).1 < place(4).1, "YES is above NO");
    assert_eq!(place(1).1, place(2).1, "what has one neighbour is level with it");
}

#[test]
fn a_walk_goes_from_start_along_the_exits() {
    let walked: Vec<(u32, usize)> = walk(&fork())
        .into_iter()
        .map(|(id, depth)| (id.0, depth))
        .collect();
    assert_eq!(walked, [(1, 0), (2, 1), (3, 2), (5, 3), (4, 2)]);
}

#[test]
fn a_graph_without_nodes_needs_no_layout() {
    assert_eq!(tidy(&Graph::default()), []);
}

proptest! {
    #[test]
    fn no_two_nodes_overlap(graph in any_graph(40)) {
        let graph = laid_out(&graph);
        let rects: Vec<Rect> = graph.nodes.iter().map(node_rect).collect();
        for (at, one) in rects.iter().enumerate() {
            for other in &rects[at + 1..] {
                prop_assert!(!one.meets(*other), "{one:?} {other:?}");
            }
        }
    }

    #[test]
    fn what_is_tidy_stays(graph in any_graph(30)) {
        prop_assert_eq!(tidy(&laid_out(&graph)), []);
    }

    #[test]
    fn a_walk_meets_each_node_once(graph in any_graph(30)) {
        let mut met: Vec<NodeId> = walk(&graph).into_iter().map(|(id, _)| id).collect();
        met.sort();
        let mut all: Vec<NodeId> = graph.nodes.iter().map(|node| node.id).collect();
        all.sort();
        prop_assert_eq!(met, all);
    }
}

#[test]
fn hundreds_of_nodes_in_a_row_and_abreast_are_laid_out() {
    let mut graph = Graph {
        nodes: (1..=500)
            .map(|id| node(id, if id == 1 { "Start" } else { "Has field" }, 0, 0))
            .collect(),
        ..Graph::default()
    };
    graph.edges = (1..250)
        .flat_map(|at| [edge(at, 0, 2 * at), edge(at, 1, 2 * at + 1)])
        .collect();
    let wide = laid_out(&graph);
    graph.edges = (1..500).map(|at| edge(at, 0, at + 1)).collect();
    let long = laid_out(&graph);
    let far = |graph: &Graph| graph.nodes.iter().map(|node| node.x).max().unwrap();
    assert!(far(&wide) < far(&long));
}
