//! The table and the file that the benchmark ends with.

use serde_json::{Value, json};
use std::fmt::Write;

/// What one round gave, in milliseconds and bytes.
pub struct Figures {
    contacts: u64,
    /// Bytes of the CSV file.
    size: f64,
    noted: Vec<(&'static str, f64)>,
}

impl Figures {
    /// Nothing yet.
    pub fn new(contacts: u64, size: f64) -> Self {
        let noted = Vec::new();
        Self {
            contacts,
            size,
            noted,
        }
    }

    /// Notes a figure; what is noted several times under a name are several samples.
    pub fn note(&mut self, what: &'static str, figure: f64) {
        self.noted.push((what, figure));
    }

    fn all(&self, what: &str) -> impl Iterator<Item = f64> {
        self.noted
            .iter()
            .filter(move |(name, _)| *name == what)
            .map(|(_, figure)| *figure)
    }

    /// The worst sample; infinite where there is none, so that a figure that was lost meets no budget.
    fn worst(&self, what: &str) -> f64 {
        self.all(what).reduce(f64::max).unwrap_or(f64::INFINITY)
    }

    fn mean(&self, what: &str) -> f64 {
        self.all(what).sum::<f64>() / self.all(what).count() as f64
    }
}

enum Budget {
    None,
    AtMost(f64),
    AtLeast(f64),
}

struct Line {
    what: &'static str,
    unit: &'static str,
    budget: Budget,
    figure: fn(&Figures) -> f64,
}

const fn line(what: &'static str, unit: &'static str, budget: Budget, figure: fn(&Figures) -> f64) -> Line {
    Line {
        what,
        unit,
        budget,
        figure,
    }
}

/// Design, section 12.
const LINES: [Line; 43] = {
    use Budget::{AtLeast, AtMost, None};
    [
        line("floor", "s", None, |f| f.mean("floor") / 1e3),
        line("import, with its check", "s", None, |f| f.worst("import") / 1e3),
        line("import by the floor", "×", AtMost(2.0), |f| {
            f.worst("import") / f.mean("floor")
        }),
        line("import", "rows/s", AtLeast(300_000.0), |f| {
            f.contacts as f64 / f.worst("import") * 1e3
        }),
        line("longest task of the page", "ms", AtMost(50.0), |f| {
            f.worst("longest task of the page")
        }),
        line("memory, peak, by the CSV", "×", AtMost(6.0), |f| {
            f.worst("memory, peak") / f.size
        }),
        line("memory, at rest, by the CSV", "×", AtMost(2.5), |f| {
            f.worst("memory, at rest") / f.size
        }),
        line("bytes stored, by the CSV", "×", AtMost(1.1), |f| {
            f.worst("bytes stored") / f.size
        }),
        line("open", "ms", AtMost(1000.0), |f| f.worst("open")),
        line("search", "ms", AtMost(100.0), |f| f.worst("search")),
        line("filter", "ms", AtMost(100.0), |f| f.worst("filter")),
        line("sort, the first time", "ms", AtMost(400.0), |f| {
            f.worst("sort, the first time")
        }),
        line("sort, again", "ms", AtMost(100.0), |f| f.worst("sort, again")),
        line("scroll", "frames/s", AtLeast(60.0), |f| f.worst("scroll")),
        line("longest blank", "ms", AtMost(100.0), |f| f.worst("longest blank")),
        line("set operation", "ms", AtMost(30.0), |f| f.worst("set operation")),
        line("undo of the import", "ms", AtMost(1000.0), |f| f.worst("undo")),
        line("export", "ms", AtMost(2000.0), |f| f.worst("export")),
        line("overlap of 50 segments", "ms", AtMost(250.0), |f| {
            f.worst("overlap")
        }),
        line("regions of 3 segments", "ms", AtMost(30.0), |f| {
            f.worst("regions")
        }),
        line("a segment as of a date", "ms", AtMost(50.0), |f| f.worst("as of")),
        line("analytics", "ms", AtMost(300.0), |f| f.worst("analytics")),
        line("contact sheet", "ms", AtMost(50.0), |f| f.worst("sheet")),
        line("history page", "ms", AtMost(100.0), |f| f.worst("history")),
        line("undo, all memberships", "ms", AtMost(1000.0), |f| {
            f.worst("undo of a membership")
        }),
        line("a change set at rest", "bytes", None, |f| {
            f.worst("bytes of a change set")
        }),
        line("floor beside the dry run", "s", None, |f| {
            f.mean("floor beside the dry run") / 1e3
        }),
        line("events of a dry run", "", None, |f| f.worst("events")),
        line("events through 10 nodes", "events/s", AtLeast(2_000_000.0), |f| {
            f.worst("events") / f.worst("dry run, after its copy") * 1e3
        }),
        line("dry run, by 10,000,000", "s", AtMost(8.0), |f| {
            f.worst("dry run") / f.worst("events") * 1e4
        }),
        line("memory of an event", "bytes", AtMost(40.0), |f| {
            (f.worst("memory, after events") - f.worst("memory, before events")) / f.worst("events")
        }),
        line("work while people wait", "ms/s", AtMost(10.0), |f| {
            f.worst("idle")
        }),
        line("canvas, 500 nodes drawn", "ms", AtMost(300.0), |f| {
            f.worst("canvas")
        }),
        line("canvas, drag", "frames/s", AtLeast(50.0), |f| f.worst("drag")),
        line("canvas, pan", "frames/s", AtLeast(50.0), |f| f.worst("pan")),
        line("canvas, tidy layout", "ms", AtMost(200.0), |f| {
            f.worst("tidy layout")
        }),
        line("events, kept", "", None, |f| f.worst("events kept")),
        line("export of activities", "ms", AtMost(10_000.0), |f| {
            f.worst("activities")
        }),
        line("ad audience", "ms", AtMost(4000.0), |f| f.worst("audience")),
        line("backup", "ms", AtMost(4000.0), |f| f.worst("backup")),
        line("backup, by the CSV", "×", AtMost(0.5), |f| {
            f.worst("bytes of a backup") / f.size
        }),
        line("restore", "ms", AtMost(5000.0), |f| f.worst("restore")),
        line("open, the host gone", "ms", AtMost(1000.0), |f| {
            f.worst("open, the host gone")
        }),
    ]
};

/// Contacts, and seconds of their floor on the quiet machine of two cores that the budgets were set on (design,
/// section 3).
const QUIET: (u64, f64) = (1_000_000, 0.87 + 0.55);

/// Everything that was measured: for each size its rounds, and the compressed bytes of the first download.
pub struct Report {
    /// Contacts, and what each round with them gave.
    pub sizes: Vec<(u64, Vec<Figures>)>,
    /// Compressed bytes of everything a first visit asks for.
    pub download: u64,
    /// Whether nothing but the dry run was measured.
    pub only_events: bool,
}

/// A line with the median of each size, and the share of its budget that the greatest size takes.
struct Row {
    what: &'static str,
    unit: &'static str,
    medians: Vec<f64>,
    budget: String,
    share: Option<f64>,
}

impl Report {
    fn rows(&self) -> Vec<Row> {
        let row = |what, unit, budget: &Budget, medians: Vec<f64>| {
            let last = medians.last().copied().unwrap_or(f64::NAN);
            let (budget, share) = match budget {
                Budget::None => (String::new(), None),
                Budget::AtMost(most) => (format!("≤ {}", number(*most)), Some(last / most)),
                Budget::AtLeast(least) => (format!("≥ {}", number(*least)), Some(least / last)),
            };
            Row {
                what,
                unit,
                medians,
                budget,
                share,
            }
        };
        let mut rows: Vec<Row> = LINES
            .iter()
            .map(|line| {
                let medians = self
                    .sizes
                    .iter()
                    .map(|(_, rounds)| median(rounds.iter().map(line.figure)));
                row(line.what, line.unit, &line.budget, medians.collect())
            })
            .collect();
        if self.only_events {
            rows.retain(|row| row.medians.iter().all(|median| median.is_finite()));
            return rows;
        }
        let download = vec![self.download as f64 / 1e3; self.sizes.len()];
        rows.push(row(
            "first download, compressed",
            "KB",
            &Budget::AtMost(700.0),
            download,
        ));
        rows
    }

