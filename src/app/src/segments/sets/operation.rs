//! Set operations as plain data: which regions they take, and the formula that finds those.
//!
//! A region is a place below 2ⁿ: bit `i` says whether its contacts are in set `i`. Some regions together are a number
//! with one bit a region, so that the 64 regions of six sets fit.

use model::{Group, Mode, Rule};

/// At most so many sets.
pub const MOST: usize = 6;

/// What is made of the sets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operation {
    /// In at least one.
    Union,
    /// In every one.
    Intersection,
    /// In the first and in no other.
    Difference,
    /// In exactly one.
    Exclusion,
    /// In the regions that were chosen.
    Custom,
}

/// Every operation with its key, its name and what it takes.
pub const OPERATIONS: [(Operation, &str, &str, &str); 5] = [
    (Operation::Union, "union", "Union", "In at least one of them"),
    (
        Operation::Intersection,
        "intersection",
        "Intersection",
        "In all of them",
    ),
    (
        Operation::Difference,
        "difference",
        "Difference",
        "In the first, less the others",
    ),
    (
        Operation::Exclusion,
        "exclusion",
        "Exclusion",
        "In exactly one of them",
    ),
    (
        Operation::Custom,
        "custom",
        "Custom",
        "The regions chosen in the picture",
    ),
];

/// For each set the regions that are in it.
const WITHIN: [u64; MOST] = [
    0xAAAA_AAAA_AAAA_AAAA,
    0xCCCC_CCCC_CCCC_CCCC,
    0xF0F0_F0F0_F0F0_F0F0,
    0xFF00_FF00_FF00_FF00,
    0xFFFF_0000_FFFF_0000,
    0xFFFF_FFFF_0000_0000,
];

/// Every region of so many sets, but the one of those in none.
pub fn all(sets: usize) -> u64 {
    everywhere(sets) & !1
}

/// Every region of so many sets.
fn everywhere(sets: usize) -> u64 {
    u64::MAX >> (64 - (1u32 << sets.min(MOST)))
}

impl Operation {
    /// The regions that it takes of so many sets; `custom` are those chosen by hand.
    pub fn regions(self, sets: usize, custom: u64) -> u64 {
        let regions = match self {
            Operation::Union => u64::MAX,
            Operation::Intersection => 1 << ((1u32 << sets.min(MOST)) - 1),
            Operation::Difference => 1 << 1,
            Operation::Exclusion => (0..sets.min(MOST)).fold(0, |all, set| all | 1 << (1u32 << set)),
            Operation::Custom => custom,
        };
        regions & all(sets)
    }
}

/// How many contacts some regions have together.
pub fn count(regions: u64, counts: &[u64]) -> u64 {
    let counts = counts.iter().take(64).enumerate();
    counts
        .filter(|(place, _)| regions >> place & 1 == 1)
        .map(|(_, count)| count)
        .sum()
}

/// How many contacts a set has.
pub fn size(set: usize, counts: &[u64]) -> u64 {
    count(WITHIN.get(set).copied().unwrap_or(0), counts)
}

/// The shortest formula, or nearly so, of some regions; none where there are none.
///
/// A product of sets (“in A and not in C”) takes all regions that agree with it. Those products that take no other region
/// than the chosen ones are tried, the one of most regions and fewest sets first, until every region is taken.
pub fn formula(sets: &[Group], regions: u64) -> Option<Group> {
    let many = sets.len().min(MOST);
    let everywhere = everywhere(many);
    let regions = regions & all(many);
    let mut left = regions;
    let mut products = Vec::new();
    while left != 0 {
        let mut best = ((0, 0), 0, 0, 0);
        for asked in 0..1u32 << many {
            for inside in (0..1u32 << many).filter(|inside| inside & !asked == 0) {
                let mut taken = everywhere;
                for (set, within) in WITHIN.iter().enumerate().take(many) {
                    if asked >> set & 1 == 1 {
                        taken &= if inside >> set & 1 == 1 { *within } else { !within };
                    }
                }
                let worth = ((taken & left).count_ones(), asked.count_zeros());
                if taken & !regions == 0 && worth > best.0 {
                    best = (worth, asked, inside, taken);
                }
            }
        }
        let (_, asked, inside, taken) = best;
        left &= !taken;
        products.push(product(sets, asked, inside));
        if taken == 0 {
            // A single region is always a product, so this can't be.
            break;
        }
    }
    match products.len() {
        0 => None,
        1 => products.pop(),
        _ => Some(Group {
            mode: Mode::Any,
            rules: products.iter().map(rule).collect(),
        }),
    }
}

/// In some sets and not in others; the ones it is in come first.
fn product(sets: &[Group], asked: u32, inside: u32) -> Group {
    let mut rules = Vec::new();
    let mut out = Vec::new();
    for (at, set) in sets.iter().enumerate() {
        let is = |bits: u32| bits >> at & 1 == 1;
        match rule(set) {
            _ if !is(asked) => {}
            rule if is(inside) => rules.push(rule),
            rule => out.push(rule),
        }
    }
    let mut none = Vec::new();
    for rule in out {
        match rule {
            Rule::Segment { segment, member } => rules.push(Rule::Segment {
                segment,
                member: !member,
            }),
            rule => none.push(rule),
        }
    }
    if !none.is_empty() {
        rules.push(Rule::Group(Group {
            mode: Mode::None,
            rules: none,
        }));
    }
    Group::all(rules)
}

