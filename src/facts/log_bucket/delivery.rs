//! Whether the policy of a bucket lets trails deliver.

use super::super::found::{Found, cut, unclear};
use super::super::policy::Policy;
use super::policy::BucketPolicy;
use crate::access::Document;
use crate::access::delivery::{Delivery, delivery};
use crate::inventory::{Gap, GapReason, Origin, Trail};

impl BucketPolicy<'_> {
    /// What keeps a trail from delivering.
    pub(super) fn obstacles(&self) -> Found {
        let policy = match &self.read {
            Err(gap) => return Found::unknown(vec![gap.clone()]),
            Ok(policy) => policy,
        };
        let Policy { document: Some(document), origin } = policy else {
            return Found::this("the bucket has no policy".to_owned(), policy.origin);
        };
        let each = self.trails.iter().map(|trail| self.obstacle(trail, document, origin));
        each.fold(Found::nothing(origin), Found::or).unless(&self.coverage.hidden_trails)
    }

    fn obstacle(&self, trail: &Trail, document: &Document, origin: &Origin) -> Found {
        let own = self.coverage.inventory.organization.as_ref();
        let of_trail = own.filter(|one| trail.is_organization_trail && one.management_account == trail.owner);
        if trail.is_organization_trail && of_trail.is_none() {
            return Found::unknown(vec![Gap {
                origin: Origin::Stated(format!("the organization of the trail {}", cut(&trail.name))),
                reason: GapReason::NotCollected,
                detail: String::new(),
            }]);
        }
        let answer = delivery(
            document,
            &Delivery {
                bucket: &self.bucket.name,
                prefix: trail.prefix.as_deref().unwrap_or_default().trim_end_matches('/'),
                trail: &trail.arn,
                organization_trail: of_trail.map(|one| one.id.as_str()),
                organization: self.coverage.organization_of(&trail.owner),
                key: trail.kms_key.as_deref(),
                validates: trail.validates_log_files,
            },
        );
        match answer.value {
            Some(true) => Found::nothing(origin),
            Some(false) => Found::this(format!("{}: {}", trail.name, answer.notes.join(", ")), origin),
            None => Found::unknown(vec![unclear(&answer.notes, origin)]),
        }
    }
}
