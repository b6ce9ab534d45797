"""Makes states with boto3, the way an administrator would."""

import json
from dataclasses import dataclass

import boto3

MANAGEMENT = "123456789012"
HOME = "us-east-1"
AWAY = "eu-west-1"

KEYS = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}


CLOUDTRAIL = {"Service": "cloudtrail.amazonaws.com"}
# Of an organization that no situation makes.
ORGANIZATION_ID = "o-exampleorgid"


def bucket_arn(name):
    return f"arn:aws:s3:::{name}"


def allow(principal, actions, resources, condition=None):
    return _statement("Allow", principal, actions, resources, condition)


def deny(principal, actions, resources, condition=None):
    return _statement("Deny", principal, actions, resources, condition)


def _statement(effect, principal, actions, resources, condition):
    statement = {"Effect": effect, "Action": actions, "Resource": resources}
    if principal:
        statement["Principal"] = principal
    if condition:
        statement["Condition"] = condition
    return statement


def policy(*statements):
    return json.dumps({"Version": "2012-10-17", "Statement": list(statements)})


@dataclass
class Organization:
    id: str
    accounts: dict[str, str]

    def __getitem__(self, name):
        return self.accounts[name]


class World:
    def __init__(self, server):
        self.server = server
        self._credentials = {}

    def client(self, service, account=MANAGEMENT, region=HOME):
        credentials = KEYS if account == MANAGEMENT else self._credentials_of(account)
        return boto3.client(service, endpoint_url=self.server.url, region_name=region, **credentials)

    def _credentials_of(self, account):
        if account not in self._credentials:
            role = f"arn:aws:iam::{account}:role/trailproof-audit"
            answer = self.client("sts").assume_role(RoleArn=role, RoleSessionName="tests")["Credentials"]
            self._credentials[account] = {
                "aws_access_key_id": answer["AccessKeyId"],
                "aws_secret_access_key": answer["SecretAccessKey"],
                "aws_session_token": answer["SessionToken"],
            }
        return self._credentials[account]

    def organization(self, *members):
        client = self.client("organizations")
        made = client.create_organization(FeatureSet="ALL")["Organization"]
        accounts = {"management": MANAGEMENT}
        for name in members:
            status = client.create_account(Email=f"{name}@example.com", AccountName=name)["CreateAccountStatus"]
            accounts[name] = status["AccountId"]
        return Organization(made["Id"], accounts)

    def bucket(self, name, account=MANAGEMENT, object_lock=False, region=HOME):
        place = {} if region == HOME else {"CreateBucketConfiguration": {"LocationConstraint": region}}
        self.client("s3", account, region).create_bucket(Bucket=name, ObjectLockEnabledForBucket=object_lock, **place)
        self.server.bucket_owners[name] = account
        return name

    def block_public_access(self, bucket, account=MANAGEMENT):
        every = ("BlockPublicAcls", "IgnorePublicAcls", "BlockPublicPolicy", "RestrictPublicBuckets")
        self.client("s3", account).put_public_access_block(
            Bucket=bucket, PublicAccessBlockConfiguration=dict.fromkeys(every, True)
        )

    def public_policy(self, bucket, account=MANAGEMENT):
        self.bucket_policy(bucket, allow("*", "s3:GetObject", bucket_arn(bucket) + "/*"), account=account)

    def bucket_policy(self, bucket, *statements, account=MANAGEMENT):
        self.client("s3", account).put_bucket_policy(Bucket=bucket, Policy=policy(*statements))

    def versioning(self, bucket, status, account=MANAGEMENT):
        self.client("s3", account).put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": status})

    def default_retention(self, bucket, account=MANAGEMENT, **retention):
        lock = {"ObjectLockEnabled": "Enabled", "Rule": {"DefaultRetention": retention}}
        self.client("s3", account).put_object_lock_configuration(Bucket=bucket, ObjectLockConfiguration=lock)

    def access_logs(self, bucket, target, account=MANAGEMENT):
        s3 = self.client("s3", account)
        for_logs = "uri=http://acs.amazonaws.com/groups/s3/LogDelivery"
        s3.put_bucket_acl(Bucket=target, GrantWrite=for_logs, GrantReadACP=for_logs)
        where = {"LoggingEnabled": {"TargetBucket": target, "TargetPrefix": "access/"}}
        s3.put_bucket_logging(Bucket=bucket, BucketLoggingStatus=where)

    def replicate(self, bucket, target, account=MANAGEMENT, status="Enabled"):
        copied = {
            "ID": "all",
            "Status": status,
            "Priority": 1,
            # moto forgets the prefix of a filter: it copies everything there.
            "Filter": {"Prefix": ""},
            "DeleteMarkerReplication": {"Status": "Disabled"},
            "Destination": {"Bucket": bucket_arn(target)},
            # Without it S3 leaves out what is encrypted with KMS.
            "SourceSelectionCriteria": {"SseKmsEncryptedObjects": {"Status": "Enabled"}},
        }
        configuration = {"Role": f"arn:aws:iam::{account}:role/copy", "Rules": [copied]}
        self.client("s3", account).put_bucket_replication(Bucket=bucket, ReplicationConfiguration=configuration)

    def key(self, account=MANAGEMENT, statements=(), **options):
        if statements:
            options["Policy"] = policy(*statements)
        return self.client("kms", account).create_key(**options)["KeyMetadata"]["Arn"]

    def trail(self, name, bucket, account=MANAGEMENT, region=HOME, logging=True, multi_region=True, **options):
        """A trail that is multi-region and logging unless a situation says otherwise. Returns its ARN."""
        client = self.client("cloudtrail", account, region)
        made = client.create_trail(Name=name, S3BucketName=bucket, IsMultiRegionTrail=multi_region, **options)
        if logging:
            client.start_logging(Name=name)
        return made["TrailARN"]

    def organization_trail(self, name, bucket, **options):
        return self.trail(name, bucket, IsOrganizationTrail=True, **options)

    def select(self, trail, *selectors):
        """Replaces the classic event selectors of a trail."""
        self._selectors_client(trail).put_event_selectors(TrailName=trail, EventSelectors=list(selectors))

    def select_advanced(self, trail, *selectors):
        """Replaces the advanced event selectors; each one is a dict of field -> {operator: values}."""
        written = [
            {"FieldSelectors": [{"Field": name, **condition} for name, condition in fields.items()]} for fields in selectors
        ]
        self._selectors_client(trail).put_event_selectors(TrailName=trail, AdvancedEventSelectors=written)

    def _selectors_client(self, trail):
        _, _, _, region, account, _ = trail.split(":", 5)
        return self.client("cloudtrail", account, region)


def classic(read_write="All", management=True, data=(), exclude=()):
    selector = {"ReadWriteType": read_write, "IncludeManagementEvents": management}
    if data:
        selector["DataResources"] = [{"Type": kind, "Values": list(values)} for kind, values in data]
    if exclude:
        selector["ExcludeManagementEventSources"] = list(exclude)
    return selector


def equals(*values):
    return {"Equals": list(values)}
