//! *Erase permanently*: nothing that only this person had is left in the database, and what was counted stays counted.

use serde_json::{Value, json};
use tests::{Made, Page, journey};

/// What only Eva has, or had.
const SECRETS: [&str; 6] = [
    "eva.zyzzyva@example.com",
    "Zyzzyva",
    "Quuxington",
    "+34699123987",
    "ZX-1881-77",
    "second-zyzzyva@example.com",
];

/// The records of the database that hold one of these texts, whatever the case: each by store and key.
fn holding(page: &Page, texts: &[&str]) -> Vec<Value> {
    let script = "
        const done = arguments[arguments.length - 1];
        (async () => {
          const [texts] = [arguments[0].map((text) => text.toLowerCase())];
          const found = [];
          let seen = 0;
          const wait = (request) => new Promise((ok, no) => {
            request.onsuccess = () => ok(request.result);
            request.onerror = () => no(request.error);
          });
          const bytes = (value) => {
            if (typeof value === 'string') return value;
            if (value instanceof ArrayBuffer) return new TextDecoder('utf-8').decode(value);
            if (ArrayBuffer.isView(value)) return new TextDecoder('utf-8').decode(value);
            if (Array.isArray(value)) return value.map(bytes).join('\\n');
            if (value && typeof value === 'object') return Object.values(value).map(bytes).join('\\n');
            return String(value);
          };
          for (const { name } of await indexedDB.databases()) {
            const database = await wait(indexedDB.open(name));
            for (const store of database.objectStoreNames) {
              const all = database.transaction(store).objectStore(store);
              const [keys, values] = [await wait(all.getAllKeys()), await wait(database.transaction(store).objectStore(store).getAll())];
              values.forEach((value, at) => {
                seen += 1;
                const text = bytes(value).toLowerCase();
                for (const one of texts) if (text.includes(one)) found.push({ store, key: String(keys[at]), text: one });
              });
            }
            database.close();
          }
          for (const [key, value] of Object.entries(localStorage)) {
            for (const one of texts) if (value.toLowerCase().includes(one)) found.push({ store: 'localStorage', key, text: one });
          }
          return { seen, found };
        })().then((value) => done({ value }), (error) => done({ error: String(error) }))";
    let answer = page.script_async(script, &[json!(texts)]);
    assert!(answer.get("error").is_none(), "{answer}");
    assert!(
        answer["value"]["seen"].as_u64() > Some(3),
        "the database is read: {answer}"
    );
    answer["value"]["found"].as_array().cloned().unwrap_or_default()
}

/// The field with this label on a contact's page is set.
fn set(page: &Page, label: &str, value: &str) {
    page.fill(label, value);
    page.press("Enter");
    page.see(&format!("Set {label} of 1 contact"));
}

journey!(nothing_that_only_an_erased_person_had_is_left, |page| {
    let file = Made::new(
        "people.csv",
        format!(
            "email,external_id,first_name,last_name,mobile_phone,points\n\
             ana@example.com,A1,Ana,Smith,+34600000001,1\n\
             {},{},{},Smith,{},2\n\
             {},R9,{},Smith,,many\n\
             pia@example.com,P1,Pia,Smith,+34600000002,3\n",
            SECRETS[0], SECRETS[4], SECRETS[1], SECRETS[3], SECRETS[0], SECRETS[1]
        ),
    );
    page.begin_import(file.path());
    page.next();
    page.into_new_segment("Friends");
    page.check_import();
    page.run_import();
    page.see_contacts("3 contacts");
    page.click(SECRETS[0]);
    page.see("General");
    set(page, "Last name", SECRETS[2]);
    set(page, "Last name", "Smith");
    set(page, "Email", SECRETS[5]);
    // She is in an export's query and in a saved filter, too.
    page.go(&format!("#/contacts/export?q={}", SECRETS[5].replace('@', "%40")));
    page.run_export();
    let before = holding(page, &SECRETS);
    for secret in SECRETS {
        let holds = |found: &Value| found["text"] == json!(secret.to_lowercase());
        assert!(before.iter().any(holds), "{secret} is nowhere before: {before:?}");
    }

    page.see_contacts("3 contacts");
    page.click(SECRETS[5]);
    page.see("General");
    page.click("Erase permanently…");
    page.fill("Type ERASE to confirm", "ERASE");
    page.click("Erase permanently");
    page.see("Erased 1 contact permanently");
    page.see_contacts("2 contacts");
    let after = holding(page, &SECRETS);
    assert!(after.is_empty(), "{after:?}");

    // What was counted stays counted, also for a page that begins anew.
    page.reload();
    page.see_contacts("2 contacts");
    page.see("ana@example.com");
    page.go("#/imports");
    page.within("people.csv").see("4");
    page.go("#/segments");
    page.within("Friends").see("2");
    page.go("#/history");
    page.see("Erased 1 contact permanently");
    page.see_no("Undo: Erased");
    assert!(holding(page, &SECRETS).is_empty());
});
