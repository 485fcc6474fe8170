//! The first thing anybody does: open the page.

use tests::journey;

journey!(
    opening_the_page_shows_corral_and_asks_nobody_for_anything,
    |page| {
        page.open("#/contacts");
        page.see("Contacts");
        page.see_no("Corral is starting…");
        page.has_no_errors();
    }
);
