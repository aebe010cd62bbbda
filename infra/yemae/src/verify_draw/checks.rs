//! The checks of a draw, on the evidence at hand: no I/O.

use domain::{
    PerformanceId, UserId,
    draw::{Block, Digest, Draw, extend_root, leaf},
};
use serde::Deserialize;
use std::fmt;

/// What is published about a draw: the commitment from the beginning, the rest once the draw is made.
#[derive(Debug, Clone, Copy, Deserialize)]
pub(super) struct Published {
    pub(super) commitment: Digest,
    pub(super) roster_root: Option<Digest>,
    pub(super) pool_size: Option<u64>,
    pub(super) seed: Option<Digest>,
}

/// Everything at hand for the checks.
#[derive(Debug, Clone)]
pub(super) struct Evidence {
    pub(super) published: Published,
    /// The commitment as noted before people gathered.
    pub(super) noted: Option<Digest>,
    pub(super) roster: Option<Vec<Block>>,
    pub(super) performance: Option<PerformanceId>,
    pub(super) user: Option<UserId>,
    pub(super) entry: Option<u64>,
    pub(super) number: Option<u64>,
}

/// What a check found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Finding {
    /// The promise is kept.
    Good(String),
    /// The promise is broken.
    Wrong(String),
    /// The check needs something that is missing.
    Open(String),
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Good(what) => write!(f, "ok     {what}"),
            Self::Wrong(what) => write!(f, "WRONG  {what}"),
            Self::Open(what) => write!(f, "open   {what}"),
        }
    }
}

impl Finding {
    fn of(is_good: bool, good: impl Into<String>, wrong: impl Into<String>) -> Self {
        if is_good { Self::Good(good.into()) } else { Self::Wrong(wrong.into()) }
    }
}

impl Published {
    fn made(&self) -> Option<Draw> {
        let Self { commitment, roster_root, pool_size, seed } = *self;
        Some(Draw { commitment, roster_root: roster_root?, pool_size: pool_size?, seed: seed? })
    }

    fn shows_something_of_it(&self) -> bool {
        self.roster_root.is_some() || self.pool_size.is_some() || self.seed.is_some()
    }
}

impl Evidence {
    /// Runs every check that the evidence allows, and lists those that it does not.
    pub(super) fn check(&self) -> Vec<Finding> {
        let mut findings = vec![self.commitment()];
        match self.published.made() {
            Some(draw) => {
                findings.push(Finding::of(
                    draw.keeps_its_word(),
                    "the seed matches the commitment",
                    "the seed does not match the commitment",
                ));
                findings.extend(self.roster(&draw));
                findings.push(self.number(&draw));
            }
            None => findings.push(self.not_made()),
        }
        findings
    }

    fn commitment(&self) -> Finding {
        let published = self.published.commitment;
        match self.noted {
            None => {
                Finding::Open(format!("--commitment: only a person who noted {published} before can tell"))
            }
            Some(noted) => Finding::of(
                noted == published,
                "the commitment is the one noted before",
                format!("the commitment was {noted} and is {published}"),
            ),
        }
    }

    fn not_made(&self) -> Finding {
        if self.published.shows_something_of_it() {
            return Finding::Wrong("only a part of the draw is published".to_owned());
        }
        match self.number {
            Some(number) => Finding::Wrong(format!("number {number} was given before the draw was made")),
            None => Finding::Open("the draw is not made yet".to_owned()),
        }
    }

    fn roster(&self, draw: &Draw) -> Vec<Finding> {
        let Some(blocks) = &self.roster else {
            return vec![Finding::Open("--roster: only a roster shows that one's entry is in it".to_owned())];
        };
        let root = blocks.iter().fold(Digest::NOTHING, extend_root);
        let root = Finding::of(
            root == draw.roster_root,
            "the roster has the root that is published",
            format!("the roster has the root {root}, published is {}", draw.roster_root),
        );
        vec![root, whole(blocks, draw.pool_size), self.leaf(blocks, draw)]
    }

    fn leaf(&self, blocks: &[Block], draw: &Draw) -> Finding {
        let (Some(performance), Some(entry), Some(user)) = (self.performance, self.entry, self.user) else {
            let needed = "--ticket, or --performance, --entry and --user: they say which leaf is one's own";
            return Finding::Open(needed.to_owned());
        };
        if entry > draw.pool_size {
            return Finding::Good(format!("entry {entry} came after the {} of the roster", draw.pool_size));
        }
        Finding::of(
            leaf_at(blocks, entry) == Some(leaf(performance, entry, user)),
            format!("entry {entry} of the roster is that of user {user}"),
            format!("entry {entry} of the roster is not that of user {user}"),
        )
    }

    fn number(&self, draw: &Draw) -> Finding {
        let Some(entry) = self.entry else {
            return Finding::Open("--ticket or --entry: an entry has a number".to_owned());
        };
        let drawn = draw.number_of(entry);
        match self.number {
            None => Finding::Open(format!("--number: entry {entry} has number {drawn}")),
            Some(number) => Finding::of(
                number == drawn,
                format!("entry {entry} has number {number}"),
                format!("entry {entry} has number {drawn}, and not {number}"),
            ),
        }
    }
}

/// Every entry of the pool has exactly one leaf, and there are no others: the order also depends on the size of the pool.
fn whole(blocks: &[Block], pool_size: u64) -> Finding {
    let mut named_to = 0;
    for block in blocks {
        if block.first != named_to + 1 {
            return Finding::Wrong(format!("the roster does not go on with entry {}", named_to + 1));
        }
        named_to = block.last();
    }
    Finding::of(
        named_to == pool_size,
        format!("the roster names each of the {pool_size} entries"),
        format!("the roster names {named_to} entries, and {pool_size} were drawn"),
    )
}

fn leaf_at(blocks: &[Block], entry: u64) -> Option<Digest> {
    let block = blocks.iter().find(|block| (block.first..=block.last()).contains(&entry))?;
    let position = usize::try_from(entry - block.first).ok()?;
    block.leaves.get(position).copied()
}
