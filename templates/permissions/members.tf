# The role that trailproof assumes in every account. Made by `trailproof permissions --format terraform` from the calls that the
# selected packs need.
variable "auditor_arn" {
  type        = string
  description = "ARN of the role or user that runs trailproof"
}

variable "external_id" {
  type        = string
  default     = ""
  description = "External id that the auditor has to give; empty for none"
}

data "aws_iam_policy_document" "trailproof_trust" {
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "AWS"
      identifiers = [var.auditor_arn]
    }
    dynamic "condition" {
      for_each = var.external_id == "" ? [] : [var.external_id]
      content {
        test     = "StringEquals"
        variable = "sts:ExternalId"
        values   = [condition.value]
      }
    }
  }
}

data "aws_iam_policy_document" "trailproof_read" {
  statement {
    actions = [
{% for action in actions %}      "{{ action }}",
{% endfor %}    ]
    resources = ["*"]
  }
}

resource "aws_iam_role" "trailproof" {
  name               = "{{ role_name }}"{% if role_path %}
  path               = "{{ role_path }}"{% endif %}
  assume_role_policy = data.aws_iam_policy_document.trailproof_trust.json
}

resource "aws_iam_role_policy" "trailproof" {
  name   = "read-audit-trail"
  role   = aws_iam_role.trailproof.id
  policy = data.aws_iam_policy_document.trailproof_read.json
}
