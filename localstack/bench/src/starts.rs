//! What starting costs: for each function the time from `exec` to the first answer, its memory then, and its size.

use crate::{
    Result,
    server::Server,
    stage::{Environment, Stage},
    table::{FigureTable, Spread},
};
use std::fs;

const ROUNDS: usize = 20;

pub(crate) fn measure(stage: &Stage) -> Result<FigureTable> {
    let collector = stage.start("bench-constant", &["--bare"])?;
    let plain = |name| Program::new(name, name, &[], stage.settings.clone());
    let mut programs: Vec<_> =
        all::FUNCTIONS.iter().map(|registered| plain(registered.function.name)).collect();
    let pushing = stage.pushing(&collector, "traceidratio", "0.01");
    programs.push(Program::new("(lock-seat, telemetry pushed)", "lock-seat", &[], pushing));
    programs.push(Program::new("(a bare constant)", "bench-constant", &["--bare"], stage.settings.clone()));
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
        let size = fs::metadata(stage.program(program.file))?.len();
        let size_mb = f64::from(u32::try_from(size)?) / 1e6;
        table.row([
            program.name.to_owned(),
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
    file: &'static str,
    arguments: &'static [&'static str],
    settings: Environment,
    started_ms: Spread,
    resident_mb: Spread,
    private_mb: Spread,
}

impl Program {
    fn new(
        name: &'static str,
        file: &'static str,
        arguments: &'static [&'static str],
        settings: Environment,
    ) -> Self {
        Self {
            name,
            file,
            arguments,
            settings,
            started_ms: Spread::default(),
            resident_mb: Spread::default(),
            private_mb: Spread::default(),
        }
    }

    fn start(&mut self, stage: &Stage) -> Result<()> {
        let server = Server::start(&stage.program(self.file), self.arguments, &self.settings)?;
        let (resident_kib, private_kib) = server.memory_kib()?;
        self.started_ms.add(server.started_in.as_secs_f64() * 1e3);
        self.resident_mb.add(resident_kib * 1.024e-3);
        self.private_mb.add(private_kib * 1.024e-3);
        Ok(())
    }
}
