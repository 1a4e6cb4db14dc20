output "sealing_key_arn" {
  description = "For the setting `kms_key_id` of every service."
  value       = aws_kms_key.sealing.arn
}

output "document_bucket" {
  description = "For the setting `document_bucket` of web and worker."
  value       = aws_s3_bucket.documents.id
}

output "settings_files" {
  description = "Where each service finds its settings; lay them there before its first start."
  value       = { for service, file in local.settings_files : service => "s3://${aws_s3_bucket.settings[service].id}/${file}" }
}

output "trusted_proxies" {
  description = "For the setting `trusted_proxies` of the web: where the load balancer's requests come from."
  value       = join(",", [for subnet in aws_subnet.public : subnet.cidr_block])
}

output "task_roles" {
  description = "Whom agencies name in the policies of their buckets: `worker`."
  value       = { for service, role in aws_iam_role.task : service => role.arn }
}

output "database_endpoint" {
  value = aws_db_instance.main.endpoint
}

output "redis_endpoint" {
  value = aws_elasticache_replication_group.main.primary_endpoint_address
}

output "outbound_proxy" {
  description = "Host and port for the setting `outbound_proxy_url` of the worker."
  value       = "proxy.${local.name}.internal:3128"
}
