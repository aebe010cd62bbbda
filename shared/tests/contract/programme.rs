//! Shows, performances and layouts.

use crate::{
    engines::on_every_engine,
    fixtures::{SECRET, at, details, layout, listed, performance_of, show, uuid},
};
use domain::{
    HouseId, LayoutId, PerformanceId, ShowId, UserId,
    house::HouseVersion,
    money::{Currency, PriceRange},
    performance::Performance,
    sale::{Sale, SaleControl},
    show::{Grade, PERFORMANCES_MAX, Show, ShowDetails},
};
use shared::ports::{AddPerformanceError, Programme, ReplaceError};

on_every_engine![
    what_is_absent_is_absent,
    a_show_is_made_once,
    a_show_is_rewritten_and_keeps_its_performances,
    a_performance_comes_with_its_layout,
    a_refused_performance_leaves_nothing,
    a_show_has_a_bound_of_performances,
    an_organizers_shows_are_listed_page_by_page,
    publishing_fixes_prices_once,
    a_show_that_changed_since_it_was_read_is_left_alone,
    of_many_at_once_one_rewrites_a_show,
    what_a_performance_took_from_its_show_must_still_be_there,
    performances_of_one_show_are_made_and_published_side_by_side,
    shows_are_listed_by_their_first_published_performance,
    performances_of_one_house_share_its_layout,
    a_publication_is_taken_back_and_the_show_listed_by_the_others,
    what_changed_since_it_was_read_is_not_taken_back,
    only_what_is_not_published_is_removed,
];

async fn what_is_absent_is_absent(store: &impl Programme) {
    assert!(store.show(ShowId(uuid())).await.expect("answers").is_none());
    assert!(store.performance(PerformanceId(uuid())).await.expect("answers").is_none());
    assert!(store.layout(LayoutId(uuid())).await.expect("answers").is_none());
    assert!(store.update_show(&show(), &details("없음")).await.is_err());
}

async fn a_show_is_made_once(store: &impl Programme) {
    let first = show();
    store.create_show(&first).await.expect("a new show");
    let second = Show { details: details("other"), ..first.clone() };
    assert!(store.create_show(&second).await.is_err());
    assert_eq!(store.show(first.show_id).await.expect("answers"), Some(first));
}

async fn an_organizers_shows_are_listed_page_by_page(store: &impl Programme) {
    let organizer = UserId(uuid());
    let mut made = Vec::new();
    for _ in 0..3 {
        let show = Show { organizer_id: organizer, ..show() };
        store.create_show(&show).await.expect("a new show");
        made.push(show);
    }
    made.sort_by_key(|show| std::cmp::Reverse(show.show_id));
    let (first, more) = store.shows_of(organizer, 2, None).await.expect("answers");
    assert_eq!((first.as_slice(), more), (&made[..2], true));
    let (rest, more) = store.shows_of(organizer, 2, Some(first[1].show_id)).await.expect("answers");
    assert_eq!((rest.as_slice(), more), (&made[2..], false));
    assert_eq!(store.shows_of(UserId(uuid()), 2, None).await.expect("answers"), (vec![], false));
}

async fn a_show_is_rewritten_and_keeps_its_performances(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let mut rewritten = details("new title");
    rewritten.poster_url = Some("/posters/new.svg".to_owned());
    rewritten.description = "글 ".repeat(3_000);
    rewritten.grades.truncate(1);
    let version = store.update_show(&read(store, &show).await, &rewritten).await.expect("as it was read");
    let found = read(store, &show).await;
    assert_eq!((&found.details, found.version), (&rewritten, version));
    assert_eq!(found.performances.get(&performance.performance_id), Some(&performance.summary()));
}

async fn a_performance_comes_with_its_layout(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let found = store.performance(performance.performance_id).await.expect("answers");
    assert_eq!(found, Some(performance.clone()));
    assert_eq!(store.layout(performance.layout_id).await.expect("answers"), Some(layout()));
    let show = store.show(show.show_id).await.expect("answers").expect("there");
    assert_eq!(show.performances.get(&performance.performance_id), Some(&performance.summary()));
}

