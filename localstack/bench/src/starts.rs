//! What starting costs: for each function the time from `exec` to the first answer, its memory then, and its size.

use crate::{
    Result,
    stage::Stage,
    table::{FigureTable, Spread},
};
use std::fs;

const ROUNDS: usize = 20;

pub(crate) fn measure(stage: &Stage) -> Result<FigureTable> {
    let mut programs: Vec<_> =
        all::FUNCTIONS.iter().map(|registered| Program::new(registered.function.name, &[])).collect();
    programs.push(Program::new("bench-constant", &["--bare"]));
    for round in 1..=ROUNDS {
        eprintln!("starts: round {round} of {ROUNDS}");
        for program in &mut programs {
            program.start(stage)?;
        }
    }
    let mut table = FigureTable::new(
        "Starts",
        ["function", "first answer, ms", "resident, MB", "private, MB", "binary, MB"],
    );
    for program in programs {
        let size = fs::metadata(stage.program(program.name))?.len();
        let size_mb = f64::from(u32::try_from(size)?) / 1e6;
        let name = if program.arguments.is_empty() { program.name } else { "(a bare constant)" };
        table.row([
            name.to_owned(),
            format!("{:.2}", program.started_ms),
            format!("{:.1}", program.resident_mb.median()),
            format!("{:.1}", program.private_mb.median()),
            format!("{size_mb:.1}"),
        ]);
    }
    Ok(table)
}

struct Program {
    name: &'static str,
    arguments: &'static [&'static str],
    started_ms: Spread,
    resident_mb: Spread,
    private_mb: Spread,
}

impl Program {
    fn new(name: &'static str, arguments: &'static [&'static str]) -> Self {
        Self {
            name,
            arguments,
            started_ms: Spread::default(),
            resident_mb: Spread::default(),
            private_mb: Spread::default(),
        }
    }

    fn start(&mut self, stage: &Stage) -> Result<()> {
        let server = stage.start(self.name, self.arguments)?;
        let (resident_kib, private_kib) = server.memory_kib()?;
        self.started_ms.add(server.started_in.as_secs_f64() * 1e3);
        self.resident_mb.add(resident_kib * 1.024e-3);
        self.private_mb.add(private_kib * 1.024e-3);
        Ok(())
    }
}
