//! How text is searched: case, width, spaces and composition do not tell two texts apart.

use unicode_normalization::UnicodeNormalization as _;

/// The form in which text is compared: `Ｊａｚｚ Night` equals `jazznight`, and `은하수 투어` equals `은하수투어`.
#[must_use]
pub fn folded(text: &str) -> String {
    // Upper case first: only then do `ß` and `SS`, and `ς` and `σ`, share their lower case.
    let caseless = text.nfkc().flat_map(char::to_uppercase).flat_map(char::to_lowercase);
    crate::plain::tidied(&caseless.nfkc().collect::<String>()).split(' ').collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_people_consider_equal_is_equal() {
        for (one, other) in [
            ("은하수 투어", "은하수투어"),
            ("은하수\u{3000}투어", " 은하수 투\u{200B}어\t"),
            ("예술", "\u{110B}\u{1168}\u{1109}\u{116E}\u{11AF}"),
            ("JAZZ Night", "ｊａｚｚ　ｎｉｇｈｔ"),
            ("Straße", "STRASSE"),
            ("ΟΔΟΣ", "οδος"),
            ("ｶﾞﾗｽ", "ガラス"),
            ("Café", "CAFE\u{301}"),
        ] {
            assert_eq!(folded(one), folded(other), "{one} {other}");
        }
        assert_ne!(folded("가을"), folded("거울"));
        assert_eq!(folded(" \u{200B} "), "");
    }

    proptest! {
        #[test]
        fn neither_form_nor_space_tells_two_texts_apart(text in "[가-힣A-Za-zÀ-ž ]{0,20}") {
            let decomposed: String = text.nfd().collect();
            let unspaced: String = text.nfc().filter(|c| *c != ' ').collect();
            prop_assert_eq!(folded(&text), folded(&decomposed));
            prop_assert_eq!(folded(&text), folded(&unspaced));
        }
    }
}
