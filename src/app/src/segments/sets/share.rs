//! Shares in hundredths of a percent, and how they divide contacts.

/// The whole: 100 %.
pub const WHOLE: u32 = 10_000;

/// Reads a share in percent with at most two decimals (`33.33` or `33,33`), in hundredths.
pub fn parse(text: &str) -> Option<u32> {
    let text = text.trim().trim_end_matches('%').trim_end();
    let (whole, fraction) = text.split_once(['.', ',']).unwrap_or((text, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.len() + fraction.len() == 0 || fraction.len() > 2 || !digits(whole) || !digits(fraction) {
        return None;
    }
    let number = |text: &str| match text.is_empty() {
        true => Some(0),
        false => text.parse::<u32>().ok(),
    };
    let tenth = if fraction.len() == 1 { 10 } else { 1 };
    number(whole)?
        .checked_mul(100)?
        .checked_add(number(fraction)? * tenth)
}

/// A share in percent: `50`, `33.3`, `33.33`.
pub fn text(share: u32) -> String {
    let (whole, tenths, hundredths) = (share / 100, share / 10 % 10, share % 10);
    match (tenths, hundredths) {
        (0, 0) => whole.to_string(),
        (_, 0) => format!("{whole}.{tenths}"),
        _ => format!("{whole}.{tenths}{hundredths}"),
    }
}

/// The whole in so many equal shares; what doesn't go in is given to the first ones.
pub fn equal(parts: usize) -> Vec<u32> {
    let parts = u32::try_from(parts).unwrap_or(u32::MAX).max(1);
    (0..parts)
        .map(|part| WHOLE / parts + u32::from(part < WHOLE % parts))
        .collect()
}

/// How many of some contacts come to each share: as much as is whole, and the rest one each to the largest remainders,
/// of equal ones to the earlier.
pub fn divide(contacts: u64, shares: &[u32]) -> Vec<u64> {
    let product = |share: &u32| u128::from(contacts) * u128::from(*share);
    let mut counts: Vec<u64> = shares
        .iter()
        .map(|share| u64::try_from(product(share) / u128::from(WHOLE)).unwrap_or(u64::MAX))
        .collect();
    let mut order: Vec<usize> = (0..shares.len()).collect();
    let remainder = |at: &usize| {
        shares
            .get(*at)
            .map_or(0, |share| product(share) % u128::from(WHOLE))
    };
    order.sort_by_key(|at| (std::cmp::Reverse(remainder(at)), *at));
    let given: u64 = counts.iter().sum();
    let rest = usize::try_from(contacts.saturating_sub(given)).unwrap_or(usize::MAX);
    for at in order.into_iter().take(rest) {
        if let Some(count) = counts.get_mut(at) {
            *count += 1;
        }
    }
    counts
}

/// What is wrong with shares together; none where they add up to the whole.
pub fn fault(shares: &[u32]) -> Option<String> {
    let sum: u32 = shares.iter().fold(0, |sum, share| sum.saturating_add(*share));
    let difference = text(sum.abs_diff(WHOLE));
    match sum {
        WHOLE => None,
        _ if sum < WHOLE => Some(format!(
            "The shares add up to {} %: {difference} % are missing",
            text(sum)
        )),
        _ => Some(format!(
            "The shares add up to {} %: {difference} % too much",
            text(sum)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shares_have_up_to_two_decimals() {
        let read = ["33.33", " 50 % ", "0,5", ".25", "100", "7.1"].map(parse);
        assert_eq!(
            read,
            [
                Some(3333),
                Some(5000),
                Some(50),
                Some(25),
                Some(10_000),
                Some(710)
            ]
        );
        let refused = ["", "%", ".", "-1", "1.234", "a", "1.2.3", "99999999999"].map(parse);
        assert_eq!(refused, [None; 8]);
        assert_eq!([5000, 3330, 3333, 5].map(text), ["50", "33.3", "33.33", "0.05"]);
    }

    #[test]
    fn equal_shares_add_up() {
        assert_eq!(equal(3), [3334, 3333, 3333]);
        for parts in 2..=20 {
            assert_eq!(fault(&equal(parts)), None);
        }
    }

    #[test]
    fn everybody_goes_somewhere() {
        assert_eq!(divide(10, &[3334, 3333, 3333]), [4, 3, 3]);
        assert_eq!(divide(3, &[5000, 5000]), [2, 1]);
        assert_eq!(divide(0, &[5000, 5000]), [0, 0]);
        assert_eq!(divide(7, &[1000, 2000, 7000]), [1, 1, 5]);
        assert_eq!(divide(1_000_003, &equal(7)).iter().sum::<u64>(), 1_000_003);
    }

    #[test]
    fn it_is_said_by_how_much_shares_miss_the_whole() {
        assert_eq!(
            fault(&[5000, 4550]).as_deref(),
            Some("The shares add up to 95.5 %: 4.5 % are missing")
        );
        assert_eq!(
            fault(&[5000, 6000]).as_deref(),
            Some("The shares add up to 110 %: 10 % too much")
        );
    }
}