/// A group as one rule: its only rule, where it has only one.
fn rule(group: &Group) -> Rule {
    match group.rules.as_slice() {
        [only] if group.mode != Mode::None => only.clone(),
        _ => Rule::Group(group.clone()),
    }
}

/// A region in words: “Only in A”, “In A and B, not in C”.
pub fn region_words(place: usize, names: &[String]) -> String {
    let of = |inside: bool| {
        let names = names.iter().enumerate();
        let names = names.filter(|(at, _)| (place >> at & 1 == 1) == inside);
        names.map(|(_, name)| name.as_str()).collect::<Vec<_>>()
    };
    let (inside, outside) = (of(true), of(false));
    match (inside.len(), outside.is_empty()) {
        (0, _) => "In none of them".to_owned(),
        (1, false) => format!("Only in {}", inside.join("")),
        (_, true) => format!("In {}", inside.join(" and ")),
        _ => format!("In {}, not in {}", inside.join(" and "), outside.join(" or ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sets(many: u32) -> Vec<Group> {
        let parse = |id: u32| Group::parse(&format!("all(in:{id})")).unwrap();
        (1..=many).map(parse).collect()
    }

    fn text(sets: &[Group], operation: Operation) -> String {
        let regions = operation.regions(sets.len(), 0);
        formula(sets, regions).map(|group| group.to_string()).unwrap()
    }

    #[test]
    fn operations_have_readable_formulas() {
        let sets = sets(3);
        assert_eq!(text(&sets, Operation::Union), "any(in:1,in:2,in:3)");
        assert_eq!(text(&sets, Operation::Intersection), "all(in:1,in:2,in:3)");
        assert_eq!(text(&sets, Operation::Difference), "all(in:1,out:2,out:3)");
        assert_eq!(
            text(&sets, Operation::Exclusion),
            "any(all(in:1,out:2,out:3),all(in:2,out:1,out:3),all(in:3,out:1,out:2))"
        );
        assert_eq!(
            text(&sets[..2], Operation::Exclusion),
            "any(all(in:1,out:2),all(in:2,out:1))"
        );
        assert_eq!(
            text(&self::sets(6), Operation::Union),
            "any(in:1,in:2,in:3,in:4,in:5,in:6)"
        );
    }

    #[test]
    fn operations_count_their_regions() {
        // In none, A, B, A and B.
        let counts = [100, 1, 20, 300];
        let of = |operation: Operation| count(operation.regions(2, 0b1000), &counts);
        assert_eq!(
            OPERATIONS.map(|(operation, ..)| of(operation)),
            [321, 300, 1, 21, 300]
        );
        assert_eq!((size(0, &counts), size(1, &counts)), (301, 320));
    }

    #[test]
    fn chosen_regions_come_together() {
        let sets = sets(3);
        // All of A: alone, with B, with C, with both.
        let regions = 1 << 1 | 1 << 3 | 1 << 5 | 1 << 7;
        assert_eq!(formula(&sets, regions).unwrap().to_string(), "all(in:1)");
        assert_eq!(formula(&sets, 1), None);
        assert_eq!(formula(&sets, 0), None);
    }

    #[test]
    fn a_filter_is_left_out_as_a_group() {
        let mut sets = sets(2);
        sets.push(Group::parse("any(5:is:Rome,5:is:Oslo)").unwrap());
        assert_eq!(
            text(&sets, Operation::Difference),
            "all(in:1,out:2,none(any(5:is:Rome,5:is:Oslo)))"
        );
    }

    /// Whether a formula of segments finds the contacts of a region.
    fn finds(group: &Group, place: u32) -> bool {
        let holds = |rule: &Rule| match rule {
            Rule::Group(group) => finds(group, place),
            Rule::Segment { segment, member } => (place >> (segment.0 - 1) & 1 == 1) == *member,
            _ => false,
        };
        match group.mode {
            Mode::All => group.rules.iter().all(holds),
            Mode::Any => group.rules.iter().any(holds),
            Mode::None => !group.rules.iter().any(holds),
        }
    }

    #[test]
    fn every_formula_finds_its_regions_and_no_others() {
        let mut seed = 1u64;
        for many in 2..=6 {
            let sets = sets(many);
            for _ in 0..20 {
                seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
                let regions = seed.rotate_left(17) & all(sets.len());
                let Some(group) = formula(&sets, regions) else {
                    assert_eq!(regions, 0);
                    continue;
                };
                for place in 0..1 << many {
                    assert_eq!(
                        finds(&group, place),
                        regions >> place & 1 == 1,
                        "{group} at {place}"
                    );
                }
            }
        }
    }

    #[test]
    fn regions_in_words() {
        let names = ["A", "B", "C"].map(str::to_owned);
        assert_eq!(region_words(1, &names), "Only in A");
        assert_eq!(region_words(3, &names), "In A and B, not in C");
        assert_eq!(region_words(7, &names), "In A and B and C");
        assert_eq!(region_words(0, &names), "In none of them");
    }
}
