//! A value that a person types as text: a number, a day, a time.

use super::{Faults, TextField};
use crate::ui::reactive::{derived, effect, memo};
use leptos::prelude::*;

/// A value's text while it is typed.
#[derive(Clone, Copy)]
pub struct Typed {
    /// What is typed.
    pub text: RwSignal<String>,
    /// What is wrong with it; then the value stays what it was.
    pub error: Signal<Option<String>>,
}

/// The text of a value, both ways; what can't be read is a fault of the form around it.
pub fn typed<T>(
    value: RwSignal<T>,
    show: impl Fn(&T) -> String + 'static,
    read: impl Fn(&str) -> Result<T, String> + Send + Sync + 'static,
) -> Typed
where
    T: Clone + PartialEq + Send + Sync + 'static,
{
    let text = RwSignal::new(value.with_untracked(&show));
    let read = memo(move |_| text.with(|text| read(text)));
    let known = memo(move |_| value.get());
    effect(move || {
        if let Ok(new) = read.get()
            && value.with_untracked(|value| *value != new)
        {
            value.set(new);
        }
    });
    effect(move || {
        let known = known.get();
        // “05” stays as it was typed: it means the same.
        if read.with_untracked(|read| read.as_ref() != Ok(&known)) {
            text.set(show(&known));
        }
    });
    let error = derived(move || read.with(|read| read.as_ref().err().cloned()));
    Faults::watch(error);
    Typed { text, error }
}

/// A whole number of a text, between bounds; an empty text is 0 where that is said to mean something.
pub fn whole(text: &str, least: i64, most: i64, blank: bool) -> Result<i64, String> {
    let text = text.trim();
    if text.is_empty() && blank {
        return Ok(0);
    }
    let number = text.parse::<i64>().ok();
    number
        .filter(|number| (least..=most).contains(number) || blank && *number == 0)
        .ok_or_else(|| match (least, most) {
            (_, i64::MAX) => format!("A whole number from {least} on"),
            _ => format!("A whole number from {least} to {most}"),
        })
}

/// A whole number.
#[component]
pub fn NumberField(
    /// What it holds.
    #[prop(into)]
    label: Signal<String>,
    /// The number, both ways.
    value: RwSignal<i64>,
    /// The least that it may be.
    #[prop(optional)]
    least: i64,
    /// The most that it may be.
    #[prop(default = i64::from(u32::MAX))]
    most: i64,
    /// What an empty input means (“No limit”), which is the number 0.
    #[prop(optional, into)]
    blank: String,
    /// A line below it.
    #[prop(optional, into)]
    hint: Signal<String>,
) -> impl IntoView {
    let empty = !blank.is_empty();
    let show = move |number: &i64| match number {
        0 if empty => String::new(),
        number => number.to_string(),
    };
    let Typed { text, error } = typed(value, show, move |text| whole(text, least, most, empty));
    view! { <TextField label=label value=text error=error hint=hint placeholder=blank/> }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::reactive::turns::{settle, start};

    #[test]
    fn what_can_not_be_read_changes_nothing_and_is_told_to_the_form() {
        let _owner = start();
        let faults = Faults::new();
        provide_context(faults);
        let value = RwSignal::new(5i64);
        let number = typed(
            value,
            |number| number.to_string(),
            |text| whole(text, 1, 9, false),
        );
        let now = || {
            (
                number.text.get_untracked(),
                value.get_untracked(),
                faults.first().is_some(),
            )
        };
        settle();
        assert_eq!(now(), ("5".to_owned(), 5, false));
        number.text.set("07".to_owned());
        settle();
        assert_eq!(now(), ("07".to_owned(), 7, false), "it stays as it was typed");
        number.text.set("x".to_owned());
        settle();
        assert_eq!(now(), ("x".to_owned(), 7, true));
        value.set(3);
        settle();
        assert_eq!(now(), ("3".to_owned(), 3, false));
    }

    #[test]
    fn a_number_is_read_within_its_bounds() {
        let cases = [
            ("5", 1, 9, false, Some(5)),
            (" 05 ", 1, 9, false, Some(5)),
            ("", 1, 9, true, Some(0)),
            ("0", 1, 9, true, Some(0)),
            ("", 0, 9, false, None),
            ("0", 1, 9, false, None),
            ("10", 1, 9, false, None),
            ("2.5", 1, 9, false, None),
            ("x", 1, i64::MAX, true, None),
        ];
        for (text, least, most, blank, wanted) in cases {
            assert_eq!(whole(text, least, most, blank).ok(), wanted, "{text}");
        }
        let wrong = whole("x", 1, i64::MAX, false);
        assert_eq!(wrong.err().as_deref(), Some("A whole number from 1 on"));
    }
}
