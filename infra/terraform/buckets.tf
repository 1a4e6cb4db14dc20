# Sealed images, and the settings of each service: YAML with its secrets, which only that service reads.

locals {
  documents = "${local.name}-documents-${local.account_id}"
  settings  = { for service in ["web", "worker", "ops"] : service => "${local.name}-settings-${service}-${local.account_id}" }
}

resource "aws_s3_bucket" "documents" {
  bucket = local.documents
}

resource "aws_s3_bucket" "settings" {
  for_each = local.settings
  bucket   = each.value
}

locals {
  buckets = merge(
    { documents = aws_s3_bucket.documents.id },
    { for service, bucket in aws_s3_bucket.settings : "settings-${service}" => bucket.id },
  )
  bucket_arns = concat([aws_s3_bucket.documents.arn], [for bucket in aws_s3_bucket.settings : bucket.arn])
}

resource "aws_s3_bucket_public_access_block" "all" {
  for_each                = local.buckets
  bucket                  = each.value
  block_public_acls       = true
  block_public_policy     = true
  ignore_public_acls      = true
  restrict_public_buckets = true
}

resource "aws_s3_bucket_server_side_encryption_configuration" "settings" {
  for_each = aws_s3_bucket.settings
  bucket   = each.value.id

  rule {
    bucket_key_enabled = true

    apply_server_side_encryption_by_default {
      sse_algorithm     = "aws:kms"
      kms_master_key_id = aws_kms_key.storage.arn
    }
  }
}

# A settings file that was broken is put back by its version.
resource "aws_s3_bucket_versioning" "settings" {
  for_each = aws_s3_bucket.settings
  bucket   = each.value.id

  versioning_configuration {
    status = "Enabled"
  }
}

resource "aws_s3_bucket_cors_configuration" "documents" {
  bucket = aws_s3_bucket.documents.id

  cors_rule {
    allowed_origins = [var.public_url]
    allowed_methods = var.document_bucket.cors_methods
    allowed_headers = var.document_bucket.cors_headers
    max_age_seconds = 3600
  }
}

# The worker deletes sooner; this is for what it never saw.
resource "aws_s3_bucket_lifecycle_configuration" "documents" {
  bucket = aws_s3_bucket.documents.id

  rule {
    id     = "expire"
    status = "Enabled"

    filter {}

    expiration {
      days = var.document_bucket.expire_days
    }

    abort_incomplete_multipart_upload {
      days_after_initiation = 1
    }
  }
}

data "aws_iam_policy_document" "tls_only" {
  for_each = local.buckets

  statement {
    sid       = "TlsOnly"
    effect    = "Deny"
    actions   = ["s3:*"]
    resources = ["arn:${local.partition}:s3:::${each.value}", "arn:${local.partition}:s3:::${each.value}/*"]

    principals {
      type        = "*"
      identifiers = ["*"]
    }

    condition {
      test     = "Bool"
      variable = "aws:SecureTransport"
      values   = ["false"]
    }
  }
}

resource "aws_s3_bucket_policy" "tls_only" {
  for_each = local.buckets
  bucket   = each.value
  policy   = data.aws_iam_policy_document.tls_only[each.key].json

  # S3 takes one change of a bucket's access at a time.
  depends_on = [aws_s3_bucket_public_access_block.all]
}
