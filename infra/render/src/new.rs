//! Makes a new function from the template: its folder, and its lines in the register and in the route table.

use crate::{name, template::fill};
use std::{fmt::Display, fs, io, path::Path};

/// Writes the function's files. Returns their paths in the checkout.
///
/// # Errors
/// If the name cannot be a function's, or a file cannot be read or written. Nothing is then left of it.
pub fn make(checkout: &Path, name: &str) -> Result<Vec<String>, String> {
    name::check(checkout, name)?;
    let changes = changes(checkout, name)?;
    write_all(checkout, name, &changes)?;
    Ok(changes.into_iter().map(|change| change.path).collect())
}

/// A file to write: its path in the checkout, the text that it has, and the one that it gets.
struct Change {
    path: String,
    old: Option<String>,
    text: String,
}

fn changes(checkout: &Path, name: &str) -> Result<Vec<Change>, String> {
    let module = name::module(name);
    let values = [
        ("name", name),
        ("module", &*module),
        ("handler", &*name::handler(name)),
        ("type", &*name::type_name(name)),
    ];
    let new = [
        (format!("functions/{name}/Cargo.toml"), include_str!("../templates/function/manifest.toml")),
        (format!("functions/{name}/src/lib.rs"), include_str!("../templates/function/lib.rs")),
        (format!("functions/{name}/src/main.rs"), include_str!("../templates/function/main.rs")),
        (format!("functions/{name}/tests/{module}.rs"), include_str!("../templates/function/test.rs")),
    ];
    let new = new.map(|(path, template)| Change { path, old: None, text: fill(template, &values) });
    let mut changes = Vec::from(new);
    changes.extend([
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
    Ok(changes)
}

/// Writes all of them or, if one cannot be written, none.
fn write_all(checkout: &Path, name: &str, changes: &[Change]) -> Result<(), String> {
    for (at, change) in changes.iter().enumerate() {
        if let Err(error) = write(&checkout.join(&change.path), &change.text) {
            let undone = undo(checkout, name, changes.iter().take(at + 1));
            let left = undone.err().map(|error| format!("; undoing that failed, too: {error}"));
            return Err(of(&change.path, error) + &left.unwrap_or_default());
        }
    }
    Ok(())
}

/// Puts back what was written.
fn undo<'a>(checkout: &Path, name: &str, written: impl Iterator<Item = &'a Change>) -> io::Result<()> {
    match fs::remove_dir_all(checkout.join("functions").join(name)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    for change in written {
        if let Some(old) = &change.old {
            fs::write(checkout.join(&change.path), old)?;
        }
    }
    Ok(())
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

fn changed(checkout: &Path, path: &str, change: impl Fn(&str) -> Option<String>) -> Result<Change, String> {
    let old = fs::read_to_string(checkout.join(path)).map_err(|error| of(path, error))?;
    let text = change(&old).ok_or_else(|| of(path, "the place for the new line is not there"))?;
    Ok(Change { path: path.to_owned(), old: Some(old), text })
}

fn write(path: &Path, text: &str) -> io::Result<()> {
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, text)
}

pub(crate) fn of(path: &str, why: impl Display) -> String {
    format!("{path}: {why}")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::name::NAME_MAX;
    use std::{
        io::Write as _,
        process::{Command, Stdio},
    };

    #[test]
    fn names_of_every_length_leave_the_code_formatted() {
        let checkout = checks::root("");
        let longest = "w".repeat(NAME_MAX);
        for name in ["w", "w-l", "waitlist", "wait-list-of-a-show", &longest] {
            for change in changes(&checkout, name).unwrap() {
                if Path::new(&change.path).extension().is_some_and(|kind| kind == "rs") {
                    assert!(is_formatted(&checkout, &change.text), "{}:\n{}", change.path, change.text);
                }
            }
        }
    }

    fn is_formatted(checkout: &Path, text: &str) -> bool {
        let mut rustfmt = Command::new("rustfmt")
            .args(["--check", "--edition", "2024", "--config-path"])
            .arg(checkout)
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .spawn()
            .unwrap();
        rustfmt.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
        rustfmt.wait().unwrap().success()
    }

    #[test]
    fn a_failed_write_leaves_nothing_behind() {
        let folder = std::env::temp_dir().join(format!("yemae-new-{}", std::process::id()));
        let old = "the register\n";
        fs::create_dir_all(folder.join("functions/all")).unwrap();
        fs::write(folder.join("functions/all/lib.rs"), old).unwrap();
        let change = |path: &str, old: Option<&str>| Change {
            path: path.to_owned(),
            old: old.map(str::to_owned),
            text: "new\n".to_owned(),
        };
        // The last one's folder is a file.
        let changes = vec![
            change("functions/waitlist/lib.rs", None),
            change("functions/all/lib.rs", Some(old)),
            change("functions/all/lib.rs/routes.rs", None),
        ];
        let refused = write_all(&folder, "waitlist", &changes).expect_err("no file can be there");
        assert!(refused.starts_with("functions/all/lib.rs/routes.rs: "), "{refused}");
        assert!(!refused.contains("undo"), "{refused}");
        assert!(!folder.join("functions/waitlist").exists());
        assert_eq!(fs::read_to_string(folder.join("functions/all/lib.rs")).unwrap(), old);
        fs::remove_dir_all(folder).unwrap();
    }

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
