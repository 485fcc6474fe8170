//! What a simulation or an import of events gave, in numbers and words.

use super::fixed::amount;
use crate::ui::format::{contacts, count, number};
use model::simulation::{EventsReport, SegmentShift, SimulationReport};
use model::workflow::NodeStats;

/// A labelled number with a detail, as [`crate::ui::Numbers`] shows it.
type Line = (String, String, String);

fn line(label: &str, number: String, detail: impl Into<String>) -> Line {
    (label.to_owned(), number, detail.into())
}

/// How many events there were in all.
pub fn events(report: &SimulationReport) -> u64 {
    report.events.iter().map(|(_, many)| many).sum()
}

/// A simulation in numbers; `moment` prints a moment.
pub fn simulated(report: &SimulationReport, moment: impl Fn(i64) -> String) -> Vec<Line> {
    let mut lines = vec![
        line("Events", number(events(report)), ""),
        line("Contacts who took part", number(report.contacts), ""),
        line("Amount of all purchases", amount(report.amount), ""),
        line("From", moment(report.from), ""),
        line("Until", moment(report.until), ""),
    ];
    let kinds = report.events.iter().filter(|(_, many)| *many > 0);
    lines.extend(kinds.map(|(kind, many)| line(kind.label(), number(*many), "")));
    lines
}

/// How a segment changed: “1,204 → 1,210: 8 came, 2 went”.
pub fn shift(shift: &SegmentShift) -> String {
    format!(
        "{} → {}: {} came, {} went",
        number(shift.before),
        number(shift.after),
        number(shift.came),
        number(shift.went)
    )
}

/// What happened in a workflow, in numbers: passes, how many wait in it, and failures, where there are any.
pub fn passes(nodes: &[NodeStats]) -> String {
    let sum = |of: fn(&NodeStats) -> u64| nodes.iter().map(of).sum::<u64>();
    let failed = sum(|node| node.failed);
    let mut words = format!(
        "{} · {} inside now · {} ended",
        count(
            sum(|node| node.entered),
            "arrival at a node",
            "arrivals at its nodes"
        ),
        contacts(sum(|node| node.inside)),
        number(sum(|node| node.ended))
    );
    if failed > 0 {
        words.push_str(&format!(" · {} failed", number(failed)));
    }
    words
}

/// An import of events in numbers; `moment` prints a moment.
pub fn imported(report: &EventsReport, moment: impl Fn(i64) -> String) -> Vec<Line> {
    let mut lines = vec![
        line("Rows read", number(report.rows), ""),
        line("Rows imported", number(report.imported), ""),
        line("Rows rejected", number(report.rejected), ""),
        line("Events", number(report.events), ""),
        line("Contacts they belong to", number(report.contacts), ""),
        line("New contacts", number(report.created), ""),
        line("Amount", amount(report.amount), ""),
    ];
    if report.events > 0 {
        lines.push(line("From", moment(report.from), ""));
        lines.push(line("Until", moment(report.until), ""));
    }
    lines
}

/// The rows as a sum that a person can check.
pub fn sum(report: &EventsReport) -> String {
    let blank = match report.blank {
        0 => String::new(),
        many => format!("; {} beside them", count(many, "blank line", "blank lines")),
    };
    format!(
        "{} = {} imported + {} rejected{blank}",
        count(report.rows, "row read", "rows read"),
        number(report.imported),
        number(report.rejected)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::event::EventKind;

    #[test]
    fn only_kinds_that_happened_are_told() {
        let report = SimulationReport {
            events: vec![(EventKind::Purchase, 1_204), (EventKind::Login, 0)],
            amount: 599_000,
            ..SimulationReport::default()
        };
        let lines = simulated(&report, |at| at.to_string());
        assert_eq!(
            lines.first(),
            Some(&line("Events", "1,204".to_owned(), String::new()))
        );
        assert_eq!(
            lines.last(),
            Some(&line("Purchase", "1,204".to_owned(), String::new()))
        );
        assert_eq!(lines.len(), 6);
    }

    #[test]
    fn rows_add_up() {
        let report = EventsReport {
            rows: 1_200,
            imported: 1_190,
            rejected: 10,
            blank: 1,
            ..EventsReport::default()
        };
        assert_eq!(
            sum(&report),
            "1,200 rows read = 1,190 imported + 10 rejected; 1 blank line beside them"
        );
    }

    #[test]
    fn failures_are_told_where_there_are_some() {
        let node = NodeStats {
            entered: 5,
            inside: 1,
            ended: 4,
            ..NodeStats::default()
        };
        assert_eq!(
            passes(std::slice::from_ref(&node)),
            "5 arrivals at its nodes · 1 contact inside now · 4 ended"
        );
        let failed = NodeStats { failed: 2, ..node };
        assert!(passes(&[failed]).ends_with("· 2 failed"));
    }
}
