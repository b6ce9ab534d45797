# The policy of the identity that starts a scan, in the management account or a delegated administrator. Made by
# `trailproof permissions --for start --format terraform` from the calls that the selected packs need.
data "aws_partition" "current" {}

data "aws_iam_policy_document" "trailproof_start" {
  statement {
    actions = [
{% for action in actions %}      "{{ action }}",
{% endfor %}    ]
    resources = ["*"]
  }
  statement {
    actions   = ["sts:AssumeRole"]
    resources = ["arn:${data.aws_partition.current.partition}:iam::*:role/{{ role }}"]
  }
}

resource "aws_iam_policy" "trailproof_start" {
  name   = "trailproof-start"
  policy = data.aws_iam_policy_document.trailproof_start.json
}
