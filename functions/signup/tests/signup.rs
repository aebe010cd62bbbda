//! What signing up promises.
#![cfg(test)]

use testkit::{Client, World, json};

async fn start() -> (World, Client) {
    let world = World::start().await;
    let client = world.client(signup::FUNCTION, signup::routes());
    (world, client)
}

#[tokio::test]
async fn a_new_account_is_a_buyer_whose_address_is_tidied() {
    let (_world, client) = start().await;
    let wanted =
        json!({"email": "  Minji@Example.ORG ", "password": "열글자가넘는비밀번호", "name": " 김민지 "});
    let user = client.post("/v1/users").json(&wanted).send().await.ok(201);
    let user_id = user["user_id"].clone();
    assert!(user_id.as_str().is_some_and(|id| id.len() == 36));
    assert_eq!(
        user,
        json!({"user_id": user_id, "email": "minji@example.org", "name": "김민지", "role": "buyer"})
    );
}

#[tokio::test]
async fn a_new_account_cannot_choose_its_role() {
    let (_world, client) = start().await;
    let wanted =
        json!({"email": "a@example.org", "password": "a long password", "name": "A", "role": "admin"});
    assert_eq!(client.post("/v1/users").json(&wanted).send().await.ok(201)["role"], "buyer");
}

#[tokio::test]
async fn case_and_space_do_not_make_an_address_another_one() {
    let (_world, client) = start().await;
    let wanted = |email: &str| json!({"email": email, "password": "a long password", "name": "A"});
    let two = [wanted("a@example.org"), wanted(" A@EXAMPLE.org")];
    let sign_up = |body| client.post("/v1/users").json(body).send();
    let (one, other) = tokio::join!(sign_up(&two[0]), sign_up(&two[1]));
    let (_, lost) = if one.status == 201 { (one, other) } else { (other, one) };
    let _ = lost.problem("email_taken", 409);
    let _ = sign_up(&two[1]).await.problem("email_taken", 409);
}

#[tokio::test]
async fn all_wrong_fields_are_named_at_once() {
    let (_world, client) = start().await;
    let short = json!({"email": "malformed", "password": "123456789", "name": "   "});
    let long = json!({"email": "a b@c.d", "password": "가".repeat(129), "name": "가".repeat(101)});
    for body in [short, long] {
        let answer = client.post("/v1/users").json(&body).send().await;
        assert_eq!(answer.invalid(), ["email", "password", "name"]);
        assert!(!answer.body.contains("123456789"));
    }
    let bounds = json!({"email": "a@example.org", "password": "가나다라마바사아자차카타파하".repeat(10).chars().take(128).collect::<String>(), "name": "가".repeat(100)});
    let _ = client.post("/v1/users").json(&bounds).send().await.ok(201);
}

#[tokio::test]
async fn a_missing_or_mistyped_field_is_named() {
    let (_world, client) = start().await;
    for (body, field) in [
        (json!({"password": "a long password", "name": "A"}), "email"),
        (json!({"email": "a@example.org", "password": 1_234_567_890, "name": "A"}), "password"),
        (json!({"email": "a@example.org", "password": "a long password", "name": null}), "name"),
    ] {
        assert_eq!(client.post("/v1/users").json(&body).send().await.invalid(), [field]);
    }
}

#[tokio::test]
async fn passwords_that_are_guessed_first_are_refused() {
    let (_world, client) = start().await;
    let wanted =
        |password: &str| json!({"email": "minji@example.org", "password": password, "name": "김민지"});
    for password in ["          ", "1234567890", "Password123", "minji19980312", "김민지1998!!!!"] {
        let answer = client.post("/v1/users").json(&wanted(password)).send().await;
        assert_eq!(answer.invalid(), ["password"], "{password}");
    }
    let _ = client.post("/v1/users").json(&wanted("no rules of composition")).send().await.ok(201);
}

#[tokio::test]
async fn invisible_characters_and_both_spellings_of_an_address_are_handled() {
    let (_world, client) = start().await;
    let sign_up = |email: &str, name: &str| {
        let body = json!({"email": email, "password": "a long password", "name": name});
        client.post("/v1/users").json(&body).send()
    };
    assert_eq!(sign_up("a@b.c\u{200B}", "A").await.invalid(), ["email"]);
    assert_eq!(sign_up("a@b.c", "\u{202E}\u{200B}").await.invalid(), ["name"]);
    let tidy = sign_up("JOSÉ@example.org", "\t호\u{200B}세\r\n \u{202E}가르시아").await.ok(201);
    assert_eq!((&tidy["email"], &tidy["name"]), (&json!("josé@example.org"), &json!("호세 가르시아")));
    let _ = sign_up("jose\u{301}@example.org", "B").await.problem("email_taken", 409);
}
