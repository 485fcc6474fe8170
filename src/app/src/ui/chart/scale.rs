//! Scales: round numbers beside an axis.

/// The least of 1, 2 or 5 times a power of ten that is not below a number.
fn nice(least: u64) -> u64 {
    let mut power: u64 = 1;
    loop {
        for step in [1, 2, 5] {
            if step * power >= least {
                return step * power;
            }
        }
        power = power.saturating_mul(10);
    }
}

/// Round numbers from 0 up to the first that is not below `top`, about four of them; the last is the end of the axis.
pub fn ticks(top: u64) -> Vec<u64> {
    let step = nice(top.div_ceil(4).max(1));
    (0..=top.max(1).div_ceil(step)).map(|at| at * step).collect()
}

/// Where a number lies on an axis that is `length` long and ends at `end`.
pub fn along(number: u64, end: u64, length: u64) -> u64 {
    // A million contacts times a thousand pixels fit.
    number.min(end) * length / end.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_axis_has_round_numbers_and_room_for_the_highest() {
        for (top, wanted) in [
            (0, vec![0, 1]),
            (3, vec![0, 1, 2, 3]),
            (7, vec![0, 2, 4, 6, 8]),
            (1_130, vec![0, 500, 1_000, 1_500]),
            (1_000_000, vec![0, 500_000, 1_000_000]),
        ] {
            assert_eq!(ticks(top), wanted, "{top}");
        }
    }

    #[test]
    fn a_number_lies_by_its_share() {
        assert_eq!(
            (along(0, 10, 200), along(5, 10, 200), along(99, 10, 200)),
            (0, 100, 200)
        );
    }
}
