//! What files ad platforms take: one entry of [`PLATFORMS`] is all that another platform needs.

use super::normal::{self, Form};
use model::export::AdValue;

/// A column of a platform's file.
pub(super) struct AdColumn {
    /// Its name.
    pub name: &'static str,
    /// What it holds.
    pub value: AdValue,
    /// The form in which the platform wants it.
    pub form: Form,
    /// Whether the platform takes it hashed.
    pub hashed: bool,
}

/// The files of a platform.
pub(super) struct Platform {
    /// Its key in messages.
    pub key: &'static str,
    /// Its name on the screen.
    pub name: &'static str,
    /// Where the platform says so.
    pub source: &'static str,
    /// Its columns, in their order.
    pub columns: &'static [AdColumn],
    /// What people are found by: all values of one of these lists.
    pub keys: &'static [&'static [AdValue]],
    /// Values that are of use only together.
    pub together: &'static [AdValue],
}

const fn column(name: &'static str, value: AdValue, form: Form, hashed: bool) -> AdColumn {
    AdColumn {
        name,
        value,
        form,
        hashed,
    }
}

/// Every platform.
pub(super) const PLATFORMS: &[Platform] = &[META, GOOGLE];

/// A customer list for a custom audience of Meta (Facebook, Instagram).
///
/// Names of columns: *How to format a customer list when creating a custom audience*, Meta Business Help Centre
/// (<https://www.facebook.com/business/help/2082575038703844>).
/// Forms and what is hashed: *Customer Information Parameters*, Meta for Developers
/// (<https://developers.facebook.com/docs/marketing-api/conversions-api/parameters/customer-information-parameters>):
/// emails trimmed and in small letters; phones as digits with the country's code and without leading zeros; names in
/// small letters without punctuation, other alphabets in UTF-8; cities and states in small letters without punctuation
/// or spaces; postal codes in small letters without spaces and dashes, five digits in the United States; two small
/// letters for a country; `YYYYMMDD`; `f` or `m`. The advertiser's ID of a device is not hashed.
const META: Platform = Platform {
    key: "meta",
    name: "Meta custom audience",
    source: "https://www.facebook.com/business/help/2082575038703844",
    columns: &[
        column("email", AdValue::Email, normal::small, true),
        column("phone", AdValue::Phone, normal::phone, true),
        column("madid", AdValue::MobileAdId, normal::small, false),
        column("fn", AdValue::FirstName, normal::name, true),
        column("ln", AdValue::LastName, normal::name, true),
        column("zip", AdValue::Zip, normal::zip, true),
        column("ct", AdValue::City, normal::place, true),
        column("st", AdValue::State, normal::place, true),
        column("country", AdValue::Country, normal::country, true),
        column("dob", AdValue::Birthdate, normal::date, true),
        column("doby", AdValue::BirthYear, normal::year, true),
        column("gen", AdValue::Gender, normal::gender, true),
        column("extern_id", AdValue::ExternalId, normal::trimmed, true),
    ],
    keys: &[
        &[AdValue::Email],
        &[AdValue::Phone],
        &[AdValue::MobileAdId],
        &[AdValue::FirstName, AdValue::LastName, AdValue::Zip],
        &[AdValue::FirstName, AdValue::LastName, AdValue::City],
        &[AdValue::FirstName, AdValue::LastName, AdValue::Birthdate],
    ],
    together: &[],
};

/// A customer list for Customer Match of Google Ads.
///
/// Names of columns, that country and postal code are not hashed, and that an address needs all four of its columns:
/// *Format your customer data file*, Google Ads Help (<https://support.google.com/google-ads/answer/7659867>).
/// Forms: *Format user data*, Data Manager API
/// (<https://developers.google.com/data-manager/api/devguides/concepts/formatting>): emails in small letters without
/// spaces, at gmail.com and googlemail.com without points and without `+…` before the `@`; phones in E.164 with the
/// plus; names in small letters without spaces around them.
const GOOGLE: Platform = Platform {
    key: "google",
    name: "Google Ads Customer Match",
    source: "https://support.google.com/google-ads/answer/7659867",
    columns: &[
        column("Email", AdValue::Email, normal::email_of_google, true),
        column("Phone", AdValue::Phone, normal::phone_with_plus, true),
        column("First Name", AdValue::FirstName, normal::small, true),
        column("Last Name", AdValue::LastName, normal::small, true),
        column("Country", AdValue::Country, normal::country, false),
        column("Zip", AdValue::Zip, normal::trimmed, false),
    ],
    keys: &[&[AdValue::Email], &[AdValue::Phone], ADDRESS],
    together: ADDRESS,
};

/// What makes an address of Google's.
const ADDRESS: &[AdValue] = &[
    AdValue::FirstName,
    AdValue::LastName,
    AdValue::Country,
    AdValue::Zip,
];
