//! The nodes of a workflow: what each kind is set up with (design, section 9).

use crate::event::{Attribute, Behaviour, EventFilter, EventKind, Operand};
use crate::ids::{FieldId, SegmentId};
use crate::query::{Mode, Op};
use serde::{Deserialize, Serialize};

/// One kind of node, with its configuration.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[allow(
    clippy::large_enum_variant,
    reason = "graphs hold some hundred nodes at most; boxes would only hide what is in them"
)]
pub enum NodeKind {
    /// Where it begins: whom it is for.
    Start(Start),
    /// A contact waits here until something happens.
    Trigger(Trigger),
    /// A question with the exits YES and NO.
    Condition(Condition),
    /// **Add to segment**
    AddToSegment(AddToSegment),
    /// **Remove from segment**
    RemoveFromSegment(Vec<SegmentId>),
    /// **Set field**
    SetField(SetField),
    /// **Wait**
    Wait(Wait),
    /// **Split**: an exit for each share.
    Split(Split),
    /// **Send email**, **Send SMS**, **Send push**: to the outbox of the simulation; nothing is ever sent.
    Send(Send),
    /// **Finish**: ends the pass.
    Finish,
}

/// Whom a workflow is for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Start {
    /// Which contacts.
    pub audience: Audience,
    /// Members of these are left out.
    pub excluded: Vec<SegmentId>,
    /// Since when they must be in the audience.
    pub source: Source,
}

/// Which contacts a workflow is for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Audience {
    /// All contacts.
    #[default]
    All,
    /// Contacts with an email.
    WithEmail,
    /// Contacts without an email.
    WithoutEmail,
    /// Contacts with a mobile phone.
    WithPhone,
    /// Members of a segment.
    Segment(SegmentId),
}

/// Since when a contact must be in the audience.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// **All existing**: when the workflow is activated.
    Existing,
    /// **Only new**: since later, by creation or by joining.
    New,
    /// **Existing and new**
    #[default]
    Both,
}

/// What a contact waits for, and how often it counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Trigger {
    /// What must happen.
    pub on: On,
    /// How often it counts.
    pub limits: Limits,
}

/// What must happen.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum On {
    /// An event.
    Event(EventMatch),
    /// A cart that was left idle for so many minutes; a purchase calls it off.
    CartAbandoned {
        /// Minutes since something was last added.
        idle_minutes: u32,
        /// Which carts.
        filter: EventFilter,
    },
    /// The contact really enters one of these segments.
    EnterSegment(Vec<SegmentId>),
    /// The contact really leaves one of these segments.
    LeaveSegment(Vec<SegmentId>),
    /// A field's value really changes.
    FieldChange {
        /// The field.
        field: FieldId,
        /// Only to this value, in text form; empty for any.
        to: String,
    },
    /// A day that a date field names.
    Date {
        /// The date field.
        field: FieldId,
        /// So many days later; earlier if negative.
        offset_days: i32,
        /// Every year, or only once.
        yearly: bool,
        /// The minute of that day, in the workspace's time zone.
        minute: u16,
    },
}

/// Which events count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EventMatch {
    /// What must be done.
    pub kind: EventKind,
    /// Which of it.
    pub filter: EventFilter,
    /// Only the event that is the n-th of those that pass the filter; 0 for each.
    pub nth: u32,
    /// For `nth`: counted within so many days; 0 for ever.
    pub within_days: u32,
    /// A repeat within so many minutes of the last that counted does not count; 0 for all.
    pub ignore_repeats_minutes: u32,
}

impl EventMatch {
    /// Each event of a kind.
    pub fn each(kind: EventKind) -> EventMatch {
        EventMatch {
            kind,
            filter: EventFilter::default(),
            nth: 0,
            within_days: 0,
            ignore_repeats_minutes: 0,
        }
    }
}

/// How often a trigger counts; zeros and `false` limit nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// At most so often for each contact.
    pub per_contact: u32,
    /// At most so often in all.
    pub total: u64,
    /// For each contact at most once within so many days.
    pub once_in_days: u32,
    /// **Deactivate after trigger**: once for each contact.
    pub deactivate: bool,
}

/// A question about a contact.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Condition {
    /// **Check value**
    Check {
        /// How many tests must hold.
        mode: Mode,
        /// The tests.
        rules: Vec<CheckRule>,
    },
    /// **Has field**: the field has a value.
    HasField(FieldId),
    /// **Belongs to segment**: to any one of these, or to all.
    InSegment {
        /// The segments.
        segments: Vec<SegmentId>,
        /// Whether all of them are asked for.
        all: bool,
    },
    /// **Has purchased**, **Has visited product** …
    Did(Behaviour),
}