async fn a_refused_performance_leaves_nothing(store: &impl Programme) {
    let orphan = performance_of(&show(), at(10));
    assert!(matches!(
        store.add_performance(&orphan, &layout(), None).await,
        Err(AddPerformanceError::Store(_))
    ));
    assert!(store.performance(orphan.performance_id).await.expect("answers").is_none());
    assert!(store.layout(orphan.layout_id).await.expect("answers").is_none());

    let (show, known) = listed(store).await;
    let twin = Performance { layout_id: LayoutId(uuid()), starts_at: at(1), ..known.clone() };
    assert!(store.add_performance(&twin, &layout(), None).await.is_err());
    assert!(store.layout(twin.layout_id).await.expect("answers").is_none());
    let show = store.show(show.show_id).await.expect("answers").expect("there");
    assert_eq!(show.performances.get(&known.performance_id), Some(&known.summary()));
}

async fn a_show_has_a_bound_of_performances(store: &impl Programme) {
    let mut full = show();
    let performance = performance_of(&full, at(10));
    full.performances =
        (0..PERFORMANCES_MAX).map(|_| (PerformanceId(uuid()), performance.summary())).collect();
    store.create_show(&full).await.expect("a new show");
    let outcome = store.add_performance(&performance, &layout(), None).await;
    assert!(matches!(outcome, Err(AddPerformanceError::TooMany)));
    assert!(store.performance(performance.performance_id).await.expect("answers").is_none());
}

async fn publishing_fixes_prices_once(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let grades = vec![Grade { grade: "R".to_owned(), price: 7 }];
    let cheaper = ShowDetails { grades: grades.clone(), ..show.details.clone() };
    store.update_show(&read(store, &show).await, &cheaper).await.expect("as it was read");
    let price_range = Some(PriceRange { min: 7, max: 7 });
    let published = Performance { grades, price_range, published_at: Some(at(5)), ..performance.clone() };
    assert_eq!(store.publish(&published).await.expect("published"), published);
    assert_eq!(
        store.performance(performance.performance_id).await.expect("answers"),
        Some(published.clone())
    );
    let later = Performance { published_at: Some(at(6)), grades: vec![], ..performance.clone() };
    assert_eq!(store.publish(&later).await.expect("changes nothing"), published);
    assert_eq!(
        store.performance(performance.performance_id).await.expect("answers"),
        Some(published.clone())
    );
    let show = store.show(show.show_id).await.expect("answers").expect("there");
    assert!(show.performances[&performance.performance_id].published);
    assert_eq!(show.price_range(), published.price_range);
    let unknown = Performance { performance_id: PerformanceId(uuid()), ..later };
    assert!(store.publish(&unknown).await.is_err());
}

async fn a_show_that_changed_since_it_was_read_is_left_alone(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let before = read(store, &show).await;
    let version = store.update_show(&before, &details("first")).await.expect("as it was read");
    assert!(version > before.version);
    let refused = store.update_show(&before, &details("second")).await;
    assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
    let rewritten = read(store, &show).await;
    assert_eq!((rewritten.details.title.as_str(), rewritten.version), ("first", version));

    store.publish(&Performance { published_at: Some(at(1)), ..performance }).await.expect("published");
    let refused = store.update_show(&rewritten, &details("third")).await;
    assert!(matches!(refused, Err(ReplaceError::Changed)), "what is published was not read as such");
}

async fn of_many_at_once_one_rewrites_a_show(store: &impl Programme) {
    let (show, _) = listed(store).await;
    let before = read(store, &show).await;
    let titles = ["a", "b", "c", "d"].map(details);
    let (a, b, c, d) = tokio::join!(
        store.update_show(&before, &titles[0]),
        store.update_show(&before, &titles[1]),
        store.update_show(&before, &titles[2]),
        store.update_show(&before, &titles[3]),
    );
    let outcomes = [a, b, c, d];
    assert_eq!(outcomes.iter().filter(|outcome| outcome.is_ok()).count(), 1, "{outcomes:?}");
    let winner = outcomes.iter().position(Result::is_ok).expect("one");
    assert_eq!(read(store, &show).await.details, titles[winner]);
}

