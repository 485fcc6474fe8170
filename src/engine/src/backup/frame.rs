//! Head and frames: written as bytes, and read from bytes that come in pieces.

use serde::{Deserialize, Serialize};
use std::fmt;
use xxhash_rust::xxh3::{xxh3_64, xxh3_64_with_seed};

/// The version of the format written now.
pub const FORMAT: u16 = 1;

const MAGIC: [u8; 8] = *b"\xC7CORRAL\n";
/// Bytes of the head before what has a length of its own.
const HEAD: usize = MAGIC.len() + 2 + 4;
/// No head of any version is longer; a greater length is a changed byte.
const LONGEST_HEAD: usize = 1 << 16;
/// Bytes of a frame before its payload.
const FRAME: usize = 1 + 1 + 4 + 4;
const SUM: usize = 8;

/// How a passphrase becomes the key, and how a wrong one is noticed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Lock {
    /// The salt of PBKDF2.
    pub salt: [u8; 16],
    /// How often PBKDF2 hashes.
    pub rounds: u32,
    /// Sixteen zeros encrypted with the key, under the nonce of frame `u64::MAX`: only the right key opens them.
    pub check: Vec<u8>,
}

/// What stands before the frames.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Head {
    /// The version of the format.
    pub format: u16,
    /// How the frames are encrypted, if they are.
    pub lock: Option<Lock>,
}

/// What a frame holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// What the backup is of: always the first frame.
    About = 1,
    /// Records.
    Records = 2,
    /// What all of it adds up to: always the last frame.
    End = 3,
}

/// How a payload was made smaller, before it was encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Packing {
    /// Not at all.
    Plain = 0,
    /// Raw deflate (RFC 1951).
    Deflate = 1,
}

/// A piece of a backup.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Frame {
    /// Its number, from 0.
    pub number: u64,
    /// What it holds.
    pub kind: Kind,
    /// How its payload is packed.
    pub packing: Packing,
    /// Its payload, packed and encrypted as it may be.
    pub payload: Vec<u8>,
}

/// A part of a file that was read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Part {
    /// The head.
    Head(Head),
    /// A frame.
    Frame(Frame),
}

/// Why a file can't be restored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// It is no backup.
    Foreign,
    /// A newer version of Corral made it.
    Newer {
        /// The version of its format.
        found: u16,
    },
    /// Its end is missing.
    Truncated,
    /// It is not as it was written.
    Changed {
        /// The byte at which the part begins that was changed.
        at: u64,
    },
}

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Broken::Foreign => f.write_str("This is no backup of Corral"),
            Broken::Newer { found } => write!(
                f,
                "A newer version of Corral made this backup (format {found}), and this one can't read it"
            ),
            Broken::Truncated => f.write_str("This backup is cut off: its end is missing"),
            Broken::Changed { at } => write!(
                f,
                "This backup is damaged: it is not as it was written, from byte {at} on"
            ),
        }
    }
}

impl std::error::Error for Broken {}

/// The nonce of a frame; a key is used for one file only, so none comes twice.
pub fn nonce(number: u64) -> [u8; 12] {
    let mut nonce = [0; 12];
    let (_, low) = nonce.split_at_mut(4);
    low.copy_from_slice(&number.to_le_bytes());
    nonce
}

/// What is authenticated with a frame although it stands outside its payload.
pub fn additional(number: u64, kind: Kind, packing: Packing) -> [u8; 10] {
    let mut bytes = [0; 10];
    let (place, marks) = bytes.split_at_mut(8);
    place.copy_from_slice(&number.to_le_bytes());
    marks.copy_from_slice(&[kind as u8, packing as u8]);
    bytes
}

impl Head {
    /// The head of a file that is written now.
    pub fn new(lock: Option<Lock>) -> Head {
        Head { format: FORMAT, lock }
    }

    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to a Vec fails only where a serializer says so, and none of ours does.
        let lock = postcard::to_allocvec(&self.lock).unwrap_or_default();
        let mut bytes = MAGIC.to_vec();
        bytes.extend(self.format.to_le_bytes());
        bytes.extend((lock.len() as u32).to_le_bytes());
        bytes.extend(lock);
        bytes.extend(xxh3_64(&bytes).to_le_bytes());
        bytes
    }
}

impl Frame {
    /// Its bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = vec![self.kind as u8, self.packing as u8];
        bytes.extend((self.payload.len() as u32).to_le_bytes());
        bytes.extend(mark(self.number, &bytes).to_le_bytes());
        bytes.extend_from_slice(&self.payload);
        bytes.extend(xxh3_64_with_seed(&self.payload, self.number).to_le_bytes());
        bytes
    }
}

fn mark(number: u64, start: &[u8]) -> u32 {
    xxh3_64_with_seed(start, number) as u32
}

