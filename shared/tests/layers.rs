//! Which module of `shared/src` may know which: arrows between layers go down, and parts of one module know each other in no
//! circle. Every path is read, also those in bodies and macros; spellings that would hide an arrow are refused. Arrows between a
//! module and what it contains are not looked at; unit tests may use whatever they like.
#![cfg(test)]

use proc_macro2::{TokenStream, TokenTree};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

/// From the top down. Modules of one layer do not know each other; parts of one module do, in no circle.
const LAYERS: [&[&str]; 6] = [
    &["http"],
    &["app"],
    &["services", "adapters"],
    &["ports"],
    &["telemetry"],
    &["config", "deadline", "error", "routes"],
];
/// All others answer errors of their own, which `http` maps to problems.
const WITH_AXUM: [&str; 2] = ["http", "app"];

/// A module's path: `["http", "problem"]`.
type Module = Vec<String>;
type Sources = BTreeMap<Module, Vec<TokenTree>>;

#[test]
fn no_arrow_goes_up_and_none_goes_round() {
    let src = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"));
    let sources = sources(src);
    assert!(sources.len() > 50, "the files are read");
    assert_eq!(wrong_arrows(&sources), [""; 0]);
    assert_eq!(hidden_arrows(&sources), [""; 0]);
    assert_eq!(more_than_modules(&tokens(&fs::read_to_string(src.join("lib.rs")).unwrap())), [""; 0]);
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
    for module in ["services::s", "adapters::d", "ports::p", "config"] {
        assert_eq!(wrong(&[(module, "use axum::http;")]), [format!("{module} -> axum")]);
    }
    assert_eq!(wrong(&[root, ("http::a", "use axum::http;"), ("app", "m!(axum::Router)")]), [""; 0]);
}

#[test]
fn spellings_that_hide_an_arrow_are_refused() {
    let hidden = |text: &str| hidden_arrows(&[(vec!["services".to_owned()], tokens(text))].into());
    for text in [
        "use crate::*;",
        "fn f() { use crate::{config, *}; }",
        "mod inner { use super::*; }",
        "use shared::http::*;",
        "use {std::mem, crate::*};",
        "use crate as root;",
        "use super as above;",
        "use crate::{self as root};",
        "use crate::{config, http as h};",
        "use crate::http::{self as h};",
        "use crate::http::Problem as P;",
        "pub use books::Books as B;",
        "pub(crate) use books as b;",
        "extern crate self as root;",
    ] {
        assert_eq!(hidden(text).len(), 1, "{text}");
    }
    for text in [
        "pub use books::*;",
        "use std::io::{self as input, *};",
        "use super::tokens::Claims as _;",
        "fn f() { self.ids as u8 }",
        "#[cfg(test)] mod tests { use super::*; }",
    ] {
        assert_eq!(hidden(text), [""; 0], "{text}");
    }
}

#[test]
fn the_crate_itself_declares_its_modules_and_nothing_else() {
    let more = |text: &str| more_than_modules(&tokens(text));
    assert_eq!(more("//! Doc.\nextern crate self as shared; pub mod http; /// Doc.\npub mod app;"), [""; 0]);
    for text in [
        "pub use http::Problem;",
        "pub use ports::*;",
        "type P = http::Problem;",
        "mod a { use super::http; }",
    ] {
        assert_eq!(more(&format!("pub mod http; {text} pub mod app;")).len(), 1, "{text}");
    }
}

