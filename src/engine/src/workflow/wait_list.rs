//! Waits that began in a batch, packed: the journal keeps them for as long as it is not forgotten.

use super::packed::{push_varint, unzigzag, varint, zigzag};
use super::state::{Clock, WaitOf, Waiting};
use model::{NodeId, SegmentId};
use serde::ser::SerializeSeq;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// How many numbers a wait is.
const NUMBERS: usize = 12;

/// Waits, each as by how much its numbers differ from those of the one before: some 20 bytes instead of 80. In a record
/// they are not packed.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct WaitList {
    bytes: Vec<u8>,
    len: usize,
    last: [i64; NUMBERS],
}

impl WaitList {
    /// Appends a wait.
    pub fn push(&mut self, wait: &Waiting) {
        let numbers = numbers(wait);
        for (number, last) in numbers.iter().zip(&self.last) {
            push_varint(&mut self.bytes, zigzag(number.wrapping_sub(*last)));
        }
        self.last = numbers;
        self.len += 1;
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// The waits in their order.
    pub fn iter(&self) -> impl Iterator<Item = Waiting> + '_ {
        let mut rest = self.bytes.iter();
        let mut numbers = [0i64; NUMBERS];
        std::iter::from_fn(move || {
            for number in &mut numbers {
                *number = number.wrapping_add(unzigzag(varint(&mut rest)?));
            }
            Some(wait(numbers))
        })
    }
}

impl<'a> FromIterator<&'a Waiting> for WaitList {
    fn from_iter<I: IntoIterator<Item = &'a Waiting>>(waits: I) -> Self {
        let mut list = WaitList::default();
        waits.into_iter().for_each(|wait| list.push(wait));
        list.bytes.shrink_to_fit();
        list
    }
}

fn numbers(wait: &Waiting) -> [i64; NUMBERS] {
    // No row is number 0 here.
    let row = |row: Option<u32>| row.map_or(0, |row| i64::from(row) + 1);
    let (of, segment) = match wait.of {
        WaitOf::Pass => (0, 0),
        WaitOf::Cart => (1, 0),
        WaitOf::Membership(segment) => (2, i64::from(segment.0)),
    };
    [
        wait.id as i64,
        wait.contact.into(),
        wait.node.0.into(),
        wait.due,
        i64::from(wait.clock == Clock::Simulated),
        wait.entered,
        wait.began,
        row(wait.trigger),
        row(wait.latest),
        wait.version.into(),
        of,
        segment,
    ]
}

fn wait(numbers: [i64; NUMBERS]) -> Waiting {
    let [
        id,
        contact,
        node,
        due,
        clock,
        entered,
        began,
        trigger,
        latest,
        version,
        of,
        segment,
    ] = numbers;
    let row = |row: i64| (row > 0).then(|| (row - 1) as u32);
    Waiting {
        id: id as u64,
        contact: contact as u32,
        node: NodeId(node as u32),
        due,
        clock: if clock == 0 { Clock::Wall } else { Clock::Simulated },
        entered,
        began,
        trigger: row(trigger),
        latest: row(latest),
        version: version as u32,
        of: match of {
            0 => WaitOf::Pass,
            1 => WaitOf::Cart,
            _ => WaitOf::Membership(SegmentId(segment as u32)),
        },
    }
}

impl Serialize for WaitList {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut waits = serializer.serialize_seq(Some(self.len))?;
        for wait in self.iter() {
            waits.serialize_element(&wait)?;
        }
        waits.end()
    }
}

impl<'de> Deserialize<'de> for WaitList {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Vec::<Waiting>::deserialize(deserializer).map(|waits| waits.iter().collect())
    }
}