async fn what_a_performance_took_from_its_show_must_still_be_there(store: &impl Programme) {
    let (show, performance) = listed(store).await;
    let dearer = vec![Grade { grade: "R".to_owned(), price: 900_000 }];
    let dollars = Currency::parse("USD").expect("valid");
    for other in [
        ShowDetails { grades: dearer, ..show.details.clone() },
        ShowDetails { currency: dollars, ..show.details.clone() },
        ShowDetails { max_seats_per_user: 2, ..show.details.clone() },
    ] {
        store.update_show(&read(store, &show).await, &other).await.expect("as it was read");
        let public = Performance { published_at: Some(at(1)), ..performance.clone() };
        let refused = store.publish(&public).await;
        assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
        let refused = store.add_performance(&performance_of(&show, at(9)), &layout(), None).await;
        assert!(matches!(refused, Err(AddPerformanceError::Changed)), "{refused:?}");
    }
    assert!(!read(store, &show).await.is_published());
    let found = store.performance(performance.performance_id).await.expect("answers");
    assert_eq!(found, Some(performance));
}

async fn performances_of_one_show_are_made_and_published_side_by_side(store: &impl Programme) {
    let show = show();
    store.create_show(&show).await.expect("a new show");
    let made: Vec<_> = (0..4).map(|day| performance_of(&show, at(100_000 + day))).collect();
    let layout = layout();
    let add = |index: usize| store.add_performance(&made[index], &layout, None);
    let (a, b, c, d) = tokio::join!(add(0), add(1), add(2), add(3));
    assert!([&a, &b, &c, &d].into_iter().all(Result::is_ok), "{a:?} {b:?} {c:?} {d:?}");
    let public: Vec<_> =
        made.iter().map(|made| Performance { published_at: Some(at(1)), ..made.clone() }).collect();
    let publish = |index: usize| store.publish(&public[index]);
    let (a, b, c, d) = tokio::join!(publish(0), publish(1), publish(2), publish(3));
    assert!([&a, &b, &c, &d].into_iter().all(Result::is_ok), "{a:?} {b:?} {c:?} {d:?}");
    assert_eq!(read(store, &show).await.published().count(), 4);
}

async fn read(store: &impl Programme, show: &Show) -> Show {
    store.show(show.show_id).await.expect("answers").expect("there")
}

async fn shows_are_listed_by_their_first_published_performance(store: &impl Programme) {
    let (early, late, unpublished) = (show(), show(), show());
    for (show, starts) in
        [(&late, [50_003, 50_002]), (&early, [50_009, 50_001]), (&unpublished, [50_000, 50_000])]
    {
        store.create_show(show).await.expect("a new show");
        for starts_at in starts {
            let performance = performance_of(show, at(starts_at));
            store.add_performance(&performance, &layout(), None).await.expect("its performance");
            if show.show_id != unpublished.show_id {
                let published = Performance { published_at: Some(at(1)), ..performance };
                store.publish(&published).await.expect("published");
            }
        }
    }
    let shows = store.published_shows(10_000).await.expect("answers");
    let place = |wanted: &Show| shows.iter().position(|show| show.show_id == wanted.show_id);
    assert!(place(&early).expect("listed") < place(&late).expect("listed"));
    assert_eq!(place(&unpublished), None);
    assert_eq!(shows[place(&early).expect("listed")].performances.len(), 2);
    assert_eq!(store.published_shows(1).await.expect("answers").len(), 1);
}

async fn performances_of_one_house_share_its_layout(store: &impl Programme) {
    let (show, first) = listed(store).await;
    let version = HouseVersion { house_id: HouseId(uuid()), version: 3 };
    let second = Performance {
        layout_id: first.layout_id,
        house: Some(version),
        ..performance_of(&show, at(100_001))
    };
    store.add_performance_in_house(&second, Some(&SECRET)).await.expect("its performance");
    let id = second.performance_id;
    assert_eq!(store.performance(id).await.expect("answers"), Some(second.clone()));
    assert!(read(store, &show).await.performances.contains_key(&id));
    assert!(store.add_performance_in_house(&second, None).await.is_err(), "its id is taken");
}

