//! What a person does with a page.

use std::path::Path;

use serde_json::json;
use thirtyfour::Key;
use thirtyfour::common::command::Command;

use super::{PERSON, Page, block_on};

/// So many milliseconds after the first people make the second click; a system takes two clicks for one double click
/// up to 500.
const BETWEEN_CLICKS: u32 = 200;

impl Page {
    /// Clicks the control with this accessible name or, where there is none, the element with this text.
    pub fn click(&self, name: &str) {
        self.act("pressable(scope, arguments[1])", &[json!(name)], |element| {
            block_on(element.click())
        });
    }

    /// Clicks the same place twice, a fifth of a second apart: the second click hits what is there by then.
    pub fn double_click(&self, name: &str) {
        self.act("pressable(scope, arguments[1])", &[json!(name)], |element| {
            let [down, up] = ["pointerDown", "pointerUp"].map(|type_| json!({ "type": type_, "button": 0 }));
            let actions = [
                json!({ "type": "pointerMove", "origin": element.to_json()?, "x": 0, "y": 0 }),
                down.clone(),
                up.clone(),
                json!({ "type": "pause", "duration": BETWEEN_CLICKS }),
                down,
                up,
            ];
            let hand = json!([{ "type": "pointer", "id": "hand", "actions": actions }]);
            let perform = Command::PerformActions(hand.into());
            block_on(self.driver().handle().cmd(perform)).map(drop)
        });
    }

    /// Empties the field with this label and types the text into it.
    ///
    /// Pickers (dates, times, colours, ranges) get the value in the form of their `value` attribute.
    pub fn fill(&self, label: &str, text: &str) {
        self.act("field(scope, arguments[1])", &[json!(label)], |element| {
            let kind = block_on(element.prop("type"))?.unwrap_or_default();
            if matches!(
                kind.as_str(),
                "date" | "time" | "datetime-local" | "month" | "week" | "color" | "range"
            ) {
                let script = format!("{PERSON}\nput(arguments[0], arguments[1])");
                return block_on(
                    self.driver()
                        .execute(script, vec![element.to_json()?, json!(text)]),
                )
                .map(drop);
            }
            block_on(element.clear())?;
            if text.is_empty() {
                Ok(())
            } else {
                block_on(element.send_keys(text))
            }
        });
    }

    /// Puts a long text into a field at once, as by pasting it.
    pub fn paste(&self, label: &str, text: &str) {
        self.in_page(
            "field(scope, arguments[1])",
            "put(found, arguments[2])",
            &[json!(label), json!(text)],
        );
    }

    /// Chooses an option of a drop-down list by its text.
    pub fn choose(&self, label: &str, option: &str) {
        let then = "
            const option = [...found.options].find((one) => tidy(one.label || one.textContent) === arguments[2]);
            if (!option || option.disabled) {
              return { problem: `“${arguments[1]}” has no option “${arguments[2]}”` };
            }
            put(found, option.value)";
        self.in_page(
            "field(scope, arguments[1], 'select')",
            then,
            &[json!(label), json!(option)],
        );
    }

    /// Checks a checkbox or a radio button, unless it is checked.
    pub fn check(&self, label: &str) {
        self.set_checked(label, true);
    }

    /// Unchecks a checkbox, unless it is unchecked.
    pub fn uncheck(&self, label: &str) {
        self.set_checked(label, false);
    }

    fn set_checked(&self, label: &str, checked: bool) {
        self.act(
            "field(scope, arguments[1], 'input[type=checkbox], input[type=radio]')",
            &[json!(label)],
            |element| {
                if block_on(element.is_selected())? == checked {
                    Ok(())
                } else {
                    block_on(element.click())
                }
            },
        );
    }

    /// Whether a checkbox or radio button is checked now.
    pub fn is_checked(&self, label: &str) -> bool {
        self.in_page(
            "field(scope, arguments[1])",
            "return { value: found.checked }",
            &[json!(label)],
        ) == json!(true)
    }

    /// What stands in a field now.
    pub fn value(&self, label: &str) -> String {
        let value = self.in_page(
            "field(scope, arguments[1])",
            "return { value: found.value }",
            &[json!(label)],
        );
        value.as_str().unwrap_or_default().to_owned()
    }

    /// Gives a file to the file input with this label, which may be hidden behind a button.
    pub fn upload(&self, label: &str, file: &Path) {
        let file = file
            .canonicalize()
            .unwrap_or_else(|error| panic!("{} can be read: {error}", file.display()));
        let find = "field(scope, arguments[1], 'input[type=file]', true)";
        self.act(find, &[json!(label)], |element| {
            block_on(element.send_keys(file.to_string_lossy()))
        });
    }

    /// Types a text into whatever has the focus.
    pub fn type_text(&self, text: &str) {
        let chain = self.driver().action_chain().send_keys(text);
        self.must(block_on(chain.perform()), "type");
    }

    /// Presses keys together, such as `Enter`, `Shift+Tab`, `Control+k` or `ArrowDown`.
    pub fn press(&self, keys: &str) {
        let keys: Vec<char> = keys.split('+').map(key).collect();
        let mut chain = self.driver().action_chain();
        for key in &keys {
            chain = chain.key_down(*key);
        }
        for key in keys.iter().rev() {
            chain = chain.key_up(*key);
        }
        self.must(block_on(chain.perform()), "press keys");
    }

    /// Drags from one point of the window to another, in CSS pixels.
    pub fn drag(&self, from: (i64, i64), to: (i64, i64)) {
        let middle = (i64::midpoint(from.0, to.0), i64::midpoint(from.1, to.1));
        let chain = self
            .driver()
            .action_chain()
            .move_to(from.0, from.1)
            .click_and_hold();
        let chain = chain.move_to(middle.0, middle.1).move_to(to.0, to.1).release();
        self.must(block_on(chain.perform()), "drag");
    }
}

fn key(name: &str) -> char {
    let key = match name {
        "Enter" => Key::Enter,
        "Escape" => Key::Escape,
        "Tab" => Key::Tab,
        "Space" => Key::Space,
        "Backspace" => Key::Backspace,
        "Delete" => Key::Delete,
        "Shift" => Key::Shift,
        "Control" => Key::Control,
        "Alt" => Key::Alt,
        "Meta" => Key::Meta,
        "Home" => Key::Home,
        "End" => Key::End,
        "PageUp" => Key::PageUp,
        "PageDown" => Key::PageDown,
        "ArrowUp" => Key::Up,
        "ArrowDown" => Key::Down,
        "ArrowLeft" => Key::Left,
        "ArrowRight" => Key::Right,
        "F1" => Key::F1,
        "F2" => Key::F2,
        letter if letter.chars().count() == 1 => return letter.chars().next().unwrap_or_default(),
        unknown => panic!("there is no key called {unknown}"),
    };
    key.value()
}
