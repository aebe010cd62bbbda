//! What `knative/` and `infra/kubernetes/` render to is valid by the project's own schema and by those of Knative and
//! Kubernetes, agrees with the register of functions, and gives no more rights and secrets than needed.
#![cfg(test)]

mod crds;
mod functions;
mod observed;
mod pods;
mod rendered;
mod scale;
mod schema;
mod sources;
mod wrong;
