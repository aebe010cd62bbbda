//! Every line that Yemae logs has the name of its event, and docs/OPERATIONS.md lists them all: level, fields, meaning.
#![cfg(test)]

use checks::{each_source, root, text};
use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};

const LEVELS: [&str; 5] = ["error", "warn", "info", "debug", "trace"];

/// An event as the sources have it, or the documentation.
#[derive(Debug, Default, PartialEq, Eq)]
struct LoggedEvent {
    levels: BTreeSet<String>,
    fields: BTreeSet<String>,
}

/// One call of a macro.
#[derive(Debug, PartialEq, Eq)]
struct LogLine {
    level: String,
    event: String,
    fields: Vec<String>,
    message: String,
}

#[test]
fn the_documentation_lists_what_is_logged() {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    for folder in ["functions", "infra", "localstack", "shared"] {
        each_source(&root(folder), &mut |path, source| {
            let (found, refused) = lines_of(source);
            lines.extend(found);
            wrong.extend(refused.into_iter().map(|call| format!("{}: {call}", path.display())));
        });
    }
    assert!(
        wrong.is_empty(),
        "each line is tracing::level!(event = \"noun.verb\", …, \"words\"):\n{}",
        wrong.join("\n")
    );
    assert!(lines.len() > 30, "only {} lines were found: is this the checkout?", lines.len());

    assert_eq!(ambiguous(&lines), [""; 0]);
    assert_eq!(documented(&text("docs/OPERATIONS.md")), events(&lines));
}

#[test]
fn calls_are_read_as_they_are_written() {
    let (lines, wrong) = lines_of(
        r#"
        fn a() {
            tracing::warn!(event = "map.behind", %performance, error = chain(&error, "a"), ?due, "the map");
        }
        mod tests { fn b() { tracing::info!("of a test") } }
        "#,
    );
    assert_eq!(wrong, [""; 0]);
    let fields = ["performance", "error", "due"].map(str::to_owned).to_vec();
    let (level, event, message) = ("warn".into(), "map.behind".into(), "the map".into());
    assert_eq!(lines, [LogLine { level, event, fields, message }]);
    for source in [
        r#"tracing::info!("words")"#,
        r#"tracing::info!(event = name, "words")"#,
        r#"tracing::info!(event = "one", "words")"#,
        r#"tracing::info!(event = "Two.Parts", "words")"#,
        r#"tracing::info!(event = "two.parts")"#,
        r#"tracing::info!(event = "two.parts", "with {words}")"#,
        r#"tracing::info!(performance, event = "two.parts", "words")"#,
        r#"info!(event = "two.parts", "words")"#,
        r#"tracing::event!(LEVEL, event = "two.parts", "words")"#,
        "use tracing::{self, warn};",
    ] {
        assert_eq!(lines_of(source).1.len(), 1, "{source}");
    }
}

#[test]
fn one_event_means_one_thing() {
    let line = |event: &str, message: &str| LogLine {
        level: "info".into(),
        event: event.into(),
        fields: Vec::new(),
        message: message.into(),
    };
    assert_eq!(ambiguous(&[line("a.b", "one"), line("a.b", "one"), line("c.d", "other")]), [""; 0]);
    assert_eq!(ambiguous(&[line("a.b", "one"), line("a.b", "other")]), ["a.b: one, other"]);
    assert_eq!(ambiguous(&[line("a.b", "one"), line("c.d", "one")]), ["one: a.b, c.d"]);
}

/// Events with several messages, and messages of several events.
fn ambiguous(lines: &[LogLine]) -> Vec<String> {
    let mut both = BTreeMap::<&str, BTreeSet<&str>>::new();
    for LogLine { event, message, .. } in lines {
        both.entry(event).or_default().insert(message);
        both.entry(message).or_default().insert(event);
    }
    let several = both.into_iter().filter(|(_, others)| others.len() > 1);
    several
        .map(|(one, others)| format!("{one}: {}", others.into_iter().collect::<Vec<_>>().join(", ")))
        .collect()
}

fn events(lines: &[LogLine]) -> BTreeMap<String, LoggedEvent> {
    let mut events = BTreeMap::<_, LoggedEvent>::new();
    for line in lines {
        let event = events.entry(line.event.clone()).or_default();
        event.levels.insert(line.level.clone());
        event.fields.extend(line.fields.clone());
    }
    events
}

