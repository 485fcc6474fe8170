//! The sign of each node of the palette: where there is no room for names, nodes are told apart by it.

use model::event::EventKind;
use model::workflow::NodeKind;
use model::workflow::node::{Channel, Condition, On, Until};

const BAG: &str = "M5 8h14l1 13H4zM8 8a4 4 0 0 1 8 0";
const BOX: &str = "M4 8l8-4 8 4v8l-8 4-8-4zM4 8l8 4 8-4M12 12v8";
const BUBBLE: &str = "M4 5h16v11h-9l-5 4v-4H4z";
const CALENDAR: &str = "M4 6h16v14H4zM4 10h16M8 3v4M16 3v4";
const CART: &str = "M3 4h2l3 11h10l2-8H6M9 20h.01M17 20h.01M13 9v4M11 11h4";
const CLOCK: &str = "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2";
const CURSOR: &str = "M6 4l12 8-5 1-2 6z";
const DOOR: &str = "M14 4h5v16h-5M4 12h10M10 8l4 4-4 4";
const EMPTY_CART: &str = "M3 4h2l3 11h10l2-8H6M9 20h.01M17 20h.01M12 10l3 3M15 10l-3 3";
const ENVELOPE: &str = "M3 6h18v13H3zM3 7l9 6 9-6";
const ENVELOPE_LESS: &str = "M3 6h18v13H3zM3 7l9 6 9-6M9 16h6";
const ENVELOPE_MORE: &str = "M3 6h18v13H3zM3 7l9 6 9-6M9 16h6M12 14v4";
const ENVELOPE_OPEN: &str = "M3 10l9-7 9 7v10H3zM3 11l9 5 9-5";
const EQUALS: &str = "M5 9h14M5 15h14M8 20l8-16";
const FLAG: &str = "M6 21V4h13l-3 4 3 4H6";
const FORK: &str = "M4 12h6l6-6h4M10 12l6 6h4";
const FORM: &str = "M5 3h14v18H5zM8 8h8M8 12h8M9 17l2 2 4-4";
const GLASS: &str = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4";
const HALVES: &str = "M3 19l4-14 4 14M4.5 14h5M14 5h4a3 3 0 0 1 0 7h-4zM14 12h4.5a3.5 3.5 0 0 1 0 7H14z";
const HOURGLASS: &str = "M6 3h12M6 21h12M7 3c0 6 5 6 5 9s-5 3-5 9M17 3c0 6-5 6-5 9s5 3 5 9";
const LIGHTNING: &str = "M13 3L5 14h6l-1 7 8-11h-6z";
const LINES: &str = "M4 6h16M4 12h10M4 18h7";
const LINES_CHANGED: &str = "M4 6h16M4 12h8M4 18h5M12 20l1-4 6-6 3 3-6 6z";
const PAGE: &str = "M14 3H6v18h12V7zM14 3v4h4M9 12h6M9 16h6";
const PERSON_MORE: &str = "M10 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM3 20a7 7 0 0 1 14 0M19 8v6M16 11h6";
const PLAY: &str = "M7 4l12 8-12 8z";
const RING: &str = "M6 17V11a6 6 0 0 1 12 0v6l2 2H4zM10 22h4";
const SEARCHED_BOX: &str = "M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14zM20 20l-4-4M8 9h6v5H8z";
const SET: &str = "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM9 12l2 2 4-4";
const SET_LESS: &str = "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM8 12h8";
const SET_MORE: &str = "M12 20a8 8 0 1 0 0-16 8 8 0 0 0 0 16zM8 12h8M12 8v8";

fn of_event(kind: EventKind) -> &'static str {
    match kind {
        EventKind::Purchase => BAG,
        EventKind::ProductVisited => BOX,
        EventKind::ProductSearched => SEARCHED_BOX,
        EventKind::CartAdded => CART,
        EventKind::CartRemoved | EventKind::CartAbandoned => EMPTY_CART,
        EventKind::Search => GLASS,
        EventKind::PageVisited => PAGE,
        EventKind::Login => DOOR,
        EventKind::Register => PERSON_MORE,
        EventKind::Subscribed => ENVELOPE_MORE,
        EventKind::Unsubscribed => ENVELOPE_LESS,
        EventKind::FormSubmitted => FORM,
        EventKind::EmailOpened => ENVELOPE_OPEN,
        EventKind::EmailClicked => CURSOR,
        _ => LIGHTNING,
    }
}

/// The sign of a node, as the path of an icon of 24 by 24.
pub fn sign(kind: &NodeKind) -> &'static str {
    match kind {
        NodeKind::Start(_) => PLAY,
        NodeKind::Trigger(trigger) => match &trigger.on {
            On::Event(event) => of_event(event.kind),
            On::CartAbandoned { .. } => EMPTY_CART,
            On::EnterSegment(_) => SET_MORE,
            On::LeaveSegment(_) => SET_LESS,
            On::FieldChange { .. } => LINES_CHANGED,
            On::Date { .. } => CALENDAR,
        },
        NodeKind::Condition(condition) => match condition {
            Condition::Check { .. } => EQUALS,
            Condition::HasField(_) => LINES,
            Condition::InSegment { .. } => SET,
            Condition::Did(behaviour) => of_event(behaviour.kind),
        },
        NodeKind::AddToSegment(_) => SET_MORE,
        NodeKind::RemoveFromSegment(_) => SET_LESS,
        NodeKind::SetField(_) => LINES_CHANGED,
        NodeKind::Wait(wait) => match wait.until {
            Until::Activity { .. } => HOURGLASS,
            _ => CLOCK,
        },
        NodeKind::Split(split) => {
            if split.ab {
                HALVES
            } else {
                FORK
            }
        }
        NodeKind::Send(send) => match send.channel {
            Channel::Email => ENVELOPE,
            Channel::Sms => BUBBLE,
            Channel::Push => RING,
        },
        NodeKind::Finish => FLAG,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::workflow::OFFERS;

    #[test]
    fn no_two_nodes_of_a_group_share_a_sign() {
        for (at, offer) in OFFERS.iter().enumerate() {
            let mine = sign(&(offer.make)());
            let others = OFFERS
                .iter()
                .skip(at + 1)
                .filter(|other| other.group == offer.group);
            for other in others {
                assert_ne!(mine, sign(&(other.make)()), "{} and {}", offer.label, other.label);
            }
        }
    }
}
