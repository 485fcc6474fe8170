//! Words that must fit: SVG neither wraps nor shortens them.

/// The width of a letter in thousandths of the font's size, by the eye of a system font.
fn width(letter: char) -> u32 {
    match letter {
        'i' | 'j' | 'l' | 'I' | '.' | ',' | ':' | ';' | '\'' | '’' | '|' | '!' | ' ' => 290,
        'f' | 'r' | 't' | '(' | ')' | '-' | '“' | '”' => 390,
        'm' | 'w' | 'M' | 'W' | '%' | '…' | '&' | '@' => 910,
        'A'..='Z' => 680,
        'a'..='z' | '0'..='9' => 570,
        // Beyond these are scripts with wide letters, too.
        '\u{2e80}'.. => 1_050,
        _ => 620,
    }
}

/// A text shortened to so many pixels at a font's size, with … where something is left out.
pub fn fit(text: &str, pixels: u32, size: u32) -> String {
    let room = pixels * 1_000;
    let mut used = 0;
    // Where the text must end if it does not fit.
    let mut end = 0;
    for (at, letter) in text.char_indices() {
        used += width(letter) * size;
        if used + width('…') * size <= room {
            end = at + letter.len_utf8();
        }
        if used > room {
            return format!("{}…", text.get(..end).unwrap_or_default().trim_end());
        }
    }
    text.to_owned()
}

/// Thousandths as a number with a point, as SVG and styles take it.
pub fn decimal(value: f64) -> String {
    let thousandths = (value * 1_000.0).round() as i64;
    let sign = if thousandths < 0 { "-" } else { "" };
    let whole = thousandths.unsigned_abs();
    format!("{sign}{}.{:03}", whole / 1_000, whole % 1_000)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_shortened() {
        for (text, pixels, shown) in [
            ("On purchase", 190, "On purchase"),
            ("", 10, ""),
            ("Interested in Footwear and Trainers", 100, "Interested in…"),
            ("WWWW", 14, "…"),
        ] {
            assert_eq!(fit(text, pixels, 14), shown, "{text}");
        }
    }

    #[test]
    fn decimals_have_three_places() {
        for (value, text) in [
            (0.0, "0.000"),
            (-0.5, "-0.500"),
            (12.3456, "12.346"),
            (-1200.0, "-1200.000"),
        ] {
            assert_eq!(decimal(value), text);
        }
    }
}
