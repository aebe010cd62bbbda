//! `make function` in a copy of the checkout: the new function compiles, is in every file that names all functions, and
//! needs no other file by hand.
#![cfg(test)]

use checks::{root, text};
use std::{
    collections::{BTreeMap, BTreeSet},
    ffi::OsStr,
    fs,
    os::unix::fs::symlink,
    path::{Path, PathBuf},
    process::Command,
};

const NAME: &str = "waitlist";
/// The most files to write by hand, including the rights of a function that asks the books (infra/terraform/locals.tf).
const BY_HAND_MAX: usize = 8;
/// The rendered files that name every public function. The others name only functions that differ from a plain one.
const NAME_ALL: [&str; 14] = [
    "infra/images/docker-bake.hcl",
    "infra/kubernetes/base/ingress.yaml",
    "infra/kubernetes/functions/kustomization.yaml",
    "infra/kubernetes/functions/waitlist/kustomization.yaml",
    "infra/nginx/routes.conf",
    "infra/terraform/functions.json",
    "infra/terraform/routes.json",
    "knative/base/kustomization.yaml",
    "knative/base/waitlist.yaml",
    "knative/components/gateway-api/routes.yaml",
    "localstack/compose.engine.yaml",
    "localstack/compose.observe.yaml",
    "localstack/compose.yaml",
    "localstack/lambda/api.json",
];

#[test]
fn a_new_function_compiles_and_is_in_every_rendered_file() {
    let copy = Copy::make();
    let before = copy.files();
    copy.run(env!("CARGO_BIN_EXE_render"), &["--new", NAME]);
    copy.cargo(&["build", "--bin", "render", "--bin", "openapi"]);
    let rendered: BTreeSet<_> = copy.run(copy.program("render"), &[]).lines().map(str::to_owned).collect();
    let openapi = copy.run(copy.program("openapi"), &[]);
    fs::write(copy.tree.join("functions/all/openapi.json"), openapi).unwrap();
    copy.run("cargo", &["fmt", "--check", "--package", NAME]);
    copy.cargo(&["test", "--test", "register", "--test", "current", "--test", "names", "--test", NAME]);

    let after = copy.files();
    let says = |path: &&String| String::from_utf8_lossy(&after[*path]).contains(NAME);
    assert_eq!(rendered.iter().filter(says).collect::<Vec<_>>(), NAME_ALL.iter().collect::<Vec<_>>());

    let made_from_code = |path: &str| ["Cargo.lock", "functions/all/openapi.json"].contains(&path);
    let changed = after.iter().filter(|(path, now)| before.get(*path) != Some(now)).map(|(path, _)| path);
    let by_hand: BTreeSet<_> =
        changed.filter(|path| !rendered.contains(*path) && !made_from_code(path)).cloned().collect();
    assert_eq!(by_hand, documented(), "docs/ARCHITECTURE.md says otherwise");
    assert!(by_hand.len() < BY_HAND_MAX, "{by_hand:?}");

    // Last, because it leaves notes in the tree.
    copy.cargo(&["test", "--test", "manifests", "--", "functions::", "scale::"]);
}

#[test]
fn a_name_that_cannot_be_is_refused_with_the_reason() {
    let long = "a".repeat(41);
    for (name, why) in [
        ("", "needs a name"),
        ("Waitlist", "is no name"),
        ("wait_list", "is no name"),
        ("-waitlist", "is no name"),
        ("wait--list", "is no name"),
        ("2nd", "is no name"),
        ("../waitlist", "is no name"),
        ("대기", "is no name"),
        (&*long, "41 characters long"),
        ("match", "a word of Rust"),
        ("test", "a word of Rust"),
        ("login", "there is a folder"),
        ("all", "there is a folder"),
        ("build", "a folder of cargo's"),
        ("deps", "a folder of cargo's"),
        ("examples", "a folder of cargo's"),
        ("tokio", "there is a crate"),
        ("simulate", "there is a program"),
        ("openapi", "there is a program"),
        ("support", "there is a module"),
        ("valkey", "something else"),
        ("on-sale", "something else"),
        ("timer", "there is a file knative/base/timer.yaml"),
        ("namespace", "there is a file knative/base/namespace.yaml"),
        ("references", "there is a file knative/base/references.yaml"),
        ("kustomization", "there is a file knative/base/kustomization.yaml"),
        ("holds", "is a path of `lock-seat` already"),
        ("users", "is a path of `signup` already"),
    ] {
        let refused = render::new::make(&root(""), name).expect_err(name);
        assert!(refused.contains(why), "{name}: {refused}");
    }
}

