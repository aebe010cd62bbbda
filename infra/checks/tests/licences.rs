//! Every statement of Yemae's licence says the same.
#![cfg(test)]

use checks::{run, text};
use serde_json::Value;
use std::process::Command;

const LICENCE: &str = "MIT OR Apache-2.0";

#[test]
fn both_texts_are_here_and_the_readme_leads_to_them() {
    let readme = text("README.md");
    for (file, first, last) in [
        ("LICENSE-MIT", "MIT License", "DEALINGS IN THE SOFTWARE."),
        ("LICENSE-APACHE", "Apache License", "limitations under the License."),
    ] {
        let licence = text(file);
        let mut lines = licence.lines().map(str::trim).filter(|line| !line.is_empty());
        assert!(lines.next().is_some_and(|line| line == first), "{file} begins otherwise");
        assert!(lines.next_back().is_some_and(|line| line.ends_with(last)), "{file} ends otherwise");
        assert!(readme.contains(&format!("]({file})")), "README.md does not lead to {file}");
    }
}

#[test]
fn packages_and_images_name_the_same_licence() {
    let metadata = ["metadata", "--no-deps", "--offline", "--format-version", "1"];
    let packages: Value = serde_json::from_str(&run(Command::new(env!("CARGO")).args(metadata))).unwrap();
    let packages = packages.get("packages").and_then(Value::as_array).unwrap();
    for package in packages {
        assert_eq!(
            package.get("license").and_then(Value::as_str),
            Some(LICENCE),
            "{:?}",
            package.get("name")
        );
    }
    let web: Value = serde_json::from_str(&text("web/package.json")).unwrap();
    assert_eq!(web.get("license").and_then(Value::as_str), Some(LICENCE));
    let label = format!("org.opencontainers.image.licenses=\"{LICENCE}\"");
    assert!(text("infra/images/Dockerfile").contains(&label));
}
