//! The library of houses, and performances in them.
#![cfg(test)]

use domain::user::Role;
use jiff::SignedDuration;
use testkit::{Answer, Client, Person, Value, World, json};

struct Desk {
    world: World,
    client: Client,
}

impl Desk {
    async fn open() -> Self {
        let world = World::start().await;
        let client = world.client(manage_shows::FUNCTION, manage_shows::routes());
        Self { world, client }
    }

    fn organizer(&self) -> &Person {
        &self.world.organizer
    }

    async fn post(&self, path: impl AsRef<str>, body: &Value) -> Answer {
        self.client.post(path).bearer(&self.organizer().token).json(body).send().await
    }

    async fn get(&self, path: impl AsRef<str>) -> Answer {
        self.client.get(path).bearer(&self.organizer().token).send().await
    }

    async fn put(&self, path: &str, if_match: Option<&str>, body: &Value) -> Answer {
        let request = self.client.put(path).bearer(&self.organizer().token);
        let request = match if_match {
            Some(version) => request.header("if-match", format!("\"{version}\"")),
            None => request,
        };
        request.json(body).send().await
    }

    /// A house, and its path.
    async fn house(&self, body: &Value) -> (Value, String) {
        let made = self.post("/v1/manage/houses", body).await;
        let path = made.header("location").to_owned();
        (made.ok(201), path)
    }

    /// The path of the performances of a show with the grades VIP and R.
    async fn show(&self) -> String {
        let show = json!({
            "title": "A", "genre": "b", "venue": "C", "currency": "KRW", "max_seats_per_user": 4,
            "grades": [{"grade": "VIP", "price": 2}, {"grade": "R", "price": 1}],
        });
        let made = self.post("/v1/manage/shows", &show).await.ok(201);
        format!("/v1/manage/shows/{}/performances", made["show_id"].as_str().unwrap())
    }

    fn performance(&self, rest: &Value) -> Value {
        let at = |days: i64| self.world.now() + SignedDuration::from_hours(24 * days);
        let mut body = json!({"starts_at": at(7), "sale": {"opens_at": at(1), "mode": "open"}});
        body.as_object_mut().unwrap().extend(rest.as_object().unwrap().clone());
        body
    }
}

/// Every kind of thing that a plan may have.
fn hall() -> Value {
    json!({
        "name": "콘서트홀",
        "stage": [{"kind": "stage", "at": {"x": 0, "y": -4}, "outline": [[-6, -2], [6, -2], [6, 2], [-6, 2]]}],
        "decorations": [{"kind": "text", "at": {"x": -9.5, "y": 0}, "text": "비상구"}],
        "sections": [
            {"section": "A", "grade": "R", "at": {"x": 0, "y": 2}, "turn_deg": 5.5, "curve_m": 12, "entrance": "1번 문", "rows": [
                {"row": "1", "seats": 8, "numbers": {"first": 1, "step": 2}, "aisles": [4]},
                {"row": "2", "seats": 3, "numbers": ["가", "나", "다"], "grade": "VIP", "pitch_m": 0.7, "offset_m": 0.25, "depth_m": 1.1},
            ]},
            {"section": "F", "grade": "R", "kind": "standing", "at": {"x": 20, "y": 0}, "outline": [[0, 0], [4, 0], [4, 4]],
             "capacity": 30},
        ],
        "focus": {"x": 0, "y": -3},
        "places": {
            "A-1-1": {"kind": "wheelchair"}, "A-1-3": {"kind": "companion", "companion_of": "A-1-1"},
            "A-1-15": {"kind": "house"}, "A-2-다": {"grade": "R", "kind": "restricted_view", "note": "기둥"},
        },
    })
}

/// `base` with another value at a path such as `sections.0.rows.1.row`.
fn with(mut base: Value, path: &str, value: Value) -> Value {
    let (parent, last) = path.rsplit_once('.').unwrap_or(("", path));
    let pointer = if parent.is_empty() { String::new() } else { format!("/{}", parent.replace('.', "/")) };
    let parent = base.pointer_mut(&pointer).unwrap();
    match last.parse::<usize>() {
        Ok(index) => parent[index] = value,
        Err(_) => parent[last] = value,
    }
    base
}