/// A file being taken apart; its bytes come in pieces of any size.
#[derive(Debug, Default)]
pub struct Unpacking {
    buffer: Vec<u8>,
    /// Where in the buffer the next part begins.
    at: usize,
    /// Where in the file the buffer begins.
    before: u64,
    number: u64,
    headed: bool,
    ended: bool,
}

impl Unpacking {
    /// Takes the next bytes of the file.
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..self.at);
        self.before += self.at as u64;
        self.at = 0;
        self.buffer.extend_from_slice(bytes);
    }

    /// Where in the file the next part begins.
    pub fn place(&self) -> u64 {
        self.before + self.at as u64
    }

    /// The next part; none until more bytes have come.
    ///
    /// # Errors
    /// Why the file can't be read on.
    pub fn next_part(&mut self) -> Result<Option<Part>, Broken> {
        let changed = Broken::Changed { at: self.place() };
        let rest = self.buffer.get(self.at..).unwrap_or_default();
        if self.ended {
            return if rest.is_empty() { Ok(None) } else { Err(changed) };
        }
        let (part, taken) = if self.headed {
            match read_frame(rest, self.number).ok_or(changed)? {
                Some((frame, taken)) => {
                    self.ended = frame.kind == Kind::End;
                    self.number += 1;
                    (Part::Frame(frame), taken)
                }
                None => return Ok(None),
            }
        } else {
            match read_head(rest)? {
                Some((head, taken)) => (Part::Head(head), taken),
                None => return Ok(None),
            }
        };
        self.headed = true;
        self.at += taken;
        Ok(Some(part))
    }

    /// Says that no more bytes come.
    ///
    /// # Errors
    /// When the file is not whole.
    pub fn finish(&self) -> Result<(), Broken> {
        let begun = self.headed || (!self.buffer.is_empty() && starts(&self.buffer));
        match (self.ended, begun) {
            (true, _) => Ok(()),
            (false, true) => Err(Broken::Truncated),
            (false, false) => Err(Broken::Foreign),
        }
    }
}

/// Whether these bytes are the beginning of a backup, as far as they go.
fn starts(bytes: &[u8]) -> bool {
    bytes.iter().zip(&MAGIC).all(|(one, other)| one == other)
}

fn number_at<const N: usize>(bytes: &[u8], at: usize) -> Option<[u8; N]> {
    bytes.get(at..at.checked_add(N)?)?.try_into().ok()
}

/// The head and its length; none where bytes are missing.
fn read_head(bytes: &[u8]) -> Result<Option<(Head, usize)>, Broken> {
    const CHANGED: Broken = Broken::Changed { at: 0 };
    if !starts(bytes) {
        return Err(Broken::Foreign);
    }
    let (Some(format), Some(length)) = (
        number_at(bytes, MAGIC.len()).map(u16::from_le_bytes),
        number_at(bytes, MAGIC.len() + 2).map(u32::from_le_bytes),
    ) else {
        return Ok(None);
    };
    let end = HEAD + length as usize;
    if end > LONGEST_HEAD {
        return Err(CHANGED);
    }
    let Some(sum) = number_at(bytes, end).map(u64::from_le_bytes) else {
        return Ok(None);
    };
    let (all, lock) = (
        bytes.get(..end).ok_or(CHANGED)?,
        bytes.get(HEAD..end).ok_or(CHANGED)?,
    );
    match xxh3_64(all) == sum {
        false => Err(CHANGED),
        true if format != FORMAT => Err(Broken::Newer { found: format }),
        true => {
            let lock = postcard::from_bytes(lock).map_err(|_| CHANGED)?;
            Ok(Some((Head { format, lock }, end + SUM)))
        }
    }
}

/// The frame of this number and its length, none inside where bytes are missing; none where it was changed.
fn read_frame(bytes: &[u8], number: u64) -> Option<Option<(Frame, usize)>> {
    let Some(start) = number_at::<FRAME>(bytes, 0) else {
        return Some(None);
    };
    let [kind, packing, a, b, c, d, sum @ ..] = start;
    if mark(number, &[kind, packing, a, b, c, d]) != u32::from_le_bytes(sum) {
        return None;
    }
    let kind = [Kind::About, Kind::Records, Kind::End]
        .into_iter()
        .find(|one| *one as u8 == kind)?;
    let packing = [Packing::Plain, Packing::Deflate]
        .into_iter()
        .find(|one| *one as u8 == packing)?;
    let end = FRAME + u32::from_le_bytes([a, b, c, d]) as usize;
    let Some(sum) = number_at(bytes, end).map(u64::from_le_bytes) else {
        return Some(None);
    };
    let payload = bytes.get(FRAME..end)?;
    (xxh3_64_with_seed(payload, number) == sum).then(|| {
        let frame = Frame {
            number,
            kind,
            packing,
            payload: payload.to_vec(),
        };
        Some((frame, end + SUM))
    })
}
