//! What schedules call the stages that decide a rank: `final`, `third place`, `eleventh place`.

/// The ranks that have words, from the third on, every other one: a match decides two.
const WORDS: [&str; 10] = [
    "third",
    "fifth",
    "seventh",
    "ninth",
    "eleventh",
    "thirteenth",
    "fifteenth",
    "seventeenth",
    "nineteenth",
    "twenty-first",
];

/// The stage of the match for a rank, from 1.
#[must_use]
pub fn of_rank(rank: usize) -> String {
    if rank == 1 {
        return "final".to_owned();
    }
    let word = rank.checked_sub(3).filter(|above| above % 2 == 0).and_then(|above| WORDS.get(above / 2));
    word.map_or_else(|| format!("place {rank}"), |word| format!("{word} place"))
}

/// The rank that the winner of a stage takes, from 1, where the stage decides one; the loser takes the next.
#[must_use]
pub fn rank_of(stage: &str) -> Option<usize> {
    if stage == "final" {
        return Some(1);
    }
    let of_place = stage.strip_prefix("place ").and_then(|rank| rank.parse().ok());
    let word = stage.strip_prefix("match for ").unwrap_or(stage).strip_suffix(" place");
    of_place.or_else(|| WORDS.iter().position(|known| Some(*known) == word).map(|index| 2 * index + 3))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_says_its_rank() {
        for rank in 1..60 {
            assert_eq!(rank_of(&of_rank(rank)), Some(rank));
        }
        assert_eq!(rank_of("match for third place"), Some(3));
        for stage in ["group", "semi-final", "placement 5-8", "place", "third", ""] {
            assert_eq!(rank_of(stage), None, "{stage}");
        }
    }
}
