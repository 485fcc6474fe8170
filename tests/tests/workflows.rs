//! Workflows: drawn on the canvas or put together by the keyboard, tried, and let loose on a simulated week.

use tests::{Made, Page, journey};

/// So many people the shop has.
const PEOPLE: usize = 60;

/// Who purchased at least once.
const PURCHASED: &str = "did:purchase%3Acount%3Age%3A1%3Aever%3A1%3Aall";

/// People, and a segment that has none of them.
fn shop(page: &Page) {
    let file = Made::people("people.csv", PEOPLE);
    page.import(file.path());
    page.make_segment("Buyers");
}

/// The segment's members are those who purchased, no more and no fewer, and each is told why.
fn buyers_are_those_who_purchased(page: &Page) {
    let members = page.found_by("all(in:1)");
    assert!(members > 5, "only {members} purchased");
    assert_eq!(page.found_by(&format!("all({PURCHASED})")), members);
    assert_eq!(page.found_by(&format!("any(in:1,{PURCHASED})")), members);
    assert_eq!(page.found_by(&format!("all(in:1,{PURCHASED})")), members);
    let open = "return document.querySelector('main [role=grid] a[href^=\"#/contacts/\"]')?.click()";
    page.script(open, &[]);
    page.see("by workflow New workflow, node Add to segment: Purchase");
    page.see("Simulated");
}

journey!(a_new_user_draws_a_workflow_and_its_segment_fills_with_those_who_purchase, |page| {
    shop(page);
    page.make_workflow();
    page.drop_node("On purchase", 420, 160);
    page.draw_edge("Start", 0, "On purchase");
    page.drop_node("Add to segment", 420, 360);
    page.pick("Add to", "Buyers");
    page.click("Apply");
    page.draw_edge("On purchase", 0, "Add to segment");
    page.save_workflow();
    page.click("Activate");
    page.see("Active. Waiting for activity");
    page.click("Simulate");
    page.simulate_for_real(7, 100, 7);
    page.within("Result").see("Buyers");
    buyers_are_those_who_purchased(page);
});
