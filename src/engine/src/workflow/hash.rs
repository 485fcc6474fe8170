//! A hash of everything that events and workflows decide, to compare runs in different browsers.

use crate::workspace::Workspace;
use xxhash_rust::xxh3::Xxh3;

/// Bytes that go into the hash at once.
const BUFFER: usize = 4096;

impl Workspace {
    /// A hash of members, values, events and the state of workflows; equal states have equal hashes.
    pub fn state_hash(&self) -> u64 {
        let mut hash = Xxh3::new();
        // Millions of numbers go in: some at once are faster, and give the same.
        let mut buffer = Vec::with_capacity(BUFFER);
        let mut number = |number: u64| {
            if buffer.len() >= BUFFER {
                hash.update(&buffer);
                buffer.clear();
            }
            buffer.extend_from_slice(&number.to_le_bytes());
        };
        number(self.alive().len());
        for def in self.segments() {
            number(u64::from(def.id.0));
            self.members(def.id)
                .iter()
                .for_each(|contact| number(u64::from(contact)));
        }
        self.log.each_plain(&mut |when, contact, kind, amount| {
            number(when as u64);
            number(u64::from(contact));
            number(kind.map_or(0, |kind| u64::from(kind.number())));
            number(amount as u64);
        });
        // A workflow in which nothing is left is as good as one that never ran.
        let ran = self
            .flows
            .iter()
            .filter(|(_, flow)| !flow.nodes.is_empty() || !flow.waits.is_empty());
        for (id, flow) in ran {
            number(u64::from(id.0));
            for (node, state) in flow.nodes.iter() {
                [
                    u64::from(node.0),
                    state.entered,
                    state.failed,
                    state.ended,
                    state.armed.len(),
                    state.unique.len(),
                ]
                .into_iter()
                .for_each(&mut number);
                state.left.iter().copied().for_each(&mut number);
            }
            let mut waits: Vec<_> = flow
                .waits
                .values()
                .map(|wait| (wait.due, wait.contact, wait.node.0))
                .collect();
            waits.sort_unstable();
            for (due, contact, node) in waits {
                [due as u64, u64::from(contact), u64::from(node)]
                    .into_iter()
                    .for_each(&mut number);
            }
        }
        hash.update(&buffer);
        hash.digest()
    }
}
