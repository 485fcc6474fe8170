//! From the bytes of a file to UTF-8, in slices cut anywhere.
//!
//! The encodings that Corral reads are few and small, so they are decoded here: the general libraries bring
//! tables for every encoding of the web into a program that people download before it shows anything.

use model::import::Encoding;

/// What the bytes 0x80 to 0x9F mean in Windows-1252, from <https://encoding.spec.whatwg.org/index-windows-1252.txt>.
/// The five bytes that the code page leaves open are control characters.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{81}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{8d}', 'Ž', '\u{8f}', '\u{90}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{9d}', 'ž', 'Ÿ',
];

/// The character of a byte of Windows-1252.
fn from_windows_1252(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252
            .get(usize::from(byte - 0x80))
            .copied()
            .unwrap_or(char::REPLACEMENT_CHARACTER),
        _ => char::from(byte),
    }
}

/// The byte of a character in Windows-1252; none where it has none.
pub fn to_windows_1252(c: char) -> Option<u8> {
    match u32::from(c) {
        code @ (0..=0x7f | 0xa0..=0xff) => u8::try_from(code).ok(),
        _ => (0x80..)
            .zip(WINDOWS_1252)
            .find(|(_, mapped)| *mapped == c)
            .map(|(byte, _)| byte),
    }
}

/// Turns the slices of a file into UTF-8, without its byte order mark.
///
/// UTF-8 itself passes through as it is: whoever cuts it into records checks it.
#[derive(Clone, Debug)]
pub struct Decoder {
    encoding: Encoding,
    /// Bytes of a character, or of a byte order mark, that the slices so far have begun.
    held: [u8; 2],
    held_len: usize,
    /// A high surrogate that waits for its low one.
    high: Option<u16>,
    /// Whether something came before, so that no byte order mark can follow.
    started: bool,
}

impl Decoder {
    /// A decoder at the beginning of a file.
    pub fn new(encoding: Encoding) -> Decoder {
        Decoder {
            encoding,
            held: [0; 2],
            held_len: 0,
            high: None,
            started: false,
        }
    }

    /// Whether [`Decoder::decode`] has nothing to do from here on: the file is UTF-8 and its beginning has passed.
    pub fn passes(&self) -> bool {
        self.encoding == Encoding::Utf8 && self.started
    }

    /// Appends the text of the next bytes to `out`.
    pub fn decode(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        match self.encoding {
            Encoding::Utf8 => self.decode_utf8(bytes, out),
            Encoding::Windows1252 => {
                let mut buffer = [0; 4];
                for &byte in bytes {
                    if byte < 0x80 {
                        out.push(byte);
                    } else {
                        out.extend_from_slice(from_windows_1252(byte).encode_utf8(&mut buffer).as_bytes());
                    }
                }
            }
            Encoding::Utf16Le | Encoding::Utf16Be => self.decode_utf16(bytes, out),
        }
    }

