//! Why the engine refuses what it is asked; the worker's border turns it into a message.

use model::ContactId;

/// Why a request was refused; nothing has changed.
#[derive(Clone, Debug, PartialEq)]
pub enum Refused {
    /// There is no such contact (any more).
    NoSuchContact,
    /// There is no such segment (any more).
    NoSuchSegment,
    /// There is no such field (any more).
    NoSuchField,
    /// There is no such change set.
    NoSuchChange,
    /// The change set stands already.
    AlreadyStands,
    /// The change set is undone already.
    AlreadyUndone,
    /// The name is empty.
    NameEmpty,
    /// The name has more than [`model::field::MAX_NAME`] characters.
    NameTooLong(usize),
    /// The name holds a control or direction character.
    NameHasControl,
    /// Something of that kind has the name, whatever the case.
    NameTaken(String),
    /// A field's or option's id is not of letters, digits, `-`, `_`.
    BadKey(String),
    /// Another field or option has the id.
    KeyTaken(String),
    /// There are [`model::field::MAX_CUSTOM_FIELDS`] custom fields already.
    TooManyFields,
    /// A field would have more than [`model::field::MAX_OPTIONS`] options.
    TooManyOptions,
    /// A field with options has none.
    NoOptions,
    /// An option that contacts have would go.
    OptionInUse(String),
    /// A field's type can't change.
    TypeFixed,
    /// A required field needs a default, so that everyone has a value.
    DefaultNeeded,
    /// The field is kept by Corral.
    ReadOnly(String),
    /// The field is built in.
    BuiltIn(String),
    /// A picture or formula has more than [`crate::sets::MAX_SETS`] sets.
    TooManySets,
    /// The segment (by name) has no formula to work out.
    NoFormula(String),
    /// The formula of a segment (by name) can't be worked out.
    BrokenFormula(String, Box<Refused>),
    /// The shares of a split add up to this many hundredths of a percent.
    BadShares(u32),
    /// A sample of none, or of more than these.
    BadSample(u64),
    /// There are not two contacts to merge.
    NothingToMerge,
    /// An erasure or forgetting can't be undone.
    ForGood,
    /// The history of that moment was forgotten.
    Forgotten,
    /// Nothing happened before that date.
    NothingBefore,
    /// What is to be deleted is used by these.
    InUse(String, Vec<String>),
    /// There is no such workflow (any more).
    NoSuchWorkflow,
    /// A workflow has no Start node, or several.
    NoStart,
    /// The field (by name) has another type than is needed.
    NotForThisType(String),
    /// A workflow (by name) is not in a state in which that can be done (what, and the state's name).
    WrongState(String, &'static str, &'static str),
    /// A workflow can't be activated because of this many faults; the first of them.
    Faulty(u32, String),
    /// Nodes and connections of a workflow that runs can't change.
    GraphFixed,
    /// A file is no workflow; what is wrong with it.
    NotAWorkflow(String),
    /// The demo is loaded only where there are no contacts.
    NotEmpty,
    /// A required field would be empty.
    Required(String),
    /// A value is not one of its field's (by the field's key and name).
    Value {
        /// The field's key.
        key: String,
        /// The field's name.
        field: String,
        /// What is wrong with the value, for a person.
        reason: String,
    },
    /// A contact would have neither email nor external ID.
    NoKey,
    /// The email or external ID (by the field's key and name) belongs to another contact.
    KeyOfAnother {
        /// The field's key.
        key: String,
        /// The field's name.
        field: String,
        /// The value.
        value: String,
        /// Whose it is.
        other: ContactId,
    },
    /// One key can't be given to many contacts.
    KeyForMany(String),
    /// The settings name no time zone or calling code that is known.
    BadSetting {
        /// The setting's name on the screen.
        setting: String,
        /// What was given.
        value: String,
    },
}
