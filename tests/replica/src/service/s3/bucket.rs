//! What S3 says about one bucket: each setting in its document, or the error that says it was never set.

use super::{NAMESPACE, canonical, readable};
use crate::answer::{Answer, Failure};
use crate::dispatch::Call;
use crate::world::{Switches, Versioning};
use crate::xml::Xml;

type Answered = Result<Answer, Failure>;

#[expect(clippy::unnecessary_wraps, reason = "every caller ends with it")]
fn document(root: &str, fill: impl FnOnce(&mut Xml)) -> Answered {
    Ok(Answer::xml(Xml::document(root, Some(NAMESPACE), fill)))
}

/// The failure for a setting that a bucket never had.
fn unset(code: &'static str, message: &str, bucket: &str) -> Failure {
    Failure::new(404, code, message).detail("BucketName", bucket)
}

pub(crate) fn head_bucket(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    Ok(Answer::xml(String::new())
        .with("x-amz-bucket-region", bucket.region.as_str())
        .with("x-amz-access-point-alias", "false"))
}

pub(crate) fn get_bucket_location(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    document("LocationConstraint", |xml| {
        // The oldest region has no name here.
        if bucket.region != "us-east-1" {
            xml.content(&bucket.region);
        }
    })
}

pub(crate) fn get_bucket_policy(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    let policy = call.world.bucket_policy(bucket);
    policy
        .map(Answer::raw)
        .ok_or_else(|| unset("NoSuchBucketPolicy", "The bucket policy does not exist", &bucket.name))
}

pub(crate) fn get_bucket_policy_status(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    let public = call
        .world
        .bucket_policy_is_public(bucket)
        .ok_or_else(|| unset("NoSuchBucketPolicy", "The bucket policy does not exist", &bucket.name))?;
    document("PolicyStatus", |xml| xml.text("IsPublic", public))
}

pub(crate) fn get_bucket_acl(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    let owner = canonical(&bucket.account.value);
    document("AccessControlPolicy", |xml| {
        xml.node("Owner", |xml| xml.text("ID", &owner));
        xml.node("AccessControlList", |xml| {
            for grant in &bucket.acl {
                xml.node("Grant", |xml| {
                    grantee(xml, &grant.grantee, &owner);
                    xml.text("Permission", &grant.permission);
                });
            }
        });
    })
}

fn grantee(xml: &mut Xml, name: &str, owner: &str) {
    let group = match name {
        "all-users" => Some("global/AllUsers"),
        "authenticated-users" => Some("global/AuthenticatedUsers"),
        "log-delivery" => Some("s3/LogDelivery"),
        _ => None,
    };
    let instance = ("xmlns:xsi", "http://www.w3.org/2001/XMLSchema-instance");
    let kind = if group.is_some() { "Group" } else { "CanonicalUser" };
    xml.element("Grantee", &[instance, ("xsi:type", kind)], |xml| match group {
        Some(group) => xml.text("URI", format!("http://acs.amazonaws.com/groups/{group}")),
        None => xml.text("ID", if name == "owner" { owner } else { name }),
    });
}

pub(crate) fn get_public_access_block(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    bucket.public_access_block.0.map(public_access_block_xml).ok_or_else(|| {
        let message = "The public access block configuration was not found";
        unset("NoSuchPublicAccessBlockConfiguration", message, &bucket.name)
    })
}

/// The document of Block Public Access, the same for buckets and accounts.
pub(crate) fn public_access_block_xml(switches: Switches) -> Answer {
    Answer::xml(Xml::document("PublicAccessBlockConfiguration", Some(NAMESPACE), |xml| {
        xml.text("BlockPublicAcls", switches.block_public_acls);
        xml.text("IgnorePublicAcls", switches.ignore_public_acls);
        xml.text("BlockPublicPolicy", switches.block_public_policy);
        xml.text("RestrictPublicBuckets", switches.restrict_public_buckets);
    }))
}

pub(crate) fn get_bucket_versioning(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    document("VersioningConfiguration", |xml| {
        match bucket.versioning {
            Versioning::Enabled => xml.text("Status", "Enabled"),
            Versioning::Suspended => xml.text("Status", "Suspended"),
            Versioning::Never => {}
        }
        xml.maybe("MfaDelete", bucket.mfa_delete.map(|on| if on { "Enabled" } else { "Disabled" }));
    })
}

pub(crate) fn get_object_lock_configuration(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    let lock = bucket.object_lock.as_ref().ok_or_else(|| {
        let message = "Object Lock configuration does not exist for this bucket";
        unset("ObjectLockConfigurationNotFoundError", message, &bucket.name)
    })?;
    document("ObjectLockConfiguration", |xml| {
        xml.text("ObjectLockEnabled", "Enabled");
        if let Some(mode) = &lock.mode {
            xml.node("Rule", |xml| {
                xml.node("DefaultRetention", |xml| {
                    xml.text("Mode", mode);
                    xml.maybe("Days", lock.days);
                    xml.maybe("Years", lock.years);
                });
            });
        }
    })
}

