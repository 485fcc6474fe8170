//! A browser without Web Locks: a lease in the database keeps two workers apart.

use tests::{Page, Site, journey};

/// Two contacts, imported.
fn two(page: &Page) {
    page.begin_import_of_rows("email\nana@example.com\neva@example.com\n");
    page.check_import();
    page.run_import();
    page.see_contacts("2 contacts");
}

/// Two contacts in a tab with a worker of its own, and another such tab that has taken them over.
fn taken_over(page: &Page) -> Page {
    page.open("?own-worker#/contacts");
    two(page);
    let other = page.another_tab();
    other.open("?own-worker#/contacts");
    other.see("Corral is open in another tab");
    other.click("Use here");
    other.see("ana@example.com");
    page.see("Corral is open in another tab");
    other
}

journey!(without_locks_two_tabs_share_their_data, at Site::without_locks(), |page| {
    two(page);
    let other = page.another_tab();
    other.see("2 contacts");
    other.click("ana@example.com");
    other.see("General");
    other.click("Delete");
    page.see("1 contact");
    page.reload();
    page.see("1 contact");
    other.has_no_errors();
});

journey!(without_locks_one_tab_at_a_time_has_a_worker_of_its_own, at Site::without_locks(), |page| {
    let other = taken_over(page);
    // Whoever is left has the data as soon as it looks again.
    other.click("ana@example.com");
    other.see("General");
    other.click("Delete");
    other.see("1 contact");
    other.close();
    page.reload();
    page.see("1 contact");
});

journey!(without_locks_who_gave_way_does_not_take_the_data_back, at Site::without_locks_and_seldom_looking(), |page| {
    taken_over(page);
});

// WebKit keeps a page that listens for `unload`, and a database half made with it.
journey!(without_locks_a_page_that_was_left_while_it_opened_blocks_nobody, in [chromium, firefox], at Site::without_locks_and_slow(), |page| {
    std::thread::sleep(std::time::Duration::from_secs(1));
    page.open("?own-worker#/contacts");
    two(page);
});
