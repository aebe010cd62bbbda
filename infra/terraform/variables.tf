variable "region" {
  description = "Where everything is."
  type        = string
  default     = "ap-northeast-2"
}

variable "prefix" {
  description = "Begins the name of everything. For the tables it is YEMAE_TABLE_PREFIX."
  type        = string
  default     = "yemae-"
}

variable "run_on_lambda" {
  description = "Whether the functions run as Lambdas behind API Gateway. Without, there are the tables, Valkey, and the policies for running them elsewhere, as on EKS."
  type        = bool
  default     = true
}

variable "packages" {
  description = "The folder of the functions' packages: `<function>.zip`, each with a static `bootstrap` in it, as a release has them."
  type        = string
  default     = "packages"
}

variable "architecture" {
  description = "What the packages are built for: arm64, which costs less, or x86_64."
  type        = string
  default     = "arm64"

  validation {
    condition     = contains(["arm64", "x86_64"], var.architecture)
    error_message = "Lambda has arm64 and x86_64."
  }
}

# Parameters of Systems Manager, made before this is applied (docs/DEPLOY.md). The values are in no file here.

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
  description = "The payment provider."
  type        = string
}

variable "valkey_node_type" {
  description = "One node answers for everything, the other stands by."
  type        = string
  default     = "cache.r7g.large"
}

variable "requests_per_s_max" {
  description = "What API Gateway lets through a second, all functions together. The account's own bound is 10,000."
  type        = number
  default     = 5000
}

variable "cidr" {
  description = "The addresses of the network that this makes."
  type        = string
  default     = "10.20.0.0/16"
}

variable "log_days" {
  description = "How long logs are kept."
  type        = number
  default     = 30
}