    /// How many times as long as on the quiet machine one of the floors took, if it was measured at that size.
    fn pace(&self, floor: &str) -> Option<f64> {
        let (_, rounds) = self.sizes.iter().find(|(contacts, _)| *contacts == QUIET.0)?;
        let pace = median(rounds.iter().map(|round| round.mean(floor) / 1e3)) / QUIET.1;
        pace.is_finite().then_some(pace)
    }

    /// The table that is printed.
    pub fn table(&self) -> String {
        let mut table = format!("{:<28} {:>8}", "", "");
        // Writing to a string cannot fail.
        for (contacts, _) in &self.sizes {
            write!(table, " {:>10}", number(*contacts as f64)).unwrap();
        }
        writeln!(table, "  {:<11} share of it", "budget").unwrap();
        for row in self.rows() {
            write!(table, "{:<28} {:>8}", row.what, row.unit).unwrap();
            for median in row.medians {
                write!(table, " {:>10}", number(median)).unwrap();
            }
            write!(table, "  {:<11}", row.budget).unwrap();
            match row.share {
                Some(share) if share > 1.0 => write!(table, " {share:.2}  over budget").unwrap(),
                Some(share) => write!(table, " {share:.2}").unwrap(),
                None => {}
            }
            table.truncate(table.trim_end().len());
            table.push('\n');
        }
        for floor in ["floor", "floor beside the dry run"] {
            if let Some(pace) = self.pace(floor) {
                let quiet = "as long as on the quiet machine of the design, and what was measured in seconds then with it";
                writeln!(table, "\nThe {floor} took {pace:.2} times {quiet}").unwrap();
            }
        }
        table
    }

    /// The same with every sample.
    pub fn json(&self) -> Value {
        let rows = self.rows().into_iter().map(|row| {
            json!({ "what": row.what, "unit": row.unit, "medians": row.medians, "budget": row.budget, "share": row.share })
        });
        let sizes = self.sizes.iter().map(|(contacts, rounds)| {
            let rounds = rounds.iter().map(|round| json!(round.noted));
            json!({ "contacts": contacts, "rounds": rounds.collect::<Vec<_>>() })
        });
        let cores = std::thread::available_parallelism().map_or(1, usize::from);
        json!({ "cores": cores, "pace": self.pace("floor"), "pace beside the dry run": self.pace("floor beside the dry run"), "rows": rows.collect::<Vec<_>>(), "sizes": sizes.collect::<Vec<_>>() })
    }
}

fn median(figures: impl Iterator<Item = f64>) -> f64 {
    let mut figures: Vec<f64> = figures.collect();
    figures.sort_by(f64::total_cmp);
    figures.get(figures.len() / 2).copied().unwrap_or(f64::NAN)
}

/// Three digits of a small number; a great one whole, in groups of three.
fn number(number: f64) -> String {
    if !number.is_finite() {
        return "none".to_owned();
    }
    if number < 100.0 {
        let text = format!("{number:.2}");
        return text.trim_end_matches('0').trim_end_matches('.').to_owned();
    }
    let digits = format!("{number:.0}");
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
