//! What a `PromQL` expression asks for: its metrics and labels. Prometheus itself checks the grammar.

use std::collections::BTreeSet;

/// Words that are followed by labels in parentheses.
const GROUPING: [&str; 6] = ["by", "without", "on", "ignoring", "group_left", "group_right"];
/// Words between expressions.
const OPERATORS: [&str; 6] = ["and", "or", "unless", "offset", "bool", "atan2"];

/// The names in an expression.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    pub(crate) metrics: BTreeSet<String>,
    pub(crate) labels: BTreeSet<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    Sign(char),
}

/// Reads an expression.
pub(crate) fn asked(expression: &str) -> Asked {
    let tokens = tokens(expression);
    let mut asked = Asked::default();
    // Inside braces, and inside the parentheses of a grouping, words are labels.
    let (mut in_braces, mut in_grouping) = (false, false);
    for (place, token) in tokens.iter().enumerate() {
        let next = tokens.get(place + 1);
        match token {
            Token::Sign('{') => in_braces = true,
            Token::Sign('}') => in_braces = false,
            Token::Sign(')') => in_grouping = false,
            Token::Word(word) if GROUPING.contains(&&**word) => in_grouping = next == Some(&Token::Sign('(')),
            Token::Word(word) if in_braces || in_grouping => drop(asked.labels.insert(word.clone())),
            Token::Word(word) if OPERATORS.contains(&&**word) => {}
            Token::Word(_) if is_call(&tokens, place) => {}
            Token::Word(word) => drop(asked.metrics.insert(word.clone())),
            Token::Sign(_) => {}
        }
    }
    asked
}

/// Whether a word is a function or an aggregation: parentheses follow it, or a grouping whose parentheses are followed by
/// others.
fn is_call(tokens: &[Token], place: usize) -> bool {
    match tokens.get(place + 1) {
        Some(Token::Sign('(')) => true,
        Some(Token::Word(word)) => ["by", "without"].contains(&&**word),
        _ => false,
    }
}

fn tokens(expression: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = expression.chars().peekable();
    while let Some(&first) = rest.peek() {
        if first == '"' {
            rest.next();
            while let Some(inside) = rest.next() {
                match inside {
                    '\\' => drop(rest.next()),
                    '"' => break,
                    _ => {}
                }
            }
        } else if first.is_ascii_alphabetic() || first == '_' || first == ':' {
            tokens.push(Token::Word(take(&mut rest, |next| {
                next.is_ascii_alphanumeric() || next == '_' || next == ':'
            })));
        } else if first.is_ascii_digit() {
            // Numbers and durations.
            take(&mut rest, |next| next.is_ascii_alphanumeric() || next == '.');
        } else if first == '$' {
            // Grafana's variables.
            rest.next();
            take(&mut rest, |next| next.is_ascii_alphanumeric() || next == '_');
        } else {
            tokens.push(Token::Sign(first));
            rest.next();
        }
    }
    tokens.retain(|token| *token != Token::Sign(' ') && *token != Token::Sign('\n'));
    tokens
}

fn take(rest: &mut std::iter::Peekable<std::str::Chars<'_>>, belongs: impl Fn(char) -> bool) -> String {
    let mut word = String::new();
    while let Some(next) = rest.next_if(|next| belongs(*next)) {
        word.push(next);
    }
    word
}

#[test]
fn metrics_and_labels_are_told_from_all_else() {
    let expression = r#"histogram_quantile(0.95, sum by (le, route) (rate(a_bucket{code=~"5..|b",name!=""}[$__rate_interval])))
        and on (job) group_left (x) up == 0 unless max_over_time(c:d:rate5m[1h] offset 5m) > 1 or vector(0)"#;
    let Asked { metrics, labels } = asked(expression);
    assert_eq!(Vec::from_iter(metrics), ["a_bucket", "c:d:rate5m", "up"]);
    assert_eq!(Vec::from_iter(labels), ["code", "job", "le", "name", "route", "x"]);
}
