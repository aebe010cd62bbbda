//! The draw: made once, by the first process that needs it.

use crate::{Frozen, Room, RoomSteps, StoreError, Time};
use domain::{
    PerformanceId,
    draw::{Block, Draw, leaf},
    queue::{Standing, Unwritten},
};

impl<S: RoomSteps, T: Time> Room<S, T> {
    /// The draw, if it has been made.
    pub(crate) async fn find_draw(&self, performance: PerformanceId) -> Result<Option<Draw>, StoreError> {
        if let Some(draw) = self.draws.get(&performance) {
            return Ok(Some(draw));
        }
        let draw = self.books.draw(performance).await?;
        if let Some(draw) = draw {
            self.draws.insert(performance, draw);
        }
        Ok(draw)
    }

    /// Make the draw, unless it was made already.
    pub(crate) async fn make_draw(&self, performance: PerformanceId) -> Result<Draw, StoreError> {
        let frozen = self.done(performance, || self.steps.freeze(performance)).await?;
        let Frozen { pool_size, unwritten } = frozen;
        let last = block(performance, &unwritten);
        let draw = self.books.make_draw(performance, pool_size, last.as_ref()).await?;
        self.draws.insert(performance, draw);
        self.done(performance, || self.steps.drawn(performance, draw.pool_size)).await?;
        Ok(draw)
    }

    pub(crate) async fn number_of(
        &self,
        performance: PerformanceId,
        entry: u64,
    ) -> Result<Standing, StoreError> {
        let draw = match self.find_draw(performance).await? {
            Some(draw) => draw,
            None => self.make_draw(performance).await?,
        };
        Ok(Standing::Number(draw.number_of(entry)))
    }
}

/// These entries as a block of the roster; nothing where there are none.
pub(crate) fn block(performance: PerformanceId, unwritten: &Unwritten) -> Option<Block> {
    let Unwritten { first, users } = unwritten;
    let leaves: Vec<_> = (*first..).zip(users).map(|(entry, user)| leaf(performance, entry, *user)).collect();
    (!leaves.is_empty()).then_some(Block { first: *first, leaves })
}
