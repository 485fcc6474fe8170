//! Conditions on what contacts did, for one contact in a workflow and for all of them in a filter.

use super::filter::{CompiledFilter, FieldOf, number_of};
use super::log::{Log, Row};
use super::read::Scale;
use super::words::did;
use crate::column::NONE;
use crate::refused::Refused;
use crate::value::Zone;
use crate::value::date::DAY;
use crate::workspace::Workspace;
use model::event::{Behaviour, EventKind, Measure, Window};
use model::{FieldType, Op};
use roaring::RoaringBitmap;

/// The pass in which a condition is asked.
#[derive(Clone, Copy, Debug)]
pub struct PassContext {
    /// When the pass began, in milliseconds since 1970.
    pub began: i64,
    /// The row of the event that started it.
    pub trigger: Option<u32>,
}

/// A condition, ready to be asked often.
#[derive(Clone, Debug)]
pub struct CompiledBehaviour {
    kind: EventKind,
    measure: Measure,
    op: Op,
    /// What the count is compared with, see [`Scale`].
    number: i128,
    window: Window,
    with_trigger: bool,
    filter: CompiledFilter,
    /// Which events count, in words.
    words: String,
}

/// The moments of a window: from the first, which is left out, up to the last.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Span {
    after: i64,
    until: i64,
}

impl Span {
    /// The moments of a window outside of any pass, seen from a moment.
    pub(crate) fn of(window: Window, now: i64, zone: &Zone) -> Span {
        Span::within(window, now, zone, None)
    }

    /// The moments of a window, seen from a moment and a pass.
    fn within(window: Window, now: i64, zone: &Zone, pass: Option<PassContext>) -> Span {
        let (after, until) = match window {
            // In a pass nothing counts that happened after it, though it may be known already.
            Window::Ever => (i64::MIN, pass.map_or(i64::MAX, |_| now)),
            Window::LastDays(days) => (now.saturating_sub(i64::from(days).saturating_mul(DAY)), now),
            Window::Between(from, to) => {
                let (from, to) = (from.min(to), from.max(to));
                let start = |day: i64| zone.moment(day.saturating_mul(DAY)).saturating_sub(1);
                (start(from), start(to.saturating_add(1)))
            }
            Window::SincePass => match pass {
                Some(pass) => (pass.began.saturating_sub(1), now),
                None => (i64::MIN, i64::MAX),
            },
        };
        Span { after, until }
    }

    /// Whether a moment is one of them.
    pub(crate) fn holds(&self, when: i64) -> bool {
        when > self.after && when <= self.until
    }
}

impl CompiledBehaviour {
    /// Makes a condition ready.
    ///
    /// # Errors
    /// [`Refused`] where a value is none of its attribute's, or a field does not exist.
    pub fn new(workspace: &Workspace, behaviour: &Behaviour) -> Result<CompiledBehaviour, Refused> {
        let (name, kind) = match behaviour.measure {
            Measure::Count => ("Count", FieldType::Integer),
            Measure::Amount => ("Amount", FieldType::Decimal),
        };
        if !Behaviour::OPS.contains(&behaviour.op) {
            return Err(Refused::Value {
                key: "number".to_owned(),
                field: name.to_owned(),
                reason: format!("“{}” can’t be asked of it", behaviour.op.label(kind)),
            });
        }
        Ok(CompiledBehaviour {
            kind: behaviour.kind,
            measure: behaviour.measure,
            op: behaviour.op,
            number: number_of(workspace, "number", name, kind, &behaviour.number)?,
            window: behaviour.window,
            with_trigger: behaviour.with_trigger,
            filter: CompiledFilter::new(workspace, &behaviour.filter)?,
            words: super::words::filter(workspace, &behaviour.filter),
        })
    }

    /// Whether it holds for one contact at a moment.
    pub fn holds(
        &self,
        log: &Log,
        contact: u32,
        now: i64,
        zone: &Zone,
        pass: Option<PassContext>,
        field: FieldOf<'_>,
    ) -> bool {
        // One more than the number decides every comparison of a count.
        let enough = match self.measure {
            Measure::Count => self.number / Scale::whole(1) + 1,
            Measure::Amount => i128::MAX,
        };
        self.compare(self.counted(log, contact, self.span(now, zone, pass), pass, field, enough))
    }

