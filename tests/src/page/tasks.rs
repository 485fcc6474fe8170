//! What a person comes to do, in as many steps as it takes: importing, exporting, deleting everything.

use std::cell::Cell;
use std::path::Path;

use serde_json::json;

use super::Page;

impl Page {
    /// Chooses an entry of a searchable list by its words, whatever stands beside them.
    ///
    /// A list closes when its window loses the focus to another one, of a journey beside this; a person opens it again.
    pub fn pick(&self, label: &str, entry: &str) {
        let is_open = || {
            let expanded = "return document.activeElement?.getAttribute('aria-expanded')";
            self.script(expanded, &[]).as_str() == Some("true")
        };
        let clicked = Cell::new(false);
        self.until(|| {
            if !clicked.replace(true) || !is_open() {
                self.click_field(label);
            }
            if !is_open() {
                return Err(format!("the list of “{label}” doesn't open"));
            }
            self.try_act("optionOf(arguments[1])", &[json!(entry)], |element| {
                super::block_on(element.click())
            })
        });
    }

    /// Chooses *Create new …* of a searchable list, after typing the new name into it.
    pub fn pick_new(&self, label: &str, name: &str, create: &str) {
        self.fill(label, name);
        self.act("optionOf(arguments[1])", &[json!(create)], |element| {
            super::block_on(element.click())
        });
    }

    /// Chooses a line of the menu behind a button.
    pub fn choose_from_menu(&self, button: &str, line: &str) {
        self.click(button);
        self.click(line);
    }

    /// The labelled numbers to be seen in this part of the page, once all of them have come.
    pub fn numbers(&self) -> Vec<(String, String)> {
        let script = "
            const place = placeOf(scope);
            if (place.problem) return place;
            const terms = [...place.found.querySelectorAll('dl.numbers dt')].filter(isVisible);
            const value = terms.map((term) => [tidy(term.innerText), tidy(term.nextElementSibling.innerText)]);
            if (value.length === 0) return { problem: 'there are no numbers' };
            const awaited = value.find(([, number]) => number === '');
            return awaited ? { problem: `“${awaited[0]}” has no number yet` } : { value }";
        let answer = self.until(|| self.ask(script, &[]));
        serde_json::from_value(answer).expect("labels and numbers are texts")
    }

    /// Waits until each of these labels has its number, written as Corral writes numbers; others don't matter.
    pub fn see_numbers(&self, wanted: &[(&str, u64)]) {
        self.until(|| {
            let seen = self.numbers();
            let has = |(label, number): &&(&str, u64)| {
                !seen
                    .iter()
                    .any(|(term, text)| term == label && *text == grouped(*number))
            };
            match wanted.iter().find(has) {
                None => Ok(()),
                Some((label, number)) => Err(format!("{label} isn't {}: {seen:?}", grouped(*number))),
            }
        });
    }

    /// Goes to the import and gives it a file; ends where the first rows are seen.
    pub fn begin_import(&self, file: &Path) {
        self.go("#/contacts/import");
        self.upload("Choose a file…", file);
        self.see("First rows");
    }

    /// Goes to the import and pastes rows; ends where the first rows are seen.
    pub fn begin_import_of_rows(&self, rows: &str) {
        self.go("#/contacts/import");
        self.paste("Rows", rows);
        self.click("Read pasted rows");
        self.see("First rows");
    }

    /// The step of the import one is at.
    pub fn step(&self) -> String {
        self.texts("[aria-current=step]").join(" ")
    }

    /// Goes one step on in the import.
    pub fn next(&self) {
        let before = self.step();
        self.click("Next");
        self.until(|| match self.step() {
            now if now == before => Err(format!("the import stays at {now}")),
            _ => Ok(()),
        });
    }

    /// Goes on from the first step of the import to the check, with what was detected, suggested and chosen, and waits
    /// for what the check says.
    pub fn check_import(&self) {
        while !self.step().contains("Check") {
            self.next();
        }
        self.see("read =");
    }

    /// From the check on: imports, and waits for the result.
    pub fn run_import(&self) {
        self.start_import();
        self.see("Import result");
        self.see("read =");
    }

    /// From the check on: starts the import, and waits for nothing.
    pub fn start_import(&self) {
        let button = self.until(|| {
            let buttons = self.texts("main button");
            let found = buttons.into_iter().find(|text| text.starts_with("Import"));
            found.ok_or_else(|| "there is no button that imports".to_owned())
        });
        self.click(&button);
    }

    /// Imports a file with what is detected and suggested, and no option checked.
    pub fn import(&self, file: &Path) {
        self.begin_import(file);
        self.check_import();
        self.run_import();
    }

    /// In the options of an import: people in the file become members of a new segment.
    pub fn into_new_segment(&self, name: &str) {
        self.check("Add to segment");
        self.pick("Segment", "Create new segment…");
        self.fill("Name (required)", name);
    }

    /// Goes to the export, with what it offers at first.
    pub fn begin_export(&self) {
        self.go("#/contacts/export");
        self.see_control("Start export");
    }

