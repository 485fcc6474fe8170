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

/// No payload is longer; a packed one that gives more was not written by us.
const LONGEST: usize = 1 << 30;

/// Packs a payload; where it would not get smaller, it stays as it is.
pub fn pack(texture: Texture, plain: Vec<u8>) -> (Packing, Vec<u8>) {
    let (level, strategy) = match texture {
        Texture::Texts => (TEXTS, CompressionStrategy::Default),
        Texture::Numbers => (NUMBERS, CompressionStrategy::RLE),
    };
    // No window: no zlib around it.
    let flags = create_comp_flags_from_zip_params(level, 0, strategy as i32);
    let mut packed = Vec::with_capacity(plain.len() / 2);
    let mut compressor = CompressorOxide::new(flags);
    let (status, _) = compress_to_output(&mut compressor, &plain, TDEFLFlush::Finish, |bytes| {
        packed.extend_from_slice(bytes);
        true
    });
    if status == TDEFLStatus::Done && packed.len() < plain.len() {
        (Packing::Deflate, packed)
    } else {
        (Packing::Plain, plain)
    }
}

/// Unpacks a payload; none where it is not what was packed.
pub fn unpack(packing: Packing, packed: Vec<u8>) -> Option<Vec<u8>> {
    match packing {
        Packing::Plain => Some(packed),
        Packing::Deflate => decompress_to_vec_with_limit(&packed, LONGEST).ok(),
    }
}
