//! The four shows of the demo: a club night that one person can sell out by hand, a hall, a stadium, and a musical that goes
//! on sale in a week.

use domain::{
    LayoutId, PerformanceId, ShowId,
    layout::{LayoutPlan, RowPlan, SectionPlan},
    money::Currency,
    sale::{JoinPolicy, Sale, SaleControl, SaleMode},
    show::{Grade, ShowDetails},
};
use jiff::{Error, SignedDuration, Timestamp};
use uuid::Uuid;

/// The performance of the club night.
pub const CLUB_NIGHT: PerformanceId = PerformanceId(id(1, 2));
/// The performance in the stadium, which has a waiting room.
pub const STADIUM_NIGHT: PerformanceId = PerformanceId(id(3, 2));
/// The only grade of the club night's seats.
pub const CLUB_GRADE: &str = "R";

/// The sale opened an hour ago.
const ON_SALE: i64 = -1;
const A_WEEK: i64 = 7 * 24;
const DAY_S: i64 = 86_400;
/// Seven in the evening in Seoul.
const EVENING_S: i64 = 10 * 3_600;

pub(crate) fn all() -> [DemoShow; 4] {
    [club(), hall(), stadium(), musical()]
}

/// A show with one performance.
pub(crate) struct DemoShow {
    number: u128,
    title: &'static str,
    genre: &'static str,
    venue: &'static str,
    description: &'static str,
    age_limit: u32,
    runtime_min: u32,
    grades: &'static [(&'static str, u64)],
    pub(crate) layout: LayoutPlan,
    days_ahead: i64,
    /// When the sale opens, in hours after seeding.
    opens_in_h: i64,
    mode: SaleMode,
    cap: u32,
    rate_per_min: u32,
}

impl DemoShow {
    pub(crate) fn show_id(&self) -> ShowId {
        ShowId(id(self.number, 1))
    }

    pub(crate) fn performance_id(&self) -> PerformanceId {
        PerformanceId(id(self.number, 2))
    }

    pub(crate) fn layout_id(&self) -> LayoutId {
        LayoutId(id(self.number, 3))
    }

    /// What the show's page says.
    pub(crate) fn details(&self) -> ShowDetails {
        let grade = |(grade, price): &(&str, u64)| Grade { grade: (*grade).to_owned(), price: *price };
        ShowDetails {
            title: self.title.to_owned(),
            genre: self.genre.to_owned(),
            venue: self.venue.to_owned(),
            description: self.description.to_owned(),
            age_limit: self.age_limit,
            runtime_min: self.runtime_min,
            poster_url: None,
            grades: self.grades.iter().map(grade).collect(),
            currency: Currency::default(),
            max_seats_per_user: 4,
        }
    }

    /// An evening some weeks after seeding.
    pub(crate) fn starts_at(&self, seeded_at: Timestamp) -> Result<Timestamp, Error> {
        let today = seeded_at.as_second().div_euclid(DAY_S);
        Timestamp::from_second((today + self.days_ahead) * DAY_S + EVENING_S)
    }

    /// The sale closes an hour before the performance starts.
    pub(crate) fn sale(&self, seeded_at: Timestamp) -> Result<Sale, Error> {
        Ok(Sale {
            opens_at: seeded_at.checked_add(SignedDuration::from_hours(self.opens_in_h))?,
            closes_at: self.starts_at(seeded_at)?.checked_sub(SignedDuration::from_hours(1))?,
            late_entry: false,
            accessible_release_at: None,
            mode: self.mode,
            cap: self.cap,
            rate_per_min: self.rate_per_min,
            control: SaleControl::Open,
            door: JoinPolicy::default(),
        })
    }
}

fn club() -> DemoShow {
    DemoShow {
        number: 1,
        title: "열두 자리의 밤 · Twelve Seats",
        genre: "jazz",
        venue: "골목 재즈 클럽 · Alley Jazz Club, 서울",
        description: "열두 명만을 위한 재즈 트리오. A jazz trio for twelve people.",
        age_limit: 19,
        runtime_min: 75,
        grades: &[(CLUB_GRADE, 33_000)],
        layout: LayoutPlan::of(vec![section("A", CLUB_GRADE, 2, 6)]),
        days_ahead: 60,
        opens_in_h: ON_SALE,
        mode: SaleMode::Open,
        cap: 100,
        rate_per_min: 600,
    }
}

