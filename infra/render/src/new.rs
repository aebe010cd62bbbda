//! Makes a new function from the template: its folder, and its lines in the register and in the route table.

use crate::template::fill;
use shared::routes::{ROUTES, function_for};
use std::{fmt::Display, fs, path::Path};

/// The longest name. Kubernetes allows 63 characters, and appends a revision and a pod to it.
const NAME_MAX: usize = 40;

/// Names of what runs beside the functions: hosts of Compose, images, pods.
const TAKEN: &[&str] = &[
    "all",
    "demo",
    "dynamodb",
    "front",
    "localstack",
    "nginx",
    "payments",
    "redis",
    "sweep-timer",
    "timer",
    "valkey",
    "yemae",
];

/// Names that no module or no crate may have.
const KEYWORDS: &[&str] = &[
    "abstract", "alloc", "as", "async", "await", "become", "box", "break", "const", "continue", "core",
    "crate", "do", "dyn", "else", "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in",
    "let", "loop", "macro", "match", "mod", "move", "mut", "override", "priv", "pub", "ref", "return",
    "self", "static", "std", "struct", "super", "test", "trait", "true", "try", "type", "typeof", "union",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Writes the function's files. Returns their paths in the checkout.
///
/// # Errors
/// If the name cannot be a function's (nothing is then written), or a file cannot be read or written.
pub fn make(checkout: &Path, name: &str) -> Result<Vec<String>, String> {
    check(checkout, name)?;
    let module = name.replace('-', "_");
    let values = [("name", name), ("module", &*module), ("type", &*type_name(name))];
    let new = [
        (format!("functions/{name}/Cargo.toml"), include_str!("../templates/function/manifest.toml")),
        (format!("functions/{name}/src/lib.rs"), include_str!("../templates/function/lib.rs")),
        (format!("functions/{name}/src/main.rs"), include_str!("../templates/function/main.rs")),
        (format!("functions/{name}/tests/{module}.rs"), include_str!("../templates/function/test.rs")),
    ];
    let mut files: Vec<_> = new.map(|(path, template)| (path, fill(template, &values))).into();
    files.extend([
        changed(checkout, "functions/all/Cargo.toml", |text| depended_on(text, name))?,
        changed(checkout, "functions/all/src/lib.rs", |text| {
            before(text, "    web,\n", &format!("    {module},\n"))
        })?,
        changed(checkout, "shared/src/routes.rs", |text| {
            before(
                text,
                "    prefix(\"/\", \"web\"),\n",
                &format!("    exact(\"/v1/{name}\", \"{name}\"),\n"),
            )
        })?,
    ]);
    for (path, text) in &files {
        write(&checkout.join(path), text).map_err(|error| of(path, error))?;
    }
    Ok(files.into_iter().map(|(path, _)| path).collect())
}

fn check(checkout: &Path, name: &str) -> Result<(), String> {
    if name.is_empty() {
        return Err("a function needs a name: `make function NAME=waitlist`".to_owned());
    }
    let is_word = |word: &str| {
        word.starts_with(|first: char| first.is_ascii_lowercase())
            && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit())
    };
    if !name.split('-').all(is_word) {
        return Err(format!(
            "`{name}` is no name: lower-case words with hyphens between them, as `lock-seat`"
        ));
    }
    if name.len() > NAME_MAX {
        return Err(format!("`{name}` is {} characters long, {NAME_MAX} are the most", name.len()));
    }
    if KEYWORDS.contains(&name) {
        return Err(format!("`{name}` is a word of Rust: no crate may be called so"));
    }
    if checkout.join("functions").join(name).exists() {
        return Err(format!("there is a folder functions/{name} already"));
    }
    if TAKEN.contains(&name) {
        return Err(format!("`{name}` is the name of something else that runs beside the functions"));
    }
    let locked = fs::read_to_string(checkout.join("Cargo.lock")).map_err(|error| of("Cargo.lock", error))?;
    if locked.contains(&format!("\nname = \"{name}\"\n")) {
        return Err(format!("there is a crate `{name}` already (Cargo.lock)"));
    }
    let path = format!("/v1/{name}");
    let taken = ROUTES.iter().any(|route| route.path == path) || function_for(&path) != function_for("/");
    if taken {
        return Err(format!("{path} is a path of `{}` already", function_for(&path).unwrap_or_default()));
    }
    Ok(())
}

/// `LockSeat` of `lock-seat`.
fn type_name(name: &str) -> String {
    name.split('-')
        .flat_map(|word| {
            word.chars().take(1).map(|first| first.to_ascii_uppercase()).chain(word.chars().skip(1))
        })
        .collect()
}

/// Adds the new function to the manifest's dependencies, in alphabetical order.
fn depended_on(text: &str, name: &str) -> Option<String> {
    let is_function = |line: &&str| line.contains("{ path = \"../") && !line.contains("../../");
    let next = text.lines().filter(is_function).find(|line| *line > name);
    let last = text.lines().rfind(is_function)?;
    let place = next.map_or_else(|| format!("{last}\n"), |next| format!("\n{next}\n"));
    let at = text.find(&place)? + if next.is_some() { 1 } else { place.len() };
    let (above, below) = text.split_at_checked(at)?;
    Some(format!("{above}{name} = {{ path = \"../{name}\" }}\n{below}"))
}

fn before(text: &str, place: &str, line: &str) -> Option<String> {
    let (above, below) = text.split_once(place)?;
    Some([above, line, place, below].concat())
}

fn changed(
    checkout: &Path,
    path: &str,
    change: impl Fn(&str) -> Option<String>,
) -> Result<(String, String), String> {
    let text = fs::read_to_string(checkout.join(path)).map_err(|error| of(path, error))?;
    let changed = change(&text).ok_or_else(|| of(path, "the place for the new line is not there"))?;
    Ok((path.to_owned(), changed))
}

fn write(path: &Path, text: &str) -> std::io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

fn of(path: &str, why: impl Display) -> String {
    format!("{path}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dependency_is_put_among_its_neighbours() {
        let line = |name: &str| format!("{name} = {{ path = \"../{name}\" }}\n");
        let text =
            format!("shared.workspace = true\n\n{}{}\nutoipa.workspace = true\n", line("book"), line("pay"));
        for (new, order) in [
            ("admit", ["admit", "book", "pay"]),
            ("cancel", ["book", "cancel", "pay"]),
            ("web", ["book", "pay", "web"]),
        ] {
            let lines: String = order.into_iter().map(line).collect();
            let wanted = format!("shared.workspace = true\n\n{lines}\nutoipa.workspace = true\n");
            assert_eq!(depended_on(&text, new), Some(wanted));
        }
        assert_eq!(depended_on("", "web"), None);
    }
}
