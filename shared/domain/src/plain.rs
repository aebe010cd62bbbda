//! Text from people, made plain: one normal form, no invisible characters, white space as a page shows it.
//!
//! Pasted text contains tabs, line ends, byte order marks and direction marks. People cannot see them and could not act
//! on a refusal, so they are removed or replaced. Two plain texts that look alike are equal.

use crate::Invalid;
use unicode_normalization::UnicodeNormalization as _;

/// Asks for a picture instead of a text glyph.
const AS_PICTURE: char = '\u{FE0F}';
/// Joins two pictures into one.
const JOINER: char = '\u{200D}';

/// One line of `min` to `max` characters, plain: each run of white space becomes one space, and the ends are trimmed.
///
/// # Errors
/// The line is too short, too long, or contains control characters other than white space.
pub fn line(raw: &str, min: usize, max: usize) -> Result<String, Invalid> {
    check(tidied(raw), min, max)
}

/// Text of one or more lines and `min` to `max` characters, plain: lines end with `\n`, a tab becomes a space.
///
/// # Errors
/// The text is too short, too long, or contains control characters other than white space.
pub fn paragraphs(raw: &str, min: usize, max: usize) -> Result<String, Invalid> {
    let one_end = |c| match c {
        '\r' | '\u{B}' | '\u{C}' | '\u{85}' | '\u{2028}' | '\u{2029}' => '\n',
        '\t' => ' ',
        other => other,
    };
    let text: String = seen(&raw.replace("\r\n", "\n")).chars().map(one_end).collect();
    check(text.trim().to_owned(), min, max)
}

/// One plain line of any length.
#[must_use]
pub fn tidied(raw: &str) -> String {
    seen(raw).split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The same characters in the form in which names are stored and compared (Unicode's normal form C).
#[must_use]
pub fn composed(raw: &str) -> String {
    raw.nfc().collect()
}

/// What all spellings of one address or password have in common: trimmed, lower case, composed.
#[must_use]
pub fn folded(raw: &str) -> String {
    raw.trim().to_lowercase().nfc().collect()
}

/// Refuses invisible characters where they are not removed: in an address every character counts.
///
/// # Errors
/// Says which kind of character was found.
pub fn check_visible(text: &str) -> Result<(), Invalid> {
    if text.chars().any(char::is_control) {
        return Err(Invalid::because("must not contain control characters"));
    }
    if text.chars().any(is_unseen) {
        return Err(Invalid::because("must not contain invisible characters"));
    }
    Ok(())
}

fn check(text: String, min: usize, max: usize) -> Result<String, Invalid> {
    if !(min..=max).contains(&text.chars().count()) {
        return Err(Invalid::because(format!("must be {min} to {max} characters")));
    }
    if text.chars().any(|c| c.is_control() && c != '\n') {
        return Err(Invalid::because("must not contain control characters"));
    }
    Ok(text)
}

/// The visible part of a text, composed.
fn seen(raw: &str) -> String {
    let mut seen = String::with_capacity(raw.len());
    let (mut chars, mut before) = (raw.nfc().peekable(), None);
    while let Some(c) = chars.next() {
        let in_picture = before.is_some_and(is_picture)
            && (c == AS_PICTURE || (c == JOINER && chars.peek().copied().is_some_and(is_picture)));
        if in_picture || !is_unseen(c) {
            seen.push(c);
            before = Some(c);
        }
    }
    composed(&seen)
}

/// Arrows, symbols and emoji: roughly what the two characters above may follow.
fn is_picture(c: char) -> bool {
    matches!(c, '\u{2190}'..='\u{2BFF}' | '\u{1F000}'..='\u{1FAFF}' | AS_PICTURE)
}

/// Whether a character takes no room on a page or changes the direction of the text around it: Unicode's
/// `Default_Ignorable_Code_Point`, which includes the Hangul fillers, and annotation marks.
fn is_unseen(c: char) -> bool {
    matches!(
        c,
        '\u{AD}' | '\u{34F}' | '\u{61C}' | '\u{115F}' | '\u{1160}' | '\u{17B4}' | '\u{17B5}' | '\u{180B}'..='\u{180F}'
        | '\u{200B}'..='\u{200F}' | '\u{202A}'..='\u{202E}' | '\u{2060}'..='\u{206F}' | '\u{3164}' | '\u{FE00}'..='\u{FE0F}'
        | '\u{FEFF}' | '\u{FFA0}' | '\u{FFF0}'..='\u{FFFB}' | '\u{1BCA0}'..='\u{1BCA3}' | '\u{1D173}'..='\u{1D17A}'
        | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_pasted_line_becomes_the_line_that_was_meant() {
        for raw in [
            "봄의 제전",
            " 봄의\t제전\r\n",
            "봄의\u{A0}\u{3000}제전",
            "\u{FEFF}봄의\u{200B} 제\u{2060}전",
            "\u{202E}봄의 제전\u{202C}\u{200E}",
            "봄의 제\u{AD}전\u{3164}",
            "\u{1107}\u{1169}\u{11B7}\u{110B}\u{1174} \u{110C}\u{1166}\u{110C}\u{1165}\u{11AB}",
        ] {
            assert_eq!(line(raw, 1, 5).as_deref(), Ok("봄의 제전"), "{raw:?}");
        }
    }

    #[test]
    fn lines_of_a_text_stay_lines() {
        let text = paragraphs("\t하나\r\n\r\n둘\r셋\u{2028}\tA\u{200B}B\n", 0, 100);
        assert_eq!(text.as_deref(), Ok("하나\n\n둘\n셋\n AB"));
    }

    #[test]
    fn pictures_keep_what_makes_them() {
        for picture in ["❤️", "❤️‍🔥", "👨‍👩‍👧", "🏳️‍🌈", "👍🏽"] {
            assert_eq!(tidied(picture), picture);
        }
        assert_eq!(tidied("R\u{FE0F}\u{200D}"), "R");
    }

    #[test]
    fn what_cannot_be_repaired_is_refused() {
        for raw in ["a\u{7}b", "\u{0}", "\u{1B}[31m", "\u{200B}", " \u{3164} ", "가가가가가가"] {
            assert!(line(raw, 1, 5).is_err(), "{raw:?}");
            assert!(paragraphs(raw, 1, 5).is_err(), "{raw:?}");
        }
    }

    #[test]
    fn both_spellings_of_an_address_are_equal() {
        assert_eq!(folded(" E\u{301}va@x.org"), folded("ÉVA@X.ORG"));
        for hidden in
            ["\u{200B}", "\u{200D}", "\u{202E}", "\u{FEFF}", "\u{3164}", "\u{FE0F}", "\u{E0041}", "\0"]
        {
            assert!(check_visible(&format!("a@b.{hidden}c")).is_err(), "{hidden:?} was accepted");
        }
    }

    proptest! {
        #[test]
        fn folding_twice_changes_nothing(raw in "\\PC{0,40}") {
            prop_assert_eq!(folded(&folded(&raw)), folded(&raw));
        }

        #[test]
        fn what_is_plain_stays_as_it_is(raw in "(\\PC|[\u{AD}\u{200B}-\u{200F}\u{2028}\t\r\n\u{FE0F}\u{2764}\u{1F525}\u{1100}-\u{11FF}]){0,30}") {
            let once = tidied(&raw);
            prop_assert_eq!(tidied(&once), once.clone());
            if let Ok(once) = paragraphs(&raw, 0, 100) {
                prop_assert_eq!(paragraphs(&once, 0, 100), Ok(once.clone()));
            }
        }
    }
}
