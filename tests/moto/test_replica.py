"""What the replica serves is read by boto3, which nobody here wrote: the shapes are AWS's, not the auditor's."""

import re
import subprocess

import boto3
import botocore.model
import pytest
from botocore.exceptions import ClientError

from scan import ROOT, binary

WORLD = ROOT / "tests" / "replica" / "tests" / "it"
TOPIC = "arn:aws:sns:us-east-1:333333333333:alerts"
EXTRAS = """
  - { name: rich, account: security, logging: { bucket: org-logs, prefix: P }, encryption: { algorithm: "aws:kms", key: alias/trail, bucket_key: true },
      lifecycle: [{ id: i, expiration_days: 400, transitions: [{ days: 90, storage_class: GLACIER }] }], tags: { k: v },
      replication: [{ id: r, bucket: far-logs, account: member }], ownership: BucketOwnerPreferred }
keys:
"""


@pytest.fixture(scope="module")
def replica(tmp_path_factory):
    path = tmp_path_factory.mktemp("replica") / "world.yaml"
    world = (WORLD / "world.yaml").read_text().replace("\nkeys:\n", EXTRAS)
    path.write_text(world + (WORLD / "alerting.yaml").read_text())
    with subprocess.Popen([replica_program(), path], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as running:
        told = re.search(r"http://\S+", running.stdout.readline())
        assert told, f"the replica did not start: {running.stderr.read()}"
        yield told.group()
        running.terminate()


def replica_program():
    """Beside the binary. `cargo build` alone leaves it out, since it is a package of its own: it is built where it is missing."""
    program = binary().with_name("trailproof-replica")
    if not program.exists():
        profile = {"release": ("--release",), "debug": ()}.get(program.parent.name)
        assert profile is not None, f"{program} is missing: build it with `cargo build --package trailproof-replica`"
        build = ["cargo", "build", "--locked", "--package", "trailproof-replica", *profile]
        subprocess.run([*build, "--target-dir", program.parent.parent], cwd=ROOT, check=True)
    return program


def client(url, service, key="AKIASECURITY"):
    keys = {"aws_access_key_id": key, "aws_secret_access_key": "s"}
    return boto3.client(service, endpoint_url=url, region_name="us-east-1", **keys)


def everything(client, operation, name, **arguments):
    pages = list(client.get_paginator(operation).paginate(**arguments))
    assert len(pages) > 1, "two elements fit on a page"
    return [element for page in pages for element in page.get(name, [])]


def code(call, **arguments):
    with pytest.raises(ClientError) as raised:
        call(**arguments)
    return raised.value.response["Error"]["Code"]


@pytest.fixture(params=["smithy-rpc-v2-cbor", "json"])
def protocol(request, monkeypatch):
    monkeypatch.setattr(botocore.model, "PRIORITY_ORDERED_SUPPORTED_PROTOCOLS", (request.param, "query", "rest-xml"))
    return request.param


def test_alarms_read_alike_in_cbor_and_in_json(replica, protocol):
    cloudwatch = client(replica, "cloudwatch")
    assert cloudwatch.meta.service_model.resolved_protocol == protocol
    types = {"AlarmTypes": ["MetricAlarm", "CompositeAlarm"]}
    alarms = everything(cloudwatch, "describe_alarms", "MetricAlarms", **types)
    assert [alarm["AlarmName"] for alarm in alarms] == ["muted", "ratio", "root"]
    root = alarms[2]
    assert (root["Threshold"], root["AlarmActions"], root["MetricName"]) == (1.0, [TOPIC], "RootUse")
    assert root["StateUpdatedTimestamp"].isoformat() == "2025-11-21T12:00:00+00:00"
    assert alarms[1]["Metrics"][1]["MetricStat"]["Metric"]["MetricName"] == "RootUse"
    composite = everything(cloudwatch, "describe_alarms", "CompositeAlarms", **types)
    assert [alarm["AlarmRule"] for alarm in composite] == ["ALARM(root) OR ALARM(muted)"]
    assert code(cloudwatch.describe_alarms, NextToken="zz") == "InvalidNextToken"
    assert code(client(replica, "cloudwatch", "NOBODY").describe_alarms) == "InvalidClientTokenId"


def test_log_groups_and_metric_filters_read_as_those_of_aws(replica):
    logs = client(replica, "logs")
    groups = everything(logs, "describe_log_groups", "logGroups")
    assert [group.get("retentionInDays") for group in groups] == [None, 365, None]
    filters = everything(logs, "describe_metric_filters", "metricFilters", logGroupName="trail/events")
    assert [found["metricTransformations"][0]["metricName"] for found in filters] == ["Changes", "RootUse", "RootUse"]
    assert len(logs.describe_resource_policies()["resourcePolicies"]) == 1
    assert code(logs.describe_metric_filters, logGroupName="none") == "ResourceNotFoundException"


def test_topics_read_as_those_of_aws(replica):
    sns = client(replica, "sns")
    assert sns.get_topic_attributes(TopicArn=TOPIC)["Attributes"]["SubscriptionsPending"] == "1"
    subscriptions = everything(sns, "list_subscriptions_by_topic", "Subscriptions", TopicArn=TOPIC)
    assert [found["Protocol"] for found in subscriptions] == ["email", "https", "sqs"]
    assert code(sns.get_topic_attributes, TopicArn=TOPIC + "x") == "NotFound"
    assert code(client(replica, "sns", "AKIASTRANGER").get_topic_attributes, TopicArn=TOPIC) == "AuthorizationError"


def test_rules_and_targets_read_as_those_of_aws(replica):
    events = client(replica, "events")
    states = [rule["State"] for rule in everything(events, "list_rules", "Rules")]
    assert states == ["DISABLED", "ENABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"]
    targets = everything(events, "list_targets_by_rule", "Targets", Rule="tampering")
    assert [target["Id"] for target in targets] == ["person", "machine", "constant"]
    assert code(events.list_rules, EventBusName="none") == "ResourceNotFoundException"


def test_event_data_stores_read_as_those_of_aws(replica):
    cloudtrail = client(replica, "cloudtrail", "AKIAMANAGEMENT")
    first = cloudtrail.list_event_data_stores()["EventDataStores"][0]
    assert first.keys() == {"Name", "EventDataStoreArn"}
    store = cloudtrail.get_event_data_store(EventDataStore=first["EventDataStoreArn"])
    assert (store["Status"], store["RetentionPeriod"]) == ("ENABLED", 2557)
    assert cloudtrail.get_event_configuration(EventDataStore=first["EventDataStoreArn"])["MaxEventSize"] == "Large"
    assert cloudtrail.get_event_configuration(TrailName="org-trail")["AggregationConfigurations"]
    member = client(replica, "cloudtrail", "AKIAMEMBER")
    call = member.get_event_data_store
    assert code(call, EventDataStore=first["EventDataStoreArn"]) == "EventDataStoreARNInvalidException"


def test_the_settings_of_a_bucket_read_as_those_of_s3(replica):
    s3 = client(replica, "s3")
    assert s3.get_bucket_logging(Bucket="rich")["LoggingEnabled"] == {"TargetBucket": "org-logs", "TargetPrefix": "P"}
    rule = s3.get_bucket_lifecycle_configuration(Bucket="rich")["Rules"][0]
    assert (rule["Expiration"], rule["Transitions"]) == ({"Days": 400}, [{"Days": 90, "StorageClass": "GLACIER"}])
    encryption = s3.get_bucket_encryption(Bucket="rich")["ServerSideEncryptionConfiguration"]["Rules"][0]
    by_default = encryption["ApplyServerSideEncryptionByDefault"]
    assert by_default == {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": "arn:aws:kms:us-east-1:333333333333:key/key-1"}
    ownership = s3.get_bucket_ownership_controls(Bucket="rich")["OwnershipControls"]["Rules"]
    assert ownership == [{"ObjectOwnership": "BucketOwnerPreferred"}]
    destination = s3.get_bucket_replication(Bucket="rich")["ReplicationConfiguration"]["Rules"][0]["Destination"]
    assert destination == {"Bucket": "arn:aws:s3:::far-logs", "Account": "222222222222"}
    assert s3.get_bucket_tagging(Bucket="rich")["TagSet"] == [{"Key": "k", "Value": "v"}]
    assert code(s3.get_bucket_policy, Bucket="rich") == "NoSuchBucketPolicy"
