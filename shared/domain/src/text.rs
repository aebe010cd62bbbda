//! Text of people in one spelling: composed (NFC), without characters that cannot be seen, so that what looks alike is alike.

use crate::Invalid;
use unicode_normalization::UnicodeNormalization as _;

/// One line of text, such as a name: composed, each run of white space (a pasted tab, a line break) a single space, and
/// none around it; of `min` to `max` characters.
///
/// # Errors
/// Says which bound was broken, or that there are characters that cannot be seen.
pub fn line(raw: &str, min: usize, max: usize) -> Result<String, Invalid> {
    let words: Vec<_> = raw.split_whitespace().collect();
    let line: String = words.join(" ").nfc().collect();
    let length = line.chars().count();
    if length < min || length > max {
        return Err(Invalid::because(format!("must be {min} to {max} characters")));
    }
    check_visible(&line)?;
    Ok(line)
}

/// What two spellings of one address have in common: no space around it, lower case, composed.
#[must_use]
pub fn folded(raw: &str) -> String {
    raw.trim().to_lowercase().nfc().collect()
}

/// Refuses characters that cannot be seen: with them two texts look the same and are not, or run the wrong way.
///
/// # Errors
/// Says which kind there is.
pub fn check_visible(text: &str) -> Result<(), Invalid> {
    if text.chars().any(char::is_control) {
        return Err(Invalid::because("must not contain control characters"));
    }
    if text.chars().any(is_invisible) {
        return Err(Invalid::because("must not contain invisible characters"));
    }
    Ok(())
}

/// Whether a character has no shape of its own: Unicode's default ignorable code points (zero width, fillers, tags) and
/// those that turn the direction of writing. The selectors of a variation are not among them: an emoji may end with one.
#[must_use]
pub fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{AD}'
            | '\u{34F}'
            | '\u{61C}'
            | '\u{115F}'..='\u{1160}'
            | '\u{17B4}'..='\u{17B5}'
            | '\u{180B}'..='\u{180F}'
            | '\u{200B}'..='\u{200F}'
            | '\u{202A}'..='\u{202E}'
            | '\u{2060}'..='\u{206F}'
            | '\u{3164}'
            | '\u{FEFF}'
            | '\u{FFA0}'
            | '\u{FFF0}'..='\u{FFFB}'
            | '\u{1BCA0}'..='\u{1BCA3}'
            | '\u{1D173}'..='\u{1D17A}'
            | '\u{E0000}'..='\u{E0FFF}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn both_spellings_of_a_syllable_are_one() {
        let (composed, taken_apart) =
            ("김민지", "\u{1100}\u{1175}\u{11B7}\u{1106}\u{1175}\u{11AB}\u{110C}\u{1175}");
        assert_ne!(composed, taken_apart);
        assert_eq!(line(taken_apart, 1, 3).as_deref(), Ok(composed));
        assert_eq!(folded("E\u{301}va@x.org"), folded("ÉVA@X.ORG"));
    }

    #[test]
    fn what_was_pasted_with_a_name_is_space() {
        assert_eq!(line("\t김\r\n 민지\u{3000}", 1, 100).as_deref(), Ok("김 민지"));
    }

    #[test]
    fn what_cannot_be_seen_is_refused() {
        for hidden in
            ["\u{200B}", "\u{200D}", "\u{202E}", "\u{2066}", "\u{FEFF}", "\u{3164}", "\u{E0041}", "\0"]
        {
            for text in [format!("민{hidden}지"), format!("민지{hidden}"), format!("{hidden}민지")] {
                assert!(line(&text, 1, 100).is_err(), "{text:?} was accepted");
            }
        }
        assert!(line("민지 ❤\u{FE0F}", 1, 100).is_ok());
    }

    #[test]
    fn only_what_is_left_is_counted() {
        assert!(line(" \t\n ", 1, 100).is_err() && line("가나다", 1, 2).is_err());
        assert!(line("  가   나  ", 3, 3).is_ok());
    }

    proptest! {
        #[test]
        fn tidying_twice_changes_nothing(raw in "\\PC{0,40}") {
            prop_assert_eq!(folded(&folded(&raw)), folded(&raw));
            if let Ok(once) = line(&raw, 0, 200) {
                prop_assert_eq!(line(&once, 0, 200), Ok(once.clone()));
            }
        }
    }
}