async fn a_publication_is_taken_back_and_the_show_listed_by_the_others(store: &impl Programme) {
    let show = show();
    store.create_show(&show).await.expect("a new show");
    let mut public = Vec::new();
    for starts_at in [60_001, 60_009] {
        let draft = performance_of(&show, at(starts_at));
        store.add_performance(&draft, &layout(), None).await.expect("its performance");
        public.push(
            store.publish(&Performance { published_at: Some(at(1)), ..draft }).await.expect("published"),
        );
    }
    let before = read(store, &show).await;
    store.withdraw(&public[0], &before, at(2)).await.expect("withdrawn");
    let draft = Performance { published_at: None, ..public[0].clone() };
    assert_eq!(store.performance(draft.performance_id).await.expect("answers"), Some(draft.clone()));
    let after = read(store, &show).await;
    assert!(after.version > before.version);
    let published: Vec<_> = after.published().map(|(id, _)| *id).collect();
    assert_eq!(published, [public[1].performance_id]);
    let refused = store.withdraw(&public[0], &after, at(3)).await;
    assert!(matches!(refused, Err(ReplaceError::Changed)), "once is enough: {refused:?}");

    let listed = store.published_shows(10_000).await.expect("answers");
    assert!(listed.iter().any(|listed| listed.show_id == show.show_id));
    store.withdraw(&public[1], &read(store, &show).await, at(4)).await.expect("withdrawn");
    let listed = store.published_shows(10_000).await.expect("answers");
    assert!(!listed.iter().any(|listed| listed.show_id == show.show_id), "nothing of it is public");

    let again = Performance { published_at: Some(at(5)), ..draft };
    assert_eq!(store.publish(&again).await.expect("published again"), again);
    let listed = store.published_shows(10_000).await.expect("answers");
    assert!(listed.iter().any(|listed| listed.show_id == show.show_id));
}

async fn what_changed_since_it_was_read_is_not_taken_back(store: &impl Programme) {
    let (show, draft) = listed(store).await;
    let public = store.publish(&Performance { published_at: Some(at(1)), ..draft }).await.expect("published");
    let before = read(store, &show).await;
    let refuses = async |performance: &Performance, show: &Show| {
        let refused = store.withdraw(performance, show, at(2)).await;
        assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
    };
    refuses(&Performance { published_at: Some(at(0)), ..public.clone() }, &before).await;
    let closed = Sale { control: SaleControl::Closed, ..public.sale.clone() };
    refuses(&Performance { sale: closed, ..public.clone() }, &before).await;
    let earlier = Sale { opens_at: at(-1), ..public.sale.clone() };
    refuses(&Performance { sale: earlier, ..public.clone() }, &before).await;
    store.update_show(&before, &details("renamed")).await.expect("as it was read");
    refuses(&public, &before).await;
    assert_eq!(store.performance(public.performance_id).await.expect("answers"), Some(public));
    assert!(read(store, &show).await.is_published());
}

async fn only_what_is_not_published_is_removed(store: &impl Programme) {
    let (show, draft) = listed(store).await;
    let version = read(store, &show).await.version;
    let public = Performance { published_at: Some(at(1)), ..draft.clone() };
    let _ = store.publish(&public).await.expect("published");
    let refused = store.remove_performance(&draft).await;
    assert!(matches!(refused, Err(ReplaceError::Changed)), "{refused:?}");
    store.withdraw(&public, &read(store, &show).await, at(2)).await.expect("withdrawn");
    store.remove_performance(&draft).await.expect("removed");
    assert_eq!(store.performance(draft.performance_id).await.expect("answers"), None);
    let after = read(store, &show).await;
    assert!(after.performances.is_empty() && after.version > version);
    assert!(store.layout(draft.layout_id).await.expect("answers").is_some(), "it may be a house's");
    let again = store.remove_performance(&draft).await;
    assert!(matches!(again, Err(ReplaceError::Changed)), "{again:?}");
}
