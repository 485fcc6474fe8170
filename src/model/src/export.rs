//! What a person chooses for an export, and how the list of exports shows it.

use crate::event::{EventKind, Window};
use crate::ids::{FieldId, SegmentId};
use crate::import::Encoding;
use crate::query::Query;
use serde::{Deserialize, Serialize};

/// Which contacts are exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// All contacts.
    All,
    /// The members of a segment.
    Segment(SegmentId),
    /// What a search and filter match, in its order.
    Query(Query),
}

/// How instants are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum DateFormat {
    /// `2026-10-02` and `2026-10-02T16:13:00Z`
    Iso,
    /// `02/10/2026` or `10/02/2026`, by the workspace's order of dates, and local time
    Local,
}

/// Which contacts an export is about, and how its files are written (design, section 8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportSpec {
    /// Which contacts.
    pub audience: Audience,
    /// Members of these are left out.
    pub excluded: Vec<SegmentId>,
    /// The columns, in order.
    pub fields: Vec<FieldId>,
    /// Add one column `segments` that names each contact's segments, split by `|`.
    pub memberships: bool,
    /// `,` or `;`
    pub delimiter: u8,
    /// How dates are written.
    pub dates: DateFormat,
    /// UTF-8 or Windows-1252.
    pub encoding: Encoding,
    /// Put a byte order mark in front (UTF-8 only).
    pub bom: bool,
    /// *Protect against spreadsheet formulas*
    pub guard_formulas: bool,
}

/// Which activities are exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ActivitySpec {
    /// The kinds, each of which gets a file of its own.
    pub kinds: Vec<EventKind>,
    /// When they happened.
    pub window: Window,
    /// Repeat the contact's fields and memberships on each activity.
    pub with_fields: bool,
}

/// What a column of an ad platform's file holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(missing_docs, reason = "the names say it")]
pub enum AdValue {
    Email,
    Phone,
    FirstName,
    LastName,
    City,
    State,
    Zip,
    Country,
    Birthdate,
    BirthYear,
    Gender,
    MobileAdId,
    ExternalId,
}

impl AdValue {
    /// What people call it.
    pub fn label(self) -> &'static str {
        match self {
            AdValue::Email => "Email",
            AdValue::Phone => "Phone",
            AdValue::FirstName => "First name",
            AdValue::LastName => "Last name",
            AdValue::City => "City",
            AdValue::State => "State or province",
            AdValue::Zip => "Postal code",
            AdValue::Country => "Country code",
            AdValue::Birthdate => "Birthdate",
            AdValue::BirthYear => "Birth year",
            AdValue::Gender => "Gender",
            AdValue::MobileAdId => "Mobile advertiser ID",
            AdValue::ExternalId => "External ID",
        }
    }
}

/// What no system field holds, so that the person says which custom field does, and the names that such fields have (small
/// letters, without separators), the surest first.
pub const AD_MAPPED: &[(AdValue, &[&str])] = &[
    (AdValue::City, &["city", "town", "ciudad", "ville", "stadt"]),
    (
        AdValue::State,
        &["state", "province", "region", "provincia", "estado"],
    ),
    (
        AdValue::Zip,
        &[
            "zip",
            "zipcode",
            "postalcode",
            "postcode",
            "codigopostal",
            "cp",
            "plz",
        ],
    ),
    (
        AdValue::Country,
        &["country", "countrycode", "pais", "pays", "land"],
    ),
    (AdValue::Gender, &["gender", "sex", "genero", "sexo"]),
    (
        AdValue::MobileAdId,
        &["madid", "maid", "mobileadid", "idfa", "aaid", "gaid"],
    ),
];

/// Everything a file for an ad platform is asked to be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdSpec {
    /// The platform, by its key.
    pub platform: String,
    /// Which contacts.
    pub audience: Audience,
    /// Members of these are left out.
    pub excluded: Vec<SegmentId>,
    /// Hash what the platform takes hashed (SHA-256); else everything is plain.
    pub hashed: bool,
    /// Also those who are not subscribed, or whose email is banned or bounces.
    pub everyone: bool,
    /// The custom fields that hold what no system field holds.
    pub mapped: Vec<(AdValue, FieldId)>,
}

/// A platform that a file can be made for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdPlatform {
    /// Its key.
    pub key: String,
    /// Its name on the screen.
    pub name: String,
    /// What its columns hold.
    pub values: Vec<AdValue>,
    /// Where the platform says how such a file looks.
    pub source: String,
}

/// What a file for an ad platform will hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AdPreview {
    /// What each column holds, its name in the file, and how many of the people in the file have a value in it.
    pub columns: Vec<(AdValue, String, u64)>,
    /// The first rows.
    pub rows: Vec<Vec<String>>,
    /// Contacts of the audience.
    pub contacts: u64,
    /// Of those, whose status allows it.
    pub allowed: u64,
    /// People in the file.
    pub people: u64,
    /// Left out, because they have nothing the platform could find them by.
    pub without: u64,
}

/// What is exported.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportOrder {
    /// Contacts: a CSV file.
    Contacts(ExportSpec),
    /// Activities of contacts: a CSV file for each kind, together in a ZIP file.
    Activities(ExportSpec, ActivitySpec),
    /// Contacts and their activities: together in a ZIP file.
    Both(ExportSpec, ActivitySpec),
    /// A file for an ad platform.
    Ads(AdSpec),
}

impl ExportOrder {
    /// Which contacts it is about.
    pub fn audience(&self) -> &Audience {
        match self {
            ExportOrder::Contacts(spec) | ExportOrder::Activities(spec, _) | ExportOrder::Both(spec, _) => {
                &spec.audience
            }
            ExportOrder::Ads(spec) => &spec.audience,
        }
    }

    /// The same, to be changed.
    pub fn audience_mut(&mut self) -> &mut Audience {
        match self {
            ExportOrder::Contacts(spec) | ExportOrder::Activities(spec, _) | ExportOrder::Both(spec, _) => {
                &mut spec.audience
            }
            ExportOrder::Ads(spec) => &mut spec.audience,
        }
    }

    /// The segments whose members are left out.
    pub fn excluded(&self) -> &[SegmentId] {
        match self {
            ExportOrder::Contacts(spec) | ExportOrder::Activities(spec, _) | ExportOrder::Both(spec, _) => {
                &spec.excluded
            }
            ExportOrder::Ads(spec) => &spec.excluded,
        }
    }
}

/// How far an export is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ExportState {
    /// Being written; the share done, in percent.
    Running(u8),
    /// Its file can be downloaded.
    Ready {
        /// The file's size.
        bytes: u64,
    },
    /// Its file is gone (the page was closed since); *Export again* makes it anew.
    Gone,
    /// It was cancelled.
    Cancelled,
    /// It failed, with the message.
    Failed(String),
}

/// An export as the list of exports shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExportEntry {
    /// Its number, never given twice.
    pub id: u32,
    /// The file's name.
    pub file: String,
    /// When it was asked for, in milliseconds since 1970.
    pub at: i64,
    /// What it was asked to do.
    pub order: ExportOrder,
    /// Rows written.
    pub rows: u64,
    /// Characters that the encoding could not hold, written as `?`.
    pub unencodable: u64,
    /// How far it is.
    pub state: ExportState,
}