pub(crate) fn get_bucket_logging(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    document("BucketLoggingStatus", |xml| {
        if let Some(logging) = &bucket.logging {
            xml.node("LoggingEnabled", |xml| {
                xml.text("TargetBucket", &logging.bucket);
                xml.text("TargetPrefix", &logging.prefix);
            });
        }
    })
}

fn status(enabled: bool) -> &'static str {
    if enabled { "Enabled" } else { "Disabled" }
}

pub(crate) fn get_bucket_lifecycle_configuration(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    if bucket.lifecycle.is_empty() {
        let message = "The lifecycle configuration does not exist";
        return Err(unset("NoSuchLifecycleConfiguration", message, &bucket.name));
    }
    document("LifecycleConfiguration", |xml| {
        for rule in &bucket.lifecycle {
            xml.node("Rule", |xml| {
                xml.maybe("ID", rule.id.as_ref());
                xml.node("Filter", |xml| xml.text("Prefix", &rule.prefix));
                xml.text("Status", status(rule.enabled));
                if let Some(days) = rule.expiration_days {
                    xml.node("Expiration", |xml| xml.text("Days", days));
                }
                for transition in &rule.transitions {
                    xml.node("Transition", |xml| {
                        xml.text("Days", transition.days);
                        xml.text("StorageClass", &transition.storage_class);
                    });
                }
                if let Some(days) = rule.noncurrent_expiration_days {
                    xml.node("NoncurrentVersionExpiration", |xml| xml.text("NoncurrentDays", days));
                }
            });
        }
    })
}

pub(crate) fn get_bucket_encryption(call: &Call<'_>) -> Answered {
    let encryption = &readable(call)?.encryption;
    document("ServerSideEncryptionConfiguration", |xml| {
        xml.node("Rule", |xml| {
            xml.node("ApplyServerSideEncryptionByDefault", |xml| {
                xml.text("SSEAlgorithm", &encryption.algorithm);
                xml.maybe("KMSMasterKeyID", encryption.key.as_ref());
            });
            xml.text("BucketKeyEnabled", encryption.bucket_key);
        });
    })
}

pub(crate) fn get_bucket_ownership_controls(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    if bucket.ownership == "none" {
        let message = "The bucket ownership controls were not found";
        return Err(unset("OwnershipControlsNotFoundError", message, &bucket.name));
    }
    document("OwnershipControls", |xml| {
        xml.node("Rule", |xml| xml.text("ObjectOwnership", &bucket.ownership));
    })
}

pub(crate) fn get_bucket_replication(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    if bucket.replication.is_empty() {
        let message = "The replication configuration was not found";
        return Err(unset("ReplicationConfigurationNotFoundError", message, &bucket.name));
    }
    let partition = call.world.partition.name();
    document("ReplicationConfiguration", |xml| {
        xml.text("Role", format!("arn:{partition}:iam::{}:role/s3-replication", bucket.account.value));
        for (priority, rule) in bucket.replication.iter().enumerate() {
            xml.node("Rule", |xml| {
                xml.maybe("ID", rule.id.as_ref());
                xml.text("Priority", priority);
                xml.node("Filter", |xml| xml.text("Prefix", ""));
                xml.text("Status", status(rule.enabled));
                xml.node("SourceSelectionCriteria", |xml| {
                    xml.node("SseKmsEncryptedObjects", |xml| xml.text("Status", status(rule.kms_encrypted)));
                });
                xml.node("Destination", |xml| {
                    xml.text("Bucket", format!("arn:{partition}:s3:::{}", rule.bucket));
                    xml.maybe("Account", rule.account.as_ref().map(|account| &account.value));
                    xml.maybe("StorageClass", rule.storage_class.as_ref());
                });
                xml.node("DeleteMarkerReplication", |xml| xml.text("Status", "Disabled"));
            });
        }
    })
}

pub(crate) fn get_bucket_tagging(call: &Call<'_>) -> Answered {
    let bucket = readable(call)?;
    if bucket.tags.is_empty() {
        return Err(unset("NoSuchTagSet", "The TagSet does not exist", &bucket.name));
    }
    document("Tagging", |xml| {
        xml.node("TagSet", |xml| {
            for (key, value) in &bucket.tags {
                xml.node("Tag", |xml| {
                    xml.text("Key", key);
                    xml.text("Value", value);
                });
            }
        });
    })
}
