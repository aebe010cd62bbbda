# Keep the state where it is encrypted and locked, for instance in S3: it holds the signing key and Valkey's password.
terraform {
  required_version = "~> 1.9"

  required_providers {
    aws = {
      source  = "hashicorp/aws"
      version = "~> 6.0"
    }
  }
}

provider "aws" {
  region = var.region

  default_tags {
    tags = { part-of = "yemae" }
  }
}
