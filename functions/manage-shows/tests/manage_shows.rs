//! What creating shows promises.
#![cfg(test)]

use domain::user::Role;
use jiff::{SignedDuration, Timestamp};
use testkit::{Answer, Client, Person, Value, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(manage_shows::FUNCTION, manage_shows::routes());
    (world, client)
}

fn show() -> Value {
    json!({
        "title": " 봄의 제전 ", "genre": "Ballet", "venue": "예술의전당", "description": "스트라빈스키",
        "age_limit": 8, "runtime_min": 90, "poster_url": "https://example.org/a.png",
        "grades": [{"grade": "VIP", "price": 150_000}, {"grade": "R", "price": 90_000}],
        "currency": "KRW", "max_seats_per_user": 4,
    })
}

fn layout() -> Value {
    json!({"sections": [
        {"section": "가", "grade": "VIP", "rows": [{"row": "1", "seats": 10, "not_for_sale": [1, 10]}]},
        {"section": "나", "grade": "R", "rows": [{"row": "1", "seats": 20}, {"row": "2", "seats": 20}]},
    ]})
}

fn performance(now: Timestamp) -> Value {
    let at = |days: i64| now + SignedDuration::from_hours(24 * days);
    let sale = json!({
        "opens_at": at(1), "prequeue_at": null, "closes_at": at(5), "late_entry": false, "mode": "queue", "cap": 100,
        "rate_per_min": 60, "accessible_release_at": null,
    });
    json!({"starts_at": at(7), "layout": layout(), "sale": sale})
}

/// `base` with another value at a path such as `grades.0.price`.
fn with(mut base: Value, path: &str, value: Value) -> Value {
    *base.pointer_mut(&format!("/{}", path.replace('.', "/"))).unwrap() = value;
    base
}

async fn post(client: &Client, person: &Person, path: impl AsRef<str>, body: &Value) -> Answer {
    client.post(path).bearer(&person.token).json(body).send().await
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap()
}