/// One test of a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CheckRule {
    /// Whose value.
    pub subject: Subject,
    /// The test.
    pub op: Op,
    /// What it is tested against; as many as `op` takes.
    pub values: Vec<Operand>,
}

/// Whose value is tested.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Subject {
    /// The contact's.
    Field(FieldId),
    /// That of the event which started the pass.
    Trigger(Attribute),
    /// That of the latest event of the pass: the one that ended a wait, else the one that started it.
    Latest(Attribute),
}

/// **Add to segment**
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct AddToSegment {
    /// The segments.
    pub segments: Vec<SegmentId>,
    /// Segments that the contact leaves at the same time (Bronze → Silver).
    pub remove_from: Vec<SegmentId>,
    /// For so many days; 0 for good.
    pub for_days: u32,
    /// Only while a segment has fewer members; 0 for no limit.
    pub at_most: u64,
    /// A member already: the days begin again (true) or run on (false).
    pub renew: bool,
}

/// **Set field**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SetField {
    /// The field.
    pub field: FieldId,
    /// Its new value.
    pub value: NewValue,
    /// Only where it is empty.
    pub only_if_empty: bool,
}

/// Where a new value comes from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum NewValue {
    /// This value, in text form.
    Literal(String),
    /// An attribute of the latest event of the pass.
    Event(Attribute),
    /// The value of another field.
    Field(FieldId),
    /// The moment.
    Now,
    /// None.
    Clear,
    /// The value plus this number (minus, if it is negative), in text form; empty counts as 0.
    Plus(String),
    /// The value with this option, by its id.
    AddOption(String),
    /// The value without this option, by its id.
    RemoveOption(String),
}

/// **Wait**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wait {
    /// Until when.
    pub until: Until,
    /// What happens when another pass of the contact waits here already.
    pub again: Again,
}

/// Until when a contact waits.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Until {
    /// For a period, in minutes.
    Period(u32),
    /// Until an activity (first exit), or at most for so many minutes (second exit).
    Activity {
        /// The activity.
        event: EventMatch,
        /// Minutes.
        at_most: u32,
    },
    /// Until a moment, in milliseconds since 1970.
    Moment(i64),
    /// Until the next one of these weekdays, at a minute of the day.
    Weekday {
        /// A bit for each day, from Monday (1) to Sunday (64).
        days: u8,
        /// The minute of the day.
        minute: u16,
    },
    /// Until the day is one of these and the time within these hours; not at all if it is so already.
    Hours {
        /// A bit for each day, from Monday (1) to Sunday (64).
        days: u8,
        /// The first minute of the day.
        from: u16,
        /// The minute at which it is over.
        to: u16,
    },
    /// Until a day that a date field names.
    Date {
        /// The date field.
        field: FieldId,
        /// So many days later; earlier if negative.
        offset_days: i32,
        /// The minute of that day.
        minute: u16,
        /// The next time day and month come round.
        yearly: bool,
        /// What happens where the date is empty or past.
        otherwise: Otherwise,
    },
}

/// What happens where a date is empty or past.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Otherwise {
    /// The contact goes on at once.
    #[default]
    GoOn,
    /// The pass ends.
    End,
}

/// What happens when another pass of the contact waits here already.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Again {
    /// The first one goes on waiting, and the new pass ends.
    #[default]
    Keep,
    /// The first one ends, and the new pass waits.
    Restart,
    /// Both wait.
    Both,
}

/// **Split** and **A/B**
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The share of each exit in percent; two to five that add up to 100.
    pub shares: Vec<u8>,
    /// Whether it is called **A/B test**, and its exits A and B.
    pub ab: bool,
}

/// A message to the outbox.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Send {
    /// By which way.
    pub channel: Channel,
    /// Its subject or text.
    pub subject: String,
}

/// By which way a message goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Channel {
    /// Email.
    Email,
    /// SMS.
    Sms,
    /// A push message.
    Push,
}

impl Channel {
    /// The event of a message that went this way.
    pub fn sent(self) -> EventKind {
        match self {
            Channel::Email => EventKind::EmailSent,
            Channel::Sms => EventKind::SmsSent,
            Channel::Push => EventKind::PushSent,
        }
    }
}

/// A kind of node as the palette offers it: a group of the palette, a name, a line of help, and how it begins.
#[derive(Clone, Copy, Debug)]
pub struct Offer {
    /// Its group in the palette.
    pub group: NodeGroup,
    /// Its name, as on the screen.
    pub label: &'static str,
    /// What it does, in one line.
    pub help: &'static str,
    /// A new node of it.
    pub make: fn() -> NodeKind,
}

