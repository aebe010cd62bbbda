# Least rights: a policy for each function, for the items that its code touches (locals.tf). Policies are made without Lambda,
# too: on EKS give each function's service account a role with its policy.
data "aws_iam_policy_document" "books" {
  for_each = local.access

  dynamic "statement" {
    for_each = each.value
    content {
      actions = [for action in statement.value.actions : "dynamodb:${action}"]
      resources = [
        try(
          "${aws_dynamodb_table.yemae[statement.value.table].arn}/index/${statement.value.index}",
          aws_dynamodb_table.yemae[statement.value.table].arn,
        )
      ]

      dynamic "condition" {
        for_each = try([statement.value.keys], [])
        content {
          test     = "ForAllValues:StringLike"
          variable = "dynamodb:LeadingKeys"
          values   = condition.value
        }
      }
    }
  }
}

resource "aws_iam_policy" "books" {
  for_each = local.access

  name        = "${var.prefix}${each.key}"
  description = "What the function ${each.key} may do to the tables."
  policy      = data.aws_iam_policy_document.books[each.key].json
}

data "aws_iam_policy_document" "lambda_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["lambda.amazonaws.com"]
    }
  }
}

resource "aws_iam_role" "function" {
  for_each = local.lambdas

  name               = "${var.prefix}${each.key}"
  assume_role_policy = data.aws_iam_policy_document.lambda_assumes.json
}

resource "aws_iam_role_policy_attachment" "books" {
  for_each = local.lambdas

  role       = aws_iam_role.function[each.key].name
  policy_arn = aws_iam_policy.books[each.key].arn
}

# So that Lambda can attach to the network.
resource "aws_iam_role_policy_attachment" "network" {
  for_each = local.lambdas

  role       = aws_iam_role.function[each.key].name
  policy_arn = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess"
}

data "aws_iam_policy_document" "own" {
  for_each = local.lambdas

  statement {
    sid       = "Log"
    actions   = ["logs:CreateLogStream", "logs:PutLogEvents"]
    resources = ["${aws_cloudwatch_log_group.function[each.key].arn}:*"]
  }

  statement {
    sid       = "ReadOwnSettings"
    actions   = ["kms:Decrypt"]
    resources = [aws_kms_key.settings[0].arn]
  }
}

resource "aws_iam_role_policy" "own" {
  for_each = local.lambdas

  name   = "own"
  role   = aws_iam_role.function[each.key].id
  policy = data.aws_iam_policy_document.own[each.key].json
}

data "aws_caller_identity" "current" {}

data "aws_iam_policy_document" "timer_assumes" {
  statement {
    actions = ["sts:AssumeRole"]

    principals {
      type        = "Service"
      identifiers = ["scheduler.amazonaws.com"]
    }

    condition {
      test     = "StringEquals"
      variable = "aws:SourceAccount"
      values   = [data.aws_caller_identity.current.account_id]
    }
  }
}

data "aws_iam_policy_document" "timer" {
  count = var.run_on_lambda ? 1 : 0

  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [for name in local.timed : aws_lambda_function.function[name].arn]
  }
}

resource "aws_iam_role" "timer" {
  count = var.run_on_lambda ? 1 : 0

  name               = "${var.prefix}timer"
  assume_role_policy = data.aws_iam_policy_document.timer_assumes.json
}

resource "aws_iam_role_policy" "timer" {
  count = var.run_on_lambda ? 1 : 0

  name   = "invoke"
  role   = aws_iam_role.timer[0].id
  policy = data.aws_iam_policy_document.timer[0].json
}

# The outbox's stream wakes `relay`, which must read it.
data "aws_iam_policy_document" "stream" {
  statement {
    actions   = ["dynamodb:DescribeStream", "dynamodb:GetRecords", "dynamodb:GetShardIterator"]
    resources = ["${aws_dynamodb_table.yemae["outbox"].arn}/stream/*"]
  }

  # It names none.
  statement {
    actions   = ["dynamodb:ListStreams"]
    resources = ["*"]
  }
}

resource "aws_iam_role_policy" "stream" {
  count = var.run_on_lambda ? 1 : 0

  name   = "stream"
  role   = aws_iam_role.function["relay"].id
  policy = data.aws_iam_policy_document.stream.json
}
