//! Programs of this workspace, for tests that start them.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

/// The program that `cargo build --workspace --bins` built beside this test or program.
///
/// # Panics
/// When it is missing, or older than its sources.
#[must_use]
pub fn program(name: &str) -> PathBuf {
    let own = std::env::current_exe().expect("a program");
    let folder = own.parent().expect("a folder");
    // Tests are in `deps`, below the programs.
    let folder = if folder.ends_with("deps") { folder.parent().expect("a folder") } else { folder };
    let program = folder.join(name);
    assert!(is_fresh(&program), "{name} is missing or old: run `cargo build --workspace --bins`");
    program
}

/// Whether no source has changed since the build: cargo lists a program's sources beside it.
fn is_fresh(program: &Path) -> bool {
    let Ok(made_from) = fs::read_to_string(program.with_extension("d")) else { return false };
    let Some((_, sources)) = made_from.trim_end().split_once(": ") else { return false };
    // A space inside a name is written as `\ `.
    let sources = sources.replace("\\ ", "\0");
    let mut changed = sources.split(' ').map(|source| changed_at(Path::new(&source.replace('\0', " "))));
    let built = changed_at(program);
    built.is_some() && changed.all(|changed| changed.is_some() && changed <= built)
}

fn changed_at(file: &Path) -> Option<SystemTime> {
    file.metadata().and_then(|file| file.modified()).ok()
}
