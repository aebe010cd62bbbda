//! What `knative/` and `infra/kubernetes/` render to: valid by the project's own schema and by those of Knative and Kubernetes, of
//! one mind with the register of the functions, and with no more rights and secrets than needed.
#![cfg(test)]

mod crds;
mod functions;
mod pods;
mod rendered;
mod scale;
mod schema;
mod sources;
mod wrong;