fn message(answer: &Answer) -> String {
    answer.json()["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_house_is_read_as_it_was_drawn() {
    let desk = Desk::open().await;
    let (made, path) = desk.house(&hall()).await;
    assert_eq!(path, format!("/v1/manage/houses/{}", made["house_id"].as_str().unwrap()));
    let told = |name: &str| made[name].as_u64().unwrap();
    assert_eq!(["version", "seat_count", "for_sale_count", "section_count"].map(told), [1, 41, 40, 2]);
    let read = desk.get(&path).await;
    assert_eq!(read.etag(), "\"1\"");
    let read = read.ok(200);
    for (field, value) in made.as_object().unwrap() {
        assert_eq!(read[field], *value, "{field}");
    }
    for (field, value) in hall().as_object().unwrap() {
        assert_eq!(read[field], *value, "{field}");
    }
    let again = desk.put(&path, Some("7"), &read).await;
    assert_eq!(again.ok(200)["version"], 1, "what was read and sent again changes nothing");
}

#[tokio::test]
async fn each_change_makes_a_version_and_no_version_changes() {
    let desk = Desk::open().await;
    let (_, path) = desk.house(&hall()).await;
    let first = desk.get(&path).await.ok(200);
    desk.world.set_forward(60);
    let renamed = with(hall(), "name", json!("대극장"));
    let second = desk.put(&path, Some("1"), &renamed).await;
    assert_eq!(second.etag(), "\"2\"");
    let second = second.ok(200);
    assert_eq!((&second["name"], &second["version"]), (&json!("대극장"), &json!(2)));
    assert_eq!(second["created_at"], first["created_at"]);
    assert_ne!(second["updated_at"], first["updated_at"]);
    assert_eq!(desk.put(&path, Some("1"), &renamed).await.ok(200), second, "a repeat changes nothing");

    let wider = with(renamed.clone(), "sections.0.rows.0.seats", json!(9));
    let _ = desk.put(&path, Some("1"), &wider).await.problem("changed_meanwhile", 412);
    assert_eq!(desk.put(&path, None, &wider).await.ok(200)["version"], 3);
    assert_eq!(desk.get(format!("{path}?version=1")).await.ok(200), first);
    let read = desk.get(format!("{path}?version=3")).await.ok(200);
    assert_eq!(read["sections"], wider["sections"]);
    assert_eq!(desk.get(&path).await.ok(200), read);
    for version in ["0", "4", "4294967295"] {
        let _ = desk.get(format!("{path}?version={version}")).await.problem("not_found", 404);
    }
    assert_eq!(desk.get(format!("{path}?version=x")).await.invalid(), ["version"]);
    assert_eq!(
        desk.put(&path, None, &renamed).await.ok(200)["version"],
        4,
        "an old drawing is a new version"
    );
}

#[tokio::test]
async fn of_two_changes_at_once_one_is_told_of_the_other() {
    let desk = Desk::open().await;
    let other = desk.world.client(manage_shows::FUNCTION, manage_shows::routes());
    let (_, path) = desk.house(&hall()).await;
    for round in 1..5_u32 {
        let put = |client: &Client, name: String| {
            let request = client.put(&path).bearer(&desk.organizer().token);
            let request = request.header("if-match", format!("\"{round}\""));
            request.json(&with(hall(), "name", json!(name))).send()
        };
        let (one, two) =
            tokio::join!(put(&desk.client, format!("one {round}")), put(&other, format!("two {round}")));
        let mut answers = [one, two];
        answers.sort_by_key(|answer| answer.status);
        let kept = answers[0].ok(200);
        let _ = answers[1].problem("changed_meanwhile", 412);
        assert_eq!(kept["version"], round + 1);
        assert_eq!(desk.get(&path).await.ok(200)["name"], kept["name"]);
    }
}

#[tokio::test]
async fn a_library_is_its_organizers_alone_and_listed_page_by_page() {
    let desk = Desk::open().await;
    let (house, path) = desk.house(&hall()).await;
    let (newer, _) = desk.house(&with(hall(), "name", json!("B"))).await;
    let page = desk.get("/v1/manage/houses?limit=1").await.ok(200);
    assert_eq!(page["items"], json!([newer]));
    let cursor = page["next_cursor"].as_str().unwrap();
    let rest = desk.get(format!("/v1/manage/houses?limit=1&cursor={cursor}")).await.ok(200);
    assert_eq!(rest, json!({"items": [house], "next_cursor": null}));

    let other = desk.world.person(Role::Organizer).await;
    let get = |path: &str| desk.client.get(path).bearer(&other.token).send();
    assert_eq!(get("/v1/manage/houses").await.ok(200), json!({"items": [], "next_cursor": null}));
    let _ = get(&path).await.problem("not_found", 404);
    let put = desk.client.put(&path).bearer(&other.token).json(&with(hall(), "name", json!("X"))).send();
    let _ = put.await.problem("not_found", 404);
    let buyer = desk.world.person(Role::Buyer).await;
    let _ = desk.client.get(&path).bearer(&buyer.token).send().await.problem("forbidden", 403);
    assert_eq!(desk.get(&path).await.ok(200)["version"], 1);
}

#[tokio::test]
async fn what_is_wrong_with_a_house_is_said_with_its_place() {
    let desk = Desk::open().await;
    let rows = "sections.0.rows";
    for (at, value, field, words) in [
        ("name".to_owned(), json!(" "), "name", ""),
        ("sections".into(), json!([]), "", "1 to 500 sections"),
        ("sections".into(), json!(vec![hall()["sections"][0].clone(); 501]), "sections", "at most 500"),
        ("sections.1.section".into(), json!("A"), "", "section A twice"),
        ("sections.1.capacity".into(), json!(100_000), "", "at most 100000 places"),
        ("sections.1.outline".into(), json!([[0, 0]]), "", "section F must have an outline"),
        ("sections.1.outline".into(), json!([[0]]), "sections[1].outline[0]", "list of that length"),
        ("sections.1.at".into(), Value::Null, "", "section F must have a place"),
        ("sections.1.at".into(), json!({"x": 0}), "sections[1].at.y", "missing"),
        ("sections.0.turn_deg".into(), json!(361), "sections[0].turn_deg", "-360 to 360"),
        ("sections.0.grade".into(), json!(""), "", "section A: its grade must"),
        (format!("{rows}.1.row"), json!("1"), "", "row A-1 twice"),
        (format!("{rows}.1.grade"), json!("x".repeat(21)), "", "row A-2: its grade must"),
        (format!("{rows}.1.numbers"), json!(["가", "가", "나"]), "", "row A-2 must have one label"),
        (format!("{rows}.1.numbers"), json!(7), "sections[0].rows[1].numbers", "first and step"),
        (format!("{rows}.1.numbers"), json!({"first": 1}), "sections[0].rows[1].numbers.step", "missing"),
        (format!("{rows}.0.aisles"), json!([8]), "", "row A-1 must have its aisles"),
        (format!("{rows}.0.seats"), json!("8"), "sections[0].rows[0].seats", "whole number"),
        (format!("{rows}.0.pitch_m"), json!(0.1), "", "row A-1"),
        ("places.A-9-9".into(), json!({}), "", "no seat A-9-9"),
        ("places.A-1-3.companion_of".into(), json!("A-1-5"), "", "seat A-1-3 is a companion of A-1-5"),
        ("places.A-1-3.kind".into(), json!("throne"), "places.A-1-3.kind", "wheelchair or companion"),
        ("places.F-entry-1".into(), json!({"note": "x"}), "", "F-entry-1 is a standing place"),
        ("stage.0.kind".into(), json!("door-ish"), "stage[0].kind", "stage or field"),
        ("focus.x".into(), json!("left"), "focus.x", "number"),
    ] {
        let answer = desk.post("/v1/manage/houses", &with(hall(), &at, value)).await;
        assert_eq!(answer.invalid(), [field], "{at}: {}", answer.body);
        assert!(message(&answer).contains(words), "{at}: {}", answer.body);
    }
    let twice = with(hall(), "sections.1", with(hall()["sections"][0].clone(), "section", json!("B")));
    let answer = desk.post("/v1/manage/houses", &twice).await;
    assert_eq!(answer.invalid(), [""]);
    assert!(message(&answer).contains("A-1-1 and B-1-1 stand in the same place"), "{}", answer.body);
    assert_eq!(desk.get("/v1/manage/houses").await.ok(200)["items"], json!([]), "nothing was kept");
}

#[tokio::test]
async fn performances_in_a_house_share_its_layout() {
    let desk = Desk::open().await;
    let (house, path) = desk.house(&hall()).await;
    let shows = desk.show().await;
    let id = &house["house_id"];
    let first = desk.post(&shows, &desk.performance(&json!({"house": {"house_id": id}}))).await.ok(201);
    assert_eq!(first["house"], json!({"house_id": id, "version": 1}));
    assert_eq!((&first["layout_id"], &first["seat_count"]), (&house["layout_id"], &json!(41)));

    let wider = with(hall(), "sections.0.rows.0.seats", json!(9));
    let second = desk.put(&path, None, &wider).await.ok(200);
    let newest = desk.post(&shows, &desk.performance(&json!({"house": {"house_id": id}}))).await.ok(201);
    assert_eq!((&newest["layout_id"], &newest["seat_count"]), (&second["layout_id"], &json!(42)));
    let old = json!({"house": {"house_id": id, "version": 1}, "overrides": {}});
    let old = desk.post(&shows, &desk.performance(&old)).await.ok(201);
    assert_eq!((&old["layout_id"], &old["house"]["version"]), (&house["layout_id"], &json!(1)));
    let publish = format!("/v1/manage/performances/{}/publish", old["performance_id"].as_str().unwrap());
    assert_eq!(desk.post(&publish, &json!({})).await.ok(200)["house"], old["house"]);
}

#[tokio::test]
async fn a_performance_says_what_is_different_from_its_house() {
    let desk = Desk::open().await;
    let (house, _) = desk.house(&hall()).await;
    let shows = desk.show().await;
    let named = json!({"house_id": house["house_id"]});
    let overrides = json!({"A-1-5": {"kind": "house"}, "A-1-15": {"grade": "VIP"}});
    let body = desk.performance(&json!({"house": named, "overrides": overrides}));
    let made = desk.post(&shows, &body).await.ok(201);
    assert_eq!(made["house"], json!({"house_id": house["house_id"], "version": 1}));
    assert_ne!(made["layout_id"], house["layout_id"]);
    let layout = made["layout_id"].as_str().unwrap().parse().unwrap();
    let kept = desk.world.app.programme.layout(layout).await.unwrap().unwrap();
    let kept = serde_json::to_value(kept).unwrap();
    assert_eq!(kept["places"]["A-1-5"], json!({"kind": "house"}));
    assert_eq!(kept["places"]["A-1-15"], json!({"grade": "VIP", "kind": "house"}), "what is not said stays");
    assert_eq!(kept["places"]["A-1-1"], json!({"kind": "wheelchair"}));
    assert_eq!(kept["sections"], hall()["sections"]);

    for (rest, field, words) in [
        (json!({}), "layout", "missing"),
        (json!({"house": named, "layout": {"sections": []}}), "house", "together"),
        (json!({"layout": {"sections": hall()["sections"]}, "overrides": {}}), "overrides", "house"),
        (json!({"house": {"house_id": desk.organizer().user_id}}), "house.house_id", "library"),
        (json!({"house": {"house_id": "x"}}), "house.house_id", "UUID"),
        (json!({"house": {"house_id": house["house_id"], "version": 2}}), "house.version", "versions"),
        (json!({"house": named, "overrides": {"A-9-9": {}}}), "overrides", "A-9-9"),
        (
            json!({"house": named, "overrides": {"A-1-1": {"kind": "house"}}}),
            "overrides",
            "A-1-3 is a companion",
        ),
        (
            json!({"house": named, "overrides": {"A-1-5": {"grade": "S"}}}),
            "house",
            "grade S, which the show has not: seat A-1-5",
        ),
    ] {
        let answer = desk.post(&shows, &desk.performance(&rest)).await;
        assert_eq!(answer.invalid(), [field], "{rest}: {}", answer.body);
        assert!(message(&answer).contains(words), "{rest}: {}", answer.body);
    }
    let other = desk.world.person(Role::Organizer).await;
    let made = desk.client.post("/v1/manage/houses").bearer(&other.token).json(&hall()).send().await.ok(201);
    let theirs = desk.performance(&json!({"house": {"house_id": made["house_id"]}}));
    assert_eq!(desk.post(&shows, &theirs).await.invalid(), ["house.house_id"]);
}

#[tokio::test]
async fn a_grade_that_the_show_has_not_is_said_with_its_place() {
    let desk = Desk::open().await;
    let shows = desk.show().await;
    for (at, place) in [
        ("sections.1.grade", "section F"),
        ("sections.0.rows.0.grade", "row A-1"),
        ("places.A-2-나.grade", "seat A-2-나"),
    ] {
        let mut plan = hall();
        plan["places"]["A-2-나"] = json!({"note": "x"});
        let mut plan = with(plan, at, json!("S"));
        plan.as_object_mut().unwrap().remove("name");
        let answer = desk.post(&shows, &desk.performance(&json!({"layout": plan}))).await;
        assert_eq!(answer.invalid(), ["layout"]);
        assert!(message(&answer).ends_with(place), "{}", answer.body);
    }
}

#[tokio::test]
async fn a_drawn_layout_may_be_sent_with_a_performance() {
    let desk = Desk::open().await;
    let shows = desk.show().await;
    let mut plan = hall();
    plan.as_object_mut().unwrap().remove("name");
    let made = desk.post(&shows, &desk.performance(&json!({"layout": plan}))).await.ok(201);
    assert_eq!((&made["house"], &made["seat_count"]), (&Value::Null, &json!(41)));
    let on_top = with(plan, "sections.1", with(hall()["sections"][0].clone(), "section", json!("B")));
    let answer = desk.post(&shows, &desk.performance(&json!({"layout": on_top}))).await;
    assert!(message(&answer).contains("A-1-1 and B-1-1"), "{}", answer.body);
}

#[tokio::test]
async fn a_house_with_what_is_said_of_its_places_has_the_bound_of_a_plan() {
    let desk = Desk::open().await;
    let note = "가".repeat(100);
    let places = |rows: std::ops::Range<u32>| -> Value {
        let names = rows.flat_map(|row| (1..=100).map(move |seat| format!("A-{row}-{seat}")));
        names.map(|name| (name, json!({"note": note}))).collect()
    };
    let rows: Vec<_> = (0..160).map(|row| json!({"row": row.to_string(), "seats": 100})).collect();
    let section = json!({"section": "A", "grade": "R", "rows": rows});
    let body = json!({"name": "A", "sections": [section], "places": places(0..80)});
    let (house, _) = desk.house(&body).await;
    let shows = desk.show().await;
    let with = |rows| json!({"house": {"house_id": house["house_id"]}, "overrides": places(rows)});
    let _ = desk.post(&shows, &desk.performance(&with(0..80))).await.ok(201);
    let answer = desk.post(&shows, &desk.performance(&with(80..160))).await;
    assert_eq!(answer.invalid(), ["overrides"]);
    assert!(message(&answer).contains("at most 4096 KiB"), "{}", answer.body);
}
