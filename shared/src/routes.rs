//! Which path belongs to which function: the one table from which all fronts are rendered, and which the tests read.
//!
//! Only the path picks the function, never the method, so that every front can express the table.

/// One line of the table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Route {
    /// The function's name: its folder, crate, Knative Service and `OpenAPI` tag.
    pub function: &'static str,
    /// What the path is, or begins with.
    pub path: &'static str,
    /// Whether the path must be exactly that.
    pub exact: bool,
}

const fn exact(path: &'static str, function: &'static str) -> Route {
    Route { function, path, exact: true }
}

const fn prefix(path: &'static str, function: &'static str) -> Route {
    Route { function, path, exact: false }
}

/// All public paths.
pub const ROUTES: &[Route] = &[
    exact("/v1/users", "signup"),
    exact("/v1/login", "login"),
    prefix("/v1/tokens", "session"),
    exact("/v1/me", "session"),
    prefix("/.well-known/", "session"),
    exact("/v1/shows", "list-shows"),
    prefix("/v1/shows/", "show-detail"),
    prefix("/v1/seats/", "seat-map"),
    prefix("/v1/seat-stream/", "seat-stream"),
    exact("/v1/queue-tickets", "enqueue"),
    prefix("/v1/queues/", "queue-status"),
    exact("/v1/admissions", "admit"),
    prefix("/v1/holds", "lock-seat"),
    exact("/v1/bookings", "book"),
    prefix("/v1/payments", "pay"),
    exact("/v1/cancellations", "cancel"),
    prefix("/v1/me/bookings", "bookings"),
    prefix("/v1/manage/shows", "manage-shows"),
    prefix("/v1/manage/performances", "manage-shows"),
    prefix("/v1/manage/houses", "manage-shows"),
    prefix("/v1/manage/sales/", "manage-sale"),
    prefix("/", "web"),
];

/// The function that a path belongs to: an exact line first, then the longest prefix.
#[must_use]
pub fn function_for(path: &str) -> Option<&'static str> {
    ROUTES
        .iter()
        .filter(|route| if route.exact { path == route.path } else { path.starts_with(route.path) })
        .max_by_key(|route| (route.exact, route.path.len()))
        .map(|route| route.function)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn exact_lines_win_and_then_the_longest_prefix() {
        for (path, function) in [
            ("/v1/shows", Some("list-shows")),
            ("/v1/shows/", Some("show-detail")),
            ("/v1/shows/7", Some("show-detail")),
            ("/v1/me", Some("session")),
            ("/v1/me/bookings/7", Some("bookings")),
            ("/v1/seat-stream/7", Some("seat-stream")),
            ("/v1/meadow", Some("web")),
            ("/v1/users/7", Some("web")),
            ("/", Some("web")),
            ("", None),
        ] {
            assert_eq!(function_for(path), function, "{path}");
        }
    }

    #[test]
    fn no_path_stands_in_the_table_twice() {
        let mut paths: Vec<_> = ROUTES.iter().map(|route| (route.path, route.exact)).collect();
        paths.sort_unstable();
        paths.dedup();
        assert_eq!(paths.len(), ROUTES.len());
    }
}
