# Rendered by `make render` from infra/render/templates/docker-bake.hcl and the register: change that.
# Every image for two architectures, from one Dockerfile:
#   REGISTRY=ghcr.io/you TAG=0.1.0 docker buildx bake -f infra/images/docker-bake.hcl --push

variable "REGISTRY" {
  default = "dev.local/yemae"
}

variable "TAG" {
  default = "dev"
}

variable "REVISION" {
  default = "unknown"
}

group "default" {
  targets = ["image"]
}

target "image" {
  name = program
  matrix = {
    program = [
      "signup",
      "login",
      "session",
      "list-shows",
      "show-detail",
      "seat-map",
      "seat-stream",
      "enqueue",
      "queue-status",
      "admit",
      "lock-seat",
      "book",
      "pay",
      "cancel",
      "bookings",
      "manage-shows",
      "manage-sale",
      "sweep",
      "relay",
      "web",
      "sandbox-payments", "yemae", "yemae-demo", "yemae-dynamodb",
    ]
  }
  dockerfile = "infra/images/Dockerfile"
  platforms  = ["linux/amd64", "linux/arm64"]
  args = {
    PROGRAM  = program
    VERSION  = TAG
    REVISION = REVISION
  }
  # A function's image has the function's name; the other images drop their programs' common prefix.
  tags = ["${REGISTRY}/${lookup({ sandbox-payments = "payments", yemae-demo = "demo", yemae-dynamodb = "dynamodb" }, program, program)}:${TAG}"]
}
