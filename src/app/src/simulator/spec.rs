//! What a person fills in for a simulation, as texts, and what is wrong with them.

use super::fixed::{parse_percent, percent_text};
use model::query::WEEKDAYS;
use model::simulation::{Chances, Season, SimulateOn, SimulationSpec};

/// One input of the form.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Key {
    /// A segment's id, or empty for everybody.
    Population,
    /// The first day (`2027-01-04`); empty for today.
    From,
    /// How many days.
    Days,
    /// How many visits a day.
    Visits,
    /// The seed.
    Seed,
    /// `copy` or `real`.
    On,
    /// One of [`SPEEDS`].
    Speed,
    /// One of [`CHANCES`], in percent.
    Chance(usize),
    /// The weight of a weekday, from Monday.
    Weekday(usize),
    /// The weight of an hour.
    Hour(usize),
    /// The peak day; empty or 0 for none.
    PeakDay,
    /// How many times as many visits the peak day has.
    Peak,
}

/// Where a chance stands among all.
type Place = fn(&mut Chances) -> &mut u16;

/// The chances: what each is of, in words, and where it stands.
pub const CHANCES: [(&str, Place); 10] = [
    ("A visit begins with a login", |of| &mut of.login),
    ("A visitor searches", |of| &mut of.search),
    ("A visitor looks at a product, and then at another", |of| {
        &mut of.view
    }),
    ("A product looked at goes into the cart", |of| &mut of.cart),
    ("A cart is bought; else it is abandoned", |of| &mut of.purchase),
    ("A visitor subscribes to the newsletter", |of| &mut of.subscribe),
    ("A visitor unsubscribes", |of| &mut of.unsubscribe),
    ("A visitor submits a form", |of| &mut of.form),
    ("A message is opened", |of| &mut of.open),
    ("An opened message is clicked", |of| &mut of.click),
];

/// How fast a simulation runs: virtual milliseconds for a second, and in words.
pub const SPEEDS: [(u64, &str); 5] = [
    (0, "As fast as it can"),
    (86_400_000, "A day a second (×86,400)"),
    (3_600_000, "An hour a second (×3,600)"),
    (60_000, "A minute a second (×60)"),
    (1_000, "Live (×1)"),
];

/// What the inputs of a form hold, and what is wrong with some of them.
pub type Faults = Vec<(Key, String)>;

impl Key {
    /// Every input, in the order of the form.
    pub fn all() -> Vec<Key> {
        use Key::*;
        let mut all = vec![Population, From, Days, Visits, Seed, On, Speed];
        all.extend((0..CHANCES.len()).map(Chance));
        all.extend((0..WEEKDAYS.len()).map(Weekday));
        all.extend((0..24).map(Hour));
        all.extend([PeakDay, Peak]);
        all
    }

    /// Its name where the form is kept.
    fn word(self) -> String {
        match self {
            Key::Population => "population".to_owned(),
            Key::From => "from".to_owned(),
            Key::Days => "days".to_owned(),
            Key::Visits => "visits".to_owned(),
            Key::Seed => "seed".to_owned(),
            Key::On => "on".to_owned(),
            Key::Speed => "speed".to_owned(),
            Key::Chance(at) => format!("chance{at}"),
            Key::Weekday(at) => format!("weekday{at}"),
            Key::Hour(at) => format!("hour{at}"),
            Key::PeakDay => "peakday".to_owned(),
            Key::Peak => "peak".to_owned(),
        }
    }

    /// What the input holds for a spec.
    pub fn text(self, of: &SimulationSpec) -> String {
        let weight = |weight: Option<&u16>| weight.map_or_else(String::new, u16::to_string);
        match self {
            Key::Population => of.population.map_or_else(String::new, |id| id.to_string()),
            // No form begins with another day than today.
            Key::From => String::new(),
            Key::Days => of.days.to_string(),
            Key::Visits => of.visits_per_day.to_string(),
            Key::Seed => of.seed.to_string(),
            Key::On if of.on == SimulateOn::Real => "real".to_owned(),
            Key::On => "copy".to_owned(),
            Key::Speed => of.speed.to_string(),
            Key::Chance(at) => {
                let mut chances = of.chances;
                let chance = CHANCES.get(at).map_or(0, |(_, place)| *place(&mut chances));
                percent_text(chance)
            }
            Key::Weekday(at) => weight(of.season.weekdays.get(at)),
            Key::Hour(at) => weight(of.season.hours.get(at)),
            Key::PeakDay if of.season.peak_day == 0 => String::new(),
            Key::PeakDay => of.season.peak_day.to_string(),
            Key::Peak => of.season.peak.to_string(),
        }
    }
}

