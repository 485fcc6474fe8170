//! The file for an ad platform: whom it can find, and by what.

use super::contacts::column;
use super::platforms::{AdColumn, PLATFORMS, Platform};
use super::{Sheet, chosen};
use crate::column::Column;
use crate::csv::Writer;
use crate::refused::Refused;
use crate::value::Style;
use crate::view::{option_names, printed};
use crate::workspace::Workspace;
use model::FieldDef;
use model::export::{AdPlatform, AdPreview, AdSpec, AdValue};
use model::field::{
    BIRTHDATE, EMAIL, EMAIL_STATUS, EXTERNAL_ID, FIRST_NAME, LAST_NAME, MOBILE_PHONE, NEWSLETTER_STATUS,
};
use sha2::{Digest, Sha256};
use std::rc::Rc;

/// So many rows are shown before the file is made.
const SHOWN: usize = 5;

/// The platforms that files can be made for.
pub fn ad_platforms() -> Vec<AdPlatform> {
    let platform = |platform: &Platform| AdPlatform {
        key: platform.key.to_owned(),
        name: platform.name.to_owned(),
        values: platform.columns.iter().map(|column| column.value).collect(),
        source: platform.source.to_owned(),
    };
    PLATFORMS.iter().map(platform).collect()
}

/// A column with the field that fills it.
struct Filled {
    column: &'static AdColumn,
    field: FieldDef,
    values: Rc<Column>,
    /// The value of the contact at hand in the platform's form.
    text: String,
    /// How many people have one.
    people: u64,
}

/// The people of an audience whom a platform can find.
pub(super) struct Ads {
    contacts: Rc<Vec<u32>>,
    next: usize,
    columns: Vec<Filled>,
    keys: &'static [&'static [AdValue]],
    hashed: bool,
    everyone: bool,
    newsletter: (FieldDef, Rc<Column>),
    email: (FieldDef, Rc<Column>),
    allowed: u64,
    people: u64,
    without: u64,
    scratch: String,
}

impl Ads {
    /// The file of some contacts.
    ///
    /// # Errors
    /// [`Refused`] where the platform or a field does not exist.
    pub fn new(workspace: &Workspace, spec: &AdSpec, contacts: Rc<Vec<u32>>) -> Result<Ads, Refused> {
        let known = PLATFORMS.iter().find(|platform| platform.key == spec.platform);
        let platform = known.ok_or_else(|| Refused::Value {
            key: "platform".to_owned(),
            field: "Platform".to_owned(),
            reason: format!("“{}” is none that Corral knows", spec.platform),
        })?;
        let field_of = |value: AdValue| match value {
            AdValue::Email => Some(EMAIL),
            AdValue::Phone => Some(MOBILE_PHONE),
            AdValue::FirstName => Some(FIRST_NAME),
            AdValue::LastName => Some(LAST_NAME),
            AdValue::Birthdate | AdValue::BirthYear => Some(BIRTHDATE),
            AdValue::ExternalId => Some(EXTERNAL_ID),
            mapped => {
                let mut fields = spec.mapped.iter();
                fields
                    .find(|(value, _)| *value == mapped)
                    .map(|(_, field)| *field)
            }
        };
        let all = platform.together.iter().all(|value| field_of(*value).is_some());
        let mut columns = Vec::new();
        for one in platform.columns {
            let Some(field) = field_of(one.value).filter(|_| all || !platform.together.contains(&one.value))
            else {
                continue;
            };
            let (field, values) = column(workspace, field)?;
            columns.push(Filled {
                column: one,
                field,
                values,
                text: String::new(),
                people: 0,
            });
        }
        Ok(Ads {
            contacts,
            next: 0,
            columns,
            keys: platform.keys,
            hashed: spec.hashed,
            everyone: spec.everyone,
            newsletter: column(workspace, NEWSLETTER_STATUS)?,
            email: column(workspace, EMAIL_STATUS)?,
            allowed: 0,
            people: 0,
            without: 0,
            scratch: String::new(),
        })
    }