#[tokio::test]
async fn a_show_is_created_tidied_and_read_again() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let mut tidied = show();
    tidied["title"] = json!("봄의 제전");
    tidied["genre"] = json!("ballet");
    for (field, value) in tidied.as_object().unwrap() {
        assert_eq!(made[field], *value, "{field}");
    }
    assert_eq!(made["organizer_id"], json!(world.organizer.user_id));
    assert_eq!(made["performances"], json!([]));
    let path = format!("/v1/manage/shows/{}", text(&made["show_id"]));
    assert_eq!(client.get(path).bearer(&world.organizer.token).send().await.ok(200), made);

    let least = json!({"title": "A", "genre": "b", "venue": "C", "grades": [{"grade": "R", "price": 0}], "currency": "KRW", "max_seats_per_user": 1});
    let made = post(&client, &world.organizer, "/v1/manage/shows", &least).await.ok(201);
    assert_eq!((&made["age_limit"], &made["poster_url"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn pasted_text_is_made_plain_and_still_finds_grades_and_sections() {
    let (world, client) = start().await;
    let pasted = with(show(), "title", json!("봄의\t제\u{200B}전\r\n"));
    let pasted = with(pasted, "description", json!("\u{FEFF}하나\r\n둘\u{202E}\r"));
    let pasted = with(pasted, "grades.1.grade", json!(" \u{1102}\u{1161}\u{A0}석 "));
    let made = post(&client, &world.organizer, "/v1/manage/shows", &pasted).await.ok(201);
    for (field, plain) in [("title", "봄의 제전"), ("description", "하나\n둘")] {
        assert_eq!(made[field], plain, "{field}");
    }
    assert_eq!(made["grades"][1]["grade"], "나 석");

    let play = format!("/v1/manage/shows/{}/performances", text(&made["show_id"]));
    let wanted = with(performance(world.now()), "layout.sections.1.grade", json!("\u{1102}\u{1161} 석"));
    let wanted = with(wanted, "layout.sections.0.section", json!(" \u{1100}\u{1161}\t"));
    let played = post(&client, &world.organizer, play, &wanted).await.ok(201);
    let id = text(&played["performance_id"]).parse().unwrap();
    let kept = world.app.programme.performance(id).await.unwrap().unwrap();
    let layout = world.app.programme.layout(kept.layout_id).await.unwrap().unwrap();
    assert_eq!(layout.sections[0].section, "가");
    assert_eq!(layout.sections[1].grade, "나 석");
}

#[tokio::test]
async fn every_field_of_a_show_is_checked() {
    let (world, client) = start().await;
    let many: Vec<_> = (0..21).map(|grade| json!({"grade": grade.to_string(), "price": 1})).collect();
    for (path, value, field) in [
        ("title", json!("  "), "title"),
        ("title", json!("가".repeat(201)), "title"),
        ("genre", json!(""), "genre"),
        ("venue", json!("a\u{7}b"), "venue"),
        ("description", json!("가".repeat(10_001)), "description"),
        ("age_limit", json!(121), "age_limit"),
        ("age_limit", json!(-1), "age_limit"),
        ("runtime_min", json!(10_001), "runtime_min"),
        ("poster_url", json!("javascript:alert(1)"), "poster_url"),
        ("poster_url", json!("//example.org/a.png"), "poster_url"),
        ("poster_url", json!("http://example.org/a.png"), "poster_url"),
        ("currency", json!("won"), "currency"),
        ("currency", json!("ZZZ"), "currency"),
        ("currency", json!("XXX"), "currency"),
        ("max_seats_per_user", json!(0), "max_seats_per_user"),
        ("max_seats_per_user", json!(21), "max_seats_per_user"),
        ("grades", json!([]), "grades"),
        ("grades", json!(many), "grades"),
        ("grades.1.grade", json!("VIP"), "grades"),
        ("grades.1.grade", json!(" V\u{200B}IP\t"), "grades"),
        ("grades.1.grade", json!("\u{FEFF}"), "grades"),
        ("grades.1.price", json!(1_000_000_001), "grades"),
        ("grades.1.price", json!(-1), "grades[1].price"),
        ("grades.1.price", json!(0.5), "grades[1].price"),
    ] {
        let answer = post(&client, &world.organizer, "/v1/manage/shows", &with(show(), path, value)).await;
        assert_eq!(answer.invalid(), [field], "{path}");
    }
    let all_wrong = with(with(show(), "title", json!("")), "currency", json!("won"));
    let mut fields = post(&client, &world.organizer, "/v1/manage/shows", &all_wrong).await.invalid();
    fields.sort();
    assert_eq!(fields, ["currency", "title"]);
}

#[tokio::test]
async fn only_organizers_create_shows_and_each_manages_only_their_own() {
    let (world, client) = start().await;
    let (buyer, stranger) = (world.buyer().await, world.person(Role::Organizer).await);
    let admin = world.person(Role::Admin).await;
    let _ = post(&client, &buyer, "/v1/manage/shows", &show()).await.problem("forbidden", 403);
    let _ = client.post("/v1/manage/shows").json(&show()).send().await.problem("unauthenticated", 401);
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}", text(&made["show_id"]));
    let play = format!("{path}/performances");
    for (person, allowed) in [(&buyer, false), (&stranger, false), (&admin, true), (&world.organizer, true)] {
        let played = post(&client, person, &play, &performance(world.now())).await;
        let publish = match played.status {
            201 => format!("/v1/manage/performances/{}/publish", text(&played.json()["performance_id"])),
            _ => String::new(),
        };
        let mut answers = vec![
            client.get(&path).bearer(&person.token).send().await,
            client.put(&path).bearer(&person.token).json(&show()).send().await,
            played,
        ];
        if !publish.is_empty() {
            let refused = client.post(&publish).bearer(&stranger.token).send().await;
            let _ = refused.problem("forbidden", 403);
            answers.push(client.post(&publish).bearer(&person.token).send().await);
        }
        for answer in answers {
            if allowed {
                assert!(answer.status < 300, "{}", answer.body);
            } else {
                let _ = answer.problem("forbidden", 403);
            }
        }
    }
}

#[tokio::test]
async fn an_organizer_sees_their_own_shows_newest_first() {
    let (world, client) = start().await;
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201));
    }
    let other = world.person(Role::Organizer).await;
    let _ = post(&client, &other, "/v1/manage/shows", &show()).await.ok(201);
    let page = async |query: &str| {
        client.get(format!("/v1/manage/shows{query}")).bearer(&world.organizer.token).send().await
    };
    let first = page("?limit=2").await.ok(200);
    assert_eq!(first["items"], json!([made[2], made[1]]));
    let rest = page(&format!("?limit=2&cursor={}", text(&first["next_cursor"]))).await.ok(200);
    assert_eq!((&rest["items"], &rest["next_cursor"]), (&json!([made[0]]), &Value::Null));
    let _ = page("?cursor=x").await.problem("validation_failed", 422);
    let buyer = world.buyer().await;
    let _ = client.get("/v1/manage/shows").bearer(&buyer.token).send().await.problem("forbidden", 403);
}

