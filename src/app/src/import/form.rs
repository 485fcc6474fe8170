//! What a person chose in the options, as signals for the controls and as plain data for the worker.

use leptos::prelude::*;
use model::ids::SegmentId;
use model::import::{NewStatus, Options, SegmentTarget};
use model::segment::MemberAction;

/// The key of *Create new segment…* among the segments.
pub const NEW_SEGMENT: &str = "new";

/// What a person chose; texts are the keys of choices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chosen {
    /// **Overwrite existing**
    pub overwrite: bool,
    /// **Update only empty fields**
    pub only_empty: bool,
    /// **Empty cells clear values**
    pub empty_clears: bool,
    /// **Don't create new contacts**
    pub no_new: bool,
    /// **Overwrite subscription status**
    pub overwrite_subscription: bool,
    /// `reject` or `leave`
    pub bad: String,
    /// **Add to segment**
    pub to_segment: bool,
    /// A segment's id, [`NEW_SEGMENT`], or empty while none is chosen.
    pub segment: String,
    /// The name of a new segment.
    pub segment_name: String,
    /// `add`, `remove` or `replace`
    pub action: String,
    /// `unknown` or `subscribed`
    pub status: String,
    /// The day of the consent, `yyyy-mm-dd`.
    pub consent_at: String,
    /// Where the consent was given.
    pub consent_source: String,
}

impl Default for Chosen {
    fn default() -> Self {
        Chosen {
            overwrite: false,
            only_empty: false,
            empty_clears: false,
            no_new: false,
            overwrite_subscription: false,
            bad: "reject".to_owned(),
            to_segment: false,
            segment: String::new(),
            segment_name: String::new(),
            action: "add".to_owned(),
            status: "unknown".to_owned(),
            consent_at: String::new(),
            consent_source: String::new(),
        }
    }
}

impl Chosen {
    /// The options for the worker; `asks_status` says whether the status of new people was asked for at all.
    pub fn options(&self, asks_status: bool) -> Options {
        let new_status = if asks_status && self.status == "subscribed" {
            let text = |text: &str| text.trim().to_owned();
            NewStatus::Subscribed {
                consent_at: text(&self.consent_at),
                consent_source: text(&self.consent_source),
            }
        } else {
            NewStatus::Unknown
        };
        Options {
            overwrite: self.overwrite,
            only_empty: self.overwrite && self.only_empty,
            empty_clears: self.empty_clears,
            no_new: self.no_new,
            overwrite_subscription: self.overwrite && self.overwrite_subscription,
            leave_out_bad: self.bad == "leave",
            segment: self.target().map(|target| (target, self.action())),
            new_status,
        }
    }

    /// What the file does to the members of the segment.
    pub fn action(&self) -> MemberAction {
        match self.action.as_str() {
            "remove" => MemberAction::Remove,
            "replace" => MemberAction::Replace,
            _ => MemberAction::Add,
        }
    }

    fn target(&self) -> Option<SegmentTarget> {
        match self.segment.as_str() {
            _ if !self.to_segment => None,
            "" => None,
            NEW_SEGMENT => Some(SegmentTarget::New(self.segment_name.trim().to_owned())),
            id => id.parse().ok().map(|id| SegmentTarget::Existing(SegmentId(id))),
        }
    }

    /// Why the options can't be as they are; `names` are those of all segments.
    pub fn fault(&self, names: &[String]) -> Option<String> {
        if !self.to_segment {
            return None;
        }
        let name = self.segment_name.trim();
        match self.segment.as_str() {
            "" => Some("Choose a segment, or create a new one".to_owned()),
            NEW_SEGMENT if name.is_empty() => Some("Give the new segment a name".to_owned()),
            NEW_SEGMENT => names
                .iter()
                .find(|other| other.to_lowercase() == name.to_lowercase())
                .map(|other| format!("There is a segment {other} already; choose it, or another name")),
            _ => None,
        }
    }

    /// Whether these options leave nothing that a file could do.
    pub fn does_nothing(&self) -> bool {
        let members = self.to_segment && (self.action() != MemberAction::Add);
        self.no_new && !self.overwrite && !members
    }
}

/// The same as signals that the controls are bound to.
#[derive(Clone, Copy)]
#[allow(missing_docs, reason = "each is explained at the same name of `Chosen`")]
pub struct Form {
    pub overwrite: RwSignal<bool>,
    pub only_empty: RwSignal<bool>,
    pub empty_clears: RwSignal<bool>,
    pub no_new: RwSignal<bool>,
    pub overwrite_subscription: RwSignal<bool>,
    pub bad: RwSignal<String>,
    pub to_segment: RwSignal<bool>,
    pub segment: RwSignal<String>,
    pub segment_name: RwSignal<String>,
    pub action: RwSignal<String>,
    pub status: RwSignal<String>,
    pub consent_at: RwSignal<String>,
    pub consent_source: RwSignal<String>,
    /// **Run workflows for these contacts**
    pub run_workflows: RwSignal<bool>,
}

