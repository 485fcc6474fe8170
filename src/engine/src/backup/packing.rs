//! Making payloads smaller, with deflate (RFC 1951).

use super::frame::Packing;
use miniz_oxide::deflate::core::{
    CompressionStrategy, CompressorOxide, TDEFLFlush, TDEFLStatus, compress_to_output,
    create_comp_flags_from_zip_params,
};
use miniz_oxide::inflate::decompress_to_vec_with_limit;

/// What bytes are like, by which they are packed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Texture {
    /// The same words come again and again.
    Texts,
    /// Some bytes are more frequent than others, and there are runs of the same byte.
    Numbers,
}

/// Levels of deflate, measured on a million contacts with five million events: a higher one for texts takes a third more
/// time for two bytes less of a hundred; for numbers, a search for what came before takes five times as long and finds
/// less than it costs.
const TEXTS: i32 = 3;
const NUMBERS: i32 = 6;

/// What unpacks to more than so many bytes would not fit into the memory of a page, and is refused.
const LONGEST: usize = 1 << 30;

/// A payload on its way to be packed, a piece at a time: a large one takes seconds.
pub struct Packer {
    compressor: CompressorOxide,
    packed: Vec<u8>,
}

impl std::fmt::Debug for Packer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Packer").finish_non_exhaustive()
    }
}

impl Packer {
    /// A packer of what is like this.
    pub fn new(texture: Texture) -> Packer {
        let (level, strategy) = match texture {
            Texture::Texts => (TEXTS, CompressionStrategy::Default),
            Texture::Numbers => (NUMBERS, CompressionStrategy::RLE),
        };
        // No window: no zlib around it.
        let flags = create_comp_flags_from_zip_params(level, 0, strategy as i32);
        Packer {
            compressor: CompressorOxide::new(flags),
            packed: Vec::new(),
        }
    }

    /// Takes the next piece of the payload.
    pub fn push(&mut self, piece: &[u8]) {
        self.feed(piece, TDEFLFlush::None);
    }

    /// The payload, all of which was pushed, packed; where it did not get smaller, as it is.
    pub fn finish(mut self, plain: Vec<u8>) -> (Packing, Vec<u8>) {
        let status = self.feed(&[], TDEFLFlush::Finish);
        if status == TDEFLStatus::Done && self.packed.len() < plain.len() {
            (Packing::Deflate, self.packed)
        } else {
            (Packing::Plain, plain)
        }
    }

    fn feed(&mut self, piece: &[u8], flush: TDEFLFlush) -> TDEFLStatus {
        let packed = &mut self.packed;
        let take = |bytes: &[u8]| {
            packed.extend_from_slice(bytes);
            true
        };
        compress_to_output(&mut self.compressor, piece, flush, take).0
    }
}

/// Unpacks a payload; none where it is not what was packed.
pub fn unpack(packing: Packing, packed: Vec<u8>) -> Option<Vec<u8>> {
    match packing {
        Packing::Plain => Some(packed),
        Packing::Deflate => decompress_to_vec_with_limit(&packed, LONGEST).ok(),
    }
}
