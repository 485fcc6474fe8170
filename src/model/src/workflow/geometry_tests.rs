//! Where things are on the canvas.

use super::geometry::*;
use super::graph::{Edge, Graph, GraphChange, Node, Note};
use super::node::OFFERS;
use crate::ids::NodeId;
use proptest::prelude::*;

/// A node as the palette offers it.
pub fn node(id: u32, label: &str, x: i32, y: i32) -> Node {
    let offer = OFFERS.iter().find(|offer| offer.label == label).unwrap();
    Node {
        id: NodeId(id),
        x,
        y,
        name: String::new(),
        kind: (offer.make)(),
    }
}

/// Any graph of at most so many nodes: with cycles, loose ends and everything on one heap.
pub fn any_graph(most: u32) -> impl Strategy<Value = Graph> {
    let nodes = prop::collection::vec((0..OFFERS.len(), -900..900_i32, -900..900_i32), 0..most as usize);
    let edges = prop::collection::vec((0..most, 0..3_u8, 0..most), 0..2 * most as usize);
    (nodes, edges).prop_map(|(nodes, edges)| {
        let mut graph = Graph::default();
        for (id, (kind, x, y)) in (0..).zip(nodes) {
            graph.apply(&GraphChange::AddNode(node(id, OFFERS[kind].label, x, y)));
        }
        for (from, exit, to) in edges {
            graph.apply(&GraphChange::Connect(Edge {
                from: NodeId(from),
                exit,
                to: NodeId(to),
            }));
        }
        graph
    })
}

#[test]
fn lengths_go_to_the_nearest_line_of_the_grid() {
    for (length, snapped) in [
        (0, 0),
        (7, 0),
        (8, 16),
        (-8, 0),
        (-9, -16),
        (100, 96),
        (i32::MAX, i32::MAX / 16 * 16),
    ] {
        assert_eq!(snap(length), snapped, "{length}");
    }
}

#[test]
fn one_exit_is_level_with_the_entry_and_several_have_rows() {
    assert_eq!(node_height(0), NODE_HEAD);
    assert_eq!(node_height(1), NODE_HEAD);
    assert_eq!(node_height(3), NODE_HEAD + 3 * EXIT_ROW);
    assert_eq!(exit(1, 0).y, entry().y);
    assert_eq!(
        exit(2, 1),
        Point {
            x: NODE_WIDTH,
            y: NODE_HEAD + EXIT_ROW + EXIT_ROW / 2
        }
    );
}

#[test]
fn an_edge_is_a_curve_with_its_label_in_the_middle() {
    let way = way(Point { x: 0, y: 0 }, Point { x: 200, y: 100 });
    assert_eq!(way.path, "M0 0C100 0 100 100 200 100m-7 -4l7 4l-7 4");
    assert_eq!(way.label, Point { x: 100, y: 50 });
}

#[test]
fn an_edge_that_goes_back_swings_out() {
    let way = way(Point { x: 400, y: 0 }, Point { x: 0, y: 0 });
    assert_eq!(way.path, "M400 0C580 0 -180 0 0 0m-7 -4l7 4l-7 4");
}

#[test]
fn words_of_a_note_stay_whole_where_they_fit() {
    for (text, lines) in [
        ("", vec![]),
        ("Short", vec!["Short"]),
        ("Two\n\nparagraphs", vec!["Two", "", "paragraphs"]),
        (
            "Whoever bought twice in a month goes this way",
            vec!["Whoever bought twice in a", "month goes this way"],
        ),
        (
            "Donaudampfschifffahrtsgesellschaft",
            vec!["Donaudampfschifffahrtsgesell", "schaft"],
        ),
    ] {
        assert_eq!(note_lines(text), lines, "{text}");
    }
}

#[test]
fn the_upper_node_is_the_one_that_is_hit() {
    let graph = Graph {
        nodes: vec![node(1, "Start", 0, 0), node(2, "Wait", 100, 0)],
        edges: Vec::new(),
        notes: vec![Note {
            id: NodeId(3),
            x: 0,
            y: 40,
            text: String::new(),
        }],
    };
    for (x, y, found) in [
        (0, 0, Some(1)),
        (150, 10, Some(2)),
        (10, 70, Some(3)),
        (10, 50, Some(1)),
        (-1, 0, None),
        (100 + NODE_WIDTH, 0, None),
    ] {
        assert_eq!(hit(&graph, Point { x, y }), found.map(NodeId), "{x} {y}");
    }
    assert_eq!(
        bounds(&graph),
        Some(Rect {
            x: 0,
            y: 0,
            width: 324,
            height: 104
        })
    );
    assert_eq!(bounds(&Graph::default()), None);
}

proptest! {
    #[test]
    fn a_rectangle_holds_what_has_a_pixel_in_it(
        graph in any_graph(12), x in -900..900_i32, y in -900..900_i32, width in 1..900_i32, height in 1..900_i32,
    ) {
        let area = Rect { x, y, width, height };
        // A node has a pixel in the rectangle where its pixel nearest to the rectangle's middle is in it.
        let nearest = |from: i32, to: i32, wish: i32| wish.clamp(from, to - 1);
        let held: Vec<NodeId> = graph
            .nodes
            .iter()
            .filter(|node| {
                let rect = node_rect(node);
                area.holds(Point {
                    x: nearest(rect.x, rect.right(), x + width / 2),
                    y: nearest(rect.y, rect.bottom(), y + height / 2),
                })
            })
            .map(|node| node.id)
            .collect();
        prop_assert_eq!(within(&graph, area), held);
    }

    #[test]
    fn a_new_node_finds_room(graph in any_graph(30), x in -900..900_i32, y in -900..900_i32) {
        let at = free(&graph, Point { x, y }, (NODE_WIDTH, NODE_HEAD));
        prop_assert!(graph.nodes.iter().all(|node| !node_rect(node).meets(node_box(at, 1))));
        prop_assert_eq!(at, at.snapped());
    }
}
