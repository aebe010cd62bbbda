//! Passwords that are guessed first: the most common ones, simple patterns, and what is known about their owner.
//!
//! Apart from this, only the length counts. Composition rules make people choose the same few tricks (NIST SP 800-63B,
//! 3.1.1.2).

use crate::{Invalid, plain};

/// One password per line, in lower case. Lines that begin with `#` name the source.
const COMMON: &str = include_str!("common_passwords.txt");
/// A password that repeats a piece of at most this many characters is worth no more than the piece.
const REPEATED_MAX: usize = 8;
/// Rows of keyboards and alphabets. A piece of one is one thing to remember, and one thing to guess.
const ROWS: &[&str] = &[
    "abcdefghijklmnopqrstuvwxyz",
    "qwertyuiopasdfghjklzxcvbnm",
    "qazwsxedcrfvtgbyhnujmikolp",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "1q2w3e4r5t6y7u8i9o0p",
    "q1w2e3r4t5y6u7i8o9p0",
    "가나다라마바사아자차카타파하",
    "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔㅁㄴㅇㄹㅎㅗㅓㅏㅣㅋㅌㅊㅍㅠㅜㅡ",
];
/// Words that suggest themselves on this site.
const OF_THE_HOUSE: &[&str] = &["yemae", "예매", "password", "비밀번호"];
/// Shorter pieces of a name or an address occur in many passwords by chance.
const OWN_WORD_MIN: usize = 3;

/// Refuses passwords that every list of guesses begins with.
pub(crate) fn check_uncommon(password: &str) -> Result<(), Invalid> {
    let folded = plain::folded(password);
    if COMMON.lines().any(|common| common == folded) {
        return Err(Invalid::because("must not be one of the most used passwords"));
    }
    // Spaces count here: ten of them are a pattern, too.
    let characters: Vec<char> = password.to_lowercase().chars().collect();
    if repeats(&characters) || runs(&characters) || is_of_a_row(&characters) {
        return Err(Invalid::because("must not be a simple pattern"));
    }
    Ok(())
}

/// Refuses passwords made of what others know about their owner, such as a name and a year.
pub(crate) fn check_not_about(password: &str, email: &str, name: &str) -> Result<(), Invalid> {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    let house = domain.split('.').next().unwrap_or_default();
    let name = plain::folded(name);
    let whole_name: String = name.split_whitespace().collect();
    let known = [email, local, domain, house, &whole_name].into_iter().chain(name.split_whitespace());
    let (mut rest, mut found) = (plain::folded(password), false);
    for word in known.chain(OF_THE_HOUSE.iter().copied()) {
        if is_a_word(word) && rest.contains(word) {
            (rest, found) = (rest.replace(word, ""), true);
        }
    }
    if found && !rest.chars().any(char::is_alphabetic) {
        return Err(Invalid::because("must not be made of the name or the address alone"));
    }
    Ok(())
}

/// A Hangul syllable says as much as two or three letters: a name has three.
fn is_a_word(word: &str) -> bool {
    let hangul = word.chars().any(|c| ('가'..='힣').contains(&c));
    word.chars().count() >= if hangul { 2 } else { OWN_WORD_MIN }
}

/// `abcabcabca`: a short piece, again and again.
fn repeats(characters: &[char]) -> bool {
    let units = 1..REPEATED_MAX.min(characters.len() / 2 + 1);
    units.into_iter().any(|unit| characters.iter().zip(characters.iter().skip(unit)).all(|(a, b)| a == b))
}

/// `1234567890`, `13579…`, `zyxwv…`: always the same step. After 9 comes 0.
fn runs(characters: &[char]) -> bool {
    let mut steps = characters.iter().zip(characters.iter().skip(1)).map(|(a, b)| step(*a, *b));
    let Some(first) = steps.next() else { return false };
    steps.all(|step| step == first)
}

fn step(from: char, to: char) -> i64 {
    match (from.to_digit(10), to.to_digit(10)) {
        (Some(from), Some(to)) => (i64::from(to) - i64::from(from)).rem_euclid(10),
        _ => i64::from(u32::from(to)) - i64::from(u32::from(from)),
    }
}

fn is_of_a_row(characters: &[char]) -> bool {
    let forwards: String = characters.iter().collect();
    let backwards: String = characters.iter().rev().collect();
    ROWS.iter().any(|row| row.contains(&forwards) || row.contains(&backwards))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_guessed_first_is_refused() {
        for password in [
            "1234567890",
            "0123456789",
            "0987654321",
            "7890123456",
            "1357913579",
            "          ",
            "aaaaaaaaaa",
            "abababababab",
            "123123123123",
            "password123",
            "Password123",
            "  password123 ",
            "qwertyuiop",
            "poiuytrewq",
            "Q1W2E3R4T5",
            "1qaz2wsx3edc",
            "abcdefghij",
            "가나다라마바사아자차",
            "ㅂㅈㄷㄱㅅㅛㅕㅑㅐㅔ",
            "가가가가가가가가가가",
            "iloveyou12",
            "기억기억기억기억기억",
        ] {
            assert!(check_uncommon(password).is_err(), "{password:?} was accepted");
        }
    }

    #[test]
    fn every_other_password_of_sufficient_length_is_accepted() {
        for password in [
            "correct horse",
            "a long password",
            "another password",
            "열글자가넘는비밀번호",
            "yemae-demo-1234",
            "1942 was cold",
            "!!!!!aaaaa",
            "가나다라마 바사아자차카",
            "pässwört lang",
        ] {
            assert_eq!(check_uncommon(password), Ok(()), "{password:?}");
        }
    }

    #[test]
    fn a_password_is_more_than_its_owners_name() {
        let about = |password| check_not_about(password, "minji.kim@example.org", "Minji 김민지").is_err();
        for password in [
            "minji.kim@example.org",
            "Minji19980312",
            "minji-minji-!",
            "김민지19980312",
            "example2024!",
            "yemae-minji-1",
            "예매예매예매1234!",
            "Password 2026!",
        ] {
            assert!(about(password), "{password:?} was accepted");
        }
        for password in ["1998-03-12!", "minji likes horses", "correct horse", "org org org 1"] {
            assert!(!about(password), "{password:?} was refused");
        }
    }

    #[test]
    fn the_list_keeps_its_own_rules() {
        let listed: Vec<_> = COMMON.lines().filter(|line| !line.starts_with('#')).collect();
        assert!(listed.len() > 2_000);
        for password in listed {
            assert!(
                password.chars().count() >= crate::user::PASSWORD_MIN && plain::folded(password) == password,
                "{password}"
            );
        }
    }
}
