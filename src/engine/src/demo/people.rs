//! The people of the demo: names, cities and keys, made up from lists.

use crate::random::Random;
use crate::text::folded;
use crate::value::date::{date_of, day_of, print_day};
use rustc_hash::FxHashSet;

/// Where people come from, with what they are called there.
struct Country {
    /// How many of a hundred people.
    share: usize,
    first: &'static [&'static str],
    last: &'static [&'static str],
    cities: &'static [&'static str],
    /// The beginning of its mobile numbers that belong to nobody, and how many digits follow; none where there are none.
    phones: Option<(&'static str, usize)>,
}

/// Phone numbers are of ranges kept for fiction: 06 39 98 in France (ARCEP), 07700 900 in the United Kingdom (Ofcom),
/// 020 91 in Ireland (ComReg). Spain keeps none, but gives out no numbers that begin with 79.
const COUNTRIES: [Country; 7] = [
    Country {
        share: 46,
        first: &[
            "María", "Lucía", "Sofía", "Martín", "Álvaro", "Begoña", "Íñigo", "Nuria", "Andrés", "Inés",
            "Jesús", "Raúl", "Mónica", "Óscar", "Ángela", "Pablo", "Carmen", "Hugo", "Elena", "Iker",
            "Núria", "Xavier",
        ],
        last: &[
            "García",
            "Fernández",
            "González",
            "Rodríguez",
            "Sánchez",
            "Pérez",
            "Martínez",
            "Muñoz",
            "Núñez",
            "Ibáñez",
            "Ruiz",
            "Díaz",
            "Álvarez",
            "Gutiérrez",
            "Castaño",
            "Vidal",
            "Puig",
            "Etxeberria",
            "Domínguez",
            "Vázquez",
        ],
        cities: &[
            "Madrid",
            "Barcelona",
            "Valencia",
            "Sevilla",
            "Málaga",
            "Bilbao",
            "A Coruña",
            "Cádiz",
            "León",
            "Donostia",
        ],
        phones: Some(("+3479", 7)),
    },
    Country {
        share: 14,
        first: &[
            "Chloé",
            "Zoé",
            "Léa",
            "Jérôme",
            "François",
            "Noël",
            "Hélène",
            "Théo",
            "Anaïs",
            "Mathieu",
            "Océane",
            "Luc",
        ],
        last: &[
            "Dubois",
            "Lefèvre",
            "Géraud",
            "Bérenger",
            "Moreau",
            "Girard",
            "Châtelain",
            "Roussel",
            "Besançon",
            "Petit",
        ],
        cities: &[
            "Paris",
            "Lyon",
            "Orléans",
            "Besançon",
            "Nîmes",
            "Toulouse",
            "Saint-Étienne",
        ],
        phones: Some(("+3363998", 4)),
    },
    Country {
        share: 10,
        first: &[
            "Jürgen", "Jörg", "Käthe", "Sören", "Björn", "Anja", "Lena", "Matthias", "Ömer", "Grit", "Änne",
            "Felix",
        ],
        last: &[
            "Müller",
            "Schäfer",
            "Köhler",
            "Weiß",
            "Krüger",
            "Böhm",
            "Vogel",
            "Schröder",
            "Groß",
            "Lange",
        ],
        cities: &["Berlin", "München", "Köln", "Düsseldorf", "Leipzig", "Würzburg"],
        phones: None,
    },
    Country {
        share: 10,
        first: &[
            "João",
            "Inês",
            "Conceição",
            "Luís",
            "Antónia",
            "Gonçalo",
            "Beatriz",
            "Tomás",
            "Rúben",
            "Catarina",
        ],
        last: &[
            "Gonçalves",
            "Araújo",
            "Simões",
            "Magalhães",
            "Brandão",
            "Costa",
            "Assunção",
            "Falcão",
            "Lourenço",
        ],
        cities: &["Lisboa", "Porto", "Évora", "Setúbal", "Guimarães", "Coimbra"],
        phones: None,
    },
    Country {
        share: 9,
        first: &[
            "Niccolò", "Giulia", "Matteo", "Chiara", "Rosalìa", "Lorenzo", "Martina", "Totò", "Alessia",
            "Noemi",
        ],
        last: &[
            "Rossi", "D'Angelo", "Conti", "Ricci", "Nicolò", "De Luca", "Ferrari", "Zanòn", "Bianchi",
            "Serra",
        ],
        cities: &["Milano", "Roma", "Torino", "Forlì", "Napoli", "Cantù"],
        phones: None,
    },
    Country {
        share: 7,
        first: &[
            "Olivia", "Noah", "Amelia", "Oscar", "Freya", "Harry", "Zoë", "Isla", "George", "Ruby",
        ],
        last: &[
            "Smith", "O'Neil", "Brontë", "Walker", "Hughes", "Evans", "Baker", "Turner", "Reid", "Hill",
        ],
        cities: &["London", "Leeds", "Bristol", "Glasgow", "Cardiff"],
        phones: Some(("+447700900", 3)),
    },
    Country {
        share: 4,
        first: &[
            "Aoife", "Seán", "Niamh", "Ciarán", "Róisín", "Eoin", "Sinéad", "Pádraig",
        ],
        last: &[
            "Murphy",
            "Ó Briain",
            "Kelly",
            "Byrne",
            "Nolan",
            "Ní Dhomhnaill",
            "Walsh",
        ],
        cities: &["Dublin", "Cork", "Galway", "Dún Laoghaire"],
        phones: Some(("+3532091", 5)),
    },
];

