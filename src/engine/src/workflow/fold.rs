//! The state of workflows summed up, for a baseline.

use super::state::{Clock, Flow, Flows, NodeDelta, NodeState, RunDelta, WaitOf, Waiting};
use crate::bits::Bits;
use crate::sort::sort_by_key;
use model::NodeId;

impl Flows {
    /// One change for each workflow, which together add up to this state, steps aside.
    pub(crate) fn folded(&self) -> Vec<RunDelta> {
        let mut deltas: Vec<RunDelta> = self
            .iter()
            .map(|(workflow, flow)| RunDelta {
                nodes: flow
                    .nodes
                    .iter()
                    .map(|(node, state)| folded_node(*node, state))
                    .collect(),
                ..folded_flow(RunDelta::of(workflow), flow)
            })
            .collect();
        // The greatest number of a wait that was given is not given again, although that wait is over.
        let last = self.next_wait().checked_sub(1);
        let known = |id: u64| {
            deltas
                .iter()
                .any(|delta| delta.waits.iter().any(|wait| wait.id == id))
        };
        if let Some(last) = last.filter(|last| !known(*last))
            && let Some(delta) = deltas.last_mut()
        {
            delta.waits.push(&over(last));
            delta.over.push(last);
        }
        deltas
    }
}

fn folded_flow(delta: RunDelta, flow: &Flow) -> RunDelta {
    let mut waits: Vec<&Waiting> = flow.waits.values().collect();
    sort_by_key(&mut waits, |wait| wait.id);
    RunDelta {
        existing: (!flow.existing.is_empty()).then(|| Bits((*flow.existing).clone())),
        active: (flow.active > i64::MIN).then_some(flow.active),
        began: Bits((*flow.began).clone()),
        waits: waits.into_iter().collect(),
        last: flow.last,
        ..delta
    }
}

fn folded_node(node: NodeId, state: &NodeState) -> NodeDelta {
    let fired = state.fired.iter();
    let mut fired: Vec<(u32, u32, i64)> = fired
        .map(|(contact, (times, last))| (*contact, *times, *last))
        .collect();
    sort_by_key(&mut fired, |(contact, ..)| *contact);
    NodeDelta {
        armed: Bits((*state.armed).clone()),
        disarmed: Bits((*state.disarmed).clone()),
        entered: state.entered,
        left: state.left.clone(),
        failed: state.failed,
        ended: state.ended,
        unique: Bits(state.unique.clone()),
        fired,
        ..NodeDelta::of(node)
    }
}

/// A wait of which nothing is left but its number.
pub(crate) fn over(id: u64) -> Waiting {
    Waiting {
        id,
        contact: 0,
        node: NodeId(0),
        due: 0,
        clock: Clock::Wall,
        entered: 0,
        of: WaitOf::Pass,
        began: 0,
        trigger: None,
        latest: None,
        version: 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::WorkflowId;

    fn wait(id: u64) -> Waiting {
        Waiting {
            contact: 7,
            due: 40,
            ..over(id)
        }
    }

    fn told(flows: &Flows) -> String {
        let mut out = format!("next {}", flows.next_wait());
        for (id, flow) in flows.iter() {
            let mut waits: Vec<&Waiting> = flow.waits.values().collect();
            waits.sort_by_key(|wait| wait.id);
            let nodes = flow.nodes.iter().map(|(id, node)| {
                let mut fired: Vec<_> = node.fired.iter().collect();
                fired.sort();
                let sets = [&*node.armed, &*node.disarmed, &node.unique];
                format!("{id} {sets:?} {} {:?} {fired:?}", node.entered, node.left)
            });
            let nodes: Vec<String> = nodes.collect();
            out += &format!(
                "{id} {:?} {:?} {} {waits:?} {nodes:?}",
                flow.existing, flow.began, flow.last
            );
        }
        out
    }

    #[test]
    fn a_summed_up_state_is_the_state_and_goes_on_counting() {
        let bits = |contacts: &[u32]| contacts.iter().copied().collect::<Bits>();
        let node = NodeDelta {
            armed: bits(&[1, 2]),
            entered: 3,
            left: vec![1, 1],
            unique: bits(&[1, 2, 3]),
            fired: vec![(9, 1, 5), (3, 2, 6)],
            ..NodeDelta::of(NodeId(4))
        };
        let mut flows = Flows::default();
        flows.apply(
            &RunDelta {
                existing: Some(bits(&[1, 5])),
                began: bits(&[5]),
                nodes: vec![node],
                waits: [wait(3), wait(8)].iter().collect(),
                last: 77,
                ..RunDelta::of(WorkflowId(2))
            },
            model::ChangeId(1),
        );
        flows.apply(
            &RunDelta {
                nodes: vec![NodeDelta {
                    disarmed: bits(&[2]),
                    fired: vec![(9, 1, 9)],
                    ..NodeDelta::of(NodeId(4))
                }],
                over: vec![8],
                ..RunDelta::of(WorkflowId(2))
            },
            model::ChangeId(1),
        );
        let mut again = Flows::default();
        flows
            .folded()
            .iter()
            .for_each(|delta| again.apply(delta, model::ChangeId(1)));
        assert_eq!(told(&again), told(&flows));
        assert_eq!(again.next_wait(), 9);
    }
}
