//! Which modules of `shared/src` may use which: between floors, only those of a floor below; on one floor, without circles.
//! Every path counts, also in bodies and macros. Unit tests are exempt.
#![allow(clippy::indexing_slicing, clippy::unwrap_used, reason = "in a test a panic is the way to fail")]

use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// The floors from the top down. Modules of one floor do not use each other.
const FLOORS: [&[&str]; 6] = [
    &["http"],
    &["app"],
    &["services", "adapters"],
    &["ports"],
    &["telemetry"],
    &["config", "deadline", "error", "routes"],
];
/// Floors that answer errors of their own, which `http` maps to problems.
const WITHOUT_AXUM: [&str; 2] = ["services", "ports"];

/// A module's path: `["http", "problem"]`.
type Module = Vec<String>;
type Sources = BTreeMap<Module, Vec<TokenTree>>;

#[test]
fn no_arrow_goes_up_and_none_goes_round() {
    let sources = sources(Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src")));
    assert!(sources.len() > 50, "the files are read");
    assert_eq!(wrong_arrows(&sources), [""; 0]);
    for (module, tokens) in sources.iter().filter(|(module, _)| WITHOUT_AXUM.contains(&&*module[0])) {
        assert!(!has_ident(tokens, "axum"), "{} knows HTTP", module.join("::"));
    }
}

#[test]
fn wrong_arrows_are_found_wherever_they_are_written() {
    let wrong = |files: &[(&str, &str)]| {
        let module = |path: &str| path.split("::").map(Into::into).collect::<Module>();
        wrong_arrows(&files.iter().map(|(path, text)| (module(path), tokens(text))).collect())
    };
    let http =
        [("http", "mod a; mod b; pub use a::A;"), ("http::a", "pub struct A; fn a() { super::b::b() }")];
    let [root, a] = http;
    for text in ["use crate::{error, http::a::A};", "fn b() { crate::http::a::A }", "m!(shared::http::a::A)"]
    {
        assert_eq!(wrong(&[root, a, ("services::s", text)]), ["services::s -> http::a"], "{text}");
    }
    assert_eq!(wrong(&[root, a, ("services::s", "mod tests { use crate::http::a::A; }")]), [""; 0]);
    assert_eq!(wrong(&[("adapters::d", "use crate::services::s;"), ("services::s", "")]).len(), 1);
    // A use through the parent's re-export.
    assert_eq!(wrong(&[root, a, ("http::b", "use super::A; pub fn b() {}")]), ["a circle: http::a, http::b"]);
    assert_eq!(wrong(&[root, a, ("http::b", "pub fn b() {}")]), [""; 0]);
}

fn wrong_arrows(sources: &Sources) -> Vec<String> {
    let floor = |module: &Module| FLOORS.iter().position(|floor| floor.contains(&&*module[0]));
    let (mut wrong, mut beside) = (BTreeSet::new(), BTreeSet::new());
    for (from, tokens) in sources {
        assert!(floor(from).is_some(), "on which floor is {}?", from[0]);
        for to in paths(tokens, from).iter().filter_map(|path| resolved(path, sources)) {
            let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if common == 0 && floor(from) >= floor(&to) {
                wrong.insert(format!("{} -> {}", from.join("::"), to.join("::")));
            } else if common > 0 && common < from.len().min(to.len()) {
                beside.insert((from[..=common].to_vec(), to[..=common].to_vec()));
            }
        }
    }
    // An arrow whose start has no incoming arrow, or whose end has no outgoing one, is in no circle.
    let is_free = |arrow: &&(Module, Module), beside: &BTreeSet<(Module, Module)>| {
        beside.iter().all(|(_, to)| *to != arrow.0) || beside.iter().all(|(from, _)| *from != arrow.1)
    };
    while let Some(free) = beside.iter().find(|arrow| is_free(arrow, &beside)).cloned() {
        beside.remove(&free);
    }
    let circle: BTreeSet<_> = beside.iter().map(|(from, _)| from.join("::")).collect();
    let circle = circle.into_iter().collect::<Vec<_>>().join(", ");
    wrong.extend((!circle.is_empty()).then(|| format!("a circle: {circle}")));
    wrong.into_iter().collect()
}

/// The module that a path leads to: the longest prefix that is a module, or its child that declares the item.
fn resolved(path: &[String], sources: &Sources) -> Option<Module> {
    let module =
        (1..=path.len()).rev().map(|length| &path[..length]).find(|module| sources.contains_key(*module))?;
    let Some(item) = path.get(module.len()) else { return Some(module.to_vec()) };
    let is_child = |other: &Module| other.len() == module.len() + 1 && other.starts_with(module);
    let declares = |other: &Module| declares(&sources[other], item);
    let child =
        sources.keys().find(|other| is_child(other) && !declares(&module.to_vec()) && declares(other));
    Some(child.cloned().unwrap_or_else(|| module.to_vec()))
}

/// Every path that begins with `crate`, `self`, `super` or this crate's name, resolved from the root.
fn paths(tokens: &[TokenTree], module: &[String]) -> Vec<Module> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match &tokens[at..] {
            [TokenTree::Ident(keyword), TokenTree::Ident(name), TokenTree::Group(body), ..]
                if keyword == "mod" =>
            {
                if name != "tests" {
                    found.extend(paths(&trees(body.stream()), &[module, &[name.to_string()]].concat()));
                }
                at += 2;
            }
            [TokenTree::Group(group), ..] => found.extend(paths(&trees(group.stream()), module)),
            [TokenTree::Ident(first), ..] if is_separator(&tokens[at + 1..]) => match &*first.to_string() {
                "crate" | "shared" => found.extend(tails(&tokens[at + 1..], &[])),
                "self" => found.extend(tails(&tokens[at + 1..], module)),
                "super" => found.extend(tails(&tokens[at + 1..], &module[..module.len() - 1])),
                _ => {}
            },
            _ => {}
        }
        at += 1;
    }
    found
}

