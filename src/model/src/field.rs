//! Fields of a contact: their types, the system fields, and what a custom field is.

use crate::ids::FieldId;
use serde::{Deserialize, Serialize};

/// What a field's values are.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum FieldType {
    /// Any text of at most 10,000 characters.
    Text,
    /// An email address, kept trimmed and lower-cased.
    Email,
    /// A phone number, in international form where the country is known.
    Phone,
    /// A whole number of 64 bits.
    Integer,
    /// A decimal number of at most 17 digits, of which at most 15 stand behind the point.
    Decimal,
    /// A calendar day.
    Day,
    /// A moment, kept in milliseconds since 1970 in UTC.
    Instant,
    /// Any number of the field's options.
    Checkbox,
    /// One of the field's options.
    Radio,
    /// True or false.
    Boolean,
}

impl FieldType {
    /// The types a person can choose for a custom field, in the order they are offered.
    pub const ALL: [FieldType; 10] = [
        FieldType::Text,
        FieldType::Email,
        FieldType::Phone,
        FieldType::Integer,
        FieldType::Decimal,
        FieldType::Day,
        FieldType::Instant,
        FieldType::Checkbox,
        FieldType::Radio,
        FieldType::Boolean,
    ];

    /// The type's name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            FieldType::Text => "Text",
            FieldType::Email => "Email",
            FieldType::Phone => "Phone",
            FieldType::Integer => "Integer",
            FieldType::Decimal => "Decimal",
            FieldType::Day => "Date",
            FieldType::Instant => "Date and time",
            FieldType::Checkbox => "Checkbox",
            FieldType::Radio => "Radio",
            FieldType::Boolean => "Boolean",
        }
    }

    /// Whether values of this type are numbers inside (dates and booleans included).
    pub fn is_number(self) -> bool {
        matches!(
            self,
            FieldType::Integer
                | FieldType::Decimal
                | FieldType::Day
                | FieldType::Instant
                | FieldType::Boolean
        )
    }

    /// Whether values of this type are chosen from the field's options.
    pub fn has_options(self) -> bool {
        matches!(self, FieldType::Checkbox | FieldType::Radio)
    }
}

/// Who may write a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Status {
    /// Built in, written by people and imports.
    System,
    /// Built in, computed by Corral; nobody else writes it.
    ReadOnly,
    /// Made in this workspace.
    Custom,
}

/// One choice of a Checkbox or Radio field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldOption {
    /// What is stored: letters, digits, `-`, `_`.
    pub id: String,
    /// What people read.
    pub name: String,
}

/// A field as it stands in a workspace.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldDef {
    /// The field's number.
    pub id: FieldId,
    /// The field's id in files: letters, digits, `-`, `_`; unique whatever the case.
    pub key: String,
    /// The field's name on the screen.
    pub name: String,
    /// What its values are; never changes.
    pub kind: FieldType,
    /// Who may write it.
    pub status: Status,
    /// Whether every contact must have a value.
    pub required: bool,
    /// The value that new contacts get, in the text form of the field's type.
    pub default: String,
    /// The choices of a Checkbox or Radio field; empty for other types.
    pub options: Vec<FieldOption>,
}

/// At most so many custom fields in one workspace (design, section 5).
pub const MAX_CUSTOM_FIELDS: usize = 140;
/// At most so many options in one field (design, section 5).
pub const MAX_OPTIONS: usize = 120;
/// At most so many characters in one text value (design, section 6).
pub const MAX_TEXT: usize = 10_000;
/// At most so many characters in an external ID (design, section 5).
pub const MAX_EXTERNAL_ID: usize = 50;
/// At most so many characters in the name of a field, segment, filter or mapping.
pub const MAX_NAME: usize = 100;
/// Custom fields have numbers from here on.
pub const FIRST_CUSTOM: u16 = 64;

