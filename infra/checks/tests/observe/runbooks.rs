//! `docs/RUNBOOKS.md` names panels that exist: `*Dashboard: Panel*`.

use crate::panels::titles;
use checks::text;

#[test]
fn every_panel_of_a_runbook_is_on_its_dashboard() {
    // A line ends where the page is wide enough.
    let runbooks = text("docs/RUNBOOKS.md").replace("**", "").replace('\n', " ");
    let titles = titles();
    let mut named = 0;
    for emphasized in runbooks.split('*').skip(1).step_by(2) {
        let (dashboard, panel) = emphasized.split_once(": ").unwrap_or((emphasized, ""));
        let dashboard = dashboard.to_lowercase();
        let is_there = titles.contains(&(dashboard, panel.to_owned()));
        assert!(is_there, "no panel is called *{emphasized}*");
        named += 1;
    }
    assert!(named > 10, "{named}");
}
