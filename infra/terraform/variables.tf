variable "region" {
  description = "The AWS region."
  type        = string
  default     = "ap-northeast-2"
}

variable "prefix" {
  description = "The prefix of every name. For the tables it is YEMAE_TABLE_PREFIX."
  type        = string
  default     = "yemae-"
}

variable "run_on_lambda" {
  description = "Whether the functions run as Lambdas behind API Gateway. If false, only the tables, Valkey and the policies are made, to run the functions elsewhere, as on EKS."
  type        = bool
  default     = true
}

variable "packages" {
  description = "The folder of the functions' packages: `<function>.zip`, each with a static `bootstrap` in it, as a release has them."
  type        = string
  default     = "packages"
}

variable "architecture" {
  description = "The architecture of the packages: arm64, which costs less, or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Lambda has arm64 and x86_64."
  }
}

# Parameters of Systems Manager, which you create beforehand (docs/DEPLOY.md). Their values are in no file here.

variable "private_key_parameter" {
  description = "The SecureString with the private key that signs tokens (PEM)."
  type        = string
  default     = "/yemae/jwt-private-key"
}

variable "public_keys_parameter" {
  description = "The String with the public keys that verify tokens (PEM, one after another)."
  type        = string
  default     = "/yemae/jwt-public-keys"
}

variable "redis_password_parameter" {
  description = "The SecureString with Valkey's password: 16 to 128 characters."
  type        = string
  default     = "/yemae/redis-password"
}

variable "payment_url" {
  description = "The URL of the payment provider."
  type        = string
}

variable "valkey_node_type" {
  description = "The node type. One node serves everything, the other stands by."
  type        = string
  default     = "cache.r7g.large"
}

variable "requests_per_s_max" {
  description = "Requests a second that API Gateway lets through, all functions together. The account's own limit is 10,000."
  type        = number
  default     = 5000
}

variable "cidr" {
  description = "The address range of the network."
  type        = string
  default     = "10.20.0.0/16"
}

variable "log_days" {
  description = "How long logs are kept, in days."
  type        = number
  default     = 30
}
