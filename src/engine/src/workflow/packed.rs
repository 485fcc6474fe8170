//! Steps as bytes: a pass takes most of its steps at one moment, by one event, so those after the first take two bytes.
//!
//! A step is a varint of the node × 2 (+ 1 where contact, moment and event are those of the step before it) and one of
//! the exit + 1 (0 where there is none). Where it is not as the one before, the contact follows, then by how much
//! moment and event differ from those before. No event is number 0; a chunk begins after contact, moment and event 0.

use super::steps::Step;
use model::{EventId, NodeId};

/// Steps that are being packed.
#[derive(Debug, Default)]
pub struct Packer {
    bytes: Vec<u8>,
    rows: u32,
    before: Before,
}

/// What the next step is compared with.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Before {
    contact: u32,
    when: i64,
    event: u64,
}

impl Packer {
    /// How many steps there are.
    pub fn rows(&self) -> u32 {
        self.rows
    }

    /// The bytes.
    pub fn bytes(&self) -> &[u8] {
        &self.bytes
    }

    /// Appends a step.
    pub fn push(&mut self, step: &Step) {
        let now = Before {
            contact: step.contact,
            when: step.when,
            event: step.event.map_or(0, |event| event.0),
        };
        let same = now == self.before;
        self.rows += 1;
        let node = u64::from(step.node.0) << 1 | u64::from(same);
        let exit = step.exit.map_or(0, |exit| u64::from(exit) + 1);
        let bytes = &mut self.bytes;
        // Most steps: a node and an exit of a byte each, at the moment of the step before.
        if same && node | exit < 0x80 {
            return bytes.extend_from_slice(&[node as u8, exit as u8]);
        }
        push_varint(bytes, node);
        push_varint(bytes, exit);
        if !same {
            push_varint(bytes, u64::from(now.contact));
            push_varint(bytes, zigzag(now.when.wrapping_sub(self.before.when)));
            push_varint(bytes, zigzag(now.event.wrapping_sub(self.before.event) as i64));
            self.before = now;
        }
    }
}

/// Appends a number, seven bits a byte, the lowest first.
#[inline]
pub(super) fn push_varint(bytes: &mut Vec<u8>, mut number: u64) {
    while number > 0x7f {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// A number of any sign as one that is small where it is near 0.
pub(super) fn zigzag(number: i64) -> u64 {
    (number << 1 ^ number >> 63) as u64
}

/// The steps that bytes hold; damage ends them.
pub fn unpacked(bytes: &[u8]) -> impl Iterator<Item = Step> + '_ {
    let mut rest = bytes.iter();
    let mut before = Before::default();
    std::iter::from_fn(move || {
        let node = varint(&mut rest)?;
        let exit = varint(&mut rest)?;
        if node & 1 == 0 {
            before.contact = varint(&mut rest)? as u32;
            before.when = before.when.wrapping_add(unzigzag(varint(&mut rest)?));
            let event = unzigzag(varint(&mut rest)?);
            before.event = before.event.wrapping_add(event as u64);
        }
        Some(Step {
            contact: before.contact,
            node: NodeId((node >> 1) as u32),
            exit: exit.checked_sub(1).map(|exit| exit as u8),
            when: before.when,
            event: Some(EventId(before.event)).filter(|event| event.0 > 0),
        })
    })
}

/// What [`zigzag`] was given.
pub(super) fn unzigzag(number: u64) -> i64 {
    (number >> 1) as i64 ^ -((number & 1) as i64)
}

/// Reads a number that [`push_varint`] wrote; none where the bytes end before.
pub(super) fn varint(bytes: &mut std::slice::Iter<'_, u8>) -> Option<u64> {
    let mut number = 0;
    for shift in (0..64).step_by(7) {
        let byte = *bytes.next()?;
        number |= u64::from(byte & 0x7f) << shift;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn steps() -> impl Strategy<Value = Vec<Step>> {
        let step = (
            any::<u32>(),
            any::<u32>(),
            any::<Option<u8>>(),
            any::<i64>(),
            0u64..9,
        );
        let step = step.prop_map(|(contact, node, exit, when, event)| Step {
            contact,
            node: NodeId(node),
            exit,
            when,
            event: Some(EventId(event)).filter(|event| event.0 > 0),
        });
        // Several nodes at one moment, as passes have it.
        prop::collection::vec((step, 1u32..4), 0..50).prop_map(|passes| {
            let nodes = |(step, many): (Step, u32)| {
                (0..many).map(move |node| Step {
                    node: NodeId(node),
                    ..step
                })
            };
            passes.into_iter().flat_map(nodes).collect()
        })
    }

    proptest! {
        #[test]
        fn steps_come_back(steps in steps()) {
            let mut packer = Packer::default();
            steps.iter().for_each(|step| packer.push(step));
            prop_assert_eq!(packer.rows() as usize, steps.len());
            prop_assert_eq!(unpacked(packer.bytes()).collect::<Vec<_>>(), steps);
        }

        #[test]
        fn foreign_bytes_are_read_without_a_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            unpacked(&bytes).for_each(drop);
        }
    }

    #[test]
    fn a_pass_of_four_nodes_takes_few_bytes() {
        let mut packer = Packer::default();
        for pass in 1..1000u32 {
            for node in 2..6 {
                packer.push(&Step {
                    contact: pass * 997,
                    node: NodeId(node),
                    exit: Some(0),
                    when: 1_798_804_800_000 + i64::from(pass) * 260,
                    event: Some(EventId(u64::from(pass) * 3)),
                });
            }
        }
        let bytes = packer.bytes().len() as f64 / f64::from(packer.rows());
        assert!(bytes < 4.0, "{bytes} bytes a step");
    }
}
