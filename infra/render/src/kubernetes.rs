//! Plain Kubernetes: a folder for each function, the timer, and policies for functions that no front has a route to.

use crate::{
    RenderedFile, functions, made_from,
    template::{fill, lines},
    timed,
};
use shared::http::{Function, function::Reach};

const FOLDER: &str = "infra/kubernetes/functions";
/// The timer's name.
const TIMER: &str = "sweep-timer";
/// The function that others wake when they change the books.
const RELAY: &str = "relay";

pub(crate) fn files() -> Vec<RenderedFile> {
    let folder = |function: Function| (path(function.name), deployed(function));
    let others =
        [("kustomization.yaml", all_of_them()), ("timer.yaml", timer()), ("policies.yaml", policies())];
    let others = others.map(|(name, text)| (format!("{FOLDER}/{name}"), text));
    functions().map(folder).chain(others).collect()
}

/// The file of one function.
pub(crate) fn path(name: &str) -> String {
    format!("{FOLDER}/{name}/kustomization.yaml")
}

fn deployed(function: Function) -> String {
    let scale = function.scale;
    let keys = [("signs", function.signs), ("verifies", function.verifies)];
    let keys: Vec<_> =
        keys.into_iter().filter(|(_, has)| *has).map(|(key, _)| format!("../../keys/{key}")).collect();
    let keys = if keys.is_empty() { String::new() } else { format!("components: [{}]\n", keys.join(", ")) };
    made_from(&format!("FUNCTION in functions/{}/src/lib.rs", function.name))
        + &fill(
            include_str!("../templates/kubernetes/function.yaml"),
            &[
                ("name", function.name),
                ("keys", &keys),
                ("replicas_min", &scale.replicas_min.to_string()),
                ("replicas_max", &scale.replicas_max.to_string()),
                ("cpu_aim", &cores(scale.cpu.aim_m)),
                ("cpu_requested", &cores(scale.cpu.requested_m)),
                ("replica_max_mb", &scale.memory.replica_max_mb.to_string()),
            ],
        )
}

/// As Kubernetes itself writes cores.
fn cores(thousandths: u32) -> String {
    if thousandths.is_multiple_of(1_000) {
        format!("\"{}\"", thousandths / 1_000)
    } else {
        format!("{thousandths}m")
    }
}

fn all_of_them() -> String {
    let connected = functions().filter(|function| function.stores.asks_redis());
    let connections: u32 = connected.map(|function| function.scale.replicas_max).sum();
    made_from("infra/render/templates/kubernetes/functions.yaml and the register")
        + &fill(
            include_str!("../templates/kubernetes/functions.yaml"),
            &[
                ("functions", &lines(functions(), |function| format!("  - {}", function.name))),
                ("connections", &connections.to_string()),
            ],
        )
}

fn timer() -> String {
    let timed = timed(|name| format!("\"http://yemae-{name}\""));
    made_from("infra/render/templates/kubernetes/timer.yaml and the register")
        + &fill(include_str!("../templates/kubernetes/timer.yaml"), &[("timed", &timed)])
}

fn policies() -> String {
    let inside = all::inside().map(|registered| registered.function);
    let policy = |function: Function| {
        let values = [("name", function.name), ("callers", &*callers(function).join(", "))];
        fill(include_str!("../templates/kubernetes/policy.yaml"), &values)
    };
    made_from("the register: who wakes `relay`, and what the timer calls")
        + &inside.map(policy).collect::<String>()
}

fn callers(function: Function) -> Vec<&'static str> {
    let wake = functions().filter(|other| other.wakes_relay && function.name == RELAY);
    let timer = (function.reach == Reach::EveryMinute).then_some(TIMER);
    wake.map(|other| other.name).chain(timer).collect()
}
