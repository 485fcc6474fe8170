//! Folding: two texts that a person calls the same become the same.

// `BASES`, letters with what stays of them without accents, and `MARKS`, ranges of accents; both in order.
include!(concat!(env!("OUT_DIR"), "/folding.rs"));

/// Writes `text` in small letters and without accents onto the end of `out`.
///
/// Letters that are not a base with an accent get what people type for them: `ß` is `ss`, `ø` is `o`, `ł` is `l`.
/// Folding a folded text changes nothing.
pub fn fold(text: &str, out: &mut String) {
    if text.is_ascii() {
        let start = out.len();
        out.push_str(text);
        if let Some(tail) = out.get_mut(start..) {
            tail.make_ascii_lowercase();
        }
        return;
    }
    for c in text.chars().flat_map(char::to_lowercase) {
        strip(c, &mut |c| match plain(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        });
    }
}

/// Gives what stays of a character without accents: the canonical decomposition of Unicode less its combining marks.
fn strip(c: char, give: &mut dyn FnMut(char)) {
    if c.is_ascii() {
        return give(c);
    }
    if let Some(syllable) = (c as u32).checked_sub(0xac00).filter(|place| *place < 11_172) {
        // Hangul: 19 leading consonants by 21 vowels by 27 trailing consonants or none (Unicode, section 3.12).
        let parts = [
            Some(0x1100 + syllable / 588),
            Some(0x1161 + syllable % 588 / 28),
            (!syllable.is_multiple_of(28)).then_some(0x11a7 + syllable % 28),
        ];
        return parts
            .into_iter()
            .flatten()
            .filter_map(char::from_u32)
            .for_each(give);
    }
    let after = MARKS.partition_point(|(first, _)| *first <= c);
    if after.checked_sub(1).is_some_and(|at| c <= MARKS[at].1) {
        return;
    }
    match BASES.binary_search_by_key(&c, |(letter, _)| *letter) {
        Ok(at) => give(BASES[at].1),
        Err(_) => give(c),
    }
}

/// `text` in small letters and without accents.
pub fn folded(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    fold(text, &mut out);
    out
}

/// What people type for a small letter that Unicode takes apart no further.
fn plain(letter: char) -> Option<&'static str> {
    Some(match letter {
        'ß' => "ss",
        'æ' => "ae",
        'œ' => "oe",
        'ø' => "o",
        'ł' => "l",
        'đ' | 'ð' => "d",
        'þ' => "th",
        'ħ' => "h",
        'ı' => "i",
        'ŋ' => "n",
        'ŧ' => "t",
        'ĸ' => "k",
        'ς' => "σ",
        '\u{a0}' | '\u{202f}' => " ",
        '’' | '‘' | '´' => "'",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_found_whatever_the_case_and_accents() {
        for (written, typed) in [
            ("Ana", "ana"),
            ("LÓPEZ", "lopez"),
            ("Zoë", "zoe"),
            ("Zoe\u{308}", "zoe"),
            ("Groß", "gross"),
            ("Łukasz", "lukasz"),
            ("Ødger", "odger"),
            ("Ærø", "aero"),
            ("Núria Güell", "nuria guell"),
            ("D’Angelo", "d'angelo"),
            ("İstanbul", "istanbul"),
            ("Σίσυφος", "σισυφοσ"),
            ("田中", "田中"),
            ("", ""),
        ] {
            assert_eq!(folded(written), typed, "{written}");
            assert_eq!(folded(typed), typed, "folding {typed} again");
        }
    }

    #[test]
    fn every_character_is_stripped_as_unicode_has_it() {
        use unicode_normalization::UnicodeNormalization;
        use unicode_normalization::char::is_combining_mark;
        for c in ('\0'..=char::MAX).filter(|c| !('\u{16d68}'..='\u{16d6a}').contains(c)) {
            let mut ours = String::new();
            strip(c, &mut |c| ours.push(c));
            let theirs: String = c.nfd().filter(|c| !is_combining_mark(*c)).collect();
            assert_eq!(ours, theirs, "{c:?}");
        }
    }

    #[test]
    fn folding_appends() {
        let mut out = String::from("Ana ");
        fold("LÓPEZ", &mut out);
        fold(" VIP", &mut out);
        assert_eq!(out, "Ana lopez vip");
    }
}
