//! Workflows and simulations: a graph drawn by hand or by the keyboard, numbers read from its nodes, a week simulated.

use serde_json::json;

use super::{Page, block_on};

/// Where a node's own part, its entry or an exit is in the window; the exit's number is the third argument.
const PLACES: &str = "
    const nodes = [...document.querySelectorAll('.canvas-drawing .node')];
    const node = nodes.find((one) => one.querySelector('.node-frame').getAttribute('aria-label').startsWith(`${arguments[1]},`));
    if (!node) return { problem: `there is no node “${arguments[1]}”` };
    const part = arguments[2] === null ? node.querySelector('.node-frame') : node.querySelector(`[data-port='${arguments[2]}']`);
    if (!part) return { problem: `“${arguments[1]}” has no exit ${arguments[2]}` };
    const { x, y, width, height } = part.getBoundingClientRect();
    return { value: [Math.round(x + width / 2), Math.round(y + height / 2)] }";

impl Page {
    /// Makes a segment without members.
    pub fn make_segment(&self, name: &str) {
        self.go("#/segments/new");
        self.see("Its contacts change only");
        self.fill("Name (required)", name);
        self.click("Save");
        self.see(&format!("Created segment {name}"));
    }

    /// Makes a workflow that has nothing but its Start, and opens it.
    pub fn make_workflow(&self) {
        self.go("#/workflows");
        self.click_first("Create new workflow");
        self.see_control("Dry run");
    }

    /// Makes a draft from a template, and opens it.
    pub fn make_from_template(&self, name: &str) {
        self.go("#/workflows");
        self.click_first("Start from a template…");
        self.see("A draft is made");
        let script = "
            const all = [...document.querySelectorAll('.workflow-template')].filter(isVisible);
            const found = all.find((one) => tidy(one.querySelector('strong').textContent) === arguments[1]);
            return found ? { found } : { problem: `there is no template “${arguments[1]}”` }";
        self.act(&format!("(() => {{{script}}})()"), &[json!(name)], |element| {
            block_on(element.click())
        });
        self.see_control("Dry run");
    }

    /// Clicks the first button of the screen with this name, where the screen offers the same thing twice.
    pub fn click_first(&self, name: &str) {
        let first =
            "[...document.querySelectorAll('main button')].find((one) => nameOf(one) === arguments[1])";
        let find = format!("onlyOne([{first}].filter(Boolean), 'control', arguments[1])");
        self.act(&find, &[json!(name)], |element| block_on(element.click()));
    }

    /// Drags a node from the palette to a place of the canvas, in CSS pixels from its corner.
    pub fn drop_node(&self, label: &str, x: i64, y: i64) {
        let script = "
            const { found, problem } = clickable(['Palette'], arguments[1]);
            if (problem) return { problem };
            found.scrollIntoView({ block: 'center' });
            const from = found.getBoundingClientRect();
            const canvas = document.querySelector('.canvas-view')?.getBoundingClientRect();
            if (!canvas) return { problem: 'there is no canvas' };
            const whole = (number) => Math.round(number);
            return { value: [[whole(from.x + from.width / 2), whole(from.y + from.height / 2)],
                             [whole(canvas.x + arguments[2]), whole(canvas.y + arguments[3])]] }";
        let places = self.until(|| self.ask(script, &[json!(label), json!(x), json!(y)]));
        let (from, to) = serde_json::from_value(places).expect("places are whole numbers");
        self.drag(from, to);
        self.place_of(label, None);
    }

    /// Draws a connection from an exit of a node to another node.
    pub fn draw_edge(&self, from: &str, exit: u8, to: &str) {
        let before = self.edges();
        let from = self.place_of(from, Some(exit));
        self.drag(from, self.place_of(to, None));
        self.until(|| match self.edges() {
            now if now > before => Ok(()),
            now => Err(format!("there are still {now} connections")),
        });
    }

    /// So many connections the canvas shows.
    pub fn edges(&self) -> usize {
        let edges = self.script(
            "return document.querySelectorAll('.canvas-drawing [data-edge]').length",
            &[],
        );
        usize::try_from(edges.as_u64().unwrap_or_default()).expect("there are few")
    }

    /// Where the middle of a node, or one of its exits, is in the window.
    fn place_of(&self, node: &str, exit: Option<u8>) -> (i64, i64) {
        let place = self.until(|| self.ask(PLACES, &[json!(node), json!(exit)]));
        serde_json::from_value(place).expect("places are whole numbers")
    }

    /// Saves the workflow and waits until it is saved.
    pub fn save_workflow(&self) {
        self.click("Save");
        self.until(
            || match self.texts(".badge").iter().any(|text| text == "Not saved") {
                false => Ok(()),
                true => Err("the workflow isn't saved".to_owned()),
            },
        );
    }

