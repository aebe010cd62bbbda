//! The committed files are what the code makes.
#![allow(clippy::panic, reason = "in a test a panic is the way to fail")]

#[test]
fn the_committed_files_are_current() {
    for (path, text) in render::files() {
        assert!(checks::text(path) == text, "{path} is old: run `make render`");
    }
}

#[test]
fn no_front_knows_what_is_reached_from_inside_alone() {
    for (path, text) in render::files() {
        for function in shared::routes::INSIDE {
            assert!(!text.contains(function), "{path}: {function}");
        }
    }
}
