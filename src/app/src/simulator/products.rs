//! The catalogue as a person edits it: cells of text, read from pasted rows and checked before they are saved.

use super::fixed::{amount_text, parse_amount};
use model::event::Product;

/// A product has so many columns.
pub const WIDTH: usize = 7;

/// One product as texts, in the order of [`COLUMNS`].
pub type Cells = [String; WIDTH];

/// The columns: their names, and other names they have in files (lower case, without separators).
pub const COLUMNS: [(&str, &[&str]); WIDTH] = [
    (
        "ID",
        &[
            "id",
            "sku",
            "productid",
            "product",
            "reference",
            "ref",
            "referencia",
            "code",
        ],
    ),
    ("Name", &["name", "title", "productname", "nombre", "titulo"]),
    (
        "Category",
        &["category", "categorypath", "categories", "type", "categoria"],
    ),
    ("Brand", &["brand", "vendor", "manufacturer", "marca"]),
    ("Price", &["price", "unitprice", "amount", "precio"]),
    (
        "Discount (%)",
        &["discount", "discountpercent", "discount%", "descuento"],
    ),
    ("Stock", &["stock", "quantity", "inventory", "existencias"]),
];

/// The places of the columns in [`COLUMNS`] that are read as more than text.
const ID: usize = 0;
const PRICE: usize = 4;
const DISCOUNT: usize = 5;
const STOCK: usize = 6;

/// A product as texts.
pub fn cells(product: &Product) -> Cells {
    [
        product.id.clone(),
        product.name.clone(),
        product.category.clone(),
        product.brand.clone(),
        amount_text(product.price),
        product.discount.to_string(),
        product.stock.to_string(),
    ]
}

/// One cell that is wrong: the row's place, the column's place, and what is wrong.
pub type Fault = (usize, usize, String);

/// Reads the rows of the catalogue.
///
/// # Errors
/// Every cell that is wrong.
pub fn read(rows: &[Cells]) -> Result<Vec<Product>, Vec<Fault>> {
    let mut faults = Vec::new();
    let mut products: Vec<Product> = Vec::new();
    for (at, cells) in rows.iter().enumerate() {
        let mut fault = |column: usize, what: &str| faults.push((at, column, what.to_owned()));
        let [id, name, category, brand, price, discount, stock] = cells.each_ref().map(|cell| cell.trim());
        if id.is_empty() {
            fault(ID, "Give the product an ID");
        } else if products.iter().any(|product| product.id == id) {
            fault(ID, "Another product has this ID");
        }
        let price = match parse_amount(if price.is_empty() { "0" } else { price }) {
            Some(price) if price >= 0 => price,
            Some(_) => {
                fault(PRICE, "A price is not negative");
                0
            }
            None => {
                fault(PRICE, "A price is a number, such as 59.90");
                0
            }
        };
        let whole = |text: &str| text.trim_end_matches('%').trim_end().to_owned();
        let discount = number(&whole(discount), 100).unwrap_or_else(|| {
            fault(DISCOUNT, "A whole number from 0 to 100");
            0
        });
        let stock = number(stock, u32::MAX).unwrap_or_else(|| {
            fault(STOCK, "A whole number of pieces");
            0
        });
        products.push(Product {
            id: id.to_owned(),
            name: name.to_owned(),
            category: path(category),
            brand: brand.to_owned(),
            price,
            discount: u8::try_from(discount).unwrap_or(0),
            stock,
        });
    }
    if faults.is_empty() {
        Ok(products)
    } else {
        Err(faults)
    }
}

/// A whole number up to a limit; nothing is 0.
fn number(text: &str, limit: u32) -> Option<u32> {
    match text {
        "" => Some(0),
        text => text.parse().ok().filter(|number| *number <= limit),
    }
}

/// A category path with its parts split in one way.
fn path(text: &str) -> String {
    let parts: Vec<&str> = text
        .split('>')
        .map(str::trim)
        .filter(|part| !part.is_empty())
        .collect();
    parts.join(" > ")
}

/// A name as names are compared: in small letters, without what separates words.
pub fn plain(name: &str) -> String {
    let accent = |letter: char| match letter {
        'á' => 'a',
        'é' => 'e',
        'í' => 'i',
        'ó' => 'o',
        'ú' | 'ü' => 'u',
        'ñ' => 'n',
        other => other,
    };
    name.trim()
        .to_lowercase()
        .chars()
        .filter(|letter| letter.is_alphanumeric() || *letter == '%')
        .map(accent)
        .collect()
}

