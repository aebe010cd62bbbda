//! `yemae on-sale`: raises the floors of the hot functions before a sale opens, or before people gather for it, and restores
//! them afterwards. A timer calls it once a minute. Each call looks at the sales and the cluster anew, so a lost or repeated
//! call changes nothing. It also asks Redis once for each of these sales, so that a sale that Redis has never seen, or has
//! forgotten, is loaded before the crowd arrives.
//!
//! It annotates the revisions that receive traffic, not the services: Knative follows a revision's annotations at any time,
//! and no new revision is made, so a canary is not disturbed. The previous values are kept beside the new ones and restored.

mod cluster;
mod floors;

use clap::Args;
use cluster::{Cluster, Revision};
use domain::PerformanceId;
use domain::sale::{Sale, SaleControl};
use floors::{Floors, change};
use jiff::{SignedDuration, Timestamp};
use shared::ports::{Programme, SeatLocks};
use std::{error::Error, fs, path::PathBuf};

/// As many as the list of shows has at most.
const SHOWS_MAX: usize = 2_000;

/// When the floors rise, and to what.
#[derive(Args)]
pub(crate) struct Schedule {
    /// The namespace of the functions.
    #[arg(long, default_value = "yemae")]
    namespace: String,
    /// A file with the floors: `{"lock-seat": {"min-scale": "4"}, …}`.
    #[arg(long)]
    floors: PathBuf,
    /// How long before a sale opens, or people gather for it, the floors rise, such as `10m`.
    #[arg(long, default_value = "10m")]
    before: SignedDuration,
    /// How long after the opening they sink again.
    #[arg(long, default_value = "20m")]
    after: SignedDuration,
    /// The address of a Kubernetes API that needs no credentials, such as that of `kubectl proxy`. By default this is the
    /// API of the cluster that the command runs in.
    #[arg(long)]
    api: Option<String>,
}

/// Raises or restores what is due now, and prints what was done to each revision.
pub(crate) async fn keep(
    store: &dyn Programme,
    locks: &dyn SeatLocks,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<(), Box<dyn Error>> {
    let floors: Floors = serde_json::from_slice(&fs::read(&schedule.floors)?)?;
    let sales = rushed(store, schedule, now).await?;
    let rush = !sales.is_empty();
    let cluster = Cluster::open(schedule.api.as_deref(), &schedule.namespace)?;
    let live = cluster.live_revisions().await?;
    let mut failed = 0;
    for revision in cluster.revisions().await? {
        let raised = rush && live.contains(&revision.name);
        let floor = raised.then(|| floors.get(&revision.function)).flatten();
        if let Err(error) = adjust(&cluster, &revision, floor).await {
            eprintln!("{}: {error}", revision.name);
            failed += 1;
        }
    }
    touch(locks, &sales).await?;
    if failed > 0 { Err(format!("{failed} revisions could not be changed").into()) } else { Ok(()) }
}

/// Runs after the floors, so that an unreachable Redis does not hold them up. The next minute tries again.
async fn touch(locks: &dyn SeatLocks, sales: &[PerformanceId]) -> Result<(), Box<dyn Error>> {
    for sale in sales {
        locks.figures(*sale).await?;
    }
    Ok(())
}

/// The sales that soon open or gather people, or opened a moment ago.
async fn rushed(
    store: &dyn Programme,
    schedule: &Schedule,
    now: Timestamp,
) -> Result<Vec<PerformanceId>, Box<dyn Error>> {
    let shows = store.published_shows(SHOWS_MAX).await?;
    let sales = shows.iter().flat_map(|show| &show.performances).filter(|(_, one)| one.published);
    Ok(sales
        .filter(|(_, one)| is_rushed(&one.sale, one.starts_at, schedule, now))
        .map(|(sale, _)| *sale)
        .collect())
}

/// If people gather before the sale opens, the rush begins with the gathering and lasts through the opening.
fn is_rushed(sale: &Sale, starts_at: Timestamp, schedule: &Schedule, now: Timestamp) -> bool {
    let first = sale.door.prequeue.as_ref().map_or(sale.opens_at, |prequeue| prequeue.opens_at);
    let near =
        now.duration_since(first) >= -schedule.before && now.duration_since(sale.opens_at) < schedule.after;
    near && now < sale.ends_at(starts_at) && sale.control != SaleControl::Closed
}

async fn adjust(
    cluster: &Cluster,
    revision: &Revision,
    floor: Option<&floors::SaleFloor>,
) -> Result<(), Box<dyn Error>> {
    let change = change(&revision.annotations, floor)?;
    if !change.is_empty() {
        cluster.annotate(&revision.name, &change).await?;
        println!("{} {}", revision.name, if floor.is_some() { "raised" } else { "as before" });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{
        draw::Digest,
        sale::{JoinPolicy, Prequeue, SaleMode},
    };

    #[test]
    fn floors_rise_before_a_sale_opens_and_sink_after_the_rush() {
        let at = |minute: i64| Timestamp::from_second(minute * 60).expect("in range");
        let mut sale = Sale {
            opens_at: at(100),
            closes_at: at(115),
            late_entry: false,
            accessible_release_at: None,
            mode: SaleMode::Queue,
            cap: 1,
            rate_per_min: 1,
            control: SaleControl::Open,
            door: JoinPolicy::default(),
        };
        let schedule = Schedule {
            namespace: String::new(),
            floors: PathBuf::new(),
            before: SignedDuration::from_mins(10),
            after: SignedDuration::from_mins(20),
            api: None,
        };
        for (minute, rushed) in [(89, false), (90, true), (100, true), (114, true), (115, false)] {
            assert_eq!(is_rushed(&sale, Timestamp::MAX, &schedule, at(minute)), rushed, "minute {minute}");
        }
        sale.closes_at = at(1_000);
        assert!(
            is_rushed(&sale, Timestamp::MAX, &schedule, at(119))
                && !is_rushed(&sale, Timestamp::MAX, &schedule, at(120))
        );
        let prequeue = Prequeue { opens_at: at(40), commitment: Digest([0; 32]) };
        sale.door.prequeue = Some(prequeue);
        for (minute, rushed) in [(29, false), (30, true), (40, true), (75, true), (119, true), (120, false)] {
            assert_eq!(
                is_rushed(&sale, Timestamp::MAX, &schedule, at(minute)),
                rushed,
                "minute {minute}, people gather"
            );
        }
        sale.control = SaleControl::Closed;
        assert!(!is_rushed(&sale, Timestamp::MAX, &schedule, at(100)));
    }
}
