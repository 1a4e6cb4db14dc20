variable "environment" {
  description = "Name of the deployment, as in the setting `environment`. Part of every encryption context, and of every name here."
  type        = string

  # A load balancer's name has at most 32 characters, and ElastiCache takes no two hyphens in a row.
  validation {
    condition     = can(regex("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", var.environment)) && length(var.environment) <= 19
    error_message = "Lower-case letters and digits, a letter first, single hyphens between them, at most 19."
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
  description = "Hosts that the proxy lets through by name: the vendors' and the mail server's."
  type        = list(string)
}

variable "outbound_address_ports" {
  description = "Ports on which the proxy lets through to every public address, asked for as a number: 443 for partners' receivers and for transfers, 22 for transfers by SFTP."
  type        = set(number)
  default     = [443]
}

variable "transfer_buckets" {
  description = "Buckets of agencies that the worker's role reads files from, and lays files into. Their own policies must let it, too."
  type        = object({ sources = list(string), destinations = list(string) })
  default     = { sources = [], destinations = [] }
}

variable "operators_security_group_ids" {
  description = "Groups of what operators come by and what scrapes metrics, such as a VPN's: they reach internal ports, Postgres and Redis."
  type        = set(string)
  default     = []
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
  description = "Passwords of Redis' users, as in each service's `redis_url`, and of `admin`, for runbooks. They stand in Terraform's state too: keep it encrypted."
  type        = object({ web = string, worker = string, ops = string, admin = string })
  sensitive   = true

  validation {
    condition     = alltrue([for password in values(var.redis_passwords) : can(regex("^[A-Za-z0-9_-]{16,128}$", password))])
    error_message = "Each 16 to 128 letters, digits, hyphens and underscores: what needs no escaping in a URL, and ElastiCache takes."
  }
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
