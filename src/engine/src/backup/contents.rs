//! What is in the frames: what the backup is of, its records, and what they add up to.

use super::frame::{Broken, Kind};
use super::packing::Texture;
use super::planes::{self, Form};
use model::backup::BackupAbout;
use serde::{Deserialize, Serialize};

/// The version of the records that are written now; see [`crate::journal::ChangeSet::to_bytes`] for theirs. Before 2, all
/// pages were as they are in the store.
pub const RECORDS: u16 = 2;

/// Bytes of records after which a frame is closed.
const CHUNK: usize = 1 << 20;

/// The first frame: what a backup is of, for the preview, and how its records are to be read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The version of the records.
    pub records: u16,
    /// What it is of.
    pub of: BackupAbout,
}

/// Where a record rests in the store.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Key {
    /// A change set.
    Change(u64),
    /// A page.
    Page(u64),
    /// A file.
    File(String),
    /// A small record about the whole.
    Meta(String),
}

/// A record as it stands in a frame; a form that is new stands last, so that the records of older versions still read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
enum Kept {
    /// As it is in the store.
    Change(u64),
    Page(u64),
    File(String),
    Meta(String),
    /// A page in another form.
    Formed(u64, Form),
}

/// What the records of a backup add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Total {
    /// Change sets.
    pub changes: u64,
    /// Pages.
    pub pages: u64,
    /// Files.
    pub files: u64,
    /// Small records.
    pub meta: u64,
    /// Bytes of all of them.
    pub bytes: u64,
}

impl Total {
    fn count(&mut self, key: &Key, bytes: usize) {
        let count = match key {
            Key::Change(_) => &mut self.changes,
            Key::Page(_) => &mut self.pages,
            Key::File(_) => &mut self.files,
            Key::Meta(_) => &mut self.meta,
        };
        *count += 1;
        self.bytes += bytes as u64;
    }

    /// The payload of the last frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        // Writing to a Vec fails only where a serializer says so, and none of ours does.
        postcard::to_allocvec(self).unwrap_or_default()
    }
}

impl About {
    /// The payload of the first frame.
    pub fn to_bytes(&self) -> Vec<u8> {
        // As above.
        postcard::to_allocvec(self).unwrap_or_default()
    }
}

/// The payload of a frame of records.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chunk {
    /// What its records are like.
    pub texture: Texture,
    /// The records.
    pub payload: Vec<u8>,
}

/// Records on their way into frames, those that are alike together.
#[derive(Debug, Default)]
pub struct Chunks {
    texts: Vec<u8>,
    numbers: Vec<u8>,
    total: Total,
}

impl Chunks {
    /// Takes a record; gives the payload of a frame as soon as there is enough for one.
    pub fn add(&mut self, key: &Key, bytes: &[u8]) -> Option<Chunk> {
        self.total.count(key, bytes.len());
        match key {
            Key::Change(change) => self.push(Texture::Texts, &Kept::Change(*change), bytes),
            Key::File(name) => self.push(Texture::Texts, &Kept::File(name.clone()), bytes),
            Key::Meta(name) => self.push(Texture::Texts, &Kept::Meta(name.clone()), bytes),
            Key::Page(id) => {
                let (form, texture, formed) = planes::formed(bytes);
                let kept = form.map_or(Kept::Page(*id), |form| Kept::Formed(*id, form));
                self.push(texture, &kept, &formed)
            }
        }
    }

    fn push(&mut self, texture: Texture, kept: &Kept, bytes: &[u8]) -> Option<Chunk> {
        let chunk = match texture {
            Texture::Texts => &mut self.texts,
            Texture::Numbers => &mut self.numbers,
        };
        let head = postcard::to_allocvec(&(kept, bytes.len() as u64)).unwrap_or_default();
        chunk.extend(head);
        chunk.extend_from_slice(bytes);
        (chunk.len() >= CHUNK).then(|| Chunk {
            texture,
            payload: std::mem::take(chunk),
        })
    }

    /// The payloads of the last frames of records, if any are left, and what all of them add up to.
    pub fn finish(self) -> (impl Iterator<Item = Chunk>, Total) {
        let left = [(Texture::Texts, self.texts), (Texture::Numbers, self.numbers)];
        let left = left.into_iter().filter(|(_, payload)| !payload.is_empty());
        (
            left.map(|(texture, payload)| Chunk { texture, payload }),
            self.total,
        )
    }
}

/// The payloads of a backup, decrypted and unpacked, being read in their order.
#[derive(Debug, Default)]
pub struct Contents {
    about: Option<About>,
    total: Total,
}

impl Contents {
    /// What the backup is of, once the first frame was read.
    pub fn about(&self) -> Option<&About> {
        self.about.as_ref()
    }

    /// What was read so far.
    pub fn total(&self) -> Total {
        self.total
    }

    /// Takes the payload of the next frame, which begins at a byte of the file, and gives its records out.
    ///
    /// # Errors
    /// [`Broken::Changed`] where the frames are not those that were written, [`Broken::Newer`] where the records are of
    /// a version to come.
    pub fn take(&mut self, kind: Kind, payload: &[u8], at: u64) -> Result<Vec<(Key, Vec<u8>)>, Broken> {
        let changed = Broken::Changed { at };
        match (kind, &self.about) {
            (Kind::About, None) => {
                let about: About = postcard::from_bytes(payload).map_err(|_| changed)?;
                if about.records > RECORDS {
                    return Err(Broken::Newer { found: about.records });
                }
                self.about = Some(about);
                Ok(Vec::new())
            }
            (Kind::Records, Some(_)) => self.records(payload).ok_or(changed),
            (Kind::End, Some(_)) => match postcard::from_bytes::<Total>(payload) {
                Ok(total) if total == self.total => Ok(Vec::new()),
                _ => Err(changed),
            },
            _ => Err(changed),
        }
    }

    fn records(&mut self, mut payload: &[u8]) -> Option<Vec<(Key, Vec<u8>)>> {
        let mut records = Vec::new();
        while !payload.is_empty() {
            let ((kept, length), rest) = postcard::take_from_bytes::<(Kept, u64)>(payload).ok()?;
            let (bytes, rest) = rest.split_at_checked(usize::try_from(length).ok()?)?;
            let mut bytes = bytes.to_vec();
            let key = match kept {
                Kept::Change(change) => Key::Change(change),
                Kept::Page(id) => Key::Page(id),
                Kept::File(name) => Key::File(name),
                Kept::Meta(name) => Key::Meta(name),
                Kept::Formed(id, form) => {
                    planes::unform(form, &mut bytes)?;
                    Key::Page(id)
                }
            };
            self.total.count(&key, bytes.len());
            records.push((key, bytes));
            payload = rest;
        }
        Some(records)
    }
}
