//! The forms in which ad platforms want values, before they are hashed. Each appends the form, or nothing where the
//! value is of no use to the platform.

/// A form: appends what becomes of a value that is not empty.
pub(super) type Form = fn(&str, &mut String);

/// As it is, without spaces around it.
pub(super) fn trimmed(text: &str, out: &mut String) {
    out.push_str(text.trim());
}

/// In small letters, without spaces around it.
pub(super) fn small(text: &str, out: &mut String) {
    out.extend(text.trim().chars().flat_map(char::to_lowercase));
}

/// In small letters, without punctuation and without spaces around it; other alphabets and accents stay.
pub(super) fn name(text: &str, out: &mut String) {
    let letters = text.trim().chars().filter(|c| c.is_alphanumeric() || *c == ' ');
    out.extend(letters.flat_map(char::to_lowercase));
    out.truncate(out.trim_end().len());
}

/// In small letters, without punctuation, digits or spaces: `New York` is `newyork`.
pub(super) fn place(text: &str, out: &mut String) {
    let letters = text.chars().filter(|c| c.is_alphabetic());
    out.extend(letters.flat_map(char::to_lowercase));
}

/// A postal code in small letters, without spaces and dashes; of a nine-digit code of the United States the first five.
pub(super) fn zip(text: &str, out: &mut String) {
    let text = text.trim();
    let text = match text.split_once('-') {
        Some((five, four)) if digits(five) == Some(5) && digits(four) == Some(4) => five,
        _ => text,
    };
    let letters = text.chars().filter(|c| c.is_alphanumeric());
    out.extend(letters.flat_map(char::to_lowercase));
}

/// How many digits a text is; none where it is anything else.
fn digits(text: &str) -> Option<usize> {
    text.bytes()
        .all(|byte| byte.is_ascii_digit())
        .then_some(text.len())
}

/// A country by its two letters (ISO 3166-1 alpha-2), small ones.
pub(super) fn country(text: &str, out: &mut String) {
    let text = text.trim();
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        out.push_str(text);
        out.make_ascii_lowercase();
    }
}

/// A number with the code of its country, digits only; nothing of a number whose country is not known.
pub(super) fn phone(text: &str, out: &mut String) {
    let text = text.trim();
    let Some(number) = text.strip_prefix('+').or_else(|| text.strip_prefix("00")) else {
        return;
    };
    out.extend(
        number
            .chars()
            .filter(char::is_ascii_digit)
            .skip_while(|c| *c == '0'),
    );
}

/// The same with a plus in front (E.164).
pub(super) fn phone_with_plus(text: &str, out: &mut String) {
    out.push('+');
    phone(text, out);
    if out.ends_with('+') {
        out.pop();
    }
}

/// An email in small letters and without spaces, and at Google's own domains without the points and the `+…` that make
/// no difference there.
pub(super) fn email_of_google(text: &str, out: &mut String) {
    let letters = text.chars().filter(|c| !c.is_whitespace());
    let email: String = letters.flat_map(char::to_lowercase).collect();
    match email.rsplit_once('@') {
        Some((user, domain @ ("gmail.com" | "googlemail.com"))) => {
            let user = user.split('+').next().unwrap_or_default();
            out.extend(user.chars().filter(|c| *c != '.'));
            out.push('@');
            out.push_str(domain);
        }
        _ => out.push_str(&email),
    }
}

/// An ISO date as `19971226`.
pub(super) fn date(text: &str, out: &mut String) {
    out.extend(text.chars().filter(char::is_ascii_digit));
}

/// The year of an ISO date.
pub(super) fn year(text: &str, out: &mut String) {
    out.push_str(text.split('-').next().unwrap_or_default());
}

/// `f` or `m`; nothing of anything else.
pub(super) fn gender(text: &str, out: &mut String) {
    const WORDS: &[(&str, &[&str])] = &[
        (
            "f",
            &["f", "female", "woman", "mujer", "femenino", "femme", "frau"],
        ),
        ("m", &["m", "male", "man", "hombre", "masculino", "homme", "mann"]),
    ];
    let word = text.trim().to_lowercase();
    if let Some((letter, _)) = WORDS.iter().find(|(_, words)| words.contains(&word.as_str())) {
        out.push_str(letter);
    }
}