    /// From the export screen on: starts it, and returns the bytes of the file.
    pub fn run_export(&self) -> Vec<u8> {
        self.click("Start export");
        self.is_at("#/exports");
        let button = self.until(|| {
            let buttons = self.texts("main tbody tr:first-child button");
            let found = buttons.into_iter().find(|text| text.starts_with("Download"));
            found.ok_or_else(|| "the export isn't ready".to_owned())
        });
        let file = button.trim_start_matches("Download").trim();
        self.forget_downloads();
        self.click(&button);
        self.downloaded(file)
    }

    /// Waits until the list of contacts says how many there are.
    pub fn see_contacts(&self, how_many: &str) {
        self.go("#/contacts");
        self.until(|| match self.texts(".toolbar-count").join("") {
            text if text == how_many => Ok(()),
            text => Err(format!("the list says “{text}”, not “{how_many}”")),
        });
    }

    /// What the list of contacts says about how many there are.
    pub fn contacts(&self) -> String {
        self.go("#/contacts");
        self.until(|| match self.texts(".toolbar-count").join("") {
            text if text.ends_with("contacts") => Ok(text),
            text => Err(format!("the list says “{text}”")),
        })
    }

    /// Deletes everything for good, and waits until there is nothing left.
    pub fn delete_everything(&self) {
        self.go("#/data");
        self.click("Delete everything…");
        self.fill("Type delete everything to confirm", "delete everything");
        self.click("Delete everything");
        self.see("No contacts yet");
    }

    fn click_field(&self, label: &str) {
        self.act("field(scope, arguments[1])", &[json!(label)], |element| {
            super::block_on(element.click())
        });
    }

    /// The fingerprint of everything stored, history included, as *Check integrity* says it.
    pub fn fingerprint(&self) -> String {
        self.go("#/data");
        self.click("Check integrity");
        self.see("Everything stored can be read, and the history adds up to what you see");
        let numbers = self.within("Integrity").numbers();
        let found = numbers.into_iter().find(|(label, _)| label == "Fingerprint");
        found.expect("the check gives a fingerprint").1
    }

    /// Backs up, with a passphrase unless it is empty, and gives the file.
    pub fn back_up(&self, passphrase: &str) -> Vec<u8> {
        self.go("#/data");
        self.click("Back up…");
        if !passphrase.is_empty() {
            self.check("Protect it with a passphrase");
            self.fill("Passphrase (required)", passphrase);
            self.fill("The same again (required)", passphrase);
        }
        self.click("Back up");
        let name = self.within("Backup").until(|| {
            let said = self.texts(".notice-text");
            let saved = said.iter().find_map(|text| text.split_once(" is saved"));
            saved
                .map(|(name, _)| name.to_owned())
                .ok_or_else(|| format!("no backup is saved: {said:?}"))
        });
        assert!(name.starts_with("corral-") && name.ends_with(".corral"), "{name}");
        self.downloaded(&name)
    }

    /// Gives a file to *Restore*.
    pub fn choose_backup(&self, file: &Path) {
        self.go("#/data");
        self.upload("Choose a backup…", file);
    }

    /// Waits until the browser keeps all of a newer build, which can be used instead of the present one.
    pub fn can_become(&self, build: &str) {
        let script = "
            const done = arguments[arguments.length - 1];
            navigator.serviceWorker.getRegistration().then(({ installing, waiting }) => {
              if (installing || !waiting) return done('none');
              const { port1, port2 } = new MessageChannel();
              port1.onmessage = ({ data }) => done(data);
              waiting.postMessage('which build', [port2]);
            });";
        self.until(|| match self.script_async(script, &[]).as_str() {
            Some(waiting) if waiting == build => Ok(()),
            waiting => Err(format!("{waiting:?} waits, not {build}")),
        });
    }

    /// Waits until the list of contacts shows what is asked for by an address with this in it.
    pub fn see_answer_to(&self, asked: &str) {
        let script = "
            const asked = decodeURIComponent(location.hash.replaceAll('+', ' '));
            const waits = document.querySelector('[role=grid]')?.getAttribute('aria-busy') === 'true';
            return waits ? `still waits for ${asked}` : asked";
        self.until(|| match self.script(script, &[]).as_str() {
            Some(answered) if answered.starts_with('#') && answered.contains(asked) => Ok(()),
            other => Err(format!("no answer to {asked}: {other:?}")),
        });
    }

    /// Waits until the browser keeps all of Corral, for this page, too.
    pub fn is_kept(&self) {
        let script = "
            const { offline } = document.documentElement.dataset;
            return navigator.serviceWorker.controller ? offline ?? '' : `${offline}, but not for this page`";
        self.until(|| match self.script(script, &[]).as_str() {
            Some("yes") => Ok(()),
            state => Err(format!("Corral isn't kept: {state:?}")),
        });
    }
}

/// A number in groups of three, as Corral writes it: `1,204`.
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let (head, tail) = digits.split_at(digits.len() % 3);
    let groups = tail
        .as_bytes()
        .chunks(3)
        .map(|group| String::from_utf8_lossy(group).into_owned());
    let head = (!head.is_empty()).then(|| head.to_owned());
    head.into_iter().chain(groups).collect::<Vec<_>>().join(",")
}