fn wrong_arrows(sources: &Sources) -> Vec<String> {
    let layer = |module: &Module| LAYERS.iter().position(|layer| layer.contains(&&*module[0]));
    let (mut wrong, mut beside) = (BTreeSet::new(), BTreeSet::new());
    for (from, tokens) in sources {
        assert!(layer(from).is_some(), "on which layer is {}?", from[0]);
        if has_ident(tokens, "axum") && !WITH_AXUM.contains(&&*from[0]) {
            wrong.insert(format!("{} -> axum", from.join("::")));
        }
        for to in paths(tokens, from).iter().filter_map(|path| resolved(path, sources)) {
            let common = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
            if common == 0 && layer(from) >= layer(&to) {
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

/// Globs over this crate and other names for what is in it: behind them, `paths` would not see an arrow.
fn hidden_arrows(sources: &Sources) -> Vec<String> {
    let found = sources.iter().map(|(module, tokens)| (module, hiding(tokens)));
    found
        .flat_map(|(module, hiding)| hiding.into_iter().map(|use_| format!("{}: {use_}", module.join("::"))))
        .collect()
}

fn hiding(tokens: &[TokenTree]) -> Vec<String> {
    let mut found = Vec::new();
    for (at, tree) in tokens.iter().enumerate() {
        match tree {
            TokenTree::Group(group) if !is_tests(&tokens[..at]) => {
                found.extend(hiding(&trees(group.stream())));
            }
            TokenTree::Ident(keyword) if keyword == "use" || keyword == "extern" => {
                let item: Vec<_> =
                    tokens[at..].iter().take_while(|tree| !is_punct(tree, ';')).cloned().collect();
                let is_own = is_own(&item);
                // `pub use` or `pub(crate) use`.
                let is_public = tokens[..at].iter().rev().take(2).any(|tree| is_ident(tree, "pub"));
                if is_own && has_glob(&item) || (is_own || is_public) && renames(&item) {
                    found.push(item.into_iter().collect::<TokenStream>().to_string());
                }
            }
            _ => {}
        }
    }
    found
}

/// Whether a path of this crate is in it; `self` in a group names what stands before the group.
fn is_own(tokens: &[TokenTree]) -> bool {
    let begins = |(at, tree): (usize, &TokenTree)| match tree {
        TokenTree::Ident(word) if word == "self" => is_separator(&tokens[at + 1..]),
        TokenTree::Ident(word) => ["crate", "super", "shared"].iter().any(|own| word == own),
        TokenTree::Group(group) => is_own(&trees(group.stream())),
        _ => false,
    };
    tokens.iter().enumerate().any(begins)
}

fn is_tests(before: &[TokenTree]) -> bool {
    matches!(before, [.., keyword, name] if is_ident(keyword, "mod") && is_ident(name, "tests"))
}

fn has_glob(tokens: &[TokenTree]) -> bool {
    tokens.iter().any(|tree| match tree {
        TokenTree::Group(group) => has_glob(&trees(group.stream())),
        tree => is_punct(tree, '*'),
    })
}

/// Whether something gets another name; `as _` gives it none.
fn renames(tokens: &[TokenTree]) -> bool {
    let inside =
        |tree: &TokenTree| matches!(tree, TokenTree::Group(group) if renames(&trees(group.stream())));
    tokens.windows(2).any(|pair| is_ident(&pair[0], "as") && !is_ident(&pair[1], "_"))
        || tokens.iter().any(inside)
}

/// What the crate's root has besides the modules and the crate's own name: an item there would have a path without a layer.
fn more_than_modules(root: &[TokenTree]) -> Vec<String> {
    let items = root.split(|tree| is_punct(tree, ';')).map(|item| {
        let words = item.iter().filter(|tree| matches!(tree, TokenTree::Ident(_))).map(ToString::to_string);
        words.collect::<Vec<_>>().join(" ")
    });
    let is_module = |item: &str| item.strip_prefix("pub mod ").is_some_and(|name| !name.contains(' '));
    items
        .filter(|item| !item.is_empty() && item != "extern crate self as shared" && !is_module(item))
        .collect()
}

/// The module that a path leads to: the longest that there is, or its child where that declares what the path names.
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
            let parts = inner.split(|tree| is_punct(tree, ','));
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
    tokens.len() > 2 && tokens[..2].iter().all(|tree| is_punct(tree, ':'))
}

fn is_ident(tree: &TokenTree, wanted: &str) -> bool {
    matches!(tree, TokenTree::Ident(ident) if ident == wanted)
}

fn is_punct(tree: &TokenTree, wanted: char) -> bool {
    matches!(tree, TokenTree::Punct(punct) if punct.as_char() == wanted)
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
        TokenTree::Group(group) => has_ident(&trees(group.stream()), wanted),
        tree => is_ident(tree, wanted),
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