    /// What was counted, for a trace: how many events, or their amount in ten-thousandths.
    pub fn count(
        &self,
        log: &Log,
        contact: u32,
        now: i64,
        zone: &Zone,
        pass: Option<PassContext>,
        field: FieldOf<'_>,
    ) -> i128 {
        self.counted(log, contact, self.span(now, zone, pass), pass, field, i128::MAX)
    }

    /// What was counted, in words: “Purchased 3 times within the last 90 days”.
    pub fn explain(&self, counted: i128) -> String {
        did(self.kind, self.measure, counted, self.window) + &self.words
    }

    /// The contacts for whom it holds, the dead included.
    pub fn found(&self, workspace: &Workspace, now: i64) -> RoaringBitmap {
        self.found_until(workspace, now).0
    }

    /// The contacts for whom it holds, the dead included; and the moment at which that may be others, because an event
    /// grows too old or its time comes.
    pub(crate) fn found_until(&self, workspace: &Workspace, now: i64) -> (RoaringBitmap, i64) {
        let contacts = workspace.next_contact(0);
        let mut counts = vec![0i64; contacts as usize];
        let span = self.span(now, &workspace.zone, None);
        let mut until = i64::MAX;
        let window = match self.window {
            Window::LastDays(days) => Some(i64::from(days).saturating_mul(DAY)),
            _ => None,
        };
        workspace.log.each(self.kind, &mut |_, one| {
            let when = one.when();
            if !span.holds(when) {
                if window.is_some() && when > now {
                    until = until.min(when);
                }
                return;
            }
            let contact = one.contact();
            let field = |field| workspace.values_of(field).cell(contact);
            if !self.filter.passes_row(one, None, &field) {
                return;
            }
            if let Some(window) = window {
                until = until.min(when.saturating_add(window));
            }
            if let Some(count) = counts.get_mut(contact as usize) {
                *count = count.saturating_add(self.worth(&one));
            }
        });
        let holds = (0..contacts)
            .zip(&counts)
            .filter(|(_, count)| self.compare(i128::from(**count)));
        let found = RoaringBitmap::from_sorted_iter(holds.map(|(contact, _)| contact));
        (found.unwrap_or_default(), until)
    }

    /// What an event adds to the count.
    fn worth(&self, row: &Row<'_>) -> i64 {
        match self.measure {
            Measure::Count => 1,
            Measure::Amount => match row.amount() {
                NONE => 0,
                amount => amount,
            },
        }
    }

    fn counted(
        &self,
        log: &Log,
        contact: u32,
        span: Span,
        pass: Option<PassContext>,
        field: FieldOf<'_>,
        enough: i128,
    ) -> i128 {
        let in_order = log.in_order(contact);
        let trigger = pass.and_then(|pass| pass.trigger);
        let mut counted = 0;
        for (number, row) in log.events(contact) {
            let when = row.when();
            if when <= span.after && in_order {
                break;
            }
            let left_out = !self.with_trigger && trigger == Some(number);
            if left_out || !span.holds(when) || row.kind() != Some(self.kind) {
                continue;
            }
            if self.filter.passes_row(row, trigger, field) {
                counted += i128::from(self.worth(&row));
                if counted >= enough {
                    break;
                }
            }
        }
        counted
    }

    fn span(&self, now: i64, zone: &Zone, pass: Option<PassContext>) -> Span {
        Span::within(self.window, now, zone, pass)
    }

    /// Whether a count stands to the number as asked.
    fn compare(&self, counted: i128) -> bool {
        let counted = match self.measure {
            Measure::Count => counted.saturating_mul(Scale::whole(1)),
            Measure::Amount => counted.saturating_mul(Scale::amount(1)),
        };
        match self.op {
            Op::AtLeast => counted >= self.number,
            Op::AtMost => counted <= self.number,
            Op::Is => counted == self.number,
            Op::IsNot => counted != self.number,
            Op::Greater => counted > self.number,
            Op::Less => counted < self.number,
            _ => false,
        }
    }
}
