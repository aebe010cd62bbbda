//! `yemae roster`: prints the roster of a draw. It may be published, since only its owner can recognise a leaf.

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

/// Begins the line before the leaves of a block; the first entry's position follows.
const BLOCK: &str = "block ";

/// The performance to print the roster of.
#[derive(Args)]
pub(crate) struct RosterArgs {
    /// The performance's id.
    performance: PerformanceId,
}

/// Prints for each block a line with the position where it begins, then one leaf per line.
pub(crate) async fn print(store: &dyn QueueBooks, wanted: &RosterArgs) -> Result<(), Box<dyn Error>> {
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

/// Parses what [`print`] printed.
pub(crate) fn parse(printed: &str) -> Result<Vec<Block>, String> {
    let mut blocks: Vec<Block> = Vec::new();
    for (number, line) in (1..).zip(printed.lines()) {
        if let Some(first) = line.strip_prefix(BLOCK) {
            let first = first.parse().map_err(|_| format!("line {number} has no position of a block"))?;
            blocks.push(Block { first, leaves: Vec::new() });
        } else {
            let leaf = Digest::parse(line).ok_or_else(|| format!("line {number} is not a leaf"))?;
            let block = blocks.last_mut().ok_or("no block begins before the first leaf")?;
            block.leaves.push(leaf);
        }
    }
    Ok(blocks)
}