fn hall() -> DemoShow {
    let sections = [
        ("A", "VIP", 10, 20),
        ("B", "R", 15, 20),
        ("C", "R", 15, 20),
        ("D", "S", 15, 20),
        ("E", "S", 15, 20),
        ("F", "A", 20, 30),
    ];
    DemoShow {
        number: 2,
        title: "도시 교향곡 · City Symphony",
        genre: "classical",
        venue: "한강 콘서트홀 · Hangang Concert Hall, 서울",
        description: "도시의 하루를 담은 네 악장. A day of the city in four movements.",
        age_limit: 8,
        runtime_min: 110,
        grades: &[("VIP", 150_000), ("R", 120_000), ("S", 90_000), ("A", 60_000)],
        layout: LayoutPlan::of(
            sections.map(|(name, grade, rows, seats)| section(name, grade, rows, seats)).to_vec(),
        ),
        days_ahead: 90,
        opens_in_h: ON_SALE,
        mode: SaleMode::Queue,
        cap: 200,
        rate_per_min: 600,
    }
}

/// A hundred sections of twenty rows of twenty-five seats, in four rings.
fn stadium() -> DemoShow {
    let rings = [("VIP", 1..=8), ("R", 101..=136), ("S", 201..=232), ("A", 301..=324)];
    let ring = |(grade, numbers): (&str, std::ops::RangeInclusive<u32>)| {
        let grade = grade.to_owned();
        numbers.map(move |number| section(&number.to_string(), &grade, 20, 25))
    };
    DemoShow {
        number: 3,
        title: "은하수 투어 · Milky Way Tour",
        genre: "concert",
        venue: "달빛 스타디움 · Moonlight Stadium, 인천",
        description: "오만 명이 함께 부르는 마지막 밤. Fifty thousand voices on the last night.",
        age_limit: 0,
        runtime_min: 150,
        grades: &[("VIP", 198_000), ("R", 165_000), ("S", 143_000), ("A", 99_000)],
        layout: LayoutPlan::of(rings.into_iter().flat_map(ring).collect()),
        days_ahead: 120,
        opens_in_h: ON_SALE,
        mode: SaleMode::Queue,
        cap: 1_000,
        rate_per_min: 3_000,
    }
}

/// A show with a countdown to look at.
fn musical() -> DemoShow {
    let sections = [("1층", "VIP", 12, 24), ("2층", "R", 8, 28), ("3층", "S", 6, 30)];
    DemoShow {
        number: 4,
        title: "첫눈 · First Snow",
        genre: "musical",
        venue: "별빛 극장 · Starlight Theatre, 서울",
        description: "첫눈이 오던 날 헤어진 두 사람의 이야기. Two people who parted on the day of the first snow.",
        age_limit: 8,
        runtime_min: 160,
        grades: &[("VIP", 170_000), ("R", 140_000), ("S", 80_000)],
        layout: LayoutPlan::of(
            sections.map(|(name, grade, rows, seats)| section(name, grade, rows, seats)).to_vec(),
        ),
        days_ahead: 45,
        opens_in_h: A_WEEK,
        mode: SaleMode::Queue,
        cap: 100,
        rate_per_min: 600,
    }
}

fn section(name: &str, grade: &str, rows: u32, seats: u32) -> SectionPlan {
    let row = |row: u32| RowPlan { row: row.to_string(), seats, ..RowPlan::default() };
    SectionPlan {
        section: name.to_owned(),
        grade: grade.to_owned(),
        rows: (1..=rows).map(row).collect(),
        ..SectionPlan::default()
    }
}

/// `UUIDv7`s that are the same in every checkout, so that a second start finds them.
const fn id(show: u128, thing: u128) -> Uuid {
    Uuid::from_u128(0x0199_0000_0000_7000_8000_0000_0000_0000 | (show << 8) | thing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::layout::Layout;

    #[test]
    fn each_house_has_its_seats_and_a_price_for_each() {
        for (demo, seats) in all().into_iter().zip([12, 2_000, 50_000, 692]) {
            let details = demo.details().check().expect("valid");
            let layout = Layout::parse(demo.layout).expect("valid");
            assert_eq!(layout.seat_count(), seats);
            assert!(layout.grades().all(|grade| details.price_of(grade).is_some()));
        }
    }

    #[test]
    fn all_but_one_are_on_sale_when_seeded() {
        let now = Timestamp::from_second(1_800_000_000).expect("in range");
        for demo in all() {
            let (starts_at, sale) =
                (demo.starts_at(now).expect("in range"), demo.sale(now).expect("in range"));
            sale.check(starts_at).expect("valid");
            assert_eq!(sale.opens_at < now, demo.number != 4);
            assert!(sale.closes_at < starts_at);
        }
    }
}
