# A role for what runs in a task, one for each principal that the policies name, and one by which ECS starts tasks.

data "aws_iam_policy_document" "ecs_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["ecs-tasks.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "task" {
  for_each           = toset(["web", "worker", "ops"])
  name               = "${local.name}-${each.key}"
  assume_role_policy = data.aws_iam_policy_document.ecs_assumes.json
}

# The sealing key is not here: its own policy says everything.
data "aws_iam_policy_document" "task" {
  for_each = aws_iam_role.task

  statement {
    sid       = "Settings"
    actions   = ["s3:GetObject"]
    resources = ["${aws_s3_bucket.settings[each.key].arn}/*"]
  }

  statement {
    sid       = "OpenSettings"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.storage.arn]

    condition {
      test     = "StringEquals"
      variable = "kms:EncryptionContext:aws:s3:arn"
      values   = [aws_s3_bucket.settings[each.key].arn]
    }
  }

  dynamic "statement" {
    for_each = [for grant in var.document_bucket.grants : grant if grant.principal == each.key]

    content {
      actions   = [for action in statement.value.actions : action if action != "s3:ListBucket"]
      resources = ["${aws_s3_bucket.documents.arn}/${statement.value.under}*"]
    }
  }

  dynamic "statement" {
    for_each = each.key == "worker" ? var.transfer_buckets.sources : []

    content {
      actions   = ["s3:GetObject"]
      resources = ["arn:${local.partition}:s3:::${statement.value}/*"]
    }
  }

  dynamic "statement" {
    for_each = each.key == "worker" ? var.transfer_buckets.destinations : []

    content {
      actions   = ["s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload", "s3:DeleteObject"]
      resources = ["arn:${local.partition}:s3:::${statement.value}", "arn:${local.partition}:s3:::${statement.value}/*"]
    }
  }

  dynamic "statement" {
    for_each = [
      for grant in var.document_bucket.grants : grant
      if grant.principal == each.key && contains(grant.actions, "s3:ListBucket")
    ]

    content {
      actions   = ["s3:ListBucket"]
      resources = [aws_s3_bucket.documents.arn]

      condition {
        test     = "StringLike"
        variable = "s3:prefix"
        values   = ["${statement.value.under}*"]
      }
    }
  }
}

resource "aws_iam_role_policy" "task" {
  for_each = aws_iam_role.task
  name     = "own"
  role     = each.value.id
  policy   = data.aws_iam_policy_document.task[each.key].json
}

resource "aws_iam_role" "start" {
  name               = "${local.name}-start"
  assume_role_policy = data.aws_iam_policy_document.ecs_assumes.json
}

resource "aws_iam_role_policy_attachment" "start" {
  role       = aws_iam_role.start.name
  policy_arn = "arn:${local.partition}:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy"
}