/// The rows of the tables whose first column is `event`: its name, its levels and its fields.
fn documented(document: &str) -> BTreeMap<String, LoggedEvent> {
    let mut events = BTreeMap::new();
    let mut is_table = false;
    for line in document.lines() {
        let cells: Vec<&str> = line.split('|').map(str::trim).collect();
        let [_, event, level, fields, ..] = &*cells else {
            is_table = false;
            continue;
        };
        if *event == "event" {
            is_table = true;
        } else if is_table && event.starts_with('`') {
            let levels = level.split(", ").map(str::to_owned).collect();
            let fields = fields.split('`').skip(1).step_by(2).map(str::to_owned).collect();
            let known = events.insert(event.trim_matches('`').to_owned(), LoggedEvent { levels, fields });
            assert_eq!(known, None, "{event} is listed twice");
        }
    }
    events
}

/// The lines that a source logs outside its tests, and the calls that have not the form of one.
fn lines_of(source: &str) -> (Vec<LogLine>, Vec<String>) {
    let (mut lines, mut wrong) = (Vec::new(), Vec::new());
    read(&trees(source.parse().expect("Rust")), &mut lines, &mut wrong);
    (lines, wrong)
}

fn read(tokens: &[TokenTree], lines: &mut Vec<LogLine>, wrong: &mut Vec<String>) {
    for (at, tree) in tokens.iter().enumerate() {
        match &tokens[at..] {
            [TokenTree::Ident(name), TokenTree::Punct(mark), TokenTree::Group(group), ..]
                if mark.as_char() == '!' && (LEVELS.iter().any(|level| name == level) || name == "event") =>
            {
                let is_qualified =
                    matches!(&tokens[..at], [.., TokenTree::Ident(of), _, _] if of == "tracing");
                let arguments = trees(group.stream());
                match line(&name.to_string(), &arguments).filter(|_| is_qualified) {
                    Some(line) => lines.push(line),
                    None => wrong.push(format!("{name}!({})", group.stream())),
                }
            }
            // A macro by its bare name could be any.
            [TokenTree::Ident(word), TokenTree::Ident(of), _, _, TokenTree::Group(names), ..]
                if word == "use" && of == "tracing" && names.delimiter() == Delimiter::Brace =>
            {
                let imported = trees(names.stream());
                let is_macro = |tree: &TokenTree| LEVELS.contains(&&*tree.to_string());
                wrong.extend(
                    imported.iter().any(is_macro).then(|| format!("use tracing::{{{}}}", names.stream())),
                );
            }
            _ => {}
        }
        if let TokenTree::Group(group) = tree {
            let is_tests = matches!(&tokens[..at], [.., TokenTree::Ident(keyword), TokenTree::Ident(name)] if keyword == "mod" && name == "tests");
            if !is_tests {
                read(&trees(group.stream()), lines, wrong);
            }
        }
    }
}

/// `event = "…"`, fields, words.
fn line(level: &str, arguments: &[TokenTree]) -> Option<LogLine> {
    let is_comma = |tree: &TokenTree| matches!(tree, TokenTree::Punct(mark) if mark.as_char() == ',');
    let mut arguments: Vec<_> = arguments.split(is_comma).filter(|argument| !argument.is_empty()).collect();
    let message = text_of(arguments.pop().filter(|last| last.len() == 1)?.first()?)?;
    if arguments.is_empty() {
        return None;
    }
    let [TokenTree::Ident(key), TokenTree::Punct(equals), event] = arguments.remove(0) else { return None };
    let event = text_of(event).filter(|event| is_name(event) && key == "event" && equals.as_char() == '=')?;
    let fields = arguments.iter().map(|argument| field(argument)).collect::<Option<_>>()?;
    (LEVELS.contains(&level) && !message.contains('{')).then(|| LogLine {
        level: level.to_owned(),
        event,
        fields,
        message,
    })
}

/// `name`, `%name`, `?name` or `name = …`.
fn field(argument: &[TokenTree]) -> Option<String> {
    let named = match argument {
        [TokenTree::Punct(sigil), rest @ ..] if matches!(sigil.as_char(), '%' | '?') => rest,
        all => all,
    };
    match named {
        [TokenTree::Ident(name)] => Some(name.to_string()),
        [TokenTree::Ident(name), TokenTree::Punct(equals), _, ..] if equals.as_char() == '=' => {
            Some(name.to_string())
        }
        _ => None,
    }
}

/// Two or more words in lower case, joined by dots.
fn is_name(event: &str) -> bool {
    let is_word =
        |word: &str| !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    event.contains('.') && event.split('.').all(is_word)
}

fn text_of(tree: &TokenTree) -> Option<String> {
    let TokenTree::Literal(literal) = tree else { return None };
    Some(literal.to_string().strip_prefix('"')?.strip_suffix('"')?.to_owned())
}

fn trees(stream: TokenStream) -> Vec<TokenTree> {
    stream.into_iter().collect()
}