    /// Simulates on this workspace, from the simulator's form on, and waits for the result.
    pub fn simulate_for_real(&self, days: u32, visits: u32, seed: u64) {
        self.fill_simulation(days, visits, seed);
        self.check("Simulate on this workspace");
        self.click("Simulate");
        self.see("State afterwards");
    }

    /// Fills in what every simulation has.
    pub fn fill_simulation(&self, days: u32, visits: u32, seed: u64) {
        self.fill("Days", &days.to_string());
        self.fill("Visits a day", &visits.to_string());
        self.fill("Seed", &seed.to_string());
    }

    /// So many contacts a filter finds, as the list of contacts says.
    pub fn found_by(&self, filter: &str) -> u64 {
        self.go("#/contacts");
        self.until(|| match self.texts(".toolbar-count").join("") {
            text if text.ends_with("contacts") && !text.contains(" of ") => Ok(()),
            text => Err(format!("the list says “{text}”")),
        });
        self.go(&format!("#/contacts?filter={filter}"));
        self.until(|| {
            let text = self.texts(".toolbar-count").join("");
            let (number, _) = text
                .split_once(" of ")
                .ok_or_else(|| format!("the list says “{text}”"))?;
            number.replace(',', "").parse().map_err(|_| text)
        })
    }

    /// The numbers of the nodes in Live view and in a dry run's result: the node's name, then its cells.
    pub fn node_numbers(&self) -> Vec<Vec<String>> {
        let script = "
            const { found, problem } = placeOf(scope);
            if (problem) return { problem };
            const rows = [...found.querySelectorAll('.workflow-numbers tbody tr')].filter(isVisible);
            if (!rows.length) return { problem: 'there are no numbers of nodes' };
            return { value: rows.map((row) => [...row.children].map((cell) => tidy(cell.innerText))) }";
        let rows = self.until(|| self.ask(script, &[]));
        serde_json::from_value(rows).expect("cells are texts")
    }

    /// Presses Tab until something with this accessible name has the focus; a number after it doesn't count.
    pub fn tab_to(&self, name: &str) {
        self.tab_with("Tab", name);
    }

    /// The same backwards.
    pub fn tab_back_to(&self, name: &str) {
        self.tab_with("Shift+Tab", name);
    }

    fn tab_with(&self, keys: &str, name: &str) {
        // What is looked for may still be coming.
        let find = "const seen = placeOf(scope);
            if (seen.problem) return seen;
            const all = [...seen.found.querySelectorAll(`${CLICKABLE}, ${FIELDS}`)];
            return all.some((el) => isVisible(el) && nameOf(el).replace(/[\\d,]+$/, '').trim() === arguments[1]) ? {} : { problem: `there is no “${arguments[1]}”` }";
        self.until(|| self.ask(find, &[json!(name)]));
        let here = "const place = placeOf(scope);
            const el = document.activeElement;
            return place.found?.contains(el) && nameOf(el).replace(/[\\d,]+$/, '').trim() === arguments[1] ? {} : { problem: 'not yet' }";
        let mut passed = Vec::new();
        for _ in 0..150 {
            if self.ask(here, &[json!(name)]).is_ok() {
                return;
            }
            passed.push(self.focused());
            self.press(keys);
        }
        self.fail(&format!("Tab never comes to “{name}”; it came by {passed:?}"));
    }

    /// The accessible name of what has the focus.
    pub fn focused(&self) -> String {
        let script = "return { value: document.activeElement ? nameOf(document.activeElement) : '' }";
        let name = self.until(|| self.ask(script, &[]));
        name.as_str().unwrap_or_default().to_owned()
    }

    /// Opens the menu that has the focus and chooses a line of it with the keyboard alone.
    pub fn choose_line_by_keys(&self, line: &str) {
        self.press("Enter");
        for _ in 0..60 {
            let now = self.until(|| {
                let script = "
                    const el = document.activeElement;
                    return el?.getAttribute('role') === 'menuitem' ? { value: nameOf(el) } : { problem: 'no menu is open' }";
                self.ask(script, &[])
            });
            if now == json!(line) {
                self.press("Enter");
                return;
            }
            self.press("ArrowDown");
        }
        self.fail(&format!("the menu has no line “{line}”"));
    }

    /// Replaces what stands in the field that has the focus.
    pub fn retype(&self, text: &str) {
        self.press("Control+a");
        let chain = self.driver().action_chain().send_keys(text);
        self.must(block_on(chain.perform()), "type");
    }
}
