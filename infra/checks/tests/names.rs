//! One name for one thing: no two types of the workspace share a name. Types of tests are exempt, since no other file sees
//! them.
#![cfg(test)]

use checks::{each_source, root};
use std::collections::BTreeMap;

/// Exceptions, each with its reason.
const SHARED: [(&str, &str); 0] = [];

#[test]
fn no_two_types_share_a_name() {
    let mut places = BTreeMap::<String, Vec<String>>::new();
    for folder in ["functions", "infra", "localstack", "shared"] {
        each_source(&root(folder), &mut |path, text| {
            for name in types(text) {
                let place = path.strip_prefix(root("")).unwrap_or(path).display().to_string();
                places.entry(name.to_owned()).or_default().push(place);
            }
        });
    }
    assert!(places.len() > 300, "only {} types were found: is this the checkout?", places.len());
    let is_allowed = |name: &str| SHARED.iter().any(|(shared, _)| *shared == name);
    let twice = places.iter().filter(|(name, places)| places.len() > 1 && !is_allowed(name));
    let twice: Vec<String> = twice.map(|(name, places)| format!("{name}: {}", places.join(", "))).collect();
    assert!(twice.is_empty(), "rename all but one of each:\n{}", twice.join("\n"));
}

#[test]
fn types_are_found_as_they_are_written() {
    let source = "
        pub(crate) struct Hold {}
        pub enum State<T> { A(T) }
        type Short = u8;
        type Output = u8;
        /// struct Comment
        trait Clock: Send {}
        #[cfg(test)]
        mod tests {
            struct Helper;
        }
    ";
    let source = source.replace("\n        ", "\n").replace("type Output", "    type Output");
    assert_eq!(types(&source).collect::<Vec<_>>(), ["Hold", "State", "Short", "Clock"]);
}

/// The names of the types that a source defines outside its tests.
fn types(source: &str) -> impl Iterator<Item = &str> {
    source.lines().take_while(|line| *line != "#[cfg(test)]").filter_map(|line| {
        let code = line.trim_start();
        let code = code.strip_prefix("pub").map_or(code, |rest| {
            // `pub`, `pub(crate)`, `pub(in crate::path)`
            rest.split_once(')').filter(|_| rest.starts_with('(')).map_or(rest, |(_, rest)| rest).trim_start()
        });
        let (keyword, rest) = code.split_once(' ')?;
        let is_type = match keyword {
            "struct" | "enum" | "trait" | "union" => true,
            // An indented one belongs to a trait or its implementation.
            "type" => !line.starts_with(' '),
            _ => false,
        };
        let name = rest.split(|letter: char| !letter.is_alphanumeric()).next()?;
        (is_type && name.starts_with(char::is_uppercase)).then_some(name)
    })
}
