//! The committed files are what the code makes.
#![cfg(test)]

#[test]
fn the_committed_files_are_current() {
    for (path, text) in fronts::files() {
        assert!(checks::text(path) == text, "{path} is old: run `make fronts`");
    }
}

#[test]
fn no_front_knows_what_is_reached_from_inside_alone() {
    for (path, text) in fronts::files() {
        for function in shared::routes::INSIDE {
            assert!(!text.contains(function), "{path}: {function}");
        }
    }
}