#[tokio::test]
async fn unknown_ids_are_not_found() {
    let (world, client) = start().await;
    let token = &world.organizer.token;
    for id in [world.app.ids.uuid().to_string(), "x".into()] {
        let path = format!("/v1/manage/shows/{id}");
        let _ = client.get(&path).bearer(token).send().await.problem("not_found", 404);
        let _ = client.put(&path).bearer(token).json(&show()).send().await.problem("not_found", 404);
        let play = client.post(format!("{path}/performances")).bearer(token).json(&performance(world.now()));
        let _ = play.send().await.problem("not_found", 404);
        let publish = client.post(format!("/v1/manage/performances/{id}/publish")).bearer(token);
        let _ = publish.send().await.problem("not_found", 404);
    }
}

#[tokio::test]
async fn a_performance_counts_its_seats_and_waits_to_be_published() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}", text(&made["show_id"]));
    let wanted = performance(world.now());
    let played = post(&client, &world.organizer, format!("{path}/performances"), &wanted).await.ok(201);
    assert_eq!((&played["seat_count"], &played["published_at"]), (&json!(50), &Value::Null));
    for field in ["starts_at", "sale"] {
        assert_eq!(played[field], wanted[field], "{field}");
    }
    assert_eq!((&played["show_id"], &played["max_seats_per_user"]), (&made["show_id"], &json!(4)));
    let id = text(&played["performance_id"]).parse().unwrap();
    let kept = world.app.programme.performance(id).await.unwrap().unwrap();
    assert_eq!((kept.seat_count, kept.for_sale_count), (50, 48));

    let mut usual = wanted;
    usual["sale"] = json!({"opens_at": world.now(), "mode": "open"});
    let played = post(&client, &world.organizer, format!("{path}/performances"), &usual).await.ok(201);
    assert_eq!(played["sale"]["closes_at"], usual["starts_at"], "until the curtain rises");
    let mut late = performance(world.now());
    late["sale"]["closes_at"] = json!(world.now() + SignedDuration::from_hours(24 * 7 + 1));
    late["sale"]["late_entry"] = json!(true);
    let latecomers = post(&client, &world.organizer, format!("{path}/performances"), &late).await.ok(201);
    assert_eq!(latecomers["sale"], late["sale"], "after the start where the organizer says so");
    assert!(played["sale"]["cap"].as_u64() > Some(0) && played["sale"]["rate_per_min"].as_u64() > Some(0));
    let show = client.get(&path).bearer(&world.organizer.token).send().await.ok(200);
    assert_eq!(show["performances"].as_array().unwrap().len(), 3);
}

#[tokio::test]
async fn every_field_of_a_performance_is_checked() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}/performances", text(&made["show_id"]));
    let wanted = performance(world.now());
    let row = "layout.sections.1.rows.1";
    for (at, value, field) in [
        ("starts_at".into(), json!("tomorrow"), "starts_at"),
        ("sale.opens_at".into(), json!("2999-01-01T00:00:00Z"), "sale.closes_at"),
        ("sale.closes_at".into(), json!("2999-01-01T00:00:00Z"), "sale.closes_at"),
        ("sale".into(), json!({"opens_at": wanted["starts_at"], "mode": "open"}), "sale.opens_at"),
        ("sale.late_entry".into(), json!(true), "sale.closes_at"),
        ("sale.prequeue_at".into(), json!("tomorrow"), "sale.prequeue_at"),
        ("sale.prequeue_at".into(), wanted["sale"]["opens_at"].clone(), "sale.prequeue_at"),
        (
            "sale.accessible_release_at".into(),
            wanted["sale"]["closes_at"].clone(),
            "sale.accessible_release_at",
        ),
        ("sale.accessible_release_at".into(), json!("soon"), "sale.accessible_release_at"),
        ("sale.cap".into(), json!(0), "sale.cap"),
        ("sale.cap".into(), json!(100_001), "sale.cap"),
        ("sale.rate_per_min".into(), json!(0), "sale.rate_per_min"),
        ("sale.mode".into(), json!("lottery"), "sale.mode"),
        ("layout.sections".into(), json!([]), "layout"),
        ("layout.sections.1.section".into(), json!("가"), "layout"),
        ("layout.sections.1.section".into(), json!("\u{1100}\u{1161}"), "layout"),
        ("layout.sections.1.section".into(), json!("가-나"), "layout"),
        ("layout.sections.1.grade".into(), json!("S"), "layout"),
        ("layout.sections.1.rows".into(), json!([]), "layout"),
        (format!("{row}.row"), json!("1"), "layout"),
        (format!("{row}.seats"), json!(0), "layout"),
        (format!("{row}.seats"), json!(1_001), "layout"),
        (format!("{row}.seats"), json!("ten"), "layout.sections[1].rows[1].seats"),
        ("layout.sections.0.rows.0.not_for_sale".into(), json!([11]), "layout"),
    ] {
        let body = with(wanted.clone(), &at, value);
        let answer = post(&client, &world.organizer, &path, &body).await;
        assert_eq!(answer.invalid(), [field], "{at}");
    }
    let stadium: Vec<_> = (0..101).map(|row| json!({"row": row.to_string(), "seats": 1_000})).collect();
    let body = with(performance(world.now()), "layout.sections.1.rows", json!(stadium));
    assert_eq!(post(&client, &world.organizer, &path, &body).await.invalid(), ["layout"]);
}

