//! How far a number would move with other documents: the bootstrap over documents.

use serde::Serialize;

use crate::random::Random;
use crate::rate::four_places;

/// The middle 95 % of what resampling gave.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Interval {
    /// 2.5 % lie below.
    #[serde(serialize_with = "four_places")]
    pub low: f64,
    /// 2.5 % lie above.
    #[serde(serialize_with = "four_places")]
    pub high: f64,
}

/// How intervals are made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bootstrap {
    /// Samples drawn.
    pub rounds: usize,
    /// The same seed gives the same interval.
    pub seed: u64,
}

impl Default for Bootstrap {
    fn default() -> Self {
        Self {
            rounds: 1000,
            seed: 1,
        }
    }
}

impl Bootstrap {
    /// Intervals of `N` numbers that `measure` makes of a sample of `0..documents`, drawn with replacement.
    /// None for fewer than two documents: one document says nothing about others.
    pub fn intervals<const N: usize>(
        &self,
        documents: usize,
        mut measure: impl FnMut(&[usize]) -> [f64; N],
    ) -> Option<[Interval; N]> {
        if documents < 2 || self.rounds == 0 {
            return None;
        }
        let mut random = Random::new(self.seed);
        let mut drawn: [Vec<f64>; N] = std::array::from_fn(|_| Vec::with_capacity(self.rounds));
        let mut sample = vec![0; documents];
        for _ in 0..self.rounds {
            sample.fill_with(|| random.below(documents));
            for (all, one) in drawn.iter_mut().zip(measure(&sample)) {
                all.push(one);
            }
        }
        Some(drawn.map(|mut all| {
            all.sort_by(f64::total_cmp);
            Interval {
                low: quantile(&all, 0.025),
                high: quantile(&all, 0.975),
            }
        }))
    }
}

/// The value below which `share` of sorted numbers lie; between two numbers on the line that joins them. Zero when there are none.
pub(crate) fn quantile(sorted: &[f64], share: f64) -> f64 {
    let at = share * (sorted.len().max(1) - 1) as f64;
    let (below, above) = (at.floor() as usize, at.ceil() as usize);
    match (sorted.get(below), sorted.get(above)) {
        (Some(a), Some(b)) => a + (b - a) * (at - at.floor()),
        _ => 0.0,
    }
}
