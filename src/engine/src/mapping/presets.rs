//! The contact exports of other services, whose columns are known by their names.
//!
//! The names are those of the services' own help pages and exports; they are compared without case and in any order,
//! and any of them may be missing.

use super::synonyms::plain;
use model::field;
use model::ids::FieldId;
use model::import::Literal;

/// Where a known column goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum To {
    /// Into a field, some of its values read as others.
    Field(FieldId, &'static [(&'static str, &'static str)]),
    /// Names of segments, split by this.
    Segments(&'static str),
    /// Into a new field: what it holds is not what its name says in other files.
    New,
}

/// One service's export.
pub(super) struct Preset {
    /// The service.
    pub name: &'static str,
    /// Columns of which one is enough to know the export by.
    sure: &'static [&'static str],
    /// Columns of which two are enough.
    likely: &'static [&'static str],
    /// The columns, made [`plain`]; of two that go into one field, the first that the file has.
    pub columns: &'static [(&'static str, To)],
}

/// The export that a file's columns, made [`plain`], are those of.
pub(super) fn recognize(columns: &[String]) -> Option<&'static Preset> {
    let count = |names: &[&str]| {
        names
            .iter()
            .filter(|name| columns.iter().any(|column| column == *name))
            .count()
    };
    PRESETS
        .iter()
        .find(|preset| count(preset.sure) >= 1 || count(preset.likely) >= 2)
}

impl Preset {
    /// The values that every row of the export has, without a column that says so.
    ///
    /// Mailchimp writes a file for each status, and names it by it.
    pub fn literals(&self, columns: &[String], file: &str) -> Vec<Literal> {
        if self.name != MAILCHIMP {
            return Vec::new();
        }
        let has = |name: &str| columns.iter().any(|column| column == name);
        let file = plain(file);
        let (field, value) = if has("cleantime") || file.starts_with("cleaned") {
            (field::EMAIL_STATUS, "bounced")
        } else if has("unsubtime") || file.starts_with("unsubscribed") {
            (field::NEWSLETTER_STATUS, "unsubscribed")
        } else if file.starts_with("subscribed") {
            (field::NEWSLETTER_STATUS, "subscribed")
        } else if file.starts_with("nonsubscribed") {
            (field::NEWSLETTER_STATUS, "none")
        } else {
            return Vec::new();
        };
        vec![Literal {
            field,
            value: value.to_owned(),
        }]
    }
}

const MAILCHIMP: &str = "Mailchimp";

const EMAIL: To = To::Field(field::EMAIL, &[]);
const FIRST_NAME: To = To::Field(field::FIRST_NAME, &[]);
const LAST_NAME: To = To::Field(field::LAST_NAME, &[]);
const PHONE: To = To::Field(field::MOBILE_PHONE, &[]);
const ID: To = To::Field(field::EXTERNAL_ID, &[]);

/// Who has not opted out has not opted in by that: no value.
const OPTED_OUT: &[(&str, &str)] = &[
    ("true", "unsubscribed"),
    ("yes", "unsubscribed"),
    ("false", ""),
    ("no", ""),
];

const YES_NO: &[(&str, &str)] = &[
    ("yes", "subscribed"),
    ("true", "subscribed"),
    ("no", "unsubscribed"),
    ("false", "unsubscribed"),
];

const CONSENT: &[(&str, &str)] = &[
    ("SUBSCRIBED", "subscribed"),
    ("UNSUBSCRIBED", "unsubscribed"),
    ("NEVER_SUBSCRIBED", "none"),
    ("NOT_SUBSCRIBED", "none"),
];

/// The reasons of Klaviyo's suppressions; who unsubscribed says so in the consent column.
const SUPPRESSIONS: &[(&str, &str)] = &[
    ("HARD_BOUNCE", "bounced"),
    ("['HARD_BOUNCE']", "bounced"),
    ("[\"HARD_BOUNCE\"]", "bounced"),
    ("INVALID_EMAIL", "bounced"),
    ("['INVALID_EMAIL']", "bounced"),
    ("[\"INVALID_EMAIL\"]", "bounced"),
    ("SPAM_COMPLAINT", "banned"),
    ("['SPAM_COMPLAINT']", "banned"),
    ("[\"SPAM_COMPLAINT\"]", "banned"),
    ("USER_SUPPRESSED", "paused"),
    ("['USER_SUPPRESSED']", "paused"),
    ("[\"USER_SUPPRESSED\"]", "paused"),
    ("UNSUBSCRIBE", ""),
    ("UNSUBSCRIBED", ""),
    ("['UNSUBSCRIBED']", ""),
    ("[\"UNSUBSCRIBED\"]", ""),
    ("[]", ""),
];

