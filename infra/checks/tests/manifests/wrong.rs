//! The project's own schema finds mistakes: each of these manifests has exactly one.

use crate::schema::{SCHEMA, kind_of};
use checks::documents;
use serde_json::{Value, json};

const SERVICE: &str = "
apiVersion: serving.knative.dev/v1
kind: Service
metadata: { name: book, namespace: yemae, labels: { app.kubernetes.io/name: book, yemae/signs: 'true' } }
spec:
  template:
    metadata:
      annotations:
        autoscaling.knative.dev/min-scale: '1'
        autoscaling.knative.dev/target: '50'
        autoscaling.knative.dev/window: 120s
        queue.sidecar.serving.knative.dev/memory-resource-limit: 256Mi
    spec:
      timeoutSeconds: 60
      serviceAccountName: book
      containers:
        - image: dev.local/yemae/book:dev
          env: [{ name: YEMAE_REDIS_URL, valueFrom: { secretKeyRef: { name: yemae-stores, key: YEMAE_REDIS_URL } } }]
          readinessProbe: { httpGet: { path: /healthz } }
          resources: { requests: { cpu: 50m, memory: 32Mi }, limits: { memory: 128Mi } }
          securityContext: { runAsNonRoot: true, capabilities: { drop: [ALL] } }
";
const DEPLOYMENT: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: { name: yemae-book }
spec:
  selector: { matchLabels: { app.kubernetes.io/name: book } }
  strategy: { rollingUpdate: { maxSurge: 25%, maxUnavailable: 0 } }
  template:
    metadata: { labels: { app.kubernetes.io/name: book } }
    spec:
      containers:
        - name: function
          image: yemae/book:dev
          ports: [{ name: http, containerPort: 8080 }]
          lifecycle: { preStop: { sleep: { seconds: 5 } } }
          resources: { requests: { cpu: 50m, memory: 24Mi }, limits: { memory: 96Mi } }
      volumes: [{ name: tmp, emptyDir: { sizeLimit: 1Mi } }]
";
const AUTOSCALER: &str = "
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: { name: yemae-book }
spec:
  scaleTargetRef: { apiVersion: apps/v1, kind: Deployment, name: yemae-book }
  minReplicas: 2
  maxReplicas: 4
  metrics: [{ type: Resource, resource: { name: cpu, target: { type: AverageValue, averageValue: 500m } } }]
";
const ROUTE: &str = "
apiVersion: gateway.networking.k8s.io/v1
kind: HTTPRoute
metadata: { name: book }
spec:
  parentRefs: [{ name: public, namespace: gateways }]
  hostnames: [tickets.example.org]
  rules:
    - matches: [{ path: { type: Exact, value: /v1/bookings } }]
      filters: [{ type: URLRewrite, urlRewrite: { hostname: book.yemae.svc.cluster.local } }]
      backendRefs: [{ name: kourier-internal, namespace: kourier-system, port: 80 }]
";
const INGRESS: &str = "
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: { name: yemae, annotations: { nginx.ingress.kubernetes.io/proxy-body-size: 4104k } }
spec:
  ingressClassName: nginx
  rules:
    - http: { paths: [{ path: /, pathType: Prefix, backend: { service: { name: yemae-web, port: { number: 80 } } } }] }
";
const KUSTOMIZATION: &str = "
apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [../../base]
patches: [{ path: books.yaml, target: { group: serving.knative.dev, kind: Service } }]
images: [{ name: yemae/book, newTag: 0.1.0 }]
";
const ANNOTATIONS: &str = "/spec/template/metadata/annotations";
const CONTAINER: &str = "/spec/template/spec/containers/0";

#[test]
fn a_right_manifest_fits() {
    for right in [SERVICE, DEPLOYMENT, AUTOSCALER, ROUTE, INGRESS, KUSTOMIZATION] {
        assert_eq!(SCHEMA.judge(&documents(right)[0]), [""; 0], "{right}");
    }
}

#[test]
fn a_misspelt_annotation_or_field_is_found() {
    refuse(
        SERVICE,
        ANNOTATIONS,
        &[
            ("autoscaling.knative.dev/minScale", json!("1")),
            ("autoscaling.knative.dev/targt", json!("50")),
            ("autoscaling.knative/min-scale", json!("1")),
            ("queue.sidecar.serving.knative.dev/memory-limit", json!("256Mi")),
        ],
    );
    refuse(SERVICE, "/metadata", &[("annotations", json!({ "autoscaling.knative.dev/min-scale": "1" }))]);
    refuse(SERVICE, "/metadata/labels", &[("yemae/sings", json!("true")), ("yemae/signs", json!("yes"))]);
    refuse(SERVICE, "/spec/template/spec", &[("timeoutSecond", json!(60)), ("volumes", json!([]))]);
    refuse(SERVICE, CONTAINER, &[("readynessProbe", json!({})), ("name", json!("function"))]);
    refuse(DEPLOYMENT, "/spec", &[("replica", json!(2))]);
    refuse(DEPLOYMENT, "/spec/selector/matchLabels", &[("app.kubernetes.io/nam", json!("book"))]);
    refuse(DEPLOYMENT, CONTAINER, &[("envfrom", json!([]))]);
    refuse(AUTOSCALER, "/spec", &[("maxReplica", json!(4))]);
    refuse(ROUTE, "/spec/rules/0", &[("backendRef", json!([])), ("timeouts", json!({}))]);
    refuse(INGRESS, "/metadata/annotations", &[("nginx.ingress.kubernetes.io/proxy-body-sise", json!("1m"))]);
    refuse(KUSTOMIZATION, "", &[("resource", json!([])), ("patchesStrategicMerge", json!([]))]);
    refuse(KUSTOMIZATION, "/patches/0/target", &[("labelSelectors", json!("yemae/redis"))]);
}