#[tokio::test]
async fn people_may_gather_before_a_sale_with_a_queue() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}/performances", text(&made["show_id"]));
    let gathering = with(performance(world.now()), "sale.prequeue_at", json!(world.now()));
    let mut commitments = Vec::new();
    for _ in 0..2 {
        let played = post(&client, &world.organizer, &path, &gathering).await.ok(201);
        assert_eq!(played["sale"], gathering["sale"]);
        let id = text(&played["performance_id"]).parse().unwrap();
        let kept = world.app.programme.performance(id).await.unwrap().unwrap();
        let commitment = kept.sale.door.prequeue.unwrap().commitment;
        let drawn = world.queue_books().make_draw(id, 3, None).await.unwrap();
        assert!(drawn.keeps_its_word(), "the books have the secret");
        assert_eq!(drawn.commitment, commitment, "and it is the one of the sale");
        commitments.push(commitment);
    }
    assert_ne!(commitments[0], commitments[1], "each performance has its own");

    let unqueued = with(gathering, "sale.mode", json!("open"));
    assert_eq!(post(&client, &world.organizer, &path, &unqueued).await.invalid(), ["sale.prequeue_at"]);
    let played = post(&client, &world.organizer, &path, &performance(world.now())).await.ok(201);
    let id = text(&played["performance_id"]).parse().unwrap();
    assert!(world.queue_books().make_draw(id, 3, None).await.is_err(), "no draw, no secret");
}

#[tokio::test]
async fn publishing_twice_changes_nothing_and_fixes_the_prices() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}", text(&made["show_id"]));
    let play = format!("{path}/performances");
    let played = post(&client, &world.organizer, &play, &performance(world.now())).await.ok(201);
    let put = |body: Value| client.put(&path).bearer(&world.organizer.token).json(&body).send();
    let dearer = with(show(), "grades.0.price", json!(160_000));
    let _ = put(dearer.clone()).await.ok(200);

    let publish = format!("/v1/manage/performances/{}/publish", text(&played["performance_id"]));
    let first = client.post(&publish).bearer(&world.organizer.token).send().await.ok(200);
    assert!(first["published_at"].is_string());
    let id = text(&played["performance_id"]).parse().unwrap();
    let public = world.app.programme.performance(id).await.unwrap().unwrap();
    assert_eq!(public.price_of("VIP"), Some(160_000), "as they were when it was published");
    world.set_forward(60);
    assert_eq!(client.post(&publish).bearer(&world.organizer.token).send().await.ok(200), first);

    for (at, value) in
        [("grades.0.price", json!(170_000)), ("currency", json!("USD")), ("max_seats_per_user", json!(5))]
    {
        let field = at.split('.').next().unwrap();
        assert_eq!(put(with(dearer.clone(), at, value)).await.invalid(), [field]);
    }
    let renamed = put(with(dearer, "title", json!("새 제목"))).await.ok(200);
    assert_eq!(
        (&renamed["title"], &renamed["performances"][0]["published"]),
        (&json!("새 제목"), &json!(true))
    );
    assert_eq!(client.get(&path).bearer(&world.organizer.token).send().await.ok(200), renamed);
}

