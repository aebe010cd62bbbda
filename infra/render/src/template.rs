//! Texts with places to fill in: `{{name}}`.

/// Fills every place. A place alone on its line takes whole lines, each with its line feed, or none.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> String {
    values.iter().fold(template.to_owned(), |text, (name, value)| {
        let place = format!("{{{{{name}}}}}");
        let lines = value.is_empty() || value.ends_with('\n');
        text.replace(&if lines { format!("{place}\n") } else { place }, value)
    })
}

/// One line for each item.
pub(crate) fn lines<T>(items: impl IntoIterator<Item = T>, line: impl Fn(T) -> String) -> String {
    items.into_iter().map(|item| line(item) + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_and_lines_are_filled_in() {
        let text =
            fill("a: {{a}} {{a}}\n{{rest}}\n{{none}}\n", &[("a", "1"), ("rest", "b\nc\n"), ("none", "")]);
        assert_eq!(text, "a: 1 1\nb\nc\n");
    }
}