#[test]
fn a_wrong_unit_or_value_is_found() {
    refuse(
        SERVICE,
        ANNOTATIONS,
        &[
            ("autoscaling.knative.dev/window", json!("120")),
            ("autoscaling.knative.dev/window", json!("2m")),
            ("autoscaling.knative.dev/window", json!("5s")),
            ("autoscaling.knative.dev/window", json!("3601s")),
            ("autoscaling.knative.dev/min-scale", json!(1)),
            ("autoscaling.knative.dev/min-scale", json!("-1")),
            ("autoscaling.knative.dev/activation-scale", json!("1")),
            ("autoscaling.knative.dev/target", json!("0")),
            ("autoscaling.knative.dev/target-burst-capacity", json!("-2")),
            ("autoscaling.knative.dev/metric", json!("requests")),
            ("queue.sidecar.serving.knative.dev/memory-resource-limit", json!("256m")),
            ("queue.sidecar.serving.knative.dev/cpu-resource-request", json!("25Mi")),
        ],
    );
    refuse(
        SERVICE,
        "/spec/template/spec",
        &[("timeoutSeconds", json!("60")), ("timeoutSeconds", json!(601))],
    );
    refuse(
        SERVICE,
        &format!("{CONTAINER}/resources/limits"),
        &[("memory", json!("128M")), ("memory", json!(134_217_728)), ("cpu", json!("1"))],
    );
    refuse(
        SERVICE,
        &format!("{CONTAINER}/resources/requests"),
        &[("cpu", json!(0.5)), ("cpu", json!("50mi"))],
    );
    refuse(SERVICE, &format!("{CONTAINER}/securityContext"), &[("runAsUser", json!(0))]);
    refuse(SERVICE, &format!("{CONTAINER}/env/0"), &[("name", json!("yemae-redis-url"))]);
    refuse(
        DEPLOYMENT,
        "/spec/strategy/rollingUpdate",
        &[("maxSurge", json!("25")), ("maxSurge", json!("125%"))],
    );
    refuse(DEPLOYMENT, &format!("{CONTAINER}/ports/0"), &[("containerPort", json!("8080"))]);
    refuse(DEPLOYMENT, &format!("{CONTAINER}/lifecycle/preStop/sleep"), &[("seconds", json!("5s"))]);
    refuse(DEPLOYMENT, "/spec/template/spec/volumes/0/emptyDir", &[("sizeLimit", json!("1MB"))]);
    refuse(AUTOSCALER, "/spec", &[("minReplicas", json!(0)), ("maxReplicas", json!(1_000))]);
    refuse(AUTOSCALER, "/spec/metrics/0/resource/target", &[("averageValue", json!("50%"))]);
    refuse(ROUTE, "/spec/rules/0/matches/0/path", &[("type", json!("Prefix")), ("value", json!("v1"))]);
    refuse(
        ROUTE,
        "/spec",
        &[("hostnames", json!([])), ("hostnames", json!(["https://tickets.example.org"]))],
    );
    refuse(INGRESS, "/spec/rules/0/http/paths/0", &[("pathType", json!("PathPrefix"))]);
    refuse(
        INGRESS,
        "/metadata/annotations",
        &[("nginx.ingress.kubernetes.io/proxy-body-size", json!("4104"))],
    );
    refuse(KUSTOMIZATION, "/images/0", &[("newTag", json!("latest"))]);
}

#[test]
fn what_is_missing_is_found_in_the_whole_and_not_in_a_part() {
    let missing = [
        (SERVICE, "/spec/template/spec", "timeoutSeconds"),
        (SERVICE, "/spec/template/spec/containers/0/resources/limits", "memory"),
        (DEPLOYMENT, "/spec/template/spec/containers/0", "resources"),
        (AUTOSCALER, "/spec", "maxReplicas"),
        (ROUTE, "/spec", "parentRefs"),
    ];
    for (right, place, field) in missing {
        let mut object = documents(right).remove(0);
        object.pointer_mut(place).and_then(Value::as_object_mut).unwrap().remove(field).unwrap();
        assert_eq!(SCHEMA.judge(&object).len(), 1, "nothing misses {field} at {place}");
        assert_eq!(SCHEMA.judge_part(&kind_of(&object), &object), [""; 0], "{field}");
    }
}

#[test]
fn an_object_of_an_unknown_kind_is_found() {
    let object = json!({ "apiVersion": "serving.knative.dev/v1beta1", "kind": "DomainMapping" });
    assert_eq!(SCHEMA.judge(&object), ["no schema for serving.knative.dev/v1beta1 DomainMapping"]);
}

/// Each of these fields, set at this place, is an error in a whole object and in a partial one.
fn refuse(right: &str, place: &str, wrong: &[(&str, Value)]) {
    for (field, value) in wrong {
        let mut object = documents(right).remove(0);
        object.pointer_mut(place).expect("the place")[field] = value.clone();
        let kind = kind_of(&object);
        let faults = SCHEMA.judge(&object);
        assert_eq!(faults.len(), 1, "{kind}: {place}/{field}: {value}: {faults:?}");
        // A partial object may lack any field. A kustomization is always whole.
        if value.as_array().is_none_or(|values| !values.is_empty()) && !kind.starts_with("kustomize.") {
            assert_eq!(SCHEMA.judge_part(&kind, &object).len(), 1, "{kind}: {place}/{field}: {value}");
        }
    }
}