/// The primary key: unique after trimming and lower-casing.
pub const EMAIL: FieldId = FieldId(0);
/// The optional second key: unique, at most 50 characters.
pub const EXTERNAL_ID: FieldId = FieldId(1);
/// First name.
pub const FIRST_NAME: FieldId = FieldId(2);
/// Last name.
pub const LAST_NAME: FieldId = FieldId(3);
/// Mobile phone.
pub const MOBILE_PHONE: FieldId = FieldId(4);
/// Birthdate.
pub const BIRTHDATE: FieldId = FieldId(5);
/// Points.
pub const POINTS: FieldId = FieldId(6);
/// Newsletter status: subscribed, unsubscribed or none.
pub const NEWSLETTER_STATUS: FieldId = FieldId(7);
/// SMS status: subscribed, unsubscribed or none.
pub const SMS_STATUS: FieldId = FieldId(8);
/// Email status: active, bounced, paused or banned.
pub const EMAIL_STATUS: FieldId = FieldId(9);
/// Phone status: active, bounced or paused.
pub const PHONE_STATUS: FieldId = FieldId(10);
/// When the contact consented.
pub const CONSENT_AT: FieldId = FieldId(11);
/// Where the contact consented.
pub const CONSENT_SOURCE: FieldId = FieldId(12);
/// Purchases from before Corral.
pub const PURCHASES_BEFORE: FieldId = FieldId(13);
/// Amount of the purchases from before Corral.
pub const PURCHASE_AMOUNT_BEFORE: FieldId = FieldId(14);
/// When the contact was created (kept by Corral).
pub const CREATED_AT: FieldId = FieldId(15);
/// When the contact last changed (kept by Corral).
pub const UPDATED_AT: FieldId = FieldId(16);
/// First purchase (kept by Corral).
pub const FIRST_PURCHASE_AT: FieldId = FieldId(17);
/// Last purchase (kept by Corral).
pub const LAST_PURCHASE_AT: FieldId = FieldId(18);
/// Number of purchases (kept by Corral).
pub const TOTAL_PURCHASES: FieldId = FieldId(19);
/// Amount of all purchases (kept by Corral).
pub const TOTAL_PURCHASE_AMOUNT: FieldId = FieldId(20);
/// Average amount of a purchase (kept by Corral).
pub const AVERAGE_PURCHASE_AMOUNT: FieldId = FieldId(21);
/// When the contact last unsubscribed (kept by Corral).
pub const LAST_UNSUBSCRIBED_AT: FieldId = FieldId(22);

/// The fields that Corral keeps from purchases.
pub const PURCHASED: [FieldId; 5] = [
    TOTAL_PURCHASES,
    TOTAL_PURCHASE_AMOUNT,
    AVERAGE_PURCHASE_AMOUNT,
    FIRST_PURCHASE_AT,
    LAST_PURCHASE_AT,
];

/// The fields that Corral keeps from the history of changes; no workflow is told when they change.
pub const KEPT: [FieldId; 3] = [CREATED_AT, UPDATED_AT, LAST_UNSUBSCRIBED_AT];

const SUBSCRIPTION: &[(&str, &str)] = &[
    ("subscribed", "Subscribed"),
    ("unsubscribed", "Unsubscribed"),
    ("none", "None"),
];
const EMAIL_STATES: &[(&str, &str)] = &[
    ("active", "Active"),
    ("bounced", "Bounced"),
    ("paused", "Paused"),
    ("banned", "Banned"),
];
const PHONE_STATES: &[(&str, &str)] = &[("active", "Active"), ("bounced", "Bounced"), ("paused", "Paused")];

type SystemField = (
    FieldId,
    &'static str,
    &'static str,
    FieldType,
    Status,
    &'static [(&'static str, &'static str)],
);

