//! The waiting room's rules, one by one.
#![cfg(test)]

use domain::{
    UserId,
    queue::{
        BRAKE_EVERY_MS, Calls, Flow, GAP_MAX_MS, Gathering, Given, NUMBERS_PER_LEASE, Notes, Place,
        PlaceState, QueueMarks, RECOVERY_MS, RoomModel, RoomStatus, Session, Standing, Unwritten, Wants,
    },
};
use uuid::Uuid;

const FLOW: Flow = Flow {
    cap: 3,
    rate_per_min: 6_000_000,
    calling: true,
    paused: false,
    call_window_ms: 30_000,
    session_ms: 600_000,
    heartbeat_ms: 60_000,
    gathering: Gathering::Never,
};
/// When every story begins.
const START: u64 = 100_000_000;

fn user(n: u64) -> UserId {
    UserId(Uuid::from_u128(n.into()))
}

/// A room whose books always answer.
struct House {
    room: RoomModel,
    leased_to: u64,
}

impl House {
    fn with_people(people: u64) -> Self {
        let mut house = Self { room: RoomModel::default(), leased_to: 0 };
        for n in 1..=people {
            house.join(n, &FLOW, START);
        }
        house
    }

    fn join(&mut self, n: u64, flow: &Flow, now: u64) -> (Place, bool) {
        loop {
            match self.room.join(user(n), None, flow, now) {
                Ok(joined) => return joined,
                Err(Wants::Numbers(Unwritten { first, users })) => {
                    self.leased_to += NUMBERS_PER_LEASE;
                    self.room.numbers_leased(self.leased_to, first + users.len() as u64 - 1);
                }
                Err(wants) => panic!("{wants:?}"),
            }
        }
    }

    fn lease_calls(&mut self, notes: &Notes) -> bool {
        let Calls::Lease(called_to) = notes.calls else { return false };
        self.room.calls_leased(called_to);
        true
    }

    fn status(&mut self, flow: &Flow, now: u64) -> RoomStatus {
        loop {
            let looked = self.room.status(flow, now);
            if !self.lease_calls(&looked.notes) {
                return looked.answer.expect("nothing is wanted");
            }
        }
    }

    fn state(&mut self, n: u64, flow: &Flow, now: u64) -> PlaceState {
        self.status(flow, now);
        let looked = self.room.place(user(n), Standing::Number(n), flow, now);
        let place = looked.answer.expect("nothing is wanted");
        place.expect("not hasty").expect("known").state
    }

    fn claim(&mut self, n: u64, flow: &Flow, now: u64) -> Given {
        self.status(flow, now);
        self.room.claim(user(n), Standing::Number(n), flow, now).answer.expect("nothing is wanted")
    }

    fn is_in(&mut self, n: u64, flow: &Flow, now: u64) -> bool {
        matches!(self.claim(n, flow, now), Given::Inside(..))
    }
}

#[test]
fn joining_twice_keeps_the_number() {
    let mut house = House::with_people(2);
    let (again, is_new) = house.join(1, &FLOW, START + 5);
    assert_eq!((again.standing, is_new), (Standing::Number(1), false));
}

#[test]
fn the_first_to_join_is_called_at_once_however_slow_the_rate() {
    let mut house = House::with_people(2);
    assert_eq!(house.status(&Flow { rate_per_min: 1, ..FLOW }, START).serving, 1);
}

#[test]
fn a_missed_call_is_repeated_once_and_then_goes_to_the_tail() {
    let mut house = House::with_people(1);
    assert_eq!(house.state(1, &FLOW, START), PlaceState::Called);
    assert_eq!(house.state(1, &FLOW, START + 30_000), PlaceState::Called);
    assert_eq!(house.state(1, &FLOW, START + 60_000), PlaceState::Lapsed);
    assert_eq!(house.claim(1, &FLOW, START + 60_000), Given::Lapsed);
    assert_eq!(house.join(1, &FLOW, START + 60_000).0.standing, Standing::Number(2));
}

