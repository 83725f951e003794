//! The code that is shown at a post, with which volunteers sign in and out: who knows it stands there, or knows somebody who
//! does.

use matchday_kernel::{Instant, SignedDuration};
use ring::hmac;

use super::certificate::ALPHABET;

/// How long a code is shown, in microseconds: 5 minutes. It is good for as long again. Assumed.
const STEP: i64 = 300_000_000;
/// Characters of a code: 40 bits, which nobody guesses in ten minutes.
const LENGTH: usize = 8;
/// What the key of a tournament's documents signs beside documents: no number of one has such characters.
const USE: &str = "sign-in code: ";

/// The code of a shift at a moment, under the key of its tournament: letters and digits in groups of four.
#[must_use]
pub fn code(key: &[u8], shift: &str, now: Instant) -> String {
    of_step(key, shift, step(now))
}

/// When the next code begins.
#[must_use]
pub fn next(now: Instant) -> Instant {
    let into_step = now.as_micros().rem_euclid(STEP);
    now.saturating_add(SignedDuration::from_micros(STEP - into_step))
}

/// Whether somebody gave the code of a shift that is shown now, or the one before. Size of letters, spaces and hyphens do
/// not count.
#[must_use]
pub fn is_right(key: &[u8], shift: &str, given: &str, now: Instant) -> bool {
    let given: String =
        given.chars().filter(char::is_ascii_alphanumeric).map(|one| one.to_ascii_uppercase()).collect();
    let is = |step| of_step(key, shift, step).replace('-', "") == given;
    is(step(now)) || is(step(now) - 1)
}

fn step(now: Instant) -> i64 {
    now.as_micros().div_euclid(STEP)
}

fn of_step(key: &[u8], shift: &str, step: i64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    let tag = hmac::sign(&key, format!("{USE}{shift} {step}").as_bytes());
    let letters: Vec<char> =
        tag.as_ref().iter().take(LENGTH).map(|byte| char::from(ALPHABET[usize::from(byte % 32)])).collect();
    letters.chunks(4).map(String::from_iter).collect::<Vec<_>>().join("-")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::shift::tests::at;

    const KEY: [u8; 32] = [7; 32];
    const SHIFT: &str = "tournaments/t/shifts/gate";

    #[test]
    fn a_code_is_good_while_it_is_shown_and_once_more() {
        let shown = code(&KEY, SHIFT, at(2));
        assert_eq!(shown.len(), 9, "{shown}");
        assert_eq!(code(&KEY, SHIFT, at(4)), shown);
        assert_eq!(next(at(2)), at(5));
        assert_eq!(next(at(5)), at(10));
        for (minute, is_good) in [(-1, false), (0, true), (4, true), (9, true), (10, false)] {
            assert_eq!(is_right(&KEY, SHIFT, &shown, at(minute)), is_good, "at {minute}");
        }
    }

    #[test]
    fn a_code_is_read_as_people_type_it() {
        let typed = code(&KEY, SHIFT, at(0)).to_ascii_lowercase().replace('-', " ");
        assert!(is_right(&KEY, SHIFT, &typed, at(0)));
        assert!(!is_right(&KEY, SHIFT, "", at(0)));
    }

    #[test]
    fn each_shift_and_each_tournament_has_its_own() {
        let shown = code(&KEY, SHIFT, at(0));
        assert!(!is_right(&KEY, "tournaments/t/shifts/desk", &shown, at(0)));
        assert!(!is_right(&[8; 32], SHIFT, &shown, at(0)));
    }
}
