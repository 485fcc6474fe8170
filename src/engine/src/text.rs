//! Folding: two texts that a person calls the same become the same.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

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
    for c in text
        .chars()
        .flat_map(char::to_lowercase)
        .nfd()
        .filter(|c| !is_combining_mark(*c))
    {
        match plain(c) {
            Some(letters) => out.push_str(letters),
            None => out.push(c),
        }
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
    fn folding_appends() {
        let mut out = String::from("Ana ");
        fold("LÓPEZ", &mut out);
        fold(" VIP", &mut out);
        assert_eq!(out, "Ana lopez vip");
    }
}
