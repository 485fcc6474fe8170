//! Tidy layout: the nodes of a graph in layers from left to right, with few crossings.
//!
//! After Sugiyama, Tagawa and Toda (1981): cut the cycles, put each node one layer after the last that leads to it, order
//! each layer by the barycentres of its neighbours, then give each node the height that its neighbours wish for.

use super::geometry::{GRID, NODE_WIDTH, Point, entry, exit, node_height, snap};
use super::graph::{Graph, GraphChange};
use super::node::NodeKind;
use crate::ids::NodeId;

/// The room between two layers.
const GAP_X: i64 = 96;
/// The room between two nodes of a layer; what happened at a node stands in it.
const GAP_Y: i64 = 48;
/// So often each layer is ordered by its neighbours.
const SWEEPS: usize = 8;
/// What a place in a layer is counted in.
const WHOLE: i64 = 1 << 20;

/// The nodes in the order in which contacts pass them, each with how many steps it is away from where that begins; nodes
/// that nothing leads to come after those of Start.
pub fn walk(graph: &Graph) -> Vec<(NodeId, usize)> {
    let links = Links::new(graph);
    let walked = links.walk(graph);
    let steps = walked.before.iter();
    steps
        .filter_map(|&(at, depth)| Some((graph.nodes.get(at)?.id, depth)))
        .collect()
}

/// Moves that put every node into its place; Start stays where it is, and so do notes.
pub fn tidy(graph: &Graph) -> Vec<GraphChange> {
    let links = Links::new(graph);
    let walked = links.walk(graph);
    let Some(&(first, _)) = walked.before.first() else {
        return Vec::new();
    };
    let forward = links.forward(&walked);
    let (layer, mut layers) = layered(&forward, &walked);
    order(&forward, &layer, &mut layers);
    let y = heights(graph, &forward, &layers);
    let x = |at: usize| {
        let layer = i64::try_from(layer[at]).unwrap_or(0);
        layer * (i64::from(NODE_WIDTH) + GAP_X)
    };
    let stays = &graph.nodes[first];
    let (left, top) = (i64::from(snap(stays.x)), i64::from(snap(stays.y)));
    let narrow = |length: i64| i32::try_from(length).unwrap_or(if length < 0 { i32::MIN } else { i32::MAX });
    let moves = graph.nodes.iter().enumerate().filter_map(|(at, node)| {
        let to = Point {
            x: narrow(left + x(at) - x(first)),
            y: narrow(top + y[at] - y[first]),
        };
        (to != Point { x: node.x, y: node.y }).then_some(GraphChange::Move {
            id: node.id,
            x: to.x,
            y: to.y,
        })
    });
    moves.collect()
}

/// What leads where, by places in the list of nodes.
struct Links {
    /// For each node its exits with where they lead, by the number of the exit.
    ahead: Vec<Vec<(u8, usize)>>,
    /// How many edges lead to each node.
    into: Vec<usize>,
}

/// The nodes as a walk through the graph met them.
struct Walked {
    /// Each node when it was met, with its steps from where the walk began.
    before: Vec<(usize, usize)>,
    /// The place of each node where all that it leads to comes after it, but for edges that close a cycle.
    rank: Vec<usize>,
}

impl Links {
    fn new(graph: &Graph) -> Links {
        let mut places: Vec<(NodeId, usize)> = (graph.nodes.iter().enumerate())
            .map(|(at, node)| (node.id, at))
            .collect();
        places.sort_unstable();
        let place = |id: NodeId| {
            let found = places.binary_search_by_key(&id, |(id, _)| *id).ok()?;
            places.get(found).map(|(_, at)| *at)
        };
        let mut ahead = vec![Vec::new(); graph.nodes.len()];
        let mut into = vec![0; graph.nodes.len()];
        for edge in &graph.edges {
            if let (Some(from), Some(to)) = (place(edge.from), place(edge.to)) {
                ahead[from].push((edge.exit, to));
                into[to] += 1;
            }
        }
        ahead
            .iter_mut()
            .for_each(|links| links.sort_by_key(|(exit, _)| *exit));
        Links { ahead, into }
    }

    /// Walks from Start, then from the nodes that nothing leads to, then from whichever is left, in depth first.
    fn walk(&self, graph: &Graph) -> Walked {
        let many = graph.nodes.len();
        let start = |at: &usize| matches!(graph.nodes[*at].kind, NodeKind::Start(_));
        let roots = (0..many)
            .filter(start)
            .chain((0..many).filter(|at| self.into[*at] == 0))
            .chain(0..many);
        let mut met = vec![false; many];
        let (mut before, mut after) = (Vec::with_capacity(many), Vec::with_capacity(many));
        for root in roots {
            if std::mem::replace(&mut met[root], true) {
                continue;
            }
            before.push((root, 0));
            let mut open = vec![(root, 0)];
            while let Some((at, next)) = open.last_mut() {
                let (node, link) = (*at, self.ahead[*at].get(*next).copied());
                *next += 1;
                match link {
                    Some((_, to)) if !std::mem::replace(&mut met[to], true) => {
                        before.push((to, open.len()));
                        open.push((to, 0));
                    }
                    Some(_) => {}
                    None => {
                        after.push(node);
                        open.pop();
                    }
                }
            }
        }
        let mut rank = vec![0; many];
        for (place, at) in after.into_iter().rev().enumerate() {
            rank[at] = place;
        }
        Walked { before, rank }
    }

    /// The links without those that close a cycle.
    fn forward(&self, walked: &Walked) -> Forward {
        let many = self.ahead.len();
        let mut forward = Forward {
            ahead: vec![Vec::new(); many],
            behind: vec![Vec::new(); many],
        };
        for (from, links) in self.ahead.iter().enumerate() {
            for &(exit, to) in links {
                if walked.rank[from] < walked.rank[to] {
                    forward.ahead[from].push((exit, to));
                    forward.behind[to].push((exit, from));
                }
            }
        }
        forward
    }
}

