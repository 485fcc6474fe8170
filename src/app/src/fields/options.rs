//! The options of a Checkbox or Radio field while they are edited, and ids made from names.

use model::field::{FieldOption, is_key};

/// An id made from a name: small letters, digits and `_`.
pub fn slug(name: &str) -> String {
    let mut out = String::new();
    for c in name.trim().to_lowercase().chars() {
        let plain = match c {
            'á' | 'à' | 'ä' | 'â' | 'ã' | 'å' => 'a',
            'é' | 'è' | 'ë' | 'ê' => 'e',
            'í' | 'ì' | 'ï' | 'î' => 'i',
            'ó' | 'ò' | 'ö' | 'ô' | 'õ' => 'o',
            'ú' | 'ù' | 'ü' | 'û' => 'u',
            'ñ' => 'n',
            'ç' => 'c',
            other => other,
        };
        if plain.is_ascii_alphanumeric() || plain == '-' {
            out.push(plain);
        } else if !out.is_empty() && !out.ends_with('_') {
            out.push('_');
        }
    }
    out.trim_end_matches('_').to_owned()
}

/// What is wrong with some options; none where nothing is.
pub fn fault(options: &[FieldOption]) -> Option<String> {
    if options.is_empty() {
        return Some("Give at least one option".to_owned());
    }
    for (at, option) in options.iter().enumerate() {
        if option.name.trim().is_empty() {
            return Some(format!("Option {} has no name", at + 1));
        }
        if !is_key(&option.id) {
            return Some(format!(
                "The id of {} may hold only letters, digits, - and _",
                option.name
            ));
        }
        if options
            .iter()
            .take(at)
            .any(|other| other.id.eq_ignore_ascii_case(&option.id))
        {
            return Some(format!("Two options have the id {}", option.id));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn option(id: &str, name: &str) -> FieldOption {
        FieldOption {
            id: id.into(),
            name: name.into(),
        }
    }

    #[test]
    fn an_id_is_made_of_plain_letters() {
        assert_eq!(slug(" Categoría preferida! "), "categoria_preferida");
        assert_eq!(slug("Size (EU)"), "size_eu");
        assert_eq!(slug("日本"), "");
    }

    #[test]
    fn options_need_names_and_ids_of_their_own() {
        assert!(fault(&[]).is_some());
        assert!(fault(&[option("s", "Small"), option("S", "Big")]).is_some());
        assert!(fault(&[option("a b", "Small")]).is_some());
        assert_eq!(fault(&[option("s", "Small"), option("m", "Medium")]), None);
    }
}
