//! `yemae roster`: prints the roster of a draw. It may be published: a leaf tells only its owner whose it is.

use clap::Args;
use domain::{
    PerformanceId,
    draw::{Block, Digest},
};
use shared::ports::QueueBooks;
use std::{
    error::Error,
    io::{self, Write as _},
};

/// What begins the line before the leaves of a block: the first entry's position follows.
const BLOCK: &str = "block ";

/// Of which performance.
#[derive(Args)]
pub(crate) struct Wanted {
    /// The performance's id.
    performance: PerformanceId,
}

/// Print it: for each block a line that says where it begins, then a leaf a line.
pub(crate) async fn print(store: &dyn QueueBooks, wanted: &Wanted) -> Result<(), Box<dyn Error>> {
    let blocks = store.roster(wanted.performance).await?;
    let mut out = io::stdout().lock();
    for block in &blocks {
        writeln!(out, "{BLOCK}{}", block.first)?;
        for leaf in &block.leaves {
            writeln!(out, "{leaf}")?;
        }
    }
    Ok(out.flush()?)
}

/// Read what [`print`] printed.
pub(crate) fn parse(printed: &str) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    for (number, line) in (1..).zip(printed.lines()) {
        if let Some(first) = line.strip_prefix(BLOCK) {
            let first = first.parse().map_err(|_| format!("line {number} has no position of a block"))?;
            blocks.push(Block { first, leaves: Vec::new() });
        } else {
            let leaf = Digest::parse(line).ok_or_else(|| format!("line {number} is no leaf"))?;
            let block = blocks.last_mut().ok_or("no block begins before the first leaf")?;
            block.leaves.push(leaf);
        }
    }
    Ok(blocks)
}
