//! A million rows: one works on meanwhile, and can call it off.

use serde_json::json;
use tests::{Made, Page, fixture, journey};

/// What a person does while an import runs, faster than any person; says whether it still ran afterwards.
const MEANWHILE: &str = "
    const done = arguments[arguments.length - 1];
    const started = performance.now();
    const frame = () => new Promise(requestAnimationFrame);
    const until = async (what, holds) => {
      while (!holds()) {
        if (performance.now() - started > 20000) throw new Error(`${what} did not happen`);
        await frame();
      }
    };
    const running = () => document.querySelector('.jobs [role=progressbar]') !== null;
    const cells = () => [...document.querySelectorAll('[role=gridcell]')].map((cell) => cell.innerText);
    (async () => {
      location.hash = '#/contacts';
      await until('the table', () => cells().some((text) => text.startsWith('user0.')));
      const grid = document.querySelector('[role=grid]');
      grid.scrollTop = grid.scrollHeight;
      await until('scrolling', () => cells().some((text) => text.startsWith('user4999.')));
      const search = document.querySelector('input[type=search]');
      Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value').set.call(search, 'user77.');
      search.dispatchEvent(new Event('input', { bubbles: true }));
      await until('the search', () => document.querySelector('.toolbar-count').innerText.startsWith('1 of 5,000'));
      await until('the row', () => document.querySelector('.grid-row:not([hidden]) a[href]')?.innerText.startsWith('user77.'));
      document.querySelector('.grid-row:not([hidden]) a[href]').click();
      await until('the contact', () => document.querySelector('main')?.innerText.includes('General'));
      done([running(), Math.round(performance.now() - started)]);
    })().catch((error) => done(String(error)));";

/// Starts the import and calls it off as soon as it can be, faster than any person.
const START_AND_CANCEL: &str = "
    const done = arguments[arguments.length - 1];
    const button = (name) => [...document.querySelectorAll('main button')].find((one) => one.innerText.startsWith(name));
    button('Import 1,000,000 contacts').click();
    const cancel = () => {
      const found = button('Cancel');
      if (found && !found.disabled) {
        found.click();
        done(null);
      } else {
        requestAnimationFrame(cancel);
      }
    };
    cancel();";

journey!(
    while_a_million_rows_come_in_one_scrolls_searches_opens_and_cancels,
    |page| {
        page.import(&fixture("shop-contacts.csv"));
        let file = Made::people("people.csv", 1_000_000);
        page.begin_import(file.path());
        page.next();
        page.next();
        page.next();
        meanwhile(page);
        page.go("#/contacts/import");
        page.see("read =");
        page.within("Rows").see_numbers(&[("Rows read", 1_000_000)]);

        page.script_async(START_AND_CANCEL, &[]);
        page.see("The import was cancelled; nothing was changed");
        page.see_contacts("5,000 contacts");
        page.reload();
        page.see("5,000 contacts");
        page.go("#/imports");
        page.see("shop-contacts.csv");
        assert_eq!(
            page.count("main tbody tr"),
            1,
            "the cancelled import isn't in the list"
        );
    }
);

/// Scrolls, searches and opens a contact, all while the file is read.
fn meanwhile(page: &Page) {
    let answer = page.script_async(MEANWHILE, &[json!(null)]);
    assert_eq!(answer[0], json!(true), "it was still running: {answer}");
}