/// A group of the palette.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NodeGroup {
    /// Where it begins.
    Start,
    /// What a contact waits for.
    Trigger,
    /// A question.
    Condition,
    /// What is done.
    Action,
}

impl NodeGroup {
    /// Its name on the screen.
    pub fn label(self) -> &'static str {
        match self {
            NodeGroup::Start => "Start",
            NodeGroup::Trigger => "Triggers",
            NodeGroup::Condition => "Conditions",
            NodeGroup::Action => "Actions",
        }
    }
}

fn on(kind: EventKind) -> NodeKind {
    NodeKind::Trigger(Trigger {
        on: On::Event(EventMatch::each(kind)),
        limits: Limits::default(),
    })
}

fn did(kind: EventKind) -> NodeKind {
    NodeKind::Condition(Condition::Did(Behaviour::once(kind)))
}

fn trigger(on: On) -> NodeKind {
    let limits = Limits::default();
    NodeKind::Trigger(Trigger { on, limits })
}

fn wait(until: Until) -> NodeKind {
    let again = Again::default();
    NodeKind::Wait(Wait { until, again })
}

fn send(channel: Channel) -> NodeKind {
    NodeKind::Send(Send {
        channel,
        subject: String::new(),
    })
}

/// No field yet: a check asks for one before activation.
pub const NO_FIELD: FieldId = FieldId(u16::MAX);

macro_rules! offers {
    ($($group:ident $label:literal $help:literal $make:expr;)*) => {
        /// Everything the palette offers, in its order.
        pub const OFFERS: &[Offer] = &[$(
            Offer { group: NodeGroup::$group, label: $label, help: $help, make: || $make },
        )*];
    };
}

offers! {
    Start "Start" "Whom the workflow is for" NodeKind::Start(Start::default());
    Trigger "On purchase" "When the contact buys something" on(EventKind::Purchase);
    Trigger "On product visited" "When the contact looks at a product" on(EventKind::ProductVisited);
    Trigger "On product searched" "When the contact searches for a product" on(EventKind::ProductSearched);
    Trigger "On add to cart" "When the contact puts a product into the cart" on(EventKind::CartAdded);
    Trigger "On cart abandoned" "When the contact leaves a cart idle and buys nothing" trigger(On::CartAbandoned { idle_minutes: 30, filter: EventFilter::default() });
    Trigger "On search" "When the contact searches the site" on(EventKind::Search);
    Trigger "On page visit" "When the contact visits a page" on(EventKind::PageVisited);
    Trigger "On login" "When the contact logs in" on(EventKind::Login);
    Trigger "On register" "When the contact registers" on(EventKind::Register);
    Trigger "On newsletter subscription" "When the contact subscribes" on(EventKind::Subscribed);
    Trigger "On unsubscribe" "When the contact unsubscribes" on(EventKind::Unsubscribed);
    Trigger "On form submit" "When the contact submits a form" on(EventKind::FormSubmitted);
    Trigger "On email open" "When the contact opens an email" on(EventKind::EmailOpened);
    Trigger "On email click" "When the contact clicks in an email" on(EventKind::EmailClicked);
    Trigger "On enter segment" "When the contact becomes a member" trigger(On::EnterSegment(Vec::new()));
    Trigger "On leave segment" "When the contact stops being a member" trigger(On::LeaveSegment(Vec::new()));
    Trigger "On field change" "When a value of the contact changes" trigger(On::FieldChange { field: NO_FIELD, to: String::new() });
    Trigger "On date" "On a day that a date field names" trigger(On::Date { field: NO_FIELD, offset_days: 0, yearly: true, minute: 9 * 60 });
    Condition "Check value" "Compare values of the contact or the event" NodeKind::Condition(Condition::Check { mode: Mode::All, rules: Vec::new() });
    Condition "Has field" "Whether a field has a value" NodeKind::Condition(Condition::HasField(NO_FIELD));
    Condition "Belongs to segment" "Whether the contact is a member" NodeKind::Condition(Condition::InSegment { segments: Vec::new(), all: false });
    Condition "Has purchased" "How often, or for how much, the contact bought" did(EventKind::Purchase);
    Condition "Has visited product" "How often the contact looked at products" did(EventKind::ProductVisited);
    Condition "Has searched" "How often the contact searched" did(EventKind::Search);
    Condition "Has visited page" "How often the contact visited pages" did(EventKind::PageVisited);
    Condition "Has abandoned cart" "How often the contact left a cart" did(EventKind::CartAbandoned);
    Condition "Has logged in" "How often the contact logged in" did(EventKind::Login);
    Condition "Has registered" "Whether the contact registered" did(EventKind::Register);
    Condition "Has opened email" "How many emails the contact opened" did(EventKind::EmailOpened);
    Condition "Has clicked email" "How often the contact clicked in emails" did(EventKind::EmailClicked);
    Action "Add to segment" "The contact becomes a member" NodeKind::AddToSegment(AddToSegment::default());
    Action "Remove from segment" "The contact stops being a member" NodeKind::RemoveFromSegment(Vec::new());
    Action "Set field" "The contact gets a value" NodeKind::SetField(SetField { field: NO_FIELD, value: NewValue::Literal(String::new()), only_if_empty: false });
    Action "Wait" "The contact goes on later" wait(Until::Period(24 * 60));
    Action "Wait until" "The contact goes on after an activity, or at the latest after a while" wait(Until::Activity { event: EventMatch::each(EventKind::Purchase), at_most: 30 * 24 * 60 });
    Action "Split" "Contacts go different ways by shares" NodeKind::Split(Split { shares: vec![50, 50], ab: false });
    Action "A/B test" "Half of the contacts go each way" NodeKind::Split(Split { shares: vec![50, 50], ab: true });
    Action "Send email" "An email to the outbox; nothing is ever sent" send(Channel::Email);
    Action "Send SMS" "An SMS to the outbox; nothing is ever sent" send(Channel::Sms);
    Action "Send push" "A push message to the outbox; nothing is ever sent" send(Channel::Push);
    Action "Finish" "The contact has come to the end" NodeKind::Finish;
}