    /// Appends what the end of the file leaves unfinished: a cut character becomes U+FFFD.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        let cut = match self.encoding {
            // A file of one or two bytes of a byte order mark; its reader says that they are no UTF-8.
            Encoding::Utf8 => {
                out.extend(self.held.iter().take(self.held_len));
                false
            }
            Encoding::Windows1252 => false,
            Encoding::Utf16Le | Encoding::Utf16Be => self.held_len > 0 || self.high.is_some(),
        };
        self.held_len = 0;
        self.high = None;
        if cut {
            push(char::REPLACEMENT_CHARACTER, out);
        }
    }

    fn decode_utf8(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        const MARK: [u8; 3] = [0xef, 0xbb, 0xbf];
        let mut rest = bytes;
        while !self.started {
            let Some((&byte, after)) = rest.split_first() else {
                return;
            };
            if MARK.get(self.held_len) == Some(&byte) {
                rest = after;
                if let Some(place) = self.held.get_mut(self.held_len) {
                    *place = byte;
                    self.held_len += 1;
                } else {
                    self.held_len = 0;
                    self.started = true;
                }
            } else {
                out.extend(self.held.iter().take(self.held_len));
                self.held_len = 0;
                self.started = true;
            }
        }
        out.extend_from_slice(rest);
    }

    fn decode_utf16(&mut self, bytes: &[u8], out: &mut Vec<u8>) {
        let big = self.encoding == Encoding::Utf16Be;
        let unit = |pair: [u8; 2]| {
            if big {
                u16::from_be_bytes(pair)
            } else {
                u16::from_le_bytes(pair)
            }
        };
        let mut rest = bytes;
        if self.held_len == 1 {
            let Some((&second, after)) = rest.split_first() else {
                return;
            };
            rest = after;
            self.held_len = 0;
            self.push_unit(unit([self.held[0], second]), out);
        }
        let (pairs, odd) = rest.as_chunks::<2>();
        for &pair in pairs {
            self.push_unit(unit(pair), out);
        }
        if let Some(&byte) = odd.first() {
            self.held[0] = byte;
            self.held_len = 1;
        }
    }

    /// Appends one unit of UTF-16; half of a pair without the other becomes U+FFFD.
    fn push_unit(&mut self, unit: u16, out: &mut Vec<u8>) {
        let first = !std::mem::replace(&mut self.started, true);
        if first && unit == 0xfeff {
            return;
        }
        if let Some(high) = self.high.take() {
            if (0xdc00..0xe000).contains(&unit) {
                let code = 0x10000 + ((u32::from(high) - 0xd800) << 10) + (u32::from(unit) - 0xdc00);
                push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER), out);
                return;
            }
            push(char::REPLACEMENT_CHARACTER, out);
        }
        match unit {
            0..0x80 => out.push(unit as u8),
            0xd800..0xdc00 => self.high = Some(unit),
            _ => push(
                char::from_u32(u32::from(unit)).unwrap_or(char::REPLACEMENT_CHARACTER),
                out,
            ),
        }
    }
}

fn push(c: char, out: &mut Vec<u8>) {
    out.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes());
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Decodes `bytes` in slices of `size`.
    fn decoded(encoding: Encoding, bytes: &[u8], size: usize) -> String {
        let mut decoder = Decoder::new(encoding);
        let mut out = Vec::new();
        for slice in bytes.chunks(size) {
            decoder.decode(slice, &mut out);
        }
        decoder.finish(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    fn utf16(text: &str, big: bool) -> Vec<u8> {
        text.encode_utf16()
            .flat_map(|unit| {
                if big {
                    unit.to_be_bytes()
                } else {
                    unit.to_le_bytes()
                }
            })
            .collect()
    }

    #[test]
    fn text_is_the_same_wherever_the_slices_are_cut() {
        let text = "Ana;Łukasz;明;🦊\r\n";
        for size in [1, 2, 3, 7, 64] {
            assert_eq!(decoded(Encoding::Utf8, text.as_bytes(), size), text);
            assert_eq!(
                decoded(Encoding::Utf8, format!("\u{feff}{text}").as_bytes(), size),
                text
            );
            for (encoding, big) in [(Encoding::Utf16Le, false), (Encoding::Utf16Be, true)] {
                assert_eq!(decoded(encoding, &utf16(text, big), size), text);
                assert_eq!(
                    decoded(encoding, &utf16(&format!("\u{feff}{text}"), big), size),
                    text
                );
            }
            assert_eq!(
                decoded(Encoding::Windows1252, b"Jos\xe9 10 \x80 \x93x\x94", size),
                "José 10 € “x”"
            );
        }
    }

    #[test]
    fn only_the_first_byte_order_mark_is_taken_off() {
        for size in [1, 2, 64] {
            assert_eq!(
                decoded(Encoding::Utf8, "\u{feff}\u{feff}a\u{feff}".as_bytes(), size),
                "\u{feff}a\u{feff}"
            );
        }
    }

    #[test]
    fn what_is_cut_off_becomes_a_replacement_character() {
        assert_eq!(decoded(Encoding::Utf16Le, &[0x41, 0, 0x42], 1), "A\u{fffd}");
        assert_eq!(decoded(Encoding::Utf16Le, &[0x3e, 0xd8, 0x41, 0], 1), "\u{fffd}A");
        assert_eq!(decoded(Encoding::Utf16Le, &[0x3e, 0xd8], 1), "\u{fffd}");
        assert_eq!(decoded(Encoding::Utf8, &[0xef, 0xbb], 1), "\u{fffd}");
    }

    #[test]
    fn every_byte_of_windows_1252_comes_back_as_itself() {
        for byte in 0..=255 {
            assert_eq!(to_windows_1252(from_windows_1252(byte)), Some(byte));
        }
        assert_eq!(to_windows_1252('ł'), None);
        assert_eq!(to_windows_1252('明'), None);
    }
}