/// Reads pasted rows or the text of a CSV file; a first row that names an ID column says what the columns are.
///
/// # Errors
/// What is wrong with the text as a whole.
pub fn pasted(text: &str) -> Result<Vec<Cells>, String> {
    let rows = rows(text);
    let Some(first) = rows.first() else {
        return Err("Paste one row for each product".to_owned());
    };
    let mut places = [None; WIDTH];
    for (place, (_, names)) in places.iter_mut().zip(COLUMNS) {
        *place = first
            .iter()
            .position(|cell| names.contains(&plain(cell).as_str()));
    }
    let headed = places.iter().flatten().count() >= 2;
    if headed && places.first().is_some_and(Option::is_none) {
        return Err("The first row names columns, and none of them is the ID".to_owned());
    }
    if !headed {
        for (at, place) in places.iter_mut().enumerate() {
            *place = Some(at);
        }
    }
    let cell = |row: &Vec<String>, place: Option<usize>| {
        place
            .and_then(|at| row.get(at))
            .map(|cell| cell.trim().to_owned())
            .unwrap_or_default()
    };
    let found: Vec<Cells> = rows
        .iter()
        .skip(usize::from(headed))
        .map(|row| places.map(|place| cell(row, place)))
        .collect();
    if found.is_empty() {
        return Err("There is a row of names, and no product below it".to_owned());
    }
    Ok(found)
}

/// The cells of a text, row by row: split by tabs, semicolons or commas, whichever the first line has; blank lines left
/// out.
fn rows(text: &str) -> Vec<Vec<String>> {
    let text = text.trim_start_matches('\u{feff}');
    let first = text.lines().next().unwrap_or_default();
    let separator = ['\t', ';', ',']
        .into_iter()
        .find(|mark| first.contains(*mark))
        .unwrap_or(',');
    let mut rows = Vec::new();
    let mut row = Vec::new();
    let mut cell = String::new();
    let mut quoted = false;
    let mut letters = text.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                cell.push('"');
            }
            '"' if quoted => quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                quoted = true;
            }
            '\n' if !quoted => {
                row.push(std::mem::take(&mut cell));
                rows.push(std::mem::take(&mut row));
            }
            '\r' if !quoted => {}
            letter if letter == separator && !quoted => row.push(std::mem::take(&mut cell)),
            letter => cell.push(letter),
        }
    }
    row.push(cell);
    rows.push(row);
    rows.retain(|row| row.iter().any(|cell| !cell.trim().is_empty()));
    rows
}

/// Rows with others added: one with the same ID takes the place of the one before.
pub fn merged(mut rows: Vec<Cells>, more: Vec<Cells>) -> Vec<Cells> {
    for cells in more {
        let id = |row: &Cells| row.first().map(|id| id.trim().to_owned());
        let same = id(&cells).filter(|id| !id.is_empty());
        match rows.iter_mut().find(|row| same.is_some() && id(row) == same) {
            Some(row) => *row = cells,
            None => rows.push(cells),
        }
    }
    rows
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(of: [&str; WIDTH]) -> Cells {
        of.map(str::to_owned)
    }

    #[test]
    fn a_product_reads_its_own_cells() {
        let product = Product {
            id: "R-1".into(),
            name: "Runner".into(),
            category: "Footwear > Trainers".into(),
            brand: "Olmo".into(),
            price: 599_000,
            discount: 10,
            stock: 12,
        };
        assert_eq!(read(&[cells(&product)]), Ok(vec![product]));
    }

    #[test]
    fn each_wrong_cell_is_named() {
        let rows = [
            row(["a", "", "", "", "1", "", ""]),
            row(["a", "", "", "", "-1", "", ""]),
            row([" ", "", "", "", "much", "101", "-3"]),
        ];
        let places: Vec<(usize, usize)> = read(&rows)
            .err()
            .unwrap_or_default()
            .into_iter()
            .map(|(row, column, _)| (row, column))
            .collect();
        assert_eq!(
            places,
            [
                (1, ID),
                (1, PRICE),
                (2, ID),
                (2, PRICE),
                (2, DISCOUNT),
                (2, STOCK)
            ]
        );
    }

    #[test]
    fn a_header_says_what_the_columns_are() {
        let text = "Precio;SKU;Título\r\n59,90;R-1;\"Runner; \"\"light\"\"\"\r\n\r\n";
        let wanted = row(["R-1", "Runner; \"light\"", "", "", "59,90", "", ""]);
        assert_eq!(pasted(text), Ok(vec![wanted]));
    }

    #[test]
    fn rows_without_a_header_come_in_the_usual_order() {
        let text = "R-1\tRunner\tFootwear>Trainers\tOlmo\t59.90\t0\t3";
        let found = pasted(text).unwrap_or_default();
        let products = read(&found).unwrap_or_default();
        assert_eq!(
            products.first().map(|product| product.category.as_str()),
            Some("Footwear > Trainers")
        );
    }

    #[test]
    fn text_that_is_no_catalogue_says_why() {
        for text in ["", " \n ", "name,price\nRunner,5", "id,name\n"] {
            assert!(pasted(text).is_err(), "{text}");
        }
    }

    #[test]
    fn pasted_rows_take_the_place_of_those_with_their_id() {
        let one = row(["a", "old", "", "", "", "", ""]);
        let new = row(["a", "new", "", "", "", "", ""]);
        let other = row(["b", "", "", "", "", "", ""]);
        assert_eq!(merged(vec![one], vec![new.clone(), other.clone()]), [new, other]);
    }
}
