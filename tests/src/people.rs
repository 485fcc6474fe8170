//! Made-up people in files, as many as a journey needs; addresses are at reserved example domains.

use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::site::output;

/// A file of the repository's `tests/fixtures`.
pub fn fixture(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures").join(name)
}

/// A file that a journey makes, in a folder of its own; removed when this is dropped.
#[derive(Debug)]
pub struct Made {
    path: PathBuf,
}

impl Made {
    /// A file of this name with these bytes.
    pub fn new(name: &str, bytes: impl AsRef<[u8]>) -> Self {
        use std::sync::atomic::{AtomicUsize, Ordering};
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let folder = output("data").join(format!("{}-{number}", std::process::id()));
        fs::create_dir_all(&folder).expect("target/ can be written");
        let path = folder.join(name);
        fs::write(&path, bytes).expect("target/ can be written");
        Self { path }
    }

    /// A file of so many made-up people: `user0@example0.com` and on, in twelve columns.
    pub fn people(name: &str, how_many: usize) -> Self {
        Self::new(name, people(how_many))
    }

    /// Where it lies.
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl Drop for Made {
    fn drop(&mut self) {
        // What can't be removed lies in target/, where it harms nobody.
        drop(self.path.parent().map(fs::remove_dir_all));
    }
}

/// So many made-up people as CSV, in the columns of `shop-contacts.csv`; the same number gives the same bytes.
fn people(how_many: usize) -> String {
    const FIRST: [&str; 8] = ["Ana", "Luis", "María", "Zoë", "Łukasz", "さくら", "Noah", "Omar"];
    const LAST: [&str; 8] = [
        "García", "López", "Smith", "Müller", "O'Neil", "田中", "Petrov", "van-Dijk",
    ];
    const CITY: [(&str, &str); 4] = [
        ("Madrid", "ES"),
        ("Paris", "FR"),
        ("Berlin", "DE"),
        ("São Paulo", "BR"),
    ];
    const STATUS: [&str; 3] = ["subscribed", "unsubscribed", "none"];
    let mut text = String::with_capacity(how_many * 128);
    text.push_str(
        "email,first_name,last_name,mobile_phone,city,country,birthdate,newsletter,points,last_visit,spent,notes\n",
    );
    let mut random = 0x9e37_79b9_7f4a_7c15_u64;
    for at in 0..how_many {
        // Knuth's MMIX constants; the high bits are the random ones.
        random = random
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        let draw = |shift: u32, below: u64| usize::try_from((random >> shift) % below).expect("it is small");
        let (city, country) = CITY[draw(40, 4)];
        let note = match at {
            at if at.is_multiple_of(17) => "\"likes \"\"red\"\", shoes\"",
            at if at.is_multiple_of(101) => "\"two\nlines\"",
            _ => "",
        };
        writeln!(
            text,
            "user{at}@example{}.com,{},{},+34{},{city},{country},19{}-0{}-1{},{},{},2026-0{}-1{}T1{}:00:00Z,{}.50,{note}",
            at % 10,
            FIRST[draw(33, 8)],
            LAST[draw(36, 8)],
            600_000_000 + draw(30, 100_000_000),
            50 + draw(42, 50),
            1 + draw(44, 9),
            draw(46, 9),
            STATUS[draw(48, 3)],
            draw(34, 5000),
            1 + draw(50, 9),
            draw(52, 9),
            draw(54, 9),
            draw(35, 1000),
        )
        .expect("a text takes any text");
    }
    text
}
