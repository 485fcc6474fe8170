//! Files as people have them: what was detected is right, and every row is accounted for.

use tests::{Made, fixture, journey};

journey!(a_shop_s_contacts_come_in_without_a_hand_on_the_settings, |page| {
    page.begin_import(&fixture("shop-contacts.csv"));
    page.check_import();
    page.within("Rows").see_numbers(&[
        ("Rows read", 5000),
        ("New", 5000),
        ("Repeated in the file", 0),
        ("Rejected", 0),
    ]);
    page.run_import();
    page.within("Account").see_numbers(&[
        ("Rows read", 5000),
        ("New", 5000),
        ("Updated", 0),
        ("Rejected", 0),
    ]);
    page.see_contacts("5,000 contacts");
});

journey!(
    a_spanish_newsletter_s_rejected_rows_are_corrected_and_come_in,
    |page| {
        page.begin_import(&fixture("newsletter-windows1252.csv"));
        assert_eq!(page.value("Separator"), "semicolon");
        assert_eq!(page.value("Encoding"), "windows-1252");
        page.see("João");
        page.next();
        page.next();
        assert_eq!(page.value("Goes to: Correo electrónico"), "Email");
        assert_eq!(page.value("Goes to: Fecha de nacimiento"), "Birthdate");
        assert_eq!(page.value("Goes to: Suscrito"), "Newsletter status");
        assert_eq!(page.value("Goes to: Gasto total"), "Gasto total");
        page.see("Detected: dd/mm/yyyy");
        page.check_import();
        let account = [
            ("Rows read", 1200),
            ("New", 1193),
            ("Repeated in the file", 3),
            ("Rejected", 4),
        ];
        page.within("Rows").see_numbers(&account);
        page.within("Problems").see("31/02/1980");
        page.within("Problems").see("doce");
        page.run_import();
        page.within("Account").see_numbers(&account);

        page.click("Download rejected rows");
        let rejected = page.downloaded("newsletter-windows1252-rejected.csv");
        let rejected = String::from_utf8(rejected).expect("the file is UTF-8");
        let lines: Vec<&str> = rejected.lines().collect();
        assert_eq!(lines.len(), 5, "{rejected}");
        assert!(lines[0].ends_with("line;column;reason"), "{}", lines[0]);

        let corrected: Vec<String> = lines
            .iter()
            .enumerate()
            .map(|(at, line)| corrected(at, line))
            .collect();
        let corrected = Made::new("corrected.csv", corrected.join("\n"));
        page.begin_import(corrected.path());
        page.check_import();
        page.within("Rows")
            .see_numbers(&[("Rows read", 4), ("New", 4), ("Rejected", 0)]);
        page.run_import();
        page.see_contacts("1,197 contacts");
    }
);

/// A rejected row with what its reason asks for.
fn corrected(at: usize, line: &str) -> String {
    if at == 0 {
        return line.to_owned();
    }
    let mut cells: Vec<String> = line.split(';').map(str::to_owned).collect();
    if !cells[0].contains('@') || cells[0].contains(' ') || !cells[0].contains('.') {
        cells[0] = format!("corrected{at}@example.org");
    }
    for cell in &mut cells {
        match cell.as_str() {
            "31/02/1980" => "28/02/1980".clone_into(cell),
            "doce" => "12".clone_into(cell),
            _ => {}
        }
    }
    cells.join(";")
}

journey!(pasted_rows_come_in, |page| {
    let rows = std::fs::read_to_string(fixture("paste.txt")).expect("it is in the repository");
    page.begin_import_of_rows(&rows);
    assert_eq!(page.value("Separator"), "tab");
    page.see("Íñigo");
    page.check_import();
    page.within("Rows").see_numbers(&[("Rows read", 20), ("New", 20)]);
    page.run_import();
    page.see_contacts("20 contacts");
});