/// The list of docs/ARCHITECTURE.md, for this function.
fn documented() -> BTreeSet<String> {
    let text = text("docs/ARCHITECTURE.md");
    let section = text.split("\n## Adding a function\n").nth(1).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let listed = section.lines().filter_map(|line| line.strip_prefix("- `")?.split('`').next());
    listed.map(|path| path.replace("<name>", NAME).replace("<module>", &NAME.replace('-', "_"))).collect()
}

/// A copy of the checkout's files.
struct Copy {
    tree: PathBuf,
    /// The target folder. The checkout's own, so that no dependency is compiled again.
    shared: PathBuf,
}

impl Copy {
    fn make() -> Self {
        let shared = Path::new(env!("CARGO_BIN_EXE_render")).ancestors().nth(2).expect("a target folder");
        let tree = shared.join("new-function/tree");
        if tree.exists() {
            fs::remove_dir_all(&tree).unwrap();
        }
        let listed = Command::new("git")
            .args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"])
            .current_dir(root(""))
            .output()
            .unwrap();
        for path in String::from_utf8(listed.stdout).unwrap().split_terminator('\0') {
            let (from, to) = (root(path), tree.join(path));
            // A file that is deleted but not committed yet is listed, too.
            if from.is_file() {
                fs::create_dir_all(to.parent().unwrap()).unwrap();
                fs::copy(from, to).unwrap();
            }
        }
        symlink(root("web/dist"), tree.join("web/dist")).unwrap();
        // Another version, or cargo would take the copy's crates for the checkout's: their paths below it are the same.
        let manifest = tree.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap();
        let version = concat!("version = \"", env!("CARGO_PKG_VERSION"), "\"");
        fs::write(manifest, text.replacen(version, "version = \"0.0.0-copy\"", 1)).unwrap();
        Self { tree, shared: shared.to_owned() }
    }

    fn cargo(&self, arguments: &[&str]) {
        let [what, rest @ ..] = arguments else { return };
        // The whole workspace, as elsewhere: features of dependencies are chosen for all that is asked for.
        self.run("cargo", &[&[*what, "--offline", "--quiet", "--workspace"], rest].concat());
    }

    /// A program that was built from the copy.
    fn program(&self, name: &str) -> PathBuf {
        self.own().join("debug").join(name)
    }

    /// Where cargo puts programs, apart from the checkout's.
    fn own(&self) -> PathBuf {
        self.shared.join("new-function/programs")
    }

    fn run(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> String {
        let mut command = Command::new(program);
        command.args(arguments).current_dir(&self.tree);
        command.env("CARGO_TARGET_DIR", self.own()).env("CARGO_BUILD_BUILD_DIR", &self.shared);
        let output = command.output().unwrap();
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command:?}: {}\n{said}", String::from_utf8_lossy(&output.stdout));
        String::from_utf8(output.stdout).unwrap()
    }

    fn files(&self) -> BTreeMap<String, Vec<u8>> {
        let mut files = BTreeMap::new();
        let mut folders = vec![self.tree.clone()];
        while let Some(folder) = folders.pop() {
            for path in fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
                if path.is_symlink() {
                    continue;
                }
                if path.is_dir() {
                    folders.push(path);
                } else {
                    let name = path.strip_prefix(&self.tree).unwrap().display().to_string();
                    files.insert(name, fs::read(path).unwrap());
                }
            }
        }
        files
    }
}
