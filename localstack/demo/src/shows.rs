//! The six shows of the demo: a club night that one person can sell out by hand, a play, a concert hall, an arena with a
//! standing floor, a stadium, and a musical that goes on sale in a week.

use crate::houses::{self, NamedPlan};
use domain::{
    HouseId, LayoutId, PerformanceId, ShowId,
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

pub(crate) fn all() -> [DemoShow; 6] {
    [club(), hall(), stadium(), musical(), arena(), play()]
}

/// What a performance's seats are of.
pub(crate) enum DemoSeating {
    /// A plan of its own.
    Plan(LayoutPlan),
    /// A house of the organizer's library.
    House(NamedPlan),
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
    pub(crate) seating: DemoSeating,
    days_ahead: i64,
    /// When the sale opens, in hours after seeding.
    opens_in_h: i64,
    mode: SaleMode,
    cap: u32,
    rate_per_min: u32,
    /// How long before the performance its wheelchair places are sold like all others; never, if it says nothing.
    accessible_days: Option<i64>,
}

impl DemoShow {
    pub(crate) fn show_id(&self) -> ShowId {
        ShowId(id(self.number, 1))
    }

    pub(crate) fn performance_id(&self) -> PerformanceId {
        PerformanceId(id(self.number, 2))
    }

    /// The performance's own plan, if it has one.
    pub(crate) fn layout_id(&self) -> LayoutId {
        LayoutId(id(self.number, 3))
    }

    /// The house that it is played in, and the plan of that house's first version.
    pub(crate) fn house_ids(&self) -> (HouseId, LayoutId) {
        (HouseId(id(self.number, 4)), LayoutId(id(self.number, 5)))
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
        let starts_at = self.starts_at(seeded_at)?;
        let before = |days| starts_at.checked_sub(SignedDuration::from_hours(24 * days));
        Ok(Sale {
            opens_at: seeded_at.checked_add(SignedDuration::from_hours(self.opens_in_h))?,
            closes_at: starts_at.checked_sub(SignedDuration::from_hours(1))?,
            late_entry: false,
            accessible_release_at: self.accessible_days.map(before).transpose()?,
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
        seating: DemoSeating::Plan(LayoutPlan::of(vec![section("A", CLUB_GRADE, 2, 6)])),
        days_ahead: 60,
        opens_in_h: ON_SALE,
        mode: SaleMode::Open,
        cap: 100,
        rate_per_min: 600,
        accessible_days: None,
    }
}

fn hall() -> DemoShow {
    DemoShow {
        number: 2,
        title: "도시 교향곡 · City Symphony",
        genre: "classical",
        venue: "한강 콘서트홀 · Hangang Concert Hall, 서울",
        description: "도시의 하루를 담은 네 악장. A day of the city in four movements.",
        age_limit: 8,
        runtime_min: 110,
        grades: &[("VIP", 150_000), ("R", 120_000), ("S", 90_000), ("A", 60_000), ("B", 40_000)],
        seating: DemoSeating::House(houses::concert_hall()),
        days_ahead: 90,
        opens_in_h: ON_SALE,
        mode: SaleMode::Queue,
        cap: 200,
        rate_per_min: 600,
        accessible_days: None,
    }
}

fn stadium() -> DemoShow {
    DemoShow {
        number: 3,
        title: "은하수 투어 · Milky Way Tour",
        genre: "concert",
        venue: "달빛 스타디움 · Moonlight Stadium, 인천",
        description: "육만육천 명이 함께 부르는 마지막 밤. Sixty-six thousand voices on the last night.",
        age_limit: 0,
        runtime_min: 150,
        grades: &[("VIP", 198_000), ("R", 165_000), ("S", 143_000), ("A", 99_000)],
        seating: DemoSeating::House(houses::stadium()),
        days_ahead: 120,
        opens_in_h: ON_SALE,
        mode: SaleMode::Queue,
        cap: 1_000,
        rate_per_min: 3_000,
        accessible_days: None,
    }
}

/// A show with a countdown to look at.
fn musical() -> DemoShow {
    DemoShow {
        number: 4,
        title: "첫눈 · First Snow",
        genre: "musical",
        venue: "별빛 극장 · Starlight Theatre, 서울",
        description: "첫눈이 오던 날 헤어진 두 사람의 이야기. Two people who parted on the day of the first snow.",
        age_limit: 8,
        runtime_min: 160,
        grades: &[("VIP", 170_000), ("R", 140_000), ("S", 110_000), ("A", 80_000)],
        seating: DemoSeating::House(houses::theatre()),
        days_ahead: 45,
        opens_in_h: A_WEEK,
        mode: SaleMode::Queue,
        cap: 100,
        rate_per_min: 600,
        accessible_days: None,
    }
}

fn arena() -> DemoShow {
    DemoShow {
        number: 5,
        title: "불꽃의 밤 · Night of Sparks",
        genre: "concert",
        venue: "파도 아레나 · Wave Arena, 부산",
        description: "스탠딩 플로어가 있는 케이팝 공연. A K-pop night with a standing floor.",
        age_limit: 12,
        runtime_min: 130,
        grades: &[("스탠딩", 154_000), ("R", 132_000), ("S", 88_000)],
        seating: DemoSeating::House(houses::arena()),
        days_ahead: 75,
        opens_in_h: ON_SALE,
        mode: SaleMode::Queue,
        cap: 500,
        rate_per_min: 1_200,
        accessible_days: Some(7),
    }
}

/// Seats on three sides of the stage, without a waiting room.
fn play() -> DemoShow {
    DemoShow {
        number: 6,
        title: "세 개의 문 · Three Doors",
        genre: "play",
        venue: "모퉁이 소극장 · Corner Black Box, 대구",
        description: "관객이 무대를 세 면에서 둘러싸는 연극. A play with its audience on three sides.",
        age_limit: 14,
        runtime_min: 95,
        grades: &[("R", 55_000), ("S", 40_000)],
        seating: DemoSeating::House(houses::black_box()),
        days_ahead: 30,
        opens_in_h: ON_SALE,
        mode: SaleMode::Open,
        cap: 100,
        rate_per_min: 600,
        accessible_days: None,
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
        for (demo, seats) in all().into_iter().zip([12, 2_600, 66_000, 1_000, 15_000, 300]) {
            let details = demo.details().check().expect("valid");
            let plan = match demo.seating {
                DemoSeating::Plan(plan) => plan,
                DemoSeating::House(house) => {
                    assert!(demo.venue.starts_with(house.name), "{} is in its house", demo.title);
                    house.plan
                }
            };
            let layout = Layout::parse(plan).expect("valid");
            assert_eq!(layout.seat_count(), seats);
            assert!(layout.grades().all(|grade| details.price_of(grade).is_some()));
        }
    }

    #[test]
    fn the_dearest_is_the_stadium_as_the_readme_says() {
        let cheapest = |demo: &DemoShow| demo.grades.iter().map(|(_, price)| *price).min();
        let dearest = all().into_iter().max_by_key(cheapest).map(|demo| demo.performance_id());
        assert_eq!(dearest, Some(STADIUM_NIGHT));
    }

    #[test]
    fn one_sells_its_wheelchair_places_to_everybody_in_its_last_week() {
        let now = Timestamp::from_second(1_800_000_000).expect("in range");
        for demo in all() {
            let starts_at = demo.starts_at(now).expect("in range");
            let released = demo.sale(now).expect("in range").accessible_release_at;
            let days = released.map(|at| starts_at.duration_since(at).as_hours() / 24);
            assert_eq!(days, (demo.number == 5).then_some(7));
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
