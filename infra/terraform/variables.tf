variable "environment" {
  description = "Name of the deployment, as in the setting `environment`. Part of every encryption context."
  type        = string

  validation {
    condition     = can(regex("^[a-z][a-z0-9-]{0,31}$", var.environment))
    error_message = "Lower-case letters, digits and hyphens, a letter first, at most 32."
  }
}

variable "region" {
  description = "AWS region of everything here."
  type        = string
  default     = "us-east-1"
}

variable "availability_zones" {
  description = "At least two, for the database and Redis."
  type        = list(string)

  validation {
    condition     = length(var.availability_zones) >= 2
    error_message = "Two or more."
  }
}

variable "vpc_cidr" {
  description = "A /16 of our own."
  type        = string
  default     = "10.20.0.0/16"
}

variable "public_url" {
  description = "The address people see, as in the setting `public_url`."
  type        = string
}

variable "certificate_arn" {
  description = "ACM certificate of the load balancer for the host of public_url."
  type        = string
}

variable "images" {
  description = "Where each image is, by digest: what `pnpm images` built, and a forward proxy that lets only listed hosts through."
  type = object({
    idp_web    = string
    worker     = string
    operations = string
    proxy      = string
  })
}

variable "outbound_hosts" {
  description = "Hosts that the proxy lets through: the vendors', the mail server's, partners' receivers."
  type        = list(string)
}

variable "web_min" {
  description = "Web processes there always are."
  type        = number
  default     = 2
}

variable "web_max" {
  description = "Web processes there are at most."
  type        = number
  default     = 8
}

variable "asg_worker_min" {
  description = "Workers there always are."
  type        = number
  default     = 2
}

variable "asg_worker_desired" {
  description = "Workers at the beginning; scaling changes it."
  type        = number
  default     = 2
}

variable "asg_worker_max" {
  description = "Workers there are at most."
  type        = number
  default     = 8
}

variable "idp_worker_alarms_enabled" {
  description = "Whether the alarms of the workers exist."
  type        = bool
  default     = true
}

variable "alarm_topic_arns" {
  description = "SNS topics that are told of alarms."
  type        = list(string)
  default     = []
}

variable "worker_failures_per_five_minutes" {
  description = "Failed jobs in five minutes that raise an alarm."
  type        = number
  default     = 10
}

variable "log_retention_days" {
  description = "How long logs are kept. They hold no personal data."
  type        = number
  default     = 90
}

variable "database_class" {
  description = "Instance class of Postgres."
  type        = string
  default     = "db.m7g.large"
}

variable "redis_class" {
  description = "Node type of Redis. Passwords of its users are set with `redis_passwords`."
  type        = string
  default     = "cache.m7g.large"
}

variable "redis_passwords" {
  description = "Passwords of Redis' users, as in each service's `redis_url`. Each of 16 characters or more."
  type        = map(string)
  sensitive   = true
}

# The values of these stand in policies.auto.tfvars.json, which `pnpm fix` writes from what the local stack enforces.

variable "kms_grants" {
  description = "Who may do what with the sealing key, by encryption context."
  type = list(object({
    principal  = string
    operations = list(string)
    context    = map(list(string))
  }))
}

variable "document_bucket" {
  description = "Rules of the bucket of sealed images."
  type = object({
    cors_methods = list(string)
    cors_headers = list(string)
    expire_days  = number
    grants = list(object({
      principal = string
      actions   = list(string)
      under     = string
    }))
  })
}

variable "redis_access" {
  description = "Access string of each user of Redis."
  type        = map(string)
}
