//! KMS: the key that encrypts a trail's files. Only its owner can read policy and rotation; others may describe it if the policy lets them.

use super::caller::{Caller, observe, observe_or, origin};
use super::session::{Session, Sessions};
use super::whole::json_object;
use crate::inventory::{Gap, GapReason, Key, KeyMetadata, Observed, Origin};

/// What is asked about a key.
const CALLS: &[&str] = &["kms:DescribeKey", "kms:GetKeyPolicy", "kms:GetKeyRotationStatus"];

/// Reads the key that a trail names, `asker` being the trail's owner and `region` the trail's home region.
pub(super) async fn read(sessions: &Sessions<'_>, id: &str, asker: &str, region: &str) -> Key {
    let parts: Vec<&str> = id.split(':').collect();
    let (region, owner) = match parts.as_slice() {
        ["arn", _, "kms", region, owner, ..] => (*region, *owner),
        _ => (region, asker),
    };
    let session = match sessions.open_for(CALLS, owner, region, id).await {
        Ok(session) => session,
        Err(gap) => return described_from_outside(sessions, id, asker, region, owner, gap).await,
    };
    let (metadata, policy, rotates) = tokio::join!(
        describe(sessions.caller, &session, region, id),
        policy(sessions.caller, &session, region, id),
        rotation(sessions.caller, &session, region, id)
    );
    Key { id: id.to_owned(), owner: owner.to_owned(), metadata, policy, rotates }
}

/// The owner cannot be asked; DescribeKey may still be allowed from the trail's account.
async fn described_from_outside(
    sessions: &Sessions<'_>,
    id: &str,
    asker: &str,
    region: &str,
    owner: &str,
    gap: Gap,
) -> Key {
    let metadata = match sessions.open(asker).await {
        Ok(session) if asker != owner => match describe(sessions.caller, &session, region, id).await {
            // Why the owner could not be asked says more than that a stranger was refused.
            Observed::Gap(refused) if refused.reason == GapReason::Denied => Observed::Gap(gap.clone()),
            answer => answer,
        },
        _ => Observed::Gap(gap.clone()),
    };
    Key {
        id: id.to_owned(),
        owner: owner.to_owned(),
        metadata,
        policy: Observed::Gap(gap.clone()),
        rotates: Observed::Gap(gap),
    }
}

fn asked(operation: &str, session: &Session, region: &str, id: &str) -> Origin {
    origin(operation, &session.account, region, id)
}

async fn describe(
    caller: &Caller,
    session: &Session,
    region: &str,
    id: &str,
) -> Observed<Option<KeyMetadata>> {
    let asked = asked("kms:DescribeKey", session, region, id);
    let answer = caller.make(&asked, session.kms(region).describe_key().key_id(id).send()).await;
    observe_or(asked, answer, &["NotFoundException"], None, |answer| {
        let key = answer.key_metadata.ok_or("the answer has no metadata")?;
        Ok(Some(KeyMetadata {
            arn: key.arn.ok_or("the answer has no ARN")?,
            manager: key
                .key_manager
                .ok_or("the answer does not say who manages the key")?
                .as_str()
                .to_owned(),
            state: key
                .key_state
                .ok_or("the answer does not say in which state the key is")?
                .as_str()
                .to_owned(),
            spec: key.key_spec.map(|spec| spec.as_str().to_owned()).unwrap_or_default(),
            origin: key.origin.map(|origin| origin.as_str().to_owned()).unwrap_or_default(),
            multi_region: key.multi_region.unwrap_or(false),
        }))
    })
}

async fn policy(caller: &Caller, session: &Session, region: &str, id: &str) -> Observed<String> {
    let asked = asked("kms:GetKeyPolicy", session, region, id);
    // GetKeyPolicy takes an ARN or an id, no alias; a trail's key is reported as an ARN.
    let answer = caller
        .make(&asked, session.kms(region).get_key_policy().key_id(id).policy_name("default").send())
        .await;
    observe(asked, answer, |answer| json_object(answer.policy.ok_or("the answer has no policy text")?))
}

async fn rotation(caller: &Caller, session: &Session, region: &str, id: &str) -> Observed<Option<bool>> {
    let asked = asked("kms:GetKeyRotationStatus", session, region, id);
    let answer = caller.make(&asked, session.kms(region).get_key_rotation_status().key_id(id).send()).await;
    observe_or(asked, answer, &["UnsupportedOperationException"], None, |answer| {
        Ok(Some(answer.key_rotation_enabled))
    })
}