/// Links that close no cycle, both ways: each with its exit.
struct Forward {
    ahead: Vec<Vec<(u8, usize)>>,
    behind: Vec<Vec<(u8, usize)>>,
}

/// The layer of each node, and the nodes of each layer in the order in which they were met.
fn layered(forward: &Forward, walked: &Walked) -> (Vec<usize>, Vec<Vec<usize>>) {
    let many = forward.ahead.len();
    let mut by_rank = vec![0; many];
    for (at, &rank) in walked.rank.iter().enumerate() {
        by_rank[rank] = at;
    }
    let mut layer = vec![0; many];
    for at in by_rank {
        for &(_, to) in &forward.ahead[at] {
            layer[to] = layer[to].max(layer[at] + 1);
        }
    }
    let deepest = layer.iter().max().map_or(0, |deepest| deepest + 1);
    let mut layers = vec![Vec::new(); deepest];
    for &(at, _) in &walked.before {
        layers[layer[at]].push(at);
    }
    (layer, layers)
}

/// Orders each layer by where its neighbours are, there and back; the last way is from left to right, so that the exits
/// of a node lead to nodes in the order of the exits.
fn order(forward: &Forward, layer: &[usize], layers: &mut [Vec<usize>]) {
    let mut place = vec![0_i64; layer.len()];
    let note = |nodes: &[usize], place: &mut [i64]| {
        let step = WHOLE / i64::try_from(nodes.len().max(1)).unwrap_or(WHOLE);
        let mut at = step / 2;
        for &node in nodes {
            place[node] = at;
            at += step;
        }
    };
    for nodes in layers.iter() {
        note(nodes, &mut place);
    }
    for sweep in 0..=SWEEPS {
        let from_left = sweep % 2 == 0;
        let last = layers.len();
        for step in 0..last {
            let at = if from_left { step } else { last - 1 - step };
            let links = if from_left {
                &forward.behind
            } else {
                &forward.ahead
            };
            let wish = |node: usize| {
                let links = &links[node];
                // Exits of one node are a little apart.
                let sum: i64 = links
                    .iter()
                    .map(|&(exit, other)| place[other] + if from_left { i64::from(exit) } else { 0 })
                    .sum();
                let many = i64::try_from(links.len()).unwrap_or(1);
                if many == 0 { place[node] } else { sum / many }
            };
            let mut wishes: Vec<(i64, usize)> = layers[at].iter().map(|&node| (wish(node), node)).collect();
            wishes.sort_by_key(|(wish, _)| *wish);
            layers[at] = wishes.into_iter().map(|(_, node)| node).collect();
            note(&layers[at], &mut place);
        }
    }
}

/// The upper edge of each node: as near as can be to where its neighbours wish it, in the order of its layer, with room
/// between.
fn heights(graph: &Graph, forward: &Forward, layers: &[Vec<usize>]) -> Vec<i64> {
    let exits: Vec<usize> = graph.nodes.iter().map(|node| node.kind.exits().len()).collect();
    let leaves = |at: usize, number: u8| i64::from(exit(exits[at], usize::from(number)).y);
    let enters = i64::from(entry().y);
    let high = |at: usize| i64::from(node_height(exits[at]));
    let mut y = vec![0_i64; exits.len()];
    // From the left, so that a node is level with what leads to it; back, so that it is in the middle of where it leads;
    // and from the left once more.
    for pass in 0..3 {
        for step in 0..layers.len() {
            let nodes = &layers[if pass == 1 { layers.len() - 1 - step } else { step }];
            let wish = |node: usize| {
                let wishes: Vec<i64> = if pass == 1 {
                    let links = forward.ahead[node].iter();
                    links
                        .map(|&(exit, to)| y[to] + enters - leaves(node, exit))
                        .collect()
                } else {
                    let links = forward.behind[node].iter();
                    links
                        .map(|&(exit, from)| y[from] + leaves(from, exit) - enters)
                        .collect()
                };
                match i64::try_from(wishes.len()) {
                    Ok(many) if many > 0 => wishes.iter().sum::<i64>() / many,
                    _ => y[node],
                }
            };
            let wishes: Vec<(i64, i64)> = nodes.iter().map(|&node| (wish(node), high(node))).collect();
            for (&node, top) in nodes.iter().zip(spread(&wishes)) {
                y[node] = top;
            }
        }
    }
    y
}

/// Places things of given wishes and heights one below the other, in order and with a gap, so that the sum of the
/// squares of how far they are from their wishes is least (pool adjacent violators; Ayer and others, 1955).
fn spread(wishes: &[(i64, i64)]) -> Vec<i64> {
    let grid = i64::from(GRID);
    // Without the heights above it, each thing only has to be no higher than the one before.
    let mut above = Vec::with_capacity(wishes.len());
    let mut sum = 0;
    let mut pools: Vec<(i64, i64)> = Vec::new();
    for &(wish, high) in wishes {
        above.push(sum);
        let mut pool = (wish - sum, 1);
        while let Some(&(total, many)) = pools.last() {
            if total * pool.1 <= pool.0 * many {
                break;
            }
            pool = (pool.0 + total, pool.1 + many);
            pools.pop();
        }
        pools.push(pool);
        sum += (high + GAP_Y + grid - 1).div_euclid(grid) * grid;
    }
    let places = pools.into_iter().flat_map(|(total, many)| {
        let place = (total.div_euclid(many) + grid / 2).div_euclid(grid) * grid;
        std::iter::repeat_n(place, usize::try_from(many).unwrap_or(0))
    });
    places.zip(above).map(|(place, above)| place + above).collect()
}