#[tokio::test]
async fn a_performance_with_a_removed_grade_cannot_be_published() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let path = format!("/v1/manage/shows/{}", text(&made["show_id"]));
    let play = format!("{path}/performances");
    let played = post(&client, &world.organizer, &play, &performance(world.now())).await.ok(201);
    let fewer = with(show(), "grades", json!([{"grade": "R", "price": 1}]));
    let _ = client.put(&path).bearer(&world.organizer.token).json(&fewer).send().await.ok(200);
    let publish = format!("/v1/manage/performances/{}/publish", text(&played["performance_id"]));
    let answer = client.post(&publish).bearer(&world.organizer.token).send().await;
    assert_eq!(answer.invalid(), ["layout"]);
}

#[tokio::test]
async fn a_change_names_the_version_that_it_was_made_from() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await;
    let path = format!("/v1/manage/shows/{}", text(&made.ok(201)["show_id"]));
    let read = client.get(&path).bearer(&world.organizer.token).send().await;
    assert_eq!((read.etag(), made.etag()), (format!("\"{}\"", read.json()["version"]).as_str(), read.etag()));
    let put = |if_match: &str, title: &str| {
        let request = client.put(&path).bearer(&world.organizer.token).header("if-match", if_match);
        request.json(&with(show(), "title", json!(title))).send()
    };
    let renamed = put(read.etag(), "하나").await;
    assert_eq!(renamed.ok(200)["title"], "하나");
    assert_ne!(renamed.etag(), read.etag());
    let refused = put(read.etag(), "둘").await;
    let _ = refused.problem("changed_meanwhile", 412);
    assert_eq!(put(read.etag(), "하나").await.ok(200), renamed.json(), "the same again changes nothing");
    let weak = format!("\"x\", W/{}", renamed.etag());
    assert_eq!(put(&weak, "셋").await.ok(200)["title"], "셋", "as a proxy that compresses sends it");
    assert_eq!(put("*", "넷").await.ok(200)["title"], "넷");
    for if_match in ["", "\"\"", "four"] {
        let _ = put(if_match, "다섯").await.problem("changed_meanwhile", 412);
    }
    let unconditional = client.put(&path).bearer(&world.organizer.token).json(&show()).send().await;
    let unconditional = unconditional.ok(200);
    let play = format!("{path}/performances");
    let played = post(&client, &world.organizer, &play, &performance(world.now())).await.ok(201);
    let versions =
        async || client.get(&path).bearer(&world.organizer.token).send().await.json()["version"].as_u64();
    let with_performance = versions().await;
    assert!(with_performance > unconditional["version"].as_u64(), "it is shown with its performances");
    let publish = format!("/v1/manage/performances/{}/publish", text(&played["performance_id"]));
    let _ = client.post(&publish).bearer(&world.organizer.token).send().await.ok(200);
    assert!(versions().await > with_performance, "and with what is published");
}

#[tokio::test]
async fn simultaneous_organizers_do_not_overwrite_each_other() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await;
    let path = format!("/v1/manage/shows/{}", text(&made.ok(201)["show_id"]));
    let other = world.client(manage_shows::FUNCTION, manage_shows::routes());
    let mut etag = made.etag().to_owned();
    for round in 0..5 {
        let put = |client: &Client, title: String| {
            let request = client.put(&path).bearer(&world.organizer.token).header("if-match", &etag);
            request.json(&with(show(), "title", json!(title))).send()
        };
        let (one, two) =
            tokio::join!(put(&client, format!("one {round}")), put(&other, format!("two {round}")));
        let mut answers = [one, two];
        answers.sort_by_key(|answer| answer.status);
        let kept = answers[0].ok(200);
        let _ = answers[1].problem("changed_meanwhile", 412);
        let read = client.get(&path).bearer(&world.organizer.token).send().await;
        assert_eq!(read.ok(200), kept);
        read.etag().clone_into(&mut etag);
    }
}

#[tokio::test]
async fn two_simultaneous_publications_see_the_same_result() {
    let (world, client) = start().await;
    let made = post(&client, &world.organizer, "/v1/manage/shows", &show()).await.ok(201);
    let play = format!("/v1/manage/shows/{}/performances", text(&made["show_id"]));
    let other = world.client(manage_shows::FUNCTION, manage_shows::routes());
    for _ in 0..5 {
        let played = post(&client, &world.organizer, &play, &performance(world.now())).await.ok(201);
        let publish = format!("/v1/manage/performances/{}/publish", text(&played["performance_id"]));
        let send = |client: &Client| client.post(&publish).bearer(&world.organizer.token).send();
        let (one, two) = tokio::join!(send(&client), send(&other));
        assert_eq!(one.ok(200), two.ok(200));
    }
}