/// Domains that nobody can have (RFC 2606).
const DOMAINS: [&str; 3] = ["example.com", "example.org", "example.net"];

/// The years in which people of the demo are born.
const BORN: (i64, i64) = (1946, 2006);

/// Somebody made up; texts are in the form that a field of their kind reads, empty for no value.
#[derive(Clone, Debug, Default)]
pub(super) struct Person {
    pub email: String,
    pub external_id: String,
    pub first_name: String,
    pub last_name: String,
    pub phone: String,
    pub birthdate: String,
    pub points: String,
    pub city: String,
    pub category: String,
    pub sizes: String,
    /// How many days before today the shop got to know them.
    pub joined: i64,
    /// The subscription they came with.
    pub status: &'static str,
    pub consent_at: String,
    pub consent_source: &'static str,
}

/// Makes people up, no two with the same email.
pub(super) struct People {
    random: Random,
    taken: FxHashSet<String>,
}

impl People {
    /// People from a seed.
    pub fn new(seed: u64) -> People {
        People {
            random: Random::new(seed, 1),
            taken: FxHashSet::default(),
        }
    }

    /// Ana, whose story the demo tells.
    pub fn ana(&mut self) -> Person {
        let mut ana = self.named("Ana", "López", DOMAINS[0]);
        ana.city = "Madrid".to_owned();
        ana.phone = "+34790000001".to_owned();
        ana.birthdate = "1991-05-14".to_owned();
        ana
    }

    /// The next one.
    pub fn next(&mut self) -> Person {
        let random = &mut self.random;
        let mut place = random.below(100);
        let mut country = &COUNTRIES[0];
        for other in &COUNTRIES {
            country = other;
            match place.checked_sub(other.share) {
                Some(rest) => place = rest,
                None => break,
            }
        }
        let (first, last) = (random.pick(country.first), random.pick(country.last));
        let city = random.pick(country.cities).to_owned();
        let phone = match country.phones {
            Some((begin, digits)) if random.percent(88) => {
                format!("{begin}{:0digits$}", random.below(10usize.pow(digits as u32)))
            }
            _ => String::new(),
        };
        let domain = random.pick(&DOMAINS);
        let birthdate = if random.percent(70) {
            self.birthdate()
        } else {
            String::new()
        };
        Person {
            city,
            phone,
            birthdate,
            ..self.named(first, last, domain)
        }
    }

    fn birthdate(&mut self) -> String {
        let days = [BORN.0, BORN.1].map(|year| day_of(year, 1, 1).unwrap_or_default());
        let day = self.random.between(days[0], days[1]);
        let mut text = String::new();
        // A 29 February would have a birthday in one year of four; the demo does without.
        match date_of(day) {
            Some((_, 2, 29)) => print_day(day + 1, None, &mut text),
            _ => print_day(day, None, &mut text),
        }
        text
    }

    fn named(&mut self, first: &str, last: &str, domain: &str) -> Person {
        let plain =
            |name: &str| -> String { folded(name).chars().filter(char::is_ascii_alphanumeric).collect() };
        let name = format!("{}.{}", plain(first), plain(last));
        let mut email = format!("{name}@{domain}");
        let mut twin = 1;
        while !self.taken.insert(email.clone()) {
            twin += 1;
            email = format!("{name}{twin}@{domain}");
        }
        Person {
            email,
            first_name: first.to_owned(),
            last_name: last.to_owned(),
            ..Person::default()
        }
    }
}
