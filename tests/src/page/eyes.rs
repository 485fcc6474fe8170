//! What a person sees of a page, and gets from it.

use std::path::PathBuf;

use serde_json::{Value, json};

use super::{Page, block_on};

impl Page {
    /// Waits until this text is to be seen, whatever the white space in it.
    pub fn see(&self, text: &str) {
        self.in_page("sees(scope, arguments[1])", "", &[json!(text)]);
    }

    /// Waits until this text is no longer to be seen. Ask first for what must have come instead.
    pub fn see_no(&self, text: &str) {
        let script = "const seen = sees(scope, arguments[1]);
            return seen.found ? { problem: `“${arguments[1]}” is still to be seen` } : {}";
        self.until(|| self.ask(script, &[json!(text)]).map(drop));
    }

    /// Waits until there is a control with this accessible name.
    pub fn see_control(&self, name: &str) {
        self.in_page("clickable(scope, arguments[1])", "", &[json!(name)]);
    }

    /// The texts of the elements that a selector finds now.
    pub fn texts(&self, selector: &str) -> Vec<String> {
        let then =
            "return { value: [...found.querySelectorAll(arguments[1])].map((el) => tidy(el.innerText)) }";
        let texts = self.in_page("placeOf(scope)", then, &[json!(selector)]);
        let texts = texts.as_array().cloned().unwrap_or_default();
        texts
            .iter()
            .filter_map(Value::as_str)
            .map(str::to_owned)
            .collect()
    }

    /// The number of elements that a selector finds now.
    pub fn count(&self, selector: &str) -> usize {
        self.texts(selector).len()
    }

    /// Waits for a file that the page gave to the person, and returns its bytes. It is known by its name.
    pub fn downloaded(&self, name: &str) -> Vec<u8> {
        let script = "
            const done = arguments[arguments.length - 1];
            const download = window.__watch.downloads.findLast((one) => one.name === arguments[0]);
            if (!download) {
              done(null);
            } else {
              const reader = new FileReader();
              reader.onload = () => done(reader.result.slice(reader.result.indexOf(',') + 1));
              reader.readAsDataURL(download.blob);
            }";
        let encoded = self.until(|| {
            let answer = block_on(self.driver().execute_async(script, vec![json!(name)]));
            let answer = answer.map_err(|error| error.to_string())?;
            answer
                .json()
                .as_str()
                .map(str::to_owned)
                .ok_or_else(|| format!("no file {name} was downloaded"))
        });
        base64(&encoded)
    }

    /// Forgets what was downloaded so far: a later file may have the name of an earlier one.
    pub fn forget_downloads(&self) {
        self.script("window.__watch.downloads.splice(0)", &[]);
    }

    /// The folder where Chromium and Firefox save what they download.
    pub fn downloads(&self) -> PathBuf {
        self.session.downloads()
    }
}

/// Decodes what `readAsDataURL` encoded, which is never malformed.
fn base64(text: &str) -> Vec<u8> {
    const DIGITS: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut bytes = Vec::with_capacity(text.len() / 4 * 3);
    let (mut bits, mut count) = (0_u32, 0);
    for digit in text
        .bytes()
        .filter_map(|byte| DIGITS.bytes().position(|digit| digit == byte))
    {
        bits = (bits << 6) | u32::try_from(digit).expect("there are 64 digits");
        count += 6;
        if count >= 8 {
            count -= 8;
            bytes.push(u8::try_from(bits >> count & 0xff).expect("a byte is masked"));
        }
    }
    bytes
}
