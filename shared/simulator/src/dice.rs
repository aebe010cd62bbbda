//! Randomness that is fully decided by a seed: `SplitMix64`, in whole numbers only, so that a seed tells the same story
//! on every machine and with every compiler.

/// A seeded generator.
#[derive(Debug, Clone)]
pub(crate) struct Dice(u64);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    pub(crate) fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `limit`; 0 if there is none.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        u64::try_from((u128::from(self.roll()) * u128::from(limit)) >> 64).unwrap_or_default()
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: u64, most: u64) -> u64 {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True `permille` times in 1,000.
    pub(crate) fn chance(&mut self, permille: u64) -> bool {
        self.below(1_000) < permille
    }

    /// One of these values.
    pub(crate) fn one_of<T: Copy>(&mut self, first: T, others: &[T]) -> T {
        let index = self.below(others.len() as u64 + 1);
        let index = usize::try_from(index).unwrap_or_default();
        index.checked_sub(1).and_then(|index| others.get(index)).copied().unwrap_or(first)
    }

    /// Exponentially distributed, by von Neumann's method, which only compares.
    pub(crate) fn exponential(&mut self, mean: u64) -> u64 {
        let mut whole = 0;
        loop {
            let first = self.roll();
            let (mut last, mut falls) = (first, 1);
            loop {
                let next = self.roll();
                if next >= last {
                    break;
                }
                (last, falls) = (next, falls + 1);
            }
            if falls % 2 == 1 {
                let part = u64::try_from((u128::from(first) * u128::from(mean)) >> 64).unwrap_or_default();
                return whole * mean + part;
            }
            whole += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seed_decides_everything_and_the_means_are_right() {
        assert_eq!(Dice::new(7).roll(), Dice::new(7).roll());
        let mut dice = Dice::new(1);
        let mean = (0..100_000).map(|_| dice.exponential(1_000)).sum::<u64>() / 100_000;
        assert!((985..=1_015).contains(&mean), "{mean}");
        let hits = (0..100_000).filter(|_| dice.chance(300)).count();
        assert!((29_000..=31_000).contains(&hits), "{hits}");
        assert!((0..1_000).all(|_| (3..=5).contains(&dice.between(3, 5))));
        assert!((0..1_000).all(|_| [1, 2, 3].contains(&dice.one_of(1, &[2, 3]))));
    }
}
