//! Random numbers that are the same in every browser and every version.

/// Permuted congruential generator, PCG-XSH-RR with 64 bits of state and 32 of output.
///
/// From M. E. O'Neill, *PCG: A Family of Simple Fast Space-Efficient Statistically Good Algorithms for Random Number
/// Generation*, 2014 (`pcg32` of <https://www.pcg-random.org>). Written out here since it is one line of arithmetic,
/// and a dependency's ranges and shuffles may give other numbers in its next version.
#[derive(Clone, Debug)]
pub(crate) struct Random {
    state: u64,
    stream: u64,
}

impl Random {
    /// A generator from a seed; each stream gives numbers of its own.
    pub fn new(seed: u64, stream: u64) -> Random {
        let mut random = Random {
            state: 0,
            stream: (stream << 1) | 1,
        };
        random.next();
        random.state = random.state.wrapping_add(seed);
        random.next();
        random
    }

    fn next(&mut self) -> u32 {
        let old = self.state;
        self.state = old
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(self.stream);
        let shifted = (((old >> 18) ^ old) >> 27) as u32;
        shifted.rotate_right((old >> 59) as u32)
    }

    /// A number below `end`. Some come a little more often than others, by less than one in a million here.
    pub fn below(&mut self, end: usize) -> usize {
        ((u64::from(self.next()) * end as u64) >> 32) as usize
    }

    /// A number from `from` to `to`, both included.
    pub fn between(&mut self, from: i64, to: i64) -> i64 {
        from + self.below((to - from + 1).max(1) as usize) as i64
    }

    /// Whether something happens that does so this often out of ten thousand times: 0 is never, 10,000 always.
    pub fn chance(&mut self, chance: u16) -> bool {
        self.below(10_000) < usize::from(chance)
    }

    /// Whether something happens that does so this often out of a hundred times.
    pub fn percent(&mut self, chance: usize) -> bool {
        self.below(100) < chance
    }

    /// One of a list that is not empty.
    pub fn pick<T: Copy>(&mut self, list: &[T]) -> T {
        list[self.below(list.len())]
    }

    /// Puts a list into a random order.
    pub fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.below(at + 1));
        }
    }
}

/// Stirs two numbers into one, so that near ones give far ones.
///
/// The finalizer of SplitMix64 (G. L. Steele, D. Lea, C. H. Flood, *Fast Splittable Pseudorandom Number Generators*,
/// 2014, with the constants of D. Stafford's variant 13).
pub(crate) fn stirred(one: u64, other: u64) -> u64 {
    let mut number = one ^ other.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::Random;

    #[test]
    fn the_numbers_are_those_of_the_reference_program() {
        // `pcg32-demo` of the PCG library: seed 42, stream 54.
        let mut random = Random::new(42, 54);
        let numbers: Vec<u32> = (0..6).map(|_| random.next()).collect();
        let reference = [
            0xa15c_02b7,
            0x7b47_f409,
            0xba1d_3330,
            0x83d2_f293,
            0xbfa4_784b,
            0xcbed_606e,
        ];
        assert_eq!(numbers, reference);
    }
}
