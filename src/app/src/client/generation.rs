//! Which worker of this build is the newest, where no locks tell: noted by whoever replaced a dead one.

use super::place::BUILD;
use crate::prefs;

const PREFERENCE: &str = "worker";

/// The newest generation that was noted for this build; 0 where none was.
pub fn noted() -> u32 {
    read(&prefs::get(PREFERENCE).unwrap_or_default()).unwrap_or(0)
}

/// Notes a generation, for the tabs to come.
pub fn note(generation: u32) {
    prefs::set(PREFERENCE, &format!("{BUILD} {generation}"));
}

fn read(noted: &str) -> Option<u32> {
    let (build, generation) = noted.split_once(' ')?;
    (build == BUILD).then(|| generation.parse().ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_generation_counts_for_its_own_build_only() {
        assert_eq!(read(&format!("{BUILD} 3")), Some(3));
        for noted in ["", "3", "another 3", &format!("{BUILD} x")] {
            assert_eq!(read(noted), None, "{noted}");
        }
    }
}