const BAD_ADDRESS: &[(&str, &str)] = &[("true", "bounced"), ("yes", "bounced"), ("false", ""), ("no", "")];

const PRESETS: &[Preset] = &[
    Preset {
        name: MAILCHIMP,
        sure: &["memberrating", "leid", "euid"],
        likely: &[
            "emailaddress",
            "optintime",
            "optinip",
            "confirmtime",
            "confirmip",
            "unsubtime",
            "cleantime",
        ],
        columns: &[
            ("emailaddress", EMAIL),
            ("firstname", FIRST_NAME),
            ("lastname", LAST_NAME),
            ("smsphonenumber", PHONE),
            ("phonenumber", PHONE),
            // A birthday without a year, as 05/24.
            ("birthday", To::New),
            ("confirmtime", To::Field(field::CONSENT_AT, &[])),
            ("optintime", To::Field(field::CONSENT_AT, &[])),
            ("tags", To::Segments(",")),
        ],
    },
    Preset {
        name: "Klaviyo",
        sure: &["klaviyoid", "emailsuppressions"],
        likely: &[
            "emailmarketingconsent",
            "emailmarketingconsenttimestamp",
            "smsmarketingconsent",
            "profilecreatedon",
        ],
        columns: &[
            ("email", EMAIL),
            ("klaviyoid", ID),
            ("firstname", FIRST_NAME),
            ("lastname", LAST_NAME),
            ("phonenumber", PHONE),
            (
                "emailmarketingconsent",
                To::Field(field::NEWSLETTER_STATUS, CONSENT),
            ),
            (
                "emailmarketingconsenttimestamp",
                To::Field(field::CONSENT_AT, &[]),
            ),
            ("source", To::Field(field::CONSENT_SOURCE, &[])),
            ("emailsuppressions", To::Field(field::EMAIL_STATUS, SUPPRESSIONS)),
            ("smsmarketingconsent", To::Field(field::SMS_STATUS, CONSENT)),
            ("historicnumberoforders", To::Field(field::PURCHASES_BEFORE, &[])),
            (
                "historiccustomerlifetimevalue",
                To::Field(field::PURCHASE_AMOUNT_BEFORE, &[]),
            ),
            ("tags", To::Segments(",")),
        ],
    },
    Preset {
        name: "Shopify",
        sure: &[
            "acceptsemailmarketing",
            "acceptssmsmarketing",
            "defaultaddresscompany",
        ],
        likely: &[
            "customerid",
            "totalspent",
            "totalorders",
            "taxexempt",
            "acceptsmarketing",
        ],
        columns: &[
            ("customerid", ID),
            ("firstname", FIRST_NAME),
            ("lastname", LAST_NAME),
            ("email", EMAIL),
            (
                "acceptsemailmarketing",
                To::Field(field::NEWSLETTER_STATUS, YES_NO),
            ),
            ("acceptsmarketing", To::Field(field::NEWSLETTER_STATUS, YES_NO)),
            ("phone", PHONE),
            ("defaultaddressphone", PHONE),
            ("acceptssmsmarketing", To::Field(field::SMS_STATUS, YES_NO)),
            ("totalspent", To::Field(field::PURCHASE_AMOUNT_BEFORE, &[])),
            ("totalorders", To::Field(field::PURCHASES_BEFORE, &[])),
            ("tags", To::Segments(",")),
        ],
    },
    Preset {
        name: "HubSpot",
        sure: &[
            "unsubscribedfromallemail",
            "marketingcontactstatus",
            "recordidcontact",
        ],
        likely: &[
            "recordid",
            "createdate",
            "leadstatus",
            "contactowner",
            "lifecyclestage",
            "associatedcompany",
            "lastactivitydate",
            "lastmodifieddate",
        ],
        columns: &[
            ("recordid", ID),
            ("recordidcontact", ID),
            ("contactid", ID),
            ("firstname", FIRST_NAME),
            ("lastname", LAST_NAME),
            ("email", EMAIL),
            ("mobilephonenumber", PHONE),
            ("phonenumber", PHONE),
            (
                "unsubscribedfromallemail",
                To::Field(field::NEWSLETTER_STATUS, OPTED_OUT),
            ),
            ("invalidemailaddress", To::Field(field::EMAIL_STATUS, BAD_ADDRESS)),
            (
                "legalbasisforprocessingcontactsdata",
                To::Field(field::CONSENT_SOURCE, &[]),
            ),
            ("tags", To::Segments(";")),
        ],
    },
];