    /// Reads the next contact; says whether she is in the file.
    fn read(&mut self, contact: u32) -> bool {
        let allowed = self.allows(contact);
        self.allowed += u64::from(allowed);
        if !allowed && !self.everyone {
            return false;
        }
        for filled in &mut self.columns {
            self.scratch.clear();
            printed(
                &filled.field,
                &filled.values,
                contact,
                &Style::ISO,
                &mut self.scratch,
            );
            filled.text.clear();
            if self.scratch.is_empty() {
                continue;
            }
            if filled.field.kind.has_options() {
                self.scratch = option_names(&filled.field, std::mem::take(&mut self.scratch));
            }
            (filled.column.form)(&self.scratch, &mut filled.text);
        }
        let has = |value: &AdValue| {
            let mut columns = self.columns.iter();
            columns.any(|filled| filled.column.value == *value && !filled.text.is_empty())
        };
        let found = self.keys.iter().any(|key| key.iter().all(has));
        if !found {
            self.without += 1;
            return false;
        }
        self.people += 1;
        for filled in &mut self.columns {
            filled.people += u64::from(!filled.text.is_empty());
        }
        true
    }

    /// Whether a contact's status allows ads: she is subscribed, and her email is neither banned nor bounces.
    fn allows(&mut self, contact: u32) -> bool {
        let mut status = |(def, values): &(FieldDef, Rc<Column>), wanted: &[&str]| {
            self.scratch.clear();
            printed(def, values, contact, &Style::ISO, &mut self.scratch);
            wanted.contains(&self.scratch.as_str())
        };
        status(&self.newsletter, &["subscribed"]) && !status(&self.email, &["banned", "bounced"])
    }
}

/// The SHA-256 of a text in 64 small hexadecimal digits.
fn hash(text: &str) -> [u8; 64] {
    let mut out = [0; 64];
    for (pair, byte) in out.chunks_exact_mut(2).zip(Sha256::digest(text.as_bytes())) {
        let digit = |half: u8| match half {
            0..10 => b'0' + half,
            _ => b'a' + half - 10,
        };
        pair.copy_from_slice(&[digit(byte >> 4), digit(byte & 15)]);
    }
    out
}

impl Filled {
    /// The cell of the contact at hand, hashed where asked and the platform takes it so.
    fn cell(&self, hashed: bool, give: &mut dyn FnMut(&str)) {
        if hashed && self.column.hashed && !self.text.is_empty() {
            give(std::str::from_utf8(&hash(&self.text)).unwrap_or_default());
        } else {
            give(&self.text);
        }
    }
}

impl Sheet for Ads {
    fn head(&self, writer: &mut Writer) {
        for filled in &self.columns {
            writer.cell(filled.column.name, true);
        }
        writer.end_row();
    }

    fn rows(&mut self, rows: usize, writer: &mut Writer) -> (usize, usize) {
        let contacts = self.contacts.clone();
        let (mut read, mut written) = (0, 0);
        for contact in contacts.iter().skip(self.next).take(rows) {
            read += 1;
            if self.read(*contact) {
                for filled in &self.columns {
                    filled.cell(self.hashed, &mut |text| writer.cell(text, true));
                }
                writer.end_row();
                written += 1;
            }
        }
        self.next += read;
        (read, written)
    }

    fn steps(&self) -> usize {
        self.contacts.len()
    }
}

/// What a file for an ad platform will hold, worked out some contacts at a time.
pub struct AdPreviewing {
    ads: Ads,
    rows: Vec<Vec<String>>,
}

impl AdPreviewing {
    /// Begins; `now` is in milliseconds since 1970.
    ///
    /// # Errors
    /// [`Refused`] where a segment, field, filter or the platform does not exist.
    pub fn new(workspace: &Workspace, spec: &AdSpec, now: i64) -> Result<AdPreviewing, Refused> {
        let contacts = Rc::new(chosen(workspace, &spec.audience, &spec.excluded, now)?);
        Ok(AdPreviewing {
            ads: Ads::new(workspace, spec, contacts)?,
            rows: Vec::new(),
        })
    }

    /// Reads up to so many contacts more; says whether there are any left.
    pub fn step(&mut self, contacts: usize) -> bool {
        let all = self.ads.contacts.clone();
        let part = all.iter().skip(self.ads.next).take(contacts);
        for contact in part {
            self.ads.next += 1;
            if self.ads.read(*contact) && self.rows.len() < SHOWN {
                let mut cells = Vec::new();
                for filled in &self.ads.columns {
                    filled.cell(self.ads.hashed, &mut |text| cells.push(text.to_owned()));
                }
                self.rows.push(cells);
            }
        }
        self.ads.next < all.len()
    }

    /// What was found.
    pub fn preview(self) -> AdPreview {
        let columns = self.ads.columns.iter();
        AdPreview {
            columns: columns
                .map(|filled| (filled.column.value, filled.column.name.to_owned(), filled.people))
                .collect(),
            rows: self.rows,
            contacts: self.ads.contacts.len() as u64,
            allowed: self.ads.allowed,
            people: self.ads.people,
            without: self.ads.without,
        }
    }
}