#[test]
fn a_pause_stops_calls_and_all_deadlines() {
    let mut house = House::with_people(5);
    assert_eq!(house.state(1, &FLOW, START), PlaceState::Called);
    assert!(house.is_in(2, &FLOW, START));
    let paused = Flow { calling: false, paused: true, ..FLOW };
    let later = START + 3_600_000;
    for now in (START..later).step_by(20_000) {
        assert_eq!(house.status(&paused, now).serving, 3);
    }
    assert_eq!(house.state(1, &paused, later), PlaceState::Called);
    let session = house.room.renew(user(2), &paused, later).expect("still inside");
    assert_eq!(session.ends_at_ms, later + FLOW.session_ms);
    assert!(house.is_in(1, &FLOW, later + 1_000));
}

#[test]
fn at_a_full_rooms_door_lower_numbers_go_first() {
    let mut house = House::with_people(4);
    house.status(&Flow { cap: 4, ..FLOW }, START);
    let narrow = Flow { cap: 1, ..FLOW };
    assert!(house.is_in(4, &narrow, START), "no other number is here yet");
    assert!(!house.is_in(3, &narrow, START) && !house.is_in(2, &narrow, START));
    house.room.leave(user(4), None);
    assert!(!house.is_in(3, &narrow, START + 1_000), "2 is here too");
    assert!(house.is_in(2, &narrow, START + 1_000));
    assert!(!house.is_in(3, &narrow, START + 1_000));
    // A number that waits at the door and goes on claiming keeps its call.
    for second in 1..55 {
        assert!(!house.is_in(3, &narrow, START + second * 10_000));
        house.room.renew(user(2), &narrow, START + second * 10_000);
    }
}

#[test]
fn a_buyer_who_lost_the_connection_goes_on_with_the_same_session_when_there_is_room() {
    let mut house = House::with_people(2);
    let one = Flow { cap: 1, ..FLOW };
    let Given::Inside(session, true) = house.claim(1, &one, START) else { panic!("called") };
    let gone = session.expires_at_ms;
    for now in (START..=gone).step_by(20_000) {
        house.status(&one, now);
    }
    assert!(house.is_in(2, &one, gone), "the place was free");
    assert_eq!(house.state(1, &one, gone), PlaceState::Called, "no new number is needed");
    assert!(!house.is_in(1, &one, gone));
    house.room.leave(user(2), None);
    let Given::Inside(back, true) = house.claim(1, &one, gone + 1_000) else { panic!("there is room") };
    assert_eq!(back.ends_at_ms, session.ends_at_ms);
}

#[test]
fn a_number_that_was_given_up_is_not_called() {
    let mut house = House::with_people(3);
    house.room.leave(user(2), None);
    assert_eq!(house.status(&Flow { cap: 2, ..FLOW }, START).serving, 2);
    assert!(house.is_in(1, &FLOW, START));
    assert_eq!(house.state(2, &FLOW, START), PlaceState::Left);
    assert_eq!(house.state(3, &FLOW, START), PlaceState::Called);
}

#[test]
fn silence_is_learned_and_more_are_called_for_each_place() {
    let mut house = House::with_people(2_000);
    let ten = Flow { cap: 10, ..FLOW };
    let (mut now, mut first) = (START, 0);
    // One in three answers.
    for _ in 0..200 {
        let serving = house.status(&ten, now).serving;
        for n in (first + 1..=serving).filter(|n| n % 3 == 0) {
            if house.is_in(n, &ten, now) {
                house.room.leave(user(n), None);
            }
        }
        (first, now) = (serving, now + 1_000);
    }
    let before = house.status(&ten, now).serving;
    assert!(before > 400, "{before} were called");
}

#[test]
fn the_brake_halves_the_speed_and_lets_go_slowly() {
    let mut house = House::with_people(5_000);
    let open = Flow { cap: 100_000, rate_per_min: 600, ..FLOW };
    let called_in = |house: &mut House, from: u64, seconds: u64| {
        let before = house.status(&open, from).serving;
        for second in 1..=seconds {
            house.status(&open, from + second * 1_000);
        }
        house.status(&open, from + seconds * 1_000).serving - before
    };
    assert_eq!(called_in(&mut house, START + 20_000, 20), 200);
    house.room.brake(START + 40_000);
    house.room.brake(START + 40_000 + BRAKE_EVERY_MS - 1);
    let halved = called_in(&mut house, START + 40_000, 20);
    assert!((95..=105).contains(&halved), "{halved}");
    let recovered = START + 40_000 + 2 * RECOVERY_MS;
    for second in 60..100 {
        house.status(&open, START + second * 1_000);
    }
    assert_eq!(called_in(&mut house, recovered, 20), 200);
}

