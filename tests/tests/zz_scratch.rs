#![allow(missing_docs)]
use tests::{Browser, Site, fixture};

#[test]
fn scratch() {
    let site = Site::serve();
    for n in 0..16 {
        let page = Browser::webkit().open(&site);
        page.begin_import(&fixture("shop-contacts.csv"));
        page.check_import();
        let check = page.within("Rows").numbers();
        let check: Vec<_> = check.iter().filter(|(_, n)| n != "0").collect();
        page.run_import();
        let numbers = page.within("Account").numbers();
        let bad: Vec<_> = numbers.iter().filter(|(_, n)| n != "0").collect();
        eprintln!("{n} {check:?} {bad:?} {:?}", page.texts(".side-count"));
        if bad.len() > 2 {
            page.click("Download rejected rows");
            eprintln!(
                "{}",
                String::from_utf8_lossy(&page.downloaded("shop-contacts-rejected.csv"))
            );
        }
    }
}