/// Reads the inputs; `text` is what one of them holds, and `midnight` when a day begins, in milliseconds since 1970.
///
/// # Errors
/// What is wrong, each with its input.
pub fn read(
    text: impl Fn(Key) -> String,
    midnight: impl Fn(&str) -> Option<i64>,
) -> Result<SimulationSpec, Faults> {
    let mut faults = Faults::new();
    let first = text(Key::From);
    let from = match first.trim() {
        "" => None,
        day => midnight(day).or_else(|| {
            faults.push((Key::From, "A day, or nothing for today".to_owned()));
            None
        }),
    };
    let mut number = |key: Key, from: u64, to: u64, what: &str| -> u64 {
        let found: Option<u64> = text(key).trim().parse().ok();
        found
            .filter(|number| (from..=to).contains(number))
            .unwrap_or_else(|| {
                faults.push((key, what.to_owned()));
                from
            })
    };
    let days = number(Key::Days, 1, 3_650, "From 1 to 3,650 days");
    let visits = number(Key::Visits, 1, 10_000_000, "From 1 to 10,000,000 visits a day");
    let seed = number(Key::Seed, 0, u64::MAX, "The seed is a whole number");
    let speed = number(Key::Speed, 0, u64::MAX, "Choose a speed");
    let peak_day = match text(Key::PeakDay).trim() {
        "" => 0,
        _ => number(Key::PeakDay, 0, 3_650, "A day counted from 1, or nothing"),
    };
    let peak = number(Key::Peak, 1, 1_000, "From 1 to 1,000 times as many");
    let mut season = Season {
        peak_day: u32::try_from(peak_day).unwrap_or(0),
        peak: u16::try_from(peak).unwrap_or(1),
        ..Season::default()
    };
    let mut weight = |key: Key| {
        let weight = number(key, 0, 10_000, "From 0 to 10,000; 100 is usual");
        u16::try_from(weight).unwrap_or(0)
    };
    for (at, day) in season.weekdays.iter_mut().enumerate() {
        *day = weight(Key::Weekday(at));
    }
    for (at, hour) in season.hours.iter_mut().enumerate() {
        *hour = weight(Key::Hour(at));
    }
    let mut chances = Chances::default();
    for (at, (_, place)) in CHANCES.into_iter().enumerate() {
        match parse_percent(&text(Key::Chance(at))) {
            Some(chance) => *place(&mut chances) = chance,
            None => faults.push((
                Key::Chance(at),
                "From 0 to 100 %, with at most two decimals".to_owned(),
            )),
        }
    }
    let nobody = |weights: &[u16]| weights.iter().all(|weight| *weight == 0);
    if faults.is_empty() && nobody(&season.weekdays) {
        faults.push((Key::Weekday(0), "At least one weekday has visits".to_owned()));
    }
    if faults.is_empty() && nobody(&season.hours) {
        faults.push((Key::Hour(0), "At least one hour has visits".to_owned()));
    }
    if faults.is_empty() && season.peak_day > u32::try_from(days).unwrap_or(u32::MAX) {
        faults.push((
            Key::PeakDay,
            "The peak day comes after the last day simulated".to_owned(),
        ));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(SimulationSpec {
        population: text(Key::Population).parse().ok(),
        days: u32::try_from(days).unwrap_or(1),
        visits_per_day: u32::try_from(visits).unwrap_or(1),
        chances,
        season,
        seed,
        on: match text(Key::On).as_str() {
            "real" => SimulateOn::Real,
            _ => SimulateOn::Copy,
        },
        speed,
        workflow: None,
        from,
    })
}

/// What the inputs hold, as a preference keeps it: a line each.
pub fn keep(text: impl Fn(Key) -> String) -> String {
    let line = |key: Key| format!("{}={}", key.word(), text(key).replace('\n', " "));
    let lines: Vec<String> = Key::all().into_iter().map(line).collect();
    lines.join("\n")
}

/// What was kept of one input; none where nothing was.
pub fn kept(kept: &str, key: Key) -> Option<String> {
    let word = key.word();
    kept.lines().find_map(|line| {
        let (name, text) = line.split_once('=')?;
        (name == word).then(|| text.to_owned())
    })
}

/// The end of what was simulated before, where a simulation from a moment on would begin before it. One that begins
/// now follows by itself.
pub fn overlapped(from: Option<i64>, until: Option<i64>) -> Option<i64> {
    until.filter(|until| from.is_some_and(|from| from < *until))
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::SegmentId;

    /// The calendar of these tests has one day.
    fn midnight(day: &str) -> Option<i64> {
        (day == "2027-01-04").then_some(1_799_020_800_000)
    }

    #[test]
    fn the_form_reads_what_it_shows() {
        let spec = SimulationSpec {
            population: Some(SegmentId(4)),
            days: 30,
            seed: u64::MAX,
            on: SimulateOn::Real,
            speed: 60_000,
            season: Season {
                peak_day: 12,
                ..Season::default()
            },
            ..SimulationSpec::default()
        };
        assert_eq!(read(|key| key.text(&spec), midnight), Ok(spec));
        let spec = SimulationSpec::default();
        assert_eq!(read(|key| key.text(&spec), midnight), Ok(spec));
    }

    #[test]
    fn a_simulation_begins_with_its_first_day() {
        let spec = SimulationSpec::default();
        let given = |key| match key {
            Key::From => "2027-01-04".to_owned(),
            other => other.text(&spec),
        };
        let read = read(given, midnight).map(|spec| spec.from);
        assert_eq!(read, Ok(Some(1_799_020_800_000)));
    }

    #[test]
    fn what_is_kept_comes_back() {
        let spec = SimulationSpec {
            days: 3,
            ..SimulationSpec::default()
        };
        let text = keep(|key| key.text(&spec));
        let back = read(|key| kept(&text, key).unwrap_or_default(), midnight);
        assert_eq!(back, Ok(spec));
        assert_eq!(kept("", Key::Days), None);
    }

    #[test]
    fn a_fault_is_said_at_its_input() {
        let check = |key: Key, text: &str| {
            let spec = SimulationSpec::default();
            let given = |of: Key| {
                if of == key {
                    text.to_owned()
                } else {
                    of.text(&spec)
                }
            };
            let faults = read(given, midnight).err().unwrap_or_default();
            faults.into_iter().map(|(key, _)| key).collect::<Vec<_>>()
        };
        for (key, bad, good) in [
            (Key::From, "Monday", ""),
            (Key::From, "2027-13-01", " 2027-01-04 "),
            (Key::Days, "0", "1"),
            (Key::Days, "a week", "3650"),
            (Key::Visits, "-5", "5"),
            (Key::Seed, "1.5", "0"),
            (Key::Chance(2), "101", "100"),
            (Key::Weekday(6), "", "0"),
            (Key::Hour(23), "many", "200"),
            (Key::PeakDay, "8", "7"),
            (Key::Peak, "0", "2"),
        ] {
            assert_eq!(check(key, bad), [key], "{bad}");
            assert_eq!(check(key, good), [], "{good}");
        }
    }

    #[test]
    fn somebody_comes_on_some_day() {
        let spec = SimulationSpec::default();
        let nobody = |key| match key {
            Key::Weekday(_) => "0".to_owned(),
            other => other.text(&spec),
        };
        let faults = read(nobody, midnight);
        let faults = faults.err().unwrap_or_default();
        assert!(matches!(faults.as_slice(), [(Key::Weekday(0), _)]));
    }

    #[test]
    fn only_a_first_day_within_an_earlier_simulation_overlaps_it() {
        for (from, until, told) in [
            (Some(5), Some(9), Some(9)),
            (Some(9), Some(9), None),
            (Some(5), None, None),
            (None, Some(9), None),
        ] {
            assert_eq!(overlapped(from, until), told);
        }
    }
}