#[test]
fn a_jump_of_the_clock_ends_no_session() {
    let mut house = House::with_people(1);
    assert!(house.is_in(1, &FLOW, START));
    for now in [START + 86_400_000, START - 3_600_000, START + GAP_MAX_MS] {
        assert!(house.room.renew(user(1), &FLOW, now).is_some(), "{now}");
        house.status(&FLOW, now);
    }
}

#[test]
fn a_client_that_hammers_is_told_when_to_come_again() {
    let mut house = House::with_people(1);
    house.status(&FLOW, START);
    let ask = |house: &mut House, now| {
        house.room.place(user(1), Standing::Number(1), &FLOW, now).answer.expect("nothing is wanted")
    };
    for _ in 0..20 {
        assert!(ask(&mut house, START).is_ok());
    }
    let wait = ask(&mut house, START).expect_err("too often");
    assert!(ask(&mut house, START + wait.retry_after_ms).is_ok());
}

#[test]
fn those_who_gather_are_drawn_and_late_comers_follow() {
    let mut house = House { room: RoomModel::default(), leased_to: 0 };
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FLOW };
    for n in 1..=NUMBERS_PER_LEASE + 3 {
        let (place, _) = house.join(n, &gather, START);
        assert_eq!((place.standing, place.state), (Standing::Entry(n), PlaceState::Prequeue));
    }
    house.room.leave(user(1), None);
    assert_eq!(house.join(1, &gather, START), (house.join(1, &gather, START).0, false));
    assert_eq!(house.status(&gather, START).serving, 0);

    let open = Flow { gathering: Gathering::Over, ..FLOW };
    assert_eq!(house.room.status(&open, START).answer, Err(Wants::Draw));
    let (pool_size, Unwritten { first, users }) = house.room.freeze();
    assert_eq!((pool_size, first, users.len()), (NUMBERS_PER_LEASE + 3, NUMBERS_PER_LEASE + 1, 3));
    assert_eq!(house.room.join(user(999), None, &gather, START), Err(Wants::Draw), "frozen");
    house.room.drawn(pool_size);
    house.room.drawn(7);
    assert_eq!(house.join(999, &gather, START).0.standing, Standing::Number(pool_size + 1));
    let entry = Standing::Entry(5);
    assert_eq!(house.room.place(user(5), entry, &open, START).answer, Err(Wants::NumberOf(5)));
    let place = house.room.place(user(5), Standing::Number(1), &open, START).answer.expect("told");
    assert_eq!(place.expect("not hasty").expect("known").standing, Standing::Number(1));
    assert_eq!(house.join(5, &open, START).0.standing, Standing::Number(1));
}

#[test]
fn a_buyer_who_leaves_a_forgotten_prequeue_may_come_back_to_the_same_entry() {
    let mut house = House { room: RoomModel::default(), leased_to: NUMBERS_PER_LEASE };
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FLOW };
    house.room.numbers_leased(NUMBERS_PER_LEASE, 0);
    house.room.leave(user(1), Some(Standing::Entry(60)));
    for _ in 0..2 {
        assert_eq!(house.join(1, &gather, START).0.standing, Standing::Entry(60));
    }
}

#[test]
fn two_leases_at_once_leave_no_entry_out_of_the_roster() {
    let mut house = House { room: RoomModel::default(), leased_to: 2 * NUMBERS_PER_LEASE };
    let gather = Flow { calling: false, gathering: Gathering::Now, ..FLOW };
    house.room.numbers_leased(NUMBERS_PER_LEASE, 0);
    house.join(1, &gather, START);
    house.room.numbers_leased(2 * NUMBERS_PER_LEASE, 0);
    house.join(2, &gather, START);
    let unwritten = |first, users| Unwritten { first, users };
    assert_eq!(house.room.freeze(), (2, unwritten(1, vec![user(1), user(2)])));
    house.room.numbers_leased(2 * NUMBERS_PER_LEASE, 1);
    assert_eq!(house.room.freeze(), (2, unwritten(2, vec![user(2)])));
}

