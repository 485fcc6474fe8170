//! Phone numbers: the international form where the country is known, else as written.

/// Fewest and most digits of a phone number; the most is that of ITU-T E.164.
const DIGITS: std::ops::RangeInclusive<usize> = 5..=15;

/// Calling codes whose national numbers keep their leading zero (Italy, San Marino, Gabon, Ivory Coast, Benin, Congo).
const KEEPS_ZERO: &[&str] = &["39", "378", "241", "225", "229", "242"];

/// Calling codes whose national numbers have a fixed number of digits, so that a number that begins with the code
/// and is that much longer is seen to have it already (ITU-T E.164 national numbering plans).
const LENGTHS: &[(&str, usize)] = &[
    ("1", 10),
    ("7", 10),
    ("31", 9),
    ("33", 9),
    ("34", 9),
    ("41", 9),
    ("44", 10),
    ("48", 9),
    ("51", 9),
    ("52", 10),
    ("54", 10),
    ("56", 9),
    ("57", 10),
    ("61", 9),
    ("91", 10),
    ("351", 9),
];

/// Reads a phone number into `out`: `+34619444467` where its country is known or `country` (a calling code) gives it,
/// else as it is written. Gives whether it is one: 5 to 15 digits, with spaces, dots, dashes, slashes, brackets.
pub(super) fn parse_phone<'a>(text: &'a str, country: &str, out: &'a mut String) -> Option<&'a str> {
    if let Some(digits) = text.strip_prefix('+')
        && DIGITS.contains(&digits.len())
        && digits.bytes().all(|byte| byte.is_ascii_digit())
        && !digits.starts_with('0')
    {
        return Some(text);
    }
    // Spreadsheets put an apostrophe before a number that should stay text.
    let text = text.strip_prefix('\'').unwrap_or(text).trim();
    let plus = text.starts_with('+');
    out.clear();
    for (at, c) in text.chars().enumerate() {
        match c {
            '0'..='9' => out.push(c),
            '+' if at == 0 => {}
            ' '
            | '.'
            | '-'
            | '/'
            | '('
            | ')'
            | '['
            | ']'
            | '\u{a0}'
            | '\u{202f}'
            | '\u{2009}'
            | '\u{2010}'..='\u{2013}' => {}
            _ => return None,
        }
    }
    // `+44 (0)20 …`: the zero is for those who call within the country.
    if plus && let Some(zero) = text.find("(0)") {
        let before = text
            .get(..zero)
            .unwrap_or_default()
            .bytes()
            .filter(u8::is_ascii_digit)
            .count();
        if before < out.len() {
            out.remove(before);
        }
    }
    if !plus && out.starts_with("00") {
        out.replace_range(..2, "+");
    } else if plus {
        out.insert(0, '+');
    } else if country.is_empty() {
        return DIGITS.contains(&out.len()).then_some(text);
    } else {
        let known = LENGTHS.iter().find(|(code, _)| *code == country);
        let has_code =
            known.is_some_and(|(_, length)| out.starts_with(country) && out.len() == country.len() + length);
        if !has_code {
            if out.starts_with('0') && !KEEPS_ZERO.contains(&country) {
                out.remove(0);
            }
            out.insert_str(0, country);
        }
        out.insert(0, '+');
    }
    // What begins with a zero after the plus has no country.
    (DIGITS.contains(&(out.len() - 1)) && !out.starts_with("+0")).then_some(out.as_str())
}
