//! Made-up contacts in the shape of `shared/data/make_contacts.py`: 12 columns, UTF-8, comma; quoted notes with quotes
//! and with two lines. The same number gives the same bytes.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::Path;

const FIRST: [&str; 22] = [
    "Ana",
    "Luis",
    "María",
    "José",
    "Carla",
    "Pedro",
    "Sofía",
    "Noah",
    "Emma",
    "Liam",
    "Olivia",
    "Chloé",
    "Zoë",
    "Ødger",
    "Łukasz",
    "明",
    "さくら",
    "Fatima",
    "Omar",
    "Ivan",
    "Anya",
    "Björn",
];
const LAST: [&str; 17] = [
    "García", "López", "Smith", "Müller", "Rossi", "Dubois", "Silva", "Novák", "Kowalski", "王", "田中",
    "Haddad", "Petrov", "Jensen", "O'Neil", "D'Angelo", "van-Dijk",
];
const CITIES: [&str; 10] = [
    "Madrid,ES",
    "Barcelona,ES",
    "Valencia,ES",
    "Paris,FR",
    "Berlin,DE",
    "London,GB",
    "New York,US",
    "São Paulo,BR",
    "Tokyo,JP",
    "Kraków,PL",
];
const STATUS: [&str; 3] = ["subscribed", "unsubscribed", "none"];

/// SplitMix64, of Steele, Lea and Flood, *Fast splittable pseudorandom number generators* (2014).
struct Random(u64);

impl Random {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut bits = self.0;
        bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (bits ^ (bits >> 31)) % end
    }

    fn one_of<'a>(&mut self, texts: &[&'a str]) -> &'a str {
        texts[self.below(texts.len() as u64) as usize]
    }
}

/// Writes the file of so many contacts, unless it is there already.
pub fn make(file: &Path, contacts: u64) -> io::Result<()> {
    if file.is_file() {
        return Ok(());
    }
    // Under another name until it is whole, since a later run takes what it finds.
    let unfinished = file.with_extension("part");
    write(&mut BufWriter::new(File::create(&unfinished)?), contacts)?;
    fs::rename(unfinished, file)
}

fn write(out: &mut impl Write, contacts: u64) -> io::Result<()> {
    let mut random = Random(1);
    write!(out, "email,first_name,last_name,mobile_phone,city,country,")?;
    write!(out, "birthdate,newsletter,points,last_visit,spent,notes\r\n")?;
    for at in 0..contacts {
        let r = &mut random;
        write!(out, "user{at}.{}@example{}.com,", r.below(1_000_000), r.below(10))?;
        write!(out, "{},{},", r.one_of(&FIRST), r.one_of(&LAST))?;
        write!(
            out,
            "+34{},{},",
            600_000_000 + r.below(200_000_000),
            r.one_of(&CITIES)
        )?;
        write!(
            out,
            "{}-{:02}-{:02},",
            1950 + r.below(55),
            1 + r.below(12),
            1 + r.below(28)
        )?;
        write!(out, "{},{},", r.one_of(&STATUS), r.below(5000))?;
        write!(out, "2026-{:02}-{:02}T", 1 + r.below(11), 1 + r.below(27))?;
        write!(out, "{:02}:{:02}:00Z,", r.below(24), r.below(60))?;
        write!(out, "{}.{:02},", r.below(1000), r.below(100))?;
        let note = match (at % 17, at % 101) {
            (0, _) => "\"likes \"\"red\"\", shoes\"",
            (_, 0) => "\"two\nlines\"",
            _ => "",
        };
        write!(out, "{note}\r\n")?;
    }
    out.flush()
}