impl Form {
    /// The options before anybody chose any.
    pub fn new() -> Self {
        let Chosen {
            bad,
            segment,
            segment_name,
            action,
            status,
            consent_at,
            consent_source,
            ..
        } = Chosen::default();
        Form {
            overwrite: RwSignal::new(false),
            only_empty: RwSignal::new(false),
            empty_clears: RwSignal::new(false),
            no_new: RwSignal::new(false),
            overwrite_subscription: RwSignal::new(false),
            bad: RwSignal::new(bad),
            to_segment: RwSignal::new(false),
            segment: RwSignal::new(segment),
            segment_name: RwSignal::new(segment_name),
            action: RwSignal::new(action),
            status: RwSignal::new(status),
            consent_at: RwSignal::new(consent_at),
            consent_source: RwSignal::new(consent_source),
            run_workflows: RwSignal::new(false),
        }
    }

    /// What is chosen now; whoever reads it is told of changes.
    pub fn chosen(self) -> Chosen {
        Chosen {
            overwrite: self.overwrite.get(),
            only_empty: self.only_empty.get(),
            empty_clears: self.empty_clears.get(),
            no_new: self.no_new.get(),
            overwrite_subscription: self.overwrite_subscription.get(),
            bad: self.bad.get(),
            to_segment: self.to_segment.get(),
            segment: self.segment.get(),
            segment_name: self.segment_name.get(),
            action: self.action.get(),
            status: self.status.get(),
            consent_at: self.consent_at.get(),
            consent_source: self.consent_source.get(),
        }
    }

    /// Sets every control.
    pub fn set(self, chosen: Chosen) {
        self.overwrite.set(chosen.overwrite);
        self.only_empty.set(chosen.only_empty);
        self.empty_clears.set(chosen.empty_clears);
        self.no_new.set(chosen.no_new);
        self.overwrite_subscription.set(chosen.overwrite_subscription);
        self.bad.set(chosen.bad);
        self.to_segment.set(chosen.to_segment);
        self.segment.set(chosen.segment);
        self.segment_name.set(chosen.segment_name);
        self.action.set(chosen.action);
        self.status.set(chosen.status);
        self.consent_at.set(chosen.consent_at);
        self.consent_source.set(chosen.consent_source);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_chosen_is_the_default_of_the_worker() {
        assert_eq!(Chosen::default().options(true), Options::default());
    }

    #[test]
    fn what_needs_overwrite_existing_is_off_without_it() {
        let chosen = Chosen {
            only_empty: true,
            overwrite_subscription: true,
            ..Chosen::default()
        };
        assert_eq!(chosen.options(false), Options::default());
        let options = Chosen {
            overwrite: true,
            ..chosen
        }
        .options(false);
        assert!(options.only_empty && options.overwrite_subscription);
    }

    #[test]
    fn a_status_that_was_not_asked_for_is_not_written() {
        let chosen = Chosen {
            status: "subscribed".into(),
            consent_at: "2026-01-02".into(),
            ..Chosen::default()
        };
        assert_eq!(chosen.options(false).new_status, NewStatus::Unknown);
        let NewStatus::Subscribed { consent_at, .. } = chosen.options(true).new_status else {
            panic!("asked for, and not written")
        };
        assert_eq!(consent_at, "2026-01-02");
    }

    #[test]
    fn a_segment_must_be_chosen_or_named() {
        let names = ["VIP".to_owned()];
        let chosen = Chosen {
            to_segment: true,
            ..Chosen::default()
        };
        assert!(chosen.fault(&names).is_some());
        let named = |name: &str| {
            let segment_name = name.to_owned();
            Chosen {
                segment: NEW_SEGMENT.into(),
                segment_name,
                ..chosen.clone()
            }
            .fault(&names)
        };
        assert!(named(" ").is_some());
        assert!(named("vip ").is_some_and(|fault| fault.contains("VIP already")));
        assert_eq!(named("Fair"), None);
    }

    #[test]
    fn options_that_leave_nothing_to_do_are_noticed() {
        let chosen = Chosen {
            no_new: true,
            ..Chosen::default()
        };
        assert!(chosen.does_nothing());
        assert!(
            !Chosen {
                to_segment: true,
                action: "remove".into(),
                ..chosen
            }
            .does_nothing()
        );
    }
}
