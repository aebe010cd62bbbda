//! The Docker client, as far as the checks need it. Everything it starts ends when its owner is dropped.

use crate::run;
use serde_json::Value;
use std::{cell::OnceCell, process::Command};

/// Runs `docker` with these arguments and returns what it printed.
pub fn docker(arguments: &[&str]) -> String {
    run(Command::new("docker").args(arguments)).trim().to_owned()
}

/// The name that `make images` gives an image.
#[must_use]
pub fn image(name: &str) -> String {
    format!("dev.local/yemae/{name}:dev")
}

/// A test's own network, in which containers find each other by name.
pub struct Network {
    name: String,
}

impl Network {
    /// Creates it. The name tells two tests apart, the process id two runs.
    #[must_use]
    pub fn make(name: &str) -> Self {
        let name = format!("yemae-{name}-{}", std::process::id());
        docker(&["network", "create", &name]);
        Self { name }
    }

    /// Starts a container of an image under a name in this network.
    #[must_use]
    pub fn run(&self, name: &str, image_name: &str, options: &[&str], arguments: &[&str]) -> Container {
        let image = image(image_name);
        let mut command = vec!["run", "--detach", "--network", &self.name, "--network-alias", name];
        command.extend(options);
        command.push(&image);
        command.extend(arguments);
        Container { id: docker(&command), port: OnceCell::new() }
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        // It fails only if the network is gone.
        let _ = Command::new("docker").args(["network", "rm", &self.name]).output();
    }
}

/// A container that is removed when it is dropped.
pub struct Container {
    id: String,
    port: OnceCell<String>,
}

impl Container {
    /// Creates a container of an image without starting it.
    #[must_use]
    pub fn create(image_name: &str) -> Self {
        Self { id: docker(&["create", &image(image_name)]), port: OnceCell::new() }
    }

    /// A URL on the only port that it publishes.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let port = self.port.get_or_init(|| docker(&["port", &self.id]));
        let address = port.rsplit(' ').next().expect("a published port");
        format!("http://{address}{path}")
    }

    /// The files that came with the image, sorted. An engine adds empty files of its own.
    #[must_use]
    pub fn files(&self) -> Vec<String> {
        let listing = run(Command::new("sh").args(["-c", &format!("docker export {} | tar -tv", self.id)]));
        let filled = listing.lines().filter_map(|line| {
            let mut words = line.split_whitespace();
            let (kind, size) = (words.next()?, words.nth(1)?);
            (kind.starts_with('-') && size != "0").then(|| words.nth(2).map(str::to_owned))?
        });
        let mut files: Vec<_> = filled.collect();
        files.sort();
        files
    }

    /// Waits until it exits by itself, which must be with success.
    pub fn ends_well(&self) {
        assert_eq!(docker(&["wait", &self.id]), "0", "{}", self.log());
    }

    pub fn restart(&self) {
        docker(&["restart", "--time", "2", &self.id]);
    }

    /// Asks all of them at once to stop, as a kubelet would, and waits for them.
    pub fn stop<'a>(containers: impl Iterator<Item = &'a Self>) {
        let ids = containers.map(|container| container.id.as_str());
        docker(&[&["stop", "--time", "15"], &*ids.collect::<Vec<_>>()].concat());
    }

    /// The engine's description of its state.
    #[must_use]
    pub fn state(&self) -> Value {
        serde_json::from_str(&docker(&["inspect", "--format", "{{json .State}}", &self.id])).expect("JSON")
    }

    #[must_use]
    pub fn log(&self) -> String {
        run(Command::new("sh").args(["-c", &format!("docker logs {} 2>&1", self.id)]))
    }
}

impl Drop for Container {
    fn drop(&mut self) {
        // It fails only if the container is gone.
        let _ = Command::new("docker").args(["rm", "--force", "--volumes", &self.id]).output();
    }
}
