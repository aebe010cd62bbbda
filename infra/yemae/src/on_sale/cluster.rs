//! The three calls of Kubernetes' API that the schedule needs. A client library would be larger than the rest of the command
//! altogether.

use super::floors::{AnnotationPatch, RevisionAnnotations};
use reqwest::{Certificate, Client, header};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::json;
use std::{collections::HashSet, env, error::Error, fs, time::Duration};

/// Where Kubernetes puts a pod's credentials for its API.
const ACCOUNT: &str = "/var/run/secrets/kubernetes.io/serviceaccount";
const ANSWER_WITHIN: Duration = Duration::from_secs(10);
/// Knative keeps at most 20 old revisions of a service by default.
const LIST_MAX: u32 = 500;

/// A namespace of a cluster.
pub(crate) struct Cluster {
    http: Client,
    base: String,
}

/// A revision of a function.
pub(crate) struct Revision {
    pub(crate) name: String,
    pub(crate) function: String,
    pub(crate) annotations: RevisionAnnotations,
}

#[derive(Deserialize)]
struct List<T> {
    items: Vec<T>,
}

#[derive(Deserialize)]
struct Service {
    #[serde(default)]
    status: Status,
}

#[derive(Deserialize, Default)]
#[serde(default)]
struct Status {
    traffic: Vec<Traffic>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Traffic {
    revision_name: Option<String>,
    #[serde(default)]
    percent: u32,
}

#[derive(Deserialize)]
struct Object {
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
    #[serde(default)]
    labels: RevisionAnnotations,
    #[serde(default)]
    annotations: RevisionAnnotations,
}

impl Cluster {
    /// The cluster whose API answers at this address, or the one that this process runs in, as its service account.
    pub(crate) fn open(api: Option<&str>, namespace: &str) -> Result<Self, Box<dyn Error>> {
        let client = Client::builder().timeout(ANSWER_WITHIN).no_proxy();
        let (api, client) = match api {
            Some(api) => (api.trim_end_matches('/').to_owned(), client),
            None => (own_api()?, client.tls_certs_only([authority()?]).default_headers(identity()?)),
        };
        let base = format!("{api}/apis/serving.knative.dev/v1/namespaces/{namespace}");
        Ok(Self { http: client.build()?, base })
    }

    /// The names of the revisions that receive traffic.
    pub(crate) async fn live_revisions(&self) -> reqwest::Result<HashSet<String>> {
        let services: List<Service> = self.list("services").await?;
        let traffic = services.items.into_iter().flat_map(|service| service.status.traffic);
        Ok(traffic.filter(|part| part.percent > 0).filter_map(|part| part.revision_name).collect())
    }

    pub(crate) async fn revisions(&self) -> reqwest::Result<Vec<Revision>> {
        let revisions: List<Object> = self.list("revisions").await?;
        Ok(revisions.items.into_iter().filter_map(Revision::of).collect())
    }

    /// Changes annotations of a revision.
    pub(crate) async fn annotate(
        &self,
        revision: &str,
        change: &AnnotationPatch,
    ) -> Result<(), Box<dyn Error>> {
        let patch = json!({ "metadata": { "annotations": change } });
        let request = self.http.patch(format!("{}/revisions/{revision}", self.base));
        let request = request.header(header::CONTENT_TYPE, "application/merge-patch+json");
        let answer = request.body(patch.to_string()).send().await?;
        if answer.status().is_success() {
            return Ok(());
        }
        Err(format!("Kubernetes refused with {}: {}", answer.status(), answer.text().await?).into())
    }

    async fn list<T: DeserializeOwned>(&self, kind: &str) -> reqwest::Result<List<T>> {
        let request = self.http.get(format!("{}/{kind}?limit={LIST_MAX}", self.base));
        request.send().await?.error_for_status()?.json().await
    }
}

impl Revision {
    fn of(Object { mut metadata }: Object) -> Option<Self> {
        let function = metadata.labels.remove("serving.knative.dev/service")?;
        Some(Self { name: metadata.name, function, annotations: metadata.annotations })
    }
}

fn own_api() -> Result<String, Box<dyn Error>> {
    let variable =
        |name: &str| env::var(name).map_err(|_| format!("{name} is not set: run it in a pod, or give --api"));
    let host = variable("KUBERNETES_SERVICE_HOST")?;
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    Ok(format!("https://{host}:{}", variable("KUBERNETES_SERVICE_PORT")?))
}

fn authority() -> Result<Certificate, Box<dyn Error>> {
    Ok(Certificate::from_pem(&fs::read(format!("{ACCOUNT}/ca.crt"))?)?)
}

fn identity() -> Result<header::HeaderMap, Box<dyn Error>> {
    let token = fs::read_to_string(format!("{ACCOUNT}/token"))?;
    let mut bearer = header::HeaderValue::try_from(format!("Bearer {}", token.trim()))?;
    bearer.set_sensitive(true);
    Ok(header::HeaderMap::from_iter([(header::AUTHORIZATION, bearer)]))
}
