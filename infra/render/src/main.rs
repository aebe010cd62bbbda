//! `render` writes every rendered file into the current folder, which must be the checkout. `render --new <name>` makes a
//! function from the template there; build `render` again before it can render that function.

use std::{env, fs, io, path::Path, process::ExitCode};

fn main() -> ExitCode {
    let arguments: Vec<_> = env::args().skip(1).collect();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let written = match arguments.as_slice() {
        [] => write_all().map_err(|error| error.to_string()),
        ["--new", name] => render::new::make(Path::new("."), name),
        _ => Err("usage: render [--new <name>]".to_owned()),
    };
    match written {
        Ok(paths) => {
            for path in paths {
                println!("{path}");
            }
            ExitCode::SUCCESS
        }
        Err(why) => {
            eprintln!("render: {why}");
            ExitCode::FAILURE
        }
    }
}

fn write_all() -> io::Result<Vec<String>> {
    let write = |(path, text): render::RenderedFile| {
        if let Some(folder) = Path::new(&path).parent() {
            fs::create_dir_all(folder)?;
        }
        fs::write(&path, text).map(|()| path)
    };
    render::files().into_iter().map(write).collect()
}