/// The system fields (design, section 5): number, key, name, type, who writes it, options.
pub const SYSTEM: &[SystemField] = &[
    (EMAIL, "email", "Email", FieldType::Email, Status::System, &[]),
    (
        EXTERNAL_ID,
        "external_id",
        "External ID",
        FieldType::Text,
        Status::System,
        &[],
    ),
    (
        FIRST_NAME,
        "first_name",
        "First name",
        FieldType::Text,
        Status::System,
        &[],
    ),
    (
        LAST_NAME,
        "last_name",
        "Last name",
        FieldType::Text,
        Status::System,
        &[],
    ),
    (
        MOBILE_PHONE,
        "mobile_phone",
        "Mobile phone",
        FieldType::Phone,
        Status::System,
        &[],
    ),
    (
        BIRTHDATE,
        "birthdate",
        "Birthdate",
        FieldType::Day,
        Status::System,
        &[],
    ),
    (
        POINTS,
        "points",
        "Points",
        FieldType::Integer,
        Status::System,
        &[],
    ),
    (
        NEWSLETTER_STATUS,
        "newsletter_status",
        "Newsletter status",
        FieldType::Radio,
        Status::System,
        SUBSCRIPTION,
    ),
    (
        SMS_STATUS,
        "sms_status",
        "SMS status",
        FieldType::Radio,
        Status::System,
        SUBSCRIPTION,
    ),
    (
        EMAIL_STATUS,
        "email_status",
        "Email status",
        FieldType::Radio,
        Status::System,
        EMAIL_STATES,
    ),
    (
        PHONE_STATUS,
        "phone_status",
        "Phone status",
        FieldType::Radio,
        Status::System,
        PHONE_STATES,
    ),
    (
        CONSENT_AT,
        "consent_at",
        "Consent date",
        FieldType::Instant,
        Status::System,
        &[],
    ),
    (
        CONSENT_SOURCE,
        "consent_source",
        "Consent source",
        FieldType::Text,
        Status::System,
        &[],
    ),
    (
        PURCHASES_BEFORE,
        "purchases_before",
        "Purchases before Corral",
        FieldType::Integer,
        Status::System,
        &[],
    ),
    (
        PURCHASE_AMOUNT_BEFORE,
        "purchase_amount_before",
        "Purchase amount before Corral",
        FieldType::Decimal,
        Status::System,
        &[],
    ),
    (
        CREATED_AT,
        "created_at",
        "Created",
        FieldType::Instant,
        Status::ReadOnly,
        &[],
    ),
    (
        UPDATED_AT,
        "updated_at",
        "Updated",
        FieldType::Instant,
        Status::ReadOnly,
        &[],
    ),
    (
        FIRST_PURCHASE_AT,
        "first_purchase_at",
        "First purchase",
        FieldType::Instant,
        Status::ReadOnly,
        &[],
    ),
    (
        LAST_PURCHASE_AT,
        "last_purchase_at",
        "Last purchase",
        FieldType::Instant,
        Status::ReadOnly,
        &[],
    ),
    (
        TOTAL_PURCHASES,
        "total_purchases",
        "Total purchases",
        FieldType::Integer,
        Status::ReadOnly,
        &[],
    ),
    (
        TOTAL_PURCHASE_AMOUNT,
        "total_purchase_amount",
        "Total purchase amount",
        FieldType::Decimal,
        Status::ReadOnly,
        &[],
    ),
    (
        AVERAGE_PURCHASE_AMOUNT,
        "average_purchase_amount",
        "Average purchase amount",
        FieldType::Decimal,
        Status::ReadOnly,
        &[],
    ),
    (
        LAST_UNSUBSCRIBED_AT,
        "last_unsubscribed_at",
        "Last unsubscribed",
        FieldType::Instant,
        Status::ReadOnly,
        &[],
    ),
];

/// The system fields as definitions, in the order of their numbers.
pub fn system_fields() -> Vec<FieldDef> {
    SYSTEM
        .iter()
        .map(|&(id, key, name, kind, status, options)| FieldDef {
            id,
            key: key.to_owned(),
            name: name.to_owned(),
            kind,
            status,
            required: false,
            default: String::new(),
            options: options
                .iter()
                .map(|&(id, name)| FieldOption {
                    id: id.to_owned(),
                    name: name.to_owned(),
                })
                .collect(),
        })
        .collect()
}

/// Whether a text may be the key of a custom field or the id of an option: letters, digits, `-`, `_`.
pub fn is_key(text: &str) -> bool {
    !text.is_empty()
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '-' || c == '_')
}
