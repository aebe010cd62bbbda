//! The committed files are what the code makes.
#![allow(clippy::panic, reason = "in a test a panic is the way to fail")]

#[test]
fn the_committed_files_are_current() {
    for (path, text) in fronts::files() {
        assert!(checks::text(path) == text, "{path} is old: run `make fronts`");
    }
}

#[test]
fn no_front_knows_the_sweep() {
    for (path, text) in fronts::files() {
        assert!(!text.contains("sweep"), "{path}: sweep is reached from inside alone");
    }
}