/// The paths that go on from `base`: one, or all those of a group.
fn tails(tokens: &[TokenTree], base: &[String]) -> Vec<Module> {
    if !is_separator(tokens) {
        return vec![base.to_vec()];
    }
    match &tokens[2..] {
        [TokenTree::Ident(name), rest @ ..] if name == "super" => tails(rest, &base[..base.len() - 1]),
        [TokenTree::Ident(name), rest @ ..] if name != "self" => {
            tails(rest, &[base, &[name.to_string()]].concat())
        }
        [TokenTree::Group(group), ..] => {
            let inner = trees(group.stream());
            let parts = inner.split(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ','));
            parts
                .filter_map(|part| part.first().map(|first| (first, part)))
                .flat_map(|(first, part)| {
                    let name = first.to_string();
                    if name == "self" {
                        vec![base.to_vec()]
                    } else {
                        tails(&part[1..], &[base, &[name]].concat())
                    }
                })
                .collect()
        }
        _ => vec![base.to_vec()],
    }
}

fn is_separator(tokens: &[TokenTree]) -> bool {
    let is_colon = |tree: &TokenTree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ':');
    tokens.len() > 2 && tokens[..2].iter().all(is_colon)
}

fn declares(tokens: &[TokenTree], item: &str) -> bool {
    tokens.windows(2).any(|pair| match pair {
        [TokenTree::Ident(keyword), TokenTree::Ident(name)] => {
            name == item
                && ["struct", "enum", "trait", "type", "fn", "const", "static"]
                    .iter()
                    .any(|known| keyword == known)
        }
        _ => false,
    }) || tokens
        .iter()
        .any(|tree| matches!(tree, TokenTree::Group(group) if declares(&trees(group.stream()), item)))
}

fn has_ident(tokens: &[TokenTree], wanted: &str) -> bool {
    tokens.iter().any(|tree| match tree {
        TokenTree::Ident(ident) => ident == wanted,
        TokenTree::Group(group) => has_ident(&trees(group.stream()), wanted),
        _ => false,
    })
}

fn sources(root: &Path) -> Sources {
    let mut sources = Sources::new();
    let mut folders = vec![root.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                let module = path.strip_prefix(root).unwrap().with_extension("");
                let module: Module = module.iter().map(|part| part.to_str().unwrap().to_owned()).collect();
                sources.insert(module, tokens(&fs::read_to_string(path).unwrap()));
            }
        }
    }
    sources.remove(&vec!["lib".to_owned()]);
    sources
}

/// The tokens, which have no comments.
fn tokens(text: &str) -> Vec<TokenTree> {
    trees(text.parse().unwrap())
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}