#[test]
fn after_a_loss_numbers_go_on_above_and_those_inside_stay() {
    let mut house = House::with_people(5);
    assert!(house.is_in(1, &FLOW, START) && house.is_in(2, &FLOW, START));
    let Given::Inside(Session { ends_at_ms, .. }, false) = house.claim(1, &FLOW, START) else {
        panic!("inside")
    };
    let marks = QueueMarks { epoch: 2, leased_to: house.leased_to, called_to: 4, pool_size: None };
    let mut room = RoomModel::default();
    room.rebuild(&marks, &[(user(1), ends_at_ms), (user(2), ends_at_ms)], START + 2_000);
    let mut house = House { room, leased_to: house.leased_to };
    let full = Flow { cap: 2, ..FLOW };
    let status = house.status(&full, START + 2_000);
    assert_eq!((status.active, status.serving), (2, 4));
    assert!(house.room.renew(user(1), &FLOW, START + 3_000).is_some());
    assert!(house.room.renew(user(9), &FLOW, START + 3_000).is_none());
    assert_eq!(house.join(9, &FLOW, START).0.standing, Standing::Number(NUMBERS_PER_LEASE + 1));
    assert_eq!(house.state(5, &full, START + 3_000), PlaceState::Waiting);
    assert_eq!(house.state(4, &full, START + 3_000), PlaceState::Called, "they may have been called");
    assert!(!house.is_in(4, &FLOW, START + 3_000), "others may have been called too, and need time to come");
    assert!(!house.is_in(3, &FLOW, START + 3_500));
    assert!(!house.is_in(4, &FLOW, START + 4_000), "3 is here");
    assert!(house.is_in(3, &FLOW, START + 4_000), "there is room");
    assert!(!house.is_in(4, &FLOW, START + 4_000), "there is no more");
}

#[test]
fn a_store_that_missed_the_last_moment_repeats_calls_that_it_may_have_made() {
    let mut house = House::with_people(6);
    let one = Flow { cap: 1, ..FLOW };
    assert_eq!(house.status(&one, START).serving, 1);
    let mut replica = house.room.clone();
    assert!(house.is_in(1, &one, START));
    house.room.leave(user(1), None);
    assert_eq!(house.status(&one, START).serving, 2);
    let marks = QueueMarks { epoch: 2, leased_to: house.leased_to, called_to: 3, pool_size: None };
    replica.rebuild(&marks, &[], START + 1_000);
    let mut house = House { room: replica, leased_to: house.leased_to };
    assert_eq!(house.status(&one, START + 1_000).serving, 3);
    assert_eq!(house.state(2, &one, START + 1_000), PlaceState::Called);
    assert!(!house.is_in(2, &one, START + 1_000));
    assert!(house.is_in(2, &one, START + 4_000));
}

#[test]
fn the_earliest_number_that_is_shown_counts_and_the_others_never_again() {
    let mut house = House::with_people(5);
    assert_eq!(house.status(&Flow { cap: 4, ..FLOW }, START).serving, 4);
    let marks = QueueMarks { epoch: 2, leased_to: house.leased_to, called_to: 4, pool_size: None };
    let mut room = RoomModel::default();
    room.rebuild(&marks, &[], START + 1_000);
    let mut house = House { room, leased_to: house.leased_to };
    let shows = |house: &mut House, n: u64, number: u64, now: u64| {
        let held = Some(Standing::Number(number));
        house.room.join(user(n), held, &FLOW, now).expect("nothing is wanted").0
    };
    let later = house.join(2, &FLOW, START + 1_000).0.standing.position();
    assert!(later > 5);
    for number in [later, 2, later] {
        let place = shows(&mut house, 2, number, START + 1_000);
        let counts = if number == later && place.state == PlaceState::Waiting { later } else { 2 };
        assert_eq!(place.standing, Standing::Number(counts));
    }
    assert_eq!(shows(&mut house, 2, later, START + 1_000).state, PlaceState::Called, "4 had been called");
    house.room.leave(user(2), Some(Standing::Number(later)));
    for number in [2, later] {
        assert_eq!(house.room.standing_of(user(2)), Some(Standing::Number(2)));
        let held = Standing::Number(number);
        let looked = house.room.place(user(2), held, &FLOW, START + 2_000);
        let place = looked.answer.expect("nothing is wanted");
        assert_eq!(place.expect("not hasty").expect("known").state, PlaceState::Left, "{number}");
    }
    let anew = house.join(2, &FLOW, START + 2_000).0.standing;
    assert_eq!(shows(&mut house, 2, 2, START + 2_000).standing, anew);
}