impl NodeKind {
    /// Its name, as the palette has it; of an activity that the palette has not, the activity's.
    pub fn label(&self) -> &'static str {
        let activity = || match self {
            NodeKind::Trigger(Trigger {
                on: On::Event(event), ..
            }) => event.kind.label(),
            NodeKind::Condition(Condition::Did(behaviour)) => behaviour.kind.label(),
            _ => "",
        };
        self.offer().map_or_else(activity, |offer| offer.label)
    }

    /// What the palette says of it; none of an activity that the palette has not.
    pub fn offer(&self) -> Option<&'static Offer> {
        OFFERS.iter().find(|offer| alike(&(offer.make)(), self))
    }

    /// Its group in the palette.
    pub fn group(&self) -> NodeGroup {
        match self {
            NodeKind::Start(_) => NodeGroup::Start,
            NodeKind::Trigger(_) => NodeGroup::Trigger,
            NodeKind::Condition(_) => NodeGroup::Condition,
            _ => NodeGroup::Action,
        }
    }

    /// The names of its exits, in the order of their numbers.
    pub fn exits(&self) -> Vec<String> {
        let named = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
        match self {
            NodeKind::Condition(_) => named(&["YES", "NO"]),
            NodeKind::Wait(Wait {
                until: Until::Activity { .. },
                ..
            }) => named(&["Happened", "Time out"]),
            NodeKind::Split(split) => {
                let letters = ('A'..='E').zip(&split.shares);
                letters
                    .map(|(letter, share)| format!("{letter} {share} %"))
                    .collect()
            }
            NodeKind::Finish => Vec::new(),
            _ => named(&["Next"]),
        }
    }
}

/// Whether two nodes are of the same kind in the palette, whatever their configuration.
fn alike(one: &NodeKind, other: &NodeKind) -> bool {
    match (one, other) {
        (NodeKind::Trigger(one), NodeKind::Trigger(other)) => match (&one.on, &other.on) {
            (On::Event(one), On::Event(other)) => one.kind == other.kind,
            (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
        },
        (NodeKind::Condition(Condition::Did(one)), NodeKind::Condition(Condition::Did(other))) => {
            one.kind == other.kind
        }
        (NodeKind::Condition(one), NodeKind::Condition(other)) => {
            std::mem::discriminant(one) == std::mem::discriminant(other)
        }
        (NodeKind::Wait(one), NodeKind::Wait(other)) => {
            let activity = |wait: &Wait| matches!(wait.until, Until::Activity { .. });
            activity(one) == activity(other)
        }
        (NodeKind::Split(one), NodeKind::Split(other)) => one.ab == other.ab,
        (NodeKind::Send(one), NodeKind::Send(other)) => one.channel == other.channel,
        (one, other) => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_the_palette_has_its_own_name() {
        for offer in OFFERS {
            let node = (offer.make)();
            assert_eq!(node.label(), offer.label);
            assert_eq!(node.group(), offer.group, "{}", offer.label);
        }
    }

    #[test]
    fn what_the_palette_has_not_is_called_after_its_activity() {
        assert_eq!(on(EventKind::CartRemoved).label(), "Removed from cart");
        assert_eq!(did(EventKind::EmailSent).label(), "Email sent");
    }
}
